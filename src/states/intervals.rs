//! Logs whose rows have a start and an end: turned into an ordinary log for the sweep.
//!
//! A row is an activity instance. It is queued from the instant it is enabled to its start, and active from its
//! start to its end. Of overlapping instances the case is in one state at each instant: the active one that started
//! first, else the queued one enabled first (of these the one that starts first), else between activities; remaining
//! ties go by row order. What each activity took by itself, overlaps or not, is kept beside the log. Classes of the
//! states are decided elsewhere.
//!
//! While something is active the case belongs to the owner of the activity it is in, else to the one before. Whoever
//! carries out an activity acts at its start; the end is no act of its own.
//!
//! Worked example: A from 0 to 10, B from 15 to 20, after which the case may end. Events: A starts 0, state "A";
//! A ends 10, state "B (queued)"; B starts 15, state "B"; B ends 20, state "(finished)". Own durations: A 10,
//! "B (queued)" 5, B 5.

#[cfg(test)]
mod tests;
mod timeline;

use std::ops::Range;

use crate::log::codes::{Codes, NONE, each_width};
use crate::log::{Attribute, Column, Dictionary, EventLog, NO_TIME};
use crate::parallel;
use timeline::{Instance, Phase, Timeline};

/// Ends the name of the state in which an activity is enabled but not started.
pub const QUEUED_SUFFIX: &str = " (queued)";

/// Name of the state after the last end of a case that may be finished.
pub const FINISHED: &str = "(finished)";

/// Name of the state in which nothing is active or queued.
pub const BETWEEN: &str = "(between activities)";

/// Name that stands for a missing activity.
pub const UNNAMED: &str = "(unnamed activity)";

/// A start/end log as an ordinary one.
#[derive(Clone, Debug, Default)]
pub struct Expanded {
    /// One event per start and end, and per instant at which a queue begins and nothing else happens.
    pub log: EventLog,
    /// One per state code of the new log.
    pub own: Vec<OwnDurations>,
    /// What was wrong with the rows.
    pub faults: Faults,
}

/// Durations of one state, as each activity instance had them; overlaps count in full.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnDurations {
    /// State code in the new log.
    pub state: u32,
    /// Durations, ms, in the order of the cases and of the rows in them. Each activity has a queued one but those that
    /// nothing enabled, such as the first of a case where no column says when.
    pub durations_ms: Vec<i64>,
    /// Cases with at least one.
    pub cases: u64,
}

/// Rows whose times could not be taken as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Faults {
    /// The end lies before the start: taken as starting at its end.
    pub end_before_start: u64,
    /// There is no start: taken as starting at its end.
    pub no_start: u64,
    /// The mapped enabled instant lies behind the start: taken as not given.
    pub enabled_after_start: u64,
}

/// Whether a state name is one that this module made up rather than read: "(finished)", "(between activities)",
/// "(unnamed activity)".
#[must_use]
pub fn is_synthetic(name: &str) -> bool {
    name == FINISHED || name == BETWEEN || name == UNNAMED
}

/// Name of the queued state of an activity.
#[must_use]
pub fn queued_name(activity: &str) -> String {
    format!("{activity}{QUEUED_SUFFIX}")
}

/// The activity that a queued state waits for, if the name is one of a queued state.
#[must_use]
pub fn queued_activity(state: &str) -> Option<&str> {
    state.strip_suffix(QUEUED_SUFFIX)
}

/// Turns a log whose `time_ms` is the end of each row into one with an event per start and end.
///
/// `ends_case` has one value per activity code: whether a case may be finished after it. An instance is enabled at
/// the mapped instant where that is not behind its start, else at the latest completion in the case up to its start,
/// else at its start. Events of one instant: rows that start and end there, then other starts, then ends, each in row
/// order. Both events of a row carry its activity; its comment mark stands on the end, its actor on the start. All
/// events carry the attributes of the row that started last. Where an activity is active after an event, the event names
/// that one's owner; others leave the owner as it was. At an end that brings to the fore an activity which has been
/// running beside another one, that one's actor acts, who has been at work since its start.
///
/// # Panics
/// When the new log exceeds 4,294,967,295 events.
#[must_use]
pub fn expand(log: EventLog, ends_case: &[bool], threads: usize) -> Expanded {
    let activities = log.activity.as_ref().map_or(1, |activity| activity.dictionary.size());
    let runs = log.case_runs(JOB_EVENTS);
    let parts = parallel::map(threads, runs, |_, cases| Part::of(&log, cases, activities, ends_case));
    let mut whole = Part::new(activities, 0);
    whole.reserve(&parts);
    for part in parts {
        whole.append(part);
    }
    whole.into_expanded(log)
}

/// Rows per job.
const JOB_EVENTS: usize = 1 << 16;

/// Stands for no row.
const NO_ROW: u32 = u32::MAX;

/// Why an event is there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    /// A row starts.
    Start,
    /// A row ends.
    End,
    /// A queue begins while nothing else happens; the row is that of the event before, at the begin of a case the queued
    /// one.
    Queue,
}

/// Provisional numbers of states: two per activity code, then the two that no activity has.
#[derive(Clone, Copy, Debug)]
struct Numbering {
    activities: usize,
}

impl Numbering {
    fn active(activity: u32) -> u32 {
        activity * 2
    }

    fn queued(activity: u32) -> u32 {
        activity * 2 + 1
    }

    fn between(self) -> usize {
        self.activities * 2
    }

    fn finished(self) -> usize {
        self.activities * 2 + 1
    }

    fn count(self) -> usize {
        self.activities * 2 + 2
    }

    /// The name behind a number.
    fn name(self, number: usize, activities: Option<&Dictionary>) -> Box<str> {
        if number == self.between() {
            return BETWEEN.into();
        }
        if number == self.finished() {
            return FINISHED.into();
        }
        let code = u32::try_from(number / 2).unwrap_or(NONE);
        let activity = activities.and_then(|texts| texts.text(code)).unwrap_or(UNNAMED);
        if number.is_multiple_of(2) { activity.into() } else { queued_name(activity).into() }
    }
}

/// The rows that the columns of an event come from.
#[derive(Clone, Copy, Debug)]
struct Sources {
    row: u32,
    attributes: u32,
    owner: u32,
    actor: u32,
}

/// The new events of some cases, before states have their codes.
struct Part {
    numbering: Numbering,
    time_ms: Vec<i64>,
    /// Provisional numbers.
    state: Vec<u32>,
    /// Where activity and marks come from.
    row: Vec<u32>,
    /// Where attributes come from.
    attributes: Vec<u32>,
    /// Where the owner comes from, or [`NO_ROW`].
    owner: Vec<u32>,
    /// Where the actor comes from, or [`NO_ROW`].
    actor: Vec<u32>,
    kind: Vec<Kind>,
    /// Events per case.
    events: Vec<u32>,
    /// By provisional number.
    own: Vec<OwnDurations>,
    faults: Faults,
}

impl Part {
    fn new(activities: usize, rows: usize) -> Self {
        let numbering = Numbering { activities };
        Part {
            numbering,
            time_ms: Vec::with_capacity(rows * 2),
            state: Vec::with_capacity(rows * 2),
            row: Vec::with_capacity(rows * 2),
            attributes: Vec::with_capacity(rows * 2),
            owner: Vec::with_capacity(rows * 2),
            actor: Vec::with_capacity(rows * 2),
            kind: Vec::with_capacity(rows * 2),
            events: Vec::new(),
            own: vec![OwnDurations::default(); numbering.count()],
            faults: Faults::default(),
        }
    }

    /// Expands a run of cases.
    fn of(log: &EventLog, cases: Range<usize>, activities: usize, ends_case: &[bool]) -> Self {
        let rows = (log.case_starts[cases.end] - log.case_starts[cases.start]) as usize;
        let mut part = Part::new(activities, rows);
        let mut timeline = Timeline::default();
        let mut seen = vec![usize::MAX; part.own.len()];
        for case in cases {
            let range = log.range(case);
            part.read(log, range.clone(), &mut timeline);
            part.measure(&timeline, case, &mut seen);
            let before = part.time_ms.len();
            part.emit(&mut timeline, log.case_starts[case], ends_case);
            part.events.push(u32::try_from(part.time_ms.len() - before).unwrap_or(u32::MAX));
        }
        part
    }

    /// Reads the rows of a case.
    fn read(&mut self, log: &EventLog, range: Range<usize>, timeline: &mut Timeline) {
        timeline.instances.clear();
        for row in range {
            let end_ms = log.time_ms[row];
            let start_ms = match log.start_ms.as_ref().map_or(NO_TIME, |column| column[row]) {
                NO_TIME => {
                    self.faults.no_start += 1;
                    end_ms
                }
                start_ms if start_ms > end_ms => {
                    self.faults.end_before_start += 1;
                    end_ms
                }
                start_ms => start_ms,
            };
            let mapped = log.enabled_ms.as_ref().map_or(NO_TIME, |column| column[row]);
            self.faults.enabled_after_start += u64::from(mapped > start_ms);
            let has_queue = mapped != NO_TIME && mapped <= start_ms;
            let activity = log.activity.as_ref().map_or(NONE, |column| column.codes.get(row));
            let enabled_ms = if has_queue { mapped } else { start_ms };
            timeline.instances.push(Instance { activity, enabled_ms, start_ms, end_ms, has_queue });
        }
        timeline.prepare();
    }

    /// Takes the own durations of the instances of a case.
    fn measure(&mut self, timeline: &Timeline, case: usize, seen: &mut [usize]) {
        let mut push = |number: u32, ms: i64| {
            let own = &mut self.own[number as usize];
            own.durations_ms.push(ms);
            let last = &mut seen[number as usize];
            own.cases += u64::from(*last != case);
            *last = case;
        };
        for instance in &timeline.instances {
            if instance.has_queue {
                push(Numbering::queued(instance.activity), instance.start_ms - instance.enabled_ms);
            }
            push(Numbering::active(instance.activity), instance.end_ms - instance.start_ms);
        }
    }

    /// Emits the events of a case, instant by instant.
    fn emit(&mut self, timeline: &mut Timeline, first_row: u32, ends_case: &[bool]) {
        let (mut last_number, mut last_active) = (None, None);
        let mut from = 0;
        while let Some(group) = timeline.instant(from) {
            let at_ms = timeline.moments[from].at_ms;
            timeline.advance(at_ms);
            let settled = self.settled(timeline, ends_case);
            if timeline.moments[from].phase == Phase::Enable {
                if last_number != Some(settled) {
                    let row = match (last_number, self.attributes.last()) {
                        (Some(_), Some(&row)) => row,
                        (None, _) | (_, None) => first_row + timeline.moments[from].row,
                    };
                    let sources = Sources { row, attributes: row, owner: NO_ROW, actor: NO_ROW };
                    self.push(at_ms, settled, sources, Kind::Queue);
                }
            } else {
                self.emit_instant(timeline, group.clone(), settled, first_row, last_active);
            }
            (last_number, last_active) = (Some(settled), timeline.active());
            from = group.end;
        }
    }

    /// Emits the starts and ends of one instant. All lead to the state and the owner that are in force once it is over,
    /// so that none of no duration appears, but for rows that start and end there while nothing else is active.
    fn emit_instant(
        &mut self,
        timeline: &Timeline,
        group: Range<usize>,
        settled: u32,
        first_row: u32,
        last_active: Option<u32>,
    ) {
        let at_ms = timeline.moments[group.start].at_ms;
        let active = timeline.active();
        let owner = active.map_or(NO_ROW, |active| first_row + active);
        let goes_on = active.is_some_and(|active| timeline.instances[active as usize].start_ms < at_ms);
        let back = if goes_on && active != last_active { owner } else { NO_ROW };
        let mut attributes = self.attributes.last().copied().unwrap_or(first_row);
        for moment in &timeline.moments[group] {
            let row = first_row + moment.row;
            if matches!(moment.phase, Phase::StartBrief | Phase::Start) {
                attributes = row;
            }
            match moment.phase {
                Phase::StartBrief if !goes_on => {
                    let number = Numbering::active(timeline.instances[moment.row as usize].activity);
                    self.push(at_ms, number, Sources { row, attributes, owner: row, actor: row }, Kind::Start);
                }
                Phase::StartBrief | Phase::Start => {
                    self.push(at_ms, settled, Sources { row, attributes, owner, actor: row }, Kind::Start);
                }
                Phase::End | Phase::EndBrief => {
                    self.push(at_ms, settled, Sources { row, attributes, owner, actor: back }, Kind::End);
                }
                Phase::Enable => {}
            }
        }
    }

    /// The state in force once everything at the current instant has happened.
    fn settled(&self, timeline: &Timeline, ends_case: &[bool]) -> u32 {
        let number = if let Some(active) = timeline.active() {
            return Numbering::active(timeline.instances[active as usize].activity);
        } else if let Some(instance) = timeline.queued() {
            return Numbering::queued(instance.activity);
        } else if timeline.finished_by().is_some_and(|last| ends_case[last.activity as usize]) {
            self.numbering.finished()
        } else {
            self.numbering.between()
        };
        u32::try_from(number).unwrap_or(NONE)
    }

    fn push(&mut self, at_ms: i64, number: u32, sources: Sources, kind: Kind) {
        self.time_ms.push(at_ms);
        self.state.push(number);
        self.row.push(sources.row);
        self.attributes.push(sources.attributes);
        self.owner.push(sources.owner);
        self.actor.push(sources.actor);
        self.kind.push(kind);
    }

    fn reserve(&mut self, parts: &[Part]) {
        let events = parts.iter().map(|part| part.time_ms.len()).sum();
        self.time_ms.reserve_exact(events);
        self.state.reserve_exact(events);
        self.row.reserve_exact(events);
        self.attributes.reserve_exact(events);
        self.owner.reserve_exact(events);
        self.actor.reserve_exact(events);
        self.kind.reserve_exact(events);
    }

    /// Appends the cases that follow.
    fn append(&mut self, part: Part) {
        self.time_ms.extend(part.time_ms);
        self.state.extend(part.state);
        self.row.extend(part.row);
        self.attributes.extend(part.attributes);
        self.owner.extend(part.owner);
        self.actor.extend(part.actor);
        self.kind.extend(part.kind);
        self.events.extend(part.events);
        for (mine, theirs) in self.own.iter_mut().zip(part.own) {
            mine.durations_ms.extend(theirs.durations_ms);
            mine.cases += theirs.cases;
        }
        self.faults.no_start += part.faults.no_start;
        self.faults.end_before_start += part.faults.end_before_start;
        self.faults.enabled_after_start += part.faults.enabled_after_start;
    }

    /// Builds the new log, taking the other columns from the old one.
    fn into_expanded(mut self, old: EventLog) -> Expanded {
        let texts = old.activity.as_ref().map(|activity| &activity.dictionary);
        let (dictionary, codes) = self.name_states(texts);
        let largest = u32::try_from(dictionary.size() - 1).unwrap_or(u32::MAX);
        let mut state = Codes::zeroed(self.time_ms.len(), largest);
        each_width!(&mut state, column => translate(&self.state, &codes, column));
        self.state = Vec::new();
        let own = self.own_by_code(&codes, dictionary.size());
        let Part { time_ms, row, attributes, owner, actor, kind, events, faults, .. } = self;
        let rows = || row.iter().zip(&kind).map(|(&row, &kind)| (row, kind));
        let activity = rows().map(|(row, kind)| if matches!(kind, Kind::Start | Kind::End) { row } else { NO_ROW });
        let activity: Vec<u32> = activity.collect();
        let until = rows().map(|(row, kind)| if kind == Kind::Start { old.time_ms[row as usize] } else { NO_TIME });
        let log = EventLog {
            case_ids: old.case_ids,
            case_starts: case_starts(&events),
            start_ms: None,
            enabled_ms: None,
            until_ms: Some(until.collect()),
            state: Some(Column { codes: state, dictionary }),
            activity: old.activity.map(|column| spread(column, &activity)),
            group: old.group.map(|column| spread(column, &owner)),
            assignee: old.assignee.map(|column| spread(column, &owner)),
            actor: old.actor.map(|column| spread(column, &actor)),
            attributes: old
                .attributes
                .into_iter()
                .map(|attribute| Attribute { column: spread(attribute.column, &attributes), ..attribute })
                .collect(),
            visible: old.visible.map(|visible| attributes.iter().map(|&row| visible[row as usize]).collect()),
            marks: old.marks.map(|marks| rows().map(|(row, kind)| mark(marks[row as usize], kind)).collect()),
            origins: old.origins.map(|origins| rows().map(|(row, _)| origins[row as usize]).collect()),
            time_ms,
        };
        Expanded { log, own, faults }
    }

    /// The dictionary of the states that occur or have own durations, and their codes by provisional number.
    fn name_states(&self, activities: Option<&Dictionary>) -> (Dictionary, Vec<u32>) {
        let mut used: Vec<bool> = self.own.iter().map(|own| own.cases > 0).collect();
        for &number in &self.state {
            used[number as usize] = true;
        }
        let names: Vec<Option<Box<str>>> = used
            .iter()
            .enumerate()
            .map(|(number, used)| used.then(|| self.numbering.name(number, activities)))
            .collect();
        let dictionary = Dictionary::from_texts(names.iter().flatten().cloned().collect());
        let codes =
            names.iter().map(|name| name.as_deref().and_then(|name| dictionary.code(name)).unwrap_or(NONE)).collect();
        (dictionary, codes)
    }

    /// Own durations by state code. Two activities whose states have one name share it; a case with both counts twice.
    fn own_by_code(&mut self, codes: &[u32], size: usize) -> Vec<OwnDurations> {
        let mut own: Vec<OwnDurations> =
            (0u32..).take(size).map(|state| OwnDurations { state, ..OwnDurations::default() }).collect();
        for (taken, &code) in self.own.drain(..).zip(codes) {
            let into = &mut own[code as usize];
            into.durations_ms.extend(taken.durations_ms);
            into.cases += taken.cases;
        }
        own
    }
}

/// Starts of the cases from their numbers of events.
fn case_starts(events: &[u32]) -> Vec<u32> {
    let mut starts = Vec::with_capacity(events.len() + 1);
    let mut sum = 0u32;
    starts.push(sum);
    for &n in events {
        sum = sum.checked_add(n).expect("starts and ends of all rows together are below 4,294,967,296");
        starts.push(sum);
    }
    starts
}

/// Writes codes for provisional numbers.
fn translate<T: Copy + Default + TryFrom<u32>>(numbers: &[u32], codes: &[u32], out: &mut [T]) {
    let codes: Vec<T> = codes.iter().map(|&code| T::try_from(code).unwrap_or_default()).collect();
    for (out, &number) in out.iter_mut().zip(numbers) {
        *out = codes[number as usize];
    }
}

/// A column of the new log: the values of the rows, missing at [`NO_ROW`].
fn spread(column: Column, rows: &[u32]) -> Column {
    let codes = match column.codes {
        Codes::Narrow(codes) => Codes::Narrow(spread_codes(&codes, rows)),
        Codes::Middle(codes) => Codes::Middle(spread_codes(&codes, rows)),
        Codes::Wide(codes) => Codes::Wide(spread_codes(&codes, rows)),
    };
    Column { codes, dictionary: column.dictionary }
}

fn spread_codes<T: Copy + Default>(codes: &[T], rows: &[u32]) -> Vec<T> {
    rows.iter().map(|&row| codes.get(row as usize).copied().unwrap_or_default()).collect()
}

/// Marks of an event: a comment stands on the end only.
fn mark(mark: u64, kind: Kind) -> u64 {
    match kind {
        Kind::End => mark,
        Kind::Start | Kind::Queue => 0,
    }
}
