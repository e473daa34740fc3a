//! What the events show: whole days, outliers, order, repeats, revisions, bulk updates, spellings.

use super::catalogue::{
    BULK, COUNTER_ORDER, DUPLICATES, NEAR_DUPLICATES, ORDER, OUTLIERS, REVISIONS, SIMILAR_NAMES, TIES, WHOLE_DAYS,
};
use super::{Amount, Found, NEVER, Seen, examples, graded, percent};
use crate::counts::{count, counted, part_of};
use crate::diagnose::quality::{BULK_CASES, Quality, Revisions, similar_names};
use crate::ingest::IngestReport;
use crate::ingest::mapping::{Mapped, Role};
use crate::log::text::shown;
use crate::log::{EventLog, LogText};
use crate::report::check::{CheckExample, Severity};
use crate::time::format_utc;

/// Groups of spellings named.
const SPELLINGS: usize = 5;
/// Times of a whole day that chance and a nightly job explain, in thousandths.
const FEW_MIDNIGHTS: u64 = 10;
const MS_PER_DAY: i64 = 86_400_000;

pub fn judge(found: &mut Found, log: &EventLog, ingest: &IngestReport, seen: &Seen) {
    whole_days(found, &seen.quality);
    outliers(found, log, seen);
    ties(found, ingest);
    order(found, ingest);
    let counter = ingest.mapping.counter();
    match (counter, seen.quality.revisions.as_ref()) {
        (Some(mapped), Some(revisions)) if revisions.is_counter() => {
            counter_order(found, log, mapped, revisions);
            missing_revisions(found, log, mapped, revisions);
        }
        (mapped, _) => {
            let why = mapped.map_or_else(
                || "no column counts the updates of a case".to_owned(),
                |mapped| format!("`{}` does not behave like a counter of updates", shown(&mapped.name)),
            );
            found.skip(&COUNTER_ORDER, why.clone());
            found.skip(&REVISIONS, why);
        }
    }
    repeats(found, log, &seen.quality);
    similar(found, log);
    bulk(found, log, ingest, &seen.quality);
}

fn whole_days(found: &mut Found, quality: &Quality) {
    if quality.midnights * 1000 < quality.events * FEW_MIDNIGHTS {
        return found.pass(&WHOLE_DAYS);
    }
    let message = format!(
        "{} ({}) are at 00:00:00",
        part_of(quality.midnights, quality.events, "time", "times"),
        percent(quality.midnights, quality.events)
    );
    let amount = Amount { count: quality.midnights, of: quality.events, unit: "events" };
    let severity = graded(quality.midnights, quality.events, 50, 500);
    let fix = "export date and time, or name a column that has the time with `--time COLUMN`";
    found.add(&WHOLE_DAYS, severity, &amount, message, fix, Vec::new());
}

fn outliers(found: &mut Found, log: &EventLog, seen: &Seen) {
    let (outliers, events) = (&seen.outliers, seen.quality.events);
    if outliers.count() == 0 {
        return found.pass(&OUTLIERS);
    }
    let parts = [
        (&outliers.early, "before 1990"),
        (&outliers.far, "further from the bulk of the log than that is wide, and at least a year"),
        (&outliers.alone, "behind eight empty weeks or more outside the dense weeks"),
    ];
    let mut said = Vec::new();
    let mut named = Vec::new();
    for (tally, where_) in parts.into_iter().filter(|(tally, _)| tally.count > 0) {
        said.push(format!("{} {where_}", count(tally.count)));
        named.extend(examples(log, tally));
    }
    let message =
        format!("{} far from the others: {}", counted(outliers.count(), "time is", "times are"), said.join(", "));
    let amount = Amount { count: outliers.count(), of: events, unit: "events" };
    let severity = graded(outliers.count(), events, 0, 10);
    let fix = "correct these times at the source, or leave the rows out; check `--date-format` if there are many";
    found.add(&OUTLIERS, severity, &amount, message, fix, named);
}

fn ties(found: &mut Found, ingest: &IngestReport) {
    let (tied, pairs) = (ingest.order.tied, ingest.order.pairs);
    if tied == 0 {
        return found.pass(&TIES);
    }
    let message = format!(
        "{} ({}) share their instant with the one before",
        part_of(tied, pairs, "step", "steps"),
        percent(tied, pairs)
    );
    let fix = match (ingest.mapping.role(Role::TieBreak), ingest.mapping.role(Role::UpdateCount)) {
        (Some(mapped), _) => format!("`{}` orders them; export finer times if you can", shown(&mapped.name)),
        (None, Some(mapped)) => {
            format!(
                "add `--tie-break \"{}\"`, which counts updates, and export finer times if you can",
                shown(&mapped.name)
            )
        }
        (None, None) => "name a counter with `--tie-break COLUMN`, or export times with seconds".to_owned(),
    };
    let amount = Amount { count: tied, of: pairs, unit: "steps" };
    found.add(&TIES, graded(tied, pairs, 50, NEVER), &amount, message, fix, Vec::new());
}

fn order(found: &mut Found, ingest: &IngestReport) {
    let (fixed, pairs) = (ingest.order.fixed, ingest.order.pairs);
    if fixed == 0 {
        return found.pass(&ORDER);
    }
    let message = format!(
        "{} earlier than the row of the same case before",
        counted(fixed, "row stands in the file with a time", "rows stand in the file with a time")
    );
    let amount = Amount { count: fixed, of: pairs, unit: "steps" };
    let fix = "nothing, if the export is not sorted; else check the times of the source";
    // newest first is an order too; a few rows out of a sorted file are a fault
    let severity = if fixed * 4 >= pairs { Severity::Info } else { graded(fixed, pairs, 10, NEVER) };
    found.add(&ORDER, severity, &amount, message, fix, Vec::new());
}

fn counter_order(found: &mut Found, log: &EventLog, mapped: &Mapped, revisions: &Revisions) {
    let (steps, ties) = (&revisions.steps_against, &revisions.ties_against);
    let against = steps.count + ties.count;
    if against == 0 {
        return found.pass(&COUNTER_ORDER);
    }
    let message = format!(
        "{} of different times and {} go against `{}`",
        part_of(steps.count, revisions.steps, "step", "steps"),
        part_of(ties.count, revisions.ties, "tie", "ties"),
        shown(&mapped.name)
    );
    let amount = Amount { count: against, of: revisions.steps + revisions.ties, unit: "steps" };
    let fix = if ties.count > 0 {
        format!("add `--tie-break \"{}\"`", shown(&mapped.name))
    } else {
        "check the times of these cases at the source".to_owned()
    };
    let mut named = examples(log, steps);
    named.extend(examples(log, ties));
    let severity = graded(against, amount.of, 5, 100);
    found.add(&COUNTER_ORDER, severity, &amount, message, fix, named);
}

fn missing_revisions(found: &mut Found, log: &EventLog, mapped: &Mapped, revisions: &Revisions) {
    let expected = u64::try_from(revisions.expected()).unwrap_or(u64::MAX);
    let missing = expected.saturating_sub(revisions.present);
    if missing == 0 {
        return found.pass(&REVISIONS);
    }
    let before = u64::try_from(revisions.missing_before()).unwrap_or(u64::MAX);
    let begins =
        if before == 0 { String::new() } else { format!(", {} of them before the first row of a case", count(before)) };
    let message = format!(
        "{} that `{}` counts are missing{begins}; {} are there",
        part_of(missing, expected, "revision", "revisions"),
        shown(&mapped.name),
        percent(revisions.present, expected)
    );
    let amount = Amount { count: missing, of: expected, unit: "revisions" };
    let severity = graded(missing, expected, 100, 500);
    let fix = "export every update of a case, not only those of some fields; the rest is an estimate from below";
    found.add(&REVISIONS, severity, &amount, message, fix, examples(log, &revisions.gaps));
}

fn repeats(found: &mut Found, log: &EventLog, quality: &Quality) {
    let (exact, near, events) = (&quality.duplicates, &quality.near_duplicates, quality.events);
    if exact.count == 0 {
        found.pass(&DUPLICATES);
    } else {
        let message = format!(
            "{} in {} repeat another one of the case in time and in every column that is read",
            part_of(exact.count, events, "event", "events"),
            counted(exact.cases, "case", "cases")
        );
        let amount = Amount { count: exact.count, of: events, unit: "events" };
        let severity = graded(exact.count, events, 10, 100);
        let fix = "check whether the export was joined with another table or written twice, and export it again";
        found.add(&DUPLICATES, severity, &amount, message, fix, examples(log, exact));
    }
    if near.count == 0 {
        return found.pass(&NEAR_DUPLICATES);
    }
    let message = format!(
        "{} in {} repeat the one before within a second in everything but the counter of updates",
        part_of(near.count, events, "event", "events"),
        counted(near.cases, "case", "cases")
    );
    let amount = Amount { count: near.count, of: events, unit: "events" };
    let severity = graded(near.count, events, 50, NEVER);
    let fix = "nothing, if the system saves twice; else leave out the rows of fields that are not exported";
    found.add(&NEAR_DUPLICATES, severity, &amount, message, fix, examples(log, near));
}

fn similar(found: &mut Found, log: &EventLog) {
    let columns = [("state", &log.state), ("activity", &log.activity), ("group", &log.group)];
    let (mut events, mut values) = (0, 0);
    let mut groups = 0_u64;
    let mut named = Vec::new();
    for (what, column) in columns.iter().filter_map(|(what, column)| Some((what, column.as_ref()?))) {
        values += column.codes.known() as u64;
        for names in similar_names(column) {
            groups += 1;
            // the spelling used most is taken for the right one
            let most = names.iter().map(|(_, events)| *events).max().unwrap_or(0);
            events += names.iter().map(|(_, events)| *events).sum::<u64>() - most;
            if named.len() < SPELLINGS {
                let said: Vec<String> =
                    names.iter().map(|(name, events)| format!("`{}` {}", shown(name), count(*events))).collect();
                let note = Some(LogText::new(format!("{what}: {}", said.join(", "))));
                named.push(CheckExample { note, ..CheckExample::default() });
            }
        }
    }
    if groups == 0 {
        return found.pass(&SIMILAR_NAMES);
    }
    let message = format!(
        "{} written in more than one way, which differ in case, spaces or punctuation only",
        counted(groups, "name of a state, activity or group is", "names of states, activities or groups are")
    );
    let amount = Amount { count: events, of: values, unit: "values" };
    let fix = "make them one under `[values.state]` in `wcaf.toml`, or at the source";
    found.add(&SIMILAR_NAMES, Severity::Warn, &amount, message, fix, named);
}

fn bulk(found: &mut Found, log: &EventLog, ingest: &IngestReport, quality: &Quality) {
    let Some(bulk) = &quality.bulk else { return found.skip(&BULK, "no column says who made an event") };
    if ingest.resolution_ms >= MS_PER_DAY {
        return found.skip(&BULK, "the times are whole days");
    }
    if bulk.minutes == 0 {
        return found.pass(&BULK);
    }
    let message = format!(
        "{} ({}) were made by one actor who moved {BULK_CASES} cases or more within that minute; up to {} cases at once, in {}",
        part_of(bulk.moves, bulk.all_moves, "move", "moves"),
        percent(bulk.moves, bulk.all_moves),
        count(bulk.largest),
        counted(bulk.minutes, "such minute", "such minutes")
    );
    let examples = bulk.examples.iter().map(|&(cases, minute_ms, case)| CheckExample {
        case: Some(LogText::new(log.case_ids.id(case as usize))),
        time: Some(format_utc(minute_ms)),
        note: Some(LogText::new(format!("{} in this minute", counted(cases, "case", "cases")))),
        ..CheckExample::default()
    });
    let amount = Amount { count: bulk.moves, of: bulk.all_moves, unit: "moves" };
    let fix = "name jobs in `[bots] names`; read waits before them as ended by a clean-up";
    found.add(&BULK, graded(bulk.moves, bulk.all_moves, 100, NEVER), &amount, message, fix, examples.collect());
}
