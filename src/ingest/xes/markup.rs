//! XML as tokens, from a window that slides over the text: bounded memory, lines counted, nothing expanded.
//!
//! It knows tags and texts, not what they mean in XES. Document types are refused at once, so that no entity can be
//! declared.

use quick_xml::errors::IllFormedError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use crate::error::{Problem, Result};
use crate::ingest::csv::blocks::count_newlines;
use crate::ingest::encoding::not_utf8;
use crate::ingest::limits::{Bound, Limits};

/// A tag, or text between tags.
#[derive(Clone, Copy, Debug)]
pub enum Token<'t> {
    /// `<name attributes>`, or `<name attributes/>` when `empty`.
    Open {
        /// The name with its prefix.
        name: &'t str,
        /// Everything behind the name, as written.
        attributes: &'t str,
        /// It is its own end.
        empty: bool,
    },
    /// `</name>`
    Close(&'t str),
    /// Text that is not only white space.
    Text,
}

/// Where a token begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// Physical line, from 1.
    pub line: u64,
    /// Bytes before it.
    pub offset: u64,
}

/// Whether to read on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flow {
    /// There is more to see.
    Go,
    /// What was wanted has been seen.
    Stop,
}

/// Appends the next bytes of the text to the window; `false` at its end.
pub type Refill<'r> = dyn FnMut(&mut Vec<u8>) -> Result<bool> + 'r;

/// The sliding window.
struct Window<'r> {
    bytes: Vec<u8>,
    /// Where `bytes` begin.
    place: Place,
    ended: bool,
    refill: &'r mut Refill<'r>,
    limits: &'r Limits,
}

/// Hands every token to `handle`, until it says stop; returns whether the end of the text was reached.
///
/// # Errors
/// When the text breaks off within a token, is no XML or no UTF-8, holds a document type, or a token is longer than
/// a record may be; and whatever `handle` refuses.
pub fn scan<'r>(
    refill: &'r mut Refill<'r>,
    limits: &'r Limits,
    handle: &mut impl FnMut(Token, Place) -> Result<Flow>,
) -> Result<bool> {
    let place = Place { line: 1, offset: 0 };
    let mut window = Window { bytes: Vec::new(), place, ended: false, refill, limits };
    window.fill()?;
    if window.bytes.starts_with(BOM) {
        window.advance(BOM.len());
    }
    loop {
        let (used, place, done) = pass(&window, handle)?;
        window.advance_to(used, place);
        match done {
            Pass::Stopped => return Ok(false),
            Pass::Ended => return Ok(true),
            Pass::Starved => window.fill()?,
        }
    }
}

const BOM: &[u8] = b"\xEF\xBB\xBF";

/// Why a pass over the window ended.
enum Pass {
    Stopped,
    Ended,
    Starved,
}

impl Window<'_> {
    fn advance(&mut self, bytes: usize) {
        let place = behind(self.place, &self.bytes[..bytes]);
        self.advance_to(bytes, place);
    }

    fn advance_to(&mut self, bytes: usize, place: Place) {
        self.place = place;
        self.bytes.drain(..bytes);
    }

    fn fill(&mut self) -> Result<()> {
        if self.bytes.len() > self.limits.record {
            return Err(too_long(self.limits, self.place));
        }
        if self.bytes.len() >= DOCTYPE.len() {
            refuse_doctype(&self.bytes, self.place)?;
        }
        // twice as much each time, so that a long token is not looked through too often
        let wanted = self.bytes.len() * 2;
        loop {
            self.ended = !(self.refill)(&mut self.bytes)?;
            if self.ended || self.bytes.len() >= wanted {
                return Ok(());
            }
        }
    }
}

fn too_long(limits: &Limits, place: Place) -> Problem {
    Problem::input(format!("a tag or text is longer than {} bytes", limits.record))
        .at_line(place.line)
        .hint("a quote or a `>` that is missing looks like this; else shorten the text")
        .hint(Bound::Record.raise(limits.record as u64))
}

fn behind(place: Place, bytes: &[u8]) -> Place {
    Place { line: place.line + newlines(bytes), offset: place.offset + bytes.len() as u64 }
}

/// Tokens are short: a plain loop beats a search.
fn newlines(bytes: &[u8]) -> u64 {
    bytes.iter().map(|&byte| u64::from(byte == b'\n')).sum()
}

/// Reads the complete tokens of the window; returns the bytes used, the place behind them, and why it ended.
fn pass(window: &Window, handle: &mut impl FnMut(Token, Place) -> Result<Flow>) -> Result<(usize, Place, Pass)> {
    let bytes = window.bytes.as_slice();
    let mut reader = Reader::from_reader(bytes);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let (mut used, mut place) = (0, window.place);
    loop {
        let event = reader.read_event();
        let end = usize::try_from(reader.buffer_position()).unwrap_or(bytes.len()).min(bytes.len());
        if end - used > window.limits.record {
            return Err(too_long(window.limits, place));
        }
        let token = match event {
            Err(error) => {
                let starved = matches!(error, Error::Syntax(_)) || end == bytes.len();
                if starved && !window.ended {
                    return Ok((used, place, Pass::Starved));
                }
                return Err(refusal(&error, bytes, used, place));
            }
            Ok(Event::Eof) if window.ended => return Ok((used, place, Pass::Ended)),
            Ok(Event::Eof) => return Ok((used, place, Pass::Starved)),
            Ok(Event::Text(_)) if end == bytes.len() && !window.ended => return Ok((used, place, Pass::Starved)),
            Ok(Event::Start(tag)) => handle(opened(&tag, false), place)?,
            Ok(Event::Empty(tag)) => handle(opened(&tag, true), place)?,
            Ok(Event::End(tag)) => handle(Token::Close(tag.name().as_ref()), place)?,
            Ok(Event::Text(_) | Event::CData(_)) => {
                let blank = bytes[used..end].iter().all(u8::is_ascii_whitespace);
                if blank { Flow::Go } else { handle(Token::Text, first_ink(place, &bytes[used..end]))? }
            }
            Ok(Event::GeneralRef(_)) => {
                super::text::decode(&bytes_as_text(&bytes[used..end]), &mut String::new())
                    .map_err(|fault| fault.at_line(place.line))?;
                handle(Token::Text, place)?
            }
            Ok(Event::DocType(_)) => return Err(doctype(place)),
            Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_)) => Flow::Go,
        };
        place = behind(place, &bytes[used..end]);
        used = end;
        if token == Flow::Stop {
            return Ok((used, place, Pass::Stopped));
        }
    }
}

fn opened<'t>(tag: &'t BytesStart, empty: bool) -> Token<'t> {
    let (name, attributes) = tag.split_at(tag.len() - tag.attributes_raw().len());
    Token::Open { name, attributes, empty }
}

fn bytes_as_text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

/// The place of the first byte that is no white space.
fn first_ink(place: Place, text: &[u8]) -> Place {
    let blank = text.iter().take_while(|byte| byte.is_ascii_whitespace()).count();
    behind(place, &text[..blank])
}

const DOCTYPE: &[u8] = b"<!DOCTYPE";

fn refuse_doctype(bytes: &[u8], place: Place) -> Result<()> {
    let ink = bytes.trim_ascii_start();
    if ink.get(..DOCTYPE.len()).is_some_and(|start| start.eq_ignore_ascii_case(DOCTYPE)) {
        return Err(doctype(first_ink(place, bytes)));
    }
    Ok(())
}

fn doctype(place: Place) -> Problem {
    Problem::input("the file has a document type (DOCTYPE), which no XES log needs")
        .at_line(place.line)
        .note("document types can make a small file expand without end, so none is read")
        .hint("remove the DOCTYPE and export the log as plain XES")
}

/// What an error of the tokenizer means to the reader; `used` bytes of the window were fine.
fn refusal(error: &Error, bytes: &[u8], used: usize, place: Place) -> Problem {
    let rest = &bytes[used..];
    let cut = "the file may be cut off; copy or export it again";
    match error {
        Error::Syntax(_) if rest.trim_ascii_start().starts_with(b"<!D") => doctype(place),
        Error::Syntax(_) => {
            let place = first_ink(place, rest);
            let what = match rest.trim_ascii_start() {
                text if text.starts_with(b"<!--") => "a comment",
                text if text.starts_with(b"<![") => "a CDATA section",
                text if text.starts_with(b"<?") => "a processing instruction",
                text if text.starts_with(b"<!") => "a declaration",
                _ => "a tag",
            };
            Problem::input(format!("the file ends inside {what}"))
                .at_line(place.line)
                .note(format!("{what} opened there is never closed"))
                .hint(cut)
        }
        Error::Encoding(_) => match std::str::from_utf8(rest) {
            Err(error) => not_utf8(rest, error.valid_up_to(), place.line),
            Ok(_) => Problem::input("the file is not UTF-8").at_line(place.line).hint("export it as UTF-8"),
        },
        Error::IllFormed(IllFormedError::UnclosedReference) => {
            let at = place.line + count_newlines(&rest[..memchr::memchr(b'&', rest).unwrap_or(0)]);
            super::text::lone_ampersand().at_line(at)
        }
        other => Problem::input(format!("the XML is broken: {other}"))
            .at_line(place.line)
            .hint("correct the line, or export the log again"),
    }
}
