//! Durations on the business clock: the same measures over events whose instants are open time.
//!
//! Cycle time, first resolution, visits, transitions, next steps, pickups, exceptions and the ledger are those of their
//! own files, given a case whose instants its business clock shows. The time of the ledger within working hours is
//! measured, that outside is the rest; what belongs to cases without a business clock is neither.
//!
//! Worked example: open 09:00-17:00. New on Monday at 16:00, Done on Tuesday at 10:00: the visit to New takes 18 h on
//! the wall clock and 2 h on the business clock, so the ledger has 2 h of New within hours and 16 h outside.

use super::case_facts::CaseFact;
use super::case_parts::CaseParts;
use super::case_totals::CaseTotals;
use super::clock::BusinessTimes;
use super::cuts::CutsTally;
use super::durations::Durations;
use super::exceptions::{self, ExceptionTally};
use super::handoffs::{CaseHandoffs, Pickup};
use super::ledger::{Cell, LedgerTally};
use super::pairs::PairTable;
use super::visits::VisitTally;
use crate::log::{EventLog, NO_TIME};
use crate::states::{CaseEvents, Change, Semantics};

/// Everything measured on the business clock. Counts of cases and visits are of those that have one.
pub struct BusinessTally {
    /// Cycle times and first resolutions.
    pub totals: CaseTotals,
    /// Cycle times by segment, week and outcome.
    pub cuts: CutsTally,
    /// Visits, stays, transitions; without gaps.
    pub visits: VisitTally,
    /// Pickup latencies by (giver, receiver).
    pub pickups: PairTable<Durations>,
    /// Exceptions.
    pub exceptions: ExceptionTally,
    /// Time within working hours.
    pub ledger: LedgerTally,
    /// All time of cases without a business clock.
    pub unclocked: LedgerTally,
    /// Cases with a business clock.
    pub cases: u64,
    /// Cases without one.
    pub cases_without: u64,
    /// Cases with a stretch that took less than nothing or more than on the wall clock; must be 0.
    pub violations: u64,
}

impl BusinessTally {
    /// An empty tally for a log; `cuts` are empty ones of the same log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics, cuts: &CutsTally) -> Self {
        let owners = super::handoffs::owners(log, semantics);
        BusinessTally {
            totals: CaseTotals::default(),
            cuts: cuts.clone(),
            visits: VisitTally::new(log, semantics),
            pickups: PairTable::new(owners, owners),
            exceptions: ExceptionTally::default(),
            ledger: LedgerTally::new(semantics),
            unclocked: LedgerTally::new(semantics),
            cases: 0,
            cases_without: 0,
            violations: 0,
        }
    }

    /// Adds a case with its facts on the wall clock and its instants on the business clock, if it has one.
    pub fn add(
        &mut self,
        log: &EventLog,
        case: usize,
        events: &CaseEvents,
        times: Option<BusinessTimes>,
        handoffs: &CaseHandoffs,
        fact: &CaseFact,
    ) {
        let Some(times) = times else {
            self.cases_without += 1;
            self.unclocked.add(events, handoffs, fact.end_ms);
            return;
        };
        self.cases += 1;
        self.violations += u64::from(!times.conserved);
        let clocked = &CaseEvents { time_ms: times.time_ms, ..*events };
        let end_ms = clocked.completion().map_or(times.as_of_ms, |i| times.time_ms[i]);
        self.visits.add_durations(clocked, times.as_of_ms);
        exceptions::add(&mut self.exceptions, clocked);
        self.ledger.add(clocked, handoffs, end_ms);
        for handoff in &handoffs.list {
            if let Pickup::Picked(at) = handoff.pickup {
                let waited_ms = times.time_ms[at] - times.time_ms[handoff.event];
                self.pickups.at(handoff.from, handoff.to).push(waited_ms);
            }
        }
        // The case begins when it began, so that it stays in its week, and lasts as long as its business clock ran.
        let first_resolution = clocked.changes.iter().position(|change| change.any(Change::TERMINAL));
        let first_resolution_ms = first_resolution.map_or(NO_TIME, |i| fact.first_ms + times.time_ms[i]);
        let fact = CaseFact { end_ms: fact.first_ms + end_ms, first_resolution_ms, ..*fact };
        self.totals.add(&fact);
        self.cuts.add(log, case, &fact, &CaseParts::default());
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: BusinessTally) {
        self.totals.merge(other.totals);
        self.cuts.merge(other.cuts);
        self.visits.merge(other.visits);
        self.pickups.merge(other.pickups, Durations::append);
        self.exceptions.merge(other.exceptions);
        self.ledger.merge(&other.ledger);
        self.unclocked.merge(&other.unclocked);
        self.cases += other.cases;
        self.cases_without += other.cases_without;
        self.violations += other.violations;
    }

    /// The cells of a ledger of all time, split into those within hours, outside, and of cases without a business
    /// clock (`None`); longest first. `None` where a cell has more time within hours than at all, which is a bug.
    #[must_use]
    pub fn split(&self, all: &LedgerTally, semantics: &Semantics) -> Option<Vec<(Cell, Option<bool>)>> {
        let outside = all.without(&self.unclocked)?.without(&self.ledger)?;
        let parts = [(&self.ledger, Some(true)), (&outside, Some(false)), (&self.unclocked, None)];
        let mut cells: Vec<(Cell, Option<bool>)> = parts
            .into_iter()
            .flat_map(|(ledger, in_hours)| ledger.cells(semantics).into_iter().map(move |cell| (cell, in_hours)))
            .collect();
        cells.sort_by_key(|(cell, in_hours)| {
            (std::cmp::Reverse(cell.duration_ms), cell.state, cell.waiting_on, std::cmp::Reverse(*in_hours))
        });
        Some(cells)
    }
}
