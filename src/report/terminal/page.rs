//! A page of text: headings, wrapped sentences, tables, footnotes.
//!
//! Every text passes through here, so here it is cut to the width, and ornaments become ASCII where the
//! terminal knows no other. It knows nothing of findings but the reasons of unknown values.

use std::collections::{BTreeMap, BTreeSet};

use super::Style;
use super::grid::Grid;
use crate::report::format::{GLUE, UNKNOWN};
use crate::report::model::Unknown;
use crate::report::visible::{plain, split_at_width, width};

/// Narrowest page; a smaller one could hold no table.
const NARROWEST: usize = 60;
/// Widest line of running text; longer lines are hard to read.
const WIDEST_TEXT: usize = 100;
/// Columns before everything but headings.
pub(super) const INDENT: usize = 2;

/// How a line looks where colour is allowed.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Heading,
    Warning,
    Faint,
}

impl Look {
    fn code(self) -> Option<&'static str> {
        match self {
            Look::Plain => None,
            Look::Heading => Some("\u{1b}[1m"),
            Look::Warning => Some("\u{1b}[33m"),
            Look::Faint => Some("\u{1b}[2m"),
        }
    }
}

/// A page under construction.
pub(super) struct Page<'a> {
    style: Style,
    out: String,
    reasons: &'a BTreeMap<String, Unknown>,
    notes: Vec<&'a str>,
    explained: BTreeSet<String>,
}

impl<'a> Page<'a> {
    /// An empty page.
    pub(super) fn new(style: Style, reasons: &'a BTreeMap<String, Unknown>) -> Self {
        let style = Style { width: style.width.max(NARROWEST), ..style };
        Page { style, out: String::new(), reasons, notes: Vec::new(), explained: BTreeSet::new() }
    }

    /// The style in force.
    pub(super) fn style(&self) -> Style {
        self.style
    }

    /// The finished text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// The first line: a title and, at the right, who wrote it.
    pub(super) fn title(&mut self, left: &str, right: &str) {
        let gap = self.style.width.saturating_sub(width(left) + width(right)).max(2);
        self.line(&format!("{left}{}{right}", " ".repeat(gap)), Look::Heading);
    }

    /// A section heading after an empty line.
    pub(super) fn heading(&mut self, title: &str) {
        self.blank();
        self.line(&self.drawable(title), Look::Heading);
    }

    /// An empty line.
    pub(super) fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    /// A sentence or a few.
    pub(super) fn say(&mut self, text: &str) {
        self.hang("", text, Look::Plain);
    }

    /// A remark of less weight.
    pub(super) fn faint(&mut self, text: &str) {
        self.hang("", text, Look::Faint);
    }

    /// A warning with its hanging mark.
    pub(super) fn warn(&mut self, text: &str) {
        self.hang("! ", text, Look::Warning);
    }

    /// Text behind a mark, wrapped under itself.
    pub(super) fn item(&mut self, mark: &str, text: &str) {
        self.hang(mark, text, Look::Plain);
    }

    /// A label of `columns` and its text, wrapped under itself.
    pub(super) fn labelled(&mut self, label: &str, columns: usize, text: &str) {
        let label = self.drawable(label);
        let pad = columns.saturating_sub(width(&label));
        self.hang(&format!("{label}{}", " ".repeat(pad)), text, Look::Plain);
    }

    /// A table.
    pub(super) fn grid(&mut self, grid: &Grid) {
        if grid.is_empty() {
            return;
        }
        let drawable = grid.map(|text| self.drawable(text).replace(GLUE, " "));
        for line in drawable.lines(self.style.width - INDENT, self.ellipsis(), self.rule()) {
            self.line(&format!("{}{line}", " ".repeat(INDENT)), Look::Plain);
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
            self.hang(&format!("[{}] ", index + 1), &plain(message), Look::Faint);
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

    fn hang(&mut self, mark: &str, text: &str, look: Look) {
        let first = format!("{}{}", " ".repeat(INDENT), self.drawable(mark));
        let rest = " ".repeat(width(&first));
        let room = self.style.width.min(WIDEST_TEXT).saturating_sub(width(&first)).max(8);
        for (index, line) in wrap(&self.drawable(text), room).into_iter().enumerate() {
            self.line(&format!("{}{line}", if index == 0 { &first } else { &rest }), look);
        }
    }

    fn line(&mut self, text: &str, look: Look) {
        let text = text.trim_end().replace(GLUE, " ");
        match look.code().filter(|_| self.style.colour && !text.is_empty()) {
            Some(code) => {
                let indent = text.len() - text.trim_start().len();
                self.out.extend([&text[..indent], code, &text[indent..], "\u{1b}[0m"]);
            }
            None => self.out.push_str(&text),
        }
        self.out.push('\n');
    }

    fn ellipsis(&self) -> &'static str {
        if self.style.unicode { "…" } else { ".." }
    }

    fn rule(&self) -> char {
        if self.style.unicode { '─' } else { '-' }
    }

    /// The text with our ornaments in ASCII where the terminal knows no other.
    fn drawable(&self, text: &str) -> String {
        if self.style.unicode {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        for character in text.chars() {
            match character {
                '–' => out.push('-'),
                '…' => out.push_str(".."),
                '·' => out.push('|'),
                '→' => out.push_str("->"),
                '≤' => out.push_str("<="),
                '≥' => out.push_str(">="),
                '×' => out.push('x'),
                other => out.push(other),
            }
        }
        out
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

/// Lines of at most `room` columns, broken between words, and inside one only where it is longer than a line.
pub(super) fn wrap(text: &str, room: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for mut word in text.split(' ').filter(|word| !word.is_empty()) {
        if used > 0 && used + 1 + width(word) > room {
            lines.push(String::new());
            used = 0;
        }
        while width(word) > room {
            let (start, rest) = split_at_width(word, room);
            lines.extend([start.to_owned(), String::new()].into_iter().skip(usize::from(rest.is_empty())));
            word = rest;
        }
        let Some(line) = lines.last_mut() else { continue };
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        line.push_str(word);
        used += width(word);
    }
    lines.retain(|line| !line.is_empty());
    lines
}

#[cfg(test)]
mod tests {
    use super::wrap;

    #[test]
    fn wrapping_breaks_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), Vec::<String>::new());
        assert_eq!(wrap("abcdefghij kl", 4), ["abcd", "efgh", "ij", "kl"]);
        assert_eq!(wrap("15.0\u{a0}h is long", 6), ["15.0\u{a0}h", "is", "long"]);
    }
}
