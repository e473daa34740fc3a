//! Status checks laid over a case: exactly so many per case, between its start and its first end, with some answers.

use super::parts::{Checks, Person, Standing};
use super::rng::{Purpose, Stream};
use super::walk::{Row, Walk};

/// Least distance between a status check and any other row of the case, in seconds. Above a minute, so that nobody's
/// status check melts into another act of the same person.
const APART_S: i64 = 90;
/// Tries to find an office hour in a fitting state.
const MOST_TRIES: u32 = 64;

/// Adds the status checks and answers of one case to its rows, in order of time.
pub(super) fn lay_over(walk: &mut Walk, checks: &Checks, seed: u64, number: u32) {
    let mut draw = Stream::new(seed, number, Purpose::Checks);
    let (from_s, to_s) = open_span(walk);
    let mut added: Vec<i64> = Vec::new();
    for _ in 0..checks.per_case {
        added.push(free_instant(walk, checks, (from_s, to_s), &added, &mut draw));
    }
    added.sort_unstable();
    let mut rows: Vec<Row> = Vec::new();
    for time_s in &added {
        let colleague = draw.chance(checks.colleague_share);
        let actor = if colleague { walk.intake.colleague } else { walk.intake.requester };
        rows.push(row(walk, *time_s, &checks.event, actor, checks.comment));
    }
    rows.extend(replies(walk, checks, to_s, &added, &mut draw));
    walk.rows.append(&mut rows);
    walk.rows.sort_by_key(|row| row.time_s);
}

/// Returns the instants between which a case is open for the first time.
fn open_span(walk: &Walk) -> (i64, i64) {
    let states = &walk.world.states;
    let until_s = walk.world.plan.until_s;
    let end = walk.rows.iter().find(|row| states[row.now.state].terminal);
    (walk.rows[0].time_s, end.map_or(until_s, |row| row.time_s.min(until_s)))
}

/// Returns the case as it stands at an instant.
fn standing(walk: &Walk, time_s: i64) -> Standing {
    walk.rows[walk.rows.partition_point(|row| row.time_s <= time_s).max(1) - 1].now
}

/// Says whether an instant is far enough from the rows and from the checks so far.
fn is_free(walk: &Walk, time_s: i64, added: &[i64]) -> bool {
    let far = |other_s: i64| (other_s - time_s).abs() >= APART_S;
    walk.rows.iter().all(|row| far(row.time_s)) && added.iter().all(|other_s| far(*other_s))
}

/// Draws an instant for a check: in office hours and a fitting state if it can be found, else the first free one.
fn free_instant(walk: &Walk, checks: &Checks, (from_s, to_s): (i64, i64), added: &[i64], draw: &mut Stream) -> i64 {
    let room = u32::try_from(to_s - from_s).unwrap_or(1);
    for _ in 0..MOST_TRIES {
        let time_s = from_s + i64::from(draw.below(room));
        let fits = walk.world.office.is_open(time_s) && !checks.not_in.contains(&standing(walk, time_s).state);
        if fits && is_free(walk, time_s, added) {
            return time_s;
        }
    }
    let mut steps = (from_s + APART_S..to_s).step_by(30);
    let last_s = added.last().map_or(from_s, |last_s| *last_s) + 1;
    steps.find(|time_s| is_free(walk, *time_s, added)).unwrap_or(last_s)
}

/// Draws the answers of the assignee, where there is one and nothing else happens at that time.
fn replies(walk: &mut Walk, checks: &Checks, to_s: i64, added: &[i64], draw: &mut Stream) -> Vec<Row> {
    let Some(reply) = &checks.reply else {
        return Vec::new();
    };
    let mut taken = added.to_vec();
    let mut rows = Vec::new();
    for asked_s in added {
        let answers = draw.chance(reply.p);
        let time_s = walk.world.wait_end(*asked_s, &reply.delay, 1.0, 120, draw);
        let assignee = standing(walk, time_s).assignee;
        if let Some(actor) = assignee
            && answers
            && time_s < to_s
            && is_free(walk, time_s, &taken)
        {
            taken.push(time_s);
            rows.push(row(walk, time_s, &reply.event, actor, reply.comment));
        }
    }
    rows
}

/// Writes one row that changes nothing about the case.
fn row(walk: &mut Walk, time_s: i64, event: &str, actor: Person, kind: usize) -> Row {
    let now = standing(walk, time_s);
    let text = walk.words(kind, now);
    Row { time_s, event: event.to_owned(), now, actor, comment: Some((kind, text)) }
}
