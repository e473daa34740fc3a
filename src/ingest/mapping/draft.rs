//! The mapping while it is being made: the profile, what is wanted, and what is decided so far.

use super::wanted::Overrides;
use super::{How, Mapped, Note, Role, refuse};
use crate::error::{Problem, Result};
use crate::ingest::names::{Lexicon, NameMatch, weigh};
use crate::ingest::profile::{Cases, Column, Profile, Within};

/// Everything the steps of the guess share.
pub(super) struct Draft<'a> {
    /// The measured columns.
    pub profile: &'a Profile,
    /// The source, for refusals.
    pub file: &'a str,
    /// The rows of each case, once the case column is known.
    pub cases: Cases,
    /// How each column behaves within the cases.
    pub within: Vec<Within>,
    /// True for a role that flags or configuration decided, mapped or not.
    decided: Vec<Role>,
    segments_given: bool,
    columns: Vec<Mapped>,
    notes: Vec<Note>,
}

impl<'a> Draft<'a> {
    /// Begins with what flags and configuration say.
    pub fn new(profile: &'a Profile, wanted: &Overrides, file: &'a str) -> Result<Self> {
        let mut draft = Draft {
            profile,
            file,
            cases: Cases { rows: Vec::new() },
            within: vec![Within::default(); profile.columns.len()],
            decided: Vec::new(),
            segments_given: wanted.segments_given,
            columns: Vec::new(),
            notes: Vec::new(),
        };
        for want in &wanted.columns {
            draft.decided.push(want.role);
            if want.column.is_empty() {
                if matches!(want.role, Role::Case | Role::Time) {
                    let message = format!("the {} column cannot be left out", want.role.as_str());
                    return Err(Problem::usage(message).in_file(file));
                }
                continue;
            }
            let column = refuse::resolve(profile, &want.column, want.role, want.how, file)?;
            let why = match want.how {
                How::Flag => format!("set by {}", want.role.flag()),
                How::Config | How::Guess => "set in the configuration".to_owned(),
            };
            draft.push(want.role, column, want.how, why);
        }
        Ok(draft)
    }

    /// Records a guess.
    pub fn take(&mut self, role: Role, column: usize, why: String) {
        self.push(role, column, How::Guess, why);
    }

    /// Records what a column says of itself, `name` being what the source called it.
    pub fn take_named(&mut self, role: Role, column: usize, name: &str, why: &str) {
        self.columns.push(Mapped { role, column, name: name.to_owned(), how: How::Guess, why: why.to_owned() });
    }

    fn push(&mut self, role: Role, column: usize, how: How, why: String) {
        let name = self.profile.columns[column].name.clone();
        self.columns.push(Mapped { role, column, name, how, why });
    }

    /// Adds a sentence for the person and what to do about it.
    pub fn note(&mut self, message: String, hint: impl Into<String>) {
        self.notes.push(Note { message, hint: hint.into() });
    }

    /// The column of a role, if mapped.
    pub fn has(&self, role: Role) -> Option<usize> {
        self.columns.iter().find(|mapped| mapped.role == role).map(|mapped| mapped.column)
    }

    /// True when the role is mapped or was set to none: nothing is left to guess.
    pub fn is_decided(&self, role: Role) -> bool {
        self.decided.contains(&role) || self.has(role).is_some()
    }

    /// True when the segments are given.
    pub fn segments_given(&self) -> bool {
        self.segments_given
    }

    /// The roles of a column.
    pub fn roles_of(&self, column: usize) -> impl Iterator<Item = Role> {
        self.columns.iter().filter(move |mapped| mapped.column == column).map(|mapped| mapped.role)
    }

    /// True when the column has a role already.
    pub fn is_taken(&self, column: usize) -> bool {
        self.roles_of(column).next().is_some()
    }

    /// True when cases of several rows exist, so that behaviour within a case is evidence.
    pub fn has_history(&self) -> bool {
        self.cases.repeated() >= 1
    }

    /// Groups the rows by the case column and measures every column within the cases.
    pub fn group_by(&mut self, case: usize) {
        self.cases = Cases::new(&self.profile.columns[case]);
        self.measure();
    }

    /// Orders the rows of the cases by a date column and measures again.
    pub fn order_by(&mut self, time: usize) {
        let moments = self.profile.moments(time);
        self.cases.sort_by(&moments);
        self.measure();
    }

    fn measure(&mut self) {
        self.within = self.profile.columns.iter().map(|column| self.cases.within(column)).collect();
    }

    /// The best free column of a lexicon: name weight plus what `adjust` adds, at least `least`. `adjust` may veto with `None`.
    pub fn pick(
        &self,
        lexicon: Lexicon,
        least: i32,
        adjust: impl Fn(&Column, NameMatch) -> Option<i32>,
    ) -> Option<Pick> {
        let mut best: Option<Pick> = None;
        for column in &self.profile.columns {
            if crate::ingest::names::is_technical(&column.name) || self.is_taken(column.index) {
                continue;
            }
            let name = weigh(&column.words, lexicon);
            if name.weight == 0 {
                continue;
            }
            let Some(added) = adjust(column, name) else { continue };
            let total = name.weight + added;
            if total >= least && best.as_ref().is_none_or(|best| total > best.total) {
                best = Some(Pick { column: column.index, name, total });
            }
        }
        best
    }

    /// Hands over what was decided.
    pub fn finish(mut self) -> (Vec<Mapped>, Vec<Note>) {
        self.take_result()
    }

    /// Hands over what was decided and forgets it.
    pub fn take_result(&mut self) -> (Vec<Mapped>, Vec<Note>) {
        (std::mem::take(&mut self.columns), std::mem::take(&mut self.notes))
    }
}

/// A candidate that won.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pick {
    /// Position in the header.
    pub column: usize,
    /// The name evidence.
    pub name: NameMatch,
    /// Name and content together.
    pub total: i32,
}

/// A share as whole per cent, never rounded up to all or down to nothing.
pub(super) fn percent(share: f64) -> String {
    let rounded = (share * 100.0).round();
    if share > 0.0 && rounded < 1.0 {
        "under 1 %".to_owned()
    } else if share < 1.0 && rounded > 99.0 {
        "over 99 %".to_owned()
    } else {
        format!("{rounded:.0} %")
    }
}
