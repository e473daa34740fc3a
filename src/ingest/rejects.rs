//! Rows that could not be used, and why.

use std::collections::BTreeMap;

use crate::log::LogText;
use crate::time::DateFault;

/// Why a row was not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reason {
    /// The row has more or fewer fields than the header.
    FieldCount,
    /// The case id is empty.
    CaseMissing,
    /// The time cannot be used.
    Time(DateFault),
}

impl Reason {
    /// The name in findings and in the rejects file.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Reason::FieldCount => "field_count",
            Reason::CaseMissing => "case_missing",
            Reason::Time(fault) => fault.reason(),
        }
    }

    /// Broken structure is limited by `--max-rejects`; the rest is counted and warned about.
    #[must_use]
    pub fn is_structural(self) -> bool {
        self == Reason::FieldCount
    }
}

/// One rejected row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reject {
    /// Number of the source.
    pub source: usize,
    /// Physical line, from 1.
    pub line: u64,
    /// Header of the offending column, empty for a whole row.
    pub column: String,
    /// The offending text.
    pub value: LogText,
    /// Why.
    pub reason: Reason,
}

/// All rejects: counted always, kept in full only up to a bound.
#[derive(Clone, Debug, Default)]
pub struct Rejects {
    /// Rows by reason.
    pub counts: BTreeMap<Reason, u64>,
    /// The rows themselves, in source order, up to the bound.
    pub rows: Vec<Reject>,
}

impl Rejects {
    /// Rows rejected.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.counts.values().sum()
    }
}
