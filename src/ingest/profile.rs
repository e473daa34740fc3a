//! What the columns of a sample look like: fill, distinct values, shapes, and how they behave within a case.
//!
//! It measures only. What a measurement means is decided in `mapping`.

use std::collections::HashMap;

use super::moment::{DayOrder, day_order, rough};
use super::names::{roles, speaks_for_id, unwrapped, weigh};
use crate::log::text::whole_number;
use crate::words::Words;

/// The first rows of a table, in file order.
#[derive(Clone, Debug, Default)]
pub struct Sample {
    /// The header.
    pub header: Vec<String>,
    /// Up to about 20,000 rows; a short row counts as empty at its end.
    pub rows: Vec<Vec<String>>,
}

/// Literals that usually stand for nothing, folded to lower case.
pub const NULL_LITERALS: &[&str] =
    &["?", "null", "n/a", "-", "unknown", "none", "nan", "#n/a", "(null)", "\\n", "--", "nil", "<null>", "??"];

/// One column of a sample.
#[derive(Clone, Debug)]
pub struct Column {
    /// Position in the header, from 0.
    pub index: usize,
    /// The header text.
    pub name: String,
    /// The header text without envelopes such as `_source.`, folded.
    pub words: Words,
    /// For each row the code of its value; 0 is the empty cell.
    pub codes: Vec<u32>,
    /// The distinct values with their row counts; entry 0 is the empty cell.
    pub values: Vec<(String, usize)>,
    /// Share of filled cells that read as dates.
    pub date_share: f64,
    /// Share of filled cells that are whole numbers, written with `.0` or without.
    pub integer_share: f64,
    /// Share of filled cells that are decimal numbers with a point or comma.
    pub decimal_share: f64,
    /// Share of filled cells with a space inside and a letter.
    pub phrase_share: f64,
    /// Mean characters of a filled cell.
    pub mean_chars: f64,
    /// Cells neither empty nor a null literal.
    pub filled: usize,
    /// Distinct values neither empty nor a null literal.
    pub distinct: usize,
}

impl Column {
    /// An empty column with room for its rows.
    fn new(index: usize, name: &str, rows: usize) -> Self {
        Column {
            index,
            name: name.to_owned(),
            words: Words::new(unwrapped(name)),
            codes: Vec::with_capacity(rows),
            values: vec![(String::new(), 0)],
            date_share: 0.0,
            integer_share: 0.0,
            decimal_share: 0.0,
            phrase_share: 0.0,
            mean_chars: 0.0,
            filled: 0,
            distinct: 0,
        }
    }

    /// Mean rows per distinct value, 0 for an empty column.
    #[must_use]
    pub fn rows_per_value(&self) -> f64 {
        share(self.filled, self.distinct)
    }

    /// Share of rows that are filled.
    #[must_use]
    pub fn fill(&self) -> f64 {
        share(self.filled, self.codes.len())
    }

    /// True when nearly all filled cells read as dates.
    #[must_use]
    pub fn is_date(&self) -> bool {
        self.filled > 0 && self.date_share >= 0.9
    }

    /// True when every filled cell is a yes or no of some spelling.
    #[must_use]
    pub fn is_flag(&self) -> bool {
        const FLAGS: &[&str] = &["true", "false", "yes", "no", "y", "n", "0", "1", "ja", "nein", "t", "f"];
        self.distinct > 0
            && self.distinct <= 2
            && self.known().all(|(value, _)| FLAGS.contains(&value.to_lowercase().as_str()))
    }

    /// The distinct values that are neither empty nor a null literal, with their row counts.
    pub fn known(&self) -> impl Iterator<Item = (&str, usize)> {
        self.values
            .iter()
            .skip(1)
            .filter(|(value, _)| !is_null_literal(value))
            .map(|(value, rows)| (value.as_str(), *rows))
    }

    /// True when most filled values have letters or marks beside digits, one shape leads, or all are whole numbers: an identifier.
    #[must_use]
    pub fn looks_like_id(&self) -> bool {
        if self.is_date() || self.decimal_share > 0.1 || self.filled == 0 || self.mean_chars > 64.0 {
            return false;
        }
        let with_digit: usize =
            self.known().filter(|(value, _)| value.bytes().any(|b| b.is_ascii_digit())).map(|(_, rows)| rows).sum();
        share(with_digit, self.filled) >= 0.95 && self.phrase_share < 0.5
    }

    /// True when the other column splits the rows into the same parts.
    #[must_use]
    pub fn same_partition(&self, other: &Column) -> bool {
        let mut there: HashMap<u32, u32> = HashMap::new();
        let mut back: HashMap<u32, u32> = HashMap::new();
        self.codes
            .iter()
            .zip(&other.codes)
            .all(|(a, b)| *there.entry(*a).or_insert(*b) == *b && *back.entry(*b).or_insert(*a) == *a)
    }

    /// Share of rows with the same text in both columns.
    #[must_use]
    pub fn equal_share(&self, other: &Column) -> f64 {
        let rows = self.codes.iter().zip(&other.codes);
        let equal = rows.filter(|(a, b)| self.values[**a as usize].0 == other.values[**b as usize].0).count();
        share(equal, self.codes.len())
    }
}

/// True when the text is one of the usual spellings of nothing.
#[must_use]
pub fn is_null_literal(value: &str) -> bool {
    let value = value.trim();
    value.len() <= 9 && NULL_LITERALS.iter().any(|literal| literal.eq_ignore_ascii_case(value))
}

/// A part of a whole as a ratio; 0 when there is no whole.
#[must_use]
#[allow(clippy::cast_precision_loss)] // counts of a sample stay far below 2^52
pub fn share(part: usize, whole: usize) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// The columns of a sample, measured.
#[derive(Clone, Debug)]
pub struct Profile {
    /// Rows in the sample.
    pub rows: usize,
    /// One entry per header column.
    pub columns: Vec<Column>,
    /// How dates such as `3/4/2024` are read for comparisons.
    pub day_order: DayOrder,
}

impl Profile {
    /// Measures a sample; `is_date` says whether a text reads as a date.
    #[must_use]
    pub fn new(sample: &Sample, is_date: &dyn Fn(&str) -> bool) -> Self {
        let mut columns = encode(sample);
        for column in &mut columns {
            shapes(column, is_date);
        }
        let dates = columns.iter().filter(|column| column.is_date()).flat_map(|c| c.known().map(|(value, _)| value));
        let day_order = day_order(dates);
        Profile { rows: sample.rows.len(), columns, day_order }
    }

    /// Rough moments of a date column, one per row.
    #[must_use]
    pub fn moments(&self, column: usize) -> Vec<Option<i64>> {
        let column = &self.columns[column];
        let read: Vec<Option<i64>> = column.values.iter().map(|(value, _)| rough(value, self.day_order)).collect();
        column.codes.iter().map(|code| if *code == 0 { None } else { read[*code as usize] }).collect()
    }
}

/// Codes every cell, row by row, as the rows lie in memory.
fn encode(sample: &Sample) -> Vec<Column> {
    let names = sample.header.iter().enumerate();
    let mut columns: Vec<Column> = names.map(|(index, name)| Column::new(index, name, sample.rows.len())).collect();
    let mut known: Vec<HashMap<&str, u32>> = vec![HashMap::from([("", 0)]); columns.len()];
    for row in &sample.rows {
        for (column, known) in columns.iter_mut().zip(&mut known) {
            let cell = row.get(column.index).map_or("", |cell| cell.trim());
            let before = column.codes.last().copied().unwrap_or(0);
            let code = if column.values[before as usize].0 == cell {
                before
            } else {
                let next = u32::try_from(column.values.len()).unwrap_or(u32::MAX);
                let code = *known.entry(cell).or_insert(next);
                if code == next {
                    column.values.push((cell.to_owned(), 0));
                }
                code
            };
            column.values[code as usize].1 += 1;
            column.codes.push(code);
        }
    }
    columns
}

fn shapes(column: &mut Column, is_date: &dyn Fn(&str) -> bool) {
    let (mut filled, mut distinct, mut chars) = (0, 0, 0);
    let (mut integers, mut decimals, mut phrases) = (0, 0, 0);
    for (value, rows) in column.known() {
        filled += rows;
        distinct += 1;
        chars += rows * value.chars().count();
        let digits = value.strip_prefix('-').unwrap_or(value);
        if digits.bytes().all(|b| b.is_ascii_digit()) {
            integers += rows;
        } else if digits.bytes().all(|b| b.is_ascii_digit() || matches!(b, b'.' | b',')) {
            // `741005.0` is a whole number that a program took for a fraction
            *(if whole_number(value).is_some() { &mut integers } else { &mut decimals }) += rows;
        } else if value.contains(' ') && value.chars().any(char::is_alphabetic) {
            phrases += rows;
        }
    }
    let step = distinct / 500 + 1;
    let probed = || column.known().step_by(step);
    let dates: usize = probed().filter(|(value, _)| is_date(value)).map(|(_, rows)| rows).sum();
    let date_share = share(dates, probed().map(|(_, rows)| rows).sum());
    column.date_share = date_share;
    column.filled = filled;
    // ids of ten, thirteen or more digits may count like a Unix time
    if column.is_date() && speaks_for_id(&column.words) && column.known().all(|(value, _)| is_digits(value)) {
        column.date_share = 0.0;
    }
    // `data ora`, `data.ora`: Italian and Portuguese dates begin with a word that is an envelope elsewhere
    let whole = Words::new(&column.name);
    if column.is_date() && weigh(&whole, roles::TIME).weight > weigh(&column.words, roles::TIME).weight {
        column.words = whole;
    }
    column.distinct = distinct;
    column.integer_share = share(integers, filled);
    column.decimal_share = share(decimals, filled);
    column.phrase_share = share(phrases, filled);
    column.mean_chars = share(chars, filled);
}

/// Ten, thirteen or more digits, but not the fourteen of a date and time.
fn is_digits(value: &str) -> bool {
    value.len() != 14 && value.bytes().all(|byte| byte.is_ascii_digit())
}

/// The rows of each case, by time where a time column is known, else in file order.
#[derive(Clone, Debug)]
pub struct Cases {
    /// Row numbers of each case.
    pub rows: Vec<Vec<usize>>,
}

/// How a column behaves within the cases of more than one row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Within {
    /// Cases with more than one row.
    pub cases: usize,
    /// Of these, cases in which the column has more than one value.
    pub varying: usize,
    /// Neighbouring rows.
    pub pairs: usize,
    /// Neighbouring rows with different values.
    pub changes: usize,
    /// Changes into the last row of a case.
    pub last_changes: usize,
}

impl Within {
    /// Share of cases in which the column varies.
    #[must_use]
    pub fn varying_share(&self) -> f64 {
        share(self.varying, self.cases)
    }

    /// Share of neighbouring rows with the same value.
    #[must_use]
    pub fn repeat_share(&self) -> f64 {
        1.0 - share(self.changes, self.pairs)
    }

    /// True when no case, but for one in a hundred, has more than one value.
    #[must_use]
    pub fn is_constant(&self) -> bool {
        self.cases >= 2 && self.varying_share() <= 0.01
    }
}

impl Cases {
    /// Groups the rows by the values of a column.
    #[must_use]
    pub fn new(case: &Column) -> Self {
        let mut rows: Vec<Vec<usize>> = vec![Vec::new(); case.values.len()];
        for (row, code) in case.codes.iter().enumerate() {
            if *code != 0 {
                rows[*code as usize].push(row);
            }
        }
        rows.retain(|rows| !rows.is_empty());
        Cases { rows }
    }

    /// Orders the rows of each case by rough moments; rows without one keep their place at the front.
    pub fn sort_by(&mut self, moments: &[Option<i64>]) {
        for rows in &mut self.rows {
            rows.sort_by_key(|row| moments[*row]);
        }
    }

    /// Cases with more than one row.
    #[must_use]
    pub fn repeated(&self) -> usize {
        self.rows.iter().filter(|rows| rows.len() > 1).count()
    }

    /// Measures a column within the cases.
    #[must_use]
    pub fn within(&self, column: &Column) -> Within {
        let mut within = Within::default();
        for rows in self.rows.iter().filter(|rows| rows.len() > 1) {
            let mut changes = 0;
            for (at, pair) in rows.windows(2).enumerate() {
                if column.codes[pair[0]] != column.codes[pair[1]] {
                    changes += 1;
                    within.last_changes += usize::from(at + 2 == rows.len());
                }
            }
            within.cases += 1;
            within.pairs += rows.len() - 1;
            within.changes += changes;
            within.varying += usize::from(changes > 0);
        }
        within
    }
}

#[cfg(test)]
mod tests {
    use super::{Cases, Profile, Sample, is_null_literal};

    fn sample(text: &str) -> Sample {
        let mut lines = text.lines().map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        Sample { header: lines.next().unwrap_or_default(), rows: lines.collect() }
    }

    #[test]
    fn columns_are_measured_without_null_literals() {
        let sample = sample("id,who,at\nA-1,?,2024-01-01\nA-1,ann,2024-01-02\nA-2,?,2024-01-03\n");
        let profile = Profile::new(&sample, &|value| value.starts_with("20"));
        assert!(profile.columns[0].looks_like_id());
        assert!((profile.columns[0].rows_per_value() - 1.5).abs() < 1e-9);
        assert_eq!((profile.columns[1].filled, profile.columns[1].distinct), (1, 1));
        assert!(profile.columns[2].is_date());
        let within = Cases::new(&profile.columns[0]).within(&profile.columns[1]);
        assert_eq!((within.cases, within.varying, within.last_changes), (1, 1, 1));
    }

    #[test]
    fn short_rows_and_spellings_of_nothing() {
        let sample = sample("a,b\n1\n2,x\n");
        let profile = Profile::new(&sample, &|_| false);
        assert_eq!(profile.columns[1].filled, 1);
        for literal in ["?", "NULL", "N/A", "-", "Unknown", "None", "nan"] {
            assert!(is_null_literal(literal), "{literal}");
        }
        for text in ["0", "No", "Unknown caller", "nano"] {
            assert!(!is_null_literal(text), "{text}");
        }
    }
}
