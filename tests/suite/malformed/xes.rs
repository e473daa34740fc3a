//! XES that is broken, hostile or odd.

use super::Outcome::{Read, Refused};
use super::{Container, Odd, odd};

/// A log of three traces with three events each. A trace takes 15 lines, the first begins on line 5.
pub fn log() -> String {
    let mut lines = vec![
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>".to_owned(),
        "<log xes.version=\"1.0\">".to_owned(),
        "<extension name=\"Concept\" prefix=\"concept\" uri=\"http://www.xes-standard.org/concept.xesext\"/>"
            .to_owned(),
        "<classifier name=\"Activity\" keys=\"concept:name\"/>".to_owned(),
    ];
    for trace in 0..3 {
        lines.push("<trace>".to_owned());
        lines.push(format!("<string key=\"concept:name\" value=\"C{trace}\"/>"));
        for (hour, name) in [(10, "New"), (11, "Work"), (12, "Closed")] {
            lines.push("<event>".to_owned());
            lines.push(format!("<string key=\"concept:name\" value=\"{name}\"/>"));
            lines.push(format!("<date key=\"time:timestamp\" value=\"2024-03-0{}T{hour}:00:00Z\"/>", trace + 1));
            lines.push("</event>".to_owned());
        }
        lines.push("</trace>".to_owned());
    }
    lines.push("</log>".to_owned());
    lines.join("\n") + "\n"
}

/// The log with one line, counted from 1, replaced.
fn line(number: usize, with: &str) -> String {
    let log = log();
    let lines = log.lines().enumerate().map(|(i, line)| if i + 1 == number { with } else { line });
    lines.collect::<Vec<_>>().join("\n") + "\n"
}

fn refused(fault: &str, bytes: impl Into<Vec<u8>>, parts: &'static [&'static str]) -> Odd {
    odd(format!("XES: {fault}"), bytes, Refused(3, parts))
}

fn read(fault: &str, bytes: impl Into<Vec<u8>>, used: u64, rejected: u64) -> Odd {
    odd(format!("XES: {fault}"), bytes, Read(used, rejected, &[]))
}

pub fn table() -> Vec<Odd> {
    let mut table = structure();
    table.extend(entities());
    table.extend(values());
    table.extend(sound());
    table
}

fn structure() -> Vec<Odd> {
    let deep = "<string key=\"k\" value=\"v\">".repeat(70) + &"</string>".repeat(70);
    let long = format!("<string key=\"note\" value=\"{}\"/>", "x".repeat((1 << 20) + 1));
    let large = format!("<string key=\"note\" value=\"{}\"/>\n", "x".repeat(1 << 20)).repeat(18);
    let cut = |at: &str| {
        let log = log();
        log[..log.find(at).unwrap()].to_owned()
    };
    vec![
        refused("no end of the log", cut("</log>"), &["ends before `</log>`", "t.csv:2", "cut off"]),
        refused("no end of a trace", cut("</trace>"), &["ends before `</trace>`", "t.csv:5"]),
        refused("no end of an event", cut("</event>"), &["ends before `</event>`", "t.csv:7"]),
        refused("cut in a tag", cut("=\"New\""), &["ends inside a tag", "t.csv:8"]),
        refused("cut in a value", cut("ew\"/>"), &["ends inside a tag", "t.csv:8"]),
        refused("cut in a comment", line(7, "<event><!-- never closed"), &["ends inside a comment", "t.csv:7"]),
        refused("cut in a CDATA section", line(7, "<event><![CDATA[ never"), &["ends inside a CDATA section", ":7"]),
        refused("cut in an instruction", line(7, "<event><?never closed"), &["ends inside a processing", ":7"]),
        refused("end tag missing", line(10, ""), &["`<event>` stands inside `<event>`", ":11", "line 7"]),
        refused("end tag misspelled", line(10, "</evnt>"), &["`</evnt>` closes `<event>`", ":10", "line 7"]),
        refused("end tag too many", line(19, "</trace></trace>"), &["`</trace>` closes `<log>`", ":19"]),
        refused("trace in a trace", line(7, "<trace>"), &["`<trace>` stands inside `<trace>`", ":7"]),
        refused("event in an attribute", line(6, "<string key=\"a\" value=\"b\"><event/></string>"), &[":6"]),
        refused("two logs", log() + "<log></log>\n", &["follows the end of the log", ":51"]),
        refused("text behind the log", log() + "more\n", &["text between the tags", ":51"]),
        refused("end tag behind the log", log() + "</log>\n", &["closes nothing", ":51"]),
        refused("text in an event", line(9, "lost"), &["text between the tags", ":9"]),
        refused("text in CDATA", line(9, "<![CDATA[lost]]>"), &["text between the tags", ":9"]),
        refused("another document", "<?xml version=\"1.0\"?>\n<rss><item/></rss>\n", &["no XES log", "`<rss>`", ":2"]),
        refused("only a declaration", "<?xml version=\"1.0\"?>\n", &["holds no XES log"]),
        refused("only a comment", "<!-- nothing -->\n", &["holds no XES log"]),
        refused("no traces", "<log>\n</log>\n", &["holds no event"]),
        refused("traces without events", "<log><trace></trace></log>", &["holds no event"]),
        refused("events without attributes", "<log><trace><event/></trace></log>", &["no attributes"]),
        refused("70 elements deep", line(8, &deep), &["more than 64 deep", ":8"]),
        refused("a value beyond the limit", line(8, &long), &["longer than 1048576 bytes", ":8"]),
        refused("an event beyond the limit", line(8, &large), &["an event is longer", ":7"]),
        refused("scope that is none", line(4, "<global scope=\"log\"></global>"), &["has the scope `log`", ":4"]),
        refused("an unknown encoding", line(1, "<?xml version=\"1.0\" encoding=\"EBCDIC\"?>"), &["`EBCDIC`", ":1"]),
        refused(
            "not UTF-8",
            line(8, "#").bytes().map(|b| if b == b'#' { 0xE9 } else { b }).collect::<Vec<_>>(),
            &["not UTF-8", ":8"],
        ),
    ]
}

fn entities() -> Vec<Odd> {
    let bomb = format!(
        "<?xml version=\"1.0\"?>\n<!DOCTYPE log [\n<!ENTITY a \"aaaaaaaaaa\">\n{}]>\n<log><trace>&b9;</trace></log>\n",
        "<!ENTITY b \"&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;\">\n".repeat(9)
    );
    let endless = format!("<!DOCTYPE log [\n{}", "<!ENTITY a \"a\">\n".repeat(200_000));
    let external = "<!DOCTYPE log SYSTEM \"file:///etc/passwd\">\n<log/>\n";
    vec![
        refused("a bomb of entities", bomb, &["DOCTYPE", ":2", "hint: remove"]),
        refused("a document type without end", endless, &["DOCTYPE", ":1"]),
        refused("an outside document type", external, &["DOCTYPE", ":1"]),
        refused("a document type in lower case", "<?xml version=\"1.0\"?>\n<!doctype log>\n<log/>\n", &["DOCTYPE"]),
        refused("an unknown entity", line(8, "<string key=\"a\" value=\"&nbsp;\"/>"), &["`&nbsp;`", ":8"]),
        refused("an unknown entity in a key", line(8, "<string key=\"&k;\" value=\"\"/>"), &["`&k;`", ":8"]),
        refused("an unknown entity in text", line(8, "&nbsp;"), &["`&nbsp;`", ":8"]),
        refused("a lone ampersand", line(8, "<string key=\"a\" value=\"AT&T\"/>"), &["a `&` stands alone", ":8"]),
        refused("a lone ampersand in text", line(8, "a & b"), &[":8"]),
        refused("no character", line(8, "<string key=\"a\" value=\"&#0;\"/>"), &["`&#0;`", ":8"]),
        refused("half a character", line(8, "<string key=\"a\" value=\"&#xD800;\"/>"), &["`&#xD800;`", ":8"]),
    ]
}

fn values() -> Vec<Odd> {
    let time = |value: &str| line(9, &format!("<date key=\"time:timestamp\" value=\"{value}\"/>"));
    vec![
        refused("no quotes", line(8, "<string key=a value=\"b\"/>"), &["attributes of a tag are broken", ":8"]),
        refused("a quote missing", line(8, "<string key=\"a value=\"b\"/>"), &[":8"]),
        refused("no key", line(8, "<string value=\"b\"/>"), &["`<string>` has no key", ":8"]),
        refused("two values", line(8, "<string key=\"a\" value=\"b\" value=\"c\"/>"), &["`value` twice", ":8"]),
        refused("a tag in a value", line(8, "<string key=\"a\" value=\"<b>\"/>"), &["a text holds a `<`", ":8"]),
        refused("no time anywhere", log().replace("value=\"2024-", "value=\"soon-"), &["hint: "]),
        refused(
            "no names of traces",
            log().replace("<string key=\"concept:name\" value=\"C", "<int key=\"n\" value=\""),
            &["hint: "],
        ),
        read("no time in an event", line(9, ""), 8, 1),
        read("an empty time", time(""), 8, 1),
        read("a time that is none", time("soon"), 8, 1).with(&["--time", "time:timestamp"]),
        read("a day that is none", time("2024-02-30T10:00:00Z"), 8, 1).with(&["--time", "time:timestamp"]),
        read("a trace without a name", line(6, ""), 6, 3),
        read(
            "an event outside of traces",
            line(50, "<event><date key=\"time:timestamp\" value=\"2024-01-01\"/></event></log>"),
            9,
            1,
        ),
    ]
}

fn sound() -> Vec<Odd> {
    let time = |value: &str| line(9, &format!("<date key=\"time:timestamp\" value=\"{value}\"/>"));
    let western = line(1, "<?xml version='1.0' encoding='ISO-8859-1'?>").replace("\"C1\"", "\"C\u{e9}\"");
    let western: Vec<u8> = western.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect();
    let prefixed = log().replace("<log", "<xes:log").replace("</log", "</xes:log");
    let mut table = vec![
        read("nothing wrong", log(), 9, 0),
        read("a byte order mark", format!("\u{feff}{}", log()), 9, 0),
        read("carriage returns", log().replace('\n', "\r\n"), 9, 0),
        read("one line", log().replace('\n', ""), 9, 0),
        read("no declaration", line(1, ""), 9, 0),
        read("a prefix of the name space", prefixed, 9, 0),
        read("Latin-1 as declared", western, 9, 0),
        read("comments and instructions", line(7, "<!-- </trace> -->\n<?go on?>\n<event>"), 9, 0),
        read("single quotes", log().replace('"', "'"), 9, 0),
        read("white space in tags", line(8, "<string\n\tvalue = \"New\"\n  key = \"concept:name\"\n></string >"), 9, 0),
        read(
            "nested attributes",
            line(8, "<string key=\"concept:name\" value=\"New\"><int key=\"x\" value=\"1\"/></string>"),
            9,
            0,
        ),
        read(
            "a list",
            line(8, "<list key=\"l\"><values><int key=\"x\" value=\"1\"/><int key=\"x\" value=\"2\"/></values></list>"),
            9,
            0,
        ),
        read("a time as text", line(9, "<string key=\"time:timestamp\" value=\"2024-03-01 10:00:00\"/>"), 9, 0),
        read("another offset", time("2024-03-01T12:00:00.000+02:00"), 9, 0),
        read("a space for the T", time("2024-03-01 10:00:00+00:00"), 9, 0),
        read("an empty trace", line(19, "</trace><trace/>"), 9, 0),
        read("an empty event is rejected", line(10, "</event><event/>"), 9, 1),
        read("characters as numbers", log().replace("C1", "&#67;&#x31;"), 9, 0),
    ];
    for container in [Container::Gzip, Container::Zip, Container::Stdin] {
        table.push(read("nothing wrong", log(), 9, 0).inside(container));
    }
    table
}

/// Rows of the table above that are no sound log.
#[test]
fn there_are_many_ways_to_break_a_log() {
    let broken = structure().len() + entities().len() + values().len();
    assert!(broken >= 40, "{broken}");
}
