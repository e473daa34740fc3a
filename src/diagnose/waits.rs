//! What owners did while cases waited for them: busy elsewhere, working off a batch, or neither.
//!
//! Working hours of a wait are *busy* where the owner touched another case within `touch_ms` before or after; the rest
//! of the last stretch of a stay is *batch* where the stay ends within ten minutes of at least three other stays in the
//! same state that the same owner ended; what is left is *idle*. Only idle time is open to coordination; busy time is
//! a matter of capacity. What was outside working hours, outside the organisation or without a known owner is not
//! looked at here (`metrics::wait_spans`).
//!
//! Worked example, `touch_ms` of 15 min: Ann owns a case that waits from 09:00 to 12:00. She touches another case at
//! 10:00, and this one at 12:00, which ends the wait. She is busy from 09:45 to 10:15, half an hour; two and a half
//! are idle. Had she ended three more such waits between 11:50 and 12:10, all but the busy half hour would be a batch,
//! and each of those touches would have made her busy as well.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::log::codes::each_width;
use crate::log::{EventLog, NO_TIME, NONE};
use crate::metrics::clock::BusinessClock;
use crate::metrics::wait_spans::Span;
use crate::parallel;
use crate::states::Semantics;
use crate::time::Calendar;

/// Two stays that end within this time of each other may belong to one batch: ten minutes.
const BATCH_MS: i64 = 600_000;
/// Other stays that must end close by.
const BATCH_OTHERS: usize = 3;
/// Events of owners looked at together, by each thread.
const JOB_EVENTS: u64 = 1 << 21;

/// Working time of waits with a known owner, ms.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Owned {
    /// The owner touched another case.
    pub busy_ms: i64,
    /// The wait ended together with others.
    pub batch_ms: i64,
    /// Nothing explains it.
    pub idle_ms: i64,
}

/// Owned waits by (state, group).
pub type OwnedWaits = BTreeMap<(u32, u32), Owned>;

/// Splits the working time of waits with a known owner.
///
/// # Panics
/// Beyond 4 billion actors, which no log has.
#[must_use]
pub fn decompose(
    log: &EventLog,
    semantics: &Semantics,
    clock: Option<&BusinessClock>,
    mut spans: Vec<Span>,
    touch_ms: i64,
    threads: usize,
) -> OwnedWaits {
    spans.sort_unstable_by_key(|span| span.person);
    let events_of = events_of_actors(log);
    let actor_of = |person: u32| semantics.assignee_as_actor.get(person as usize).copied().unwrap_or(NONE);
    let mut jobs: Vec<&[Span]> = Vec::new();
    let (mut from, mut events) = (0, 0);
    for (to, pair) in (1..).zip(spans.windows(2)) {
        if pair[0].person != pair[1].person {
            events += events_of.get(actor_of(pair[0].person) as usize).copied().unwrap_or(0);
            if events >= JOB_EVENTS {
                jobs.push(&spans[from..to]);
                (from, events) = (to, 0);
            }
        }
    }
    jobs.push(&spans[from..]);
    let watcher = Watcher { log, semantics, clock, touch_ms };
    let mut all = OwnedWaits::new();
    for found in parallel::map(threads, jobs, |_, spans| watcher.of_persons(spans, actor_of)) {
        for (place, theirs) in found {
            let mine = all.entry(place).or_default();
            mine.busy_ms += theirs.busy_ms;
            mine.batch_ms += theirs.batch_ms;
            mine.idle_ms += theirs.idle_ms;
        }
    }
    all
}

/// Number of events by actor.
fn events_of_actors(log: &EventLog) -> Vec<u64> {
    let Some(actors) = &log.actor else { return Vec::new() };
    let mut events = vec![0; actors.dictionary.size()];
    each_width!(&actors.codes, codes => for &code in codes {
        events[code as usize] += 1;
    });
    events
}

struct Watcher<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    clock: Option<&'a BusinessClock>,
    touch_ms: i64,
}

impl Watcher<'_> {
    /// The waits of some owners, given in runs.
    fn of_persons(&self, spans: &[Span], actor_of: impl Fn(u32) -> u32) -> OwnedWaits {
        let runs: Vec<&[Span]> = spans.chunk_by(|a, b| a.person == b.person).collect();
        let actors: Vec<u32> = runs.iter().map(|run| actor_of(run[0].person)).collect();
        let mut found = OwnedWaits::new();
        for ((run, actor), touches_ms) in runs.into_iter().zip(&actors).zip(self.touches(&actors)) {
            self.of_person(run, *actor, &touches_ms, &mut found);
        }
        found
    }

    /// Instants at which each of some actors touched a case, rising, ms. Bots touch none.
    fn touches(&self, actors: &[u32]) -> Vec<Vec<i64>> {
        let mut touches = vec![Vec::new(); actors.len()];
        let Some(column) = &self.log.actor else { return touches };
        let mut place = vec![u32::MAX; column.dictionary.size()];
        for (at, &actor) in (0u32..).zip(actors) {
            if actor != NONE && !self.semantics.bots.get(actor as usize).copied().unwrap_or(false) {
                place[actor as usize] = at;
            }
        }
        each_width!(&column.codes, codes => for (&code, &time_ms) in codes.iter().zip(&self.log.time_ms) {
            if let Some(touches) = touches.get_mut(place[code as usize] as usize) {
                touches.push(time_ms);
            }
        });
        for touches in &mut touches {
            touches.sort_unstable();
        }
        touches
    }

    /// The waits of one owner.
    fn of_person(&self, spans: &[Span], actor: u32, touches_ms: &[i64], found: &mut OwnedWaits) {
        let mut exits: BTreeMap<u32, Vec<(i64, u32)>> = BTreeMap::new();
        let mut by_calendar: BTreeMap<u32, Vec<&Span>> = BTreeMap::new();
        for span in spans {
            by_calendar.entry(span.calendar).or_default().push(span);
            if span.ends_ms != NO_TIME {
                exits.entry(span.state).or_default().push((span.ends_ms, span.case));
            }
        }
        for exits in exits.values_mut() {
            exits.sort_unstable();
            // A stretch that was cut where the calendar changes is one exit; a case ends one stay at an instant.
            exits.dedup();
        }
        let mut own_ms = Vec::new();
        for (place, spans) in by_calendar {
            let hours = Hours(self.clock.and_then(|clock| clock.calendars.get(place as usize)));
            let busy = Busy::new(touches_ms, self.touch_ms, hours);
            for span in spans {
                self.own_touches(span, actor, &mut own_ms);
                let all_ms = hours.between(span.from_ms, span.to_ms);
                let busy_ms = busy.elsewhere(span.from_ms..span.to_ms, &own_ms);
                let rest_ms = all_ms - busy_ms;
                let owned = found.entry((span.state, span.group)).or_default();
                owned.busy_ms += busy_ms;
                if exits.get(&span.state).is_some_and(|exits| is_batch(exits, span.ends_ms)) {
                    owned.batch_ms += rest_ms;
                } else {
                    owned.idle_ms += rest_ms;
                }
            }
        }
    }

    /// Instants at which the owner touched the waiting case itself, where they could be taken for touches of others.
    fn own_touches(&self, span: &Span, actor: u32, own_ms: &mut Vec<i64>) {
        own_ms.clear();
        let Some(column) = &self.log.actor else { return };
        let events = self.log.range(span.case as usize);
        let times = &self.log.time_ms[events.clone()];
        let first = times.partition_point(|time| *time < span.from_ms - self.touch_ms);
        let end = times.partition_point(|time| *time <= span.to_ms + self.touch_ms);
        own_ms.extend(
            (first..end).filter(|at| column.codes.get(events.start + at) == actor && actor != NONE).map(|at| times[at]),
        );
    }
}

/// Whether enough other stays end close to the end of one; `exits` rise and hold it.
fn is_batch(exits: &[(i64, u32)], at_ms: i64) -> bool {
    if at_ms == NO_TIME {
        return false;
    }
    let first = exits.partition_point(|exit| exit.0 < at_ms - BATCH_MS);
    let end = exits.partition_point(|exit| exit.0 <= at_ms + BATCH_MS);
    end - first > BATCH_OTHERS
}

/// Working hours; all hours without a calendar.
#[derive(Clone, Copy)]
struct Hours<'a>(Option<&'a Calendar>);

impl Hours<'_> {
    fn between(self, from_ms: i64, to_ms: i64) -> i64 {
        self.0.map_or(to_ms - from_ms, |calendar| calendar.working_time(from_ms, to_ms))
    }
}

/// When an owner was busy with any case.
struct Busy<'a> {
    touches_ms: &'a [i64],
    touch_ms: i64,
    hours: Hours<'a>,
    /// Rising and apart, each with the working time of those before it.
    pieces: Vec<(Range<i64>, i64)>,
}

impl<'a> Busy<'a> {
    fn new(touches_ms: &'a [i64], touch_ms: i64, hours: Hours<'a>) -> Self {
        let mut before_ms = 0;
        let pieces = joined(touches_ms.iter().copied(), touch_ms)
            .map(|piece| {
                let before = before_ms;
                before_ms += hours.between(piece.start, piece.end);
                (piece, before)
            })
            .collect();
        Busy { touches_ms, touch_ms, hours, pieces }
    }

    /// Working time busy with any case before an instant.
    fn before(&self, at_ms: i64) -> i64 {
        let after = self.pieces.partition_point(|(piece, _)| piece.start < at_ms);
        let Some((piece, before_ms)) = after.checked_sub(1).and_then(|last| self.pieces.get(last)) else { return 0 };
        before_ms + self.hours.between(piece.start, piece.end.min(at_ms))
    }

    /// Working time within a wait busy with other cases than the waiting one, which was touched at `own_ms`.
    fn elsewhere(&self, wait: Range<i64>, own_ms: &[i64]) -> i64 {
        let any_ms = self.before(wait.end) - self.before(wait.start);
        let only_own_ms: i64 = joined(own_ms.iter().copied(), self.touch_ms)
            .map(|piece| {
                let piece = piece.start.max(wait.start)..piece.end.min(wait.end);
                if piece.is_empty() {
                    0
                } else {
                    self.hours.between(piece.start, piece.end) - self.others(&piece, own_ms)
                }
            })
            .sum();
        any_ms - only_own_ms
    }

    /// Working time within a piece of a wait that is close to a touch of another case.
    fn others(&self, piece: &Range<i64>, own_ms: &[i64]) -> i64 {
        let (first_ms, last_ms) = (piece.start - self.touch_ms, piece.end + self.touch_ms);
        let near = &self.touches_ms[self.touches_ms.partition_point(|touch| *touch < first_ms)..];
        let mut own = own_ms[own_ms.partition_point(|own| *own < first_ms)..].iter().peekable();
        // Every own touch is among all touches, so that taking out equal instants one by one leaves the others.
        let others = near
            .iter()
            .copied()
            .take_while(|touch| *touch <= last_ms)
            .filter(move |touch| own.next_if(|own| *own == touch).is_none());
        joined(others, self.touch_ms)
            .map(|other| {
                let other = other.start.max(piece.start)..other.end.min(piece.end);
                if other.is_empty() { 0 } else { self.hours.between(other.start, other.end) }
            })
            .sum()
    }
}

/// The time within `touch_ms` of rising instants, as pieces that are apart.
fn joined(touches_ms: impl Iterator<Item = i64>, touch_ms: i64) -> impl Iterator<Item = Range<i64>> {
    let mut touches_ms = touches_ms.peekable();
    std::iter::from_fn(move || {
        let first = touches_ms.next()?;
        let mut end_ms = first + touch_ms;
        while let Some(next) = touches_ms.next_if(|next| *next - touch_ms <= end_ms) {
            end_ms = next + touch_ms;
        }
        Some(first - touch_ms..end_ms)
    })
}
