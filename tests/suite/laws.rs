//! Laws that hold whatever the log: what a change of the input must, or must not, do to the findings.
//!
//! Mapping, classes and bots are told. `as_of` is the last event, so where logs are put together or taken apart a
//! case of one event at the end of time is in all of them.

use std::collections::BTreeMap;

use proptest::prelude::*;
use proptest::test_runner::Config as Proptest;
use serde_json::Value;
use wcaf::config::{Config, Milli, Range, Source};

use crate::compare::{flatten, flatten_renamed, same};
use crate::harness::{Columns, findings_of_rows};
use crate::oracle::{Row, cases};
use crate::random::{START, STATES, config, rows};

const COLUMNS: Columns = Columns { activity: true, ..Columns::ALL };
const CASES: u32 = 48;

/// The rows of a log with all columns and acting owners.
fn some_rows(prefix: &'static str) -> impl Strategy<Value = Vec<Row>> {
    rows(prefix, COLUMNS, 6, true)
}

/// A case of one event, after everything else: it fixes `as_of`.
fn last_case(id: &str) -> Row {
    let some = |text: &str| Some(text.to_owned());
    let row = Row {
        case: id.to_owned(),
        time_ms: START + 4_000 * 86_400_000,
        state: some("D1"),
        group: some("Alpha"),
        assignee: some("Ann"),
        actor: some("Ann"),
        segments: vec![("site".to_owned(), "North".to_owned())],
        counters: vec![("moves".to_owned(), 0), ("reopened".to_owned(), 0)],
        ..Row::default()
    };
    COLUMNS.keep(&[row]).remove(0)
}

fn together(parts: &[&[Row]]) -> Vec<Row> {
    parts.concat()
}

fn analyze(rows: &[Row], config: &Config) -> Value {
    findings_of_rows(rows, COLUMNS, config)
}

/// Last names of leaves that add up over disjoint cases: counts and total times.
const ADD_UP: &str = "events cases completed_cases open_cases rows_read order_fixed count visits open_visits total \
    returns passed_on self_assigned pickup_unknown touches work_touches all_touches total_ms duration_ms elapsed_ms \
    open runs cases_nonzero agree_nonzero total_theirs total_ours rows stays n";

/// Last names of leaves that stay when every case is there twice.
const KEPT: &str = "mean min max mean_ms share per_case touches_per_case tie_share agreement of_cases per_assignment \
    share_of_cases runs_per_case zero_length_share";

fn has_last(path: &str, names: &str) -> bool {
    path.rsplit('/').next().is_some_and(|last| names.split(' ').any(|name| name == last))
}

/// The leaves that add up.
fn totals(findings: &Value) -> BTreeMap<String, i64> {
    // cuts of figures that only some logs show are there or not, so their cases do not add up
    let shown_by_some =
        ["[buckets.", "[status_chases_per_case", "[escalation_rate", "[exception_rate", "[waiting_share"];
    let adds_up = |path: &str| {
        (has_last(path, ADD_UP) || path.contains("/ended/")) && !shown_by_some.iter().any(|cut| path.contains(cut))
    };
    let leaf = |(path, value): (String, Value)| {
        let number = value.as_i64().or_else(|| {
            let float = value.as_f64()?;
            assert!(float.fract() == 0.0, "{path} is no count: {float}");
            format!("{float}").parse().ok()
        });
        Some((path, number.unwrap_or(0)))
    };
    flatten(findings).into_iter().filter(|(path, _)| adds_up(path)).filter_map(leaf).collect()
}

/// What is settled over the whole log and must be the same for two logs to add up.
fn settled(findings: &Value) -> [Value; 4] {
    let paths = ["/handoffs/definition", "/handoffs/pickup_rule", "/buckets/B/proxy", "/mapping/touch_window_ms"];
    paths.map(|path| findings.pointer(path).unwrap().clone())
}

/// Every path of `whole` and `parts` must satisfy `whole + base = sum of parts`.
fn assert_adds_up(whole: &Value, base: &Value, parts: [&Value; 2]) {
    let (whole, base) = (totals(whole), totals(base));
    let parts = parts.map(totals);
    let paths = whole.keys().chain(base.keys()).chain(parts[0].keys()).chain(parts[1].keys());
    for path in paths {
        let of = |map: &BTreeMap<String, i64>| map.get(path).copied().unwrap_or(0);
        assert_eq!(of(&whole) + of(&base), of(&parts[0]) + of(&parts[1]), "{path}");
    }
}

fn assert_same(left: &BTreeMap<String, Value>, right: &BTreeMap<String, Value>, but: &dyn Fn(&str) -> bool) {
    let differs = |path: &&String| {
        let (Some(left), Some(right)) = (left.get(*path), right.get(*path)) else { return true };
        !same(left, right)
    };
    let found: Vec<_> = left.keys().chain(right.keys()).filter(|path| !but(path)).filter(differs).collect();
    let shown = |path: &&String| format!("{path}: {:?} {:?}", left.get(*path), right.get(*path));
    assert!(found.is_empty(), "{}", found.iter().map(shown).collect::<Vec<_>>().join("\n"));
}

/// Another name for every case and owner, in another order; the bot is told under its new name.
fn renamed(name: &str) -> String {
    match name {
        "Ann" => "Zoe",
        "Bob" => "Yan",
        "Cyd" => "Ben",
        "Robot" => "Automaton",
        "Alpha" => "Omega",
        "Beta" => "Psi",
        "Gamma" => "Chi",
        other => match other.strip_prefix('c').and_then(|number| number.parse::<i64>().ok()) {
            Some(number) => return format!("{}-{number}", 90 - number),
            None => other,
        },
    }
    .to_owned()
}

proptest! {
    #![proptest_config(Proptest {
        cases: CASES,
        max_global_rejects: 10_000,
        failure_persistence: None,
        ..Proptest::default()
    })]

    #[test]
    fn other_names_change_nothing_but_names(rows in some_rows("c"), unassigned in any::<bool>()) {
        let config = config(COLUMNS, unassigned);
        let mut told = config.clone();
        for names in [&mut told.bots.names, &mut told.bots.not] {
            *names = names.iter().map(|name| renamed(name)).collect();
        }
        let rename = |name: &Option<String>| name.as_deref().map(renamed);
        let other: Vec<Row> = rows.iter().map(|row| Row {
            case: renamed(&row.case),
            group: rename(&row.group),
            assignee: rename(&row.assignee),
            actor: rename(&row.actor),
            ..row.clone()
        }).collect();
        let before = flatten_renamed(&analyze(&rows, &config), &|text| text.split('|').map(renamed).collect());
        let after = flatten(&analyze(&other, &told));
        // the file has other bytes, and ids are made of names
        assert_same(&before, &after, &|path| path.ends_with("/id") || path.ends_with("/score"));
    }

    #[test]
    fn another_time_changes_no_duration(rows in some_rows("c"), seconds in -2_000_000_000_i64..2_000_000_000) {
        let config = config(COLUMNS, true);
        // two events a second apart: the resolution, and with it the touch window, stays the same
        let second = Row { time_ms: last_case("end").time_ms + 1_000, ..last_case("end") };
        let rows = together(&[&rows, &[last_case("end"), second]]);
        let other: Vec<Row> =
            rows.iter().map(|row| Row { time_ms: row.time_ms + seconds * 1_000, ..row.clone() }).collect();
        // instants, and what depends on calendar weeks: the dense window and all that is counted in it
        let instants = ["/input/first_event", "/input/last_event", "/input/as_of", "/window", "/little"];
        let calendar = |path: &str| {
            instants.iter().any(|instant| path.starts_with(instant))
                || path.contains("|week|")
                || path.contains("/survival_ms")
                || path.ends_with("/score")
                || path.ends_with("_per_month")
        };
        assert_same(&flatten(&analyze(&rows, &config)), &flatten(&analyze(&other, &config)), &calendar);
    }

    #[test]
    fn disjoint_logs_add_up(a in some_rows("a"), b in some_rows("b"), unassigned in any::<bool>()) {
        let config = config(COLUMNS, unassigned);
        let end = [last_case("end")];
        let [left, right] = [&a, &b].map(|part| analyze(&together(&[part, &end]), &config));
        let whole = analyze(&together(&[&a, &b, &end]), &config);
        prop_assume!(settled(&left) == settled(&whole) && settled(&right) == settled(&whole));
        assert_adds_up(&whole, &analyze(&end, &config), [&left, &right]);
    }

    #[test]
    fn a_case_less_is_exactly_its_counts_less(rows in some_rows("c"), which in any::<prop::sample::Index>()) {
        let config = config(COLUMNS, true);
        let end = [last_case("end")];
        let gone = which.get(&rows).case.clone();
        let (one, rest): (Vec<Row>, Vec<Row>) = rows.iter().cloned().partition(|row| row.case == gone);
        let whole = analyze(&together(&[&rows, &end]), &config);
        let [one, rest] = [one, rest].map(|part| analyze(&together(&[&part, &end]), &config));
        prop_assume!(settled(&one) == settled(&whole) && settled(&rest) == settled(&whole));
        assert_adds_up(&whole, &analyze(&end, &config), [&one, &rest]);
    }

    #[test]
    fn the_same_cases_again_double_counts_and_keep_shares(rows in some_rows("c"), unassigned in any::<bool>()) {
        let config = config(COLUMNS, unassigned);
        let again = |row: &Row| Row { case: format!("again {}", row.case), ..row.clone() };
        let again: Vec<Row> = rows.iter().map(again).collect();
        let (once, twice) = (analyze(&rows, &config), analyze(&together(&[&rows, &again]), &config));
        for (path, total) in totals(&once) {
            let doubled = totals(&twice).get(&path).copied();
            prop_assert_eq!(doubled, Some(2 * total), "{}", path);
        }
        let kept = |path: &str| has_last(path, KEPT) || path.ends_with("_rate");
        assert_same(&flatten(&once), &flatten(&twice), &|path| !kept(path) || path.starts_with("/stale["));
    }

    #[test]
    fn with_a_tie_break_the_order_of_rows_does_not_matter(
        (rows, keys) in some_rows("c").prop_flat_map(|rows| {
            let n = rows.len();
            (Just(rows), prop::collection::vec(any::<u16>(), n))
        })
    ) {
        let mut config = config(COLUMNS, true);
        config.mapping.tie_break = Some("place".to_owned());
        let placed: Vec<Row> = rows.iter().zip(0..).map(|(row, place)| {
            let mut row = row.clone();
            row.counters.push(("place".to_owned(), place));
            row
        }).collect();
        let mut keyed: Vec<(u16, &Row)> = keys.into_iter().zip(&placed).collect();
        keyed.sort_by_key(|(key, _)| *key);
        let shuffled: Vec<Row> = keyed.into_iter().map(|(_, row)| row.clone()).collect();
        let (one, other) = (flatten(&analyze(&placed, &config)), flatten(&analyze(&shuffled, &config)));
        assert_same(&one, &other, &|path| path == "/input/order_fixed");
    }

    #[test]
    fn one_owner_hands_nothing_over(rows in some_rows("c"), unassigned in any::<bool>()) {
        let only = |name: &Option<String>, owner: &str| name.as_ref().map(|_| owner.to_owned());
        let alone: Vec<Row> = rows.iter().map(|row| Row {
            group: only(&row.group, "Alpha"),
            assignee: only(&row.assignee, "Ann"),
            actor: only(&row.actor, "Ann"),
            ..row.clone()
        }).collect();
        let found = analyze(&alone, &config(COLUMNS, unassigned));
        for kind in ["group", "person", "owner", "actor", "human_bot"] {
            prop_assert_eq!(&found["handoffs"]["kinds"][kind]["total"], 0, "{}", kind);
        }
        prop_assert_eq!(found["handoffs"]["pairs"].as_array().map(Vec::len), Some(0));
    }

    #[test]
    fn the_ledger_sums_to_the_duration(rows in some_rows("c"), unassigned in any::<bool>()) {
        let found = analyze(&rows, &config(COLUMNS, unassigned));
        let options = crate::oracle::Options {
            classes: STATES.iter().map(|(state, class)| ((*state).to_owned(), (*class).to_owned()))
                .chain([("D2".to_owned(), "done".to_owned())]).collect(),
            has_state: true,
            ..crate::oracle::Options::default()
        };
        let as_of = rows.iter().map(|row| row.time_ms).max().unwrap();
        let durations: i64 = cases::build(&rows, &options, as_of).iter().map(|case| case.end - case.start()).sum();
        let cells = found["ledger"]["cells"].as_array().unwrap();
        prop_assert_eq!(cells.iter().map(|cell| cell["duration_ms"].as_i64().unwrap()).sum::<i64>(), durations);
        prop_assert!(cells.iter().all(|cell| cell["duration_ms"].as_i64() > Some(0)));
        prop_assert_eq!(&found["ledger"]["total_ms"], durations);
    }

    #[test]
    fn cost_is_linear_in_the_rate(rows in some_rows("c"), factor in 1..50_i64) {
        // a rate of 60 an hour is one unit a minute, so that nothing is rounded
        let at = |factor: i64| {
            let mut config = config(COLUMNS, true);
            config.assumptions.rate_per_hour = Some(rate(60_000 * factor));
            analyze(&rows, &config)
        };
        let (one, more) = (at(1), at(factor));
        for bucket in ["A", "B", "C", "D"] {
            for end in ["low", "base", "high"] {
                let cost = |found: &Value| found["buckets"][bucket]["cost"][end].as_i64();
                prop_assert_eq!(cost(&one).map(|cost| cost * factor), cost(&more), "{} {}", bucket, end);
                prop_assert_eq!(&one["buckets"][bucket]["minutes"][end], &more["buckets"][bucket]["minutes"][end]);
            }
        }
    }

    #[test]
    fn a_neutral_event_splits_no_wait(
        rows in some_rows("c"), which in any::<prop::sample::Index>(), part in 0..=100_i64, unassigned in any::<bool>()
    ) {
        let config = config(COLUMNS, unassigned);
        let before = analyze(&rows, &config);
        let split = with_neutral_event(rows, which, part);
        let after = analyze(&split, &config);
        // it is an event and a step, it stands between neighbours and breaks a silence; nothing else may see it
        let seen = |path: &str| {
            path.starts_with("/input/") || path.starts_with("/handoffs/kinds/human_bot") || path.starts_with("/stale")
                || path.starts_with("/little") || path.contains("|segment|priority=")
                || path.starts_with("/silences") || path.ends_with("/quiet_rate") || path.ends_with("/benign_label")
        };
        assert_same(&flatten(&before), &flatten(&after), &seen);
        prop_assert_eq!(&after["input"]["events"], split.len());
        prop_assert_eq!(&after["ledger"]["total_ms"], &before["ledger"]["total_ms"]);
    }
}

/// A rate that is known exactly, in thousandths an hour.
fn rate(thousandths: i64) -> Range {
    let exactly = || Milli(thousandths);
    Range { low: exactly(), base: exactly(), high: exactly(), source: Source::default() }
}

/// Adds an event that repeats the one before it, by nobody, somewhere before the next event of its case.
fn with_neutral_event(mut rows: Vec<Row>, which: prop::sample::Index, part: i64) -> Vec<Row> {
    rows.sort_by_key(|row| row.time_ms); // stable: the order within each case stays
    let at = which.index(rows.len());
    let next = rows[at + 1..].iter().find(|row| row.case == rows[at].case).map(|row| row.time_ms);
    let from = rows[at].time_ms;
    let until = next.unwrap_or(from);
    let neutral = Row {
        time_ms: from + (until - from) / 1_000 * part / 100 * 1_000,
        actor: None,
        activity: None,
        ..rows[at].clone()
    };
    rows.insert(at + 1, neutral);
    rows
}
