//! The quality of a log as findings: which counts are bad, what they do to the numbers, and what helps.
//!
//! Counting is done in `diagnose::quality` and by the measures; here thresholds are set and sentences made.

mod cases;
mod catalogue;
mod events;
mod hours;
mod reading;

use catalogue::Check;
pub use catalogue::{ids, is_check};

use super::measure::{Measured, Whole, measure_chosen};
use super::{Options, input, readiness, share};
use crate::config::Config;
use crate::diagnose::quality::{self, Asked, Outliers, Quality, Tally};
use crate::error::Result;
use crate::ingest::IngestReport;
use crate::log::{EventLog, LogText};
use crate::metrics::window::{by_week, dense_window};
use crate::report::check::{self, CheckExample, CheckFinding, CheckReport, NotChecked, Severity, WorkingHours};
use crate::report::model::Tool;
use crate::time::{Zone, format_utc};

/// Checks a log; `whole` is what was settled on the one that its cases were chosen from. `ingest` must have kept the counter of updates ([`crate::ingest::Request::keep_counter`]).
///
/// # Errors
/// As [`measure_chosen`].
pub fn check(
    log: EventLog,
    whole: Option<&Whole>,
    ingest: &IngestReport,
    config: &Config,
    zone: &Zone,
    options: Options,
) -> Result<CheckReport> {
    let mut found = Found::default();
    reading::judge(&mut found, ingest, options.people);
    let seen = seen(&log, ingest, zone, options.threads);
    events::judge(&mut found, &log, ingest, &seen);
    let midnights = (seen.quality.midnights, seen.quality.events);
    drop(seen);
    let measured = measure_chosen(log, whole, ingest, config, options.threads)?;
    let working_hours = hours::working_hours(&measured, ingest, zone, midnights, options.threads);
    cases::judge(&mut found, &measured, ingest);
    cases::configured(&mut found, &measured, ingest, config, options.people);
    let readiness = readiness::readiness(&measured, ingest);
    cases::readiness(&mut found, &readiness);
    Ok(found.report(&measured, ingest, working_hours, readiness))
}

/// What was counted over the events.
struct Seen {
    quality: Quality,
    outliers: Outliers,
}

fn seen(log: &EventLog, ingest: &IngestReport, zone: &Zone, threads: usize) -> Seen {
    let counter = ingest.mapping.counter().map(|mapped| mapped.name.as_str());
    let offset_ms_at = |ms: i64| zone.offset_ms_at(ms);
    let mut quality = quality::observe(log, &Asked { counter, offset_ms_at: &offset_ms_at, threads });
    // the clock that the rows were written by knows its midnight better than the zone of the log
    if let Some(midnights) = ingest.times.midnights().filter(|_| ingest.chosen.is_none()) {
        quality.midnights = midnights.min(quality.events);
    }
    let arrivals = (0..log.cases()).map(|case| log.time_ms[log.range(case).start]);
    let window = dense_window(&by_week(arrivals));
    let outliers = quality::outliers(log, &quality.days, window.as_ref(), threads);
    Seen { quality, outliers }
}

/// How much there is of something.
struct Amount {
    count: u64,
    of: u64,
    unit: &'static str,
}

/// The judgements so far.
#[derive(Default)]
struct Found {
    findings: Vec<CheckFinding>,
    passed: Vec<&'static str>,
    not_checked: Vec<NotChecked>,
}

impl Found {
    /// Nothing wrong by this check.
    fn pass(&mut self, check: &Check) {
        self.passed.push(check.id);
    }

    /// The log gives no ground for this check.
    fn skip(&mut self, check: &Check, why: impl Into<String>) {
        self.not_checked.push(NotChecked { id: check.id, why: why.into() });
    }

    /// Something was found.
    fn add(
        &mut self,
        check: &Check,
        severity: Severity,
        amount: &Amount,
        message: String,
        fix: impl Into<String>,
        examples: Vec<CheckExample>,
    ) {
        self.findings.push(CheckFinding {
            id: check.id,
            severity,
            message: LogText::new(message),
            count: amount.count,
            of: amount.of,
            unit: amount.unit,
            share: share(amount.count, amount.of),
            effect: check.effect,
            fix: LogText::new(fix),
            examples,
        });
    }

    fn report(
        mut self,
        measured: &Measured,
        ingest: &IngestReport,
        working_hours: WorkingHours,
        readiness: crate::report::model::Readiness,
    ) -> CheckReport {
        let order = ids();
        let place = |id: &str| order.iter().position(|known| *known == id);
        self.findings.sort_by_key(|finding| (std::cmp::Reverse(finding.severity), place(finding.id)));
        self.passed.sort_by_key(|id| place(id));
        self.not_checked.sort_by_key(|skipped| place(skipped.id));
        CheckReport {
            schema: check::SCHEMA,
            tool: Tool { name: "wcaf", version: env!("CARGO_PKG_VERSION") },
            input: input::input(measured, ingest),
            mapping: input::mapping(measured, ingest),
            verdict: self.findings.iter().map(|finding| finding.severity).max(),
            findings: self.findings,
            passed: self.passed,
            not_checked: self.not_checked,
            working_hours,
            readiness,
        }
    }
}

/// `fail` from `fail_percent` on, `warn` from `warn_percent` on, else `info`; in thousandths, to stay in whole numbers.
fn graded(count: u64, of: u64, warn_permille: u64, fail_permille: u64) -> Severity {
    let permille = u128::from(count) * 1000;
    if permille >= u128::from(of) * u128::from(fail_permille) && count > 0 {
        Severity::Fail
    } else if permille >= u128::from(of) * u128::from(warn_permille) && count > 0 {
        Severity::Warn
    } else {
        Severity::Info
    }
}

/// A severity that no share reaches.
const NEVER: u64 = 1_000_000;

/// The cases and instants of a tally.
fn examples(log: &EventLog, tally: &Tally) -> Vec<CheckExample> {
    let examples = tally.examples.iter().map(|&(case, time_ms)| CheckExample {
        case: Some(LogText::new(log.case_ids.id(case as usize))),
        time: Some(format_utc(time_ms)),
        ..CheckExample::default()
    });
    examples.collect()
}

/// `12.1 %`.
fn percent(count: u64, of: u64) -> String {
    let share = share(count, of).unwrap_or(0.0);
    if count > 0 && share < 0.0005 {
        return "under 0.1 %".to_owned();
    }
    format!("{:.1} %", share * 100.0)
}
