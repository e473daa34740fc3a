//! The rest of a record: comments, priority, outcome, counters, the order of equal times, and segments.

use super::draft::{Draft, percent};
use super::leaks::is_row_number;
use super::owners::speaks_for_people;
use super::refuse::shown;
use super::{Leaky, Role};
use crate::comments::{Writer, writer_of};
use crate::ingest::names::{self, Lexicon, PLANNED, is_technical, roles, weigh};
use crate::ingest::profile::Column;
use crate::log::text::whole_number;

/// Most segments the guess proposes.
const MAX_SEGMENTS: usize = 6;

/// Maps everything but segments.
pub(super) fn map(draft: &mut Draft) {
    map_counters(draft);
    map_tie_break(draft);
    guess(draft, Role::Comment, roles::COMMENT, 66, is_written);
    guess(draft, Role::CommentVisibility, roles::COMMENT_VISIBILITY, 76, is_visibility);
    if draft.has(Role::Comment).is_some() {
        guess(draft, Role::CommentWriter, roles::COMMENT_WRITER, 58, names_sides);
    }
    guess(draft, Role::Priority, roles::PRIORITY, 68, |column| is_scale(column) && column.distinct <= 20);
    guess(draft, Role::Outcome, roles::OUTCOME, 80, |column| {
        let measured = column.words.first_of(&["time", "date", "sla", "duration", "notes", "at", "on", "by"]).is_some();
        !measured && is_scale(column) && column.distinct <= 200
    });
}

fn guess(draft: &mut Draft, role: Role, lexicon: Lexicon, least: i32, fits: impl Fn(&Column) -> bool) {
    if draft.is_decided(role) {
        return;
    }
    if let Some(pick) = draft.pick(lexicon, least, |column, _| fits(column).then_some(0)) {
        let column = &draft.profile.columns[pick.column];
        let filled = if column.fill() < 1.0 { format!("; {} filled", percent(column.fill())) } else { String::new() };
        let content = if role == Role::Comment {
            format!("{:.0} characters on average", column.mean_chars)
        } else {
            format!("{} values", column.distinct)
        };
        let why = format!("name {}; {content}{filled}", shown(&column.name));
        draft.take(role, pick.column, why);
    }
}

fn map_counters(draft: &mut Draft) {
    let counters = [
        (Role::ReassignmentCount, roles::REASSIGNMENTS),
        (Role::ReopenCount, roles::REOPENS),
        (Role::UpdateCount, roles::UPDATES),
    ];
    for (role, lexicon) in counters {
        if draft.is_decided(role) {
            continue;
        }
        let pick =
            draft.pick(lexicon, 76, |column, _| (column.integer_share >= 0.95 && column.filled > 0).then_some(0));
        if let Some(pick) = pick {
            let why = format!("name {}; whole numbers", shown(&draft.profile.columns[pick.column].name));
            draft.take(role, pick.column, why);
        }
    }
}

/// Only a column that numbers the rows of a case and never goes against their times.
fn map_tie_break(draft: &mut Draft) {
    if draft.is_decided(Role::TieBreak) || !draft.has_history() {
        return;
    }
    let Some(time) = draft.has(Role::Time) else { return };
    let moments = draft.profile.moments(time);
    let pick = draft.pick(names::SEQUENCE, 70, |column, _| {
        (column.integer_share >= 0.99 && follows(draft, column, &moments)).then_some(0)
    });
    if let Some(pick) = pick {
        let why = format!(
            "name {}; whole numbers that never go against the time",
            shown(&draft.profile.columns[pick.column].name)
        );
        draft.take(Role::TieBreak, pick.column, why);
    }
}

fn follows(draft: &Draft, column: &Column, moments: &[Option<i64>]) -> bool {
    let numbers: Vec<Option<i64>> = column.values.iter().map(|(value, _)| whole_number(value)).collect();
    let number = |row: usize| numbers[column.codes[row] as usize];
    draft.cases.rows.iter().all(|rows| {
        rows.windows(2).all(|pair| match (number(pair[0]), number(pair[1])) {
            (Some(a), Some(b)) => a != b && (a < b || moments[pair[0]] == moments[pair[1]]),
            (_, _) => false,
        })
    })
}

fn is_written(column: &Column) -> bool {
    let text = column.phrase_share >= 0.2 || column.mean_chars >= 12.0 || column.filled < 20;
    text && column.integer_share < 0.5 && !column.is_date() && !column.is_flag() && column.filled > 0
}

fn is_visibility(column: &Column) -> bool {
    let words = [
        "public",
        "private",
        "internal",
        "external",
        "intern",
        "extern",
        "offentlich",
        "publique",
        "interne",
        "publico",
        "interno",
    ];
    column.is_flag()
        || (column.distinct > 0
            && column.known().all(|(value, _)| words.contains(&crate::words::Words::new(value).text())))
}

/// Whether the values name parts in the conversation, somebody outside the team among them.
fn names_sides(column: &Column) -> bool {
    let sides: Vec<Writer> = column.known().map(|(value, _)| writer_of(value)).collect();
    sides.len() <= 12 && sides.iter().any(|side| side.is_outside()) && sides.contains(&Writer::Team)
}

fn is_scale(column: &Column) -> bool {
    column.distinct > 0
        && !column.is_date()
        && !is_yes_or_no(column)
        && column.decimal_share < 0.1
        && column.mean_chars <= 60.0
}

fn is_yes_or_no(column: &Column) -> bool {
    column.is_flag() && column.integer_share < 0.5
}

/// Maps up to six segments: named ones first, then attributes of the case with few values.
pub(super) fn map_segments(draft: &mut Draft, leaky: &[Leaky]) {
    if draft.segments_given() {
        return;
    }
    let columns = draft.profile.columns.iter().filter(|column| is_segment(draft, column, leaky));
    let mut ranked: Vec<(i32, usize, String)> = columns
        .filter_map(|column| {
            let name = weigh(&column.words, roles::SEGMENT).weight;
            let still = draft.has_history() && draft.within[column.index].varying_share() <= 0.05;
            let rank = if name >= 48 {
                name
            } else if still
                && column.fill() >= 0.5
                && column.distinct <= 30
                && column.integer_share < 0.5
                && !speaks_for_people(column)
            {
                20
            } else {
                return None;
            };
            let lead =
                if name >= 48 { format!("name {}", shown(&column.name)) } else { "one value per case".to_owned() };
            Some((rank, column.index, format!("{lead}; {} values", column.distinct)))
        })
        .collect();
    ranked.sort_by_key(|(rank, index, _)| (-rank, *index));
    for (_, index, why) in ranked.into_iter().take(MAX_SEGMENTS) {
        draft.take(Role::Segment, index, why);
    }
}

fn is_segment(draft: &Draft, column: &Column, leaky: &[Leaky]) -> bool {
    let free = draft.roles_of(column.index).all(|role| matches!(role, Role::Priority));
    let few = (2..=60).contains(&column.distinct) && column.rows_per_value() >= 2.0;
    let id = ["id", "key", "uuid", "count", "amount"].iter().any(|word| column.words.ends(word));
    free && few
        && !id
        && is_scale(column)
        && !is_technical(&column.name)
        && column.words.first_of(PLANNED).is_none()
        && !leaky.iter().any(|leak| leak.column == column.index)
        && !is_row_number(draft, column.index)
}
