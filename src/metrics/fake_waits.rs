//! Fake waits: the case waits for the requester although nobody asked anything.
//!
//! Looked at are runs of states that wait for the requester. Somebody asked where an event asks for information or carries
//! a comment of no bot, from the last event before the run on, as far as it is at most the touch window earlier, to the
//! last event in the run. Where the log has neither comments nor events that ask, nothing can be told.
//!
//! Worked example: T1 goes to Waiting for Customer with the event `status changed` and back a day later, with no comment in
//! between: a fake wait of a day. With an event `information requested` it is none.

use super::place_signs::{Longest, StaySum};
use crate::log::{EventLog, MARK_COMMENT};
use crate::states::{CaseEvents, Class, KindMeaning, Semantics};

/// Waits for the requester of many cases, completed ones.
#[derive(Clone, Copy, Debug)]
pub struct FakeWaits {
    /// Whether the log tells questions at all.
    pub observed: bool,
    /// All of them.
    pub all: StaySum,
    /// Those in which nobody asked.
    pub fake: StaySum,
    /// Cases with one.
    pub cases: u64,
    /// The longest.
    pub longest: Longest,
}

impl FakeWaits {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        FakeWaits {
            observed: log.marks.is_some() || semantics.kinds.contains(&KindMeaning::Information),
            all: StaySum::default(),
            fake: StaySum::default(),
            cases: 0,
            longest: Longest::default(),
        }
    }

    /// Adds a case by its number.
    pub fn add(&mut self, log: &EventLog, case: usize, events: &CaseEvents, semantics: &Semantics) {
        if !self.observed {
            return;
        }
        let mut is_fake = false;
        for run in events.visits.chunk_by(|a, b| a.class == b.class) {
            let (first, end) = (run[0].from, run[run.len() - 1].to);
            if run[0].class != Class::WaitingRequester || end == events.len() {
                continue;
            }
            let wait_ms = events.time_ms[end] - events.time_ms[first];
            self.all.add(wait_ms);
            let near = first
                .checked_sub(1)
                .filter(|before| events.time_ms[first] - events.time_ms[*before] <= semantics.touch_window_ms);
            if !(near.unwrap_or(first)..end).any(|i| asks(log, case, events, i, semantics)) {
                self.fake.add(wait_ms);
                self.longest.add(wait_ms, case);
                is_fake = true;
            }
        }
        self.cases += u64::from(is_fake);
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: FakeWaits) {
        self.all.merge(other.all);
        self.fake.merge(other.fake);
        self.cases += other.cases;
        self.longest.merge(other.longest);
    }
}

/// Whether an event asks for information or carries a comment, and no bot made it.
fn asks(log: &EventLog, case: usize, events: &CaseEvents, i: usize, semantics: &Semantics) -> bool {
    if semantics.bots.get(events.actor[i] as usize).copied().unwrap_or(false) {
        return false;
    }
    let kind = semantics.kinds.get(events.activity[i] as usize);
    let mark = log.marks.as_ref().map_or(0, |marks| marks[log.range(case).start + i]);
    kind == Some(&KindMeaning::Information) || mark & MARK_COMMENT != 0
}
