//! Recognising a CSV from its first bytes: byte-order mark, `sep=` line, delimiter, header.

use std::collections::HashMap;

use super::blocks::count_newlines;
use crate::error::{Problem, Result};
pub use crate::ingest::encoding::not_utf8;
use crate::ingest::limits::{Bound, Limits};
use crate::log::text::shown;

/// How a table is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Field separator.
    pub delimiter: u8,
    /// Column names.
    pub header: Vec<String>,
    /// Bytes before the first record: byte-order mark, `sep=` line and header.
    pub skip: usize,
}

/// Records looked at for a guess.
pub const SAMPLE_ROWS: usize = 5_000;

const DELIMITERS: [u8; 4] = [b',', b';', b'\t', b'|'];
const BOM: &[u8] = b"\xEF\xBB\xBF";

/// The name of a delimiter in messages.
#[must_use]
pub fn delimiter_name(delimiter: u8) -> &'static str {
    match delimiter {
        b',' => "comma",
        b';' => "semicolon",
        b'\t' => "tab",
        b'|' => "pipe",
        _ => "other",
    }
}

/// Recognises the dialect of a file from its first bytes; `whole` when they are all of it.
///
/// # Errors
/// When there is no header line, a column name occurs twice, or there are too many columns.
pub fn sniff(head: &[u8], whole: bool, wanted: Option<u8>, file: &str, limits: &Limits) -> Result<Dialect> {
    let refuse = |problem: Problem| Err(problem.in_file(file));
    let bom = mark(head);
    if head[bom..].iter().all(u8::is_ascii_whitespace) {
        return refuse(
            Problem::input("the input is empty")
                .hint("check the export; a log needs a header line and at least one row"),
        );
    }
    let (separator, start) = table_start(head);
    let body = &head[start..];
    let blank = body.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    let line = 1 + count_newlines(&head[..start + blank]);
    let delimiter = wanted.or(separator).unwrap_or_else(|| best_delimiter(body, whole));
    let (header, length) = read_header(body, delimiter);
    let written = &body[blank..length.max(blank)];
    refuse_broken(written, &body[blank..], delimiter, whole, limits)
        .and_then(|()| refuse_long(written, &header, limits))
        .and_then(|()| refuse_names(&header, limits))
        .map_err(|problem| problem.later(line - 1).in_file(file))?;
    Ok(Dialect { delimiter, header, skip: start + length })
}

/// Whether the header line ends within the first bytes of a file; a quote in it may hold line ends.
#[must_use]
pub fn header_ends(head: &[u8], wanted: Option<u8>) -> bool {
    let (separator, start) = table_start(head);
    let body = &head[start..];
    if !body.contains(&b'\n') {
        return false;
    }
    let delimiter = wanted.or(separator).unwrap_or_else(|| best_delimiter(body, false));
    read_header(body, delimiter).1 < body.len()
}

/// Bytes of a byte-order mark.
fn mark(head: &[u8]) -> usize {
    if head.starts_with(BOM) { BOM.len() } else { 0 }
}

/// What a `sep=` line says, and where the table begins behind it and a byte-order mark.
fn table_start(head: &[u8]) -> (Option<u8>, usize) {
    let bom = mark(head);
    let (separator, line) = separator_line(&head[bom..]);
    (separator, bom + line)
}

/// Refuses a header line that cannot be read; `line` is empty where it is no UTF-8 or has no end.
fn refuse_broken(
    line: &[u8],
    body: &[u8],
    delimiter: u8,
    whole: bool,
    limits: &Limits,
) -> std::result::Result<(), Problem> {
    let first = &body[..memchr::memchr(b'\n', body).unwrap_or(body.len())];
    if let Err(error) = std::str::from_utf8(if line.is_empty() { first } else { line }) {
        return Err(not_utf8(body, error.valid_up_to(), 1));
    }
    if line.is_empty() || line.len() == body.len() {
        if let Some(quote) = super::index::cut(body, delimiter, whole).open_quote {
            return Err(Problem::input("a quoted column name is never closed")
                .at_line(1 + count_newlines(&body[..quote]))
                .note("the quote opened there is still open at the end of the file")
                .hint("close the quote, or remove it"));
        }
        if !whole {
            return Err(header_too_long(limits));
        }
    }
    if line.contains(&0) {
        return Err(Problem::input("the header line holds a NUL byte, so the file is no UTF-8 text")
            .at_line(1)
            .hint("if it is UTF-16, add `--encoding utf-16le` or `--encoding utf-16be`; else export it as CSV"));
    }
    if line.last() == Some(&b'\r') {
        return Err(Problem::input("the header line ends in a carriage return without a line feed")
            .at_line(1)
            .hint("convert the line ends, e.g. `tr '\\r' '\\n' < LOG.csv > LOG-lf.csv`"));
    }
    Ok(())
}

/// Refuses a header line, or a name in it, that is longer than a record or a field may be.
fn refuse_long(line: &[u8], header: &[String], limits: &Limits) -> std::result::Result<(), Problem> {
    let length = line.len() - line.iter().rev().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
    if length > limits.record {
        return Err(header_too_long(limits));
    }
    if header.iter().any(|name| name.len() > limits.cell) {
        return Err(Problem::input(format!("a column name is longer than {} bytes", limits.cell))
            .at_line(1)
            .hint("check that the file is a text table with a header line")
            .hint(Bound::Cell.raise(limits.cell as u64)));
    }
    Ok(())
}

fn header_too_long(limits: &Limits) -> Problem {
    Problem::input(format!("the header line is longer than {} bytes", limits.record))
        .at_line(1)
        .hint("check that the file is a text table with a header line")
        .hint(Bound::Record.raise(limits.record as u64))
}

/// Refuses column names that cannot be those of a log.
fn refuse_names(header: &[String], limits: &Limits) -> std::result::Result<(), Problem> {
    if header.len() > limits.columns {
        let columns = header.len();
        return Err(Problem::input(format!("the header line has {columns} columns, more than {}", limits.columns))
            .at_line(1)
            .hint("export only the columns that the analysis needs")
            .hint(Bound::Columns.raise(limits.columns as u64)));
    }
    if header.len() < 2 {
        return Err(Problem::input("the header line has a single column")
            .at_line(1)
            .note(format!("`{}`", shown(header.first().map_or("", String::as_str))))
            .hint("add `--delimiter ';'` (or tab, `|`) if another character separates the columns"));
    }
    refuse_duplicates(header)
}

/// Excel's `sep=;` line: its delimiter and length.
fn separator_line(body: &[u8]) -> (Option<u8>, usize) {
    match body {
        [b's', b'e', b'p', b'=', delimiter, b'\n', ..] => (Some(*delimiter), 6),
        [b's', b'e', b'p', b'=', delimiter, b'\r', b'\n', ..] => (Some(*delimiter), 7),
        _ => (None, 0),
    }
}

/// The delimiter under which the first records agree on the most columns.
fn best_delimiter(body: &[u8], whole: bool) -> u8 {
    let score = |delimiter: u8| {
        let widths: Vec<usize> = records(body, delimiter, 100, whole).map(|record| record.len()).collect();
        let first = widths.first().copied().unwrap_or(0);
        let same = widths.iter().filter(|&&width| width == first).count();
        if first < 2 { (0, 0) } else { (same * 100 / widths.len(), first) }
    };
    DELIMITERS.into_iter().rev().max_by_key(|&delimiter| score(delimiter)).unwrap_or(b',')
}

fn read_header(body: &[u8], delimiter: u8) -> (Vec<String>, usize) {
    let mut reader = reader(body, delimiter);
    let mut record = csv::StringRecord::new();
    match reader.read_record(&mut record) {
        Ok(true) => {
            // The reader stops between the two characters of a CRLF.
            let length = usize::try_from(reader.position().byte()).unwrap_or(0);
            let length =
                length + usize::from(length > 0 && body[length - 1] == b'\r' && body.get(length) == Some(&b'\n'));
            (record.iter().map(str::to_owned).collect(), length)
        }
        _ => (Vec::new(), 0),
    }
}

/// The complete records of `body` under `delimiter`, at most `limit`.
pub fn records(body: &[u8], delimiter: u8, limit: usize, whole: bool) -> impl Iterator<Item = csv::StringRecord> {
    let complete = if whole { body.len() } else { super::index::cut(body, delimiter, false).length };
    let records: Vec<_> =
        reader(&body[..complete], delimiter).into_records().map_while(std::result::Result::ok).take(limit).collect();
    records.into_iter()
}

fn reader(body: &[u8], delimiter: u8) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(body)
}

fn refuse_duplicates(header: &[String]) -> std::result::Result<(), Problem> {
    let mut seen = HashMap::new();
    for (second, name) in header.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
        if let Some(first) = seen.insert(name, second) {
            return Err(Problem::input(format!("the column name `{}` occurs twice", shown(name)))
                .at_line(1)
                .note(format!("columns {} and {}", first + 1, second + 1))
                .hint("rename one of them in the header line"));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dialect(text: &str) -> Dialect {
        sniff(text.as_bytes(), true, None, "t.csv", &Limits::default()).unwrap()
    }

    #[test]
    fn each_delimiter_is_found() {
        for delimiter in [",", ";", "\t", "|"] {
            let text = "id,when,what, ever\n1,2024-01-01,\"a,b;c|d\te\",x\n2,2024-01-02,y,z\n".replace(',', delimiter);
            let found = dialect(&text);
            assert_eq!(found.delimiter, delimiter.as_bytes()[0]);
            assert_eq!(found.header, ["id", "when", "what", " ever"]);
        }
    }

    #[test]
    fn a_mark_and_a_separator_line_are_skipped() {
        let text = "\u{feff}sep=;\r\nid;when\r\n1;2\r\n";
        let found = dialect(text);
        assert_eq!(&text[found.skip..], "1;2\r\n");
        assert_eq!(found.header, ["id", "when"]);
    }

    #[test]
    fn duplicates_name_both_places() {
        let problem = sniff(b"id,when,id\n1,2,3\n", true, None, "t.csv", &Limits::default()).unwrap_err();
        assert!(problem.to_string().contains("columns 1 and 3"), "{problem}");
    }
}
