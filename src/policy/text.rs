//! A policy as text, every line with what it means. What is written here is read back by [`super::Policy`].
//!
//! Text of a log stands in quotes only, with controls and characters that hide or reorder text as escapes.

mod hours;

use super::checks::TestEvent;
use super::rules::{Action, ClerkMoment, Recipient};
use crate::config::{Calendars, Milli, Sla};
use crate::log::text::{toml_text as quoted, visible};
use crate::time::Duration;

/// A policy to be written.
#[derive(Clone, Debug)]
pub struct Draft<'a> {
    /// What stands above it, one comment per entry.
    pub heading: Vec<String>,
    /// Its name, and that of its rule.
    pub name: String,
    /// The calendars of the configuration.
    pub calendars: &'a Calendars,
    /// Holidays are listed from the first of these days to the last, days from 1970-01-01.
    pub days: (i64, i64),
    /// The service levels of the configuration.
    pub levels: &'a [Sla],
    /// The rule.
    pub rule: DraftRule,
    /// Which cases or stays: key, and value or nothing known.
    pub when: Vec<(&'static str, Option<String>)>,
    /// What it is assumed to achieve.
    pub effect: DraftEffect,
    /// A case without progress for this long is left to people.
    pub no_progress: Duration,
    /// The log has approvals, which may be missing.
    pub has_approvals: bool,
    /// First and last day of the history to replay, and weeks at each end that are not counted.
    pub window: Option<(String, String, u64)>,
    /// What must not get worse: a findings key and when it fails.
    pub guardrail: (String, String),
    /// Tests.
    pub tests: Vec<DraftTest>,
}

/// The rule of a policy.
#[derive(Clone, Debug)]
pub enum DraftRule {
    /// A router and the columns it looks at.
    Router {
        /// Columns.
        features: Vec<String>,
    },
    /// A watchdog.
    Watchdog {
        /// Its ladder.
        steps: Vec<DraftStep>,
        /// Nothing must have happened for this long.
        wait_for_quiet: Duration,
        /// Least time between steps.
        min_gap: Duration,
    },
    /// A concierge.
    Concierge {
        /// Least time between updates.
        min_gap: Duration,
        /// One message after this long without news.
        digest_after: Duration,
    },
    /// A clerk.
    Clerk {
        /// When it looks.
        on: ClerkMoment,
        /// Columns that must be filled.
        requires: Vec<String>,
    },
}

/// A step of a ladder: after how long in the state, what, to whom.
pub type DraftStep = (Duration, Action, Recipient);

/// What a rule is assumed to achieve.
#[derive(Clone, Debug)]
pub struct DraftEffect {
    /// Pessimistic, base, optimistic.
    pub share: [Milli; 3],
    /// Half of the responses come within the first, nine in ten within the second.
    pub delay: [Duration; 2],
}

/// A test of a policy.
#[derive(Clone, Debug)]
pub struct DraftTest {
    /// What it shows.
    pub name: String,
    /// Its events.
    pub events: Vec<TestEvent>,
    /// Whether the calendar runs on UTC in it.
    pub in_utc: bool,
    /// When, what, to whom.
    pub expect: Vec<(String, Action, String)>,
}

/// Where comments begin.
const COMMENT_AT: usize = 40;

/// One line with what it means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line(String);

impl Line {
    /// A line of TOML and a comment behind it, or above it where the line is long.
    #[must_use]
    pub fn new(toml: &str, comment: &str) -> Line {
        if comment.is_empty() {
            return Line(toml.to_owned());
        }
        if toml.chars().count() > COMMENT_AT {
            return Line(format!("# {comment}\n{toml}"));
        }
        Line(format!("{toml:<COMMENT_AT$} # {comment}"))
    }
}

/// Lines of a file.
#[derive(Default)]
struct Sheet(Vec<Line>);

impl Sheet {
    fn line(&mut self, toml: &str, comment: &str) {
        self.0.push(Line::new(toml, comment));
    }

    fn blank(&mut self) {
        self.0.push(Line(String::new()));
    }

    fn remark(&mut self, comment: &str) {
        self.0.push(Line(format!("# {}", visible(comment))));
    }
}

impl Draft<'_> {
    /// The whole file.
    #[must_use]
    pub fn text(&self) -> String {
        let mut sheet = Sheet::default();
        self.heading.iter().for_each(|line| sheet.remark(line));
        sheet.line(&format!("schema = {}", quoted(super::SCHEMA)), "the form of this file");
        sheet.line(&format!("name = {}", quoted(&self.name)), "the intervention in findings.json it belongs to");
        hours::calendars(&mut sheet, self.calendars, self.days);
        hours::levels(&mut sheet, self.calendars, self.levels);
        self.rule(&mut sheet);
        self.effect(&mut sheet);
        self.stop(&mut sheet);
        self.replay(&mut sheet);
        self.tests.iter().for_each(|test| self.test(&mut sheet, test));
        let mut text: String = sheet.0.into_iter().map(|line| line.0 + "\n").collect();
        text.truncate(text.trim_end().len());
        text + "\n"
    }

    fn condition(&self) -> String {
        let parts: Vec<String> = self.when.iter().map(|(key, value)| pair(key, value.as_deref())).collect();
        format!("{{ {} }}", parts.join(", "))
    }

    fn rule(&self, sheet: &mut Sheet) {
        sheet.blank();
        match &self.rule {
            DraftRule::Router { features } => self.router(sheet, features),
            DraftRule::Watchdog { steps, wait_for_quiet, min_gap } => {
                self.watchdog(sheet, steps, *wait_for_quiet, *min_gap);
            }
            DraftRule::Concierge { min_gap, digest_after } => {
                sheet.line("[[concierge]]", "tells people before they ask");
                self.id_and_when(sheet);
                sheet.line("on = [\"state_change\", \"owner_change\"]", "what counts as news");
                sheet.line("audience = \"requester\"", "who is told");
                sheet.line(&format!("min_gap = \"{min_gap}\""), "least time between two updates");
                sheet.line(
                    &format!("digest_after = \"{digest_after}\""),
                    "without news for this long, one message says so",
                );
                sheet.line("effect = \"update\"", "what it is assumed to achieve, below");
            }
            DraftRule::Clerk { on, requires } => {
                sheet.line("[[clerk]]", "asks once, and hands over with the context");
                self.id_and_when(sheet);
                let on = match on {
                    ClerkMoment::CaseCreated => "case_created",
                    ClerkMoment::GroupHandoff => "group_handoff",
                    ClerkMoment::PersonHandoff => "person_handoff",
                };
                sheet.line(&format!("on = \"{on}\""), "when it looks");
                sheet.line(&format!("requires = {}", list(requires)), "columns that must be filled by then; choose");
                sheet.line("ask_if_missing = { to = \"requester\", at = \"once\" }", "everything in one message");
                sheet.line("effect = \"packet\"", "what it is assumed to achieve, below");
            }
        }
    }

    fn id_and_when(&self, sheet: &mut Sheet) {
        sheet.line(&format!("id = {}", quoted(&self.name)), "");
        if !self.when.is_empty() {
            sheet.line(&format!("when = {}", self.condition()), "which cases; all of it must hold");
        }
    }

    fn router(&self, sheet: &mut Sheet, features: &[String]) {
        sheet.line("[[router]]", "proposes an owner");
        self.id_and_when(sheet);
        sheet.line("at = \"case_created\"", "when it decides");
        sheet.line("target = \"resolver_group\"", "the group that will resolve the case");
        sheet.line(&format!("features = {}", list(features)), "columns as they were at the beginning of the case");
        sheet.line("refit = \"4w\"", "how often it learns anew");
        sheet.line("[router.tiers]", "below both tiers people decide");
        let auto = "auto = { min_precision = 0.90, confidence = 0.95, min_support = 30, latency = \"2min\" }";
        sheet.line(auto, "routes by itself where it is this often right");
        let suggest = "suggest = { top_k = 3, accept_rate = 0.7, latency = \"15min\" }";
        sheet.line(suggest, "names groups; people take this share");
        sheet.line("[router.effect]", "what a route is credited with");
        sheet.line("credit = \"pass_through_hops\"", "time of groups that only passed the case on");
        sheet.line(
            "wrong_route_cost = \"empirical_bounce\"",
            "what that group took to send cases on, and one more handoff",
        );
    }

    fn watchdog(&self, sheet: &mut Sheet, steps: &[DraftStep], wait_for_quiet: Duration, min_gap: Duration) {
        sheet.line("[[watchdog]]", "reminds, then escalates");
        self.id_and_when(sheet);
        sheet.line(&format!("wait_for_quiet = \"{wait_for_quiet}\""), "waits until nothing happened for this long");
        sheet.line("suppress = { if_paused = true }", "says nothing while a service level is paused");
        let calendar = self.calendars.default_calendar();
        let calendar = calendar.map_or_else(String::new, |found| format!("calendar = {}, ", quoted(found.name())));
        sheet.line(
            &format!("deliver = {{ {calendar}min_gap = \"{min_gap}\" }}"),
            if calendar.is_empty() { "least time between two steps" } else { "in open hours, and not two at once" },
        );
        sheet.line("stop_on = [\"state_change\", \"done\"]", "what ends the ladder");
        sheet.line("on_reassign = \"restart\"", "a new owner gets the time anew; or \"continue\"");
        for (after, action, to) in steps {
            sheet.line("[[watchdog.step]]", "");
            sheet.line(&format!("after = \"{after}\""), "time in the state");
            sheet.line(&format!("action = {}", quoted(action.as_str())), "");
            sheet.line(&format!("to = {}", quoted(&to.written())), "who gets it");
            sheet.line(&format!("effect = {}", quoted(effect_of(*action))), "what it is assumed to achieve, below");
        }
        sheet.line("[watchdog.limits]", "how much is too much");
        sheet.line("per_person_per_day = 4", "");
        sheet.line(&format!("per_case = {}", steps.len().max(2)), "");
        sheet.line("on_limit = \"digest\"", "the rest goes into one message a day; or \"drop\", \"defer\"");
    }

    fn effect(&self, sheet: &mut Sheet) {
        let three = |share: [Milli; 3]| {
            let [low, base, high] = share.map(thousandths);
            format!("{{ low = {low}, base = {base}, high = {high} }}")
        };
        let assumed = "a default of this program without a study behind it: put your own, and say where it is from";
        match &self.rule {
            // what a route saves is counted from the history, so nothing is assumed of it
            DraftRule::Router { .. } => {}
            DraftRule::Watchdog { steps, .. } => {
                let mut names: Vec<&str> = steps.iter().map(|(_, action, _)| effect_of(*action)).collect();
                names.dedup();
                for name in names {
                    sheet.blank();
                    sheet.line(&format!("[effect.{name}]"), "");
                    sheet.line("model = \"response\"", "with a chance, the wait ends some time after the message");
                    sheet.line(&format!("respond = {}", three(self.effect.share)), "that chance");
                    let [median, p90] = self.effect.delay;
                    let delay = format!("delay = {{ dist = \"lognormal\", median = \"{median}\", p90 = \"{p90}\" }}");
                    sheet.line(&delay, "how long a response takes");
                    sheet.line(
                        "fatigue = { low = 0.6, base = 0.8, high = 1 }",
                        "factor for each message to the same person in five days",
                    );
                    sheet.line(
                        "slope = { low = 1, base = 0.5, high = 0 }",
                        "how much less those respond that wait long",
                    );
                    sheet.line("cost = { recipient_minutes = 2 }", "what reading it takes");
                    sheet.line("source = \"assumed\"", assumed);
                }
            }
            DraftRule::Concierge { .. } => {
                sheet.blank();
                sheet.line("[effect.update]", "");
                let avoided = format!("chases_avoided = {}", three(self.effect.share));
                sheet.line(&avoided, "share of the questions that news would have answered");
                sheet.line("source = \"assumed\"", assumed);
            }
            DraftRule::Clerk { .. } => {
                sheet.blank();
                sheet.line("[effect.packet]", "");
                let avoided = format!("clarifications_avoided = {}", three(self.effect.share));
                sheet.line(&avoided, "share of the questions back");
                sheet.line("source = \"assumed\"", assumed);
            }
        }
    }

    fn stop(&self, sheet: &mut Sheet) {
        sheet.blank();
        sheet.line("[[stop]]", "when a case is left to people, any of these");
        let approval = if self.has_approvals { ", missing_approval = true" } else { "" };
        let when = format!(
            "when = {{ no_progress = \"{}\", conflicting_signals = true{approval}, customer_impacting = true }}",
            self.no_progress
        );
        sheet.line(&when, "");
        sheet.line("action = \"human\"", "");
    }

    fn replay(&self, sheet: &mut Sheet) {
        if let Some((from, to, ends)) = &self.window {
            sheet.blank();
            sheet.line("[replay]", "the weeks in which the log is dense");
            sheet.line(
                &format!(
                    "window = {{ from = \"{from}\", to = \"{to}\", warmup = \"{ends}w\", cooldown = \"{ends}w\" }}"
                ),
                "both ends are not counted",
            );
            sheet.line("seed = 1", "beginning of all chance");
            sheet.line("monte_carlo = 200", "draws of the assumptions");
        }
        let (metric, fails) = &self.guardrail;
        sheet.blank();
        sheet.line("[[assert]]", "what must not get worse");
        sheet.line("id = \"guardrail\"", "");
        sheet.line(&format!("metric = {}", quoted(metric)), "a key of findings.json");
        sheet.line("vs = \"baseline\"", "");
        sheet.line(&format!("fail_if = {}", quoted(fails)), "");
        if let DraftRule::Watchdog { .. } = self.rule {
            sheet.blank();
            sheet.line("[[assert]]", "how many messages people get");
            sheet.line("id = \"nudge-load\"", "");
            sheet.line("metric = \"replay.nudges.per_owner_day.p95\"", "a key of the result of a replay");
            sheet.line("vs = \"none\"", "");
            sheet.line("fail_if = \"abs > 4\"", "");
        }
    }

    fn test(&self, sheet: &mut Sheet, test: &DraftTest) {
        sheet.blank();
        sheet.line("[[test]]", "needs no log");
        sheet.line(&format!("name = {}", quoted(&test.name)), "");
        let events: Vec<String> = test.events.iter().map(TestEvent::written).collect();
        sheet.line(&format!("events = {}", list(&events)), "");
        if let Some(calendar) = self.calendars.default_calendar().filter(|_| test.in_utc) {
            sheet.line(&format!("calendar_override = {{ {} = \"UTC\" }}", quoted(calendar.name())), "");
        }
        let expect: Vec<String> = test
            .expect
            .iter()
            .map(|(at, action, to)| {
                format!("{{ at = \"{at}\", action = {}, to = {} }}", quoted(action.as_str()), quoted(to))
            })
            .collect();
        sheet
            .line(&format!("expect = [{}]", expect.join(", ")), if expect.is_empty() { "it does nothing" } else { "" });
    }
}

/// The name of the effect of a step.
fn effect_of(action: Action) -> &'static str {
    match action {
        Action::Escalate => "escalation",
        Action::Nudge | Action::Update | Action::Ask | Action::Human => "nudge",
    }
}

/// `key = "value"`, or `key = false` where nothing must be known.
fn pair(key: &str, value: Option<&str>) -> String {
    format!("{key} = {}", value.map_or_else(|| "false".to_owned(), quoted))
}

fn list(texts: &[String]) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", texts.join(", "))
}

/// `0.15` of 150 thousandths.
fn thousandths(value: Milli) -> String {
    let text = format!("{}.{:03}", value.0 / 1_000, value.0 % 1_000);
    let short = text.trim_end_matches('0').trim_end_matches('.');
    short.to_owned()
}
