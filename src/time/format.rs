//! The format of `--date-format`: a subset of strftime, compiled once, strict about what it reads.
//!
//! Formats may be joined with `|`; a value is read by the first that fits. `%+` stands alone in its place and reads
//! what needs no order of day and month: year first, month names, Unix times.
//! Deliberately not: locale names, `%j`, `%U`, writing.

use crate::error::{Problem, Result};

use super::cursor::{Cursor, fraction_ms, month_of, weekday_of, zone_offset};
use super::parse::{Clock, Day, EpochUnit, Parts, epoch_parts, parse};
use super::shape::Shape;
use super::stamp::DateFault;
use super::valid::{checked_weekday, full_year, half_day_hour};

/// A compiled date format, such as `%d/%m/%Y %H:%M`.
///
/// Numbers may lack their leading zero (but for `%Y` and fractions), names are English in any case, letters match in
/// any case, a space matches any number of spaces or none. A format without a time of day reads midnight, one without
/// `%z` or `%Z` reads naive times.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DateFormat {
    text: String,
    alternatives: Vec<Alternative>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Alternative {
    Recognise,
    Items(Vec<Item>),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    Year,
    ShortYear,
    Month,
    MonthName,
    Day,
    Weekday,
    Hour,
    HalfDayHour,
    Minute,
    Second,
    /// `%f`, 1 to 9 digits.
    Fraction,
    /// `%3f`, exactly so many digits.
    FractionOf(usize),
    /// `%.f`, a point or comma and 1 to 9 digits, or nothing.
    OptionalFraction,
    /// `%.3f`, a point or comma and exactly so many digits.
    PointFraction(usize),
    HalfDay,
    Offset,
    UtcName,
    Epoch,
    Spaces,
    Literal(u8),
}

/// What a field is read into before it is checked.
#[derive(Default)]
struct Fields {
    year: i32,
    month: u32,
    day: u32,
    weekday: Option<u32>,
    clock: Clock,
    afternoon: Option<bool>,
    offset_min: Option<i32>,
    epoch_ms: Option<i64>,
}

impl DateFormat {
    /// Compiles a format.
    ///
    /// # Errors
    /// A usage problem that names the specifier which is not known, missing, repeated or without its partner.
    pub fn parse(strftime: &str) -> Result<DateFormat> {
        let mut alternatives = Vec::new();
        for text in strftime.split('|') {
            if text == "%+" {
                alternatives.push(Alternative::Recognise);
                continue;
            }
            let items = compile(text)?;
            check(text, &items)?;
            alternatives.push(Alternative::Items(items));
        }
        Ok(DateFormat { text: strftime.to_owned(), alternatives })
    }

    /// Returns the format as it was given.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Splits one field into parts by the first alternative that fits it.
    pub(super) fn read(&self, field: &[u8]) -> std::result::Result<Parts, DateFault> {
        let text = field.trim_ascii();
        if text.is_empty() {
            return Err(DateFault::Empty);
        }
        let mut fault = DateFault::NotInFormat;
        for alternative in &self.alternatives {
            let parts = match alternative {
                Alternative::Recognise => recognised(text),
                Alternative::Items(items) => read_items(items, text),
            };
            match parts {
                Ok(parts) => return Ok(parts),
                // A value that fits a format but names no day says more than one that does not fit.
                Err(found) if fault == DateFault::NotInFormat => fault = found,
                Err(_) => {}
            }
        }
        Err(fault)
    }
}

fn recognised(text: &[u8]) -> std::result::Result<Parts, DateFault> {
    match parse(text) {
        Ok(Parts { day: Day::Numeric(_), .. }) | Err(DateFault::Unreadable) => Err(DateFault::NotInFormat),
        other => other,
    }
}

fn compile(text: &str) -> Result<Vec<Item>> {
    let mut items = Vec::new();
    let mut rest = text.as_bytes();
    while let [first, after @ ..] = rest {
        rest = after;
        match first {
            b'%' => rest = specifier(text, after, &mut items)?,
            b' ' => {
                if items.last() != Some(&Item::Spaces) {
                    items.push(Item::Spaces);
                }
            }
            other => items.push(Item::Literal(*other)),
        }
    }
    Ok(items)
}

/// Compiles the specifier at the start of `rest` (after its `%`) and returns what follows it.
fn specifier<'a>(text: &str, rest: &'a [u8], items: &mut Vec<Item>) -> Result<&'a [u8]> {
    const DATE: [Item; 5] = [Item::Year, Item::Literal(b'-'), Item::Month, Item::Literal(b'-'), Item::Day];
    const TIME: [Item; 5] = [Item::Hour, Item::Literal(b':'), Item::Minute, Item::Literal(b':'), Item::Second];
    let digits = |digit: &u8| usize::from(digit - b'0');
    let (item, rest) = match rest {
        [b'F', rest @ ..] => {
            items.extend(DATE);
            return Ok(rest);
        }
        [b'T', rest @ ..] => {
            items.extend(TIME);
            return Ok(rest);
        }
        [b'R', rest @ ..] => {
            items.extend(TIME.iter().take(3));
            return Ok(rest);
        }
        [b'.', b'f', rest @ ..] => (Item::OptionalFraction, rest),
        [b'.', digit @ b'1'..=b'9', b'f', rest @ ..] => (Item::PointFraction(digits(digit)), rest),
        [digit @ b'1'..=b'9', b'f', rest @ ..] => (Item::FractionOf(digits(digit)), rest),
        // `%-d` is how some tools write a number without its leading zero; numbers may always lack it.
        [b'-', letter @ (b'd' | b'm' | b'H' | b'I' | b'M' | b'S'), rest @ ..] | [letter, rest @ ..] => {
            (simple(*letter).ok_or_else(|| unknown(text, *letter))?, rest)
        }
        [] => {
            return Err(Problem::usage(format!("date format `{text}` ends in a lone `%`"))
                .hint("write `%%` for a percent sign"));
        }
    };
    items.push(item);
    Ok(rest)
}

fn simple(letter: u8) -> Option<Item> {
    Some(match letter {
        b'Y' => Item::Year,
        b'y' => Item::ShortYear,
        b'm' => Item::Month,
        b'b' | b'B' | b'h' => Item::MonthName,
        b'd' | b'e' => Item::Day,
        b'a' | b'A' => Item::Weekday,
        b'H' => Item::Hour,
        b'I' => Item::HalfDayHour,
        b'M' => Item::Minute,
        b'S' => Item::Second,
        b'f' => Item::Fraction,
        b'p' => Item::HalfDay,
        b'z' => Item::Offset,
        b'Z' => Item::UtcName,
        b's' => Item::Epoch,
        b'%' => Item::Literal(b'%'),
        _ => return None,
    })
}

fn unknown(text: &str, letter: u8) -> Problem {
    let shown = if letter.is_ascii_graphic() { char::from(letter).to_string() } else { "?".to_owned() };
    Problem::usage(format!("date format `{text}` has the unknown specifier `%{shown}`")).hint(
        "use %Y %y %m %b %B %d %e %a %A %H %I %p %M %S %f %.f %3f %z %Z %F %T %R %s, or %+ alone, in `--date-format`",
    )
}

/// Refuses formats that name no single instant: a part missing, given twice, or without its partner.
fn check(text: &str, items: &[Item]) -> Result<()> {
    let count = |wanted: &[Item]| items.iter().filter(|item| wanted.contains(item)).count();
    let fraction = |item: &&Item| {
        matches!(item, Item::Fraction | Item::FractionOf(_) | Item::OptionalFraction | Item::PointFraction(_))
    };
    let year = count(&[Item::Year, Item::ShortYear]);
    let month = count(&[Item::Month, Item::MonthName]);
    let day = count(&[Item::Day]);
    let (hour, half_hour, half) = (count(&[Item::Hour]), count(&[Item::HalfDayHour]), count(&[Item::HalfDay]));
    let (minute, second) = (count(&[Item::Minute]), count(&[Item::Second]));
    let fractions = items.iter().filter(fraction).count();
    let zone = count(&[Item::Offset, Item::UtcName]);
    let epoch = count(&[Item::Epoch]);
    let parts = [year, month, day, hour + half_hour, half, minute, second, zone, epoch];
    let refuse = |what: &str, hint: &str| Err(Problem::usage(format!("date format `{text}` {what}")).hint(hint));
    if epoch > 0 && (epoch > 1 || parts.iter().sum::<usize>() > 1) {
        return refuse("has `%s` beside other parts", "use `%s` alone: it is the whole instant");
    }
    if epoch == 1 {
        return Ok(());
    }
    if parts.iter().any(|count| *count > 1) || fractions > 1 || count(&[Item::Weekday]) > 1 {
        return refuse("names the same part twice", "keep one specifier for each part in `--date-format`");
    }
    for (there, part, hint) in [
        (year, "has no year", "add `%Y` (2021) or `%y` (21) to `--date-format`"),
        (month, "has no month", "add `%m` (09) or `%b` (Sep) to `--date-format`"),
        (day, "has no day", "add `%d` to `--date-format`"),
    ] {
        if there == 0 {
            return refuse(part, hint);
        }
    }
    if half_hour != half {
        return refuse("has only one of `%I` and `%p`", "use `%I` with `%p` (05:20 PM), or `%H` alone (17:20)");
    }
    if minute > 0 && hour + half_hour == 0 || second > 0 && minute == 0 || fractions > 0 && second == 0 {
        return refuse("has a part of the time without the larger one", "write the time as `%H:%M` or `%H:%M:%S%.f`");
    }
    Ok(())
}

fn read_items(items: &[Item], text: &[u8]) -> std::result::Result<Parts, DateFault> {
    let mut cursor = Cursor { rest: text };
    let mut fields = Fields::default();
    for item in items {
        read_item(*item, &mut cursor, &mut fields).ok_or(DateFault::NotInFormat)?;
    }
    if !cursor.rest.is_empty() {
        return Err(DateFault::NotInFormat);
    }
    if let Some(ms) = fields.epoch_ms {
        return epoch_parts(ms, EpochUnit::Seconds);
    }
    let days = checked_weekday(fields.year, fields.month, fields.day, fields.weekday)?;
    let mut clock = fields.clock;
    if let Some(afternoon) = fields.afternoon {
        clock.hour = half_day_hour(clock.hour, afternoon)?;
    }
    Ok(Parts { day: Day::Civil(days), clock: clock.check()?, offset_min: fields.offset_min, shape: Shape::default() })
}

#[inline]
fn read_item(item: Item, cursor: &mut Cursor<'_>, fields: &mut Fields) -> Option<()> {
    match item {
        Item::Year => fields.year = i32::try_from(cursor.digits_exactly(4)?).ok()?,
        Item::ShortYear => fields.year = full_year(i32::try_from(cursor.digits_exactly(2)?).ok()?),
        Item::Month => fields.month = cursor.number(2)?,
        Item::MonthName => fields.month = month_of(cursor.letters())?,
        Item::Day => {
            cursor.spaces();
            fields.day = cursor.number(2)?;
        }
        Item::Weekday => fields.weekday = Some(weekday_of(cursor.letters())?),
        Item::Hour | Item::HalfDayHour => fields.clock.hour = cursor.number(2)?,
        Item::Minute => fields.clock.minute = cursor.number(2)?,
        Item::Second => fields.clock.second = cursor.number(2)?,
        Item::Fraction => fields.clock.ms = cursor.fraction()?,
        Item::OptionalFraction => {
            if cursor.eat(b'.') || cursor.eat(b',') {
                fields.clock.ms = cursor.fraction()?;
            }
        }
        Item::FractionOf(digits) => fields.clock.ms = exact_fraction(cursor, digits)?,
        Item::PointFraction(digits) => {
            (cursor.eat(b'.') || cursor.eat(b',')).then_some(())?;
            fields.clock.ms = exact_fraction(cursor, digits)?;
        }
        Item::HalfDay => fields.afternoon = Some(cursor.half_day()?),
        Item::Offset => fields.offset_min = Some(offset(cursor)?),
        Item::UtcName => fields.offset_min = Some(utc_name(cursor)?),
        Item::Epoch => {
            let run = cursor.digit_run();
            let (digits, rest) = cursor.rest.split_at_checked(run).filter(|_| (1..=11).contains(&run))?;
            fields.epoch_ms = Some(digits.iter().fold(0, |sum, digit| sum * 10 + i64::from(digit - b'0')) * 1_000);
            cursor.rest = rest;
        }
        Item::Spaces => {
            cursor.spaces();
        }
        Item::Literal(byte) => {
            let (first, rest) = cursor.rest.split_first()?;
            first.eq_ignore_ascii_case(&byte).then_some(())?;
            cursor.rest = rest;
        }
    }
    Some(())
}

fn exact_fraction(cursor: &mut Cursor<'_>, digits: usize) -> Option<u32> {
    let (text, rest) = cursor.rest.split_at_checked(digits)?;
    let (ms, after) = fraction_ms(text)?;
    after.is_empty().then_some(())?;
    cursor.rest = rest;
    Some(ms)
}

/// Reads an offset that may be followed by more text, the longest form first.
fn offset(cursor: &mut Cursor<'_>) -> Option<i32> {
    for length in [6, 5, 3, 1] {
        if let Some((text, rest)) = cursor.rest.split_at_checked(length)
            && let Some(minutes) = zone_offset(text)
        {
            cursor.rest = rest;
            return Some(minutes);
        }
    }
    None
}

fn utc_name(cursor: &mut Cursor<'_>) -> Option<i32> {
    let name = cursor.letters();
    [&b"UTC"[..], b"GMT", b"Z"].iter().any(|known| name.eq_ignore_ascii_case(known)).then_some(0)
}

#[cfg(test)]
mod tests {
    use super::super::civil::MS_PER_DAY;
    use super::*;

    fn ms(format: &str, field: &str) -> std::result::Result<(i64, Option<i32>), DateFault> {
        let parts = DateFormat::parse(format).unwrap().read(field.as_bytes())?;
        Ok(match parts.day {
            Day::Civil(days) => (days * MS_PER_DAY + parts.clock.ms_of_day(), parts.offset_min),
            Day::Epoch(ms, _) => (ms, parts.offset_min),
            Day::Numeric(_) => unreachable!(),
        })
    }

    const T: i64 = 1_633_022_400_000; // 2021-09-30 17:20

    #[test]
    fn formats_read_what_they_say() {
        for (format, field, expected, offset) in [
            ("%d/%m/%Y %H:%M", "30/9/2021 17:20", T, None),
            ("%d/%m/%Y %H:%M", " 30/09/2021  17:20 ", T, None),
            ("%-m/%-d/%Y %I:%M %p", "9/30/2021 5:20 pm", T, None),
            ("%m/%d/%y %I:%M%p", "09/30/21 05:20PM", T, None),
            ("%Y%m%d%H%M%S", "20210930172000", T, None),
            ("%F %T%.f", "2021-09-30 17:20:00,5", T + 500, None),
            ("%F %T%.f", "2021-09-30 17:20:00", T, None),
            ("%FT%T.%3fZ", "2021-09-30t17:20:00.250z", T + 250, None),
            ("%F %T%.6f", "2021-09-30 17:20:00.250999", T + 250, None),
            ("%a, %d %b %Y %H:%M:%S %z", "Thu, 30 Sep 2021 17:20:00 +0200", T, Some(120)),
            ("%F %R %Z", "2021-09-30 17:20 GMT", T, Some(0)),
            ("%F %R%z", "2021-09-30 17:20-03:30", T, Some(-210)),
            ("%B %e, %Y %R", "September  30, 2021 17:20", T, None),
            ("%Y年%m月%d日 %H:%M", "2021年9月30日 17:20", T, None),
            ("%s", "1633022400", T, Some(0)),
            ("%d.%m.%Y|%Y-%m-%d %R", "2021-09-30 17:20", T, None),
            ("%d.%m.%Y|%+", "30-Sep-2021 17:20", T, None),
            ("100%% %F %R", "100% 2021-09-30 17:20", T, None),
        ] {
            assert_eq!(ms(format, field), Ok((expected, offset)), "{format} {field}");
        }
    }

    #[test]
    fn values_beside_the_format_are_refused() {
        for (format, field, fault) in [
            ("%d/%m/%Y", "30/9/21", DateFault::NotInFormat),
            ("%d/%m/%Y", "30/9/2021 17:20", DateFault::NotInFormat),
            ("%d/%m/%Y", "9/30/2021", DateFault::NoSuchDate),
            ("%d/%m/%Y|%+", "9/30/2021", DateFault::NoSuchDate),
            ("%F|%+", "9/30/2021", DateFault::NotInFormat),
            ("%F %R", "2021-09-30 24:00", DateFault::NoSuchTime),
            ("%F %I:%M %p", "2021-09-30 13:00 PM", DateFault::NoSuchTime),
            ("%F %T", "2021-09-30 23:59:60", DateFault::LeapSecond),
            ("%a %F", "Fri 2021-09-30", DateFault::WrongWeekday),
            ("%F", "9999-12-31", DateFault::OutOfRange),
            ("%F %Z", "2021-09-30 CET", DateFault::NotInFormat),
            ("%F", "", DateFault::Empty),
            ("%s", "99999999999", DateFault::OutOfRange),
        ] {
            assert_eq!(ms(format, field), Err(fault), "{format} {field}");
        }
    }

    #[test]
    fn broken_formats_name_the_fault() {
        for (format, message) in [
            ("%Y-%m-%d %j", "date format `%Y-%m-%d %j` has the unknown specifier `%j`"),
            ("%H:%M", "date format `%H:%M` has no year"),
            ("%Y-%d", "date format `%Y-%d` has no month"),
            ("%Y-%m", "date format `%Y-%m` has no day"),
            ("%F %d", "date format `%F %d` names the same part twice"),
            ("%F %I:%M", "date format `%F %I:%M` has only one of `%I` and `%p`"),
            ("%F %H:%M %p", "date format `%F %H:%M %p` has only one of `%I` and `%p`"),
            ("%F %M", "date format `%F %M` has a part of the time without the larger one"),
            ("%F %s", "date format `%F %s` has `%s` beside other parts"),
            ("%F|", "date format `` has no year"),
            ("%F %", "date format `%F %` ends in a lone `%`"),
        ] {
            assert_eq!(DateFormat::parse(format).unwrap_err().message(), message);
        }
    }
}
