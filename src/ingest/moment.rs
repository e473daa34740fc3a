//! A rough reading of date strings, good enough to compare two of them as evidence.
//!
//! The real dates of a log are parsed elsewhere and strictly; nothing read here becomes a time
//! of the log. Zones are ignored: evidence compares values of one file.

/// Which of the first two numbers of `3/4/2024` is the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DayOrder {
    /// Day, then month.
    DayFirst,
    /// Month, then day.
    MonthFirst,
}

const MONTHS: &[&str] = &["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The day order that some value decides; day first where none does.
pub fn day_order<'a>(values: impl Iterator<Item = &'a str>) -> DayOrder {
    for value in values {
        let (numbers, month) = pieces(value);
        if month.is_none() && numbers.len() >= 3 && numbers[0].1 <= 2 {
            if numbers[0].0 > 12 {
                return DayOrder::DayFirst;
            }
            if numbers[1].0 > 12 {
                return DayOrder::MonthFirst;
            }
        }
    }
    DayOrder::DayFirst
}

/// A number that grows with the moment written in `value`, in seconds of a calendar of 31-day months; `None` if unreadable.
#[must_use]
pub fn rough(value: &str, order: DayOrder) -> Option<i64> {
    let (numbers, month) = pieces(value);
    let (year, month, day, rest) = match month {
        Some(month) if numbers.len() >= 2 => {
            let (day, year) = if numbers[0].1 == 4 { (1, 0) } else { (0, 1) };
            (numbers[year].0, month, numbers[day].0, &numbers[2..])
        }
        None if numbers.len() >= 3 && numbers[0].1 == 4 => (numbers[0].0, numbers[1].0, numbers[2].0, &numbers[3..]),
        None if numbers.len() >= 3 && numbers[0].1 <= 2 => match order {
            DayOrder::DayFirst => (numbers[2].0, numbers[1].0, numbers[0].0, &numbers[3..]),
            DayOrder::MonthFirst => (numbers[2].0, numbers[0].0, numbers[1].0, &numbers[3..]),
        },
        Some(_) | None => return epoch(value),
    };
    if !(1..=12).contains(&month) || !(1..=31).contains(&day) {
        return None;
    }
    let year = if year < 100 { year + 2000 } else { year };
    let clock = |at: usize| rest.get(at).map_or(0, |number| number.0);
    let lower = value.to_ascii_lowercase();
    let hour = match (clock(0), lower.contains("pm"), lower.contains("am")) {
        (12, false, true) => 0,
        (hour, true, _) if hour < 12 => hour + 12,
        (hour, _, _) => hour,
    };
    Some(((((year * 12 + month) * 31 + day) * 24 + hour) * 60 + clock(1)) * 60 + clock(2))
}

/// Seconds since 1970, from those or from finer parts written as one number with or without a fraction.
fn epoch(value: &str) -> Option<i64> {
    let value = value.trim();
    let (whole, fraction) = value.split_once(['.', ',']).unwrap_or((value, ""));
    if !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let number: i64 = whole.parse().ok()?;
    Some(match whole.len() {
        17.. => number / 1_000_000_000,
        14..=16 => number / 1_000_000,
        12..=13 => number / 1_000,
        _ => number,
    })
}

/// The numbers of a value with their digit counts, and a month written as an English name.
fn pieces(value: &str) -> (Vec<(i64, usize)>, Option<i64>) {
    let mut numbers = Vec::with_capacity(8);
    let mut month = None;
    for run in value.split(|letter: char| !letter.is_ascii_alphanumeric()) {
        for part in split_digits(run) {
            if part.as_bytes().first().is_some_and(u8::is_ascii_digit) {
                if part.len() <= 9 {
                    numbers.push((part.parse().unwrap_or(0), part.len()));
                }
            } else if let Some(head) = part.get(..3) {
                let head = head.to_ascii_lowercase();
                let found = MONTHS.iter().position(|name| *name == head);
                month = month.or(found.and_then(|at| i64::try_from(at + 1).ok()));
            }
        }
    }
    (numbers, month)
}

fn split_digits(run: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let mut start = 0;
    let bytes = run.as_bytes();
    for at in 1..=bytes.len() {
        if at == bytes.len() || bytes[at].is_ascii_digit() != bytes[at - 1].is_ascii_digit() {
            parts.push(&run[start..at]);
            start = at;
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::{DayOrder, day_order, rough};

    #[test]
    fn later_moments_are_larger_in_every_usual_spelling() {
        let pairs = [
            ("2011-10-11 13:45:40.276000+02:00", "2011-10-11 13:45:41"),
            ("29/2/2016 01:16", "1/3/2016 00:00"),
            ("30/Sep/21 17:20", "01/Oct/21 09:00"),
            ("Sep 30, 2021 11:59 AM", "Sep 30, 2021 12:01 PM"),
            ("2024-03-01T10:00:00Z", "2024-03-01T10:00:01Z"),
            ("31.12.2023 23:59", "01.01.2024 00:00"),
            ("1700000000", "1700000060"),
            ("1700000000.9", "1700000060123.5"),
            ("1700000000123456", "1700000060123456789"),
        ];
        for (early, late) in pairs {
            assert!(rough(early, DayOrder::DayFirst) < rough(late, DayOrder::DayFirst), "{early} {late}");
            assert!(rough(early, DayOrder::DayFirst).is_some(), "{early}");
        }
        assert_eq!(rough("Group 70", DayOrder::DayFirst), None);
    }

    #[test]
    fn one_value_decides_the_day_order() {
        assert_eq!(day_order(["3/4/2024", "13/4/2024"].into_iter()), DayOrder::DayFirst);
        assert_eq!(day_order(["3/4/2024", "3/14/2024"].into_iter()), DayOrder::MonthFirst);
    }
}
