//! Every result into one [`Findings`]: the only module that sees them all.

pub mod aging;
mod business;
mod causes;
pub mod check;
mod clock;
mod comments;
pub mod events;
pub mod explain;
pub mod filter;
mod flow;
pub mod full_tables;
mod habits;
mod input;
mod kpis;
pub mod measure;
mod money;
mod one_case;
mod policies;
mod questions;
mod readiness;
mod safeguards;
pub mod sla;
mod waits;
mod warnings;
mod workshop;

use std::collections::BTreeMap;

pub use measure::{Measured, Whole, measure, measure_chosen};
pub use one_case::one_case;
pub use policies::{PolicyFile, policies};

use crate::config::Config;
use crate::ingest::IngestReport;
use crate::metrics::Quantiles as Measure;
use crate::report::model::{self, ClocksFound, Findings, Tool, Unknown};
use safeguards::Found;

/// What a report may show and how it is made.
#[derive(Clone, Copy, Debug, Default)]
pub struct Options {
    /// Names of people may appear.
    pub people: bool,
    /// Threads to use.
    pub threads: usize,
}

/// Builds the findings. Consumes the tallies; the log and the facts of cases stay in `measured`.
#[must_use]
pub fn assemble(measured: &mut Measured, ingest: &IngestReport, config: &Config, options: Options) -> Findings {
    let mut unknown = Reasons::default();
    clock::reasons(measured, &mut unknown);
    let flow = flow::flow(measured, options, &mut unknown);
    let readiness = readiness::readiness(measured, ingest);
    let kpis = kpis::kpis(measured, &mut unknown);
    let buckets = money::buckets(measured, config, &mut unknown);
    let mut kpi_cuts = kpis::cuts(measured, &kpis, &buckets, options.threads);
    if let Some(levels) = &measured.sla {
        kpi_cuts.extend(sla::cuts(measured, levels, &kpi_cuts));
    }
    let comments = comments::found(measured, &mut unknown);
    let questions = questions::questions(measured, &kpis, &buckets, &flow.next_step);
    let known = Found { kpis: &kpis, buckets: &buckets, questions: &questions, readiness: readiness.score };
    let diagnosis = causes::diagnose(measured, config, &known, options, &mut unknown);
    let roi = money::roi(measured, config, &buckets);
    let fake_waits = habits::fake_waits(measured, &mut unknown);
    let contrasts = habits::contrasts(measured, options.threads, &mut unknown);
    let warnings = warnings::warnings(measured, ingest, config, options.people);
    let (stale, stale_cases) = input::stale(measured);
    let workshop = workshop::workshop(config, &kpis, &questions, &mut unknown);
    not_computed(&mut unknown, measured);
    Findings {
        schema: model::SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        input: input::input(measured, ingest),
        mapping: input::mapping(measured, ingest),
        clocks: ClocksFound { business: clock::business(measured) },
        kpis,
        kpi_cuts,
        states: flow.states,
        transitions: flow.transitions,
        handoffs: flow.handoffs,
        ledger: flow.ledger,
        buckets,
        comments,
        workshop,
        questions,
        readiness,
        reconcile: input::reconcile(measured),
        choke_points: diagnosis.choke_points,
        active_points: diagnosis.active_points,
        causes: diagnosis.causes,
        interventions: diagnosis.interventions,
        window: measured.window.as_ref().map(input::window),
        little: measured.little.as_ref().map(input::little),
        bots: input::bots(measured, options.people),
        stale,
        stale_cases,
        sla: measured.sla.as_ref().map(|levels| sla::found(measured, levels, config)),
        ageing: None,
        silences: Some(habits::silences(measured)),
        fake_waits,
        habits: habits::habits(measured, config.choke_points.min_stays),
        contrasts,
        roi,
        unknown: unknown.0,
        warnings,
    }
}

/// Reasons for unknown values, by JSON pointer.
#[derive(Default)]
pub struct Reasons(BTreeMap<String, Unknown>);

impl Reasons {
    /// Records why a value is unknown.
    pub fn add(&mut self, pointer: impl Into<String>, code: &'static str, message: impl Into<String>) {
        self.0.insert(pointer.into(), Unknown { code, message: message.into() });
    }
}

fn not_computed(unknown: &mut Reasons, measured: &Measured) {
    if measured.sla.is_none() {
        let needs_sla = "no service level is configured; add `[[sla]]` to wcaf.toml";
        for pointer in ["/kpis/sla_breach_rate", "/kpis/near_breach", "/sla"] {
            unknown.add(pointer, "needs_sla", needs_sla);
        }
    }
    unknown.add("/kpis/push_to_front", "needs_tiers", "the log does not say which groups are the first tier");
    unknown.add("/ageing", "not_computed", "the ageing of open cases is not computed in this version");
}

/// A distribution as findings show it.
#[must_use]
pub fn shown(found: Measure) -> model::Quantiles {
    let Measure { n, mean, min, max, p50, p75, p90, p95, p99 } = found;
    model::Quantiles { n, mean, min, max, p50, p75, p90, p95, p99 }
}

/// A share; unknown without a whole.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
pub fn share(part: u64, whole: u64) -> Option<f64> {
    (whole > 0).then(|| part as f64 / whole as f64)
}

/// A total that was checked to fit when the log was measured.
#[must_use]
pub fn ms(total: i128) -> i64 {
    i64::try_from(total).unwrap_or(i64::MAX)
}
