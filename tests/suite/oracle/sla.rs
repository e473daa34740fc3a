//! The one SLA that a log's README states in numbers: business days Monday–Friday, 24 hours a day, no
//! holidays, from the first event to the last `Closed` (sla-tickets).
use super::cases::Case;
use super::window::DAY;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Milliseconds of [a, b) that lie on Monday to Friday (UTC).
pub fn weekday_ms(a: i64, b: i64) -> i64 {
    let mut sum = 0;
    let mut t = a;
    while t < b {
        let next = (t.div_euclid(DAY) + 1) * DAY;
        let weekday = (t.div_euclid(DAY) + 3).rem_euclid(7); // 0 = Monday
        if weekday < 5 {
            sum += next.min(b) - t;
        }
        t = next;
    }
    sum
}

/// "Breached = the timer passed its target before stop or `as_of`; the denominator is stopped plus open
/// past target; open within target is shown apart, and the closed-only rate beside it".
pub fn business_day_sla(cases: &[Case], target_days: &BTreeMap<String, i64>, stop_state: &str, as_of: i64) -> Value {
    let mut departments: BTreeMap<&str, (i64, i64)> = BTreeMap::new(); // closed tickets: met, missed
    let (mut met, mut missed, mut open_past, mut open_within, mut unknown) = (0i64, 0i64, 0i64, 0i64, 0i64);
    for c in cases {
        let department = c.rows[0].segments.iter().find(|s| s.0 == "Department").map(|s| &s.1);
        let Some(days) = department.and_then(|d| target_days.get(d)) else {
            unknown += 1;
            continue;
        };
        let last = c.visits.last().unwrap();
        let closed = if last.state == stop_state { Some(last.start) } else { None };
        let elapsed = weekday_ms(c.start(), closed.unwrap_or(as_of));
        if closed.is_some() {
            let d = departments.entry(department.unwrap()).or_default();
            d.0 += (elapsed <= days * DAY) as i64;
            d.1 += (elapsed > days * DAY) as i64;
        }
        match (closed.is_some(), elapsed > days * DAY) {
            (true, false) => met += 1,
            (true, true) => missed += 1,
            (false, true) => open_past += 1,
            (false, false) => open_within += 1,
        }
    }
    let denominator = met + missed + open_past;
    json!({
        "met": met, "missed": missed, "open_past_target": open_past, "open_within_target": open_within,
        "no_target": unknown,
        "closed_by_department": departments.into_iter().map(|(d, (met, missed))| (d.to_string(), json!({
            "target_days": target_days[d], "met": met, "missed": missed,
            "achieved_percent": 100.0 * met as f64 / (met + missed) as f64})))
            .collect::<serde_json::Map<_, _>>(),
        "breach_rate": {"stopped_or_past": super::stats::ratio(missed + open_past, denominator),
            "closed_only": super::stats::ratio(missed, met + missed)},
    })
}
