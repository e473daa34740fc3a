//! The dense window and Little's law.
//!
//! The dense window is the longest run of calendar weeks (Monday, UTC), gaps of up to two weeks bridged, with at
//! least 25 % of the reference weekly arrivals. The reference is the case-weighted median of weekly arrivals:
//! each case carries the arrivals of its week, so that a long thin tail does not set it. A case arrives with its
//! first event.
//!
//! Worked example: weekly arrivals 100, 120, 4, 110, 2, 3, 1, 90 have reference 110 (type-7 median over 430
//! cases), threshold 27.5, dense weeks 1, 2, 4, 8; the single week between 2 and 4 is bridged, the three before 8
//! are not: the window is weeks 1 to 4.

use std::collections::BTreeMap;

use super::case_facts::CaseFact;
use crate::parallel;
use crate::time::week_start_ms;

const WEEK_MS: i64 = 7 * 86_400_000;

/// The dense window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Start of its first week, UTC ms.
    pub from_ms: i64,
    /// Start of the week behind its last one, UTC ms.
    pub to_ms: i64,
    /// Weeks.
    pub weeks: u64,
    /// Reference weekly arrivals.
    pub reference: f64,
    /// Median weekly arrivals inside.
    pub median: f64,
    /// Arrivals inside.
    pub inside: u64,
    /// Arrivals outside.
    pub outside: u64,
}

impl Window {
    /// Arrivals per month: the median week × 30.4 / 7.
    #[must_use]
    pub fn volume_per_month(&self) -> f64 {
        self.median * 30.4 / 7.0
    }
}

/// Instants by calendar week: start of the week in UTC ms and how many, in order of time.
#[must_use]
pub fn by_week(instants: impl Iterator<Item = i64>) -> Vec<(i64, u64)> {
    let mut weeks: BTreeMap<i64, u64> = BTreeMap::new();
    instants.for_each(|ms| *weeks.entry(week_start_ms(ms)).or_default() += 1);
    weeks.into_iter().collect()
}

/// The dense window of a log, from its arrivals: start of the week in UTC ms and cases, in order of time; `None`
/// without cases.
#[must_use]
pub fn dense_window(weeks: &[(i64, u64)]) -> Option<Window> {
    let (origin, _) = *weeks.first()?;
    let week = |ms: i64| usize::try_from((ms - origin) / WEEK_MS).unwrap_or(0);
    let mut arrivals = vec![0u64; week(weeks.last()?.0) + 1];
    for &(ms, cases) in weeks {
        arrivals[week(ms)] += cases;
    }
    let reference = case_weighted_median(&arrivals);
    let (from, to) = longest_run(&arrivals, reference);
    let mut inside: Vec<u64> = arrivals[from..to].to_vec();
    let total: u64 = inside.iter().sum();
    inside.sort_unstable();
    let at = |week: usize| origin + i64::try_from(week).unwrap_or(0) * WEEK_MS;
    Some(Window {
        from_ms: at(from),
        to_ms: at(to),
        weeks: (to - from) as u64,
        reference,
        median: super::durations::percentile_of_sorted(&inside, 50).unwrap_or(0.0),
        inside: total,
        outside: arrivals.iter().sum::<u64>() - total,
    })
}

/// Type-7 median of the arrivals of each case's own week.
#[expect(clippy::cast_precision_loss, reason = "weekly arrivals are far below 2^53")]
fn case_weighted_median(arrivals: &[u64]) -> f64 {
    let mut sorted: Vec<u64> = arrivals.iter().copied().filter(|&n| n > 0).collect();
    sorted.sort_unstable();
    let total: u64 = sorted.iter().sum();
    let value_at = |rank: u64| {
        let mut seen = 0;
        for &n in &sorted {
            seen += n;
            if rank < seen {
                return n as f64;
            }
        }
        0.0
    };
    if total == 0 {
        return 0.0;
    }
    let last = total - 1;
    f64::midpoint(value_at(last / 2), value_at(last.div_ceil(2)))
}

/// First and behind-last index of the longest run; the earliest of equally long ones.
#[expect(clippy::cast_precision_loss, reason = "weekly arrivals are far below 2^53")]
fn longest_run(arrivals: &[u64], reference: f64) -> (usize, usize) {
    let mut best = (0, 0);
    let mut run: Option<(usize, usize)> = None;
    for (week, &n) in arrivals.iter().enumerate() {
        if (n as f64) < 0.25 * reference {
            continue;
        }
        let (from, _) = run.filter(|&(_, to)| week - to <= 2).unwrap_or((week, week));
        run = Some((from, week + 1));
        if week + 1 - from > best.1 - best.0 {
            best = (from, week + 1);
        }
    }
    best
}

/// Little's law over the dense window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct LittlesLaw {
    /// Arrivals per day, λ.
    pub arrivals_per_day: f64,
    /// Mean time in the system of cases that arrive in the window, ms, W.
    pub mean_ms: i64,
    /// Time-average of cases in the system, L.
    pub in_progress: f64,
    /// (L − λW) / L; `None` when L is 0.
    pub residual: Option<f64>,
    /// Completions in the window differ from arrivals by at most 10 %.
    pub stable: bool,
}

/// L, λ and W over the window, without stale cases.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "ratios come last; sums below 2^53 ms·cases are exact, larger ones rounded"
)]
pub fn littles_law(
    facts: &[CaseFact],
    window: &Window,
    is_stale: impl Fn(&CaseFact) -> bool + Sync,
    threads: usize,
) -> Option<LittlesLaw> {
    let parts = parallel::map(threads, facts.chunks(1 << 16).collect(), |_, facts: &[CaseFact]| {
        let (mut area, mut arrivals, mut completions, mut time) = (0i128, 0u64, 0u64, 0i128);
        for fact in facts.iter().filter(|fact| !is_stale(fact)) {
            let overlap = fact.end_ms.min(window.to_ms) - fact.first_ms.max(window.from_ms);
            area += i128::from(overlap.max(0));
            if (window.from_ms..window.to_ms).contains(&fact.first_ms) {
                arrivals += 1;
                time += i128::from(fact.duration_ms());
            }
            completions += u64::from(fact.completed && (window.from_ms..window.to_ms).contains(&fact.end_ms));
        }
        (area, arrivals, completions, time)
    });
    let (area, arrivals, completions, time) =
        parts.into_iter().fold((0, 0, 0, 0), |a, b| (a.0 + b.0, a.1 + b.1, a.2 + b.2, a.3 + b.3));
    let length = window.to_ms - window.from_ms;
    if arrivals == 0 || length == 0 {
        return None;
    }
    let days = length as f64 / 86_400_000.0;
    let lambda = arrivals as f64 / days;
    let mean_ms = i64::try_from(super::durations::divide_rounded(time, i128::from(arrivals))).ok()?;
    let in_progress = area as f64 / length as f64;
    let expected = lambda * (time as f64 / arrivals as f64) / 86_400_000.0;
    let residual = (in_progress > 0.0).then(|| (in_progress - expected) / in_progress);
    let stable = completions.abs_diff(arrivals) * 10 <= arrivals;
    Some(LittlesLaw { arrivals_per_day: lambda, mean_ms, in_progress, residual, stable })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worked_example() {
        let arrivals = [100, 120, 4, 110, 2, 3, 1, 90];
        let reference = case_weighted_median(&arrivals);
        assert!((reference - 110.0).abs() < 1e-9);
        assert_eq!(longest_run(&arrivals, reference), (0, 4));
    }

    #[test]
    fn two_thin_weeks_are_bridged_three_are_not() {
        assert_eq!(longest_run(&[10, 0, 0, 10], 10.0), (0, 4));
        assert_eq!(longest_run(&[10, 0, 0, 0, 10], 10.0), (0, 1));
    }
}
