//! What the name of a column in a condition stands for, and which cases a column speaks for.

use crate::config::filter::Which;
use crate::config::nearest;
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::ingest::mapping::Role;
use crate::log::codes::each_width;
use crate::log::text::shown;
use crate::log::{AttributeRole, Column, EventLog, NONE};
use crate::metrics::case_facts::CaseFact;

/// The name of how a case ended.
pub const OUTCOME: &str = "outcome";

/// How a case may have ended; marks, of which one case may have several.
pub const OUTCOMES: [&str; 6] = ["open", "completed", "resolved", "cancelled", "reopened", "escalated"];

/// Names that stand for a column whatever its header.
const ROLES: [&str; 8] = ["case", "state", "activity", "group", "assignee", "actor", "priority", OUTCOME];

/// What a name stands for.
pub enum Looked<'a> {
    /// The id of the case.
    Case,
    /// How the case ended.
    Outcome,
    /// A column of values.
    Column {
        column: &'a Column,
        /// Which value of a case counts unless told.
        which: Which,
        /// It names people.
        is_person: bool,
        /// Its values may appear in every output.
        may_name: bool,
    },
}

/// Whether a case ended like this.
pub fn has_outcome(fact: &CaseFact, outcome: &str) -> bool {
    match outcome {
        "open" => !fact.completed,
        "completed" => fact.completed,
        "resolved" => fact.completed && !fact.cancelled,
        "cancelled" => fact.completed && fact.cancelled,
        "reopened" => fact.reopens > 0,
        "escalated" => fact.escalated,
        _ => false,
    }
}

/// What a name stands for: the column with this header, else that of the role.
pub fn looked_at<'a>(log: &'a EventLog, report: &IngestReport, name: &str) -> Result<Looked<'a>> {
    let mappings = std::iter::once(&report.mapping).chain(report.other_mappings.iter().map(|(_, mapping)| mapping));
    let found = mappings.flat_map(|mapping| &mapping.columns).filter(|found| found.name == name);
    let roles: Vec<Role> = found.map(|found| found.role).collect();
    if let Some(attribute) = log.attributes.iter().find(|attribute| attribute.name == name) {
        let is_person = roles.iter().any(|role| matches!(role, Role::Assignee | Role::Actor | Role::Requester));
        let may_name = !attribute.role.is_aside();
        return Ok(Looked::Column { column: &attribute.column, which: Which::First, is_person, may_name });
    }
    if let Some(found) = roles.into_iter().find_map(|role| of_role(log, role)) {
        return Ok(found);
    }
    let role = match name {
        "case" => Some(Role::Case),
        "state" => Some(Role::State),
        "activity" => Some(Role::Activity),
        "group" => Some(Role::Group),
        "assignee" => Some(Role::Assignee),
        "actor" => Some(Role::Actor),
        "priority" => Some(Role::Priority),
        OUTCOME => return Ok(Looked::Outcome),
        _ => None,
    };
    match role {
        Some(role) => of_role(log, role).ok_or_else(|| no_role(log, role, name)),
        None => Err(unknown(report, name)),
    }
}

/// A column that has one value after another.
fn changing(column: Option<&Column>, is_person: bool) -> Option<Looked<'_>> {
    Some(Looked::Column { column: column?, which: Which::Any, is_person, may_name: !is_person })
}

/// The column of a role, where the log has one.
fn of_role(log: &EventLog, role: Role) -> Option<Looked<'_>> {
    match role {
        Role::Case => Some(Looked::Case),
        Role::State => changing(log.state.as_ref(), false),
        Role::Activity => changing(log.activity.as_ref(), false),
        Role::Group => changing(log.group.as_ref(), false),
        Role::Assignee => changing(log.assignee.as_ref(), true),
        Role::Actor => changing(log.actor.as_ref(), true),
        Role::Priority => {
            let found = log.attributes.iter().find(|attribute| attribute.role == AttributeRole::Priority)?;
            Some(Looked::Column { column: &found.column, which: Which::First, is_person: false, may_name: true })
        }
        Role::Time
        | Role::Start
        | Role::Enabled
        | Role::Comment
        | Role::CommentVisibility
        | Role::CommentWriter
        | Role::Requester
        | Role::Outcome
        | Role::TieBreak
        | Role::Segment
        | Role::ReassignmentCount
        | Role::ReopenCount
        | Role::UpdateCount => None,
    }
}

fn no_role(log: &EventLog, role: Role, name: &str) -> Problem {
    let problem = Problem::usage(format!("the log has no {name} column"));
    if role == Role::State && log.activity.is_some() {
        return problem.hint("its states are made from activities: name `activity` instead, or `outcome`");
    }
    problem.hint(format!("name it, e.g. `{} COLUMN`, or write the header of another column", role.flag()))
}

fn unknown(report: &IngestReport, name: &str) -> Problem {
    let problem = Problem::usage(format!("no column of the log is called `{}`", shown(name)));
    let headers = || report.header.iter().map(String::as_str).chain(ROLES);
    match nearest(name, headers()) {
        Some(near) if near.chars().all(|letter| letter.is_alphanumeric() || letter == '_') => {
            problem.hint(format!("did you mean `{}`?", shown(near)))
        }
        Some(near) => problem.hint(format!("did you mean `\"{}\"`?", shown(near))),
        None => problem.hint(format!(
            "write a header as it is in the log, capitals too and in quotes where it has spaces, or one of {}",
            ROLES.join(", ")
        )),
    }
}

/// By case, whether the value that counts fits; `fits` is by text, in the order of the dictionary.
pub fn by_case(log: &EventLog, column: &Column, which: Which, fits: &[bool]) -> Vec<bool> {
    let of_code = |code: u32| (code != NONE).then(|| fits[code as usize - 1]);
    each_width!(&column.codes, codes => (0..log.cases())
        .map(|case| which.holds(codes[log.range(case)].iter().map(|&code| of_code(u32::from(code)))))
        .collect())
}
