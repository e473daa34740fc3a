//! Values with units: durations, money and ranges, exact integers after parsing.

use serde::Deserialize;
use serde::de::{Deserializer, Error, Unexpected, Visitor};
use std::fmt;

use super::explain::carried;
use crate::error::Problem;
use crate::time::Duration;

/// A duration written with its unit: `"500ms"`, `"60s"`, `"15m"`, `"2h"`, `"90d"`, `"2w"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Milliseconds.
    pub ms: i64,
}

impl Span {
    /// Parses a duration of the wall clock with its unit.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let duration = Duration::parse(text)?;
        let ms = duration.wall_ms().ok_or_else(|| {
            Problem::usage(format!("\"{duration}\" is business time, and this is wall clock time"))
                .hint("write it in ms, s, min, h, d or w")
        })?;
        Ok(Span { ms })
    }
}

impl<'de> Deserialize<'de> for Span {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Span::parse(&text).map_err(|problem| D::Error::custom(carried(&problem)))
    }
}

/// A duration of either clock, with the unit it was written with: `"4h"`, `"2bd"`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Timed(pub Duration);

impl<'de> Deserialize<'de> for Timed {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        let text = String::deserialize(input)?;
        Duration::parse(&text).map(Timed).map_err(|problem| D::Error::custom(carried(&problem)))
    }
}

/// A number of bytes: `"512KiB"`, `"16MiB"`, `"2GiB"`, or a plain number of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Size {
    /// Bytes.
    pub bytes: u64,
}

impl Size {
    /// How a size is written, for messages.
    pub const FORM: &'static str = "write a whole number with `B`, `KiB`, `MiB`, `GiB` or `TiB`, such as `16MiB`";

    const UNITS: [(&'static str, u64); 5] =
        [("TiB", 1 << 40), ("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10), ("B", 1)];

    /// Parses a size; `None` where the unit is none of these or the number is too large.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(text.len());
        let (number, unit) = (text[..split].parse::<u64>().ok()?, text[split..].trim_start());
        let bytes = match unit {
            "" => 1,
            _ => Size::UNITS.iter().find(|(name, _)| name.eq_ignore_ascii_case(unit))?.1,
        };
        Some(Size { bytes: number.checked_mul(bytes)? })
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let fits = |(_, bytes): &&(&str, u64)| self.bytes >= *bytes && self.bytes.is_multiple_of(*bytes);
        let (unit, bytes) = Size::UNITS.iter().find(fits).unwrap_or(&("B", 1));
        write!(f, "{}{unit}", self.bytes / bytes)
    }
}

impl<'de> Deserialize<'de> for Size {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(SizeVisitor)
    }
}

struct SizeVisitor;

impl Visitor<'_> for SizeVisitor {
    type Value = Size;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a size such as \"16MiB\", or a number of bytes")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Size, E> {
        let bytes = u64::try_from(value).map_err(|_| E::invalid_value(Unexpected::Signed(value), &self))?;
        Ok(Size { bytes })
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Size, E> {
        Size::parse(text).ok_or_else(|| E::invalid_value(Unexpected::Str(text), &self))
    }
}

/// A number kept as thousandths, so that `2.5` stays exact.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Milli(pub i64);

impl<'de> Deserialize<'de> for Milli {
    fn deserialize<D: Deserializer<'de>>(input: D) -> Result<Self, D::Error> {
        input.deserialize_any(MilliVisitor)
    }
}

struct MilliVisitor;

impl Visitor<'_> for MilliVisitor {
    type Value = Milli;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number from 0 to 1,000,000,000 with at most three decimals")
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Milli, E> {
        if (0..=1_000_000_000).contains(&value) {
            Ok(Milli(value * 1_000))
        } else {
            Err(E::invalid_value(Unexpected::Signed(value), &self))
        }
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Milli, E> {
        let scaled = (value * 1_000.0).round();
        let exact = (scaled / 1_000.0 - value).abs() <= value.abs() * 1e-12;
        if (0.0..=1e12).contains(&scaled) && exact {
            #[allow(clippy::cast_possible_truncation)] // checked to lie within 0 and 10^12
            return Ok(Milli(scaled as i64));
        }
        Err(E::invalid_value(Unexpected::Float(value), &self))
    }
}

/// An assumption: a low, a base and a high value, and where they come from.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    /// The low end.
    pub low: Milli,
    /// The base value.
    pub base: Milli,
    /// The high end.
    pub high: Milli,
    /// Where the values come from.
    #[serde(default)]
    pub source: Source,
}

/// Where an assumption comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Source {
    /// Measured in a log.
    Measured,
    /// Given by the client.
    #[default]
    Client,
    /// The product's default.
    Default,
}

#[cfg(test)]
mod tests {
    use super::Span;

    #[test]
    fn durations_need_a_unit() {
        assert_eq!(Span::parse("60s"), Ok(Span { ms: 60_000 }));
        assert_eq!(Span::parse("90 d"), Ok(Span { ms: 7_776_000_000 }));
        for text in ["60", "s", "-1s", "1.5h", "60 seconds", "99999999999999999d", "2bh", "1bd"] {
            assert!(Span::parse(text).is_err(), "{text}");
        }
    }
}
