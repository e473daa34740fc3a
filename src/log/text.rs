//! Text that came from a log.

use std::fmt::Write;

use serde::{Serialize, Serializer};

/// Text from an input, unchanged. It has no `Display`: a renderer must escape it for its own medium.
///
/// JSON is the one medium whose serializer escapes by itself, hence `Serialize`.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct LogText(String);

impl LogText {
    /// Wraps text that was read from an input.
    pub fn new(text: impl Into<String>) -> Self {
        LogText(text.into())
    }

    /// The text as it was read. The caller escapes it.
    #[must_use]
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl Serialize for LogText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

/// Text made safe to stand in a one-line message: control and direction-changing characters become visible
/// escapes, and anything beyond 60 characters becomes `…`.
#[must_use]
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    for (n, character) in text.chars().enumerate() {
        if n == 60 {
            out.push('…');
            break;
        }
        push_visible(&mut out, character);
    }
    out
}

/// The whole text with control and direction-changing characters as visible escapes, for names of files.
#[must_use]
pub fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    text.chars().for_each(|character| push_visible(&mut out, character));
    out
}

/// A text as a basic string of TOML, control and direction-changing characters as escapes that TOML reads back.
#[must_use]
pub fn toml_text(text: &str) -> String {
    let mut out = String::from('"');
    for character in text.chars() {
        if matches!(character, '"' | '\\') {
            out.extend(['\\', character]);
        } else if character.is_control() || is_deceptive(character) {
            let _ = write!(out, "\\U{:08X}", u32::from(character));
        } else {
            out.push(character);
        }
    }
    out.push('"');
    out
}

/// Appends `character`, escaped if a terminal or a reader could be misled by it.
pub fn push_visible(out: &mut String, character: char) {
    if character.is_control() || is_deceptive(character) {
        out.extend(character.escape_unicode());
    } else {
        out.push(character);
    }
}

/// The whole number that a text stands for: `7`, `-7`, and `7.0`, which a program made of `7` where it took the column
/// for fractions.
#[must_use]
pub fn whole_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let whole = match text.split_once('.') {
        Some((whole, zeros)) if !zeros.is_empty() && zeros.bytes().all(|byte| byte == b'0') => whole,
        Some(_) => return None,
        None => text,
    };
    whole.parse().ok()
}

/// Characters that reorder or hide text: bidirectional controls, zero-width characters, line separators.
fn is_deceptive(character: char) -> bool {
    matches!(character, '\u{61C}' | '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{FEFF}' | '\u{FFF9}'..='\u{FFFB}')
}

#[cfg(test)]
mod tests {
    use super::{shown, whole_number};

    #[test]
    fn whole_numbers_may_have_a_point_and_zeros() {
        for (text, number) in [
            ("7", Some(7)),
            (" -7.0 ", Some(-7)),
            ("7.00", Some(7)),
            ("7.", None),
            ("7.5", None),
            ("", None),
            (".0", None),
        ] {
            assert_eq!(whole_number(text), number, "{text}");
        }
    }

    #[test]
    fn control_and_direction_characters_become_visible() {
        assert_eq!(shown("a\u{1b}[31mb\u{202e}c\n"), "a\\u{1b}[31mb\\u{202e}c\\u{a}");
        assert_eq!(shown("Straße 東京"), "Straße 東京");
        assert_eq!(shown(&"x".repeat(100)).chars().count(), 61);
    }
}
