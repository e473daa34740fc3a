//! Silences and fake waits against plain loops; habits and contrasts by examples made by hand.

use std::collections::BTreeMap;

use proptest::prelude::*;
use serde_json::{Value, json};

use crate::against_oracle::options_of;
use crate::harness::{Columns, element, findings_of_rows};
use crate::oracle::{Options, Row, cases};
use crate::random::{self, START, config};

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const THRESHOLD: i64 = 72 * HOUR;

fn is_outside(class: &str) -> bool {
    class.starts_with("waiting_")
}

fn is_terminal(class: &str) -> bool {
    class == "done" || class == "cancelled"
}

/// The silences of a log as findings show them, but for places and examples.
fn silences(built: &[cases::Case], rows: &[Row], options: &Options) -> Value {
    let as_of_ms = rows.iter().map(|row| row.time_ms).max().unwrap();
    let mut broken: BTreeMap<&str, u64> = ["bot", "chase", "other", "owner", "unknown"].map(|who| (who, 0)).into();
    let (mut count, mut total_ms, mut silent, mut outside_count, mut outside_ms, mut open) = (0, 0, 0, 0, 0, 0);
    for case in built {
        let before = count;
        for i in 1..case.n() {
            let gap_ms = case.time(i) - case.time(i - 1);
            let class = case.class[i - 1].as_str();
            if gap_ms <= THRESHOLD || is_terminal(class) {
                continue;
            }
            if is_outside(class) {
                outside_count += 1;
                outside_ms += gap_ms;
                continue;
            }
            count += 1;
            total_ms += gap_ms;
            let actor = case.rows[i].actor.as_ref();
            let is_bot = actor.is_some_and(|actor| options.bots.contains(actor));
            let kind = case.rows[i].activity.as_ref().filter(|_| options.has_state);
            let who = if is_bot {
                "bot"
            } else if kind.is_some_and(|kind| options.chase_kinds.contains(kind)) {
                "chase"
            } else if actor.is_none() {
                "unknown"
            } else if actor == case.assignee[i - 1].as_ref() {
                "owner"
            } else {
                "other"
            };
            *broken.get_mut(who).unwrap() += 1;
        }
        silent += u64::from(count > before);
        let last = case.n() - 1;
        let class = case.class[last].as_str();
        open += u64::from(as_of_ms - case.time(last) > THRESHOLD && !is_terminal(class) && !is_outside(class));
    }
    json!({
        "threshold_ms": THRESHOLD, "count": count, "total_ms": total_ms, "cases": silent, "broken_by": broken,
        "outside_count": outside_count, "outside_ms": outside_ms, "open": open,
    })
}

/// Completed waits for the requester, and those in which nobody asked: number, cases, time.
fn fake_waits(built: &[cases::Case], options: &Options) -> [i64; 4] {
    let (mut waits, mut fake, mut concerned, mut total_ms) = (0, 0, 0, 0);
    for case in built {
        let before = fake;
        let mut i = 0;
        while i < case.n() {
            let from = i;
            while i < case.n() && case.class[i] == case.class[from] {
                i += 1;
            }
            if case.class[from] != "waiting_requester" || i == case.n() {
                continue;
            }
            waits += 1;
            let near = from > 0 && case.time(from) - case.time(from - 1) <= options.touch_window_ms;
            let asks = |row: &Row| {
                let by_bot = row.actor.as_ref().is_some_and(|actor| options.bots.contains(actor));
                let by_kind = row.activity.as_ref().is_some_and(|kind| options.information_kinds.contains(kind));
                !by_bot && (by_kind || row.comment)
            };
            if !case.rows[from - usize::from(near)..i].iter().any(|row| asks(row)) {
                fake += 1;
                total_ms += case.time(i) - case.time(from);
            }
        }
        concerned += i64::from(fake > before);
    }
    [waits, fake, concerned, total_ms]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_silences_and_fake_waits_are_those_of_plain_loops(made in random::log()) {
        let found = findings_of_rows(&made.rows, made.columns, &made.config);
        let mut options = options_of(&made, &found);
        options.touch_window_ms = found["mapping"]["touch_window_ms"].as_i64().unwrap();
        let as_of_ms = made.rows.iter().map(|row| row.time_ms).max().unwrap();
        let built = cases::build(&made.rows, &options, as_of_ms);
        let mut own = found["silences"].clone();
        let parts = own.as_object_mut().unwrap();
        for key in ["places", "examples", "falsified_by"] {
            parts.remove(key);
        }
        prop_assert_eq!(own, silences(&built, &made.rows, &options));
        let sum: i64 = found["silences"]["places"].as_array().unwrap().iter().map(|place| place["total_ms"].as_i64().unwrap()).sum();
        prop_assert!(sum == found["silences"]["total_ms"].as_i64().unwrap() || found["silences"]["places"].as_array().unwrap().len() == 20);
        if options.information_kinds.is_empty() && !options.has_comments {
            prop_assert!(found["fake_waits"].is_null());
        } else {
            let own = ["waits", "fake", "cases", "total_ms"].map(|key| found["fake_waits"][key].as_i64().unwrap());
            prop_assert_eq!(own, fake_waits(&built, &options));
        }
    }
}

fn row(case: &str, minute: i64, state: &str, group: &str, site: &str) -> Row {
    Row {
        case: case.to_owned(),
        time_ms: START + minute * MINUTE,
        state: Some(state.to_owned()),
        group: Some(group.to_owned()),
        segments: vec![("site".to_owned(), site.to_owned())],
        ..Row::default()
    }
}

fn found(rows: &[Row]) -> Value {
    let columns = Columns { assignee: false, actor: false, priority: false, ..Columns::ALL };
    findings_of_rows(rows, columns, &config(columns, false))
}

/// Of 60 cases with a handoff 30 wait for the requester after it, of 60 without 5 do.
#[test]
fn questions_after_handoffs_are_held_against_cases_without_one() {
    let mut rows = Vec::new();
    for at in 0..120i64 {
        let case = format!("c{at:03}");
        let (second, asked) = if at < 60 { ("G2", at < 30) } else { ("G1", at < 65) };
        rows.extend([row(&case, at, "Q1", "G1", "North"), row(&case, at + 10, "W1", second, "North")]);
        if asked {
            rows.extend([row(&case, at + 20, "U1", second, "North"), row(&case, at + 30, "W1", second, "North")]);
        }
        rows.push(row(&case, at + 40, "D1", second, "North"));
    }
    let found = found(&rows);
    let habit = element(&found["habits"], "kind", "questions_after_handoffs");
    let counts = ["cases_with_handoff", "of_these", "cases_without_handoff", "of_those"];
    assert_eq!(counts.map(|name| habit["counts"][name].as_u64().unwrap()), [60, 30, 60, 5]);
    assert_eq!(found["habits"].as_array().unwrap().len(), 1, "{}", found["habits"]);
}

/// The example of `diagnose::contrasts`: 60 of 200 against 100 of 1,000.
#[test]
fn a_value_that_goes_with_reopened_cases_is_told_and_one_that_does_not_is_not() {
    let mut rows = Vec::new();
    for at in 0..1_200i64 {
        let case = format!("c{at:04}");
        let (site, reopened) = if at < 200 { ("North", at < 60) } else { ("South", at < 300) };
        rows.extend([row(&case, at, "Q1", "G1", site), row(&case, at + 10, "D1", "G1", site)]);
        if reopened {
            rows.extend([row(&case, at + 20, "W1", "G1", site), row(&case, at + 30, "D1", "G1", site)]);
        }
    }
    let found = found(&rows);
    let contrasts = found["contrasts"]["found"].as_array().unwrap();
    let reopened: Vec<&Value> = contrasts.iter().filter(|one| one["outcome"] == "reopened").collect();
    assert_eq!(reopened.len(), 1, "{contrasts:?}");
    assert_eq!(
        [&reopened[0]["value"], &reopened[0]["cases"], &reopened[0]["with_outcome"]],
        [&json!("North"), &json!(200), &json!(60)]
    );
    let numbers = ["share", "share_of_others", "z"].map(|key| reopened[0][key].as_f64().unwrap());
    assert!((numbers[0] - 0.3).abs() < 1e-9 && (numbers[1] - 0.1).abs() < 1e-9, "{numbers:?}");
    assert!((numbers[2] - 7.596).abs() < 0.01, "{numbers:?}");
}
