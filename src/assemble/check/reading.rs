//! What reading the files showed: rejects, zones, a file that may be cut off, notes on the mapping.

use super::catalogue::{AMBIGUOUS, CUT_OFF, EMPTY_ROWS, MAPPING, MIXED_OFFSETS, REJECTS, TIMEZONE};
use super::{Amount, Found, NEVER, graded, percent};
use crate::assemble::warnings::of_other_file;
use crate::counts::{count, counted, part_of};
use crate::ingest::IngestReport;
use crate::ingest::rejects::Reject;
use crate::log::LogText;
use crate::log::text::shown;
use crate::report::check::{CheckExample, Severity};

/// Examples of one finding.
const EXAMPLES: usize = 5;

pub fn judge(found: &mut Found, ingest: &IngestReport, people: bool) {
    rejects(found, ingest, people);
    cut_off(found, ingest);
    empty_rows(found, ingest);
    mapping(found, ingest);
    zones(found, ingest);
}

fn rejects(found: &mut Found, ingest: &IngestReport, people: bool) {
    let rejected = ingest.rejects.total();
    if rejected == 0 {
        return found.pass(&REJECTS);
    }
    let reasons: Vec<String> =
        ingest.rejects.counts.iter().map(|(reason, rows)| format!("{} {}", reason.as_str(), count(*rows))).collect();
    let message = format!(
        "{} ({}) cannot be used: {}",
        part_of(rejected, ingest.rows_read, "row", "rows"),
        percent(rejected, ingest.rows_read),
        reasons.join(", ")
    );
    let example = |reject: &Reject| {
        let value = if people { format!(": `{}`", shown(reject.value.raw())) } else { String::new() };
        let column = if reject.column.is_empty() { String::new() } else { format!(" in `{}`", shown(&reject.column)) };
        CheckExample {
            file: ingest.sources.get(reject.source).map(|source| LogText::new(source.name.clone())),
            line: Some(reject.line),
            note: Some(LogText::new(format!("{}{column}{value}", reject.reason.as_str()))),
            ..CheckExample::default()
        }
    };
    let examples = ingest.rejects.rows.iter().take(EXAMPLES).map(example).collect();
    let amount = Amount { count: rejected, of: ingest.rows_read, unit: "rows" };
    let severity = graded(rejected, ingest.rows_read, 10, 50);
    found.add(&REJECTS, severity, &amount, message, "add `--rejects FILE` to see every one of them", examples);
}

fn cut_off(found: &mut Found, ingest: &IngestReport) {
    let open: Vec<_> = ingest.sources.iter().filter(|source| source.no_final_newline).collect();
    if open.is_empty() {
        return found.pass(&CUT_OFF);
    }
    let message = format!(
        "{} without a line end at the end",
        if open.len() == 1 { "1 file stops".to_owned() } else { format!("{} files stop", open.len()) }
    );
    let examples = open
        .iter()
        .take(EXAMPLES)
        .map(|source| CheckExample { file: Some(LogText::new(source.name.clone())), ..CheckExample::default() });
    let amount = Amount { count: open.len() as u64, of: ingest.sources.len() as u64, unit: "files" };
    let fix = "compare the last event with the source system, and guard later runs with `--expect-rows N`";
    found.add(&CUT_OFF, Severity::Warn, &amount, message, fix, examples.collect());
}

fn empty_rows(found: &mut Found, ingest: &IngestReport) {
    let empty: u64 = ingest.sources.iter().map(|source| source.empty_rows).sum();
    if empty == 0 {
        return found.pass(&EMPTY_ROWS);
    }
    let message = format!(
        "{} of separators only {} left out, as spreadsheets write rows that were cleared",
        counted(empty, "row", "rows"),
        if empty == 1 { "was" } else { "were" }
    );
    let examples =
        ingest.sources.iter().filter(|source| source.empty_rows > 0).take(EXAMPLES).map(|source| CheckExample {
            file: Some(LogText::new(source.name.clone())),
            note: Some(LogText::new(counted(source.empty_rows, "row", "rows"))),
            ..CheckExample::default()
        });
    let amount = Amount { count: empty, of: empty + ingest.rows_read, unit: "rows" };
    let fix = "nothing, unless rows are missing: then export the log again without a spreadsheet";
    found.add(&EMPTY_ROWS, Severity::Info, &amount, message, fix, examples.collect());
}

fn mapping(found: &mut Found, ingest: &IngestReport) {
    if ingest.mapping.notes.is_empty() && ingest.other_mappings.is_empty() {
        found.pass(&MAPPING);
    }
    for (file, mapping) in &ingest.other_mappings {
        let (message, fix) = of_other_file(file, mapping);
        let amount = Amount { count: 1, of: ingest.sources.len() as u64, unit: "files" };
        found.add(&MAPPING, Severity::Warn, &amount, message, fix, Vec::new());
    }
    for note in &ingest.mapping.notes {
        let amount = Amount { count: 1, of: ingest.header.len() as u64, unit: "columns" };
        let fix = note.hint.clone();
        found.add(&MAPPING, Severity::Warn, &amount, note.message.clone(), fix, Vec::new());
    }
}

fn zones(found: &mut Found, ingest: &IngestReport) {
    let (naive, with_offset) = (ingest.times.naive(), ingest.times.with_offset());
    let all = naive + with_offset;
    if naive > 0 && !ingest.zone_told {
        let have = if naive == 1 { "has no offset and was" } else { "have no offset and were" };
        let message = format!("{} {have} read as UTC", counted(naive, "time", "times"));
        let amount = Amount { count: naive, of: all, unit: "times" };
        let fix = "add `--timezone Europe/Berlin`, or whichever zone the export was made in";
        found.add(&TIMEZONE, Severity::Info, &amount, message, fix, Vec::new());
    } else {
        found.pass(&TIMEZONE);
    }
    if naive > 0 && with_offset > 0 {
        let message = format!("{} have no offset, the others have one", part_of(naive, all, "time", "times"));
        let amount = Amount { count: naive, of: all, unit: "times" };
        let fix = "export all times in one form, best with their offset";
        found.add(&MIXED_OFFSETS, Severity::Warn, &amount, message, fix, Vec::new());
    } else {
        found.pass(&MIXED_OFFSETS);
    }
    if ingest.folds > 0 {
        let occur = if ingest.folds == 1 { "occurs" } else { "occur" };
        let message = format!(
            "{} {occur} twice when the clock goes back, and the earlier instant was taken",
            counted(ingest.folds, "time", "times")
        );
        let amount = Amount { count: ingest.folds, of: all, unit: "times" };
        let severity = graded(ingest.folds, all, 10, NEVER);
        found.add(&AMBIGUOUS, severity, &amount, message, "export times with their offset", Vec::new());
    } else {
        found.pass(&AMBIGUOUS);
    }
}
