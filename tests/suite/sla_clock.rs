//! The service-level clock of `wcaf aging` and `wcaf case`: small cases by hand, the public tickets in naive loops.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::{Value, json};

use crate::harness::{element, public_log};
use crate::oracle::sla::weekday_ms;
use crate::oracle::window::{DAY, instant};
use crate::run::{Ran, folder_with, wcaf};
use crate::service_levels::tickets_config;

const HOUR: i64 = 3_600_000;

/// 2024-03-04 is a Monday. `B`, `C`, `D`, `E`, `G` have 8 business hours, `A` three business days.
const LOG: &str = "case,time,state,group,assignee,priority\n\
    E,2024-03-04T09:00:00Z,New,Desk,Ann,1\n\
    E,2024-03-04T12:00:00Z,Done,Desk,Ann,1\n\
    E,2024-03-05T09:00:00Z,Work,Desk,Ann,1\n\
    D,2024-03-05T09:00:00Z,New,Desk,Ann,1\n\
    D,2024-03-05T11:00:00Z,Ask,Desk,Ann,1\n\
    A,2024-03-06T09:00:00Z,New,Desk,,2\n\
    A,2024-03-06T10:00:00Z,Work,Desk,Ann,2\n\
    E,2024-03-06T12:00:00Z,Done,Desk,Ann,1\n\
    C,2024-03-06T14:00:00Z,New,Desk,,1\n\
    C,2024-03-07T09:00:00Z,Ask,Desk,,1\n\
    C,2024-03-07T13:00:00Z,Work,Desk,,1\n\
    G,2024-03-07T13:00:00Z,New,Desk,Ann,1\n\
    B,2024-03-07T15:00:00Z,New,Desk,Ann,1\n";

const CONFIG: &str = r#"
missing_owner = "unchanged"
[mapping]
case = "case"
time = "time"
state = "state"
group = "group"
assignee = "assignee"
priority = "priority"
activity = ""
[states]
New = "queue"
Work = "active"
Ask = "waiting_requester"
Done = "done"
[calendar.office]
timezone = "UTC"
day = "8h"
mon_fri = "09:00-17:00"
[[sla]]
id = "resolution"
pause = { state_class = "waiting_requester" }
reset = { reopened = true }
target = { by = "priority", values = { "1" = "8bh" }, default = "3bd" }
calendar = "office"
[[sla]]
id = "reply"
kind = "reply"
stop = { assignee = true }
target = "30min"
"#;

/// A Friday.
const AS_OF: &str = "2024-03-08T12:00:00Z";

fn made() -> tempfile::TempDir {
    folder_with(&[("log.csv", LOG.as_bytes()), ("wcaf.toml", CONFIG.as_bytes())])
}

fn run(folder: &Path, args: &[&str]) -> Ran {
    wcaf(folder, &[args, &["--as-of", AS_OF, "--quiet"]].concat()).ok()
}

/// Status, elapsed and remaining in minutes, the near instant and the due one.
fn stands(timer: &Value) -> (&str, i64, i64, Option<&str>, Option<&str>) {
    let minutes = |key: &str| timer[key].as_i64().unwrap() / 60_000;
    let status = timer["status"].as_str().unwrap();
    (status, minutes("elapsed_ms"), minutes("remaining_ms"), timer["near_at"].as_str(), timer["due"].as_str())
}

#[test]
fn timers_of_open_cases_by_hand() {
    let folder = made();
    let found = run(folder.path(), &["aging", "log.csv", "--format", "json"]).json();
    let timer = |case: &str, place: usize| element(&found["items"], "case", case)["timers"][place].clone();
    // Wed 8, Thu 8, Fri 3 of 24 business hours; a third of the reply's hour was too much
    let near_and_due = (Some("2024-03-08T12:12:00Z"), Some("2024-03-08T17:00:00Z"));
    assert_eq!(stands(&timer("A", 0)), ("running", 19 * 60, 5 * 60, near_and_due.0, near_and_due.1));
    assert_eq!((&timer("A", 0)["target"], &timer("A", 0)["day_ms"]), (&json!("3bd"), &json!(8 * HOUR)));
    let late = (Some("2024-03-06T09:24:00Z"), Some("2024-03-06T09:30:00Z"));
    assert_eq!(stands(&timer("A", 1)), ("breached", 60, -30, late.0, late.1));
    assert_eq!((&timer("A", 1)["sla"], &timer("A", 1)["clock"]), (&json!("reply"), &json!("wall")));
    // Thu 2, Fri 3 of 8
    let near_and_due = (Some("2024-03-08T13:24:00Z"), Some("2024-03-08T15:00:00Z"));
    assert_eq!(stands(&timer("B", 0)), ("running", 5 * 60, 3 * 60, near_and_due.0, near_and_due.1));
    assert_eq!((&timer("B", 0)["near"], &timer("B", 1)["status"]), (&json!(false), &json!("met")));
    // the longest due first; Wed 3, a pause of Thu 4, Thu 4, Fri 3
    assert_eq!(timer("C", 0)["sla"], "reply");
    assert_eq!(stands(&timer("C", 0)).2, 30 - 46 * 60);
    let late = (Some("2024-03-07T16:24:00Z"), Some("2024-03-08T10:00:00Z"));
    assert_eq!(stands(&timer("C", 1)), ("open_past", 10 * 60, -2 * 60, late.0, late.1));
    // paused before a breach was near
    assert_eq!(stands(&timer("D", 0)), ("paused", 2 * 60, 6 * 60, None, None));
    let near_and_due = (Some("2024-03-08T11:24:00Z"), Some("2024-03-08T13:00:00Z"));
    assert_eq!(stands(&timer("G", 0)), ("running", 7 * 60, 60, near_and_due.0, near_and_due.1));
    assert_eq!(timer("G", 0)["near"], true);
    assert_eq!(
        found["sla"],
        json!([
            {"sla": "resolution", "open": 5, "open_past": 1, "near": 1, "paused": 1},
            {"sla": "reply", "open": 1, "open_past": 1, "near": 0, "paused": 0},
        ])
    );
    let next: Vec<&str> =
        found["next_to_breach"].as_array().unwrap().iter().map(|next| next["case"].as_str().unwrap()).collect();
    assert_eq!(next, ["G", "B", "A"]);
    for (case, said) in [
        ("A", "; 5.0 bh to the breach of `resolution`, due 2024-03-08 17:00 UTC; "),
        (
            "C",
            "; 45.5 h past the target of `reply`, due 2024-03-06 14:30 UTC; \
             2.0 bh past the target of `resolution`, due 2024-03-08 10:00 UTC; ",
        ),
        ("D", "; `resolution` stands still with 6.0 bh left; "),
    ] {
        let sentence = element(&found["items"], "case", case)["sentence"].as_str().unwrap();
        assert!(sentence.contains(said), "{said:?} is missing in: {sentence}");
    }
}

#[test]
fn ages_in_working_hours_by_hand() {
    let calendar = CONFIG.split_once("[[sla]]").unwrap().0;
    let folder = folder_with(&[("log.csv", LOG.as_bytes()), ("wcaf.toml", calendar.as_bytes())]);
    let found = run(folder.path(), &["aging", "log.csv", "--format", "json"]).json();
    assert_eq!((&found["sla"], &found["next_to_breach"]), (&Value::Null, &Value::Null));
    let hours = |case: &str| {
        let item = element(&found["items"], "case", case);
        assert_eq!(item["timers"], Value::Null);
        ["age_ms", "age_business_ms", "case_age_business_ms"].map(|key| item[key].as_i64().unwrap() / HOUR)
    };
    // in Work since Wednesday 10:00, opened an hour before; in Ask since Tuesday 11:00, opened two hours before
    assert_eq!((hours("A"), hours("D")), ([50, 18, 19], [73, 25, 27]));
    insta::assert_snapshot!("business_aging", run(folder.path(), &["aging", "log.csv", "--top", "3"]).out);
    let touched = "case,time,state,actor\n\
        A,2024-03-06T16:00:00Z,New,Ann Lee\n\
        A,2024-03-07T10:00:00Z,Work,Bo Ek\n\
        A,2024-03-08T09:00:00Z,Work,Robot\n";
    let config = format!("{calendar}\n[bots]\nnames = [\"Robot\"]\nnot = [\"Ann Lee\", \"Bo Ek\"]\n");
    let config =
        config.lines().filter(|line| !["group", "assignee", "priority"].iter().any(|key| line.starts_with(key)));
    let config = config.collect::<Vec<_>>().join("\n");
    let folder = folder_with(&[("log.csv", touched.as_bytes()), ("wcaf.toml", config.as_bytes())]);
    let touch = &run(folder.path(), &["aging", "log.csv", "--format", "json"]).json()["items"][0]["last_touch"];
    assert_eq!((&touch["ago_ms"], &touch["ago_business_ms"]), (&json!(26 * HOUR), &json!(10 * HOUR)));
    insta::assert_snapshot!("business_aging_wide", run(folder.path(), &["aging", "log.csv", "--width", "120"]).out);
}

#[test]
fn at_risk_are_near_and_new_breaches() {
    let folder = made();
    let daily =
        |since: &str| run(folder.path(), &["aging", "log.csv", "--daily", "--format", "json", "--since", since]);
    let risks = |found: &Value| -> Vec<(String, bool, Value)> {
        let risk = |risk: &Value| {
            (risk["case"].as_str().unwrap().to_owned(), risk["new"].as_bool().unwrap(), risk["reasons"].clone())
        };
        found["at_risk"].as_array().unwrap().iter().map(risk).collect()
    };
    let found = daily("2024-03-07T12:00Z").json();
    assert_eq!(
        found["breaches"],
        json!([{"case": "C", "sla": "resolution", "at": "2024-03-08T10:00:00Z", "open": true}])
    );
    let expected = [("G".to_owned(), true, json!(["near_breach"])), ("C".to_owned(), true, json!(["breached"]))];
    assert_eq!(risks(&found), expected);
    let at_risk: u64 =
        found["acts_next"].as_array().unwrap().iter().map(|waiting| waiting["at_risk"].as_u64().unwrap()).sum();
    assert_eq!(at_risk, 2);
    // an hour later G is near for some time already, and the breach of C is old
    let found = daily("2024-03-08T11:30Z").json();
    assert_eq!(
        (&found["breaches"], risks(&found)),
        (&json!([]), vec![("G".to_owned(), false, json!(["near_breach"]))])
    );
    // a breach of a case that is over is told, and is no risk
    let found = daily("2024-03-05T16:00Z").json();
    let breaches: Vec<(&str, bool)> = found["breaches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|breach| (breach["case"].as_str().unwrap(), breach["open"].as_bool().unwrap()))
        .collect();
    assert_eq!(breaches, [("E", false), ("A", false), ("C", true), ("C", true)]);
}

#[test]
fn the_steps_of_a_timer_with_their_lines() {
    let folder = made();
    let steps = |case: &str, place: usize| -> Vec<(String, String, Option<u64>, i64)> {
        let found = run(folder.path(), &["case", "log.csv", case, "--format", "json"]).json();
        let step = |step: &Value| {
            let text = |key: &str| step[key].as_str().unwrap().to_owned();
            (text("at"), text("what"), step["line"].as_u64(), step["elapsed_ms"].as_i64().unwrap() / 60_000)
        };
        found["timers"][place]["steps"].as_array().unwrap().iter().map(step).collect()
    };
    let row = |at: &str, what: &str, line: Option<u64>, minutes: i64| {
        (format!("2024-03-{at}:00Z"), what.to_owned(), line, minutes)
    };
    assert_eq!(
        steps("C", 0),
        [
            row("06T14:00", "started", Some(10), 0),
            row("07T09:00", "paused", Some(11), 180),
            row("07T13:00", "resumed", Some(12), 180),
            row("07T16:24", "near", None, 384),
            row("08T10:00", "due", None, 480),
        ]
    );
    // reopened: the first timer was met before the second one was late
    assert_eq!(steps("E", 0), [row("04T09:00", "started", Some(2), 0), row("04T12:00", "stopped", Some(3), 180)]);
    assert_eq!(
        steps("E", 1),
        [
            row("05T09:00", "started", Some(4), 0),
            row("05T15:24", "near", None, 384),
            row("05T17:00", "due", None, 480),
            row("06T12:00", "stopped", Some(9), 660),
        ]
    );
    assert_eq!(steps("E", 2), [row("04T09:00", "started", Some(2), 0), row("04T09:00", "stopped", Some(2), 0)]);
    let plain = folder_with(&[("log.csv", LOG.as_bytes())]);
    let found = run(plain.path(), &["case", "log.csv", "C", "--format", "json"]).json();
    assert_eq!(found["timers"], Value::Null);
}

#[test]
fn pages_with_service_levels() {
    let folder = made();
    let told = |args: &[&str]| run(folder.path(), args).out;
    insta::assert_snapshot!("sla_clock_aging", told(&["aging", "log.csv"]));
    insta::assert_snapshot!("sla_clock_aging_wide", told(&["aging", "log.csv", "--width", "120"]));
    let daily = told(&["aging", "log.csv", "--daily", "--since", "2024-03-07T12:00Z"]);
    insta::assert_snapshot!("sla_clock_daily", daily);
    insta::assert_snapshot!("sla_clock_case", told(&["case", "log.csv", "C"]));
    insta::assert_snapshot!("sla_clock_case_reset_md", told(&["case", "log.csv", "E", "--format", "md"]));
    for args in [&["aging", "log.csv"][..], &["aging", "log.csv", "--daily"], &["case", "log.csv", "E"]] {
        let out = told(args);
        assert!(out.lines().all(|line| line.chars().count() <= 80), "{out}");
        let html = told(&[args, &["--format", "html"]].concat());
        assert!(html.ends_with("</html>\n") && !html.contains("<script"), "{html}");
    }
}

/// The earliest instant by which so much time of Monday to Friday has run.
fn after_weekday_ms(from: i64, mut left: i64) -> i64 {
    let mut at = from;
    while left > 0 {
        let midnight = (at.div_euclid(DAY) + 1) * DAY;
        if weekday_ms(at, midnight) > 0 {
            let runs = left.min(midnight - at);
            (at, left) = (at + runs, left - runs);
        } else {
            at = midnight;
        }
    }
    at
}

/// Per ticket its days, first event, and first `Closed`.
fn tickets(folder: &Path) -> BTreeMap<String, (i64, i64, Option<i64>)> {
    let rows = |file: &str| -> Vec<csv::StringRecord> {
        csv::Reader::from_path(folder.join(file)).unwrap().records().map(Result::unwrap).collect()
    };
    let days: BTreeMap<String, i64> =
        rows("input_01.csv").iter().map(|row| (row[0].to_owned(), row[1].trim().parse().unwrap())).collect();
    let mut tickets: BTreeMap<String, (i64, i64, Option<i64>)> = BTreeMap::new();
    for row in ["input_02.csv", "input_03.csv", "input_04.csv"].iter().flat_map(|file| rows(file)) {
        let at = chrono::NaiveDateTime::parse_from_str(&row[0], "%Y-%m-%d %H:%M:%S").unwrap();
        let at = at.and_utc().timestamp_millis();
        let parts: Vec<&str> = row[1].split(" / ").collect();
        let ticket = tickets.entry(parts[0].to_owned()).or_insert((days[parts[1]], at, None));
        ticket.1 = ticket.1.min(at);
        if &row[5] == "Closed" {
            ticket.2 = Some(ticket.2.map_or(at, |first| first.min(at)));
        }
    }
    tickets
}

#[test]
fn the_clock_of_the_tickets_counted_again() {
    let Some(logs) = public_log("sla-tickets") else { return };
    let folder = folder_with(&[("wcaf.toml", tickets_config(&logs).as_bytes())]);
    let files = ["input_02.csv", "input_03.csv", "input_04.csv"].map(|file| logs.join(file).display().to_string());
    let files: Vec<&str> = files.iter().map(String::as_str).collect();
    let aging = |args: &[&str]| {
        wcaf(folder.path(), &[&["aging", "--format", "json", "--quiet"], args, &files].concat()).ok().json()
    };
    let tickets = tickets(&logs);
    for as_of in ["2020-02-11T10:30:00Z", "2020-03-15T23:09:17Z"] {
        let as_of_ms = chrono::DateTime::parse_from_rfc3339(as_of).unwrap().timestamp_millis();
        let since_ms = as_of_ms - DAY;
        let found = aging(&["--as-of", as_of]);
        let (mut past, mut near, mut checked) = (0, 0, 0);
        for item in found["items"].as_array().unwrap() {
            let (days, started, closed) = tickets[item["case"].as_str().unwrap()];
            assert!(closed.is_none_or(|closed| closed > as_of_ms), "{item}");
            let [timer] = item["timers"].as_array().unwrap().as_slice() else { panic!("one timer: {item}") };
            let (elapsed, target) = (weekday_ms(started, as_of_ms), days * DAY);
            assert_eq!((&timer["elapsed_ms"], &timer["remaining_ms"]), (&json!(elapsed), &json!(target - elapsed)));
            let (near_at, due) = (after_weekday_ms(started, target * 4 / 5), after_weekday_ms(started, target));
            assert_eq!((&timer["near_at"], &timer["due"]), (&json!(instant(near_at)), &json!(instant(due))));
            let entered = chrono::DateTime::parse_from_rfc3339(item["entered"].as_str().unwrap()).unwrap();
            assert_eq!(item["age_business_ms"], json!(weekday_ms(entered.timestamp_millis(), as_of_ms)));
            assert_eq!(item["case_age_business_ms"], json!(elapsed));
            let status = if elapsed > target { "open_past" } else { "running" };
            assert_eq!((&timer["status"], &timer["near"]), (&json!(status), &json!(near_at <= as_of_ms)));
            past += u64::from(elapsed > target);
            near += u64::from(elapsed <= target && near_at <= as_of_ms);
            checked += 1;
        }
        assert_eq!(checked + found["stale_cases"].as_u64().unwrap(), found["open"].as_u64().unwrap());
        let counts = json!([{"sla": "agreement", "open": checked, "open_past": past, "near": near, "paused": 0}]);
        assert_eq!(found["sla"], counts);
        let daily = aging(&["--as-of", as_of, "--daily"]);
        let mut expected: Vec<(String, &String)> = Vec::new();
        for (ticket, (days, started, closed)) in &tickets {
            let due = after_weekday_ms(*started, days * DAY);
            let until = closed.map_or(as_of_ms, |closed| closed.min(as_of_ms));
            let breached = *started <= as_of_ms && weekday_ms(*started, until) > days * DAY;
            if breached && due > since_ms {
                expected.push((instant(due), ticket));
            }
        }
        expected.sort();
        let breaches = daily["breaches"].as_array().unwrap();
        let found: Vec<(String, &str)> = breaches
            .iter()
            .map(|breach| (breach["at"].as_str().unwrap().to_owned(), breach["case"].as_str().unwrap()))
            .collect();
        let expected: Vec<(String, &str)> = expected.iter().map(|(at, case)| (at.clone(), case.as_str())).collect();
        assert_eq!(found, expected);
        let reasons = |reason: &str| {
            let risks = daily["at_risk"].as_array().unwrap().iter();
            risks.filter(|risk| risk["reasons"].as_array().unwrap().iter().any(|known| known == reason)).count() as u64
        };
        assert_eq!(reasons("near_breach"), near);
        assert_eq!(reasons("breached"), breaches.iter().filter(|breach| breach["open"] == true).count() as u64);
    }
    // as the sources say at the end of the log
    let whole = aging(&[]);
    assert_eq!((&whole["sla"][0]["open_past"], &whole["open"]), (&json!(501), &json!(562)));
}
