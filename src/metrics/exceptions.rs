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
    const ENTERED_OR_LEFT: Change = Change::WAIT.or(Change::REOPENED);
    if !case.ever.any(ENTERED_OR_LEFT) && !is_wait(case.visits[0].class) {
        return 0;
    }
    let mut count = 0;
    let mut at = 0;
    while at < case.visits.len() {
        let (from, kind) = (at, case.visits[at].class);
        let belongs =
            |class: Class| if kind.is_terminal() { class.is_terminal() } else { is_wait(kind) && is_wait(class) };
        at += 1;
        while at < case.visits.len() && belongs(case.visits[at].class) {
            at += 1;
        }
        let next = case.visits.get(at);
        if is_wait(kind) {
            count += 1;
            tally.waits += 1;
            match next {
                None => tally.open += 1,
                Some(next) => {
                    match next.class {
                        Class::Done => tally.resolved_from_wait += 1,
                        Class::Cancelled => tally.cancelled += 1,
                        _ => tally.resumed += 1,
                    }
                    tally.closed.push(case.time_ms[next.from] - case.time_ms[case.visits[from].from]);
                }
            }
        } else if kind.is_terminal()
            && let Some(next) = next
        {
            count += 1;
            tally.gaps += 1;
            tally.resumed += 1;
            tally.closed.push(case.time_ms[next.from] - case.time_ms[case.visits[from].from]);
        }
    }
    add_information_waits(tally, case);
    count
}

/// Maximal runs of waiting for the requester alone; `resumed` unless a terminal state follows.
fn add_information_waits(tally: &mut ExceptionTally, case: &CaseEvents) {
    let before = tally.information_waits;
    let mut runs = case.visits.iter().enumerate().filter(|(_, visit)| visit.class == Class::WaitingRequester);
    let starts = |i: usize| i == 0 || case.visits[i - 1].class != Class::WaitingRequester;
    for (i, visit) in runs.by_ref().filter(|(i, _)| starts(*i)) {
        tally.information_waits += 1;
        let next = case.visits[i..].iter().find(|visit| visit.class != Class::WaitingRequester);
        match next {
            None => tally.information_open += 1,
            Some(next) if !next.class.is_terminal() => {
                tally.information.push(case.time_ms[next.from] - case.time_ms[visit.from]);
            }
            Some(_) => {}
        }
    }
    tally.information_cases += u64::from(tally.information_waits > before);
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
