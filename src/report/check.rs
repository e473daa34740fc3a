//! The report of `wcaf check` as a value: what `check.json` says and the other renderers read.
//!
//! Counts are whole numbers, shares 0 to 1, unknown values null. Lists state their order. It holds no computation.

use serde::Serialize;

use super::json::escape_deceptive;
use super::model::{Input, MappingFound, Readiness, Tool};
use crate::log::LogText;

/// The name of this contract.
pub const SCHEMA: &str = "wcaf.check/1";

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Good to know; numbers hold.
    Info,
    /// Some numbers are off or cannot be trusted blindly.
    Warn,
    /// Main numbers are wrong or missing until it is mended.
    Fail,
}

impl Severity {
    /// The name in JSON and flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Warn => "warn",
            Severity::Fail => "fail",
        }
    }
}

/// Everything a check found.
#[derive(Clone, Debug, Serialize)]
pub struct CheckReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// What was read.
    pub input: Input,
    /// Which column became what.
    pub mapping: MappingFound,
    /// The worst severity; null where nothing was found.
    pub verdict: Option<Severity>,
    /// What was found, worst first, then in the order of the checks.
    pub findings: Vec<CheckFinding>,
    /// Ids of the checks that found nothing, in their order.
    pub passed: Vec<&'static str>,
    /// Checks this log gives no ground for, in their order.
    pub not_checked: Vec<NotChecked>,
    /// When people work, and the calendar that would say so.
    pub working_hours: WorkingHours,
    /// The seven-item instrumentation checklist.
    pub readiness: Readiness,
}

/// Events of people by hour of the week, and a calendar to copy; it is never applied.
#[derive(Clone, Debug, Serialize)]
pub struct WorkingHours {
    /// Zone of the hours.
    pub timezone: String,
    /// Where the zone comes from.
    pub timezone_why: String,
    /// Events counted: those of people, or all where the log does not say who acted.
    pub events: u64,
    /// What was counted, in words.
    pub counted: &'static str,
    /// Events by weekday from Monday, and in it by hour.
    pub by_hour: Vec<Vec<u64>>,
    /// Median of the 40 busiest hours; an hour with a quarter of it is open. Unknown where nothing is proposed.
    pub median_of_busiest: Option<f64>,
    /// Which hours are open, in the form of `by_hour`; unknown where nothing is proposed.
    pub open: Option<Vec<Vec<bool>>>,
    /// The calendar as a section of `wcaf.toml`; unknown where nothing is proposed.
    pub calendar: Option<String>,
    /// Why nothing is proposed.
    pub why_not: Option<String>,
}

/// One finding.
#[derive(Clone, Debug, Serialize)]
pub struct CheckFinding {
    /// Id of the check.
    pub id: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// What was found, in a sentence with its numbers.
    pub message: LogText,
    /// How many.
    pub count: u64,
    /// Of how many.
    pub of: u64,
    /// What is counted: `rows`, `steps`, `events`, `cases`, ...
    pub unit: &'static str,
    /// The count as a share; unknown where there is no whole.
    pub share: Option<f64>,
    /// What it does to the numbers.
    pub effect: &'static str,
    /// The flag or edit that helps.
    pub fix: LogText,
    /// The first ones, in the order of the log.
    pub examples: Vec<CheckExample>,
}

/// Where to look.
#[derive(Clone, Debug, Default, Serialize)]
pub struct CheckExample {
    /// Case id, where it is about a case.
    pub case: Option<LogText>,
    /// Instant, ISO 8601 UTC, where it is about an event.
    pub time: Option<String>,
    /// File, where it is about a row.
    pub file: Option<LogText>,
    /// Physical line from 1, where it is known.
    pub line: Option<u64>,
    /// What is there, in words.
    pub note: Option<LogText>,
}

/// A check that could not be made.
#[derive(Clone, Debug, Serialize)]
pub struct NotChecked {
    /// Id of the check.
    pub id: &'static str,
    /// Why not.
    pub why: String,
}

/// The report as indented JSON with a final line end.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn check_json(report: &CheckReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}

#[cfg(test)]
mod tests;
