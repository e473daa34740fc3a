//! Batches of events as CSV or as NDJSON. Opens nothing: bytes go to the writer that is handed in.
//!
//! Texts are written as they are, unguarded: the result is read by programs, and an id stays the id it was.

use std::io::{self, Write};

use super::batch::{Batch, Values};
use crate::time::format_utc;

/// How texts are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Comma, quotes where needed, a header.
    Csv,
    /// One JSON object per line; the first has all keys.
    Ndjson,
}

/// Writes batches one after the other.
pub struct TextWriter<W: Write> {
    out: W,
    form: Form,
    has_header: bool,
}

impl<W: Write> TextWriter<W> {
    /// A writer of an empty table.
    pub fn new(out: W, form: Form) -> Self {
        TextWriter { out, form, has_header: false }
    }

    /// Appends a batch. All batches have the same columns.
    ///
    /// # Errors
    /// When the bytes cannot be written.
    pub fn write(&mut self, batch: &Batch) -> io::Result<()> {
        match self.form {
            Form::Csv => self.write_csv(batch),
            Form::Ndjson => self.write_ndjson(batch),
        }
    }

    /// Hands the writer back.
    pub fn finish(self) -> W {
        self.out
    }

    fn write_csv(&mut self, batch: &Batch) -> io::Result<()> {
        let header = !std::mem::replace(&mut self.has_header, true);
        let mut cell = String::new();
        if header {
            for (column, (name, _)) in batch.columns.iter().enumerate() {
                separate(&mut self.out, column)?;
                quoted(&mut self.out, name)?;
            }
            self.out.write_all(b"\n")?;
        }
        for row in 0..rows(batch) {
            for (column, (_, values)) in batch.columns.iter().enumerate() {
                separate(&mut self.out, column)?;
                match text(values, row, &mut cell) {
                    Text::Missing => {}
                    Text::Number => self.out.write_all(cell.as_bytes())?,
                    Text::Words(words) => quoted(&mut self.out, words)?,
                    Text::Made => quoted(&mut self.out, &cell)?,
                }
            }
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn write_ndjson(&mut self, batch: &Batch) -> io::Result<()> {
        let names: Vec<String> =
            batch.columns.iter().map(|(name, _)| serde_json::to_string(name)).collect::<Result<_, _>>()?;
        let mut cell = String::new();
        for row in 0..rows(batch) {
            let first = !std::mem::replace(&mut self.has_header, true);
            let mut before: &[u8] = b"{";
            for (name, (_, values)) in names.iter().zip(&batch.columns) {
                let value = text(values, row, &mut cell);
                if matches!(value, Text::Missing) && !first {
                    continue;
                }
                self.out.write_all(before)?;
                self.out.write_all(name.as_bytes())?;
                self.out.write_all(b":")?;
                before = b",";
                match value {
                    Text::Missing => self.out.write_all(b"null")?,
                    Text::Number => self.out.write_all(cell.as_bytes())?,
                    Text::Words(words) => serde_json::to_writer(&mut self.out, words)?,
                    Text::Made => serde_json::to_writer(&mut self.out, &cell)?,
                }
            }
            self.out.write_all(b"}\n")?;
        }
        Ok(())
    }
}

/// What a cell holds; what is made lies in the cell.
enum Text<'a> {
    Missing,
    Number,
    Words(&'a str),
    Made,
}

fn text<'a>(values: &'a Values, row: usize, cell: &mut String) -> Text<'a> {
    cell.clear();
    match values {
        Values::Text(texts) => texts.get(row).map_or(Text::Missing, Text::Words),
        Values::Count(counts) => {
            cell.push_str(&counts[row].to_string());
            Text::Number
        }
        Values::Ms(durations) => match durations[row] {
            None => Text::Missing,
            Some(ms) => {
                cell.push_str(&ms.to_string());
                Text::Number
            }
        },
        Values::Instant(instants) => match instants[row] {
            None => Text::Missing,
            Some(ms) => {
                cell.push_str(&format_utc(ms));
                if !cell.contains('.') {
                    cell.truncate(cell.len() - 1);
                    cell.push_str(".000Z");
                }
                Text::Made
            }
        },
        Values::Flag(flags) => {
            cell.push_str(if flags[row] { "true" } else { "false" });
            Text::Number
        }
    }
}

fn rows(batch: &Batch) -> usize {
    batch.columns.first().map_or(0, |(_, values)| match values {
        Values::Text(texts) => texts.places.len(),
        Values::Count(counts) => counts.len(),
        Values::Ms(values) | Values::Instant(values) => values.len(),
        Values::Flag(flags) => flags.len(),
    })
}

fn separate(out: &mut impl Write, column: usize) -> io::Result<()> {
    if column > 0 { out.write_all(b",") } else { Ok(()) }
}

/// Writes a text, in quotes where it needs them.
fn quoted(out: &mut impl Write, text: &str) -> io::Result<()> {
    let plain = |byte: u8| !matches!(byte, b',' | b'"' | b'\n' | b'\r' | b';' | b'\t' | b'|');
    if text.bytes().all(plain) && !text.starts_with('\u{feff}') && text.trim() == text {
        return out.write_all(text.as_bytes());
    }
    out.write_all(b"\"")?;
    out.write_all(text.replace('"', "\"\"").as_bytes())?;
    out.write_all(b"\"")
}
