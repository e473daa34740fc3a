//! Columns whose cells pack several values, cut into columns of their own while the rows are read.
//!
//! A part is no copy: it is a range of the cell it lies in. Its column has a number behind those of the header, so
//! that a mapping names it like any other. A cell with fewer parts leaves the others empty, the last part takes
//! whatever is left. It decides nothing about roles.

use super::mapping::Note;
use super::profile::Sample;
use crate::config::{Split, nearest};
use crate::counts::count;
use crate::error::{Problem, Result};
use crate::log::text::shown;

/// The packed columns of one source and the columns they are cut into.
#[derive(Clone, Debug, Default)]
pub struct Parts {
    /// Columns of the header.
    width: usize,
    packed: Vec<Packed>,
    /// Per further column, its packed column, its place in there and its name.
    cut: Vec<(usize, usize, String)>,
}

#[derive(Clone, Debug)]
struct Packed {
    column: usize,
    by: Box<[u8]>,
    /// Values it is cut into.
    values: usize,
}

/// One part of a packed column.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// The packed column.
    pub column: usize,
    by: &'a [u8],
    place: usize,
    is_last: bool,
}

impl Part<'_> {
    /// Where the part lies in a cell; an empty range where the cell has fewer parts.
    #[must_use]
    pub fn range(&self, cell: &[u8]) -> (usize, usize) {
        let mut from = 0;
        for _ in 0..self.place {
            match memchr::memmem::find(&cell[from..], self.by) {
                Some(at) => from += at + self.by.len(),
                None => return (cell.len(), cell.len()),
            }
        }
        let end = if self.is_last { None } else { memchr::memmem::find(&cell[from..], self.by) };
        (from, end.map_or(cell.len(), |at| from + at))
    }
}

impl Parts {
    /// Finds the packed columns in a header.
    ///
    /// # Errors
    /// A usage problem where a column is not there, or a part has the name of a column.
    pub fn find(splits: &[Split], header: &[String], file: &str) -> Result<Parts> {
        let mut parts = Parts { width: header.len(), ..Parts::default() };
        for split in splits {
            let Some(column) = header.iter().position(|name| *name == split.column) else {
                let problem = Problem::usage(format!(
                    "the column `{}` of [split] is not in the header of {}",
                    shown(&split.column),
                    shown(file)
                ));
                let near = nearest(&split.column, header.iter().map(String::as_str));
                let hint = near.map_or_else(
                    || "name a column of the header: `[split.\"COLUMN\"]`".to_owned(),
                    |near| format!("write `[split.\"{}\"]`", shown(near)),
                );
                return Err(split.place.refuse(problem.hint(hint)));
            };
            for (place, name) in split.into.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
                if header.contains(name) {
                    let problem = Problem::usage(format!(
                        "`{}` is a part of `{}` and a column of {} already",
                        shown(name),
                        shown(&split.column),
                        shown(file)
                    ));
                    return Err(split
                        .place
                        .refuse(problem.hint(format!("give the part another name, such as `{} 2`", shown(name)))));
                }
                parts.cut.push((parts.packed.len(), place, name.clone()));
            }
            parts.packed.push(Packed { column, by: split.by.as_bytes().into(), values: split.into.len() });
        }
        Ok(parts)
    }

    /// Whether nothing is cut.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cut.is_empty()
    }

    /// How many columns are added.
    #[must_use]
    pub fn len(&self) -> usize {
        self.cut.len()
    }

    /// The part that a column is; nothing for a column of the header.
    #[must_use]
    pub fn part(&self, column: usize) -> Option<Part<'_>> {
        let (packed, place, _) = self.cut.get(column.checked_sub(self.width)?)?;
        let Packed { column, by, values } = &self.packed[*packed];
        Some(Part { column: *column, by, place: *place, is_last: place + 1 == *values })
    }

    /// All parts, in the order of their columns.
    pub fn each(&self) -> impl Iterator<Item = Part<'_>> {
        (self.width..self.width + self.cut.len()).filter_map(|column| self.part(column))
    }

    /// The name of a further column.
    #[must_use]
    pub fn name(&self, column: usize) -> Option<&str> {
        let (_, _, name) = self.cut.get(column.checked_sub(self.width)?)?;
        Some(name)
    }

    /// Adds the columns of the parts to a sample.
    ///
    /// # Errors
    /// An input problem where most filled cells of a packed column hold no separator: nothing would be cut.
    pub fn extend(&self, sample: &mut Sample, file: &str) -> Result<()> {
        for packed in &self.packed {
            let separator = String::from_utf8_lossy(&packed.by);
            let filled = sample.rows.iter().filter_map(|row| row.get(packed.column)).filter(|cell| !cell.is_empty());
            let (cut, all) = filled.clone().fold((0_u64, 0_u64), |(cut, all), cell| {
                (cut + u64::from(memchr::memmem::find(cell.as_bytes(), &packed.by).is_some()), all + 1)
            });
            if cut * 2 < all {
                let whole = filled.clone().find(|cell| memchr::memmem::find(cell.as_bytes(), &packed.by).is_none());
                let name = shown(&sample.header[packed.column]);
                let problem = Problem::input(format!(
                    "{} of the first {} values have no \"{}\" to be split by",
                    count(all - cut),
                    count(all),
                    shown(&separator)
                ));
                return Err(problem
                    .in_file(file)
                    .in_column(name.as_str())
                    .note(format!("`{}`", shown(whole.map_or("", String::as_str))))
                    .hint(format!("correct `by` of `[split.\"{name}\"]`, spaces too, or take the table out")));
            }
        }
        for row in &mut sample.rows {
            for part in self.each() {
                let cell = row.get(part.column).map_or("", String::as_str);
                let (from, to) = part.range(cell.as_bytes());
                let text = cell.get(from..to).unwrap_or_default().to_owned();
                row.push(text);
            }
        }
        sample.header.extend(self.cut.iter().map(|(_, _, name)| name.clone()));
        Ok(())
    }

    /// Says which packed columns of a sample, as it was before [`Self::extend`], have cells with too few parts.
    #[must_use]
    pub fn notes(&self, sample: &Sample) -> Vec<Note> {
        let short = self.packed.iter().filter_map(|packed| {
            let parts = |cell: &str| memchr::memmem::find_iter(cell.as_bytes(), &packed.by).count() + 1;
            let filled = sample.rows.iter().filter_map(|row| row.get(packed.column)).filter(|cell| !cell.is_empty());
            let short: Vec<&String> = filled.filter(|cell| parts(cell) < packed.values).collect();
            let first = short.first()?;
            Some(Note {
                message: format!(
                    "{} of the first {} values of `{}` have fewer than {} parts, such as `{}`; the others are empty",
                    count(short.len() as u64),
                    count(sample.rows.len() as u64),
                    shown(&sample.header[packed.column]),
                    packed.values,
                    shown(first)
                ),
                hint: "order `into` so that the parts that may be missing come last".to_owned(),
            })
        });
        short.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::sla::Place;

    fn split(into: &[&str]) -> Split {
        let into = into.iter().map(|name| (*name).to_owned()).collect();
        let place = Place { file: "wcaf.toml".to_owned(), line: 3 };
        Split { column: "Ticket".to_owned(), by: " / ".to_owned(), into, place }
    }

    fn header(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn parts_are_ranges_of_their_cell() {
        let parts = Parts::find(&[split(&["id", "", "person"])], &header(&["When", "Ticket"]), "a.csv").unwrap();
        assert_eq!((parts.name(2), parts.name(3), parts.name(4)), (Some("id"), Some("person"), None));
        assert!(parts.part(1).is_none() && parts.name(1).is_none());
        for (cell, id, person) in [
            ("C1 / Sales / Ann / Bo", "C1", "Ann / Bo"),
            ("C1 / Sales", "C1", ""),
            ("C1", "C1", ""),
            ("", "", ""),
            (" / x / ", "", ""),
            ("東 / 西 / é", "東", "é"),
        ] {
            let found: Vec<&str> = parts
                .each()
                .map(|part| {
                    let (from, to) = part.range(cell.as_bytes());
                    &cell[from..to]
                })
                .collect();
            assert_eq!(found, [id, person], "{cell}");
        }
    }

    #[test]
    fn a_sample_gets_the_columns_and_says_what_is_short() {
        let parts = Parts::find(&[split(&["id", "team"])], &header(&["Ticket", "When"]), "a.csv").unwrap();
        let row = |cell: &str| vec![cell.to_owned(), "x".to_owned()];
        let mut sample =
            Sample { header: header(&["Ticket", "When"]), rows: vec![row("C1 / A"), row("C2"), row("C3 / B")] };
        let notes = parts.notes(&sample);
        assert!(notes[0].message.contains("1 of the first 3 values of `Ticket`"), "{notes:?}");
        parts.extend(&mut sample, "a.csv").unwrap();
        assert_eq!(sample.header, ["Ticket", "When", "id", "team"]);
        assert_eq!(sample.rows[1], ["C2", "x", "C2", ""]);
        let mut whole = Sample { header: header(&["Ticket", "When"]), rows: vec![row("C1/A"), row("C2/B")] };
        let shown = parts.extend(&mut whole, "a.csv").unwrap_err().to_string();
        assert!(shown.contains("`Ticket`") || shown.contains("Ticket"), "{shown}");
        assert!(shown.contains("2 of the first 2 values have no \" / \"") && shown.contains("C1/A"), "{shown}");
    }

    #[test]
    fn columns_that_do_not_fit_name_the_line() {
        for (names, says) in [(["Tickte", "When"], "write `[split.\"Tickte\"]`"), (["Ticket", "id"], "`id 2`")] {
            let shown = Parts::find(&[split(&["id", "team"])], &header(&names), "a.csv").unwrap_err().to_string();
            assert!(shown.contains("wcaf.toml:3") && shown.contains(says), "{shown}");
        }
    }
}
