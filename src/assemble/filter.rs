//! The filter: which cases of a log are analysed, and what is said of those left out.
//!
//! Cases are kept or left out whole. What states mean, who is a bot and up to when the log is known are settled on the
//! whole log, so that they are the same for every filter.

mod columns;

use std::collections::BTreeSet;

use super::measure::{Whole, settle};
use crate::config::filter::{Condition, Look, Question, Test, number};
use crate::config::{Config, nearest};
use crate::counts::{count, counted};
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::log::text::shown;
use crate::log::{Chosen, EventLog};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::sweep;
use columns::{Looked, OUTCOMES, looked_at};

/// Values named in a note.
const NAMED: usize = 5;

/// How a filter is applied.
#[derive(Clone, Copy, Debug, Default)]
pub struct Choice {
    /// Cases that arrive before this instant are left out, UTC ms.
    pub arrived_from_ms: Option<i64>,
    /// Cases that arrive at this instant or later are left out, UTC ms.
    pub arrived_to_ms: Option<i64>,
    /// Names of people may appear.
    pub people: bool,
    /// Threads to use.
    pub threads: usize,
}

/// Keeps the cases that the filter of the configuration wants, and says so in the report. Also returns what was settled
/// on the whole log; nothing where there is no filter.
///
/// # Errors
/// A usage problem where a condition names a column that the log does not have, an outcome that does not exist, or a
/// person without leave to show names. An input problem where no case is left.
pub fn choose(
    log: EventLog,
    report: &mut IngestReport,
    config: &Config,
    choice: Choice,
) -> Result<(EventLog, Option<Whole>)> {
    if config.filter.is_empty() {
        return Ok((log, None));
    }
    let (whole, facts, as_of_ms) = of_whole(&log, report, config, choice.threads);
    let mut judge = Judge { log: &log, report, facts: facts.as_deref(), people: choice.people, notes: Vec::new() };
    let mut kept: Vec<(String, Vec<bool>)> = Vec::new();
    for condition in &config.filter.conditions {
        kept.push((format!("`{}`", shown(&condition.text)), judge.cases(condition, &condition.test)?));
    }
    let notes = judge.notes;
    if choice.arrived_from_ms.is_some() || choice.arrived_to_ms.is_some() {
        kept.push(("the time of arrival".to_owned(), arrived(&log, choice)));
    }
    let keep: Vec<bool> = (0..log.cases()).map(|case| kept.iter().all(|(_, cases)| cases[case])).collect();
    let (cases, events) = (log.cases() as u64, log.events() as u64);
    if !keep.contains(&true) {
        return Err(nothing_left(&kept, cases, &notes));
    }
    let mut elsewhere = log.texts();
    let log = log.only(&keep);
    let here = log.texts();
    elsewhere.retain(|text| !here.contains(text));
    report.as_of_ms = Some(as_of_ms);
    (report.order.pairs, report.order.tied) = log.pairs_and_ties();
    report.chosen = Some(Chosen {
        conditions: config.filter.conditions.iter().map(|condition| condition.text.clone()).collect(),
        arrived_from_ms: choice.arrived_from_ms,
        arrived_to_ms: choice.arrived_to_ms,
        cases: log.cases() as u64,
        events: log.events() as u64,
        cases_left_out: cases - log.cases() as u64,
        events_left_out: events - log.events() as u64,
        notes,
        elsewhere,
    });
    Ok((log, Some(whole)))
}

/// What is settled on the whole log, the facts of its cases where a condition asks for outcomes, and its `as_of`.
fn of_whole(
    log: &EventLog,
    report: &IngestReport,
    config: &Config,
    threads: usize,
) -> (Whole, Option<Vec<CaseFact>>, i64) {
    let settled = settle(log.clone(), report, config, None, threads);
    let outcomes = config.filter.columns().any(|column| column == columns::OUTCOME);
    let facts = outcomes.then(|| sweep(&settled.log, &settled.semantics, None, threads).facts);
    (Whole::of(&settled), facts, settled.semantics.as_of_ms)
}

/// By case, whether its first event lies in the window.
fn arrived(log: &EventLog, choice: Choice) -> Vec<bool> {
    let first_ms = |case: usize| log.time_ms[log.range(case).start];
    let fits = |ms: i64| {
        choice.arrived_from_ms.is_none_or(|from_ms| ms >= from_ms)
            && choice.arrived_to_ms.is_none_or(|to_ms| ms < to_ms)
    };
    (0..log.cases()).map(|case| fits(first_ms(case))).collect()
}

fn nothing_left(kept: &[(String, Vec<bool>)], cases: u64, notes: &[String]) -> Problem {
    let alone: Vec<String> = kept
        .iter()
        .map(|(what, cases)| {
            let cases = cases.iter().filter(|kept| **kept).count() as u64;
            format!("{what} alone keeps {}", counted(cases, "case", "cases"))
        })
        .collect();
    let problem = Problem::input(format!("the filter leaves none of the {}", counted(cases, "case", "cases")));
    let problem = notes.iter().fold(problem.note(alone.join("; ")), |problem, note| problem.hint(note.clone()));
    problem.hint("leave out or change a condition: `--where`, `--arrived-from`, `--arrived-to`, and `[filter]` in wcaf.toml must all hold")
}

/// Finds out which cases conditions hold for.
struct Judge<'a> {
    log: &'a EventLog,
    report: &'a IngestReport,
    facts: Option<&'a [CaseFact]>,
    people: bool,
    notes: Vec<String>,
}

impl Judge<'_> {
    /// By case, whether a part of a condition holds.
    fn cases(&mut self, condition: &Condition, test: &Test) -> Result<Vec<bool>> {
        match test {
            Test::All(tests) => self.joined(condition, tests, |all, one| all && one),
            Test::Any(tests) => self.joined(condition, tests, |any, one| any || one),
            Test::Not(test) => {
                let mut cases = self.cases(condition, test)?;
                for holds in &mut cases {
                    *holds = !*holds;
                }
                Ok(cases)
            }
            Test::Look(look) => self.look(condition, look),
        }
    }

    fn joined(&mut self, condition: &Condition, tests: &[Test], join: fn(bool, bool) -> bool) -> Result<Vec<bool>> {
        let mut joined: Option<Vec<bool>> = None;
        for test in tests {
            let cases = self.cases(condition, test)?;
            match &mut joined {
                None => joined = Some(cases),
                Some(joined) => joined.iter_mut().zip(cases).for_each(|(all, one)| *all = join(*all, one)),
            }
        }
        Ok(joined.unwrap_or_default())
    }

    fn look(&mut self, condition: &Condition, look: &Look) -> Result<Vec<bool>> {
        let looked =
            looked_at(self.log, self.report, &look.column).map_err(|problem| condition.refuse(look.at, problem))?;
        if look.which.is_some() && !matches!(looked, Looked::Column { .. }) {
            let problem = Problem::usage(format!("a case has only one `{}`", shown(&look.column)));
            return Err(condition.refuse(look.at, problem.hint("leave out `first.`, `last.` or `any.`")));
        }
        match looked {
            Looked::Case => Ok(self.by_id(look)),
            Looked::Outcome => self.by_outcome(condition, look),
            Looked::Column { column, which, is_person, may_name } => {
                if is_person && !self.people && look.question != Question::Known {
                    let problem = Problem::usage("the condition names people, and every output would repeat it");
                    return Err(condition.refuse(look.at, problem.hint("add `--people`, which shows names of people")));
                }
                let texts: Vec<&str> = column.dictionary.iter().map(|(_, text)| text).collect();
                let fits = self.fitting(look, &texts, self.people || may_name);
                Ok(columns::by_case(self.log, column, look.which.unwrap_or(which), &fits))
            }
        }
    }

    fn by_id(&mut self, look: &Look) -> Vec<bool> {
        let ids = &self.log.case_ids;
        let texts: Vec<&str> = (0..ids.len()).map(|case| ids.id(case)).collect();
        self.fitting(look, &texts, true)
    }

    /// By text, whether it is what a look asks for; with a note on what no text is.
    fn fitting(&mut self, look: &Look, texts: &[&str], may_name: bool) -> Vec<bool> {
        let column = shown(&look.column);
        match &look.question {
            Question::Known => vec![true; texts.len()],
            Question::OneOf(values) => {
                let wanted: BTreeSet<&str> = values.iter().map(String::as_str).collect();
                let fits: Vec<bool> = texts.iter().map(|text| wanted.contains(text)).collect();
                let found: BTreeSet<&str> = texts.iter().copied().filter(|text| wanted.contains(text)).collect();
                for value in wanted.difference(&found).take(NAMED) {
                    let near = nearest(value, texts.iter().copied()).filter(|_| may_name);
                    let hint = near.map_or_else(String::new, |near| format!("; did you mean `{}`?", shown(near)));
                    self.notes.push(format!("no event of the log has `{}` in `{column}`{hint}", shown(value)));
                }
                fits
            }
            Question::Holds(part) => {
                let part = part.to_lowercase();
                let fits: Vec<bool> = texts.iter().map(|text| text.to_lowercase().contains(&part)).collect();
                if !fits.contains(&true) {
                    self.notes.push(format!("no value of `{column}` holds `{}`", shown(&part)));
                }
                fits
            }
            Question::Number(sign, other) => {
                let other = number(other).unwrap_or(f64::NAN);
                let numbers: Vec<Option<f64>> = texts.iter().map(|text| number(text)).collect();
                let others = numbers.iter().filter(|number| number.is_none()).count() as u64;
                if others > 0 {
                    let values = counted(texts.len() as u64, "value", "values");
                    self.notes
                        .push(format!("{} of the {values} of `{column}` are no numbers and never fit", count(others)));
                }
                numbers.iter().map(|number| number.is_some_and(|number| sign.holds(number, other))).collect()
            }
        }
    }

    fn by_outcome(&self, condition: &Condition, look: &Look) -> Result<Vec<bool>> {
        let (Question::OneOf(wanted), Some(facts)) = (&look.question, self.facts) else {
            let problem = Problem::usage("an outcome is compared with `=`, `!=`, `in` and `not in` only");
            return Err(
                condition.refuse(look.at, problem.hint("write `outcome = open` or `outcome in (reopened, escalated)`"))
            );
        };
        if let Some(unknown) = wanted.iter().find(|value| !OUTCOMES.contains(&value.as_str())) {
            let problem = Problem::usage(format!("there is no outcome `{}`", shown(unknown)));
            let hint = match nearest(unknown, OUTCOMES.iter().copied()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("the outcomes are {}", OUTCOMES.join(", ")),
            };
            return Err(condition.refuse(look.at, problem.hint(hint)));
        }
        let has = |fact: &CaseFact| wanted.iter().any(|outcome| columns::has_outcome(fact, outcome));
        Ok(facts.iter().map(has).collect())
    }
}

/// Whether only cases that were left out have a text: then it is no slip of the pen.
#[must_use]
pub fn is_elsewhere(report: &IngestReport, text: &str) -> bool {
    report.chosen.as_ref().is_some_and(|chosen| chosen.elsewhere.contains(text))
}
