//! Figures that are known of the other public logs.

use std::path::PathBuf;

use serde_json::{Value, json};
use wcaf::assemble::measure;
use wcaf::config::Config;
use wcaf::ingest::mapping::Overrides;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, Request};

use crate::harness::{element, findings, public_log};
use crate::oracle::{cases, readers, sla};

fn tickets() -> Option<[PathBuf; 3]> {
    let folder = public_log("sla-tickets")?;
    Some(["input_02.csv", "input_03.csv", "input_04.csv"].map(|file| folder.join(file)))
}

/// Events used, cases, and that no row is lost.
fn assert_read(found: &Value, events: u64, cases: u64) {
    let input = &found["input"];
    assert_eq!((&input["events"], &input["cases"]), (&json!(events), &json!(cases)));
    assert_eq!(input["rows_read"].as_u64().unwrap(), events + input["rows_rejected"].as_u64().unwrap());
    assert_eq!(input["rows_rejected"], 0);
    let rows: u64 = input["sources"].as_array().unwrap().iter().map(|source| source["rows"].as_u64().unwrap()).sum();
    assert_eq!(input["rows_read"], rows);
    assert_eq!(input["completed_cases"].as_u64().unwrap() + input["open_cases"].as_u64().unwrap(), cases);
    assert_eq!(found["ledger"]["conserved"], true);
}

/// Steps at which nothing visible changed: an internal measure behind the proxy of bucket B.
#[test]
fn unchanged_steps_of_the_incidents() {
    let Some(folder) = public_log("servicenow-incidents") else { return };
    let config = Config::default();
    let sources = vec![Source::File(folder.join("incident_event_log.zip"))];
    let request = Request { sources, overrides: Overrides::from_config(&config), threads: 2, ..Request::default() };
    let (log, report) = ingest::read(&request, &Progress::new(0)).unwrap();
    let touches = measure(log, &report, &config, 2).unwrap().swept.touches;
    assert_eq!((touches.unchanged_steps, touches.steps), (28_427, 116_794));
}

#[test]
fn tickets_from_three_files() {
    let Some(files) = tickets() else { return };
    let found = findings(&files, &Config::default());
    assert_read(&found, 2_542, 665);
    assert_eq!(found["input"]["sources"].as_array().unwrap().len(), 3);
    assert_eq!(found["input"]["last_event"], "2020-03-15T23:09:17Z");
    assert_eq!(found["input"]["completed_cases"], 103);
    assert_eq!(found["mapping"]["case"]["column"], "Ticket");
    assert_eq!(found["mapping"]["tie_break"]["column"], "Status No.");
    // the status a ticket is in at the end of the log is its open visit
    let current = [("Assigned", 218), ("Closed", 103), ("Customer Response", 128), ("Logged", 101), ("UAT", 115)];
    for (state, count) in current {
        assert_eq!(element(&found["states"], "state", state)["open_visits"], count, "{state}");
    }
    assert!(found["sla"].is_null() && found["kpis"]["sla_breach_rate"].is_null());
}

#[test]
fn service_levels_of_the_tickets() {
    let Some(folder) = public_log("sla-tickets") else { return };
    let rows = readers::sla_tickets(&folder);
    let as_of = 1_584_313_757_000; // 2020-03-15 23:09:17
    let cases = cases::build(&rows, &readers::sla_tickets_options(), as_of);
    let found = sla::business_day_sla(&cases, &readers::sla_targets(&folder), "Closed", as_of);
    assert_eq!((&found["met"], &found["missed"]), (&json!(71), &json!(32)));
    assert_eq!((&found["open_past_target"], &found["open_within_target"]), (&json!(501), &json!(61)));
    for (department, percent) in [("HR", 100.0), ("Operations", 100.0), ("Sales", 100.0), ("Product Design", 90.91)] {
        let achieved = found["closed_by_department"][department]["achieved_percent"].as_f64().unwrap();
        assert!((achieved - percent).abs() < 0.005, "{department}: {achieved}");
    }
}

#[test]
fn permits() {
    let Some(folder) = public_log("permit-receipt") else { return };
    let found = findings(&[folder.join("receipt.csv")], &Config::default());
    assert_read(&found, 8_577, 1_434);
    assert_eq!(found["input"]["tie_share"], 0.0);
    let null = element(&found["mapping"]["nulls"], "column", "org:group");
    assert_eq!((&null["literal"], &null["applied"]), (&json!("EMPTY"), &json!(false)));
    let means = found["mapping"]["activity_means"].as_object().unwrap();
    assert!(means.values().all(|means| means["value"] == "completed"), "{means:?}");
}

#[test]
fn activities_with_start_and_end() {
    let Some(folder) = public_log("start-end") else { return };
    let logs = [
        ("ConsultaDataMining201618.csv.gz", 6_870, 954),
        ("Insurance_Claims_train.csv", 5_443, 1_000),
        ("LoanApp_simplified_train.csv.gz", 7_544, 1_000),
    ];
    for (file, events, cases) in logs {
        let found = findings(&[folder.join(file)], &Config::default());
        assert_read(&found, events, cases);
        assert_eq!(found["mapping"]["family"]["value"], "start_end", "{file}");
        let queued = |state: &Value| state["state"].as_str().unwrap().ends_with(" (queued)");
        let states = found["states"].as_array().unwrap();
        assert!(states.iter().any(queued) && !states.iter().all(queued), "{file}: {states:?}");
    }
}

#[test]
fn japanese_logs() {
    let Some(folder) = public_log("japanese") else { return };
    let logs = [
        ("raw_billing_2024.csv", 1_029, 180),
        ("raw_invoice_approval_2024.csv", 1_287, 200),
        ("raw_itsm_2024.csv", 975, 150),
        ("raw_order_to_cash_2024.csv", 540, 50),
    ];
    for (file, events, cases) in logs {
        let found = findings(&[folder.join(file)], &Config::default());
        assert_read(&found, events, cases);
        assert_eq!(found["mapping"]["date_order"], "not_needed", "{file}");
    }
    let found = findings(&[folder.join("raw_itsm_2024.csv")], &Config::default());
    assert_eq!(element(&found["states"], "state", "クローズ")["class"], "done");
    assert_eq!(found["input"]["completed_cases"], 150);
}
