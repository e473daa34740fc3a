//! Choke points, root causes and interventions, linked by id.

use std::collections::BTreeMap;

use super::business::Stays;
use super::measure::Measured;
use super::money::{NO_ACTOR, minor, range};
use super::safeguards::{self, Found, Place};
use super::waits::{Split, Waits};
use super::{Options, Reasons, share};
use crate::config::{Config, CustomerImpact};
use crate::counts::{counted, decimal, duration};
use crate::diagnose::causes::{self, AtPlace, CauseFound};
use crate::diagnose::choke_points::{self, Rules, Segment};
use crate::interventions::level::{Thresholds, Values, decide};
use crate::interventions::{MAX_CHOKE_POINTS, Pattern, Proposal, Seen, propose};
use crate::log::LogText;
use crate::metrics::pairs::PairTable;
use crate::metrics::place_signs::PlaceSigns;
use crate::metrics::wait_spans::waits_outside;
use crate::report::model::{Cause, CauseAt, ChokePoint, Effect, Intervention, Scope};
use crate::roi::{Assumptions, Estimate};
use crate::states::acts::awaited;

/// The linked lists.
pub struct Diagnosis {
    pub choke_points: Vec<ChokePoint>,
    pub active_points: Vec<ChokePoint>,
    pub causes: Vec<Cause>,
    pub interventions: Vec<Intervention>,
}

/// How far idle time may be off, as a share: what it was in nearly all logs with known truth (`docs/WORLDS.md`).
const IDLE_ERROR: f64 = 0.3;

/// Share of the working time of waits in which owners are busy, work off a batch or leave traces close to each other,
/// from which on hands are what is missing and no hours are offered. Between the logs with known truth in which they are
/// and in which they are not.
const CAPACITY: f64 = 0.75;

/// Choke points listed at most; the tables hold the same.
const MAX_LISTED: usize = 200;

pub fn diagnose(
    measured: &mut Measured,
    config: &Config,
    known: &Found<'_>,
    options: Options,
    unknown: &mut Reasons,
) -> Diagnosis {
    let weights = &config.choke_points.weights;
    let rules = Rules {
        min_stays: config.choke_points.min_stays,
        variability: thousandths(weights.variability.0),
        exceptions: thousandths(weights.exceptions.0),
        outside: thousandths(weights.outside.0),
        capacity: thousandths(weights.capacity.0),
    };
    let business = Stays::take(measured);
    let stays = std::mem::replace(&mut measured.swept.visits.stays, PairTable::new(1, 1));
    let mut segments = choke_points::find(stays, &measured.semantics, rules, measured.months, options.threads);
    segments.waiting.truncate(MAX_LISTED.max(MAX_CHOKE_POINTS));
    segments.active.truncate(MAX_LISTED);
    let mut waits = Waits::take(measured, &segments.waiting, options.threads);
    let mut splits: Vec<Option<Split>> = segments.waiting.iter().map(|segment| waits.of(segment)).collect();
    let reach: Vec<_> = splits.iter().map(|split| waits.reach(split.as_ref())).collect();
    choke_points::within_reach(&mut segments.waiting, &mut splits, &reach, rules);
    let found = causes::find(&measured.swept, &measured.semantics, config.choke_points.min_stays);
    let touches = std::mem::replace(&mut measured.swept.touches.segments, PairTable::new(1, 1));
    let assumptions = Assumptions::from_config(config);
    let seen = Seen {
        actors: measured.log.actor.is_some(),
        chases: measured.semantics.sees_chases(),
        acts: !measured.means.is_empty(),
    };
    let proposals = propose(&segments.waiting, &found, touches, seen, measured.months, &assumptions);
    let writer = Writer {
        measured,
        config,
        found: known,
        segments: &segments.waiting,
        splits: &splits,
        causes: &found,
        business: &business,
        signs: measured.swept.signs.places.iter().collect(),
    };
    let interventions: Vec<Intervention> =
        (1u32..).zip(&proposals).map(|(rank, proposal)| writer.intervention(rank, proposal)).collect();
    if !segments.waiting.is_empty() {
        waits.reasons(config, unknown);
    }
    if !interventions.is_empty() && !seen.actors {
        for value in ["touches_per_month", "value_per_month"] {
            unknown.add(format!("/interventions/*/{value}"), "not_observed", NO_ACTOR);
        }
    }
    if !interventions.is_empty() {
        let message = "only a watchdog is credited with idle hours, where owners are seen at work; the hours of other \
                       interventions need a replay";
        unknown.add("/interventions/*/hours_per_month", "not_credited", message);
        unknown.add(
            "/interventions/*/confidence",
            "not_replayed",
            "confidence comes from a replay, which this version does not run",
        );
        unknown.add("/interventions/*/policy_file", "not_written", "policy files are written into the folder of `-o`");
    }
    Diagnosis {
        choke_points: segments
            .waiting
            .iter()
            .zip(&splits)
            .map(|(segment, split)| writer.choke_point(segment, split.as_ref()))
            .collect(),
        active_points: segments.active.iter().map(|segment| writer.choke_point(segment, None)).collect(),
        causes: found.iter().map(|cause| writer.cause(cause)).collect(),
        interventions,
    }
}

#[expect(clippy::cast_precision_loss, reason = "a configured weight")]
fn thousandths(milli: i64) -> f64 {
    milli as f64 / 1000.0
}

/// Working time of a wait with a known owner, in hours a month.
struct Owned {
    /// Busy with other cases or off in a batch.
    taken: f64,
    idle: f64,
    /// Of the idle time, that between touches close to each other.
    between: f64,
}

impl Owned {
    /// `None` where nobody can be seen idle.
    fn of(split: &Split, months: f64) -> Option<Owned> {
        #[expect(clippy::cast_precision_loss, reason = "an estimate")]
        let hours = |ms: i64| choke_points::per_month(ms, months) as f64 / 3_600_000.0;
        let slices = &split.slices;
        let (idle, between) = (hours(slices.idle?), hours(split.between_ms?));
        Some(Owned { taken: hours(slices.busy?) + hours(slices.batch?), idle, between })
    }

    fn all(&self) -> f64 {
        self.taken + self.idle
    }

    /// Whether the owners are busy, work off a batch or may be at work for most of it.
    fn lacks_hands(&self) -> bool {
        self.taken + self.between > self.all() * CAPACITY
    }
}

/// What keeps coordination from shortening a wait, if that is known.
fn limited_by(segment: &Segment, split: &Split) -> Option<&'static str> {
    if waits_outside(segment.class) {
        return Some("outside");
    }
    Owned::of(split, 1.0).filter(Owned::lacks_hands).map(|_| "capacity")
}

struct Writer<'a> {
    measured: &'a Measured,
    config: &'a Config,
    found: &'a Found<'a>,
    segments: &'a [Segment],
    splits: &'a [Option<Split>],
    causes: &'a [CauseFound],
    business: &'a Stays,
    signs: BTreeMap<(u32, u32), &'a PlaceSigns>,
}

impl Writer<'_> {
    fn state(&self, segment: &Segment) -> &str {
        &self.measured.semantics.states[segment.state as usize].name
    }

    fn group(&self, segment: &Segment) -> Option<&str> {
        self.measured.log.group.as_ref()?.dictionary.text(segment.group)
    }

    /// An id that stays the same while state and group keep their names. Of places whose names differ in signs only, the
    /// later ones get a number.
    fn id(&self, segment: &Segment) -> String {
        self.id_of(segment.state, segment.group)
    }

    fn id_of(&self, state: u32, group: u32) -> String {
        let plain = |state: u32, group: u32| {
            let group = self.measured.log.group.as_ref().and_then(|groups| groups.dictionary.text(group));
            let group = group.map_or_else(|| "-".to_owned(), slug);
            format!("{}.{group}", slug(&self.measured.semantics.states[state as usize].name))
        };
        let id = plain(state, group);
        let before = self.segments.iter().take_while(|other| (other.state, other.group) != (state, group));
        match before.filter(|other| plain(other.state, other.group) == id).count() {
            0 => id,
            others => format!("{id}-{}", others + 1),
        }
    }

    fn cause(&self, found: &CauseFound) -> Cause {
        Cause {
            id: found.kind.as_str().to_owned(),
            kind: found.kind.as_str(),
            evidence: LogText::new(found.evidence.clone()),
            counts: found.counts.iter().copied().collect::<BTreeMap<_, _>>(),
            cases: found.cases,
            places: found.places.iter().map(|place| self.cause_at(place)).collect(),
            falsified_by: found.falsified_by.to_owned(),
        }
    }

    fn cause_at(&self, found: &AtPlace) -> CauseAt {
        let name = |case: &usize| LogText::new(self.measured.log.case_ids.id(*case));
        CauseAt {
            choke_point: self.id_of(found.state, found.group),
            sign: found.sign,
            stays: found.stays,
            with_sign: found.with,
            mean_with_ms: found.mean_with_ms,
            mean_without_ms: found.mean_without_ms,
            share_elsewhere: found.share_elsewhere,
            examples: found.examples.iter().map(name).collect(),
        }
    }

    fn choke_point(&self, segment: &Segment, split: Option<&Split>) -> ChokePoint {
        #[expect(clippy::cast_precision_loss, reason = "a ratio")]
        let spread = (segment.p50_ms > 0).then(|| segment.p90_ms as f64 / segment.p50_ms as f64);
        let signs = self.signs.get(&(segment.state, segment.group)).copied();
        let [p50_business_ms, p90_business_ms] = self.business.p50_p90_ms(segment.state, segment.group);
        ChokePoint {
            id: self.id(segment),
            state: LogText::new(self.state(segment)),
            group: self.group(segment).map(LogText::new),
            class: segment.class.as_str().to_owned(),
            stays: segment.stays,
            open_stays: segment.open_stays,
            total_ms: segment.total_ms,
            share: segment.share,
            beyond_p50_ms: segment.beyond_p50_ms,
            beyond_p75_ms: segment.beyond_p75_ms,
            beyond_p75_ms_per_month: segment.beyond_p75_ms_per_month,
            p50_ms: segment.p50_ms,
            p90_ms: segment.p90_ms,
            p50_business_ms,
            p90_business_ms,
            spread,
            cv: segment.cv,
            others_p50_ms: segment.others_p50_ms,
            score: segment.score,
            reach: segment.reach,
            limited_by: split.and_then(|split| limited_by(segment, split)),
            benign_label: segment.benign_label && signs.is_some_and(|signs| signs.quiet * 2 >= signs.long),
            return_rate: signs.and_then(|signs| share(signs.returns, signs.all.n)),
            quiet_rate: signs.and_then(|signs| share(signs.quiet, signs.long)),
            slices_ms: split.map(|split| split.slices.clone()),
            idle_between_ms: split.and_then(|split| split.between_ms),
            causes: self
                .causes
                .iter()
                .filter(|cause| cause.is_at((segment.state, segment.group)))
                .map(|cause| cause.kind.as_str().to_owned())
                .collect(),
        }
    }

    fn intervention(&self, rank: u32, proposal: &Proposal) -> Intervention {
        let catalogue = proposal.pattern.catalogue();
        let segment = proposal.choke_point.map(|at| &self.segments[at]);
        let levels = &self.config.levels;
        let level_values = safeguards::level_values(proposal.pattern, levels, self.found.kpis);
        let values = Values {
            confidence: level_values.confidence,
            money_at_risk: levels.money_at_risk.map(|money| thousandths(money.0)),
            regulatory: level_values.regulatory,
            high_customer_impact: levels.customer_impact.map(|impact| impact == CustomerImpact::High),
            violation_share: level_values.violation_share,
        };
        let thresholds = Thresholds {
            confidence: thousandths(levels.automate_confidence.0),
            money_at_risk: thousandths(levels.automate_money_at_risk.0),
            violation_share: thousandths(levels.enforce_violations.0),
            readiness: thousandths(levels.readiness.0),
        };
        let seen = self.measured.log.actor.is_some();
        let (level, level_why) = decide(values, thresholds, self.found.readiness);
        let place = segment.map_or_else(|| "log".to_owned(), |segment| self.id(segment));
        Intervention {
            id: format!("{}.{place}", catalogue.name),
            rank,
            pattern: catalogue.name,
            title: LogText::new(self.title(proposal, segment)),
            scope: Scope {
                choke_point: segment.map(|segment| self.id(segment)),
                cause: proposal.cause.map(|cause| cause.as_str().to_owned()),
                state: segment.map(|segment| LogText::new(self.state(segment))),
                group: segment.and_then(|segment| self.group(segment)).map(LogText::new),
            },
            level: level.as_str(),
            level_why,
            level_values,
            phase: catalogue.phase,
            touches_per_month: seen.then(|| proposal.touches()),
            hours_per_month: self.hours(proposal).map(range),
            value_per_month: seen.then(|| minor(proposal.value)),
            confidence: None,
            effect: Effect { share: range(catalogue.effect), source: "default" },
            effort: catalogue.effort,
            evidence: LogText::new(self.evidence(proposal, segment)),
            needs: safeguards::needs(catalogue.needs),
            guardrail: safeguards::guardrail(proposal.pattern, self.found),
            stop_conditions: catalogue.stop_conditions.to_vec(),
            exit_test: safeguards::exit_test(
                proposal.pattern,
                segment.map(|segment| Place {
                    id: self.id(segment),
                    says: self.place(segment),
                    p50_ms: segment.p50_ms,
                    p90_ms: segment.p90_ms,
                    beyond_p75_ms: segment.beyond_p75_ms_per_month,
                }),
                self.found,
            ),
            policy_file: None,
        }
    }

    /// Hours of waiting a month that reminders can reach: the idle time, give or take what it is off by where the truth is
    /// known, and never more than the time with a known owner; none where the owners are too busy. Idle time between
    /// touches close to each other may be work: the cautious end leaves it out, the middle takes half of it.
    fn hours(&self, proposal: &Proposal) -> Option<Estimate> {
        let (Pattern::Watchdog, Some(at)) = (proposal.pattern, proposal.choke_point) else { return None };
        let split = self.splits[at].as_ref()?;
        let owned = Owned::of(split, self.measured.months)?;
        if split.slices.unobserved.is_some_and(|ms| ms > 0) && owned.all() == 0.0 {
            return None;
        }
        if owned.lacks_hands() {
            return Some(Estimate::new(0.0, 0.0, 0.0));
        }
        let Owned { idle, between, .. } = owned;
        let low = (idle - between) * (1.0 - IDLE_ERROR);
        Some(Estimate::new(low, idle - between / 2.0, (idle * (1.0 + IDLE_ERROR)).min(owned.all())))
    }

    fn place(&self, segment: &Segment) -> String {
        match self.group(segment) {
            Some(group) => format!("`{}` in `{group}`", self.state(segment)),
            None if self.measured.log.group.is_some() => format!("`{}` without a group", self.state(segment)),
            None => format!("`{}`", self.state(segment)),
        }
    }

    fn title(&self, proposal: &Proposal, segment: Option<&Segment>) -> String {
        let place = segment.map(|segment| self.place(segment));
        match (proposal.pattern, place) {
            (Pattern::Router, Some(place)) => format!("Route cases straight to their owner from {place}"),
            (Pattern::Router, None) if self.measured.log.group.is_none() => {
                "Route cases straight to the one who resolves them".to_owned()
            }
            (Pattern::Router, None) => "Route cases straight to the group that resolves them".to_owned(),
            (Pattern::Watchdog, Some(place)) => format!("Watch the age of cases in {place}, remind, then escalate"),
            (Pattern::Watchdog, None) => "Watch the age of cases, remind, then escalate".to_owned(),
            (Pattern::Clerk, Some(place)) => format!("Ask for everything at once before cases enter {place}"),
            (Pattern::Clerk, None) => "Ask for everything at once, and hand over with the context".to_owned(),
            (Pattern::Concierge, _) => "Tell stakeholders about meaningful changes before they ask".to_owned(),
        }
    }

    fn evidence(&self, proposal: &Proposal, segment: Option<&Segment>) -> String {
        let mut parts = Vec::new();
        if let Some(segment) = segment {
            parts.push(format!(
                "{}, median {}, 90th percentile {}, {} a month beyond the state's 75th percentile",
                counted(segment.stays, "stay", "stays"),
                duration(segment.p50_ms),
                duration(segment.p90_ms),
                duration(segment.beyond_p75_ms_per_month)
            ));
        }
        if let Some(cause) = self.causes.iter().find(|cause| Some(cause.kind) == proposal.cause) {
            parts.push(cause.evidence.clone());
        }
        if self.measured.log.actor.is_some() && proposal.touches() >= 0.5 {
            parts.push(format!("{} touches a month", decimal(proposal.touches(), 0)));
        }
        parts.join("; ")
    }
}

/// Letters and digits of a name, lower case, the rest as single dashes.
fn slug(name: &str) -> String {
    // a wait for an act is another place than the state after it
    let (mut slug, name) = match awaited(name) {
        Some(act) => ("to-".to_owned(), act),
        None => (String::new(), name),
    };
    for character in name.chars().flat_map(char::to_lowercase) {
        if character.is_alphanumeric() {
            slug.push(character);
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
    }
    while slug.ends_with('-') {
        slug.pop();
    }
    if slug.is_empty() { "unnamed".to_owned() } else { slug }
}
