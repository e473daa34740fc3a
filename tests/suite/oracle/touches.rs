//! Touches and the coordination buckets.
use super::Options;
use super::cases::{Case, blocked_or_waiting};
use super::ledger::Ledger;
use super::stats::{pct_f64, ratio, sorted};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug)]
pub struct Touch {
    pub actor: String,
    /// indexes of its events in the case
    pub events: Vec<usize>,
    /// "C" | "A" | "B" | "D" | "work"
    pub class: &'static str,
    /// class work, and nothing visible changed at any of its events
    pub unchanged: bool,
}

pub fn window_ms(o: &Options) -> i64 {
    if o.touch_window_ms > 0 { o.touch_window_ms } else { 60_000 }
}

/// "A touch is an event by a human actor; events of one actor on one case chained by gaps <=
/// `touch_window` are one touch." Bots are "never counted as people". Ordered by first event. An activity with a start
/// and an end is one event that lasts.
pub fn of_case(c: &Case, o: &Options) -> Vec<Touch> {
    if !o.has_actor {
        return Vec::new();
    }
    let mut by_actor: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for i in 0..c.n() {
        if let Some(a) = &c.rows[i].actor {
            if !o.bots.contains(a) {
                by_actor.entry(a).or_default().push(i);
            }
        }
    }
    let mut out: Vec<Touch> = Vec::new();
    for (actor, events) in by_actor {
        let mut chain: Vec<usize> = Vec::new();
        for i in events {
            if let Some(until) = chain.iter().map(|&p| c.rows[p].until_ms.unwrap_or(c.time(p))).max() {
                if c.time(i) - until > window_ms(o) {
                    out.push(touch(c, actor, std::mem::take(&mut chain), o));
                }
            }
            chain.push(i);
        }
        out.push(touch(c, actor, chain, o));
    }
    out.sort_by_key(|t| t.events[0]);
    out
}

/// "Every touch falls in exactly one of C, A, B, D, work, first match wins"
fn touch(c: &Case, actor: &str, events: Vec<usize>, o: &Options) -> Touch {
    let any = |f: &dyn Fn(usize) -> bool| events.iter().any(|&i| f(i));
    let class = if any(&|i| exception_event(c, i, o)) {
        "C"
    } else if any(&|i| owner_change(c, i)) {
        "A"
    } else if any(&|i| kind_in(c, i, &o.chase_kinds, o) || is_status(c, i, o)) {
        "B"
    } else if any(&|i| kind_in(c, i, &o.update_kinds, o) || is_update(c, i, o)) {
        "D"
    } else {
        "work"
    };
    let unchanged = class == "work" && events.iter().all(|&i| nothing_visible(c, i));
    Touch { actor: actor.to_string(), events, class, unchanged }
}

/// Is the event of one of these kinds? Only beside a state column are activities kinds.
pub fn kind_in(c: &Case, i: usize, kinds: &BTreeSet<String>, o: &Options) -> bool {
    o.has_state && c.rows[i].activity.as_ref().is_some_and(|a| kinds.contains(a))
}

/// (1) "reopening, escalating, entering or leaving a blocked or waiting state" (escalating = a priority
/// raise; a first event enters nothing)
fn exception_event(c: &Case, i: usize, o: &Options) -> bool {
    let told = kind_in(c, i, &o.information_kinds, o) || kind_in(c, i, &o.escalation_kinds, o);
    let moves = c.state_changes(i) && (blocked_or_waiting(&c.class[i]) || blocked_or_waiting(&c.class[i - 1]));
    c.reopens_at(i) || moves || told || raises_priority(c, i, o) || escalates(c, i, o) || informs(c, i, o)
}

/// (2) "a change of group or assignee" in force
fn owner_change(c: &Case, i: usize) -> bool {
    i > 0 && (c.group[i] != c.group[i - 1] || c.assignee[i] != c.assignee[i - 1])
}

/// Does the comment of an event count? What the kind of an event says beats it.
fn says(c: &Case, i: usize, marks: &[&str], o: &Options) -> bool {
    let kinds = [&o.chase_kinds, &o.update_kinds, &o.information_kinds, &o.escalation_kinds];
    !kinds.iter().any(|kinds| kind_in(c, i, kinds, o)) && marks.iter().any(|mark| c.said[i].contains(mark))
}

/// The comment raises the case.
pub fn escalates(c: &Case, i: usize, o: &Options) -> bool {
    says(c, i, &["escalation"], o)
}

/// The comment asks for information or supplies it.
fn informs(c: &Case, i: usize, o: &Options) -> bool {
    says(c, i, &["request", "reply"], o)
}

/// (3) "a status chase or internal follow-up; the same requester again with no team reply between"; where the comment is
/// for something of (1) as well, that comes first.
fn is_status(c: &Case, i: usize, o: &Options) -> bool {
    says(c, i, &["chase", "re-ping", "follow-up"], o)
}

/// (4) "an outbound stakeholder update, summary or reminder", where the comment is for nothing of (1) and (3).
fn is_update(c: &Case, i: usize, o: &Options) -> bool {
    says(c, i, &["update", "reminder"], o)
}

/// Escalation by priority: the event's priority is more urgent than the last ranked one before it.
pub fn raises_priority(c: &Case, i: usize, o: &Options) -> bool {
    let rank = |j: usize| c.rows[j].priority.as_ref().and_then(|p| o.priority_rank.get(p));
    let before = (0..i).rev().find_map(rank);
    match (before, rank(i)) {
        (Some(b), Some(now)) => now < b,
        _ => false,
    }
}

/// "events at which nothing visible changed but counter, time and actor": a non-first event, no comment.
pub fn nothing_visible(c: &Case, i: usize) -> bool {
    i > 0 && !c.rows[i].comment && c.rows[i].visible == c.rows[i - 1].visible
}

/// Does the log say what a status chase is? Else bucket B has only a proxy.
pub fn has_chase_source(has_comments: bool, o: &Options) -> bool {
    !o.chase_kinds.is_empty() || has_comments
}

/// buckets: A, C from touches and the ledger; "Without comments, bucket B has only a proxy"; "B and D
/// cost minutes, not elapsed time".
pub fn buckets(
    cases: &[Case],
    touches: &[Vec<Touch>],
    ledger: &Ledger,
    has_comments: bool,
    reads: bool,
    o: &Options,
) -> Value {
    let count = |class: &str| -> i64 { touches.iter().flatten().filter(|t| t.class == class).count() as i64 };
    let n = cases.len() as i64;
    let per_case = |class: &str| {
        let each = touches.iter().map(|touches| touches.iter().filter(|t| t.class == class).count() as i64);
        let each = sorted(each.collect());
        json!({"mean": ratio(each.iter().sum(), n), "p50": pct_f64(&each, 50), "p90": pct_f64(&each, 90), "max": each.last()})
    };
    let bucket = |name: &str, touches: Option<i64>, elapsed: Option<i64>, proxy: bool| {
        json!({
            "per_case": if touches.is_some() && !proxy { per_case(name) } else { Value::Null },
            "touches": touches,
            "touches_per_case": match touches { Some(t) => ratio(t, n), None => Value::Null },
            "elapsed_ms": elapsed,
            "proxy": proxy,
        })
    };
    let known = |t: i64| if o.has_actor { Some(t) } else { None };
    // nobody is known to have acted: not even a bound
    let proxy = o.has_actor && !has_chase_source(has_comments, o);
    let proxied = touches.iter().flatten().filter(|t| t.unchanged).count() as i64;
    // comments that are not read, and no chase kinds: unknown
    let b = if proxy {
        known(proxied)
    } else if o.chase_kinds.is_empty() && !reads {
        None
    } else {
        known(count("B"))
    };
    let d = if o.update_kinds.is_empty() && !reads { None } else { known(count("D")) };
    json!({
        "A": bucket("A", known(count("A")), Some(ledger.bucket_ms("A")), false),
        "B": bucket("B", b, None, proxy),
        "C": bucket("C", known(count("C")), Some(ledger.bucket_ms("C")), false),
        "D": bucket("D", d, None, false),
        "work_touches": known(count("work")),
        "all_touches": known(touches.iter().map(|t| t.len() as i64).sum()),
    })
}
