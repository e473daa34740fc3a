//! Key figures for part of the cases: by segment, week of arrival and outcome.
//!
//! A case belongs to the segment of the first event that names one. Outcomes are marks, not a partition: a case
//! may be resolved, reopened and escalated at once.

use super::case_facts::CaseFact;
use super::case_parts::CaseParts;
use super::durations::Durations;
use super::pairs::PairTable;
use crate::log::codes::each_width;
use crate::log::{AttributeRole, EventLog, NONE};
use crate::parallel;
use crate::time::{iso_week, week_start_ms};

const WEEK_MS: i64 = 7 * 86_400_000;

/// What cases are cut by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Dimension {
    /// An attribute of the case.
    Segment,
    /// ISO week of arrival.
    Week,
    /// How it ended.
    Outcome,
}

/// Counts of some cases and the cycle times of the completed ones.
#[derive(Clone, Debug, Default)]
struct CutTally {
    cases: u64,
    cycle: Durations,
    handoffs: u64,
    reassigned: u64,
    reopened: u64,
    with_exception: u64,
    escalated: u64,
    parts: PartsTally,
}

/// Sums of the parts of cases.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PartsTally {
    /// Touches of the buckets A, B, C and D.
    pub touches: [u64; 4],
    /// Exceptions that are over.
    pub exceptions: u64,
    /// What they took, ms.
    pub exceptions_ms: i128,
    /// Time in blocked and waiting states, ms.
    pub waiting_ms: i128,
    /// All time of the cases, ms.
    pub time_ms: i128,
}

impl PartsTally {
    fn add(&mut self, fact: &CaseFact, parts: &CaseParts) {
        self.touches.iter_mut().zip(parts.touches).for_each(|(all, touches)| *all += u64::from(touches));
        self.exceptions += u64::from(parts.exceptions);
        self.exceptions_ms += i128::from(parts.exceptions_ms);
        self.waiting_ms += i128::from(parts.waiting_ms);
        self.time_ms += i128::from(fact.duration_ms());
    }

    fn merge(&mut self, other: PartsTally) {
        self.touches.iter_mut().zip(other.touches).for_each(|(mine, theirs)| *mine += theirs);
        self.exceptions += other.exceptions;
        self.exceptions_ms += other.exceptions_ms;
        self.waiting_ms += other.waiting_ms;
        self.time_ms += other.time_ms;
    }
}

impl CutTally {
    fn add(&mut self, fact: &CaseFact, parts: &CaseParts) {
        self.cases += 1;
        if fact.completed {
            self.cycle.push(fact.duration_ms());
        }
        self.handoffs += u64::from(fact.handoffs);
        self.reassigned += u64::from(fact.handoffs > 0);
        self.reopened += u64::from(fact.reopens > 0);
        self.with_exception += u64::from(fact.exceptions > 0);
        self.escalated += u64::from(fact.escalated);
        self.parts.add(fact, parts);
    }

    fn merge(&mut self, other: CutTally) {
        self.cases += other.cases;
        self.cycle.append(other.cycle);
        self.handoffs += other.handoffs;
        self.reassigned += other.reassigned;
        self.reopened += other.reopened;
        self.with_exception += other.with_exception;
        self.escalated += other.escalated;
        self.parts.merge(other.parts);
    }
}

/// One cut: dimension, key, figures.
#[derive(Clone, Debug)]
pub struct Cut {
    /// What is cut by.
    pub dimension: Dimension,
    /// `column=value`, ISO week or outcome.
    pub key: String,
    /// Cases.
    pub cases: u64,
    /// Completed ones.
    pub completed: u64,
    /// Handoffs by the headline definition.
    pub handoffs: u64,
    /// Cases with a handoff.
    pub reassigned: u64,
    /// Cases with a reopen.
    pub reopened: u64,
    /// Cases with an exception.
    pub with_exception: u64,
    /// Cases with an escalation.
    pub escalated: u64,
    /// Touches, exceptions and waits.
    pub parts: PartsTally,
    /// Median and 90th percentile of the cycle time of completed cases, ms.
    pub cycle_p50_p90: [Option<i64>; 2],
}

/// Values of one segment column that are listed; the most frequent ones.
pub const MAX_KEYS: usize = 40;

/// Outcomes, in the order of [`CutsTally::outcomes`].
const OUTCOMES: [&str; 5] = ["open", "cancelled", "resolved", "reopened", "escalated"];

/// The cuts while the cases are swept.
#[derive(Clone, Debug)]
pub struct CutsTally {
    /// Per column that cuts, its place among the attributes and a tally by code.
    segments: Vec<(usize, Vec<CutTally>)>,
    /// By week since `origin_ms`, in row 0.
    weeks: PairTable<CutTally>,
    outcomes: [CutTally; OUTCOMES.len()],
    /// Monday of the log's first week.
    origin_ms: i64,
}

impl CutsTally {
    /// Empty tallies for a log.
    #[must_use]
    pub fn new(log: &EventLog) -> Self {
        let is_segment = |at: &usize| match log.attributes[*at].role {
            AttributeRole::Segment => true,
            // a priority that is also named as a segment is cut by once
            AttributeRole::Priority => !log
                .attributes
                .iter()
                .any(|other| other.role == AttributeRole::Segment && other.name == log.attributes[*at].name),
            AttributeRole::ReassignmentCount
            | AttributeRole::ReopenCount
            | AttributeRole::Kept
            | AttributeRole::Requester
            | AttributeRole::CommentWriter
            | AttributeRole::CommentVisibility => false,
        };
        let tallies = |at: usize| (at, vec![CutTally::default(); log.attributes[at].column.dictionary.size()]);
        let (first_ms, last_ms) = log.span_ms().unwrap_or_default();
        let origin_ms = week_start_ms(first_ms);
        let weeks = usize::try_from((last_ms - origin_ms) / WEEK_MS + 1).unwrap_or(1);
        CutsTally {
            segments: (0..log.attributes.len()).filter(is_segment).map(tallies).collect(),
            weeks: PairTable::new(1, weeks),
            outcomes: Default::default(),
            origin_ms,
        }
    }

    /// Adds a case.
    pub fn add(&mut self, log: &EventLog, case: usize, fact: &CaseFact, parts: &CaseParts) {
        for (column, tallies) in &mut self.segments {
            let first = each_width!(&log.attributes[*column].column.codes, codes => {
                codes[log.range(case)].iter().map(|&code| u32::from(code)).find(|&code| code != NONE)
            });
            if let Some(code) = first {
                tallies[code as usize].add(fact, parts);
            }
        }
        let week = u32::try_from((fact.first_ms - self.origin_ms) / WEEK_MS).unwrap_or(0);
        self.weeks.at(0, week).add(fact, parts);
        let end = match (fact.completed, fact.cancelled) {
            (false, _) => 0,
            (true, true) => 1,
            (true, false) => 2,
        };
        self.outcomes[end].add(fact, parts);
        if fact.reopens > 0 {
            self.outcomes[3].add(fact, parts);
        }
        if fact.escalated {
            self.outcomes[4].add(fact, parts);
        }
    }

    /// Adds the tallies of other cases of the same log.
    pub fn merge(&mut self, other: CutsTally) {
        for ((_, mine), (_, theirs)) in self.segments.iter_mut().zip(other.segments) {
            mine.iter_mut().zip(theirs).for_each(|(mine, theirs)| mine.merge(theirs));
        }
        self.weeks.merge(other.weeks, CutTally::merge);
        self.outcomes.iter_mut().zip(other.outcomes).for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// Arrivals by calendar week that has some: start of the week in UTC ms, cases; in order of time.
    #[must_use]
    pub fn arrivals(&self) -> Vec<(i64, u64)> {
        let mut weeks: Vec<(i64, u64)> =
            self.weeks.iter().map(|((_, week), tally)| (self.week_ms(week), tally.cases)).collect();
        weeks.sort_unstable();
        weeks
    }

    fn week_ms(&self, week: u32) -> i64 {
        self.origin_ms + i64::from(week) * WEEK_MS
    }

    /// All cuts, by dimension and key.
    #[must_use]
    pub fn cuts(&self, log: &EventLog, threads: usize) -> Vec<Cut> {
        let mut chosen: Vec<(Dimension, String, &CutTally)> = Vec::new();
        for (column, tallies) in &self.segments {
            let attribute = &log.attributes[*column];
            let mut named: Vec<(u32, &CutTally)> = (0u32..).zip(tallies).filter(|(_, tally)| tally.cases > 0).collect();
            named.sort_by_key(|(code, tally)| (std::cmp::Reverse(tally.cases), *code));
            named.truncate(MAX_KEYS);
            let key = |code| format!("{}={}", attribute.name, attribute.column.dictionary.text(code).unwrap_or(""));
            chosen.extend(named.into_iter().map(|(code, tally)| (Dimension::Segment, key(code), tally)));
        }
        for ((_, week), tally) in self.weeks.iter() {
            let (year, week) = iso_week(self.week_ms(week));
            chosen.push((Dimension::Week, format!("{year}-W{week:02}"), tally));
        }
        let outcomes = OUTCOMES.iter().zip(&self.outcomes).filter(|(_, tally)| tally.cases > 0);
        chosen.extend(outcomes.map(|(outcome, tally)| (Dimension::Outcome, (*outcome).to_owned(), tally)));
        chosen.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
        parallel::map(threads, chosen, |_, (dimension, key, tally)| {
            let p = tally.cycle.percentiles(&[50, 90]);
            Cut {
                dimension,
                key,
                cases: tally.cases,
                completed: tally.cycle.len() as u64,
                handoffs: tally.handoffs,
                reassigned: tally.reassigned,
                reopened: tally.reopened,
                with_exception: tally.with_exception,
                escalated: tally.escalated,
                parts: tally.parts,
                cycle_p50_p90: [p[0], p[1]],
            }
        })
    }
}
