//! Kaplan–Meier percentiles of time in state, for states with many open visits.
//!
//! Leaving the state, to `cancelled` too, is the event; an open visit is censored at `as_of`. A visit that began
//! before the dense window enters the risk set late, at its age at the window's start, and one that was over by
//! then never enters. At equal ages leavings come before censorings. A percentile p is the smallest age at which
//! the survival curve is at most 1 − p/100; unknown where the curve does not fall that far.

use crate::log::EventLog;
use crate::parallel;
use crate::states::{Reader, Semantics};

/// One visit: ages at entry into the risk set and at exit, ms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Spell {
    /// Age at which it is first observed; 0 from its start.
    pub entry_ms: i64,
    /// Age at which it was left or censored.
    pub exit_ms: i64,
    /// Left rather than censored.
    pub left: bool,
}

/// Spells of the chosen states, by position in `states`.
#[must_use]
pub fn spells(
    log: &EventLog,
    semantics: &Semantics,
    states: &[u32],
    window_from_ms: i64,
    threads: usize,
) -> Vec<Vec<Spell>> {
    if states.is_empty() {
        return Vec::new();
    }
    let start = || (Reader::new(log, semantics, false), vec![Vec::new(); states.len()]);
    let parts = parallel::fold(threads, log.case_runs(1 << 16), start, |(reader, spells), run| {
        for case in run {
            let events = reader.load(case);
            for visit in events.visits {
                let Some(at) = states.iter().position(|&state| state == visit.state) else { continue };
                let from = events.time_ms[visit.from];
                let left = visit.to < events.len();
                let to = if left { events.time_ms[visit.to] } else { semantics.as_of_ms };
                spells[at].push(Spell { entry_ms: (window_from_ms - from).max(0), exit_ms: to - from, left });
            }
        }
    });
    let mut all = vec![Vec::new(); states.len()];
    for (_, part) in parts {
        all.iter_mut().zip(part).for_each(|(all, part)| all.extend(part));
    }
    all
}

/// The survival curve: ages at which visits end, ms, and the share that lasts longer, both in order.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "numbers at risk are below 2^53")]
pub fn curve(spells: &[Spell]) -> Vec<(i64, f64)> {
    let kept = || spells.iter().filter(|spell| spell.entry_ms == 0 || spell.exit_ms > spell.entry_ms);
    let sorted = |mut ages: Vec<i64>| {
        ages.sort_unstable();
        ages
    };
    let entries = sorted(kept().map(|spell| spell.entry_ms).collect());
    let exits = sorted(kept().map(|spell| spell.exit_ms).collect());
    let leavings = sorted(kept().filter(|spell| spell.left).map(|spell| spell.exit_ms).collect());
    let mut surviving = 1.0;
    let steps = leavings.chunk_by(|a, b| a == b).map(|group| {
        let age = group[0];
        let entered = entries.partition_point(|&entry| entry < age || entry == 0);
        let gone = exits.partition_point(|&exit| exit < age);
        surviving *= 1.0 - group.len() as f64 / (entered - gone) as f64;
        (age, surviving)
    });
    steps.collect()
}

/// The share of visits that lasts longer than an age.
#[must_use]
pub fn surviving(curve: &[(i64, f64)], age_ms: i64) -> f64 {
    let passed = curve.partition_point(|&(age, _)| age <= age_ms);
    if passed == 0 { 1.0 } else { curve[passed - 1].1 }
}

/// Percentiles of a survival curve, ms.
#[must_use]
pub fn percentiles(spells: &[Spell], percents: &[u32]) -> Vec<Option<i64>> {
    let curve = curve(spells);
    let first = |percent: u32| {
        let fallen = |&&(_, share): &&(i64, f64)| share <= 1.0 - f64::from(percent) / 100.0 + 1e-12;
        curve.iter().find(fallen).map(|&(age, _)| age)
    };
    percents.iter().map(|&percent| first(percent)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_censoring_it_is_the_empirical_curve() {
        let spells: Vec<Spell> = (1..=10).map(|exit_ms| Spell { entry_ms: 0, exit_ms, left: true }).collect();
        assert_eq!(percentiles(&spells, &[50, 90]), [Some(5), Some(9)]);
        let share = |age| (surviving(&curve(&spells), age) * 10.0).round();
        assert_eq!((share(0), share(1), share(5), share(11)), (10.0, 9.0, 5.0, 0.0));
    }

    #[test]
    fn a_textbook_curve_with_censoring() {
        // Leavings at 6 (3 of 21), 7 (1 of 17), 10 (1 of 15), 13 (1 of 12), 16 (1 of 11), 22 (1 of 7), 23 (1 of 6):
        // the remission times of Freireich et al. (1963), treated arm; the median is 23.
        let left = [6, 6, 6, 7, 10, 13, 16, 22, 23];
        let censored = [6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35];
        let spell = |left: bool| move |&exit_ms: &i64| Spell { entry_ms: 0, exit_ms, left };
        let spells: Vec<Spell> = left.iter().map(spell(true)).chain(censored.iter().map(spell(false))).collect();
        assert_eq!(percentiles(&spells, &[50, 90]), [Some(23), None]);
    }
}
