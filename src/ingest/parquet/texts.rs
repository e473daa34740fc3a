//! Numbers of columns to texts, without loss.

use std::io::Write;

use super::cells::Form;
use crate::time::civil_from_days;

const SECONDS_PER_DAY: i128 = 86_400;

/// Appends the text of a number.
pub fn number(value: i128, form: Form, out: &mut Vec<u8>) {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "the bits of a float were widened")]
    let bits = value as u64;
    match form {
        Form::Whole => put(out, format_args!("{value}")),
        Form::Unsigned => put(out, format_args!("{bits}")),
        #[expect(clippy::cast_possible_truncation, reason = "the bits of a float of four bytes were widened")]
        Form::Float => put(out, format_args!("{:?}", f32::from_bits(bits as u32))),
        Form::Double => put(out, format_args!("{:?}", f64::from_bits(bits))),
        Form::WholeDouble => match f64::from_bits(bits) {
            none if none.is_nan() => out.extend_from_slice(b"NaN"),
            // no sign before zero
            whole => put(out, format_args!("{:.0}", whole + 0.0)),
        },
        Form::Flag => out.extend_from_slice(if value == 0 { b"false" } else { b"true" }),
        Form::Day => day(value, out),
        Form::Instant { per_second, is_naive } => {
            let per_day = SECONDS_PER_DAY * i128::from(per_second);
            day(value.div_euclid(per_day), out);
            out.push(b'T');
            clock(value.rem_euclid(per_day), per_second, out);
            if !is_naive {
                out.push(b'Z');
            }
        }
        Form::Clock(per_second) => clock(value, per_second, out),
        Form::Duration(per_second) => {
            if value < 0 {
                out.push(b'-');
            }
            let per_second = i128::from(per_second);
            put(out, format_args!("PT{}", value.abs() / per_second));
            fraction(value.abs() % per_second, per_second, out);
            out.push(b'S');
        }
        Form::Decimal(places) => decimal(value, places, out),
        Form::Uuid => uuid(value.cast_unsigned(), out),
    }
}

/// Writing to a vector cannot fail.
fn put(out: &mut Vec<u8>, text: std::fmt::Arguments) {
    let _ = out.write_fmt(text);
}

fn day(days: i128, out: &mut Vec<u8>) {
    match i64::try_from(days) {
        // far beyond any year that is read as a time
        Ok(days) if days.abs() < 1_000_000_000 => {
            let (year, month, day) = civil_from_days(days);
            put(out, format_args!("{year:04}-{month:02}-{day:02}"));
        }
        Ok(_) | Err(_) => put(out, format_args!("{days} days")),
    }
}

fn clock(value: i128, per_second: i64, out: &mut Vec<u8>) {
    let per_second = i128::from(per_second);
    let seconds = value.div_euclid(per_second);
    put(out, format_args!("{:02}:{:02}:{:02}", seconds / 3_600, seconds / 60 % 60, seconds % 60));
    fraction(value.rem_euclid(per_second), per_second, out);
}

/// Three, six or nine digits, as many as the unit has; none where they are all zero.
fn fraction(value: i128, per_second: i128, out: &mut Vec<u8>) {
    if value == 0 {
        return;
    }
    let mut digits = format!("{:09}", value * (1_000_000_000 / per_second));
    while digits.ends_with("000") {
        digits.truncate(digits.len() - 3);
    }
    put(out, format_args!(".{digits}"));
}

fn decimal(value: i128, places: usize, out: &mut Vec<u8>) {
    let digits = value.unsigned_abs().to_string();
    let digits = format!("{digits:0>width$}", width = places + 1);
    let (whole, fraction) = digits.split_at(digits.len() - places);
    let sign = if value < 0 { "-" } else { "" };
    let point = if places > 0 { "." } else { "" };
    put(out, format_args!("{sign}{whole}{point}{fraction}"));
}

/// 8-4-4-4-12 digits in lower case.
fn uuid(value: u128, out: &mut Vec<u8>) {
    let digits = format!("{value:032x}");
    put(
        out,
        format_args!("{}-{}-{}-{}-{}", &digits[..8], &digits[8..12], &digits[12..16], &digits[16..20], &digits[20..]),
    );
}

#[cfg(test)]
mod tests {
    use super::{Form, number};

    #[test]
    fn numbers_keep_every_digit() {
        let instant = |per_second, is_naive| Form::Instant { per_second, is_naive };
        for (value, form, text) in [
            (i128::from(i64::MIN), Form::Whole, "-9223372036854775808"),
            (-1, Form::Unsigned, "18446744073709551615"),
            (i128::from(0.1f64.to_bits()), Form::Double, "0.1"),
            (i128::from(3.0f64.to_bits()), Form::Double, "3.0"),
            (i128::from(0.1f32.to_bits()), Form::Float, "0.1"),
            (i128::from(741_005.0f64.to_bits()), Form::WholeDouble, "741005"),
            (i128::from((-3.0f64).to_bits()), Form::WholeDouble, "-3"),
            (i128::from((-0.0f64).to_bits()), Form::WholeDouble, "0"),
            (i128::from(9_007_199_254_740_991.0f64.to_bits()), Form::WholeDouble, "9007199254740991"),
            (i128::from(f64::NAN.to_bits()), Form::WholeDouble, "NaN"),
            (1, Form::Flag, "true"),
            (-1, Form::Day, "1969-12-31"),
            (1_456_708_980_000, instant(1_000, false), "2016-02-29T01:23:00Z"),
            (1_456_708_980_001, instant(1_000, true), "2016-02-29T01:23:00.001"),
            (-1, instant(1_000_000_000, true), "1969-12-31T23:59:59.999999999"),
            (1, instant(1, true), "1970-01-01T00:00:01"),
            (3_661_000_000, Form::Clock(1_000_000), "01:01:01"),
            (90_500, Form::Duration(1_000), "PT90.500S"),
            (-90, Form::Duration(1), "-PT90S"),
            (-5, Form::Decimal(2), "-0.05"),
            (12_345, Form::Decimal(0), "12345"),
            (0x00AB_CDEF_0123_4567_89AB_CDEF_0123_4567, Form::Uuid, "00abcdef-0123-4567-89ab-cdef01234567"),
            (-1, Form::Uuid, "ffffffff-ffff-ffff-ffff-ffffffffffff"),
        ] {
            let mut out = Vec::new();
            number(value, form, &mut out);
            assert_eq!(String::from_utf8(out).unwrap(), text);
        }
    }
}
