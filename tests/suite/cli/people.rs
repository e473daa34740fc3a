//! Names of people are in no output unless asked for.

use super::analyze;
use crate::run::{files_below, folder_with, wcaf};

/// People, 200 of them.
const PEOPLE: usize = 200;

/// Names that cannot be in an output by chance.
fn name(person: usize) -> String {
    format!("Planted{person:03} Person")
}

/// A log in which everybody works, hands over to the next and writes.
fn log() -> String {
    let mut text = "case,time,state,group,assignee,updated_by,caller,comment\n".to_owned();
    for case in 0..400 {
        for (step, state) in
            ["New", "In Progress", "On hold", "In Progress", "Resolved", "Closed"][..6 - case % 5].iter().enumerate()
        {
            let (owner, next) = (name((case + step / 2) % PEOPLE), name((case + step) % PEOPLE));
            let (day, hour) = (1 + case / 20, 9 + step);
            text += &format!(
                "C{case},2024-03-{day:02} {hour:02}:{:02}:00,{state},Team {},{owner},{next},{},asked {next} again\n",
                case % 60,
                step / 3,
                name(case % PEOPLE)
            );
        }
    }
    text
}

/// Everything a run puts out.
fn outputs(flags: &[&str]) -> Vec<(String, String)> {
    let folder = folder_with(&[
        ("log.csv", log().as_bytes()),
        ("people.toml", b"[handoff]\ndefinition = \"person\"\n"),
        ("actors.toml", b"[handoff]\ndefinition = \"actor\"\n"),
    ]);
    let mut all = Vec::new();
    for format in ["terminal", "json", "md", "html"] {
        let args = [&["log.csv", "--format", format, "-o", "report"], flags].concat();
        let ran = analyze(folder.path(), &args).ok();
        all.push((format.to_owned(), ran.out + &ran.err));
    }
    for format in ["terminal", "json", "md"] {
        let args = [&["check", "log.csv", "--format", format, "--fail-on", "none"], flags].concat();
        let ran = wcaf(folder.path(), &args).ok();
        all.push((format!("check as {format}"), ran.out + &ran.err));
    }
    for command in [&["aging", "log.csv"][..], &["aging", "log.csv", "--daily"], &["case", "log.csv", "C17"]] {
        for format in ["terminal", "json", "md", "html"] {
            let ran = wcaf(folder.path(), &[command, &["--format", format], flags].concat()).ok();
            all.push((format!("{command:?} as {format}"), ran.out + &ran.err));
        }
    }
    let files = files_below(&folder.path().join("report"));
    all.extend(files.into_iter().map(|(name, bytes)| (name, String::from_utf8_lossy(&bytes).into_owned())));
    all
}

/// Ways to make people the subject: a configuration, no groups, owners in place of groups.
const WAYS: [&[&str]; 4] = [&[], &["-c", "people.toml"], &["--group", ""], &["-c", "actors.toml", "--group", ""]];

#[test]
fn nobody_is_named_unless_asked_for() {
    for flags in WAYS {
        for (output, text) in outputs(flags) {
            let found: Vec<String> = (0..PEOPLE).map(name).filter(|name| text.contains(&name[..10])).collect();
            assert!(found.is_empty(), "{output} with {flags:?} names {found:?}");
        }
    }
}

#[test]
fn pairs_of_people_are_named_when_asked_for() {
    let findings = |flags: &[&str]| {
        let (_, text) = outputs(flags).into_iter().find(|(output, _)| output == "json").unwrap();
        serde_json::from_str::<serde_json::Value>(&text).unwrap()
    };
    for flags in &WAYS[1..] {
        let pairs = &findings(&[flags, &["--people"][..]].concat())["handoffs"]["pairs"];
        assert!(pairs[0]["from"].as_str().is_some_and(|name| name.starts_with("Planted")), "{flags:?}: {pairs}");
        let hidden = findings(flags);
        assert_eq!(hidden["handoffs"]["pairs"], serde_json::json!([]), "{flags:?}");
        assert!(hidden["unknown"].to_string().contains("people_hidden"), "{flags:?}");
    }
}

#[test]
fn free_text_is_in_no_output() {
    for flags in [&[][..], &["--people"]] {
        for (output, text) in outputs(flags) {
            assert!(!text.contains("asked Planted"), "{output}");
        }
    }
}
