//! One case at a time: its events decoded, with state and owner in force after each.
//!
//! Columns are decoded for a run of cases at once, where long loops are cheap; what changed at each event, and the
//! visits, are found case by case.

use std::ops::Range;

use super::touches::is_wait;
use super::{Class, KindMeaning, Semantics};
use crate::log::codes::each_width;
use crate::log::{Column, EventLog, MARK_COMMENT, NONE};

/// The events of one case, in order. All columns have the same length.
#[derive(Clone, Copy, Debug)]
pub struct CaseEvents<'a> {
    /// Instants, UTC ms.
    pub time_ms: &'a [i64],
    /// State in force after the event.
    pub state: &'a [u32],
    /// Class of that state.
    pub class: &'a [Class],
    /// Group in force; 0 is none.
    pub group: &'a [u32],
    /// Person in force; 0 is none.
    pub person: &'a [u32],
    /// Who made the event; 0 is unknown.
    pub actor: &'a [u32],
    /// Activity or event kind.
    pub activity: &'a [u32],
    /// When the activity that starts at the event ends, UTC ms; [`crate::log::NO_TIME`] at events that start none. Empty
    /// in a log without starts and ends.
    pub until_ms: &'a [i64],
    /// What is different after the event.
    pub changes: &'a [Change],
    /// Nothing visible changed since the event before, and there is no comment. Empty unless asked for.
    pub unchanged: &'a [bool],
    /// Runs of one state.
    pub visits: &'a [Visit],
}

/// What is different after an event. All but [`Change::NAMED`], [`Change::TERMINAL`] and [`Change::ESCALATED`] are
/// unset at the first event of a case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Change(u8);

impl Change {
    /// The state.
    pub const STATE: Change = Change(1);
    /// The group in force, none being a value.
    pub const GROUP: Change = Change(2);
    /// The person in force, none being a value.
    pub const PERSON: Change = Change(4);
    /// The group or the person.
    pub const OWNER: Change = Change(2 | 4);
    /// The state, and the one before or after is one of the waits that make an exception.
    pub const WAIT: Change = Change(8);
    /// From a terminal to a non-terminal state.
    pub const REOPENED: Change = Change(16);
    /// To a terminal state from another or none.
    pub const TERMINAL: Change = Change(32);
    /// The priority rose, or the event is called an escalation.
    pub const ESCALATED: Change = Change(64);
    /// The event itself names the person, who is not just carried forward.
    pub const NAMED: Change = Change(128);

    /// Whether any of `what` applies.
    #[inline]
    #[must_use]
    pub fn any(self, what: Change) -> bool {
        self.0 & what.0 != 0
    }

    /// Both together.
    #[must_use]
    pub const fn or(self, other: Change) -> Change {
        Change(self.0 | other.0)
    }

    #[inline]
    fn set(&mut self, what: Change, applies: bool) {
        self.0 |= what.0 * u8::from(applies);
    }
}

/// A maximal run of one state.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Visit {
    /// State.
    pub state: u32,
    /// Its class.
    pub class: Class,
    /// First event.
    pub from: usize,
    /// Event behind the last one; the number of events when the visit is open.
    pub to: usize,
}

impl CaseEvents<'_> {
    /// Number of events; at least one.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "no case is empty")]
    pub fn len(&self) -> usize {
        self.time_ms.len()
    }

    /// First event of the final unbroken run of terminal states; `None` when the case is open.
    #[must_use]
    pub fn completion(&self) -> Option<usize> {
        let ending = self.visits.iter().rev().take_while(|visit| visit.class.is_terminal());
        ending.last().map(|visit| visit.from)
    }

    /// Instant at which the state or owner in force after event `i` ends; `None` while open.
    #[must_use]
    pub fn next_time_ms(&self, i: usize) -> Option<i64> {
        self.time_ms.get(i + 1).copied()
    }

    /// How many events have any of `what`.
    #[must_use]
    pub fn count(&self, what: Change) -> usize {
        self.changes.iter().filter(|change| change.any(what)).count()
    }
}

/// Decodes runs of cases and shows them one by one.
pub struct Reader<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    with_unchanged: bool,
    /// First event of the run.
    offset: usize,
    columns: Columns,
    changes: Vec<Change>,
    visits: Vec<Visit>,
}

/// The columns of a run of cases; those the log does not have are empty codes.
#[derive(Default)]
struct Columns {
    state: Vec<u32>,
    class: Vec<Class>,
    group: Vec<u32>,
    person: Vec<u32>,
    named: Vec<bool>,
    actor: Vec<u32>,
    activity: Vec<u32>,
    priority: Vec<u32>,
    unchanged: Vec<bool>,
}

impl<'a> Reader<'a> {
    /// A reader; `with_unchanged` also compares neighbouring events for visible changes.
    #[must_use]
    pub fn new(log: &'a EventLog, semantics: &'a Semantics, with_unchanged: bool) -> Self {
        let (changes, visits) = (Vec::new(), Vec::new());
        Reader { log, semantics, with_unchanged, offset: 0, columns: Columns::default(), changes, visits }
    }

    /// Decodes one case and shows it.
    pub fn load(&mut self, case: usize) -> CaseEvents<'_> {
        self.decode(case..case + 1);
        self.case(case)
    }

    /// Decodes a run of cases, to be shown by [`Self::case`].
    pub fn decode(&mut self, cases: Range<usize>) {
        let (log, semantics, columns) = (self.log, self.semantics, &mut self.columns);
        let starts = &log.case_starts[cases.start..=cases.end];
        let events = starts[0] as usize..starts[starts.len() - 1] as usize;
        let decode = |column: Option<&Column>, out: &mut Vec<u32>| {
            if let Some(column) = column {
                column.codes.copy_into(events.clone(), out);
            } else {
                out.clear();
                out.resize(events.len(), NONE);
            }
        };
        decode(log.state.as_ref(), &mut columns.state);
        decode(log.group.as_ref(), &mut columns.group);
        decode(log.assignee.as_ref(), &mut columns.person);
        decode(log.actor.as_ref(), &mut columns.actor);
        decode(log.activity.as_ref(), &mut columns.activity);
        decode(semantics.priority.map(|at| &log.attributes[at].column), &mut columns.priority);
        columns.named.clear();
        columns.named.extend(columns.person.iter().map(|&person| person != NONE));
        carry_forward(&mut columns.state, starts);
        if !semantics.unassigned_when_empty {
            carry_forward(&mut columns.group, starts);
            carry_forward(&mut columns.person, starts);
        }
        columns.class.clear();
        columns.class.extend(columns.state.iter().map(|&state| semantics.class(state)));
        if self.with_unchanged {
            compare(log, semantics, events.clone(), &mut columns.unchanged);
            starts[..starts.len() - 1]
                .iter()
                .for_each(|&start| columns.unchanged[start as usize - events.start] = false);
        }
        self.offset = events.start;
    }

    /// Shows a case of the decoded run.
    pub fn case(&mut self, case: usize) -> CaseEvents<'_> {
        let events = self.log.range(case);
        let here = events.start - self.offset..events.end - self.offset;
        self.find_changes(here.clone());
        let columns = &self.columns;
        let until_ms = self.log.until_ms.as_ref().map_or(&[][..], |until| &until[events.clone()]);
        CaseEvents {
            time_ms: &self.log.time_ms[events],
            until_ms,
            state: &columns.state[here.clone()],
            class: &columns.class[here.clone()],
            group: &columns.group[here.clone()],
            person: &columns.person[here.clone()],
            actor: &columns.actor[here.clone()],
            activity: &columns.activity[here.clone()],
            changes: &self.changes,
            unchanged: if self.with_unchanged { &columns.unchanged[here] } else { &[] },
            visits: &self.visits,
        }
    }

    /// Finds what changed at each event of `here`, and the visits.
    fn find_changes(&mut self, here: Range<usize>) {
        let Columns { state, class, group, person, named, priority, activity, .. } = &self.columns;
        let (state, class) = (&state[here.clone()], &class[here.clone()]);
        let (group, person, named) = (&group[here.clone()], &person[here.clone()], &named[here.clone()]);
        let n = state.len();
        self.changes.clear();
        self.visits.clear();
        let mut first = Change::default();
        first.set(Change::NAMED, named[0]);
        first.set(Change::TERMINAL, class[0].is_terminal());
        self.changes.push(first);
        let mut from = 0;
        for i in 1..n {
            let mut change = Change::default();
            if state[i] != state[i - 1] {
                let (before, now) = (class[i - 1], class[i]);
                change.set(Change::STATE, true);
                change.set(Change::WAIT, is_wait(before) || is_wait(now));
                change.set(Change::REOPENED, before.is_terminal() && !now.is_terminal());
                change.set(Change::TERMINAL, !before.is_terminal() && now.is_terminal());
                self.visits.push(Visit { state: state[from], class: class[from], from, to: i });
                from = i;
            }
            change.set(Change::GROUP, group[i] != group[i - 1]);
            change.set(Change::PERSON, person[i] != person[i - 1]);
            change.set(Change::NAMED, named[i]);
            self.changes.push(change);
        }
        self.visits.push(Visit { state: state[from], class: class[from], from, to: n });
        if self.semantics.priority.is_some() {
            let priority = &priority[here.clone()];
            for i in 1..n {
                if priority[i] != priority[i - 1] {
                    self.changes[i].set(Change::ESCALATED, raises_priority(priority, self.semantics, i));
                }
            }
        }
        let kinds = &self.semantics.kinds;
        if !kinds.is_empty() {
            for (change, &activity) in self.changes.iter_mut().zip(&activity[here]) {
                change.set(Change::ESCALATED, kinds.get(activity as usize) == Some(&KindMeaning::Escalation));
            }
        }
    }
}

/// Whether the priority of event `i` is more urgent than the last ranked one before it.
fn raises_priority(priority: &[u32], semantics: &Semantics, i: usize) -> bool {
    let rank = |j: usize| semantics.priority_rank.get(priority[j] as usize).copied().flatten();
    let before = (0..i).rev().find_map(rank);
    matches!((before, rank(i)), (Some(before), Some(now)) if now < before)
}

/// Fills missing codes with the last known one of the case; the cases begin at `starts`.
fn carry_forward(column: &mut [u32], starts: &[u32]) {
    if !column.contains(&NONE) {
        return;
    }
    for bounds in starts.windows(2) {
        let mut last = NONE;
        for code in &mut column[(bounds[0] - starts[0]) as usize..(bounds[1] - starts[0]) as usize] {
            if *code == NONE {
                *code = last;
            } else {
                last = *code;
            }
        }
    }
}

/// Marks events at which no column but time, actor and update counter changed since the one before, of whichever case.
fn compare(log: &EventLog, semantics: &Semantics, range: std::ops::Range<usize>, unchanged: &mut Vec<bool>) {
    unchanged.clear();
    unchanged.resize(range.len(), true);
    // a state that was read from activities tells of the next event, so only the activity itself is compared
    let has_state = log.activity.is_none() || !semantics.kinds.is_empty();
    let state = log.state.as_ref().filter(|_| has_state);
    let columns = [log.activity.as_ref(), log.group.as_ref(), log.assignee.as_ref()].into_iter().flatten().chain(state);
    for column in columns.chain(log.attributes.iter().map(|attribute| &attribute.column)) {
        each_width!(&column.codes, codes => keep_equal(&codes[range.clone()], unchanged));
    }
    if let Some(visible) = &log.visible {
        keep_equal(&visible[range.clone()], unchanged);
    }
    if let Some(marks) = &log.marks {
        for (flag, mark) in unchanged.iter_mut().zip(&marks[range]) {
            *flag &= mark & MARK_COMMENT == 0;
        }
    }
}

fn keep_equal<T: PartialEq>(values: &[T], unchanged: &mut [bool]) {
    for (flag, pair) in unchanged[1..].iter_mut().zip(values.windows(2)) {
        *flag &= pair[0] == pair[1];
    }
}
