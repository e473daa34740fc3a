//! What a log's states, owners and events mean, settled before the sweep.
//!
//! Configuration first, then names, then structure; every answer carries its evidence.

use std::collections::BTreeMap;

use super::acts::{WAIT_UNKNOWN, awaited};
use super::intervals;
use super::lexicon::{EventKind, StateEvidence, asks_for_decision, classify, event_kind, is_decision, priority_rank};
use super::{Class, Headline, KindMeaning, NO_STATE, PickupRule, Semantics, StateMeaning, Voices, assignees_as_actors};
use crate::comments::Writer;
use crate::log::codes::each_width;
use crate::log::{AttributeRole, Column, EventLog, NONE};
use crate::parallel;

/// What is known from outside the log.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// State → class, by configuration or flag.
    pub classes: BTreeMap<String, Class>,
    /// State → what it was taken for in the log that the cases of this one were chosen from.
    pub settled: BTreeMap<String, StateMeaning>,
    /// Headline definition, by configuration or settled before.
    pub headline: Option<Headline>,
    /// How pickups are observed, where it was settled before.
    pub pickup_rule: Option<PickupRule>,
    /// An empty owner means unassigned.
    pub unassigned_when_empty: bool,
    /// The activity column names kinds of events beside a state column.
    pub activity_is_kind: bool,
    /// The states were made from activities with start and end.
    pub from_intervals: bool,
    /// Touch window, ms.
    pub touch_window_ms: i64,
    /// Actor codes that are no people.
    pub bots: Vec<u32>,
    /// Instant up to which the log is known, UTC ms.
    pub as_of_ms: i64,
    /// An owner is busy this long before and after a touch, ms; `None` where waits are not decomposed.
    pub busy_ms: Option<i64>,
    /// Comments are read: actor → side in comments, for those of whom it was settled before.
    pub sides: Option<BTreeMap<String, Writer>>,
    /// Nothing happens for so long before it is a silence, ms.
    pub silence_ms: i64,
}

/// So many cases are not all one person's, so that a single name beside bots, such as `STAFF MEMBER`, stands for everybody.
const MANY_CASES: usize = 100;

/// Settles the meaning of a log.
#[must_use]
pub fn understand(log: &EventLog, told: &Told, threads: usize) -> Semantics {
    let actors = log.actor.as_ref().map_or(1, |actor| actor.dictionary.size());
    let mut bots = vec![false; actors];
    for &bot in &told.bots {
        bots[bot as usize] = true;
    }
    let priority = log.attributes.iter().position(|attribute| attribute.role == AttributeRole::Priority);
    let assignee_as_actor = assignees_as_actors(log);
    let headline = told.headline.filter(|headline| available(log, *headline, &bots)).or_else(|| {
        let all = [Headline::Group, Headline::Person, Headline::Actor];
        all.into_iter().find(|headline| available(log, *headline, &bots))
    });
    let voices = told.sides.as_ref().map(|sides| Voices::of(log, &bots, sides));
    let people = bots.iter().skip(1).filter(|bot| !**bot).count();
    Semantics {
        tells_people_apart: log.actor.is_none() || people > 1 || log.cases() < MANY_CASES,
        states: states(log, told, threads),
        unassigned_when_empty: told.unassigned_when_empty,
        bots,
        kinds: kinds(log, told),
        priority_rank: priority.map_or_else(Vec::new, |at| ranks(&log.attributes[at].column)),
        priority,
        pickup_rule: told.pickup_rule.unwrap_or_else(|| pickup_rule(&assignee_as_actor)),
        assignee_as_actor,
        touch_window_ms: told.touch_window_ms,
        headline,
        busy_ms: told.busy_ms,
        voices,
        silence_ms: told.silence_ms,
        as_of_ms: told.as_of_ms,
    }
}

/// Whether the log names anybody by a definition; a log in which only bots act names no actor.
fn available(log: &EventLog, headline: Headline, bots: &[bool]) -> bool {
    let named = |column: &Option<Column>| column.as_ref().is_some_and(|column| column.dictionary.size() > 1);
    match headline {
        Headline::Group | Headline::GroupOrUnassigned => named(&log.group),
        Headline::Person => named(&log.assignee),
        Headline::Actor => named(&log.actor) && bots.iter().skip(1).any(|bot| !bot),
    }
}

/// By an event of the new owner where at least half of the assignees ever act, else by entry into an active state.
fn pickup_rule(assignee_as_actor: &[u32]) -> PickupRule {
    let assignees = assignee_as_actor.len().saturating_sub(1);
    let acting = assignee_as_actor.iter().filter(|&&actor| actor != NONE).count();
    if assignees > 0 && acting * 2 >= assignees { PickupRule::EventByNewOwner } else { PickupRule::EntryIntoActive }
}

fn kinds(log: &EventLog, told: &Told) -> Vec<KindMeaning> {
    let (Some(activity), true) = (&log.activity, told.activity_is_kind) else { return Vec::new() };
    let mut kinds = vec![KindMeaning::Plain; activity.dictionary.size()];
    for (code, name) in activity.dictionary.iter() {
        kinds[code as usize] = match event_kind(name) {
            None => KindMeaning::Plain,
            Some(EventKind::StatusCheck) => KindMeaning::Chase,
            Some(EventKind::StakeholderUpdate) => KindMeaning::Update,
            Some(EventKind::InformationRequest) => KindMeaning::Information,
            Some(EventKind::Escalation) => KindMeaning::Escalation,
        };
    }
    kinds
}

/// Ranks of priority codes, smaller being more urgent.
fn ranks(column: &Column) -> Vec<Option<i64>> {
    let names: Vec<&str> = column.dictionary.iter().map(|(_, name)| name).collect();
    let mut ranks = vec![None; column.dictionary.size()];
    for (at, rank) in priority_rank(&names).unwrap_or_default() {
        ranks[at + 1] = Some(-rank);
    }
    ranks
}

/// How often each state begins and ends cases.
#[derive(Clone, Copy, Debug, Default)]
pub struct StateStructure {
    /// Cases it is the first state of.
    pub starts: u64,
    /// Cases it is the last state of.
    pub ends: u64,
    /// Visits.
    pub visits: u64,
    /// Cases that visit it.
    pub cases: u64,
}

/// Structure by code of a column read as states.
#[must_use]
pub fn structure(log: &EventLog, column: &Column, threads: usize) -> Vec<StateStructure> {
    let size = column.dictionary.size();
    let start = || (vec![StateStructure::default(); size], vec![usize::MAX; size]);
    let parts = parallel::fold(threads, log.case_runs(1 << 17), start, |(found, seen), run| {
        each_width!(&column.codes, codes => for case in run {
            let mut last = NONE;
            for &code in &codes[log.range(case)] {
                let code = u32::from(code);
                if code == NONE || code == last {
                    continue;
                }
                let state = &mut found[code as usize];
                state.visits += 1;
                state.starts += u64::from(last == NONE);
                if seen[code as usize] != case {
                    seen[code as usize] = case;
                    state.cases += 1;
                }
                last = code;
            }
            found[last as usize].ends += 1;
        });
    });
    let mut all = vec![StateStructure::default(); size];
    for (part, _) in parts {
        for (mine, theirs) in all.iter_mut().zip(part) {
            mine.starts += theirs.starts;
            mine.ends += theirs.ends;
            mine.visits += theirs.visits;
            mine.cases += theirs.cases;
        }
    }
    all
}

fn states(log: &EventLog, told: &Told, threads: usize) -> Vec<StateMeaning> {
    let none = StateMeaning {
        name: NO_STATE.to_owned(),
        class: Class::Active,
        why: "no state is known yet".to_owned(),
        known: true,
    };
    let Some(column) = &log.state else { return vec![none] };
    let structure = structure(log, column, threads);
    let evidence: Vec<StateEvidence> = column
        .dictionary
        .iter()
        .map(|(code, name)| {
            let found = structure[code as usize];
            StateEvidence { name, starts: found.starts, ends: found.ends, visits: found.visits, cases: found.cases }
        })
        .collect();
    let guessed = classify(&evidence, log.cases() as u64);
    let meanings = evidence.iter().zip(guessed).map(|(state, guess)| {
        let name = state.name.to_owned();
        if let Some(&class) = told.classes.get(state.name) {
            return StateMeaning { name, class, why: "configured".to_owned(), known: true };
        }
        if let Some(settled) = told.settled.get(state.name) {
            return settled.clone();
        }
        if told.from_intervals {
            return of_interval(name);
        }
        match awaited(state.name) {
            Some(_) if state.name == WAIT_UNKNOWN => {
                let why = "after the last act; the log does not say what follows".to_owned();
                StateMeaning { name, class: Class::Active, why, known: true }
            }
            Some(act) => wait_for(act, name),
            None => StateMeaning { name, class: guess.class, why: guess.why, known: guess.known },
        }
    });
    std::iter::once(none).chain(meanings).collect()
}

/// A state that was made from activities with start and end.
fn of_interval(name: String) -> StateMeaning {
    let (class, why) = if name == intervals::FINISHED {
        (Class::Done, "all activities of the case are over")
    } else if name == intervals::BETWEEN {
        (Class::Queue, "nothing is running and nothing is known to wait")
    } else if intervals::queued_activity(&name).is_some() {
        (Class::Queue, "enabled, not started")
    } else {
        (Class::Active, "between its start and its end")
    };
    StateMeaning { name, class, why: why.to_owned(), known: true }
}

/// The wait for an act: for a decision an approval, for an act of the requester or a vendor a wait for them.
fn wait_for(act: &str, name: String) -> StateMeaning {
    if is_decision(act) {
        return StateMeaning { name, class: Class::Approval, why: "the wait for a decision".to_owned(), known: true };
    }
    let state = StateEvidence { name: act, starts: 0, ends: 0, visits: 0, cases: 0 };
    let is_request = |class: Class| class == Class::Approval && asks_for_decision(act);
    let guess = classify(&[state], 0).pop().filter(|guess| !is_request(guess.class));
    match guess {
        Some(guess) if guess.known && !guess.class.is_terminal() => {
            StateMeaning { name, class: guess.class, why: format!("the wait for an act; {}", guess.why), known: true }
        }
        _ => {
            let why = "the time before an act; nothing tells waiting from work".to_owned();
            StateMeaning { name, class: Class::Active, why, known: false }
        }
    }
}
