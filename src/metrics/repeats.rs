//! Repeated updates: several events in a row that tell people something although nothing happened in between.
//!
//! A run is at least three neighbouring events of a case, each at most a day after the one before, at which neither state
//! nor owner changes and which tell a stakeholder by their kind; where no kind does and the log has no comments, events at
//! which nothing visible changed. The first of a run may be worth telling, the others are repeats.
//!
//! Worked example: T1 gets `status update` at 9:00, 10:00, 11:00 and 12:00, and is closed at 13:00: a run of four, with
//! three repeats.

use super::place_signs::Longest;
use crate::states::{CaseEvents, Change, KindMeaning, Semantics};

/// Fewest events of a run.
const LEAST: usize = 3;
/// Longest time between two of them: a day.
const DAY_MS: i64 = 86_400_000;

/// Runs of many cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Repeats {
    /// Runs.
    pub runs: u64,
    /// Their events but the first of each.
    pub repeats: u64,
    /// Cases with a run.
    pub cases: u64,
    /// The cases with the longest runs, by number of events.
    pub longest: Longest,
}

impl Repeats {
    /// Adds a case by its number.
    pub fn add(&mut self, case: usize, events: &CaseEvents, semantics: &Semantics) {
        let by_kind = semantics.has_update_kinds();
        if events.len() < LEAST || !by_kind && events.unchanged.is_empty() {
            return;
        }
        let repeats = |i: usize| {
            let told = if by_kind {
                semantics.kinds.get(events.activity[i] as usize) == Some(&KindMeaning::Update)
            } else {
                events.unchanged[i]
            };
            told && !events.changes[i].any(Change::STATE.or(Change::OWNER))
        };
        let before = self.runs;
        let mut length = 0;
        for i in 0..=events.len() {
            let goes_on = i < events.len() && repeats(i);
            if goes_on && (length == 0 || events.time_ms[i] - events.time_ms[i - 1] <= DAY_MS) {
                length += 1;
                continue;
            }
            if length >= LEAST {
                self.runs += 1;
                self.repeats += length as u64 - 1;
                self.longest.add(i64::try_from(length).unwrap_or(i64::MAX), case);
            }
            length = usize::from(goes_on);
        }
        self.cases += u64::from(self.runs > before);
    }

    /// Adds what was seen in other cases.
    pub fn merge(&mut self, other: Repeats) {
        self.runs += other.runs;
        self.repeats += other.repeats;
        self.cases += other.cases;
        self.longest.merge(other.longest);
    }
}
