//! Time in state, stays, transitions and time to the next step.
//!
//! A visit is a maximal run of one state; it is completed when another visit follows. A stay is a visit cut at
//! each change of the group in force. The time to the next step runs from the start of a visit to the next event
//! that changes the state or the owner.
//!
//! Worked example: events New/G1 at 0, New/G2 at 10, Active/G2 at 30, Done/G2 at 100. Visits: New 30, Active 70,
//! Done open. Stays: New/G1 10, New/G2 20, Active/G2 70. Next steps: New 10, Active 70.

use super::durations::Durations;
use super::pairs::PairTable;
use crate::log::EventLog;
use crate::states::{CaseEvents, Change, Semantics, Visit};

/// Counts of one state.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StateCount {
    /// Visits.
    pub visits: u64,
    /// Cases with at least one visit.
    pub cases: u64,
    /// Visits still open at the end of the log.
    pub open: u64,
}

/// Durations of one transition.
#[derive(Clone, Debug, Default)]
pub struct TransitionTally {
    /// Of the visits left.
    pub visit: Durations,
    /// From entry into the new state to the next change of state or owner.
    pub next_step: Durations,
}

/// Stays of one state in one group.
#[derive(Clone, Debug, Default)]
pub struct StayTally {
    /// Completed stays.
    pub completed: Durations,
    /// Ages of the open ones at `as_of`.
    pub open: Durations,
}

/// Everything about visits.
#[derive(Clone, Debug)]
pub struct VisitTally {
    /// By state code.
    pub states: Vec<StateCount>,
    /// By (state left, state entered).
    pub transitions: PairTable<TransitionTally>,
    /// By (state, group in force).
    pub stays: PairTable<StayTally>,
    /// From the first event to the next step, by state: visits that no transition entered.
    pub first_steps: Vec<Durations>,
    /// Gaps between neighbouring events of a case.
    pub gaps: GapTally,
    /// By state code: the last case counted, for `cases`.
    seen: Vec<u32>,
    cases: u32,
}

/// Gaps between events, kept in full only where the stale threshold needs them.
#[derive(Clone, Debug, Default)]
pub struct GapTally {
    /// All gaps.
    pub count: u64,
    /// Longest gap of at most [`STALE_FLOOR_MS`].
    pub longest_short_ms: i64,
    /// Gaps beyond it.
    pub long: Vec<i64>,
}

/// No case is stale before 90 days of silence.
pub const STALE_FLOOR_MS: i64 = 90 * 86_400_000;

impl VisitTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        let states = semantics.states.len();
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        VisitTally {
            states: vec![StateCount::default(); states],
            transitions: PairTable::new(states, states),
            stays: PairTable::new(states, groups),
            first_steps: vec![Durations::default(); states],
            gaps: GapTally::default(),
            seen: vec![0; states],
            cases: 0,
        }
    }

    /// Adds a case.
    pub fn add(&mut self, case: &CaseEvents, semantics: &Semantics) {
        self.add_durations(case, semantics.as_of_ms);
        self.add_gaps(case);
    }

    /// Adds a case but for its gaps; its clock shows `as_of_ms` at the end of the log.
    pub fn add_durations(&mut self, case: &CaseEvents, as_of_ms: i64) {
        self.cases += 1;
        self.add_visits(case);
        if case.ever.any(Change::GROUP) {
            self.add_stays(case, as_of_ms);
        } else {
            self.add_visits_as_stays(case, as_of_ms);
        }
    }

    fn add_visits(&mut self, case: &CaseEvents) {
        let mut before: Option<&Visit> = None;
        for visit in case.visits {
            let count = &mut self.states[visit.state as usize];
            count.visits += 1;
            count.open += u64::from(visit.to == case.len());
            if self.seen[visit.state as usize] != self.cases {
                self.seen[visit.state as usize] = self.cases;
                count.cases += 1;
            }
            let step = next_step_ms(case, visit);
            match before {
                Some(before) => {
                    let transition = self.transitions.at(before.state, visit.state);
                    transition.visit.push(case.time_ms[visit.from] - case.time_ms[before.from]);
                    transition.next_step.extend(step);
                }
                None => self.first_steps[visit.state as usize].extend(step),
            }
            before = Some(visit);
        }
    }

    fn add_stays(&mut self, case: &CaseEvents, as_of_ms: i64) {
        const CUT: Change = Change::STATE.or(Change::GROUP);
        let mut from = 0;
        for (i, _) in case.changes.iter().enumerate().filter(|(_, change)| change.any(CUT)) {
            let stay = self.stays.at(case.state[from], case.group[from]);
            stay.completed.push(case.time_ms[i] - case.time_ms[from]);
            from = i;
        }
        self.stays.at(case.state[from], case.group[from]).open.push(as_of_ms - case.time_ms[from]);
    }

    /// The stays of a case that is in one group throughout.
    fn add_visits_as_stays(&mut self, case: &CaseEvents, as_of_ms: i64) {
        for visit in case.visits {
            let stay = self.stays.at(visit.state, case.group[0]);
            match case.time_ms.get(visit.to) {
                Some(left) => stay.completed.push(left - case.time_ms[visit.from]),
                None => stay.open.push(as_of_ms - case.time_ms[visit.from]),
            }
        }
    }

    fn add_gaps(&mut self, case: &CaseEvents) {
        self.gaps.count += case.len() as u64 - 1;
        // No gap is longer than the case.
        if case.time_ms[case.len() - 1] - case.time_ms[0] <= self.gaps.longest_short_ms {
            return;
        }
        for pair in case.time_ms.windows(2) {
            let gap = pair[1] - pair[0];
            if gap > STALE_FLOOR_MS {
                self.gaps.long.push(gap);
            } else {
                self.gaps.longest_short_ms = self.gaps.longest_short_ms.max(gap);
            }
        }
    }

    /// Adds another tally of the same log.
    pub fn merge(&mut self, other: VisitTally) {
        for (mine, theirs) in self.states.iter_mut().zip(other.states) {
            mine.visits += theirs.visits;
            mine.cases += theirs.cases;
            mine.open += theirs.open;
        }
        self.transitions.merge(other.transitions, |mine, theirs| {
            mine.visit.append(theirs.visit);
            mine.next_step.append(theirs.next_step);
        });
        self.stays.merge(other.stays, |mine, theirs| {
            mine.completed.append(theirs.completed);
            mine.open.append(theirs.open);
        });
        for (mine, theirs) in self.first_steps.iter_mut().zip(other.first_steps) {
            mine.append(theirs);
        }
        self.gaps.count += other.gaps.count;
        self.gaps.longest_short_ms = self.gaps.longest_short_ms.max(other.gaps.longest_short_ms);
        self.gaps.long.extend(other.gaps.long);
    }
}

/// Time from the start of a visit to the next event that changes the state or the owner.
fn next_step_ms(case: &CaseEvents, visit: &Visit) -> Option<i64> {
    let within = &case.changes[visit.from + 1..visit.to];
    let owner =
        if case.ever.any(Change::OWNER) { within.iter().position(|change| change.any(Change::OWNER)) } else { None };
    let at = visit.from + 1 + owner.unwrap_or(within.len());
    Some(case.time_ms.get(at)? - case.time_ms[visit.from])
}

impl GapTally {
    /// Silence after which an open case is stale: the longer of 90 days and the 99th percentile of all gaps.
    ///
    /// Only gaps beyond 90 days are kept, because below that the floor decides.
    #[must_use]
    pub fn stale_threshold_ms(&mut self) -> i64 {
        let Some(last) = self.count.checked_sub(1) else { return STALE_FLOOR_MS };
        let short = self.count - self.long.len() as u64;
        let scaled = last * 99;
        let (rank, hundredths) = (scaled / 100, scaled % 100);
        if rank + u64::from(hundredths > 0) < short {
            return STALE_FLOOR_MS;
        }
        self.long.sort_unstable();
        let value = |rank: u64| match rank.checked_sub(short) {
            Some(at) => self.long[usize::try_from(at).unwrap_or(usize::MAX)],
            None => self.longest_short_ms,
        };
        let low = i128::from(value(rank));
        let high = if hundredths == 0 { low } else { i128::from(value(rank + 1)) };
        let p99 = super::durations::divide_rounded(low * 100 + (high - low) * i128::from(hundredths), 100);
        i64::try_from(p99).unwrap_or(i64::MAX).max(STALE_FLOOR_MS)
    }
}
