//! `plan.md`: the first 90 days, each step with baseline, target, guardrail and exit test.
//!
//! Every line with a number names the findings key it comes from. Targets are a convention on top of assumed effects, and
//! the page says so.

use super::cited::{BLANK, capitalised, cited, file, here, key, of_intervention, said, source, value};
use crate::report::format::{amounts, decimal, duration, of_key, percent, working};
use crate::report::markdown::escape::{name, sentence};
use crate::report::model::{Findings, Intervention};

/// Steps of a phase.
const TOP: usize = 3;

/// A phase of the rollout.
struct Phase {
    /// As findings name it.
    id: &'static str,
    heading: &'static str,
    purpose: &'static str,
    patterns: [&'static str; 2],
}

const PHASES: [Phase; 3] = [
    Phase {
        id: "days 0-30",
        heading: "Days 0–30: see what is stuck, remind, keep people informed",
        purpose: "A watchdog and a concierge change no case. They show what waits, remind who acts next, and tell those who \
                  wait. Their first weeks also show how far the log can be trusted.",
        patterns: ["watchdog", "concierge"],
    },
    Phase {
        id: "days 31-60",
        heading: "Days 31–60: get cases to the right owner",
        purpose: "A router suggests an owner for new cases, and a person takes the suggestion or not. What people do with \
                  its suggestions is the evidence for letting it act later.",
        patterns: ["router", "router"],
    },
    Phase {
        id: "days 61-90",
        heading: "Days 61–90: hand over with the context, and let little act by itself",
        purpose: "A clerk asks for what is missing in one message and writes a summary at each handoff.",
        patterns: ["clerk", "clerk"],
    },
];

/// The plan as Markdown with a final line end; `stems` are the file names of the interventions.
#[must_use]
pub fn plan(findings: &Findings, stems: &[String]) -> String {
    let mut lines = vec![
        "# The first 90 days".to_owned(),
        String::new(),
        source(findings),
        String::new(),
        "Baselines are measured in this log. Targets and exit tests are baselines less an assumed effect: a convention to \
         decide by, not a forecast. Nothing here was tried on the history, since this version does not run policies. Behind \
         each number stands its key in `findings.json`; analysing a later log gives the same keys to compare."
            .to_owned(),
    ];
    lines.extend(baseline(findings));
    lines.extend(instrument(findings));
    for phase in &PHASES {
        lines.extend(of_phase(findings, phase, stems));
    }
    lines.extend(execution(findings));
    lines.extend(after());
    file(&lines)
}

fn baseline(findings: &Findings) -> Vec<String> {
    let kpis = &findings.kpis;
    let wall = &kpis.cycle_time_ms.wall;
    let mut rows: Vec<(&str, &str, String)> = Vec::new();
    let mut add = |what, key, value: Option<String>| rows.extend(value.map(|value| (what, key, value)));
    add("Half of the cases take up to", "kpis.cycle_time_ms.wall.p50", wall.p50.map(duration));
    add("Nine in ten cases take up to", "kpis.cycle_time_ms.wall.p90", wall.p90.map(duration));
    if let Some(business) = &kpis.cycle_time_ms.business {
        add("Half of them, in working hours", "kpis.cycle_time_ms.business.p50", business.p50.map(working));
    }
    let mean = kpis.handoffs_per_case.as_ref().map(|found| found.mean);
    let metric = |key: &'static str, value: Option<f64>| value.map(|value| of_key(key, value));
    let handoffs = "kpis.handoffs_per_case.mean";
    add("Changes of owner per case", handoffs, metric(handoffs, mean));
    let chases = "kpis.status_chases_per_case";
    add("Status checks per case", chases, metric(chases, kpis.status_chases_per_case));
    add("Cases with an exception", "kpis.exception_rate", kpis.exception_rate.map(percent));
    add("Cases reopened", "kpis.reopen_rate", kpis.reopen_rate.map(percent));
    let broken = kpis.sla_breach_rate.as_ref().and_then(|rate| rate.stopped_or_past);
    add("Service levels missed", "kpis.sla_breach_rate.stopped_or_past", broken.map(percent));
    if rows.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "## Where we start".to_owned(), String::new()];
    lines.push("| Figure | Today | Key |\n|---|---:|---|".to_owned());
    lines.extend(rows.into_iter().map(|(what, at, value)| format!("| {what} | {value} | {} |", key(at))));
    lines
}

/// What the log should say before the first step.
fn instrument(findings: &Findings) -> Vec<String> {
    let missing = findings.readiness.items.iter().filter(|item| item.status != "present");
    let fixes: Vec<String> = missing
        .map(|item| {
            let text = format!(
                "- [ ] {} ({}: {}). Unknown without it: {}.",
                capitalised(&said(item.fix)),
                name(item.name),
                item.status,
                item.blocks.join(", ")
            );
            cited(&text, &[&format!("readiness.items[{}].status", item.id)])
        })
        .collect();
    if fixes.is_empty() {
        return Vec::new();
    }
    let mut lines = vec![String::new(), "## Before day 0: make the log say more".to_owned(), String::new()];
    lines.extend(fixes);
    lines
}

fn of_phase(findings: &Findings, phase: &Phase, stems: &[String]) -> Vec<String> {
    let mut lines = vec![String::new(), format!("## {}", phase.heading), String::new(), phase.purpose.to_owned()];
    let steps: Vec<(usize, &Intervention)> =
        findings.interventions.iter().enumerate().filter(|(_, found)| found.phase == phase.id).collect();
    if steps.is_empty() {
        lines.extend([String::new(), nothing(findings, phase)]);
        return lines;
    }
    for (number, (index, found)) in steps.iter().take(TOP).enumerate() {
        lines.extend(step(findings, number + 1, found, stems.get(*index).map_or("", String::as_str)));
    }
    if steps.len() > TOP {
        let more: Vec<String> = steps.iter().skip(TOP).map(|(_, found)| sentence(found.title.raw())).collect();
        let more = more.join("; ");
        lines.extend([String::new(), format!("Later, if these work: {more}.")]);
    }
    lines
}

/// Why a phase has no step.
fn nothing(findings: &Findings, phase: &Phase) -> String {
    let [first, _] = phase.patterns;
    match first {
        "router" if findings.handoffs.definition.is_none() => {
            "No step: no column of this log names an owner, so nothing shows where cases should go.".to_owned()
        }
        "router" => "No step: this log gives no evidence that it is unclear who owns a case.".to_owned(),
        "clerk" => "No step: this log gives no evidence that work waits for missing information.".to_owned(),
        _ => "No step: no place where work waits has enough finished stays to say more.".to_owned(),
    }
}

fn step(findings: &Findings, number: usize, found: &Intervention, stem: &str) -> Vec<String> {
    let (test, guard) = (&found.exit_test, &found.guardrail);
    let mut lines = vec![String::new(), format!("### {number}. {}", sentence(found.title.raw())), String::new()];
    lines.extend([here(found), String::new()]);
    lines.push(cited(&format!("- **Why**: {}.", said(found.evidence.raw())), &["….evidence"]));
    lines.extend(worth(findings, found));
    let now = format!("- **Baseline**: {} {} today.", said(test.says.raw()), value(&test.metric, test.now));
    lines.push(cited(&now, &[&test.metric]));
    if let (Some(target), Some(at_most)) = (test.target, test.at_most) {
        lines.push(cited(&format!("- **Target**: {}.", of_key(&test.metric, target)), &["….exit_test.target"]));
        let exit = format!(
            "- **Exit test**: {} or less over the cases that arrived in these days, and the guardrail held.",
            of_key(&test.metric, at_most)
        );
        lines.push(cited(&exit, &["….exit_test.at_most"]));
    } else {
        lines.push("- **Exit test**: measure it first.".to_owned());
    }
    let guarded = format!("- **Guardrail**: {}: {} today.", sentence(guard.says), value(&guard.metric, guard.now));
    lines.push(cited(&guarded, &[&guard.metric]));
    if let Some(limit) = guard.limit {
        let limit = format!("- **Stop the step** if that rises above {}.", of_key(&guard.metric, limit));
        lines.push(cited(&limit, &["….guardrail.limit"]));
    }
    lines.push(format!("- **Leaves a case to people when** {}.", found.stop_conditions.join("; ")));
    let cause = found.scope.cause.as_ref().and_then(|id| findings.causes.iter().find(|cause| cause.id == *id));
    if let Some(cause) = cause {
        let not_so = format!("- **Drop it if** {}.", said(&cause.falsified_by));
        lines.push(cited(&not_so, &[&format!("causes[{}].falsified_by", cause.id)]));
    }
    lines.push(files(findings, found, stem));
    lines.push(format!("- **Owner**: {BLANK}"));
    lines
}

/// Touches, hours and money of a step, where they are known.
fn worth(findings: &Findings, found: &Intervention) -> Vec<String> {
    let mut lines = Vec::new();
    let touches = found.touches_per_month.filter(|touches| *touches >= 0.5);
    if let (Some(touches), Some(money)) = (touches, &found.value_per_month) {
        let currency = &findings.roi.currency;
        let share = &found.effect.share;
        let text = format!(
            "- **Worth**: {} {} a month (cautious / expected / optimistic) if {} / {} / {} of {} touches a month go away; \
             waiting has no price.",
            name(currency),
            amounts(money, currency),
            percent(share.low),
            percent(share.base),
            percent(share.high),
            decimal(touches, 0),
        );
        lines.push(cited(&text, &["….value_per_month", "….effect.share", "….touches_per_month"]));
    }
    if let Some(hours) = &found.hours_per_month {
        let text = if hours.high <= 0.0 {
            "- **Hours**: a reminder could reach 0 hours of waiting, as far as this log tells.".to_owned()
        } else {
            format!(
                "- **Hours**: in {} hours of waiting a month nobody did anything. These a reminder could reach; how many would \
                 go away is not known.",
                decimal(hours.base, 0)
            )
        };
        lines.push(cited(&text, &["….hours_per_month.base"]));
    }
    lines
}

fn files(findings: &Findings, found: &Intervention, stem: &str) -> String {
    let charter = format!("`charters/{stem}.md`");
    if let Some(file) = &found.policy_file {
        return format!("- **Files**: {} to change and later to replay, {charter} to sign.", key(file));
    }
    let index = findings.interventions.iter().position(|other| other.id == found.id).unwrap_or(0);
    let why = findings.unknown.get(&format!("/interventions/{index}/policy_file"));
    let why = why.map_or_else(|| "none was written".to_owned(), |why| said(&why.message));
    format!("- **Files**: {charter} to sign; no policy: {why}.")
}

/// What may act by itself at the end.
fn execution(findings: &Findings) -> Vec<String> {
    let mut lines = vec![String::new(), "### What may act by itself by then".to_owned(), String::new()];
    let acting: Vec<&Intervention> = findings.interventions.iter().filter(|found| found.level != "assist").collect();
    for found in acting.iter().take(TOP) {
        let text = format!("- {} ({}): {}.", sentence(found.title.raw()), found.level, said(&found.level_why));
        lines.push(cited(&text, &[&format!("{}.level_why", of_intervention(found))]));
    }
    if acting.is_empty() {
        match findings.interventions.first() {
            Some(first) => {
                let text = format!("Nothing: every step stays at assist. {}.", capitalised(&said(&first.level_why)));
                lines.push(cited(&text, &[&format!("{}.level_why", of_intervention(first))]));
            }
            None => lines.push("Nothing: there is no step.".to_owned()),
        }
    }
    lines
}

fn after() -> Vec<String> {
    vec![
        String::new(),
        "## At the end of each phase".to_owned(),
        String::new(),
        "1. Export the log again, with open cases, and analyse it with the same configuration.".to_owned(),
        "2. Read the keys above. Go on where the exit test passed and the guardrail held; else stop the step or change it.".to_owned(),
        "3. Look at the open cases too: a step that only moves waiting elsewhere has not worked.".to_owned(),
    ]
}
