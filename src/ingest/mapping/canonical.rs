//! Columns as `wcaf convert` writes them: their names say what they are, and nothing is guessed.
//!
//! One column without cells, `wcaf:FAMILY:OWNER:RESOLUTION`, tells such a table from others and says what its columns
//! cannot: the family, what an empty owner means, and the resolution of the times in milliseconds.

use super::draft::Draft;
use super::wanted::Overrides;
use super::{How, Mapping, NullLiteral, Role, nulls};
use crate::config::{Family, MissingOwner};

/// Beginning of the name of the column that marks such a table.
const MARK: &str = "wcaf";

/// Column that changes where something changed that has no column of its own.
pub const VISIBLE: &str = "visible";

/// Stands before the name of a column of the source of which only the name is kept.
const DROPPED: &str = "dropped";

/// Stands before the name of a segment that would else be taken for another column.
const SEGMENT: &str = "segment";

const WHY: &str = "a column of canonical events";

/// Roles whose column is named like the role.
const ROLES: [Role; 17] = [
    Role::Case,
    Role::Time,
    Role::Start,
    Role::Enabled,
    Role::Activity,
    Role::State,
    Role::Group,
    Role::Assignee,
    Role::Actor,
    Role::Comment,
    Role::CommentVisibility,
    Role::CommentWriter,
    Role::Requester,
    Role::Priority,
    Role::TieBreak,
    Role::ReassignmentCount,
    Role::ReopenCount,
];

/// Roles whose column may say how the source calls it: `priority:Impact`.
const NAMED: [Role; 6] = [
    Role::Activity,
    Role::CommentVisibility,
    Role::Priority,
    Role::TieBreak,
    Role::ReassignmentCount,
    Role::ReopenCount,
];

/// What a table says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mark {
    /// The shape of the source.
    pub family: Family,
    /// What an empty owner means.
    pub missing_owner: MissingOwner,
    /// Resolution of the times of the source, ms.
    pub resolution_ms: i64,
}

impl Mark {
    /// The name of the column that says it.
    #[must_use]
    pub fn column(self) -> String {
        let owner = match self.missing_owner {
            MissingOwner::Unassigned => "unassigned",
            MissingOwner::Unchanged => "unchanged",
        };
        format!("{MARK}:{}:{owner}:{}", self.family.as_str(), self.resolution_ms)
    }

    fn of(column: &str) -> Option<Mark> {
        let mut parts = column.strip_prefix(MARK)?.strip_prefix(':')?.split(':');
        let (family, owner, resolution) = (parts.next()?, parts.next()?, parts.next()?);
        let families = [Family::Activity, Family::Snapshot, Family::StartEnd];
        let family = families.into_iter().find(|known| known.as_str() == family)?;
        let missing_owner = match owner {
            "unassigned" => MissingOwner::Unassigned,
            "unchanged" => MissingOwner::Unchanged,
            _ => return None,
        };
        let resolution_ms = resolution.parse().ok().filter(|ms| [1, 1_000, 60_000, 86_400_000].contains(ms))?;
        parts.next().is_none().then_some(Mark { family, missing_owner, resolution_ms })
    }
}

/// What a column of such a table is.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Meaning<'n> {
    /// A role, and how the source calls its column.
    Role(Role, &'n str),
    Visible,
    Dropped,
    Mark,
}

fn meaning(column: &str) -> Meaning<'_> {
    if let Some(role) = ROLES.into_iter().find(|role| role.as_str() == column) {
        return Meaning::Role(role, column);
    }
    if column == VISIBLE {
        return Meaning::Visible;
    }
    if Mark::of(column).is_some() {
        return Meaning::Mark;
    }
    if let Some((kind, name)) = column.split_once(':') {
        if kind == DROPPED {
            return Meaning::Dropped;
        }
        if kind == SEGMENT {
            return Meaning::Role(Role::Segment, name);
        }
        if let Some(role) = NAMED.into_iter().find(|role| role.as_str() == kind) {
            return Meaning::Role(role, name);
        }
    }
    Meaning::Role(Role::Segment, column)
}

/// The name of the column of a role that the source calls `name`.
#[must_use]
pub fn column(role: Role, name: &str) -> String {
    if role == Role::Segment {
        let own = matches!(meaning(name), Meaning::Role(Role::Segment, read) if read == name);
        return if own { name.to_owned() } else { format!("{SEGMENT}:{name}") };
    }
    if NAMED.contains(&role) && name != role.as_str() {
        format!("{}:{name}", role.as_str())
    } else {
        role.as_str().to_owned()
    }
}

/// The name that a column had before it was left out of a canonical table.
#[must_use]
pub fn exported(name: &str) -> &str {
    name.strip_prefix(DROPPED).and_then(|name| name.strip_prefix(':')).unwrap_or(name)
}

/// The name of a column without cells that keeps the name of a column of the source.
#[must_use]
pub fn dropped(name: &str) -> String {
    if meaning(name) == Meaning::Dropped { name.to_owned() } else { format!("{DROPPED}:{name}") }
}

/// Whether a column is named after a service level or its end.
#[must_use]
pub fn speaks_of_sla(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.split(|c: char| !c.is_alphanumeric()).any(|word| word == "sla")
        || lower.contains("due_date")
        || lower.contains("deadline")
}

/// The mapping of a table that is marked; `None` for any other. What is wanted beats what the names say.
pub(super) fn mapping(draft: &mut Draft, wanted: &Overrides) -> Option<Mapping> {
    let names: Vec<String> = draft.profile.columns.iter().map(|column| column.name.clone()).collect();
    let mark = names.iter().find_map(|name| Mark::of(name))?;
    let mut visible = Vec::new();
    for (column, name) in names.iter().enumerate() {
        match meaning(name) {
            Meaning::Role(Role::Segment, _) if draft.segments_given() => {}
            Meaning::Role(Role::Segment, name) => draft.take_named(Role::Segment, column, name, WHY),
            Meaning::Role(role, name) if !draft.is_decided(role) => draft.take_named(role, column, name, WHY),
            Meaning::Visible => visible.push(column),
            Meaning::Role(..) | Meaning::Dropped | Meaning::Mark => {}
        }
    }
    if draft.has(Role::Case).is_none() || draft.has(Role::Time).is_none() {
        return None;
    }
    let nulls: Vec<NullLiteral> =
        nulls::find(draft, wanted).into_iter().filter(|null| null.how != How::Guess).collect();
    let (family, family_how) = wanted.family.unwrap_or((mark.family, How::Guess));
    let (missing_owner, owner_how) = wanted.missing_owner.unwrap_or((mark.missing_owner, How::Guess));
    let why = |how: How| match how {
        How::Flag => "set by a flag",
        How::Config => "set in the configuration",
        How::Guess => "the canonical events say so",
    };
    let (mut columns, notes) = draft.take_result();
    columns.sort_by_key(|mapped| mapped.role);
    Some(Mapping {
        family,
        family_why: why(family_how).to_owned(),
        family_how,
        columns,
        nulls,
        leaky: Vec::new(),
        missing_owner_unassigned: missing_owner == MissingOwner::Unassigned,
        missing_owner_why: why(owner_how).to_owned(),
        visible,
        resolution_ms: Some(mark.resolution_ms),
        notes,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_say_what_a_column_is() {
        let mark = Mark { family: Family::Snapshot, missing_owner: MissingOwner::Unassigned, resolution_ms: 60_000 };
        assert_eq!(mark.column(), "wcaf:snapshot:unassigned:60000");
        assert_eq!(Mark::of(&mark.column()), Some(mark));
        for wrong in
            ["wcaf", "wcaf:snapshot", "wcaf:x:unassigned:1", "wcaf:activity:unchanged:7", "wcaf:activity:unchanged:1:"]
        {
            assert_eq!(Mark::of(wrong), None, "{wrong}");
        }
        for name in [
            "category",
            "case:channel",
            "state",
            "priority:x",
            "segment:y",
            "visible",
            "wcaf:activity:unchanged:1",
            "dropped:z",
        ] {
            let written = column(Role::Segment, name);
            assert_eq!(meaning(&written), Meaning::Role(Role::Segment, name), "{written}");
        }
        for (role, name, written) in [
            (Role::Case, "number", "case"),
            (Role::Priority, "priority", "priority"),
            (Role::Priority, "Impact: all", "priority:Impact: all"),
            (Role::ReopenCount, "reopen_count", "reopens:reopen_count"),
        ] {
            assert_eq!(column(role, name), written);
            assert!(matches!(meaning(written), Meaning::Role(read, _) if read == role), "{written}");
        }
    }
}
