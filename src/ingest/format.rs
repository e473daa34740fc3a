//! Which format a text is in, told by its first bytes, never by its name.

/// A format of a log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Delimited text with a header line.
    Delimited,
    /// XES, or XML that turns out to be none.
    Xes,
    /// One JSON object per line.
    Ndjson,
    /// Parquet.
    Parquet,
}

/// Bytes that are enough to tell.
pub const SNIFFED: usize = 512;

impl Format {
    /// The format of a text that starts with `head`. What is nothing else is delimited text.
    #[must_use]
    pub fn of(head: &[u8]) -> Format {
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
        let markup = [&b"<?xml"[..], b"<!--", b"<!DOCTYPE"].into_iter().any(|mark| text.starts_with(mark));
        if starts_parquet(head) {
            Format::Parquet
        } else if markup || starts_a_log(text) {
            Format::Xes
        } else if starts_an_object(text) {
            Format::Ndjson
        } else {
            Format::Delimited
        }
    }

    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Format::Delimited => "csv",
            Format::Xes => "xes",
            Format::Ndjson => "ndjson",
            Format::Parquet => "parquet",
        }
    }
}

/// The first bytes of a Parquet file.
pub const PARQUET: &[u8] = b"PAR1";

/// Whether a file starts as Parquet: behind its mark stand control characters or nothing, not the names of columns.
#[must_use]
pub fn starts_parquet(head: &[u8]) -> bool {
    let Some(rest) = head.strip_prefix(PARQUET) else { return false };
    let is_binary = |byte: &u8| byte.is_ascii_control() && !matches!(byte, b'\t' | b'\r' | b'\n');
    rest.iter().any(is_binary) || rest.is_empty() || rest == PARQUET
}

/// A brace with nothing, a key in quotes or the end of the object behind it; a column may be called `{id}`. What Python
/// prints is taken for an object too, to be refused as one.
fn starts_an_object(text: &[u8]) -> bool {
    let Some(rest) = text.strip_prefix(b"{") else { return false };
    let rest = rest.trim_ascii_start();
    let python = || rest.first() == Some(&b'\'') && rest.windows(2).any(|two| two == b"':");
    matches!(rest.first(), None | Some(b'"' | b'}')) || python()
}

/// `<log>` or `<xes:log>`; a column may be called `<login>`.
fn starts_a_log(text: &[u8]) -> bool {
    let Some(tag) = text.strip_prefix(b"<") else { return false };
    let length = tag.iter().take_while(|byte| !byte.is_ascii_whitespace() && !matches!(byte, b'>' | b'/')).count();
    let (name, behind) = tag.split_at(length);
    !behind.is_empty() && (name == b"log" || name.ends_with(b":log"))
}

#[cfg(test)]
mod tests {
    use super::Format;

    #[test]
    fn the_beginning_tells_the_format() {
        for head in
            ["<?xml version=\"1.0\"?>", "\u{feff}\n<log xes.version=\"1.0\">", "<xes:log>", "<!-- x --><log>", "<log/>"]
        {
            assert_eq!(Format::of(head.as_bytes()), Format::Xes, "{head}");
        }
        for head in ["{\"id\": 1}", "\u{feff}{}\n", " {\n  \"id\"", "{"] {
            assert_eq!(Format::of(head.as_bytes()), Format::Ndjson, "{head}");
        }
        assert_eq!(Format::of(b"{'id': 1, 'state': 'New'}"), Format::Ndjson);
        for head in [&b"PAR1\x15\x04\x15\x80"[..], b"PAR1", b"PAR1PAR1", b"PAR1\xFF\xFF\x00"] {
            assert_eq!(Format::of(head), Format::Parquet);
        }
        for head in [
            "id,time\n1,2\n",
            "",
            "{id},time\n",
            "{'id'},time\n",
            "PAR,TIME\n",
            "PAR1,TIME\r\n1,2\n",
            "PAR1\tTIME\n",
            "<login>,time\n",
            "<log,time\n",
            "<",
            "<log",
        ] {
            assert_eq!(Format::of(head.as_bytes()), Format::Delimited, "{head}");
        }
    }
}
