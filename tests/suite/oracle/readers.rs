//! Plain readers of the public logs, each given its folder, with the options each is analysed with.
use super::{Options, Row};
use chrono::{DateTime, NaiveDateTime};
use std::collections::{BTreeMap, BTreeSet};
use std::io::Read;
use std::path::Path;

fn known(s: &str, nulls: &[&str]) -> Option<String> {
    if s.is_empty() || nulls.contains(&s) { None } else { Some(s.to_string()) }
}

fn strings(pairs: &[(&str, &str)]) -> BTreeMap<String, String> {
    pairs.iter().map(|(a, b)| (a.to_string(), b.to_string())).collect()
}

fn naive_ms(text: &str, format: &str) -> i64 {
    NaiveDateTime::parse_from_str(text, format).unwrap().and_utc().timestamp_millis()
}

struct Table {
    header: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Table {
    fn read(input: impl Read) -> Table {
        let mut r = csv::ReaderBuilder::new().from_reader(input);
        let header = r.headers().unwrap().iter().map(String::from).collect();
        let rows = r.records().map(|x| x.unwrap().iter().map(String::from).collect()).collect();
        Table { header, rows }
    }
    fn col(&self, name: &str) -> usize {
        self.header.iter().position(|h| h == name).unwrap_or_else(|| panic!("no column {name}"))
    }
    /// all cells but those of the named columns, joined
    fn all_but(&self, row: &[String], excluded: &[&str]) -> String {
        let mut out = String::new();
        for (name, cell) in self.header.iter().zip(row) {
            if !excluded.contains(&name.as_str()) {
                out.push_str(cell);
                out.push('\u{1f}');
            }
        }
        out
    }
}

/// ServiceNow incidents. `?` is missing; the junk state `-100` stays a state of its own.
pub fn servicenow(dir: &Path) -> Vec<Row> {
    let file = std::fs::File::open(dir.join("incident_event_log.zip")).unwrap();
    let mut zip = zip::ZipArchive::new(file).unwrap();
    let mut text = Vec::new();
    zip.by_index(0).unwrap().read_to_end(&mut text).unwrap();
    let t = Table::read(&text[..]);
    let nulls: &[&str] = &["?"];
    let c = |n: &str| t.col(n);
    let (case, time, state) = (c("number"), c("sys_updated_at"), c("incident_state"));
    let (group, assignee, actor) = (c("assignment_group"), c("assigned_to"), c("sys_updated_by"));
    let (priority, category) = (c("priority"), c("category"));
    let counters = ["reassignment_count", "reopen_count", "sys_mod_count"].map(|n| (n, c(n)));
    let mut out = Vec::new();
    for row in &t.rows {
        let segments = [("priority", priority), ("category", category)];
        let segments: Vec<_> =
            segments.into_iter().filter_map(|(n, i)| Some((n.to_string(), known(&row[i], nulls)?))).collect();
        out.push(Row {
            case: row[case].clone(),
            time_ms: naive_ms(&row[time], "%d/%m/%Y %H:%M"),
            state: known(&row[state], nulls),
            group: known(&row[group], nulls),
            assignee: known(&row[assignee], nulls),
            actor: known(&row[actor], nulls),
            visible: t.all_but(row, &["sys_updated_at", "sys_updated_by", "sys_mod_count"]),
            priority: known(&row[priority], nulls),
            segments,
            counters: counters.iter().map(|(n, i)| (n.to_string(), row[*i].parse().unwrap())).collect(),
            ..Row::default()
        });
    }
    out
}

pub fn servicenow_options() -> Options {
    Options {
        classes: strings(&[
            ("New", "queue"),
            ("Active", "active"),
            ("Awaiting User Info", "waiting_requester"),
            ("Awaiting Vendor", "waiting_external"),
            ("Awaiting Problem", "blocked"),
            ("Awaiting Evidence", "blocked"),
            ("Resolved", "done"),
            ("Closed", "done"),
        ]),
        bots: BTreeSet::from(["Updated by 908".to_string()]),
        missing_owner_unassigned: true,
        touch_window_ms: 60_000, // the log's own resolution is one minute
        has_group: true,
        has_assignee: true,
        has_actor: true,
        has_state: true,
        priority_rank: [("1 - Critical", 1), ("2 - High", 2), ("3 - Moderate", 3), ("4 - Low", 4)]
            .into_iter()
            .map(|(a, b)| (a.to_string(), b))
            .collect(),
        reconcile: strings(&[("reassignment_count", "group_or_unassigned"), ("reopen_count", "reopens")]),
        ..Options::default()
    }
}

/// sla-tickets: the three event files joined; the case is the whole of `Ticket`, which packs id /
/// department / person; `Status No.` orders the
/// events of a ticket (rows are presorted by it, so it breaks ties); queue owners are not people.
pub fn sla_tickets(dir: &Path) -> Vec<Row> {
    let mut rows: Vec<(i64, Row)> = Vec::new();
    for file in ["input_02.csv", "input_03.csv", "input_04.csv"] {
        let t = Table::read(std::fs::File::open(dir.join(file)).unwrap());
        for row in &t.rows {
            let parts: Vec<&str> = row[t.col("Ticket")].split(" / ").collect();
            rows.push((
                row[t.col("Status No.")].parse().unwrap(),
                Row {
                    case: row[t.col("Ticket")].clone(),
                    time_ms: naive_ms(&row[t.col("Timestamp")], "%Y-%m-%d %H:%M:%S"),
                    state: known(&row[t.col("Status Name")], &[]),
                    assignee: known(&row[t.col("Assigned To")], &["Awaiting Resource", "Customer"]),
                    visible: t.all_but(row, &["Timestamp", "Status No."]),
                    priority: known(&row[t.col("Severity")], &[]),
                    segments: vec![
                        ("Department".into(), parts[1].to_string()),
                        ("Severity".into(), row[t.col("Severity")].clone()),
                    ],
                    ..Row::default()
                },
            ));
        }
    }
    rows.sort_by_key(|r| r.0); // stable
    rows.into_iter().map(|r| r.1).collect()
}

pub fn sla_tickets_options() -> Options {
    Options {
        classes: strings(&[
            ("Logged", "queue"),
            ("Assigned", "active"),
            ("Customer Response", "waiting_requester"),
            ("UAT", "review"),
            ("Closed", "done"),
        ]),
        missing_owner_unassigned: true,
        touch_window_ms: 60_000,
        has_assignee: true,
        has_state: true,
        ..Options::default()
    }
}

/// Department -> SLA in business days.
pub fn sla_targets(dir: &Path) -> BTreeMap<String, i64> {
    let t = Table::read(std::fs::File::open(dir.join("input_01.csv")).unwrap());
    t.rows.iter().map(|r| (r[0].clone(), r[1].parse().unwrap())).collect()
}

/// permit-receipt: no state column, so the activity (all `complete`) stands in; the literal group `EMPTY`
/// stays a group. The resource acts and, no other column naming an owner, owns.
pub fn permit_receipt(dir: &Path) -> Vec<Row> {
    let t = Table::read(std::fs::File::open(dir.join("receipt.csv")).unwrap());
    let mut out = Vec::new();
    for row in &t.rows {
        let time = &row[t.col("time:timestamp")];
        let time_ms = DateTime::parse_from_str(time, "%Y-%m-%d %H:%M:%S%.f%:z").unwrap().timestamp_millis();
        out.push(Row {
            case: row[t.col("case:concept:name")].clone(),
            time_ms,
            activity: known(&row[t.col("concept:name")], &[]),
            group: known(&row[t.col("org:group")], &[]),
            assignee: known(&row[t.col("org:resource")], &[]),
            actor: known(&row[t.col("org:resource")], &[]),
            // `concept:instance` numbers the rows
            visible: t.all_but(row, &["time:timestamp", "concept:instance"]),
            segments: vec![
                ("case:channel".into(), row[t.col("case:channel")].clone()),
                ("case:department".into(), row[t.col("case:department")].clone()),
            ],
            ..Row::default()
        });
    }
    out
}

pub fn permit_receipt_options(rows: &[Row]) -> Options {
    Options {
        missing_owner_unassigned: false,
        touch_window_ms: 60_000,
        has_group: true,
        has_assignee: true,
        has_actor: true,
        completed_acts: rows.iter().filter_map(|r| r.activity.clone()).collect(),
        ..Options::default()
    }
}
