//! Silences, fake waits, habits and contrasts, put together.

use std::collections::BTreeMap;

use super::measure::Measured;
use super::{Reasons, ms, share};
use crate::counts::{count, counted, decimal};
use crate::diagnose::causes::batched_decisions;
use crate::diagnose::compare::{bound, more_frequent};
use crate::diagnose::contrasts;
use crate::log::LogText;
use crate::metrics::after_handoffs::AfterHandoffs;
use crate::metrics::place_signs::Longest;
use crate::metrics::silences::Breaker;
use crate::report::model::{Contrast, Contrasts, FakeWaits, Habit, Silences, SilentPlace};

/// Places of silences listed.
const PLACES: usize = 20;
/// Contrasts listed.
const CONTRASTS: usize = 50;
/// Fewer times are no habit.
const LEAST: u64 = 20;
/// Least share of decisions in batches, in per cent.
const BATCHED_PERCENT: u64 = 20;

/// Silences; their places by time.
pub fn silences(measured: &Measured) -> Silences {
    let tally = &measured.swept.silences;
    let all = tally.all();
    let groups = measured.log.group.as_ref();
    let mut places: Vec<_> = tally.places.iter().collect();
    places.sort_by_key(|(place, sum)| (std::cmp::Reverse(sum.total_ms), *place));
    let place = |((state, group), sum): ((u32, u32), &crate::metrics::place_signs::StaySum)| SilentPlace {
        state: LogText::new(&measured.semantics.states[state as usize].name),
        group: groups.and_then(|groups| groups.dictionary.text(group)).map(LogText::new),
        count: sum.n,
        total_ms: ms(sum.total_ms),
    };
    Silences {
        threshold_ms: tally.threshold_ms,
        count: all.n,
        total_ms: ms(all.total_ms),
        cases: tally.cases,
        broken_by: Breaker::ALL.into_iter().map(|who| (who.as_str(), tally.inside[who as usize].n)).collect(),
        outside_count: tally.outside.n,
        outside_ms: ms(tally.outside.total_ms),
        open: tally.open.n,
        places: places.into_iter().take(PLACES).map(place).collect(),
        examples: cases(measured, tally.longest),
        falsified_by: "work went on where the log does not see it",
    }
}

/// Waits in which nobody asked; unknown where the log does not tell questions.
pub fn fake_waits(measured: &Measured, unknown: &mut Reasons) -> Option<FakeWaits> {
    let tally = &measured.swept.fake_waits;
    if !tally.observed {
        let message = "the log has neither comments nor events that ask for information, so nobody can say whether \
                       something was asked";
        unknown.add("/fake_waits", "questions_unobserved", message);
        return None;
    }
    Some(FakeWaits {
        waits: tally.all.n,
        fake: tally.fake.n,
        share: share(tally.fake.n, tally.all.n),
        cases: tally.cases,
        total_ms: ms(tally.fake.total_ms),
        examples: cases(measured, tally.longest),
        falsified_by: "the questions were asked by telephone or in another system",
    })
}

/// Habits that the log gives evidence for.
pub fn habits(measured: &Measured, min_stays: u64) -> Vec<Habit> {
    let mut habits = after_handoffs(&measured.swept.after_handoffs);
    habits.extend(decisions(measured, min_stays));
    habits.extend(updates(measured));
    habits
}

fn after_handoffs(found: &AfterHandoffs) -> Vec<Habit> {
    let AfterHandoffs { with, without } = *found;
    let kinds = [
        (
            "questions_after_handoffs",
            "wait for the requester afterwards",
            with.questions,
            without.questions,
            "the questions are about what happened since, not about what was known before the handoff",
        ),
        (
            "rework_after_handoffs",
            "are reopened afterwards",
            with.rework,
            without.rework,
            "cases that are handed over are harder, and are reopened as often by whoever keeps them",
        ),
    ];
    let bound = bound(kinds.len());
    let told = kinds.into_iter().filter_map(|(kind, what, some, others, falsified_by)| {
        if some < LEAST || more_frequent((some, with.cases), (others, without.cases)) < bound {
            return None;
        }
        let percent = |part: u64, whole: u64| decimal(share(part, whole).unwrap_or(0.0) * 100.0, 1);
        Some(Habit {
            kind,
            evidence: LogText::new(format!(
                "{} % of {} with a handoff {what}, against {} % of {} without one",
                percent(some, with.cases),
                counted(with.cases, "completed case", "completed cases"),
                percent(others, without.cases),
                count(without.cases)
            )),
            counts: BTreeMap::from([
                ("cases_with_handoff", with.cases),
                ("of_these", some),
                ("cases_without_handoff", without.cases),
                ("of_those", others),
            ]),
            examples: Vec::new(),
            falsified_by,
        })
    });
    told.collect()
}

fn decisions(measured: &Measured, min_stays: u64) -> Option<Habit> {
    let found = batched_decisions(&measured.swept.signs, min_stays);
    if found.batched < LEAST || found.batched * 100 < found.all * BATCHED_PERCENT {
        return None;
    }
    let name = |case: &usize| LogText::new(measured.log.case_ids.id(*case));
    Some(Habit {
        kind: "batched_decisions",
        evidence: LogText::new(format!(
            "{} of {} made within ten minutes of at least three others by the same approver at the same place",
            count(found.batched),
            counted(found.all, "decision was", "decisions were"),
        )),
        counts: BTreeMap::from([
            ("decisions", found.all),
            ("batched", found.batched),
            ("approvers", found.approvers),
            ("approvers_who_batch", found.batching),
        ]),
        examples: found.examples.iter().map(name).collect(),
        falsified_by: "the cases arrive in batches as well",
    })
}

fn updates(measured: &Measured) -> Option<Habit> {
    let found = &measured.swept.repeats;
    if found.runs < LEAST {
        return None;
    }
    let what = if measured.semantics.has_update_kinds() {
        "updates in a row, each within a day and with nothing new in between"
    } else {
        "events in a row at which nothing visible changed, each within a day"
    };
    Some(Habit {
        kind: "repeated_updates",
        evidence: LogText::new(format!(
            "{} of three or more {what}, in {}; {} after the first of their run",
            counted(found.runs, "run", "runs"),
            counted(found.cases, "case", "cases"),
            counted(found.repeats, "event comes", "events come"),
        )),
        counts: BTreeMap::from([("runs", found.runs), ("repeats", found.repeats), ("cases", found.cases)]),
        examples: cases(measured, found.longest),
        falsified_by: "each of them told somebody something that the log does not show",
    })
}

/// Attribute values that go with trouble; unknown without a column that cuts figures or a completed case.
pub fn contrasts(measured: &Measured, threads: usize, unknown: &mut Reasons) -> Option<Contrasts> {
    let slow_ms = measured.swept.totals.cycle.percentiles(&[75])[0];
    let found = slow_ms.and_then(|slow_ms| contrasts::find(&measured.log, &measured.swept.facts, slow_ms, threads));
    let Some(found) = found else {
        let message = "no column cuts figures, or no case is completed; name some with `--segment`";
        unknown.add("/contrasts", "no_segments", message);
        return None;
    };
    let contrast = |one: &contrasts::Contrast| {
        let attribute = &measured.log.attributes[one.attribute];
        Contrast {
            column: LogText::new(&*attribute.name),
            value: LogText::new(attribute.column.dictionary.text(one.value).unwrap_or_default()),
            outcome: one.outcome.as_str(),
            cases: one.cases,
            with_outcome: one.with,
            share: share(one.with, one.cases).unwrap_or(0.0),
            share_of_others: one.share_of_others,
            z: one.z,
        }
    };
    Some(Contrasts {
        comparisons: found.comparisons as u64,
        found: found.found.iter().take(CONTRASTS).map(contrast).collect(),
    })
}

fn cases(measured: &Measured, longest: Longest) -> Vec<LogText> {
    longest.cases().into_iter().map(|case| LogText::new(measured.log.case_ids.id(case))).collect()
}
