//! Reconciliation, bots, and further facts that metrics.md or the logs' README state.
use super::Options;
use super::cases::{Case, blocked_or_waiting, terminal};
use super::exceptions::{self, Kind};
use super::handoffs::{compressed, group_or_unassigned};
use super::stats::ratio;
use super::touches::{Touch, nothing_visible};
use super::window::stale_threshold;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The counter kept by the system, on the last row of the case, against our own count.
pub fn reconcile(cases: &[Case], o: &Options) -> Value {
    let mut out = Vec::new();
    let terminal_known = cases.iter().any(|c| c.class.iter().any(|class| terminal(class)));
    for (column, measure) in &o.reconcile {
        // our own count must be known: 0 for want of a column or of a terminal state would claim to have looked
        let ours_known = if measure == "reopens" { terminal_known } else { o.has_group };
        if !ours_known {
            continue;
        }
        let (mut n, mut agree, mut theirs, mut ours) = (0, 0, 0, 0);
        let (mut nonzero, mut nonzero_agree) = (0, 0);
        for c in cases {
            let last = &c.rows[c.n() - 1];
            let value = last.counters.iter().find(|k| k.0 == *column).map(|k| k.1);
            let Some(t) = value else { continue };
            let u = match measure.as_str() {
                "group_or_unassigned" => group_or_unassigned(c),
                "group" => (compressed(&c.group).len() as i64 - 1).max(0),
                "person" => (compressed(&c.assignee).len() as i64 - 1).max(0),
                "reopens" => c.reopens(),
                _ => c.n() as i64,
            };
            n += 1;
            agree += (t == u) as i64;
            nonzero += (t != 0) as i64;
            nonzero_agree += (t != 0 && t == u) as i64;
            theirs += t;
            ours += u;
        }
        if n == 0 {
            continue;
        }
        let path = if measure == "reopens" { "kpis.reopens".to_string() } else { format!("handoffs.kinds.{measure}") };
        out.push(json!({"column": column, "measure": path, "agreement": ratio(agree, n), "cases": n,
            "total_theirs": theirs, "total_ours": ours,
            "cases_nonzero": nonzero, "agree_nonzero": nonzero_agree}));
    }
    Value::Array(out)
}

/// The given bots, with the evidence that metrics.md names: rows, the transition that dominates, and the
/// most rows in one minute.
pub fn bots(cases: &[Case], o: &Options) -> Value {
    let mut out = Vec::new();
    for bot in &o.bots {
        let mut rows = 0i64;
        let mut moves: BTreeMap<(&str, &str), i64> = BTreeMap::new();
        let mut minutes: BTreeMap<i64, i64> = BTreeMap::new();
        for c in cases {
            for i in 0..c.n() {
                if c.rows[i].actor.as_ref() != Some(bot) {
                    continue;
                }
                rows += 1;
                *minutes.entry(c.time(i).div_euclid(60_000)).or_default() += 1;
                if c.state_changes(i) {
                    *moves.entry((&c.state[i - 1], &c.state[i])).or_default() += 1;
                }
            }
        }
        let top = moves.iter().max_by_key(|m| *m.1);
        out.push(json!({"actor": bot, "rows": rows,
            "top_transition": top.map(|((a, b), n)| json!({"from": a, "to": b, "count": n})),
            "max_rows_in_a_minute": minutes.values().max()}));
    }
    Value::Array(out)
}

pub fn extra(cases: &[Case], touches: &[Vec<Touch>], work_ms: i64, o: &Options) -> Value {
    let actors = distinct(cases, &|c, i| c.rows[i].actor.clone());
    let assignees = distinct(cases, &|c, i| c.rows[i].assignee.clone());
    json!({
        "rows_by_state": rows_by_state(cases),
        "reopens": cases.iter().map(Case::reopens).sum::<i64>(),
        "reopened_cases": cases.iter().filter(|c| c.reopens() > 0).count(),
        "zero_cycle_cases": cases.iter().filter(|c| c.completion == Some(c.start())).count(),
        "unchanged_steps": cases.iter()
            .map(|c| (0..c.n()).filter(|&i| nothing_visible(c, i)).count()).sum::<usize>(),
        "group_or_unassigned_split": group_split(cases),
        "first_terminal_row": first_terminal_row(cases),
        "exceptions": exception_counts(cases),
        "touches": touches.iter().map(Vec::len).sum::<usize>(),
        "touch_window_ms": super::touches::window_ms(o),
        "work_elapsed_ms": work_ms,
        "bots": bots(cases, o),
        "stale_threshold_ms": stale_threshold(cases),
        "distinct_actors": actors.len(),
        "distinct_assignees": assignees.len(),
        "assignees_who_act": actors.intersection(&assignees).count(),
        "last_state": last_states(cases),
        "counter_falls": counter_falls(cases),
    })
}

fn distinct(cases: &[Case], f: &dyn Fn(&Case, usize) -> Option<String>) -> BTreeSet<String> {
    let mut out = BTreeSet::new();
    for c in cases {
        for i in 0..c.n() {
            out.extend(f(c, i));
        }
    }
    out
}

fn rows_by_state(cases: &[Case]) -> Value {
    let mut out: BTreeMap<&str, i64> = BTreeMap::new();
    for c in cases {
        for s in &c.state {
            *out.entry(s).or_default() += 1;
        }
    }
    json!(out)
}

fn last_states(cases: &[Case]) -> Value {
    let mut out: BTreeMap<&str, i64> = BTreeMap::new();
    for c in cases {
        *out.entry(&c.state[c.n() - 1]).or_default() += 1;
    }
    json!(out)
}

/// "known→known adjacent, known→none, none→known later, first assignments"
fn group_split(cases: &[Case]) -> Value {
    let (mut known, mut to_none, mut again, mut first) = (0, 0, 0, 0);
    for c in cases {
        for i in 1..c.n() {
            match (&c.group[i - 1], &c.group[i]) {
                (a, b) if a == b => {}
                (Some(_), Some(_)) => known += 1,
                (Some(_), None) => to_none += 1,
                (None, _) if c.group[..i].iter().any(Option::is_some) => again += 1,
                (None, _) => first += 1,
            }
        }
    }
    json!({"known_known": known, "known_none": to_none, "none_known_later": again, "first_assignment": first})
}

/// The row of the first terminal entry: does it name a group, and is it the case's first known group?
fn first_terminal_row(cases: &[Case]) -> Value {
    let (mut named, mut first_group) = (0, 0);
    for c in cases {
        let Some(i) = (0..c.n()).find(|&i| c.terminal_entry(i)) else {
            continue;
        };
        if let Some(g) = &c.rows[i].group {
            named += 1;
            let first = c.rows.iter().find_map(|r| r.group.as_ref());
            first_group += (first == Some(g)) as i64;
        }
    }
    json!({"names_a_group": named, "equals_first_known_group": first_group})
}

/// Visits and maximal runs of blocked / waiting states, reopened gaps, and how the runs end.
fn exception_counts(cases: &[Case]) -> Value {
    let (mut visits, mut runs, mut gaps) = (0, 0, 0);
    let mut endings: BTreeMap<&str, i64> = BTreeMap::new();
    for c in cases {
        visits += c.visits.iter().filter(|v| blocked_or_waiting(&v.class) && !terminal(&v.class)).count();
        for e in exceptions::of_case(c) {
            if e.kind == Kind::ReopenedGap {
                gaps += 1;
            } else {
                runs += 1;
                *endings.entry(e.ending).or_default() += 1;
            }
        }
    }
    json!({"visits": visits, "runs": runs, "reopened_gaps": gaps, "run_endings": endings})
}

/// Steps at which a counter of the system falls, tied and untied in time: does file order agree with it?
fn counter_falls(cases: &[Case]) -> Value {
    let mut out: BTreeMap<&str, (i64, i64)> = BTreeMap::new();
    for c in cases {
        for i in 1..c.n() {
            for (a, b) in c.rows[i - 1].counters.iter().zip(&c.rows[i].counters) {
                let falls = out.entry(&b.0).or_default();
                if a.0 == b.0 && b.1 < a.1 {
                    if c.time(i) == c.time(i - 1) {
                        falls.0 += 1;
                    } else {
                        falls.1 += 1;
                    }
                }
            }
        }
    }
    out.into_iter()
        .map(|(k, (tied, untied))| (k.to_string(), json!({"tied": tied, "untied": untied})))
        .collect::<serde_json::Map<_, _>>()
        .into()
}

/// "A log in which no case is open carries the warning `closed_only`"
pub fn warnings(cases: &[Case]) -> Value {
    if !cases.is_empty() && cases.iter().all(|c| c.completion.is_some()) {
        json!([{"code": "closed_only"}])
    } else {
        json!([])
    }
}
