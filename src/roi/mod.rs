//! Money: stated assumptions and what touches cost under them.
//!
//! Only working minutes have a price; waiting has none. Every figure is a range from a cautious to an optimistic
//! end, and every assumption names its source.

use crate::config::{self, Config, Milli};

/// Low, base and high value.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Estimate {
    /// Cautious.
    pub low: f64,
    /// Expected.
    pub base: f64,
    /// Optimistic.
    pub high: f64,
}

impl Estimate {
    /// Three values.
    #[must_use]
    pub const fn new(low: f64, base: f64, high: f64) -> Self {
        Estimate { low, base, high }
    }

    /// Each end times the same end of another estimate.
    #[must_use]
    pub fn times(self, other: Estimate) -> Estimate {
        Estimate::new(self.low * other.low, self.base * other.base, self.high * other.high)
    }

    /// Each end times a number.
    #[must_use]
    pub fn scale(self, by: f64) -> Estimate {
        Estimate::new(self.low * by, self.base * by, self.high * by)
    }

    /// Each end plus the same end of another estimate.
    #[must_use]
    pub fn plus(self, other: Estimate) -> Estimate {
        Estimate::new(self.low + other.low, self.base + other.base, self.high + other.high)
    }

    /// Whole minor units of money from major units.
    #[must_use]
    #[expect(clippy::cast_possible_truncation, reason = "an amount beyond 2^63 minor units is no business case")]
    pub fn minor(self) -> [i64; 3] {
        [self.low, self.base, self.high].map(|value| (value * 100.0).round() as i64)
    }
}

/// One assumption with where it comes from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Assumed {
    /// The values.
    pub value: Estimate,
    /// `measured`, `client` or `default`.
    pub source: &'static str,
}

/// Everything that is assumed.
#[derive(Clone, Debug, PartialEq)]
pub struct Assumptions {
    /// Currency code.
    pub currency: String,
    /// Loaded cost of one hour.
    pub rate_per_hour: Assumed,
    /// Minutes of work per touch of buckets A, B, C, D.
    pub minutes: [Assumed; 4],
}

/// The buckets in the order of [`Assumptions::minutes`].
pub const BUCKETS: [&str; 4] = ["A", "B", "C", "D"];

/// Default loaded hourly rate. A placeholder to be replaced by the client's.
const RATE: Estimate = Estimate::new(45.0, 60.0, 75.0);
/// Default minutes per touch: reading and moving a case (A), one status check (B), triage of an exception (C), one
/// stakeholder update (D). Placeholders to be replaced by a time study.
const MINUTES: [Estimate; 4] = [
    Estimate::new(2.0, 4.0, 8.0),
    Estimate::new(1.0, 2.0, 4.0),
    Estimate::new(3.0, 6.0, 12.0),
    Estimate::new(2.0, 4.0, 8.0),
];

impl Assumptions {
    /// The configured assumptions, defaults where none are given.
    #[must_use]
    pub fn from_config(config: &Config) -> Self {
        let told = &config.assumptions;
        let minutes = &told.minutes_per_touch;
        let given = [&minutes.a, &minutes.b, &minutes.c, &minutes.d];
        let mut assumed = MINUTES.map(|value| Assumed { value, source: "default" });
        for (slot, given) in assumed.iter_mut().zip(given) {
            if let Some(range) = given {
                *slot = from_range(range);
            }
        }
        Assumptions {
            currency: told.currency.clone().unwrap_or_else(|| "USD".to_owned()),
            rate_per_hour: told.rate_per_hour.as_ref().map_or(Assumed { value: RATE, source: "default" }, from_range),
            minutes: assumed,
        }
    }

    /// Working minutes of `touches` in bucket number `bucket`.
    #[must_use]
    pub fn minutes_of(&self, bucket: usize, touches: f64) -> Estimate {
        self.minutes[bucket].value.scale(touches)
    }

    /// Cost of working minutes in major units.
    #[must_use]
    pub fn cost_of(&self, minutes: Estimate) -> Estimate {
        minutes.times(self.rate_per_hour.value).scale(1.0 / 60.0)
    }
}

#[expect(clippy::cast_precision_loss, reason = "thousandths of an assumption are small")]
fn from_range(range: &config::Range) -> Assumed {
    let value = |milli: &Milli| milli.0 as f64 / 1000.0;
    let source = match range.source {
        config::Source::Measured => "measured",
        config::Source::Client => "client",
        config::Source::Default => "default",
    };
    Assumed { value: Estimate::new(value(&range.low), value(&range.base), value(&range.high)), source }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1,000 cases × 3 checks × 2 minutes at 60 an hour: 6,000 minutes and 6,000.
    #[test]
    fn the_framework_example() {
        let text = "[assumptions]\nrate_per_hour = { low = 60, base = 60, high = 60 }\n[assumptions.minutes_per_touch]\nB = { low = 2, base = 2, high = 2 }\n";
        let assumptions = Assumptions::from_config(&Config::parse(text, "t.toml").unwrap());
        let minutes = assumptions.minutes_of(1, 3.0 * 1000.0);
        assert_eq!(minutes, Estimate::new(6000.0, 6000.0, 6000.0));
        assert_eq!(assumptions.cost_of(minutes).minor(), [600_000; 3]);
        assert_eq!(assumptions.minutes[1].source, "client");
    }
}
