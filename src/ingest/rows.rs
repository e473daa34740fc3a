//! Rows of any format to chunks of codes: the way into the log for everything but the fast path of delimited text.
//!
//! A reader hands over one row at a time as texts in a buffer; this module knows nothing of where they come from.
//! Times stay as they were written until the order of their whole column is decided, and a row that cannot be used
//! is rejected here, with its line.

use std::collections::BTreeMap;

use super::cases::{CaseKey, Cases};
use super::chunk::{Chunk, Times, group_by_shard};
use super::comments::{KeptText, Listener};
use super::csv::Table;
use super::csv::worker::Plan;
use super::intern::{Interner, SharedDictionary};
use super::keys::{Key, mix};
use super::rejects::{Reason, Reject, Rejects};
use super::split::Part;
use crate::error::{Problem, Result};
use crate::log::text::shown;
use crate::log::{Codes, LogText};
use crate::time::{DateReader, Stamp};

/// Rows of one chunk.
const CHUNK_ROWS: usize = 32_768;

/// Bytes of case ids beyond which a chunk takes no more rows.
const CHUNK_ID_BYTES: usize = 16 << 20;

/// Where the text of one cell lies in the buffer of its row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cell {
    /// First byte.
    pub from: u32,
    /// Byte behind the last one; equal to `from` where there is no text.
    pub to: u32,
}

impl Cell {
    /// Whether there is no text.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.from == self.to
    }

    /// The text within its buffer.
    #[must_use]
    pub fn text(self, buffer: &[u8]) -> &[u8] {
        &buffer[self.from as usize..self.to as usize]
    }
}

/// One row: a cell for each column of the plan's header.
#[derive(Clone, Copy, Debug)]
pub struct Row<'b> {
    /// Line of the source it starts on, from 1.
    pub line: u64,
    /// Valid UTF-8, followed by [`super::keys::PADDING`] further bytes behind the last cell.
    pub buffer: &'b [u8],
    /// The cells, as many as the header has columns.
    pub cells: &'b [Cell],
}

impl<'b> Row<'b> {
    fn text(&self, column: usize) -> &'b [u8] {
        self.cells[column].text(self.buffer)
    }

    /// Where a part of a cell lies.
    #[expect(clippy::cast_possible_truncation, reason = "a part lies within a cell, whose ends are counted in 32 bits")]
    fn part(&self, part: Part) -> Cell {
        let from = self.cells[part.column].from;
        let (start, end) = part.range(self.text(part.column));
        Cell { from: from + start as u32, to: from + end as u32 }
    }

    fn key(&self, column: usize) -> Key {
        let cell = self.cells[column];
        Key::of(self.buffer, cell.from as usize, cell.to as usize)
    }
}

/// Packs the rows of one source into chunks, in the order given.
pub struct RowWriter<'a> {
    plan: &'a Plan,
    cases: &'a Cases,
    interners: Vec<Interner<'a>>,
    time: DateReader,
    listener: Listener<'a>,
    comments: Vec<KeptText>,
    extra: Vec<DateReader>,
    open: Open,
    chunks: Vec<Chunk>,
    rows: u64,
    counts: BTreeMap<Reason, u64>,
    rejects: Vec<Reject>,
    /// Cells of a row and of the columns cut out of them.
    cells: Vec<Cell>,
}

/// The rows of the chunk that is being filled.
#[derive(Default)]
struct Open {
    keys: Vec<CaseKey>,
    ids: Vec<u8>,
    time: Vec<Stamp>,
    extra: Vec<Vec<Option<Stamp>>>,
    codes: Vec<Vec<u32>>,
    visible: Vec<u64>,
    marks: Vec<u64>,
    lines: Vec<u64>,
}

impl<'a> RowWriter<'a> {
    /// A writer for `plan`; `dictionaries` belong to its slots.
    #[must_use]
    pub fn new(plan: &'a Plan, cases: &'a Cases, dictionaries: &'a [SharedDictionary]) -> Self {
        let reader = || DateReader::new(plan.date_format.as_ref());
        let open = Open {
            extra: vec![Vec::new(); plan.extra_times.len()],
            codes: vec![Vec::new(); plan.slots.len()],
            ..Open::default()
        };
        RowWriter {
            plan,
            cases,
            interners: dictionaries.iter().map(Interner::new).collect(),
            time: reader(),
            listener: Listener::new(plan.comment.as_ref()),
            comments: Vec::new(),
            extra: plan.extra_times.iter().map(|_| reader()).collect(),
            open,
            chunks: Vec::new(),
            rows: 0,
            counts: BTreeMap::new(),
            rejects: Vec::new(),
            cells: Vec::new(),
        }
    }

    /// Which columns of the header are read at all; the cells of others may stay empty.
    #[must_use]
    pub fn used(plan: &Plan) -> Vec<bool> {
        let mut used = vec![false; plan.header.len()];
        let times = plan.extra_times.iter().map(|&(_, column)| column);
        let slots = plan.slots.iter().copied().flatten();
        let rest = plan
            .visible
            .iter()
            .copied()
            .chain(plan.comment.as_ref().map(|comment| comment.column))
            .chain([plan.case, plan.time]);
        for column in times.chain(slots).chain(rest) {
            used[plan.parts.part(column).map_or(column, |part| part.column)] = true;
        }
        used
    }

    /// Takes one row: keeps it, or rejects it with the reason.
    ///
    /// # Errors
    /// When a cell is longer than the limit.
    pub fn push(&mut self, row: &Row) -> Result<()> {
        if self.plan.parts.is_empty() {
            return self.push_cut(row);
        }
        let mut cells = std::mem::take(&mut self.cells);
        cells.clear();
        cells.extend_from_slice(row.cells);
        cells.extend(self.plan.parts.each().map(|part| row.part(part)));
        let done = self.push_cut(&Row { cells: &cells, ..*row });
        self.cells = cells;
        done
    }

    fn push_cut(&mut self, row: &Row) -> Result<()> {
        self.rows += 1;
        self.check_cells(row)?;
        let stamp = match self.time.read(row.text(self.plan.time), || row.line) {
            Ok(stamp) => stamp,
            Err(fault) => {
                self.reject(row, self.plan.time, Reason::Time(fault));
                return Ok(());
            }
        };
        if row.cells[self.plan.case].is_empty() {
            self.reject(row, self.plan.case, Reason::CaseMissing);
            return Ok(());
        }
        self.open.time.push(stamp);
        self.push_case(row);
        for ((interner, column), codes) in self.interners.iter_mut().zip(&self.plan.slots).zip(&mut self.open.codes) {
            if let Some(column) = *column {
                codes.push(code(interner, row, column));
            }
        }
        for ((reader, &(_, column)), stamps) in
            self.extra.iter_mut().zip(&self.plan.extra_times).zip(&mut self.open.extra)
        {
            stamps.push(reader.read(row.text(column), || row.line).ok());
        }
        if let Some(comment) = &self.plan.comment {
            let text = row.text(comment.column);
            self.open.marks.push(self.listener.bits(text));
            if !text.is_empty() && self.listener.keeps(row.text(self.plan.case)) {
                let text = LogText::new(String::from_utf8_lossy(text));
                self.comments.push(KeptText { source: self.plan.source, line: row.line, text });
            }
        }
        if self.plan.keep_lines {
            self.open.lines.push(row.line);
        }
        if !self.plan.visible.is_empty() {
            self.open.visible.push(fingerprint(row, &self.plan.visible));
        }
        if self.open.keys.len() == CHUNK_ROWS || self.open.ids.len() > CHUNK_ID_BYTES {
            self.close_chunk();
        }
        Ok(())
    }

    /// Neighbouring rows of one case have its id stored once.
    fn push_case(&mut self, row: &Row) {
        let id = row.text(self.plan.case);
        let open = &mut self.open;
        let last = open.keys.last().copied();
        if let Some(last) = last.filter(|last| open.ids[last.from as usize..last.to as usize] == *id) {
            open.keys.push(last);
            return;
        }
        let key = row.key(self.plan.case);
        let from = open.ids.len();
        open.ids.extend_from_slice(id);
        #[expect(clippy::cast_possible_truncation, reason = "a chunk takes no more rows beyond 16 MiB of ids")]
        open.keys.push(CaseKey { key, hash: key.hash(), from: from as u32, to: open.ids.len() as u32 });
    }

    fn check_cells(&self, row: &Row) -> Result<()> {
        let limit = self.plan.limits.cell;
        let Some(column) = row.cells.iter().position(|cell| (cell.to - cell.from) as usize > limit) else {
            return Ok(());
        };
        Err(too_long(limit).in_file(&self.plan.file).at_line(row.line).in_column(shown(self.plan.name(column))))
    }

    #[cold]
    fn reject(&mut self, row: &Row, column: usize, reason: Reason) {
        *self.counts.entry(reason).or_default() += 1;
        if self.rejects.len() < self.plan.keep_rejects {
            let value = LogText::new(String::from_utf8_lossy(row.text(column)));
            let column = self.plan.name(column).to_owned();
            self.rejects.push(Reject { source: self.plan.source, line: row.line, column, value, reason });
        }
    }

    fn close_chunk(&mut self) {
        let open = &mut self.open;
        if open.keys.is_empty() {
            return;
        }
        let (order, shard_ends) = group_by_shard(open.keys.iter().map(|key| key.shard()));
        let ids = &open.ids;
        let case =
            self.cases.resolve(0, &open.keys, &order, &shard_ends, |key| &ids[key.from as usize..key.to as usize]);
        let columns = self.interners.iter().zip(&self.plan.slots).zip(&open.codes);
        let codes = columns
            .map(|((interner, slot), codes)| slot.map(|_| Codes::gather(codes, &order, interner.largest())))
            .collect();
        let extra = self.plan.extra_times.iter().zip(&open.extra);
        let extra_times = extra.map(|(&(when, _), stamps)| (when, in_order(stamps, &order))).collect();
        #[expect(clippy::cast_possible_truncation, reason = "rows are counted in 32 bits")]
        let sequence = self.chunks.len() as u32;
        self.chunks.push(Chunk {
            source: self.plan.source,
            sequence,
            shard_ends,
            case,
            time: Times::pack(&open.time, &order),
            extra_times,
            codes,
            visible: if open.visible.is_empty() { Vec::new() } else { in_order(&open.visible, &order) },
            marks: if open.marks.is_empty() { Vec::new() } else { in_order(&open.marks, &order) },
            lines: if open.lines.is_empty() { Vec::new() } else { in_order(&open.lines, &order) },
        });
        open.keys.clear();
        open.ids.clear();
        open.time.clear();
        open.visible.clear();
        open.marks.clear();
        open.lines.clear();
        open.codes.iter_mut().for_each(Vec::clear);
        open.extra.iter_mut().for_each(Vec::clear);
    }

    /// Everything that was written.
    #[must_use]
    pub fn finish(mut self) -> Table {
        self.close_chunk();
        let evidence = std::iter::once(&self.time).chain(&self.extra).map(|reader| reader.evidence().clone()).collect();
        Table {
            chunks: self.chunks,
            rows: self.rows,
            rejects: Rejects { counts: self.counts, rows: self.rejects },
            evidence,
            fingerprint: None,
            no_final_newline: false,
            empty_rows: 0,
            comments: self.comments,
        }
    }
}

/// The refusal of a text beyond the limit of a cell.
#[must_use]
pub fn too_long(limit: usize) -> Problem {
    Problem::input(format!("a field is longer than {limit} bytes"))
        .hint("shorten the field, or leave it out of the export")
        .hint(super::limits::Bound::Cell.raise(limit as u64))
}

/// The dictionary code of a cell.
fn code(interner: &mut Interner, row: &Row, column: usize) -> u32 {
    let Cell { from, to } = row.cells[column];
    let key = row.key(column);
    if let Some(code) = interner.cached(key).filter(|_| !key.is_long()) {
        return code;
    }
    let code = interner.code(row.buffer, from as usize, to as usize);
    if !key.is_long() {
        interner.remember(key, code);
    }
    code
}

fn in_order<T: Copy>(values: &[T], order: &[u32]) -> Vec<T> {
    order.iter().map(|&row| values[row as usize]).collect()
}

fn fingerprint(row: &Row, columns: &[usize]) -> u64 {
    columns.iter().fold(0, |state, &column| mix(state.rotate_left(17) ^ row.key(column).hash(), 0x9FB2_1C65_1E98_DF25))
}
