//! Bytes to an event log and a report of what was read, guessed and rejected.
//!
//! The only place that knows input formats, and the only one that drops rows. It knows nothing of measures.

pub mod build;
pub mod cases;
pub mod chunk;
pub mod comments;
pub mod csv;
pub mod encoding;
mod feed;
pub mod format;
mod ids;
pub mod intern;
pub mod keys;
pub mod limits;
pub mod mapping;
mod members;
pub mod moment;
mod names;
pub mod ndjson;
pub mod parquet;
pub mod profile;
pub mod rejects;
mod report;
pub mod rows;
pub mod source;
pub mod split;
mod streams;
pub mod xes;

use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::path::Path;

use build::{Parts, SlotPlan};
use cases::Cases;
use chunk::{Chunk, Slot, When};
use comments::{CommentPlan, KeptText, Words};
use encoding::Encoding;
use format::Format;
use intern::SharedDictionary;
use limits::Limits;
use mapping::{Mapped, Mapping, Overrides, Role};
use profile::Sample;
use rejects::Rejects;
use source::{Container, Opening, Progress, Source};
use split::Parts as SplitParts;

pub use report::{IngestReport, SourceFacts, UnknownState};
use report::{blame_delimiter, nothing_usable, report, times_refused, too_early};

use crate::config::sla::Place;
use crate::config::{Comments, Split, nearest};
use crate::counts::count;
use crate::error::{Problem, Result};
use crate::log::text::shown;
use crate::log::{AttributeRole, EventLog};
use crate::time::{DateFormat, Evidence, Order, Resolver, Zone, looks_like_date, looks_like_epoch};

/// What to read and how.
#[derive(Debug, Default)]
pub struct Request {
    /// Inputs, in order.
    pub sources: Vec<Source>,
    /// Columns named by flags or configuration.
    pub overrides: Overrides,
    /// Field separator, when told.
    pub delimiter: Option<u8>,
    /// How the bytes of the sources stand for characters, when told.
    pub encoding: Option<Encoding>,
    /// How times are written, when told.
    pub date_format: Option<DateFormat>,
    /// Zone of times without an offset, when told; UTC otherwise.
    pub zone: Option<Zone>,
    /// Reads times that a change of the clock skipped.
    pub allow_dst_gap: bool,
    /// Replacement names of states, from → to.
    pub state_names: BTreeMap<String, String>,
    /// Columns that pack several values.
    pub splits: Vec<Split>,
    /// Columns kept as attributes whatever else they are for, and where they are named.
    pub keep_columns: Vec<(String, Place)>,
    /// Columns kept as attributes where a source has them and they are nothing else.
    pub keep_if_there: Vec<String>,
    /// Bounds.
    pub limits: Limits,
    /// Rejected rows kept in full.
    pub keep_rejects: usize,
    /// Keeps the source system's counter of updates as an attribute of the log.
    pub keep_counter: bool,
    /// Keeps the line that each event was read from.
    pub keep_lines: bool,
    /// What the words of comments are for.
    pub comments: Comments,
    /// Keeps the comments of the case with this id as they are.
    pub keep_comments_of: Option<String>,
    /// Leaves out events after this instant, UTC ms, and takes it as the one up to which the log is known.
    pub as_of_ms: Option<i64>,
    /// Threads to use.
    pub threads: usize,
}

/// Reads all sources into one log.
///
/// # Errors
/// When an input cannot be read, a guess could be silently wrong, a limit is exceeded, or no row is usable.
pub fn read(request: &Request, progress: &Progress) -> Result<(EventLog, IngestReport)> {
    let mut intake = Intake {
        request,
        cases: Cases::default(),
        slots: Vec::new(),
        dictionaries: Vec::new(),
        tables: Vec::new(),
        // what is configured is checked whether there are comments or not
        words: if request.comments == Comments::default() { None } else { Words::of(&request.comments)? },
    };
    for source in &request.sources {
        intake.read_source(source, progress)?;
    }
    intake.finish()
}

/// One table as it was read.
struct Read {
    facts: SourceFacts,
    header: Vec<String>,
    sample_rows: u64,
    mapping: Mapping,
    chunks: Vec<Chunk>,
    rejects: Rejects,
    evidence: Vec<Evidence>,
    time_columns: Vec<usize>,
    ids: ids::Form,
    comments: Vec<KeptText>,
}

impl Read {
    fn new(facts: SourceFacts, sample: Sample, mapping: Mapping, plan: &csv::worker::Plan, table: csv::Table) -> Read {
        let csv::Table { chunks, rows, rejects, evidence, fingerprint, no_final_newline, empty_rows, comments } = table;
        let fingerprint = fingerprint.unwrap_or_else(|| facts.fingerprint.clone());
        let extra = plan.extra_times.iter().map(|&(_, column)| column);
        let ids = sample.rows.iter().filter_map(|row| row.get(plan.case));
        Read {
            ids: ids::Form::of(ids.map(String::as_str)),
            facts: SourceFacts { fingerprint, rows, no_final_newline, empty_rows, ..facts },
            sample_rows: sample.rows.len() as u64,
            header: sample.header,
            mapping,
            chunks,
            rejects,
            evidence,
            time_columns: std::iter::once(plan.time).chain(extra).collect(),
            comments,
        }
    }
}

struct Intake<'a> {
    request: &'a Request,
    cases: Cases,
    slots: Vec<SlotPlan>,
    dictionaries: Vec<SharedDictionary>,
    tables: Vec<Read>,
    /// The words of comments, made when the first source has some.
    words: Option<Words>,
}

impl Intake<'_> {
    fn read_source(&mut self, source: &Source, progress: &Progress) -> Result<()> {
        let file = source.shown();
        if let Some(parquet) = parquet::opened(source) {
            let read = self.read_parquet(parquet, source, progress)?;
            self.refuse_twin(&read, &file)?;
            self.tables.push(read);
            return Ok(());
        }
        let opening = Opening { source, limits: &self.request.limits, encoding: self.request.encoding, progress };
        let (mut read, fingerprint) = source::with_text(opening, |input, container| {
            let (format, mut input) = source::recognised(input, source)?;
            let facts = SourceFacts::new(source, container, format);
            match format {
                Format::Delimited => self.read_delimited(&mut input, facts, &file),
                Format::Xes => self.read_xes(&mut input, facts, &file),
                Format::Ndjson => self.read_ndjson(&mut input, facts, &file),
                Format::Parquet => Err(parquet::elsewhere(source, container)),
            }
        })?;
        if let Some(fingerprint) = fingerprint {
            read.facts.fingerprint = fingerprint;
        }
        self.refuse_twin(&read, &file)?;
        self.tables.push(read);
        Ok(())
    }

    fn read_delimited(&mut self, input: &mut (dyn io::Read + Send), facts: SourceFacts, file: &str) -> Result<Read> {
        let request = self.request;
        let mut beginning = csv::begin(input, request.delimiter, file, &request.limits)
            .map_err(|problem| blame_delimiter(problem, request.delimiter))?;
        let delimiter = beginning.dialect.delimiter;
        let mut sample = Sample { header: beginning.dialect.header.clone(), rows: std::mem::take(&mut beginning.rows) };
        let (mapping, parts) = self.mapping(&mut sample, file)?;
        let plan = csv::worker::Plan { delimiter, ..self.plan(file, &sample.header, &mapping, parts)? };
        let (cases, dictionaries) = (&self.cases, &self.dictionaries);
        let table = csv::read(input, facts.container, beginning, &plan, cases, dictionaries, request.threads)?;
        self.refuse_broken(&table, file)?;
        Ok(Read::new(facts, sample, mapping, &plan, table))
    }

    fn read_xes(&mut self, input: &mut (dyn io::Read + Send), facts: SourceFacts, file: &str) -> Result<Read> {
        let request = self.request;
        let may_pair = request.overrides.family.is_none_or(|(family, _)| family == mapping::Family::StartEnd);
        let mut beginning = xes::begin(input, request.date_format.as_ref(), may_pair, file, &request.limits)?;
        let mut sample = Sample { header: beginning.header().to_vec(), rows: std::mem::take(&mut beginning.rows) };
        let (mut mapping, parts) = self.mapping(&mut sample, file)?;
        let plan = self.plan(file, &sample.header, &mapping, parts)?;
        let (table, notes) = xes::read(input, facts.container, beginning, &plan, &self.cases, &self.dictionaries)?;
        mapping.notes.extend(notes);
        Ok(Read::new(facts, sample, mapping, &plan, table))
    }

    fn read_ndjson(&mut self, input: &mut (dyn io::Read + Send), facts: SourceFacts, file: &str) -> Result<Read> {
        let mut beginning = ndjson::begin(input, file, &self.request.limits)?;
        let mut sample = Sample { header: beginning.header().to_vec(), rows: std::mem::take(&mut beginning.rows) };
        let (mut mapping, parts) = self.mapping(&mut sample, file)?;
        let plan = self.plan(file, &sample.header, &mapping, parts)?;
        let (table, notes) = ndjson::read(input, facts.container, beginning, &plan, &self.cases, &self.dictionaries)?;
        mapping.notes.extend(notes);
        Ok(Read::new(facts, sample, mapping, &plan, table))
    }

    #[cfg(feature = "parquet")]
    fn read_parquet(&mut self, parquet: std::fs::File, source: &Source, progress: &Progress) -> Result<Read> {
        let request = self.request;
        let file = source.shown();
        let mut beginning = parquet::begin(parquet, &file, &request.limits)?;
        let mut sample = Sample { header: beginning.header.clone(), rows: std::mem::take(&mut beginning.rows) };
        beginning.refuse_unread(&request.overrides, &file)?;
        let (mut mapping, parts) = self.mapping(&mut sample, &file).map_err(|problem| beginning.explain(problem))?;
        let plan = self.plan(&file, &sample.header, &mapping, parts)?;
        let (cases, dictionaries) = (&self.cases, &self.dictionaries);
        let (table, notes) = parquet::read(beginning, &plan, cases, dictionaries, request.threads, progress)?;
        mapping.notes.extend(notes);
        let facts = SourceFacts::new(source, Container::Plain, Format::Parquet);
        Ok(Read::new(facts, sample, mapping, &plan, table))
    }

    #[cfg(not(feature = "parquet"))]
    #[expect(clippy::unused_self, reason = "a build without Parquet says so in the same place")]
    fn read_parquet(&mut self, _: std::fs::File, source: &Source, _: &Progress) -> Result<Read> {
        Err(parquet::unread(source))
    }

    /// The mapping of a source: that of the first one where the header is the same, else a guess of its own.
    /// The sample gets the columns that others are split into.
    fn mapping(&self, sample: &mut Sample, file: &str) -> Result<(Mapping, SplitParts)> {
        let parts = SplitParts::find(&self.request.splits, &sample.header, file)?;
        let notes = parts.notes(sample);
        parts.extend(sample, file)?;
        if let Some(first) = self.tables.first().filter(|first| first.header == sample.header) {
            return Ok((first.mapping.clone(), parts));
        }
        let is_date = |text: &str| looks_like_date(text.as_bytes()) || looks_like_epoch(text.as_bytes());
        let mut mapping = mapping::guess(sample, &self.request.overrides, file, &is_date)?;
        mapping.notes.extend(notes);
        // a part changes where the column it lies in changes
        mapping.visible.retain(|&column| parts.part(column).is_none());
        Ok((mapping, parts))
    }

    /// `header` holds the columns that others are split into as well.
    fn plan(
        &mut self,
        file: &str,
        header: &[String],
        mapping: &Mapping,
        parts: SplitParts,
    ) -> Result<csv::worker::Plan> {
        let column = |role: Role| mapping.column(role);
        let mut wanted: Vec<(Slot, &Mapped)> = [
            (Slot::State, Role::State),
            (Slot::Activity, Role::Activity),
            (Slot::Group, Role::Group),
            (Slot::Assignee, Role::Assignee),
            (Slot::Actor, Role::Actor),
            (Slot::TieBreak, Role::TieBreak),
            (Slot::Attribute(AttributeRole::Priority), Role::Priority),
            (Slot::Attribute(AttributeRole::ReassignmentCount), Role::ReassignmentCount),
            (Slot::Attribute(AttributeRole::ReopenCount), Role::ReopenCount),
        ]
        .into_iter()
        .filter_map(|(slot, role)| Some((slot, mapping.role(role)?)))
        .collect();
        // The priority is cut by as it is.
        let segments = mapping
            .columns
            .iter()
            .filter(|mapped| mapped.role == Role::Segment && Some(mapped.column) != column(Role::Priority));
        wanted.extend(segments.map(|mapped| (Slot::Attribute(AttributeRole::Segment), mapped)));
        let counter = mapping.counter().filter(|_| self.request.keep_counter);
        wanted.extend(counter.map(|mapped| (Slot::Attribute(AttributeRole::Segment), mapped)));
        let mut slots = vec![None; self.slots.len()];
        for (slot, mapped) in wanted {
            let number = self.slot(slot, mapped.column, &mapped.name, mapping);
            slots.resize(self.slots.len(), None);
            slots[number] = Some(mapped.column);
        }
        let mapped: Vec<usize> = slots
            .iter()
            .copied()
            .flatten()
            .chain([column(Role::Case), column(Role::Time)].into_iter().flatten())
            .collect();
        // the ids of the cases are at hand already
        let is_case = |name: &String| column(Role::Case).is_some_and(|at| header[at] == *name);
        let named = self.request.keep_columns.iter().map(|(name, _)| name);
        for name in named.chain(self.request.keep_if_there.iter().filter(|name| !is_case(name))) {
            let at = header.iter().position(|known| known == name).filter(|at| !slots.contains(&Some(*at)));
            if let Some(at) = at {
                let number = self.slot(Slot::Attribute(AttributeRole::Kept), at, name, mapping);
                slots.resize(self.slots.len(), None);
                slots[number] = Some(at);
            }
        }
        let comment = column(Role::Comment);
        if comment.is_some() {
            self.keep_asides(mapping, &mut slots);
        }
        let visible = mapping
            .visible
            .iter()
            .copied()
            .filter(|column| !mapped.contains(column) && Some(*column) != comment)
            .collect();
        let extra = [(When::Start, Role::Start), (When::Enabled, Role::Enabled)];
        let comment = comment.map(|column| self.comment_plan(column, mapping)).transpose()?;
        Ok(csv::worker::Plan {
            source: self.tables.len(),
            file: file.to_owned(),
            delimiter: b',',
            header: header[..header.len() - parts.len()].to_vec(),
            parts,
            keep_rejects: self.request.keep_rejects,
            case: column(Role::Case).unwrap_or(0),
            time: column(Role::Time).unwrap_or(0),
            extra_times: extra.into_iter().filter_map(|(when, role)| Some((when, column(role)?))).collect(),
            slots,
            comment,
            visible,
            date_format: self.request.date_format.clone(),
            keep_lines: self.request.keep_lines,
            limits: self.request.limits,
        })
    }

    /// Keeps the columns that say who asked, who wrote a comment and who may read it.
    fn keep_asides(&mut self, mapping: &Mapping, slots: &mut Vec<Option<usize>>) {
        for (role, attribute) in [
            (Role::Requester, AttributeRole::Requester),
            (Role::CommentWriter, AttributeRole::CommentWriter),
            (Role::CommentVisibility, AttributeRole::CommentVisibility),
        ] {
            if let Some(mapped) = mapping.role(role) {
                let number = self.slot(Slot::Attribute(attribute), mapped.column, &mapped.name, mapping);
                slots.resize(self.slots.len(), None);
                slots[number] = Some(mapped.column);
            }
        }
    }

    fn comment_plan(&mut self, column: usize, mapping: &Mapping) -> Result<CommentPlan> {
        if self.words.is_none() {
            self.words = Words::of(&self.request.comments)?;
        }
        let words = self.words.clone();
        let visibility_known = mapping.role(Role::CommentVisibility).is_some();
        Ok(CommentPlan { column, words, visibility_known, keep_of: self.request.keep_comments_of.clone() })
    }

    /// The number of a slot, made when it is new. Attributes are told apart by name.
    fn slot(&mut self, slot: Slot, column: usize, name: &str, mapping: &Mapping) -> usize {
        let same = |plan: &SlotPlan| plan.slot == slot && (!matches!(slot, Slot::Attribute(_)) || plan.name == name);
        let nulls =
            mapping.nulls.iter().filter(|null| null.applied && null.column == column).map(|null| null.literal.clone());
        if let Some(number) = self.slots.iter().position(same) {
            let known = &mut self.slots[number].nulls;
            known.extend(nulls);
            return number;
        }
        let renames = if slot == Slot::State { self.request.state_names.clone() } else { BTreeMap::new() };
        self.slots.push(SlotPlan { slot, name: name.to_owned(), nulls: nulls.collect(), renames });
        self.dictionaries.push(SharedDictionary::default());
        self.slots.len() - 1
    }

    /// The states that were to be renamed and that no source has.
    fn unknown_states(&self) -> Vec<UnknownState> {
        if self.request.state_names.is_empty() {
            return Vec::new();
        }
        let states = self.slots.iter().zip(&self.dictionaries).filter(|(slot, _)| slot.slot == Slot::State);
        let texts: Vec<Box<str>> = states.flat_map(|(_, dictionary)| dictionary.texts()).collect();
        let known: BTreeSet<&str> = texts.iter().map(AsRef::as_ref).collect();
        let unknown = self.request.state_names.keys().filter(|name| !known.contains(name.as_str()));
        let near = |name: &str| nearest(name, known.iter().copied()).map(str::to_owned);
        unknown.map(|name| UnknownState { name: name.clone(), near: near(name) }).collect()
    }

    /// Refuses a source whose bytes were read before: its events would count twice.
    fn refuse_twin(&self, read: &Read, file: &str) -> Result<()> {
        let same = |earlier: &&Read| {
            let (ours, theirs) = (&read.facts.fingerprint, &earlier.facts.fingerprint);
            !ours.hash.is_empty() && ours.hash == theirs.hash
        };
        let Some(at) = self.tables.iter().position(|earlier| same(&earlier)) else { return Ok(()) };
        let first = self.request.sources[at].shown();
        let message = if first == file {
            format!("`{}` is given twice", shown(file))
        } else {
            format!("`{}` and `{}` hold the same bytes", shown(&first), shown(file))
        };
        Err(Problem::input(message)
            .in_file(file)
            .note("every event would count twice")
            .hint(format!("name the log once, e.g. only `{}`", shown(&first))))
    }

    fn refuse_broken(&self, table: &csv::Table, file: &str) -> Result<()> {
        let rejects = &table.rejects;
        let structural: u64 =
            rejects.counts.iter().filter(|(reason, _)| reason.is_structural()).map(|(_, count)| count).sum();
        let limit = self.request.limits.max_rejects;
        if structural <= limit {
            return Ok(());
        }
        let rows = if structural == 1 { "row has" } else { "rows have" };
        let mut problem =
            Problem::input(format!("{} {rows} the wrong number of fields", count(structural))).in_file(file);
        if let Some(first) = rejects.rows.iter().find(|reject| reject.reason.is_structural()) {
            problem = problem.at_line(first.line).note(shown(first.value.raw()));
            if structural == 1 && table.no_final_newline && first.line > table.rows {
                problem =
                    problem.hint("it is the last line and has no line end: the file may be cut off; export it again");
            }
        }
        Err(problem
            .hint("correct the rows: a field that holds the delimiter needs quotes around it")
            .hint(format!("or add `--max-rejects {structural}` to leave them out, and `--rejects FILE` to see them")))
    }

    /// Refuses a column that the configuration names and no source has.
    fn refuse_missing(&self) -> Result<()> {
        let headers = || self.tables.iter().flat_map(|table| &table.header);
        let missing = self.request.keep_columns.iter().find(|(name, _)| !headers().any(|known| known == name));
        let Some((name, place)) = missing else { return Ok(()) };
        let problem = Problem::usage(format!("no column of the log is called `{}`", shown(name)));
        Err(place.refuse(match nearest(name, headers().map(String::as_str)) {
            Some(near) => problem.hint(format!("did you mean `{}`?", shown(near))),
            None => problem.hint("name a column as its header is written, capitals and spaces too"),
        }))
    }

    fn finish(mut self) -> Result<(EventLog, IngestReport)> {
        let request = self.request;
        self.refuse_missing()?;
        let zone = request.zone.clone().unwrap_or_else(Zone::utc);
        let mut resolvers = Vec::new();
        let mut orders = Vec::new();
        for (table, source) in self.tables.iter().zip(&request.sources) {
            let mut of_table = Vec::new();
            for (evidence, &column) in table.evidence.iter().zip(&table.time_columns) {
                let order = evidence.decide(&shown(&table.header[column]), &source.shown())?;
                orders.push(order);
                of_table.push(Resolver::new(order, zone.clone(), request.allow_dst_gap));
            }
            resolvers.push(of_table);
        }
        let names = self.tables.iter().zip(request.sources.iter().map(Source::shown));
        let names = names.map(|(table, file)| (file, shown(&table.header[table.time_columns[0]]))).collect();
        let mut report = report(&self.tables, orders.first().copied().unwrap_or(Order::NotNeeded), request, &zone);
        if report.rows_read == report.rejects.total() {
            return Err(nothing_usable(&report, &request.sources));
        }
        if let Some(problem) = times_refused(&report, &self.tables, request) {
            return Err(problem);
        }
        report.unknown_states = self.unknown_states();
        report.words = self.words;
        report.kept_comments = self.tables.iter_mut().flat_map(|table| std::mem::take(&mut table.comments)).collect();
        let chunks = self.tables.into_iter().flat_map(|table| table.chunks).collect();
        let parts = Parts {
            chunks,
            cases: self.cases,
            slots: self.slots,
            dictionaries: self.dictionaries,
            resolvers,
            names,
            threads: request.threads,
        };
        let built = build::build(parts)?;
        report.order = built.order;
        report.folds = built.folds;
        let Some(as_of_ms) = request.as_of_ms else { return Ok((built.log, report)) };
        let first_ms = built.log.span_ms().map_or(as_of_ms, |(first_ms, _)| first_ms);
        if first_ms > as_of_ms {
            return Err(too_early(as_of_ms, first_ms));
        }
        let (log, after_as_of) = built.log.until(as_of_ms);
        report.after_as_of = after_as_of;
        (report.order.pairs, report.order.tied) = log.pairs_and_ties();
        Ok((log, report))
    }
}

/// Refuses a source that is named twice: its rows would count twice.
///
/// # Errors
/// When two sources are the same file, or both are standard input.
pub fn refuse_twice(sources: &[Source]) -> Result<()> {
    let mut seen = std::collections::BTreeSet::new();
    for source in sources {
        let place = match source {
            Source::File(path) => std::fs::canonicalize(path).unwrap_or_else(|_| path.clone()),
            Source::Stdin => "-".into(),
            // same bytes are found when they are read
            Source::Memory(..) => continue,
        };
        if !seen.insert(place) {
            return Err(Problem::usage("an input is named twice, so its rows would count twice")
                .in_file(source.shown())
                .hint("name it once; a pattern may already hold it"));
        }
    }
    Ok(())
}

/// The files a pattern names, in name order; the pattern itself when it has no wildcard.
///
/// # Errors
/// When the pattern is malformed or matches nothing.
pub fn expand(pattern: &str) -> Result<Vec<Source>> {
    if pattern == "-" {
        return Ok(vec![Source::Stdin]);
    }
    if Path::new(pattern).exists() || !pattern.contains(['*', '?', '[']) {
        return Ok(vec![Source::File(pattern.into())]);
    }
    let paths = glob::glob(pattern).map_err(|error| {
        Problem::usage(format!("the pattern `{}` is malformed: {error}", shown(pattern)))
            .hint("close the bracket, or write `[[]` for a bracket in a name")
    })?;
    let mut files: Vec<_> = paths.filter_map(std::result::Result::ok).filter(|path| path.is_file()).collect();
    files.sort();
    if files.is_empty() {
        return Err(
            Problem::input(format!("no file matches `{}`", shown(pattern))).hint("check the folder and the pattern")
        );
    }
    Ok(files.into_iter().map(Source::File).collect())
}
