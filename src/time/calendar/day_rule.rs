//! Days as people name them: a date, a date of every year, a day counted from Easter, the fourth Thursday of a month.
//!
//! A rule gives the days of a year and nothing else; hours, years of validity and substitutes are in `holidays`.

use crate::error::{Problem, Result};

use super::super::civil::{civil_from_days, days_from_civil, days_in_month, weekday};
use super::super::cursor::{month_of, weekday_of};
use super::super::valid::{FIRST_YEAR, LAST_YEAR};

/// A month (1 to 12) and a day (1 to 31) of any year.
pub type MonthDay = (u32, u32);

/// Which days of a year are meant. Weekdays count from 0 for Monday, days from 1970-01-01.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayRule {
    /// `2024-12-24`, or `2024-12-24..2025-01-01`.
    Dates {
        /// First day.
        first: i64,
        /// Last day.
        last: i64,
    },
    /// `12-25`, or `12-24..01-01`, every year.
    Yearly {
        /// First day.
        first: MonthDay,
        /// Last day; of the next year where it stands before the first.
        last: MonthDay,
    },
    /// `easter`, `easter+1`, `easter-2`: days after Easter Sunday of the Western churches.
    Easter {
        /// Days after it.
        offset: i64,
    },
    /// `4th thu november`.
    Nth {
        /// 1 to 5.
        nth: i64,
        /// Weekday.
        weekday: u32,
        /// Month.
        month: u32,
    },
    /// `last mon may`.
    Last {
        /// Weekday.
        weekday: u32,
        /// Month.
        month: u32,
    },
    /// `wed before 11-23`: never the date itself.
    Before {
        /// Weekday.
        weekday: u32,
        /// The date.
        date: MonthDay,
    },
    /// `sat after 06-19`: never the date itself.
    After {
        /// Weekday.
        weekday: u32,
        /// The date.
        date: MonthDay,
    },
    /// `march equinox`, by the clock of Japan.
    MarchEquinox,
    /// `september equinox`, by the clock of Japan.
    SeptemberEquinox,
}

/// The forms a day can have, for hints.
pub(super) const FORMS: &str = "write a date as `2024-12-24`, `12-25`, `easter+1`, `4th thu november`, `last mon may`, \
     `wed before 11-23` or `12-24..01-01`";

impl DayRule {
    /// Reads a day in one of the forms above; nothing where the text is a name, such as that of a holiday set.
    ///
    /// # Errors
    /// A usage problem that quotes the text, where it begins as a day and is none.
    pub fn parse(text: &str) -> Result<Option<DayRule>> {
        let folded = text.trim().to_lowercase();
        let words: Vec<&str> = folded.split_whitespace().filter(|word| *word != "of" && *word != "in").collect();
        let found = match words.as_slice() {
            [word] if word.starts_with("easter") => easter_rule(word),
            [word] if word.starts_with(|letter: char| letter.is_ascii_digit()) => return dates(text, word).map(Some),
            ["march", "equinox"] => Some(DayRule::MarchEquinox),
            ["september", "equinox"] => Some(DayRule::SeptemberEquinox),
            [day, "before", date] => day_beside(text, day, date, |weekday, date| DayRule::Before { weekday, date })?,
            [day, "after", date] => day_beside(text, day, date, |weekday, date| DayRule::After { weekday, date })?,
            [nth, day, month] => floating(nth, day, month),
            [] | [_] => return Ok(None),
            [_, _] | [_, _, _, ..] => None,
        };
        found.map(Some).ok_or_else(|| Problem::usage(format!("\"{text}\" is no day")).hint(FORMS))
    }

    /// Appends its days of a year, in order. A range of dates gives the days that lie in the year, a yearly one those
    /// that begin with it.
    pub(super) fn days_of(&self, year: i32, days: &mut Vec<i64>) {
        let one = |day: i64| day..=day;
        days.extend(match *self {
            DayRule::Dates { first, last } => {
                first.max(days_from_civil(year, 1, 1))..=last.min(days_from_civil(year, 12, 31))
            }
            DayRule::Yearly { first, last } => {
                let last_year = if last < first { year + 1 } else { year };
                // 29 February is no day of most years; a range that ends with it ends the day before.
                let start = days_from_civil(year, first.0, first.1);
                let end = days_from_civil(last_year, last.0, last.1.min(days_in_month(last_year, last.0)));
                start..=end
            }
            DayRule::Easter { offset } => one(easter(year) + offset),
            DayRule::Nth { nth, weekday, month } => {
                let day = on_or_after(days_from_civil(year, month, 1), weekday) + (nth - 1) * 7;
                if civil_from_days(day).1 == month { one(day) } else { day..=day - 1 }
            }
            DayRule::Last { weekday, month } => {
                one(on_or_after(days_from_civil(year, month, days_in_month(year, month)) - 6, weekday))
            }
            DayRule::Before { weekday, date } => one(on_or_after(days_from_civil(year, date.0, date.1) - 7, weekday)),
            DayRule::After { weekday, date } => one(on_or_after(days_from_civil(year, date.0, date.1) + 1, weekday)),
            DayRule::MarchEquinox => {
                one(days_from_civil(year, 3, equinox_day(year, [20_835_700, 20_843_100, 21_851_000])))
            }
            DayRule::SeptemberEquinox => {
                one(days_from_civil(year, 9, equinox_day(year, [23_258_800, 23_248_800, 24_248_800])))
            }
        });
    }
}

fn on_or_after(day: i64, wanted: u32) -> i64 {
    day + (i64::from(wanted) - i64::from(weekday(day))).rem_euclid(7)
}

/// Returns Easter Sunday of a year, days from 1970-01-01.
///
/// Formula: the anonymous Gregorian computus (Meeus, "Astronomical Algorithms", chapter 8).
fn easter(year: i32) -> i64 {
    let golden = year.rem_euclid(19);
    let century = year.div_euclid(100);
    let leap = century - century / 4 - (8 * century + 13) / 25;
    let moon = (19 * golden + leap + 15) % 30;
    let moon = moon - i32::from(moon > 28 || (moon == 28 && golden > 10));
    // The full moon is `moon` days after 21 March; Easter is the Sunday after it.
    on_or_after(days_from_civil(year, 3, 21) + i64::from(moon) + 1, 6)
}

/// Returns the day of the month of an equinox by the clock of Japan, right from 1948 to 2150.
///
/// Formula: Hydrographic Department of Japan, "Shinko-sei-rekihyo"; the day in millionths for 1980, for the years
/// before 1980, up to 2099, and after.
fn equinox_day(year: i32, base: [i64; 3]) -> u32 {
    let (base, leap_years) = match (year, base) {
        (..1980, [base, _, _]) => (base, (i64::from(year) - 1983) / 4),
        (1980..2100, [_, base, _]) | (2100.., [_, _, base]) => (base, (i64::from(year) - 1980).div_euclid(4)),
    };
    let day = (base + 242_194 * (i64::from(year) - 1980)).div_euclid(1_000_000) - leap_years;
    u32::try_from(day).unwrap_or(21)
}

fn easter_rule(word: &str) -> Option<DayRule> {
    let rest = word.strip_prefix("easter")?;
    let offset = if rest.is_empty() { 0 } else { rest.starts_with(['+', '-']).then(|| rest.parse::<i64>().ok())?? };
    (-200..=200).contains(&offset).then_some(DayRule::Easter { offset })
}

fn floating(nth: &str, day: &str, month: &str) -> Option<DayRule> {
    let (weekday, month) = (weekday_of(day.as_bytes())?, month_of(month.as_bytes())?);
    match nth {
        "1st" | "first" => Some(1),
        "2nd" | "second" => Some(2),
        "3rd" | "third" => Some(3),
        "4th" | "fourth" => Some(4),
        "5th" | "fifth" => Some(5),
        "last" => return Some(DayRule::Last { weekday, month }),
        _ => None,
    }
    .map(|nth| DayRule::Nth { nth, weekday, month })
}

fn day_beside(text: &str, day: &str, date: &str, rule: fn(u32, MonthDay) -> DayRule) -> Result<Option<DayRule>> {
    let Some(weekday) = weekday_of(day.as_bytes()) else { return Ok(None) };
    match point(text, date)? {
        Point::Yearly(date) if date != (2, 29) => Ok(Some(rule(weekday, date))),
        Point::Yearly(_) | Point::Dated(_) => Ok(None),
    }
}

/// A date with or without a year.
enum Point {
    Dated(i64),
    Yearly(MonthDay),
}

fn dates(text: &str, word: &str) -> Result<DayRule> {
    let (first, last) = word.split_once("..").unwrap_or((word, word));
    match (point(text, first)?, point(text, last)?) {
        (Point::Dated(first), Point::Dated(last)) if first <= last => Ok(DayRule::Dates { first, last }),
        (Point::Yearly(first), Point::Yearly(last)) if first != (2, 29) || last == (2, 29) => {
            Ok(DayRule::Yearly { first, last })
        }
        (Point::Yearly(_), Point::Yearly(_)) => {
            Err(Problem::usage(format!("\"{text}\" begins on a day that most years do not have"))
                .hint("begin it with `03-01`"))
        }
        (Point::Dated(_), Point::Dated(_)) => {
            Err(Problem::usage(format!("\"{text}\" ends before it begins"))
                .hint(format!("write `\"{last}..{first}\"`")))
        }
        (Point::Dated(_), Point::Yearly(_)) | (Point::Yearly(_), Point::Dated(_)) => {
            Err(Problem::usage(format!("\"{text}\" has a year at one end only"))
                .hint("write it at both ends or at none"))
        }
    }
}

/// Reads `YYYY-MM-DD` or `MM-DD`.
fn point(text: &str, word: &str) -> Result<Point> {
    let numbers: Option<Vec<u32>> = word.split('-').map(|part| part.parse().ok()).collect();
    let widths: Vec<usize> = word.split('-').map(str::len).collect();
    let no_day = |month: u32, length: u32| {
        let hint = if length == 0 {
            "months are 01 to 12".to_owned()
        } else {
            format!("month {month:02} ends with day {length}")
        };
        Err(Problem::usage(format!("\"{text}\" names a day that does not exist")).hint(hint))
    };
    match (numbers.as_deref(), widths.as_slice()) {
        (Some(&[year, month, day]), [4, 2, 2]) => {
            let year = i32::try_from(year).unwrap_or(0);
            let length = days_in_month(year, month);
            if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
                let hint = format!("years are {FIRST_YEAR} to {LAST_YEAR}");
                Err(Problem::usage(format!("\"{text}\" lies beyond the calendar")).hint(hint))
            } else if (1..=length).contains(&day) {
                Ok(Point::Dated(days_from_civil(year, month, day)))
            } else {
                no_day(month, length)
            }
        }
        (Some(&[month, day]), [2, 2]) => {
            let length = days_in_month(2024, month);
            if (1..=length).contains(&day) { Ok(Point::Yearly((month, day))) } else { no_day(month, length) }
        }
        _ => Err(Problem::usage(format!("\"{text}\" is no day")).hint(FORMS)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn days(text: &str, year: i32) -> Vec<String> {
        let mut days = Vec::new();
        DayRule::parse(text).unwrap().unwrap().days_of(year, &mut days);
        let shown = |day: i64| {
            let (year, month, day) = civil_from_days(day);
            format!("{year}-{month:02}-{day:02}")
        };
        days.into_iter().map(shown).collect()
    }

    #[test]
    fn every_form_gives_its_days() {
        for (text, year, expected) in [
            ("2024-12-24", 2024, "2024-12-24"),
            ("2024-12-24", 2025, ""),
            ("2024-12-31..2025-01-02", 2024, "2024-12-31"),
            ("2024-12-31..2025-01-02", 2025, "2025-01-01 2025-01-02"),
            ("12-25", 2024, "2024-12-25"),
            ("02-29", 2024, "2024-02-29"),
            ("02-29", 2025, ""),
            ("12-30..01-01", 2025, "2025-12-30 2025-12-31 2026-01-01"),
            ("02-27..02-29", 2025, "2025-02-27 2025-02-28"),
            ("easter", 2025, "2025-04-20"),
            ("Easter+1", 2024, "2024-04-01"),
            ("easter-2", 2038, "2038-04-23"),
            ("easter", 1954, "1954-04-18"),
            ("easter", 1981, "1981-04-19"),
            ("easter", 2049, "2049-04-18"),
            ("easter", 2076, "2076-04-19"),
            ("4th Thursday of November", 2024, "2024-11-28"),
            ("4th thu november", 2025, "2025-11-27"),
            ("first mon may", 2023, "2023-05-01"),
            ("5th mon may", 2023, "2023-05-29"),
            ("5th mon may", 2024, ""),
            ("last mon may", 2024, "2024-05-27"),
            ("Last Monday in August", 2026, "2026-08-31"),
            ("wed before 11-23", 2022, "2022-11-16"),
            ("wed before 11-23", 2023, "2023-11-22"),
            ("sat after 06-19", 2026, "2026-06-20"),
            ("sat after 06-19", 2027, "2027-06-26"),
            ("march equinox", 2024, "2024-03-20"),
            ("march equinox", 2023, "2023-03-21"),
            ("september equinox", 2012, "2012-09-22"),
            ("september equinox", 2025, "2025-09-23"),
            ("september equinox", 1979, "1979-09-24"),
        ] {
            assert_eq!(days(text, year).join(" "), expected, "{text} {year}");
        }
    }

    #[test]
    fn names_are_none_and_what_is_wrong_says_why() {
        for name in ["us", "de-by", "", "monday", "march", "company"] {
            assert_eq!(DayRule::parse(name), Ok(None), "{name}");
        }
        for (text, says) in [
            ("2024-13-01", "does not exist"),
            ("2023-02-29", "month 02 ends with day 28"),
            ("02-30", "month 02 ends with day 29"),
            ("13-01", "months are 01 to 12"),
            ("24.12.2024", "`2024-12-24`"),
            ("1-1", "`12-25`"),
            ("1850-01-01", "years are 1900 to 2200"),
            ("2025-01-01..2024-12-24", "write `\"2024-12-24..2025-01-01\"`"),
            ("2024-12-24..01-01", "at both ends"),
            ("02-29..03-05", "`03-01`"),
            ("easter+", "`easter+1`"),
            ("easter+1000", "`easter+1`"),
            ("easter monday", "`easter+1`"),
            ("6th mon may", "`4th thu november`"),
            ("last mon", "`last mon may`"),
            ("4th thor november", "`4th thu november`"),
            ("mon before 2024-05-25", "`wed before 11-23`"),
            ("mon before 02-29", "`wed before 11-23`"),
        ] {
            let problem = DayRule::parse(text).unwrap_err();
            assert!(problem.to_string().contains(says), "{text}: {problem}");
        }
    }
}
