//! `wcaf case`: the lines, the times and the sums of one case, counted again from the files.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::harness::public_log;
use crate::run::{Ran, folder_with, wcaf};

const TICKETS: &str = "ticket,time,state,team,agent\n\
    T-1,2024-03-01 09:00:00,New,Desk,\n\
    T-2,2024-03-01 09:00:00,New,Desk,\n\
    T-1,2024-03-01 10:00:00,In progress,Desk,Ann Lee\n\
    \"T-1\",2024-03-02 10:00:00,On hold,\"Net\nwork\",Bo Ek\n\
    T-2,2024-03-01 11:00:00,Closed,Desk,Ann Lee\n\
    T-1,2024-03-02 16:00:00,In progress,Desk,Ann Lee\n\
    T-1,2024-03-03 10:00:00,Closed,Desk,Ann Lee\n";

const MORE: &str = "ticket;time;state;team;agent\n\
    T-1;2024-03-04 09:00:00;In progress;Desk;Ann Lee\n\
    T-1;2024-03-04 12:00:00;Closed;Desk;Ann Lee\n";

fn case(folder: &Path, args: &[&str]) -> Ran {
    wcaf(folder, &[&["case", "--timezone", "UTC"], args].concat())
}

fn sum(list: &Value) -> i64 {
    list.as_array().unwrap().iter().map(|cell| cell["duration_ms"].as_i64().unwrap()).sum()
}

#[test]
fn a_case_of_two_files_with_its_lines() {
    let folder = folder_with(&[("a.csv", TICKETS.as_bytes()), ("b.csv", MORE.as_bytes())]);
    let found = case(folder.path(), &["a.csv", "b.csv", "T-1", "--format", "json"]).ok().json();
    assert_eq!(found["schema"], "wcaf.case/1");
    let places: Vec<(u64, u64)> = found["events"]
        .as_array()
        .unwrap()
        .iter()
        .map(|event| (event["source"].as_u64().unwrap(), event["line"].as_u64().unwrap()))
        .collect();
    // the quoted team takes two lines
    assert_eq!(places, [(0, 2), (0, 4), (0, 5), (0, 8), (0, 9), (1, 2), (1, 3)]);
    assert_eq!(found["status"], "completed");
    assert_eq!(found["duration_ms"], (3 * 24 + 3) * 3_600_000);
    assert_eq!(sum(&found["ledger"]), found["duration_ms"].as_i64().unwrap());
    let counts = &found["counts"];
    assert_eq!((counts["handoffs"].as_u64(), counts["ping_pongs"].as_u64()), (Some(2), Some(1)));
    assert_eq!((counts["exceptions"].as_u64(), counts["reopens"].as_u64()), (Some(2), Some(1)));
    assert_eq!(counts["touches"], 6, "all but the first event name an agent");
    // On hold lasted 6 h; there is no other visit to it
    let held = &found["visits"][2];
    assert_eq!((held["state"].as_str(), held["duration_ms"].as_i64()), (Some("On hold"), Some(6 * 3_600_000)));
    assert_eq!((held["rank"]["share"].as_f64(), held["rank"]["of"].as_u64()), (Some(0.5), Some(1)));
    // In progress lasted 24, 18 and 3 h
    assert_eq!(found["visits"][5]["rank"]["of"], 3);
    assert!((found["visits"][5]["rank"]["share"].as_f64().unwrap() - 1.0 / 6.0).abs() < 1e-12);
    // the other completed case took two hours
    assert_eq!((found["rank"]["share"].as_f64(), found["rank"]["of"].as_u64()), (Some(1.0), Some(1)));
    let told = case(folder.path(), &["a.csv", "b.csv", "T-1"]).ok().out;
    for part in [
        "1: a.csv",
        "2: b.csv",
        "2:3",
        "Handed from Desk to Net",
        "Reopened by person 1.",
        "back to the owner before last",
    ] {
        let on_one_line = told.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(on_one_line.contains(part), "{part:?} is missing in:\n{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let markdown = case(folder.path(), &["a.csv", "b.csv", "T-1", "--format", "md"]).ok().out;
    assert!(markdown.starts_with("# Case T-1\n") && markdown.contains("| 2:3 |"), "{markdown}");
}

#[test]
fn people_are_numbered_unless_asked_for() {
    let folder = folder_with(&[("a.csv", TICKETS.as_bytes())]);
    for format in ["terminal", "json", "md"] {
        let hidden = case(folder.path(), &["a.csv", "T-1", "--format", format]).ok().out;
        assert!(hidden.contains("person 2") && !hidden.contains("Ann Lee") && !hidden.contains("Bo Ek"), "{hidden}");
        let shown = case(folder.path(), &["a.csv", "T-1", "--format", format, "--people"]).ok().out;
        assert!(shown.contains("Ann Lee") && shown.contains("Bo Ek"), "{shown}");
    }
}

#[test]
fn an_unknown_case_is_refused_with_ids_that_are_near() {
    let folder = folder_with(&[("a.csv", TICKETS.as_bytes())]);
    case(folder.path(), &["a.csv", "t-1"]).refused(3, &["the log has no case `t-1`", "did you mean `T-1`?"]);
    case(folder.path(), &["a.csv", "4711"]).refused(3, &["the log has no case `4711`", "such as `T-"]);
    wcaf(folder.path(), &["case", "a.csv"]).refused(2, &["<ID>"]);
}

#[test]
fn an_open_case_lasts_up_to_the_end_of_the_log() {
    let folder = folder_with(&[("a.csv", (TICKETS.to_owned() + "T-3,2024-03-01 09:00:00,New,Desk,\n").as_bytes())]);
    let found = case(folder.path(), &["a.csv", "T-3", "--format", "json"]).ok().json();
    assert_eq!((found["status"].as_str(), &found["completed"]), (Some("open"), &Value::Null));
    assert_eq!(found["duration_ms"], 49 * 3_600_000);
    assert_eq!(found["visits"][0]["left"], Value::Null);
    // the two finished visits took one and two hours
    assert_eq!(found["visits"][0]["rank"]["share"], 1.0);
    let told = case(folder.path(), &["a.csv", "T-3"]).ok().out;
    assert!(told.contains("It is open at 2024-03-03 10:00 UTC"), "{told}");
}

/// The incident with the most updates, line by line.
#[test]
fn an_incident_is_told_as_it_stands_in_the_file() {
    let Some(log) = public_log("servicenow-incidents") else { return };
    let log = log.join("incident_event_log.zip");
    let mut archive = zip::ZipArchive::new(std::fs::File::open(&log).unwrap()).unwrap();
    let mut reader = csv::Reader::from_reader(archive.by_index(0).unwrap());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|header| header == name).unwrap();
    let (number, state, group) = (column("number"), column("incident_state"), column("assignment_group"));
    let rows: Vec<(u64, csv::StringRecord)> =
        (2..).zip(reader.records().map(Result::unwrap)).filter(|(_, row)| &row[number] == "INC0019396").collect();
    assert!(rows.len() > 40, "the case with the most steps");
    let folder = folder_with(&[]);
    let log = log.display().to_string();
    let found = case(folder.path(), &[&log, "INC0019396", "--format", "json"]).ok().json();
    let mut lines: BTreeMap<u64, (String, String)> = BTreeMap::new();
    for event in found["events"].as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
        lines.insert(event["line"].as_u64().unwrap(), (text(&event["state"]), text(&event["group"])));
    }
    let expected: BTreeMap<u64, (String, String)> =
        rows.iter().map(|(line, row)| (*line, (row[state].to_owned(), row[group].to_owned()))).collect();
    assert_eq!(lines, expected);
    assert_eq!(sum(&found["ledger"]), found["duration_ms"].as_i64().unwrap());
}

#[test]
fn xes_and_parquet_tell_lines_and_rows() {
    let (Some(volvo), Some(permits)) = (public_log("volvo-problems"), public_log("permit-receipt")) else { return };
    let (xes, parquet) = (volvo.join("open_problems.xes.gz"), permits.join("receipt.parquet"));
    let folder = folder_with(&[]);
    let lines = |log: &Path, id: &str| -> Vec<u64> {
        let found = case(folder.path(), &[&log.display().to_string(), id, "--format", "json"]).ok().json();
        found["events"].as_array().unwrap().iter().map(|event| event["line"].as_u64().unwrap()).collect()
    };
    let mut text = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(std::fs::File::open(&xes).unwrap()), &mut text)
        .unwrap();
    let (mut inside, mut expected) = (false, Vec::new());
    for (number, line) in (1..).zip(text.lines()) {
        inside = (inside || line.contains("value=\"1-413205820\"")) && !line.contains("</trace>");
        if inside && line.contains("<event>") {
            expected.push(number);
        }
    }
    assert_eq!(lines(&xes, "1-413205820"), expected);
    let rows = lines(&parquet, "case-10011");
    assert!(rows.windows(2).all(|pair| pair[1] == pair[0] + 1), "the rows of a case stand together: {rows:?}");
}

#[test]
fn a_case_in_working_hours_worked_out_by_hand() {
    // 2024-03-01 is a Friday; the case is in progress from 10:00, and on hold on Saturday
    let office =
        "[calendar.office]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\nextra = [\"2024-03-02 15:00-17:00\"]\n";
    let folder = folder_with(&[("a.csv", TICKETS.as_bytes()), ("office.toml", office.as_bytes())]);
    let found = case(folder.path(), &["a.csv", "T-1", "-c", "office.toml", "--clock", "business", "--format", "json"])
        .ok()
        .json();
    let hours = |value: &Value| value.as_i64().map(|ms| ms / 3_600_000);
    assert_eq!((hours(&found["duration_ms"]), hours(&found["duration_business_ms"])), (Some(49), Some(10)));
    let visits: Vec<Option<i64>> =
        found["visits"].as_array().unwrap().iter().map(|visit| hours(&visit["duration_business_ms"])).collect();
    assert_eq!(visits, [Some(1), Some(7), Some(1), Some(1), Some(0)]);
    let events: Vec<Option<i64>> =
        found["events"].as_array().unwrap().iter().map(|event| hours(&event["since_business_ms"])).collect();
    assert_eq!(events, [None, Some(1), Some(7), Some(1), Some(1)]);
    let in_hours: i64 = found["ledger"].as_array().unwrap().iter().filter_map(|cell| hours(&cell["in_hours_ms"])).sum();
    assert_eq!(in_hours, 10);
    // the other completed case took two hours, both in the office; In progress took 7 and 1
    assert_eq!(found["rank"]["share"], 1.0);
    assert_eq!((&found["ranked_by"], &found["visits"][1]["rank"]["share"]), (&"business".into(), &0.75.into()));
    let told = case(folder.path(), &["a.csv", "T-1", "-c", "office.toml"]).ok().out;
    assert!(told.contains("2.0 d (work 10.0 bh)") && told.contains("After work"), "{told}");
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
}
