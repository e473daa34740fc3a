//! The sections of `wcaf check`: what was read, what was found, what passed, readiness, and how columns were read.

use std::collections::BTreeMap;

use super::{checks, opening, working_hours};
use crate::report::check::{CheckExample, CheckFinding, CheckReport, Severity};
use crate::report::format::{count, instant, percent, plural};
use crate::report::page::{Block, Grid, Medium, Page};
use crate::report::visible::{clip, plain, visible};

/// The whole report as blocks, worst first.
pub(in crate::report) fn check(report: &CheckReport, medium: Medium) -> Vec<Block> {
    let reasons = BTreeMap::new();
    let mut page = Page::new(medium, &reasons);
    page.title("Quality of the log", &format!("{} {}", report.tool.name, report.tool.version));
    let tie_break = report.mapping.roles.get("tie_break").map(|found| visible(&found.column));
    opening::read(&mut page, &report.input, tie_break.as_deref());
    overview(&mut page, report);
    for (severity, id, title) in [
        (Severity::Fail, "fail", "Fails: main numbers are wrong or missing"),
        (Severity::Warn, "warn", "Warnings: some numbers are off"),
        (Severity::Info, "info", "Good to know"),
    ] {
        let mut found = report.findings.iter().filter(|finding| finding.severity == severity).peekable();
        if found.peek().is_some() {
            page.heading(id, title);
        }
        found.for_each(|finding| one(&mut page, finding));
    }
    rest(&mut page, report);
    working_hours::working_hours(&mut page, &report.working_hours);
    checks::readiness(&mut page, &report.readiness);
    let first_rows = report.input.sources.first().map_or(0, |source| source.rows);
    opening::mapping(&mut page, &report.mapping, first_rows);
    page.finish()
}

fn overview(page: &mut Page, report: &CheckReport) {
    let number = |severity| report.findings.iter().filter(|finding| finding.severity == severity).count();
    page.heading(
        "verdict",
        &format!(
            "{}: {} fail, {} warn, {} info",
            plural(report.findings.len() as u64, "finding", "findings"),
            number(Severity::Fail),
            number(Severity::Warn),
            number(Severity::Info)
        ),
    );
    if report.findings.is_empty() {
        page.say("No check found anything.");
        return;
    }
    let mut grid = Grid::new().text("Severity").text("Check").number("Count").number("Of").text("What").number("Share");
    for finding in &report.findings {
        grid.row([
            finding.severity.as_str().to_owned(),
            plain(finding.id),
            count(finding.count),
            count(finding.of),
            plain(finding.unit),
            finding.share.map_or_else(|| "–".to_owned(), percent),
        ]);
    }
    page.grid(grid);
}

fn one(page: &mut Page, finding: &CheckFinding) {
    let text = format!("{} [{}]", visible(&finding.message), plain(finding.id));
    match finding.severity {
        Severity::Info => page.item("· ", &text),
        Severity::Warn | Severity::Fail => page.warn(&text),
    }
    page.item("  ", &plain(finding.effect));
    page.item("  → ", &visible(&finding.fix));
    if !finding.examples.is_empty() {
        let named: Vec<String> = finding.examples.iter().map(example).collect();
        page.item("  e.g. ", &named.join("; "));
    }
}

/// `export.csv:17: field_count`, `INC0012 at 2016-03-01 09:00 UTC: 12 cases`.
fn example(example: &CheckExample) -> String {
    let name = |text| clip(&visible(text), 60, "…");
    let parts = [
        example.file.as_ref().map(name),
        example.line.map(|line| format!(":{line}")),
        example.case.as_ref().map(name),
        example.time.as_ref().map(|time| format!(" at {} UTC", instant(&plain(time)))),
    ];
    let place = parts.into_iter().flatten().collect::<Vec<_>>().concat();
    match &example.note {
        Some(note) if place.is_empty() => visible(note),
        Some(note) => format!("{place}: {}", visible(note)),
        None => place,
    }
}

fn rest(page: &mut Page, report: &CheckReport) {
    page.heading("passed", "What was checked besides");
    let passed: Vec<String> = report.passed.iter().map(|id| plain(id)).collect();
    page.say(&if passed.is_empty() {
        "No check passed.".to_owned()
    } else {
        format!("Nothing was found by {}.", passed.join(", "))
    });
    for skipped in &report.not_checked {
        page.item("· ", &format!("Not checked: {}, since {}.", plain(skipped.id), plain(&skipped.why)));
    }
}
