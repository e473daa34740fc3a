//! Choke points, causes, interventions, questions and assumptions as tables.

use super::{Cell, Sheet, TableFile, cells, three};
use crate::log::LogText;
use crate::report::model::{ChokePoint, Findings, Intervention};

pub(super) fn tables(findings: &Findings) -> Vec<TableFile> {
    vec![
        points("choke_points.csv", &findings.choke_points),
        points("active_points.csv", &findings.active_points),
        causes(findings),
        causes_by_place(findings),
        habits(findings),
        silences(findings),
        contrasts(findings),
        interventions(findings),
        questions(findings),
        assumptions(findings),
    ]
}

/// Columns of a choke point before its wait decomposition.
const POINT: [&str; 21] = [
    "id",
    "state",
    "group",
    "class",
    "stays",
    "open_stays",
    "total_ms",
    "share",
    "beyond_p50_ms",
    "beyond_p75_ms",
    "beyond_p75_ms_per_month",
    "p50_ms",
    "p90_ms",
    "spread",
    "cv",
    "others_p50_ms",
    "score",
    "benign_label",
    "causes",
    "p50_business_ms",
    "p90_business_ms",
];
const SLICES: [&str; 6] = ["off_hours_ms", "external_ms", "busy_ms", "batch_ms", "idle_ms", "unobserved_ms"];
const LIMITS: [&str; 5] = ["idle_between_ms", "reach", "limited_by", "return_rate", "quiet_rate"];

fn points(name: &'static str, points: &[ChokePoint]) -> TableFile {
    let mut sheet = Sheet::new(name, &[POINT.as_slice(), SLICES.as_slice(), LIMITS.as_slice()].concat());
    for point in points {
        let place = cells![&point.id, &point.state, point.group.as_ref(), &point.class, point.stays, point.open_stays];
        let times = cells![
            point.total_ms,
            point.share,
            point.beyond_p50_ms,
            point.beyond_p75_ms,
            point.beyond_p75_ms_per_month,
            point.p50_ms,
            point.p90_ms,
            point.spread,
            point.cv,
            point.others_p50_ms,
        ];
        let rank = cells![point.score, point.benign_label, point.causes.join(" ")];
        let business = cells![point.p50_business_ms, point.p90_business_ms];
        let limits = cells![point.idle_between_ms, point.reach, point.limited_by, point.return_rate, point.quiet_rate];
        let row = place.into_iter().chain(times).chain(rank).chain(business);
        sheet.row(row.chain(slices(point)).chain(limits));
    }
    sheet.finish()
}

fn slices(point: &ChokePoint) -> [Cell; 6] {
    let slices = point.slices_ms.as_ref();
    cells![
        slices.and_then(|found| found.off_hours),
        slices.and_then(|found| found.external),
        slices.and_then(|found| found.busy),
        slices.and_then(|found| found.batch),
        slices.and_then(|found| found.idle),
        slices.and_then(|found| found.unobserved),
    ]
}

fn causes(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("causes.csv", &["id", "kind", "cases", "evidence", "counts", "falsified_by"]);
    for cause in &findings.causes {
        let counts: Vec<String> = cause.counts.iter().map(|(name, number)| format!("{name}={number}")).collect();
        sheet.row(cells![&cause.id, cause.kind, cause.cases, &cause.evidence, counts.join(" "), &cause.falsified_by]);
    }
    sheet.finish()
}

fn causes_by_place(findings: &Findings) -> TableFile {
    let header = [
        "cause",
        "choke_point",
        "sign",
        "stays",
        "with_sign",
        "mean_with_ms",
        "mean_without_ms",
        "share_elsewhere",
        "example_1",
        "example_2",
        "example_3",
    ];
    let mut sheet = Sheet::new("causes_by_place.csv", &header);
    for cause in &findings.causes {
        for place in &cause.places {
            let counts = cells![&cause.id, &place.choke_point, place.sign, place.stays, place.with_sign];
            let means = cells![place.mean_with_ms, place.mean_without_ms, place.share_elsewhere];
            let [first, second, third] = [0, 1, 2].map(|at| place.examples.get(at));
            sheet.row(counts.into_iter().chain(means).chain(cells![first, second, third]));
        }
    }
    sheet.finish()
}

fn habits(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("habits.csv", &["kind", "evidence", "counts", "examples", "falsified_by"]);
    for habit in &findings.habits {
        let counts: Vec<String> = habit.counts.iter().map(|(name, number)| format!("{name}={number}")).collect();
        let examples: Vec<&str> = habit.examples.iter().map(LogText::raw).collect();
        sheet.row(cells![habit.kind, &habit.evidence, counts.join(" "), examples.join(" "), habit.falsified_by]);
    }
    sheet.finish()
}

fn silences(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("silences.csv", &["state", "group", "silences", "total_ms"]);
    for place in findings.silences.iter().flat_map(|silences| &silences.places) {
        sheet.row(cells![&place.state, place.group.as_ref(), place.count, place.total_ms]);
    }
    sheet.finish()
}

fn contrasts(findings: &Findings) -> TableFile {
    let header = ["column", "value", "outcome", "cases", "with_outcome", "share", "share_of_others", "z"];
    let mut sheet = Sheet::new("contrasts.csv", &header);
    for found in findings.contrasts.iter().flat_map(|contrasts| &contrasts.found) {
        let what = cells![&found.column, &found.value, found.outcome, found.cases, found.with_outcome];
        sheet.row(what.into_iter().chain(cells![found.share, found.share_of_others, found.z]));
    }
    sheet.finish()
}

const INTERVENTION: [&str; 16] = [
    "id",
    "rank",
    "pattern",
    "title",
    "choke_point",
    "cause",
    "state",
    "group",
    "level",
    "level_why",
    "level_confidence",
    "level_money_at_risk_minor",
    "level_regulatory",
    "level_customer_impact",
    "level_violation_share",
    "phase",
];
const INTERVENTION_VALUES: [&str; 29] = [
    "touches_per_month",
    "hours_per_month_low",
    "hours_per_month_base",
    "hours_per_month_high",
    "value_per_month_low_minor",
    "value_per_month_base_minor",
    "value_per_month_high_minor",
    "currency",
    "confidence",
    "effect_share_low",
    "effect_share_base",
    "effect_share_high",
    "effect_source",
    "effort",
    "evidence",
    "needs_data",
    "needs_writes",
    "needs_permissions",
    "guardrail",
    "guardrail_metric",
    "guardrail_now",
    "guardrail_limit",
    "stop_conditions",
    "exit_test",
    "exit_test_metric",
    "exit_test_now",
    "exit_test_target",
    "exit_test_at_most",
    "policy_file",
];

fn interventions(findings: &Findings) -> TableFile {
    let header = [INTERVENTION.as_slice(), INTERVENTION_VALUES.as_slice()].concat();
    let mut sheet = Sheet::new("interventions.csv", &header);
    for found in &findings.interventions {
        let amounts = three(found.hours_per_month.as_ref()).into_iter().chain(three(found.value_per_month.as_ref()));
        let effect = three(Some(&found.effect.share));
        let texts = cells![
            found.effect.source,
            found.effort,
            &found.evidence,
            found.needs.data.join("; "),
            found.needs.writes.iter().map(|write| write.what).collect::<Vec<_>>().join("; "),
            found.needs.permissions.join("; "),
            found.guardrail.says,
            &found.guardrail.metric,
            found.guardrail.now,
            found.guardrail.limit,
            found.stop_conditions.join("; "),
            &found.exit_test.says,
            &found.exit_test.metric,
            found.exit_test.now,
            found.exit_test.target,
            found.exit_test.at_most,
            found.policy_file.as_ref(),
        ];
        let row = who(found).into_iter().chain(cells![found.touches_per_month]).chain(amounts);
        let row = row.chain(cells![&findings.roi.currency, found.confidence]).chain(effect).chain(texts);
        sheet.row(row);
    }
    sheet.finish()
}

fn who(found: &Intervention) -> [Cell; 16] {
    let (scope, level) = (&found.scope, &found.level_values);
    cells![
        &found.id,
        found.rank,
        found.pattern,
        &found.title,
        scope.choke_point.as_ref(),
        scope.cause.as_ref(),
        scope.state.as_ref(),
        scope.group.as_ref(),
        found.level,
        &found.level_why,
        level.confidence,
        level.money_at_risk,
        level.regulatory,
        level.customer_impact,
        level.violation_share,
        found.phase,
    ]
}

fn questions(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("questions.csv", &["id", "question", "answer", "missing"]);
    for found in &findings.questions {
        sheet.row(cells![found.id, found.question, &found.answer, found.missing.as_ref()]);
    }
    sheet.finish()
}

fn assumptions(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("assumptions.csv", &["name", "low", "base", "high", "unit", "source"]);
    for found in &findings.roi.assumptions {
        let values = three(Some(&found.value));
        sheet.row(cells![&found.name].into_iter().chain(values).chain(cells![&found.unit, &found.source]));
    }
    sheet.finish()
}
