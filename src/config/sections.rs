//! The sections of `wcaf.toml` as types. Every key is optional; an unknown key is an error.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::units::{Milli, Range};

/// The shape of a table export.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// One row per activity or state change.
    Activity,
    /// One row per update, each repeating the whole record.
    Snapshot,
    /// One row per activity with its start and its end.
    StartEnd,
}

impl Family {
    /// The name used in configuration and outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Family::Activity => "activity",
            Family::Snapshot => "snapshot",
            Family::StartEnd => "start_end",
        }
    }
}

/// How the bytes of a text stand for characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
pub enum Encoding {
    /// UTF-8.
    #[serde(rename = "utf-8")]
    Utf8,
    /// UTF-16, the low byte first.
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// UTF-16, the high byte first.
    #[serde(rename = "utf-16be")]
    Utf16Be,
    /// Latin-1, that is ISO-8859-1: a byte is the character of its number.
    #[serde(rename = "latin-1")]
    Latin1,
    /// Windows-1252, which has letters where Latin-1 has control characters.
    #[serde(rename = "windows-1252")]
    Windows1252,
}

impl Encoding {
    /// The names, in the order of the encodings.
    pub const NAMES: [&'static str; 5] = ["utf-8", "utf-16le", "utf-16be", "latin-1", "windows-1252"];

    /// The name used in flags, configuration and messages.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        let [utf_8, utf_16le, utf_16be, latin_1, windows_1252] = Encoding::NAMES;
        match self {
            Encoding::Utf8 => utf_8,
            Encoding::Utf16Le => utf_16le,
            Encoding::Utf16Be => utf_16be,
            Encoding::Latin1 => latin_1,
            Encoding::Windows1252 => windows_1252,
        }
    }
}

/// What an empty owner means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MissingOwner {
    /// Nobody owns the case.
    Unassigned,
    /// The owner is as before.
    Unchanged,
}

/// What an activity value says in a log without a state column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Means {
    /// The case enters a state of this name.
    Entry,
    /// An act of this name was completed.
    Completed,
}

/// `[mapping]`: which column plays which role; an empty name maps none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct MappingSection {
    /// The case.
    pub case: Option<String>,
    /// When the event happened, or the activity ended.
    pub time: Option<String>,
    /// When the activity started.
    pub start: Option<String>,
    /// When the activity could have started.
    pub enabled: Option<String>,
    /// What was done.
    pub activity: Option<String>,
    /// The state of the case.
    pub state: Option<String>,
    /// The team that owns the case.
    pub group: Option<String>,
    /// The person who owns the case.
    pub assignee: Option<String>,
    /// The person who acted.
    pub actor: Option<String>,
    /// What was written.
    pub comment: Option<String>,
    /// Whether the requester can read it.
    pub comment_visibility: Option<String>,
    /// On which side its writer stands.
    pub comment_writer: Option<String>,
    /// The priority.
    pub priority: Option<String>,
    /// Who asked.
    pub requester: Option<String>,
    /// How the case ended.
    pub outcome: Option<String>,
    /// A number that orders events of equal time.
    pub tie_break: Option<String>,
    /// Attributes to cut numbers by.
    pub segments: Option<Vec<String>>,
    /// The system's own counters.
    pub counters: Counters,
    /// Texts that stand for nothing, per column; `default` is for every column without its own.
    pub nulls: BTreeMap<String, Vec<String>>,
}

/// `[mapping.counters]`: columns to reconcile with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Counters {
    /// Reassignments so far.
    pub reassignment_count: Option<String>,
    /// Reopens so far.
    pub reopens: Option<String>,
    /// Updates so far.
    pub updates: Option<String>,
}

/// `[values]`: renames, old name to new name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Values {
    /// States.
    pub state: BTreeMap<String, String>,
}

/// `[bots]`: actors that are no people, and actors wrongly taken for bots.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Bots {
    /// Bots.
    pub names: Vec<String>,
    /// People.
    pub not: Vec<String>,
}

/// `[handoff]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Handoff {
    /// Which kind is the headline.
    pub definition: Option<HandoffKind>,
}

/// A kind of handoff that can be the headline.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum HandoffKind {
    /// The known group changes.
    Group,
    /// The group changes, none being a value.
    GroupOrUnassigned,
    /// The known person changes.
    Person,
    /// Another person touches the case.
    Actor,
}

/// `[assumptions]`: what a touch costs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Assumptions {
    /// Three letters, such as `EUR`.
    pub currency: Option<String>,
    /// Loaded cost of an hour, in thousandths of the currency.
    pub rate_per_hour: Option<Range>,
    /// Minutes of work per touch.
    pub minutes_per_touch: MinutesPerTouch,
}

/// `[assumptions.minutes_per_touch]`, in thousandths of a minute.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "UPPERCASE")]
pub struct MinutesPerTouch {
    /// Bucket A, handoffs.
    pub a: Option<Range>,
    /// Bucket B, status tracking.
    pub b: Option<Range>,
    /// Bucket C, exceptions.
    pub c: Option<Range>,
    /// Bucket D, communication.
    pub d: Option<Range>,
}

/// `[choke_points]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ChokePoints {
    /// Fewest stays a segment needs.
    pub min_stays: u64,
    /// Minutes around a touch in which its owner is busy with it.
    pub touch_minutes: u32,
    /// Largest log, in events, whose waits are decomposed.
    pub decompose_events: u64,
    /// Hours without an event that are a silence.
    pub silence_hours: u32,
    /// What the rank weighs beside hours beyond p75.
    pub weights: Weights,
}

impl Default for ChokePoints {
    fn default() -> Self {
        ChokePoints {
            min_stays: 20,
            touch_minutes: 15,
            decompose_events: 2_000_000,
            silence_hours: 72,
            weights: Weights::default(),
        }
    }
}

/// `[comments]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Comments {
    /// Languages whose words tell what comments are for; those known well enough where it is not given.
    pub languages: Option<Vec<String>>,
    /// Further phrases: by language, by mark.
    pub lexicon: BTreeMap<String, BTreeMap<String, Vec<String>>>,
}

/// `[choke_points.weights]`, in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Weights {
    /// Spread of the stays.
    pub variability: Milli,
    /// Exception touches.
    pub exceptions: Milli,
    /// Taken off for the share of a wait that is for somebody outside.
    pub outside: Milli,
    /// Taken off for the share of a wait in which its owner is busy or works off a batch.
    pub capacity: Milli,
}

impl Default for Weights {
    fn default() -> Self {
        Weights { variability: Milli(250), exceptions: Milli(250), outside: Milli(900), capacity: Milli(500) }
    }
}

/// `[levels]`: when an intervention may act by itself; shares in thousandths.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Levels {
    /// Least lower bound of confidence for `automate`.
    pub automate_confidence: Milli,
    /// Most money at risk per case for `automate`, in thousandths of the currency.
    pub automate_money_at_risk: Milli,
    /// Least share of cases that break a rule for `enforce`.
    pub enforce_violations: Milli,
    /// Least readiness for anything beyond `assist`.
    pub readiness: Milli,
    /// Money at risk per case, in thousandths of the currency; unknown where not given.
    pub money_at_risk: Option<Milli>,
    /// Whether the work is subject to regulation; unknown where not given.
    pub regulatory: Option<bool>,
    /// How much customers notice of a mistake; unknown where not given.
    pub customer_impact: Option<CustomerImpact>,
}

/// How much customers notice of a mistake.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CustomerImpact {
    /// Hardly.
    Low,
    /// They do.
    High,
}

impl CustomerImpact {
    /// The name in configuration and findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CustomerImpact::Low => "low",
            CustomerImpact::High => "high",
        }
    }
}

impl Default for Levels {
    fn default() -> Self {
        Levels {
            automate_confidence: Milli(900),
            automate_money_at_risk: Milli(1_000_000),
            enforce_violations: Milli(100),
            readiness: Milli(600),
            money_at_risk: None,
            regulatory: None,
            customer_impact: None,
        }
    }
}
