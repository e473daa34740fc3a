//! What the three renderings of a check look like.

use super::check_json;
use crate::report::fixture::quality::{check_report, clean_report};
use crate::report::terminal::Style;
use crate::report::visible::width;
use crate::report::{markdown, terminal};

/// The part between two headings.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap();
    &text[start..start + text[start..].find(to).unwrap()]
}

#[test]
fn findings_on_a_terminal() {
    let text = terminal::check(&check_report(), Style::default());
    insta::assert_snapshot!(between(&text, "4 findings", "Readiness of the log"));
    let text = terminal::check(&clean_report(), Style::default());
    assert!(text.contains("No check found anything."), "{text}");
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    for columns in [60, 80, 120] {
        for line in terminal::check(&check_report(), Style { width: columns, ..Style::default() }).lines() {
            assert!(width(line) <= columns, "{columns}: {line}");
        }
    }
}

#[test]
fn the_whole_report_as_markdown() {
    insta::assert_snapshot!(markdown::check(&check_report()));
}

#[test]
fn the_json_keeps_its_keys() {
    let json: serde_json::Value = serde_json::from_str(&check_json(&check_report())).unwrap();
    assert_eq!(json["schema"], "wcaf.check/1");
    assert_eq!(json["verdict"], "fail");
    let keys: Vec<&str> = json["findings"][0].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(keys, ["count", "effect", "examples", "fix", "id", "message", "of", "severity", "share", "unit"]);
    assert_eq!(json["findings"][0]["examples"][0]["line"], 17);
    assert_eq!(json["findings"][0]["examples"][0]["case"], serde_json::Value::Null);
    assert_eq!(
        serde_json::from_str::<serde_json::Value>(&check_json(&clean_report())).unwrap()["verdict"],
        serde_json::Value::Null
    );
}
