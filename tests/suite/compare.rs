//! Findings as flat maps from path to number, list elements named by what identifies them, so that two can be compared.

use std::collections::BTreeMap;

use serde_json::Value;

/// What identifies the elements of each list that is compared.
const KEYS: &[(&str, &[&str])] = &[
    ("/kpi_cuts", &["kpi", "dimension", "key"]),
    ("/states", &["state"]),
    ("/transitions", &["from", "to"]),
    ("/handoffs/pairs", &["from", "to"]),
    ("/ledger/cells", &["state", "class", "waiting_on", "bucket"]),
    ("/questions", &["id"]),
    ("/reconcile", &["column"]),
    ("/choke_points", &["state", "group"]),
    ("/active_points", &["state", "group"]),
    ("/bots", &["actor"]),
    ("/stale", &["case", "state"]),
];

/// What is compared.
const SECTIONS: &[&str] = &[
    "input",
    "kpis",
    "kpi_cuts",
    "states",
    "transitions",
    "handoffs",
    "ledger",
    "buckets",
    "comments",
    "questions",
    "reconcile",
    "choke_points",
    "active_points",
    "window",
    "little",
    "bots",
    "stale",
    "stale_cases",
];

/// A path for every leaf of the compared sections. Both lists of choke points stand under `choke_points`.
pub fn flatten(findings: &Value) -> BTreeMap<String, Value> {
    flatten_renamed(findings, &str::to_owned)
}

/// The same with every identifying text renamed.
pub fn flatten_renamed(findings: &Value, rename: &dyn Fn(&str) -> String) -> BTreeMap<String, Value> {
    let mut flat = BTreeMap::new();
    for section in SECTIONS {
        walk(&format!("/{section}"), &findings[section], rename, &mut flat);
    }
    flat
}

fn walk(path: &str, value: &Value, rename: &dyn Fn(&str) -> String, flat: &mut BTreeMap<String, Value>) {
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                walk(&format!("{path}/{key}"), value, rename, flat);
            }
        }
        Value::Array(list) => {
            let Some((_, keys)) = KEYS.iter().find(|(list, _)| *list == path) else { return };
            for element in list {
                let id: Vec<String> = keys.iter().map(|key| rename(element[key].as_str().unwrap_or("-"))).collect();
                let list = if path == "/active_points" { "/choke_points" } else { path };
                let place = format!("{list}[{}]", id.join("|"));
                let double = flat.insert(format!("{place}/"), Value::Bool(true)).is_some();
                assert!(!double, "{place} is listed twice");
                for (key, value) in element.as_object().unwrap() {
                    if !keys.contains(&key.as_str()) {
                        walk(&format!("{place}/{key}"), value, rename, flat);
                    }
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
            flat.insert(path.to_owned(), value.clone());
        }
    }
}

/// Whether two leaves are equal: integers exactly, floats to 1e-9 of their size.
pub fn same(a: &Value, b: &Value) -> bool {
    if a.is_f64() || b.is_f64() {
        let (Some(a), Some(b)) = (a.as_f64(), b.as_f64()) else { return false };
        return (a - b).abs() <= 1e-9 * a.abs().max(b.abs()).max(1.0);
    }
    a == b
}

/// Every leaf of the oracle must stand in the findings with the same value; a null may also be absent there. What
/// the oracle keeps under `extra` is not compared.
pub fn differences(findings: &Value, oracle: &Value) -> Vec<String> {
    let (ours, theirs) = (flatten(findings), flatten(oracle));
    let mut found = Vec::new();
    for (path, want) in &theirs {
        match ours.get(path) {
            Some(value) if same(value, want) => {}
            None if want.is_null() && !ours.keys().any(|ours| ours.starts_with(&format!("{path}/"))) => {}
            value => found.push(format!("{path}: findings {}, oracle {want}", value.unwrap_or(&Value::Null))),
        }
    }
    found
}

/// Elements of keyed lists that only the findings have.
pub fn surplus(findings: &Value, oracle: &Value) -> Vec<String> {
    let (ours, theirs) = (flatten(findings), flatten(oracle));
    ours.into_keys().filter(|path| path.ends_with('/') && !theirs.contains_key(path)).collect()
}

/// The elements of a list by what identifies them, in the order of the list.
pub fn sequence(findings: &Value, list: &str) -> Vec<String> {
    let keys = KEYS.iter().find(|(path, _)| *path == list).unwrap().1;
    let elements = findings.pointer(list).unwrap().as_array().unwrap();
    let id = |element: &Value| keys.iter().map(|key| element[key].to_string()).collect::<Vec<_>>().join("|");
    elements.iter().map(id).collect()
}
