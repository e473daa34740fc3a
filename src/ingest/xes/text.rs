//! Attribute values: the pairs of a tag, and escapes turned into the characters they stand for.
//!
//! Only the five entities of XML itself and numbers are known; anything else is refused.

use crate::error::{Problem, Result};
use crate::log::text::shown;

/// The key and the value of a tag, both still escaped.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pair<'t> {
    /// Text of `key="…"`.
    pub key: Option<&'t str>,
    /// Text of `value="…"`.
    pub value: Option<&'t str>,
}

/// Takes `key` and `value` out of the attributes of a tag.
///
/// # Errors
/// When the attributes are broken or one of the two occurs twice.
pub fn pair(attributes: &str) -> Result<Pair<'_>> {
    let mut pair = Pair::default();
    each(attributes, &mut |name, value| {
        let place = match name {
            "key" => &mut pair.key,
            "value" => &mut pair.value,
            _ => return Ok(()),
        };
        match place.replace(value) {
            None => Ok(()),
            Some(_) => Err(Problem::input(format!("a tag has `{name}` twice")).hint("remove one of them")),
        }
    })?;
    Ok(pair)
}

/// The text of one attribute of a tag, if it is there.
///
/// # Errors
/// When the attributes are broken or hold an unknown entity.
pub fn attribute(attributes: &str, wanted: &str) -> Result<Option<String>> {
    let mut found = None;
    each(attributes, &mut |name, value| {
        if name == wanted {
            found = Some(value);
        }
        Ok(())
    })?;
    let Some(value) = found else { return Ok(None) };
    let mut scratch = String::new();
    Ok(Some(decode(value, &mut scratch)?.to_owned()))
}

/// Hands every `name="value"` to `take`.
fn each<'t>(attributes: &'t str, take: &mut dyn FnMut(&'t str, &'t str) -> Result<()>) -> Result<()> {
    let mut rest = attributes.trim_ascii();
    while !rest.is_empty() {
        let equals = memchr::memchr(b'=', rest.as_bytes()).ok_or_else(|| broken(rest))?;
        let name = rest[..equals].trim_ascii_end();
        if name.is_empty() || name.bytes().any(|byte| matches!(byte, b'"' | b'\'' | b'<') || byte.is_ascii_whitespace())
        {
            return Err(broken(rest));
        }
        let value = rest[equals + 1..].trim_ascii_start();
        let quote = value.bytes().next().filter(|quote| matches!(quote, b'"' | b'\'')).ok_or_else(|| broken(rest))?;
        let length = memchr::memchr(quote, &value.as_bytes()[1..]).ok_or_else(|| broken(rest))?;
        take(name, &value[1..=length])?;
        rest = value[length + 2..].trim_ascii_start();
    }
    Ok(())
}

#[cold]
fn broken(rest: &str) -> Problem {
    let start: String = rest.chars().take(60).collect();
    Problem::input("the attributes of a tag are broken")
        .note(format!("from `{}` on, which is not of the form name=\"text\"", shown(&start)))
        .hint("write quotes around the text and `&quot;` for a quote inside it, or export the log again")
}

/// The text that an escaped attribute value stands for; in `scratch` where it differs from what is written.
///
/// # Errors
/// When it holds an entity that XML does not define, a number that is no character, a lone `&`, or a `<`.
#[inline]
pub fn decode<'t>(value: &'t str, scratch: &'t mut String) -> Result<&'t str> {
    // no early end: most texts have nothing special, and short loops without one run faster
    let special = value
        .bytes()
        .fold(0, |seen, byte| seen | u8::from(byte < b' ') | u8::from(byte == b'&') | u8::from(byte == b'<'));
    if special > 0 { decode_slowly(value, scratch) } else { Ok(value) }
}

#[cold]
fn decode_slowly<'t>(value: &str, scratch: &'t mut String) -> Result<&'t str> {
    scratch.clear();
    let mut rest = value;
    while let Some(at) = rest.find(['&', '<', '\t', '\n', '\r']) {
        scratch.push_str(&rest[..at]);
        let special = &rest[at..];
        rest = match special.as_bytes()[0] {
            b'&' => {
                let (letter, length) = entity(special)?;
                scratch.push(letter);
                &special[length..]
            }
            b'<' => {
                return Err(Problem::input("a text holds a `<`")
                    .note(format!("in `{}`", shown(value)))
                    .hint("a quote that is missing looks like this; else write `&lt;`"));
            }
            // a line break in an attribute is a space; one that is meant is written as `&#10;`
            b'\r' if special.as_bytes().get(1) == Some(&b'\n') => {
                scratch.push(' ');
                &special[2..]
            }
            _ => {
                scratch.push(' ');
                &special[1..]
            }
        };
    }
    scratch.push_str(rest);
    Ok(scratch)
}

/// The character of an entity at the start of `text`, and its length with `&` and `;`.
fn entity(text: &str) -> Result<(char, usize)> {
    const LONGEST: usize = 12;
    let bytes = &text.as_bytes()[..text.len().min(LONGEST)];
    let end = memchr::memchr(b';', bytes).filter(|&end| bytes[1..end].iter().all(|byte| !byte.is_ascii_whitespace()));
    let Some(end) = end else {
        let name = text.as_bytes()[1..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        return Err(match text.as_bytes().get(name + 1) {
            Some(b';') if name > 0 => unknown(&text[..name + 2]),
            _ => lone_ampersand(),
        });
    };
    let name = &text[1..end];
    let letter = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        _ => number(name).ok_or_else(|| unknown(&text[..=end]))?,
    };
    Ok((letter, end + 1))
}

fn number(name: &str) -> Option<char> {
    let digits = name.strip_prefix('#')?;
    let (digits, radix) = match digits.strip_prefix('x') {
        Some(hexadecimal) => (hexadecimal, 16),
        None => (digits, 10),
    };
    let signed = digits.starts_with(['+', '-']);
    let code = u32::from_str_radix(digits, radix).ok().filter(|_| !signed)?;
    let control = code < 0x20 && !matches!(code, 0x09 | 0x0A | 0x0D);
    char::from_u32(code).filter(|_| !control && !matches!(code, 0xFFFE | 0xFFFF))
}

#[cold]
fn unknown(entity: &str) -> Problem {
    Problem::input(format!("the entity `{}` is not known", shown(entity)))
        .note("only `&amp;`, `&lt;`, `&gt;`, `&quot;`, `&apos;` and numbers of characters are read")
        .hint("write the character itself, or `&amp;` where a `&` is meant")
}

/// The refusal of a `&` that starts no entity.
#[must_use]
#[cold]
pub fn lone_ampersand() -> Problem {
    Problem::input("a `&` stands alone").hint("write `&amp;` for it, or export the log again")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decoded(value: &str) -> std::result::Result<String, String> {
        let mut scratch = String::new();
        decode(value, &mut scratch).map(str::to_owned).map_err(|problem| problem.message().to_owned())
    }

    #[test]
    fn escapes_become_characters() {
        assert_eq!(decoded("a &amp;&lt;&gt;&quot;&apos; b").unwrap(), "a &<>\"' b");
        assert_eq!(decoded("&#65;&#x42;&#10;&#x1F600;").unwrap(), "AB\n😀");
        assert_eq!(decoded("one\r\ntwo\tthree\nfour").unwrap(), "one two three four");
        for (value, says) in [
            ("&nbsp;", "`&nbsp;`"),
            ("&averyveryverylongname;", "`&averyveryverylongname;`"),
            ("AT&T", "alone"),
            ("R & D;", "alone"),
            ("&", "alone"),
            ("&#0;", "`&#0;`"),
            ("&#xD800;", "`&#xD800;`"),
            ("&#+65;", "`&#+65;`"),
            ("&#x110000;", "`&#x110000;`"),
            ("a<b", "`<`"),
        ] {
            assert!(decoded(value).unwrap_err().contains(says), "{value}");
        }
    }

    #[test]
    fn pairs_of_a_tag() {
        let found = pair(" value = 'it \"is\"'\n key=\"a=b\" other=\"\"").unwrap();
        assert_eq!((found.key, found.value), (Some("a=b"), Some("it \"is\"")));
        let found = pair("  key=\"it's\"\tvalue=\"\" ").unwrap();
        assert_eq!((found.key, found.value), (Some("it's"), Some("")));
        for attributes in ["key", "key=", "key=a", "key=\"a", "=\"a\"", "key=\"a\" value=\"b\" key=\"c\"", "k ey=\"a\""]
        {
            assert!(pair(attributes).is_err(), "{attributes}");
        }
    }
}
