//! The open cases as values: what `wcaf aging` says, and its daily form, for every renderer.
//!
//! Durations are milliseconds, shares 0 to 1, instants ISO 8601 UTC, unknown values null. It holds no computation.

use serde::Serialize;

use super::case::RankFound;
use super::clocks::Ranking;
use super::json::escape_deceptive;
use super::model::{FilterFound, Stale, Tool};
use super::timers::{OpenTimers, TimerFound};
use crate::log::LogText;

/// The name of the contract of [`AgingReport`].
pub const SCHEMA: &str = "wcaf.aging/1";

/// The name of the contract of [`DailyReport`].
pub const DAILY_SCHEMA: &str = "wcaf.daily/1";

/// Every open case, by how far it is into the time that finished visits to its state took.
#[derive(Clone, Debug, Serialize)]
pub struct AgingReport {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// Names of the files read, in the order given.
    pub sources: Vec<LogText>,
    /// The instant up to which the log is known.
    pub as_of: String,
    /// How the cases were chosen; not there where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFound>,
    /// The clock of ranks, of `beyond_p90` and of the order: `wall`, or `business` where it alone is asked for.
    pub ranked_by: Ranking,
    /// Cases, finished ones included.
    pub cases: u64,
    /// Open cases, forgotten ones included.
    pub open: u64,
    /// Open cases silent for so long that they count as forgotten.
    pub stale_cases: u64,
    /// Silence after which an open case counts as forgotten.
    pub stale_after_ms: i64,
    /// The forgotten ones, longest silent first; at most 1,000.
    pub stale: Vec<Stale>,
    /// By state, most cases first.
    pub states: Vec<OpenState>,
    /// The timers of the cases below by service level, by kind and as configured; null where none is configured.
    pub sla: Option<Vec<OpenTimers>>,
    /// Their timers that run within the target, the next due first, at most 100; null likewise.
    pub next_to_breach: Option<Vec<NextToBreach>>,
    /// The other open cases, furthest into the distribution of their state first, then oldest.
    pub items: Vec<AgingItem>,
}

/// A timer that runs within its target.
#[derive(Clone, Debug, Serialize)]
pub struct NextToBreach {
    /// The case.
    pub case: LogText,
    /// The timer.
    #[serde(flatten)]
    pub timer: TimerFound,
    /// Who must act now.
    pub acts_next: ActsNext,
}

/// The open cases of one state, forgotten ones left out.
#[derive(Clone, Debug, Serialize)]
pub struct OpenState {
    /// State.
    pub state: LogText,
    /// Its class.
    pub class: &'static str,
    /// Cases in it.
    pub open: u64,
    /// Of these, longer there than 90 % of the finished visits; null where too few visits are finished.
    pub beyond_p90: Option<u64>,
    /// The longest time in it so far.
    pub oldest_ms: i64,
    /// The same in working hours; null where no case of it has a business clock.
    pub oldest_business_ms: Option<i64>,
}

/// One open case.
#[derive(Clone, Debug, Serialize)]
pub struct AgingItem {
    /// Id.
    pub case: LogText,
    /// State.
    pub state: LogText,
    /// Its class.
    pub class: &'static str,
    /// Group that holds it; null for none.
    pub group: Option<LogText>,
    /// Person who holds it; null for nobody.
    pub assignee: Option<LogText>,
    /// Priority after its last event, where one is mapped.
    pub priority: Option<LogText>,
    /// Entry into the state.
    pub entered: String,
    /// Since then.
    pub age_ms: i64,
    /// The same in working hours; null where the case has no business clock.
    pub age_business_ms: Option<i64>,
    /// Since the first event of the case.
    pub case_age_ms: i64,
    /// The same in working hours; null likewise.
    pub case_age_business_ms: Option<i64>,
    /// How the age compares with the finished visits to the state; null where there are none, and where the case has no
    /// business clock to be ranked by.
    pub rank: Option<RankFound>,
    /// Share of all visits to the state, the open ones taken into account (Kaplan–Meier), that lasts longer than the
    /// age, both on the wall clock. Null unless more than 5 % of the visits are open.
    pub outlasting: Option<f64>,
    /// The last event a person made; null where there is none or the log does not say who acted.
    pub last_touch: Option<LastTouch>,
    /// The last event of any kind.
    pub last_event: String,
    /// The state that follows most often; null where no visit is finished.
    pub next: Option<NextState>,
    /// Who must act now.
    pub acts_next: ActsNext,
    /// Its service-level timers, ended ones included, the most urgent first: beyond the target and longest due, then
    /// next due, then paused with the least left, then breached, met, cancelled, reset. Null where no service level is
    /// configured.
    pub timers: Option<Vec<TimerFound>>,
    /// All of it in a sentence.
    pub sentence: LogText,
}

/// An event made by a person.
#[derive(Clone, Debug, Serialize)]
pub struct LastTouch {
    /// When.
    pub at: String,
    /// Since then.
    pub ago_ms: i64,
    /// The same in working hours; null where the case has no business clock.
    pub ago_business_ms: Option<i64>,
    /// Who.
    pub actor: LogText,
}

/// What usually follows.
#[derive(Clone, Debug, Serialize)]
pub struct NextState {
    /// State.
    pub state: LogText,
    /// Share of the finished visits that it followed.
    pub share: f64,
    /// Finished visits.
    pub of: u64,
}

/// Who must act.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ActsNext {
    /// `requester`, `vendor`, `approver`, `owner`, `group`, `nobody` where nobody holds the case.
    pub party: &'static str,
    /// The person or group, where it is known.
    pub name: Option<LogText>,
}

/// What changed since an instant, what is at risk, and who acts next.
#[derive(Clone, Debug, Serialize)]
pub struct DailyReport {
    /// [`DAILY_SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// Names of the files read, in the order given.
    pub sources: Vec<LogText>,
    /// Changes after this instant are told.
    pub since: String,
    /// The instant up to which the log is known.
    pub as_of: String,
    /// How the cases were chosen; not there where all are.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<FilterFound>,
    /// The clock of the ages that count as a risk: `wall`, or `business` where it alone is asked for.
    pub ranked_by: Ranking,
    /// Open cases at `since` and at `as_of`, forgotten ones included.
    pub open: [u64; 2],
    /// Cases whose first event is new.
    pub arrived: Vec<LogText>,
    /// Cases completed, with their cycle times.
    pub completed: Vec<DoneCase>,
    /// Cases reopened.
    pub reopened: Vec<LogText>,
    /// Handoffs by the headline definition; null without owners.
    pub handoffs: Option<u64>,
    /// Moves from state to state, most frequent first.
    pub moves: Vec<Moves>,
    /// Timers of all cases that went beyond their target after `since`, in order of time; null where no service level is
    /// configured.
    pub breaches: Option<Vec<NewBreach>>,
    /// Open cases with a reason to look at them: a timer near its breach (the next due first), then one that went beyond
    /// its target after `since`, then those longer in their state than 90 % of the finished visits.
    pub at_risk: Vec<RiskItem>,
    /// Who acts next, most cases first; all open cases but the forgotten ones.
    pub acts_next: Vec<Waiting>,
}

/// A case completed.
#[derive(Clone, Debug, Serialize)]
pub struct DoneCase {
    /// Id.
    pub case: LogText,
    /// Cycle time.
    pub duration_ms: i64,
    /// The same in working hours; null where the case has no business clock.
    pub duration_business_ms: Option<i64>,
}

/// A timer that went beyond its target.
#[derive(Clone, Debug, Serialize)]
pub struct NewBreach {
    /// The case.
    pub case: LogText,
    /// Name of the service level.
    pub sla: LogText,
    /// When.
    pub at: String,
    /// Whether the timer is open still.
    pub open: bool,
}

/// Moves between two states.
#[derive(Clone, Debug, Serialize)]
pub struct Moves {
    /// State left.
    pub from: LogText,
    /// State entered.
    pub to: LogText,
    /// How many.
    pub count: u64,
}

/// A case at risk.
#[derive(Clone, Debug, Serialize)]
pub struct RiskItem {
    /// One of the reasons did not hold at `since` yet.
    pub new: bool,
    /// `near_breach`, `breached` (after `since`), `age`.
    pub reasons: Vec<&'static str>,
    /// The case.
    #[serde(flatten)]
    pub item: AgingItem,
}

/// Cases that wait for one party.
#[derive(Clone, Debug, Serialize)]
pub struct Waiting {
    /// Who must act.
    #[serde(flatten)]
    pub who: ActsNext,
    /// Cases.
    pub cases: u64,
    /// Of these, at risk.
    pub at_risk: u64,
    /// The longest time in a state.
    pub oldest_ms: i64,
    /// The same in working hours; null where no such case has a business clock.
    pub oldest_business_ms: Option<i64>,
}

/// The report as indented JSON with a final line end.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn aging_json(report: &AgingReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}

/// The daily report as indented JSON with a final line end.
///
/// # Panics
///
/// Never for this type: its keys are strings and no serializer of its parts fails.
#[must_use]
pub fn daily_json(report: &DailyReport) -> String {
    let mut json = serde_json::to_string_pretty(report).expect("a report holds string keys only");
    json.push('\n');
    escape_deceptive(&json)
}
