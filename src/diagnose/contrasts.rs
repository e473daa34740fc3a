//! Attribute values that go with slow cases, exceptions, escalations, reopened cases and reassignments.
//!
//! A case has the first value that it names of each column that cuts figures. For each value of at least [`MIN_CASES`] cases,
//! with as many others, and each outcome, the share of its cases is held against that of the other cases that have a
//! value. Listed are shares at least [`TIMES`] times as large, by more than chance among all that were compared
//! (`compare::bound`). It is an association: the value may stand for something else.
//!
//! Worked example: 60 of 200 cases of `site = North` are slow, and 100 of the other 1,000: 30 % against 10 %, three times as
//! many, z = 0.2 / √(0.1333 · 0.8667 · (1/200 + 1/1000)) = 7.6.

use super::compare::{bound, more_frequent};
use crate::log::codes::each_width;
use crate::log::{AttributeRole, EventLog, NONE};
use crate::metrics::CaseFact;
use crate::parallel;

/// Fewest cases of a value, and of the others.
pub const MIN_CASES: u64 = 50;
/// How many times as large a share is at least.
const TIMES: f64 = 1.5;
/// Cases one job looks at.
const RUN_EVENTS: usize = 1 << 17;
/// Values of a column, beyond which it is an id and no attribute.
const MAX_VALUES: usize = 1_000;

/// What may happen to a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// Its duration is beyond the 75th percentile of completed cases.
    Slow,
    /// It has an exception.
    Exception,
    /// It was escalated.
    Escalated,
    /// It was reopened.
    Reopened,
    /// It was handed over.
    Reassigned,
}

impl Outcome {
    /// All, in the order of the tallies.
    pub const ALL: [Outcome; 5] =
        [Outcome::Slow, Outcome::Exception, Outcome::Escalated, Outcome::Reopened, Outcome::Reassigned];

    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Outcome::Slow => "slow",
            Outcome::Exception => "exception",
            Outcome::Escalated => "escalated",
            Outcome::Reopened => "reopened",
            Outcome::Reassigned => "reassigned",
        }
    }

    fn applies(self, fact: &CaseFact, slow_ms: i64) -> bool {
        match self {
            Outcome::Slow => fact.completed && fact.duration_ms() > slow_ms,
            Outcome::Exception => fact.exceptions > 0,
            Outcome::Escalated => fact.escalated,
            Outcome::Reopened => fact.reopens > 0,
            Outcome::Reassigned => fact.handoffs > 0,
        }
    }
}

/// A value and an outcome that go together.
#[derive(Clone, Debug, PartialEq)]
pub struct Contrast {
    /// Place of the column among the attributes.
    pub attribute: usize,
    /// Code of the value.
    pub value: u32,
    /// Outcome.
    pub outcome: Outcome,
    /// Cases with the value, completed ones for [`Outcome::Slow`].
    pub cases: u64,
    /// Those with the outcome.
    pub with: u64,
    /// Share of the cases with other values that have the outcome.
    pub share_of_others: f64,
    /// How far apart the shares are.
    pub z: f64,
}

/// Contrasts, and what was compared.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Contrasts {
    /// The farthest apart first.
    pub found: Vec<Contrast>,
    /// Pairs of a value and an outcome that were compared.
    pub comparisons: usize,
}

/// Cases of a value, and how many of them have each outcome.
#[derive(Clone, Copy, Default)]
struct Counts {
    cases: u64,
    completed: u64,
    with: [u64; 5],
}

impl Counts {
    fn add(&mut self, other: Counts) {
        self.cases += other.cases;
        self.completed += other.completed;
        self.with.iter_mut().zip(other.with).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Part and whole.
    fn of(self, outcome: Outcome) -> (u64, u64) {
        let whole = if outcome == Outcome::Slow { self.completed } else { self.cases };
        (self.with[outcome as usize], whole)
    }
}

/// Compares the values of all columns that cut figures; `slow_ms` is the 75th percentile of the cycle time. `None` in a
/// log without such a column.
#[must_use]
pub fn find(log: &EventLog, facts: &[CaseFact], slow_ms: i64, threads: usize) -> Option<Contrasts> {
    let is_column = |at: &usize| {
        matches!(log.attributes[*at].role, AttributeRole::Segment | AttributeRole::Priority)
            && log.attributes[*at].column.dictionary.size() <= MAX_VALUES
    };
    let columns: Vec<usize> = (0..log.attributes.len()).filter(is_column).collect();
    if columns.is_empty() {
        return None;
    }
    let mut pairs = Vec::new();
    for attribute in columns {
        let counts = count(log, facts, attribute, slow_ms, threads);
        let mut all = Counts::default();
        counts.iter().skip(1).for_each(|counts| all.add(*counts));
        for (value, counts) in (0u32..).zip(&counts).skip(1) {
            for outcome in Outcome::ALL {
                let (with, cases) = counts.of(outcome);
                let (all_with, all_cases) = all.of(outcome);
                if cases >= MIN_CASES && all_cases - cases >= MIN_CASES && all_with > 0 {
                    pairs.push((attribute, value, outcome, (with, cases), (all_with - with, all_cases - cases)));
                }
            }
        }
    }
    let (comparisons, bound) = (pairs.len(), bound(pairs.len()));
    let mut found: Vec<Contrast> = pairs
        .into_iter()
        .filter_map(|(attribute, value, outcome, own, others)| {
            let (share, share_of_others) = (share(own), share(others));
            let z = more_frequent(own, others);
            (z >= bound && share >= TIMES * share_of_others).then_some(Contrast {
                attribute,
                value,
                outcome,
                cases: own.1,
                with: own.0,
                share_of_others,
                z,
            })
        })
        .collect();
    found.sort_by(|a, b| {
        let key = |contrast: &Contrast| (contrast.attribute, contrast.value, contrast.outcome);
        b.z.total_cmp(&a.z).then(key(a).cmp(&key(b)))
    });
    Some(Contrasts { found, comparisons })
}

/// Counts by code of one column.
fn count(log: &EventLog, facts: &[CaseFact], attribute: usize, slow_ms: i64, threads: usize) -> Vec<Counts> {
    let column = &log.attributes[attribute].column;
    let size = column.dictionary.size();
    let parts = parallel::fold(
        threads,
        log.case_runs(RUN_EVENTS),
        || vec![Counts::default(); size],
        |counts, run| {
            each_width!(&column.codes, codes => for case in run {
                let value = codes[log.range(case)].iter().map(|code| u32::from(*code)).find(|code| *code != NONE);
                let (counts, fact) = (&mut counts[value.unwrap_or(NONE) as usize], &facts[case]);
                counts.cases += 1;
                counts.completed += u64::from(fact.completed);
                for outcome in Outcome::ALL {
                    counts.with[outcome as usize] += u64::from(outcome.applies(fact, slow_ms));
                }
            });
        },
    );
    let mut all = vec![Counts::default(); size];
    for part in parts {
        all.iter_mut().zip(part).for_each(|(mine, theirs)| mine.add(theirs));
    }
    all
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn share((part, whole): (u64, u64)) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}
