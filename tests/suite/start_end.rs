//! The smallest logs of activities with start and end, and what must be found in them.

use serde_json::{Value, json};
use wcaf::config::{Config, Family, MappingSection};

use crate::harness::{element, findings};

const HOUR_MS: i64 = 3_600_000;

/// The findings of rows `case,activity,enabled,start,end,who`, with hours of one day as times. Without `enabled` that
/// column is not mapped. Whoever acts is the person in charge, and the group.
fn found(rows: &[(&str, &str, u32, u32, u32, &str)], enabled: bool) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    let mut text = "case,activity,enabled,start,end,who,group\n".to_owned();
    for (case, activity, enabled, start, end, who) in rows {
        let at = |hour: u32| format!("2024-01-01T{hour:02}:00:00Z");
        text += &format!("{case},{activity},{},{},{},{who},{who}\n", at(*enabled), at(*start), at(*end));
    }
    std::fs::write(&file, text).unwrap();
    let column = |name: &str| Some(name.to_owned());
    let mapping = MappingSection {
        case: column("case"),
        activity: column("activity"),
        enabled: column(if enabled { "enabled" } else { "" }),
        start: column("start"),
        time: column("end"),
        actor: column("who"),
        assignee: column("who"),
        group: column("group"),
        ..MappingSection::default()
    };
    let mut config = Config { mapping, family: Some(Family::StartEnd), ..Config::default() };
    config.choke_points.min_stays = 1;
    findings(&[file], &config)
}

fn state<'f>(found: &'f Value, name: &str) -> &'f Value {
    element(&found["states"], "state", name)
}

#[test]
fn cases_are_those_of_the_visits() {
    let rows = [
        ("1", "A", 0, 0, 10, "Ann"),
        ("1", "B", 0, 2, 5, "Bo"),
        ("2", "A", 0, 0, 10, "Ann"),
        ("2", "B", 10, 12, 15, "Bo"),
    ];
    let found = found(&rows, false);
    assert_eq!((&state(&found, "B")["visits"], &state(&found, "B")["cases"]), (&json!(2), &json!(2)));
}

#[test]
fn an_activity_that_only_runs_beside_another_is_a_state() {
    let found = found(&[("1", "A", 0, 0, 10, "Ann"), ("1", "B", 0, 2, 5, "Bo")], false);
    let b = state(&found, "B");
    assert_eq!((&b["visits"], &b["cases"], &b["total_ms"]), (&json!(1), &json!(1), &json!(3 * HOUR_MS)));
    assert_eq!(b["next_step_ms"]["n"], 0);
}

#[test]
fn the_next_step_comes_after_the_state_where_one_activity_ends_as_the_next_starts() {
    let found = found(&[("1", "A", 0, 0, 10, "Ann"), ("1", "B", 10, 10, 20, "Bo")], false);
    assert_eq!(state(&found, "B")["next_step_ms"]["p50"], 10 * HOUR_MS);
    let points = found["active_points"].as_array().unwrap();
    assert!(points.iter().all(|point| point["p50_ms"] == 10 * HOUR_MS), "{points:?}");
    assert_eq!((points.len(), &found["handoffs"]["self_assigned"]), (2, &json!(1)));
}

#[test]
fn the_time_between_activities_is_a_state_and_a_choke_point() {
    let rows = ["1", "2"].map(|case| [(case, "A", 0, 0, 10, "Ann"), (case, "B", 15, 16, 20, "Bo")]);
    let found = found(&rows.concat(), true);
    let between = state(&found, "(between activities)");
    assert_eq!((&between["visits"], &between["completed_ms"]["n"]), (&json!(2), &json!(2)));
    assert_eq!((&between["total_ms"], &between["share"]), (&json!(10 * HOUR_MS), &json!(0.25)));
    assert_eq!(element(&found["ledger"]["cells"], "state", "(between activities)")["duration_ms"], 10 * HOUR_MS);
    assert_eq!(element(&found["choke_points"], "state", "(between activities)")["total_ms"], 10 * HOUR_MS);
}

#[test]
fn waits_of_no_duration_count_whether_or_not_a_column_says_so() {
    let rows = [
        ("1", "A", 0, 0, 10, "Ann"),
        ("1", "B", 10, 10, 20, "Bo"),
        ("2", "A", 0, 0, 10, "Ann"),
        ("2", "B", 10, 16, 20, "Bo"),
    ];
    for enabled in [false, true] {
        let found = found(&rows, enabled);
        let queued = &state(&found, "B (queued)")["completed_ms"];
        assert_eq!((&queued["n"], &queued["p50"]), (&json!(2), &json!(3 * HOUR_MS)));
    }
    let at_once = found(&rows[..2], false);
    let queued = state(&at_once, "B (queued)");
    assert_eq!((&queued["visits"], &queued["total_ms"]), (&json!(1), &json!(0)));
}

#[test]
fn an_activity_is_one_touch() {
    let two = [("1", "A", 0, 0, 10, "Ann"), ("1", "B", 10, 10, 20, "Bo")];
    assert_eq!(found(&two, false)["buckets"]["all_touches"], 2);
    let overlap = found(&[("1", "A", 0, 0, 10, "Ann"), ("1", "B", 0, 5, 15, "Bo")], false);
    let kinds = &overlap["handoffs"]["kinds"];
    assert_eq!((&kinds["actor"]["total"], &kinds["person"]["total"]), (&json!(1), &json!(1)));
    assert_eq!(overlap["buckets"]["all_touches"], 2);
}

#[test]
fn a_stay_belongs_to_the_group_of_the_activity_that_the_case_is_in() {
    let found = found(&[("1", "A", 0, 0, 10, "Ann"), ("1", "B", 0, 5, 15, "Bo")], false);
    let points = found["active_points"].as_array().unwrap();
    let stays: Vec<_> = points.iter().map(|point| [&point["state"], &point["group"], &point["total_ms"]]).collect();
    assert!(stays.contains(&[&json!("A"), &json!("Ann"), &json!(10 * HOUR_MS)]), "{stays:?}");
    assert!(stays.contains(&[&json!("B"), &json!("Bo"), &json!(5 * HOUR_MS)]), "{stays:?}");
    assert_eq!((stays.len(), &found["handoffs"]["self_assigned"]), (2, &json!(1)));
}
