//! Service levels: timers that start, pause, resume, stop, are cancelled or reset by what happens to a case.
//!
//! **Timer.** Of the definitions of one kind a case gets the first whose start and filter hold at an event, and which
//! has a target for the values in force there; the timer starts at that event. It runs on its clock until an event at
//! which the stop holds (*stopped*) or the cancel holds (*cancelled*). While the pause holds it stands still; with a
//! resume it stands still from a pause until the resume holds, and the resume also takes a stopped or cancelled timer
//! on again. Where the reset begins to hold the timer ends (*reset*, if it had not ended before) and a new one starts.
//!
//! **Breached**: what has run is more than the target at the stop, or at `as_of` while open. Timers that were cancelled
//! or reset are in no rate. **Near**: the instant at which the stated part of the target had run lies before the stop,
//! or not after `as_of`. A **near-breach intervention** is an event after that instant and before the stop (not the
//! stop itself) that changes the owner or the priority, escalates, or carries a comment by a person who is known not
//! to be the assignee.
//!
//! Worked example: target 8 h, near at 80 %. Opened at 0 h, waiting for the requester from 2 h to 10 h, resolved at
//! 17 h: 2 + 7 = 9 h have run, so it is breached; near at 14.4 h, due at 16 h. A new assignee at 15 h is an
//! intervention.

mod plan;
mod steps;

use std::ops::Range;

pub use plan::{Condition, Definition, Pace, Plan, Seen, Target, Test};
pub use steps::{Step, Traced, Turn};

use crate::log::{EventLog, MARK_COMMENT, NONE};
use crate::parallel;
use crate::states::{CaseEvents, Change, Reader, Semantics};
use crate::time::Calendar;
use crate::time::sla::{Stopwatch, Terms};

/// Events per job.
const JOB_EVENTS: usize = 1 << 14;

/// One run of a timer from its start. Instants are UTC ms, durations ms of its clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timer {
    /// Number of the case.
    pub case: usize,
    /// Number of the definition.
    pub definition: usize,
    /// Timers of this case and kind before it.
    pub cycle: u32,
    /// Number of the calendar; the wall clock where there is none.
    pub calendar: Option<usize>,
    /// Value of the attribute that decides the target, as a place in [`Target::values`].
    pub value: Option<usize>,
    /// When it started.
    pub started_ms: i64,
    /// How it ended, or what it does.
    pub end: End,
    /// When it was stopped, cancelled or reset.
    pub ended_ms: Option<i64>,
    /// The target.
    pub target_ms: i64,
    /// The part of it at which a breach is near.
    pub near_ms: i64,
    /// What has run.
    pub elapsed_ms: i64,
    /// When a breach is near: reached, or to be reached if it runs on.
    pub near_at_ms: Option<i64>,
    /// When the target is used up, likewise.
    pub due_at_ms: Option<i64>,
    /// A breach came near before the end.
    pub near: bool,
    /// Somebody stepped in after that.
    pub intervened: bool,
}

/// How a timer ended, or what it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// Stopped.
    Stopped,
    /// Cancelled: it no longer counts.
    Cancelled,
    /// Started anew.
    Reset,
    /// It runs.
    Running,
    /// It stands still.
    Paused,
}

/// How a timer stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// Stopped within the target.
    Met,
    /// Stopped beyond the target.
    Breached,
    /// Open and beyond the target.
    OpenPast,
    /// Open within the target, and running.
    Running,
    /// Open within the target, and standing still.
    Paused,
    /// Cancelled.
    Cancelled,
    /// Started anew.
    Reset,
}

impl Status {
    /// Returns the name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Status::Met => "met",
            Status::Breached => "breached",
            Status::OpenPast => "open_past",
            Status::Running => "running",
            Status::Paused => "paused",
            Status::Cancelled => "cancelled",
            Status::Reset => "reset",
        }
    }
}

impl Timer {
    /// Returns how it stands.
    #[must_use]
    pub fn status(&self) -> Status {
        let late = self.elapsed_ms > self.target_ms;
        match (self.end, late) {
            (End::Cancelled, _) => Status::Cancelled,
            (End::Reset, _) => Status::Reset,
            (End::Stopped, false) => Status::Met,
            (End::Stopped, true) => Status::Breached,
            (End::Running | End::Paused, true) => Status::OpenPast,
            (End::Running, false) => Status::Running,
            (End::Paused, false) => Status::Paused,
        }
    }

    /// Whether it ran beyond its target, by its stop or by now; nothing where it does not count.
    #[must_use]
    pub fn breached(&self) -> Option<bool> {
        match self.status() {
            Status::Met | Status::Running | Status::Paused => Some(false),
            Status::Breached | Status::OpenPast => Some(true),
            Status::Cancelled | Status::Reset => None,
        }
    }

    /// Returns what is left of the target; negative beyond it.
    #[must_use]
    pub fn remaining_ms(&self) -> i64 {
        self.target_ms.saturating_sub(self.elapsed_ms)
    }

    /// Returns the instant of the breach, where there was one.
    #[must_use]
    pub fn breached_at_ms(&self) -> Option<i64> {
        self.due_at_ms.filter(|_| self.elapsed_ms > self.target_ms)
    }
}

/// Returns the timers of all cases, in the order of the log.
#[must_use]
pub fn sweep(log: &EventLog, semantics: &Semantics, plan: &Plan, threads: usize) -> Vec<Timer> {
    let found = parallel::map(threads, log.case_runs(JOB_EVENTS), |_, cases| {
        let mut reader = Reader::new(log, semantics, false);
        reader.decode(cases.clone());
        let mut walker = Walker::new(log, semantics, plan);
        let mut timers = Vec::new();
        for case in cases {
            timers.extend(walker.timers(case, &reader.case(case)));
        }
        timers
    });
    found.concat()
}

/// Finds the timers of one case after the other.
pub struct Walker<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    plan: &'a Plan,
    /// By attribute, the codes in force in the case; empty where nothing looks at it.
    attributes: Vec<Vec<u32>>,
}

/// The events of a case and what is in force after each.
#[derive(Clone, Copy)]
struct View<'v> {
    case: usize,
    events: &'v CaseEvents<'v>,
    attributes: &'v [Vec<u32>],
}

impl View<'_> {
    fn code(&self, seen: Seen, event: usize) -> usize {
        let code = match seen {
            Seen::State => self.events.state[event],
            Seen::Group => self.events.group[event],
            Seen::Person => self.events.person[event],
            Seen::Activity => self.events.activity[event],
            Seen::Attribute(at) => self.attributes[at][event],
            Seen::Reopened => u32::from(self.events.changes[event].any(Change::REOPENED)),
            Seen::Case => return self.case,
        };
        code as usize
    }

    fn holds(&self, condition: &Condition, event: usize) -> bool {
        condition.0.iter().all(|test| test.wanted.get(self.code(test.seen, event)).copied().unwrap_or(false))
    }

    fn any(&self, conditions: &[Condition], event: usize) -> bool {
        conditions.iter().any(|condition| self.holds(condition, event))
    }

    /// Whether the reset begins to hold: it did not at the event before, or speaks of this event alone.
    fn resets(&self, conditions: &[Condition], event: usize) -> bool {
        let begins = |condition: &Condition| {
            let is_moment = condition.0.iter().any(|test| matches!(test.seen, Seen::Activity | Seen::Reopened));
            self.holds(condition, event) && (is_moment || !self.holds(condition, event - 1))
        };
        conditions.iter().any(begins)
    }
}

/// What a timer is measured by at its start.
struct Measured<'a> {
    terms: Terms<'a>,
    calendar: Option<usize>,
    value: Option<usize>,
}

impl<'a> Walker<'a> {
    /// A walker over the cases of a log.
    #[must_use]
    pub fn new(log: &'a EventLog, semantics: &'a Semantics, plan: &'a Plan) -> Self {
        Walker { log, semantics, plan, attributes: vec![Vec::new(); log.attributes.len()] }
    }

    /// Returns the timers of a case, by kind and then in time.
    pub fn timers(&mut self, case: usize, events: &CaseEvents) -> Vec<Timer> {
        self.walk(case, events, false).into_iter().map(|traced| traced.timer).collect()
    }

    /// Returns the timers of a case with the events that moved them, by kind and then in time.
    pub fn traced(&mut self, case: usize, events: &CaseEvents) -> Vec<Traced> {
        self.walk(case, events, true)
    }

    fn walk(&mut self, case: usize, events: &CaseEvents, keep_steps: bool) -> Vec<Traced> {
        self.decode(case);
        let view = View { case, events, attributes: &self.attributes };
        let mut timers = Vec::new();
        for kind in &self.plan.kinds {
            if let Some((definition, event)) = self.first(view, kind) {
                self.follow(view, definition, event, keep_steps, &mut timers);
            }
        }
        timers
    }

    /// Decodes the attributes that are looked at, the last known value standing for a missing one where an empty owner
    /// would mean the same.
    fn decode(&mut self, case: usize) {
        let range = self.log.range(case);
        for &at in &self.plan.attributes {
            let codes = &mut self.attributes[at];
            self.log.attributes[at].column.codes.copy_into(range.clone(), codes);
            if !self.semantics.unassigned_when_empty {
                let mut last = NONE;
                for code in codes {
                    if *code == NONE { *code = last } else { last = *code }
                }
            }
        }
    }

    /// The definition of a kind that the case gets, and the event at which its timer starts.
    fn first(&self, view: View, kind: &Range<usize>) -> Option<(usize, usize)> {
        let starts = |definition: usize, event: usize| {
            let found = &self.plan.definitions[definition];
            let begins = if found.start.is_empty() { event == 0 } else { view.any(&found.start, event) };
            begins && view.holds(&found.when, event) && self.measured(view, definition, event).is_some()
        };
        let mut events = 0..view.events.len();
        let only_first = self.plan.definitions[kind.clone()].iter().all(|definition| definition.start.is_empty());
        if only_first {
            events.end = 1;
        }
        events.find_map(|event| Some((kind.clone().find(|&definition| starts(definition, event))?, event)))
    }

    /// The clock and target for the values in force at an event.
    fn measured(&self, view: View, definition: usize, event: usize) -> Option<Measured<'a>> {
        let found = &self.plan.definitions[definition];
        let code = found.target.by.map(|seen| view.code(seen, event));
        let value = code.and_then(|code| found.target.by_code.get(code).copied().flatten());
        let duration = value.map_or(found.target.default, |value| found.target.values.get(value).copied())?;
        let calendar = match found.pace {
            Pace::Wall => None,
            Pace::Calendar(at) => Some(at),
            Pace::OfCase => {
                let fits = |(when, _): &&(Condition, usize)| view.holds(when, event);
                Some(self.plan.rules.iter().find(fits).map(|(_, at)| *at).or(self.plan.default)?)
            }
        };
        let hours: Option<&'a Calendar> = match calendar {
            Some(at) => Some(self.plan.calendars.get(at)?),
            None => None,
        };
        let target_ms = match hours {
            Some(hours) => duration.business_ms(hours).ok().flatten()?,
            None => duration.wall_ms()?,
        };
        let near_ms = (i128::from(target_ms) * i128::from(found.near_milli) + 999) / 1_000;
        let near_ms = i64::try_from(near_ms).unwrap_or(target_ms);
        Some(Measured { terms: Terms { target_ms, near_ms, calendar: hours }, calendar, value })
    }

    /// Follows the timers of a definition from the event at which the first one starts.
    fn follow(&self, view: View, definition: usize, first: usize, keep_steps: bool, timers: &mut Vec<Traced>) {
        let found = &self.plan.definitions[definition];
        let mut cycle = 0;
        let Some(measured) = self.measured(view, definition, first) else { return };
        let mut run = Run::new(measured, first, view.events.time_ms[first], keep_steps);
        for event in first..view.events.len() {
            let at_ms = view.events.time_ms[event];
            if event > first && view.resets(&found.reset, event) {
                let next = self.measured(view, definition, event);
                if run.ended.is_none() {
                    run.finish(event, at_ms, End::Reset);
                }
                timers.push(self.timer(view, definition, cycle, run));
                cycle += 1;
                let Some(next) = next else { return };
                run = Run::new(next, event, at_ms, keep_steps);
            }
            let (stops, cancels) = (view.any(&found.stop, event), view.any(&found.cancel, event));
            if stops || cancels {
                if run.ended.is_none() {
                    let cancelled = cancels && (found.cancel_first || !stops);
                    run.finish(event, at_ms, if cancelled { End::Cancelled } else { End::Stopped });
                }
                continue;
            }
            let resumes = view.any(&found.resume, event);
            if run.ended.is_some() {
                if !resumes {
                    continue;
                }
                run.ended = None;
            }
            let pauses = view.any(&found.pause, event);
            run.held = pauses || run.held && !found.resume.is_empty() && !resumes;
            run.go_on(event, at_ms);
        }
        timers.push(self.timer(view, definition, cycle, run));
    }

    fn timer(&self, view: View, definition: usize, cycle: u32, run: Run) -> Traced {
        let as_of_ms = self.semantics.as_of_ms;
        let (near_at_ms, due_at_ms) = (run.watch.near_at_ms(), run.watch.due_at_ms());
        let ended_ms = run.ended.map(|(_, ended_ms, _)| ended_ms);
        let near = match ended_ms {
            Some(ended_ms) => near_at_ms.is_some_and(|near| near < ended_ms),
            None => near_at_ms.is_some_and(|near| near <= as_of_ms),
        };
        let standing = if run.watch.is_running() { End::Running } else { End::Paused };
        let (until, end) = run.ended.map_or((view.events.len(), standing), |(event, _, end)| (event, end));
        let timer = Timer {
            case: view.case,
            definition,
            cycle,
            calendar: run.measured.calendar,
            value: run.measured.value,
            started_ms: run.started_ms,
            end,
            ended_ms,
            target_ms: run.measured.terms.target_ms,
            near_ms: run.measured.terms.near_ms,
            elapsed_ms: run.watch.elapsed_ms(ended_ms.unwrap_or(as_of_ms)),
            near_at_ms,
            due_at_ms,
            near,
            intervened: near && near_at_ms.is_some_and(|near| self.intervened(view, near, until)),
        };
        Traced { timer, steps: run.steps }
    }

    /// Whether anybody stepped in after an instant and before event `until`.
    fn intervened(&self, view: View, after_ms: i64, until: usize) -> bool {
        const STEP: Change = Change::OWNER.or(Change::ESCALATED);
        let events = view.events;
        let from = events.time_ms.partition_point(|&at_ms| at_ms <= after_ms);
        let priority = self.semantics.priority.map(|at| &view.attributes[at]);
        let marks = self.log.marks.as_ref().map(|marks| &marks[self.log.range(view.case)]);
        (from..until).any(|event| {
            let ranked = priority.is_some_and(|codes| changes_value(codes, event));
            let commented = marks.is_some_and(|marks| marks[event] & MARK_COMMENT != 0);
            events.changes[event].any(STEP) || ranked || commented && self.is_by_another(events, event)
        })
    }

    /// Whether a person made the event who is known not to be the assignee.
    fn is_by_another(&self, events: &CaseEvents, event: usize) -> bool {
        let (actor, person) = (events.actor[event], events.person[event]);
        let bot = self.semantics.bots.get(actor as usize).copied().unwrap_or(false);
        let owner = self.semantics.assignee_as_actor.get(person as usize).copied().unwrap_or(NONE);
        actor != NONE && person != NONE && !bot && owner != actor
    }
}

/// Whether a known value follows another known one.
fn changes_value(codes: &[u32], event: usize) -> bool {
    let at = |event: usize| codes.get(event).copied().unwrap_or(NONE);
    event > 0 && at(event) != at(event - 1) && at(event) != NONE && at(event - 1) != NONE
}

/// A timer while its case is walked.
struct Run<'a> {
    measured: Measured<'a>,
    started_ms: i64,
    watch: Stopwatch<'a>,
    /// It stands still.
    held: bool,
    ended: Option<(usize, i64, End)>,
    /// What moved it last.
    last: Turn,
    keep_steps: bool,
    steps: Vec<Step>,
}

impl<'a> Run<'a> {
    fn new(measured: Measured<'a>, event: usize, started_ms: i64, keep_steps: bool) -> Self {
        let watch = Stopwatch::new(measured.terms);
        let (last, steps) = (Turn::Started, Vec::new());
        let mut run = Run { watch, measured, started_ms, held: false, ended: None, last, keep_steps, steps };
        run.turn(event, started_ms, Turn::Started);
        run
    }

    /// Runs, or stands still where it is held.
    fn go_on(&mut self, event: usize, at_ms: i64) {
        if self.held {
            self.watch.pause(at_ms);
        } else {
            self.watch.run(at_ms);
        }
        match (self.held, self.last) {
            (true, Turn::Paused) | (false, Turn::Started | Turn::Resumed) => {}
            (true, Turn::Started | Turn::Resumed | Turn::Stopped | Turn::Cancelled | Turn::Reset) => {
                self.turn(event, at_ms, Turn::Paused);
            }
            (false, Turn::Paused | Turn::Stopped | Turn::Cancelled | Turn::Reset) => {
                self.turn(event, at_ms, Turn::Resumed);
            }
        }
    }

    fn finish(&mut self, event: usize, at_ms: i64, end: End) {
        self.watch.pause(at_ms);
        self.ended = Some((event, at_ms, end));
        let turn = match end {
            End::Cancelled => Turn::Cancelled,
            End::Reset => Turn::Reset,
            End::Stopped | End::Running | End::Paused => Turn::Stopped,
        };
        self.turn(event, at_ms, turn);
    }

    fn turn(&mut self, event: usize, at_ms: i64, turn: Turn) {
        self.last = turn;
        if self.keep_steps {
            self.steps.push(Step { event, turn, elapsed_ms: self.watch.elapsed_ms(at_ms) });
        }
    }
}
