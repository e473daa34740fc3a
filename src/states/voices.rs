//! Who wrote each comment, and what it is for: the marks of its words for that writer, and those of behaviour.
//!
//! A column that names parts in the conversation decides, then one that names the requester. Else an actor who mostly
//! acts on cases opened by others belongs to the team. It reads no words; that was done when the log was read.

use std::collections::BTreeMap;

use super::{Change, assignees_as_actors};
use crate::comments::behaviour::{Said, behaviour};
use crate::comments::{Heard, Marks, Visibility, Writer, visibility_of, writer_of};
use crate::log::codes::each_width;
use crate::log::{AttributeRole, Column, EventLog, NONE};

/// How the writers and readers of comments are told.
#[derive(Clone, Debug)]
pub struct Voices {
    /// By actor code: the side of an actor of whom no column says it.
    pub sides: Vec<Writer>,
    /// By requester code: the actor code of the same name, 0 where the name never acts.
    requester: Option<(usize, Vec<u32>)>,
    /// By code of the column that names parts in the conversation.
    parts: Option<(usize, Vec<Writer>)>,
    /// By code of the column that says who may read.
    visibility: Option<(usize, Vec<Visibility>)>,
}

impl Voices {
    /// Of a log; `settled` are the sides by name that were settled on the log that its cases were chosen from.
    #[must_use]
    pub fn of(log: &EventLog, bots: &[bool], settled: &BTreeMap<String, Writer>) -> Voices {
        let at = |role| log.attributes.iter().position(|attribute| attribute.role == role);
        let requester = at(AttributeRole::Requester).map(|at| (at, as_actors(log, &log.attributes[at].column)));
        let parts = at(AttributeRole::CommentWriter).map(|at| (at, by_code(&log.attributes[at].column, writer_of)));
        let visibility = at(AttributeRole::CommentVisibility).map(|at| {
            let attribute = &log.attributes[at];
            (at, by_code(&attribute.column, |value| visibility_of(&attribute.name, value)))
        });
        let mut sides = match &requester {
            Some((_, asking)) => beside_requesters(log, bots.len(), asking),
            None => by_openings(log, bots),
        };
        if let Some(actor) = log.actor.as_ref().filter(|_| !settled.is_empty()) {
            for (code, name) in actor.dictionary.iter() {
                sides[code as usize] = settled.get(name).copied().unwrap_or(sides[code as usize]);
            }
        }
        Voices { sides, requester, parts, visibility }
    }

    /// Marks of each event of a case in `out`; none where nothing was written, at the first event, whose comment
    /// describes the case, and at those of bots. Empty for a case without comments behind its first event.
    pub fn marks(&self, log: &EventLog, case: usize, changes: &[Change], bots: &[bool], out: &mut Vec<Marks>) {
        out.clear();
        let heard = log.marks.as_ref().map(|bits| &bits[log.range(case)][1..]);
        if heard.is_none_or(|bits| bits.iter().all(|&bits| bits == Heard::NOTHING.bits())) {
            return;
        }
        out.resize(changes.len(), Marks::NONE);
        let (places, said) = self.said(log, case, changes, bots);
        for ((place, one), added) in places.into_iter().zip(&said).zip(behaviour(&said)) {
            out[place] = one.marks.and(added);
        }
    }

    /// The comments of a case but that of its first event: which events they are of, and what their words say.
    #[must_use]
    pub fn said(&self, log: &EventLog, case: usize, changes: &[Change], bots: &[bool]) -> (Vec<usize>, Vec<Said>) {
        let (mut places, mut said) = (Vec::new(), Vec::new());
        let Some(bits) = &log.marks else { return (places, said) };
        let range = log.range(case);
        let mut asked_by = NONE;
        let mut moved = false;
        for (i, event) in range.enumerate() {
            if let Some((at, actors)) = &self.requester {
                let code = log.attributes[*at].column.codes.get(event);
                asked_by = if code == NONE { asked_by } else { actors[code as usize] };
            }
            moved |= changes[i].any(Change::STATE);
            let heard = Heard::from_bits(bits[event]);
            if i == 0 || !heard.is_comment() {
                continue;
            }
            let author = log.actor.as_ref().map_or(NONE, |actor| actor.codes.get(event));
            let visibility = self.visibility(log, event);
            let writer = self.writer(log, event, author, author != NONE && author == asked_by, visibility);
            let automatic = bots.get(author as usize).copied().unwrap_or(false);
            let marks = if automatic { Marks::NONE } else { heard.marks(writer, visibility) };
            let at_ms = log.time_ms[event];
            said.push(Said { at_ms, author, writer, visibility, automatic, state_changed: moved, marks });
            places.push(i);
            moved = false;
        }
        (places, said)
    }

    /// Who may read the comment of an event.
    #[must_use]
    pub fn visibility(&self, log: &EventLog, event: usize) -> Visibility {
        match &self.visibility {
            Some((at, by_code)) => by_code[log.attributes[*at].column.codes.get(event) as usize],
            None => Visibility::Unknown,
        }
    }

    /// On which side the writer of an event stands.
    fn writer(&self, log: &EventLog, event: usize, author: u32, asked: bool, visibility: Visibility) -> Writer {
        let part =
            self.parts.as_ref().map(|(at, by_code)| by_code[log.attributes[*at].column.codes.get(event) as usize]);
        match part {
            Some(Writer::Requester | Writer::Outside | Writer::Team) => part.unwrap_or_default(),
            Some(Writer::Unknown) | None if asked => Writer::Requester,
            // only the team writes where nobody else reads; others who write in public may stand on either side
            Some(Writer::Unknown) if visibility == Visibility::Private => Writer::Team,
            Some(Writer::Unknown) => Writer::Unknown,
            None => self.sides.get(author as usize).copied().unwrap_or_default(),
        }
    }

    /// Which way of telling the writers is used, in words.
    #[must_use]
    pub fn told_by(&self) -> &'static str {
        match (&self.parts, &self.requester) {
            (Some(_), _) => "column of parts",
            (None, Some(_)) => "column of requesters",
            (None, None) => "who opens cases",
        }
    }
}

fn by_code<T: Clone + Default>(column: &Column, of: impl Fn(&str) -> T) -> Vec<T> {
    let mut all = vec![T::default(); column.dictionary.size()];
    column.dictionary.iter().for_each(|(code, name)| all[code as usize] = of(name));
    all
}

/// Actor codes by the code of another column of names.
fn as_actors(log: &EventLog, column: &Column) -> Vec<u32> {
    by_code(column, |name| log.actor.as_ref().and_then(|actor| actor.dictionary.code(name)).unwrap_or(NONE))
}

/// Which actors own cases.
fn owners(log: &EventLog, actors: usize) -> Vec<bool> {
    let mut own = vec![false; actors];
    assignees_as_actors(log).into_iter().filter(|&actor| actor != NONE).for_each(|actor| own[actor as usize] = true);
    own
}

/// Who asks in some case and never owns one stands outside, all others belong to the team.
fn beside_requesters(log: &EventLog, actors: usize, asking: &[u32]) -> Vec<Writer> {
    let own = owners(log, actors);
    let mut sides = vec![Writer::Team; actors];
    sides[NONE as usize] = Writer::Unknown;
    for &actor in asking.iter().filter(|&&actor| actor != NONE && !own[actor as usize]) {
        sides[actor as usize] = Writer::Outside;
    }
    sides
}

/// Who acts on more cases of their own, with somebody else at work there, than on those of others, and never owns one,
/// stands outside.
fn by_openings(log: &EventLog, bots: &[bool]) -> Vec<Writer> {
    let own = owners(log, bots.len());
    let mut balance = vec![0i64; bots.len()];
    let mut sides = vec![Writer::Unknown; bots.len()];
    let Some(actor) = &log.actor else { return sides };
    // by actor, the last case in which it was met, counted from 1
    let mut met = vec![0usize; bots.len()];
    each_width!(&actor.codes, codes => for case in 0..log.cases() {
        let of_case = &codes[log.range(case)];
        let opener = u32::from(of_case[0]);
        let mut others = 0;
        for &code in of_case {
            let code = u32::from(code) as usize;
            if met[code] != case + 1 {
                met[code] = case + 1;
                let counts = code != NONE as usize && !bots[code] && code != opener as usize;
                others += i64::from(counts);
                balance[code] -= i64::from(counts);
            }
        }
        if opener != NONE && !bots[opener as usize] {
            balance[opener as usize] += i64::from(others > 0);
        }
    });
    for (code, side) in sides.iter_mut().enumerate().skip(1) {
        *side = if balance[code] > 0 && !own[code] { Writer::Outside } else { Writer::Team };
    }
    sides
}
