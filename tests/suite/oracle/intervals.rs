//! Logs of activities with start and end: each one's own visits, and the one state a case is in at each instant.
use super::readers::Table;
use super::stats::{ratio, summary_ms};
use super::{Options, Row, analyze};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

pub const BETWEEN: &str = "(between activities)";
pub const FINISHED: &str = "(finished)";

#[derive(Clone, Debug)]
pub struct Interval {
    pub case: String,
    pub activity: String,
    pub enabled: Option<i64>,
    pub start: i64,
    pub end: i64,
    pub group: Option<String>,
    pub person: Option<String>,
}

impl Interval {
    fn queued(&self) -> String {
        format!("{} (queued)", self.activity)
    }
}

/// The rows of a table whose columns have the roles that a mapping of the findings gives them.
pub fn read(table: &Table, mapping: &Value) -> Vec<Interval> {
    let cell = |row: usize, role: &str| table.cell(row, mapping[role]["column"].as_str()?);
    let instant = |row: usize, role: &str| cell(row, role).map(|text| super::readers::instant_ms(&text));
    (0..table.len())
        .map(|row| Interval {
            case: cell(row, "case").unwrap(),
            activity: cell(row, "activity").unwrap(),
            enabled: instant(row, "enabled"),
            start: instant(row, "start").unwrap(),
            end: instant(row, "time").unwrap(),
            group: cell(row, "group"),
            person: cell(row, "assignee"),
        })
        .collect()
}

/// By case, in the order in which activities start, then end, then stand in the file; with `enabled` filled in:
/// "the mapped column, else the latest completion at or before the start", of an activity that came before. Nothing
/// enables the first one.
fn by_case(intervals: &[Interval]) -> BTreeMap<&str, Vec<Interval>> {
    let mut cases: BTreeMap<&str, Vec<Interval>> = BTreeMap::new();
    for interval in intervals {
        cases.entry(&interval.case).or_default().push(interval.clone());
    }
    for case in cases.values_mut() {
        case.sort_by_key(|x| (x.start, x.end)); // stable: position breaks ties
        for i in 0..case.len() {
            let before = case[..i].iter().map(|x| x.end).filter(|end| *end <= case[i].start).max();
            case[i].enabled = case[i].enabled.or(before);
        }
    }
    cases
}

/// The activities that end at least one case in twenty: a case whose last end is one of them is finished.
fn closing(cases: &BTreeMap<&str, Vec<Interval>>) -> BTreeSet<String> {
    let mut last: BTreeMap<&str, usize> = BTreeMap::new();
    for case in cases.values() {
        *last.entry(&last_to_end(case).activity).or_default() += 1;
    }
    last.into_iter().filter(|(_, n)| n * 20 >= cases.len()).map(|(activity, _)| activity.to_string()).collect()
}

fn last_to_end(case: &[Interval]) -> &Interval {
    case.iter().max_by_key(|x| x.end).unwrap() // the last of equal ones
}

/// "active if any activity is active, else the queued activity enabled first": the state from an instant on, and
/// whose start it is.
fn state_at(case: &[Interval], t: i64) -> String {
    if let Some(active) = case.iter().filter(|x| x.start <= t && t < x.end).min_by_key(|x| x.start) {
        return active.activity.clone();
    }
    let queued = case.iter().filter(|x| x.enabled.is_some_and(|e| e <= t) && t < x.start).min_by_key(|x| x.enabled);
    queued.map_or_else(|| BETWEEN.to_string(), Interval::queued)
}

/// One case as rows of a log with states: a row at each instant at which an activity is enabled, starts or ends,
/// with the state from then on, and one more for each start with its owner.
fn rows_of(case: &[Interval], closing: &BTreeSet<String>) -> Vec<Row> {
    let row = |time_ms: i64| Row { case: case[0].case.clone(), time_ms, ..Row::default() };
    let mut instants: BTreeSet<i64> = BTreeSet::new();
    for x in case {
        instants.extend([x.start, x.end]);
        instants.extend(x.enabled);
    }
    let last = *instants.last().unwrap();
    let mut rows = Vec::new();
    for t in instants {
        let starting = case.iter().filter(|x| x.start == t);
        rows.extend(starting.map(|x| Row {
            group: x.group.clone(),
            assignee: x.person.clone(),
            actor: x.person.clone(),
            ..row(t)
        }));
        let state = if t < last {
            state_at(case, t)
        } else if closing.contains(&last_to_end(case).activity) {
            FINISHED.to_string()
        } else {
            BETWEEN.to_string()
        };
        rows.push(Row { state: Some(state), ..row(t) });
    }
    // the state of an instant is that of all its rows
    for i in (1..rows.len()).rev() {
        if rows[i - 1].state.is_none() {
            let state = rows[i].state.clone().unwrap();
            rows[i - 1].state = Some(state);
        }
    }
    rows
}

/// "Where activities of a case overlap, each one's own durations are tabled as they are": visits by state. Where
/// `enabled` is no column, an activity that starts at once has no queued visit.
fn own_visits(cases: &BTreeMap<&str, Vec<Interval>>, enabled_is_told: bool) -> Vec<Value> {
    let mut own: BTreeMap<String, (Vec<i64>, BTreeSet<&str>)> = BTreeMap::new();
    for (id, case) in cases {
        for x in case {
            let mut add = |state: String, ms: i64| {
                let sums = own.entry(state).or_default();
                sums.0.push(ms);
                sums.1.insert(id);
            };
            add(x.activity.clone(), x.end - x.start);
            if let Some(enabled) = x.enabled.filter(|enabled| enabled_is_told || *enabled < x.start) {
                add(x.queued(), x.start - enabled);
            }
        }
    }
    let all: i64 = own.values().flat_map(|(ms, _)| ms).sum();
    let visits = own.into_iter().map(|(state, (ms, cases))| {
        let total: i64 = ms.iter().sum();
        let class = if state.ends_with(" (queued)") { "queue" } else { "active" };
        json!({"state": state, "class": class, "visits": ms.len(), "cases": cases.len(), "open_visits": 0,
            "total_ms": total, "share": ratio(total, all), "completed_ms": summary_ms(ms)})
    });
    visits.collect()
}

/// What the definitions settle for such a log, with the keys of the findings. They do not settle how many touches an
/// activity is, nor in which order a case goes through activities of no duration at one instant.
pub fn analyze_intervals(intervals: &[Interval], enabled_is_told: bool, told: &Options) -> Value {
    let cases = by_case(intervals);
    let closing = closing(&cases);
    let rows: Vec<Row> = cases.values().flat_map(|case| rows_of(case, &closing)).collect();
    let has = |known: &dyn Fn(&Interval) -> bool| intervals.iter().any(known);
    let options = Options {
        has_state: true,
        has_actor: has(&|x| x.person.is_some()),
        has_group: has(&|x| x.group.is_some()),
        has_assignee: has(&|x| x.person.is_some()),
        missing_owner_unassigned: false,
        classes: BTreeMap::from([
            (FINISHED.to_string(), "done".to_string()),
            (BETWEEN.to_string(), "queue".to_string()),
        ])
        .into_iter()
        .chain(intervals.iter().map(|x| (x.queued(), "queue".to_string())))
        .collect(),
        ..told.clone()
    };
    let mut out = analyze(&rows, &options);
    out["input"]["events"] = json!(intervals.len());
    out["states"] = own_visits(&cases, enabled_is_told).into();
    for unsettled in ["/input/tie_share", "/handoffs/kinds/actor", "/handoffs/kinds/human_bot", "/bots"] {
        remove(&mut out, unsettled);
    }
    out["questions"].as_array_mut().unwrap().retain(|question| question["id"] != "D43");
    for bucket in out["buckets"].as_object_mut().unwrap().values_mut() {
        *bucket = match bucket.get("elapsed_ms") {
            Some(elapsed) => json!({"elapsed_ms": elapsed}),
            None => Value::Object(serde_json::Map::new()),
        };
    }
    if intervals.iter().any(|x| x.start == x.end) {
        remove(&mut out, "/transitions");
        out["questions"].as_array_mut().unwrap().retain(|question| question["id"] != "D42");
    }
    out
}

fn remove(findings: &mut Value, path: &str) {
    let (of, key) = path.rsplit_once('/').unwrap();
    findings.pointer_mut(of).unwrap().as_object_mut().unwrap().remove(key);
}
