//! The service-level timers of a case as values, for `wcaf aging` and `wcaf case`.
//!
//! Durations are milliseconds of the clock of the timer, instants ISO 8601 UTC, unknown values null. It holds no
//! computation.

use serde::Serialize;

use crate::log::LogText;

/// One timer and how it stands.
#[derive(Clone, Debug, Serialize)]
pub struct TimerFound {
    /// Name of the service level.
    pub sla: LogText,
    /// `running`, `paused`, `open_past` where it is open beyond its target, `met`, `breached`, `cancelled`, `reset`.
    pub status: &'static str,
    /// `wall` or `business`: what every duration of it is measured by.
    pub clock: &'static str,
    /// The calendar of a business clock.
    pub calendar: Option<LogText>,
    /// The target as it was written, such as `2bd`.
    pub target: String,
    /// Length of a business day; null unless the target is written in them.
    pub day_ms: Option<i64>,
    /// When it started.
    pub started: String,
    /// When it was stopped, cancelled or reset; null while open.
    pub ended: Option<String>,
    /// What has run.
    pub elapsed_ms: i64,
    /// The target.
    pub target_ms: i64,
    /// What is left of the target; negative beyond it.
    pub remaining_ms: i64,
    /// The part of the target at which a breach is near.
    pub near_ms: i64,
    /// A breach came near before the end.
    pub near: bool,
    /// When a breach is near: reached, or to be reached if it runs on; null where it stands still before.
    pub near_at: Option<String>,
    /// The instant of the breach: when the target is used up, likewise.
    pub due: Option<String>,
}

/// A timer of one case with what moved it.
#[derive(Clone, Debug, Serialize)]
pub struct CaseTimer {
    /// Timers of this case and kind before it: each reset begins another one.
    pub cycle: u32,
    /// The timer.
    #[serde(flatten)]
    pub timer: TimerFound,
    /// What moved it, and what it reached, in order of time.
    pub steps: Vec<StepFound>,
}

/// Something that happened to a timer.
#[derive(Clone, Debug, Serialize)]
pub struct StepFound {
    /// When.
    pub at: String,
    /// `started`, `paused`, `resumed`, `stopped`, `cancelled`, `reset` by an event; `near` and `due` by the clock alone.
    pub what: &'static str,
    /// Number of the file of the event in `sources`; null where no event did it.
    pub source: Option<usize>,
    /// Line of that file, from 1; row of a Parquet file.
    pub line: Option<u64>,
    /// What had run by then.
    pub elapsed_ms: i64,
}

/// The timers of one service level in open cases.
#[derive(Clone, Debug, Serialize)]
pub struct OpenTimers {
    /// Name of the service level.
    pub sla: LogText,
    /// Timers that are neither stopped nor cancelled nor reset.
    pub open: u64,
    /// Of these, beyond their target.
    pub open_past: u64,
    /// Of these, within it and near a breach.
    pub near: u64,
    /// Of these, within it and standing still.
    pub paused: u64,
}
