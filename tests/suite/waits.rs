//! The decomposition of waits against plain loops, by the smallest examples, and on a public log.
//!
//! The loops cut every wait at each instant where anything may change, and ask for each piece, over all events of the
//! log, what the owner did then. Nothing of it is in `src/`.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::Value;
use wcaf::config::Config;

use crate::against_oracle::options_of;
use crate::business::{CALENDARS, worked_by};
use crate::harness::{Columns, element, findings, findings_of_rows, incidents, public_log};
use crate::oracle::{Options, Row, cases};
use crate::random::{self, Made, START};

const MINUTE: i64 = 60_000;
const TOUCH: i64 = 15 * MINUTE;
const BATCH: i64 = 10 * MINUTE;

/// Off hours, external, busy, batch, idle, unobserved, ms.
type Sums = [i64; 6];
const NAMES: [&str; 6] = ["off_hours", "external", "busy", "batch", "idle", "unobserved"];

/// A completed stay of a case: its first event, and the one that ends it.
struct Stay<'a> {
    case: &'a cases::Case<'a>,
    from: usize,
    to: usize,
}

impl Stay<'_> {
    fn class(&self) -> &str {
        &self.case.class[self.from]
    }

    fn owner(&self, i: usize) -> Option<&str> {
        self.case.assignee[i].as_deref()
    }

    /// Whether it waits for its owner, and ends with the same owner in the same state as another.
    fn exits_as(&self, other: &Stay) -> bool {
        let of_owner = |stay: &Stay| matches!(stay.class(), "queue" | "approval" | "blocked");
        of_owner(self)
            && of_owner(other)
            && self.case.state[self.from] == other.case.state[other.from]
            && self.owner(self.to - 1).is_some()
            && self.owner(self.to - 1) == other.owner(other.to - 1)
    }
}

fn stays<'a>(built: &'a [cases::Case<'a>]) -> Vec<Stay<'a>> {
    let mut found = Vec::new();
    for case in built {
        let mut from = 0;
        for to in 1..case.n() {
            if case.state[to] != case.state[to - 1] || case.group[to] != case.group[to - 1] {
                found.push(Stay { case, from, to });
                from = to;
            }
        }
    }
    found
}

/// Working time after event `i` of a case, between two instants.
type Work<'a> = dyn Fn(&cases::Case, usize, i64, i64) -> i64 + 'a;

/// The slices of every wait by state and group.
fn decomposed(
    rows: &[Row],
    options: &Options,
    observed: bool,
    work: &Work,
) -> BTreeMap<(String, Option<String>), Sums> {
    let as_of_ms = rows.iter().map(|row| row.time_ms).max().unwrap();
    let built = cases::build(rows, options, as_of_ms);
    let all = stays(&built);
    let mut sums: BTreeMap<(String, Option<String>), Sums> = BTreeMap::new();
    for stay in &all {
        let outside = matches!(stay.class(), "waiting_requester" | "waiting_external");
        if !outside && !matches!(stay.class(), "queue" | "approval" | "blocked") {
            continue;
        }
        let case = stay.case;
        let place = (case.state[stay.from].clone(), case.group[stay.from].clone());
        let found = sums.entry(place).or_default();
        let end_ms = case.time(stay.to);
        let close = |other: &&Stay| (end_ms - other.case.time(other.to)).abs() <= BATCH;
        let exits = all.iter().filter(|other| other.exits_as(stay)).filter(close).count();
        let last_owner = stay.owner(stay.to - 1);
        for i in stay.from..stay.to {
            let (from_ms, to_ms) = (case.time(i), case.time(i + 1));
            found[0] += to_ms - from_ms - work(case, i, from_ms, to_ms);
            if outside {
                found[1] += work(case, i, from_ms, to_ms);
                continue;
            }
            let Some(owner) = stay.owner(i).filter(|owner| observed && !options.bots.contains(*owner)) else {
                found[5] += work(case, i, from_ms, to_ms);
                continue;
            };
            let touches: Vec<i64> = rows
                .iter()
                .filter(|row| {
                    row.actor.as_deref() == Some(owner) && row.case != case.id && !options.bots.contains(owner)
                })
                .map(|row| row.time_ms)
                .collect();
            let mut marks: Vec<i64> = touches.iter().flat_map(|touch| [touch - TOUCH, touch + TOUCH]).collect();
            marks.retain(|mark| (from_ms..to_ms).contains(mark));
            marks.extend([from_ms, to_ms]);
            marks.sort_unstable();
            let ends_with_him = (i..stay.to).all(|later| stay.owner(later) == last_owner);
            for pair in marks.windows(2) {
                let middle_twice = pair[0] + pair[1];
                let busy = touches.iter().any(|touch| (2 * touch - middle_twice).abs() < 2 * TOUCH);
                let slice = if busy {
                    2
                } else if ends_with_him && exits > 3 {
                    3
                } else {
                    4
                };
                found[slice] += work(case, i, pair[0], pair[1]);
            }
        }
    }
    sums
}

/// What differs between the findings and the loops.
fn differences(
    found: &Value,
    sums: &BTreeMap<(String, Option<String>), Sums>,
    hours: bool,
    observed: bool,
) -> Vec<String> {
    let mut wrong = Vec::new();
    for point in found["choke_points"].as_array().unwrap() {
        let place = (point["state"].as_str().unwrap().to_owned(), point["group"].as_str().map(str::to_owned));
        let theirs = sums[&place];
        let outside = point["class"].as_str().unwrap().starts_with("waiting_");
        let mut sum = 0;
        for (name, ms) in NAMES.iter().zip(theirs) {
            let own = &point["slices_ms"][name];
            let known = match *name {
                "off_hours" => hours,
                "busy" | "batch" | "idle" => observed || outside,
                _ => true,
            };
            sum += own.as_i64().unwrap_or(0);
            if own.as_i64() != known.then_some(ms) {
                wrong.push(format!("{place:?} {name}: {own}, by loops {ms}"));
            }
        }
        if Some(sum) != point["total_ms"].as_i64() {
            wrong.push(format!("{place:?}: slices sum to {sum}, total {}", point["total_ms"]));
        }
    }
    wrong
}

/// Whether at least half of the assignees act.
fn seen(made: &Made) -> bool {
    let names = |value: fn(&Row) -> Option<&String>| made.rows.iter().filter_map(value).collect::<BTreeSet<_>>();
    let (owners, actors) = (names(|row| row.assignee.as_ref()), names(|row| row.actor.as_ref()));
    !owners.is_empty() && owners.iter().filter(|owner| actors.contains(*owner)).count() * 2 >= owners.len()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 160, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_waits_decompose_as_plain_loops_do(made in random::log(), days in 1..4i64, hours in any::<bool>()) {
        let mut made = made;
        // All within a few days, so that people work on several cases at a time.
        for row in &mut made.rows {
            row.time_ms = START + (row.time_ms - START).rem_euclid(days * 1_440 * MINUTE);
        }
        let ruled = made.columns.group && made.columns.priority;
        if hours {
            let plain = CALENDARS.split("[[calendar_rule]]").next().unwrap();
            let text = if ruled { CALENDARS } else { plain };
            made.config.calendars = Config::parse(text, "wcaf.toml").unwrap().calendars;
        }
        let found = findings_of_rows(&made.rows, made.columns, &made.config);
        let options = options_of(&made, &found);
        let observed = seen(&made);
        let work = |case: &cases::Case, i: usize, from_ms: i64, to_ms: i64| {
            if !hours {
                return to_ms - from_ms;
            }
            let known = |value: &dyn Fn(&Row) -> Option<String>| case.rows[..=i].iter().rev().find_map(|row| value(row));
            let priority = known(&|row| row.priority.clone()).filter(|_| ruled);
            let site = known(&|row| row.segments.iter().find(|segment| segment.0 == "site").map(|segment| segment.1.clone()));
            let group = case.group[i].as_deref().filter(|_| ruled);
            worked_by(group, priority.as_deref(), site.as_deref(), from_ms, to_ms)
        };
        let sums = decomposed(&made.rows, &options, observed, &work);
        let wrong = differences(&found, &sums, hours, observed);
        prop_assert!(wrong.is_empty(), "{} differences:\n{}", wrong.len(), wrong.join("\n"));
    }
}

fn row(case: &str, minute: i64, state: &str, owner: &str, actor: &str) -> Row {
    Row {
        case: case.to_owned(),
        time_ms: START + minute * MINUTE,
        state: Some(state.to_owned()),
        assignee: Some(owner.to_owned()),
        actor: Some(actor.to_owned()),
        ..Row::default()
    }
}

fn slices(rows: &[Row], state: &str) -> Value {
    let columns = Columns { group: false, priority: false, ..Columns::ALL };
    let found = findings_of_rows(rows, columns, &random::config(columns, false));
    element(&found["choke_points"], "state", state)["slices_ms"].clone()
}

/// The example of `diagnose::waits`: half an hour busy, two and a half idle.
#[test]
fn an_owner_is_busy_a_quarter_of_an_hour_around_each_touch_of_another_case() {
    let mut rows =
        vec![row("a", 0, "Q1", "Ann", "Bob"), row("b", 60, "W1", "Ann", "Ann"), row("a", 180, "W1", "Ann", "Ann")];
    let found = slices(&rows, "Q1");
    assert_eq!([&found["busy"], &found["idle"], &found["batch"]].map(minutes), [30, 150, 0]);
    // three more waits of hers that end close by make a batch of what is left, and keep her busy
    for (case, minute) in [("c", 175), ("d", 180), ("e", 185)] {
        rows.push(row(case, 160, "Q1", "Ann", "Bob"));
        rows.push(row(case, minute, "W1", "Ann", "Ann"));
    }
    let found = slices(&rows, "Q1");
    assert_eq!(found["idle"], 0);
    assert_eq!(minutes(&found["batch"]) + minutes(&found["busy"]), 180 + 15 + 20 + 25);
}

fn minutes(found: &Value) -> i64 {
    found.as_i64().unwrap() / MINUTE
}

/// A wait of more than 49 days is kept in pieces, which are one wait and one exit.
#[test]
fn a_wait_of_months_is_one_wait() {
    const DAY: i64 = 1_440;
    let mut rows = vec![
        row("a", 0, "Q1", "Ann", "Bob"),
        row("b", 60 * DAY, "W1", "Ann", "Ann"),
        row("a", 200 * DAY, "W1", "Ann", "Ann"),
    ];
    let found = slices(&rows, "Q1");
    assert_eq!([&found["busy"], &found["idle"], &found["batch"]].map(minutes), [30, 200 * DAY - 30, 0]);
    for case in ["c", "d", "e"] {
        rows.push(row(case, 199 * DAY, "Q1", "Ann", "Bob"));
        rows.push(row(case, 200 * DAY, "W1", "Ann", "Ann"));
    }
    let found = slices(&rows, "Q1");
    // each of the four ends within a quarter of an hour of touches of the others
    assert_eq!(
        [&found["busy"], &found["idle"], &found["batch"]].map(minutes),
        [30 + 4 * 15, 0, 200 * DAY + 3 * DAY - 30 - 4 * 15]
    );
}

/// What a watchdog offers, from the slices of its place: idle within 30 %, less what lies between touches close to each
/// other; nothing where owners are busy for more than 75 % of the time, unknown where nobody is named.
#[test]
fn a_watchdog_offers_hours_from_idle_time_alone() {
    const DAY: i64 = 1_440;
    // Ann is idle for 40 hours and busy for 5, with a touch every hour for the first ten, so that nine half hours lie between
    // two of them; Bob is idle for 2.5 and busy for 10, with a touch every half hour; nobody is named in the third state.
    let mut rows = vec![row("a", 0, "Q1", "Ann", "Cyd"), row("a", 45 * 60, "W1", "Ann", "Ann")];
    rows.extend((1..=10).map(|at| row(&format!("x{at}"), at * 60, "W1", "Ann", "Ann")));
    rows.extend([row("b", 0, "S1", "Bob", "Cyd"), row("b", 750, "W1", "Bob", "Bob")]);
    rows.extend((1..=20).map(|at| row(&format!("y{at}"), at * 30, "W1", "Bob", "Bob")));
    rows.extend([row("c", 0, "B1", "", "Cyd"), row("c", DAY, "W1", "", "Cyd")]);
    for row in &mut rows {
        row.assignee = row.assignee.take().filter(|owner| !owner.is_empty());
    }
    let columns = Columns { group: false, priority: false, ..Columns::ALL };
    let found = findings_of_rows(&rows, columns, &random::config(columns, false));
    let cases = u32::try_from(rows.iter().map(|row| &row.case).collect::<BTreeSet<_>>().len()).unwrap();
    let months = f64::from(cases) / found["window"]["volume_per_month"].as_f64().unwrap();
    let offers = found["interventions"].as_array().unwrap();
    let hours = |state: &str| {
        let at = |offer: &&Value| offer["pattern"] == "watchdog" && offer["scope"]["state"] == state;
        let hours = &offers.iter().find(at).unwrap_or_else(|| panic!("no watchdog for {state}"))["hours_per_month"];
        (!hours.is_null()).then(|| ["low", "base", "high"].map(|end| hours[end].as_f64().unwrap() * months))
    };
    let near = |found: Option<[f64; 3]>, expected: [f64; 3]| {
        let found = found.unwrap();
        assert!(found.iter().zip(expected).all(|(own, their)| (own - their).abs() < 0.01), "{found:?}, {expected:?}");
    };
    near(hours("Q1"), [0.7 * 35.5, 40.0 - 4.5 / 2.0, 45.0]);
    near(hours("S1"), [0.0; 3]);
    assert_eq!(hours("B1"), None);
}

/// What a system owns waits for nobody who could be reminded, whatever the system does meanwhile.
#[test]
fn a_bot_is_no_owner() {
    let mut rows = vec![row("a", 0, "Q1", "Robot", "Robot"), row("a", 5, "Q1", "Robot", "Robot")];
    rows.extend([row("a", 300, "W1", "Ann", "Ann"), row("b", 0, "Q1", "Ann", "Bob"), row("b", 60, "W1", "Ann", "Ann")]);
    let found = slices(&rows, "Q1");
    assert_eq!([&found["busy"], &found["idle"], &found["unobserved"]].map(minutes), [0, 60, 300]);
}

/// Two names tell people apart; a single one for a hundred cases stands for everybody, so nobody is known to be idle.
#[test]
fn a_single_name_for_everybody_is_no_owner() {
    let log = |second: &str| {
        let mut rows = Vec::new();
        for at in 0..100 {
            let (case, who) = (format!("c{at}"), if at % 2 == 0 { "STAFF MEMBER" } else { second });
            rows.extend([row(&case, at * 600, "Q1", who, who), row(&case, at * 600 + 300, "W1", who, who)]);
        }
        slices(&rows, "Q1")
    };
    assert!(log("Ann")["idle"].as_i64().unwrap() > 0);
    let found = log("STAFF MEMBER");
    assert_eq!([&found["busy"], &found["batch"], &found["idle"]], [&Value::Null; 3]);
    assert_eq!(minutes(&found["unobserved"]), 100 * 300);
}

/// No updater of the incidents has the name of an assignee, so nobody is known to be idle, and nothing is sold on it.
#[test]
fn owners_that_are_never_seen_at_work_are_neither_busy_nor_idle() {
    let Some(found) = incidents() else { return };
    let points = found["choke_points"].as_array().unwrap();
    assert!(points.len() > 20);
    for point in points {
        let slices = &point["slices_ms"];
        let outside = point["class"].as_str().unwrap().starts_with("waiting_");
        let known = ["external", "unobserved"].iter().map(|name| slices[name].as_i64().unwrap()).sum::<i64>();
        assert_eq!(known, point["total_ms"].as_i64().unwrap(), "{point}");
        assert_eq!(slices["idle"].is_null(), !outside, "{point}");
    }
    for intervention in found["interventions"].as_array().unwrap() {
        let hours = &intervention["hours_per_month"];
        assert!(hours.is_null() || hours["high"] == 0.0, "{intervention}");
    }
}

/// A wait for the requester is outside, whoever owns the case, so a watchdog there is credited with no hours.
#[test]
fn the_help_desk_waits_outside() {
    let Some(log) = public_log("italian-helpdesk") else { return };
    let found = findings(&[log.join("helpdesk.xes.gz")], &Config::default());
    for point in found["choke_points"].as_array().unwrap() {
        let slices = &point["slices_ms"];
        let sum: i64 = NAMES.iter().filter_map(|name| slices[name].as_i64()).sum();
        assert_eq!(Some(sum), point["total_ms"].as_i64());
    }
}
