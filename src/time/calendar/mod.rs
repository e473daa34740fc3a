//! Working calendars: how much of the time between two instants is open, and when a number of open hours is over.
//!
//! A [`Description`] says it in local time; [`Calendar::new`] lays it out once as open spans in UTC from 1900 to 2200,
//! each with the open time before it. A query then looks at the spans of one day, found by number, or halves the list:
//! a century costs what a day costs.
//!
//! **What is open.** An instant is open when the clock of the zone shows a time of the weekly hours that no holiday
//! closes, or of the extra hours. Holidays close by the clock too: one of a whole day closes 00:00 to 24:00 of its
//! date, with the part of a night shift that lies in it. A time that the clock skips is never, and one that it shows
//! twice is twice: 09:00-17:00 has 8 hours on every day, 22:00-06:00 has 7 and 9 in the nights of a change.
//!
//! **Beyond 1900 and 2200** the first and the last 28 years repeat, so that every instant has an answer and the laws
//! hold for all; 28 years are 1,461 weeks. The laws are in `laws`.
//!
//! Deliberately not here: how a calendar is written in a file and which one a case has (`config`), built-in holidays
//! (`config` too), service levels.

mod day_rule;
mod holidays;
mod hours;
mod spans;

#[cfg(test)]
mod laws;

use std::sync::Arc;

pub use day_rule::{DayRule, MonthDay};
pub use holidays::{Holiday, HolidaySet, Observed};
pub use hours::{ClockSpan, Overlap, Week, weekdays_of};

use super::Zone;
use super::civil::{MS_PER_DAY, days_from_civil, weekday};
use super::valid::{FIRST_YEAR, LAST_YEAR};
use crate::error::{Problem, Result};
use spans::Span;

/// The first instant that is laid out: 1900-01-01 00:00 UTC.
const FIRST_MS: i64 = days_from_civil(FIRST_YEAR, 1, 1) * MS_PER_DAY;
/// The end of what is laid out: 2201-01-01 00:00 UTC.
const END_MS: i64 = days_from_civil(LAST_YEAR + 1, 1, 1) * MS_PER_DAY;
/// What repeats beyond: 28 years of 1,461 weeks, after which dates fall on the same weekdays again.
const CYCLE_MS: i64 = 1_461 * 7 * MS_PER_DAY;

/// What a calendar is, in local time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Description {
    /// Name, for messages and reports.
    pub name: String,
    /// Zone of its clock.
    pub zone: Zone,
    /// Length of a business day, ms.
    pub day_ms: Option<i64>,
    /// Open hours of a week.
    pub week: Week,
    /// Closed days.
    pub holidays: Vec<HolidaySet>,
    /// Open hours of single days, days from 1970-01-01; they hold on holidays too.
    pub extra: Vec<(i64, ClockSpan)>,
}

impl Description {
    /// Returns the description of every hour of every day: its working time is wall time.
    #[must_use]
    pub fn always(name: impl Into<String>, zone: Zone) -> Description {
        Description {
            name: name.into(),
            zone,
            day_ms: None,
            week: Week::always(),
            holidays: Vec::new(),
            extra: Vec::new(),
        }
    }
}

/// A calendar that answers. Cheap to clone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calendar {
    description: Arc<Description>,
    /// In order, apart from each other, from `FIRST_MS` to `END_MS`.
    spans: Arc<[OpenSpan]>,
    /// For each day of UTC since `FIRST_MS`, and the one after the last, the first span that ends after its beginning.
    first_of_day: Arc<[u32]>,
    /// Open time in all that is laid out, and in its first and its last 28 years, ms.
    open_ms: i64,
    first_cycle_open_ms: i64,
    last_cycle_open_ms: i64,
}

/// A span of time that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "units stand last in names")]
struct OpenSpan {
    /// First instant, ms UTC.
    start_ms: i64,
    /// Last instant and 1, ms UTC.
    end_ms: i64,
    /// Open time before it since `FIRST_MS`.
    before_ms: i64,
}

impl Calendar {
    /// Lays out a description.
    ///
    /// # Errors
    /// A usage problem where nothing is open in the last 28 years up to 2200: no work would ever end.
    pub fn new(description: Description) -> Result<Calendar> {
        let spans = open_spans(&description);
        let first_of_day = first_of_day(&spans);
        let open_ms = spans.last().map_or(0, |last| last.before_ms + (last.end_ms - last.start_ms));
        let mut calendar = Calendar {
            description: Arc::new(description),
            spans: spans.into(),
            first_of_day: first_of_day.into(),
            open_ms,
            first_cycle_open_ms: 0,
            last_cycle_open_ms: 0,
        };
        calendar.first_cycle_open_ms = calendar.open_within(FIRST_MS + CYCLE_MS);
        calendar.last_cycle_open_ms = open_ms - calendar.open_within(END_MS - CYCLE_MS);
        if calendar.last_cycle_open_ms > 0 {
            return Ok(calendar);
        }
        Err(Problem::usage(format!("the calendar `{}` is never open", calendar.name()))
            .hint("give it hours such as `mon_fri = \"09:00-17:00\"` that its holidays do not close"))
    }

    /// Returns the name.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.description.name
    }

    /// Returns the length of a business day in ms, where one is stated.
    #[must_use]
    pub fn day_ms(&self) -> Option<i64> {
        self.description.day_ms
    }

    /// Returns what it was laid out from.
    #[must_use]
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Returns the open time from one instant to another, in ms; negative where the second is earlier.
    ///
    /// Constant time. It is the wall time for a calendar of all hours, and never more.
    #[must_use]
    pub fn working_time(&self, from_ms: i64, to_ms: i64) -> i64 {
        self.open_before(to_ms).saturating_sub(self.open_before(from_ms))
    }

    /// Returns the earliest instant by which `open_ms` of open time have passed since `from_ms`; ms UTC.
    ///
    /// Eight hours from Monday 09:00 are over at 17:00 of that day, not on Tuesday morning; nothing is over at once,
    /// in closed hours too. Logarithmic in the number of spans. Nothing where the time is negative or the instant
    /// lies beyond an `i64` of ms.
    #[must_use]
    pub fn add_working(&self, from_ms: i64, open_ms: i64) -> Option<i64> {
        match open_ms {
            ..0 => None,
            0 => Some(from_ms),
            1.. => self.reached(self.open_before(from_ms).checked_add(open_ms)?),
        }
    }

    /// Returns the instant itself where it is open, else the next one that is; ms UTC.
    ///
    /// Nothing where that lies beyond an `i64` of ms.
    #[must_use]
    pub fn next_open(&self, from_ms: i64) -> Option<i64> {
        // An instant is open when the millisecond after it counts.
        self.add_working(from_ms, 1).map(|end_ms| end_ms - 1)
    }

    /// Whether an instant is open.
    #[must_use]
    pub fn is_open(&self, at_ms: i64) -> bool {
        self.next_open(at_ms) == Some(at_ms)
    }

    /// Returns the open time from 1900 to an instant, negative before; ms. The open time between two instants is the
    /// difference, for who asks about many that follow each other.
    #[must_use]
    pub fn open_before(&self, at_ms: i64) -> i64 {
        if at_ms < FIRST_MS {
            let cycles = (FIRST_MS.saturating_sub(at_ms) - 1) / CYCLE_MS + 1;
            // The sum stays within the first cycle, but a step on the way there may not.
            let within = self.open_within(at_ms.saturating_add(cycles.saturating_mul(CYCLE_MS)));
            within - cycles.saturating_mul(self.first_cycle_open_ms)
        } else if at_ms >= END_MS {
            let cycles = (at_ms - END_MS) / CYCLE_MS + 1;
            self.open_within(at_ms - cycles * CYCLE_MS).saturating_add(cycles * self.last_cycle_open_ms)
        } else {
            self.open_within(at_ms)
        }
    }

    /// As [`Self::open_before`], for an instant that is laid out.
    fn open_within(&self, at_ms: i64) -> i64 {
        let day = usize::try_from((at_ms - FIRST_MS) / MS_PER_DAY).unwrap_or(0);
        let place = |day: usize| self.first_of_day.get(day).map_or(self.spans.len(), |first| *first as usize);
        // The span that holds the instant, or follows it, is one of those that end in its day, or the next.
        let (first, end) = (place(day), place(day + 1));
        let of_day = self.spans.get(first..end).unwrap_or(&[]);
        match self.spans.get(first + of_day.partition_point(|span| span.end_ms <= at_ms)) {
            Some(span) => span.before_ms + (at_ms - span.start_ms).max(0),
            None => self.open_ms,
        }
    }

    /// Returns the earliest instant before which `open_ms` are open since `FIRST_MS`, given that some are not yet.
    fn reached(&self, open_ms: i64) -> Option<i64> {
        if open_ms > self.open_ms {
            let cycles = (open_ms - self.open_ms - 1) / self.last_cycle_open_ms + 1;
            self.reached_within(open_ms - cycles * self.last_cycle_open_ms)?.checked_add(cycles.checked_mul(CYCLE_MS)?)
        } else if open_ms <= 0 && self.first_cycle_open_ms > 0 {
            let cycles = open_ms.saturating_neg() / self.first_cycle_open_ms + 1;
            let within = self.reached_within(open_ms + cycles * self.first_cycle_open_ms)?;
            within.checked_sub(cycles.checked_mul(CYCLE_MS)?)
        } else {
            self.reached_within(open_ms)
        }
    }

    /// As [`Self::reached`], for an instant that is laid out.
    fn reached_within(&self, open_ms: i64) -> Option<i64> {
        let after = self.spans.partition_point(|span| span.before_ms < open_ms);
        let span = self.spans.get(after.checked_sub(1)?)?;
        Some(span.start_ms + (open_ms - span.before_ms))
    }
}

/// Lays out the open spans in UTC.
fn open_spans(description: &Description) -> Vec<OpenSpan> {
    let first_day = FIRST_MS / MS_PER_DAY - 3;
    let last_day = END_MS / MS_PER_DAY + 3;
    let local = |day: i64, hours: ClockSpan| -> Span {
        let (start_ms, end_ms) = hours.ms();
        (day * MS_PER_DAY + start_ms, day * MS_PER_DAY + end_ms)
    };
    let weekly = (first_day..last_day).flat_map(|day| {
        let hours = description.week.of(weekday(day));
        hours.iter().map(move |hours| local(day, *hours))
    });
    let closed = spans::joined(description.holidays.iter().flat_map(HolidaySet::closed).collect());
    let mut open = spans::without(&spans::joined(weekly.collect()), &closed);
    if !description.extra.is_empty() {
        open.extend(description.extra.iter().map(|(day, hours)| local(*day, *hours)));
        open = spans::joined(open);
    }
    let mut before_ms = 0;
    let clipped = spans::instants(&open, &description.zone).into_iter().filter_map(|(start_ms, end_ms)| {
        let (start_ms, end_ms) = (start_ms.max(FIRST_MS), end_ms.min(END_MS));
        let span = OpenSpan { start_ms, end_ms, before_ms };
        before_ms += (end_ms - start_ms).max(0);
        (start_ms < end_ms).then_some(span)
    });
    clipped.collect()
}

/// Lists for each day, and the one after the last, the first span that ends after the beginning of the day.
fn first_of_day(spans: &[OpenSpan]) -> Vec<u32> {
    let mut place = 0;
    let first = |day: i64| {
        while spans.get(place).is_some_and(|span| span.end_ms <= FIRST_MS + day * MS_PER_DAY) {
            place += 1;
        }
        // A span lasts at least a minute of 301 years.
        u32::try_from(place).unwrap_or(u32::MAX)
    };
    (0..=(END_MS - FIRST_MS) / MS_PER_DAY).map(first).collect()
}
