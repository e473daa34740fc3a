//! Tables as CSV for spreadsheets: UTF-8, comma, a header of findings keys, durations in ms, money in minor units.
//!
//! Text is always quoted, numbers, `true` and `false` never; an unknown value is an empty cell. A text cell a spreadsheet would
//! take for a formula gets a leading `'` and is counted. Controls become visible escapes, so that a row is
//! always one line; `findings.json` holds every text exactly.

mod diagnosis;
mod flow;
mod quality;
mod sla;

use super::model::{Findings, Range};
use super::visible::whole;
use crate::log::LogText;

/// One table, to be written below `tables/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TableFile {
    /// File name without a folder, such as `states.csv`.
    pub name: &'static str,
    /// The whole file.
    pub bytes: Vec<u8>,
    /// Cells that got a leading `'`.
    pub guarded: u64,
}

/// Every table of the report, by name. A table without rows still has its header.
#[must_use]
pub fn tables(findings: &Findings) -> Vec<TableFile> {
    let mut files = flow::tables(findings);
    files.extend(diagnosis::tables(findings));
    files.extend(quality::tables(findings));
    files.extend(sla::tables(findings));
    files.sort_by_key(|file| file.name);
    files
}

/// One value of a row.
enum Cell {
    Text(String),
    Number(String),
    Unknown,
}

impl From<&LogText> for Cell {
    fn from(text: &LogText) -> Self {
        Cell::Text(text.raw().to_owned())
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Cell::Text(text.to_owned())
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Cell::Text(text.clone())
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Cell::Text(text)
    }
}

impl From<bool> for Cell {
    fn from(flag: bool) -> Self {
        Cell::Number(flag.to_string())
    }
}

impl From<f64> for Cell {
    fn from(number: f64) -> Self {
        if number.is_finite() { Cell::Number(number.to_string()) } else { Cell::Unknown }
    }
}

macro_rules! whole_numbers {
    ($($kind:ty),*) => {
        $(impl From<$kind> for Cell {
            fn from(number: $kind) -> Self {
                Cell::Number(number.to_string())
            }
        })*
    };
}
whole_numbers!(u32, u64, i64);

impl<T: Into<Cell>> From<Option<T>> for Cell {
    fn from(value: Option<T>) -> Self {
        value.map_or(Cell::Unknown, Into::into)
    }
}

/// Low, base and high of a range that may be unknown.
fn three<T: Copy + Into<Cell>>(range: Option<&Range<T>>) -> [Cell; 3] {
    match range {
        Some(range) => [range.low.into(), range.base.into(), range.high.into()],
        None => [Cell::Unknown, Cell::Unknown, Cell::Unknown],
    }
}

/// Cells of a row from values of different types.
macro_rules! cells {
    ($($value:expr),* $(,)?) => { [$($crate::report::tables::Cell::from($value)),*] };
}
use cells;

/// A table under construction.
struct Sheet {
    name: &'static str,
    columns: usize,
    text: String,
    guarded: u64,
}

impl Sheet {
    fn new(name: &'static str, header: &[&str]) -> Self {
        Sheet { name, columns: header.len(), text: format!("{}\n", header.join(",")), guarded: 0 }
    }

    fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        let mut columns = 0;
        for cell in cells {
            if columns > 0 {
                self.text.push(',');
            }
            columns += 1;
            match cell {
                Cell::Text(text) => self.quoted(&text),
                Cell::Number(number) => self.text.push_str(&number),
                Cell::Unknown => {}
            }
        }
        debug_assert_eq!(columns, self.columns, "a cell per column of {}", self.name);
        self.text.push('\n');
    }

    fn quoted(&mut self, text: &str) {
        self.text.push('"');
        if is_formula(text) {
            self.text.push('\'');
            self.guarded += 1;
        }
        self.text.push_str(&whole(text).replace('"', "\"\""));
        self.text.push('"');
    }

    fn finish(self) -> TableFile {
        TableFile { name: self.name, bytes: self.text.into_bytes(), guarded: self.guarded }
    }
}

/// Whether a spreadsheet could take the text for a formula (OWASP, CSV injection), leading blanks ignored.
fn is_formula(text: &str) -> bool {
    text.trim_start_matches(' ').starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    fn read(file: &TableFile) -> Vec<csv::StringRecord> {
        csv::Reader::from_reader(file.bytes.as_slice()).records().map(Result::unwrap).collect()
    }

    #[test]
    fn tables_are_plain_csv() {
        for findings in [fixture::findings(), fixture::empty()] {
            let files = tables(&findings);
            assert!(files.is_sorted_by_key(|file| file.name));
            for file in &files {
                let text = std::str::from_utf8(&file.bytes).unwrap();
                assert_eq!(text.lines().count(), read(file).len() + 1, "{}", file.name);
            }
        }
    }

    #[test]
    fn every_file_in_full() {
        let text: Vec<String> = tables(&fixture::findings())
            .iter()
            .map(|file| {
                format!("== {} (guarded {})\n{}", file.name, file.guarded, String::from_utf8_lossy(&file.bytes))
            })
            .collect();
        insta::assert_snapshot!(text.join("\n"));
    }

    #[test]
    fn formulas_become_text_and_numbers_stay_numbers() {
        let mut sheet = Sheet::new("t.csv", &["a", "b", "c", "d", "e"]);
        sheet.row(cells!["=1+1", "\t=1", "a\"b;c\nd", -5_i64, None::<u64>]);
        sheet.row(cells![" +x", "-100", "00123", f64::NAN, ""]);
        let file = sheet.finish();
        assert_eq!(file.guarded, 4);
        let text = String::from_utf8(file.bytes).unwrap();
        insta::assert_snapshot!(text, @r#"
        a,b,c,d,e
        "'=1+1","'\u{9}=1","a""b;c\u{a}d",-5,
        "' +x","'-100","00123",,""
        "#);
    }
}
