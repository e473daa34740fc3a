//! Case ids to numbers, in parallel, in a table split into shards by hash.
//!
//! A worker resolves a whole block at a time, shard by shard, so that a lock is taken a few times per block
//! and the part of the table in use stays in the cache.

use std::sync::{Mutex, PoisonError};

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

    /// The shards' tables, in shard order.
    #[must_use]
    pub fn into_tables(self) -> Vec<KeyTable> {
        self.shards.into_iter().map(|shard| shard.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
    }
}
