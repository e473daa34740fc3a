//! Questions and rework after handoffs, against cases without one.
//!
//! Only completed cases count. After its first handoff (by the headline definition) a case has a *question* where a wait for
//! the requester begins at or after it, and *rework* where it is reopened after it. A case without a handoff has them
//! wherever they happen.
//!
//! Worked example: of 100 cases with a handoff 30 wait for the requester afterwards, of 100 without 10 do: 30 % against
//! 10 %.

use super::handoffs::CaseHandoffs;
use crate::states::{CaseEvents, Change, Class};

/// Cases, and how many of them have what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Followed {
    /// Completed cases.
    pub cases: u64,
    /// With a question.
    pub questions: u64,
    /// With rework.
    pub rework: u64,
}

impl Followed {
    fn merge(&mut self, other: Followed) {
        self.cases += other.cases;
        self.questions += other.questions;
        self.rework += other.rework;
    }
}

/// What follows in cases with handoffs and in those without.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AfterHandoffs {
    /// With a handoff.
    pub with: Followed,
    /// Without one.
    pub without: Followed,
}

impl AfterHandoffs {
    /// Adds a case.
    pub fn add(&mut self, events: &CaseEvents, handoffs: &CaseHandoffs) {
        if !events.class[events.len() - 1].is_terminal() {
            return;
        }
        let first = handoffs.list.first().map(|handoff| handoff.event);
        let found = if first.is_some() { &mut self.with } else { &mut self.without };
        let from = first.unwrap_or(0);
        let asks = |class: Class, begins: usize| class == Class::WaitingRequester && begins >= from;
        found.cases += 1;
        found.questions += u64::from(events.visits.iter().any(|visit| asks(visit.class, visit.from)));
        if events.ever.any(Change::REOPENED) {
            let reopened = events.changes[from..].iter().any(|change| change.any(Change::REOPENED));
            found.rework += u64::from(reopened);
        }
    }

    /// Adds what was seen in other cases.
    pub fn merge(&mut self, other: AfterHandoffs) {
        self.with.merge(other.with);
        self.without.merge(other.without);
    }
}
