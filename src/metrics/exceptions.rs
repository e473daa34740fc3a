//! Exceptions: when work could not go on, how long, and how it ended.
//!
//! An exception is a maximal run of blocked or waiting states, or a reopened gap (a run of terminal states that
//! a non-terminal one follows). It opens at entry and closes at the first state outside.
//!
//! Worked example: Active 0, Awaiting User 10, Awaiting Vendor 20, Active 50, Done 60, Active 90: one wait of 40
//! that was resumed, one reopened gap of 30.

use super::durations::Durations;
use crate::states::touches::is_wait;
use crate::states::{CaseEvents, Change, Class};

/// Everything about exceptions.
#[derive(Clone, Debug, Default)]
pub struct ExceptionTally {
    /// Durations of closed exceptions.
    pub closed: Durations,
    /// Still open at the end of the log.
    pub open: u64,
    /// Closed by work going on.
    pub resumed: u64,
    /// Waits that ended in `done`.
    pub resolved_from_wait: u64,
    /// Waits that ended in `cancelled`.
    pub cancelled: u64,
    /// Runs of blocked and waiting states, open ones included.
    pub waits: u64,
    /// Reopened gaps.
    pub gaps: u64,
    /// Waits for the requester that were resumed.
    pub information: Durations,
    /// Waits for the requester still open.
    pub information_open: u64,
    /// Waits for the requester, and cases with one.
    pub information_waits: u64,
    /// Cases with at least one wait for the requester.
    pub information_cases: u64,
}

/// Adds a case and returns its number of exceptions.
pub fn add(tally: &mut ExceptionTally, case: &CaseEvents) -> u32 {
    if !has_any(case) {
        return 0;
    }
    let mut count = 0;
    each(case, |first, next| {
        count += 1;
        let kinds = if is_wait(case.visits[first].class) { &mut tally.waits } else { &mut tally.gaps };
        *kinds += 1;
        let Some(next) = next else {
            tally.open += 1;
            return;
        };
        match case.visits[next].class {
            Class::Done => tally.resolved_from_wait += 1,
            Class::Cancelled => tally.cancelled += 1,
            _ => tally.resumed += 1,
        }
        tally.closed.push(between_ms(case, first, next));
    });
    let before = tally.information_waits;
    each_information_wait(case, |first, next| {
        tally.information_waits += 1;
        match next {
            None => tally.information_open += 1,
            Some(next) if case.visits[next].class.is_terminal() => {}
            Some(next) => tally.information.push(between_ms(case, first, next)),
        }
    });
    tally.information_cases += u64::from(tally.information_waits > before);
    count
}

/// From the entry into one visit to the entry into another.
pub(super) fn between_ms(case: &CaseEvents, first: usize, next: usize) -> i64 {
    case.time_ms[case.visits[next].from] - case.time_ms[case.visits[first].from]
}

/// Whether a case may have an exception.
fn has_any(case: &CaseEvents) -> bool {
    const ENTERED_OR_LEFT: Change = Change::WAIT.or(Change::REOPENED);
    case.ever.any(ENTERED_OR_LEFT) || is_wait(case.visits[0].class)
}

/// Shows each exception of a case: the place of its first visit, and of the visit that follows it, if any.
pub fn each(case: &CaseEvents, mut found: impl FnMut(usize, Option<usize>)) {
    if !has_any(case) {
        return;
    }
    let mut at = 0;
    while at < case.visits.len() {
        let (first, kind) = (at, case.visits[at].class);
        let belongs =
            |class: Class| if kind.is_terminal() { class.is_terminal() } else { is_wait(kind) && is_wait(class) };
        at += 1;
        while at < case.visits.len() && belongs(case.visits[at].class) {
            at += 1;
        }
        let next = (at < case.visits.len()).then_some(at);
        if is_wait(kind) || kind.is_terminal() && next.is_some() {
            found(first, next);
        }
    }
}

/// Shows each maximal run of waiting for the requester alone, likewise.
pub fn each_information_wait(case: &CaseEvents, mut found: impl FnMut(usize, Option<usize>)) {
    let waits = |at: usize| case.visits[at].class == Class::WaitingRequester;
    for first in (0..case.visits.len()).filter(|&at| waits(at) && (at == 0 || !waits(at - 1))) {
        found(first, (first..case.visits.len()).find(|&at| !waits(at)));
    }
}

impl ExceptionTally {
    /// Adds another tally.
    pub fn merge(&mut self, other: ExceptionTally) {
        self.closed.append(other.closed);
        self.information.append(other.information);
        for (mine, theirs) in [
            (&mut self.open, other.open),
            (&mut self.resumed, other.resumed),
            (&mut self.resolved_from_wait, other.resolved_from_wait),
            (&mut self.cancelled, other.cancelled),
            (&mut self.waits, other.waits),
            (&mut self.gaps, other.gaps),
            (&mut self.information_open, other.information_open),
            (&mut self.information_waits, other.information_waits),
            (&mut self.information_cases, other.information_cases),
        ] {
            *mine += theirs;
        }
    }
}
