//! Which column plays which role: flags over configuration over a guess with its evidence.
//!
//! Name evidence (`names`) and content evidence (`profile`) are added per role and column. A guess
//! that could be silently wrong is refused; whether a date can be parsed is told by the caller,
//! and nothing of the log is changed here.

mod acts;
mod attributes;
pub mod canonical;
mod case_time;
mod draft;
mod leaks;
mod nulls;
mod owners;
mod refuse;
mod shape;
mod wanted;

use super::profile::Profile;
pub use super::profile::Sample;
pub use crate::config::Family;
use crate::error::Result;
use draft::Draft;
pub use wanted::Overrides;

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// The case the event belongs to.
    Case,
    /// When the event happened; with a start, when the activity ended.
    Time,
    /// When the activity started.
    Start,
    /// When the activity could have started.
    Enabled,
    /// What was done.
    Activity,
    /// The state of the case.
    State,
    /// The team that owns the case.
    Group,
    /// The person who owns the case.
    Assignee,
    /// The person who acted.
    Actor,
    /// What was written.
    Comment,
    /// Whether the requester can read the comment.
    CommentVisibility,
    /// On which side the writer of the comment stands.
    CommentWriter,
    /// The priority.
    Priority,
    /// Who asked.
    Requester,
    /// How the case ended.
    Outcome,
    /// A number that orders events of equal time.
    TieBreak,
    /// An attribute to cut numbers by.
    Segment,
    /// The system's counter of reassignments.
    ReassignmentCount,
    /// The system's counter of reopens.
    ReopenCount,
    /// The system's counter of updates.
    UpdateCount,
}

impl Role {
    /// The name of the role in configuration, findings and, with dashes, in flags.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Case => "case",
            Role::Time => "time",
            Role::Start => "start",
            Role::Enabled => "enabled",
            Role::Activity => "activity",
            Role::State => "state",
            Role::Group => "group",
            Role::Assignee => "assignee",
            Role::Actor => "actor",
            Role::Comment => "comment",
            Role::CommentVisibility => "comment_visibility",
            Role::CommentWriter => "comment_writer",
            Role::Priority => "priority",
            Role::Requester => "requester",
            Role::Outcome => "outcome",
            Role::TieBreak => "tie_break",
            Role::Segment => "segments",
            Role::ReassignmentCount => "reassignment_count",
            Role::ReopenCount => "reopens",
            Role::UpdateCount => "updates",
        }
    }

    /// The flag that sets the role.
    #[must_use]
    pub fn flag(self) -> String {
        match self {
            Role::Segment => "--segment".to_owned(),
            role => format!("--{}", role.as_str().replace('_', "-")),
        }
    }
}

/// Who decided.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// A flag.
    Flag,
    /// The configuration file.
    Config,
    /// The guess.
    Guess,
}

impl How {
    /// The name used in findings.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            How::Flag => "flag",
            How::Config => "config",
            How::Guess => "guess",
        }
    }
}

/// One role of one column. A column may have several roles.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mapped {
    /// The role.
    pub role: Role,
    /// Position in the header, from 0.
    pub column: usize,
    /// The header text.
    pub name: String,
    /// Who decided.
    pub how: How,
    /// One short phrase of evidence.
    pub why: String,
}

/// A text of a column that stands, or may stand, for nothing.
#[derive(Clone, Debug, PartialEq)]
pub struct NullLiteral {
    /// Position in the header, from 0.
    pub column: usize,
    /// The text as written.
    pub literal: String,
    /// Share of rows with it.
    pub share: f64,
    /// True when it is read as empty; false when it is only proposed.
    pub applied: bool,
    /// Who decided.
    pub how: How,
    /// One short phrase of evidence.
    pub why: String,
}

/// A column that knows the future: a label, never evidence about an earlier moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leaky {
    /// Position in the header, from 0.
    pub column: usize,
    /// One short phrase of evidence.
    pub why: String,
}

/// Something a person should know beside the mapping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What was seen.
    pub message: String,
    /// What to do about it.
    pub hint: String,
}

/// The answer: what every column means.
#[derive(Clone, Debug, PartialEq)]
pub struct Mapping {
    /// The shape of the export.
    pub family: Family,
    /// The evidence for the shape.
    pub family_why: String,
    /// Who decided the shape.
    pub family_how: How,
    /// Roles, by role and then by rank.
    pub columns: Vec<Mapped>,
    /// Texts that stand for nothing, by column.
    pub nulls: Vec<NullLiteral>,
    /// Columns that know the future, by column.
    pub leaky: Vec<Leaky>,
    /// True when an empty owner means unassigned, false when it means unchanged.
    pub missing_owner_unassigned: bool,
    /// The evidence for that.
    pub missing_owner_why: String,
    /// Columns whose change between two events is visible: all but time, actor, update counter, row numbers and leaky ones.
    pub visible: Vec<usize>,
    /// Resolution of the times where the columns say it rather than the times themselves, ms.
    pub resolution_ms: Option<i64>,
    /// What a person should know beside the mapping.
    pub notes: Vec<Note>,
}

impl Mapping {
    /// The first column with a role.
    #[must_use]
    pub fn role(&self, role: Role) -> Option<&Mapped> {
        self.columns.iter().find(|mapped| mapped.role == role)
    }

    /// The column in which the source system counts the updates of a case.
    #[must_use]
    pub fn counter(&self) -> Option<&Mapped> {
        self.role(Role::TieBreak).or_else(|| self.role(Role::UpdateCount))
    }

    /// The position of the first column with a role.
    #[must_use]
    pub fn column(&self, role: Role) -> Option<usize> {
        self.role(role).map(|mapped| mapped.column)
    }
}

/// Maps the columns of a sample. `file` names the source in refusals; `is_date` says whether a text reads as a date.
///
/// # Errors
/// An input problem where no case or no time column is recognisable or two are equally good; a
/// usage problem where a flag or the configuration names a column that is missing or doubled.
pub fn guess(sample: &Sample, wanted: &Overrides, file: &str, is_date: &dyn Fn(&str) -> bool) -> Result<Mapping> {
    let profile = Profile::new(sample, is_date);
    let mut draft = Draft::new(&profile, wanted, file)?;
    if let Some(mapping) = canonical::mapping(&mut draft, wanted) {
        return Ok(mapping);
    }
    case_time::map_case(&mut draft)?;
    case_time::map_times(&mut draft)?;
    acts::map(&mut draft)?;
    let (family, family_why, family_how) = shape::family(&draft, wanted);
    owners::map(&mut draft, family);
    attributes::map(&mut draft);
    let leaky = leaks::find(&draft);
    attributes::map_segments(&mut draft, &leaky);
    let nulls = nulls::find(&draft, wanted);
    let (missing_owner_unassigned, missing_owner_why) = shape::missing_owner(&draft, wanted, family);
    let visible = shape::visible(&draft, &leaky);
    shape::note_limits(&mut draft);
    let (mut columns, notes) = draft.finish();
    columns.sort_by_key(|mapped| mapped.role);
    Ok(Mapping {
        family,
        family_why,
        family_how,
        columns,
        nulls,
        leaky,
        missing_owner_unassigned,
        missing_owner_why,
        visible,
        resolution_ms: None,
        notes,
    })
}

#[cfg(test)]
mod tests;
