//! What moved a timer: the events that started it, let it stand still, set it going again and ended it.

use super::Timer;

/// A timer with its steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Traced {
    /// The timer.
    pub timer: Timer,
    /// What moved it, in order.
    pub steps: Vec<Step>,
}

/// An event that moved a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Step {
    /// Place of the event in its case.
    pub event: usize,
    /// What it did.
    pub turn: Turn,
    /// What had run by then, ms of the clock of the timer.
    pub elapsed_ms: i64,
}

/// What an event did to a timer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// Began it.
    Started,
    /// Let it stand still.
    Paused,
    /// Set it going again, after a pause or an end.
    Resumed,
    /// Ended it as done.
    Stopped,
    /// Ended it as not counting.
    Cancelled,
    /// Ended it in favour of a new one.
    Reset,
}

impl Turn {
    /// Returns the name in reports.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Turn::Started => "started",
            Turn::Paused => "paused",
            Turn::Resumed => "resumed",
            Turn::Stopped => "stopped",
            Turn::Cancelled => "cancelled",
            Turn::Reset => "reset",
        }
    }
}
