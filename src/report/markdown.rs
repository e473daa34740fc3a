//! `summary.md`: one page for an executive.
//!
//! The same sentences as the terminal, the key figures, five places, five steps, the money with every
//! assumption, and what the log cannot tell. Text from a log stays text in any Markdown renderer.

mod blocks;
pub(super) mod escape;

use std::collections::{BTreeMap, BTreeSet};

use escape::{name, own, sentence};

use super::aging::{AgingReport, DailyReport};
use super::answer::{self, NO_TOUCHES, idle};
use super::case::CaseReport;
use super::check::CheckReport;
use super::clocks::{Clocks, Shown};
use super::documents::cited::{guessed, topic};
use super::explain::ExplainReport;
use super::filter;
use super::format::{amounts, count, decimal, duration_or_unknown, instant, percent, plural, spread_percent, trimmed};
use super::model::{Findings, Intervention, Kpis, Roi};
use super::page::Medium;
use super::sections;

/// Places, interventions and open questions shown.
const TOP: usize = 5;

/// What reports as Markdown have room for.
const MEDIUM: Medium = Medium { wide: true, graphic: false, most_rows: 0, clocks: Clocks::Wall, endless: true };

/// The summary as Markdown with a final line end.
#[must_use]
pub fn summary(findings: &Findings, clocks: Clocks) -> String {
    let clocks = Shown::new(clocks, findings.clocks.business.is_some());
    let mut lines = vec![heading(findings)];
    lines.extend(warnings(findings));
    lines.push("\n## The answer\n".to_owned());
    lines.extend(answer::sentences(findings, clocks, &sentence).into_iter().map(|line| format!("- {line}")));
    lines.extend(key_figures(&findings.kpis, clocks));
    lines.extend(places(findings, clocks));
    lines.extend(steps(findings));
    lines.extend(money(&findings.roi));
    lines.extend(guesses(findings));
    lines.extend(not_known(findings));
    lines.push(footer(findings));
    lines.push(String::new());
    own(&lines.join("\n"))
}

/// The data-quality report as Markdown with a final line end.
#[must_use]
pub fn check(report: &CheckReport) -> String {
    blocks::draw(&sections::check(report, MEDIUM))
}

/// An explained number as Markdown with a final line end.
#[must_use]
pub fn explain(report: &ExplainReport) -> String {
    blocks::draw(&sections::explain(report, MEDIUM))
}

/// The open cases as Markdown with a final line end; of a long list the first `top`.
#[must_use]
pub fn aging(report: &AgingReport, top: usize, clocks: Clocks) -> String {
    blocks::draw(&sections::aging(report, top, Medium { clocks, ..MEDIUM }))
}

/// The daily report as Markdown with a final line end; of a long list the first `top`.
#[must_use]
pub fn daily(report: &DailyReport, top: usize, clocks: Clocks) -> String {
    blocks::draw(&sections::daily(report, top, Medium { clocks, ..MEDIUM }))
}

/// One case as Markdown with a final line end.
#[must_use]
pub fn case(report: &CaseReport, clocks: Clocks) -> String {
    blocks::draw(&sections::one_case(report, Medium { clocks, ..MEDIUM }))
}

fn heading(findings: &Findings) -> String {
    let input = &findings.input;
    let names: Vec<String> = input.sources.iter().take(TOP).map(|source| name(source.name.raw())).collect();
    let more = input.sources.len().saturating_sub(TOP);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let filter = input.filter.as_ref().map_or_else(String::new, |found| {
        let texts = filter::texts(found, &|text| sentence(text.raw()));
        format!("\n\nFilter: {}.", ended(&texts.join("; ")))
    });
    format!(
        "# Workflow Coordination Analysis\n\nOf {}{more}: {} ({} completed, {} open), {} to {} UTC.{filter}",
        names.join(", "),
        plural(input.cases, "case", "cases"),
        count(input.completed_cases),
        count(input.open_cases),
        instant(&name(&input.first_event)),
        instant(&name(&input.last_event)),
    )
}

fn warnings(findings: &Findings) -> Vec<String> {
    if findings.warnings.is_empty() {
        return Vec::new();
    }
    let mut out = vec!["\n## Before you trust a number\n".to_owned()];
    for warning in &findings.warnings {
        let hint = if warning.hint.is_empty() {
            String::new()
        } else {
            format!(" To do: {}.", ended(&sentence(&warning.hint)))
        };
        out.push(format!("- **{}**: {}.{hint}", name(warning.code), ended(&sentence(warning.message.raw()))));
    }
    out
}

fn key_figures(kpis: &Kpis, clocks: Shown) -> Vec<String> {
    let unknown = || "–".to_owned();
    let share = |rate: Option<f64>| rate.map_or_else(unknown, |rate| format!("{} of cases", percent(rate)));
    let (wall, business) = (&kpis.cycle_time_ms.wall, kpis.cycle_time_ms.business.as_ref());
    let mttr = kpis.exception_mttr_ms.as_ref();
    let repair = kpis.exception_mttr_business_ms.as_ref();
    let both = |wall: Option<i64>, business: Option<i64>| clocks.cells(wall, business).join(" / ");
    let rows = [
        ("Cycle time, half of the cases up to", both(wall.p50, business.and_then(|found| found.p50))),
        ("Cycle time, nine in ten up to", both(wall.p90, business.and_then(|found| found.p90))),
        (
            "Handoffs per case, mean / nine in ten up to",
            kpis.handoffs_per_case
                .as_ref()
                .map_or_else(unknown, |found| format!("{} / {}", decimal(found.mean, 2), decimal(found.p90, 0))),
        ),
        ("Reassigned after the first assignment", share(kpis.reassignment_rate.as_ref().map(|rate| rate.of_cases))),
        ("Sent back to the owner before last", share(kpis.ping_pong_case_rate)),
        ("Status chases per case", kpis.status_chases_per_case.map_or_else(unknown, |rate| decimal(rate, 2))),
        ("Exceptions (blocked, waiting for others, reopened)", share(kpis.exception_rate)),
        (
            "Time to repair an exception, half up to",
            both(mttr.and_then(|found| found.p50), repair.and_then(|found| found.p50)),
        ),
        ("Reopened", share(kpis.reopen_rate)),
        ("Escalated", share(kpis.escalation_rate)),
        (
            "Service level breached, of those stopped or past",
            kpis.sla_breach_rate.as_ref().and_then(|rate| rate.stopped_or_past).map_or_else(unknown, percent),
        ),
    ];
    let mut out = vec!["\n## Key figures\n\n| Figure | Value |\n|---|---:|".to_owned()];
    for (figure, value) in rows {
        out.push(format!("| {figure} | {value} |"));
    }
    out.push(format!("\n{}", clock_names(clocks)));
    out
}

/// What the durations of this page count.
fn clock_names(clocks: Shown) -> &'static str {
    match (clocks.wall(), clocks.business()) {
        (true, true) => "Durations are on the wall clock (every hour counts) / on the business clock (working hours).",
        (false, true) => "Durations are on the business clock: only working hours count.",
        (true | false, false) => "Durations are on the wall clock: every hour counts.",
    }
}

fn places(findings: &Findings, clocks: Shown) -> Vec<String> {
    if findings.choke_points.is_empty() {
        return Vec::new();
    }
    let header = "\n## Where work waits\n\n\
        | State | Group | Completed stays | Half wait longer than | Same state elsewhere (wall) | Share of all waiting |\n\
        |---|---|---:|---:|---:|---:|";
    let mut out = vec![header.to_owned()];
    for point in findings.choke_points.iter().take(TOP) {
        out.push(format!(
            "| {} | {} | {} | {} | {} | {} |",
            name(point.state.raw()),
            point.group.as_ref().map_or_else(|| "(no group)".to_owned(), |group| name(group.raw())),
            count(point.stays),
            clocks.cells(Some(point.p50_ms), point.p50_business_ms).join(" / "),
            duration_or_unknown(point.others_p50_ms),
            percent(point.share),
        ));
    }
    out
}

fn steps(findings: &Findings) -> Vec<String> {
    if findings.interventions.is_empty() {
        return Vec::new();
    }
    let currency = &findings.roi.currency;
    let mut out = vec!["\n## What to do first\n".to_owned()];
    for (index, found) in findings.interventions.iter().take(TOP).enumerate() {
        let worth = worth(found, currency);
        out.push(format!(
            "{}. **{}** ({}, {}, {}). {worth}. {}.",
            index + 1,
            sentence(found.title.raw()),
            name(found.pattern),
            name(found.level),
            name(found.phase),
            capitalised(&sentence(&found.level_why)),
        ));
    }
    out
}

/// What an intervention may be worth a month, in touches and in idle time.
fn worth(found: &Intervention, currency: &str) -> String {
    let touches = match (&found.value_per_month, found.touches_per_month) {
        (Some(value), Some(touches)) if touches >= 1.0 => Some(format!(
            "Worth {} {} a month if {} of {} touches go away ({})",
            name(currency),
            amounts(value, currency),
            spread_percent(&found.effect.share),
            decimal(touches, 0),
            sentence(found.effect.source),
        )),
        (Some(_), Some(_)) => None,
        (_, _) => Some("Its worth is not known from this log".to_owned()),
    };
    let parts: Vec<String> = touches.into_iter().chain(idle(found)).collect();
    if parts.is_empty() { capitalised(NO_TOUCHES) } else { parts.join(". ") }
}

fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

fn money(roi: &Roi) -> Vec<String> {
    let Some(total) = &roi.baseline_per_month else { return Vec::new() };
    let header = format!(
        "\n## What it costs today\n\nCoordination touches cost **{} {} a month** (cautious / expected / optimistic). \
         Waiting time is not priced. The amounts rest on these assumptions:\n\n\
         | Assumption | Cautious | Expected | Optimistic | Unit | Source |\n|---|---:|---:|---:|---|---|",
        name(&roi.currency),
        amounts(total, &roi.currency),
    );
    let mut out = vec![header];
    for found in &roi.assumptions {
        let [low, base, high] = [found.value.low, found.value.base, found.value.high].map(trimmed);
        let (unit, source) = (name(&found.unit), name(&found.source));
        out.push(format!("| {} | {low} | {base} | {high} | {unit} | {source} |", name(&found.name)));
    }
    out
}

fn guesses(findings: &Findings) -> Vec<String> {
    let Some(workshop) = &findings.workshop else { return Vec::new() };
    let mut out = vec!["\n## What you guessed\n".to_owned()];
    out.extend(workshop.guesses.iter().map(|found| format!("- {}: {}.", topic(found.key), guessed(found))));
    out
}

fn not_known(findings: &Findings) -> Vec<String> {
    let mut reasons: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for (pointer, unknown) in &findings.unknown {
        if let Some(figure) = pointer.strip_prefix("/kpis/") {
            reasons.entry(&unknown.message).or_default().insert(in_words(figure));
        }
    }
    if reasons.is_empty() {
        return Vec::new();
    }
    let mut out = vec!["\n## What this log cannot tell\n".to_owned()];
    for (reason, figures) in reasons {
        let figures: Vec<String> = figures.into_iter().collect();
        out.push(format!("- **{}**: {}.", figures.join(", "), ended(&sentence(reason))));
    }
    out
}

/// `cycle time, business` of `cycle_time_ms/business`.
fn in_words(figure: &str) -> String {
    let parts: Vec<String> = figure.split('/').map(|part| part.trim_end_matches("_ms").replace('_', " ")).collect();
    name(&parts.join(", "))
}

/// A sentence without its full stop, which the caller sets.
fn ended(text: &str) -> &str {
    text.trim_end_matches('.')
}

fn footer(findings: &Findings) -> String {
    let input = &findings.input;
    let ties = input.tie_share.map_or_else(String::new, |share| {
        format!(" {} of steps are ordered by their position in the file only.", percent(share))
    });
    format!(
        "\n---\n\n{} rows read = {} used + {} rejected.{ties} Readiness of the log: {} of 1. Ranges are cautious / \
         expected / optimistic; one day is 24 hours. Written by {} {}; every number is in `findings.json`.",
        count(input.rows_read),
        count(input.rows_read.saturating_sub(input.rows_rejected)),
        count(input.rows_rejected),
        decimal(findings.readiness.score, 2),
        findings.tool.name,
        findings.tool.version,
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn a_full_summary() {
        insta::assert_snapshot!(summary(&fixture::findings(), Clocks::Both));
    }

    #[test]
    fn a_summary_of_almost_nothing() {
        insta::assert_snapshot!(summary(&fixture::empty(), Clocks::Both));
    }
}
