//! Service levels, their worst cases, and where the source system says something else, as tables.

use super::{Cell, Sheet, TableFile, cells};
use crate::log::LogText;
use crate::report::model::{BreachRate, Findings, SlaFound, TimerCounts};

pub(super) fn tables(findings: &Findings) -> Vec<TableFile> {
    let levels = findings.sla.as_deref().unwrap_or_default();
    vec![service_levels(levels), worst(levels), differing(levels), facts(levels)]
}

const LEVEL: [&str; 25] = [
    "id",
    "kind",
    "value",
    "target",
    "clock",
    "calendar",
    "timers",
    "met",
    "breached",
    "open_past",
    "open_within",
    "paused",
    "cancelled",
    "reset",
    "breach_rate_stopped_or_past",
    "breach_rate_closed_only",
    "near",
    "near_n",
    "near_interventions",
    "near_met",
    "near_breached",
    "near_met_without",
    "near_breached_without",
    "elapsed_p50_ms",
    "elapsed_p90_ms",
];

/// A row per service level without a target, then one per target without what is known of the whole alone.
fn service_levels(levels: &[SlaFound]) -> TableFile {
    let mut sheet = Sheet::new("sla.csv", &LEVEL);
    for level in levels {
        let near = &level.near_breach;
        let whole = cells![
            level.near,
            near.n,
            near.interventions,
            near.met,
            near.breached,
            near.met_without,
            near.breached_without,
            level.elapsed_ms.p50,
            level.elapsed_ms.p90,
        ];
        let row = row(level, None, None, &level.counts, &level.breach_rate);
        sheet.row(row.into_iter().chain(whole));
        for found in &level.targets {
            let part = self::row(level, found.value.as_ref(), Some(&found.target), &found.counts, &found.breach_rate);
            sheet.row(part.into_iter().chain((0..9).map(|_| Cell::Unknown)));
        }
    }
    sheet.finish()
}

fn row(
    level: &SlaFound,
    value: Option<&LogText>,
    target: Option<&String>,
    counts: &TimerCounts,
    rate: &BreachRate,
) -> [Cell; 16] {
    cells![
        &level.id,
        &level.kind,
        value,
        target,
        level.clock,
        level.calendar.as_ref(),
        counts.timers,
        counts.met,
        counts.breached,
        counts.open_past,
        counts.open_within,
        counts.paused,
        counts.cancelled,
        counts.reset,
        rate.stopped_or_past,
        rate.closed_only,
    ]
}

fn worst(levels: &[SlaFound]) -> TableFile {
    let header = ["id", "case", "status", "started", "due", "ended", "elapsed_ms", "target_ms", "beyond_ms"];
    let mut sheet = Sheet::new("sla_worst.csv", &header);
    for level in levels {
        for found in &level.worst {
            sheet.row(cells![
                &level.id,
                &found.case,
                found.status,
                &found.started,
                found.due.as_ref(),
                found.ended.as_ref(),
                found.elapsed_ms,
                found.target_ms,
                found.beyond_ms,
            ]);
        }
    }
    sheet.finish()
}

fn differing(levels: &[SlaFound]) -> TableFile {
    let mut sheet = Sheet::new("sla_differing.csv", &["id", "column", "measure", "case", "theirs", "ours", "status"]);
    for level in levels {
        for column in &level.reconcile {
            for case in &column.differing {
                sheet.row(cells![
                    &level.id,
                    &column.column,
                    column.measure,
                    &case.case,
                    case.theirs,
                    case.ours,
                    case.status,
                ]);
            }
        }
    }
    sheet.finish()
}

fn facts(levels: &[SlaFound]) -> TableFile {
    let header =
        ["id", "file", "rows", "deleted", "others", "cases", "repeated", "not_in_log", "without_timer", "missing"];
    let mut sheet = Sheet::new("sla_facts.csv", &header);
    for level in levels {
        for table in &level.fact_tables {
            sheet.row(cells![
                &level.id,
                &table.file,
                table.rows,
                table.deleted,
                table.others,
                table.cases,
                table.repeated,
                table.not_in_log,
                table.without_timer,
                table.missing,
            ]);
        }
    }
    sheet.finish()
}
