//! Silences, fake waits, habits that cost coordination, and attribute values that go with trouble.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::log::LogText;

/// Stretches of cases in which nothing happens for long.
#[derive(Clone, Debug, Serialize)]
pub struct Silences {
    /// A gap between two events is a silence beyond this, ms.
    pub threshold_ms: i64,
    /// Silences while the case waits for nobody outside.
    pub count: u64,
    /// Their time, ms.
    pub total_ms: i64,
    /// Cases with at least one.
    pub cases: u64,
    /// How many were broken by whom: `owner`, `other`, `chase`, `bot`, `unknown`.
    pub broken_by: BTreeMap<&'static str, u64>,
    /// Silences while the case waits for the requester or another organisation.
    pub outside_count: u64,
    /// Their time, ms.
    pub outside_ms: i64,
    /// Cases that are silent at `as_of`.
    pub open: u64,
    /// Where they are, by time, falling; at most 20.
    pub places: Vec<SilentPlace>,
    /// The cases of the longest, at most three.
    pub examples: Vec<LogText>,
    /// What would show that they are no trouble.
    pub falsified_by: &'static str,
}

/// Silences at one place.
#[derive(Clone, Debug, Serialize)]
pub struct SilentPlace {
    /// State.
    pub state: LogText,
    /// Group, unknown where none held the case.
    pub group: Option<LogText>,
    /// Silences.
    pub count: u64,
    /// Their time, ms.
    pub total_ms: i64,
}

/// Waits for the requester in which nobody asked.
#[derive(Clone, Debug, Serialize)]
pub struct FakeWaits {
    /// Completed waits for the requester.
    pub waits: u64,
    /// Those in which nobody asked.
    pub fake: u64,
    /// Their share.
    pub share: Option<f64>,
    /// Cases with at least one.
    pub cases: u64,
    /// Time of the fake ones, ms.
    pub total_ms: i64,
    /// The cases of the longest, at most three.
    pub examples: Vec<LogText>,
    /// What would show that they are no trouble.
    pub falsified_by: &'static str,
}

/// A habit with its evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Habit {
    /// `questions_after_handoffs`, `rework_after_handoffs`, `batched_decisions` or `repeated_updates`.
    pub kind: &'static str,
    /// What was seen, in words.
    pub evidence: LogText,
    /// The numbers, by name.
    pub counts: BTreeMap<&'static str, u64>,
    /// Cases, at most three.
    pub examples: Vec<LogText>,
    /// What would show that it is no trouble.
    pub falsified_by: &'static str,
}

/// Attribute values that go with trouble.
#[derive(Clone, Debug, Serialize)]
pub struct Contrasts {
    /// Pairs of a value and an outcome that were compared.
    pub comparisons: u64,
    /// The farthest apart first; at most 50.
    pub found: Vec<Contrast>,
}

/// A value and an outcome that go together.
#[derive(Clone, Debug, Serialize)]
pub struct Contrast {
    /// Column.
    pub column: LogText,
    /// Value.
    pub value: LogText,
    /// `slow`, `exception`, `escalated`, `reopened` or `reassigned`.
    pub outcome: &'static str,
    /// Cases with the value; completed ones for `slow`.
    pub cases: u64,
    /// Those with the outcome.
    pub with_outcome: u64,
    /// Their share.
    pub share: f64,
    /// Share of the cases with other values that have the outcome.
    pub share_of_others: f64,
    /// Difference of the shares over its standard deviation.
    pub z: f64,
}
