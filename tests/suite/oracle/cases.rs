//! Rows -> cases with the state, class, group and assignee in force after each event, and visits, stays.
use super::{Options, Row};
use std::collections::BTreeMap;

pub const NONE: &str = "(none)";

/// A maximal run of one state: events [from, to) of the case.
#[derive(Clone, Debug)]
pub struct Visit {
    pub state: String,
    pub class: String,
    pub from: usize,
    pub to: usize,
    pub start: i64,
    /// start of the next visit; None = open
    pub end: Option<i64>,
}

/// A visit cut at each change of the group in force.
#[derive(Clone, Debug)]
pub struct Stay {
    pub state: String,
    pub class: String,
    pub group: Option<String>,
    pub start: i64,
    pub end: Option<i64>,
}

pub struct Case<'a> {
    pub id: String,
    pub rows: Vec<&'a Row>,
    pub state: Vec<String>,
    pub class: Vec<String>,
    pub group: Vec<Option<String>>,
    pub assignee: Vec<Option<String>>,
    pub visits: Vec<Visit>,
    /// the instant of completion, if completed
    pub completion: Option<i64>,
    /// completion, or as_of when open
    pub end: i64,
    /// what the comment of each event is for
    pub said: Vec<super::comments::Marks>,
}

impl Case<'_> {
    pub fn n(&self) -> usize {
        self.rows.len()
    }
    pub fn time(&self, i: usize) -> i64 {
        self.rows[i].time_ms
    }
    pub fn start(&self) -> i64 {
        self.time(0)
    }
    pub fn last(&self) -> i64 {
        self.time(self.n() - 1)
    }
    /// the state in force changes at event i (a first event changes nothing)
    pub fn state_changes(&self, i: usize) -> bool {
        i > 0 && self.state[i] != self.state[i - 1]
    }
    /// non-terminal -> terminal at event i; a first event in a terminal state is an entry too
    pub fn terminal_entry(&self, i: usize) -> bool {
        terminal(&self.class[i]) && (i == 0 || !terminal(&self.class[i - 1]))
    }
    /// "A move from terminal back to non-terminal is a reopen"
    pub fn reopens_at(&self, i: usize) -> bool {
        i > 0 && terminal(&self.class[i - 1]) && !terminal(&self.class[i])
    }
    pub fn reopens(&self) -> i64 {
        (0..self.n()).filter(|&i| self.reopens_at(i)).count() as i64
    }
}

pub fn terminal(class: &str) -> bool {
    class == "done" || class == "cancelled"
}
pub fn waiting(class: &str) -> bool {
    class == "waiting_requester" || class == "waiting_external"
}
pub fn blocked_or_waiting(class: &str) -> bool {
    class == "blocked" || waiting(class)
}

/// "unclassified states are listed and count as `active`"
pub fn class_of(state: &str, o: &Options) -> String {
    o.classes.get(state).cloned().unwrap_or_else(|| "active".to_string())
}

/// "Events of a case are ordered by (time, ..., position in the source)"; "no number may use an event
/// later than `as_of`". (A tie-break column is applied by the reader, by presorting the rows.)
pub fn build<'a>(rows: &'a [Row], o: &Options, as_of: i64) -> Vec<Case<'a>> {
    let mut by_case: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for r in rows {
        if r.time_ms <= as_of {
            by_case.entry(&r.case).or_default().push(r);
        }
    }
    let mut out = Vec::new();
    for (id, mut rs) in by_case {
        rs.sort_by_key(|r| r.time_ms); // stable: position breaks ties
        out.push(one_case(id, rs, o, as_of));
    }
    out
}

fn one_case<'a>(id: &str, rows: Vec<&'a Row>, o: &Options, as_of: i64) -> Case<'a> {
    let state = states_in_force(&rows, o);
    let class: Vec<String> = state.iter().map(|s| class_of(s, o)).collect();
    let group = in_force(rows.iter().map(|r| if o.has_group { r.group.clone() } else { None }), o);
    let assignee = in_force(rows.iter().map(|r| if o.has_assignee { r.assignee.clone() } else { None }), o);
    let visits = visits(&rows, &state, &class);
    let completion = completion(&visits);
    let end = completion.unwrap_or(as_of);
    Case { id: id.to_string(), rows, state, class, group, assignee, visits, completion, end, said: Vec::new() }
}

/// "The state in force after an event is the event's state, or the previous one if the event has none";
/// events before the first known state are in "(none)". Without a state column the activity stands in:
/// an `entry` (or terminal) activity is the state; after a `completed` act the state is the wait for what
/// happens next, "→ X" ("→ ?" when nothing does).
fn states_in_force(rows: &[&Row], o: &Options) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    for i in 0..rows.len() {
        let previous = out.last().cloned().unwrap_or_else(|| NONE.to_string());
        if o.has_state {
            out.push(rows[i].state.clone().unwrap_or(previous));
            continue;
        }
        let s = match &rows[i].activity {
            None => previous,
            Some(a) => {
                if o.completed_acts.contains(a) && !terminal(&class_of(a, o)) {
                    let next = if i + 1 < rows.len() { rows[i + 1].activity.as_deref() } else { None };
                    format!("→ {}", next.unwrap_or("?"))
                } else {
                    a.clone()
                }
            }
        };
        out.push(s);
    }
    out
}

/// "In snapshot sources an empty value means unassigned; in event sources it means unchanged"
fn in_force(values: impl Iterator<Item = Option<String>>, o: &Options) -> Vec<Option<String>> {
    let mut out: Vec<Option<String>> = Vec::new();
    for v in values {
        let carried = if o.missing_owner_unassigned { None } else { out.last().cloned().flatten() };
        out.push(v.or(carried));
    }
    out
}

/// "A visit is a maximal run of one state; it is completed when another visit follows, else open"
fn visits(rows: &[&Row], state: &[String], class: &[String]) -> Vec<Visit> {
    let mut out: Vec<Visit> = Vec::new();
    for i in 0..rows.len() {
        if i > 0 && state[i] == state[i - 1] {
            out.last_mut().unwrap().to = i + 1;
            continue;
        }
        if let Some(v) = out.last_mut() {
            v.end = Some(rows[i].time_ms);
        }
        out.push(Visit {
            state: state[i].clone(),
            class: class[i].clone(),
            from: i,
            to: i + 1,
            start: rows[i].time_ms,
            end: None,
        });
    }
    out
}

/// "A stay is a visit cut at each change of group"; the group in force, none a value.
pub fn stays(c: &Case) -> Vec<Stay> {
    let mut out: Vec<Stay> = Vec::new();
    for i in 0..c.n() {
        if i > 0 && c.state[i] == c.state[i - 1] && c.group[i] == c.group[i - 1] {
            continue;
        }
        if let Some(s) = out.last_mut() {
            s.end = Some(c.time(i));
        }
        out.push(Stay {
            state: c.state[i].clone(),
            class: c.class[i].clone(),
            group: c.group[i].clone(),
            start: c.time(i),
            end: None,
        });
    }
    out
}

/// "A case is completed when its last state is terminal. Its completion is the start of the final
/// unbroken run of terminal visits"
fn completion(visits: &[Visit]) -> Option<i64> {
    let mut at = None;
    for v in visits.iter().rev() {
        if !terminal(&v.class) {
            break;
        }
        at = Some(v.start);
    }
    at
}
