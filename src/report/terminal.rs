//! The report on a terminal: tables and short sentences for 80 columns, most important first.
//!
//! Returns text and prints nothing. Text from a log cannot move the cursor, change colours or reverse
//! direction: controls become visible escapes before anything else happens to them.

mod checks;
mod flow;
mod grid;
mod kpis;
mod ledger;
mod money;
mod opening;
mod page;
mod points;

use page::Page;

use super::model::Findings;
use super::visible::visible;

/// How a report is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Columns no line exceeds; at least 60.
    pub width: usize,
    /// Whether escape sequences for colour may be used.
    pub colour: bool,
    /// Whether lines, bars and dashes may be other than ASCII. Text from the log stays as it is.
    pub unicode: bool,
}

impl Default for Style {
    /// 80 columns, no colour, Unicode.
    fn default() -> Self {
        Style { width: 80, colour: false, unicode: true }
    }
}

/// The whole report as text with a line end after every line.
#[must_use]
pub fn render(findings: &Findings, style: Style) -> String {
    let mut page = Page::new(style, &findings.unknown);
    opening::title(&mut page, findings);
    let roles = &findings.mapping.roles;
    let tie_break = roles.get("tie_break").map(|found| visible(&found.column));
    opening::read(&mut page, &findings.input, tie_break.as_deref());
    opening::warnings(&mut page, findings);
    opening::answer(&mut page, findings);
    let first_rows = findings.input.sources.first().map_or(0, |source| source.rows);
    opening::mapping(&mut page, &findings.mapping, first_rows);
    kpis::kpis(&mut page, findings);
    points::choke_points(&mut page, findings);
    points::interventions(&mut page, findings);
    money::buckets(&mut page, findings);
    money::assumptions(&mut page, &findings.roi);
    flow::states(&mut page, findings);
    ledger::ledger(&mut page, &findings.ledger);
    flow::transitions(&mut page, findings);
    flow::handoffs(&mut page, findings);
    kpis::exceptions(&mut page, findings);
    kpis::questions(&mut page, findings);
    points::causes(&mut page, &findings.causes);
    points::active_points(&mut page, findings);
    checks::consistency(&mut page, findings);
    checks::actors_and_stale(&mut page, findings);
    checks::readiness(&mut page, &findings.readiness);
    checks::not_known(&mut page);
    page.finish()
}

#[cfg(test)]
mod tests;
