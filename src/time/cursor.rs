//! The small pieces that dates are read from: digits, separators, fractions, offsets, English names.

use super::valid::full_year;

/// Reads an offset that is the whole of `text`: `Z`, `UTC`, `GMT`, `±HH:MM`, `±HHMM`, `±HH`; minutes east of UTC.
///
/// Offsets of 16 hours and more are refused: no zone has ever been so far from UTC.
#[inline]
pub(super) fn zone_offset(text: &[u8]) -> Option<i32> {
    let (sign, [h1, h2, m1, m2]) = match *text {
        [b'Z' | b'z'] => return Some(0),
        [sign, h1, h2, b':', m1, m2] | [sign, h1, h2, m1, m2] => (sign, [h1, h2, m1, m2]),
        [sign @ (b'+' | b'-'), h1, h2] => (sign, [h1, h2, b'0', b'0']),
        _ => return (text.eq_ignore_ascii_case(b"UTC") || text.eq_ignore_ascii_case(b"GMT")).then_some(0),
    };
    let digit = |byte: u8| {
        let value = byte.wrapping_sub(b'0');
        (value < 10).then_some(i32::from(value))
    };
    let hours = digit(h1)? * 10 + digit(h2)?;
    let minutes = digit(m1)? * 10 + digit(m2)?;
    if hours > 15 || minutes > 59 {
        return None;
    }
    match sign {
        b'+' => Some(hours * 60 + minutes),
        b'-' => Some(-(hours * 60 + minutes)),
        _ => None,
    }
}

/// Returns the month, 1 to 12, of an English name in full or of three letters (`Sept` too), in any case.
pub(super) fn month_of(name: &[u8]) -> Option<u32> {
    let (month, full): (u32, &[u8]) = match &head(name)? {
        b"jan" => (1, b"january"),
        b"feb" => (2, b"february"),
        b"mar" => (3, b"march"),
        b"apr" => (4, b"april"),
        b"may" => (5, b"may"),
        b"jun" => (6, b"june"),
        b"jul" => (7, b"july"),
        b"aug" => (8, b"august"),
        b"sep" => (9, b"september"),
        b"oct" => (10, b"october"),
        b"nov" => (11, b"november"),
        b"dec" => (12, b"december"),
        _ => return None,
    };
    let known = name.len() == 3 || name.eq_ignore_ascii_case(full) || name.eq_ignore_ascii_case(b"sept");
    known.then_some(month)
}

/// Returns the weekday, 0 for Monday, of an English name in full or of three letters, in any case.
pub(super) fn weekday_of(name: &[u8]) -> Option<u32> {
    let (weekday, full): (u32, &[u8]) = match &head(name)? {
        b"mon" => (0, b"monday"),
        b"tue" => (1, b"tuesday"),
        b"wed" => (2, b"wednesday"),
        b"thu" => (3, b"thursday"),
        b"fri" => (4, b"friday"),
        b"sat" => (5, b"saturday"),
        b"sun" => (6, b"sunday"),
        _ => return None,
    };
    (name.len() == 3 || name.eq_ignore_ascii_case(full)).then_some(weekday)
}

/// The first three letters in lower case.
#[inline]
fn head(name: &[u8]) -> Option<[u8; 3]> {
    name.first_chunk::<3>().map(|letters| letters.map(|letter| letter | 0x20))
}

/// What is left of a value.
#[derive(Clone, Copy)]
pub(super) struct Cursor<'a> {
    /// The bytes not yet read.
    pub rest: &'a [u8],
}

impl<'a> Cursor<'a> {
    /// Skips one byte if it is `byte`.
    #[inline]
    pub(super) fn eat(&mut self, byte: u8) -> bool {
        match self.rest.split_first() {
            Some((first, rest)) if *first == byte => {
                self.rest = rest;
                true
            }
            Some(_) | None => false,
        }
    }

    /// Skips spaces, the no-break space and its narrow form (some locales write it before AM and PM).
    #[inline]
    pub(super) fn spaces(&mut self) -> bool {
        let before = self.rest.len();
        if self.rest.first().is_none_or(u8::is_ascii_alphanumeric) {
            return false;
        }
        while let [b' ' | b'\t', rest @ ..] | [0xc2, 0xa0, rest @ ..] | [0xe2, 0x80, 0xaf, rest @ ..] = self.rest {
            self.rest = rest;
        }
        self.rest.len() < before
    }

    /// Counts the digits that come next.
    #[inline]
    pub(super) fn digit_run(&self) -> usize {
        self.rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(self.rest.len())
    }

    /// Reads 1 to `most` digits (at most 9); a further digit is left in place.
    #[inline]
    pub(super) fn number(&mut self, most: usize) -> Option<u32> {
        let mut value = 0;
        let mut read = 0;
        while read < most
            && let [digit @ b'0'..=b'9', rest @ ..] = self.rest
        {
            value = value * 10 + u32::from(digit - b'0');
            self.rest = rest;
            read += 1;
        }
        (read > 0).then_some(value)
    }

    /// Reads exactly `count` digits (at most 9); a further digit is left in place.
    #[inline]
    pub(super) fn digits_exactly(&mut self, count: usize) -> Option<u32> {
        let before = self.rest.len();
        let value = self.number(count)?;
        (before - self.rest.len() == count).then_some(value)
    }

    /// Reads a year of four digits, or of two (1970 to 2069); no digit may follow.
    #[inline]
    pub(super) fn year(&mut self) -> Option<i32> {
        let before = self.rest.len();
        let value = i32::try_from(self.number(5)?).ok()?;
        match before - self.rest.len() {
            4 => Some(value),
            2 => Some(full_year(value)),
            _ => None,
        }
    }

    /// Reads a fraction of 1 to 9 digits as milliseconds, cut off below.
    #[inline]
    pub(super) fn fraction(&mut self) -> Option<u32> {
        let (ms, rest) = fraction_ms(self.rest)?;
        self.rest = rest;
        Some(ms)
    }

    /// Reads letters up to the next other byte.
    pub(super) fn letters(&mut self) -> &'a [u8] {
        let count = self.rest.iter().position(|byte| !byte.is_ascii_alphabetic()).unwrap_or(self.rest.len());
        let (name, rest) = self.rest.split_at_checked(count).unwrap_or((&[], self.rest));
        self.rest = rest;
        name
    }

    /// Reads AM (false) or PM (true) in any case.
    pub(super) fn half_day(&mut self) -> Option<bool> {
        let [half @ (b'a' | b'A' | b'p' | b'P'), b'm' | b'M', rest @ ..] = self.rest else { return None };
        self.rest = rest;
        Some(half.eq_ignore_ascii_case(&b'p'))
    }

    /// Reads `/`, `-` or `.`.
    pub(super) fn date_separator(&mut self) -> Option<u8> {
        let [separator @ (b'/' | b'-' | b'.'), rest @ ..] = self.rest else { return None };
        self.rest = rest;
        Some(*separator)
    }
}

/// Reads a fraction of 1 to 9 digits at the start of `text`: milliseconds (cut off below) and what follows.
#[inline]
pub(super) fn fraction_ms(text: &[u8]) -> Option<(u32, &[u8])> {
    const SCALE: [u32; 3] = [100, 10, 1];
    let mut rest = text;
    let mut ms = 0;
    let mut read = 0;
    while let [digit @ b'0'..=b'9', after @ ..] = rest {
        if let Some(scale) = SCALE.get(read) {
            ms += u32::from(digit - b'0') * scale;
        }
        rest = after;
        read += 1;
    }
    (1..=9).contains(&read).then_some((ms, rest))
}
