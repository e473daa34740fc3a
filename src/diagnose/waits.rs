//! What owners did while cases waited for them: busy elsewhere, working off a batch, or neither.
//!
//! Working hours of a wait are *busy* where the owner touched another case within `touch_ms` before or after; the rest
//! of the last stretch of a stay is *batch* where the stay ends within ten minutes of at least three other stays in the
//! same state that the same owner ended; what is left is *idle*. Only idle time is open to coordination; busy time is
//! a matter of capacity. Idle time between two touches of the owner that are at most an hour apart is counted apart: it is
//! idle by the rule, but people who leave a trace every three quarters of an hour may well have worked throughout. What was outside working hours, outside the organisation or without a known owner is not
//! looked at here (`metrics::wait_spans`).
//!
//! Worked example, `touch_ms` of 15 min: Ann owns a case that waits from 09:00 to 12:00. She touches another case at
//! 10:00, and this one at 12:00, which ends the wait. She is busy from 09:45 to 10:15, half an hour; two and a half
//! are idle. Had she ended three more such waits between 11:50 and 12:10, all but the busy half hour would be a batch,
//! and each of those touches would have made her busy as well.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use super::bots::count_rows;
use crate::log::codes::each_width;
use crate::log::{EventLog, NONE};
use crate::metrics::clock::BusinessClock;
use crate::metrics::wait_spans::{Span, Spans, Then};
use crate::parallel;
use crate::states::Semantics;
use crate::time::Calendar;

/// Two stays that end within this time of each other may belong to one batch: ten minutes.
const BATCH_MS: i64 = 600_000;
/// Other stays that must end close by.
const BATCH_OTHERS: usize = 3;
/// Between two touches at most this far apart an owner may have worked throughout: an hour.
const STROKE_MS: i64 = 3_600_000;
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
    /// Of the idle time, that between two touches of the owner at most an hour apart.
    pub between_ms: i64,
}

/// Owned waits by (state, group).
pub type OwnedWaits = BTreeMap<(u32, u32), Owned>;

/// Splits the working time of the waits in some places, given as (state, group).
///
/// # Panics
/// Beyond 4 billion waits, which no log has.
#[must_use]
pub fn decompose(
    log: &EventLog,
    semantics: &Semantics,
    clock: Option<&BusinessClock>,
    waits: &[Spans],
    places: &BTreeSet<(u32, u32)>,
    threads: usize,
) -> OwnedWaits {
    // Exits count wherever the state is waited in, so that all stretches of such owners and states are looked at.
    let states: BTreeSet<u32> = places.iter().map(|place| place.0).collect();
    let wanted: Vec<Vec<bool>> =
        waits.iter().map(|part| part.places.iter().map(|place| states.contains(&place.0)).collect()).collect();
    let mut by_person: Vec<Vec<Run>> = vec![Vec::new(); semantics.assignee_as_actor.len()];
    for ((number, part), wanted) in (0u32..).zip(waits).zip(&wanted) {
        let mut from = 0;
        for run in part.list.chunk_by(|a, b| a.person == b.person && a.place == b.place) {
            let to = from + u32::try_from(run.len()).expect("fewer waits than 32 bits count");
            if wanted[run[0].place as usize] {
                by_person[run[0].person as usize].push(Run { part: number, from, to });
            }
            from = to;
        }
    }
    let events_of = count_rows(log, threads);
    let actor_of = |person: usize| semantics.assignee_as_actor[person];
    let mut jobs: Vec<Vec<(u32, Vec<Run>)>> = vec![Vec::new()];
    let mut events = 0;
    for (person, runs) in by_person.into_iter().enumerate().filter(|(_, runs)| !runs.is_empty()) {
        if events >= JOB_EVENTS {
            jobs.push(Vec::new());
            events = 0;
        }
        events += events_of.get(actor_of(person) as usize).copied().unwrap_or(0);
        if let Some(job) = jobs.last_mut() {
            job.push((actor_of(person), runs));
        }
    }
    let Some(busy_ms) = semantics.busy_ms else { return OwnedWaits::new() };
    let watcher = Watcher { log, semantics, clock, busy_ms, waits, places };
    let mut all = OwnedWaits::new();
    for found in parallel::map(threads, jobs, |_, persons| watcher.of_persons(&persons)) {
        for (place, theirs) in found {
            let mine = all.entry(place).or_default();
            mine.busy_ms += theirs.busy_ms;
            mine.batch_ms += theirs.batch_ms;
            mine.idle_ms += theirs.idle_ms;
            mine.between_ms += theirs.between_ms;
        }
    }
    all
}

/// Neighbouring stretches of one owner in one place.
#[derive(Clone, Copy)]
struct Run {
    part: u32,
    from: u32,
    to: u32,
}

impl Run {
    fn part(self, waits: &[Spans]) -> &Spans {
        &waits[self.part as usize]
    }

    fn place(self, waits: &[Spans]) -> (u32, u32) {
        let part = self.part(waits);
        part.places[part.list[self.from as usize].place as usize]
    }

    /// Each stretch, with the end of its stay if the same owner has the case until then.
    fn spans(self, waits: &[Spans]) -> impl Iterator<Item = (&Span, Option<i64>)> {
        let list = &self.part(waits).list[self.from as usize..self.to as usize];
        list.iter().enumerate().map(|(at, span)| {
            let last = list[at..].iter().find(|span| span.then != Then::Next);
            (span, last.filter(|last| last.then == Then::Exit).map(Span::to_ms))
        })
    }
}

struct Watcher<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    clock: Option<&'a BusinessClock>,
    busy_ms: i64,
    waits: &'a [Spans],
    places: &'a BTreeSet<(u32, u32)>,
}

impl Watcher<'_> {
    /// The waits of some owners, each given by actor code.
    fn of_persons(&self, persons: &[(u32, Vec<Run>)]) -> OwnedWaits {
        let actors: Vec<u32> = persons.iter().map(|(actor, _)| *actor).collect();
        let mut found = OwnedWaits::new();
        for ((_, runs), touches_ms) in persons.iter().zip(self.touches(&actors)) {
            self.of_person(runs, &touches_ms, &mut found);
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
    fn of_person(&self, runs: &[Run], touches_ms: &[i64], found: &mut OwnedWaits) {
        let mut exits: BTreeMap<u32, Vec<i64>> = BTreeMap::new();
        for run in runs {
            let exits = exits.entry(run.place(self.waits).0).or_default();
            exits.extend(
                run.spans(self.waits).filter(|(span, _)| span.then == Then::Exit).map(|(span, _)| span.to_ms()),
            );
        }
        for exits in exits.values_mut() {
            exits.sort_unstable();
        }
        let mut busy: BTreeMap<u16, Busy> = BTreeMap::new();
        for run in runs.iter().filter(|run| self.places.contains(&run.place(self.waits))) {
            let owned = found.entry(run.place(self.waits)).or_default();
            let exits = exits.get(&run.place(self.waits).0).map_or(&[][..], Vec::as_slice);
            for (span, ends_ms) in run.spans(self.waits) {
                let hours = Hours(self.clock.and_then(|clock| clock.calendars.get(usize::from(span.calendar))));
                let busy = busy.entry(span.calendar).or_insert_with(|| Busy::new(touches_ms, self.busy_ms, hours));
                let own_ms = &run.part(self.waits).own_ms[span.own_from as usize..][..span.own as usize];
                let (busy_ms, between_ms) = busy.elsewhere(span.from_ms..span.to_ms(), own_ms);
                let rest_ms = hours.between(span.from_ms, span.to_ms()) - busy_ms;
                owned.busy_ms += busy_ms;
                if ends_ms.is_some_and(|ends_ms| is_batch(exits, ends_ms)) {
                    owned.batch_ms += rest_ms;
                } else {
                    owned.idle_ms += rest_ms;
                    owned.between_ms += between_ms;
                }
            }
        }
    }
}

/// Whether enough other stays end close to the end of one; `exits` rise and hold it.
fn is_batch(exits: &[i64], at_ms: i64) -> bool {
    let first = exits.partition_point(|exit| *exit < at_ms - BATCH_MS);
    let near = &exits[first..];
    near.iter().take_while(|exit| **exit <= at_ms + BATCH_MS).take(BATCH_OTHERS + 1).count() > BATCH_OTHERS
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
    /// Rising and apart.
    pieces: Vec<Piece>,
}

/// Time within reach of touches, and what comes before it.
struct Piece {
    time: Range<i64>,
    /// Working time of the pieces before.
    busy_before_ms: i64,
    /// Working time between the pieces before, and before this one, where it is short.
    between_before_ms: i64,
}

impl<'a> Busy<'a> {
    fn new(touches_ms: &'a [i64], touch_ms: i64, hours: Hours<'a>) -> Self {
        let mut pieces: Vec<Piece> = Vec::new();
        for time in joined(touches_ms.iter().copied(), touch_ms) {
            let (busy_before_ms, between_before_ms) = pieces.last().map_or((0, 0), |last| {
                let short = time.start - last.time.end <= STROKE_MS - 2 * touch_ms;
                let between_ms = if short { hours.between(last.time.end, time.start) } else { 0 };
                let busy_ms = hours.between(last.time.start, last.time.end);
                (last.busy_before_ms + busy_ms, last.between_before_ms + between_ms)
            });
            pieces.push(Piece { time, busy_before_ms, between_before_ms });
        }
        Busy { touches_ms, touch_ms, hours, pieces }
    }

    /// Working time before an instant: busy with any case, and between two touches that are close to each other.
    fn before(&self, at_ms: i64) -> (i64, i64) {
        let after = self.pieces.partition_point(|piece| piece.time.start < at_ms);
        let Some(Piece { time, busy_before_ms, between_before_ms }) =
            after.checked_sub(1).and_then(|last| self.pieces.get(last))
        else {
            return (0, 0);
        };
        let busy_ms = busy_before_ms + self.hours.between(time.start, time.end.min(at_ms));
        let between_ms = match self.pieces.get(after) {
            Some(next) if at_ms > time.end && next.between_before_ms > *between_before_ms => {
                between_before_ms + self.hours.between(time.end, at_ms)
            }
            Some(_) | None => *between_before_ms,
        };
        (busy_ms, between_ms)
    }

    /// Working time within a wait busy with other cases than the waiting one, which was touched at `own_ms`, and that
    /// between two touches of any case that are close to each other.
    fn elsewhere(&self, wait: Range<i64>, own_ms: &[i64]) -> (i64, i64) {
        let (from, to) = (self.before(wait.start), self.before(wait.end));
        let any_ms = to.0 - from.0;
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
        (any_ms - only_own_ms, to.1 - from.1)
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
