//! Log text made safe to stand in a line of text, and cut to a width.
//!
//! It escapes controls and characters that reorder or hide text, and nothing else; Markdown, HTML and
//! CSV have their own rules on top of it.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::log::LogText;
use crate::log::text::push_visible;

/// Longest text from a log shown in a sentence, in characters; the rest is in `findings.json`.
const LONGEST: usize = 600;
/// Combining marks on one character that real scripts use; further ones become escapes.
const MOST_MARKS: usize = 4;

/// The text with control and direction-changing characters as visible escapes.
pub(super) fn visible(text: &LogText) -> String {
    plain(text.raw())
}

/// The same for text that does not come from a log directly.
pub(super) fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len().min(LONGEST));
    let (mut shown, mut marks) = (0, 0);
    for character in text.chars() {
        let end = out.len();
        marks = if character.width() == Some(0) { marks + 1 } else { 0 };
        if marks > MOST_MARKS {
            out.extend(character.escape_unicode());
        } else {
            push_visible(&mut out, character);
        }
        shown += out[end..].chars().count();
        if shown > LONGEST {
            out.truncate(end);
            out.push('…');
            break;
        }
    }
    out
}

/// The same at full length, for files that are not read in a terminal line by line.
pub(super) fn whole(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut out, character));
    out
}

/// Columns a text takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// The text cut to `columns`, with `ellipsis` where something is missing.
///
/// Combining marks take no column; more than three in a row per column are cut too.
pub(super) fn clip(text: &str, columns: usize, ellipsis: &str) -> String {
    let most_characters = columns.saturating_mul(4);
    if width(text) <= columns && text.chars().count() <= most_characters {
        return text.to_owned();
    }
    let room = columns.saturating_sub(width(ellipsis));
    let mut out = String::new();
    for (index, character) in text.chars().enumerate() {
        out.push(character);
        if width(&out) > room || index >= most_characters {
            out.pop();
            break;
        }
    }
    out.truncate(out.trim_end().len());
    if columns >= width(ellipsis) {
        out.push_str(ellipsis);
    }
    out
}

/// The longest beginning of `text` that fits `columns`, and the rest; at least one character is taken.
pub(super) fn split_at_width(text: &str, columns: usize) -> (&str, &str) {
    for (index, _) in text.char_indices().skip(1) {
        let next = index + text[index..].chars().next().map_or(0, char::len_utf8);
        if width(&text[..next]) > columns {
            return text.split_at(index);
        }
    }
    (text, "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn controls_become_visible() {
        assert_eq!(visible(&LogText::new("a\u{1b}[2J\r\nb\u{202e}c")), "a\\u{1b}[2J\\u{d}\\u{a}b\\u{202e}c");
        assert_eq!(plain(&format!("e{}", "\u{301}".repeat(5))), "e\u{301}\u{301}\u{301}\u{301}\\u{301}");
        assert_eq!(visible(&LogText::new("x".repeat(5_000))).chars().count(), LONGEST + 1);
    }

    #[test]
    fn clipping_counts_columns_not_characters() {
        assert_eq!(clip("Awaiting User Info", 10, "…"), "Awaiting…");
        assert_eq!(clip("東京都港区", 6, "…"), "東京…");
        assert_eq!(clip("short", 5, "…"), "short");
        assert_eq!(clip("shorter", 5, "..."), "sh...");
        assert_eq!(clip("anything", 0, "…"), "");
        let marks = format!("a{}", "\u{301}".repeat(1_000));
        assert!(clip(&marks, 8, "…").chars().count() < 40);
    }

    #[test]
    fn splitting_always_moves_on() {
        assert_eq!(split_at_width("abcdef", 4), ("abcd", "ef"));
        assert_eq!(split_at_width("東京", 1), ("東", "京"));
    }
}
