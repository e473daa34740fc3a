//! Figures that are known of the public logs in XES, and that the same log says the same in XES and in CSV.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use wcaf::config::Config;

use crate::harness::{element, findings, public_log};
use crate::oracle::{Row, readers};

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

/// Steps of a log of acts, in plain loops: the act, the next one, and the milliseconds between them.
fn steps(rows: &[Row]) -> Vec<(String, String, i64)> {
    let mut cases: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows {
        cases.entry(&row.case).or_default().push(row);
    }
    let mut steps = Vec::new();
    for case in cases.values_mut() {
        case.sort_by_key(|row| row.time_ms); // stable: position breaks ties
        for pair in case.windows(2) {
            let act = |row: &Row| row.activity.clone().unwrap();
            steps.push((act(pair[0]), act(pair[1]), pair[1].time_ms - pair[0].time_ms));
        }
    }
    steps
}

/// Time after a `FINAL_APPROVED` event is approval time only where the next act is itself a decision.
#[test]
fn time_after_a_final_approval() {
    let Some(folder) = public_log("travel-approvals") else { return };
    // time of all steps, of those that start at such an event (68 % and 28 %), and of those among them that wait for a decision
    let logs = [
        ("BPI_2020_PrepaidTravelCost.xes.gz", [6_672_211_823_000, 4_564_758_651_000, 28_616_665_000]),
        ("BPI_2020_RequestForPayment.xes.gz", [7_144_037_270_000_i64, 1_967_109_766_000, 17_971_072_000]),
    ];
    for (file, known) in logs {
        let path = folder.join(file);
        let found = findings(std::slice::from_ref(&path), &Config::default());
        let steps = steps(&readers::mapped(&readers::xes(&path), &found["mapping"]));
        let decides =
            |act: &str| act.contains(" APPROVED ") || act.contains("FINAL_APPROVED") || act.contains("REJECTED");
        let states = found["states"].as_array().unwrap();
        let (mut all, mut after_final, mut deciding_after_final) = (0, 0, 0);
        let mut approval = 0;
        let mut by_state: BTreeMap<String, i64> = BTreeMap::new();
        for (act, next, ms) in &steps {
            all += ms;
            if states.iter().any(|state| state["state"] == **act) {
                continue; // the act is an end, and so is the time after it
            }
            *by_state.entry(format!("→ {next}")).or_default() += ms;
            approval += if decides(next) { *ms } else { 0 };
            if act.contains("FINAL_APPROVED") {
                after_final += ms;
                deciding_after_final += if decides(next) { *ms } else { 0 };
                let class = &element(&found["states"], "state", &format!("→ {next}"))["class"];
                assert_eq!(class == "approval", decides(next), "{file}: {act}, then {next}");
            }
        }
        assert_eq!([all, after_final, deciding_after_final], known, "{file}");
        for (state, ms) in by_state {
            assert_eq!(element(&found["states"], "state", &state)["total_ms"], ms, "{file}: {state}");
        }
        let cells = found["ledger"]["cells"].as_array().unwrap().iter();
        let found = cells.filter(|cell| cell["class"] == "approval").map(|cell| cell["duration_ms"].as_i64().unwrap());
        assert_eq!(found.sum::<i64>(), approval, "{file}");
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
