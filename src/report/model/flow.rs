//! Where the time went: key figures, states, transitions, handoffs, the ledger.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{BreachRate, NearBreach};
use crate::log::LogText;

/// Quantiles of a duration, ms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// Values.
    pub n: u64,
    /// Mean.
    pub mean: Option<i64>,
    /// Smallest.
    pub min: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
    /// Median.
    pub p50: Option<i64>,
    /// 75th percentile.
    pub p75: Option<i64>,
    /// 90th percentile.
    pub p90: Option<i64>,
    /// 95th percentile.
    pub p95: Option<i64>,
    /// 99th percentile.
    pub p99: Option<i64>,
}

/// A duration on each clock.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Clocked {
    /// All hours count.
    pub wall: Quantiles,
    /// Only working hours count; unknown without a calendar.
    pub business: Option<Quantiles>,
}

/// Which clocks the durations are on.
#[derive(Clone, Debug, Default, Serialize)]
pub struct ClocksFound {
    /// The business clock; unknown without a calendar.
    pub business: Option<BusinessFound>,
}

/// The business clock.
#[derive(Clone, Debug, Serialize)]
pub struct BusinessFound {
    /// Calendars, by name.
    pub calendars: Vec<CalendarFound>,
    /// Cases that have a calendar for all of their time; the others are in no value on the business clock.
    pub cases: u64,
    /// Cases that do not.
    pub cases_without: u64,
}

/// One working calendar.
#[derive(Clone, Debug, Serialize)]
pub struct CalendarFound {
    /// Name.
    pub name: LogText,
    /// Zone of its hours.
    pub timezone: String,
    /// Length of a business day, ms, where one is stated.
    pub day_ms: Option<i64>,
    /// It holds where no rule fits.
    pub default: bool,
    /// Rules that pick it.
    pub rules: u64,
}

/// Key figures.
#[derive(Clone, Debug, Serialize)]
pub struct Kpis {
    /// First event to completion.
    pub cycle_time_ms: Clocked,
    /// First event to first terminal entry.
    pub first_resolution_ms: Quantiles,
    /// The same on the business clock; unknown without a calendar.
    pub first_resolution_business_ms: Option<Quantiles>,
    /// Changes of owner per case, by the headline definition.
    pub handoffs_per_case: Option<PerCase>,
    /// How often the first owner was not the last.
    pub reassignment_rate: Option<ReassignmentRate>,
    /// Share of cases with a return to the owner before last.
    pub ping_pong_case_rate: Option<f64>,
    /// Share of cases with a move from terminal back.
    pub reopen_rate: Option<f64>,
    /// Requests for a status per case.
    pub status_chases_per_case: Option<f64>,
    /// Share of cases with at least one exception.
    pub exception_rate: Option<f64>,
    /// Duration of closed exceptions.
    pub exception_mttr_ms: Option<Mttr>,
    /// The same on the business clock; unknown without a calendar.
    pub exception_mttr_business_ms: Option<Quantiles>,
    /// Duration of waits for missing information that were resumed.
    pub missing_information_mttr_ms: Option<Mttr>,
    /// The same on the business clock; unknown without a calendar.
    pub missing_information_mttr_business_ms: Option<Quantiles>,
    /// Share of cases that escalated.
    pub escalation_rate: Option<f64>,
    /// How often timers of service levels ran beyond their target.
    pub sla_breach_rate: Option<BreachRate>,
    /// Timers of service levels that came near a breach.
    pub near_breach: Option<NearBreach>,
    /// Not computed yet: share of cases resolved by the first tier.
    pub push_to_front: Option<f64>,
}

/// A count per case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerCase {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// Largest.
    pub max: u64,
}

/// How often ownership moved on.
#[derive(Clone, Debug, Serialize)]
pub struct ReassignmentRate {
    /// Share of cases with a handoff after the first assignment.
    pub of_cases: f64,
    /// Handoffs per assignment.
    pub per_assignment: f64,
}

/// Time to repair.
#[derive(Clone, Debug, Serialize)]
pub struct Mttr {
    /// Closed ones.
    pub n: u64,
    /// Mean, ms.
    pub mean: Option<i64>,
    /// Median, ms.
    pub p50: Option<i64>,
    /// 90th percentile, ms.
    pub p90: Option<i64>,
    /// Still open at `as_of`.
    pub open: u64,
    /// Closed ones by how they ended: `resumed`, `resolved_from_wait`, `cancelled`.
    pub ended: BTreeMap<String, u64>,
}

/// One key figure for part of the cases.
#[derive(Clone, Debug, Serialize)]
pub struct KpiCut {
    /// Dotted name below `kpis`.
    pub kpi: &'static str,
    /// `segment`, `week` or `outcome`.
    pub dimension: &'static str,
    /// `column=value`, ISO week, or outcome.
    pub key: LogText,
    /// Cases behind the value.
    pub n: u64,
    /// The value; ms for durations.
    pub value: Option<f64>,
}

/// Percentiles from a survival curve, ms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Survival {
    /// Median, unknown when the curve does not reach it.
    pub p50: Option<i64>,
    /// 90th percentile, likewise.
    pub p90: Option<i64>,
}

/// One state.
#[derive(Clone, Debug, Serialize)]
pub struct StateFound {
    /// Name.
    pub state: LogText,
    /// Class.
    pub class: String,
    /// Evidence for the class.
    pub class_why: LogText,
    /// The class was not recognised and counts as active.
    pub unclassified: bool,
    /// Visits.
    pub visits: u64,
    /// Cases that were in it.
    pub cases: u64,
    /// Visits not completed.
    pub open_visits: u64,
    /// Total time of completed visits, ms.
    pub total_ms: i64,
    /// Share of the total over all non-terminal states; unknown for terminal ones.
    pub share: Option<f64>,
    /// Completed visits.
    pub completed_ms: Quantiles,
    /// Total time of completed visits on the business clock; unknown without a calendar.
    pub total_business_ms: Option<i64>,
    /// Completed visits on the business clock; unknown without a calendar.
    pub completed_business_ms: Option<Quantiles>,
    /// With the open visits, where more than 5 % of visits are open.
    pub survival_ms: Option<Survival>,
    /// Entry to the next change of state or owner.
    pub next_step_ms: Quantiles,
    /// The same on the business clock; unknown without a calendar.
    pub next_step_business_ms: Option<Quantiles>,
}

/// One transition.
#[derive(Clone, Debug, Serialize)]
pub struct TransitionFound {
    /// State left.
    pub from: LogText,
    /// State entered.
    pub to: LogText,
    /// Times.
    pub count: u64,
    /// Median duration of the visit left, ms.
    pub p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub p90_ms: Option<i64>,
    /// Mean of it, ms.
    pub mean_ms: Option<i64>,
    /// Median time to the next change of state or owner, ms.
    pub next_step_p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub next_step_p90_ms: Option<i64>,
    /// Median duration of the visit left on the business clock, ms; unknown without a calendar, as all of these.
    pub p50_business_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub p90_business_ms: Option<i64>,
    /// Mean of it, ms.
    pub mean_business_ms: Option<i64>,
    /// Median time to the next change of state or owner on the business clock, ms.
    pub next_step_p50_business_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub next_step_p90_business_ms: Option<i64>,
}

/// Changes of owner.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffsFound {
    /// The headline definition: `group`, `person` or `actor`.
    pub definition: Option<&'static str>,
    /// Every definition side by side; unknown ones are null.
    pub kinds: BTreeMap<&'static str, Option<KindCount>>,
    /// Returns to the owner before last.
    pub ping_pong: Option<Returns>,
    /// Handoffs to any owner seen before in the case.
    pub returns: Option<u64>,
    /// Pairs by count, falling; empty for people unless names were asked for.
    pub pairs: Vec<HandoffPair>,
    /// How pickup was observed: `event_by_new_owner` or `entry_into_active`.
    pub pickup_rule: Option<&'static str>,
    /// Receipt to pickup.
    pub pickup_ms: Quantiles,
    /// The same on the business clock; unknown without a calendar.
    pub pickup_business_ms: Option<Quantiles>,
    /// Handoffs whose receiver handed on or lost the case before a pickup.
    pub passed_on: u64,
    /// Handoffs people made to themselves.
    pub self_assigned: u64,
    /// Handoffs whose pickup cannot be seen.
    pub pickup_unknown: u64,
}

/// One definition of handoff.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindCount {
    /// Handoffs.
    pub total: u64,
    /// Cases with at least one.
    pub cases: u64,
    /// Handoffs per case.
    pub per_case: f64,
}

/// A count and its cases.
#[derive(Clone, Debug, Serialize)]
pub struct Returns {
    /// Times.
    pub total: u64,
    /// Cases with at least one.
    pub cases: u64,
}

/// Handoffs between two owners.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffPair {
    /// Giver.
    pub from: LogText,
    /// Receiver.
    pub to: LogText,
    /// Times.
    pub count: u64,
    /// Median pickup latency, ms.
    pub pickup_p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub pickup_p90_ms: Option<i64>,
    /// Median on the business clock, ms; unknown without a calendar.
    pub pickup_p50_business_ms: Option<i64>,
    /// 90th percentile on the business clock, ms; unknown without a calendar.
    pub pickup_p90_business_ms: Option<i64>,
}

/// Where every millisecond went.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerFound {
    /// All cases, first event to completion or `as_of`, ms.
    pub total_ms: i64,
    /// Cells by duration, falling.
    pub cells: Vec<LedgerCell>,
    /// The cells of every case sum to its duration.
    pub conserved: bool,
}

/// One cell of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerCell {
    /// State.
    pub state: LogText,
    /// Class of the state, or `reopened_gap`.
    pub class: String,
    /// Whom the case waited for.
    pub waiting_on: &'static str,
    /// `A`, `C` or `work`.
    pub bucket: &'static str,
    /// Within working hours; unknown without a calendar, and for cases that have none for all of their time.
    pub in_hours: Option<bool>,
    /// Time, ms.
    pub duration_ms: i64,
    /// Share of the total.
    pub share: f64,
}
