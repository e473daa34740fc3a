//! `docs/findings.schema.json` against real findings: everything found is described, and nothing else is.
//!
//! The validator below knows the keywords that the schema uses and refuses any other, so that none is passed over.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::harness::public_log;
use crate::run::{folder_with, package, sample, wcaf};

/// Keywords that say nothing about values.
const REMARKS: [&str; 5] = ["$schema", "$id", "title", "description", "$defs"];

/// Service levels for the incidents, which carry a fact about them.
const LEVELS: &str = r#"
[calendar.office]
timezone = "UTC"
day = "8h"
mon_fri = "09:00-17:00"

[[sla]]
id = "resolution"
stop = { state = ["Resolved", "Closed"] }
target = { by = "priority", values = { "1 - Critical" = "4bh", "2 - High" = "8bh" }, default = "3bd" }
calendar = "office"
facts = { made = "made_sla" }

[[sla]]
id = "first owner"
kind = "owner"
stop = { assignee = true }
target = "8h"
facts = { table = "task_sla.csv", case = "task", breached = "has_breached" }
"#;

struct Validator<'a> {
    root: &'a Value,
    faults: Vec<String>,
    /// Places of the schema that described a value.
    seen: BTreeSet<String>,
}

impl<'a> Validator<'a> {
    fn check(&mut self, schema: &'a Value, place: &str, value: &Value, at: &str) {
        self.seen.insert(place.to_owned());
        let schema = schema.as_object().unwrap();
        for (keyword, told) in schema {
            let fits = match keyword.as_str() {
                "$ref" => {
                    let target = told.as_str().unwrap().trim_start_matches('#');
                    self.check(self.root.pointer(target).unwrap(), target, value, at);
                    true
                }
                "type" => match told {
                    Value::Array(types) => types.iter().any(|name| is_of_type(value, name.as_str().unwrap())),
                    name => is_of_type(value, name.as_str().unwrap()),
                },
                "enum" => told.as_array().unwrap().contains(value),
                "const" => told == value,
                "minimum" => value.as_f64().is_none_or(|number| number >= told.as_f64().unwrap()),
                "oneOf" => self.check_one(told.as_array().unwrap(), place, value, at),
                "items" => {
                    for (number, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.check(told, &format!("{place}/items"), item, &format!("{at}/{number}"));
                    }
                    true
                }
                "required" => told
                    .as_array()
                    .unwrap()
                    .iter()
                    .all(|key| value.as_object().is_none_or(|object| object.contains_key(key.as_str().unwrap()))),
                "properties" => {
                    self.check_keys(schema, place, value.as_object(), at);
                    true
                }
                "additionalProperties" | "patternProperties" => {
                    if !schema.contains_key("properties") {
                        self.check_keys(schema, place, value.as_object(), at);
                    }
                    true
                }
                remark => {
                    assert!(REMARKS.contains(&remark), "{place}: the validator does not know `{remark}`");
                    true
                }
            };
            if !fits {
                self.faults.push(format!("{at}: `{keyword}` of {place}"));
            }
        }
    }

    /// Exactly one of the choices fits; its faults count as those of the value.
    fn check_one(&mut self, choices: &'a [Value], place: &str, value: &Value, at: &str) -> bool {
        let mut fitting = 0;
        let (mut all_seen, mut first_faults) = (BTreeSet::new(), Vec::new());
        for (number, choice) in choices.iter().enumerate() {
            let mut trial = Validator { root: self.root, faults: Vec::new(), seen: BTreeSet::new() };
            trial.check(choice, &format!("{place}/oneOf/{number}"), value, at);
            if trial.faults.is_empty() {
                fitting += 1;
                all_seen.extend(trial.seen);
            } else if first_faults.is_empty() {
                first_faults = trial.faults;
            }
        }
        self.seen.extend(all_seen);
        if fitting == 0 {
            self.faults.extend(first_faults);
        }
        fitting == 1
    }

    /// Every key is described by name, by a pattern (a prefix), or as any other.
    fn check_keys(
        &mut self,
        schema: &'a Map<String, Value>,
        place: &str,
        object: Option<&Map<String, Value>>,
        at: &str,
    ) {
        for (key, value) in object.into_iter().flatten() {
            let at = format!("{at}/{key}");
            if let Some(described) = schema.get("properties").and_then(|properties| properties.get(key)) {
                self.check(described, &format!("{place}/properties/{key}"), value, &at);
                continue;
            }
            let patterns = schema.get("patternProperties").and_then(Value::as_object);
            let by_pattern = patterns.into_iter().flatten().find(|(pattern, _)| {
                let prefix = pattern.strip_prefix('^').unwrap().replace("\\.", ".");
                assert!(prefix.chars().all(|letter| letter.is_alphanumeric() || letter == '.'), "{pattern}");
                key.starts_with(&prefix)
            });
            match (by_pattern, schema.get("additionalProperties")) {
                (Some((_, described)), _) => self.check(described, &format!("{place}/patternProperties"), value, &at),
                (None, Some(Value::Object(_))) => {
                    let described = &schema["additionalProperties"];
                    self.check(described, &format!("{place}/additionalProperties"), value, &at);
                }
                // readers must bear unknown keys, but the page must describe what this version writes
                (None, _) => self.faults.push(format!("{at} is not described")),
            }
        }
    }
}

fn is_of_type(value: &Value, name: &str) -> bool {
    match name {
        "null" => value.is_null(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "string" => value.is_string(),
        "array" => value.is_array(),
        "object" => value.is_object(),
        other => panic!("there is no type `{other}`"),
    }
}

/// Every property of the schema, by its place.
fn properties(schema: &Value, place: &str, found: &mut BTreeSet<String>) {
    for (key, inner) in schema.as_object().into_iter().flatten() {
        let place = format!("{place}/{key}");
        if key == "properties" {
            for (name, property) in inner.as_object().unwrap() {
                found.insert(format!("{place}/{name}"));
                properties(property, &format!("{place}/{name}"), found);
            }
        } else {
            properties(inner, &place, found);
            for (number, item) in inner.as_array().into_iter().flatten().enumerate() {
                properties(item, &format!("{place}/{number}"), found);
            }
        }
    }
}

#[test]
fn findings_are_as_the_schema_says() {
    let schema: Value =
        serde_json::from_slice(&std::fs::read(package().join("docs/findings.schema.json")).unwrap()).unwrap();
    let folder = folder_with(&[
        ("empty.csv", b"case,time,state\nC1,2024-01-01 10:00:00,New\n"),
        ("levels.toml", LEVELS.as_bytes()),
        ("task_sla.csv", b"task,has_breached\nINC0007098,true\n"),
        ("workshop.toml", b"[guess]\nhandoffs_per_case = 2\n"),
    ]);
    let mut logs = vec![
        sample("procurement.csv"),
        sample("service-desk.csv.gz"),
        sample("servicenow-incidents-excerpt.csv.gz"),
        "empty.csv".to_owned(),
    ];
    for (name, file) in [("volvo-problems", "open_problems.xes.gz"), ("servicenow-incidents", "incident_event_log.zip")]
    {
        logs.extend(public_log(name).map(|folder| folder.join(file).display().to_string()));
    }
    let mut runs: Vec<Vec<&str>> = logs.iter().map(|log| vec![log.as_str()]).collect();
    runs.push(vec![&logs[2], "-c", "levels.toml", "--workshop", "workshop.toml"]);
    runs.push(vec![&logs[1], "--where", "priority in (High, Hihg)", "--arrived-from", "2025-01-10"]);
    let mut seen = BTreeSet::new();
    for run in &runs {
        let args = [&["analyze", "--format", "json", "--people"], run.as_slice()].concat();
        let findings = wcaf(folder.path(), &args).ok().json();
        let mut validator = Validator { root: &schema, faults: Vec::new(), seen: BTreeSet::new() };
        validator.check(&schema, "", &findings, "");
        assert_eq!(validator.faults, Vec::<String>::new(), "{run:?}");
        seen.extend(validator.seen);
    }
    if logs.len() < 6 {
        return; // some of what is described is only in the public logs
    }
    let mut described = BTreeSet::new();
    properties(&schema, "", &mut described);
    let unused: Vec<&String> = described.difference(&seen).collect();
    // a role is there where a column has it
    let known = ["/$defs/MappingFound/properties/"];
    let surprising: Vec<&&String> =
        unused.iter().filter(|place| !known.iter().any(|known| place.starts_with(known))).collect();
    assert!(surprising.is_empty(), "described, but in no findings: {surprising:#?}");
}

#[test]
fn the_validator_finds_faults() {
    let schema = serde_json::json!({
        "type": "object",
        "required": ["n"],
        "properties": {"n": {"oneOf": [{"type": "integer", "minimum": 0}, {"type": "null"}]}},
    });
    let faults = |value: Value| {
        let mut validator = Validator { root: &schema, faults: Vec::new(), seen: BTreeSet::new() };
        validator.check(&schema, "", &value, "");
        validator.faults.len()
    };
    assert_eq!(faults(serde_json::json!({"n": 3})), 0);
    assert_eq!(faults(serde_json::json!({"n": null})), 0);
    for wrong in ["{\"n\": -1}", "{\"n\": 1.5}", "{}", "[]", "{\"n\": 1, \"m\": 2}"] {
        assert!(faults(serde_json::from_str(wrong).unwrap()) > 0, "{wrong}");
    }
}
