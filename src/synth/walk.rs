//! One case's way through the world: its rows, in order, as far as its own steps go. Status checks are laid over later.

use std::collections::BTreeMap;

use super::parts::{Act, By, Next, Owner, Person, Standing, Target, Wait};
use super::rng::{Purpose, Stream};
use super::texts::{Scene, expand};
use super::world::World;

/// Shortest visit, in seconds. It leaves room for status checks between any two steps.
const SHORTEST_VISIT_S: i64 = 600;
/// Steps after which a case is left where it is, against recipes that go in circles.
const MOST_STEPS: u32 = 200;
/// Latest start of work after the office opens, for what fell due while it was closed, in seconds.
const MORNING_S: u32 = 5_400;
/// Tries to find an office hour for something that may happen at any time of a visit.
const MOST_TRIES: u32 = 12;

/// One row of the log; what it says of the case holds after it.
#[derive(Debug, Clone)]
pub(super) struct Row {
    pub(super) time_s: i64,
    pub(super) event: String,
    pub(super) now: Standing,
    pub(super) actor: Person,
    /// Kind and text.
    pub(super) comment: Option<(usize, String)>,
}

/// What stays the same about a case.
pub(super) struct Intake {
    pub(super) id: String,
    pub(super) requester: Person,
    pub(super) colleague: Person,
    pub(super) subject: String,
}

/// A case on its way.
pub(super) struct Walk<'w> {
    pub(super) world: &'w World,
    pub(super) intake: Intake,
    pub(super) rows: Vec<Row>,
    pub(super) text: Stream,
    /// By how many seconds each response made a visit shorter.
    pub(super) shortened_s: Vec<i64>,
    pub(super) now: Standing,
    pub(super) flaws: Vec<bool>,
    pub(super) wait: Stream,
    route: Stream,
    during: Stream,
    people: Stream,
    /// How often each (state, way out) was taken.
    taken: BTreeMap<(usize, usize), u32>,
}

impl<'w> Walk<'w> {
    /// Lets one case run from its arrival until its end or a little beyond the end of the log.
    pub(super) fn run(world: &'w World, seed: u64, number: u32, arrival_s: i64) -> Self {
        let mut walk = Self::begin(world, seed, number);
        walk.act(arrival_s, &world.start.act);
        let mut time_s = arrival_s;
        for _ in 0..MOST_STEPS {
            let Some(way) = walk.choose() else { break };
            time_s = walk.visit(time_s, way);
            if time_s > world.plan.until_s {
                break;
            }
            walk.now.state = way.to;
            walk.act(time_s, &way.act);
        }
        walk
    }

    /// Draws who a case is from and what it is about.
    pub(super) fn begin(world: &'w World, seed: u64, number: u32) -> Self {
        let stream = |purpose| Stream::new(seed, number, purpose);
        let mut draw = stream(Purpose::Intake);
        let weights: Vec<u32> = world.categories.iter().map(|category| category.weight).collect();
        let category = draw.weighted(&weights).unwrap_or(0);
        let weights: Vec<u32> = world.priorities.iter().map(|(_, weight)| *weight).collect();
        let priority = draw.weighted(&weights).unwrap_or(0);
        let subjects = &world.categories[category].subjects;
        let subject = subjects[draw.index(subjects.len())].clone();
        let (firsts, lasts) = (world.first_names.len(), world.last_names.len());
        let mut person = || Person::Requester { first: draw.index(firsts), last: draw.index(lasts) };
        let (requester, colleague) = (person(), person());
        let flaws = world.flaws.iter().map(|share| draw.chance(*share)).collect();
        let number = u64::from(world.plan.first_number) + u64::from(number);
        let id = format!("{}{number:0width$}", world.plan.prefix, width = world.plan.digits);
        Self {
            world,
            intake: Intake { id, requester, colleague, subject },
            rows: Vec::new(),
            text: stream(Purpose::Text),
            shortened_s: Vec::new(),
            now: Standing { state: world.start.state, group: world.start.group, category, priority, assignee: None },
            flaws,
            route: stream(Purpose::Route),
            wait: stream(Purpose::Wait),
            during: stream(Purpose::During),
            people: stream(Purpose::People),
            taken: BTreeMap::new(),
        }
    }

    /// Draws the next way out of the current state; none at an end.
    pub(super) fn choose(&mut self) -> Option<&'w Next> {
        let ways = &self.world.states[self.now.state].next;
        let weight = |(index, way): (usize, &Next)| {
            let used = self.taken.get(&(self.now.state, index)).copied().unwrap_or(0);
            if used < way.limit && way.when.holds(self.world, &self.now, &self.flaws) { way.weight } else { 0 }
        };
        let weights: Vec<u32> = ways.iter().enumerate().map(weight).collect();
        let chosen = self.route.weighted(&weights)?;
        *self.taken.entry((self.now.state, chosen)).or_insert(0) += 1;
        Some(&ways[chosen])
    }

    /// Lets a visit pass with what happens in it; returns its end.
    pub(super) fn visit(&mut self, from_s: i64, way: &'w Next) -> i64 {
        let world = self.world;
        let factor = world.wait_factor(&self.now, &self.flaws);
        let due_s = world.wait_end(from_s, &way.wait, factor, SHORTEST_VISIT_S, &mut self.wait);
        let mut end_s = self.settle(due_s, way.act.by, &way.wait);
        for (at_s, index) in self.happenings(from_s, end_s) {
            let chance = &world.states[self.now.state].during[index];
            if at_s + 60 >= end_s || at_s > world.plan.until_s {
                break;
            }
            self.act(at_s, &chance.act);
            if let Some((p, delay)) = &chance.response
                && self.during.chance(*p)
            {
                let answer_s = world.wait_end(at_s, delay, 1.0, SHORTEST_VISIT_S, &mut self.during);
                let sooner_s = self.settle(answer_s, way.act.by, delay);
                if sooner_s < end_s {
                    self.shortened_s.push(end_s - sooner_s);
                    end_s = sooner_s;
                }
            }
        }
        end_s
    }

    /// Moves the end of a wait to when the actor can act: a bot's next run, or office hours for people.
    fn settle(&mut self, due_s: i64, by: By, wait: &Wait) -> i64 {
        let office = &self.world.office;
        match by {
            By::Bot(bot) => {
                let every_s = self.world.bots[bot].every_s;
                due_s + every_s - due_s.rem_euclid(every_s) + i64::from(self.wait.below(40))
            }
            By::Assignee | By::Member | By::Manager | By::Requester | By::Colleague => {
                if wait.office || office.is_open(due_s) {
                    due_s
                } else {
                    office.next_open(due_s) + i64::from(self.wait.below(MORNING_S))
                }
            }
        }
    }

    /// Draws what happens between two instants, in order: (instant, index in the state's `during`).
    pub(super) fn happenings(&mut self, from_s: i64, to_s: i64) -> Vec<(i64, usize)> {
        let world = self.world;
        let mut list = Vec::new();
        for (index, chance) in world.states[self.now.state].during.iter().enumerate() {
            if !self.during.chance(chance.p) || !chance.when.holds(world, &self.now, &self.flaws) {
                continue;
            }
            let at_s = match &chance.after {
                Some(after) => {
                    let due_s = world.wait_end(from_s, after, 1.0, 120, &mut self.during);
                    Some(self.settle(due_s, chance.act.by, after))
                }
                None => self.some_office_hour(from_s, to_s),
            };
            list.extend(at_s.map(|at_s| (at_s, index)));
        }
        list.sort_unstable();
        list.dedup_by_key(|(at_s, _)| *at_s / 120);
        list
    }

    /// Draws an instant of office time between two instants, away from both; none if there seems to be none.
    fn some_office_hour(&mut self, from_s: i64, to_s: i64) -> Option<i64> {
        let room = u32::try_from(to_s.min(self.world.plan.until_s) - from_s - 240).ok()?;
        (0..MOST_TRIES).find_map(|_| {
            let at_s = from_s + 120 + i64::from(self.during.below(room));
            self.world.office.is_open(at_s).then_some(at_s)
        })
    }

    /// Carries out an act: who, what changes, which words, one row.
    pub(super) fn act(&mut self, time_s: i64, act: &Act) {
        let actor = self.who(act.by);
        if let Some(target) = act.group {
            self.now.group = match target {
                Target::Group(group) => group,
                Target::OfCategory => self.world.categories[self.now.category].group,
            };
        }
        self.now.assignee = match act.owner {
            Owner::Keep => self.now.assignee,
            Owner::None => None,
            Owner::Actor => Some(actor),
            Owner::Member => Some(self.who(By::Member)),
            Owner::Manager => Some(self.who(By::Manager)),
            Owner::Requester => Some(self.intake.requester),
        };
        if act.raise_priority {
            self.now.priority = self.now.priority.saturating_sub(1);
        }
        if let Some(flaw) = act.fixes {
            self.flaws[flaw] = false;
        }
        let comment = act.comment.map(|kind| (kind, self.words(kind, self.now)));
        self.rows.push(Row { time_s, event: act.event.clone(), now: self.now, actor, comment });
    }

    /// Returns the person or bot that acts; somebody of the group where nobody owns the case.
    fn who(&mut self, by: By) -> Person {
        let group = self.now.group;
        let members = self.world.groups[group].members.len();
        match (by, self.now.assignee) {
            (By::Assignee, Some(assignee)) => assignee,
            (By::Requester, _) => self.intake.requester,
            (By::Colleague, _) => self.intake.colleague,
            (By::Bot(bot), _) => Person::Bot(bot),
            (By::Assignee | By::Member | By::Manager, _) if members == 0 => self.intake.requester,
            (By::Manager, _) => Person::Manager { group },
            (By::Assignee | By::Member, _) => Person::Member { group, index: self.people.index(members) },
        }
    }

    /// Writes a comment of one kind about the case as it stands.
    pub(super) fn words(&mut self, kind: usize, now: Standing) -> String {
        let world = self.world;
        let first_name = |name: String| name.split(' ').next().unwrap_or_default().to_owned();
        let requester = first_name(world.person(self.intake.requester));
        let owner = now.assignee.map_or_else(|| "team".to_owned(), |who| first_name(world.person(who)));
        let scene = Scene {
            values: [
                &self.intake.id,
                &self.intake.subject,
                &world.categories[now.category].name,
                &world.groups[now.group].name,
                &world.priorities[now.priority].0,
                &requester,
                &owner,
            ],
        };
        let templates = &world.texts[kind].1;
        let mut out = String::new();
        expand(&templates[self.text.index(templates.len())], &scene, &mut self.text, &mut out);
        out
    }
}
