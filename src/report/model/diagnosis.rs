//! Where work waits, why, and what would help.

use std::collections::BTreeMap;

use serde::Serialize;

use super::Range;
use crate::log::LogText;

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
    /// Median on the business clock, ms; unknown without a calendar.
    pub p50_business_ms: Option<i64>,
    /// 90th percentile on the business clock, ms; unknown without a calendar.
    pub p90_business_ms: Option<i64>,
    /// p90 / p50, unknown when the median is 0.
    pub spread: Option<f64>,
    /// Standard deviation over mean.
    pub cv: Option<f64>,
    /// Median of the same state's stays in the other groups, ms.
    pub others_p50_ms: Option<i64>,
    /// Rank value.
    pub score: f64,
    /// Share of the working time of the wait that is neither for somebody outside nor with a busy owner; unknown where
    /// waits are not decomposed.
    pub reach: Option<f64>,
    /// `outside` or `capacity` where that keeps coordination from shortening the wait.
    pub limited_by: Option<&'static str>,
    /// A harmless-looking name over long, quiet waits.
    pub benign_label: bool,
    /// Share of the completed stays of cases that had been there before; unknown for active places.
    pub return_rate: Option<f64>,
    /// Share of the stays of more than three days in which nothing happened; unknown without one and for active places.
    pub quiet_rate: Option<f64>,
    /// Wait decomposition; null for active places.
    pub slices_ms: Option<Slices>,
    /// Of the idle slice, what lies between two touches of the owner at most an hour apart, ms; unknown with it.
    pub idle_between_ms: Option<i64>,
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
    /// Places where it goes with waiting, most time first.
    pub places: Vec<CauseAt>,
    /// What would show that it is not so.
    pub falsified_by: String,
}

/// A root cause at one place.
#[derive(Clone, Debug, Serialize)]
pub struct CauseAt {
    /// Id of the choke point.
    pub choke_point: String,
    /// `question_back`, `resumed_wait`, `passed_on`, `done_by_hand` or `second_decision`.
    pub sign: &'static str,
    /// Completed stays.
    pub stays: u64,
    /// Those with the sign.
    pub with_sign: u64,
    /// Their mean duration, ms.
    pub mean_with_ms: i64,
    /// That of the others, ms; unknown where all have it.
    pub mean_without_ms: Option<i64>,
    /// Share of the stays with the sign at all other places where it could be.
    pub share_elsewhere: Option<f64>,
    /// Cases of the longest stays with it, at most three.
    pub examples: Vec<LogText>,
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
    /// Hours of waiting per month that may go away, from idle time alone; null with its reason.
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
    pub needs: Needs,
    /// What must not get worse.
    pub guardrail: Guardrail,
    /// When it must leave a case to people.
    pub stop_conditions: Vec<&'static str>,
    /// How to tell that it worked.
    pub exit_test: ExitTest,
    /// Policy file that replays it, relative to the folder of `-o`; null with its reason.
    pub policy_file: Option<String>,
}

/// What an intervention cannot work without.
#[derive(Clone, Debug, Serialize)]
pub struct Needs {
    /// What it must be able to read.
    pub data: Vec<&'static str>,
    /// What it would write; nothing else.
    pub writes: Vec<Write>,
    /// Permissions in the source system.
    pub permissions: Vec<&'static str>,
}

/// One thing an intervention would write.
#[derive(Clone, Debug, Serialize)]
pub struct Write {
    /// What it writes.
    pub what: &'static str,
    /// Who lets it through while the level is `assist`.
    pub released_by: &'static str,
    /// How it is undone.
    pub undo: &'static str,
}

/// What must not get worse.
#[derive(Clone, Debug, Serialize)]
pub struct Guardrail {
    /// What is watched and why, in words.
    pub says: &'static str,
    /// The findings key that is watched.
    pub metric: String,
    /// Its value in this log; a duration in ms.
    pub now: Option<f64>,
    /// The value it must not rise above.
    pub limit: Option<f64>,
}

/// How to tell that an intervention worked.
#[derive(Clone, Debug, Serialize)]
pub struct ExitTest {
    /// What is measured, in words that a value ends.
    pub says: LogText,
    /// The findings key that is compared.
    pub metric: String,
    /// Its value in this log; a duration in ms.
    pub now: Option<f64>,
    /// What is aimed at: less by the expected end of the assumed effect.
    pub target: Option<f64>,
    /// What it must come down to at least: less by the cautious end of the assumed effect.
    pub at_most: Option<f64>,
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
