//! Columns that know the future: written at the end of a case and copied back onto its earlier rows.

use super::draft::{Draft, percent};
use super::{Leaky, Role};
use crate::ingest::names::{ENDING, PLANNED, VERDICT, is_technical};
use crate::ingest::profile::{Column, share};

/// Finds them; nothing is found where no case has a second row.
pub(super) fn find(draft: &Draft) -> Vec<Leaky> {
    if !draft.has_history() {
        return Vec::new();
    }
    let Some(time) = draft.has(Role::Time) else { return Vec::new() };
    let moments = draft.profile.moments(time);
    let columns = draft.profile.columns.iter().filter(|column| may_leak(draft, column));
    columns.filter_map(|column| Some(Leaky { column: column.index, why: reason(draft, column, &moments)? })).collect()
}

fn may_leak(draft: &Draft, column: &Column) -> bool {
    let in_use = draft.roles_of(column.index).any(|role| {
        matches!(
            role,
            Role::Case
                | Role::Time
                | Role::Start
                | Role::Enabled
                | Role::Activity
                | Role::State
                | Role::Actor
                | Role::TieBreak
                | Role::ReassignmentCount
                | Role::ReopenCount
                | Role::UpdateCount
        )
    });
    let several = column.distinct > 1 || column.values.len() > 2;
    !in_use && !is_technical(&column.name) && column.filled > 0 && several && column.words.first_of(PLANNED).is_none()
}

fn reason(draft: &Draft, column: &Column, moments: &[Option<i64>]) -> Option<String> {
    let within = draft.within[column.index];
    if let Some(word) = column.words.first_of(VERDICT) {
        if within.is_constant() {
            return Some(format!("named `{word}` and the same on all rows of a case"));
        }
        if within.changes > 0 && within.last_changes * 10 >= within.changes * 9 {
            return Some(format!(
                "named `{word}`; {} of its changes are on the last row of a case",
                percent(share(within.last_changes, within.changes))
            ));
        }
    }
    if !within.is_constant() || within.cases < 2 {
        return None;
    }
    let later = if column.is_date() { later_share(draft, column, moments) } else { None };
    let word = column.words.first_of(ENDING);
    match (word, later) {
        (Some(word), Some(later)) => {
            Some(format!("named `{word}`; the same on all rows of a case and later than {} of them", percent(later)))
        }
        (Some(word), None) if !column.is_date() => Some(format!("named `{word}` and the same on all rows of a case")),
        (None, Some(later)) if later >= 0.5 => {
            Some(format!("the same on all rows of a case and later than {} of them", percent(later)))
        }
        (Some(_) | None, _) => None,
    }
}

/// Share of rows that the date lies after; `None` where it lies after hardly any.
fn later_share(draft: &Draft, column: &Column, moments: &[Option<i64>]) -> Option<f64> {
    let own = draft.profile.moments(column.index);
    let both = own.iter().zip(moments).filter_map(|(own, row)| Some((own.as_ref()?, row.as_ref()?)));
    let (mut rows, mut later) = (0, 0);
    for (own, row) in both {
        rows += 1;
        later += usize::from(own > row);
    }
    (later * 10 >= rows && later > 0).then(|| share(later, rows))
}

/// True for a column that is different on every row: an id of the row, not a fact of the case.
pub(super) fn is_row_number(draft: &Draft, index: usize) -> bool {
    let column = &draft.profile.columns[index];
    let rows = column.codes.len();
    rows >= 20 && column.distinct == rows && draft.has_history() && !draft.is_taken(index) && column.looks_like_id()
}
