//! What keeps an intervention honest: what it needs, what must not get worse, how to tell that it worked, and the values
//! behind its level. Every number is one of the findings, named by its key.

use crate::config::{CustomerImpact, Levels};
use crate::interventions::{self, Pattern};
use crate::log::LogText;
use crate::report::model::{Buckets, ExitTest, Guardrail, Kpis, LevelValues, Needs, Question, Write};

/// Findings that safeguards are taken from.
pub struct Found<'a> {
    pub kpis: &'a Kpis,
    pub buckets: &'a Buckets,
    pub questions: &'a [Question],
    pub readiness: f64,
}

/// The place an intervention acts in.
pub struct Place {
    /// Id of the choke point.
    pub id: String,
    /// In words.
    pub says: String,
    pub p50_ms: i64,
    pub p90_ms: i64,
    /// Beyond the state's 75th percentile, a month.
    pub beyond_p75_ms: i64,
}

/// How far a guardrail may rise above its value in the log: by a tenth.
const TOLERANCE: f64 = 1.1;
/// Where a guarded share is 0 today, what it may rise to.
const FROM_NOTHING: f64 = 0.01;

const HOUR_MS: i64 = 3_600_000;

/// A findings key that is a number to compare later.
#[derive(Clone, Copy)]
enum Metric {
    Reopened,
    PingPong,
    Handoffs,
    Chases,
    SilentTouches,
    Updates,
    FirstResolution,
    InformationWaits,
}

impl Metric {
    fn key(self) -> &'static str {
        match self {
            Metric::Reopened => "kpis.reopen_rate",
            Metric::PingPong => "kpis.ping_pong_case_rate",
            Metric::Handoffs => "kpis.handoffs_per_case.mean",
            Metric::Chases => "kpis.status_chases_per_case",
            Metric::SilentTouches => "buckets.B.touches_per_case",
            Metric::Updates => "buckets.D.touches_per_case",
            Metric::FirstResolution => "kpis.first_resolution_ms.p50",
            Metric::InformationWaits => "questions[D41].values.runs_per_case",
        }
    }

    fn value(self, found: &Found<'_>) -> Option<f64> {
        let kpis = found.kpis;
        match self {
            Metric::Reopened => kpis.reopen_rate,
            Metric::PingPong => kpis.ping_pong_case_rate,
            Metric::Handoffs => kpis.handoffs_per_case.as_ref().map(|per_case| per_case.mean),
            Metric::Chases => kpis.status_chases_per_case,
            Metric::SilentTouches => found.buckets.b.touches_per_case,
            Metric::Updates => found.buckets.d.touches_per_case,
            Metric::FirstResolution => kpis.first_resolution_ms.p50.map(ms),
            Metric::InformationWaits => {
                let question = found.questions.iter().find(|question| question.id == "D41")?;
                question.values.get("runs_per_case").copied().flatten()
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "durations are below 2^53 ms")]
fn ms(duration_ms: i64) -> f64 {
    duration_ms as f64
}

/// What an intervention needs, as findings show it.
pub fn needs(needs: interventions::Needs) -> Needs {
    let write =
        |write: &interventions::Write| Write { what: write.what, released_by: write.released_by, undo: write.undo };
    Needs {
        data: needs.data.to_vec(),
        writes: needs.writes.iter().map(write).collect(),
        permissions: needs.permissions.to_vec(),
    }
}

/// What must not get worse while the intervention runs: the first that this log can tell.
pub fn guardrail(pattern: Pattern, found: &Found<'_>) -> Guardrail {
    let reopened = (Metric::Reopened, "cases that are reopened (nobody should close one to be rid of it)");
    let bounced = (Metric::PingPong, "cases that go back to the owner before last (a wrong route bounces)");
    let updates = (Metric::Updates, "messages that people write per case (updates must not cause questions)");
    let slower =
        (Metric::FirstResolution, "half of the cases are first resolved within (asking must not hold work up)");
    let candidates = match pattern {
        Pattern::Router => [bounced, reopened],
        Pattern::Watchdog => [reopened, bounced],
        Pattern::Concierge => [updates, reopened],
        Pattern::Clerk => [slower, reopened],
    };
    let known = candidates.into_iter().find(|(metric, _)| metric.value(found).is_some());
    let (metric, says) = known.unwrap_or(candidates[0]);
    let now = metric.value(found);
    let limit = now.map(|now| if now > 0.0 { now * TOLERANCE } else { FROM_NOTHING });
    Guardrail { says, metric: metric.key().to_owned(), now, limit }
}

/// How to tell that the intervention worked, against a later log.
pub fn exit_test(pattern: Pattern, place: Option<Place>, found: &Found<'_>) -> ExitTest {
    let of_log = |metric: Metric, says: &str| (says.to_owned(), metric.key().to_owned(), metric.value(found));
    let (says, metric, now) = match (pattern, place) {
        (Pattern::Router, Some(place)) => (
            format!("half of the stays in {} last up to", place.says),
            format!("choke_points[{}].p50_ms", place.id),
            Some(ms(place.p50_ms)),
        ),
        // nearly all stays are short, so that the few long ones are what is watched
        (Pattern::Watchdog, Some(place)) if place.p90_ms < HOUR_MS => (
            format!("stays in {}, beyond the state's 75th percentile, take a month", place.says),
            format!("choke_points[{}].beyond_p75_ms_per_month", place.id),
            Some(ms(place.beyond_p75_ms)),
        ),
        (Pattern::Watchdog, Some(place)) => (
            format!("nine in ten stays in {} last up to", place.says),
            format!("choke_points[{}].p90_ms", place.id),
            Some(ms(place.p90_ms)),
        ),
        (Pattern::Router | Pattern::Watchdog, None) => of_log(Metric::Handoffs, "changes of owner per case"),
        (Pattern::Clerk, _) => of_log(Metric::InformationWaits, "waits for information per case"),
        (Pattern::Concierge, _) if found.kpis.status_chases_per_case.is_some() => {
            of_log(Metric::Chases, "status checks per case")
        }
        (Pattern::Concierge, _) if found.buckets.b.touches_per_case.is_some() => {
            of_log(Metric::SilentTouches, "touches per case that change nothing visible")
        }
        (Pattern::Concierge, _) => of_log(Metric::Updates, "updates per case that people write"),
    };
    let effect = pattern.catalogue().effect;
    let less = |share: f64| now.map(|now| now * (1.0 - share));
    ExitTest { says: LogText::new(says), metric, now, target: less(effect.base), at_most: less(effect.low) }
}

/// The values behind a level: what is configured, and for a watchdog how often a service level is broken.
pub fn level_values(pattern: Pattern, levels: &Levels, kpis: &Kpis) -> LevelValues {
    let broken = match pattern {
        Pattern::Watchdog => kpis.sla_breach_rate.as_ref().and_then(|rate| rate.stopped_or_past),
        Pattern::Router | Pattern::Concierge | Pattern::Clerk => None,
    };
    LevelValues {
        confidence: None,
        money_at_risk: levels.money_at_risk.map(|money| money.0 / 10),
        regulatory: levels.regulatory,
        customer_impact: levels.customer_impact.map(CustomerImpact::as_str),
        violation_share: broken,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::model::{Bucket, Clocked, Quantiles};

    fn kpis(reopen_rate: Option<f64>) -> Kpis {
        Kpis {
            cycle_time_ms: Clocked::default(),
            first_resolution_ms: Quantiles { p50: Some(3_600_000), ..Quantiles::default() },
            first_resolution_business_ms: None,
            handoffs_per_case: None,
            reassignment_rate: None,
            ping_pong_case_rate: None,
            reopen_rate,
            status_chases_per_case: None,
            exception_rate: None,
            exception_mttr_ms: None,
            exception_mttr_business_ms: None,
            missing_information_mttr_ms: None,
            missing_information_mttr_business_ms: None,
            escalation_rate: None,
            sla_breach_rate: None,
            near_breach: None,
            push_to_front: None,
        }
    }

    fn buckets() -> Buckets {
        let bucket = Bucket {
            name: "",
            touches: None,
            touches_per_case: None,
            per_case: None,
            minutes: None,
            elapsed_ms: None,
            cost: None,
            proxy: false,
        };
        let [a, b, c, d] = [bucket.clone(), bucket.clone(), bucket.clone(), bucket];
        Buckets { a, b, c, d, work_touches: None, all_touches: None }
    }

    #[test]
    fn a_guardrail_is_what_the_log_can_tell() {
        let (kpis, buckets) = (kpis(Some(0.2)), buckets());
        let found = Found { kpis: &kpis, buckets: &buckets, questions: &[], readiness: 1.0 };
        let of = |pattern: Pattern| guardrail(pattern, &found);
        assert_eq!(of(Pattern::Watchdog).metric, "kpis.reopen_rate");
        // no ping-pong and no updates are known here
        assert_eq!((of(Pattern::Router).now, of(Pattern::Concierge).now), (Some(0.2), Some(0.2)));
        assert!((of(Pattern::Router).limit.unwrap() - 0.22).abs() < 1e-12);
        assert_eq!(
            (of(Pattern::Clerk).metric.as_str(), of(Pattern::Clerk).now),
            ("kpis.first_resolution_ms.p50", Some(3_600_000.0))
        );
    }

    #[test]
    fn nothing_today_still_has_a_limit_and_the_unknown_has_none() {
        let buckets = buckets();
        let of = |reopen_rate: Option<f64>| {
            let kpis = kpis(reopen_rate);
            let found = Found { kpis: &kpis, buckets: &buckets, questions: &[], readiness: 1.0 };
            guardrail(Pattern::Watchdog, &found).limit
        };
        assert_eq!((of(Some(0.0)), of(None)), (Some(0.01), None));
    }

    #[test]
    fn an_exit_test_asks_for_the_cautious_end_and_aims_at_the_expected_one() {
        let (kpis, buckets) = (kpis(None), buckets());
        let found = Found { kpis: &kpis, buckets: &buckets, questions: &[], readiness: 1.0 };
        let place = Place {
            id: "new.-".to_owned(),
            says: "`New`".to_owned(),
            p50_ms: 100,
            p90_ms: 4_000_000,
            beyond_p75_ms: 50,
        };
        let test = exit_test(Pattern::Watchdog, Some(place), &found);
        assert_eq!((test.metric.as_str(), test.now), ("choke_points[new.-].p90_ms", Some(4_000_000.0)));
        assert_eq!((test.at_most, test.target), (Some(3_800_000.0), Some(3_400_000.0)));
        let unknown = exit_test(Pattern::Clerk, None, &found);
        assert_eq!((unknown.now, unknown.at_most), (None, None));
    }
}
