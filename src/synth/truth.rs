//! What is known about a world as built, counted by its maker from the cases themselves, not from the log.
//!
//! The definitions are those of the program's metrics; durations are milliseconds on the wall clock. Time in a state
//! that a case has not left is counted up to the last row of the log.

use std::collections::BTreeMap;

use serde::Serialize;

use super::calendar::{DAY_S, civil};
use super::walk::Row;
use super::world::World;

/// Stays longer than this are counted, in seconds.
const LONG_S: i64 = 48 * 3_600;

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// Rows of the log, without the header.
    pub rows: u64,
    /// Cases in the log.
    pub cases: u64,
    /// What is known about them.
    pub truth: Truth,
}

/// Known numbers of a world.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Truth {
    /// Cases by calendar month of arrival, `2025-01`.
    pub arrivals_per_month: BTreeMap<String, u64>,
    /// Rows by value of the event column.
    pub events: BTreeMap<String, u64>,
    /// Comments by kind of text, among them `status_chase`.
    pub comments: BTreeMap<String, u64>,
    /// Cases by number of comments of the kind `status_chase`.
    pub cases_by_status_chases: BTreeMap<u64, u64>,
    /// Changes of group (A→B).
    pub handoffs: u64,
    /// Changes of group, by `A → B`.
    pub handoffs_by_pair: BTreeMap<String, u64>,
    /// Cases with at least one change of group.
    pub cases_with_handoff: u64,
    /// Returns to the group before last (A→B→A).
    pub ping_pongs: u64,
    /// Cases with at least one ping-pong.
    pub cases_with_ping_pong: u64,
    /// Moves from an end (`done` or `cancelled`) back to work.
    pub reopens: u64,
    /// Cases whose last state is an end.
    pub completed: u64,
    /// Cases whose last state is not an end.
    pub open: u64,
    /// Visits made shorter by a `response` of the recipe: the hidden effect of what happened in them.
    pub responses: u64,
    /// Time by which they were shorter than they would have been, in milliseconds.
    pub response_saved_ms: i64,
    /// Rows written by bots.
    pub bot_rows: u64,
    /// Every state, in the order of the recipe.
    pub states: Vec<StateTruth>,
    /// Every (state, group) with stays, in the order of the recipe; ends are left out.
    pub stays: Vec<StayTruth>,
}

/// One state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StateTruth {
    /// Name as in the log.
    pub state: String,
    /// Class by the recipe.
    pub class: String,
    /// Visits: maximal runs of the state in a case.
    pub visits: u64,
    /// Visits that had not ended with the log.
    pub open: u64,
    /// Time in the state, in milliseconds; none for an end.
    pub total_ms: Option<i64>,
}

/// One state while one group holds the case: visits cut at each change of group.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StayTruth {
    /// Name of the state.
    pub state: String,
    /// Name of the group.
    pub group: String,
    /// Number of stays, open ones included.
    pub stays: u64,
    /// Stays that had not ended with the log.
    pub open: u64,
    /// Time of all stays, in milliseconds.
    pub total_ms: i64,
    /// Stays of more than 48 hours, open ones with their age.
    pub longer_than_48h: u64,
    /// Office time in which nobody looked at the case though the one to do so was there with nothing else at hand, in
    /// milliseconds. The time that a reminder could have removed; 0 in worlds without `unseen`.
    pub unseen_ms: i64,
}

/// Counts case by case.
pub(super) struct Tally<'w> {
    world: &'w World,
    truth: Truth,
    rows: u64,
    cases: u64,
    last_s: i64,
    visits: BTreeMap<usize, Spans>,
    stays: BTreeMap<(usize, usize), Spans>,
    /// By (state, group), in seconds.
    unseen_s: BTreeMap<(usize, usize), i64>,
}

/// Stretches of time of one kind.
#[derive(Default)]
struct Spans {
    ended_s: Vec<i64>,
    open_since_s: Vec<i64>,
}

impl Spans {
    /// Adds the runs of one case: each lasts until the next one starts.
    fn add(&mut self, start_s: i64, end_s: Option<i64>) {
        match end_s {
            Some(end_s) => self.ended_s.push(end_s - start_s),
            None => self.open_since_s.push(start_s),
        }
    }

    /// Returns all lengths in seconds, open ones up to the end of the log.
    fn lengths_s(&self, last_s: i64) -> Vec<i64> {
        self.ended_s.iter().copied().chain(self.open_since_s.iter().map(|since_s| last_s - since_s)).collect()
    }
}

/// Returns the rows at which a value begins that the row before does not have.
fn starts<T: PartialEq>(rows: &[Row], value: impl Fn(&Row) -> T) -> Vec<&Row> {
    let mut list: Vec<&Row> = Vec::new();
    for row in rows {
        if list.last().is_none_or(|last| value(last) != value(row)) {
            list.push(row);
        }
    }
    list
}

impl<'w> Tally<'w> {
    pub(super) fn new(world: &'w World) -> Self {
        let truth = Truth::default();
        let (visits, stays, unseen_s) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
        Self { world, truth, rows: 0, cases: 0, last_s: 0, visits, stays, unseen_s }
    }

    /// Notes the time in which nobody looked though somebody could, by (state, group), in seconds.
    pub(super) fn unseen(&mut self, unseen_s: BTreeMap<(usize, usize), i64>) {
        self.unseen_s = unseen_s;
    }

    /// Counts one case: all its rows in order, at least one, and by how much responses made its visits shorter.
    pub(super) fn case(&mut self, rows: &[Row], shortened_s: &[i64]) {
        self.truth.responses += shortened_s.len() as u64;
        self.truth.response_saved_ms += shortened_s.iter().sum::<i64>() * 1_000;
        let (year, month, _) = civil(rows[0].time_s.div_euclid(DAY_S));
        *self.truth.arrivals_per_month.entry(format!("{year:04}-{month:02}")).or_insert(0) += 1;
        self.cases += 1;
        self.events(rows);
        self.groups(rows);
        self.states(rows);
    }

    fn events(&mut self, rows: &[Row]) {
        let mut chases = 0;
        for row in rows {
            self.rows += 1;
            self.last_s = self.last_s.max(row.time_s);
            *self.truth.events.entry(row.event.clone()).or_insert(0) += 1;
            self.truth.bot_rows += u64::from(matches!(row.actor, super::parts::Person::Bot(_)));
            if let Some((kind, _)) = &row.comment {
                let kind = &self.world.texts[*kind].0;
                chases += u64::from(kind == "status_chase");
                *self.truth.comments.entry(kind.clone()).or_insert(0) += 1;
            }
        }
        *self.truth.cases_by_status_chases.entry(chases).or_insert(0) += 1;
    }

    fn groups(&mut self, rows: &[Row]) {
        let runs: Vec<usize> = starts(rows, |row| row.now.group).iter().map(|row| row.now.group).collect();
        for pair in runs.windows(2) {
            let [from, to] = [pair[0], pair[1]].map(|group| &self.world.groups[group].name);
            *self.truth.handoffs_by_pair.entry(format!("{from} → {to}")).or_insert(0) += 1;
            self.truth.handoffs += 1;
        }
        let back: u64 = runs.windows(3).map(|three| u64::from(three[0] == three[2])).sum();
        self.truth.ping_pongs += back;
        self.truth.cases_with_handoff += u64::from(runs.len() > 1);
        self.truth.cases_with_ping_pong += u64::from(back > 0);
    }

    fn states(&mut self, rows: &[Row]) {
        let is_end = |row: &Row| self.world.states[row.now.state].terminal;
        let visits = starts(rows, |row| row.now.state);
        for (index, row) in visits.iter().enumerate() {
            let next = visits.get(index + 1);
            self.truth.reopens += u64::from(is_end(row) && next.is_some_and(|next| !is_end(next)));
            self.visits.entry(row.now.state).or_default().add(row.time_s, next.map(|next| next.time_s));
        }
        let ended = visits.last().is_some_and(|row| is_end(row));
        self.truth.completed += u64::from(ended);
        self.truth.open += u64::from(!ended);
        let stays = starts(rows, |row| (row.now.state, row.now.group));
        for (index, row) in stays.iter().enumerate() {
            let end_s = stays.get(index + 1).map(|next| next.time_s);
            self.stays.entry((row.now.state, row.now.group)).or_default().add(row.time_s, end_s);
        }
    }

    /// Closes the books at the last row.
    pub(super) fn finish(mut self) -> Summary {
        let world = self.world;
        let none = Spans::default();
        for (index, state) in world.states.iter().enumerate() {
            let spans = self.visits.get(&index).unwrap_or(&none);
            let lengths_s = spans.lengths_s(self.last_s);
            self.truth.states.push(StateTruth {
                state: state.name.clone(),
                class: state.class.clone(),
                visits: lengths_s.len() as u64,
                open: spans.open_since_s.len() as u64,
                total_ms: (!state.terminal).then(|| lengths_s.iter().sum::<i64>() * 1_000),
            });
        }
        for ((state, group), spans) in &self.stays {
            if world.states[*state].terminal {
                continue;
            }
            let lengths_s = spans.lengths_s(self.last_s);
            self.truth.stays.push(StayTruth {
                state: world.states[*state].name.clone(),
                group: world.groups[*group].name.clone(),
                stays: lengths_s.len() as u64,
                open: spans.open_since_s.len() as u64,
                total_ms: lengths_s.iter().sum::<i64>() * 1_000,
                longer_than_48h: lengths_s.iter().filter(|length_s| **length_s > LONG_S).count() as u64,
                unseen_ms: self.unseen_s.get(&(*state, *group)).copied().unwrap_or(0) * 1_000,
            });
        }
        Summary { rows: self.rows, cases: self.cases, truth: self.truth }
    }
}
