//! What a state is: its class, by name and then by where it stands in the cases.
//!
//! Names first (`terms`), structure second, each answer with its evidence. Configuration comes
//! before both and is applied by the caller.

mod naming;

use crate::counts::part_of;
use crate::words::Words;
use naming::{Company, Say, by_name};

pub use super::activities::{
    ActivityMeans, EventKind, activity_means, asks_for_decision, event_kind, is_decision, is_refusal,
};
pub use super::people::bot_name;
pub use super::priority::priority_rank;

/// What a case waits for, or whether it does, while in a state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Class {
    /// Somebody must pick it up.
    Queue,
    /// Work is done.
    Active,
    /// A decision is awaited.
    Approval,
    /// The one who asked must answer.
    WaitingRequester,
    /// Another organisation must act.
    WaitingExternal,
    /// Something else must come first, or nobody says what.
    Blocked,
    /// Work is checked.
    Review,
    /// Over, with a result.
    Done,
    /// Over, without a result.
    Cancelled,
}

impl Class {
    /// The classes in the order of the documentation.
    pub const ALL: [Class; 9] = [
        Class::Queue,
        Class::Active,
        Class::Approval,
        Class::WaitingRequester,
        Class::WaitingExternal,
        Class::Blocked,
        Class::Review,
        Class::Done,
        Class::Cancelled,
    ];

    /// The name used in configuration and outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Class::Queue => "queue",
            Class::Active => "active",
            Class::Approval => "approval",
            Class::WaitingRequester => "waiting_requester",
            Class::WaitingExternal => "waiting_external",
            Class::Blocked => "blocked",
            Class::Review => "review",
            Class::Done => "done",
            Class::Cancelled => "cancelled",
        }
    }

    /// The class of that name.
    #[must_use]
    pub fn from_name(name: &str) -> Option<Self> {
        Class::ALL.into_iter().find(|class| class.as_str() == name)
    }

    /// True where a case waits for somebody.
    #[must_use]
    pub fn is_waiting(self) -> bool {
        match self {
            Class::Queue | Class::Approval | Class::WaitingRequester | Class::WaitingExternal | Class::Blocked => true,
            Class::Active | Class::Review | Class::Done | Class::Cancelled => false,
        }
    }

    /// True where a case is over.
    #[must_use]
    pub fn is_terminal(self) -> bool {
        matches!(self, Class::Done | Class::Cancelled)
    }
}

/// A state and how often it begins or ends a case.
#[derive(Clone, Copy, Debug)]
pub struct StateEvidence<'a> {
    /// The state as the log writes it.
    pub name: &'a str,
    /// Cases it is the first state of.
    pub starts: u64,
    /// Cases it is the last state of.
    pub ends: u64,
    /// Visits.
    pub visits: u64,
    /// Cases that visit it.
    pub cases: u64,
}

/// A class with its evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Classified {
    /// The class.
    pub class: Class,
    /// One short phrase of evidence.
    pub why: String,
    /// False for a state nothing is known of: it counts as active, with a warning.
    pub known: bool,
}

/// Classifies all states of a log together, for one name may mean something else beside another.
#[must_use]
pub fn classify(states: &[StateEvidence], total_cases: u64) -> Vec<Classified> {
    let names: Vec<Words> = states.iter().map(|state| Words::new(state.name)).collect();
    let company = Company::of(&names);
    let pairs = states.iter().zip(&names);
    pairs.map(|(state, words)| classify_one(state, words, company, total_cases)).collect()
}

fn classify_one(state: &StateEvidence, words: &Words, company: Company, total_cases: u64) -> Classified {
    let known = |class, why| Classified { class, why, known: true };
    match by_name(words, company) {
        Say::Class(class, why) => known(class, why),
        Say::IfItEnds { end, else_, phrase, bare } => {
            if state.visits == 0 {
                known(if bare { end } else { else_ }, format!("named `{phrase}`"))
            } else if state.ends * 2 >= state.visits {
                known(
                    end,
                    format!("named `{phrase}` and ends {}", part_of(state.ends, state.visits, "visit", "visits")),
                )
            } else {
                known(
                    else_,
                    format!("named `{phrase}` but ends only {}", part_of(state.ends, state.visits, "visit", "visits")),
                )
            }
        }
        Say::Task(verb) => match ends_cases(state, total_cases) {
            Some(why) => known(Class::Done, why),
            None => known(Class::Active, format!("a task: begins with the verb `{verb}`")),
        },
        Say::Nothing => by_structure(state, words, total_cases),
    }
}

/// The evidence that a state ends cases: four of five visits are last, in at least one of twenty cases.
fn ends_cases(state: &StateEvidence, total_cases: u64) -> Option<String> {
    let last = state.visits > 0 && state.ends.saturating_mul(5) >= state.visits.saturating_mul(4);
    let common = state.ends.saturating_mul(20) >= total_cases && state.starts < state.ends;
    (last && common)
        .then(|| format!("no name of a state; ends {}", part_of(state.ends, state.visits, "visit", "visits")))
}

/// States with a name that says nothing: those that end nearly all their visits, those that begin most cases.
fn by_structure(state: &StateEvidence, words: &Words, total_cases: u64) -> Classified {
    let has_letters = words.text().chars().any(char::is_alphabetic);
    if let Some(why) = ends_cases(state, total_cases).filter(|_| has_letters) {
        return Classified { class: Class::Done, why, known: true };
    }
    if has_letters && total_cases > 1 && state.starts * 2 >= total_cases && state.starts * 10 >= state.visits * 8 {
        let why = format!("no name of a state; begins {}", part_of(state.starts, total_cases, "case", "cases"));
        return Classified { class: Class::Queue, why, known: true };
    }
    Classified { class: Class::Active, why: "unknown name; counts as active".to_owned(), known: false }
}

#[cfg(test)]
#[rustfmt::skip] // tables of names
mod tests;
