//! Where work waits: segments of waiting class × state × group over stays.
//!
//! A segment needs a minimum of completed stays. For each: totals, percentiles, spread, the time beyond the state's
//! median and beyond its 75th percentile over all groups, and the median of the other groups. None of these is
//! called removable. Segments are ranked by time beyond the state's p75 per month, raised by weights for
//! variability and exceptions, and lowered by weights for what nobody here can reach, where that is known. Active
//! states stand in a list of their own; terminal ones never.
//!
//! Worked example of the last step: a wait whose working time is 20 h busy, 20 h batch and 60 h idle has a reach of
//! 0.6; with a weight of 0.5 for capacity its score of 100 becomes 100 · (1 − 0.5 · 0.4) = 80.

use crate::metrics::durations::{Sorted, percentile_of_lists};
use crate::metrics::pairs::PairTable;
use crate::metrics::place_signs::LONG_MS;
use crate::metrics::visits::StayTally;
use crate::parallel;
use crate::states::touches::is_wait;
use crate::states::{Class, Semantics};

/// What ranks a segment beside the hours beyond p75.
#[derive(Clone, Copy, Debug)]
pub struct Rules {
    /// Fewest completed stays.
    pub min_stays: u64,
    /// Weight of a coefficient of variation above 1.
    pub variability: f64,
    /// Weight of being an exception state.
    pub exceptions: f64,
    /// Weight of the share of a wait that is for somebody outside.
    pub outside: f64,
    /// Weight of the share of a wait in which its owner is busy or works off a batch.
    pub capacity: f64,
}

/// What the working time of a wait is made of, as shares; the rest is idle or unobserved.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Reach {
    /// For somebody outside.
    pub outside: f64,
    /// The owner is busy with other cases or works off a batch.
    pub capacity: f64,
}

impl Reach {
    /// Share that is within reach of the ones who coordinate.
    #[must_use]
    pub fn share(self) -> f64 {
        (1.0 - self.outside - self.capacity).clamp(0.0, 1.0)
    }
}

/// One segment. Durations in milliseconds.
#[derive(Clone, Debug)]
pub struct Segment {
    /// State code.
    pub state: u32,
    /// Group code; 0 is none.
    pub group: u32,
    /// Class of the state.
    pub class: Class,
    /// Completed stays.
    pub stays: u64,
    /// Open stays.
    pub open_stays: u64,
    /// Total of completed stays.
    pub total_ms: i64,
    /// Share of the completed stays of all waiting (or all active) states.
    pub share: f64,
    /// Time beyond the state's median.
    pub beyond_p50_ms: i64,
    /// Time beyond the state's 75th percentile.
    pub beyond_p75_ms: i64,
    /// The latter per month.
    pub beyond_p75_ms_per_month: i64,
    /// Median.
    pub p50_ms: i64,
    /// 90th percentile.
    pub p90_ms: i64,
    /// Standard deviation over mean.
    pub cv: Option<f64>,
    /// Median of the same state's stays in other groups.
    pub others_p50_ms: Option<i64>,
    /// Rank value.
    pub score: f64,
    /// Share of its working time within reach of coordination; unknown where waits are not decomposed.
    pub reach: Option<f64>,
    /// A harmless-looking name over waits whose 90th percentile is long.
    pub benign_label: bool,
}

/// Waiting and active segments, each by score, falling.
pub struct Segments {
    /// Waits.
    pub waiting: Vec<Segment>,
    /// Work.
    pub active: Vec<Segment>,
}

/// Finds the segments. `months` is the length of the log in months of its dense volume.
#[must_use]
pub fn find(stays: PairTable<StayTally>, semantics: &Semantics, rules: Rules, months: f64, threads: usize) -> Segments {
    let mut states: Vec<(u32, Vec<(u32, StayTally)>)> = Vec::new();
    for ((state, group), tally) in stays.into_sorted() {
        if semantics.class(state).is_terminal() {
            continue;
        }
        match states.last_mut() {
            Some((last, groups)) if *last == state => groups.push((group, tally)),
            _ => states.push((state, vec![(group, tally)])),
        }
    }
    let found = parallel::map(threads, states, |_, (state, groups)| of_state(state, groups, semantics, rules, months));
    let (active, waiting): (Vec<Segment>, Vec<Segment>) =
        found.into_iter().flatten().partition(|segment| matches!(segment.class, Class::Active | Class::Review));
    Segments { waiting: ranked(waiting, rules.min_stays), active: ranked(active, rules.min_stays) }
}

/// Lowers the scores of waits by what is out of reach, and ranks them anew; `None` where nothing is known of that.
///
/// `others` go the way of their segments.
pub fn within_reach<T>(segments: &mut Vec<Segment>, others: &mut Vec<T>, reach: &[Option<Reach>], rules: Rules) {
    for (segment, reach) in segments.iter_mut().zip(reach) {
        segment.reach = reach.map(Reach::share);
        if let Some(reach) = reach {
            segment.score *= 1.0 - (rules.outside * reach.outside + rules.capacity * reach.capacity).clamp(0.0, 1.0);
        }
    }
    let mut pairs: Vec<(Segment, T)> = std::mem::take(segments).into_iter().zip(std::mem::take(others)).collect();
    pairs.sort_by(|(a, _), (b, _)| by_score(a, b));
    (*segments, *others) = pairs.into_iter().unzip();
}

/// Score, falling; then state and group.
fn by_score(a: &Segment, b: &Segment) -> std::cmp::Ordering {
    b.score.total_cmp(&a.score).then((a.state, a.group).cmp(&(b.state, b.group)))
}

/// Shares over all segments, then the ones with enough stays by score.
#[expect(clippy::cast_precision_loss, reason = "shares are ratios")]
fn ranked(mut segments: Vec<Segment>, min_stays: u64) -> Vec<Segment> {
    let total: i128 = segments.iter().map(|segment| i128::from(segment.total_ms)).sum();
    for segment in &mut segments {
        segment.share = if total == 0 { 0.0 } else { segment.total_ms as f64 / total as f64 };
    }
    segments.retain(|segment| segment.stays >= min_stays);
    segments.sort_by(by_score);
    segments
}

fn of_state(
    state: u32,
    groups: Vec<(u32, StayTally)>,
    semantics: &Semantics,
    rules: Rules,
    months: f64,
) -> Vec<Segment> {
    let class = semantics.class(state);
    let name = &semantics.states[state as usize].name;
    let heads: Vec<(u32, u64, i128)> =
        groups.iter().map(|(group, tally)| (*group, tally.open.len() as u64, tally.completed.sum_ms())).collect();
    let sorted: Vec<Sorted> = groups.into_iter().map(|(_, tally)| tally.completed.into_sorted()).collect();
    let all: Vec<&Sorted> = sorted.iter().collect();
    let mark = |percent: u32| percentile_of_lists(&all, percent).unwrap_or(0);
    let (state_p50_ms, state_p75_ms) = (mark(50), mark(75));
    let mut segments = Vec::with_capacity(heads.len());
    for (at, &(group, open_stays, sum_ms)) in heads.iter().enumerate() {
        let completed = &sorted[at];
        let others: Vec<&Sorted> =
            sorted.iter().enumerate().filter(|(other, _)| *other != at).map(|(_, list)| list).collect();
        let percentile = |percent: u32| percentile_of_lists(&[completed], percent).unwrap_or(0);
        let (p50_ms, p90_ms) = (percentile(50), percentile(90));
        let beyond = |mark: i64| to_i64(completed.beyond_ms(mark));
        let (beyond_p50_ms, beyond_p75_ms) = (beyond(state_p50_ms), beyond(state_p75_ms));
        let cv = variation(completed, sum_ms);
        let beyond_p75_ms_per_month = per_month(beyond_p75_ms, months);
        segments.push(Segment {
            state,
            group,
            class,
            stays: completed.len() as u64,
            open_stays,
            total_ms: to_i64(sum_ms),
            share: 0.0,
            beyond_p50_ms,
            beyond_p75_ms,
            beyond_p75_ms_per_month,
            p50_ms,
            p90_ms,
            cv,
            others_p50_ms: percentile_of_lists(&others, 50),
            reach: None,
            score: score(beyond_p75_ms_per_month, cv, class, rules),
            benign_label: is_benign(name) && p90_ms > LONG_MS,
        });
    }
    segments
}

/// Hours beyond p75 per month, raised by up to the weights for variability and for being an exception.
#[expect(clippy::cast_precision_loss, reason = "a score is a ratio")]
fn score(beyond_p75_ms_per_month: i64, cv: Option<f64>, class: Class, rules: Rules) -> f64 {
    let variability = rules.variability * (cv.unwrap_or(0.0) - 1.0).clamp(0.0, 4.0) / 4.0;
    let exceptions = if is_wait(class) { rules.exceptions } else { 0.0 };
    beyond_p75_ms_per_month as f64 / 3_600_000.0 * (1.0 + variability + exceptions)
}

/// Names behind which nobody looks for a problem.
fn is_benign(name: &str) -> bool {
    let lower = name.to_lowercase();
    ["await", "pending", "waiting", "on hold", "wait for", "in review"].iter().any(|word| lower.contains(word))
}

/// Standard deviation over mean; unknown when the mean is 0.
#[expect(clippy::cast_precision_loss, reason = "a ratio; the sums are exact integers before it")]
fn variation(durations: &Sorted, sum_ms: i128) -> Option<f64> {
    let n = durations.len() as f64;
    if sum_ms == 0 {
        return None;
    }
    let squares = durations.sum_of_squares();
    let mean = sum_ms as f64 / n;
    let variance = (squares as f64 / n - mean * mean).max(0.0);
    Some(variance.sqrt() / mean)
}

/// A total over the log as an amount per month.
#[must_use]
#[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "an estimate, rounded to ms")]
pub fn per_month(total_ms: i64, months: f64) -> i64 {
    if months > 0.0 { (total_ms as f64 / months).round() as i64 } else { 0 }
}

fn to_i64(value: i128) -> i64 {
    i64::try_from(value).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn segment(state: u32, score: f64) -> Segment {
        Segment {
            state,
            group: 0,
            class: Class::Queue,
            stays: 20,
            open_stays: 0,
            total_ms: 1,
            share: 0.1,
            beyond_p50_ms: 0,
            beyond_p75_ms: 0,
            beyond_p75_ms_per_month: 0,
            p50_ms: 0,
            p90_ms: 0,
            cv: None,
            others_p50_ms: None,
            score,
            reach: None,
            benign_label: false,
        }
    }

    /// The worked example, a wait outside, and one of which nothing is known.
    #[test]
    fn what_is_out_of_reach_lowers_the_rank_and_what_is_unknown_does_not() {
        let rules = Rules { min_stays: 1, variability: 0.25, exceptions: 0.25, outside: 0.9, capacity: 0.5 };
        let mut segments = vec![segment(1, 500.0), segment(2, 100.0), segment(3, 90.0)];
        let mut names = vec!["outside", "busy", "unknown"];
        let reach = [Some(Reach { outside: 1.0, capacity: 0.0 }), Some(Reach { outside: 0.0, capacity: 0.4 }), None];
        within_reach(&mut segments, &mut names, &reach, rules);
        assert_eq!(names, ["unknown", "busy", "outside"]);
        let found: Vec<(f64, Option<f64>)> = segments.iter().map(|segment| (segment.score, segment.reach)).collect();
        let wanted = [(90.0, None), (80.0, Some(0.6)), (50.0, Some(0.0))];
        for ((score, reach), (wanted_score, wanted_reach)) in found.into_iter().zip(wanted) {
            assert!((score - wanted_score).abs() < 1e-9, "{score}");
            assert!(reach.zip(wanted_reach).is_none_or(|(a, b): (f64, f64)| (a - b).abs() < 1e-9));
            assert_eq!(reach.is_some(), wanted_reach.is_some());
        }
    }
}
