//! One parsed value and the reasons for which a value is refused.

use std::fmt;

use super::civil::{MS_PER_DAY, days_from_civil};
use super::order::Order;
use super::valid::FIRST_YEAR;

/// Why a field is not a usable time. Its [`reason`](DateFault::reason) is stable and counted in the reject table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DateFault {
    /// The field is empty or only spaces.
    Empty,
    /// The field has none of the known shapes.
    Unreadable,
    /// The field does not fit the given date format.
    NotInFormat,
    /// The month or the day does not exist, such as 30 February.
    NoSuchDate,
    /// The hour, minute or second does not exist, such as 24:00 or 13:00 PM.
    NoSuchTime,
    /// The weekday written beside the date is not the weekday of that date.
    WrongWeekday,
    /// The second is 60. Refused, since an instant in ms has no place for it and any neighbour would be another instant.
    LeapSecond,
    /// The year is before 1900 or after 2200, usually a placeholder such as 9999-12-31.
    OutOfRange,
    /// Day and month can be exchanged and no order was given to the resolver.
    OrderOpen,
    /// The local time was skipped by a change of the clock in the zone.
    DstGap,
}

impl DateFault {
    /// Returns the stable identifier of the reason, for reject tables and JSON.
    #[must_use]
    pub fn reason(self) -> &'static str {
        match self {
            DateFault::Empty => "empty_time",
            DateFault::Unreadable => "time_unreadable",
            DateFault::NotInFormat => "time_not_in_format",
            DateFault::NoSuchDate => "no_such_date",
            DateFault::NoSuchTime => "no_such_time",
            DateFault::WrongWeekday => "wrong_weekday",
            DateFault::LeapSecond => "leap_second",
            DateFault::OutOfRange => "time_out_of_range",
            DateFault::OrderOpen => "date_order_open",
            DateFault::DstGap => "dst_gap",
        }
    }
}

impl fmt::Display for DateFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            DateFault::Empty => "the time is empty",
            DateFault::Unreadable => "not a date or time in any known form",
            DateFault::NotInFormat => "does not fit the given date format",
            DateFault::NoSuchDate => "there is no such date",
            DateFault::NoSuchTime => "there is no such time of day",
            DateFault::WrongWeekday => "the weekday is not that of the date",
            DateFault::LeapSecond => "second 60 is not supported",
            DateFault::OutOfRange => "the year is outside 1900 to 2200, probably a placeholder",
            DateFault::OrderOpen => "day and month can be exchanged",
            DateFault::DstGap => "the clock skipped this local time in the zone",
        })
    }
}

const TAG_BITS: u32 = 2;
const TAG_MASK: u64 = 0b11;
const INSTANT: u64 = 0;
const NAIVE: u64 = 1;
const OPEN: u64 = 2;

/// One parsed value in 8 bytes, whose order of day and month may still be open and which may be naive (no offset).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stamp(u64);

/// What a stamp holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Content {
    /// Milliseconds since 1970 in UTC.
    Instant(i64),
    /// Milliseconds since 1970-01-01 00:00 of the local clock, zone not known.
    Naive(i64),
    /// Order open: the two readings of one value.
    Open(OpenDate),
}

/// A value whose first two numbers are both 1 to 12 and differ.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct OpenDate {
    /// Four-digit year, 1900 to 2200.
    pub year: i32,
    /// The number written first.
    pub first: u32,
    /// The number written second.
    pub second: u32,
    /// Milliseconds since local midnight.
    pub ms_of_day: i64,
    /// Minutes east of UTC, where written.
    pub offset_min: Option<i32>,
}

impl Stamp {
    /// Packs an instant, ms UTC. Two bits of range are given up (± 73 million years remain).
    #[inline]
    pub(super) fn instant(ms: i64) -> Self {
        Stamp(ms.cast_unsigned() << TAG_BITS | INSTANT)
    }

    /// Packs a local time, ms since 1970-01-01 00:00 of the local clock.
    #[inline]
    pub(super) fn naive(local_ms: i64) -> Self {
        Stamp(local_ms.cast_unsigned() << TAG_BITS | NAIVE)
    }

    /// Packs a local time with its offset, where it has one.
    #[inline]
    pub(super) fn placed(local_ms: i64, offset_min: Option<i32>) -> Self {
        match offset_min {
            Some(minutes) => Stamp::instant(local_ms - i64::from(minutes) * 60_000),
            None => Stamp::naive(local_ms),
        }
    }

    /// Packs a value that reads in both orders: tag 2, offset 12 (0 is none), ms of day 27, second 4, first 4, year 9.
    pub(super) fn open(date: OpenDate) -> Self {
        let offset = date.offset_min.map_or(0, |minutes| u64::from((minutes + 2_048).unsigned_abs()) & 0xfff);
        let year = u64::from((date.year - FIRST_YEAR).unsigned_abs()) & 0x1ff;
        let head = (year << 8) | (u64::from(date.first & 15) << 4) | u64::from(date.second & 15);
        let body = (head << 27) | (date.ms_of_day.cast_unsigned() & 0x7ff_ffff);
        Stamp((((body << 12) | offset) << TAG_BITS) | OPEN)
    }

    /// Unpacks the stamp.
    #[inline]
    pub(super) fn content(self) -> Content {
        let ms = self.0.cast_signed() >> TAG_BITS;
        match self.0 & TAG_MASK {
            INSTANT => Content::Instant(ms),
            NAIVE => Content::Naive(ms),
            _ => Content::Open(self.open_date()),
        }
    }

    fn open_date(self) -> OpenDate {
        let field = |shift: u32, bits: u32| u32::try_from((self.0 >> shift) & ((1 << bits) - 1)).unwrap_or(0);
        let signed = |value: u32| i32::try_from(value).unwrap_or(0);
        let offset = field(2, 12);
        OpenDate {
            year: signed(field(49, 9)) + FIRST_YEAR,
            first: field(45, 4),
            second: field(41, 4),
            ms_of_day: i64::from(field(14, 27)),
            offset_min: (offset != 0).then(|| signed(offset) - 2_048),
        }
    }

    /// Returns whether day and month can be exchanged in this value.
    #[must_use]
    pub fn is_order_open(self) -> bool {
        self.0 & TAG_MASK == OPEN
    }

    /// Returns whether the value has no offset and needs a zone.
    #[must_use]
    pub fn is_naive(self) -> bool {
        match self.content() {
            Content::Instant(_) => false,
            Content::Naive(_) => true,
            Content::Open(date) => date.offset_min.is_none(),
        }
    }
}

/// Stamps in four bytes each, as distances from the earliest one.
#[derive(Clone, Debug)]
pub struct NearStamps {
    base: Stamp,
    distances: Vec<u32>,
}

impl NearStamps {
    /// Packs the stamps of `order`; `None` where they are of different kinds or too far apart (49 days).
    #[must_use]
    pub fn pack(stamps: &[Stamp], order: &[u32]) -> Option<Self> {
        let base = *stamps.iter().min_by_key(|stamp| stamp.0.cast_signed())?;
        let distance = |stamp: Stamp| {
            let bits = stamp.0.wrapping_sub(base.0);
            if bits & TAG_MASK == 0 { u32::try_from(bits >> TAG_BITS).ok() } else { None }
        };
        let distances: Option<Vec<u32>> = order.iter().map(|&row| distance(stamps[row as usize])).collect();
        Some(NearStamps { base, distances: distances? })
    }

    /// Returns the stamps of a range, in order.
    pub fn range(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = Stamp> + '_ {
        let bits = |&distance: &u32| u64::from(distance) << TAG_BITS;
        self.distances[range].iter().map(move |distance| Stamp(self.base.0.wrapping_add(bits(distance))))
    }
}

impl OpenDate {
    /// Settles the order and returns an instant or a naive stamp.
    pub(super) fn settle(self, order: Order) -> Result<Stamp, DateFault> {
        let (month, day) = match order {
            Order::NotNeeded => return Err(DateFault::OrderOpen),
            Order::DayFirst => (self.second, self.first),
            Order::MonthFirst => (self.first, self.second),
        };
        let local_ms = days_from_civil(self.year, month, day) * MS_PER_DAY + self.ms_of_day;
        Ok(Stamp::placed(local_ms, self.offset_min))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_stamps_give_back_what_they_hold_or_refuse() {
        let near = |stamps: &[Stamp], order: &[u32]| {
            NearStamps::pack(stamps, order).map(|near| near.range(0..order.len()).collect::<Vec<_>>())
        };
        let day = 86_400_000;
        for make in [Stamp::instant, Stamp::naive] {
            let stamps = [make(5), make(-7), make(40 * day), make(-7)];
            assert_eq!(near(&stamps, &[2, 0, 1, 3]), Some(vec![stamps[2], stamps[0], stamps[1], stamps[3]]));
            assert_eq!(near(&[make(0), make(60 * day)], &[0, 1]), None);
        }
        assert_eq!(near(&[Stamp::instant(1), Stamp::naive(1)], &[0, 1]), None);
        assert_eq!(near(&[], &[]), None);
        let open =
            |ms_of_day| Stamp::open(OpenDate { year: 2024, first: 3, second: 4, ms_of_day, offset_min: Some(60) });
        let stamps = [open(1_000), open(0)];
        assert!(near(&stamps, &[1, 0]).is_none_or(|back| back == [stamps[1], stamps[0]]));
    }

    #[test]
    fn a_stamp_is_eight_bytes_and_gives_back_what_it_holds() {
        assert_eq!(size_of::<Stamp>(), 8);
        assert_eq!(size_of::<Result<Stamp, DateFault>>(), 16);
        for ms in [0, 1, -1, 1_456_708_980_000, -2_208_988_800_000, 7_289_654_399_999] {
            assert_eq!(Stamp::instant(ms).content(), Content::Instant(ms));
            assert_eq!(Stamp::naive(ms).content(), Content::Naive(ms));
        }
        for year in [1900, 1970, 2024, 2200] {
            for (first, second) in [(1, 2), (12, 1), (3, 11)] {
                for ms_of_day in [0, 1, 86_399_999] {
                    for offset_min in [None, Some(0), Some(959), Some(-959), Some(330)] {
                        let date = OpenDate { year, first, second, ms_of_day, offset_min };
                        assert_eq!(Stamp::open(date).content(), Content::Open(date));
                        assert_eq!(Stamp::open(date).is_naive(), offset_min.is_none());
                        assert!(Stamp::open(date).is_order_open());
                    }
                }
            }
        }
    }
}
