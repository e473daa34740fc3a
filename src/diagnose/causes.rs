//! Root causes with the evidence that a sweep without comments and calendars can give.
//!
//! Two detectors so far: unclear ownership (many groups, returns, passing on) and missing data (waits for the
//! requester). Each names what was counted and what would show that it is not so.

use crate::counts::{count, counted};
use crate::metrics::Swept;

/// Kind of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    /// The case waits for information it should have had.
    MissingData,
    /// It is not clear who owns the case.
    UnclearOwnership,
}

impl CauseKind {
    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CauseKind::MissingData => "missing_data",
            CauseKind::UnclearOwnership => "unclear_ownership",
        }
    }
}

/// A cause and its counts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CauseFound {
    /// Kind.
    pub kind: CauseKind,
    /// Cases concerned.
    pub cases: u64,
    /// What was counted, by name.
    pub counts: Vec<(&'static str, u64)>,
    /// In words.
    pub evidence: String,
    /// What would show that it is not so.
    pub falsified_by: &'static str,
}

/// A cause concerns at least this share of all cases, in per cent, and at least [`MIN_CASES`].
const MIN_PERCENT: u64 = 2;
/// Fewer cases are no pattern.
const MIN_CASES: u64 = 20;

/// The causes that the log gives evidence for.
#[must_use]
pub fn find(swept: &Swept) -> Vec<CauseFound> {
    let all = swept.totals.cases;
    let mut causes = vec![missing_data(swept), unclear_ownership(swept)];
    causes.retain(|cause| cause.cases >= MIN_CASES && cause.cases * 100 >= all * MIN_PERCENT);
    causes
}

fn missing_data(swept: &Swept) -> CauseFound {
    let exceptions = &swept.exceptions;
    let resumed = exceptions.information.len() as u64;
    let straight = exceptions.information_waits - resumed - exceptions.information_open;
    CauseFound {
        kind: CauseKind::MissingData,
        cases: exceptions.information_cases,
        counts: vec![
            ("waits_for_requester", exceptions.information_waits),
            ("resumed", resumed),
            ("ended_without_resuming", straight),
            ("open", exceptions.information_open),
        ],
        evidence: format!(
            "{} waited for the requester {}; work resumed after {} of these waits, and {} ended the case",
            counted(exceptions.information_cases, "case", "cases"),
            counted(exceptions.information_waits, "time", "times"),
            count(resumed),
            count(straight)
        ),
        falsified_by: "the questions asked there could not have been asked at intake",
    }
}

fn unclear_ownership(swept: &Swept) -> CauseFound {
    let many = swept.totals.many_groups;
    let ping_pong = swept.handoffs.ping_pong;
    let either = swept.totals.unclear_owner;
    CauseFound {
        kind: CauseKind::UnclearOwnership,
        cases: either,
        counts: vec![
            ("cases_with_three_or_more_groups", many),
            ("cases_with_ping_pong", ping_pong.cases),
            ("ping_pongs", ping_pong.total),
            ("passed_on_without_pickup", swept.handoffs.passed_on),
        ],
        evidence: format!(
            "{} went through three or more groups, {} came back to the owner before last, {} passed on or closed before a pickup was seen",
            counted(many, "case", "cases"),
            count(ping_pong.cases),
            counted(swept.handoffs.passed_on, "handoff was", "handoffs were")
        ),
        falsified_by: "the returns follow a designed tier or approval path",
    }
}
