//! What rules are assumed to achieve, apart from the rules, so that a changed rule and a changed assumption differ.

use serde::Deserialize;

use crate::config::units::{Milli, Timed};

/// `[effect.NAME]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Effect {
    /// How a message shortens a wait.
    pub model: Option<Model>,
    /// Chance that somebody responds.
    pub respond: Option<Three>,
    /// How long a response takes.
    pub delay: Option<Delay>,
    /// Factor on the chance for each message to the same person in the last five days.
    pub fatigue: Option<Three>,
    /// How much less those respond that have waited long: 0 not at all, 1 in proportion.
    pub slope: Option<Three>,
    /// What a message costs.
    pub cost: Option<Cost>,
    /// Share of the status checks that news would have answered.
    pub chases_avoided: Option<Three>,
    /// Share of the questions back after a handoff.
    pub clarifications_avoided: Option<Three>,
    /// Where the numbers come from.
    pub source: String,
}

/// How a message shortens a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Model {
    /// It does not: messages are counted alone.
    None,
    /// With a chance, the wait ends some time later.
    Response,
    /// What is left of the wait is divided.
    Aft,
    /// The rate at which waits end is multiplied.
    Ph,
}

/// A pessimistic, a base and an optimistic value, in thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Three {
    /// Pessimistic.
    pub low: Milli,
    /// Base.
    pub base: Milli,
    /// Optimistic.
    pub high: Milli,
}

/// How long a response takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Delay {
    /// Its shape.
    pub dist: DelayShape,
    /// Half of the responses come within it.
    pub median: Timed,
    /// Nine in ten come within it.
    pub p90: Option<Timed>,
}

/// The shape of a delay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DelayShape {
    /// Always the median.
    Fixed,
    /// Exponential.
    Exponential,
    /// Lognormal.
    Lognormal,
}

/// What a message costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    /// Minutes of the person who gets it, in thousandths.
    pub recipient_minutes: Milli,
}
