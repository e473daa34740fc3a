//! What flags and the configuration say about columns, before a header is known.

use super::{How, Role};
use crate::config::{Config, Family, MissingOwner};

/// A column name for a role; an empty name maps none.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wanted {
    /// The role.
    pub role: Role,
    /// The column as the user wrote it: its name, or `#3` for the third.
    pub column: String,
    /// Flag or configuration.
    pub how: How,
}

/// Texts that stand for nothing, for one column or, without a column, for all that have none of their own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WantedNulls {
    /// The column as the user wrote it.
    pub column: Option<String>,
    /// The texts.
    pub literals: Vec<String>,
    /// Flag or configuration.
    pub how: How,
}

/// Flags over configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Overrides {
    /// Columns of roles; a later entry for a role other than a segment replaces an earlier one.
    pub columns: Vec<Wanted>,
    /// True when the segments are given and none is guessed.
    pub segments_given: bool,
    /// Null literals.
    pub nulls: Vec<WantedNulls>,
    /// The shape of the export.
    pub family: Option<(Family, How)>,
    /// What an empty owner means.
    pub missing_owner: Option<(MissingOwner, How)>,
}

impl Overrides {
    /// What a configuration says.
    #[must_use]
    pub fn from_config(config: &Config) -> Self {
        let mapping = &config.mapping;
        let mut wanted = Overrides {
            family: config.family.map(|family| (family, How::Config)),
            missing_owner: config.missing_owner.map(|means| (means, How::Config)),
            ..Overrides::default()
        };
        let roles = [
            (Role::Case, &mapping.case),
            (Role::Time, &mapping.time),
            (Role::Start, &mapping.start),
            (Role::Enabled, &mapping.enabled),
            (Role::Activity, &mapping.activity),
            (Role::State, &mapping.state),
            (Role::Group, &mapping.group),
            (Role::Assignee, &mapping.assignee),
            (Role::Actor, &mapping.actor),
            (Role::Comment, &mapping.comment),
            (Role::CommentVisibility, &mapping.comment_visibility),
            (Role::CommentWriter, &mapping.comment_writer),
            (Role::Priority, &mapping.priority),
            (Role::Requester, &mapping.requester),
            (Role::Outcome, &mapping.outcome),
            (Role::TieBreak, &mapping.tie_break),
            (Role::ReassignmentCount, &mapping.counters.reassignment_count),
            (Role::ReopenCount, &mapping.counters.reopens),
            (Role::UpdateCount, &mapping.counters.updates),
        ];
        for (role, column) in roles {
            if let Some(column) = column {
                wanted.set(role, column, How::Config);
            }
        }
        if let Some(segments) = &mapping.segments {
            wanted.set_segments(segments, How::Config);
        }
        for (column, literals) in &mapping.nulls {
            let column = (column != "default").then(|| column.clone());
            wanted.nulls.push(WantedNulls { column, literals: literals.clone(), how: How::Config });
        }
        wanted
    }

    /// Sets one role from a flag.
    pub fn flag(&mut self, role: Role, column: &str) {
        self.set(role, column, How::Flag);
    }

    /// Sets one role; a later answer replaces an earlier one.
    pub fn set(&mut self, role: Role, column: &str, how: How) {
        self.columns.retain(|wanted| wanted.role != role || role == Role::Segment);
        self.columns.push(Wanted { role, column: column.to_owned(), how });
    }

    /// Sets the segments, which are then not guessed.
    pub fn set_segments(&mut self, columns: &[String], how: How) {
        self.columns.retain(|wanted| wanted.role != Role::Segment);
        self.segments_given = true;
        for column in columns {
            self.set(Role::Segment, column, how);
        }
    }
}
