//! Reading Parquet: a look at the metadata and the first rows, then one row group after the other, column by column.
//!
//! The reader of the columns is that of polars. It is not trusted: sizes are checked before anything is unpacked, and
//! a panic within it refuses the file. Memory is bounded by the largest row group and the columns of the log.

#[cfg(feature = "parquet")]
mod cells;
#[cfg(feature = "parquet")]
mod columns;
#[cfg(feature = "parquet")]
mod file;
#[cfg(feature = "parquet")]
mod leaves;
#[cfg(feature = "parquet")]
mod read;
#[cfg(feature = "parquet")]
mod texts;

use std::fs::File;
use std::io::{Read, Seek};

use super::format::{SNIFFED, starts_parquet};
use super::source::{Container, Source};
use crate::error::Problem;

#[cfg(feature = "parquet")]
pub use read::{Beginning, begin, read};

/// The file of a source, if it starts as Parquet does. What else may be wrong with it is left to the other readers.
#[must_use]
pub fn opened(source: &Source) -> Option<File> {
    let Source::File(path) = source else { return None };
    let mut file = File::open(path).ok()?;
    let mut head = Vec::new();
    file.by_ref().take(SNIFFED as u64).read_to_end(&mut head).ok()?;
    file.rewind().ok()?;
    starts_parquet(&head).then_some(file)
}

/// The refusal of Parquet from where it cannot be read: its directory is at its end.
#[must_use]
pub fn elsewhere(source: &Source, container: Container) -> Problem {
    let (message, hint) = match (source, container) {
        (_, Container::Gzip) => (
            "Parquet within gzip is not read",
            "unpack it first: `gunzip LOG.parquet.gz`; Parquet is compressed itself",
        ),
        (_, Container::Zip) => ("Parquet within a zip archive is not read", "unpack it and name the log itself"),
        (Source::Stdin | Source::Memory(..), Container::Plain) => {
            ("Parquet cannot be read from standard input", "write it to a file and name that")
        }
        (Source::File(_), Container::Plain) => ("the file changed while it was read", "run the command again"),
    };
    Problem::input(message).in_file(source.shown()).hint(hint)
}

/// The refusal of Parquet by a build that cannot read it.
#[cfg(not(feature = "parquet"))]
#[must_use]
pub fn unread(source: &Source) -> Problem {
    Problem::input("the file is Parquet, which this build of wcaf cannot read")
        .in_file(source.shown())
        .hint("build wcaf with its default features")
}
