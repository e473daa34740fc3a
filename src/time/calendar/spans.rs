//! Arithmetic on sorted lists of spans: joined, taken from each other, moved from local time to UTC.
//!
//! A list is in order, its spans are not empty and do not touch. No days and no hours are known here.

use super::super::zone::Zone;

/// From the first instant to the one after the last, in ms.
pub(super) type Span = (i64, i64);

/// Sorts spans and joins those that overlap or touch; empty ones fall away.
pub(super) fn joined(mut spans: Vec<Span>) -> Vec<Span> {
    spans.retain(|(start, end)| start < end);
    spans.sort_unstable();
    let mut list: Vec<Span> = Vec::with_capacity(spans.len());
    for span in spans {
        push(&mut list, span);
    }
    list
}

/// Appends a span that begins no earlier than the last one.
fn push(list: &mut Vec<Span>, (start, end): Span) {
    match list.last_mut() {
        Some(last) if start <= last.1 => last.1 = last.1.max(end),
        Some(_) | None => list.push((start, end)),
    }
}

/// Returns what is in the first list and not in the second.
pub(super) fn without(from: &[Span], taken: &[Span]) -> Vec<Span> {
    let mut left = Vec::with_capacity(from.len());
    let mut next = 0;
    for &(mut start, end) in from {
        while taken.get(next).is_some_and(|taken| taken.1 <= start) {
            next += 1;
        }
        for &(taken_start, taken_end) in taken.iter().skip(next).take_while(|taken| taken.0 < end) {
            if start < taken_start {
                left.push((start, taken_start));
            }
            start = start.max(taken_end);
        }
        if start < end {
            left.push((start, end));
        }
    }
    left
}

/// Returns the instants at which the clock of a zone shows a time of the list.
///
/// A time that the clock skips is in none of them, and one that it shows twice is in two.
pub(super) fn instants(local: &[Span], zone: &Zone) -> Vec<Span> {
    let mut list = Vec::with_capacity(local.len());
    let mut first = 0;
    for (start_ms, end_ms, offset_ms) in zone.offsets() {
        let (start, end) = (start_ms.saturating_add(offset_ms), end_ms.saturating_add(offset_ms));
        // A clock that is set back shows times again that lie before the end of the last stretch.
        while first > 0 && local.get(first - 1).is_some_and(|span| span.1 > start) {
            first -= 1;
        }
        while local.get(first).is_some_and(|span| span.1 <= start) {
            first += 1;
        }
        let mut place = first;
        while let Some(span) = local.get(place).filter(|span| span.0 < end) {
            push(&mut list, (span.0.max(start) - offset_ms, span.1.min(end) - offset_ms));
            place += 1;
        }
        first = place.saturating_sub(1);
    }
    list
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn holds(list: &[Span], at: i64) -> bool {
        list.iter().any(|span| span.0 <= at && at < span.1)
    }

    proptest! {
        #[test]
        fn lists_hold_what_their_sets_hold(
            a in prop::collection::vec((0_i64..60, 0_i64..9), 0..12),
            b in prop::collection::vec((0_i64..60, 0_i64..9), 0..12),
        ) {
            let spans = |list: &[(i64, i64)]| list.iter().map(|(start, length)| (*start, start + length)).collect::<Vec<_>>();
            let (a, b) = (spans(&a), spans(&b));
            let (joined_a, joined_b) = (joined(a.clone()), joined(b.clone()));
            let left = without(&joined_a, &joined_b);
            for at in 0..80 {
                prop_assert_eq!(holds(&joined_a, at), holds(&a, at));
                prop_assert_eq!(holds(&left, at), holds(&a, at) && !holds(&b, at));
            }
            for list in [&joined_a, &left] {
                prop_assert!(list.iter().all(|span| span.0 < span.1));
                prop_assert!(list.windows(2).all(|pair| pair[0].1 < pair[1].0 || (list == &left && pair[0].1 <= pair[1].0)));
            }
        }
    }
}
