//! The open cases of a measured log: how long each has been in its state, compared with finished visits, and who
//! must act next. The daily form adds what changed since an instant.

mod daily;

use std::collections::BTreeMap;

pub use daily::daily;

use super::measure::Measured;
use super::one_case::{Names, rank_found};
use super::sla::{ServiceLevels, clock};
use super::{Options, flow, input};
use crate::counts::{business, count, duration};
use crate::ingest::IngestReport;
use crate::log::LogText;
use crate::log::text::shown;
use crate::metrics::ages::Ages;
use crate::metrics::clock::{BusinessTimes, CaseClock};
use crate::metrics::sla::{Status, Timer};
use crate::metrics::survival;
use crate::report::aging::{ActsNext, AgingItem, AgingReport, LastTouch, NextState, NextToBreach, OpenState, SCHEMA};
use crate::report::case::RankFound;
use crate::report::clocks::Ranking;
use crate::report::model::Tool;
use crate::states::{CaseEvents, Class, Reader};
use crate::time::format_utc;

/// Finished visits needed to call an age long.
const FEWEST: u64 = 5;

/// From here on an age is long: longer than 90 % of the finished visits.
const LONG: f64 = 0.9;

/// Timers that are listed as next to breach.
const MOST_NEXT: usize = 100;

/// Describes every open case.
#[must_use]
pub fn aging(measured: &Measured, ingest: &IngestReport, ranked_by: Ranking, options: Options) -> AgingReport {
    let open: Vec<usize> = open_cases(measured).collect();
    let known = Known::collect(measured, &open, ranked_by, options.threads);
    let mut names = Names::new(measured, options.people);
    let mut reader = Reader::new(&measured.log, &measured.semantics, false);
    let mut clock = measured.clock.as_ref().map(|clock| CaseClock::new(clock, &measured.log));
    let described = |&case: &usize| {
        let events = reader.load(case);
        let business = clock.as_mut().and_then(|clock| clock.times(case, &events, measured.semantics.as_of_ms));
        item(measured, &known, events, business, case, &mut names)
    };
    let mut items: Vec<AgingItem> = open.iter().map(described).collect();
    let share = |item: &AgingItem| item.rank.map_or(-1.0, |rank| rank.share);
    let age = |item: &AgingItem| ranked_by.of(item.age_ms, item.age_business_ms);
    items.sort_by(|a, b| {
        share(b).total_cmp(&share(a)).then_with(|| age(b).cmp(&age(a))).then_with(|| a.case.cmp(&b.case))
    });
    let levels = measured.sla.as_ref();
    let (stale, stale_cases) = input::stale(measured);
    let totals = &measured.swept.totals;
    AgingReport {
        schema: SCHEMA,
        tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
        sources: sources(ingest),
        as_of: format_utc(measured.semantics.as_of_ms),
        filter: input::filter(ingest),
        ranked_by,
        cases: totals.cases,
        open: totals.cases - totals.completed,
        stale_cases,
        stale_after_ms: measured.stale_after_ms,
        stale,
        states: states(&items),
        sla: levels.map(|levels| clock::open_timers(levels, &open)),
        next_to_breach: levels.map(|levels| next_to_breach(measured, levels, &open, &items)),
        items,
    }
}

/// The running timers of open cases, the next due first.
fn next_to_breach(
    measured: &Measured,
    levels: &ServiceLevels,
    open: &[usize],
    items: &[AgingItem],
) -> Vec<NextToBreach> {
    let timers = open.iter().flat_map(|&case| clock::of_case(levels, case));
    let mut running: Vec<&Timer> = timers.filter(|timer| timer.status() == Status::Running).collect();
    let id = |timer: &Timer| measured.log.case_ids.id(timer.case);
    running.sort_by_key(|timer| (timer.due_at_ms.unwrap_or(i64::MAX), id(timer), timer.definition));
    running.truncate(MOST_NEXT);
    let acts: BTreeMap<&str, &ActsNext> = items.iter().map(|item| (item.case.raw(), &item.acts_next)).collect();
    let one = |timer: &Timer| {
        let timer_found = clock::timer_found(levels, timer);
        Some(NextToBreach {
            case: LogText::new(id(timer)),
            timer: timer_found,
            acts_next: (*acts.get(id(timer))?).clone(),
        })
    };
    running.into_iter().filter_map(one).collect()
}

fn sources(ingest: &IngestReport) -> Vec<LogText> {
    ingest.sources.iter().map(|source| LogText::new(source.name.clone())).collect()
}

/// Open cases that are not forgotten.
fn open_cases(measured: &Measured) -> impl Iterator<Item = usize> {
    let facts = measured.swept.facts.iter().enumerate();
    facts.filter(|(_, fact)| !fact.completed && !measured.is_stale(fact)).map(|(case, _)| case)
}

/// What is known of the states that open cases are in.
struct Known {
    ranked_by: Ranking,
    ages: Ages,
    /// By state: the survival curve, where many visits are open.
    curves: Vec<Option<Vec<(i64, f64)>>>,
    /// By state: the state that follows most often, how often, and how many visits are finished.
    next: Vec<Option<(u32, u64, u64)>>,
    /// Place of the priority among the attributes.
    priority: Option<usize>,
}

impl Known {
    fn collect(measured: &Measured, open: &[usize], ranked_by: Ranking, threads: usize) -> Known {
        let mut wanted = vec![false; measured.semantics.states.len()];
        for &case in open {
            wanted[measured.swept.facts[case].last_state as usize] = true;
        }
        Known {
            ranked_by,
            ages: Ages::collect(
                &measured.log,
                &measured.semantics,
                measured.ranking_clock(ranked_by),
                &wanted,
                threads,
            ),
            curves: curves(measured, &wanted, threads),
            next: next_states(measured),
            priority: measured.semantics.priority,
        }
    }
}

/// Survival curves of the states asked for in which more than 5 % of the visits are open.
fn curves(measured: &Measured, wanted: &[bool], threads: usize) -> Vec<Option<Vec<(i64, f64)>>> {
    let mut curves = vec![None; wanted.len()];
    let Some(window) = &measured.window else { return curves };
    let counts = (0u32..).zip(&measured.swept.visits.states);
    let chosen: Vec<u32> = counts
        .filter(|(state, count)| wanted[*state as usize] && count.open * 20 > count.visits)
        .map(|(state, _)| state)
        .collect();
    let spells = survival::spells(&measured.log, &measured.semantics, &chosen, window.from_ms, threads);
    for (state, spells) in chosen.into_iter().zip(spells) {
        curves[state as usize] = Some(survival::curve(&spells));
    }
    curves
}

/// By state: the state that follows most often (the first by code among equals), how often, of how many.
fn next_states(measured: &Measured) -> Vec<Option<(u32, u64, u64)>> {
    let mut found: Vec<Option<(u32, u64, u64)>> = vec![None; measured.semantics.states.len()];
    let mut pairs: Vec<((u32, u32), u64)> =
        measured.swept.visits.transitions.iter().map(|(pair, tally)| (pair, tally.visit.len() as u64)).collect();
    pairs.sort_unstable();
    for ((from, to), times) in pairs {
        let best = found[from as usize].get_or_insert((to, 0, 0));
        if times > best.1 {
            (best.0, best.1) = (to, times);
        }
        best.2 += times;
    }
    found
}

fn item(
    measured: &Measured,
    known: &Known,
    events: CaseEvents,
    business: Option<BusinessTimes>,
    case: usize,
    names: &mut Names,
) -> AgingItem {
    let last = events.len() - 1;
    let visit = events.visits[events.visits.len() - 1];
    let as_of_ms = measured.semantics.as_of_ms;
    let age_ms = as_of_ms - events.time_ms[visit.from];
    let age_business_ms = business.map(|times| times.as_of_ms - times.time_ms[visit.from]);
    let compared_ms = known.ranked_by.of(age_ms, age_business_ms);
    let group = measured.log.group.as_ref().and_then(|groups| groups.dictionary.text(events.group[last]));
    let group = group.map(LogText::new);
    let assignee = names.assignee(events.person[last]);
    let next = known.next[visit.state as usize].map(|(state, times, of)| {
        #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let share = times as f64 / of as f64;
        NextState { state: flow::name(measured, state), share, of }
    });
    let mut item = AgingItem {
        case: LogText::new(measured.log.case_ids.id(case)),
        state: flow::name(measured, visit.state),
        class: visit.class.as_str(),
        acts_next: acts_next(visit.class, group.as_ref(), assignee.as_ref()),
        group,
        assignee,
        priority: priority(measured, known, case),
        entered: format_utc(events.time_ms[visit.from]),
        age_ms,
        age_business_ms,
        case_age_ms: as_of_ms - events.time_ms[0],
        case_age_business_ms: business.map(|times| times.as_of_ms - times.time_ms[0]),
        rank: compared_ms.and_then(|age_ms| known.ages.rank(visit.state, age_ms)).map(rank_found),
        outlasting: known.curves[visit.state as usize].as_ref().map(|curve| survival::surviving(curve, age_ms)),
        last_touch: last_touch(measured, &events, business, names),
        last_event: format_utc(events.time_ms[last]),
        next,
        timers: measured.sla.as_ref().map(|levels| {
            let timers = clock::of_case(levels, case).into_iter();
            timers.map(|timer| clock::timer_found(levels, timer)).collect()
        }),
        sentence: LogText::default(),
    };
    item.sentence = LogText::new(sentence(&item, visit.class, known.ranked_by, measured.log.actor.is_some()));
    item
}

fn priority(measured: &Measured, known: &Known, case: usize) -> Option<LogText> {
    let column = &measured.log.attributes[known.priority?].column;
    let last = measured.log.range(case).end - 1;
    column.dictionary.text(column.codes.get(last)).map(LogText::new)
}

/// The last event that a person made.
fn last_touch(
    measured: &Measured,
    events: &CaseEvents,
    business: Option<BusinessTimes>,
    names: &mut Names,
) -> Option<LastTouch> {
    let by_person = |&i: &usize| events.actor[i] != 0 && !measured.semantics.bots[events.actor[i] as usize];
    let last = (0..events.len()).rev().find(by_person)?;
    Some(LastTouch {
        at: format_utc(events.time_ms[last]),
        ago_ms: measured.semantics.as_of_ms - events.time_ms[last],
        ago_business_ms: business.map(|times| times.as_of_ms - times.time_ms[last]),
        actor: names.actor(events.actor[last])?,
    })
}

fn acts_next(class: Class, group: Option<&LogText>, assignee: Option<&LogText>) -> ActsNext {
    let (party, name) = match (class, assignee, group) {
        (Class::WaitingRequester, ..) => ("requester", None),
        (Class::WaitingExternal, ..) => ("vendor", None),
        (Class::Approval, approver, group) => ("approver", approver.or(group)),
        (_, Some(assignee), _) => ("owner", Some(assignee)),
        (_, None, Some(group)) => ("group", Some(group)),
        (_, None, None) => ("nobody", None),
    };
    ActsNext { party, name: name.cloned() }
}

/// By state, most cases first, then by name.
fn states(items: &[AgingItem]) -> Vec<OpenState> {
    let mut states: Vec<OpenState> = Vec::new();
    for item in items {
        let known = states.iter().position(|state| state.state == item.state);
        let at = known.unwrap_or_else(|| {
            let (state, class) = (item.state.clone(), item.class);
            states.push(OpenState { state, class, open: 0, beyond_p90: None, oldest_ms: 0, oldest_business_ms: None });
            states.len() - 1
        });
        let state = &mut states[at];
        state.open += 1;
        state.oldest_ms = state.oldest_ms.max(item.age_ms);
        state.oldest_business_ms = state.oldest_business_ms.max(item.age_business_ms);
        if let Some(rank) = item.rank.filter(|rank| rank.of >= FEWEST) {
            *state.beyond_p90.get_or_insert(0) += u64::from(rank.share >= LONG);
        }
    }
    states.sort_by(|a, b| b.open.cmp(&a.open).then_with(|| a.state.cmp(&b.state)));
    states
}

/// Whether an age is long.
fn is_long(rank: Option<RankFound>) -> bool {
    rank.is_some_and(|rank| rank.of >= FEWEST && rank.share >= LONG)
}

/// What a watchdog would send: why it stands still, since when, who touched it last, what is left of its service levels,
/// what comes next and who acts.
fn sentence(item: &AgingItem, class: Class, clock: Ranking, has_actors: bool) -> String {
    let time = |wall_ms: i64, business_ms: Option<i64>| match (clock, business_ms) {
        (Ranking::Business, Some(business_ms)) => business(business_ms, None),
        (Ranking::Wall | Ranking::Business, _) => duration(wall_ms),
    };
    let state = shown(item.state.raw());
    let age = time(item.age_ms, item.age_business_ms);
    let stands = match class {
        Class::WaitingRequester => format!("waiting for the requester in `{state}` for {age}"),
        Class::WaitingExternal => format!("waiting for another organisation in `{state}` for {age}"),
        Class::Blocked => format!("blocked in `{state}` for {age}"),
        Class::Approval => format!("awaiting a decision in `{state}` for {age}"),
        Class::Queue => format!("in the queue `{state}` for {age}"),
        Class::Active | Class::Review | Class::Done | Class::Cancelled => format!("in `{state}` for {age}"),
    };
    let mut parts = vec![match item.rank {
        Some(rank) if rank.of >= FEWEST && rank.share >= 1.0 => {
            format!("{stands}, longer than all {} finished visits", count(rank.of))
        }
        Some(rank) if rank.of >= FEWEST => {
            let percent = (rank.share * 100.0).floor();
            format!("{stands}, longer than {percent:.0}\u{a0}% of {} finished visits", count(rank.of))
        }
        _ => stands,
    }];
    parts.push(match &item.last_touch {
        Some(touch) => {
            format!("last touched {} ago by {}", time(touch.ago_ms, touch.ago_business_ms), shown(touch.actor.raw()))
        }
        None if has_actors => "touched by nobody yet".to_owned(),
        None => format!("last event {} UTC", item.last_event.get(..16).unwrap_or_default().replace('T', " ")),
    });
    parts.extend(item.priority.as_ref().map(|priority| format!("priority {}", shown(priority.raw()))));
    parts.extend(item.timers.iter().flat_map(|timers| clock::said(timers)));
    if let Some(next) = item.next.as_ref().filter(|next| next.of >= FEWEST) {
        parts.push(format!("usually followed by `{}` ({:.0}\u{a0}%)", shown(next.state.raw()), next.share * 100.0));
    }
    parts.push(format!("next: {}", who(&item.acts_next)));
    parts.join("; ")
}

/// Who must act, in words.
fn who(next: &ActsNext) -> String {
    match (next.party, &next.name) {
        ("nobody", _) => "nobody holds it".to_owned(),
        ("owner", Some(name)) => shown(name.raw()),
        ("group", Some(name)) => format!("somebody of {}", shown(name.raw())),
        (party, Some(name)) => format!("{party} ({})", shown(name.raw())),
        (party, None) => party.to_owned(),
    }
}
