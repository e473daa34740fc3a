//! Service levels: kept or breached, near breaches and what helped, the worst cases, the source system's own word.

use crate::report::format::{GLUE, count, duration, instant, percent, percent_fine, plural, working};
use crate::report::model::{BreachRate, Findings, NearBreach, SlaFactTable, SlaFound, SlaReconciled, TimerCounts};
use crate::report::page::{Grid, Page};
use crate::report::visible::{plain, visible};

/// Timers beyond their target in plain sight.
const TOP: usize = 5;
/// Differing cases in plain sight.
const DIFFERING: usize = 3;
/// Columns of the labels of this section.
const LABEL: usize = 16;

pub(super) fn service_levels(page: &mut Page, findings: &Findings) {
    let Some(levels) = findings.sla.as_ref().filter(|levels| !levels.is_empty()) else { return };
    page.heading("service-levels", "Service levels");
    page.say("The breach rate is over stopped timers and open ones past their target; open ones within it are apart.");
    for level in levels {
        one(page, level);
    }
}

fn targets(page: &mut Page, level: &SlaFound) {
    let wide = page.is_wide();
    let mut grid = Grid::new().text("Timers for").detail("Target").number("Met").number("Breached");
    grid = grid.number("Open past").number("Within").number("Breach rate");
    if wide {
        grid = grid.number("Of stopped");
    }
    let several = level.targets.len() > 1;
    for target in &level.targets {
        let others = if several { "all others" } else { "all" };
        let name = target.value.as_ref().map_or_else(|| others.to_owned(), visible);
        grid.push(row(wide, name, &target.target, &target.counts, &target.breach_rate));
    }
    if several {
        grid.push(row(wide, "together".to_owned(), "", &level.counts, &level.breach_rate));
    }
    page.grid(grid);
}

fn row(wide: bool, name: String, target: &str, counts: &TimerCounts, rate: &BreachRate) -> Vec<String> {
    let share = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), percent);
    let numbers = [counts.met, counts.breached, counts.open_past, counts.open_within].map(count);
    let mut cells = vec![name, plain(target)];
    cells.extend(numbers);
    cells.push(share(rate.stopped_or_past));
    if wide {
        cells.push(share(rate.closed_only));
    }
    cells
}

fn one(page: &mut Page, level: &SlaFound) {
    page.blank();
    let clock = match &level.calendar {
        Some(calendar) => format!("business time of {}", visible(calendar)),
        None if level.clock == "business" => "business time of the calendar of the case".to_owned(),
        None => "wall clock".to_owned(),
    };
    let counts = &level.counts;
    let apart = [(counts.paused, "paused"), (counts.cancelled, "cancelled"), (counts.reset, "reset")];
    let apart: Vec<String> =
        apart.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", count(*n))).collect();
    let timers = format!(
        "{} in {}{}; {clock}",
        plural(counts.timers, "timer", "timers"),
        plural(level.cases, "case", "cases"),
        apart.concat()
    );
    page.say(&format!("{}: {timers}", visible(&level.id)));
    targets(page, level);
    if let (Some(p50), Some(p90)) = (level.elapsed_ms.p50, level.elapsed_ms.p90) {
        let took = format!("p50{GLUE}{} · p90{GLUE}{}", ran(level, p50), ran(level, p90));
        page.labelled("Stopped after", LABEL, &took);
    }
    page.labelled("Near breaches", LABEL, &near(&level.near_breach, level.near));
    let mut grid = Grid::new().text("Furthest past").detail("Stands").number("Ran").number("Target").number("Past by");
    grid = grid.detail("Due").fold_after(TOP);
    for found in level.worst.iter().take(page.most(TOP)) {
        let due = found.due.as_deref().map_or_else(|| "–".to_owned(), |due| plain(&instant(due)));
        grid.row([
            visible(&found.case),
            plain(&found.status.replace('_', " ")),
            ran(level, found.elapsed_ms),
            ran(level, found.target_ms),
            ran(level, found.beyond_ms),
            due,
        ]);
    }
    page.grid(grid);
    for found in &level.reconcile {
        reconcile(page, level, found);
    }
    for table in &level.fact_tables {
        page.labelled("Its table", LABEL, &rows(table));
    }
}

/// Time of the clock of a service level.
fn ran(level: &SlaFound, ms: i64) -> String {
    if level.clock == "wall" { duration(ms) } else { working(ms) }
}

fn near(found: &NearBreach, share: f64) -> String {
    let reached = format!("{} reached {} of the target", count(found.n), percent(share));
    if found.n == 0 {
        return reached;
    }
    let rate = |rate: Option<f64>| rate.map_or_else(|| "–".to_owned(), percent);
    format!(
        "{reached}; {} with an intervention: {} met, {} breached ({} met), without one {} met ({} of {}): \
         an association, not an effect",
        count(found.interventions),
        count(found.met),
        count(found.breached),
        rate(found.met_rate),
        rate(found.met_rate_without),
        count(found.met_without),
        count(found.met_without + found.breached_without),
    )
}

fn reconcile(page: &mut Page, level: &SlaFound, found: &SlaReconciled) {
    let said = |value: i64| match (found.measure, value) {
        ("breached", 0) => "kept".to_owned(),
        ("breached", _) => "breached".to_owned(),
        (_, ms) => ran(level, ms),
    };
    let listed: Vec<String> = found
        .differing
        .iter()
        .take(DIFFERING)
        .map(|case| format!("{} theirs {}, ours {}", visible(&case.case), said(case.theirs), said(case.ours)))
        .collect();
    let differing = if listed.is_empty() {
        String::new()
    } else {
        format!("; {} differ, such as {}", count(found.differing_cases), listed.join("; "))
    };
    let agreement = format!(
        "`{}` agrees in {} of {}{differing}",
        visible(&found.column),
        percent_fine(found.agreement),
        plural(found.cases, "case", "cases")
    );
    page.labelled("Source system", LABEL, &agreement);
}

/// What became of the rows of a table and of its cases.
fn rows(table: &SlaFactTable) -> String {
    let used = table.rows.saturating_sub(table.deleted + table.others);
    let apart = [
        (table.repeated, "with several rows"),
        (table.not_in_log, "not in the log"),
        (table.without_timer, "in the log without a timer"),
    ];
    let apart: Vec<String> =
        apart.iter().filter(|(n, _)| *n > 0).map(|(n, what)| format!(", {} {what}", count(*n))).collect();
    let rows = format!(
        "`{}`: {} = {} used + {} deleted + {} of others",
        visible(&table.file),
        plural(table.rows, "row", "rows"),
        count(used),
        count(table.deleted),
        count(table.others)
    );
    if table.cases == 0 && table.missing == 0 {
        return rows;
    }
    let missing =
        if table.missing > 0 { format!("; {} with a timer not in it", count(table.missing)) } else { String::new() };
    format!("{rows}; {}{}{missing}", plural(table.cases, "case", "cases"), apart.concat())
}
