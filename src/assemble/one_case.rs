//! One case of a measured log: its visits, handoffs, touches, events and ledger.
//!
//! Names of people are replaced by `person 1`, `person 2` in the order in which they appear, unless they may be
//! shown. Finding the case is done here as well; words and drawing belong to `report`.

mod said;

use super::measure::Measured;
use super::sla::clock;
use super::{Options, flow, input, ms};
use crate::counts::part_of;
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::log::text::shown;
use crate::log::{Column, LogText, MARK_COMMENT, Origin};
use crate::metrics::ages::{self, Ages};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::clock::{BusinessTimes, CaseClock};
use crate::metrics::exceptions;
use crate::metrics::handoffs::{self, CaseHandoffs, Handoff, Pickup};
use crate::metrics::ledger::{Cell, LedgerTally};
use crate::report::case::{
    CaseCounts, CaseReport, CellFound, EventFound, HandoffFound, HandoffsOfCase, RankFound, SCHEMA, TouchFound,
    VisitFound,
};
use crate::report::clocks::Ranking;
use crate::report::model::Tool;
use crate::states::touches::{Finder, Purpose, Touch};
use crate::states::{CaseEvents, Change, Headline, Reader, Visit};
use crate::time::format_utc;

/// Describes the case with an id. `ingest` should have kept the lines of events
/// ([`crate::ingest::Request::keep_lines`]).
///
/// # Errors
/// When the log has no such case.
pub fn one_case(
    measured: &Measured,
    ingest: &IngestReport,
    id: &str,
    ranked_by: Ranking,
    options: Options,
) -> Result<CaseReport> {
    let case = find(measured, ingest, id)?;
    let mut reader = Reader::new(&measured.log, &measured.semantics, true);
    let events = &reader.load(case);
    let mut clock = measured.clock.as_ref().map(|clock| CaseClock::new(clock, &measured.log));
    let times = clock.as_mut().and_then(|clock| clock.times(case, events, measured.semantics.as_of_ms));
    let case_found = &CaseOnClocks { measured, events, times, fact: &measured.swept.facts[case] };
    let mut finder = Finder::new(&measured.semantics);
    let touches = finder.find(events, &measured.semantics);
    let mut found = CaseHandoffs::default();
    handoffs::find(events, &measured.semantics, touches, &mut found);
    let mut names = Names::new(measured, options.people);
    let fact = case_found.fact;
    let levels = measured.sla.as_ref();
    // people are numbered as they appear, so the events come first
    let mut timeline = timeline(case_found, case, &mut names);
    said::explain(measured, ingest, events, case, &mut timeline);
    Ok(CaseReport {
        schema: SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        case: LogText::new(id),
        sources: ingest.sources.iter().map(|source| LogText::new(source.name.clone())).collect(),
        as_of: format_utc(measured.semantics.as_of_ms),
        filter: input::filter(ingest),
        status: status(measured, fact),
        first_event: format_utc(fact.first_ms),
        last_event: format_utc(fact.last_ms),
        completed: fact.completed.then(|| format_utc(fact.end_ms)),
        ranked_by,
        duration_ms: fact.duration_ms(),
        duration_business_ms: case_found.duration_business_ms(),
        rank: rank_of_case(case_found, case, ranked_by, options.threads),
        counts: counts(measured, fact, events),
        visits: visits(case_found, ranked_by, options.threads),
        handoffs: HandoffsOfCase {
            definition: measured.semantics.headline.map(Headline::as_str),
            list: found.list.iter().map(|handoff| handoff_found(case_found, handoff, &mut names)).collect(),
        },
        timers: levels.map(|levels| clock::traced(levels, &measured.log, &measured.semantics, case, events)),
        touches: touches.iter().map(|touch| touch_found(events, touch, &mut names)).collect(),
        events: timeline,
        ledger: ledger(case_found, &found, ranked_by),
    })
}

/// A case with its instants on the business clock, if it has one.
struct CaseOnClocks<'a> {
    measured: &'a Measured,
    events: &'a CaseEvents<'a>,
    times: Option<BusinessTimes<'a>>,
    fact: &'a CaseFact,
}

impl CaseOnClocks<'_> {
    /// Working time from one event to another, or to `as_of` where there is no other; ms.
    fn between(&self, from: usize, to: usize) -> Option<i64> {
        let times = self.times?;
        Some(times.time_ms.get(to).copied().unwrap_or(times.as_of_ms) - times.time_ms[from])
    }

    /// Working time up to the completion, or to `as_of`; ms.
    fn duration_business_ms(&self) -> Option<i64> {
        self.between(0, self.events.completion().unwrap_or(self.events.len()))
    }
}

/// The number of the case with an id.
pub(super) fn find(measured: &Measured, ingest: &IngestReport, id: &str) -> Result<usize> {
    let ids = &measured.log.case_ids;
    if let Some(case) = (0..ids.len()).find(|&case| ids.id(case) == id) {
        return Ok(case);
    }
    let problem = match &ingest.chosen {
        None => Problem::input(format!("the log has no case `{}`", shown(id))),
        Some(chosen) => Problem::input(format!("no case `{}` is among those that the filter keeps", shown(id)))
            .note(format!("it leaves out {}", part_of(chosen.cases_left_out, chosen.cases + chosen.cases_left_out, "case", "cases")))
            .hint("leave `--where`, `--arrived-from` and `--arrived-to` out, and `[filter]` of wcaf.toml, to look among all"),
    };
    let near = near(measured, id);
    if near.is_empty() {
        let first: Vec<String> = (0..ids.len()).take(3).map(|case| format!("`{}`", shown(ids.id(case)))).collect();
        return Err(problem.hint(format!("ids are taken as they are written, such as {}", first.join(", "))));
    }
    Err(problem.hint(format!("did you mean {}?", near.join(" or "))))
}

/// Up to three ids that differ in case, spaces or leading zeros, or contain the one asked for.
fn near(measured: &Measured, id: &str) -> Vec<String> {
    let ids = &measured.log.case_ids;
    let bare = |id: &str| id.trim().trim_start_matches(['0', '#']).to_lowercase();
    let wanted = bare(id);
    let all = || (0..ids.len()).map(|case| ids.id(case));
    let same = all().filter(|id| bare(id) == wanted);
    let holding = all().filter(|id| wanted.len() >= 3 && id.to_lowercase().contains(&wanted) && bare(id) != wanted);
    same.chain(holding).take(3).map(|id| format!("`{}`", shown(id))).collect()
}

fn status(measured: &Measured, fact: &CaseFact) -> &'static str {
    match (fact.completed, fact.cancelled) {
        (true, true) => "cancelled",
        (true, false) => "completed",
        (false, _) if measured.is_stale(fact) => "stale",
        (false, _) => "open",
    }
}

/// How long a case took, among all other completed ones.
fn rank_of_case(found: &CaseOnClocks, case: usize, ranked_by: Ranking, threads: usize) -> Option<RankFound> {
    let measured = found.measured;
    let all: Vec<(usize, i64)> = if let Some(clock) = measured.ranking_clock(ranked_by) {
        ages::business_cycle_times(&measured.log, &measured.semantics, clock, threads)
    } else {
        let facts = measured.swept.facts.iter().enumerate();
        facts.filter(|(_, fact)| fact.completed).map(|(other, fact)| (other, fact.duration_ms())).collect()
    };
    let mut others: Vec<i64> = all.into_iter().filter(|(other, _)| *other != case).map(|(_, ms)| ms).collect();
    others.sort_unstable();
    let duration_ms = ranked_by.of(found.fact.duration_ms(), found.duration_business_ms())?;
    ages::rank(&others, duration_ms).map(rank_found)
}

/// A rank as reports show it.
pub(super) fn rank_found(rank: ages::Rank) -> RankFound {
    RankFound { share: rank.share, of: rank.of }
}

fn counts(measured: &Measured, fact: &CaseFact, events: &CaseEvents) -> CaseCounts {
    CaseCounts {
        events: events.len() as u64,
        touches: measured.log.actor.is_some().then_some(u64::from(fact.touches)),
        handoffs: measured.semantics.headline.map(|_| u64::from(fact.handoffs)),
        ping_pongs: u64::from(fact.ping_pongs),
        exceptions: u64::from(exceptions::add(&mut exceptions::ExceptionTally::default(), events)),
        reopens: u64::from(fact.reopens),
    }
}

fn visits(case: &CaseOnClocks, ranked_by: Ranking, threads: usize) -> Vec<VisitFound> {
    let (measured, events) = (case.measured, case.events);
    let mut wanted = vec![false; measured.semantics.states.len()];
    events.visits.iter().for_each(|visit| wanted[visit.state as usize] = true);
    let ages = Ages::collect(&measured.log, &measured.semantics, measured.ranking_clock(ranked_by), &wanted, threads);
    let found = |visit: &Visit| {
        let entered_ms = events.time_ms[visit.from];
        let left_ms = events.time_ms.get(visit.to).copied();
        let duration_ms = left_ms.unwrap_or(measured.semantics.as_of_ms) - entered_ms;
        let duration_business_ms = case.between(visit.from, visit.to);
        let is_end = visit.class.is_terminal() && left_ms.is_none();
        VisitFound {
            state: flow::name(measured, visit.state),
            class: visit.class.as_str(),
            group: text(measured.log.group.as_ref(), events.group[visit.from]),
            entered: format_utc(entered_ms),
            left: left_ms.map(format_utc),
            duration_ms,
            duration_business_ms,
            rank: ranked_by
                .of(duration_ms, duration_business_ms)
                .filter(|_| !is_end)
                .and_then(|age_ms| ages.rank(visit.state, age_ms))
                .map(rank_found),
        }
    };
    events.visits.iter().map(found).collect()
}

fn handoff_found(case: &CaseOnClocks, handoff: &Handoff, names: &mut Names) -> HandoffFound {
    let (measured, events) = (case.measured, case.events);
    let mut owner = |code| match measured.semantics.headline {
        Some(Headline::Group | Headline::GroupOrUnassigned) => text(measured.log.group.as_ref(), code),
        Some(Headline::Person) => names.assignee(code),
        Some(Headline::Actor) => names.actor(code),
        None => None,
    };
    let (from, to) = (owner(handoff.from), owner(handoff.to));
    let at = events.time_ms[handoff.event];
    let (pickup, pickup_ms, pickup_business_ms) = match handoff.pickup {
        Pickup::Picked(event) => ("picked_up", Some(events.time_ms[event] - at), case.between(handoff.event, event)),
        Pickup::SelfAssigned => ("self_assigned", Some(0), case.times.map(|_| 0)),
        Pickup::PassedOn(_) => ("passed_on", None, None),
        Pickup::Unknown => ("unknown", None, None),
    };
    let Handoff { ping_pong, is_return, .. } = *handoff;
    HandoffFound { at: format_utc(at), from, to, ping_pong, is_return, pickup, pickup_ms, pickup_business_ms }
}

fn touch_found(events: &CaseEvents, touch: &Touch, names: &mut Names) -> TouchFound {
    let bucket = match touch.purpose {
        Purpose::Exception => "C",
        Purpose::Handoff => "A",
        Purpose::Status => "B",
        Purpose::Communication => "D",
        Purpose::Work => "work",
    };
    let actor = names.actor(touch.actor).unwrap_or_default();
    TouchFound { at: format_utc(events.time_ms[touch.first]), actor, bucket }
}

fn timeline(found: &CaseOnClocks, case: usize, names: &mut Names) -> Vec<EventFound> {
    let (measured, events) = (found.measured, found.events);
    let log = &measured.log;
    let range = log.range(case);
    let row = |i: usize| {
        let origin = log.origins.as_ref().map(|origins| origins[range.start + i]);
        let comments = log.marks.as_ref().is_some_and(|marks| marks[range.start + i] & MARK_COMMENT != 0);
        let changed = [
            (Change::STATE, "state"),
            (Change::GROUP, "group"),
            (Change::PERSON, "assignee"),
            (Change::REOPENED, "reopened"),
            (Change::ESCALATED, "escalated"),
        ];
        let changes = changed.into_iter().filter(|(what, _)| events.changes[i].any(*what)).map(|(_, name)| name);
        EventFound {
            at: format_utc(events.time_ms[i]),
            since_ms: (i > 0).then(|| events.time_ms[i] - events.time_ms[i - 1]),
            since_business_ms: if i > 0 { found.between(i - 1, i) } else { None },
            source: origin.map(Origin::source),
            line: origin.map(Origin::line),
            activity: text(log.activity.as_ref(), events.activity[i]),
            actor: names.actor(events.actor[i]),
            bot: measured.semantics.bots.get(events.actor[i] as usize).copied().unwrap_or(false),
            state: flow::name(measured, events.state[i]),
            group: text(log.group.as_ref(), events.group[i]),
            assignee: names.assignee(events.person[i]),
            changes: changes.chain(comments.then_some("comment")).collect(),
            said: Vec::new(),
        }
    };
    (0..events.len()).map(row).collect()
}

fn ledger(case: &CaseOnClocks, handoffs: &CaseHandoffs, ranked_by: Ranking) -> Vec<CellFound> {
    let measured = case.measured;
    let mut tally = LedgerTally::new(&measured.semantics);
    tally.add(case.events, handoffs, case.fact.end_ms);
    let total = tally.total_ms;
    let in_hours = case.times.zip(case.duration_business_ms()).map(|(times, end_ms)| {
        let mut tally = LedgerTally::new(&measured.semantics);
        tally.add(&CaseEvents { time_ms: times.time_ms, ..*case.events }, handoffs, end_ms);
        tally.cells(&measured.semantics)
    });
    let in_hours_ms = |cell: &Cell| {
        let same = |within: &&Cell| Cell { duration_ms: cell.duration_ms, ..**within } == *cell;
        in_hours.as_ref().map(|cells| cells.iter().find(same).map_or(0, |within| ms(within.duration_ms)))
    };
    let cells = tally.cells(&measured.semantics).into_iter().map(|cell| CellFound {
        state: flow::name(measured, cell.state),
        class: if cell.reopened_gap { "reopened_gap" } else { measured.semantics.class(cell.state).as_str() },
        waiting_on: flow::waiting_on(cell.waiting_on),
        bucket: flow::cell_bucket(cell.bucket),
        duration_ms: ms(cell.duration_ms),
        in_hours_ms: in_hours_ms(&cell),
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        share: cell.duration_ms as f64 / total.max(1) as f64,
    });
    let mut cells: Vec<CellFound> = cells.collect();
    cells.sort_by_key(|cell| std::cmp::Reverse(ranked_by.of(cell.duration_ms, cell.in_hours_ms)));
    cells
}

/// The text of a code; `None` where nothing is known.
fn text(column: Option<&Column>, code: u32) -> Option<LogText> {
    column?.dictionary.text(code).map(LogText::new)
}

/// Names of people, or what stands for them.
pub(super) struct Names<'a> {
    measured: &'a Measured,
    people: bool,
    known: Vec<&'a str>,
}

impl<'a> Names<'a> {
    /// Names for one report.
    pub(super) fn new(measured: &'a Measured, people: bool) -> Self {
        Names { measured, people, known: Vec::new() }
    }

    /// Who acted.
    pub(super) fn actor(&mut self, code: u32) -> Option<LogText> {
        let bot = self.measured.bots.iter().find(|bot| bot.actor == code);
        let name = self.measured.log.actor.as_ref()?.dictionary.text(code)?;
        if bot.is_some_and(|bot| bot.surely) { Some(LogText::new(name)) } else { Some(self.person(name)) }
    }

    /// Who holds a case.
    pub(super) fn assignee(&mut self, code: u32) -> Option<LogText> {
        let name = self.measured.log.assignee.as_ref()?.dictionary.text(code)?;
        Some(self.person(name))
    }

    fn person(&mut self, name: &'a str) -> LogText {
        if self.people {
            return LogText::new(name);
        }
        let place = self.known.iter().position(|known| *known == name).unwrap_or_else(|| {
            self.known.push(name);
            self.known.len() - 1
        });
        LogText::new(format!("person {}", place + 1))
    }
}
