//! Reading some columns of a delimited table at once, with the lines of its rows.
//!
//! For the tables that a configuration names: every row counts, so a broken one refuses the file. Logs are read block by
//! block instead.

use std::io::Read;
use std::path::Path;

use super::blocks::count_newlines;
use super::dialect::{self, Dialect};
use crate::config::tables::{Row, Table, TableFile};
use crate::error::{Problem, Result};
use crate::ingest::encoding::not_utf8;
use crate::ingest::format::Format;
use crate::ingest::limits::{Bound, Limits};
use crate::ingest::source::{self, Fingerprint, Opening, Progress, Source};

/// Most bytes of a table; it is held whole while it is read.
const MOST_BYTES: u64 = 1 << 30;

/// Reads columns of a file; a column that it does not have is empty in all rows.
///
/// # Errors
/// When the file cannot be read, is no delimited text with a header, or a row has another number of fields.
pub fn read(path: &Path, columns: &[&str], limits: &Limits) -> Result<Table> {
    let source = Source::File(path.to_owned());
    let progress = Progress::new(0);
    let opening = Opening { source: &source, limits, encoding: None, progress: &progress };
    let shown = source.shown();
    let ((mut table, hash), fingerprint) = source::with_text(opening, |input, _| {
        let text = bounded(input, &shown)?;
        let table = of_text(&text, columns, limits, &shown)?;
        Ok((table, Fingerprint::new(text.len() as u64, blake3::hash(&text))))
    })?;
    let Fingerprint { bytes, hash } = fingerprint.unwrap_or(hash);
    table.file = TableFile { name: source.name(), bytes, hash };
    Ok(table)
}

fn bounded(input: &mut (dyn Read + Send), shown: &str) -> Result<Vec<u8>> {
    let mut text = Vec::new();
    input.take(MOST_BYTES + 1).read_to_end(&mut text).map_err(|error| {
        let carried = Problem::carried_by(&error).cloned();
        carried.unwrap_or_else(|| Problem::input(format!("cannot read the table: {error}"))).in_file(shown)
    })?;
    if text.len() as u64 > MOST_BYTES {
        return Err(Problem::input("the table is larger than 1 GiB")
            .in_file(shown)
            .hint("export only the rows and columns that the configuration names"));
    }
    Ok(text)
}

fn of_text(text: &[u8], columns: &[&str], limits: &Limits, shown: &str) -> Result<Table> {
    let in_file = |problem: Problem| problem.in_file(shown);
    match Format::of(text.get(..super::super::format::SNIFFED).unwrap_or(text)) {
        Format::Delimited => {}
        other @ (Format::Xes | Format::Ndjson | Format::Parquet) => {
            return Err(in_file(
                Problem::input(format!("the table is {}, not delimited text", other.as_str()))
                    .hint("export it as CSV with a header line"),
            ));
        }
    }
    if let Err(error) = std::str::from_utf8(text) {
        let hint = "save the table as UTF-8, e.g. `iconv -f WINDOWS-1252 -t UTF-8 TABLE.csv > TABLE-utf8.csv`";
        return Err(in_file(not_utf8(text, error.valid_up_to(), 1).only_hint(hint)));
    }
    let Dialect { delimiter, header, skip } = dialect::sniff(text, true, None, shown, limits)?;
    let (before, body) = text.split_at(skip);
    let mut line = 1 + count_newlines(before);
    if let Some(quote) = super::index::cut(body, delimiter, true).open_quote {
        return Err(in_file(
            Problem::input("a quoted field is never closed")
                .at_line(line + count_newlines(&body[..quote]))
                .note("the quote opened there is still open at the end of the file")
                .hint("close the quote, or remove it"),
        ));
    }
    let places: Vec<Option<usize>> =
        columns.iter().map(|column| header.iter().position(|known| known == column)).collect();
    let mut rows = Vec::new();
    let mut reader = csv::ReaderBuilder::new().delimiter(delimiter).has_headers(false).flexible(true).from_reader(body);
    let mut record = csv::StringRecord::new();
    let mut counted = 0;
    loop {
        let from = usize::try_from(reader.position().byte()).unwrap_or(body.len());
        if !reader.read_record(&mut record).unwrap_or(false) {
            break;
        }
        // line ends before a record are skipped with it
        let blank = body[from..].iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        line += count_newlines(&body[counted..from + blank]);
        counted = from + blank;
        if record.iter().all(str::is_empty) {
            continue;
        }
        refuse_shape(&record, header.len(), limits).map_err(|problem| in_file(problem.at_line(line)))?;
        let cell = |place: &Option<usize>| place.and_then(|place| record.get(place)).unwrap_or("").to_owned();
        rows.push(Row { line, cells: places.iter().map(cell).collect() });
    }
    Ok(Table { file: TableFile::default(), shown: shown.to_owned(), header, rows })
}

/// Refuses a row of another number of fields, and a field that is too long.
fn refuse_shape(record: &csv::StringRecord, columns: usize, limits: &Limits) -> std::result::Result<(), Problem> {
    if record.len() != columns {
        let (fields, names) = (record.len(), columns);
        return Err(Problem::input(format!("the row has {fields} fields, the header has {names}"))
            .hint("quote fields that hold the separator, or export the table again"));
    }
    if record.iter().any(|cell| cell.len() > limits.cell) {
        return Err(Problem::input(format!("a field is longer than {} bytes", limits.cell))
            .hint(Bound::Cell.raise(limits.cell as u64)));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(text: &str) -> Result<Table> {
        of_text(text.as_bytes(), &["b", "none", "a"], &Limits::default(), "t.csv")
    }

    #[test]
    fn rows_have_the_cells_asked_for_and_their_lines() {
        let found = table("\u{feff}a,b\n1,x\n\n\"2\n2\",y\n,\r\n3,z").unwrap();
        let rows: Vec<_> = found.rows.iter().map(|row| (row.line, row.cell(0), row.cell(1), row.cell(2))).collect();
        assert_eq!(rows, [(2, "x", "", "1"), (4, "y", "", "2\n2"), (7, "z", "", "3")]);
    }

    #[test]
    fn broken_rows_are_refused_at_their_lines() {
        for (text, says) in [
            ("a,b\n1,2\n3\n", "t.csv:3"),
            ("a,b\n\"1\n\",2\n3,4,5\n", "t.csv:4"),
            ("a,b\n1,\"2\n", "t.csv:2"),
            ("a\n1\n", "a single column"),
            ("", "the input is empty"),
            ("{\"a\": 1}\n", "the table is ndjson"),
        ] {
            let problem = table(text).unwrap_err().to_string();
            assert!(problem.contains(says), "{text}: {problem}");
        }
    }
}
