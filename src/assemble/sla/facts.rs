//! What the source system says of a service level, held against our timers, case by case.
//!
//! Such a fact knows the future: the last value of a column, or a row of a table, is about the whole case, and nothing
//! else uses it.

use super::Remark;
use crate::assemble::share;
use crate::config::Sla;
use crate::config::sla::{FactTable, Measure, TableRows, ZendeskTarget, ZendeskTargets};
use crate::counts::counted;
use crate::log::text::shown;
use crate::log::{Attribute, Column, EventLog, LogText, NONE};
use crate::metrics::sla::{Definition, Pace, Status, Timer};
use crate::report::model::{SlaDiffering, SlaFactTable, SlaReconciled};
use crate::states::Semantics;

/// Differing cases that are listed.
const MOST: usize = 100;

/// Durations that differ by less are equal, ms: source systems round them to minutes.
const TOLERANCE_MS: i64 = 60_000;

/// What the source system says of one service level.
#[derive(Clone, Debug, Default)]
pub struct Reconciliation {
    /// Its facts against ours.
    pub facts: Vec<SlaReconciled>,
    /// The tables they come from, where they are not columns of the log.
    pub tables: Vec<SlaFactTable>,
    /// What a reader should know.
    pub remarks: Vec<Remark>,
}

/// Holds what is said of a service level against its timers. Tables say how things ended, so they are left out where
/// the log is read as of an instant that was told.
pub fn reconcile(
    log: &EventLog,
    semantics: &Semantics,
    definition: &Definition,
    timers: &[&Timer],
    (told, as_of_told): (&Sla, bool),
) -> Reconciliation {
    let held = Held { log, semantics, cases: by_case(timers) };
    let mut found = Reconciliation::default();
    for (measure, column) in &told.facts.columns {
        let attribute = log.attributes.iter().find(|attribute| attribute.name == *column);
        found.facts.extend(attribute.and_then(|attribute| held.column(attribute, *measure)));
    }
    if as_of_told && (told.facts.table.is_some() || told.facts.zendesk.is_some()) {
        found.remarks.push(Remark {
            code: "sla_facts",
            message: format!(
                "the tables named for `{}` were not compared: they say how cases ended, after `--as-of`",
                told.id
            ),
            hint: "leave `--as-of` out to compare them".to_owned(),
        });
        return found;
    }
    if let Some(table) = &told.facts.table {
        let columns = table.columns.iter().enumerate();
        found.facts.extend(columns.filter_map(|(place, (measure, name))| held.table(table, place, name, *measure)));
        let shares = held.shares(&table.rows, table.cases.len(), |case| table.cases.contains_key(case));
        found.remarks.extend(nothing_shared(told, &shares, table.cases.keys().next(), log));
        found.tables.push(shares);
    }
    if let Some(zendesk) = &told.facts.zendesk {
        found.facts.extend(held.zendesk(zendesk));
        found.remarks.extend(held.other_clock(zendesk, definition, told));
        let tickets = &zendesk.of_ticket;
        let shares = held.shares(&zendesk.policies, tickets.len(), |case| tickets.contains_key(case));
        found.remarks.extend(nothing_shared(told, &shares, tickets.keys().next(), log));
        found.tables.push(shares);
        found.tables.push(table_of(&zendesk.targets));
    }
    found
}

/// The timers of a definition by case, in the order of the log.
fn by_case<'t>(timers: &[&'t Timer]) -> Vec<(usize, Vec<&'t Timer>)> {
    let mut cases: Vec<(usize, Vec<&Timer>)> = Vec::new();
    for timer in timers {
        match cases.last_mut() {
            Some((case, timers)) if *case == timer.case => timers.push(timer),
            Some(_) | None => cases.push((timer.case, vec![timer])),
        }
    }
    cases
}

/// Our answer of a timer.
fn ours(measure: Measure, timer: &Timer) -> Option<i64> {
    match measure {
        Measure::Made | Measure::Breached => timer.breached().map(i64::from),
        Measure::Elapsed => timer.ended_ms.map(|_| timer.elapsed_ms),
    }
}

/// A log and the timers of one definition.
struct Held<'a> {
    log: &'a EventLog,
    semantics: &'a Semantics,
    cases: Vec<(usize, Vec<&'a Timer>)>,
}

impl Held<'_> {
    /// The last known value of a column in a case, as a code.
    fn last(&self, column: &Column, case: usize) -> Option<u32> {
        self.log.range(case).rev().map(|event| column.codes.get(event)).find(|&code| code != NONE)
    }

    /// A column of the log: its last value of a case against the last timer.
    fn column(&self, attribute: &Attribute, measure: Measure) -> Option<SlaReconciled> {
        let column = &attribute.column;
        let known: Vec<Option<i64>> =
            std::iter::once(None).chain(column.dictionary.iter().map(|(_, text)| measure.read(text))).collect();
        let mut comparison = Comparison::of(&attribute.name, measure);
        for (case, timers) in &self.cases {
            let theirs = self.last(column, *case).and_then(|code| known[code as usize]);
            // of several timers of a case the last one is what the source system shows
            let Some(timer) = timers.last() else { continue };
            comparison.add(self.log, timer, theirs, ours(measure, timer));
        }
        comparison.finish()
    }

    /// A column of a table: the greatest value of the rows of a case against the greatest of its timers, so that a case
    /// is breached where any of either is. A timer that was reset is none that the source system shows.
    fn table(&self, table: &FactTable, place: usize, column: &str, measure: Measure) -> Option<SlaReconciled> {
        let mut comparison = Comparison::of(column, measure);
        for (case, timers) in &self.cases {
            let theirs = table.cases.get(self.log.case_ids.id(*case)).and_then(|values| *values.get(place)?);
            let kept = timers.iter().filter(|timer| timer.status() != Status::Reset);
            let greatest = kept.filter_map(|timer| Some((ours(measure, timer)?, *timer))).max_by_key(|(ours, _)| *ours);
            if let Some((ours, timer)) = greatest {
                comparison.add(self.log, timer, theirs, Some(ours));
            }
        }
        comparison.finish()
    }

    /// The target of the policy that a ticket had against that of its last timer.
    fn zendesk(&self, zendesk: &ZendeskTargets) -> Option<SlaReconciled> {
        let mut comparison = Comparison::new("target", "target_ms", 0);
        for (case, timers) in &self.cases {
            let Some(timer) = timers.last() else { continue };
            let theirs = self.zendesk_target(zendesk, *case).map(|target| target.target_ms);
            comparison.add(self.log, timer, theirs, Some(timer.target_ms));
        }
        comparison.finish()
    }

    /// The target that Zendesk gave a case, by its last priority.
    fn zendesk_target(&self, zendesk: &ZendeskTargets, case: usize) -> Option<ZendeskTarget> {
        let column = &self.log.attributes.get(self.semantics.priority?)?.column;
        let priority = self.last(column, case).and_then(|code| column.dictionary.text(code))?;
        zendesk.target(self.log.case_ids.id(case), priority)
    }

    /// A remark on targets of the other clock, whose minutes are not ours, and on a log that has no priority.
    fn other_clock(&self, zendesk: &ZendeskTargets, definition: &Definition, told: &Sla) -> Option<Remark> {
        if self.semantics.priority.is_none() {
            return Some(Remark {
                code: "sla_facts",
                message: format!("targets of Zendesk for `{}` go by priority, and the log has none", told.id),
                hint: "name its column with `[mapping] priority = \"NAME\"`".to_owned(),
            });
        }
        let business = definition.pace != Pace::Wall;
        let targets = self.cases.iter().filter_map(|(case, _)| self.zendesk_target(zendesk, *case));
        let others = targets.filter(|target| target.business != business).count() as u64;
        let (theirs, ours, unit) = if business {
            ("at all hours", "in business time", "min` or `h")
        } else {
            ("in business time", "at all hours", "bh")
        };
        (others > 0).then(|| Remark {
            code: "sla_facts",
            message: format!(
                "the target of Zendesk runs {theirs} in {}, and that of `{}` {ours}",
                counted(others, "case", "cases"),
                told.id
            ),
            hint: format!("write its `target` in `{unit}`, or a service level of its own for such cases"),
        })
    }

    /// What became of the rows of a table, and which cases it shares with ours.
    fn shares(&self, rows: &TableRows, cases: usize, names: impl Fn(&str) -> bool) -> SlaFactTable {
        let ids = &self.log.case_ids;
        let in_log = (0..ids.len()).filter(|case| names(ids.id(*case))).count() as u64;
        let with_timer = self.cases.iter().filter(|(case, _)| names(ids.id(*case))).count() as u64;
        let cases = cases as u64;
        SlaFactTable {
            cases,
            not_in_log: cases - in_log,
            without_timer: in_log - with_timer,
            missing: self.cases.len() as u64 - with_timer,
            ..table_of(rows)
        }
    }
}

/// The rows of a table that names no cases.
fn table_of(rows: &TableRows) -> SlaFactTable {
    SlaFactTable {
        file: LogText::new(rows.file.clone()),
        rows: rows.all,
        deleted: rows.deleted,
        others: rows.others,
        cases: 0,
        repeated: rows.repeated_cases,
        not_in_log: 0,
        without_timer: 0,
        missing: 0,
    }
}

/// A remark on a table whose cases are none of the log.
fn nothing_shared(told: &Sla, table: &SlaFactTable, first: Option<&String>, log: &EventLog) -> Option<Remark> {
    let first = first.filter(|_| table.not_in_log == table.cases)?;
    Some(Remark {
        code: "sla_facts",
        message: format!(
            "none of the {} of `{}` for `{}` is in the log: it has `{}`, the log `{}`",
            counted(table.cases, "case", "cases"),
            shown(table.file.raw()),
            told.id,
            shown(first),
            shown(log.case_ids.id(0)),
        ),
        hint: "name the column that holds the ids of the log with `case`, or read a log with the ids of the table"
            .to_owned(),
    })
}

/// Their values against ours, case by case.
struct Comparison {
    found: SlaReconciled,
    tolerance_ms: i64,
}

impl Comparison {
    fn of(column: &str, measure: Measure) -> Self {
        match measure {
            Measure::Made | Measure::Breached => Comparison::new(column, "breached", 0),
            Measure::Elapsed => Comparison::new(column, "elapsed_ms", TOLERANCE_MS),
        }
    }

    fn new(column: &str, measure: &'static str, tolerance_ms: i64) -> Self {
        let found = SlaReconciled {
            column: LogText::new(column),
            measure,
            agreement: 0.0,
            cases: 0,
            total_theirs: 0,
            total_ours: 0,
            differing_cases: 0,
            differing: Vec::new(),
        };
        Comparison { found, tolerance_ms }
    }

    /// Compares a case where both sides know something.
    fn add(&mut self, log: &EventLog, timer: &Timer, theirs: Option<i64>, ours: Option<i64>) {
        let (Some(theirs), Some(ours)) = (theirs, ours) else { return };
        let found = &mut self.found;
        found.cases += 1;
        found.total_theirs = found.total_theirs.saturating_add(theirs);
        found.total_ours = found.total_ours.saturating_add(ours);
        let apart = theirs.abs_diff(ours);
        if apart > 0 && apart >= self.tolerance_ms.unsigned_abs() {
            found.differing_cases += 1;
            if found.differing.len() < MOST {
                let case = LogText::new(log.case_ids.id(timer.case));
                found.differing.push(SlaDiffering { case, theirs, ours, status: timer.status().as_str() });
            }
        }
    }

    /// Nothing where no case could be compared.
    fn finish(mut self) -> Option<SlaReconciled> {
        let found = &mut self.found;
        found.agreement = share(found.cases - found.differing_cases, found.cases)?;
        Some(self.found)
    }
}
