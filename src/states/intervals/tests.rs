use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;
use crate::log::MARK_COMMENT;
use crate::states::touches::Finder;
use crate::states::understand::{Told, understand};
use crate::states::{Change, Reader, Semantics};

/// One row: activity, enabled, start, end; an empty activity is missing, as is a `None`.
type Row<'a> = (&'a str, Option<i64>, Option<i64>, i64);

/// A start/end log; rows of a case are sorted by end.
fn log_of(cases: &[Vec<Row>]) -> EventLog {
    let texts = cases.iter().flatten().filter(|row| !row.0.is_empty()).map(|row| row.0.into()).collect();
    let dictionary = Dictionary::from_texts(texts);
    let mut log = EventLog { case_starts: vec![0], ..EventLog::default() };
    let (mut codes, mut starts, mut enabled) = (Vec::new(), Vec::new(), Vec::new());
    for (number, case) in cases.iter().enumerate() {
        let mut case = case.clone();
        case.sort_by_key(|row| row.3);
        log.case_ids.push(&format!("case {number}"));
        for (activity, enabled_ms, start_ms, end_ms) in case {
            codes.push(dictionary.code(activity).unwrap_or(NONE));
            enabled.push(enabled_ms.unwrap_or(NO_TIME));
            starts.push(start_ms.unwrap_or(NO_TIME));
            log.time_ms.push(end_ms);
        }
        log.case_starts.push(u32::try_from(codes.len()).unwrap());
    }
    log.activity = Some(column_of(&codes, dictionary));
    log.start_ms = Some(starts);
    log.enabled_ms = enabled.iter().any(|&ms| ms != NO_TIME).then_some(enabled);
    log
}

fn column_of(codes: &[u32], dictionary: Dictionary) -> Column {
    let order: Vec<u32> = (0..u32::try_from(codes.len()).unwrap()).collect();
    Column { codes: Codes::gather(codes, &order, u32::MAX), dictionary }
}

/// Expands; cases may be finished after the activities named.
fn expanded(cases: &[Vec<Row>], ends: &[&str]) -> Expanded {
    let log = log_of(cases);
    let ends_case = ends_of(&log, ends);
    expand(log, &ends_case, 1)
}

fn ends_of(log: &EventLog, ends: &[&str]) -> Vec<bool> {
    let mut ends_case = vec![false];
    ends_case.extend(log.activity.as_ref().unwrap().dictionary.iter().map(|(_, text)| ends.contains(&text)));
    ends_case
}

fn name(column: &Column, i: usize) -> &str {
    column.dictionary.text(column.codes.get(i)).unwrap_or("")
}

/// Time, state and activity of the events of a case.
fn events(log: &EventLog, case: usize) -> Vec<(i64, &str, &str)> {
    let (state, activity) = (log.state.as_ref().unwrap(), log.activity.as_ref().unwrap());
    log.range(case).map(|i| (log.time_ms[i], name(state, i), name(activity, i))).collect()
}

/// Time per state of a case, as a sweep over neighbouring events has it; states without any left out.
fn swept(log: &EventLog, case: usize) -> BTreeMap<String, i64> {
    let mut sums = BTreeMap::new();
    for pair in events(log, case).windows(2) {
        assert!(pair[0].0 <= pair[1].0);
        if pair[0].0 < pair[1].0 {
            *sums.entry(pair[0].1.to_owned()).or_insert(0) += pair[1].0 - pair[0].0;
        }
    }
    sums
}

fn own<'a>(expanded: &'a Expanded, state: &str) -> Option<(&'a [i64], u64)> {
    let code = expanded.log.state.as_ref().unwrap().dictionary.code(state)?;
    let own = &expanded.own[code as usize];
    assert_eq!(own.state, code);
    Some((&own.durations_ms, own.cases))
}

#[test]
fn a_chain_is_queued_and_active_in_turn() {
    let found = expanded(&[vec![("A", None, Some(0), 10), ("B", None, Some(15), 20)]], &["B"]);
    let expected = [(0, "A", "A"), (10, "B (queued)", "A"), (15, "B", "B"), (20, "(finished)", "B")];
    assert_eq!(events(&found.log, 0), expected);
    assert_eq!(own(&found, "A"), Some(([10].as_slice(), 1)));
    assert_eq!(own(&found, "B (queued)"), Some(([5].as_slice(), 1)));
    assert_eq!(own(&found, "B"), Some(([5].as_slice(), 1)));
    assert_eq!(own(&found, "A (queued)"), None);
    assert_eq!((found.faults, found.own.len()), (Faults::default(), found.log.state.unwrap().dictionary.size()));
}

#[test]
fn mapped_enabled_instants_open_queues_and_leave_gaps() {
    let found = expanded(&[vec![("A", Some(-3), Some(0), 10), ("B", Some(12), Some(15), 20)]], &[]);
    let expected = [
        (-3, "A (queued)", ""),
        (0, "A", "A"),
        (10, "(between activities)", "A"),
        (12, "B (queued)", ""),
        (15, "B", "B"),
        (20, "(between activities)", "B"),
    ];
    assert_eq!(events(&found.log, 0), expected);
}

#[test]
fn instantaneous_rows_have_a_visit_and_touching_ones_leave_none_between() {
    let rows =
        vec![("Start", None, None, 0), ("A", None, Some(0), 5), ("B", None, Some(5), 9), ("End", None, Some(9), 9)];
    let found = expanded(&[rows], &["End"]);
    let expected = [
        (0, "Start", "Start"),
        (0, "A", "A"),
        (0, "A", "Start"),
        (5, "B", "B"),
        (5, "B", "A"),
        (9, "End", "End"),
        (9, "(finished)", "B"),
        (9, "(finished)", "End"),
    ];
    assert_eq!(events(&found.log, 0), expected);
    assert_eq!(found.faults, Faults { no_start: 1, ..Faults::default() });
    // nothing waits, yet each activity but the first was enabled
    for queue in ["A (queued)", "B (queued)", "End (queued)"] {
        assert_eq!(own(&found, queue), Some(([0].as_slice(), 1)), "{queue}");
    }
    assert_eq!(own(&found, "Start (queued)"), None);
    assert!(found.log.state.unwrap().dictionary.iter().all(|(_, name)| name != BETWEEN));
}

#[test]
fn the_instance_that_started_first_hides_the_others() {
    let rows = vec![("A", None, Some(0), 10), ("M", None, Some(7), 7), ("B", None, Some(5), 20)];
    let found = expanded(&[rows], &["B"]);
    let expected =
        [(0, "A", "A"), (5, "A", "B"), (7, "A", "M"), (7, "A", "M"), (10, "B", "A"), (20, "(finished)", "B")];
    assert_eq!(events(&found.log, 0), expected);
    assert_eq!(own(&found, "B"), Some(([15].as_slice(), 1)));
    assert_eq!(own(&found, "M"), Some(([0].as_slice(), 1)));
}

#[test]
fn of_those_enabled_together_the_one_that_starts_first_is_queued() {
    let rows = vec![("A", None, Some(0), 10), ("B", None, Some(18), 19), ("C", None, Some(15), 30)];
    let found = expanded(&[rows], &[]);
    let expected = BTreeMap::from([("A".into(), 10), ("C (queued)".into(), 5), ("C".into(), 15)]);
    assert_eq!(swept(&found.log, 0), expected);
    assert_eq!(own(&found, "B (queued)"), Some(([8].as_slice(), 1)));
}

#[test]
fn broken_rows_are_counted_and_start_at_their_end() {
    let rows = vec![("A", Some(4), Some(0), 3), ("B", None, Some(9), 5), ("", None, None, 8)];
    let found = expanded(&[rows], &[]);
    assert_eq!(found.faults, Faults { end_before_start: 1, no_start: 1, enabled_after_start: 1 });
    let expected =
        BTreeMap::from([("A".into(), 3), ("B (queued)".into(), 2), ("(unnamed activity) (queued)".into(), 3)]);
    assert_eq!(swept(&found.log, 0), expected);
    assert_eq!(own(&found, UNNAMED), Some(([0].as_slice(), 1)));
}

#[test]
fn columns_follow_their_rows() {
    let mut log = log_of(&[vec![("A", Some(-1), Some(0), 4), ("B", Some(6), Some(8), 9)]]);
    let texts = |texts: [&str; 2]| Dictionary::from_texts(texts.map(Box::from).into());
    log.group = Some(column_of(&[1, 2], texts(["g", "h"])));
    log.actor = Some(column_of(&[2, 1], texts(["x", "y"])));
    log.attributes = vec![Attribute {
        name: "priority".into(),
        role: crate::log::AttributeRole::Priority,
        column: column_of(&[1, 2], texts(["1", "2"])),
    }];
    log.visible = Some(vec![70, 80]);
    log.marks = Some(vec![MARK_COMMENT, 0]);
    let log = expand(log, &[false; 3], 1).log;
    let codes = |column: &Column| (0..log.events()).map(|i| column.codes.get(i)).collect::<Vec<_>>();
    assert_eq!(log.time_ms, [-1, 0, 4, 6, 8, 9]);
    assert_eq!(codes(log.group.as_ref().unwrap()), [0, 1, 0, 0, 2, 0]);
    assert_eq!(codes(log.actor.as_ref().unwrap()), [0, 2, 0, 0, 1, 0]);
    assert_eq!(log.until_ms.as_deref(), Some([NO_TIME, 4, NO_TIME, NO_TIME, 9, NO_TIME].as_slice()));
    assert_eq!(codes(log.activity.as_ref().unwrap()), [0, 1, 1, 0, 2, 2]);
    assert_eq!(codes(&log.attributes[0].column), [1, 1, 1, 1, 2, 2]);
    assert_eq!(log.visible.as_deref(), Some([70, 70, 70, 70, 80, 80].as_slice()));
    assert_eq!(log.marks.as_deref(), Some([0, 0, MARK_COMMENT, 0, 0, 0].as_slice()));
    assert!(log.start_ms.is_none() && log.enabled_ms.is_none());
}

#[test]
fn each_activity_waits_for_what_came_before_whether_or_not_a_column_says_so() {
    let cases = |enabled: bool| {
        let at = |ms: i64| enabled.then_some(ms);
        let chain = |start: i64| vec![("A", at(0), Some(0), 10), ("B", at(10), Some(start), 20)];
        [chain(10), chain(16)]
    };
    for enabled in [false, true] {
        let found = expanded(&cases(enabled), &[]);
        assert_eq!(own(&found, "B (queued)"), Some(([0, 6].as_slice(), 2)));
        // only a column can tell what the first activity waited
        assert_eq!(own(&found, "A (queued)"), enabled.then_some(([0, 0].as_slice(), 2)));
    }
}

/// An activity from a start to an end by somebody: activity, start, end, owner and actor.
type Done<'a> = (&'a str, i64, i64, &'a str);

/// Expands one case whose activities were carried out by people, who own it meanwhile.
fn carried_out(activities: &[Done]) -> EventLog {
    let mut activities = activities.to_vec();
    activities.sort_by_key(|done| done.2);
    let rows = activities.iter().map(|&(activity, start, end, _)| (activity, None, Some(start), end)).collect();
    let mut log = log_of(&[rows]);
    let people = Dictionary::from_texts(activities.iter().map(|done| done.3.into()).collect());
    let codes: Vec<u32> = activities.iter().map(|done| people.code(done.3).unwrap()).collect();
    log.assignee = Some(column_of(&codes, people.clone()));
    log.actor = Some(column_of(&codes, people.clone()));
    log.group = Some(column_of(&codes, people));
    let ends_case = vec![true; log.activity.as_ref().unwrap().dictionary.size()];
    expand(log, &ends_case, 1).log
}

/// What a log that was made from starts and ends means; touches a second apart are one.
fn meaning(log: &EventLog) -> Semantics {
    let told =
        Told { from_intervals: true, touch_window_ms: 1_000, as_of_ms: log.span_ms().unwrap().1, ..Told::default() };
    understand(log, &told, 1)
}

/// Stretches of one state and owner: their state, owner and duration, those of no duration included.
fn stays(log: &EventLog) -> Vec<(&str, &str, i64)> {
    let semantics = meaning(log);
    let mut reader = Reader::new(log, &semantics, false);
    let case = reader.load(0);
    let cut = Change::STATE.or(Change::OWNER);
    let mut cuts: Vec<usize> = (1..case.len()).filter(|&i| case.changes[i].any(cut)).collect();
    cuts.insert(0, 0);
    let states = &log.state.as_ref().unwrap().dictionary;
    let owners = &log.assignee.as_ref().unwrap().dictionary;
    let stay = |from: usize, to: usize| {
        let names = [states.text(case.state[from]), owners.text(case.person[from])].map(Option::unwrap);
        (names[0], names[1], case.time_ms[to] - case.time_ms[from])
    };
    cuts.windows(2).map(|pair| stay(pair[0], pair[1])).collect()
}

/// Who touched a case, in order.
fn touches(log: &EventLog) -> Vec<&str> {
    let semantics = meaning(log);
    let (mut reader, mut finder) = (Reader::new(log, &semantics, false), Finder::new(&semantics));
    let found = finder.find(&reader.load(0), &semantics);
    let actors = &log.actor.as_ref().unwrap().dictionary;
    found.iter().map(|touch| actors.text(touch.actor).unwrap()).collect()
}

#[test]
fn state_and_owner_change_together_where_one_activity_ends_as_the_next_starts() {
    let log = carried_out(&[("A", 0, 10, "Ann"), ("B", 10, 20, "Bo")]);
    assert_eq!(stays(&log), [("A", "Ann", 10), ("B", "Bo", 10)]);
    let brief = carried_out(&[("A", 0, 10, "Ann"), ("M", 10, 10, "Mo"), ("B", 10, 20, "Bo")]);
    assert_eq!(stays(&brief), [("A", "Ann", 10), ("M", "Mo", 0), ("B", "Bo", 10)]);
    let together = carried_out(&[("A", 0, 10, "Ann"), ("B", 10, 20, "Bo"), ("C", 10, 25, "Cem")]);
    assert_eq!(stays(&together), [("A", "Ann", 10), ("B", "Bo", 10), ("C", "Cem", 5)]);
}

#[test]
fn the_owner_is_that_of_the_activity_the_case_is_in() {
    let log = carried_out(&[("A", 0, 10, "Ann"), ("B", 5, 15, "Bo"), ("M", 7, 7, "Mo"), ("C", 18, 20, "Ann")]);
    assert_eq!(stays(&log), [("A", "Ann", 10), ("B", "Bo", 5), ("C (queued)", "Bo", 3), ("C", "Ann", 2)]);
    // whoever was at work already picks the case up at once
    let semantics = meaning(&log);
    let mut reader = Reader::new(&log, &semantics, false);
    let case = reader.load(0);
    let handed_over = (0..case.len()).find(|&i| case.time_ms[i] == 10).unwrap();
    assert_eq!((case.actor[handed_over], case.person[handed_over]), (2, 2));
}

#[test]
fn one_activity_by_one_person_is_one_touch() {
    assert_eq!(touches(&carried_out(&[("A", 0, 10_000, "Ann"), ("B", 10_000, 20_000, "Bo")])), ["Ann", "Bo"]);
    assert_eq!(touches(&carried_out(&[("A", 0, 10_000, "Ann"), ("B", 5_000, 15_000, "Bo")])), ["Ann", "Bo"]);
    // the window runs from the end
    assert_eq!(touches(&carried_out(&[("A", 0, 10_000, "Ann"), ("B", 11_000, 20_000, "Ann")])), ["Ann"]);
    assert_eq!(touches(&carried_out(&[("A", 0, 10_000, "Ann"), ("B", 11_001, 20_000, "Ann")])), ["Ann", "Ann"]);
    assert_eq!(touches(&carried_out(&[("A", 0, 10_000, "Ann"), ("B", 5_000, 6_000, "Ann")])), ["Ann"]);
}

#[test]
fn names_are_told_apart() {
    assert!(is_synthetic(FINISHED) && is_synthetic(BETWEEN) && is_synthetic(UNNAMED));
    assert!(!is_synthetic("Finished") && !is_synthetic(&queued_name("A")));
    assert_eq!(queued_activity(&queued_name("A")), Some("A"));
    assert_eq!(queued_activity("A"), None);
}

#[test]
fn an_empty_log_stays_empty() {
    let found = expand(EventLog { case_starts: vec![0], ..EventLog::default() }, &[false], 2);
    assert_eq!((found.log.cases(), found.log.events(), found.log.case_starts), (0, 0, vec![0]));
}

/// Time per state of a case by looking at every millisecond, sharing nothing with the product.
fn stepped(rows: &[Row]) -> BTreeMap<String, i64> {
    let mut rows: Vec<Row> = rows.to_vec();
    rows.sort_by_key(|row| row.3);
    let starts: Vec<i64> = rows.iter().map(|row| row.2.filter(|&start| start <= row.3).unwrap_or(row.3)).collect();
    let mut enabled = Vec::new();
    for (i, row) in rows.iter().enumerate() {
        let mapped = row.1.filter(|&enabled| enabled <= starts[i]);
        let others = (0..rows.len()).filter(|&j| j != i && rows[j].3 <= starts[i]);
        let earlier = others.filter(|&j| j < i || rows[j].3 < starts[i] || starts[j] < rows[j].3);
        enabled.push(mapped.or(earlier.map(|j| rows[j].3).max()).unwrap_or(starts[i]));
    }
    let mut sums = BTreeMap::new();
    for t in *enabled.iter().min().unwrap()..rows.iter().map(|row| row.3).max().unwrap() {
        let active = (0..rows.len()).filter(|&i| starts[i] <= t && t < rows[i].3).min_by_key(|&i| (starts[i], i));
        let queued =
            (0..rows.len()).filter(|&i| enabled[i] <= t && t < starts[i]).min_by_key(|&i| (enabled[i], starts[i], i));
        let state = match (active, queued) {
            (Some(i), _) => rows[i].0.to_owned(),
            (None, Some(i)) => format!("{} (queued)", rows[i].0),
            (None, None) => "(between activities)".to_owned(),
        };
        *sums.entry(state).or_insert(0) += 1;
    }
    sums
}

fn rows() -> impl Strategy<Value = Vec<Row<'static>>> {
    let activity = prop::sample::select(vec!["A", "B", "C", "D"]);
    let row = (activity, prop::option::of(0i64..40), prop::option::weighted(0.9, 0i64..40), 0i64..40);
    prop::collection::vec(row, 1..9)
}

proptest! {
    #[test]
    fn the_sweep_sees_the_union(cases in prop::collection::vec(rows(), 1..6), mapped: bool) {
        let mut cases = cases;
        if !mapped {
            cases.iter_mut().flatten().for_each(|row| row.1 = None);
        }
        let found = expanded(&cases, &["A", "B"]);
        prop_assert_eq!(found.log.cases(), cases.len());
        for (number, rows) in cases.iter().enumerate() {
            prop_assert_eq!(swept(&found.log, number), stepped(rows));
            let events = events(&found.log, number);
            let ends = events.iter().filter(|event| !event.2.is_empty()).count();
            prop_assert_eq!(ends, rows.len() * 2);
            let last = events[events.len() - 1];
            prop_assert_eq!(last.1, if ["A", "B"].contains(&last.2) { FINISHED } else { BETWEEN });
            let mut entered = events[0].0;
            for pair in events.windows(2).filter(|pair| pair[0].1 != pair[1].1) {
                let nothing = pair[0].1 == BETWEEN || pair[0].1.ends_with(QUEUED_SUFFIX);
                prop_assert!(!nothing || entered < pair[1].0);
                entered = pair[1].0;
            }
            let needless = events.windows(2).filter(|pair| pair[1].2.is_empty() && pair[0].1 == pair[1].1).count();
            prop_assert_eq!(needless, 0);
        }
    }

    #[test]
    fn chains_give_their_queued_and_active_times_exactly(steps in prop::collection::vec((0usize..3, 0i64..50, 0i64..50), 1..12)) {
        let names = ["A", "B", "C"];
        let (mut now, mut rows, mut expected) = (0, Vec::new(), BTreeMap::new());
        for (i, &(activity, queued, active)) in steps.iter().enumerate() {
            let start = now + if i == 0 { 0 } else { queued };
            now = start + active;
            rows.push((names[activity], None, Some(start), now));
            if i > 0 && queued > 0 {
                *expected.entry(format!("{} (queued)", names[activity])).or_insert(0) += queued;
            }
            if active > 0 {
                *expected.entry(names[activity].to_owned()).or_insert(0) += active;
            }
        }
        let found = expanded(&[rows], &[]);
        prop_assert_eq!(&swept(&found.log, 0), &expected);
        let state = found.log.state.as_ref().unwrap();
        for own in &found.own {
            let sum: i64 = own.durations_ms.iter().sum();
            let name = state.dictionary.text(own.state).unwrap_or("");
            prop_assert_eq!(sum, expected.get(name).copied().unwrap_or(0));
        }
    }
}

#[test]
fn threads_change_nothing() {
    let case =
        |n: i64| vec![("A", Some(n), Some(n + 5), n + 9), ("B", None, Some(n + 7), n + 30), ("C", None, None, n + 40)];
    let cases: Vec<Vec<Row>> = (0..60_000).map(case).collect();
    let log = log_of(&cases);
    let ends_case = ends_of(&log, &["C"]);
    let one = expand(log.clone(), &ends_case, 1);
    let two = expand(log, &ends_case, 2);
    assert!(one.log.case_runs(JOB_EVENTS).len() > 2);
    assert_eq!(one.own, two.own);
    assert_eq!((&one.log.time_ms, &one.log.case_starts), (&two.log.time_ms, &two.log.case_starts));
    assert_eq!(format!("{:?}", one.log.state), format!("{:?}", two.log.state));
}

/// Columns of a real log: path, case, activity, start, end, enabled.
type Real = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

/// Reads a real log below `WCAF_LOGS`; nothing, with a printed line, without it.
fn read_real((path, case, activity, start, end, enabled): Real) -> Option<EventLog> {
    let Ok(root) = std::env::var("WCAF_LOGS") else {
        println!("skipped {path}: WCAF_LOGS is not set");
        return None;
    };
    let file = std::fs::File::open(std::path::Path::new(&root).join(path)).unwrap();
    let zipped = std::path::Path::new(path).extension().is_some_and(|extension| extension == "gz");
    let bytes: Box<dyn std::io::Read> =
        if zipped { Box::new(flate2::read::MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut reader = csv::Reader::from_reader(bytes);
    let headers = reader.headers().unwrap().clone();
    let at = |name: &str| headers.iter().position(|header| header == name);
    let ms = |text: &str| {
        let zoned = if text.contains('+') { text.replace(' ', "T") } else { format!("{text}Z") };
        chrono::DateTime::parse_from_rfc3339(&zoned).unwrap().timestamp_millis()
    };
    let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    let mut cases: BTreeMap<&str, Vec<Row>> = BTreeMap::new();
    for record in &records {
        let time = |name: &str| at(name).map(|i| &record[i]).filter(|text| !text.is_empty()).map(ms);
        let row = (&record[at(activity).unwrap()], time(enabled), time(start), time(end).unwrap());
        cases.entry(&record[at(case).unwrap()]).or_default().push(row);
    }
    Some(log_of(&cases.into_values().collect::<Vec<_>>()))
}

#[test]
fn real_logs_conserve_their_time() {
    let real: [(Real, (usize, usize)); 3] = [
        (
            (
                "start-end/LoanApp_simplified_train.csv.gz",
                "case_id",
                "activity",
                "start_time",
                "end_time",
                "enabled_time",
            ),
            (7_544, 1_000),
        ),
        (("start-end/Insurance_Claims_train.csv", "case_id", "activity", "start_time", "end_time", ""), (5_443, 1_000)),
        (
            (
                "start-end/ConsultaDataMining201618.csv.gz",
                "case:concept:name",
                "concept:name",
                "start_timestamp",
                "time:timestamp",
                "",
            ),
            (6_870, 954),
        ),
    ];
    for (real, (rows, cases)) in real {
        let Some(log) = read_real(real) else { return };
        assert_eq!((log.events(), log.cases()), (rows, cases), "{}", real.0);
        let (starts, ends) = (log.start_ms.clone().unwrap(), log.time_ms.clone());
        let active: i64 = ends.iter().zip(&starts).map(|(end, start)| end - start).sum();
        let ends_case = vec![true; log.activity.as_ref().unwrap().dictionary.size()];
        let found = expand(log, &ends_case, 2);
        let state = found.log.state.as_ref().unwrap();
        let is_active = |name: &str| !is_synthetic(name) && queued_activity(name).is_none();
        let own_active: i64 = own_where(&found, is_active);
        assert_eq!((own_active, found.faults), (active, Faults::default()), "{}", real.0);
        let mut sums: BTreeMap<String, i64> = BTreeMap::new();
        let mut span = 0;
        for case in 0..found.log.cases() {
            for (state, ms) in swept(&found.log, case) {
                *sums.entry(state).or_insert(0) += ms;
            }
            let range = found.log.range(case);
            span += found.log.time_ms[range.end - 1] - found.log.time_ms[range.start];
            assert_eq!(name(state, range.end - 1), FINISHED);
        }
        assert_eq!(sums.values().sum::<i64>(), span, "{}", real.0);
        let union: i64 = sums.iter().filter(|(name, _)| is_active(name)).map(|(_, ms)| ms).sum();
        assert!(union <= active, "{}", real.0);
        println!("{}: {rows} rows -> {} events, {cases} cases, {span} ms", real.0, found.log.events());
        println!(
            "  active: own {active}, union {union}; queued: own {}, ledger {}",
            own_where(&found, |name| queued_activity(name).is_some()),
            span - union - sums.get(BETWEEN).unwrap_or(&0)
        );
        println!("  between {}", sums.get(BETWEEN).unwrap_or(&0));
    }
}

/// Sum of own durations over states.
fn own_where(found: &Expanded, of: impl Fn(&str) -> bool) -> i64 {
    let dictionary = &found.log.state.as_ref().unwrap().dictionary;
    let chosen = found.own.iter().filter(|own| dictionary.text(own.state).is_some_and(&of));
    chosen.flat_map(|own| &own.durations_ms).sum()
}
