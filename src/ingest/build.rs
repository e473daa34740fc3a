//! Chunks to a sorted event log: a counting sort by case, shard by shard.
//!
//! Each shard's rows land in one contiguous piece of every column, so shards are independent jobs whose
//! working set stays in the cache. Source columns are freed as soon as they are placed.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};

use super::cases::{Cases, SHARDS};
use super::chunk::{Chunk, Slot, When};
use super::intern::SharedDictionary;
use super::keys::KeyTable;
use crate::error::{Problem, Result};
use crate::log::codes::each_width;
use crate::log::text::whole_number;
use crate::log::{Attribute, CaseIds, Codes, Column, Dictionary, EventLog, NO_TIME, Origin};
use crate::parallel;
use crate::time::{Resolver, format_utc_minutes};

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

struct Placed {
    cases: u32,
    starts: Vec<u32>,
    numbers: Vec<u32>,
    events: usize,
}

/// Builds the log.
///
/// # Errors
/// When a naive time falls into a gap of its zone, or the log is too large for 32-bit positions.
pub fn build(mut parts: Parts) -> Result<Built> {
    let threads = parts.threads;
    parts.chunks.sort_by_key(|chunk| (chunk.source, chunk.sequence));
    let rows: usize = parts.chunks.iter().map(|chunk| chunk.case.len()).sum();
    if u32::try_from(rows).is_err() {
        return Err(Problem::input(format!("the log has {rows} rows; at most 4,294,967,295 are supported")));
    }
    let tables = parts.cases.into_tables();
    let placed = place_rows(&mut parts.chunks, &tables, threads);
    let bases: Vec<usize> = placed
        .iter()
        .scan(0, |sum, shard| {
            let at = *sum;
            *sum += shard.events;
            Some(at)
        })
        .collect();
    let mut log = EventLog { case_starts: case_starts(&placed, &bases), ..EventLog::default() };
    log.case_ids = case_ids(&placed, &tables)?;
    drop(tables);
    let sizes: Vec<usize> = placed.iter().map(|shard| shard.events).collect();

    let ties = tie_ranks(&parts.slots, &parts.dictionaries);
    let (time_ms, order, folds) = place_times(
        &mut parts.chunks,
        &placed,
        &sizes,
        (&parts.resolvers, &parts.names),
        ties.as_ref().map(|(number, ranks)| (*number, ranks.as_slice())),
        threads,
    )?;
    log.time_ms = time_ms;
    for which in [When::Start, When::Enabled] {
        let column = place_extra(&mut parts.chunks, &sizes, &parts.resolvers, which, threads);
        match which {
            When::Start => log.start_ms = column,
            When::Enabled => log.enabled_ms = column,
            When::Event => {}
        }
    }
    for (number, (slot, dictionary)) in parts.slots.into_iter().zip(parts.dictionaries).enumerate() {
        if slot.slot == Slot::TieBreak {
            continue;
        }
        let column = place_codes(&mut parts.chunks, &sizes, number, &slot, dictionary, threads);
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
    log.visible = place_plain(&mut parts.chunks, &sizes, threads, |chunk| std::mem::take(&mut chunk.visible));
    log.marks = place_plain(&mut parts.chunks, &sizes, threads, |chunk| std::mem::take(&mut chunk.marks));
    log.origins = place_plain(&mut parts.chunks, &sizes, threads, |chunk| {
        let source = chunk.source;
        std::mem::take(&mut chunk.lines).into_iter().map(|line| Origin::new(source, line)).collect()
    });
    Ok(Built { log, order, folds })
}

/// Numbers the cases of each shard by first appearance and turns `chunk.case` into places within the shard.
fn place_rows(chunks: &mut [Chunk], tables: &[KeyTable], threads: usize) -> Vec<Placed> {
    let jobs: Vec<(usize, Vec<&mut [u32]>)> =
        per_shard(chunks, |chunk| &mut chunk.case).into_iter().enumerate().collect();
    parallel::map(threads, jobs, |_, (shard, mut pieces)| {
        let known = tables[shard].len();
        let mut rank = vec![u32::MAX; known];
        let mut counts: Vec<u32> = Vec::with_capacity(known);
        let mut numbers = Vec::with_capacity(known);
        for number in pieces.iter_mut().flat_map(|piece| piece.iter_mut()) {
            let case = &mut rank[*number as usize];
            if *case == u32::MAX {
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "no more cases than rows, which are counted in 32 bits"
                )]
                let next = counts.len() as u32;
                *case = next;
                numbers.push(*number);
                counts.push(0);
            }
            counts[*case as usize] += 1;
            *number = *case;
        }
        let mut next = 0;
        let mut starts = counts;
        for start in &mut starts {
            (*start, next) = (next, next + *start);
        }
        let mut free = starts.clone();
        for number in pieces.iter_mut().flat_map(|piece| piece.iter_mut()) {
            let place = &mut free[*number as usize];
            *number = *place;
            *place += 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "no more cases than rows, which are counted in 32 bits")]
        Placed { cases: starts.len() as u32, starts, numbers, events: next as usize }
    })
}

/// Splits one column of every chunk by shard.
fn per_shard<'c, T>(
    chunks: &'c mut [Chunk],
    column: impl Fn(&'c mut Chunk) -> &'c mut Vec<T>,
) -> Vec<Vec<&'c mut [T]>> {
    let mut shards: Vec<Vec<&mut [T]>> = (0..SHARDS).map(|_| Vec::with_capacity(chunks.len())).collect();
    for chunk in chunks {
        let lengths: Vec<usize> = (0..SHARDS).map(|shard| chunk.shard(shard).len()).collect();
        let mut rest = column(chunk).as_mut_slice();
        for (shard, length) in lengths.into_iter().enumerate() {
            let (piece, tail) = rest.split_at_mut(length);
            shards[shard].push(piece);
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

#[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
fn case_starts(placed: &[Placed], bases: &[usize]) -> Vec<u32> {
    let cases: usize = placed.iter().map(|shard| shard.cases as usize).sum();
    let mut starts = Vec::with_capacity(cases + 1);
    for (shard, &base) in placed.iter().zip(bases) {
        starts.extend(shard.starts.iter().map(|&start| base as u32 + start));
    }
    starts.push(placed.iter().map(|shard| shard.events as u32).sum());
    starts
}

fn case_ids(placed: &[Placed], tables: &[KeyTable]) -> Result<CaseIds> {
    let total: usize =
        placed.iter().zip(tables).flat_map(|(shard, table)| shard.numbers.iter().map(|&n| table.bytes(n).len())).sum();
    if u32::try_from(total).is_err() {
        return Err(Problem::input(format!("the case ids take {total} bytes together; at most 4 GiB are supported")));
    }
    let mut ids = CaseIds::default();
    for (shard, table) in placed.iter().zip(tables) {
        for &number in &shard.numbers {
            ids.push(&String::from_utf8_lossy(table.bytes(number)));
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

struct ShardTimes<'c> {
    places: Vec<&'c mut [u32]>,
    out: &'c mut [i64],
}

/// Places the instants and, where a case is out of order, corrects the places of its rows.
fn place_times(
    chunks: &mut [Chunk],
    placed: &[Placed],
    sizes: &[usize],
    (resolvers, names): (&[Vec<Resolver>], &[(String, String)]),
    ties: Option<(usize, &[u32])>,
    threads: usize,
) -> Result<(Vec<i64>, OrderFacts, u64)> {
    let mut time_ms = vec![0i64; sizes.iter().sum()];
    let stamps: Vec<_> = chunks.iter_mut().map(|chunk| (chunk.source, std::mem::take(&mut chunk.time))).collect();
    let tie_codes: Vec<Option<Codes>> = match ties {
        Some((number, _)) => chunks.iter_mut().map(|chunk| take_codes(chunk, number)).collect(),
        None => Vec::new(),
    };
    let ties = ties.map(|(_, ranks)| ranks);
    let ranges: Vec<Vec<std::ops::Range<usize>>> =
        chunks.iter().map(|chunk| (0..SHARDS).map(|shard| chunk.shard(shard)).collect()).collect();
    let outs = split(&mut time_ms, sizes);
    let jobs: Vec<ShardTimes> = per_shard(chunks, |chunk| &mut chunk.case)
        .into_iter()
        .zip(outs)
        .map(|(places, out)| ShardTimes { places, out })
        .collect();
    let refused = AtomicBool::new(false);
    let results = parallel::map(threads, jobs, |shard, mut job| {
        let mut resolvers: Vec<Resolver> = resolvers.iter().map(|source| source[0].clone()).collect();
        let mut tie = vec![0u32; if ties.is_some() { job.out.len() } else { 0 }];
        for (number, places) in job.places.iter().enumerate() {
            let (source, column) = &stamps[number];
            let resolver = &mut resolvers[*source];
            let mut places_left = places.iter();
            column.for_each(ranges[number][shard].clone(), |stamp| {
                let Some(&place) = places_left.next() else { return };
                match resolver.resolve(stamp) {
                    Ok(ms) => job.out[place as usize] = ms,
                    Err(_) => refused.store(true, Ordering::Relaxed),
                }
            });
            if let (Some(ranks), Some(Some(codes))) = (ties, tie_codes.get(number)) {
                for (&place, row) in places.iter().zip(ranges[number][shard].clone()) {
                    tie[place as usize] = ranks[codes.get(row) as usize];
                }
            }
        }
        let facts = sort_cases(&mut job, &placed[shard].starts, &tie);
        (facts, resolvers)
    });
    if refused.into_inner() {
        let used: Vec<_> = results.into_iter().map(|(_, resolvers)| resolvers).collect();
        return Err(skipped(&used, names));
    }
    let mut order = OrderFacts::default();
    for (facts, _) in &results {
        order.pairs += facts.pairs;
        order.tied += facts.tied;
        order.fixed += facts.fixed;
    }
    let folds = results.iter().flat_map(|(_, resolvers)| resolvers).map(Resolver::folds).sum();
    Ok((time_ms, order, folds))
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

/// Sorts each case by (time, tie, place) and moves its rows' places along.
fn sort_cases(job: &mut ShardTimes, starts: &[u32], tie: &[u32]) -> OrderFacts {
    let mut facts = OrderFacts::default();
    let mut moved: Option<Vec<u32>> = None;
    let rows = job.out.len();
    for (case, &start) in starts.iter().enumerate() {
        let from = start as usize;
        let to = starts.get(case + 1).map_or(job.out.len(), |&next| next as usize);
        let times = &mut job.out[from..to];
        facts.pairs += (times.len() - 1) as u64;
        let fixed = times.windows(2).filter(|pair| pair[1] < pair[0]).count() as u64;
        facts.fixed += fixed;
        let ties_fall = !tie.is_empty()
            && tie[from..to].windows(2).zip(times.windows(2)).any(|(tie, time)| time[0] == time[1] && tie[1] < tie[0]);
        if fixed > 0 || ties_fall {
            let moved = moved.get_or_insert_with(|| (0u32..).take(rows).collect());
            sort_case(times, from, tie, moved);
        }
        facts.tied += times.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    }
    if let Some(moved) = moved {
        for place in job.places.iter_mut().flat_map(|places| places.iter_mut()) {
            *place = moved[*place as usize];
        }
    }
    facts
}

/// Sorts the times of one case that starts at `from` and records where each place went.
fn sort_case(times: &mut [i64], from: usize, tie: &[u32], moved: &mut [u32]) {
    #[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
    let mut rows: Vec<(i64, u32, u32)> = times
        .iter()
        .enumerate()
        .map(|(i, &time)| (time, tie.get(from + i).copied().unwrap_or(0), (from + i) as u32))
        .collect();
    rows.sort_unstable();
    for (i, (time, _, place)) in rows.into_iter().enumerate() {
        times[i] = time;
        #[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
        let to = (from + i) as u32;
        moved[place as usize] = to;
    }
}

/// Places the start or enabled times, if any source has them. Times that cannot be placed are absent.
fn place_extra(
    chunks: &mut [Chunk],
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
    let chunks = &*chunks;
    parallel::map(threads, jobs, |shard, out| {
        for chunk in chunks {
            let Some(at) = chunk.extra_times.iter().position(|(when, _)| *when == which) else { continue };
            let mut resolver = resolvers[chunk.source][at + 1].clone();
            let range = chunk.shard(shard);
            for (&place, stamp) in chunk.case[range.clone()].iter().zip(&chunk.extra_times[at].1[range]) {
                if let Some(ms) = stamp.and_then(|stamp| resolver.resolve(stamp).ok()) {
                    out[place as usize] = ms;
                }
            }
        }
    });
    Some(column)
}

/// The codes of a slot; a table read before another one brought the slot has none.
fn take_codes(chunk: &mut Chunk, number: usize) -> Option<Codes> {
    chunk.codes.get_mut(number).and_then(Option::take)
}

/// Places a dictionary column, renumbered by name.
fn place_codes(
    chunks: &mut [Chunk],
    sizes: &[usize],
    number: usize,
    slot: &SlotPlan,
    dictionary: SharedDictionary,
    threads: usize,
) -> Column {
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
    let source: Vec<Option<Codes>> = chunks.iter_mut().map(|chunk| take_codes(chunk, number)).collect();
    #[expect(clippy::cast_possible_truncation, reason = "codes are 32-bit")]
    let mut codes = Codes::zeroed(sizes.iter().sum(), dictionary.size() as u32 - 1);
    let chunks = &*chunks;
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen from the largest code")]
    {
        macro_rules! place {
            ($column:expr, $width:ty) => {
                parallel::map(threads, split($column, sizes), |shard, out| {
                    for (chunk, codes) in chunks.iter().zip(&source) {
                        let (Some(codes), range) = (codes, chunk.shard(shard)) else { continue };
                        let places = &chunk.case[range.clone()];
                        each_width!(codes, column => for (&place, &code) in places.iter().zip(&column[range]) {
                            out[place as usize] = remap[code as usize] as $width;
                        });
                    }
                })
            };
        }
        match &mut codes {
            Codes::Narrow(column) => drop(place!(column, u8)),
            Codes::Middle(column) => drop(place!(column, u16)),
            Codes::Wide(column) => drop(place!(column, u32)),
        }
    }
    Column { codes, dictionary }
}

/// Places a column of plain values; `None` where no chunk has it.
fn place_plain<T: Copy + Default + Send + Sync>(
    chunks: &mut [Chunk],
    sizes: &[usize],
    threads: usize,
    take: impl Fn(&mut Chunk) -> Vec<T>,
) -> Option<Vec<T>> {
    let source: Vec<Vec<T>> = chunks.iter_mut().map(take).collect();
    if source.iter().all(Vec::is_empty) {
        return None;
    }
    let mut column = vec![T::default(); sizes.iter().sum()];
    let chunks = &*chunks;
    parallel::map(threads, split(&mut column, sizes), |shard, out| {
        for (chunk, values) in chunks.iter().zip(&source).filter(|(_, values)| !values.is_empty()) {
            let range = chunk.shard(shard);
            for (&place, &value) in chunk.case[range.clone()].iter().zip(&values[range]) {
                out[place as usize] = value;
            }
        }
    });
    Some(column)
}
