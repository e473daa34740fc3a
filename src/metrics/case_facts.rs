//! One row per case: what later measures, cuts and tables need of it.

use super::handoffs::CaseHandoffs;
use crate::log::NO_TIME;
use crate::states::touches::Touch;
use crate::states::{CaseEvents, Change, Class, Semantics};

/// Facts of one case. Instants are UTC milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CaseFact {
    /// First event.
    pub first_ms: i64,
    /// Completion, or `as_of` while open.
    pub end_ms: i64,
    /// Last event.
    pub last_ms: i64,
    /// First terminal entry; [`NO_TIME`] where there is none.
    pub first_resolution_ms: i64,
    /// Handoffs by the headline definition.
    pub handoffs: u32,
    /// Neighbouring events with different groups, none being a value.
    pub group_changes: u32,
    /// Distinct known groups.
    pub groups: u32,
    /// Returns to the owner before last.
    pub ping_pongs: u32,
    /// Moves from terminal back.
    pub reopens: u32,
    /// Exceptions.
    pub exceptions: u32,
    /// Touches by people.
    pub touches: u32,
    /// Last state.
    pub last_state: u32,
    /// Time without a known group or person while not terminal, ms.
    pub unassigned_ms: i64,
    /// The last state is terminal.
    pub completed: bool,
    /// The last state is `cancelled`.
    pub cancelled: bool,
    /// Priority rose, or an event says so.
    pub escalated: bool,
}

impl Default for CaseFact {
    fn default() -> Self {
        CaseFact {
            first_ms: 0,
            end_ms: 0,
            last_ms: 0,
            first_resolution_ms: NO_TIME,
            handoffs: 0,
            group_changes: 0,
            groups: 0,
            ping_pongs: 0,
            reopens: 0,
            exceptions: 0,
            touches: 0,
            last_state: 0,
            unassigned_ms: 0,
            completed: false,
            cancelled: false,
            escalated: false,
        }
    }
}

impl CaseFact {
    /// First event to completion, or to `as_of` while open, ms.
    #[must_use]
    pub fn duration_ms(&self) -> i64 {
        self.end_ms - self.first_ms
    }
}

/// The facts of a case; `exceptions` is filled in by the sweep.
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "counts within a case are below the 32-bit number of events")]
pub fn fact_of(case: &CaseEvents, semantics: &Semantics, touches: &[Touch], handoffs: &CaseHandoffs) -> CaseFact {
    let n = case.len();
    let completion = case.completion();
    let ends = case.ever.any(Change::TERMINAL);
    let first_resolution =
        if ends { case.changes.iter().position(|change| change.any(Change::TERMINAL)) } else { None };
    CaseFact {
        first_ms: case.time_ms[0],
        end_ms: completion.map_or(semantics.as_of_ms, |i| case.time_ms[i]),
        last_ms: case.time_ms[n - 1],
        first_resolution_ms: first_resolution.map_or(NO_TIME, |i| case.time_ms[i]),
        handoffs: handoffs.list.len() as u32,
        group_changes: case.count(Change::GROUP) as u32,
        groups: distinct_known(case),
        ping_pongs: handoffs.list.iter().filter(|handoff| handoff.ping_pong).count() as u32,
        reopens: case.count(Change::REOPENED) as u32,
        exceptions: 0,
        touches: touches.len() as u32,
        last_state: case.state[n - 1],
        unassigned_ms: unassigned_ms(case, semantics, completion),
        completed: completion.is_some(),
        cancelled: case.class[n - 1] == Class::Cancelled,
        escalated: case.ever.any(Change::ESCALATED),
    }
}

/// Distinct known groups of a case.
fn distinct_known(case: &CaseEvents) -> u32 {
    let mut count = u32::from(case.group[0] != 0);
    if !case.ever.any(Change::GROUP) {
        return count;
    }
    for (i, &group) in case.group.iter().enumerate() {
        if case.changes[i].any(Change::GROUP) {
            count += u32::from(group != 0 && !case.group[..i].contains(&group));
        }
    }
    count
}

/// Time up to completion in which neither group nor person was known.
fn unassigned_ms(case: &CaseEvents, semantics: &Semantics, completion: Option<usize>) -> i64 {
    if case.group[0] != 0 && !case.ever.any(Change::GROUP) {
        return 0;
    }
    let end = completion.unwrap_or(case.len());
    let owners = case.group[..end].iter().zip(&case.person[..end]).enumerate();
    let nobody = owners.filter(|&(i, (group, person))| group | person == 0 && !case.class[i].is_terminal());
    let nobody = nobody.map(|(i, _)| i);
    nobody.map(|i| case.next_time_ms(i).unwrap_or(semantics.as_of_ms) - case.time_ms[i]).sum()
}
