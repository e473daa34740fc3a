//! The sections of `wcaf aging` and of its daily form.

use std::collections::BTreeMap;

use super::{opening, timers};
use crate::report::aging::{ActsNext, AgingReport, DailyReport, DoneCase, Waiting};
use crate::report::format::{count, duration, instant, percent, plural, working_or_unknown};
use crate::report::page::{Block, Grid, Medium, Page};
use crate::report::visible::{plain, visible};

/// Forgotten cases, ids of a list and kinds of moves shown.
const TOP: usize = 10;

/// The open cases as blocks; of a long list the first `top`.
pub(in crate::report) fn aging(report: &AgingReport, top: usize, medium: Medium) -> Vec<Block> {
    let reasons = BTreeMap::new();
    let mut page = Page::new(medium, &reasons);
    page.title("Open cases", &format!("{} {}", report.tool.name, report.tool.version));
    let at = instant(&plain(&report.as_of));
    let cases = plural(report.cases, "case", "cases");
    page.say(&format!("{} of {cases} open at {at} UTC.", count(report.open)));
    report.filter.iter().for_each(|found| opening::chosen(&mut page, found));
    if report.open == 0 {
        page.say("Nothing waits: every case ended in a terminal state. A log of closed cases only cannot show what is stuck.");
        return page.finish();
    }
    forgotten(&mut page, report);
    states(&mut page, report);
    timers::open_timers(&mut page, report, top);
    page.heading("items", "Longest in their state, compared with finished visits");
    table(&mut page, report, top);
    let more = report.items.len().saturating_sub(top);
    if more > 0 {
        page.faint(&format!("{} more: `--top {}` or `--format json`.", count(more as u64), report.items.len()));
    }
    page.heading("sentences", "What to send");
    for item in report.items.iter().take(top) {
        page.item(&format!("{}: ", visible(&item.case)), &visible(&item.sentence));
    }
    page.finish()
}

fn forgotten(page: &mut Page, report: &AgingReport) {
    if report.stale_cases == 0 {
        return;
    }
    let cases = plural(report.stale_cases, "case is", "cases are");
    page.heading("stale", &format!("Clean-up first: {cases} probably forgotten"));
    page.say(&format!(
        "Nothing happened to them for more than {}. They are left out of everything below.",
        duration(report.stale_after_ms)
    ));
    let mut grid = Grid::new().text("Case").text("State").number("Silent for");
    for stale in report.stale.iter().take(TOP) {
        grid.row([visible(&stale.case), visible(&stale.state), duration(stale.silent_ms)]);
    }
    page.grid(grid);
}

fn states(page: &mut Page, report: &AgingReport) {
    page.heading("states", "Where they are");
    let clocks = page.clocks(has_work(report));
    let grid = Grid::new().text("State").text("Class").number("Cases").number("Too long");
    let mut grid = grid.numbers(&clocks.headers("Oldest"));
    for state in &report.states {
        let mut cells = vec![
            visible(&state.state),
            plain(&state.class.replace('_', " ")),
            count(state.open),
            state.beyond_p90.map_or_else(|| "–".to_owned(), count),
        ];
        cells.extend(clocks.cells(Some(state.oldest_ms), state.oldest_business_ms));
        grid.push(cells);
    }
    page.grid(grid);
    let ranked = clocks.ranked(report.ranked_by);
    page.faint(&format!("Too long: longer in the state than 90 % of the finished visits.{ranked}"));
}

fn table(page: &mut Page, report: &AgingReport, top: usize) {
    let has_levels = report.sla.is_some();
    let several = report.sla.as_ref().is_some_and(|levels| levels.len() > 1);
    let has_work = has_work(report);
    let clocks = page.clocks(has_work);
    let wall = clocks.wall();
    // on a terminal there is no room for working hours beside service levels and the wall clock
    let work = clocks.business() && (page.is_endless() || !has_levels || !wall);
    let (there, touched) = if wall { ("work", "work since touch") } else { ("There for work", "Since touch work") };
    // header, whether it holds numbers, whether it is shown
    let columns: [(&str, bool, bool); 12] = [
        ("Case", false, true),
        ("State", false, true),
        ("There for", true, wall),
        (there, true, work),
        ("Longer than", true, true),
        ("Service level", false, has_levels),
        ("Next", false, true),
        ("Finished", true, page.is_wide()),
        ("Lasts longer", true, page.is_wide()),
        ("Since touch", true, wall && page.is_wide()),
        (touched, true, work && page.is_wide()),
        ("Priority", false, page.is_wide()),
    ];
    let mut grid = Grid::new();
    for (header, is_number, _) in columns.iter().filter(|(_, _, shown)| *shown) {
        grid = if *is_number { grid.number(header) } else { grid.text(header) };
    }
    let unknown = || "–".to_owned();
    for item in report.items.iter().take(top) {
        let touch = item.last_touch.as_ref();
        let cells = [
            visible(&item.case),
            visible(&item.state),
            duration(item.age_ms),
            working_or_unknown(item.age_business_ms),
            item.rank.map_or_else(unknown, |rank| percent(rank.share)),
            timers::most_urgent(item, several),
            who(&item.acts_next),
            item.rank.map_or_else(unknown, |rank| count(rank.of)),
            item.outlasting.map_or_else(unknown, percent),
            touch.map_or_else(unknown, |touch| duration(touch.ago_ms)),
            working_or_unknown(touch.and_then(|touch| touch.ago_business_ms)),
            item.priority.as_ref().map_or_else(unknown, visible),
        ];
        let shown = cells.into_iter().zip(&columns).filter(|(_, (_, _, shown))| *shown);
        grid.push(shown.map(|(cell, _)| cell).collect());
    }
    page.grid(grid);
    if has_work {
        let legend = if work { "work: hours of the calendar of the case." } else { "" };
        page.faint(format!("{legend}{}", clocks.ranked(report.ranked_by)).trim());
    }
}

/// Whether any case has a business clock.
fn has_work(report: &AgingReport) -> bool {
    report.items.iter().any(|item| item.age_business_ms.is_some())
}

/// Who must act, in a word or two.
pub(super) fn who(next: &ActsNext) -> String {
    match (next.party, &next.name) {
        ("owner" | "group", Some(name)) => visible(name),
        (party, Some(name)) => format!("{} ({})", plain(party), visible(name)),
        (party, None) => plain(party),
    }
}

/// The daily report as blocks; of a long list the first `top`.
pub(in crate::report) fn daily(report: &DailyReport, top: usize, medium: Medium) -> Vec<Block> {
    let reasons = BTreeMap::new();
    let mut page = Page::new(medium, &reasons);
    page.title("Daily report", &format!("{} {}", report.tool.name, report.tool.version));
    let (since, at) = (instant(&plain(&report.since)), instant(&plain(&report.as_of)));
    let [before, now] = report.open;
    page.say(&format!("From {since} to {at} UTC. Open: {} then, {} now.", count(before), count(now)));
    report.filter.iter().for_each(|found| opening::chosen(&mut page, found));
    changed(&mut page, report);
    let new = report.at_risk.iter().filter(|risk| risk.new).count() as u64;
    let cases = plural(report.at_risk.len() as u64, "case", "cases");
    page.heading("risk", &format!("At risk: {cases}, {} of them newly", count(new)));
    if report.at_risk.is_empty() {
        let timers =
            if report.breaches.is_some() { ", and no service level is near its breach or newly past it" } else { "" };
        page.say(&format!("No open case is longer in its state than 90 % of the finished visits{timers}."));
    }
    for risk in report.at_risk.iter().take(top) {
        let new = if risk.new { "new: " } else { "" };
        page.item(&format!("{}: ", visible(&risk.item.case)), &format!("{new}{}", visible(&risk.item.sentence)));
    }
    more(&mut page, report.at_risk.len(), top);
    acts_next(&mut page, &report.acts_next, top);
    page.finish()
}

fn changed(page: &mut Page, report: &DailyReport) {
    page.heading("changed", "What changed");
    let mut parts = vec![
        format!("{} arrived", plural(report.arrived.len() as u64, "case", "cases")),
        format!("{} completed", count(report.completed.len() as u64)),
        format!("{} reopened", count(report.reopened.len() as u64)),
    ];
    parts.extend(report.handoffs.map(|handoffs| plural(handoffs, "handoff", "handoffs")));
    let breaches = report.breaches.as_ref().map(|breaches| breaches.len() as u64);
    parts.extend(breaches.map(|breaches| plural(breaches, "service-level breach", "service-level breaches")));
    page.say(&format!("{}.", parts.join(", ")));
    ids(page, "Arrived", report.arrived.iter().map(visible).collect());
    let clocks = page.clocks(report.completed.iter().any(|done| done.duration_business_ms.is_some()));
    let told = |done: &DoneCase| {
        let took = clocks.one(done.duration_ms, done.duration_business_ms);
        format!("{} after {took}", visible(&done.case))
    };
    let completed = report.completed.iter();
    ids(page, "Completed", completed.map(told).collect());
    ids(page, "Reopened", report.reopened.iter().map(visible).collect());
    ids(page, "Breached", timers::breached(report));
    let mut grid = Grid::new().text("From").text("To").number("Moves");
    for moves in report.moves.iter().take(TOP) {
        grid.row([visible(&moves.from), visible(&moves.to), count(moves.count)]);
    }
    page.grid(grid);
    more(page, report.moves.len(), TOP);
}

/// A list of ids, cut where it is long.
fn ids(page: &mut Page, what: &str, ids: Vec<String>) {
    if ids.is_empty() {
        return;
    }
    let left = ids.len().saturating_sub(TOP);
    let rest = if left > 0 { format!(" and {} more", count(left as u64)) } else { String::new() };
    let shown: Vec<String> = ids.into_iter().take(TOP).collect();
    page.item(&format!("{what}: "), &format!("{}{rest}.", shown.join(", ")));
}

fn more(page: &mut Page, of: usize, shown: usize) {
    if of > shown {
        page.faint(&format!("{} more: `--format json` has all.", count((of - shown) as u64)));
    }
}

fn acts_next(page: &mut Page, waiting: &[Waiting], top: usize) {
    page.heading("next", "Who acts next");
    let clocks = page.clocks(waiting.iter().any(|waiting| waiting.oldest_business_ms.is_some()));
    let mut grid = Grid::new().text("Who").number("Cases").number("At risk").numbers(&clocks.headers("Oldest"));
    for waiting in waiting.iter().take(top) {
        let mut cells = vec![who(&waiting.who), count(waiting.cases), count(waiting.at_risk)];
        cells.extend(clocks.cells(Some(waiting.oldest_ms), waiting.oldest_business_ms));
        grid.push(cells);
    }
    if waiting.is_empty() {
        page.say("Nobody: no case is open.");
    }
    page.grid(grid);
    more(page, waiting.len(), top);
}
