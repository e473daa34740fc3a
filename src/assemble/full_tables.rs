//! Full tables of cases, visits and handoffs, in batches. Cases come by first event, then by id.
//!
//! No person appears in them unless names were asked for.

use super::measure::Measured;
use crate::log::{NO_TIME, NONE};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::handoffs::{self, CaseHandoffs, Pickup};
use crate::report::batch::{Batch, Texts, Values};
use crate::states::touches::Finder;
use crate::states::{Headline, Reader};

/// Which table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FullTable {
    /// One row per case.
    Cases,
    /// One row per visit to a state.
    Visits,
    /// One row per handoff of the headline definition.
    Handoffs,
}

impl FullTable {
    /// The file name without its ending.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            FullTable::Cases => "cases",
            FullTable::Visits => "visits",
            FullTable::Handoffs => "handoffs",
        }
    }
}

/// Cases per batch.
const BATCH_CASES: usize = 1 << 15;

/// The order in which cases are written, in runs that make one batch each.
#[must_use]
pub fn batches(measured: &Measured) -> Vec<Vec<u32>> {
    let facts = &measured.swept.facts;
    let ids = &measured.log.case_ids;
    let mut order: Vec<(i64, u32)> = (0..).zip(facts).map(|(case, fact)| (fact.first_ms, case)).collect();
    order.sort_unstable_by(|a, b| a.0.cmp(&b.0).then_with(|| ids.id(a.1 as usize).cmp(ids.id(b.1 as usize))));
    order.chunks(BATCH_CASES).map(|cases| cases.iter().map(|&(_, case)| case).collect()).collect()
}

/// One batch of a table.
#[must_use]
pub fn batch<'a>(measured: &'a Measured, table: FullTable, cases: &[u32], people: bool) -> Batch<'a> {
    match table {
        FullTable::Cases => case_rows(measured, cases),
        FullTable::Visits => visit_rows(measured, cases),
        FullTable::Handoffs => handoff_rows(measured, cases, people),
    }
}

fn state_name(measured: &Measured, state: u32) -> &str {
    measured.semantics.states[state as usize].name.as_str()
}

fn column<'a>(name: &str, values: Values<'a>) -> (String, Values<'a>) {
    (name.to_owned(), values)
}

fn case_rows<'a>(measured: &'a Measured, cases: &[u32]) -> Batch<'a> {
    let facts = || cases.iter().map(|&case| &measured.swept.facts[case as usize]);
    let count = |value: fn(&CaseFact) -> u32| Values::Count(facts().map(value).collect());
    let flag = |value: fn(&CaseFact) -> bool| Values::Flag(facts().map(value).collect());
    let instant = |value: fn(&CaseFact) -> Option<i64>| Values::Instant(facts().map(value).collect());
    let ms = |value: fn(&CaseFact) -> Option<i64>| Values::Ms(facts().map(value).collect());
    let (mut ids, mut last_state) = (Texts::default(), Texts::default());
    for ((at, &case), fact) in (0u32..).zip(cases).zip(facts()) {
        ids.push(at, || Some(measured.log.case_ids.id(case as usize)));
        last_state.push(fact.last_state, || Some(state_name(measured, fact.last_state)));
    }
    let mut columns = vec![
        column("case", Values::Text(ids)),
        column("first_event", instant(|fact| Some(fact.first_ms))),
        column("last_event", instant(|fact| Some(fact.last_ms))),
        column("completed", flag(|fact| fact.completed)),
        column("completion", instant(|fact| fact.completed.then_some(fact.end_ms))),
        column("cycle_time_ms", ms(|fact| fact.completed.then(|| fact.duration_ms()))),
        column(
            "first_resolution_ms",
            ms(|fact| (fact.first_resolution_ms != NO_TIME).then(|| fact.first_resolution_ms - fact.first_ms)),
        ),
        column("last_state", Values::Text(last_state)),
        column("handoffs", count(|fact| fact.handoffs)),
        column("group_changes", count(|fact| fact.group_changes)),
        column("groups", count(|fact| fact.groups)),
        column("ping_pongs", count(|fact| fact.ping_pongs)),
        column("reopens", count(|fact| fact.reopens)),
        column("exceptions", count(|fact| fact.exceptions)),
        column("touches", count(|fact| fact.touches)),
        column("unassigned_ms", ms(|fact| Some(fact.unassigned_ms))),
        column("escalated", flag(|fact| fact.escalated)),
    ];
    for attribute in &measured.log.attributes {
        let mut texts = Texts::default();
        for &case in cases {
            let mut codes = measured.log.range(case as usize).map(|event| attribute.column.codes.get(event));
            let code = codes.find(|&code| code != NONE).unwrap_or(NONE);
            texts.push(code, || attribute.column.dictionary.text(code));
        }
        columns.push((format!("first.{}", attribute.name), Values::Text(texts)));
    }
    Batch { columns }
}

fn visit_rows<'a>(measured: &'a Measured, cases: &[u32]) -> Batch<'a> {
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
    let [mut ids, mut states, mut classes, mut groups, mut next] = std::array::from_fn(|_| Texts::default());
    let (mut numbers, mut entered, mut left, mut durations) = (vec![], vec![], vec![], vec![]);
    let group_name = |code: u32| measured.log.group.as_ref().and_then(|group| group.dictionary.text(code));
    for (at, &case) in (0u32..).zip(cases) {
        let events = reader.load(case as usize);
        for (number, visit) in (1u32..).zip(events.visits) {
            let start = events.time_ms[visit.from];
            let end = events.time_ms.get(visit.to).copied();
            ids.push(at, || Some(measured.log.case_ids.id(case as usize)));
            numbers.push(number);
            states.push(visit.state, || Some(state_name(measured, visit.state)));
            classes.push(visit.class as u32, || Some(visit.class.as_str()));
            let group = events.group[visit.from];
            groups.push(group, || group_name(group));
            entered.push(Some(start));
            left.push(end);
            durations.push(end.map(|end| end - start));
            match events.state.get(visit.to) {
                Some(&state) => next.push(state + 1, || Some(state_name(measured, state))),
                None => next.push(0, || None),
            }
        }
    }
    let columns = vec![
        column("case", Values::Text(ids)),
        column("visit", Values::Count(numbers)),
        column("state", Values::Text(states)),
        column("class", Values::Text(classes)),
        column("group_at_entry", Values::Text(groups)),
        column("entered", Values::Instant(entered)),
        column("left", Values::Instant(left)),
        column("duration_ms", Values::Ms(durations)),
        column("next_state", Values::Text(next)),
    ];
    Batch { columns }
}

fn handoff_rows<'a>(measured: &'a Measured, cases: &[u32], people: bool) -> Batch<'a> {
    let headline = measured.semantics.headline;
    let owners = match headline {
        Some(Headline::Group | Headline::GroupOrUnassigned) => measured.log.group.as_ref(),
        Some(Headline::Person) if people => measured.log.assignee.as_ref(),
        Some(Headline::Actor) if people => measured.log.actor.as_ref(),
        Some(Headline::Person | Headline::Actor) | None => None,
    };
    let owner = |code: u32| owners.and_then(|owners| owners.dictionary.text(code));
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
    let mut found = CaseHandoffs::default();
    let mut finder = Finder::new(&measured.semantics);
    let [mut ids, mut from, mut to, mut states, mut pickups] = std::array::from_fn(|_| Texts::default());
    let (mut at, mut ping_pong, mut returns, mut latencies) = (vec![], vec![], vec![], vec![]);
    for (place, &case) in (0u32..).zip(cases) {
        if measured.swept.facts[case as usize].handoffs == 0 {
            continue;
        }
        let events = &reader.load(case as usize);
        let touches = if headline == Some(Headline::Actor) { finder.find(events, &measured.semantics) } else { &[] };
        handoffs::find(events, &measured.semantics, touches, &mut found);
        for handoff in &found.list {
            ids.push(place, || Some(measured.log.case_ids.id(case as usize)));
            at.push(Some(events.time_ms[handoff.event]));
            from.push(handoff.from, || owner(handoff.from));
            to.push(handoff.to, || owner(handoff.to));
            let state = events.state[handoff.event];
            states.push(state, || Some(state_name(measured, state)));
            ping_pong.push(handoff.ping_pong);
            returns.push(handoff.is_return);
            let (code, name, latency) = match handoff.pickup {
                Pickup::Picked(event) => (0, "picked_up", Some(events.time_ms[event] - events.time_ms[handoff.event])),
                Pickup::SelfAssigned => (1, "self_assigned", Some(0)),
                Pickup::PassedOn(_) => (2, "passed_on", None),
                Pickup::Unknown => (3, "unknown", None),
            };
            pickups.push(code, || Some(name));
            latencies.push(latency);
        }
    }
    let columns = vec![
        column("case", Values::Text(ids)),
        column("at", Values::Instant(at)),
        column("from", Values::Text(from)),
        column("to", Values::Text(to)),
        column("state", Values::Text(states)),
        column("ping_pong", Values::Flag(ping_pong)),
        column("return", Values::Flag(returns)),
        column("pickup", Values::Text(pickups)),
        column("pickup_ms", Values::Ms(latencies)),
    ];
    Batch { columns }
}
