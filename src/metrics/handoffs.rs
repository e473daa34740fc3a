//! Handoffs by every definition, ping-pong, returns, pickup latency.
//!
//! `group` and `person` count changes in the run-compressed sequence of known values: A→none→B is one handoff,
//! A→none→A none, the first assignment none. `group_or_unassigned` compares neighbouring events, none being a
//! value. `owner` counts events at which the known group or person changes. `actor` counts consecutive touches by
//! two people. `human_bot` counts neighbouring events of a person and a bot; of activities with start and end, the
//! starts.
//!
//! A ping-pong is a return to the owner before last, a return one to any owner seen before. Pickup latency runs
//! from a handoff to the first qualifying event while the receiver still holds the case.

use super::durations::Durations;
use super::pairs::PairTable;
use crate::log::{EventLog, NO_TIME};
use crate::states::touches::Touch;
use crate::states::{CaseEvents, Change, Class, Headline, PickupRule, Semantics};

/// What became of a handoff.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pickup {
    /// Picked up at an event.
    Picked(usize),
    /// The receiver's own doing.
    SelfAssigned,
    /// Handed on or closed at an event before any pickup.
    PassedOn(usize),
    /// The log cannot tell.
    Unknown,
}

/// One handoff by the headline definition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Handoff {
    /// Event at which ownership changed.
    pub event: usize,
    /// Giver.
    pub from: u32,
    /// Receiver.
    pub to: u32,
    /// Return to the owner before last.
    pub ping_pong: bool,
    /// Return to any owner seen before.
    pub is_return: bool,
    /// What became of it.
    pub pickup: Pickup,
}

/// Handoffs of one case.
#[derive(Clone, Debug, Default)]
pub struct CaseHandoffs {
    /// By the headline definition, in order.
    pub list: Vec<Handoff>,
    /// Runs of the headline sequence: first assignment and handoffs.
    pub assignments: u32,
    runs: Vec<(usize, u32)>,
}

/// Finds the headline handoffs of a case.
pub fn find(case: &CaseEvents, semantics: &Semantics, touches: &[Touch], found: &mut CaseHandoffs) {
    found.list.clear();
    found.runs.clear();
    let groups = if case.ever.any(Change::GROUP) { case.group } else { &case.group[..1] };
    match semantics.headline {
        Some(Headline::Group) => compress(groups, &mut found.runs),
        Some(Headline::GroupOrUnassigned) => compress_all(groups, &mut found.runs),
        Some(Headline::Person) => compress(case.person, &mut found.runs),
        Some(Headline::Actor) => {
            for touch in touches {
                if found.runs.last().is_none_or(|last| last.1 != touch.actor) {
                    found.runs.push((touch.first, touch.actor));
                }
            }
        }
        None => {}
    }
    #[expect(clippy::cast_possible_truncation, reason = "no more runs than events of a case, counted in 32 bits")]
    {
        found.assignments = found.runs.len() as u32;
    }
    for k in 1..found.runs.len() {
        let (event, to) = found.runs[k];
        let next = found.runs.get(k + 1).map(|run| run.0);
        found.list.push(Handoff {
            event,
            from: found.runs[k - 1].1,
            to,
            ping_pong: k >= 2 && found.runs[k - 2].1 == to,
            is_return: found.runs[..k].iter().any(|run| run.1 == to),
            pickup: pickup(case, semantics, event, to, next),
        });
    }
}

/// Runs of values, none being one.
fn compress_all(values: &[u32], runs: &mut Vec<(usize, u32)>) {
    for (i, &value) in values.iter().enumerate() {
        if runs.last().is_none_or(|last| last.1 != value) {
            runs.push((i, value));
        }
    }
}

/// Runs of known values: where each starts and its value.
fn compress(values: &[u32], runs: &mut Vec<(usize, u32)>) {
    for (i, &value) in values.iter().enumerate() {
        if value != 0 && runs.last().is_none_or(|last| last.1 != value) {
            runs.push((i, value));
        }
    }
}

fn pickup(case: &CaseEvents, semantics: &Semantics, event: usize, to: u32, next: Option<usize>) -> Pickup {
    // A person carried over from before the handoff does not belong to the receiver.
    let mut named = case.changes[event].any(Change::NAMED);
    if semantics.headline == Some(Headline::Actor) || (named && acts_for_holder(case, semantics, event)) {
        return Pickup::SelfAssigned;
    }
    let by_entry = semantics.pickup_rule == PickupRule::EntryIntoActive;
    if by_entry && case.class[event] == Class::Active {
        return Pickup::Unknown;
    }
    let by_person = |i: usize| {
        semantics.headline == Some(Headline::Person)
            && case.actor[i] != 0
            && semantics.assignee_as_actor.get(to as usize) == Some(&case.actor[i])
    };
    for i in event + 1..case.len() {
        if Some(i) == next {
            return Pickup::PassedOn(i);
        }
        named |= case.changes[i].any(Change::NAMED);
        let qualifies = if by_entry {
            case.changes[i].any(Change::STATE) && case.class[i] == Class::Active
        } else {
            (named && acts_for_holder(case, semantics, i)) || by_person(i)
        };
        if qualifies {
            return Pickup::Picked(i);
        }
        if case.changes[i].any(Change::TERMINAL) {
            return Pickup::PassedOn(i);
        }
    }
    Pickup::Unknown
}

/// Whether event `i` was made by the person who holds the case after it.
fn acts_for_holder(case: &CaseEvents, semantics: &Semantics, i: usize) -> bool {
    let holder = case.person[i] as usize;
    case.actor[i] != 0 && holder != 0 && semantics.assignee_as_actor.get(holder) == Some(&case.actor[i])
}

/// A count of handoffs and of cases with at least one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KindTally {
    /// Handoffs.
    pub total: u64,
    /// Cases.
    pub cases: u64,
}

impl KindTally {
    fn add(&mut self, n: u64) {
        self.total += n;
        self.cases += u64::from(n > 0);
    }

    fn merge(&mut self, other: KindTally) {
        self.total += other.total;
        self.cases += other.cases;
    }
}

/// Handoffs between two owners.
#[derive(Clone, Debug, Default)]
pub struct PairTally {
    /// Times.
    pub count: u64,
    /// Pickup latencies.
    pub pickup: Durations,
}

/// Codes of the owners that the headline definition looks at, none included.
#[must_use]
pub fn owners(log: &EventLog, semantics: &Semantics) -> usize {
    let column = match semantics.headline {
        Some(Headline::Group | Headline::GroupOrUnassigned) => log.group.as_ref(),
        Some(Headline::Person) => log.assignee.as_ref(),
        Some(Headline::Actor) => log.actor.as_ref(),
        None => None,
    };
    column.map_or(1, |column| column.dictionary.size())
}

/// Everything about handoffs.
#[derive(Clone, Debug)]
pub struct HandoffTally {
    /// Known group to known group.
    pub group: KindTally,
    /// Neighbouring events, none being a value.
    pub group_or_unassigned: KindTally,
    /// Known person to known person.
    pub person: KindTally,
    /// Known group or person changes.
    pub owner: KindTally,
    /// Consecutive touches by two people.
    pub actor: KindTally,
    /// A person follows a bot or the reverse.
    pub human_bot: KindTally,
    /// Returns to the owner before last, by the headline definition.
    pub ping_pong: KindTally,
    /// Returns to any owner seen before.
    pub returns: u64,
    /// First assignments and handoffs.
    pub assignments: u64,
    /// By (giver, receiver).
    pub pairs: PairTable<PairTally>,
    /// Handed on or closed before a pickup.
    pub passed_on: u64,
    /// The receiver's own doing.
    pub self_assigned: u64,
    /// The log cannot tell.
    pub pickup_unknown: u64,
    /// Some actor is a bot.
    has_bots: bool,
}

impl HandoffTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        let owners = owners(log, semantics);
        let none = KindTally::default();
        HandoffTally {
            group: none,
            group_or_unassigned: none,
            person: none,
            owner: none,
            actor: none,
            human_bot: none,
            ping_pong: none,
            returns: 0,
            assignments: 0,
            pairs: PairTable::new(owners, owners),
            passed_on: 0,
            self_assigned: 0,
            pickup_unknown: 0,
            has_bots: semantics.bots.contains(&true),
        }
    }

    /// Adds a case.
    pub fn add(&mut self, case: &CaseEvents, semantics: &Semantics, touches: &[Touch], found: &CaseHandoffs) {
        let changes = owner_changes(case);
        self.group.add(changes.group);
        self.person.add(changes.person);
        self.owner.add(changes.either);
        self.group_or_unassigned.add(case.count(Change::GROUP) as u64);
        self.actor.add(touches.windows(2).filter(|pair| pair[0].actor != pair[1].actor).count() as u64);
        self.human_bot.add(if self.has_bots { human_bot_changes(case, semantics) } else { 0 });
        self.ping_pong.add(found.list.iter().filter(|handoff| handoff.ping_pong).count() as u64);
        self.assignments += u64::from(found.assignments);
        for handoff in &found.list {
            self.returns += u64::from(handoff.is_return);
            let pair = self.pairs.at(handoff.from, handoff.to);
            pair.count += 1;
            match handoff.pickup {
                Pickup::Picked(at) => pair.pickup.push(case.time_ms[at] - case.time_ms[handoff.event]),
                Pickup::SelfAssigned => self.self_assigned += 1,
                Pickup::PassedOn(_) => self.passed_on += 1,
                Pickup::Unknown => self.pickup_unknown += 1,
            }
        }
    }

    /// Adds another tally of the same log.
    pub fn merge(&mut self, other: HandoffTally) {
        self.group.merge(other.group);
        self.group_or_unassigned.merge(other.group_or_unassigned);
        self.person.merge(other.person);
        self.owner.merge(other.owner);
        self.actor.merge(other.actor);
        self.human_bot.merge(other.human_bot);
        self.ping_pong.merge(other.ping_pong);
        self.returns += other.returns;
        self.assignments += other.assignments;
        self.pairs.merge(other.pairs, |mine, theirs| {
            mine.count += theirs.count;
            mine.pickup.append(theirs.pickup);
        });
        self.passed_on += other.passed_on;
        self.self_assigned += other.self_assigned;
        self.pickup_unknown += other.pickup_unknown;
    }
}

/// Changes from one known owner to another within a case; what is unknown in between is passed over.
#[derive(Default)]
struct OwnerChanges {
    group: u64,
    person: u64,
    /// Events at which either changes.
    either: u64,
}

fn owner_changes(case: &CaseEvents) -> OwnerChanges {
    let mut changes = OwnerChanges::default();
    if !case.ever.any(Change::OWNER) {
        return changes;
    }
    let (mut group, mut person) = (case.group[0], case.person[0]);
    let moved = |known: u32, new: u32| known != 0 && new != 0 && known != new;
    for (i, _) in case.changes.iter().enumerate().filter(|(_, change)| change.any(Change::OWNER)) {
        let (new_group, new_person) = (case.group[i], case.person[i]);
        let (by_group, by_person) = (moved(group, new_group), moved(person, new_person));
        changes.group += u64::from(by_group);
        changes.person += u64::from(by_person);
        changes.either += u64::from(by_group || by_person);
        group = if new_group == 0 { group } else { new_group };
        person = if new_person == 0 { person } else { new_person };
    }
    changes
}

fn human_bot_changes(case: &CaseEvents, semantics: &Semantics) -> u64 {
    let bot = |actor: u32| semantics.bots[actor as usize];
    let changes = |actors: &[u32]| {
        actors.windows(2).filter(|pair| pair[0] != 0 && pair[1] != 0 && bot(pair[0]) != bot(pair[1])).count() as u64
    };
    if case.until_ms.is_empty() {
        return changes(case.actor);
    }
    let starts = case.actor.iter().zip(case.until_ms).filter(|&(_, &until_ms)| until_ms != NO_TIME);
    changes(&starts.map(|(&actor, _)| actor).collect::<Vec<_>>())
}
