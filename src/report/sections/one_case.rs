//! The sections of `wcaf case`: how it stands, what happened, where the time went, handoffs, and every event.

use std::collections::BTreeMap;

use super::{opening, timers};
use crate::log::LogText;
use crate::report::answer::waited_for;
use crate::report::case::{CaseReport, CellFound, EventFound, HandoffFound, RankFound, SaidFound, VisitFound};
use crate::report::clocks::Shown;
use crate::report::format::{GLUE, count, duration, instant, percent, plural, working_or_unknown};
use crate::report::page::{Block, Grid, Medium, Page};
use crate::report::visible::{plain, visible};

/// Others that a duration is compared with in words, at least.
const FEWEST: u64 = 5;

/// The case as blocks.
pub(in crate::report) fn one_case(report: &CaseReport, medium: Medium) -> Vec<Block> {
    let reasons = BTreeMap::new();
    let mut page = Page::new(medium, &reasons);
    page.title(&format!("Case {}", visible(&report.case)), &format!("{} {}", report.tool.name, report.tool.version));
    let clocks = page.clocks(report.duration_business_ms.is_some());
    page.say(&standing(report, clocks));
    page.say(&counted(report));
    report.filter.iter().for_each(|found| opening::chosen(&mut page, found));
    if let Some(most) = report.ledger.first().filter(|cell| cell.duration_ms > 0) {
        page.say(&where_most_went(most, clocks));
    }
    story(&mut page, report);
    timers::of_case(&mut page, report);
    ledger(&mut page, report);
    handoffs(&mut page, report);
    events(&mut page, report);
    page.finish()
}

/// An instant of the report in words.
fn at(iso: &str) -> String {
    instant(&plain(iso))
}

/// How it stands: `Completed 2016-03-05 12:00 UTC after 4.3 d, longer than 78 % of 24,917 other completed cases.`
fn standing(report: &CaseReport, clocks: Shown) -> String {
    let took = clocks.one(report.duration_ms, report.duration_business_ms);
    let longer = longer_than(report.rank, "other completed cases");
    match (report.status, &report.completed) {
        (status, Some(end)) => {
            format!("It was {status} {} UTC, {took} after its first event{longer}.", at(end))
        }
        (status, None) => {
            let note = if status == "stale" { " and silent for so long that it counts as forgotten" } else { "" };
            format!("It is open{note} at {} UTC, {took} after its first event{longer}.", at(&report.as_of))
        }
    }
}

/// `, longer than 78 % of 24,917 finished visits`; nothing where there are too few to compare with.
fn longer_than(rank: Option<RankFound>, whom: &str) -> String {
    match rank {
        Some(RankFound { share, of }) if of >= FEWEST && share >= 1.0 => {
            format!(", longer than all {} {whom}", count(of))
        }
        // a share of nearly all would round up to all of them
        Some(RankFound { share, of }) if of >= FEWEST && share >= 0.9995 => {
            format!(", longer than nearly all {} {whom}", count(of))
        }
        Some(RankFound { share, of }) if of >= FEWEST => {
            format!(", longer than {} of {} {whom}", percent(share), count(of))
        }
        _ => String::new(),
    }
}

fn counted(report: &CaseReport) -> String {
    let counts = &report.counts;
    let mut parts = vec![plural(counts.events, "event", "events")];
    parts.extend(counts.touches.map(|touches| plural(touches, "touch by people", "touches by people")));
    if let (Some(handoffs), Some(definition)) = (counts.handoffs, report.handoffs.definition) {
        let back = if counts.ping_pongs > 0 {
            format!(", {} of them back to the owner before last", count(counts.ping_pongs))
        } else {
            String::new()
        };
        parts.push(format!("{} (by `{definition}`{back})", plural(handoffs, "handoff", "handoffs")));
    }
    parts.push(plural(counts.exceptions, "exception", "exceptions"));
    parts.push(plural(counts.reopens, "reopen", "reopens"));
    format!("{}.", parts.join(", "))
}

fn where_most_went(cell: &CellFound, clocks: Shown) -> String {
    let share = percent(cell.share);
    let time = if clocks.wall() {
        format!("{} ({share})", duration(cell.duration_ms))
    } else {
        working_or_unknown(cell.in_hours_ms)
    };
    let state = visible(&cell.state);
    let why = match (cell.class, cell.waiting_on) {
        ("reopened_gap", _) => "thought to be finished before it was reopened".to_owned(),
        (_, "nobody") => format!("in {state}, waiting for nobody"),
        (_, party) => format!("in {state}, waiting for {}", plain(waited_for(party))),
    };
    format!("Most of the time, {time}, it was {why}.")
}

/// One item per visit, handoff and service-level timer, in order of time; a timer stands where it ended.
fn story(page: &mut Page, report: &CaseReport) {
    page.heading("story", "What happened");
    let clocks = page.clocks(report.duration_business_ms.is_some());
    let visits = report.visits.iter().map(|visit| (visit.entered.as_str(), 0, visit_told(visit, clocks)));
    let handoffs = report.handoffs.list.iter().map(|handoff| (handoff.at.as_str(), 1, handoff_told(handoff, clocks)));
    let turns = report.events.iter().flat_map(|event| turns_of(event).map(|told| (event.at.as_str(), 2, told)));
    let timers = report.timers.iter().flatten().map(|found| {
        let until = found.timer.ended.as_deref().unwrap_or(&report.as_of);
        (until, 3, timers::told(found))
    });
    let mut told: Vec<(&str, u8, String)> = visits.chain(handoffs).chain(turns).chain(timers).collect();
    told.sort_by_key(|(at, order, _)| (*at, *order));
    for (when, _, text) in told {
        page.item(&format!("{} ", at(when)), &text);
    }
}

fn visit_told(visit: &VisitFound, clocks: Shown) -> String {
    let state = visible(&visit.state);
    let group = visit.group.as_ref().map_or_else(String::new, |group| format!(" with {}", visible(group)));
    let took = clocks.one(visit.duration_ms, visit.duration_business_ms);
    let rank = longer_than(visit.rank, "finished visits");
    match (&visit.left, matches!(visit.class, "done" | "cancelled")) {
        (None, true) => format!("{state}{group}: the end."),
        (None, false) => format!("{state}{group}: there for {took} so far{rank}."),
        (Some(_), _) => format!("{state}{group}: for {took}{rank}."),
    }
}

fn handoff_told(handoff: &HandoffFound, clocks: Shown) -> String {
    let name = |owner: &Option<_>| owner.as_ref().map_or_else(|| "nobody".to_owned(), visible);
    let (from, to) = (name(&handoff.from), name(&handoff.to));
    let back = if handoff.ping_pong {
        ", back to the owner before last"
    } else if handoff.is_return {
        ", who had it before"
    } else {
        ""
    };
    let pickup = match (handoff.pickup, handoff.pickup_ms) {
        ("picked_up", Some(ms)) => format!("picked up after {}", clocks.one(ms, handoff.pickup_business_ms)),
        ("self_assigned", _) => "taken by the receiver".to_owned(),
        ("passed_on", _) => "passed on or closed before anybody picked it up".to_owned(),
        _ => "when it was picked up is not known".to_owned(),
    };
    format!("Handed from {from} to {to}{back}; {pickup}.")
}

/// Reopens and escalations.
fn turns_of(event: &EventFound) -> impl Iterator<Item = String> {
    let by = event.actor.as_ref().map_or_else(String::new, |actor| format!(" by {}", visible(actor)));
    event.changes.iter().filter_map(move |change| match *change {
        "reopened" => Some(format!("Reopened{by}.")),
        "escalated" => Some(format!("Escalated{by}.")),
        _ => None,
    })
}

fn ledger(page: &mut Page, report: &CaseReport) {
    page.heading("ledger", "Where the time went");
    let clocks = page.clocks(report.duration_business_ms.is_some());
    let mut grid = Grid::new().text("State").text("Waiting for").text("Bucket");
    grid = grid.numbers(&clocks.headers("Time")).number("Share");
    for cell in &report.ledger {
        let state = visible(&cell.state);
        let state = if cell.class == "reopened_gap" { format!("{state} (reopened)") } else { state };
        let party = if cell.waiting_on == "nobody" { "–".to_owned() } else { plain(waited_for(cell.waiting_on)) };
        let mut cells = vec![state, party, plain(cell.bucket)];
        cells.extend(clocks.cells(Some(cell.duration_ms), cell.in_hours_ms));
        cells.push(percent(cell.share));
        grid.push(cells);
    }
    if report.ledger.is_empty() {
        page.say("It was over the moment it began.");
    }
    page.grid(grid);
}

fn handoffs(page: &mut Page, report: &CaseReport) {
    if report.handoffs.list.is_empty() {
        return;
    }
    page.heading("handoffs", "Handoffs");
    let clocks = page.clocks(report.duration_business_ms.is_some());
    let grid = Grid::new().text("When (UTC)").text("From").text("To").text("Pickup");
    let mut grid = grid.numbers(&clocks.headers("After"));
    for handoff in &report.handoffs.list {
        let name = |owner: &Option<_>| owner.as_ref().map_or_else(|| "–".to_owned(), visible);
        let pickup = plain(&handoff.pickup.replace('_', " "));
        let mut cells = vec![at(&handoff.at), name(&handoff.from), name(&handoff.to), pickup];
        cells.extend(clocks.cells(handoff.pickup_ms, handoff.pickup_business_ms));
        grid.push(cells);
    }
    page.grid(grid);
}

fn events(page: &mut Page, report: &CaseReport) {
    page.heading("events", "Every event");
    for (number, source) in report.sources.iter().enumerate().filter(|_| report.sources.len() > 1) {
        page.item(&format!("{}: ", number + 1), &visible(source));
    }
    if let [source] = report.sources.as_slice() {
        page.faint(&format!("Lines are those of {}.", visible(source)));
    }
    let clocks = page.clocks(report.duration_business_ms.is_some());
    let grid = Grid::new().text("When (UTC)").number("Line");
    let mut grid = grid.numbers(&clocks.headers("After")).prose("What");
    for event in &report.events {
        let mut cells = vec![at(&event.at), place(report, event.source, event.line)];
        let after = clocks.cells(event.since_ms, event.since_business_ms);
        cells.extend(after.into_iter().map(|cell| if event.since_ms.is_some() { cell } else { String::new() }));
        cells.push(what(event));
        grid.push(cells);
    }
    page.grid(grid);
    if clocks.has_business {
        page.faint(&format!("{}{}", clocks.legend(), clocks.ranked(report.ranked_by)));
    }
}

/// Where an event stands: its line, with the number of its file where there are several.
pub(super) fn place(report: &CaseReport, source: Option<usize>, line: Option<u64>) -> String {
    match (source, line) {
        (Some(source), Some(line)) if report.sources.len() > 1 => format!("{}:{line}", source + 1),
        (_, Some(line)) => line.to_string(),
        (_, None) => "–".to_owned(),
    }
}

/// What a comment is for and why: `chase: "any update" (English)`.
fn reason(said: &SaidFound) -> String {
    match (&said.phrase, &said.language) {
        (Some(phrase), Some(language)) => {
            let phrase = visible(&LogText::new(phrase.clone()));
            format!("{}: {phrase} ({})", plain(said.mark), plain(language_name(language)))
        }
        _ => format!("{}: {}", plain(said.mark), plain(&said.why)),
    }
}

/// The name of a language; its code where it is not a built-in one.
pub(super) fn language_name(code: &str) -> &str {
    match code {
        "en" => "English",
        "de" => "German",
        "nl" => "Dutch",
        "fr" => "French",
        "es" => "Spanish",
        "it" => "Italian",
        "pt" => "Portuguese",
        "ja" => "Japanese",
        other => other,
    }
}

/// What an event was: activity, who, and what changed.
fn what(event: &EventFound) -> String {
    let mut parts: Vec<String> = event.activity.iter().map(visible).collect();
    let first = event.since_ms.is_none();
    let changed = |what: &str| first || event.changes.contains(&what);
    if changed("state") {
        parts.push(format!("state{GLUE}{}", visible(&event.state)));
    }
    let owner = |owner: &Option<_>| owner.as_ref().map_or_else(|| "nobody".to_owned(), visible);
    if changed("group") && (!first || event.group.is_some()) {
        parts.push(format!("group{GLUE}{}", owner(&event.group)));
    }
    if changed("assignee") && (!first || event.assignee.is_some()) {
        parts.push(format!("assignee{GLUE}{}", owner(&event.assignee)));
    }
    let others = event.changes.iter().filter(|change| matches!(**change, "reopened" | "escalated" | "comment"));
    parts.extend(others.map(|change| plain(change)));
    parts.extend(event.said.iter().map(reason));
    let by = event.actor.as_ref().map_or_else(String::new, |actor| {
        format!(
            "{}by {}{}",
            if parts.is_empty() { "" } else { ", " },
            visible(actor),
            if event.bot { " (bot)" } else { "" }
        )
    });
    if parts.is_empty() && by.is_empty() { "nothing visible changed".to_owned() } else { parts.join(", ") + &by }
}
