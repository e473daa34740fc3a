//! Time in state, transitions, time to next step, survival, choke points.
use super::Options;
use super::cases::{Case, class_of, stays, terminal};
use super::stats::{mean_ms, pct_ms, ratio, sorted, summary_ms};
use super::window::Window;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// "Time to next step = entry into a state → the next event that changes state or owner". The owner is
/// the pair (group, assignee) in force. None when no such event follows.
pub fn next_step(c: &Case, entry: usize) -> Option<i64> {
    for i in entry + 1..c.n() {
        if c.state[i] != c.state[i - 1] || c.group[i] != c.group[i - 1] || c.assignee[i] != c.assignee[i - 1] {
            return Some(c.time(i) - c.time(entry));
        }
    }
    None
}

#[derive(Default)]
struct StateSums {
    completed: Vec<i64>,
    open: i64,
    cases: BTreeSet<String>,
    next: Vec<i64>,
    spells: Vec<Spell>,
}

/// Time in state: visits, cases, open visits, total and percentiles over completed visits, "by total_ms,
/// falling; total over completed visits, share of their sum over non-terminal states" (null for terminal).
pub fn states(cases: &[Case], o: &Options, as_of: i64, win: Option<&Window>) -> Value {
    let mut sums: BTreeMap<&str, StateSums> = BTreeMap::new();
    for c in cases {
        for v in &c.visits {
            let s = sums.entry(&v.state).or_default();
            s.cases.insert(c.id.clone());
            match v.end {
                Some(e) => s.completed.push(e - v.start),
                None => s.open += 1,
            }
            if let Some(ms) = next_step(c, v.from) {
                s.next.push(ms);
            }
            let entry = match win {
                Some(w) if v.start < w.from_ms => w.from_ms - v.start,
                _ => 0,
            };
            s.spells.push(Spell { entry, exit: v.end.unwrap_or(as_of) - v.start, left: v.end.is_some() });
        }
    }
    let all: i64 = sums.iter().filter(|(s, _)| !terminal(&class_of(s, o))).flat_map(|(_, s)| s.completed.iter()).sum();
    let mut list = Vec::new();
    for (state, s) in sums {
        let class = class_of(state, o);
        let total: i64 = s.completed.iter().sum();
        let visits = s.completed.len() as i64 + s.open;
        // "Where more than 5 % of a state's visits are open, Kaplan–Meier percentiles stand beside them"
        let survival = if !terminal(&class) && s.open * 20 > visits {
            json!({"p50": km_percentile(&s.spells, 50), "p90": km_percentile(&s.spells, 90)})
        } else {
            Value::Null
        };
        let v = json!({
            "state": state, "class": class, "visits": visits, "cases": s.cases.len(), "open_visits": s.open,
            "total_ms": total,
            "share": if terminal(&class) { Value::Null } else { ratio(total, all) },
            "completed_ms": summary_ms(s.completed),
            "survival_ms": survival,
            "next_step_ms": summary_ms(s.next),
        });
        list.push((-total, state, v));
    }
    list.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
    list.into_iter().map(|x| x.2).collect::<Vec<_>>().into()
}

/// One visit for Kaplan–Meier: ages at entry into the risk set and at exit; left = the state was left.
#[derive(Clone, Debug)]
pub struct Spell {
    pub entry: i64,
    pub exit: i64,
    pub left: bool,
}

/// Product limit: the smallest age t with S(t) <= 1 − p/100, null when S never falls that far. At risk at
/// t: entry < t (or entry 0) and exit >= t. "cases already open at the start of the window enter the risk
/// set late"; a visit over before the window never enters. "`cancelled` is a competing outcome, not
/// censoring": leaving to cancelled is leaving.
pub fn km_percentile(spells: &[Spell], p: i64) -> Option<i64> {
    let spells: Vec<&Spell> = spells.iter().filter(|s| s.entry == 0 || s.exit > s.entry).collect();
    let mut ages: Vec<i64> = spells.iter().filter(|s| s.left).map(|s| s.exit).collect();
    ages.sort_unstable();
    let entries = sorted(spells.iter().map(|s| s.entry).collect());
    let exits = sorted(spells.iter().map(|s| s.exit).collect());
    let mut survival = 1.0f64;
    let mut i = 0;
    while i < ages.len() {
        let t = ages[i];
        let mut deaths = 0;
        while i < ages.len() && ages[i] == t {
            deaths += 1;
            i += 1;
        }
        let entered = entries.partition_point(|e| *e < t || *e == 0);
        let gone = exits.partition_point(|e| *e < t);
        let at_risk = entered - gone;
        survival *= 1.0 - deaths as f64 / at_risk as f64;
        if survival <= 1.0 - p as f64 / 100.0 + 1e-12 {
            return Some(t);
        }
    }
    None
}

/// transitions: percentiles and mean of the duration of the FROM visit; next step after entry into `to`.
pub fn transitions(cases: &[Case]) -> Value {
    let mut sums: BTreeMap<(&str, &str), (Vec<i64>, Vec<i64>)> = BTreeMap::new();
    for c in cases {
        for k in 1..c.visits.len() {
            let (a, b) = (&c.visits[k - 1], &c.visits[k]);
            let s = sums.entry((&a.state, &b.state)).or_default();
            s.0.push(b.start - a.start);
            if let Some(ms) = next_step(c, b.from) {
                s.1.push(ms);
            }
        }
    }
    let mut list: Vec<_> = sums.into_iter().collect();
    list.sort_by(|a, b| b.1.0.len().cmp(&a.1.0.len()).then(a.0.cmp(&b.0)));
    let mut out = Vec::new();
    for ((from, to), (ms, next)) in list {
        let (ms, next) = (sorted(ms), sorted(next));
        out.push(json!({
            "from": from, "to": to, "count": ms.len(),
            "p50_ms": pct_ms(&ms, 50), "p90_ms": pct_ms(&ms, 90), "mean_ms": mean_ms(&ms),
            "next_step_p50_ms": pct_ms(&next, 50), "next_step_p90_ms": pct_ms(&next, 90),
        }));
    }
    Value::Array(out)
}

/// The classes that are no waiting.
fn is_work(class: &str) -> bool {
    class == "active" || class == "review"
}

/// "Segment = waiting class × state × group over stays, n ≥ 20; terminal states never, `active` in a list of its
/// own": both lists in one here; shares are of the list a segment belongs to.
/// beyond_*: sum over the segment's completed stays of max(0, d − the percentile of all completed stays of
/// that state over all groups).
/// `review` is work as in the ledger, so it stands in the list of `active`.
pub fn choke_points(cases: &[Case], o: &Options) -> Value {
    let mut by_state: BTreeMap<String, Vec<i64>> = BTreeMap::new();
    let mut segments: BTreeMap<(String, Option<String>), (Vec<i64>, i64)> = BTreeMap::new();
    for c in cases {
        for s in stays(c) {
            if terminal(&s.class) {
                continue;
            }
            let seg = segments.entry((s.state.clone(), s.group.clone())).or_default();
            match s.end {
                Some(e) => {
                    seg.0.push(e - s.start);
                    by_state.entry(s.state).or_default().push(e - s.start);
                }
                None => seg.1 += 1,
            }
        }
    }
    let marks: BTreeMap<String, (i64, i64)> = by_state
        .into_iter()
        .map(|(s, v)| {
            let v = sorted(v);
            (s, (pct_ms(&v, 50).unwrap(), pct_ms(&v, 75).unwrap()))
        })
        .collect();
    let sum_of = |active: bool| -> i64 {
        let in_list = segments.iter().filter(|((state, _), _)| is_work(&class_of(state, o)) == active);
        in_list.flat_map(|(_, (ms, _))| ms.iter()).sum()
    };
    let mut out = Vec::new();
    for ((state, group), (ms, open)) in &segments {
        if (ms.len() as i64) < o.min_stays {
            continue;
        }
        let class = class_of(state, o);
        let ms = sorted(ms.clone());
        let others = segments.iter().filter(|((s, g), _)| s == state && g != group);
        let others = sorted(others.flat_map(|(_, (ms, _))| ms.clone()).collect());
        let total: i64 = ms.iter().sum();
        let beyond = |mark: i64| ms.iter().map(|d| (d - mark).max(0)).sum::<i64>();
        let (state_p50, state_p75) = marks.get(state).copied().unwrap_or((0, 0)); // no completed stay: sums are 0
        let (p50, p90) = (pct_ms(&ms, 50).unwrap_or(0), pct_ms(&ms, 90).unwrap_or(0));
        out.push(json!({
            "state": state, "group": group, "class": class,
            "stays": ms.len(), "open_stays": open, "total_ms": total,
            "share": if total == 0 { json!(0.0) } else { ratio(total, sum_of(is_work(&class))) },
            "p50_ms": p50, "p90_ms": p90,
            "spread": if p50 > 0 { ratio(p90, p50) } else { Value::Null },
            "others_p50_ms": pct_ms(&others, 50),
            "beyond_p50_ms": beyond(state_p50), "beyond_p75_ms": beyond(state_p75),
        }));
    }
    out.sort_by_key(|v| std::cmp::Reverse(v["beyond_p75_ms"].as_i64()));
    Value::Array(out)
}
