//! What was read and how far it can be trusted, as tables.

use super::{Sheet, TableFile, cells};
use crate::report::model::Findings;

pub(super) fn tables(findings: &Findings) -> Vec<TableFile> {
    vec![
        sources(findings),
        rejects(findings),
        mapping(findings),
        nulls(findings),
        leaky(findings),
        reconcile(findings),
        readiness(findings),
        bots(findings),
        stale(findings),
        window(findings),
        little(findings),
        warnings(findings),
        unknown(findings),
    ]
}

fn sources(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("sources.csv", &["name", "bytes", "hash", "format", "family", "rows"]);
    for source in &findings.input.sources {
        sheet.row(cells![&source.name, source.bytes, &source.hash, &source.format, &source.family, source.rows]);
    }
    sheet.finish()
}

fn rejects(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("rejects.csv", &["reason", "rows"]);
    for (reason, rows) in &findings.input.rejects {
        sheet.row(cells![reason, *rows]);
    }
    sheet.finish()
}

fn mapping(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("mapping.csv", &["role", "column", "how", "why"]);
    for (role, found) in &findings.mapping.roles {
        sheet.row(cells![role, &found.column, found.how, &found.why]);
    }
    sheet.finish()
}

fn nulls(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("nulls.csv", &["column", "literal", "share", "applied", "how"]);
    for null in &findings.mapping.nulls {
        sheet.row(cells![&null.column, &null.literal, null.share, null.applied, null.how]);
    }
    sheet.finish()
}

fn leaky(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("leaky.csv", &["column", "why"]);
    for column in &findings.mapping.leaky {
        sheet.row(cells![&column.column, &column.why]);
    }
    sheet.finish()
}

fn reconcile(findings: &Findings) -> TableFile {
    let mut header = vec!["column", "measure", "agreement", "cases", "cases_nonzero", "agree_nonzero"];
    header.extend(["total_theirs", "total_ours"]);
    let mut sheet = Sheet::new("reconcile.csv", &header);
    for found in &findings.reconcile {
        sheet.row(cells![
            &found.column,
            found.measure,
            found.agreement,
            found.cases,
            found.cases_nonzero,
            found.agree_nonzero,
            found.total_theirs,
            found.total_ours,
        ]);
    }
    sheet.finish()
}

fn readiness(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("readiness.csv", &["id", "name", "status", "coverage", "evidence", "blocks", "fix"]);
    for item in &findings.readiness.items {
        let blocks = item.blocks.join(" ");
        sheet.row(cells![item.id, item.name, item.status, item.coverage, &item.evidence, blocks, item.fix]);
    }
    sheet.finish()
}

fn bots(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("bots.csv", &["actor", "rows", "how", "evidence"]);
    for bot in &findings.bots {
        sheet.row(cells![&bot.actor, bot.rows, bot.how, &bot.evidence]);
    }
    sheet.finish()
}

fn stale(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("stale.csv", &["case", "state", "silent_ms"]);
    for stale in &findings.stale {
        sheet.row(cells![&stale.case, &stale.state, stale.silent_ms]);
    }
    sheet.finish()
}

fn window(findings: &Findings) -> TableFile {
    let mut header = vec!["dense_from", "dense_to", "weeks", "reference_per_week", "median_per_week"];
    header.extend(["cases_outside", "volume_per_month"]);
    let mut sheet = Sheet::new("window.csv", &header);
    if let Some(found) = &findings.window {
        sheet.row(cells![
            &found.dense_from,
            &found.dense_to,
            found.weeks,
            found.reference_per_week,
            found.median_per_week,
            found.cases_outside,
            found.volume_per_month,
        ]);
    }
    sheet.finish()
}

fn little(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("little.csv", &["arrivals_per_day", "cycle_ms", "wip", "residual", "stable"]);
    if let Some(found) = &findings.little {
        sheet.row(cells![found.arrivals_per_day, found.cycle_ms, found.wip, found.residual, found.stable]);
    }
    sheet.finish()
}

fn warnings(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("warnings.csv", &["code", "message", "hint"]);
    for warning in &findings.warnings {
        sheet.row(cells![warning.code, &warning.message, &warning.hint]);
    }
    sheet.finish()
}

fn unknown(findings: &Findings) -> TableFile {
    let mut sheet = Sheet::new("unknown.csv", &["pointer", "code", "message"]);
    for (pointer, reason) in &findings.unknown {
        sheet.row(cells![pointer, reason.code, &reason.message]);
    }
    sheet.finish()
}
