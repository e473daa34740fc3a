//! One shard of the log: its rows numbered, ordered and put in their places in every column.
//!
//! All columns of a chunk's rows are placed before those of the next chunk, so that the places are read from memory
//! once.

use std::ops::Range;

use super::OrderFacts;
use crate::ingest::chunk::Chunk;
use crate::log::codes::each_width;
use crate::log::{Codes, Origin};
use crate::time::Resolver;

/// A shard's piece of a column of codes.
pub(super) enum CodesPiece<'c> {
    Narrow(&'c mut [u8]),
    Middle(&'c mut [u16]),
    Wide(&'c mut [u32]),
}

/// The pieces of all columns that the rows of one shard go to.
pub(super) struct Job<'c> {
    /// By chunk, the number of each row's case; later the row's place within the shard.
    places: Vec<&'c mut [u32]>,
    time_ms: &'c mut [i64],
    /// Number of the slot in the chunks, new code by shared code, codes.
    pub codes: Vec<(usize, &'c [u32], CodesPiece<'c>)>,
    pub visible: Option<&'c mut [u64]>,
    pub marks: Option<&'c mut [u64]>,
    pub origins: Option<&'c mut [Origin]>,
}

/// What is known of a shard whose rows are in their places.
pub(super) struct Done {
    /// First place of each case, by first appearance.
    pub starts: Vec<u32>,
    /// Number of each case in the table of ids.
    pub numbers: Vec<u32>,
    pub order: OrderFacts,
    /// The resolvers as used, by source.
    pub resolvers: Vec<Resolver>,
    /// Some time could not be placed.
    pub refused: bool,
}

impl<'c> Job<'c> {
    /// A shard without any column but its times.
    pub fn new(places: Vec<&'c mut [u32]>, time_ms: &'c mut [i64]) -> Self {
        Job { places, time_ms, codes: Vec::new(), visible: None, marks: None, origins: None }
    }

    /// Puts the rows of shard number `shard`, which has `known` cases, in their places. `ties`: the slot of the
    /// tie-break and the rank of each of its codes.
    pub fn run(
        mut self,
        shard: usize,
        chunks: &[Chunk],
        known: usize,
        mut resolvers: Vec<Resolver>,
        ties: Option<(usize, &[u32])>,
    ) -> Done {
        let (starts, numbers) = self.number_rows(known);
        let refused = self.place_times(shard, chunks, &mut resolvers);
        let tie = ties.map_or_else(Vec::new, |(slot, ranks)| self.place_ties(shard, chunks, slot, ranks));
        let order = sort_cases(&mut self, &starts, &tie);
        self.place_columns(shard, chunks);
        Done { starts, numbers, order, resolvers, refused }
    }

    /// Numbers the cases by first appearance and turns each row's case into its place.
    #[expect(clippy::cast_possible_truncation, reason = "no more cases than rows, which are counted in 32 bits")]
    fn number_rows(&mut self, known: usize) -> (Vec<u32>, Vec<u32>) {
        let mut rank = vec![u32::MAX; known];
        let mut counts: Vec<u32> = Vec::with_capacity(known);
        let mut numbers = Vec::with_capacity(known);
        for number in self.places.iter_mut().flat_map(|piece| piece.iter_mut()) {
            let case = &mut rank[*number as usize];
            if *case == u32::MAX {
                *case = counts.len() as u32;
                numbers.push(*number);
                counts.push(0);
            }
            counts[*case as usize] += 1;
            *number = *case;
        }
        let mut next = 0;
        let mut starts = counts;
        for start in &mut starts {
            (*start, next) = (next, next + *start);
        }
        let mut free = starts.clone();
        for number in self.places.iter_mut().flat_map(|piece| piece.iter_mut()) {
            let place = &mut free[*number as usize];
            *number = *place;
            *place += 1;
        }
        (starts, numbers)
    }

    /// Places the instants; whether some could not be resolved.
    fn place_times(&mut self, shard: usize, chunks: &[Chunk], resolvers: &mut [Resolver]) -> bool {
        let mut refused = false;
        for (chunk, places) in chunks.iter().zip(&self.places) {
            let resolver = &mut resolvers[chunk.source];
            let mut places = places.iter();
            chunk.time.for_each(chunk.shard(shard), |stamp| {
                let Some(&place) = places.next() else { return };
                match resolver.resolve(stamp) {
                    Ok(ms) => self.time_ms[place as usize] = ms,
                    Err(_) => refused = true,
                }
            });
        }
        refused
    }

    /// The rank by which rows of equal time are ordered, by place.
    fn place_ties(&self, shard: usize, chunks: &[Chunk], slot: usize, ranks: &[u32]) -> Vec<u32> {
        let mut tie = vec![0; self.time_ms.len()];
        for (chunk, places) in chunks.iter().zip(&self.places) {
            if let Some(codes) = codes(chunk, slot) {
                each_width!(codes, codes => put(places, &codes[chunk.shard(shard)], &mut tie, |code| ranks[code as usize]));
            }
        }
        tie
    }

    /// Places every other column.
    fn place_columns(self, shard: usize, chunks: &[Chunk]) {
        let Job { places, mut codes, mut visible, mut marks, mut origins, .. } = self;
        for (chunk, places) in chunks.iter().zip(&places) {
            let range = chunk.shard(shard);
            touch_all(chunk, range.clone());
            for (slot, remap, piece) in &mut codes {
                if let Some(codes) = self::codes(chunk, *slot) {
                    each_width!(codes, codes => piece.put(places, &codes[range.clone()], remap));
                }
            }
            if let Some(visible) = visible.as_mut().filter(|_| !chunk.visible.is_empty()) {
                put(places, &chunk.visible[range.clone()], visible, |value| value);
            }
            if let Some(marks) = marks.as_mut().filter(|_| !chunk.marks.is_empty()) {
                put(places, &chunk.marks[range.clone()], marks, |value| value);
            }
            if let Some(origins) = origins.as_mut().filter(|_| !chunk.lines.is_empty()) {
                put(places, &chunk.lines[range], origins, |line| Origin::new(chunk.source, line));
            }
        }
    }
}

impl CodesPiece<'_> {
    #[expect(clippy::cast_possible_truncation, reason = "the width was chosen from the largest code")]
    fn put<C: Copy + Into<u32>>(&mut self, places: &[u32], codes: &[C], remap: &[u32]) {
        let code = |code: C| remap[code.into() as usize];
        match self {
            CodesPiece::Narrow(piece) => put(places, codes, piece, |old| code(old) as u8),
            CodesPiece::Middle(piece) => put(places, codes, piece, |old| code(old) as u16),
            CodesPiece::Wide(piece) => put(places, codes, piece, code),
        }
    }
}

/// Reads a little of each column's piece of a chunk before they are read one after the other.
///
/// Pieces are short and far apart, so that each begins with a wait for memory; this way they are waited for together.
fn touch_all(chunk: &Chunk, range: Range<usize>) {
    let codes = chunk.codes.iter().flatten();
    let sum = codes.fold(touch(chunk.marks.get(range.clone())), |sum, codes| {
        sum ^ each_width!(codes, codes => touch(codes.get(range.clone())))
    });
    std::hint::black_box(sum);
}

/// Combines one value of each line of memory; nothing of a column that the chunk does not have.
fn touch<V: Copy + Into<u64>>(values: Option<&[V]>) -> u64 {
    const LINE: usize = 64;
    let values = values.unwrap_or_default();
    values.iter().step_by(LINE / size_of::<V>()).fold(0, |sum, &value| sum ^ value.into())
}

/// Puts what each value becomes in its place.
fn put<V: Copy, T>(places: &[u32], values: &[V], piece: &mut [T], becomes: impl Fn(V) -> T) {
    for (&place, &value) in places.iter().zip(values) {
        piece[place as usize] = becomes(value);
    }
}

/// The codes of a slot; a table read before another one brought the slot has none.
fn codes(chunk: &Chunk, slot: usize) -> Option<&Codes> {
    chunk.codes.get(slot).and_then(Option::as_ref)
}

/// Sorts each case by (time, tie, place) and moves its rows' places along.
fn sort_cases(job: &mut Job, starts: &[u32], tie: &[u32]) -> OrderFacts {
    let mut facts = OrderFacts::default();
    let mut moved: Option<Vec<u32>> = None;
    let rows = job.time_ms.len();
    for (case, &start) in starts.iter().enumerate() {
        let from = start as usize;
        let to = starts.get(case + 1).map_or(job.time_ms.len(), |&next| next as usize);
        let times = &mut job.time_ms[from..to];
        facts.pairs += (times.len() - 1) as u64;
        let fixed = times.windows(2).filter(|pair| pair[1] < pair[0]).count() as u64;
        facts.fixed += fixed;
        let ties_fall = !tie.is_empty()
            && tie[from..to].windows(2).zip(times.windows(2)).any(|(tie, time)| time[0] == time[1] && tie[1] < tie[0]);
        if fixed > 0 || ties_fall {
            let moved = moved.get_or_insert_with(|| (0u32..).take(rows).collect());
            sort_case(times, from, tie, moved);
        }
        facts.tied += times.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
    }
    if let Some(moved) = moved {
        for place in job.places.iter_mut().flat_map(|places| places.iter_mut()) {
            *place = moved[*place as usize];
        }
    }
    facts
}

/// Sorts the times of one case that starts at `from` and records where each place went.
fn sort_case(times: &mut [i64], from: usize, tie: &[u32], moved: &mut [u32]) {
    #[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
    let mut rows: Vec<(i64, u32, u32)> = times
        .iter()
        .enumerate()
        .map(|(i, &time)| (time, tie.get(from + i).copied().unwrap_or(0), (from + i) as u32))
        .collect();
    rows.sort_unstable();
    for (i, (time, _, place)) in rows.into_iter().enumerate() {
        times[i] = time;
        #[expect(clippy::cast_possible_truncation, reason = "row count checked against 32 bits")]
        let to = (from + i) as u32;
        moved[place as usize] = to;
    }
}
