//! Time in state, transitions and handoffs.

use crate::report::format::{count, decimal, duration, duration_or_unknown, percent, plural};
use crate::report::model::{Findings, HandoffsFound, StateFound};
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
    let mut grid = Grid::new().text("State").detail("Class").number("Visits").number("Time").number("Share");
    grid = grid.number("p50").number("p90").fold_after(TOP_STATES);
    if page.is_graphic() {
        grid = grid.bars_of("Share");
    }
    if wide {
        grid = grid.number("p99").number("mean").number("Open").number("Next p50").number("Next p90");
    }
    let most = page.most(TOP_STATES);
    for state in findings.states.iter().take(most) {
        let mut cells = vec![
            visible(&state.state),
            format!("{}{}", plain(&state.class), if state.unclassified { " ?" } else { "" }),
            count(state.visits),
            duration(state.total_ms),
            state.share.map_or_else(|| "–".to_owned(), percent),
            duration_or_unknown(state.completed_ms.p50),
            duration_or_unknown(state.completed_ms.p90),
        ];
        if wide {
            let (done, next) = (&state.completed_ms, &state.next_step_ms);
            cells.extend([done.p99, done.mean].map(duration_or_unknown));
            cells.push(count(state.open_visits));
            cells.extend([next.p50, next.p90].map(duration_or_unknown));
        }
        grid.push(cells);
        if page.is_graphic() {
            grid.bar(state.share.unwrap_or(0.0));
        }
    }
    page.grid(grid);
    let next = if wide { " Next: entry to the next change of state or owner." } else { "" };
    page.faint(&format!("Completed visits; shares are of the time outside terminal states.{next}"));
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
            "\"{}\": {} not over yet; counting them, p50 {} and p90 {} (Kaplan-Meier).",
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
    let mut grid = Grid::new().text("From").text("To").number("Times").number("p50").number("p90").number("mean");
    grid = grid.fold_after(TOP_TRANSITIONS);
    for transition in findings.transitions.iter().take(most) {
        grid.row([
            visible(&transition.from),
            visible(&transition.to),
            count(transition.count),
            duration_or_unknown(transition.p50_ms),
            duration_or_unknown(transition.p90_ms),
            duration_or_unknown(transition.mean_ms),
        ]);
    }
    page.grid(grid);
    let rest = findings.transitions.len().saturating_sub(most);
    let more = if rest > 0 { format!(" {rest} more: table transitions.") } else { String::new() };
    page.faint(&format!("Durations are of the state left.{more}"));
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
    returns(page, found);
    pickup(page, found);
    page.end_notes();
    pairs(page, found);
}

fn returns(page: &mut Page, found: &HandoffsFound) {
    let ping_pong = page.or_unknown(found.ping_pong.as_ref(), "/handoffs/ping_pong", |ping_pong| {
        format!("{} in {}", count(ping_pong.total), plural(ping_pong.cases, "case", "cases"))
    });
    let returns = page.or_unknown(found.returns, "/handoffs/returns", count);
    page.say(&format!("Back to the owner before last (ping-pong): {ping_pong}. Back to any earlier owner: {returns}."));
}

fn pickup(page: &mut Page, found: &HandoffsFound) {
    let rule = match found.pickup_rule {
        Some("event_by_new_owner") => "until the new owner acts".to_owned(),
        Some("entry_into_active") => "until the case next enters an active state".to_owned(),
        Some(other) => plain(other),
        None => page.unknown("/handoffs/pickup_rule"),
    };
    let latency = if found.pickup_ms.n == 0 {
        page.unknown("/handoffs/pickup_ms")
    } else {
        let (half, most) = (duration_or_unknown(found.pickup_ms.p50), duration_or_unknown(found.pickup_ms.p90));
        format!("p50 {half}, p90 {most} over {}", plural(found.pickup_ms.n, "handoff", "handoffs"))
    };
    page.say(&format!(
        "Pickup, {rule}: {latency}; {} passed on or closed first, {} taken by the receiver, {} cannot be seen.",
        count(found.passed_on),
        count(found.self_assigned),
        count(found.pickup_unknown),
    ));
}

fn pairs(page: &mut Page, found: &HandoffsFound) {
    if found.pairs.is_empty() {
        if found.definition.is_some_and(|definition| definition != "group") {
            page.faint("Pairs of people are shown with --people only.");
        }
        return;
    }
    page.blank();
    let mut grid = Grid::new().text("From").text("To").number("Times").number("Pickup p50").number("Pickup p90");
    let most = page.most(TOP_PAIRS);
    grid = grid.fold_after(TOP_PAIRS);
    for pair in found.pairs.iter().take(most) {
        grid.row([
            visible(&pair.from),
            visible(&pair.to),
            count(pair.count),
            duration_or_unknown(pair.pickup_p50_ms),
            duration_or_unknown(pair.pickup_p90_ms),
        ]);
    }
    page.grid(grid);
    if found.pairs.len() > most {
        page.faint(&format!("{} more: table handoff_pairs.", found.pairs.len() - most));
    }
}
