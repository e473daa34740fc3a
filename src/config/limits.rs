//! `[limits]`: the bounds that can be changed, their flags, and what they may be set to.

use serde::Deserialize;

use super::units::Size;

/// `[limits]`; what is missing keeps its default.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LimitsSection {
    /// Longest field.
    pub cell: Option<Size>,
    /// Longest record, or tag of XML.
    pub record: Option<Size>,
    /// Most columns.
    pub columns: Option<u64>,
    /// Most elements within each other.
    pub depth: Option<u64>,
    /// Longest event of an XES log.
    pub event: Option<Size>,
    /// Most bytes out of a compressed input.
    pub unpacked: Option<Size>,
    /// Most bytes out of a compressed input per byte in.
    pub ratio: Option<u64>,
}

impl LimitsSection {
    /// What is said of a bound.
    #[must_use]
    pub fn get(&self, bound: Bound) -> Option<u64> {
        let bytes = |size: Option<Size>| size.map(|size| size.bytes);
        match bound {
            Bound::Cell => bytes(self.cell),
            Bound::Record => bytes(self.record),
            Bound::Columns => self.columns,
            Bound::Depth => self.depth,
            Bound::Event => bytes(self.event),
            Bound::Unpacked => bytes(self.unpacked),
            Bound::Ratio => self.ratio,
        }
    }

    /// The first value that is out of its range: the key, and what is wrong.
    pub(super) fn fault(&self) -> Option<(Bound, String)> {
        let wrong = |bound: Bound| Some((bound, bound.check(self.get(bound)?).err()?));
        Bound::ALL.into_iter().find_map(wrong)
    }
}

/// A bound that a flag and a key of `[limits]` can change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// Longest field.
    Cell,
    /// Longest record, or tag of XML.
    Record,
    /// Most columns.
    Columns,
    /// Most elements within each other.
    Depth,
    /// Longest event of an XES log.
    Event,
    /// Most bytes out of a compressed input.
    Unpacked,
    /// Most bytes out of a compressed input per byte in.
    Ratio,
}

impl Bound {
    /// All of them.
    pub const ALL: [Bound; 7] =
        [Bound::Cell, Bound::Record, Bound::Columns, Bound::Depth, Bound::Event, Bound::Unpacked, Bound::Ratio];

    /// The key in `[limits]`.
    #[must_use]
    pub fn key(self) -> &'static str {
        self.flag().trim_start_matches("--max-")
    }

    /// The flag.
    #[must_use]
    pub fn flag(self) -> &'static str {
        match self {
            Bound::Cell => "--max-cell",
            Bound::Record => "--max-record",
            Bound::Columns => "--max-columns",
            Bound::Depth => "--max-depth",
            Bound::Event => "--max-event",
            Bound::Unpacked => "--max-unpacked",
            Bound::Ratio => "--max-ratio",
        }
    }

    /// The highest value: positions within a block, and the memory that one record takes, are bounded by it.
    #[must_use]
    pub fn most(self) -> u64 {
        match self {
            Bound::Cell | Bound::Record | Bound::Event => 256 << 20,
            Bound::Columns => 1 << 16,
            Bound::Depth => 1 << 12,
            Bound::Unpacked => 1 << 50,
            Bound::Ratio => 1_000_000,
        }
    }

    /// Whether it is a number of bytes.
    #[must_use]
    pub fn is_size(self) -> bool {
        match self {
            Bound::Cell | Bound::Record | Bound::Event | Bound::Unpacked => true,
            Bound::Columns | Bound::Depth | Bound::Ratio => false,
        }
    }

    /// A value as it is written.
    #[must_use]
    pub fn written(self, value: u64) -> String {
        if self.is_size() { Size { bytes: value }.to_string() } else { value.to_string() }
    }

    /// Parses and checks a value.
    ///
    /// # Errors
    /// What is wrong with it, and how it is written.
    pub fn parse(self, text: &str) -> Result<u64, String> {
        let value = if self.is_size() {
            Size::parse(text).map(|size| size.bytes).ok_or_else(|| format!("it is no size; {}", Size::FORM))?
        } else {
            text.trim().parse().map_err(|_| "it is no whole number; write it in digits, such as 500".to_owned())?
        };
        self.check(value)
    }

    fn check(self, value: u64) -> Result<u64, String> {
        if (1..=self.most()).contains(&value) {
            return Ok(value);
        }
        Err(format!("it must lie between {} and {}", self.written(1), self.written(self.most())))
    }

    /// The hint that names the flag, with twice the `limit` that was in the way.
    #[must_use]
    pub fn raise(self, limit: u64) -> String {
        let higher = limit.saturating_mul(2).min(self.most());
        if higher <= limit {
            return format!("`{}` is as high as it can be", self.flag());
        }
        let higher = if self.is_size() { higher.next_power_of_two().min(self.most()) } else { higher };
        format!("or raise the limit, e.g. `{} {}`", self.flag(), self.written(higher))
    }
}

#[cfg(test)]
mod tests {
    use super::Bound;

    #[test]
    fn values_are_written_as_they_are_read() {
        for (bound, text, value) in [
            (Bound::Cell, "16MiB", 16 << 20),
            (Bound::Record, " 64 KiB ", 64 << 10),
            (Bound::Event, "1000", 1_000),
            (Bound::Unpacked, "2gib", 2 << 30),
            (Bound::Unpacked, "1TiB", 1 << 40),
            (Bound::Cell, "1 B", 1),
            (Bound::Columns, "500", 500),
            (Bound::Depth, "65", 65),
            (Bound::Ratio, "1000000", 1_000_000),
        ] {
            assert_eq!(bound.parse(text), Ok(value), "{text}");
            assert_eq!(bound.parse(&bound.written(value)), Ok(value), "{text}");
        }
    }

    #[test]
    fn a_value_that_is_wrong_says_how_it_is_written() {
        for (bound, text, says) in [
            (Bound::Cell, "16MB", "`16MiB`"),
            (Bound::Cell, "1.5MiB", "`16MiB`"),
            (Bound::Cell, "-1", "`16MiB`"),
            (Bound::Cell, "", "`16MiB`"),
            (Bound::Cell, "99999999999999TiB", "`16MiB`"),
            (Bound::Cell, "0", "between 1B and 256MiB"),
            (Bound::Record, "1GiB", "between 1B and 256MiB"),
            (Bound::Columns, "1MiB", "whole number"),
            (Bound::Columns, "65537", "between 1 and 65536"),
            (Bound::Ratio, "0", "between 1 and 1000000"),
        ] {
            let said = bound.parse(text).unwrap_err();
            assert!(said.contains(says), "{text}: {said}");
        }
    }

    #[test]
    fn a_hint_applied_literally_is_a_higher_limit() {
        for bound in Bound::ALL {
            for limit in [1, 3, bound.most() / 2, bound.most() - 1] {
                let hint = bound.raise(limit);
                let (_, value) = hint.trim_end_matches('`').rsplit_once(' ').unwrap();
                assert!(bound.parse(value).unwrap() > limit, "{hint}");
            }
            assert!(bound.raise(bound.most()).contains("as high as it can be"));
        }
    }
}
