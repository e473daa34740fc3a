//! Waits whose owner is known, cut where the owner or the calendar changes, for the decomposition of waits.
//!
//! A stay in a state of class queue, approval or blocked waits for its owner; those of other waiting classes wait for
//! somebody outside, whoever owns the case. Only completed stays are kept. With a calendar, the time of every waiting
//! stay outside working hours is summed here too.
//!
//! Deliberately not here: what the owner did meanwhile, which needs all cases (`diagnose::waits`).

use std::ops::Range;

use super::clock::BusinessTimes;
use super::pairs::PairTable;
use crate::log::{EventLog, NONE};
use crate::states::{CaseEvents, Change, Class, PickupRule, Semantics};

/// A stretch of a wait with one owner and one calendar. There are as many as a log has waits, so they are small: one of
/// more than 49 days is kept in pieces, which add up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Span {
    /// First instant, ms UTC.
    pub from_ms: i64,
    /// Length, ms.
    pub length_ms: u32,
    /// Person who owns the case.
    pub person: u32,
    /// Place among [`Spans::places`].
    pub place: u32,
    /// First of the owner's touches of the case itself close by, in [`Spans::own_ms`].
    pub own_from: u32,
    /// How many there are.
    pub own: u32,
    /// What comes after it.
    pub then: Then,
    /// Place of the calendar in force; [`u16::MAX`] in a log without calendars.
    pub calendar: u16,
}

/// What comes after a stretch of a wait.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// Another owner, or none.
    OtherOwner,
    /// The stretch that was kept next, of the same owner in the same stay.
    Next,
    /// The end of the stay.
    Exit,
}

impl Span {
    /// Last instant and 1, ms UTC.
    #[must_use]
    pub fn to_ms(&self) -> i64 {
        self.from_ms + i64::from(self.length_ms)
    }
}

/// The stretches of many cases.
#[derive(Default)]
pub struct Spans {
    /// Case by case, and within a case in the order of time.
    pub list: Vec<Span>,
    /// Instants at which owners touched the waiting case itself, rising for each stretch, ms UTC.
    pub own_ms: Vec<i64>,
    /// (state, group) by number.
    pub places: Vec<(u32, u32)>,
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
    /// Stretches with a known owner, in parts of cases that share nothing.
    pub parts: Vec<Spans>,
    /// By (state, group); empty in a log without calendars.
    pub closed: PairTable<Closed>,
    /// Whether owners can be seen at work: where not, no stretches are kept.
    pub observed: bool,
    /// An owner is busy this long before and after a touch, ms; `None` where no stretches are kept.
    busy_ms: Option<i64>,
    /// Number of each (state, group) among the places of the first part, plus 1.
    numbers: PairTable<u32>,
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

/// Whether an assignee is a system, which cannot be reminded.
fn is_bot(person: u32, semantics: &Semantics) -> bool {
    let actor = semantics.assignee_as_actor.get(person as usize).copied().unwrap_or(NONE);
    semantics.bots.get(actor as usize).copied().unwrap_or(false)
}

impl WaitTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics, has_calendars: bool) -> Self {
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        let observed = semantics.pickup_rule == PickupRule::EventByNewOwner && semantics.tells_people_apart;
        let busy_ms = semantics.busy_ms.filter(|_| observed);
        let states = |needed: bool| if needed { semantics.states.len() } else { 0 };
        WaitTally {
            parts: vec![Spans::default()],
            closed: PairTable::new(states(has_calendars), groups),
            observed,
            busy_ms,
            numbers: PairTable::new(states(busy_ms.is_some()), groups),
            has_calendars,
        }
    }

    /// Adds a case; `times` are its instants on the business clock, if it has one.
    pub fn add(&mut self, events: &CaseEvents, times: Option<BusinessTimes>, semantics: &Semantics) {
        if self.busy_ms.is_none() && !self.has_calendars {
            return;
        }
        for visit in events.visits {
            let owned = waits_for_owner(visit.class);
            if !(owned || waits_outside(visit.class) && self.has_calendars) {
                continue;
            }
            let mut from = visit.from;
            for to in visit.from + 1..=visit.to.min(events.len() - 1) {
                if to == visit.to || events.changes[to].any(Change::GROUP) {
                    self.add_stay(events, times, from..to, owned, semantics);
                    from = to;
                }
            }
        }
    }

    /// Adds a completed stay, from its first event to the one that ends it.
    fn add_stay(
        &mut self,
        events: &CaseEvents,
        times: Option<BusinessTimes>,
        stay: Range<usize>,
        owned: bool,
        semantics: &Semantics,
    ) {
        if self.has_calendars {
            let all_ms = events.time_ms[stay.end] - events.time_ms[stay.start];
            let closed = self.closed.at(events.state[stay.start], events.group[stay.start]);
            match times {
                Some(times) => closed.off_hours_ms += all_ms - (times.time_ms[stay.end] - times.time_ms[stay.start]),
                None => closed.unclocked_ms += all_ms,
            }
        }
        let Some(busy_ms) = self.busy_ms.filter(|_| owned && (times.is_some() || !self.has_calendars)) else { return };
        let mut from = stay.start;
        while from < stay.end {
            let person = events.person[from];
            let rest = &events.person[from..stay.end];
            let to = from + rest.iter().position(|other| *other != person).unwrap_or(rest.len());
            if person != NONE && !is_bot(person, semantics) {
                let then = if to == stay.end { Then::Exit } else { Then::OtherOwner };
                self.add_owner(events, times, from..to, then, semantics, busy_ms);
            }
            from = to;
        }
    }

    /// Adds what one owner had of a stay.
    fn add_owner(
        &mut self,
        events: &CaseEvents,
        times: Option<BusinessTimes>,
        owned: Range<usize>,
        then: Then,
        semantics: &Semantics,
        busy_ms: i64,
    ) {
        let calendar = |i: usize| times.map_or(u16::MAX, |times| u16::try_from(times.calendar[i]).unwrap_or(u16::MAX));
        let person = events.person[owned.start];
        let actor = semantics.assignee_as_actor.get(person as usize).copied().unwrap_or(NONE);
        let place = self.place(events.state[owned.start], events.group[owned.start]);
        let mut from = owned.start;
        while from < owned.end {
            let same = (from + 1..owned.end).take_while(|to| calendar(*to) == calendar(from)).last();
            let to = same.unwrap_or(from) + 1;
            let then = if to == owned.end { then } else { Then::Next };
            let span =
                Span { from_ms: 0, length_ms: 0, person, place, own_from: 0, own: 0, then, calendar: calendar(from) };
            self.push(events, events.time_ms[from]..events.time_ms[to], span, actor, busy_ms);
            from = to;
        }
    }

    /// Keeps a stretch, in pieces where it is long, with the touches of the case by its owner.
    ///
    /// # Panics
    /// Beyond 4 billion touches, which no log has.
    fn push(&mut self, events: &CaseEvents, stretch_ms: Range<i64>, span: Span, actor: u32, busy_ms: i64) {
        let Spans { list, own_ms, .. } = &mut self.parts[0];
        let number = |len: usize| u32::try_from(len).expect("fewer touches than 32 bits count");
        let mut from_ms = stretch_ms.start;
        loop {
            let length_ms = u32::try_from(stretch_ms.end - from_ms).unwrap_or(u32::MAX);
            let to_ms = from_ms + i64::from(length_ms);
            let own_from = own_ms.len();
            if actor != NONE {
                let first = events.time_ms.partition_point(|time_ms| *time_ms < from_ms - busy_ms);
                let near = (first..events.len()).take_while(|i| events.time_ms[*i] <= to_ms + busy_ms);
                own_ms.extend(near.filter(|i| events.actor[*i] == actor).map(|i| events.time_ms[i]));
            }
            let then = if to_ms < stretch_ms.end { Then::Next } else { span.then };
            let own = number(own_ms.len() - own_from);
            list.push(Span { from_ms, length_ms, own_from: number(own_from), own, then, ..span });
            from_ms = to_ms;
            if from_ms >= stretch_ms.end {
                break;
            }
        }
    }

    /// The number of a place, made when it is new.
    fn place(&mut self, state: u32, group: u32) -> u32 {
        let places = &mut self.parts[0].places;
        let number = self.numbers.at(state, group);
        if *number == 0 {
            places.push((state, group));
            *number = u32::try_from(places.len()).expect("fewer pairs than 32 bits count");
        }
        *number - 1
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: WaitTally) {
        self.parts.extend(other.parts);
        self.closed.merge(other.closed, |mine, theirs| {
            mine.off_hours_ms += theirs.off_hours_ms;
            mine.unclocked_ms += theirs.unclocked_ms;
        });
    }
}
