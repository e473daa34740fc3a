//! Causes by place against plain loops over the worlds, and by a small example.
//!
//! The loops cut each case into stays, ask of each how it begins and ends, and judge the places by the rules as
//! `docs/METRICS.md` has them. Nothing of it is in `src/`.

#![expect(clippy::cast_precision_loss, reason = "means of a few thousand stays")]

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use wcaf::config::Config;

use crate::harness::{Columns, findings, findings_of_rows};
use crate::oracle::Row;
use crate::random::{START, config};
use crate::worlds::made::known;

const MINUTE: i64 = 60_000;

/// One event of a world: case, time, state, group, actor.
#[derive(Clone)]
struct Event {
    case: String,
    time_ms: i64,
    state: String,
    group: String,
    actor: String,
}

/// The events of a world; its owners and states are named at each.
fn events(text: &str) -> Vec<Event> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header: Vec<String> = reader.headers().unwrap().iter().map(str::to_owned).collect();
    let at = |name: &str| header.iter().position(|column| column == name).unwrap();
    let columns = ["case_id", "timestamp", "state", "group", "actor"].map(at);
    let event = |record: csv::StringRecord| {
        let [case, time, state, group, actor] = columns.map(|column| record[column].to_owned());
        Event { case, time_ms: instant(&time), state, group, actor }
    };
    let mut events: Vec<Event> = reader.records().map(|record| event(record.unwrap())).collect();
    events.sort_by(|a, b| (&a.case, a.time_ms).cmp(&(&b.case, b.time_ms)));
    events
}

fn instant(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
}

/// A completed stay: its place, class, length, and how it begins and ends.
struct Stay {
    case: String,
    place: (String, String),
    class: String,
    ms: i64,
    next: (String, String),
    next_class: String,
    /// The bot that began it took the case from this state.
    from: Option<String>,
    ended_by_person: bool,
}

/// The stays of all cases, and how often bots take cases from one state to another.
fn stays(
    events: &[Event],
    class: &dyn Fn(&str) -> String,
    bots: &BTreeSet<String>,
) -> (Vec<Stay>, BTreeMap<(String, String), u64>) {
    let (mut found, mut moves) = (Vec::new(), BTreeMap::new());
    for case in events.chunk_by(|a, b| a.case == b.case) {
        let place = |event: &Event| (event.state.clone(), event.group.clone());
        let mut first = 0;
        for i in 1..case.len() {
            if case[i].state != case[i - 1].state && bots.contains(&case[i].actor) {
                *moves.entry((case[i - 1].state.clone(), case[i].state.clone())).or_default() += 1;
            }
            if place(&case[i]) == place(&case[first]) {
                continue;
            }
            found.push(Stay {
                case: case[i].case.clone(),
                place: place(&case[first]),
                class: class(&case[first].state),
                ms: case[i].time_ms - case[first].time_ms,
                next: place(&case[i]),
                next_class: class(&case[i].state),
                from: (first > 0 && bots.contains(&case[first].actor)).then(|| case[first - 1].state.clone()),
                ended_by_person: !case[i].actor.is_empty() && !bots.contains(&case[i].actor),
            });
            first = i;
        }
    }
    (found, moves)
}

fn mean(stays: &[&Stay]) -> f64 {
    stays.iter().map(|stay| stay.ms as f64).sum::<f64>() / stays.len() as f64
}

/// The variance of the mean.
fn error(stays: &[&Stay]) -> f64 {
    let (n, mean) = (stays.len() as f64, mean(stays));
    stays.iter().map(|stay| (stay.ms as f64 - mean).powi(2)).sum::<f64>() / n / (n - 1.0)
}

/// Cause, sign, and which stays can have it and do.
type Rule<'a> = (&'static str, &'static str, Vec<&'a Stay>, &'a dyn Fn(&Stay) -> bool);

/// `cause sign state group with of` of each place that the rules name.
fn named(found: &[Stay], moves: &BTreeMap<(String, String), u64>) -> BTreeSet<String> {
    let of = |classes: &[&str]| found.iter().filter(|stay| classes.contains(&stay.class.as_str())).collect::<Vec<_>>();
    let question = |stay: &Stay| stay.next_class == "waiting_requester" && stay.next.0 != stay.place.0;
    let passed = |stay: &Stay| stay.next.0 == stay.place.0 && !stay.next.1.is_empty() && !stay.place.1.is_empty();
    let second = |stay: &Stay| {
        stay.next_class == "approval"
            && (stay.next.0 != stay.place.0 || !stay.next.1.is_empty() && !stay.place.1.is_empty())
    };
    let rules: [Rule; 3] = [
        ("missing_data", "question_back", of(&["queue", "approval", "blocked"]), &question),
        ("unclear_ownership", "passed_on", of(&["queue", "blocked"]), &passed),
        ("policy_ambiguity", "second_decision", of(&["approval"]), &second),
    ];
    let places: BTreeSet<(String, String)> = found.iter().map(|stay| stay.place.clone()).collect();
    let mut candidates = Vec::new();
    for (cause, sign, fitting, has) in &rules {
        for place in &places {
            let here: Vec<&Stay> = fitting.iter().copied().filter(|stay| stay.place == *place).collect();
            let with: Vec<&Stay> = here.iter().copied().filter(|stay| has(stay)).collect();
            if here.len() >= 20 && with.len() >= 10 && with.len() * 100 >= here.len() * 5 {
                let without: Vec<&Stay> = here.iter().copied().filter(|stay| !has(stay)).collect();
                let there: Vec<&Stay> = fitting.iter().copied().filter(|stay| stay.place != *place).collect();
                let elsewhere = there.iter().filter(|stay| has(stay)).count();
                candidates.push((*cause, *sign, place, with, without, elsewhere, there.len()));
            }
        }
    }
    let bound = (2.0 * (50.0 * candidates.len().max(1) as f64).ln()).sqrt();
    let mut names = BTreeSet::new();
    for (cause, sign, place, with, without, elsewhere, there) in candidates {
        let longer = without.len() >= 10 && mean(&with) >= 1.5 * mean(&without) && {
            let z = (mean(&with) - mean(&without)) / (error(&with) + error(&without)).sqrt();
            z >= bound
        };
        let (n, all) = (with.len() as f64, (with.len() + without.len()) as f64);
        let (share, other) = (n / all, if there == 0 { 0.0 } else { elsewhere as f64 / there as f64 });
        let pooled = (n + elsewhere as f64) / (all + there as f64);
        let z = (share - other) / (pooled * (1.0 - pooled) * (1.0 / all + 1.0 / there as f64)).sqrt();
        let frequent = sign != "second_decision" && share >= 0.5 && share >= 2.0 * other && (there == 0 || z >= bound);
        if longer || frequent {
            names.insert(format!("{cause} {sign} {} {} {} {}", place.0, place.1, with.len(), all));
        }
    }
    for place in &places {
        let here: Vec<&Stay> = found.iter().filter(|stay| stay.place == *place).collect();
        let class = here[0].class.as_str();
        let resumed = here.iter().filter(|stay| {
            class == "waiting_requester"
                && stay.next.0 != place.0
                && !["done", "cancelled"].contains(&stay.next_class.as_str())
        });
        let by_hand = here.iter().filter(|stay| {
            let states = stay.from.clone().map(|from| (from, stay.next.0.clone()));
            ["queue", "approval", "blocked"].contains(&class)
                && stay.ended_by_person
                && stay.next.0 != place.0
                && states.is_some_and(|states| states.0 != place.0 && moves.get(&states).is_some_and(|n| *n >= 20))
        });
        let all = here.len();
        let (resumed, by_hand) = (resumed.count(), by_hand.count());
        if all >= 20 && resumed >= 10 && resumed * 5 >= all {
            names.insert(format!("missing_data resumed_wait {} {} {resumed} {all}", place.0, place.1));
        }
        if all >= 20 && by_hand * 2 >= all {
            names.insert(format!("poor_integration done_by_hand {} {} {by_hand} {all}", place.0, place.1));
        }
    }
    names
}

/// The id of a place, as `choke_points[].id` is made of state and group.
fn names_of(found: &Value) -> BTreeMap<String, String> {
    let points = found["choke_points"].as_array().unwrap();
    let name =
        |point: &Value| format!("{} {}", point["state"].as_str().unwrap(), point["group"].as_str().unwrap_or_default());
    points.iter().map(|point| (point["id"].as_str().unwrap().to_owned(), name(point))).collect()
}

#[test]
fn causes_of_the_worlds_are_named_where_plain_loops_name_them() {
    for known in known().into_iter().step_by(3) {
        let (bytes, _) = known.made(1);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.csv");
        std::fs::write(&path, &bytes).unwrap();
        let found = findings(&[path], &Config::default());
        let states = found["states"].as_array().unwrap();
        let class = |name: &str| {
            let state = states.iter().find(|state| state["state"] == name).unwrap();
            state["class"].as_str().unwrap().to_owned()
        };
        let bots = found["bots"].as_array().unwrap().iter().map(|bot| bot["actor"].as_str().unwrap().to_owned());
        let events = events(std::str::from_utf8(&bytes).unwrap());
        let (stays, moves) = stays(&events, &class, &bots.collect());
        let names = names_of(&found);
        let mut own = BTreeSet::new();
        for cause in found["causes"].as_array().unwrap() {
            for place in cause["places"].as_array().unwrap() {
                let name = &names[place["choke_point"].as_str().unwrap()];
                let [kind, sign] = [&cause["kind"], &place["sign"]].map(|text| text.as_str().unwrap());
                own.insert(format!("{kind} {sign} {name} {} {}", place["with_sign"], place["stays"]));
                assert!(place["examples"].as_array().unwrap().iter().all(|case| {
                    stays.iter().any(|stay| {
                        stay.case == case.as_str().unwrap() && format!("{} {}", stay.place.0, stay.place.1) == *name
                    })
                }));
            }
        }
        assert_eq!(own, named(&stays, &moves), "{}", known.world.name());
        for point in found["choke_points"].as_array().unwrap() {
            let name = &names[point["id"].as_str().unwrap()];
            let listed: BTreeSet<&str> =
                point["causes"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
            let here: BTreeSet<&str> = own
                .iter()
                .filter(|line| line.contains(&format!(" {name} ")))
                .map(|line| line.split(' ').next().unwrap())
                .collect();
            assert_eq!(listed, here, "{}: {name}", known.world.name());
        }
    }
}

fn row(case: &str, minute: i64, state: &str, group: &str) -> Row {
    Row {
        case: case.to_owned(),
        time_ms: START + minute * MINUTE,
        state: Some(state.to_owned()),
        group: Some(group.to_owned()),
        ..Row::default()
    }
}

/// 40 stays of 50 h end with a question back, 60 of 10 h with work; half an hour more or less each.
#[test]
fn questions_that_go_with_waiting_are_missing_data_and_those_that_do_not_are_none() {
    let log = |asked_hours: i64| {
        let mut rows = Vec::new();
        for at in 0..100 {
            let (next, hours) = if at % 5 < 2 { ("U1", asked_hours) } else { ("W1", 10) };
            let case = format!("c{at}");
            rows.extend([row(&case, 0, "Q1", "G1"), row(&case, hours * 60 + at % 3 * 15, next, "G1")]);
        }
        let columns = Columns { assignee: false, actor: false, priority: false, ..Columns::ALL };
        findings_of_rows(&rows, columns, &config(columns, false))
    };
    let found = log(50);
    let cause = crate::harness::element(&found["causes"], "kind", "missing_data");
    let place = &cause["places"][0];
    assert_eq!([&place["stays"], &place["with_sign"]].map(|count| count.as_u64().unwrap()), [100, 40]);
    assert_eq!(place["sign"], "question_back");
    assert!((place["mean_with_ms"].as_i64().unwrap() - 50 * 60 * MINUTE).abs() < 30 * MINUTE, "{place}");
    assert!((place["mean_without_ms"].as_i64().unwrap() - 10 * 60 * MINUTE).abs() < 30 * MINUTE, "{place}");
    assert_eq!(place["examples"].as_array().unwrap().len(), 3);
    assert_eq!(found["choke_points"][0]["causes"], serde_json::json!(["missing_data"]));
    let even = log(10);
    assert_eq!(even["choke_points"][0]["causes"], serde_json::json!([]), "asked as soon as worked on");
}
