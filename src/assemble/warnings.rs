//! What a reader must know before trusting a number.

use super::measure::Measured;
use crate::ingest::IngestReport;
use crate::log::LogText;
use crate::log::text::shown;
use crate::report::model::Warning;

pub fn warnings(measured: &Measured, ingest: &IngestReport) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code: &'static str, message: String, hint: &str| {
        found.push(Warning { code, message: LogText::new(message), hint: hint.to_owned() });
    };
    reading(ingest, &mut warn);
    cases(measured, &mut warn);
    states(measured, &mut warn);
    if !measured.bots.iter().all(|bot| bot.configured) {
        let rows: u64 = measured.bots.iter().map(|bot| bot.rows).sum();
        let message =
            format!("{} actors with {rows} events look like bots and are not counted as people", measured.bots.len());
        warn("bots_guessed", message, "confirm them in `[bots] names`, or name people in `[bots] not`");
    }
    for note in &ingest.mapping.notes {
        warn("mapping", note.clone(), "name columns with flags such as `--state NAME`, or in `[mapping]`");
    }
    found
}

type Warn<'a> = dyn FnMut(&'static str, String, &str) + 'a;

fn percent(part: u64, whole: u64) -> u64 {
    part * 100 / whole.max(1)
}

fn reading(ingest: &IngestReport, warn: &mut Warn) {
    let rejected = ingest.rejects.total();
    if rejected * 100 > ingest.rows_read {
        let message = format!(
            "{rejected} of {} rows were rejected ({} %)",
            ingest.rows_read,
            percent(rejected, ingest.rows_read)
        );
        warn("many_rejects", message, "add `--rejects FILE` to see them");
    }
    for source in ingest.sources.iter().filter(|source| source.no_final_newline) {
        let message = format!("`{}` does not end with a line end; it may be cut off", shown(&source.name));
        warn("no_final_newline", message, "compare the last event with the source system");
    }
    if !ingest.zone_told && ingest.times.naive() > 0 {
        let message = format!("{} times have no offset and were read as UTC", ingest.times.naive());
        warn("timezone_assumed", message, "add `--timezone Europe/Berlin` or the zone of the export");
    }
    if ingest.times.naive() > 0 && ingest.times.with_offset() > 0 {
        warn(
            "mixed_offsets",
            "some times have an offset and some have none".to_owned(),
            "check how the export was made",
        );
    }
    if ingest.folds > 0 {
        let message =
            format!("{} times occur twice when the clock goes back; the earlier instant was taken", ingest.folds);
        warn("ambiguous_times", message, "export times with their offset");
    }
    if ingest.order.tied * 20 > ingest.order.pairs {
        let message = format!(
            "{} % of the steps share an instant with the one before; only the order of rows tells which came first",
            percent(ingest.order.tied, ingest.order.pairs)
        );
        warn("ties", message, "name a counter with `--tie-break COLUMN` if there is one");
    }
}

fn cases(measured: &Measured, warn: &mut Warn) {
    let facts = &measured.swept.facts;
    let completed = facts.iter().filter(|fact| fact.completed).count() as u64;
    let zero = facts.iter().filter(|fact| fact.completed && fact.duration_ms() == 0).count() as u64;
    if completed == facts.len() as u64 && !facts.is_empty() {
        let message =
            "no case is open: the log was probably filtered by closure, so long cases of recent weeks are missing"
                .to_owned();
        warn("closed_only", message, "export open cases too");
    }
    if completed == 0 {
        let message = "no case is completed, so there is no cycle time".to_owned();
        warn("none_completed", message, "name the states that end a case, e.g. `--set state.\"Closed\"=done`");
    }
    if zero * 20 > completed {
        let message =
            format!("{zero} of {completed} completed cases ({} %) have a cycle time of zero", percent(zero, completed));
        warn("zero_length", message, "check whether the first event of these cases is missing");
    }
    if let Some(window) = measured.window {
        if window.weeks < 4 {
            let message = format!("the log is dense for only {} weeks", window.weeks);
            warn("short_window", message, "figures per month are extrapolated; export at least four weeks");
        }
        if window.outside * 20 > facts.len() as u64 {
            let message = format!("{} of {} cases arrive outside the dense window", window.outside, facts.len());
            warn("outside_window", message, "check whether the export covers these weeks completely");
        }
    }
    if let Some(little) = measured.little.filter(|little| !little.stable) {
        let message = format!(
            "arrivals and completions differ by more than 10 % within the dense window (residual of Little's law {:.0} %)",
            little.residual.unwrap_or(0.0) * 100.0
        );
        warn("unstable", message, "averages over the window mix a growing or shrinking backlog");
    }
}

fn states(measured: &Measured, warn: &mut Warn) {
    let counts = &measured.swept.visits.states;
    let unknown: Vec<String> = measured
        .semantics
        .states
        .iter()
        .zip(counts)
        .filter(|(state, count)| !state.known && count.visits > 0)
        .map(|(state, _)| format!("`{}`", shown(&state.name)))
        .collect();
    if !unknown.is_empty() {
        let more = if unknown.len() > 5 { format!(" and {} more", unknown.len() - 5) } else { String::new() };
        let message = format!(
            "{} states were not recognised and count as active: {}{more}",
            unknown.len(),
            unknown[..unknown.len().min(5)].join(", ")
        );
        warn("unclassified_states", message, "say what they are, e.g. `--set state.\"NAME\"=queue`");
    }
}
