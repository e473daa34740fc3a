//! Bounds that keep hostile or broken input from exhausting the machine.

pub use crate::config::{Bound, LimitsSection};

/// Limits on one input; sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest single field.
    pub cell: usize,
    /// Largest single record without its line end; largest tag of XML.
    pub record: usize,
    /// Most columns.
    pub columns: usize,
    /// Most elements of XML within each other.
    pub depth: usize,
    /// Largest event of an XES log, up to its end tag.
    pub event: usize,
    /// Most bytes out of a compressed input.
    pub decompressed: u64,
    /// Most bytes out per byte in, once more than 64 MiB came out.
    pub ratio: u64,
    /// Rows of broken structure that are rejected before the input is refused.
    pub max_rejects: u64,
}

/// Decompressed size below which the compression ratio is not judged.
pub const RATIO_FREE: u64 = 64 << 20;

impl Default for Limits {
    fn default() -> Self {
        Limits {
            cell: 1 << 20,
            record: 16 << 20,
            columns: 4096,
            depth: 64,
            event: 16 << 20,
            decompressed: 16 << 30,
            ratio: 200,
            max_rejects: 0,
        }
    }
}

impl Limits {
    /// Takes over what a configuration says.
    pub fn apply(&mut self, section: &LimitsSection) {
        for bound in Bound::ALL {
            if let Some(value) = section.get(bound) {
                self.set(bound, value);
            }
        }
    }

    /// Sets one bound.
    pub fn set(&mut self, bound: Bound, value: u64) {
        let small = usize::try_from(value).unwrap_or(usize::MAX);
        match bound {
            Bound::Cell => self.cell = small,
            Bound::Record => self.record = small,
            Bound::Columns => self.columns = small,
            Bound::Depth => self.depth = small,
            Bound::Event => self.event = small,
            Bound::Unpacked => self.decompressed = value,
            Bound::Ratio => self.ratio = value,
        }
    }
}
