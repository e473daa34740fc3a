//! One case as a value: what `wcaf case` says, for every renderer.
//!
//! Durations are milliseconds, shares 0 to 1, instants ISO 8601 UTC, unknown values null. Lists are in order of
//! time. It holds no computation.

use serde::Serialize;

use super::clocks::Ranking;
use super::json::escape_deceptive;
use super::model::{FilterFound, Tool};
use super::timers::CaseTimer;
use crate::log::LogText;

/// The name of this contract.
pub const SCHEMA: &str = "wcaf.case/1";

/// Everything about one case.
#[derive(Clone, Debug, Serialize)]
pub struct CaseReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// Id of the case.
    pub case: LogText,
    /// Names of the files read, in the order given.
    pub sources: Vec<LogText>,
    /// The instant up to which the log is known.
    pub as_of: String,
    /// How the cases were chosen; not there where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFound>,
    /// `completed`, `cancelled`, `open`, or `stale` where an open one has been silent for too long.
    pub status: &'static str,
    /// First event.
    pub first_event: String,
    /// Last event.
    pub last_event: String,
    /// Completion; null while open.
    pub completed: Option<String>,
    /// The clock of ranks: `wall`, or `business` where it alone is asked for.
    pub ranked_by: Ranking,
    /// Cycle time, or the age at `as_of` while open.
    pub duration_ms: i64,
    /// The same in working hours; null where the case has no business clock, as all working hours below.
    pub duration_business_ms: Option<i64>,
    /// How the duration compares with the cycle times of all other completed cases; null where there are none.
    pub rank: Option<RankFound>,
    /// Counts.
    pub counts: CaseCounts,
    /// Runs of one state.
    pub visits: Vec<VisitFound>,
    /// Changes of owner by the headline definition.
    pub handoffs: HandoffsOfCase,
    /// Its service-level timers by kind and then in time; null where no service level is configured.
    pub timers: Option<Vec<CaseTimer>>,
    /// What people did.
    pub touches: Vec<TouchFound>,
    /// Every event.
    pub events: Vec<EventFound>,
    /// Where the time went, longest first on the clock of ranks.
    pub ledger: Vec<CellFound>,
}

/// Where a value stands among others.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct RankFound {
    /// Share of the others that are smaller, equal ones counting half.
    pub share: f64,
    /// How many others there are.
    pub of: u64,
}

/// Counts of one case.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct CaseCounts {
    /// Events.
    pub events: u64,
    /// Touches by people; null where the log does not say who acted.
    pub touches: Option<u64>,
    /// Handoffs by the headline definition; null where the log has no owners.
    pub handoffs: Option<u64>,
    /// Returns to the owner before last.
    pub ping_pongs: u64,
    /// Runs of blocked and waiting states, and reopened gaps.
    pub exceptions: u64,
    /// Moves from a terminal state back.
    pub reopens: u64,
}

/// A maximal run of one state.
#[derive(Clone, Debug, Serialize)]
pub struct VisitFound {
    /// State.
    pub state: LogText,
    /// Its class.
    pub class: &'static str,
    /// Group in force at its start; null for none.
    pub group: Option<LogText>,
    /// Entry.
    pub entered: String,
    /// First event of the next visit; null while open.
    pub left: Option<String>,
    /// From entry to the next visit, or to `as_of` while open.
    pub duration_ms: i64,
    /// The same in working hours.
    pub duration_business_ms: Option<i64>,
    /// How the duration compares with all finished visits to the state, its own included; null where there are none,
    /// and where a case ended.
    pub rank: Option<RankFound>,
}

/// The handoffs of a case.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffsOfCase {
    /// The headline definition: `group`, `group_or_unassigned`, `person`, `actor`; null without owners.
    pub definition: Option<&'static str>,
    /// The handoffs.
    pub list: Vec<HandoffFound>,
}

/// One handoff.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffFound {
    /// When.
    pub at: String,
    /// Giver; null for nobody.
    pub from: Option<LogText>,
    /// Receiver; null for nobody.
    pub to: Option<LogText>,
    /// Return to the owner before last.
    pub ping_pong: bool,
    /// Return to any owner seen before.
    #[serde(rename = "return")]
    pub is_return: bool,
    /// `picked_up`, `self_assigned`, `passed_on`, `unknown`.
    pub pickup: &'static str,
    /// From the handoff to the pickup; null unless picked up or self-assigned.
    pub pickup_ms: Option<i64>,
    /// The same in working hours.
    pub pickup_business_ms: Option<i64>,
}

/// Events of one person, each shortly after the one before.
#[derive(Clone, Debug, Serialize)]
pub struct TouchFound {
    /// Its first event.
    pub at: String,
    /// Who.
    pub actor: LogText,
    /// The bucket it belongs to: `A`, `B`, `C`, `D`, `work`.
    pub bucket: &'static str,
}

/// One event.
#[derive(Clone, Debug, Serialize)]
pub struct EventFound {
    /// When.
    pub at: String,
    /// Since the event before; null at the first.
    pub since_ms: Option<i64>,
    /// The same in working hours.
    pub since_business_ms: Option<i64>,
    /// Number of its file in `sources`.
    pub source: Option<usize>,
    /// Line of that file, from 1; row of a Parquet file.
    pub line: Option<u64>,
    /// Activity or kind of event.
    pub activity: Option<LogText>,
    /// Who made it.
    pub actor: Option<LogText>,
    /// Whether that is a bot.
    pub bot: bool,
    /// State in force after it.
    pub state: LogText,
    /// Group in force after it.
    pub group: Option<LogText>,
    /// Person in force after it.
    pub assignee: Option<LogText>,
    /// What is different after it: `state`, `group`, `assignee`, `reopened`, `escalated`, `comment`.
    pub changes: Vec<&'static str>,
    /// What its comment is for, and why; empty without a comment that is read.
    pub said: Vec<SaidFound>,
}

/// What a comment is for.
#[derive(Clone, Debug, Serialize)]
pub struct SaidFound {
    /// `chase`, `re-ping`, `follow-up`, `request`, `reply`, `update`, `reminder`, `escalation`, `thanks`.
    pub mark: &'static str,
    /// The phrase of the lexicon that gave it; null where none did.
    pub phrase: Option<String>,
    /// The language of that lexicon.
    pub language: Option<String>,
    /// The rule of that lexicon, or what else gave the mark, in words.
    pub why: String,
}

/// Time of one kind.
#[derive(Clone, Debug, Serialize)]
pub struct CellFound {
    /// State.
    pub state: LogText,
    /// Its class, or `reopened_gap`.
    pub class: &'static str,
    /// Whom the case waited for.
    pub waiting_on: &'static str,
    /// Bucket: `A`, `C`, `work`.
    pub bucket: &'static str,
    /// Time.
    pub duration_ms: i64,
    /// Of it, time within working hours.
    pub in_hours_ms: Option<i64>,
    /// Share of the duration of the case.
    pub share: f64,
}

/// The report as indented JSON with a final line end.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn case_json(report: &CaseReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}
