//! Bounds that keep hostile or broken input from exhausting the machine.

/// Limits on one input; sizes in bytes.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Largest single field.
    pub cell: usize,
    /// Largest single record.
    pub record: usize,
    /// Most columns.
    pub columns: usize,
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
        Limits { cell: 1 << 20, record: 16 << 20, columns: 4096, decompressed: 16 << 30, ratio: 200, max_rejects: 0 }
    }
}
