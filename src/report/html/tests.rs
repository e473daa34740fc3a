//! What the page holds, and that it is well formed: a small strict reader of exactly what [`super::markup`] writes.

use std::collections::BTreeSet;

use super::{MOST_ROWS, STYLE, STYLE_HASH, page};
use crate::report::clocks::Clocks;
use crate::report::fixture;
use crate::report::page::{Block, Medium};
use crate::report::sections;
use crate::report::terminal::{Style, render};

/// Elements the page may have, and those of them that hold nothing.
const ELEMENTS: [&str; 34] = [
    "html", "head", "meta", "title", "style", "body", "header", "nav", "main", "section", "h1", "h2", "p", "b", "a",
    "ul", "ol", "li", "dl", "div", "dt", "dd", "table", "caption", "thead", "tbody", "tr", "th", "td", "details",
    "summary", "figure", "svg", "rect",
];
const VOID: [&str; 1] = ["meta"];
/// Attributes it may have: none of them runs anything, and `href` is looked at below.
const ATTRIBUTES: [&str; 19] = [
    "lang",
    "charset",
    "http-equiv",
    "content",
    "name",
    "id",
    "class",
    "scope",
    "role",
    "tabindex",
    "href",
    "aria-label",
    "aria-labelledby",
    "aria-hidden",
    "viewBox",
    "preserveAspectRatio",
    "x",
    "width",
    "height",
];

/// One element as it was written.
#[derive(Debug)]
pub(in crate::report) struct Element {
    /// Its name.
    pub(in crate::report) tag: String,
    /// Its attributes, not unescaped.
    pub(in crate::report) attributes: Vec<(String, String)>,
    /// Names of the elements around it.
    around: Vec<String>,
}

/// Every element of a page and the text between them, unescaped; panics where something is not well formed.
pub(in crate::report) fn parsed(html: &str) -> (Vec<Element>, String) {
    let mut rest = html.strip_prefix("<!DOCTYPE html>\n").expect("a document type");
    let (mut open, mut found, mut text) = (Vec::<String>::new(), Vec::new(), String::new());
    while let Some(at) = rest.find('<') {
        text.push_str(&unescaped(&rest[..at]));
        let end = at + rest[at..].find('>').expect("a tag that ends");
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "elements close in order");
            continue;
        }
        let (name, attributes) = tag.split_once(' ').unwrap_or((tag, ""));
        let element = Element { tag: name.to_owned(), attributes: attributes_of(attributes), around: open.clone() };
        if name == "style" {
            let (css, after) = rest.split_once("</style>").expect("a style sheet that ends");
            assert_eq!(css, STYLE);
            rest = after;
        } else if !VOID.contains(&name) {
            open.push(name.to_owned());
        }
        found.push(element);
    }
    assert_eq!((rest, open), ("\n", Vec::new()), "everything is closed");
    (found, text)
}

fn attributes_of(text: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").expect("a quoted value");
        let (value, after) = after.split_once('"').expect("a value that ends");
        assert!(!value.contains(['<', '>', '\'', '`']), "{value}");
        found.push((name.to_owned(), unescaped(value)));
        rest = after.strip_prefix(' ').unwrap_or(after);
    }
    found
}

fn unescaped(text: &str) -> String {
    let mut out = text.to_owned();
    assert!(!text.contains(['>', '"', '\'', '`']), "{text}");
    for part in text.split('&').skip(1) {
        let known = ["lt;", "gt;", "amp;", "quot;", "#39;", "#96;"];
        assert!(known.iter().any(|entity| part.starts_with(entity)), "&{part}");
    }
    for (entity, character) in
        [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#39;", "'"), ("&#96;", "`"), ("&amp;", "&")]
    {
        out = out.replace(entity, character);
    }
    out
}

/// Fails where a page has an element, an attribute or an address that could do more than show text.
#[track_caller]
pub(in crate::report) fn assert_passive(html: &str) {
    let (elements, _) = parsed(html);
    let ids: BTreeSet<&str> = elements
        .iter()
        .flat_map(|element| &element.attributes)
        .filter(|(name, _)| name == "id")
        .map(|(_, id)| id.as_str())
        .collect();
    for element in &elements {
        assert!(ELEMENTS.contains(&element.tag.as_str()), "<{}>", element.tag);
        for (name, value) in &element.attributes {
            assert!(ATTRIBUTES.contains(&name.as_str()), "{name} of <{}>", element.tag);
            if name == "href" {
                assert!(value.strip_prefix('#').is_some_and(|id| ids.contains(id)), "{value}");
            }
            if name != "content" {
                assert!(!value.contains("://") || element.tag == "title", "{value}");
            }
        }
        if element.tag == "title" {
            assert!(matches!(element.around.last().map(String::as_str), Some("head" | "svg")));
        }
        if element.tag == "meta" {
            let policies = element.attributes.iter().filter(|(_, value)| value == "Content-Security-Policy");
            assert!(policies.count() <= 1 && !element.attributes.iter().any(|(_, value)| value == "refresh"));
        }
    }
}

/// The elements of a page as an indented outline, runs of the same left out, texts cut.
fn outline(html: &str) -> String {
    let (elements, _) = parsed(html);
    let mut out: Vec<String> = Vec::new();
    for element in elements.iter().filter(|element| element.tag != "style") {
        let shown = element.attributes.iter().filter(|(name, value)| !value.is_empty() && name != "content");
        let attributes: Vec<String> = shown.map(|(name, value)| format!(" {name}={value}")).collect();
        let line = format!("{}{}{}", "  ".repeat(element.around.len()), element.tag, attributes.concat());
        if out.last() != Some(&line) {
            out.push(line);
        }
    }
    out.join("\n")
}

#[test]
fn the_page_is_well_formed_and_passive() {
    for findings in [fixture::findings(), fixture::empty()] {
        let html = page(&findings, Clocks::Both);
        assert_passive(&html);
        assert_eq!(html, page(&findings, Clocks::Both), "the same bytes again");
        assert!(html.is_ascii() || html.contains("<meta charset=\"utf-8\">"));
    }
}

#[test]
fn the_structure_of_a_full_page() {
    insta::assert_snapshot!(outline(&page(&fixture::findings(), Clocks::Both)));
}

#[test]
fn the_text_of_a_page_of_almost_nothing() {
    let (_, text) = parsed(&page(&fixture::empty(), Clocks::Both));
    let lines: Vec<&str> = text.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn every_section_of_the_terminal_is_there() {
    let findings = fixture::findings();
    let html = page(&findings, Clocks::Both);
    let (elements, text) = parsed(&html);
    let blocks = sections::report(
        &findings,
        Medium { wide: true, graphic: false, most_rows: 0, clocks: Clocks::Both, endless: true },
    );
    let terminal = render(&findings, Style { width: 400, ..Style::default() }, Clocks::Both);
    let mut sections = 0;
    for block in &blocks {
        if let Block::Heading(id, title) = block {
            sections += 1;
            assert_eq!(html.matches(&format!("<section id=\"{id}\"")).count(), 1, "{id}");
            assert!(text.matches(title.as_str()).count() >= 2, "{title} in the contents and over its section");
            assert!(terminal.contains(&title.replace('\u{a0}', " ")));
        }
    }
    assert!(sections > 18);
    assert_eq!(elements.iter().filter(|element| element.tag == "section").count(), sections);
}

#[test]
fn every_drawing_says_its_numbers() {
    let html = page(&fixture::findings(), Clocks::Both);
    let (elements, _) = parsed(&html);
    let drawings = elements.iter().filter(|element| element.attributes.iter().any(|(_, value)| value == "img")).count();
    let titles =
        elements.iter().filter(|element| element.tag == "title" && element.around.last().unwrap() == "svg").count();
    assert_eq!(drawings, titles);
    assert!(drawings > 5, "{drawings}");
    assert!(html.contains("<title>All case time by bucket: "));
}

#[test]
fn long_lists_are_folded_and_bounded() {
    let mut findings = fixture::findings();
    let one = findings.transitions[0].clone();
    findings.transitions = vec![one; MOST_ROWS + 50];
    let html = page(&findings, Clocks::Both);
    assert!(html.contains("<summary>190 more</summary>") && html.contains("50 more: table transitions."));
    assert_passive(&html);
}

#[test]
fn the_policy_allows_this_style_and_nothing_else() {
    assert_eq!(base64(&sha256(STYLE.as_bytes())), STYLE_HASH, "the style sheet changed: put this hash in");
    let html = page(&fixture::findings(), Clocks::Both);
    let policy = format!(
        "content=\"default-src &#39;none&#39;; style-src &#39;sha256-{STYLE_HASH}&#39;; base-uri &#39;none&#39;; \
         form-action &#39;none&#39;\""
    );
    assert!(html.contains(&policy));
    assert!(!STYLE.contains("url") && !STYLE.contains('@') || !STYLE.contains("@import"));
    assert!(!html.contains("style=\""), "inline styles are not allowed by the policy");
}

/// FIPS 180-4, in the plainest form.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a fraction of 32 bits")]
fn sha256(bytes: &[u8]) -> [u8; 32] {
    let primes = || (2_u32..).filter(|number| (2..*number).all(|divisor| !number.is_multiple_of(divisor)));
    let fraction = |root: f64| ((root - root.floor()) * 4_294_967_296.0) as u32;
    let mut state: Vec<u32> = primes().take(8).map(|prime| fraction(f64::from(prime).sqrt())).collect();
    let constants: Vec<u32> = primes().take(64).map(|prime| fraction(f64::from(prime).cbrt())).collect();
    let mut message = bytes.to_vec();
    message.push(0x80);
    message.resize(message.len().next_multiple_of(64), 0);
    if message.len() - bytes.len() < 9 {
        message.resize(message.len() + 64, 0);
    }
    let length = message.len() - 8;
    message[length..].copy_from_slice(&(bytes.len() as u64 * 8).to_be_bytes());
    for block in message.chunks(64) {
        let mut words: Vec<u32> = block.chunks(4).map(|word| u32::from_be_bytes(word.try_into().unwrap())).collect();
        for at in 16..64 {
            let (a, b) = (words[at - 15], words[at - 2]);
            let first = a.rotate_right(7) ^ a.rotate_right(18) ^ (a >> 3);
            let second = b.rotate_right(17) ^ b.rotate_right(19) ^ (b >> 10);
            words.push(words[at - 16].wrapping_add(first).wrapping_add(words[at - 7]).wrapping_add(second));
        }
        let mut v = state.clone();
        for at in 0..64 {
            let sum = v[4].rotate_right(6) ^ v[4].rotate_right(11) ^ v[4].rotate_right(25);
            let choice = (v[4] & v[5]) ^ (!v[4] & v[6]);
            let first = [v[7], sum, choice, constants[at], words[at]].into_iter().fold(0_u32, u32::wrapping_add);
            let sum = v[0].rotate_right(2) ^ v[0].rotate_right(13) ^ v[0].rotate_right(22);
            let most = (v[0] & v[1]) ^ (v[0] & v[2]) ^ (v[1] & v[2]);
            v.rotate_right(1);
            v[4] = v[4].wrapping_add(first);
            v[0] = first.wrapping_add(sum).wrapping_add(most);
        }
        state.iter_mut().zip(v).for_each(|(state, value)| *state = state.wrapping_add(value));
    }
    let bytes: Vec<u8> = state.into_iter().flat_map(u32::to_be_bytes).collect();
    bytes.try_into().unwrap()
}

fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let number = (0..3).fold(0_u32, |number, at| number << 8 | u32::from(*three.get(at).unwrap_or(&0)));
        for at in 0..4 {
            let letter = char::from(LETTERS[(number >> (18 - 6 * at) & 63) as usize]);
            out.push(if at > three.len() { '=' } else { letter });
        }
    }
    out
}
