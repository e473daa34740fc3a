//! `wcaf convert`: what is written reads back as the same log, from any input and in any format.

use std::collections::BTreeSet;
use std::path::Path;

use proptest::prelude::*;
use serde_json::Value;

use crate::dates_and_ids::NASTY;
use crate::harness::public_log;
use crate::random::log as random_log;
use crate::run::{Ran, command, folder_with, sample, wcaf};

/// Formats of this build.
fn formats() -> Vec<&'static str> {
    let mut formats = vec!["csv", "ndjson", "ndjson.gz"];
    if cfg!(feature = "parquet") {
        formats.push("parquet");
    }
    formats
}

/// What may differ: where the rows came from, how the columns were understood, and what was said about both.
fn without_source(mut found: Value) -> Value {
    found["mapping"] = Value::Null;
    let input = found["input"].as_object_mut().unwrap();
    for key in ["sources", "order_fixed", "rows_read", "rows_rejected", "rejects"] {
        input.remove(key);
    }
    let of_source = [
        "mapping",
        "mapping_of_file",
        "timezone_assumed",
        "mixed_offsets",
        "ambiguous_times",
        "many_rejects",
        "no_final_newline",
    ];
    let warnings = found["warnings"].as_array_mut().unwrap();
    warnings.retain(|one| !of_source.contains(&one["code"].as_str().unwrap()));
    for tie in warnings.iter_mut().filter(|one| one["code"] == "ties") {
        tie["hint"] = Value::Null;
    }
    for item in found["readiness"]["items"].as_array_mut().unwrap() {
        if item["id"] == "sla" || item["id"] == "case_ids" {
            item["evidence"] = Value::Null;
            item["coverage"] = Value::from(item["coverage"].as_f64().unwrap() > 0.0);
        }
    }
    found
}

/// The places where two values differ, at most ten.
fn differences(left: &Value, right: &Value, place: &str, found: &mut Vec<String>) {
    if left == right || found.len() >= 10 {
        return;
    }
    match (left, right) {
        (Value::Object(left), Value::Object(right)) => {
            let keys: BTreeSet<&String> = left.keys().chain(right.keys()).collect();
            for key in keys {
                let of = |object: &serde_json::Map<String, Value>| object.get(key).cloned().unwrap_or(Value::Null);
                differences(&of(left), &of(right), &format!("{place}.{key}"), found);
            }
        }
        (Value::Array(left), Value::Array(right)) if left.len() == right.len() => {
            for (at, (left, right)) in left.iter().zip(right).enumerate() {
                differences(left, right, &format!("{place}[{at}]"), found);
            }
        }
        _ => found.push(format!("{place}: {left} / {right}")),
    }
}

fn analyzed(folder: &Path, args: &[&str]) -> Value {
    without_source(wcaf(folder, &[&["analyze", "--format", "json", "--people"], args].concat()).ok().json())
}

/// Converts a log in every format and compares what the analysis finds.
fn assert_round_trip(name: &str, args: &[&str]) {
    let folder = folder_with(&[]);
    let before = analyzed(folder.path(), args);
    for format in formats() {
        let file = format!("events.{format}");
        wcaf(folder.path(), &[&["convert", "--to", &file], args].concat()).ok();
        let after = analyzed(folder.path(), &[&file]);
        let mut found = Vec::new();
        differences(&before, &after, "", &mut found);
        assert!(found.is_empty(), "{name} as {format}:\n{}", found.join("\n"));
        // a second round changes nothing
        let again = format!("again.{format}");
        wcaf(folder.path(), &["convert", &file, "--to", &again]).ok();
        let read = |name: &str| std::fs::read(folder.path().join(name)).unwrap();
        assert!(read(&file) == read(&again), "{name} as {format}: a second round gives other bytes");
    }
}

/// The public logs and the flags they need.
const LOGS: [(&str, &str, &[&str]); 16] = [
    ("servicenow-incidents", "incident_event_log.zip", &[]),
    ("volvo-problems", "closed_problems.xes.gz", &[]),
    ("volvo-problems", "open_problems.xes.gz", &[]),
    ("italian-helpdesk", "helpdesk.xes.gz", &[]),
    ("permit-receipt", "receipt.xes.gz", &[]),
    ("permit-receipt", "receipt.csv", &[]),
    ("travel-approvals", "BPI_2020_PrepaidTravelCost.xes.gz", &[]),
    ("travel-approvals", "BPI_2020_RequestForPayment.xes.gz", &[]),
    ("start-end", "ConsultaDataMining201618.csv.gz", &[]),
    ("start-end", "Insurance_Claims_train.csv", &[]),
    ("start-end", "LoanApp_simplified_train.csv.gz", &[]),
    ("japanese", "raw_billing_2024.csv", &[]),
    ("japanese", "raw_invoice_approval_2024.csv", &[]),
    ("japanese", "raw_itsm_2024.csv", &[]),
    ("japanese", "raw_order_to_cash_2024.csv", &[]),
    ("helpdesk-comments", "comments.csv", &[]),
];

#[test]
fn public_logs_come_back() {
    for (folder, file, flags) in LOGS {
        let Some(folder) = public_log(folder) else { return };
        let path = folder.join(file);
        assert_round_trip(file, &[&[path.to_str().unwrap()], flags].concat());
    }
}

#[cfg(feature = "parquet")]
#[test]
fn permits_say_the_same_in_parquet() {
    let Some(folder) = public_log("permit-receipt") else { return };
    let here = folder_with(&[]);
    // the Parquet file has the times of the local clock, without the offsets of the others
    let zone = ["--timezone", "Europe/Amsterdam"];
    let read = |name: &str| analyzed(here.path(), &[&zone[..], &[folder.join(name).to_str().unwrap()]].concat());
    let parquet = read("receipt.parquet");
    for other in ["receipt.xes.gz", "receipt.csv"] {
        let mut found = Vec::new();
        differences(&read(other), &parquet, "", &mut found);
        assert!(found.is_empty(), "{other}:\n{}", found.join("\n"));
    }
    assert_round_trip("receipt.parquet", &[folder.join("receipt.parquet").to_str().unwrap()]);
}

#[test]
fn sample_logs_come_back() {
    let logs = ["servicenow-incidents-excerpt.csv.gz", "service-desk.csv.gz", "procurement.csv"];
    for name in logs.into_iter().filter(|name| Path::new(&sample(name)).exists()) {
        assert_round_trip(name, &[&sample(name)]);
    }
}

/// Ids that programs like to change, some of them in text formats only.
fn nasty() -> Vec<&'static str> {
    NASTY.into_iter().chain(["@x", "a\0", "\u{1f600}\\u0041"]).collect()
}

#[test]
fn nasty_ids_survive_every_format() {
    let rows = ["New", "Closed"].into_iter().enumerate().flat_map(|(day, state)| {
        nasty().into_iter().enumerate().map(move |(i, id)| {
            format!(
                "\"{}\",2024-03-0{} 10:{i:02}:00,{state},\"{}\"\n",
                id.replace('"', "\"\""),
                day + 1,
                id.replace('"', "\"\"")
            )
        })
    });
    let text = "case,time,state,act\n".to_owned() + &rows.collect::<String>();
    let folder = folder_with(&[("t.csv", text.as_bytes())]);
    for format in formats() {
        let file = format!("events.{format}");
        wcaf(folder.path(), &["convert", "t.csv", "--case", "case", "--activity", "act", "--to", &file]).ok();
        let back = wcaf(folder.path(), &["convert", &file, "--to", "-", "--format", "ndjson"]).ok();
        let lines: Vec<Value> = back.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        for key in ["case", "activity:act"] {
            let found: BTreeSet<&str> = lines.iter().filter_map(|line| line[key].as_str()).collect();
            assert_eq!(found, nasty().into_iter().collect(), "{key} in {format}");
        }
        assert_eq!(lines.len(), nasty().len() * 2);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_logs_come_back(made in random_log()) {
        let folder = folder_with(&[]);
        crate::harness::write_csv(&made.rows, made.columns, &folder.path().join("log.csv"));
        let section = made.config.mapping.clone();
        let flag = |name: &str, column: Option<String>| format!("--{name}={}", column.unwrap_or_default());
        let mut flags = vec![
            flag("case", section.case), flag("time", section.time), flag("state", section.state),
            flag("activity", section.activity), flag("group", section.group), flag("assignee", section.assignee),
            flag("actor", section.actor), flag("priority", section.priority), flag("segment", Some("site".to_owned())),
        ];
        flags.push("--family=activity".to_owned());
        let mut args: Vec<&str> = vec!["log.csv"];
        args.extend(flags.iter().map(String::as_str));
        let ran = wcaf(folder.path(), &[&["analyze", "--format", "json", "--people"], &args[..]].concat());
        if ran.code == Some(0) {
            let before = without_source(ran.json());
            for format in formats() {
                let file = format!("events.{format}");
                wcaf(folder.path(), &[&["convert", "--to", &file], &args[..]].concat()).ok();
                let mut found = Vec::new();
                differences(&before, &analyzed(folder.path(), &[&file]), "", &mut found);
                prop_assert!(found.is_empty(), "{}:\n{}", format, found.join("\n"));
            }
        }
    }
}

#[test]
fn the_target_is_checked() {
    let log = "case,time,state\n1,2024-03-01 10:00,New\n1,2024-03-02 10:00,Closed\n";
    let folder = folder_with(&[("t.csv", log.as_bytes())]);
    let convert = |args: &[&str]| -> Ran { wcaf(folder.path(), &[&["convert"], args].concat()) };
    convert(&["t.csv", "--to", "t.csv"]).refused(2, &["the file to write is a log to read", "hint: "]);
    convert(&["t.csv", "--to", "./t.csv", "--format", "ndjson"]).refused(2, &["the file to write is a log to read"]);
    convert(&["t.csv", "--to", "events"]).refused(2, &["does not say a format", "--format csv"]);
    convert(&["t.csv", "--to", "events.parquet.gz"]).refused(2, &["compressed itself"]);
    convert(&["t.csv", "--to", "nowhere/events.csv"]).refused(4, &["nowhere/events.csv"]);
    assert_eq!(std::fs::read_to_string(folder.path().join("t.csv")).unwrap(), log);
    let out = convert(&["t.csv", "--to", "-", "--format", "csv", "--quiet"]).ok().out;
    assert_eq!(
        out,
        "case,time,state,wcaf:activity:unchanged:60000\n1,2024-03-01T10:00:00.000Z,New,\n1,2024-03-02T10:00:00.000Z,Closed,\n"
    );
    let out = convert(&["t.csv", "--to", "-", "--format", "ndjson"]).ok().out;
    assert!(
        out.starts_with("{\"case\":\"1\",\"time\":\"2024-03-01T10:00:00.000Z\",\"state\":\"New\",\"wcaf:"),
        "{out}"
    );
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let rows: String = (0..60_000).map(|i| format!("C{},2024-03-01 10:0{},New\n", i / 3, i % 3)).collect();
    let folder = folder_with(&[("t.csv", format!("case,time,state\n{rows}").as_bytes())]);
    for format in formats().into_iter().filter(|format| !format.contains('.')) {
        let mut child = command(folder.path())
            .args(["convert", "t.csv", "--to", "-", "--format", format])
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        drop(child.stdout.take());
        let output = child.wait_with_output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{format}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
