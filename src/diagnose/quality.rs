//! What the events of a log say about its quality: repeated rows, counters of the source system, times far from the
//! others, bulk updates, whole days, names written in two ways.
//!
//! It counts and keeps a few examples; whether a count is bad, and what to do, is not decided here. It reads the log as
//! it was exported: no state is derived and no interval split before.

mod outliers;
mod repeats;
mod revisions;

use std::collections::BTreeMap;

pub use outliers::{OutlierRule, Outliers, outliers};
pub use revisions::Revisions;

use crate::log::codes::each_width;
use crate::log::{Codes, Column, EventLog, NONE};
use crate::parallel;

/// Examples kept of one kind.
const EXAMPLES: usize = 5;
/// Events one job looks at.
const RUN: usize = 1 << 18;
/// Distinct cases that one actor moves within one minute of the clock before it counts as a bulk update.
pub const BULK_CASES: u64 = 10;
/// Largest distance of near duplicates, ms.
pub const NEAR_MS: i64 = 1_000;
const MS_PER_MINUTE: i64 = 60_000;
const MS_PER_DAY: i64 = 86_400_000;

/// How often something was seen, in how many cases, and the first of them in the order of the log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Times.
    pub count: u64,
    /// Cases with at least one.
    pub cases: u64,
    /// Number of the case and instant, UTC ms; one per case.
    pub examples: Vec<(u32, i64)>,
    last: Option<u32>,
}

impl Tally {
    /// Counts `times` at an instant of a case; cases come in their order.
    fn add(&mut self, case: u32, time_ms: i64, times: u64) {
        self.count += times;
        if self.last != Some(case) {
            self.last = Some(case);
            self.cases += 1;
            if self.examples.len() < EXAMPLES {
                self.examples.push((case, time_ms));
            }
        }
    }

    /// Adds what was seen in the cases behind these.
    fn append(&mut self, later: Tally) {
        self.count += later.count;
        self.cases += later.cases;
        self.examples.extend(later.examples.into_iter().take(EXAMPLES.saturating_sub(self.examples.len())));
        self.last = later.last.or(self.last);
    }
}

/// What to look at beside the log itself.
pub struct Asked<'a> {
    /// Header of the source system's counter of updates, which stands among the attributes.
    pub counter: Option<&'a str>,
    /// Offset of the log's zone at an instant, ms.
    pub offset_ms_at: &'a (dyn Fn(i64) -> i64 + Sync),
    /// Threads to use.
    pub threads: usize,
}

/// What was seen.
#[derive(Clone, Debug, Default)]
pub struct Quality {
    /// Events.
    pub events: u64,
    /// Events that repeat another of their case in the instant and in every column that is read.
    pub duplicates: Tally,
    /// Events that repeat the one before, at most [`NEAR_MS`] later, in every column but the counter.
    pub near_duplicates: Tally,
    /// Events at 00:00:00 of their zone.
    pub midnights: u64,
    /// Events per day of UTC, counted from 1970-01-01.
    pub days: BTreeMap<i64, u64>,
    /// What the counter of updates says.
    pub revisions: Option<Revisions>,
    /// Bulk updates; unknown without actors.
    pub bulk: Option<Bulk>,
}

/// Cases moved by one actor within one minute.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bulk {
    /// Moves within such minutes.
    pub moves: u64,
    /// All moves.
    pub all_moves: u64,
    /// Pairs of an actor and a minute.
    pub minutes: u64,
    /// Cases moved in the fullest one.
    pub largest: u64,
    /// The fullest ones: cases, start of the minute in UTC ms, and one of the cases.
    pub examples: Vec<(u64, i64, u32)>,
}

/// A change of state by an actor.
type Move = (u32, i64, u32);

#[derive(Default)]
struct Part {
    quality: Quality,
    moves: Vec<Move>,
}

/// Looks at every event.
#[must_use]
pub fn observe(log: &EventLog, asked: &Asked) -> Quality {
    let counter = asked.counter.and_then(|name| log.attributes.iter().position(|attribute| attribute.name == name));
    let numbers = counter.map(|at| revisions::numbers(&log.attributes[at].column));
    let reader = Reader {
        log,
        counter: counter.map(|at| &log.attributes[at].column.codes),
        numbers: numbers.unwrap_or_default(),
        same: repeats::Columns::new(log, counter),
        offset_ms_at: asked.offset_ms_at,
    };
    let parts = parallel::map(asked.threads, log.case_runs(RUN), |_, run| {
        let mut part = Part::default();
        part.quality.revisions = reader.counter.map(|_| Revisions::default());
        run.for_each(|case| reader.case(case, &mut part));
        part
    });
    let mut all = Quality { revisions: reader.counter.map(|_| Revisions::default()), ..Quality::default() };
    let mut moves = Vec::new();
    for part in parts {
        all.append(part.quality);
        moves.extend(part.moves);
    }
    all.bulk = log.actor.as_ref().map(|_| bulk(moves));
    all
}

impl Quality {
    fn append(&mut self, later: Quality) {
        self.events += later.events;
        self.duplicates.append(later.duplicates);
        self.near_duplicates.append(later.near_duplicates);
        self.midnights += later.midnights;
        for (day, events) in later.days {
            *self.days.entry(day).or_default() += events;
        }
        if let (Some(mine), Some(later)) = (&mut self.revisions, later.revisions) {
            mine.append(later);
        }
    }
}

struct Reader<'a> {
    log: &'a EventLog,
    counter: Option<&'a Codes>,
    numbers: Vec<Option<i64>>,
    same: repeats::Columns<'a>,
    offset_ms_at: &'a (dyn Fn(i64) -> i64 + Sync),
}

impl Reader<'_> {
    fn case(&self, case: usize, part: &mut Part) {
        let range = self.log.range(case);
        let number = u32::try_from(case).unwrap_or(u32::MAX);
        let found = &mut part.quality;
        found.events += range.len() as u64;
        for at in range.clone() {
            let time_ms = self.log.time_ms[at];
            let local = time_ms + (self.offset_ms_at)(time_ms);
            found.midnights += u64::from(local.rem_euclid(MS_PER_DAY) == 0);
            *found.days.entry(time_ms.div_euclid(MS_PER_DAY)).or_default() += 1;
        }
        let repeated = self.same.duplicates(self.log, number, range.clone(), &mut found.duplicates);
        self.same.near(self.log, number, range.clone(), &repeated, &mut found.near_duplicates);
        if let (Some(codes), Some(revisions)) = (self.counter, &mut found.revisions) {
            let values = range.clone().map(|at| {
                let value = match codes.get(at) {
                    NONE => None,
                    code => self.numbers.get(code as usize).copied().flatten(),
                };
                (self.log.time_ms[at], value)
            });
            revisions.add_case(number, &values.collect::<Vec<_>>());
        }
        self.moves(number, range, &mut part.moves);
    }

    /// Events by a known actor that change the last known state, or any later event where there are no states.
    fn moves(&self, case: u32, range: std::ops::Range<usize>, moves: &mut Vec<Move>) {
        let Some(actors) = &self.log.actor else { return };
        let mut last = NONE;
        for (number, at) in range.enumerate() {
            let actor = actors.codes.get(at);
            let moved = match &self.log.state {
                None => number > 0,
                Some(state) => match state.codes.get(at) {
                    NONE => false,
                    code => std::mem::replace(&mut last, code) != code && number > 0,
                },
            };
            if actor != NONE && moved {
                moves.push((actor, self.log.time_ms[at].div_euclid(MS_PER_MINUTE), case));
            }
        }
    }
}

fn bulk(mut moves: Vec<Move>) -> Bulk {
    moves.sort_unstable();
    let mut found = Bulk { all_moves: moves.len() as u64, ..Bulk::default() };
    for group in moves.chunk_by(|left, right| (left.0, left.1) == (right.0, right.1)) {
        let cases = group.chunk_by(|left, right| left.2 == right.2).count() as u64;
        if cases >= BULK_CASES {
            found.moves += group.len() as u64;
            found.minutes += 1;
            found.largest = found.largest.max(cases);
            found.examples.push((cases, group[0].1 * MS_PER_MINUTE, group[0].2));
        }
    }
    found.examples.sort_by_key(|&(cases, minute, case)| (std::cmp::Reverse(cases), minute, case));
    found.examples.truncate(EXAMPLES);
    found
}

/// A name without case, spaces and punctuation; what parts two numbers or says another thing (`C++`, `C#`) stays.
fn bare(name: &str) -> String {
    let mut bare = String::new();
    let mut parted = false;
    for letter in name.chars() {
        if letter.is_alphanumeric() || matches!(letter, '+' | '#') {
            if parted && letter.is_numeric() && bare.ends_with(char::is_numeric) {
                bare.push(' ');
            }
            parted = false;
            bare.extend(letter.to_lowercase());
        } else {
            parted = true;
        }
    }
    bare
}

/// Names of a column that are the same but for case, spaces and punctuation, with their events; by name.
#[must_use]
pub fn similar_names(column: &Column) -> Vec<Vec<(&str, u64)>> {
    let mut events = vec![0_u64; column.dictionary.size()];
    each_width!(&column.codes, codes => for &code in codes {
        events[code as usize] += 1;
    });
    let mut groups: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    for (code, name) in column.dictionary.iter().filter(|(code, _)| events[*code as usize] > 0) {
        let bare = bare(name);
        if !bare.is_empty() {
            groups.entry(bare).or_default().push((name, events[code as usize]));
        }
    }
    groups.into_values().filter(|names| names.len() > 1).collect()
}

#[cfg(test)]
mod tests;
