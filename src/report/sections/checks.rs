//! What speaks for and against the numbers: consistency checks, bots, stale cases, readiness, and what is not known.

use crate::report::format::{count, decimal, duration, percent, percent_fine, plural, signed};
use crate::report::model::{Findings, Little, Readiness, Reconciled, WindowFound};
use crate::report::page::{Grid, Page};
use crate::report::visible::{plain, visible};

/// Columns of the labels of this section.
const LABEL: usize = 14;
/// Bots and stale cases shown.
const TOP: usize = 5;
/// Pointers named per reason at the end.
const POINTERS: usize = 4;

pub(super) fn consistency(page: &mut Page, findings: &Findings) {
    page.heading("consistency", "Do the numbers hold together?");
    let window = page.or_unknown(findings.window.as_ref(), "/window", |found| window(found, findings.input.cases));
    page.labelled("Dense window", LABEL, &window);
    let little = page.or_unknown(findings.little.as_ref(), "/little", little);
    page.labelled("Little's law", LABEL, &little);
    page.end_notes();
    reconcile(page, &findings.reconcile);
}

fn window(found: &WindowFound, cases: u64) -> String {
    format!(
        "{} to {}, {}; {} of {} arrive outside; {} cases a week (median), {} a month",
        plain(&found.dense_from),
        plain(&found.dense_to),
        plural(found.weeks, "week", "weeks"),
        count(found.cases_outside),
        plural(cases, "case", "cases"),
        decimal(found.median_per_week, 1),
        decimal(found.volume_per_month, 0),
    )
}

fn little(found: &Little) -> String {
    let residual = found.residual.map_or_else(|| "–".to_owned(), percent);
    let stable = if found.stable {
        "arrivals and completions balance"
    } else {
        "NOT stable: arrivals and completions differ by more than 10 %"
    };
    format!(
        "{} cases a day × {} against {} cases in the system on average; residual {residual}; {stable}",
        decimal(found.arrivals_per_day, 1),
        duration(found.cycle_ms),
        decimal(found.wip, 1),
    )
}

fn reconcile(page: &mut Page, reconcile: &[Reconciled]) {
    if reconcile.is_empty() {
        return;
    }
    page.blank();
    let mut grid = Grid::new().text("System's counter").detail("Our measure").number("Agrees").number("Where not 0");
    grid = grid.number("Theirs").number("Ours");
    for found in reconcile {
        grid.row([
            visible(&found.column),
            plain(found.measure.rsplit('.').next().unwrap_or(found.measure)),
            percent_fine(found.agreement),
            format!("{} of {}", count(found.agree_nonzero), count(found.cases_nonzero)),
            signed(found.total_theirs),
            signed(found.total_ours),
        ]);
    }
    page.grid(grid);
}

pub(super) fn actors_and_stale(page: &mut Page, findings: &Findings) {
    if !findings.bots.is_empty() {
        page.heading("bots", "Probably not people: please confirm");
        let most = page.most(TOP);
        let mut grid = Grid::new().text("Actor").number("Events").text("How").prose("Evidence").fold_after(TOP);
        for bot in findings.bots.iter().take(most) {
            grid.row([visible(&bot.actor), count(bot.rows), bot.how.to_owned(), visible(&bot.evidence)]);
        }
        page.grid(grid);
        if findings.bots.len() > most {
            page.faint(&format!("{} more: table bots.", findings.bots.len() - most));
        }
    }
    if findings.stale_cases > 0 {
        let cases = plural(findings.stale_cases, "case is", "cases are");
        page.heading("stale", &format!("Clean-up: {cases} open but silent for long"));
        let mut grid = Grid::new().text("Case").text("State").number("Silent for").fold_after(TOP);
        for stale in findings.stale.iter().take(page.most(TOP)) {
            grid.row([visible(&stale.case), visible(&stale.state), duration(stale.silent_ms)]);
        }
        page.grid(grid);
        page.faint("They are kept out of ageing, work in process and Little's law. All: table stale.");
    }
}

pub(super) fn readiness(page: &mut Page, readiness: &Readiness) {
    page.heading("readiness", &format!("Readiness of the log: {} of 1", decimal(readiness.score, 2)));
    let mut grid = Grid::new().text("Item").text("Status").number("Coverage").prose("Evidence");
    for item in &readiness.items {
        grid.row([plain(item.name), item.status.to_owned(), percent(item.coverage), visible(&item.evidence)]);
    }
    page.grid(grid);
    for item in readiness.items.iter().filter(|item| item.status != "present") {
        let blocks = if item.blocks.is_empty() { "nothing".to_owned() } else { plain(&item.blocks.join(", ")) };
        page.item("· ", &format!("{} blocks {blocks}. {}", plain(item.name), plain(item.fix)));
    }
}

/// Reasons no footnote has given, so that every null of `findings.json` is explained here as well.
pub(super) fn not_known(page: &mut Page) {
    let groups = page.unexplained();
    if groups.is_empty() {
        return;
    }
    page.heading("not-known", "Also not known from this log");
    for (message, pointers) in groups {
        let named: Vec<String> =
            pointers.iter().take(POINTERS).map(|pointer| plain(pointer.trim_start_matches('/'))).collect();
        let more = pointers.len().saturating_sub(POINTERS);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        page.item("· ", &format!("{}{more}: {}", named.join(", "), plain(message)));
    }
}
