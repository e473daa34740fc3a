//! Tables of other systems that `wcaf.toml` names: their cells with the lines they stand on.
//!
//! How a file becomes a table is a matter of `ingest`; a [`Reader`] is handed in by whoever may open files.

use std::cell::RefCell;
use std::ops::Range;

use toml::Spanned;

use super::LimitsSection;
use super::calendars::Page;
use super::explain::{line_of, nearest};
use crate::error::{Problem, Result};
use crate::time::{DateReader, Order, Resolver, Zone};

/// The column in which connectors mark rows that were deleted in the source system.
const DELETED: &str = "_fivetran_deleted";

/// Columns that a message lists.
const MOST_NAMES: usize = 40;

/// Reads the columns of a file, given its name as it is written in the configuration.
pub type Reader<'a> = &'a dyn Fn(&str, &[&str], &LimitsSection) -> Result<Table>;

/// Some columns of a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// The file.
    pub file: TableFile,
    /// Its name in messages, with its folder.
    pub shown: String,
    /// All column names.
    pub header: Vec<String>,
    /// Its rows, in order.
    pub rows: Vec<Row>,
}

/// A file that belongs to the configuration, as it lies on disk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableFile {
    /// Name without folders.
    pub name: String,
    /// Size.
    pub bytes: u64,
    /// `blake3:` and 64 hexadecimal digits.
    pub hash: String,
}

/// A row of a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Row {
    /// Its first line, from 1.
    pub line: u64,
    /// The cells of the columns that were asked for, in that order; empty where there is no such column.
    pub cells: Vec<String>,
}

impl Row {
    /// The cell of a column that was asked for, without spaces around it.
    #[must_use]
    pub fn cell(&self, place: usize) -> &str {
        self.cells.get(place).map_or("", |cell| cell.trim())
    }
}

impl Table {
    /// A problem with a cell.
    #[must_use]
    pub fn refuse(&self, row: &Row, column: &str, problem: Problem) -> Problem {
        problem.in_file(self.shown.as_str()).at_line(row.line).in_column(column)
    }
}

/// A table without the rows that its system deleted.
pub(super) struct Live {
    pub table: Table,
    /// Rows of the file.
    pub all: u64,
    /// Rows left out since they are deleted.
    pub deleted: u64,
}

/// Opens the tables of one configuration, and notes which they were.
pub(super) struct Tables<'a> {
    pub reader: Reader<'a>,
    pub limits: &'a LimitsSection,
    pub page: Page<'a>,
    /// Files that were read.
    pub files: RefCell<Vec<TableFile>>,
}

impl Tables<'_> {
    /// Reads columns of the file that a key names, each with the place of the configuration that asks for it, then those
    /// that may be missing. Rows that are marked as deleted are left out.
    pub(super) fn read(
        &self,
        name: &Spanned<String>,
        columns: &[(&str, Range<usize>)],
        optional: &[&str],
    ) -> Result<Live> {
        let wanted = columns.iter().map(|(column, _)| *column).chain(optional.iter().copied());
        let wanted: Vec<&str> = wanted.chain([DELETED]).collect();
        let refuse = |problem: Problem| match problem.location() {
            // a fault of a line is told at its own place
            Some(place) if place.line.is_some() => problem,
            Some(_) => {
                let (file, line) = (self.page.file, line_of(self.page.text, name.span().start));
                problem.hint(format!("line {line} of {file} names it; tables are looked for in the folder of {file}"))
            }
            None => self.page.at(name.span(), problem),
        };
        let mut table = (self.reader)(name.get_ref(), &wanted, self.limits).map_err(refuse)?;
        for (column, place) in columns {
            if !table.header.iter().any(|known| known == column) {
                return Err(self.page.at(place.clone(), no_column(column, &table)));
            }
        }
        if !self.files.borrow().contains(&table.file) {
            self.files.borrow_mut().push(table.file.clone());
        }
        let all = table.rows.len() as u64;
        let mark = columns.len() + optional.len();
        let has_mark = table.header.iter().any(|column| column == DELETED);
        let mut rows = Vec::new();
        for row in std::mem::take(&mut table.rows) {
            match flag(row.cell(mark)) {
                Some(true) => {}
                None if has_mark && !row.cell(mark).is_empty() => {
                    let problem = Problem::input(format!("`{}` is neither true nor false", quoted(row.cell(mark))));
                    return Err(table.refuse(&row, DELETED, problem.hint("write `true` or `false`")));
                }
                Some(false) | None => rows.push(row),
            }
        }
        let deleted = all - rows.len() as u64;
        table.rows = rows;
        Ok(Live { table, all, deleted })
    }

    /// As [`Self::read`], where one key asks for all columns.
    pub(super) fn read_for(&self, name: &Spanned<String>, columns: &[&str], optional: &[&str]) -> Result<Live> {
        let columns: Vec<_> = columns.iter().map(|column| (*column, name.span())).collect();
        self.read(name, &columns, optional)
    }
}

/// Refuses every table, for a configuration that has no place.
pub(super) fn no_reader(_: &str, _: &[&str], _: &LimitsSection) -> Result<Table> {
    Err(Problem::usage("a table cannot be read here")
        .hint("name the configuration with `-c wcaf.toml`; tables are looked for beside it"))
}

fn no_column(column: &str, table: &Table) -> Problem {
    let problem = Problem::usage(format!("the table `{}` has no column `{column}`", table.shown));
    if let Some(near) = nearest(column, table.header.iter().map(String::as_str)) {
        return problem.hint(format!("write `{}`, its nearest column, instead", quoted(near)));
    }
    let names: Vec<String> = table.header.iter().take(MOST_NAMES).map(|name| quoted(name)).collect();
    problem.hint(format!("its columns are `{}`", names.join("`, `")))
}

/// Reads an instant in ms UTC; without an offset it is UTC, as connectors write them.
pub(super) fn instant(text: &str) -> Option<i64> {
    let stamp = DateReader::new(None).read(text.as_bytes(), || 0).ok()?;
    Resolver::new(Order::NotNeeded, Zone::utc(), true).resolve(stamp).ok()
}

/// A text of a table as it can be quoted in a message: short, and with nothing in it that a terminal would act on.
pub(super) fn quoted(text: &str) -> String {
    const MOST: usize = 60;
    let short = text.chars().take(MOST).map(|letter| match letter {
        '\'' | '"' => letter.to_string(),
        other => other.escape_debug().to_string(),
    });
    let more = text.chars().nth(MOST).map(|_| "…".to_owned());
    short.chain(more).collect()
}

/// Reads what systems write for true and false.
#[must_use]
pub fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" | "1.0" => Some(true),
        "false" | "no" | "n" | "f" | "0" | "0.0" => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{flag, quoted};

    #[test]
    fn quoted_texts_do_nothing_to_a_terminal() {
        assert_eq!(quoted("Nuku'alofa \u{1b}[31m\u{202e}"), "Nuku'alofa \\u{1b}[31m\\u{202e}");
        assert_eq!(quoted(&"x".repeat(61)).chars().count(), 61);
    }

    #[test]
    fn flags_of_any_spelling() {
        assert_eq!(["TRUE", "no", "1", "maybe"].map(flag), [Some(true), Some(false), Some(true), None]);
    }
}
