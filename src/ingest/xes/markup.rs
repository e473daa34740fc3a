//! XML as tokens, from a window that slides over the text: bounded memory, lines counted, nothing expanded.
//!
//! It knows tags and texts, not what they mean in XES. Document types are refused at once, so that no entity can be
//! declared.

use quick_xml::errors::IllFormedError;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::plain;
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
        /// The key and the value among them, where they are known already and stand for themselves.
        pair: Option<(&'t str, &'t str)>,
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
    let text = sound(&window.bytes);
    let (mut used, mut place) = (0, window.place);
    loop {
        while let Some(tag) = plain::tag(text, used).filter(|tag| tag.to - used <= window.limits.record) {
            place.line += tag.lines;
            place.offset += (tag.from - used) as u64;
            let flow = handle(tag.token, place)?;
            place.offset += (tag.to - tag.from) as u64;
            used = tag.to;
            if flow == Flow::Stop {
                return Ok((used, place, Pass::Stopped));
            }
        }
        let (end, done) = odd(window, used, place, handle)?;
        place = behind(place, &window.bytes[used..end]);
        used = end;
        if let Some(done) = done {
            return Ok((used, place, done));
        }
    }
}

/// The beginning of a window up to what is no UTF-8.
fn sound(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).or_else(|error| std::str::from_utf8(&bytes[..error.valid_up_to()])).unwrap_or_default()
}

/// Reads one token of any kind from `used` on; returns its end, and why the pass ends there if it does.
fn odd(
    window: &Window,
    used: usize,
    place: Place,
    handle: &mut impl FnMut(Token, Place) -> Result<Flow>,
) -> Result<(usize, Option<Pass>)> {
    let bytes = &window.bytes[used..];
    if bytes.starts_with(BOM) {
        // text like any other, that the tokenizer would skip without counting it
        handle(Token::Text, place)?;
        return Ok((used + BOM.len(), None));
    }
    let mut reader = Reader::from_reader(bytes);
    let config = reader.config_mut();
    config.check_end_names = false;
    config.allow_unmatched_ends = true;
    let event = reader.read_event();
    let end = usize::try_from(reader.buffer_position()).unwrap_or(bytes.len()).min(bytes.len());
    if end > window.limits.record {
        return Err(too_long(window.limits, place));
    }
    let flow = match event {
        Err(error) => {
            let starved = matches!(error, Error::Syntax(_)) || end == bytes.len();
            if starved && !window.ended {
                return Ok((used, Some(Pass::Starved)));
            }
            return Err(refusal(&error, bytes, place));
        }
        Ok(Event::Eof) if window.ended => return Ok((used, Some(Pass::Ended))),
        Ok(Event::Eof) => return Ok((used, Some(Pass::Starved))),
        Ok(Event::Text(_)) if end == bytes.len() && !window.ended => return Ok((used, Some(Pass::Starved))),
        Ok(Event::Start(tag)) => handle(opened(&tag, false), place)?,
        Ok(Event::Empty(tag)) => handle(opened(&tag, true), place)?,
        Ok(Event::End(tag)) => handle(Token::Close(tag.name().as_ref()), place)?,
        Ok(Event::Text(_) | Event::CData(_)) => {
            let blank = bytes[..end].iter().all(u8::is_ascii_whitespace);
            if blank { Flow::Go } else { handle(Token::Text, first_ink(place, &bytes[..end]))? }
        }
        Ok(Event::GeneralRef(_)) => {
            super::text::decode(&bytes_as_text(&bytes[..end]), &mut String::new())
                .map_err(|fault| fault.at_line(place.line))?;
            handle(Token::Text, place)?
        }
        Ok(Event::DocType(_)) => return Err(doctype(place)),
        Ok(Event::Decl(_) | Event::PI(_) | Event::Comment(_)) => Flow::Go,
    };
    Ok((used + end, (flow == Flow::Stop).then_some(Pass::Stopped)))
}

fn opened<'t>(tag: &'t BytesStart, empty: bool) -> Token<'t> {
    let (name, attributes) = tag.split_at(tag.len() - tag.attributes_raw().len());
    Token::Open { name, attributes, pair: None, empty }
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

/// What an error of the tokenizer in `rest`, which begins at `place`, means to the reader.
fn refusal(error: &Error, rest: &[u8], place: Place) -> Problem {
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

#[cfg(test)]
mod tests {
    use super::*;

    const AWKWARD: &str = "<?xml version=\"1.0\"?>\n<!-- <log> --><log>\r\n  <trace>\n\t<string key=\"concept:name\"\
        value=\"C > 1\"/>\n<string key=\"note\" value=\"</trace>\"/><string key='a' value='it is \"é\">'/><!-- \n</trace>\n\
        <event> -->\n<event>\n<date key=\"time:timestamp\" value=\"2024-03-01\"/>\n<![CDATA[ \n ]]><?go </event>\n?>\
        <list key=\"l\" value=\"\"><values>\n<int\n key=\"x\"\n value=\"&#49;\"/></values></list></event>\n</trace >\n\
        <trace/>\n&amp; tail </log>\n\n<!-- end -->\n";

    /// What is seen of a text that comes in pieces: every token with its place, then the end or the refusal.
    fn seen<'t>(pieces: impl Iterator<Item = &'t [u8]>, limits: &Limits) -> Vec<String> {
        let mut pieces = pieces;
        let mut refill = |window: &mut Vec<u8>| Ok(pieces.next().map(|piece| window.extend(piece)).is_some());
        let mut seen = Vec::new();
        let done = scan(&mut refill, limits, &mut |token, place| {
            let token = match token {
                Token::Open { name, attributes, pair: _, empty } => format!("<{name}|{attributes}|{empty}>"),
                Token::Close(name) => format!("</{name}>"),
                Token::Text => "text".to_owned(),
            };
            seen.push(format!("{}:{} {token}", place.line, place.offset));
            Ok(Flow::Go)
        });
        seen.push(format!("{done:?}"));
        seen
    }

    fn at_once(text: &[u8], limits: &Limits) -> Vec<String> {
        seen(std::iter::once(text), limits)
    }

    #[test]
    fn places_are_those_of_the_text() {
        let seen = at_once(AWKWARD.as_bytes(), &Limits::default());
        assert_eq!(seen.last().unwrap(), "Ok(true)");
        assert_eq!(seen.len(), 20, "{seen:#?}");
        for token in &seen[..seen.len() - 1] {
            let (line, rest) = token.split_once(':').unwrap();
            let (offset, token) = rest.split_once(' ').unwrap();
            let (before, text) = AWKWARD.split_at(offset.parse().unwrap());
            assert_eq!(line, (before.matches('\n').count() + 1).to_string());
            let start = token.split_once('|').map_or(token.trim_end_matches('>'), |(name, _)| name);
            let is_text = !text.starts_with('<') || text.starts_with("<![CDATA[");
            assert!(text.starts_with(start) || token == "text" && is_text, "{token} at {text}");
        }
    }

    /// A log cut off anywhere, or with a byte that is no UTF-8 or a byte order mark anywhere, gives the same tokens and
    /// the same refusal in whatever pieces it comes.
    #[test]
    fn pieces_do_not_matter() {
        let limits = Limits::default();
        let sound = AWKWARD.as_bytes();
        for at in 0..=sound.len() {
            let cut = sound[..at].to_vec();
            let with = |other: &[u8]| [&sound[..at], other, &sound[at..]].concat();
            for text in [cut, with(b"\xFF"), with(if at > 0 { BOM } else { b"" })] {
                let whole = at_once(&text, &limits);
                for size in [1, 2, 3, 7, 64] {
                    assert_eq!(seen(text.chunks(size), &limits), whole, "{} in pieces of {size}", text.escape_ascii());
                }
            }
        }
        let whole = at_once(sound, &limits);
        for at in 0..=sound.len() {
            assert_eq!(seen([&sound[..at], &sound[at..]].into_iter(), &limits), whole, "in two pieces at {at}");
        }
    }

    /// The limit holds for each tag and text alone, white space before a tag being a text.
    #[test]
    fn the_longest_tag_is_read_and_one_byte_more_is_not() {
        let text = format!("<log>{}<string key=\"a\" value=\"{}\"/></log>        ", " ".repeat(42), "x".repeat(16));
        let refused = |record| {
            let seen = at_once(text.as_bytes(), &Limits { record, ..Limits::default() });
            seen.last().is_some_and(|last| last.contains("longer than"))
        };
        assert!(!refused(42));
        assert!(refused(41));
    }
}
