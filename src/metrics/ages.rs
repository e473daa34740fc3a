//! How long finished visits to a state lasted, to tell whether a visit is long.
//!
//! The rank of an age is the share of finished visits to the same state that were shorter, visits of equal length
//! counting half, so that a visit as long as all others ranks in the middle.
//!
//! Worked example: finished visits of 10, 20, 20 and 40 minutes. An age of 20 ranks at (1 + 2 / 2) / 4 = 0.5, one
//! of 50 at 1.
//!
//! Lengths are of the wall clock, or of the business clock of each case; a case without one is left out of the latter.

use super::clock::{BusinessClock, CaseClock};
use crate::log::EventLog;
use crate::parallel;
use crate::states::{CaseEvents, Reader, Semantics};

/// Durations of the finished visits of each state, sorted, ms; by state code.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Ages {
    by_state: Vec<Vec<i64>>,
}

/// Where a value stands among others.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rank {
    /// Share of the others that are smaller, equal ones counting half; 0 to 1.
    pub share: f64,
    /// How many others there are.
    pub of: u64,
}

impl Ages {
    /// Collects the finished visits of the states for which `wanted` says so, on a business clock if one is given.
    #[must_use]
    pub fn collect(
        log: &EventLog,
        semantics: &Semantics,
        clock: Option<&BusinessClock>,
        wanted: &[bool],
        threads: usize,
    ) -> Ages {
        let empty = || vec![Vec::new(); wanted.len()];
        let parts = each_case(log, semantics, clock, threads, empty, |ages, _, events| {
            for visit in events.visits.iter().filter(|visit| wanted[visit.state as usize]) {
                if let Some(&left) = events.time_ms.get(visit.to) {
                    ages[visit.state as usize].push(left - events.time_ms[visit.from]);
                }
            }
        });
        let mut by_state = empty();
        for part in parts {
            by_state.iter_mut().zip(part).for_each(|(all, part)| all.extend(part));
        }
        for ages in &mut by_state {
            ages.sort_unstable();
        }
        Ages { by_state }
    }

    /// Where an age stands among the finished visits of a state; `None` where there are none.
    #[must_use]
    pub fn rank(&self, state: u32, age_ms: i64) -> Option<Rank> {
        rank(&self.by_state[state as usize], age_ms)
    }
}

/// Number and cycle time of each completed case that has a business clock, ms of that clock, in the order of the log.
#[must_use]
pub fn business_cycle_times(
    log: &EventLog,
    semantics: &Semantics,
    clock: &BusinessClock,
    threads: usize,
) -> Vec<(usize, i64)> {
    let parts = each_case(log, semantics, Some(clock), threads, Vec::new, |times, case, events| {
        times.extend(events.completion().map(|end| (case, events.time_ms[end] - events.time_ms[0])));
    });
    let mut times = parts.concat();
    times.sort_unstable();
    times
}

/// Shows every case to `add`, with the instants of its business clock where one is given; a case without one is passed
/// over then. Gives back what each thread made of its cases.
fn each_case<T: Send>(
    log: &EventLog,
    semantics: &Semantics,
    clock: Option<&BusinessClock>,
    threads: usize,
    empty: impl Fn() -> T + Sync,
    add: impl Fn(&mut T, usize, &CaseEvents) + Sync,
) -> Vec<T> {
    let start = || {
        let clock = clock.map(|clock| CaseClock::new(clock, log));
        (Reader::new(log, semantics, false), clock, empty())
    };
    let parts = parallel::fold(threads, log.case_runs(1 << 16), start, |(reader, clock, found), run| {
        for case in run {
            let events = reader.load(case);
            match clock {
                None => add(found, case, &events),
                Some(clock) => {
                    if let Some(times) = clock.times(case, &events, semantics.as_of_ms) {
                        add(found, case, &CaseEvents { time_ms: times.time_ms, ..events });
                    }
                }
            }
        }
    });
    parts.into_iter().map(|(_, _, found)| found).collect()
}

/// Where a value stands among sorted others; `None` where there are none.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^52")]
pub fn rank(sorted: &[i64], value: i64) -> Option<Rank> {
    let smaller = sorted.partition_point(|&other| other < value);
    let equal = sorted[smaller..].partition_point(|&other| other == value);
    let share = (2 * smaller + equal) as f64 / (2 * sorted.len()) as f64;
    (!sorted.is_empty()).then_some(Rank { share, of: sorted.len() as u64 })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_values_count_half() {
        let ages = [10, 20, 20, 40];
        let share = |value| rank(&ages, value).unwrap().share.to_bits();
        assert_eq!(share(20), 0.5_f64.to_bits());
        assert_eq!(share(50), 1.0_f64.to_bits());
        assert_eq!(share(5), 0.0_f64.to_bits());
        assert_eq!(rank(&[], 5), None);
        assert_eq!(rank(&[7, 7], 7), Some(Rank { share: 0.5, of: 2 }));
    }
}
