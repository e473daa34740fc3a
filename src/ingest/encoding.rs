//! Which characters the bytes of a text stand for, and a stream that turns them into UTF-8.
//!
//! A mark at the beginning decides, then what was told, then what the text itself declares; else a text is UTF-8.
//! UTF-8 is not touched here: its readers check it as they go.

use std::io::{self, Read};

use super::csv::blocks::count_newlines;
use super::xes;
pub use crate::config::Encoding;
use crate::error::{Problem, Result};
use crate::log::text::shown;

/// What decided on an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The mark at the beginning.
    Mark,
    /// A flag or the configuration.
    Told,
    /// The text itself, in its first line.
    Declared,
    /// Nothing: it is the usual one.
    Assumed,
}

/// The encoding of a text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Choice {
    /// The encoding.
    pub encoding: Encoding,
    /// What decided.
    pub why: Why,
    /// Bytes of the mark that are no text. That of UTF-8 is left to the readers.
    pub mark: usize,
}

const MARK_UTF8: &[u8] = b"\xEF\xBB\xBF";
const MARK_UTF16_LE: &[u8] = b"\xFF\xFE";
const MARK_UTF16_BE: &[u8] = b"\xFE\xFF";
const MARKS_UTF32: [&[u8]; 2] = [b"\xFF\xFE\0\0", b"\0\0\xFE\xFF"];

/// The encoding of a text that starts with `head`.
///
/// # Errors
/// When it is one that is not read, or UTF-16 that nothing says to be.
pub fn choose(head: &[u8], told: Option<Encoding>) -> Result<Choice> {
    if MARKS_UTF32.iter().any(|mark| head.starts_with(mark)) {
        return Err(Problem::input("the file is UTF-32, which is not read")
            .hint("convert it, e.g. `iconv -f UTF-32 -t UTF-8 LOG.csv > LOG-utf8.csv`"));
    }
    let marks = [
        (MARK_UTF8, Encoding::Utf8, 0),
        (MARK_UTF16_LE, Encoding::Utf16Le, MARK_UTF16_LE.len()),
        (MARK_UTF16_BE, Encoding::Utf16Be, MARK_UTF16_BE.len()),
    ];
    if let Some(&(_, encoding, mark)) = marks.iter().find(|(mark, ..)| head.starts_with(mark)) {
        return Ok(Choice { encoding, why: Why::Mark, mark });
    }
    let without_mark = |encoding, why| Choice { encoding, why, mark: 0 };
    if let Some(encoding) = told {
        return Ok(without_mark(encoding, Why::Told));
    }
    refuse_unmarked(head)?;
    match declared(head)? {
        Some(encoding) => Ok(without_mark(encoding, Why::Declared)),
        None => Ok(without_mark(Encoding::Utf8, Why::Assumed)),
    }
}

/// Refuses UTF-16 without a mark: Latin letters, digits and separators have a NUL in every second byte.
fn refuse_unmarked(head: &[u8]) -> Result<()> {
    let pairs = head.len() / 2;
    let nuls = |first: usize| head.iter().skip(first).step_by(2).filter(|&&byte| byte == 0).count();
    let (even, odd) = (nuls(0), nuls(1));
    // at least one pair in eight, and hardly any the other way round
    let is_utf16 = |many: usize, few: usize| many >= 2 && many * 8 >= pairs && few * 8 < many;
    let encoding = if is_utf16(odd, even) {
        Encoding::Utf16Le
    } else if is_utf16(even, odd) {
        Encoding::Utf16Be
    } else {
        return Ok(());
    };
    let name = encoding.as_str();
    Err(Problem::input("the file looks like UTF-16 without a byte order mark")
        .at_line(1)
        .note(format!("{} of its first {} bytes are NUL", even + odd, head.len()))
        .hint(format!("add `--encoding {name}`")))
}

/// What an XML declaration says.
fn declared(head: &[u8]) -> Result<Option<Encoding>> {
    let Some(name) = xes::declared_encoding(head)? else { return Ok(None) };
    let refuse = |message: String| Err(Problem::input(message).at_line(1));
    match name.to_ascii_lowercase().as_str() {
        "utf-8" | "utf8" | "us-ascii" | "ascii" => Ok(Some(Encoding::Utf8)),
        // What calls itself Latin-1 and has bytes from 0x80 to 0x9F is Windows-1252; the two agree in all others.
        "iso-8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252" => Ok(Some(Encoding::Windows1252)),
        wide if wide.starts_with("utf-16") || wide.starts_with("utf16") => {
            let message = format!("the first line declares `{}`, but is not written so", shown(&name));
            refuse(message).map_err(|problem| problem.hint("add `--encoding utf-8`, which is likely what it is"))
        }
        _ => refuse(format!("the encoding `{}` is not read", shown(&name))).map_err(|problem| {
            problem
                .hint("convert it with `iconv` to UTF-8, and add `--encoding utf-8` or correct the first line")
                .hint(format!("or say what it is in truth: `--encoding` with {}", Encoding::NAMES.join(", ")))
        }),
    }
}

/// Corrects what a refusal of invalid UTF-8 hints at: a mark is not overruled by a flag.
#[must_use]
pub fn blame(problem: Problem, choice: Choice) -> Problem {
    if problem.message() != NOT_UTF8 || choice.encoding != Encoding::Utf8 || choice.why != Why::Mark {
        return problem;
    }
    problem
        .only_hint("the file begins with the mark of UTF-8, and then holds something else; export it again")
        .hint("or remove the first three bytes and convert it, e.g. `iconv -f WINDOWS-1252 -t UTF-8`")
}

const NOT_UTF8: &str = "the file is not UTF-8";

/// The refusal of bytes that are no UTF-8; `offset` within `bytes`, which start at `line`.
#[must_use]
pub fn not_utf8(bytes: &[u8], offset: usize, line: u64) -> Problem {
    let line_start = memchr::memrchr(b'\n', &bytes[..offset]).map_or(0, |at| at + 1);
    let problem = Problem::input(NOT_UTF8).at_line(line + count_newlines(&bytes[..offset])).note(format!(
        "byte 0x{:02X} at position {} of that line",
        bytes[offset],
        offset - line_start + 1
    ));
    let problem = match windows_1252(bytes[offset]) {
        Some(_) => problem.hint("add `--encoding windows-1252` if a Western European Windows wrote it"),
        None => problem,
    };
    problem.hint("convert any other encoding, e.g. `iconv -f WINDOWS-1250 -t UTF-8 LOG.csv > LOG-utf8.csv`")
}

fn windows_1252(byte: u8) -> Option<char> {
    match WINDOWS_1252.get(usize::from(byte).wrapping_sub(0x80)) {
        Some(&letter) => (letter != FREE).then_some(letter),
        None => Some(char::from(byte)),
    }
}

/// What Windows-1252 has from 0x80 to 0x9F.
const WINDOWS_1252: [char; 32] = [
    '€', FREE, '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', FREE, 'Ž', FREE, FREE, '‘', '’', '“', '”', '•',
    '–', '—', '˜', '™', 'š', '›', 'œ', FREE, 'ž', 'Ÿ',
];

/// In place of what it leaves free.
const FREE: char = '\0';

/// Raw bytes taken at once.
const SIP: usize = 1 << 16;

/// A text in another encoding, read as UTF-8.
///
/// A byte that stands for nothing ends the stream with an error that carries the [`Problem`].
pub struct Decoder<R> {
    inner: R,
    encoding: Encoding,
    /// Bytes that are not decoded yet, at most half a character between two calls.
    raw: Vec<u8>,
    /// What was decoded, and how much of it was handed on.
    text: Vec<u8>,
    handed: usize,
    ended: bool,
    place: Place,
}

/// Where the next raw byte lies.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Bytes before it.
    offset: u64,
    /// Its line, from 1.
    line: u64,
    /// Bytes before that line.
    line_start: u64,
}

impl<R: Read> Decoder<R> {
    /// Decodes what `inner` gives, whose mark of `mark` bytes was taken off.
    pub fn new(inner: R, encoding: Encoding, mark: usize) -> Self {
        let place = Place { offset: mark as u64, line: 1, line_start: mark as u64 };
        Decoder { inner, encoding, raw: Vec::new(), text: Vec::new(), handed: 0, ended: false, place }
    }

    /// Decodes the next bytes; `text` stays empty only at the end.
    fn fill(&mut self) -> io::Result<()> {
        self.text.clear();
        self.handed = 0;
        while self.text.is_empty() && !self.ended {
            let before = self.raw.len();
            self.raw.resize(before + SIP, 0);
            let read = self.inner.read(&mut self.raw[before..]);
            self.raw.truncate(before + read.as_ref().map_or(0, |read| *read));
            self.ended = read? == 0;
            let done = decode(self.encoding, &self.raw, self.ended, &mut self.text);
            let used = done.map_err(|fault| io::Error::other(self.refusal(&fault)))?;
            self.place = self.place_behind(used);
            self.raw.drain(..used);
        }
        Ok(())
    }

    fn place_behind(&self, used: usize) -> Place {
        let Place { offset, line, line_start } = self.place;
        Place {
            offset: offset + used as u64,
            line: line + count_newlines(&self.text),
            line_start: last_line_start(self.encoding, &self.raw[..used]).map_or(line_start, |at| offset + at as u64),
        }
    }

    fn refusal(&self, fault: &Fault) -> Problem {
        let place = self.place_behind(fault.at);
        let name = self.encoding.as_str();
        let position = place.offset - place.line_start + 1;
        let problem = Problem::input(format!("the file is no {name}")).at_line(place.line).note(format!(
            "{} at byte {position} of that line, byte {} of the text",
            fault.what,
            place.offset + 1
        ));
        match self.encoding {
            Encoding::Utf8 | Encoding::Latin1 | Encoding::Windows1252 => problem
                .hint("if it is in another encoding, convert it, e.g. `iconv -f WINDOWS-1250 -t UTF-8`")
                .hint("or add `--encoding latin-1`, which reads such a byte as a control character"),
            Encoding::Utf16Le | Encoding::Utf16Be => problem
                .hint("the file may be cut off or changed by a program that took it for another text; export it again"),
        }
    }
}

impl<R: Read> Read for Decoder<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.handed == self.text.len() {
            self.fill()?;
        }
        let length = buffer.len().min(self.text.len() - self.handed);
        buffer[..length].copy_from_slice(&self.text[self.handed..self.handed + length]);
        self.handed += length;
        Ok(length)
    }
}

/// Bytes that stand for nothing.
struct Fault {
    at: usize,
    what: String,
}

/// Appends the text of `raw`; returns the bytes used. All of them are where they are the `last`.
fn decode(encoding: Encoding, raw: &[u8], last: bool, text: &mut Vec<u8>) -> std::result::Result<usize, Fault> {
    match encoding {
        Encoding::Utf8 => text.extend_from_slice(raw),
        Encoding::Latin1 => {
            single_bytes(raw, text, |byte| Some(char::from(byte)))?;
        }
        Encoding::Windows1252 => {
            single_bytes(raw, text, windows_1252)?;
        }
        Encoding::Utf16Le => return units(raw, u16::from_le_bytes, last, text),
        Encoding::Utf16Be => return units(raw, u16::from_be_bytes, last, text),
    }
    Ok(raw.len())
}

fn single_bytes(raw: &[u8], text: &mut Vec<u8>, letter: impl Fn(u8) -> Option<char>) -> std::result::Result<(), Fault> {
    let mut at = 0;
    while at < raw.len() {
        let ascii = raw[at..].iter().take_while(|byte| byte.is_ascii()).count();
        text.extend_from_slice(&raw[at..at + ascii]);
        at += ascii;
        let Some(&byte) = raw.get(at) else { break };
        let Some(letter) = letter(byte) else { return Err(Fault { at, what: format!("byte 0x{byte:02X}") }) };
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        at += 1;
    }
    Ok(())
}

fn units(raw: &[u8], unit: fn([u8; 2]) -> u16, last: bool, text: &mut Vec<u8>) -> std::result::Result<usize, Fault> {
    let unit_at = |at: usize| raw.get(at..at + 2).map(|pair| unit([pair[0], pair[1]]));
    let mut at = 0;
    while let Some(first) = unit_at(at) {
        let (code, length) = match first {
            0xD800..=0xDBFF => match unit_at(at + 2) {
                Some(second @ 0xDC00..=0xDFFF) => {
                    (0x1_0000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00), 4)
                }
                None if !last => return Ok(at),
                Some(_) | None => return Err(half(at, first)),
            },
            0xDC00..=0xDFFF => return Err(half(at, first)),
            _ => (u32::from(first), 2),
        };
        let Some(letter) = char::from_u32(code) else { return Err(half(at, first)) };
        text.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
        at += length;
    }
    if last && at < raw.len() {
        return Err(Fault { at, what: format!("the odd last byte 0x{:02X}", raw[at]) });
    }
    Ok(at)
}

fn half(at: usize, unit: u16) -> Fault {
    Fault { at, what: format!("half a pair, 0x{unit:04X},") }
}

/// Where the last line within `raw` starts that follows a line end.
fn last_line_start(encoding: Encoding, raw: &[u8]) -> Option<usize> {
    let line_end: [u8; 2] = match encoding {
        Encoding::Utf8 | Encoding::Latin1 | Encoding::Windows1252 => {
            return memchr::memrchr(b'\n', raw).map(|at| at + 1);
        }
        Encoding::Utf16Le => [b'\n', 0],
        Encoding::Utf16Be => [0, b'\n'],
    };
    raw.chunks_exact(2).rposition(|pair| pair == line_end).map(|unit| unit * 2 + 2)
}

#[cfg(test)]
mod tests;
