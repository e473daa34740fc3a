//! Root causes with the evidence that a sweep without comments can give.
//!
//! Four detectors: missing data (questions back, waits for the requester), unclear ownership (many groups, returns,
//! passing on), poor integration (people do by hand what a system does elsewhere) and policy ambiguity (second
//! decisions, approvals that are nearly always granted, approvers who take longer than others). Each names what was
//! counted, where it goes with waiting (`by_place`), example cases, and what would show that it is not so.

mod by_place;

pub use by_place::{AtPlace, Batched, batched_decisions};

use crate::counts::{count, counted};
use crate::metrics::Swept;
use crate::metrics::place_signs::Sign;
use crate::states::{Class, Semantics};

/// Kind of a cause.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseKind {
    /// The case waits for information it should have had.
    MissingData,
    /// It is not clear who owns the case.
    UnclearOwnership,
    /// People do by hand what a system does elsewhere.
    PoorIntegration,
    /// It is not clear who decides, or what for.
    PolicyAmbiguity,
}

impl CauseKind {
    /// All, in the order of the list.
    pub const ALL: [CauseKind; 4] =
        [CauseKind::MissingData, CauseKind::UnclearOwnership, CauseKind::PoorIntegration, CauseKind::PolicyAmbiguity];

    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            CauseKind::MissingData => "missing_data",
            CauseKind::UnclearOwnership => "unclear_ownership",
            CauseKind::PoorIntegration => "poor_integration",
            CauseKind::PolicyAmbiguity => "policy_ambiguity",
        }
    }
}

/// A cause and its counts.
#[derive(Clone, Debug, PartialEq)]
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
    /// Where it goes with waiting, most time first.
    pub places: Vec<AtPlace>,
}

impl CauseFound {
    /// Whether it is named at a place, given as (state, group).
    #[must_use]
    pub fn is_at(&self, place: (u32, u32)) -> bool {
        self.places.iter().any(|found| (found.state, found.group) == place)
    }
}

/// A cause without a place concerns at least this share of all cases, in per cent, and at least [`MIN_CASES`].
const MIN_PERCENT: u64 = 2;
/// Fewer cases are no pattern.
const MIN_CASES: u64 = 20;
/// So many decisions are enough to say that nearly all are the same.
const MIN_DECISIONS: u64 = 100;
/// At most this share of decisions refuses or asks, in per cent, where nearly all are granted.
const REFUSED_PERCENT: u64 = 2;

/// The causes that the log gives evidence for; `min_stays` is what makes a place.
#[must_use]
pub fn find(swept: &Swept, semantics: &Semantics, min_stays: u64) -> Vec<CauseFound> {
    let all = swept.totals.cases;
    let policy = Policy::of(swept, semantics, min_stays);
    let mut at_places = by_place::find(&swept.signs, semantics, min_stays);
    let mut causes = Vec::new();
    for kind in CauseKind::ALL {
        let mut cause = match kind {
            CauseKind::MissingData => missing_data(swept),
            CauseKind::UnclearOwnership => unclear_ownership(swept),
            CauseKind::PoorIntegration => poor_integration(swept, &at_places),
            CauseKind::PolicyAmbiguity => policy.cause(swept),
        };
        cause.places = at_places.extract_if(.., |found| found.kind == kind).collect();
        let is_common = cause.cases >= MIN_CASES && cause.cases * 100 >= all * MIN_PERCENT;
        // Approvals that follow each other may be a chain that is meant so.
        let speaks_alone = kind != CauseKind::PolicyAmbiguity || policy.speaks_alone();
        if !cause.places.is_empty() || is_common && speaks_alone {
            causes.push(cause);
        }
    }
    causes
}

fn poor_integration(swept: &Swept, at_places: &[AtPlace]) -> CauseFound {
    let here = at_places.iter().filter(|found| found.kind == CauseKind::PoorIntegration);
    let (by_hand, places) = here.fold((0, 0), |(stays, places), found| (stays + found.with, places + 1u64));
    let by_system: u64 = swept.signs.bot_moves.iter().map(|(_, moves)| moves).sum();
    CauseFound {
        kind: CauseKind::PoorIntegration,
        cases: by_hand,
        counts: vec![("done_by_hand", by_hand), ("moves_by_systems", by_system), ("places", places)],
        evidence: format!(
            "{} that a system had put there, to a state into which it takes other cases by itself",
            counted(by_hand, "time people moved on a case", "times people moved on cases"),
        ),
        falsified_by: "what people do there is a decision that the system cannot take",
        places: Vec::new(),
    }
}

/// What is known of all approvals.
struct Policy {
    decided: u64,
    refused: u64,
    second: u64,
    /// Approvals that went back to the requester instead.
    asked: u64,
    /// Places where approvers differ.
    differing: u64,
}

impl Policy {
    fn of(swept: &Swept, semantics: &Semantics, min_stays: u64) -> Policy {
        let mut policy = Policy {
            decided: 0,
            refused: 0,
            second: 0,
            asked: 0,
            differing: by_place::approvers_differ(&swept.signs, min_stays),
        };
        for ((state, _), place) in swept.signs.places.iter() {
            policy.decided += place.decided;
            policy.refused += place.refused;
            policy.second += place.with[Sign::SecondDecision as usize].n;
            if semantics.class(state) == Class::Approval {
                policy.asked += place.with[Sign::QuestionBack as usize].n;
            }
        }
        policy
    }

    fn grants_nearly_all(&self) -> bool {
        let all = self.decided + self.asked;
        self.decided >= MIN_DECISIONS && (self.refused + self.asked) * 100 <= all * REFUSED_PERCENT
    }

    fn speaks_alone(&self) -> bool {
        self.grants_nearly_all() || self.differing > 0
    }

    fn cause(&self, swept: &Swept) -> CauseFound {
        let Policy { decided, refused, second, differing, .. } = *self;
        let mut parts = Vec::new();
        if second > 0 {
            parts.push(format!(
                "{} by another one",
                counted(second, "approval was followed", "approvals were followed")
            ));
        }
        if decided > 0 {
            let nearly = if self.grants_nearly_all() { ", which is nearly always" } else { "" };
            let decisions = counted(decided, "decision", "decisions");
            parts.push(format!("{} of {decisions} granted{nearly}", count(decided - refused)));
        }
        if differing > 0 {
            let places = counted(differing, "place", "places");
            parts.push(format!("at {places} one approver takes at least twice as long as another"));
        }
        let second_cases = swept.signs.cases[Sign::SecondDecision as usize];
        CauseFound {
            kind: CauseKind::PolicyAmbiguity,
            cases: if self.speaks_alone() { swept.signs.decided_cases } else { second_cases },
            counts: vec![
                ("second_decisions", second),
                ("decisions", decided),
                ("refused", refused),
                ("places_where_approvers_differ", differing),
            ],
            evidence: parts.join("; "),
            falsified_by: "a written rule says when a second decision is needed, and what the decision is for",
            places: Vec::new(),
        }
    }
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
        places: Vec::new(),
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
        places: Vec::new(),
    }
}
