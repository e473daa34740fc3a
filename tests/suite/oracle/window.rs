//! Dense window, stale cases, Little's law.
use super::cases::Case;
use super::stats::{div_round, pct_f64, pct_ms, sorted};
use chrono::{DateTime, Datelike, Utc};
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const DAY: i64 = 86_400_000;
pub const WEEK: i64 = 7 * DAY;

/// Number of the week that holds t; weeks start Monday 00:00 UTC (1970-01-01 was a Thursday).
pub fn week_number(t: i64) -> i64 {
    (t + 3 * DAY).div_euclid(WEEK)
}
pub fn week_start(week: i64) -> i64 {
    week * WEEK - 3 * DAY
}

fn utc(t: i64) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(t).unwrap()
}

/// ISO week key, `2016-W09`.
pub fn week_key(t: i64) -> String {
    let w = utc(t).iso_week();
    format!("{:04}-W{:02}", w.year(), w.week())
}
/// ISO 8601 to the second, with milliseconds where there are any.
pub fn instant(t: i64) -> String {
    utc(t).to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true)
}
pub fn date(t: i64) -> String {
    utc(t).format("%Y-%m-%d").to_string()
}

pub struct Window {
    pub from_ms: i64,
    /// exclusive: Monday 00:00 after the last week
    pub to_ms: i64,
    pub weeks: i64,
    pub reference: f64,
    pub median_week: f64,
}

impl Window {
    pub fn holds(&self, t: i64) -> bool {
        self.from_ms <= t && t < self.to_ms
    }
    pub fn to_json(&self, cases: &[Case]) -> Value {
        let inside = cases.iter().filter(|c| self.holds(c.start())).count();
        json!({
            "dense_from": date(self.from_ms),
            "dense_to": date(self.to_ms - 1),
            "weeks": self.weeks,
            "cases_outside": cases.len() - inside,
            "reference_per_week": self.reference,
            "median_per_week": self.median_week,
            // "Volumes per month (median of the weeks inside it × 30.4/7)"
            "volume_per_month": self.median_week * 30.4 / 7.0,
        })
    }
}

/// "The dense window is the longest run of calendar weeks, gaps of up to two weeks bridged, with at least
/// 25 % of the reference weekly arrivals, the reference being the case-weighted median of weekly arrivals
/// (each case carries the arrivals of its week ...). A case arrives with its first event."
pub fn dense_window(cases: &[Case]) -> Option<Window> {
    let mut arrivals: BTreeMap<i64, i64> = BTreeMap::new();
    for c in cases {
        *arrivals.entry(week_number(c.start())).or_default() += 1;
    }
    let weights = sorted(cases.iter().map(|c| arrivals[&week_number(c.start())]).collect());
    let reference = pct_f64(&weights, 50)?;
    let mut best: Option<(i64, i64)> = None;
    let mut run: Option<(i64, i64)> = None;
    for (&week, &n) in &arrivals {
        if (n as f64) < 0.25 * reference {
            continue;
        }
        run = match run {
            // at most two weeks between this one and the last
            Some((a, b)) if week - b - 1 <= 2 => Some((a, week)),
            _ => Some((week, week)),
        };
        let (a, b) = run.unwrap();
        if best.is_none() || b - a > best.unwrap().1 - best.unwrap().0 {
            best = run; // strictly longer, so the earliest wins a tie
        }
    }
    let (a, b) = best?;
    let weekly = sorted((a..=b).map(|w| arrivals.get(&w).copied().unwrap_or(0)).collect());
    Some(Window {
        from_ms: week_start(a),
        to_ms: week_start(b + 1),
        weeks: b - a + 1,
        reference,
        median_week: pct_f64(&weekly, 50).unwrap(),
    })
}

pub struct Stale {
    pub case: String,
    pub state: String,
    pub silent_ms: i64,
}

/// "max(p99 of gaps between events, 90 days)"
pub fn stale_threshold(cases: &[Case]) -> i64 {
    let mut gaps = Vec::new();
    for c in cases {
        for i in 1..c.n() {
            gaps.push(c.time(i) - c.time(i - 1));
        }
    }
    pct_ms(&sorted(gaps), 99).unwrap_or(0).max(90 * DAY)
}

/// "An open case with no event for longer than max(p99 of gaps between events, 90 days) is stale"
pub fn stale(cases: &[Case], as_of: i64) -> Vec<Stale> {
    let limit = stale_threshold(cases);
    let mut out = Vec::new();
    for c in cases {
        let silent_ms = as_of - c.last();
        if c.completion.is_none() && silent_ms > limit {
            out.push(Stale { case: c.id.clone(), state: c.state[c.n() - 1].clone(), silent_ms });
        }
    }
    out.sort_by(|a, b| b.silent_ms.cmp(&a.silent_ms).then(a.case.cmp(&b.case)));
    out
}

pub fn stale_json(stale: &[Stale]) -> Value {
    stale.iter().map(|s| json!({"case": s.case, "state": s.state, "silent_ms": s.silent_ms})).collect::<Vec<_>>().into()
}

/// "Little's law (L, λ, W and the residual) is a consistency check with a stability warning": over the
/// dense window, without stale cases.
pub fn little(cases: &[Case], stale: &[Stale], win: Option<&Window>) -> Value {
    let Some(w) = win else { return Value::Null };
    let (mut area, mut time, mut arrivals, mut completions) = (0i128, 0i128, 0i64, 0i64);
    for c in cases {
        if stale.iter().any(|s| s.case == c.id) {
            continue;
        }
        let overlap = c.end.min(w.to_ms) - c.start().max(w.from_ms);
        area += overlap.max(0) as i128;
        if w.holds(c.start()) {
            arrivals += 1;
            time += (c.end - c.start()) as i128;
        }
        if c.completion.is_some_and(|t| w.holds(t)) {
            completions += 1;
        }
    }
    let days = (w.to_ms - w.from_ms) as f64 / DAY as f64;
    let l = area as f64 / (w.to_ms - w.from_ms) as f64;
    let lambda = arrivals as f64 / days;
    if arrivals == 0 {
        return Value::Null; // nothing but stale cases arrives: no W
    }
    let mean = time as f64 / arrivals as f64;
    let residual = if l == 0.0 { None } else { Some((l - lambda * mean / DAY as f64) / l) };
    json!({
        "arrivals_per_day": lambda,
        "cycle_ms": div_round(time, i128::from(arrivals)),
        "wip": l,
        "residual": residual,
        "stable": (completions - arrivals).abs() * 10 <= arrivals,
    })
}
