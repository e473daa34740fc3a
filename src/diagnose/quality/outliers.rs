//! Times far from the bulk of a log, by three rules; an event counts under the first that holds.
//!
//! 1. Before 1990: no ticket system wrote it.
//! 2. Far: the middle 98 % of the events, in days of UTC, are the bulk; further away than the bulk is wide, and at least
//!    a year, is far.
//! 3. Alone: behind eight weeks or more without any event, after the last or before the first dense week.

use std::collections::BTreeMap;

use super::{MS_PER_DAY, RUN, Tally};
use crate::log::EventLog;
use crate::metrics::window::Window;
use crate::parallel;

/// 1990-01-01.
const EARLIEST_DAY: i64 = 7_305;
/// Least distance from the bulk, days.
const LEAST_FAR: i64 = 365;
/// Days without an event that separate a time from the others.
const EMPTY_DAYS: i64 = 56;

/// Why a time is an outlier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutlierRule {
    /// Before 1990.
    Early,
    /// Far from the bulk.
    Far,
    /// Behind a long empty stretch.
    Alone,
}

/// The outliers of a log.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outliers {
    /// Before 1990.
    pub early: Tally,
    /// Far from the bulk.
    pub far: Tally,
    /// Behind a long empty stretch.
    pub alone: Tally,
}

impl Outliers {
    /// All of them.
    #[must_use]
    pub fn count(&self) -> u64 {
        self.early.count + self.far.count + self.alone.count
    }
}

/// Days beyond which the rules hold.
struct Bounds {
    far: (i64, i64),
    alone: (i64, i64),
}

impl Bounds {
    fn rule(&self, day: i64) -> Option<OutlierRule> {
        if day < EARLIEST_DAY {
            Some(OutlierRule::Early)
        } else if day < self.far.0 || day > self.far.1 {
            Some(OutlierRule::Far)
        } else if day < self.alone.0 || day > self.alone.1 {
            Some(OutlierRule::Alone)
        } else {
            None
        }
    }
}

/// Finds them; `days` are the events per day and `window` the dense weeks.
#[must_use]
pub fn outliers(log: &EventLog, days: &BTreeMap<i64, u64>, window: Option<&Window>, threads: usize) -> Outliers {
    let bounds = Bounds { far: far(days), alone: alone(days, window) };
    if days.keys().all(|&day| bounds.rule(day).is_none()) {
        return Outliers::default();
    }
    let parts = parallel::map(threads, log.case_runs(RUN), |_, run| {
        let mut found = Outliers::default();
        for case in run {
            let number = u32::try_from(case).unwrap_or(u32::MAX);
            for &time_ms in &log.time_ms[log.range(case)] {
                let tally = match bounds.rule(time_ms.div_euclid(MS_PER_DAY)) {
                    Some(OutlierRule::Early) => &mut found.early,
                    Some(OutlierRule::Far) => &mut found.far,
                    Some(OutlierRule::Alone) => &mut found.alone,
                    None => continue,
                };
                tally.add(number, time_ms, 1);
            }
        }
        found
    });
    parts.into_iter().fold(Outliers::default(), |mut all, part| {
        all.early.append(part.early);
        all.far.append(part.far);
        all.alone.append(part.alone);
        all
    })
}

/// First and last day that is not far.
fn far(days: &BTreeMap<i64, u64>) -> (i64, i64) {
    let events: u64 = days.values().sum();
    let day_of = |rank: u64| {
        let mut seen = 0;
        let found = days.iter().find(|(_, events)| {
            seen += **events;
            seen > rank
        });
        found.map_or(0, |(day, _)| *day)
    };
    let (low, high) = (day_of(events / 100), day_of(events.saturating_sub(1 + events / 100)));
    let reach = (high - low).max(LEAST_FAR);
    (low - reach, high + reach)
}

/// First and last day that is not alone.
fn alone(days: &BTreeMap<i64, u64>, window: Option<&Window>) -> (i64, i64) {
    let Some(window) = window else { return (i64::MIN, i64::MAX) };
    let (first, behind) = (window.from_ms.div_euclid(MS_PER_DAY), window.to_ms.div_euclid(MS_PER_DAY));
    let mut last = behind - 1;
    for (&day, _) in days.range(behind..) {
        if day - last > EMPTY_DAYS {
            break;
        }
        last = day;
    }
    let mut from = first;
    for (&day, _) in days.range(..first).rev() {
        if from - day > EMPTY_DAYS {
            break;
        }
        from = day;
    }
    // most of a log cannot lie apart from it: then the empty stretches are how it is
    let kept: u64 = days.range(from..=last).map(|(_, events)| events).sum();
    let all: u64 = days.values().sum();
    if kept * 2 < all { (i64::MIN, i64::MAX) } else { (from, last) }
}
