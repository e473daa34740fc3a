//! One JSON object to fields: nested objects become `parent.child`, every value becomes its text.
//!
//! Numbers keep their source text, so no digit is lost. Nothing here knows columns.

use std::collections::HashSet;
use std::ops::Range;

use crate::error::{Problem, Result};
use crate::ingest::limits::Bound;
use crate::ingest::rows::Cell;
use crate::log::text::shown;

/// Most objects and lists within each other, whatever the limit: each takes some of the stack.
const MOST_DEPTH: usize = 512;

/// Stands between the texts of a list.
const BETWEEN: &[u8] = b"; ";

/// One value with its key.
#[derive(Clone, Debug)]
struct Field {
    name: Range<usize>,
    value: Cell,
}

/// The fields of one object, kept to be used again for the next.
#[derive(Debug, Default)]
pub struct Fields {
    /// Keys with those they lie in, one behind the other.
    names: String,
    all: Vec<Field>,
    /// Keys whose value is an object.
    objects: Vec<Range<usize>>,
    /// Texts of the values.
    values: Vec<u8>,
}

impl Fields {
    /// Key and value of each field, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Cell)> {
        self.all.iter().map(|field| (&self.names[field.name.clone()], field.value))
    }

    /// The texts that the cells lie in.
    pub fn values(&mut self) -> &mut Vec<u8> {
        &mut self.values
    }

    /// Whether some value is an object.
    #[must_use]
    pub fn is_nested(&self) -> bool {
        !self.objects.is_empty()
    }

    /// The first key that stands twice, keys of objects included.
    #[must_use]
    pub fn doubled(&self) -> Option<&str> {
        let mut seen = HashSet::new();
        let all = self.objects.iter().chain(self.all.iter().map(|field| &field.name));
        all.map(|name| &self.names[name.clone()]).find(|name| !seen.insert(*name))
    }

    /// Reads the object that `line` holds; nothing but white space may stand around it, and no more than `depth`
    /// objects and lists lie within each other.
    ///
    /// # Errors
    /// When it is no JSON object, or too deep.
    pub fn read(&mut self, line: &str, depth: usize) -> Result<()> {
        self.names.clear();
        self.all.clear();
        self.objects.clear();
        self.values.clear();
        let mut scanner = Scanner { text: line, at: 0, depth };
        scanner.skip_space();
        if scanner.peek() != Some(b'{') {
            return Err(Problem::input("the line is no JSON object").note(format!("it starts with `{}`", shown(line))));
        }
        let whole = self.names.len()..self.names.len();
        self.object(&mut scanner, &whole, 1)?;
        scanner.skip_space();
        match scanner.peek() {
            None => Ok(()),
            Some(_) => Err(Problem::input("something follows the object on its line")
                .note(format!("`{}`", shown(scanner.rest())))
                .hint("write each object on a line of its own, e.g. with `jq -c . LOG.json > LOG.ndjson`")),
        }
    }

    fn object(&mut self, scanner: &mut Scanner, parent: &Range<usize>, depth: usize) -> Result<()> {
        check_depth(depth, scanner.depth)?;
        scanner.at += 1;
        scanner.skip_space();
        if scanner.take(b'}') {
            return Ok(());
        }
        loop {
            scanner.skip_space();
            if scanner.peek() != Some(b'"') {
                return Err(scanner.unexpected("a key in quotes"));
            }
            let name = self.name(scanner, parent)?;
            scanner.skip_space();
            if !scanner.take(b':') {
                return Err(scanner.unexpected("`:`"));
            }
            scanner.skip_space();
            self.member(scanner, name, depth)?;
            scanner.skip_space();
            if scanner.take(b'}') {
                return Ok(());
            }
            if !scanner.take(b',') {
                return Err(scanner.unexpected("`,` or `}`"));
            }
        }
    }

    /// Reads a key; behind that of its parent, where there is one.
    fn name(&mut self, scanner: &mut Scanner, parent: &Range<usize>) -> Result<Range<usize>> {
        let from = self.names.len();
        if !parent.is_empty() {
            self.names.extend_from_within(parent.clone());
            self.names.push('.');
        }
        match scanner.string()? {
            Piece::Plain(text) => self.names.push_str(text),
            Piece::Escaped(text) => self.names.push_str(&text),
        }
        Ok(from..self.names.len())
    }

    fn member(&mut self, scanner: &mut Scanner, name: Range<usize>, depth: usize) -> Result<()> {
        if scanner.peek() == Some(b'{') {
            self.objects.push(name.clone());
            return self.object(scanner, &name, depth + 1);
        }
        let from = self.values.len();
        let read = match scanner.peek() {
            Some(b'[') => self.list(scanner, depth + 1),
            _ => self.scalar(scanner),
        };
        read.map_err(|problem| problem.in_column(shown(&self.names[name.clone()])))?;
        let value = cell(from, self.values.len());
        self.all.push(Field { name, value });
        Ok(())
    }

    /// Appends the text of a value that is neither object nor list; `null` has none.
    fn scalar(&mut self, scanner: &mut Scanner) -> Result<()> {
        match scanner.peek() {
            Some(b'"') => match scanner.string()? {
                Piece::Plain(text) => self.values.extend_from_slice(text.as_bytes()),
                Piece::Escaped(text) => self.values.extend_from_slice(text.as_bytes()),
            },
            Some(b'-' | b'0'..=b'9') => self.values.extend_from_slice(scanner.number()?.as_bytes()),
            _ => match scanner.word() {
                "true" => self.values.extend_from_slice(b"true"),
                "false" => self.values.extend_from_slice(b"false"),
                "null" => {}
                "" => return Err(scanner.unexpected("a value")),
                word => {
                    let problem = Problem::input(format!("`{}` is no JSON value", shown(word)));
                    return Err(problem.hint(not_json(word)));
                }
            },
        }
        Ok(())
    }

    /// Appends the texts of a list, joined; a list that holds lists or objects as it is written.
    fn list(&mut self, scanner: &mut Scanner, depth: usize) -> Result<()> {
        let (from, start) = (self.values.len(), scanner.at);
        if !self.elements(scanner, depth)? {
            self.values.truncate(from);
            self.values.extend_from_slice(&scanner.text.as_bytes()[start..scanner.at]);
        }
        Ok(())
    }

    /// Reads a list; says whether all its elements are texts, numbers and the like.
    fn elements(&mut self, scanner: &mut Scanner, depth: usize) -> Result<bool> {
        check_depth(depth, scanner.depth)?;
        scanner.at += 1;
        scanner.skip_space();
        let (from, mut flat) = (self.values.len(), true);
        if scanner.take(b']') {
            return Ok(true);
        }
        loop {
            scanner.skip_space();
            match scanner.peek() {
                Some(b'{') => {
                    flat = false;
                    let mut inner = Fields::default();
                    inner.object(scanner, &(0..0), depth + 1)?;
                    if let Some(name) = inner.doubled() {
                        return Err(doubled(name));
                    }
                }
                Some(b'[') => {
                    flat = false;
                    self.elements(scanner, depth + 1)?;
                }
                _ => {
                    if self.values.len() > from {
                        self.values.extend_from_slice(BETWEEN);
                    }
                    let before = self.values.len();
                    self.scalar(scanner)?;
                    if self.values.len() == before && before > from {
                        self.values.truncate(before - BETWEEN.len());
                    }
                }
            }
            scanner.skip_space();
            if scanner.take(b']') {
                return Ok(flat);
            }
            if !scanner.take(b',') {
                return Err(scanner.unexpected("`,` or `]`"));
            }
        }
    }
}

/// The refusal of a key that stands twice in one object.
#[must_use]
pub fn doubled(name: &str) -> Problem {
    Problem::input(format!("the key `{}` stands twice in one object", shown(name)))
        .hint("only one of the values can be meant: export the log again with each key once")
}

fn check_depth(depth: usize, limit: usize) -> Result<()> {
    let most = limit.min(MOST_DEPTH);
    if depth <= most {
        return Ok(());
    }
    let problem = Problem::input(format!("more than {most} objects or lists lie within each other"))
        .hint("export only the keys that the analysis needs");
    Err(if limit < MOST_DEPTH { problem.hint(Bound::Depth.raise(limit as u64)) } else { problem })
}

#[expect(clippy::cast_possible_truncation, reason = "a line is bounded far below 4 GiB")]
fn cell(from: usize, to: usize) -> Cell {
    Cell { from: from as u32, to: to as u32 }
}

/// A text in quotes.
enum Piece<'t> {
    /// As it is written.
    Plain(&'t str),
    /// With its escapes decoded.
    Escaped(String),
}

/// A place in a line.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    /// Most objects and lists within each other.
    depth: usize,
}

impl<'t> Scanner<'t> {
    fn bytes(&self) -> &'t [u8] {
        &self.text.as_bytes()[self.at..]
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<u8> {
        self.bytes().first().copied()
    }

    fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn skip_space(&mut self) {
        self.at += self.bytes().iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n')).count();
    }

    /// The letters, digits and signs that follow.
    fn word(&mut self) -> &'t str {
        let length = self.bytes().iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        let word = &self.text[self.at..self.at + length];
        self.at += length;
        word
    }

    fn unexpected(&self, expected: &str) -> Problem {
        if self.rest().is_empty() {
            return Problem::input(format!("the line ends where {expected} should be"));
        }
        let hint = if self.peek() == Some(b'\'') { PYTHON } else { "the line is no sound JSON: export the log again" };
        Problem::input(format!("expected {expected}, not `{}`", shown(self.rest()))).hint(hint)
    }

    fn string(&mut self) -> Result<Piece<'t>> {
        let (from, text) = (self.at + 1, self.text);
        let mut decoded: Option<String> = None;
        let mut copied = from;
        loop {
            let searched = text.as_bytes().get(copied..).unwrap_or(&[]);
            let Some(found) = memchr::memchr2(b'"', b'\\', searched) else {
                return Err(Problem::input("a text in quotes is not closed on its line"));
            };
            let piece = &text[copied..copied + found];
            if let Some(control) = piece.chars().find(|&character| character < ' ') {
                return Err(Problem::input(format!("a text holds the control character U+{:04X}", u32::from(control)))
                    .hint("JSON writes control characters as escapes, such as `\\n`: export the log again"));
            }
            self.at = copied + found + 1;
            if searched[found] == b'"' {
                return Ok(match decoded {
                    None => Piece::Plain(piece),
                    Some(before) => Piece::Escaped(before + piece),
                });
            }
            let mut text = decoded.unwrap_or_default();
            text.push_str(piece);
            text.push(self.escape()?);
            decoded = Some(text);
            copied = self.at;
        }
    }

    /// The character that an escape stands for; the backslash is behind us.
    fn escape(&mut self) -> Result<char> {
        let letter = self.peek();
        self.at += usize::from(letter.is_some_and(|letter| letter.is_ascii()));
        match letter {
            Some(b'"') => Ok('"'),
            Some(b'\\') => Ok('\\'),
            Some(b'/') => Ok('/'),
            Some(b'b') => Ok('\u{8}'),
            Some(b'f') => Ok('\u{c}'),
            Some(b'n') => Ok('\n'),
            Some(b'r') => Ok('\r'),
            Some(b't') => Ok('\t'),
            Some(b'u') => self.unicode(),
            None => Err(Problem::input("a text in quotes is not closed on its line")),
            Some(_) => Err(Problem::input("a text holds a backslash that begins no escape")
                .hint("JSON writes a backslash as `\\\\`: export the log again")),
        }
    }

    fn unicode(&mut self) -> Result<char> {
        let first = self.four_digits()?;
        if (0xD800..0xDC00).contains(&first) && self.rest().starts_with("\\u") {
            self.at += 2;
            let second = self.four_digits()?;
            let low = second.checked_sub(0xDC00).filter(|low| *low < 0x400).ok_or_else(|| half(first))?;
            return char::from_u32(0x1_0000 + ((first - 0xD800) << 10) + low).ok_or_else(|| half(first));
        }
        char::from_u32(first).ok_or_else(|| half(first))
    }

    fn four_digits(&mut self) -> Result<u32> {
        let digits = self.text.get(self.at..self.at + 4);
        let digits = digits.filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
        let value = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        self.at += 4;
        value.ok_or_else(|| {
            Problem::input("`\\u` is not followed by four hexadecimal digits")
                .hint("the line is no sound JSON: export the log again")
        })
    }

    /// A number as it is written.
    fn number(&mut self) -> Result<&'t str> {
        let bytes = self.bytes();
        let digits = |from: usize| bytes[from..].iter().take_while(|byte| byte.is_ascii_digit()).count();
        let mut length = usize::from(bytes.first() == Some(&b'-'));
        let whole = digits(length);
        let mut sound = whole == 1 || (whole > 1 && bytes[length] != b'0');
        length += whole;
        if bytes.get(length) == Some(&b'.') {
            let fraction = digits(length + 1);
            sound &= fraction > 0;
            length += 1 + fraction;
        }
        if matches!(bytes.get(length), Some(b'e' | b'E')) {
            length += 1 + usize::from(matches!(bytes.get(length + 1), Some(b'+' | b'-')));
            let exponent = digits(length);
            sound &= exponent > 0;
            length += exponent;
        }
        if !sound || bytes.get(length).is_some_and(|next| next.is_ascii_alphanumeric() || matches!(next, b'.' | b'_')) {
            let written = self.number_like();
            let hint = match written.trim_start_matches('-') {
                word @ ("Infinity" | "inf") => not_json(word),
                _ => "write ids and other texts in quotes",
            };
            return Err(Problem::input(format!("`{}` is no JSON number", shown(written))).hint(hint));
        }
        let number = &self.text[self.at..self.at + length];
        self.at += length;
        Ok(number)
    }

    /// What looks like a number, for a message.
    fn number_like(&self) -> &'t str {
        let end = self.rest().find([',', '}', ']', ' ']).unwrap_or(self.rest().len());
        &self.rest()[..end]
    }
}

/// What to do about a line that is the text of a Python object.
const PYTHON: &str =
    "this is how Python prints an object, not JSON: write each line with `json.dumps(row)` instead of `str(row)`";

/// What to do about a word that JSON has not.
fn not_json(word: &str) -> &'static str {
    match word {
        "NaN" | "nan" | "Infinity" | "inf" => {
            "JSON has no such number: write `null` for what is missing, e.g. with pandas `df.to_json('LOG.ndjson', orient='records', lines=True)`"
        }
        "None" | "True" | "False" => PYTHON,
        "undefined" => "this is JavaScript, not JSON: write each line with `JSON.stringify(row)`",
        _ => "write a text in quotes, and `null` for what is missing",
    }
}

/// The refusal of half of a pair of escapes.
fn half(value: u32) -> Problem {
    Problem::input(format!("`\\u{value:04x}` is half of a character"))
        .hint("characters beyond U+FFFF need two escapes: export the log again")
}

#[cfg(test)]
mod tests {
    use super::Fields;

    fn read(line: &str) -> Result<Vec<(String, String)>, String> {
        let mut fields = Fields::default();
        fields.read(line, 64).map_err(|problem| problem.to_string())?;
        let values = fields.values.clone();
        let text = |cell: super::Cell| String::from_utf8(cell.text(&values).to_vec()).unwrap();
        Ok(fields.iter().map(|(name, cell)| (name.to_owned(), text(cell))).collect())
    }

    #[test]
    fn values_become_their_texts() {
        for (value, text) in [
            ("\"00123\"", "00123"),
            ("1e5", "1e5"),
            ("-0.10", "-0.10"),
            ("123456789012345678901234567890", "123456789012345678901234567890"),
            ("true", "true"),
            ("null", ""),
            ("\"\"", ""),
            ("\"NA \"", "NA "),
            (r#""a\"\\\/\b\f\n\r\tz""#, "a\"\\/\u{8}\u{c}\n\r\tz"),
            (r#""\u00e9\ud83d\ude00""#, "é😀"),
            ("[]", ""),
            ("[1, \"b\", null, true]", "1; b; true"),
            ("[ {\"x\": 1} ]", "[ {\"x\": 1} ]"),
        ] {
            let found = read(&format!(" {{ \"k\" : {value} }} ")).unwrap();
            assert_eq!(found, [("k".to_owned(), text.to_owned())], "{value}");
        }
        let nested = read(r#"{"a":{"b":{"c":1},"d":2},"e":{}}"#).unwrap();
        let nested: Vec<(&str, &str)> = nested.iter().map(|(name, text)| (name.as_str(), text.as_str())).collect();
        assert_eq!(nested, [("a.b.c", "1"), ("a.d", "2")]);
    }

    #[test]
    fn what_is_no_sound_json_is_refused() {
        for line in [
            "{",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,}",
            "{\"a\":01}",
            "{\"a\":1.}",
            "{\"a\":+1}",
            "{\"a\":1e}",
            "{\"a\":.5}",
            "{\"a\":NaN}",
            "{\"a\":tru}",
            "{'a':1}",
            "{\"a\":1} x",
            "{\"a\":\"\t\"}",
            "{\"a\":\"\\x\"}",
            "{\"a\":\"\\ud800\"}",
            "{\"a\":\"\\udc00\"}",
            "{\"a\":\"\\u12\"}",
            "{\"a\":\"\\ud800\\u0041\"}",
            "[1]",
            "{\"a\":[1,]}",
            "{\"a\":[1",
            "{\"a\":\"\\",
            "{\"a\":\"\\é\"}",
            "{\"a\":1_0}",
        ] {
            assert!(read(line).is_err(), "{line}");
        }
        let deep = |levels: usize| format!("{{\"a\":{}{}}}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(&deep(63)).is_ok());
        assert!(read(&deep(64)).is_err());
    }

    #[test]
    fn what_other_languages_print_is_named() {
        for (line, says) in [
            ("{'a': 1}", "json.dumps"),
            ("{\"a\": 'b'}", "json.dumps"),
            ("{\"a\": None}", "json.dumps"),
            ("{\"a\": [True]}", "json.dumps"),
            ("{\"a\": NaN}", "to_json"),
            ("{\"a\": Infinity}", "to_json"),
            ("{\"a\": -Infinity}", "to_json"),
            ("{\"a\": undefined}", "JSON.stringify"),
        ] {
            let refused = read(line).unwrap_err();
            assert!(refused.contains(says), "{line}: {refused}");
        }
    }

    #[test]
    fn doubled_keys_are_found() {
        let doubled = |line: &str| {
            let mut fields = Fields::default();
            fields.read(line, 64).unwrap();
            fields.doubled().map(str::to_owned)
        };
        assert_eq!(doubled(r#"{"a":1,"b":2}"#), None);
        assert_eq!(doubled(r#"{"a":1,"\u0061":2}"#).as_deref(), Some("a"));
        assert_eq!(doubled(r#"{"a":{"x":1},"a":{"y":2}}"#).as_deref(), Some("a"));
        assert_eq!(doubled(r#"{"a":1,"a":{"y":2}}"#).as_deref(), Some("a"));
        assert_eq!(doubled(r#"{"a":{"x":1},"a.x":2}"#).as_deref(), Some("a.x"));
    }
}
