//! Service levels of a log: definitions as codes, the timers of all cases, and what they come to.

pub(super) mod clock;
mod compile;
mod facts;
mod found;

pub use facts::Reconciliation;
pub use found::{breach_rate, cuts, found, near_breach};

use super::measure::Measured;
use crate::config::Config;
use crate::counts::counted;
use crate::error::Result;
use crate::ingest::IngestReport;
use crate::log::EventLog;
use crate::metrics::sla::{self, Definition, Plan, Timer};
use crate::states::Semantics;

/// The service levels of a log, measured.
pub struct ServiceLevels {
    /// What they are.
    pub plan: Plan,
    /// The timers of all cases, in the order of the log.
    pub timers: Vec<Timer>,
    /// What a reader should know: code, message, hint.
    pub remarks: Vec<Remark>,
    /// What the source system says, in the order of the definitions of the plan.
    pub reconciled: Vec<Reconciliation>,
}

/// Something a reader should know of a definition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    /// Short id.
    pub code: &'static str,
    /// In words.
    pub message: String,
    /// What to do.
    pub hint: String,
}

/// Measures the service levels of a log; nothing where none is configured.
///
/// # Errors
/// A usage problem where a definition looks at something that the log does not have.
pub fn measure(
    log: &EventLog,
    semantics: &Semantics,
    report: &IngestReport,
    config: &Config,
    threads: usize,
) -> Result<Option<ServiceLevels>> {
    if config.service_levels.is_empty() {
        return Ok(None);
    }
    let (plan, mut remarks) = compile::compile(log, semantics, report, config)?;
    let timers = sla::sweep(log, semantics, &plan, threads);
    let mut started = vec![false; plan.definitions.len()];
    for timer in &timers {
        started[timer.definition] = true;
    }
    let idle = plan.definitions.iter().zip(started).filter(|(_, started)| !started).map(|(definition, _)| definition);
    for definition in idle {
        let place =
            config.service_levels.iter().find(|told| told.id == definition.id).map_or(0, |told| told.place.line);
        remarks.push(never_starts(&definition.id, place, definition.start.is_empty()));
    }
    let mut reconciled = Vec::new();
    for (number, definition) in plan.definitions.iter().enumerate() {
        let of_definition: Vec<&Timer> = timers.iter().filter(|timer| timer.definition == number).collect();
        let told = config.service_levels.iter().find(|told| told.id == definition.id);
        let as_of_told = report.as_of_ms.is_some();
        let said = told.map(|told| facts::reconcile(log, semantics, definition, &of_definition, (told, as_of_told)));
        let mut said = said.unwrap_or_default();
        remarks.append(&mut said.remarks);
        reconciled.push(said);
    }
    Ok(Some(ServiceLevels { plan, timers, remarks, reconciled }))
}

/// Remarks on definitions whose timers go on in cases that are over.
#[must_use]
pub fn outlived(measured: &Measured, levels: &ServiceLevels) -> Vec<Remark> {
    let mut over = vec![0_u64; levels.plan.definitions.len()];
    let goes_on = |timer: &&Timer| timer.ended_ms.is_none() && measured.swept.facts[timer.case].completed;
    for timer in levels.timers.iter().filter(goes_on) {
        over[timer.definition] += 1;
    }
    let found = levels.plan.definitions.iter().zip(over).filter(|(_, cases)| *cases > 0);
    let remark = |(definition, timers): (&Definition, u64)| Remark {
        code: "sla_outlives_cases",
        message: format!(
            "{} of the service level `{}` {} on in cases that are over, since nothing stopped {}",
            counted(timers, "timer", "timers"),
            definition.id,
            if timers == 1 { "goes" } else { "go" },
            if timers == 1 { "it" } else { "them" },
        ),
        hint: "add `{ state_class = \"done\" }` to its `stop`, or to its `cancel` if such a case does not count"
            .to_owned(),
    };
    found.map(remark).collect()
}

fn never_starts(id: &str, line: u64, at_once: bool) -> Remark {
    let hint = if at_once {
        "correct its `when`, or add a `default` to its `target`; an earlier definition of its `kind` may take its cases"
    } else {
        "correct its `start` or `when`: names are compared as the log writes them, capitals and spaces too"
    };
    Remark {
        code: "sla_never_starts",
        message: format!("the service level `{id}` of line {line} of the configuration starts in no case"),
        hint: hint.to_owned(),
    }
}
