//! Working calendars of `wcaf.toml`: what the sections say, checked and laid out, and which case has which calendar.
//!
//! What a calendar computes is in `time::calendar`. The sections are types of their own, so that other files than
//! `wcaf.toml` can have them.

pub mod sections;
mod sets;
mod week;
mod zendesk;
mod zones;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

pub use sections::{
    CalendarRuleSection, CalendarSection, HolidayItem, HolidaySetSection, HolidayTable, Texts, ZendeskSection,
};
pub use sets::{built_in, built_in_names};

use super::explain;
use super::tables::Tables;
use crate::error::{Problem, Result};
use crate::time::calendar::{ClockSpan, DayRule, Description, HolidaySet, Week};
use crate::time::{Calendar, Clock, Duration, Zone};
use sets::{Book, Entry};

/// The calendars of a file and the rules that pick one.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendars {
    list: Vec<Calendar>,
    rules: Vec<CalendarRule>,
    default: Option<usize>,
    notes: Vec<Note>,
}

/// Something a reader should know of a calendar that was read from tables.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// In words, with file and line.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Which cases have a calendar; the first rule that fits wins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CalendarRule {
    /// What must hold, all of it.
    pub when: Vec<(Attribute, Vec<String>)>,
    /// Place of the calendar in [`Calendars::all`].
    pub calendar: usize,
}

/// What a rule looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Attribute {
    /// The team that owns the case.
    Group,
    /// Its priority.
    Priority,
    /// Its id.
    Case,
    /// A column, such as the site.
    Column(String),
}

impl Calendars {
    /// Returns all calendars, by name.
    #[must_use]
    pub fn all(&self) -> &[Calendar] {
        &self.list
    }

    /// Returns the rules, in order.
    #[must_use]
    pub fn rules(&self) -> &[CalendarRule] {
        &self.rules
    }

    /// Returns what a reader should know of calendars that were read from tables.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// Returns the calendar of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Calendar> {
        self.list.iter().find(|calendar| calendar.name() == name)
    }

    /// Returns the calendar where no rule fits.
    #[must_use]
    pub fn default_calendar(&self) -> Option<&Calendar> {
        self.default.and_then(|place| self.list.get(place))
    }

    /// Returns the place of the calendar of a name in [`Calendars::all`].
    ///
    /// # Errors
    /// A usage problem where there is none, with the nearest name.
    pub fn place(&self, name: &str) -> Result<usize> {
        let found = self.list.iter().position(|calendar| calendar.name() == name);
        found.ok_or_else(|| unknown_calendar(name, &self.list))
    }

    /// Returns the calendars that cases can have: those of rules, and the default.
    pub fn pickable(&self) -> impl Iterator<Item = &Calendar> {
        self.list.iter().enumerate().filter_map(|(place, calendar)| {
            let picked = self.default == Some(place) || self.rules.iter().any(|rule| rule.calendar == place);
            picked.then_some(calendar)
        })
    }

    /// Returns the calendar of a case, given its value of each attribute: that of the first rule that fits, else the
    /// default.
    #[must_use]
    pub fn pick<'v>(&self, value: impl Fn(&Attribute) -> Option<&'v str>) -> Option<&Calendar> {
        let holds = |(attribute, values): &(Attribute, Vec<String>)| {
            value(attribute).is_some_and(|value| values.iter().any(|wanted| wanted == value))
        };
        let rule = self.rules.iter().find(|rule| rule.when.iter().all(holds));
        rule.map_or(self.default_calendar(), |rule| self.list.get(rule.calendar))
    }
}

/// The sections of a file that make its calendars.
pub(super) struct Sections<'a> {
    pub default_calendar: Option<&'a Spanned<String>>,
    pub calendar: &'a BTreeMap<Spanned<String>, CalendarSection>,
    pub calendar_rule: &'a [CalendarRuleSection],
    pub holidays: &'a BTreeMap<Spanned<String>, HolidaySetSection>,
}

/// A file, to turn places into lines.
#[derive(Clone, Copy)]
pub(super) struct Page<'a> {
    pub text: &'a str,
    pub file: &'a str,
}

impl Page<'_> {
    pub(super) fn at(&self, place: Range<usize>, problem: Problem) -> Problem {
        problem.in_file(self.file).at_line(explain::line_of(self.text, place.start))
    }

    fn explain(&self, error: &toml::de::Error) -> Problem {
        explain::problem(error, self.text, self.file)
    }
}

impl Sections<'_> {
    /// Checks the sections and lays out their calendars.
    pub(super) fn settle(&self, tables: &Tables<'_>) -> Result<Calendars> {
        let page = tables.page;
        let book = Book { sections: self.holidays, page };
        book.check()?;
        let mut notes = Vec::new();
        let list = self.calendar.iter().map(|(name, section)| calendar(name, section, &book, tables, &mut notes));
        let list = list.collect::<Result<Vec<_>>>()?;
        let place = |wanted: &Spanned<String>| {
            let found = list.iter().position(|calendar| calendar.name() == wanted.get_ref());
            found.ok_or_else(|| page.at(wanted.span(), unknown_calendar(wanted.get_ref(), &list)))
        };
        let rules = self
            .calendar_rule
            .iter()
            .map(|rule| Ok(CalendarRule { when: conditions(rule, page)?, calendar: place(&rule.calendar)? }));
        let rules = rules.collect::<Result<Vec<_>>>()?;
        let default = match self.default_calendar {
            Some(name) => Some(place(name)?),
            // One calendar without a rule has only one meaning.
            None => (list.len() == 1 && rules.is_empty()).then_some(0),
        };
        Ok(Calendars { list, rules, default, notes })
    }
}

fn unknown_calendar(name: &str, list: &[Calendar]) -> Problem {
    let problem = Problem::usage(format!("there is no calendar `{name}`"));
    let names: Vec<&str> = list.iter().map(Calendar::name).collect();
    match (explain::nearest(name, names.iter().copied()), names.is_empty()) {
        (Some(near), _) => problem.hint(format!("did you mean `{near}`?")),
        (None, true) => problem.hint(format!("add a table `[calendar.{name}]`")),
        (None, false) => {
            problem.hint(format!("write one of `{}`, or add a table `[calendar.{name}]`", names.join("`, `")))
        }
    }
}

fn conditions(rule: &CalendarRuleSection, page: Page<'_>) -> Result<Vec<(Attribute, Vec<String>)>> {
    let when = rule.when.get_ref();
    let refuse = |message: String, hint: String| Err(page.at(rule.when.span(), Problem::usage(message).hint(hint)));
    if when.is_empty() {
        let name = rule.calendar.get_ref();
        let hint = format!(
            "write `default_calendar = \"{name}\"` at the top instead, or a condition such as `when = {{ group = \"Berlin\" }}`"
        );
        return refuse("a calendar rule without a condition".to_owned(), hint);
    }
    if let Some((key, _)) = when.iter().find(|(_, values)| values.0.is_empty()) {
        return refuse(
            format!("the condition `{key}` of a calendar rule has no value"),
            format!("write `when = {{ {key} = \"VALUE\" }}`"),
        );
    }
    let attribute = |key: &str| match key {
        "group" => Attribute::Group,
        "priority" => Attribute::Priority,
        "case" => Attribute::Case,
        column => Attribute::Column(column.to_owned()),
    };
    Ok(when.iter().map(|(key, values)| (attribute(key), values.0.clone())).collect())
}

/// Checks a section and lays out its calendar.
fn calendar(
    name: &Spanned<String>,
    section: &CalendarSection,
    book: &Book<'_>,
    tables: &Tables<'_>,
    notes: &mut Vec<Note>,
) -> Result<Calendar> {
    let page = book.page;
    let told = section.timezone.as_ref().map(|told| zone(told, page)).transpose()?;
    let day_ms =
        section.day.as_ref().map(|day| day_ms(day).map_err(|problem| page.at(day.span(), problem))).transpose()?;
    let mut holidays = holidays(section, book)?;
    let (zone, week) = if let Some(zendesk) = &section.zendesk {
        let imported = zendesk::read(name, section, zendesk.get_ref(), told, tables)?;
        holidays.push(imported.holidays);
        notes.extend(imported.notes);
        (imported.zone, imported.week)
    } else {
        let zone = told.ok_or_else(|| no_zone(name, page))?;
        let week = match section.always.as_ref().filter(|always| *always.get_ref()) {
            Some(always) => always_open(name, section, always.span(), page)?,
            None => week::week(name, section, page)?,
        };
        (zone, week)
    };
    let extra = section.extra.iter().map(|text| extra(text.get_ref()).map_err(|problem| page.at(text.span(), problem)));
    let extra = extra.collect::<Result<Vec<_>>>()?.concat();
    let description = Description { name: name.get_ref().clone(), zone, day_ms, week, holidays, extra };
    Calendar::new(description).map_err(|problem| page.at(name.span(), problem))
}

/// Returns every hour, where nothing says otherwise.
fn always_open(
    name: &Spanned<String>,
    section: &CalendarSection,
    always: Range<usize>,
    page: Page<'_>,
) -> Result<Week> {
    let hours = (!section.hours.is_empty()).then_some(always);
    let holidays = section.holidays.first().map(Spanned::span);
    let Some(place) = hours.or(holidays).or(section.extra.first().map(Spanned::span)) else {
        return Ok(Week::always());
    };
    let message = format!("the calendar `{}` is always open and has hours or holidays too", name.get_ref());
    let hint = "take them out, or write `mon_sun = \"00:00-24:00\"` instead of `always = true`";
    Err(page.at(place, Problem::usage(message).hint(hint)))
}

fn no_zone(name: &Spanned<String>, page: Page<'_>) -> Problem {
    let problem = Problem::usage(format!("the calendar `{}` has no time zone", name.get_ref()));
    page.at(name.span(), problem.hint("add the zone of its hours, such as `timezone = \"Europe/Berlin\"`"))
}

fn zone(zone: &Spanned<String>, page: Page<'_>) -> Result<Zone> {
    Zone::parse(zone.get_ref()).map_err(|problem| {
        let near = Zone::near_names(zone.get_ref());
        let near = if near.is_empty() { vec!["Europe/Berlin"] } else { near };
        let options: Vec<String> = near.iter().map(|name| format!("`timezone = \"{name}\"`")).collect();
        page.at(zone.span(), problem.only_hint(format!("write an IANA name such as {}", options.join(" or "))))
    })
}

/// Reads the length of a business day.
fn day_ms(day: &Spanned<String>) -> Result<i64> {
    let duration = Duration::parse(day.get_ref()).map_err(|problem| {
        // The hint of a duration quotes one that can be written.
        let instead = problem.hints().first().and_then(|hint| hint.split('"').nth(1)).unwrap_or("8h").to_owned();
        problem.only_hint(format!("write its open hours: `day = \"{instead}\"`"))
    })?;
    let wrong = |what: &str| {
        Err(Problem::usage(format!("a business day of `{duration}` {what}"))
            .hint("write its open hours, such as `day = \"8h\"`"))
    };
    match (duration.clock(), duration.wall_ms()) {
        (Clock::Business, _) => wrong("would be defined by itself"),
        (Clock::Wall, Some(ms @ 1..=86_400_000)) => Ok(ms),
        (Clock::Wall, _) => wrong("is not between 1 ms and 24 h"),
    }
}

/// Returns one set per name, and one of the days that stand in the list itself.
fn holidays(section: &CalendarSection, book: &Book<'_>) -> Result<Vec<HolidaySet>> {
    let mut own = HolidaySet::default();
    let mut sets = Vec::new();
    for item in &section.holidays {
        match book.entry(item)? {
            Entry::Day(holiday) => own.holidays.push(holiday),
            Entry::Set(name) => sets.push(book.set(&name, item.span())?),
        }
    }
    sets.push(own);
    Ok(sets)
}

/// Reads `2024-06-15 09:00-13:00`.
fn extra(text: &str) -> Result<Vec<(i64, ClockSpan)>> {
    let wrong =
        || Problem::usage(format!("\"{text}\" is no date with hours")).hint("write `\"2024-06-15 09:00-13:00\"`");
    let (date, hours) = text.trim().split_once(char::is_whitespace).ok_or_else(wrong)?;
    let Some(DayRule::Dates { first, last }) = DayRule::parse(date)? else { return Err(wrong()) };
    let hours = ClockSpan::parse(hours.trim())?;
    Ok((first..=last).map(|day| (day, hours)).collect())
}
