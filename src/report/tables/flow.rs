//! Key figures, states, transitions, handoffs and the ledger as tables.

use super::{Cell, Sheet, TableFile, cells, three};
use crate::report::model::{Findings, Mttr, PerCase, Quantiles, ReassignmentRate};

pub(super) fn tables(findings: &Findings) -> Vec<TableFile> {
    vec![
        kpis(findings),
        kpi_cuts(findings),
        states(findings),
        transitions(findings),
        handoffs(findings),
        handoff_pairs(findings),
        ledger(findings),
        buckets(findings),
    ]
}

fn kpis(findings: &Findings) -> TableFile {
    let kpis = &findings.kpis;
    let mut sheet = Sheet::new("kpis.csv", &["kpi", "value", "unit"]);
    quantile_rows(&mut sheet, "cycle_time_ms.wall", &kpis.cycle_time_ms.wall);
    if let Some(business) = &kpis.cycle_time_ms.business {
        quantile_rows(&mut sheet, "cycle_time_ms.business", business);
    }
    quantile_rows(&mut sheet, "first_resolution_ms", &kpis.first_resolution_ms);
    if let Some(business) = &kpis.first_resolution_business_ms {
        quantile_rows(&mut sheet, "first_resolution_business_ms", business);
    }
    per_case_rows(&mut sheet, kpis.handoffs_per_case.as_ref());
    let rate = kpis.reassignment_rate.as_ref();
    let of = |read: fn(&ReassignmentRate) -> f64| rate.map(read);
    sheet.row(cells!["reassignment_rate.of_cases", of(|rate| rate.of_cases), "share"]);
    sheet.row(cells!["reassignment_rate.per_assignment", of(|rate| rate.per_assignment), "share"]);
    sheet.row(cells!["ping_pong_case_rate", kpis.ping_pong_case_rate, "share"]);
    sheet.row(cells!["reopen_rate", kpis.reopen_rate, "share"]);
    sheet.row(cells!["status_chases_per_case", kpis.status_chases_per_case, "per case"]);
    sheet.row(cells!["exception_rate", kpis.exception_rate, "share"]);
    mttr_rows(&mut sheet, "exception_mttr_ms", kpis.exception_mttr_ms.as_ref());
    mttr_rows(&mut sheet, "missing_information_mttr_ms", kpis.missing_information_mttr_ms.as_ref());
    if let Some(business) = &kpis.exception_mttr_business_ms {
        quantile_rows(&mut sheet, "exception_mttr_business_ms", business);
    }
    if let Some(business) = &kpis.missing_information_mttr_business_ms {
        quantile_rows(&mut sheet, "missing_information_mttr_business_ms", business);
    }
    sheet.row(cells!["escalation_rate", kpis.escalation_rate, "share"]);
    let breached = kpis.sla_breach_rate.as_ref();
    sheet.row(cells!["sla_breach_rate.stopped_or_past", breached.and_then(|rate| rate.stopped_or_past), "share"]);
    sheet.row(cells!["sla_breach_rate.closed_only", breached.and_then(|rate| rate.closed_only), "share"]);
    let near = kpis.near_breach.as_ref();
    sheet.row(cells!["near_breach.n", near.map(|found| found.n), "count"]);
    sheet.row(cells!["near_breach.interventions", near.map(|found| found.interventions), "count"]);
    sheet.row(cells!["near_breach.met", near.map(|found| found.met), "count"]);
    sheet.row(cells!["near_breach.breached", near.map(|found| found.breached), "count"]);
    sheet.row(cells!["near_breach.met_rate", near.and_then(|found| found.met_rate), "share"]);
    sheet.row(cells!["near_breach.met_rate_without", near.and_then(|found| found.met_rate_without), "share"]);
    sheet.row(cells!["push_to_front", kpis.push_to_front, "share"]);
    sheet.finish()
}

fn quantile_rows(sheet: &mut Sheet, name: &str, found: &Quantiles) {
    sheet.row(cells![format!("{name}.n"), found.n, "count"]);
    let parts = [("mean", found.mean), ("min", found.min), ("max", found.max), ("p50", found.p50), ("p75", found.p75)];
    let tail = [("p90", found.p90), ("p95", found.p95), ("p99", found.p99)];
    for (part, ms) in parts.into_iter().chain(tail) {
        sheet.row(cells![format!("{name}.{part}"), ms, "ms"]);
    }
}

fn per_case_rows(sheet: &mut Sheet, found: Option<&PerCase>) {
    let of = |read: fn(&PerCase) -> f64| found.map(read);
    sheet.row(cells!["handoffs_per_case.mean", of(|found| found.mean), "per case"]);
    sheet.row(cells!["handoffs_per_case.p50", of(|found| found.p50), "per case"]);
    sheet.row(cells!["handoffs_per_case.p90", of(|found| found.p90), "per case"]);
    sheet.row(cells!["handoffs_per_case.max", found.map(|found| found.max), "per case"]);
}

fn mttr_rows(sheet: &mut Sheet, name: &str, found: Option<&Mttr>) {
    sheet.row(cells![format!("{name}.n"), found.map(|found| found.n), "count"]);
    sheet.row(cells![format!("{name}.open"), found.map(|found| found.open), "count"]);
    sheet.row(cells![format!("{name}.mean"), found.and_then(|found| found.mean), "ms"]);
    sheet.row(cells![format!("{name}.p50"), found.and_then(|found| found.p50), "ms"]);
    sheet.row(cells![format!("{name}.p90"), found.and_then(|found| found.p90), "ms"]);
    for (how, number) in found.into_iter().flat_map(|found| &found.ended) {
        sheet.row(cells![format!("{name}.ended.{how}"), *number, "count"]);
    }
}

fn kpi_cuts(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("kpi_cuts.csv", &["kpi", "dimension", "key", "n", "value"]);
    for cut in &findings.kpi_cuts {
        sheet.row(cells![cut.kpi, cut.dimension, &cut.key, cut.n, cut.value]);
    }
    sheet.finish()
}

/// The columns of [`quantiles`].
const QUANTILES: [&str; 9] = ["n", "mean_ms", "min_ms", "max_ms", "p50_ms", "p75_ms", "p90_ms", "p95_ms", "p99_ms"];

fn quantiles(found: &Quantiles) -> [Cell; 9] {
    cells![found.n, found.mean, found.min, found.max, found.p50, found.p75, found.p90, found.p95, found.p99]
}

fn states(findings: &Findings) -> TableFile {
    let mut header = vec!["state", "class", "class_why", "unclassified", "visits", "cases", "open_visits"];
    header.extend(["total_ms", "share"]);
    header.extend(QUANTILES);
    header.extend(["survival_p50_ms", "survival_p90_ms", "next_step_n", "next_step_p50_ms", "next_step_p90_ms"]);
    header.extend(["total_business_ms", "business_n", "mean_business_ms", "p50_business_ms", "p90_business_ms"]);
    header.extend(["next_step_p50_business_ms", "next_step_p90_business_ms"]);
    let mut sheet = Sheet::new("states.csv", &header);
    for state in &findings.states {
        let survival = state.survival_ms.as_ref();
        let next = &state.next_step_ms;
        let known = cells![&state.state, &state.class, &state.class_why, state.unclassified, state.visits, state.cases];
        let sums = cells![state.open_visits, state.total_ms, state.share];
        let rest = cells![
            survival.and_then(|found| found.p50),
            survival.and_then(|found| found.p90),
            next.n,
            next.p50,
            next.p90
        ];
        let (work, next) = (state.completed_business_ms.as_ref(), state.next_step_business_ms.as_ref());
        let business = cells![
            state.total_business_ms,
            work.map(|found| found.n),
            work.and_then(|found| found.mean),
            work.and_then(|found| found.p50),
            work.and_then(|found| found.p90),
            next.and_then(|found| found.p50),
            next.and_then(|found| found.p90),
        ];
        let wall = known.into_iter().chain(sums).chain(quantiles(&state.completed_ms)).chain(rest);
        sheet.row(wall.chain(business));
    }
    sheet.finish()
}

fn transitions(findings: &Findings) -> TableFile {
    let mut header = vec!["from", "to", "count", "p50_ms", "p90_ms", "mean_ms"];
    header.extend(["next_step_p50_ms", "next_step_p90_ms", "p50_business_ms", "p90_business_ms", "mean_business_ms"]);
    header.extend(["next_step_p50_business_ms", "next_step_p90_business_ms"]);
    let mut sheet = Sheet::new("transitions.csv", &header);
    for found in &findings.transitions {
        sheet.row(cells![
            &found.from,
            &found.to,
            found.count,
            found.p50_ms,
            found.p90_ms,
            found.mean_ms,
            found.next_step_p50_ms,
            found.next_step_p90_ms,
            found.p50_business_ms,
            found.p90_business_ms,
            found.mean_business_ms,
            found.next_step_p50_business_ms,
            found.next_step_p90_business_ms,
        ]);
    }
    sheet.finish()
}

fn handoffs(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("handoffs.csv", &["definition", "headline", "total", "cases", "per_case"]);
    for (kind, number) in &findings.handoffs.kinds {
        let number = number.as_ref();
        sheet.row(cells![
            *kind,
            findings.handoffs.definition == Some(*kind),
            number.map(|found| found.total),
            number.map(|found| found.cases),
            number.map(|found| found.per_case),
        ]);
    }
    sheet.finish()
}

fn handoff_pairs(findings: &Findings) -> TableFile {
    let mut header = vec!["from", "to", "count", "pickup_p50_ms", "pickup_p90_ms"];
    header.extend(["pickup_p50_business_ms", "pickup_p90_business_ms"]);
    let mut sheet = Sheet::new("handoff_pairs.csv", &header);
    for pair in &findings.handoffs.pairs {
        let wall = cells![&pair.from, &pair.to, pair.count, pair.pickup_p50_ms, pair.pickup_p90_ms];
        sheet.row(wall.into_iter().chain(cells![pair.pickup_p50_business_ms, pair.pickup_p90_business_ms]));
    }
    sheet.finish()
}

fn ledger(findings: &Findings) -> TableFile {
    let header = ["state", "class", "waiting_on", "bucket", "in_hours", "duration_ms", "share"];
    let mut sheet = Sheet::new("ledger.csv", &header);
    for cell in &findings.ledger.cells {
        sheet.row(cells![
            &cell.state,
            &cell.class,
            cell.waiting_on,
            cell.bucket,
            cell.in_hours,
            cell.duration_ms,
            cell.share,
        ]);
    }
    sheet.finish()
}

fn buckets(findings: &Findings) -> TableFile {
    let mut header = vec!["bucket", "name", "proxy", "touches", "touches_per_case", "elapsed_ms"];
    header.extend(["per_case_p50", "per_case_p90", "per_case_max", "minutes_low", "minutes_base", "minutes_high"]);
    header.extend(["cost_low_minor", "cost_base_minor", "cost_high_minor", "currency"]);
    let mut sheet = Sheet::new("buckets.csv", &header);
    let found = &findings.buckets;
    for (letter, bucket) in [("A", &found.a), ("B", &found.b), ("C", &found.c), ("D", &found.d)] {
        let first =
            cells![letter, bucket.name, bucket.proxy, bucket.touches, bucket.touches_per_case, bucket.elapsed_ms];
        let spread = bucket.per_case.as_ref();
        let spread =
            cells![spread.map(|found| found.p50), spread.map(|found| found.p90), spread.map(|found| found.max)];
        let (minutes, cost) = (three(bucket.minutes.as_ref()), three(bucket.cost.as_ref()));
        sheet.row(first.into_iter().chain(spread).chain(minutes).chain(cost).chain(cells![&findings.roi.currency]));
    }
    sheet.finish()
}
