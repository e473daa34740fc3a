//! The arithmetic of a service-level timer: what has run of its target, and when parts of the target are used up.
//!
//! It runs on the wall clock or in the open hours of a calendar, is paused and set going again, and is read at any
//! instant. What starts, pauses and stops it is decided elsewhere.

use super::Calendar;

/// How long a timer may run, and by which clock.
#[derive(Clone, Copy, Debug)]
pub struct Terms<'a> {
    /// The target, ms of its clock.
    pub target_ms: i64,
    /// The part of it at which a breach is near, ms of its clock.
    pub near_ms: i64,
    /// The calendar whose open hours count; all hours do where there is none.
    pub calendar: Option<&'a Calendar>,
}

impl Terms<'_> {
    /// Returns the time of this clock from one instant to a later one, ms.
    #[must_use]
    pub fn between(&self, from_ms: i64, to_ms: i64) -> i64 {
        match self.calendar {
            Some(calendar) => calendar.working_time(from_ms, to_ms),
            None => to_ms.saturating_sub(from_ms),
        }
    }

    /// Returns the earliest instant by which `ms` of this clock have run since an instant; nothing beyond an `i64`.
    #[must_use]
    pub fn after(&self, from_ms: i64, ms: i64) -> Option<i64> {
        match self.calendar {
            Some(calendar) => calendar.add_working(from_ms, ms),
            None => from_ms.checked_add(ms),
        }
    }
}

/// A timer that runs or stands still. Instants, UTC ms, must not fall from call to call.
#[derive(Clone, Copy, Debug)]
pub struct Stopwatch<'a> {
    terms: Terms<'a>,
    /// What ran before the last start, ms.
    before_ms: i64,
    /// Since when it runs.
    since_ms: Option<i64>,
    near_at_ms: Option<i64>,
    due_at_ms: Option<i64>,
}

impl<'a> Stopwatch<'a> {
    /// Returns a timer that stands still.
    #[must_use]
    pub fn new(terms: Terms<'a>) -> Self {
        Stopwatch { terms, before_ms: 0, since_ms: None, near_at_ms: None, due_at_ms: None }
    }

    /// Whether it runs.
    #[must_use]
    pub fn is_running(&self) -> bool {
        self.since_ms.is_some()
    }

    /// Sets it going, unless it runs.
    pub fn run(&mut self, at_ms: i64) {
        self.since_ms.get_or_insert(at_ms);
    }

    /// Lets it stand still.
    pub fn pause(&mut self, at_ms: i64) {
        let Some(since_ms) = self.since_ms else { return };
        let reached = |at: Option<i64>| at.filter(|reached_ms| *reached_ms <= at_ms);
        let (near_at_ms, due_at_ms) = (reached(self.near_at_ms()), reached(self.due_at_ms()));
        self.before_ms = self.before_ms.saturating_add(self.terms.between(since_ms, at_ms));
        (self.near_at_ms, self.due_at_ms, self.since_ms) = (near_at_ms, due_at_ms, None);
    }

    /// Returns what has run up to an instant, ms of its clock.
    #[must_use]
    pub fn elapsed_ms(&self, at_ms: i64) -> i64 {
        let since = self.since_ms.map_or(0, |since_ms| self.terms.between(since_ms, at_ms));
        self.before_ms.saturating_add(since)
    }

    /// Returns the instant at which a breach is near: reached, or to be reached if it runs on.
    ///
    /// Nothing where it stands still before.
    #[must_use]
    pub fn near_at_ms(&self) -> Option<i64> {
        self.near_at_ms.or_else(|| self.used_up(self.terms.near_ms))
    }

    /// Returns the instant at which the target is used up, likewise.
    #[must_use]
    pub fn due_at_ms(&self) -> Option<i64> {
        self.due_at_ms.or_else(|| self.used_up(self.terms.target_ms))
    }

    fn used_up(&self, ms: i64) -> Option<i64> {
        self.terms.after(self.since_ms?, ms.saturating_sub(self.before_ms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::Zone;
    use crate::time::calendar::{ClockSpan, Description, Week, weekdays_of};
    use proptest::prelude::*;

    const HOUR: i64 = 3_600_000;

    /// Monday to Friday, all hours, UTC.
    fn weekdays() -> Calendar {
        let mut days: [Vec<ClockSpan>; 7] = std::array::from_fn(|_| Vec::new());
        for day in weekdays_of("mon_fri").unwrap() {
            days[day].push(ClockSpan::parse("00:00-24:00").unwrap());
        }
        let week = Week::new(days).unwrap();
        Calendar::new(Description { week, ..Description::always("weekdays", Zone::utc()) }).unwrap()
    }

    #[test]
    fn a_pause_moves_the_instants() {
        let mut watch = Stopwatch::new(Terms { target_ms: 10 * HOUR, near_ms: 8 * HOUR, calendar: None });
        assert_eq!((watch.elapsed_ms(5), watch.due_at_ms(), watch.is_running()), (0, None, false));
        watch.run(0);
        assert_eq!((watch.near_at_ms(), watch.due_at_ms()), (Some(8 * HOUR), Some(10 * HOUR)));
        watch.pause(8 * HOUR);
        assert_eq!((watch.near_at_ms(), watch.due_at_ms()), (Some(8 * HOUR), None));
        watch.run(20 * HOUR);
        watch.run(21 * HOUR);
        assert_eq!((watch.elapsed_ms(21 * HOUR), watch.due_at_ms()), (9 * HOUR, Some(22 * HOUR)));
        watch.pause(30 * HOUR);
        assert_eq!((watch.elapsed_ms(99 * HOUR), watch.due_at_ms()), (18 * HOUR, Some(22 * HOUR)));
    }

    #[test]
    fn closed_hours_do_not_run() {
        // Friday 2024-01-05 18:00 and 12 hours of weekdays
        let friday = 1_704_477_600_000;
        let calendar = weekdays();
        let mut watch = Stopwatch::new(Terms { target_ms: 12 * HOUR, near_ms: 6 * HOUR, calendar: Some(&calendar) });
        watch.run(friday);
        assert_eq!(watch.near_at_ms(), Some(friday + 6 * HOUR));
        assert_eq!(watch.due_at_ms(), Some(friday + (6 + 48 + 6) * HOUR));
        assert_eq!(watch.elapsed_ms(friday + 30 * HOUR), 6 * HOUR);
    }

    proptest! {
        /// Elapsed is the sum of what ran; a pause never adds; the target is used up exactly when as much has run.
        #[test]
        fn laws(
            steps in proptest::collection::vec((0i64..90_000_000, any::<bool>()), 1..20),
            target_ms in 1i64..400_000_000,
            by_calendar in any::<bool>(),
        ) {
            let calendar = weekdays();
            let terms = Terms {
                target_ms,
                near_ms: (target_ms * 4).div_euclid(5).max(1),
                calendar: by_calendar.then_some(&calendar),
            };
            let (mut watch, mut never_paused) = (Stopwatch::new(terms), Stopwatch::new(terms));
            let (mut at, mut sum) = (1_704_477_600_000, 0);
            watch.run(at);
            never_paused.run(at);
            for (gap, pause) in steps {
                let before = at;
                at += gap;
                if watch.is_running() {
                    sum += terms.between(before, at);
                }
                prop_assert_eq!(watch.elapsed_ms(at), sum);
                prop_assert!(sum <= never_paused.elapsed_ms(at));
                if pause { watch.pause(at) } else { watch.run(at) }
                prop_assert_eq!(watch.elapsed_ms(at), sum);
                let due = watch.due_at_ms();
                if sum > target_ms {
                    prop_assert!(due.is_some_and(|due| due < at));
                }
                if let Some(due) = due.filter(|due| *due > at) {
                    prop_assert_eq!(watch.elapsed_ms(due), target_ms);
                    prop_assert!(watch.elapsed_ms(due - 1) < target_ms);
                }
                prop_assert!(watch.near_at_ms() <= due || due.is_none());
            }
        }
    }
}
