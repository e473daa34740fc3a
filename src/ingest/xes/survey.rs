//! The first look at a log: which keys its traces and events have, and what its declarations say.

use std::collections::{BTreeMap, BTreeSet};

use super::lifecycle::Transition;
use super::markup::Flow;
use super::walk::{Attribute, Scope, Visitor};
use crate::error::{Problem, Result};
use crate::ingest::limits::Bound;
use crate::ingest::names::case_name;
use crate::ingest::profile::is_null_literal;
use crate::words::Words;

/// Key of the name of a trace or event.
pub const NAME: &str = "concept:name";
/// Key of the instance of an activity.
pub const INSTANCE: &str = "concept:instance";
/// Key of the instant of an event.
pub const TIME: &str = "time:timestamp";
/// Key of how far an activity is.
pub const LIFECYCLE: &str = "lifecycle:transition";

/// Most different transitions that are remembered.
const MOST_TRANSITIONS: usize = 1_000;

/// What the beginning of a log showed.
#[derive(Debug, Default)]
pub struct Survey {
    /// Keys of traces, and of events.
    pub trace_keys: BTreeSet<String>,
    /// Keys of events.
    pub event_keys: BTreeSet<String>,
    /// Defaults of traces that are facts, by key.
    pub trace_defaults: BTreeMap<String, String>,
    /// Defaults of events that are facts, by key.
    pub event_defaults: BTreeMap<String, String>,
    /// Keys that are declared with a default that is no fact: they may come up later.
    pub declared: [BTreeSet<String>; 2],
    /// The two keys, in the order of the classifier that joins name and transition.
    pub joined: Option<[&'static str; 2]>,
    /// The transitions that occur.
    pub transitions: BTreeSet<String>,
    /// Traces begun.
    pub traces: u64,
    /// Events complete.
    pub events: usize,
    /// Events after which to stop.
    pub enough: usize,
    /// Most keys.
    pub most_columns: usize,
}

impl Survey {
    /// The key of a trace that names it: `concept:name`, else one that is named like an id.
    #[must_use]
    pub fn case_key(&self) -> Option<&str> {
        if self.trace_keys.contains(NAME) {
            return Some(NAME);
        }
        let weight = |key: &&String| case_name(&Words::new(key)).weight;
        self.trace_keys.iter().filter(|key| weight(key) >= LIKE_AN_ID).max_by_key(weight).map(String::as_str)
    }

    /// Whether a start and the completion that ends it stand in events of their own.
    #[must_use]
    pub fn is_paired(&self) -> bool {
        let has = |wanted: fn(Transition) -> bool| {
            self.transitions.iter().filter_map(|text| Transition::of(text.as_bytes())).any(wanted)
        };
        self.is_standard()
            && has(|transition| transition == Transition::Complete)
            && has(|transition| matches!(transition, Transition::Start | Transition::Schedule | Transition::Assign))
    }

    /// Whether every transition is one of the standard.
    #[must_use]
    pub fn is_standard(&self) -> bool {
        self.transitions.iter().all(|text| is_null_literal(text) || Transition::of(text.as_bytes()).is_some())
    }

    /// Takes the declared keys for keys that are there: more of the log is to come.
    pub fn expect_declared(&mut self) {
        let [of_traces, of_events] = std::mem::take(&mut self.declared);
        self.trace_keys.extend(of_traces.into_iter().filter(|key| key != NAME));
        self.event_keys.extend(of_events);
    }

    fn keys(&mut self, scope: Scope) -> Option<&mut BTreeSet<String>> {
        match scope {
            Scope::Log => None,
            Scope::GlobalTrace | Scope::Trace => Some(&mut self.trace_keys),
            Scope::GlobalEvent | Scope::Event => Some(&mut self.event_keys),
        }
    }
}

/// The declared keys that a default belongs to.
fn declared(keys: &mut [BTreeSet<String>; 2], scope: Scope) -> Option<&mut BTreeSet<String>> {
    let [of_traces, of_events] = keys;
    match scope {
        Scope::GlobalTrace => Some(of_traces),
        Scope::GlobalEvent => Some(of_events),
        Scope::Log | Scope::Trace | Scope::Event => None,
    }
}

/// Least weight of a name that may be a case id: `id` itself has it.
const LIKE_AN_ID: i32 = 45;

impl Visitor for Survey {
    fn classifier(&mut self, keys: &str) {
        let order = match keys {
            "concept:name lifecycle:transition" => [NAME, LIFECYCLE],
            "lifecycle:transition concept:name" => [LIFECYCLE, NAME],
            _ => return,
        };
        self.joined.get_or_insert(order);
    }

    fn begin(&mut self, scope: Scope, _: u64) -> Result<()> {
        self.traces += u64::from(scope == Scope::Trace);
        Ok(())
    }

    fn attribute(&mut self, scope: Scope, attribute: Attribute, line: u64) -> Result<()> {
        let Attribute { key, value, is_date } = attribute;
        let room = self.transitions.len() < MOST_TRANSITIONS && !value.is_empty();
        if scope == Scope::Event && key == LIFECYCLE && room && !self.transitions.contains(value) {
            self.transitions.insert(value.to_owned());
        }
        // a default that says nothing, or an instant or id that nobody recorded, is no fact
        let fact = !is_date && !value.is_empty() && !is_null_literal(value);
        match scope {
            Scope::GlobalTrace if fact && key != NAME => drop(self.trace_defaults.insert(key.into(), value.into())),
            Scope::GlobalEvent if fact && key != TIME => drop(self.event_defaults.insert(key.into(), value.into())),
            _ => {}
        }
        if !fact && let Some(declared) = declared(&mut self.declared, scope) {
            if declared.len() < self.most_columns {
                declared.insert(key.to_owned());
            }
            return Ok(());
        }
        let most = self.most_columns;
        let Some(keys) = self.keys(scope) else { return Ok(()) };
        if !keys.contains(key) {
            keys.insert(key.to_owned());
            if keys.len() > most {
                return Err(Problem::input(format!("traces or events have more than {most} keys"))
                    .at_line(line)
                    .hint("export only the attributes that the analysis needs")
                    .hint(Bound::Columns.raise(most as u64)));
            }
        }
        Ok(())
    }

    fn end(&mut self, scope: Scope) -> Result<Flow> {
        self.events += usize::from(scope == Scope::Event);
        Ok(if self.events >= self.enough { Flow::Stop } else { Flow::Go })
    }
}
