//! The report on a terminal: tables and short sentences for 80 columns, most important first.
//!
//! Returns text and prints nothing. Text from a log cannot move the cursor, change colours or reverse
//! direction: controls become visible escapes before anything else happens to them.

mod canvas;
mod grid;

use canvas::Canvas;

use super::aging::{AgingReport, DailyReport};
use super::case::CaseReport;
use super::check::CheckReport;
use super::clocks::Clocks;
use super::definitions::Definition;
use super::explain::ExplainReport;
use super::model::Findings;
use super::page::{Block, Medium};
use super::sections;

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

/// From here on there is room for more columns.
const WIDE: usize = 110;

/// The whole report as text with a line end after every line.
#[must_use]
pub fn render(findings: &Findings, style: Style, clocks: Clocks) -> String {
    draw(&sections::report(findings, medium(style, clocks)), style)
}

/// The data-quality report as text with a line end after every line.
#[must_use]
pub fn check(report: &CheckReport, style: Style) -> String {
    draw(&sections::check(report, medium(style, Clocks::Wall)), style)
}

/// One case as text with a line end after every line.
#[must_use]
pub fn case(report: &CaseReport, style: Style, clocks: Clocks) -> String {
    draw(&sections::one_case(report, medium(style, clocks)), style)
}

/// An explained number as text with a line end after every line.
#[must_use]
pub fn explain(report: &ExplainReport, style: Style) -> String {
    draw(&sections::explain(report, medium(style, Clocks::Wall)), style)
}

/// All definitions as text with a line end after every line.
#[must_use]
pub fn definitions(all: &[Definition], style: Style) -> String {
    draw(&sections::definitions(all, medium(style, Clocks::Wall)), style)
}

/// The open cases as text with a line end after every line; of a long list the first `top`.
#[must_use]
pub fn aging(report: &AgingReport, top: usize, style: Style, clocks: Clocks) -> String {
    draw(&sections::aging(report, top, medium(style, clocks)), style)
}

/// The daily report as text with a line end after every line; of a long list the first `top`.
#[must_use]
pub fn daily(report: &DailyReport, top: usize, style: Style, clocks: Clocks) -> String {
    draw(&sections::daily(report, top, medium(style, clocks)), style)
}

fn medium(style: Style, clocks: Clocks) -> Medium {
    Medium { wide: style.width >= WIDE, graphic: false, most_rows: 0, clocks, endless: false }
}

/// Blocks as text with a line end after every line.
fn draw(blocks: &[Block], style: Style) -> String {
    let mut canvas = Canvas::new(style);
    for block in blocks {
        canvas.draw(block);
    }
    canvas.finish()
}

#[cfg(test)]
mod tests;
