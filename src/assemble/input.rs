//! What was read, what the columns became, and what the log itself says about its quality.

use std::collections::BTreeMap;

use super::measure::Measured;
use super::share;
use crate::ingest::mapping::Role;
use crate::ingest::source::Container;
use crate::ingest::{IngestReport, SourceFacts};
use crate::log::text::whole_number;
use crate::log::{AttributeRole, LogText, NONE};
use crate::metrics::case_facts::CaseFact;
use crate::metrics::window::{LittlesLaw, Window};
use crate::report::model::{
    Bot, FilterFound, Input, LeakyFound, Little, MappingFound, NullFound, Reconciled, RoleFound, RoleReason,
    SourceFound, Stale, WindowFound,
};
use crate::time::{Order, civil_from_days, format_utc};

pub fn input(measured: &Measured, ingest: &IngestReport) -> Input {
    let totals = &measured.swept.totals;
    let (first, last) = if totals.cases > 0 { (totals.first_ms, totals.last_ms) } else { (0, 0) };
    let family = ingest.mapping.family.as_str();
    let sources = ingest.sources.iter().map(|source| SourceFound {
        name: LogText::new(source.name.clone()),
        bytes: source.fingerprint.bytes,
        hash: source.fingerprint.hash.clone(),
        format: format_name(source),
        family: family.to_owned(),
        rows: source.rows,
    });
    Input {
        sources: sources.collect(),
        rows_read: ingest.rows_read,
        rows_rejected: ingest.rejects.total(),
        rejects: ingest.rejects.counts.iter().map(|(reason, &count)| (reason.as_str().to_owned(), count)).collect(),
        after_as_of: ingest.after_as_of,
        filter: filter(ingest),
        events: measured.events_read,
        cases: totals.cases,
        completed_cases: totals.completed,
        open_cases: totals.cases - totals.completed,
        first_event: format_utc(first),
        last_event: format_utc(last),
        as_of: format_utc(measured.semantics.as_of_ms),
        tie_share: share(ingest.order.tied, ingest.order.pairs),
        order_fixed: ingest.order.fixed,
        resolution_ms: ingest.resolution_ms,
        zero_length_share: share(totals.zero_length, totals.completed),
    }
}

/// How the cases were chosen, where a filter says so.
pub fn filter(ingest: &IngestReport) -> Option<FilterFound> {
    let chosen = ingest.chosen.as_ref()?;
    let texts = |texts: &[String]| texts.iter().map(LogText::new).collect();
    Some(FilterFound {
        conditions: texts(&chosen.conditions),
        arrived_from: chosen.arrived_from_ms.map(format_utc),
        arrived_to: chosen.arrived_to_ms.map(format_utc),
        cases: chosen.cases,
        events: chosen.events,
        cases_left_out: chosen.cases_left_out,
        events_left_out: chosen.events_left_out,
        notes: texts(&chosen.notes),
    })
}

fn format_name(source: &SourceFacts) -> String {
    let packed = match source.container {
        Container::Plain => "",
        Container::Gzip => ".gz",
        Container::Zip => ".zip",
    };
    format!("{}{packed}", source.format.as_str())
}

pub fn mapping(measured: &Measured, ingest: &IngestReport) -> MappingFound {
    let mapping = &ingest.mapping;
    let text = |text: &str| LogText::new(text);
    let header = |column: usize| text(&ingest.header[column]);
    let mut roles = BTreeMap::new();
    for mapped in &mapping.columns {
        let key = match mapped.role {
            Role::Segment => format!("segment.{}", mapped.name),
            role => role.as_str().to_owned(),
        };
        roles.insert(key, RoleFound { column: text(&mapped.name), how: mapped.how.as_str(), why: text(&mapped.why) });
    }
    let used = |column: usize| mapping.columns.iter().any(|mapped| mapped.column == column);
    let means = measured.means.iter().map(|found| {
        let value = if found.is_entry { "entry" } else { "completed" };
        (found.activity.clone(), RoleReason { value: value.to_owned(), why: text(&found.why) })
    });
    let missing_owner = if mapping.missing_owner_unassigned { "unassigned" } else { "unchanged" };
    MappingFound {
        roles,
        nulls: mapping
            .nulls
            .iter()
            .map(|null| NullFound {
                column: header(null.column),
                literal: text(&null.literal),
                share: null.share,
                applied: null.applied,
                how: null.how.as_str(),
            })
            .collect(),
        date_format: ingest.date_format.clone(),
        timezone: ingest.zone.clone(),
        leaky: mapping
            .leaky
            .iter()
            .map(|leaky| LeakyFound { column: header(leaky.column), why: text(&leaky.why) })
            .collect(),
        family: RoleReason { value: mapping.family.as_str().to_owned(), why: text(&mapping.family_why) },
        missing_owner: RoleReason { value: missing_owner.to_owned(), why: text(&mapping.missing_owner_why) },
        touch_window_ms: measured.semantics.touch_window_ms,
        date_order: match ingest.date_order {
            Order::NotNeeded => "not_needed",
            Order::DayFirst => "day_first",
            Order::MonthFirst => "month_first",
        }
        .to_owned(),
        activity_means: means.collect(),
        sample_rows: ingest.sample_rows,
        unused: (0..ingest.header.len()).filter(|&column| !used(column)).map(header).collect(),
    }
}

/// The source system's counters on the last event of each case against ours.
pub fn reconcile(measured: &Measured) -> Vec<Reconciled> {
    let log = &measured.log;
    let can_reopen = measured.semantics.states.iter().any(|state| state.class.is_terminal());
    let mut found = Vec::new();
    for attribute in &log.attributes {
        let (measure, ours): (_, fn(&CaseFact) -> u32) = match attribute.role {
            AttributeRole::ReassignmentCount if log.group.is_some() => {
                ("handoffs.kinds.group_or_unassigned", |fact| fact.group_changes)
            }
            AttributeRole::ReopenCount if can_reopen => ("kpis.reopens", |fact| fact.reopens),
            // without a group or a terminal state our own count is unknown, not 0
            AttributeRole::ReassignmentCount
            | AttributeRole::ReopenCount
            | AttributeRole::Priority
            | AttributeRole::Segment
            | AttributeRole::Kept
            | AttributeRole::Requester
            | AttributeRole::CommentWriter
            | AttributeRole::CommentVisibility => continue,
        };
        let numbers: Vec<Option<i64>> = std::iter::once(None)
            .chain(attribute.column.dictionary.iter().map(|(_, text)| whole_number(text)))
            .collect();
        let mut row = Reconciled {
            column: LogText::new(attribute.name.clone()),
            measure,
            agreement: 0.0,
            cases: 0,
            cases_nonzero: 0,
            agree_nonzero: 0,
            total_theirs: 0,
            total_ours: 0,
        };
        let mut agree = 0;
        for (case, fact) in measured.swept.facts.iter().enumerate() {
            let code = attribute.column.codes.get(log.range(case).end - 1);
            let Some(theirs) = (code != NONE).then(|| numbers[code as usize]).flatten() else { continue };
            let ours = i64::from(ours(fact));
            row.cases += 1;
            row.total_theirs += theirs;
            row.total_ours += ours;
            agree += u64::from(theirs == ours);
            row.cases_nonzero += u64::from(theirs != 0);
            row.agree_nonzero += u64::from(theirs != 0 && theirs == ours);
        }
        if let Some(agreement) = share(agree, row.cases) {
            found.push(Reconciled { agreement, ..row });
        }
    }
    found
}

/// Most stale cases listed by name.
const MAX_STALE: usize = 1000;

pub fn stale(measured: &Measured) -> (Vec<Stale>, u64) {
    let as_of = measured.semantics.as_of_ms;
    let mut stale: Vec<(i64, &str, u32)> = Vec::new();
    for (case, fact) in measured.swept.facts.iter().enumerate() {
        if measured.is_stale(fact) {
            stale.push((as_of - fact.last_ms, measured.log.case_ids.id(case), fact.last_state));
        }
    }
    stale.sort_unstable_by(|a, b| b.0.cmp(&a.0).then(a.1.cmp(b.1)));
    let count = stale.len() as u64;
    stale.truncate(MAX_STALE);
    let rows = stale.into_iter().map(|(silent_ms, case, state)| Stale {
        case: LogText::new(case),
        state: LogText::new(measured.semantics.states[state as usize].name.clone()),
        silent_ms,
    });
    (rows.collect(), count)
}

pub fn window(window: &Window) -> WindowFound {
    let day = |ms: i64| {
        let (year, month, day) = civil_from_days(ms.div_euclid(86_400_000));
        format!("{year:04}-{month:02}-{day:02}")
    };
    WindowFound {
        dense_from: day(window.from_ms),
        dense_to: day(window.to_ms - 1),
        weeks: window.weeks,
        reference_per_week: window.reference,
        cases_outside: window.outside,
        volume_per_month: window.volume_per_month(),
        median_per_week: window.median,
    }
}

pub fn little(law: &LittlesLaw) -> Little {
    Little {
        arrivals_per_day: law.arrivals_per_day,
        cycle_ms: law.mean_ms,
        wip: law.in_progress,
        residual: law.residual,
        stable: law.stable,
    }
}

/// Bots; a name that may be a person's is shown only with `people`.
pub fn bots(measured: &Measured, people: bool) -> Vec<Bot> {
    let Some(actors) = &measured.log.actor else { return Vec::new() };
    let bots = measured.bots.iter().enumerate().map(|(at, bot)| Bot {
        actor: if people || bot.surely {
            LogText::new(actors.dictionary.text(bot.actor).unwrap_or(""))
        } else {
            LogText::new(format!("(actor {})", at + 1))
        },
        evidence: LogText::new(bot.evidence.clone()),
        rows: bot.rows,
        how: if bot.configured { "config" } else { "guess" },
    });
    bots.collect()
}
