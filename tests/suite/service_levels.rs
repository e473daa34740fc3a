//! Service levels: figures that are known of the public tickets, and random logs against minutes counted one by one.

mod minutes;

use std::path::{Path, PathBuf};

use proptest::prelude::*;
use serde_json::{Value, json};
use wcaf::assemble::{Measured, measure};
use wcaf::config::Config;
use wcaf::error::Result;
use wcaf::ingest::mapping::Overrides;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, IngestReport, Request};
use wcaf::metrics::sla::Walker;
use wcaf::states::Reader;

use crate::harness::{element, findings, public_log};

/// What `wcaf.toml` says of the tickets: a column that packs three values, and targets in business days.
const TICKETS: &str = r#"
[split.Ticket]
by = " / "
into = ["Id", "Department", "Person"]

[mapping]
case = "Id"
assignee = "Assigned To"
segments = ["Department", "Severity"]

[calendar.weekdays]
timezone = "UTC"
day = "24h"
mon_fri = "00:00-24:00"

[[sla]]
id = "agreement"
stop = { state = "Closed" }
calendar = "weekdays"
[sla.target]
by = "Department"
[sla.target.values]
"#;

/// The configuration of the tickets, with the targets of the table that came with them.
pub fn tickets_config(folder: &Path) -> String {
    let table = std::fs::read_to_string(folder.join("input_01.csv")).unwrap();
    let lines = table.trim_start_matches('\u{feff}').lines().skip(1).filter_map(|line| line.split_once(','));
    let targets = lines.map(|(department, days)| format!("\"{department}\" = \"{}bd\"\n", days.trim()));
    format!("{TICKETS}{}", targets.collect::<String>())
}

fn tickets() -> Option<(PathBuf, Value)> {
    let folder = public_log("sla-tickets")?;
    let files = ["input_02.csv", "input_03.csv", "input_04.csv"].map(|file| folder.join(file));
    let found = findings(&files, &Config::parse(&tickets_config(&folder), "wcaf.toml").unwrap());
    Some((folder, found))
}

fn csv_rows(file: &Path) -> Vec<csv::StringRecord> {
    csv::Reader::from_path(file).unwrap().records().map(|row| row.unwrap()).collect()
}

#[test]
fn tickets_kept_and_missed() {
    let Some((folder, found)) = tickets() else { return };
    assert_eq!((&found["input"]["events"], &found["input"]["cases"]), (&json!(2_542), &json!(665)));
    assert_eq!(found["input"]["as_of"], "2020-03-15T23:09:17Z");
    assert_eq!(found["mapping"]["case"]["column"], "Id");
    let level = &found["sla"][0];
    assert_eq!(
        (&level["id"], &level["clock"], &level["calendar"]),
        (&json!("agreement"), &json!("business"), &json!("weekdays"))
    );
    let counts = &level["counts"];
    assert_eq!((&counts["met"], &counts["breached"], &counts["timers"]), (&json!(71), &json!(32), &json!(665)));
    assert_eq!((&counts["open_past"], &counts["open_within"]), (&json!(501), &json!(61)));
    assert_eq!(
        found["kpis"]["sla_breach_rate"],
        json!({"stopped_or_past": 533.0 / 604.0, "closed_only": 32.0 / 103.0})
    );
    let expected: Vec<u64> =
        csv_rows(&folder.join("expected_output_02.csv")).iter().map(|row| row[1].parse().unwrap()).collect();
    assert_eq!(expected, [32, 71]);
    assert!(
        !found["warnings"].as_array().unwrap().iter().any(|warning| warning["code"] == "unknown_name"),
        "{}",
        found["warnings"]
    );
}

#[test]
fn tickets_by_status_and_the_ranking_of_departments() {
    let Some((folder, found)) = tickets() else { return };
    for row in csv_rows(&folder.join("expected_output_01.csv")) {
        let open: u64 = row[1].parse().unwrap();
        assert_eq!(element(&found["states"], "state", &row[0])["open_visits"], open, "{row:?}");
    }
    let long: Vec<String> = csv_rows(&folder.join("input_01.csv"))
        .iter()
        .filter(|row| &row[1] == "18")
        .map(|row| row[0].to_owned())
        .collect();
    let cuts = found["kpi_cuts"].as_array().unwrap();
    let mut ranking: Vec<(f64, &str)> = cuts
        .iter()
        .filter(|cut| cut["kpi"] == "sla_breach_rate.closed_only" && !cut["value"].is_null())
        .filter_map(|cut| {
            let department = cut["key"].as_str()?.strip_prefix("Department=")?;
            let achieved = (1.0 - cut["value"].as_f64()?) * 100.0;
            long.iter().any(|name| name == department).then_some(((achieved * 100.0).round() / 100.0, department))
        })
        .collect();
    ranking.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(b.1)));
    let expected = csv_rows(&folder.join("expected_output_03.csv"));
    let expected: Vec<(f64, &str)> = expected.iter().map(|row| (row[2].parse().unwrap(), &row[1])).collect();
    assert_eq!(&ranking[..expected.len()], expected);
}

/// Reads and measures a CSV text with a configuration.
fn measured(text: &str, toml: &str, threads: usize) -> Result<(Measured, IngestReport, Config)> {
    let config = Config::parse(toml, "wcaf.toml")?;
    let request = Request {
        sources: vec![Source::Memory("log.csv".to_owned(), text.as_bytes().to_vec())],
        overrides: Overrides::from_config(&config),
        splits: config.splits.clone(),
        keep_columns: config.kept_columns(),
        threads,
        ..Request::default()
    };
    let (log, report) = ingest::read(&request, &Progress::new(0))?;
    let measured = measure(log, &report, &config, threads)?;
    Ok((measured, report, config))
}

/// The beginning of the configuration of a made-up log.
const MADE: &str = r#"
family = "activity"
missing_owner = "unchanged"
[mapping]
case = "case"
time = "time"
state = "state"
group = "group"
assignee = "assignee"
actor = "actor"
priority = "priority"
comment = "comment"
activity = ""
tie_break = ""
segments = []
[states]
New = "queue"
Work = "active"
Ask = "waiting_requester"
Done = "done"
Drop = "cancelled"
[bots]
names = ["Robot"]
not = ["Ann", "Bob", "Cyd"]
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn timers_equal_minutes_counted_one_by_one(rows in minutes::log(), variant in 0..minutes::VARIANTS.len()) {
        let variant = &minutes::VARIANTS[variant];
        let toml = format!("{MADE}\n{}\n{}", minutes::CALENDAR, variant.toml);
        let text = minutes::csv(&rows);
        let expected = minutes::timers(&rows, variant);
        for threads in [1, 3] {
            let (measured, _, _) = measured(&text, &toml, threads).unwrap_or_else(|problem| panic!("{problem}\n{text}"));
            let levels = measured.sla.as_ref().unwrap();
            let (log, semantics) = (&measured.log, &measured.semantics);
            let mut reader = Reader::new(log, semantics, false);
            let mut walker = Walker::new(log, semantics, &levels.plan);
            let (mut found, mut timers) = (Vec::new(), Vec::new());
            for case in 0..log.cases() {
                let events = reader.load(case);
                for traced in walker.traced(case, &events) {
                    found.push(minutes::Counted::of(&traced, log.case_ids.id(case), events.time_ms));
                    timers.push(traced.timer);
                }
            }
            prop_assert_eq!(&timers, &levels.timers);
            found.sort();
            prop_assert_eq!(&found, &expected, "{}\n{}", variant.toml, text);
        }
    }
}

const TWO: &str = "case,time,state,group,assignee,actor,priority,comment,made,took\n\
    a,2024-01-01T09:00:00Z,New,G,Ann,Ann,1,,true,\n\
    a,2024-01-01T15:00:00Z,Done,G,Ann,Ann,1,,true,1970-01-01 06:00:00\n\
    b,2024-01-01T09:00:00Z,New,G,Ann,Ann,2,,true,\n\
    b,2024-01-01T12:00:00Z,Done,G,Ann,Ann,2,,true,1970-01-01 04:00:00\n";

#[test]
fn what_the_source_system_says() {
    let toml =
        format!("{MADE}[[sla]]\nid = \"r\"\ntarget = \"5h\"\nfacts = {{ made = \"made\", elapsed = \"took\" }}\n");
    let (mut kept, report, config) = measured(TWO, &toml, 2).unwrap();
    let found =
        wcaf::assemble::assemble(&mut kept, &report, &config, wcaf::assemble::Options { people: false, threads: 2 });
    let [made, took] = found.sla.as_ref().unwrap()[0].reconcile.as_slice() else { panic!("two columns") };
    assert_eq!((made.measure, made.cases, made.differing_cases, made.total_ours), ("breached", 2, 1, 1));
    assert_eq!((made.differing[0].case.raw(), made.differing[0].theirs, made.differing[0].ours), ("a", 0, 1));
    assert_eq!((took.measure, took.differing_cases, took.differing[0].case.raw()), ("elapsed_ms", 1, "b"));
    assert!(!found.warnings.iter().any(|warning| warning.code == "sla_outlives_cases"));
    let toml = format!("{MADE}[[sla]]\nid = \"r\"\ntarget = \"5h\"\nstop = {{ assignee = \"Bob\" }}\n");
    let (mut goes_on, report, config) = measured(TWO, &toml, 1).unwrap();
    let options = wcaf::assemble::Options { people: false, threads: 1 };
    let warnings = wcaf::assemble::assemble(&mut goes_on, &report, &config, options).warnings;
    let warning = warnings.iter().find(|warning| warning.code == "sla_outlives_cases").unwrap();
    assert!(warning.message.raw().starts_with("2 timers of the service level `r` go on in cases that are over"));
    assert!(!warnings.iter().any(|warning| warning.message.raw().contains("Bob")), "a name of a person");
    assert_eq!((took.differing[0].theirs, took.differing[0].ours), (4 * 3_600_000, 3 * 3_600_000));
}

#[test]
fn names_that_the_log_does_not_have() {
    let refused = [
        (
            "[[sla]]\nid = \"r\"\ntarget = \"5h\"\nwhen = { Sitee = \"x\" }\n",
            true,
            "no column of the log is called `Sitee`",
            "as its header",
        ),
        (
            "[[sla]]\nid = \"r\"\ntarget = \"5h\"\nwhen = { commentt = \"x\" }\n",
            true,
            "`commentt`",
            "did you mean `comment`?",
        ),
        (
            "[[sla]]\nid = \"r\"\ntarget = \"5h\"\nstart = { activity = \"x\" }\n",
            true,
            "has no activity column",
            "--activity COLUMN",
        ),
        ("[split.when]\nby = \"-\"\ninto = [\"a\", \"b\"]\n", true, "the column `when` of [split]", "[split.\""),
        ("[split.time]\nby = \"|\"\ninto = [\"a\", \"b\"]\n", false, "have no \"|\" to be split by", "correct `by`"),
        ("[split.time]\nby = \"T\"\ninto = [\"case\", \"b\"]\n", true, "a part of `time` and a column", "`case 2`"),
    ];
    for (toml, in_config, says, hint) in refused {
        let Err(problem) = measured(TWO, &format!("{MADE}{toml}"), 1) else { panic!("{toml}") };
        let shown = problem.to_string();
        assert!(shown.contains(says) && shown.contains(hint), "{shown}");
        assert!(shown.contains(if in_config { "wcaf.toml:" } else { "log.csv" }), "{shown}");
    }
    let warned = [
        ("start = { state = \"Nw\" }", "sla_never_starts", "starts in no case"),
        ("start = { state = \"Nw\" }", "unknown_name", "`Nw` of `state`"),
        ("start = { assignee = \"Anne\" }", "unknown_name", "names a person in `assignee`"),
    ];
    for (rest, code, says) in warned {
        let toml = format!("{MADE}[[sla]]\nid = \"r\"\ntarget = \"5h\"\n{rest}\n");
        let (measured, _, _) = measured(TWO, &toml, 1).unwrap();
        let remarks = &measured.sla.as_ref().unwrap().remarks;
        let found = remarks.iter().any(|remark| remark.code == code && remark.message.contains(says));
        assert!(found, "{rest}: {remarks:?}");
    }
}

#[test]
fn the_same_log_split_in_every_format() {
    let csv = "Ticket,When,Status\n\
        \"A1 / North / \"\"x\"\"\",2024-01-01T09:00:00Z,New\n\
        A1 / North / y,2024-01-02T09:00:00Z,Done\n\
        A2 / South,2024-01-02T10:00:00Z,New\n";
    let toml = "[split.Ticket]\nby = \" / \"\ninto = [\"Id\", \"Site\", \"Note\"]\n\
        [mapping]\ncase = \"Id\"\nsegments = [\"Site\", \"Note\"]\n";
    let json = "{\"Ticket\":\"A1 / North / \\\"x\\\"\",\"When\":\"2024-01-01T09:00:00Z\",\"Status\":\"New\"}\n\
        {\"Ticket\":\"A1 / North / y\",\"When\":\"2024-01-02T09:00:00Z\",\"Status\":\"Done\"}\n\
        {\"Ticket\":\"A2 / South\",\"When\":\"2024-01-02T10:00:00Z\",\"Status\":\"New\"}\n";
    for text in [csv, json] {
        let (measured, report, _) = measured(text, toml, 2).unwrap();
        let log = &measured.log;
        let ids: Vec<&str> = (0..log.cases()).map(|case| log.case_ids.id(case)).collect();
        assert_eq!(ids.len(), 2, "{ids:?}");
        let a1 = log.range(ids.iter().position(|id| *id == "A1").unwrap()).start;
        let value = |name: &str, event: usize| {
            let column = &log.attributes.iter().find(|attribute| attribute.name == name).unwrap().column;
            column.dictionary.text(column.codes.get(event)).map(str::to_owned)
        };
        assert_eq!((value("Site", a1).unwrap(), value("Note", a1).unwrap()), ("North".to_owned(), "\"x\"".to_owned()));
        let a2 = log.range(ids.iter().position(|id| *id == "A2").unwrap()).start;
        assert_eq!((value("Site", a2), value("Note", a2)), (Some("South".to_owned()), None));
        assert_eq!(report.header, ["Ticket", "When", "Status", "Id", "Site", "Note"]);
        assert!(report.mapping.notes.iter().any(|note| note.message.contains("fewer than 3 parts")));
    }
}
