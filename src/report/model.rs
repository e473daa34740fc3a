//! The report as a value: what every renderer reads and `findings.json` says.
//!
//! Durations are integer milliseconds, ratios floats, unknown values `None` with their reason in
//! [`Findings::unknown`]. Lists state their order. It holds no computation.

mod comments;
mod costs;
mod diagnosis;
mod flow;
mod habits;
mod reading;
mod sla;
mod trust;

use std::collections::BTreeMap;

use serde::Serialize;

pub use comments::{CommentLanguage, CommentsFound};
pub use costs::{Assumption, Bucket, Buckets, Range, Roi};
pub use diagnosis::{
    Cause, CauseAt, ChokePoint, Effect, ExitTest, Guardrail, Intervention, LevelValues, Needs, Scope, Slices, Write,
};
pub use flow::{
    BusinessFound, CalendarFound, Clocked, ClocksFound, HandoffPair, HandoffsFound, KindCount, KpiCut, Kpis,
    LedgerCell, LedgerFound, Mttr, PerCase, Quantiles, ReassignmentRate, Returns, StateFound, Survival,
    TransitionFound,
};
pub use habits::{Contrast, Contrasts, FakeWaits, Habit, Silences, SilentPlace};
pub use reading::{FilterFound, Input, LeakyFound, MappingFound, NullFound, RoleFound, RoleReason, SourceFound};
pub use sla::{
    BreachRate, NearBreach, SlaCase, SlaDiffering, SlaFactTable, SlaFound, SlaReconciled, SlaTarget, TimerCounts,
};
pub use trust::{
    Bot, GuessFound, Little, Question, Readiness, ReadinessItem, Reconciled, Stale, WindowFound, WorkshopFound,
};

use crate::log::LogText;

/// The name of this contract.
pub const SCHEMA: &str = "wcaf.findings/1";

/// Everything an analysis found.
#[derive(Clone, Debug, Serialize)]
pub struct Findings {
    /// [`SCHEMA`].
    pub schema: &'static str,
    /// The program.
    pub tool: Tool,
    /// What was read.
    pub input: Input,
    /// Which column became what.
    pub mapping: MappingFound,
    /// Which clocks the durations are on.
    pub clocks: ClocksFound,
    /// Key figures.
    pub kpis: Kpis,
    /// Key figures by segment, week and outcome; by kpi, dimension, key.
    pub kpi_cuts: Vec<KpiCut>,
    /// States by total time, falling.
    pub states: Vec<StateFound>,
    /// Transitions by count, falling.
    pub transitions: Vec<TransitionFound>,
    /// Changes of owner.
    pub handoffs: HandoffsFound,
    /// Where every millisecond went.
    pub ledger: LedgerFound,
    /// The four buckets of coordination.
    pub buckets: Buckets,
    /// What was understood of comments; unknown where no column holds any.
    pub comments: Option<CommentsFound>,
    /// The five questions, D40 to D44.
    pub questions: Vec<Question>,
    /// What people guessed in a workshop; unknown where nobody did.
    pub workshop: Option<WorkshopFound>,
    /// The seven-item instrumentation checklist.
    pub readiness: Readiness,
    /// The source system's own counters against ours.
    pub reconcile: Vec<Reconciled>,
    /// Where work waits, by score, falling.
    pub choke_points: Vec<ChokePoint>,
    /// Where work is done slowly, by score, falling; never mixed with waiting.
    pub active_points: Vec<ChokePoint>,
    /// Root causes with their evidence.
    pub causes: Vec<Cause>,
    /// What would help, by rank.
    pub interventions: Vec<Intervention>,
    /// The weeks in which the log is dense.
    pub window: Option<WindowFound>,
    /// Little's law as a consistency check.
    pub little: Option<Little>,
    /// Actors that are probably no people, by rows, falling.
    pub bots: Vec<Bot>,
    /// Open cases nobody touched for long, by silence, falling; at most 1,000.
    pub stale: Vec<Stale>,
    /// Number of stale cases.
    pub stale_cases: u64,
    /// Service levels, in the order of the configuration; unknown where none is configured.
    pub sla: Option<Vec<SlaFound>>,
    /// Ageing of open cases; not computed yet.
    pub ageing: Option<()>,
    /// Silences; unknown in no log of this version.
    pub silences: Option<Silences>,
    /// Fake waits; unknown where the log does not tell questions.
    pub fake_waits: Option<FakeWaits>,
    /// Habits that cost coordination.
    pub habits: Vec<Habit>,
    /// Attribute values that go with trouble; unknown without a column that cuts figures.
    pub contrasts: Option<Contrasts>,
    /// Money.
    pub roi: Roi,
    /// Reasons for unknown values, by JSON pointer.
    pub unknown: BTreeMap<String, Unknown>,
    /// What a reader must know before trusting a number.
    pub warnings: Vec<Warning>,
}

/// The program that wrote a report.
#[derive(Clone, Debug, Serialize)]
pub struct Tool {
    /// `wcaf`.
    pub name: &'static str,
    /// Version of the package.
    pub version: &'static str,
}

/// Why a value is unknown.
#[derive(Clone, Debug, Serialize)]
pub struct Unknown {
    /// Short id.
    pub code: &'static str,
    /// In words.
    pub message: String,
}

/// What a reader must know.
#[derive(Clone, Debug, Serialize)]
pub struct Warning {
    /// Short id.
    pub code: &'static str,
    /// In words.
    pub message: LogText,
    /// What to do.
    pub hint: String,
}
