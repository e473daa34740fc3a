//! Random small logs: few names, many ties, missing values, reopens, long silences, rows in any order.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wcaf::config::{Config, Means, MissingOwner};

use crate::harness::Columns;
use crate::oracle::Row;
use crate::oracle::comments::TEXTS;

/// States and their classes. The names say nothing, so that no lexicon helps.
pub const STATES: [(&str, &str); 10] = [
    ("Q1", "queue"),
    ("W1", "active"),
    ("W2", "active"),
    ("R1", "review"),
    ("S1", "approval"),
    ("U1", "waiting_requester"),
    ("V1", "waiting_external"),
    ("B1", "blocked"),
    ("D1", "done"),
    ("X1", "cancelled"),
];
/// Terminal states once more, so that cases end and reopen often.
const ENDINGS: [&str; 3] = ["D1", "D2", "X1"];
/// Acts, in a log in which activities stand in for states.
const ACTS: [&str; 3] = ["Act one", "Act two", "Act three"];
/// Event kinds beside a state column: a plain one, bucket B, bucket D and twice bucket C.
pub const KINDS: [&str; 5] = ["Worklog", "Status check", "Status update", "Information request", "Escalated"];
const GROUPS: [&str; 3] = ["Alpha", "Beta", "Gamma"];
/// Actors; the last one is a bot by configuration.
pub const PEOPLE: [&str; 4] = ["Ann", "Bob", "Cyd", "Robot"];
/// Assignees that never act.
const OTHERS: [&str; 3] = ["Dora", "Emil", "Fred"];
const PRIORITIES: [&str; 3] = ["1 - Critical", "2 - High", "4 - Low"];
const SITES: [&str; 2] = ["North", "South"];
const MINUTE: i64 = 60_000;
const DAY: i64 = 1_440 * MINUTE;
const GAPS: [i64; 13] =
    [0, 0, 0, 1_000, 30_000, MINUTE, MINUTE + 1_000, 10 * MINUTE, 60 * MINUTE, DAY, 3 * DAY, 8 * DAY, 95 * DAY];
/// 2024-01-01, a Monday.
pub const START: i64 = 1_704_067_200_000;

/// A log and how it is to be read.
#[derive(Clone, Debug)]
pub struct Made {
    pub rows: Vec<Row>,
    pub columns: Columns,
    pub config: Config,
}

/// A configuration that leaves nothing to guess.
pub fn config(columns: Columns, unassigned: bool) -> Config {
    let mut config = Config { mapping: columns.mapping(), ..Config::default() };
    let unchanged = if unassigned { MissingOwner::Unassigned } else { MissingOwner::Unchanged };
    config.missing_owner = Some(unchanged);
    config.states = STATES.iter().map(|(state, class)| ((*state).to_owned(), (*class).to_owned())).collect();
    config.states.insert("D2".to_owned(), "done".to_owned());
    if !columns.state {
        let entry = config.states.keys().map(|state| (state.clone(), Means::Entry));
        let acts = ACTS.iter().map(|act| ((*act).to_owned(), Means::Completed));
        config.activity_means.values = entry.chain(acts).collect::<BTreeMap<_, _>>();
    }
    config.bots.names = vec!["Robot".to_owned()];
    config.bots.not = PEOPLE[..3].iter().map(|name| (*name).to_owned()).collect();
    config.choke_points.min_stays = 1;
    config
}

/// A name of a list, sometimes none.
fn some(names: &'static [&'static str], none: u32) -> impl Strategy<Value = Option<String>> {
    prop_oneof![none => Just(None), 4 => prop::sample::select(names).prop_map(|name| Some(name.to_owned()))]
}

fn state() -> impl Strategy<Value = String> {
    let any = prop::sample::select(&STATES[..]).prop_map(|state| state.0.to_owned());
    prop_oneof![3 => any, 1 => prop::sample::select(&ENDINGS[..]).prop_map(str::to_owned)]
}

fn activity(with_state: bool) -> BoxedStrategy<Option<String>> {
    if with_state {
        return some(&KINDS, 2).boxed();
    }
    let act = prop::sample::select(&ACTS[..]).prop_map(str::to_owned);
    prop_oneof![state(), act].prop_map(Some).boxed()
}

/// One event: the gap to the event before, and the row without case and time.
fn event(columns: Columns, acting_owners: bool) -> impl Strategy<Value = (i64, Row)> {
    let owners: &'static [&'static str] = if acting_owners { &PEOPLE[..3] } else { &OTHERS };
    let state = prop_oneof![1 => Just(None), 5 => state().prop_map(Some)];
    let owner = (some(&GROUPS, 2), some(owners, 2), some(&PEOPLE, 1));
    let rest = (some(&PRIORITIES, 1), activity(columns.state), prop::sample::select(&SITES[..]), 0..3i64, 0..3i64);
    let text = prop::sample::select(&TEXTS[..]).prop_map(|text| text.words.to_owned());
    let said = (prop_oneof![2 => Just(None), 3 => text.prop_map(Some)], some(&["yes", "no"], 1), some(&PEOPLE[..3], 2));
    let owner = (owner, said);
    (prop::sample::select(&GAPS[..]), state, owner, rest).prop_map(move |(gap, state, owner, rest)| {
        let ((group, assignee, actor), (text, public, caller)) = owner;
        let (priority, activity, site, moves, reopened) = rest;
        let row = Row {
            state,
            activity,
            group,
            assignee,
            actor,
            priority,
            text,
            public,
            caller,
            segments: vec![("site".to_owned(), site.to_owned())],
            counters: vec![("moves".to_owned(), moves), ("reopened".to_owned(), reopened)],
            ..Row::default()
        };
        (gap, row)
    })
}

/// The rows of up to `cases` cases whose ids begin with `prefix`, in random order where asked.
pub fn rows(prefix: &'static str, columns: Columns, cases: usize, acting: bool) -> impl Strategy<Value = Vec<Row>> {
    let offset = prop_oneof![4 => 0..30i64, 1 => 0..400i64];
    let case = (offset, prop::collection::vec((event(columns, acting), any::<u16>()), 1..12));
    (prop::collection::vec(case, 1..=cases), any::<bool>()).prop_map(move |(cases, shuffled)| {
        let mut keyed = Vec::new();
        for (number, (offset, events)) in cases.into_iter().enumerate() {
            let mut time_ms = START + offset * DAY + offset * 7 * MINUTE;
            for ((gap, mut row), key) in events {
                time_ms += gap;
                row.time_ms = time_ms;
                row.case = format!("{prefix}{number}");
                keyed.push((if shuffled { key } else { 0 }, row));
            }
        }
        keyed.sort_by_key(|(key, _)| *key);
        columns.keep(&keyed.into_iter().map(|(_, row)| row).collect::<Vec<_>>())
    })
}

fn columns() -> impl Strategy<Value = Columns> {
    let all = Columns::ALL;
    prop_oneof![
        4 => Just(all),
        3 => Just(Columns { comments: true, ..all }),
        3 => Just(Columns { comments: true, caller: true, ..all }),
        2 => Just(Columns { comments: true, caller: true, activity: true, ..all }),
        1 => Just(Columns { comments: true, actor: false, ..all }),
        1 => Just(Columns { comments: true, state: false, activity: true, ..all }),
        3 => Just(Columns { activity: true, ..all }),
        3 => Just(Columns { state: false, activity: true, ..all }),
        1 => Just(Columns { group: false, ..all }),
        1 => Just(Columns { assignee: false, ..all }),
        1 => Just(Columns { actor: false, ..all }),
        1 => Just(Columns { group: false, assignee: false, ..all }),
        1 => Just(Columns { group: false, assignee: false, actor: false, priority: false, ..all }),
        1 => Just(Columns { state: false, activity: true, group: false, actor: false, ..all }),
    ]
}

/// A log of any shape.
pub fn log() -> impl Strategy<Value = Made> {
    (columns(), any::<bool>(), any::<bool>(), prop_oneof![1 => Just(1usize), 4 => Just(8)]).prop_flat_map(
        |(columns, unassigned, acting, cases)| {
            rows("c", columns, cases, acting).prop_map(move |rows| Made {
                rows,
                columns,
                config: config(columns, unassigned),
            })
        },
    )
}
