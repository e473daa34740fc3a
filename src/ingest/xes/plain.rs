//! Tags as nearly every program writes them, cut out of the text by hand: much faster than a tokenizer of XML.
//!
//! It finds what that tokenizer would find, or nothing: comments, text, escapes, single quotes, line breaks within a
//! tag and all that is broken are left to it.

use super::markup::Token;

/// One tag, behind white space.
#[derive(Clone, Copy, Debug)]
pub struct Tag<'t> {
    /// What it is.
    pub token: Token<'t>,
    /// Where it begins in the text.
    pub from: usize,
    /// Line breaks before it.
    pub lines: u64,
    /// Where it ends in the text.
    pub to: usize,
}

/// The next tag of `text` from `at` on, where it is written plainly.
#[inline]
#[must_use]
pub fn tag(text: &str, at: usize) -> Option<Tag<'_>> {
    let bytes = text.as_bytes();
    let (mut from, mut lines) = (at, 0);
    loop {
        match bytes.get(from)? {
            b'<' => break,
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' => {}
            _ => return None,
        }
        from += 1;
    }
    let (token, to) = if bytes.get(from + 1) == Some(&b'/') { close(text, from + 2) } else { open(text, from + 1) }?;
    Some(Tag { token, from, lines, to })
}

/// `name>` of an end tag.
fn close(text: &str, from: usize) -> Option<(Token<'_>, usize)> {
    let to = name(text.as_bytes(), from)?;
    let to_end = behind(text.as_bytes(), to, b">")?;
    Some((Token::Close(text.get(from..to)?), to_end))
}

/// `name>`, `name/>` or `name key="…" value="…">`, the last with ` >`, `/>` or ` />` as well.
#[inline]
fn open(text: &str, from: usize) -> Option<(Token<'_>, usize)> {
    let bytes = text.as_bytes();
    let name_to = name(bytes, from)?;
    let (mut to, mut pair) = (name_to, None);
    if let Some(key) = behind(bytes, to, b" key=\"") {
        let key_to = quote(bytes, key)?;
        let value = behind(bytes, key_to, b"\" value=\"")?;
        to = quote(bytes, value)?;
        pair = Some((text.get(key..key_to)?, text.get(value..to)?));
        to += 1;
        to += usize::from(bytes.get(to) == Some(&b' '));
    }
    let attributes = text.get(name_to..to)?;
    let empty = bytes.get(to) == Some(&b'/');
    let to = behind(bytes, to + usize::from(empty), b">")?;
    Some((Token::Open { name: text.get(from..name_to)?, attributes, pair, empty }, to))
}

/// The place behind the name that begins at `from`: letters and colons only.
#[inline]
fn name(bytes: &[u8], from: usize) -> Option<usize> {
    let length = bytes.get(from..)?.iter().position(|byte| !byte.is_ascii_alphabetic() && *byte != b':')?;
    (length > 0).then_some(from + length)
}

/// The place behind `wanted`, where it stands at `from`.
#[inline]
fn behind<const N: usize>(bytes: &[u8], from: usize, wanted: &[u8; N]) -> Option<usize> {
    (bytes.get(from..)?.first_chunk() == Some(wanted)).then_some(from + N)
}

/// The place of the next quote, where all before it stands for itself: no escape, no `<`, no line break.
///
/// Eight bytes are looked at together. A test marks the high bit of each byte that it is true of; the borrow of a
/// subtraction may mark further bytes, but none before the first.
#[inline]
fn quote(bytes: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGHS: u64 = u64::from_le_bytes([0x80; 8]);
    /// The bit in which `"` and `&` differ.
    const AMPERSAND: u64 = u64::from_le_bytes([b'"' ^ b'&'; 8]);
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word;
    let mut at = from;
    loop {
        let word = u64::from_le_bytes(*bytes.get(at..)?.first_chunk()?);
        let quotes = zeros((word & !AMPERSAND) ^ u64::from_le_bytes([b'"'; 8]));
        let tags = zeros(word ^ u64::from_le_bytes([b'<'; 8]));
        let controls = word.wrapping_sub(u64::from_le_bytes([b' '; 8])) & !word;
        let found = (quotes | tags | controls) & HIGHS;
        if found != 0 {
            at += found.trailing_zeros() as usize / 8;
            return (bytes[at] == b'"').then_some(at);
        }
        at += 8;
    }
}

#[cfg(test)]
mod tests {
    use quick_xml::Reader;
    use quick_xml::events::Event;

    use super::*;
    use crate::ingest::xes::text;

    fn shown(name: &str, attributes: &str, empty: bool) -> String {
        format!("<{name}|{attributes}|{}>", if empty { "/" } else { "" })
    }

    fn found(text: &str, at: usize) -> Option<(String, usize, usize)> {
        let Tag { token, from, lines, to } = tag(text, at)?;
        let breaks = text[at..from].matches('\n').count() as u64;
        assert_eq!((lines, text[at..from].trim()), (breaks, ""), "{text:?} from {at}");
        let token = match token {
            Token::Open { name, attributes, pair, empty } => {
                let escaped = text::pair(attributes).unwrap();
                assert_eq!(pair, escaped.key.zip(escaped.value), "{attributes:?}");
                for value in pair.into_iter().flat_map(|(key, value)| [key, value]) {
                    assert_eq!(text::decode(value, &mut String::new()).unwrap(), value);
                }
                shown(name, attributes, empty)
            }
            Token::Close(name) => format!("</{name}>"),
            Token::Text => "text".to_owned(),
        };
        Some((token, from, to))
    }

    /// The next tag as the tokenizer of XML sees it.
    fn tokenized(text: &str, at: usize) -> Option<(String, usize, usize)> {
        let mut reader = Reader::from_str(&text[at..]);
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        let mut from = at;
        loop {
            let event = reader.read_event().ok()?;
            let to = at + usize::try_from(reader.buffer_position()).unwrap();
            let open = |tag: &quick_xml::events::BytesStart, empty| {
                let (name, attributes) = tag.split_at(tag.len() - tag.attributes_raw().len());
                shown(name, attributes, empty)
            };
            let token = match event {
                Event::Text(text) if text.trim().is_empty() => {
                    from = to;
                    continue;
                }
                Event::Start(tag) => open(&tag, false),
                Event::Empty(tag) => open(&tag, true),
                Event::End(tag) => format!("</{}>", tag.name().as_ref()),
                _ => return None,
            };
            return Some((token, from, to));
        }
    }

    /// Whatever is found from any place on is what the tokenizer finds there.
    fn agrees(text: &str) {
        for at in (0..text.len()).filter(|&at| text.is_char_boundary(at)) {
            if let Some(found) = found(text, at) {
                assert_eq!(Some(found), tokenized(text, at), "{text:?} from {at}");
            }
        }
    }

    const AWKWARD: &str = "<trace>\r\n\t<string key=\"concept:name\" value=\"C 1\"/><!-- </trace> \" <event> -->\
        <?go </trace> ?><![CDATA[</trace>]]>\n<int key='a' value='>'/><x:date key=\"é\" value=\"</trace>/>&amp;\" />\
        <list key=\"\" value=\"\"  ><a key=\"b\" value=\"c>d\"></a ></list><event/>< event></trace></log>       ";

    #[test]
    fn what_is_found_is_what_the_tokenizer_finds() {
        for to in (0..=AWKWARD.len()).filter(|&to| AWKWARD.is_char_boundary(to)) {
            agrees(&AWKWARD[..to]);
        }
    }

    #[test]
    fn so_it_is_with_any_letter_replaced() {
        for (at, letter) in AWKWARD.char_indices() {
            for other in "<>\"'/& =\n!?\u{0}k\u{7f}\u{a0}\u{feff}\u{ff1c}".chars() {
                let mut text = AWKWARD.to_owned();
                text.replace_range(at..at + letter.len_utf8(), other.encode_utf8(&mut [0; 4]));
                agrees(&text);
            }
        }
    }

    #[test]
    fn usual_tags_are_found_and_odd_ones_left() {
        let found = |text: &str| found(&format!("{text}        "), 0).map(|(token, ..)| token);
        for usual in [
            "<trace>",
            "</xes:trace>",
            "\r\n\t <event/>",
            "<string key=\"a\" value=\"b\"/>",
            "<string key=\"a key of many words\" value=\"it's > 3 = true; \u{65e5}\u{672c}\" />",
            "<list key=\"\" value=\"\">",
        ] {
            assert!(found(usual).is_some(), "{usual}");
        }
        for odd in [
            "text<a>",
            "<!-- a -->",
            "<?a?>",
            "<![CDATA[a]]>",
            "<>",
            "< a>",
            "<a",
            "</a >",
            "<a key='b' value='c'/>",
            "<a value=\"c\" key=\"b\"/>",
            "<a\nkey=\"b\" value=\"c\"/>",
            "<a key=\"b\" value=\"c\nd\"/>",
            "<a key=\"b\" value=\"&lt;\"/>",
            "<a key=\"b\" value=\"<\"/>",
            "<a key=\"b\" value=\"c\" more=\"d\"/>",
            "<a key=\"b\" value=\"c/>",
        ] {
            assert_eq!(found(odd), None, "{odd}");
        }
    }
}
