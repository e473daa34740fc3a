//! The timers of single cases: how each stands, which is the most urgent, and what moved it.

use super::ServiceLevels;
use crate::counts::{business, duration};
use crate::log::text::shown;
use crate::log::{EventLog, LogText, Origin};
use crate::metrics::sla::{Status, Timer, Traced, Walker};
use crate::report::timers::{CaseTimer, OpenTimers, StepFound, TimerFound};
use crate::states::{CaseEvents, Semantics};
use crate::time::{DurationUnit, format_utc};

/// The timers of a case, the most urgent first.
///
/// Beyond the target, the longest due first; then running ones, the next due first; then paused ones, the least left
/// first; then those that have ended: breached, met, cancelled, reset.
pub fn of_case(levels: &ServiceLevels, case: usize) -> Vec<&Timer> {
    let from = levels.timers.partition_point(|timer| timer.case < case);
    let to = levels.timers.partition_point(|timer| timer.case <= case);
    let mut timers: Vec<&Timer> = levels.timers[from..to].iter().collect();
    timers.sort_by_key(|timer| urgency(timer));
    timers
}

fn urgency(timer: &Timer) -> (u8, i64) {
    match timer.status() {
        Status::OpenPast => (0, timer.due_at_ms.unwrap_or(i64::MIN)),
        Status::Running => (1, timer.due_at_ms.unwrap_or(i64::MAX)),
        Status::Paused => (2, timer.remaining_ms()),
        Status::Breached => (3, 0),
        Status::Met => (4, 0),
        Status::Cancelled => (5, 0),
        Status::Reset => (6, 0),
    }
}

/// A timer as reports show it.
pub fn timer_found(levels: &ServiceLevels, timer: &Timer) -> TimerFound {
    let definition = &levels.plan.definitions[timer.definition];
    let calendar = timer.calendar.and_then(|at| levels.plan.calendars.get(at));
    let target = match timer.value {
        Some(value) => definition.target.values.get(value).copied(),
        None => definition.target.default,
    };
    let in_days = target.is_some_and(|target| target.unit() == DurationUnit::BusinessDay);
    TimerFound {
        sla: LogText::new(definition.id.clone()),
        status: timer.status().as_str(),
        clock: if calendar.is_some() { "business" } else { "wall" },
        day_ms: calendar.filter(|_| in_days).and_then(crate::time::Calendar::day_ms),
        calendar: calendar.map(|calendar| LogText::new(calendar.name())),
        target: target.map_or_else(String::new, |target| target.to_string()),
        started: format_utc(timer.started_ms),
        ended: timer.ended_ms.map(format_utc),
        elapsed_ms: timer.elapsed_ms,
        target_ms: timer.target_ms,
        remaining_ms: timer.remaining_ms(),
        near_ms: timer.near_ms,
        near: timer.near,
        near_at: timer.near_at_ms.map(format_utc),
        due: timer.due_at_ms.map(format_utc),
    }
}

/// Whether it is open and within its target, and a breach is near.
pub fn is_near(timer: &Timer) -> bool {
    matches!(timer.status(), Status::Running | Status::Paused) && timer.near
}

/// How the timers of some open cases stand, by service level.
pub fn open_timers(levels: &ServiceLevels, cases: &[usize]) -> Vec<OpenTimers> {
    let definitions = levels.plan.definitions.iter();
    let mut found: Vec<OpenTimers> = definitions
        .map(|definition| OpenTimers {
            sla: LogText::new(definition.id.clone()),
            open: 0,
            open_past: 0,
            near: 0,
            paused: 0,
        })
        .collect();
    for timer in cases.iter().flat_map(|&case| of_case(levels, case)).filter(|timer| timer.ended_ms.is_none()) {
        let counts = &mut found[timer.definition];
        counts.open += 1;
        counts.open_past += u64::from(timer.status() == Status::OpenPast);
        counts.near += u64::from(is_near(timer));
        counts.paused += u64::from(timer.status() == Status::Paused);
    }
    found
}

/// What a watchdog says of the timers of a case, the most urgent first: that one, and the others that are beyond their
/// target or near a breach. Nothing of those that have ended.
pub fn said(timers: &[TimerFound]) -> Vec<String> {
    let urgent = |(place, timer): &(usize, &TimerFound)| *place == 0 || timer.near || timer.status == "open_past";
    timers.iter().enumerate().filter(urgent).filter_map(|(_, timer)| one_said(timer)).collect()
}

fn one_said(timer: &TimerFound) -> Option<String> {
    let id = shown(timer.sla.raw());
    let left = said_ms(timer, timer.remaining_ms.saturating_abs());
    let due = timer.due.as_deref().map(|due| due.get(..16).unwrap_or(due).replace('T', " "));
    let due = due.map_or_else(String::new, |due| format!(", due {due} UTC"));
    match timer.status {
        "open_past" => Some(format!("{left} past the target of `{id}`{due}")),
        "running" => Some(format!("{left} to the breach of `{id}`{due}")),
        "paused" => Some(format!("`{id}` stands still with {left} left")),
        _ => None,
    }
}

/// Time on the clock of a timer, which its unit names.
fn said_ms(timer: &TimerFound, ms: i64) -> String {
    if timer.clock == "wall" { duration(ms) } else { business(ms, timer.day_ms) }
}

/// The timers of one case with what moved them, by kind and then in time.
pub fn traced(
    levels: &ServiceLevels,
    log: &EventLog,
    semantics: &Semantics,
    case: usize,
    events: &CaseEvents,
) -> Vec<CaseTimer> {
    let found = Walker::new(log, semantics, &levels.plan).traced(case, events);
    let one = |traced: Traced| CaseTimer {
        cycle: traced.timer.cycle,
        timer: timer_found(levels, &traced.timer),
        steps: steps(log, case, events, &traced),
    };
    found.into_iter().map(one).collect()
}

/// The events that moved a timer, and between them the instants that it reached.
fn steps(log: &EventLog, case: usize, events: &CaseEvents, traced: &Traced) -> Vec<StepFound> {
    let timer = &traced.timer;
    let first = log.range(case).start;
    let mut steps: Vec<(i64, StepFound)> = Vec::new();
    for step in &traced.steps {
        let at_ms = events.time_ms[step.event];
        let origin = log.origins.as_ref().map(|origins| origins[first + step.event]);
        let found = StepFound {
            at: format_utc(at_ms),
            what: step.turn.as_str(),
            source: origin.map(Origin::source),
            line: origin.map(Origin::line),
            elapsed_ms: step.elapsed_ms,
        };
        steps.push((at_ms, found));
    }
    let near_at_ms = timer.near_at_ms.filter(|_| timer.near);
    let reached = [("near", near_at_ms, timer.near_ms), ("due", timer.breached_at_ms(), timer.target_ms)];
    for (what, at_ms, elapsed_ms) in reached {
        let Some(at_ms) = at_ms else { continue };
        let place = 1 + steps[1..].partition_point(|(step_ms, step)| *step_ms < at_ms || step.what == "near");
        let found = StepFound { at: format_utc(at_ms), what, source: None, line: None, elapsed_ms };
        steps.insert(place, (at_ms, found));
    }
    steps.into_iter().map(|(_, step)| step).collect()
}
