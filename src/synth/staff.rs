//! Worlds in which people do one thing after the other: all cases run together, and waits follow from who is at work.
//!
//! A state with `work` keeps a case until its owner (somebody of the group, where nobody owns it) has looked at it and
//! done the work, in order of turn and in office hours. Some visits are *unseen* for a while: until then nobody looks.
//! What of that time the owner was there with nothing else at hand is known here and nowhere in the log.
//!
//! It does not decide where cases go or what rows say: that is `walk`.

use std::collections::{BTreeMap, BTreeSet};

use super::calendar::Office;
use super::parts::{Act, By, Next, Owner, Person};
use super::rng::{Purpose, Stream};
use super::walk::Walk;
use super::world::World;

/// Shortest work, in seconds.
const SHORTEST_WORK_S: i64 = 120;
/// Least distance between two rows of a case, in seconds.
const APART_S: i64 = 30;
/// Latest start of work after the office opens, in seconds.
const MORNING_S: u32 = 1_200;
/// Steps after which a case is left where it is.
const MOST_STEPS: u32 = 200;

/// Office time in which nobody looked though somebody could, by (state, group), in seconds.
type UnseenTime = BTreeMap<(usize, usize), i64>;

/// Runs all cases; returns them in order of arrival, and the time in which nobody looked though somebody could.
pub(super) fn run<'w>(world: &'w World, seed: u64, arrivals_s: &[i64]) -> (Vec<Walk<'w>>, UnseenTime) {
    let mut floor = Floor::new(world, seed, arrivals_s);
    while let Some(((now_s, _), due)) = floor.agenda.pop_first() {
        if now_s > world.plan.until_s {
            break;
        }
        match due {
            Due::Arrives(case) => {
                floor.cases[case].walk.act(now_s, &world.start.act);
                floor.enter(case, now_s);
            }
            Due::Leaves(case) => {
                floor.leave(case, now_s);
                floor.enter(case, now_s);
            }
            Due::IsSeen(case) => floor.hand_over(case, now_s),
            Due::Begins(desk) => floor.take(desk, now_s),
            Due::Ends(desk) => floor.end(desk, now_s),
        }
    }
    let unseen_s = floor.unseen_time();
    (floor.cases.into_iter().map(|case| case.walk).collect(), unseen_s)
}

/// What happens next, to a case or at a desk.
#[derive(Clone, Copy)]
enum Due {
    Arrives(usize),
    Leaves(usize),
    IsSeen(usize),
    Begins(usize),
    Ends(usize),
}

/// A case on its way.
struct Case<'w> {
    walk: Walk<'w>,
    unseen: Stream,
    way: Option<&'w Next>,
    steps: u32,
    entered_s: i64,
    begun_s: i64,
}

/// A person with work.
struct Desk {
    person: Person,
    group: usize,
    morning: Stream,
    /// Cases that this person knows of, by when they were seen.
    inbox: BTreeSet<(i64, usize)>,
    /// Nothing else can begin: work is under way or will be in the morning.
    taken: bool,
    at_work_on: Option<usize>,
    /// From and to, in order.
    worked_s: Vec<(i64, i64)>,
}

/// A visit that nobody looked at for a while.
struct Overlooked {
    state: usize,
    group: usize,
    /// The owner's desk; none where nobody owns the case.
    desk: Option<usize>,
    from_s: i64,
    to_s: i64,
}

/// Everybody and everything.
struct Floor<'w> {
    world: &'w World,
    cases: Vec<Case<'w>>,
    desks: Vec<Desk>,
    desk_of: BTreeMap<String, usize>,
    /// Cases without an owner by group, by when they were seen.
    pools: Vec<BTreeSet<(i64, usize)>>,
    overlooked: Vec<Overlooked>,
    /// By (instant, order of planning).
    agenda: BTreeMap<(i64, u64), Due>,
    planned: u64,
}

impl<'w> Floor<'w> {
    fn new(world: &'w World, seed: u64, arrivals_s: &[i64]) -> Self {
        let case = |number: u32| Case {
            walk: Walk::begin(world, seed, number),
            unseen: Stream::new(seed, number, Purpose::Unseen),
            way: None,
            steps: 0,
            entered_s: 0,
            begun_s: 0,
        };
        let mut floor = Self {
            world,
            cases: (0..).zip(arrivals_s).map(|(number, _)| case(number)).collect(),
            desks: Vec::new(),
            desk_of: BTreeMap::new(),
            pools: world.groups.iter().map(|_| BTreeSet::new()).collect(),
            overlooked: Vec::new(),
            agenda: BTreeMap::new(),
            planned: 0,
        };
        for (group, staff) in world.groups.iter().enumerate() {
            let members = (0..staff.members.len()).map(|index| Person::Member { group, index });
            for person in members.chain([Person::Manager { group }]) {
                floor.seat(person, group, seed);
            }
        }
        for (case, arrival_s) in arrivals_s.iter().enumerate() {
            floor.plan(*arrival_s, Due::Arrives(case));
        }
        floor
    }

    /// Gives a person a desk, once.
    fn seat(&mut self, person: Person, group: usize, seed: u64) {
        let name = self.world.person(person);
        if name.is_empty() || self.desk_of.contains_key(&name) {
            return;
        }
        let number = self.desks.len();
        self.desk_of.insert(name, number);
        self.desks.push(Desk {
            person,
            group,
            morning: Stream::new(seed, u32::try_from(number).unwrap_or(u32::MAX), Purpose::Desk),
            inbox: BTreeSet::new(),
            taken: false,
            at_work_on: None,
            worked_s: Vec::new(),
        });
    }

    fn plan(&mut self, at_s: i64, due: Due) {
        self.agenda.insert((at_s, self.planned), due);
        self.planned += 1;
    }

    fn office(&self, group: usize) -> &'w Office {
        &self.world.groups[group].office
    }

    /// The desk of the owner of a case; none where nobody, or nobody with a desk, owns it.
    fn owner(&self, case: usize) -> Option<usize> {
        let owner = self.cases[case].walk.now.assignee?;
        self.desk_of.get(&self.world.person(owner)).copied()
    }

    /// Draws the next way of a case; none at an end.
    fn choose(&mut self, case: usize, now_s: i64) -> Option<&'w Next> {
        let case = &mut self.cases[case];
        case.steps += 1;
        case.entered_s = now_s;
        case.way = if case.steps > MOST_STEPS { None } else { case.walk.choose() };
        case.way
    }

    /// A case is in a new state: it waits for the world, or for somebody to do the work.
    fn enter(&mut self, case: usize, now_s: i64) {
        let Some(way) = self.choose(case, now_s) else { return };
        if self.world.states[self.cases[case].walk.now.state].work.is_some() {
            let seen_s = self.seen(case, now_s);
            self.plan(seen_s, Due::IsSeen(case));
        } else {
            let end_s = self.cases[case].walk.visit(now_s, way);
            self.plan(end_s, Due::Leaves(case));
        }
    }

    /// Draws when somebody looks at a case for the first time.
    fn seen(&mut self, case: usize, now_s: i64) -> i64 {
        let (world, desk) = (self.world, self.owner(case));
        let Case { walk, unseen: draw, .. } = &mut self.cases[case];
        let (state, group) = (walk.now.state, walk.now.group);
        let mut rules = world.states[state].unseen.iter();
        let Some(rule) = rules.find(|rule| rule.when.holds(world, &walk.now, &walk.flaws)) else { return now_s };
        if !draw.chance(rule.share) {
            return now_s;
        }
        let seen_s = world.wait_end(now_s, &rule.lasts, 1.0, SHORTEST_WORK_S, draw);
        let to_s = seen_s.min(world.plan.until_s);
        self.overlooked.push(Overlooked { state, group, desk, from_s: now_s, to_s });
        seen_s
    }

    /// Somebody looks at a case and puts it with what he has to do.
    fn hand_over(&mut self, case: usize, now_s: i64) {
        if let Some(desk) = self.owner(case) {
            self.desks[desk].inbox.insert((now_s, case));
            self.offer(desk, now_s);
            return;
        }
        let group = self.cases[case].walk.now.group;
        self.pools[group].insert((now_s, case));
        let free = self.desks.iter().enumerate().filter(|(_, desk)| desk.group == group && !desk.taken);
        let least_worked = free.min_by_key(|(_, desk)| desk.worked_s.len()).map(|(at, _)| at);
        if let Some(desk) = least_worked {
            self.offer(desk, now_s);
        }
    }

    /// A person with nothing at hand begins the next thing: now, or when the office opens.
    fn offer(&mut self, desk: usize, now_s: i64) {
        let group = self.desks[desk].group;
        if self.desks[desk].taken || (self.desks[desk].inbox.is_empty() && self.pools[group].is_empty()) {
            return;
        }
        self.desks[desk].taken = true;
        let office = self.office(group);
        let begin_s = if office.is_open(now_s) {
            now_s
        } else {
            office.next_open(now_s) + i64::from(self.desks[desk].morning.below(MORNING_S))
        };
        self.plan(begin_s, Due::Begins(desk));
    }

    /// A person takes what has been there longest.
    fn take(&mut self, desk: usize, now_s: i64) {
        self.desks[desk].taken = false;
        let group = self.desks[desk].group;
        let (own, shared) = (self.desks[desk].inbox.first().copied(), self.pools[group].first().copied());
        let next = match (own, shared) {
            (Some(own), Some(shared)) => Some(own.min(shared)),
            (own, shared) => own.or(shared),
        };
        let Some(next) = next else { return };
        self.desks[desk].inbox.remove(&next);
        self.pools[group].remove(&next);
        self.begin(desk, next.1, now_s);
    }

    /// Work on a case begins.
    fn begin(&mut self, desk: usize, case: usize, now_s: i64) {
        let world = self.world;
        let office = self.office(self.desks[desk].group);
        let at = &mut self.cases[case];
        let factor = world.wait_factor(&at.walk.now, &at.walk.flaws);
        let length_s = at.way.map_or(0, |way| way.wait.seconds(factor, &mut at.walk.wait)).max(SHORTEST_WORK_S);
        let end_s = office.after(now_s, length_s);
        at.begun_s = now_s;
        let desk_at = &mut self.desks[desk];
        desk_at.taken = true;
        desk_at.at_work_on = Some(case);
        desk_at.worked_s.push((now_s, end_s));
        self.plan(end_s, Due::Ends(desk));
    }

    /// Work is done: the rows of the visit are written, and the case and the person go on.
    fn end(&mut self, desk: usize, now_s: i64) {
        let world = self.world;
        self.desks[desk].taken = false;
        let Some(case) = self.desks[desk].at_work_on.take() else { return };
        self.note(desk, case, now_s);
        let now_s = now_s.max(self.last_row_s(case) + APART_S);
        self.leave(case, now_s);
        let state = &world.states[self.cases[case].walk.now.state];
        let goes_on = state.work.is_some() && matches!(state.class.as_str(), "active" | "review");
        if goes_on && self.owner(case) == Some(desk) && world.office.is_open(now_s) {
            if self.choose(case, now_s).is_some() {
                self.begin(desk, case, now_s);
                return;
            }
        } else {
            self.enter(case, now_s);
        }
        self.offer(desk, now_s);
    }

    /// A case leaves its state.
    fn leave(&mut self, case: usize, now_s: i64) {
        let at = &mut self.cases[case];
        if let Some(way) = at.way {
            at.walk.now.state = way.to;
            at.walk.act(now_s, &way.act);
        }
    }

    fn last_row_s(&self, case: usize) -> i64 {
        self.cases[case].walk.rows.last().map_or(0, |row| row.time_s)
    }

    /// Writes what happened while a case waited, and the notes of the one who worked on it.
    fn note(&mut self, desk: usize, case: usize, end_s: i64) {
        let world = self.world;
        let office = self.office(self.desks[desk].group);
        let person = self.desks[desk].person;
        let Case { walk, entered_s, begun_s, .. } = &mut self.cases[case];
        let state = &world.states[walk.now.state];
        let apart = |walk: &Walk, at_s: i64| walk.rows.last().is_none_or(|row| at_s >= row.time_s + APART_S);
        for (at_s, index) in walk.happenings(*entered_s, *begun_s) {
            if at_s + APART_S < *begun_s && apart(walk, at_s) {
                walk.act(at_s, &state.during[index].act);
            }
        }
        let Some(work) = &state.work else { return };
        let note = Act {
            event: work.event.clone(),
            by: By::Assignee,
            group: None,
            owner: Owner::Keep,
            comment: work.comment,
            raise_priority: false,
            fixes: None,
        };
        if walk.now.assignee.is_none() {
            walk.now.assignee = Some(person);
            let begun_s = (*begun_s).max(walk.rows.last().map_or(0, |row| row.time_s) + APART_S);
            walk.act(begun_s, &note);
        }
        let Some(every_s) = work.note_every_s else { return };
        let mut worked_s = 0;
        loop {
            let quarter = u32::try_from(every_s / 4).unwrap_or(0);
            worked_s += every_s - i64::from(walk.wait.below(quarter));
            let at_s = office.after(*begun_s, worked_s);
            if at_s + APART_S > end_s {
                return;
            }
            if apart(walk, at_s) {
                walk.act(at_s, &note);
            }
        }
    }

    /// Sums the time in which nobody looked though the one to do so was there with nothing else at hand.
    fn unseen_time(&self) -> UnseenTime {
        let mut sums = UnseenTime::new();
        for visit in &self.overlooked {
            let office = self.office(visit.group);
            let who = |desk: &Desk| desk.group == visit.group;
            let at_work: Vec<&[(i64, i64)]> = match visit.desk {
                Some(desk) => vec![&self.desks[desk].worked_s],
                None => self.desks.iter().filter(|desk| who(desk)).map(|desk| desk.worked_s.as_slice()).collect(),
            };
            let all_at_work =
                at_work.into_iter().fold(vec![(visit.from_s, visit.to_s)], |left, one| common(&left, one));
            let busy_s: i64 = all_at_work.into_iter().map(|(from_s, to_s)| office.between(from_s, to_s)).sum();
            *sums.entry((visit.state, visit.group)).or_insert(0) += office.between(visit.from_s, visit.to_s) - busy_s;
        }
        sums
    }
}

/// The time that is in both of two lists of stretches, each in order.
fn common(some: &[(i64, i64)], others: &[(i64, i64)]) -> Vec<(i64, i64)> {
    let mut list = Vec::new();
    for (from_s, to_s) in some {
        let first = others.partition_point(|other| other.1 <= *from_s);
        let touching = others[first..].iter().take_while(|other| other.0 < *to_s);
        list.extend(touching.map(|other| (other.0.max(*from_s), other.1.min(*to_s))));
    }
    list
}
