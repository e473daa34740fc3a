//! Made-up logs and public ones, run through the library's pipeline to the findings as JSON.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use serde_json::Value;
use wcaf::assemble::{Options, assemble, measure};
use wcaf::config::{Config, MappingSection};
use wcaf::ingest::limits::Limits;
use wcaf::ingest::mapping::Overrides;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, Request};
use wcaf::report::json::findings_json;

use crate::oracle::{Row, window::instant};

/// Which columns a made-up log has beside case and time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "a column is there or not")]
pub struct Columns {
    pub state: bool,
    pub activity: bool,
    pub group: bool,
    pub assignee: bool,
    pub actor: bool,
    pub priority: bool,
    /// Comments and who may read them.
    pub comments: bool,
    /// Who asked.
    pub caller: bool,
}

impl Columns {
    /// State, owners, actor and priority.
    pub const ALL: Columns = Columns {
        state: true,
        activity: false,
        group: true,
        assignee: true,
        actor: true,
        priority: true,
        comments: false,
        caller: false,
    };

    fn named(self, row: &Row) -> [(&'static str, bool, Option<&String>); 9] {
        [
            ("state", self.state, row.state.as_ref()),
            ("activity", self.activity, row.activity.as_ref()),
            ("group", self.group, row.group.as_ref()),
            ("assignee", self.assignee, row.assignee.as_ref()),
            ("actor", self.actor, row.actor.as_ref()),
            ("priority", self.priority, row.priority.as_ref()),
            ("comment", self.comments, row.text.as_ref()),
            ("public", self.comments, row.public.as_ref()),
            ("caller", self.caller, row.caller.as_ref()),
        ]
    }

    fn mapped(self, row: &Row) -> impl Iterator<Item = (&'static str, bool, Option<&String>)> {
        self.named(row).into_iter().filter(|column| column.1)
    }

    /// The rows with only these columns, and with all of them but the actor as the visible ones.
    pub fn keep(self, rows: &[Row]) -> Vec<Row> {
        let keep = |row: &Row| {
            let mut kept = row.clone();
            for (name, there, _) in self.named(row) {
                let cell = match name {
                    "state" => &mut kept.state,
                    "activity" => &mut kept.activity,
                    "group" => &mut kept.group,
                    "assignee" => &mut kept.assignee,
                    "actor" => &mut kept.actor,
                    "comment" => &mut kept.text,
                    "public" => &mut kept.public,
                    "caller" => &mut kept.caller,
                    _ => &mut kept.priority,
                };
                if !there {
                    *cell = None;
                }
            }
            kept.comment = kept.text.is_some();
            // a priority cuts numbers like a segment
            kept.segments.retain(|segment| segment.0 != "priority");
            kept.segments.extend(kept.priority.clone().map(|value| ("priority".to_owned(), value)));
            let cells = self.named(&kept).map(|(name, _, cell)| if name == "actor" { None } else { cell.cloned() });
            kept.visible = format!("{cells:?}{:?}{:?}", kept.segments, kept.counters);
            kept
        };
        rows.iter().map(keep).collect()
    }

    /// The mapping that names exactly these columns, so that nothing is guessed. The log has a segment `site` and
    /// the counters `moves` and `reopened`.
    pub fn mapping(self) -> MappingSection {
        let empty = Row::default();
        let column = |name: &str| {
            let there = self.named(&empty).iter().any(|(known, there, _)| *known == name && *there);
            Some(if there { name.to_owned() } else { String::new() })
        };
        let none = || Some(String::new());
        let mut mapping = MappingSection {
            case: Some("case".to_owned()),
            time: Some("time".to_owned()),
            state: column("state"),
            activity: column("activity"),
            group: column("group"),
            assignee: column("assignee"),
            actor: column("actor"),
            priority: column("priority"),
            start: none(),
            enabled: none(),
            comment: column("comment"),
            comment_visibility: column("public"),
            comment_writer: none(),
            requester: column("caller"),
            outcome: none(),
            tie_break: none(),
            segments: Some(vec!["site".to_owned()]),
            ..MappingSection::default()
        };
        mapping.counters.reassignment_count = Some("moves".to_owned());
        mapping.counters.reopens = Some("reopened".to_owned());
        mapping.counters.updates = none();
        mapping
    }
}

/// The rows as a CSV file of the given columns, in the order given; with a column `place` where the rows have one.
pub fn write_csv(rows: &[Row], columns: Columns, path: &Path) {
    let mut writer = csv::Writer::from_path(path).unwrap();
    let mut header = vec!["case".to_owned(), "time".to_owned()];
    header.extend(columns.mapped(&Row::default()).map(|column| column.0.to_owned()));
    let counters: &[&str] = if rows[0].counters.iter().any(|counter| counter.0 == "place") {
        &["moves", "reopened", "place"]
    } else {
        &["moves", "reopened"]
    };
    header.extend(std::iter::once(&"site").chain(counters).map(|name| (*name).to_owned()));
    writer.write_record(&header).unwrap();
    for row in rows {
        let mut record = vec![row.case.clone(), instant(row.time_ms)];
        record.extend(columns.mapped(row).map(|column| column.2.cloned().unwrap_or_default()));
        record.push(row.segments.iter().find(|s| s.0 == "site").map(|s| s.1.clone()).unwrap_or_default());
        let counter = |name: &str| row.counters.iter().find(|c| c.0 == name).map(|c| c.1.to_string());
        record.extend(counters.iter().map(|name| counter(name).unwrap_or_default()));
        writer.write_record(&record).unwrap();
    }
    writer.flush().unwrap();
}

/// The findings of files, as the text that `--format json` prints.
pub fn findings_text(files: &[PathBuf], config: &Config, threads: usize) -> String {
    let request = Request {
        sources: files.iter().cloned().map(Source::File).collect(),
        overrides: Overrides::from_config(config),
        delimiter: None,
        encoding: None,
        date_format: None,
        zone: None,
        allow_dst_gap: false,
        state_names: config.values.state.clone(),
        splits: config.splits.clone(),
        keep_columns: config.kept_columns(),
        keep_if_there: Vec::new(),
        limits: Limits::default(),
        keep_rejects: 5,
        keep_lines: false,
        comments: config.comments.clone(),
        keep_comments_of: None,
        as_of_ms: None,
        keep_counter: false,
        threads,
    };
    let (log, report) = ingest::read(&request, &Progress::new(0)).unwrap_or_else(|problem| panic!("{problem:?}"));
    let mut measured = measure(log, &report, config, threads).unwrap_or_else(|problem| panic!("{problem:?}"));
    findings_json(&assemble(&mut measured, &report, config, Options { people: true, threads }))
}

/// The findings of files.
pub fn findings(files: &[PathBuf], config: &Config) -> Value {
    serde_json::from_str(&findings_text(files, config, 2)).unwrap()
}

/// The findings text of a made-up log, with 1, 2 and 5 threads; all three must be the same bytes.
pub fn findings_of_rows(rows: &[Row], columns: Columns, config: &Config) -> Value {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("log.csv");
    write_csv(rows, columns, &file);
    let files = [file];
    let one = findings_text(&files, config, 1);
    for threads in [2, 5] {
        assert!(one == findings_text(&files, config, threads), "{threads} threads give other bytes than one");
    }
    serde_json::from_str(&one).unwrap()
}

/// A folder of the public logs; says so on stderr and returns nothing where `WCAF_LOGS` does not name one.
pub fn public_log(name: &str) -> Option<PathBuf> {
    let Some(root) = std::env::var_os("WCAF_LOGS").filter(|root| !root.is_empty()) else {
        say("skipped: WCAF_LOGS is not set");
        return None;
    };
    let folder = Path::new(&root).join(name);
    assert!(folder.is_dir(), "WCAF_LOGS has no folder {name}");
    Some(folder)
}

/// Writes past the capture of the test harness, so that a skipped test is seen.
fn say(message: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "{message}");
}

/// The findings of the incident log without any flag, computed once; nothing where the public logs are not there.
pub fn incidents() -> Option<&'static Value> {
    static FOUND: OnceLock<Value> = OnceLock::new();
    // asked every time, so that every test says that it is skipped
    let file = public_log("servicenow-incidents")?.join("incident_event_log.zip");
    Some(FOUND.get_or_init(|| findings(&[file], &Config::default())))
}

/// The element of a list whose key has a value.
pub fn element<'a>(list: &'a Value, key: &str, value: &str) -> &'a Value {
    list.as_array().unwrap().iter().find(|element| element[key] == value).unwrap_or_else(|| panic!("no {key} {value}"))
}
