//! Comments in the analysis: from every format, with the reason of every mark, and with what is said of those not read.

use serde_json::{Value, json};

use crate::run::{Ran, folder_with, wcaf, wcaf_reading};

/// A case in which the requester chases, is not answered, and supplies what the team asks for; and one in German.
const LOG: &str = "\
case,time,status,assignee,updated by,requester,comment,public
1,2024-01-02 09:00,New,,Rita,Rita,\"My laptop does not start, any news?\",true
1,2024-01-02 09:30,In Progress,Tom,Tom,Rita,We are looking into it,true
1,2024-01-03 09:30,In Progress,Tom,Rita,Rita,\"Hello, any update?\",true
1,2024-01-04 09:30,In Progress,Tom,Rita,Rita,Could you please do something?,true
1,2024-01-04 10:30,In Progress,Tom,Tom,Rita,I chased the vendor for this,false
1,2024-01-05 10:30,In Progress,Tom,Tom,Rita,Please send us the serial number of the device,true
1,2024-01-05 11:30,In Progress,Tom,Rita,Rita,The number is 4711,true
1,2024-01-06 11:30,Resolved,Tom,Tom,Rita,A new one is on its way,true
2,2024-01-02 09:00,New,,Bob,Bob,The printer is broken,true
2,2024-01-03 09:00,New,,Bob,Bob,Gibt es schon Neuigkeiten zu dem Drucker?,true
2,2024-01-08 09:00,Resolved,Tom,Tom,Bob,Der Drucker ist repariert und die Teile sind da,true
";

fn found(ran: &Ran) -> Value {
    assert_eq!(ran.code, Some(0), "{}", ran.err);
    serde_json::from_str(&ran.out).unwrap()
}

fn analyzed(files: &[(&str, &[u8])], args: &[&str]) -> Value {
    let folder = folder_with(files);
    found(&wcaf(folder.path(), &[&["analyze", "--format", "json", "--quiet"], args].concat()))
}

/// What depends on comments.
fn of_comments(found: &Value) -> Value {
    json!([
        found["comments"],
        found["buckets"],
        found["kpis"]["status_chases_per_case"],
        found["kpis"]["escalation_rate"]
    ])
}

#[test]
fn touches_are_counted_by_what_comments_are_for() {
    let found = analyzed(&[("log.csv", LOG.as_bytes())], &["log.csv"]);
    let comments = &found["comments"];
    assert_eq!((&comments["comments"], &comments["read"]), (&json!(11), &json!(true)));
    assert_eq!(comments["writers_told_by"], "column of requesters");
    let language = |name: &str| {
        let list = comments["languages"].as_array().unwrap();
        list.iter().find(|language| language["language"] == name).map(|language| language["comments"].clone())
    };
    assert_eq!((language("en"), language("de")), (Some(json!(9)), Some(json!(2))));
    let marks = &comments["marks"];
    for (mark, count) in [("chase", 1), ("re-ping", 1), ("follow-up", 1), ("request", 1), ("reply", 1), ("update", 2)] {
        assert_eq!(marks[mark], count, "{mark} of {marks}");
    }
    // the handoff of the second row comes before its update; the last row resolves and informs
    let touches = |bucket: &str| found["buckets"][bucket]["touches"].clone();
    assert_eq!([touches("A"), touches("B"), touches("C"), touches("D")], [2, 3, 2, 1].map(|count: u64| json!(count)));
    assert_eq!(found["kpis"]["status_chases_per_case"], 1.5);
    assert_eq!(found["buckets"]["B"]["proxy"], false);
    let question = found["questions"].as_array().unwrap().iter().find(|question| question["id"] == "D43").unwrap();
    assert_eq!(
        question["answer"],
        "1.50 status checks per case. 1 comment asks how things stand and 1 comes again by people who had no reply to the one before; meetings leave no trace in the log."
    );
    let warning =
        found["warnings"].as_array().unwrap().iter().find(|warning| warning["code"] == "comments_unread").unwrap();
    assert!(warning["hint"].as_str().unwrap().contains("languages = [\"en\", \"de\"]"), "{warning}");
}

#[test]
fn every_format_says_the_same() {
    let folder = folder_with(&[("log.csv", LOG.as_bytes()), ("mapped.toml", MAPPED.as_bytes())]);
    let json = ["--format", "json", "--quiet"];
    let run = |args: &[&str]| {
        let ran = wcaf(folder.path(), args);
        assert_eq!(ran.code, Some(0), "{args:?}: {}", ran.err);
        ran
    };
    let analyze = |args: &[&str]| found(&run(&[&["analyze"], args, &json[..]].concat()));
    let csv = of_comments(&analyze(&["log.csv"]));
    let piped = found(&wcaf_reading(folder.path(), &[&["analyze", "-"], &json[..]].concat(), LOG.as_bytes()));
    assert_eq!(of_comments(&piped), csv);
    let formats: &[&str] = if cfg!(feature = "parquet") { &["csv", "ndjson", "parquet"] } else { &["csv", "ndjson"] };
    for format in formats {
        // what was understood is written, and the texts where they are taken for segments
        let (understood, text) = (format!("understood.{format}"), format!("text.{format}"));
        run(&["convert", "log.csv", "--to", &understood, "--quiet"]);
        assert_eq!(of_comments(&analyze(&[&understood])), csv, "{format}");
        run(&[
            "convert",
            "log.csv",
            "--to",
            &text,
            "--comment",
            "",
            "--segment",
            "comment,public,requester",
            "--quiet",
        ]);
        assert_eq!(of_comments(&analyze(&[&text, "--config", "mapped.toml"])), csv, "{format}");
    }
    std::fs::write(folder.path().join("log.xes"), xes()).unwrap();
    assert_eq!(of_comments(&analyze(&["log.xes", "--state", "status", "--comment", "comment"])), csv, "xes");
}

/// The columns of a converted log in which texts were taken for segments.
const MAPPED: &str = "\
[mapping]
comment = \"segment:comment\"
comment_visibility = \"public\"
requester = \"segment:requester\"
";

/// The log as XES.
fn xes() -> String {
    let mut out = "<log xes.version=\"1.0\">\n".to_owned();
    let mut rows = csv::Reader::from_reader(LOG.as_bytes());
    let header = rows.headers().unwrap().clone();
    let mut last = String::new();
    for row in rows.records().map(|row| row.unwrap()) {
        if row[0] != last {
            if !last.is_empty() {
                out.push_str("</trace>\n");
            }
            row[0].clone_into(&mut last);
            out.push_str(&format!("<trace>\n<string key=\"concept:name\" value=\"{last}\"/>\n"));
        }
        let time = row[1].replace(' ', "T");
        out.push_str(&format!("<event>\n<date key=\"time:timestamp\" value=\"{time}:00Z\"/>\n"));
        for (key, value) in header.iter().zip(&row).skip(2).filter(|(_, value)| !value.is_empty()) {
            out.push_str(&format!("<string key=\"{key}\" value=\"{value}\"/>\n"));
        }
        out.push_str("</event>\n");
    }
    out.push_str("</trace>\n</log>\n");
    out
}

#[test]
fn a_case_says_why_each_comment_counts() {
    let folder = folder_with(&[("log.csv", LOG.as_bytes())]);
    let ran = wcaf(folder.path(), &["case", "log.csv", "1", "--format", "json", "--quiet"]);
    let told = found(&ran);
    let said = |line: u64| {
        let events = told["events"].as_array().unwrap();
        events.iter().find(|event| event["line"] == line).unwrap()["said"].clone()
    };
    assert_eq!(said(2), json!([]), "the first comment describes the case");
    assert_eq!(said(4), json!([{"mark": "chase", "phrase": "any update", "language": "en", "why": "asks for news"}]));
    assert_eq!(said(5)[0]["mark"], "re-ping");
    assert_eq!(said(5)[0]["why"], "wrote before without a reply of the team");
    assert_eq!(said(9)[0]["why"], "a public statement");
    let shown = wcaf(folder.path(), &["case", "log.csv", "1", "--quiet", "--width", "140"]);
    assert!(shown.out.contains("comment, chase: any update (English), by person 1"), "{}", shown.out);
    assert!(!shown.out.contains("Hello"), "the text itself is not shown");
    let piped = wcaf_reading(folder.path(), &["case", "-", "1", "--quiet", "--width", "140"], LOG.as_bytes());
    assert!(piped.out.contains("chase: any update (English)"), "{}", piped.out);
}

#[test]
fn what_is_not_read_is_said_with_the_line_that_changes_it() {
    let german = LOG.lines().enumerate().filter(|(line, _)| *line == 0 || *line > 8);
    let german: String = german.map(|(_, line)| format!("{line}\n")).collect();
    let found = analyzed(&[("log.csv", german.as_bytes())], &["log.csv"]);
    assert_eq!(found["comments"]["read"], false);
    assert_eq!(found["comments"]["marks"], Value::Null);
    assert_eq!(found["buckets"]["B"]["touches"], Value::Null);
    let why = found["unknown"]["/kpis/status_chases_per_case"]["message"].as_str().unwrap();
    assert!(why.contains("2 of 3 comments are in languages that are off, most of them in `de`"), "{why}");
    assert!(why.contains("`[comments] languages = [\"de\"]`"), "{why}");
    // the line works as it stands
    let files = [("log.csv", german.as_bytes()), ("on.toml", &b"[comments]\nlanguages = [\"de\"]\n"[..])];
    let found = analyzed(&files, &["log.csv", "--config", "on.toml"]);
    assert_eq!((&found["comments"]["read"], &found["comments"]["marks"]["chase"]), (&json!(true), &json!(1)));
    let off = [("log.csv", LOG.as_bytes()), ("off.toml", &b"[comments]\nlanguages = []\n"[..])];
    let found = analyzed(&off, &["log.csv", "--config", "off.toml"]);
    assert_eq!((&found["comments"]["read"], &found["comments"]["languages"]), (&json!(false), &json!([])));
    assert_eq!(found["buckets"]["D"]["touches"], Value::Null);
}

#[test]
fn phrases_of_ones_own_count_and_unknown_names_are_refused() {
    let own = b"[comments.lexicon.en]\nchase = [\"is on its way\"]\n";
    let found = analyzed(&[("log.csv", LOG.as_bytes()), ("own.toml", own)], &["log.csv", "--config", "own.toml"]);
    assert_eq!(found["comments"]["marks"]["chase"], 2);
    for (text, says) in [
        ("[comments]\nlanguages = [\"xx\"]\n", "no words are known for comments in `xx`"),
        ("[comments.lexicon.en]\nchases = [\"any news\"]\n", "unknown mark \"chases\""),
        ("[comments.lexicon.en]\nchase = [\"?\"]\n", "holds \"?\", no word"),
    ] {
        let folder = folder_with(&[("log.csv", LOG.as_bytes()), ("bad.toml", text.as_bytes())]);
        let ran = wcaf(folder.path(), &["analyze", "log.csv", "--config", "bad.toml"]);
        assert_eq!(ran.code, Some(2), "{text}");
        assert!(ran.err.contains(says), "{}", ran.err);
    }
}
