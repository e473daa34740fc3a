//! `[filter]` and `--where`: which cases of a log are looked at, as a small language of conditions.
//!
//! It knows no log: whether a column and a value exist, and which cases fit, is found out where the log is.

mod parser;
mod words;

use serde::Deserialize;
use toml::Spanned;

use super::calendars::Page;
use super::explain;
use super::sla::Place;
use crate::error::{Problem, Result};

/// `[filter]` as it is written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct FilterSection {
    /// Conditions that must all hold.
    #[serde(rename = "where")]
    pub conditions: Vec<Spanned<String>>,
    /// The first event of a case is not before this.
    pub arrived_from: Option<Spanned<String>>,
    /// The first event of a case is before this.
    pub arrived_to: Option<Spanned<String>>,
}

/// Which cases are looked at: those that all of this holds for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// Conditions.
    pub conditions: Vec<Condition>,
    /// Times that the first event is not before.
    pub arrived_from: Vec<Bound>,
    /// Times that the first event is before.
    pub arrived_to: Vec<Bound>,
}

impl Filter {
    /// Whether every case is looked at.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.conditions.is_empty() && self.arrived_from.is_empty() && self.arrived_to.is_empty()
    }

    /// The columns that the conditions name.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.conditions.iter().flat_map(|condition| condition.test.looks()).map(|look| look.column.as_str())
    }
}

/// A time as it is written, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bound {
    /// As it is written.
    pub text: String,
    /// Where it is written, unless in a flag.
    pub place: Option<Place>,
}

/// A condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition {
    /// As it is written.
    pub text: String,
    /// Where it is written, unless in a flag.
    pub place: Option<Place>,
    /// What it says.
    pub test: Test,
}

/// What must hold of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// All of these.
    All(Vec<Test>),
    /// Any of these.
    Any(Vec<Test>),
    /// The opposite.
    Not(Box<Test>),
    /// A column says so.
    Look(Look),
}

impl Test {
    /// The looks at columns, in their order.
    #[must_use]
    pub fn looks(&self) -> Vec<&Look> {
        match self {
            Test::All(tests) | Test::Any(tests) => tests.iter().flat_map(Test::looks).collect(),
            Test::Not(test) => test.looks(),
            Test::Look(look) => vec![look],
        }
    }
}

/// A question to a column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Look {
    /// Header or role.
    pub column: String,
    /// Which value of a case counts; by the kind of the column unless told.
    pub which: Option<Which>,
    /// What is asked.
    pub question: Question,
    /// Characters before it in the condition.
    pub at: usize,
}

/// Which value of a case counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    /// The first that is known.
    First,
    /// The last that is known.
    Last,
    /// Any of them.
    Any,
}

impl Which {
    /// Whether a case fits, by its events in order: `None` where the value is missing, else whether it fits.
    #[must_use]
    pub fn holds(self, mut events: impl DoubleEndedIterator<Item = Option<bool>>) -> bool {
        match self {
            Which::First => events.find_map(|fits| fits).unwrap_or(false),
            Which::Last => events.rev().find_map(|fits| fits).unwrap_or(false),
            Which::Any => events.any(|fits| fits == Some(true)),
        }
    }
}

/// What is asked of a value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Question {
    /// It is one of these.
    OneOf(Vec<String>),
    /// It holds this text, capitals or not.
    Holds(String),
    /// It is a number and compares like this with another.
    Number(Sign, String),
    /// There is one.
    Known,
}

/// A comparison of numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `<`
    Below,
    /// `<=`
    UpTo,
    /// `>`
    Above,
    /// `>=`
    From,
}

impl Sign {
    /// Whether a number compares with another like this.
    #[must_use]
    pub fn holds(self, value: f64, other: f64) -> bool {
        match self {
            Sign::Below => value < other,
            Sign::UpTo => value <= other,
            Sign::Above => value > other,
            Sign::From => value >= other,
        }
    }
}

/// The number that a text stands for, such as `3`, `-2.5` or `1e6`.
#[must_use]
pub fn number(text: &str) -> Option<f64> {
    let text = text.trim();
    let is_number = text.bytes().any(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|number: &f64| is_number && number.is_finite())
}

/// Reads the section.
pub(super) fn settle(section: &FilterSection, page: Page<'_>) -> Result<Filter> {
    let place = |at: usize| Place { file: page.file.to_owned(), line: explain::line_of(page.text, at) };
    let bound = |told: &Spanned<String>| Bound { text: told.get_ref().clone(), place: Some(place(told.span().start)) };
    let conditions = section.conditions.iter();
    let conditions = conditions.map(|told| Condition::parse(told.get_ref(), Some(place(told.span().start))));
    Ok(Filter {
        conditions: conditions.collect::<Result<_>>()?,
        arrived_from: section.arrived_from.iter().map(bound).collect(),
        arrived_to: section.arrived_to.iter().map(bound).collect(),
    })
}

impl Condition {
    /// Reads a condition; without a place it is that of a flag.
    ///
    /// # Errors
    /// A usage problem that names the character at which the text stops being a condition.
    pub fn parse(text: &str, place: Option<Place>) -> Result<Condition> {
        let mut condition = Condition { text: text.trim().to_owned(), place, test: Test::All(Vec::new()) };
        let test = parser::parse(&condition)?;
        condition.test = test;
        Ok(condition)
    }

    /// A problem of this condition, `at` characters from its beginning.
    #[must_use]
    pub fn refuse(&self, at: usize, problem: Problem) -> Problem {
        let problem = match &self.place {
            Some(place) => place.refuse(problem),
            None => problem.in_file("--where"),
        };
        let rest: String = self.text.chars().skip(at).take(40).collect();
        let more = if self.text.chars().nth(at + 40).is_some() { "…" } else { "" };
        problem.note(match rest.as_str() {
            "" => format!("at its end, after {} characters", self.text.chars().count()),
            rest => format!("at character {}, `{rest}{more}`", at + 1),
        })
    }
}

#[cfg(test)]
mod tests;
