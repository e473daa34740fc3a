//! The key figures, over all cases and cut by segment, week and outcome.

use std::collections::BTreeMap;

use super::measure::Measured;
use super::{Reasons, share, shown};
use crate::log::{LogText, NO_TIME};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::cuts::{self, Cut, Dimension};
use crate::metrics::durations::{Durations, percentile_of_sorted};
use crate::report::model::{Clocked, KpiCut, Kpis, Mttr, PerCase, ReassignmentRate};

pub fn kpis(measured: &mut Measured, unknown: &mut Reasons) -> Kpis {
    let cases = measured.swept.facts.len() as u64;
    let count = |which: fn(&CaseFact) -> bool| measured.swept.facts.iter().filter(|fact| which(fact)).count() as u64;
    let (mut cycle, mut resolution) = (Durations::default(), Durations::default());
    for fact in &measured.swept.facts {
        if fact.completed {
            cycle.push(fact.duration_ms());
        }
        if fact.first_resolution_ms != NO_TIME {
            resolution.push(fact.first_resolution_ms - fact.first_ms);
        }
    }
    let has_owner = measured.semantics.headline.is_some();
    let reassigned = count(|fact| fact.handoffs > 0);
    let reopened = count(|fact| fact.reopens > 0);
    let with_exception = count(|fact| fact.exceptions > 0);
    let escalated = count(|fact| fact.escalated);
    let (assignments, ping_pong_cases) = (measured.swept.handoffs.assignments, measured.swept.handoffs.ping_pong.cases);
    if !has_owner {
        for pointer in ["handoffs_per_case", "reassignment_rate", "ping_pong_case_rate"] {
            unknown.add(format!("/kpis/{pointer}"), "no_owner", "no column names a group, an assignee or an actor");
        }
    }
    let has_terminal = measured.semantics.states.iter().any(|state| state.class.is_terminal());
    if !has_terminal {
        let message = "no state of the log is known to end a case; name one with `--set 'state.\"NAME\"=done'`";
        for pointer in ["cycle_time_ms/wall", "first_resolution_ms", "reopen_rate"] {
            unknown.add(format!("/kpis/{pointer}"), "no_terminal_state", message);
        }
    }
    let can_escalate = measured.semantics.priority_rank.iter().any(Option::is_some)
        || measured.semantics.kinds.contains(&crate::states::KindMeaning::Escalation);
    if !can_escalate {
        unknown.add(
            "/kpis/escalation_rate",
            "no_escalation_marks",
            "no ranked priority column and no event kind that names an escalation",
        );
    }
    let chases = measured.semantics.has_chase_kinds();
    if !chases {
        let message = if measured.log.marks.is_some() {
            "comments are marked but their text is not read in this version, and no event kind names a status check"
        } else if measured.log.actor.is_none() {
            "the log has no comments, no event kind that names a status check and no column that says who acted"
        } else {
            "the log has no comments and no event kind that names a status check; see buckets.B for an upper bound"
        };
        unknown.add("/kpis/status_chases_per_case", "no_chases_observed", message);
    }
    let per_case = has_owner.then(|| per_case(measured));
    let mttr = exception_mttr(measured);
    let information = information_mttr(measured);
    Kpis {
        cycle_time_ms: Clocked { wall: shown(cycle.quantiles()), business: None },
        first_resolution_ms: shown(resolution.quantiles()),
        handoffs_per_case: per_case,
        reassignment_rate: share(reassigned, cases).filter(|_| has_owner).map(|of_cases| ReassignmentRate {
            of_cases,
            per_assignment: share(measured.swept.facts.iter().map(|fact| u64::from(fact.handoffs)).sum(), assignments)
                .unwrap_or(0.0),
        }),
        ping_pong_case_rate: share(ping_pong_cases, cases).filter(|_| has_owner),
        reopen_rate: share(reopened, cases).filter(|_| has_terminal),
        status_chases_per_case: share(measured.swept.touches.status, cases).filter(|_| chases),
        exception_rate: share(with_exception, cases),
        exception_mttr_ms: Some(mttr),
        missing_information_mttr_ms: Some(information),
        escalation_rate: share(escalated, cases).filter(|_| can_escalate),
        sla_breach_rate: None,
        near_breach: None,
        push_to_front: None,
    }
}

fn per_case(measured: &Measured) -> PerCase {
    let mut counts: Vec<u64> = measured.swept.facts.iter().map(|fact| u64::from(fact.handoffs)).collect();
    counts.sort_unstable();
    PerCase {
        mean: share(counts.iter().sum(), counts.len() as u64).unwrap_or(0.0),
        p50: percentile_of_sorted(&counts, 50).unwrap_or(0.0),
        p90: percentile_of_sorted(&counts, 90).unwrap_or(0.0),
        max: counts.last().copied().unwrap_or(0),
    }
}

fn exception_mttr(measured: &mut Measured) -> Mttr {
    let exceptions = &mut measured.swept.exceptions;
    let p = exceptions.closed.percentiles(&[50, 90]);
    let ended = [
        ("resumed", exceptions.resumed),
        ("resolved_from_wait", exceptions.resolved_from_wait),
        ("cancelled", exceptions.cancelled),
    ];
    Mttr {
        n: exceptions.closed.len() as u64,
        mean: exceptions.closed.mean_ms(),
        p50: p[0],
        p90: p[1],
        open: exceptions.open,
        ended: ended.into_iter().map(|(end, count)| (end.to_owned(), count)).collect(),
    }
}

fn information_mttr(measured: &mut Measured) -> Mttr {
    let exceptions = &mut measured.swept.exceptions;
    let p = exceptions.information.percentiles(&[50, 90]);
    let n = exceptions.information.len() as u64;
    Mttr {
        n,
        mean: exceptions.information.mean_ms(),
        p50: p[0],
        p90: p[1],
        open: exceptions.information_open,
        ended: BTreeMap::from([("resumed".to_owned(), n)]),
    }
}

pub fn cuts(measured: &Measured, threads: usize) -> Vec<KpiCut> {
    let has_owner = measured.semantics.headline.is_some();
    let can_reopen = measured.semantics.states.iter().any(|state| state.class.is_terminal());
    let found = cuts::cuts(&measured.log, &measured.swept.facts, threads);
    found.into_iter().flat_map(|cut| rows_of(&cut, has_owner, can_reopen)).collect()
}

#[expect(clippy::cast_precision_loss, reason = "durations in ms below 2^53 are exact; longer ones are rounded")]
fn rows_of(cut: &Cut, has_owner: bool, can_reopen: bool) -> Vec<KpiCut> {
    let tally = &cut.tally;
    let dimension = match cut.dimension {
        Dimension::Segment => "segment",
        Dimension::Week => "week",
        Dimension::Outcome => "outcome",
    };
    let completed = tally.cycle.len() as u64;
    let duration = |ms: Option<i64>| ms.map(|ms| ms as f64);
    let of_cases = |part: u64| share(part, tally.cases);
    let rows = [
        ("cycle_time_ms.wall.p50", completed, duration(cut.cycle_p50_p90[0]), true),
        ("cycle_time_ms.wall.p90", completed, duration(cut.cycle_p50_p90[1]), true),
        ("handoffs_per_case.mean", tally.cases, of_cases(tally.handoffs), has_owner),
        ("reassignment_rate.of_cases", tally.cases, of_cases(tally.reassigned), has_owner),
        ("reopen_rate", tally.cases, of_cases(tally.reopened), can_reopen),
        ("exception_rate", tally.cases, of_cases(tally.with_exception), true),
    ];
    let key = LogText::new(cut.key.clone());
    let known = rows.into_iter().filter(|(_, _, _, known)| *known);
    known.map(|(kpi, n, value, _)| KpiCut { kpi, dimension, key: key.clone(), n, value }).collect()
}
