//! How far the numbers can be trusted.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::log::LogText;

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

/// What people guessed in a workshop, beside what the log says.
#[derive(Clone, Debug, Serialize)]
pub struct WorkshopFound {
    /// Guesses in the order of the questions; those that nobody made are left out.
    pub guesses: Vec<GuessFound>,
}

/// One guess.
#[derive(Clone, Debug, Serialize)]
pub struct GuessFound {
    /// Its key in `[guess]` of `workshop.toml`.
    pub key: &'static str,
    /// The findings key it is held against.
    pub metric: &'static str,
    /// The guess: a count, a share from 0 to 1, or ms.
    pub guess: f64,
    /// What the log says; unknown where it cannot tell.
    pub measured: Option<f64>,
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
