//! One pass over every case, split over threads: all measures that look at one case at a time.
//!
//! The accumulators hold integers and bags of durations only, so that their sums do not depend on the split.

use super::after_handoffs::AfterHandoffs;
use super::business::BusinessTally;
use super::case_facts::{CaseFact, fact_of};
use super::case_parts::{CaseParts, TouchesPerCase, parts_of};
use super::case_totals::CaseTotals;
use super::clock::{BusinessClock, CaseClock};
use super::cuts::CutsTally;
use super::exceptions::{self, ExceptionTally};
use super::fake_waits::FakeWaits;
use super::handoffs::{self, CaseHandoffs, HandoffTally};
use super::ledger::LedgerTally;
use super::place_signs::SignTally;
use super::repeats::Repeats;
use super::silences::SilenceTally;
use super::touch_tally::TouchTally;
use super::visits::VisitTally;
use super::wait_spans::WaitTally;
use crate::log::EventLog;
use crate::parallel;
use crate::states::touches::Finder;
use crate::states::{Reader, Semantics};

/// Events per job: few enough that their decoded columns stay in the cache, enough to cost nothing.
const JOB_EVENTS: usize = 1 << 13;

/// Everything the sweep measured.
pub struct Swept {
    /// One row per case, in the order of the log.
    pub facts: Vec<CaseFact>,
    /// What they come to.
    pub totals: CaseTotals,
    /// Key figures by segment, week and outcome.
    pub cuts: CutsTally,
    /// Visits, stays, transitions.
    pub visits: VisitTally,
    /// Changes of owner.
    pub handoffs: HandoffTally,
    /// Touches.
    pub touches: TouchTally,
    /// Touches of each bucket per case.
    pub per_case: TouchesPerCase,
    /// Exceptions.
    pub exceptions: ExceptionTally,
    /// Where every millisecond went.
    pub ledger: LedgerTally,
    /// Waits whose owner is known.
    pub waits: WaitTally,
    /// How stays begin and end where work waits.
    pub signs: SignTally,
    /// Stretches in which nothing happens for long.
    pub silences: SilenceTally,
    /// Waits for the requester in which nobody asked.
    pub fake_waits: FakeWaits,
    /// Questions and rework after handoffs.
    pub after_handoffs: AfterHandoffs,
    /// Events in a row that tell nothing new.
    pub repeats: Repeats,
    /// The same durations on the business clock; `None` without a calendar.
    pub business: Option<BusinessTally>,
}

struct Tallies<'a> {
    reader: Reader<'a>,
    finder: Finder,
    handoffs_of_case: CaseHandoffs,
    totals: CaseTotals,
    cuts: CutsTally,
    visits: VisitTally,
    handoffs: HandoffTally,
    touches: TouchTally,
    per_case: TouchesPerCase,
    exceptions: ExceptionTally,
    ledger: LedgerTally,
    waits: WaitTally,
    signs: SignTally,
    silences: SilenceTally,
    fake_waits: FakeWaits,
    after_handoffs: AfterHandoffs,
    repeats: Repeats,
    business: Option<(CaseClock<'a>, BusinessTally)>,
}

/// Sweeps the log, on the business clock too where there is one.
#[must_use]
pub fn sweep(log: &EventLog, semantics: &Semantics, clock: Option<&BusinessClock>, threads: usize) -> Swept {
    let mut facts = vec![CaseFact::default(); log.cases()];
    let mut jobs = Vec::new();
    let mut rest = facts.as_mut_slice();
    for run in log.case_runs(JOB_EVENTS) {
        let (piece, tail) = rest.split_at_mut(run.len());
        jobs.push((run.start, piece));
        rest = tail;
    }
    let with_actors = log.actor.is_some();
    let cuts = CutsTally::new(log);
    let start = || Tallies {
        reader: Reader::new(log, semantics, semantics.needs_proxy(log)),
        finder: Finder::new(semantics),
        handoffs_of_case: CaseHandoffs::default(),
        totals: CaseTotals::default(),
        cuts: cuts.clone(),
        visits: VisitTally::new(log, semantics),
        handoffs: HandoffTally::new(log, semantics),
        touches: TouchTally::new(log, semantics),
        per_case: TouchesPerCase::default(),
        exceptions: ExceptionTally::default(),
        ledger: LedgerTally::new(semantics),
        waits: WaitTally::new(log, semantics, clock.is_some()),
        signs: SignTally::new(log, semantics),
        silences: SilenceTally::new(log, semantics),
        fake_waits: FakeWaits::new(log, semantics),
        after_handoffs: AfterHandoffs::default(),
        repeats: Repeats::default(),
        business: clock.map(|clock| (CaseClock::new(clock, log), BusinessTally::new(log, semantics, &cuts))),
    };
    let parts = parallel::fold(threads, jobs, start, |tallies, (first, piece)| {
        tallies.reader.decode(first..first + piece.len());
        for (case, fact) in (first..).zip(piece) {
            let parts;
            (*fact, parts) = tallies.add(log, case, semantics, with_actors);
            tallies.totals.add(fact);
            tallies.per_case.add(&parts);
            tallies.cuts.add(log, case, fact, &parts);
        }
    });
    let mut parts = parts.into_iter();
    let mut all = parts.next().unwrap_or_else(start);
    for part in parts {
        all.totals.merge(part.totals);
        all.cuts.merge(part.cuts);
        all.visits.merge(part.visits);
        all.handoffs.merge(part.handoffs);
        all.touches.merge(part.touches);
        all.per_case.merge(part.per_case);
        all.exceptions.merge(part.exceptions);
        all.ledger.merge(&part.ledger);
        all.waits.merge(part.waits);
        all.signs.merge(part.signs);
        all.silences.merge(part.silences);
        all.fake_waits.merge(part.fake_waits);
        all.after_handoffs.merge(part.after_handoffs);
        all.repeats.merge(part.repeats);
        if let (Some((_, mine)), Some((_, theirs))) = (&mut all.business, part.business) {
            mine.merge(theirs);
        }
    }
    Swept {
        facts,
        totals: all.totals,
        cuts: all.cuts,
        visits: all.visits,
        handoffs: all.handoffs,
        touches: all.touches,
        per_case: all.per_case,
        exceptions: all.exceptions,
        ledger: all.ledger,
        waits: all.waits,
        signs: all.signs,
        silences: all.silences,
        fake_waits: all.fake_waits,
        after_handoffs: all.after_handoffs,
        repeats: all.repeats,
        business: all.business.map(|(_, tally)| tally),
    }
}

impl Tallies<'_> {
    fn add(&mut self, log: &EventLog, case: usize, semantics: &Semantics, with_actors: bool) -> (CaseFact, CaseParts) {
        let events = &self.reader.case(case);
        let touches = if with_actors { self.finder.find(events, semantics) } else { &[] };
        handoffs::find(events, semantics, touches, &mut self.handoffs_of_case);
        let mut fact = fact_of(events, semantics, touches, &self.handoffs_of_case);
        self.visits.add(events, semantics);
        self.handoffs.add(events, semantics, touches, &self.handoffs_of_case);
        self.touches.add(events, touches);
        fact.exceptions = exceptions::add(&mut self.exceptions, events);
        let parts = parts_of(events, touches, &fact);
        self.signs.add(case, events, semantics);
        self.silences.add(case, events, semantics);
        self.fake_waits.add(log, case, events, semantics);
        self.after_handoffs.add(events, &self.handoffs_of_case);
        self.repeats.add(case, events, semantics);
        self.ledger.add(events, &self.handoffs_of_case, fact.end_ms);
        if let Some((clock, business)) = &mut self.business {
            let times = clock.times(case, events, semantics.as_of_ms);
            business.add(log, case, events, times, &self.handoffs_of_case, &fact);
            self.waits.add(events, times, semantics);
        } else {
            self.waits.add(events, None, semantics);
        }
        (fact, parts)
    }
}
