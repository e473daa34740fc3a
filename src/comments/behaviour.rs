//! Marks from who wrote and what happened before, whatever the words.
//!
//! It looks at the comments of one case in their order and gives marks beside those of the words. It reads no text.

use super::{Marks, Visibility, Writer};

/// An addition by the same person within this time belongs to the comment before: one hour, in milliseconds.
pub const SAME_MESSAGE_MS: i64 = 3_600_000;

/// A comment among the others of its case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Said {
    /// When, in milliseconds since 1970.
    pub at_ms: i64,
    /// Who, as a code; the same code is the same person.
    pub author: u32,
    /// On which side the author stands.
    pub writer: Writer,
    /// Who may read it.
    pub visibility: Visibility,
    /// True for a machine's comment, which answers nobody.
    pub automatic: bool,
    /// True where the state of the case changed after the comment before and up to this one.
    pub state_changed: bool,
    /// What its words gave.
    pub marks: Marks,
}

/// What has happened in a case so far.
#[derive(Default)]
struct Before {
    /// The last comment of each author outside the team that the team has not replied to in public.
    unanswered: Vec<Unanswered>,
    /// The team asked for information in public, or reminded of it, and nobody outside has written since.
    asked: bool,
    /// Team members who pressed in private, with no other member writing in private since.
    pressing: Option<u32>,
    /// How often the state has changed.
    moves: u32,
}

/// A comment from outside without a reply.
struct Unanswered {
    author: u32,
    at_ms: i64,
    /// How often the state had changed by then.
    moves: u32,
}

/// The marks that behaviour adds to each comment of a case, in the order of the comments.
///
/// - `re-ping`: somebody outside writes again, the team has not replied in public since, and the comment chases; or it
///   has no mark, comes more than [`SAME_MESSAGE_MS`] later, and the state has not changed in between either.
/// - `reply`: the first public comment from outside after the team asked for information, unless it presses or only thanks.
/// - `follow-up`: a team member presses in private again, and no other member has written in private in between.
#[must_use]
pub fn behaviour(said: &[Said]) -> Vec<Marks> {
    let mut before = Before::default();
    said.iter().map(|one| before.take(*one)).collect()
}

impl Before {
    fn take(&mut self, one: Said) -> Marks {
        self.moves += u32::from(one.state_changed);
        if one.automatic {
            return Marks::NONE;
        }
        let private = one.visibility == Visibility::Private;
        match one.writer {
            Writer::Requester | Writer::Outside => self.outside(one),
            Writer::Team if private => self.in_private(one),
            Writer::Team => {
                self.unanswered.clear();
                self.asked |= one.marks.has(Marks::REQUEST.and(Marks::REMINDER));
                Marks::NONE
            }
            Writer::Unknown => Marks::NONE,
        }
    }

    fn outside(&mut self, one: Said) -> Marks {
        let presses = one.marks.has(Marks::CHASE.and(Marks::RE_PING).and(Marks::ESCALATION));
        let last = self.unanswered.iter().position(|other| other.author == one.author);
        let again = last.is_some_and(|place| {
            let other = &self.unanswered[place];
            let later = one.at_ms.saturating_sub(other.at_ms) > SAME_MESSAGE_MS;
            one.marks.has(Marks::CHASE) || (one.marks.is_none() && later && self.moves == other.moves)
        });
        let replies = self.asked && !presses && one.marks != Marks::THANKS;
        if let Some(place) = last {
            self.unanswered.swap_remove(place);
        }
        self.unanswered.push(Unanswered { author: one.author, at_ms: one.at_ms, moves: self.moves });
        self.asked = false;
        let mark = |given: bool, mark: Marks| if given { mark } else { Marks::NONE };
        mark(again, Marks::RE_PING).and(mark(replies, Marks::REPLY))
    }

    fn in_private(&mut self, one: Said) -> Marks {
        let presses = one.marks.has(Marks::CHASE.and(Marks::REMINDER).and(Marks::FOLLOW_UP));
        let again = presses && self.pressing == Some(one.author);
        if presses {
            self.pressing = Some(one.author);
        } else if self.pressing != Some(one.author) {
            self.pressing = None;
        }
        if again { Marks::FOLLOW_UP } else { Marks::NONE }
    }
}
