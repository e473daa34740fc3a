//! Tables that never exceed the width they are given.
//!
//! Prose gives way first and wraps, then details, then names; numbers are cut only when nothing else is left.

use comfy_table::{Cell, CellAlignment, ContentArrangement, LineStyle, Table, TableStyle};

use super::canvas::wrap;
use crate::report::page::{Grid, Kind};
use crate::report::visible::{clip, width};

/// Columns between two columns of a table.
const GAP: usize = 2;
/// Narrowest column of prose, details and names before the next kind gives way.
const NARROWEST_PROSE: usize = 24;
const NARROWEST_DETAIL: usize = 10;
const NARROWEST_NAME: usize = 8;
/// Lines of prose in one cell.
const PROSE_LINES: usize = 3;
/// Narrowest column of any kind.
const NARROWEST: usize = 3;
/// Columns of the longest bar.
const BAR: usize = 14;

/// A table on its way to lines.
pub(super) struct Lines {
    columns: Vec<(String, Kind)>,
    rows: Vec<Vec<String>>,
}

impl Lines {
    /// The table with every text changed by `change`; bars become a last column.
    pub(super) fn new(grid: &Grid, unicode: bool, change: impl Fn(&str) -> String) -> Self {
        let mut columns: Vec<_> = grid.columns.iter().map(|(header, kind)| (change(header), *kind)).collect();
        let mut rows: Vec<Vec<_>> = grid.rows.iter().map(|row| row.iter().map(|cell| change(cell)).collect()).collect();
        if grid.bars_of.is_some() {
            columns.push((String::new(), Kind::Name));
            rows.iter_mut().zip(&grid.bars).for_each(|(row, part)| row.push(bar(*part, unicode)));
        }
        Lines { columns, rows }
    }

    /// The lines of the table, none wider than `room`.
    pub(super) fn fit(&self, room: usize, ellipsis: &str, rule: char) -> Vec<String> {
        let widths = self.fitted(room);
        let mut table = Table::new();
        table.set_content_arrangement(ContentArrangement::Disabled);
        table.load_style(TableStyle::new().header_separator(LineStyle::none().fill(rule)));
        let clipped = |texts: &mut dyn Iterator<Item = &String>| -> Vec<Cell> {
            let sized = texts.zip(&widths).zip(&self.columns);
            sized.map(|((text, columns), (_, kind))| Cell::new(fit(text, *columns, *kind, ellipsis))).collect()
        };
        table.set_header(clipped(&mut self.columns.iter().map(|(header, _)| header)));
        for row in &self.rows {
            table.add_row(clipped(&mut row.iter()));
        }
        let last = self.columns.len().saturating_sub(1);
        for (index, (_, kind)) in self.columns.iter().enumerate() {
            let Some(column) = table.column_mut(index) else { continue };
            column.set_padding((0, if index == last { 0 } else { 2 }));
            column.set_cell_alignment(match kind {
                Kind::Name | Kind::Detail | Kind::Prose => CellAlignment::Left,
                Kind::Number => CellAlignment::Right,
            });
        }
        table.lines().map(|line| line.trim_end().to_owned()).collect()
    }

    /// The width of each column, natural where all fit.
    fn fitted(&self, room: usize) -> Vec<usize> {
        let mut widths: Vec<usize> = self.columns.iter().map(|(header, _)| width(header)).collect();
        for row in &self.rows {
            for (columns, cell) in widths.iter_mut().zip(row) {
                *columns = (*columns).max(width(cell));
            }
        }
        let room = room.saturating_sub(GAP * widths.len().saturating_sub(1));
        self.narrow(&mut widths, room, NARROWEST_PROSE, |kind| kind == Kind::Prose);
        self.narrow(&mut widths, room, NARROWEST_DETAIL, |kind| kind == Kind::Detail);
        self.narrow(&mut widths, room, NARROWEST_NAME, |kind| kind != Kind::Number);
        self.narrow(&mut widths, room, NARROWEST, |_| true);
        widths
    }

    /// Takes columns off the widest column that may give way, until all fit `room` or none is left.
    fn narrow(&self, widths: &mut [usize], room: usize, least: usize, may: impl Fn(Kind) -> bool) {
        let mut over = widths.iter().sum::<usize>().saturating_sub(room);
        while over > 0 {
            let candidates = widths.iter_mut().zip(&self.columns).filter(|(_, (_, kind))| may(*kind));
            let Some((widest, _)) =
                candidates.filter(|(columns, _)| **columns > least).max_by_key(|(columns, _)| **columns)
            else {
                return;
            };
            *widest -= 1;
            over -= 1;
        }
    }
}

/// A bar of at most [`BAR`] columns, in eighths where the terminal can draw them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "0 to 112")]
fn bar(part: f64, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let part = part.clamp(0.0, 1.0);
    if !unicode {
        return "#".repeat((part * BAR as f64).round() as usize);
    }
    let eighths = (part * (BAR * 8) as f64).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}

/// The text of a cell in `columns`: prose wrapped, anything else cut.
fn fit(text: &str, columns: usize, kind: Kind, ellipsis: &str) -> String {
    if kind != Kind::Prose {
        return clip(text, columns, ellipsis);
    }
    let mut lines = wrap(text, columns);
    if lines.len() > PROSE_LINES {
        let rest = lines.split_off(PROSE_LINES - 1).join(" ");
        lines.push(clip(&rest, columns, ellipsis));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> Grid {
        let mut grid = Grid::new().text("State").number("Visits").prose("Why");
        grid.row(["Awaiting User Info".to_owned(), "5,852".to_owned(), "the name is in the lexicon".to_owned()]);
        grid.row(["東京都".to_owned(), "1".to_owned(), String::new()]);
        grid
    }

    #[test]
    fn a_table_fits_any_width() {
        for room in 20..100 {
            for line in Lines::new(&sample(), true, str::to_owned).fit(room, "…", '─') {
                assert!(width(&line) <= room, "{room}: {line}");
            }
        }
    }

    #[test]
    fn numbers_stand_at_the_right() {
        insta::assert_snapshot!(Lines::new(&sample(), true, str::to_owned).fit(60, "…", '─').join("\n"), @r"
        State               Visits  Why
        ──────────────────────────────────────────────────────
        Awaiting User Info   5,852  the name is in the lexicon
        東京都                   1
        ");
    }
}
