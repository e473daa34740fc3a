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

/// "active if any activity is active": the one that started first.
fn active_at(case: &[Interval], t: i64) -> Option<&Interval> {
    case.iter().filter(|x| x.start <= t && t < x.end).min_by_key(|x| x.start)
}

/// "else the queued activity enabled first": the state from an instant on.
fn state_at(case: &[Interval], t: i64) -> String {
    if let Some(active) = active_at(case, t) {
        return active.activity.clone();
    }
    let queued = case.iter().filter(|x| x.enabled.is_some_and(|e| e <= t) && t < x.start).min_by_key(|x| x.enabled);
    queued.map_or_else(|| BETWEEN.to_string(), Interval::queued)
}

/// One case as rows of a log with states: at each instant at which an activity is enabled, starts or ends a row for each
/// start, by whom it is carried out, then one with the state from then on. The owner is that of the activity that the
/// case is in. One that takes no time is a visit of its own where no other goes on. Whoever has been at work beside
/// another one acts where the case comes to be in that activity.
fn rows_of(case: &[Interval], closing: &BTreeSet<String>) -> Vec<Row> {
    let mut instants: BTreeSet<i64> = BTreeSet::new();
    for x in case {
        instants.extend([x.start, x.end]);
        instants.extend(x.enabled);
    }
    let last = *instants.last().unwrap();
    let mut rows = Vec::new();
    let mut before: Option<&Interval> = None;
    for t in instants {
        let active = active_at(case, t);
        let owned_by = |x: Option<&Interval>| Row {
            case: case[0].case.clone(),
            time_ms: t,
            group: x.and_then(|x| x.group.clone()),
            assignee: x.and_then(|x| x.person.clone()),
            ..Row::default()
        };
        let goes_on = active.is_some_and(|active| active.start < t);
        let state = if t < last {
            state_at(case, t)
        } else if closing.contains(&last_to_end(case).activity) {
            FINISHED.to_string()
        } else {
            BETWEEN.to_string()
        };
        for x in case.iter().filter(|x| x.start == t) {
            let alone = x.end == t && !goes_on;
            rows.push(Row {
                state: Some(if alone { x.activity.clone() } else { state.clone() }),
                actor: x.person.clone(),
                until_ms: Some(x.end),
                ..owned_by(if alone { Some(x) } else { active })
            });
        }
        let back = active.filter(|active| goes_on && before.is_none_or(|before| !std::ptr::eq(before, *active)));
        rows.push(Row { state: Some(state), actor: back.and_then(|x| x.person.clone()), ..owned_by(active) });
        before = active;
    }
    rows
}

/// "Where activities of a case overlap, each one's own durations are tabled as they are", and "each activity gives a
/// queued visit", of no duration too: what the visits of the case become. Between activities there are only those.
fn own_visits(cases: &BTreeMap<&str, Vec<Interval>>, of_case: &[Value]) -> Vec<Value> {
    let mut own: BTreeMap<String, (Vec<i64>, BTreeSet<&str>)> = BTreeMap::new();
    for (id, case) in cases {
        for x in case {
            let mut add = |state: String, ms: i64| {
                let sums = own.entry(state).or_default();
                sums.0.push(ms);
                sums.1.insert(id);
            };
            add(x.activity.clone(), x.end - x.start);
            if let Some(enabled) = x.enabled {
                add(x.queued(), x.start - enabled);
            }
        }
    }
    let mut visits: Vec<Value> = of_case.iter().filter(|state| state["class"] == "done").cloned().collect();
    let between: Vec<Value> = of_case.iter().filter(|state| state["state"] == BETWEEN).cloned().collect();
    let between_ms: i64 = between.iter().map(|state| state["total_ms"].as_i64().unwrap()).sum();
    let all = own.values().flat_map(|(ms, _)| ms).sum::<i64>() + between_ms;
    visits.extend(between.into_iter().map(|mut state| {
        state["share"] = ratio(between_ms, all);
        state
    }));
    for (state, (ms, cases)) in own {
        let total: i64 = ms.iter().sum();
        let class = if state.ends_with(" (queued)") { "queue" } else { "active" };
        let seen = of_case.iter().find(|seen| seen["state"] == *state);
        let next_step = seen.map_or_else(|| summary_ms(Vec::new()), |seen| seen["next_step_ms"].clone());
        visits.push(json!({"state": state, "class": class, "visits": ms.len(), "cases": cases.len(), "open_visits": 0,
            "total_ms": total, "share": ratio(total, all), "completed_ms": summary_ms(ms), "next_step_ms": next_step}));
    }
    visits
}

/// What the definitions settle for such a log, with the keys of the findings. They do not settle what of an activity is
/// visible.
pub fn analyze_intervals(intervals: &[Interval], told: &Options) -> Value {
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
    out["states"] = own_visits(&cases, out["states"].as_array().unwrap()).into();
    remove(&mut out, "/input/tie_share");
    out["questions"].as_array_mut().unwrap().retain(|question| question["id"] != "D43");
    remove(&mut out, "/buckets/B");
    out
}

fn remove(findings: &mut Value, path: &str) {
    let (of, key) = path.rsplit_once('/').unwrap();
    findings.pointer_mut(of).unwrap().as_object_mut().unwrap().remove(key);
}
