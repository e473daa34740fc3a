//! `report.html`: the report as one page for a browser, without scripts and without anything from outside.
//!
//! It has the sections and words of the terminal, in their order; only what they look like is decided here. Every
//! text passes through [`markup`], which escapes it. The style sheet is allowed by its hash and nothing else is.

mod blocks;
mod chart;
mod markup;

use markup::Html;

use super::aging::{AgingReport, DailyReport};
use super::case::CaseReport;
use super::clocks::Clocks;
use super::explain::ExplainReport;
use super::model::Findings;
use super::page::{Block, Medium};
use super::sections;
use super::visible::{clip, visible};

/// How the page looks; part of the page.
const STYLE: &str = include_str!("html/style.css");
/// SHA-256 of [`STYLE`] in Base64, for the content policy; a test computes it again.
const STYLE_HASH: &str = "H0faveQUwrBL01UNvUIpFmR17p6wo22wrYDCqUfirSM=";
/// Rows of a long list that the page holds, most of them folded away; the tables as CSV hold all.
const MOST_ROWS: usize = 200;
/// Longest name of a log in the title.
const NAME: usize = 60;

/// The page as text with a final line end.
#[must_use]
pub fn page(findings: &Findings, clocks: Clocks) -> String {
    let blocks = sections::report(findings, medium(clocks));
    let logs: Vec<String> =
        findings.input.sources.iter().take(1).map(|source| clip(&visible(&source.name), NAME, "…")).collect();
    let more = findings.input.sources.len().saturating_sub(1);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    document(&format!("Workflow Coordination Analysis: {}{more}", logs.concat()), &blocks)
}

fn medium(clocks: Clocks) -> Medium {
    Medium { wide: true, graphic: true, most_rows: MOST_ROWS, clocks, endless: true }
}

/// The open cases as a page; of a long list the first `top`.
#[must_use]
pub fn aging(report: &AgingReport, top: usize, clocks: Clocks) -> String {
    document("Open cases", &sections::aging(report, top, medium(clocks)))
}

/// The daily report as a page; of a long list the first `top`.
#[must_use]
pub fn daily(report: &DailyReport, top: usize, clocks: Clocks) -> String {
    document("Daily report", &sections::daily(report, top, medium(clocks)))
}

/// An explained number as a page.
#[must_use]
pub fn explain(report: &ExplainReport) -> String {
    document("An explained number", &sections::explain(report, medium(Clocks::Wall)))
}

/// One case as a page.
#[must_use]
pub fn case(report: &CaseReport, clocks: Clocks) -> String {
    let title = format!("Case {}", clip(&visible(&report.case), NAME, "…"));
    document(&title, &sections::one_case(report, medium(clocks)))
}

/// Blocks as a page with a table of contents.
fn document(title: &str, blocks: &[Block]) -> String {
    let mut html = Html::default();
    html.element("html", &[("lang", "en")], |html| {
        html.element("head", &[], |html| head(html, title));
        html.element("body", &[], |html| body(html, blocks));
    });
    html.document()
}

fn head(html: &mut Html, title: &str) {
    let policy = format!("default-src 'none'; style-src 'sha256-{STYLE_HASH}'; base-uri 'none'; form-action 'none'");
    html.void("meta", &[("charset", "utf-8")]);
    html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
    html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
    html.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
    html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
    html.line("title", &[], title);
    html.style(STYLE);
}

fn body(html: &mut Html, blocks: &[Block]) {
    let starts_section = |block: &Block| matches!(block, Block::Heading(..));
    let first = blocks.iter().position(starts_section).unwrap_or(blocks.len());
    let (top, rest) = blocks.split_at(first);
    html.element("header", &[], |html| blocks::draw(html, top, ""));
    html.element("nav", &[("aria-label", "Contents")], |html| contents(html, rest));
    html.element("main", &[], |html| {
        let mut rest = rest;
        while let Some((Block::Heading(id, title), after)) = rest.split_first() {
            let end = after.iter().position(starts_section).unwrap_or(after.len());
            let name = format!("{id}-title");
            html.element("section", &[("id", id), ("aria-labelledby", &name)], |html| {
                html.line("h2", &[("id", &name)], title);
                blocks::draw(html, &after[..end], &name);
            });
            rest = &after[end..];
        }
    });
}

fn contents(html: &mut Html, blocks: &[Block]) {
    html.element("details", &[], |html| {
        html.line("summary", &[], "Contents");
        html.element("ol", &[], |html| {
            for block in blocks {
                if let Block::Heading(id, title) = block {
                    html.element("li", &[], |html| html.line("a", &[("href", &format!("#{id}"))], title));
                }
            }
        });
    });
}

#[cfg(test)]
pub(super) mod tests;
