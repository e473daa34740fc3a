//! The events of one trace, kept until it ends, then handed on as rows.
//!
//! Attributes of the trace may follow its events, and an activity's start and end are events of their own: both are
//! known only at the end of the trace. Texts are kept once, in one buffer that the next trace uses again.

use std::collections::{BTreeSet, HashSet};

use super::lifecycle::{Moment, Pairs, Transition, pair};
use super::markup::Flow;
use super::table::{Mode, Pairing, Table};
use super::walk::{Attribute, Scope, Visitor};
use crate::error::{Problem, Result};
use crate::ingest::keys::{PADDING, mix};
use crate::ingest::profile::is_null_literal;
use crate::ingest::rows::{Cell, Row};
use crate::time::{DateFormat, DateReader, Order, Resolver, Zone};

/// Most bytes of one trace.
const MOST_BYTES: usize = 256 << 20;

/// Most late keys that are named.
const MOST_LATE: usize = 20;

/// Takes rows.
pub trait Sink {
    /// Takes one; its cells are those of the table's header.
    fn row(&mut self, row: &Row) -> Result<()>;
}

/// What was seen that the person should know.
#[derive(Debug, Default)]
pub struct Seen {
    /// Events.
    pub events: u64,
    /// Traces.
    pub traces: u64,
    /// Traces with the id of an earlier one.
    pub repeated: u64,
    /// Keys that are in no column, the first of them.
    pub late: BTreeSet<String>,
    /// Events that are no completion, where all seemed to be.
    pub not_complete: u64,
    /// What pairing came to.
    pub pairs: Pairs,
}

/// Keeps a trace and hands its rows to a sink.
pub struct Stage<S> {
    table: Table,
    used: Vec<bool>,
    sink: S,
    /// Events after which to stop.
    enough: u64,
    seen: Seen,
    ids: HashSet<u64>,
    order: Timing,
    /// Texts of the defaults, then of the trace.
    buffer: Vec<u8>,
    /// Length of the defaults.
    kept: usize,
    defaults: Vec<(usize, Cell)>,
    trace: Vec<Cell>,
    in_trace: bool,
    in_event: bool,
    events: Vec<Cell>,
    lines: Vec<u64>,
    /// Attributes of the trace or event so far.
    turn: usize,
}

/// Reads instants for the order of the events of a trace; the log's times are decided elsewhere.
struct Timing {
    reader: DateReader,
    resolver: Resolver,
}

impl<S: Sink> Stage<S> {
    /// Hands the rows of `table` to `sink`; only columns that are `used` are filled.
    pub fn new(table: Table, used: &[bool], date_format: Option<&DateFormat>, sink: S) -> Self {
        let mut all_used = used.to_vec();
        all_used.resize(table.width, false);
        for column in table.needed() {
            all_used[column] = true;
        }
        let mut buffer = Vec::new();
        let mut defaults = Vec::new();
        for (column, text) in &table.defaults {
            if all_used[*column] {
                defaults.push((*column, append(&mut buffer, text)));
            }
        }
        let order = Timing {
            reader: DateReader::new(date_format),
            resolver: Resolver::new(Order::NotNeeded, Zone::utc(), true),
        };
        Stage {
            used: all_used,
            sink,
            enough: u64::MAX,
            seen: Seen::default(),
            ids: HashSet::new(),
            order,
            kept: buffer.len(),
            buffer,
            defaults,
            trace: vec![Cell::default(); table.width],
            in_trace: false,
            in_event: false,
            events: Vec::new(),
            lines: Vec::new(),
            turn: 0,
            table,
        }
    }

    /// Stops after that many events; the rows of an unfinished trace are handed on.
    #[must_use]
    pub fn stop_after(mut self, events: u64) -> Self {
        self.enough = events;
        self
    }

    /// The sink, and what was seen.
    pub fn into_parts(self) -> (S, Seen) {
        (self.sink, self.seen)
    }

    /// Hands on the rows of the trace.
    fn flush(&mut self) -> Result<()> {
        self.note_id();
        self.fill();
        match self.table.mode {
            Mode::Single | Mode::Joined(_) => {
                self.pad();
                for (cells, &line) in self.events.chunks_exact(self.table.width).zip(&self.lines) {
                    let cells = &cells[..self.table.header.len()];
                    self.sink.row(&Row { line, buffer: &self.buffer, cells })?;
                }
            }
            Mode::Paired(pairing) => self.flush_pairs(pairing)?,
        }
        self.buffer.truncate(self.kept);
        self.events.clear();
        self.lines.clear();
        self.trace.fill(Cell::default());
        Ok(())
    }

    fn pad(&mut self) {
        self.buffer.extend([0; PADDING]);
    }

    /// Counts traces that repeat an id.
    fn note_id(&mut self) {
        let Some(&column) =
            self.table.of_trace.iter().find(|&&column| self.table.header[column] == "case:concept:name")
        else {
            return;
        };
        let id = self.trace[column].text(&self.buffer);
        if self.in_trace && !id.is_empty() {
            let hash =
                id.iter().fold(id.len() as u64, |hash, &byte| mix(hash ^ u64::from(byte), 0x9E37_79B9_7F4A_7C15));
            self.seen.repeated += u64::from(!self.ids.insert(hash));
        }
    }

    /// Fills what the trace, a default or a join says.
    fn fill(&mut self) {
        let join = if let Mode::Joined(join) = self.table.mode { Some(join) } else { None };
        for cells in self.events.chunks_exact_mut(self.table.width) {
            for &column in &self.table.of_trace {
                if cells[column].is_empty() {
                    cells[column] = self.trace[column];
                }
            }
            for &(column, cell) in &self.defaults {
                if cells[column].is_empty() {
                    cells[column] = cell;
                }
            }
            if let Some(join) = join {
                let [first, second] = join.parts.map(|part| cells[part]);
                cells[join.column] = match (first.is_empty(), second.is_empty()) {
                    (false, false) => joined(&mut self.buffer, first, b"/", second),
                    (false, true) => first,
                    (true, _) => second,
                };
            }
        }
    }

    fn flush_pairs(&mut self, pairing: Pairing) -> Result<()> {
        self.pad();
        let (buffer, width) = (self.buffer.as_slice(), self.table.width);
        let mut moments = Vec::with_capacity(self.lines.len());
        let mut last = i64::MIN;
        for (event, cells) in self.events.chunks_exact(width).enumerate() {
            let text = |column: usize| cells[column].text(buffer);
            let at_ms = self.order.at_ms(text(pairing.time));
            last = at_ms.unwrap_or(last);
            moments.push(Moment {
                event,
                activity: (text(pairing.name), pairing.instance.map_or(&[][..], text)),
                transition: at_ms.and_then(|_| Transition::of(text(pairing.transition))),
                time: cells[pairing.time],
                at_ms: last,
            });
        }
        let mut row: Vec<Cell> = Vec::with_capacity(width);
        for activity in pair(&mut moments, &mut self.seen.pairs) {
            row.clear();
            row.extend_from_slice(&self.events[activity.event * width..][..self.table.header.len()]);
            if let Some(begun_by) = activity.begun_by {
                let begun = &self.events[begun_by * width..];
                row.iter_mut().zip(begun).filter(|(cell, _)| cell.is_empty()).for_each(|(cell, &begun)| *cell = begun);
            }
            row[pairing.start] = activity.start;
            row[pairing.enabled] = activity.enabled;
            self.sink.row(&Row { line: self.lines[activity.event], buffer, cells: &row })?;
        }
        Ok(())
    }

    fn set(&mut self, scope: Scope, column: usize, value: &str) {
        let at = if scope == Scope::Event { self.events.len() - self.table.width + column } else { column };
        let before = if scope == Scope::Event { self.events[at] } else { self.trace[at] };
        let mut cell = append(&mut self.buffer, value);
        if !before.is_empty() && !cell.is_empty() {
            // a list, or a key that stands there twice
            cell = joined(&mut self.buffer, before, b"; ", cell);
        }
        if scope == Scope::Event {
            self.events[at] = cell;
        } else {
            self.trace[at] = cell;
        }
    }

    fn check_size(&self, line: u64) -> Result<()> {
        let bytes = self.buffer.len() + std::mem::size_of_val(self.events.as_slice());
        if bytes <= MOST_BYTES {
            return Ok(());
        }
        Err(Problem::input(format!("a trace is larger than {MOST_BYTES} bytes"))
            .at_line(line)
            .hint("a trace is one case; check that the export keeps the cases apart, or export fewer attributes"))
    }
}

impl Timing {
    fn at_ms(&mut self, time: &[u8]) -> Option<i64> {
        let stamp = self.reader.read(time, || 0).ok()?;
        // an order of day and month that is not decided yet orders nothing
        Some(self.resolver.resolve(stamp).unwrap_or(i64::MIN))
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the buffer is bounded far below 4 GiB")]
fn append(buffer: &mut Vec<u8>, text: &str) -> Cell {
    let from = buffer.len() as u32;
    buffer.extend_from_slice(text.as_bytes());
    Cell { from, to: buffer.len() as u32 }
}

#[expect(clippy::cast_possible_truncation, reason = "the buffer is bounded far below 4 GiB")]
fn joined(buffer: &mut Vec<u8>, first: Cell, between: &[u8], second: Cell) -> Cell {
    let from = buffer.len() as u32;
    buffer.extend_from_within(first.from as usize..first.to as usize);
    buffer.extend_from_slice(between);
    buffer.extend_from_within(second.from as usize..second.to as usize);
    Cell { from, to: buffer.len() as u32 }
}

impl<S: Sink> Visitor for Stage<S> {
    fn classifier(&mut self, _: &str) {}

    fn begin(&mut self, scope: Scope, line: u64) -> Result<()> {
        self.turn = 0;
        if scope == Scope::Trace {
            self.in_trace = true;
            self.seen.traces += 1;
            return Ok(());
        }
        self.check_size(line)?;
        self.in_event = true;
        self.events.resize(self.events.len() + self.table.width, Cell::default());
        self.lines.push(line);
        Ok(())
    }

    fn attribute(&mut self, scope: Scope, attribute: Attribute, line: u64) -> Result<()> {
        let Attribute { key, value, .. } = attribute;
        let lookup = match scope {
            Scope::Trace => &mut self.table.trace,
            Scope::Event => &mut self.table.event,
            Scope::Log | Scope::GlobalTrace | Scope::GlobalEvent => return Ok(()),
        };
        let column = match (lookup.column(key, self.turn), self.table.mode) {
            (None, Mode::Paired(pairing)) if scope == Scope::Event && key == super::survey::LIFECYCLE => {
                Some(pairing.transition)
            }
            (column, _) => column,
        };
        self.turn += 1;
        let Some(column) = column else {
            if self.seen.late.len() < MOST_LATE {
                self.seen.late.insert(key.to_owned());
            }
            return Ok(());
        };
        if !self.used[column] {
            return Ok(());
        }
        if scope == Scope::Event && self.table.completions == Some(column) {
            let complete = value.eq_ignore_ascii_case("complete") || is_null_literal(value);
            self.seen.not_complete += u64::from(!complete);
        }
        self.set(scope, column, value);
        // a key that an event has many times is joined many times
        self.check_size(line)
    }

    fn end(&mut self, scope: Scope) -> Result<Flow> {
        if scope == Scope::Event {
            self.in_event = false;
            self.seen.events += 1;
            let enough = self.seen.events >= self.enough;
            if !self.in_trace || enough {
                self.flush()?;
            }
            return Ok(if enough { Flow::Stop } else { Flow::Go });
        }
        self.flush()?;
        self.in_trace = false;
        Ok(Flow::Go)
    }
}
