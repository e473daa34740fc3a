//! What `wcaf.toml` says, checked.
//!
//! It knows no log and no column of one. A name of a column, a state or a person is
//! kept as written; whether it exists is found out where the log is read.

pub mod calendars;
mod explain;
pub mod filter;
pub mod limits;
pub mod sections;
pub mod sla;
pub mod splits;
pub mod tables;
pub mod units;
pub mod workshop;

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, MapAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::error::{Problem, Result};
use crate::time::Clock;
pub use calendars::Calendars;
use calendars::{CalendarRuleSection, CalendarSection, HolidaySetSection};
pub use explain::nearest;
pub use filter::{Filter, FilterSection};
pub use limits::{Bound, LimitsSection};
pub use sections::{
    Assumptions, Bots, ChokePoints, Comments, Counters, CustomerImpact, Encoding, Family, Handoff, HandoffKind, Levels,
    MappingSection, Means, MinutesPerTouch, MissingOwner, Values, Weights,
};
pub use sla::{Sla, SlaSection};
pub use splits::{Split, SplitSection};
pub use tables::TableFile;
use tables::Tables;
pub use units::{Milli, Range, Size, Source, Span, Timed};
pub use workshop::{GuessSection, WorkshopSection};

/// The names of the state classes that `[states]` may use.
pub const CLASS_NAMES: &[&str] =
    &["queue", "active", "approval", "waiting_requester", "waiting_external", "blocked", "review", "done", "cancelled"];

/// The whole configuration; the default is an empty file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Config {
    /// The shape of the export.
    pub family: Option<Family>,
    /// How the bytes of the logs stand for characters, where nothing at their beginning says it.
    pub encoding: Option<Encoding>,
    /// How dates are written, in strftime letters.
    pub date_format: Option<String>,
    /// The zone of times without one.
    pub timezone: Option<String>,
    /// What an empty owner means.
    pub missing_owner: Option<MissingOwner>,
    /// What an activity value says.
    pub activity_means: ActivityMeansSection,
    /// Events of one actor on one case closer than this are one touch.
    pub touch_window: Span,
    /// Columns.
    pub mapping: MappingSection,
    /// State to class.
    pub states: BTreeMap<String, String>,
    /// Renames.
    pub values: Values,
    /// Bots.
    pub bots: Bots,
    /// The headline handoff.
    pub handoff: Handoff,
    /// What a touch costs.
    pub assumptions: Assumptions,
    /// How choke points are chosen and ranked.
    pub choke_points: ChokePoints,
    /// What the words of comments are for.
    pub comments: Comments,
    /// When an intervention may act by itself.
    pub levels: Levels,
    /// Which cases are looked at, as written.
    #[serde(rename = "filter")]
    pub filter_section: FilterSection,
    /// Which cases are looked at, laid out from it.
    #[serde(skip)]
    pub filter: Filter,
    /// What is refused for its size.
    pub limits: LimitsSection,
    /// The calendar of cases that no rule fits, as written.
    pub default_calendar: Option<Spanned<String>>,
    /// Calendars by name, as written.
    pub calendar: BTreeMap<Spanned<String>, CalendarSection>,
    /// Which cases have which calendar, as written.
    pub calendar_rule: Vec<CalendarRuleSection>,
    /// Holiday sets by name, as written.
    pub holidays: BTreeMap<Spanned<String>, HolidaySetSection>,
    /// The calendars and their rules, laid out from the four above.
    #[serde(skip)]
    pub calendars: Calendars,
    /// Service levels, as written.
    pub sla: Vec<SlaSection>,
    /// Service levels, laid out from them.
    #[serde(skip)]
    pub service_levels: Vec<Sla>,
    /// Columns that pack several values, as written.
    pub split: BTreeMap<Spanned<String>, SplitSection>,
    /// The splits, laid out from them.
    #[serde(skip)]
    pub splits: Vec<Split>,
    /// What was guessed and settled in a workshop.
    pub workshop: WorkshopSection,
    /// Tables that were read because the file names them.
    #[serde(skip)]
    pub tables: Vec<TableFile>,
}

impl Default for Config {
    fn default() -> Self {
        Config {
            family: None,
            encoding: None,
            date_format: None,
            timezone: None,
            missing_owner: None,
            activity_means: ActivityMeansSection::default(),
            touch_window: Span { ms: 60_000 },
            mapping: MappingSection::default(),
            states: BTreeMap::new(),
            values: Values::default(),
            bots: Bots::default(),
            handoff: Handoff::default(),
            assumptions: Assumptions::default(),
            choke_points: ChokePoints::default(),
            comments: Comments::default(),
            levels: Levels::default(),
            filter_section: FilterSection::default(),
            filter: Filter::default(),
            limits: LimitsSection::default(),
            default_calendar: None,
            calendar: BTreeMap::new(),
            calendar_rule: Vec::new(),
            holidays: BTreeMap::new(),
            calendars: Calendars::default(),
            sla: Vec::new(),
            service_levels: Vec::new(),
            split: BTreeMap::new(),
            splits: Vec::new(),
            workshop: WorkshopSection::default(),
            tables: Vec::new(),
        }
    }
}

impl Config {
    /// Reads and checks the text of a configuration file that names no tables.
    ///
    /// # Errors
    /// As [`Self::parse_with`], and where it names a table.
    pub fn parse(text: &str, file: &str) -> Result<Self> {
        Config::parse_with(text, file, &tables::no_reader)
    }

    /// Reads and checks the text of a configuration file, and the tables that it names.
    ///
    /// # Errors
    /// A usage problem with the line: broken TOML, an unknown key (with the nearest known one),
    /// a wrong type, or values that contradict each other. An input problem with file and line: a table that cannot be
    /// read, or a cell that cannot be what it is named for.
    pub fn parse_with(text: &str, file: &str, reader: tables::Reader<'_>) -> Result<Self> {
        let mut config: Config = read_toml(text, file)?;
        config.settle_workshop(file)?;
        let sections = calendars::Sections {
            default_calendar: config.default_calendar.as_ref(),
            calendar: &config.calendar,
            calendar_rule: &config.calendar_rule,
            holidays: &config.holidays,
        };
        let page = calendars::Page { text, file };
        config.splits = splits::settle(&config.split, page)?;
        config.filter = filter::settle(&config.filter_section, page)?;
        let tables = Tables { reader, limits: &config.limits, page, files: RefCell::default() };
        config.calendars = sections.settle(&tables)?;
        config.service_levels = sla::settle(&config.sla, &config.calendars, &tables)?;
        config.tables = tables.files.take();
        Ok(config)
    }

    /// Takes over what a workshop file says, in place of `[workshop]`.
    ///
    /// # Errors
    /// A usage problem with the line: broken TOML, an unknown key, a wrong type, or values that contradict each other.
    pub fn take_workshop(&mut self, text: &str, file: &str) -> Result<()> {
        self.workshop = read_toml(text, file)?;
        self.settle_workshop(file)
    }

    fn settle_workshop(&mut self, file: &str) -> Result<()> {
        self.workshop.settle(&mut self.states, (&mut self.assumptions, &mut self.levels));
        self.check().map_err(|(message, hint)| {
            let problem = Problem::usage(message).in_file(file);
            if hint.is_empty() { problem } else { problem.hint(hint) }
        })
    }

    /// Returns the columns that service levels, and the calendars picked for them, look at, with where they are named.
    #[must_use]
    pub fn kept_columns(&self) -> Vec<(String, sla::Place)> {
        let named = |sla: &Sla| sla.columns().map(|column| (column.to_owned(), sla.place.clone())).collect::<Vec<_>>();
        let mut columns: Vec<(String, sla::Place)> = self.service_levels.iter().flat_map(named).collect();
        let by_rule = self.service_levels.iter().find(|sla| sla.clock == Clock::Business && sla.calendar.is_none());
        if let Some(sla) = by_rule {
            let attributes = self.calendars.rules().iter().flat_map(|rule| &rule.when).map(|(attribute, _)| attribute);
            columns.extend(attributes.filter_map(|attribute| match attribute {
                calendars::Attribute::Column(name) => Some((name.clone(), sla.place.clone())),
                calendars::Attribute::Group | calendars::Attribute::Priority | calendars::Attribute::Case => None,
            }));
        }
        columns
    }

    fn check(&self) -> std::result::Result<(), (String, String)> {
        for (state, class) in &self.states {
            if !CLASS_NAMES.contains(&class.as_str()) {
                let hint = match explain::nearest(class, CLASS_NAMES.iter().copied()) {
                    Some(near) => format!("write `\"{state}\" = \"{near}\"`"),
                    None => format!("the classes are {}", CLASS_NAMES.join(", ")),
                };
                return Err((format!("unknown class \"{class}\" for state \"{state}\" in [states]"), hint));
            }
        }
        if let Some((bound, fault)) = self.limits.fault() {
            let value = bound.written(self.limits.get(bound).unwrap_or_default());
            return Err((format!("limits.{} is {value}; {fault}", bound.key()), String::new()));
        }
        let minutes = &self.assumptions.minutes_per_touch;
        let ranges = [
            ("rate_per_hour", &self.assumptions.rate_per_hour),
            ("minutes_per_touch.A", &minutes.a),
            ("minutes_per_touch.B", &minutes.b),
            ("minutes_per_touch.C", &minutes.c),
            ("minutes_per_touch.D", &minutes.d),
        ];
        for (key, range) in ranges {
            if range.as_ref().is_some_and(|range| range.low > range.base || range.base > range.high) {
                return Err((format!("assumptions.{key}: low, base and high are not in rising order"), String::new()));
            }
        }
        if self.choke_points.min_stays == 0 {
            return Err(("choke_points.min_stays is 0".to_owned(), "write at least `min_stays = 1`".to_owned()));
        }
        for (key, share) in [
            ("choke_points.weights.outside", self.choke_points.weights.outside),
            ("choke_points.weights.capacity", self.choke_points.weights.capacity),
            ("levels.automate_confidence", self.levels.automate_confidence),
            ("levels.enforce_violations", self.levels.enforce_violations),
            ("levels.readiness", self.levels.readiness),
        ] {
            if share.0 > 1_000 {
                return Err((format!("{key} is a share and lies between 0 and 1"), String::new()));
            }
        }
        Ok(())
    }
}

/// Reads a TOML text whose form a type says.
///
/// # Errors
/// A usage problem with the line, and the nearest known key where one is unknown.
pub fn read_toml<T: DeserializeOwned>(text: &str, file: &str) -> Result<T> {
    toml::from_str(text).map_err(|error| explain::problem(&error, text, file))
}

/// `activity_means`: one answer for all values, or a table with an optional `default`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ActivityMeansSection {
    /// For values without an answer of their own; `None` leaves them to the guess.
    pub default: Option<Means>,
    /// Per value.
    pub values: BTreeMap<String, Means>,
}

impl<'de> Deserialize<'de> for ActivityMeansSection {
    fn deserialize<D: Deserializer<'de>>(input: D) -> std::result::Result<Self, D::Error> {
        input.deserialize_any(ActivityMeansVisitor)
    }
}

struct ActivityMeansVisitor;

impl<'de> Visitor<'de> for ActivityMeansVisitor {
    type Value = ActivityMeansSection;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("\"entry\", \"completed\" or a table of activity values")
    }

    fn visit_str<E: serde::de::Error>(self, text: &str) -> std::result::Result<Self::Value, E> {
        let means = Means::deserialize(serde::de::value::StrDeserializer::new(text))?;
        Ok(ActivityMeansSection { default: Some(means), values: BTreeMap::new() })
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> std::result::Result<Self::Value, A::Error> {
        let mut values: BTreeMap<String, Means> = BTreeMap::deserialize(MapAccessDeserializer::new(map))?;
        Ok(ActivityMeansSection { default: values.remove("default"), values })
    }
}

#[cfg(test)]
mod tests;
