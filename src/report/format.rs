//! Numbers as people read them: thousands separators, sensible units, money from minor units.
//!
//! A number and its unit are joined by a no-break space, so that no line ends between them; each
//! renderer turns it into what its medium needs. It knows no layout and no log text.

use super::model::Range;
use crate::counts::grouped;

/// Stands for an unknown value.
pub(super) const UNKNOWN: &str = "–";
/// Joins a number and its unit.
pub(super) const GLUE: char = '\u{a0}';

/// A whole number with thousands separators: `141,712`.
pub(super) fn count(number: u64) -> String {
    grouped(&number.to_string())
}

/// A whole number that may be negative, with thousands separators.
pub(super) fn signed(number: i64) -> String {
    with_sign(number < 0, &grouped(&number.unsigned_abs().to_string()))
}

/// A number with `digits` decimals and thousands separators; unknown when it is not finite.
pub(super) fn decimal(number: f64, digits: usize) -> String {
    if !number.is_finite() {
        return UNKNOWN.to_owned();
    }
    let text = format!("{:.digits$}", number.abs());
    let (whole, rest) = text.split_once('.').unwrap_or((&text, ""));
    let negative = number < 0.0 && text.bytes().any(|digit| matches!(digit, b'1'..=b'9'));
    let dot = if rest.is_empty() { "" } else { "." };
    with_sign(negative, &format!("{}{dot}{rest}", grouped(whole)))
}

/// A share as a percentage with one decimal: `34.5 %`; never rounded to 0 or 100 when it is neither.
pub(super) fn percent(share: f64) -> String {
    percent_to(share, 1)
}

/// A share as a percentage with two decimals, for agreements close to 100 %.
pub(super) fn percent_fine(share: f64) -> String {
    percent_to(share, 2)
}

fn percent_to(share: f64, digits: usize) -> String {
    if !share.is_finite() {
        return UNKNOWN.to_owned();
    }
    if share == 0.0 {
        return format!("0{GLUE}%");
    }
    let (smallest, largest) = if digits == 1 { ("0.1", "99.9") } else { ("0.01", "99.99") };
    let step = if digits == 1 { 0.001 } else { 0.0001 };
    if share > 0.0 && share < step / 2.0 {
        return format!("<{smallest}{GLUE}%");
    }
    if share < 1.0 && share > 1.0 - step / 2.0 {
        return format!(">{largest}{GLUE}%");
    }
    format!("{}{GLUE}%", decimal(share * 100.0, digits))
}

/// A duration in the unit a person would use: `350 ms`, `42 s`, `42 min`, `15.0 h`, `3.2 d` (a day is 24 hours).
pub(super) fn duration(ms: i64) -> String {
    crate::counts::duration(ms).replace(' ', "\u{a0}")
}

/// A duration that may be unknown.
pub(super) fn duration_or_unknown(ms: Option<i64>) -> String {
    ms.map_or_else(|| UNKNOWN.to_owned(), duration)
}

/// Working time, never in days, since a day of 24 hours is not one of work: `42 min`, `15.0 bh`, `1,204 bh`.
pub(super) fn working(ms: i64) -> String {
    const HOUR: i64 = 3_600_000;
    match ms.unsigned_abs() {
        // 59.5 min and more show as an hour.
        0..3_570_000 => duration(ms),
        3_570_000..3_600_000_000 => format!("{}{GLUE}bh", tenths(i128::from(ms), i128::from(HOUR))),
        3_600_000_000.. => format!("{}{GLUE}bh", grouped(&rounded(i128::from(ms), i128::from(HOUR)).to_string())),
    }
}

/// Working time that may be unknown.
pub(super) fn working_or_unknown(ms: Option<i64>) -> String {
    ms.map_or_else(|| UNKNOWN.to_owned(), working)
}

/// Money with its currency: `USD 12,345`.
pub(super) fn money(minor: i64, currency: &str) -> String {
    format!("{currency}{GLUE}{}", amount(minor, currency))
}

/// Money without its currency; whole units from 100 on, so that a table stays readable.
pub(super) fn amount(minor: i64, currency: &str) -> String {
    amount_beside(minor, minor, currency)
}

/// An amount with the decimals that suit the `largest` amount beside it.
fn amount_beside(minor: i64, largest: i64, currency: &str) -> String {
    let digits = minor_digits(currency);
    let unit = 10_i128.pow(digits);
    let size = i128::from(minor).abs();
    let text = if size == 0 || digits == 0 || i128::from(largest).abs() >= 100 * unit {
        grouped(&rounded(size, unit).to_string())
    } else {
        format!("{}.{:0width$}", size / unit, size % unit, width = digits as usize)
    };
    with_sign(minor < 0 && size != 0, &text)
}

/// Decimals of a currency's minor unit (ISO 4217).
fn minor_digits(currency: &str) -> u32 {
    match currency {
        "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF" | "UGX" | "UYI" | "VND"
        | "VUV" | "XAF" | "XOF" | "XPF" => 0,
        "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
        _ => 2,
    }
}

/// A range of money, cautious to optimistic: `1,204 / 2,408 / 4,010`.
pub(super) fn amounts(range: &Range<i64>, currency: &str) -> String {
    let largest = range.low.saturating_abs().max(range.base.saturating_abs()).max(range.high.saturating_abs());
    spread(&[range.low, range.base, range.high].map(|minor| amount_beside(minor, largest, currency)))
}

/// A range of numbers, cautious to optimistic.
pub(super) fn decimals(range: &Range<f64>, digits: usize) -> String {
    spread(&[decimal(range.low, digits), decimal(range.base, digits), decimal(range.high, digits)])
}

/// A range of shares, cautious to optimistic.
pub(super) fn spread_percent(range: &Range<f64>) -> String {
    spread(&[percent(range.low), percent(range.base), percent(range.high)])
}

fn spread(parts: &[String; 3]) -> String {
    if parts[0] == parts[1] && parts[1] == parts[2] {
        return parts[0].clone();
    }
    parts.join(&format!("{GLUE}/{GLUE}"))
}

/// A number without decimals it does not have: `3`, `0.25`.
pub(super) fn trimmed(number: f64) -> String {
    let text = decimal(number, 3);
    if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.').to_owned() } else { text }
}

/// The value of a findings key: a duration where the key says so, a percentage where it is a rate or a share, else a number.
pub(super) fn of_key(key: &str, value: f64) -> String {
    let parts: Vec<&str> = key.split(['.', '[', ']']).collect();
    if parts.iter().any(|part| part.ends_with("_ms") || part.contains("_ms_")) {
        #[expect(clippy::cast_possible_truncation, reason = "durations are below 2^53 ms")]
        return duration(value.round() as i64);
    }
    match parts.last() {
        Some(last) if ["rate", "share", "of_cases"].iter().any(|end| last.ends_with(end)) => percent(value),
        Some(_) | None => decimal(value, 2),
    }
}

/// A size on disk: `2.4 MB` (powers of ten).
pub(super) fn size(bytes: u64) -> String {
    let exact = i128::from(bytes);
    for (unit, name) in [(1_000_000_000, "GB"), (1_000_000, "MB"), (1_000, "kB")] {
        if exact >= unit {
            return format!("{}{GLUE}{name}", tenths(exact, unit));
        }
    }
    format!("{bytes}{GLUE}bytes")
}

/// `2016-02-29 01:23` of `2016-02-29T01:23:00Z`; another shape stays as it is.
pub(super) fn instant(iso: &str) -> String {
    match (iso.get(..10), iso.get(10..11), iso.get(11..16)) {
        (Some(day), Some("T"), Some(minute)) => format!("{day}{GLUE}{minute}"),
        _ => iso.to_owned(),
    }
}

/// `1 case`, `2 cases`.
pub(super) fn plural(number: u64, one: &str, many: &str) -> String {
    format!("{}{GLUE}{}", count(number), if number == 1 { one } else { many })
}

fn rounded(size: i128, unit: i128) -> i128 {
    (size + unit / 2) / unit
}

fn tenths(size: i128, unit: i128) -> String {
    let tenths = rounded(size * 10, unit);
    format!("{}.{}", grouped(&(tenths / 10).to_string()), tenths % 10)
}

fn with_sign(negative: bool, text: &str) -> String {
    if negative { format!("-{text}") } else { text.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> String {
        text.replace(GLUE, " ")
    }

    #[test]
    fn durations_take_the_unit_a_person_would_use() {
        let cases = [
            (0, "0 min"),
            (350, "350 ms"),
            (42_000, "42 s"),
            (59_700, "1 min"),
            (2_520_000, "42 min"),
            (3_590_000, "1.0 h"),
            (54_030_000, "15.0 h"),
            (1_286_760_000, "14.9 d"),
            (9_914_337_600, "115 d"),
            (14_823_267_840_000, "171,566 d"),
            (-7_200_000, "-2.0 h"),
        ];
        for (ms, expected) in cases {
            assert_eq!(plain(&duration(ms)), expected, "{ms}");
        }
        assert_eq!(plain(&duration(i64::MIN)), "-106,751,991,167 d");
    }

    #[test]
    fn working_time_has_no_days() {
        let cases = [
            (42_000, "42 s"),
            (28_800_000, "8.0 bh"),
            (172_800_000, "48.0 bh"),
            (3_596_400_000, "999.0 bh"),
            (4_334_400_000, "1,204 bh"),
        ];
        for (ms, expected) in cases {
            assert_eq!(plain(&working(ms)), expected, "{ms}");
        }
        assert_eq!(working_or_unknown(None), UNKNOWN);
    }

    #[test]
    fn shares_never_round_to_nothing_or_everything() {
        assert_eq!(plain(&percent(0.0)), "0 %");
        assert_eq!(plain(&percent(0.0001)), "<0.1 %");
        assert_eq!(plain(&percent(0.34449)), "34.4 %");
        assert_eq!(plain(&percent(0.99999)), ">99.9 %");
        assert_eq!(plain(&percent(1.0)), "100.0 %");
        assert_eq!(plain(&percent_fine(0.9963)), "99.63 %");
        assert_eq!(plain(&percent(-0.051)), "-5.1 %");
        assert_eq!(percent(f64::NAN), UNKNOWN);
    }

    #[test]
    fn money_keeps_its_minor_units() {
        assert_eq!(plain(&money(1_234_567, "USD")), "USD 12,346");
        assert_eq!(plain(&money(1_250, "EUR")), "EUR 12.50");
        assert_eq!(plain(&money(-5, "EUR")), "-EUR 0.05".replace("-EUR ", "EUR -"));
        assert_eq!(plain(&money(1_234, "JPY")), "JPY 1,234");
        assert_eq!(plain(&money(1_234, "KWD")), "KWD 1.234");
        let range = Range { low: 100_000, base: 250_000, high: 400_000 };
        assert_eq!(plain(&amounts(&range, "USD")), "1,000 / 2,500 / 4,000");
        assert_eq!(plain(&amounts(&Range { low: 0, base: 1_250, high: 20_000 }, "USD")), "0 / 13 / 200");
        assert_eq!(plain(&amounts(&Range { low: 0, base: 150, high: 1_250 }, "USD")), "0 / 1.50 / 12.50");
    }

    #[test]
    fn values_are_shown_as_their_keys_say() {
        assert_eq!(plain(&of_key("choke_points[new.group-9].p90_ms", 54_030_000.0)), "15.0 h");
        assert_eq!(plain(&of_key("kpis.cycle_time_ms.wall.p50", 60_000.0)), "1 min");
        assert_eq!(plain(&of_key("choke_points[a].beyond_p75_ms_per_month", 7_200_000.0)), "2.0 h");
        assert_eq!(plain(&of_key("kpis.reopen_rate", 0.011)), "1.1 %");
        assert_eq!(of_key("kpis.handoffs_per_case.mean", 0.766), "0.77");
    }

    #[test]
    fn numbers_are_grouped_in_thousands() {
        assert_eq!(count(0), "0");
        assert_eq!(count(141_712), "141,712");
        assert_eq!(signed(i64::MIN), "-9,223,372,036,854,775,808");
        assert_eq!(decimal(1234.5, 2), "1,234.50");
        assert_eq!(decimal(-0.001, 1), "0.0");
        assert_eq!(trimmed(0.25), "0.25");
        assert_eq!(trimmed(3.0), "3");
        assert_eq!(trimmed(100.0), "100");
    }

    #[test]
    fn instants_lose_their_seconds_only() {
        assert_eq!(plain(&instant("2016-02-29T01:23:00.000Z")), "2016-02-29 01:23");
        assert_eq!(instant("?"), "?");
    }
}
