//! The KPIs, their cuts, and the values behind the five questions.
use super::Options;
use super::cases::{Case, terminal};
use super::exceptions::{self, Exception};
use super::handoffs::CaseHandoffs;
use super::states::next_step;
use super::stats::{mean_ms, pct_f64, pct_ms, ratio, sorted, summary_ms};
use super::touches::{Touch, escalates, has_chase_source, kind_in, raises_priority};
use super::window::week_key;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// What one case contributes.
pub struct CaseFacts {
    pub cycle_ms: Option<i64>,
    pub first_resolution_ms: Option<i64>,
    pub handoffs: i64,
    pub assignments: i64,
    pub ping_pong: bool,
    pub reopens: i64,
    pub escalations: i64,
    pub exceptions: Vec<Exception>,
    pub missing_information: Vec<Exception>,
    pub cancelled: bool,
    /// of the buckets A, B, C, D
    pub touches: [i64; 4],
    /// in blocked and waiting states
    pub waiting_ms: i64,
    pub time_ms: i64,
}

pub fn case_facts(c: &Case, h: &CaseHandoffs, touches: &[Touch], o: &Options) -> CaseFacts {
    let waits =
        c.visits.iter().filter(|v| ["blocked", "waiting_requester", "waiting_external"].contains(&v.class.as_str()));
    CaseFacts {
        // "Cycle time = first event → completion"
        cycle_ms: c.completion.map(|t| t - c.start()),
        // "First resolution time = first event → first terminal entry"
        first_resolution_ms: (0..c.n()).find(|&i| c.terminal_entry(i)).map(|i| c.time(i) - c.start()),
        handoffs: h.handoffs.len() as i64,
        assignments: h.assignments,
        ping_pong: h.handoffs.iter().any(|x| x.ping_pong),
        reopens: c.reopens(),
        escalations: (0..c.n())
            .filter(|&i| raises_priority(c, i, o) || kind_in(c, i, &o.escalation_kinds, o) || escalates(c, i, o))
            .count() as i64,
        exceptions: exceptions::of_case(c),
        missing_information: exceptions::missing_information(c),
        cancelled: c.completion.is_some() && c.class[c.n() - 1] == "cancelled",
        touches: ["A", "B", "C", "D"].map(|class| touches.iter().filter(|t| t.class == class).count() as i64),
        waiting_ms: waits.map(|v| v.end.unwrap_or(c.end) - v.start).sum(),
        time_ms: c.end - c.start(),
    }
}

fn share(facts: &[&CaseFacts], f: &dyn Fn(&CaseFacts) -> bool) -> Value {
    ratio(facts.iter().filter(|x| f(x)).count() as i64, facts.len() as i64)
}

fn handoff_counts(facts: &[&CaseFacts]) -> Vec<i64> {
    sorted(facts.iter().map(|f| f.handoffs).collect())
}

fn mean_f64(v: &[i64]) -> Value {
    ratio(v.iter().sum(), v.len() as i64)
}

/// "Exception MTTR = distribution of closed exceptions (n, mean, p50, p90) with the open ones censored
/// beside it"
fn mttr(list: &[&Exception], only_resumed: bool) -> Value {
    let mut ms = Vec::new();
    let mut open = 0;
    let names: &[&str] = if only_resumed { &["resumed"] } else { &["resumed", "resolved_from_wait", "cancelled"] };
    let mut ended: BTreeMap<&str, i64> = names.iter().map(|name| (*name, 0)).collect();
    for e in list {
        if e.end.is_some() && names.contains(&e.ending) {
            *ended.entry(e.ending).or_default() += 1;
        }
        match e.end {
            None => open += 1,
            Some(end) if !only_resumed || e.ending == "resumed" => ms.push(end - e.start),
            Some(_) => {}
        }
    }
    let ms = sorted(ms);
    json!({"n": ms.len(), "mean": mean_ms(&ms), "p50": pct_ms(&ms, 50), "p90": pct_ms(&ms, 90),
        "open": open, "ended": ended})
}

/// Without a state nothing can be seen to wait.
fn states_known(cases: &[Case]) -> bool {
    cases.iter().any(|c| c.state.iter().any(|state| state != super::cases::NONE))
}

fn terminal_known(cases: &[Case]) -> bool {
    cases.iter().any(|c| c.class.iter().any(|class| terminal(class)))
}

pub fn kpis(
    cases: &[Case],
    facts: &[CaseFacts],
    touches: &[Vec<Touch>],
    headline: Option<&str>,
    reads: bool,
    o: &Options,
) -> Value {
    let all: Vec<&CaseFacts> = facts.iter().collect();
    let h = handoff_counts(&all);
    let owners = headline.is_some();
    // without a terminal state nothing can be reopened, and a rate of 0 would claim to have looked
    let reopens_known = terminal_known(cases);
    let exceptions: Vec<&Exception> = facts.iter().flat_map(|f| &f.exceptions).collect();
    let missing: Vec<&Exception> = facts.iter().flat_map(|f| &f.missing_information).collect();
    let known = |v: Value| if owners { v } else { Value::Null };
    let chases = if o.chase_kinds.is_empty() && !reads || !o.has_actor {
        Value::Null
    } else {
        let b = touches.iter().flatten().filter(|t| t.class == "B").count() as i64;
        ratio(b, cases.len() as i64)
    };
    json!({
        "cycle_time_ms": {
            "wall": summary_ms(facts.iter().filter_map(|f| f.cycle_ms).collect()),
            "business": Value::Null,
        },
        "first_resolution_ms": summary_ms(facts.iter().filter_map(|f| f.first_resolution_ms).collect()),
        "handoffs_per_case": known(json!({
            "mean": mean_f64(&h), "p50": pct_f64(&h, 50), "p90": pct_f64(&h, 90), "max": h.last(),
        })),
        // "Reassignment rate = share of cases with a handoff after the first assignment, and handoffs per
        // assignment"
        "reassignment_rate": known(json!({
            "of_cases": share(&all, &|f| f.handoffs > 0),
            "per_assignment": ratio(h.iter().sum(), facts.iter().map(|f| f.assignments).sum()),
        })),
        "ping_pong_case_rate": known(share(&all, &|f| f.ping_pong)),
        // "the reopen rate is the share of cases with at least one"
        "reopen_rate": if reopens_known { share(&all, &|f| f.reopens > 0) } else { Value::Null },
        "status_chases_per_case": chases,
        // "Exception rate = share of cases with at least one"
        "exception_rate": if states_known(cases) { share(&all, &|f| !f.exceptions.is_empty()) } else { Value::Null },
        "exception_mttr_ms": mttr(&exceptions, false),
        "missing_information_mttr_ms": mttr(&missing, true),
        "escalation_rate": escalation_rate(&all, reads, o),
    })
}

/// Share of cases with a priority raise, an event named an escalation or a comment that is one; null when none can be
/// seen.
fn escalation_rate(facts: &[&CaseFacts], reads: bool, o: &Options) -> Value {
    if o.priority_rank.is_empty() && o.escalation_kinds.is_empty() && !reads {
        Value::Null
    } else {
        share(facts, &|f| f.escalations > 0)
    }
}

/// "Each with distribution, by segment, by week and by outcome (resolved, cancelled, reopened,
/// escalated)". Segment: the value on the first event that names one. Week: of arrival. n: cases in the
/// cut (completed ones for cycle time).
pub fn cuts(cases: &[Case], facts: &[CaseFacts], owners: bool, (kpis, buckets): (&Value, &Value)) -> Value {
    let reopens_known = terminal_known(cases);
    let mut sets: BTreeMap<(&str, String), Vec<&CaseFacts>> = BTreeMap::new();
    for (c, f) in cases.iter().zip(facts) {
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for r in &c.rows {
            for (name, value) in &r.segments {
                if seen.insert(name) {
                    sets.entry(("segment", format!("{name}={value}"))).or_default().push(f);
                }
            }
        }
        sets.entry(("week", week_key(c.start()))).or_default().push(f);
        for mark in outcomes(f) {
            sets.entry(("outcome", mark.to_string())).or_default().push(f);
        }
    }
    let mut out = Vec::new();
    for ((dimension, key), set) in sets {
        let cycle = sorted(set.iter().filter_map(|f| f.cycle_ms).collect());
        let n = set.len();
        let closed: Vec<i64> =
            set.iter().flat_map(|f| &f.exceptions).filter_map(|e| e.end.map(|end| end - e.start)).collect();
        let sum = |of: &dyn Fn(&CaseFacts) -> i64| -> i64 { set.iter().map(|f| of(f)).sum() };
        let touched = |bucket: usize| ratio(sum(&|f| f.touches[bucket]), n as i64);
        let values = [
            ("cycle_time_ms.wall.p50", cycle.len(), json!(pct_ms(&cycle, 50))),
            ("cycle_time_ms.wall.p90", cycle.len(), json!(pct_ms(&cycle, 90))),
            ("handoffs_per_case.mean", n, mean_f64(&handoff_counts(&set))),
            ("reassignment_rate.of_cases", n, share(&set, &|f| f.handoffs > 0)),
            ("reopen_rate", n, share(&set, &|f| f.reopens > 0)),
            ("exception_rate", n, share(&set, &|f| !f.exceptions.is_empty())),
            ("exception_mttr_ms.mean", closed.len(), ratio(closed.iter().sum(), closed.len() as i64)),
            ("waiting_share", n, ratio(sum(&|f| f.waiting_ms), sum(&|f| f.time_ms))),
            ("escalation_rate", n, share(&set, &|f| f.escalations > 0)),
            ("status_chases_per_case", n, touched(1)),
            ("buckets.A.touches_per_case", n, touched(0)),
            ("buckets.B.touches_per_case", n, touched(1)),
            ("buckets.C.touches_per_case", n, touched(2)),
            ("buckets.D.touches_per_case", n, touched(3)),
        ];
        for (kpi, n, value) in values {
            let known = match kpi {
                "handoffs_per_case.mean" | "reassignment_rate.of_cases" => owners,
                "reopen_rate" => reopens_known,
                "escalation_rate" | "status_chases_per_case" | "exception_rate" => !kpis[kpi].is_null(),
                "waiting_share" => !kpis["exception_rate"].is_null(),
                bucket if bucket.starts_with("buckets.") => {
                    let bucket = &buckets[bucket.split('.').nth(1).unwrap()];
                    !bucket["touches"].is_null() && bucket["proxy"] == false
                }
                _ => true,
            };
            if known {
                out.push(json!({"kpi": kpi, "dimension": dimension, "key": key, "n": n, "value": value}));
            }
        }
    }
    Value::Array(out)
}

/// Marks, not a partition.
fn outcomes(f: &CaseFacts) -> Vec<&'static str> {
    let mut out = Vec::new();
    match (f.cycle_ms, f.cancelled) {
        (None, _) => out.push("open"),
        (Some(_), true) => out.push("cancelled"),
        (Some(_), false) => out.push("resolved"),
    }
    if f.reopens > 0 {
        out.push("reopened");
    }
    if f.escalations > 0 {
        out.push("escalated");
    }
    out
}

/// The values behind "how often does ownership change per case; how often is a case blocked for missing
/// information; p50 and p90 time to next step after a state change; pings ... per case to get an update;
/// share of cases that escalate".
pub fn questions(
    cases: &[Case],
    facts: &[CaseFacts],
    touches: &[Vec<Touch>],
    has_comments: bool,
    headline: Option<&str>,
    reads: bool,
    o: &Options,
) -> Value {
    let all: Vec<&CaseFacts> = facts.iter().collect();
    let h = handoff_counts(&all);
    let n = cases.len() as i64;
    let info_runs: i64 = facts.iter().map(|f| f.missing_information.len() as i64).sum();
    let mut after_change = Vec::new();
    for c in cases {
        for v in c.visits.iter().skip(1) {
            after_change.extend(next_step(c, v.from));
        }
    }
    let after_change = sorted(after_change);
    let chases = touches.iter().flatten().filter(|t| t.class == "B").count() as i64;
    let proxy = touches.iter().flatten().filter(|t| t.unchanged).count() as i64;
    let waits_known = cases.iter().any(|c| c.class.iter().any(|class| class == "waiting_requester"));
    let information = json!({"share_of_cases": share(&all, &|f| !f.missing_information.is_empty()),
        "cases": facts.iter().filter(|f| !f.missing_information.is_empty()).count(),
        "runs": info_runs, "runs_per_case": ratio(info_runs, n)});
    let proxy_known = o.has_actor && !has_chase_source(has_comments, o);
    json!([
        {"id": "D40", "values": headline.map(|_| json!({"mean": mean_f64(&h), "p50": pct_f64(&h, 50),
            "p90": pct_f64(&h, 90), "max": h.last(), "share_of_cases": share(&all, &|f| f.handoffs > 0)}))},
        {"id": "D41", "values": waits_known.then_some(information)},
        {"id": "D42", "values": (!after_change.is_empty()).then(|| json!({"n": after_change.len(),
            "p50_ms": pct_ms(&after_change, 50), "p90_ms": pct_ms(&after_change, 90)}))},
        {"id": "D43", "values": if o.chase_kinds.is_empty() && !reads || !o.has_actor {
            json!({"chases_per_case": Value::Null,
                "proxy_touches_per_case": if proxy_known { ratio(proxy, n) } else { Value::Null }})
        } else {
            json!({"chases_per_case": ratio(chases, n)})
        }},
        {"id": "D44", "values": {"share_of_cases": escalation_rate(&all, reads, o)}},
    ])
}
