//! What a recipe says, as written in TOML. Unknown keys are errors; what the names refer to is settled in `compile`.
//!
//! Durations are a number and a unit: `min`, `h`, `d` run on the wall clock, `bh` counts office hours.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::planted::Planted;

/// The version of the format that this program reads.
pub(super) const SCHEMA: &str = "wcaf.recipe/1";

/// A whole recipe.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Recipe {
    pub(super) schema: String,
    pub(super) name: String,
    pub(super) about: String,
    pub(super) cases: Cases,
    pub(super) office: OfficeHours,
    pub(super) start: Start,
    pub(super) requesters: Requesters,
    #[serde(default)]
    pub(super) bot: Vec<Bot>,
    pub(super) priority: Vec<Priority>,
    pub(super) category: Vec<Category>,
    #[serde(default)]
    pub(super) flaw: Vec<Flaw>,
    pub(super) group: Vec<Group>,
    pub(super) state: Vec<State>,
    #[serde(default)]
    pub(super) effect: Vec<Effect>,
    pub(super) status_checks: Option<StatusChecks>,
    /// What is wrong with this world on purpose.
    pub(super) planted: Option<Planted>,
    #[serde(default)]
    pub(super) texts: BTreeMap<String, Vec<String>>,
}

/// How many cases arrive, when, and how they are numbered.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Cases {
    /// `2025-01`.
    pub(super) first_month: String,
    pub(super) months: u32,
    pub(super) per_month: u32,
    /// Last instant of the log; what would happen later is not written, so cases stay open.
    pub(super) until: String,
    /// Share of cases that arrive at any time of day instead of in office hours.
    pub(super) off_hours_share: f64,
    /// Arrivals on a closed day, for one on an office day.
    pub(super) closed_day_weight: f64,
    pub(super) prefix: String,
    pub(super) first_number: u32,
    pub(super) digits: usize,
}

/// When people work (UTC).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct OfficeHours {
    /// `mon` to `sun`.
    pub(super) days: Vec<String>,
    /// `08:00-18:00`.
    pub(super) hours: String,
    #[serde(default)]
    pub(super) holidays: Vec<String>,
}

/// How a case begins.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Start {
    pub(super) state: String,
    pub(super) group: String,
    #[serde(default, rename = "do")]
    pub(super) act: Act,
}

/// People outside the groups: every first name with every last name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Requesters {
    pub(super) first_names: Vec<String>,
    pub(super) last_names: Vec<String>,
}

/// A program that acts at fixed intervals.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Bot {
    pub(super) name: String,
    pub(super) every: String,
}

/// A priority, most urgent first.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Priority {
    pub(super) name: String,
    pub(super) weight: u32,
}

/// A category and the group that can finish its cases (`@category` in a step).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Category {
    pub(super) name: String,
    pub(super) weight: u32,
    pub(super) group: String,
    pub(super) subjects: Vec<String>,
}

/// Something wrong with a share of the cases until a step fixes it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Flaw {
    pub(super) name: String,
    pub(super) share: f64,
}

/// A group; one without members is staffed by the requester of the case.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Group {
    pub(super) name: String,
    #[serde(default)]
    pub(super) members: Vec<String>,
    /// The first member when not given.
    pub(super) manager: Option<String>,
    /// Days on which it does the work of states with `work`; those of the office when not given.
    pub(super) days: Option<Vec<String>>,
}

/// A state and its class (the words of the program: `queue`, `active`, `approval`, `waiting_requester`, ...).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) class: String,
    pub(super) wait: Option<Wait>,
    /// Somebody must do this work before the case goes on, one case after the other; the wait follows from that.
    pub(super) work: Option<Work>,
    /// Hidden: cases that nobody looks at for a while. Only where there is `work`; the first that fits counts.
    #[serde(default)]
    pub(super) unseen: Vec<Unseen>,
    #[serde(default)]
    pub(super) next: Vec<Next>,
    #[serde(default)]
    pub(super) during: Vec<During>,
}

/// A lognormal duration by median and 90th percentile; fixed without the latter.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Wait {
    pub(super) median: String,
    pub(super) p90: Option<String>,
}

/// Hands-on time of one person, and the rows it leaves.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Work {
    pub(super) median: String,
    pub(super) p90: Option<String>,
    /// Time between two notes of the one who works; about so long, never longer. No notes when not given.
    pub(super) note_every: Option<String>,
    /// The event column of a note; `note` when not given.
    pub(super) event: Option<String>,
    /// Kind of text of a note.
    pub(super) comment: Option<String>,
}

/// A share of the visits that nobody looks at for a while, though somebody could.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Unseen {
    pub(super) share: f64,
    pub(super) lasts: Wait,
    #[serde(default)]
    pub(super) when: When,
}

/// A way out of a state.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Next {
    pub(super) to: String,
    /// Drawn in proportion among the ways whose `when` holds.
    pub(super) weight: u32,
    /// How often one case may take it; no limit when not given.
    pub(super) limit: Option<u32>,
    /// Replaces the wait of the state.
    pub(super) wait: Option<Wait>,
    #[serde(default)]
    pub(super) when: When,
    #[serde(default, rename = "do")]
    pub(super) act: Act,
}

/// Something that may happen while a case is in a state.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct During {
    /// Probability per visit.
    pub(super) p: f64,
    /// Time after entry; at any time of the visit when not given. Not at all if the visit ends sooner.
    pub(super) after: Option<Wait>,
    /// The hidden effect: with probability `p` the visit ends at most `delay` later.
    pub(super) response: Option<Response>,
    #[serde(default)]
    pub(super) when: When,
    #[serde(rename = "do")]
    pub(super) act: Act,
}

/// How a visit answers to something that happened in it.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Response {
    pub(super) p: f64,
    pub(super) delay: Wait,
}

/// A row of the log, and what it changes.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Act {
    /// The event column; `status` when not given.
    pub(super) event: Option<String>,
    /// `assignee` (default), `member`, `manager`, `requester`, `colleague` or the name of a bot.
    pub(super) by: Option<String>,
    /// New group: a name or `@category`.
    pub(super) group: Option<String>,
    /// New assignee: `keep` (default; `none` with a new group), `none`, `actor`, `member`, `manager`, `requester`.
    pub(super) owner: Option<String>,
    /// Kind of text; no comment when not given.
    pub(super) comment: Option<String>,
    #[serde(default)]
    pub(super) raise_priority: bool,
    /// Name of a flaw.
    pub(super) fixes: Option<String>,
}

/// A condition: every list that is given must hold the case's value.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct When {
    #[serde(default)]
    pub(super) state: Vec<String>,
    #[serde(default)]
    pub(super) group: Vec<String>,
    #[serde(default)]
    pub(super) category: Vec<String>,
    #[serde(default)]
    pub(super) priority: Vec<String>,
    /// The case has this flaw.
    pub(super) flaw: Option<String>,
    /// True: the case's category belongs to another group than the one that holds it; false: to the same.
    pub(super) elsewhere: Option<bool>,
}

/// A factor on every wait under a condition; several multiply.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Effect {
    pub(super) when: When,
    pub(super) wait_factor: f64,
}

/// Exactly so many questions about the status of every case, between its start and its first end.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct StatusChecks {
    pub(super) per_case: u32,
    pub(super) event: String,
    pub(super) comment: String,
    /// Share asked by a colleague of the requester.
    pub(super) colleague_share: f64,
    /// States in which nobody asks, as far as others leave room.
    #[serde(default)]
    pub(super) not_in: Vec<String>,
    pub(super) reply: Option<Reply>,
}

/// An answer by the assignee.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Reply {
    pub(super) p: f64,
    pub(super) delay: Wait,
    pub(super) event: String,
    pub(super) comment: String,
}
