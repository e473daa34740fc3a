//! `wcaf aging` and `--as-of`: nothing later is used, and every figure is counted again in plain loops.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use serde_json::Value;

use crate::harness::public_log;
use crate::run::{Ran, folder_with, sample, wcaf};

const AS_OF: &str = "2025-01-21T12:00:00Z";

fn aging(folder: &Path, args: &[&str]) -> Ran {
    wcaf(folder, &[&["aging"], args].concat())
}

fn desk() -> String {
    let mut text = String::new();
    let file = std::fs::File::open(sample("service-desk.csv.gz")).unwrap();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(file), &mut text).unwrap();
    text
}

/// The rows of the sample up to an instant, with the header.
fn desk_until(as_of: &str) -> String {
    let text = desk();
    let mut reader = csv::ReaderBuilder::new().from_reader(text.as_bytes());
    let time = reader.headers().unwrap().iter().position(|name| name == "timestamp").unwrap();
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(reader.headers().unwrap()).unwrap();
    for row in reader.records().map(Result::unwrap).filter(|row| &row[time] <= as_of) {
        writer.write_record(&row).unwrap();
    }
    String::from_utf8(writer.into_inner().unwrap()).unwrap()
}

/// Service levels of the sample: timers of two clocks that are paused, stopped, reset and cancelled.
const SERVICE_LEVELS: &str = r#"
[calendar.office]
timezone = "Europe/Berlin"
day = "8h"
mon_fri = "09:00-17:00"
[[sla]]
id = "resolution"
pause = { state_class = "waiting_requester" }
reset = { reopened = true }
target = { by = "priority", values = { High = "8bh", Medium = "2bd" }, default = "4bd" }
calendar = "office"
[[sla]]
id = "reply"
kind = "reply"
stop = { assignee = true }
target = "2h"
"#;

#[test]
fn nothing_later_than_as_of_is_used() {
    let with_levels = |log: &str| folder_with(&[("desk.csv", log.as_bytes()), ("sla.toml", SERVICE_LEVELS.as_bytes())]);
    let whole = with_levels(&desk());
    let cut = with_levels(&desk_until(AS_OF));
    let with_sla = ["-c", "sla.toml", "desk.csv", "--format", "json"];
    let levels = wcaf(whole.path(), &[&["analyze"], &with_sla[..], &["--as-of", AS_OF]].concat()).ok().json();
    let open = &levels["sla"][0]["counts"];
    assert!(open["open_past"].as_u64() > Some(0) && open["open_within"].as_u64() > Some(0), "{open}");
    assert!(open["paused"].as_u64() > Some(0) && open["breached"].as_u64() > Some(0), "{open}");
    let some = wcaf(whole.path(), &[&["aging"], &with_sla[..], &["--as-of", AS_OF]].concat()).ok().json();
    // a case that goes on after the instant
    let case = some["next_to_breach"][0]["case"].as_str().unwrap();
    let of_case = ["case", "desk.csv", case, "-c", "sla.toml", "--format", "json"];
    for args in [
        &["aging", "desk.csv", "--format", "json"][..],
        &["aging", "desk.csv", "--daily", "--format", "json"],
        &["aging", "desk.csv", "--daily", "--since", "2025-01-14", "--format", "terminal"],
        &["aging", "desk.csv", "-c", "sla.toml", "--format", "json"],
        &["aging", "desk.csv", "-c", "sla.toml", "--format", "terminal"],
        &["aging", "desk.csv", "-c", "sla.toml", "--daily", "--format", "json"],
        &["aging", "desk.csv", "-c", "sla.toml", "--daily", "--clock", "business", "--format", "json"],
        &["aging", "desk.csv", "-c", "sla.toml", "--clock", "business", "--format", "md"],
        &of_case,
    ] {
        let (left, right) = (
            wcaf(whole.path(), &[args, &["--as-of", AS_OF]].concat()).ok().out,
            wcaf(cut.path(), &[args, &["--as-of", AS_OF]].concat()).ok().out,
        );
        assert!(left == right, "{args:?}:\n{left}\n{right}");
    }
    let findings = |folder: &Path| {
        let mut found = wcaf(folder, &["analyze", "desk.csv", "--format", "json", "--as-of", AS_OF]).ok().json();
        for key in ["sources", "rows_read", "after_as_of"] {
            found["input"].as_object_mut().unwrap().remove(key);
        }
        // the evidence of the guesses counts the rows of the file
        found.as_object_mut().unwrap().remove("mapping");
        for item in found["readiness"]["items"].as_array_mut().unwrap() {
            item.as_object_mut().unwrap().remove("evidence");
        }
        serde_json::to_string_pretty(&found).unwrap()
    };
    let (whole_found, cut_found) = (findings(whole.path()), findings(cut.path()));
    for (left, right) in whole_found.lines().zip(cut_found.lines()) {
        assert_eq!(left, right);
    }
    let input =
        &wcaf(whole.path(), &["analyze", "desk.csv", "--format", "json", "--as-of", AS_OF]).ok().json()["input"];
    let (events, after) = (input["events"].as_u64().unwrap(), input["after_as_of"].as_u64().unwrap());
    assert!(after > 0 && events + after == input["rows_read"].as_u64().unwrap(), "{input}");
    assert_eq!(input["as_of"], "2025-01-21T12:00:00Z");
}

#[test]
fn an_instant_beyond_the_log_makes_open_cases_older() {
    let log = "id,time,state\n1,2024-03-01 09:00:00,New\n1,2024-03-01 10:00:00,Closed\n2,2024-03-01 11:00:00,New\n";
    let folder = folder_with(&[("log.csv", log.as_bytes())]);
    let found = aging(folder.path(), &["log.csv", "--format", "json", "--as-of", "2024-03-03T11:00+02:00"]).ok().json();
    assert_eq!((found["cases"].as_u64(), found["open"].as_u64()), (Some(2), Some(1)));
    assert_eq!(found["items"][0]["age_ms"], 46 * 3_600_000);
    aging(folder.path(), &["log.csv", "--as-of", "2024-02-29"])
        .refused(3, &["the log has no event up to 2024-02-29 00:00 UTC", "its first event is at 2024-03-01 09:00 UTC"]);
    aging(folder.path(), &["log.csv", "--as-of", "yesterday"])
        .refused(2, &["`--as-of yesterday` is no date", "2024-03-31"]);
    aging(folder.path(), &["log.csv", "--as-of", "03/04/2024"]).refused(2, &["is no date and no time"]);
    let since = ["log.csv", "--daily", "--since", "2024-03-02"];
    aging(folder.path(), &since).refused(2, &["`--since` is not before the end of the log, 2024-03-01 11:00 UTC"]);
    aging(folder.path(), &["log.csv", "--since", "2024-03-01"]).refused(2, &["--daily"]);
    let closed = folder_with(&[("log.csv", &log.as_bytes()[..log.len() - "2,2024-03-01 11:00:00,New\n".len()])]);
    let told = aging(closed.path(), &["log.csv", "--quiet"]).ok().out;
    assert!(told.contains("0 of 1 case open") && told.contains("Nothing waits"), "{told}");
}

/// Case, time, state and group of a row, in order of time.
type Step = (i64, String, String);

fn steps(text: &str) -> BTreeMap<String, Vec<Step>> {
    let mut reader = csv::Reader::from_reader(text.as_bytes());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|header| header == name).unwrap();
    let (case, time, state, group) = (column("case_id"), column("timestamp"), column("state"), column("group"));
    let mut cases: BTreeMap<String, Vec<Step>> = BTreeMap::new();
    for row in reader.records().map(Result::unwrap) {
        let at = chrono::DateTime::parse_from_rfc3339(&row[time]).unwrap().timestamp_millis();
        cases.entry(row[case].to_owned()).or_default().push((at, row[state].to_owned(), row[group].to_owned()));
    }
    for steps in cases.values_mut() {
        steps.sort_by_key(|step| step.0);
        let mut last = String::new();
        for step in steps {
            if step.1.is_empty() { step.1.clone_from(&last) } else { last.clone_from(&step.1) }
        }
    }
    cases
}

fn is_terminal(state: &str) -> bool {
    matches!(state, "Closed" | "Resolved" | "Cancelled")
}

/// State, when it was entered, and when it was left.
fn visits(steps: &[Step]) -> Vec<(&str, i64, Option<i64>)> {
    let mut visits: Vec<(&str, i64, Option<i64>)> = Vec::new();
    for (at, state, _) in steps {
        match visits.last_mut() {
            Some(last) if last.0 == state => {}
            last => {
                if let Some(last) = last {
                    last.2 = Some(*at);
                }
                visits.push((state, *at, None));
            }
        }
    }
    visits
}

#[test]
fn ages_ranks_and_next_states_counted_again() {
    let text = desk_until(AS_OF);
    let folder = folder_with(&[("desk.csv", text.as_bytes())]);
    let found = aging(folder.path(), &["desk.csv", "--format", "json", "--as-of", AS_OF]).ok().json();
    let as_of = chrono::DateTime::parse_from_rfc3339(AS_OF).unwrap().timestamp_millis();
    let cases = steps(&text);
    let mut finished: BTreeMap<&str, Vec<i64>> = BTreeMap::new();
    let mut next: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for steps in cases.values() {
        let visits = visits(steps);
        for (place, (state, entered, left)) in visits.iter().enumerate() {
            if let Some(left) = left {
                finished.entry(state).or_default().push(left - entered);
                *next.entry(state).or_default().entry(visits[place + 1].0).or_default() += 1;
            }
        }
    }
    let open: BTreeMap<&String, (&str, i64)> = cases
        .iter()
        .filter(|(_, steps)| !is_terminal(&steps[steps.len() - 1].1))
        .map(|(case, steps)| (case, visits(steps).last().map(|visit| (visit.0, visit.1)).unwrap()))
        .collect();
    assert_eq!(found["open"].as_u64().unwrap(), open.len() as u64);
    let items = found["items"].as_array().unwrap();
    assert_eq!(items.len() as u64 + found["stale_cases"].as_u64().unwrap(), open.len() as u64);
    assert!(items.len() > 20, "{} open cases", items.len());
    for item in items {
        let (state, entered) = open[&item["case"].as_str().unwrap().to_owned()];
        let age = as_of - entered;
        assert_eq!((item["state"].as_str(), item["age_ms"].as_i64()), (Some(state), Some(age)));
        let others = &finished[state];
        let count = |keep: &dyn Fn(i64) -> bool| {
            f64::from(u32::try_from(others.iter().filter(|other| keep(**other)).count()).unwrap())
        };
        let share = (count(&|other| other < age) + count(&|other| other == age) / 2.0) / count(&|_| true);
        assert!((item["rank"]["share"].as_f64().unwrap() - share).abs() < 1e-12, "{item}");
        assert_eq!(item["rank"]["of"].as_u64(), Some(others.len() as u64));
        let most = next[state].values().max().unwrap();
        assert_eq!(next[state][item["next"]["state"].as_str().unwrap()], *most, "{item}");
        let sentence = item["sentence"].as_str().unwrap();
        assert!(sentence.contains(state) && sentence.contains("; next: "), "{sentence}");
    }
    let shares: Vec<f64> = items.iter().map(|item| item["rank"]["share"].as_f64().unwrap()).collect();
    assert!(shares.windows(2).all(|pair| pair[0] >= pair[1]), "longest first");
    let told = aging(folder.path(), &["desk.csv", "--as-of", AS_OF, "--top", "3"]).ok().out;
    assert!(told.lines().all(|line| line.chars().count() <= 80), "{told}");
    assert!(told.contains(&format!("{} more", items.len() - 3)), "{told}");
}

#[test]
fn the_daily_report_counted_again() {
    const SINCE: &str = "2025-01-20T12:00:00Z";
    let text = desk_until(AS_OF);
    let folder = folder_with(&[("desk.csv", text.as_bytes())]);
    let found = aging(folder.path(), &["desk.csv", "--daily", "--format", "json", "--as-of", AS_OF]).ok().json();
    assert_eq!((&found["schema"], &found["since"]), (&"wcaf.daily/1".into(), &"2025-01-20T12:00:00Z".into()));
    let since = chrono::DateTime::parse_from_rfc3339(SINCE).unwrap().timestamp_millis();
    let cases = steps(&text);
    let texts = |value: &Value| -> BTreeSet<String> {
        value.as_array().unwrap().iter().map(|id| id.as_str().unwrap().to_owned()).collect()
    };
    let chosen = |keep: &dyn Fn(&[Step]) -> bool| -> BTreeSet<String> {
        cases.iter().filter(|(_, steps)| keep(steps)).map(|(case, _)| case.clone()).collect()
    };
    assert_eq!(texts(&found["arrived"]), chosen(&|steps| steps[0].0 > since));
    let reopened = |steps: &[Step]| {
        steps.windows(2).any(|pair| is_terminal(&pair[0].1) && !is_terminal(&pair[1].1) && pair[1].0 > since)
    };
    assert_eq!(texts(&found["reopened"]), chosen(&reopened));
    let completed = |steps: &[Step]| {
        let ending = steps.iter().rev().take_while(|step| is_terminal(&step.1)).last();
        ending.is_some_and(|step| step.0 > since)
    };
    let ids: BTreeSet<String> =
        found["completed"].as_array().unwrap().iter().map(|done| done["case"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, chosen(&completed));
    assert!(!ids.is_empty(), "a day without completed cases tests nothing");
    let open_at = |at: i64| {
        let last =
            |steps: &&Vec<Step>| steps.iter().rev().find(|step| step.0 <= at).is_some_and(|step| !is_terminal(&step.1));
        cases.values().filter(last).count() as u64
    };
    assert_eq!(found["open"], serde_json::json!([open_at(since), open_at(i64::MAX)]));
    let moves: u64 = found["moves"].as_array().unwrap().iter().map(|moves| moves["count"].as_u64().unwrap()).sum();
    let changed =
        cases.values().flat_map(|steps| steps.windows(2)).filter(|pair| pair[0].1 != pair[1].1 && pair[1].0 > since);
    assert_eq!(moves, changed.count() as u64);
    let waiting: u64 = found["acts_next"].as_array().unwrap().iter().map(|next| next["cases"].as_u64().unwrap()).sum();
    let all = aging(folder.path(), &["desk.csv", "--format", "json", "--as-of", AS_OF]).ok().json();
    assert_eq!(waiting, all["items"].as_array().unwrap().len() as u64);
    for format in ["terminal", "md", "html"] {
        let told = aging(folder.path(), &["desk.csv", "--daily", "--format", format, "--as-of", AS_OF]).ok().out;
        assert!(told.contains("Who acts next"), "{told}");
    }
}

#[test]
fn open_problems_of_a_real_log() {
    let Some(volvo) = public_log("volvo-problems") else { return };
    let folder = folder_with(&[]);
    let log = volvo.join("open_problems.xes.gz").display().to_string();
    let found = aging(folder.path(), &[&log, "--format", "json"]).ok().json();
    assert_eq!((found["cases"].as_u64(), found["open"].as_u64()), (Some(819), Some(463)));
    let listed = found["items"].as_array().unwrap().len() as u64;
    assert_eq!(listed + found["stale_cases"].as_u64().unwrap(), 463);
    let by_state: u64 = found["states"].as_array().unwrap().iter().map(|state| state["open"].as_u64().unwrap()).sum();
    assert_eq!(by_state, listed);
    // many visits are open, so survival curves stand beside the ranks
    let mut outlasting: BTreeMap<&str, Vec<(i64, f64)>> = BTreeMap::new();
    for item in found["items"].as_array().unwrap().iter().filter(|item| item["outlasting"].is_number()) {
        let place = (item["age_ms"].as_i64().unwrap(), item["outlasting"].as_f64().unwrap());
        outlasting.entry(item["state"].as_str().unwrap()).or_default().push(place);
    }
    assert!(outlasting.values().map(Vec::len).sum::<usize>() > 100);
    for items in outlasting.values_mut() {
        items.sort_by_key(|item| item.0);
        assert!(items.windows(2).all(|pair| pair[1].1 <= pair[0].1), "fewer last longer the older they are: {items:?}");
    }
}

/// Mondays to Fridays, nine to five.
const OFFICE: &str = "[calendar.office]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\n";

#[test]
fn ages_in_working_hours_worked_out_by_hand() {
    // 2024-03-01 is a Friday; of the finished visits to New one took 1 working hour, one 2, and one 3
    let log = "id,time,state\n\
        1,2024-02-27 09:00,New\n1,2024-02-27 10:00,Closed\n\
        2,2024-02-27 16:00,New\n2,2024-02-28 10:00,Closed\n\
        3,2024-02-28 09:00,New\n3,2024-02-28 12:00,Closed\n\
        4,2024-03-01 15:30,New\n\
        5,2024-03-04 09:00,New\n\
        6,2024-03-04 08:00,New\n6,2024-03-04 11:30,Closed\n";
    let folder = folder_with(&[("log.csv", log.as_bytes()), ("office.toml", OFFICE.as_bytes())]);
    let told = ["log.csv", "-c", "office.toml", "--timezone", "UTC", "--as-of", "2024-03-04T11:30Z"];
    let found = |more: &[&str]| aging(folder.path(), &[&told[..], more].concat()).ok();
    let of_case = |found: &Value, case: &str| {
        let items = found["items"].as_array().unwrap();
        items.iter().find(|item| item["case"] == case).unwrap().clone()
    };
    let work = found(&["--format", "json", "--clock", "business"]).json();
    assert_eq!(work["ranked_by"], "business");
    // from Friday 15:30 to Monday 11:30: 1.5 h and 2.5 h
    let friday = of_case(&work, "4");
    assert_eq!(friday["age_business_ms"], 4 * 3_600_000);
    assert_eq!(friday["rank"]["share"], 1.0);
    let monday = of_case(&work, "5");
    assert_eq!(monday["age_business_ms"], 5 * 1_800_000);
    // equal to the last finished visit, longer than two of four
    assert_eq!(monday["rank"]["share"], 0.625);
    assert_eq!(work["states"][0]["oldest_business_ms"], 4 * 3_600_000);
    let sentence = friday["sentence"].as_str().unwrap();
    assert!(sentence.contains("for 4.0 bh"), "{sentence}");
    let wall = found(&["--format", "json", "--clock", "both"]).json();
    assert_eq!(wall["ranked_by"], "wall");
    // 2.5 h among visits of 1, 3, 3.5 and 18 hours
    assert_eq!(of_case(&wall, "5")["rank"]["share"], 0.25);
    assert_eq!(of_case(&wall, "5")["age_business_ms"], 5 * 1_800_000);
    let shown = found(&["--clock", "business"]).out;
    assert!(shown.contains("There for work") && !shown.contains(" d  "), "{shown}");
    assert!(!found(&["--clock", "wall"]).out.contains("bh"));
    let daily = found(&["--daily", "--since", "2024-03-04", "--format", "json"]).json();
    assert_eq!(daily["completed"][0]["duration_business_ms"], 5 * 1_800_000);
    assert_eq!(daily["acts_next"][0]["oldest_business_ms"], 4 * 3_600_000);
    aging(folder.path(), &["log.csv", "--clock", "business"])
        .refused(2, &["`--clock business` needs a working calendar", "mon_fri"]);
}

#[test]
fn a_calendar_without_nights_changes_nothing() {
    const ALWAYS: &str = "[calendar.always]\ntimezone = \"UTC\"\nalways = true\n";
    let folder = folder_with(&[("desk.csv", desk().as_bytes()), ("always.toml", ALWAYS.as_bytes())]);
    for report in [&["aging", "desk.csv"][..], &["aging", "desk.csv", "--daily"], &["case", "desk.csv", "INC0010003"]] {
        let found = |clock: &str| {
            let args = ["-c", "always.toml", "--as-of", AS_OF, "--format", "json", "--clock", clock];
            let mut found = wcaf(folder.path(), &[report, &args].concat()).ok().json();
            found.as_object_mut().unwrap().remove("ranked_by");
            found
        };
        let (mut wall, mut work) = (found("wall"), found("business"));
        assert_eq!(compare_clocks(&wall), compare_clocks(&work), "{report:?}");
        for found in [&mut wall, &mut work] {
            forget_words(found);
        }
        assert_eq!(wall, work, "{report:?}");
    }
}

/// Asserts that every duration is the same on both clocks, and counts those compared.
fn compare_clocks(found: &Value) -> usize {
    let Value::Object(fields) = found else {
        return found.as_array().map_or(0, |list| list.iter().map(compare_clocks).sum());
    };
    let own = fields.iter().filter_map(|(name, work)| {
        let wall = if name == "in_hours_ms" { "duration_ms".to_owned() } else { name.replace("_business_ms", "_ms") };
        (wall != *name).then(|| assert_eq!(fields[&wall], *work, "{name} of {found}"))
    });
    own.count() + fields.values().map(compare_clocks).sum::<usize>()
}

/// Sentences tell durations in other units, and the share that lasts longer is of the wall clock.
fn forget_words(found: &mut Value) {
    match found {
        Value::Object(fields) => {
            fields.remove("sentence");
            fields.values_mut().for_each(forget_words);
        }
        Value::Array(list) => list.iter_mut().for_each(forget_words),
        _ => {}
    }
}
