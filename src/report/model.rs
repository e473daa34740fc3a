//! The report as a value: what every renderer reads and `findings.json` says.
//!
//! Durations are integer milliseconds, ratios floats, unknown values `None` with their reason in
//! [`Findings::unknown`]. Lists state their order. It holds no computation.

use std::collections::BTreeMap;

use serde::Serialize;

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
    /// The five questions, D40 to D44.
    pub questions: Vec<Question>,
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
    /// Service levels; not computed yet.
    pub sla: Option<()>,
    /// Ageing of open cases; not computed yet.
    pub ageing: Option<()>,
    /// Silences; not computed yet.
    pub silences: Option<()>,
    /// Fake waits; not computed yet.
    pub fake_waits: Option<()>,
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

/// What was read.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    /// Sources in the order given.
    pub sources: Vec<SourceFound>,
    /// Data rows read.
    pub rows_read: u64,
    /// Rows not used.
    pub rows_rejected: u64,
    /// Rows not used, by reason.
    pub rejects: BTreeMap<String, u64>,
    /// Events used.
    pub events: u64,
    /// Cases.
    pub cases: u64,
    /// Cases whose last state is terminal.
    pub completed_cases: u64,
    /// The others.
    pub open_cases: u64,
    /// First instant, ISO 8601 UTC.
    pub first_event: String,
    /// Last instant, ISO 8601 UTC.
    pub last_event: String,
    /// The instant up to which the log is known, ISO 8601 UTC.
    pub as_of: String,
    /// Share of neighbouring events of a case that share an instant.
    pub tie_share: Option<f64>,
    /// Neighbouring rows of a case that stood in the wrong order of time.
    pub order_fixed: u64,
    /// Smallest step of the times, ms.
    pub resolution_ms: i64,
    /// Share of completed cases whose cycle time is zero.
    pub zero_length_share: Option<f64>,
}

/// One source.
#[derive(Clone, Debug, Serialize)]
pub struct SourceFound {
    /// File name without folders.
    pub name: LogText,
    /// Size on disk.
    pub bytes: u64,
    /// `blake3:` and hexadecimal digits.
    pub hash: String,
    /// `csv`, `csv.gz`, `csv.zip`.
    pub format: String,
    /// `activity`, `snapshot`, `start_end`.
    pub family: String,
    /// Data rows.
    pub rows: u64,
}

/// Which column became what.
#[derive(Clone, Debug, Serialize)]
pub struct MappingFound {
    /// By role: `case`, `time`, `state`, `group`, ... Segments are `segment.<column>`.
    #[serde(flatten)]
    pub roles: BTreeMap<String, RoleFound>,
    /// Rows of the first file that the guesses rest on: its first ones.
    pub sample_rows: u64,
    /// Literals that may mean "missing", per column.
    pub nulls: Vec<NullFound>,
    /// How times are written.
    pub date_format: String,
    /// Zone of times without an offset.
    pub timezone: String,
    /// Columns that know the future.
    pub leaky: Vec<LeakyFound>,
    /// The family and why.
    pub family: RoleReason,
    /// `unassigned` or `unchanged`, and why.
    pub missing_owner: RoleReason,
    /// Touches of one actor on one case closer than this are one, ms.
    pub touch_window_ms: i64,
    /// The order of day and month: `not_needed`, `day_first`, `month_first`.
    pub date_order: String,
    /// Per activity value `entry` or `completed`; only where activities stand in for states.
    pub activity_means: BTreeMap<String, RoleReason>,
    /// Columns that became nothing.
    pub unused: Vec<LogText>,
}

/// One mapped column.
#[derive(Clone, Debug, Serialize)]
pub struct RoleFound {
    /// Header.
    pub column: LogText,
    /// `flag`, `config` or `guess`.
    pub how: &'static str,
    /// The evidence.
    pub why: LogText,
}

/// A value with its reason.
#[derive(Clone, Debug, Serialize)]
pub struct RoleReason {
    /// The value.
    pub value: String,
    /// The evidence.
    pub why: LogText,
}

/// A literal that may mean "missing".
#[derive(Clone, Debug, Serialize)]
pub struct NullFound {
    /// Header.
    pub column: LogText,
    /// The literal.
    pub literal: LogText,
    /// Share of the sampled rows.
    pub share: f64,
    /// Whether it was read as missing.
    pub applied: bool,
    /// `flag`, `config` or `guess`.
    pub how: &'static str,
}

/// A column that knows the future.
#[derive(Clone, Debug, Serialize)]
pub struct LeakyFound {
    /// Header.
    pub column: LogText,
    /// The evidence.
    pub why: LogText,
}

/// Quantiles of a duration, ms.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Quantiles {
    /// Values.
    pub n: u64,
    /// Mean.
    pub mean: Option<i64>,
    /// Smallest.
    pub min: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
    /// Median.
    pub p50: Option<i64>,
    /// 75th percentile.
    pub p75: Option<i64>,
    /// 90th percentile.
    pub p90: Option<i64>,
    /// 95th percentile.
    pub p95: Option<i64>,
    /// 99th percentile.
    pub p99: Option<i64>,
}

/// A duration on each clock.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Clocked {
    /// All hours count.
    pub wall: Quantiles,
    /// Only working hours count; unknown without a calendar.
    pub business: Option<Quantiles>,
}

/// Key figures.
#[derive(Clone, Debug, Serialize)]
pub struct Kpis {
    /// First event to completion.
    pub cycle_time_ms: Clocked,
    /// First event to first terminal entry.
    pub first_resolution_ms: Quantiles,
    /// Changes of owner per case, by the headline definition.
    pub handoffs_per_case: Option<PerCase>,
    /// How often the first owner was not the last.
    pub reassignment_rate: Option<ReassignmentRate>,
    /// Share of cases with a return to the owner before last.
    pub ping_pong_case_rate: Option<f64>,
    /// Share of cases with a move from terminal back.
    pub reopen_rate: Option<f64>,
    /// Requests for a status per case.
    pub status_chases_per_case: Option<f64>,
    /// Share of cases with at least one exception.
    pub exception_rate: Option<f64>,
    /// Duration of closed exceptions.
    pub exception_mttr_ms: Option<Mttr>,
    /// Duration of waits for missing information that were resumed.
    pub missing_information_mttr_ms: Option<Mttr>,
    /// Share of cases that escalated.
    pub escalation_rate: Option<f64>,
    /// Not computed yet.
    pub sla_breach_rate: Option<()>,
    /// Not computed yet.
    pub near_breach: Option<()>,
    /// Not computed yet: share of cases resolved by the first tier.
    pub push_to_front: Option<f64>,
}

/// A count per case.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct PerCase {
    /// Mean.
    pub mean: f64,
    /// Median.
    pub p50: f64,
    /// 90th percentile.
    pub p90: f64,
    /// Largest.
    pub max: u64,
}

/// How often ownership moved on.
#[derive(Clone, Debug, Serialize)]
pub struct ReassignmentRate {
    /// Share of cases with a handoff after the first assignment.
    pub of_cases: f64,
    /// Handoffs per assignment.
    pub per_assignment: f64,
}

/// Time to repair.
#[derive(Clone, Debug, Serialize)]
pub struct Mttr {
    /// Closed ones.
    pub n: u64,
    /// Mean, ms.
    pub mean: Option<i64>,
    /// Median, ms.
    pub p50: Option<i64>,
    /// 90th percentile, ms.
    pub p90: Option<i64>,
    /// Still open at `as_of`.
    pub open: u64,
    /// Closed ones by how they ended: `resumed`, `resolved_from_wait`, `cancelled`.
    pub ended: BTreeMap<String, u64>,
}

/// One key figure for part of the cases.
#[derive(Clone, Debug, Serialize)]
pub struct KpiCut {
    /// Dotted name below `kpis`.
    pub kpi: &'static str,
    /// `segment`, `week` or `outcome`.
    pub dimension: &'static str,
    /// `column=value`, ISO week, or outcome.
    pub key: LogText,
    /// Cases behind the value.
    pub n: u64,
    /// The value; ms for durations.
    pub value: Option<f64>,
}

/// Percentiles from a survival curve, ms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Survival {
    /// Median, unknown when the curve does not reach it.
    pub p50: Option<i64>,
    /// 90th percentile, likewise.
    pub p90: Option<i64>,
}

/// One state.
#[derive(Clone, Debug, Serialize)]
pub struct StateFound {
    /// Name.
    pub state: LogText,
    /// Class.
    pub class: String,
    /// Evidence for the class.
    pub class_why: LogText,
    /// The class was not recognised and counts as active.
    pub unclassified: bool,
    /// Visits.
    pub visits: u64,
    /// Cases that were in it.
    pub cases: u64,
    /// Visits not completed.
    pub open_visits: u64,
    /// Total time of completed visits, ms.
    pub total_ms: i64,
    /// Share of the total over all non-terminal states; unknown for terminal ones.
    pub share: Option<f64>,
    /// Completed visits.
    pub completed_ms: Quantiles,
    /// With the open visits, where more than 5 % of visits are open.
    pub survival_ms: Option<Survival>,
    /// Entry to the next change of state or owner.
    pub next_step_ms: Quantiles,
}

/// One transition.
#[derive(Clone, Debug, Serialize)]
pub struct TransitionFound {
    /// State left.
    pub from: LogText,
    /// State entered.
    pub to: LogText,
    /// Times.
    pub count: u64,
    /// Median duration of the visit left, ms.
    pub p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub p90_ms: Option<i64>,
    /// Mean of it, ms.
    pub mean_ms: Option<i64>,
    /// Median time to the next change of state or owner, ms.
    pub next_step_p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub next_step_p90_ms: Option<i64>,
}

/// Changes of owner.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffsFound {
    /// The headline definition: `group`, `person` or `actor`.
    pub definition: Option<&'static str>,
    /// Every definition side by side; unknown ones are null.
    pub kinds: BTreeMap<&'static str, Option<KindCount>>,
    /// Returns to the owner before last.
    pub ping_pong: Option<Returns>,
    /// Handoffs to any owner seen before in the case.
    pub returns: Option<u64>,
    /// Pairs by count, falling; empty for people unless names were asked for.
    pub pairs: Vec<HandoffPair>,
    /// How pickup was observed: `event_by_new_owner` or `entry_into_active`.
    pub pickup_rule: Option<&'static str>,
    /// Receipt to pickup.
    pub pickup_ms: Quantiles,
    /// Handoffs whose receiver handed on or lost the case before a pickup.
    pub passed_on: u64,
    /// Handoffs people made to themselves.
    pub self_assigned: u64,
    /// Handoffs whose pickup cannot be seen.
    pub pickup_unknown: u64,
}

/// One definition of handoff.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct KindCount {
    /// Handoffs.
    pub total: u64,
    /// Cases with at least one.
    pub cases: u64,
    /// Handoffs per case.
    pub per_case: f64,
}

/// A count and its cases.
#[derive(Clone, Debug, Serialize)]
pub struct Returns {
    /// Times.
    pub total: u64,
    /// Cases with at least one.
    pub cases: u64,
}

/// Handoffs between two owners.
#[derive(Clone, Debug, Serialize)]
pub struct HandoffPair {
    /// Giver.
    pub from: LogText,
    /// Receiver.
    pub to: LogText,
    /// Times.
    pub count: u64,
    /// Median pickup latency, ms.
    pub pickup_p50_ms: Option<i64>,
    /// 90th percentile of it, ms.
    pub pickup_p90_ms: Option<i64>,
}

/// Where every millisecond went.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerFound {
    /// All cases, first event to completion or `as_of`, ms.
    pub total_ms: i64,
    /// Cells by duration, falling.
    pub cells: Vec<LedgerCell>,
    /// The cells of every case sum to its duration.
    pub conserved: bool,
}

/// One cell of the ledger.
#[derive(Clone, Debug, Serialize)]
pub struct LedgerCell {
    /// State.
    pub state: LogText,
    /// Class of the state, or `reopened_gap`.
    pub class: String,
    /// Whom the case waited for.
    pub waiting_on: &'static str,
    /// `A`, `C` or `work`.
    pub bucket: &'static str,
    /// Within working hours; unknown without a calendar.
    pub in_hours: Option<bool>,
    /// Time, ms.
    pub duration_ms: i64,
    /// Share of the total.
    pub share: f64,
}

/// A range of estimates: cautious, expected, optimistic.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Range<T> {
    /// Cautious.
    pub low: T,
    /// Expected.
    pub base: T,
    /// Optimistic.
    pub high: T,
}

/// The four buckets.
#[derive(Clone, Debug, Serialize)]
pub struct Buckets {
    /// Handoffs.
    #[serde(rename = "A")]
    pub a: Bucket,
    /// Status tracking.
    #[serde(rename = "B")]
    pub b: Bucket,
    /// Exceptions.
    #[serde(rename = "C")]
    pub c: Bucket,
    /// Communication.
    #[serde(rename = "D")]
    pub d: Bucket,
    /// Touches in no bucket; unknown without actors.
    pub work_touches: Option<u64>,
    /// All touches; unknown without actors.
    pub all_touches: Option<u64>,
}

/// One bucket over the whole log.
#[derive(Clone, Debug, Serialize)]
pub struct Bucket {
    /// What it holds, in words.
    pub name: &'static str,
    /// Touches; unknown where they cannot be seen.
    pub touches: Option<u64>,
    /// Touches per case.
    pub touches_per_case: Option<f64>,
    /// Working minutes.
    pub minutes: Option<Range<f64>>,
    /// Time of the ledger, ms; null for B and D.
    pub elapsed_ms: Option<i64>,
    /// Money in minor units of the currency.
    pub cost: Option<Range<i64>>,
    /// An upper bound stands in for the count.
    pub proxy: bool,
}

/// One of the five questions.
#[derive(Clone, Debug, Serialize)]
pub struct Question {
    /// `D40` to `D44`.
    pub id: &'static str,
    /// The question.
    pub question: &'static str,
    /// The answer with its numbers, or what is missing.
    pub answer: LogText,
    /// The numbers, by findings path.
    pub values: BTreeMap<String, Option<f64>>,
    /// What is missing to answer.
    pub missing: Option<String>,
}

/// How well the log is instrumented.
#[derive(Clone, Debug, Serialize)]
pub struct Readiness {
    /// 0 to 1.
    pub score: f64,
    /// The seven items.
    pub items: Vec<ReadinessItem>,
}

/// One item of the checklist.
#[derive(Clone, Debug, Serialize)]
pub struct ReadinessItem {
    /// Short id.
    pub id: &'static str,
    /// Name.
    pub name: &'static str,
    /// `present`, `partial` or `absent`.
    pub status: &'static str,
    /// Share of events or cases that carry it.
    pub coverage: f64,
    /// What was seen.
    pub evidence: LogText,
    /// What its absence makes impossible.
    pub blocks: Vec<&'static str>,
    /// What to do.
    pub fix: &'static str,
}

/// A counter of the source system against ours, on the last event of each case.
#[derive(Clone, Debug, Serialize)]
pub struct Reconciled {
    /// Header.
    pub column: LogText,
    /// Our measure.
    pub measure: &'static str,
    /// Share of cases in which both agree.
    pub agreement: f64,
    /// Cases compared.
    pub cases: u64,
    /// Cases in which their counter is not zero.
    pub cases_nonzero: u64,
    /// Of these, cases in which both agree.
    pub agree_nonzero: u64,
    /// Their sum.
    pub total_theirs: i64,
    /// Ours.
    pub total_ours: i64,
}

/// A place where work waits.
#[derive(Clone, Debug, Serialize)]
pub struct ChokePoint {
    /// Stable id from state and group.
    pub id: String,
    /// State.
    pub state: LogText,
    /// Group, unknown where none held the case.
    pub group: Option<LogText>,
    /// Class of the state.
    pub class: String,
    /// Completed stays.
    pub stays: u64,
    /// Cases in it at `as_of`.
    pub open_stays: u64,
    /// Total time of completed stays, ms.
    pub total_ms: i64,
    /// Share of all waiting.
    pub share: f64,
    /// Time beyond the state's median, ms.
    pub beyond_p50_ms: i64,
    /// Time beyond the state's 75th percentile, ms.
    pub beyond_p75_ms: i64,
    /// Time beyond the state's 75th percentile per month, ms.
    pub beyond_p75_ms_per_month: i64,
    /// Median, ms.
    pub p50_ms: i64,
    /// 90th percentile, ms.
    pub p90_ms: i64,
    /// p90 / p50, unknown when the median is 0.
    pub spread: Option<f64>,
    /// Standard deviation over mean.
    pub cv: Option<f64>,
    /// Median of the same state's stays in the other groups, ms.
    pub others_p50_ms: Option<i64>,
    /// Rank value.
    pub score: f64,
    /// A harmless-looking name over long, quiet waits.
    pub benign_label: bool,
    /// Wait decomposition; not computed yet.
    pub slices_ms: Option<Slices>,
    /// Ids of causes.
    pub causes: Vec<String>,
}

/// Wait decomposition, ms.
#[derive(Clone, Debug, Serialize)]
pub struct Slices {
    /// Outside working hours.
    pub off_hours: Option<i64>,
    /// Outside the organisation.
    pub external: Option<i64>,
    /// The owner worked on something else.
    pub busy: Option<i64>,
    /// Ended together with others.
    pub batch: Option<i64>,
    /// Nothing explains it.
    pub idle: Option<i64>,
    /// The log cannot tell.
    pub unobserved: Option<i64>,
}

/// A root cause with its evidence.
#[derive(Clone, Debug, Serialize)]
pub struct Cause {
    /// Stable id.
    pub id: String,
    /// `missing_data`, `unclear_ownership`, `poor_integration` or `policy_ambiguity`.
    pub kind: &'static str,
    /// What was seen, in words.
    pub evidence: LogText,
    /// The numbers, by name.
    pub counts: BTreeMap<&'static str, u64>,
    /// Cases concerned.
    pub cases: u64,
    /// What would show that it is not so.
    pub falsified_by: String,
}

/// What would help.
#[derive(Clone, Debug, Serialize)]
pub struct Intervention {
    /// Stable id.
    pub id: String,
    /// From 1.
    pub rank: u32,
    /// `router`, `watchdog`, `concierge` or `clerk`.
    pub pattern: &'static str,
    /// What it would do, in words.
    pub title: LogText,
    /// Where it acts.
    pub scope: Scope,
    /// `assist`, `automate` or `enforce`.
    pub level: &'static str,
    /// The rule that decided.
    pub level_why: String,
    /// The four values behind the level.
    pub level_values: LevelValues,
    /// `days 0-30`, `days 31-60` or `days 61-90`.
    pub phase: &'static str,
    /// Touches it can address per month.
    pub touches_per_month: Option<f64>,
    /// Hours of waiting it can address per month; null with its reason.
    pub hours_per_month: Option<Range<f64>>,
    /// Money per month in minor units of the currency, from touches alone.
    pub value_per_month: Option<Range<i64>>,
    /// Confidence behind the level, 0 to 1.
    pub confidence: Option<f64>,
    /// Assumed share of the addressable touches that go away, with its source.
    pub effect: Effect,
    /// Relative effort to introduce it.
    pub effort: f64,
    /// Evidence, in words.
    pub evidence: LogText,
    /// What it needs.
    pub needs: Vec<&'static str>,
    /// What must not get worse.
    pub guardrail: &'static str,
    /// When it must stop.
    pub stop_conditions: Vec<&'static str>,
    /// How to tell that it worked.
    pub exit_test: LogText,
    /// Policy file that replays it; none yet.
    pub policy_file: Option<String>,
}

/// Where an intervention acts.
#[derive(Clone, Debug, Serialize)]
pub struct Scope {
    /// Choke point, if one.
    pub choke_point: Option<String>,
    /// Cause.
    pub cause: Option<String>,
    /// State.
    pub state: Option<LogText>,
    /// Group.
    pub group: Option<LogText>,
}

/// What decides a level.
#[derive(Clone, Debug, Serialize)]
pub struct LevelValues {
    /// Lower bound of the confidence, 0 to 1; unknown until measured.
    pub confidence: Option<f64>,
    /// Money at risk per case in minor units; unknown unless configured.
    pub money_at_risk: Option<i64>,
    /// Regulated; unknown unless configured.
    pub regulatory: Option<bool>,
    /// `low` or `high`; unknown unless configured.
    pub customer_impact: Option<&'static str>,
    /// Share of cases that violate the rule it would enforce.
    pub violation_share: Option<f64>,
}

/// An assumed effect.
#[derive(Clone, Debug, Serialize)]
pub struct Effect {
    /// Share of the addressable touches that go away.
    pub share: Range<f64>,
    /// Where the range comes from.
    pub source: &'static str,
}

/// The weeks in which the log is dense.
#[derive(Clone, Debug, Serialize)]
pub struct WindowFound {
    /// First day, `YYYY-MM-DD`.
    pub dense_from: String,
    /// Last day, `YYYY-MM-DD`.
    pub dense_to: String,
    /// Weeks.
    pub weeks: u64,
    /// Reference of weekly arrivals.
    pub reference_per_week: f64,
    /// Cases that arrive outside.
    pub cases_outside: u64,
    /// Arrivals per month.
    pub volume_per_month: f64,
    /// Median weekly arrivals inside.
    pub median_per_week: f64,
}

/// Little's law.
#[derive(Clone, Debug, Serialize)]
pub struct Little {
    /// Arrivals per day.
    pub arrivals_per_day: f64,
    /// Mean time in the system, ms.
    pub cycle_ms: i64,
    /// Mean number of cases in the system.
    pub wip: f64,
    /// (L − λW) / L.
    pub residual: Option<f64>,
    /// Arrivals and completions differ by at most 10 %.
    pub stable: bool,
}

/// An actor that is probably no person.
#[derive(Clone, Debug, Serialize)]
pub struct Bot {
    /// Name as it stands in the log.
    pub actor: LogText,
    /// What speaks for it.
    pub evidence: LogText,
    /// Its events.
    pub rows: u64,
    /// `flag`, `config` or `guess`.
    pub how: &'static str,
}

/// An open case nobody touched for long.
#[derive(Clone, Debug, Serialize)]
pub struct Stale {
    /// Case id.
    pub case: LogText,
    /// State it is in.
    pub state: LogText,
    /// Time since its last event, ms.
    pub silent_ms: i64,
}

/// Money.
#[derive(Clone, Debug, Serialize)]
pub struct Roi {
    /// Currency code.
    pub currency: String,
    /// Cost of coordination per month in minor units: buckets A, C and D, and B where measured.
    pub baseline_per_month: Option<Range<i64>>,
    /// By bucket.
    pub baseline_by_bucket: BTreeMap<&'static str, Option<Range<i64>>>,
    /// Every number that was assumed.
    pub assumptions: Vec<Assumption>,
}

/// An assumed number.
#[derive(Clone, Debug, Serialize)]
pub struct Assumption {
    /// Name.
    pub name: String,
    /// Values.
    pub value: Range<f64>,
    /// Unit.
    pub unit: String,
    /// `measured`, `client` or `default`.
    pub source: String,
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
