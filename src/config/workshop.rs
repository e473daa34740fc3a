//! `workshop.toml`, or `[workshop]` of `wcaf.toml`: what people guessed in a workshop, and what they settled there.
//!
//! What they settled overrides the rest of the configuration; a guess is only compared with what the log says.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::sections::{Assumptions, CustomerImpact};
use super::units::{Milli, Span};

/// The file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct WorkshopSection {
    /// Guesses, before anybody looked.
    pub guess: GuessSection,
    /// State to class.
    pub states: BTreeMap<String, String>,
    /// What a touch costs.
    pub assumptions: Assumptions,
    /// What a mistake costs.
    pub levels: RiskSection,
}

/// `[guess]`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct GuessSection {
    /// Changes of owner per case.
    pub handoffs_per_case: Option<Milli>,
    /// Of 100 cases, those that wait for information at least once.
    pub blocked_for_information_percent: Option<Milli>,
    /// Half of the next steps come within it.
    pub next_step_median: Option<Span>,
    /// Nine in ten next steps come within it.
    pub next_step_p90: Option<Span>,
    /// Pings per case to get an update.
    pub chases_per_case: Option<Milli>,
    /// Of 100 cases, those that are escalated.
    pub escalated_percent: Option<Milli>,
    /// Half of the cases take up to it.
    pub cycle_time_median: Option<Span>,
    /// Nine in ten cases take up to it.
    pub cycle_time_p90: Option<Span>,
    /// Of 100 cases, those that are reopened.
    pub reopened_percent: Option<Milli>,
}

/// `[levels]` of a workshop.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RiskSection {
    /// Money at risk per case, in thousandths of the currency.
    pub money_at_risk: Option<Milli>,
    /// Whether the work is subject to regulation.
    pub regulatory: Option<bool>,
    /// How much customers notice of a mistake.
    pub customer_impact: Option<CustomerImpact>,
}

/// A guess: its key, the findings key it is held against, and its value as that key counts.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Guess {
    /// The key in `[guess]`.
    pub key: &'static str,
    /// The findings key.
    pub metric: &'static str,
    /// A count, a share from 0 to 1, or ms; nothing where nobody guessed.
    pub value: Option<f64>,
}

impl GuessSection {
    /// All guesses that can be made, made or not, in the order of the questions.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "guesses are far below 2^53")]
    pub fn all(&self) -> [Guess; 9] {
        let number = |told: Option<Milli>| told.map(|told| told.0 as f64 / 1_000.0);
        let percent = |told: Option<Milli>| told.map(|told| told.0 as f64 / 100_000.0);
        let span = |told: Option<Span>| told.map(|told| told.ms as f64);
        let guess = |key, metric, value| Guess { key, metric, value };
        [
            guess("handoffs_per_case", "kpis.handoffs_per_case.mean", number(self.handoffs_per_case)),
            guess(
                "blocked_for_information_percent",
                "questions[D41].values.share_of_cases",
                percent(self.blocked_for_information_percent),
            ),
            guess("next_step_median", "questions[D42].values.p50_ms", span(self.next_step_median)),
            guess("next_step_p90", "questions[D42].values.p90_ms", span(self.next_step_p90)),
            guess("chases_per_case", "kpis.status_chases_per_case", number(self.chases_per_case)),
            guess("escalated_percent", "kpis.escalation_rate", percent(self.escalated_percent)),
            guess("cycle_time_median", "kpis.cycle_time_ms.wall.p50", span(self.cycle_time_median)),
            guess("cycle_time_p90", "kpis.cycle_time_ms.wall.p90", span(self.cycle_time_p90)),
            guess("reopened_percent", "kpis.reopen_rate", percent(self.reopened_percent)),
        ]
    }
}

impl WorkshopSection {
    /// Puts what was settled in place of what the configuration says.
    pub(super) fn settle(&self, states: &mut BTreeMap<String, String>, told: (&mut Assumptions, &mut super::Levels)) {
        let (assumptions, levels) = told;
        states.extend(self.states.iter().map(|(state, class)| (state.clone(), class.clone())));
        let ours = &self.assumptions;
        let minutes = &mut assumptions.minutes_per_touch;
        if ours.currency.is_some() {
            assumptions.currency.clone_from(&ours.currency);
        }
        let pairs = [
            (&mut assumptions.rate_per_hour, &ours.rate_per_hour),
            (&mut minutes.a, &ours.minutes_per_touch.a),
            (&mut minutes.b, &ours.minutes_per_touch.b),
            (&mut minutes.c, &ours.minutes_per_touch.c),
            (&mut minutes.d, &ours.minutes_per_touch.d),
        ];
        for (theirs, ours) in pairs {
            if ours.is_some() {
                theirs.clone_from(ours);
            }
        }
        levels.money_at_risk = self.levels.money_at_risk.or(levels.money_at_risk);
        levels.regulatory = self.levels.regulatory.or(levels.regulatory);
        levels.customer_impact = self.levels.customer_impact.or(levels.customer_impact);
    }
}
