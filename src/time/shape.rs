//! How a numeric date was written, and the strftime format that reads values written like it.

/// What stands between the date and the time of day.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Joiner {
    /// Nothing, since there is no time of day.
    #[default]
    None,
    /// One or more spaces.
    Space,
    /// A comma and any spaces.
    Comma,
    /// The letter T.
    Letter,
}

/// Which parts of the time of day are written. A fraction of a second is not told apart from none.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum ClockShape {
    /// No time of day.
    #[default]
    None,
    /// Hours and minutes.
    Minutes,
    /// Hours, minutes, seconds.
    Seconds,
    /// Hours, minutes, seconds and a fraction.
    Fraction,
}

/// Whether AM or PM or an offset follows, and how.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Suffix {
    /// It does not follow.
    #[default]
    None,
    /// It follows at once.
    Adjacent,
    /// It follows after spaces.
    Spaced,
}

/// The shape of a numeric date whose year is last, apart from the order of day and month.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Shape {
    /// `/`, `-` or `.`; 0 for dates that are not numeric.
    pub separator: u8,
    /// Whether the year has two digits.
    pub short_year: bool,
    /// What joins date and time.
    pub joiner: Joiner,
    /// The parts of the time of day.
    pub clock: ClockShape,
    /// AM or PM.
    pub half_day: Suffix,
    /// Offset or zone.
    pub zone: Suffix,
}

/// The order in which the three numbers of a date are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sequence {
    /// Day, month, year.
    DayMonthYear,
    /// Month, day, year.
    MonthDayYear,
    /// Year, month, day.
    YearMonthDay,
}

impl Shape {
    /// Returns the format that reads every value of this shape, its three numbers taken in `sequence`.
    pub(super) fn strftime(self, sequence: Sequence) -> String {
        let year = if self.short_year { "%y" } else { "%Y" };
        let [first, second, third] = match sequence {
            Sequence::DayMonthYear => ["%d", "%m", year],
            Sequence::MonthDayYear => ["%m", "%d", year],
            Sequence::YearMonthDay => [year, "%m", "%d"],
        };
        let separator = char::from(self.separator);
        let joiner = match self.joiner {
            Joiner::None => "",
            Joiner::Space => " ",
            Joiner::Comma => ", ",
            Joiner::Letter => "T",
        };
        let hour = if self.half_day == Suffix::None { "%H" } else { "%I" };
        let clock = match self.clock {
            ClockShape::None => String::new(),
            ClockShape::Minutes => format!("{hour}:%M"),
            ClockShape::Seconds => format!("{hour}:%M:%S"),
            ClockShape::Fraction => format!("{hour}:%M:%S%.f"),
        };
        let suffix = |how: Suffix, specifier: &str| match how {
            Suffix::None => String::new(),
            Suffix::Adjacent => specifier.to_owned(),
            Suffix::Spaced => format!(" {specifier}"),
        };
        let (half_day, zone) = (suffix(self.half_day, "%p"), suffix(self.zone, "%z"));
        format!("{first}{separator}{second}{separator}{third}{joiner}{clock}{half_day}{zone}")
    }
}
