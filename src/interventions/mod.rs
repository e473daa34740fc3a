//! What would help: patterns matched to choke points and causes, with touches counted once.
//!
//! Every touch of a bucket belongs to at most one intervention, so that their sum never exceeds what the log
//! holds. Hours of waiting are credited from the decomposition of waits, in `assemble`.

pub mod level;

use std::collections::BTreeMap;

use crate::diagnose::causes::{CauseFound, CauseKind};
use crate::diagnose::choke_points::Segment;
use crate::metrics::pairs::PairTable;
use crate::metrics::touch_tally::SegmentTouches;
use crate::roi::{Assumptions, Estimate};

/// An agent pattern.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pattern {
    /// What is this, who owns it.
    Router,
    /// Ageing, nudges, escalation.
    Watchdog,
    /// Stakeholder updates.
    Concierge,
    /// Context at handoffs, complete requests.
    Clerk,
}

/// One thing an intervention would write into a system.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Write {
    /// What it writes.
    pub what: &'static str,
    /// Who lets it through while the level is `assist`.
    pub released_by: &'static str,
    /// How it is undone.
    pub undo: &'static str,
}

/// What an intervention cannot work without.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Needs {
    /// What it must be able to read.
    pub data: &'static [&'static str],
    /// What it would write; nothing else.
    pub writes: &'static [Write],
    /// Permissions in the source system.
    pub permissions: &'static [&'static str],
}

/// Facts of a pattern that do not depend on the log.
#[derive(Clone, Copy, Debug)]
pub struct Catalogue {
    /// Name in findings.
    pub name: &'static str,
    /// Phase of the plan.
    pub phase: &'static str,
    /// Relative effort.
    pub effort: f64,
    /// Assumed share of the addressable touches that go away. Defaults without a study behind them: published
    /// trials of nudges are far apart, so the cautious end is small.
    pub effect: Estimate,
    /// What it needs.
    pub needs: Needs,
    /// When it must leave a case to people.
    pub stop_conditions: &'static [&'static str],
}

impl Pattern {
    /// All patterns.
    pub const ALL: [Pattern; 4] = [Pattern::Router, Pattern::Watchdog, Pattern::Concierge, Pattern::Clerk];

    /// The catalogue entry.
    #[must_use]
    pub fn catalogue(self) -> Catalogue {
        match self {
            Pattern::Router => ROUTER,
            Pattern::Watchdog => WATCHDOG,
            Pattern::Concierge => CONCIERGE,
            Pattern::Clerk => CLERK,
        }
    }
}

/// Sets the owner of a case at its beginning.
const ROUTER: Catalogue = Catalogue {
    name: "router",
    phase: "days 31-60",
    effort: 2.0,
    effect: Estimate::new(0.05, 0.20, 0.40),
    needs: Needs {
        data: &["the attributes known at intake", "the group that resolved each past case"],
        writes: &[
            Write {
                what: "the group of a new case",
                released_by: "the person who triages, by taking the suggestion",
                undo: "set the group back; both changes stay in the history",
            },
            Write {
                what: "an internal note with the reason for the route",
                released_by: "nobody: it is not seen outside",
                undo: "delete the note",
            },
        ],
        permissions: &["read new and past cases", "set the group of a case", "write internal notes"],
    },
    stop_conditions: &[
        "its confidence is below the threshold",
        "signals contradict each other, such as a category of one group and a location of another",
        "the case was sent back once after its suggestion",
        "a person has already chosen an owner",
    ],
};

/// Reminds who holds a case.
const WATCHDOG: Catalogue = Catalogue {
    name: "watchdog",
    phase: "days 0-30",
    effort: 1.0,
    effect: Estimate::new(0.05, 0.15, 0.30),
    needs: Needs {
        data: &["the time in state of every open case", "who acts next", "the last event of every open case"],
        writes: &[
            Write {
                what: "a reminder to whoever acts next",
                released_by: "the lead of the team, who agrees to its wording once",
                undo: "none: a message cannot be taken back, so the limits per person and day hold",
            },
            Write {
                what: "an escalation note to the lead of the team",
                released_by: "the lead, by agreeing to the ladder beforehand",
                undo: "the lead answers it, which ends the ladder for the case",
            },
        ],
        permissions: &["read open cases", "send messages to the people who hold them"],
    },
    stop_conditions: &[
        "the state changed or the case is done",
        "somebody worked on the case lately",
        "no progress after the last step of the ladder: a person takes over",
        "signals contradict each other, such as a paused case with a running deadline",
    ],
};

/// Tells those who wait.
const CONCIERGE: Catalogue = Catalogue {
    name: "concierge",
    phase: "days 0-30",
    effort: 1.0,
    effect: Estimate::new(0.10, 0.30, 0.60),
    needs: Needs {
        data: &["state changes as they happen", "who asked for the work", "what was said in public so far"],
        writes: &[Write {
            what: "an update to the person who asked",
            released_by: "the owner of the case, by sending the draft",
            undo: "none: a correction is sent",
        }],
        permissions: &["read cases and their public comments", "draft public comments"],
    },
    stop_conditions: &[
        "nothing changed that the reader would notice",
        "the message would promise something or carry bad news: a person writes it",
        "signals contradict each other, such as a resolved case with an open question",
        "the reader asked for no more updates",
    ],
};

/// Asks once, and hands over with the context.
const CLERK: Catalogue = Catalogue {
    name: "clerk",
    phase: "days 61-90",
    effort: 2.0,
    effect: Estimate::new(0.10, 0.25, 0.50),
    needs: Needs {
        data: &["the fields each state requires", "the history of the case", "the questions asked so far"],
        writes: &[
            Write {
                what: "one question to the requester with everything that is missing",
                released_by: "the owner of the case, by sending the draft",
                undo: "none: a correction is sent",
            },
            Write {
                what: "an internal note with summary, decisions and open questions at a handoff",
                released_by: "nobody: it is not seen outside",
                undo: "delete the note",
            },
            Write {
                what: "fields that the requester answered",
                released_by: "the owner of the case, by accepting them",
                undo: "set the old value again from the history",
            },
        ],
        permissions: &[
            "read cases, fields and comments",
            "draft public comments",
            "write internal notes and the named fields",
        ],
    },
    stop_conditions: &[
        "the requester answered",
        "the same question was asked before",
        "no progress after the question: a person takes over",
        "answers contradict what the case already says",
    ],
};

/// One proposed intervention.
#[derive(Clone, Debug)]
pub struct Proposal {
    /// Pattern.
    pub pattern: Pattern,
    /// Index of the choke point it answers.
    pub choke_point: Option<usize>,
    /// Cause it answers.
    pub cause: Option<CauseKind>,
    /// Touches per month by bucket A, B, C, D; all zero where nobody is known to have acted.
    pub touches_per_month: [f64; 4],
    /// Money per month, major units.
    pub value: Estimate,
}

/// Touches a month below which an intervention that answers none of the first choke points is not worth listing.
const FEWEST_TOUCHES: f64 = 1.0;
/// Choke points whose interventions are listed whatever they touch.
const ALWAYS_LISTED: usize = 3;

/// What the log can tell about touches.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// It says who acted, so that touches are counted at all.
    pub actors: bool,
    /// It names status checks.
    pub chases: bool,
    /// Its states are waits for acts. Who holds a case is who acted last there, so changes of owner follow the steps and
    /// nothing says that a case was sent to the wrong place.
    pub acts: bool,
}

impl Proposal {
    /// All its touches per month.
    #[must_use]
    pub fn touches(&self) -> f64 {
        self.touches_per_month.iter().sum()
    }
}

/// Choke points that get an entry of their own.
pub const MAX_CHOKE_POINTS: usize = 8;

/// Proposes interventions, best first: by cautious value over effort, then expected value, then hours beyond p75.
#[must_use]
pub fn propose(
    choke_points: &[Segment],
    causes: &[CauseFound],
    touches: PairTable<SegmentTouches>,
    seen: Seen,
    months: f64,
    assumptions: &Assumptions,
) -> Vec<Proposal> {
    let mut pools = Pools::new(touches, months);
    let has = |kind: CauseKind| causes.iter().any(|cause| cause.kind == kind).then_some(kind);
    let has_at = |kind: CauseKind, place: (u32, u32)| {
        causes.iter().any(|cause| cause.kind == kind && cause.is_at(place)).then_some(kind)
    };
    let mut proposals = Vec::new();
    let mut add =
        |pattern: Pattern, choke_point: Option<usize>, cause: Option<CauseKind>, touches_per_month: [f64; 4]| {
            let value = value_of(pattern, touches_per_month, assumptions);
            proposals.push(Proposal { pattern, choke_point, cause, touches_per_month, value });
        };
    for (at, segment) in choke_points.iter().enumerate().take(MAX_CHOKE_POINTS) {
        let place = (segment.state, segment.group);
        if segment.class.is_terminal() {
            continue;
        }
        if let Some(cause) = has_at(CauseKind::MissingData, place) {
            add(Pattern::Clerk, Some(at), Some(cause), [0.0, 0.0, pools.take(place, Pool::Exception), 0.0]);
        }
        if let Some(cause) = has_at(CauseKind::UnclearOwnership, place).filter(|_| !seen.acts) {
            add(Pattern::Router, Some(at), Some(cause), [pools.take(place, Pool::Handoff), 0.0, 0.0, 0.0]);
        }
        let exceptions = pools.take(place, Pool::Exception);
        let status = if seen.chases { pools.take(place, Pool::Status) } else { 0.0 };
        add(Pattern::Watchdog, Some(at), None, [0.0, status, exceptions, 0.0]);
    }
    if let Some(cause) = has(CauseKind::UnclearOwnership).filter(|_| !seen.acts) {
        add(Pattern::Router, None, Some(cause), [pools.rest(Pool::Handoff), 0.0, 0.0, 0.0]);
    }
    if let Some(cause) = has(CauseKind::MissingData) {
        add(Pattern::Clerk, None, Some(cause), [0.0, 0.0, pools.rest(Pool::Exception), 0.0]);
    }
    let status = if seen.chases { pools.rest(Pool::Status) } else { 0.0 };
    let updates = pools.rest(Pool::Communication);
    if status + updates > 0.0 {
        add(Pattern::Concierge, None, None, [0.0, status, 0.0, updates]);
    }
    let leads = |proposal: &Proposal| proposal.choke_point.is_some_and(|at| at < ALWAYS_LISTED);
    proposals.retain(|proposal| !seen.actors || leads(proposal) || proposal.touches() >= FEWEST_TOUCHES);
    rank(&mut proposals, choke_points);
    proposals
}

fn value_of(pattern: Pattern, touches: [f64; 4], assumptions: &Assumptions) -> Estimate {
    let effect = pattern.catalogue().effect;
    let buckets = touches.into_iter().enumerate();
    buckets.fold(Estimate::default(), |sum, (bucket, touches)| {
        sum.plus(assumptions.cost_of(assumptions.minutes_of(bucket, touches)).times(effect))
    })
}

fn rank(proposals: &mut [Proposal], choke_points: &[Segment]) {
    let hours = |proposal: &Proposal| proposal.choke_point.map_or(0.0, |at| choke_points[at].score);
    let key = |proposal: &Proposal| {
        let effort = proposal.pattern.catalogue().effort;
        [proposal.value.low / effort, proposal.value.base / effort, hours(proposal)]
    };
    proposals.sort_by(|a, b| {
        let pairs = key(b).into_iter().zip(key(a));
        let by_value = pairs.fold(std::cmp::Ordering::Equal, |order, (b, a)| order.then(b.total_cmp(&a)));
        by_value.then((a.pattern, a.choke_point, a.cause).cmp(&(b.pattern, b.choke_point, b.cause)))
    });
}

#[derive(Clone, Copy)]
enum Pool {
    Handoff,
    Status,
    Exception,
    Communication,
}

/// Touches per segment and bucket that no intervention has taken yet, per month.
struct Pools {
    left: BTreeMap<(u32, u32), [f64; 4]>,
}

impl Pools {
    #[expect(clippy::cast_precision_loss, reason = "touch counts are below 2^53")]
    fn new(touches: PairTable<SegmentTouches>, months: f64) -> Self {
        let per_month = |count: u64| if months > 0.0 { count as f64 / months } else { 0.0 };
        let pools =
            |found: SegmentTouches| [found.handoff, found.status, found.exception, found.communication].map(per_month);
        Pools { left: touches.into_sorted().into_iter().map(|(place, found)| (place, pools(found))).collect() }
    }

    fn take(&mut self, place: (u32, u32), pool: Pool) -> f64 {
        self.left.get_mut(&place).map_or(0.0, |left| std::mem::take(&mut left[pool as usize]))
    }

    fn rest(&mut self, pool: Pool) -> f64 {
        self.left.values_mut().map(|left| std::mem::take(&mut left[pool as usize])).sum()
    }
}
