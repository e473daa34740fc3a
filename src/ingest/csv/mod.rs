//! Reading delimited text: sniff, plan, then blocks in parallel.

pub mod blocks;
pub mod dialect;
mod index;
mod simd;
pub mod whole;
pub mod worker;

use std::io::Read;
use std::sync::{Mutex, PoisonError};

use blocks::{BLOCK, Block, Blocks, Piece, join_hash, read_full};
use dialect::{Dialect, SAMPLE_ROWS};
use worker::{Plan, Worker};

use super::cases::Cases;
use super::chunk::Chunk;
use super::comments::KeptText;
use super::intern::SharedDictionary;
use super::limits::Limits;
use super::rejects::Rejects;
use super::source::{Container, Fingerprint};
use crate::error::{Problem, Result};
use crate::time::Evidence;

/// The beginning of a table: enough to guess from.
pub struct Beginning {
    head: Vec<u8>,
    /// How it is written.
    pub dialect: Dialect,
    /// First records.
    pub rows: Vec<Vec<String>>,
}

/// What was read from one source.
pub struct Table {
    /// Columns of codes and stamps.
    pub chunks: Vec<Chunk>,
    /// Data rows seen, used or not.
    pub rows: u64,
    /// Rows not used.
    pub rejects: Rejects,
    /// Evidence on the order of dates: of the event time, then of the extra times of the plan.
    pub evidence: Vec<Evidence>,
    /// Size and hash, where the source was plain.
    pub fingerprint: Option<Fingerprint>,
    /// The last line had no line end.
    pub no_final_newline: bool,
    /// Records of nothing but separators; they are no rows.
    pub empty_rows: u64,
    /// Comments that are kept as they are.
    pub comments: Vec<KeptText>,
}

/// Reads the beginning of a table.
///
/// # Errors
/// When the input breaks or is no table with a header.
pub fn begin(input: &mut (dyn Read + Send), delimiter: Option<u8>, file: &str, limits: &Limits) -> Result<Beginning> {
    let (head, whole) = begin_head(input, delimiter, limits).map_err(|problem| problem.in_file(file))?;
    let dialect = dialect::sniff(&head, whole, delimiter, file, limits)?;
    let rows = dialect::records(&head[dialect.skip..], dialect.delimiter, SAMPLE_ROWS, whole)
        .filter(|record| record.len() == dialect.header.len() && record.iter().any(|cell| !cell.is_empty()))
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect();
    Ok(Beginning { head, dialect, rows })
}

/// The first blocks, as many as the header line takes within the limit of a record, and whether they are all.
fn begin_head(input: &mut (dyn Read + Send), delimiter: Option<u8>, limits: &Limits) -> Result<(Vec<u8>, bool)> {
    let mut head = Vec::new();
    loop {
        // twice as many each time, since the header is looked at anew
        let before = head.len();
        let wanted = before.max(BLOCK);
        head.resize(before + wanted, 0);
        let read = read_full(input, &mut head[before..])?;
        head.truncate(before + read);
        if read < wanted || head.len() > limits.record || dialect::header_ends(&head, delimiter) {
            return Ok((head, read < wanted));
        }
    }
}

/// Reads the whole table whose beginning was read from `input`.
///
/// # Errors
/// When the input breaks, is no UTF-8, exceeds a limit, or more rows than allowed have the wrong field count.
pub fn read(
    input: &mut (dyn Read + Send),
    container: Container,
    beginning: Beginning,
    plan: &Plan,
    cases: &Cases,
    dictionaries: &[SharedDictionary],
    threads: usize,
) -> Result<Table> {
    let Beginning { head, dialect, .. } = beginning;
    let hashed = container == Container::Plain;
    let blocks = Blocks::new(input, plan.file.clone(), head, dialect.skip, plan.delimiter, plan.limits, hashed);
    let shared = Mutex::new(blocks);
    let failure: Mutex<Option<(u32, Problem)>> = Mutex::new(None);
    let fail = |sequence: u32, problem: Problem| {
        let mut failure = failure.lock().unwrap_or_else(PoisonError::into_inner);
        if failure.as_ref().is_none_or(|(first, _)| sequence < *first) {
            *failure = Some((sequence, problem));
        }
    };
    let workers = std::thread::scope(|scope| {
        let handles: Vec<_> = (0..threads.max(1))
            .map(|number| {
                let (shared, fail) = (&shared, &fail);
                scope.spawn(move || {
                    let mut worker = Worker::new(plan, cases, dictionaries, number);
                    let mut block = Block::default();
                    loop {
                        let (sequence, next) = {
                            let mut blocks = shared.lock().unwrap_or_else(PoisonError::into_inner);
                            (blocks.sequence(), blocks.next(&mut block))
                        };
                        let done = match next {
                            Ok(false) => break,
                            Ok(true) => worker.take(&block),
                            Err(problem) => Err(problem),
                        };
                        if let Err(problem) = done {
                            fail(sequence, problem);
                            shared.lock().unwrap_or_else(PoisonError::into_inner).stop();
                            break;
                        }
                    }
                    worker.finish();
                    worker
                })
            })
            .collect();
        handles
            .into_iter()
            .map(|handle| handle.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
            .collect::<Vec<_>>()
    });
    if let Some((_, problem)) = failure.into_inner().unwrap_or_else(PoisonError::into_inner) {
        return Err(problem);
    }
    let blocks = shared.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(join(workers, &blocks, hashed, plan.keep_rejects))
}

fn join(workers: Vec<Worker>, blocks: &Blocks, hashed: bool, keep_rejects: usize) -> Table {
    let mut table = Table {
        chunks: Vec::new(),
        rows: 0,
        rejects: Rejects::default(),
        evidence: Vec::new(),
        fingerprint: None,
        no_final_newline: blocks.no_final_newline,
        empty_rows: 0,
        comments: Vec::new(),
    };
    let mut pieces: Vec<Piece> = Vec::new();
    for worker in workers {
        for (at, evidence) in worker.evidence().enumerate() {
            match table.evidence.get_mut(at) {
                Some(merged) => merged.merge(evidence),
                None => table.evidence.push(evidence.clone()),
            }
        }
        table.rows += worker.rows;
        table.empty_rows += worker.empty_rows;
        for (reason, count) in worker.counts {
            *table.rejects.counts.entry(reason).or_default() += count;
        }
        table.rejects.rows.extend(worker.rejects);
        table.chunks.extend(worker.chunks);
        table.comments.extend(worker.comments);
        pieces.extend(worker.pieces);
    }
    table.rejects.rows.sort_by_key(|reject| reject.line);
    table.rejects.rows.truncate(keep_rejects);
    if hashed {
        table.fingerprint = Some(Fingerprint::new(blocks.bytes(), join_hash(pieces)));
    }
    table
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The hash joined from blocks equals the plain hash, at and around block borders.
    #[test]
    fn joined_hash_is_the_hash_of_the_file() {
        for size in [0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK, 5 * BLOCK + 77] {
            let mut text = b"id,when\n".to_vec();
            while text.len() < size {
                text.extend_from_slice(format!("{},x\n", text.len()).as_bytes());
            }
            text.truncate(size.max(9));
            let mut input = text.as_slice();
            let mut head = vec![0; BLOCK];
            let length = read_full(&mut input, &mut head).unwrap();
            head.truncate(length);
            let mut blocks = Blocks::new(&mut input, "t".into(), head, 8, b',', Limits::default(), true);
            let (mut block, mut pieces) = (Block::default(), Vec::new());
            while blocks.next(&mut block).unwrap() {
                pieces.extend(block.hash());
            }
            assert_eq!(join_hash(pieces), blake3::hash(&text), "{size}");
        }
    }
}
