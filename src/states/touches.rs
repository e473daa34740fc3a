//! Touches: what people did on a case, and for which of the buckets of coordination.

use super::{CaseEvents, Class, KindMeaning, Semantics};

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

/// Events of one person on one case, each closer than the touch window to the one before.
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
    /// Last event so far, while the case is read.
    last: usize,
}

/// Finds the touches of a case, ordered by first event.
pub fn find(case: &CaseEvents, semantics: &Semantics, touches: &mut Vec<Touch>) {
    touches.clear();
    for i in 0..case.len() {
        let actor = case.actor[i];
        if actor == 0 || semantics.bots[actor as usize] {
            continue;
        }
        let purpose = purpose(case, semantics, i);
        let unchanged = case.unchanged.get(i).copied().unwrap_or(false);
        let near = |touch: &&mut Touch| touch.actor == actor;
        match touches.iter_mut().rev().find(near) {
            Some(touch) if case.time_ms[i] - case.time_ms[touch.last] <= semantics.touch_window_ms => {
                touch.last = i;
                touch.unchanged &= unchanged;
                if rank(purpose) < rank(touch.purpose) {
                    touch.purpose = purpose;
                }
            }
            _ => touches.push(Touch { actor, first: i, purpose, unchanged, last: i }),
        }
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

fn purpose(case: &CaseEvents, semantics: &Semantics, i: usize) -> Purpose {
    let kind = semantics.kinds.get(case.activity[i] as usize).copied().unwrap_or_default();
    let moved = case.state_changes(i) && (is_wait(case.class[i]) || is_wait(case.class[i - 1]));
    let told = matches!(kind, KindMeaning::Information | KindMeaning::Escalation);
    if case.reopens(i) || moved || told || raises_priority(case, semantics, i) {
        Purpose::Exception
    } else if case.owner_changes(i) {
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

/// Whether event `i` is more urgent than the last ranked priority before it.
#[must_use]
pub fn raises_priority(case: &CaseEvents, semantics: &Semantics, i: usize) -> bool {
    if semantics.priority.is_none() || i == 0 || case.priority[i] == case.priority[i - 1] {
        return false;
    }
    let rank = |j: usize| semantics.priority_rank.get(case.priority[j] as usize).copied().flatten();
    let before = (0..i).rev().find_map(rank);
    matches!((before, rank(i)), (Some(before), Some(now)) if now < before)
}
