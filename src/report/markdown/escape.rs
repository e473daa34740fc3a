//! Log text as Markdown that stays text: no emphasis, link, mention, HTML, table border or math.

use crate::report::format::GLUE;
use crate::report::visible::{clip, plain};

/// Longest name and longest sentence from outside.
const NAME: usize = 60;
const SENTENCE: usize = 300;

/// A name, escaped.
pub(in crate::report) fn name(text: &str) -> String {
    escaped(&clip(&plain(text), NAME, "…"))
}

/// A sentence that holds text from a log, escaped.
pub(in crate::report) fn sentence(text: &str) -> String {
    escaped(&clip(&plain(text), SENTENCE, "…"))
}

/// Text that is readable already, escaped at full length.
pub(in crate::report) fn full(text: &str) -> String {
    escaped(text)
}

/// Our own text with its no-break spaces made plain.
pub(in crate::report) fn own(text: &str) -> String {
    text.replace(GLUE, " ")
}

/// Escapes what Markdown, GitHub's extensions and HTML would take as more than text.
///
/// A word that a renderer would turn into a link or a mention by itself (`@`, `://`, `www.`) has no escape
/// that all of them respect and becomes code.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 8);
    let mut word = String::new();
    for character in text.chars() {
        if character.is_whitespace() || matches!(character, '<' | '>' | '&' | '`' | '|' | '\\' | '"') {
            flush(&mut out, &mut word);
            push_escaped(&mut out, character);
        } else {
            word.push(character);
        }
    }
    flush(&mut out, &mut word);
    out
}

fn flush(out: &mut String, word: &mut String) {
    let lower = word.to_lowercase();
    if word.contains('@') || lower.contains("://") || lower.contains("www.") {
        out.extend(["`", word.as_str(), "`"]);
    } else {
        word.chars().for_each(|character| push_escaped(out, character));
    }
    word.clear();
}

fn push_escaped(out: &mut String, character: char) {
    match character {
        '<' => out.push_str("&lt;"),
        '>' => out.push_str("&gt;"),
        '&' => out.push_str("&amp;"),
        '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' | '!' | '$' => out.extend(['\\', character]),
        other => out.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_stays_text() {
        assert_eq!(name("a|b`c`"), "a\\|b\\`c\\`");
        assert_eq!(name("[x](javascript:alert(1))"), "\\[x\\](javascript:alert(1))");
        assert_eq!(
            name("<img src=https://e.example/x onerror=a()>"),
            "&lt;img `src=https://e.example/x` onerror=a()&gt;"
        );
        assert_eq!(name("ask @team or WWW.e.example"), "ask `@team` or `WWW.e.example`");
        assert_eq!(name("**b** _i_ $x$ #1 ~~s~~"), "\\*\\*b\\*\\* \\_i\\_ \\$x\\$ \\#1 \\~\\~s\\~\\~");
        assert_eq!(name("a\nb"), "a\\\\u{a}b");
        assert_eq!(name("Straße 東京"), "Straße 東京");
    }
}
