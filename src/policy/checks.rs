//! Which history a policy is replayed over, what must hold of the result, and tests that need no log.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::rules::Action;
use crate::config::units::Timed;
use crate::error::{Problem, Result};

/// `[replay]`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplaySection {
    /// Which part of the history.
    pub window: ReplayWindow,
    /// Beginning of all chance.
    pub seed: u64,
    /// Draws of the assumptions.
    pub monte_carlo: u32,
}

/// Which part of the history is replayed.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReplayWindow {
    /// First day, `YYYY-MM-DD`.
    pub from: String,
    /// Last day.
    pub to: String,
    /// At the beginning, only learnt from.
    pub warmup: Timed,
    /// At the end, only seen out.
    pub cooldown: Timed,
}

/// `[[assert]]`: what must hold of the result.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssertRule {
    /// Its name.
    pub id: String,
    /// A findings key, or `replay.` and a key of the result.
    pub metric: String,
    /// `none`, `baseline`, `null`, or another policy.
    #[serde(default = "none")]
    pub vs: String,
    /// Such as `rel > +5%` or `abs > 4`.
    pub fail_if: String,
}

fn none() -> String {
    "none".to_owned()
}

/// `[[test]]`: a few events and what the policy does.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestRule {
    /// Its name.
    pub name: String,
    /// Time and `key=value` pairs, see [`TestEvent::parse`].
    pub events: Vec<String>,
    /// Another zone for a calendar, by name.
    #[serde(default)]
    pub calendar_override: BTreeMap<String, String>,
    /// What it does, in order; nothing where the list is empty.
    pub expect: Vec<Expectation>,
}

/// One thing a test expects.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expectation {
    /// When, UTC.
    pub at: String,
    /// What.
    pub action: Action,
    /// To whom.
    pub to: Option<String>,
    /// When it was due, where it came later.
    pub deferred_from: Option<String>,
    /// Why.
    pub why: Option<String>,
}

/// An event of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TestEvent {
    /// When, as written.
    pub at: String,
    /// What holds from then on: key and value.
    pub fields: Vec<(String, String)>,
}

impl TestEvent {
    /// Reads `2025-01-09T10:00Z state=Pending Approval assignee=ann`. A value ends where the next ` key=` begins; one in
    /// quotes ends at the closing quote, and a backslash keeps a quote or a backslash in it.
    ///
    /// # Errors
    /// A usage problem that quotes the text.
    pub fn parse(text: &str) -> Result<TestEvent> {
        let wrong = || {
            Problem::usage(format!("\"{text}\" is no event of a test"))
                .hint("write a time and what holds from then on: `\"2025-01-09T10:00Z state=New assignee=ann\"`")
        };
        let (at, mut rest) = text.split_once(' ').ok_or_else(wrong)?;
        let mut fields = Vec::new();
        while !rest.is_empty() {
            let (key, value) = rest.split_once('=').ok_or_else(wrong)?;
            if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_') {
                return Err(wrong());
            }
            let (value, left) = if let Some(quoted) = value.strip_prefix('"') {
                unquoted(quoted).ok_or_else(wrong)?
            } else {
                bare(value)
            };
            fields.push((key.to_owned(), value));
            rest = left;
        }
        Ok(TestEvent { at: at.to_owned(), fields })
    }

    /// Writes it so that [`TestEvent::parse`] reads the same.
    #[must_use]
    pub fn written(&self) -> String {
        let mut out = self.at.clone();
        for (key, value) in &self.fields {
            let is_plain = !value.is_empty() && !value.contains(['=', '"', '\\']) && value.trim() == value;
            if is_plain {
                out.extend([" ", key, "=", value]);
            } else {
                let escaped = value.replace('\\', "\\\\").replace('"', "\\\"");
                out.extend([" ", key, "=\"", &escaped, "\""]);
            }
        }
        out
    }
}

/// The value up to the closing quote, and what follows.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut characters = text.char_indices();
    while let Some((index, character)) = characters.next() {
        match character {
            '"' => return Some((value, text[index + 1..].trim_start())),
            '\\' => value.push(characters.next()?.1),
            other => value.push(other),
        }
    }
    None
}

/// The value up to the next ` key=`, and what follows.
fn bare(text: &str) -> (String, &str) {
    let next = text.find('=').and_then(|equals| text[..equals].rfind(' '));
    match next {
        Some(blank) => (text[..blank].to_owned(), &text[blank + 1..]),
        None => (text.to_owned(), ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_read_back_as_they_were_written() {
        for value in ["Pending Approval", "a=b c=d", "say \"x\"", "back\\slash", "", " padded ", "東京", "x y=z\"\\"]
        {
            let fields = vec![("state".to_owned(), value.to_owned()), ("assignee".to_owned(), "ann".to_owned())];
            let event = TestEvent { at: "2025-01-09T10:00Z".to_owned(), fields };
            assert_eq!(TestEvent::parse(&event.written()), Ok(event));
        }
    }

    #[test]
    fn the_form_of_the_example_is_read() {
        let event = TestEvent::parse("2025-01-09T10:00Z state=Pending Approval assignee=ann").unwrap();
        let fields = [("state", "Pending Approval"), ("assignee", "ann")];
        assert_eq!(event.fields, fields.map(|(key, value)| (key.to_owned(), value.to_owned())));
        for wrong in ["2025-01-09T10:00Z", "2025-01-09T10:00Z state", "2025-01-09T10:00Z =x", "t state=\"open"] {
            assert!(TestEvent::parse(wrong).is_err(), "{wrong}");
        }
    }
}
