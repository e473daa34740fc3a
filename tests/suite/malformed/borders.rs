//! Records that straddle the borders of blocks read as a plain CSV reader reads them, cell by cell.

use std::collections::BTreeMap;
use std::fmt::Write;

use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{Request, read};
use wcaf::log::{Column, EventLog};
use wcaf::time::format_utc;

/// Size of a block.
const BLOCK: usize = 1 << 20;
const HEADER: &str = "case,time,state,group,comment\r\n";

/// What stands across a border; the offset counts from its first byte.
const ACROSS: [&str; 6] = [
    "\"quoted\nline end\"",
    "\"quoted\r\nline ends\r\n\"",
    "\"doubled \"\" quote\"",
    "\"\"\"\"\"\"",
    "plain \u{20ac}\u{1f600} text",
    "\"a,b\",",
];

type Cells = Vec<[String; 3]>;

/// Numbers that look random and are the same on every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % bound
    }
}

/// A row whose state holds `text`; `filler` bytes are in its comment.
fn put(out: &mut String, number: usize, text: &str, filler: usize, end: &str) {
    let (minute, second) = (number / 60 % 1_440, number % 60);
    let time = format!("2024-03-{:02} {:02}:{:02}:{second:02}", 1 + number / 86_400, minute / 60, minute % 60);
    let (text, extra) = text.strip_suffix(',').map_or((text, ""), |text| (text, "group"));
    let group = if extra.is_empty() { format!("\"G {}\"", number % 3) } else { extra.to_owned() };
    write!(out, "C{},{time},{text},{group},", number / 3).unwrap();
    out.extend(std::iter::repeat_n('x', filler));
    out.push_str(end);
}

/// A log of a few blocks with something across each border, `before` bytes of it before the border.
fn log_across(what: &str, before: usize, blocks: usize, numbers: &mut Numbers) -> String {
    let mut out = HEADER.to_owned();
    let mut number = 0;
    for border in 1..=blocks {
        let end = if number % 2 == 0 { "\n" } else { "\r\n" };
        while out.len() + 3_500 < border * BLOCK - before {
            put(&mut out, number, ["New", "\"In work\"", "Closed"][number % 3], numbers.below(3_000), end);
            number += 1;
        }
        // One row fills up so that the state of the next starts `before` bytes ahead of the border.
        let mut probe = String::new();
        put(&mut probe, number + 1, "", 0, "");
        let ahead = probe.find(",,").unwrap() + 1;
        let mut bare = String::new();
        put(&mut bare, number, "New", 0, end);
        let filler = border * BLOCK - before - out.len() - bare.len() - ahead;
        put(&mut out, number, "New", filler, end);
        put(&mut out, number + 1, what, 5, end);
        number += 2;
    }
    out
}

fn text(column: Option<&Column>, event: usize) -> String {
    let column = column.expect("the column is mapped");
    column.dictionary.text(column.codes.get(event)).unwrap_or("").to_owned()
}

fn by_case(log: &EventLog) -> BTreeMap<String, Cells> {
    let cells = |event: usize| {
        let time = format_utc(log.time_ms[event]).replace('T', " ").replace('Z', "");
        [time, text(log.state.as_ref(), event), text(log.group.as_ref(), event)]
    };
    (0..log.cases()).map(|case| (log.case_ids.id(case).to_owned(), log.range(case).map(cells).collect())).collect()
}

fn plainly(bytes: &[u8]) -> BTreeMap<String, Cells> {
    let mut cases: BTreeMap<String, Cells> = BTreeMap::new();
    for record in csv::Reader::from_reader(bytes).into_records() {
        let record = record.unwrap();
        let cells = [&record[1], &record[2], &record[3]].map(str::to_owned);
        cases.entry(record[0].to_owned()).or_default().push(cells);
    }
    cases
}

#[test]
fn a_record_across_a_border_reads_as_anywhere_else() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mut numbers = Numbers(11);
    for what in ACROSS {
        for before in 0..=what.len() + 3 {
            let log = log_across(what, before, 1 + before % 2, &mut numbers);
            std::fs::write(file.path(), &log).unwrap();
            let mut request = Request {
                sources: vec![Source::File(file.path().to_path_buf())],
                threads: 1 + before % 3,
                ..Request::default()
            };
            let roles = [(wcaf::ingest::mapping::Role::State, "state"), (wcaf::ingest::mapping::Role::Group, "group")];
            for (role, column) in roles {
                request.overrides.flag(role, column);
            }
            let (read, report) = read(&request, &Progress::new(0)).unwrap_or_else(|problem| panic!("{problem}"));
            let expected = plainly(log.as_bytes());
            assert_eq!(report.rows_read, expected.values().map(|cells| cells.len() as u64).sum::<u64>());
            assert!(by_case(&read) == expected, "{what:?}, {before} bytes before the border");
        }
    }
}
