//! Events that tell how far an activity is, put together to one row for each activity: enabled, start, end.
//!
//! Within a case, events of the same name and instance belong together, in the order of their times; where several
//! activities of one name are open, the first begun ends first. A suspension ends one row and a resumption begins
//! the next, so the time between them is queued.

use std::collections::{HashMap, VecDeque};

use crate::ingest::rows::Cell;

/// How far an activity is, by the standard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Transition {
    /// Ready to be started.
    Schedule,
    /// Given to somebody.
    Assign,
    /// Begun.
    Start,
    /// Put aside.
    Suspend,
    /// Taken up again.
    Resume,
    /// Done.
    Complete,
    /// Ended without being done.
    Abort,
    /// Left out.
    Skip,
}

impl Transition {
    /// The transition of a text, in whichever case it is written.
    #[must_use]
    pub fn of(text: &[u8]) -> Option<Transition> {
        let known: &[(&[u8], Transition)] = &[
            (b"complete", Transition::Complete),
            (b"start", Transition::Start),
            (b"schedule", Transition::Schedule),
            (b"assign", Transition::Assign),
            (b"reassign", Transition::Assign),
            (b"suspend", Transition::Suspend),
            (b"resume", Transition::Resume),
            (b"withdraw", Transition::Abort),
            (b"pi_abort", Transition::Abort),
            (b"ate_abort", Transition::Abort),
            (b"abort_activity", Transition::Abort),
            (b"abort_case", Transition::Abort),
            (b"autoskip", Transition::Skip),
            (b"manualskip", Transition::Skip),
        ];
        known.iter().find(|(name, _)| name.eq_ignore_ascii_case(text)).map(|(_, transition)| *transition)
    }
}

/// One event of a case, as pairing sees it.
#[derive(Clone, Copy, Debug)]
pub struct Moment<'b> {
    /// Number of the event in its case.
    pub event: usize,
    /// Name of its activity, and instance.
    pub activity: (&'b [u8], &'b [u8]),
    /// How far the activity is; `None` where that is not known or the time is not readable.
    pub transition: Option<Transition>,
    /// Its instant as written.
    pub time: Cell,
    /// Its instant, for the order.
    pub at_ms: i64,
}

/// One row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Activity {
    /// The event whose attributes it has: the one that ended it.
    pub event: usize,
    /// The event that fills the attributes which that one lacks: the one that began it.
    pub begun_by: Option<usize>,
    /// When it could have started.
    pub enabled: Cell,
    /// When it started.
    pub start: Cell,
}

/// What the pairing of a log came to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// Events.
    pub events: u64,
    /// Rows with a start and an end.
    pub complete: u64,
    /// Ends without a start: rows of no duration.
    pub no_start: u64,
    /// Starts without an end: rows of no duration.
    pub no_end: u64,
    /// Activities that were scheduled or assigned and never begun: no rows.
    pub never_begun: u64,
}

/// An activity that is not ended.
#[derive(Clone, Copy)]
struct Open {
    begun_by: usize,
    enabled: Cell,
    start: Option<Cell>,
}

/// Puts the events of one case together. The rows come in the order of the events that end them.
pub fn pair(moments: &mut [Moment], pairs: &mut Pairs) -> Vec<Activity> {
    moments.sort_by_key(|moment| moment.at_ms);
    pairs.events += moments.len() as u64;
    let mut open: HashMap<(&[u8], &[u8]), VecDeque<Open>> = HashMap::new();
    let mut rows = Vec::with_capacity(moments.len() / 2 + 1);
    for moment in moments.iter() {
        let waiting = open.entry(moment.activity).or_default();
        step(moment, waiting, &mut rows, pairs);
    }
    for left in open.into_values().flatten() {
        match left.start {
            Some(start) => {
                pairs.no_end += 1;
                rows.push(Activity { event: left.begun_by, begun_by: None, enabled: left.enabled, start });
            }
            None => pairs.never_begun += 1,
        }
    }
    rows.sort_by_key(|row| (row.event, row.begun_by));
    rows
}

fn step(moment: &Moment, open: &mut VecDeque<Open>, rows: &mut Vec<Activity>, pairs: &mut Pairs) {
    let nothing = Cell::default();
    let alone = Activity { event: moment.event, begun_by: None, enabled: nothing, start: nothing };
    let unbegun = open.iter().position(|open| open.start.is_none());
    let begun = open.iter().position(|open| open.start.is_some());
    match moment.transition {
        Some(Transition::Schedule) => {
            open.push_back(Open { begun_by: moment.event, enabled: moment.time, start: None });
        }
        Some(Transition::Assign) => {
            if open.is_empty() {
                open.push_back(Open { begun_by: moment.event, enabled: moment.time, start: None });
            }
        }
        Some(Transition::Start | Transition::Resume) => match unbegun.map(|at| &mut open[at]) {
            Some(waiting) => (waiting.start, waiting.begun_by) = (Some(moment.time), moment.event),
            None => open.push_back(Open { begun_by: moment.event, enabled: nothing, start: Some(moment.time) }),
        },
        Some(Transition::Suspend) => {
            let active = begun.map(|at| &mut open[at]);
            let row = active.map(|active| {
                let start = active.start.take().unwrap_or_default();
                let enabled = std::mem::replace(&mut active.enabled, moment.time);
                Activity { begun_by: Some(active.begun_by), enabled, start, ..alone }
            });
            *(if row.is_some() { &mut pairs.complete } else { &mut pairs.no_start }) += 1;
            rows.push(row.unwrap_or(alone));
        }
        Some(Transition::Complete | Transition::Abort) => {
            let ended = begun.or(unbegun).and_then(|at| open.remove(at));
            if ended.is_some_and(|ended| ended.start.is_some()) {
                pairs.complete += 1;
            } else {
                pairs.no_start += 1;
            }
            rows.push(ended.map_or(alone, |ended| Activity {
                begun_by: Some(ended.begun_by),
                enabled: ended.enabled,
                start: ended.start.unwrap_or_default(),
                ..alone
            }));
        }
        Some(Transition::Skip) => {
            if let Some(at) = unbegun {
                open.remove(at);
            }
            rows.push(Activity { start: moment.time, ..alone });
        }
        None => rows.push(alone),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows as `event begun_by enabled start`, from moments as `activity transition`, one per instant.
    fn rows(moments: &[(&'static str, &'static str)]) -> (Vec<String>, Pairs) {
        let mut seen: Vec<Moment> = (0u32..)
            .zip(moments)
            .map(|(at, (activity, transition))| Moment {
                event: at as usize,
                activity: (activity.as_bytes(), b""),
                transition: Transition::of(transition.as_bytes()),
                time: Cell { from: at * 10, to: at * 10 + 5 },
                at_ms: i64::from(at),
            })
            .collect();
        let mut pairs = Pairs::default();
        let cell = |cell: Cell| if cell.is_empty() { "-".to_owned() } else { (cell.from / 10).to_string() };
        let found = pair(&mut seen, &mut pairs);
        let show = |row: &Activity| {
            let by = row.begun_by.map_or("-".to_owned(), |by| by.to_string());
            format!("{} {by} {} {}", row.event, cell(row.enabled), cell(row.start))
        };
        (found.iter().map(show).collect(), pairs)
    }

    #[test]
    fn pairs_are_found_by_name_first_begun_first_ended() {
        let (found, pairs) = rows(&[
            ("a", "schedule"),
            ("a", "START"),
            ("b", "start"),
            ("b", "start"),
            ("a", "Complete"),
            ("b", "complete"),
            ("b", "complete"),
        ]);
        assert_eq!(found, ["4 1 0 1", "5 2 - 2", "6 3 - 3"]);
        assert_eq!(pairs, Pairs { events: 7, complete: 3, ..Pairs::default() });
    }

    #[test]
    fn what_has_no_partner_is_counted() {
        let (found, pairs) = rows(&[
            ("a", "complete"),
            ("b", "start"),
            ("c", "schedule"),
            ("d", "schedule"),
            ("d", "withdraw"),
            ("e", "autoskip"),
            ("f", "no such"),
        ]);
        assert_eq!(found, ["0 - - -", "1 - - 1", "4 3 3 -", "5 - - 5", "6 - - -"]);
        assert_eq!(pairs, Pairs { events: 7, complete: 0, no_start: 2, no_end: 1, never_begun: 1 });
    }

    #[test]
    fn a_suspension_is_queued_time() {
        let (found, _) = rows(&[("a", "start"), ("a", "suspend"), ("a", "resume"), ("a", "complete")]);
        assert_eq!(found, ["1 0 - 0", "3 2 1 2"]);
    }
}
