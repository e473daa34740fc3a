//! Exceptions of a case.
use super::cases::{Case, blocked_or_waiting, terminal};

#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    Wait,
    ReopenedGap,
}

#[derive(Clone, Debug)]
pub struct Exception {
    pub kind: Kind,
    pub start: i64,
    pub end: Option<i64>,
    /// resumed | resolved_from_wait | cancelled | open
    pub ending: &'static str,
}

/// "An exception is a maximal run of `blocked` or `waiting_*` states, or a reopened gap ... It opens at
/// entry, closes at the first state outside, and ends as resumed, resolved from wait, cancelled or open."
pub fn of_case(c: &Case) -> Vec<Exception> {
    let mut out = runs(c, &Kind::Wait, &blocked_or_waiting);
    for gap in runs(c, &Kind::ReopenedGap, &terminal) {
        // only a terminal run that is followed by a non-terminal visit is a reopened gap
        if gap.end.is_some() {
            out.push(gap);
        }
    }
    out
}

/// "missing-information MTTR counts resumed only": runs of waiting_requester alone.
pub fn missing_information(c: &Case) -> Vec<Exception> {
    runs(c, &Kind::Wait, &|class| class == "waiting_requester")
}

/// Maximal runs of visits whose class is inside.
fn runs(c: &Case, kind: &Kind, inside: &dyn Fn(&str) -> bool) -> Vec<Exception> {
    let mut out = Vec::new();
    let mut i = 0;
    while i < c.visits.len() {
        if !inside(&c.visits[i].class) {
            i += 1;
            continue;
        }
        let start = c.visits[i].start;
        while i < c.visits.len() && inside(&c.visits[i].class) {
            i += 1;
        }
        let (end, ending) = if i == c.visits.len() {
            (None, "open")
        } else {
            let ending = match c.visits[i].class.as_str() {
                "done" => "resolved_from_wait",
                "cancelled" => "cancelled",
                _ => "resumed",
            };
            (Some(c.visits[i].start), ending)
        };
        out.push(Exception { kind: kind.clone(), start, end, ending });
    }
    out
}
