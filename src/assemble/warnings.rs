//! What a reader must know before trusting a number.

use std::collections::BTreeMap;

use super::comments;
use super::filter::is_elsewhere;
use super::measure::Measured;
use super::sla;
use crate::config::{Config, nearest};
use crate::counts::{count, counted, part_of};
use crate::ingest::IngestReport;
use crate::ingest::mapping::{Mapping, Role};
use crate::log::text::shown;
use crate::log::{LogText, NONE};
use crate::report::model::Warning;
use crate::states::acts::awaited;

pub fn warnings(measured: &Measured, ingest: &IngestReport, config: &Config, people: bool) -> Vec<Warning> {
    let mut found = Vec::new();
    let mut warn = |code: &'static str, message: String, hint: &str| {
        found.push(Warning { code, message: LogText::new(message), hint: hint.to_owned() });
    };
    unknown_names(measured, ingest, config, people, &mut warn);
    for note in ingest.chosen.iter().flat_map(|chosen| &chosen.notes) {
        warn("filter", note.clone(), "write the condition as the log does, capitals and spaces too");
    }
    if let Some(levels) = &measured.sla {
        for remark in levels.remarks.iter().chain(&sla::outlived(measured, levels)) {
            warn(remark.code, remark.message.clone(), &remark.hint);
        }
    }
    for note in config.calendars.notes() {
        warn("calendar_table", note.message.clone(), &note.hint);
    }
    reading(ingest, &mut warn);
    cases(measured, ingest, &mut warn);
    states(measured, &mut warn);
    if !measured.bots.iter().all(|bot| bot.configured) {
        let rows: u64 = measured.bots.iter().map(|bot| bot.rows).sum();
        let (actors, verbs) = if measured.bots.len() == 1 {
            ("actor", "looks like a bot and is")
        } else {
            ("actors", "look like bots and are")
        };
        let message = format!(
            "{} {actors} with {} {verbs} not counted as people",
            count(measured.bots.len() as u64),
            counted(rows, "event", "events")
        );
        warn("bots_guessed", message, "confirm them in `[bots] names`, or name people in `[bots] not`");
    }
    for (message, hint) in comments::unread(measured) {
        warn("comments_unread", message, &hint);
    }
    for note in &ingest.mapping.notes {
        warn("mapping", note.message.clone(), &note.hint);
    }
    for (file, mapping) in &ingest.other_mappings {
        let (message, hint) = of_other_file(file, mapping);
        warn("mapping_of_file", message, hint);
    }
    found
}

/// Takes the code of a warning, its message and its hint.
pub type Warn<'a> = dyn FnMut(&'static str, String, &str) + 'a;

fn percent(part: u64, whole: u64) -> u64 {
    part * 100 / whole.max(1)
}

/// What to say, and to advise, of a file that was read by a mapping of its own.
pub fn of_other_file(file: &str, mapping: &Mapping) -> (String, &'static str) {
    let message =
        format!("`{}` has other columns than the first file and was read by them: {}", shown(file), roles(mapping));
    (message, "name columns with flags such as `--case NAME` where the guess is wrong")
}

/// The columns of the roles, segments left out.
fn roles(mapping: &Mapping) -> String {
    let named = mapping.columns.iter().filter(|mapped| mapped.role != Role::Segment);
    let named: Vec<String> =
        named.map(|mapped| format!("{} `{}`", mapped.role.as_str().replace('_', " "), shown(&mapped.name))).collect();
    named.join(", ")
}

/// Names that were configured and are not in the log: a slip of the pen would else change nothing silently.
pub fn unknown_names(measured: &Measured, ingest: &IngestReport, config: &Config, people: bool, warn: &mut Warn) {
    let mut states: Vec<&str> = measured.semantics.states[1..].iter().map(|state| state.name.as_str()).collect();
    let activities: Vec<&str> = measured.means.iter().map(|found| found.activity.as_str()).collect();
    states.extend(&activities);
    for name in config.states.keys() {
        if !is_elsewhere(ingest, name) {
            unknown_name(name, "a class is given for the state", "no state of this log", &states, warn);
        }
    }
    for unknown in &ingest.unknown_states {
        warn_of_name(
            &unknown.name,
            "`[values]` renames the state",
            "no state of this log",
            unknown.near.as_deref(),
            warn,
        );
    }
    if !activities.is_empty() {
        for name in config.activity_means.values.keys().filter(|name| !is_elsewhere(ingest, name)) {
            unknown_name(name, "`activity_means` names", "no activity of this log", &activities, warn);
        }
    }
    let actors = measured.log.actor.as_ref();
    let actors: Vec<&str> =
        actors.map_or_else(Vec::new, |column| column.dictionary.iter().map(|(_, name)| name).collect());
    for (key, names) in [("names", &config.bots.names), ("not", &config.bots.not)] {
        let is_unknown = |name: &str| !actors.contains(&name) && !is_elsewhere(ingest, name);
        for (at, name) in names.iter().enumerate().filter(|(_, name)| is_unknown(name)) {
            if people {
                unknown_name(name, &format!("`[bots] {key}` holds"), "no actor of this log", &actors, warn);
            } else {
                let message = format!("entry {} of `[bots] {key}` is no actor of this log", at + 1);
                warn("unknown_name", message, "write the name as the log does; `--people` shows the nearest one");
            }
        }
    }
}

fn unknown_name(name: &str, said: &str, what: &str, known: &[&str], warn: &mut Warn) {
    if !known.contains(&name) {
        warn_of_name(name, said, what, nearest(name, known.iter().copied()), warn);
    }
}

fn warn_of_name(name: &str, said: &str, what: &str, near: Option<&str>, warn: &mut Warn) {
    let hint = match near {
        Some(near) => format!("did you mean `{}`?", shown(near)),
        None => "write the name as the log does, capitals and spaces too".to_owned(),
    };
    warn("unknown_name", format!("{said} `{}`, which is {what}", shown(name)), &hint);
}

fn reading(ingest: &IngestReport, warn: &mut Warn) {
    let rejected = ingest.rejects.total();
    if rejected * 100 > ingest.rows_read {
        let message = format!(
            "{} {} rejected ({} %)",
            part_of(rejected, ingest.rows_read, "row", "rows"),
            if rejected == 1 { "was" } else { "were" },
            percent(rejected, ingest.rows_read)
        );
        warn("many_rejects", message, "add `--rejects FILE` to see them");
    }
    for source in ingest.sources.iter().filter(|source| source.no_final_newline) {
        let message = format!("`{}` does not end with a line end; it may be cut off", shown(&source.name));
        warn("no_final_newline", message, "compare the last event with the source system");
    }
    if !ingest.zone_told && ingest.times.naive() > 0 {
        let times =
            if ingest.times.naive() == 1 { "time has no offset and was" } else { "times have no offset and were" };
        let message = format!("{} {times} read as UTC", count(ingest.times.naive()));
        warn("timezone_assumed", message, "add `--timezone Europe/Berlin` or the zone of the export");
    }
    if ingest.times.naive() > 0 && ingest.times.with_offset() > 0 {
        warn(
            "mixed_offsets",
            "some times have an offset and some have none".to_owned(),
            "check how the export was made",
        );
    }
    if ingest.folds > 0 {
        let times = if ingest.folds == 1 { "time occurs" } else { "times occur" };
        let message =
            format!("{} {times} twice when the clock goes back; the earlier instant was taken", count(ingest.folds));
        warn("ambiguous_times", message, "export times with their offset");
    }
    if ingest.order.tied * 20 > ingest.order.pairs {
        ties(ingest, warn);
    }
}

fn ties(ingest: &IngestReport, warn: &mut Warn) {
    let counted = ingest.mapping.role(Role::TieBreak);
    let decides = counted.map_or_else(
        || "only the order of rows tells which came first".to_owned(),
        |mapped| format!("`{}` tells which came first, then the order of rows", shown(&mapped.name)),
    );
    let message = format!(
        "{} % of the steps share an instant with the one before; {decides}",
        percent(ingest.order.tied, ingest.order.pairs)
    );
    let hint = match (counted, ingest.mapping.role(Role::UpdateCount)) {
        (Some(_), _) => "export times with seconds or milliseconds".to_owned(),
        (None, Some(counter)) => format!("add `--tie-break \"{}\"`, which counts updates", shown(&counter.name)),
        (None, None) => "name a counter with `--tie-break COLUMN` if there is one".to_owned(),
    };
    warn("ties", message, &hint);
}

fn cases(measured: &Measured, ingest: &IngestReport, warn: &mut Warn) {
    let totals = &measured.swept.totals;
    let (completed, zero) = (totals.completed, totals.zero_length);
    if completed == totals.cases && totals.cases > 0 && ingest.chosen.is_some() {
        let message = "no case that the filter keeps is open, so cases that take long may be missing".to_owned();
        warn(
            "closed_only",
            message,
            "see without the filter whether the log holds open cases, and whether it leaves them out",
        );
    } else if completed == totals.cases && totals.cases > 0 {
        let message =
            "no case is open: the log was probably filtered by closure, so long cases of recent weeks are missing"
                .to_owned();
        warn("closed_only", message, "export open cases too");
    }
    if completed == 0 {
        let message = "no case is completed, so there is no cycle time".to_owned();
        warn("none_completed", message, &name_the_ends(measured));
    }
    if zero * 20 > completed {
        let message = format!(
            "{} ({} %) {} a cycle time of zero",
            part_of(zero, completed, "completed case", "completed cases"),
            percent(zero, completed),
            if zero == 1 { "has" } else { "have" }
        );
        warn("zero_length", message, "check whether the first event of these cases is missing");
    }
    if let Some(window) = measured.window {
        if window.weeks < 4 {
            let message = format!("the log is dense for only {}", counted(window.weeks, "week", "weeks"));
            warn("short_window", message, "figures per month are extrapolated; export at least four weeks");
        }
        if window.outside * 20 > totals.cases {
            let arrive = if window.outside == 1 { "arrives" } else { "arrive" };
            let message =
                format!("{} {arrive} outside the dense window", part_of(window.outside, totals.cases, "case", "cases"));
            warn("outside_window", message, "check whether the export covers these weeks completely");
        }
    }
    if let Some(little) = measured.little.filter(|little| !little.stable && completed > 0) {
        let message = format!(
            "arrivals and completions differ by more than 10 % within the dense window (residual of Little's law {:.0} %)",
            little.residual.unwrap_or(0.0) * 100.0
        );
        warn("unstable", message, "averages over the window mix a growing or shrinking backlog");
    }
}

/// States proposed as ends at most.
const MAX_ENDS: usize = 3;

/// The states, or where acts stand in for them the activities, in which most cases end, as flags to copy.
pub fn name_the_ends(measured: &Measured) -> String {
    let mut ends: BTreeMap<&str, u64> = BTreeMap::new();
    let acts = measured.log.activity.as_ref().filter(|_| !measured.means.is_empty());
    for (case, fact) in measured.swept.facts.iter().enumerate() {
        let name = match acts {
            Some(acts) => {
                let code = acts.codes.get(measured.log.range(case).end - 1);
                if code == NONE { None } else { acts.dictionary.text(code) }
            }
            None if fact.last_state == NONE => None,
            None => Some(measured.semantics.states[fact.last_state as usize].name.as_str()),
        };
        if let Some(name) = name.filter(|name| can_be_typed(name)) {
            *ends.entry(name).or_default() += 1;
        }
    }
    let mut ends: Vec<(&str, u64)> = ends.into_iter().collect();
    ends.sort_by_key(|(name, cases)| (std::cmp::Reverse(*cases), *name));
    let half = measured.swept.totals.cases / 2;
    let mut covered = 0;
    let flags: Vec<String> = ends
        .iter()
        .take(MAX_ENDS)
        .take_while(|(_, cases)| {
            let wanted = covered <= half;
            covered += cases;
            wanted
        })
        .map(|(name, _)| format!("--set 'state.\"{name}\"=done'"))
        .collect();
    if flags.is_empty() {
        return "name the states that end a case, e.g. `--set 'state.\"Closed\"=done'`".to_owned();
    }
    format!("if these end a case, add `{}`; most cases end there", flags.join(" "))
}

/// A name that a shell and `--set` take as it is.
fn can_be_typed(name: &str) -> bool {
    name.chars().count() <= 60
        && !name.chars().any(char::is_control)
        && !name.contains(['\'', '"'])
        && shown(name) == name
}

/// The advice for a state that was not recognised.
pub fn say_what_it_is(state: &str) -> String {
    let name = if can_be_typed(state) { state } else { "NAME" };
    let class = if awaited(state).is_some() { "approval" } else { "queue" };
    format!("say what they are, e.g. `--set 'state.\"{name}\"={class}'`")
}

fn states(measured: &Measured, warn: &mut Warn) {
    let counts = &measured.swept.visits.states;
    let unknown: Vec<&str> = measured
        .semantics
        .states
        .iter()
        .zip(counts)
        .filter(|(state, count)| !state.known && count.visits > 0)
        .map(|(state, _)| state.name.as_str())
        .collect();
    if let Some(first) = unknown.first() {
        let more =
            if unknown.len() > 5 { format!(" and {} more", count(unknown.len() as u64 - 5)) } else { String::new() };
        let named: Vec<String> = unknown.iter().take(5).map(|name| format!("`{}`", shown(name))).collect();
        let message = format!(
            "{} not recognised and {} as active: {}{more}",
            if unknown.len() == 1 { "1 state was".to_owned() } else { format!("{} states were", unknown.len()) },
            if unknown.len() == 1 { "counts" } else { "count" },
            named.join(", ")
        );
        warn("unclassified_states", message, &say_what_it_is(first));
    }
}
