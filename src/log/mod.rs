//! The event log: columns of codes and times, sorted by (case, time, position) by construction.
//!
//! There is no unsorted log type; only `ingest` builds one. It knows nothing of input formats, states'
//! meanings or measures.

mod chosen;
pub mod codes;
pub mod dictionary;
pub mod text;
mod until;

pub use chosen::Chosen;
pub use codes::{Codes, NONE};
pub use dictionary::{CaseIds, Dictionary};
pub use text::LogText;

/// Value of `start_ms`, `enabled_ms` and `until_ms` where the event has none.
pub const NO_TIME: i64 = i64::MIN;

/// Mark: the event carries a comment.
pub const MARK_COMMENT: u64 = 1;

/// The row an event was read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Origin(u64);

impl Origin {
    const LINE_BITS: u32 = 40;

    /// A line (a row of Parquet), from 1, of the source with this number.
    #[must_use]
    pub fn new(source: usize, line: u64) -> Self {
        Origin((source as u64) << Self::LINE_BITS | line & ((1 << Self::LINE_BITS) - 1))
    }

    /// Number of the source.
    #[must_use]
    pub fn source(self) -> usize {
        (self.0 >> Self::LINE_BITS) as usize
    }

    /// Line, from 1.
    #[must_use]
    pub fn line(self) -> u64 {
        self.0 & ((1 << Self::LINE_BITS) - 1)
    }
}

/// A dictionary-coded column.
#[derive(Clone, Debug)]
pub struct Column {
    /// One code per event.
    pub codes: Codes,
    /// What the codes stand for.
    pub dictionary: Dictionary,
}

/// What an attribute column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AttributeRole {
    /// Urgency; a rise counts as an escalation.
    Priority,
    /// A dimension to cut measures by.
    Segment,
    /// The source system's own count of reassignments.
    ReassignmentCount,
    /// The source system's own count of reopens.
    ReopenCount,
    /// Kept because the configuration looks at it; no measure of the log itself does.
    Kept,
    /// Who asked; kept where there are comments.
    Requester,
    /// On which side the writer of a comment stands; kept where there are comments.
    CommentWriter,
    /// Who may read a comment; kept where there are comments.
    CommentVisibility,
}

impl AttributeRole {
    /// Whether it is kept for what it says of something else, and no measure looks at its own values.
    #[must_use]
    pub fn is_aside(self) -> bool {
        match self {
            AttributeRole::Kept
            | AttributeRole::Requester
            | AttributeRole::CommentWriter
            | AttributeRole::CommentVisibility => true,
            AttributeRole::Priority
            | AttributeRole::Segment
            | AttributeRole::ReassignmentCount
            | AttributeRole::ReopenCount => false,
        }
    }
}

/// A mapped column that is neither state, activity nor owner.
#[derive(Clone, Debug)]
pub struct Attribute {
    /// Header of the column.
    pub name: String,
    /// What it is for.
    pub role: AttributeRole,
    /// Its values.
    pub column: Column,
}

/// Events of many cases. All per-event columns have the same length; events of a case are contiguous,
/// ordered by time, then tie-break, then position in the source.
#[derive(Clone, Debug, Default)]
pub struct EventLog {
    /// Ids of the cases.
    pub case_ids: CaseIds,
    /// `case_starts[c]..case_starts[c + 1]` are the events of case `c`; one longer than the cases.
    pub case_starts: Vec<u32>,
    /// Instant of each event, UTC milliseconds.
    pub time_ms: Vec<i64>,
    /// Start of the activity in a start/end log, UTC milliseconds; [`NO_TIME`] where absent.
    pub start_ms: Option<Vec<i64>>,
    /// When the activity could have started, UTC milliseconds; [`NO_TIME`] where absent.
    pub enabled_ms: Option<Vec<i64>>,
    /// When the activity that starts at the event ends, UTC milliseconds; [`NO_TIME`] at events that start none. Only
    /// in a log made from one with starts and ends.
    pub until_ms: Option<Vec<i64>>,
    /// State after the event.
    pub state: Option<Column>,
    /// Activity or event kind.
    pub activity: Option<Column>,
    /// Group that holds the case.
    pub group: Option<Column>,
    /// Person that holds the case.
    pub assignee: Option<Column>,
    /// Who made the event.
    pub actor: Option<Column>,
    /// Other mapped columns.
    pub attributes: Vec<Attribute>,
    /// Fingerprint of all further columns whose change is visible to people.
    pub visible: Option<Vec<u64>>,
    /// Bits per event: [`MARK_COMMENT`], and what the words of the comment gave.
    pub marks: Option<Vec<u64>>,
    /// Where each event was read, if that was kept.
    pub origins: Option<Vec<Origin>>,
}

impl EventLog {
    /// Number of cases.
    #[must_use]
    pub fn cases(&self) -> usize {
        self.case_ids.len()
    }

    /// Number of events.
    #[must_use]
    pub fn events(&self) -> usize {
        self.time_ms.len()
    }

    /// Positions of the events of a case.
    #[must_use]
    pub fn range(&self, case: usize) -> std::ops::Range<usize> {
        self.case_starts[case] as usize..self.case_starts[case + 1] as usize
    }

    /// Splits the cases into runs of about `events` events each, for parallel sweeps.
    #[must_use]
    pub fn case_runs(&self, events: usize) -> Vec<std::ops::Range<usize>> {
        let mut runs = Vec::new();
        let mut from = 0;
        while from < self.cases() {
            let target = self.case_starts[from] as usize + events.max(1);
            let to =
                self.case_starts.partition_point(|&start| (start as usize) < target).min(self.cases()).max(from + 1);
            runs.push(from..to);
            from = to;
        }
        runs
    }

    /// First and last instant of the log, if it has events.
    #[must_use]
    pub fn span_ms(&self) -> Option<(i64, i64)> {
        let mut cases = 0..self.cases();
        let first = cases.next()?;
        let range = self.range(first);
        let seed = (self.time_ms[range.start], self.time_ms[range.end - 1]);
        Some(cases.fold(seed, |(low, high), case| {
            let range = self.range(case);
            (low.min(self.time_ms[range.start]), high.max(self.time_ms[range.end - 1]))
        }))
    }
}
