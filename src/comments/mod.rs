//! What a comment is for: the marks that its words and its place among the other comments give it.
//!
//! A comment goes in as text with who wrote it and who may read it, and leaves as [`Marks`]; the text is not kept. Words
//! are compared with [`Lexicon`]s, which are data; [`behaviour`] looks at who wrote before. This module reads no log
//! and decides no bucket of coordination.

pub mod behaviour;
mod body;
mod fold;
mod heard;
pub mod lexicon;
mod phrases;
mod recogniser;
#[rustfmt::skip] // tables of words
mod sides;
mod table;
#[cfg(test)]
mod tests;

pub use heard::Heard;
pub use lexicon::Lexicon;
pub use recogniser::{Hit, Recogniser, Scratch};
pub use sides::{visibility_of, writer_of};

/// What a comment is for: any number of purposes, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Marks(u16);

impl Marks {
    /// No purpose that is known.
    pub const NONE: Marks = Marks(0);
    /// Asks how a matter stands, or demands that it moves on.
    pub const CHASE: Marks = Marks(1);
    /// Is a chase by somebody outside the team who had no reply to the one before.
    pub const RE_PING: Marks = Marks(1 << 1);
    /// Says that its writer presses somebody else for their part.
    pub const FOLLOW_UP: Marks = Marks(1 << 2);
    /// Asks for information that its writer needs to go on.
    pub const REQUEST: Marks = Marks(1 << 3);
    /// Supplies information.
    pub const REPLY: Marks = Marks(1 << 4);
    /// Tells somebody outside the team how a matter stands.
    pub const UPDATE: Marks = Marks(1 << 5);
    /// Reminds its reader of what is still owed.
    pub const REMINDER: Marks = Marks(1 << 6);
    /// Raises a matter to a higher level or priority.
    pub const ESCALATION: Marks = Marks(1 << 7);
    /// Thanks, greets or acknowledges, and nothing else.
    pub const THANKS: Marks = Marks(1 << 8);

    /// The single marks with the names used in lexicons and documents, in their order.
    pub const NAMED: [(&'static str, Marks); 9] = [
        ("chase", Marks::CHASE),
        ("re-ping", Marks::RE_PING),
        ("follow-up", Marks::FOLLOW_UP),
        ("request", Marks::REQUEST),
        ("reply", Marks::REPLY),
        ("update", Marks::UPDATE),
        ("reminder", Marks::REMINDER),
        ("escalation", Marks::ESCALATION),
        ("thanks", Marks::THANKS),
    ];

    /// The single mark of a name of [`Marks::NAMED`].
    #[must_use]
    pub fn named(name: &str) -> Option<Marks> {
        Marks::NAMED.iter().find(|(known, _)| *known == name).map(|(_, mark)| *mark)
    }

    /// The names of the marks, in their order.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        Marks::NAMED.into_iter().filter(move |(_, mark)| self.has(*mark)).map(|(name, _)| name)
    }

    /// True when any of `other` is among these marks.
    #[must_use]
    pub fn has(self, other: Marks) -> bool {
        self.0 & other.0 != 0
    }

    /// True when there is no mark.
    #[must_use]
    pub fn is_none(self) -> bool {
        self == Marks::NONE
    }

    /// These marks and those of `other`.
    #[must_use]
    pub const fn and(self, other: Marks) -> Marks {
        Marks(self.0 | other.0)
    }

    /// These marks but for those of `other`.
    #[must_use]
    pub fn without(self, other: Marks) -> Marks {
        Marks(self.0 & !other.0)
    }

    /// The bits, for a column.
    #[must_use]
    pub fn bits(self) -> u16 {
        self.0
    }
}

/// Who wrote a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Writer {
    /// The one who asked for the work.
    Requester,
    /// Somebody else outside the team.
    Outside,
    /// The team that does the work.
    Team,
    /// Nobody knows; conditions on the writer hold.
    #[default]
    Unknown,
}

impl Writer {
    /// Sides on which a writer may stand.
    pub(crate) const SIDES: usize = 3;

    /// The number of the side: the team, outside, unknown.
    #[must_use]
    pub(crate) fn side(self) -> usize {
        match self {
            Writer::Team => 0,
            Writer::Requester | Writer::Outside => 1,
            Writer::Unknown => 2,
        }
    }

    /// True for those who wait for the team.
    #[must_use]
    pub fn is_outside(self) -> bool {
        matches!(self, Writer::Requester | Writer::Outside)
    }
}

/// Who may read a comment.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Visibility {
    /// Everybody, the requester too.
    Public,
    /// The team alone.
    Private,
    /// Nobody knows; taken as public.
    #[default]
    Unknown,
}

/// What is known of a comment beside its text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Who wrote it.
    pub writer: Writer,
    /// Who may read it.
    pub visibility: Visibility,
    /// True for the first comment of a case where that is its description: it has no marks.
    pub opens_case: bool,
}

impl Context {
    /// True for what this writer says in public.
    fn is_public_by(self, writer: Writer) -> bool {
        self.visibility == Visibility::Public && self.writer == writer
    }

    /// Of the marks found in one sentence those that it is for.
    ///
    /// A sentence that asks how things stand neither asks for facts nor gives any; one that reminds tells nothing new; who
    /// tells colleagues of a reminder or of silence follows up, and who says so to others reminds or chases.
    fn prevailing(self, found: Marks) -> Marks {
        let mut marks = found;
        if marks.has(Marks::CHASE.and(Marks::RE_PING)) {
            marks = marks.without(Marks::REQUEST.and(Marks::REPLY).and(Marks::UPDATE));
        }
        let presses = Marks::REMINDER.and(Marks::RE_PING);
        if marks.has(presses) {
            marks = marks.without(Marks::UPDATE);
        }
        if marks.has(Marks::FOLLOW_UP) && marks.has(presses) {
            let colleagues = self.visibility == Visibility::Private;
            marks = marks.without(if colleagues { presses } else { Marks::FOLLOW_UP });
        }
        marks
    }

    /// What marks found in the words mean here.
    fn settle(self, found: Marks) -> Marks {
        if self.opens_case {
            return Marks::NONE;
        }
        let mut marks = found;
        if self.writer.is_outside() {
            // What others tell of their own side informs the team.
            if marks.has(Marks::UPDATE) {
                marks = marks.and(Marks::REPLY);
            }
            marks = marks.without(Marks::UPDATE.and(Marks::FOLLOW_UP));
            if marks.has(Marks::REMINDER) {
                marks = marks.and(Marks::CHASE);
            }
        }
        if self.writer == Writer::Team {
            marks = marks.without(Marks::RE_PING);
        }
        if self.visibility == Visibility::Private {
            marks = marks.without(Marks::UPDATE.and(Marks::REPLY));
        }
        if marks.has(Marks::RE_PING) {
            marks = marks.and(Marks::CHASE);
        }
        if marks == Marks::THANKS { marks } else { marks.without(Marks::THANKS) }
    }
}
