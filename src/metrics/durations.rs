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
#[derive(Clone, Debug, Default)]
pub struct Durations {
    /// Pieces that are full, or that came from another bag: a bag grows and takes in another without copying.
    full: Vec<Vec<u32>>,
    /// The piece being filled; it is never grown.
    open: Vec<u32>,
    /// Durations of 2³² ms and more.
    long: Vec<i64>,
}

/// Durations in the first piece of a bag and in the largest one.
const PIECE: (usize, usize) = (16, 1 << 14);

impl Durations {
    /// Adds one duration.
    #[inline]
    pub fn push(&mut self, ms: i64) {
        match u32::try_from(ms) {
            Ok(short) => {
                if self.open.len() == self.open.capacity() {
                    self.begin_piece();
                }
                self.open.push(short);
            }
            Err(_) => self.long.push(ms),
        }
    }

    #[cold]
    fn begin_piece(&mut self) {
        let room = (self.open.len() * 2).clamp(PIECE.0, PIECE.1);
        let full = std::mem::replace(&mut self.open, Vec::with_capacity(room));
        if !full.is_empty() {
            self.full.push(full);
        }
    }

    /// Takes in another bag.
    pub fn append(&mut self, mut other: Durations) {
        self.full.append(&mut other.full);
        if other.open.len() > self.open.len() {
            std::mem::swap(&mut self.open, &mut other.open);
        }
        if !other.open.is_empty() {
            self.full.push(other.open);
        }
        self.long.append(&mut other.long);
    }

    fn pieces(&self) -> impl Iterator<Item = &[u32]> {
        self.full.iter().chain([&self.open]).map(Vec::as_slice)
    }

    fn short_len(&self) -> usize {
        self.pieces().map(<[u32]>::len).sum()
    }

    /// Number of durations.
    #[must_use]
    pub fn len(&self) -> usize {
        self.short_len() + self.long.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Total, milliseconds.
    #[must_use]
    pub fn sum_ms(&self) -> i128 {
        let short: u64 = self.pieces().flatten().map(|&ms| u64::from(ms)).sum();
        i128::from(short) + self.long.iter().map(|&ms| i128::from(ms)).sum::<i128>()
    }

    /// Mean in whole milliseconds, half away from zero; `None` when empty.
    #[must_use]
    pub fn mean_ms(&self) -> Option<i64> {
        mean_ms(&[self])
    }

    /// Percentiles of this bag alone, see [`percentiles`].
    #[must_use]
    pub fn percentiles(&self, percents: &[u32]) -> Vec<Option<i64>> {
        percentiles(&[self], percents)
    }
}

impl Extend<i64> for Durations {
    fn extend<I: IntoIterator<Item = i64>>(&mut self, durations: I) {
        durations.into_iter().for_each(|ms| self.push(ms));
    }
}

impl FromIterator<i64> for Durations {
    fn from_iter<I: IntoIterator<Item = i64>>(durations: I) -> Self {
        let mut bag = Durations::default();
        bag.extend(durations);
        bag
    }
}

/// Mean of several bags together in whole milliseconds, half away from zero; `None` when all are empty.
fn mean_ms(bags: &[&Durations]) -> Option<i64> {
    let n: usize = bags.iter().map(|bag| bag.len()).sum();
    if n == 0 {
        return None;
    }
    let sum: i128 = bags.iter().map(|bag| bag.sum_ms()).sum();
    i64::try_from(divide_rounded(sum, n as i128)).ok()
}

/// Everything findings say about the distribution of several bags together.
#[must_use]
pub fn quantiles(bags: &[&Durations]) -> Quantiles {
    let p = percentiles(bags, &[0, 50, 75, 90, 95, 99, 100]);
    Quantiles {
        n: bags.iter().map(|bag| bag.len() as u64).sum(),
        mean: mean_ms(bags),
        min: p[0],
        max: p[6],
        p50: p[1],
        p75: p[2],
        p90: p[3],
        p95: p[4],
        p99: p[5],
    }
}

/// Percentiles of several bags together by linear interpolation between closest ranks (type 7), rounded half away
/// from zero; `None` when all are empty. `percents` must rise.
#[must_use]
pub fn percentiles(bags: &[&Durations], percents: &[u32]) -> Vec<Option<i64>> {
    let n = bags.iter().map(|bag| bag.len()).sum::<usize>() as u64;
    if n == 0 {
        return vec![None; percents.len()];
    }
    // Rank (n − 1)·p/100, split into its whole part and hundredths.
    let places: Vec<(u64, u64)> = percents
        .iter()
        .map(|&percent| {
            let scaled = (n - 1) * u64::from(percent);
            (scaled / 100, scaled % 100)
        })
        .collect();
    let mut ranks: Vec<u64> = places.iter().flat_map(|&(rank, part)| [rank, rank + u64::from(part > 0)]).collect();
    ranks.sort_unstable();
    ranks.dedup();
    let short: Vec<&[u32]> = bags.iter().flat_map(|bag| bag.pieces()).collect();
    let long: Vec<i64> = bags.iter().flat_map(|bag| bag.long.iter().copied()).collect();
    let values = super::selection::at_ranks(&short, long, &ranks);
    let value = |rank: u64| ranks.binary_search(&rank).map_or(0, |at| i128::from(values[at]));
    let interpolate = |(rank, hundredths): (u64, u64)| {
        let low = value(rank);
        let high = value(rank + u64::from(hundredths > 0));
        i64::try_from(divide_rounded(low * 100 + (high - low) * i128::from(hundredths), 100)).ok()
    };
    places.into_iter().map(interpolate).collect()
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
    pub fn into_sorted(self) -> Sorted {
        let mut short = Vec::with_capacity(self.short_len());
        self.pieces().for_each(|piece| short.extend_from_slice(piece));
        let mut long = self.long;
        super::selection::sort(&mut short);
        long.sort_unstable();
        Sorted { short, long }
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

    /// Total of what each duration has beyond `mark_ms`, ms.
    #[must_use]
    pub fn beyond_ms(&self, mark_ms: i64) -> i128 {
        let long: i128 = self.long.iter().map(|&ms| i128::from((ms - mark_ms).max(0))).sum();
        let Ok(mark) = u32::try_from(mark_ms) else { return long };
        let above = &self.short[self.short.partition_point(|&ms| ms <= mark)..];
        let short: u64 = above.iter().map(|&ms| u64::from(ms - mark)).sum();
        i128::from(short) + long
    }

    /// Sum of the squares of all durations, ms².
    #[must_use]
    pub fn sum_of_squares(&self) -> u128 {
        // Both halves of 2³² squares fit 64 bits.
        let (mut low, mut high) = (0u64, 0u64);
        for &ms in &self.short {
            let square = u64::from(ms) * u64::from(ms);
            low += square & 0xFFFF_FFFF;
            high += square >> 32;
        }
        let short = u128::from(low) + (u128::from(high) << 32);
        short + self.long.iter().map(|ms| u128::from(ms.unsigned_abs()).pow(2)).sum::<u128>()
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
            let bag: Durations = values.iter().copied().collect();
            let percents = [0, 1, 50, 75, 90, 95, 99, 100];
            let found = bag.percentiles(&percents);
            for (percent, found) in percents.iter().zip(found) {
                prop_assert_eq!(found, Some(naive(&values, *percent)), "p{}", percent);
            }
            let (left, right) = values.split_at(values.len() / 2);
            let sorted = |values: &[i64]| values.iter().copied().collect::<Durations>().into_sorted();
            for percent in percents {
                let found = percentile_of_lists(&[&sorted(left), &sorted(right)], percent);
                prop_assert_eq!(found, Some(naive(&values, percent)), "p{} of two lists", percent);
            }
            let mut joined: Durations = left.iter().copied().collect();
            joined.append(right.iter().copied().collect());
            prop_assert_eq!(joined.percentiles(&percents), bag.percentiles(&percents));
            let all = sorted(&values);
            for mark in [0, values[0], 50_000_000_000] {
                let beyond: i128 = values.iter().map(|&value| i128::from((value - mark).max(0))).sum();
                prop_assert_eq!(all.beyond_ms(mark), beyond);
            }
            let squares: u128 = values.iter().map(|value| u128::from(value.unsigned_abs()).pow(2)).sum();
            prop_assert_eq!(all.sum_of_squares(), squares);
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
