//! Rows of a full table, column by column, a few hundred thousand at a time.

/// Values of one column of a batch.
#[derive(Clone, Debug)]
pub enum Values<'a> {
    /// Text of the log, unchanged; a table format that runs no text needs no guard.
    Text(Vec<Option<&'a str>>),
    /// A count.
    Count(Vec<u32>),
    /// A duration, ms.
    Ms(Vec<Option<i64>>),
    /// An instant, UTC ms.
    Instant(Vec<Option<i64>>),
    /// Yes or no.
    Flag(Vec<bool>),
}

/// Some rows of a table; all columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct Batch<'a> {
    /// Name and values of each column.
    pub columns: Vec<(String, Values<'a>)>,
}
