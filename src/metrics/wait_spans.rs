//! Waits whose owner is known, cut where the owner or the calendar changes, for the decomposition of waits.
//!
//! A stay in a state of class queue, approval or blocked waits for its owner; those of other waiting classes wait for
//! somebody outside, whoever owns the case. Only completed stays are kept. With a calendar, the time of every waiting
//! stay outside working hours is summed here too.
//!
//! Deliberately not here: what the owner did meanwhile, which needs all cases (`diagnose::waits`).

use super::clock::BusinessTimes;
use super::pairs::PairTable;
use crate::log::{EventLog, NO_TIME, NONE};
use crate::states::{CaseEvents, Change, Class, Semantics};

/// A stretch of a wait with one owner and one calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// Person who owns the case.
    pub person: u32,
    /// State.
    pub state: u32,
    /// Group.
    pub group: u32,
    /// Place of the case in the log.
    pub case: u32,
    /// Place of the calendar in force; [`u32::MAX`] in a log without calendars.
    pub calendar: u32,
    /// When the stay ends, if the same owner has the case until then, ms UTC; else [`NO_TIME`].
    pub ends_ms: i64,
    /// First instant, ms UTC.
    pub from_ms: i64,
    /// Last instant and 1, ms UTC.
    pub to_ms: i64,
}

/// Time of waiting stays that no owner could use, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Closed {
    /// Outside working hours.
    pub off_hours_ms: i64,
    /// In cases without a business clock.
    pub unclocked_ms: i64,
}

/// The waits of many cases.
pub struct WaitTally {
    /// In no particular order.
    pub spans: Vec<Span>,
    /// By (state, group); empty in a log without calendars.
    pub closed: PairTable<Closed>,
    /// Whether owners can be seen at work: where not, no stretches are kept.
    pub observed: bool,
    has_calendars: bool,
}

/// Whether waits of a class are waits for the owner of the case.
#[must_use]
pub fn waits_for_owner(class: Class) -> bool {
    matches!(class, Class::Queue | Class::Approval | Class::Blocked)
}

/// Whether waits of a class are waits for somebody outside.
#[must_use]
pub fn waits_outside(class: Class) -> bool {
    matches!(class, Class::WaitingRequester | Class::WaitingExternal)
}

/// Whether at least half of the assignees ever appear as actors, so that a quiet owner can be told from an unseen one.
#[must_use]
pub fn owners_are_seen(semantics: &Semantics) -> bool {
    let names = semantics.assignee_as_actor.get(1..).unwrap_or(&[]);
    let seen = names.iter().filter(|actor| **actor != NONE).count();
    !names.is_empty() && seen * 2 >= names.len()
}

impl WaitTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics, has_calendars: bool) -> Self {
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        WaitTally {
            spans: Vec::new(),
            closed: PairTable::new(if has_calendars { semantics.states.len() } else { 0 }, groups),
            observed: owners_are_seen(semantics),
            has_calendars,
        }
    }

    /// Adds a case; `times` are its instants on the business clock, if it has one.
    ///
    /// # Panics
    /// Beyond 4 billion cases, which no log has.
    pub fn add(&mut self, case: usize, events: &CaseEvents, times: Option<BusinessTimes>) {
        if !self.observed && !self.has_calendars {
            return;
        }
        let case = u32::try_from(case).expect("fewer cases than 32 bits count");
        for visit in events.visits {
            let owned = waits_for_owner(visit.class);
            if !(owned || waits_outside(visit.class)) {
                continue;
            }
            let mut from = visit.from;
            for to in visit.from + 1..=visit.to.min(events.len() - 1) {
                if to == visit.to || events.changes[to].any(Change::GROUP) {
                    self.add_stay(case, events, times, from..to, owned);
                    from = to;
                }
            }
        }
    }

    /// Adds a completed stay, from its first event to the one that ends it.
    fn add_stay(
        &mut self,
        case: u32,
        events: &CaseEvents,
        times: Option<BusinessTimes>,
        stay: std::ops::Range<usize>,
        owned: bool,
    ) {
        let (state, group) = (events.state[stay.start], events.group[stay.start]);
        if self.has_calendars {
            let all_ms = events.time_ms[stay.end] - events.time_ms[stay.start];
            let closed = self.closed.at(state, group);
            match times {
                Some(times) => closed.off_hours_ms += all_ms - (times.time_ms[stay.end] - times.time_ms[stay.start]),
                None => closed.unclocked_ms += all_ms,
            }
        }
        if !owned || !self.observed || (self.has_calendars && times.is_none()) {
            return;
        }
        let calendar = |i: usize| times.map_or(u32::MAX, |times| times.calendar[i]);
        let last = events.person[stay.end - 1];
        let last_from = stay.clone().rev().find(|i| events.person[*i] != last).map_or(stay.start, |i| i + 1);
        let mut from = stay.start;
        for to in stay.start + 1..=stay.end {
            let same = to < stay.end && events.person[to] == events.person[from] && calendar(to) == calendar(from);
            if same {
                continue;
            }
            let (person, calendar) = (events.person[from], calendar(from));
            let (from_ms, to_ms) = (events.time_ms[from], events.time_ms[to]);
            if person != NONE && (from_ms < to_ms || to == stay.end) {
                let ends_ms = if from >= last_from { events.time_ms[stay.end] } else { NO_TIME };
                self.spans.push(Span { person, state, group, case, calendar, ends_ms, from_ms, to_ms });
            }
            from = to;
        }
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: WaitTally) {
        self.spans.extend(other.spans);
        self.closed.merge(other.closed, |mine, theirs| {
            mine.off_hours_ms += theirs.off_hours_ms;
            mine.unclocked_ms += theirs.unclocked_ms;
        });
    }
}
