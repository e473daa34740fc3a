//! Which clocks a report shows: every hour of the wall clock, working hours of a calendar, or both side by side.
//!
//! `wall` and `work` are their names where there is little room; `work` is the business clock. JSON and tables as CSV
//! hold both whatever is shown.

use super::format::{UNKNOWN, duration, duration_or_unknown, working, working_or_unknown};

/// The clocks of durations in a report for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clocks {
    /// Every hour counts.
    Wall,
    /// The working hours of a calendar count.
    Business,
    /// Both, side by side.
    #[default]
    Both,
}

impl Clocks {
    /// The one clock by which durations are ranked: the business clock where it alone is shown.
    #[must_use]
    pub fn ranking(self) -> Ranking {
        if self == Clocks::Business { Ranking::Business } else { Ranking::Wall }
    }
}

/// The clock by which durations are compared with others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Ranking {
    /// Every hour counts.
    Wall,
    /// The working hours of a calendar count.
    Business,
}

impl Ranking {
    /// Of a duration on both clocks the one that is compared.
    pub(crate) fn of<T>(self, wall: T, business: Option<T>) -> Option<T> {
        match self {
            Ranking::Wall => Some(wall),
            Ranking::Business => business,
        }
    }
}

/// The clocks shown of findings that may have no business clock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Shown {
    clocks: Clocks,
    /// Whether there is a business clock, so that labels must tell the two apart.
    pub(super) has_business: bool,
}

impl Shown {
    /// What to show of what was asked for.
    pub(super) fn new(asked: Clocks, has_business: bool) -> Shown {
        Shown { clocks: if has_business { asked } else { Clocks::Wall }, has_business }
    }

    /// Whether durations on the wall clock are shown.
    pub(super) fn wall(self) -> bool {
        matches!(self.clocks, Clocks::Wall | Clocks::Both)
    }

    /// Whether durations on the business clock are shown.
    pub(super) fn business(self) -> bool {
        matches!(self.clocks, Clocks::Business | Clocks::Both)
    }

    /// Whether both are shown.
    pub(super) fn both(self) -> bool {
        self.clocks == Clocks::Both
    }

    /// Only the wall clock of both, labelled as such.
    pub(super) fn wall_only(self) -> Shown {
        Shown { clocks: Clocks::Wall, ..self }
    }

    /// The headers of the columns of one duration: `p50`, or `p50 wall` and `p50 work`.
    pub(super) fn headers(self, name: &str) -> Vec<String> {
        match (self.has_business, self.clocks) {
            (false, _) => vec![name.to_owned()],
            (true, Clocks::Wall) => vec![format!("{name} wall")],
            (true, Clocks::Business) => vec![format!("{name} work")],
            (true, Clocks::Both) => vec![format!("{name} wall"), format!("{name} work")],
        }
    }

    /// The cells of these columns.
    pub(super) fn cells(self, wall_ms: Option<i64>, business_ms: Option<i64>) -> Vec<String> {
        let wall = self.wall().then(|| duration_or_unknown(wall_ms));
        let business = self.business().then(|| working_or_unknown(business_ms));
        wall.into_iter().chain(business).collect()
    }

    /// One duration in a sentence: `3.0 d`, `8.0 bh`, or `3.0 d (work 8.0 bh)`.
    pub(super) fn one(self, wall_ms: i64, business_ms: Option<i64>) -> String {
        match (self.clocks, business_ms) {
            (Clocks::Business, business_ms) => working_or_unknown(business_ms),
            (Clocks::Both, Some(business_ms)) => format!("{} (work {})", duration(wall_ms), working(business_ms)),
            (Clocks::Wall, _) | (Clocks::Both, None) => duration(wall_ms),
        }
    }

    /// What ranks are of, for a remark below a table that shows some; nothing where there is one clock.
    pub(super) fn ranked(self, ranked_by: Ranking) -> &'static str {
        match (self.has_business, ranked_by) {
            (false, _) => "",
            (true, Ranking::Wall) => " Compared on the wall clock.",
            (true, Ranking::Business) => " Compared in working hours.",
        }
    }

    /// A sentence's end about one or both: `p50 3.0 h, p90 2.1 d`, or `wall p50 3.0 h, p90 2.1 d; work p50 1.0 h, ...`.
    pub(super) fn said(self, wall: &[(&str, Option<i64>)], business: &[(&str, Option<i64>)], joint: &str) -> String {
        let list = |values: &[(&str, Option<i64>)], show: fn(Option<i64>) -> String| {
            let parts: Vec<String> = values.iter().map(|(name, ms)| format!("{name} {}", show(*ms))).collect();
            if parts.is_empty() { UNKNOWN.to_owned() } else { parts.join(joint) }
        };
        let (wall, business) = (list(wall, duration_or_unknown), list(business, working_or_unknown));
        match (self.has_business, self.clocks) {
            (false, _) => wall,
            (true, Clocks::Wall) => format!("wall {wall}"),
            (true, Clocks::Business) => format!("work {business}"),
            (true, Clocks::Both) => format!("wall {wall}; work {business}"),
        }
    }

    /// The names of the clocks shown, for remarks below a table.
    pub(super) fn legend(self) -> &'static str {
        match (self.has_business, self.clocks) {
            (false, _) => "Wall clock: every hour counts.",
            (true, Clocks::Wall) => "wall: every hour counts.",
            (true, Clocks::Business) => "work: hours of the calendar.",
            (true, Clocks::Both) => "wall: every hour; work: hours of the calendar.",
        }
    }
}
