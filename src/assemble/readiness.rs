//! The seven-item instrumentation checklist: what is there, and what its absence makes impossible.

use super::measure::Measured;
use crate::counts::{counted, part_of};
use crate::ingest::IngestReport;
use crate::ingest::mapping::Role;
use crate::ingest::mapping::canonical::{exported, speaks_of_sla};
use crate::log::{Column, LogText};
use crate::report::model::{Readiness, ReadinessItem};

struct Item {
    id: &'static str,
    name: &'static str,
    coverage: f64,
    evidence: String,
    blocks: &'static [&'static str],
    fix: &'static str,
}

pub fn readiness(measured: &Measured, ingest: &IngestReport) -> Readiness {
    let items = [
        ids(ingest),
        states(measured, ingest),
        owners(measured),
        comments(measured),
        artefacts(),
        sla(ingest, measured.sla.is_some()),
        outcomes(measured),
    ];
    let status = |coverage: f64| {
        if coverage >= 0.8 {
            ("present", 1.0)
        } else if coverage > 0.0 {
            ("partial", 0.5)
        } else {
            ("absent", 0.0)
        }
    };
    let score = items.iter().map(|item| status(item.coverage).1).sum::<f64>() / 7.0;
    let rows = items.into_iter().map(|item| ReadinessItem {
        id: item.id,
        name: item.name,
        status: status(item.coverage).0,
        coverage: item.coverage,
        evidence: LogText::new(item.evidence),
        blocks: item.blocks.to_vec(),
        fix: item.fix,
    });
    Readiness { score, items: rows.collect() }
}

/// Share of events with a value in a column.
#[expect(clippy::cast_precision_loss, reason = "a ratio")]
fn filled(column: Option<&Column>) -> f64 {
    let Some(column) = column else { return 0.0 };
    column.codes.known() as f64 / column.codes.len().max(1) as f64
}

#[expect(clippy::cast_precision_loss, reason = "a ratio")]
fn ids(ingest: &IngestReport) -> Item {
    let used = ingest.rows_read - ingest.rejects.total();
    Item {
        id: "case_ids",
        name: "stable case ids",
        coverage: used as f64 / ingest.rows_read.max(1) as f64,
        evidence: format!("{} have an id and a time", part_of(used, ingest.rows_read, "row", "rows")),
        blocks: &["everything"],
        fix: "export the ticket number and the time of every row",
    }
}

fn states(measured: &Measured, ingest: &IngestReport) -> Item {
    let own = ingest.mapping.columns.iter().any(|mapped| mapped.role == Role::State);
    let coverage = filled(measured.log.state.as_ref());
    Item {
        id: "status_changes",
        name: "status changes with times",
        coverage: if own { coverage } else { coverage * 0.5 },
        evidence: if own { "a state column is mapped".to_owned() } else { "activities stand in for states".to_owned() },
        blocks: &["time in state", "exceptions", "choke points"],
        fix: "export every change of status with its time",
    }
}

fn owners(measured: &Measured) -> Item {
    let (group, assignee) = (filled(measured.log.group.as_ref()), filled(measured.log.assignee.as_ref()));
    Item {
        id: "assignment_changes",
        name: "assignment changes",
        coverage: group.max(assignee),
        evidence: format!("{:.0} % of events name a group, {:.0} % a person", group * 100.0, assignee * 100.0),
        blocks: &["handoffs", "reassignment rate", "choke points by group"],
        fix: "export the assignment group and the assignee with every change",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio")]
fn comments(measured: &Measured) -> Item {
    let commented = measured.log.marks.as_ref().map_or(0, |marks| marks.iter().filter(|&&mark| mark != 0).count());
    let per_case = commented as f64 / measured.log.cases().max(1) as f64;
    let (kinds, read) = (measured.semantics.has_chase_kinds(), measured.semantics.voices.is_some());
    Item {
        id: "comments",
        name: "comments and updates",
        coverage: if kinds || read { 1.0 } else { per_case.min(1.0) * 0.79 },
        evidence: format!(
            "{} a comment{}",
            counted(commented as u64, "event carries", "events carry"),
            match (kinds, read) {
                (true, _) => "; event kinds name status checks",
                (false, true) => "; their words are read",
                (false, false) => "",
            }
        ),
        blocks: &["status chases per case", "communication", "question loops"],
        fix: "export comments with their author and time",
    }
}

fn artefacts() -> Item {
    Item {
        id: "artefacts",
        name: "artefacts and links",
        coverage: 0.0,
        evidence: "no column of links, attachments or approvals is read in this version".to_owned(),
        blocks: &["context at handoffs", "dependencies"],
        fix: "export links between cases and attachments",
    }
}

fn sla(ingest: &IngestReport, defined: bool) -> Item {
    let named = ingest.header.iter().find(|name| speaks_of_sla(name));
    Item {
        id: "sla",
        name: "service level definitions",
        coverage: if defined {
            1.0
        } else if named.is_some() {
            0.5
        } else {
            0.0
        },
        evidence: match (defined, named) {
            (true, _) => "`[[sla]]` defines them".to_owned(),
            (false, Some(name)) => format!("a column `{}`, no definition", exported(name)),
            (false, None) => "no column and no definition".to_owned(),
        },
        blocks: &["breach rate", "near-breach interventions"],
        fix: "state the targets per priority and their calendar",
    }
}

#[expect(clippy::cast_precision_loss, reason = "a ratio")]
fn outcomes(measured: &Measured) -> Item {
    let totals = &measured.swept.totals;
    let terminal = measured.semantics.states.iter().any(|state| state.class.is_terminal());
    Item {
        id: "outcomes",
        name: "outcome markers",
        coverage: if terminal { 1.0 } else { 0.0 },
        evidence: format!(
            "{:.0} % of cases end in a terminal state",
            totals.completed as f64 / totals.cases.max(1) as f64 * 100.0
        ),
        blocks: &["cycle time", "reopen rate", "results by outcome"],
        fix: "name the states that end a case in `[states]`",
    }
}
