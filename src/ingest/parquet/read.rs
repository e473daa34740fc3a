//! Row groups to chunks: the columns of a group side by side, then pieces of its rows side by side.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::Read as _;

use super::cells::{Cells, Floats};
use super::columns::{Read, Reader, evidence, readers};
use super::file::{Packed, ParquetFile, damaged};
use super::leaves::Unread;
use crate::error::{Problem, Result};
use crate::ingest::cases::{CaseKey, Cases};
use crate::ingest::chunk::{Chunk, Times, group_by_shard};
use crate::ingest::comments::KeptText;
use crate::ingest::csv::Table;
use crate::ingest::csv::worker::Plan;
use crate::ingest::intern::SharedDictionary;
use crate::ingest::keys::mix;
use crate::ingest::limits::Limits;
use crate::ingest::mapping::{How, Note, Overrides};
use crate::ingest::rejects::{Reason, Reject, Rejects};
use crate::ingest::source::{Fingerprint, Progress};
use crate::log::text::shown;
use crate::log::{Codes, LogText};
use crate::parallel;
use crate::time::{DateFault, Stamp};

/// Rows looked at for a guess.
const SAMPLE_ROWS: usize = 20_000;

/// Cells looked at for a guess.
const SAMPLE_CELLS: usize = 1 << 20;

/// Rows of one chunk.
const CHUNK_ROWS: usize = 65_536;

/// The beginning of a table: enough to guess from.
pub struct Beginning {
    file: ParquetFile,
    /// Names of the columns.
    pub header: Vec<String>,
    /// First rows.
    pub rows: Vec<Vec<String>>,
}

/// Reads the beginning of a table.
///
/// # Errors
/// When the file is damaged, has no column that can be read, or exceeds a limit.
pub fn begin(file: File, name: &str, limits: &Limits) -> Result<Beginning> {
    begin_anonymous(file, limits).map_err(|problem| problem.in_file(name))
}

fn begin_anonymous(file: File, limits: &Limits) -> Result<Beginning> {
    let mut file = ParquetFile::open(file, limits)?;
    let header: Vec<String> = file.leaves.iter().map(|leaf| leaf.name.clone()).collect();
    if header.is_empty() {
        let problem = Problem::input("the file has no column that can be read")
            .hint("export the log with columns of texts, numbers and times");
        return Err(with_unread(problem, &file.unread));
    }
    let wanted = SAMPLE_ROWS.min(SAMPLE_CELLS / header.len()).max(200);
    let mut rows: Vec<Vec<String>> = Vec::new();
    for (group, size) in file.groups().into_iter().enumerate() {
        let most = size.min(wanted - rows.len());
        if most == 0 {
            continue;
        }
        let first = rows.len();
        rows.resize_with(first + most, Vec::new);
        for (column, name) in header.iter().enumerate() {
            let packed = file.packed(group, column)?;
            append_texts(&packed, most, limits, &mut rows[first..])
                .map_err(|problem| problem.in_column(shown(name)))?;
        }
        if rows.len() == wanted {
            break;
        }
    }
    file.start_again();
    Ok(Beginning { file, header, rows })
}

impl Beginning {
    /// Refuses a flag or a configuration that names a column of a type that is not read.
    ///
    /// # Errors
    /// A usage problem that names the type.
    pub fn refuse_unread(&self, wanted: &Overrides, name: &str) -> Result<()> {
        for want in wanted.columns.iter().filter(|want| !self.header.contains(&want.column)) {
            if let Some(unread) = self.file.unread.iter().find(|unread| unread.name == want.column) {
                let place = match want.how {
                    How::Flag => want.role.flag(),
                    How::Config | How::Guess => format!("the configuration ({})", want.role.as_str()),
                };
                let (column, kind) = (shown(&unread.name), shown(&unread.kind));
                return Err(Problem::usage(format!("{place} names column `{column}`, whose type is not read: {kind}"))
                    .in_file(name)
                    .hint(format!("write `{column}` as a column of texts, or name another column")));
            }
        }
        Ok(())
    }

    /// A refusal of the columns, with those that were left out.
    #[must_use]
    pub fn explain(&self, problem: Problem) -> Problem {
        with_unread(problem, &self.file.unread)
    }
}

fn with_unread(problem: Problem, unread: &[Unread]) -> Problem {
    if unread.is_empty() {
        return problem;
    }
    problem.hint(format!("{}; write the one you need as a column of texts", unread_columns(unread)))
}

/// Columns that are not read, with their types.
fn unread_columns(unread: &[Unread]) -> String {
    let named = unread.iter().take(10).map(|column| format!("`{}` ({})", shown(&column.name), shown(&column.kind)));
    let more = if unread.len() > 10 { format!(" and {} more", unread.len() - 10) } else { String::new() };
    format!("columns of types that are not read: {}{more}", named.collect::<Vec<_>>().join(", "))
}

/// What the person should know of columns that are not read.
fn unread_note(unread: &[Unread]) -> Option<Note> {
    let hint = "write them as columns of texts if the analysis needs them".to_owned();
    (!unread.is_empty()).then(|| Note { message: unread_columns(unread), hint })
}

fn append_texts(packed: &Packed, most: usize, limits: &Limits, rows: &mut [Vec<String>]) -> Result<()> {
    let mut rows = rows.iter_mut();
    let mut text = Vec::new();
    let arrays = packed.arrays(most)?;
    let cells: Vec<Cells> = arrays.iter().map(|array| Cells::new(array.as_ref())).collect::<Result<_>>()?;
    let whole = cells.iter().all(|cells| cells.floats() == Floats::Whole);
    for (array, cells) in arrays.iter().zip(cells) {
        let cells = if whole { cells.into_whole() } else { cells };
        for row in 0..array.len() {
            cells.text(row, &mut text)?;
            text.truncate(limits.cell);
            let row = rows.next().ok_or_else(|| damaged("a column has too many values"))?;
            row.push(String::from_utf8_lossy(&text).into_owned());
        }
    }
    Ok(())
}

/// Reads the whole table.
///
/// # Errors
/// When the file is damaged or exceeds a limit.
pub fn read(
    beginning: Beginning,
    plan: &Plan,
    cases: &Cases,
    dictionaries: &[SharedDictionary],
    threads: usize,
    progress: &Progress,
) -> Result<(Table, Vec<Note>)> {
    let Beginning { mut file, .. } = beginning;
    let notes = unread_note(&file.unread).into_iter().collect();
    let table = read_groups(&mut file, plan, cases, dictionaries, threads, progress);
    let fingerprint = table.as_ref().ok().map(|_| fingerprint(&mut file)).transpose();
    let in_file = |problem: Problem| problem.in_file(&plan.file);
    let mut table = table.map_err(in_file)?;
    table.fingerprint = fingerprint.map_err(in_file)?;
    Ok((table, notes))
}

fn read_groups(
    file: &mut ParquetFile,
    plan: &Plan,
    cases: &Cases,
    dictionaries: &[SharedDictionary],
    threads: usize,
    progress: &Progress,
) -> Result<Table> {
    let mut readers = readers(plan, dictionaries);
    decide_floats(file, &mut readers)?;
    let mut table = Table {
        chunks: Vec::new(),
        rows: 0,
        rejects: Rejects { counts: BTreeMap::new(), rows: Vec::new() },
        evidence: Vec::new(),
        fingerprint: None,
        no_final_newline: false,
        empty_rows: 0,
        comments: Vec::new(),
    };
    for (group, size) in file.groups().into_iter().enumerate().filter(|(_, size)| *size > 0) {
        let packed =
            readers.iter().map(|reader| file.packed(group, reader.of_file(plan))).collect::<Result<Vec<_>>>()?;
        let bytes: u64 = packed.iter().map(Packed::bytes).sum();
        let first = table.rows;
        let jobs: Vec<(&mut Reader, Packed)> = readers.iter_mut().zip(packed).collect();
        let read = parallel::map(threads, jobs, |_, (reader, packed)| reader.read(&packed, first, plan));
        let mut rows = Rows { first, ..Rows::default() };
        for one in read.into_iter().collect::<Result<Vec<_>>>()?.into_iter().flatten() {
            rows.take(one, plan);
        }
        table.comments.extend(rows.comments_of_case(plan));
        let kept = rows.keep(size, plan, first, &mut table.rejects);
        let sequence = u32::try_from(table.chunks.len()).map_err(|_| damaged("it has too many row groups"))?;
        let pieces: Vec<&[u32]> = kept.chunks(CHUNK_ROWS).collect();
        let chunks = parallel::map(threads, pieces, |number, piece| {
            #[expect(clippy::cast_possible_truncation, reason = "rows are counted in 32 bits")]
            rows.chunk(piece, plan, cases, sequence + number as u32)
        });
        table.chunks.extend(chunks);
        table.rows += size as u64;
        progress.fetch_add(bytes, std::sync::atomic::Ordering::Relaxed);
    }
    table.evidence = evidence(&readers, &plan.extra_times);
    Ok(table)
}

/// Looks through the columns of floating-point numbers: a program that had to leave a cell empty may have made them of
/// whole numbers, and `741005.0` is then the id `741005` of another file.
fn decide_floats(file: &mut ParquetFile, readers: &mut [Reader]) -> Result<()> {
    for reader in readers.iter_mut().filter(|reader| reader.reads_texts()) {
        if !file.leaves[reader.column].is_float() {
            continue;
        }
        let (mut floats, mut first) = (Floats::Whole, 0);
        for (group, _) in file.groups().into_iter().enumerate().filter(|(_, size)| *size > 0) {
            (floats, first) = floats_of(&file.packed(group, reader.column)?, first)?;
            if floats != Floats::Whole {
                break;
            }
        }
        reader.decide(floats, first)?;
    }
    file.start_again();
    Ok(())
}

/// What the numbers of a column of a row group have in common, and the number of its last row that was looked at.
fn floats_of(packed: &Packed, mut row: u64) -> Result<(Floats, u64)> {
    for array in packed.arrays(packed.rows())? {
        match Cells::new(array.as_ref())?.floats() {
            Floats::Whole => row += array.len() as u64,
            Floats::Fractions => return Ok((Floats::Fractions, row)),
            Floats::TooLarge(at) => return Ok((Floats::TooLarge(at), row + at as u64 + 1)),
        }
    }
    Ok((Floats::Whole, row))
}

/// The columns of a row group.
#[derive(Default)]
struct Rows {
    /// Rows of the file before these.
    first: u64,
    keys: Vec<CaseKey>,
    ids: Vec<u8>,
    time: Vec<std::result::Result<Stamp, DateFault>>,
    faults: Vec<(usize, LogText)>,
    extra: Vec<Vec<Option<Stamp>>>,
    codes: Vec<Option<(Vec<u32>, u32)>>,
    visible: Vec<Vec<u64>>,
    marks: Vec<u64>,
    comments: Vec<(usize, LogText)>,
}

impl Rows {
    fn take(&mut self, read: Read, plan: &Plan) {
        self.extra.resize(plan.extra_times.len(), Vec::new());
        self.codes.resize(plan.slots.len(), None);
        self.visible.resize(plan.visible.len(), Vec::new());
        match read {
            Read::Case(keys, ids) => (self.keys, self.ids) = (keys, ids),
            Read::Time(time, faults) => (self.time, self.faults) = (time, faults),
            Read::Extra(number, stamps) => self.extra[number] = stamps,
            Read::Slot(number, codes, largest) => self.codes[number] = Some((codes, largest)),
            Read::Comment(marks, comments) => (self.marks, self.comments) = (marks, comments),
            Read::Visible(number, hashes) => self.visible[number] = hashes,
        }
    }

    /// The comments of the case that was asked for.
    fn comments_of_case<'r>(&'r self, plan: &'r Plan) -> impl Iterator<Item = KeptText> + 'r {
        let wanted = plan.comment.as_ref().and_then(|comment| comment.keep_of.as_deref());
        let of_case = move |row: usize| {
            let key = self.keys.get(row)?;
            (Some(&self.ids[key.from as usize..key.to as usize]) == wanted.map(str::as_bytes)).then_some(())
        };
        self.comments.iter().filter_map(move |(row, text)| {
            of_case(*row)?;
            Some(KeptText { source: plan.source, line: self.first + *row as u64 + 1, text: text.clone() })
        })
    }

    /// The rows that can be used; the others are rejected.
    fn keep(&self, size: usize, plan: &Plan, first: u64, rejects: &mut Rejects) -> Vec<u32> {
        let mut kept = Vec::with_capacity(size);
        let mut faults = self.faults.iter();
        for ((row, time), key) in (0u32..).zip(&self.time).zip(&self.keys) {
            let (reason, column) = match time {
                Err(fault) => (Reason::Time(*fault), plan.time),
                Ok(_) if key.from == key.to => (Reason::CaseMissing, plan.case),
                Ok(_) => {
                    kept.push(row);
                    continue;
                }
            };
            *rejects.counts.entry(reason).or_default() += 1;
            if rejects.rows.len() < plan.keep_rejects {
                let value = match reason {
                    Reason::Time(_) => faults.next().map(|(_, text)| text.clone()).unwrap_or_default(),
                    Reason::CaseMissing | Reason::FieldCount => LogText::default(),
                };
                let (line, column) = (first + u64::from(row) + 1, plan.name(column).to_owned());
                rejects.rows.push(Reject { source: plan.source, line, column, value, reason });
            }
        }
        kept
    }

    fn chunk(&self, rows: &[u32], plan: &Plan, cases: &Cases, sequence: u32) -> Chunk {
        let keys: Vec<CaseKey> = rows.iter().map(|&row| self.keys[row as usize]).collect();
        let (order, shard_ends) = group_by_shard(keys.iter().map(|key| key.shard()));
        let id = |key: CaseKey| &self.ids[key.from as usize..key.to as usize];
        let case = cases.resolve(0, &keys, &order, &shard_ends, id);
        let order: Vec<u32> = order.into_iter().map(|at| rows[at as usize]).collect();
        let codes = self.codes.iter().map(|codes| {
            let (codes, largest) = codes.as_ref()?;
            Some(Codes::gather(codes, &order, *largest))
        });
        let extra = plan.extra_times.iter().zip(&self.extra);
        let row = |row: &u32| *row as usize;
        let stamps: Vec<Stamp> = order.iter().filter_map(|at| self.time[row(at)].ok()).collect();
        #[expect(clippy::cast_possible_truncation, reason = "rows are counted in 32 bits")]
        let in_order: Vec<u32> = (0..stamps.len() as u32).collect();
        Chunk {
            source: plan.source,
            sequence,
            shard_ends,
            case,
            time: Times::pack(&stamps, &in_order),
            extra_times: extra
                .map(|(&(when, _), stamps)| (when, order.iter().map(|at| stamps[row(at)]).collect()))
                .collect(),
            codes: codes.collect(),
            visible: if self.visible.is_empty() {
                Vec::new()
            } else {
                order.iter().map(|at| self.fingerprint(row(at))).collect()
            },
            marks: if self.marks.is_empty() {
                Vec::new()
            } else {
                order.iter().map(|at| self.marks[row(at)]).collect()
            },
            lines: if plan.keep_lines {
                order.iter().map(|at| self.first + u64::from(*at) + 1).collect()
            } else {
                Vec::new()
            },
        }
    }

    /// As [`crate::ingest::rows`] makes it from texts.
    fn fingerprint(&self, row: usize) -> u64 {
        let columns = self.visible.iter().map(|hashes| hashes[row]);
        columns.fold(0, |state, hash| mix(state.rotate_left(17) ^ hash, 0x9FB2_1C65_1E98_DF25))
    }
}

fn fingerprint(file: &mut ParquetFile) -> Result<Fingerprint> {
    let whole = file.whole()?;
    let mut hasher = blake3::Hasher::new();
    let mut block = vec![0; 1 << 20];
    loop {
        let read = whole
            .read(&mut block)
            .map_err(|error| Problem::input(format!("cannot read the input: {error}")).hint("run the command again"))?;
        if read == 0 {
            return Ok(Fingerprint::new(hasher.count(), hasher.finalize()));
        }
        hasher.update(&block[..read]);
    }
}
