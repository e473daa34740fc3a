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
