//! `wcaf explain`: what is behind a number adds up to the number, in every log and for every number it lists cases of.

use serde_json::{Value, json};

use crate::harness::public_log;
use crate::run::{Ran, folder_with, sample, wcaf};

fn explain(args: &[&str]) -> Ran {
    let folder = folder_with(&[]);
    wcaf(folder.path(), &[&["explain"], args].concat())
}

/// What is behind a number, and the findings.
struct Log {
    path: String,
    flags: &'static [&'static str],
    findings: Value,
}

impl Log {
    fn new(path: &str, flags: &'static [&'static str]) -> Log {
        let path = path.to_owned();
        let folder = folder_with(&[]);
        let findings = wcaf(folder.path(), &[&["analyze", &path, "--format", "json"], flags].concat()).ok().json();
        Log { path, flags, findings }
    }

    fn behind(&self, name: &str) -> Value {
        let ran = explain(&[&[name, &self.path, "--format", "json", "--top", "1000000"], self.flags].concat());
        ran.ok().json()["log"]["behind"].clone()
    }
}

/// The listed cases and things add up to what is said of all of them.
fn adds_up(behind: &Value, name: &str) {
    let listed = behind["listed"].as_array().unwrap();
    assert_eq!(behind["cases"].as_u64().unwrap(), listed.len() as u64, "{name}");
    let items: Vec<&Value> = listed.iter().flat_map(|case| case["items"].as_array().unwrap()).collect();
    assert_eq!(behind["count"].as_u64().unwrap(), items.len() as u64, "{name}");
    let took: i64 = items.iter().filter_map(|item| item["duration_ms"].as_i64()).sum();
    assert_eq!(behind["total_ms"].as_i64().unwrap(), took, "{name}");
    let finished = items.iter().filter(|item| item["duration_ms"].is_number()).count();
    assert_eq!(behind["finished"].as_u64().unwrap(), finished as u64, "{name}");
}

fn share(part: &Value, all: &Value) -> f64 {
    part.as_f64().unwrap() / all.as_f64().unwrap()
}

fn same(value: &Value, expected: f64, name: &str) {
    assert!((value.as_f64().unwrap() - expected).abs() < 1e-12, "{name}: {value} is not {expected}");
}

/// The mean is rounded to a millisecond.
fn same_mean(distribution: &Value, behind: &Value, name: &str) {
    assert_eq!(distribution["n"], behind["finished"], "{name}");
    if let Some(mean) = distribution["mean"].as_f64() {
        assert!((mean - share(&behind["total_ms"], &behind["finished"])).abs() <= 0.5, "{name}");
    }
}

fn check(log: &Log) {
    let kpis = &log.findings["kpis"];
    for (name, distribution) in [
        ("cycle_time", &kpis["cycle_time_ms"]["wall"]),
        ("first_resolution_ms", &kpis["first_resolution_ms"]),
        ("exception_mttr", &kpis["exception_mttr_ms"]),
        ("missing_information_mttr", &kpis["missing_information_mttr_ms"]),
    ] {
        let behind = log.behind(name);
        adds_up(&behind, name);
        same_mean(distribution, &behind, name);
    }
    let rates = [
        ("kpis.reassignment_rate.of_cases", &kpis["reassignment_rate"]["of_cases"]),
        ("kpis.ping_pong_case_rate", &kpis["ping_pong_case_rate"]),
        ("kpis.reopen_rate", &kpis["reopen_rate"]),
        ("kpis.exception_rate", &kpis["exception_rate"]),
        ("kpis.escalation_rate", &kpis["escalation_rate"]),
    ];
    for (name, rate) in rates {
        let behind = log.behind(name);
        assert_eq!(behind.is_null(), rate.is_null(), "{name}");
        if !rate.is_null() {
            adds_up(&behind, name);
            same(rate, share(&behind["cases"], &behind["of_cases"]), name);
        }
    }
    for (name, mean) in [
        ("kpis.handoffs_per_case", &kpis["handoffs_per_case"]["mean"]),
        ("kpis.status_chases_per_case", &kpis["status_chases_per_case"]),
    ] {
        if !mean.is_null() {
            let behind = log.behind(name);
            adds_up(&behind, name);
            same(mean, share(&behind["count"], &behind["of_cases"]), name);
        }
    }
    for bucket in ["A", "C", "D"] {
        let touches = &log.findings["buckets"][bucket]["touches"];
        if !touches.is_null() {
            assert_eq!(log.behind(&format!("buckets.{bucket}.touches"))["count"], *touches, "{bucket}");
        }
    }
    for state in log.findings["states"].as_array().unwrap().iter().take(6) {
        let name = format!("states[{}].visits", state["state"].as_str().unwrap());
        let behind = log.behind(&name);
        adds_up(&behind, &name);
        assert_eq!((&behind["count"], &behind["cases"]), (&state["visits"], &state["cases"]), "{name}");
        assert_eq!(behind["total_ms"], state["total_ms"], "{name}");
    }
    for point in log.findings["choke_points"].as_array().unwrap().iter().take(4) {
        let name = format!("choke_points[{}].stays", point["id"].as_str().unwrap());
        let behind = log.behind(&name);
        assert_eq!((&behind["finished"], &behind["total_ms"]), (&point["stays"], &point["total_ms"]), "{name}");
    }
}

#[test]
fn what_is_behind_the_numbers_of_the_samples_adds_up() {
    check(&Log::new(&sample("service-desk.csv.gz"), &[]));
    check(&Log::new(&sample("servicenow-incidents-excerpt.csv.gz"), &[]));
}

#[test]
fn what_is_behind_the_numbers_of_public_logs_adds_up() {
    let (Some(incidents), Some(volvo)) = (public_log("servicenow-incidents"), public_log("volvo-problems")) else {
        return;
    };
    let incidents = Log::new(&incidents.join("incident_event_log.zip").display().to_string(), &[]);
    check(&incidents);
    // the facts of the log: 332 reopens in 276 cases, 6,241 maximal runs of waits
    let reopens = incidents.behind("reopen_rate");
    assert_eq!((&reopens["cases"], &reopens["count"]), (&json!(276), &json!(332)));
    assert_eq!(incidents.behind("exception_rate")["count"], 6_241 + 332);
    check(&Log::new(&volvo.join("open_problems.xes.gz").display().to_string(), &[]));
}

#[test]
fn timers_behind_the_breach_rate() {
    let config = "[calendar.office]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\n\
        [[sla]]\nid = \"resolution\"\npause = { state_class = \"waiting_requester\" }\ntarget = \"2bd\"\ncalendar = \"office\"\n"
        .replace("timezone = \"UTC\"\n", "timezone = \"UTC\"\nday = \"8h\"\n");
    let folder = folder_with(&[("wcaf.toml", config.as_bytes())]);
    let log = sample("service-desk.csv.gz");
    let run = |args: &[&str]| wcaf(folder.path(), &[args, &[&log, "--format", "json"]].concat()).ok().json();
    let level = run(&["analyze"])["sla"][0].clone();
    let breached = run(&["explain", "sla_breach_rate"])["log"]["behind"].clone();
    let counts = &level["counts"];
    let past = counts["breached"].as_u64().unwrap() + counts["open_past"].as_u64().unwrap();
    assert_eq!(breached["count"].as_u64(), Some(past));
    let near = run(&["explain", "near_breach.n"])["log"]["behind"].clone();
    assert_eq!(near["count"], level["near_breach"]["n"]);
}

const FIRST: &str = "ticket,time,state,team\n\
    T-1,2024-03-01 09:00:00,New,Desk\n\
    T-1,2024-03-01 10:00:00,In progress,Network\n\
    T-2,2024-03-01 09:00:00,New,Desk\n";

const SECOND: &str = "ticket,time,state,team\n\
    T-2,2024-03-02 09:00:00,In progress,Desk\n\
    T-1,2024-03-02 10:00:00,In progress,Desk\n";

#[test]
fn lines_of_several_files_and_one_case() {
    let folder = folder_with(&[("a.csv", FIRST.as_bytes()), ("b.csv", SECOND.as_bytes())]);
    let logs = ["a.csv", "b.csv", "--timezone", "UTC"];
    let found = wcaf(folder.path(), &[&["explain", "handoffs_per_case"], &logs[..], &["--format", "json"]].concat());
    let found = found.ok().json();
    let case = &found["log"]["behind"]["listed"][0];
    assert_eq!((&case["case"], &case["count"]), (&json!("T-1"), &json!(2)));
    let lines: Vec<(&Value, &Value)> =
        case["items"].as_array().unwrap().iter().map(|item| (&item["source"], &item["line"])).collect();
    assert_eq!(lines, [(&json!(0), &json!(3)), (&json!(1), &json!(3))]);
    assert!(found["log"]["inputs"]["group"]["column"] == "team" && found["log"]["inputs"]["state"].is_null());
    let told =
        wcaf(folder.path(), &[&["explain", "handoffs_per_case"], &logs[..], &["--case", "T-1"]].concat()).ok().out;
    for part in
        ["2 handoffs", "a.csv, line\u{a0}3: New → In progress, Desk → Network", "analyze a.csv b.csv --timezone UTC"]
    {
        assert!(told.split_whitespace().collect::<Vec<_>>().join(" ").contains(&part.replace('\u{a0}', " ")), "{told}");
    }
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    let none =
        wcaf(folder.path(), &[&["explain", "handoffs_per_case"], &logs[..], &["--case", "T-2"]].concat()).ok().out;
    assert!(none.contains("None of them in the case asked for."), "{none}");
    wcaf(folder.path(), &[&["explain", "handoffs_per_case"], &logs[..], &["--case", "T-9"]].concat())
        .refused(3, &["the log has no case `T-9`"]);
    // the column of cases goes by another flag here, and by its own in the command
    let told = wcaf(folder.path(), &["explain", "reopen_rate", "a.csv", "--case-column", "ticket"]).ok().out;
    assert!(told.contains("wcaf analyze a.csv --case ticket --format json"), "{told}");
    for format in ["md", "html"] {
        let told = wcaf(folder.path(), &["explain", "cycle_time", "a.csv", "--format", format]).ok().out;
        assert!(told.contains("First event"), "{told}");
    }
}

#[test]
fn names_that_mean_nothing_or_too_much() {
    explain(&["share"]).refused(2, &["`share` is the end of several names", "`choke_points[].share`"]);
    explain(&["reopen_share"]).refused(2, &["nothing is called `reopen_share`", "`kpis.reopen_rate`"]);
    explain(&["qqq"]).refused(2, &["nothing is called `qqq`", "`wcaf explain` lists everything"]);
    explain(&["reopen_rate", "--case", "1"]).refused(2, &["`--case` needs a log"]);
    let all = explain(&[]).ok().out;
    assert!(all.contains("kpis.reopen_rate") && all.lines().all(|line| line.chars().count() <= 80), "{all}");
    assert!(explain(&["kpis"]).ok().out.contains("kpis.reopen_rate"));
}

#[test]
fn every_key_figure_has_a_definition() {
    let log = sample("service-desk.csv.gz");
    let folder = folder_with(&[]);
    let findings = wcaf(folder.path(), &["analyze", &log, "--format", "json"]).ok().json();
    for figure in findings["kpis"].as_object().unwrap().keys().filter(|key| !key.contains("business")) {
        if figure != "push_to_front" {
            assert!(explain(&[&format!("kpis.{figure}")]).ok().out.contains("What it means"), "{figure}");
        }
    }
    for section in findings.as_object().unwrap().keys() {
        let known = ["ageing", "fake_waits", "schema", "silences", "tool", "unknown", "warnings"];
        if !known.contains(&section.as_str()) {
            assert!(explain(&[section]).ok().out.contains("What it means"), "{section}");
        }
    }
}
