//! Where the fields and records of a block of CSV end.
//!
//! A block holds whole records. Quotes follow the usual rule: one opens only at the start of a field, inside
//! it a doubled quote stands for one. Blocks in which every quote obeys that are indexed by bit masks; others
//! by a byte-wise automaton with the same meaning for regular input.

use super::simd::{self, Level, Masks, Visit};

/// Ends of fields within one block.
#[derive(Debug, Default)]
pub struct Index {
    /// [`BEFORE_FIRST`], then the position behind each field; beyond `count` leftovers of other blocks.
    ends: Vec<u32>,
    /// Entries of `ends` in use.
    count: usize,
    /// Newlines that end a record.
    pub records: usize,
    /// Newlines inside quotes.
    pub quoted_newlines: usize,
    /// All bytes are ASCII; not known of irregular blocks.
    pub is_ascii: bool,
}

/// One more than this, wrapping, is the start of the first field.
const BEFORE_FIRST: u32 = u32::MAX;

/// Most field ends that one step finds, and room kept behind the last entry in use.
const STEP: usize = 64;

impl Index {
    /// [`BEFORE_FIRST`], then the position of the delimiter or newline behind each field: field number `i` lies
    /// between entries `i` and `i + 1`.
    #[must_use]
    pub fn ends(&self) -> &[u32] {
        &self.ends[..self.count]
    }

    /// Indexes `bytes`, which end with a newline. `irregular`: some quote stands where none belongs.
    ///
    /// # Panics
    /// When the block is 4 GiB or larger; blocks are bounded by the record limit.
    pub fn build(&mut self, level: Level, bytes: &[u8], delimiter: u8, irregular: bool) {
        if self.ends.len() < bytes.len() + 2 + STEP {
            self.ends.resize(bytes.len() + 2 + STEP, 0);
        }
        self.ends[0] = BEFORE_FIRST;
        self.count = 1;
        self.records = 0;
        self.quoted_newlines = 0;
        self.is_ascii = false;
        assert!(u32::try_from(bytes.len()).is_ok(), "blocks are bounded by the record limit");
        if irregular {
            self.by_bytes(bytes, delimiter);
        } else {
            self.by_masks(level, bytes, delimiter);
        }
    }

    fn by_masks(&mut self, level: Level, bytes: &[u8], delimiter: u8) {
        let mut walk = Walk {
            ends: &mut self.ends,
            count: self.count,
            records: 0,
            quoted_newlines: 0,
            inside: 0,
            beyond_ascii: 0,
        };
        simd::scan(level, bytes, delimiter, &mut walk);
        (self.count, self.records, self.quoted_newlines) =
            (walk.count, walk.records as usize, walk.quoted_newlines as usize);
        self.is_ascii = walk.beyond_ascii == 0;
    }

    #[expect(clippy::cast_possible_truncation, reason = "block length checked by the caller")]
    fn by_bytes(&mut self, bytes: &[u8], delimiter: u8) {
        let (mut inside, mut start) = (false, true);
        let mut at = 0;
        while at < bytes.len() {
            let byte = bytes[at];
            if inside {
                self.quoted_newlines += usize::from(byte == b'\n');
                if byte == b'"' {
                    if bytes.get(at + 1) == Some(&b'"') { at += 1 } else { inside = false }
                }
            } else if byte == b'"' && start {
                inside = true;
            } else if byte == delimiter || byte == b'\n' {
                self.ends[self.count] = at as u32;
                self.count += 1;
                self.records += usize::from(byte == b'\n');
                start = true;
                at += 1;
                continue;
            }
            start = false;
            at += 1;
        }
    }
}

/// The state of an index by masks.
struct Walk<'a> {
    ends: &'a mut [u32],
    count: usize,
    records: u32,
    quoted_newlines: u32,
    beyond_ascii: u64,
    /// All ones while a quoted field goes on from the step before.
    inside: u64,
}

impl Visit for Walk<'_> {
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "the levels must compile it with their own instructions")]
    #[expect(clippy::cast_possible_truncation, reason = "block length checked by the caller")]
    fn step(&mut self, offset: usize, masks: Masks) {
        let (mut field_ends, mut newlines) = (masks.ends, masks.newlines);
        self.beyond_ascii |= masks.beyond_ascii;
        if masks.quotes | self.inside != 0 {
            let quoted = prefix_xor(masks.quotes) ^ self.inside;
            self.inside = (quoted.cast_signed() >> 63).cast_unsigned();
            self.quoted_newlines += (newlines & quoted).count_ones();
            field_ends &= !quoted;
            newlines &= !quoted;
        }
        self.records += newlines.count_ones();
        let added = field_ends.count_ones() as usize;
        let Some(out) = self.ends[self.count..].first_chunk_mut::<STEP>() else { return };
        let mut next = || {
            let end = offset as u32 + field_ends.trailing_zeros();
            field_ends &= field_ends.wrapping_sub(1);
            end
        };
        // Most steps find few: eight are written without asking, those too many are overwritten later.
        out[..8].fill_with(&mut next);
        if added > 8 {
            out[8..16].fill_with(&mut next);
            if added > 16 {
                out[16..added].fill_with(&mut next);
            }
        }
        self.count += added;
    }
}

/// Bit `i` of the result is the parity of bits `0..=i`.
#[inline]
fn prefix_xor(mut bits: u64) -> u64 {
    for shift in [1, 2, 4, 8, 16, 32] {
        bits ^= bits << shift;
    }
    bits
}

/// Where a buffer of CSV that starts at a record can be cut, and what its quotes are like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cut {
    /// Bytes up to and including the last newline outside quotes; 0 when there is none.
    pub length: usize,
    /// Some quote stands where none belongs (inside an unquoted field, or followed by text).
    pub irregular: bool,
    /// Position of a quote that is still open at the end of the buffer.
    pub open_quote: Option<usize>,
}

/// Finds the last record end of `bytes`. At the `last` call nothing follows the buffer.
#[must_use]
pub fn cut(bytes: &[u8], delimiter: u8, last: bool) -> Cut {
    let mut outside: Vec<(usize, usize)> = Vec::new();
    let mut cut = Cut { length: 0, irregular: false, open_quote: None };
    let mut from = 0;
    let mut look = 0;
    while let Some(quote) = memchr::memchr(b'"', &bytes[look..]).map(|at| at + look) {
        if quote > 0 && bytes[quote - 1] != delimiter && bytes[quote - 1] != b'\n' {
            cut.irregular = true;
            look = quote + 1;
            continue;
        }
        outside.push((from, quote));
        let Some(close) = closing_quote(bytes, quote + 1, last) else {
            cut.open_quote = Some(quote);
            from = bytes.len();
            break;
        };
        let follower = bytes.get(close + 1);
        cut.irregular |= !matches!(follower, None | Some(b'\n' | b'\r')) && follower != Some(&delimiter);
        from = close + 1;
        look = from;
    }
    outside.push((from, bytes.len()));
    let newline = outside.iter().rev().find_map(|&(a, b)| memchr::memrchr(b'\n', &bytes[a..b]).map(|at| a + at));
    cut.length = newline.map_or(0, |at| at + 1);
    cut
}

/// The quote that ends a quoted field; a quote at the very end closes only if nothing can follow.
fn closing_quote(bytes: &[u8], mut from: usize, last: bool) -> Option<usize> {
    loop {
        let quote = memchr::memchr(b'"', &bytes[from..])? + from;
        match bytes.get(quote + 1) {
            Some(b'"') => from = quote + 2,
            Some(_) => return Some(quote),
            None => return last.then_some(quote),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn build(text: &str, irregular: bool) -> Index {
        let mut index = Index::default();
        index.build(Level::detect(), text.as_bytes(), b',', irregular);
        index
    }

    #[test]
    fn masks_and_automaton_agree_on_regular_quotes() {
        let mut state = 99u64;
        let pieces = ["a", ",", "\n", "\"x,\"\"y\nz\"", "long field without anything special in it", ",\"\",", ""];
        for _ in 0..2_000 {
            let mut text = String::new();
            for _ in 0..20 {
                state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let piece = pieces[(state >> 33) as usize % pieces.len()];
                let boundary = text.is_empty() || text.ends_with([',', '\n']);
                if piece.starts_with('"') && !boundary || text.ends_with('"') && !piece.starts_with([',', '\n']) {
                    text.push(',');
                }
                text.push_str(piece);
            }
            text.push('\n');
            let (fast, slow) = (build(&text, false), build(&text, true));
            assert_eq!(fast.ends(), slow.ends(), "{text:?}");
            assert_eq!(fast.records, slow.records, "{text:?}");
            assert_eq!(fast.quoted_newlines, slow.quoted_newlines, "{text:?}");
            let found = cut(text.as_bytes(), b',', true);
            assert_eq!(found, Cut { length: text.len(), irregular: false, open_quote: None }, "{text:?}");
        }
    }

    #[test]
    fn an_inch_mark_is_text_and_makes_the_block_irregular() {
        let text = "a,5\" pipe\nb,c\n";
        let found = cut(text.as_bytes(), b',', true);
        assert!(found.irregular && found.open_quote.is_none());
        let index = build(text, true);
        assert_eq!((index.ends(), index.records), ([BEFORE_FIRST, 1, 9, 11, 13].as_slice(), 2));
    }

    #[test]
    fn an_open_quote_is_reported_and_the_cut_stays_before_it() {
        let found = cut(b"a,b\nc,\"open\nmore\n", b',', true);
        assert_eq!(found, Cut { length: 4, irregular: false, open_quote: Some(6) });
        assert_eq!(cut(b"a,\"b\"", b',', false).open_quote, Some(2), "the quote may yet be doubled");
        assert_eq!(cut(b"a,\"b\"", b',', true).open_quote, None);
    }
}
