//! Texts that stand for nothing: applied where the configuration says so or where they are frequent, proposed where they may.

use super::draft::{Draft, percent};
use super::wanted::Overrides;
use super::{How, NullLiteral, Role};
use crate::ingest::names::is_technical;
use crate::ingest::profile::{Column, is_null_literal, share};

/// Words that may mean nothing or may be a real value; never applied by the guess.
const PROPOSED: &[&str] = &[
    "empty",
    "undefined",
    "missing",
    "blank",
    "(blank)",
    "unassigned",
    "not assigned",
    "not set",
    "no value",
    "nobody",
    "tbd",
    "leer",
    "nicht zugewiesen",
    "keine angabe",
    "non assigne",
    "sin asignar",
    "non assegnato",
    "niet toegewezen",
    "nao atribuido",
    "未割当",
    "未設定",
    "なし",
];

/// Finds them, column by column.
pub(super) fn find(draft: &Draft, wanted: &Overrides) -> Vec<NullLiteral> {
    let mut found = Vec::new();
    for column in &draft.profile.columns {
        match given(column, draft, wanted) {
            Some((literals, how)) => {
                for literal in literals.iter().filter(|literal| !literal.is_empty()) {
                    let rows =
                        column.values.iter().skip(1).find(|(value, _)| value == literal).map_or(0, |(_, rows)| *rows);
                    if rows > 0 || named_for(column, wanted) {
                        let share = share(rows, draft.profile.rows);
                        found.push(NullLiteral {
                            column: column.index,
                            literal: literal.clone(),
                            share,
                            applied: true,
                            how,
                            why: "set".to_owned(),
                        });
                    }
                }
            }
            None if may_hold_nothing(draft, column) => found.extend(guessed(draft, column)),
            None => {}
        }
    }
    spread(&mut found, draft, wanted);
    found
}

/// What stands for nothing in one column does so in all that may hold nothing, be it rare or not in the sample.
fn spread(found: &mut Vec<NullLiteral>, draft: &Draft, wanted: &Overrides) {
    let applied = found.iter().filter(|null| null.applied && null.how == How::Guess);
    let literals: std::collections::BTreeSet<String> = applied.map(|null| null.literal.clone()).collect();
    for column in &draft.profile.columns {
        if given(column, draft, wanted).is_some() || !may_hold_nothing(draft, column) {
            continue;
        }
        for literal in &literals {
            let rows = column.values.iter().skip(1).find(|(value, _)| value == literal).map_or(0, |(_, rows)| *rows);
            let known = found.iter().any(|null| null.column == column.index && null.literal == *literal);
            if !known && (rows > 0 || draft.is_taken(column.index)) {
                found.push(NullLiteral {
                    column: column.index,
                    literal: literal.clone(),
                    share: share(rows, draft.profile.rows),
                    applied: true,
                    how: How::Guess,
                    why: "stands for nothing in another column".to_owned(),
                });
            }
        }
    }
    found.sort_by_key(|null| null.column);
}

fn named_for(column: &Column, wanted: &Overrides) -> bool {
    wanted.nulls.iter().any(|nulls| nulls.column.as_deref() == Some(column.name.as_str()))
}

/// What flags and configuration say of a column; the default never reaches the case, the times or row numbers.
fn given<'a>(column: &Column, draft: &Draft, wanted: &'a Overrides) -> Option<(&'a [String], How)> {
    let own = wanted.nulls.iter().rev().find(|nulls| nulls.column.as_deref() == Some(column.name.as_str()));
    let general = || wanted.nulls.iter().rev().find(|nulls| nulls.column.is_none() && !is_key(draft, column));
    own.or_else(general).map(|nulls| (nulls.literals.as_slice(), nulls.how))
}

fn is_key(draft: &Draft, column: &Column) -> bool {
    draft.roles_of(column.index).any(|role| matches!(role, Role::Case | Role::Time | Role::TieBreak))
}

fn may_hold_nothing(draft: &Draft, column: &Column) -> bool {
    let mut owner = false;
    for role in draft.roles_of(column.index) {
        match role {
            Role::Case
            | Role::Time
            | Role::Start
            | Role::Enabled
            | Role::Activity
            | Role::State
            | Role::TieBreak
            | Role::Comment
            | Role::ReassignmentCount
            | Role::ReopenCount
            | Role::UpdateCount => return false,
            Role::Group | Role::Assignee | Role::Actor | Role::Requester => owner = true,
            Role::CommentVisibility | Role::CommentWriter | Role::Priority | Role::Outcome | Role::Segment => {}
        }
    }
    let id = ["id", "key", "number", "no", "nr", "uuid"].iter().any(|word| column.words.ends(word));
    !is_technical(&column.name) && (owner || !id)
}

fn guessed(draft: &Draft, column: &Column) -> Vec<NullLiteral> {
    let owner = draft
        .roles_of(column.index)
        .any(|role| matches!(role, Role::Group | Role::Assignee | Role::Actor | Role::Requester));
    let kind = if owner { "an owner or person column" } else { "an attribute column" };
    let mut found = Vec::new();
    for (value, rows) in column.values.iter().skip(1) {
        let share = share(*rows, draft.profile.rows);
        if share < 0.01 {
            continue;
        }
        let applied = is_null_literal(value);
        let folded = crate::words::Words::new(value);
        if applied || PROPOSED.iter().any(|word| folded.is(word) || value.eq_ignore_ascii_case(word)) {
            let verdict = if applied { "usual spelling of nothing" } else { "may mean nothing" };
            let why = format!("{verdict}; {} of the rows of {kind}", percent(share));
            found.push(NullLiteral {
                column: column.index,
                literal: value.clone(),
                share,
                applied,
                how: How::Guess,
                why,
            });
        }
    }
    found
}
