//! What a case adds to the key figures beside its facts: touches by bucket, exceptions that are over, time in waits.
//!
//! It is gone once the case is counted, so it costs no memory per case.

use super::case_facts::CaseFact;
use super::exceptions;
use super::histogram::Histogram;
use crate::states::CaseEvents;
use crate::states::touches::{Purpose, Touch, is_wait};

/// Parts of one case.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct CaseParts {
    /// Touches of the buckets A, B, C and D.
    pub touches: [u32; 4],
    /// Exceptions that are over.
    pub exceptions: u32,
    /// What they took, ms.
    pub exceptions_ms: i64,
    /// Time in blocked and waiting states before the completion, ms.
    pub waiting_ms: i64,
}

/// The parts of a case.
#[must_use]
pub fn parts_of(case: &CaseEvents, touches: &[Touch], fact: &CaseFact) -> CaseParts {
    let mut parts = CaseParts::default();
    for touch in touches {
        let bucket = match touch.purpose {
            Purpose::Handoff => 0,
            Purpose::Status => 1,
            Purpose::Exception => 2,
            Purpose::Communication => 3,
            Purpose::Work => continue,
        };
        parts.touches[bucket] += 1;
    }
    if fact.exceptions == 0 {
        return parts;
    }
    exceptions::each(case, |first, next| {
        if let Some(next) = next {
            parts.exceptions += 1;
            parts.exceptions_ms += exceptions::between_ms(case, first, next);
        }
    });
    let waits = case.visits.iter().filter(|visit| is_wait(visit.class));
    parts.waiting_ms =
        waits.map(|visit| case.time_ms.get(visit.to).copied().unwrap_or(fact.end_ms) - case.time_ms[visit.from]).sum();
    parts
}

/// Cases by their touches of the buckets A, B, C and D.
#[derive(Clone, Debug, Default)]
pub struct TouchesPerCase {
    buckets: [Histogram; 4],
}

impl TouchesPerCase {
    /// Adds a case.
    pub fn add(&mut self, parts: &CaseParts) {
        self.buckets.iter_mut().zip(parts.touches).for_each(|(bucket, touches)| bucket.add(touches));
    }

    /// Adds other cases.
    pub fn merge(&mut self, other: TouchesPerCase) {
        self.buckets.iter_mut().zip(other.buckets).for_each(|(mine, theirs)| mine.merge(theirs));
    }

    /// Cases by their touches of one bucket, A being 0.
    #[must_use]
    pub fn bucket(&self, at: usize) -> &Histogram {
        &self.buckets[at]
    }
}
