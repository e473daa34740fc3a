//! The decomposition of waits, put together for each place where work waits.

use super::Reasons;
use super::measure::Measured;
use crate::config::Config;
use crate::counts::count;
use crate::diagnose::choke_points::{Reach, Segment};
use crate::diagnose::waits::{OwnedWaits, decompose};
use crate::metrics::pairs::PairTable;
use crate::metrics::wait_spans::{Closed, waits_outside};
use crate::report::model::Slices;
use crate::states::Semantics;

/// What is known of all waits.
pub struct Waits {
    owned: OwnedWaits,
    closed: PairTable<Closed>,
    /// The log is not too large.
    decomposed: bool,
    /// Why owners are not seen at work, if they are not.
    unseen: Option<&'static str>,
    /// There are working hours.
    has_hours: bool,
}

/// What the completed stays of a place are made of.
pub struct Split {
    /// The slices, which sum to their time.
    pub slices: Slices,
    /// Of the idle slice, what lies between two touches of the owner that are close to each other; unknown with it.
    pub between_ms: Option<i64>,
}

impl Waits {
    /// Takes the waits out of the measures and splits those of some places.
    pub fn take(measured: &mut Measured, segments: &[Segment], threads: usize) -> Waits {
        let tally = &mut measured.swept.waits;
        let spans = std::mem::take(&mut tally.parts);
        let closed = std::mem::replace(&mut tally.closed, PairTable::new(0, 1));
        let observed = tally.observed;
        let clock = measured.clock.as_ref();
        let places = segments.iter().map(|segment| (segment.state, segment.group)).collect();
        let owned = decompose(&measured.log, &measured.semantics, clock, &spans, &places, threads);
        let semantics = &measured.semantics;
        Waits {
            owned,
            closed,
            decomposed: semantics.busy_ms.is_some(),
            unseen: if observed { None } else { Some(why_unseen(semantics)) },
            has_hours: clock.is_some(),
        }
    }

    /// The slices of a place where work waits; they sum to the time of its completed stays. `None` in too large a log.
    pub fn of(&mut self, segment: &Segment) -> Option<Split> {
        if !self.decomposed {
            return None;
        }
        let place = (segment.state, segment.group);
        let closed = if self.has_hours { *self.closed.at(place.0, place.1) } else { Closed::default() };
        let open_ms = segment.total_ms - closed.off_hours_ms - closed.unclocked_ms;
        let outside = waits_outside(segment.class);
        let owned = self.owned.get(&place).copied().unwrap_or_default();
        let seen = |ms: i64| (self.unseen.is_none() || outside).then_some(ms);
        let external_ms = if outside { open_ms } else { 0 };
        let slices = Slices {
            off_hours: self.has_hours.then_some(closed.off_hours_ms),
            external: Some(external_ms),
            busy: seen(owned.busy_ms),
            batch: seen(owned.batch_ms),
            idle: seen(owned.idle_ms),
            unobserved: Some(
                closed.unclocked_ms + open_ms - external_ms - owned.busy_ms - owned.batch_ms - owned.idle_ms,
            ),
        };
        Some(Split { slices, between_ms: seen(owned.between_ms) })
    }

    /// What of a wait is out of reach; `None` where nobody knows whether owners are busy, so that all places are
    /// ranked alike.
    #[expect(clippy::cast_precision_loss, reason = "shares")]
    pub fn reach(&self, split: Option<&Split>) -> Option<Reach> {
        let slices = &split.filter(|_| self.unseen.is_none())?.slices;
        let ms = |slice: Option<i64>| slice.unwrap_or(0) as f64;
        let taken_ms = ms(slices.busy) + ms(slices.batch);
        let all_ms = ms(slices.external) + taken_ms + ms(slices.idle) + ms(slices.unobserved);
        (all_ms > 0.0).then(|| Reach { outside: ms(slices.external) / all_ms, capacity: taken_ms / all_ms })
    }

    /// Says why slices are unknown.
    pub fn reasons(&self, config: &Config, unknown: &mut Reasons) {
        if !self.decomposed {
            let most = config.choke_points.decompose_events;
            let message = format!(
                "the log has more than {} events; raise `decompose_events` of `[choke_points]` in wcaf.toml",
                count(most)
            );
            return unknown.add("/choke_points/*/slices_ms", "too_many_events", message);
        }
        if !self.has_hours {
            let message = "no working calendar is configured, so nights and weekends count as the time they fall in";
            unknown.add("/choke_points/*/slices_ms/off_hours", "needs_calendar", message);
        }
        if let Some(message) = self.unseen {
            for slice in ["busy", "batch", "idle"] {
                unknown.add(format!("/choke_points/*/slices_ms/{slice}"), "owners_unobserved", message);
            }
        }
    }
}

fn why_unseen(semantics: &Semantics) -> &'static str {
    if semantics.tells_people_apart {
        "fewer than half of the assignees ever act, so nobody can say what they did meanwhile"
    } else {
        "a single name stands for all people, so nobody can say what each of them did meanwhile"
    }
}
