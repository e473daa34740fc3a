//! Blocks as elements: runs of items become lists, runs of labelled lines definitions, grids tables.

use super::chart;
use super::markup::Html;
use crate::report::page::{Block, Grid, Kind};

/// Draws the blocks of one section, whose heading has the id `name`.
pub(super) fn draw(html: &mut Html, blocks: &[Block], name: &str) {
    let mut rest = blocks;
    while let Some((block, after)) = rest.split_first() {
        let run = |belongs: fn(&Block) -> bool| {
            rest.split_at(rest.iter().position(|block| !belongs(block)).unwrap_or(rest.len()))
        };
        rest = match block {
            Block::Item(..) | Block::Warn(_) => {
                let (items, rest) = run(|block| matches!(block, Block::Item(..) | Block::Warn(_)));
                list(html, items);
                rest
            }
            Block::Labelled(..) => {
                let (lines, rest) = run(|block| matches!(block, Block::Labelled(..)));
                definitions(html, lines);
                rest
            }
            Block::Note(..) => {
                let (notes, rest) = run(|block| matches!(block, Block::Note(..)));
                footnotes(html, notes);
                rest
            }
            Block::Title(title, writer) => {
                html.line("h1", &[], title);
                html.line("p", &[("class", "faint")], writer);
                after
            }
            Block::Heading(_, title) => {
                html.line("h2", &[], title);
                after
            }
            Block::Blank => after,
            Block::Say(text) => {
                html.line("p", &[], text);
                after
            }
            Block::Faint(text) => {
                html.line("p", &[("class", "faint")], text);
                after
            }
            Block::Table(grid) => {
                table(html, grid, name);
                after
            }
            Block::Code(lines) => {
                lines.lines().for_each(|line| html.line("p", &[], line));
                after
            }
            Block::Parts(parts) => {
                chart::parts(html, parts);
                after
            }
        };
    }
}

/// Whether a block belongs to the item before it.
fn is_under(block: &Block) -> bool {
    matches!(block, Block::Item(mark, _) if mark.starts_with("  "))
}

fn list(html: &mut Html, items: &[Block]) {
    html.element("ul", &[("class", "items")], |html| {
        let mut rest = items;
        while let Some((first, after)) = rest.split_first() {
            let end = after.iter().position(|block| !is_under(block)).unwrap_or(after.len());
            let class = if matches!(first, Block::Warn(_)) {
                "warning"
            } else if end == 0 {
                ""
            } else {
                "entry"
            };
            html.element("li", &[("class", class)], |html| {
                item(html, first, "lead");
                for block in &after[..end] {
                    item(html, block, "under");
                }
            });
            rest = &after[end..];
        }
    });
}

fn item(html: &mut Html, block: &Block, class: &'static str) {
    let (mark, text) = if let Block::Item(mark, text) = block {
        (mark.trim(), text)
    } else if let Block::Warn(text) = block {
        ("!", text)
    } else {
        return;
    };
    html.element("p", &[("class", class)], |html| {
        if !matches!(mark, "" | "·") {
            html.line("b", &[], mark);
            html.text(" ");
        }
        html.text(text);
    });
}

fn definitions(html: &mut Html, lines: &[Block]) {
    html.element("dl", &[], |html| {
        let mut rest = lines;
        while let Some((Block::Labelled(label, ..), after)) = rest.split_first() {
            let goes_on = |block: &Block| matches!(block, Block::Labelled(label, ..) if label.is_empty());
            let end = 1 + after.iter().position(|block| !goes_on(block)).unwrap_or(after.len());
            html.element("div", &[], |html| {
                let class = if label.starts_with(' ') { "sub" } else { "" };
                html.line("dt", &[("class", class)], label.trim());
                for block in &rest[..end] {
                    if let Block::Labelled(_, _, text) = block {
                        html.line("dd", &[], text);
                    }
                }
            });
            rest = &rest[end..];
        }
    });
}

fn footnotes(html: &mut Html, notes: &[Block]) {
    html.element("ul", &[("class", "notes")], |html| {
        for block in notes {
            if let Block::Note(number, text) = block {
                html.line("li", &[], &format!("[{number}] {text}"));
            }
        }
    });
}

/// The rows in plain sight, and the others folded away below them.
fn table(html: &mut Html, grid: &Grid, name: &str) {
    let shown = grid.shown.unwrap_or(grid.rows.len()).min(grid.rows.len());
    rows(html, grid, 0..shown, name);
    let more = grid.rows.len() - shown;
    if more > 0 {
        html.element("details", &[], |html| {
            html.line("summary", &[], &format!("{more} more"));
            rows(html, grid, shown..grid.rows.len(), name);
        });
    }
}

fn rows(html: &mut Html, grid: &Grid, range: std::ops::Range<usize>, name: &str) {
    let region = [("class", "scroll"), ("role", "region"), ("aria-labelledby", name), ("tabindex", "0")];
    html.element("div", &region, |html| {
        html.element("table", &[], |html| {
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for (header, kind) in &grid.columns {
                        html.line("th", &[("scope", "col"), ("class", class(*kind))], header);
                    }
                    if let Some(header) = grid.bars_of {
                        html.line("th", &[("scope", "col"), ("class", "bar")], &format!("{header}, drawn"));
                    }
                });
            });
            html.element("tbody", &[], |html| range.for_each(|at| html.element("tr", &[], |html| row(html, grid, at))));
        });
    });
}

fn row(html: &mut Html, grid: &Grid, at: usize) {
    for (index, (cell, (_, kind))) in grid.rows[at].iter().zip(&grid.columns).enumerate() {
        let class = class(*kind);
        if index == 0 {
            html.line("th", &[("scope", "row"), ("class", class)], cell.trim());
        } else {
            html.line("td", &[("class", class)], cell.trim());
        }
    }
    if grid.bars_of.is_some() {
        html.element("td", &[("class", "bar")], |html| chart::bar(html, grid, at));
    }
}

fn class(kind: Kind) -> &'static str {
    match kind {
        Kind::Name => "name",
        Kind::Detail => "detail",
        Kind::Prose => "prose",
        Kind::Number => "number",
    }
}
