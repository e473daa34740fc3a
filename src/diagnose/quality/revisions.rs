//! The source system's own counter of updates: whether the order of events agrees with it, and how many of the
//! revisions it counted are in the log.
//!
//! Formula: a case is expected to have the revisions from its first to its largest one, and from the usual first one on
//! where at least half of the cases begin with the same number. The rest of a case behind its last event cannot be seen.

use std::collections::BTreeMap;

use super::Tally;
use crate::log::Column;
use crate::log::text::whole_number;

/// What the counter says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revisions {
    /// Events with a number.
    pub known: u64,
    /// Events without one.
    pub unknown: u64,
    /// Neighbouring events of different instants, both with a number.
    pub steps: u64,
    /// Neighbouring events of one instant, both with a number.
    pub ties: u64,
    /// Ties that the counter orders the other way round.
    pub ties_against: Tally,
    /// Steps over which the counter falls.
    pub steps_against: Tally,
    /// Distinct numbers, added over the cases.
    pub present: u64,
    /// Numbers from the smallest to the largest of each case, added over the cases.
    pub spanned: u128,
    /// Missing numbers between the smallest and the largest of a case.
    pub gaps: Tally,
    /// Cases by their smallest number.
    firsts: BTreeMap<i64, u64>,
}

/// The numbers that the codes of a column stand for.
pub(super) fn numbers(column: &Column) -> Vec<Option<i64>> {
    std::iter::once(None).chain(column.dictionary.iter().map(|(_, text)| whole_number(text))).collect()
}

impl Revisions {
    /// Counts one case from the instants and numbers of its events in order.
    pub(super) fn add_case(&mut self, case: u32, events: &[(i64, Option<i64>)]) {
        let mut seen: Vec<i64> = events.iter().filter_map(|(_, value)| *value).collect();
        self.known += seen.len() as u64;
        self.unknown += (events.len() - seen.len()) as u64;
        for pair in events.windows(2) {
            let ((before_ms, Some(before)), (after_ms, Some(after))) = (pair[0], pair[1]) else { continue };
            let falls = after < before;
            if before_ms == after_ms {
                self.ties += 1;
                if falls {
                    self.ties_against.add(case, after_ms, 1);
                }
            } else {
                self.steps += 1;
                if falls {
                    self.steps_against.add(case, after_ms, 1);
                }
            }
        }
        seen.sort_unstable();
        seen.dedup();
        let (Some(&first), Some(&last)) = (seen.first(), seen.last()) else { return };
        let spanned = u128::from(last.abs_diff(first)) + 1;
        let missing = spanned - seen.len() as u128;
        self.present += seen.len() as u64;
        self.spanned += spanned;
        *self.firsts.entry(first).or_default() += 1;
        if missing > 0 {
            self.gaps.add(case, events[0].0, u64::try_from(missing).unwrap_or(u64::MAX / 4));
        }
    }

    pub(super) fn append(&mut self, later: Revisions) {
        self.known += later.known;
        self.unknown += later.unknown;
        self.steps += later.steps;
        self.ties += later.ties;
        self.ties_against.append(later.ties_against);
        self.steps_against.append(later.steps_against);
        self.present += later.present;
        self.spanned += later.spanned;
        self.gaps.append(later.gaps);
        for (first, cases) in later.firsts {
            *self.firsts.entry(first).or_default() += cases;
        }
    }

    /// The number that at least half of the cases begin with.
    #[must_use]
    pub fn usual_first(&self) -> Option<i64> {
        let cases: u64 = self.firsts.values().sum();
        self.firsts.iter().find(|(_, begin)| **begin * 2 >= cases.max(1)).map(|(first, _)| *first)
    }

    /// Revisions before the first one that is there, added over the cases; 0 where no first number is usual.
    #[must_use]
    pub fn missing_before(&self) -> u128 {
        let Some(usual) = self.usual_first() else { return 0 };
        let later = self.firsts.range(usual..);
        later.map(|(first, cases)| u128::from(first.abs_diff(usual)) * u128::from(*cases)).sum()
    }

    /// Revisions that should be there.
    #[must_use]
    pub fn expected(&self) -> u128 {
        self.spanned + self.missing_before()
    }

    /// Whether the numbers behave like a counter: nearly all events have one, and they are not spread over more than
    /// a hundred times as many.
    #[must_use]
    pub fn is_counter(&self) -> bool {
        self.known >= 9 * self.unknown && self.known > 0 && self.expected() <= u128::from(self.present) * 100
    }
}
