//! What was read, and how its columns were understood.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::log::LogText;

/// What was read.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Sources in the order given.
    pub sources: Vec<SourceFound>,
    /// Data rows read.
    pub rows_read: u64,
    /// Rows not used.
    pub rows_rejected: u64,
    /// Rows not used, by reason.
    pub rejects: BTreeMap<String, u64>,
    /// Events left out because they are later than `as_of`.
    pub after_as_of: u64,
    /// How the cases were chosen; not there where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFound>,
    /// Events used.
    pub events: u64,
    /// Cases.
    pub cases: u64,
    /// Cases whose last state is terminal.
    pub completed_cases: u64,
    /// The others.
    pub open_cases: u64,
    /// First instant, ISO 8601 UTC.
    pub first_event: String,
    /// Last instant, ISO 8601 UTC.
    pub last_event: String,
    /// The instant up to which the log is known, ISO 8601 UTC.
    pub as_of: String,
    /// Share of neighbouring events of a case that share an instant.
    pub tie_share: Option<f64>,
    /// Neighbouring rows of a case that stood in the wrong order of time.
    pub order_fixed: u64,
    /// Smallest step of the times, ms.
    pub resolution_ms: i64,
    /// Share of completed cases whose cycle time is zero.
    pub zero_length_share: Option<f64>,
}

/// How the cases were chosen, and what was left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FilterFound {
    /// The conditions as they are written; all of them hold for every case kept.
    #[serde(rename = "where")]
    pub conditions: Vec<LogText>,
    /// The first event of every case is not before this, ISO 8601 UTC; null for no bound.
    pub arrived_from: Option<String>,
    /// The first event of every case is before this, ISO 8601 UTC; null for no bound.
    pub arrived_to: Option<String>,
    /// Cases kept.
    pub cases: u64,
    /// Their events.
    pub events: u64,
    /// Cases left out.
    pub cases_left_out: u64,
    /// Their events.
    pub events_left_out: u64,
    /// What a reader of the conditions should know, such as values that the log does not have.
    pub notes: Vec<LogText>,
}

/// One source.
#[derive(Clone, Debug, Serialize)]
pub struct SourceFound {
    /// File name without folders.
    pub name: LogText,
    /// Size on disk.
    pub bytes: u64,
    /// `blake3:` and hexadecimal digits.
    pub hash: String,
    /// `csv`, `csv.gz`, `csv.zip`.
    pub format: String,
    /// `activity`, `snapshot`, `start_end`.
    pub family: String,
    /// Data rows.
    pub rows: u64,
}

/// Which column became what.
#[derive(Clone, Debug, Serialize)]
pub struct MappingFound {
    /// By role: `case`, `time`, `state`, `group`, ... Segments are `segment.<column>`.
    #[serde(flatten)]
    pub roles: BTreeMap<String, RoleFound>,
    /// Rows of the first file that the guesses rest on: its first ones.
    pub sample_rows: u64,
    /// Literals that may mean "missing", per column.
    pub nulls: Vec<NullFound>,
    /// How times are written.
    pub date_format: String,
    /// Zone of times without an offset.
    pub timezone: String,
    /// Columns that know the future.
    pub leaky: Vec<LeakyFound>,
    /// The family and why.
    pub family: RoleReason,
    /// `unassigned` or `unchanged`, and why.
    pub missing_owner: RoleReason,
    /// Touches of one actor on one case closer than this are one, ms.
    pub touch_window_ms: i64,
    /// The order of day and month: `not_needed`, `day_first`, `month_first`.
    pub date_order: String,
    /// Per activity value `entry` or `completed`; only where activities stand in for states.
    pub activity_means: BTreeMap<String, RoleReason>,
    /// Columns that became nothing.
    pub unused: Vec<LogText>,
}

/// One mapped column.
#[derive(Clone, Debug, Serialize)]
pub struct RoleFound {
    /// Header.
    pub column: LogText,
    /// `flag`, `config` or `guess`.
    pub how: &'static str,
    /// The evidence.
    pub why: LogText,
}

/// A value with its reason.
#[derive(Clone, Debug, Serialize)]
pub struct RoleReason {
    /// The value.
    pub value: String,
    /// The evidence.
    pub why: LogText,
}

/// A literal that may mean "missing".
#[derive(Clone, Debug, Serialize)]
pub struct NullFound {
    /// Header.
    pub column: LogText,
    /// The literal.
    pub literal: LogText,
    /// Share of the sampled rows.
    pub share: f64,
    /// Whether it was read as missing.
    pub applied: bool,
    /// `flag`, `config` or `guess`.
    pub how: &'static str,
}

/// A column that knows the future.
#[derive(Clone, Debug, Serialize)]
pub struct LeakyFound {
    /// Header.
    pub column: LogText,
    /// The evidence.
    pub why: LogText,
}
