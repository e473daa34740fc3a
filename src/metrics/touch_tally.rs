//! Touches by purpose, and the proxy for status tracking.

use super::pairs::PairTable;
use crate::comments::Marks;
use crate::log::EventLog;
use crate::states::touches::{Purpose, Touch};
use crate::states::{CaseEvents, Semantics};

/// Touches of one segment by bucket.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SegmentTouches {
    /// Bucket A.
    pub handoff: u64,
    /// Bucket B.
    pub status: u64,
    /// Bucket C.
    pub exception: u64,
    /// Bucket D.
    pub communication: u64,
}

/// Counts of touches.
#[derive(Clone, Debug)]
pub struct TouchTally {
    /// By (state, group) in force before the touch began.
    pub segments: PairTable<SegmentTouches>,
    /// Bucket A.
    pub handoff: u64,
    /// Bucket B.
    pub status: u64,
    /// Bucket C.
    pub exception: u64,
    /// Bucket D.
    pub communication: u64,
    /// None of them.
    pub work: u64,
    /// Touches of no bucket at which nothing visible changed: an upper bound on unseen status tracking.
    pub unchanged: u64,
    /// Events at which nothing visible changed, whoever made them.
    pub unchanged_steps: u64,
    /// Neighbouring events.
    pub steps: u64,
    /// Comments by what they are for, in the order of [`Marks::NAMED`].
    pub marks: [u64; Marks::NAMED.len()],
}

impl TouchTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        TouchTally {
            segments: PairTable::new(semantics.states.len(), groups),
            handoff: 0,
            status: 0,
            exception: 0,
            communication: 0,
            work: 0,
            unchanged: 0,
            unchanged_steps: 0,
            steps: 0,
            marks: [0; Marks::NAMED.len()],
        }
    }

    /// Adds a case.
    pub fn add(&mut self, case: &CaseEvents, touches: &[Touch]) {
        self.steps += case.len() as u64 - 1;
        self.unchanged_steps += case.unchanged.iter().filter(|&&unchanged| unchanged).count() as u64;
        for said in case.said.iter().filter(|said| !said.is_none()) {
            for ((_, mark), count) in Marks::NAMED.iter().zip(&mut self.marks) {
                *count += u64::from(said.has(*mark));
            }
        }
        for touch in touches {
            if touch.purpose == Purpose::Work {
                self.work += 1;
                self.unchanged += u64::from(touch.unchanged);
                continue;
            }
            let before = touch.first.saturating_sub(1);
            let segment = self.segments.at(case.state[before], case.group[before]);
            let (all, here) = match touch.purpose {
                Purpose::Handoff => (&mut self.handoff, &mut segment.handoff),
                Purpose::Status => (&mut self.status, &mut segment.status),
                Purpose::Exception => (&mut self.exception, &mut segment.exception),
                Purpose::Communication => (&mut self.communication, &mut segment.communication),
                Purpose::Work => continue,
            };
            *all += 1;
            *here += 1;
        }
    }

    /// All touches.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.handoff + self.status + self.exception + self.communication + self.work
    }

    /// Adds another tally.
    pub fn merge(&mut self, other: TouchTally) {
        self.segments.merge(other.segments, |mine, theirs| {
            mine.handoff += theirs.handoff;
            mine.status += theirs.status;
            mine.exception += theirs.exception;
            mine.communication += theirs.communication;
        });
        self.handoff += other.handoff;
        self.status += other.status;
        self.exception += other.exception;
        self.communication += other.communication;
        self.work += other.work;
        self.unchanged += other.unchanged;
        self.unchanged_steps += other.unchanged_steps;
        self.steps += other.steps;
        self.marks.iter_mut().zip(other.marks).for_each(|(mine, theirs)| *mine += theirs);
    }
}
