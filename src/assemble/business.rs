//! Durations on the business clock, by the codes of what they are of, for the sections that show them.

use std::collections::BTreeMap;

use super::measure::Measured;
use crate::metrics::Quantiles;
use crate::metrics::durations::{Durations, quantiles};
use crate::metrics::pairs::PairTable;
use crate::metrics::visits::StayTally;
use crate::parallel;

/// Percentiles that most tables show.
const SHOWN: [u32; 2] = [50, 90];

/// What a state took.
pub struct OfState {
    /// Total of completed visits, ms; unknown where activities are timed by themselves.
    pub total_ms: Option<i128>,
    /// Completed visits, likewise.
    pub completed: Option<Quantiles>,
    /// Time to the next step.
    pub next_step: Quantiles,
}

/// What a transition took.
#[expect(clippy::struct_field_names, reason = "units stand last in names")]
pub struct OfTransition {
    /// Median and 90th percentile of the visit left, ms.
    pub p50_p90_ms: [Option<i64>; 2],
    /// Mean of it, ms.
    pub mean_ms: Option<i64>,
    /// Median and 90th percentile of the time to the next step, ms.
    pub next_p50_p90_ms: [Option<i64>; 2],
}

/// Durations on the business clock.
pub struct BusinessDurations {
    /// By state code.
    pub states: BTreeMap<u32, OfState>,
    /// By (state left, state entered).
    pub transitions: BTreeMap<(u32, u32), OfTransition>,
    /// Median and 90th percentile of the time to the next step after every change of state, ms.
    pub next_p50_p90_ms: [Option<i64>; 2],
    /// By (giver, receiver): median and 90th percentile of the pickup latency, ms.
    pub pickups: BTreeMap<(u32, u32), [Option<i64>; 2]>,
    /// Pickup latency.
    pub pickup: Quantiles,
}

/// Takes the durations of visits and pickups out of the measures; nothing without a calendar.
pub fn durations(measured: &mut Measured, threads: usize) -> Option<BusinessDurations> {
    let timed = measured.own.is_none();
    let tally = measured.swept.business.as_mut()?;
    let transitions = std::mem::replace(&mut tally.visits.transitions, PairTable::new(1, 1)).into_sorted();
    let pickups = std::mem::replace(&mut tally.pickups, PairTable::new(1, 1)).into_sorted();
    let all =
        |bags: Vec<&Durations>, percents: &[u32; 2]| two(&crate::metrics::durations::percentiles(&bags, percents));
    let mut rows: Vec<(u32, Vec<&Durations>, Vec<&Durations>)> =
        (0u32..).zip(&tally.visits.first_steps).map(|(state, first)| (state, Vec::new(), vec![first])).collect();
    for ((from, to), transition) in &transitions {
        rows[*from as usize].1.push(&transition.visit);
        rows[*to as usize].2.push(&transition.next_step);
    }
    let states = parallel::map(threads, rows, |_, (state, completed, next)| {
        let total_ms = timed.then(|| completed.iter().map(|bag| bag.sum_ms()).sum());
        let completed = timed.then(|| quantiles(&completed));
        (state, OfState { total_ms, completed, next_step: quantiles(&next) })
    });
    let next_p50_p90_ms = all(transitions.iter().map(|(_, tally)| &tally.next_step).collect(), &SHOWN);
    let pickup = quantiles(&pickups.iter().map(|(_, bag)| bag).collect::<Vec<_>>());
    let transitions = parallel::map(threads, transitions, |_, (pair, tally)| {
        let found = OfTransition {
            p50_p90_ms: two(&tally.visit.percentiles(&SHOWN)),
            mean_ms: tally.visit.mean_ms(),
            next_p50_p90_ms: two(&tally.next_step.percentiles(&SHOWN)),
        };
        (pair, found)
    });
    let pickups = parallel::map(threads, pickups, |_, (pair, bag)| (pair, two(&bag.percentiles(&SHOWN))));
    Some(BusinessDurations {
        states: states.into_iter().collect(),
        transitions: transitions.into_iter().collect(),
        next_p50_p90_ms,
        pickups: pickups.into_iter().collect(),
        pickup,
    })
}

fn two(found: &[Option<i64>]) -> [Option<i64>; 2] {
    std::array::from_fn(|at| found.get(at).copied().flatten())
}

/// Stays on the business clock, by (state, group).
pub struct Stays(BTreeMap<(u32, u32), StayTally>);

impl Stays {
    /// Takes the stays out of the measures; none without a calendar.
    pub fn take(measured: &mut Measured) -> Stays {
        let stays = measured.swept.business.as_mut().map(|tally| {
            std::mem::replace(&mut tally.visits.stays, PairTable::new(1, 1)).into_sorted().into_iter().collect()
        });
        Stays(stays.unwrap_or_default())
    }

    /// Median and 90th percentile of the completed stays of a state in a group, ms; unknown where there are none.
    pub fn p50_p90_ms(&self, state: u32, group: u32) -> [Option<i64>; 2] {
        self.0.get(&(state, group)).map_or([None, None], |stays| two(&stays.completed.percentiles(&SHOWN)))
    }
}
