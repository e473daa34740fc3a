//! What the events of a case mean: states and their classes, visits, owners, touches.
//!
//! It reads the log and says what happened; counting and timing belong to `metrics`.

#[rustfmt::skip] // tables of phrases
mod act_terms;
mod activities;
pub mod acts;
pub mod case_events;
pub mod intervals;
pub mod lexicon;
pub mod people;
mod priority;
#[rustfmt::skip] // tables of phrases
mod terms;
pub mod touches;
pub mod understand;
pub mod voices;

pub use case_events::{CaseEvents, Change, Reader, Visit};
pub use lexicon::Class;
pub use voices::Voices;

use crate::log::EventLog;

/// Name of the state before the first known one.
pub const NO_STATE: &str = "(none)";

/// Which change of owner counts as the handoff in headlines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Headline {
    /// Known group to another known group.
    Group,
    /// Group to another group, no group being one.
    GroupOrUnassigned,
    /// Known person to another known person.
    Person,
    /// Touch by one person to touch by another.
    Actor,
}

impl Headline {
    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Headline::Group => "group",
            Headline::GroupOrUnassigned => "group_or_unassigned",
            Headline::Person => "person",
            Headline::Actor => "actor",
        }
    }
}

/// How the pickup after a handoff is observed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PickupRule {
    /// An event made by the new owner.
    EventByNewOwner,
    /// The next entry into an active state.
    EntryIntoActive,
}

impl PickupRule {
    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PickupRule::EventByNewOwner => "event_by_new_owner",
            PickupRule::EntryIntoActive => "entry_into_active",
        }
    }
}

/// What an event kind beside a state column says by itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum KindMeaning {
    /// Nothing in particular.
    #[default]
    Plain,
    /// Somebody asks how far it is: bucket B.
    Chase,
    /// A stakeholder is told: bucket D.
    Update,
    /// Missing information is asked for or supplied: bucket C.
    Information,
    /// The case is escalated: bucket C.
    Escalation,
}

/// One state and what it was taken for.
#[derive(Clone, Debug)]
pub struct StateMeaning {
    /// Name.
    pub name: String,
    /// Class.
    pub class: Class,
    /// Evidence.
    pub why: String,
    /// The class was recognised or configured.
    pub known: bool,
}

/// Everything that is fixed about a log before the sweep: classes, bots, rules.
#[derive(Clone, Debug)]
pub struct Semantics {
    /// By state code; 0 is [`NO_STATE`].
    pub states: Vec<StateMeaning>,
    /// An empty owner means unassigned rather than unchanged.
    pub unassigned_when_empty: bool,
    /// By actor code: not a person.
    pub bots: Vec<bool>,
    /// By activity code; empty where activities are states.
    pub kinds: Vec<KindMeaning>,
    /// By priority code: smaller is more urgent; `None` for values outside the scale.
    pub priority_rank: Vec<Option<i64>>,
    /// Index of the priority among the log's attributes.
    pub priority: Option<usize>,
    /// By assignee code: the actor code of the same name, 0 where the name never acts.
    pub assignee_as_actor: Vec<u32>,
    /// Touches of one actor closer than this are one, ms.
    pub touch_window_ms: i64,
    /// Headline definition of a handoff; `None` where the log names neither owners nor actors.
    pub headline: Option<Headline>,
    /// How pickups are observed.
    pub pickup_rule: PickupRule,
    /// Whether the names of actors tell one person from another: not where a single one stands for everybody.
    pub tells_people_apart: bool,
    /// An owner is busy this long before and after a touch, ms; `None` where waits are not decomposed.
    pub busy_ms: Option<i64>,
    /// Who wrote comments and who reads them; `None` where the words of comments tell nothing.
    pub voices: Option<Voices>,
    /// Nothing happens for so long before it is a silence, ms.
    pub silence_ms: i64,
    /// The instant up to which the log is known, UTC ms.
    pub as_of_ms: i64,
}

impl Semantics {
    /// The class of a state code.
    #[must_use]
    pub fn class(&self, state: u32) -> Class {
        self.states[state as usize].class
    }

    /// Whether any event kind of the log is a status chase.
    #[must_use]
    pub fn has_chase_kinds(&self) -> bool {
        self.kinds.contains(&KindMeaning::Chase)
    }

    /// Whether status chases can be seen, by event kind or in comments.
    #[must_use]
    pub fn sees_chases(&self) -> bool {
        self.voices.is_some() || self.has_chase_kinds()
    }

    /// Whether status tracking can only be bounded by events at which nothing visible changed.
    #[must_use]
    pub fn needs_proxy(&self, log: &EventLog) -> bool {
        log.actor.is_some() && log.marks.is_none() && !self.has_chase_kinds()
    }

    /// Whether stakeholder updates can be seen, by event kind or in comments.
    #[must_use]
    pub fn sees_updates(&self) -> bool {
        self.voices.is_some() || self.has_update_kinds()
    }

    /// Whether event kinds name stakeholder updates.
    #[must_use]
    pub fn has_update_kinds(&self) -> bool {
        self.kinds.contains(&KindMeaning::Update)
    }
}

/// Actor codes by assignee code, matched by name.
#[must_use]
pub fn assignees_as_actors(log: &EventLog) -> Vec<u32> {
    let (Some(assignee), Some(actor)) = (&log.assignee, &log.actor) else { return Vec::new() };
    let mut codes = vec![0; assignee.dictionary.size()];
    for (code, name) in assignee.dictionary.iter() {
        codes[code as usize] = actor.dictionary.code(name).unwrap_or(0);
    }
    codes
}
