//! Full tables of cases, visits and handoffs, in batches. Cases come by first event, then by id.
//!
//! No person appears in them unless names were asked for.

use std::ops::Range;

use super::measure::Measured;
use crate::log::{NO_TIME, NONE};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::clock::{BusinessTimes, CaseClock};
use crate::metrics::handoffs::{self, CaseHandoffs, Handoff, Pickup};
use crate::report::batch::{Batch, Texts, Values};
use crate::states::touches::Finder;
use crate::states::{CaseEvents, Change, Class, Headline, Reader};

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

/// The cases of one batch.
#[derive(Clone, Debug, Default)]
pub struct Cases {
    /// In the order in which they are written.
    order: Vec<u32>,
    /// In the order of the log, each with its place in `order`: decoding neighbours together is far cheaper.
    in_log: Vec<(u32, u32)>,
}

/// The order in which cases are written, in runs that make one batch each.
///
/// # Panics
/// Beyond 4 billion cases, which no log has.
#[must_use]
pub fn batches(measured: &Measured) -> Vec<Cases> {
    let facts = &measured.swept.facts;
    let ids = &measured.log.case_ids;
    let mut order: Vec<(i64, u32)> = (0..).zip(facts).map(|(case, fact)| (fact.first_ms, case)).collect();
    // A stable sort makes use of the order within each shard of the log.
    order.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| ids.id(a.1 as usize).cmp(ids.id(b.1 as usize))));
    let case = |&(_, case): &(i64, u32)| case;
    let mut batches: Vec<Cases> = order
        .chunks(BATCH_CASES)
        .map(|cases| Cases { order: cases.iter().map(case).collect(), in_log: Vec::with_capacity(cases.len()) })
        .collect();
    let mut rank = vec![0; order.len()];
    for (place, (_, case)) in order.iter().enumerate() {
        rank[*case as usize] = place;
    }
    for (case, rank) in (0u32..).zip(rank) {
        let place = u32::try_from(rank % BATCH_CASES).expect("a batch has fewer cases than 32 bits count");
        batches[rank / BATCH_CASES].in_log.push((case, place));
    }
    batches
}

/// Cases decoded together.
const RUN_CASES: usize = 1 << 10;

impl Cases {
    /// Calls `each` with the place, the events and the business clock of every case, in the order of the log.
    fn for_each(&self, measured: &Measured, mut each: impl FnMut(u32, usize, &CaseEvents, Option<BusinessTimes>)) {
        let mut reader = Reader::new(&measured.log, &measured.semantics, false);
        let mut clock = measured.clock.as_ref().map(|clock| CaseClock::new(clock, &measured.log));
        for run in self.in_log.chunk_by(|a, b| a.0 + 1 == b.0).flat_map(|run| run.chunks(RUN_CASES)) {
            let first = run[0].0 as usize;
            reader.decode(first..first + run.len());
            for &(case, place) in run {
                let events = reader.case(case as usize);
                let as_of_ms = measured.semantics.as_of_ms;
                let times = clock.as_mut().and_then(|clock| clock.times(case as usize, &events, as_of_ms));
                each(place, case as usize, &events, times);
            }
        }
    }
}

/// Rows by the place of their case, gathered in the order of the log.
struct ByCase<T> {
    rows: Vec<T>,
    ranges: Vec<Range<usize>>,
}

impl<T> ByCase<T> {
    fn new(cases: &Cases) -> Self {
        ByCase { rows: Vec::new(), ranges: vec![0..0; cases.order.len()] }
    }

    /// Appends the rows of one case.
    fn extend(&mut self, place: u32, rows: impl Iterator<Item = T>) {
        let from = self.rows.len();
        self.rows.extend(rows);
        self.ranges[place as usize] = from..self.rows.len();
    }

    /// The rows of each case, in the order in which they are written.
    fn iter(&self) -> impl Iterator<Item = &[T]> {
        self.ranges.iter().map(|range| &self.rows[range.clone()])
    }
}

/// One batch of a table.
#[must_use]
pub fn batch<'a>(measured: &'a Measured, table: FullTable, cases: &Cases, people: bool) -> Batch<'a> {
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

fn case_rows<'a>(measured: &'a Measured, batch: &Cases) -> Batch<'a> {
    let cases = batch.order.as_slice();
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
    if measured.clock.is_some() {
        let (cycle, resolution) = business_of_cases(measured, batch);
        columns.push(column("cycle_time_business_ms", Values::Ms(cycle)));
        columns.push(column("first_resolution_business_ms", Values::Ms(resolution)));
    }
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

/// A column of durations, ms.
type Durations = Vec<Option<i64>>;

/// Cycle time and first resolution on the business clock; null where a case has none.
fn business_of_cases(measured: &Measured, cases: &Cases) -> (Durations, Durations) {
    let (mut cycle, mut resolution) = (vec![None; cases.order.len()], vec![None; cases.order.len()]);
    cases.for_each(measured, |place, _, events, times| {
        let Some(times) = times else { return };
        let resolved = events.changes.iter().position(|change| change.any(Change::TERMINAL));
        cycle[place as usize] = events.completion().map(|i| times.time_ms[i]);
        resolution[place as usize] = resolved.map(|i| times.time_ms[i]);
    });
    (cycle, resolution)
}

/// What a row of the table of visits is made of.
struct VisitRow {
    state: u32,
    class: Class,
    group: u32,
    entered_ms: i64,
    left_ms: Option<i64>,
    business_ms: Option<i64>,
}

fn visit_rows<'a>(measured: &'a Measured, cases: &Cases) -> Batch<'a> {
    let mut by_case = ByCase::new(cases);
    cases.for_each(measured, |place, _, events, times| {
        let rows = events.visits.iter().map(|visit| VisitRow {
            state: visit.state,
            class: visit.class,
            group: events.group[visit.from],
            entered_ms: events.time_ms[visit.from],
            left_ms: events.time_ms.get(visit.to).copied(),
            business_ms: times.and_then(|times| Some(times.time_ms.get(visit.to)? - times.time_ms[visit.from])),
        });
        by_case.extend(place, rows);
    });
    let size = by_case.rows.len();
    let [mut ids, mut states, mut classes, mut groups, mut next] = std::array::from_fn(|_| Texts::with_capacity(size));
    let [mut entered, mut left, mut durations, mut business] = std::array::from_fn(|_| Vec::with_capacity(size));
    let mut numbers = Vec::with_capacity(size);
    let group_name = |code: u32| measured.log.group.as_ref().and_then(|group| group.dictionary.text(code));
    for ((place, &case), rows) in (0u32..).zip(&cases.order).zip(by_case.iter()) {
        for (number, row) in (1u32..).zip(rows) {
            ids.push(place, || Some(measured.log.case_ids.id(case as usize)));
            numbers.push(number);
            states.push(row.state, || Some(state_name(measured, row.state)));
            classes.push(row.class as u32, || Some(row.class.as_str()));
            groups.push(row.group, || group_name(row.group));
            entered.push(Some(row.entered_ms));
            left.push(row.left_ms);
            durations.push(row.left_ms.map(|left_ms| left_ms - row.entered_ms));
            business.push(row.business_ms);
        }
        for row in rows.iter().skip(1) {
            next.push(row.state + 1, || Some(state_name(measured, row.state)));
        }
        next.push(0, || None);
    }
    let mut columns = vec![
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
    if measured.clock.is_some() {
        columns.push(column("duration_business_ms", Values::Ms(business)));
    }
    Batch { columns }
}

/// What a row of the table of handoffs is made of.
struct HandoffRow {
    at_ms: i64,
    state: u32,
    pickup_ms: Option<i64>,
    pickup_business_ms: Option<i64>,
    handoff: Handoff,
}

fn handoff_rows<'a>(measured: &'a Measured, cases: &Cases, people: bool) -> Batch<'a> {
    let headline = measured.semantics.headline;
    let owners = match headline {
        Some(Headline::Group | Headline::GroupOrUnassigned) => measured.log.group.as_ref(),
        Some(Headline::Person) if people => measured.log.assignee.as_ref(),
        Some(Headline::Actor) if people => measured.log.actor.as_ref(),
        Some(Headline::Person | Headline::Actor) | None => None,
    };
    let owner = |code: u32| owners.and_then(|owners| owners.dictionary.text(code));
    let mut found = CaseHandoffs::default();
    let mut finder = Finder::new(&measured.semantics);
    let mut by_case = ByCase::new(cases);
    cases.for_each(measured, |place, case, events, times| {
        if measured.swept.facts[case].handoffs == 0 {
            return;
        }
        let touches = if headline == Some(Headline::Actor) { finder.find(events, &measured.semantics) } else { &[] };
        handoffs::find(events, &measured.semantics, touches, &mut found);
        let rows = found.list.iter().map(|handoff| HandoffRow {
            at_ms: events.time_ms[handoff.event],
            state: events.state[handoff.event],
            pickup_ms: match handoff.pickup {
                Pickup::Picked(event) => Some(events.time_ms[event] - events.time_ms[handoff.event]),
                Pickup::SelfAssigned => Some(0),
                Pickup::PassedOn(_) | Pickup::Unknown => None,
            },
            pickup_business_ms: match handoff.pickup {
                Pickup::Picked(event) => times.map(|times| times.time_ms[event] - times.time_ms[handoff.event]),
                Pickup::SelfAssigned => times.map(|_| 0),
                Pickup::PassedOn(_) | Pickup::Unknown => None,
            },
            handoff: *handoff,
        });
        by_case.extend(place, rows);
    });
    let [mut ids, mut from, mut to, mut states, mut pickups] = std::array::from_fn(|_| Texts::default());
    let (mut at, mut ping_pong, mut returns) = (vec![], vec![], vec![]);
    let (mut latencies, mut business) = (vec![], vec![]);
    for ((place, &case), rows) in (0u32..).zip(&cases.order).zip(by_case.iter()) {
        for HandoffRow { at_ms, state, pickup_ms, pickup_business_ms, handoff } in rows {
            ids.push(place, || Some(measured.log.case_ids.id(case as usize)));
            at.push(Some(*at_ms));
            from.push(handoff.from, || owner(handoff.from));
            to.push(handoff.to, || owner(handoff.to));
            states.push(*state, || Some(state_name(measured, *state)));
            ping_pong.push(handoff.ping_pong);
            returns.push(handoff.is_return);
            let (code, name) = match handoff.pickup {
                Pickup::Picked(_) => (0, "picked_up"),
                Pickup::SelfAssigned => (1, "self_assigned"),
                Pickup::PassedOn(_) => (2, "passed_on"),
                Pickup::Unknown => (3, "unknown"),
            };
            pickups.push(code, || Some(name));
            latencies.push(*pickup_ms);
            business.push(*pickup_business_ms);
        }
    }
    let mut columns = vec![
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
    if measured.clock.is_some() {
        columns.push(column("pickup_business_ms", Values::Ms(business)));
    }
    Batch { columns }
}
