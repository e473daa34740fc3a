//! Signs of a cause at the place where work waits: how a stay there begins and ends.
//!
//! Looked at are completed stays of waiting classes. Each may carry one sign at its end:
//!
//! - **question back**: a stay in a queue, approval or blocked state that the state of a wait for the requester follows;
//! - **passed on**: a stay in a queue or blocked state that another known group gets in the same state;
//! - **second decision**: a stay in an approval state that another approval follows, in another group or state.
//!
//! These are signs at the end of a stay, so that a longer one is not more likely to carry one just because it is longer.
//! Beside them: stays that a bot began, with the state it took the case from and the one to which a person took it
//! afterwards, and what bots move from where to where; and of approvals, how they were decided and by whom.
//!
//! Worked example: T1 waits in `Approval` of `Finance` for 10 h and then in `Approval` of `Legal` for 2 h, from where it
//! goes to `Waiting for Customer`. The first stay has a second decision, the second a question back.

use std::cmp::Reverse;
use std::collections::HashMap;

use super::pairs::PairTable;
use crate::log::{EventLog, NONE};
use crate::states::lexicon::is_refusal;
use crate::states::{CaseEvents, Change, Class, Semantics};

/// What the end of a stay may be a sign of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// The requester is asked.
    QuestionBack,
    /// Another group gets the case as it is.
    PassedOn,
    /// Somebody else decides as well.
    SecondDecision,
}

impl Sign {
    /// All, in the order of the tallies.
    pub const ALL: [Sign; 3] = [Sign::QuestionBack, Sign::PassedOn, Sign::SecondDecision];

    /// Whether stays of a class can carry it.
    #[must_use]
    pub fn fits(self, class: Class) -> bool {
        match self {
            Sign::QuestionBack => matches!(class, Class::Queue | Class::Approval | Class::Blocked),
            Sign::PassedOn => matches!(class, Class::Queue | Class::Blocked),
            Sign::SecondDecision => class == Class::Approval,
        }
    }
}

/// Some stays: how many, and their durations as sums.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StaySum {
    /// How many.
    pub n: u64,
    /// Sum of their durations, ms.
    pub total_ms: i128,
    /// Sum of the squares of their durations, ms².
    pub squares: u128,
}

impl StaySum {
    /// Adds a stay.
    pub fn add(&mut self, stay_ms: i64) {
        self.n += 1;
        self.total_ms += i128::from(stay_ms);
        self.squares += u128::from(stay_ms.unsigned_abs()).pow(2);
    }

    /// Adds other stays.
    pub fn merge(&mut self, other: StaySum) {
        self.n += other.n;
        self.total_ms += other.total_ms;
        self.squares += other.squares;
    }

    /// These stays without some of them.
    #[must_use]
    pub fn without(self, some: StaySum) -> StaySum {
        StaySum { n: self.n - some.n, total_ms: self.total_ms - some.total_ms, squares: self.squares - some.squares }
    }
}

/// The three longest of some stays, with their cases by number.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Longest([Option<(i64, usize)>; 3]);

impl Longest {
    /// Keeps a stay that is longer than one kept; of a case the longest, of two equal ones that of the earlier case.
    pub fn add(&mut self, stay_ms: i64, case: usize) {
        let known = self.0.iter().position(|kept| kept.is_some_and(|(_, other)| other == case));
        if let Some(at) = known {
            if self.0[at] >= Some((stay_ms, case)) {
                return;
            }
            self.0[at..].rotate_left(1);
            self.0[2] = None;
        }
        let longer = |kept: &Option<(i64, usize)>| {
            kept.is_none_or(|(kept_ms, other)| (stay_ms, Reverse(case)) > (kept_ms, Reverse(other)))
        };
        if let Some(at) = self.0.iter().position(longer) {
            self.0[at..].rotate_right(1);
            self.0[at] = Some((stay_ms, case));
        }
    }

    /// Adds those of other stays.
    pub fn merge(&mut self, other: Longest) {
        other.0.into_iter().flatten().for_each(|(stay_ms, case)| self.add(stay_ms, case));
    }

    /// The cases, longest stay first.
    #[must_use]
    pub fn cases(self) -> Vec<usize> {
        self.0.into_iter().flatten().map(|(_, case)| case).collect()
    }
}

/// What is counted at one place.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PlaceSigns {
    /// All completed stays.
    pub all: StaySum,
    /// By [`Sign`].
    pub with: [StaySum; 3],
    /// By [`Sign`].
    pub longest: [Longest; 3],
    /// Waits for the requester after which work went on.
    pub resumed: StaySum,
    /// The longest of them.
    pub longest_resumed: Longest,
    /// Approvals that were decided.
    pub decided: u64,
    /// Of them, refused.
    pub refused: u64,
    /// Stays of cases that had been there before.
    pub returns: u64,
    /// Stays of more than [`LONG_MS`].
    pub long: u64,
    /// Of them, those without an event between the first and the one that ends them.
    pub quiet: u64,
}

/// A stay of more than three days is long.
pub const LONG_MS: i64 = 3 * 86_400_000;

/// Stays begun by a bot and ended by a person, by place and states around them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ByHand {
    /// Their durations.
    pub stays: StaySum,
    /// The longest.
    pub longest: Longest,
}

/// A place, the state the case was taken from, and the one it went to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Passage {
    /// State of the place.
    pub state: u32,
    /// Group of the place.
    pub group: u32,
    /// State before.
    pub from: u32,
    /// State after.
    pub to: u32,
}

/// Decisions of one approver at one place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Decisions {
    /// How long the cases lay there before.
    pub stays: StaySum,
    /// How many were refused.
    pub refused: u64,
    /// When, UTC ms, and of which case, in the order of the cases.
    pub at: Vec<(i64, usize)>,
}

/// Signs of many cases.
pub struct SignTally {
    /// By (state, group).
    pub places: PairTable<PlaceSigns>,
    /// Cases with at least one stay that carries it, by [`Sign`].
    pub cases: [u64; 3],
    /// Cases with an approval that was decided.
    pub decided_cases: u64,
    /// Changes of state by bots: from, to.
    pub bot_moves: PairTable<u64>,
    /// What people went on with after a bot.
    pub by_hand: HashMap<Passage, ByHand>,
    /// By state, group and actor.
    pub approvers: HashMap<(u32, u32, u32), Decisions>,
    /// Places of the case that is looked at.
    visited: Vec<(u32, u32)>,
    /// By activity code: the name refuses something.
    refusals: Vec<bool>,
    /// By state code, likewise.
    refused_states: Vec<bool>,
    /// Whether any state waits, and any actor is a bot.
    waits: bool,
    has_bots: bool,
}

impl SignTally {
    /// An empty tally for a log.
    #[must_use]
    pub fn new(log: &EventLog, semantics: &Semantics) -> Self {
        let groups = log.group.as_ref().map_or(1, |group| group.dictionary.size());
        let waits = semantics.states.iter().any(|state| state.class.is_waiting());
        let states = semantics.states.len();
        let has_bots = semantics.bots.contains(&true);
        let names = log.activity.iter().flat_map(|activity| activity.dictionary.iter());
        SignTally {
            places: PairTable::new(if waits { states } else { 0 }, groups),
            cases: [0; 3],
            decided_cases: 0,
            bot_moves: PairTable::new(if has_bots { states } else { 0 }, states),
            by_hand: HashMap::new(),
            approvers: HashMap::new(),
            visited: Vec::new(),
            refusals: std::iter::once(false).chain(names.map(|(_, name)| is_refusal(name))).collect(),
            refused_states: semantics.states.iter().map(|state| is_refusal(&state.name)).collect(),
            waits,
            has_bots,
        }
    }

    /// Adds a case by its number.
    pub fn add(&mut self, case: usize, events: &CaseEvents, semantics: &Semantics) {
        if self.has_bots {
            self.add_bot_moves(events, semantics);
        }
        if !self.waits {
            return;
        }
        self.visited.clear();
        let mut seen = [false; 4];
        for (at, visit) in events.visits.iter().enumerate().filter(|(_, visit)| visit.class.is_waiting()) {
            let mut from = visit.from;
            for to in visit.from + 1..=visit.to.min(events.len() - 1) {
                if to == visit.to || events.changes[to].any(Change::GROUP) {
                    self.add_stay(case, events, semantics, (at, from, to), &mut seen);
                    from = to;
                }
            }
        }
        self.cases.iter_mut().zip(seen).for_each(|(cases, seen)| *cases += u64::from(seen));
        self.decided_cases += u64::from(seen[DECIDED]);
    }

    fn add_bot_moves(&mut self, events: &CaseEvents, semantics: &Semantics) {
        for pair in events.visits.windows(2) {
            if is_bot(events.actor[pair[1].from], semantics) {
                *self.bot_moves.at(pair[0].state, pair[1].state) += 1;
            }
        }
    }

    /// Adds a completed stay: number of its visit, first event, and the event that ends it.
    fn add_stay(
        &mut self,
        case: usize,
        events: &CaseEvents,
        semantics: &Semantics,
        (visit, from, to): (usize, usize, usize),
        seen: &mut [bool; 4],
    ) {
        let (state, group, class) = (events.state[from], events.group[from], events.class[from]);
        let stay_ms = events.time_ms[to] - events.time_ms[from];
        let moved = events.visits[visit].to == to;
        let next = events.class[to];
        let place = self.places.at(state, group);
        place.all.add(stay_ms);
        place.long += u64::from(stay_ms > LONG_MS);
        place.quiet += u64::from(stay_ms > LONG_MS && to == from + 1);
        if self.visited.contains(&(state, group)) {
            place.returns += 1;
        } else {
            self.visited.push((state, group));
        }
        let elsewhere = group != NONE && events.group[to] != NONE && events.group[to] != group;
        let sign = if Sign::QuestionBack.fits(class) && moved && next == Class::WaitingRequester {
            Some(Sign::QuestionBack)
        } else if Sign::PassedOn.fits(class) && !moved && elsewhere {
            Some(Sign::PassedOn)
        } else if class == Class::Approval && next == Class::Approval && (moved || elsewhere) {
            Some(Sign::SecondDecision)
        } else {
            None
        };
        if let Some(sign) = sign {
            place.with[sign as usize].add(stay_ms);
            place.longest[sign as usize].add(stay_ms, case);
            seen[sign as usize] = true;
        }
        if class == Class::WaitingRequester && moved && !next.is_terminal() {
            place.resumed.add(stay_ms);
            place.longest_resumed.add(stay_ms, case);
        }
        let actor = events.actor[to];
        if class == Class::Approval && moved && !is_undecided(next) {
            let refused = next == Class::Cancelled
                || self.refusals[events.activity[to] as usize]
                || self.refused_states[events.state[to] as usize];
            place.decided += 1;
            seen[DECIDED] = true;
            place.refused += u64::from(refused);
            if actor != NONE && !is_bot(actor, semantics) && semantics.tells_people_apart {
                let decisions = self.approvers.entry((state, group, actor)).or_default();
                decisions.stays.add(stay_ms);
                decisions.refused += u64::from(refused);
                decisions.at.push((events.time_ms[to], case));
            }
        }
        let begun_by_bot = self.has_bots && from > 0 && is_bot(events.actor[from], semantics);
        if begun_by_bot && moved && actor != NONE && !is_bot(actor, semantics) {
            let passage = Passage { state, group, from: events.state[from - 1], to: events.state[to] };
            let by_hand = self.by_hand.entry(passage).or_default();
            by_hand.stays.add(stay_ms);
            by_hand.longest.add(stay_ms, case);
        }
    }

    /// Adds the tally of other cases of the same log.
    pub fn merge(&mut self, other: SignTally) {
        self.places.merge(other.places, |mine, theirs| {
            mine.all.merge(theirs.all);
            mine.with.iter_mut().zip(theirs.with).for_each(|(mine, theirs)| mine.merge(theirs));
            mine.longest.iter_mut().zip(theirs.longest).for_each(|(mine, theirs)| mine.merge(theirs));
            mine.resumed.merge(theirs.resumed);
            mine.longest_resumed.merge(theirs.longest_resumed);
            mine.decided += theirs.decided;
            mine.refused += theirs.refused;
            mine.returns += theirs.returns;
            mine.long += theirs.long;
            mine.quiet += theirs.quiet;
        });
        self.cases.iter_mut().zip(other.cases).for_each(|(mine, theirs)| *mine += theirs);
        self.bot_moves.merge(other.bot_moves, |mine, theirs| *mine += theirs);
        self.decided_cases += other.decided_cases;
        for (passage, theirs) in other.by_hand {
            let mine = self.by_hand.entry(passage).or_default();
            mine.stays.merge(theirs.stays);
            mine.longest.merge(theirs.longest);
        }
        for (approver, theirs) in other.approvers {
            let mine = self.approvers.entry(approver).or_default();
            mine.stays.merge(theirs.stays);
            mine.refused += theirs.refused;
            mine.at.extend(theirs.at);
        }
    }
}

/// Place among what was seen of a case, behind the signs: an approval that was decided.
const DECIDED: usize = Sign::ALL.len();

fn is_bot(actor: u32, semantics: &Semantics) -> bool {
    semantics.bots.get(actor as usize).copied().unwrap_or(false)
}

/// Whether an approval that such a state follows is not decided yet.
fn is_undecided(next: Class) -> bool {
    match next {
        Class::Approval | Class::WaitingRequester | Class::WaitingExternal | Class::Blocked => true,
        Class::Queue | Class::Active | Class::Review | Class::Done | Class::Cancelled => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_longest_are_kept_whatever_the_order_and_of_each_case_one() {
        let stays = [(5, 1), (9, 2), (5, 0), (7, 3), (9, 4), (8, 2)];
        let (mut all, mut first, mut second) = (Longest::default(), Longest::default(), Longest::default());
        for (at, (ms, case)) in stays.into_iter().enumerate() {
            all.add(ms, case);
            if at % 2 == 0 { first.add(ms, case) } else { second.add(ms, case) }
        }
        assert_eq!(all.cases(), [2, 4, 3]);
        second.merge(first);
        assert_eq!(second, all);
    }

    #[test]
    fn sums_can_be_taken_apart() {
        let mut all = StaySum::default();
        let mut some = StaySum::default();
        for stay_ms in [1, 10, 100] {
            all.add(stay_ms);
        }
        some.add(10);
        assert_eq!(all.without(some), StaySum { n: 2, total_ms: 101, squares: 10_001 });
    }
}
