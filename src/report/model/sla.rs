//! Service levels: how timers went, by definition, and what the source system says of the same.

use serde::Serialize;

use super::Quantiles;
use crate::log::LogText;

/// How often timers ran beyond their target.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct BreachRate {
    /// Breached ones among those stopped and those open beyond their target.
    pub stopped_or_past: Option<f64>,
    /// Breached ones among those stopped.
    pub closed_only: Option<f64>,
}

/// Timers that came near a breach, and what helped.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct NearBreach {
    /// Timers that reached the near part of their target before they were stopped.
    pub n: u64,
    /// Of these, timers after which somebody stepped in.
    pub interventions: u64,
    /// Of those with an intervention, stopped within the target.
    pub met: u64,
    /// Of those with an intervention, beyond the target.
    pub breached: u64,
    /// Of those without one, stopped within the target.
    pub met_without: u64,
    /// Of those without one, beyond the target.
    pub breached_without: u64,
    /// Met ones among the met and breached ones with an intervention.
    pub met_rate: Option<f64>,
    /// Met ones among the met and breached ones without one.
    pub met_rate_without: Option<f64>,
    /// What the two rates are: `association`, never an effect.
    pub rates_are: &'static str,
}

/// Timers by how they stand.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct TimerCounts {
    /// All of them.
    pub timers: u64,
    /// Stopped within the target.
    pub met: u64,
    /// Stopped beyond the target.
    pub breached: u64,
    /// Open and beyond the target.
    pub open_past: u64,
    /// Open within the target.
    pub open_within: u64,
    /// Of these, standing still.
    pub paused: u64,
    /// Cancelled; in no rate.
    pub cancelled: u64,
    /// Started anew before they ended; in no rate.
    pub reset: u64,
}

/// One service level.
#[derive(Clone, Debug, Serialize)]
pub struct SlaFound {
    /// Its name in the configuration.
    pub id: LogText,
    /// Definitions of one kind exclude each other; empty where none is given.
    pub kind: LogText,
    /// `wall` or `business`.
    pub clock: &'static str,
    /// Its own calendar; unknown where each case has its own, or all hours count.
    pub calendar: Option<LogText>,
    /// Share of the target at which a breach is near.
    pub near: f64,
    /// Cases with a timer.
    pub cases: u64,
    /// Timers by how they stand.
    pub counts: TimerCounts,
    /// How often they ran beyond the target.
    pub breach_rate: BreachRate,
    /// Those that came near a breach.
    pub near_breach: NearBreach,
    /// What the stopped ones took, ms of the clock.
    pub elapsed_ms: Quantiles,
    /// By target, in the order of the configuration.
    pub targets: Vec<SlaTarget>,
    /// Timers by how far they are beyond their target, falling; at most ten.
    pub worst: Vec<SlaCase>,
    /// What the source system says, where columns were named.
    pub reconcile: Vec<SlaReconciled>,
    /// The tables that say it, where it is not said by columns of the log.
    pub fact_tables: Vec<SlaFactTable>,
}

/// Timers of one target.
#[derive(Clone, Debug, Serialize)]
pub struct SlaTarget {
    /// Value that decides the target; unknown for all others.
    pub value: Option<LogText>,
    /// As it was written, such as `2bd`.
    pub target: String,
    /// Timers by how they stand.
    pub counts: TimerCounts,
    /// How often they ran beyond the target.
    pub breach_rate: BreachRate,
}

/// One timer of one case.
#[derive(Clone, Debug, Serialize)]
pub struct SlaCase {
    /// Case id.
    pub case: LogText,
    /// `met`, `breached`, `open_past`, `running`, `paused`, `cancelled` or `reset`.
    pub status: &'static str,
    /// When it started.
    pub started: String,
    /// When the target was used up, or will be if it runs on.
    pub due: Option<String>,
    /// When it was stopped, cancelled or reset.
    pub ended: Option<String>,
    /// What has run, ms of the clock.
    pub elapsed_ms: i64,
    /// The target, ms of the clock.
    pub target_ms: i64,
    /// What has run beyond the target, ms of the clock.
    pub beyond_ms: i64,
}

/// What a column of the source system says of a service level, against ours.
#[derive(Clone, Debug, Serialize)]
pub struct SlaReconciled {
    /// Header.
    pub column: LogText,
    /// `breached`, `elapsed_ms` or `target_ms`.
    pub measure: &'static str,
    /// Share of cases in which both agree.
    pub agreement: f64,
    /// Cases compared.
    pub cases: u64,
    /// Their breached cases, or the sum of their durations or targets in ms.
    pub total_theirs: i64,
    /// Ours.
    pub total_ours: i64,
    /// Cases that differ.
    pub differing_cases: u64,
    /// The first of them in the order of the log; at most 100.
    pub differing: Vec<SlaDiffering>,
}

/// A case in which a column of the source system and we differ.
#[derive(Clone, Debug, Serialize)]
pub struct SlaDiffering {
    /// Case id.
    pub case: LogText,
    /// What the source system says: 1 for breached and 0 for kept, or ms.
    pub theirs: i64,
    /// Ours.
    pub ours: i64,
    /// How the timer stands.
    pub status: &'static str,
}

/// Rows of a table of the source system, and its cases against ours.
#[derive(Clone, Debug, Serialize)]
pub struct SlaFactTable {
    /// Name of the file.
    pub file: LogText,
    /// Rows of the file.
    pub rows: u64,
    /// Rows left out: marked as deleted.
    pub deleted: u64,
    /// Rows left out: not those that are meant.
    pub others: u64,
    /// Cases that the rows used name.
    pub cases: u64,
    /// Of these, cases with several rows.
    pub repeated: u64,
    /// Of these, cases that are not in the log.
    pub not_in_log: u64,
    /// Of these, cases of the log in which no timer of the service level started.
    pub without_timer: u64,
    /// Cases with a timer that the rows do not name.
    pub missing: u64,
}
