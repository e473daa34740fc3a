//! The only place that writes files.
//!
//! Every file is written beside its target under a name that starts with `.wcaf-`, flushed to the disk and then
//! renamed over the target, so that a target is always either the old file or the new one. A folder of
//! outputs is renamed at the very end, its manifest last: until then a full disk, an error or a kill leaves
//! the previous report as it was. Two runs into one folder at a time: the later one takes over and the
//! earlier one fails.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use crate::error::{Kind, Problem, Result};
use crate::log::text::visible;
use crate::report::manifest::OutputFile;

/// Beginning and end of the names of unfinished files.
const UNFINISHED: (&str, &str) = (".wcaf-", ".tmp");
/// The file that is renamed last.
const MANIFEST: &str = "manifest.json";
/// Names tried for one unfinished file.
const MOST_NAMES: u32 = 10_000;

/// A folder of outputs that becomes visible as a whole.
///
/// Dropping it without [`OutputFolder::finish`] removes what was written and leaves the folder as it was.
#[derive(Debug)]
pub struct OutputFolder {
    root: PathBuf,
    prepared: BTreeSet<PathBuf>,
    staged: Vec<Staged>,
}

/// A file written in full but not under its name yet.
#[derive(Debug)]
struct Staged {
    file: OutputFile,
    temporary: PathBuf,
    target: PathBuf,
}

impl OutputFolder {
    /// Creates the folder where it is missing and removes unfinished files of a run that was killed.
    ///
    /// # Errors
    ///
    /// When it cannot be created or is no folder (exit 4).
    pub fn create(path: impl AsRef<Path>) -> Result<Self> {
        let root = path.as_ref().to_path_buf();
        let mut folder = OutputFolder { root: root.clone(), prepared: BTreeSet::new(), staged: Vec::new() };
        folder.prepare(&root)?;
        Ok(folder)
    }

    /// Writes one file. `name` is relative with `/` between folders; `guarded` goes to the manifest.
    ///
    /// # Errors
    ///
    /// When it cannot be written (exit 4).
    pub fn write(&mut self, name: &str, bytes: &[u8], guarded: u64) -> Result<()> {
        self.write_with(name, guarded, |out| out.write_all(bytes))
    }

    /// Writes one file piece by piece.
    ///
    /// # Errors
    ///
    /// When it cannot be written or `fill` fails (exit 4).
    pub fn write_with(
        &mut self,
        name: &str,
        guarded: u64,
        fill: impl FnOnce(&mut dyn Write) -> io::Result<()>,
    ) -> Result<()> {
        let target = self.target(name)?;
        let (temporary, file) = unfinished(&target)?;
        let written = Hashed::fill(file, fill);
        self.stage(name, target, temporary, guarded, written)
    }

    /// Takes over a file another writer finished, which is gone from `finished` afterwards.
    ///
    /// # Errors
    ///
    /// When it cannot be read or written (exit 4).
    pub fn take_file(&mut self, name: &str, finished: &Path, guarded: u64) -> Result<()> {
        self.write_with(name, guarded, |out| {
            let mut from = File::open(finished)?;
            let mut piece = vec![0; 1 << 16];
            loop {
                match from.read(&mut piece)? {
                    0 => return Ok(()),
                    read => out.write_all(&piece[..read])?,
                }
            }
        })?;
        fs::remove_file(finished).map_err(|error| problem(finished, &error))
    }

    /// Puts every file under its name, by name, and the manifest last.
    ///
    /// `manifest` gets the files in that order and says what stands in `manifest.json`.
    ///
    /// # Errors
    ///
    /// When the manifest cannot be written, and nothing has changed then; or when a file cannot be replaced,
    /// and those before it are new, those after it old, and the old manifest no longer fits (exit 4).
    pub fn finish(mut self, manifest: impl FnOnce(&[OutputFile]) -> String) -> Result<Vec<OutputFile>> {
        self.staged.sort_by(|left, right| left.file.name.cmp(&right.file.name));
        let files: Vec<OutputFile> = self.staged.iter().map(|staged| staged.file.clone()).collect();
        self.write(MANIFEST, manifest(&files).as_bytes(), 0)?;
        for staged in &self.staged {
            fs::rename(&staged.temporary, &staged.target).map_err(|error| problem(&staged.target, &error))?;
        }
        self.staged.clear();
        self.prepared.iter().for_each(|folder| flush_folder(folder));
        Ok(files)
    }

    fn stage(
        &mut self,
        name: &str,
        target: PathBuf,
        temporary: PathBuf,
        guarded: u64,
        written: io::Result<(u64, String)>,
    ) -> Result<()> {
        match written {
            Ok((bytes_len, hash)) => {
                let file = OutputFile { name: name.to_owned(), bytes_len, hash, guarded };
                self.staged.push(Staged { file, temporary, target });
                Ok(())
            }
            Err(error) => {
                discard(&temporary);
                Err(problem(&target, &error))
            }
        }
    }

    /// The path of `name`, its folder made ready.
    fn target(&mut self, name: &str) -> Result<PathBuf> {
        let taken = self.staged.iter().any(|staged| staged.file.name.eq_ignore_ascii_case(name));
        if taken || !is_plain(name) {
            let why = if taken { "is written twice" } else { "is not a plain relative name" };
            return Err(Problem::new(Kind::SelfCheck, format!("the output `{}` {why}", visible(name))));
        }
        let target = self.root.join(name);
        let folder = folder_of(&target).to_path_buf();
        self.prepare(&folder)?;
        Ok(target)
    }

    fn prepare(&mut self, folder: &Path) -> Result<()> {
        if self.prepared.contains(folder) {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(|error| problem(folder, &error))?;
        remove_leftovers(folder).map_err(|error| problem(folder, &error))?;
        self.prepared.insert(folder.to_path_buf());
        Ok(())
    }
}

impl Drop for OutputFolder {
    fn drop(&mut self) {
        self.staged.iter().for_each(|staged| discard(&staged.temporary));
    }
}

/// Writes one file so that it is either the old one or the new one. A device or a pipe is written directly.
///
/// # Errors
///
/// When it cannot be written (exit 4).
pub fn write_file_atomically(path: impl AsRef<Path>, bytes: &[u8]) -> Result<()> {
    write_file_with(path, |out| out.write_all(bytes))
}

/// Writes one file piece by piece, so that it is either the old one or the new one. A device or a pipe is written
/// directly.
///
/// # Errors
///
/// When it cannot be written or `fill` fails (exit 4).
pub fn write_file_with(path: impl AsRef<Path>, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> Result<()> {
    let given = path.as_ref();
    // A link keeps pointing where it points.
    let target = fs::canonicalize(given).unwrap_or_else(|_| given.to_path_buf());
    let is_special = fs::metadata(&target).is_ok_and(|found| !found.is_file() && !found.is_dir());
    if is_special {
        let written = OpenOptions::new().write(true).open(&target).and_then(|file| {
            let mut out = io::BufWriter::new(file);
            fill(&mut out)?;
            out.flush()
        });
        return written.map_err(|error| problem(given, &error));
    }
    let (temporary, file) = unfinished(&target)?;
    let written = Hashed::fill(file, fill).and_then(|_| fs::rename(&temporary, &target));
    written.map_err(|error| {
        discard(&temporary);
        problem(given, &error)
    })?;
    flush_folder(folder_of(&target));
    Ok(())
}

/// A writer that hashes what passes.
struct Hashed {
    out: io::BufWriter<File>,
    hasher: blake3::Hasher,
    bytes_len: u64,
}

impl Hashed {
    /// Lets `fill` write the whole file and flushes it to the disk; returns its size and hash.
    fn fill(file: File, fill: impl FnOnce(&mut dyn Write) -> io::Result<()>) -> io::Result<(u64, String)> {
        let mut hashed =
            Hashed { out: io::BufWriter::with_capacity(1 << 16, file), hasher: blake3::Hasher::new(), bytes_len: 0 };
        fill(&mut hashed)?;
        let file = hashed.out.into_inner().map_err(io::IntoInnerError::into_error)?;
        file.sync_all()?;
        Ok((hashed.bytes_len, format!("blake3:{}", hashed.hasher.finalize().to_hex())))
    }
}

impl Write for Hashed {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.hasher.update(&bytes[..written]);
        self.bytes_len += written as u64;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// A new file beside `target` that nobody else has open.
fn unfinished(target: &Path) -> Result<(PathBuf, File)> {
    let process = std::process::id();
    for number in 0..MOST_NAMES {
        let path = folder_of(target).join(format!("{}{process}-{number}{}", UNFINISHED.0, UNFINISHED.1));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Ok(file) => return Ok((path, file)),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(problem(target, &error)),
        }
    }
    Err(problem(target, &io::Error::from(io::ErrorKind::AlreadyExists)))
}

fn folder_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        Some(_) | None => Path::new("."),
    }
}

/// Removes the unfinished files of a run that was killed.
fn remove_leftovers(folder: &Path) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let is_ours = entry.file_name().to_str().is_some_and(is_unfinished);
        if is_ours && entry.file_type()?.is_file() {
            discard(&entry.path());
        }
    }
    Ok(())
}

/// Whether a name is `.wcaf-<digits>-<digits>.tmp`.
fn is_unfinished(name: &str) -> bool {
    let middle = name.strip_prefix(UNFINISHED.0).and_then(|rest| rest.strip_suffix(UNFINISHED.1));
    middle.and_then(|middle| middle.split_once('-')).is_some_and(|(process, number)| {
        [process, number].iter().all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// Whether a name stays inside the folder on every system.
fn is_plain(name: &str) -> bool {
    let is_plain_part = |part: &str| {
        let letters = part.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && letters
    };
    name.split('/').all(is_plain_part)
}

/// Removes an unfinished file. That it cannot be removed hides no result: it has no name anyone reads.
fn discard(path: &Path) {
    let _ = fs::remove_file(path);
}

/// Makes renames durable where the system can flush a folder; elsewhere it does so by itself.
fn flush_folder(folder: &Path) {
    if let Ok(open) = File::open(folder) {
        let _ = open.sync_all();
    }
}

/// The error as a problem with its path and what to do.
fn problem(path: &Path, error: &io::Error) -> Problem {
    const ELSEWHERE: &str = "choose another place with `-o`";
    let (why, hint) = match error.kind() {
        io::ErrorKind::PermissionDenied => {
            ("permission denied", format!("close programs that have it open, or {ELSEWHERE}"))
        }
        io::ErrorKind::ReadOnlyFilesystem => ("the file system is read-only", ELSEWHERE.to_owned()),
        io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
            ("the disk is full", format!("free some space, or {ELSEWHERE}; what stood there is unchanged"))
        }
        io::ErrorKind::NotADirectory | io::ErrorKind::AlreadyExists => {
            ("a file stands where a folder is needed", ELSEWHERE.to_owned())
        }
        io::ErrorKind::IsADirectory => ("a folder stands where a file is needed", ELSEWHERE.to_owned()),
        io::ErrorKind::NotFound => {
            ("its folder does not exist or another run took it over", format!("create the folder, or {ELSEWHERE}"))
        }
        _ => ("the system refused", ELSEWHERE.to_owned()),
    };
    Problem::new(Kind::Output, format!("cannot write the output: {why}"))
        .in_file(visible(&path.display().to_string()))
        .note(error.to_string())
        .hint(hint)
}

#[cfg(test)]
mod tests;
