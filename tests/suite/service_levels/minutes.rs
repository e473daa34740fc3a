//! Random small logs in whole minutes, and service levels counted minute by minute in plain loops.

use std::collections::BTreeMap;

use proptest::prelude::*;
use wcaf::metrics::sla::{End, Traced};

const MINUTE: i64 = 60_000;
/// 2024-01-04, a Thursday, 08:00 UTC.
const START: i64 = 1_704_355_200_000;

/// Monday to Friday, 09:00 to 17:00.
pub const CALENDAR: &str = "[calendar.office]\ntimezone = \"UTC\"\nday = \"8h\"\nmon_fri = \"09:00-17:00\"\n";

/// One event; `None` leaves a value as it was.
#[derive(Clone, Debug)]
pub struct Row {
    case: usize,
    minute: i64,
    state: Option<&'static str>,
    group: Option<&'static str>,
    assignee: Option<&'static str>,
    actor: Option<&'static str>,
    priority: Option<&'static str>,
    comment: bool,
}

fn some(names: &'static [&'static str], known: u32) -> impl Strategy<Value = Option<&'static str>> {
    prop_oneof![2 => Just(None), known => prop::sample::select(names).prop_map(Some)]
}

/// A log of a few cases.
pub fn log() -> impl Strategy<Value = Vec<Row>> {
    let gap = prop::sample::select(&[0i64, 0, 1, 30, 60, 95, 240, 480, 1_000, 1_440, 4_000][..]);
    let state = some(&["New", "Work", "Ask", "Work", "Ask", "Done", "Drop"], 8);
    let owner = (some(&["G", "H"], 2), some(&["Ann", "Bob"], 2), some(&["Ann", "Bob", "Cyd", "Robot"], 6));
    let event = (gap, state, owner, some(&["1", "2", "3"], 2), any::<bool>());
    let case = (0i64..3_000, prop::collection::vec(event, 1..9));
    prop::collection::vec(case, 1..5).prop_map(|cases| {
        let mut rows = Vec::new();
        for (case, (offset, events)) in cases.into_iter().enumerate() {
            let mut minute = offset;
            for (gap, state, (group, assignee, actor), priority, comment) in events {
                minute += gap;
                rows.push(Row { case, minute, state, group, assignee, actor, priority, comment });
            }
        }
        rows
    })
}

/// The log as a file.
pub fn csv(rows: &[Row]) -> String {
    let mut text = "case,time,state,group,assignee,actor,priority,comment\n".to_owned();
    for row in rows {
        let cell = |cell: Option<&'static str>| cell.unwrap_or_default();
        let seconds = (START + row.minute * MINUTE) / 1_000;
        let (day, second) = (seconds.div_euclid(86_400), seconds.rem_euclid(86_400));
        // 2024-01-01 is day 19723
        let (month, date) = if day - 19_723 < 31 { (1, day - 19_723 + 1) } else { (2, day - 19_723 - 30) };
        text += &format!(
            "c{},2024-{month:02}-{date:02}T{:02}:{:02}:00Z,{},{},{},{},{},{}\n",
            row.case,
            second / 3_600,
            second % 3_600 / 60,
            cell(row.state),
            cell(row.group),
            cell(row.assignee),
            cell(row.actor),
            cell(row.priority),
            if row.comment { "hm" } else { "" },
        );
    }
    text
}

/// What is in force after an event.
#[derive(Clone, Copy, Debug, Default)]
pub struct Now {
    first: bool,
    state: &'static str,
    before: &'static str,
    group: &'static str,
    assignee: &'static str,
    priority: &'static str,
}

type Test = fn(&Now) -> bool;

/// A configuration and the same in plain tests.
pub struct Variant {
    pub toml: &'static str,
    definitions: &'static [Plain],
}

struct Plain {
    kind: &'static str,
    when: Test,
    start: Test,
    pause: Test,
    resume: Option<Test>,
    stop: Test,
    cancel: Test,
    /// Whether the cancel is told and so wins over the stop.
    cancel_told: bool,
    reset: Test,
    reset_is_moment: bool,
    /// Minutes of its clock.
    target: fn(&Now) -> Option<i64>,
    business: bool,
    /// Per cent.
    near: i64,
}

fn never(_: &Now) -> bool {
    false
}
fn always(_: &Now) -> bool {
    true
}
fn is_end(state: &str) -> bool {
    state == "Done" || state == "Drop"
}

const PLAIN: Plain = Plain {
    kind: "",
    when: always,
    start: |now| now.first,
    pause: never,
    resume: None,
    stop: |now| now.state == "Done",
    cancel: |now| now.state == "Drop",
    cancel_told: false,
    reset: never,
    reset_is_moment: false,
    target: |_| Some(480),
    business: false,
    near: 80,
};

pub const VARIANTS: [Variant; 5] = [
    Variant { toml: "[[sla]]\nid = \"a\"\ntarget = \"8h\"\n", definitions: &[PLAIN] },
    Variant {
        toml: "[[sla]]\nid = \"a\"\ntarget = \"1bd\"\ncalendar = \"office\"\npause = { state_class = \"waiting_requester\" }\nreset = { reopened = true }\n",
        definitions: &[Plain {
            pause: |now| now.state == "Ask",
            reset: |now| !now.first && is_end(now.before) && !is_end(now.state),
            reset_is_moment: true,
            business: true,
            ..PLAIN
        }],
    },
    Variant {
        toml: "[[sla]]\nid = \"a\"\nstart = { state = [\"New\", \"Work\"] }\npause = [{ state = \"Ask\" }, { assignee = false }]\n\
            resume = { state = \"Work\", assignee = true }\nstop = { state = [\"Done\", \"Drop\"] }\nnear = 0.5\n\
            target = { by = \"priority\", values = { \"1\" = \"100min\", \"2\" = \"300min\" }, default = \"1000min\" }\n",
        definitions: &[Plain {
            start: |now| now.state == "New" || now.state == "Work",
            pause: |now| now.state == "Ask" || now.assignee.is_empty(),
            resume: Some(|now| now.state == "Work" && !now.assignee.is_empty()),
            stop: |now| is_end(now.state),
            cancel: never,
            target: |now| match now.priority {
                "1" => Some(100),
                "2" => Some(300),
                _ => Some(1_000),
            },
            near: 50,
            ..PLAIN
        }],
    },
    Variant {
        toml: "[[sla]]\nid = \"a\"\nwhen = { group = \"G\" }\nstart = { assignee = true }\ntarget = \"5bh\"\n\
            [[sla]]\nid = \"b\"\nstart = { assignee = true }\ntarget = \"10bh\"\nreset = { group = \"H\" }\n\
            [[sla]]\nid = \"c\"\nkind = \"reply\"\nstop = { assignee = true }\ntarget = \"2h\"\n",
        definitions: &[
            Plain {
                when: |now| now.group == "G",
                start: |now| !now.assignee.is_empty(),
                target: |_| Some(300),
                business: true,
                ..PLAIN
            },
            Plain {
                start: |now| !now.assignee.is_empty(),
                target: |_| Some(600),
                reset: |now| now.group == "H",
                business: true,
                ..PLAIN
            },
            Plain { kind: "reply", stop: |now| !now.assignee.is_empty(), target: |_| Some(120), ..PLAIN },
        ],
    },
    Variant {
        toml: "[[sla]]\nid = \"a\"\ncancel = { priority = \"3\" }\nstop = { group = \"H\" }\n\
            target = { by = \"group\", values = { G = \"10h\" } }\nstart = { state_class = \"active\" }\n",
        definitions: &[Plain {
            cancel: |now| now.priority == "3",
            cancel_told: true,
            stop: |now| now.group == "H",
            target: |now| (now.group == "G").then_some(600),
            start: |now| now.state == "Work",
            ..PLAIN
        }],
    },
];

/// A timer in minutes since the start; what is near and due lies beyond `as_of` where it runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    case: String,
    definition: usize,
    cycle: u32,
    started: i64,
    end: &'static str,
    ended: Option<i64>,
    target: i64,
    elapsed: i64,
    near_at: Option<i64>,
    due_at: Option<i64>,
    near: bool,
    intervened: bool,
    /// When, what, and what had run by then.
    steps: Vec<(i64, &'static str, i64)>,
}

impl Counted {
    /// A timer of the product, and the instants of the events of its case.
    pub fn of(traced: &Traced, case: &str, event_ms: &[i64]) -> Counted {
        let timer = &traced.timer;
        let minute = |ms: i64| {
            assert_eq!((ms - START) % MINUTE, 0);
            (ms - START) / MINUTE
        };
        let step = |step: &wcaf::metrics::sla::Step| {
            assert_eq!(step.elapsed_ms % MINUTE, 0);
            (minute(event_ms[step.event]), step.turn.as_str(), step.elapsed_ms / MINUTE)
        };
        Counted {
            case: case.to_owned(),
            definition: timer.definition,
            cycle: timer.cycle,
            started: minute(timer.started_ms),
            end: match timer.end {
                End::Stopped => "stopped",
                End::Cancelled => "cancelled",
                End::Reset => "reset",
                End::Running => "running",
                End::Paused => "paused",
            },
            ended: timer.ended_ms.map(minute),
            target: timer.target_ms / MINUTE,
            elapsed: timer.elapsed_ms / MINUTE,
            near_at: timer.near_at_ms.map(minute),
            due_at: timer.due_at_ms.map(minute),
            near: timer.near,
            intervened: timer.intervened,
            steps: traced.steps.iter().map(step).collect(),
        }
    }
}

/// Whether the office is open in a minute.
fn is_open(minute: i64) -> bool {
    let minutes = START / MINUTE + minute;
    let weekday = (minutes.div_euclid(1_440) + 3).rem_euclid(7);
    let of_day = minutes.rem_euclid(1_440);
    weekday < 5 && (540..1_020).contains(&of_day)
}

/// All timers of a log, in order.
pub fn timers(rows: &[Row], variant: &Variant) -> Vec<Counted> {
    let as_of = rows.iter().map(|row| row.minute).max().unwrap();
    let mut cases: BTreeMap<usize, Vec<&Row>> = BTreeMap::new();
    rows.iter().for_each(|row| cases.entry(row.case).or_default().push(row));
    let mut found = Vec::new();
    for (case, rows) in cases {
        let mut after = Vec::new();
        let mut now = Now { first: true, ..Now::default() };
        for row in &rows {
            now.before = now.state;
            now.state = row.state.unwrap_or(now.state);
            now.group = row.group.unwrap_or(now.group);
            now.assignee = row.assignee.unwrap_or(now.assignee);
            now.priority = row.priority.unwrap_or(now.priority);
            after.push(now);
            now.first = false;
        }
        for kind in ["", "reply"] {
            let of_kind = || variant.definitions.iter().enumerate().filter(|(_, definition)| definition.kind == kind);
            let fits = |now: &Now| {
                let mut all = of_kind();
                all.find(|(_, one)| (one.start)(now) && (one.when)(now) && (one.target)(now).is_some())
            };
            let first = after.iter().enumerate().find_map(|(event, now)| Some((event, fits(now)?)));
            if let Some((event, (number, definition))) = first {
                let name = format!("c{case}");
                found.extend(count(&name, number, definition, &rows, &after, event, as_of));
            }
        }
    }
    found.sort();
    found
}

fn count(
    case: &str,
    definition: usize,
    plain: &Plain,
    rows: &[&Row],
    after: &[Now],
    first: usize,
    as_of: i64,
) -> Vec<Counted> {
    let mut done = Vec::new();
    let begin = |event: usize, cycle: u32| Counted {
        case: case.to_owned(),
        definition,
        cycle,
        started: rows[event].minute,
        end: "running",
        ended: None,
        target: (plain.target)(&after[event]).unwrap_or(0),
        elapsed: 0,
        near_at: None,
        due_at: None,
        near: false,
        intervened: false,
        steps: vec![(rows[event].minute, "started", 0)],
    };
    let mut timer = begin(first, 0);
    let (mut event, mut minute) = (first, rows[first].minute);
    let mut last_event = rows.len();
    let mut held = false;
    loop {
        while event < rows.len() && rows[event].minute == minute {
            let now = &after[event];
            let resets =
                event > first && (plain.reset)(now) && (plain.reset_is_moment || !(plain.reset)(&after[event - 1]));
            if resets {
                if timer.ended.is_none() {
                    (timer.end, timer.ended, last_event) = ("reset", Some(minute), event);
                    timer.steps.push((minute, timer.end, timer.elapsed));
                }
                let cycle = timer.cycle + 1;
                done.push(closed(timer, rows, after, last_event, as_of));
                if (plain.target)(now).is_none() {
                    return done;
                }
                (timer, held, last_event) = (begin(event, cycle), false, rows.len());
            }
            if (plain.cancel)(now) || (plain.stop)(now) {
                if timer.ended.is_none() {
                    let cancelled = (plain.cancel)(now) && (plain.cancel_told || !(plain.stop)(now));
                    timer.end = if cancelled { "cancelled" } else { "stopped" };
                    (timer.ended, last_event) = (Some(minute), event);
                    timer.steps.push((minute, timer.end, timer.elapsed));
                }
            } else {
                let resumes = plain.resume.is_some_and(|resume| resume(now));
                if timer.ended.is_some() && resumes {
                    (timer.ended, last_event) = (None, rows.len());
                }
                if timer.ended.is_none() {
                    held = if (plain.pause)(now) {
                        true
                    } else if plain.resume.is_some() && held {
                        !resumes
                    } else {
                        false
                    };
                    timer.end = if held { "paused" } else { "running" };
                    let (before, step) =
                        (timer.steps[timer.steps.len() - 1].1, if held { "paused" } else { "resumed" });
                    if before != step && (held || before != "started") {
                        timer.steps.push((minute, step, timer.elapsed));
                    }
                }
            }
            event += 1;
        }
        if minute == as_of {
            break;
        }
        if timer.ended.is_none() && !held && (!plain.business || is_open(minute)) {
            timer.elapsed += 1;
            if timer.elapsed * 100 == timer.target * plain.near {
                timer.near_at = Some(minute + 1);
            }
            if timer.elapsed == timer.target {
                timer.due_at = Some(minute + 1);
            }
        }
        minute += 1;
    }
    // it runs on until the target is used up
    let mut ran = timer.elapsed;
    while timer.end == "running" && timer.due_at.is_none() {
        ran += i64::from(!plain.business || is_open(minute));
        minute += 1;
        if timer.near_at.is_none() && ran * 100 >= timer.target * plain.near {
            timer.near_at = Some(minute);
        }
        timer.due_at = (ran == timer.target).then_some(minute);
    }
    done.push(closed(timer, rows, after, last_event, as_of));
    done
}

fn closed(mut timer: Counted, rows: &[&Row], after: &[Now], last_event: usize, as_of: i64) -> Counted {
    let Some(near_at) = timer.near_at else { return timer };
    timer.near = match timer.ended {
        Some(ended) => near_at < ended,
        None => near_at <= as_of,
    };
    for event in 1..last_event {
        if !timer.near || rows[event].minute <= near_at {
            continue;
        }
        let (before, now) = (&after[event - 1], &after[event]);
        let owner = before.group != now.group || before.assignee != now.assignee;
        let priority = before.priority != now.priority && !before.priority.is_empty();
        let by_other = rows[event]
            .actor
            .is_some_and(|actor| actor != "Robot" && !now.assignee.is_empty() && actor != now.assignee);
        timer.intervened |= owner || priority || rows[event].comment && by_other;
    }
    timer
}
