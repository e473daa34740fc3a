//! Durations as people write them: a whole number with a unit, and the unit carries the clock.
//!
//! `ms`, `s`, `min` (or `m`), `h`, `d` and `w` are wall clock; `bh` and `bd` are hours and days of a working calendar.
//! A duration keeps the unit it was written with: `2bd` has no length in milliseconds before a calendar is named.

use std::fmt;

use crate::error::{Problem, Result};

use super::calendar::Calendar;

/// What a duration is measured by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Clock {
    /// Every hour of every day.
    Wall,
    /// The open hours of a calendar.
    Business,
}

/// The unit of a duration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DurationUnit {
    /// `ms`.
    Millisecond,
    /// `s`.
    Second,
    /// `min`, or `m`.
    Minute,
    /// `h`: 60 minutes.
    Hour,
    /// `d`: 24 hours, whatever the clock of a zone does.
    Day,
    /// `w`: 7 days.
    Week,
    /// `bh`: 60 minutes of open hours.
    BusinessHour,
    /// `bd`: the stated day of a calendar.
    BusinessDay,
}

impl DurationUnit {
    /// All units, the shortest first.
    pub const ALL: [DurationUnit; 8] = [
        DurationUnit::Millisecond,
        DurationUnit::Second,
        DurationUnit::Minute,
        DurationUnit::Hour,
        DurationUnit::Day,
        DurationUnit::Week,
        DurationUnit::BusinessHour,
        DurationUnit::BusinessDay,
    ];

    /// Returns how it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            DurationUnit::Millisecond => "ms",
            DurationUnit::Second => "s",
            DurationUnit::Minute => "min",
            DurationUnit::Hour => "h",
            DurationUnit::Day => "d",
            DurationUnit::Week => "w",
            DurationUnit::BusinessHour => "bh",
            DurationUnit::BusinessDay => "bd",
        }
    }

    /// Returns the clock it belongs to.
    #[must_use]
    pub fn clock(self) -> Clock {
        match self {
            DurationUnit::Millisecond
            | DurationUnit::Second
            | DurationUnit::Minute
            | DurationUnit::Hour
            | DurationUnit::Day
            | DurationUnit::Week => Clock::Wall,
            DurationUnit::BusinessHour | DurationUnit::BusinessDay => Clock::Business,
        }
    }

    /// Returns its length in ms; nothing for a business day, which a calendar states.
    fn ms(self) -> Option<i64> {
        match self {
            DurationUnit::Millisecond => Some(1),
            DurationUnit::Second => Some(1_000),
            DurationUnit::Minute => Some(60_000),
            DurationUnit::Hour | DurationUnit::BusinessHour => Some(3_600_000),
            DurationUnit::Day => Some(86_400_000),
            DurationUnit::Week => Some(604_800_000),
            DurationUnit::BusinessDay => None,
        }
    }

    /// Finds the unit that a text says or, in other words or letters, means.
    fn meant(text: &str) -> Option<DurationUnit> {
        let folded = text.to_lowercase();
        let words: [(&[&str], DurationUnit); 8] = [
            (&["ms", "msec", "millisecond", "milliseconds"], DurationUnit::Millisecond),
            (&["s", "sec", "secs", "second", "seconds"], DurationUnit::Second),
            (&["m", "min", "mins", "minute", "minutes"], DurationUnit::Minute),
            (&["h", "hr", "hrs", "hour", "hours"], DurationUnit::Hour),
            (&["d", "day", "days"], DurationUnit::Day),
            (&["w", "wk", "wks", "week", "weeks"], DurationUnit::Week),
            (&["bh", "business hour", "business hours", "working hours"], DurationUnit::BusinessHour),
            (&["bd", "wd", "business day", "business days", "working days"], DurationUnit::BusinessDay),
        ];
        words.into_iter().find(|(names, _)| names.contains(&folded.as_str())).map(|(_, unit)| unit)
    }
}

/// A duration of one clock: a count of 0 or more, and its unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Duration {
    count: i64,
    unit: DurationUnit,
}

impl Duration {
    /// A day of the wall clock.
    pub const ONE_DAY: Duration = Duration { count: 1, unit: DurationUnit::Day };

    /// Makes a duration; nothing where the count is negative or the length does not fit into an `i64` of ms.
    #[must_use]
    pub fn new(count: i64, unit: DurationUnit) -> Option<Duration> {
        // A business day is at most 24 hours long.
        let unit_ms = unit.ms().unwrap_or(86_400_000);
        (count >= 0 && count.checked_mul(unit_ms).is_some()).then_some(Duration { count, unit })
    }

    /// Reads a whole number with its unit: `"500ms"`, `"60s"`, `"15min"`, `"48h"`, `"90d"`, `"2w"`, `"16bh"`, `"2bd"`.
    ///
    /// # Errors
    /// A usage problem that names the unit, or says that there is none, with a hint that can be written instead.
    pub fn parse(text: &str) -> Result<Duration> {
        let trimmed = text.trim();
        let split = trimmed.find(|letter: char| !letter.is_ascii_digit() && !"+-.,".contains(letter));
        let (number, unit) = trimmed.split_at(split.unwrap_or(trimmed.len()));
        let (number, unit) = (number.trim(), unit.trim());
        if unit.is_empty() {
            let count = if number.is_empty() || number.parse::<u32>().is_err() { "48" } else { number };
            return Err(Problem::usage(format!("the duration \"{text}\" has no unit")).hint(format!(
                "write `\"{count}h\"` for hours of the wall clock, or `\"{count}bh\"` for business hours"
            )));
        }
        let Some(known) = DurationUnit::ALL
            .into_iter()
            .find(|known| known.as_str() == unit || (unit == "m" && *known == DurationUnit::Minute))
        else {
            return Err(unknown_unit(text, number, unit));
        };
        let Ok(count) = number.parse::<i64>() else { return Err(no_whole_number(text, number, known)) };
        Duration::new(count, known).ok_or_else(|| {
            let problem = if count < 0 { "is negative" } else { "is too long" };
            Problem::usage(format!("the duration \"{text}\" {problem}"))
                .hint(format!("write a number from 0 up, such as `\"48{}\"`", known.as_str()))
        })
    }

    /// Returns the unit it was written with.
    #[must_use]
    pub fn unit(self) -> DurationUnit {
        self.unit
    }

    /// Returns the clock it is measured by.
    #[must_use]
    pub fn clock(self) -> Clock {
        self.unit.clock()
    }

    /// Whether it is over as soon as it begins.
    #[must_use]
    pub fn is_nothing(self) -> bool {
        self.count == 0
    }

    /// Returns its length in ms of the wall clock; nothing where it is business time.
    #[must_use]
    pub fn wall_ms(self) -> Option<i64> {
        match self.clock() {
            Clock::Wall => self.ms_with(0),
            Clock::Business => None,
        }
    }

    /// Returns its length in ms of the open hours of a calendar; nothing where it is wall clock time.
    ///
    /// # Errors
    /// A usage problem where it counts business days and the calendar states no length of a day.
    pub fn business_ms(self, calendar: &Calendar) -> Result<Option<i64>> {
        match (self.unit, calendar.day_ms()) {
            (DurationUnit::BusinessDay, None) => Err(Problem::usage(format!(
                "`{self}` needs the length of a business day, and the calendar `{}` states none",
                calendar.name()
            ))
            .hint(format!("add `day = \"8h\"` to [calendar.{}]", calendar.name()))),
            (_, day_ms) => Ok((self.clock() == Clock::Business).then(|| self.ms_with(day_ms.unwrap_or(0))).flatten()),
        }
    }

    /// Returns the instant at which it is over when it begins at `from_ms`, on its own clock; ms UTC.
    ///
    /// Wall time runs at all hours. Business time runs in the open hours of the calendar, and ends at the earliest
    /// instant by which all of it has run. Nothing where that instant lies beyond an `i64` of ms.
    ///
    /// # Errors
    /// As [`Duration::business_ms`].
    pub fn after(self, from_ms: i64, calendar: &Calendar) -> Result<Option<i64>> {
        Ok(match self.business_ms(calendar)? {
            Some(open_ms) => calendar.add_working(from_ms, open_ms),
            None => self.wall_ms().and_then(|ms| from_ms.checked_add(ms)),
        })
    }

    fn ms_with(self, day_ms: i64) -> Option<i64> {
        self.count.checked_mul(self.unit.ms().unwrap_or(day_ms))
    }
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}{}", self.count, self.unit.as_str())
    }
}

fn unknown_unit(text: &str, number: &str, unit: &str) -> Problem {
    let names = DurationUnit::ALL.map(DurationUnit::as_str).join(", ");
    let problem = Problem::usage(format!("unknown unit `{unit}` in the duration \"{text}\""));
    match DurationUnit::meant(unit) {
        Some(known) if number.parse::<u32>().is_ok() => problem.hint(format!("write `\"{number}{}\"`", known.as_str())),
        Some(_) | None => problem.hint(format!("the units are {names}; write for example `\"48h\"` or `\"2bd\"`")),
    }
}

/// Says how a fraction is written in a smaller unit, where that is exact.
fn no_whole_number(text: &str, number: &str, unit: DurationUnit) -> Problem {
    let problem = Problem::usage(format!("the duration \"{text}\" is no whole number of `{}`", unit.as_str()));
    let smaller = |ms: i64| {
        let fits =
            |smaller: &&DurationUnit| smaller.clock() == Clock::Wall && smaller.ms().is_some_and(|unit| ms % unit == 0);
        DurationUnit::ALL.iter().rev().find(fits).and_then(|smaller| Duration::new(ms / smaller.ms()?, *smaller))
    };
    let exact = unit.ms().filter(|_| unit.clock() == Clock::Wall).and_then(|unit_ms| {
        let (whole, fraction) = number.split_once('.')?;
        let digits = u32::try_from(fraction.len()).ok().filter(|digits| (1..=6).contains(digits))?;
        let scale = 10_i64.pow(digits);
        let value = whole.parse::<u32>().ok().map(i64::from)? * scale + i64::from(fraction.parse::<u32>().ok()?);
        let ms = value.checked_mul(unit_ms)?;
        (ms % scale == 0).then(|| smaller(ms / scale)).flatten()
    });
    match exact {
        Some(exact) => problem.hint(format!("write `\"{exact}\"`")),
        None => problem.hint(format!("write a whole number, such as `\"2{}\"`", unit.as_str())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_written_as_they_are_read() {
        for (text, written, clock, wall_ms) in [
            ("500ms", "500ms", Clock::Wall, Some(500)),
            ("60s", "60s", Clock::Wall, Some(60_000)),
            ("15m", "15min", Clock::Wall, Some(900_000)),
            (" 15 min ", "15min", Clock::Wall, Some(900_000)),
            ("48h", "48h", Clock::Wall, Some(172_800_000)),
            ("90 d", "90d", Clock::Wall, Some(7_776_000_000)),
            ("2w", "2w", Clock::Wall, Some(1_209_600_000)),
            ("0h", "0h", Clock::Wall, Some(0)),
            ("16bh", "16bh", Clock::Business, None),
            ("2bd", "2bd", Clock::Business, None),
        ] {
            let duration = Duration::parse(text).unwrap();
            assert_eq!(
                (duration.to_string().as_str(), duration.clock(), duration.wall_ms()),
                (written, clock, wall_ms)
            );
            assert_eq!(Duration::parse(written), Ok(duration));
        }
    }

    #[test]
    fn what_is_wrong_names_the_unit_and_a_hint_that_works() {
        for (text, message, hint) in [
            ("48", "the duration \"48\" has no unit", "48h"),
            ("", "has no unit", "48h"),
            ("h", "is no whole number of `h`", "2h"),
            ("2 days", "unknown unit `days`", "2d"),
            ("3BD", "unknown unit `BD`", "3bd"),
            ("2 business days", "unknown unit `business days`", "2bd"),
            ("5 months", "unknown unit `months`", "48h"),
            ("1.5h", "no whole number of `h`", "90min"),
            ("0.25d", "no whole number of `d`", "6h"),
            ("0.001s", "no whole number of `s`", "1ms"),
            ("1.5bh", "no whole number of `bh`", "2bh"),
            ("1,5h", "no whole number of `h`", "2h"),
            ("-1s", "is negative", "48s"),
            ("99999999999999d", "is too long", "48d"),
            ("99999999999999999999d", "no whole number of `d`", "2d"),
            ("999999999999bd", "is too long", "48bd"),
        ] {
            let problem = Duration::parse(text).unwrap_err();
            assert!(problem.message().contains(message), "{text}: {problem}");
            let quoted = problem.hints()[0].split('"').nth(1).unwrap();
            assert_eq!(quoted, hint, "{text}: {problem}");
            Duration::parse(quoted).unwrap();
        }
    }
}
