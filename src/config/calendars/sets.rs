//! Holiday sets: the built-in ones, those of the file, and what a name in a list of holidays stands for.

use std::collections::BTreeMap;

use toml::Spanned;

use crate::error::{Problem, Result};
use crate::time::calendar::{ClockSpan, DayRule, Holiday, HolidaySet, Observed};

use super::super::explain::nearest;
use super::Page;
use super::sections::{HolidayItem, HolidaySetSection, HolidayTable};

/// The built-in sets: what their names begin with, and the file.
pub(super) const BUILT_IN: [(&str, &str); 8] = [
    ("br", include_str!("sets/br.toml")),
    ("de", include_str!("sets/de.toml")),
    ("fr", include_str!("sets/fr.toml")),
    ("in", include_str!("sets/in.toml")),
    ("jp", include_str!("sets/jp.toml")),
    ("nl", include_str!("sets/nl.toml")),
    ("uk", include_str!("sets/uk.toml")),
    ("us", include_str!("sets/us.toml")),
];

/// Sets by name, with the places of the names.
pub(super) type Sections = BTreeMap<Spanned<String>, HolidaySetSection>;

/// The sets of one file.
pub(super) struct Book<'a> {
    pub sections: &'a Sections,
    pub page: Page<'a>,
}

impl Book<'_> {
    /// Checks every set of the file, used or not.
    pub(super) fn check(&self) -> Result<()> {
        for name in self.sections.keys() {
            let taken = built_in(name.get_ref())?.is_some();
            if taken || DayRule::parse(name.get_ref()).map_or(true, |rule| rule.is_some()) {
                let what = if taken { "is built in" } else { "reads as a day" };
                let problem =
                    Problem::usage(format!("a holiday set cannot be called `{}`: that {what}", name.get_ref()));
                return Err(self
                    .page
                    .at(name.span(), problem.hint("choose another name, such as `[holidays.company]`")));
            }
            self.set(name.get_ref(), name.span())?;
        }
        Ok(())
    }

    /// Returns the set of a name that stands at a place of the file.
    pub(super) fn set(&self, name: &str, place: std::ops::Range<usize>) -> Result<HolidaySet> {
        if let Some(section) = self.sections.get(name) {
            let mut set = HolidaySet { holidays: Vec::new(), bridge_days: section.bridge_days };
            self.gather(name, &mut vec![name.to_owned()], &mut set.holidays)?;
            return Ok(set);
        }
        match built_in(&name.to_lowercase())? {
            Some(set) => Ok(set),
            None => Err(self.page.at(place, self.unknown(name))),
        }
    }

    /// Appends the holidays of a set of the file, and of those it names.
    fn gather(&self, name: &str, within: &mut Vec<String>, holidays: &mut Vec<Holiday>) -> Result<()> {
        let Some(section) = self.sections.get(name) else { return Ok(()) };
        for item in &section.days {
            match self.entry(item)? {
                Entry::Day(holiday) => holidays.push(holiday),
                Entry::Set(inner) if within.contains(&inner) => {
                    let problem = Problem::usage(format!("the holiday set `{inner}` contains itself"));
                    return Err(self
                        .page
                        .at(item.span(), problem.hint(format!("take `\"{inner}\"` out of this list"))));
                }
                Entry::Set(inner) if self.sections.contains_key(inner.as_str()) => {
                    within.push(inner.clone());
                    self.gather(&inner, within, holidays)?;
                    within.pop();
                }
                Entry::Set(inner) => holidays.extend(self.set(&inner, item.span())?.holidays),
            }
        }
        Ok(())
    }

    /// Reads an entry of a list of holidays.
    pub(super) fn entry(&self, item: &Spanned<HolidayItem>) -> Result<Entry> {
        let read = match item.get_ref() {
            HolidayItem::Text(text) => DayRule::parse(text).map(|rule| match rule {
                Some(rule) => Entry::Day(Holiday::new(rule)),
                None => Entry::Set(text.trim().to_owned()),
            }),
            HolidayItem::Table(table) => holiday(table).map(Entry::Day),
        };
        read.map_err(|problem| self.page.at(item.span(), problem))
    }

    fn unknown(&self, name: &str) -> Problem {
        let problem = Problem::usage(format!("`{name}` is no day and no holiday set"));
        let mut names: Vec<&str> = self.sections.keys().map(|name| name.get_ref().as_str()).collect();
        let built_in = built_in_names();
        names.extend(built_in.iter().map(|(name, _)| name.as_str()));
        let parts: Vec<&str> = names.iter().copied().filter(|part| part.starts_with(&format!("{name}-"))).collect();
        if !parts.is_empty() {
            return problem.hint(format!("write one of `{}`", parts.join("`, `")));
        }
        // Codes of two letters are all near each other.
        match nearest(name, names.iter().copied()).filter(|_| name.len() > 3) {
            Some(near) => problem.hint(format!("did you mean `{near}`?")),
            None => problem.hint(format!(
                "write a day such as `12-25`, or a holiday set: {}; others can be written as `[holidays.NAME]`",
                names.join(", ")
            )),
        }
    }
}

/// What an entry of a list of holidays is.
pub(super) enum Entry {
    /// A day of its own.
    Day(Holiday),
    /// The name of a set.
    Set(String),
}

/// Returns the names and the titles of the built-in sets, in order.
#[must_use]
pub fn built_in_names() -> Vec<(String, String)> {
    let sections = BUILT_IN.iter().filter_map(|(_, text)| toml::from_str::<Sections>(text).ok()).flatten();
    sections.map(|(name, section)| (name.into_inner(), section.title.unwrap_or_default())).collect()
}

/// Returns a built-in set; nothing where there is none of the name.
///
/// # Errors
/// A problem in the data, which a test rules out.
pub fn built_in(name: &str) -> Result<Option<HolidaySet>> {
    let country = name.split('-').next().unwrap_or(name);
    let Some((_, text)) = BUILT_IN.iter().find(|(begins, _)| *begins == country) else { return Ok(None) };
    let page = Page { text, file: country };
    let sections: Sections = toml::from_str(text).map_err(|error| page.explain(&error))?;
    let book = Book { sections: &sections, page };
    if sections.contains_key(name) { book.set(name, 0..0).map(Some) } else { Ok(None) }
}

fn holiday(table: &HolidayTable) -> Result<Holiday> {
    let rule = DayRule::parse(&table.on)?.ok_or_else(|| {
        Problem::usage(format!("`{}` is no day", table.on))
            .hint("a table is for one day, such as `{ on = \"12-24\", closed = \"12:00-24:00\" }`")
    })?;
    let mut holiday = Holiday::new(rule);
    if let Some(closed) = &table.closed {
        holiday.closed = ClockSpan::parse(closed)?;
        if holiday.closed.passes_midnight() {
            let start = closed.split('-').next().unwrap_or("12:00").trim();
            return Err(Problem::usage(format!("the closed hours \"{closed}\" end on the next day"))
                .hint(format!("write `closed = \"{start}-24:00\"`, and the rest for the day after")));
        }
    }
    holiday.since = table.since.unwrap_or(i32::MIN);
    holiday.until = table.until.unwrap_or(i32::MAX);
    if holiday.since > holiday.until {
        let (since, until) = (holiday.since, holiday.until);
        return Err(Problem::usage(format!("the holiday `{}` ends in {until}, before it begins in {since}", table.on))
            .hint(format!("write `since = {until}, until = {since}`")));
    }
    holiday.except.clone_from(&table.except);
    holiday.observed = table.observed.as_deref().map(observed).transpose()?;
    Ok(holiday)
}

fn observed(name: &str) -> Result<Observed> {
    Observed::ALL.into_iter().find(|observed| observed.as_str() == name).ok_or_else(|| {
        let names = Observed::ALL.map(Observed::as_str);
        let problem = Problem::usage(format!("`observed` cannot be \"{name}\""));
        match nearest(name, names.iter().copied()) {
            Some(near) => problem.hint(format!("did you mean `\"{near}\"`?")),
            None => problem.hint(format!("it is one of \"{}\"", names.join("\", \""))),
        }
    })
}
