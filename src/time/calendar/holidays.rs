//! Holidays: days that are closed in whole or in part, with their years, their substitutes and their bridge days.
//!
//! A set is judged as a whole, since a substitute looks for a day that is no holiday of its set yet.

use std::collections::BTreeSet;

use super::super::civil::{MS_PER_DAY, weekday};
use super::super::valid::{FIRST_YEAR, LAST_YEAR};
use super::day_rule::DayRule;
use super::hours::ClockSpan;
use super::spans::Span;

/// What happens when a holiday falls on a weekend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Observed {
    /// Saturday adds the Friday before, Sunday the Monday after.
    NearestWeekday,
    /// Saturday and Sunday add the next day from Monday to Friday that is no holiday of the set.
    NextWeekday,
    /// Sunday adds the next day that is no holiday of the set.
    NextDay,
    /// Sunday moves to the Saturday before.
    SaturdayBefore,
}

impl Observed {
    /// All of them.
    pub const ALL: [Observed; 4] =
        [Observed::NearestWeekday, Observed::NextWeekday, Observed::NextDay, Observed::SaturdayBefore];

    /// Returns the name in configuration.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Observed::NearestWeekday => "nearest_weekday",
            Observed::NextWeekday => "next_weekday",
            Observed::NextDay => "next_day",
            Observed::SaturdayBefore => "saturday_before",
        }
    }
}

/// A holiday: which days, in which years, and which of their hours are closed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// Which days.
    pub rule: DayRule,
    /// The closed hours.
    pub closed: ClockSpan,
    /// First year.
    pub since: i32,
    /// Last year.
    pub until: i32,
    /// Years in which it is no holiday.
    pub except: Vec<i32>,
    /// What a weekend does to it.
    pub observed: Option<Observed>,
}

impl Holiday {
    /// Makes a holiday of whole days in every year.
    #[must_use]
    pub fn new(rule: DayRule) -> Holiday {
        let except = Vec::new();
        Holiday { rule, closed: ClockSpan::DAY, since: i32::MIN, until: i32::MAX, except, observed: None }
    }
}

/// Holidays that know of each other.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HolidaySet {
    /// The holidays.
    pub holidays: Vec<Holiday>,
    /// Whether a day between two of them, if it is no Sunday, is one too.
    pub bridge_days: bool,
}

impl HolidaySet {
    /// Returns every closed day, days from 1970-01-01, with its closed hours, in order, from 1900 to 2200.
    #[must_use]
    pub fn days(&self) -> Vec<(i64, ClockSpan)> {
        let mut own: Vec<(i64, ClockSpan, Option<Observed>)> = self
            .holidays
            .iter()
            .flat_map(|holiday| days_of(holiday).map(|day| (day, holiday.closed, holiday.observed)))
            .collect();
        own.sort_by_key(|(day, ..)| *day);
        let mut taken: BTreeSet<i64> = own.iter().map(|(day, ..)| *day).collect();
        let bridges = if self.bridge_days { bridges(&taken) } else { Vec::new() };
        let mut days = Vec::with_capacity(own.len());
        for (day, closed, observed) in own {
            let (original, substitute) = observed.map_or((true, None), |observed| observe(day, observed, &taken));
            if original {
                days.push((day, closed));
            }
            if let Some(substitute) = substitute {
                taken.insert(substitute);
                days.push((substitute, closed));
            }
        }
        days.extend(bridges.into_iter().map(|day| (day, ClockSpan::DAY)));
        days.sort_unstable();
        days.dedup();
        days
    }

    /// Returns the closed spans of local time, in ms.
    pub(super) fn closed(&self) -> impl Iterator<Item = Span> {
        self.days().into_iter().map(|(day, closed)| {
            let (start_ms, end_ms) = closed.ms();
            (day * MS_PER_DAY + start_ms, day * MS_PER_DAY + end_ms)
        })
    }
}

fn days_of(holiday: &Holiday) -> impl Iterator<Item = i64> {
    let mut days = Vec::new();
    // A substitute can lie in the year before, a range can reach into the year after.
    let years = holiday.since.max(FIRST_YEAR - 1)..=holiday.until.min(LAST_YEAR + 1);
    for year in years.filter(|year| !holiday.except.contains(year)) {
        holiday.rule.days_of(year, &mut days);
    }
    days.into_iter()
}

/// Returns whether a holiday is one on its own day, and the day that it adds.
fn observe(day: i64, observed: Observed, taken: &BTreeSet<i64>) -> (bool, Option<i64>) {
    let (saturday, sunday) = (weekday(day) == 5, weekday(day) == 6);
    let next = |fits: fn(i64) -> bool| (day + 1..day + 100).find(|day| fits(*day) && !taken.contains(day));
    match observed {
        Observed::NearestWeekday if saturday => (true, Some(day - 1)),
        Observed::NearestWeekday if sunday => (true, Some(day + 1)),
        Observed::NextWeekday if saturday || sunday => (true, next(|day| weekday(day) < 5)),
        Observed::NextDay if sunday => (true, next(|_| true)),
        Observed::SaturdayBefore if sunday => (false, Some(day - 1)),
        Observed::NearestWeekday | Observed::NextWeekday | Observed::NextDay | Observed::SaturdayBefore => (true, None),
    }
}

/// Returns the days that lie between two holidays and are neither holiday nor Sunday.
fn bridges(days: &BTreeSet<i64>) -> Vec<i64> {
    let between = |day: &i64| (!days.contains(&(day + 1)) && days.contains(&(day + 2))).then_some(day + 1);
    days.iter().filter_map(between).filter(|day| weekday(*day) != 6).collect()
}

#[cfg(test)]
mod tests {
    use super::super::super::civil::{civil_from_days, days_from_civil};
    use super::*;

    fn set(holidays: &[(&str, Option<Observed>)], bridge_days: bool) -> HolidaySet {
        let holiday = |(text, observed): &(&str, Option<Observed>)| Holiday {
            observed: *observed,
            ..Holiday::new(DayRule::parse(text).unwrap().unwrap())
        };
        HolidaySet { holidays: holidays.iter().map(holiday).collect(), bridge_days }
    }

    fn days(set: &HolidaySet, from: (i32, u32, u32), to: (i32, u32, u32)) -> String {
        let day = |(year, month, day)| days_from_civil(year, month, day);
        let shown = |day: i64| format!("{:02}-{:02}", civil_from_days(day).1, civil_from_days(day).2);
        let within = set.days().into_iter().filter(|(at, _)| (day(from)..=day(to)).contains(at));
        within.map(|(day, _)| shown(day)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn substitutes_find_a_day_that_is_free() {
        let next = Some(Observed::NextWeekday);
        let british = set(&[("12-25", next), ("12-26", next), ("01-01", next)], false);
        for (year, expected) in [
            (2020, "12-25 12-26 12-28 01-01"),
            (2021, "12-25 12-26 12-27 12-28 01-01 01-03"),
            (2022, "12-25 12-26 12-27 01-01 01-02"),
            (2024, "12-25 12-26 01-01"),
        ] {
            assert_eq!(days(&british, (year, 12, 1), (year + 1, 1, 31)), expected, "{year}");
        }
        let american = set(&[("01-01", Some(Observed::NearestWeekday))], false);
        assert_eq!(days(&american, (2021, 12, 1), (2022, 1, 31)), "12-31 01-01");
        assert_eq!(days(&american, (2022, 12, 1), (2023, 1, 31)), "01-01 01-02");
        let dutch = set(&[("04-27", Some(Observed::SaturdayBefore))], false);
        assert_eq!(days(&dutch, (2025, 4, 1), (2025, 4, 30)), "04-26");
        assert_eq!(days(&dutch, (2026, 4, 1), (2026, 4, 30)), "04-27");
        let japanese = set(&[("05-03", Some(Observed::NextDay)), ("05-04", None), ("05-05", None)], true);
        assert_eq!(days(&japanese, (2020, 5, 1), (2020, 5, 31)), "05-03 05-04 05-05 05-06");
    }

    #[test]
    fn a_day_between_two_holidays_can_be_one() {
        let bridged = set(&[("05-03", None), ("05-05", None)], true);
        assert_eq!(days(&bridged, (2002, 5, 1), (2002, 5, 31)), "05-03 05-04 05-05");
        assert_eq!(days(&bridged, (2003, 5, 1), (2003, 5, 31)), "05-03 05-05", "the day between is a Sunday");
        assert_eq!(days(&set(&[("05-03", None), ("05-05", None)], false), (2002, 5, 1), (2002, 5, 31)), "05-03 05-05");
    }

    #[test]
    fn years_bound_a_holiday() {
        let mut holiday = Holiday::new(DayRule::parse("06-19").unwrap().unwrap());
        (holiday.since, holiday.until, holiday.except) = (2021, 2024, vec![2023]);
        let set = HolidaySet { holidays: vec![holiday], bridge_days: false };
        let years: Vec<i32> = set.days().into_iter().map(|(day, _)| civil_from_days(day).0).collect();
        assert_eq!(years, [2021, 2022, 2024]);
    }
}
