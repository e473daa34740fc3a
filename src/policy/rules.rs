//! The four kinds of rules of a policy as they are written. Every key that decides something must be written.

use serde::Deserialize;
use serde::de::{Deserializer, Error};

use crate::config::sla::ConditionSection;
use crate::config::units::{Milli, Timed};

/// `[[router]]`: proposes an owner for new cases.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouterRule {
    /// Its name.
    pub id: String,
    /// Which cases; all where nothing is said.
    pub when: Option<ConditionSection>,
    /// When it decides.
    pub at: RouterMoment,
    /// What it decides.
    pub target: RouterTarget,
    /// Columns it may look at, as they were when the case was created.
    pub features: Vec<String>,
    /// How often it learns anew.
    pub refit: Timed,
    /// What it does by how sure it is.
    pub tiers: Tiers,
    /// What a route is credited with.
    pub effect: RouterEffect,
}

/// When a router decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouterMoment {
    /// When the case is created.
    CaseCreated,
}

/// What a router decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RouterTarget {
    /// The group that will resolve the case.
    ResolverGroup,
}

/// What a router does by how sure it is; below both tiers people decide.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tiers {
    /// It routes.
    pub auto: AutoTier,
    /// It suggests.
    pub suggest: SuggestTier,
}

/// When a router routes by itself.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AutoTier {
    /// Least share of right routes.
    pub min_precision: Milli,
    /// How sure that share must be, one-sided.
    pub confidence: Milli,
    /// Fewest past cases behind a route.
    pub min_support: u32,
    /// How long it takes.
    pub latency: Timed,
}

/// When a router suggests.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SuggestTier {
    /// Groups it names.
    pub top_k: u32,
    /// Share of right suggestions that people take.
    pub accept_rate: Milli,
    /// How long a person takes to decide.
    pub latency: Timed,
}

/// What a route is credited with.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RouterEffect {
    /// Which time it saves.
    pub credit: Credit,
    /// What a wrong one costs.
    pub wrong_route_cost: WrongRouteCost,
}

/// Which time a right route saves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Credit {
    /// That of groups that only passed the case on.
    PassThroughHops,
}

/// What a wrong route costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WrongRouteCost {
    /// What that group took to send a case on in the past, and one more handoff.
    EmpiricalBounce,
}

/// `[[watchdog]]`: reminds, then escalates.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WatchdogRule {
    /// Its name.
    pub id: String,
    /// Which stays.
    pub when: ConditionSection,
    /// A step waits until nothing happened for this long.
    pub wait_for_quiet: Option<Timed>,
    /// When it says nothing.
    #[serde(default)]
    pub suppress: Suppress,
    /// When messages arrive.
    pub deliver: Option<Deliver>,
    /// What ends the ladder.
    pub stop_on: Vec<StopOn>,
    /// What a new owner does to the ladder.
    pub on_reassign: OnReassign,
    /// The ladder, first step first.
    pub step: Vec<Step>,
    /// How much is too much.
    pub limits: Option<Limits>,
}

/// When a watchdog says nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Suppress {
    /// While a service level is paused.
    pub if_paused: bool,
}

/// When messages arrive.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Deliver {
    /// In the open hours of this calendar; at once where none is named.
    pub calendar: Option<String>,
    /// Least time between two steps.
    pub min_gap: Timed,
}

/// What ends a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopOn {
    /// The state changes.
    StateChange,
    /// The owner changes.
    OwnerChange,
    /// The case is done.
    Done,
}

/// What a new owner does to a ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnReassign {
    /// It starts anew.
    Restart,
    /// It goes on.
    Continue,
}

/// `[[watchdog.step]]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Time in the state.
    pub after: Option<Timed>,
    /// Share of the target of `sla`, such as `80%`.
    pub at: Option<String>,
    /// The service level of `at`.
    pub sla: Option<String>,
    /// What is done.
    pub action: Action,
    /// Who gets it.
    pub to: Recipient,
    /// What it is assumed to achieve.
    pub effect: String,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Reminds.
    Nudge,
    /// Tells somebody above.
    Escalate,
    /// Tells a stakeholder.
    Update,
    /// Asks for what is missing.
    Ask,
    /// Leaves it to people.
    Human,
}

impl Action {
    /// How it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Action::Nudge => "nudge",
            Action::Escalate => "escalate",
            Action::Update => "update",
            Action::Ask => "ask",
            Action::Human => "human",
        }
    }
}

/// Who gets a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recipient {
    /// The person who owns the case.
    Assignee,
    /// The team that owns it.
    Group,
    /// Who asked for the work.
    Requester,
    /// Who decides.
    Approver,
    /// The manager of one of them, who must be looked up.
    ManagerOf(String),
}

impl Recipient {
    /// How it is written.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Recipient::Assignee => "assignee".to_owned(),
            Recipient::Group => "group".to_owned(),
            Recipient::Requester => "requester".to_owned(),
            Recipient::Approver => "approver".to_owned(),
            Recipient::ManagerOf(whom) => format!("manager_of({whom})"),
        }
    }
}

impl<'de> Deserialize<'de> for Recipient {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        let manager = text.strip_prefix("manager_of(").and_then(|rest| rest.strip_suffix(')'));
        match (text.as_str(), manager) {
            ("assignee", _) => Ok(Recipient::Assignee),
            ("group", _) => Ok(Recipient::Group),
            ("requester", _) => Ok(Recipient::Requester),
            ("approver", _) => Ok(Recipient::Approver),
            (_, Some(whom @ ("assignee" | "approver"))) => Ok(Recipient::ManagerOf(whom.to_owned())),
            (_, Some(_) | None) => Err(D::Error::custom(format!(
                "`{text}` is nobody who can be told; write assignee, group, requester, approver or manager_of(assignee)"
            ))),
        }
    }
}

/// How many messages are too many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// To one person on one day.
    pub per_person_per_day: u32,
    /// About one case.
    pub per_case: u32,
    /// What happens to those beyond.
    pub on_limit: OnLimit,
}

/// What happens to a message beyond a limit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OnLimit {
    /// It is left out.
    Drop,
    /// It waits.
    Defer,
    /// It goes into one message a day.
    Digest,
}

/// `[[stop]]`: when a case is left to people.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StopRule {
    /// Any of these.
    pub when: StopWhen,
    /// What happens then.
    pub action: StopAction,
}

/// Conditions of which any stops a policy.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct StopWhen {
    /// Nothing happened for this long.
    pub no_progress: Option<Timed>,
    /// Signals contradict each other.
    pub conflicting_signals: bool,
    /// An approval that is needed is not there.
    pub missing_approval: bool,
    /// The next step reaches a customer.
    pub customer_impacting: bool,
}

/// What a stopped policy does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StopAction {
    /// It leaves the case to people.
    Human,
}

/// `[[concierge]]`: tells stakeholders about changes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConciergeRule {
    /// Its name.
    pub id: String,
    /// Which cases; all where nothing is said.
    pub when: Option<ConditionSection>,
    /// What counts as news.
    pub on: Vec<ConciergeMoment>,
    /// Who is told.
    pub audience: Audience,
    /// Least time between two updates.
    pub min_gap: Timed,
    /// Without news for this long, one message says so.
    pub digest_after: Option<Timed>,
    /// What it is assumed to achieve.
    pub effect: String,
}

/// What counts as news.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ConciergeMoment {
    /// A new state.
    StateChange,
    /// A new owner.
    OwnerChange,
}

/// Who is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Audience {
    /// Who asked for the work.
    Requester,
    /// The team that owns it.
    Group,
}

/// `[[clerk]]`: what a handoff brings along.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClerkRule {
    /// Its name.
    pub id: String,
    /// Which cases; all where nothing is said.
    pub when: Option<ConditionSection>,
    /// When it looks.
    pub on: ClerkMoment,
    /// What must be there.
    pub requires: Vec<String>,
    /// Whom it asks for the rest.
    pub ask_if_missing: Option<Ask>,
    /// What it is assumed to achieve.
    pub effect: String,
}

/// When a clerk looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClerkMoment {
    /// When the case is created.
    CaseCreated,
    /// When another group gets it.
    GroupHandoff,
    /// When another person gets it.
    PersonHandoff,
}

/// Whom a clerk asks, and when.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Ask {
    /// Whom.
    pub to: Recipient,
    /// When.
    pub at: AskWhen,
}

/// When a clerk asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AskWhen {
    /// For everything in one message.
    Once,
}
