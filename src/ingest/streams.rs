//! Streams around an input: counted, hashed, and bounded where it is unpacked.

use std::io::{self, Read};
use std::sync::atomic::Ordering;

use super::limits::{Bound, Limits, RATIO_FREE};
use super::source::{Fingerprint, Progress};
use crate::counts::count;
use crate::error::Problem;

/// Counts, and where asked hashes, what passes.
pub struct Metered<'a, R> {
    /// Where the bytes come from.
    pub inner: R,
    /// What counts them.
    pub progress: &'a Progress,
    /// What hashes them.
    pub hasher: Option<Box<blake3::Hasher>>,
}

impl<R: Read> Metered<'_, R> {
    /// Reads what is left, for the hash of the whole.
    ///
    /// # Errors
    /// When the input breaks.
    pub fn finish(mut self) -> io::Result<Fingerprint> {
        io::copy(&mut self, &mut io::sink())?;
        let hasher = self.hasher.unwrap_or_default();
        Ok(Fingerprint::new(hasher.count(), hasher.finalize()))
    }
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.progress.fetch_add(n as u64, Ordering::Relaxed);
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..n]);
        }
        Ok(n)
    }
}

/// Reports progress of a member in bytes of its archive.
pub struct Scaled<'a, R> {
    /// The unpacked member.
    pub inner: R,
    /// What counts.
    pub progress: &'a Progress,
    /// Size of the member in the archive.
    pub packed: u64,
    /// Size of the member.
    pub unpacked: u64,
    /// Unpacked bytes so far.
    pub seen: u64,
}

impl<R: Read> Read for Scaled<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        #[expect(clippy::cast_possible_truncation, reason = "for the progress bar only")]
        let packed = |seen: u64| (u128::from(seen) * u128::from(self.packed) / u128::from(self.unpacked.max(1))) as u64;
        let before = packed(self.seen);
        let after = packed(self.seen + n as u64);
        self.seen += n as u64;
        self.progress.fetch_add(after.saturating_sub(before), Ordering::Relaxed);
        Ok(n)
    }
}

/// Size of a compressed input.
#[derive(Clone, Copy, Debug)]
pub enum Packed<'a> {
    /// As it lies on disk.
    Whole(u64),
    /// What was taken from a pipe so far.
    SoFar(&'a Progress),
}

/// Stops a decompression bomb. The error carries the problem.
pub struct Bounded<'a, R> {
    /// What unpacks.
    pub inner: R,
    /// Bytes that came out.
    pub out: u64,
    /// Bytes that went in.
    pub packed: Packed<'a>,
    /// Bounds.
    pub limits: Limits,
}

impl<R> Bounded<'_, R> {
    fn check(&self) -> Result<(), Problem> {
        let Limits { decompressed, ratio, .. } = self.limits;
        let trust = "unpack it yourself if you trust it, and name the unpacked file";
        if self.out > decompressed {
            let message = format!("more than {} bytes come out of the compressed input", count(decompressed));
            return Err(Problem::input(message).hint(trust).hint(Bound::Unpacked.raise(decompressed)));
        }
        if self.out <= RATIO_FREE {
            return Ok(());
        }
        let packed = match self.packed {
            Packed::Whole(bytes) => bytes,
            Packed::SoFar(bytes) => bytes.load(Ordering::Relaxed),
        };
        if u128::from(self.out) > u128::from(packed) * u128::from(ratio) {
            let message = format!("the compressed input expands more than {}-fold", count(ratio));
            return Err(Problem::input(message).hint(trust).hint(Bound::Ratio.raise(ratio)));
        }
        Ok(())
    }
}

impl<R: Read> Read for Bounded<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.out += n as u64;
        self.check().map_err(io::Error::other)?;
        Ok(n)
    }
}
