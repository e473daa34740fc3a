//! Reading NDJSON, one JSON object per line: a look at the beginning for its keys, then one pass over the lines.
//!
//! One thread unpacks, hashes and hands over blocks, another parses and packs rows. Memory is bounded by the
//! longest line and the columns of the log.

mod object;

use std::collections::{BTreeSet, HashMap};
use std::io::Read;
use std::sync::mpsc::Receiver;

use object::{Fields, doubled};

use super::cases::Cases;
use super::csv;
use super::csv::blocks::read_full;
use super::csv::worker::Plan;
use super::feed::parse_ahead;
use super::intern::SharedDictionary;
use super::keys::PADDING;
use super::limits::{Bound, Limits};
use super::mapping::Note;
use super::rows::{Cell, Row, RowWriter, too_long};
use super::source::Container;
use crate::counts::count;
use crate::error::{Problem, Result};
use crate::log::text::shown;

/// Objects looked at for a guess.
const SAMPLE_ROWS: usize = 20_000;

/// Bytes after which the sample ends with fewer objects.
const SAMPLE_BYTES: usize = 8 << 20;

/// Bytes read at once.
const BLOCK: usize = 1 << 20;

/// Most late keys that are named.
const MOST_LATE: usize = 20;

/// The beginning of a log: enough to guess from.
pub struct Beginning {
    head: Vec<u8>,
    columns: Columns,
    /// First rows.
    pub rows: Vec<Vec<String>>,
}

impl Beginning {
    /// Names of the columns.
    #[must_use]
    pub fn header(&self) -> &[String] {
        &self.columns.header
    }
}

/// Which column a key has.
#[derive(Clone, Default)]
struct Columns {
    header: Vec<String>,
    numbers: HashMap<String, usize>,
    /// The columns as they lately followed one another.
    recent: Vec<usize>,
}

impl Columns {
    /// The column of a key that is the `turn`-th of its object: objects mostly repeat their keys in one order.
    fn find(&mut self, key: &str, turn: usize) -> Option<usize> {
        if let Some(&column) = self.recent.get(turn)
            && self.header[column] == key
        {
            return Some(column);
        }
        let column = *self.numbers.get(key)?;
        if self.recent.len() <= turn {
            self.recent.resize(turn + 1, column);
        }
        self.recent[turn] = column;
        Some(column)
    }

    fn insert(&mut self, key: &str) -> usize {
        let column = self.header.len();
        self.header.push(key.to_owned());
        self.numbers.insert(key.to_owned(), column);
        column
    }
}

/// Reads the beginning of a log.
///
/// # Errors
/// When the input breaks, a line is no JSON object, or a limit is exceeded.
pub fn begin(input: &mut (dyn Read + Send), file: &str, limits: &Limits) -> Result<Beginning> {
    begin_anonymous(input, limits).map_err(|problem| problem.in_file(file))
}

fn begin_anonymous(input: &mut (dyn Read + Send), limits: &Limits) -> Result<Beginning> {
    let (mut head, mut ended) = (Vec::new(), false);
    // at least one whole line, else there is nothing to guess from
    while !ended && (head.len() < SAMPLE_BYTES || !head.contains(&b'\n')) && head.len() <= limits.record + BLOCK {
        let before = head.len();
        head.resize(before + BLOCK, 0);
        let read = read_full(input, &mut head[before..])?;
        head.truncate(before + read);
        ended = read < BLOCK;
    }
    let mut columns = Columns::default();
    let mut texts: Vec<Vec<(usize, String)>> = Vec::new();
    let mut fields = Fields::default();
    let mut lines = Lines::new(*limits);
    let mut sample = |line: &[u8], number: u64| {
        read_line(&mut fields, line, limits, number)?;
        if let Some(name) = fields.doubled() {
            return Err(doubled(name).at_line(number));
        }
        let mut row = Vec::new();
        for (turn, (name, value)) in fields.iter().enumerate() {
            let column = columns.find(name, turn).unwrap_or_else(|| columns.insert(name));
            row.push((column, value));
        }
        if columns.header.len() > limits.columns {
            return Err(Problem::input(format!("the objects have more than {} keys", limits.columns))
                .at_line(number)
                .hint("export only the keys that the analysis needs")
                .hint(Bound::Columns.raise(limits.columns as u64)));
        }
        let values = fields.values();
        let text = |cell: Cell| String::from_utf8_lossy(cell.text(values)).into_owned();
        texts.push(row.into_iter().map(|(column, value)| (column, text(value))).collect());
        Ok(texts.len() < SAMPLE_ROWS)
    };
    if lines.push(&head, &mut sample)? && ended {
        lines.finish(&mut sample)?;
    }
    if columns.header.is_empty() {
        return Err(Problem::input("the objects have no keys").hint("export the log again, with its attributes"));
    }
    let width = columns.header.len();
    let rows = texts.into_iter().map(|row| {
        let mut cells = vec![String::new(); width];
        for (column, text) in row {
            cells[column] = text;
        }
        cells
    });
    Ok(Beginning { head, rows: rows.collect(), columns })
}

/// Reads the whole log whose beginning was read from `input`, and says what the person should know of it.
///
/// # Errors
/// When the input breaks, a line is no JSON object, or a limit is exceeded.
pub fn read(
    input: &mut (dyn Read + Send),
    container: Container,
    beginning: Beginning,
    plan: &Plan,
    cases: &Cases,
    dictionaries: &[SharedDictionary],
) -> Result<(csv::Table, Vec<Note>)> {
    let Beginning { head, columns, .. } = beginning;
    let rows = Rows::new(columns, plan, RowWriter::new(plan, cases, dictionaries));
    let hashed = container == Container::Plain;
    let in_file = |problem: Problem| problem.in_file(&plan.file);
    let ((rows, no_final_newline), fingerprint) =
        parse_ahead(input, head, hashed, |blocks| parse(blocks, plan.limits, rows)).map_err(in_file)?;
    let notes = late(&rows.late).into_iter().collect();
    Ok((csv::Table { fingerprint, no_final_newline, ..rows.writer.finish() }, notes))
}

fn parse<'a>(blocks: &Receiver<Vec<u8>>, limits: Limits, mut rows: Rows<'a>) -> Result<(Rows<'a>, bool)> {
    let mut lines = Lines::new(limits);
    let mut take = |line: &[u8], number: u64| rows.take(line, &limits, number).map(|()| true);
    while let Ok(block) = blocks.recv() {
        lines.push(&block, &mut take)?;
    }
    let open = lines.finish(&mut take)?;
    Ok((rows, open))
}

/// Blocks to lines.
struct Lines {
    limits: Limits,
    /// The beginning of a line whose end is to come.
    open: Vec<u8>,
    /// Line ends seen.
    ends: u64,
}

/// Takes a line and its number; says whether more is wanted.
type Take<'t> = dyn FnMut(&[u8], u64) -> Result<bool> + 't;

impl Lines {
    fn new(limits: Limits) -> Self {
        Lines { limits, open: Vec::new(), ends: 0 }
    }

    /// Hands over the lines that `block` completes; says whether more is wanted.
    fn push(&mut self, block: &[u8], take: &mut Take) -> Result<bool> {
        let mut rest = block;
        while let Some(end) = memchr::memchr(b'\n', rest) {
            let number = self.ends + 1;
            let wanted = if self.open.is_empty() {
                hand(&rest[..end], number, take).map_err(|problem| or_hint(problem, BROKEN))?
            } else {
                self.keep(&rest[..end])?;
                let wanted = hand(&self.open, number, take).map_err(|problem| or_hint(problem, BROKEN))?;
                self.open.clear();
                wanted
            };
            self.ends = number;
            rest = &rest[end + 1..];
            if !wanted {
                return Ok(false);
            }
        }
        self.keep(rest)?;
        Ok(true)
    }

    fn keep(&mut self, bytes: &[u8]) -> Result<()> {
        if self.open.len() + bytes.len() > self.limits.record {
            return Err(Problem::input(format!("a line is longer than {} bytes", self.limits.record))
                .at_line(self.ends + 1)
                .hint("write each object on a line of its own, e.g. with `jq -c '.[]' LOG.json > LOG.ndjson`")
                .hint(Bound::Record.raise(self.limits.record as u64)));
        }
        self.open.extend_from_slice(bytes);
        Ok(())
    }

    /// Hands over the last line where it has no line end; says whether there was one.
    fn finish(&mut self, take: &mut Take) -> Result<bool> {
        let open = std::mem::take(&mut self.open);
        if open.trim_ascii().is_empty() {
            return Ok(false);
        }
        let cut = "the file is cut off; copy or export it again";
        hand(&open, self.ends + 1, take).map(|_| true).map_err(|problem| or_hint(problem, cut))
    }
}

/// What to do about a line that is no whole object.
const BROKEN: &str = "write each object on a line of its own, e.g. with `jq -c . LOG.json > LOG.ndjson`";

/// A hint for a problem that has none of its own.
fn or_hint(problem: Problem, hint: &str) -> Problem {
    if problem.hints().is_empty() { problem.hint(hint) } else { problem }
}

/// Hands over a line that is not empty.
fn hand(line: &[u8], number: u64, take: &mut Take) -> Result<bool> {
    let line = if number == 1 { line.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(line) } else { line };
    if line.trim_ascii().is_empty() { Ok(true) } else { take(line, number) }
}

fn read_line(fields: &mut Fields, line: &[u8], limits: &Limits, number: u64) -> Result<()> {
    if line.len() > limits.record {
        return Err(Problem::input(format!("a line is longer than {} bytes", limits.record))
            .at_line(number)
            .hint("shorten the object, or leave texts out of the export")
            .hint(Bound::Record.raise(limits.record as u64)));
    }
    let text = std::str::from_utf8(line).map_err(|error| {
        let byte = line.get(error.valid_up_to()).copied().unwrap_or_default();
        Problem::input("the file is not UTF-8")
            .at_line(number)
            .note(format!("byte 0x{byte:02X} at byte {} of the line", error.valid_up_to() + 1))
            .hint("JSON is always UTF-8: export the log again, or convert it with `iconv`")
    })?;
    fields.read(text, limits.depth).map_err(|problem| problem.at_line(number))
}

/// Objects to rows.
struct Rows<'a> {
    columns: Columns,
    used: Vec<bool>,
    writer: RowWriter<'a>,
    fields: Fields,
    cells: Vec<Cell>,
    /// Per column, the number of the last row that has it.
    seen: Vec<u64>,
    taken: u64,
    late: BTreeSet<String>,
}

impl<'a> Rows<'a> {
    fn new(columns: Columns, plan: &Plan, writer: RowWriter<'a>) -> Self {
        let width = columns.header.len();
        Rows {
            columns,
            used: RowWriter::used(plan),
            writer,
            fields: Fields::default(),
            cells: vec![Cell::default(); width],
            seen: vec![0; width],
            taken: 0,
            late: BTreeSet::new(),
        }
    }

    fn take(&mut self, line: &[u8], limits: &Limits, number: u64) -> Result<()> {
        read_line(&mut self.fields, line, limits, number)?;
        self.taken += 1;
        self.cells.fill(Cell::default());
        let mut strange = self.fields.is_nested();
        for (turn, (name, value)) in self.fields.iter().enumerate() {
            if (value.to - value.from) as usize > limits.cell {
                return Err(too_long(limits.cell).at_line(number).in_column(shown(name)));
            }
            let Some(column) = self.columns.find(name, turn) else {
                strange = true;
                if self.late.len() < MOST_LATE {
                    self.late.insert(name.to_owned());
                }
                continue;
            };
            if self.seen[column] == self.taken {
                return Err(doubled(name).at_line(number));
            }
            self.seen[column] = self.taken;
            if self.used[column] {
                self.cells[column] = value;
            }
        }
        if strange && let Some(name) = self.fields.doubled() {
            return Err(doubled(name).at_line(number));
        }
        let buffer = self.fields.values();
        buffer.extend([0; PADDING]);
        self.writer.push(&Row { line: number, buffer, cells: &self.cells })
    }
}

/// Says which keys came too late to become columns.
fn late(keys: &BTreeSet<String>) -> Option<Note> {
    if keys.is_empty() {
        return None;
    }
    let named: Vec<String> = keys.iter().map(|key| format!("`{}`", shown(key))).collect();
    let message = format!(
        "keys that come up only after the first {} objects are not read: {}",
        count(SAMPLE_ROWS as u64),
        named.join(", ")
    );
    let hint = "write such a key into the first object, with `null`, if the analysis needs it";
    Some(Note { message, hint: hint.to_owned() })
}
