//! One policy per intervention: whom it tells, after how long, over which weeks, and tests that need no log.
//!
//! Where the log does not say who could be told, or what could be asked, there is no policy but the reason.

use super::measure::Measured;
use crate::config::{Config, Milli};
use crate::ingest::mapping::Role;
use crate::log::LogText;
use crate::policy::{Action, ClerkMoment, Draft, DraftEffect, DraftRule, DraftStep, DraftTest, Recipient, TestEvent};
use crate::report::documents;
use crate::report::model::{Findings, Intervention, StateFound, Unknown};
use crate::states::acts::awaited;
use crate::time::calendar::Description;
use crate::time::{Calendar, Duration, DurationUnit, Zone, format_utc};

/// A policy file.
pub struct PolicyFile {
    /// Name below the folder of outputs.
    pub name: String,
    /// The whole file.
    pub text: String,
}

/// Columns that a policy looks at or asks for at most.
const MOST_COLUMNS: usize = 5;
/// Fewer names of owners are roles or stand-ins rather than people who can be told.
const FEWEST_PEOPLE: usize = 3;
const HOUR_MS: i64 = 3_600_000;
const DAY_MS: i64 = 24 * HOUR_MS;
/// Monday 2025-01-06 09:00 UTC, when the cases of tests begin.
const TEST_BEGINS_MS: i64 = 1_736_154_000_000;

/// Why there is no policy: code and message.
type NoPolicy = (&'static str, &'static str);

const NO_GROUPS: NoPolicy = ("no_groups", "no column names the groups a router chooses from");
const NO_COLUMNS: NoPolicy = (
    "no_columns",
    "no column is known at the beginning of a case; name some with `segments` of `[mapping]` in wcaf.toml",
);
const LAST_ACTOR: NoPolicy = (
    "next_actor_unknown",
    "the log says who did the last act and not who must do the next one, so nobody could be told",
);
const NOBODY: NoPolicy = ("nobody_named", "the log names no owner, group or requester here who could be told");

/// Writes a policy for each intervention that can have one, and puts its name or the reason into the findings.
#[must_use]
pub fn policies(measured: &Measured, config: &Config, findings: &mut Findings) -> Vec<PolicyFile> {
    let stems = documents::stems(findings);
    let writer = Writer::new(measured, config, findings);
    let drafts: Vec<Result<String, NoPolicy>> =
        findings.interventions.iter().map(|found| writer.draft(found).map(|draft| draft.text())).collect();
    findings.unknown.remove("/interventions/*/policy_file");
    let mut files = Vec::new();
    for (index, (draft, stem)) in drafts.into_iter().zip(stems).enumerate() {
        match draft {
            Ok(text) => {
                let name = format!("policies/{stem}.toml");
                findings.interventions[index].policy_file = Some(name.clone());
                files.push(PolicyFile { name, text });
            }
            Err((code, message)) => {
                let reason = Unknown { code, message: message.to_owned() };
                findings.unknown.insert(format!("/interventions/{index}/policy_file"), reason);
            }
        }
    }
    files
}

struct Writer<'a> {
    config: &'a Config,
    findings: &'a Findings,
    /// The calendar where no rule fits, whose hours are counted then.
    calendar: Option<&'a Calendar>,
    has_assignees: bool,
    has_requester: bool,
    /// First and last day of the log, days from 1970-01-01.
    days: (i64, i64),
}

impl<'a> Writer<'a> {
    fn new(measured: &Measured, config: &'a Config, findings: &'a Findings) -> Self {
        let names = measured.log.assignee.as_ref().map_or(0, |column| column.dictionary.iter().count());
        let first_ms = measured.log.time_ms.iter().min().copied().unwrap_or(0);
        Writer {
            config,
            findings,
            calendar: config.calendars.default_calendar(),
            has_assignees: names >= FEWEST_PEOPLE,
            has_requester: findings.mapping.roles.contains_key(Role::Requester.as_str()),
            days: (first_ms.div_euclid(DAY_MS), measured.semantics.as_of_ms.div_euclid(DAY_MS)),
        }
    }

    fn has_groups(&self) -> bool {
        self.findings.mapping.roles.contains_key(Role::Group.as_str())
    }

    fn draft(&self, found: &Intervention) -> Result<Draft<'a>, NoPolicy> {
        let mut when = self.place(found);
        let (rule, last_ms) = match found.pattern {
            "router" => {
                when.retain(|(key, value)| *key == "group" && value.is_some());
                (self.router()?, None)
            }
            "watchdog" => {
                let (steps, last_ms) = self.ladder(found)?;
                let first = steps.first().map_or(HOUR_MS, |(after, ..)| self.length_ms(*after));
                let quiet = hours(first.min(4 * HOUR_MS));
                (DraftRule::Watchdog { steps, wait_for_quiet: quiet, min_gap: quiet }, Some(last_ms))
            }
            "concierge" => {
                let [min_gap, digest_after] = [self.days_of(1), self.days_of(3)];
                (DraftRule::Concierge { min_gap, digest_after }, None)
            }
            _ => {
                when.retain(|(key, value)| *key == "group" && value.is_some());
                (self.clerk(&when)?, None)
            }
        };
        let guardrail = &found.guardrail;
        let fails = if guardrail.now.is_some_and(|now| now > 0.0) { "rel > +10%" } else { "abs > 0.01" };
        let delay =
            if self.calendar.is_some() { [self.hours(4), self.hours(24)] } else { [hours(4 * HOUR_MS), days(2)] };
        Ok(Draft {
            heading: heading(found, self.findings.tool.version),
            name: found.id.clone(),
            calendars: &self.config.calendars,
            days: self.days,
            levels: &self.config.service_levels,
            tests: self.tests(found, &rule, &when),
            rule,
            when,
            effect: DraftEffect { share: shares(found), delay },
            no_progress: last_ms.map_or_else(|| self.days_of(7), |last_ms| self.after_ladder(last_ms)),
            has_approvals: self.findings.states.iter().any(|state| state.class == "approval"),
            window: self
                .findings
                .window
                .as_ref()
                .map(|window| (window.dense_from.clone(), window.dense_to.clone(), (window.weeks / 6).min(4))),
            guardrail: (guardrail.metric.clone(), fails.to_owned()),
        })
    }

    /// State and group as conditions.
    fn place(&self, found: &Intervention) -> Vec<(&'static str, Option<String>)> {
        let Some(state) = &found.scope.state else { return Vec::new() };
        let mut when = vec![("state", Some(state.raw().to_owned()))];
        if self.has_groups() {
            when.push(("group", found.scope.group.as_ref().map(|group| group.raw().to_owned())));
        }
        when
    }

    /// Columns known at the beginning of a case.
    fn columns(&self) -> Result<Vec<String>, NoPolicy> {
        let mapping = &self.findings.mapping;
        let leaky = |column: &str| mapping.leaky.iter().any(|leaky| leaky.column.raw() == column);
        let known = mapping.roles.iter().filter(|(role, _)| role.starts_with("segment."));
        let columns = known.map(|(_, found)| found.column.raw().to_owned()).filter(|column| !leaky(column));
        let columns: Vec<String> = columns.take(MOST_COLUMNS).collect();
        if columns.is_empty() { Err(NO_COLUMNS) } else { Ok(columns) }
    }

    fn router(&self) -> Result<DraftRule, NoPolicy> {
        if !self.has_groups() {
            return Err(NO_GROUPS);
        }
        Ok(DraftRule::Router { features: self.columns()? })
    }

    fn clerk(&self, when: &[(&'static str, Option<String>)]) -> Result<DraftRule, NoPolicy> {
        let on = match (when.is_empty(), self.has_groups(), self.has_assignees) {
            (_, true, _) => ClerkMoment::GroupHandoff,
            (true, false, true) => ClerkMoment::PersonHandoff,
            (_, false, _) => ClerkMoment::CaseCreated,
        };
        Ok(DraftRule::Clerk { on, requires: self.columns()? })
    }

    /// The steps of a watchdog, and the time of the last one, ms: a reminder when three quarters of all stays in the state
    /// are over, the next step when nine in ten are.
    fn ladder(&self, found: &Intervention) -> Result<(Vec<DraftStep>, i64), NoPolicy> {
        let Some(state) = found.scope.state.as_ref() else { return Err(NOBODY) };
        if awaited(state.raw()).is_some() {
            return Err(LAST_ACTOR);
        }
        let Some(state) = self.findings.states.iter().find(|known| known.state == *state) else { return Err(NOBODY) };
        let mut to = Vec::new();
        if state.class == "waiting_requester" && self.has_requester {
            to.push(Recipient::Requester);
        }
        // what waits in a queue is often nobody's yet
        let is_queue = state.class == "queue" && found.scope.group.is_some();
        if self.has_assignees && !is_queue {
            to.push(Recipient::Assignee);
        }
        if found.scope.group.is_some() {
            to.push(Recipient::Group);
        }
        let Some(first) = to.first().cloned() else { return Err(NOBODY) };
        let second = to.get(1).cloned();
        let [p75_ms, p90_ms] = self.marks(state).ok_or(NOBODY)?;
        let (nudge, later) = (self.rounded(p75_ms), self.rounded(p90_ms));
        let nudge_ms = self.length_ms(nudge);
        let later = if self.length_ms(later) > nudge_ms { later } else { self.rounded(2 * nudge_ms) };
        let next = match second {
            Some(second) => (later, Action::Escalate, second),
            None => (later, Action::Nudge, first.clone()),
        };
        Ok((vec![(nudge, Action::Nudge, first), next], self.length_ms(later)))
    }

    /// The 75th and 90th percentile of the stays in a state, on the clock of the policy.
    fn marks(&self, state: &StateFound) -> Option<[i64; 2]> {
        let found = match (self.calendar, &state.completed_business_ms) {
            (Some(_), Some(business)) => business,
            (Some(_), None) | (None, _) => &state.completed_ms,
        };
        Some([found.p75?, found.p90?])
    }

    /// Whole hours, or days from three days on, and at least one hour.
    fn rounded(&self, ms: i64) -> Duration {
        let whole = |unit_ms: i64| ((ms + unit_ms / 2) / unit_ms).max(1);
        match self.calendar {
            Some(_) => self.hours(whole(HOUR_MS)),
            None if ms >= 3 * DAY_MS => days(whole(DAY_MS)),
            None => hours(whole(HOUR_MS) * HOUR_MS),
        }
    }

    /// Hours on the clock of the policy.
    fn hours(&self, count: i64) -> Duration {
        let unit = if self.calendar.is_some() { DurationUnit::BusinessHour } else { DurationUnit::Hour };
        Duration::new(count, unit).unwrap_or(Duration::ONE_DAY)
    }

    /// Days on the clock of the policy: of eight hours where the calendar does not say how long one is.
    fn days_of(&self, count: i64) -> Duration {
        match self.calendar.map(Calendar::day_ms) {
            Some(Some(_)) => Duration::new(count, DurationUnit::BusinessDay).unwrap_or(Duration::ONE_DAY),
            Some(None) => self.hours(8 * count),
            None => days(count),
        }
    }

    /// A week after the last step.
    fn after_ladder(&self, last_ms: i64) -> Duration {
        match self.calendar {
            Some(_) => self.hours(last_ms / HOUR_MS + 40),
            None => days(last_ms / DAY_MS + 7),
        }
    }

    /// The length in ms, on its own clock.
    fn length_ms(&self, duration: Duration) -> i64 {
        let business = || self.calendar.and_then(|calendar| duration.business_ms(calendar).ok().flatten());
        duration.wall_ms().or_else(business).unwrap_or(DAY_MS)
    }

    fn tests(&self, found: &Intervention, rule: &DraftRule, when: &[(&'static str, Option<String>)]) -> Vec<DraftTest> {
        let done = self.findings.states.iter().find(|state| state.class == "done");
        let done = done.map_or("Done", |state| state.state.raw());
        let case = TestCase { when, done, group: found.scope.group.as_ref().map(LogText::raw) };
        match rule {
            DraftRule::Watchdog { steps, .. } => {
                let early =
                    case.test("a case that moves on in time is left alone", TEST_BEGINS_MS, TEST_BEGINS_MS + 60_000);
                std::iter::once(early).chain(self.ladder_test(steps, &case)).collect()
            }
            DraftRule::Router { .. } => {
                let name = "without any history people choose the owner";
                vec![case.test(name, TEST_BEGINS_MS, TEST_BEGINS_MS + HOUR_MS)]
            }
            DraftRule::Concierge { .. } => {
                let mut test = case.test("a finished case is news", TEST_BEGINS_MS, TEST_BEGINS_MS + DAY_MS);
                test.expect = vec![(stamp(TEST_BEGINS_MS + DAY_MS), Action::Update, "kim".to_owned())];
                vec![test]
            }
            DraftRule::Clerk { on: ClerkMoment::CaseCreated, .. } => {
                let mut test =
                    case.test("what is missing is asked for at once", TEST_BEGINS_MS, TEST_BEGINS_MS + DAY_MS);
                test.expect = vec![(stamp(TEST_BEGINS_MS), Action::Ask, "kim".to_owned())];
                vec![test]
            }
            DraftRule::Clerk { on: ClerkMoment::GroupHandoff | ClerkMoment::PersonHandoff, .. } => {
                vec![case.test("without a handoff nothing is asked", TEST_BEGINS_MS, TEST_BEGINS_MS + DAY_MS)]
            }
        }
    }

    /// The whole ladder of a case that nobody touches, where no closed hour makes a step late.
    fn ladder_test(&self, steps: &[DraftStep], case: &TestCase<'_>) -> Option<DraftTest> {
        let calendar = match self.calendar {
            None => None,
            Some(calendar) => {
                let description = Description { zone: Zone::utc(), ..calendar.description().clone() };
                Some(Calendar::new(description).ok()?)
            }
        };
        let due = |begins_ms: i64, after: Duration| match &calendar {
            None => Some(begins_ms + self.length_ms(after)),
            Some(calendar) => {
                calendar.add_working(begins_ms, self.length_ms(after)).filter(|due| calendar.is_open(*due))
            }
        };
        let begins = (0..24).map(|hour| TEST_BEGINS_MS + hour * HOUR_MS);
        let mut fitting = begins.filter_map(|begins_ms| {
            let all: Option<Vec<i64>> = steps.iter().map(|(after, ..)| due(begins_ms, *after)).collect();
            all.map(|all| (begins_ms, all))
        });
        let (begins_ms, all) = fitting.next()?;
        let last_ms = all.last()? + DAY_MS;
        let mut test = case.test("a case that nobody touches climbs the ladder", begins_ms, last_ms);
        let to = |to: &Recipient| match to {
            Recipient::Group => case.group.unwrap_or_default().to_owned(),
            Recipient::Requester => "kim".to_owned(),
            Recipient::Assignee | Recipient::Approver | Recipient::ManagerOf(_) => "ann".to_owned(),
        };
        test.expect = all.into_iter().zip(steps).map(|(at, (_, action, who))| (stamp(at), *action, to(who))).collect();
        test.in_utc = calendar.is_some();
        Some(test)
    }
}

/// What the cases of a policy's tests look like.
struct TestCase<'a> {
    when: &'a [(&'static str, Option<String>)],
    done: &'a str,
    group: Option<&'a str>,
}

impl TestCase<'_> {
    /// A case that enters the place and is done later, of which nothing is expected yet.
    fn test(&self, name: &str, begins_ms: i64, done_ms: i64) -> DraftTest {
        let field = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        let mut fields: Vec<(String, String)> =
            self.when.iter().filter_map(|(key, value)| Some(field(key, value.as_deref()?))).collect();
        if !fields.iter().any(|(key, _)| key == "state") {
            fields.insert(0, field("state", "New"));
        }
        fields.extend([field("assignee", "ann"), field("requester", "kim")]);
        let events = vec![
            TestEvent { at: stamp(begins_ms), fields },
            TestEvent { at: stamp(done_ms), fields: vec![field("state", self.done)] },
        ];
        DraftTest { name: name.to_owned(), events, in_utc: false, expect: Vec::new() }
    }
}

fn hours(ms: i64) -> Duration {
    Duration::new((ms / HOUR_MS).max(1), DurationUnit::Hour).unwrap_or(Duration::ONE_DAY)
}

fn days(count: i64) -> Duration {
    Duration::new(count, DurationUnit::Day).unwrap_or(Duration::ONE_DAY)
}

/// `2025-01-06T09:00Z`.
fn stamp(ms: i64) -> String {
    format_utc(ms).replacen(":00Z", "Z", 1)
}

fn heading(found: &Intervention, version: &str) -> Vec<String> {
    vec![
        format!("{}.", found.title.raw()),
        format!("Written by wcaf {version} for the intervention {} of findings.json, level {}.", found.id, found.level),
        format!("Evidence: {}.", found.evidence.raw()),
        "This version of wcaf writes and checks this form and does not run it: nothing here was tried on the history."
            .to_owned(),
    ]
}

#[expect(clippy::cast_possible_truncation, reason = "shares lie between 0 and 1")]
fn shares(found: &Intervention) -> [Milli; 3] {
    let share = &found.effect.share;
    [share.low, share.base, share.high].map(|share| Milli((share * 1_000.0).round() as i64))
}
