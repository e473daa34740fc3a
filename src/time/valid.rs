//! Which dates and times exist, by tables: the calendar is asked for almost every row.

use super::civil::{days_from_civil, days_in_month, is_leap_year, weekday};
use super::stamp::DateFault;

/// The first year that is read; earlier ones are placeholders such as 0001-01-01.
pub(super) const FIRST_YEAR: i32 = 1900;
/// The last year that is read; later ones are placeholders such as 9999-12-31.
pub(super) const LAST_YEAR: i32 = 2200;

/// One year of the calendar.
#[derive(Clone, Copy)]
struct Year {
    /// Days from 1970-01-01 to the day before 1 January.
    base: i32,
    leap: bool,
}

/// One month of a year.
#[derive(Clone, Copy)]
struct Month {
    /// Days from 1 January to the first of the month.
    start: u16,
    /// Days in the month; 0 where there is no such month.
    length: u16,
}

const YEARS: [Year; 301] = years();
/// Common years, then leap years.
const MONTHS: [[Month; 13]; 2] = [months(2023), months(2024)];

#[expect(clippy::cast_possible_truncation, clippy::cast_possible_wrap, reason = "checked by the tests for every year")]
const fn years() -> [Year; 301] {
    let mut years = [Year { base: 0, leap: false }; 301];
    let mut index = 0;
    while index < years.len() {
        let year = FIRST_YEAR + index as i32;
        years[index] = Year { base: (days_from_civil(year, 1, 1) - 1) as i32, leap: is_leap_year(year) };
        index += 1;
    }
    years
}

#[expect(clippy::cast_possible_truncation, reason = "checked by the tests for every month")]
const fn months(year: i32) -> [Month; 13] {
    let mut months = [Month { start: 0, length: 0 }; 13];
    let mut month = 1;
    while month < months.len() {
        let previous = months[month - 1];
        let start = previous.start + previous.length;
        months[month] = Month { start, length: days_in_month(year, month as u32) as u16 };
        month += 1;
    }
    months
}

/// Returns the days since 1970 of a date, refusing years out of range and days that do not exist.
#[inline]
pub(super) fn checked_days(year: i32, month: u32, day: u32) -> Result<i64, DateFault> {
    let index = usize::try_from(year - FIRST_YEAR).map_err(|_| DateFault::OutOfRange)?;
    let year = YEARS.get(index).ok_or(DateFault::OutOfRange)?;
    let [common, leap] = &MONTHS;
    let months = if year.leap { leap } else { common };
    let month = months.get(month as usize).ok_or(DateFault::NoSuchDate)?;
    // Day 0 wraps to the greatest number, and month 0 has length 0.
    if day.wrapping_sub(1) >= u32::from(month.length) {
        return Err(DateFault::NoSuchDate);
    }
    Ok(i64::from(year.base) + i64::from(month.start) + i64::from(day))
}

/// As [`checked_days`], and refuses a weekday (0 is Monday) that is not that of the date.
pub(super) fn checked_weekday(year: i32, month: u32, day: u32, written: Option<u32>) -> Result<i64, DateFault> {
    let days = checked_days(year, month, day)?;
    match written {
        Some(written) if written != weekday(days) => Err(DateFault::WrongWeekday),
        Some(_) | None => Ok(days),
    }
}

/// Refuses years that are not read.
pub(super) fn check_year(year: i32) -> Result<(), DateFault> {
    if (FIRST_YEAR..=LAST_YEAR).contains(&year) { Ok(()) } else { Err(DateFault::OutOfRange) }
}

/// Returns the four-digit year of a two-digit one: 70 to 99 are 1970 to 1999, 00 to 69 are 2000 to 2069.
#[inline]
pub(super) fn full_year(short: i32) -> i32 {
    if short >= 70 { 1900 + short } else { 2000 + short }
}

/// Returns the hour 0 to 23 of an hour 1 to 12 with AM or PM.
pub(super) fn half_day_hour(hour: u32, afternoon: bool) -> Result<u32, DateFault> {
    match hour {
        1..=12 => Ok(hour % 12 + if afternoon { 12 } else { 0 }),
        _ => Err(DateFault::NoSuchTime),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tables_agree_with_the_calendar() {
        for year in FIRST_YEAR - 2..=LAST_YEAR + 2 {
            for month in 0..=14 {
                for day in 0..=33 {
                    let expected = if !(FIRST_YEAR..=LAST_YEAR).contains(&year) {
                        Err(DateFault::OutOfRange)
                    } else if day == 0 || day > days_in_month(year, month) {
                        Err(DateFault::NoSuchDate)
                    } else {
                        Ok(days_from_civil(year, month, day))
                    };
                    assert_eq!(checked_days(year, month, day), expected, "{year}-{month}-{day}");
                }
            }
        }
        assert_eq!(checked_days(i32::MAX, 1, 1), Err(DateFault::OutOfRange));
        assert_eq!(checked_days(i32::MIN + FIRST_YEAR, 1, 1), Err(DateFault::OutOfRange));
    }
}
