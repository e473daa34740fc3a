//! How many cases have how many of something: handoffs, touches.
//!
//! Worked example: 0, 0, 1 and 3 handoffs: two cases at 0, one at 1, one at 3; the sum is 4, the median 0.5.

/// Cases by a small count.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Histogram {
    by_count: Vec<u64>,
}

impl Histogram {
    /// Adds a case with a count.
    pub fn add(&mut self, count: u32) {
        let count = count as usize;
        if count >= self.by_count.len() {
            self.by_count.resize(count + 1, 0);
        }
        self.by_count[count] += 1;
    }

    /// Adds another histogram.
    pub fn merge(&mut self, other: Histogram) {
        let size = self.by_count.len().max(other.by_count.len());
        self.by_count.resize(size, 0);
        self.by_count.iter_mut().zip(other.by_count).for_each(|(mine, theirs)| *mine += theirs);
    }

    /// Sum over all cases.
    #[must_use]
    pub fn sum(&self) -> u64 {
        (0u64..).zip(&self.by_count).map(|(count, cases)| count * cases).sum()
    }

    /// The largest count.
    #[must_use]
    pub fn max(&self) -> u64 {
        self.by_count.len().saturating_sub(1) as u64
    }

    /// Type-7 percentile, unrounded; 0 without cases.
    #[must_use]
    #[expect(clippy::cast_precision_loss, reason = "counts within a case and hundredths")]
    pub fn percentile(&self, percent: u32) -> f64 {
        let Some(last) = self.by_count.iter().sum::<u64>().checked_sub(1) else { return 0.0 };
        let scaled = last * u64::from(percent);
        let (rank, hundredths) = (scaled / 100, scaled % 100);
        let value_at = |rank: u64| {
            let mut seen = 0;
            let within = self.by_count.iter().position(|&cases| {
                seen += cases;
                rank < seen
            });
            within.unwrap_or(0) as f64
        };
        let low = value_at(rank);
        low + (value_at((rank + 1).min(last)) - low) * hundredths as f64 / 100.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::metrics::durations::percentile_of_sorted;

    #[test]
    fn percentiles_equal_those_of_a_sorted_list() {
        let mut list = vec![0, 0, 0, 1, 1, 2, 2, 2, 5, 11];
        let mut found = Histogram::default();
        for &count in &list {
            found.add(u32::try_from(count).unwrap());
        }
        list.sort_unstable();
        for percent in [0, 1, 10, 50, 75, 90, 99, 100] {
            let wanted = percentile_of_sorted(&list, percent).unwrap();
            assert!((found.percentile(percent) - wanted).abs() < 1e-12, "p{percent}: {wanted}");
        }
        assert_eq!((found.sum(), found.max()), (24, 11));
    }
}
