//! A number of the findings with its definition, what it was read from, and the cases and lines behind it.
//!
//! What is behind a number is found case by case with the same rules that measured it. Words and drawing belong to
//! `report`.

use std::collections::BTreeMap;

use serde_json::Value;

use super::measure::Measured;
use super::one_case::{Names, find};
use super::{Options, flow, input, ms};
use crate::error::Result;
use crate::ingest::IngestReport;
use crate::log::{Column, LogText, NO_TIME, Origin};
use crate::metrics::exceptions;
use crate::metrics::handoffs::{self, CaseHandoffs};
use crate::metrics::sla::{Status, Timer};
use crate::report::definitions::{self, Definition};
use crate::report::explain::{
    Behind, CaseBehind, ExplainReport, InLog, ItemBehind, SCHEMA, ValueFound, selector, values,
};
use crate::report::model::{ChokePoint, Findings, Tool, Unknown};
use crate::states::touches::{Finder, Purpose};
use crate::states::{CaseEvents, Change, Headline, Reader};
use crate::time::format_utc;

/// What was asked for.
#[derive(Clone, Copy, Debug)]
pub struct Question<'a> {
    /// The name, as it was written.
    pub name: &'a str,
    /// What it means.
    pub definition: &'a Definition,
    /// The one case to tell.
    pub case: Option<&'a str>,
    /// Cases to list otherwise.
    pub top: usize,
}

/// A definition without a log.
#[must_use]
pub fn definition(definition: &Definition) -> ExplainReport {
    ExplainReport {
        schema: SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        metrics: definition.paths.clone(),
        definition: definition.text,
        parts: definitions::parts_of(definition),
        log: None,
    }
}

/// Explains a number of a log. `ingest` should have kept the lines of events
/// ([`crate::ingest::Request::keep_lines`]); `command` gives the same values.
///
/// # Errors
/// When the log has no case of the id asked for.
pub fn explain(
    (measured, findings): (&Measured, &Findings),
    ingest: &IngestReport,
    question: Question,
    command: &str,
    options: Options,
) -> Result<ExplainReport> {
    let values = values(findings, question.definition, question.name);
    let case = question.case.map(|id| find(measured, ingest, id)).transpose()?;
    let known = values.iter().any(|found| !found.value.is_null());
    let sort = if known { Sort::of(measured, findings, &question) } else { None };
    let roles = sort.as_ref().map_or(&[][..], Sort::roles);
    let all = &findings.mapping.roles;
    let inputs = all.iter().filter(|(role, _)| roles.is_empty() || roles.contains(&role.as_str()));
    let behind = sort.map(|sort| behind(measured, &sort, case, question.top, options));
    Ok(ExplainReport {
        log: Some(InLog {
            sources: ingest.sources.iter().map(|source| LogText::new(source.name.clone())).collect(),
            as_of: format_utc(measured.semantics.as_of_ms),
            filter: input::filter(ingest),
            inputs: inputs.map(|(role, found)| (role.clone(), found.clone())).collect(),
            unknown: reasons(findings, &values),
            values,
            behind,
            command: LogText::new(command),
        }),
        ..definition(question.definition)
    })
}

/// The reasons of the values that are unknown.
fn reasons(findings: &Findings, values: &[ValueFound]) -> BTreeMap<String, Unknown> {
    let unknown = values.iter().filter(|found| found.value == Value::Null);
    let pointers: Vec<&str> = unknown.map(|found| found.pointer.as_str()).collect();
    let covers = |reason: &str| {
        pointers.iter().any(|pointer| {
            let mut parts = pointer.split('/');
            reason.split('/').all(|part| parts.next().is_some_and(|own| part == "*" || part == own))
        })
    };
    let kept = findings.unknown.iter().filter(|(pointer, _)| covers(pointer));
    kept.map(|(pointer, reason)| (pointer.clone(), reason.clone())).collect()
}

/// What is counted for a number.
enum Sort<'a> {
    CycleTimes,
    FirstResolutions,
    Handoffs { ping_pong: bool },
    Reopens,
    Exceptions,
    InformationWaits,
    Escalations,
    Touches(Purpose),
    Visits(u32),
    Stays(u32, u32),
    Timers(Vec<&'a Timer>),
}

impl<'a> Sort<'a> {
    fn of(measured: &'a Measured, findings: &Findings, question: &Question) -> Option<Sort<'a>> {
        let timers = |chosen: fn(&Timer) -> bool| {
            let timers = measured.sla.as_ref()?.timers.iter().filter(|timer| chosen(timer));
            Some(Sort::Timers(timers.collect()))
        };
        match question.definition.paths.first()?.as_str() {
            "kpis.cycle_time_ms.wall" => Some(Sort::CycleTimes),
            "kpis.first_resolution_ms" => Some(Sort::FirstResolutions),
            "kpis.handoffs_per_case" | "kpis.reassignment_rate.of_cases" => Some(Sort::Handoffs { ping_pong: false }),
            "kpis.ping_pong_case_rate" | "handoffs.ping_pong.total" => Some(Sort::Handoffs { ping_pong: true }),
            "kpis.reopen_rate" => Some(Sort::Reopens),
            "kpis.exception_rate" | "kpis.exception_mttr_ms" => Some(Sort::Exceptions),
            "kpis.missing_information_mttr_ms" => Some(Sort::InformationWaits),
            "kpis.escalation_rate" => Some(Sort::Escalations),
            "kpis.status_chases_per_case" => Some(Sort::Touches(Purpose::Status)),
            "kpis.sla_breach_rate.stopped_or_past" => timers(|timer| timer.breached() == Some(true)),
            "kpis.near_breach.n" => {
                timers(|timer| timer.near && !matches!(timer.status(), Status::Cancelled | Status::Reset))
            }
            "buckets.A|B|C|D.touches" => question.name.split('.').find_map(purpose).map(Sort::Touches),
            path if path.starts_with("states[]") => {
                let state = selector(question.name, "states")?;
                let states = measured.semantics.states.iter();
                let place = states.clone().position(|found| found.name.eq_ignore_ascii_case(state))?;
                Some(Sort::Visits(u32::try_from(place).ok()?))
            }
            path if path.starts_with("choke_points[]") => {
                let lists = [("choke_points", &findings.choke_points), ("active_points", &findings.active_points)];
                lists.into_iter().find_map(|(name, points)| {
                    let id = selector(question.name, name)?;
                    stays(measured, points.iter().find(|point| point.id.eq_ignore_ascii_case(id))?)
                })
            }
            _ => None,
        }
    }

    /// The roles of the columns that it is found with.
    fn roles(&self) -> &'static [&'static str] {
        match self {
            Sort::CycleTimes
            | Sort::FirstResolutions
            | Sort::Reopens
            | Sort::Exceptions
            | Sort::InformationWaits
            | Sort::Visits(_) => &["activity", "case", "state", "time"],
            Sort::Handoffs { .. } => &["actor", "assignee", "case", "group", "time"],
            Sort::Escalations => &["activity", "case", "priority", "time"],
            Sort::Stays(..) => &["activity", "case", "group", "state", "time"],
            Sort::Touches(_) => {
                &["activity", "actor", "assignee", "case", "comment", "group", "priority", "state", "time"]
            }
            Sort::Timers(_) => &[],
        }
    }

    /// One of them, and several.
    fn what(&self) -> [&'static str; 2] {
        match self {
            Sort::CycleTimes => ["completed case", "completed cases"],
            Sort::FirstResolutions => ["first resolution", "first resolutions"],
            Sort::Handoffs { ping_pong: false } => ["handoff", "handoffs"],
            Sort::Handoffs { ping_pong: true } => ["ping-pong", "ping-pongs"],
            Sort::Reopens => ["reopen", "reopens"],
            Sort::Exceptions => ["exception", "exceptions"],
            Sort::InformationWaits => ["resumed wait for the requester", "resumed waits for the requester"],
            Sort::Escalations => ["escalation", "escalations"],
            Sort::Touches(_) => ["touch", "touches"],
            Sort::Visits(_) => ["visit", "visits"],
            Sort::Stays(..) => ["stay", "stays"],
            Sort::Timers(_) => ["timer", "timers"],
        }
    }
}

/// The purpose that a bucket stands for.
fn purpose(name: &str) -> Option<Purpose> {
    match name.to_uppercase().as_str() {
        "A" => Some(Purpose::Handoff),
        "B" => Some(Purpose::Status),
        "C" => Some(Purpose::Exception),
        "D" => Some(Purpose::Communication),
        _ => None,
    }
}

/// The stays of a choke point.
fn stays<'a>(measured: &Measured, point: &ChokePoint) -> Option<Sort<'a>> {
    let place = measured.semantics.states.iter().position(|state| state.name == point.state.raw())?;
    let groups = measured.log.group.as_ref().map(|groups| &groups.dictionary);
    let group = match &point.group {
        None => 0,
        Some(name) => groups?.iter().find(|(_, text)| *text == name.raw())?.0,
    };
    Some(Sort::Stays(u32::try_from(place).ok()?, group))
}

/// One thing that is counted: from an event, to an event if it is over and took time.
struct Item {
    from: usize,
    to: Option<usize>,
    takes_time: bool,
}

impl Item {
    fn at(from: usize) -> Item {
        Item { from, to: None, takes_time: false }
    }

    fn span(from: usize, to: Option<usize>) -> Item {
        Item { from, to, takes_time: true }
    }

    fn duration_ms(&self, events: &CaseEvents) -> Option<i64> {
        self.to.map(|to| events.time_ms[to] - events.time_ms[self.from])
    }
}

/// Reads cases and finds what is counted in them.
struct Finding<'a> {
    measured: &'a Measured,
    sort: &'a Sort<'a>,
    finder: Finder,
    handoffs: CaseHandoffs,
}

impl Finding<'_> {
    fn items(&mut self, case: usize, events: &CaseEvents) -> Vec<Item> {
        let semantics = &self.measured.semantics;
        let changed = |change: Change| {
            let marks = events.changes.iter().enumerate().filter(move |(_, own)| own.any(change));
            marks.map(|(at, _)| Item::at(at)).collect()
        };
        let entry = |visit: usize| events.visits[visit].from;
        match self.sort {
            Sort::CycleTimes => events.completion().map(|end| Item::span(0, Some(end))).into_iter().collect(),
            Sort::FirstResolutions => {
                let fact = &self.measured.swept.facts[case];
                let end = (fact.first_resolution_ms != NO_TIME)
                    .then(|| events.changes.iter().position(|change| change.any(Change::TERMINAL)))
                    .flatten();
                end.map(|end| Item::span(0, Some(end))).into_iter().collect()
            }
            Sort::Handoffs { ping_pong } => {
                let touches = self.finder.find(events, semantics);
                handoffs::find(events, semantics, touches, &mut self.handoffs);
                let wanted = self.handoffs.list.iter().filter(|handoff| handoff.ping_pong || !ping_pong);
                wanted.map(|handoff| Item::at(handoff.event)).collect()
            }
            Sort::Reopens => changed(Change::REOPENED),
            Sort::Escalations => changed(Change::ESCALATED),
            Sort::Exceptions => {
                let mut items = Vec::new();
                exceptions::each(events, |first, next| items.push(Item::span(entry(first), next.map(entry))));
                items
            }
            Sort::InformationWaits => {
                let mut items = Vec::new();
                exceptions::each_information_wait(events, |first, next| {
                    let resumed = next.filter(|&next| !events.visits[next].class.is_terminal());
                    items.extend(resumed.map(|next| Item::span(entry(first), Some(entry(next)))));
                });
                items
            }
            Sort::Touches(purpose) => {
                let touches = self.finder.find(events, semantics).iter();
                touches.filter(|touch| touch.purpose == *purpose).map(|touch| Item::at(touch.first)).collect()
            }
            Sort::Visits(state) => {
                let visits = events.visits.iter().filter(|visit| visit.state == *state);
                visits.map(|visit| Item::span(visit.from, Some(visit.to).filter(|&to| to < events.len()))).collect()
            }
            Sort::Stays(state, group) => {
                let cut = |&at: &usize| at == 0 || events.changes[at].any(Change::STATE.or(Change::GROUP));
                let cuts: Vec<usize> = (0..events.len()).filter(cut).collect();
                let ends = cuts.iter().skip(1).map(|&at| Some(at)).chain([None]);
                let own = |(from, _): &(&usize, _)| events.state[**from] == *state && events.group[**from] == *group;
                cuts.iter().zip(ends).filter(own).map(|(&from, to)| Item::span(from, to)).collect()
            }
            Sort::Timers(timers) => {
                let first = timers.partition_point(|timer| timer.case < case);
                let own = timers[first..].iter().take_while(|timer| timer.case == case);
                let at = |at_ms: i64| events.time_ms.partition_point(|&ms| ms < at_ms).min(events.len() - 1);
                own.map(|timer| Item::span(at(timer.started_ms), timer.ended_ms.map(at))).collect()
            }
        }
    }
}

/// Everything that is counted, and the cases to list.
fn behind(measured: &Measured, sort: &Sort, only: Option<usize>, top: usize, options: Options) -> Behind {
    let mut reader = Reader::new(&measured.log, &measured.semantics, measured.semantics.needs_proxy(&measured.log));
    let finder = Finder::new(&measured.semantics);
    let mut finding = Finding { measured, sort, finder, handoffs: CaseHandoffs::default() };
    let mut found =
        Behind { what: sort.what(), count: 0, finished: 0, total_ms: 0, cases: 0, of_cases: 0, listed: Vec::new() };
    let mut total_ms = 0_i128;
    // what each case took, how many it has, and its number
    let mut most: Vec<(Option<i64>, u64, usize)> = Vec::new();
    for case in 0..measured.log.cases() {
        let events = reader.load(case);
        let items = finding.items(case, &events);
        found.of_cases += 1;
        if items.is_empty() {
            continue;
        }
        found.cases += 1;
        found.count += items.len() as u64;
        found.finished += items.iter().filter(|item| item.to.is_some()).count() as u64;
        let takes_time = items.iter().any(|item| item.takes_time);
        let took_ms: i64 = items.iter().filter_map(|item| item.duration_ms(&events)).sum();
        total_ms += i128::from(took_ms);
        most.push((takes_time.then_some(took_ms), items.len() as u64, case));
    }
    found.total_ms = ms(total_ms);
    let id = |case: usize| measured.log.case_ids.id(case);
    most.sort_by(|a, b| (b.0, b.1).cmp(&(a.0, a.1)).then_with(|| id(a.2).cmp(id(b.2))));
    let chosen: Vec<(Option<i64>, u64, usize)> = match only {
        Some(only) => most.into_iter().filter(|(_, _, case)| *case == only).collect(),
        None => most.into_iter().take(top).collect(),
    };
    let mut names = Names::new(measured, options.people);
    for (total_ms, count, case) in chosen {
        let events = reader.load(case);
        let items = finding.items(case, &events);
        let listed = items.iter().map(|item| item_behind(measured, case, &events, item, &mut names));
        found.listed.push(CaseBehind { case: LogText::new(id(case)), count, total_ms, items: listed.collect() });
    }
    found
}

fn item_behind(measured: &Measured, case: usize, events: &CaseEvents, item: &Item, names: &mut Names) -> ItemBehind {
    let range = measured.log.range(case);
    let origin = |at: usize| measured.log.origins.as_ref().map(|origins| origins[range.start + at]);
    ItemBehind {
        at: format_utc(events.time_ms[item.from]),
        source: origin(item.from).map(Origin::source),
        line: origin(item.from).map(Origin::line),
        what: LogText::new(words(measured, events, item.from, names)),
        until: item.to.map(|to| format_utc(events.time_ms[to])),
        until_line: item.to.and_then(origin).map(Origin::line),
        duration_ms: item.duration_ms(events),
    }
}

/// An event in a few words: what was done, the state, and what changed of the owner.
fn words(measured: &Measured, events: &CaseEvents, at: usize, names: &mut Names) -> String {
    let text = |column: Option<&Column>, code: u32| {
        column.and_then(|column| column.dictionary.text(code)).unwrap_or("nobody").to_owned()
    };
    let state = |at: usize| flow::name(measured, events.state[at]).raw().to_owned();
    let before = at.checked_sub(1);
    let mut parts = Vec::new();
    if measured.log.state.is_some() && events.activity[at] != 0 {
        parts.push(text(measured.log.activity.as_ref(), events.activity[at]));
    }
    match before.map(state).filter(|before| *before != state(at)) {
        Some(before) => parts.push(format!("{before} → {}", state(at))),
        None => parts.push(state(at)),
    }
    let groups = measured.log.group.as_ref();
    if let Some(before) = before.filter(|_| events.changes[at].any(Change::GROUP)) {
        let [from, to] = [events.group[before], events.group[at]].map(|code| text(groups, code));
        parts.push(format!("{from} → {to}"));
    }
    if let Some(before) = before.filter(|_| events.changes[at].any(Change::PERSON)) {
        let mut person = |code| names.assignee(code).map_or_else(|| "nobody".to_owned(), |name| name.raw().to_owned());
        let (from, to) = (person(events.person[before]), person(events.person[at]));
        parts.push(format!("{from} → {to}"));
    }
    if measured.semantics.headline == Some(Headline::Actor) || parts.len() == 1 {
        parts.extend(names.actor(events.actor[at]).map(|actor| format!("by {}", actor.raw())));
    }
    parts.join(", ")
}
