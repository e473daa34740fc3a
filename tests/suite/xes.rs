//! What XES becomes: ids, prefixes, defaults, classifiers, lifecycles, and files cut off anywhere.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::{Value, json};
use wcaf::error::Problem;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{Request, read};

use crate::dates_and_ids::NASTY;
use crate::malformed::xes::log;
use crate::run::{folder_with, wcaf};

/// The findings of a log in XES.
fn found(text: &str, flags: &[&str]) -> Value {
    let folder = folder_with(&[("log.xes", text.as_bytes())]);
    let args = [&["analyze", "log.xes", "--format", "json", "--people"], flags].concat();
    wcaf(folder.path(), &args).ok().json()
}

/// A log of one trace for each list of events; an event is a list of `key=value`.
fn log_of(declarations: &str, traces: &[&[&str]]) -> String {
    let mut out = format!("<log>{declarations}\n");
    for (number, events) in traces.iter().enumerate() {
        out += &format!("<trace><string key=\"concept:name\" value=\"T{number}\"/>\n");
        for event in *events {
            out += "<event>";
            for pair in event.split(", ") {
                let (key, value) = pair.split_once('=').unwrap();
                let kind = if key.ends_with("timestamp") { "date" } else { "string" };
                out += &format!("<{kind} key=\"{key}\" value=\"{value}\"/>");
            }
            out += "</event>\n";
        }
        out += "</trace>\n";
    }
    out + "</log>\n"
}

fn warnings(found: &Value) -> String {
    found["warnings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|warning| warning["message"].as_str().unwrap())
        .collect::<Vec<_>>()
        .join("\n")
}

/// What the library makes of bytes: the events read, or the refusal.
fn outcome(bytes: &[u8], folder: &Path) -> Result<usize, Problem> {
    let file = folder.join("log.xes");
    std::fs::write(&file, bytes).unwrap();
    let request = Request { sources: vec![Source::File(file)], threads: 1, ..Request::default() };
    read(&request, &Progress::new(0)).map(|(log, _)| log.events())
}

#[test]
fn every_prefix_of_a_log_is_refused() {
    let text = log();
    let folder = folder_with(&[]);
    let end = text.trim_end().len();
    for cut in 0..end {
        let refused = outcome(&text.as_bytes()[..cut], folder.path()).expect_err(&format!("cut at byte {cut}"));
        assert!(!refused.hints().is_empty(), "cut at byte {cut}: {refused}");
    }
    for cut in end..=text.len() {
        assert_eq!(outcome(&text.as_bytes()[..cut], folder.path()), Ok(9), "cut at byte {cut}");
    }
}

/// Bytes replaced, removed, doubled and moved at random: a refusal or a log, never a panic.
#[test]
fn mutants_are_read_or_refused() {
    let events: &[&str] = &[
        "concept:name=A &amp; B, lifecycle:transition=schedule, time:timestamp=2024-03-01T08:00:00Z",
        "concept:name=A &amp; B, lifecycle:transition=start, time:timestamp=2024-03-01T10:00:00Z",
        "concept:name=A &amp; B, lifecycle:transition=complete, time:timestamp=2024-03-01T11:00:00+02:00",
    ];
    let declarations = "<extension name=\"Concept\" prefix=\"c\" uri=\"http://www.xes-standard.org/concept.xesext\"/>\
                        <global scope=\"event\"><string key=\"org:group\" value=\"Desk\"/></global><!-- x -->\
                        <list key=\"l\"><values><int key=\"i\" value=\"1\"/></values></list>";
    let text = log_of(declarations, &[events, events, events]).into_bytes();
    let folder = folder_with(&[]);
    let mut state = 7u64;
    let mut below = |bound: usize| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % bound
    };
    let mut read = 0;
    for _ in 0..2_000 {
        let mut mutant = text.clone();
        for _ in 0..=below(3) {
            let (at, length) = (below(mutant.len() - 40), 1 + below(30));
            match below(5) {
                0 => mutant[at] = b"<>&;\"'/=! \0\xFF"[below(12)],
                1 => drop(mutant.drain(at..at + length)),
                2 => mutant.extend_from_within(at..at + length),
                3 => mutant = [&mutant[..at], &text[at / 2..at / 2 + length], &mutant[at..]].concat(),
                _ => mutant[at] = mutant[at].wrapping_add(1),
            }
        }
        read += usize::from(outcome(&mutant, folder.path()).is_ok());
    }
    assert!((100..1_900).contains(&read), "{read} of 2,000 are read");
}

#[test]
fn ids_stay_what_they_are() {
    let escape = |id: &str| {
        let id = id.replace('&', "&amp;").replace('<', "&lt;").replace('"', "&quot;");
        id.replace('\n', "&#10;").replace('\t', "&#x9;")
    };
    let mut text = "<log>\n".to_owned();
    let ids: Vec<&str> = NASTY.into_iter().chain(["a\tb", "]]>"]).collect();
    for id in &ids {
        text += &format!("<trace><string key=\"concept:name\" value=\"{}\"/>", escape(id));
        for (day, state) in [(1, "New"), (2, "Closed")] {
            text += &format!(
                "<event><string key=\"concept:name\" value=\"{state}\"/><date key=\"time:timestamp\" value=\"2024-03-0{day}T10:00:00Z\"/></event>"
            );
        }
        text += "</trace>\n";
    }
    text += "</log>\n";
    let folder = folder_with(&[("log.xes", text.as_bytes())]);
    let sources = vec![Source::File(folder.path().join("log.xes"))];
    let (log, _) = read(&Request { sources, threads: 2, ..Request::default() }, &Progress::new(0)).unwrap();
    let read: BTreeSet<String> = (0..log.cases()).map(|case| log.case_ids.id(case).to_owned()).collect();
    assert_eq!(read, ids.iter().map(|id| (*id).to_owned()).collect());
    assert_eq!(log.events(), 2 * ids.len());
}

#[test]
fn a_renamed_prefix_keeps_its_meaning() {
    let text = log().replace("prefix=\"concept\"", "prefix=\"n\"").replace("\"concept:name\"", "\"n:name\"");
    let time = "<extension name=\"Time\" prefix=\"when\" uri=\"http://www.xes-standard.org/time.xesext\"/>\n<trace>";
    let text = text.replacen("<trace>", time, 1).replace("time:timestamp", "when:timestamp");
    let found = found(&text, &[]);
    assert_eq!(found["mapping"]["activity"]["column"], "concept:name");
    assert_eq!(found["mapping"]["case"]["column"], "case:concept:name");
    assert_eq!(found["mapping"]["time"]["column"], "time:timestamp");
    assert_eq!(found["input"]["cases"], 3);
}

#[test]
fn defaults_fill_what_is_missing_but_make_up_no_time() {
    let globals = "<global scope=\"event\"><string key=\"org:group\" value=\"Desk\"/><string key=\"org:resource\" value=\"UNKNOWN\"/>\
                   <date key=\"time:timestamp\" value=\"1970-01-01T00:00:00Z\"/></global>";
    let events: &[&str] = &[
        "concept:name=New, time:timestamp=2024-03-01T10:00:00Z",
        "concept:name=Work, time:timestamp=2024-03-02T10:00:00Z, org:group=Team",
        "concept:name=Lost",
        "concept:name=Closed, time:timestamp=2024-03-03T10:00:00Z",
    ];
    let found = found(&log_of(globals, &[events, events]), &[]);
    assert_eq!((&found["input"]["events"], &found["input"]["rows_rejected"]), (&json!(6), &json!(2)));
    assert_eq!(found["input"]["first_event"], "2024-03-01T10:00:00Z");
    assert_eq!(found["mapping"]["group"]["column"], "org:group");
    assert_eq!(found["handoffs"]["kinds"]["group"]["total"], 4, "{}", found["handoffs"]);
    assert!(found["mapping"]["actor"].is_null(), "{}", found["mapping"]["actor"]);
}

#[test]
fn the_classifier_joins_name_and_transition() {
    let classifier = "<classifier name=\"Activity\" keys=\"concept:name lifecycle:transition\"/>";
    let events: &[&str] = &[
        "concept:name=Accepted, lifecycle:transition=In Progress, time:timestamp=2024-03-01T10:00:00Z",
        "concept:name=Accepted, lifecycle:transition=Wait, time:timestamp=2024-03-02T10:00:00Z",
        "concept:name=Completed, lifecycle:transition=Closed, time:timestamp=2024-03-03T10:00:00Z",
    ];
    let joined = found(&log_of(classifier, &[events, events]), &[]);
    let names: Vec<_> = joined["states"].as_array().unwrap().iter().map(|state| state["state"].clone()).collect();
    for name in ["Accepted/In Progress", "Accepted/Wait", "Completed/Closed"] {
        assert!(names.contains(&json!(name)), "{name} is not in {names:?}");
    }
    let alone = found(&log_of("", &[events, events]), &[]);
    assert_eq!(alone["mapping"]["state"]["column"], "lifecycle:transition");
}

#[test]
fn starts_and_ends_become_activities() {
    let events: &[&str] = &[
        "concept:name=Check, lifecycle:transition=schedule, time:timestamp=2024-03-01T08:00:00Z, org:resource=ann",
        "concept:name=Check, lifecycle:transition=start, time:timestamp=2024-03-01T10:00:00Z, org:resource=ann",
        "concept:name=Check, lifecycle:transition=complete, time:timestamp=2024-03-01T11:00:00Z",
        "concept:name=Pay, lifecycle:transition=complete, time:timestamp=2024-03-01T15:00:00Z, org:resource=bob",
        "concept:name=Pay, lifecycle:transition=start, time:timestamp=2024-03-01T12:00:00Z, org:resource=bob",
    ];
    let text = log_of("", &[events, events, &events[..2]]);
    let paired = found(&text, &[]);
    assert_eq!(paired["mapping"]["family"]["value"], "start_end");
    assert_eq!(paired["mapping"]["start"]["column"], "start_timestamp");
    assert_eq!(paired["mapping"]["enabled"]["column"], "enabled_timestamp");
    assert_eq!((&paired["input"]["rows_read"], &paired["input"]["rows_rejected"]), (&json!(5), &json!(0)));
    let mean = |state: &str| {
        paired["states"].as_array().unwrap().iter().find(|found| found["state"] == state).unwrap()["completed_ms"]["max"].clone()
    };
    let hour = 3_600_000;
    assert_eq!((mean("Check (queued)"), mean("Check"), mean("Pay")), (json!(2 * hour), json!(hour), json!(3 * hour)));
    let said = warnings(&paired);
    assert!(
        said.contains("12 events on starts and ends make activities: 4 with a start and an end, 1 started"),
        "{said}"
    );

    let single = found(&text, &["--family", "activity"]);
    assert_eq!((&single["input"]["rows_read"], &single["mapping"]["start"]), (&json!(12), &Value::Null));
}

#[test]
fn attributes_of_a_trace_may_follow_its_events() {
    let text = log();
    let name = "<string key=\"concept:name\" value=\"C1\"/>\n";
    let without = text.replacen(name, "", 1);
    let at = without.match_indices("</trace>").nth(1).unwrap().0;
    let moved = format!("{}{name}{}", &without[..at], &without[at..]);
    let [mut plain, mut late] = [found(&text, &[]), found(&moved, &[])];
    for found in [&mut plain, &mut late] {
        found["input"]["sources"] = Value::Null;
    }
    assert!(plain == late, "{plain}\n{late}");
}

#[test]
fn what_comes_late_is_said() {
    let mut text = "<log>\n".to_owned();
    for trace in 0..2_600 {
        text += &format!("<trace><string key=\"concept:name\" value=\"T{}\"/>", trace.min(2_598));
        for (hour, name) in [(10, "New"), (11, "Closed")] {
            let late = if trace == 2_599 { "<string key=\"late\" value=\"x\"/>" } else { "" };
            text += &format!(
                "<event><string key=\"concept:name\" value=\"{name}\"/><date key=\"time:timestamp\" value=\"2024-03-01T{hour}:00:00Z\"/>{late}</event>"
            );
        }
        text += "</trace>\n";
    }
    let found = found(&(text + "</log>\n"), &[]);
    assert_eq!((&found["input"]["events"], &found["input"]["cases"]), (&json!(5_200), &json!(2_599)));
    let said = warnings(&found);
    assert!(said.contains("are not read: `late`"), "{said}");
    assert!(said.contains("1 trace has the name of an earlier one"), "{said}");
}
