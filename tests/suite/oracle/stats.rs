//! "Percentiles interpolate linearly between closest ranks (type 7 ...); a percentile or mean shown as
//! integer milliseconds is rounded half away from zero in exact integer arithmetic."
use serde_json::{Map, Value, json};

/// a / b rounded to the nearest integer, halves away from zero (b > 0).
pub fn div_round(a: i128, b: i128) -> i64 {
    let q = if a >= 0 { (2 * a + b) / (2 * b) } else { -((-2 * a + b) / (2 * b)) };
    q as i64
}

/// 100 × the type-7 percentile, exactly. `v` must be sorted and not empty, 0 <= p <= 100.
fn percentile_times_100(v: &[i64], p: i128) -> i128 {
    let pos = (v.len() as i128 - 1) * p; // position in hundredths of a rank
    let k = (pos / 100) as usize;
    let rest = pos % 100;
    let lo = v[k] as i128;
    let hi = v[(k + 1).min(v.len() - 1)] as i128;
    lo * 100 + rest * (hi - lo)
}

/// Percentile as integer ms. `v` sorted. None when empty.
pub fn pct_ms(v: &[i64], p: i128) -> Option<i64> {
    if v.is_empty() {
        return None;
    }
    Some(div_round(percentile_times_100(v, p), 100))
}

/// Percentile of counts, as f64. `v` sorted. None when empty.
pub fn pct_f64(v: &[i64], p: i128) -> Option<f64> {
    if v.is_empty() {
        return None;
    }
    Some(percentile_times_100(v, p) as f64 / 100.0)
}

pub fn mean_ms(v: &[i64]) -> Option<i64> {
    if v.is_empty() {
        return None;
    }
    Some(div_round(v.iter().map(|x| *x as i128).sum(), v.len() as i128))
}

/// a / b, null when b is 0 ("Where a number cannot be known ... it is null").
pub fn ratio(a: i64, b: i64) -> Value {
    if b == 0 { Value::Null } else { json!(a as f64 / b as f64) }
}

pub fn sorted(mut v: Vec<i64>) -> Vec<i64> {
    v.sort_unstable();
    v
}

/// {n, mean, min, max, p50, p75, p90, p95, p99} in integer ms; all but n null when empty.
pub fn summary_ms(v: Vec<i64>) -> Value {
    let v = sorted(v);
    let mut m = Map::new();
    m.insert("n".into(), json!(v.len()));
    m.insert("mean".into(), json!(mean_ms(&v)));
    m.insert("min".into(), json!(v.first()));
    m.insert("max".into(), json!(v.last()));
    for p in [50, 75, 90, 95, 99] {
        m.insert(format!("p{p}"), json!(pct_ms(&v, p)));
    }
    Value::Object(m)
}
