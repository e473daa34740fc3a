//! One field to its parts, by the shape the field itself has. The format-driven reader is in `format`.
//!
//! Known shapes: year first (`2021-09-30`, `2021/9/30`, `2021.09.30`, `2021-Sep-30`), basic (`20210930`,
//! `20210930T172000`, `20210930172000`), numeric with the year last (`30/9/2021`, `9-30-21`, `30.09.2021`), English
//! month names (`30/Sep/21`, `30 September 2021`, `Sep 30, 2021`, `Thu, 30 Sep 2021`), Unix seconds (10 digits) and
//! milliseconds (13 digits), both with or without a fraction, microseconds (16) and nanoseconds (19). A time of day may follow after `T`, spaces or a comma: `H:MM`, `HH:MM:SS`, a fraction of
//! 1 to 9 digits after `.` or `,` (cut off below the millisecond), AM or PM, then `Z`, `UTC`, `GMT`, `±HH:MM`,
//! `±HHMM` or `±HH`. Two-digit years are 1970 to 2069; beside a month name the last number is the year.
//!
//! Not read: spreadsheet serial numbers, week and ordinal dates, other zone abbreviations, hour 24, second 60.
//! Nothing here decides between day/month and month/day.

use super::civil::{MS_PER_DAY, days_from_civil};
use super::cursor::{Cursor, fraction_ms, month_of, weekday_of, zone_offset};
use super::shape::{ClockShape, Joiner, Shape, Suffix};
use super::stamp::DateFault;
use super::valid::{FIRST_YEAR, LAST_YEAR, check_year, checked_days, checked_weekday, full_year, half_day_hour};

/// The longest text that is looked at, in bytes; every known shape is shorter.
pub(super) const MAX_LEN: usize = 64;

/// The date part of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Day {
    /// The order is plain from the shape: days since 1970-01-01.
    Civil(i64),
    /// Three numbers with the year last, order of the first two not settled by the shape.
    Numeric(Numeric),
    /// Milliseconds since 1970 UTC, with no further parts, and what the number counts.
    Epoch(i64, EpochUnit),
}

/// What a Unix time counts since 1970, told by its digits before a point: 10, 13, 16 or 19.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl EpochUnit {
    fn of(digits: usize) -> Option<EpochUnit> {
        match digits {
            10 => Some(EpochUnit::Seconds),
            13 => Some(EpochUnit::Milliseconds),
            16 => Some(EpochUnit::Microseconds),
            19 => Some(EpochUnit::Nanoseconds),
            _ => None,
        }
    }
}

/// A numeric date with its year last. The year is in range, the other two are as written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Numeric {
    /// The number written first, 0 to 99.
    pub first: u32,
    /// The number written second, 0 to 99.
    pub second: u32,
    /// The year in four digits.
    pub year: i32,
}

/// A time of day as it was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Clock {
    /// 0 to 23.
    pub hour: u32,
    /// 0 to 59.
    pub minute: u32,
    /// 0 to 59.
    pub second: u32,
    /// 0 to 999.
    pub ms: u32,
}

impl Clock {
    /// Returns the milliseconds since midnight.
    #[inline]
    pub(super) fn ms_of_day(self) -> i64 {
        i64::from(((self.hour * 60 + self.minute) * 60 + self.second) * 1_000 + self.ms)
    }

    /// Refuses hours, minutes and seconds that do not exist.
    #[inline]
    pub(super) fn check(self) -> Result<Clock, DateFault> {
        if self.hour > 23 || self.minute > 59 || self.second > 60 {
            Err(DateFault::NoSuchTime)
        } else if self.second == 60 {
            Err(DateFault::LeapSecond)
        } else {
            Ok(self)
        }
    }
}

/// One value in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Parts {
    /// The date.
    pub day: Day,
    /// The time of day, midnight where none is written.
    pub clock: Clock,
    /// Minutes east of UTC, where written.
    pub offset_min: Option<i32>,
    /// The shape, complete only for [`Day::Numeric`].
    pub shape: Shape,
}

/// A date as written, before it is checked.
enum Written {
    Civil { year: i32, month: u32, day: u32, weekday: Option<u32> },
    Numeric(Numeric),
}

/// Splits one field into parts by its own shape. ASCII white space around it is skipped.
pub(super) fn parse(field: &[u8]) -> Result<Parts, DateFault> {
    let text = field.trim_ascii();
    if text.is_empty() {
        return Err(DateFault::Empty);
    }
    if text.len() > MAX_LEN {
        return Err(DateFault::Unreadable);
    }
    let mut cursor = Cursor { rest: text };
    let mut shape = Shape::default();
    let run = cursor.digit_run();
    if let Some(unit) = EpochUnit::of(run)
        && let Some(parts) = epoch(text, run, unit)
    {
        return parts;
    }
    let written = match run {
        0 => named_month_first(&mut cursor),
        1 | 2 => year_last(&mut cursor, &mut shape),
        4 => year_first(&mut cursor),
        8 | 14 => basic(&mut cursor),
        _ => None,
    };
    let written = written.ok_or(DateFault::Unreadable)?;
    let joined = if run == 14 { Some(true) } else { join(&mut cursor, &mut shape) };
    let has_clock = joined.ok_or(DateFault::Unreadable)?;
    let (clock, offset_min) =
        if has_clock { clock_and_offset(&mut cursor, &mut shape, run >= 8)? } else { (Clock::default(), None) };
    let day = match written {
        Written::Civil { year, month, day, weekday } => Day::Civil(checked_weekday(year, month, day, weekday)?),
        Written::Numeric(numeric) => {
            let Numeric { first, second, year } = numeric;
            // What is no date in any year is not a placeholder: say so.
            if first.max(second) > 31 || first.min(second) > 12 {
                return Err(DateFault::NoSuchDate);
            }
            check_year(year)?;
            Day::Numeric(numeric)
        }
    };
    Ok(Parts { day, clock: clock.check()?, offset_min, shape })
}

/// Reads a Unix time of `run` digits without a leading zero, with a fraction where it counts seconds or milliseconds;
/// `None` where something else follows the digits.
fn epoch(text: &[u8], run: usize, unit: EpochUnit) -> Option<Result<Parts, DateFault>> {
    let (digits, rest) = text.split_at(run);
    let fraction = match rest {
        [] => 0,
        [b'.' | b',', fraction @ ..] => match (unit, fraction_ms(fraction)?) {
            (EpochUnit::Seconds, (ms, [])) => i64::from(ms),
            (EpochUnit::Milliseconds, (_, [])) => 0,
            _ => return None,
        },
        _ => return None,
    };
    if digits.first() == Some(&b'0') {
        return Some(Err(DateFault::Unreadable));
    }
    let value = digits.iter().fold(0, |sum: i64, digit| sum.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    let ms = match unit {
        EpochUnit::Seconds => value * 1_000 + fraction,
        EpochUnit::Milliseconds => value,
        EpochUnit::Microseconds => value / 1_000,
        EpochUnit::Nanoseconds => value / 1_000_000,
    };
    Some(epoch_parts(ms, unit))
}

/// Reads the commonest forms with the year last: `30/9/2021 17:20`, `9/30/21 5:20:30 PM`, `30/Sep/21 17:20`.
///
/// A short cut past [`parse`], which reads them alike; `None` leaves the value to it.
#[inline]
pub(super) fn common(text: &[u8]) -> Option<Parts> {
    let (first, rest) = one_or_two(text)?;
    let (separator, rest) = rest.split_first()?;
    let named = rest.first_chunk::<3>().filter(|name| name.iter().all(u8::is_ascii_alphabetic));
    let (second, rest) = match named {
        Some(name) => (month_of(name)?, rest.get(3..)?),
        None => one_or_two(rest)?,
    };
    if !matches!(separator, b'/' | b'-' | b'.') || rest.first() != Some(separator) {
        return None;
    }
    let (year, short_year, rest) = match rest {
        [_, y1, y2, b' ', rest @ ..] => (full_year(two(*y1, *y2)?.cast_signed()), true, rest),
        [_, y1, y2, y3, y4, b' ', rest @ ..] => ((two(*y1, *y2)? * 100 + two(*y3, *y4)?).cast_signed(), false, rest),
        _ => return None,
    };
    let (clock, written, half_day) = common_clock(rest)?;
    let day = match named {
        Some(_) => Day::Civil(checked_days(year, second, first).ok()?),
        None if first.max(second) > 31 || first.min(second) > 12 || check_year(year).is_err() => return None,
        None => Day::Numeric(Numeric { first, second, year }),
    };
    let separator = if named.is_some() { 0 } else { *separator };
    let short_year = short_year && named.is_none();
    let shape = Shape { separator, short_year, joiner: Joiner::Space, clock: written, half_day, zone: Suffix::None };
    Some(Parts { day, clock, offset_min: None, shape })
}

/// Reads `H:MM` or `H:MM:SS`, with one space and AM or PM or without, that are the whole of `text`.
#[inline]
fn common_clock(text: &[u8]) -> Option<(Clock, ClockShape, Suffix)> {
    let (hour, rest) = one_or_two(text)?;
    let [b':', m1, m2, rest @ ..] = rest else { return None };
    let minute = two(*m1, *m2)?;
    let (second, written, rest) = match rest {
        [b':', s1, s2, rest @ ..] => (two(*s1, *s2)?, ClockShape::Seconds, rest),
        rest => (0, ClockShape::Minutes, rest),
    };
    let (hour, half_day) = match rest {
        [] => (hour, Suffix::None),
        [b' ', half @ (b'A' | b'P'), b'M'] => (half_day_hour(hour, *half == b'P').ok()?, Suffix::Spaced),
        _ => return None,
    };
    Some((Clock { hour, minute, second, ms: 0 }.check().ok()?, written, half_day))
}

/// Reads one digit, or two.
#[inline]
fn one_or_two(text: &[u8]) -> Option<(u32, &[u8])> {
    match text {
        [tens @ b'0'..=b'9', ones @ b'0'..=b'9', rest @ ..] => Some((two(*tens, *ones)?, rest)),
        [ones @ b'0'..=b'9', rest @ ..] => Some((u32::from(ones - b'0'), rest)),
        _ => None,
    }
}

#[inline]
fn two(tens: u8, ones: u8) -> Option<u32> {
    let (tens, ones) = (tens.wrapping_sub(b'0'), ones.wrapping_sub(b'0'));
    (tens < 10 && ones < 10).then_some(u32::from(tens) * 10 + u32::from(ones))
}

/// Returns the parts of an instant in ms, refusing years out of range.
pub(super) fn epoch_parts(ms: i64, unit: EpochUnit) -> Result<Parts, DateFault> {
    const FIRST_MS: i64 = days_from_civil(FIRST_YEAR, 1, 1) * MS_PER_DAY;
    const END_MS: i64 = days_from_civil(LAST_YEAR + 1, 1, 1) * MS_PER_DAY;
    if !(FIRST_MS..END_MS).contains(&ms) {
        return Err(DateFault::OutOfRange);
    }
    let of_day = u32::try_from(ms.rem_euclid(MS_PER_DAY)).unwrap_or(0);
    let clock = Clock {
        hour: of_day / 3_600_000,
        minute: of_day / 60_000 % 60,
        second: of_day / 1_000 % 60,
        ms: of_day % 1_000,
    };
    Ok(Parts { day: Day::Epoch(ms, unit), clock, offset_min: Some(0), shape: Shape::default() })
}

/// `2021-09-30`, `2021/9/30`, `2021.09.30`, `2021-Sep-30`.
fn year_first(cursor: &mut Cursor<'_>) -> Option<Written> {
    let year = cursor.year()?;
    let separator = cursor.date_separator()?;
    let month = if cursor.digit_run() > 0 { cursor.number(2)? } else { month_of(cursor.letters())? };
    cursor.eat(separator).then_some(())?;
    let day = cursor.number(2)?;
    Some(Written::Civil { year, month, day, weekday: None })
}

/// `20210930`, with whatever follows left in place.
fn basic(cursor: &mut Cursor<'_>) -> Option<Written> {
    let year = i32::try_from(cursor.digits_exactly(4)?).ok()?;
    let (month, day) = (cursor.digits_exactly(2)?, cursor.digits_exactly(2)?);
    Some(Written::Civil { year, month, day, weekday: None })
}

/// `30/9/2021`, `9-30-21`, `30/Sep/21`, `30 Sep 2021`, `30 Sep, 2021`.
fn year_last(cursor: &mut Cursor<'_>, shape: &mut Shape) -> Option<Written> {
    let first = cursor.number(2)?;
    if cursor.spaces() {
        let month = month_of(cursor.letters())?;
        return day_name_year(cursor, first, month, b' ');
    }
    let separator = cursor.date_separator()?;
    if cursor.digit_run() == 0 {
        let month = month_of(cursor.letters())?;
        return day_name_year(cursor, first, month, separator);
    }
    let second = cursor.number(2)?;
    cursor.eat(separator).then_some(())?;
    shape.separator = separator;
    shape.short_year = cursor.digit_run() == 2;
    let year = cursor.year()?;
    Some(Written::Numeric(Numeric { first, second, year }))
}

/// The year after a day and a month name, joined by `separator`.
fn day_name_year(cursor: &mut Cursor<'_>, day: u32, month: u32, separator: u8) -> Option<Written> {
    if separator == b' ' {
        let comma = cursor.eat(b',');
        (cursor.spaces() || comma).then_some(())?;
    } else {
        cursor.eat(separator).then_some(())?;
    }
    let year = cursor.year()?;
    Some(Written::Civil { year, month, day, weekday: None })
}

/// `Sep 30, 2021`, `September 30 2021`, `Thu, 30 Sep 2021`, `Thu Sep 30 2021`.
fn named_month_first(cursor: &mut Cursor<'_>) -> Option<Written> {
    let mut name = cursor.letters();
    let weekday = weekday_of(name);
    if weekday.is_some() {
        let comma = cursor.eat(b',');
        (cursor.spaces() || comma).then_some(())?;
        name = cursor.letters();
    }
    let (month, day) = if name.is_empty() {
        let day = cursor.number(2)?;
        let separator = if cursor.spaces() { b' ' } else { cursor.date_separator()? };
        let month = month_of(cursor.letters())?;
        let written = day_name_year(cursor, day, month, separator)?;
        return Some(match written {
            Written::Civil { year, month, day, weekday: _ } => Written::Civil { year, month, day, weekday },
            Written::Numeric(_) => written,
        });
    } else {
        let month = month_of(name)?;
        if !cursor.spaces() {
            cursor.date_separator()?;
        }
        (month, cursor.number(2)?)
    };
    let comma = cursor.eat(b',');
    if !cursor.spaces() && !comma {
        cursor.date_separator()?;
    }
    let year = cursor.year()?;
    Some(Written::Civil { year, month, day, weekday })
}

/// Reads what stands between date and time. Some(false) at the end of the value, None when no time can follow.
fn join(cursor: &mut Cursor<'_>, shape: &mut Shape) -> Option<bool> {
    if cursor.rest.is_empty() {
        return Some(false);
    }
    shape.joiner = if cursor.eat(b'T') || cursor.eat(b't') {
        Joiner::Letter
    } else if cursor.eat(b',') {
        cursor.spaces();
        Joiner::Comma
    } else if cursor.spaces() {
        if cursor.eat(b',') {
            cursor.spaces();
            Joiner::Comma
        } else {
            Joiner::Space
        }
    } else {
        return None;
    };
    Some(true)
}

/// Reads the time of day and all that follows it. `basic` allows `HHMM` and `HHMMSS`.
fn clock_and_offset(
    cursor: &mut Cursor<'_>,
    shape: &mut Shape,
    basic: bool,
) -> Result<(Clock, Option<i32>), DateFault> {
    let mut clock = written_clock(cursor, shape, basic).ok_or(DateFault::Unreadable)?;
    let spaced = cursor.spaces();
    if let Some(afternoon) = cursor.half_day() {
        shape.half_day = if spaced { Suffix::Spaced } else { Suffix::Adjacent };
        clock.hour = half_day_hour(clock.hour, afternoon)?;
        let spaced = cursor.spaces();
        Ok((clock, offset_at_end(cursor, shape, spaced)?))
    } else {
        Ok((clock, offset_at_end(cursor, shape, spaced)?))
    }
}

fn offset_at_end(cursor: &Cursor<'_>, shape: &mut Shape, spaced: bool) -> Result<Option<i32>, DateFault> {
    if cursor.rest.is_empty() {
        return Ok(None);
    }
    shape.zone = if spaced { Suffix::Spaced } else { Suffix::Adjacent };
    zone_offset(cursor.rest).map(Some).ok_or(DateFault::Unreadable)
}

fn written_clock(cursor: &mut Cursor<'_>, shape: &mut Shape, basic: bool) -> Option<Clock> {
    let run = cursor.digit_run();
    let mut clock = Clock::default();
    let seconds = if basic && (run == 4 || run == 6) {
        clock.hour = cursor.digits_exactly(2)?;
        clock.minute = cursor.digits_exactly(2)?;
        run == 6
    } else {
        clock.hour = cursor.number(2)?;
        cursor.eat(b':').then_some(())?;
        clock.minute = cursor.digits_exactly(2)?;
        cursor.eat(b':')
    };
    shape.clock = ClockShape::Minutes;
    if seconds {
        clock.second = cursor.digits_exactly(2)?;
        shape.clock = ClockShape::Seconds;
        if cursor.eat(b'.') || cursor.eat(b',') {
            clock.ms = cursor.fraction()?;
            shape.clock = ClockShape::Fraction;
        }
    }
    Some(clock)
}
