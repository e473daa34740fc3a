//! Counts in sentences: thousands separators, and the noun in its number.
//!
//! A leaf; layout and no-break spaces belong to `report`.

/// Digits in groups of three: `141,712`.
#[must_use]
pub fn grouped(digits: &str) -> String {
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// A whole number with thousands separators.
#[must_use]
pub fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// `1 case`, `2,000 cases`.
#[must_use]
pub fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", count(number), if number == 1 { one } else { many })
}

/// `1 of 2,000 cases`: the noun follows the whole.
#[must_use]
pub fn part_of(part: u64, whole: u64, one: &str, many: &str) -> String {
    format!("{} of {}", count(part), counted(whole, one, many))
}

/// A number of any size with `digits` decimals and thousands separators.
#[must_use]
pub fn decimal(number: f64, digits: usize) -> String {
    let text = format!("{:.digits$}", number.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let sign = if number < 0.0 { "-" } else { "" };
    format!("{sign}{}{}{rest}", grouped(whole), if rest.is_empty() { "" } else { "." })
}

const SECOND: u128 = 1_000;
const MINUTE: u128 = 60 * SECOND;
const HOUR: u128 = 60 * MINUTE;
const DAY: u128 = 24 * HOUR;

/// A duration in the unit a person would use: `350 ms`, `42 s`, `42 min`, `15.0 h`, `3.2 d` (a day is 24 hours).
#[must_use]
pub fn duration(ms: i64) -> String {
    let size = u128::from(ms.unsigned_abs());
    let rounded = |unit: u128| (size + unit / 2) / unit;
    let tenths = |unit: u128| {
        let tenths = (size * 10 + unit / 2) / unit;
        format!("{}.{}", grouped(&(tenths / 10).to_string()), tenths % 10)
    };
    let text = if size == 0 {
        "0 min".to_owned()
    } else if size < SECOND {
        format!("{size} ms")
    } else if rounded(SECOND) < 60 {
        format!("{} s", rounded(SECOND))
    } else if rounded(MINUTE) < 60 {
        format!("{} min", rounded(MINUTE))
    } else if size < 2 * DAY {
        format!("{} h", tenths(HOUR))
    } else if rounded(DAY) < 100 {
        format!("{} d", tenths(DAY))
    } else {
        format!("{} d", grouped(&rounded(DAY).to_string()))
    };
    if ms < 0 { format!("-{text}") } else { text }
}

/// Business time: `4.5 bh`, and from two days of `day_ms` on `3.2 bd`; in hours only where no length of a day is given.
#[must_use]
pub fn business(ms: i64, day_ms: Option<i64>) -> String {
    const HOUR_MS: i64 = 3_600_000;
    let (unit_ms, unit) = match day_ms {
        Some(day_ms) if day_ms > 0 && ms.unsigned_abs() / 2 >= day_ms.unsigned_abs() => (day_ms, "bd"),
        Some(_) | None => (HOUR_MS, "bh"),
    };
    let (size, unit_ms) = (u128::from(ms.unsigned_abs()), u128::from(unit_ms.unsigned_abs()));
    let tenths = (size * 10 + unit_ms / 2) / unit_ms;
    let number = match (size, tenths) {
        (0, _) => "0".to_owned(),
        (_, 0) => "<0.1".to_owned(),
        (_, 1..1_000) => format!("{}.{}", tenths / 10, tenths % 10),
        (_, _) => grouped(&((tenths + 5) / 10).to_string()),
    };
    format!("{}{number} {unit}", if ms < 0 { "-" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn business_time_names_its_clock() {
        const HOUR: i64 = 3_600_000;
        for (ms, day_ms, said) in [
            (0, None, "0 bh"),
            (60_000, None, "<0.1 bh"),
            (4 * HOUR + HOUR / 2, Some(8 * HOUR), "4.5 bh"),
            (15 * HOUR, Some(8 * HOUR), "15.0 bh"),
            (16 * HOUR, Some(8 * HOUR), "2.0 bd"),
            (-28 * HOUR, Some(8 * HOUR), "-3.5 bd"),
            (28 * HOUR, None, "28.0 bh"),
            (2_500 * HOUR, None, "2,500 bh"),
            (24_000 * HOUR, Some(24 * HOUR), "1,000 bd"),
        ] {
            assert_eq!(business(ms, day_ms), said, "{ms}");
        }
    }

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(counted(1, "case", "cases"), "1 case");
        assert_eq!(counted(0, "case", "cases"), "0 cases");
        assert_eq!(part_of(1, 2_000, "row", "rows"), "1 of 2,000 rows");
        assert_eq!(decimal(12_345.67, 1), "12,345.7");
        assert_eq!(decimal(-0.5, 1), "-0.5");
    }
}
