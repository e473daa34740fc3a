//! Policies: what a router, watchdog, concierge or clerk would do, as a file that people can read and change.
//!
//! It holds the form of the file (`wcaf.policy/1`), what can be checked without a log, and how `analyze` writes one. Tables,
//! not expressions; units mandatory; effects and prices apart from rules. Deliberately not here: running a policy over a
//! log, which this version does not do.

mod checks;
mod effects;
mod rules;
mod text;

#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use serde::Deserialize;

pub use checks::{AssertRule, Expectation, ReplaySection, ReplayWindow, TestEvent, TestRule};
pub use effects::{Cost, Delay, DelayShape, Effect, Model, Three};
pub use rules::{
    Action, Ask, AskWhen, Audience, AutoTier, ClerkMoment, ClerkRule, ConciergeMoment, ConciergeRule, Credit, Deliver,
    Limits, OnLimit, OnReassign, Recipient, RouterEffect, RouterMoment, RouterRule, RouterTarget, Step, StopAction,
    StopOn, StopRule, StopWhen, SuggestTier, Suppress, Tiers, WatchdogRule, WrongRouteCost,
};
pub use text::{Draft, DraftEffect, DraftRule, DraftStep, DraftTest, Line};

use crate::config::calendars::{CalendarSection, HolidaySetSection};
use crate::config::{self, SlaSection};
use crate::error::{Problem, Result};

/// The name of this form.
pub const SCHEMA: &str = "wcaf.policy/1";

/// A policy file.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Policy {
    /// [`SCHEMA`].
    pub schema: String,
    /// Its name.
    pub name: String,
    /// Whose hours `bh` and `bd` are, unless a rule says otherwise.
    pub default_calendar: Option<String>,
    /// Calendars by name.
    #[serde(default)]
    pub calendar: BTreeMap<String, CalendarSection>,
    /// Holiday sets by name.
    #[serde(default)]
    pub holidays: BTreeMap<String, HolidaySetSection>,
    /// Service levels that steps and stops may name.
    #[serde(default)]
    pub sla: Vec<SlaSection>,
    /// Who owns it.
    #[serde(default)]
    pub router: Vec<RouterRule>,
    /// Who is reminded when.
    #[serde(default)]
    pub watchdog: Vec<WatchdogRule>,
    /// Who is told what.
    #[serde(default)]
    pub concierge: Vec<ConciergeRule>,
    /// What a handoff brings along.
    #[serde(default)]
    pub clerk: Vec<ClerkRule>,
    /// What rules are assumed to achieve, by name.
    #[serde(default)]
    pub effect: BTreeMap<String, Effect>,
    /// When a case is left to people.
    #[serde(default)]
    pub stop: Vec<StopRule>,
    /// Which part of the history is replayed, and how.
    pub replay: Option<ReplaySection>,
    /// What must hold of the result.
    #[serde(default)]
    pub assert: Vec<AssertRule>,
    /// What the policy does to a few events, without a log.
    #[serde(default)]
    pub test: Vec<TestRule>,
}

impl Policy {
    /// Reads a policy file and checks what can be checked without a log.
    ///
    /// # Errors
    /// A usage problem with the line: broken TOML, an unknown key, a wrong type, a missing unit; or, without a line, a
    /// schema that is not [`SCHEMA`], or a name of a calendar, a service level or an effect that the file does not define.
    pub fn parse(text: &str, file: &str) -> Result<Policy> {
        let policy: Policy = config::read_toml(text, file)?;
        policy.check().map_err(|problem| problem.in_file(file))?;
        Ok(policy)
    }

    fn check(&self) -> Result<()> {
        if self.schema != SCHEMA {
            let problem = Problem::usage(format!("`schema = \"{}\"` is no form this version knows", self.schema));
            return Err(problem.hint(format!("write `schema = \"{SCHEMA}\"`")));
        }
        let calendars: Vec<&str> = self.calendar.keys().map(String::as_str).collect();
        let named = self.watchdog.iter().filter_map(|rule| rule.deliver.as_ref()?.calendar.as_deref());
        for name in named.chain(self.default_calendar.as_deref()) {
            defined("calendar", name, &calendars)?;
        }
        let levels: Vec<&str> = self.sla.iter().map(|level| level.id.get_ref().as_str()).collect();
        for step in self.watchdog.iter().flat_map(|rule| &rule.step) {
            step.sla.as_deref().map_or(Ok(()), |name| defined("service level", name, &levels))?;
            if step.after.is_some() == step.at.is_some() {
                return Err(Problem::usage("a step of a watchdog needs one of `after` and `at`")
                    .hint("write `after = \"48h\"`, or `at = \"80%\"` with `sla = \"NAME\"`"));
            }
        }
        let effects: Vec<&str> = self.effect.keys().map(String::as_str).collect();
        let steps = self.watchdog.iter().flat_map(|rule| &rule.step).map(|step| &step.effect);
        let others = self.concierge.iter().map(|rule| &rule.effect).chain(self.clerk.iter().map(|rule| &rule.effect));
        steps.chain(others).try_for_each(|name| defined("effect", name, &effects))
    }
}

/// Refuses a name that the file does not define.
fn defined(what: &str, name: &str, known: &[&str]) -> Result<()> {
    if known.contains(&name) {
        return Ok(());
    }
    let problem = Problem::usage(format!("there is no {what} `{name}` in this policy"));
    Err(match config::nearest(name, known.iter().copied()) {
        Some(near) => problem.hint(format!("did you mean `{near}`?")),
        None if known.is_empty() => problem.hint(format!("the file defines no {what} at all; add one of this name")),
        None => problem.hint(format!("write one of `{}`", known.join("`, `"))),
    })
}
