//! Owners and people: group, assignee, actor, requester.

use super::Role;
use super::draft::{Draft, Pick, percent};
use super::refuse::shown;
use crate::config::Family;
use crate::ingest::names::{Lexicon, is_case_attribute, roles, weigh};
use crate::ingest::profile::{Column, share};
use crate::words::Words;

/// Words after a person's or team's name that make the column something else.
const NOT_A_NAME: &[&str] = &[
    "at",
    "on",
    "date",
    "time",
    "count",
    "type",
    "cost",
    "email",
    "changed",
    "stations",
    "duration",
    "timestamp",
    "comment",
    "notes",
    "reason",
    "percent",
    "list",
    "assigned by",
    "no",
    "am",
    "日時",
    "数",
];

/// Maps them.
pub(super) fn map(draft: &mut Draft, family: Family) {
    if !draft.is_decided(Role::Assignee) {
        let pick = draft.pick(roles::ASSIGNEE, 76, |column, _| owner_points(draft, column));
        take(draft, Role::Assignee, pick);
    }
    if !draft.is_decided(Role::Group) {
        map_group(draft);
    }
    if !draft.is_decided(Role::Actor) {
        let pick = draft.pick(roles::ACTOR, 60, |column, _| {
            let still = draft.within[column.index].is_constant() && draft.within[column.index].cases >= 3;
            owner_points(draft, column).filter(|_| !still && !has_word(column, &["role", "type", "group", "team"]))
        });
        take(draft, Role::Actor, pick);
    }
    map_performer(draft, family);
    if !draft.is_decided(Role::Requester) {
        let pick = draft.pick(roles::REQUESTER, 70, |column, _| is_name(column).then_some(0));
        take(draft, Role::Requester, pick);
    }
    for role in [Role::Assignee, Role::Group] {
        note_constant(draft, role);
    }
}

/// Words of values that name a part of a company above its teams.
const ABOVE_TEAMS: &[&str] =
    &["line", "division", "department", "business unit", "country", "region", "bereich", "abteilung", "divisione"];

/// Words of values that name a tier of support, as teams do.
const TIERS: &[&str] = &["1st", "2nd", "3rd", "l1", "l2", "l3", "tier 1", "tier 2", "tier 3", "level 1", "level 2"];

/// What the values of a column say about its being a team.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Values {
    AboveTeams,
    Tiers,
    Names,
}

impl Values {
    fn of(column: &Column) -> Values {
        let with = |words: &[&'static str]| {
            let rows = column.known().filter(|(value, _)| Words::new(value).first_of(words).is_some());
            share(rows.map(|(_, rows)| rows).sum(), column.filled)
        };
        if with(ABOVE_TEAMS) >= 0.8 {
            Values::AboveTeams
        } else if with(TIERS) >= 0.3 {
            Values::Tiers
        } else {
            Values::Names
        }
    }

    fn points(self) -> i32 {
        match self {
            Values::AboveTeams => -30,
            Values::Tiers => 10,
            Values::Names => 0,
        }
    }

    fn why(self) -> &'static str {
        match self {
            Values::AboveTeams => "; its values name what stands above teams, and there is no better column",
            Values::Tiers => "; its values name tiers of support",
            Values::Names => "",
        }
    }
}

fn map_group(draft: &mut Draft) {
    let varying = |column: &Column| draft.within[column.index].varying_share();
    // where a group by name is none by its values, a role that moves more is the better answer
    let above =
        draft.profile.columns.iter().filter(|column| {
            weigh(&column.words, roles::GROUP).weight >= 70 && Values::of(column) == Values::AboveTeams
        });
    let above = above.map(varying).max_by(f64::total_cmp);
    let pick = draft.pick(roles::GROUP, 56, |column, name| {
        let points = owner_points(draft, column)? + Values::of(column).points();
        let moving = varying(column) >= 0.3 || above.is_some_and(|above| varying(column) > above);
        if name.weight >= 70 {
            return Some(points);
        }
        // a role or a department is a team only where it moves and names no part in the conversation
        let part = column.known().any(|(value, _)| {
            matches!(
                value.to_lowercase().as_str(),
                "assignee" | "reporter" | "requester" | "end-user" | "customer" | "others"
            )
        });
        (moving && !part && column.distinct > 1).then_some(points + 12)
    });
    let Some(pick) = pick else { return };
    let stands_in = match pick.name.phrase {
        "role" | "org role" | "rolle" | "rol" => "; the role stands in for the group",
        "department" | "abteilung" | "reparto" | "afdeling" | "部署" | "部門" | "setor" => {
            "; the department stands in for the group"
        }
        _ => "",
    };
    let values = Values::of(&draft.profile.columns[pick.column]).why();
    let why = format!("{}{stands_in}{values}", evidence(draft, pick.column));
    draft.take(Role::Group, pick.column, why);
}

/// The performer of an activity is its actor, and its owner where none is named.
fn map_performer(draft: &mut Draft, family: Family) {
    let pick = draft.pick(roles::PERFORMER, 74, |column, _| {
        owner_points(draft, column).filter(|_| !has_word(column, &["role", "group", "team", "type", "agent group"]))
    });
    // without acts there is nothing to own: the author of a comment owns no case
    let may_own =
        !draft.is_decided(Role::Assignee) && (draft.has(Role::Activity).is_some() || draft.has(Role::State).is_some());
    match family {
        Family::Activity | Family::StartEnd => {
            if draft.is_decided(Role::Actor) {
                if let Some(pick) = pick.filter(|_| may_own) {
                    let why = format!("{}; the performer stands in for the owner", evidence(draft, pick.column));
                    draft.take(Role::Assignee, pick.column, why);
                }
            } else if let Some(pick) = pick {
                let why = evidence(draft, pick.column);
                draft.take(Role::Actor, pick.column, why.clone());
                if may_own {
                    draft.take(Role::Assignee, pick.column, format!("{why}; the performer stands in for the owner"));
                }
            }
        }
        Family::Snapshot => {
            let Some(pick) = pick else { return };
            let user = pick.name.phrase.contains("user")
                || matches!(pick.name.phrase, "utilisateur" | "usuario" | "utente" | "gebruiker" | "benutzer");
            let role = if user { Role::Actor } else { Role::Assignee };
            if !draft.is_decided(role) {
                let why = evidence(draft, pick.column);
                draft.take(role, pick.column, why);
            }
        }
    }
}

fn take(draft: &mut Draft, role: Role, pick: Option<Pick>) {
    if let Some(pick) = pick {
        let why = evidence(draft, pick.column);
        draft.take(role, pick.column, why);
    }
}

fn evidence(draft: &Draft, column: usize) -> String {
    let (column, within) = (&draft.profile.columns[column], draft.within[column]);
    if draft.has_history() {
        format!(
            "name {}; {} values; varies in {} of cases",
            shown(&column.name),
            column.distinct,
            percent(within.varying_share())
        )
    } else {
        format!("name {}; {} values", shown(&column.name), column.distinct)
    }
}

/// `None` for a column that cannot hold names; less for attributes of the whole case.
fn owner_points(draft: &Draft, column: &Column) -> Option<i32> {
    if !is_name(column) {
        return None;
    }
    let within = draft.within[column.index];
    let still = if within.is_constant() && within.cases >= 3 { -6 } else { 0 };
    Some(still + if is_case_attribute(&column.name) { -25 } else { 0 })
}

fn is_name(column: &Column) -> bool {
    let other = NOT_A_NAME.iter().any(|word| column.words.ends(word));
    let sentence = column.mean_chars > 60.0 && column.phrase_share > 0.5;
    !other && !sentence && !column.is_date() && !is_yes_or_no(column) && column.decimal_share < 0.1 && column.filled > 0
}

/// A flag in words; two people with the ids 0 and 1 are no flag.
fn is_yes_or_no(column: &Column) -> bool {
    column.is_flag() && column.integer_share < 0.5
}

fn has_word(column: &Column, words: &[&'static str]) -> bool {
    column.words.first_of(words).is_some()
}

fn note_constant(draft: &mut Draft, role: Role) {
    let Some(column) = draft.has(role) else { return };
    let within = draft.within[column];
    if within.cases >= 10 && within.varying == 0 && draft.profile.columns[column].distinct > 1 {
        let name = shown(&draft.profile.columns[column].name);
        let message =
            format!("{name} ({}) never changes within a case: it may hold the last owner only", role.as_str());
        draft.note(message, "export the owner with every change; until then do not trust the figures on handoffs");
    }
}

/// True when a name speaks for an owner or a person.
pub(super) fn speaks_for_people(column: &Column) -> bool {
    let lexicons: [Lexicon; 5] = [roles::GROUP, roles::ASSIGNEE, roles::ACTOR, roles::PERFORMER, roles::REQUESTER];
    lexicons.iter().any(|lexicon| weigh(&column.words, lexicon).weight >= 76)
}
