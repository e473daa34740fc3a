//! Blocks of CSV to chunks of codes: the hot path of reading.

use std::collections::BTreeMap;

use super::blocks::{Block, Piece, count_newlines};
use super::dialect::not_utf8;
use super::index::Index;
use super::simd::Level;
use crate::error::{Problem, Result};
use crate::ingest::cases::{CaseKey, Cases, Waiting};
use crate::ingest::chunk::{Chunk, Times, When, group_by_shard};
use crate::ingest::comments::{CommentPlan, KeptText, Listener};
use crate::ingest::intern::{Interner, SharedDictionary};
use crate::ingest::keys::{Key, PADDING, mix};
use crate::ingest::limits::{Bound, Limits};
use crate::ingest::rejects::{Reason, Reject};
use crate::ingest::split::{Part, Parts};
use crate::log::{Codes, LogText};
use crate::time::{DateFormat, DateReader, Evidence, Stamp};

/// Which columns of a source become what.
#[derive(Debug)]
pub struct Plan {
    /// Number of the source.
    pub source: usize,
    /// File name for messages.
    pub file: String,
    /// Field separator.
    pub delimiter: u8,
    /// Column names.
    pub header: Vec<String>,
    /// Columns behind those of the header, cut out of some of them.
    pub parts: Parts,
    /// Rejected rows that each worker keeps in full.
    pub keep_rejects: usize,
    /// Column of the case id.
    pub case: usize,
    /// Column of the event's time.
    pub time: usize,
    /// Columns of start and enabled times.
    pub extra_times: Vec<(When, usize)>,
    /// Column of each slot, where this source has it.
    pub slots: Vec<Option<usize>>,
    /// How the comments are read, where there are any.
    pub comment: Option<CommentPlan>,
    /// Further columns whose change is visible.
    pub visible: Vec<usize>,
    /// How times are written, where told.
    pub date_format: Option<DateFormat>,
    /// Whether the line of every row is kept.
    pub keep_lines: bool,
    /// Bounds.
    pub limits: Limits,
}

impl Plan {
    /// The name of a column, cut out of another one or not.
    #[must_use]
    pub fn name(&self, column: usize) -> &str {
        self.header.get(column).map_or_else(|| self.parts.name(column).unwrap_or_default(), String::as_str)
    }
}

/// Everything one worker gathered.
pub struct Worker<'a> {
    plan: &'a Plan,
    cases: &'a Cases,
    number: usize,
    level: Level,
    index: Index,
    interners: Vec<Interner<'a>>,
    time: DateReader,
    extra: Vec<DateReader>,
    buffers: Buffers,
    waiting: Waiting,
    listener: Listener<'a>,
    /// Comments that are kept as they are.
    pub comments: Vec<KeptText>,
    /// Chunks in the order taken.
    pub chunks: Vec<Chunk>,
    /// Rejected rows by reason.
    pub counts: BTreeMap<Reason, u64>,
    /// Rejected rows, as many as the plan keeps.
    pub rejects: Vec<Reject>,
    /// Pieces of the hash.
    pub pieces: Vec<Piece>,
    /// Rows seen.
    pub rows: u64,
    /// Records of nothing but separators, which are no rows.
    pub empty_rows: u64,
}

/// Rows that are read column by column while their text is in the fastest cache.
const TILE: usize = 128;

/// Working memory of one block, kept for the next.
#[derive(Default)]
struct Buffers {
    /// Position of each record's first field end.
    bases: Vec<u32>,
    /// Of these, the usable ones.
    kept: Vec<u32>,
    stamps: Vec<Stamp>,
    keys: Vec<CaseKey>,
    /// Unquoted case ids.
    ids: Vec<u8>,
    /// Codes of each column, in the order of the rows.
    codes: Vec<Vec<u32>>,
    /// Marks, where there is a comment column, in the order of the rows.
    marks: Vec<u64>,
    /// One unquoted field.
    scratch: Vec<u8>,
}

/// Fields of the records of a block; a record is named by the position of its first field end.
struct Fields<'b> {
    padded: &'b [u8],
    ends: &'b [u32],
    width: usize,
    parts: &'b Parts,
}

impl Fields<'_> {
    /// Where the field lies with whatever stands around it.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    fn whole(&self, base: u32, column: usize) -> (usize, usize) {
        let at = base as usize + column;
        let Some(&[before, behind]) = self.ends.get(at..at + 2) else { return (0, 0) };
        (before.wrapping_add(1) as usize, behind as usize)
    }

    /// Where the raw field lies, quotes included, the carriage return of a line end excluded.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    fn span(&self, base: u32, column: usize) -> (usize, usize) {
        let (from, to) = self.whole(base, column);
        if column + 1 == self.width && to > from && self.padded[to - 1] == b'\r' { (from, to - 1) } else { (from, to) }
    }

    /// Appends the dictionary code of the field of some records. A field met lately is found as it is written, without
    /// a look at its quotes. A function of its own, so that the processor's registers hold all that the loop needs.
    #[inline(never)]
    fn codes(&self, rows: &[u32], column: usize, interner: &mut Interner, codes: &mut Vec<u32>, scratch: &mut Vec<u8>) {
        let (padded, ends) = (self.padded, self.ends.get(column..).unwrap_or_default());
        codes.extend(rows.iter().map(|&base| {
            if let Some(&[before, behind]) = ends.get(base as usize..).and_then(<[u32]>::first_chunk) {
                let (from, length) = (before.wrapping_add(1) as usize, behind.wrapping_sub(before).wrapping_sub(1));
                if let Some(window) = padded.get(from..from + PADDING).and_then(<[u8]>::first_chunk)
                    && (length as usize) < PADDING
                    && let Some(code) = interner.cached(Key::of_short(window, length as usize))
                {
                    return code;
                }
            }
            self.code_slowly(base, column, interner, scratch)
        }));
    }

    #[inline(never)]
    fn code_slowly(&self, base: u32, column: usize, interner: &mut Interner, scratch: &mut Vec<u8>) -> u32 {
        let (buffer, from, to) = self.text(base, column, scratch);
        let code = interner.code(buffer, from, to);
        let (from, to) = self.whole(base, column);
        if to - from < PADDING {
            interner.remember(Key::of(self.padded, from, to), code);
        }
        code
    }

    /// The text of a column that is cut out of another one.
    #[cold]
    #[inline(never)]
    fn part<'s>(&'s self, base: u32, part: Part, scratch: &'s mut Vec<u8>) -> (&'s [u8], usize, usize) {
        let (buffer, from, to) = self.text(base, part.column, scratch);
        let (start, end) = part.range(&buffer[from..to]);
        (buffer, from + start, from + end)
    }

    /// Whether the field holds nothing, quoted or not.
    #[inline]
    fn is_empty(&self, base: u32, column: usize) -> bool {
        if column >= self.width {
            let mut scratch = Vec::new();
            let (_, from, to) = self.text(base, column, &mut scratch);
            return from == to;
        }
        let (from, to) = self.span(base, column);
        from == to || &self.padded[from..to] == b"\"\""
    }

    /// The field's text: in the block, or unquoted in `scratch` with padding.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    fn text<'s>(&'s self, base: u32, column: usize, scratch: &'s mut Vec<u8>) -> (&'s [u8], usize, usize) {
        if column >= self.width
            && let Some(part) = self.parts.part(column)
        {
            return self.part(base, part, scratch);
        }
        let (from, to) = self.span(base, column);
        if from < to && self.padded[from] == b'"' {
            return unquoted(&self.padded[from..to], scratch);
        }
        (self.padded, from, to)
    }
}

/// The text of a field that starts with a quote, in `scratch` with padding.
#[cold]
#[inline(never)]
fn unquoted<'s>(field: &[u8], scratch: &'s mut Vec<u8>) -> (&'s [u8], usize, usize) {
    scratch.clear();
    unquote(field, scratch);
    let length = scratch.len();
    scratch.extend([0; PADDING]);
    (scratch, 0, length)
}

/// Appends the text of a field that starts with a quote.
#[cold]
fn unquote(field: &[u8], out: &mut Vec<u8>) {
    let mut inside = true;
    let mut rest = &field[1..];
    while let Some((&byte, tail)) = rest.split_first() {
        rest = tail;
        match byte {
            b'"' if inside && rest.first() == Some(&b'"') => {
                out.push(b'"');
                rest = &rest[1..];
            }
            b'"' if inside => inside = false,
            _ => out.push(byte),
        }
    }
}

impl<'a> Worker<'a> {
    /// A worker for `plan`; `dictionaries` belong to its slots.
    #[must_use]
    pub fn new(plan: &'a Plan, cases: &'a Cases, dictionaries: &'a [SharedDictionary], number: usize) -> Self {
        let reader = || DateReader::new(plan.date_format.as_ref());
        Worker {
            plan,
            cases,
            number,
            level: Level::detect(),
            index: Index::default(),
            interners: dictionaries.iter().map(Interner::new).collect(),
            time: reader(),
            extra: plan.extra_times.iter().map(|_| reader()).collect(),
            buffers: Buffers::default(),
            waiting: Waiting::default(),
            listener: Listener::new(plan.comment.as_ref()),
            comments: Vec::new(),
            chunks: Vec::new(),
            counts: BTreeMap::new(),
            rejects: Vec::new(),
            pieces: Vec::new(),
            rows: 0,
            empty_rows: 0,
        }
    }

    /// Evidence on the order of dates: of the event time, then of the extra times.
    pub fn evidence(&self) -> impl Iterator<Item = &Evidence> {
        std::iter::once(&self.time).chain(&self.extra).map(DateReader::evidence)
    }

    /// Turns a block into a chunk.
    ///
    /// # Errors
    /// When the block is no UTF-8 or a field is too long.
    pub fn take(&mut self, block: &Block) -> Result<()> {
        self.pieces.extend(block.hash());
        let text = block.text();
        let mut index = std::mem::take(&mut self.index);
        index.build(self.level, text, self.plan.delimiter, block.irregular);
        if !index.is_ascii
            && let Err(error) = std::str::from_utf8(text)
        {
            return Err(not_utf8(text, error.valid_up_to(), block.first_line).in_file(&self.plan.file));
        }
        let mut buffers = std::mem::take(&mut self.buffers);
        let chunk = self.chunk(block, &index, &mut buffers);
        self.buffers = buffers;
        self.index = index;
        self.chunks.extend(chunk?);
        if self.waiting.is_full() {
            self.finish();
        }
        Ok(())
    }

    /// Numbers the cases of the chunks that still wait for it.
    pub fn finish(&mut self) {
        self.cases.resolve_waiting(self.number * 7, &mut self.waiting, &mut self.chunks);
    }

    fn chunk(&mut self, block: &Block, index: &Index, buffers: &mut Buffers) -> Result<Option<Chunk>> {
        let Buffers { bases, kept, stamps, keys, ids, codes, marks, scratch } = buffers;
        self.records(block, index, bases)?;
        let fields = Fields {
            padded: block.padded(),
            ends: index.ends(),
            width: self.plan.header.len(),
            parts: &self.plan.parts,
        };
        kept.clear();
        stamps.clear();
        keys.clear();
        ids.clear();
        let one_line_each = index.quoted_newlines == 0 && bases.len() == index.records;
        let lines = Lines { first: block.first_line, per_record: one_line_each.then_some(fields.width) };
        codes.resize_with(self.interners.len(), Vec::new);
        codes.iter_mut().for_each(Vec::clear);
        marks.clear();
        for tile in bases.chunks(TILE) {
            let from = kept.len();
            for &base in tile {
                let Some(stamp) = self.stamp(&fields, base, lines, scratch) else { continue };
                let Some(key) = self.case_key(&fields, base, lines, ids) else { continue };
                kept.push(base);
                stamps.push(stamp);
                keys.push(key);
            }
            self.intern(&fields, &kept[from..], codes, scratch);
            if let Some(comment) = &self.plan.comment {
                for &base in &kept[from..] {
                    marks.push(self.hear(&fields, base, comment.column, lines, scratch));
                }
            }
        }
        if kept.is_empty() {
            return Ok(None);
        }
        ids.extend([0; PADDING]);
        let (order, shard_ends) = group_by_shard(keys.iter().map(|key| key.shard()));
        let case = if Waiting::takes(keys) {
            self.waiting.push(self.chunks.len(), keys, &order);
            vec![0; keys.len()]
        } else {
            let offset = block.padded().len();
            let bytes = |key: CaseKey| {
                let (from, to) = (key.from as usize, key.to as usize);
                if from >= offset { &ids[from - offset..to - offset] } else { &fields.padded[from..to] }
            };
            self.cases.resolve(self.number * 7, keys, &order, &shard_ends, bytes)
        };
        let columns = self.gather(codes, &order);
        let extra_times = self.extra_times(&fields, kept, &order, lines, scratch);
        let base = |&row: &u32| kept[row as usize];
        let marks = if marks.is_empty() { Vec::new() } else { order.iter().map(|&row| marks[row as usize]).collect() };
        let visible = if self.plan.visible.is_empty() {
            Vec::new()
        } else {
            order.iter().map(|row| fingerprint(&fields, base(row), &self.plan.visible)).collect()
        };
        let lines = if self.plan.keep_lines { lines.of_all(&fields, kept, &order) } else { Vec::new() };
        let time = Times::pack(stamps, &order);
        let (source, sequence) = (self.plan.source, block.sequence);
        Ok(Some(Chunk { source, sequence, shard_ends, case, time, extra_times, codes: columns, visible, marks, lines }))
    }

    /// The bits of a comment; its text is kept where somebody asks for the case.
    fn hear(&mut self, fields: &Fields, base: u32, column: usize, lines: Lines, scratch: &mut Vec<u8>) -> u64 {
        if fields.is_empty(base, column) {
            return 0;
        }
        let (buffer, from, to) = fields.text(base, column, scratch);
        let text = &buffer[from..to];
        let bits = self.listener.bits(text);
        if let Some(wanted) = self.plan.comment.as_ref().and_then(|comment| comment.keep_of.as_ref()) {
            let kept = LogText::new(String::from_utf8_lossy(text));
            let (buffer, from, to) = fields.text(base, self.plan.case, scratch);
            if buffer[from..to] == *wanted.as_bytes() {
                let line = lines.of(fields, base);
                self.comments.push(KeptText { source: self.plan.source, line, text: kept });
            }
        }
        bits
    }

    /// Records of the right width, as positions of their first field's end. Empty lines are no rows.
    fn records(&mut self, block: &Block, index: &Index, bases: &mut Vec<u32>) -> Result<()> {
        let (width, text, ends) = (self.plan.header.len(), block.text(), index.ends());
        bases.clear();
        // As many newlines as records of this width, each where such a record ends: then there are no others.
        let mut start = 0;
        let regular = ends.len() - 1 == index.records * width
            && ends[1..].chunks_exact(width).all(|record| {
                let end = record[width - 1] as usize;
                let short = end - start <= self.plan.limits.cell;
                start = end + 1;
                short && text[end] == b'\n'
            });
        if regular {
            #[expect(clippy::cast_possible_truncation, reason = "a block has fewer fields than bytes")]
            bases.extend((0..index.records).map(|record| (record * width) as u32));
            self.rows += index.records as u64;
            return Ok(());
        }
        self.irregular_records(block, ends, bases)
    }

    fn irregular_records(&mut self, block: &Block, ends: &[u32], bases: &mut Vec<u32>) -> Result<()> {
        let width = self.plan.header.len();
        let (mut base, mut start) = (0u32, 0usize);
        for (next, &end) in (1u32..).zip(&ends[1..]) {
            let end = end as usize;
            if block.text()[end] != b'\n' {
                continue;
            }
            let fields = (next - base) as usize;
            if fields == width {
                bases.push(base);
                self.rows += 1;
            } else if is_blank(&block.text()[start..end]) {
                // an empty line is nothing
            } else if is_empty_row(&block.text()[start..end], self.plan.delimiter) {
                self.empty_rows += 1;
            } else {
                self.rows += 1;
                self.reject_record(block, start, end, fields);
            }
            if end - start > self.plan.limits.cell {
                self.check_cells(block, &ends[base as usize + 1..=next as usize], start)?;
            }
            (base, start) = (next, end + 1);
        }
        Ok(())
    }

    #[cold]
    fn reject(&mut self, line: u64, column: Option<usize>, value: String, reason: Reason) {
        *self.counts.entry(reason).or_default() += 1;
        if self.rejects.len() < self.plan.keep_rejects {
            let column = column.map_or_else(String::new, |column| self.plan.name(column).to_owned());
            self.rejects.push(Reject { source: self.plan.source, line, column, value: LogText::new(value), reason });
        }
    }

    #[cold]
    fn reject_record(&mut self, block: &Block, start: usize, end: usize, fields: usize) {
        let text = &block.text()[start..end];
        let value = format!(
            "{fields} field{}, expected {}: {}",
            if fields == 1 { "" } else { "s" },
            self.plan.header.len(),
            String::from_utf8_lossy(&text[..text.len().min(200)])
        );
        let line = block.first_line + count_newlines(&block.text()[..start]);
        self.reject(line, None, value, Reason::FieldCount);
    }

    #[cold]
    fn check_cells(&self, block: &Block, ends: &[u32], mut start: usize) -> Result<()> {
        for (column, &end) in ends.iter().enumerate() {
            if end as usize - start > self.plan.limits.cell {
                let line = block.first_line + count_newlines(&block.text()[..start]);
                let problem = Problem::input(format!("a field is longer than {} bytes", self.plan.limits.cell))
                    .in_file(&self.plan.file)
                    .at_line(line)
                    .note(format!("column {}", column + 1))
                    .hint("a quote that is never closed looks like this; else shorten the field")
                    .hint(Bound::Cell.raise(self.plan.limits.cell as u64));
                return Err(problem);
            }
            start = end as usize + 1;
        }
        Ok(())
    }

    #[inline]
    fn stamp(&mut self, fields: &Fields, base: u32, lines: Lines, scratch: &mut Vec<u8>) -> Option<Stamp> {
        let (buffer, from, to) = fields.text(base, self.plan.time, scratch);
        let line = || lines.of(fields, base);
        match self.time.read(&buffer[from..to], line) {
            Ok(stamp) => Some(stamp),
            Err(_) if (0..fields.width).all(|column| fields.is_empty(base, column)) => {
                self.rows -= 1;
                self.empty_rows += 1;
                None
            }
            Err(fault) => {
                let value = String::from_utf8_lossy(&buffer[from..to]).into_owned();
                self.reject(line(), Some(self.plan.time), value, Reason::Time(fault));
                None
            }
        }
    }

    #[inline]
    fn case_key(&mut self, fields: &Fields, base: u32, lines: Lines, ids: &mut Vec<u8>) -> Option<CaseKey> {
        let is_part = self.plan.case >= fields.width;
        let (mut from, mut to) = if is_part { (0, 1) } else { fields.span(base, self.plan.case) };
        let key = if is_part || from < to && fields.padded[from] == b'"' {
            let start = ids.len();
            if is_part {
                let mut scratch = Vec::new();
                let (buffer, from, to) = fields.text(base, self.plan.case, &mut scratch);
                ids.extend_from_slice(&buffer[from..to]);
            } else {
                unquote(&fields.padded[from..to], ids);
            }
            let end = ids.len();
            let mut padded = ids[start..].to_vec();
            padded.extend([0; PADDING]);
            (from, to) = (fields.padded.len() + start, fields.padded.len() + end);
            Key::of(&padded, 0, end - start)
        } else {
            Key::of(fields.padded, from, to)
        };
        if from == to {
            self.reject(lines.of(fields, base), Some(self.plan.case), String::new(), Reason::CaseMissing);
            return None;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a block is far below 4 GiB")]
        Some(CaseKey { key, hash: key.hash(), from: from as u32, to: to as u32 })
    }

    /// Adds the codes of some rows to each column.
    fn intern(&mut self, fields: &Fields, rows: &[u32], codes: &mut [Vec<u32>], scratch: &mut Vec<u8>) {
        for ((interner, column), codes) in self.interners.iter_mut().zip(&self.plan.slots).zip(codes) {
            match *column {
                Some(column) if column >= fields.width => codes.extend(rows.iter().map(|&base| {
                    let (buffer, from, to) = fields.text(base, column, scratch);
                    interner.code(buffer, from, to)
                })),
                Some(column) => fields.codes(rows, column, interner, codes, scratch),
                None => {}
            }
        }
    }

    /// Packs the codes of each column that this source has.
    fn gather(&self, codes: &[Vec<u32>], order: &[u32]) -> Vec<Option<Codes>> {
        let columns = self.interners.iter().zip(&self.plan.slots).zip(codes);
        columns.map(|((interner, slot), codes)| slot.map(|_| Codes::gather(codes, order, interner.largest()))).collect()
    }

    fn extra_times(
        &mut self,
        fields: &Fields,
        kept: &[u32],
        order: &[u32],
        lines: Lines,
        scratch: &mut Vec<u8>,
    ) -> Vec<(When, Vec<Option<Stamp>>)> {
        let readers = self.extra.iter_mut().zip(&self.plan.extra_times);
        readers
            .map(|(reader, &(when, column))| {
                let mut read = |&base: &u32| {
                    let (buffer, from, to) = fields.text(base, column, scratch);
                    reader.read(&buffer[from..to], || lines.of(fields, base)).ok()
                };
                let stamps: Vec<Option<Stamp>> = kept.iter().map(&mut read).collect();
                (when, order.iter().map(|&row| stamps[row as usize]).collect())
            })
            .collect()
    }
}

/// How to find the line of a record.
#[derive(Clone, Copy)]
struct Lines {
    /// Line of the block's first record.
    first: u64,
    /// Fields per record, where every record takes one line.
    per_record: Option<usize>,
}

impl Lines {
    /// Line of a record, counted where quoted line breaks or rejected rows are about.
    fn of(self, fields: &Fields, base: u32) -> u64 {
        let before = match self.per_record {
            Some(width) => u64::from(base) / width as u64,
            None => count_newlines(&fields.padded[..fields.whole(base, 0).0]),
        };
        self.first + before
    }

    /// Lines of the rows that were kept, in the order of `order`.
    fn of_all(self, fields: &Fields, kept: &[u32], order: &[u32]) -> Vec<u64> {
        let (mut from, mut line) = (0, self.first);
        let in_block: Vec<u64> = kept
            .iter()
            .map(|&base| {
                let start = fields.whole(base, 0).0;
                line += count_newlines(&fields.padded[from..start]);
                from = start;
                line
            })
            .collect();
        order.iter().map(|&row| in_block[row as usize]).collect()
    }
}

/// Whether a line holds nothing but a carriage return.
fn is_blank(line: &[u8]) -> bool {
    line.iter().all(|&byte| byte == b'\r')
}

/// Whether a record has separators and nothing between them, as spreadsheets write rows that were cleared.
fn is_empty_row(line: &[u8], delimiter: u8) -> bool {
    line.iter().all(|&byte| byte == delimiter || byte == b'\r')
}

fn fingerprint(fields: &Fields, base: u32, columns: &[usize]) -> u64 {
    columns.iter().fold(0, |state, &column| {
        let (from, to) = fields.span(base, column);
        mix(state.rotate_left(17) ^ Key::of(fields.padded, from, to).hash(), 0x9FB2_1C65_1E98_DF25)
    })
}
