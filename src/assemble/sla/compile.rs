//! Definitions of the configuration to codes of the log, with a remark on every name that the log does not have.

use std::ops::Range;

use super::Remark;
use crate::assemble::filter::is_elsewhere;
use crate::config::calendars::Attribute;
use crate::config::sla::{self as told, Place, Subject, Wanted};
use crate::config::{Config, Sla, nearest};
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::ingest::mapping::Role;
use crate::log::text::shown;
use crate::log::{Column, Dictionary, EventLog};
use crate::metrics::sla::{Condition, Definition, Pace, Plan, Seen, Target, Test};
use crate::states::{Class, Semantics};
use crate::time::Clock;

/// The plan, and what a reader should know of it.
pub fn compile(
    log: &EventLog,
    semantics: &Semantics,
    report: &IngestReport,
    config: &Config,
) -> Result<(Plan, Vec<Remark>)> {
    let mut compiler = Compiler { log, semantics, report, attributes: Vec::new(), remarks: Vec::new() };
    compiler.attributes.extend(semantics.priority);
    let mut kinds: Vec<(&str, Vec<&Sla>)> = Vec::new();
    for sla in &config.service_levels {
        match kinds.iter_mut().find(|(kind, _)| *kind == sla.kind) {
            Some((_, of_kind)) => of_kind.push(sla),
            None => kinds.push((&sla.kind, vec![sla])),
        }
    }
    let mut plan = Plan { calendars: config.calendars.all().to_vec(), ..Plan::default() };
    for (_, of_kind) in kinds {
        let from = plan.definitions.len();
        for sla in of_kind {
            plan.definitions.push(compiler.definition(sla)?);
        }
        plan.kinds.push(Range { start: from, end: plan.definitions.len() });
    }
    if let Some(sla) = plan.definitions.iter().position(|definition| definition.pace == Pace::OfCase) {
        let place = config
            .service_levels
            .iter()
            .find(|told| told.id == plan.definitions[sla].id)
            .map(|told| told.place.clone())
            .unwrap_or_default();
        for rule in config.calendars.rules() {
            let tests = rule.when.iter().map(|(attribute, values)| {
                let subject = match attribute {
                    Attribute::Group => Subject::Group,
                    Attribute::Priority => Subject::Priority,
                    Attribute::Case => Subject::Case,
                    Attribute::Column(name) => Subject::Column(name.clone()),
                };
                compiler.test(&subject, &Wanted::OneOf(values.clone()), &place, "a calendar rule")
            });
            plan.rules.push((Condition(tests.collect::<Result<_>>()?), rule.calendar));
        }
        let default = config.calendars.default_calendar().map(crate::time::Calendar::name);
        plan.default = default.and_then(|name| config.calendars.place(name).ok());
    }
    compiler.attributes.sort_unstable();
    compiler.attributes.dedup();
    plan.attributes = compiler.attributes;
    Ok((plan, compiler.remarks))
}

struct Compiler<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    report: &'a IngestReport,
    attributes: Vec<usize>,
    remarks: Vec<Remark>,
}

impl<'a> Compiler<'a> {
    fn definition(&mut self, sla: &Sla) -> Result<Definition> {
        let said = format!("the service level `{}`", sla.id);
        let by_class = |class: Class| {
            // before the first known state a case has no class
            let states = self.semantics.states.iter().enumerate();
            let wanted = states.map(|(code, state)| code != 0 && state.class == class).collect();
            vec![Condition(vec![Test { seen: Seen::State, wanted }])]
        };
        let (done, cancelled) = (by_class(Class::Done), by_class(Class::Cancelled));
        let stop = self.any(&sla.stop, &sla.place, &said)?;
        let cancel = self.any(&sla.cancel, &sla.place, &said)?;
        self.leaks(sla);
        Ok(Definition {
            id: sla.id.clone(),
            when: self.condition(&sla.when, &sla.place, &said)?,
            start: self.any(&sla.start, &sla.place, &said)?,
            pause: self.any(&sla.pause, &sla.place, &said)?,
            resume: self.any(&sla.resume, &sla.place, &said)?,
            reset: self.any(&sla.reset, &sla.place, &said)?,
            stop: if sla.stop.is_empty() { done } else { stop },
            cancel_first: !sla.cancel.is_empty(),
            cancel: if sla.cancel.is_empty() { cancelled } else { cancel },
            target: self.target(sla, &said)?,
            pace: match (sla.clock, sla.calendar) {
                (Clock::Wall, _) => Pace::Wall,
                (Clock::Business, Some(at)) => Pace::Calendar(at),
                (Clock::Business, None) => Pace::OfCase,
            },
            near_milli: sla.near.0,
        })
    }

    fn any(&mut self, told: &[told::Condition], place: &Place, said: &str) -> Result<Vec<Condition>> {
        told.iter().map(|condition| self.condition(condition, place, said)).collect()
    }

    fn condition(&mut self, told: &told::Condition, place: &Place, said: &str) -> Result<Condition> {
        let tests = told.0.iter().map(|(subject, wanted)| self.test(subject, wanted, place, said));
        Ok(Condition(tests.collect::<Result<_>>()?))
    }

    fn target(&mut self, sla: &Sla, said: &str) -> Result<Target> {
        let values: Vec<_> = sla.target.values.iter().map(|(_, duration)| *duration).collect();
        let mut target = Target { by: None, by_code: Vec::new(), values, default: sla.target.default };
        let Some(subject) = &sla.target.by else { return Ok(target) };
        for (at, (value, _)) in sla.target.values.iter().enumerate() {
            let test = self.test(subject, &Wanted::OneOf(vec![value.clone()]), &sla.place, said)?;
            target.by = Some(test.seen);
            target.by_code.resize(test.wanted.len(), None);
            for (place, _) in target.by_code.iter_mut().zip(test.wanted).filter(|(_, wanted)| *wanted) {
                *place = Some(at);
            }
        }
        Ok(target)
    }

    fn test(&mut self, subject: &Subject, wanted: &Wanted, place: &Place, said: &str) -> Result<Test> {
        let log = self.log;
        let by_role = |column: &'a Option<Column>, seen: Seen, role: Role| match column {
            Some(column) => Ok((seen, &column.dictionary)),
            None => Err(place.refuse(no_column(subject, role, said))),
        };
        let (seen, dictionary) = match subject {
            Subject::StateClass => return Ok(self.class_test(wanted)),
            Subject::Reopened => return Ok(Test { seen: Seen::Reopened, wanted: vec![false, true] }),
            Subject::Case => return Ok(self.case_test(wanted, said)),
            Subject::State => by_role(&log.state, Seen::State, Role::State)?,
            Subject::Group => by_role(&log.group, Seen::Group, Role::Group)?,
            Subject::Assignee => by_role(&log.assignee, Seen::Person, Role::Assignee)?,
            Subject::Activity => by_role(&log.activity, Seen::Activity, Role::Activity)?,
            Subject::Priority => match self.semantics.priority {
                Some(at) => (Seen::Attribute(at), &log.attributes[at].column.dictionary),
                None => return Err(place.refuse(no_column(subject, Role::Priority, said))),
            },
            Subject::Column(name) => self.column(name, place)?,
        };
        if let Seen::Attribute(at) = seen {
            self.attributes.push(at);
        }
        Ok(Test { seen, wanted: self.codes(subject, seen, dictionary, wanted, said) })
    }

    /// The column of a name: kept as an attribute, or mapped to a role.
    fn column(&self, name: &str, place: &Place) -> Result<(Seen, &'a Dictionary)> {
        let log = self.log;
        if let Some(at) = log.attributes.iter().position(|attribute| attribute.name == name) {
            return Ok((Seen::Attribute(at), &log.attributes[at].column.dictionary));
        }
        let roles = [
            (Role::State, Seen::State, &log.state),
            (Role::Activity, Seen::Activity, &log.activity),
            (Role::Group, Seen::Group, &log.group),
            (Role::Assignee, Seen::Person, &log.assignee),
        ];
        let mapped =
            |role: Role| self.report.mapping.columns.iter().any(|found| found.role == role && found.name == name);
        let mut found = roles.into_iter().filter(|(role, _, _)| mapped(*role));
        let found = found.find_map(|(_, seen, column)| Some((seen, &column.as_ref()?.dictionary)));
        found.ok_or_else(|| {
            let problem =
                Problem::usage(format!("the column `{}` cannot be looked at by a service level", shown(name)));
            place.refuse(problem.hint("name a column that is no time, no counter and not the one that says who acted"))
        })
    }

    fn class_test(&self, wanted: &Wanted) -> Test {
        let wanted = self.semantics.states.iter().enumerate().map(|(code, state)| match wanted {
            Wanted::Known(known) => (code != 0) == *known,
            Wanted::OneOf(classes) => code != 0 && classes.iter().any(|class| class == state.class.as_str()),
        });
        Test { seen: Seen::State, wanted: wanted.collect() }
    }

    fn case_test(&mut self, wanted: &Wanted, said: &str) -> Test {
        let ids = &self.log.case_ids;
        let flags: Vec<bool> = match wanted {
            Wanted::Known(known) => vec![*known; ids.len()],
            Wanted::OneOf(texts) => {
                let texts: std::collections::BTreeSet<&str> = texts.iter().map(String::as_str).collect();
                (0..ids.len()).map(|case| texts.contains(ids.id(case))).collect()
            }
        };
        if !flags.contains(&true) && self.report.chosen.is_none() {
            self.remark(
                format!("{said} names cases that the log does not have"),
                "write ids as the log does".to_owned(),
            );
        }
        Test { seen: Seen::Case, wanted: flags }
    }

    fn codes(
        &mut self,
        subject: &Subject,
        seen: Seen,
        dictionary: &Dictionary,
        wanted: &Wanted,
        said: &str,
    ) -> Vec<bool> {
        let mut flags = vec![false; dictionary.size()];
        match wanted {
            Wanted::Known(known) => flags.iter_mut().enumerate().for_each(|(code, flag)| *flag = (code != 0) == *known),
            Wanted::OneOf(texts) => {
                for text in texts {
                    match dictionary.code(text) {
                        Some(code) => flags[code as usize] = true,
                        None if is_elsewhere(self.report, text) => {}
                        None => self.unknown(subject, seen, dictionary, text, said),
                    }
                }
            }
        }
        flags
    }

    /// Remarks on a value that the log does not have. Names of people are neither repeated nor proposed.
    fn unknown(&mut self, subject: &Subject, seen: Seen, dictionary: &Dictionary, text: &str, said: &str) {
        let key = shown(subject.key());
        if seen == Seen::Person {
            let message = format!("{said} names a person in `{key}` who is no assignee of this log");
            self.remark(message, "write the name as the log does, capitals and spaces too".to_owned());
            return;
        }
        let hint = match nearest(text, dictionary.iter().map(|(_, name)| name)) {
            Some(near) => format!("did you mean `{}`?", shown(near)),
            None => "write the value as the log does, capitals and spaces too".to_owned(),
        };
        self.remark(format!("{said} names the value `{}` of `{key}`, which is not in this log", shown(text)), hint);
    }

    fn remark(&mut self, message: String, hint: String) {
        let remark = Remark { code: "unknown_name", message, hint };
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }

    /// Remarks on columns that know the future and decide a timer.
    fn leaks(&mut self, sla: &Sla) {
        let facts = &sla.facts.columns;
        let deciding = sla.columns().filter(|name| !facts.iter().any(|(_, fact)| fact == name));
        let leaky = |name: &&str| {
            let mut leaky = self.report.mapping.leaky.iter();
            leaky.any(|leaky| self.report.header.get(leaky.column).is_some_and(|header| header == name))
        };
        let found: Vec<&str> = deciding.filter(leaky).collect();
        for name in found {
            self.remarks.push(Remark {
                code: "sla_leaky_column",
                message: format!(
                    "the service level `{}` goes by `{}`, which knows how a case ends before it does",
                    sla.id,
                    shown(name)
                ),
                hint: "go by a column that is filled when a timer starts; `facts` is the place for what is known later"
                    .to_owned(),
            });
        }
    }
}

fn no_column(subject: &Subject, role: Role, said: &str) -> Problem {
    let key = subject.key();
    Problem::usage(format!("{said} looks at `{key}`, and the log has no {} column", role.as_str().replace('_', " ")))
        .hint(format!("name it, e.g. `{} COLUMN`, or take `{key}` out of the condition", role.flag()))
}
