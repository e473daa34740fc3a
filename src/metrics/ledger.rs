//! The time ledger: every millisecond of every case in exactly one cell.
//!
//! A case lasts from its first event to its completion, or to `as_of` while it is open. First match: terminal time
//! before a reopen → bucket C; waiting for requester or vendor → C; blocked → C; handed over and not yet picked
//! up → A; queue, approval → A; active, review → work. The cells of a case sum to its duration exactly, which is
//! checked for every case of every run.

use std::ops::Range;

use super::handoffs::{CaseHandoffs, Handoff, Pickup};
use crate::states::{CaseEvents, Class, Semantics};

/// The events after which the case was handed over and not yet picked up; spans of one case lie apart and in order.
fn handed_over(handoff: &Handoff) -> Option<Range<usize>> {
    match handoff.pickup {
        Pickup::Picked(at) | Pickup::PassedOn(at) => Some(handoff.event..at),
        Pickup::SelfAssigned | Pickup::Unknown => None,
    }
}

/// Why time in a state stands in another cell than its class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Overlay {
    Own,
    HandedOver,
    Terminal,
}

/// Whom a case waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum WaitingOn {
    /// Who asked for the work.
    Requester,
    /// Another organisation.
    Vendor,
    /// Who must decide.
    Approver,
    /// Who received it and has not begun.
    NewOwner,
    /// The queue it stands in.
    OwnQueue,
    /// Nobody: it is worked on, blocked, or thought to be finished.
    Nobody,
}

/// The bucket of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CellBucket {
    /// Handoffs.
    A,
    /// Exceptions.
    C,
    /// Work.
    Work,
}

/// One cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cell {
    /// State code.
    pub state: u32,
    /// Terminal time before a reopen.
    pub reopened_gap: bool,
    /// Whom it waits for.
    pub waiting_on: WaitingOn,
    /// Where it counts.
    pub bucket: CellBucket,
    /// Time, ms.
    pub duration_ms: i128,
}

/// The ledger of all cases.
#[derive(Clone, Debug)]
pub struct LedgerTally {
    /// By state and overlay, ms.
    cells: Vec<[i128; 3]>,
    /// Sum of the durations of all cases, ms.
    pub total_ms: i128,
    /// Cases whose cells do not sum to their duration; must be 0.
    pub violations: u64,
}

impl LedgerTally {
    /// An empty ledger.
    #[must_use]
    pub fn new(semantics: &Semantics) -> Self {
        LedgerTally { cells: vec![[0; 3]; semantics.states.len()], total_ms: 0, violations: 0 }
    }

    /// Adds a case that ends at `end_ms`.
    pub fn add(&mut self, case: &CaseEvents, handoffs: &CaseHandoffs, end_ms: i64) {
        let duration = end_ms - case.time_ms[0];
        let at = |event: usize| case.time_ms.get(event).map_or(end_ms, |&ms| ms.min(end_ms));
        let mut sum = 0;
        let mut spans = handoffs.list.iter().filter_map(handed_over).peekable();
        for visit in case.visits {
            let cells = &mut self.cells[visit.state as usize];
            let mut put = |from: usize, to: usize, overlay: Overlay| {
                let ms = at(to) - at(from);
                cells[overlay as usize] += i128::from(ms);
                sum += ms;
            };
            if visit.class.is_terminal() {
                put(visit.from, visit.to, Overlay::Terminal);
                continue;
            }
            let mut from = visit.from;
            while from < visit.to {
                while spans.next_if(|span| span.end <= from).is_some() {}
                let (to, overlay) = match spans.peek() {
                    Some(span) if span.start <= from => (span.end.min(visit.to), Overlay::HandedOver),
                    Some(span) => (span.start.min(visit.to), Overlay::Own),
                    None => (visit.to, Overlay::Own),
                };
                put(from, to, overlay);
                from = to;
            }
        }
        self.total_ms += i128::from(duration);
        self.violations += u64::from(sum != duration);
    }

    /// Adds another ledger.
    pub fn merge(&mut self, other: &LedgerTally) {
        for (mine, theirs) in self.cells.iter_mut().zip(&other.cells) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine += theirs);
        }
        self.total_ms += other.total_ms;
        self.violations += other.violations;
    }

    /// What is left of this ledger without the time of another one, cell by cell; `None` where a cell has less.
    #[must_use]
    pub fn without(&self, other: &LedgerTally) -> Option<LedgerTally> {
        let mut left = self.clone();
        for (mine, theirs) in left.cells.iter_mut().zip(&other.cells) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| *mine -= theirs);
        }
        left.total_ms -= other.total_ms;
        left.cells.iter().flatten().all(|ms| *ms >= 0).then_some(left)
    }

    /// Cells with time in them, longest first. Cells of one state that mean the same are one.
    #[must_use]
    pub fn cells(&self, semantics: &Semantics) -> Vec<Cell> {
        let mut cells: Vec<Cell> = Vec::new();
        for (state, durations) in (0u32..).zip(&self.cells) {
            for (overlay, &duration_ms) in
                [Overlay::Own, Overlay::HandedOver, Overlay::Terminal].into_iter().zip(durations)
            {
                if duration_ms == 0 {
                    continue;
                }
                let (waiting_on, bucket) = meaning(semantics.class(state), overlay);
                let reopened_gap = overlay == Overlay::Terminal;
                let same = |cell: &&mut Cell| {
                    cell.state == state && cell.waiting_on == waiting_on && cell.reopened_gap == reopened_gap
                };
                match cells.iter_mut().find(same) {
                    Some(cell) => cell.duration_ms += duration_ms,
                    None => cells.push(Cell { state, reopened_gap, waiting_on, bucket, duration_ms }),
                }
            }
        }
        cells.sort_by_key(|cell| (std::cmp::Reverse(cell.duration_ms), cell.state, cell.waiting_on));
        cells
    }

    /// Time of one bucket, ms.
    #[must_use]
    pub fn bucket_ms(&self, semantics: &Semantics, bucket: CellBucket) -> i128 {
        self.cells(semantics).iter().filter(|cell| cell.bucket == bucket).map(|cell| cell.duration_ms).sum()
    }
}

/// First match of the ledger's rule.
fn meaning(class: Class, overlay: Overlay) -> (WaitingOn, CellBucket) {
    if overlay == Overlay::Terminal {
        return (WaitingOn::Nobody, CellBucket::C);
    }
    match (class, overlay) {
        (Class::WaitingRequester, _) => (WaitingOn::Requester, CellBucket::C),
        (Class::WaitingExternal, _) => (WaitingOn::Vendor, CellBucket::C),
        (Class::Blocked, _) => (WaitingOn::Nobody, CellBucket::C),
        (_, Overlay::HandedOver) => (WaitingOn::NewOwner, CellBucket::A),
        (Class::Queue, _) => (WaitingOn::OwnQueue, CellBucket::A),
        (Class::Approval, _) => (WaitingOn::Approver, CellBucket::A),
        (Class::Active | Class::Review | Class::Done | Class::Cancelled, _) => (WaitingOn::Nobody, CellBucket::Work),
    }
}
