//! `[[sla]]` as it is written, with the places of its values.
//!
//! What the texts mean is found out by the module above.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, Error, MapAccess, SeqAccess, Visitor, value::MapAccessDeserializer};
use toml::Spanned;

use crate::config::calendars::Texts;
use crate::config::units::Milli;

/// One `[[sla]]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SlaSection {
    /// Its name.
    pub id: Spanned<String>,
    /// Definitions of one kind exclude each other.
    pub kind: Option<String>,
    /// Which cases have it.
    pub when: Option<Spanned<ConditionSection>>,
    /// When a timer starts.
    pub start: Option<Spanned<ConditionsSection>>,
    /// When it stands still.
    pub pause: Option<Spanned<ConditionsSection>>,
    /// What sets it going again.
    pub resume: Option<Spanned<ConditionsSection>>,
    /// When it is over.
    pub stop: Option<Spanned<ConditionsSection>>,
    /// When it no longer counts.
    pub cancel: Option<Spanned<ConditionsSection>>,
    /// When it starts anew.
    pub reset: Option<Spanned<ConditionsSection>>,
    /// How long it may take.
    pub target: Spanned<TargetSection>,
    /// Whose hours `bh` and `bd` are.
    pub calendar: Option<Spanned<String>>,
    /// Share of the target at which a breach is near.
    pub near: Option<Spanned<Milli>>,
    /// Where the source system says how it went.
    pub facts: Option<FactsSection>,
}

/// What must hold, all of it, by key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ConditionSection(pub BTreeMap<String, WantedSection>);

/// What is wanted of one key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum WantedSection {
    /// Anything known, or nothing.
    Known(bool),
    /// One of these.
    Texts(Vec<String>),
}

/// One condition, or a list of which any must hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConditionsSection {
    /// A word, such as `case_created`.
    Text(String),
    /// Conditions.
    Any(Vec<ConditionSection>),
}

/// `target`: a duration, or a table of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TargetSection {
    /// The same for all.
    Text(String),
    /// By the value of an attribute.
    Table(TargetTable),
}

/// Targets by the value of an attribute.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TargetTable {
    /// `priority`, `group`, ... or a column.
    pub by: String,
    /// Value to duration.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// For all other values.
    pub default: Option<String>,
}

/// `facts`: where the source system says how it went.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FactsSection {
    /// A table of its own; else the columns are those of the log.
    pub table: Option<Spanned<String>>,
    /// The column of the table that names the case.
    pub case: Option<Spanned<String>>,
    /// Which rows of the table are meant: column to values.
    #[serde(rename = "where")]
    pub rows: Option<Spanned<BTreeMap<Spanned<String>, Texts>>>,
    /// True where it was kept.
    pub made: Option<Spanned<String>>,
    /// True where it was breached.
    pub breached: Option<Spanned<String>>,
    /// The time it took.
    pub elapsed: Option<Spanned<String>>,
    /// Tables of Zendesk that say which target a ticket had.
    pub zendesk: Option<Spanned<ZendeskFactsSection>>,
}

/// `facts.zendesk`: policies of tickets, and their targets.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ZendeskFactsSection {
    /// Which policy a ticket had from when on, `ticket_sla_policy`.
    pub policies: Spanned<String>,
    /// The targets of the policies, `sla_policy_metric_history`.
    pub targets: Spanned<String>,
    /// The metric, such as `first_reply_time`.
    pub metric: Spanned<String>,
}

impl<'de> Deserialize<'de> for WantedSection {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct WantedVisitor;
        impl<'de> Visitor<'de> for WantedVisitor {
            type Value = WantedSection;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a text, a list of texts, or `true` or `false` for known or not")
            }

            fn visit_bool<E: Error>(self, known: bool) -> Result<WantedSection, E> {
                Ok(WantedSection::Known(known))
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<WantedSection, E> {
                Ok(WantedSection::Texts(vec![text.to_owned()]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<WantedSection, A::Error> {
                let mut texts = Vec::new();
                while let Some(text) = list.next_element()? {
                    texts.push(text);
                }
                Ok(WantedSection::Texts(texts))
            }
        }
        input.deserialize_any(WantedVisitor)
    }
}

impl<'de> Deserialize<'de> for ConditionsSection {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct ConditionsVisitor;
        impl<'de> Visitor<'de> for ConditionsVisitor {
            type Value = ConditionsSection;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a condition such as { state = \"Closed\" }, or a list of them")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<ConditionsSection, E> {
                Ok(ConditionsSection::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<ConditionsSection, A::Error> {
                let one = ConditionSection::deserialize(MapAccessDeserializer::new(map))?;
                Ok(ConditionsSection::Any(vec![one]))
            }

            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<ConditionsSection, A::Error> {
                let mut any = Vec::new();
                while let Some(one) = list.next_element()? {
                    any.push(one);
                }
                Ok(ConditionsSection::Any(any))
            }
        }
        input.deserialize_any(ConditionsVisitor)
    }
}

impl<'de> Deserialize<'de> for TargetSection {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        struct TargetVisitor;
        impl<'de> Visitor<'de> for TargetVisitor {
            type Value = TargetSection;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a duration such as \"16bh\", or a table with `by`, `values` and `default`")
            }

            fn visit_str<E: Error>(self, text: &str) -> Result<TargetSection, E> {
                Ok(TargetSection::Text(text.to_owned()))
            }

            fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<TargetSection, A::Error> {
                TargetTable::deserialize(MapAccessDeserializer::new(map)).map(TargetSection::Table)
            }
        }
        input.deserialize_any(TargetVisitor)
    }
}
