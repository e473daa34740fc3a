//! A full set of findings for the tests of every renderer, with the numbers of an incident log.
//!
//! Some numbers are invented; nothing here is a reference for a metric.

mod habits;
mod plan;
pub(super) mod quality;
mod shape;
mod sla;
mod time;

use std::collections::BTreeMap;

use super::model::*;
use crate::log::LogText;

/// Wraps text as if it had been read from a log.
pub(super) fn t(text: &str) -> LogText {
    LogText::new(text)
}

/// Every field filled at least once.
pub(super) fn findings() -> Findings {
    Findings {
        schema: SCHEMA,
        tool: Tool { name: "wcaf", version: "0.1.0" },
        input: shape::input(),
        mapping: shape::mapping(),
        clocks: time::clocks(),
        kpis: time::kpis(),
        kpi_cuts: time::kpi_cuts(),
        states: time::states(),
        transitions: time::transitions(),
        handoffs: time::handoffs(),
        ledger: time::ledger(),
        buckets: plan::buckets(),
        comments: Some(plan::comments()),
        questions: shape::questions(),
        workshop: Some(WorkshopFound {
            guesses: vec![
                GuessFound {
                    key: "handoffs_per_case",
                    metric: "kpis.handoffs_per_case.mean",
                    guess: 2.0,
                    measured: Some(0.766),
                },
                GuessFound {
                    key: "chases_per_case",
                    metric: "kpis.status_chases_per_case",
                    guess: 1.0,
                    measured: None,
                },
            ],
        }),
        readiness: shape::readiness(),
        reconcile: shape::reconcile(),
        choke_points: plan::choke_points(),
        active_points: plan::active_points(),
        causes: plan::causes(),
        interventions: plan::interventions(),
        window: Some(WindowFound {
            dense_from: "2016-02-29".to_owned(),
            dense_to: "2016-06-05".to_owned(),
            weeks: 14,
            reference_per_week: 1_975.0,
            cases_outside: 269,
            volume_per_month: 8_323.1,
            median_per_week: 1_916.5,
        }),
        little: Some(Little {
            arrivals_per_day: 251.5,
            cycle_ms: 560_203_000,
            wip: 1_480.2,
            residual: Some(-0.1017),
            stable: true,
        }),
        bots: vec![Bot {
            actor: t("Updated by 908"),
            evidence: t("25.5 % of all events; 24,666 of them Resolved→Closed; up to 419 in one minute"),
            rows: 36_162,
            how: "guess",
        }],
        stale: vec![
            Stale { case: t("INC0001234"), state: t("Awaiting Vendor"), silent_ms: 17_280_000_000 },
            Stale { case: t("00042"), state: t("New"), silent_ms: 9_504_000_000 },
        ],
        stale_cases: 2,
        sla: Some(sla::levels()),
        ageing: None,
        silences: Some(habits::silences()),
        fake_waits: Some(habits::fake_waits()),
        habits: habits::habits(),
        contrasts: Some(habits::contrasts()),
        roi: plan::roi(),
        unknown: shape::unknown(),
        warnings: shape::warnings(),
    }
}

/// The smallest log: one case, one event, nothing known.
pub(super) fn empty() -> Findings {
    let mut findings = findings();
    findings.input.rejects.clear();
    findings.input.rows_read = 1;
    findings.input.rows_rejected = 0;
    (findings.input.events, findings.input.cases) = (1, 1);
    (findings.input.completed_cases, findings.input.open_cases) = (0, 1);
    (findings.input.tie_share, findings.input.zero_length_share) = (None, None);
    findings.input.order_fixed = 0;
    findings.mapping.roles.clear();
    findings.mapping.nulls.clear();
    findings.mapping.leaky.clear();
    findings.mapping.activity_means.clear();
    findings.mapping.unused.clear();
    findings.clocks = ClocksFound::default();
    findings.kpis = Kpis {
        cycle_time_ms: Clocked::default(),
        first_resolution_ms: Quantiles::default(),
        first_resolution_business_ms: None,
        handoffs_per_case: None,
        reassignment_rate: None,
        ping_pong_case_rate: None,
        reopen_rate: None,
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
    };
    findings.kpi_cuts.clear();
    findings.states.clear();
    findings.transitions.clear();
    findings.handoffs = HandoffsFound {
        definition: None,
        kinds: BTreeMap::from([("group", None), ("person", None)]),
        ping_pong: None,
        returns: None,
        pairs: Vec::new(),
        pickup_rule: None,
        pickup_ms: Quantiles::default(),
        pickup_business_ms: None,
        passed_on: 0,
        self_assigned: 0,
        pickup_unknown: 0,
    };
    findings.ledger = LedgerFound { total_ms: 0, cells: Vec::new(), conserved: true };
    findings.questions.clear();
    findings.workshop = None;
    findings.readiness = Readiness { score: 0.0, items: Vec::new() };
    findings.reconcile.clear();
    findings.choke_points.clear();
    findings.active_points.clear();
    findings.causes.clear();
    findings.interventions.clear();
    (findings.window, findings.little, findings.sla) = (None, None, None);
    findings.bots.clear();
    findings.stale.clear();
    findings.stale_cases = 0;
    findings.roi.baseline_per_month = None;
    findings.roi.baseline_by_bucket.clear();
    findings.roi.assumptions.clear();
    findings.unknown.clear();
    findings.warnings.clear();
    findings
}
