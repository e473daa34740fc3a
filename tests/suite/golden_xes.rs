//! Figures that are known of the public logs in XES, and that the same log says the same in XES and in CSV.

use serde_json::{Value, json};
use wcaf::config::Config;

use crate::harness::{element, findings, public_log};

/// Events, cases and completed cases; nothing may be lost.
fn assert_read(found: &Value, events: u64, cases: u64) {
    let input = &found["input"];
    assert_eq!((&input["events"], &input["cases"]), (&json!(events), &json!(cases)));
    assert_eq!((&input["rows_read"], &input["rows_rejected"]), (&json!(events), &json!(0)));
    assert_eq!(input["sources"][0]["format"], "xes.gz");
    assert_eq!(found["ledger"]["conserved"], true);
}

fn column<'f>(found: &'f Value, role: &str) -> &'f Value {
    &found["mapping"][role]["column"]
}

#[test]
fn problems_closed_and_open() {
    let Some(folder) = public_log("volvo-problems") else { return };
    let closed = findings(&[folder.join("closed_problems.xes.gz")], &Config::default());
    assert_read(&closed, 6_660, 1_487);
    assert_eq!(column(&closed, "state"), "concept:name/lifecycle:transition");
    assert_eq!(column(&closed, "group"), "organization involved");
    assert_eq!(column(&closed, "actor"), "org:resource");
    assert_eq!(element(&closed["states"], "state", "Completed/Closed")["class"], "done");
    assert_eq!(element(&closed["states"], "state", "Queued/Awaiting Assignment")["class"], "queue");

    let open = findings(&[folder.join("open_problems.xes.gz")], &Config::default());
    assert_read(&open, 2_351, 819);
    assert_eq!((&open["input"]["completed_cases"], &open["input"]["open_cases"]), (&json!(356), &json!(463)));
    assert_eq!(column(&open, "state"), "concept:name/lifecycle:transition");
    assert_eq!(column(&open, "group"), "org:role");
}

#[test]
fn help_desk() {
    let Some(folder) = public_log("italian-helpdesk") else { return };
    let mut config = Config::default();
    for (state, class) in [
        ("Closed", "done"),
        ("Resolve ticket", "done"),
        ("VERIFIED", "active"),
        ("RESOLVED", "active"),
        ("DUPLICATE", "active"),
        ("INVALID", "active"),
    ] {
        config.states.insert(state.to_owned(), class.to_owned());
    }
    let found = findings(&[folder.join("helpdesk.xes.gz")], &config);
    assert_read(&found, 21_348, 4_580);
    let input = &found["input"];
    assert_eq!(input["completed_cases"], 4_567);
    assert!((input["tie_share"].as_f64().unwrap() - 0.0078).abs() < 0.000_05, "{}", input["tie_share"]);
    let cycle = &found["kpis"]["cycle_time_ms"]["wall"];
    assert_eq!((&cycle["p50"], &cycle["p90"]), (&json!(567_338_000), &json!(2_595_744_600_i64)));
    assert_eq!(found["handoffs"]["definition"], "person");
    assert_eq!(found["handoffs"]["kinds"]["person"]["total"], 8_648);
    let done = ["Closed", "Resolve ticket"];
    let reopens = found["transitions"].as_array().unwrap().iter().filter(|step| {
        let is_done = |end: &str| done.contains(&step[end].as_str().unwrap());
        is_done("from") && !is_done("to")
    });
    assert_eq!(reopens.map(|step| step["count"].as_u64().unwrap()).sum::<u64>(), 164);
}

#[test]
fn travel_approvals() {
    let Some(folder) = public_log("travel-approvals") else { return };
    for (file, events, cases) in
        [("BPI_2020_PrepaidTravelCost.xes.gz", 18_246, 2_099), ("BPI_2020_RequestForPayment.xes.gz", 36_796, 6_886)]
    {
        let found = findings(&[folder.join(file)], &Config::default());
        assert_read(&found, events, cases);
        assert_eq!(column(&found, "group"), "org:role", "{file}");
        assert_eq!(column(&found, "activity"), "concept:name", "{file}");
    }
}

/// The evidence for the mapping may differ, since the first rows of a CSV are counted in bytes.
#[test]
fn permits_say_the_same_in_xes_and_csv() {
    let Some(folder) = public_log("permit-receipt") else { return };
    let [mut xes, mut csv] =
        ["receipt.xes.gz", "receipt.csv"].map(|file| findings(&[folder.join(file)], &Config::default()));
    assert_read(&xes, 8_577, 1_434);
    for found in [&mut xes, &mut csv] {
        found["input"]["sources"] = Value::Null;
        let mapping = found["mapping"].as_object_mut().unwrap();
        mapping.remove("sample_rows");
        // two keys that are declared and never used
        mapping["unused"]
            .as_array_mut()
            .unwrap()
            .retain(|name| name != "case:aantekening" && name != "case:redenverlenging");
        for part in mapping.values_mut().filter(|part| part.get("column").is_some()) {
            part["why"] = Value::Null;
        }
        mapping["nulls"].as_array_mut().unwrap().iter_mut().for_each(|null| null["share"] = Value::Null);
    }
    for (part, value) in csv.as_object().unwrap() {
        assert!(&xes[part] == value, "{part} differs:\n{}\n{value}", xes[part]);
    }
}
