//! The seven key figures, exceptions and the five questions.

use crate::report::clocks::Shown;
use crate::report::documents::cited::{guessed, topic};
use crate::report::format::{count, decimal, duration_or_unknown, percent, plural, working_or_unknown};
use crate::report::model::{Findings, Kpis, Mttr, Quantiles, StateFound};
use crate::report::page::Page;
use crate::report::visible::{clip, plain, visible};

/// Columns of the labels of this section.
const LABEL: usize = 22;

pub(super) fn kpis(page: &mut Page, findings: &Findings) {
    page.heading("key-figures", "The seven key figures");
    let kpis = &findings.kpis;
    cycle_time(page, findings);
    page.labelled("2 Time in state", LABEL, &time_in_state(&findings.states));
    handoffs(page, findings);
    let chases = page.or_unknown(kpis.status_chases_per_case, "/kpis/status_chases_per_case", |rate| {
        format!("{} per case", decimal(rate, 2))
    });
    page.labelled("5 Status chases", LABEL, &chases);
    exception_line(page, findings);
    sla(page, kpis);
    let reopened =
        page.or_unknown(kpis.reopen_rate, "/kpis/reopen_rate", |rate| format!("{} of cases reopen", percent(rate)));
    let escalated =
        page.or_unknown(kpis.escalation_rate, "/kpis/escalation_rate", |rate| format!("{} of cases", percent(rate)));
    page.labelled("Beside them", LABEL, &format!("{reopened}; escalated: {escalated}"));
    let front = page.or_unknown(kpis.push_to_front, "/kpis/push_to_front", percent);
    page.labelled("", LABEL, &format!("resolved by the first tier: {front}"));
    page.end_notes();
    if !findings.kpi_cuts.is_empty() {
        page.faint("By segment, week and outcome: table kpi_cuts.");
    }
}

fn cycle_time(page: &mut Page, findings: &Findings) {
    let kpis = &findings.kpis;
    let clocks = page.clocks(findings.clocks.business.is_some());
    let wall = &kpis.cycle_time_ms.wall;
    let business =
        page.or_unknown(kpis.cycle_time_ms.business.as_ref(), "/kpis/cycle_time_ms/business", working_quantiles);
    let resolved_business = kpis.first_resolution_business_ms.as_ref().map(working_quantiles);
    if !clocks.wall() {
        page.labelled("1 Cycle time, work", LABEL, &business);
        page.labelled("  to first resolution", LABEL, &resolved_business.unwrap_or_default());
        return;
    }
    page.labelled("1 Cycle time, wall", LABEL, &quantiles(wall));
    if wall.n > 0 {
        let reach = format!("mean {}, largest {}", duration_or_unknown(wall.mean), duration_or_unknown(wall.max));
        page.labelled("", LABEL, &format!("{reach}, {}", plural(wall.n, "case", "cases")));
    }
    if clocks.both() || !clocks.has_business {
        page.labelled("  in working hours", LABEL, &business);
    }
    page.labelled("  to first resolution", LABEL, &quantiles(&kpis.first_resolution_ms));
    if let Some(resolved) = resolved_business.filter(|_| clocks.both()) {
        page.labelled("  in working hours", LABEL, &resolved);
    }
}

/// `p50 15.0 h · p90 14.9 d · p95 27.8 d · p99 115 d`.
fn quantiles(found: &Quantiles) -> String {
    percentiles(found, duration_or_unknown)
}

/// The same of working time.
fn working_quantiles(found: &Quantiles) -> String {
    percentiles(found, working_or_unknown)
}

fn percentiles(found: &Quantiles, show: fn(Option<i64>) -> String) -> String {
    if found.n == 0 {
        return "– (no value)".to_owned();
    }
    let parts = [("p50", found.p50), ("p90", found.p90), ("p95", found.p95), ("p99", found.p99)];
    let shown: Vec<String> = parts.iter().map(|(name, ms)| format!("{name}\u{a0}{}", show(*ms))).collect();
    shown.join(" · ")
}

fn is_wait(class: &str) -> bool {
    class == "blocked" || class.starts_with("waiting_")
}

fn time_in_state(states: &[StateFound]) -> String {
    let timed = || states.iter().filter(|state| state.share.is_some());
    let Some(largest) = timed().max_by_key(|state| state.total_ms) else { return "–".to_owned() };
    let waits: f64 = timed().filter(|state| is_wait(&state.class)).filter_map(|state| state.share).sum();
    let name = clip(&visible(&largest.state), 40, "…");
    let share = largest.share.map_or_else(|| "–".to_owned(), percent);
    format!("{} blocked or waiting on others; most in \"{name}\" ({share})", percent(waits))
}

fn handoffs(page: &mut Page, findings: &Findings) {
    let kpis = &findings.kpis;
    let definition = findings.handoffs.definition.unwrap_or("no owner in the log");
    let per_case = page.or_unknown(kpis.handoffs_per_case.as_ref(), "/kpis/handoffs_per_case", |found| {
        format!(
            "mean {} · p50 {} · p90 {} · largest {} (changes of {definition})",
            decimal(found.mean, 2),
            decimal(found.p50, 0),
            decimal(found.p90, 0),
            count(found.max),
        )
    });
    page.labelled("3 Handoffs per case", LABEL, &per_case);
    let rate = page.or_unknown(kpis.reassignment_rate.as_ref(), "/kpis/reassignment_rate", |found| {
        format!("{} of cases, {} per assignment", percent(found.of_cases), decimal(found.per_assignment, 2))
    });
    let bounced = page.or_unknown(kpis.ping_pong_case_rate, "/kpis/ping_pong_case_rate", |rate| {
        format!("{} of cases", percent(rate))
    });
    page.labelled("4 Reassignment rate", LABEL, &format!("{rate}; ping-pong in {bounced}"));
}

fn exception_line(page: &mut Page, findings: &Findings) {
    let kpis = &findings.kpis;
    let clocks = page.clocks(findings.clocks.business.is_some());
    let business = kpis.exception_mttr_business_ms.as_ref();
    let rate =
        page.or_unknown(kpis.exception_rate, "/kpis/exception_rate", |rate| format!("{} of cases", percent(rate)));
    let mttr = page.or_unknown(kpis.exception_mttr_ms.as_ref(), "/kpis/exception_mttr_ms", |found| {
        let business = [("p50", business.and_then(|found| found.p50)), ("p90", business.and_then(|found| found.p90))];
        let said = clocks.said(&[("p50", found.p50), ("p90", found.p90)], &business, " · ");
        format!("time to repair {said}")
    });
    page.labelled("6 Exceptions", LABEL, &format!("{rate}; {mttr}"));
}

fn sla(page: &mut Page, kpis: &Kpis) {
    let breached = page.or_unknown(kpis.sla_breach_rate.as_ref(), "/kpis/sla_breach_rate", |rate| {
        let closed = rate.closed_only.map_or_else(|| "–".to_owned(), percent);
        let all = rate.stopped_or_past.map_or_else(|| "–".to_owned(), percent);
        format!("{all} of those stopped or past, {closed} of those stopped")
    });
    let near = page.or_unknown(kpis.near_breach.as_ref(), "/kpis/near_breach", |found| {
        format!("{}, of them {} with an intervention", count(found.n), count(found.interventions))
    });
    page.labelled("7 SLA", LABEL, &format!("breached {breached}; near breaches {near}"));
}

pub(super) fn exceptions(page: &mut Page, findings: &Findings) {
    page.heading("exceptions", "Exceptions: blocked, waiting for others, reopened");
    let kpis = &findings.kpis;
    let clocks = page.clocks(findings.clocks.business.is_some());
    let all = page.or_unknown(kpis.exception_mttr_ms.as_ref(), "/kpis/exception_mttr_ms", |found| {
        mttr(found, kpis.exception_mttr_business_ms.as_ref(), clocks)
    });
    page.labelled("All", LABEL, &all);
    let missing =
        page.or_unknown(kpis.missing_information_mttr_ms.as_ref(), "/kpis/missing_information_mttr_ms", |found| {
            mttr(found, kpis.missing_information_mttr_business_ms.as_ref(), clocks)
        });
    page.labelled("Missing information", LABEL, &missing);
    page.faint(clocks.legend());
    page.end_notes();
}

fn mttr(found: &Mttr, business: Option<&Quantiles>, clocks: Shown) -> String {
    let ended: Vec<String> = found
        .ended
        .iter()
        .filter(|(_, number)| **number > 0)
        .map(|(how, number)| format!("{} {}", count(*number), plain(&how.replace('_', " "))))
        .collect();
    let ended = if ended.is_empty() { String::new() } else { format!("; ended: {}", ended.join(", ")) };
    let wall = [("mean", found.mean), ("p50", found.p50), ("p90", found.p90)];
    let business = business.map(|found| [("mean", found.mean), ("p50", found.p50), ("p90", found.p90)]);
    let said = clocks.said(&wall, business.as_ref().map_or(&[], |values| values.as_slice()), " · ");
    format!("{} closed, {} open; {said}{ended}", count(found.n), count(found.open))
}

pub(super) fn questions(page: &mut Page, findings: &Findings) {
    if findings.questions.is_empty() {
        return;
    }
    page.heading("questions", "The five questions");
    for found in findings.workshop.iter().flat_map(|workshop| &workshop.guesses) {
        page.item("· ", &format!("{}: {}", topic(found.key), guessed(found)));
    }
    for question in &findings.questions {
        page.item("", &format!("{} {}", question.id, question.question));
        let answer = visible(&question.answer);
        page.item("    ", &answer);
        if let Some(missing) =
            question.missing.as_deref().map(plain).filter(|missing| !answer.contains(missing.as_str()))
        {
            page.item("    ", &format!("Missing: {missing}"));
        }
    }
}
