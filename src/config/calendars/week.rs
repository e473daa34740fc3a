//! The hours of a week from keys such as `mon_fri` and `sat`: which key gives which day, and what cannot be.

use std::ops::Range;

use toml::Spanned;

use super::Page;
use super::sections::{CalendarSection, Texts};
use crate::error::{Problem, Result};
use crate::time::calendar::{ClockSpan, Overlap, Week, weekdays_of};

/// The names of weekdays as keys, Monday first.
const DAY_KEYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// The hours under one key.
struct Hours<'a> {
    key: &'a str,
    days: Vec<usize>,
    spans: Vec<ClockSpan>,
    place: Range<usize>,
}

impl Hours<'_> {
    fn is_range(&self) -> bool {
        self.days.len() > 1
    }
}

/// Reads the hours of a week. The key of a single day beats that of a range.
pub(super) fn week(name: &Spanned<String>, section: &CalendarSection, page: Page<'_>) -> Result<Week> {
    let mut keys = section.hours.iter().map(|(key, texts)| hours(key, texts, page)).collect::<Result<Vec<_>>>()?;
    keys.sort_by_key(Hours::is_range);
    let mut given: [Option<&Hours>; 7] = [None; 7];
    for hours in &keys {
        for day in &hours.days {
            match given.get_mut(*day) {
                Some(Some(other)) if other.is_range() == hours.is_range() => {
                    return Err(twice(*day, hours, other, page));
                }
                Some(slot @ None) => *slot = Some(hours),
                Some(Some(_)) | None => {}
            }
        }
    }
    let days = given.map(|hours| hours.map_or(Vec::new(), |hours| hours.spans.clone()));
    let week = Week::new(days.clone()).map_err(|overlap| overlapping(overlap, &days, given, page))?;
    if week.is_empty() {
        let problem = Problem::usage(format!("the calendar `{}` has no open hours", name.get_ref()));
        return Err(page.at(name.span(), problem.hint("add `mon_fri = \"09:00-17:00\"`, or `always = true`")));
    }
    Ok(week)
}

fn hours<'a>(key: &'a str, texts: &Spanned<Texts>, page: Page<'_>) -> Result<Hours<'a>> {
    let spans = texts.get_ref().0.iter().map(|text| ClockSpan::parse(text)).collect::<Result<Vec<_>>>();
    let spans = spans.map_err(|problem| page.at(texts.span(), problem))?;
    Ok(Hours { key, days: weekdays_of(key).unwrap_or_default(), spans, place: texts.span() })
}

fn twice(day: usize, hours: &Hours, other: &Hours, page: Page<'_>) -> Problem {
    let day = DAY_KEYS.get(day).unwrap_or(&"mon");
    let problem = Problem::usage(format!("`{}` and `{}` both give the hours of `{day}`", other.key, hours.key));
    let hint = if hours.is_range() {
        format!("add `{day} = {}`, which beats both", list(&hours.spans))
    } else {
        format!("take out `{}`", hours.key)
    };
    page.at(hours.place.clone(), problem.hint(hint))
}

/// Says which spans overlap, and how the same hours are written without that.
fn overlapping(overlap: Overlap, days: &[Vec<ClockSpan>; 7], given: [Option<&Hours>; 7], page: Page<'_>) -> Problem {
    let Overlap { weekday, first, second, next_day } = overlap;
    let of = |day: usize| DAY_KEYS.get(day % 7).unwrap_or(&"mon");
    let message = if next_day {
        format!("\"{first}\" of `{}` goes on into \"{second}\" of `{}`", of(weekday), of(weekday + 1))
    } else {
        format!("\"{first}\" and \"{second}\" of `{}` overlap", of(weekday))
    };
    let problem = Problem::usage(message);
    let (edited, spans) = overlap.repaired(days);
    match given.get(edited).copied().flatten() {
        Some(hours) => page.at(hours.place.clone(), problem.hint(format!("write `{} = {}`", hours.key, list(&spans)))),
        None => problem.in_file(page.file),
    }
}

/// Writes spans as TOML.
fn list(spans: &[ClockSpan]) -> String {
    let quoted: Vec<String> = spans.iter().map(|span| format!("\"{span}\"")).collect();
    format!("[{}]", quoted.join(", "))
}
