//! States, transitions, handoffs and the ledger.

use std::collections::BTreeMap;

use super::business::{BusinessDurations, durations};
use super::measure::Measured;
use super::{Options, Reasons, ms, share, shown};
use crate::log::LogText;
use crate::metrics::durations::{Durations, percentiles, quantiles};
use crate::metrics::handoffs::{HandoffTally, KindTally, PairTally};
use crate::metrics::ledger::{CellBucket, WaitingOn};
use crate::metrics::visits::{StateCount, TransitionTally};
use crate::metrics::{Quantiles, survival};
use crate::parallel;
use crate::report::model::{
    HandoffPair, HandoffsFound, KindCount, LedgerCell, LedgerFound, Returns, StateFound, Survival, TransitionFound,
};
use crate::states::Headline;

/// The sections about flow, and the distribution the third question needs.
pub struct Flow {
    pub states: Vec<StateFound>,
    pub transitions: Vec<TransitionFound>,
    pub handoffs: HandoffsFound,
    pub ledger: LedgerFound,
    pub next_step: NextStep,
}

/// Time to the next step after each change of state.
pub struct NextStep {
    /// Changes of state that another step followed.
    pub n: u64,
    /// Median and 90th percentile, ms.
    pub p50_p90_ms: [Option<i64>; 2],
    /// The same on the business clock; unknown without a calendar.
    pub p50_p90_business_ms: Option<[Option<i64>; 2]>,
}

pub fn flow(measured: &mut Measured, options: Options, unknown: &mut Reasons) -> Flow {
    let business = durations(measured, options.threads);
    let business = business.as_ref();
    let transitions =
        std::mem::replace(&mut measured.swept.visits.transitions, crate::metrics::pairs::PairTable::new(1, 1));
    let transitions = transitions.into_sorted();
    let next_steps: Vec<&Durations> = transitions.iter().map(|(_, tally)| &tally.next_step).collect();
    let p = percentiles(&next_steps, &[50, 90]);
    let next_step = NextStep {
        n: next_steps.iter().map(|bag| bag.len() as u64).sum(),
        p50_p90_ms: [p[0], p[1]],
        p50_p90_business_ms: business.map(|business| business.next_p50_p90_ms),
    };
    let states = states(measured, &transitions, business, options.threads);
    survival_reasons(&states, measured.window.is_some(), unknown);
    let transitions = transition_rows(measured, transitions, business, options.threads);
    let handoffs = handoffs(measured, business, options, unknown);
    let ledger = ledger(measured);
    Flow { states, transitions, handoffs, ledger, next_step }
}

/// The name of a state.
pub(super) fn name(measured: &Measured, state: u32) -> LogText {
    LogText::new(measured.semantics.states[state as usize].name.clone())
}

/// The bags of durations that make up a state.
struct StateRow<'a> {
    state: u32,
    completed: Vec<&'a Durations>,
    next_step: Vec<&'a Durations>,
}

fn states(
    measured: &Measured,
    transitions: &[((u32, u32), TransitionTally)],
    business: Option<&BusinessDurations>,
    threads: usize,
) -> Vec<StateFound> {
    let counts = &measured.swept.visits.states;
    let own: Vec<Option<(StateCount, Durations)>> =
        (0..counts.len()).map(|state| own_visits(measured, state)).collect();
    let mut rows: Vec<StateRow> = Vec::new();
    let mut place = vec![usize::MAX; counts.len()];
    for (state, first) in (0u32..).zip(&measured.swept.visits.first_steps) {
        if counts[state as usize].visits > 0 || own[state as usize].is_some() {
            place[state as usize] = rows.len();
            rows.push(StateRow { state, completed: Vec::new(), next_step: vec![first] });
        }
    }
    for ((from, to), tally) in transitions {
        rows[place[*from as usize]].completed.push(&tally.visit);
        rows[place[*to as usize]].next_step.push(&tally.next_step);
    }
    for row in &mut rows {
        if let Some((_, durations)) = &own[row.state as usize] {
            row.completed = vec![durations];
        }
    }
    let is_terminal = |state: u32| measured.semantics.class(state).is_terminal();
    let survival = survivals(measured, threads);
    let found: Vec<(u32, i128, Quantiles, Quantiles)> = parallel::map(threads, rows, |_, row| {
        let total = row.completed.iter().map(|bag| bag.sum_ms()).sum();
        (row.state, total, quantiles(&row.completed), quantiles(&row.next_step))
    });
    let waiting: i128 = found.iter().filter(|row| !is_terminal(row.0)).map(|row| row.1).sum();
    let mut states: Vec<StateFound> = found
        .into_iter()
        .map(|(state, total, completed, next_step)| {
            let meaning = &measured.semantics.states[state as usize];
            let count = own[state as usize].as_ref().map_or(counts[state as usize], |(count, _)| *count);
            #[expect(clippy::cast_precision_loss, reason = "a ratio")]
            let part = (!is_terminal(state) && waiting > 0).then(|| total as f64 / waiting as f64);
            let clocked = business.and_then(|business| business.states.get(&state));
            StateFound {
                state: name(measured, state),
                class: meaning.class.as_str().to_owned(),
                class_why: LogText::new(meaning.why.clone()),
                unclassified: !meaning.known,
                visits: count.visits,
                cases: count.cases,
                open_visits: count.open,
                total_ms: ms(total),
                share: part,
                completed_ms: shown(completed),
                total_business_ms: clocked.and_then(|found| found.total_ms).map(ms),
                completed_business_ms: clocked.and_then(|found| found.completed).map(shown),
                survival_ms: survival.get(&state).cloned(),
                next_step_ms: shown(next_step),
                next_step_business_ms: clocked.map(|found| shown(found.next_step)),
            }
        })
        .collect();
    states.sort_by(|a, b| b.total_ms.cmp(&a.total_ms).then_with(|| a.state.cmp(&b.state)));
    states
}

/// The visits that activities with start and end had by themselves, overlaps or not. Between activities and after the
/// last one there are none: then those of the case count.
fn own_visits(measured: &Measured, state: usize) -> Option<(StateCount, Durations)> {
    let own = measured.own.as_ref()?.get(state).filter(|own| own.cases > 0)?;
    let count = StateCount { visits: own.durations_ms.len() as u64, cases: own.cases, open: 0 };
    Some((count, own.durations_ms.iter().copied().collect()))
}

fn survival_reasons(states: &[StateFound], has_window: bool, unknown: &mut Reasons) {
    if states.iter().any(|state| state.survival_ms.is_none()) {
        let message = if has_window {
            "given only where more than 5 % of the visits are open and the state ends no case"
        } else {
            "the log has no dense window to observe visits in"
        };
        unknown.add("/states/*/survival_ms", "few_open_visits", message);
    }
    for (part, known) in [("p50", 50), ("p90", 90)] {
        let missing = |state: &StateFound| {
            let found = state.survival_ms.as_ref();
            found.is_some_and(|found| if known == 50 { found.p50.is_none() } else { found.p90.is_none() })
        };
        if states.iter().any(missing) {
            let message = "too many visits are open: the share still in the state does not fall that far";
            unknown.add(format!("/states/*/survival_ms/{part}"), "still_open", message);
        }
    }
}

/// Kaplan–Meier percentiles of the states in which more than 5 % of visits are open.
fn survivals(measured: &Measured, threads: usize) -> BTreeMap<u32, Survival> {
    let Some(window) = &measured.window else { return BTreeMap::new() };
    let counts = &measured.swept.visits.states;
    let chosen: Vec<u32> = (0u32..)
        .zip(counts)
        .filter(|(state, count)| count.open * 20 > count.visits && !measured.semantics.class(*state).is_terminal())
        .map(|(state, _)| state)
        .collect();
    let spells = survival::spells(&measured.log, &measured.semantics, &chosen, window.from_ms, threads);
    let found = parallel::map(threads, spells, |_, spells| survival::percentiles(&spells, &[50, 90]));
    chosen.into_iter().zip(found).map(|(state, p)| (state, Survival { p50: p[0], p90: p[1] })).collect()
}

fn transition_rows(
    measured: &Measured,
    transitions: Vec<((u32, u32), TransitionTally)>,
    business: Option<&BusinessDurations>,
    threads: usize,
) -> Vec<TransitionFound> {
    let mut rows = parallel::map(threads, transitions, |_, ((from, to), tally)| {
        let visit = tally.visit.percentiles(&[50, 90]);
        let next = tally.next_step.percentiles(&[50, 90]);
        let clocked = business.and_then(|business| business.transitions.get(&(from, to)));
        let [p50_business_ms, p90_business_ms] = clocked.map_or([None, None], |found| found.p50_p90_ms);
        let [next_step_p50_business_ms, next_step_p90_business_ms] =
            clocked.map_or([None, None], |found| found.next_p50_p90_ms);
        TransitionFound {
            from: name(measured, from),
            to: name(measured, to),
            count: tally.visit.len() as u64,
            p50_ms: visit[0],
            p90_ms: visit[1],
            mean_ms: tally.visit.mean_ms(),
            next_step_p50_ms: next[0],
            next_step_p90_ms: next[1],
            p50_business_ms,
            p90_business_ms,
            mean_business_ms: clocked.and_then(|found| found.mean_ms),
            next_step_p50_business_ms,
            next_step_p90_business_ms,
        }
    });
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    rows
}

fn handoffs(
    measured: &mut Measured,
    business: Option<&BusinessDurations>,
    options: Options,
    unknown: &mut Reasons,
) -> HandoffsFound {
    let cases = measured.swept.totals.cases;
    let tally = &mut measured.swept.handoffs;
    let pairs = std::mem::replace(&mut tally.pairs, crate::metrics::pairs::PairTable::new(1, 1)).into_sorted();
    let headline = measured.semantics.headline;
    let pickups: Vec<&Durations> = pairs.iter().map(|(_, pair)| &pair.pickup).collect();
    let pickup = quantiles(&pickups);
    let names_people = matches!(headline, Some(Headline::Person | Headline::Actor));
    let pairs = if names_people && !options.people {
        unknown.add("/handoffs/pairs", "people_hidden", "pairs of people are shown with `--people`");
        Vec::new()
    } else {
        pair_rows(measured, pairs, business, options.threads)
    };
    let tally = &measured.swept.handoffs;
    HandoffsFound {
        definition: headline.map(Headline::as_str),
        kinds: kinds(measured, tally, cases, unknown),
        ping_pong: headline.map(|_| Returns { total: tally.ping_pong.total, cases: tally.ping_pong.cases }),
        returns: headline.map(|_| tally.returns),
        pairs,
        pickup_rule: headline.map(|_| measured.semantics.pickup_rule.as_str()),
        pickup_ms: shown(pickup),
        pickup_business_ms: business.map(|business| shown(business.pickup)),
        passed_on: tally.passed_on,
        self_assigned: tally.self_assigned,
        pickup_unknown: tally.pickup_unknown,
    }
}

fn kinds(
    measured: &Measured,
    tally: &HandoffTally,
    cases: u64,
    unknown: &mut Reasons,
) -> BTreeMap<&'static str, Option<KindCount>> {
    let log = &measured.log;
    let (groups, people, actors) = (log.group.is_some(), log.assignee.is_some(), log.actor.is_some());
    let all: [(&'static str, bool, KindTally, &str); 7] = [
        ("group", groups, tally.group, "no group column is mapped"),
        ("group_or_unassigned", groups, tally.group_or_unassigned, "no group column is mapped"),
        ("person", people, tally.person, "no assignee column is mapped"),
        ("owner", groups || people, tally.owner, "no group or assignee column is mapped"),
        ("actor", actors, tally.actor, "no column says who acted"),
        ("human_bot", actors, tally.human_bot, "no column says who acted"),
        ("system", false, KindTally::default(), "no column names the source system"),
    ];
    let mut kinds = BTreeMap::new();
    for (kind, known, count, reason) in all {
        if !known {
            unknown.add(format!("/handoffs/kinds/{kind}"), "no_column", reason);
        }
        let row =
            || KindCount { total: count.total, cases: count.cases, per_case: share(count.total, cases).unwrap_or(0.0) };
        kinds.insert(kind, known.then(row));
    }
    kinds
}

fn pair_rows(
    measured: &Measured,
    pairs: Vec<((u32, u32), PairTally)>,
    business: Option<&BusinessDurations>,
    threads: usize,
) -> Vec<HandoffPair> {
    let column = match measured.semantics.headline {
        Some(Headline::Group | Headline::GroupOrUnassigned) => &measured.log.group,
        Some(Headline::Person) => &measured.log.assignee,
        Some(Headline::Actor) | None => &measured.log.actor,
    };
    let owner = |code: u32| {
        let text = column.as_ref().and_then(|column| column.dictionary.text(code));
        LogText::new(text.unwrap_or("(unassigned)"))
    };
    let mut rows = parallel::map(threads, pairs, |_, ((from, to), pair)| {
        let p = pair.pickup.percentiles(&[50, 90]);
        let clocked = business.and_then(|business| business.pickups.get(&(from, to)));
        let [pickup_p50_business_ms, pickup_p90_business_ms] = clocked.copied().unwrap_or([None, None]);
        HandoffPair {
            from: owner(from),
            to: owner(to),
            count: pair.count,
            pickup_p50_ms: p[0],
            pickup_p90_ms: p[1],
            pickup_p50_business_ms,
            pickup_p90_business_ms,
        }
    });
    rows.sort_by(|a, b| b.count.cmp(&a.count).then_with(|| (&a.from, &a.to).cmp(&(&b.from, &b.to))));
    rows
}

/// The name in findings of whom a case waits for.
pub(super) fn waiting_on(waiting_on: WaitingOn) -> &'static str {
    match waiting_on {
        WaitingOn::Requester => "requester",
        WaitingOn::Vendor => "vendor",
        WaitingOn::Approver => "approver",
        WaitingOn::NewOwner => "new_owner",
        WaitingOn::OwnQueue => "own_queue",
        WaitingOn::Nobody => "nobody",
    }
}

/// The name in findings of the bucket of a cell.
pub(super) fn cell_bucket(bucket: CellBucket) -> &'static str {
    match bucket {
        CellBucket::A => "A",
        CellBucket::C => "C",
        CellBucket::Work => "work",
    }
}

fn ledger(measured: &Measured) -> LedgerFound {
    let tally = &measured.swept.ledger;
    let total = tally.total_ms;
    let business = measured.swept.business.as_ref();
    // That the split adds up was checked when the log was measured.
    let cells = business.and_then(|business| business.split(tally, &measured.semantics));
    let cells =
        cells.unwrap_or_else(|| tally.cells(&measured.semantics).into_iter().map(|cell| (cell, None)).collect());
    let cells = cells.into_iter().map(|(cell, in_hours)| LedgerCell {
        state: name(measured, cell.state),
        class: if cell.reopened_gap {
            "reopened_gap".to_owned()
        } else {
            measured.semantics.class(cell.state).as_str().to_owned()
        },
        waiting_on: waiting_on(cell.waiting_on),
        bucket: cell_bucket(cell.bucket),
        in_hours,
        duration_ms: ms(cell.duration_ms),
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        share: cell.duration_ms as f64 / total.max(1) as f64,
    });
    LedgerFound { total_ms: ms(total), cells: cells.collect(), conserved: tally.violations == 0 }
}
