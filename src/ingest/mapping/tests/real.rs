//! Real logs, read from the directory that `WCAF_LOGS` names; skipped without it.

use std::io::Read;
use std::path::{Path, PathBuf};

use super::{Mapping, Role, Sample, expect, is_date, mapped, names, shown};
use crate::config::Family;
use crate::ingest::mapping::{Overrides, guess};

/// The first rows of a log below `WCAF_LOGS`, or nothing with a printed line.
fn log(path: &str) -> Option<Sample> {
    let Ok(root) = std::env::var("WCAF_LOGS") else {
        println!("skipped {path}: WCAF_LOGS is not set");
        return None;
    };
    Some(read(&PathBuf::from(root).join(path)))
}

fn read(path: &Path) -> Sample {
    let bytes = std::fs::read(path).unwrap();
    let plain = match path.extension().and_then(|e| e.to_str()) {
        Some("gz") => inflate(flate2::read::MultiGzDecoder::new(&bytes[..])),
        Some("zip") => {
            let word = |at: usize| usize::from(u16::from_le_bytes([bytes[at], bytes[at + 1]]));
            inflate(flate2::read::DeflateDecoder::new(&bytes[30 + word(26) + word(28)..]))
        }
        _ => String::from_utf8(bytes).unwrap(),
    };
    csv(plain.trim_start_matches('\u{feff}'))
}

fn inflate(mut reader: impl Read) -> String {
    let mut text = String::new();
    reader.read_to_string(&mut text).unwrap();
    text
}

/// At most 20,000 rows of quoted, comma-separated text.
fn csv(text: &str) -> Sample {
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => cell.extend(letters.next()),
            '"' => quoted = !quoted,
            ',' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {}
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
                if rows.len() > 20_000 {
                    break;
                }
            }
            other => cell.push(other),
        }
    }
    if !row.is_empty() || !cell.is_empty() {
        row.push(cell);
        rows.push(row);
    }
    let header = rows.remove(0);
    Sample { header, rows }
}

fn columns(sample: &Sample, columns: impl Iterator<Item = usize>) -> Vec<&str> {
    columns.map(|column| sample.header[column].as_str()).collect()
}

fn leaky<'a>(sample: &'a Sample, mapping: &Mapping) -> Vec<&'a str> {
    columns(sample, mapping.leaky.iter().map(|leak| leak.column))
}

#[test]
fn servicenow_incidents() {
    let Some(sample) = log("servicenow-incidents/incident_event_log.zip") else { return };
    let mapping = mapped(&sample);
    assert_eq!(mapping.family, Family::Snapshot);
    assert!(mapping.missing_owner_unassigned);
    let roles = [
        (Role::Case, "number"),
        (Role::Time, "sys_updated_at"),
        (Role::State, "incident_state"),
        (Role::Activity, ""),
        (Role::Group, "assignment_group"),
        (Role::Assignee, "assigned_to"),
        (Role::Actor, "sys_updated_by"),
        (Role::Priority, "priority"),
        (Role::Requester, "caller_id"),
        (Role::Outcome, "closed_code"),
        (Role::TieBreak, ""),
        (Role::ReassignmentCount, "reassignment_count"),
        (Role::ReopenCount, "reopen_count"),
        (Role::UpdateCount, "sys_mod_count"),
    ];
    expect(&mapping, &roles);
    assert_eq!(names(&mapping, Role::Segment), ["priority", "category", "contact_type", "urgency", "impact", "notify"]);
    assert_eq!(leaky(&sample, &mapping), ["made_sla", "closed_code", "resolved_by", "resolved_at", "closed_at"]);
    assert!(mapping.nulls.iter().all(|null| null.literal == "?" && null.applied));
    let nulls = columns(&sample, mapping.nulls.iter().map(|null| null.column));
    assert!(nulls.contains(&"assigned_to") && nulls.contains(&"assignment_group") && !nulls.contains(&"number"));
    let hidden: Vec<usize> = (0..sample.header.len()).filter(|column| !mapping.visible.contains(column)).collect();
    let expected = [
        "sys_mod_count",
        "made_sla",
        "sys_updated_by",
        "sys_updated_at",
        "closed_code",
        "resolved_by",
        "resolved_at",
        "closed_at",
    ];
    assert_eq!(columns(&sample, hidden.into_iter()), expected);
}

#[test]
fn permit_receipt() {
    let Some(sample) = log("permit-receipt/receipt.csv") else { return };
    let mapping = mapped(&sample);
    assert_eq!(mapping.family, Family::Activity);
    let roles = [
        (Role::Case, "case:concept:name"),
        (Role::Time, "time:timestamp"),
        (Role::Start, ""),
        (Role::Activity, "concept:name"),
        (Role::State, ""),
        (Role::Group, "org:group"),
        (Role::Assignee, "org:resource"),
        (Role::Actor, "org:resource"),
    ];
    expect(&mapping, &roles);
    assert_eq!(leaky(&sample, &mapping), ["case:enddate"]);
    assert_eq!(names(&mapping, Role::Segment), ["case:department", "case:channel"]);
    assert_eq!(mapping.nulls.len(), 1);
    assert!(mapping.nulls[0].literal == "EMPTY" && !mapping.nulls[0].applied);
    assert!(!mapping.missing_owner_unassigned);
}

#[test]
fn sla_tickets() {
    for file in ["input_02.csv", "input_03.csv", "input_04.csv"] {
        let Some(sample) = log(&format!("sla-tickets/{file}")) else { return };
        let mapping = mapped(&sample);
        assert_eq!(mapping.family, Family::Activity);
        let roles = [
            (Role::Case, "Ticket"),
            (Role::Time, "Timestamp"),
            (Role::State, "Status Name"),
            (Role::Assignee, "Assigned To"),
            (Role::Actor, ""),
            (Role::Priority, "Severity"),
            (Role::TieBreak, "Status No."),
        ];
        expect(&mapping, &roles);
        assert!(mapping.leaky.is_empty() && mapping.nulls.is_empty());
    }
}

#[test]
fn start_and_end() {
    let expected = [
        (
            "LoanApp_simplified_train.csv.gz",
            ["case_id", "end_time", "start_time", "enabled_time", "activity", "role", "resource"],
        ),
        ("Insurance_Claims_train.csv", ["case_id", "end_time", "start_time", "", "activity", "", "resource"]),
        (
            "ConsultaDataMining201618.csv.gz",
            ["case:concept:name", "time:timestamp", "start_timestamp", "", "concept:name", "", "org:resource"],
        ),
    ];
    let roles = [Role::Case, Role::Time, Role::Start, Role::Enabled, Role::Activity, Role::Group, Role::Actor];
    for (file, columns) in expected {
        let Some(sample) = log(&format!("start-end/{file}")) else { return };
        let mapping = mapped(&sample);
        assert_eq!(mapping.family, Family::StartEnd);
        expect(&mapping, &roles.into_iter().zip(columns).collect::<Vec<_>>());
        assert_eq!(mapping.column(Role::Assignee), mapping.column(Role::Actor));
    }
}

#[test]
fn japanese_logs() {
    let expected = [
        ("raw_billing_2024.csv", ["bill_id", "status_changed_at", "bill_status", "employee_id", "employee_id"]),
        (
            "raw_invoice_approval_2024.csv",
            ["invoice_id", "status_time", "approval_status", "processor_id", "processor_id"],
        ),
        ("raw_itsm_2024.csv", ["incident_id", "reported_at", "status", "assigned_to", ""]),
        ("raw_order_to_cash_2024.csv", ["order_id", "status_changed_at", "order_status", "employee_id", "employee_id"]),
    ];
    let roles = [Role::Case, Role::Time, Role::State, Role::Assignee, Role::Actor];
    for (file, columns) in expected {
        let Some(sample) = log(&format!("japanese/{file}")) else { return };
        let mapping = mapped(&sample);
        assert_eq!(mapping.family, Family::Activity);
        expect(&mapping, &roles.into_iter().zip(columns).collect::<Vec<_>>());
    }
}

#[test]
fn comments_of_a_help_desk() {
    let Some(sample) = log("helpdesk-comments/comments.csv") else { return };
    let mapping = mapped(&sample);
    let roles = [
        (Role::Case, "issue"),
        (Role::Time, "created"),
        (Role::Actor, "author"),
        (Role::Assignee, ""),
        (Role::Group, ""),
        (Role::Comment, "text"),
        (Role::CommentVisibility, "private"),
    ];
    expect(&mapping, &roles);
    assert!(mapping.notes.iter().any(|note| note.hint.contains("--state")));
}

#[test]
fn tables_that_are_no_events_are_refused_or_named() {
    for (file, message) in [
        ("github-tables/github_label_data.csv", "no time column recognised"),
        ("github-tables/github_issue_data.csv", "two columns could be the time"),
        ("sla-tickets/input_01.csv", "no time column recognised"),
        ("sla-tickets/expected_output_01.csv", "no case column recognised"),
        ("zendesk-tables/ticket_field_history_data.csv", "this is a field history"),
        ("jira-tables/issue_field_history.csv", "this is a field history"),
    ] {
        let Some(sample) = log(file) else { return };
        let problem = guess(&sample, &Overrides::default(), file, &is_date).unwrap_err();
        assert!(problem.message().starts_with(message), "{file}: {problem}");
    }
    for (file, part) in [("zendesk-tables/ticket_data.csv", "no history"), ("jira-tables/issue.csv", "no history")] {
        let Some(sample) = log(file) else { return };
        let mapping = mapped(&sample);
        assert!(mapping.notes.iter().any(|note| note.message.contains(part)), "{file}\n{}", shown(&mapping));
    }
}

#[test]
fn every_table_maps_or_is_refused_with_a_hint() {
    let Ok(root) = std::env::var("WCAF_LOGS") else {
        println!("skipped every table: WCAF_LOGS is not set");
        return;
    };
    let mut files: Vec<PathBuf> = Vec::new();
    for folder in std::fs::read_dir(root).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        let inside = std::fs::read_dir(folder.path()).unwrap().flatten().map(|entry| entry.path());
        files.extend(inside.filter(|path| {
            let ending = path.extension().and_then(|ending| ending.to_str());
            matches!(ending, Some("csv" | "zip")) || path.to_string_lossy().contains(".csv.")
        }));
    }
    files.sort();
    for path in files {
        let sample = read(&path);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        match guess(&sample, &Overrides::default(), &name, &is_date) {
            Ok(mapping) => {
                if std::env::var_os("WCAF_SHOW").is_some() {
                    println!("== {}\n{}", path.display(), shown(&mapping));
                }
            }
            Err(problem) => {
                println!("== {}\n{problem}\n", path.display());
                assert_eq!(problem.kind().exit_code(), 3, "{problem}");
                assert!(!problem.hints().is_empty(), "{problem}");
            }
        }
    }
}
