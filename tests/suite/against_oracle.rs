//! The findings against the naive oracle, on random logs and on public ones.
//!
//! Classes, bots and meanings of activities are taken from the findings and told to the oracle; everything else it
//! works out by itself from the rows. Every number that both have must be equal.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::{Config as Proptest, TestRunner};
use serde_json::Value;
use wcaf::config::{Config, MissingOwner};

use crate::compare::{differences, sequence, surplus};
use crate::harness::{Columns, findings, findings_of_rows, public_log};
use crate::oracle::{Options, Row, analyze, intervals, readers};
use crate::random::{self, KINDS, Made};

/// What the findings took for granted, for the oracle.
fn told(findings: &Value, columns: Columns) -> Options {
    let states = findings["states"].as_array().unwrap();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let means = findings["mapping"]["activity_means"].as_object().unwrap();
    Options {
        classes: states.iter().map(|state| (text(&state["state"]), text(&state["class"]))).collect(),
        bots: findings["bots"].as_array().unwrap().iter().map(|bot| text(&bot["actor"])).collect(),
        missing_owner_unassigned: findings["mapping"]["missing_owner"]["value"] == "unassigned",
        touch_window_ms: findings["mapping"]["touch_window_ms"].as_i64().unwrap(),
        has_group: columns.group,
        has_assignee: columns.assignee,
        has_actor: columns.actor,
        has_state: columns.state,
        has_comments: columns.comments,
        has_caller: columns.caller,
        completed_acts: means
            .iter()
            .filter(|(_, means)| means["value"] == "completed")
            .map(|(act, _)| act.clone())
            .collect(),
        min_stays: 1,
        ..Options::default()
    }
}

pub fn options_of(made: &Made, findings: &Value) -> Options {
    let mut options = told(findings, made.columns);
    let priorities: BTreeSet<&String> = made.rows.iter().filter_map(|row| row.priority.as_ref()).collect();
    if priorities.len() > 1 {
        // a scale of one step ranks nothing
        options.priority_rank =
            priorities.iter().map(|name| ((*name).clone(), i64::from(name.as_bytes()[0]))).collect();
    }
    let kinds = |number: usize| -> BTreeSet<String> {
        let used = made.columns.state && made.rows.iter().any(|row| row.activity.as_deref() == Some(KINDS[number]));
        used.then(|| KINDS[number].to_owned()).into_iter().collect()
    };
    (options.chase_kinds, options.update_kinds) = (kinds(1), kinds(2));
    (options.information_kinds, options.escalation_kinds) = (kinds(3), kinds(4));
    options.reconcile = BTreeMap::from([
        ("moves".to_owned(), "group_or_unassigned".to_owned()),
        ("reopened".to_owned(), "reopens".to_owned()),
    ]);
    options
}

fn assert_no_differences(found: &[String]) {
    assert!(found.is_empty(), "{} differences:\n{}", found.len(), found[..found.len().min(40)].join("\n"));
}

/// The lists whose order is stated and that both order alike.
const ORDERED: [&str; 4] = ["/states", "/transitions", "/handoffs/pairs", "/stale"];

proptest! {
    #![proptest_config(Proptest { cases: 256, failure_persistence: None, ..Proptest::default() })]

    #[test]
    fn random_logs_measure_as_the_oracle_does(made in random::log()) {
        let found = findings_of_rows(&made.rows, made.columns, &made.config);
        let oracle = analyze(&made.rows, &options_of(&made, &found));
        assert_no_differences(&differences(&found, &oracle));
        assert_no_differences(&surplus(&found, &oracle));
        for list in ORDERED {
            prop_assert_eq!(sequence(&found, list), sequence(&oracle, list), "order of {}", list);
        }
        let closed_only = |found: &Value| {
            found["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "closed_only")
        };
        prop_assert_eq!(closed_only(&found), closed_only(&oracle));
        prop_assert_eq!(&found["ledger"]["conserved"], true);
    }
}

/// The random logs must reach what they are compared for; a generator that never does would prove nothing.
#[test]
fn random_logs_reach_what_is_compared() {
    let mut runner = TestRunner::deterministic();
    let mut reached: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..150 {
        let made = random::log().new_tree(&mut runner).unwrap().current();
        let found = findings_of_rows(&made.rows, made.columns, &made.config);
        for path in REACHED {
            let there = found.pointer(path).is_some_and(|value| match value {
                Value::Null => false,
                Value::Number(number) => number.as_f64() != Some(0.0),
                Value::Array(list) => !list.is_empty(),
                Value::Bool(_) | Value::String(_) | Value::Object(_) => true,
            });
            *reached.entry(path).or_default() += u32::from(there);
        }
        let survival = found["states"].as_array().unwrap().iter().any(|state| !state["survival_ms"]["p50"].is_null());
        *reached.entry("survival").or_default() += u32::from(survival);
        let by_owner =
            found["handoffs"]["pickup_rule"] == "event_by_new_owner" && found["handoffs"]["pickup_ms"]["n"] != 0;
        *reached.entry("picked up by the new owner").or_default() += u32::from(by_owner);
        let acts =
            found["states"].as_array().unwrap().iter().any(|state| state["state"].as_str().unwrap().starts_with('→'));
        *reached.entry("waits for acts").or_default() += u32::from(acts);
    }
    for (path, logs) in reached {
        assert!(logs >= 5, "only {logs} of 150 random logs reach {path}");
    }
}

/// Findings that must be neither null nor zero nor empty in some random logs.
const REACHED: [&str; 24] = [
    "/input/tie_share",
    "/input/order_fixed",
    "/input/open_cases",
    "/input/zero_length_share",
    "/kpis/cycle_time_ms/wall/p50",
    "/kpis/ping_pong_case_rate",
    "/kpis/reopen_rate",
    "/kpis/status_chases_per_case",
    "/kpis/exception_mttr_ms/open",
    "/kpis/exception_mttr_ms/ended/cancelled",
    "/kpis/missing_information_mttr_ms/n",
    "/kpis/escalation_rate",
    "/handoffs/kinds/human_bot/total",
    "/handoffs/kinds/actor/total",
    "/handoffs/kinds/person/total",
    "/handoffs/pickup_ms/p90",
    "/handoffs/passed_on",
    "/handoffs/self_assigned",
    "/handoffs/pickup_unknown",
    "/buckets/B/touches",
    "/buckets/D/touches",
    "/window/cases_outside",
    "/stale_cases",
    "/little/residual",
];

/// Differences on a public log, leaving out what the findings cut off: rare segments and choke points.
fn against(rows: &[Row], options: &Options, found: &Value, segments: &[&str]) -> Vec<String> {
    let mut oracle = analyze(rows, options);
    let listed: BTreeSet<String> = sequence(found, "/kpi_cuts").into_iter().collect();
    let before = oracle["kpi_cuts"].as_array().unwrap().len();
    let cuts = sequence(&oracle, "/kpi_cuts");
    let mut keep = cuts.iter().map(|cut| listed.contains(cut));
    oracle["kpi_cuts"].as_array_mut().unwrap().retain(|_| keep.next().unwrap());
    assert!(oracle["kpi_cuts"].as_array().unwrap().len() * 2 > before, "hardly any cut is in the findings");
    oracle["stale"].as_array_mut().unwrap().truncate(1_000);
    let points: BTreeSet<String> =
        ["/choke_points", "/active_points"].iter().flat_map(|list| sequence(found, list)).collect();
    let known = sequence(&oracle, "/choke_points");
    let mut keep = known.iter().map(|point| points.contains(point));
    oracle["choke_points"].as_array_mut().unwrap().retain(|_| keep.next().unwrap());
    let mut all = differences(found, &oracle);
    let other_segment = |path: &String| {
        path.starts_with("/kpi_cuts[")
            && path.contains("|segment|")
            && !segments.iter().any(|s| path.contains(&format!("|{s}=")))
    };
    all.extend(surplus(found, &oracle).into_iter().filter(|path| !other_segment(path)));
    all
}

#[test]
fn incidents_measure_as_the_oracle_does() {
    let (Some(folder), Some(found)) = (public_log("servicenow-incidents"), crate::harness::incidents()) else { return };
    let rows = readers::servicenow(&folder);
    let stated = readers::servicenow_options();
    let mut options = Options {
        priority_rank: stated.priority_rank.clone(),
        reconcile: stated.reconcile.clone(),
        ..told(found, Columns { activity: false, ..Columns::ALL })
    };
    options.min_stays = 20;
    for (state, class) in &stated.classes {
        assert_eq!(options.classes.get(state), Some(class), "class of {state}");
    }
    assert_eq!(options.bots, stated.bots);
    assert_no_differences(&against(&rows, &options, found, &["priority", "category"]));
}

#[test]
fn tickets_measure_as_the_oracle_does() {
    let Some(folder) = public_log("sla-tickets") else { return };
    let mut config = Config { missing_owner: Some(MissingOwner::Unassigned), ..Config::default() };
    let queues = ["Awaiting Resource", "Customer"].map(str::to_owned).to_vec();
    config.mapping.nulls.insert("Assigned To".to_owned(), queues);
    config.choke_points.min_stays = 1;
    let found = findings(&["input_02.csv", "input_03.csv", "input_04.csv"].map(|file| folder.join(file)), &config);
    let rows = readers::sla_tickets(&folder);
    let columns = Columns { activity: false, group: false, actor: false, ..Columns::ALL };
    let mut options = told(&found, columns);
    assert_eq!(options.classes, readers::sla_tickets_options().classes);
    options.priority_rank = ('1'..='9').map(|digit| (digit.to_string(), i64::from(digit as u32))).collect();
    assert_no_differences(&against(&rows, &options, &found, &["Severity"]));
}

#[test]
fn permits_measure_as_the_oracle_does() {
    let Some(folder) = public_log("permit-receipt") else { return };
    let mut config = Config::default();
    config.choke_points.min_stays = 1;
    let found = findings(&[folder.join("receipt.csv")], &config);
    let rows = readers::permit_receipt(&folder);
    let options = told(&found, Columns { state: false, activity: true, priority: false, ..Columns::ALL });
    assert_eq!(options.completed_acts, readers::permit_receipt_options(&rows).completed_acts);
    assert_no_differences(&against(&rows, &options, &found, &["case:channel", "case:department"]));
}

/// A public log with the roles that were guessed, read and measured by the oracle.
fn guessed_log_measures_alike(folder: &str, files: &[&str], read: fn(&std::path::Path) -> readers::Table) {
    let Some(folder) = public_log(folder) else { return };
    for file in files {
        let mut config = Config::default();
        config.choke_points.min_stays = 1;
        let path = folder.join(file);
        let found = findings(std::slice::from_ref(&path), &config);
        let mapping = &found["mapping"];
        let rows = readers::mapped(&read(&path), mapping);
        let has = |role: &str| mapping[role]["column"].is_string();
        let columns = Columns {
            state: has("state"),
            activity: has("activity"),
            group: has("group"),
            assignee: has("assignee"),
            actor: has("actor"),
            priority: false,
            ..Columns::ALL
        };
        let roles = mapping.as_object().unwrap().keys();
        let segments: Vec<&str> = roles.filter_map(|role| role.strip_prefix("segment.")).collect();
        let differences = against(&rows, &told(&found, columns), &found, &segments);
        assert!(
            differences.is_empty(),
            "{file}: {} differences:\n{}",
            differences.len(),
            differences[..differences.len().min(30)].join("\n")
        );
    }
}

#[test]
fn problems_measure_as_the_oracle_does() {
    let files = ["closed_problems.xes.gz", "open_problems.xes.gz"];
    guessed_log_measures_alike("volvo-problems", &files, readers::xes);
}

#[test]
fn help_desk_tickets_measure_as_the_oracle_does() {
    guessed_log_measures_alike("italian-helpdesk", &["helpdesk.xes.gz"], readers::xes);
}

#[test]
fn travel_requests_measure_as_the_oracle_does() {
    let files = ["BPI_2020_PrepaidTravelCost.xes.gz", "BPI_2020_RequestForPayment.xes.gz"];
    guessed_log_measures_alike("travel-approvals", &files, readers::xes);
}

#[test]
fn japanese_logs_measure_as_the_oracle_does() {
    let files =
        ["raw_itsm_2024.csv", "raw_invoice_approval_2024.csv", "raw_billing_2024.csv", "raw_order_to_cash_2024.csv"];
    guessed_log_measures_alike("japanese", &files, readers::csv);
}

/// All that the definitions settle: durations, ledger, transitions, handoffs, touches, choke points, cycle times and their
/// cuts, Little's law.
#[test]
fn activities_with_start_and_end_measure_as_the_oracle_does() {
    let Some(folder) = public_log("start-end") else { return };
    for file in ["ConsultaDataMining201618.csv.gz", "Insurance_Claims_train.csv", "LoanApp_simplified_train.csv.gz"] {
        let path = folder.join(file);
        let found = findings(std::slice::from_ref(&path), &Config::default());
        let intervals = intervals::read(&readers::csv(&path), &found["mapping"]);
        let options = Options { min_stays: 20, ..Options::default() };
        let oracle = intervals::analyze_intervals(&intervals, &options);
        let differences = differences(&found, &oracle);
        assert!(
            differences.is_empty(),
            "{file}: {} differences:\n{}",
            differences.len(),
            differences[..differences.len().min(30)].join("\n")
        );
        let total: i64 =
            found["ledger"]["cells"].as_array().unwrap().iter().map(|cell| cell["duration_ms"].as_i64().unwrap()).sum();
        assert_eq!(found["ledger"]["total_ms"], total, "{file}");
    }
}
