//! `--where`, `--arrived-from`, `--arrived-to` and `[filter]`: whole cases are chosen, and every output says so.

use std::collections::BTreeMap;
use std::path::Path;

use proptest::prelude::*;
use proptest::test_runner::Config as Proptest;
use serde_json::Value;
use wcaf::assemble::filter::{Choice, choose};
use wcaf::assemble::{Options, assemble, measure_chosen};
use wcaf::config::filter::Condition;
use wcaf::config::{Config, HandoffKind, Span};
use wcaf::ingest::mapping::Overrides;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, Request};
use wcaf::report::json::findings_json;

use crate::harness::{Columns, public_log, write_csv};
use crate::oracle::Row;
use crate::random::{PEOPLE, START, config, rows};
use crate::run::{Ran, folder_with, sample, wcaf};

const LOG: &str = "case,time,state,group,assignee,priority,Affected site,points
A,2024-03-04 09:00:00,New,Desk,,P1,North,3
A,2024-03-04 11:00:00,Work,Desk,Ann Lee,P2,North,3
A,2024-03-05 09:00:00,Closed,Network,Ann Lee,P2,South,5
B,2024-03-05 10:00:00,New,Desk,,P2,South,20
B,2024-03-06 15:00:00,Closed,Desk,Bo Ek,P2,South,20
C,2024-03-06 00:00:00,New,Desk,,P3,,many
C,2024-03-07 15:00:00,Closed,Desk,,P3,,many
C,2024-03-08 15:00:00,Work,Network,Bo Ek,P3,,many
D,2024-03-08 16:00:00,New,Desk,,,North,
";

const FLAGS: [&str; 5] = ["--timezone", "UTC", "--priority", "priority", "-q"];

fn run(folder: &Path, command: &str, args: &[&str]) -> Ran {
    wcaf(folder, &[&[command, "log.csv"], args, &FLAGS].concat())
}

fn folder() -> tempfile::TempDir {
    folder_with(&[("log.csv", LOG.as_bytes())])
}

/// The ids that a filter keeps, by the events that `convert` writes.
fn kept(folder: &Path, args: &[&str]) -> String {
    let out = run(folder, "convert", &[&["--to", "-", "--format", "csv"], args].concat()).ok().out;
    let mut ids: Vec<&str> = out.lines().skip(1).map(|line| line.split(',').next().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.concat()
}

#[test]
fn the_smallest_examples() {
    let folder = folder();
    for (condition, ids) in [
        ("priority = P1", "A"),
        ("last.priority = P2", "AB"),
        ("any.priority in (P1, 'P3')", "AC"),
        ("priority != P2", "ACD"),
        ("priority is missing", "D"),
        ("not priority is missing and priority not in (P1, P2)", "C"),
        ("group = Network", "AC"),
        ("first.group = Network or case = B", "B"),
        ("last.state = Work", "C"),
        ("state = Closed", "ABC"),
        ("\"Affected site\" = South", "B"),
        ("any.'Affected site' ~ sOUT", "AB"),
        ("points >= 3", "AB"),
        ("points < 20", "A"),
        ("case in (A, D)", "AD"),
        ("outcome = open", "CD"),
        ("outcome in (reopened, completed)", "ABC"),
        ("outcome not in (open)", "AB"),
        ("assignee is known", "ABC"),
        ("assignee = 'Bo Ek'", "BC"),
    ] {
        assert_eq!(kept(folder.path(), &["--where", condition]), ids, "{condition}");
    }
    assert_eq!(kept(folder.path(), &["--where", "group = Network", "--where", "priority = P3"]), "C");
    let arrived = |from: &str, to: &str| kept(folder.path(), &["--arrived-from", from, "--arrived-to", to]);
    assert_eq!(arrived("2024-03-05", "2024-03-06"), "B");
    assert_eq!(arrived("2024-03-05T10:00", "2024-03-06T00:00:01"), "BC");
    // midnight of the zone of the log is an hour earlier than that of UTC
    let berlin = ["convert", "log.csv", "--to", "-", "--format", "csv", "--timezone", "Europe/Berlin"];
    let out = wcaf(folder.path(), &[&berlin[..], &["--arrived-from", "2024-03-06"]].concat()).ok().out;
    assert!(out.contains("\nC,2024-03-05T23:00:00") && !out.contains("\nB,"), "{out}");
}

#[test]
fn flags_and_the_file_hold_together() {
    let toml = "[filter]\nwhere = [\"group = Network\"]\narrived_to = \"2024-03-06\"\n";
    let bad = "[filter]\nwhere = [\n  \"a = b\",\n  \"a = \",\n]\n";
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("f.toml", toml.as_bytes()),
        ("bad.toml", bad.as_bytes()),
        ("time.toml", b"[filter]\narrived_from = \"soon\"\n"),
        ("column.toml", b"\n[filter]\nwhere = [\"grup = Network\"]\n"),
    ]);
    assert_eq!(kept(folder.path(), &["-c", "f.toml"]), "A");
    assert_eq!(kept(folder.path(), &["-c", "f.toml", "--arrived-to", "2024-03-20"]), "A");
    run(folder.path(), "analyze", &["-c", "f.toml", "--where", "priority = P3"]).refused(
        3,
        &[
            "none of the 4 cases",
            "`group = Network` alone keeps 2 cases",
            "`priority = P3` alone keeps 1 case",
            "the time of arrival alone keeps 2 cases",
        ],
    );
    run(folder.path(), "check", &["-c", "bad.toml"]).refused(2, &["bad.toml:4: at its end, after 3 characters"]);
    run(folder.path(), "aging", &["-c", "time.toml"])
        .refused(2, &["time.toml:2", "`arrived_from = \"soon\"`", "2024-03-31"]);
    run(folder.path(), "aging", &["-c", "column.toml"])
        .refused(2, &["column.toml:3: at character 1, `grup", "did you mean `group`?"]);
}

#[test]
fn what_cannot_be_filtered_by_is_refused_with_a_way_out() {
    let folder = folder();
    for (args, code, parts) in [
        (
            &["--where", "priority = P1 or prority = P2"][..],
            2,
            &["--where: at character 18", "did you mean `priority`?"][..],
        ),
        (
            &["--where", "site = North"],
            2,
            &["no column of the log is called `site`", "did you mean `\"Affected site\"`?"],
        ),
        (&["--where", "priority = P4"], 3, &["none of the 4 cases", "`P4` in `priority`; did you mean `P1`?"]),
        (&["--where", "outcome = escalate"], 2, &["no outcome `escalate`", "did you mean `escalated`?"]),
        (&["--where", "outcome ~ re"], 2, &["outcome = open"]),
        (&["--where", "last.outcome = open"], 2, &["only one `outcome`", "leave out"]),
        (&["--where", "assignee = 'Bo Ek'"], 2, &["names people", "--people"]),
        (&["--where", "actor = x"], 2, &["the log has no actor column", "--actor COLUMN"]),
        (&["--arrived-from", "2024-03-09"], 3, &["the time of arrival alone keeps 0 cases"]),
        (&["--arrived-from", "2024-03-09", "--arrived-to", "2024-03-09"], 2, &["later `--arrived-to`"]),
        (&["--arrived-from", "x"], 2, &["`--arrived-from x` is no date"]),
    ] {
        for command in ["analyze", "check", "aging"] {
            run(folder.path(), command, args).refused(code, parts);
        }
    }
    run(folder.path(), "case", &["B", "--where", "priority = P1"])
        .refused(3, &["it leaves out 3 of 4 cases", "leave `--where`"]);
    run(folder.path(), "analyze", &["--where", "assignee = 'Bo Ek'", "--people"]).ok();
    // a name that is only near is not told without leave
    let near = run(folder.path(), "analyze", &["--where", "assignee is known and assignee = 'Bo Ekk'", "--people"]);
    near.refused(3, &["did you mean `Bo Ek`?"]);
}

#[test]
fn every_output_says_how_cases_were_chosen() {
    let folder = folder();
    let filter = ["--where", "group in (Network, Netwrk)", "--arrived-from", "2024-03-04", "-o", "out"];
    let ran = run(folder.path(), "analyze", &filter).ok();
    let file = |name: &str| std::fs::read_to_string(folder.path().join("out").join(name)).unwrap();
    let flat = |text: &str| text.replace(['\u{a0}', '\n'], " ").split_whitespace().collect::<Vec<_>>().join(" ");
    let json = |text: &str| serde_json::from_str::<Value>(text).unwrap();
    let found = json(&file("findings.json"))["input"]["filter"].clone();
    let expected = serde_json::json!({
        "where": ["group in (Network, Netwrk)"],
        "arrived_from": "2024-03-04T00:00:00Z",
        "arrived_to": null,
        "cases": 2,
        "events": 6,
        "cases_left_out": 2,
        "events_left_out": 3,
        "notes": ["no event of the log has `Netwrk` in `group`; did you mean `Network`?"],
    });
    assert_eq!(found, expected);
    assert_eq!(json(&file("manifest.json"))["filter"], expected);
    let filter = &filter[..4];
    for command in ["analyze", "check", "aging", "case"] {
        let id: &[&str] = if command == "case" { &["A"] } else { &[] };
        let found = run(folder.path(), command, &[id, filter, &["--format", "json"]].concat()).ok().json();
        let found = if matches!(command, "analyze" | "check") { &found["input"] } else { &found };
        assert_eq!(found["filter"], expected, "{command}");
        assert_eq!(found["as_of"], "2024-03-08T16:00:00Z", "the last event of the whole log");
    }
    assert_eq!(
        run(folder.path(), "aging", &[filter, &["--daily", "--format", "json"]].concat()).ok().json()["filter"],
        expected
    );
    let mut texts = vec![ran.out, file("report.html"), file("summary.md")];
    for command in [&["analyze"][..], &["check"], &["aging"], &["aging", "--daily"], &["case", "A"]] {
        for format in ["terminal", "md", "html"] {
            if (command[0], format) != ("check", "html") {
                texts.push(
                    run(folder.path(), command[0], &[&command[1..], filter, &["--format", format]].concat()).ok().out,
                );
            }
        }
    }
    for text in texts {
        let text = flat(&text.replace('\\', ""));
        for part in [
            "group in (Network, Netwrk)",
            "arrived from 2024-03-04 00:00 UTC on",
            "keeps 2 cases with 6 events, leaves out 2 cases with 3 events",
        ] {
            assert!(text.contains(part), "{part:?} is missing in:\n{text}");
        }
    }
    let all = run(folder.path(), "analyze", &["--format", "json"]).ok().json();
    assert_eq!(all["input"].get("filter"), None, "nothing is said where nothing is left out");
}

#[test]
fn hostile_conditions_stay_text() {
    let folder = folder_with(&[("log.csv", LOG.replace("North", "<img src=x>\u{1b}[31m`|*\u{202e}").as_bytes())]);
    let value = "'<img src=x>\u{1b}[31m`|*\u{202e}'";
    let condition = format!("\"Affected site\" in ({value}, '<script>alert(1)</script>')");
    for format in ["terminal", "md", "html", "json"] {
        let out = run(folder.path(), "analyze", &["--where", &condition, "--format", format]).ok().out;
        assert!(!out.contains('\u{1b}') && !out.contains('\u{202e}'), "{format}");
        let may_hold_tags = matches!(format, "terminal" | "json");
        assert!(may_hold_tags || !out.contains("<script>") && !out.contains("<img src=x>"), "{format}");
    }
    let refused = run(folder.path(), "analyze", &["--where", &format!("site = {value}\n'\u{1b}")]);
    assert_eq!(refused.code, Some(2));
    assert!(!refused.err.contains('\u{1b}') && !refused.err.contains('\u{202e}'), "{}", refused.err);
    let long = format!("priority in ({})", vec!["P9"; 20_000].join(","));
    let refused = run(folder.path(), "analyze", &["--where", &long]);
    assert!(refused.code == Some(3) && refused.err.len() < 2_000, "{}", refused.err.len());
}

#[test]
fn states_mean_the_same_whatever_is_left_out() {
    let folder = tempfile::tempdir().unwrap();
    for (log, condition) in [
        ("service-desk.csv.gz", "outcome = open"),
        ("procurement.csv", "outcome = cancelled"),
        ("servicenow-incidents-excerpt.csv.gz", "case in (INC0007098, INC0000045)"),
    ] {
        let found = |args: &[&str]| {
            let log = sample(log);
            wcaf(folder.path(), &[&["analyze", &log, "--format", "json", "-q"], args].concat()).ok().json()
        };
        let (all, some) = (found(&[]), found(&["--where", condition]));
        assert!(some["input"]["filter"]["cases_left_out"].as_u64() > Some(0), "{log}");
        assert_eq!(all["input"]["as_of"], some["input"]["as_of"], "{log}");
        for state in some["states"].as_array().unwrap() {
            let same = |other: &&Value| other["state"] == state["state"];
            let before = all["states"].as_array().unwrap().iter().find(same).unwrap();
            assert_eq!((&before["class"], &before["why"]), (&state["class"], &state["why"]), "{log}");
        }
        for bot in some["bots"].as_array().unwrap() {
            assert!(all["bots"].as_array().unwrap().iter().any(|known| known["evidence"] == bot["evidence"]), "{log}");
        }
    }
}

#[test]
fn the_incidents_by_their_first_priority() {
    let Some(logs) = public_log("servicenow-incidents") else { return };
    let log = logs.join("incident_event_log.zip").display().to_string();
    let folder = tempfile::tempdir().unwrap();
    let found = |condition: &str| {
        wcaf(folder.path(), &["analyze", &log, "--where", condition, "--format", "json", "-q"]).ok().json()["input"]
            .clone()
    };
    // counted in a loop over the rows: the priority of the first row by time of each case
    let urgent = found("priority in ('1 - Critical', '2 - High')");
    assert_eq!((urgent["cases"].as_u64(), urgent["events"].as_u64()), (Some(496), Some(3_689)));
    assert_eq!((&urgent["filter"]["cases_left_out"], &urgent["rows_read"]), (&24_422.into(), &141_712.into()));
    assert_eq!(found("outcome = reopened")["cases"], 276);
}

const COLUMNS: Columns = Columns { activity: true, ..Columns::ALL };

/// A case that every filter below keeps: all priorities, all people, and the last event of the log.
fn always() -> Vec<Row> {
    let row = |number: usize| Row {
        case: "keep".to_owned(),
        time_ms: START + [0, 60_001, 4_000 * 86_400_000][number],
        state: Some(["Q1", "W1", "D1"][number].to_owned()),
        group: Some("Alpha".to_owned()),
        assignee: Some(PEOPLE[number].to_owned()),
        actor: Some(PEOPLE[number].to_owned()),
        priority: Some(["1 - Critical", "2 - High", "4 - Low"][number].to_owned()),
        segments: vec![("site".to_owned(), "North".to_owned())],
        counters: vec![("moves".to_owned(), 0), ("reopened".to_owned(), 0)],
        ..Row::default()
    };
    COLUMNS.keep(&[row(0), row(1), row(2)])
}

/// What a condition says of the rows of a case in their order.
type Holds = fn(&[&Row]) -> bool;

fn site(row: &Row) -> &str {
    &row.segments.iter().find(|segment| segment.0 == "site").unwrap().1
}

const CONDITIONS: [(&str, Holds); 7] = [
    ("site = North", |rows| site(rows[0]) == "North"),
    ("last.site != North", |rows| site(rows[rows.len() - 1]) != "North"),
    ("group = Alpha", |rows| rows.iter().any(|row| row.group.as_deref() == Some("Alpha"))),
    ("not last.priority in ('1 - Critical', '4 - Low') or group is missing", |rows| {
        let last = rows.iter().rev().find_map(|row| row.priority.as_deref());
        !matches!(last, Some("1 - Critical" | "4 - Low")) || rows.iter().all(|row| row.group.is_none())
    }),
    ("moves >= 1", |rows| rows[0].counters.iter().any(|counter| counter.0 == "moves" && counter.1 >= 1)),
    ("last.assignee = Bob and state is known", |rows| {
        let last = rows.iter().rev().find_map(|row| row.assignee.as_deref());
        last == Some("Bob") && rows.iter().any(|row| row.state.is_some())
    }),
    ("case in (c0, c2, c5)", |rows| matches!(&*rows[0].case, "c0" | "c2" | "c5")),
];

/// The findings of rows, of the cases that a condition keeps where there is one.
fn analyzed(rows: &[Row], condition: Option<&str>, as_of_ms: Option<i64>) -> Value {
    let mut config: Config = config(COLUMNS, false);
    config.handoff.definition = Some(HandoffKind::Group);
    config.touch_window = Span { ms: 86_400_000 };
    config.filter.conditions.extend(condition.map(|condition| Condition::parse(condition, None).unwrap()));
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    write_csv(rows, COLUMNS, &file);
    let request = Request {
        sources: vec![Source::File(file)],
        overrides: Overrides::from_config(&config),
        keep_if_there: config.filter.columns().map(str::to_owned).collect(),
        as_of_ms,
        threads: 2,
        ..Request::default()
    };
    let (log, mut report) = ingest::read(&request, &Progress::new(0)).unwrap();
    let choice = Choice { people: true, threads: 2, ..Choice::default() };
    let (log, whole) = choose(log, &mut report, &config, choice).unwrap();
    let mut measured = measure_chosen(log, whole.as_ref(), &report, &config, 2).unwrap();
    let options = Options { people: true, threads: 2 };
    serde_json::from_str(&findings_json(&assemble(&mut measured, &report, &config, options))).unwrap()
}

/// Every leaf of a value, by its path.
fn leaves(value: &Value) -> BTreeMap<String, Value> {
    let mut found = BTreeMap::new();
    let mut open = vec![(String::new(), value)];
    while let Some((path, value)) = open.pop() {
        match value {
            Value::Object(object) => open.extend(object.iter().map(|(key, inner)| (format!("{path}/{key}"), inner))),
            Value::Array(list) => {
                open.extend(list.iter().enumerate().map(|(number, inner)| (format!("{path}/{number}"), inner)));
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                found.insert(path, value.clone());
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(Proptest { cases: 64, failure_persistence: None, ..Proptest::default() })]

    #[test]
    fn a_filter_is_as_a_file_of_only_these_cases(
        made in rows("c", COLUMNS, 7, true),
        (condition, holds) in prop::sample::select(&CONDITIONS[..]),
    ) {
        let all = [made, always()].concat();
        let mut in_order: Vec<&Row> = all.iter().collect();
        in_order.sort_by_key(|row| row.time_ms);
        let keeps = |case: &str| {
            let rows: Vec<&Row> = in_order.iter().copied().filter(|row| row.case == case).collect();
            case == "keep" || holds(&rows)
        };
        let part: Vec<Row> = all.iter().filter(|row| keeps(&row.case)).cloned().collect();
        let mut filtered = analyzed(&all, Some(&format!("({condition}) or case = keep")), None);
        let mut alone = analyzed(&part, None, all.iter().map(|row| row.time_ms).max());
        prop_assert_eq!(&filtered["input"]["filter"]["events"], part.len());
        prop_assert_eq!(&filtered["input"]["filter"]["events_left_out"], all.len() - part.len());
        for found in [&mut filtered, &mut alone] {
            // what is said of reading the file is about the whole file
            let input = found["input"].as_object_mut().unwrap();
            input.retain(|key, _| !["sources", "rows_read", "filter", "order_fixed", "resolution_ms"].contains(&&**key));
            let warnings = found["warnings"].as_array_mut().unwrap();
            warnings.retain(|warning| !["timezone_assumed", "filter", "closed_only", "mapping", "unknown_name"].contains(&warning["code"].as_str().unwrap()));
            found.as_object_mut().unwrap().remove("mapping");
            found["readiness"]["items"][0]["evidence"].take();
        }
        let (filtered, alone) = (leaves(&filtered), leaves(&alone));
        let differs = |path: &&String| filtered.get(*path) != alone.get(*path);
        let different: Vec<&String> = filtered.keys().chain(alone.keys()).filter(differs).take(20).collect();
        prop_assert!(different.is_empty(), "{} gives other figures at {:?}", condition, different);
    }
}
