//! The sections of a report in their order, as blocks that every medium for reading draws its own way.
//!
//! The words and numbers are said here once; what a heading, a table or a bar looks like is up to the renderer.

mod aging;
mod checks;
mod comments;
mod data_quality;
mod explain;
mod flow;
mod habits;
mod kpis;
mod ledger;
mod money;
mod one_case;
mod opening;
mod points;
mod service_levels;
mod timers;
mod working_hours;

pub(super) use aging::{aging, daily};
pub(super) use data_quality::check;
pub(super) use explain::{definitions, explain};
pub(super) use one_case::one_case;

use super::model::Findings;
use super::page::{Block, Medium, Page};
use super::visible::visible;

/// The whole report as blocks, most important first.
pub(super) fn report(findings: &Findings, medium: Medium) -> Vec<Block> {
    let mut page = Page::new(medium, &findings.unknown);
    opening::title(&mut page, findings);
    let roles = &findings.mapping.roles;
    let tie_break = roles.get("tie_break").map(|found| visible(&found.column));
    opening::read(&mut page, &findings.input, tie_break.as_deref());
    opening::clocks(&mut page, findings);
    opening::warnings(&mut page, findings);
    opening::answer(&mut page, findings);
    let first_rows = findings.input.sources.first().map_or(0, |source| source.rows);
    opening::mapping(&mut page, &findings.mapping, first_rows);
    kpis::kpis(&mut page, findings);
    service_levels::service_levels(&mut page, findings);
    points::choke_points(&mut page, findings);
    points::interventions(&mut page, findings);
    money::buckets(&mut page, findings);
    money::assumptions(&mut page, &findings.roi);
    flow::states(&mut page, findings);
    ledger::ledger(&mut page, findings);
    flow::transitions(&mut page, findings);
    flow::handoffs(&mut page, findings);
    kpis::exceptions(&mut page, findings);
    kpis::questions(&mut page, findings);
    comments::comments(&mut page, findings);
    points::causes(&mut page, &findings.causes);
    habits::habits(&mut page, findings);
    points::active_points(&mut page, findings);
    checks::consistency(&mut page, findings);
    checks::actors_and_stale(&mut page, findings);
    checks::readiness(&mut page, &findings.readiness);
    checks::not_known(&mut page);
    page.finish()
}
