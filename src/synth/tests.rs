//! The worlds that come with the program, recounted from their bytes; and what recipes may not say.

#![allow(clippy::unwrap_used)] // a panic is how a test fails

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::{Office, civil, day_number, iso, parse_date, parse_instant};
use super::rng::{Purpose, Stream};
use super::{HEADER, Summary, World, write_csv};

/// The seed of the files in `sample-logs`.
const SEED: u64 = 7;

fn run(name: &str, seed: u64) -> (Vec<u8>, Summary) {
    let world = World::builtin(name).unwrap();
    let mut bytes = Vec::new();
    let summary = write_csv(&world, seed, &mut bytes).unwrap();
    (bytes, summary)
}

/// Splits one line; comments are the only quoted cells and hold no line breaks.
fn cells(line: &str) -> Vec<String> {
    let mut list = vec![String::new()];
    let mut quoted = false;
    for c in line.chars() {
        match c {
            '"' => quoted = !quoted,
            ',' if !quoted => list.push(String::new()),
            c => list.last_mut().unwrap().push(c),
        }
    }
    list
}

fn rows(bytes: &[u8]) -> Vec<Vec<String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    assert!(text.starts_with(HEADER) && text.ends_with('\n'));
    let rows: Vec<_> = text.lines().skip(1).map(cells).collect();
    assert!(rows.iter().all(|row| row.len() == 10));
    rows
}

fn by_case(rows: &[Vec<String>]) -> BTreeMap<&str, Vec<&Vec<String>>> {
    let mut cases: BTreeMap<&str, Vec<&Vec<String>>> = BTreeMap::new();
    for row in rows {
        cases.entry(&row[0]).or_default().push(row);
    }
    cases
}

/// FNV-1a, 64 bits.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}

#[test]
fn every_builtin_recipe_is_read() {
    for name in World::BUILTIN {
        let world = World::from_toml(World::builtin_recipe(name).unwrap());
        assert_eq!(world.unwrap().name(), *name);
    }
    assert!(World::builtin("nowhere").is_none());
}

#[test]
fn same_seed_same_bytes_everywhere() {
    let (bytes, summary) = run("service-desk", SEED);
    assert_eq!((bytes.clone(), summary), run("service-desk", SEED));
    assert_eq!(fingerprint(&bytes), SERVICE_DESK_FINGERPRINT);
    let (bytes, _) = run("procurement", SEED);
    assert!(bytes == include_bytes!("../../sample-logs/procurement.csv"));
}

/// Of the bytes for [`SEED`]; changes only with the recipe or the way worlds run, and then with the file.
const SERVICE_DESK_FINGERPRINT: u64 = 0x181a_0f92_9df7_3faa;

#[test]
fn different_seeds_differ() {
    for name in World::BUILTIN {
        assert_ne!(run(name, 1).0, run(name, 2).0);
    }
}

#[test]
fn a_thousand_cases_a_month_with_three_status_checks_each() {
    for seed in [SEED, 8, 9] {
        let (bytes, summary) = run("service-desk", seed);
        let rows = rows(&bytes);
        let mut months: BTreeMap<&str, u64> = BTreeMap::new();
        for row in rows.iter().filter(|row| row[2] == "created") {
            *months.entry(&row[1][..7]).or_default() += 1;
        }
        let expected = [("2025-01", 1_000), ("2025-02", 1_000), ("2025-03", 1_000)];
        assert_eq!(months, BTreeMap::from(expected));
        for (id, case) in by_case(&rows) {
            let checks: Vec<_> = case.iter().filter(|row| row[2] == "status check").collect();
            assert_eq!(checks.len(), 3, "{id}");
            assert!(checks.iter().all(|row| !row[9].is_empty()), "{id}");
        }
        assert_eq!(summary.truth.cases_by_status_chases, BTreeMap::from([(3, 3_000)]));
    }
}

#[test]
fn status_checks_stand_apart_and_before_the_first_end() {
    let (bytes, _) = run("service-desk", SEED);
    let rows = rows(&bytes);
    for (id, case) in by_case(&rows) {
        let times: Vec<i64> = case.iter().map(|row| parse_instant(&row[1]).unwrap()).collect();
        let ended = |state: &str| ["Resolved", "Closed", "Cancelled"].contains(&state);
        let end = case.iter().position(|row| ended(&row[3])).unwrap_or(case.len());
        for (at, row) in case.iter().enumerate().filter(|(_, row)| row[2] == "status check") {
            assert!(at > 0 && at < end, "{id}");
            assert!(times[at] - times[at - 1] >= 90, "{id} {}", row[1]);
            assert!(times.get(at + 1).is_none_or(|next| next - times[at] >= 90), "{id}");
            assert_eq!(case[at][3..6], case[at - 1][3..6], "{id}: a check changes nothing");
        }
    }
}

#[test]
fn rows_are_in_order_and_the_log_ends_on_time() {
    for (name, until) in [("service-desk", "2025-04-11T18:00:00Z"), ("procurement", "2025-05-16T17:00:00Z")] {
        let (bytes, summary) = run(name, SEED);
        let rows = rows(&bytes);
        assert!(rows.windows(2).all(|pair| pair[0][1] <= pair[1][1]), "{name}");
        assert!(rows.last().unwrap()[1].as_str() <= until, "{name}");
        let cases = by_case(&rows);
        for (id, case) in &cases {
            assert_eq!(case[0][2], "created", "{id}");
            assert!(case.windows(2).all(|pair| pair[0][1] < pair[1][1]), "{id}");
        }
        assert_eq!((summary.rows, summary.cases), (rows.len() as u64, cases.len() as u64));
    }
}

#[test]
fn the_truth_agrees_with_a_recount_of_the_bytes() {
    for name in World::BUILTIN {
        let (bytes, summary) = run(name, SEED);
        let (rows, truth) = (rows(&bytes), summary.truth);
        let last = parse_instant(&rows.last().unwrap()[1]).unwrap();
        let (mut handoffs, mut ping_pongs, mut open) = (0, 0, 0);
        let mut state_ms: BTreeMap<&str, i64> = BTreeMap::new();
        for case in by_case(&rows).values() {
            let mut groups: Vec<&str> = case.iter().map(|row| row[4].as_str()).collect();
            groups.dedup();
            handoffs += groups.len() as u64 - 1;
            ping_pongs += groups.windows(3).filter(|three| three[0] == three[2]).count() as u64;
            for (at, row) in case.iter().enumerate() {
                let next = case.get(at + 1).map_or(last, |next| parse_instant(&next[1]).unwrap());
                let lasted_s = next - parse_instant(&row[1]).unwrap();
                *state_ms.entry(row[3].as_str()).or_default() += lasted_s * 1_000;
            }
            let state = case.last().unwrap()[3].as_str();
            open += u64::from(!["Resolved", "Closed", "Cancelled", "Rejected"].contains(&state));
        }
        assert_eq!((truth.handoffs, truth.ping_pongs), (handoffs, ping_pongs), "{name}");
        assert_eq!((truth.open, truth.completed), (open, summary.cases - open), "{name}");
        for state in truth.states.iter().filter(|state| state.total_ms.is_some()) {
            assert_eq!(state.total_ms, state_ms.get(state.state.as_str()).copied());
        }
        let stays_ms: i64 = truth.stays.iter().map(|stay| stay.total_ms).sum();
        assert_eq!(stays_ms, truth.states.iter().filter_map(|state| state.total_ms).sum::<i64>());
        assert_eq!(truth.events.values().sum::<u64>(), summary.rows);
    }
}

#[test]
fn the_known_bottlenecks_are_there() {
    let desk = run("service-desk", SEED).1.truth;
    let most = desk.states.iter().max_by_key(|state| state.total_ms).unwrap();
    assert_eq!(most.state, "Pending Customer");
    assert!(desk.ping_pongs > 100 && desk.open > 20 && desk.reopens > 50);

    let purchases = run("procurement", SEED).1.truth;
    let long_share = |group: &str| {
        let approval = |stay: &&super::StayTruth| stay.state == "Pending Approval";
        let stay = purchases.stays.iter().filter(approval).find(|stay| stay.group == group);
        stay.map(|stay| 100 * stay.longer_than_48h / stay.stays).unwrap()
    };
    assert!(long_share("Finance Approvers") > 60);
    assert!(long_share("Line Managers") < 30 && long_share("IT Approvers") < 30);
    assert!(purchases.responses > 20 && purchases.response_saved_ms > 0);
}

#[test]
fn the_bot_works_in_bulk_and_people_in_office_hours() {
    let (bytes, summary) = run("service-desk", SEED);
    let rows = rows(&bytes);
    let (mut minutes, mut hours) = (BTreeMap::new(), BTreeSet::new());
    for row in rows.iter().filter(|row| row[2] != "created") {
        if row[6] == "svc-autoclose" {
            *minutes.entry(&row[1][..16]).or_insert(0_u64) += 1;
        } else {
            hours.insert(&row[1][11..13]);
        }
    }
    assert!(minutes.keys().all(|minute| ["00:00", "06:00", "12:00", "18:00"].contains(&&minute[11..])));
    assert!(minutes.values().any(|closed| *closed >= 20));
    assert_eq!(minutes.values().sum::<u64>(), summary.truth.bot_rows);
    assert!(hours.iter().all(|hour| ("08"..="18").contains(hour)), "{hours:?}");
}

#[test]
fn a_change_of_texts_leaves_everything_else_alone() {
    let recipe = World::builtin_recipe("procurement").unwrap();
    let other = World::from_toml(&recipe.replace("\"ok\"", "\"ok\", \"fine\"")).unwrap();
    let mut changed = Vec::new();
    write_csv(&other, SEED, &mut changed).unwrap();
    let (original, _) = run("procurement", SEED);
    assert_ne!(original, changed);
    let facts = |bytes: &[u8]| rows(bytes).iter().map(|row| row[..9].to_vec()).collect::<Vec<_>>();
    assert_eq!(facts(&original), facts(&changed));
}

#[test]
fn what_a_recipe_may_not_say() {
    let recipe = World::builtin_recipe("procurement").unwrap();
    for (from, to, says) in [
        ("per_month         = 280", "per_month = 0", "per_month 1 to"),
        ("digits            = 5", "digits = 5\ncolour = 3", "unknown field `colour`"),
        ("wcaf.recipe/1", "wcaf.recipe/9", "this program reads `wcaf.recipe/1`"),
        ("to     = \"Submitted\"", "to     = \"Submited\"", "no state is called `Submited`"),
        ("class = \"approval\"", "class = \"approvals\"", "class `approvals` is none of"),
        ("median = \"5bh\", p90 = \"18bh\"", "median = \"5bh\", p90 = \"18h\"", "same clock"),
        ("median = \"5bh\"", "median = \"5 hours\"", "`5 hours` is no duration"),
        ("2025-05-16T17:00:00Z", "2025-04-30T17:00:00Z", "at least a day after"),
        ("share = 0.25", "share = 25.0", "must be within 0 and 1"),
        ("\"Pavel Horak\"", "\"Adele Aalto\"", "has a second role"),
        ("by = \"erp-interface\"", "by = \"robot\"", "no bot is called `robot`"),
        ("{requester}, delivery", "{customer}, delivery", "`{customer}` is none of the words"),
        ("hours    = \"08:00-17:00\"", "hours = \"17:00-08:00\"", "for at least an hour"),
    ] {
        assert!(recipe.contains(from), "{from}");
        let error = World::from_toml(&recipe.replace(from, to)).unwrap_err();
        assert!(error.contains(says), "{error}");
    }
}

#[test]
fn dates_go_there_and_back() {
    for day in -200_000..200_000 {
        let (year, month, of_month) = civil(day);
        assert_eq!(day_number(year, month, of_month), day);
    }
    assert_eq!(parse_date("2024-02-29"), Some(19_782));
    assert_eq!(parse_date("2025-02-29"), None);
    let instant = "2025-01-31T09:05:07Z";
    assert_eq!(iso(parse_instant(instant).unwrap()), instant);
}

#[test]
fn office_time_between_two_instants_is_what_was_added() {
    let open_on = [true, true, false, true, true, false, false];
    let holidays = vec![parse_date("2025-01-30").unwrap()];
    let office = Office { open_on, opens_s: 9 * 3_600, closes_s: 17 * 3_600, holidays };
    let from_s = parse_instant("2025-01-28T06:30:00Z").unwrap();
    let mut draw = Stream::new(3, 1, Purpose::Wait);
    for _ in 0..2_000 {
        let start_s = from_s + i64::from(draw.below(900_000));
        let length_s = i64::from(draw.below(200_000));
        let end_s = office.after(start_s, length_s);
        assert_eq!(office.between(start_s, end_s), length_s, "{} {length_s}", iso(start_s));
    }
    assert_eq!(office.between(from_s + 60, from_s), 0);
}

#[test]
fn random_numbers_have_the_right_shape() {
    let mut draw = Stream::new(1, 2, Purpose::Wait);
    let mut numbers: Vec<f64> = (0..100_001).map(|_| draw.normal()).collect();
    numbers.sort_by(f64::total_cmp);
    assert!(numbers[50_000].abs() < 0.02 && (numbers[90_000] - 1.281_55).abs() < 0.02);
    let ones = (0..10_000).filter(|_| draw.weighted(&[3, 0, 1]) == Some(0)).count();
    assert!((7_300..7_700).contains(&ones));
    assert_eq!(draw.weighted(&[0, 0]), None);
    assert!((0..10_000).all(|_| draw.below(7) < 7));
}
