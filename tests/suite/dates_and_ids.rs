//! Ids stay what they are, and dates are read as they were written or not at all.

use std::collections::{BTreeMap, BTreeSet};

use wcaf::ingest::mapping::Role;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{Request, read};
use wcaf::log::EventLog;

use crate::run::{folder_with, gzip, wcaf, wcaf_reading};

/// Ids that programs like to change.
pub const NASTY: [&str; 26] = [
    "00123",
    "123",
    "0123",
    "123.0",
    "1e5",
    "100000",
    "12345678901234567890",
    "+5",
    "-5",
    "5",
    "=1+1",
    "NA",
    "N/A",
    "null",
    "NaN",
    "True",
    "a",
    "a ",
    " a",
    "A",
    "say \"hi\"",
    "x,y",
    "two\nlines",
    "\u{e9}",
    "e\u{301}",
    "<&>'",
];

fn nasty() -> Vec<String> {
    let long = ["L".repeat(100_000), "L".repeat(100_001)];
    NASTY.iter().map(|&id| id.to_owned()).chain(["a\0".to_owned()]).chain(long).collect()
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// Every id with two events; quoted where it must be, or everywhere.
fn log_of(ids: &[String], always: bool) -> String {
    let mut out = "case,time,state\n".to_owned();
    for (day, state) in [(1, "New"), (2, "Closed")] {
        for (i, id) in ids.iter().enumerate() {
            let must = always || id.contains(['"', ',', '\n']);
            let id = if must { quoted(id) } else { id.clone() };
            out += &format!("{id},2024-03-{day:02} 10:{:02}:00,{state}\n", i % 60);
        }
    }
    out
}

fn read_file(bytes: &[u8], flags: impl Fn(&mut Request)) -> Result<EventLog, wcaf::error::Problem> {
    let folder = folder_with(&[("t.csv", bytes)]);
    let sources = vec![Source::File(folder.path().join("t.csv"))];
    let mut request = Request { sources, threads: 2, keep_rejects: 5, ..Request::default() };
    flags(&mut request);
    Ok(read(&request, &Progress::new(0))?.0)
}

#[test]
fn nasty_ids_stay_distinct_and_unchanged() {
    let ids = nasty();
    let expected: BTreeSet<&str> = ids.iter().map(String::as_str).collect();
    assert_eq!(expected.len(), NASTY.len() + 3);
    for always in [false, true] {
        let text = log_of(&ids, always);
        for bytes in
            [text.clone().into_bytes(), text.replace("Closed\n", "Closed\r\n").into_bytes(), gzip(text.as_bytes())]
        {
            let log = read_file(&bytes, |request| request.overrides.flag(Role::Case, "case")).unwrap();
            let found: BTreeSet<&str> = (0..log.cases()).map(|case| log.case_ids.id(case)).collect();
            assert_eq!(found, expected);
            (0..log.cases()).for_each(|case| assert_eq!(log.range(case).len(), 2, "{:?}", log.case_ids.id(case)));
        }
    }
}

#[test]
fn nasty_ids_survive_the_program() {
    let ids = nasty();
    let text = log_of(&ids, false);
    let folder = folder_with(&[("t.csv", text.as_bytes())]);
    let args = ["analyze", "--case", "case", "--format", "json"];
    let count = |ran: crate::run::Ran| ran.ok().json()["input"]["cases"].as_u64();
    let expected = u64::try_from(ids.len()).ok();
    assert_eq!(count(wcaf(folder.path(), &[&args[..], &["t.csv"]].concat())), expected);
    assert_eq!(count(wcaf_reading(folder.path(), &[&args[..], &["-"]].concat(), text.as_bytes())), expected);
}

#[test]
fn values_keep_their_spaces_and_letters() {
    let ids = nasty();
    let mut text = "case,time,state\n".to_owned();
    for (i, id) in ids.iter().enumerate() {
        text += &format!("C{},2024-03-01 {:02}:{:02},{}\n", i / 3, i / 60, i % 60, quoted(id));
    }
    let log = read_file(text.as_bytes(), |request| request.overrides.flag(Role::State, "state")).unwrap();
    let state = log.state.unwrap();
    let found: BTreeSet<&str> =
        (0..ids.len()).filter_map(|event| state.dictionary.text(state.codes.get(event))).collect();
    assert_eq!(found, ids.iter().map(String::as_str).collect());
}

/// Minutes from 2023-01-01 00:00 of the events of a log.
type Events = BTreeMap<String, Vec<i64>>;

const FIRST_DAY: i64 = 19_358;

/// Writes a moment in a form with the letters Y, m, d, y, b, H, M, I and p.
fn written(minutes: i64, form: &str) -> String {
    let (year, month, day) = wcaf::time::civil_from_days(FIRST_DAY + minutes.div_euclid(1_440));
    let (hour, minute) = (minutes.rem_euclid(1_440) / 60, minutes.rem_euclid(60));
    let names = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let one = |letter: char| match letter {
        'Y' => format!("{year:04}"),
        'y' => format!("{:02}", year % 100),
        'm' => format!("{month:02}"),
        'n' => format!("{month}"),
        'd' => format!("{day:02}"),
        'e' => format!("{day}"),
        'b' => names[month as usize - 1].to_owned(),
        'H' => format!("{hour:02}"),
        'I' => format!("{:02}", (hour + 11) % 12 + 1),
        'p' => (if hour < 12 { "AM" } else { "PM" }).to_owned(),
        'M' => format!("{minute:02}"),
        other => other.to_string(),
    };
    form.chars().map(one).collect()
}

/// Forms in which exports write times; `e`, `n` have no leading zero.
const FORMS: [&str; 14] = [
    "Y-m-d H:M",
    "Y-m-dTH:MZ",
    "Y/m/d H:M",
    "d/m/Y H:M",
    "m/d/Y H:M",
    "e/n/Y H:M",
    "n/e/Y H:M",
    "n/e/Y I:M p",
    "d.m.Y H:M",
    "d-m-Y H:M",
    "d/m/y H:M",
    "m/d/y H:M",
    "d/b/y H:M",
    "d b Y H:M",
];

/// Events that start on `day`, `step` minutes apart.
fn events(day: i64, step: i64, count: i64) -> Events {
    let mut events = Events::new();
    for i in 0..count {
        events.entry(format!("C{}", i / 3)).or_default().push(day * 1_440 + 541 + i * step);
    }
    events
}

fn as_csv(events: &Events, form: &str) -> String {
    let mut rows: Vec<(i64, &str)> =
        events.iter().flat_map(|(id, all)| all.iter().map(move |&at| (at, id.as_str()))).collect();
    rows.sort_unstable();
    let rows = rows.iter().enumerate();
    let rows =
        rows.map(|(i, (at, id))| format!("{id},\"{}\",{}\n", written(*at, form), ["New", "Work", "Closed"][i % 3]));
    "case,time,state\n".to_owned() + &rows.collect::<String>()
}

fn events_of(log: &EventLog) -> Events {
    let minutes = |ms: i64| ms.div_euclid(60_000) - FIRST_DAY * 1_440;
    let of = |case: usize| log.range(case).map(|event| minutes(log.time_ms[event])).collect();
    (0..log.cases()).map(|case| (log.case_ids.id(case).to_owned(), of(case))).collect()
}

/// Whatever days and months a log covers, its events come back as they were, or the log is refused.
#[test]
fn a_log_written_in_any_order_reads_as_the_same_events_or_is_refused() {
    let mut read_as_written = BTreeMap::new();
    for form in FORMS {
        for start in (0..800).step_by(13) {
            for (step, count) in [(17, 12), (1_441, 9), (1_440 * 31 + 7, 12)] {
                let expected = events(start, step, count);
                match read_file(as_csv(&expected, form).as_bytes(), |_| ()) {
                    Ok(log) => {
                        assert_eq!(events_of(&log), expected, "{form}, day {start}, step {step}");
                        *read_as_written.entry(form).or_insert(0) += 1;
                    }
                    Err(problem) => {
                        assert_eq!(problem.kind().exit_code(), 3, "{problem}");
                        assert!(!problem.hints().is_empty(), "{problem}");
                    }
                }
            }
        }
    }
    for form in FORMS {
        let count = read_as_written.get(form).copied().unwrap_or(0);
        let least = if form.starts_with('Y') || form.contains('b') { 186 } else { 40 };
        assert!(count >= least, "{form}: only {count} logs of 186 were read");
    }
}

/// A refusal names two formats; the right one of them gives the events back.
#[test]
fn the_hint_of_a_refused_order_gets_further() {
    let expected = events(95, 1_440 * 30 + 11, 6);
    for (form, format) in [("d/m/Y H:M", "%d/%m/%Y %H:%M"), ("m/d/Y H:M", "%m/%d/%Y %H:%M")] {
        let few: Events = expected.iter().map(|(id, all)| (id.clone(), all.clone())).collect();
        let text = as_csv(&few, form);
        let told = |request: &mut Request| request.date_format = wcaf::time::DateFormat::parse(format).ok();
        if let Err(problem) = read_file(text.as_bytes(), |_| ()) {
            assert!(
                problem.hints().iter().any(|hint| hint.contains(&format!("--date-format \"{format}\""))),
                "{problem}"
            );
        }
        assert_eq!(events_of(&read_file(text.as_bytes(), told).unwrap()), expected, "{form}");
    }
}
