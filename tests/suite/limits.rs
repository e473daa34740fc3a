//! Each limit below, at and above its bound, and the hint of its refusal.

use std::time::Instant;

use wcaf::error::Problem;
use wcaf::ingest::limits::{Bound, Limits};
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{Request, read};

use crate::malformed::log;
use crate::run::{folder_with, gzip, wcaf, zip};

/// Rows read under limits, or the refusal.
fn rows(name: &str, bytes: &[u8], limits: Limits) -> Result<u64, Problem> {
    let sources = vec![Source::Memory(name.to_owned(), bytes.to_vec())];
    read(&Request { sources, limits, threads: 2, ..Request::default() }, &Progress::new(0))
        .map(|(_, report)| report.rows_read)
}

fn with(bound: Bound, value: u64) -> Limits {
    let mut limits = Limits::default();
    limits.set(bound, value);
    limits
}

/// An input that needs exactly `needed` of a bound: read at it and above it, refused below it with a hint that works.
#[track_caller]
fn needs(bound: Bound, needed: usize, name: &str, bytes: &[u8]) {
    let needed = needed as u64;
    for enough in [needed, needed + 1] {
        rows(name, bytes, with(bound, enough)).unwrap_or_else(|problem| panic!("{bound:?} {enough}: {problem}"));
    }
    let problem = rows(name, bytes, with(bound, needed - 1)).expect_err(&format!("{bound:?} {}", needed - 1));
    assert_eq!(problem.kind().exit_code(), 3, "{problem}");
    assert_eq!(problem.location().map(|place| place.file.as_str()), Some(name), "{problem}");
    let hint = problem.hints().iter().find(|hint| hint.contains(bound.flag())).unwrap_or_else(|| panic!("{problem}"));
    let (_, value) = hint.trim_end_matches('`').rsplit_once(' ').unwrap();
    rows(name, bytes, with(bound, bound.parse(value).unwrap())).unwrap_or_else(|problem| panic!("{hint}: {problem}"));
}

/// A table with one text in the last column of its third row.
fn with_text(text: &str) -> String {
    format!(
        "case,time,state,note\nA,2024-03-01 10:00,New,x\nA,2024-03-02 10:00,Closed,{text}\nB,2024-03-03 10:00,New,y\n"
    )
}

/// An XES log with something in its first event.
fn xes_with(inside: &str) -> String {
    let event = |name: &str, day: u8, inside: &str| {
        let time = format!("<date key=\"time:timestamp\" value=\"2024-03-0{day}T10:00:00Z\"/>");
        format!("<event><string key=\"concept:name\" value=\"{name}\"/>{inside}{time}</event>")
    };
    let (first, second) = (event("New", 1, inside), event("Closed", 2, ""));
    format!("<log>\n<trace><string key=\"concept:name\" value=\"A\"/>{first}\n{second}</trace>\n</log>\n")
}

#[test]
fn cells() {
    for length in [100, 3_000] {
        needs(Bound::Cell, length, "log.csv", with_text(&"z".repeat(length)).as_bytes());
        needs(Bound::Cell, length, "log.csv", with_text(&format!("\"{}\"", "z\n".repeat(length / 2 - 1))).as_bytes());
        let attribute = format!("<string key=\"note\" value=\"{}\"/>", "z".repeat(length));
        needs(Bound::Cell, length, "log.xes", xes_with(&attribute).as_bytes());
    }
    // a long key is named in the refusal, wherever its letters end
    for letters in ["n", "ü", "nü", "語"] {
        let key = letters.repeat(90);
        let attribute = format!("<string key=\"{key}\" value=\"x\"/>");
        needs(Bound::Cell, key.len(), "log.xes", xes_with(&attribute).as_bytes());
    }
    let name = "n".repeat(90);
    needs(Bound::Cell, 90, "log.csv", with_text("x").replace("note", &name).as_bytes());
}

#[test]
fn records() {
    let start = "A,2024-03-02 10:00,Closed,".len();
    for length in [200, 3_000, (1 << 20) - 3, 1 << 20, (1 << 20) + 7] {
        let text = with_text(&"z".repeat(length - start));
        needs_record(length, &text);
        needs_record(length, &text.replace('\n', "\r\n"));
        let quoted = with_text(&format!("\"{}\"", "z\n".repeat(length)[..length - start - 2].to_owned()));
        needs_record(length, &quoted);
        let last = &text[..text.len() - "\nB,2024-03-03 10:00,New,y\n".len()];
        needs_record(length, last);
    }
    let header = with_text("x").replace("note", &"n".repeat(80));
    needs_record(header.find('\n').unwrap(), &header);
    for length in [1 << 20, (1 << 20) + 1, 5 << 20] {
        needs_record(length, &with_text("x").replace("note", &"n".repeat(length - "case,time,state,".len())));
    }
    let tag = format!("<string key=\"note\" value=\"{}\"/>", "z".repeat(400));
    needs(Bound::Record, tag.len(), "log.xes", xes_with(&tag).as_bytes());
}

/// As `needs`, with cells that may be longer.
#[track_caller]
fn needs_record(length: usize, text: &str) {
    let limits = |record: usize| Limits { record, cell: 8 << 20, ..Limits::default() };
    for enough in [length, length + 1] {
        rows("log.csv", text.as_bytes(), limits(enough)).unwrap_or_else(|problem| panic!("{enough}: {problem}"));
    }
    let problem = rows("log.csv", text.as_bytes(), limits(length - 1)).expect_err("too long");
    assert!(problem.hints().iter().any(|hint| hint.contains("`--max-record ")), "{problem}");
    let line =
        if text.starts_with("case,time,state,note\n") || text.starts_with("case,time,state,note\r") { 3 } else { 1 };
    assert_eq!(problem.location().and_then(|place| place.line), Some(line), "{problem}");
}

#[test]
fn columns() {
    let mut lines: Vec<String> = log().lines().map(str::to_owned).collect();
    for (number, line) in lines.iter_mut().enumerate() {
        *line += &if number == 0 {
            (6..=50).map(|column| format!(",c{column}")).collect::<String>()
        } else {
            ",x".repeat(45)
        };
    }
    needs(Bound::Columns, 50, "log.csv", lines.join("\n").as_bytes());
    let attributes: String = (0..20).map(|number| format!("<string key=\"k{number}\" value=\"x\"/>")).collect();
    // and name and time of the event, and the case
    needs(Bound::Columns, 23, "log.xes", xes_with(&attributes).as_bytes());
}

#[test]
fn depth() {
    for levels in [3, 20, 500] {
        let nested = "<string key=\"k\" value=\"v\">".repeat(levels) + &"</string>".repeat(levels);
        needs(Bound::Depth, levels + 3, "log.xes", xes_with(&nested).as_bytes());
    }
    for levels in [2, 20, 400] {
        let nested = format!("{}1{}", "{\"k\":".repeat(levels), "}".repeat(levels));
        let line = |hour: u8| {
            let own = format!("\"case\":\"1\",\"time\":\"2024-01-01T{hour:02}:00:00Z\",\"state\":\"S{hour}\"");
            format!("{{{own},\"more\":{nested}}}\n")
        };
        let lines: String = (1..4).map(line).collect();
        needs(Bound::Depth, levels + 1, "log.ndjson", lines.as_bytes());
    }
}

#[test]
fn events() {
    for many in [10, 1_000] {
        let text = xes_with(&format!("<string key=\"note\" value=\"{}\"/>", "z".repeat(60)).repeat(many));
        let (from, to) = (text.find("<event>").unwrap(), text.find("</event>").unwrap());
        needs(Bound::Event, to - from, "log.xes", text.as_bytes());
    }
}

/// One key many times in one event, whose joined text would grow without end.
#[test]
fn a_key_that_comes_again_and_again_is_refused() {
    let text = xes_with(&"<string key=\"note\" value=\"zzzzzzzzzzzzzzzzzzzz\"/>".repeat(50_000));
    let started = Instant::now();
    let problem = rows("log.xes", text.as_bytes(), Limits::default()).unwrap_err();
    assert!(problem.location().is_some_and(|place| place.line == Some(2)) && !problem.hints().is_empty(), "{problem}");
    assert!(started.elapsed().as_secs() < 10, "{:?}", started.elapsed());
}

#[test]
fn unpacked_bytes() {
    let text = log();
    needs(Bound::Unpacked, text.len(), "log.csv.gz", &gzip(text.as_bytes()));
    needs(Bound::Unpacked, text.len(), "log.zip", &zip(&[("log.csv", text.as_bytes())]));
}

/// 66 MiB of rows that pack well.
fn airy() -> Vec<u8> {
    let noise = "a".repeat(8_000);
    let rows = (0..8_600).map(|i| format!("C{},2024-03-{:02} 10:00:00,New,{noise}\n", i % 900, 1 + i / 900));
    ("case,time,state,note\n".to_owned() + &rows.collect::<String>()).into_bytes()
}

#[test]
fn the_ratio_beyond_64_mib() {
    let text = airy();
    assert!(text.len() > 64 << 20);
    let packed = gzip(&text);
    let ratio = text.len().div_ceil(packed.len());
    assert!(ratio > 200, "{ratio}");
    needs(Bound::Ratio, ratio, "log.csv.gz", &packed);
    // below 64 MiB nothing is judged
    let half = text[..32 << 20].iter().rposition(|&byte| byte == b'\n').unwrap();
    assert!(rows("log.csv.gz", &gzip(&text[..=half]), with(Bound::Ratio, 1)).is_ok());
}

/// A gigabyte that packs to two megabytes is refused as soon as 64 MiB came out of it.
#[test]
fn a_bomb_is_refused_at_once() {
    let text = airy();
    let bomb = gzip(&text).repeat(16);
    let packed = zip(&[("log.csv", &text.repeat(2))]);
    for (name, bytes) in [("log.csv.gz", &bomb), ("log.zip", &packed)] {
        let started = Instant::now();
        let problem = rows(name, bytes, Limits::default()).unwrap_err();
        let took = started.elapsed();
        assert!(problem.message().contains("expands more than 200-fold"), "{problem}");
        assert!(problem.hints().iter().any(|hint| hint.contains("`--max-ratio 400`")), "{problem}");
        // well below a second as released; tests run without optimization, and beside others
        assert!(took.as_secs() < 10, "{name}: {took:?}");
    }
}

#[test]
fn flags_and_configuration_set_limits() {
    let text = with_text(&"z".repeat(5_000));
    let toml = |text: &'static str| text.as_bytes();
    let folder = folder_with(&[
        ("log.csv", text.as_bytes()),
        ("low.toml", toml("[limits]\ncell = \"4KiB\"\nrecord = 100000\nratio = 10\n")),
        ("unit.toml", toml("[limits]\ncell = \"4KB\"\n")),
        ("high.toml", toml("[limits]\n\ncell = \"1GiB\"\n")),
        ("key.toml", toml("[limits]\ncels = 4\n")),
    ]);
    let analyze = |flags: &[&str]| wcaf(folder.path(), &[&["analyze", "log.csv"], flags].concat());
    analyze(&[]).ok();
    analyze(&["--max-cell", "4KiB"])
        .refused(3, &["longer than 4096 bytes", "log.csv:3: column 4", "`--max-cell 8KiB`"]);
    analyze(&["-c", "low.toml"]).refused(3, &["longer than 4096 bytes", "`--max-cell 8KiB`"]);
    analyze(&["-c", "low.toml", "--max-cell", "8KiB"]).ok();
    analyze(&["--max-record", "5000"]).refused(3, &["a record is longer", "log.csv:3", "`--max-record 16KiB`"]);
    analyze(&["--max-columns", "3"]).refused(3, &["4 columns", "`--max-columns 6`"]);
    analyze(&["-c", "unit.toml"]).refused(2, &["unit.toml:2", "4KB", "16MiB"]);
    analyze(&["-c", "high.toml"]).refused(2, &["limits.cell is 1GiB", "between 1B and 256MiB"]);
    analyze(&["-c", "key.toml"]).refused(2, &["key.toml:2", "did you mean `cell`?"]);
    for (flag, value, says) in [
        ("--max-cell", "16MB", "`16MiB`"),
        ("--max-record", "1.5MiB", "`16MiB`"),
        ("--max-event", "many", "`16MiB`"),
        ("--max-unpacked", "0", "between 1B and 1024TiB"),
        ("--max-columns", "1e3", "whole number"),
        ("--max-depth", "0", "between 1 and 4096"),
        ("--max-ratio", "2x", "whole number"),
    ] {
        analyze(&[flag, value]).refused(2, &[flag, says]);
    }
}

#[test]
fn a_member_whose_name_says_nothing_is_chosen_by_what_is_in_it() {
    let (log, prose) = (log(), b"Dear reader,\n\nthis is, in short, what we exported.\nYours, A\n".as_slice());
    let xes = crate::malformed::xes::log();
    let objects: &[u8] =
        b"{\"case\":\"a\",\"time\":\"2024-05-01T10:00:00Z\",\"state\":\"New\"}\n{\"case\":\"a\",\"time\":\"2024-05-02T10:00:00Z\",\"state\":\"Done\"}\n";
    let wide: Vec<u8> = format!("\u{feff}{log}").encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (members, expected) in [
        (vec![("export", log.as_bytes())], Some(9)),
        (vec![("LIESMICH", prose), ("export.2024-03-01", log.as_bytes()), ("a.json", b"{\"a\": 1}")], Some(9)),
        (vec![("picture.png", b"\x89PNG\r\n\x1a\n,,,\n,,,\n".as_slice()), ("log.bak", xes.as_bytes())], Some(9)),
        (vec![("export", wide.as_slice())], Some(9)),
        (vec![("export", objects), ("a.json", b"{\"a\": 1}")], Some(2)),
        (vec![("export", log.as_bytes()), ("log.csv", log.as_bytes())], Some(9)),
        (vec![("a", log.as_bytes()), ("b", log.as_bytes())], None),
        (vec![("a", prose), ("b", b"")], None),
    ] {
        let found = rows("log.zip", &zip(&members), Limits::default());
        match expected {
            Some(expected) => assert_eq!(found, Ok(expected)),
            None => assert!(found.unwrap_err().message().contains("the zip archive holds")),
        }
    }
}
