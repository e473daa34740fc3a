//! Where bytes come from: a file, standard input, gzip, or the one data file of a zip.
//!
//! A container is recognised by its first bytes, not by its name.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use super::csv::blocks::read_full;
use super::format::{self, Format};
use super::limits::{Limits, RATIO_FREE};
use crate::error::{Problem, Result};
use crate::log::text::{shown, visible};

/// One input as the user named it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file on disk.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

impl Source {
    /// The name shown in messages: the path as given, hostile characters made visible, or `<stdin>`.
    #[must_use]
    pub fn shown(&self) -> String {
        match self {
            Source::File(path) => visible(&path.display().to_string()),
            Source::Stdin => "<stdin>".to_owned(),
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
        }
    }

    /// Size in bytes where it is known beforehand.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        match self {
            Source::File(path) => std::fs::metadata(path).ok().map(|meta| meta.len()),
            Source::Stdin => None,
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

/// Opens `source` and hands its text bytes to `consume`, together with the container it was in.
///
/// For a plain source the fingerprint is the consumer's affair (it can hash in parallel) and `None` is returned.
///
/// # Errors
/// When the source cannot be read, holds no or several data files, or is of a kind that is not read yet;
/// and whatever `consume` refuses.
pub fn with_text<T>(
    source: &Source,
    limits: &Limits,
    progress: &Progress,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    match source {
        Source::Stdin => {
            let mut input = Metered { inner: io::stdin(), progress, hasher: None };
            let head = head_of(&mut input, source)?;
            if is_zip(&head) {
                return Err(Problem::input("a zip archive cannot be read from standard input")
                    .in_file(source.shown())
                    .hint("unpack it first: `unzip -p LOG.zip | wcaf analyze -`"));
            }
            let gzip = head.starts_with(GZIP);
            let rest = io::Cursor::new(head).chain(input);
            if gzip { gunzip(source, rest, None, limits, consume) } else { plain(source, rest, consume) }
        }
        Source::File(path) => with_file(source, path, limits, progress, consume),
    }
}

fn with_file<T>(
    source: &Source,
    path: &Path,
    limits: &Limits,
    progress: &Progress,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let unreadable =
        |error: &io::Error| Problem::input(format!("cannot read the input: {error}")).in_file(source.shown());
    let mut file = File::open(path).map_err(|error| cannot_open(&error, source))?;
    if file.metadata().is_ok_and(|meta| meta.is_dir()) {
        return Err(Problem::input("the input is a folder")
            .in_file(source.shown())
            .hint(format!("name the files in it: `wcaf analyze '{}/*.csv'`", source.shown())));
    }
    let head = head_of(&mut file, source)?;
    file.seek(SeekFrom::Start(0)).map_err(|e| unreadable(&e))?;
    let size = file.metadata().map(|meta| meta.len()).ok();
    if is_zip(&head) {
        return unzip(source, file, limits, progress, consume);
    }
    let gzip = head.starts_with(GZIP);
    let input = Metered { inner: file, progress, hasher: None };
    if gzip { gunzip(source, input, size, limits, consume) } else { plain(source, input, consume) }
}

const GZIP: &[u8] = b"\x1f\x8b";

/// Whether a file starts as a zip archive does, an empty one included.
fn is_zip(head: &[u8]) -> bool {
    head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06")
}

fn plain<T>(
    source: &Source,
    mut input: impl Read + Send,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    Ok((of_text(source, &mut input, Container::Plain, consume)?, None))
}

/// Hands the text over unless its beginning shows that it is none.
fn of_text<T>(
    source: &Source,
    input: &mut (dyn Read + Send),
    container: Container,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<T> {
    let mut head = vec![0; SNIFFED];
    let length = read_full(input, &mut head).map_err(|problem| problem.in_file(source.shown()))?;
    head.truncate(length);
    refuse_unreadable(&head, source)?;
    consume(&mut io::Cursor::new(head).chain(input), container)
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
    source: &Source,
    input: impl Read + Send,
    size: Option<u64>,
    limits: &Limits,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let unmetered = Progress::new(0);
    let hashed = Metered { inner: input, progress: &unmetered, hasher: Some(Box::default()) };
    let decoder = flate2::bufread::MultiGzDecoder::new(BufReader::with_capacity(1 << 18, hashed));
    let mut bounded = Bounded { inner: decoder, out: 0, packed: size, limits: *limits };
    let value = of_text(source, &mut bounded, Container::Gzip, consume)?;
    let mut hashed = bounded.inner.into_inner().into_inner();
    io::copy(&mut hashed, &mut io::sink())
        .map_err(|error| Problem::input(format!("cannot read the input: {error}")))?;
    let hasher = hashed.hasher.unwrap_or_default();
    Ok((value, Some(Fingerprint::new(hasher.count(), hasher.finalize()))))
}

fn unzip<T>(
    source: &Source,
    mut file: File,
    limits: &Limits,
    progress: &Progress,
    consume: impl FnOnce(&mut (dyn Read + Send), Container) -> Result<T>,
) -> Result<(T, Option<Fingerprint>)> {
    let broken = |error: &dyn std::fmt::Display| {
        Problem::input(format!("cannot read the zip archive: {error}"))
            .in_file(source.shown())
            .hint("unpack it and name the log itself; if that fails too, copy or export it again")
    };
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut file, &mut hasher).map_err(|e| broken(&e))?;
    let fingerprint = Fingerprint::new(hasher.count(), hasher.finalize());
    let mut archive = zip::ZipArchive::new(BufReader::with_capacity(1 << 18, file)).map_err(|e| broken(&e))?;
    let member = data_member(&archive, source)?;
    let member = archive.by_index(member).map_err(|e| broken(&e))?;
    let packed = member.compressed_size();
    let unpacked = member.size();
    let metered = Scaled { inner: member, progress, packed, unpacked, seen: 0 };
    let mut bounded = Bounded { inner: metered, out: 0, packed: Some(packed), limits: *limits };
    let value = of_text(source, &mut bounded, Container::Zip, consume)?;
    Ok((value, Some(fingerprint)))
}

fn data_member<R: Read + Seek>(archive: &zip::ZipArchive<R>, source: &Source) -> Result<usize> {
    let names: Vec<(usize, String)> = archive
        .file_names()
        .enumerate()
        .filter_map(|(index, name)| Some((index, name.ok()?.into_owned())))
        .filter(|(_, name)| !name.ends_with('/') && !name.starts_with("__MACOSX/"))
        .collect();
    let data = |name: &str| {
        let lower = name.to_ascii_lowercase();
        ["csv", "tsv", "txt", "tab", "xes", "xml", "ndjson", "jsonl"]
            .iter()
            .any(|end| lower.ends_with(&format!(".{end}")))
    };
    let mut candidates: Vec<_> = names.iter().filter(|(_, name)| data(name)).collect();
    if candidates.len() > 1 {
        candidates.retain(|(_, name)| !name.to_ascii_lowercase().contains("readme"));
    }
    match candidates.as_slice() {
        [(index, _)] => Ok(*index),
        [] => Err(Problem::input("the zip archive holds no CSV, XES or NDJSON file")
            .in_file(source.shown())
            .note(if names.is_empty() {
                "it is empty".to_owned()
            } else {
                format!("it holds {}", some(&mut names.iter()))
            })
            .hint("unpack it and name the log itself")),
        several => Err(Problem::input(format!("the zip archive holds {} logs", several.len()))
            .in_file(source.shown())
            .note(some(&mut several.iter().copied()))
            .hint("unpack it and name the files that belong to the log")),
    }
}

/// The first names of a list of members.
fn some(members: &mut dyn Iterator<Item = &(usize, String)>) -> String {
    let names: Vec<_> = members.take(5).map(|(_, name)| format!("`{}`", shown(name))).collect();
    names.join(", ")
}

fn head_of(input: &mut impl Read, source: &Source) -> Result<Vec<u8>> {
    let mut head = Vec::new();
    input
        .take(8)
        .read_to_end(&mut head)
        .map_err(|error| Problem::input(format!("cannot read the input: {error}")).in_file(source.shown()))?;
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

fn no_table(head: &[u8]) -> Option<(&'static str, &'static str)> {
    let starts = |mark: &[u8]| head.starts_with(mark);
    if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") {
        let hint = "convert it to UTF-8, e.g. `iconv -f UTF-16 -t UTF-8 LOG.csv > LOG-utf8.csv`";
        return Some(("the file is UTF-16, which is not read yet", hint));
    }
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

/// Counts, and where asked hashes, what passes.
struct Metered<'a, R> {
    inner: R,
    progress: &'a Progress,
    hasher: Option<Box<blake3::Hasher>>,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.progress.fetch_add(n as u64, Ordering::Relaxed);
        if let Some(hasher) = &mut self.hasher {
            hasher.update(&buffer[..n]);
        }
        Ok(n)
    }
}

/// Reports progress of a member in bytes of its archive.
struct Scaled<'a, R> {
    inner: R,
    progress: &'a Progress,
    packed: u64,
    unpacked: u64,
    seen: u64,
}

impl<R: Read> Read for Scaled<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        #[expect(clippy::cast_possible_truncation, reason = "for the progress bar only")]
        let packed = |seen: u64| (u128::from(seen) * u128::from(self.packed) / u128::from(self.unpacked.max(1))) as u64;
        let before = packed(self.seen);
        let after = packed(self.seen + n as u64);
        self.seen += n as u64;
        self.progress.fetch_add(after.saturating_sub(before), Ordering::Relaxed);
        Ok(n)
    }
}

/// Stops a decompression bomb.
struct Bounded<R> {
    inner: R,
    out: u64,
    packed: Option<u64>,
    limits: Limits,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.out += n as u64;
        let refuse = |message: String| Err(io::Error::new(io::ErrorKind::FileTooLarge, message));
        if self.out > self.limits.decompressed {
            return refuse(format!("more than {} bytes came out of the compressed input", self.limits.decompressed));
        }
        if let Some(packed) = self.packed
            && self.out > RATIO_FREE
            && self.out / self.limits.ratio > packed
        {
            return refuse(format!("the compressed input expands more than {}-fold", self.limits.ratio));
        }
        Ok(n)
    }
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
