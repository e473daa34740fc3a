//! What the timers come to: per definition, over all, and cut by segment, week and outcome.

use std::collections::BTreeMap;

use super::ServiceLevels;
use crate::assemble::measure::Measured;
use crate::assemble::{share, shown};
use crate::config::Config;
use crate::log::{AttributeRole, LogText, NONE};
use crate::metrics::durations::{Durations, quantiles};
use crate::metrics::sla::{Pace, Status, Timer};
use crate::report::model::{BreachRate, KpiCut, NearBreach, SlaCase, SlaFound, SlaTarget, TimerCounts};
use crate::time::{format_utc, iso_week};

/// Timers beyond their target that are listed.
const MOST_WORST: usize = 10;

/// The service levels, in the order of the configuration.
#[must_use]
pub fn found(measured: &Measured, levels: &ServiceLevels, config: &Config) -> Vec<SlaFound> {
    let numbers = config.service_levels.iter().filter_map(|told| {
        let number = levels.plan.definitions.iter().position(|definition| definition.id == told.id)?;
        Some((told, number))
    });
    let one = |(told, number): (&crate::config::Sla, usize)| {
        let definition = &levels.plan.definitions[number];
        let timers: Vec<&Timer> = levels.timers.iter().filter(|timer| timer.definition == number).collect();
        let mut cases: Vec<usize> = timers.iter().map(|timer| timer.case).collect();
        cases.dedup();
        let (clock, calendar) = match definition.pace {
            Pace::Wall => ("wall", None),
            Pace::Calendar(at) => ("business", levels.plan.calendars.get(at)),
            Pace::OfCase => ("business", None),
        };
        let counts = counts(timers.iter().copied());
        let said = levels.reconciled.get(number);
        #[expect(clippy::cast_precision_loss, reason = "thousandths")]
        let near = definition.near_milli as f64 / 1_000.0;
        SlaFound {
            id: LogText::new(told.id.clone()),
            kind: LogText::new(told.kind.clone()),
            clock,
            calendar: calendar.map(|calendar| LogText::new(calendar.name())),
            near,
            cases: cases.len() as u64,
            breach_rate: rate(&counts),
            counts,
            near_breach: near_breach(timers.iter().copied()),
            elapsed_ms: shown(quantiles(&[&timers
                .iter()
                .filter(|timer| matches!(timer.status(), Status::Met | Status::Breached))
                .map(|timer| timer.elapsed_ms)
                .collect::<Durations>()])),
            targets: targets(told, &timers),
            worst: worst(measured, &timers),
            reconcile: said.map(|said| said.facts.clone()).unwrap_or_default(),
            fact_tables: said.map(|said| said.tables.clone()).unwrap_or_default(),
        }
    };
    numbers.map(one).collect()
}

fn counts<'t>(timers: impl Iterator<Item = &'t Timer>) -> TimerCounts {
    let mut counts = TimerCounts::default();
    for timer in timers {
        counts.timers += 1;
        match timer.status() {
            Status::Met => counts.met += 1,
            Status::Breached => counts.breached += 1,
            Status::OpenPast => counts.open_past += 1,
            Status::Running => counts.open_within += 1,
            Status::Paused => {
                counts.open_within += 1;
                counts.paused += 1;
            }
            Status::Cancelled => counts.cancelled += 1,
            Status::Reset => counts.reset += 1,
        }
    }
    counts
}

fn rate(counts: &TimerCounts) -> BreachRate {
    let past = counts.breached + counts.open_past;
    BreachRate {
        stopped_or_past: share(past, counts.met + past),
        closed_only: share(counts.breached, counts.met + counts.breached),
    }
}

/// How often timers ran beyond their target.
pub fn breach_rate<'t>(timers: impl Iterator<Item = &'t Timer>) -> BreachRate {
    rate(&counts(timers))
}

/// Those that came near a breach, and what became of them.
pub fn near_breach<'t>(timers: impl Iterator<Item = &'t Timer>) -> NearBreach {
    let mut found = NearBreach { rates_are: "association", ..NearBreach::default() };
    for timer in timers.filter(|timer| timer.near) {
        let (met, breached) = match timer.status() {
            Status::Met => (1, 0),
            Status::Breached | Status::OpenPast => (0, 1),
            Status::Running | Status::Paused => (0, 0),
            Status::Cancelled | Status::Reset => continue,
        };
        found.n += 1;
        if timer.intervened {
            found.interventions += 1;
            found.met += met;
            found.breached += breached;
        } else {
            found.met_without += met;
            found.breached_without += breached;
        }
    }
    found.met_rate = share(found.met, found.met + found.breached);
    found.met_rate_without = share(found.met_without, found.met_without + found.breached_without);
    found
}

fn targets(told: &crate::config::Sla, timers: &[&Timer]) -> Vec<SlaTarget> {
    let values = told.target.values.iter().enumerate().map(|(at, (value, duration))| (Some(at), Some(value), duration));
    let all = values.chain(told.target.default.iter().map(|duration| (None, None, duration)));
    let one = |(at, value, duration): (Option<usize>, Option<&String>, &crate::time::Duration)| {
        let counts = counts(timers.iter().copied().filter(|timer| timer.value == at));
        SlaTarget { value: value.map(LogText::new), target: duration.to_string(), breach_rate: rate(&counts), counts }
    };
    all.map(one).collect()
}

fn worst(measured: &Measured, timers: &[&Timer]) -> Vec<SlaCase> {
    let mut late: Vec<&Timer> = timers.iter().copied().filter(|timer| timer.breached() == Some(true)).collect();
    let id = |timer: &Timer| measured.log.case_ids.id(timer.case);
    late.sort_by(|a, b| a.remaining_ms().cmp(&b.remaining_ms()).then_with(|| id(a).cmp(id(b))));
    late.truncate(MOST_WORST);
    let one = |timer: &Timer| SlaCase {
        case: LogText::new(id(timer)),
        status: timer.status().as_str(),
        started: format_utc(timer.started_ms),
        due: timer.due_at_ms.map(format_utc),
        ended: timer.ended_ms.map(format_utc),
        elapsed_ms: timer.elapsed_ms,
        target_ms: timer.target_ms,
        beyond_ms: timer.elapsed_ms.saturating_sub(timer.target_ms),
    };
    late.into_iter().map(one).collect()
}

/// The breach rate and the near breaches of the cuts that the other key figures have, in the order of theirs.
#[must_use]
pub fn cuts(measured: &Measured, levels: &ServiceLevels, others: &[KpiCut]) -> Vec<KpiCut> {
    let mut cuts: Vec<(&'static str, &LogText)> = others.iter().map(|cut| (cut.dimension, &cut.key)).collect();
    cuts.dedup();
    let mut places: BTreeMap<(&str, String), Vec<&Timer>> =
        cuts.iter().map(|(dimension, key)| ((*dimension, key.raw().to_owned()), Vec::new())).collect();
    let mut keys = Keys::default();
    for timer in &levels.timers {
        for (dimension, key) in keys.of(measured, timer.case) {
            if let Some(timers) = places.get_mut(&(*dimension, key.clone())) {
                timers.push(timer);
            }
        }
    }
    let rows = cuts.into_iter().flat_map(|(dimension, key)| {
        let timers = places.get(&(dimension, key.raw().to_owned())).map_or(&[][..], Vec::as_slice);
        let counts = counts(timers.iter().copied());
        let (rate, near) = (rate(&counts), near_breach(timers.iter().copied()));
        let closed = counts.met + counts.breached;
        #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let number = |n: u64| Some(n as f64);
        let rows = [
            ("sla_breach_rate.stopped_or_past", closed + counts.open_past, rate.stopped_or_past),
            ("sla_breach_rate.closed_only", closed, rate.closed_only),
            ("near_breach.n", counts.timers, number(near.n)),
            ("near_breach.interventions", near.n, number(near.interventions)),
        ];
        let rows = rows.into_iter().filter(|_| counts.timers > 0);
        rows.map(|(kpi, n, value)| KpiCut { kpi, dimension, key: key.clone(), n, value }).collect::<Vec<_>>()
    });
    rows.collect()
}

/// What the timers of one case are cut by; kept for the next timer of the same case.
#[derive(Default)]
struct Keys {
    case: Option<usize>,
    keys: Vec<(&'static str, String)>,
}

impl Keys {
    fn of(&mut self, measured: &Measured, case: usize) -> &[(&'static str, String)] {
        if self.case == Some(case) {
            return &self.keys;
        }
        let (log, fact) = (&measured.log, &measured.swept.facts[case]);
        self.case = Some(case);
        self.keys.clear();
        for attribute in &log.attributes {
            if !matches!(attribute.role, AttributeRole::Segment | AttributeRole::Priority) {
                continue;
            }
            let mut codes = log.range(case).map(|event| attribute.column.codes.get(event));
            let first = codes.find(|&code| code != NONE).and_then(|code| attribute.column.dictionary.text(code));
            // a priority that is also named as a segment is cut by once
            let key = first.map(|text| ("segment", format!("{}={text}", attribute.name)));
            if let Some(key) = key.filter(|key| !self.keys.contains(key)) {
                self.keys.push(key);
            }
        }
        let (year, week) = iso_week(fact.first_ms);
        self.keys.push(("week", format!("{year}-W{week:02}")));
        let outcomes = [
            ("open", !fact.completed),
            ("cancelled", fact.completed && fact.cancelled),
            ("resolved", fact.completed && !fact.cancelled),
            ("reopened", fact.reopens > 0),
            ("escalated", fact.escalated),
        ];
        let held = outcomes.into_iter().filter(|(_, holds)| *holds);
        self.keys.extend(held.map(|(outcome, _)| ("outcome", outcome.to_owned())));
        &self.keys
    }
}
