//! A stream of text cut into blocks of whole records.
//!
//! Reading and cutting are sequential and cheap; whoever takes a block does the rest of the work. The bytes of
//! a plain source are hashed by the takers as subtrees of one BLAKE3 tree.

use std::io::{ErrorKind, Read};

use blake3::hazmat::{ChainingValue, HasherExt as _, Mode, merge_subtrees_non_root, merge_subtrees_root};

use super::index;
use super::simd::Level;
use crate::error::{Problem, Result};
use crate::ingest::keys::PADDING;
use crate::ingest::limits::{Bound, Limits};

/// Fresh bytes per block: a power of two, so that each block is a subtree of the hash.
pub const BLOCK: usize = 1 << 20;

/// Whole records, followed by [`PADDING`] zero bytes.
#[derive(Debug, Default)]
pub struct Block {
    bytes: Vec<u8>,
    /// Bytes of `bytes` in use; the rest is kept to be used again.
    filled: usize,
    /// Records lie between these two.
    skip: usize,
    length: usize,
    /// Position in the stream of blocks, from 0.
    pub sequence: u32,
    /// Physical line of the first record, from 1.
    pub first_line: u64,
    /// Some quote stands where none belongs.
    pub irregular: bool,
    /// Fresh bytes in `bytes` and their offset in the stream.
    fresh: Option<(std::ops::Range<usize>, u64)>,
}

impl Block {
    /// Makes room for `size` bytes.
    fn grow(&mut self, size: usize) {
        if self.bytes.len() < size {
            self.bytes.resize(size, 0);
        }
    }

    fn append(&mut self, bytes: &[u8]) {
        let to = self.filled + bytes.len();
        self.grow(to);
        self.bytes[self.filled..to].copy_from_slice(bytes);
        self.filled = to;
    }

    /// The records.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.bytes[self.skip..self.length]
    }

    /// The records and the padding behind them.
    #[must_use]
    pub fn padded(&self) -> &[u8] {
        &self.bytes[self.skip..self.length + PADDING]
    }

    /// Hashes the fresh bytes of this block into pieces of the tree.
    #[must_use]
    pub fn hash(&self) -> Vec<Piece> {
        let Some((range, offset)) = &self.fresh else { return Vec::new() };
        let fresh = &self.bytes[range.clone()];
        let subtrees = fresh.chunks(BLOCK).enumerate().map(|(i, chunk)| {
            let at = offset + (i * BLOCK) as u64;
            let mut hasher = blake3::Hasher::new();
            hasher.set_input_offset(at).update(chunk);
            Piece::Subtree(at, hasher.finalize_non_root())
        });
        // A stream of a single block has no tree above it: its hash is taken whole.
        let whole = (*offset == 0).then(|| Piece::Whole(blake3::hash(&fresh[..fresh.len().min(BLOCK)])));
        whole.into_iter().chain(subtrees).collect()
    }
}

/// Part of a hash tree.
#[derive(Clone, Debug)]
pub enum Piece {
    /// The first block, should it be all of the stream.
    Whole(blake3::Hash),
    /// The subtree of one block at its offset.
    Subtree(u64, ChainingValue),
}

/// The hash of a stream from the pieces of its blocks.
#[must_use]
pub fn join_hash(mut pieces: Vec<Piece>) -> blake3::Hash {
    pieces.sort_by_key(|piece| match piece {
        Piece::Whole(_) => 0,
        Piece::Subtree(offset, _) => *offset,
    });
    let mut whole = None;
    let mut subtrees = Vec::with_capacity(pieces.len());
    for piece in pieces {
        match piece {
            Piece::Whole(hash) => whole = Some(hash),
            Piece::Subtree(_, value) => subtrees.push(value),
        }
    }
    if subtrees.len() < 2 {
        return whole.unwrap_or_else(|| blake3::hash(b""));
    }
    let (left, right) = subtrees.split_at(left_size(subtrees.len()));
    merge_subtrees_root(&join_inner(left), &join_inner(right), Mode::Hash)
}

fn join_inner(subtrees: &[ChainingValue]) -> ChainingValue {
    if let [only] = subtrees {
        return *only;
    }
    let (left, right) = subtrees.split_at(left_size(subtrees.len()));
    merge_subtrees_non_root(&join_inner(left), &join_inner(right), Mode::Hash)
}

/// The largest power of two below `n`.
fn left_size(n: usize) -> usize {
    n.div_ceil(2).next_power_of_two()
}

/// Cuts a stream into blocks.
pub struct Blocks<'a> {
    input: &'a mut (dyn Read + Send),
    file: String,
    delimiter: u8,
    limits: Limits,
    hashed: bool,
    /// Unfinished record of the block before.
    carry: Vec<u8>,
    /// First bytes, already taken for sniffing.
    head: Option<Vec<u8>>,
    /// Bytes at the start that are no records: byte-order mark, `sep=` line and header.
    skip: usize,
    sequence: u32,
    offset: u64,
    newlines: u64,
    ended: bool,
    /// The stream did not end with a line end.
    pub no_final_newline: bool,
}

impl<'a> Blocks<'a> {
    /// Starts a stream whose first `skip` bytes, all within `head`, are no records.
    pub fn new(
        input: &'a mut (dyn Read + Send),
        file: String,
        head: Vec<u8>,
        skip: usize,
        delimiter: u8,
        limits: Limits,
        hashed: bool,
    ) -> Self {
        let head = Some(head);
        let (sequence, offset, newlines) = (0, 0, 0);
        let (carry, ended, no_final_newline) = (Vec::new(), false, false);
        Blocks {
            input,
            file,
            delimiter,
            limits,
            hashed,
            carry,
            head,
            skip,
            sequence,
            offset,
            newlines,
            ended,
            no_final_newline,
        }
    }

    /// Bytes read so far.
    #[must_use]
    pub fn bytes(&self) -> u64 {
        self.offset
    }

    /// Number of the block that comes next.
    #[must_use]
    pub fn sequence(&self) -> u32 {
        self.sequence
    }

    /// Ends the stream early.
    pub fn stop(&mut self) {
        self.ended = true;
    }

    /// Fills `block` with the next records; `false` at the end.
    ///
    /// # Errors
    /// When the stream breaks, a record is too long, or a quote is never closed.
    pub fn next(&mut self, block: &mut Block) -> Result<bool> {
        if self.ended {
            return Ok(false);
        }
        let first = self.sequence == 0;
        block.filled = 0;
        block.append(&self.carry);
        self.carry.clear();
        let carried = block.filled;
        let start = self.offset;
        loop {
            self.fill(block)?;
            let bytes = &block.bytes[..block.filled];
            let skip = if first { self.skip } else { 0 };
            let cut = index::cut(&bytes[skip..], self.delimiter, self.ended);
            if self.ended {
                self.check_end(bytes, skip, &cut)?;
            }
            let length = if self.ended { block.filled } else { skip + cut.length };
            if length > skip || self.ended {
                self.finish(block, carried, start, skip, length);
                block.irregular = cut.irregular;
                self.check_records(block)?;
                return Ok(true);
            }
            // a line end of two bytes may yet follow
            if block.filled - skip > self.limits.record + 2 {
                let line = self.newlines + 1 + count_newlines(&block.bytes[..skip]);
                return Err(self.too_long(line, cut.open_quote.is_some()));
            }
        }
    }

    fn finish(&mut self, block: &mut Block, carried: usize, start: u64, skip: usize, length: usize) {
        block.first_line = self.newlines + count_newlines(&block.bytes[..skip]) + 1;
        self.newlines += count_newlines(&block.bytes[..length]);
        self.carry.extend_from_slice(&block.bytes[length..block.filled]);
        block.fresh = self.hashed.then_some((carried..block.filled, start));
        block.skip = skip;
        block.length = length;
        if self.ended && self.no_final_newline {
            block.append(b"\n");
            block.length += 1;
        }
        block.grow(block.filled + PADDING);
        block.sequence = self.sequence;
        self.sequence += 1;
    }

    /// Refuses a record beyond the limit; a block within it holds none.
    fn check_records(&self, block: &Block) -> Result<()> {
        let text = block.text();
        if text.len() <= self.limits.record {
            return Ok(());
        }
        let mut index = index::Index::default();
        index.build(Level::detect(), text, self.delimiter, block.irregular);
        let mut start = 0;
        for end in index.ends()[1..].iter().map(|&end| end as usize).filter(|&end| text[end] == b'\n') {
            let record = &text[start..end];
            if record.strip_suffix(b"\r").unwrap_or(record).len() > self.limits.record {
                return Err(self.too_long(block.first_line + count_newlines(&text[..start]), false));
            }
            start = end + 1;
        }
        Ok(())
    }

    fn too_long(&self, line: u64, open_quote: bool) -> Problem {
        let limit = self.limits.record;
        let problem =
            Problem::input(format!("a record is longer than {limit} bytes")).in_file(&self.file).at_line(line);
        let problem = if open_quote {
            problem
                .note("a quote opened there is not closed")
                .hint("close the quote, or write `\"\"` for a quote inside a field")
        } else {
            problem.hint("check that the file is a text table with one record per line")
        };
        problem.hint(Bound::Record.raise(limit as u64))
    }

    fn fill(&mut self, block: &mut Block) -> Result<()> {
        let before = block.filled;
        if let Some(head) = self.head.take() {
            block.append(&head);
        } else {
            block.grow(before + BLOCK);
            let fresh = &mut block.bytes[before..before + BLOCK];
            block.filled += read_full(self.input, fresh).map_err(|problem| problem.in_file(&self.file))?;
        }
        let fresh = block.filled - before;
        self.offset += fresh as u64;
        // the head may be several blocks
        self.ended = fresh == 0 || !fresh.is_multiple_of(BLOCK);
        Ok(())
    }

    fn check_end(&mut self, bytes: &[u8], skip: usize, cut: &index::Cut) -> Result<()> {
        if let Some(quote) = cut.open_quote {
            let line = self.newlines + 1 + count_newlines(&bytes[..skip + quote]);
            return Err(Problem::input("a quoted field is never closed")
                .in_file(&self.file)
                .at_line(line)
                .note("the quote opened there is still open at the end of the file")
                .hint("the file may be cut off; export it again, or close the quote"));
        }
        self.no_final_newline = bytes.len() > skip && bytes.last() != Some(&b'\n');
        Ok(())
    }
}

/// Fills `bytes` from the stream; returns how many there were, fewer only at its end.
///
/// # Errors
/// When the stream breaks, a cut-off gzip included.
pub fn read_full(input: &mut (dyn Read + Send), bytes: &mut [u8]) -> Result<usize> {
    let mut filled = 0;
    while filled < bytes.len() {
        match input.read(&mut bytes[filled..]) {
            Ok(0) => break,
            Ok(n) => filled += n,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::UnexpectedEof => {
                return Err(Problem::input("the compressed input ends too early")
                    .hint("the file is cut off; copy or export it again"));
            }
            Err(error) => return Err(Problem::carried_by(&error).cloned().unwrap_or_else(|| broken(&error))),
        }
    }
    Ok(filled)
}

/// What a failure to read means to the reader.
fn broken(error: &std::io::Error) -> Problem {
    match error.kind() {
        ErrorKind::FileTooLarge => {
            Problem::input(error.to_string()).hint("unpack it yourself if you trust it, and name the unpacked file")
        }
        ErrorKind::InvalidInput | ErrorKind::InvalidData => {
            Problem::input(format!("the compressed input is damaged: {error}"))
                .hint("copy or export the file again, or unpack it yourself and name the unpacked file")
        }
        ErrorKind::Unsupported => Problem::input(format!("cannot unpack the input: {error}"))
            .hint("unpack it yourself and name the unpacked file"),
        _ => Problem::input(format!("cannot read the input: {error}")).hint("copy or export the file again"),
    }
}

/// Newlines in `bytes`.
#[must_use]
pub fn count_newlines(bytes: &[u8]) -> u64 {
    memchr::memchr_iter(b'\n', bytes).count() as u64
}
