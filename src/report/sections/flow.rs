//! Time in state, transitions and handoffs.

use crate::report::clocks::Shown;
use crate::report::format::{count, decimal, duration, percent, plural};
use crate::report::model::{Findings, HandoffsFound, Quantiles, StateFound};
use crate::report::page::{Grid, Page};
use crate::report::visible::{clip, plain, visible};

/// Transitions shown.
const TOP_TRANSITIONS: usize = 10;
/// Pairs of owners shown.
const TOP_PAIRS: usize = 8;
/// States shown.
const TOP_STATES: usize = 20;

pub(super) fn states(page: &mut Page, findings: &Findings) {
    page.heading("states", "Time in state");
    let wide = page.is_wide();
    let clocks = page.clocks(findings.clocks.business.is_some());
    // Four columns of percentiles leave no room for class and total in 80 columns.
    let with_all = wide || !clocks.both();
    let mut grid = Grid::new().text("State");
    if with_all {
        grid = grid.detail("Class");
    }
    grid = grid.number("Visits");
    if with_all {
        grid = grid.numbers(&clocks.headers("Time"));
    }
    grid = grid.number("Share");
    grid = grid.numbers(&clocks.headers("p50")).numbers(&clocks.headers("p90")).fold_after(TOP_STATES);
    if page.is_graphic() {
        grid = grid.bars_of("Share");
    }
    if wide {
        grid = grid.numbers(&clocks.headers("p99")).numbers(&clocks.headers("mean")).number("Open");
        grid = grid.numbers(&clocks.headers("Next p50")).numbers(&clocks.headers("Next p90"));
    }
    let most = page.most(TOP_STATES);
    for state in findings.states.iter().take(most) {
        let (done, next) = (&state.completed_ms, &state.next_step_ms);
        let (done_work, next_work) = (state.completed_business_ms.as_ref(), state.next_step_business_ms.as_ref());
        let work = |of: fn(&Quantiles) -> Option<i64>| done_work.and_then(of);
        let mut cells = vec![visible(&state.state)];
        if with_all {
            cells.push(format!("{}{}", plain(&state.class), if state.unclassified { " ?" } else { "" }));
        }
        cells.push(count(state.visits));
        if with_all {
            cells.extend(clocks.cells(Some(state.total_ms), state.total_business_ms));
        }
        cells.push(state.share.map_or_else(|| "–".to_owned(), percent));
        cells.extend(clocks.cells(done.p50, work(|found| found.p50)));
        cells.extend(clocks.cells(done.p90, work(|found| found.p90)));
        if wide {
            cells.extend(clocks.cells(done.p99, work(|found| found.p99)));
            cells.extend(clocks.cells(done.mean, work(|found| found.mean)));
            cells.push(count(state.open_visits));
            cells.extend(clocks.cells(next.p50, next_work.and_then(|found| found.p50)));
            cells.extend(clocks.cells(next.p90, next_work.and_then(|found| found.p90)));
        }
        grid.push(cells);
        if page.is_graphic() {
            grid.bar(state.share.unwrap_or(0.0));
        }
    }
    page.grid(grid);
    let next = if wide { " Next: entry to the next change of state or owner." } else { "" };
    let share = if clocks.has_business { " on the wall clock" } else { "" };
    page.faint(&format!(
        "Completed visits; shares are of the time outside terminal states{share}.{next} {}",
        clocks.legend()
    ));
    if findings.states.len() > most {
        page.faint(&format!("{} more: table states.", findings.states.len() - most));
    }
    findings.states.iter().take(TOP_STATES).for_each(|state| open_visits(page, state));
    unclassified(page, &findings.states);
}

fn open_visits(page: &mut Page, state: &StateFound) {
    let Some(survival) = &state.survival_ms else { return };
    page.item(
        "· ",
        &format!(
            "\"{}\": {} not over yet; counting them, p50 {} and p90 {} (Kaplan-Meier, wall clock).",
            clip(&visible(&state.state), 40, "…"),
            plural(state.open_visits, "visit is", "visits are"),
            survival.p50.map_or_else(|| "not reached".to_owned(), duration),
            survival.p90.map_or_else(|| "not reached".to_owned(), duration),
        ),
    );
}

fn unclassified(page: &mut Page, states: &[StateFound]) {
    let names: Vec<String> = states
        .iter()
        .filter(|state| state.unclassified)
        .map(|state| format!("\"{}\"", clip(&visible(&state.state), 30, "…")))
        .collect();
    if names.is_empty() {
        return;
    }
    let shown = names.iter().take(TOP_STATES).cloned().collect::<Vec<_>>().join(", ");
    page.warn(&format!(
        "{} not recognised and counted as active (?): {shown}.",
        plural(names.len() as u64, "state", "states")
    ));
}

pub(super) fn transitions(page: &mut Page, findings: &Findings) {
    if findings.transitions.is_empty() {
        return;
    }
    page.heading("transitions", "Most frequent transitions");
    let most = page.most(TOP_TRANSITIONS);
    let clocks = page.clocks(findings.clocks.business.is_some());
    let with_mean = page.is_wide() || !clocks.both();
    let mut grid = Grid::new().text("From").text("To").number("Times");
    grid = grid.numbers(&clocks.headers("p50")).numbers(&clocks.headers("p90")).fold_after(TOP_TRANSITIONS);
    if with_mean {
        grid = grid.numbers(&clocks.headers("mean"));
    }
    for transition in findings.transitions.iter().take(most) {
        let mut cells = vec![visible(&transition.from), visible(&transition.to), count(transition.count)];
        cells.extend(clocks.cells(transition.p50_ms, transition.p50_business_ms));
        cells.extend(clocks.cells(transition.p90_ms, transition.p90_business_ms));
        if with_mean {
            cells.extend(clocks.cells(transition.mean_ms, transition.mean_business_ms));
        }
        grid.push(cells);
    }
    page.grid(grid);
    let rest = findings.transitions.len().saturating_sub(most);
    let more = if rest > 0 { format!(" {rest} more: table transitions.") } else { String::new() };
    page.faint(&format!("Durations are of the state left. {}{more}", clocks.legend()));
}

/// What a definition of handoff counts, in words.
fn counts(kind: &str) -> &'static str {
    match kind {
        "group" => "one known group to another",
        "group_or_unassigned" => "also to and from unassigned",
        "person" => "one known person to another",
        "owner" => "group or person, per event",
        "actor" => "the next person acts",
        "system" => "the source system changes",
        "human_bot" => "person to bot or back",
        _ => "",
    }
}

pub(super) fn handoffs(page: &mut Page, findings: &Findings) {
    let found = &findings.handoffs;
    page.heading("handoffs", "Handoffs, by every definition");
    let mut grid = Grid::new().text("Definition").number("Total").number("Cases").number("Per case").prose("Counts");
    for (kind, number) in &found.kinds {
        let name = if found.definition == Some(*kind) { format!("{kind} (headline)") } else { (*kind).to_owned() };
        let pointer = format!("/handoffs/kinds/{kind}");
        let cells = match number {
            Some(number) => [count(number.total), count(number.cases), decimal(number.per_case, 2)],
            None => [page.unknown(&pointer), "–".to_owned(), "–".to_owned()],
        };
        let [total, cases, per_case] = cells;
        grid.row([name, total, cases, per_case, counts(kind).to_owned()]);
    }
    page.grid(grid);
    if found.definition.is_none() {
        let why = page.because("/handoffs/definition");
        page.say(&format!("No headline: the log names no owner and no actor.{why}"));
    }
    let clocks = page.clocks(findings.clocks.business.is_some());
    returns(page, found);
    pickup(page, found, clocks);
    page.end_notes();
    pairs(page, found, clocks);
}

fn returns(page: &mut Page, found: &HandoffsFound) {
    let ping_pong = page.or_unknown(found.ping_pong.as_ref(), "/handoffs/ping_pong", |ping_pong| {
        format!("{} in {}", count(ping_pong.total), plural(ping_pong.cases, "case", "cases"))
    });
    let returns = page.or_unknown(found.returns, "/handoffs/returns", count);
    page.say(&format!("Back to the owner before last (ping-pong): {ping_pong}. Back to any earlier owner: {returns}."));
}

fn pickup(page: &mut Page, found: &HandoffsFound, clocks: Shown) {
    let rule = match found.pickup_rule {
        Some("event_by_new_owner") => "until the new owner acts".to_owned(),
        Some("entry_into_active") => "until the case next enters an active state".to_owned(),
        Some(other) => plain(other),
        None => page.unknown("/handoffs/pickup_rule"),
    };
    let latency = if found.pickup_ms.n == 0 {
        page.unknown("/handoffs/pickup_ms")
    } else {
        let wall = [("p50", found.pickup_ms.p50), ("p90", found.pickup_ms.p90)];
        let business = found.pickup_business_ms.as_ref().map(|found| [("p50", found.p50), ("p90", found.p90)]);
        let said = clocks.said(&wall, business.as_ref().map_or(&[], |values| values.as_slice()), ", ");
        format!("{said} over {}", plural(found.pickup_ms.n, "handoff", "handoffs"))
    };
    page.say(&format!(
        "Pickup, {rule}: {latency}; {} passed on or closed first, {} taken by the receiver, {} cannot be seen.",
        count(found.passed_on),
        count(found.self_assigned),
        count(found.pickup_unknown),
    ));
}

fn pairs(page: &mut Page, found: &HandoffsFound, clocks: Shown) {
    if found.pairs.is_empty() {
        if found.definition.is_some_and(|definition| definition != "group") {
            page.faint("Pairs of people are shown with --people only.");
        }
        return;
    }
    page.blank();
    let (half, most) = if clocks.both() { ("p50", "p90") } else { ("Pickup p50", "Pickup p90") };
    let mut grid = Grid::new().text("From").text("To").number("Times");
    grid = grid.numbers(&clocks.headers(half)).numbers(&clocks.headers(most)).fold_after(TOP_PAIRS);
    let most = page.most(TOP_PAIRS);
    for pair in found.pairs.iter().take(most) {
        let mut cells = vec![visible(&pair.from), visible(&pair.to), count(pair.count)];
        cells.extend(clocks.cells(pair.pickup_p50_ms, pair.pickup_p50_business_ms));
        cells.extend(clocks.cells(pair.pickup_p90_ms, pair.pickup_p90_business_ms));
        grid.push(cells);
    }
    page.grid(grid);
    page.faint(&format!("Durations are pickup latencies. {}", clocks.legend()));
    if found.pairs.len() > most {
        page.faint(&format!("{} more: table handoff_pairs.", found.pairs.len() - most));
    }
}
