//! The daily report: what changed since an instant, what is at risk, and who acts next.

use std::collections::BTreeMap;

use super::{Known, aging, is_long, open_cases, sources};
use crate::assemble::measure::Measured;
use crate::assemble::one_case::rank_found;
use crate::assemble::sla::ServiceLevels;
use crate::assemble::sla::clock::{is_near, of_case};
use crate::assemble::{Options, flow, input};
use crate::ingest::IngestReport;
use crate::log::LogText;
use crate::metrics::clock::CaseClock;
use crate::metrics::handoffs::{self, CaseHandoffs};
use crate::metrics::sla::{Status, Timer};
use crate::report::aging::{
    ActsNext, AgingItem, DAILY_SCHEMA, DailyReport, DoneCase, Moves, NewBreach, RiskItem, Waiting,
};
use crate::report::clocks::Ranking;
use crate::report::model::Tool;
use crate::states::touches::Finder;
use crate::states::{CaseEvents, Change, Reader};
use crate::time::format_utc;

/// Describes what happened after `since_ms`.
#[must_use]
pub fn daily(
    measured: &Measured,
    ingest: &IngestReport,
    since_ms: i64,
    ranked_by: Ranking,
    options: Options,
) -> DailyReport {
    let mut report = DailyReport {
        schema: DAILY_SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        sources: sources(ingest),
        since: format_utc(since_ms),
        as_of: format_utc(measured.semantics.as_of_ms),
        filter: input::filter(ingest),
        ranked_by,
        open: [0, 0],
        arrived: Vec::new(),
        completed: Vec::new(),
        reopened: Vec::new(),
        handoffs: measured.semantics.headline.map(|_| 0),
        moves: Vec::new(),
        breaches: measured.sla.as_ref().map(|levels| breaches(measured, levels, since_ms)),
        at_risk: Vec::new(),
        acts_next: Vec::new(),
    };
    changes(measured, since_ms, &mut report);
    let items = aging(measured, ingest, ranked_by, options).items;
    let risks = risks(measured, &items, since_ms, ranked_by, options.threads);
    report.acts_next = waiting(&items, &risks);
    report.at_risk = at_risk(items, risks);
    report
}

/// Timers that went beyond their target after the instant.
fn breaches(measured: &Measured, levels: &ServiceLevels, since_ms: i64) -> Vec<NewBreach> {
    let counted = levels.timers.iter().filter(|timer| timer.breached() == Some(true));
    let new = counted.filter_map(|timer| Some((timer.breached_at_ms().filter(|at_ms| *at_ms > since_ms)?, timer)));
    let mut new: Vec<(i64, &str, &Timer)> =
        new.map(|(at_ms, timer)| (at_ms, measured.log.case_ids.id(timer.case), timer)).collect();
    new.sort_by_key(|(at_ms, case, timer)| (*at_ms, *case, timer.definition));
    let one = |(at_ms, case, timer): (i64, &str, &Timer)| NewBreach {
        case: LogText::new(case),
        sla: LogText::new(levels.plan.definitions[timer.definition].id.clone()),
        at: format_utc(at_ms),
        open: timer.ended_ms.is_none(),
    };
    new.into_iter().map(one).collect()
}

/// What is different since the instant.
fn changes(measured: &Measured, since_ms: i64, report: &mut DailyReport) {
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
    let mut clock = measured.clock.as_ref().map(|clock| CaseClock::new(clock, &measured.log));
    let mut finder = Finder::new(&measured.semantics);
    let mut found = CaseHandoffs::default();
    let mut moves: BTreeMap<(u32, u32), u64> = BTreeMap::new();
    for (case, fact) in measured.swept.facts.iter().enumerate() {
        report.open[1] += u64::from(!fact.completed);
        if fact.last_ms <= since_ms {
            report.open[0] += u64::from(!fact.completed);
            continue;
        }
        let id = || LogText::new(measured.log.case_ids.id(case));
        let events = &reader.load(case);
        report.open[0] += u64::from(was_open(events, since_ms));
        if fact.first_ms > since_ms {
            report.arrived.push(id());
        }
        if fact.completed && fact.end_ms > since_ms {
            let end = events.completion().unwrap_or(events.len() - 1);
            let times = clock.as_mut().and_then(|clock| clock.times(case, events, measured.semantics.as_of_ms));
            report.completed.push(DoneCase {
                case: id(),
                duration_ms: fact.duration_ms(),
                duration_business_ms: times.map(|times| times.time_ms[end]),
            });
        }
        let new = events.time_ms.partition_point(|&time_ms| time_ms <= since_ms);
        if events.changes[new..].iter().any(|change| change.any(Change::REOPENED)) {
            report.reopened.push(id());
        }
        for pair in events.visits.windows(2).filter(|pair| pair[1].from >= new) {
            *moves.entry((pair[0].state, pair[1].state)).or_default() += 1;
        }
        if let Some(handoffs) = &mut report.handoffs {
            let touches = finder.find(events, &measured.semantics);
            handoffs::find(events, &measured.semantics, touches, &mut found);
            *handoffs += found.list.iter().filter(|handoff| handoff.event >= new).count() as u64;
        }
    }
    report.arrived.sort();
    report.reopened.sort();
    report.completed.sort_by(|a, b| b.duration_ms.cmp(&a.duration_ms).then_with(|| a.case.cmp(&b.case)));
    let named = |((from, to), count)| Moves { from: flow::name(measured, from), to: flow::name(measured, to), count };
    report.moves = moves.into_iter().map(named).collect();
    report.moves.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
}

/// Whether a case had begun and was not in a terminal state at an instant.
fn was_open(events: &CaseEvents, at_ms: i64) -> bool {
    let before = events.time_ms.partition_point(|&time_ms| time_ms <= at_ms);
    before > 0 && !events.class[before - 1].is_terminal()
}

/// Why a case is at risk.
struct Risk {
    reasons: Vec<&'static str>,
    new: bool,
    /// Near breaches first, by the instant they are due, then new breaches, then ages.
    order: (u8, i64),
}

/// Per case whether it is at risk: a timer is near its breach or newly beyond its target, or its age is long.
fn risks(
    measured: &Measured,
    items: &[AgingItem],
    since_ms: i64,
    ranked_by: Ranking,
    threads: usize,
) -> Vec<Option<Risk>> {
    let open: Vec<usize> = open_cases(measured).collect();
    let known = Known::collect(measured, &open, ranked_by, threads);
    let ages_then = ages_at(measured, &open, since_ms, ranked_by);
    let numbers: BTreeMap<&str, usize> = open.iter().map(|&case| (measured.log.case_ids.id(case), case)).collect();
    let risk = |item: &AgingItem| {
        let case = numbers.get(item.case.raw()).copied();
        let timers = measured.sla.as_ref().zip(case).map_or_else(Vec::new, |(levels, case)| of_case(levels, case));
        let mut risk = timers_at_risk(&timers, since_ms);
        if is_long(item.rank) {
            let then = case.and_then(|case| {
                let age_ms = ages_then.get(&case)?;
                known.ages.rank(measured.swept.facts[case].last_state, *age_ms)
            });
            risk.new |= !is_long(then.map(rank_found));
            risk.reasons.push("age");
        }
        (!risk.reasons.is_empty()).then_some(risk)
    };
    items.iter().map(risk).collect()
}

/// By number of the open case: how long it had been in its present state at an instant; those that entered it later are
/// not there.
fn ages_at(measured: &Measured, open: &[usize], at_ms: i64, ranked_by: Ranking) -> BTreeMap<usize, i64> {
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
    let mut clock = measured.ranking_clock(ranked_by).map(|clock| (clock, CaseClock::new(clock, &measured.log)));
    let mut age = |&case: &usize| {
        let events = reader.load(case);
        let entry = events.visits.last()?.from;
        if events.time_ms[entry] >= at_ms {
            return None;
        }
        match &mut clock {
            None => Some((case, at_ms - events.time_ms[entry])),
            Some((clock, cases)) => {
                let times = cases.times(case, &events, measured.semantics.as_of_ms)?;
                Some((case, clock.at(&events, &times, at_ms)? - times.time_ms[entry]))
            }
        }
    };
    open.iter().filter_map(&mut age).collect()
}

/// What the timers of a case say about its risk.
fn timers_at_risk(timers: &[&Timer], since_ms: i64) -> Risk {
    let mut risk = Risk { reasons: Vec::new(), new: false, order: (2, 0) };
    let is_new = |at_ms: Option<i64>| at_ms.is_some_and(|at_ms| at_ms > since_ms);
    if let Some(first) = timers.iter().find(|timer| is_near(timer)) {
        risk.reasons.push("near_breach");
        risk.new = timers.iter().any(|timer| is_near(timer) && is_new(timer.near_at_ms));
        risk.order = (0, first.due_at_ms.unwrap_or(i64::MAX));
    }
    let breached = |timer: &&&Timer| timer.status() == Status::OpenPast && is_new(timer.due_at_ms);
    if let Some(first) = timers.iter().find(breached) {
        risk.reasons.push("breached");
        risk.new = true;
        risk.order = risk.order.min((1, first.due_at_ms.unwrap_or(i64::MAX)));
    }
    risk
}

/// The cases at risk, near breaches first.
fn at_risk(items: Vec<AgingItem>, risks: Vec<Option<Risk>>) -> Vec<RiskItem> {
    let mut found: Vec<(AgingItem, Risk)> =
        items.into_iter().zip(risks).filter_map(|(item, risk)| Some((item, risk?))).collect();
    found.sort_by_key(|(_, risk)| risk.order);
    found.into_iter().map(|(item, Risk { reasons, new, .. })| RiskItem { new, reasons, item }).collect()
}

/// Who must act, most cases first.
fn waiting(items: &[AgingItem], risks: &[Option<Risk>]) -> Vec<Waiting> {
    let mut by_party: BTreeMap<&ActsNext, Waiting> = BTreeMap::new();
    for (item, risk) in items.iter().zip(risks) {
        let new =
            || Waiting { who: item.acts_next.clone(), cases: 0, at_risk: 0, oldest_ms: 0, oldest_business_ms: None };
        let waiting = by_party.entry(&item.acts_next).or_insert_with(new);
        waiting.cases += 1;
        waiting.at_risk += u64::from(risk.is_some());
        waiting.oldest_ms = waiting.oldest_ms.max(item.age_ms);
        waiting.oldest_business_ms = waiting.oldest_business_ms.max(item.age_business_ms);
    }
    let mut waiting: Vec<Waiting> = by_party.into_values().collect();
    waiting.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.who.cmp(&b.who)));
    waiting
}
