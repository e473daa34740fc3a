//! The steps from a read log to all its measures, in order.

use std::collections::{BTreeMap, BTreeSet};

use super::clock::business_clock;
use super::comments::Heardable;
use super::sla::{self, ServiceLevels};
use crate::comments::Writer;
use crate::config::{Config, Family, HandoffKind, Means};
use crate::diagnose::bots::{self, BotProposal};
use crate::error::{Problem, Result};
use crate::ingest::IngestReport;
use crate::ingest::mapping::Role;
use crate::log::{Column, EventLog, NONE};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::clock::BusinessClock;
use crate::metrics::window::{LittlesLaw, Window, dense_window, littles_law};
use crate::metrics::{Swept, sweep};
use crate::report::clocks::Ranking;
use crate::states::intervals::{self, OwnDurations};
use crate::states::lexicon::{ActivityMeans, StateEvidence, activity_means, classify};
use crate::states::understand::{StateStructure, Told, structure, understand};
use crate::states::{Class, Headline, PickupRule, Semantics, StateMeaning, acts};

/// What an activity value was taken for.
#[derive(Clone, Debug)]
pub struct MeansFound {
    /// Activity.
    pub activity: String,
    /// A state entered rather than an act completed.
    pub is_entry: bool,
    /// Evidence.
    pub why: String,
}

/// Milliseconds of a minute.
const MINUTE_MS: i64 = 60_000;

/// Everything measured of a log.
pub struct Measured {
    /// The log that was swept.
    pub log: EventLog,
    /// Cells of the log as it was read; a start/end log has more events when swept.
    pub events_read: u64,
    /// What it means.
    pub semantics: Semantics,
    /// Proposed bots.
    pub bots: Vec<BotProposal>,
    /// Per activity value, where activities stand in for states.
    pub means: Vec<MeansFound>,
    /// The activities' own durations in a start/end log.
    pub own: Option<Vec<OwnDurations>>,
    /// Working calendars, where some are configured.
    pub clock: Option<BusinessClock>,
    /// The per-case measures.
    pub swept: Swept,
    /// Comments by language, where there is a column of them.
    pub comments: Option<Heardable>,
    /// Service levels, where some are configured.
    pub sla: Option<ServiceLevels>,
    /// Dense window.
    pub window: Option<Window>,
    /// Little's law.
    pub little: Option<LittlesLaw>,
    /// Silence after which an open case is stale, ms.
    pub stale_after_ms: i64,
    /// Length of the log in months of its dense volume.
    pub months: f64,
}

impl Measured {
    /// The business clock, where durations are ranked by it.
    #[must_use]
    pub fn ranking_clock(&self, ranked_by: Ranking) -> Option<&BusinessClock> {
        match ranked_by {
            Ranking::Wall => None,
            Ranking::Business => self.clock.as_ref(),
        }
    }

    /// Whether an open case has been silent for too long.
    #[must_use]
    pub fn is_stale(&self, fact: &CaseFact) -> bool {
        is_stale(fact, self.semantics.as_of_ms, self.stale_after_ms)
    }
}

fn is_stale(fact: &CaseFact, as_of_ms: i64, after_ms: i64) -> bool {
    !fact.completed && as_of_ms - fact.last_ms > after_ms
}

/// Stands for the activity of events without one.
const NO_ACTIVITY: &str = "";

/// A log with what it means, before anything is measured.
pub struct Settled {
    /// The log to sweep.
    pub log: EventLog,
    /// Cells of the log as it was read.
    pub events_read: u64,
    /// What it means.
    pub semantics: Semantics,
    /// Proposed bots.
    pub bots: Vec<BotProposal>,
    /// Per activity value, where activities stand in for states.
    pub means: Vec<MeansFound>,
    /// The activities' own durations in a start/end log.
    pub own: Option<Vec<OwnDurations>>,
    /// Comments by language, where there is a column of them.
    pub comments: Option<Heardable>,
    /// Names of activities that end cases.
    pub ending: BTreeSet<String>,
}

/// What was settled on a whole log, by name, so that it holds for any choice of its cases.
#[derive(Clone, Debug, Default)]
pub struct Whole {
    states: BTreeMap<String, StateMeaning>,
    bots: BTreeMap<String, BotProposal>,
    ending: BTreeSet<String>,
    headline: Option<Headline>,
    pickup_rule: Option<PickupRule>,
    sides: Option<BTreeMap<String, Writer>>,
}

impl Whole {
    /// What was settled.
    #[must_use]
    pub fn of(settled: &Settled) -> Whole {
        let actors = settled.log.actor.as_ref();
        let bot = |bot: &BotProposal| Some((actors?.dictionary.text(bot.actor)?.to_owned(), bot.clone()));
        Whole {
            states: settled.semantics.states[1..].iter().map(|state| (state.name.clone(), state.clone())).collect(),
            bots: settled.bots.iter().filter_map(bot).collect(),
            ending: settled.ending.clone(),
            headline: settled.semantics.headline,
            pickup_rule: Some(settled.semantics.pickup_rule),
            sides: sides(settled),
        }
    }
}

/// By name, on which side each actor stands in comments; `None` where they are not read.
fn sides(settled: &Settled) -> Option<BTreeMap<String, Writer>> {
    let (actor, voices) = (settled.log.actor.as_ref()?, settled.semantics.voices.as_ref()?);
    Some(actor.dictionary.iter().map(|(code, name)| (name.to_owned(), voices.sides[code as usize])).collect())
}

/// Finds out what a log means; `whole` is what was settled on the log that its cases were chosen from.
#[must_use]
pub fn settle(
    mut log: EventLog,
    report: &IngestReport,
    config: &Config,
    whole: Option<&Whole>,
    threads: usize,
) -> Settled {
    let events_read = log.events() as u64;
    let told_classes =
        config.states.iter().filter_map(|(state, class)| Some((state.clone(), Class::from_name(class)?))).collect();
    let activity_is_kind = log.state.is_some();
    let (mut means, mut own, mut ending) = (Vec::new(), None, BTreeSet::new());
    let propose = |log: &EventLog| match whole {
        None => bots::propose(log, &config.bots.names, &config.bots.not, threads),
        Some(whole) => bots::known(log, &whole.bots, threads),
    };
    let bots;
    if report.mapping.family == Family::StartEnd && log.start_ms.is_some() && log.activity.is_some() {
        // before starts and ends are events of their own, so that each activity counts once
        bots = propose(&log);
        ending = whole.map_or_else(|| ending_activities(&log, threads), |whole| whole.ending.clone());
        let ends = log.activity.as_ref().map_or_else(Vec::new, |activity| by_code(activity, &ending));
        let expanded = intervals::expand(log, &ends, threads);
        log = expanded.log;
        own = Some(expanded.own);
    } else {
        if log.state.is_none() && log.activity.is_some() {
            (means, ending) = derive_states(&mut log, report, config, whole, threads);
        }
        bots = propose(&log);
    }
    let as_of_ms = report.as_of_ms.unwrap_or_else(|| log.span_ms().map_or(0, |(_, last)| last));
    let comments = Heardable::of(&log, report.words.as_ref());
    let read = || log.actor.is_some() && comments.as_ref().is_some_and(Heardable::is_read);
    let told = Told {
        classes: told_classes,
        settled: whole.map_or_else(BTreeMap::new, |whole| whole.states.clone()),
        headline: config.handoff.definition.map(headline).or(whole.and_then(|whole| whole.headline)),
        pickup_rule: whole.and_then(|whole| whole.pickup_rule),
        unassigned_when_empty: report.mapping.missing_owner_unassigned && own.is_none(),
        activity_is_kind,
        from_intervals: own.is_some(),
        touch_window_ms: config.touch_window.ms.max(report.resolution_ms),
        bots: bots.iter().map(|bot| bot.actor).collect(),
        as_of_ms,
        silence_ms: i64::from(config.choke_points.silence_hours) * 60 * MINUTE_MS,
        busy_ms: (log.events() as u64 <= config.choke_points.decompose_events)
            .then_some(i64::from(config.choke_points.touch_minutes) * MINUTE_MS),
        sides: whole.map_or_else(|| read().then(BTreeMap::new), |whole| whole.sides.clone()),
    };
    let semantics = understand(&log, &told, threads);
    Settled { log, events_read, semantics, bots, means, own, comments, ending }
}

/// Measures a log.
///
/// # Errors
/// As [`measure_chosen`].
pub fn measure(log: EventLog, report: &IngestReport, config: &Config, threads: usize) -> Result<Measured> {
    measure_chosen(log, None, report, config, threads)
}

/// Measures a log whose cases were chosen; `whole` is what was settled before.
///
/// # Errors
/// When the configuration names a class that does not exist, a calendar rule looks at a column that is not there, a
/// total exceeds 64 bits, or the ledger does not add up (a self-check).
pub fn measure_chosen(
    log: EventLog,
    whole: Option<&Whole>,
    report: &IngestReport,
    config: &Config,
    threads: usize,
) -> Result<Measured> {
    let Settled { log, events_read, semantics, bots, means, own, comments, ending: _ } =
        settle(log, report, config, whole, threads);
    let as_of_ms = semantics.as_of_ms;
    let clock = business_clock(&log, report, &config.calendars)?;
    let mut swept = sweep(&log, &semantics, clock.as_ref(), threads);
    conserved(&swept, &semantics)?;
    if i64::try_from(swept.ledger.total_ms).is_err() {
        return Err(Problem::input("the total time of all cases exceeds 64 bits of milliseconds").hint("split the log"));
    }
    let sla = sla::measure(&log, &semantics, report, config, threads)?;
    let window = dense_window(&swept.cuts.arrivals());
    let stale_after_ms = swept.visits.gaps.stale_threshold_ms();
    let little = window
        .as_ref()
        .and_then(|window| littles_law(&swept.facts, window, |fact| is_stale(fact, as_of_ms, stale_after_ms), threads));
    #[expect(clippy::cast_precision_loss, reason = "a case count")]
    let months =
        window.map_or(0.0, |window| swept.totals.cases as f64 / window.volume_per_month().max(f64::MIN_POSITIVE));
    Ok(Measured {
        log,
        events_read,
        semantics,
        bots,
        means,
        own,
        clock,
        swept,
        comments,
        sla,
        window,
        little,
        stale_after_ms,
        months,
    })
}

/// Refuses measures whose time does not add up, on the wall clock or within and outside working hours.
fn conserved(swept: &Swept, semantics: &Semantics) -> Result<()> {
    let bug = |message: String| {
        let problem = Problem::new(crate::error::Kind::SelfCheck, message);
        Err(problem.hint("this is a bug in wcaf; please report it"))
    };
    if swept.ledger.violations > 0 {
        return bug(format!("the time ledger of {} cases does not sum to their duration", swept.ledger.violations));
    }
    let Some(business) = &swept.business else { return Ok(()) };
    let violations = business.violations + business.ledger.violations + business.unclocked.violations;
    if violations > 0 {
        return bug(format!("the working time of {violations} cases does not sum to their business duration"));
    }
    match business.split(&swept.ledger, semantics) {
        Some(cells) if cells.iter().map(|(cell, _)| cell.duration_ms).sum::<i128>() == swept.ledger.total_ms => Ok(()),
        Some(_) | None => bug("the time within and outside working hours does not sum to all time".to_owned()),
    }
}

fn headline(kind: HandoffKind) -> Headline {
    match kind {
        HandoffKind::Group => Headline::Group,
        HandoffKind::GroupOrUnassigned => Headline::GroupOrUnassigned,
        HandoffKind::Person => Headline::Person,
        HandoffKind::Actor => Headline::Actor,
    }
}

/// Reads activities as states where the log has no state column. Also returns the activities that end cases.
fn derive_states(
    log: &mut EventLog,
    report: &IngestReport,
    config: &Config,
    whole: Option<&Whole>,
    threads: usize,
) -> (Vec<MeansFound>, BTreeSet<String>) {
    let Some(activity) = log.activity.clone() else { return Default::default() };
    let found = structure(log, &activity, threads);
    let evidence = evidence(&activity, &found);
    let classes = classify(&evidence, log.cases() as u64);
    let lifecycle =
        report.mapping.columns.iter().any(|mapped| mapped.role == Role::Activity && mapped.name.contains("lifecycle"));
    let mut means = Vec::with_capacity(evidence.len());
    let mut codes = vec![acts::Means::Entry];
    let mut ending = whole.map_or_else(BTreeSet::new, |whole| whole.ending.clone());
    for (state, class) in evidence.iter().zip(classes) {
        let told = config.activity_means.values.get(state.name).or(config.activity_means.default.as_ref());
        let (is_entry, why) = if let Some(means) = told {
            (*means == Means::Entry, "configured".to_owned())
        } else {
            let (means, why) = activity_means(state.name, lifecycle);
            (means == ActivityMeans::Entry, why)
        };
        let class = config.states.get(state.name).and_then(|class| Class::from_name(class)).unwrap_or(class.class);
        codes.push(if is_entry { acts::Means::Entry } else { acts::Means::Completed });
        if whole.is_none() && class.is_terminal() {
            ending.insert(state.name.to_owned());
        }
        means.push(MeansFound { activity: state.name.to_owned(), is_entry, why });
    }
    acts::derive(log, &codes, &by_code(&activity, &ending), threads);
    (means, ending)
}

/// By code, whether a text is one of these.
fn by_code(column: &Column, texts: &BTreeSet<String>) -> Vec<bool> {
    let named = std::iter::once((NONE, NO_ACTIVITY)).chain(column.dictionary.iter());
    named.map(|(_, text)| texts.contains(text)).collect()
}

fn evidence<'a>(column: &'a Column, found: &[StateStructure]) -> Vec<StateEvidence<'a>> {
    let states = column.dictionary.iter().zip(&found[1..]);
    states
        .map(|((_, name), found)| StateEvidence {
            name,
            starts: found.starts,
            ends: found.ends,
            visits: found.visits,
            cases: found.cases,
        })
        .collect()
}

/// Activities after which a case may be finished: those that end at least one case in twenty.
fn ending_activities(log: &EventLog, threads: usize) -> BTreeSet<String> {
    let Some(activity) = &log.activity else { return BTreeSet::new() };
    let cases = log.cases() as u64;
    let found = structure(log, activity, threads);
    let ends = |code: u32| found[code as usize].ends * 20 >= cases;
    let named = std::iter::once((NONE, NO_ACTIVITY)).chain(activity.dictionary.iter());
    named.filter(|(code, _)| ends(*code)).map(|(_, text)| text.to_owned()).collect()
}
