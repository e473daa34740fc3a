//! State and activity: what the case is in, and what was done.

use super::Role;
use super::draft::{Draft, percent};
use super::refuse::{flag_for, shown};
use crate::error::{Problem, Result};
use crate::ingest::names::{is_case_attribute, is_technical, roles, weigh};
use crate::ingest::profile::{Column, share};

/// The transitions of the XES standard; anything else in a lifecycle column is a state of its own.
const LIFECYCLE: &[&str] = &[
    "schedule",
    "assign",
    "withdraw",
    "reassign",
    "start",
    "suspend",
    "resume",
    "pi_abort",
    "ate_abort",
    "complete",
    "autoskip",
    "manualskip",
    "abort_activity",
    "abort_case",
];

/// Words after a noun that make it something else than the noun: `Status No.`, `Activity date`.
const NOT_THE_THING: &[&str] = &[
    "no",
    "nr",
    "number",
    "time",
    "date",
    "datetime",
    "at",
    "on",
    "by",
    "count",
    "changed",
    "duration",
    "index",
    "timestamp",
    "updated",
    "cost",
    "reason",
    "comment",
    "category",
    "by id",
    "datum",
    "zeit",
    "fecha",
    "日時",
    "日",
    "番号",
    "者",
];

/// Maps state and activity; refuses a field history, which has neither.
pub(super) fn map(draft: &mut Draft) -> Result<()> {
    if !map_joined(draft) {
        map_lifecycle(draft);
    }
    if !draft.is_decided(Role::State) {
        map_state(draft);
    }
    if !draft.is_decided(Role::Activity) {
        map_activity(draft);
    }
    if draft.has(Role::State).is_none() && draft.has(Role::Activity).is_none() {
        if let Some((field, value)) = field_history(draft) {
            return Err(refuse_field_history(draft, field, value));
        }
        let message = "no state or activity column recognised, so times in state are not known".to_owned();
        draft.note(message, "name it with `--state COLUMN` or `--activity COLUMN`");
    }
    Ok(())
}

/// Activity and lifecycle joined, as the classifier of an XES log asks for, are the state.
fn map_joined(draft: &mut Draft) -> bool {
    let is_joined = |column: &&Column| {
        column.words.is("concept name lifecycle transition") || column.words.is("lifecycle transition concept name")
    };
    let Some(column) = draft.profile.columns.iter().find(is_joined) else { return false };
    if draft.is_decided(Role::State) || draft.is_taken(column.index) {
        return false;
    }
    let why = format!("the classifier of the log joins {}; {}", shown(&column.name), repeats(draft, column));
    draft.take(Role::State, column.index, why);
    true
}

/// A lifecycle column of the XES standard says how far an activity is; with other values it is a state.
fn map_lifecycle(draft: &mut Draft) {
    let Some(column) = draft.profile.columns.iter().find(|column| column.words.is("lifecycle transition")) else {
        return;
    };
    let index = column.index;
    let standard = |value: &str| LIFECYCLE.contains(&value.to_lowercase().as_str());
    if column.known().all(|(value, _)| standard(value)) {
        let starts = column.known().any(|(value, _)| value.eq_ignore_ascii_case("start"));
        if starts && column.distinct > 1 {
            let message =
                format!("{} has a row for the start and one for the completion of an activity", shown(&column.name));
            draft.note(message, "keep only the rows of the completion, or export start and end as two columns");
        }
    } else if !draft.is_decided(Role::State) && !draft.is_taken(index) {
        let why = format!("name {}; values beyond the standard lifecycle", shown(&column.name));
        draft.take(Role::State, index, why);
    }
}

fn map_state(draft: &mut Draft) {
    let pick = draft.pick(roles::STATE, 62, |column, _| {
        let past = column.words.first_of(&[
            "old",
            "from",
            "previous",
            "prior",
            "last",
            "alter",
            "ancien",
            "anterior",
            "precedente",
        ]);
        let place = column.words.first_of(&[
            "billing",
            "shipping",
            "mailing",
            "address",
            "country",
            "province",
            "other",
            "help center",
        ]);
        let fits = is_act_like(column) && past.is_none() && place.is_none() && column.distinct <= 300;
        fits.then(|| if is_case_attribute(&column.name) { -30 } else { moves(draft, column) })
    });
    let Some(pick) = pick else { return };
    let column = &draft.profile.columns[pick.column];
    let within = draft.within[pick.column];
    if within.is_constant() && within.cases >= 5 {
        if !draft.is_decided(Role::Outcome) {
            let why = format!("name {}; one value per case", shown(&column.name));
            draft.take(Role::Outcome, pick.column, why);
        }
        return;
    }
    let why = format!("name {}; {}", shown(&column.name), repeats(draft, column));
    draft.take(Role::State, pick.column, why);
}

fn map_activity(draft: &mut Draft) {
    let named = draft.pick(roles::ACTIVITY, 66, |column, _| {
        let fits =
            is_act_like(column) && column.distinct <= 2_000 && !is_case_attribute(&column.name) && !is_sequence(column);
        let within = draft.within[column.index];
        let still = within.is_constant() && within.cases >= 5;
        (fits && !still && is_text(column)).then(|| moves(draft, column))
    });
    if let Some(pick) = named {
        let column = &draft.profile.columns[pick.column];
        let why = format!("name {}; {}", shown(&column.name), repeats(draft, column));
        let twins = draft.profile.columns.iter().filter(|other| {
            other.index != column.index
                && !is_technical(&other.name)
                && weigh(&other.words, roles::ACTIVITY).weight >= 66
                && other.equal_share(column) > 0.999
        });
        let twins: Vec<String> = twins.map(|other| shown(&other.name)).collect();
        let note = format!("{} repeats {}", twins.join(" and "), shown(&column.name));
        draft.take(Role::Activity, pick.column, why);
        if !twins.is_empty() {
            draft.note(note, "nothing to do; add `--activity COLUMN` to take the other one");
        }
    } else if draft.has(Role::State).is_none() && field_history(draft).is_none() {
        map_unnamed_activity(draft);
    }
}

/// A header in an unknown language: accepted only when one column of few repeating texts moves within cases.
fn map_unnamed_activity(draft: &mut Draft) {
    let candidates: Vec<usize> = draft
        .profile
        .columns
        .iter()
        .filter(|column| is_unnamed_act(draft, column))
        .map(|column| column.index)
        .collect();
    let [one] = candidates.as_slice() else { return };
    let column = &draft.profile.columns[*one];
    let why = format!("the only text that moves within cases; {}", repeats(draft, column));
    draft.take(Role::Activity, *one, why);
}

fn is_unnamed_act(draft: &Draft, column: &Column) -> bool {
    let known = [
        roles::ACTOR,
        roles::ASSIGNEE,
        roles::PERFORMER,
        roles::GROUP,
        roles::COMMENT,
        roles::REQUESTER,
        roles::PRIORITY,
        roles::SEGMENT,
    ];
    !draft.is_taken(column.index)
        && !is_technical(&column.name)
        && !is_case_attribute(&column.name)
        && is_act_like(column)
        && is_text(column)
        && !column.looks_like_id()
        && (2..=300).contains(&column.distinct)
        && column.rows_per_value() >= 2.0
        && draft.within[column.index].varying_share() >= 0.8
        && known.iter().all(|lexicon| weigh(&column.words, lexicon).weight < 58)
}

fn is_act_like(column: &Column) -> bool {
    let suffix = NOT_THE_THING.iter().any(|word| column.words.ends(word));
    let repeats = column.codes.len() < 20 || column.rows_per_value() >= 1.3;
    !suffix
        && !column.is_date()
        && !column.is_flag()
        && column.filled > 0
        && column.decimal_share < 0.1
        && repeats
        && column.mean_chars <= 120.0
}

fn is_text(column: &Column) -> bool {
    column.integer_share < 0.5
}

fn is_sequence(column: &Column) -> bool {
    column.words.ends("id") || column.words.ends("key")
}

fn moves(draft: &Draft, column: &Column) -> i32 {
    if draft.has_history() && draft.within[column.index].varying_share() >= 0.3 { 10 } else { 0 }
}

fn repeats(draft: &Draft, column: &Column) -> String {
    let varies = draft.within[column.index].varying_share();
    if draft.has_history() {
        format!("{} values; varies in {} of cases", column.distinct, percent(varies))
    } else {
        format!("{} values", column.distinct)
    }
}

/// The field and value columns of a field history, if the header has both.
pub(super) fn field_history<'a>(draft: &'a Draft) -> Option<(&'a Column, &'a Column)> {
    let best = |lexicon| {
        let columns = draft.profile.columns.iter().filter(|column| !is_technical(&column.name));
        columns
            .max_by_key(|column| weigh(&column.words, lexicon).weight)
            .filter(|column| weigh(&column.words, lexicon).weight >= 85)
    };
    let (field, value) = (best(roles::FIELD)?, best(roles::NEW_VALUE)?);
    let few = share(field.distinct, field.filled) < 0.8 || field.filled < 20;
    (field.index != value.index && few).then_some((field, value))
}

/// One row per changed field: the state of a case is spread over rows of which most tell something else.
fn refuse_field_history(draft: &Draft, field: &Column, value: &Column) -> Problem {
    Problem::input("this is a field history (one row per changed field), which is not read yet")
        .in_file(draft.file)
        .note(format!("{} names the field that changed, {} its new value", shown(&field.name), shown(&value.name)))
        .hint("export a table with the case's status, group and assignee in every row, e.g. the audit history of the record")
        .hint(format!(
            "or keep only the rows in which {} is the status, and add `{}`",
            shown(&field.name),
            flag_for(Role::State, value, draft.profile)
        ))
}
