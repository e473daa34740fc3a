//! Many durations and their exact percentiles.
//!
//! Durations below 2³² ms (49.7 days) take four bytes, longer ones eight; percentiles come by selection, so the
//! order in which durations were added, and how they were split over threads, cannot matter.

/// Mean and quantiles of a distribution, whole milliseconds; unknown when it is empty.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Quantiles {
    /// Values.
    pub n: u64,
    /// Mean, half away from zero.
    pub mean: Option<i64>,
    /// Smallest.
    pub min: Option<i64>,
    /// Largest.
    pub max: Option<i64>,
    /// Median.
    pub p50: Option<i64>,
    /// 75th percentile.
    pub p75: Option<i64>,
    /// 90th percentile.
    pub p90: Option<i64>,
    /// 95th percentile.
    pub p95: Option<i64>,
    /// 99th percentile.
    pub p99: Option<i64>,
}

/// A bag of non-negative durations, milliseconds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Durations {
    short: Vec<u32>,
    long: Vec<i64>,
    sum: i128,
}

impl Durations {
    /// Adds one duration.
    #[inline]
    pub fn push(&mut self, ms: i64) {
        match u32::try_from(ms) {
            Ok(short) => self.short.push(short),
            Err(_) => self.long.push(ms),
        }
        self.sum += i128::from(ms);
    }

    /// Adds all of another bag.
    pub fn append(&mut self, other: &Durations) {
        self.short.extend_from_slice(&other.short);
        self.long.extend_from_slice(&other.long);
        self.sum += other.sum;
    }

    /// Number of durations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Total, milliseconds.
    #[must_use]
    pub fn sum_ms(&self) -> i128 {
        self.sum
    }

    /// All durations, in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        self.short.iter().map(|&ms| i64::from(ms)).chain(self.long.iter().copied())
    }

    /// Mean in whole milliseconds, half away from zero; `None` when empty.
    #[must_use]
    pub fn mean_ms(&self) -> Option<i64> {
        if self.is_empty() {
            return None;
        }
        i64::try_from(divide_rounded(self.sum, self.len() as i128)).ok()
    }

    /// Percentiles by linear interpolation between closest ranks (type 7), rounded half away from zero.
    /// `percents` must rise. Reorders the bag.
    pub fn percentiles(&mut self, percents: &[u32]) -> Vec<Option<i64>> {
        let n = self.len() as u64;
        if n == 0 {
            return vec![None; percents.len()];
        }
        let mut done = Done::default();
        percents
            .iter()
            .map(|&percent| {
                // Rank (n − 1)·p/100, split into its whole part and hundredths.
                let scaled = (n - 1) * u64::from(percent);
                let (rank, hundredths) = (scaled / 100, scaled % 100);
                let low = self.nth(rank, &mut done);
                let high = if hundredths == 0 { low } else { self.nth(rank + 1, &mut done) };
                let span = i128::from(high) - i128::from(low);
                let value = i128::from(low) * 100 + span * i128::from(hundredths);
                i64::try_from(divide_rounded(value, 100)).ok()
            })
            .collect()
    }

    /// The value at a rank from 0; ranks must not fall between calls with one `done`.
    fn nth(&mut self, rank: u64, done: &mut Done) -> i64 {
        let rank = usize::try_from(rank).unwrap_or(usize::MAX);
        if rank < self.short.len() {
            i64::from(*select(&mut self.short, rank, &mut done.short))
        } else {
            let rank = rank - self.short.len();
            *select(&mut self.long, rank, &mut done.long)
        }
    }

    /// Everything findings say about a distribution. Reorders the bag.
    pub fn quantiles(&mut self) -> Quantiles {
        let p = self.percentiles(&[0, 50, 75, 90, 95, 99, 100]);
        let n = self.len() as u64;
        Quantiles {
            n,
            mean: self.mean_ms(),
            min: p[0],
            max: p[6],
            p50: p[1],
            p75: p[2],
            p90: p[3],
            p95: p[4],
            p99: p[5],
        }
    }
}

/// Durations in rising order: counts and percentiles of several such lists without merging them.
#[derive(Clone, Debug, Default)]
pub struct Sorted {
    short: Vec<u32>,
    long: Vec<i64>,
}

impl Durations {
    /// Sorts the bag.
    #[must_use]
    pub fn into_sorted(mut self) -> Sorted {
        self.short.sort_unstable();
        self.long.sort_unstable();
        Sorted { short: self.short, long: self.long }
    }
}

impl Sorted {
    /// Number of durations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.short.len() + self.long.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// All durations, rising.
    pub fn iter(&self) -> impl Iterator<Item = i64> + '_ {
        self.short.iter().map(|&ms| i64::from(ms)).chain(self.long.iter().copied())
    }

    /// How many are at most `ms`.
    fn count_up_to(&self, ms: i64) -> u64 {
        let short = match u32::try_from(ms) {
            Ok(ms) => self.short.partition_point(|&each| each <= ms),
            Err(_) if ms < 0 => 0,
            Err(_) => self.short.len(),
        };
        (short + self.long.partition_point(|&each| each <= ms)) as u64
    }
}

/// Type-7 percentile over several sorted lists together, whole ms, half away from zero; `None` when all are empty.
#[must_use]
pub fn percentile_of_lists(lists: &[&Sorted], percent: u32) -> Option<i64> {
    let n: u64 = lists.iter().map(|list| list.len() as u64).sum();
    let scaled = n.checked_sub(1)? * u64::from(percent);
    let (rank, hundredths) = (scaled / 100, scaled % 100);
    let low = nth_of_lists(lists, rank);
    let high = if hundredths == 0 { low } else { nth_of_lists(lists, rank + 1) };
    let span = i128::from(high) - i128::from(low);
    i64::try_from(divide_rounded(i128::from(low) * 100 + span * i128::from(hundredths), 100)).ok()
}

/// The value at a rank from 0: the smallest that more than `rank` values do not exceed, by bisection.
fn nth_of_lists(lists: &[&Sorted], rank: u64) -> i64 {
    let (mut low, mut high) = (0i64, lists.iter().filter_map(|list| list.iter_last()).max().unwrap_or(0));
    while low < high {
        let middle = low + (high - low) / 2;
        if lists.iter().map(|list| list.count_up_to(middle)).sum::<u64>() > rank {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    low
}

impl Sorted {
    fn iter_last(&self) -> Option<i64> {
        self.long.last().copied().or_else(|| self.short.last().map(|&ms| i64::from(ms)))
    }
}

/// How far each part is partitioned: everything before lies in place.
#[derive(Default)]
struct Done {
    short: usize,
    long: usize,
}

fn select<'a, T: Ord>(values: &'a mut [T], rank: usize, done: &mut usize) -> &'a T {
    if rank >= *done {
        let from = *done;
        values[from..].select_nth_unstable(rank - from);
        *done = rank + 1;
    }
    &values[rank]
}

/// `value / by`, rounded half away from zero; `by` is positive.
#[must_use]
pub fn divide_rounded(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if by % 2 == 0 {
        if value >= 0 { (value + half) / by } else { (value - half) / by }
    } else {
        // An odd divisor has no exact half.
        let doubled = value * 2;
        if value >= 0 { (doubled + by) / (2 * by) } else { (doubled - by) / (2 * by) }
    }
}

/// The type-7 percentile of sorted numbers, unrounded.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "counts and ranks are far below 2^53")]
pub fn percentile_of_sorted(values: &[u64], percent: u32) -> Option<f64> {
    let last = values.len().checked_sub(1)?;
    let scaled = last * percent as usize;
    let (rank, hundredths) = (scaled / 100, scaled % 100);
    let low = values[rank] as f64;
    let high = values[(rank + 1).min(last)] as f64;
    Some(low + (high - low) * hundredths as f64 / 100.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn naive(values: &[i64], percent: u32) -> i64 {
        let mut sorted = values.to_vec();
        sorted.sort_unstable();
        let scaled = (sorted.len() - 1) * percent as usize;
        let low = i128::from(sorted[scaled / 100]) * 100;
        let next = i128::from(*sorted.get(scaled / 100 + 1).unwrap_or(&sorted[scaled / 100]));
        let value = low + (next - i128::from(sorted[scaled / 100])) * (scaled as i128 % 100);
        i64::try_from((value * 2 + 100).div_euclid(200)).unwrap()
    }

    proptest! {
        #[test]
        fn percentiles_equal_a_sort(values in proptest::collection::vec(prop_oneof![0i64..100, 0i64..20_000_000_000], 1..60)) {
            let mut bag = Durations::default();
            for &value in &values {
                bag.push(value);
            }
            let percents = [0, 1, 50, 75, 90, 95, 99, 100];
            let found = bag.percentiles(&percents);
            for (percent, found) in percents.iter().zip(found) {
                prop_assert_eq!(found, Some(naive(&values, *percent)), "p{}", percent);
            }
            let (left, right) = values.split_at(values.len() / 2);
            let sorted = |values: &[i64]| {
                let mut bag = Durations::default();
                for &value in values {
                    bag.push(value);
                }
                bag.into_sorted()
            };
            for percent in percents {
                let found = percentile_of_lists(&[&sorted(left), &sorted(right)], percent);
                prop_assert_eq!(found, Some(naive(&values, percent)), "p{} of two lists", percent);
            }
            let sum: i128 = values.iter().map(|&value| i128::from(value)).sum();
            prop_assert_eq!(bag.sum_ms(), sum);
        }
    }

    #[test]
    fn halves_go_away_from_zero() {
        assert_eq!(divide_rounded(5, 2), 3);
        assert_eq!(divide_rounded(-5, 2), -3);
        assert_eq!(divide_rounded(4, 3), 1);
        assert_eq!(divide_rounded(5, 3), 2);
        assert_eq!(divide_rounded(-5, 3), -2);
    }
}
