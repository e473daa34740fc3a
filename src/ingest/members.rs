//! Which member of a zip archive is the log.
//!
//! A name that ends as logs do speaks for a member; where none does, what is in them.

use std::io::{Read, Seek};

use super::csv::blocks::read_full;
use super::csv::dialect;
use super::encoding::{self, Decoder};
use super::format::Format;
use super::source::{Opening, no_table};
use crate::error::{Problem, Result};
use crate::log::text::shown;

/// Ends of names that logs have.
pub(super) const ENDS: [&str; 8] = [".csv", ".tsv", ".txt", ".tab", ".xes", ".xml", ".ndjson", ".jsonl"];

/// Members that are looked into.
const MOST_LOOKED_INTO: usize = 1_000;

/// Bytes of a member that are looked at.
const SNIFFED: usize = 1 << 16;

/// Records of a member that are looked at.
const RECORDS: usize = 100;

/// The end of a name that a log has, packed or not: `.csv`, `.XES.gz`, `.parquet`.
#[must_use]
pub(super) fn end_of(name: &str) -> Option<&str> {
    let lower = name.to_ascii_lowercase();
    let bare = lower.strip_suffix(".gz").unwrap_or(&lower);
    let known = ENDS.iter().chain([&".parquet", &".zip"]).find(|end| bare.ends_with(**end))?;
    Some(&name[bare.len() - known.len()..])
}

/// The number of the one member that is a log.
///
/// # Errors
/// When there is none, or more than one.
pub fn choose<R: Read + Seek + Send>(archive: &mut zip::ZipArchive<R>, opening: Opening) -> Result<usize> {
    let names: Vec<(usize, String)> = archive
        .file_names()
        .enumerate()
        .filter_map(|(index, name)| Some((index, name.ok()?.into_owned())))
        .filter(|(_, name)| !name.ends_with('/') && !name.starts_with("__MACOSX/"))
        .collect();
    let lower = |name: &str| name.to_ascii_lowercase();
    let mut candidates: Vec<_> =
        names.iter().filter(|(_, name)| ENDS.iter().any(|end| lower(name).ends_with(end))).collect();
    if candidates.len() > 1 {
        candidates.retain(|(_, name)| !lower(name).contains("readme"));
    }
    if candidates.is_empty() {
        let looked_into = names.iter().take(MOST_LOOKED_INTO);
        candidates = looked_into.filter(|(index, _)| is_log(archive, *index, opening)).collect();
    }
    let file = opening.source.shown();
    match candidates.as_slice() {
        [(index, _)] => Ok(*index),
        [] => {
            let held = if names.is_empty() {
                "it is empty".to_owned()
            } else {
                format!("it holds {}", some(&mut names.iter()))
            };
            Err(Problem::input("the zip archive holds no CSV, XES or NDJSON file")
                .in_file(file)
                .note(held)
                .hint("unpack it and name the log itself"))
        }
        several => Err(Problem::input(format!("the zip archive holds {} logs", several.len()))
            .in_file(file)
            .note(some(&mut several.iter().copied()))
            .hint("unpack it and name the files that belong to the log")),
    }
}

/// Whether a member begins as a log does. What cannot be unpacked is none.
fn is_log<R: Read + Seek + Send>(archive: &mut zip::ZipArchive<R>, index: usize, opening: Opening) -> bool {
    let Ok(mut member) = archive.by_index(index) else { return false };
    let mut head = vec![0; SNIFFED];
    let Ok(length) = read_full(&mut member, &mut head) else { return false };
    let whole = length < SNIFFED;
    head.truncate(length);
    begins_a_log(&head, whole, opening).unwrap_or(false)
}

fn begins_a_log(head: &[u8], whole: bool, opening: Opening) -> Result<bool> {
    if no_table(head).is_some() {
        return Ok(false);
    }
    let choice = encoding::choose(head, opening.encoding)?;
    let mut text = Vec::new();
    let even = head.len() & !1;
    let mut decoder = Decoder::new(&head[choice.mark..even.max(choice.mark)], choice.encoding, choice.mark);
    // half a character at the end is an error; what comes before it is enough
    let _ = decoder.read_to_end(&mut text);
    match Format::of(&text) {
        Format::Xes => Ok(true),
        // A single object is rather a description of the other members.
        Format::Ndjson => Ok(text.split(|&byte| byte == b'\n').filter(|line| line.starts_with(b"{")).count() > 1),
        Format::Parquet => Ok(false),
        Format::Delimited => is_table(&text, whole, opening),
    }
}

/// Whether nearly all lines have as many fields as the first one: prose with commas has not.
fn is_table(text: &[u8], whole: bool, opening: Opening) -> Result<bool> {
    let dialect = dialect::sniff(text, whole, None, &opening.source.shown(), opening.limits)?;
    let width = dialect.header.len();
    let widths = dialect::records(&text[dialect.skip..], dialect.delimiter, RECORDS, whole).map(|record| record.len());
    let (same, all) = widths.fold((0, 0), |(same, all), found| (same + usize::from(found == width), all + 1));
    Ok(all > 0 && same * 10 >= all * 9)
}

/// The first names of a list of members.
fn some(members: &mut dyn Iterator<Item = &(usize, String)>) -> String {
    let names: Vec<_> = members.take(5).map(|(_, name)| format!("`{}`", shown(name))).collect();
    names.join(", ")
}
