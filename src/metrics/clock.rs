//! The business clock of a case: the instants of its events, counted in open time of the calendar in force.
//!
//! Between two events the calendar is the one picked by the values in force after the first: group, person, state and
//! attributes as of then, a missing attribute being the last known one. So the clock of a case may run by several
//! calendars, one after the other; it never runs faster than the wall clock, and spans that follow each other add up.
//! A case of which a stretch has no calendar has no business clock.
//!
//! Worked example: open 09:00-17:00. Events on Monday at 16:00 and 18:00, and on Tuesday at 10:00: the clock shows 0,
//! 1 h and 2 h. Had the second event moved the case to a group that works at night, from 22:00 to 06:00, it would show
//! 0, 1 h and 9 h.
//!
//! Deliberately not here: what a rule looks at in a file (`config`), what is measured (`business`).

use crate::log::codes::each_width;
use crate::log::{EventLog, NONE};
use crate::states::CaseEvents;
use crate::time::Calendar;

/// The calendars of a log and the rules that pick one.
#[derive(Clone, Debug)]
pub struct BusinessClock {
    /// All calendars.
    pub calendars: Vec<Calendar>,
    /// The first one whose conditions all hold wins.
    pub rules: Vec<Rule>,
    /// Place of the calendar where no rule fits.
    pub default: Option<usize>,
}

/// A calendar and when it is in force.
#[derive(Clone, Debug)]
pub struct Rule {
    /// What must hold, all of it.
    pub when: Vec<Condition>,
    /// Place among the calendars.
    pub calendar: usize,
}

/// A condition on a value in force.
#[derive(Clone, Debug)]
pub struct Condition {
    /// The value.
    pub of: ValueOf,
    /// By code, or by number of the case: whether it holds. Nothing holds for a missing value.
    pub holds: Vec<bool>,
}

/// What a condition looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ValueOf {
    /// The case itself.
    Case,
    /// Group in force.
    Group,
    /// Person in force.
    Person,
    /// State in force.
    State,
    /// Last known value of an attribute, by its place.
    Attribute(usize),
}

/// The instants of a case on its business clock, which shows 0 at the first event; ms.
#[derive(Clone, Copy, Debug)]
pub struct BusinessTimes<'a> {
    /// Of each event.
    pub time_ms: &'a [i64],
    /// Place of the calendar in force after each event; [`u32::MAX`] where none is and no time passes.
    pub calendar: &'a [u32],
    /// Of the end of the log; of the last event where the case is completed.
    pub as_of_ms: i64,
    /// Whether every stretch took between nothing and its time on the wall clock; anything else is a bug.
    pub conserved: bool,
}

impl BusinessClock {
    /// What the clock of a case shows at an instant, ms; `None` before its first event.
    #[must_use]
    pub fn at(&self, events: &CaseEvents, times: &BusinessTimes, at_ms: i64) -> Option<i64> {
        let last = events.time_ms.partition_point(|&time_ms| time_ms <= at_ms).checked_sub(1)?;
        let calendar = self.calendars.get(times.calendar[last] as usize)?;
        Some(times.time_ms[last] + calendar.open_before(at_ms) - calendar.open_before(events.time_ms[last]))
    }
}

/// Reads the clock of one case after the other.
pub struct CaseClock<'a> {
    clock: &'a BusinessClock,
    log: &'a EventLog,
    time_ms: Vec<i64>,
    calendar: Vec<u32>,
    /// By condition, in the order of the rules: whether it holds now.
    holding: Vec<bool>,
}

impl<'a> CaseClock<'a> {
    /// A reader for the cases of a log.
    #[must_use]
    pub fn new(clock: &'a BusinessClock, log: &'a EventLog) -> Self {
        let conditions = clock.rules.iter().map(|rule| rule.when.len()).sum();
        CaseClock { clock, log, time_ms: Vec::new(), calendar: Vec::new(), holding: vec![false; conditions] }
    }

    /// The instants of a case; `None` where a stretch of it has no calendar.
    pub fn times(&mut self, case: usize, events: &CaseEvents, as_of_ms: i64) -> Option<BusinessTimes<'_>> {
        self.time_ms.clear();
        self.calendar.clear();
        self.time_ms.push(0);
        self.holding.fill(false);
        let single = self.clock.rules.is_empty();
        let mut calendar = self.clock.default;
        // Where the clock stood last: calendar, instant, its open time.
        let mut before: Option<(usize, i64, i64)> = None;
        let (mut sum_ms, mut conserved) = (0, true);
        let last = events.len() - 1;
        let end_ms = if events.class[last].is_terminal() { events.time_ms[last] } else { as_of_ms };
        for (i, &from_ms) in events.time_ms.iter().enumerate() {
            if !single {
                calendar = self.picked(case, events, i);
            }
            self.calendar.push(calendar.and_then(|place| u32::try_from(place).ok()).unwrap_or(u32::MAX));
            let to_ms = events.time_ms.get(i + 1).copied().unwrap_or(end_ms);
            if from_ms < to_ms {
                let place = calendar?;
                let in_force = &self.clock.calendars[place];
                let from_open_ms = match before {
                    Some((same, at_ms, open_ms)) if same == place && at_ms == from_ms => open_ms,
                    Some(_) | None => in_force.open_before(from_ms),
                };
                let to_open_ms = in_force.open_before(to_ms);
                let stretch_ms = to_open_ms - from_open_ms;
                conserved &= (0..=to_ms - from_ms).contains(&stretch_ms);
                sum_ms += stretch_ms;
                before = Some((place, to_ms, to_open_ms));
            }
            if i < last {
                self.time_ms.push(sum_ms);
            }
        }
        Some(BusinessTimes { time_ms: &self.time_ms, calendar: &self.calendar, as_of_ms: sum_ms, conserved })
    }

    /// Place of the calendar in force after event `i` of a case; asked for each event in turn.
    fn picked(&mut self, case: usize, events: &CaseEvents, i: usize) -> Option<usize> {
        let event = self.log.range(case).start + i;
        let conditions = self.clock.rules.iter().flat_map(|rule| &rule.when);
        for (holding, condition) in self.holding.iter_mut().zip(conditions) {
            let holds = |code: usize| condition.holds.get(code).copied().unwrap_or(false);
            *holding = match condition.of {
                ValueOf::Case => holds(case),
                ValueOf::Group => holds(events.group[i] as usize),
                ValueOf::Person => holds(events.person[i] as usize),
                ValueOf::State => holds(events.state[i] as usize),
                ValueOf::Attribute(at) => {
                    let code = each_width!(&self.log.attributes[at].column.codes, codes => u32::from(codes[event]));
                    if code == NONE { *holding } else { holds(code as usize) }
                }
            };
        }
        let mut rest = self.holding.as_slice();
        for rule in &self.clock.rules {
            let (own, others) = rest.split_at(rule.when.len());
            if own.iter().all(|holds| *holds) {
                return Some(rule.calendar);
            }
            rest = others;
        }
        self.clock.default
    }
}
