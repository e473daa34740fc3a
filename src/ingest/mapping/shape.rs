//! The shape of the export: its family, what an empty owner means, which changes are visible, and what it cannot tell.

use super::draft::{Draft, percent};
use super::leaks::is_row_number;
use super::refuse::shown;
use super::wanted::Overrides;
use super::{How, Leaky, Role};
use crate::config::{Family, MissingOwner};
use crate::ingest::names::{is_case_attribute, is_technical, roles, weigh};

/// Tells the family with its evidence and who decided.
pub(super) fn family(draft: &Draft, wanted: &Overrides) -> (Family, String, How) {
    if let Some((family, how)) = wanted.family {
        return (family, format!("set by {}", if how == How::Flag { "a flag" } else { "the configuration" }), how);
    }
    if let (Some(start), Some(end)) = (draft.has(Role::Start), draft.has(Role::Time)) {
        let names = (shown(&draft.profile.columns[start].name), shown(&draft.profile.columns[end].name));
        return (
            Family::StartEnd,
            format!("{} and {} are start and end of one activity", names.0, names.1),
            How::Guess,
        );
    }
    if !draft.has_history() && draft.has(Role::Activity).is_none() {
        return (Family::Snapshot, "one row per case".to_owned(), How::Guess);
    }
    let (points, evidence) = snapshot_evidence(draft);
    if points >= 3 && draft.has(Role::Activity).is_none() {
        (Family::Snapshot, evidence.join("; "), How::Guess)
    } else if draft.has(Role::Activity).is_some() {
        (Family::Activity, "one row per activity".to_owned(), How::Guess)
    } else {
        (Family::Activity, "one row per change; the record is not repeated".to_owned(), How::Guess)
    }
}

/// Points for a record repeated at every update, each with its phrase.
fn snapshot_evidence(draft: &Draft) -> (u32, Vec<String>) {
    let mut points = 0;
    let mut evidence = Vec::new();
    let columns = &draft.profile.columns;
    let update_words = [
        "updated",
        "modified",
        "modification",
        "changed by",
        "changed date",
        "aktualisiert",
        "geandert",
        "anderungsdatum",
        "mis a jour",
        "mise a jour",
        "modifie",
        "actualizado",
        "actualizacion",
        "modificado",
        "aggiornato",
        "aggiornamento",
        "modificato",
        "gewijzigd",
        "bijgewerkt",
        "atualizado",
        "atualizacao",
        "alterado",
        "更新日時",
        "更新者",
    ];
    let times = draft.has(Role::Time).into_iter();
    let actors =
        columns.iter().filter(|column| weigh(&column.words, roles::ACTOR).weight >= 94).map(|column| column.index);
    if let Some(update) = times.chain(actors).find(|column| columns[*column].words.first_of(&update_words).is_some()) {
        points += 2;
        evidence.push(format!("{} names an update", shown(&columns[update].name)));
    }
    if let Some(counter) =
        columns.iter().find(|c| c.integer_share > 0.95 && weigh(&c.words, roles::UPDATES).weight >= 78)
    {
        points += 2;
        evidence.push(format!("{} counts updates", shown(&counter.name)));
    }
    let repeated = columns.iter().filter(|column| is_repeated_attribute(draft, column.index)).count();
    if repeated >= 3 {
        points += 2;
        evidence.push(format!("{repeated} attributes are repeated and now and then change"));
    }
    if let Some(state) = draft.has(Role::State) {
        let again = draft.within[state].repeat_share();
        if again >= 0.2 {
            points += 1;
            evidence.push(format!("the state repeats in {} of steps", percent(again)));
        }
    }
    (points, evidence)
}

/// Mostly repeated from row to row, but changing in some case.
fn is_repeated_attribute(draft: &Draft, index: usize) -> bool {
    let (column, within) = (&draft.profile.columns[index], draft.within[index]);
    let plain = !is_technical(&column.name) && !is_case_attribute(&column.name) && !column.is_date();
    plain && !draft.is_taken(index) && within.varying > 0 && within.repeat_share() >= 0.6
}

/// Tells whether an empty owner means unassigned, with the reason.
pub(super) fn missing_owner(draft: &Draft, wanted: &Overrides, family: Family) -> (bool, String) {
    if let Some((means, how)) = wanted.missing_owner {
        let by = if how == How::Flag { "set by a flag" } else { "set in the configuration" };
        return (means == MissingOwner::Unassigned, by.to_owned());
    }
    if draft.has(Role::Group).is_none() && draft.has(Role::Assignee).is_none() {
        return (family == Family::Snapshot, "no owner column".to_owned());
    }
    match family {
        Family::Snapshot => (true, "every row repeats the whole record, so an empty owner is nobody".to_owned()),
        Family::Activity if repeats_owner(draft) => {
            (true, "most rows repeat the owner they do not change, so an empty owner is nobody".to_owned())
        }
        Family::Activity | Family::StartEnd => {
            (false, "a row tells only what its event says, so an empty owner is the one before".to_owned())
        }
    }
}

/// Whether an owner, told apart from the performer, stands on most rows although few of them change it.
fn repeats_owner(draft: &Draft) -> bool {
    let owners = [Role::Group, Role::Assignee].into_iter().filter_map(|role| draft.has(role));
    let is_performer = |index: usize| draft.roles_of(index).any(|role| role == Role::Actor);
    draft.has(Role::State).is_some()
        && owners.filter(|&index| !is_performer(index)).any(|index| {
            draft.profile.columns[index].filled * 2 >= draft.profile.rows && draft.within[index].repeat_share() >= 0.5
        })
}

/// Columns whose change between two events of a case is visible.
pub(super) fn visible(draft: &Draft, leaky: &[Leaky]) -> Vec<usize> {
    let hidden = [Role::Time, Role::Start, Role::Enabled, Role::UpdateCount, Role::TieBreak];
    let shows = |index: usize| {
        let roles: Vec<Role> = draft.roles_of(index).collect();
        // a performer that stands in for the owner still changes visibly
        let only_actor = roles.contains(&Role::Actor) && !roles.contains(&Role::Assignee);
        !roles.iter().any(|role| hidden.contains(role))
            && !only_actor
            && !leaky.iter().any(|leak| leak.column == index)
            && !is_technical(&draft.profile.columns[index].name)
            && !is_row_number(draft, index)
    };
    (0..draft.profile.columns.len()).filter(|index| shows(*index)).collect()
}

/// Notes what this export cannot tell.
pub(super) fn note_limits(draft: &mut Draft) {
    if draft.profile.rows > 0 && !draft.has_history() {
        let message = "one row per case: this export holds current values and no history, so times in state, handoffs and reopens cannot be known";
        draft.note(message.to_owned(), "export the change history (audit log) of the cases instead");
    }
    let packed = draft.has(Role::Case).filter(|case| is_packed(draft, *case));
    if let Some(case) = packed {
        let note = format!(
            "the values of {} hold several parts between ` / `; the whole text is the case",
            shown(&draft.profile.columns[case].name)
        );
        draft.note(note, "name the column of the case with `--case COLUMN` if there is a better one");
    }
}

fn is_packed(draft: &Draft, case: usize) -> bool {
    let column = &draft.profile.columns[case];
    column.distinct > 0 && column.known().all(|(value, _)| value.contains(" / ") || value.contains(" | "))
}
