//! Whether some durations are longer than others, or some cases more frequent, by more than chance.
//!
//! Welch's z of two means and the z of two shares, held against a bound that grows with the number of comparisons
//! (Bonferroni). The bound uses P(Z > z) ≤ exp(−z²/2) / 2, so it is a little wider than it must be and needs no table.
//!
//! Worked example: 40 stays of 10 h ± 2 h against 60 of 5 h ± 3 h: z = 5 / √(4/40 + 9/60) = 10. Of one comparison the
//! bound is √(2 ln 50) = 2.80, of a hundred 4.13.

use crate::metrics::place_signs::StaySum;

/// Chance that any of the comparisons of a report is found where there is nothing.
const CHANCE: f64 = 0.01;

/// What z must exceed in one of so many comparisons.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a count of comparisons")]
pub fn bound(comparisons: usize) -> f64 {
    (2.0 * libm::log(comparisons.max(1) as f64 / (2.0 * CHANCE))).sqrt()
}

/// Mean of some stays, ms; 0 without any.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "a mean")]
pub fn mean(stays: StaySum) -> f64 {
    if stays.n == 0 { 0.0 } else { stays.total_ms as f64 / stays.n as f64 }
}

/// Variance of the mean of some stays, ms²; unbiased, 0 below two stays.
#[expect(clippy::cast_precision_loss, reason = "a variance")]
fn error(stays: StaySum) -> f64 {
    if stays.n < 2 {
        return 0.0;
    }
    let n = stays.n as f64;
    let mean = mean(stays);
    (stays.squares as f64 / n - mean * mean).max(0.0) / (n - 1.0)
}

/// Welch's z of the first mean above the second; infinite where both do not vary, 0 where either is empty.
#[must_use]
pub fn longer(some: StaySum, others: StaySum) -> f64 {
    if some.n == 0 || others.n == 0 {
        return 0.0;
    }
    z(mean(some) - mean(others), error(some) + error(others))
}

/// z of one share above another, each as part of a whole; 0 where either whole is empty.
#[must_use]
#[expect(clippy::cast_precision_loss, reason = "shares")]
pub fn more_frequent(some: (u64, u64), others: (u64, u64)) -> f64 {
    if some.1 == 0 || others.1 == 0 {
        return 0.0;
    }
    let share = |(part, whole): (u64, u64)| part as f64 / whole as f64;
    let pooled = (some.0 + others.0) as f64 / (some.1 + others.1) as f64;
    let variance = pooled * (1.0 - pooled) * (1.0 / some.1 as f64 + 1.0 / others.1 as f64);
    z(share(some) - share(others), variance)
}

fn z(difference: f64, variance: f64) -> f64 {
    if variance > 0.0 {
        difference / variance.sqrt()
    } else if difference > 0.0 {
        f64::INFINITY
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stays(values: &[i64]) -> StaySum {
        let mut sum = StaySum::default();
        for value in values {
            sum.add(*value);
        }
        sum
    }

    #[test]
    fn the_worked_example() {
        assert!((bound(1) - 2.797).abs() < 0.001 && (bound(100) - 4.128).abs() < 0.001, "{} {}", bound(1), bound(100));
        // half of the values one deviation above, half below
        let spread = |mean: i64, deviation: i64, n: usize| {
            stays(&(0..n).map(|at| if at % 2 == 0 { mean + deviation } else { mean - deviation }).collect::<Vec<_>>())
        };
        let found = longer(spread(10_000, 2_000, 40), spread(5_000, 3_000, 60));
        assert!((found - 10.0).abs() < 0.15, "{found}");
    }

    #[test]
    fn without_spread_a_difference_is_certain_and_without_values_there_is_none() {
        assert!(longer(stays(&[5, 5]), stays(&[4, 4])).is_infinite());
        assert!(longer(stays(&[4, 4]), stays(&[4, 4])).abs() < f64::EPSILON);
        assert!(longer(stays(&[]), stays(&[4, 4])).abs() < f64::EPSILON);
    }

    #[test]
    fn shares_are_compared_with_a_pooled_deviation() {
        // 30 of 100 against 10 of 100: pooled 0.2, deviation √(0.16 · 0.02) = 0.05657
        let found = more_frequent((30, 100), (10, 100));
        assert!((found - 3.5355).abs() < 0.001, "{found}");
        assert!(more_frequent((0, 0), (1, 2)).abs() < f64::EPSILON);
    }
}
