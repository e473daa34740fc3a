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

pub struct Table {
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
    pub fn len(&self) -> usize {
        self.rows.len()
    }
    /// a cell by row and column name; nothing where it is empty
    pub fn cell(&self, row: usize, column: &str) -> Option<String> {
        known(&self.rows[row][self.col(column)], &[])
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

/// The events of an XES log, one row each: keys of the trace begin with `case:`, keys without a value are empty.
pub fn xes(path: &Path) -> Table {
    use quick_xml::events::{BytesStart, Event};
    let mut text = String::new();
    flate2::read::GzDecoder::new(std::fs::File::open(path).unwrap()).read_to_string(&mut text).unwrap();
    let cell = |tag: &BytesStart, name: &str| {
        let attribute = tag.attributes().map(Result::unwrap).find(|a| a.key.as_ref() == name);
        attribute.map(|a| quick_xml::escape::unescape(&a.value).unwrap().into_owned())
    };
    let mut events: Vec<BTreeMap<String, String>> = Vec::new();
    let (mut trace, mut event): (BTreeMap<String, String>, Option<BTreeMap<String, String>>) = Default::default();
    let (mut first, mut in_trace) = (0, false);
    let mut reader = quick_xml::Reader::from_str(&text);
    loop {
        match reader.read_event().unwrap() {
            Event::Start(tag) if tag.name().as_ref() == "trace" => {
                (first, in_trace, trace) = (events.len(), true, BTreeMap::new());
            }
            Event::Start(tag) if tag.name().as_ref() == "event" => event = Some(BTreeMap::new()),
            Event::End(tag) if tag.name().as_ref() == "event" => events.push(event.take().unwrap()),
            Event::End(tag) if tag.name().as_ref() == "trace" => {
                for row in &mut events[first..] {
                    row.extend(trace.clone());
                }
                in_trace = false;
            }
            Event::Start(tag) | Event::Empty(tag) if in_trace => {
                let (key, value) = (cell(&tag, "key").unwrap(), cell(&tag, "value").unwrap_or_default());
                match &mut event {
                    Some(event) => event.insert(key, value),
                    None => trace.insert(format!("case:{key}"), value),
                };
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let header: BTreeSet<String> = events.iter().flat_map(|event| event.keys().cloned()).collect();
    let header: Vec<String> = header.into_iter().collect();
    let cells = |event: &BTreeMap<String, String>| {
        header.iter().map(|key| event.get(key).cloned().unwrap_or_default()).collect()
    };
    let rows = events.iter().map(cells).collect();
    Table { header, rows }
}

/// A CSV file, plain or gzip, as a table.
pub fn csv(path: &Path) -> Table {
    let file = std::fs::File::open(path).unwrap();
    if path.extension().is_some_and(|extension| extension == "gz") {
        return Table::read(flate2::read::GzDecoder::new(file));
    }
    Table::read(file)
}

/// A time with an offset, or one in UTC without.
pub fn instant_ms(text: &str) -> i64 {
    let text = text.replace(' ', "T");
    DateTime::parse_from_rfc3339(&text)
        .map_or_else(|_| naive_ms(&text, "%Y-%m-%dT%H:%M:%S%.f"), |time| time.timestamp_millis())
}

/// Rows of a table whose columns have the roles that a mapping of the findings gives them. Cells of `a/b` are joined
/// from both columns. What numbers the rows is not visible.
pub fn mapped(table: &Table, mapping: &serde_json::Value) -> Vec<Row> {
    let column = |role: &str| mapping[role]["column"].as_str().map(str::to_string);
    let nulls: BTreeSet<(String, String)> = mapping["nulls"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|n| n["applied"] == true)
        .map(|n| (n["column"].as_str().unwrap().to_string(), n["literal"].as_str().unwrap().to_string()))
        .collect();
    let get = |row: &[String], name: &Option<String>| -> Option<String> {
        let name = name.as_ref()?;
        let text = match table.header.iter().position(|h| h == name) {
            Some(i) => row[i].clone(),
            None => name.split('/').map(|part| row[table.col(part)].as_str()).collect::<Vec<_>>().join("/"),
        };
        if text.is_empty() || nulls.contains(&(name.clone(), text.clone())) { None } else { Some(text) }
    };
    let numbering = table
        .header
        .iter()
        .enumerate()
        .filter(|(i, _)| table.rows.iter().map(|row| &row[*i]).collect::<BTreeSet<_>>().len() == table.rows.len());
    let time = column("time").unwrap();
    let mut hidden: Vec<&str> = numbering.map(|(_, name)| name.as_str()).collect();
    hidden.push(&time);
    let segments: Vec<String> = mapping
        .as_object()
        .unwrap()
        .iter()
        .filter(|(role, _)| role.starts_with("segment."))
        .map(|(_, value)| value["column"].as_str().unwrap().to_string())
        .collect();
    let mut out = Vec::new();
    for row in &table.rows {
        let time_ms = instant_ms(&row[table.col(&time)]);
        out.push(Row {
            case: get(row, &column("case")).unwrap(),
            time_ms,
            activity: get(row, &column("activity")),
            state: get(row, &column("state")),
            group: get(row, &column("group")),
            assignee: get(row, &column("assignee")),
            actor: get(row, &column("actor")),
            visible: table.all_but(row, &hidden),
            segments: segments.iter().filter_map(|s| Some((s.clone(), get(row, &Some(s.clone()))?))).collect(),
            ..Row::default()
        });
    }
    out
}
