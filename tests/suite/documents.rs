//! What `analyze -o` writes for people and for a later replay: policies that read back, plans whose numbers are those of
//! the findings, charters, and the workshop pack.

use std::path::Path;

use serde_json::Value;
use wcaf::policy::{Policy, TestEvent};

use crate::harness::public_log;
use crate::run::{files_below, folder_with, sample, wcaf};

/// Working hours and a service level, which policies take over.
const HOURS: &str = r#"
[calendar.office]
timezone = "Europe/Berlin"
day = "8h"
mon_fri = "09:00-17:00"
holidays = ["de-by"]

[[sla]]
id = "resolution"
stop = { state_class = "done" }
target = "5bd"
calendar = "office"
"#;

/// Every log whose documents are looked at, by path.
fn logs() -> Vec<String> {
    let mut logs =
        vec![sample("procurement.csv"), sample("service-desk.csv.gz"), sample("servicenow-incidents-excerpt.csv.gz")];
    let public = [
        ("travel-approvals", "BPI_2020_PrepaidTravelCost.xes.gz"),
        ("italian-helpdesk", "helpdesk.xes.gz"),
        ("servicenow-incidents", "incident_event_log.zip"),
    ];
    logs.extend(public.into_iter().filter_map(|(name, file)| Some(public_log(name)?.join(file).display().to_string())));
    logs
}

/// Analyses into a folder and gives back its findings.
fn analysed(folder: &Path, more: &[&str]) -> Value {
    let args = [&["analyze", "-o", "out", "--quiet"], more].concat();
    wcaf(folder, &args).ok();
    serde_json::from_slice(&std::fs::read(folder.join("out/findings.json")).unwrap()).unwrap()
}

fn text(folder: &Path, name: &str) -> String {
    std::fs::read_to_string(folder.join("out").join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn every_policy_reads_back_or_has_a_reason() {
    let folder = folder_with(&[("hours.toml", HOURS.as_bytes()), ("none.toml", b"")]);
    let mut written = 0;
    for log in logs() {
        for config in ["none.toml", "hours.toml"] {
            let findings = analysed(folder.path(), &[&log, "-c", config]);
            for (index, found) in findings["interventions"].as_array().unwrap().iter().enumerate() {
                let Some(name) = found["policy_file"].as_str() else {
                    let reason = &findings["unknown"][format!("/interventions/{index}/policy_file")]["message"];
                    assert!(reason.is_string(), "{log}: {}", found["id"]);
                    continue;
                };
                let policy = text(folder.path(), name);
                let read = Policy::parse(&policy, name).unwrap_or_else(|problem| panic!("{problem}\n{policy}"));
                assert_eq!(read.name, found["id"].as_str().unwrap());
                let rules = read.router.len() + read.watchdog.len() + read.concierge.len() + read.clerk.len();
                assert_eq!((rules, read.stop.len()), (1, 1), "{policy}");
                assert!(!read.test.is_empty() && !read.assert.is_empty());
                for event in read.test.iter().flat_map(|test| &test.events) {
                    TestEvent::parse(event).unwrap();
                }
                assert_eq!(read.default_calendar.as_deref() == Some("office"), config == "hours.toml");
                written += 1;
            }
        }
    }
    assert!(written >= 10, "{written} policies");
}

#[test]
fn without_a_folder_no_policy_is_named() {
    let folder = folder_with(&[]);
    let findings = wcaf(folder.path(), &["analyze", &sample("service-desk.csv.gz"), "--format", "json"]).ok().json();
    let all = findings["interventions"].as_array().unwrap();
    assert!(!all.is_empty() && all.iter().all(|found| found["policy_file"].is_null()));
    assert_eq!(findings["unknown"]["/interventions/*/policy_file"]["code"], "not_written");
}

#[test]
fn the_manifest_lists_every_document() {
    let folder = folder_with(&[]);
    analysed(folder.path(), &[&sample("service-desk.csv.gz")]);
    let manifest: Value = serde_json::from_str(&text(folder.path(), "manifest.json")).unwrap();
    let listed: Vec<&str> =
        manifest["outputs"].as_array().unwrap().iter().map(|file| file["name"].as_str().unwrap()).collect();
    for (name, _) in files_below(&folder.path().join("out")) {
        assert!(name == "manifest.json" || listed.contains(&name.as_str()), "{name}");
    }
}

/// The value of a key such as `choke_points[new.-].p90_ms`: an entry of a list stands in brackets, by its id or place.
fn value_of<'a>(findings: &'a Value, key: &str) -> &'a Value {
    let mut at = findings;
    let mut rest = key;
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('[') {
            let (id, after) = inner.split_once(']').unwrap();
            let list = at.as_array().unwrap_or_else(|| panic!("{key} is no list"));
            at = match id.parse::<usize>() {
                Ok(place) => &list[place],
                Err(_) => list.iter().find(|entry| entry["id"] == id).unwrap_or_else(|| panic!("{key} is not there")),
            };
            rest = after.trim_start_matches('.');
        } else {
            let end = rest.find(['.', '[']).unwrap_or(rest.len());
            at = at.get(&rest[..end]).unwrap_or_else(|| panic!("{key} is not there"));
            rest = rest[end..].trim_start_matches('.');
        }
    }
    at
}

/// How a document may say a value.
fn ways_to_say(key: &str, value: &Value) -> Vec<String> {
    use wcaf::counts::{decimal, duration};
    match value {
        Value::String(text) => vec![text.trim_end_matches('.').to_owned()],
        Value::Null => vec!["not known".to_owned(), "cannot tell".to_owned(), "–".to_owned()],
        Value::Number(number) => {
            let number = number.as_f64().unwrap();
            let is_ms = key.contains("_ms");
            #[expect(clippy::cast_possible_truncation, reason = "durations are below 2^53 ms")]
            let ms = is_ms.then(|| duration(number.round() as i64));
            let plain = [0, 1, 2].map(|digits| decimal(number, digits));
            let money = [decimal((number / 100.0 + 0.5).floor(), 0), decimal(number / 100.0, 2)];
            let percent = [format!("{} %", decimal(number * 100.0, 1)), "<0.1 %".to_owned(), ">99.9 %".to_owned()];
            let percent = if number == 0.0 { vec!["0 %".to_owned()] } else { percent.to_vec() };
            let hours = number / 3_600_000.0;
            let working = [0, 1].map(|digits| format!("{} bh", decimal(hours, digits)));
            match ms {
                Some(ms) => std::iter::once(ms).chain(working).collect(),
                None => plain.into_iter().chain(money).chain(percent).collect(),
            }
        }
        other => panic!("{key} is {other}"),
    }
}

/// The keys a line rests on: those in brackets at its end, or in the last cell of a row.
fn keys(line: &str) -> Vec<&str> {
    let cited = match line.rfind(" [`") {
        Some(at) if line.ends_with("`]") => &line[at + 2..line.len() - 1],
        // tables of two columns have no keys
        _ if line.starts_with('|') && line.ends_with("` |") && line.matches('|').count() > 3 => {
            line[..line.len() - 2].rsplit("| ").next().unwrap()
        }
        _ => return Vec::new(),
    };
    cited.split(", ").map(|key| key.trim_matches('`')).collect()
}

/// Looks every key of a document up and wants its value in the line; returns how many lines rest on keys.
fn evaluated(document: &str, findings: &Value) -> usize {
    let mut here = String::new();
    let mut cited = 0;
    for line in document.lines() {
        if let Some(rest) = line.strip_prefix("*Keys: `…` stands for `") {
            rest.split('`').next().unwrap().clone_into(&mut here);
        }
        let said =
            line.replace('\\', "").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&").to_lowercase();
        let found = keys(line);
        cited += usize::from(!found.is_empty());
        for key in found {
            let full = key.replacen('…', &here, 1);
            let value = value_of(findings, &full);
            let parts: Vec<(String, &Value)> = match value {
                Value::Object(parts) if parts.contains_key("low") => {
                    parts.iter().map(|(name, part)| (format!("{full}.{name}"), part)).collect()
                }
                // rows of states and pairs rest on several values of their entry
                Value::Object(_) => continue,
                one => vec![(full.clone(), one)],
            };
            for (full, value) in parts {
                // a limit counts as the key that it limits does
                let limited =
                    [".exit_test.", ".guardrail."].iter().find_map(|part| full.find(part).map(|at| at + part.len()));
                let metric = limited.map(|end| value_of(findings, &format!("{}metric", &full[..end])));
                let ways = ways_to_say(metric.and_then(Value::as_str).unwrap_or(&full), value);
                // long evidence is cut in a document
                let says = |way: &String| said.contains(&way.to_lowercase().chars().take(200).collect::<String>());
                assert!(ways.iter().any(says), "{full} is {value}\n{line}");
            }
        }
    }
    cited
}

#[test]
fn every_number_of_the_documents_is_one_of_the_findings() {
    let folder = folder_with(&[("hours.toml", HOURS.as_bytes()), ("none.toml", b"")]);
    for log in logs() {
        for config in ["none.toml", "hours.toml"] {
            let findings = analysed(folder.path(), &[&log, "-c", config]);
            let plan = text(folder.path(), "plan.md");
            assert!(evaluated(&plan, &findings) > 5, "{plan}");
            for line in plan.lines().filter(|line| !line.starts_with(['#', '*']) && keys(line).is_empty()) {
                let is_number = |word: &str| word.chars().all(|letter| letter.is_ascii_digit() || letter == ',');
                let marked = line.split_once(". ").map_or(line, |(_, rest)| rest);
                let bare = marked.split(' ').find(|word| !word.is_empty() && is_number(word));
                assert_eq!(bare, None, "{log}: a number without a key\n{line}");
            }
            assert!(evaluated(&text(folder.path(), "workshop.md"), &findings) >= 5);
            let charters: Vec<String> =
                files_below(&folder.path().join("out/charters")).into_iter().map(|(name, _)| name).collect();
            assert!(charters.len() >= findings["interventions"].as_array().unwrap().len());
            for charter in charters {
                evaluated_charter(folder.path(), &charter, &findings);
            }
        }
        std::fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
}

fn evaluated_charter(folder: &Path, name: &str, findings: &Value) {
    let charter = text(folder, &format!("charters/{name}"));
    let id = charter.lines().find_map(|line| line.strip_prefix("| Intervention | `")?.split('`').next()).unwrap();
    // the folder may hold a charter of a run before with another configuration
    if findings["interventions"].as_array().unwrap().iter().any(|found| found["id"] == id) {
        assert!(evaluated(&charter, findings) >= 4, "{charter}");
    }
    for heading in
        ["It may", "It may not", "Permissions: everything it writes", "How to override it", "Where escalations go"]
    {
        assert!(charter.contains(&format!("## {heading}\n")), "{heading}");
    }
}

/// A log without approvals and one with them: nobody talks of what is not there.
#[test]
fn approvals_are_talked_of_only_where_there_are_some() {
    let folder = folder_with(&[]);
    for (log, has_approvals) in [("service-desk.csv.gz", false), ("procurement.csv", true)] {
        let findings = analysed(folder.path(), &[&sample(log)]);
        let approval = |state: &Value| state["class"] == "approval";
        assert_eq!(findings["states"].as_array().unwrap().iter().any(approval), has_approvals);
        let id = findings["interventions"][0]["policy_file"].as_str().unwrap();
        let charter = id.replace("policies/", "charters/").replace(".toml", ".md");
        for name in ["workshop.md", &charter] {
            let document = text(folder.path(), name).to_lowercase();
            assert_eq!(document.contains("approv"), has_approvals, "{log}: {document}");
        }
        std::fs::remove_dir_all(folder.path().join("out")).unwrap();
    }
}

#[test]
fn guesses_stand_beside_what_the_log_says() {
    let filled = "[guess]\nhandoffs_per_case = 2\nescalated_percent = 5\ncycle_time_median = \"3d\"\n\
                  [levels]\nregulatory = true\n[states]\nNew = \"queue\"\n";
    let folder = folder_with(&[("workshop.toml", filled.as_bytes())]);
    let log = sample("service-desk.csv.gz");
    let findings = analysed(folder.path(), &[&log, "--workshop", "workshop.toml"]);
    let guesses = findings["workshop"]["guesses"].as_array().unwrap();
    assert_eq!(guesses.len(), 3);
    for guess in guesses.iter().filter(|guess| !guess["measured"].is_null()) {
        let metric = value_of(&findings, guess["metric"].as_str().unwrap());
        assert_eq!(guess["measured"].as_f64(), metric.as_f64());
    }
    assert_eq!(findings["interventions"][0]["level_values"]["regulatory"], true);
    let measured = wcaf::counts::decimal(guesses[0]["measured"].as_f64().unwrap(), 2);
    let says = format!("you guessed 2.00, the log says {measured}");
    assert!(text(folder.path(), "workshop.md").contains(&says));
    assert!(text(folder.path(), "summary.md").contains(&says));
    assert!(text(folder.path(), "manifest.json").contains("workshop.toml"));
    let shown = wcaf(folder.path(), &["analyze", &log, "--workshop", "workshop.toml"]).ok().out;
    assert!(shown.contains(&says), "{shown}");
}

/// What `-o` writes can be given back as it is, and once every `#` before a key is taken away.
#[test]
fn the_workshop_file_is_read_as_it_is_written() {
    let folder = folder_with(&[]);
    for log in logs() {
        analysed(folder.path(), &[&log]);
        let written = text(folder.path(), "workshop.toml");
        std::fs::write(folder.path().join("empty.toml"), &written).unwrap();
        let uncommented: Vec<&str> = written
            .lines()
            .map(|line| match line.strip_prefix("# ") {
                Some(rest) if rest.contains(" = ") => rest,
                Some(_) | None => line,
            })
            .collect();
        std::fs::write(folder.path().join("filled.toml"), uncommented.join("\n")).unwrap();
        let empty = analysed(folder.path(), &[&log, "--workshop", "empty.toml"]);
        assert!(empty["workshop"].is_null());
        let filled = analysed(folder.path(), &[&log, "--workshop", "filled.toml"]);
        assert_eq!(filled["workshop"]["guesses"].as_array().unwrap().len(), 9);
    }
}

#[test]
fn a_wrong_workshop_file_is_refused_with_its_line() {
    let folder = folder_with(&[("w.toml", b"[guess]\nhandoff_per_case = 2\n")]);
    let log = sample("procurement.csv");
    wcaf(folder.path(), &["analyze", &log, "--workshop", "w.toml"])
        .refused(2, &["unknown key `handoff_per_case`", "w.toml:2", "did you mean `handoffs_per_case`?"]);
    wcaf(folder.path(), &["analyze", &log, "--workshop", "none.toml"]).refused(2, &["none.toml", "--workshop"]);
}

#[test]
fn documents_are_the_same_on_any_number_of_threads() {
    let folder = folder_with(&[]);
    let log = sample("service-desk.csv.gz");
    let read = |threads: &str| {
        analysed(folder.path(), &[&log, "--threads", threads]);
        ["plan.md", "workshop.md", "workshop.toml", "manifest.json"].map(|name| text(folder.path(), name))
    };
    assert_eq!(read("1"), read("5"));
}
