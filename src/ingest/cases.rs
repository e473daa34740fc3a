//! Case ids to numbers, in parallel, in a table split into shards by hash.
//!
//! A worker resolves many rows at a time, shard by shard, so that a lock is taken a few times per block and the part
//! of the table in use stays in the cache: a whole block, or several blocks together.

use std::sync::{Mutex, PoisonError};

use super::chunk::Chunk;
use super::keys::{Key, KeyTable};

/// Number of shards. Fixed, because the order of cases in the log follows from it.
pub const SHARDS: usize = 64;

/// A case id of one row, as key and place in a buffer.
#[derive(Clone, Copy, Debug)]
pub struct CaseKey {
    /// The id as a key.
    pub key: Key,
    /// Hash of the key; its high bits choose the shard.
    pub hash: u64,
    /// First byte in the buffer.
    pub from: u32,
    /// Byte behind the last one.
    pub to: u32,
}

impl CaseKey {
    /// The shard this id belongs to.
    #[inline]
    #[must_use]
    pub fn shard(self) -> usize {
        (self.hash >> 58) as usize
    }
}

/// All case ids of the log.
#[derive(Debug)]
pub struct Cases {
    shards: Vec<Mutex<KeyTable>>,
}

impl Default for Cases {
    fn default() -> Self {
        Cases { shards: (0..SHARDS).map(|_| Mutex::default()).collect() }
    }
}

impl Cases {
    /// Numbers within their shard for the ids of a block. `order` lists the rows grouped by shard, whose groups
    /// end at `shard_ends`; `bytes` gives the id of a row. Starts at shard `first` to keep workers apart.
    pub fn resolve<'b>(
        &self,
        first: usize,
        keys: &[CaseKey],
        order: &[u32],
        shard_ends: &[u32],
        bytes: impl Fn(CaseKey) -> &'b [u8],
    ) -> Vec<u32> {
        let mut numbers = vec![0; order.len()];
        let mut candidates = Vec::new();
        for shard in (0..SHARDS).map(|i| (first + i) % SHARDS) {
            let from = if shard == 0 { 0 } else { shard_ends[shard - 1] as usize };
            let to = shard_ends[shard] as usize;
            if from == to {
                continue;
            }
            let mut table = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
            let rows = &order[from..to];
            table.candidates(rows.iter().map(|&row| keys[row as usize].hash), &mut candidates);
            for ((number, &row), &candidate) in numbers[from..to].iter_mut().zip(rows).zip(&candidates) {
                let key = keys[row as usize];
                *number = table.number_from(candidate, key.key, key.hash, bytes(key));
            }
        }
        numbers
    }

    /// Fills [`Chunk::case`] of the chunks that wait, like [`Self::resolve`], and waits for none any more.
    ///
    /// A shard serves all of them before the next one does: the cases at work at one time are few enough to stay in
    /// the cache of a processor shard by shard, but not all at once.
    pub fn resolve_waiting(&self, first: usize, waiting: &mut Waiting, chunks: &mut [Chunk]) {
        for shard in (0..SHARDS).map(|i| (first + i) % SHARDS) {
            let mut table = self.shards[shard].lock().unwrap_or_else(PoisonError::into_inner);
            for (at, keys) in &waiting.blocks[..waiting.count] {
                let chunk = &mut chunks[*at];
                let rows = chunk.shard(shard);
                table.number_short(&keys[rows.clone()], &mut chunk.case[rows], &mut waiting.candidates);
            }
        }
        waiting.count = 0;
    }

    /// The shards' tables, in shard order.
    #[must_use]
    pub fn into_tables(self) -> Vec<KeyTable> {
        self.shards.into_iter().map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }
}

/// Chunks of one worker whose cases are numbered together later. Their ids are all short, so that keys are enough.
#[derive(Debug, Default)]
pub struct Waiting {
    /// Number of each chunk among those of its worker, and the keys of its rows; beyond `count` to be used again.
    blocks: Vec<(usize, Vec<Key>)>,
    count: usize,
    candidates: Vec<u32>,
}

/// Chunks that wait at most: more gain little and take 160 KiB each.
const WAITING: usize = 16;

impl Waiting {
    /// Whether `keys` may wait.
    #[must_use]
    pub fn takes(keys: &[CaseKey]) -> bool {
        keys.iter().all(|key| !key.key.is_long())
    }

    /// Has the chunk with this number wait. `order` lists its rows.
    pub fn push(&mut self, chunk: usize, keys: &[CaseKey], order: &[u32]) {
        if self.count == self.blocks.len() {
            self.blocks.push((0, Vec::new()));
        }
        let block = &mut self.blocks[self.count];
        self.count += 1;
        block.0 = chunk;
        block.1.clear();
        block.1.extend(order.iter().map(|&row| keys[row as usize].key));
    }

    /// Whether it is time to number their cases.
    #[must_use]
    pub fn is_full(&self) -> bool {
        self.count >= WAITING
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ingest::chunk::{Times, group_by_shard};
    use crate::ingest::keys::PADDING;

    fn key(id: &str) -> CaseKey {
        let mut padded = id.as_bytes().to_vec();
        padded.extend([0; PADDING]);
        let key = Key::of(&padded, 0, id.len());
        CaseKey { key, hash: key.hash(), from: 0, to: u32::try_from(id.len()).unwrap() }
    }

    #[test]
    fn waiting_changes_no_number() {
        let (at_once, together) = (Cases::default(), Cases::default());
        let (mut waiting, mut chunks, mut expected) = (Waiting::default(), Vec::new(), Vec::new());
        for sequence in 0..40u32 {
            let ids: Vec<String> = (0..500).map(|row| format!("C{}", (row * 7 + sequence * 31) % 3_000)).collect();
            let keys: Vec<CaseKey> = ids.iter().map(|id| key(id)).collect();
            assert!(Waiting::takes(&keys));
            let (order, shard_ends) = group_by_shard(keys.iter().map(|key| key.shard()));
            let number = |&row: &u32| {
                let (id, key) = (&ids[row as usize], keys[row as usize]);
                at_once.shards[key.shard()].lock().unwrap().number(key.key, key.hash, id.as_bytes()).0
            };
            expected.push(order.iter().map(number).collect::<Vec<u32>>());
            waiting.push(chunks.len(), &keys, &order);
            chunks.push(Chunk {
                source: 0,
                sequence,
                shard_ends,
                case: vec![0; keys.len()],
                time: Times::default(),
                extra_times: Vec::new(),
                codes: Vec::new(),
                visible: Vec::new(),
                marks: Vec::new(),
                lines: Vec::new(),
            });
            if waiting.is_full() {
                together.resolve_waiting(5, &mut waiting, &mut chunks);
            }
        }
        together.resolve_waiting(0, &mut waiting, &mut chunks);
        let found: Vec<Vec<u32>> = chunks.into_iter().map(|chunk| chunk.case).collect();
        assert_eq!(found, expected);
        for (a, b) in at_once.into_tables().iter().zip(together.into_tables()) {
            let texts =
                |table: &KeyTable| (0u32..).take(table.len()).map(|n| table.bytes(n).to_vec()).collect::<Vec<_>>();
            assert_eq!(texts(a), texts(&b));
        }
    }

    #[test]
    fn long_ids_do_not_wait() {
        assert!(!Waiting::takes(&[key("short"), key("an id of more than fifteen bytes")]));
    }
}
