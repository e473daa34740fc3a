//! Chunks to a sorted event log: a counting sort by case, shard by shard.
//!
//! Each shard's rows land in one contiguous piece of every column, so shards are independent jobs; what one of them
//! does is in `shard`.

mod shard;

use std::collections::BTreeMap;

use super::cases::{Cases, SHARDS};
use super::chunk::{Chunk, Slot, When};
use super::intern::SharedDictionary;
use super::keys::KeyTable;
use crate::error::{Problem, Result};
use crate::log::text::whole_number;
use crate::log::{Attribute, CaseIds, Codes, Column, Dictionary, EventLog, NO_TIME, Origin};
use crate::parallel;
use crate::time::{Resolver, format_utc_minutes};
use shard::{CodesPiece, Done, Job};

/// One dictionary column of the log to be.
pub struct SlotPlan {
    /// What it becomes.
    pub slot: Slot,
    /// Header of the column.
    pub name: String,
    /// Texts that mean nothing.
    pub nulls: Vec<String>,
    /// Texts to replace, from → to.
    pub renames: BTreeMap<String, String>,
}

/// How the order of events came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct OrderFacts {
    /// Pairs of neighbouring events of a case.
    pub pairs: u64,
    /// Of these, pairs at the same instant, ordered by tie-break or position only.
    pub tied: u64,
    /// Neighbouring rows of a case whose times fall in the source, put in order.
    pub fixed: u64,
}

/// Everything `build` needs.
pub struct Parts {
    /// All chunks.
    pub chunks: Vec<Chunk>,
    /// The case ids.
    pub cases: Cases,
    /// One per dictionary column.
    pub slots: Vec<SlotPlan>,
    /// Shared dictionaries of the slots.
    pub dictionaries: Vec<SharedDictionary>,
    /// Per source, a resolver for the event time, then one per extra time column.
    pub resolvers: Vec<Vec<Resolver>>,
    /// Per source, its name and the header of its event time, for messages.
    pub names: Vec<(String, String)>,
    /// Threads to use.
    pub threads: usize,
}

/// A log and what is known about its making.
pub struct Built {
    /// The log.
    pub log: EventLog,
    /// Order of events.
    pub order: OrderFacts,
    /// Naive times that occurred twice and were read as the earlier instant.
    pub folds: u64,
}

/// Builds the log.
///
/// # Errors
/// When a naive time falls into a gap of its zone, or the log is too large for 32-bit positions.
pub fn build(mut parts: Parts) -> Result<Built> {
    parts.chunks.sort_by_key(|chunk| (chunk.source, chunk.sequence));
    let rows: usize = parts.chunks.iter().map(|chunk| chunk.case.len()).sum();
    if u32::try_from(rows).is_err() {
        return Err(Problem::input(format!("the log has {rows} rows; at most 4,294,967,295 are supported")));
    }
    let Parts { mut chunks, cases, slots, dictionaries, resolvers, names, threads } = parts;
    let tables = cases.into_tables();
    let ties = tie_ranks(&slots, &dictionaries);
    let mut columns: Vec<SlotColumn> = slots
        .into_iter()
        .zip(dictionaries)
        .enumerate()
        .filter(|(_, (slot, _))| slot.slot != Slot::TieBreak)
        .map(|(number, (slot, dictionary))| SlotColumn::new(number, slot, dictionary, rows))
        .collect();
    let sizes: Vec<usize> =
        (0..SHARDS).map(|shard| chunks.iter().map(|chunk| chunk.shard(shard).len()).sum()).collect();
    let mut places: Vec<Vec<u32>> = chunks.iter_mut().map(|chunk| std::mem::take(&mut chunk.case)).collect();
    let mut time_ms = vec![0; rows];
    let mut visible = column_where(rows, 0, chunks.iter().any(|chunk| !chunk.visible.is_empty()));
    let mut marks = column_where(rows, 0, chunks.iter().any(|chunk| !chunk.marks.is_empty()));
    let mut origins = column_where(rows, Origin::default(), chunks.iter().any(|chunk| !chunk.lines.is_empty()));
    let done: Vec<Done> = {
        let mut jobs: Vec<Job> = per_shard(&chunks, &mut places)
            .into_iter()
            .zip(split(&mut time_ms, &sizes))
            .map(|(places, time_ms)| Job::new(places, time_ms))
            .collect();
        for column in &mut columns {
            let pieces = split_codes(&mut column.codes, &sizes);
            jobs.iter_mut().zip(pieces).for_each(|(job, piece)| job.codes.push((column.number, &column.remap, piece)));
        }
        hand_out(visible.as_mut(), &sizes, &mut jobs, |job, piece| job.visible = Some(piece));
        hand_out(marks.as_mut(), &sizes, &mut jobs, |job, piece| job.marks = Some(piece));
        hand_out(origins.as_mut(), &sizes, &mut jobs, |job, piece| job.origins = Some(piece));
        let resolvers: Vec<Resolver> = resolvers.iter().map(|source| source[0].clone()).collect();
        let ties = ties.as_ref().map(|(number, ranks)| (*number, ranks.as_slice()));
        parallel::map(threads, jobs, |shard, job| job.run(shard, &chunks, tables[shard].len(), resolvers.clone(), ties))
    };
    if done.iter().any(|shard| shard.refused) {
        let used: Vec<_> = done.into_iter().map(|shard| shard.resolvers).collect();
        return Err(skipped(&used, &names));
    }
    let extra = |which| place_extra(&chunks, &places, &sizes, &resolvers, which, threads);
    let mut log = EventLog {
        case_ids: case_ids(&done, &tables)?,
        case_starts: case_starts(&done, &sizes),
        time_ms,
        start_ms: extra(When::Start),
        enabled_ms: extra(When::Enabled),
        visible,
        marks,
        origins,
        ..EventLog::default()
    };
    for SlotColumn { slot, dictionary, codes, .. } in columns {
        let column = Column { codes, dictionary };
        match slot.slot {
            Slot::State => log.state = Some(column),
            Slot::Activity => log.activity = Some(column),
            Slot::Group => log.group = Some(column),
            Slot::Assignee => log.assignee = Some(column),
            Slot::Actor => log.actor = Some(column),
            Slot::TieBreak => {}
            Slot::Attribute(role) => log.attributes.push(Attribute { name: slot.name, role, column }),
        }
    }
    let mut order = OrderFacts::default();
    for shard in &done {
        order.pairs += shard.order.pairs;
        order.tied += shard.order.tied;
        order.fixed += shard.order.fixed;
    }
    let folds = done.iter().flat_map(|shard| &shard.resolvers).map(Resolver::folds).sum();
    Ok(Built { log, order, folds })
}

/// A dictionary column of the log, its codes still to be placed.
struct SlotColumn {
    /// Number of the slot in the chunks.
    number: usize,
    slot: SlotPlan,
    dictionary: Dictionary,
    /// By shared code, the code in `dictionary`.
    remap: Vec<u32>,
    codes: Codes,
}

impl SlotColumn {
    /// Renumbers the shared dictionary by name.
    fn new(number: usize, slot: SlotPlan, dictionary: SharedDictionary, rows: usize) -> Self {
        let texts = dictionary.into_texts();
        let meaning = |text: &str| -> Option<Box<str>> {
            if text.is_empty() || slot.nulls.iter().any(|null| null == text) {
                return None;
            }
            Some(slot.renames.get(text).map_or_else(|| text.into(), |name| name.as_str().into()))
        };
        let dictionary = Dictionary::from_texts(texts.iter().filter_map(|text| meaning(text)).collect());
        let remap: Vec<u32> =
            texts.iter().map(|text| meaning(text).and_then(|text| dictionary.code(&text)).unwrap_or(0)).collect();
        #[expect(clippy::cast_possible_truncation, reason = "codes are 32-bit")]
        let codes = Codes::zeroed(rows, dictionary.size() as u32 - 1);
        SlotColumn { number, slot, dictionary, remap, codes }
    }
}

/// A column of the log where some chunk has values for it.
fn column_where<T: Clone>(rows: usize, missing: T, present: bool) -> Option<Vec<T>> {
    present.then(|| vec![missing; rows])
}

/// Hands each shard its piece of a column, if the log has it.
fn hand_out<'c, T>(
    column: Option<&'c mut Vec<T>>,
    sizes: &[usize],
    jobs: &mut [Job<'c>],
    take: impl Fn(&mut Job<'c>, &'c mut [T]),
) {
    if let Some(column) = column {
        jobs.iter_mut().zip(split(column, sizes)).for_each(|(job, piece)| take(job, piece));
    }
}

/// Splits the case column of every chunk by shard.
fn per_shard<'c>(chunks: &[Chunk], cases: &'c mut [Vec<u32>]) -> Vec<Vec<&'c mut [u32]>> {
    let mut shards: Vec<Vec<&mut [u32]>> = (0..SHARDS).map(|_| Vec::with_capacity(chunks.len())).collect();
    for (chunk, cases) in chunks.iter().zip(cases) {
        let mut rest = cases.as_mut_slice();
        for (shard, pieces) in shards.iter_mut().enumerate() {
            let (piece, tail) = rest.split_at_mut(chunk.shard(shard).len());
            pieces.push(piece);
            rest = tail;
        }
    }
    shards
}

/// Splits a column of the log by shard.
fn split<'c, T>(mut column: &'c mut [T], sizes: &[usize]) -> Vec<&'c mut [T]> {
    let mut pieces = Vec::with_capacity(sizes.len());
    for &size in sizes {
        let (piece, rest) = column.split_at_mut(size);
        pieces.push(piece);
        column = rest;
    }
    pieces
}

fn split_codes<'c>(codes: &'c mut Codes, sizes: &[usize]) -> Vec<CodesPiece<'c>> {
    match codes {
        Codes::Narrow(column) => split(column, sizes).into_iter().map(CodesPiece::Narrow).collect(),
        Codes::Middle(column) => split(column, sizes).into_iter().map(CodesPiece::Middle).collect(),
        Codes::Wide(column) => split(column, sizes).into_iter().map(CodesPiece::Wide).collect(),
    }
}

#[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
fn case_starts(shards: &[Done], sizes: &[usize]) -> Vec<u32> {
    let cases: usize = shards.iter().map(|shard| shard.starts.len()).sum();
    let mut starts = Vec::with_capacity(cases + 1);
    let mut base = 0;
    for (shard, size) in shards.iter().zip(sizes) {
        starts.extend(shard.starts.iter().map(|&start| base + start));
        base += *size as u32;
    }
    starts.push(base);
    starts
}

fn case_ids(shards: &[Done], tables: &[KeyTable]) -> Result<CaseIds> {
    let total: usize =
        shards.iter().zip(tables).flat_map(|(shard, table)| shard.numbers.iter().map(|&n| table.bytes(n).len())).sum();
    if u32::try_from(total).is_err() {
        return Err(Problem::input(format!("the case ids take {total} bytes together; at most 4 GiB are supported")));
    }
    let mut ids = CaseIds::default();
    for (shard, table) in shards.iter().zip(tables) {
        for &number in &shard.numbers {
            let id = table.bytes(number);
            // Nearly always valid, which is checked faster without looking for faults.
            match std::str::from_utf8(id) {
                Ok(id) => ids.push(id),
                Err(_) => ids.push(&String::from_utf8_lossy(id)),
            }
        }
    }
    Ok(ids)
}

/// Rank of each tie-break code: by number where all texts are numbers, else by text; the empty one first.
fn tie_ranks(slots: &[SlotPlan], dictionaries: &[SharedDictionary]) -> Option<(usize, Vec<u32>)> {
    let number = slots.iter().position(|slot| slot.slot == Slot::TieBreak)?;
    let texts = dictionaries[number].texts();
    let mut order: Vec<usize> = (1..texts.len()).collect();
    let numbers: Option<Vec<i64>> = texts[1..].iter().map(|text| whole_number(text)).collect();
    // Codes depend on the threads: what compares equal must get the same rank.
    let compare = |&a: &usize, &b: &usize| match &numbers {
        Some(numbers) => numbers[a - 1].cmp(&numbers[b - 1]),
        None => texts[a].cmp(&texts[b]),
    };
    order.sort_by(compare);
    let mut ranks = vec![0; texts.len()];
    let mut rank = 0;
    for (place, code) in order.iter().enumerate() {
        rank += u32::from(place == 0 || compare(&order[place - 1], code).is_ne());
        ranks[*code] = rank;
    }
    Some((number, ranks))
}

/// The refusal of times that the zone skipped, in the first source that has some; `used` by shard and source.
fn skipped(used: &[Vec<Resolver>], names: &[(String, String)]) -> Problem {
    let of = |source: usize| used.iter().map(move |shard| &shard[source]);
    let source = (0..names.len()).find(|&source| of(source).any(|resolver| resolver.gaps() > 0)).unwrap_or(0);
    let zone = of(source).next().map_or_else(String::new, |resolver| resolver.zone().name().to_owned());
    let count: u64 = of(source).map(Resolver::gaps).sum();
    let first = of(source).filter_map(Resolver::first_gap_local_ms).min().map(format_utc_minutes).unwrap_or_default();
    let times = if count == 1 { "1 time is".to_owned() } else { format!("{count} times are") };
    Problem::input(format!("{times} on no clock of `{zone}`, which skipped an hour there"))
        .in_file(&names[source].0)
        .in_column(&names[source].1)
        .note(format!("the earliest is {first}"))
        .hint("name the zone that the export was written in, e.g. `--timezone UTC`")
        .hint("or add `--allow-dst-gap` to read such times as if the clock had not changed")
}

/// Places the start or enabled times, if any source has them. Times that cannot be placed are absent.
fn place_extra(
    chunks: &[Chunk],
    places: &[Vec<u32>],
    sizes: &[usize],
    resolvers: &[Vec<Resolver>],
    which: When,
    threads: usize,
) -> Option<Vec<i64>> {
    if !chunks.iter().any(|chunk| chunk.extra_times.iter().any(|(when, _)| *when == which)) {
        return None;
    }
    let mut column = vec![NO_TIME; sizes.iter().sum()];
    let jobs: Vec<_> = split(&mut column, sizes);
    parallel::map(threads, jobs, |shard, out| {
        for (chunk, places) in chunks.iter().zip(places) {
            let Some(at) = chunk.extra_times.iter().position(|(when, _)| *when == which) else { continue };
            let mut resolver = resolvers[chunk.source][at + 1].clone();
            let range = chunk.shard(shard);
            for (&place, stamp) in places[range.clone()].iter().zip(&chunk.extra_times[at].1[range]) {
                if let Some(ms) = stamp.and_then(|stamp| resolver.resolve(stamp).ok()) {
                    out[place as usize] = ms;
                }
            }
        }
    });
    Some(column)
}
