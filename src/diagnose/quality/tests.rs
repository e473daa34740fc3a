//! Worked examples of each count.

use super::*;
use crate::log::{Attribute, AttributeRole, CaseIds, Dictionary};
use crate::metrics::window::{by_week, dense_window};

/// (case, ms, state, actor, counter); cases are numbered from 0 without gaps, rows in the order of a log.
type Row = (usize, i64, &'static str, &'static str, &'static str);

fn column(texts: &[&str]) -> Column {
    let dictionary =
        Dictionary::from_texts(texts.iter().filter(|text| !text.is_empty()).map(|text| (*text).into()).collect());
    let codes = texts.iter().map(|text| dictionary.code(text).unwrap_or(NONE)).collect();
    Column { codes: Codes::Wide(codes), dictionary }
}

fn log(rows: &[Row]) -> EventLog {
    let mut log = EventLog { case_starts: vec![0], ..EventLog::default() };
    let mut ids = CaseIds::default();
    for (at, row) in rows.iter().enumerate() {
        if at > 0 && rows[at - 1].0 != row.0 {
            log.case_starts.push(u32::try_from(at).unwrap());
        }
        if log.case_starts.len() > ids.len() {
            ids.push(&row.0.to_string());
        }
        log.time_ms.push(row.1);
    }
    log.case_starts.push(u32::try_from(rows.len()).unwrap());
    log.case_ids = ids;
    let texts = |text: fn(&Row) -> &'static str| rows.iter().map(text).collect::<Vec<_>>();
    log.state = Some(column(&texts(|row| row.2)));
    log.actor = Some(column(&texts(|row| row.3)));
    let counter =
        Attribute { name: "rev".to_owned(), role: AttributeRole::Segment, column: column(&texts(|row| row.4)) };
    log.attributes.push(counter);
    log
}

fn seen(log: &EventLog) -> Quality {
    observe(log, &Asked { counter: Some("rev"), offset_ms_at: &|_| 0, threads: 2 })
}

#[test]
fn repeats_are_exact_or_near() {
    let found = seen(&log(&[
        (0, 1_000, "New", "a", "1"),
        (0, 1_000, "Work", "a", "2"),
        (0, 1_000, "New", "a", "1"),
        (0, 1_000, "New", "a", "3"),
        (1, 5_000, "New", "a", "1"),
        (1, 6_000, "New", "a", "2"),
        (1, 7_001, "New", "a", "3"),
        (1, 7_500, "New", "b", "4"),
    ]));
    assert_eq!((found.duplicates.count, found.duplicates.cases), (1, 1));
    assert_eq!(found.duplicates.examples, [(0, 1_000)]);
    // New 1 → New 3 at once, and New 1 → New 2 a second later
    assert_eq!((found.near_duplicates.count, found.near_duplicates.cases), (2, 2));
    assert_eq!(found.near_duplicates.examples, [(0, 1_000), (1, 6_000)]);
}

#[test]
fn a_repeat_is_exact_or_near_but_not_both() {
    let found = seen(&log(&[(0, 1_000, "New", "a", "1"), (0, 1_000, "New", "a", "2"), (0, 1_000, "New", "a", "1")]));
    assert_eq!((found.duplicates.count, found.near_duplicates.count), (1, 1));
}

#[test]
fn counters_tell_order_and_gaps() {
    let found = seen(&log(&[
        (0, 1, "New", "a", "0"),
        (0, 2, "New", "a", "1"),
        (0, 2, "Work", "a", "4"),
        (0, 3, "Done", "a", "3"),
        (1, 1, "New", "a", "2"),
        (1, 1, "Work", "a", "1"),
        (2, 1, "New", "a", "0"),
        (2, 2, "New", "a", ""),
    ]));
    let revisions = found.revisions.unwrap();
    assert_eq!((revisions.known, revisions.unknown), (7, 1));
    assert_eq!((revisions.steps, revisions.ties), (2, 2));
    assert_eq!((revisions.steps_against.count, revisions.ties_against.count), (1, 1));
    // 0 1 3 4 of 0 to 4, 1 2 of 1 to 2 with 0 before, 0 alone
    assert_eq!((revisions.present, revisions.spanned), (7, 8));
    assert_eq!((revisions.usual_first(), revisions.missing_before(), revisions.expected()), (Some(0), 1, 9));
    assert_eq!((revisions.gaps.count, revisions.gaps.examples.as_slice()), (1, &[(0, 1)][..]));
}

#[test]
fn bulk_updates_move_many_cases_in_a_minute() {
    let mut rows: Vec<Row> = Vec::new();
    for case in 0..12 {
        rows.push((case, 0, "New", "a", "0"));
        rows.push((case, 600_000 + i64::try_from(case).unwrap(), "Closed", "a", "1"));
    }
    let bulk = seen(&log(&rows)).bulk.unwrap();
    assert_eq!((bulk.moves, bulk.all_moves, bulk.minutes, bulk.largest), (12, 12, 1, 12));
    assert_eq!(bulk.examples, [(12, 600_000, 0)]);
    let few = seen(&log(&rows[..18])).bulk.unwrap();
    assert_eq!((few.moves, few.all_moves, few.minutes), (0, 9, 0));
}

#[test]
fn an_event_without_a_state_moves_nothing() {
    let mut rows: Vec<Row> = Vec::new();
    for case in 0..12 {
        rows.push((case, 0, "New", "a", "0"));
        rows.push((case, 600_000, "", "a", "1"));
        rows.push((case, 600_001, "New", "a", "2"));
    }
    let bulk = seen(&log(&rows)).bulk.unwrap();
    assert_eq!((bulk.moves, bulk.all_moves), (0, 0));
}

#[test]
fn midnights_are_those_of_the_zone() {
    let rows = [(0, 0, "New", "a", "0"), (0, 82_800_000, "Work", "a", "1")];
    let log = log(&rows);
    assert_eq!(seen(&log).midnights, 1);
    let east = observe(&log, &Asked { counter: None, offset_ms_at: &|_| 3_600_000, threads: 1 });
    assert_eq!(east.midnights, 1, "23:00 of UTC is midnight one hour east");
    assert!(east.revisions.is_none());
}

#[test]
fn outliers_are_early_far_or_alone() {
    let day = |days: i64| days * MS_PER_DAY;
    let mut rows: Vec<Row> =
        (0..200).map(|case| (case, day(16_000 + i64::try_from(case).unwrap() / 4), "New", "a", "0")).collect();
    rows.extend([(200, 0, "New", "a", "0"), (201, day(19_000), "New", "a", "0"), (202, day(16_110), "New", "a", "0")]);
    rows.push((203, day(16_090), "New", "a", "0"));
    let log = log(&rows);
    let window = dense_window(&by_week(log.time_ms.iter().copied()));
    let found = outliers(&log, &seen(&log).days, window.as_ref(), 2);
    assert_eq!((found.early.examples.as_slice(), found.early.count), (&[(200, 0)][..], 1));
    assert_eq!((found.far.examples.as_slice(), found.far.count), (&[(201, day(19_000))][..], 1));
    assert_eq!(found.alone.count, 0, "16,090 is 35 days behind the dense weeks and 16,110 another 20");
    let sparse = outliers(&log, &BTreeMap::from([(16_000, 3), (16_300, 40), (16_600, 50)]), window.as_ref(), 1);
    assert_eq!(sparse.alone.count, 0, "most of a log does not lie apart from it");
    let few = outliers(&log, &BTreeMap::from([(16_000, 200)]), None, 1);
    assert_eq!(few, Outliers::default());
}

#[test]
fn names_that_differ_in_writing_only() {
    let states = column(&["On hold", "on-hold", "Open", "On Hold ", "open_", "Closed", "-"]);
    let names: Vec<Vec<&str>> =
        similar_names(&states).into_iter().map(|group| group.into_iter().map(|(name, _)| name).collect()).collect();
    assert_eq!(names, [vec!["On Hold ", "On hold", "on-hold"], vec!["Open", "open_"]]);
    let groups = column(&["Team 1.1", "Team 11", "C++", "C#", "C", "Level 2", "Level2"]);
    let names: Vec<Vec<(&str, u64)>> = similar_names(&groups);
    assert_eq!(names, [vec![("Level 2", 1), ("Level2", 1)]]);
}
