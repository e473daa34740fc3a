//! When people work: events by hour of the week, and the hours a calendar would have.
//!
//! An hour of the week is open where it has at least a quarter of the median of the 40 busiest ones; a single closed
//! hour between two open ones is open too. With more than 120 open hours, work is done around the clock.
//!
//! Worked example: every hour from Monday to Friday, 8 to 17, has 100 events, but for 12 with 10; all others have 5.
//! The median of the 40 busiest is 100, so 25 events open an hour: 8 to 12 and 13 to 17, and 12 as a single hole.
//!
//! Deliberately not here: which zone the clock is in, how a calendar is written, whether there are enough events.

use crate::log::codes::each_width;
use crate::log::{EventLog, NONE};
use crate::parallel;

/// Hours of a week.
pub const HOURS: usize = 168;
/// Busiest hours that say how much is usual.
pub const BUSIEST: usize = 40;
/// With more open hours than this, all are.
pub const ALWAYS_FROM: usize = 120;
const MS_PER_HOUR: i64 = 3_600_000;
const HOURS_OF_WEEK: i64 = 168;
/// 1970-01-01 was a Thursday.
const FIRST_HOUR: i64 = 3 * 24;

/// Events by hour of the week, from Monday 00:00 of the local clock.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HourProfile {
    /// One count per hour.
    pub events: [u64; HOURS],
}

/// Which hours of the week are open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenHours {
    /// From Monday 00:00.
    pub open: [bool; HOURS],
    /// All are, by the rule for work around the clock.
    pub always: bool,
    /// Twice the median of the busiest hours.
    pub busiest_twice: u64,
}

/// Counts the events of people, or all where the log does not say who acted.
///
/// `bots` says by actor code who is none; `offset_ms_at` is local time less UTC at an instant.
#[must_use]
pub fn profile(
    log: &EventLog,
    bots: &[bool],
    offset_ms_at: &(dyn Fn(i64) -> i64 + Sync),
    threads: usize,
) -> HourProfile {
    let count = |events: &mut [u64; HOURS], at: usize| {
        let local_ms = log.time_ms[at] + offset_ms_at(log.time_ms[at]);
        let hour = (local_ms.div_euclid(MS_PER_HOUR) + FIRST_HOUR).rem_euclid(HOURS_OF_WEEK);
        events[usize::try_from(hour).unwrap_or(0)] += 1;
    };
    let parts = parallel::fold(
        threads,
        log.case_runs(1 << 18),
        || [0; HOURS],
        |events, run| {
            let (from, to) = (log.case_starts[run.start] as usize, log.case_starts[run.end] as usize);
            match &log.actor {
                None => (from..to).for_each(|at| count(events, at)),
                Some(actors) => {
                    each_width!(&actors.codes, codes => {
                        for (at, &actor) in (from..to).zip(&codes[from..to]) {
                            let actor = u32::from(actor);
                            if actor != NONE && !bots.get(actor as usize).copied().unwrap_or(false) {
                                count(events, at);
                            }
                        }
                    });
                }
            }
        },
    );
    let mut events = [0; HOURS];
    for part in parts {
        events.iter_mut().zip(part).for_each(|(mine, theirs)| *mine += theirs);
    }
    HourProfile { events }
}

impl HourProfile {
    /// Events of all hours.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.events.iter().sum()
    }

    /// The hours that would be open.
    #[must_use]
    pub fn open_hours(&self) -> OpenHours {
        let mut busiest = self.events;
        busiest.sort_unstable_by_key(|events| std::cmp::Reverse(*events));
        let busiest_twice = busiest[BUSIEST / 2 - 1] + busiest[BUSIEST / 2];
        let busy = self.events.map(|events| events > 0 && events * 8 >= busiest_twice);
        let mut open = busy;
        for hour in 0..HOURS {
            open[hour] |= busy[(hour + HOURS - 1) % HOURS] && busy[(hour + 1) % HOURS];
        }
        let always = open.iter().filter(|open| **open).count() > ALWAYS_FROM;
        OpenHours { open: if always { [true; HOURS] } else { open }, always, busiest_twice }
    }
}

impl OpenHours {
    /// The open spans of a weekday, 0 is Monday: first hour, and the hour after the last.
    #[must_use]
    pub fn spans(&self, weekday: usize) -> Vec<(usize, usize)> {
        let mut spans: Vec<(usize, usize)> = Vec::new();
        for hour in (0..24).filter(|hour| self.open[weekday * 24 + hour]) {
            match spans.last_mut() {
                Some(last) if last.1 == hour => last.1 = hour + 1,
                Some(_) | None => spans.push((hour, hour + 1)),
            }
        }
        spans
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(events: impl Fn(usize, usize) -> u64) -> HourProfile {
        HourProfile { events: std::array::from_fn(|hour| events(hour / 24, hour % 24)) }
    }

    #[test]
    fn the_worked_example_opens_its_hours() {
        let office = made(|day, hour| match (day, hour) {
            (0..5, 12) => 10,
            (0..5, 8..17) => 100,
            _ => 5,
        });
        let found = office.open_hours();
        assert_eq!((found.always, found.busiest_twice), (false, 200));
        assert_eq!(found.spans(0), [(8, 17)]);
        assert_eq!(found.spans(5), []);
    }

    #[test]
    fn holes_of_two_hours_and_quiet_hours_stay_closed() {
        let split = made(|day, hour| match (day, hour) {
            (0..6, 12..14) => 24,
            (0..6, 8..18) | (6, 23) | (0, 1) => 100,
            _ => 0,
        });
        let found = split.open_hours();
        assert_eq!(found.spans(0), [(0, 2), (8, 12), (14, 18)], "the night from Sunday to Monday has no hole");
        assert_eq!(found.spans(6), [(23, 24)]);
    }

    #[test]
    fn most_hours_make_all_of_them_and_no_events_none() {
        assert!(made(|day, hour| u64::from(day < 5 || hour == 3) * 9).open_hours().always);
        let weekdays = made(|day, _| u64::from(day < 5) * 9).open_hours();
        assert!(!weekdays.always, "120 hours are not more than 120");
        assert_eq!(weekdays.spans(4), [(0, 24)]);
        assert!(made(|_, _| 0).open_hours().open.iter().all(|open| !open));
    }
}
