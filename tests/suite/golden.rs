//! Figures that are known of the public incident log, read without any flag.
//!
//! Counts are exact, durations exact to the millisecond. Rows per state and the counters of the source system are
//! taken from the log itself. The log stays outside of the product: `WCAF_LOGS` names its folder.

use serde_json::{Value, json};

use crate::harness::{element, incidents, public_log};
use crate::oracle::{self, Options, cases, readers};

/// Asserts values at paths.
fn assert_at(findings: &Value, expected: &[(&str, Value)]) {
    for (path, value) in expected {
        assert_eq!(findings.pointer(path), Some(value), "{path}");
    }
}

fn close(findings: &Value, path: &str, value: f64, digits: i32) {
    let found = findings.pointer(path).and_then(Value::as_f64).unwrap_or_else(|| panic!("{path}"));
    let scale = 10f64.powi(digits);
    assert!(((found * scale).round() - (value * scale).round()).abs() < 0.5, "{path}: {found}");
}

#[test]
fn what_was_read() {
    let Some(found) = incidents() else { return };
    assert_at(
        found,
        &[
            ("/input/rows_read", json!(141_712)),
            ("/input/rows_rejected", json!(0)),
            ("/input/events", json!(141_712)),
            ("/input/cases", json!(24_918)),
            ("/input/completed_cases", json!(24_918)),
            ("/input/open_cases", json!(0)),
            ("/input/first_event", json!("2016-02-29T01:23:00Z")),
            ("/input/last_event", json!("2017-02-18T15:00:00Z")),
            ("/input/as_of", json!("2017-02-18T15:00:00Z")),
            ("/input/tie_share", json!(14_118.0 / 116_794.0)),
            ("/input/zero_length_share", json!(2_021.0 / 24_918.0)),
            ("/input/resolution_ms", json!(60_000)),
            ("/input/order_fixed", json!(1)),
        ],
    );
    close(found, "/input/tie_share", 0.121, 3);
}

#[test]
fn what_the_columns_were_taken_for() {
    let Some(found) = incidents() else { return };
    let roles = [
        ("case", "number"),
        ("time", "sys_updated_at"),
        ("state", "incident_state"),
        ("group", "assignment_group"),
        ("assignee", "assigned_to"),
        ("actor", "sys_updated_by"),
        ("priority", "priority"),
        ("reassignment_count", "reassignment_count"),
        ("reopens", "reopen_count"),
        ("updates", "sys_mod_count"),
    ];
    for (role, column) in roles {
        assert_eq!(found["mapping"][role]["column"], column, "{role}");
    }
    assert!(found["mapping"]["activity"].is_null());
    assert_eq!(found["mapping"]["date_order"], "day_first");
    assert_eq!(found["mapping"]["family"]["value"], "snapshot");
    assert_eq!(found["mapping"]["missing_owner"]["value"], "unassigned");
    assert_eq!(found["mapping"]["touch_window_ms"], 60_000);
    for column in ["made_sla", "resolved_at", "closed_at", "resolved_by", "closed_code"] {
        element(&found["mapping"]["leaky"], "column", column);
    }
    for column in ["assignment_group", "assigned_to"] {
        let null = element(&found["mapping"]["nulls"], "column", column);
        assert_eq!((&null["literal"], &null["applied"]), (&json!("?"), &json!(true)), "{column}");
    }
}

#[test]
fn rows_per_state() {
    let (Some(folder), Some(found)) = (public_log("servicenow-incidents"), incidents()) else { return };
    let rows = readers::servicenow(&folder);
    let expected = [
        ("Active", 38_716),
        ("New", 36_407),
        ("Resolved", 25_751),
        ("Closed", 24_985),
        ("Awaiting User Info", 14_642),
        ("Awaiting Vendor", 707),
        ("Awaiting Problem", 461),
        ("Awaiting Evidence", 38),
        ("-100", 5),
    ];
    for (state, count) in expected {
        assert_eq!(rows.iter().filter(|row| row.state.as_deref() == Some(state)).count(), count, "{state}");
        element(&found["states"], "state", state);
    }
    assert_eq!(found["states"].as_array().unwrap().len(), expected.len());
    // every case ends in Closed: its open visits are all cases, and no other state has one
    for state in found["states"].as_array().unwrap() {
        assert_eq!(state["open_visits"], if state["state"] == "Closed" { 24_918 } else { 0 }, "{state}");
    }
    assert_eq!(element(&found["states"], "state", "-100")["unclassified"], true);
}

#[test]
fn classes_of_states() {
    let Some(found) = incidents() else { return };
    for (state, class) in readers::servicenow_options().classes {
        assert_eq!(element(&found["states"], "state", &state)["class"], class.as_str(), "{state}");
    }
}

#[test]
fn cycle_time_and_reopens() {
    let Some(found) = incidents() else { return };
    assert_at(
        found,
        &[
            ("/kpis/cycle_time_ms/wall/n", json!(24_918)),
            ("/kpis/cycle_time_ms/wall/p50", json!(54_030_000)),
            ("/kpis/cycle_time_ms/wall/p90", json!(1_286_760_000)),
            ("/kpis/cycle_time_ms/wall/p95", json!(2_405_058_000_i64)),
            ("/kpis/cycle_time_ms/wall/p99", json!(9_914_337_600_i64)),
            ("/kpis/cycle_time_ms/wall/mean", json!(594_881_926)),
            ("/kpis/reopen_rate", json!(276.0 / 24_918.0)),
            ("/kpis/status_chases_per_case", json!(null)),
        ],
    );
    let hours = [("p50", 15.01), ("p90", 357.43), ("p95", 668.07), ("p99", 2_753.98), ("mean", 165.24)];
    for (key, hours) in hours {
        let ms = found["kpis"]["cycle_time_ms"]["wall"][key].as_f64().unwrap();
        assert!((ms / 3_600_000.0 - hours).abs() < 0.005_1, "{key}");
    }
    let reopened = element(&found["reconcile"], "column", "reopen_count");
    assert_eq!(reopened["total_ours"], 332);
    assert_eq!(reopened["total_theirs"], 331);
}

#[test]
fn handoffs_by_every_definition() {
    let Some(found) = incidents() else { return };
    assert_at(
        found,
        &[
            ("/handoffs/definition", json!("group")),
            ("/handoffs/kinds/group/total", json!(19_087)),
            ("/handoffs/kinds/group_or_unassigned/total", json!(23_321)),
            ("/handoffs/kinds/person/total", json!(4_873)),
            ("/handoffs/kinds/system", json!(null)),
            ("/handoffs/ping_pong", json!({"total": 3_675, "cases": 2_216})),
            ("/kpis/ping_pong_case_rate", json!(2_216.0 / 24_918.0)),
            // no updater bears the name of an assignee
            ("/handoffs/pickup_rule", json!("entry_into_active")),
            ("/handoffs/self_assigned", json!(0)),
        ],
    );
    let counter = element(&found["reconcile"], "column", "reassignment_count");
    assert_eq!(counter["measure"], "handoffs.kinds.group_or_unassigned");
    assert_eq!(counter["total_theirs"], 23_414);
    assert_eq!(counter["total_ours"], 23_321);
    assert_eq!(counter["cases_nonzero"], 11_369);
    assert_eq!(counter["agree_nonzero"], 11_278);
    close(counter, "/agreement", 0.996_3, 4);
}

#[test]
fn waits_and_where_they_go() {
    let Some(found) = incidents() else { return };
    let awaiting = found["states"].as_array().unwrap().iter().filter(|state| {
        ["waiting_requester", "waiting_external", "blocked"].contains(&state["class"].as_str().unwrap())
    });
    assert_eq!(awaiting.map(|state| state["visits"].as_u64().unwrap()).sum::<u64>(), 6_398);
    assert_eq!(element(&found["states"], "state", "Awaiting User Info")["visits"], 5_852);
    let straight = found["transitions"]
        .as_array()
        .unwrap()
        .iter()
        .find(|transition| transition["from"] == "Awaiting User Info" && transition["to"] == "Resolved");
    assert_eq!(straight.unwrap()["count"], 4_657);
    // 6,241 maximal runs and 332 reopened gaps, all of them closed
    let mttr = &found["kpis"]["exception_mttr_ms"];
    assert_eq!((&mttr["n"], &mttr["open"]), (&json!(6_241 + 332), &json!(0)));
}

#[test]
fn window_volume_and_warnings() {
    let Some(found) = incidents() else { return };
    assert_at(
        found,
        &[
            ("/window/dense_from", json!("2016-02-29")),
            ("/window/dense_to", json!("2016-06-05")),
            ("/window/weeks", json!(14)),
            ("/window/reference_per_week", json!(1_975.0)),
            ("/window/median_per_week", json!(1_916.5)),
            ("/window/cases_outside", json!(273)),
        ],
    );
    close(found, "/window/volume_per_month", 8_323.0, 0);
    for code in ["closed_only", "zero_length", "ties"] {
        element(&found["warnings"], "code", code);
    }
    let arrivals: u64 = found["kpi_cuts"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|cut| {
            cut["dimension"] == "week" && cut["kpi"] == "exception_rate" && cut["key"].as_str() <= Some("2016-W22")
        })
        .map(|cut| cut["n"].as_u64().unwrap())
        .sum();
    assert_eq!(arrivals, 24_918 - 273);
}

#[test]
fn the_bot_is_proposed_and_is_nobody() {
    let Some(found) = incidents() else { return };
    assert_eq!(found["bots"].as_array().unwrap().len(), 1);
    let bot = element(&found["bots"], "actor", "Updated by 908");
    assert_eq!((&bot["rows"], &bot["how"]), (&json!(36_162), &json!("guess")));
    assert!(bot["evidence"].as_str().unwrap().contains("419"), "{bot}");
    let sum: u64 = ["A", "C"].iter().map(|key| found["buckets"][key]["touches"].as_u64().unwrap()).sum();
    let work = found["buckets"]["work_touches"].as_u64().unwrap();
    assert_eq!(found["buckets"]["all_touches"], sum + work);
    assert_eq!(found["buckets"]["B"]["proxy"], true);
    assert_eq!(found["buckets"]["B"]["minutes"]["low"], 0.0);
}

#[test]
fn facts_of_the_rows_themselves() {
    let Some(folder) = public_log("servicenow-incidents") else { return };
    let rows = readers::servicenow(&folder);
    let options = readers::servicenow_options();
    let extra = &oracle::analyze(&rows, &options)["extra"];
    assert_eq!((&extra["reopens"], &extra["reopened_cases"]), (&json!(332), &json!(276)));
    assert_eq!(extra["zero_cycle_cases"], 2_021);
    assert_eq!(extra["assignees_who_act"], 0);
    assert_eq!(extra["counter_falls"]["sys_mod_count"], json!({"tied": 0, "untied": 5}));
    assert_eq!(
        extra["group_or_unassigned_split"],
        json!({"known_known": 17_914, "known_none": 3_329, "none_known_later": 1_545, "first_assignment": 533})
    );
    assert_eq!(extra["first_terminal_row"], json!({"names_a_group": 22_700, "equals_first_known_group": 14_726}));
    assert_eq!((&extra["exceptions"]["visits"], &extra["exceptions"]["runs"]), (&json!(6_398), &json!(6_241)));
    let bot = &extra["bots"][0];
    assert_eq!(bot["top_transition"], json!({"from": "Resolved", "to": "Closed", "count": 24_666}));
    assert_eq!((&bot["rows"], &bot["max_rows_in_a_minute"]), (&json!(36_162), &json!(419)));
    let june_2016 = 1_464_739_200_000;
    let cases = cases::build(&rows, &Options::default(), i64::MAX);
    assert_eq!(cases.iter().filter(|case| case.start() < june_2016).count(), 24_643);
}
