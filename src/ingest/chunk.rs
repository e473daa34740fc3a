//! What a worker makes of one block: columns of codes and stamps, grouped by the shard of the case.

use super::cases::SHARDS;
use crate::log::Codes;
use crate::time::{NearStamps, Stamp};

/// Which time column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// The instant of the event; completion in a start/end log.
    Event,
    /// Start of the activity.
    Start,
    /// When the activity could have started.
    Enabled,
}

/// What a dictionary column becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// [`crate::log::EventLog::state`].
    State,
    /// [`crate::log::EventLog::activity`].
    Activity,
    /// [`crate::log::EventLog::group`].
    Group,
    /// [`crate::log::EventLog::assignee`].
    Assignee,
    /// [`crate::log::EventLog::actor`].
    Actor,
    /// A number that orders events of equal time; not part of the log.
    TieBreak,
    /// [`crate::log::EventLog::attributes`].
    Attribute(crate::log::AttributeRole),
}

/// Rows of one block. All columns follow the same order: by shard, then as in the source.
#[derive(Debug)]
pub struct Chunk {
    /// Number of the source.
    pub source: usize,
    /// Number of the block in its source.
    pub sequence: u32,
    /// Where each shard's rows end.
    pub shard_ends: Box<[u32]>,
    /// Number of the case within its shard; later the place of the row within its shard.
    pub case: Vec<u32>,
    /// Instants of the events.
    pub time: Times,
    /// Start and enabled times, where mapped.
    pub extra_times: Vec<(When, Vec<Option<Stamp>>)>,
    /// One entry per slot of the plan; `None` where this source has no such column.
    pub codes: Vec<Option<Codes>>,
    /// Fingerprints of the further visible columns; empty where there are none.
    pub visible: Vec<u64>,
    /// What was heard of comments; empty where there is no comment column.
    pub marks: Vec<u64>,
    /// Lines of the source, from 1; empty unless the plan keeps them.
    pub lines: Vec<u64>,
}

/// The instants of a chunk: rows of one block mostly lie close together in time.
#[derive(Debug)]
pub enum Times {
    /// All within a few weeks.
    Near(NearStamps),
    /// Anything else.
    Any(Vec<Stamp>),
}

impl Times {
    /// The stamps in the order of `order`.
    #[must_use]
    pub fn pack(stamps: &[Stamp], order: &[u32]) -> Self {
        let any = || Times::Any(order.iter().map(|&row| stamps[row as usize]).collect());
        NearStamps::pack(stamps, order).map_or_else(any, Times::Near)
    }

    /// Calls `each` for the stamps of a range, in order.
    #[inline]
    pub fn for_each(&self, range: std::ops::Range<usize>, each: impl FnMut(Stamp)) {
        match self {
            Times::Near(near) => near.range(range).for_each(each),
            Times::Any(stamps) => stamps[range].iter().copied().for_each(each),
        }
    }
}

impl Default for Times {
    fn default() -> Self {
        Times::Any(Vec::new())
    }
}

impl Chunk {
    /// Rows of a shard.
    #[must_use]
    pub fn shard(&self, shard: usize) -> std::ops::Range<usize> {
        let from = if shard == 0 { 0 } else { self.shard_ends[shard - 1] as usize };
        from..self.shard_ends[shard] as usize
    }
}

/// Groups rows by shard, keeping their order within each: the rows and where each shard ends.
#[must_use]
pub fn group_by_shard(shards: impl ExactSizeIterator<Item = usize> + Clone) -> (Vec<u32>, Box<[u32]>) {
    let mut ends = vec![0u32; SHARDS].into_boxed_slice();
    for shard in shards.clone() {
        ends[shard] += 1;
    }
    let mut next = [0u32; SHARDS];
    let mut sum = 0;
    for (start, end) in next.iter_mut().zip(ends.iter_mut()) {
        *start = sum;
        sum += *end;
        *end = sum;
    }
    let mut order = vec![0u32; shards.len()];
    for (row, shard) in (0u32..).zip(shards) {
        order[next[shard] as usize] = row;
        next[shard] += 1;
    }
    (order, ends)
}
