//! A column of a row group to what its roles need: codes, times, ids, marks.
//!
//! Values that repeat are looked up by their bits, so that a text is read once and not once per row.

use polars_arrow::array::Array;

use super::cells::{Cells, Floats, Form};
use super::file::Packed;
use crate::error::{Problem, Result};
use crate::ingest::cases::CaseKey;
use crate::ingest::chunk::When;
use crate::ingest::comments::{CommentPlan, Listener};
use crate::ingest::csv::worker::Plan;
use crate::ingest::intern::{Interner, SharedDictionary};
use crate::ingest::keys::{Key, PADDING};
use crate::ingest::rows::too_long;
use crate::ingest::split::Part;
use crate::log::LogText;
use crate::log::text::shown;
use crate::time::{DateFault, DateReader, Evidence, Stamp};

/// What a column is read for.
enum Use<'a> {
    Case,
    Time(DateReader),
    Extra(usize, DateReader),
    Slot(usize, Box<Interner<'a>>),
    Comment(Box<Listener<'a>>, bool),
    Visible(usize),
}

/// One column of the file and what it is read for.
pub struct Reader<'a> {
    /// Its number in the header.
    pub column: usize,
    name: String,
    uses: Vec<Use<'a>>,
    /// Its floating-point numbers are read as whole ones.
    whole: bool,
    cell_limit: usize,
    keep_rejects: usize,
}

/// What a column of a row group came to, a value for each row.
pub enum Read {
    /// Case ids: keys, and the texts they lie in. The key of a row without an id is empty.
    Case(Vec<CaseKey>, Vec<u8>),
    /// Times, and the first texts that are none, by row.
    Time(Vec<std::result::Result<Stamp, DateFault>>, Vec<(usize, LogText)>),
    /// The extra time of that number.
    Extra(usize, Vec<Option<Stamp>>),
    /// Codes of the slot of that number, and the largest so far.
    Slot(usize, Vec<u32>, u32),
    /// What was heard of comments; and their texts, by row, where those of a case are kept.
    Comment(Vec<u64>, Vec<(usize, LogText)>),
    /// Hashes of the visible column of that number.
    Visible(usize, Vec<u64>),
}

/// The readers of all columns of a plan that are used.
pub fn readers<'a>(plan: &'a Plan, dictionaries: &'a [SharedDictionary]) -> Vec<Reader<'a>> {
    let dates = || DateReader::new(plan.date_format.as_ref());
    let mut uses: Vec<(usize, Use)> = vec![(plan.case, Use::Case), (plan.time, Use::Time(dates()))];
    let extra = plan.extra_times.iter().enumerate();
    uses.extend(extra.map(|(number, &(_, column))| (column, Use::Extra(number, dates()))));
    let slots = plan.slots.iter().zip(dictionaries).enumerate();
    uses.extend(slots.filter_map(|(number, (column, dictionary))| {
        Some(((*column)?, Use::Slot(number, Box::new(Interner::new(dictionary)))))
    }));
    let hears = |comment: &'a CommentPlan| Box::new(Listener::new(Some(comment)));
    let comment = plan.comment.as_ref();
    uses.extend(comment.map(|comment| (comment.column, Use::Comment(hears(comment), comment.keep_of.is_some()))));
    uses.extend(plan.visible.iter().enumerate().map(|(number, &column)| (column, Use::Visible(number))));
    let mut readers: Vec<Reader> = Vec::new();
    for (column, one) in uses {
        if let Some(reader) = readers.iter_mut().find(|reader| reader.column == column) {
            reader.uses.push(one);
        } else {
            let (name, cell_limit) = (plan.name(column).to_owned(), plan.limits.cell);
            readers.push(Reader {
                column,
                name,
                uses: vec![one],
                whole: false,
                cell_limit,
                keep_rejects: plan.keep_rejects,
            });
        }
    }
    readers
}

/// What the times showed: those of the events, then the extra ones in the order of the plan.
pub fn evidence(readers: &[Reader], extra_times: &[(When, usize)]) -> Vec<Evidence> {
    let of = |wanted: Option<usize>| {
        let uses = readers.iter().flat_map(|reader| &reader.uses);
        let mut dates = uses.filter_map(|one| match one {
            Use::Time(dates) if wanted.is_none() => Some(dates),
            Use::Extra(number, dates) if wanted == Some(*number) => Some(dates),
            _ => None,
        });
        dates.next().map(|dates| dates.evidence().clone()).unwrap_or_default()
    };
    std::iter::once(None).chain((0..extra_times.len()).map(Some)).map(of).collect()
}

impl Reader<'_> {
    /// Whether the texts of the column matter: ids, names and times, and not only whether they change.
    #[must_use]
    pub fn reads_texts(&self) -> bool {
        self.uses.iter().any(|one| matches!(one, Use::Case | Use::Time(_) | Use::Extra(..) | Use::Slot(..)))
    }

    /// Decides whether the floating-point numbers of the whole column are read as whole ones.
    ///
    /// # Errors
    /// When they are ids of cases and too large to be told apart.
    pub fn decide(&mut self, floats: Floats, row: u64) -> Result<()> {
        self.whole = floats == Floats::Whole;
        let is_case = self.uses.iter().any(|one| matches!(one, Use::Case));
        if is_case && matches!(floats, Floats::TooLarge(_)) {
            return Err(Problem::input(
                "the case ids are floating-point numbers so large that neighbouring ids are the same number",
            )
            .at_line(row)
            .in_column(shown(&self.name))
            .hint(format!(
                "write `{0}` as whole numbers or texts where it comes from, e.g. `CAST({0} AS VARCHAR)`",
                shown(&self.name)
            )));
        }
        Ok(())
    }

    /// The number of the column in the file.
    pub fn of_file(&self, plan: &Plan) -> usize {
        plan.parts.part(self.column).map_or(self.column, |part| part.column)
    }

    /// Reads the column of one row group whose first row has the number `first`.
    ///
    /// # Errors
    /// When the column is damaged, or a cell is longer than the limit or no text.
    pub fn read(&mut self, packed: &Packed, first: u64, plan: &Plan) -> Result<Vec<Read>> {
        let arrays = packed.arrays(packed.rows())?;
        let cells: Vec<Cells> = arrays.iter().map(|array| self.cells(array.as_ref())).collect::<Result<_>>()?;
        let lengths: Vec<usize> = arrays.iter().map(|array| array.len()).collect();
        let part = plan.parts.part(self.column);
        let mut texts =
            Texts { parts: &cells, lengths: &lengths, limit: self.cell_limit, name: &self.name, part, first, row: 0 };
        let keep_rejects = self.keep_rejects;
        self.uses.iter_mut().map(|one| one.read(&mut texts, packed.rows(), keep_rejects)).collect()
    }

    fn cells(&self, array: &dyn Array) -> Result<Cells> {
        let cells = Cells::new(array)?;
        Ok(if self.whole { cells.into_whole() } else { cells })
    }
}

/// The cells of a column of a row group in order.
struct Texts<'c> {
    parts: &'c [Cells],
    lengths: &'c [usize],
    limit: usize,
    name: &'c str,
    /// What is read of each cell, where it is not all.
    part: Option<Part<'c>>,
    /// Number of the first row in the file.
    first: u64,
    /// Rows seen, for messages.
    row: u64,
}

impl Texts<'_> {
    /// Calls `known` with the bits of each cell that has a value; where it knows them not, `learn` gets the text,
    /// with padding behind it, and its length. `none` stands for a cell without a value.
    fn each<T: Copy>(
        &mut self,
        none: T,
        out: &mut Vec<T>,
        mut known: impl FnMut(u128) -> Option<T>,
        mut learn: impl FnMut(u128, &[u8], usize) -> T,
        mut forget: impl FnMut(),
    ) -> Result<()> {
        let mut scratch = Vec::new();
        self.row = 0;
        for (cells, &length) in self.parts.iter().zip(self.lengths) {
            // the bits of a text say where it lies in its own array
            forget();
            for row in 0..length {
                self.row += 1;
                if cells.is_null(row) {
                    out.push(none);
                    continue;
                }
                let token = cells.token(row);
                if let Some(value) = known(token) {
                    out.push(value);
                    continue;
                }
                self.text(cells, row, &mut scratch)?;
                let length = scratch.len();
                scratch.extend([0; PADDING]);
                out.push(learn(token, &scratch, length));
            }
        }
        Ok(())
    }

    fn text(&self, cells: &Cells, row: usize, out: &mut Vec<u8>) -> Result<()> {
        let place = |problem: Problem| problem.at_line(self.first + self.row).in_column(shown(self.name));
        cells.text(row, out).map_err(place)?;
        if let Some(part) = self.part {
            let (from, to) = part.range(out);
            out.truncate(to);
            out.drain(..from);
        }
        if out.len() > self.limit { Err(place(too_long(self.limit))) } else { Ok(()) }
    }

    /// The stamp of every cell.
    fn stamps(
        &mut self,
        dates: &mut DateReader,
        mut take: impl FnMut(std::result::Result<Stamp, DateFault>, &dyn Fn() -> LogText),
    ) -> Result<()> {
        let mut scratch = Vec::new();
        self.row = 0;
        for (cells, &length) in self.parts.iter().zip(self.lengths) {
            let numbers = cells.numbers().filter(|_| self.part.is_none());
            let direct = numbers.and_then(|(numbers, form)| Some((numbers, scale(form)?)));
            for row in 0..length {
                self.row += 1;
                if cells.is_null(row) {
                    take(Err(DateFault::Empty), &|| LogText::new(""));
                    continue;
                }
                if let Some((numbers, (per_second, is_naive))) = direct {
                    let ms = in_ms(numbers[row], per_second);
                    let stamp = ms.ok_or(DateFault::OutOfRange).and_then(|ms| dates.take_ms(ms, is_naive));
                    take(stamp, &|| {
                        let mut text = Vec::new();
                        let _ = cells.text(row, &mut text);
                        LogText::new(String::from_utf8_lossy(&text))
                    });
                } else {
                    self.text(cells, row, &mut scratch)?;
                    let line = self.first + self.row;
                    take(dates.read(&scratch, || line), &|| LogText::new(String::from_utf8_lossy(&scratch)));
                }
            }
        }
        Ok(())
    }
}

/// Parts of a second, 0 for days, and whether the clock is local.
fn scale(form: Form) -> Option<(i64, bool)> {
    match form {
        Form::Instant { per_second, is_naive } => Some((per_second, is_naive)),
        Form::Day => Some((0, true)),
        Form::Whole
        | Form::Unsigned
        | Form::Float
        | Form::Double
        | Form::WholeDouble
        | Form::Flag
        | Form::Clock(_)
        | Form::Duration(_)
        | Form::Decimal(_)
        | Form::Uuid => None,
    }
}

/// Milliseconds, cut below.
fn in_ms(value: i64, per_second: i64) -> Option<i64> {
    match per_second {
        0 => value.checked_mul(86_400_000),
        1 => value.checked_mul(1_000),
        _ => Some(value.div_euclid(per_second / 1_000)),
    }
}

impl Use<'_> {
    fn read(&mut self, texts: &mut Texts, rows: usize, keep_rejects: usize) -> Result<Read> {
        match self {
            Use::Case => read_cases(texts, rows),
            Use::Time(dates) => {
                let (mut stamps, mut faults) = (Vec::with_capacity(rows), Vec::new());
                texts.stamps(dates, |stamp, text| {
                    if stamp.is_err() && faults.len() < keep_rejects {
                        faults.push((stamps.len(), text()));
                    }
                    stamps.push(stamp);
                })?;
                Ok(Read::Time(stamps, faults))
            }
            Use::Extra(number, dates) => {
                let mut stamps = Vec::with_capacity(rows);
                texts.stamps(dates, |stamp, _| stamps.push(stamp.ok()))?;
                Ok(Read::Extra(*number, stamps))
            }
            Use::Slot(number, interner) => {
                let mut codes = Vec::with_capacity(rows);
                let cache = std::cell::RefCell::new(Cache::new());
                texts.each(
                    0,
                    &mut codes,
                    |token| cache.borrow().get(token),
                    |token, buffer, length| {
                        let code = interner.code(buffer, 0, length);
                        cache.borrow_mut().put(token, code);
                        code
                    },
                    || cache.borrow_mut().clear(),
                )?;
                Ok(Read::Slot(*number, codes, interner.largest()))
            }
            Use::Comment(listener, keeps) => {
                let (mut marks, mut kept) = (Vec::with_capacity(rows), Vec::new());
                let row = std::cell::Cell::new(0);
                let next = |_| {
                    row.set(row.get() + 1);
                    None
                };
                let hear = |_, buffer: &[u8], length: usize| {
                    if *keeps && length > 0 {
                        kept.push((row.get(), LogText::new(String::from_utf8_lossy(&buffer[..length]))));
                    }
                    listener.bits(&buffer[..length])
                };
                texts.each(0, &mut marks, next, hear, || {})?;
                Ok(Read::Comment(marks, kept))
            }
            Use::Visible(number) => {
                let mut hashes = Vec::with_capacity(rows);
                let none = Key::of(&[0; PADDING], 0, 0).hash();
                let last = std::cell::Cell::new(None);
                texts.each(
                    none,
                    &mut hashes,
                    |token| last.get().filter(|(known, _)| *known == token).map(|(_, hash)| hash),
                    |token, buffer, length| {
                        let hash = Key::of(buffer, 0, length).hash();
                        last.set(Some((token, hash)));
                        hash
                    },
                    || last.set(None),
                )?;
                Ok(Read::Visible(*number, hashes))
            }
        }
    }
}

/// Neighbouring rows of one case have its id stored once.
fn read_cases(texts: &mut Texts, rows: usize) -> Result<Read> {
    let (mut keys, mut ids) = (Vec::with_capacity(rows), Vec::new());
    let key = Key::of(&[0; PADDING], 0, 0);
    let none = CaseKey { key, hash: key.hash(), from: 0, to: 0 };
    let last = std::cell::Cell::new(None);
    let mut too_many = false;
    texts.each(
        none,
        &mut keys,
        |token| last.get().filter(|(known, _)| *known == token).map(|(_, key)| key),
        |token, buffer, length| {
            let key = Key::of(buffer, 0, length);
            let from = ids.len();
            ids.extend_from_slice(&buffer[..length]);
            too_many |= u32::try_from(ids.len()).is_err();
            #[expect(clippy::cast_possible_truncation, reason = "checked, and refused below")]
            let key = CaseKey { key, hash: key.hash(), from: from as u32, to: ids.len() as u32 };
            last.set(Some((token, key)));
            key
        },
        || last.set(None),
    )?;
    if too_many {
        return Err(Problem::input("the case ids of one row group take more than 4 GiB")
            .hint("write the file again with smaller row groups"));
    }
    Ok(Read::Case(keys, ids))
}

/// Codes by bits, as many as are likely to repeat.
struct Cache(Vec<(u128, u32)>);

/// Entries of the cache.
const ENTRIES: usize = 1 << 12;

/// No code: the bits of its entry are not known.
const UNKNOWN: u32 = u32::MAX;

impl Cache {
    fn new() -> Self {
        Cache(vec![(0, UNKNOWN); ENTRIES])
    }

    #[inline]
    fn place(token: u128) -> usize {
        #[expect(clippy::cast_possible_truncation, reason = "the halves are folded")]
        let folded = (token as u64) ^ ((token >> 64) as u64).rotate_left(29);
        (folded.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize % ENTRIES
    }

    #[inline]
    fn get(&self, token: u128) -> Option<u32> {
        let (known, code) = self.0[Self::place(token)];
        (known == token && code != UNKNOWN).then_some(code)
    }

    fn put(&mut self, token: u128, code: u32) {
        self.0[Self::place(token)] = (token, code);
    }

    fn clear(&mut self) {
        self.0.fill((0, UNKNOWN));
    }
}
