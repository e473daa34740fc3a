//! Several files, patterns, containers, and answers given by flags and `wcaf.toml`.

use serde_json::Value;

use super::{LOG, analyze, folder};
use crate::run::{folder_with, gzip, sample, zip};

fn json(folder: &std::path::Path, args: &[&str]) -> Value {
    analyze(folder, &[args, &["--format", "json"]].concat()).ok().json()
}

/// The findings without what names the sources and the evidence of the mapping.
fn nameless(mut findings: Value) -> Value {
    findings["input"]["sources"] = Value::Null;
    findings["mapping"] = Value::Null;
    findings
}

#[test]
fn containers_hold_the_same_log() {
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("log.csv.gz", &gzip(LOG.as_bytes())),
        ("log.zip", &zip(&[("log.csv", LOG.as_bytes())])),
        ("packed-without-saying.csv", &gzip(LOG.as_bytes())),
    ]);
    let plain = nameless(json(folder.path(), &["log.csv"]));
    for name in ["log.csv.gz", "log.zip", "packed-without-saying.csv"] {
        assert_eq!(nameless(json(folder.path(), &[name])), plain, "{name}");
    }
}

#[test]
fn delimiters_and_marks_do_not_matter() {
    let plain = nameless(json(folder().path(), &["log.csv"]));
    for (name, delimiter) in [("semicolon", ";"), ("tab", "\t"), ("pipe", "|")] {
        let text = LOG.replace("\"waiting, as always\"", "waiting as always").replace(',', delimiter);
        let folder = folder_with(&[("log.csv", format!("\u{feff}{}", text.replace('\n', "\r\n")).as_bytes())]);
        assert_eq!(nameless(json(folder.path(), &["log.csv"])), plain, "{name}");
        assert_eq!(nameless(json(folder.path(), &["log.csv", "--delimiter", delimiter])), plain, "{name}");
    }
}

#[test]
fn several_files_and_patterns_are_one_log() {
    let (header, rows) = LOG.split_once('\n').unwrap();
    let (first, second) = rows.split_at(rows.find("B,").unwrap());
    let part = |rows: &str| format!("{header}\n{rows}");
    let (first, second) = (part(first), part(second));
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("parts/1.csv", first.as_bytes()),
        ("parts/2.csv", second.as_bytes()),
        ("parts/3.txt", b"not a log"),
        ("odd [name].csv", LOG.as_bytes()),
    ]);
    let whole = nameless(json(folder.path(), &["log.csv"]));
    let named = json(folder.path(), &["parts/1.csv", "parts/2.csv"]);
    let matched = json(folder.path(), &["parts/*.csv"]);
    assert_eq!(named, matched);
    assert_eq!(nameless(named), whole);
    let sources = matched["input"]["sources"].as_array().unwrap().iter();
    assert!(sources.map(|one| &one["name"]).eq(["1.csv", "2.csv"]));
    assert_eq!(nameless(json(folder.path(), &["parts/2.csv", "parts/1.csv"]))["input"]["cases"], 2);
    assert_eq!(nameless(json(folder.path(), &["odd [name].csv"])), whole);
    analyze(folder.path(), &["parts/*.csv", "parts/1.csv"]).refused(2, &["named twice", "--> parts/1.csv"]);
}

#[test]
fn a_case_may_go_on_in_another_file() {
    let (header, rows) = LOG.split_once('\n').unwrap();
    let late: String = rows.lines().filter(|row| row.contains("Closed")).map(|row| format!("{row}\n")).collect();
    let early: String = rows.lines().filter(|row| !row.contains("Closed")).map(|row| format!("{row}\n")).collect();
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("1-late.csv", format!("{header}\n{late}").as_bytes()),
        ("2-early.csv", format!("{header}\n{early}").as_bytes()),
    ]);
    let parts = json(folder.path(), &["1-late.csv", "2-early.csv"]);
    let whole = json(folder.path(), &["log.csv"]);
    assert_eq!(parts["kpis"]["cycle_time_ms"], whole["kpis"]["cycle_time_ms"]);
    assert_eq!(whole["kpis"]["cycle_time_ms"]["wall"]["n"], 2);
    assert_eq!(parts["input"]["cases"], 2);
}

#[test]
fn set_changes_one_answer() {
    let folder = folder();
    let class = |findings: &Value| {
        let states = findings["states"].as_array().unwrap_or_else(|| panic!("{findings}"));
        states.iter().find(|state| state["state"] == "On hold").map(|state| state["class"].clone())
    };
    let plain = json(folder.path(), &["log.csv"]);
    let set = json(folder.path(), &["log.csv", "--set", "state.\"On hold\"=review"]);
    assert_ne!(class(&plain), class(&set));
    assert_eq!(class(&set), Some("review".into()));
    let bare = json(folder.path(), &["log.csv", "--set", "state.On hold = review"]);
    assert_eq!(bare, set);
}

#[test]
fn the_configuration_of_the_folder_is_used_and_flags_beat_it() {
    let text = b"[states]\n\"On hold\" = \"review\"\n[mapping]\ngroup = \"\"\n";
    let configured = folder_with(&[("log.csv", LOG.as_bytes()), ("wcaf.toml", text), ("other.toml", b"")]);
    let named = folder_with(&[("log.csv", LOG.as_bytes()), ("mine.toml", text)]);
    let found = json(configured.path(), &["log.csv"]);
    assert_eq!(found, json(named.path(), &["log.csv", "-c", "mine.toml"]));
    assert_ne!(found, json(folder().path(), &["log.csv"]));
    assert_eq!(json(configured.path(), &["log.csv", "-c", "other.toml"]), json(folder().path(), &["log.csv"]));
    assert!(found["mapping"]["group"].is_null(), "{}", found["mapping"]);
    let flagged = json(configured.path(), &["log.csv", "--group", "group"]);
    assert_eq!(flagged["mapping"]["group"]["how"], "flag");
}

#[test]
fn rejected_rows_are_written_with_line_and_reason() {
    let broken = LOG.replacen("2024-03-05 09:00:00", "=cmd()", 1).replacen("B,2024-03-04 15", ",2024-03-04 15", 1);
    let folder = folder_with(&[("log.csv", (broken + "C\n").as_bytes())]);
    let args = ["log.csv", "--rejects", "rejects.csv", "--max-rejects", "1", "--time", "time"];
    let findings = json(folder.path(), &args);
    assert_eq!(findings["input"]["rows_rejected"], 3);
    let written = std::fs::read_to_string(folder.path().join("rejects.csv")).unwrap();
    let lines: Vec<&str> = written.lines().collect();
    assert_eq!(lines[0], "file,line,column,reason,value");
    assert_eq!(lines[1], "log.csv,4,time,time_unreadable,'=cmd()");
    assert_eq!(lines[2], "log.csv,7,case,case_missing,");
    assert!(lines[3].starts_with("log.csv,9,,field_count,\"1 field, expected 5"), "{}", lines[3]);
    assert_eq!(lines.len(), 4);
}

#[test]
fn rows_can_be_counted_on() {
    let folder = folder();
    analyze(folder.path(), &["log.csv", "--expect-rows", "7"]).ok();
    analyze(folder.path(), &["log.csv", "--expect-rows", "8", "-o", "report"])
        .refused(3, &["7 rows were read, 8 were expected", "hint: "]);
    assert!(!folder.path().join("report").exists());
}

#[test]
fn the_sample_logs_need_no_flag() {
    let folder = folder();
    for (name, rows) in [("service-desk.csv.gz", 30_150), ("procurement.csv", 7_704)] {
        assert_eq!(json(folder.path(), &[&sample(name)])["input"]["rows_read"], rows, "{name}");
    }
    let excerpt = "servicenow-incidents-excerpt.csv.gz";
    assert_eq!(json(folder.path(), &[&sample(excerpt)])["input"]["rows_read"], 11_582);
}

#[test]
fn a_folder_is_refused_with_patterns_for_what_is_in_it() {
    let folder = folder_with(&[
        ("logs/a.csv", LOG.as_bytes()),
        ("logs/b.CSV.gz", b""),
        ("logs/c.parquet", b""),
        ("logs/notes.md", b""),
        ("one/a.jsonl", b""),
        ("none/readme.md", b""),
    ]);
    let hint =
        "hint: name the files in it: `wcaf analyze 'logs/*.CSV.gz' 'logs/*.csv' 'logs/*.parquet'`, or some of these";
    analyze(folder.path(), &["logs/"]).refused(3, &["the input is a folder", hint]);
    analyze(folder.path(), &["one"]).refused(3, &["hint: name the files in it: `wcaf analyze 'one/*.jsonl'`"]);
    analyze(folder.path(), &["none"])
        .refused(3, &["no name in it ends as those of logs do: .csv", "hint: name the file"]);
}
