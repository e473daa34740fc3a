//! A report as blocks: headings, sentences, lists, labelled lines, tables, footnotes.
//!
//! It holds text that is already readable (controls are visible escapes) and not yet escaped for any medium, and
//! it keeps count of the reasons of unknown values. It draws nothing and knows nothing else of findings.

mod grid;

use std::collections::{BTreeMap, BTreeSet};

pub(super) use grid::{Grid, Kind};

use super::clocks::{Clocks, Shown};
use super::format::{GLUE, UNKNOWN};
use super::model::Unknown;
use super::visible::plain;

/// What the medium has room for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Medium {
    /// Whether tables may have more than the necessary columns.
    pub(super) wide: bool,
    /// Whether bars can be drawn finely, and parts of a whole at all.
    pub(super) graphic: bool,
    /// Rows of a long list that are taken along at most, however few stand in plain sight.
    pub(super) most_rows: usize,
    /// The clocks asked for.
    pub(super) clocks: Clocks,
    /// Whether tables may be of any width, so that nothing needs to be drawn with letters.
    pub(super) endless: bool,
}

/// One piece of a report, top to bottom.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Block {
    /// The title and who wrote it.
    Title(String, String),
    /// The beginning of a section: a name for links, and its heading.
    Heading(&'static str, String),
    /// Some room.
    Blank,
    /// A sentence or a few.
    Say(String),
    /// A remark of less weight.
    Faint(String),
    /// A warning.
    Warn(String),
    /// Text behind a mark, which starts with blanks where it belongs to the item before.
    Item(String, String),
    /// A label, the columns it takes on a terminal, and its text.
    Labelled(String, usize, String),
    /// A table.
    Table(Grid),
    /// Parts of a whole, for media that can draw them; the numbers stand in another block as well.
    Parts(Parts),
    /// Lines to copy as they are, without any text of a log.
    Code(String),
    /// The text of a footnote and its number.
    Note(usize, String),
}

/// Parts of a whole.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Parts {
    /// What the whole is.
    pub(super) title: String,
    /// Name, share from 0 to 1, and the share in words.
    pub(super) parts: Vec<(String, f64, String)>,
}

/// A report under construction.
pub(super) struct Page<'a> {
    medium: Medium,
    blocks: Vec<Block>,
    reasons: &'a BTreeMap<String, Unknown>,
    notes: Vec<&'a str>,
    explained: BTreeSet<String>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(medium: Medium, reasons: &'a BTreeMap<String, Unknown>) -> Self {
        Page { medium, blocks: Vec::new(), reasons, notes: Vec::new(), explained: BTreeSet::new() }
    }

    /// Whether tables may have more than the necessary columns.
    pub(super) fn is_wide(&self) -> bool {
        self.medium.wide
    }

    /// The clocks to show of findings that have a business clock, or not.
    pub(super) fn clocks(&self, has_business: bool) -> Shown {
        Shown::new(self.medium.clocks, has_business)
    }

    /// Whether tables may be of any width.
    pub(super) fn is_endless(&self) -> bool {
        self.medium.endless
    }

    /// Whether more may be drawn than a terminal can.
    pub(super) fn is_graphic(&self) -> bool {
        self.medium.graphic
    }

    /// Rows of a long list to take along where `shown` stand in plain sight.
    pub(super) fn most(&self, shown: usize) -> usize {
        self.medium.most_rows.max(shown)
    }

    /// The finished blocks.
    pub(super) fn finish(self) -> Vec<Block> {
        self.blocks
    }

    /// The first line: a title and who wrote it.
    pub(super) fn title(&mut self, title: &str, writer: &str) {
        self.blocks.push(Block::Title(title.to_owned(), writer.to_owned()));
    }

    /// The beginning of a section; `id` names it in links.
    pub(super) fn heading(&mut self, id: &'static str, title: &str) {
        self.blocks.push(Block::Heading(id, title.to_owned()));
    }

    /// Some room.
    pub(super) fn blank(&mut self) {
        self.blocks.push(Block::Blank);
    }

    /// A sentence or a few.
    pub(super) fn say(&mut self, text: &str) {
        self.blocks.push(Block::Say(text.to_owned()));
    }

    /// A remark of less weight.
    pub(super) fn faint(&mut self, text: &str) {
        self.blocks.push(Block::Faint(text.to_owned()));
    }

    /// A warning.
    pub(super) fn warn(&mut self, text: &str) {
        self.blocks.push(Block::Warn(text.to_owned()));
    }

    /// Text behind a mark; a mark that starts with two blanks or more belongs to the item before.
    pub(super) fn item(&mut self, mark: &str, text: &str) {
        self.blocks.push(Block::Item(mark.to_owned(), text.to_owned()));
    }

    /// A label of `columns` and its text.
    pub(super) fn labelled(&mut self, label: &str, columns: usize, text: &str) {
        self.blocks.push(Block::Labelled(label.to_owned(), columns, text.to_owned()));
    }

    /// Lines to copy as they are.
    pub(super) fn code(&mut self, lines: &str) {
        self.blocks.push(Block::Code(lines.to_owned()));
    }

    /// A table, unless it has no row.
    pub(super) fn grid(&mut self, grid: Grid) {
        if !grid.is_empty() {
            self.blocks.push(Block::Table(grid));
        }
    }

    /// Parts of a whole, largest first, unless there is none.
    pub(super) fn parts(&mut self, mut parts: Parts) {
        parts.parts.sort_by(|left, right| right.1.total_cmp(&left.1));
        if parts.parts.iter().any(|(_, share, _)| *share > 0.0) {
            self.blocks.push(Block::Parts(parts));
        }
    }

    /// The sign for an unknown value, with the number of its footnote where a reason is known.
    pub(super) fn unknown(&mut self, pointer: &str) -> String {
        self.note_number(pointer).map_or_else(|| UNKNOWN.to_owned(), |number| format!("{UNKNOWN}{GLUE}[{number}]"))
    }

    /// The number of the footnote with the reason at `pointer`, after a space, if there is one.
    pub(super) fn because(&mut self, pointer: &str) -> String {
        self.note_number(pointer).map_or_else(String::new, |number| format!("{GLUE}[{number}]"))
    }

    /// The value, or the sign for an unknown one.
    pub(super) fn or_unknown<T>(&mut self, value: Option<T>, pointer: &str, show: impl FnOnce(T) -> String) -> String {
        match value {
            Some(value) => show(value),
            None => self.unknown(pointer),
        }
    }

    fn note_number(&mut self, pointer: &str) -> Option<usize> {
        let (pointer, unknown) = nearest(self.reasons, pointer)?;
        self.explained.insert(any_index(pointer));
        let message = unknown.message.as_str();
        let index = self.notes.iter().position(|note| *note == message).unwrap_or_else(|| {
            self.notes.push(message);
            self.notes.len() - 1
        });
        Some(index + 1)
    }

    /// The footnotes of a section.
    pub(super) fn end_notes(&mut self) {
        for (index, message) in std::mem::take(&mut self.notes).into_iter().enumerate() {
            self.blocks.push(Block::Note(index + 1, plain(message)));
        }
    }

    /// Reasons no footnote has given yet, with the JSON pointers they hold for; `*` stands for any list index.
    pub(super) fn unexplained(&self) -> BTreeMap<&'a str, BTreeSet<String>> {
        let mut left: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
        for (pointer, unknown) in self.reasons {
            let pointer = any_index(pointer);
            if !self.explained.contains(&pointer) {
                left.entry(&unknown.message).or_default().insert(pointer);
            }
        }
        left
    }
}

/// The reason at `pointer` or at the nearest value above it.
fn nearest<'a>(reasons: &'a BTreeMap<String, Unknown>, pointer: &str) -> Option<(&'a str, &'a Unknown)> {
    let mut at = pointer;
    while !at.is_empty() {
        if let Some((key, unknown)) = reasons.get_key_value(at).or_else(|| reasons.get_key_value(&any_index(at))) {
            return Some((key, unknown));
        }
        at = at.rsplit_once('/')?.0;
    }
    None
}

/// The pointer with `*` for every list index.
fn any_index(pointer: &str) -> String {
    let is_index = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    pointer.split('/').map(|part| if is_index(part) { "*" } else { part }).collect::<Vec<_>>().join("/")
}
