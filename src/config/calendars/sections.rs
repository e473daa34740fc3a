//! `[calendar.NAME]`, `[[calendar_rule]]` and `[holidays.NAME]` as they are written, with the places of their values.
//!
//! What the texts mean is found out by the module above.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::time::calendar::weekdays_of;

/// `[calendar.NAME]`: the hours of a zone.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarSection {
    /// Zone of its clock.
    pub timezone: Option<Spanned<String>>,
    /// Length of a business day.
    pub day: Option<Spanned<String>>,
    /// Every hour of every day.
    pub always: Option<Spanned<bool>>,
    /// Hours by `mon`, `tue`, ..., `mon_fri`.
    pub hours: Vec<(String, Spanned<Texts>)>,
    /// Closed days, and names of holiday sets.
    pub holidays: Vec<Spanned<HolidayItem>>,
    /// Open hours of single days.
    pub extra: Vec<Spanned<String>>,
    /// Tables of Zendesk with its zone, hours and holidays.
    pub zendesk: Option<Spanned<ZendeskSection>>,
}

/// `zendesk` of a calendar: a schedule and what belongs to it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZendeskSection {
    /// The table `schedule`.
    pub schedule: Spanned<String>,
    /// Name or id of the schedule; needed where the table has several.
    pub name: Option<Spanned<String>>,
    /// The table `schedule_holiday`.
    pub holidays: Option<Spanned<String>>,
    /// The table `time_zone`, to check the zone by.
    pub zones: Option<Spanned<String>>,
    /// The table `daylight_time`, to check the zone by.
    pub daylight: Option<Spanned<String>>,
}

/// `[[calendar_rule]]`: which cases have which calendar.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CalendarRuleSection {
    /// What must hold of a case: its `group`, `priority`, `case`, or a column, and the values.
    pub when: Spanned<BTreeMap<String, Texts>>,
    /// The calendar.
    pub calendar: Spanned<String>,
}

/// `[holidays.NAME]`: a holiday set; the built-in ones are written the same way.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct HolidaySetSection {
    /// What it is, for people.
    pub title: Option<String>,
    /// Its days, and names of sets that it takes over.
    pub days: Vec<Spanned<HolidayItem>>,
    /// Whether a day between two holidays is one too.
    pub bridge_days: bool,
}

/// An entry of a list of holidays.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum HolidayItem {
    /// A day, or the name of a set.
    Text(String),
    /// A day with its conditions.
    Table(HolidayTable),
}

/// A day with its conditions.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HolidayTable {
    /// The day.
    pub on: String,
    /// The closed hours; all of them where it is not given.
    pub closed: Option<String>,
    /// First year.
    pub since: Option<i32>,
    /// Last year.
    pub until: Option<i32>,
    /// Years in which it is no holiday.
    #[serde(default)]
    pub except: Vec<i32>,
    /// What a weekend does to it.
    pub observed: Option<String>,
}

/// One text, or a list of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts(pub Vec<String>);

impl<'de> Deserialize<'de> for Texts {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct TextsVisitor;
        impl<'de> Visitor<'de> for TextsVisitor {
            type Value = Texts;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text or a list of texts")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<Texts, E> {
                Ok(Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Texts, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(Texts(texts))
            }
        }
        input.deserialize_any(TextsVisitor)
    }
}

impl<'de> Deserialize<'de> for HolidayItem {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct ItemVisitor;
        impl<'de> Visitor<'de> for ItemVisitor {
            type Value = HolidayItem;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(
                    "a day, the name of a holiday set, or a table such as { on = \"12-24\", closed = \"12:00-24:00\" }",
                )
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<HolidayItem, E> {
                Ok(HolidayItem::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<HolidayItem, A::Error> {
                HolidayTable::deserialize(MapAccessDeserializer::new(map)).map(HolidayItem::Table)
            }
        }
        input.deserialize_any(ItemVisitor)
    }
}

impl<'de> Deserialize<'de> for CalendarSection {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_map(CalendarVisitor)
    }
}

/// A key of a calendar; refused here, where the reader still knows its line.
struct CalendarKey(String);

impl<'de> Deserialize<'de> for CalendarKey {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        const KEYS: &[&str] = &[
            "timezone", "day", "always", "holidays", "extra", "zendesk", "mon_fri", "sat_sun", "mon", "tue", "wed",
            "thu", "fri", "sat", "sun",
        ];
        let key = String::deserialize(input)?;
        let known = KEYS.contains(&key.as_str()) || weekdays_of(&key).is_some();
        if known { Ok(CalendarKey(key)) } else { Err(D::Error::unknown_field(&key, KEYS)) }
    }
}

struct CalendarVisitor;

impl<'de> Visitor<'de> for CalendarVisitor {
    type Value = CalendarSection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a calendar")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<CalendarSection, A::Error> {
        let mut section = CalendarSection::default();
        while let Some(CalendarKey(key)) = map.next_key()? {
            match key.as_str() {
                "timezone" => section.timezone = Some(map.next_value()?),
                "day" => section.day = Some(map.next_value()?),
                "always" => section.always = Some(map.next_value()?),
                "holidays" => section.holidays = map.next_value()?,
                "extra" => section.extra = map.next_value()?,
                "zendesk" => section.zendesk = Some(map.next_value()?),
                _ => section.hours.push((key, map.next_value()?)),
            }
        }
        // The reader hands keys on by name; a message is about the later line.
        section.hours.sort_by_key(|(_, texts)| texts.span().start);
        Ok(section)
    }
}
