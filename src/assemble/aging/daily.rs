//! The daily report: what changed since an instant, what is at risk, and who acts next.

use std::collections::BTreeMap;

use super::{Known, aging, is_long, open_cases, sources};
use crate::assemble::measure::Measured;
use crate::assemble::one_case::rank_found;
use crate::assemble::{Options, flow};
use crate::ingest::IngestReport;
use crate::log::LogText;
use crate::metrics::handoffs::{self, CaseHandoffs};
use crate::report::aging::{ActsNext, AgingItem, DAILY_SCHEMA, DailyReport, DoneCase, Moves, RiskItem, Waiting};
use crate::report::model::Tool;
use crate::states::touches::Finder;
use crate::states::{CaseEvents, Change, Reader};
use crate::time::format_utc;

/// Describes what happened after `since_ms`.
#[must_use]
pub fn daily(measured: &Measured, ingest: &IngestReport, since_ms: i64, options: Options) -> DailyReport {
    let mut report = DailyReport {
        schema: DAILY_SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        sources: sources(ingest),
        since: format_utc(since_ms),
        as_of: format_utc(measured.semantics.as_of_ms),
        open: [0, 0],
        arrived: Vec::new(),
        completed: Vec::new(),
        reopened: Vec::new(),
        handoffs: measured.semantics.headline.map(|_| 0),
        moves: Vec::new(),
        at_risk: Vec::new(),
        acts_next: Vec::new(),
    };
    changes(measured, since_ms, &mut report);
    let items = aging(measured, ingest, options).items;
    report.acts_next = waiting(&items);
    report.at_risk = at_risk(measured, items, since_ms, options.threads);
    report
}

/// What is different since the instant.
fn changes(measured: &Measured, since_ms: i64, report: &mut DailyReport) {
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
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
            report.completed.push(DoneCase { case: id(), duration_ms: fact.duration_ms() });
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

/// The cases whose age is long, and whether it was not yet so at the instant.
fn at_risk(measured: &Measured, items: Vec<AgingItem>, since_ms: i64, threads: usize) -> Vec<RiskItem> {
    let open: Vec<usize> = open_cases(measured).collect();
    let known = Known::collect(measured, &open, threads);
    let passed_ms = measured.semantics.as_of_ms - since_ms;
    let state_of: BTreeMap<&str, u32> =
        open.iter().map(|&case| (measured.log.case_ids.id(case), measured.swept.facts[case].last_state)).collect();
    let risk = |item: AgingItem| {
        let state = state_of.get(item.case.raw()).copied();
        let then = state.and_then(|state| known.ages.rank(state, item.age_ms - passed_ms));
        RiskItem { new: item.age_ms <= passed_ms || !is_long(then.map(rank_found)), item }
    };
    items.into_iter().filter(|item| is_long(item.rank)).map(risk).collect()
}

/// Who must act, most cases first.
fn waiting(items: &[AgingItem]) -> Vec<Waiting> {
    let mut by_party: BTreeMap<&ActsNext, Waiting> = BTreeMap::new();
    for item in items {
        let new = || Waiting { who: item.acts_next.clone(), cases: 0, at_risk: 0, oldest_ms: 0 };
        let waiting = by_party.entry(&item.acts_next).or_insert_with(new);
        waiting.cases += 1;
        waiting.at_risk += u64::from(is_long(item.rank));
        waiting.oldest_ms = waiting.oldest_ms.max(item.age_ms);
    }
    let mut waiting: Vec<Waiting> = by_party.into_values().collect();
    waiting.sort_by(|a, b| b.cases.cmp(&a.cases).then_with(|| a.who.cmp(&b.who)));
    waiting
}
