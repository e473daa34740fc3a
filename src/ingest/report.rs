//! What is said of a reading beside the log itself: the report, and refusals of logs of which nothing can be used.

use super::build::OrderFacts;
use super::comments::{KeptText, Words};
use super::format::Format;
use super::mapping::Mapping;
use super::rejects::{Reason, Rejects};
use super::source::{Container, Fingerprint, Source};
use super::{Read, Request, ids};
use crate::counts::part_of;
use crate::error::Problem;
use crate::log::Chosen;
use crate::log::text::shown;
use crate::time::{DateFault, Evidence, Order, Zone};

/// What is known of one source.
#[derive(Clone, Debug)]
pub struct SourceFacts {
    /// File name without folders.
    pub name: String,
    /// Size and hash of the file as it lies on disk.
    pub fingerprint: Fingerprint,
    /// Container of the text.
    pub container: Container,
    /// Format of the text.
    pub format: Format,
    /// Data rows, used or not.
    pub rows: u64,
    /// The last line had no line end.
    pub no_final_newline: bool,
    /// Records of nothing but separators, which are no rows.
    pub empty_rows: u64,
}

impl SourceFacts {
    /// What is known before anything is read.
    pub(super) fn new(source: &Source, container: Container, format: Format) -> Self {
        let fingerprint = Fingerprint { bytes: 0, hash: String::new() };
        SourceFacts {
            name: source.name(),
            fingerprint,
            container,
            format,
            rows: 0,
            no_final_newline: false,
            empty_rows: 0,
        }
    }
}

/// What was read, guessed and rejected.
#[derive(Clone, Debug)]
pub struct IngestReport {
    /// The sources, in order.
    pub sources: Vec<SourceFacts>,
    /// The mapping of the first source.
    pub mapping: Mapping,
    /// Column names of the first source.
    pub header: Vec<String>,
    /// Rows of the first source that the guesses rest on.
    pub sample_rows: u64,
    /// Sources with another header than the first, each with its mapping.
    pub other_mappings: Vec<(String, Mapping)>,
    /// Data rows over all sources.
    pub rows_read: u64,
    /// Rows not used.
    pub rejects: Rejects,
    /// How the order of events came about.
    pub order: OrderFacts,
    /// Evidence on the times of the first source.
    pub times: Evidence,
    /// Order of day and month in the first source.
    pub date_order: Order,
    /// How times are written, as told or as seen.
    pub date_format: String,
    /// Zone that naive times were placed in.
    pub zone: String,
    /// Whether the zone was told rather than assumed.
    pub zone_told: bool,
    /// Smallest step of the log's times, milliseconds.
    pub resolution_ms: i64,
    /// Naive times that occurred twice in their zone.
    pub folds: u64,
    /// The instant up to which the log is known, where it was told, UTC ms.
    pub as_of_ms: Option<i64>,
    /// Events left out because they are later.
    pub after_as_of: u64,
    /// The words by which comments were read; none where no language is on or no source has comments.
    pub words: Option<Words>,
    /// Comments of the case that was asked for, as they are.
    pub kept_comments: Vec<KeptText>,
    /// States that were to be renamed and that no row has.
    pub unknown_states: Vec<UnknownState>,
    /// How the cases were chosen after reading, where a filter says so; set by who applies it.
    pub chosen: Option<Chosen>,
}

/// A configured state that is not in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownState {
    /// As it was configured.
    pub name: String,
    /// The state of the log that is written most like it.
    pub near: Option<String>,
}
pub(super) fn report(tables: &[Read], date_order: Order, request: &Request, zone: &Zone) -> IngestReport {
    let mut rejects = Rejects::default();
    for table in tables {
        for (&reason, &count) in &table.rejects.counts {
            *rejects.counts.entry(reason).or_default() += count;
        }
        rejects.rows.extend(table.rejects.rows.iter().cloned());
    }
    rejects.rows.truncate(request.keep_rejects);
    let mut times = tables[0].evidence[0].clone();
    for table in &tables[1..] {
        times.merge(&table.evidence[0]);
    }
    let mut mapping = tables[0].mapping.clone();
    let ids: Vec<(&str, &ids::Form)> = tables.iter().map(|table| (table.facts.name.as_str(), &table.ids)).collect();
    mapping.notes.extend(ids::note(&ids));
    IngestReport {
        sources: tables.iter().map(|table| table.facts.clone()).collect(),
        mapping,
        header: tables[0].header.clone(),
        sample_rows: tables[0].sample_rows,
        other_mappings: tables[1..]
            .iter()
            .filter(|table| table.header != tables[0].header)
            .map(|table| (table.facts.name.clone(), table.mapping.clone()))
            .collect(),
        rows_read: tables.iter().map(|table| table.facts.rows).sum(),
        rejects,
        order: OrderFacts::default(),
        resolution_ms: tables
            .iter()
            .find_map(|table| table.mapping.resolution_ms)
            .unwrap_or_else(|| times.unit().map_or(1, crate::time::Unit::ms)),
        times,
        date_order,
        date_format: request
            .date_format
            .as_ref()
            .map_or_else(|| "recognised".to_owned(), |format| format.as_str().to_owned()),
        zone: zone.name().to_owned(),
        zone_told: request.zone.is_some(),
        folds: 0,
        as_of_ms: request.as_of_ms,
        after_as_of: 0,
        words: None,
        kept_comments: Vec::new(),
        unknown_states: Vec::new(),
        chosen: None,
    }
}

pub(super) fn too_early(as_of_ms: i64, first_ms: i64) -> Problem {
    let as_of = crate::time::format_utc_minutes(as_of_ms);
    let first = crate::time::format_utc_minutes(first_ms);
    Problem::input(format!("the log has no event up to {as_of} UTC"))
        .hint(format!("its first event is at {first} UTC: name a later instant with `--as-of`"))
}

/// A refused separator that was told is more likely wrong than the file.
pub(super) fn blame_delimiter(problem: Problem, told: Option<u8>) -> Problem {
    match told {
        Some(told) if problem.message() == "the header line has a single column" => problem.only_hint(format!(
            "`{}` does not separate the columns; leave out `--delimiter` to have it recognised",
            shown(&char::from(told).to_string())
        )),
        _ => problem,
    }
}

/// Refuses the log when most of its rows have a time that cannot be read: a wrong format or column, not a few bad rows.
pub(super) fn times_refused(report: &IngestReport, tables: &[Read], request: &Request) -> Option<Problem> {
    let unreadable = |reason: Reason| matches!(reason, Reason::Time(fault) if fault != DateFault::Empty);
    let rows: u64 = report.rejects.counts.iter().filter(|(reason, _)| unreadable(**reason)).map(|(_, rows)| rows).sum();
    if rows * 2 <= report.rows_read {
        return None;
    }
    let message = format!("the times of {} cannot be read", part_of(rows, report.rows_read, "row", "rows"));
    let first = report.rejects.rows.iter().find(|reject| unreadable(reject.reason));
    let table = &tables[first.map_or(0, |reject| reject.source)];
    let mut problem = Problem::input(message).in_file(table.facts.name.clone());
    if let (Some(first), Some(Reason::Time(fault))) = (first, first.map(|reject| reject.reason)) {
        problem = problem.at_line(first.line).in_column(first.column.clone());
        problem = problem.note(format!("`{}`: {fault}", shown(first.value.raw())));
    }
    let hint = match &request.date_format {
        Some(format) => format!(
            "correct `--date-format \"{}\"`, e.g. `\"%d/%m/%Y %H:%M\"`, or leave it out to have the form recognised",
            shown(format.as_str())
        ),
        None => {
            "say how they are written, e.g. `--date-format \"%d/%m/%Y %H:%M\"`, or name another column with `--time`"
                .to_owned()
        }
    };
    Some(problem.hint(hint))
}

pub(super) fn nothing_usable(report: &IngestReport, sources: &[Source]) -> Problem {
    let shown_of = |number: usize| sources.get(number).map_or_else(String::new, Source::shown);
    if report.rows_read == 0 {
        return Problem::input("the input has a header but no rows")
            .in_file(shown_of(0))
            .hint("export the log again, with its rows");
    }
    let first = report.rejects.rows.first().map_or(0, |reject| reject.source);
    let rows = if report.rows_read == 1 {
        "the only row cannot".to_owned()
    } else {
        format!("none of the {} rows can", report.rows_read)
    };
    let mut problem = Problem::input(format!("{rows} be used")).in_file(shown_of(first));
    if let Some(first) = report.rejects.rows.first() {
        let why = format!("`{}`: {}", shown(first.value.raw()), first.reason.as_str());
        problem = problem.at_line(first.line).note(why);
        if !first.column.is_empty() {
            problem = problem.in_column(shown(&first.column));
        }
    }
    problem.hint("name the right columns, e.g. `--case \"Ticket\" --time \"Updated\"`, or the form of the times with `--date-format`")
}
