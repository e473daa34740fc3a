//! Handoffs of every kind, ping-pong, returns, pickup latency.
use super::Options;
use super::cases::Case;
use super::stats::{pct_ms, ratio, sorted, summary_ms};
use super::touches::Touch;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[derive(Clone, Debug, PartialEq)]
pub enum Pickup {
    /// latency in ms, and the event that picked it up
    Picked(i64, usize),
    SelfAssigned,
    /// handed on or closed first: the event that ended the hold
    PassedOn(usize),
    /// cannot be seen
    Unknown,
}

/// One handoff of the headline definition.
#[derive(Clone, Debug)]
pub struct Handoff {
    pub event: usize,
    pub from: String,
    pub to: String,
    pub ping_pong: bool,
    pub returns: bool,
    pub pickup: Pickup,
}

#[derive(Clone, Debug, Default)]
pub struct CaseHandoffs {
    /// runs of the headline sequence: first assignment + handoffs
    pub assignments: i64,
    pub handoffs: Vec<Handoff>,
}

pub struct Headline {
    pub definition: Option<&'static str>,
    pub rule: &'static str,
    pub per_case: Vec<CaseHandoffs>,
}

/// "`handoff.definition` picks the headline (default `group`; without groups `person`; without owners
/// `actor`)". A column in which no value is known names nobody; without any there is no headline,
/// and bots are nobody.
pub fn definition(cases: &[Case], o: &Options) -> Option<&'static str> {
    let any = |f: &dyn Fn(&Case, usize) -> bool| cases.iter().any(|c| (0..c.n()).any(|i| f(c, i)));
    if any(&|c, i| c.group[i].is_some()) {
        Some("group")
    } else if any(&|c, i| c.assignee[i].is_some()) {
        Some("person")
    } else if any(&|c, i| c.rows[i].actor.as_ref().is_some_and(|a| !o.bots.contains(a))) {
        Some("actor")
    } else {
        None
    }
}

/// The "run-compressed sequence of known values, gaps of none skipped": (event index, value) of each run.
pub fn compressed(values: &[Option<String>]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for (i, v) in values.iter().enumerate() {
        if let Some(v) = v {
            if out.last().map(|l| &l.1) != Some(v) {
                out.push((i, v.clone()));
            }
        }
    }
    out
}

/// Touches ordered by first event, neighbours by the same person merged: "consecutive touches by two
/// different people".
pub fn actor_runs(touches: &[Touch]) -> Vec<(usize, String)> {
    let mut out: Vec<(usize, String)> = Vec::new();
    for t in touches {
        if out.last().map(|l| &l.1) != Some(&t.actor) {
            out.push((t.events[0], t.actor.clone()));
        }
    }
    out
}

/// "the first qualifying event ...: an event by the new owner; where owners never appear as actors, the
/// next entry into an active state; one rule per log, named": by the new owner when at least half of the
/// distinct assignees ever appear as actors.
pub fn pickup_rule(cases: &[Case], o: &Options) -> &'static str {
    let mut assignees = BTreeSet::new();
    let mut actors = BTreeSet::new();
    for c in cases {
        for r in &c.rows {
            if let Some(a) = &r.assignee {
                assignees.insert(a);
            }
            if let Some(a) = &r.actor {
                actors.insert(a);
            }
        }
    }
    let both = assignees.intersection(&actors).count();
    if o.has_actor && o.has_assignee && !assignees.is_empty() && 2 * both >= assignees.len() {
        "event_by_new_owner"
    } else {
        "entry_into_active"
    }
}

pub fn headline(cases: &[Case], touches: &[Vec<Touch>], o: &Options) -> Headline {
    let definition = definition(cases, o);
    let rule = pickup_rule(cases, o);
    let mut per_case = Vec::new();
    for (c, t) in cases.iter().zip(touches) {
        let runs = match definition {
            Some("group") => compressed(&c.group),
            Some("person") => compressed(&c.assignee),
            _ => actor_runs(t),
        };
        per_case.push(case_handoffs(c, &runs, definition.unwrap_or("actor"), rule));
    }
    Headline { definition, rule, per_case }
}

/// "A ping-pong is a return to the owner before last (A→B→A); a return is any owner seen before."
fn case_handoffs(c: &Case, runs: &[(usize, String)], definition: &str, rule: &str) -> CaseHandoffs {
    let mut out = CaseHandoffs { assignments: runs.len() as i64, handoffs: Vec::new() };
    for k in 1..runs.len() {
        let (event, to) = &runs[k];
        let next = runs.get(k + 1).map(|r| r.0);
        let pickup = if definition == "actor" {
            Pickup::SelfAssigned // the receiver is by definition the one who acts at the handoff
        } else {
            pickup(c, *event, to, next, definition, rule)
        };
        out.handoffs.push(Handoff {
            event: *event,
            from: runs[k - 1].1.clone(),
            to: to.clone(),
            ping_pong: k >= 2 && runs[k - 2].1 == *to,
            returns: runs[..k].iter().any(|r| r.1 == *to),
            pickup,
        });
    }
    out
}

/// "Pickup latency = a group or person receives the case → the first qualifying event while it still
/// holds it ... Handed on or closed first is `passed_on` ...; self-assignment is 0 and reported apart;
/// where nothing qualifies it is null."
fn pickup(c: &Case, event: usize, to: &str, next: Option<usize>, definition: &str, rule: &str) -> Pickup {
    // a person merely carried over from before the handoff is not the receiver
    let named = |i: usize| c.rows[event..=i].iter().any(|r| r.assignee.is_some());
    let by_owner = |i: usize| -> bool {
        let actor = c.rows[i].actor.as_deref();
        let in_force = named(i) && actor == c.assignee[i].as_deref();
        actor.is_some() && (in_force || (definition == "person" && actor == Some(to)))
    };
    let own_actor = c.rows[event].actor.as_deref();
    if own_actor.is_some() && named(event) && own_actor == c.assignee[event].as_deref() {
        return Pickup::SelfAssigned;
    }
    if rule == "entry_into_active" && c.class[event] == "active" {
        return Pickup::Unknown;
    }
    for i in event + 1..c.n() {
        if Some(i) == next {
            return Pickup::PassedOn(i);
        }
        let qualifies =
            if rule == "event_by_new_owner" { by_owner(i) } else { c.state_changes(i) && c.class[i] == "active" };
        if qualifies {
            return Pickup::Picked(c.time(i) - c.time(event), i);
        }
        if c.terminal_entry(i) {
            return Pickup::PassedOn(i);
        }
    }
    Pickup::Unknown
}

/// `group`, `person`: handoffs of one case on the compressed sequence.
fn compressed_count(values: &[Option<String>]) -> i64 {
    (compressed(values).len() as i64 - 1).max(0)
}

/// `group_or_unassigned` "compares adjacent events, none being a value; it includes first assignments"
pub fn group_or_unassigned(c: &Case) -> i64 {
    (1..c.n()).filter(|&i| c.group[i] != c.group[i - 1]).count() as i64
}

/// `owner`: "an event at which the known group or the known person changes, counted once"
fn owner(c: &Case) -> i64 {
    let mut n = 0;
    let (mut group, mut person): (Option<&String>, Option<&String>) = (None, None);
    for i in 0..c.n() {
        let g = c.group[i].as_ref();
        let p = c.assignee[i].as_ref();
        let g_changes = g.is_some() && group.is_some() && g != group;
        let p_changes = p.is_some() && person.is_some() && p != person;
        if g_changes || p_changes {
            n += 1;
        }
        group = g.or(group);
        person = p.or(person);
    }
    n
}

/// `human_bot`: "a person follows a bot or the reverse": neighbouring events that both have an actor.
fn human_bot(c: &Case, o: &Options) -> i64 {
    let mut n = 0;
    for i in 1..c.n() {
        if let (Some(a), Some(b)) = (&c.rows[i - 1].actor, &c.rows[i].actor) {
            if o.bots.contains(a) != o.bots.contains(b) {
                n += 1;
            }
        }
    }
    n
}

/// "All definitions are computed and shown side by side". cases = cases with at least one; per_case over
/// all cases.
fn kinds(cases: &[Case], touches: &[Vec<Touch>], o: &Options) -> Value {
    let kind = |per_case: Vec<i64>| {
        let total: i64 = per_case.iter().sum();
        let with = per_case.iter().filter(|n| **n > 0).count();
        json!({"total": total, "cases": with, "per_case": ratio(total, cases.len() as i64)})
    };
    let over = |known: bool, f: &dyn Fn(&Case) -> i64| {
        if known { kind(cases.iter().map(f).collect()) } else { Value::Null }
    };
    let actor = if o.has_actor {
        kind(touches.iter().map(|t| (actor_runs(t).len() as i64 - 1).max(0)).collect())
    } else {
        Value::Null
    };
    json!({
        "group": over(o.has_group, &|c| compressed_count(&c.group)),
        "group_or_unassigned": over(o.has_group, &group_or_unassigned),
        "person": over(o.has_assignee, &|c| compressed_count(&c.assignee)),
        "owner": over(o.has_group || o.has_assignee, &owner),
        "actor": actor,
        "system": Value::Null,
        "human_bot": over(o.has_actor, &|c| human_bot(c, o)),
    })
}

pub fn findings(cases: &[Case], touches: &[Vec<Touch>], h: &Headline, o: &Options) -> Value {
    let mut pairs: BTreeMap<(String, String), (i64, Vec<i64>)> = BTreeMap::new();
    let (mut pp, mut pp_cases, mut returns) = (0, 0, 0);
    let (mut picked, mut passed_on, mut own, mut unknown) = (Vec::new(), 0, 0, 0);
    for c in &h.per_case {
        pp_cases += c.handoffs.iter().any(|x| x.ping_pong) as i64;
        for x in &c.handoffs {
            pp += x.ping_pong as i64;
            returns += x.returns as i64;
            let pair = pairs.entry((x.from.clone(), x.to.clone())).or_default();
            pair.0 += 1;
            match x.pickup {
                Pickup::Picked(ms, _) => {
                    pair.1.push(ms);
                    picked.push(ms);
                }
                Pickup::PassedOn(_) => passed_on += 1,
                Pickup::SelfAssigned => own += 1,
                Pickup::Unknown => unknown += 1,
            }
        }
    }
    let mut list: Vec<_> = pairs.into_iter().collect();
    list.sort_by(|a, b| b.1.0.cmp(&a.1.0).then(a.0.cmp(&b.0)));
    let mut rows = Vec::new();
    for ((from, to), (count, ms)) in list {
        let ms = sorted(ms);
        rows.push(json!({"from": from, "to": to, "count": count,
            "pickup_p50_ms": pct_ms(&ms, 50), "pickup_p90_ms": pct_ms(&ms, 90)}));
    }
    let mut out = Map::new();
    out.insert("definition".into(), json!(h.definition));
    out.insert("kinds".into(), kinds(cases, touches, o));
    out.insert("ping_pong".into(), json!(h.definition.map(|_| json!({"total": pp, "cases": pp_cases}))));
    out.insert("returns".into(), json!(h.definition.map(|_| returns)));
    out.insert("pairs".into(), json!(rows));
    out.insert("pickup_rule".into(), json!(h.definition.map(|_| h.rule)));
    out.insert("pickup_ms".into(), summary_ms(picked));
    out.insert("passed_on".into(), json!(passed_on));
    out.insert("self_assigned".into(), json!(own));
    out.insert("pickup_unknown".into(), json!(unknown));
    Value::Object(out)
}
