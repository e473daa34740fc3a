//! Service levels as codes of one log: what the walk over its cases compares with.

use std::ops::Range;

use crate::time::{Calendar, Duration};

/// All service levels of a log.
#[derive(Clone, Debug, Default)]
pub struct Plan {
    /// Definitions, those of one kind beside each other, in their order.
    pub definitions: Vec<Definition>,
    /// Per kind, its definitions.
    pub kinds: Vec<Range<usize>>,
    /// Attributes of the log that are looked at.
    pub attributes: Vec<usize>,
    /// Calendars.
    pub calendars: Vec<Calendar>,
    /// Which calendar a case has; the first that fits.
    pub rules: Vec<(Condition, usize)>,
    /// The calendar of cases that no rule fits.
    pub default: Option<usize>,
}

/// One service level.
#[derive(Clone, Debug)]
pub struct Definition {
    /// Name.
    pub id: String,
    /// What must hold when a timer starts.
    pub when: Condition,
    /// Any of them starts a timer; the first event does where there is none.
    pub start: Vec<Condition>,
    /// Any of them lets it stand still.
    pub pause: Vec<Condition>,
    /// Any of them sets it going again; the end of the pause does where there is none.
    pub resume: Vec<Condition>,
    /// Any of them stops it.
    pub stop: Vec<Condition>,
    /// Any of them cancels it.
    pub cancel: Vec<Condition>,
    /// Whether an event that both stops and cancels it cancels it.
    pub cancel_first: bool,
    /// Any of them starts it anew.
    pub reset: Vec<Condition>,
    /// How long it may take.
    pub target: Target,
    /// Its clock.
    pub pace: Pace,
    /// Share of the target at which a breach is near, in thousandths.
    pub near_milli: i64,
}

/// What must hold after an event, all of it.
#[derive(Clone, Debug, Default)]
pub struct Condition(pub Vec<Test>);

/// One thing that must hold.
#[derive(Clone, Debug)]
pub struct Test {
    /// What is looked at.
    pub seen: Seen,
    /// By code whether it is wanted; by number of the case for [`Seen::Case`].
    pub wanted: Vec<bool>,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// State in force.
    State,
    /// Group in force.
    Group,
    /// Person in force.
    Person,
    /// Activity of the event.
    Activity,
    /// Value in force of an attribute of the log.
    Attribute(usize),
    /// The case.
    Case,
    /// Whether the event leaves a terminal state: code 1.
    Reopened,
}

/// How long a timer may take.
#[derive(Clone, Debug)]
pub struct Target {
    /// What decides it.
    pub by: Option<Seen>,
    /// By code, the place of its duration.
    pub by_code: Vec<Option<usize>>,
    /// Durations of the values.
    pub values: Vec<Duration>,
    /// For all other values.
    pub default: Option<Duration>,
}

/// The clock of a service level.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    /// All hours count.
    Wall,
    /// The open hours of one calendar.
    Calendar(usize),
    /// The open hours of the calendar of the case.
    OfCase,
}
