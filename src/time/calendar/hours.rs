//! Hours as people write them: spans of the local clock, and the hours of a week.
//!
//! A span is in minutes from midnight; one that ends at or before its beginning, such as `22:00-06:00`, goes on past
//! midnight. Deliberately not here: dates, holidays, zones.

use std::fmt;

use super::super::cursor::weekday_of;
use crate::error::{Problem, Result};

/// Minutes of a day.
pub(super) const DAY_MIN: u16 = 1_440;

/// Hours of one day by the local clock: from the minute of its beginning to that of its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClockSpan {
    start_min: u16,
    end_min: u16,
}

impl ClockSpan {
    /// All of a day.
    pub const DAY: ClockSpan = ClockSpan { start_min: 0, end_min: DAY_MIN };

    /// Reads `09:00-17:00`, `00:00-24:00`, or, past midnight, `22:00-06:00`.
    ///
    /// # Errors
    /// A usage problem that quotes the text, with a hint that can be written instead.
    pub fn parse(text: &str) -> Result<ClockSpan> {
        let wrong =
            |what: &str, hint: &str| Problem::usage(format!("\"{text}\" {what}")).hint(format!("write `\"{hint}\"`"));
        let times = text.split_once(['-', '–']).map(|(start, end)| (start.trim(), end.trim()));
        let Some((start, end)) = times else { return Err(wrong("is no span of hours", "09:00-17:00")) };
        let (Some(start_min), Some(end_min)) = (minute_of(start), minute_of(end)) else {
            // What can be told of the two times is kept.
            let hint =
                format!("{}-{}", near_time(start).unwrap_or("09:00".into()), near_time(end).unwrap_or("17:00".into()));
            return Err(wrong("is no span of hours: times are written from 00:00 to 24:00", &hint));
        };
        match start_min {
            _ if start_min == end_min => Err(wrong("is empty; all of a day is 00:00-24:00", "00:00-24:00")),
            DAY_MIN => Err(wrong("begins at the end of the day", &format!("00:00-{end}"))),
            _ if end_min == 0 => Ok(ClockSpan { start_min, end_min: DAY_MIN }),
            _ if end_min < start_min => Ok(ClockSpan { start_min, end_min: end_min + DAY_MIN }),
            _ => Ok(ClockSpan { start_min, end_min }),
        }
    }

    /// Returns the hours from one minute of a day to another of the same day, 1,440 being its end.
    ///
    /// Nothing where the second is not later than the first, or beyond the day.
    #[must_use]
    pub fn of_minutes(start_min: u16, end_min: u16) -> Option<ClockSpan> {
        (start_min < end_min && end_min <= DAY_MIN).then_some(ClockSpan { start_min, end_min })
    }

    /// Whether it goes on into the next day.
    #[must_use]
    pub fn passes_midnight(self) -> bool {
        self.end_min > DAY_MIN
    }

    /// Returns its beginning and its end, ms after the midnight at which its day begins.
    pub(super) fn ms(self) -> (i64, i64) {
        (i64::from(self.start_min) * 60_000, i64::from(self.end_min) * 60_000)
    }
}

impl fmt::Display for ClockSpan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let end_min = if self.passes_midnight() { self.end_min - DAY_MIN } else { self.end_min };
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        write!(f, "{}-{}", time(self.start_min), time(end_min))
    }
}

/// Reads `HH:MM` from 00:00 to 24:00, or `H:MM`.
fn minute_of(text: &str) -> Option<u16> {
    let (hour, minute) = text.split_once(':')?;
    let digits = |text: &str, least: usize| {
        (text.len() <= 2 && text.len() >= least && text.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| text.parse::<u16>().ok())?
    };
    let (hour, minute) = (digits(hour, 1)?, digits(minute, 2)?);
    (minute < 60 && hour * 60 + minute <= DAY_MIN).then_some(hour * 60 + minute)
}

/// Reads what people write for a time, such as `9`, `9am` or `5.30 pm`, for a hint.
fn near_time(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let number = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic() || letter == ' ');
    let (hour, minute) = number.split_once([':', '.']).unwrap_or((number, "0"));
    let hour: u16 = hour.parse().ok()?;
    let hour = if text.ends_with("pm") && hour < 12 { hour + 12 } else { hour };
    let time = format!("{hour:02}:{:02}", minute.parse::<u16>().ok()?);
    minute_of(&time).map(|_| time)
}

/// The open hours of a week, Monday first.
///
/// Spans of one day are in order and do not overlap, nor does one that passes midnight with the next day.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Week {
    days: [Vec<ClockSpan>; 7],
}

/// Two spans of a week that cover the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// The weekday of the first span, 0 is Monday.
    pub weekday: usize,
    /// The span that begins first.
    pub first: ClockSpan,
    /// The other one.
    pub second: ClockSpan,
    /// Whether the second is one of the next day.
    pub next_day: bool,
}

impl Overlap {
    /// Returns a weekday and hours for it with which the two no longer overlap, and cover the same time.
    #[must_use]
    pub fn repaired(&self, days: &[Vec<ClockSpan>; 7]) -> (usize, Vec<ClockSpan>) {
        let Overlap { weekday, first, second, next_day } = *self;
        let within_first = next_day && second.end_min + DAY_MIN <= first.end_min;
        let edited = if within_first { (weekday + 1) % 7 } else { weekday };
        let mut hours: Vec<ClockSpan> = days.get(edited).cloned().unwrap_or_default();
        hours.sort_unstable();
        if within_first {
            hours.retain(|span| *span != second);
        } else if next_day {
            let cut = ClockSpan { end_min: second.start_min + DAY_MIN, ..first };
            hours.iter_mut().filter(|span| **span == first).for_each(|span| *span = cut);
        } else {
            hours.dedup_by(|later, earlier| {
                let overlap = later.start_min < earlier.end_min;
                earlier.end_min = if overlap { earlier.end_min.max(later.end_min) } else { earlier.end_min };
                overlap
            });
        }
        (edited, hours)
    }
}

/// Returns the weekdays, 0 is Monday, that a key names: `mon`, `mon_fri`, `sat-sun`, `fri_mon`; in any case.
#[must_use]
pub fn weekdays_of(key: &str) -> Option<Vec<usize>> {
    let day = |name: &str| weekday_of(name.as_bytes()).and_then(|day| usize::try_from(day).ok());
    match key.split_once(['_', '-']) {
        None => Some(vec![day(key)?]),
        Some((first, last)) => {
            let (first, last) = (day(first)?, day(last)?);
            Some((0..=(last + 7 - first) % 7).map(|step| (first + step) % 7).collect())
        }
    }
}

impl Week {
    /// Every hour of every day.
    #[must_use]
    pub fn always() -> Week {
        Week { days: std::array::from_fn(|_| vec![ClockSpan::DAY]) }
    }

    /// Takes the spans of each day, Monday first.
    ///
    /// # Errors
    /// The first two spans that cover the same time.
    pub fn new(mut days: [Vec<ClockSpan>; 7]) -> std::result::Result<Week, Overlap> {
        for spans in &mut days {
            spans.sort_unstable();
        }
        for (weekday, spans) in days.iter().enumerate() {
            for (first, second) in spans.iter().zip(spans.iter().skip(1)) {
                if second.start_min < first.end_min {
                    return Err(Overlap { weekday, first: *first, second: *second, next_day: false });
                }
            }
        }
        for (weekday, (spans, next)) in days.iter().zip(days.iter().cycle().skip(1)).enumerate() {
            if let (Some(first), Some(second)) = (spans.last(), next.first())
                && first.end_min > second.start_min + DAY_MIN
            {
                return Err(Overlap { weekday, first: *first, second: *second, next_day: true });
            }
        }
        Ok(Week { days })
    }

    /// Returns the spans that begin on a weekday, 0 is Monday.
    #[must_use]
    pub fn of(&self, weekday: u32) -> &[ClockSpan] {
        self.days.get(weekday as usize).map_or(&[], Vec::as_slice)
    }

    /// Whether no hour is open.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.days.iter().all(Vec::is_empty)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spans_are_written_as_they_are_read() {
        for (text, written, ms) in [
            ("09:00-17:00", "09:00-17:00", (32_400_000, 61_200_000)),
            ("9:00 – 17:30", "09:00-17:30", (32_400_000, 63_000_000)),
            ("00:00-24:00", "00:00-24:00", (0, 86_400_000)),
            ("18:00-00:00", "18:00-24:00", (64_800_000, 86_400_000)),
            ("22:00-06:00", "22:00-06:00", (79_200_000, 108_000_000)),
        ] {
            let span = ClockSpan::parse(text).unwrap();
            assert_eq!((span.to_string().as_str(), span.ms()), (written, ms));
            assert_eq!(ClockSpan::parse(written), Ok(span));
        }
    }

    #[test]
    fn a_span_that_is_wrong_has_a_hint_that_works() {
        for (text, says, hint) in [
            ("9-17", "no span of hours", "09:00-17:00"),
            ("9am-5pm", "no span of hours", "09:00-17:00"),
            ("9.30 - 12.30pm", "no span of hours", "09:30-12:30"),
            ("09:00", "no span of hours", "09:00-17:00"),
            ("09:00-25:00", "from 00:00 to 24:00", "09:00-17:00"),
            ("09:60-17:00", "from 00:00 to 24:00", "09:00-17:00"),
            ("+9:00-17:00", "from 00:00 to 24:00", "09:00-17:00"),
            ("09:00-09:00", "is empty", "00:00-24:00"),
            ("24:00-06:00", "begins at the end", "00:00-06:00"),
        ] {
            let problem = ClockSpan::parse(text).unwrap_err();
            assert!(problem.message().contains(says), "{text}: {problem}");
            let quoted = problem.hints()[0].split('"').nth(1).unwrap();
            assert_eq!(quoted, hint, "{text}");
            ClockSpan::parse(quoted).unwrap();
        }
    }

    #[test]
    fn spans_of_a_week_may_touch_and_not_overlap() {
        let spans =
            |text: &str| text.split_whitespace().map(|span| ClockSpan::parse(span).unwrap()).collect::<Vec<_>>();
        let week = |monday: &str, tuesday: &str, sunday: &str| {
            let none = Vec::new;
            Week::new([spans(monday), spans(tuesday), none(), none(), none(), none(), spans(sunday)])
        };
        assert_eq!(
            week("12:00-17:00 09:00-12:00", "00:00-06:00", "22:00-09:00").unwrap().of(0),
            spans("09:00-12:00 12:00-17:00")
        );
        for (monday, tuesday, sunday, weekday, next_day) in [
            ("09:00-13:00 12:00-17:00", "", "", 0, false),
            ("22:00-06:00", "05:59-07:00", "", 0, true),
            ("05:00-07:00", "", "22:00-05:01", 6, true),
            ("22:00-06:00 21:00-23:00", "", "", 0, false),
        ] {
            let overlap = week(monday, tuesday, sunday).unwrap_err();
            assert_eq!((overlap.weekday, overlap.next_day), (weekday, next_day), "{overlap:?}");
        }
        assert!(Week::default().is_empty() && !Week::always().is_empty());
    }

    #[test]
    fn a_repair_covers_the_same_time_and_is_accepted() {
        let spans =
            |text: &str| text.split_whitespace().map(|span| ClockSpan::parse(span).unwrap()).collect::<Vec<_>>();
        for (monday, tuesday, edited, expected) in [
            ("09:00-13:00 12:00-17:00", "", 0, "09:00-17:00"),
            ("09:00-17:00 12:00-13:00 16:00-18:00", "", 0, "09:00-18:00"),
            ("22:00-06:00", "05:00-12:00", 0, "22:00-05:00"),
            ("08:00-12:00 22:00-06:00", "00:00-12:00", 0, "08:00-12:00 22:00-24:00"),
            ("22:00-06:00", "01:00-03:00 08:00-09:00", 1, "08:00-09:00"),
        ] {
            let mut days: [Vec<ClockSpan>; 7] = Default::default();
            (days[0], days[1]) = (spans(monday), spans(tuesday));
            let (day, hours) = Week::new(days.clone()).unwrap_err().repaired(&days);
            assert_eq!((day, &hours), (edited, &spans(expected)), "{monday} {tuesday}");
            days[day] = hours;
            assert!(Week::new(days).is_ok());
        }
    }

    #[test]
    fn keys_name_weekdays() {
        for (key, days) in [
            ("mon", Some(vec![0])),
            ("Sunday", Some(vec![6])),
            ("mon_fri", Some(vec![0, 1, 2, 3, 4])),
            ("sat-sun", Some(vec![5, 6])),
            ("fri_mon", Some(vec![4, 5, 6, 0])),
            ("monfri", None),
            ("mon_", None),
            ("holidays", None),
        ] {
            assert_eq!(weekdays_of(key), days, "{key}");
        }
    }
}
