//! The parts of a world: the recipe with every name resolved to an index and every number checked.

use super::calendar::Office;
use super::rng::Stream;
use super::world::World;

/// Longest wait that is drawn: ten years of 366 days, in seconds.
const LONGEST_WAIT_S: f64 = 316_224_000.0;
/// Standard normal quantile at 0.9.
pub(super) const Z90: f64 = 1.281_551_565_544_600_4;
/// When cases arrive and how they are numbered.
#[derive(Debug)]
pub(super) struct Plan {
    /// (year, month) of each month with arrivals.
    pub(super) months: Vec<(i64, i64)>,
    pub(super) per_month: u32,
    pub(super) until_s: i64,
    pub(super) off_hours_share: f64,
    /// Weight of a closed day where an office day has 1,000.
    pub(super) closed_day_weight: u32,
    pub(super) prefix: String,
    pub(super) first_number: u32,
    pub(super) digits: usize,
}

/// The first row of every case.
#[derive(Debug)]
pub(super) struct Start {
    pub(super) state: usize,
    pub(super) group: usize,
    pub(super) act: Act,
}

/// A program that acts every `every_s` seconds.
#[derive(Debug)]
pub(super) struct Bot {
    pub(super) name: String,
    pub(super) every_s: i64,
}

/// A category, the group that can finish it, and what its cases are about.
#[derive(Debug)]
pub(super) struct Category {
    pub(super) name: String,
    pub(super) weight: u32,
    pub(super) group: usize,
    pub(super) subjects: Vec<String>,
}

/// A group of people.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) name: String,
    pub(super) members: Vec<String>,
    pub(super) manager: String,
    /// When it does the work of states with [`Work`].
    pub(super) office: Office,
}

/// A state; one without ways out is an end.
#[derive(Debug)]
pub(super) struct State {
    pub(super) name: String,
    pub(super) class: String,
    pub(super) terminal: bool,
    pub(super) work: Option<Work>,
    pub(super) unseen: Vec<Unseen>,
    pub(super) next: Vec<Next>,
    pub(super) during: Vec<During>,
}

/// Work that somebody must do before a case goes on. How long it takes is the wait of the way out.
#[derive(Debug)]
pub(super) struct Work {
    /// Longest time between two notes; none without notes.
    pub(super) note_every_s: Option<i64>,
    pub(super) event: String,
    /// Index of a kind of text.
    pub(super) comment: Option<usize>,
}

/// Visits that nobody looks at for a while.
#[derive(Debug)]
pub(super) struct Unseen {
    pub(super) share: f64,
    pub(super) lasts: Wait,
    pub(super) when: When,
}

/// A way out of a state, with its own wait.
#[derive(Debug)]
pub(super) struct Next {
    pub(super) to: usize,
    pub(super) weight: u32,
    pub(super) limit: u32,
    pub(super) wait: Wait,
    pub(super) when: When,
    pub(super) act: Act,
}

/// Something that may happen during a visit.
#[derive(Debug)]
pub(super) struct During {
    pub(super) p: f64,
    pub(super) after: Option<Wait>,
    pub(super) response: Option<(f64, Wait)>,
    pub(super) when: When,
    pub(super) act: Act,
}

/// A duration: fixed when `sigma` is 0, else lognormal.
#[derive(Debug, Clone)]
pub(super) struct Wait {
    pub(super) median_s: u32,
    pub(super) sigma: f64,
    /// Counted in office hours.
    pub(super) office: bool,
}

impl Wait {
    /// Draws a length in seconds, at least 1.
    pub(super) fn seconds(&self, factor: f64, draw: &mut Stream) -> i64 {
        let spread = if self.sigma > 0.0 { libm::exp(self.sigma * draw.normal()) } else { 1.0 };
        whole((f64::from(self.median_s) * factor * spread).clamp(1.0, LONGEST_WAIT_S))
    }
}

/// Rounds to a whole number, half away from zero.
#[expect(clippy::cast_possible_truncation, reason = "callers clamp far inside the range of i64")]
pub(super) fn whole(number: f64) -> i64 {
    libm::round(number) as i64
}

/// A row of the log and what it changes.
#[derive(Debug)]
pub(super) struct Act {
    pub(super) event: String,
    pub(super) by: By,
    pub(super) group: Option<Target>,
    pub(super) owner: Owner,
    /// Index of a kind of text.
    pub(super) comment: Option<usize>,
    pub(super) raise_priority: bool,
    pub(super) fixes: Option<usize>,
}

/// Who acts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum By {
    Assignee,
    Member,
    Manager,
    Requester,
    Colleague,
    Bot(usize),
}

/// Which group takes over.
#[derive(Debug, Clone, Copy)]
pub(super) enum Target {
    Group(usize),
    OfCategory,
}

/// Who owns the case afterwards.
#[derive(Debug, Clone, Copy)]
pub(super) enum Owner {
    Keep,
    None,
    Actor,
    Member,
    Manager,
    Requester,
}

/// A person or bot, without the words.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Person {
    Requester { first: usize, last: usize },
    Member { group: usize, index: usize },
    Manager { group: usize },
    Bot(usize),
}

/// What a condition can look at.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    pub(super) state: usize,
    pub(super) group: usize,
    pub(super) category: usize,
    pub(super) priority: usize,
    pub(super) assignee: Option<Person>,
}

/// A condition; an empty list means any.
#[derive(Debug)]
pub(super) struct When {
    pub(super) states: Vec<usize>,
    pub(super) groups: Vec<usize>,
    pub(super) categories: Vec<usize>,
    pub(super) priorities: Vec<usize>,
    pub(super) flaw: Option<usize>,
    pub(super) elsewhere: Option<bool>,
}

impl When {
    /// Says whether the condition holds for a case as it stands.
    pub(super) fn holds(&self, world: &World, now: &Standing, flaws: &[bool]) -> bool {
        let allows = |list: &[usize], value: usize| list.is_empty() || list.contains(&value);
        let elsewhere = world.categories[now.category].group != now.group;
        allows(&self.states, now.state)
            && allows(&self.groups, now.group)
            && allows(&self.categories, now.category)
            && allows(&self.priorities, now.priority)
            && self.flaw.is_none_or(|flaw| flaws[flaw])
            && self.elsewhere.is_none_or(|wanted| wanted == elsewhere)
    }
}

/// Questions about the status, the same number for every case.
#[derive(Debug)]
pub(super) struct Checks {
    pub(super) per_case: u32,
    pub(super) event: String,
    pub(super) comment: usize,
    pub(super) colleague_share: f64,
    pub(super) not_in: Vec<usize>,
    pub(super) reply: Option<Reply>,
}

/// An answer by the assignee.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) p: f64,
    pub(super) delay: Wait,
    pub(super) event: String,
    pub(super) comment: usize,
}
