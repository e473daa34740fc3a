//! The reader of one time column: a fast path for the ISO form, the general shapes, and evidence for the order.
//!
//! Called once per row and column. No allocation but for the first example of each kind of evidence.

use super::civil::{MS_PER_DAY, days_from_civil};
use super::cursor::{fraction_ms, zone_offset};
use super::format::DateFormat;
use super::order::{Evidence, Says, ShortYear};
use super::parse::{Clock, Day, Numeric, Parts, common, parse};
use super::shape::{ClockShape, Shape};
use super::stamp::{DateFault, OpenDate, Stamp};
use super::valid::{FIRST_YEAR, LAST_YEAR, checked_days, full_year};

/// Reads the values of one column, one reader per worker and column.
///
/// Remembers the last day, so that values of the same day skip the calendar, and gathers [`Evidence`].
#[derive(Clone, Debug)]
pub struct DateReader {
    /// The ten bytes `YYYY-MM-DD` of the last ISO value; zeros before the first, which no date is.
    last_date: ([u8; 8], [u8; 2]),
    last_day_ms: i64,
    evidence: Evidence,
    format: Option<DateFormat>,
}

impl DateReader {
    /// Makes a reader that recognises shapes (`None`) or reads one format only.
    #[must_use]
    pub fn new(format: Option<&DateFormat>) -> Self {
        DateReader {
            last_date: ([0; 8], [0; 2]),
            last_day_ms: 0,
            evidence: Evidence::default(),
            format: format.cloned(),
        }
    }

    /// Reads one field. ASCII white space around it is skipped; `line` is asked and kept for examples.
    ///
    /// Fractions of a second are cut off below the millisecond; a date without a time is its midnight.
    ///
    /// # Errors
    /// The reason for which the field is not a usable time; such a field leaves no evidence.
    #[inline]
    pub fn read(&mut self, field: &[u8], line: impl FnOnce() -> u64) -> Result<Stamp, DateFault> {
        if self.format.is_none()
            && let Some(stamp) = self.read_iso(field)
        {
            return Ok(stamp);
        }
        self.read_general(field, line())
    }

    /// Takes a value that is a number already: ms since 1970 in UTC or, where it `is_naive`, of the local clock.
    ///
    /// # Errors
    /// [`DateFault::OutOfRange`]; such a value leaves no evidence.
    #[inline]
    pub fn take_ms(&mut self, ms: i64, is_naive: bool) -> Result<Stamp, DateFault> {
        let span_ms = days_from_civil(FIRST_YEAR, 1, 1) * MS_PER_DAY..days_from_civil(LAST_YEAR + 1, 1, 1) * MS_PER_DAY;
        if !span_ms.contains(&ms) {
            return Err(DateFault::OutOfRange);
        }
        let of_day = u32::try_from(ms.rem_euclid(MS_PER_DAY)).unwrap_or(0);
        let (second, minute) = (of_day / 1_000, of_day / 60_000);
        let clock = Clock { hour: minute / 60, minute: minute % 60, second: second % 60, ms: of_day % 1_000 };
        self.evidence.note(clock, !is_naive);
        if is_naive {
            return Ok(Stamp::naive(ms));
        }
        self.evidence.note_clockless();
        Ok(Stamp::instant(ms))
    }

    /// Returns what the values read so far have shown.
    #[must_use]
    pub fn evidence(&self) -> &Evidence {
        &self.evidence
    }

    /// Returns what the values read since the last call have shown, and starts anew.
    pub fn take_evidence(&mut self) -> Evidence {
        std::mem::take(&mut self.evidence)
    }

    /// Reads `YYYY-MM-DD[T ]HH:MM:SS[.f][Z|offset]`; `None` leaves everything else, faults included, to the parser.
    #[inline]
    fn read_iso(&mut self, field: &[u8]) -> Option<Stamp> {
        const TIME: [u8; 8] = *b"00:00:00";
        let (date, rest) = field.split_first_chunk::<8>()?;
        let (day, rest) = rest.split_first_chunk::<2>()?;
        let (joiner, rest) = rest.split_first()?;
        let (time, tail) = rest.split_first_chunk::<8>()?;
        if *joiner != b' ' && *joiner != b'T' {
            return None;
        }
        let [hour, _, _, minute, _, _, second, _] = pairs(*time, TIME)?.map(u32::from);
        if hour > 23 || minute > 59 || second > 59 {
            return None;
        }
        let (ms, offset_min) = iso_tail(tail)?;
        if (*date, *day) != self.last_date {
            self.last_day_ms = iso_day_ms(*date, *day)?;
            self.last_date = (*date, *day);
        }
        let clock = Clock { hour, minute, second, ms };
        self.evidence.note(clock, offset_min.is_some());
        self.evidence.note_offset(offset_min);
        Some(Stamp::placed(self.last_day_ms + clock.ms_of_day(), offset_min))
    }

    #[inline(never)]
    fn read_general(&mut self, field: &[u8], line: u64) -> Result<Stamp, DateFault> {
        let parts = match &self.format {
            Some(format) => format.read(field)?,
            None => match common(field) {
                Some(parts) => parts,
                None => parse(field)?,
            },
        };
        let ms_of_day = parts.clock.ms_of_day();
        let stamp = match parts.day {
            Day::Epoch(ms, unit) => {
                // a format that was given says that each value may be read by itself
                if self.format.is_none() {
                    self.evidence.note_epoch(unit, field.trim_ascii(), line);
                }
                self.evidence.note_clockless();
                Stamp::instant(ms)
            }
            Day::Civil(days) => Stamp::placed(days * MS_PER_DAY + ms_of_day, parts.offset_min),
            Day::Numeric(numeric) => {
                let (says, days) = numeric.order()?;
                let short = parts.shape.short_year.then(|| numeric.short_year());
                self.evidence.note_numeric(says, short, parts.shape, field.trim_ascii(), line);
                match days {
                    Some(days) => Stamp::placed(days * MS_PER_DAY + ms_of_day, parts.offset_min),
                    None => Stamp::open(OpenDate {
                        year: numeric.year,
                        first: numeric.first,
                        second: numeric.second,
                        ms_of_day,
                        offset_min: parts.offset_min,
                    }),
                }
            }
        };
        self.evidence.note(parts.clock, parts.offset_min.is_some());
        self.evidence.note_offset(parts.offset_min.filter(|_| !matches!(parts.day, Day::Epoch(..))));
        Ok(stamp)
    }
}

impl Numeric {
    /// Returns what the value says about its order, and its days since 1970 unless both orders fit and differ.
    fn order(self) -> Result<(Says, Option<i64>), DateFault> {
        let Numeric { first, second, year } = self;
        let (says, month, day) = match (first, second) {
            (1..=12, 1..=12) if first != second => return Ok((Says::Undecided, None)),
            (1..=12, 1..=12) => (Says::Nothing, first, second),
            (13.., _) => (Says::DayFirst, second, first),
            (_, _) => (Says::MonthFirst, first, second),
        };
        Ok((says, Some(checked_days(year, month, day)?)))
    }

    /// Returns the numbers of a value whose year has two digits.
    fn short_year(self) -> ShortYear {
        let last = self.year.rem_euclid(100);
        let as_year = full_year(i32::try_from(self.first).unwrap_or(0));
        let last = last.unsigned_abs();
        let year_may_be_first = checked_days(as_year, self.second, last).is_ok();
        ShortYear { first: self.first, last, year_may_be_first }
    }
}

/// Turns eight bytes of digits and separators, laid out as in `pattern` (`0` where a digit stands), into numbers: each
/// byte of the result is ten times its digit plus the next one. `None` when a byte is not what the pattern asks.
#[inline]
fn pairs(text: [u8; 8], pattern: [u8; 8]) -> Option<[u8; 8]> {
    const HIGH: u64 = 0x8080_8080_8080_8080;
    // Added to a digit's value this reaches the high bit from 10 on; added to a separator's difference, from 1 on.
    let limit = u64::from_le_bytes(pattern.map(|byte| if byte == b'0' { 0x76 } else { 0x7f }));
    let values = u64::from_le_bytes(text) ^ u64::from_le_bytes(pattern);
    if (values | values.wrapping_add(limit)) & HIGH != 0 {
        return None;
    }
    Some(values.wrapping_mul(10).wrapping_add(values >> 8).to_le_bytes())
}

/// Returns the ms since 1970 of the midnight of `YYYY-MM-` and `DD`.
#[inline]
fn iso_day_ms(date: [u8; 8], day: [u8; 2]) -> Option<i64> {
    const DATE: [u8; 8] = *b"0000-00-";
    let [century, _, year, _, _, month, _, _] = pairs(date, DATE)?;
    let [tens, ones] = day.map(|byte| byte.wrapping_sub(b'0'));
    if tens > 9 || ones > 9 {
        return None;
    }
    let year = i32::from(century) * 100 + i32::from(year);
    checked_days(year, u32::from(month), u32::from(tens) * 10 + u32::from(ones)).ok().map(|days| days * MS_PER_DAY)
}

/// Reads a fraction and an offset, each optional, that are the whole of `tail`.
#[inline(always)]
#[allow(clippy::inline_always, reason = "called for every row")]
fn iso_tail(tail: &[u8]) -> Option<(u32, Option<i32>)> {
    if let [b'.', a, b, c, b'Z'] = tail {
        let [a, b, c] = [a, b, c].map(|digit| u32::from(digit.wrapping_sub(b'0')));
        if a.max(b).max(c) < 10 {
            return Some((a * 100 + b * 10 + c, Some(0)));
        }
    }
    let (ms, zone) = match tail {
        [] => return Some((0, None)),
        [b'.' | b',', fraction @ ..] => fraction_ms(fraction)?,
        zone => (0, zone),
    };
    match zone {
        [] => Some((ms, None)),
        [b'Z'] => Some((ms, Some(0))),
        zone => Some((ms, Some(zone_offset(zone)?))),
    }
}

/// Returns whether a field is plainly a date, for guessing which columns hold times.
///
/// Stricter than reading: plain numbers do not count (but for 14 digits that are a date and time), nor what may be a
/// version or a code: numbers with points and an unpadded year-first date or a two-digit year, or a two-digit year
/// with hyphens, without a time of day. Dates far out of range (placeholders) count.
#[must_use]
pub fn looks_like_date(field: &[u8]) -> bool {
    let text = field.trim_ascii();
    let all_digits = text.iter().all(u8::is_ascii_digit);
    if all_digits && text.len() != 14 {
        return false;
    }
    match parse(text) {
        Ok(Parts { day: Day::Numeric(numeric), shape, .. }) => numeric.order().is_ok() && !may_be_code(shape),
        Ok(parts) => !(may_be_version(text) && parts.clock == Clock::default()),
        Err(DateFault::OutOfRange) => !all_digits && !may_be_version(text),
        Err(
            DateFault::Empty
            | DateFault::Unreadable
            | DateFault::NotInFormat
            | DateFault::NoSuchDate
            | DateFault::NoSuchTime
            | DateFault::WrongWeekday
            | DateFault::LeapSecond
            | DateFault::OrderOpen
            | DateFault::DstGap,
        ) => false,
    }
}

/// `1.2.21`, `10-11-12`: a two-digit year, no time, and no slashes.
fn may_be_code(shape: Shape) -> bool {
    shape.short_year && shape.separator != b'/' && shape.clock == ClockShape::None
}

/// `2021.2.1`: numbers joined by points, shorter than a padded date.
fn may_be_version(text: &[u8]) -> bool {
    text.len() < 10 && text.iter().all(|byte| byte.is_ascii_digit() || *byte == b'.')
}

/// Returns whether a field may be a Unix time between 2001-09-09 and 2100: 10, 13, 16 or 19 digits, the first two with
/// or without a fraction.
#[must_use]
pub fn looks_like_epoch(field: &[u8]) -> bool {
    const END_2099_MS: i64 = 4_102_444_800_000;
    match parse(field) {
        Ok(Parts { day: Day::Epoch(ms, _), .. }) => ms < END_2099_MS,
        Ok(_) | Err(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use super::super::order::Unit;
    use super::*;

    #[test]
    fn separators_and_digits_are_all_checked() {
        let good = b"2021-09-30T17:20:30";
        let mut reader = DateReader::new(None);
        assert!(reader.read_iso(good).is_some());
        for place in 0..good.len() {
            for byte in 0..=255 {
                let mut text = *good;
                text[place] = byte;
                let allowed = if place == 10 {
                    byte == b'T' || byte == b' '
                } else {
                    byte == good[place] || (good[place].is_ascii_digit() && byte.is_ascii_digit())
                };
                assert!(allowed || reader.read_iso(&text).is_none(), "{place} {byte}");
            }
        }
    }

    #[test]
    fn midnights_are_those_of_the_clock_as_written() {
        let midnights = |fields: &[&str]| {
            let mut reader = DateReader::new(None);
            for field in fields {
                reader.read(field.as_bytes(), || 1).unwrap();
            }
            reader.evidence().midnights()
        };
        assert_eq!(
            midnights(&["2021-09-30T00:00:00+02:00", "2021-12-30T00:00:00+01:00", "2021-12-30T00:00:01Z"]),
            Some(2)
        );
        assert_eq!(midnights(&["30/9/2021", "2021-09-30 00:00", "1/10/2021 00:01"]), Some(2));
        assert_eq!(midnights(&["2021-09-30T00:00:00Z", "1633022400"]), None);
    }

    #[test]
    fn unix_times_of_every_unit_are_one_instant() {
        let read = |field: &str| DateReader::new(None).read(field.as_bytes(), || 1).unwrap();
        let instant = Stamp::instant(1_633_022_400_123);
        for field in [
            "1633022400.123",
            "1633022400.1239",
            "1633022400123",
            "1633022400123.9",
            "1633022400123456",
            "1633022400123456789",
        ] {
            assert_eq!(read(field), instant, "{field}");
        }
        assert_eq!(DateReader::new(None).read(b"9999999999999999999", || 1), Err(DateFault::OutOfRange));
    }

    #[test]
    fn two_units_of_unix_times_in_a_column_are_refused() {
        let decided = |format: Option<&DateFormat>| {
            let (mut first, mut second) = (DateReader::new(format), DateReader::new(format));
            first.read(b"1633022400123", || 7).unwrap();
            second.read(b"1633022400", || 3).unwrap();
            second.read(b"1633022401.5", || 4).unwrap();
            let mut evidence = first.take_evidence();
            evidence.merge(second.evidence());
            evidence.decide("at", "log.csv")
        };
        assert_eq!(
            decided(None).unwrap_err().to_string(),
            "error: the Unix times of column `at` count in two units\n  --> log.csv: \"1633022400\" on line 3 counts seconds, \"1633022400123\" on line 7 milliseconds\n\nhint: export the column again in one unit\nhint: or add `--date-format \"%+\"` to read each value by the number of its digits"
        );
        let each = DateFormat::parse("%+").unwrap();
        assert!(decided(Some(&each)).is_ok());
    }

    #[test]
    fn the_resolution_is_the_finest_part_ever_used() {
        let mut reader = DateReader::new(None);
        assert_eq!(reader.evidence().unit(), None);
        for (field, unit) in [
            ("2021-09-30", Unit::Day),
            ("2021-09-30 00:00:00.000", Unit::Day),
            ("30/9/2021 17:00", Unit::Minute),
            ("2021-09-30T17:00:01Z", Unit::Second),
            ("1633022400001", Unit::Millisecond),
            ("2021-09-30", Unit::Millisecond),
        ] {
            reader.read(field.as_bytes(), || 1).unwrap();
            assert_eq!(reader.evidence().unit(), Some(unit), "{field}");
        }
        assert_eq!((reader.evidence().naive(), reader.evidence().with_offset()), (4, 2));
    }

    #[test]
    fn columns_of_other_things_do_not_look_like_dates() {
        for field in [
            "2021-09-30",
            "2021/9/30",
            "30/9/2021",
            "9/30/21",
            "30.09.2021",
            "30/Sep/21 17:20",
            "Sep 30, 2021",
            "20210930T172000",
            "20210930172000",
            "2021-09-30T17:20:00Z",
            "9999-12-31",
            "0001-01-01T00:00:00",
            "2021.09.30",
        ] {
            assert!(looks_like_date(field.as_bytes()), "{field}");
        }
        for field in [
            "",
            "1",
            "2021",
            "20210930",
            "1633022400",
            "1633022400000",
            "12345678901234",
            "INC0001234",
            "1.2.3",
            "1.2.21",
            "10-11-12",
            "2021.2.1",
            "192.168.0.1",
            "17:20",
            "31/02/2021",
            "2021-13-01",
            "Sep",
            "May 5",
            "3/4",
            "2021-09",
            "00123",
            "1e5",
            "+49 30 1234567",
            "2021-09-30x",
            "12-34-5678",
        ] {
            assert!(!looks_like_date(field.as_bytes()), "{field}");
        }
        for field in [
            "1633022400",
            " 1633022400123 ",
            "1633022400.5",
            "1633022400,123456789",
            "1633022400123.25",
            "1633022400123456",
            "1633022400123456789",
        ] {
            assert!(looks_like_epoch(field.as_bytes()), "{field}");
        }
        for field in [
            "163302240",
            "16330224001",
            "0633022400",
            "9633022400",
            "1633022400.",
            "1633022400.5.1",
            "1633022400123456.5",
            "9999999999999999999",
            "",
        ] {
            assert!(!looks_like_epoch(field.as_bytes()), "{field}");
        }
    }
}
