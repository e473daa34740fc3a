//! Blocks as Markdown: headings, lists, tables. Every text is escaped here, whatever it is.

use super::escape::{full, own};
use crate::report::page::{Block, Grid, Kind};

/// The blocks as Markdown with a final line end.
pub(super) fn draw(blocks: &[Block]) -> String {
    let mut out = String::new();
    for (index, block) in blocks.iter().enumerate() {
        let goes_on = index > 0 && same_list(&blocks[index - 1], block);
        if index > 0 && !goes_on {
            out.push('\n');
        }
        out.push_str(&one(block));
    }
    own(&out)
}

/// Whether two neighbours belong to one list.
fn same_list(before: &Block, block: &Block) -> bool {
    let kind = |block: &Block| match block {
        Block::Item(..) | Block::Warn(_) => Some(0),
        Block::Labelled(..) => Some(1),
        Block::Note(..) => Some(2),
        Block::Title(..)
        | Block::Heading(..)
        | Block::Blank
        | Block::Say(_)
        | Block::Faint(_)
        | Block::Table(_)
        | Block::Code(_)
        | Block::Parts(_) => None,
    };
    kind(before).is_some() && kind(before) == kind(block)
}

fn one(block: &Block) -> String {
    match block {
        Block::Title(title, writer) => format!("# {}\n\n{}\n", full(title), full(writer)),
        Block::Heading(_, title) => format!("## {}\n", full(title)),
        Block::Blank | Block::Parts(_) => String::new(),
        Block::Say(text) => format!("{}\n", full(text)),
        Block::Faint(text) => format!("*{}*\n", full(text)),
        Block::Warn(text) => format!("- **!** {}\n", full(text)),
        Block::Item(mark, text) => item(mark, text),
        Block::Labelled(label, _, text) if label.trim().is_empty() => format!("  {}\n", full(text)),
        Block::Labelled(label, _, text) => format!("- **{}**: {}\n", full(label.trim()), full(text)),
        Block::Table(grid) => table(grid),
        Block::Code(lines) => format!("```toml\n{lines}\n```\n"),
        Block::Note(number, text) => format!("- \\[{number}\\] {}\n", full(text)),
    }
}

fn item(mark: &str, text: &str) -> String {
    let under = if mark.starts_with("  ") { "  " } else { "" };
    match mark.trim() {
        "" | "·" => format!("{under}- {}\n", full(text)),
        mark => format!("{under}- **{}** {}\n", full(mark), full(text)),
    }
}

fn table(grid: &Grid) -> String {
    let cells = |cells: &mut dyn Iterator<Item = &String>| -> String {
        let shown: Vec<String> = cells.map(|cell| full(cell.trim())).collect();
        format!("| {} |\n", shown.join(" | "))
    };
    let sides: Vec<&str> = grid
        .columns
        .iter()
        .map(|(_, kind)| match kind {
            Kind::Number => "---:",
            Kind::Name | Kind::Detail | Kind::Prose => "---",
        })
        .collect();
    let mut out = cells(&mut grid.columns.iter().map(|(header, _)| header));
    out.extend(["|", &sides.join("|"), "|\n"]);
    for row in &grid.rows {
        out.push_str(&cells(&mut row.iter()));
    }
    out
}
