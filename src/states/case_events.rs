//! One case at a time: its events decoded, with state and owner in force after each.
//!
//! Columns are decoded for a run of cases at once, and neighbouring events compared, where long loops are cheap; the
//! visits are found case by case.

use std::ops::Range;

use super::touches::is_wait;
use super::{Class, KindMeaning, Semantics};
use crate::comments::Marks;
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
    /// What is different after any of the events: measures need not look for what never happens.
    pub ever: Change,
    /// What the comment of each event is for. Empty where the words of comments tell nothing, or no event but the first
    /// has one.
    pub said: &'a [Marks],
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

/// What the class of a state means for changes, in bits of [`Change`]: [`Change::WAIT`] for the waits that make an
/// exception, [`Change::REOPENED`] for terminal ones.
fn trait_bits(class: Class) -> u8 {
    let mut bits = Change::default();
    bits.set(Change::WAIT, is_wait(class));
    bits.set(Change::REOPENED, class.is_terminal());
    bits.0
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
        if self.ever.any(what) { self.changes.iter().filter(|change| change.any(what)).count() } else { 0 }
    }
}

/// Decodes runs of cases and shows them one by one.
pub struct Reader<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    with_unchanged: bool,
    /// Some kind of event is an escalation by its name.
    escalates: bool,
    /// By state code, its class and what that means for changes.
    classes: Vec<(Class, u8)>,
    /// First event of the run.
    offset: usize,
    columns: Columns,
    said: Vec<Marks>,
    visits: Vec<Visit>,
}

/// The columns of a run of cases; those the log does not have are empty codes.
#[derive(Default)]
struct Columns {
    state: Vec<u32>,
    class: Vec<Class>,
    /// [`trait_bits`] of the class.
    traits: Vec<u8>,
    group: Vec<u32>,
    person: Vec<u32>,
    actor: Vec<u32>,
    activity: Vec<u32>,
    priority: Vec<u32>,
    unchanged: Vec<bool>,
    /// [`Change::ESCALATED`] is only suspected until the case is shown.
    changes: Vec<Change>,
}

impl<'a> Reader<'a> {
    /// A reader; `with_unchanged` also compares neighbouring events for visible changes.
    #[must_use]
    pub fn new(log: &'a EventLog, semantics: &'a Semantics, with_unchanged: bool) -> Self {
        let classes = semantics.states.iter().map(|state| (state.class, trait_bits(state.class))).collect();
        let escalates = semantics.kinds.contains(&KindMeaning::Escalation);
        let (columns, said, visits) = (Columns::default(), Vec::new(), Vec::new());
        Reader { log, semantics, with_unchanged, escalates, classes, offset: 0, columns, said, visits }
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
        columns.changes.clear();
        columns.changes.extend(columns.person.iter().map(|&person| {
            let mut change = Change::default();
            change.set(Change::NAMED, person != NONE);
            change
        }));
        carry_forward(&mut columns.state, starts);
        if !semantics.unassigned_when_empty {
            carry_forward(&mut columns.group, starts);
            carry_forward(&mut columns.person, starts);
        }
        columns.class.clear();
        columns.class.extend(columns.state.iter().map(|&state| self.classes[state as usize].0));
        columns.traits.clear();
        columns.traits.extend(columns.state.iter().map(|&state| self.classes[state as usize].1));
        columns.find_changes(starts, semantics.priority.is_some());
        if self.escalates {
            for (change, &activity) in columns.changes.iter_mut().zip(&columns.activity) {
                change.set(Change::ESCALATED, is_escalation(semantics, activity));
            }
        }
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
        if let Some(voices) = &self.semantics.voices {
            voices.marks(self.log, case, &self.columns.changes[here.clone()], &self.semantics.bots, &mut self.said);
            self.suspect_escalations(here.clone());
        }
        let ever = self.find_visits(here.clone());
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
            changes: &columns.changes[here.clone()],
            ever,
            said: &self.said,
            unchanged: if self.with_unchanged { &columns.unchanged[here] } else { &[] },
            visits: &self.visits,
        }
    }

    /// Marks the events whose comment raises the case.
    fn suspect_escalations(&mut self, here: Range<usize>) {
        let Columns { activity, changes, .. } = &mut self.columns;
        for ((change, said), &activity) in changes[here.clone()].iter_mut().zip(&self.said).zip(&activity[here]) {
            change.0 |= Change::ESCALATED.0 * u8::from(is_raised_in_words(self.semantics, activity, *said));
        }
    }

    /// Finds the visits of `here`, settles which events are escalations, and returns what ever changes.
    fn find_visits(&mut self, here: Range<usize>) -> Change {
        let Columns { state, class, priority, activity, changes, .. } = &mut self.columns;
        let (state, class) = (&state[here.clone()], &class[here.clone()]);
        let changes = &mut changes[here.clone()];
        self.visits.clear();
        let mut from = 0;
        let mut ever = Change::default();
        for (i, change) in changes.iter_mut().enumerate() {
            if change.any(Change::STATE) {
                self.visits.push(Visit { state: state[from], class: class[from], from, to: i });
                from = i;
            }
            if change.any(Change::ESCALATED) {
                let raised =
                    self.semantics.priority.is_some() && raises_priority(&priority[here.clone()], self.semantics, i);
                let named = self.escalates && is_escalation(self.semantics, activity[here.start + i]);
                let said = self.said.get(i).copied().unwrap_or_default();
                let in_words = is_raised_in_words(self.semantics, activity[here.start + i], said);
                let escalated = raised || named || in_words;
                change.0 &= !Change::ESCALATED.0;
                change.set(Change::ESCALATED, escalated);
            }
            ever = ever.or(*change);
        }
        self.visits.push(Visit { state: state[from], class: class[from], from, to: state.len() });
        ever
    }
}

impl Columns {
    /// Adds to `changes` what is different after each event of the run; the cases begin at `starts`.
    ///
    /// One simple loop after the other over all events: they compile to instructions that take many at once.
    fn find_changes(&mut self, starts: &[u32], with_priority: bool) {
        let changes = &mut self.changes;
        mark_different(&self.state, Change::STATE, changes);
        mark_different(&self.group, Change::GROUP, changes);
        mark_different(&self.person, Change::PERSON, changes);
        if with_priority {
            mark_different(&self.priority, Change::ESCALATED, changes);
        }
        for (change, pair) in changes[1..].iter_mut().zip(self.traits.windows(2)) {
            let (before, now) = (pair[0], pair[1]);
            let moved = 0u8.wrapping_sub(change.0 & Change::STATE.0);
            let left_end = before & !now & Change::REOPENED.0;
            let reached_end = (now & !before & Change::REOPENED.0) << 1;
            change.0 |= (before | now) & Change::WAIT.0 & moved | left_end | reached_end;
        }
        // Each case's first event was compared with the case before.
        for start in &starts[..starts.len() - 1] {
            let first = (start - starts[0]) as usize;
            let change = &mut changes[first];
            change.0 &= Change::NAMED.0;
            change.set(Change::TERMINAL, self.traits[first] & Change::REOPENED.0 != 0);
        }
    }
}

const _: () = assert!(Change::TERMINAL.0 == Change::REOPENED.0 << 1, "the shift in `find_changes` relies on it");

/// Marks the events whose value is another than that of the event before.
fn mark_different(values: &[u32], what: Change, changes: &mut [Change]) {
    for (change, pair) in changes[1..].iter_mut().zip(values.windows(2)) {
        change.set(what, pair[0] != pair[1]);
    }
}

fn is_escalation(semantics: &Semantics, activity: u32) -> bool {
    semantics.kinds.get(activity as usize) == Some(&KindMeaning::Escalation)
}

/// Whether the comment of an event escalates the case; what the event is called beats what is written at it.
fn is_raised_in_words(semantics: &Semantics, activity: u32, said: Marks) -> bool {
    let kind = semantics.kinds.get(activity as usize).copied().unwrap_or_default();
    said.has(Marks::ESCALATION) && kind == KindMeaning::Plain
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
    // a column that was kept for the configuration alone is among the visible ones where people see it change
    let seen = log.attributes.iter().filter(|attribute| !attribute.role.is_aside());
    for column in columns.chain(seen.map(|attribute| &attribute.column)) {
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
