//! Silences: stretches of a case in which no event happens for long, and who broke them.
//!
//! A silence is a gap of more than the threshold between neighbouring events of a case whose state before the gap is not
//! terminal. It is *outside* where that state waits for the requester or another organisation, else *inside*. It is
//! broken by the first that fits: `unknown` (the event names nobody), `bot`, `chase` (a status check, whoever asks), `owner`
//! (the assignee in force before), `other` (anybody else). A case that is silent from its last event to `as_of` for
//! longer than that, and not finished, is in an open silence, which is counted apart.
//!
//! Worked example with a threshold of 72 h: T1 is New at 0 h, gets a status check at 100 h and is Closed at 110 h. One
//! silence of 100 h, inside, broken by a chase.

use super::pairs::PairTable;
use super::place_signs::{Longest, StaySum};
use super::wait_spans::waits_outside;
use crate::log::{EventLog, NONE};
use crate::states::{CaseEvents, KindMeaning, Semantics};

/// Who broke a silence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Breaker {
    /// The event names nobody.
    Unknown,
    /// A system.
    Bot,
    /// Somebody who asks how far it is.
    Chase,
    /// The assignee.
    Owner,
    /// Another person.
    Other,
}

impl Breaker {
    /// All, in the order of the tallies.
    pub const ALL: [Breaker; 5] = [Breaker::Unknown, Breaker::Bot, Breaker::Chase, Breaker::Owner, Breaker::Other];

    /// The name in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Breaker::Unknown => "unknown",
            Breaker::Bot => "bot",
            Breaker::Chase => "chase",
            Breaker::Owner => "owner",
            Breaker::Other => "other",
        }
    }
}

/// Silences of many cases.
#[derive(Clone, Debug)]
pub struct SilenceTally {
    /// A gap is a silence beyond this, ms.
    pub threshold_ms: i64,
    /// Inside, by [`Breaker`].
    pub inside: [StaySum; 5],
    /// Outside.
    pub outside: StaySum,
    /// Inside, by (state, group).
    pub places: PairTable<StaySum>,
    /// Cases with a silence inside.
    pub cases: u64,
    /// The longest inside.
    pub longest: Longest,
    /// Cases that are silent at `as_of`, and since when in all, inside.
    pub open: StaySum,
}

impl SilenceTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        SilenceTally {
            threshold_ms: semantics.silence_ms,
            inside: Default::default(),
            outside: StaySum::default(),
            places: PairTable::new(semantics.states.len(), groups),
            cases: 0,
            longest: Longest::default(),
            open: StaySum::default(),
        }
    }

    /// Adds a case by its number.
    pub fn add(&mut self, case: usize, events: &CaseEvents, semantics: &Semantics) {
        let last = events.len() - 1;
        let open_ms = semantics.as_of_ms - events.time_ms[last];
        let class = events.class[last];
        if open_ms > self.threshold_ms && !class.is_terminal() && !waits_outside(class) {
            self.open.add(open_ms);
        }
        // No gap is longer than the case.
        if events.time_ms[last] - events.time_ms[0] <= self.threshold_ms {
            return;
        }
        let mut is_silent = false;
        for (i, pair) in events.time_ms.windows(2).enumerate() {
            let gap_ms = pair[1] - pair[0];
            let class = events.class[i];
            if gap_ms <= self.threshold_ms || class.is_terminal() {
                continue;
            }
            if waits_outside(class) {
                self.outside.add(gap_ms);
                continue;
            }
            self.inside[breaker(events, i + 1, semantics) as usize].add(gap_ms);
            self.places.at(events.state[i], events.group[i]).add(gap_ms);
            self.longest.add(gap_ms, case);
            is_silent = true;
        }
        self.cases += u64::from(is_silent);
    }

    /// All inside.
    #[must_use]
    pub fn all(&self) -> StaySum {
        let mut all = StaySum::default();
        self.inside.iter().for_each(|some| all.merge(*some));
        all
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: SilenceTally) {
        self.inside.iter_mut().zip(other.inside).for_each(|(mine, theirs)| mine.merge(theirs));
        self.outside.merge(other.outside);
        self.places.merge(other.places, StaySum::merge);
        self.cases += other.cases;
        self.longest.merge(other.longest);
        self.open.merge(other.open);
    }
}

/// Who made the event that ends a silence.
fn breaker(events: &CaseEvents, i: usize, semantics: &Semantics) -> Breaker {
    let actor = events.actor[i];
    if semantics.kinds.get(events.activity[i] as usize) == Some(&KindMeaning::Chase) {
        return if is_bot(actor, semantics) { Breaker::Bot } else { Breaker::Chase };
    }
    if actor == NONE {
        Breaker::Unknown
    } else if is_bot(actor, semantics) {
        Breaker::Bot
    } else if semantics.tells_people_apart
        && semantics.assignee_as_actor.get(events.person[i - 1] as usize) == Some(&actor)
    {
        Breaker::Owner
    } else {
        Breaker::Other
    }
}

fn is_bot(actor: u32, semantics: &Semantics) -> bool {
    semantics.bots.get(actor as usize).copied().unwrap_or(false)
}
