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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nouns_follow_their_number() {
        assert_eq!(counted(1, "case", "cases"), "1 case");
        assert_eq!(counted(0, "case", "cases"), "0 cases");
        assert_eq!(part_of(1, 2_000, "row", "rows"), "1 of 2,000 rows");
        assert_eq!(decimal(12_345.67, 1), "12,345.7");
        assert_eq!(decimal(-0.5, 1), "-0.5");
    }
}
