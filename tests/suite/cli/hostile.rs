//! Text of a log that tries to act: it reaches a terminal only as visible text.

use super::analyze;
use crate::run::{folder_with, wcaf, zip};

/// Texts that move cursors, set titles, reverse the writing direction or end lines.
const PAYLOADS: [&str; 12] = [
    "\u{1b}[31mred",
    "\u{1b}]0;title\u{7}",
    "\u{1b}[2J",
    "\u{9b}31m",
    "\u{202e}reversed",
    "\u{2066}isolated\u{2069}",
    "\u{200f}mark",
    "two\nlines",
    "two\r\nlines",
    "back\u{8}space",
    "\u{2028}separator",
    "nul\0byte",
];

/// Characters that must not come out raw; line feeds are counted apart.
fn acts(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

fn quoted(text: &str) -> String {
    format!("\"{}\"", text.replace('"', "\"\""))
}

/// A log with the payload in every kind of cell and, where asked, in the header.
fn log(payload: &str, in_header: bool) -> String {
    let column = |name: &str| if in_header { quoted(&format!("{name} {payload}")) } else { name.to_owned() };
    let names = ["case", "time", "state", "group", "assignee", "priority", "category", "comment"].map(column);
    let mut text = names.join(",") + "\n";
    for case in 0..40 {
        for (step, state) in ["New", "On hold", "Work", "Closed"].iter().enumerate() {
            let cell = |what: &str| quoted(&format!("{what}{payload}"));
            let group = cell(["Desk", "Network"][step / 2]);
            let time = format!("2024-03-{:02} {:02}:00:00", 1 + case / 2, 9 + step);
            let cells = [
                cell(&format!("C{case}")),
                time,
                cell(state),
                group,
                cell("P"),
                cell("high"),
                cell("hardware"),
                cell("hm"),
            ];
            text += &(cells.join(",") + "\n");
        }
    }
    text
}

#[track_caller]
fn harmless(output: &str, what: &str) {
    let found: Vec<char> = output.chars().filter(|&character| acts(character)).collect();
    assert!(found.is_empty(), "{what} holds {found:?}");
    let begun = output.lines().any(|line| line.starts_with("lines"));
    assert!(!begun, "a text of the log starts a line of {what}");
}

#[test]
fn hostile_cells_and_headers_are_made_visible() {
    for payload in PAYLOADS {
        for in_header in [false, true] {
            if in_header && payload.contains('\0') {
                continue;
            }
            let folder = folder_with(&[("log.csv", log(payload, in_header).as_bytes())]);
            let columns: &[&str] =
                &["--case", "#1", "--time", "#2", "--state", "#3", "--group", "#4", "--assignee", "#5"];
            for format in ["terminal", "md", "html"] {
                let args = [&["log.csv", "--people", "--format", format, "--segment", "#7"], columns].concat();
                let ran = analyze(folder.path(), &args).ok();
                harmless(&ran.out, &format!("{format} of {payload:?}, in the header: {in_header}"));
                harmless(&ran.err, "standard error");
            }
            for format in ["terminal", "md", "json"] {
                let args = ["check", "log.csv", "--people", "--format", format, "--fail-on", "none"];
                let ran = wcaf(folder.path(), &[&args, columns].concat()).ok();
                harmless(&ran.out, &format!("check as {format} of {payload:?}, in the header: {in_header}"));
            }
            let sla = format!("[[sla]]\nid = {}\ntarget = \"1h\"\n", serde_json::to_string(payload).unwrap());
            std::fs::write(folder.path().join("wcaf.toml"), sla).unwrap();
            let id = format!("C2{}", payload.replace('\0', ""));
            for command in [&["aging", "log.csv"][..], &["aging", "log.csv", "--daily"], &["case", "log.csv", &id]] {
                for format in ["terminal", "md", "html", "json"] {
                    let ran = wcaf(folder.path(), &[command, &["--people", "--format", format], columns].concat());
                    // an id with NUL cannot be asked for; then the refusal names those that are near
                    harmless(&(ran.out + &ran.err), &format!("{command:?} as {format} of {payload:?}"));
                }
            }
        }
    }
}

#[test]
fn hostile_text_in_refusals_is_made_visible() {
    for payload in PAYLOADS {
        let cell = quoted(payload);
        let logs = [
            format!("case,time,state\nA,{cell},New\nA,{cell},New\n"),
            format!("case,time,{cell},{cell}\nA,2024-01-01,x,y\n"),
            format!("case,time,state\nA,2024-01-01,New\n{cell}\n"),
            format!("{cell}\nA\n"),
            format!("case,{cell},state\nA,03/04/2024,New\nA,04/05/2024,New\n"),
            format!("ticket {payload},time,state\nA,2024-01-01,\"New\n").replace('\n', " "),
        ];
        for (number, log) in logs.iter().enumerate() {
            let folder = folder_with(&[("log.csv", log.as_bytes())]);
            let ran = analyze(folder.path(), &["log.csv", "--time", "#2"]);
            assert_ne!(ran.code, Some(0), "log {number} with {payload:?}");
            harmless(&ran.err, &format!("the refusal of log {number} with {payload:?}"));
        }
        let folder = folder_with(&[("log.csv", b"case,time,state\nA,2024-01-01,New\n")]);
        if !payload.contains('\0') {
            for args in [["--case", payload], ["--set", payload], ["--timezone", payload], ["--date-format", payload]] {
                let ran = analyze(folder.path(), &[&["log.csv"], &args[..]].concat());
                assert_eq!(ran.code, Some(2), "{args:?}");
                harmless(&ran.err, &format!("the refusal of {args:?}"));
            }
            harmless(&analyze(folder.path(), &[payload]).err, "the refusal of a file name");
        }
    }
}

#[test]
fn hostile_file_names_are_made_visible() {
    let log = "case,time,state\nA,2024-01-01,New\nA,2024-01-02,Closed\n";
    let name = "\u{1b}[31m\u{202e}log\n.csv";
    let folder = folder_with(&[(name, log.as_bytes()), ("two.zip", &zip(&[(name, b"x"), ("b.csv", b"y")]))]);
    for format in ["terminal", "md", "html"] {
        harmless(&analyze(folder.path(), &[name, "--format", format]).ok().out, format);
    }
    harmless(&analyze(folder.path(), &["two.zip"]).err, "the refusal of a zip");
}
