//! From stamps to instants: the decided order applied, naive times placed in a zone.

use super::order::Order;
use super::stamp::{Content, DateFault, Stamp};
use super::zone::{Placed, Zone};

/// Turns stamps into ms UTC, one resolver per worker and column.
///
/// A local time that happened twice (fold) becomes the earlier instant and is counted. One that was skipped (gap) is
/// a fault, or, where allowed, moves forward by the length of the gap and is counted.
#[derive(Clone, Debug)]
pub struct Resolver {
    order: Order,
    zone: Zone,
    allow_dst_gap: bool,
    /// Local times from the first to before the second number have this offset, all in ms.
    known: (i64, i64, i64),
    folds: u64,
    gaps: u64,
    first_gap_local_ms: Option<i64>,
}

impl Resolver {
    /// Makes a resolver for a column of one order, with the zone of its naive times.
    #[must_use]
    pub fn new(order: Order, zone: Zone, allow_dst_gap: bool) -> Self {
        let known = zone.constant_offset_ms().map_or((0, 0, 0), |offset_ms| (i64::MIN, i64::MAX, offset_ms));
        Resolver { order, zone, allow_dst_gap, known, folds: 0, gaps: 0, first_gap_local_ms: None }
    }

    /// Returns the instant of a stamp in ms UTC.
    ///
    /// # Errors
    /// [`DateFault::OrderOpen`] when the order is needed and was not decided, [`DateFault::DstGap`] when the zone
    /// skipped the local time and gaps are not allowed.
    #[inline]
    pub fn resolve(&mut self, stamp: Stamp) -> Result<i64, DateFault> {
        match stamp.content() {
            Content::Instant(ms) => Ok(ms),
            Content::Naive(local_ms) => self.place(local_ms),
            Content::Open(date) => match date.settle(self.order)?.content() {
                Content::Naive(local_ms) => self.place(local_ms),
                Content::Instant(ms) => Ok(ms),
                Content::Open(_) => Err(DateFault::OrderOpen),
            },
        }
    }

    /// Returns how many local times happened twice so far.
    #[must_use]
    pub fn folds(&self) -> u64 {
        self.folds
    }

    /// Returns how many local times were skipped by the zone so far, refused or moved.
    #[must_use]
    pub fn gaps(&self) -> u64 {
        self.gaps
    }

    /// Returns the earliest local time, ms, that the zone skipped.
    #[must_use]
    pub fn first_gap_local_ms(&self) -> Option<i64> {
        self.first_gap_local_ms
    }

    /// Returns the zone of naive times.
    #[must_use]
    pub fn zone(&self) -> &Zone {
        &self.zone
    }

    #[inline]
    fn place(&mut self, local_ms: i64) -> Result<i64, DateFault> {
        let (from_local_ms, to_local_ms, offset_ms) = self.known;
        if from_local_ms <= local_ms && local_ms < to_local_ms {
            return Ok(local_ms - offset_ms);
        }
        self.look_up(local_ms)
    }

    #[inline(never)]
    fn look_up(&mut self, local_ms: i64) -> Result<i64, DateFault> {
        match self.zone.place(local_ms) {
            Placed::Once { offset_ms, from_local_ms, to_local_ms } => {
                self.known = (from_local_ms, to_local_ms, offset_ms);
                Ok(local_ms - offset_ms)
            }
            Placed::Fold { offset_ms } => {
                self.folds += 1;
                Ok(local_ms - offset_ms)
            }
            Placed::Gap { offset_ms } => {
                self.gaps += 1;
                self.first_gap_local_ms = Some(self.first_gap_local_ms.map_or(local_ms, |first| first.min(local_ms)));
                if self.allow_dst_gap { Ok(local_ms - offset_ms) } else { Err(DateFault::DstGap) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::civil::format_utc;
    use super::super::dates::DateReader;
    use super::*;

    fn at(zone: &str, allow: bool, field: &str) -> (Result<String, DateFault>, u64, u64) {
        let stamp = DateReader::new(None).read(field.as_bytes(), || 1).unwrap();
        let mut resolver = Resolver::new(Order::NotNeeded, Zone::parse(zone).unwrap(), allow);
        let ms = resolver.resolve(stamp);
        // Again, now that a span may be known.
        assert_eq!(ms, resolver.resolve(stamp));
        (ms.map(format_utc), resolver.folds() / 2, resolver.gaps() / 2)
    }

    #[test]
    fn clock_changes_fold_and_gap() {
        for (zone, field, instant, folds, gaps) in [
            ("UTC", "2025-03-30 02:30:00", "2025-03-30T02:30:00Z", 0, 0),
            ("+02:00", "2025-03-30 02:30:00", "2025-03-30T00:30:00Z", 0, 0),
            ("Europe/Berlin", "2025-03-30 01:59:59", "2025-03-30T00:59:59Z", 0, 0),
            ("Europe/Berlin", "2025-03-30 02:00:00", "2025-03-30T01:00:00Z", 0, 1),
            ("Europe/Berlin", "2025-03-30 02:59:59", "2025-03-30T01:59:59Z", 0, 1),
            ("Europe/Berlin", "2025-03-30 03:00:00", "2025-03-30T01:00:00Z", 0, 0),
            ("Europe/Berlin", "2025-10-26 01:59:59", "2025-10-25T23:59:59Z", 0, 0),
            ("Europe/Berlin", "2025-10-26 02:00:00", "2025-10-26T00:00:00Z", 1, 0),
            ("Europe/Berlin", "2025-10-26 02:59:59", "2025-10-26T00:59:59Z", 1, 0),
            ("Europe/Berlin", "2025-10-26 03:00:00", "2025-10-26T02:00:00Z", 0, 0),
            ("Europe/Berlin", "2025-10-26 02:30:00+01:00", "2025-10-26T01:30:00Z", 0, 0),
            ("America/New_York", "2024-03-10 02:30:00", "2024-03-10T07:30:00Z", 0, 1),
            ("America/New_York", "2024-11-03 01:30:00", "2024-11-03T05:30:00Z", 1, 0),
            ("America/New_York", "2024-07-01 12:00:00", "2024-07-01T16:00:00Z", 0, 0),
            ("Asia/Kolkata", "2024-03-31 02:30:00", "2024-03-30T21:00:00Z", 0, 0),
            ("Australia/Lord_Howe", "2024-10-06 02:15:00", "2024-10-05T15:45:00Z", 0, 1),
            ("Australia/Lord_Howe", "2024-10-06 02:30:00", "2024-10-05T15:30:00Z", 0, 0),
            ("Australia/Lord_Howe", "2024-04-07 01:45:00", "2024-04-06T14:45:00Z", 1, 0),
            ("Australia/Lord_Howe", "2024-04-07 02:00:00", "2024-04-06T15:30:00Z", 0, 0),
            ("Pacific/Apia", "2011-12-30 12:00:00", "2011-12-30T22:00:00Z", 0, 1),
        ] {
            let expected = (Ok(instant.to_owned()), folds, gaps);
            assert_eq!(at(zone, true, field), expected, "{zone} {field}");
            let strict = if gaps > 0 { (Err(DateFault::DstGap), folds, gaps) } else { expected };
            assert_eq!(at(zone, false, field), strict, "{zone} {field}");
        }
    }

    #[test]
    fn a_known_span_ends_at_the_change() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let mut reader = DateReader::new(None);
        let mut resolver = Resolver::new(Order::NotNeeded, zone, false);
        for (field, expected) in [
            ("2025-03-30 01:59:59.999", Ok("2025-03-30T00:59:59.999Z")),
            ("2025-03-30 02:00:00", Err(DateFault::DstGap)),
            ("2025-03-30 03:00:00", Ok("2025-03-30T01:00:00Z")),
            ("2025-03-30 02:59:59.999", Err(DateFault::DstGap)),
            ("2025-10-26 01:59:59", Ok("2025-10-25T23:59:59Z")),
            ("2025-10-26 02:00:00", Ok("2025-10-26T00:00:00Z")),
            ("2025-10-26 03:00:00", Ok("2025-10-26T02:00:00Z")),
            ("2025-10-26 02:59:59", Ok("2025-10-26T00:59:59Z")),
        ] {
            let instant = resolver.resolve(reader.read(field.as_bytes(), || 1).unwrap());
            assert_eq!(instant.map(format_utc), expected.map(str::to_owned), "{field}");
        }
        assert_eq!((resolver.folds(), resolver.gaps()), (2, 2));
    }

    #[test]
    fn an_open_order_needs_a_decision() {
        let stamp = DateReader::new(None).read(b"3/4/2024 10:00 +0200", || 1).unwrap();
        let instant = |order| Resolver::new(order, Zone::utc(), false).resolve(stamp).map(format_utc);
        assert_eq!(instant(Order::NotNeeded), Err(DateFault::OrderOpen));
        assert_eq!(instant(Order::DayFirst).unwrap(), "2024-04-03T08:00:00Z");
        assert_eq!(instant(Order::MonthFirst).unwrap(), "2024-03-04T08:00:00Z");
    }
}
