//! Blocks as lines of text that never exceed the width.
//!
//! Every text passes through here, so here it is cut to the width, and ornaments become ASCII where the
//! terminal knows no other. It knows nothing of findings.

use super::Style;
use super::grid::Lines;
use crate::report::format::GLUE;
use crate::report::page::{Block, Grid};
use crate::report::visible::{split_at_width, width};

/// Narrowest page; a smaller one could hold no table.
const NARROWEST: usize = 60;
/// Widest line of running text; longer lines are hard to read.
const WIDEST_TEXT: usize = 100;
/// Columns before everything but headings.
const INDENT: usize = 2;

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
pub(super) struct Canvas {
    style: Style,
    out: String,
}

impl Canvas {
    /// An empty page.
    pub(super) fn new(style: Style) -> Self {
        Canvas { style: Style { width: style.width.max(NARROWEST), ..style }, out: String::new() }
    }

    /// The finished text.
    pub(super) fn finish(self) -> String {
        self.out
    }

    /// Draws one block below what is there.
    pub(super) fn draw(&mut self, block: &Block) {
        match block {
            Block::Title(title, writer) => self.title(title, writer),
            Block::Heading(_, title) => {
                self.blank();
                self.line(&self.drawable(title), Look::Heading);
            }
            Block::Blank => self.blank(),
            Block::Say(text) => self.hang("", text, Look::Plain),
            Block::Faint(text) => self.hang("", text, Look::Faint),
            Block::Warn(text) => self.hang("! ", text, Look::Warning),
            Block::Item(mark, text) => self.hang(mark, text, Look::Plain),
            Block::Labelled(label, columns, text) => {
                let label = self.drawable(label);
                let pad = columns.saturating_sub(width(&label));
                self.hang(&format!("{label}{}", " ".repeat(pad)), text, Look::Plain);
            }
            Block::Table(grid) => self.table(grid),
            // a sentence beside it holds the numbers
            Block::Parts(_) => {}
            Block::Code(lines) => {
                self.blank();
                lines.lines().for_each(|line| self.line(&format!("{}{line}", " ".repeat(INDENT)), Look::Plain));
            }
            Block::Note(number, text) => self.hang(&format!("[{number}] "), text, Look::Faint),
        }
    }

    fn title(&mut self, left: &str, right: &str) {
        let gap = self.style.width.saturating_sub(width(left) + width(right)).max(2);
        self.line(&format!("{left}{}{right}", " ".repeat(gap)), Look::Heading);
    }

    fn blank(&mut self) {
        if !self.out.is_empty() && !self.out.ends_with("\n\n") {
            self.out.push('\n');
        }
    }

    fn table(&mut self, grid: &Grid) {
        let lines = Lines::new(grid, self.style.unicode, |text| self.drawable(text).replace(GLUE, " "));
        for line in lines.fit(self.style.width - INDENT, self.ellipsis(), self.rule()) {
            self.line(&format!("{}{line}", " ".repeat(INDENT)), Look::Plain);
        }
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
                '░' => out.push('.'),
                '▒' => out.push('o'),
                '▓' => out.push('O'),
                '█' => out.push('#'),
                other => out.push(other),
            }
        }
        out
    }
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
