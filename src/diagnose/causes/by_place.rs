//! Where a cause goes with waiting: signs at one place, held against the other stays there and against other places.
//!
//! A sign at the end of a stay (`metrics::place_signs`) names a cause at its place in two ways. By *delay*: stays with it
//! take on average at least one and a half times as long as those without, by more than chance. By *share*: at least half of
//! the stays have it, at least twice as large a share as at the other places where it could be; not for second decisions,
//! which are a chain of approvals where they always follow. Waits for the requester
//! lack data where work goes on after at least a fifth of them. Poor integration needs a place where a bot began, and
//! people ended, at least half of the stays, by taking the case where bots take other cases from the same state.
//!
//! Worked example: at a place with 100 stays 40 end with a question back, after 50 h on average; the other 60 take 10 h.
//! 50 / 10 ≥ 1.5, and with deviations of 20 h and 10 h z is 40 / √(400/39.. + 100/59..) ≈ 11.6: missing data.

use std::collections::BTreeMap;

use super::CauseKind;
use crate::diagnose::compare::{bound, longer, mean, more_frequent};
use crate::metrics::place_signs::{Longest, Sign, SignTally, StaySum};
use crate::states::{Class, Semantics};

/// A cause at a place.
#[derive(Clone, Debug, PartialEq)]
pub struct AtPlace {
    /// Cause.
    pub kind: CauseKind,
    /// State code.
    pub state: u32,
    /// Group code; 0 is none.
    pub group: u32,
    /// What was counted.
    pub sign: &'static str,
    /// Completed stays.
    pub stays: u64,
    /// Those with the sign.
    pub with: u64,
    /// Their mean duration, ms.
    pub mean_with_ms: i64,
    /// That of the others, ms; `None` where all have it.
    pub mean_without_ms: Option<i64>,
    /// Share of the stays with the sign at all other places where it could be.
    pub share_elsewhere: Option<f64>,
    /// The cases of the longest ones, by number.
    pub examples: Vec<usize>,
}

/// Fewest stays with a sign.
const MIN_WITH: u64 = 10;
/// Least share of the stays with a sign, in per cent.
const MIN_PERCENT: u64 = 5;
/// By delay: how many times as long the stays with a sign are at least.
const TIMES_LONGER: f64 = 1.5;
/// By share: how many times as frequent a sign is than at other places.
const TIMES_MORE_FREQUENT: f64 = 2.0;
/// Least share of the waits for the requester after which work goes on, in per cent.
const RESUMED_PERCENT: u64 = 20;
/// Fewest moves by which a bot shows that it can make them.
const MIN_MOVES: u64 = 20;

/// Decisions this close to each other, ms, may be one batch, which has so many others.
const BATCH_MS: i64 = 600_000;
const BATCH_OTHERS: usize = 3;

/// All causes by place, the most time in stays with the sign first. `min_stays` is what makes a place.
#[must_use]
pub fn find(signs: &SignTally, semantics: &Semantics, min_stays: u64) -> Vec<AtPlace> {
    let mut found = of_signs(signs, semantics, min_stays);
    found.extend(of_requesters(signs, semantics, min_stays));
    found.extend(by_hand(signs, semantics, min_stays));
    let time = |at: &AtPlace| i128::from(at.with) * i128::from(at.mean_with_ms);
    found.sort_by_key(|at| (std::cmp::Reverse(time(at)), at.state, at.group));
    found
}

/// The cause a sign speaks for, and its name.
fn meaning(sign: Sign) -> (CauseKind, &'static str) {
    match sign {
        Sign::QuestionBack => (CauseKind::MissingData, "question_back"),
        Sign::PassedOn => (CauseKind::UnclearOwnership, "passed_on"),
        Sign::SecondDecision => (CauseKind::PolicyAmbiguity, "second_decision"),
    }
}

fn of_signs(signs: &SignTally, semantics: &Semantics, min_stays: u64) -> Vec<AtPlace> {
    let mut all: [StaySum; 3] = Default::default();
    let mut with: [StaySum; 3] = Default::default();
    let mut candidates = Vec::new();
    for ((state, group), place) in signs.places.iter() {
        for sign in Sign::ALL.into_iter().filter(|sign| sign.fits(semantics.class(state))) {
            let own = place.with[sign as usize];
            all[sign as usize].merge(place.all);
            with[sign as usize].merge(own);
            let enough = own.n >= MIN_WITH && own.n * 100 >= place.all.n * MIN_PERCENT;
            if place.all.n >= min_stays && enough {
                candidates.push((state, group, sign, place));
            }
        }
    }
    let bound = bound(candidates.len());
    let named = candidates.into_iter().filter_map(|(state, group, sign, place)| {
        let (own, longest) = (place.with[sign as usize], place.longest[sign as usize]);
        let others = place.all.without(own);
        let elsewhere = (with[sign as usize].n - own.n, all[sign as usize].n - place.all.n);
        let by_delay = others.n >= MIN_WITH && mean(own) >= TIMES_LONGER * mean(others) && longer(own, others) >= bound;
        let by_share = sign != Sign::SecondDecision
            && own.n * 2 >= place.all.n
            && ratio(own.n, place.all.n) >= TIMES_MORE_FREQUENT * ratio(elsewhere.0, elsewhere.1)
            && (elsewhere.1 == 0 || more_frequent((own.n, place.all.n), elsewhere) >= bound);
        if !by_delay && !by_share {
            return None;
        }
        let (kind, name) = meaning(sign);
        let share = (elsewhere.1 > 0).then(|| ratio(elsewhere.0, elsewhere.1));
        Some(at_place((kind, name), (state, group), (place.all, own), share, longest))
    });
    named.collect()
}

/// Waits for the requester after which work goes on.
fn of_requesters(signs: &SignTally, semantics: &Semantics, min_stays: u64) -> Vec<AtPlace> {
    let waits = signs.places.iter().filter(|((state, _), _)| semantics.class(*state) == Class::WaitingRequester);
    let lacking = waits.filter(|(_, place)| {
        let resumed = place.resumed.n;
        place.all.n >= min_stays && resumed >= MIN_WITH && resumed * 100 >= place.all.n * RESUMED_PERCENT
    });
    let sign = (CauseKind::MissingData, "resumed_wait");
    let named =
        lacking.map(|(place, found)| at_place(sign, place, (found.all, found.resumed), None, found.longest_resumed));
    named.collect()
}

/// Places where people do what bots do for other cases.
fn by_hand(signs: &SignTally, semantics: &Semantics, min_stays: u64) -> Vec<AtPlace> {
    let mut places: BTreeMap<(u32, u32), (StaySum, Longest)> = BTreeMap::new();
    let moves: BTreeMap<(u32, u32), u64> = signs.bot_moves.iter().map(|(states, moves)| (states, *moves)).collect();
    for (passage, stays) in &signs.by_hand {
        let by_bots = moves.get(&(passage.from, passage.to)).copied().unwrap_or(0);
        if by_bots >= MIN_MOVES && passage.from != passage.state {
            let (all, longest) = places.entry((passage.state, passage.group)).or_default();
            all.merge(stays.stays);
            longest.merge(stays.longest);
        }
    }
    let counts: BTreeMap<(u32, u32), StaySum> = signs.places.iter().map(|(place, at)| (place, at.all)).collect();
    let all: u64 = counts.iter().filter(|((state, _), _)| is_own(semantics.class(*state))).map(|(_, sum)| sum.n).sum();
    let with: u64 = places.values().map(|(sum, _)| sum.n).sum();
    let named = places.into_iter().filter_map(|(place, (own, longest))| {
        let stays = *counts.get(&place)?;
        if stays.n < min_stays || own.n * 2 < stays.n || !is_own(semantics.class(place.0)) {
            return None;
        }
        let share = (all > stays.n).then(|| ratio(with - own.n, all - stays.n));
        Some(at_place((CauseKind::PoorIntegration, "done_by_hand"), place, (stays, own), share, longest))
    });
    named.collect()
}

/// Whether people of the organisation are waited for.
fn is_own(class: Class) -> bool {
    matches!(class, Class::Queue | Class::Approval | Class::Blocked)
}

fn at_place(
    (kind, sign): (CauseKind, &'static str),
    (state, group): (u32, u32),
    (all, own): (StaySum, StaySum),
    share_elsewhere: Option<f64>,
    longest: Longest,
) -> AtPlace {
    let others = all.without(own);
    AtPlace {
        kind,
        state,
        group,
        sign,
        stays: all.n,
        with: own.n,
        mean_with_ms: rounded(mean(own)),
        mean_without_ms: (others.n > 0).then(|| rounded(mean(others))),
        share_elsewhere,
        examples: longest.cases(),
    }
}

/// Places at which one approver lets cases lie at least twice as long as another, by more than chance.
#[must_use]
pub fn approvers_differ(signs: &SignTally, min_stays: u64) -> u64 {
    let mut places: BTreeMap<(u32, u32), Vec<StaySum>> = BTreeMap::new();
    for ((state, group, _), decisions) in &signs.approvers {
        if decisions.stays.n >= min_stays {
            places.entry((*state, *group)).or_default().push(decisions.stays);
        }
    }
    // The slowest and the fastest were chosen among all pairs.
    let pairs = places.values().map(|approvers| approvers.len() * approvers.len().saturating_sub(1) / 2).sum();
    let differs = |approvers: &&Vec<StaySum>| {
        let by_mean = |a: &&StaySum, b: &&StaySum| mean(**a).total_cmp(&mean(**b));
        let (slowest, fastest) = (approvers.iter().max_by(by_mean), approvers.iter().min_by(by_mean));
        slowest.zip(fastest).is_some_and(|(slowest, fastest)| {
            mean(*slowest) >= 2.0 * mean(*fastest) && longer(*slowest, *fastest) >= bound(pairs)
        })
    };
    places.values().filter(differs).count() as u64
}

/// Decisions made close to others by the same approver at the same place.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batched {
    /// Decisions of approvers with enough of them.
    pub all: u64,
    /// Within ten minutes of at least three others.
    pub batched: u64,
    /// Approvers, each counted once per place.
    pub approvers: u64,
    /// Those who make most of their decisions so.
    pub batching: u64,
    /// Cases, by number, at most three.
    pub examples: Vec<usize>,
}

/// Decisions in batches; approvers with at least `min_stays` count.
#[must_use]
pub fn batched_decisions(signs: &SignTally, min_stays: u64) -> Batched {
    let mut found = Batched::default();
    let mut cases = Vec::new();
    for decisions in signs.approvers.values().filter(|decisions| decisions.stays.n >= min_stays) {
        let mut at = decisions.at.clone();
        at.sort_unstable();
        let near = |one: i64| {
            let first = at.partition_point(|other| other.0 < one - BATCH_MS);
            at[first..].iter().take_while(|other| other.0 <= one + BATCH_MS).take(BATCH_OTHERS + 1).count()
        };
        let batched: Vec<usize> =
            at.iter().filter(|(one, _)| near(*one) > BATCH_OTHERS).map(|(_, case)| *case).collect();
        found.all += decisions.stays.n;
        found.batched += batched.len() as u64;
        found.approvers += 1;
        found.batching += u64::from(batched.len() * 2 > at.len());
        cases.extend(batched);
    }
    cases.sort_unstable();
    cases.dedup();
    cases.truncate(3);
    found.examples = cases;
    found
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn ratio(part: u64, whole: u64) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

#[expect(clippy::cast_possible_truncation, reason = "a mean of times that fit")]
fn rounded(ms: f64) -> i64 {
    ms.round() as i64
}
