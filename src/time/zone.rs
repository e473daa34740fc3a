//! Time zones by name: UTC, a fixed offset, or an IANA zone of the bundled database.
//!
//! Never the zone of the machine. An IANA zone is laid out once as a table of spans of constant offset from 1900 to
//! 2200, so that placing a local time needs no calendar. The bundled database states its rules up to 2100; after
//! that the last offset stays.

use std::str::FromStr;
use std::sync::Arc;

use chrono::{DateTime, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

use crate::error::{Problem, Result};

use super::civil::{MS_PER_DAY, days_from_civil};
use super::cursor::zone_offset;
use super::valid::{FIRST_YEAR, LAST_YEAR};

/// A time zone that a naive time is placed in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Zone {
    name: String,
    spans: Arc<[Span]>,
    /// For each stretch of local time, the first span that may hold its times; empty where there is one span.
    index: Arc<[usize]>,
}

/// A stretch of the index is 2³¹ ms, about 25 days: hardly any has more than one change.
const STRETCH_BITS: u32 = 31;
/// Local time at which the index begins, a few days before 1900.
const INDEX_START_MS: i64 = (days_from_civil(FIRST_YEAR, 1, 1) - 5) * MS_PER_DAY;
/// Local time at which it may end, a few days into 2201.
const INDEX_END_MS: i64 = (days_from_civil(LAST_YEAR + 1, 1, 1) + 5) * MS_PER_DAY;

/// A span of time with one offset. The first has no beginning, the last no end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(clippy::struct_field_names, reason = "units stand last in names")]
struct Span {
    /// First instant, ms UTC.
    start_ms: i64,
    /// Last instant and 1, ms UTC.
    end_ms: i64,
    /// Local time less UTC, ms.
    offset_ms: i64,
}

impl Span {
    fn local_start(self) -> i64 {
        self.start_ms.saturating_add(self.offset_ms)
    }

    fn local_end(self) -> i64 {
        self.end_ms.saturating_add(self.offset_ms)
    }
}

/// Where a local time lies in a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Placed {
    /// It happened once; the offset in ms, valid for the local times from the first to before the second number.
    Once { offset_ms: i64, from_local_ms: i64, to_local_ms: i64 },
    /// It happened twice; the offset of the earlier instant.
    Fold { offset_ms: i64 },
    /// It was skipped; with the offset from before the gap it falls as far behind the gap as it stands in it.
    Gap { offset_ms: i64 },
}

impl Zone {
    /// Returns UTC.
    #[must_use]
    pub fn utc() -> Zone {
        Zone::fixed("UTC".to_owned(), 0)
    }

    /// Finds a zone by its IANA name (in any case), as `UTC` or `Z`, or as a fixed offset such as `+02:00`.
    ///
    /// # Errors
    /// A usage problem with up to three near names.
    pub fn parse(name: &str) -> Result<Zone> {
        let name = name.trim();
        if name.eq_ignore_ascii_case("utc") || name.eq_ignore_ascii_case("z") {
            return Ok(Zone::utc());
        }
        if name.starts_with(['+', '-'])
            && let Some(minutes) = zone_offset(name.as_bytes())
        {
            let sign = if minutes < 0 { '-' } else { '+' };
            let name = format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60);
            return Ok(Zone::fixed(name, i64::from(minutes) * 60_000));
        }
        let known = Tz::from_str(name)
            .ok()
            .or_else(|| TZ_VARIANTS.iter().copied().find(|known| known.name().eq_ignore_ascii_case(name)));
        match known {
            Some(zone) => {
                let spans = spans_of(zone);
                Ok(Zone { name: zone.name().to_owned(), index: index_of(&spans).into(), spans: spans.into() })
            }
            None => Err(unknown(name)),
        }
    }

    fn fixed(name: String, offset_ms: i64) -> Zone {
        Zone { name, spans: [Span { start_ms: i64::MIN, end_ms: i64::MAX, offset_ms }].into(), index: Arc::default() }
    }

    /// Returns the name: `UTC`, `+02:00`, or as the IANA database spells it.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the offset in ms where it never changes.
    #[must_use]
    pub fn constant_offset_ms(&self) -> Option<i64> {
        match *self.spans {
            [only] => Some(only.offset_ms),
            _ => None,
        }
    }

    /// Returns local time less UTC, in ms, at an instant.
    #[must_use]
    pub fn offset_ms_at(&self, utc_ms: i64) -> i64 {
        let place = self.spans.partition_point(|span| span.end_ms <= utc_ms);
        self.spans.get(place).or(self.spans.last()).map_or(0, |span| span.offset_ms)
    }

    /// Returns the spans of constant offset in order: first instant, last instant and 1, local time less UTC, in ms.
    pub(super) fn offsets(&self) -> impl Iterator<Item = (i64, i64, i64)> + '_ {
        self.spans.iter().map(|span| (span.start_ms, span.end_ms, span.offset_ms))
    }

    /// Returns up to three known names that a reader may have meant, the nearest first.
    #[must_use]
    pub fn near_names(name: &str) -> Vec<&'static str> {
        near_names(name)
    }

    /// Returns a span from which the one of a local time is found by going forward.
    fn first_place(&self, local_ms: i64) -> usize {
        let stretch = usize::try_from((local_ms.saturating_sub(INDEX_START_MS)) >> STRETCH_BITS);
        stretch.ok().and_then(|stretch| self.index.get(stretch)).copied().unwrap_or(0)
    }

    /// Places a local time, ms since 1970-01-01 00:00 of the local clock.
    pub(super) fn place(&self, local_ms: i64) -> Placed {
        // Local ends ascend, so the first span that ends later is the earliest that can hold the time.
        let mut place = self.first_place(local_ms);
        while self.spans.get(place).is_some_and(|span| span.local_end() <= local_ms) {
            place += 1;
        }
        let before = place.checked_sub(1).and_then(|place| self.spans.get(place));
        let after = self.spans.get(place + 1);
        let Some(span) = self.spans.get(place).or(before) else { return Placed::Fold { offset_ms: 0 } };
        let offset_ms = span.offset_ms;
        let from_local_ms = before.map_or(i64::MIN, |before| before.local_end()).max(span.local_start());
        let to_local_ms = after.map_or(i64::MAX, |after| after.local_start()).min(span.local_end());
        if local_ms < span.local_start() {
            Placed::Gap { offset_ms: before.map_or(offset_ms, |before| before.offset_ms) }
        } else if local_ms >= to_local_ms && after.is_some() {
            Placed::Fold { offset_ms }
        } else {
            Placed::Once { offset_ms, from_local_ms, to_local_ms }
        }
    }
}

/// Lists for each stretch the first span whose local end lies beyond the start of the stretch.
fn index_of(spans: &[Span]) -> Vec<usize> {
    let stretches = (INDEX_END_MS - INDEX_START_MS) >> STRETCH_BITS;
    let first = |stretch: i64| {
        let start_ms = INDEX_START_MS + (stretch << STRETCH_BITS);
        spans.partition_point(|span| span.local_end() <= start_ms)
    };
    if spans.len() > 1 { (0..=stretches).map(first).collect() } else { Vec::new() }
}

/// Lays out the spans of a zone: a probe per day, the change between two probes found to the second by halving.
fn spans_of(zone: Tz) -> Vec<Span> {
    const STEP_S: i64 = MS_PER_DAY / 1_000;
    let first_s = days_from_civil(FIRST_YEAR, 1, 1) * STEP_S - STEP_S;
    let end_s = days_from_civil(LAST_YEAR + 1, 1, 1) * STEP_S + STEP_S;
    let mut offset_s = offset_at(zone, first_s);
    let mut start_ms = i64::MIN;
    let mut spans = Vec::new();
    let mut at_s = first_s;
    while at_s < end_s {
        let next_s = at_s + STEP_S;
        let next_offset_s = offset_at(zone, next_s);
        if next_offset_s != offset_s {
            let (mut low, mut high) = (at_s, next_s);
            while high - low > 1 {
                let middle = low.midpoint(high);
                if offset_at(zone, middle) == offset_s {
                    low = middle;
                } else {
                    high = middle;
                }
            }
            spans.push(Span { start_ms, end_ms: high * 1_000, offset_ms: offset_s * 1_000 });
            start_ms = high * 1_000;
            offset_s = next_offset_s;
        }
        at_s = next_s;
    }
    spans.push(Span { start_ms, end_ms: i64::MAX, offset_ms: offset_s * 1_000 });
    spans
}

fn offset_at(zone: Tz, utc_s: i64) -> i64 {
    DateTime::from_timestamp(utc_s, 0)
        .map_or(0, |instant| i64::from(zone.offset_from_utc_datetime(&instant.naive_utc()).fix().local_minus_utc()))
}

fn unknown(name: &str) -> Problem {
    let problem = Problem::usage(format!("unknown time zone `{name}`"));
    let near = near_names(name);
    match near.as_slice() {
        [] => problem
            .hint("use an IANA name such as `--timezone Europe/Berlin`, or an offset such as `--timezone +02:00`"),
        near => {
            let options: Vec<String> = near.iter().map(|near| format!("`--timezone {near}`")).collect();
            problem.hint(format!("use {}", options.join(" or ")))
        }
    }
}

/// Returns up to three names that a reader may have meant, the nearest first.
fn near_names(name: &str) -> Vec<&'static str> {
    let wanted: String = name.trim().to_ascii_lowercase().replace(' ', "_");
    if wanted.is_empty() || wanted.len() > 40 {
        return Vec::new();
    }
    let most = (wanted.chars().count() / 3).min(3);
    let mut near: Vec<(usize, &'static str)> = TZ_VARIANTS
        .iter()
        .filter_map(|zone| {
            let full = zone.name().to_ascii_lowercase();
            let city = full.rsplit('/').next().unwrap_or(&full);
            // A city without its continent is as near as a name can be.
            let wanted_city = wanted.rsplit('/').next().unwrap_or(&wanted);
            let distance =
                if city == wanted_city { 0 } else { distance(&wanted, &full).min(distance(&wanted, city) + 1) };
            (distance <= most).then_some((distance, zone.name()))
        })
        .collect();
    near.sort_unstable();
    near.truncate(3);
    near.into_iter().map(|(_, name)| name).collect()
}

/// Counts the letters to insert, delete or replace to turn one text into the other.
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (place, letter) in from.chars().enumerate() {
        let mut diagonal = place;
        let mut left = place + 1;
        for (above, other) in row.iter_mut().skip(1).zip(&to) {
            let cost = (*above + 1).min(left + 1).min(diagonal + usize::from(letter != *other));
            diagonal = std::mem::replace(above, cost);
            left = cost;
        }
        if let Some(first) = row.first_mut() {
            *first = place + 1;
        }
    }
    row.last().copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::LocalResult;

    #[test]
    fn names_are_found_in_any_case_and_near_ones_are_named() {
        for (given, name) in [
            ("UTC", "UTC"),
            ("z", "UTC"),
            ("+02:00", "+02:00"),
            ("-0330", "-03:30"),
            ("+5", "?"),
            ("Europe/Berlin", "Europe/Berlin"),
            ("europe/berlin", "Europe/Berlin"),
            (" Asia/Kolkata ", "Asia/Kolkata"),
            ("Etc/UTC", "Etc/UTC"),
            ("GMT", "GMT"),
        ] {
            match Zone::parse(given) {
                Ok(zone) => assert_eq!(zone.name(), name),
                Err(_) => assert_eq!(name, "?"),
            }
        }
        assert_eq!(Zone::parse("Etc/UTC").unwrap().constant_offset_ms(), Some(0));
        for (given, hint) in [
            ("Europe/Berln", "use `--timezone Europe/Berlin`"),
            ("Berlin", "use `--timezone Europe/Berlin`"),
            ("america/new york", "use `--timezone America/New_York`"),
            (
                "Nowhere/Land",
                "use an IANA name such as `--timezone Europe/Berlin`, or an offset such as `--timezone +02:00`",
            ),
            ("", "use an IANA name such as `--timezone Europe/Berlin`, or an offset such as `--timezone +02:00`"),
        ] {
            let problem = Zone::parse(given).unwrap_err();
            assert_eq!(problem.message(), format!("unknown time zone `{given}`"));
            assert!(problem.hints()[0].starts_with(hint), "{given}: {:?}", problem.hints());
        }
    }

    fn agrees(zone: Tz, table: &Zone, at_s: i64) {
        let name = zone.name();
        assert_eq!(table.offset_ms_at(at_s * 1_000), offset_at(zone, at_s) * 1_000, "{name} {at_s}");
        let local = DateTime::from_timestamp(at_s, 0).unwrap().naive_utc();
        let ms = |offset: &<Tz as TimeZone>::Offset| i64::from(offset.fix().local_minus_utc()) * 1_000;
        match (zone.offset_from_local_datetime(&local), table.place(at_s * 1_000)) {
            (LocalResult::Single(offset), Placed::Once { offset_ms, from_local_ms, to_local_ms }) => {
                assert_eq!(ms(&offset), offset_ms, "{name} {at_s}");
                assert!((from_local_ms..to_local_ms).contains(&(at_s * 1_000)));
            }
            (LocalResult::Ambiguous(earlier, later), Placed::Fold { offset_ms }) => {
                assert_eq!(ms(&earlier).max(ms(&later)), offset_ms, "{name} {at_s}");
            }
            (LocalResult::None, Placed::Gap { .. }) => {}
            (theirs, ours) => panic!("{name} {at_s}: {theirs:?} {ours:?}"),
        }
    }

    /// Every zone (every 20th unless `WCAF_SLOW` is set) around each of its changes and every 5 days.
    #[test]
    fn the_table_agrees_with_the_database() {
        let every = if std::env::var_os("WCAF_SLOW").is_some() { 1 } else { 20 };
        let named = [
            "Europe/Berlin",
            "America/New_York",
            "Asia/Kolkata",
            "Australia/Lord_Howe",
            "Pacific/Apia",
            "Africa/Casablanca",
        ];
        for (index, zone) in TZ_VARIANTS.iter().enumerate() {
            if index % every != 0 && !named.contains(&zone.name()) {
                continue;
            }
            let table = Zone::parse(zone.name()).unwrap();
            for span in table.spans.iter().skip(1) {
                let base_s = span.start_ms / 1_000;
                for quarter in -120..=120 {
                    agrees(*zone, &table, base_s + quarter * 900);
                    agrees(*zone, &table, base_s + quarter * 900 - 1);
                }
            }
            let mut at_s = days_from_civil(1900, 1, 1) * 86_400;
            while at_s < days_from_civil(2201, 1, 1) * 86_400 {
                agrees(*zone, &table, at_s);
                at_s += 5 * 86_400 - 1_001;
            }
        }
    }

    /// No zone changes its offset twice within a day and back, which a probe per day would miss.
    #[test]
    fn no_change_hides_between_two_probes() {
        if std::env::var_os("WCAF_SLOW").is_none() {
            return;
        }
        for zone in TZ_VARIANTS {
            let table = Zone::parse(zone.name()).unwrap();
            let mut at_s = days_from_civil(1900, 1, 1) * 86_400;
            while at_s < days_from_civil(2101, 1, 1) * 86_400 {
                assert_eq!(table.offset_ms_at(at_s * 1_000), offset_at(zone, at_s) * 1_000, "{} {at_s}", zone.name());
                at_s += 3_600;
            }
        }
    }
}
