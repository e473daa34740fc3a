//! What the facts of all cases come to: counts, cycle times, handoffs per case.
//!
//! Gathered while the cases are swept, so that nobody has to go through all facts again for a count.

use super::case_facts::CaseFact;
use super::durations::Durations;
use super::histogram::Histogram;
use crate::log::NO_TIME;

/// Groups before resolution that suggest nobody knew where the case belonged.
pub const MANY_GROUPS: u32 = 3;

/// Counts of cases and bags of their durations.
#[derive(Clone, Debug)]
pub struct CaseTotals {
    /// Cases.
    pub cases: u64,
    /// Cases whose last state is terminal.
    pub completed: u64,
    /// Completed ones that took no time at all.
    pub zero_length: u64,
    /// Cases with a handoff by the headline definition.
    pub reassigned: u64,
    /// Cases with a reopen.
    pub reopened: u64,
    /// Cases with an exception.
    pub with_exception: u64,
    /// Cases whose priority rose or of which an event says so.
    pub escalated: u64,
    /// Cases that saw at least [`MANY_GROUPS`] groups.
    pub many_groups: u64,
    /// Cases that saw as many groups or came back to the owner before last.
    pub unclear_owner: u64,
    /// First event of the log, UTC ms; [`i64::MAX`] without cases.
    pub first_ms: i64,
    /// Last event of the log, UTC ms; [`i64::MIN`] without cases.
    pub last_ms: i64,
    /// Cycle times of the completed cases.
    pub cycle: Durations,
    /// First event to first terminal entry.
    pub first_resolution: Durations,
    /// Cases by their number of handoffs.
    pub handoffs: Histogram,
}

impl Default for CaseTotals {
    fn default() -> Self {
        CaseTotals {
            cases: 0,
            completed: 0,
            zero_length: 0,
            reassigned: 0,
            reopened: 0,
            with_exception: 0,
            escalated: 0,
            many_groups: 0,
            unclear_owner: 0,
            first_ms: i64::MAX,
            last_ms: i64::MIN,
            cycle: Durations::default(),
            first_resolution: Durations::default(),
            handoffs: Histogram::default(),
        }
    }
}

impl CaseTotals {
    /// Adds a case.
    pub fn add(&mut self, fact: &CaseFact) {
        self.cases += 1;
        if fact.completed {
            self.completed += 1;
            self.zero_length += u64::from(fact.duration_ms() == 0);
            self.cycle.push(fact.duration_ms());
        }
        if fact.first_resolution_ms != NO_TIME {
            self.first_resolution.push(fact.first_resolution_ms - fact.first_ms);
        }
        self.reassigned += u64::from(fact.handoffs > 0);
        self.reopened += u64::from(fact.reopens > 0);
        self.with_exception += u64::from(fact.exceptions > 0);
        self.escalated += u64::from(fact.escalated);
        self.many_groups += u64::from(fact.groups >= MANY_GROUPS);
        self.unclear_owner += u64::from(fact.groups >= MANY_GROUPS || fact.ping_pongs > 0);
        self.first_ms = self.first_ms.min(fact.first_ms);
        self.last_ms = self.last_ms.max(fact.last_ms);
        self.handoffs.add(fact.handoffs);
    }

    /// Adds the totals of other cases.
    pub fn merge(&mut self, other: CaseTotals) {
        for (mine, theirs) in [
            (&mut self.cases, other.cases),
            (&mut self.completed, other.completed),
            (&mut self.zero_length, other.zero_length),
            (&mut self.reassigned, other.reassigned),
            (&mut self.reopened, other.reopened),
            (&mut self.with_exception, other.with_exception),
            (&mut self.escalated, other.escalated),
            (&mut self.many_groups, other.many_groups),
            (&mut self.unclear_owner, other.unclear_owner),
        ] {
            *mine += theirs;
        }
        self.first_ms = self.first_ms.min(other.first_ms);
        self.last_ms = self.last_ms.max(other.last_ms);
        self.cycle.append(other.cycle);
        self.first_resolution.append(other.first_resolution);
        self.handoffs.merge(other.handoffs);
    }
}
