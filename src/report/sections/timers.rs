//! Service-level timers in the reports on single cases: in `wcaf aging`, its daily form, and `wcaf case`.

use super::aging::who;
use crate::counts::business;
use crate::report::aging::{AgingItem, AgingReport, DailyReport, NewBreach};
use crate::report::case::CaseReport;
use crate::report::format::{GLUE, UNKNOWN, count, duration, instant};
use crate::report::page::{Grid, Page};
use crate::report::timers::{CaseTimer, StepFound, TimerFound};
use crate::report::visible::{plain, visible};

/// Timers shown as next to breach.
const TOP: usize = 10;

/// Time on the clock of a timer, which its unit names: `4.0 h`, `4.0 bh`, `3.2 bd`.
fn time(timer: &TimerFound, ms: i64) -> String {
    if timer.clock == "wall" { duration(ms) } else { business(ms, timer.day_ms).replace(' ', "\u{a0}") }
}

/// What is left of the target, or how far beyond it it is.
fn left(timer: &TimerFound) -> String {
    let size = time(timer, timer.remaining_ms.saturating_abs());
    if timer.remaining_ms < 0 { format!("{size} past") } else { format!("{size} left") }
}

/// An instant that may be unknown.
fn at(iso: Option<&str>) -> String {
    iso.map_or_else(|| UNKNOWN.to_owned(), |iso| plain(&instant(iso)))
}

/// How the timers of open cases stand, and which of them breaches next.
pub(super) fn open_timers(page: &mut Page, report: &AgingReport, top: usize) {
    let (Some(levels), Some(next)) = (&report.sla, &report.next_to_breach) else { return };
    page.heading("service-levels", "Service levels");
    let mut grid = Grid::new().text("Service level").number("Open timers").number("Past target");
    grid = grid.number("Near breach").number("Paused");
    for level in levels {
        let numbers = [level.open, level.open_past, level.near, level.paused].map(count);
        grid.push(std::iter::once(visible(&level.sla)).chain(numbers).collect());
    }
    page.grid(grid);
    if next.is_empty() {
        page.say("No timer runs within its target.");
        return;
    }
    page.blank();
    let several = levels.len() > 1;
    let mut grid = Grid::new().text("Next to breach").number("Left").text("Due (UTC)").text("Next");
    if several {
        grid = grid.detail("Service level");
    }
    let shown = top.min(TOP);
    for next in next.iter().take(shown) {
        let timer = &next.timer;
        let near = if timer.near { " (near)" } else { "" };
        let mut row = vec![visible(&next.case), format!("{}{near}", time(timer, timer.remaining_ms))];
        row.extend([at(timer.due.as_deref()), who(&next.acts_next)]);
        row.extend(several.then(|| visible(&timer.sla)));
        grid.push(row);
    }
    page.grid(grid);
    let more = next.len().saturating_sub(shown);
    let more = (more > 0).then(|| format!("{} more: `--format json`.", count(more as u64)));
    let business = next.iter().any(|next| next.timer.clock == "business");
    let units = business.then(|| "bh, bd: hours and days of the calendar of the service level.".to_owned());
    let notes: Vec<String> = more.into_iter().chain(units).collect();
    if !notes.is_empty() {
        page.faint(&notes.join(" "));
    }
}

/// The most urgent timer of a case in a few words; its name where there are several service levels.
pub(super) fn most_urgent(item: &AgingItem, several: bool) -> String {
    let Some(timer) = item.timers.iter().flatten().next() else { return UNKNOWN.to_owned() };
    let stands = match timer.status {
        "open_past" | "running" => left(timer),
        "paused" => format!("paused, {}", left(timer)),
        ended => plain(ended),
    };
    if several { format!("{stands} ({})", visible(&timer.sla)) } else { stands }
}

/// The new breaches, with the names of the service levels where there are several.
pub(super) fn breached(report: &DailyReport) -> Vec<String> {
    let new = report.breaches.as_deref().unwrap_or_default();
    let several = new.iter().any(|breach| breach.sla != new[0].sla);
    let one = |breach: &NewBreach| {
        let sla = if several { format!(" ({})", visible(&breach.sla)) } else { String::new() };
        format!("{}{sla}", visible(&breach.case))
    };
    new.iter().map(one).collect()
}

/// The timers of one case, each with what moved it.
pub(super) fn of_case(page: &mut Page, report: &CaseReport) {
    let Some(timers) = &report.timers else { return };
    page.heading("service-levels", "Service levels");
    if timers.is_empty() {
        page.say("No service level applies to this case.");
    }
    for (place, found) in timers.iter().enumerate() {
        if place > 0 {
            page.blank();
        }
        let timer = &found.timer;
        let clock = match &timer.calendar {
            Some(calendar) => format!("business time of {}", visible(calendar)),
            None => "wall clock".to_owned(),
        };
        let near = timer.near_at.as_deref().map(|near| format!("; near breach {}", at(Some(near))));
        let due = timer.due.as_deref().map(|due| format!("; due {}", at(Some(due))));
        page.say(&format!(
            "{}: {}. Target {}, {clock}{}{}.",
            name(found),
            plain(&timer.status.replace('_', " ")),
            plain(&timer.target),
            near.unwrap_or_default(),
            due.unwrap_or_default(),
        ));
        let mut grid = Grid::new().text("When (UTC)").number("Line").text("What").number("Ran").number("Left");
        for step in &found.steps {
            grid.row(row(report, timer, step));
        }
        if timer.ended.is_none() {
            let left = time(timer, timer.remaining_ms);
            let [when, ran] = [at(Some(&report.as_of)), time(timer, timer.elapsed_ms)];
            grid.row([when, UNKNOWN.to_owned(), "now".to_owned(), ran, left]);
        }
        page.grid(grid);
    }
}

fn row(report: &CaseReport, timer: &TimerFound, step: &StepFound) -> [String; 5] {
    let what = match step.what {
        "near" => "near breach".to_owned(),
        "due" => "breach".to_owned(),
        what => plain(what),
    };
    let left_ms = timer.target_ms.saturating_sub(step.elapsed_ms);
    let place = super::one_case::place(report, step.source, step.line);
    [at(Some(&step.at)), place, what, time(timer, step.elapsed_ms), time(timer, left_ms)]
}

/// The name of a timer: `resolution`, and `resolution (timer 2)` after a reset.
fn name(found: &CaseTimer) -> String {
    let id = visible(&found.timer.sla);
    if found.cycle == 0 { id } else { format!("{id} (timer{GLUE}{})", found.cycle + 1) }
}

/// A timer in a sentence, for the story of its case.
pub(super) fn told(found: &CaseTimer) -> String {
    let timer = &found.timer;
    let ran = format!("{} of {}", time(timer, timer.elapsed_ms), time(timer, timer.target_ms));
    let size = time(timer, timer.remaining_ms.saturating_abs());
    let due = at(timer.due.as_deref());
    let how = match timer.status {
        "met" => format!("was met: stopped after {ran}, {size} left"),
        "breached" => format!("was breached at {due}: stopped after {ran}, {size} past"),
        "open_past" => format!("was breached at {due} and is not stopped yet: {ran}, {size} past"),
        "running" if timer.near => format!("is near its breach: {ran}, {size} left, due {due}"),
        "running" => format!("runs: {ran}, {size} left, due {due}"),
        "paused" => format!("stands still: {ran}, {size} left"),
        "cancelled" => format!("was cancelled after {ran}"),
        _ => format!("was ended by a reset after {ran}"),
    };
    format!("Service level {} {how}.", name(found))
}
