//! `docs/REQUIREMENTS.md`: complete, and what it calls delivered is there.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

use crate::run::{folder_with, sample, wcaf};

const CONFIG: &str = r#"
[calendar.office]
timezone = "UTC"
day = "8h"
mon_fri = "08:00-18:00"
[[sla]]
id = "resolution"
pause = { state_class = "waiting_requester" }
target = "2bd"
calendar = "office"
"#;

/// One row of the list.
struct Row {
    id: String,
    status: String,
    value: String,
    test: String,
}

fn rows() -> Vec<Row> {
    let page = include_str!("../../docs/REQUIREMENTS.md");
    let lines = page.lines().filter(|line| line.starts_with("| D"));
    let row = |line: &str| {
        let cells: Vec<&str> = line.trim_matches('|').split('|').map(|cell| cell.trim().trim_matches('`')).collect();
        assert_eq!(cells.len(), 6, "{line}");
        let text = |at: usize| cells[at].to_owned();
        Row { id: text(0), status: text(2), value: text(4), test: text(5) }
    };
    lines.map(row).collect()
}

#[test]
fn every_requirement_is_listed_once_with_what_shows_it() {
    let rows = rows();
    let ids: Vec<String> = rows.iter().map(|row| row.id.clone()).collect();
    let wanted: Vec<String> = (1..=107).map(|number| format!("D{number}")).collect();
    assert_eq!(ids, wanted);
    let starts = |start: &str| rows.iter().filter(|row| row.status.starts_with(start)).count();
    let sum = format!(
        "{} are delivered, {} in part, {} not.",
        starts("delivered"),
        starts("in part"),
        starts("not delivered")
    );
    assert!(include_str!("../../docs/REQUIREMENTS.md").contains(&sum), "{sum}");
    for row in rows {
        let shown = !row.value.is_empty() && !row.test.is_empty();
        match row.status.as_str() {
            "delivered" => assert!(shown, "{}", row.id),
            "not delivered" => assert!(row.value.is_empty() && row.test.is_empty(), "{}", row.id),
            part => assert!(part.starts_with("in part: "), "{}: {part}", row.id),
        }
    }
}

#[test]
fn the_tests_named_exist() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite");
    for row in rows().iter().filter(|row| !row.test.is_empty()) {
        let (module, function) = row.test.split_once("::").unwrap_or((&row.test, ""));
        let text = std::fs::read_to_string(folder.join(format!("{module}.rs"))).unwrap_or_default();
        let there =
            if function.is_empty() { text.contains("#[test]") } else { text.contains(&format!("fn {function}(")) };
        assert!(there, "{} names {}", row.id, row.test);
    }
}

#[test]
fn the_values_named_are_known() {
    let folder = folder_with(&[("wcaf.toml", CONFIG.as_bytes())]);
    let log = sample("service-desk.csv.gz");
    let run = |args: &[&str]| wcaf(folder.path(), &[args, &[&log, "--format", "json"]].concat()).ok().json();
    let aging = ["aging", "--as-of", "2025-01-21T12:00:00Z"];
    let found: BTreeMap<&str, Value> = BTreeMap::from([
        ("analyze", run(&["analyze", "-o", "out"])),
        ("procurement", wcaf(folder.path(), &["analyze", &sample("procurement.csv"), "--format", "json"]).ok().json()),
        ("aging", run(&aging)),
        ("daily", run(&[&aging[..], &["--daily"]].concat())),
        ("case", wcaf(folder.path(), &["case", &log, "INC0010003", "--format", "json"]).ok().json()),
    ]);
    for row in rows().iter().filter(|row| !row.value.is_empty()) {
        let (command, place) = row.value.split_once(' ').unwrap();
        if command == "file" {
            assert!(folder.path().join("out").join(place).exists(), "{}: {place}", row.id);
            continue;
        }
        let value = found[command].pointer(place).unwrap_or(&Value::Null);
        assert!(!value.is_null() && *value != serde_json::json!([]), "{}: {}", row.id, row.value);
    }
}
