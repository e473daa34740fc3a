//! NDJSON that is broken, hostile or odd.

use super::Outcome::{Read, Refused};
use super::{Container, Odd, odd};
use crate::run::{folder_with, wcaf};

/// Row `i` of a log of three cases with three rows each.
fn line(i: usize) -> String {
    let state = ["New", "Work", "Closed"][i % 3];
    format!(
        "{{\"case\":\"C{}\",\"time\":\"2024-03-{:02}T10:{i:02}:00Z\",\"state\":\"{state}\",\"group\":\"G{}\"}}\n",
        i / 3,
        1 + i,
        i % 2
    )
}

/// The log with one line, counted from 0, replaced.
fn with(at: usize, replaced: &str) -> Vec<u8> {
    (0..9).map(|i| if i == at { replaced.to_owned() } else { line(i) }).collect::<String>().into_bytes()
}

pub fn log() -> String {
    (0..9).map(line).collect()
}

/// A row with another value of its group.
fn group(value: &str) -> Vec<u8> {
    with(4, &line(4).replace("\"G0\"", value))
}

fn refused(fault: &str, bytes: impl Into<Vec<u8>>, parts: &'static [&'static str]) -> Odd {
    odd(format!("NDJSON: {fault}"), bytes, Refused(3, parts))
}

fn read(fault: &str, bytes: impl Into<Vec<u8>>, used: u64, rejected: u64) -> Odd {
    odd(format!("NDJSON: {fault}"), bytes, Read(used, rejected, &[]))
}

pub fn table() -> Vec<Odd> {
    let mut table = structure();
    table.extend(values());
    table.extend(sound());
    table
}

fn structure() -> Vec<Odd> {
    let cut = log();
    let long = line(4).replace("G0", &"x".repeat(17 << 20));
    let cell = line(4).replace("G0", &"x".repeat((1 << 20) + 1));
    let wide: String = (0..5_000).map(|i| format!(",\"k{i}\":1")).collect();
    vec![
        refused("cut in the last line", &cut.as_bytes()[..cut.len() - 9], &["t.csv:9", "cut off"]),
        refused("cut in a key", &cut.as_bytes()[..cut.len() - 12], &["t.csv:9", "cut off"]),
        refused("only a brace", "{", &["t.csv:1", "cut off"]),
        refused("spread over lines", "{\n  \"case\": 1\n}\n", &["t.csv:1", "jq -c"]),
        refused("comma behind the last key", with(4, "{\"case\":\"C1\",}\n"), &["expected a key in quotes", ":5"]),
        refused("comma missing", with(4, "{\"case\":\"C1\" \"time\":1}\n"), &["expected `,` or `}`", ":5"]),
        refused("colon missing", with(4, "{\"case\" \"C1\"}\n"), &["expected `:`", ":5"]),
        refused("value missing", with(4, "{\"case\":}\n"), &["expected a value", ":5"]),
        refused("key without quotes", with(4, "{case:\"C1\"}\n"), &["expected a key in quotes", ":5"]),
        refused("single quotes", with(4, "{'case':'C1'}\n"), &["expected a key in quotes", ":5", "json.dumps(row)"]),
        refused("only single quotes", "{'case': 'C1', 'open': True}\n".repeat(9), &["t.csv:1", "json.dumps(row)"]),
        refused(
            "two objects on a line",
            with(4, "{\"case\":\"C1\"} {\"case\":\"C1\"}\n"),
            &["follows the object", ":5"],
        ),
        refused("comma between lines", with(4, "{\"case\":\"C1\"},\n"), &["follows the object", ":5"]),
        refused("a list", with(4, "[1,2]\n"), &["no JSON object", ":5"]),
        refused("a text", with(4, "\"C1\"\n"), &["no JSON object", ":5"]),
        refused("a row of CSV", with(4, "C1,2024-03-05T10:00:00Z\n"), &["no JSON object", ":5"]),
        refused("a key twice", with(4, "{\"case\":\"C1\",\"case\":\"C2\"}\n"), &["`case` stands twice", ":5"]),
        refused("a key twice by an escape", with(4, "{\"case\":1,\"\\u0063ase\":2}\n"), &["`case` stands twice", ":5"]),
        refused("an object twice", with(4, "{\"a\":{\"b\":1},\"a\":{\"c\":1}}\n"), &["`a` stands twice", ":5"]),
        refused("deep", group(&("[".repeat(70) + &"]".repeat(70))), &["more than 64 objects", ":5"]),
        refused("deep beyond any stack", group(&"{\"a\":".repeat(100_000)), &["more than 64 objects", ":5"]),
        refused("a long line", with(4, &long), &["a line is longer than 16777216 bytes", ":5"]),
        refused("a long text", with(4, &cell), &["a field is longer than 1048576 bytes", ":5", "`group`"]),
        refused("too many keys", with(0, &line(0).replace('}', &(wide + "}"))), &["more than 4096 keys", ":1"]),
        refused("no keys", "{}\n{}\n", &["have no keys"]),
        refused("a list of objects", "[{\"case\":1}]\n", &["is a JSON list", "jq -c '.[]'"]),
    ]
}

fn values() -> Vec<Odd> {
    let mut latin = with(4, &line(4));
    let at = latin.windows(2).position(|two| two == b"G0").unwrap();
    latin[at] = 0xE9;
    vec![
        refused("a number with a zero before it", group("00123"), &["`00123` is no JSON number", ":5", "`group`"]),
        refused("a number that ends in its point", group("1."), &["`1.` is no JSON number", ":5"]),
        refused("NaN", group("NaN"), &["`NaN` is no JSON value", ":5", "lines=True"]),
        refused("minus Infinity", group("-Infinity"), &["`-Infinity` is no JSON number", ":5", "lines=True"]),
        refused("None", group("None"), &["`None` is no JSON value", ":5", "json.dumps(row)"]),
        refused("a word", group("nope"), &["`nope` is no JSON value", ":5"]),
        refused("a raw line end in a text", with(4, "{\"case\":\"C1\n\"}\n"), &["not closed on its line", ":5"]),
        refused("a raw tab in a text", group("\"a\tb\""), &["control character U+0009", ":5"]),
        refused("an unknown escape", group("\"\\x41\""), &["begins no escape", ":5"]),
        refused("half of a character", group("\"\\ud83d\""), &["is half of a character", ":5"]),
        refused("a short escape", group("\"\\u12\""), &["four hexadecimal digits", ":5"]),
        refused("a byte that is no UTF-8", latin, &["not UTF-8", "0xE9", "t.csv:1"]),
    ]
}

fn sound() -> Vec<Odd> {
    let warned = |fault: &str, bytes: Vec<u8>, warning: &'static [&'static str]| {
        odd(format!("NDJSON: {fault}"), bytes, Read(9, 0, warning))
    };
    let without_end = log().trim_end().as_bytes().to_vec();
    vec![
        read("as it should be", log(), 9, 0),
        read("with a byte order mark", format!("\u{feff}{}", log()), 9, 0),
        read("CRLF", log().replace('\n', "\r\n"), 9, 0),
        read("empty lines", log().replace('\n', "\n\n \n"), 9, 0),
        read("spaces", log().replace(':', " : ").replace(" : 0", ":0"), 9, 0),
        warned("no line end at the end", without_end, &["no_final_newline"]),
        read("cut behind a line", (0..6).map(line).collect::<String>(), 6, 0),
        read("a pair of escapes", group("\"\\ud83d\\ude00\""), 9, 0),
        read("a number as a text", group("1e400"), 9, 0),
        read("a missing key", with(4, "{\"case\":\"C1\",\"time\":\"2024-03-05T10:04:00Z\"}\n"), 9, 0),
        read("null for the case", with(4, &line(4).replace("\"C1\"", "null")), 8, 1),
        read("no time", with(4, "{\"case\":\"C1\"}\n"), 8, 1),
        read("nested", log().replace("\"group\":", "\"fields\":{\"x\":1},\"group\":"), 9, 0),
        read("packed", log(), 9, 0).inside(Container::Gzip),
        read("on standard input", log(), 9, 0).inside(Container::Stdin),
    ]
}

#[test]
fn every_prefix_is_read_or_refused() {
    let text: String = (0..4).map(line).collect::<String>().replace("G0", "a\\\"\\u00e9é");
    let folder = folder_with(&[]);
    let mut outcomes = [0usize; 3];
    for end in 1..=text.len() {
        std::fs::write(folder.path().join("t.ndjson"), &text.as_bytes()[..end]).unwrap();
        let ran = wcaf(folder.path(), &["analyze", "t.ndjson", "--format", "json", "--threads", "1"]);
        let cut = format!("cut at byte {end}: {:?}\n{}", ran.code, ran.err);
        match ran.code {
            Some(0) => {
                let warnings = ran.json()["warnings"].clone();
                let warned = warnings.as_array().unwrap().iter().any(|one| one["code"] == "no_final_newline");
                assert_eq!(warned, !text[..end].ends_with('\n'), "{cut}");
                outcomes[usize::from(warned)] += 1;
            }
            Some(3) => {
                assert!(ran.err.starts_with("error: ") && ran.err.contains("\nhint: "), "{cut}");
                outcomes[2] += 1;
            }
            _ => panic!("{cut}"),
        }
    }
    // after each line, and before each line end
    assert_eq!((outcomes[0], outcomes[1]), (4, 4), "{outcomes:?}");
}
