//! Durations on the business clock against the naive oracle, and laws on whole public logs.
//!
//! The oracle knows a calendar as a closure over the local date and hour, steps through minutes, and measures the same
//! rows at other instants: each event stands where the open minutes of its case put it. Nothing of it is in `src/`.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use chrono::{DateTime, Datelike, NaiveDateTime, TimeZone, Timelike};
use chrono_tz::Tz;
use proptest::prelude::*;
use serde_json::{Value, json};
use wcaf::config::Config;

use crate::against_oracle::options_of;
use crate::compare::same;
use crate::harness::{element, findings, findings_of_rows, public_log};
use crate::oracle::{Options, Row, analyze, cases};
use crate::random::{self, START};
use crate::run::{folder_with, sample, wcaf};

const MINUTE_MS: i64 = 60_000;
/// No random log lasts longer.
const MINUTES: usize = 5 * 366 * 1_440;

pub const CALENDARS: &str = r#"
default_calendar = "office"

[calendar.office]
timezone = "Europe/Berlin"
mon_fri = ["09:00-12:30", "13:00-17:00"]
holidays = ["12-25"]

[calendar.night]
timezone = "America/New_York"
mon_sun = "22:00-06:00"

[calendar.desk]
timezone = "UTC"
always = true

[[calendar_rule]]
when = { priority = "1 - Critical", site = "North" }
calendar = "desk"

[[calendar_rule]]
when = { group = ["Alpha", "Beta"] }
calendar = "night"
"#;

fn office(local: NaiveDateTime) -> bool {
    let minute = local.hour() * 60 + local.minute();
    let hours = (540..750).contains(&minute) || (780..1_020).contains(&minute);
    hours && local.weekday().num_days_from_monday() < 5 && (local.month(), local.day()) != (12, 25)
}

fn night(local: NaiveDateTime) -> bool {
    local.hour() >= 22 || local.hour() < 6
}

/// Whether each minute from the first possible one is open.
fn minutes(zone: Tz, open: fn(NaiveDateTime) -> bool) -> Vec<bool> {
    let at = |minute: usize| DateTime::from_timestamp(START / 1_000 + i64::try_from(minute).unwrap() * 60, 0).unwrap();
    (0..MINUTES).map(|minute| open(zone.from_utc_datetime(&at(minute).naive_utc()).naive_local())).collect()
}

/// Open time between two instants, minute by minute.
fn worked(open: &[bool], from_ms: i64, to_ms: i64) -> i64 {
    let mut sum = 0;
    let mut at_ms = from_ms;
    while at_ms < to_ms {
        let minute = (at_ms - START).div_euclid(MINUTE_MS);
        let next_ms = (START + (minute + 1) * MINUTE_MS).min(to_ms);
        if open[usize::try_from(minute).unwrap()] {
            sum += next_ms - at_ms;
        }
        at_ms = next_ms;
    }
    sum
}

/// Open time between two instants by the calendar of these values.
pub fn worked_by(group: Option<&str>, priority: Option<&str>, site: Option<&str>, from_ms: i64, to_ms: i64) -> i64 {
    static OFFICE: OnceLock<Vec<bool>> = OnceLock::new();
    static NIGHT: OnceLock<Vec<bool>> = OnceLock::new();
    if priority == Some("1 - Critical") && site == Some("North") {
        to_ms - from_ms
    } else if matches!(group, Some("Alpha" | "Beta")) {
        worked(NIGHT.get_or_init(|| minutes(chrono_tz::America::New_York, night)), from_ms, to_ms)
    } else {
        worked(OFFICE.get_or_init(|| minutes(chrono_tz::Europe::Berlin, office)), from_ms, to_ms)
    }
}

/// The rows of a case where its business clock puts them, counted back from the end of the log, so that all cases are
/// known up to one instant.
fn clocked(case: &cases::Case, ruled: bool, as_of_ms: i64) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut clock_ms = case.start();
    let (mut priority, mut site) = (None, None);
    for i in 0..case.n() {
        let mut row = case.rows[i].clone();
        row.time_ms = clock_ms;
        priority = row.priority.clone().or(priority);
        site = row.segments.iter().find(|segment| segment.0 == "site").map(|segment| segment.1.clone()).or(site);
        let to_ms = if i + 1 < case.n() { case.time(i + 1) } else { as_of_ms };
        let group = case.group[i].as_deref().filter(|_| ruled);
        let critical = priority.as_deref().filter(|_| ruled);
        clock_ms += worked_by(group, critical, site.as_deref(), case.time(i), to_ms);
        rows.push(row);
    }
    rows.iter_mut().for_each(|row| row.time_ms += as_of_ms - clock_ms);
    rows
}

/// Cells by what identifies them, ms.
type Cells = BTreeMap<(String, String, String), i64>;

fn add_cells(cells: &mut Cells, list: &Value, sign: i64) {
    for cell in list.as_array().unwrap() {
        let text = |key: &str| cell[key].as_str().unwrap().to_owned();
        let key = (text("state"), text("class"), text("waiting_on"));
        *cells.entry(key).or_default() += sign * cell["duration_ms"].as_i64().unwrap();
    }
}

/// What differs between a business value and the oracle's value of the same name on its clock.
fn differ(place: &str, ours: &Value, theirs: &Value, found: &mut Vec<String>) {
    match (ours, theirs) {
        (Value::Object(ours), Value::Object(theirs)) => {
            for (key, value) in theirs {
                if let Some(own) = ours.get(key) {
                    differ(&format!("{place}/{key}"), own, value, found);
                }
            }
        }
        (ours, theirs) if same(ours, theirs) => {}
        (ours, theirs) => found.push(format!("{place}: {ours}, oracle {theirs}")),
    }
}

/// Compares lists of elements, found by their keys, by pairs of (our key, the oracle's key).
fn lists(list: &str, keys: [&str; 2], values: &[(&str, &str)], found: &Value, oracle: &Value, wrong: &mut Vec<String>) {
    let id = |element: &Value| keys.map(|key| element[key].clone());
    let theirs = oracle.pointer(list).unwrap().as_array().unwrap();
    for own in found.pointer(list).unwrap().as_array().unwrap() {
        let Some(their) = theirs.iter().find(|their| id(their) == id(own)) else { continue };
        for (business, wall) in values {
            differ(&format!("{list}[{:?}]/{business}", id(own)), &own[*business], &their[*wall], wrong);
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_logs_measure_as_the_oracle_does_on_the_business_clock(made in random::log()) {
        let with_group = made.columns.group;
        let mut config = made.config.clone();
        let text = if with_group && made.columns.priority { CALENDARS.to_owned() } else {
            CALENDARS.split("[[calendar_rule]]").next().unwrap().to_owned()
        };
        config.calendars = Config::parse(&text, "wcaf.toml").unwrap().calendars;
        let ruled = with_group && made.columns.priority;
        let found = findings_of_rows(&made.rows, made.columns, &config);
        let options = options_of(&made, &found);
        let as_of_ms = made.rows.iter().map(|row| row.time_ms).max().unwrap();
        let built = cases::build(&made.rows, &options, as_of_ms);
        let rows: Vec<Row> = built.iter().flat_map(|case| clocked(case, ruled, as_of_ms)).collect();
        let oracle = analyze(&rows, &Options { as_of_ms: Some(as_of_ms), ..options.clone() });
        let wall = analyze(&made.rows, &options);
        let mut within = Cells::new();
        add_cells(&mut within, &oracle["ledger"]["cells"], 1);
        let mut wrong = Vec::new();
        let (kpis, theirs) = (&found["kpis"], &oracle["kpis"]);
        differ("cycle", &kpis["cycle_time_ms"]["business"], &theirs["cycle_time_ms"]["wall"], &mut wrong);
        for (business, wall) in [
            ("first_resolution_business_ms", "first_resolution_ms"),
            ("exception_mttr_business_ms", "exception_mttr_ms"),
            ("missing_information_mttr_business_ms", "missing_information_mttr_ms"),
        ] {
            differ(business, &kpis[business], &theirs[wall], &mut wrong);
        }
        let states = [
            ("total_business_ms", "total_ms"),
            ("completed_business_ms", "completed_ms"),
            ("next_step_business_ms", "next_step_ms"),
        ];
        lists("/states", ["state", "state"], &states, &found, &oracle, &mut wrong);
        let transitions = [
            ("p50_business_ms", "p50_ms"),
            ("p90_business_ms", "p90_ms"),
            ("mean_business_ms", "mean_ms"),
            ("next_step_p50_business_ms", "next_step_p50_ms"),
            ("next_step_p90_business_ms", "next_step_p90_ms"),
        ];
        lists("/transitions", ["from", "to"], &transitions, &found, &oracle, &mut wrong);
        let points = [("p50_business_ms", "p50_ms"), ("p90_business_ms", "p90_ms")];
        lists("/choke_points", ["state", "group"], &points, &found, &oracle, &mut wrong);
        // Touches merge events that are close on the clock, and handoffs of actors are between touches.
        if found["handoffs"]["definition"] != "actor" {
            differ("pickup", &found["handoffs"]["pickup_business_ms"], &oracle["handoffs"]["pickup_ms"], &mut wrong);
            let (mut outside, mut ours) = (Cells::new(), [Cells::new(), Cells::new()]);
            add_cells(&mut outside, &wall["ledger"]["cells"], 1);
            for (key, ms) in &within {
                *outside.entry(key.clone()).or_default() -= ms;
            }
            for cell in found["ledger"]["cells"].as_array().unwrap() {
                let at = usize::from(cell["in_hours"] == false);
                prop_assert!(cell["in_hours"].is_boolean());
                add_cells(&mut ours[at], &json!([cell]), 1);
            }
            for cells in [&mut within, &mut outside] {
                cells.retain(|_, ms| *ms != 0);
            }
            prop_assert_eq!(&ours[0], &within, "within hours");
            prop_assert_eq!(&ours[1], &outside, "outside");
        }
        prop_assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
        prop_assert_eq!(&found["clocks"]["business"]["cases_without"], 0);
    }
}

/// Walks every pair of a value on the business clock and the one of the same name on the wall clock.
fn pairs(place: &str, value: &Value, judge: &mut dyn FnMut(&str, &Value, &Value)) {
    match value {
        Value::Object(map) => {
            for (key, own) in map {
                let wall = key.replace("_business_ms", "_ms");
                if let Some(wall) = map.get(&wall).filter(|_| wall != *key) {
                    leaves(&format!("{place}/{key}"), own, wall, judge);
                } else if key == "business" && place.ends_with("cycle_time_ms") {
                    leaves(&format!("{place}/{key}"), own, &map["wall"], judge);
                } else {
                    pairs(&format!("{place}/{key}"), own, judge);
                }
            }
        }
        Value::Array(list) => {
            list.iter().enumerate().for_each(|(at, own)| pairs(&format!("{place}/{at}"), own, judge));
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}

fn leaves(place: &str, business: &Value, wall: &Value, judge: &mut dyn FnMut(&str, &Value, &Value)) {
    match (business, wall) {
        (Value::Object(business), Value::Object(wall)) => {
            for (key, value) in business {
                if let Some(wall) = wall.get(key) {
                    leaves(&format!("{place}/{key}"), value, wall, judge);
                }
            }
        }
        (business, wall) => judge(place, business, wall),
    }
}

fn with_calendars(text: &str) -> Config {
    Config::parse(text, "wcaf.toml").unwrap_or_else(|problem| panic!("{problem}"))
}

fn real_logs() -> Option<[PathBuf; 2]> {
    let incidents = public_log("servicenow-incidents")?.join("incident_event_log.zip");
    Some([incidents, public_log("italian-helpdesk")?.join("helpdesk.xes.gz")])
}

#[test]
fn a_calendar_of_all_hours_gives_wall_time_to_the_millisecond() {
    let Some(logs) = real_logs() else { return };
    let config = with_calendars("[calendar.all]\ntimezone = \"Europe/Berlin\"\nalways = true\n");
    for log in logs {
        let found = findings(std::slice::from_ref(&log), &config);
        let mut compared = 0;
        pairs("", &found, &mut |place, business, wall| {
            compared += 1;
            assert_eq!(business, wall, "{place} of {}", log.display());
        });
        assert!(compared > 300, "{compared}");
        let cells = found["ledger"]["cells"].as_array().unwrap();
        assert!(cells.iter().all(|cell| cell["in_hours"] == true));
        let cuts = found["kpi_cuts"].as_array().unwrap();
        let of = |clock: &str| -> Vec<&Value> {
            let clock = format!("cycle_time_ms.{clock}.");
            cuts.iter()
                .filter(|cut| cut["kpi"].as_str().unwrap().starts_with(&clock))
                .map(|cut| &cut["value"])
                .collect()
        };
        assert_eq!(of("business"), of("wall"));
    }
}

#[test]
fn business_time_is_never_more_than_wall_time_and_the_ledger_adds_up() {
    let Some(logs) = real_logs() else { return };
    let config = with_calendars(
        "[calendar.office]\ntimezone = \"Europe/Rome\"\nmon_fri = \"09:00-17:00\"\nholidays = [\"12-25\"]\n",
    );
    for log in logs {
        let found = findings(std::slice::from_ref(&log), &config);
        pairs("", &found, &mut |place, business, wall| {
            let (business, wall) = (business.as_f64().unwrap_or(0.0), wall.as_f64().unwrap_or(0.0));
            assert!(business <= wall, "{place} of {}: {business} > {wall}", log.display());
        });
        let cells = found["ledger"]["cells"].as_array().unwrap();
        let sum: i64 = cells.iter().map(|cell| cell["duration_ms"].as_i64().unwrap()).sum();
        assert_eq!(found["ledger"]["total_ms"], sum);
        assert!(
            cells.iter().any(|cell| cell["in_hours"] == true) && cells.iter().any(|cell| cell["in_hours"] == false)
        );
    }
}

const FEW: &str = "case,time,state,group,site,assignee\n\
    A,2024-07-01T16:00:00Z,New,Day,North,x\nA,2024-07-01T18:00:00Z,Active,Night,North,x\nA,2024-07-02T10:00:00Z,Done,Night,North,x\n\
    B,2024-07-05T16:00:00Z,New,Day,South,y\nB,2024-07-08T10:00:00Z,Done,Day,South,y\n";
const DAY_AND_NIGHT: &str = "default_calendar = \"day\"\n[calendar.day]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\n\
    [calendar.night]\ntimezone = \"UTC\"\nmon_sun = \"22:00-06:00\"\n[[calendar_rule]]\nwhen = { group = \"Night\" }\ncalendar = \"night\"\n";

/// The worked example of the clock of a case: 1 h of the day's calendar, then 8 h of the night's.
#[test]
fn the_calendar_follows_the_group() {
    let folder = folder_with(&[("log.csv", FEW.as_bytes()), ("wcaf.toml", DAY_AND_NIGHT.as_bytes())]);
    let found = wcaf(folder.path(), &["analyze", "log.csv", "--format", "json", "--quiet"]).ok().json();
    let hours = |hours: i64| hours * 3_600_000;
    assert_eq!(element(&found["states"], "state", "New")["total_business_ms"], hours(3));
    assert_eq!(element(&found["states"], "state", "Active")["total_business_ms"], hours(8));
    let cycle = &found["kpis"]["cycle_time_ms"]["business"];
    assert_eq!((&cycle["min"], &cycle["max"]), (&json!(hours(2)), &json!(hours(9))));
    let names: Vec<&Value> =
        found["clocks"]["business"]["calendars"].as_array().unwrap().iter().map(|c| &c["name"]).collect();
    assert_eq!(names, ["day", "night"]);
}

#[test]
fn cases_without_a_calendar_are_counted_and_left_out() {
    let toml = DAY_AND_NIGHT.replace("default_calendar = \"day\"\n", "");
    let folder = folder_with(&[("log.csv", FEW.as_bytes()), ("wcaf.toml", toml.as_bytes())]);
    let found = wcaf(folder.path(), &["analyze", "log.csv", "--format", "json", "--quiet"]).ok().json();
    assert_eq!(found["clocks"]["business"]["cases_without"], 2);
    assert_eq!(found["kpis"]["cycle_time_ms"]["business"]["n"], 0);
    assert!(found["ledger"]["cells"].as_array().unwrap().iter().all(|cell| cell["in_hours"].is_null()));
    let text = wcaf(folder.path(), &["analyze", "log.csv", "--quiet"]).ok().out;
    assert!(text.contains("2 cases without a calendar"), "{text}");
}

#[test]
fn a_rule_about_a_column_that_is_not_read_says_which_flag_helps() {
    let rule = |header: &str| {
        format!("{DAY_AND_NIGHT}[[calendar_rule]]\nwhen = {{ \"{header}\" = \"North\" }}\ncalendar = \"night\"\n")
    };
    let folder = folder_with(&[("log.csv", FEW.as_bytes()), ("wcaf.toml", rule("place").as_bytes())]);
    wcaf(folder.path(), &["analyze", "log.csv"]).refused(2, &["`place`", "no such column", "`site`"]);
    let folder = folder_with(&[("log.csv", FEW.as_bytes()), ("wcaf.toml", rule("site").as_bytes())]);
    let without = wcaf(folder.path(), &["analyze", "log.csv", "--segment", "state"]);
    without.refused(2, &["`site`", "--segment \"state,site\""]);
    wcaf(folder.path(), &["analyze", "log.csv", "--segment", "state,site", "--quiet"]).ok();
}

#[test]
fn the_business_clock_needs_a_calendar() {
    let folder = folder_with(&[("log.csv", FEW.as_bytes())]);
    for clock in ["business", "both"] {
        let hint = ["needs a working calendar", "[calendar.office]", "wcaf check"];
        wcaf(folder.path(), &["analyze", "log.csv", "--clock", clock]).refused(2, &hint);
    }
    let text = wcaf(folder.path(), &["analyze", "log.csv", "--clock", "wall", "--quiet"]).ok().out;
    assert!(text.contains("wall: every hour counts, since no working calendar is configured"), "{text}");
}

#[test]
fn the_clock_asked_for_is_the_one_shown() {
    let folder = folder_with(&[("log.csv", FEW.as_bytes()), ("wcaf.toml", DAY_AND_NIGHT.as_bytes())]);
    let text = |clock: &str| wcaf(folder.path(), &["analyze", "log.csv", "--clock", clock, "--quiet"]).ok().out;
    let (wall, business, both) = (text("wall"), text("business"), text("both"));
    assert!(wall.contains("p50 wall") && !wall.contains("p50 work"), "{wall}");
    assert!(business.contains("p50 work") && !business.contains("p50 wall"), "{business}");
    assert!(both.contains("p50 wall") && both.contains("p50 work"), "{both}");
    assert_eq!(both, wcaf(folder.path(), &["analyze", "log.csv", "--quiet"]).ok().out);
    let json = |clock: &str| {
        wcaf(folder.path(), &["analyze", "log.csv", "--clock", clock, "--format", "json", "--quiet"]).ok().out
    };
    assert_eq!(json("wall"), json("business"));
    for format in ["md", "html"] {
        let page =
            wcaf(folder.path(), &["analyze", "log.csv", "--clock", "business", "--format", format, "--quiet"]).ok();
        assert!(page.out.contains("orking hours"), "{}", page.out);
    }
}

/// What `check` proposes is a configuration that `analyze` takes.
#[test]
fn the_proposed_calendar_is_a_configuration() {
    let log = sample("service-desk.csv.gz");
    let folder = folder_with(&[]);
    let found = wcaf(folder.path(), &["check", &log, "--format", "json", "--fail-on", "none", "--quiet"]).ok().json();
    let hours = &found["working_hours"];
    let rows: u64 = hours["by_hour"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|day| day.as_array().unwrap())
        .map(|events| events.as_u64().unwrap())
        .sum();
    assert_eq!(hours["events"], rows);
    let calendar = hours["calendar"].as_str().unwrap_or_else(|| panic!("{hours}"));
    let folder = folder_with(&[("wcaf.toml", calendar.as_bytes())]);
    let found = wcaf(folder.path(), &["analyze", &log, "--format", "json", "--quiet"]).ok().json();
    let cycle = &found["kpis"]["cycle_time_ms"];
    assert!(cycle["business"]["p50"].as_i64().unwrap() <= cycle["wall"]["p50"].as_i64().unwrap());
    let text = wcaf(folder.path(), &["check", &log, "--fail-on", "none", "--quiet"]).ok().out;
    assert!(text.contains("[calendar.office]") && text.contains("██"), "{text}");
}

/// Figures of the incident log with office hours, which a plain script over its minutes gives too.
#[test]
fn incidents_in_office_hours() {
    let Some([incidents, _]) = real_logs() else { return };
    let config = with_calendars("[calendar.office]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\n");
    let found = findings(&[incidents], &config);
    let cycle = &found["kpis"]["cycle_time_ms"]["business"];
    for (key, value) in [
        ("n", 24_918),
        ("mean", 143_003_253),
        ("p50", 16_560_000),
        ("p90", 309_960_000),
        ("p95", 572_760_000),
        ("p99", 2_350_423_800),
        ("max", 6_932_100_000_i64),
    ] {
        assert_eq!(cycle[key], value, "{key}");
    }
    for (state, n, total_ms, p50, p90) in [
        ("New", 16_398, 947_077_080_000_i64, 5_160_000, 121_638_000),
        ("Active", 15_988, 1_241_432_520_000, 6_240_000, 171_738_000),
        ("Awaiting User Info", 5_852, 1_043_578_740_000, 65_970_000, 370_776_000),
        ("Awaiting Vendor", 269, 230_829_660_000, 516_540_000, 2_567_424_000_i64),
        ("Resolved", 25_236, 3_191_974_440_000, 89_820_000, 173_220_000),
    ] {
        let state = element(&found["states"], "state", state);
        assert_eq!(state["total_business_ms"], total_ms, "{state}");
        let visits = &state["completed_business_ms"];
        assert_eq!((&visits["n"], &visits["p50"], &visits["p90"]), (&json!(n), &json!(p50), &json!(p90)), "{state}");
    }
    let within = |wanted: bool| -> i64 {
        let cells = found["ledger"]["cells"].as_array().unwrap().iter();
        cells.filter(|cell| cell["in_hours"] == wanted).map(|cell| cell["duration_ms"].as_i64().unwrap()).sum()
    };
    // every case is closed, so the ledger within hours is the sum of all cycle times
    assert_eq!((within(true), within(false)), (3_563_355_060_000, 11_259_912_780_000));
}
