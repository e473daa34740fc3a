//! One case at a time: its events decoded, with state and owner in force after each.

use super::{Class, Semantics};
use crate::log::codes::each_width;
use crate::log::{EventLog, MARK_COMMENT, NONE};

/// The events of one case, in order. All columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct CaseEvents {
    /// Instants, UTC ms.
    pub time_ms: Vec<i64>,
    /// State in force after the event.
    pub state: Vec<u32>,
    /// Class of that state.
    pub class: Vec<Class>,
    /// Group in force; 0 is none.
    pub group: Vec<u32>,
    /// Person in force; 0 is none.
    pub person: Vec<u32>,
    /// The event itself names the person, who is not just carried forward.
    pub person_named: Vec<bool>,
    /// Who made the event; 0 is unknown.
    pub actor: Vec<u32>,
    /// Activity or event kind.
    pub activity: Vec<u32>,
    /// Priority as it stands on the event.
    pub priority: Vec<u32>,
    /// Nothing visible changed since the event before, and there is no comment. Only filled where asked for.
    pub unchanged: Vec<bool>,
    /// Runs of one state.
    pub visits: Vec<Visit>,
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

impl CaseEvents {
    /// Number of events; at least one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.time_ms.len()
    }

    /// Whether nothing is loaded.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.time_ms.is_empty()
    }

    /// Whether event `i` moved the case to another state.
    #[must_use]
    pub fn state_changes(&self, i: usize) -> bool {
        i > 0 && self.state[i] != self.state[i - 1]
    }

    /// Whether event `i` changed the group or person in force.
    #[must_use]
    pub fn owner_changes(&self, i: usize) -> bool {
        i > 0 && (self.group[i] != self.group[i - 1] || self.person[i] != self.person[i - 1])
    }

    /// Whether event `i` moved the case from a non-terminal to a terminal state.
    #[must_use]
    pub fn terminal_entry(&self, i: usize) -> bool {
        self.class[i].is_terminal() && (i == 0 || !self.class[i - 1].is_terminal())
    }

    /// Whether event `i` moved the case from a terminal to a non-terminal state.
    #[must_use]
    pub fn reopens(&self, i: usize) -> bool {
        i > 0 && self.class[i - 1].is_terminal() && !self.class[i].is_terminal()
    }

    /// First event of the final unbroken run of terminal states; `None` when the case is open.
    #[must_use]
    pub fn completion(&self) -> Option<usize> {
        if !self.class.last()?.is_terminal() {
            return None;
        }
        Some(self.class.iter().rposition(|class| !class.is_terminal()).map_or(0, |before| before + 1))
    }

    /// Instant at which the state or owner in force after event `i` ends; `None` while open.
    #[must_use]
    pub fn next_time_ms(&self, i: usize) -> Option<i64> {
        self.time_ms.get(i + 1).copied()
    }
}

/// Loads cases into one reusable [`CaseEvents`].
pub struct Reader<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    with_unchanged: bool,
    /// The case loaded last.
    pub events: CaseEvents,
}

impl<'a> Reader<'a> {
    /// A reader; `with_unchanged` also compares neighbouring events for visible changes.
    #[must_use]
    pub fn new(log: &'a EventLog, semantics: &'a Semantics, with_unchanged: bool) -> Self {
        Reader { log, semantics, with_unchanged, events: CaseEvents::default() }
    }

    /// Loads a case.
    pub fn load(&mut self, case: usize) -> &CaseEvents {
        let (log, semantics, events) = (self.log, self.semantics, &mut self.events);
        let range = log.range(case);
        let n = range.len();
        events.time_ms.clear();
        events.time_ms.extend_from_slice(&log.time_ms[range.clone()]);
        let columns = [
            (&log.state, &mut events.state),
            (&log.group, &mut events.group),
            (&log.assignee, &mut events.person),
            (&log.actor, &mut events.actor),
            (&log.activity, &mut events.activity),
        ];
        for (column, out) in columns {
            match column {
                Some(column) => column.codes.copy_into(range.clone(), out),
                None => blank(out, n),
            }
        }
        match semantics.priority {
            Some(priority) => log.attributes[priority].column.codes.copy_into(range.clone(), &mut events.priority),
            None => blank(&mut events.priority, n),
        }
        events.person_named.clear();
        events.person_named.extend(events.person.iter().map(|&person| person != NONE));
        carry_forward(&mut events.state);
        if !semantics.unassigned_when_empty {
            carry_forward(&mut events.group);
            carry_forward(&mut events.person);
        }
        events.class.clear();
        events.class.extend(events.state.iter().map(|&state| semantics.class(state)));
        if self.with_unchanged {
            compare(log, semantics, range, &mut events.unchanged);
        }
        find_visits(events);
        &self.events
    }
}

fn blank(column: &mut Vec<u32>, n: usize) {
    column.clear();
    column.resize(n, NONE);
}

fn carry_forward(column: &mut [u32]) {
    let mut last = NONE;
    for code in column {
        if *code == NONE {
            *code = last;
        } else {
            last = *code;
        }
    }
}

/// Marks events at which no column but time, actor and update counter changed.
fn compare(log: &EventLog, semantics: &Semantics, range: std::ops::Range<usize>, unchanged: &mut Vec<bool>) {
    unchanged.clear();
    unchanged.resize(range.len(), true);
    unchanged[0] = false;
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

fn find_visits(events: &mut CaseEvents) {
    events.visits.clear();
    let n = events.state.len();
    let mut from = 0;
    for i in 1..=n {
        if i == n || events.state[i] != events.state[from] {
            events.visits.push(Visit { state: events.state[from], class: events.class[from], from, to: i });
            from = i;
        }
    }
}
