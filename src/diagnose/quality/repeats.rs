//! Events that say the same as another one of their case.

use std::cmp::Ordering;
use std::ops::Range;

use super::{NEAR_MS, Tally};
use crate::log::{Codes, EventLog, MARK_COMMENT};

/// The columns in which events are compared.
pub(super) struct Columns<'a> {
    /// All but the counter.
    codes: Vec<&'a Codes>,
    times: Vec<&'a [i64]>,
    visible: Option<&'a [u64]>,
    marks: Option<&'a [u64]>,
    counter: Option<&'a Codes>,
}

impl<'a> Columns<'a> {
    /// Every column that is read; `counter` is the attribute that counts updates.
    pub(super) fn new(log: &'a EventLog, counter: Option<usize>) -> Self {
        let named = [&log.state, &log.activity, &log.group, &log.assignee, &log.actor];
        let attributes = log.attributes.iter().enumerate().filter(|(at, _)| Some(*at) != counter);
        Columns {
            codes: named
                .into_iter()
                .flatten()
                .chain(attributes.map(|(_, attribute)| &attribute.column))
                .map(|column| &column.codes)
                .collect(),
            times: [&log.start_ms, &log.enabled_ms].into_iter().flatten().map(Vec::as_slice).collect(),
            visible: log.visible.as_deref(),
            marks: log.marks.as_deref(),
            counter: counter.map(|at| &log.attributes[at].column.codes),
        }
    }

    /// The order of two events by everything but their instant and counter.
    fn compare(&self, left: usize, right: usize) -> Ordering {
        let codes = self.codes.iter().map(|codes| codes.get(left).cmp(&codes.get(right)));
        let times = self.times.iter().map(|times| times[left].cmp(&times[right]));
        let visible = self.visible.iter().map(|texts| texts[left].cmp(&texts[right]));
        // the words may differ
        let marks = self.marks.iter().map(|marks| (marks[left] & MARK_COMMENT).cmp(&(marks[right] & MARK_COMMENT)));
        codes.chain(times).chain(visible).chain(marks).find(|order| order.is_ne()).unwrap_or(Ordering::Equal)
    }

    fn compare_counter(&self, left: usize, right: usize) -> Ordering {
        self.counter.map_or(Ordering::Equal, |codes| codes.get(left).cmp(&codes.get(right)))
    }

    /// Counts the events of a case that repeat another one of the same instant in every column, and returns them in order.
    pub(super) fn duplicates(&self, log: &EventLog, case: u32, range: Range<usize>, found: &mut Tally) -> Vec<usize> {
        let mut repeated = Vec::new();
        let mut from = range.start;
        while from < range.end {
            let time_ms = log.time_ms[from];
            let to = from + log.time_ms[from..range.end].iter().take_while(|&&other| other == time_ms).count();
            if to - from > 1 {
                let mut events: Vec<usize> = (from..to).collect();
                let order =
                    |left: &usize, right: &usize| self.compare(*left, *right).then(self.compare_counter(*left, *right));
                events.sort_by(order);
                let before = repeated.len();
                let pairs = events.windows(2).filter(|pair| order(&pair[0], &pair[1]).is_eq());
                repeated.extend(pairs.map(|pair| pair[1]));
                if repeated.len() > before {
                    found.add(case, time_ms, (repeated.len() - before) as u64);
                }
            }
            from = to;
        }
        repeated.sort_unstable();
        repeated
    }

    /// Counts the events of a case that repeat the one before shortly after it, or at once with another counter;
    /// `repeated` are counted as duplicates already.
    pub(super) fn near(&self, log: &EventLog, case: u32, range: Range<usize>, repeated: &[usize], found: &mut Tally) {
        for at in range.skip(1) {
            let apart = log.time_ms[at] - log.time_ms[at - 1];
            if apart <= NEAR_MS && self.compare(at - 1, at).is_eq() && repeated.binary_search(&at).is_err() {
                found.add(case, log.time_ms[at], 1);
            }
        }
    }
}
