//! Small logs worked out by hand.
use super::states::{Spell, km_percentile};
use super::stats::{div_round, pct_ms};
use super::*;

fn row(case: &str, t: i64, state: &str, group: &str, actor: &str) -> Row {
    let some = |s: &str| {
        if s.is_empty() { None } else { Some(s.to_string()) }
    };
    Row {
        case: case.into(),
        time_ms: t * 60_000,
        state: some(state),
        group: some(group),
        actor: some(actor),
        visible: format!("{state}|{group}"),
        ..Row::default()
    }
}

fn options() -> Options {
    let classes = [("New", "queue"), ("Wait", "waiting_requester"), ("Done", "done"), ("Closed", "done")];
    Options {
        classes: classes.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect(),
        missing_owner_unassigned: true,
        touch_window_ms: 60_000,
        has_group: true,
        has_actor: true,
        has_state: true,
        ..Options::default()
    }
}

#[test]
fn percentiles() {
    assert_eq!(pct_ms(&[1, 2], 50), Some(2)); // 1.5 away from zero
    assert_eq!(pct_ms(&[-2, -1], 50), Some(-2));
    assert_eq!(pct_ms(&[10, 20, 30, 40], 90), Some(37));
    assert_eq!(div_round(-5, 10), -1);
    assert_eq!(div_round(4, 10), 0);
}

/// New/A 0 – New/B 10 – Work/B 30 – Wait/none 40 – Work/A 70 – Done/A 100 – Wait/A 130 – Done/A 150 – Closed/A 500
fn log() -> Vec<Row> {
    vec![
        row("1", 0, "New", "A", "ann"),
        row("1", 10, "New", "B", "ann"),
        row("1", 30, "Work", "B", "bob"),
        row("1", 40, "Wait", "", "bob"),
        row("1", 70, "Work", "A", "ann"),
        row("1", 100, "Done", "A", "ann"),
        row("1", 130, "Wait", "A", "ann"),
        row("1", 150, "Done", "A", "bob"),
        row("1", 500, "Closed", "A", "cat"),
    ]
}

#[test]
fn one_case_by_hand() {
    let f = analyze(&log(), &options());
    let min = 60_000;
    assert_eq!(f["kpis"]["cycle_time_ms"]["wall"]["p50"], 150 * min);
    assert_eq!(f["kpis"]["first_resolution_ms"]["p50"], 100 * min);
    assert_eq!(f["handoffs"]["kinds"]["group"]["total"], 2); // A B A
    assert_eq!(f["handoffs"]["kinds"]["group_or_unassigned"]["total"], 3);
    assert_eq!(f["handoffs"]["ping_pong"]["total"], 1);
    assert_eq!(f["handoffs"]["kinds"]["actor"]["total"], 4); // ann bob ann bob cat
    // A→B at 10 enters Work at 30; B→A at 70 is itself an entry into an active state: unknown
    assert_eq!(f["handoffs"]["pickup_ms"]["p50"], 20 * min);
    assert_eq!(f["handoffs"]["pickup_unknown"], 1);
    // exceptions: Wait 40–70 resumed, gap 100–130, Wait 130–150 resolved from wait
    assert_eq!(f["kpis"]["exception_mttr_ms"]["n"], 3);
    assert_eq!(f["kpis"]["exception_mttr_ms"]["mean"], 80 * min / 3);
    assert_eq!(f["kpis"]["missing_information_mttr_ms"]["n"], 1);
    // ledger: New/A 10 own_queue, New/B 20 new_owner, Work 10 + 30, Wait 30 + 20, gap 30
    assert_eq!(f["ledger"]["total_ms"], 150 * min);
    assert_eq!(f["ledger"]["conserved"], true);
    assert_eq!(f["buckets"]["A"]["elapsed_ms"], 30 * min);
    assert_eq!(f["buckets"]["C"]["elapsed_ms"], 80 * min);
    assert_eq!(f["extra"]["work_elapsed_ms"], 40 * min);
    // touches: ann 0 work, ann 10 A, bob 30 work, bob 40 C, ann 70 C, ann 100 work, ann 130 C, bob 150 C, cat work
    assert_eq!(f["buckets"]["C"]["touches"], 4);
    assert_eq!(f["buckets"]["A"]["touches"], 1);
    assert_eq!(f["buckets"]["work_touches"], 4);
}

#[test]
fn as_of_cuts_the_log() {
    let mut o = options();
    o.as_of_ms = Some(120 * 60_000);
    let f = analyze(&log(), &o);
    assert_eq!(f["input"]["events"], 6);
    assert_eq!(f["input"]["completed_cases"], 1);
    assert_eq!(f["kpis"]["cycle_time_ms"]["wall"]["p50"], 100 * 60_000);
}

#[test]
fn acts_that_were_completed() {
    let act = |t: i64, a: &str| Row { case: "1".into(), time_ms: t, activity: Some(a.into()), ..Row::default() };
    let mut o = options();
    o.has_state = false;
    o.completed_acts = ["A", "B"].iter().map(ToString::to_string).collect();
    let rows = vec![act(0, "A"), act(5, "B"), act(12, "Closed")];
    let f = analyze(&rows, &o);
    let names: Vec<&str> = f["states"].as_array().unwrap().iter().map(|s| s["state"].as_str().unwrap()).collect();
    assert_eq!(names, ["→ Closed", "→ B", "Closed"]);
    assert_eq!(f["states"][0]["total_ms"], 7);
}

#[test]
fn kaplan_meier() {
    let s = |entry, exit, left| Spell { entry, exit, left };
    // 1 dies of 4 at 1 (0.75), censored at 2, 1 of 2 at 3 (0.375), 1 of 1 at 4 (0)
    let v = [s(0, 1, true), s(0, 2, false), s(0, 3, true), s(0, 4, true)];
    assert_eq!(km_percentile(&v, 50), Some(3));
    assert_eq!(km_percentile(&v, 90), Some(4));
    // late entry: at 1 only one is at risk
    let v = [s(0, 1, true), s(2, 3, true)];
    assert_eq!(km_percentile(&v, 50), Some(1));
    assert_eq!(km_percentile(&[s(0, 1, true), s(0, 9, false), s(0, 9, false)], 50), None);
}
