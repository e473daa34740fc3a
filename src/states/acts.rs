//! States of a log that has activities but no state column.
//!
//! An activity is either a status name, which the case enters at its event, or an act that was done at its event.
//! Time after an act is never charged to it: the case then waits for what happens next. Which activity is which,
//! and the classes of the states so made, are decided elsewhere.
//!
//! Worked example: acts A and B (completed), then Closed (terminal). States in force: "→ B" from A on, "→ Closed"
//! from B on, "Closed" from its event on.

use crate::log::codes::{Codes, NONE, each_width};
use crate::log::{Column, Dictionary, EventLog};
use crate::parallel;

/// What an activity says about the time after its event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Means {
    /// A status name: the case is in it from the event on.
    Entry,
    /// An act that was done at the event: the case waits for what happens next.
    Completed,
}

/// Stands before the name of an activity in the name of the wait for it.
pub const WAIT_PREFIX: &str = "→ ";

/// Name of the wait after a completed act that is the last event of its case, or that an event without activity
/// follows.
pub const WAIT_UNKNOWN: &str = "→ ?";

/// Events per job.
const JOB_EVENTS: usize = 1 << 18;

/// Fills the state column of a log from its activities, replacing any state column; nothing happens without
/// activities.
///
/// `means` and `terminal` have one value per activity code, the missing activity included. Terminal activities are
/// entries whatever `means` says. Events without an activity get no state, so that the one before stays in force.
/// The dictionary holds the states that occur.
pub fn derive(log: &mut EventLog, means: &[Means], terminal: &[bool], threads: usize) {
    let Some(activity) = &log.activity else { return };
    let entry: Vec<bool> =
        means.iter().zip(terminal).map(|(&means, &terminal)| terminal || means == Means::Entry).collect();
    let (dictionary, names) = name_states(log, activity, &entry, threads);
    let mut codes = Codes::zeroed(log.events(), u32::try_from(dictionary.size() - 1).unwrap_or(u32::MAX));
    each_width!(&activity.codes, acts => each_width!(&mut codes, states => fill(log, acts, states, &names, threads)));
    log.state = Some(Column { codes, dictionary });
}

/// The activity names after a wait's prefix, if a state is such a wait.
#[must_use]
pub fn awaited(state: &str) -> Option<&str> {
    state.strip_prefix(WAIT_PREFIX)
}

/// State codes by activity code.
struct Names {
    /// After an event with this activity; none after a completed act.
    own: Vec<Option<u32>>,
    /// Between a completed act and an event with this activity; 0 is the end of the case.
    wait: Vec<u32>,
}

/// Which states occur, by activity code: as entered, and as waited for.
struct Used {
    entered: Vec<bool>,
    awaited: Vec<bool>,
}

/// Builds the dictionary of the states that occur.
fn name_states(log: &EventLog, activity: &Column, entry: &[bool], threads: usize) -> (Dictionary, Names) {
    let used = each_width!(&activity.codes, acts => find_used(log, acts, entry, threads));
    let wait_name = |code: u32| match activity.dictionary.text(code) {
        Some(text) => format!("{WAIT_PREFIX}{text}").into_boxed_str(),
        None => WAIT_UNKNOWN.into(),
    };
    let codes =
        |used: &[bool]| -> Vec<u32> { (0u32..).zip(used).filter(|(_, used)| **used).map(|(code, _)| code).collect() };
    let (entered, awaited) = (codes(&used.entered), codes(&used.awaited));
    let own_name = |code: u32| activity.dictionary.text(code);
    let entries = entered.iter().filter_map(|&code| own_name(code)).map(Box::from);
    let dictionary = Dictionary::from_texts(entries.chain(awaited.iter().map(|&code| wait_name(code))).collect());
    let code_of = |name: &str| dictionary.code(name).unwrap_or(NONE);
    let mut names = Names { own: vec![None; entry.len()], wait: vec![NONE; entry.len()] };
    names.own[NONE as usize] = Some(NONE);
    for code in entered {
        names.own[code as usize] = Some(own_name(code).map_or(NONE, code_of));
    }
    for code in awaited {
        names.wait[code as usize] = code_of(&wait_name(code));
    }
    (dictionary, names)
}

/// Marks the states that occur.
fn find_used<A: Copy + Into<u32> + Sync>(log: &EventLog, acts: &[A], entry: &[bool], threads: usize) -> Used {
    let start = || Used { entered: vec![false; entry.len()], awaited: vec![false; entry.len()] };
    let parts = parallel::fold(threads, log.case_runs(JOB_EVENTS), start, |used, cases| {
        for case in cases {
            each_step(&acts[log.range(case)], |_, act, next| {
                let act = act as usize;
                if entry[act] {
                    used.entered[act] = true;
                } else if act != NONE as usize {
                    used.awaited[next as usize] = true;
                }
            });
        }
    });
    let mut all = start();
    for part in parts {
        all.entered.iter_mut().zip(part.entered).for_each(|(mine, theirs)| *mine |= theirs);
        all.awaited.iter_mut().zip(part.awaited).for_each(|(mine, theirs)| *mine |= theirs);
    }
    all
}

/// Writes the state codes.
fn fill<A, S>(log: &EventLog, acts: &[A], states: &mut [S], names: &Names, threads: usize)
where
    A: Copy + Into<u32> + Sync,
    S: Copy + Default + Send + Sync + TryFrom<u32>,
{
    let packed = |code: u32| S::try_from(code).unwrap_or_default();
    let own: Vec<Option<S>> = names.own.iter().map(|code| code.map(packed)).collect();
    let wait: Vec<S> = names.wait.iter().map(|&code| packed(code)).collect();
    let mut jobs = Vec::new();
    let mut rest = states;
    for cases in log.case_runs(JOB_EVENTS) {
        let events = (log.case_starts[cases.end] - log.case_starts[cases.start]) as usize;
        let (piece, tail) = rest.split_at_mut(events);
        jobs.push((cases, piece));
        rest = tail;
    }
    parallel::map(threads, jobs, |_, (cases, mut piece)| {
        for case in cases {
            let range = log.range(case);
            let (states, tail) = piece.split_at_mut(range.len());
            each_step(&acts[range], |i, act, next| states[i] = own[act as usize].unwrap_or(wait[next as usize]));
            piece = tail;
        }
    });
}

/// Calls `each` with the position, activity and next activity of every event of a case; after the last one the
/// next activity is missing.
fn each_step<A: Copy + Into<u32>>(acts: &[A], mut each: impl FnMut(usize, u32, u32)) {
    let Some((last, _)) = acts.split_last() else { return };
    for (i, pair) in acts.windows(2).enumerate() {
        each(i, pair[0].into(), pair[1].into());
    }
    each(acts.len() - 1, (*last).into(), NONE);
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use proptest::prelude::*;

    use super::*;
    use crate::log::CaseIds;

    /// A log of activities only; an empty name is a missing activity.
    fn log_of(cases: &[Vec<&str>]) -> EventLog {
        let texts = cases.iter().flatten().filter(|act| !act.is_empty()).map(|&act| act.into()).collect();
        let dictionary = Dictionary::from_texts(texts);
        let mut log = EventLog { case_starts: vec![0], ..EventLog::default() };
        let mut codes = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            log.case_ids.push(&number.to_string());
            codes.extend(case.iter().map(|act| dictionary.code(act).unwrap_or(NONE)));
            log.case_starts.push(u32::try_from(codes.len()).unwrap());
        }
        let order: Vec<u32> = (0..u32::try_from(codes.len()).unwrap()).collect();
        log.time_ms = order.iter().map(|&i| i64::from(i)).collect();
        log.activity = Some(Column { codes: Codes::gather(&codes, &order, u32::MAX), dictionary });
        log
    }

    /// Derives with some activities as entries and some as terminal; gives the states by name, empty where none.
    fn states(cases: &[Vec<&str>], entries: &[&str], terminal: &[&str], threads: usize) -> Vec<String> {
        let mut log = log_of(cases);
        let dictionary = &log.activity.as_ref().unwrap().dictionary;
        let (mut means, mut ends) = (vec![Means::Completed], vec![false]);
        for (_, text) in dictionary.iter() {
            means.push(if entries.contains(&text) { Means::Entry } else { Means::Completed });
            ends.push(terminal.contains(&text));
        }
        derive(&mut log, &means, &ends, threads);
        let state = log.state.unwrap();
        (0..state.codes.len()).map(|i| state.dictionary.text(state.codes.get(i)).unwrap_or("").to_owned()).collect()
    }

    #[test]
    fn completed_acts_make_waits_for_what_follows() {
        let case = vec!["A", "B", "Closed"];
        assert_eq!(states(&[case], &[], &["Closed"], 1), ["→ B", "→ Closed", "Closed"]);
    }

    #[test]
    fn entries_stand_for_themselves_and_ends_are_unknown() {
        let cases = [vec!["New", "Called", "New"], vec!["Called"], vec!["Called", "New"]];
        assert_eq!(states(&cases, &["New"], &[], 2), ["New", "→ New", "New", "→ ?", "→ New", "New"]);
    }

    #[test]
    fn missing_activities_keep_the_state_before() {
        let cases = [vec!["", "A", "", "B", ""]];
        assert_eq!(states(&cases, &["B"], &[], 1), ["", "→ ?", "", "B", ""]);
    }

    #[test]
    fn nothing_happens_without_activities() {
        let mut log = EventLog { case_ids: CaseIds::default(), case_starts: vec![0], ..EventLog::default() };
        derive(&mut log, &[], &[], 1);
        assert!(log.state.is_none());
    }

    #[test]
    fn only_states_that_occur_are_in_the_dictionary() {
        let mut log = log_of(&[vec!["A", "B"], vec!["A", "B"]]);
        derive(&mut log, &[Means::Completed; 3], &[false, false, true], 1);
        let state = log.state.unwrap();
        assert!(matches!(state.codes, Codes::Narrow(_)));
        assert_eq!(state.dictionary.iter().collect::<Vec<_>>(), [(1, "B"), (2, "→ B")]);
        assert_eq!(awaited("→ B"), Some("B"));
        assert_eq!(awaited("B"), None);
    }

    #[test]
    fn many_states_widen_the_column() {
        let names: Vec<String> = (0..200).map(|n| format!("act {n:03}")).collect();
        let case: Vec<&str> = names.iter().flat_map(|name| [name.as_str(), "Seen"]).collect();
        let entries: Vec<&str> = names.iter().step_by(2).map(String::as_str).collect();
        let found = states(&[case], &entries, &[], 1);
        assert_eq!(found.iter().collect::<BTreeSet<_>>().len(), 301);
        assert_eq!(found[..4], ["act 000", "→ act 001", "→ Seen", "→ act 002"]);
    }

    proptest! {
        #[test]
        fn equals_the_plain_loop(cases in prop::collection::vec(prop::collection::vec(0usize..6, 1..9), 1..20), threads in 1usize..4) {
            let names = ["", "A", "B", "C", "D", "E"];
            let cases: Vec<Vec<&str>> = cases.iter().map(|case| case.iter().map(|&act| names[act]).collect()).collect();
            let mut expected = Vec::new();
            for case in &cases {
                for (i, &act) in case.iter().enumerate() {
                    expected.push(match act {
                        "" | "A" | "B" | "E" => act.to_owned(),
                        _ => match case.get(i + 1) {
                            None | Some(&"") => "→ ?".to_owned(),
                            Some(next) => format!("→ {next}"),
                        },
                    });
                }
            }
            prop_assert_eq!(states(&cases, &["A", "B"], &["B", "E"], threads), expected);
        }
    }

    /// Real log, read from the directory that `WCAF_LOGS` names; skipped without it.
    #[test]
    fn permit_receipts_wait_for_their_next_act() {
        let Ok(root) = std::env::var("WCAF_LOGS") else {
            println!("skipped: WCAF_LOGS is not set");
            return;
        };
        let mut reader =
            csv::Reader::from_path(std::path::Path::new(&root).join("permit-receipt/receipt.csv")).unwrap();
        let headers = reader.headers().unwrap().clone();
        let at = |name: &str| headers.iter().position(|header| header == name).unwrap();
        let (id, act) = (at("case:concept:name"), at("concept:name"));
        let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
        let mut by_case: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &rows {
            by_case.entry(&row[id]).or_default().push(&row[act]);
        }
        let cases: Vec<Vec<&str>> = by_case.into_values().collect();
        let found = states(&cases, &[], &[], 2);
        assert_eq!((found.len(), cases.len()), (8_577, 1_434));
        assert_eq!(found.iter().filter(|state| *state == WAIT_UNKNOWN).count(), 1_434);
        let mut i = 0;
        for case in &cases {
            for next in &case[1..] {
                assert_eq!(awaited(&found[i]), Some(*next));
                i += 1;
            }
            i += 1;
        }
    }

    /// Ten million events; run by hand, optimised, with `WCAF_SLOW=1`: below 0.2 s on two cores.
    #[test]
    fn ten_million_events_are_timed() {
        if std::env::var("WCAF_SLOW").is_err() {
            println!("skipped: WCAF_SLOW is not set");
            return;
        }
        let codes: Vec<u8> =
            (0..10_000_000u32).map(|i| u8::try_from(i.wrapping_mul(2_654_435_761) >> 27).unwrap()).collect();
        let texts = (1..32).map(|n| format!("act {n}").into()).collect();
        let mut log = EventLog { case_starts: (0..=1_000_000).map(|case| case * 10).collect(), ..EventLog::default() };
        (0..1_000_000).for_each(|_| log.case_ids.push(""));
        log.time_ms = vec![0; codes.len()];
        log.activity = Some(Column { codes: Codes::Narrow(codes), dictionary: Dictionary::from_texts(texts) });
        let began = std::time::Instant::now();
        derive(&mut log, &[Means::Completed; 32], &[false; 32], 2);
        println!("derived in {:?}", began.elapsed());
    }
}
