//! Where bytes come from: a file, standard input, gzip, or the one data file of a zip.
//!
//! A container is recognised by its first bytes, not by its name.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;

use super::csv::blocks::read_full;
use super::encoding::{self, Choice, Decoder, Encoding};
use super::format::{self, Format};
use super::limits::Limits;
use super::members;
use super::streams::{Bounded, Metered, Packed, Scaled};
use crate::error::{Problem, Result};
use crate::log::text::visible;

/// One input as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file on disk.
    File(PathBuf),
    /// Standard input.
    Stdin,
    /// Bytes that are there already, under a name.
    Memory(String, Vec<u8>),
}

impl Source {
    /// The name shown in messages: the path as given, hostile characters made visible, or `<stdin>`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Source::File(path) => visible(&path.display().to_string()),
            Source::Stdin => "<stdin>".to_owned(),
            Source::Memory(name, _) => visible(name),
        }
    }

    /// The name written to outputs: the last part of the path only.
    #[must_use]
    pub fn name(&self) -> String {
        match self {
            Source::File(path) => {
                path.file_name().map_or_else(|| self.shown(), |name| name.to_string_lossy().into_owned())
            }
            Source::Stdin => self.shown(),
            Source::Memory(name, _) => name.clone(),
        }
    }

    /// Size in bytes where it is known beforehand.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match self {
            Source::File(path) => std::fs::metadata(path).ok().map(|meta| meta.len()),
            Source::Stdin => None,
            Source::Memory(_, bytes) => Some(bytes.len() as u64),
        }
    }
}

/// How the bytes were wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Container {
    /// Not at all.
    Plain,
    /// gzip, possibly several members.
    Gzip,
    /// A zip archive with one data file.
    Zip,
}

/// Counts bytes taken from an input so that a progress bar can follow.
pub type Progress = AtomicU64;

/// Size and BLAKE3 hash of a container as it lies on disk.
#[derive(Clone, Debug)]
pub struct Fingerprint {
    /// Bytes.
    pub bytes: u64,
    /// `blake3:` and 64 hexadecimal digits.
    pub hash: String,
}

impl Fingerprint {
    /// Writes a hash the way findings show it.
    #[must_use]
    pub fn new(bytes: u64, hash: blake3::Hash) -> Self {
        Fingerprint { bytes, hash: format!("blake3:{hash}") }
    }
}

/// What to open, and how.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The source.
    pub source: &'a Source,
    /// Bounds.
    pub limits: &'a Limits,
    /// How its bytes stand for characters, when told.
    pub encoding: Option<Encoding>,
    /// Counts the bytes taken.
    pub progress: &'a Progress,
}

impl Opening<'_> {
    fn unreadable(self, error: &io::Error) -> Problem {
        Problem::input(format!("cannot read the input: {error}")).in_file(self.source.shown())
    }
}

/// Opens a source and hands its text in UTF-8 to `consume`, together with the container it was in.
///
/// For a plain source in UTF-8 the fingerprint is the consumer's affair (it can hash in parallel) and `None` is
/// returned. That of any other source is of its bytes as they lie on disk.
///
/// # Errors
/// When the source cannot be read, holds no or several data files, or is of a kind that is not read yet;
/// and whatever `consume` refuses.
pub fn with_text<T>(
    opening: Opening,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let Opening { source, progress, .. } = opening;
    match source {
        Source::Stdin => {
            let mut input = Metered { inner: io::stdin(), progress, hasher: None };
            let head = head_of(&mut input, opening)?;
            if is_zip(&head) {
                return Err(Problem::input("a zip archive cannot be read from standard input")
                    .in_file(source.shown())
                    .hint("unpack it first: `unzip -p LOG.zip | wcaf analyze -`"));
            }
            let gzip = head.starts_with(GZIP);
            let rest = io::Cursor::new(head).chain(input);
            if gzip { gunzip(opening, rest, None, consume) } else { plain(opening, rest, consume) }
        }
        Source::Memory(_, bytes) => {
            let size = bytes.len() as u64;
            let input = io::Cursor::new(bytes.as_slice());
            if is_zip(bytes) {
                return unzip(opening, input, consume);
            }
            let input = Metered { inner: input, progress, hasher: None };
            if bytes.starts_with(GZIP) {
                gunzip(opening, input, Some(size), consume)
            } else {
                plain(opening, input, consume)
            }
        }
        Source::File(path) => with_file(opening, path, consume),
    }
}

fn with_file<T>(
    opening: Opening,
    path: &Path,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let source = opening.source;
    let mut file = File::open(path).map_err(|error| cannot_open(&error, source))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(is_folder(path, source));
    }
    let head = head_of(&mut file, opening)?;
    file.seek(SeekFrom::Start(0)).map_err(|error| opening.unreadable(&error))?;
    let size = file.metadata().map(|meta| meta.len()).ok();
    if is_zip(&head) {
        return unzip(opening, file, consume);
    }
    let gzip = head.starts_with(GZIP);
    let input = Metered { inner: file, progress: opening.progress, hasher: None };
    if gzip { gunzip(opening, input, size, consume) } else { plain(opening, input, consume) }
}

/// The refusal of a folder, with a pattern for each kind of log in it.
fn is_folder(path: &Path, source: &Source) -> Problem {
    let problem = Problem::input("the input is a folder").in_file(source.shown());
    let names =
        std::fs::read_dir(path).into_iter().flatten().filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    let ends: BTreeSet<String> = names.filter_map(|name| members::end_of(&name).map(visible)).collect();
    if ends.is_empty() {
        return problem
            .note(format!("no name in it ends as those of logs do: {}, .parquet, .gz, .zip", members::ENDS.join(", ")))
            .hint("name the file itself");
    }
    let folder = glob::Pattern::escape(source.shown().trim_end_matches('/'));
    let patterns: Vec<String> = ends.iter().map(|end| format!("'{folder}/*{end}'")).collect();
    if patterns.len() == 1 {
        return problem.hint(format!("name the files in it: `wcaf analyze {}`", patterns[0]));
    }
    problem.hint(format!("name the files in it: `wcaf analyze {}`, or some of these", patterns.join(" ")))
}

const GZIP: &[u8] = b"\x1f\x8b";

/// Whether a file starts as a zip archive does, an empty one included.
fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

fn plain<T>(
    opening: Opening,
    mut input: impl Read + Send,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let (head, choice) = beginning(opening, &mut input)?;
    let input = io::Cursor::new(head).chain(input);
    if choice.encoding == Encoding::Utf8 {
        return Ok((of_text(opening, input, choice, Container::Plain, consume)?, None));
    }
    let unmetered = Progress::new(0);
    let mut hashed = Metered { inner: input, progress: &unmetered, hasher: Some(Box::default()) };
    let value = of_text(opening, &mut hashed, choice, Container::Plain, consume)?;
    let fingerprint = hashed.finish().map_err(|error| opening.unreadable(&error))?;
    Ok((value, Some(fingerprint)))
}

/// The first bytes of a text as they are, and their encoding; refused where they show that it is no text.
fn beginning(opening: Opening, input: &mut (dyn Read + Send)) -> Result<(Vec<u8>, Choice)> {
    let in_file = |problem: Problem| problem.in_file(opening.source.shown());
    let mut head = vec![0; SNIFFED];
    let length = read_full(input, &mut head).map_err(in_file)?;
    head.truncate(length);
    refuse_unreadable(&head, opening.source)?;
    let choice = encoding::choose(&head, opening.encoding).map_err(in_file)?;
    Ok((head, choice))
}

/// Hands the text over in UTF-8.
fn of_text<T>(
    opening: Opening,
    mut input: impl Read + Send,
    choice: Choice,
    container: Container,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<T> {
    if choice.encoding == Encoding::Utf8 {
        return consume(&mut input, container).map_err(|problem| encoding::blame(problem, choice));
    }
    let in_file = |problem: Problem| problem.in_file(opening.source.shown());
    read_full(&mut input, &mut vec![0; choice.mark]).map_err(in_file)?;
    let mut text = Decoder::new(input, choice.encoding, choice.mark);
    let mut head = vec![0; SNIFFED];
    let length = read_full(&mut text, &mut head).map_err(in_file)?;
    head.truncate(length);
    refuse_unreadable(&head, opening.source)?;
    consume(&mut io::Cursor::new(head).chain(text), container)
}

/// A text whose beginning was looked at, from that beginning.
pub type Whole<'i> = io::Chain<io::Cursor<Vec<u8>>, &'i mut (dyn Read + Send)>;

/// The format of a text, and the text from its beginning.
///
/// # Errors
/// When the input breaks.
pub fn recognised<'i>(input: &'i mut (dyn Read + Send), source: &Source) -> Result<(Format, Whole<'i>)> {
    let mut head = vec![0; format::SNIFFED];
    let length = read_full(input, &mut head).map_err(|problem| problem.in_file(source.shown()))?;
    head.truncate(length);
    Ok((Format::of(&head), io::Cursor::new(head).chain(input)))
}

fn gunzip<T>(
    opening: Opening,
    input: impl Read + Send,
    size: Option<u64>,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let taken = Progress::new(0);
    let hashed = Metered { inner: input, progress: &taken, hasher: Some(Box::default()) };
    let decoder = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 18, hashed));
    let packed = size.map_or(Packed::SoFar(&taken), Packed::Whole);
    let mut bounded = Bounded { inner: decoder, out: 0, packed, limits: *opening.limits };
    let (head, choice) = beginning(opening, &mut bounded)?;
    let value = of_text(opening, io::Cursor::new(head).chain(&mut bounded), choice, Container::Gzip, consume)?;
    let hashed = bounded.inner.into_inner().into_inner();
    let fingerprint = hashed.finish().map_err(|error| opening.unreadable(&error))?;
    Ok((value, Some(fingerprint)))
}

fn unzip<T>(
    opening: Opening,
    mut file: impl Read + Seek + Send,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::input(format!("cannot read the zip archive: {error}"))
            .in_file(opening.source.shown())
            .hint("unpack it and name the log itself; if that fails too, copy or export it again")
    };
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher).map_err(|e| broken(&e))?;
    let fingerprint = Fingerprint::new(hasher.count(), hasher.finalize());
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(1 << 18, file)).map_err(|e| broken(&e))?;
    let member = members::choose(&mut archive, opening)?;
    let member = archive.by_index(member).map_err(|e| broken(&e))?;
    let (packed, unpacked) = (member.compressed_size(), member.size());
    let metered = Scaled { inner: member, progress: opening.progress, packed, unpacked, seen: 0 };
    let mut bounded = Bounded { inner: metered, out: 0, packed: Packed::Whole(packed), limits: *opening.limits };
    let (head, choice) = beginning(opening, &mut bounded)?;
    let value = of_text(opening, io::Cursor::new(head).chain(&mut bounded), choice, Container::Zip, consume)?;
    Ok((value, Some(fingerprint)))
}

fn head_of(input: &mut impl Read, opening: Opening) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    input.take(8).read_to_end(&mut head).map_err(|error| opening.unreadable(&error))?;
    Ok(head)
}

/// Bytes looked at to tell a text table from something else.
const SNIFFED: usize = 4096;

fn cannot_open(error: &io::Error, source: &Source) -> Problem {
    let (message, hint) = match error.kind() {
        io::ErrorKind::NotFound => ("there is no such file", "check the name and the folder it is in"),
        io::ErrorKind::PermissionDenied => ("the file may not be read", "check who may read it"),
        _ => {
            return Problem::input(format!("cannot read the input: {error}"))
                .in_file(source.shown())
                .hint("check the path, or copy the file to another place and name that");
        }
    };
    Problem::input(message).in_file(source.shown()).hint(hint)
}

/// Refuses what is no text table, by its first bytes after unpacking.
fn refuse_unreadable(head: &[u8], source: &Source) -> Result<()> {
    match no_table(head) {
        None => Ok(()),
        Some((what, hint)) => Err(Problem::input(what).in_file(source.shown()).hint(hint)),
    }
}

pub(super) fn no_table(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let starts = |mark: &[u8]| head.starts_with(mark);
    if starts(b"\x28\xB5\x2F\xFD") {
        return Some((
            "the file is compressed with zstd, which is not read yet",
            "unpack it first: `unzstd LOG.csv.zst`",
        ));
    }
    if starts(b"BZh") || starts(b"\xFD7zXZ\x00") {
        return Some((
            "the file is compressed with bzip2 or xz, which are not read",
            "unpack it first, or pack it with gzip",
        ));
    }
    if starts(GZIP) || starts(b"PK\x03\x04") {
        return Some(("the file is packed twice", "unpack it once"));
    }
    if starts(b"SQLite format 3\0") {
        let hint =
            "export the table of events as CSV, e.g. `sqlite3 -header -csv LOG.db 'select * from EVENTS' > LOG.csv`";
        return Some(("the file is an SQLite database, which is not read yet", hint));
    }
    let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(head).trim_ascii_start();
    let element = |name: &[u8]| {
        text.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name))
            && text.get(name.len()).is_none_or(|next| !next.is_ascii_alphanumeric())
    };
    if [&b"<!doctype html"[..], b"<html"].into_iter().any(element) {
        let hint = "it may be a login page that was saved instead of the log; export the log again as CSV";
        return Some(("the file is a web page, not a table", hint));
    }
    let list = text.strip_prefix(b"[").map(<[u8]>::trim_ascii_start);
    if list.is_some_and(|first| matches!(first.first(), Some(b'{' | b'[' | b'"'))) {
        let hint = "write each object on a line of its own, e.g. with `jq -c '.[]' LOG.json > LOG.ndjson`";
        return Some(("the file is a JSON list, which is not read yet", hint));
    }
    None
}

#[cfg(test)]
mod tests {
    use super::no_table;

    #[test]
    fn what_is_no_table_is_told_by_its_beginning() {
        for (head, says) in [
            (&b"<!DOCTYPE html>"[..], "web page"),
            (b"[{\"id\": 1}]", "JSON"),
            (b"  [\n  {", "JSON"),
            (b"SQLite format 3\0\x10", "SQLite"),
            (b"\x1f\x8b\x08", "twice"),
        ] {
            assert!(no_table(head).is_some_and(|(what, _)| what.contains(says)), "{says}");
        }
        for head in [
            &b"id,time\n1,2\n"[..],
            b"",
            b"{\"id\": 1}",
            b"PAR1\x15",
            b"<login>,time\n",
            b"[id],[time]\n",
            b"PARTS,TIME\n",
        ] {
            assert_eq!(no_table(head), None, "{}", String::from_utf8_lossy(head));
        }
    }
}
