//! Touches: what people did on a case, and for which of the buckets of coordination.
//!
//! Where activities have a start and an end, a person is busy with the case from the one to the other: the touch begins
//! at the start, and the touch window runs from the end.

use super::{CaseEvents, Change, Class, KindMeaning, Semantics};
use crate::comments::Marks;

/// What a touch was for; the first that matches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Bucket C: reopening, escalating, entering or leaving a wait, asking for or supplying information.
    Exception,
    /// Bucket A: a change of group or person.
    Handoff,
    /// Bucket B: a status chase.
    Status,
    /// Bucket D: a stakeholder update.
    Communication,
    /// None of them.
    Work,
}

/// Events of one person on one case, each no further than the touch window from what the person did before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Person.
    pub actor: u32,
    /// First event.
    pub first: usize,
    /// What it was for.
    pub purpose: Purpose,
    /// Nothing visible changed at any of its events.
    pub unchanged: bool,
    /// Instant up to which it lasts so far, while the case is read.
    until_ms: i64,
}

/// Finds the touches of one case after the other.
pub struct Finder {
    touches: Vec<Touch>,
    /// By actor: `before` plus the place of the actor's last touch, plus 1; smaller ones are of earlier cases.
    latest: Vec<u32>,
    /// Touches of the cases before.
    before: u32,
}

impl Finder {
    /// A finder for the cases of one log.
    #[must_use]
    pub fn new(semantics: &Semantics) -> Self {
        Finder { touches: Vec::new(), latest: vec![0; semantics.bots.len()], before: 0 }
    }

    /// The touches of a case, ordered by first event.
    #[expect(clippy::cast_possible_truncation, reason = "no more touches than events, which are counted in 32 bits")]
    pub fn find(&mut self, case: &CaseEvents, semantics: &Semantics) -> &[Touch] {
        self.before += self.touches.len() as u32;
        self.touches.clear();
        for (i, (&actor, &change)) in case.actor.iter().zip(case.changes).enumerate() {
            if actor == 0 || semantics.bots[actor as usize] {
                continue;
            }
            let kind = semantics.kinds.get(case.activity[i] as usize).copied().unwrap_or_default();
            let purpose = purpose(change, told(kind, case.said.get(i).copied().unwrap_or_default()));
            let unchanged = case.unchanged.get(i).copied().unwrap_or(false);
            let at_ms = case.time_ms[i];
            let until_ms = case.until_ms.get(i).map_or(at_ms, |&until_ms| until_ms.max(at_ms));
            let latest = &mut self.latest[actor as usize];
            if *latest > self.before {
                let touch = &mut self.touches[(*latest - self.before) as usize - 1];
                if at_ms - touch.until_ms <= semantics.touch_window_ms {
                    touch.until_ms = touch.until_ms.max(until_ms);
                    touch.unchanged &= unchanged;
                    if rank(purpose) < rank(touch.purpose) {
                        touch.purpose = purpose;
                    }
                    continue;
                }
            }
            self.touches.push(Touch { actor, first: i, purpose, unchanged, until_ms });
            *latest = self.before + self.touches.len() as u32;
        }
        &self.touches
    }
}

fn rank(purpose: Purpose) -> u8 {
    match purpose {
        Purpose::Exception => 0,
        Purpose::Handoff => 1,
        Purpose::Status => 2,
        Purpose::Communication => 3,
        Purpose::Work => 4,
    }
}

/// What an event says it is: by its kind, else by the first of these that its comment is for.
#[must_use]
pub fn told(kind: KindMeaning, said: Marks) -> KindMeaning {
    const BY_WORDS: [(Marks, KindMeaning); 4] = [
        (Marks::ESCALATION, KindMeaning::Escalation),
        (Marks::REQUEST.and(Marks::REPLY), KindMeaning::Information),
        (Marks::CHASE.and(Marks::RE_PING).and(Marks::FOLLOW_UP), KindMeaning::Chase),
        (Marks::UPDATE.and(Marks::REMINDER), KindMeaning::Update),
    ];
    match kind {
        KindMeaning::Plain => BY_WORDS.iter().find(|(marks, _)| said.has(*marks)).map_or(kind, |(_, told)| *told),
        KindMeaning::Chase | KindMeaning::Update | KindMeaning::Information | KindMeaning::Escalation => kind,
    }
}

fn purpose(change: Change, kind: KindMeaning) -> Purpose {
    const EXCEPTION: Change = Change::REOPENED.or(Change::WAIT).or(Change::ESCALATED);
    if change.any(EXCEPTION) || matches!(kind, KindMeaning::Information | KindMeaning::Escalation) {
        Purpose::Exception
    } else if change.any(Change::OWNER) {
        Purpose::Handoff
    } else {
        match kind {
            KindMeaning::Chase => Purpose::Status,
            KindMeaning::Update => Purpose::Communication,
            KindMeaning::Plain | KindMeaning::Information | KindMeaning::Escalation => Purpose::Work,
        }
    }
}

/// Whether a class is one of the waits that make an exception.
#[must_use]
pub fn is_wait(class: Class) -> bool {
    matches!(class, Class::Blocked | Class::WaitingRequester | Class::WaitingExternal)
}
