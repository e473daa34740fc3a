//! What the source system says of a service level, held against our timers, case by case.
//!
//! Such a column knows the future: its last value of a case is a fact about the whole case, and nothing else uses it.

use super::ServiceLevels;
use crate::assemble::measure::Measured;
use crate::assemble::share;
use crate::config::Sla;
use crate::log::{Attribute, LogText, NONE};
use crate::metrics::sla::Timer;
use crate::report::model::{SlaDiffering, SlaReconciled};
use crate::time::{DateReader, Order, Resolver, Zone};

/// Differing cases that are listed.
const MOST: usize = 100;

/// Durations that differ by less are equal, ms: source systems round them to minutes.
const TOLERANCE_MS: i64 = 60_000;

/// What the columns of a definition say.
pub fn reconcile(measured: &Measured, levels: &ServiceLevels, definition: usize, told: &Sla) -> Vec<SlaReconciled> {
    // of several timers of a case the last one is what the source system shows
    let mut last: Vec<&Timer> = Vec::new();
    for timer in levels.timers.iter().filter(|timer| timer.definition == definition) {
        match last.last_mut() {
            Some(known) if known.case == timer.case => *known = timer,
            Some(_) | None => last.push(timer),
        }
    }
    let breached = |timer: &Timer| timer.breached().map(i64::from);
    let facts: [(_, &'static str, Read, Ours, i64); 3] = [
        (&told.facts.made, "breached", &|text| flag(text).map(|made| i64::from(!made)), &breached, 0),
        (&told.facts.breached, "breached", &|text| flag(text).map(i64::from), &breached, 0),
        (
            &told.facts.elapsed,
            "elapsed_ms",
            &duration_ms,
            &|timer| timer.ended_ms.map(|_| timer.elapsed_ms),
            TOLERANCE_MS,
        ),
    ];
    let attribute = |name: &String| measured.log.attributes.iter().find(|attribute| attribute.name == *name);
    let found = facts.into_iter().filter_map(|(name, measure, theirs, ours, tolerance_ms)| {
        let attribute = attribute(name.as_ref()?)?;
        compare(measured, attribute, &last, &Comparison { measure, theirs, ours, tolerance_ms })
    });
    found.collect()
}

/// Reads a text of the column.
type Read<'a> = &'a dyn Fn(&str) -> Option<i64>;
/// Reads a timer.
type Ours<'a> = &'a dyn Fn(&Timer) -> Option<i64>;

struct Comparison<'a> {
    measure: &'static str,
    theirs: Read<'a>,
    ours: Ours<'a>,
    tolerance_ms: i64,
}

fn compare(measured: &Measured, attribute: &Attribute, timers: &[&Timer], by: &Comparison) -> Option<SlaReconciled> {
    let column = &attribute.column;
    let known: Vec<Option<i64>> =
        std::iter::once(None).chain(column.dictionary.iter().map(|(_, text)| (by.theirs)(text))).collect();
    let mut found = SlaReconciled {
        column: LogText::new(attribute.name.clone()),
        measure: by.measure,
        agreement: 0.0,
        cases: 0,
        total_theirs: 0,
        total_ours: 0,
        differing_cases: 0,
        differing: Vec::new(),
    };
    for timer in timers {
        let mut codes = measured.log.range(timer.case).rev().map(|event| column.codes.get(event));
        let theirs = codes.find(|&code| code != NONE).and_then(|code| known[code as usize]);
        let (Some(theirs), Some(ours)) = (theirs, (by.ours)(timer)) else { continue };
        found.cases += 1;
        found.total_theirs = found.total_theirs.saturating_add(theirs);
        found.total_ours = found.total_ours.saturating_add(ours);
        let apart = theirs.abs_diff(ours);
        if apart > 0 && apart >= by.tolerance_ms.unsigned_abs() {
            found.differing_cases += 1;
            if found.differing.len() < MOST {
                let case = LogText::new(measured.log.case_ids.id(timer.case));
                found.differing.push(SlaDiffering { case, theirs, ours, status: timer.status().as_str() });
            }
        }
    }
    found.agreement = share(found.cases - found.differing_cases, found.cases)?;
    Some(found)
}

fn flag(text: &str) -> Option<bool> {
    match text.trim().to_lowercase().as_str() {
        "true" | "yes" | "y" | "t" | "1" | "1.0" => Some(true),
        "false" | "no" | "n" | "f" | "0" | "0.0" => Some(false),
        _ => None,
    }
}

/// Reads a duration: a whole number of seconds, `H:MM:SS`, or a date from 1970-01-01 on, as `ServiceNow` writes them.
fn duration_ms(text: &str) -> Option<i64> {
    let text = text.trim();
    if let Ok(seconds) = text.parse::<i64>() {
        return seconds.checked_mul(1_000);
    }
    let parts: Vec<i64> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>().unwrap_or_default();
    if let [hours, minutes @ 0..60, seconds @ 0..60] = parts[..] {
        return hours.checked_mul(3_600_000)?.checked_add(minutes * 60_000 + seconds * 1_000);
    }
    let stamp = DateReader::new(None).read(text.as_bytes(), || 0).ok()?;
    let since_1970_ms = Resolver::new(Order::NotNeeded, Zone::utc(), true).resolve(stamp).ok()?;
    (since_1970_ms >= 0).then_some(since_1970_ms)
}

#[cfg(test)]
mod tests {
    use super::{duration_ms, flag};

    #[test]
    fn durations_are_dates_from_1970_on_clocks_or_seconds() {
        for (text, ms) in [
            ("1970-01-01 02:37:03", Some(9_423_000)),
            ("1970-01-02 00:00:00", Some(86_400_000)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("90", Some(90_000)),
            ("30:05:01", Some(108_301_000)),
            ("1969-12-31 23:00:00", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(duration_ms(text), ms, "{text}");
        }
    }

    #[test]
    fn flags_of_any_spelling() {
        assert_eq!(["TRUE", "no", "1", "maybe"].map(flag), [Some(true), Some(false), Some(true), None]);
    }
}
