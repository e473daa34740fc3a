//! The four buckets and what coordination costs under the stated assumptions.

use std::collections::BTreeMap;

use super::comments::why_unread;
use super::kpis::per_case;
use super::measure::Measured;
use super::{Reasons, ms, share};
use crate::config::Config;
use crate::metrics::ledger::CellBucket;
use crate::report::model::{Assumption, Bucket, Buckets, Range, Roi};
use crate::roi::{Assumptions, BUCKETS, Estimate};

pub fn range(estimate: Estimate) -> Range<f64> {
    Range { low: estimate.low, base: estimate.base, high: estimate.high }
}

pub fn minor(estimate: Estimate) -> Range<i64> {
    let [low, base, high] = estimate.minor();
    Range { low, base, high }
}

/// Why nothing that rests on touches is known.
pub const NO_ACTOR: &str = "no column says who acted, so touches cannot be counted";

/// What is known of one bucket's touches.
struct Touches {
    count: Option<u64>,
    /// The count is an upper bound.
    proxy: bool,
}

fn touches(measured: &Measured) -> [Touches; 4] {
    let tally = &measured.swept.touches;
    let actors = measured.log.actor.is_some();
    let known = |count: u64, seen: bool| Touches { count: (actors && seen).then_some(count), proxy: false };
    let chases = measured.semantics.sees_chases();
    let comments = measured.log.marks.is_some();
    let status = if chases || comments {
        known(tally.status, chases)
    } else {
        Touches { count: actors.then_some(tally.unchanged), proxy: actors }
    };
    [
        known(tally.handoff, true),
        status,
        known(tally.exception, true),
        known(tally.communication, measured.semantics.sees_updates()),
    ]
}

pub fn buckets(measured: &Measured, config: &Config, unknown: &mut Reasons) -> Buckets {
    let assumptions = Assumptions::from_config(config);
    let cases = measured.swept.totals.cases;
    let found = touches(measured);
    reasons(measured, &found, unknown);
    let elapsed = |bucket: CellBucket| Some(ms(measured.swept.ledger.bucket_ms(&measured.semantics, bucket)));
    let bucket = |at: usize, name: &'static str, elapsed_ms: Option<i64>| {
        let Touches { count, proxy } = found[at];
        #[expect(clippy::cast_precision_loss, reason = "touch counts are below 2^53")]
        let minutes = count.map(|count| {
            let minutes = assumptions.minutes_of(at, count as f64);
            // A proxy is an upper bound: its cautious end is nothing.
            if proxy { Estimate { low: 0.0, ..minutes } } else { minutes }
        });
        Bucket {
            name,
            touches: count,
            touches_per_case: count.and_then(|count| share(count, cases)),
            per_case: count.filter(|_| !proxy).map(|_| per_case(measured.swept.per_case.bucket(at), cases)),
            minutes: minutes.map(range),
            elapsed_ms,
            cost: minutes.map(|minutes| minor(assumptions.cost_of(minutes))),
            proxy,
        }
    };
    let actors = measured.log.actor.is_some();
    Buckets {
        a: bucket(0, "handoffs", elapsed(CellBucket::A)),
        b: bucket(1, "status tracking", None),
        c: bucket(2, "exceptions", elapsed(CellBucket::C)),
        d: bucket(3, "communication", None),
        work_touches: actors.then_some(measured.swept.touches.work),
        all_touches: actors.then_some(measured.swept.touches.total()),
    }
}

fn reasons(measured: &Measured, found: &[Touches; 4], unknown: &mut Reasons) {
    for bucket in ["B", "D"] {
        let message = "it costs minutes of work, not elapsed time";
        unknown.add(format!("/buckets/{bucket}/elapsed_ms"), "minutes_only", message);
    }
    if measured.log.actor.is_none() {
        for value in ["/buckets/work_touches", "/buckets/all_touches", "/roi/baseline_per_month"] {
            unknown.add(value, "not_observed", NO_ACTOR);
        }
    }
    for (bucket, touches) in BUCKETS.iter().zip(found) {
        if touches.count.is_none() {
            let message = if measured.log.actor.is_none() {
                NO_ACTOR.to_owned()
            } else {
                let kind = if *bucket == "B" { "status check" } else { "stakeholder update" };
                format!("no event kind names a {kind}, and {}", why_unread(measured))
            };
            for value in ["touches", "touches_per_case", "per_case", "minutes", "cost"] {
                unknown.add(format!("/buckets/{bucket}/{value}"), "not_observed", message.clone());
            }
            unknown.add(format!("/roi/baseline_by_bucket/{bucket}"), "not_observed", message.clone());
        } else if touches.proxy {
            let message = "an upper bound: touches at which nothing visible changed; it enters no headline cost";
            unknown.add(format!("/buckets/{bucket}"), "proxy", message);
        }
    }
}

pub fn roi(measured: &Measured, config: &Config, buckets: &Buckets) -> Roi {
    let assumptions = Assumptions::from_config(config);
    let months = measured.months;
    let monthly = |bucket: &Bucket| -> Option<Range<i64>> {
        let cost = bucket.cost.filter(|_| !bucket.proxy && months > 0.0)?;
        #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "money per month, rounded")]
        let per_month = |minor: i64| (minor as f64 / months).round() as i64;
        Some(Range { low: per_month(cost.low), base: per_month(cost.base), high: per_month(cost.high) })
    };
    let parts = [&buckets.a, &buckets.b, &buckets.c, &buckets.d].map(monthly);
    let known: Vec<Range<i64>> = parts.iter().copied().flatten().collect();
    let sum = |end: fn(&Range<i64>) -> i64| known.iter().map(end).sum();
    let baseline =
        (!known.is_empty()).then(|| Range { low: sum(|r| r.low), base: sum(|r| r.base), high: sum(|r| r.high) });
    Roi {
        currency: assumptions.currency.clone(),
        baseline_per_month: baseline,
        baseline_by_bucket: BUCKETS.into_iter().zip(parts).collect::<BTreeMap<_, _>>(),
        assumptions: assumed(&assumptions, measured),
    }
}

fn assumed(assumptions: &Assumptions, measured: &Measured) -> Vec<Assumption> {
    let row = |name: &str, value: Estimate, unit: &str, source: &str| Assumption {
        name: name.to_owned(),
        value: range(value),
        unit: unit.to_owned(),
        source: source.to_owned(),
    };
    let mut rows = Vec::new();
    let volume = measured.window.map_or(0.0, |window| window.volume_per_month());
    rows.push(row("volume_per_month", Estimate::new(volume, volume, volume), "cases per month", "measured"));
    let rate = assumptions.rate_per_hour;
    rows.push(row("rate_per_hour", rate.value, &format!("{} per hour", assumptions.currency), rate.source));
    for (bucket, minutes) in BUCKETS.iter().zip(&assumptions.minutes) {
        rows.push(row(&format!("minutes_per_touch.{bucket}"), minutes.value, "minutes per touch", minutes.source));
    }
    rows
}
