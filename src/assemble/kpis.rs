//! The key figures, over all cases and cut by segment, week and outcome.

use std::collections::BTreeMap;

use super::comments::why_unread;
use super::measure::Measured;
use super::{Reasons, share, shown, sla};
use crate::log::LogText;
use crate::metrics::business::BusinessTally;
use crate::metrics::cuts::{Cut, Dimension};
use crate::metrics::durations::{Durations, quantiles};
use crate::metrics::histogram::Histogram;
use crate::report::model::{Bucket, Buckets, Clocked, KpiCut, Kpis, Mttr, PerCase, ReassignmentRate};

pub fn kpis(measured: &Measured, unknown: &mut Reasons) -> Kpis {
    let totals = &measured.swept.totals;
    let cases = totals.cases;
    let has_owner = measured.semantics.headline.is_some();
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
    // without a state nothing can be seen to wait, and a rate of 0 would claim to have looked
    let has_states = measured.semantics.states.len() > 1;
    if !has_states {
        let message = "no state is known; name its column with `--state COLUMN` or `--activity COLUMN`";
        unknown.add("/kpis/exception_rate", "no_states", message);
    }
    let can_escalate = measured.semantics.priority_rank.iter().any(Option::is_some)
        || measured.semantics.kinds.contains(&crate::states::KindMeaning::Escalation)
        || measured.semantics.voices.is_some();
    if !can_escalate {
        unknown.add(
            "/kpis/escalation_rate",
            "no_escalation_marks",
            "no ranked priority column, no event kind that names an escalation and no comment that is read",
        );
    }
    let chases = measured.semantics.sees_chases();
    if !chases {
        let message = if measured.log.marks.is_some() {
            &format!("no event kind names a status check, and {}", why_unread(measured))
        } else if measured.log.actor.is_none() {
            "the log has no comments, no event kind that names a status check and no column that says who acted"
        } else {
            "the log has no comments and no event kind that names a status check; see buckets.B for an upper bound"
        };
        unknown.add("/kpis/status_chases_per_case", "no_chases_observed", message);
    }
    let levels = measured.sla.as_ref();
    let per_case = has_owner.then(|| per_case(&totals.handoffs, cases));
    let mttr = exception_mttr(measured);
    let information = information_mttr(measured);
    let business = measured.swept.business.as_ref();
    let on_business = |of: fn(&BusinessTally) -> &Durations| business.map(|tally| shown(quantiles(&[of(tally)])));
    Kpis {
        cycle_time_ms: Clocked {
            wall: shown(quantiles(&[&totals.cycle])),
            business: on_business(|tally| &tally.totals.cycle),
        },
        first_resolution_ms: shown(quantiles(&[&totals.first_resolution])),
        first_resolution_business_ms: on_business(|tally| &tally.totals.first_resolution),
        handoffs_per_case: per_case,
        reassignment_rate: share(totals.reassigned, cases).filter(|_| has_owner).map(|of_cases| ReassignmentRate {
            of_cases,
            per_assignment: share(totals.handoffs.sum(), assignments).unwrap_or(0.0),
        }),
        ping_pong_case_rate: share(ping_pong_cases, cases).filter(|_| has_owner),
        reopen_rate: share(totals.reopened, cases).filter(|_| has_terminal),
        status_chases_per_case: share(measured.swept.touches.status, cases).filter(|_| chases),
        exception_rate: share(totals.with_exception, cases).filter(|_| has_states),
        exception_mttr_ms: Some(mttr),
        exception_mttr_business_ms: on_business(|tally| &tally.exceptions.closed),
        missing_information_mttr_ms: Some(information),
        missing_information_mttr_business_ms: on_business(|tally| &tally.exceptions.information),
        escalation_rate: share(totals.escalated, cases).filter(|_| can_escalate),
        sla_breach_rate: levels.map(|levels| sla::breach_rate(levels.timers.iter())),
        near_breach: levels.map(|levels| sla::near_breach(levels.timers.iter())),
        push_to_front: None,
    }
}

/// What cases have of something, each.
pub(super) fn per_case(found: &Histogram, cases: u64) -> PerCase {
    PerCase {
        mean: share(found.sum(), cases).unwrap_or(0.0),
        p50: found.percentile(50),
        p90: found.percentile(90),
        max: found.max(),
    }
}

fn exception_mttr(measured: &Measured) -> Mttr {
    let exceptions = &measured.swept.exceptions;
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

fn information_mttr(measured: &Measured) -> Mttr {
    let exceptions = &measured.swept.exceptions;
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

pub fn cuts(measured: &Measured, kpis: &Kpis, buckets: &Buckets, threads: usize) -> Vec<KpiCut> {
    let has_owner = measured.semantics.headline.is_some();
    let can_reopen = measured.semantics.states.iter().any(|state| state.class.is_terminal());
    let found = measured.swept.cuts.cuts(&measured.log, threads);
    let business = measured.swept.business.as_ref().map(|tally| tally.cuts.cuts(&measured.log, threads));
    let business: BTreeMap<(Dimension, String), Cut> =
        business.into_iter().flatten().map(|cut| ((cut.dimension, cut.key.clone()), cut)).collect();
    let rows = found.into_iter().flat_map(|cut| {
        let clocked = business.get(&(cut.dimension, cut.key.clone()));
        rows_of(&cut, clocked, (has_owner, can_reopen), (kpis, buckets))
    });
    rows.collect()
}

#[expect(clippy::cast_precision_loss, reason = "durations in ms below 2^53 are exact; longer ones are rounded")]
fn rows_of(
    cut: &Cut,
    clocked: Option<&Cut>,
    (has_owner, can_reopen): (bool, bool),
    (kpis, buckets): (&Kpis, &Buckets),
) -> Vec<KpiCut> {
    let dimension = match cut.dimension {
        Dimension::Segment => "segment",
        Dimension::Week => "week",
        Dimension::Outcome => "outcome",
    };
    let duration = |ms: Option<i64>| ms.map(|ms| ms as f64);
    let business = |at: usize| clocked.and_then(|cut| duration(cut.cycle_p50_p90[at]));
    let completed = clocked.map_or(0, |cut| cut.completed);
    let of_cases = |part: u64| share(part, cut.cases);
    let ratio = |part: i128, whole: i128| (whole > 0).then(|| part as f64 / whole as f64);
    let seen = |bucket: &Bucket| bucket.touches.is_some() && !bucket.proxy;
    let rows = [
        ("cycle_time_ms.wall.p50", cut.completed, duration(cut.cycle_p50_p90[0]), true),
        ("cycle_time_ms.wall.p90", cut.completed, duration(cut.cycle_p50_p90[1]), true),
        ("cycle_time_ms.business.p50", completed, business(0), clocked.is_some()),
        ("cycle_time_ms.business.p90", completed, business(1), clocked.is_some()),
        ("handoffs_per_case.mean", cut.cases, of_cases(cut.handoffs), has_owner),
        ("reassignment_rate.of_cases", cut.cases, of_cases(cut.reassigned), has_owner),
        ("reopen_rate", cut.cases, of_cases(cut.reopened), can_reopen),
        ("exception_rate", cut.cases, of_cases(cut.with_exception), kpis.exception_rate.is_some()),
        (
            "exception_mttr_ms.mean",
            cut.parts.exceptions,
            ratio(cut.parts.exceptions_ms, i128::from(cut.parts.exceptions)),
            true,
        ),
        ("waiting_share", cut.cases, ratio(cut.parts.waiting_ms, cut.parts.time_ms), kpis.exception_rate.is_some()),
        ("escalation_rate", cut.cases, of_cases(cut.escalated), kpis.escalation_rate.is_some()),
        ("status_chases_per_case", cut.cases, of_cases(cut.parts.touches[1]), kpis.status_chases_per_case.is_some()),
        ("buckets.A.touches_per_case", cut.cases, of_cases(cut.parts.touches[0]), seen(&buckets.a)),
        ("buckets.B.touches_per_case", cut.cases, of_cases(cut.parts.touches[1]), seen(&buckets.b)),
        ("buckets.C.touches_per_case", cut.cases, of_cases(cut.parts.touches[2]), seen(&buckets.c)),
        ("buckets.D.touches_per_case", cut.cases, of_cases(cut.parts.touches[3]), seen(&buckets.d)),
    ];
    let key = LogText::new(cut.key.clone());
    let known = rows.into_iter().filter(|(_, _, _, known)| *known);
    known.map(|(kpi, n, value, _)| KpiCut { kpi, dimension, key: key.clone(), n, value }).collect()
}
