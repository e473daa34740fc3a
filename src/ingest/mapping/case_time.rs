//! The case column and the time columns: the two that are refused rather than guessed badly.

use super::Role;
use super::draft::{Draft, percent};
use super::refuse::{self, shown};
use crate::error::{Problem, Result};
use crate::ingest::names::{self, NameMatch, is_case_attribute, is_technical, roles, weigh};
use crate::ingest::profile::Column;

/// How close a second candidate must come to make the first ambiguous.
const MARGIN: i32 = 8;

/// A candidate with its score.
struct Scored<'a> {
    column: &'a Column,
    name: NameMatch,
    total: i32,
}

/// Maps the case and groups the rows by it.
pub(super) fn map_case(draft: &mut Draft) -> Result<()> {
    if draft.has(Role::Case).is_none() {
        let (column, why, twin) = guess_case(draft)?;
        draft.take(Role::Case, column, why);
        if let Some((message, hint)) = twin {
            draft.note(message, hint);
        }
    }
    if let Some(case) = draft.has(Role::Case) {
        draft.group_by(case);
    }
    Ok(())
}

/// A column, why, and a note with its hint where another one would do as well.
type CaseGuess = (usize, String, Option<(String, String)>);

/// Least weight of a name that names the case by itself; `id` or `audit_ref_id` may number anything.
const OWN_NAME: i32 = 70;

fn guess_case(draft: &Draft) -> Result<CaseGuess> {
    let free = |column: &&Column| {
        !is_technical(&column.name)
            && !is_case_attribute(&column.name)
            && !column.is_date()
            && !draft.is_taken(column.index)
    };
    let mut ranked: Vec<Scored> = draft.profile.columns.iter().filter(free).filter_map(score_case).collect();
    ranked.sort_by_key(|scored| -scored.total);
    let Some(best) = ranked.first() else { return case_without_name(draft) };
    let unnamed = unnamed_ids(draft);
    let has_times = draft.profile.columns.iter().any(|column| column.is_date() && !is_technical(&column.name));
    if has_times && best.name.weight < OWN_NAME && best.column.rows_per_value() < 1.1 && !unnamed.is_empty() {
        // an id of every row may be that of the event, and ids that repeat that of something else than the case
        return Err(equally_good(draft, &unnamed.into_iter().take(2).chain([best.column]).collect::<Vec<_>>()));
    }
    let margin = if best.name.weight < OWN_NAME { 20 } else { MARGIN };
    let rivals = ranked.iter().skip(1).filter(|rival| rival.total + margin > best.total);
    let rivals: Vec<&Scored> = rivals.filter(|rival| is_rival(rival.column, best.column)).collect();
    if !rivals.is_empty() {
        let equal = std::iter::once(best).chain(rivals.iter().copied().take(2)).map(|scored| scored.column);
        return Err(equally_good(draft, &equal.collect::<Vec<_>>()));
    }
    let twin = ranked.iter().skip(1).find(|other| other.total + margin > best.total);
    let note = twin.map(|twin| {
        let names = (shown(&twin.column.name), shown(&best.column.name));
        let flag = refuse::flag_for(Role::Case, twin.column, draft.profile);
        let hint = format!("nothing changes but the names of the cases; add `{flag}` to take the other one");
        (format!("{} splits the rows into the same cases as {}", names.0, names.1), hint)
    });
    Ok((best.column.index, format!("name {}; {}", shown(&best.column.name), rows_per_value(best.column)), note))
}

/// Two columns rival when they split the rows differently and the second repeats at all where the first does.
fn is_rival(rival: &Column, best: &Column) -> bool {
    let repeats = |column: &Column| column.rows_per_value() >= 1.1;
    (repeats(rival) || !repeats(best)) && !rival.same_partition(best)
}

fn score_case(column: &Column) -> Option<Scored<'_>> {
    let name = names::case_name(&column.words);
    if name.weight < 45 || column.decimal_share > 0.1 {
        return None;
    }
    if column.codes.is_empty() {
        return Some(Scored { column, name, total: name.weight });
    }
    let rows = column.rows_per_value();
    let repeats = match rows {
        _ if column.distinct < 2 && column.codes.len() > 20 => -40,
        r if r >= 400.0 => -10,
        r if r >= 1.5 => 30,
        r if r >= 1.1 => 5,
        _ => 0,
    };
    let few = if column.codes.len() >= 200 && column.distinct <= 5 { -25 } else { 0 };
    let shape = if column.looks_like_id() { 10 } else { -10 };
    let long = if column.mean_chars > 80.0 { -40 } else { 0 };
    let sparse = if column.fill() < 0.9 { -50 } else { 0 };
    let total = name.weight + repeats + few + shape + long + sparse;
    (total >= 55).then_some(Scored { column, name, total })
}

/// Columns of ids that repeat, but not for long, in at least so many values as cases need.
fn repeating_ids<'a>(draft: &'a Draft) -> Vec<&'a Column> {
    let id_like = |column: &&Column| {
        let rows = column.rows_per_value();
        !is_technical(&column.name)
            && !is_case_attribute(&column.name)
            && column.fill() > 0.98
            && column.looks_like_id()
            && (1.5..=200.0).contains(&rows)
            && column.distinct >= (draft.profile.rows / 200).max(2)
            && !draft.is_taken(column.index)
    };
    draft.profile.columns.iter().filter(id_like).collect()
}

/// Those of [`repeating_ids`] whose names speak for nothing else.
fn unnamed_ids<'a>(draft: &'a Draft) -> Vec<&'a Column> {
    repeating_ids(draft).into_iter().filter(|column| !speaks_for_another_role(column)).collect()
}

/// A column in an unknown language: accepted only when it is the one that holds repeating ids.
fn case_without_name(draft: &Draft) -> Result<CaseGuess> {
    let named = unnamed_ids(draft);
    match named.as_slice() {
        [] => {
            let why =
                format!("none of {} columns is named like a case or holds repeating ids", draft.profile.columns.len());
            Err(refuse::none(Role::Case, &why, &near_cases(draft, &repeating_ids(draft)), draft.profile, draft.file))
        }
        [one] => {
            let example = one.known().next().map_or(String::new(), |(value, _)| shown(value));
            Ok((
                one.index,
                format!("the only column of repeating ids, such as {example}; {}", rows_per_value(one)),
                None,
            ))
        }
        more => Err(equally_good(draft, &more[..more.len().min(3)])),
    }
}

/// The refusal to choose between columns that could be the case.
fn equally_good(draft: &Draft, equal: &[&Column]) -> Problem {
    let evidence: Vec<String> = equal.iter().map(|c| format!("{} has {}", shown(&c.name), rows_per_value(c))).collect();
    refuse::several(Role::Case, &evidence.join("; "), equal, draft.profile, draft.file)
}

fn speaks_for_another_role(column: &Column) -> bool {
    let lexicons = [
        roles::ACTOR,
        roles::ASSIGNEE,
        roles::PERFORMER,
        roles::GROUP,
        roles::REQUESTER,
        roles::STATE,
        roles::ACTIVITY,
        roles::PRIORITY,
        roles::SEGMENT,
        names::SEQUENCE,
        roles::UPDATES,
        roles::REASSIGNMENTS,
        roles::REOPENS,
    ];
    lexicons.iter().any(|lexicon| weigh(&column.words, lexicon).weight >= 60)
}

/// Columns worth naming in the hint: repeating ids, else other text that repeats.
fn near_cases<'a>(draft: &'a Draft, ids: &[&'a Column]) -> Vec<&'a Column> {
    let mut near: Vec<&Column> = ids.to_vec();
    let repeats = |column: &&Column| {
        !column.is_date() && column.decimal_share < 0.1 && column.rows_per_value() >= 1.5 && column.fill() > 0.9
    };
    near.extend(draft.profile.columns.iter().filter(repeats).filter(|column| !is_technical(&column.name)));
    // advice that is followed must not make cases of states or groups
    near.retain(|column| !speaks_for_another_role(column));
    near.dedup_by_key(|column| column.index);
    near.sort_by_key(|column| usize::MAX - column.distinct);
    near.dedup_by_key(|column| column.index);
    near.truncate(2);
    near
}

fn rows_per_value(column: &Column) -> String {
    format!("{:.1} rows per value", column.rows_per_value())
}

/// Maps start, end or time, and enabled; then orders the rows of the cases.
pub(super) fn map_times(draft: &mut Draft) -> Result<()> {
    map_start_and_end(draft);
    if draft.has(Role::Time).is_none() {
        let (column, why) = guess_time(draft)?;
        draft.take(Role::Time, column, why);
    }
    if let Some(time) = draft.has(Role::Time) {
        draft.order_by(time);
    }
    if draft.has(Role::Start).is_some() && !draft.is_decided(Role::Enabled) {
        let enabled = draft.pick(roles::ENABLED, 75, |column, _| column.is_date().then_some(0));
        if let Some(pick) = enabled {
            let why = format!(
                "name {}; {} dates",
                shown(&draft.profile.columns[pick.column].name),
                percent(draft.profile.columns[pick.column].date_share)
            );
            draft.take(Role::Enabled, pick.column, why);
        }
    }
    Ok(())
}

fn map_start_and_end(draft: &mut Draft) {
    let moves = |draft: &Draft, column: &Column| {
        let usable =
            column.is_date() && !is_case_attribute(&column.name) && column.words.first_of(names::PLANNED).is_none();
        (usable && draft.within[column.index].varying_share() >= 0.3).then_some(0)
    };
    let start = match draft.has(Role::Start) {
        Some(start) => Some(start),
        None if draft.is_decided(Role::Start) => None,
        None => draft.pick(roles::START, 80, |column, _| moves(draft, column)).map(|pick| pick.column),
    };
    let Some(start) = start else { return };
    let other = |column: &Column, _| if column.index == start { None } else { moves(draft, column) };
    let end = draft.has(Role::Time).or_else(|| draft.pick(roles::END, 72, other).map(|pick| pick.column));
    let Some(end) = end.filter(|end| *end != start && starts_first(draft, start, *end)) else { return };
    let varies = |column: usize| percent(draft.within[column].varying_share());
    let start_why = format!(
        "name {}; never after {}; varies in {} of cases",
        shown_at(draft, start),
        shown_at(draft, end),
        varies(start)
    );
    let end_why = format!(
        "name {}; ends what {} starts; varies in {} of cases",
        shown_at(draft, end),
        shown_at(draft, start),
        varies(end)
    );
    if draft.has(Role::Start).is_none() {
        draft.take(Role::Start, start, start_why);
    }
    if draft.has(Role::Time).is_none() {
        draft.take(Role::Time, end, end_why);
    }
}

fn shown_at(draft: &Draft, column: usize) -> String {
    shown(&draft.profile.columns[column].name)
}

/// True when the start is not after the end in nearly all rows with both.
fn starts_first(draft: &Draft, start: usize, end: usize) -> bool {
    let (starts, ends) = (draft.profile.moments(start), draft.profile.moments(end));
    let both = starts.iter().zip(&ends).filter_map(|(start, end)| Some((start.as_ref()?, end.as_ref()?)));
    let (mut rows, mut late) = (0, 0);
    for (start, end) in both {
        rows += 1;
        late += usize::from(start > end);
    }
    late * 20 <= rows
}

fn guess_time(draft: &Draft) -> Result<(usize, String)> {
    let mut ranked: Vec<Scored> = draft.profile.columns.iter().filter_map(|column| score_time(draft, column)).collect();
    ranked.sort_by_key(|scored| -scored.total);
    let Some(best) = ranked.first() else { return Err(no_time(draft)) };
    let rivals = ranked.iter().skip(1).filter(|rival| rival.total + MARGIN > best.total);
    let rivals: Vec<&Column> =
        rivals.map(|rival| rival.column).filter(|rival| rival.equal_share(best.column) < 0.99).collect();
    if !rivals.is_empty() {
        let equal: Vec<&Column> = std::iter::once(best.column).chain(rivals.into_iter().take(2)).collect();
        let evidence: Vec<String> =
            equal.iter().map(|column| format!("{} {}", shown(&column.name), variation(draft, column))).collect();
        return Err(refuse::several(Role::Time, &evidence.join("; "), &equal, draft.profile, draft.file));
    }
    let column = best.column;
    let lead = if best.name.weight > 0 {
        format!("name {}", shown(&column.name))
    } else {
        "the only date that moves within cases".to_owned()
    };
    Ok((column.index, format!("{lead}; {} dates; {}", percent(column.date_share), variation(draft, column))))
}

fn variation(draft: &Draft, column: &Column) -> String {
    if draft.has_history() {
        format!("varies in {} of cases", percent(draft.within[column.index].varying_share()))
    } else {
        format!("{} filled", percent(column.fill()))
    }
}

fn score_time<'a>(draft: &Draft, column: &'a Column) -> Option<Scored<'a>> {
    let dates = column.is_date() || column.codes.is_empty();
    if is_technical(&column.name) || is_case_attribute(&column.name) || draft.is_taken(column.index) || !dates {
        return None;
    }
    let mut name = weigh(&column.words, roles::TIME);
    if column.words.first_of(names::PLANNED).is_some() {
        return None;
    }
    if column.words.first_of(names::ENDING).is_some() && !is_end_of_activity(column) {
        name.weight = name.weight.min(12);
    }
    // a creation that moves within the case is that of the row: as good as an update
    if (55..=65).contains(&name.weight) && draft.within[column.index].varying_share() >= 0.5 {
        name.weight = 84;
    }
    let moves = match draft.within[column.index] {
        _ if !draft.has_history() => 0,
        within if within.varying_share() >= 0.5 => 30,
        within if within.varying_share() >= 0.1 => 5,
        _ => -100,
    };
    let sparse = if column.codes.is_empty() || column.fill() >= 0.9 { 0 } else { -60 };
    let total = name.weight + moves + sparse;
    (total >= 30).then_some(Scored { column, name, total })
}

/// `Complete Timestamp` ends an activity and moves; `closed at` ends a case.
fn is_end_of_activity(column: &Column) -> bool {
    roles::TIME.iter().any(|(phrase, weight)| *weight >= 70 && column.words.is(phrase))
}

fn no_time(draft: &Draft) -> Problem {
    let dates: Vec<&Column> = draft.profile.columns.iter().filter(|column| column.is_date()).collect();
    let (why, near) = if dates.is_empty() {
        ("no column holds dates in at least 90 % of its filled cells".to_owned(), nearly_dates(draft))
    } else {
        let names: Vec<String> = dates.iter().take(3).map(|column| shown(&column.name)).collect();
        (
            format!(
                "{} dates, but {}",
                names.join(", "),
                if draft.has_history() {
                    "constant within every case, planned or added by a loader"
                } else {
                    "planned, final or added by a loader"
                }
            ),
            dates,
        )
    };
    let near: Vec<&Column> = near.into_iter().filter(|column| !is_technical(&column.name)).take(2).collect();
    refuse::none(Role::Time, &why, &near, draft.profile, draft.file)
}

fn nearly_dates<'a>(draft: &'a Draft) -> Vec<&'a Column> {
    draft
        .profile
        .columns
        .iter()
        .filter(|column| weigh(&column.words, roles::TIME).weight >= 70 || column.date_share > 0.2)
        .collect()
}
