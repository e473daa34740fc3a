//! What the cases show: how they end, states nobody knows, columns that know the future, readiness.

use super::catalogue::{CLOSED_ONLY, LEAKY, NONE_COMPLETED, READINESS, STALE, UNCLASSIFIED, UNKNOWN_NAME, ZERO_LENGTH};
use super::{Amount, Found, NEVER, graded, percent};
use crate::assemble::input;
use crate::assemble::measure::Measured;
use crate::assemble::warnings::{name_the_ends, say_what_it_is, unknown_names};
use crate::config::Config;
use crate::counts::{count, counted, part_of};
use crate::ingest::IngestReport;
use crate::log::LogText;
use crate::log::text::shown;
use crate::metrics::case_facts::CaseFact;
use crate::report::check::{CheckExample, Severity};
use crate::report::model::Readiness;
use crate::time::format_utc;

/// Examples of one finding.
const EXAMPLES: usize = 5;

pub fn judge(found: &mut Found, measured: &Measured, ingest: &IngestReport) {
    states(found, measured);
    ends(found, measured, ingest);
    zero_length(found, measured);
    stale(found, measured);
    leaky(found, ingest);
}

/// Names that were configured and are not in the log.
pub fn configured(found: &mut Found, measured: &Measured, ingest: &IngestReport, config: &Config, people: bool) {
    let mut unknown = Vec::new();
    unknown_names(measured, ingest, config, people, &mut |_, message, hint| unknown.push((message, hint.to_owned())));
    if unknown.is_empty() {
        return found.pass(&UNKNOWN_NAME);
    }
    let bots = config.bots.names.len() + config.bots.not.len();
    let configured = config.states.len() + config.values.state.len() + config.activity_means.values.len() + bots;
    for (message, fix) in unknown {
        let amount = Amount { count: 1, of: configured as u64, unit: "names" };
        found.add(&UNKNOWN_NAME, Severity::Warn, &amount, message, fix, Vec::new());
    }
}

fn states(found: &mut Found, measured: &Measured) {
    let counts = measured.semantics.states.iter().zip(&measured.swept.visits.states);
    let unknown: Vec<_> = counts.filter(|(state, count)| !state.known && count.visits > 0).collect();
    let Some((first, _)) = unknown.first() else { return found.pass(&UNCLASSIFIED) };
    let visits: u64 = unknown.iter().map(|(_, count)| count.visits).sum();
    let all: u64 = measured.swept.visits.states.iter().map(|count| count.visits).sum();
    let message = format!(
        "{} not recognised and counted as active, in {}",
        counted(unknown.len() as u64, "state was", "states were"),
        part_of(visits, all, "visit", "visits")
    );
    let example = |name: &str, visits| CheckExample {
        note: Some(LogText::new(format!("`{}`: {}", shown(name), counted(visits, "visit", "visits")))),
        ..CheckExample::default()
    };
    let examples = unknown.iter().take(EXAMPLES).map(|(state, count)| example(&state.name, count.visits)).collect();
    let fix = say_what_it_is(&first.name);
    let amount = Amount { count: visits, of: all, unit: "visits" };
    found.add(&UNCLASSIFIED, graded(visits, all, 10, NEVER), &amount, message, fix, examples);
}

fn ends(found: &mut Found, measured: &Measured, ingest: &IngestReport) {
    let facts = &measured.swept.facts;
    let all = facts.len() as u64;
    let completed = facts.iter().filter(|fact| fact.completed).count() as u64;
    if completed == all && ingest.chosen.is_some() {
        found.skip(&CLOSED_ONLY, "the filter may have left out the open cases");
    } else if completed == all {
        let message = if all == 1 {
            "the only case ends in a terminal state".to_owned()
        } else {
            format!(
                "all {} end in a terminal state and none is open at the end of the log",
                counted(all, "case", "cases")
            )
        };
        let amount = Amount { count: completed, of: all, unit: "cases" };
        let fix = "export the cases that are still open too, by the date they were opened rather than closed";
        found.add(&CLOSED_ONLY, Severity::Warn, &amount, message, fix, Vec::new());
    } else {
        found.pass(&CLOSED_ONLY);
    }
    if completed > 0 {
        return found.pass(&NONE_COMPLETED);
    }
    let message = format!("none of {} ends in a terminal state", counted(all, "case", "cases"));
    let amount = Amount { count: all, of: all, unit: "cases" };
    let fix = name_the_ends(measured);
    found.add(&NONE_COMPLETED, Severity::Fail, &amount, message, fix, Vec::new());
}

/// The first cases for which something holds.
fn first_cases(measured: &Measured, holds: impl Fn(&CaseFact) -> bool) -> Vec<CheckExample> {
    let facts = measured.swept.facts.iter().enumerate().filter(|(_, fact)| holds(fact));
    let examples = facts.take(EXAMPLES).map(|(case, fact)| CheckExample {
        case: Some(LogText::new(measured.log.case_ids.id(case))),
        time: Some(format_utc(fact.first_ms)),
        ..CheckExample::default()
    });
    examples.collect()
}

fn zero_length(found: &mut Found, measured: &Measured) {
    let is_zero = |fact: &CaseFact| fact.completed && fact.duration_ms() == 0;
    let facts = &measured.swept.facts;
    let completed = facts.iter().filter(|fact| fact.completed).count() as u64;
    let zero = facts.iter().filter(|fact| is_zero(fact)).count() as u64;
    if zero == 0 {
        return found.pass(&ZERO_LENGTH);
    }
    let message = format!(
        "{} ({}) {} a cycle time of zero",
        part_of(zero, completed, "completed case", "completed cases"),
        percent(zero, completed),
        if zero == 1 { "has" } else { "have" }
    );
    let amount = Amount { count: zero, of: completed, unit: "cases" };
    let severity = graded(zero, completed, 50, 500);
    let fix = "check whether the first event of these cases is missing, and export times with seconds";
    found.add(&ZERO_LENGTH, severity, &amount, message, fix, first_cases(measured, is_zero));
}

fn stale(found: &mut Found, measured: &Measured) {
    let (rows, stale) = input::stale(measured);
    let open = measured.swept.facts.iter().filter(|fact| !fact.completed).count() as u64;
    if open == 0 {
        return found.skip(&STALE, "no case is open");
    }
    if stale == 0 {
        return found.pass(&STALE);
    }
    let message = format!(
        "{} of {} without an event for longer than nearly every case ever was",
        count(stale),
        counted(open, "open case is", "open cases are")
    );
    let examples = rows.into_iter().take(EXAMPLES).map(|row| CheckExample {
        case: Some(row.case),
        note: Some(LogText::new(format!("silent for {} days", count((row.silent_ms / 86_400_000).unsigned_abs())))),
        ..CheckExample::default()
    });
    let amount = Amount { count: stale, of: open, unit: "open cases" };
    let fix = "close them at the source, or leave them out; `analyze -o DIR` lists them in tables/stale.csv";
    found.add(&STALE, graded(stale, open, 100, NEVER), &amount, message, fix, examples.collect());
}

fn leaky(found: &mut Found, ingest: &IngestReport) {
    let leaky = &ingest.mapping.leaky;
    if leaky.is_empty() {
        return found.pass(&LEAKY);
    }
    let message = format!("{} the future", counted(leaky.len() as u64, "column knows", "columns know"));
    let examples = leaky.iter().map(|leaky| CheckExample {
        note: Some(LogText::new(format!("`{}`: {}", shown(&ingest.header[leaky.column]), leaky.why))),
        ..CheckExample::default()
    });
    let amount = Amount { count: leaky.len() as u64, of: ingest.header.len() as u64, unit: "columns" };
    let fix = "use them as labels of whole cases only; export their history if you need it earlier";
    found.add(&LEAKY, Severity::Info, &amount, message, fix, examples.collect());
}

pub fn readiness(found: &mut Found, readiness: &Readiness) {
    let lacking: Vec<_> = readiness.items.iter().filter(|item| item.status != "present").collect();
    let Some(first) = lacking.first() else { return found.pass(&READINESS) };
    let named: Vec<String> = lacking.iter().map(|item| format!("{} ({})", item.name, item.status)).collect();
    let message = format!(
        "{} not there in full: {}",
        part_of(lacking.len() as u64, readiness.items.len() as u64, "item is", "items of the checklist are"),
        named.join(", ")
    );
    let amount = Amount { count: lacking.len() as u64, of: readiness.items.len() as u64, unit: "items" };
    let severity = if readiness.score < 0.5 { Severity::Warn } else { Severity::Info };
    found.add(&READINESS, severity, &amount, message, first.fix, Vec::new());
}
