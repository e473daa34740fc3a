//! What a number means and what stands behind it, as a value: what `wcaf explain` says, for every renderer.
//!
//! Durations are milliseconds, instants ISO 8601 UTC, unknown values null. The definition is that of
//! [`super::definitions`], word for word.

mod values;

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

pub use values::{selector, values};

use super::definitions::Definition;
use super::json::escape_deceptive;
use super::model::{FilterFound, RoleFound, Tool, Unknown};
use crate::log::LogText;

/// The name of this contract.
pub const SCHEMA: &str = "wcaf.explain/1";

/// A number explained.
#[derive(Clone, Debug, Serialize)]
pub struct ExplainReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// The places of the findings that the definition is about.
    pub metrics: Vec<String>,
    /// What they mean, as Markdown.
    pub definition: &'static str,
    /// Definitions of its parts, where it is a section.
    #[serde(skip)]
    pub parts: Vec<Definition>,
    /// What a log says; null where none is given.
    pub log: Option<InLog>,
}

/// The number in a log.
#[derive(Clone, Debug, Serialize)]
pub struct InLog {
    /// Names of the files read, in the order given.
    pub sources: Vec<LogText>,
    /// The instant up to which the log is known.
    pub as_of: String,
    /// How the cases were chosen; not there where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFound>,
    /// The columns that it is made of, by role.
    pub inputs: BTreeMap<String, RoleFound>,
    /// What it comes to.
    pub values: Vec<ValueFound>,
    /// Why values are unknown, by JSON pointer.
    pub unknown: BTreeMap<String, Unknown>,
    /// The cases behind it; null where it is not a sum over cases, or is of more than one thing.
    pub behind: Option<Behind>,
    /// The command that gives the same values.
    pub command: LogText,
}

/// One value of the findings.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ValueFound {
    /// JSON pointer in `findings.json`.
    pub pointer: String,
    /// What it is of, in words.
    pub of: LogText,
    /// The value.
    pub value: Value,
}

/// The cases that a number is made of.
#[derive(Clone, Debug, Serialize)]
pub struct Behind {
    /// What is counted, one and several: `handoff` and `handoffs`, `visit` and `visits`, and so on.
    pub what: [&'static str; 2],
    /// How many there are.
    pub count: u64,
    /// Those that are over, where they take time.
    pub finished: u64,
    /// What the finished ones took together, ms.
    pub total_ms: i64,
    /// Cases with at least one.
    pub cases: u64,
    /// All cases.
    pub of_cases: u64,
    /// The case asked for, or those with the most: by time where they take time, else by number.
    pub listed: Vec<CaseBehind>,
}

/// What one case adds.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct CaseBehind {
    /// Id.
    pub case: LogText,
    /// How many.
    pub count: u64,
    /// What the finished ones took together; null where they take no time.
    pub total_ms: Option<i64>,
    /// Each of them in order of time.
    pub items: Vec<ItemBehind>,
}

/// One thing that is counted.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct ItemBehind {
    /// When, or since when.
    pub at: String,
    /// Number of its file in `sources`.
    pub source: Option<usize>,
    /// Line of that file, from 1; row of a Parquet file.
    pub line: Option<u64>,
    /// In a few words.
    pub what: LogText,
    /// When it was over; null for what takes no time, and what is not over.
    pub until: Option<String>,
    /// Line of the event that ended it.
    pub until_line: Option<u64>,
    /// What it took.
    pub duration_ms: Option<i64>,
}

/// The report as indented JSON with a final line end.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn explain_json(report: &ExplainReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}
