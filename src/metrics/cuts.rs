//! Key figures for part of the cases: by segment, week of arrival and outcome.
//!
//! A case belongs to the segment of the first event that names one. Outcomes are marks, not a partition: a case
//! may be resolved, reopened and escalated at once.

use std::collections::BTreeMap;

use super::case_facts::CaseFact;
use super::durations::Durations;
use crate::log::codes::each_width;
use crate::log::{AttributeRole, EventLog, NONE};
use crate::parallel;
use crate::time::iso_week;

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

/// Key figures of some cases.
#[derive(Clone, Debug, Default)]
pub struct CutTally {
    /// Cases.
    pub cases: u64,
    /// Cycle times of completed ones.
    pub cycle: Durations,
    /// Handoffs by the headline definition.
    pub handoffs: u64,
    /// Cases with a handoff.
    pub reassigned: u64,
    /// Cases with a reopen.
    pub reopened: u64,
    /// Cases with an exception.
    pub with_exception: u64,
}

impl CutTally {
    fn add(&mut self, fact: &CaseFact) {
        self.cases += 1;
        if fact.completed {
            self.cycle.push(fact.duration_ms());
        }
        self.handoffs += u64::from(fact.handoffs);
        self.reassigned += u64::from(fact.handoffs > 0);
        self.reopened += u64::from(fact.reopens > 0);
        self.with_exception += u64::from(fact.exceptions > 0);
    }
}

/// One cut: dimension, key, figures.
#[derive(Clone, Debug)]
pub struct Cut {
    /// What is cut by.
    pub dimension: Dimension,
    /// `column=value`, ISO week or outcome.
    pub key: String,
    /// The figures.
    pub tally: CutTally,
    /// Median and 90th percentile of the cycle time, ms.
    pub cycle_p50_p90: [Option<i64>; 2],
}

/// Values of one segment column that are listed; the most frequent ones.
pub const MAX_KEYS: usize = 40;

/// All cuts, by dimension and key.
#[must_use]
pub fn cuts(log: &EventLog, facts: &[CaseFact], threads: usize) -> Vec<Cut> {
    let is_segment = |at: &usize| match log.attributes[*at].role {
        AttributeRole::Segment => true,
        // a priority that is also named as a segment is cut by once
        AttributeRole::Priority => !log
            .attributes
            .iter()
            .any(|other| other.role == AttributeRole::Segment && other.name == log.attributes[*at].name),
        AttributeRole::ReassignmentCount | AttributeRole::ReopenCount => false,
    };
    let columns: Vec<usize> = (0..log.attributes.len()).filter(is_segment).collect();
    let jobs: Vec<Option<usize>> = columns.into_iter().map(Some).chain([None]).collect();
    let found = parallel::map(threads, jobs, |_, column| match column {
        Some(column) => by_segment(log, facts, column),
        None => by_week_and_outcome(facts),
    });
    let mut cuts: Vec<Cut> = found.into_iter().flatten().collect();
    cuts.sort_by(|a, b| (a.dimension, &a.key).cmp(&(b.dimension, &b.key)));
    cuts
}

fn by_segment(log: &EventLog, facts: &[CaseFact], column: usize) -> Vec<Cut> {
    let attribute = &log.attributes[column];
    let mut tallies = vec![CutTally::default(); attribute.column.dictionary.size()];
    each_width!(&attribute.column.codes, codes => for (case, fact) in facts.iter().enumerate() {
        let first = codes[log.range(case)].iter().map(|&code| u32::from(code)).find(|&code| code != NONE);
        if let Some(code) = first {
            tallies[code as usize].add(fact);
        }
    });
    let mut named: Vec<(u32, CutTally)> = (0u32..).zip(tallies).filter(|(_, tally)| tally.cases > 0).collect();
    named.sort_by_key(|(code, tally)| (std::cmp::Reverse(tally.cases), *code));
    named.truncate(MAX_KEYS);
    let key = |code| format!("{}={}", attribute.name, attribute.column.dictionary.text(code).unwrap_or(""));
    named.into_iter().map(|(code, tally)| cut(Dimension::Segment, key(code), tally)).collect()
}

fn by_week_and_outcome(facts: &[CaseFact]) -> Vec<Cut> {
    let mut weeks: BTreeMap<(i32, u32), CutTally> = BTreeMap::new();
    let mut outcomes: BTreeMap<&'static str, CutTally> = BTreeMap::new();
    for fact in facts {
        weeks.entry(iso_week(fact.first_ms)).or_default().add(fact);
        let end = match (fact.completed, fact.cancelled) {
            (false, _) => "open",
            (true, true) => "cancelled",
            (true, false) => "resolved",
        };
        let marks = [(end, true), ("reopened", fact.reopens > 0), ("escalated", fact.escalated)];
        for (mark, _) in marks.into_iter().filter(|(_, applies)| *applies) {
            outcomes.entry(mark).or_default().add(fact);
        }
    }
    let weeks =
        weeks.into_iter().map(|((year, week), tally)| cut(Dimension::Week, format!("{year}-W{week:02}"), tally));
    let outcomes = outcomes.into_iter().map(|(outcome, tally)| cut(Dimension::Outcome, outcome.to_owned(), tally));
    weeks.chain(outcomes).collect()
}

fn cut(dimension: Dimension, key: String, mut tally: CutTally) -> Cut {
    let cycle = tally.cycle.percentiles(&[50, 90]);
    Cut { dimension, key, tally, cycle_p50_p90: [cycle[0], cycle[1]] }
}
