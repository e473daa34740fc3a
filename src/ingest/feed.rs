//! Reading ahead: one thread unpacks and hashes a source block by block, another parses what it hands over.

use std::io::Read;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use super::csv::blocks::read_full;
use super::source::Fingerprint;
use crate::error::Result;

/// Bytes of one block.
const BLOCK: usize = 1 << 20;

/// Blocks that wait to be parsed.
const AHEAD: usize = 2;

/// Hands `head` and the blocks behind it to `parse` while further ones are read; returns what it makes of them, and the
/// hash of all bytes where it is asked for and all were taken.
///
/// # Errors
/// When the input breaks or `parse` fails; the input comes first.
pub fn parse_ahead<T>(
    input: &mut (dyn Read + Send),
    head: Vec<u8>,
    hashed: bool,
    parse: impl FnOnce(&Receiver<Vec<u8>>) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let (sender, receiver) = sync_channel(AHEAD);
    let (parsed, fed) = std::thread::scope(|scope| {
        let feeder = scope.spawn(move || feed(input, head, hashed, &sender));
        let parsed = parse(&receiver);
        drop(receiver);
        (parsed, feeder.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)))
    });
    let fingerprint = fed?;
    Ok((parsed?, fingerprint))
}

fn feed(
    input: &mut (dyn Read + Send),
    head: Vec<u8>,
    hashed: bool,
    blocks: &SyncSender<Vec<u8>>,
) -> Result<Option<Fingerprint>> {
    let mut hasher = hashed.then(blake3::Hasher::new);
    let mut block = head;
    loop {
        if let Some(hasher) = &mut hasher {
            hasher.update(&block);
        }
        // an error means that the parser gave up; it says why
        if blocks.send(block).is_err() {
            return Ok(None);
        }
        block = vec![0; BLOCK];
        let read = read_full(input, &mut block)?;
        block.truncate(read);
        if read == 0 {
            return Ok(hasher.map(|hasher| Fingerprint::new(hasher.count(), hasher.finalize())));
        }
    }
}
