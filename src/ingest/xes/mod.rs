//! Reading XES: a look at the beginning for its keys, then one pass over the traces.
//!
//! One thread unpacks, hashes and hands over blocks, another parses and packs rows. Memory is bounded by the
//! largest trace and the columns of the log.

mod lifecycle;
mod markup;
mod plain;
mod stage;
mod survey;
mod table;
mod text;
mod walk;

use std::io::Read;
use std::sync::mpsc::Receiver;

use markup::{Flow, Place, Refill, Token, scan};
use stage::{Seen, Sink, Stage};
use survey::Survey;
use table::{Mode, Table};
use walk::{Visitor, Walk};

use super::cases::Cases;
use super::csv;
use super::csv::blocks::read_full;
use super::csv::worker::Plan;
use super::feed::parse_ahead;
use super::intern::SharedDictionary;
use super::limits::{Bound, Limits};
use super::mapping::Note;
use super::rows::{Row, RowWriter};
use super::source::Container;
use crate::counts::count;
use crate::error::{Problem, Result};
use crate::log::text::shown;
use crate::time::DateFormat;

/// Events looked at for a guess.
const SAMPLE_EVENTS: usize = 5_000;

/// Bytes after which the sample ends with fewer events.
const SAMPLE_BYTES: usize = 16 << 20;

/// Bytes after which at least one event must have come.
const MOST_PREFACE: usize = 64 << 20;

/// Bytes read at once for the sample.
const SIP: usize = 1 << 18;

/// The beginning of a log: enough to guess from.
pub struct Beginning {
    head: Vec<u8>,
    table: Table,
    date_format: Option<DateFormat>,
    /// First rows.
    pub rows: Vec<Vec<String>>,
    /// What the person should know of the choice of columns.
    pub notes: Vec<Note>,
}

impl Beginning {
    /// Names of the columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.table.header
    }
}

/// Reads the beginning of a log. `may_pair`: events of the start and of the end of an activity may become one row.
///
/// # Errors
/// When the input breaks, is no XES, or holds no event.
pub fn begin(
    input: &mut (dyn Read + Send),
    date_format: Option<&DateFormat>,
    may_pair: bool,
    file: &str,
    limits: &Limits,
) -> Result<Beginning> {
    begin_anonymous(input, date_format, may_pair, limits).map_err(|problem| problem.in_file(file))
}

fn begin_anonymous(
    input: &mut (dyn Read + Send),
    date_format: Option<&DateFormat>,
    may_pair: bool,
    limits: &Limits,
) -> Result<Beginning> {
    let mut head = Vec::new();
    let mut ended = !sip(input, &mut head)?;
    let mut handed = 0;
    let survey = Survey { enough: SAMPLE_EVENTS, most_columns: limits.columns, ..Survey::default() };
    let mut walk = Walk::new(survey, limits);
    let finished = {
        let mut refill = |window: &mut Vec<u8>| {
            if handed == head.len() && !ended {
                ended = !sip(input, &mut head)?;
            }
            window.extend_from_slice(&head[handed..]);
            let fresh = head.len() > handed;
            handed = head.len();
            Ok(fresh)
        };
        // enough bytes end the sample as enough events do
        let mut handle = |token: Token, place: Place| {
            let flow = walk.token(token, place)?;
            let events = walk.visitor().events;
            if place.offset > MOST_PREFACE as u64 && events == 0 {
                return Err(Problem::input(format!("no event within the first {MOST_PREFACE} bytes"))
                    .hint("check that this is an event log, or leave out the attributes of the log"));
            }
            Ok(if place.offset > SAMPLE_BYTES as u64 && events > 0 { Flow::Stop } else { flow })
        };
        scan(&mut refill, limits, &mut handle)?
    };
    if finished {
        walk.finish()?;
    }
    let mut survey = walk.into_visitor();
    if survey.events == 0 {
        return Err(Problem::input("the log holds no event").hint("export the log again, with its events"));
    }
    if !finished {
        survey.expect_declared();
    }
    let table = Table::new(&survey, may_pair);
    if table.header.is_empty() {
        return Err(Problem::input("the events have no attributes").hint("export the log again, with its attributes"));
    }
    if table.width > limits.columns {
        return Err(Problem::input(format!("the log has {} columns, more than {}", table.width, limits.columns))
            .hint("export only the attributes that the analysis needs")
            .hint(Bound::Columns.raise(limits.columns as u64)));
    }
    let mut rest = Some(head.as_slice());
    let mut again = |window: &mut Vec<u8>| Ok(rest.take().map(|head| window.extend_from_slice(head)).is_some());
    let used = vec![true; table.header.len()];
    let stage = Stage::new(table.clone(), &used, date_format, Sample::default()).stop_after(if finished {
        u64::MAX
    } else {
        survey.events as u64
    });
    let (sample, _) = drive(&mut again, limits, stage)?.into_parts();
    let notes = case_note(&survey).into_iter().collect();
    Ok(Beginning { head, table, date_format: date_format.cloned(), rows: sample.rows, notes })
}

fn sip(input: &mut (dyn Read + Send), head: &mut Vec<u8>) -> Result<bool> {
    let before = head.len();
    head.resize(before + SIP, 0);
    let read = read_full(input, &mut head[before..])?;
    head.truncate(before + read);
    Ok(read == SIP)
}

/// Says what names the cases where it is not the usual key.
fn case_note(survey: &Survey) -> Option<Note> {
    let key = survey.case_key().filter(|key| *key != survey::NAME)?;
    let message = format!("the traces have no `{}`; their `{}` names the case", survey::NAME, shown(key));
    Some(Note { message, hint: "add `--case COLUMN` to take another column".to_owned() })
}

/// Walks through a whole text, or until the visitor has enough.
fn drive<V: Visitor>(refill: &mut Refill, limits: &Limits, visitor: V) -> Result<V> {
    let mut walk = Walk::new(visitor, limits);
    if scan(refill, limits, &mut |token, place| walk.token(token, place))? {
        walk.finish()?;
    }
    Ok(walk.into_visitor())
}

/// Rows as texts.
#[derive(Default)]
struct Sample {
    rows: Vec<Vec<String>>,
}

impl Sink for Sample {
    fn row(&mut self, row: &Row) -> Result<()> {
        let text = |cell: &super::rows::Cell| String::from_utf8_lossy(cell.text(row.buffer)).into_owned();
        self.rows.push(row.cells.iter().map(text).collect());
        Ok(())
    }
}

impl Sink for RowWriter<'_> {
    fn row(&mut self, row: &Row) -> Result<()> {
        self.push(row)
    }
}

/// Reads the whole log whose beginning was read from `input`, and says what the person should know of it.
///
/// # Errors
/// When the input breaks, is no XES, or exceeds a limit.
pub fn read(
    input: &mut (dyn Read + Send),
    container: Container,
    beginning: Beginning,
    plan: &Plan,
    cases: &Cases,
    dictionaries: &[SharedDictionary],
) -> Result<(csv::Table, Vec<Note>)> {
    let Beginning { head, table, date_format, mut notes, .. } = beginning;
    let mode = table.mode;
    let writer = RowWriter::new(plan, cases, dictionaries);
    let stage = Stage::new(table, &RowWriter::used(plan), date_format.as_ref(), writer);
    let hashed = container == Container::Plain;
    let in_file = |problem: Problem| problem.in_file(&plan.file);
    let (parsed, fingerprint) =
        parse_ahead(input, head, hashed, |blocks| parse(blocks, &plan.limits, stage)).map_err(in_file)?;
    let (writer, seen) = parsed.into_parts();
    notes.extend(self::notes(&seen, mode));
    let table = csv::Table { fingerprint, ..writer.finish() };
    Ok((table, notes))
}

fn parse<V: Visitor>(blocks: &Receiver<Vec<u8>>, limits: &Limits, visitor: V) -> Result<V> {
    let mut refill = |window: &mut Vec<u8>| match blocks.recv() {
        Ok(block) => {
            window.extend_from_slice(&block);
            Ok(true)
        }
        Err(_) => Ok(false),
    };
    drive(&mut refill, limits, visitor)
}

/// What the person should know of the events that were read.
fn notes(seen: &Seen, mode: Mode) -> Vec<Note> {
    let mut notes = Vec::new();
    let mut note = |message: String, hint: &str| notes.push(Note { message, hint: hint.to_owned() });
    if let Mode::Paired(_) = mode {
        let pairs = seen.pairs;
        let parts = [
            (pairs.complete, "with a start and an end"),
            (pairs.no_start, "ended without a start"),
            (pairs.no_end, "started and did not end"),
            (pairs.never_begun, "scheduled or assigned, never begun and left out"),
        ];
        let parts = parts.iter().filter(|(number, _)| *number > 0);
        let parts: Vec<String> = parts.map(|(number, what)| format!("{} {what}", count(*number))).collect();
        let message =
            format!("{} events on starts and ends make activities: {}", count(pairs.events), parts.join(", "));
        note(message, "nothing to do; add `--family activity` to read each event as a row of its own");
    }
    if seen.not_complete > 0 {
        let message = format!("{} events are no completion, though all at the beginning are", count(seen.not_complete));
        note(message, "each is read as an activity of its own; keep only the completions where that is wrong");
    }
    if seen.repeated > 0 {
        let message = if seen.repeated == 1 {
            "1 trace has the name of an earlier one and is read as one case with it".to_owned()
        } else {
            format!("{} traces have the name of an earlier one and are read as one case with it", count(seen.repeated))
        };
        note(message, "give every trace a name of its own if they are different cases");
    }
    if !seen.late.is_empty() {
        let keys: Vec<String> = seen.late.iter().map(|key| format!("`{}`", shown(key))).collect();
        let message = format!(
            "keys that come up only after the first {} events are not read: {}",
            count(SAMPLE_EVENTS as u64),
            keys.join(", ")
        );
        note(message, "declare them in a `<global>` if the analysis needs them");
    }
    notes
}

/// The encoding that the first line of a text declares, where it is an XML declaration.
///
/// # Errors
/// When the declaration is broken.
pub fn declared_encoding(head: &[u8]) -> Result<Option<String>> {
    let Some(end) = head.starts_with(b"<?xml").then(|| memchr::memchr(b'>', head)).flatten() else {
        return Ok(None);
    };
    let declaration = String::from_utf8_lossy(&head[b"<?xml".len()..end]);
    let declaration = declaration.trim_end_matches('?');
    text::attribute(declaration, "encoding").map_err(|problem| problem.at_line(1))
}
