//! The proleptic Gregorian calendar: days, dates, weeks, and the text of instants in UTC.
//!
//! Days are counted from 1970-01-01 (day 0), milliseconds from its midnight in UTC. No zones here.

/// Milliseconds in a day.
pub const MS_PER_DAY: i64 = 86_400_000;

/// Returns whether `year` has a 29 February.
#[must_use]
pub const fn is_leap_year(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Returns the number of days of a month, 0 when `month` is not 1 to 12.
#[must_use]
pub const fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if is_leap_year(year) => 29,
        2 => 28,
        _ => 0,
    }
}

/// Counts the days from 1970-01-01 to a date.
///
/// `month` is 1 to 12 and `day` 1 to the length of the month; neither is checked. Formula: Howard Hinnant,
/// "chrono-Compatible Low-Level Date Algorithms", `days_from_civil`.
#[must_use]
#[inline]
pub const fn days_from_civil(year: i32, month: u32, day: u32) -> i64 {
    let year = year as i64 - if month <= 2 { 1 } else { 0 };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let month_from_march = (month as i64 + 9) % 12;
    let day_of_year = (153 * month_from_march + 2) / 5 + day as i64 - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns the year, month (1 to 12) and day (1 to 31) of a day counted from 1970-01-01.
///
/// Valid for every day that an `i64` of milliseconds reaches (± 292 million years); beyond that the year saturates.
#[must_use]
pub fn civil_from_days(days: i64) -> (i32, u32, u32) {
    let shifted = days.saturating_add(719_468);
    let era = shifted.div_euclid(146_097);
    let day_of_era = shifted.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = era * 400 + year_of_era + i64::from(month <= 2);
    let year = i32::try_from(year).unwrap_or(if year < 0 { i32::MIN } else { i32::MAX });
    (year, u32::try_from(month).unwrap_or(1), u32::try_from(day).unwrap_or(1))
}

/// Returns the weekday of a day counted from 1970-01-01: 0 is Monday, 6 is Sunday.
#[must_use]
pub fn weekday(days: i64) -> u32 {
    // 1970-01-01 was a Thursday.
    u32::try_from((days.rem_euclid(7) + 3) % 7).unwrap_or(0)
}

/// Returns the ISO 8601 week year and week (1 to 53) of an instant in UTC.
#[must_use]
pub fn iso_week(ms: i64) -> (i32, u32) {
    let days = ms.div_euclid(MS_PER_DAY);
    // A week belongs to the year of its Thursday.
    let thursday = days - i64::from(weekday(days)) + 3;
    let (year, _, _) = civil_from_days(thursday);
    let week = (thursday - days_from_civil(year, 1, 1)) / 7 + 1;
    (year, u32::try_from(week).unwrap_or(1))
}

/// Returns the instant at which the week of `ms` began: Monday 00:00 UTC, in ms (saturating at the end of `i64`).
#[must_use]
pub fn week_start_ms(ms: i64) -> i64 {
    let days = ms.div_euclid(MS_PER_DAY);
    (days - i64::from(weekday(days))).saturating_mul(MS_PER_DAY)
}

/// Writes an instant as RFC 3339 in UTC, without the fraction where it is zero: `2016-02-29T01:23:00Z`.
#[must_use]
pub fn format_utc(ms: i64) -> String {
    let (year, month, day, of_day) = split(ms);
    let (hour, minute, second, fraction) =
        (of_day / 3_600_000, of_day / 60_000 % 60, of_day / 1_000 % 60, of_day % 1_000);
    if fraction == 0 {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    } else {
        format!("{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}.{fraction:03}Z")
    }
}

/// Writes an instant in UTC to the minute, seconds cut off: `2016-02-29 01:23`.
#[must_use]
pub fn format_utc_minutes(ms: i64) -> String {
    let (year, month, day, of_day) = split(ms);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}", of_day / 3_600_000, of_day / 60_000 % 60)
}

fn split(ms: i64) -> (i32, u32, u32, i64) {
    let (year, month, day) = civil_from_days(ms.div_euclid(MS_PER_DAY));
    (year, month, day, ms.rem_euclid(MS_PER_DAY))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::{DateTime, Datelike, NaiveDate};

    #[test]
    fn every_day_of_a_thousand_years_agrees_with_chrono() {
        for year in 1600..2600 {
            for month in 1..=12 {
                for day in 1..=31 {
                    let oracle = NaiveDate::from_ymd_opt(year, month, day);
                    assert_eq!(oracle.is_some(), day <= days_in_month(year, month));
                    let Some(oracle) = oracle else { continue };
                    let days = days_from_civil(year, month, day);
                    assert_eq!(days, i64::from(oracle.to_epoch_days()));
                    assert_eq!(civil_from_days(days), (year, month, day));
                    assert_eq!(weekday(days), oracle.weekday().num_days_from_monday());
                    let ms = days * MS_PER_DAY + 1;
                    assert_eq!(iso_week(ms), (oracle.iso_week().year(), oracle.iso_week().week()));
                    let monday = DateTime::from_timestamp_millis(week_start_ms(ms)).unwrap().date_naive();
                    assert_eq!(monday, oracle.week(chrono::Weekday::Mon).first_day());
                }
            }
        }
    }

    #[test]
    fn instants_are_written_as_short_as_exact() {
        assert_eq!(format_utc(1_456_708_980_000), "2016-02-29T01:23:00Z");
        assert_eq!(format_utc(1_456_708_980_007), "2016-02-29T01:23:00.007Z");
        assert_eq!(format_utc(-1), "1969-12-31T23:59:59.999Z");
        assert_eq!(format_utc_minutes(1_456_709_039_999), "2016-02-29 01:23");
    }

    #[test]
    fn the_ends_of_i64_do_not_panic() {
        for ms in [i64::MIN, i64::MAX] {
            let _ = (format_utc(ms), format_utc_minutes(ms), iso_week(ms), week_start_ms(ms));
        }
        let _ = (civil_from_days(i64::MIN), civil_from_days(i64::MAX), weekday(i64::MAX));
    }
}
