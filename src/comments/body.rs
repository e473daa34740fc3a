//! Which part of a comment its writer wrote: quoted lines, forwarded mail and signatures are left out.
//!
//! It knows lines, not their meaning; which words begin a signature or stand before a mail comes with the lexicons.

use memchr::memchr;

/// Words that lines outside the writer's own text begin with, folded by [`line_start`].
#[derive(Clone, Debug, Default)]
pub(super) struct Borders {
    /// Words before the colon of a mail's header.
    pub headers: Vec<String>,
    /// Phrases that end a letter.
    pub closings: Vec<String>,
}

/// A closing line has this many bytes at most; a longer one says something.
const CLOSING_BYTES: usize = 48;

/// Gives the parts of `text` that its writer wrote, each with its place.
///
/// A text without line breaks is one part.
pub(super) fn own_parts<'a>(text: &'a str, borders: &Borders, mut give: impl FnMut(&'a str, usize)) {
    if memchr(b'\n', text.as_bytes()).is_none() {
        if !is_quoted(text) {
            give(text, 0);
        }
        return;
    }
    let mut from = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let end = at + line.len();
        let rest = &text[end..];
        if begins_foreign(line, rest, borders) || (at > 0 && is_closing(line, borders)) {
            give(&text[from..at], from);
            return;
        }
        if is_quoted(line) || introduces_quote(line, rest) {
            give(&text[from..at], from);
            from = end;
        }
        at = end;
    }
    give(&text[from..], from);
}

fn is_quoted(line: &str) -> bool {
    line.trim_start().starts_with('>')
}

/// "On Monday, Jane wrote:" before quoted lines.
fn introduces_quote(line: &str, rest: &str) -> bool {
    line.trim_end().ends_with([':', '：']) && rest.lines().find(|line| !line.trim().is_empty()).is_some_and(is_quoted)
}

/// True where all that follows is no longer the writer's.
fn begins_foreign(line: &str, rest: &str, borders: &Borders) -> bool {
    let line = line.trim();
    if line == "--" || line.starts_with("-----") || line.starts_with("_____") {
        return true;
    }
    let header = |line: &str| {
        let before = line.split_once([':', '：']).map(|(before, _)| line_start(before));
        before.is_some_and(|before| borders.headers.contains(&before))
    };
    header(line) && rest.lines().find(|line| !line.trim().is_empty()).is_some_and(|line| header(line.trim()))
}

fn is_closing(line: &str, borders: &Borders) -> bool {
    let line = line.trim();
    if line.is_empty() || line.len() > CLOSING_BYTES {
        return false;
    }
    let start = line_start(line);
    borders.closings.iter().any(|closing| {
        start.strip_prefix(closing.as_str()).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
    })
}

/// A line in lower case without the marks around it, as headers and closings are compared.
pub(super) fn line_start(line: &str) -> String {
    line.trim_matches(|letter: char| !letter.is_alphanumeric()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::{Borders, own_parts};

    fn own(text: &str) -> String {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let borders = Borders { headers: words(&["from", "sent", "subject"]), closings: words(&["kind regards"]) };
        let mut out = String::new();
        own_parts(text, &borders, |part, at| {
            assert_eq!(&text[at..at + part.len()], part);
            out.push_str(part);
        });
        out
    }

    #[test]
    fn quoted_lines_and_what_introduces_them_are_left_out() {
        assert_eq!(own("done\nOn Monday Jane wrote:\n\n> any news?\n> please\nthanks"), "done\n\nthanks");
        assert_eq!(own("> any news?"), "");
        assert_eq!(own("note this:\nit works"), "note this:\nit works");
    }

    #[test]
    fn mail_and_signatures_end_the_text() {
        assert_eq!(own("filed\n\nFrom: Jane\nSent: Monday\n\nany news?"), "filed\n\n");
        assert_eq!(own("From: yesterday it failed\nand today"), "From: yesterday it failed\nand today");
        assert_eq!(own("done\n--\nJane, status updates"), "done\n");
        assert_eq!(own("done\n-----Original Message-----\nany news?"), "done\n");
        assert_eq!(own("done\nKind regards,\nJane"), "done\n");
        assert_eq!(own("Kind regards to all\nthe log is attached"), "Kind regards to all\nthe log is attached");
        assert_eq!(own("done\nkind regards to everybody in the office who helped us\nx").lines().count(), 3);
    }
}
