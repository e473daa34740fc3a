//! Which actors are probably no people.
//!
//! Evidence: a name that says so; many cases within one minute; work around the clock; one transition making up
//! nearly everything the actor does. A proposal names its evidence; configuration confirms or refuses it.

use std::collections::BTreeMap;

use crate::counts::count;
use crate::log::codes::each_width;
use crate::log::{EventLog, NONE};
use crate::metrics::selection;
use crate::parallel;
use crate::states::people::bot_name;

/// A proposed bot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BotProposal {
    /// Actor code.
    pub actor: u32,
    /// Events it made.
    pub rows: u64,
    /// What speaks for it.
    pub evidence: String,
    /// Named by the configuration rather than guessed.
    pub configured: bool,
    /// So surely no person that its name may be shown: named by the configuration, by a machine's name or in a burst.
    pub surely: bool,
}

/// Actors judged by what they did, not by their name: those with most events.
const JUDGED: usize = 24;
/// An actor with fewer events is not judged by what it did.
const MIN_ROWS: u64 = 500;
/// Distinct cases within one minute that no person handles.
const BURST_CASES: u32 = 20;
/// Share of an actor's state changes that is one transition.
const DOMINANT_PERCENT: u64 = 90;
/// Every hour of the day holds at least this share of what an even spread would give it.
const ROUND_THE_CLOCK_PERCENT: u64 = 50;

/// What an actor did.
#[derive(Clone, Debug, Default)]
struct Record {
    rows: u64,
    hours: [u64; 24],
    /// Minute of each case visited, one per case and minute.
    minutes: Vec<u32>,
    /// (state before, state after, times).
    moves: Vec<(u32, u32, u64)>,
    /// Case and minute visited last.
    last: Option<(usize, u32)>,
}

/// Proposes bots; `named` are bots by configuration, `not` are known people.
#[must_use]
pub fn propose(log: &EventLog, named: &[String], not: &[String], threads: usize) -> Vec<BotProposal> {
    let Some(actors) = &log.actor else { return Vec::new() };
    let rows = count_rows(log, threads);
    let mut by_rows: Vec<u32> = (1u32..).take(actors.dictionary.size() - 1).collect();
    by_rows.sort_by_key(|&actor| (std::cmp::Reverse(rows[actor as usize]), actor));
    let judged: Vec<u32> =
        by_rows.iter().copied().take(JUDGED).filter(|&actor| rows[actor as usize] >= MIN_ROWS).collect();
    let records = observe(log, &judged, threads);
    let mut bots = Vec::new();
    for actor in by_rows {
        let name = actors.dictionary.text(actor).unwrap_or("");
        if not.iter().any(|person| person == name) {
            continue;
        }
        let rows = rows[actor as usize];
        if named.iter().any(|bot| bot == name) {
            let evidence = "named in the configuration".to_owned();
            bots.push(BotProposal { actor, rows, evidence, configured: true, surely: true });
            continue;
        }
        let record = judged.iter().position(|&candidate| candidate == actor).map(|at| &records[at]);
        if let Some((evidence, surely)) = evidence(name, record) {
            bots.push(BotProposal { actor, rows, evidence, configured: false, surely });
        }
    }
    bots
}

/// The bots of a log whose cases were chosen from another one, where they were proposed by name; with their events here.
#[must_use]
pub fn known(log: &EventLog, bots: &BTreeMap<String, BotProposal>, threads: usize) -> Vec<BotProposal> {
    let Some(actors) = &log.actor else { return Vec::new() };
    let rows = count_rows(log, threads);
    let here = |(name, bot): (&String, &BotProposal)| {
        let actor = actors.dictionary.code(name)?;
        Some(BotProposal { actor, rows: rows[actor as usize], ..bot.clone() })
    };
    let mut bots: Vec<BotProposal> = bots.iter().filter_map(here).collect();
    bots.sort_by_key(|bot| (std::cmp::Reverse(bot.rows), bot.actor));
    bots
}

/// Number of events by actor.
pub(super) fn count_rows(log: &EventLog, threads: usize) -> Vec<u64> {
    let Some(actors) = &log.actor else { return Vec::new() };
    let size = actors.dictionary.size();
    let runs = log.case_runs(1 << 18);
    let parts = parallel::fold(
        threads,
        runs,
        || vec![0u64; size],
        |counts, run| {
            let (from, to) = (log.case_starts[run.start] as usize, log.case_starts[run.end] as usize);
            each_width!(&actors.codes, codes => for &code in &codes[from..to] {
                counts[code as usize] += 1;
            });
        },
    );
    let mut total = vec![0; size];
    for part in parts {
        total.iter_mut().zip(part).for_each(|(total, part)| *total += part);
    }
    total
}

/// Gathers the records of the judged actors, in their order.
fn observe(log: &EventLog, judged: &[u32], threads: usize) -> Vec<Record> {
    let (Some(actors), false) = (&log.actor, judged.is_empty()) else { return Vec::new() };
    let mut place = vec![u8::MAX; actors.dictionary.size()];
    for (at, &actor) in (0u8..).zip(judged) {
        place[actor as usize] = at;
    }
    let start = || Observer { log, place: &place, records: vec![Record::default(); judged.len()] };
    let parts = parallel::fold(threads, log.case_runs(1 << 16), start, |observer, run| {
        each_width!(&actors.codes, actors => observer.observe(actors, run));
    });
    let mut all = vec![Record::default(); judged.len()];
    for part in parts {
        for (mine, theirs) in all.iter_mut().zip(part.records) {
            mine.rows += theirs.rows;
            mine.hours.iter_mut().zip(theirs.hours).for_each(|(mine, theirs)| *mine += theirs);
            mine.minutes.extend(theirs.minutes);
            for (from, to, times) in theirs.moves {
                add_move(&mut mine.moves, from, to, times);
            }
        }
    }
    parallel::map(threads, all, |_, mut record| {
        selection::sort(&mut record.minutes);
        record
    })
}

/// Watches the judged actors through runs of cases.
struct Observer<'a> {
    log: &'a EventLog,
    /// By actor: the place of its record, [`u8::MAX`] for those not judged.
    place: &'a [u8],
    records: Vec<Record>,
}

impl Observer<'_> {
    /// Passes over the many events of others as fast as it can.
    fn observe<A: Copy + Into<u32>>(&mut self, actors: &[A], run: std::ops::Range<usize>) {
        let starts = &self.log.case_starts;
        let events = starts[run.start] as usize..starts[run.end] as usize;
        let mut case = run.start;
        for (i, &actor) in events.clone().zip(&actors[events]) {
            let place = self.place[actor.into() as usize];
            if let Some(record) = self.records.get_mut(usize::from(place)) {
                while starts[case + 1] as usize <= i {
                    case += 1;
                }
                record.see(case, self.log.time_ms[i]);
                if let Some((before, state)) = move_at(self.log, starts[case] as usize, i) {
                    add_move(&mut record.moves, before, state, 1);
                }
            }
        }
    }
}

/// The last known state before event `i` of a case that starts at `from`, and the other one that it names.
fn move_at(log: &EventLog, from: usize, i: usize) -> Option<(u32, u32)> {
    let codes = &log.state.as_ref()?.codes;
    let state = codes.get(i);
    if state == NONE {
        return None;
    }
    let before = (from..i).rev().map(|j| codes.get(j)).find(|&code| code != NONE)?;
    (state != before).then_some((before, state))
}

impl Record {
    fn see(&mut self, case: usize, time_ms: i64) {
        self.rows += 1;
        self.hours[usize::try_from(time_ms.rem_euclid(86_400_000) / 3_600_000).unwrap_or(0)] += 1;
        // Minutes since 1900 fit 32 bits for 8,000 years.
        let minute = u32::try_from(time_ms.div_euclid(60_000) + 36_816_480).unwrap_or(0);
        if self.last != Some((case, minute)) {
            self.last = Some((case, minute));
            self.minutes.push(minute);
        }
    }
}

fn add_move(moves: &mut Vec<(u32, u32, u64)>, from: u32, to: u32, times: u64) {
    match moves.iter_mut().find(|known| (known.0, known.1) == (from, to)) {
        Some(known) => known.2 += times,
        None => moves.push((from, to, times)),
    }
}

/// What speaks for a bot, and whether it is sure enough to show the name.
fn evidence(name: &str, record: Option<&Record>) -> Option<(String, bool)> {
    let mut found = Vec::new();
    let by_name = bot_name(name);
    if let Some(pattern) = by_name {
        found.push(format!("its name says so ({pattern})"));
    }
    let mut surely = by_name.is_some();
    let mut weight = if surely { 2 } else { 0 };
    if let Some(record) = record {
        let burst = largest_burst(&record.minutes);
        if burst >= BURST_CASES {
            found.push(format!("{} cases within one minute", count(u64::from(burst))));
            surely = true;
            weight += 2;
        }
        if around_the_clock(record) {
            found.push("active in every hour of the day".to_owned());
            weight += 1;
        }
        let moves: u64 = record.moves.iter().map(|known| known.2).sum();
        let most = record.moves.iter().map(|known| known.2).max().unwrap_or(0);
        if moves >= MIN_ROWS && most * 100 >= moves * DOMINANT_PERCENT {
            found.push(format!("{} % of its state changes are one transition", most * 100 / moves));
            weight += 1;
        }
    }
    (weight >= 2).then(|| (found.join("; "), surely))
}

/// Most cases touched within one minute; minutes are sorted.
fn largest_burst(minutes: &[u32]) -> u32 {
    let longest = minutes.chunk_by(|a, b| a == b).map(<[u32]>::len).max().unwrap_or(0);
    u32::try_from(longest).unwrap_or(u32::MAX)
}

fn around_the_clock(record: &Record) -> bool {
    record.hours.iter().all(|&hour| hour * 24 * 100 >= record.rows * ROUND_THE_CLOCK_PERCENT)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_shown_only_where_no_person_can_be_meant() {
        let spread = Record { rows: 2_400, hours: [100; 24], moves: vec![(1, 2, 600)], ..Record::default() };
        assert_eq!(evidence("Ann", Some(&spread)).map(|(_, surely)| surely), Some(false));
        let burst = Record { minutes: vec![7; 400], ..Record::default() };
        assert_eq!(evidence("Updated by 908", Some(&burst)).map(|(_, surely)| surely), Some(true));
        assert_eq!(evidence("svc_mail", None).map(|(_, surely)| surely), Some(true));
        assert_eq!(evidence("Ann", None), None);
    }
}
