//! The calendars of the configuration over the columns of a log: rules by code, and what reports say about them.

use std::collections::BTreeSet;

use super::Reasons;
use super::measure::Measured;
use crate::config::calendars::{Attribute, Calendars};
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::ingest::mapping::Role;
use crate::log::text::shown;
use crate::log::{AttributeRole, Column, EventLog, LogText};
use crate::metrics::clock::{BusinessClock, Condition, Rule, ValueOf};
use crate::report::model::{BusinessFound, CalendarFound};

/// The business clock of a log; nothing where no calendar is configured.
///
/// # Errors
/// A usage problem where a rule looks at a column that the log does not have, or that nothing was read from.
pub fn business_clock(log: &EventLog, ingest: &IngestReport, calendars: &Calendars) -> Result<Option<BusinessClock>> {
    if calendars.all().is_empty() {
        return Ok(None);
    }
    let place = |name: &str| calendars.all().iter().position(|calendar| calendar.name() == name);
    let rule = |rule: &crate::config::calendars::CalendarRule| {
        let when = rule.when.iter().map(|(attribute, values)| condition(log, ingest, attribute, values));
        Ok(Rule { when: when.collect::<Result<Vec<_>>>()?, calendar: rule.calendar })
    };
    Ok(Some(BusinessClock {
        calendars: calendars.all().to_vec(),
        rules: calendars.rules().iter().map(rule).collect::<Result<Vec<_>>>()?,
        default: calendars.default_calendar().and_then(|calendar| place(calendar.name())),
    }))
}

fn condition(log: &EventLog, ingest: &IngestReport, attribute: &Attribute, values: &[String]) -> Result<Condition> {
    let wanted: BTreeSet<&str> = values.iter().map(String::as_str).collect();
    let by_code = |of: ValueOf, column: &Column| {
        let mut holds = vec![false; column.dictionary.size()];
        for code in values.iter().filter_map(|value| column.dictionary.code(value)) {
            holds[code as usize] = true;
        }
        Condition { of, holds }
    };
    let found = match attribute {
        Attribute::Case => {
            let holds = (0..log.cases()).map(|case| wanted.contains(log.case_ids.id(case))).collect();
            return Ok(Condition { of: ValueOf::Case, holds });
        }
        Attribute::Group => log.group.as_ref().map(|column| by_code(ValueOf::Group, column)),
        Attribute::Priority => {
            let at = log.attributes.iter().position(|attribute| attribute.role == AttributeRole::Priority);
            at.map(|at| by_code(ValueOf::Attribute(at), &log.attributes[at].column))
        }
        Attribute::Column(header) => column_of(log, ingest, header).map(|(of, column)| by_code(of, column)),
    };
    found.ok_or_else(|| not_read(ingest, attribute))
}

/// The column of a header among those that were read.
fn column_of<'a>(log: &'a EventLog, ingest: &IngestReport, header: &str) -> Option<(ValueOf, &'a Column)> {
    if let Some(at) = log.attributes.iter().position(|attribute| attribute.name == header) {
        return Some((ValueOf::Attribute(at), &log.attributes[at].column));
    }
    let roles = [
        (Role::Group, ValueOf::Group, log.group.as_ref()),
        (Role::Assignee, ValueOf::Person, log.assignee.as_ref()),
        (Role::State, ValueOf::State, log.state.as_ref()),
    ];
    let is_read_as = |role: Role| ingest.mapping.columns.iter().any(|found| found.role == role && found.name == header);
    roles.into_iter().find(|(role, _, _)| is_read_as(*role)).and_then(|(_, of, column)| Some((of, column?)))
}

fn not_read(ingest: &IngestReport, attribute: &Attribute) -> Problem {
    let header = match attribute {
        Attribute::Group => {
            return Problem::usage("a calendar rule looks at the group, and no column was read as one")
                .hint("name the column with `--group COLUMN`, or take the rule out");
        }
        Attribute::Priority => {
            return Problem::usage("a calendar rule looks at the priority, and no column was read as one")
                .hint("name the column with `--priority COLUMN`, or take the rule out");
        }
        Attribute::Case => "case",
        Attribute::Column(header) => header,
    };
    let problem = Problem::usage(format!("a calendar rule looks at the column `{}`", shown(header)));
    if !ingest.header.iter().any(|known| known == header) {
        let known: Vec<String> = ingest.header.iter().map(|name| format!("`{}`", shown(name))).collect();
        return problem.hint(format!("the log has no such column; it has {}", known.join(", ")));
    }
    let segments = ingest.mapping.columns.iter().filter(|mapped| mapped.role == Role::Segment);
    let names: Vec<&str> = segments.map(|mapped| mapped.name.as_str()).chain([header]).collect();
    problem.hint(format!("nothing was read from it; add `--segment \"{}\"`", shown(&names.join(","))))
}

/// What the report says about the business clock.
pub fn business(measured: &Measured) -> Option<BusinessFound> {
    let (clock, tally) = (measured.clock.as_ref()?, measured.swept.business.as_ref()?);
    let calendars = clock.calendars.iter().enumerate().map(|(at, calendar)| CalendarFound {
        name: LogText::new(calendar.name()),
        timezone: calendar.description().zone.name().to_owned(),
        day_ms: calendar.day_ms(),
        default: clock.default == Some(at),
        rules: clock.rules.iter().filter(|rule| rule.calendar == at).count() as u64,
    });
    Some(BusinessFound { calendars: calendars.collect(), cases: tally.cases, cases_without: tally.cases_without })
}

/// Values on the business clock, which are all unknown without one.
const VALUES: [&str; 21] = [
    "/clocks/business",
    "/kpis/cycle_time_ms/business",
    "/kpis/first_resolution_business_ms",
    "/kpis/exception_mttr_business_ms",
    "/kpis/missing_information_mttr_business_ms",
    "/states/*/total_business_ms",
    "/states/*/completed_business_ms",
    "/states/*/next_step_business_ms",
    "/transitions/*/p50_business_ms",
    "/transitions/*/p90_business_ms",
    "/transitions/*/mean_business_ms",
    "/transitions/*/next_step_p50_business_ms",
    "/transitions/*/next_step_p90_business_ms",
    "/handoffs/pickup_business_ms",
    "/handoffs/pairs/*/pickup_p50_business_ms",
    "/handoffs/pairs/*/pickup_p90_business_ms",
    "/choke_points/*/p50_business_ms",
    "/choke_points/*/p90_business_ms",
    "/active_points/*/p50_business_ms",
    "/active_points/*/p90_business_ms",
    "/ledger/cells/*/in_hours",
];

/// Says why values on the business clock are unknown.
pub fn reasons(measured: &Measured, unknown: &mut Reasons) {
    let Some(business) = &measured.swept.business else {
        for pointer in VALUES {
            unknown.add(pointer, "needs_calendar", "no working calendar is configured; `wcaf check` proposes one");
        }
        return;
    };
    if measured.own.is_some() {
        for pointer in ["/states/*/total_business_ms", "/states/*/completed_business_ms"] {
            let message = "activities that overlap are timed by themselves, on the wall clock only";
            unknown.add(pointer, "overlapping_activities", message);
        }
    }
    if business.cases_without > 0 {
        unknown.add("/ledger/cells/*/in_hours", "no_calendar", "some cases have no calendar for all of their time");
    }
}
