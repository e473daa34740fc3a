//! What the facts of all cases come to: counts, cycle times, handoffs per case.
//!
//! Gathered while the cases are swept, so that nobody has to go through all facts again for a count.

use super::case_facts::CaseFact;
use super::durations::Durations;
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
    pub by_handoffs: Vec<u64>,
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
            by_handoffs: Vec::new(),
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
        let handoffs = fact.handoffs as usize;
        if handoffs >= self.by_handoffs.len() {
            self.by_handoffs.resize(handoffs + 1, 0);
        }
        self.by_handoffs[handoffs] += 1;
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
        let size = self.by_handoffs.len().max(other.by_handoffs.len());
        self.by_handoffs.resize(size, 0);
        self.by_handoffs.iter_mut().zip(other.by_handoffs).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Handoffs of all cases.
    #[must_use]
    pub fn handoffs(&self) -> u64 {
        (0u64..).zip(&self.by_handoffs).map(|(handoffs, cases)| handoffs * cases).sum()
    }

    /// Most handoffs of one case.
    #[must_use]
    pub fn most_handoffs(&self) -> u64 {
        self.by_handoffs.len().saturating_sub(1) as u64
    }

    /// Type-7 percentile of the handoffs per case, unrounded; 0 without cases.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts within a case and hundredths")]
    pub fn handoffs_percentile(&self, percent: u32) -> f64 {
        let Some(last) = self.cases.checked_sub(1) else { return 0.0 };
        let scaled = last * u64::from(percent);
        let (rank, hundredths) = (scaled / 100, scaled % 100);
        let value_at = |rank: u64| {
            let mut seen = 0;
            let within = self.by_handoffs.iter().position(|&cases| {
                seen += cases;
                rank < seen
            });
            within.unwrap_or(0) as f64
        };
        let low = value_at(rank);
        low + (value_at((rank + 1).min(last)) - low) * hundredths as f64 / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::durations::percentile_of_sorted;

    #[test]
    fn percentiles_of_handoffs_equal_those_of_a_sorted_list() {
        let mut list = vec![0, 0, 0, 1, 1, 2, 2, 2, 5, 11];
        let mut totals = CaseTotals::default();
        for &handoffs in &list {
            let handoffs = u32::try_from(handoffs).unwrap();
            totals.add(&CaseFact { handoffs, ..CaseFact::default() });
        }
        list.sort_unstable();
        for percent in [0, 1, 10, 50, 75, 90, 99, 100] {
            let (found, wanted) = (totals.handoffs_percentile(percent), percentile_of_sorted(&list, percent).unwrap());
            assert!((found - wanted).abs() < 1e-12, "p{percent}: {found} {wanted}");
        }
        assert_eq!((totals.handoffs(), totals.most_handoffs()), (24, 11));
    }
}
