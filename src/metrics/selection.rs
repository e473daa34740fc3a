//! The values at given ranks of many unsorted numbers, exactly, without sorting or moving them; and sorting.
//!
//! Numbers are counted by their upper 16 bits; only those that share them with a wanted rank are looked at again.
//! Sorting goes by digits of 11 bits, the lowest first.

/// Up to this many numbers are copied and partitioned instead.
const FEW: usize = 1 << 15;

/// The values at `ranks`, counted from 0 over `short` and then `long` in rising order; every number of `long` is
/// larger than any of `short`. `ranks` rise and are below the number of values.
#[must_use]
pub fn at_ranks(short: &[&[u32]], long: Vec<i64>, ranks: &[u64]) -> Vec<i64> {
    let n: usize = short.iter().map(|list| list.len()).sum();
    let n = n as u64;
    let (in_short, in_long) = ranks.split_at(ranks.partition_point(|&rank| rank < n));
    let mut values = Vec::with_capacity(ranks.len());
    if n <= FEW as u64 {
        values.extend(select(short.concat(), in_short, 0).into_iter().map(i64::from));
    } else {
        values.extend(by_buckets(short, in_short).into_iter().map(i64::from));
    }
    values.extend(select(long, in_long, n));
    values
}

/// The values at `ranks`, which count from `before` on.
fn select<T: Ord + Copy>(mut values: Vec<T>, ranks: &[u64], before: u64) -> Vec<T> {
    let mut done = 0;
    let mut value_at = |&rank: &u64| {
        let rank = usize::try_from(rank - before).unwrap_or(usize::MAX);
        let (_, value, _) = values[done..].select_nth_unstable(rank - done);
        // What lies before `rank` is in its place; a later rank is not below it.
        done = rank;
        *value
    };
    ranks.iter().map(&mut value_at).collect()
}

fn bucket(value: u32) -> usize {
    (value >> 16) as usize
}

fn by_buckets(lists: &[&[u32]], ranks: &[u64]) -> Vec<u32> {
    let mut counts = vec![0u32; 1 << 16];
    for &value in lists.iter().copied().flatten() {
        counts[bucket(value)] += 1;
    }
    // Each bucket with a wanted rank: how many values lie before it, and the ranks in it.
    let mut wanted: Vec<(usize, u64, &[u64])> = Vec::new();
    let (mut before, mut rest) = (0u64, ranks);
    for (bucket, &count) in counts.iter().enumerate() {
        let until = before + u64::from(count);
        let (here, later) = rest.split_at(rest.partition_point(|&rank| rank < until));
        if !here.is_empty() {
            wanted.push((bucket, before, here));
        }
        (before, rest) = (until, later);
    }
    let mut members: Vec<Vec<u32>> =
        wanted.iter().map(|&(bucket, _, _)| Vec::with_capacity(counts[bucket] as usize)).collect();
    let mut place = counts;
    place.fill(0);
    for (number, &(bucket, _, _)) in (1u32..).zip(&wanted) {
        place[bucket] = number;
    }
    for &value in lists.iter().copied().flatten() {
        let number = place[bucket(value)] as usize;
        if number > 0 {
            members[number - 1].push(value);
        }
    }
    wanted.into_iter().zip(members).flat_map(|((_, before, ranks), members)| select(members, ranks, before)).collect()
}

/// Sorts numbers.
pub fn sort(values: &mut Vec<u32>) {
    if values.len() < FEW / 8 {
        values.sort_unstable();
        return;
    }
    let mut sorted = vec![0; values.len()];
    for shift in [0, 11, 22] {
        let digit = |value: u32| (value >> shift & 0x7FF) as usize;
        let mut places = [0usize; 1 << 11];
        for &value in values.iter() {
            places[digit(value)] += 1;
        }
        let mut next = 0;
        for place in &mut places {
            (*place, next) = (next, next + *place);
        }
        for &value in values.iter() {
            let place = &mut places[digit(value)];
            sorted[*place] = value;
            *place += 1;
        }
        std::mem::swap(values, &mut sorted);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Many numbers from a few seeds, so that the way by buckets is taken too.
    fn many(seeds: &[u32], count: usize) -> Vec<u32> {
        let spread = |i: usize| {
            let seed = seeds[i % seeds.len()];
            seed.wrapping_add(u32::try_from(i / seeds.len()).unwrap() * (seed % 7))
        };
        (0..count).map(spread).collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn both_ways_equal_a_sort(
            seeds in proptest::collection::vec(prop_oneof![0u32..100, any::<u32>()], 1..9),
            count in prop_oneof![1usize..200, FEW..FEW + 9_000],
            long in proptest::collection::vec(1i64 << 32..1 << 40, 0..9),
            wanted in proptest::collection::vec(0.0f64..1.0, 0..9),
            cut in 0.0f64..1.0,
        ) {
            let values = many(&seeds, count);
            let mut all: Vec<i64> = values.iter().map(|&value| i64::from(value)).chain(long.clone()).collect();
            all.sort_unstable();
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a test")]
            let part = |share: f64, of: usize| (share * of as f64) as usize;
            let mut ranks: Vec<u64> = wanted.iter().map(|&share| part(share, all.len()) as u64).collect();
            ranks.extend([0, all.len() as u64 - 1]);
            ranks.sort_unstable();
            ranks.dedup();
            let (left, right) = values.split_at(part(cut, values.len()));
            let (mut by_digits, mut by_library) = (values.clone(), values.clone());
            sort(&mut by_digits);
            by_library.sort_unstable();
            prop_assert_eq!(by_digits, by_library);
            let expected: Vec<i64> = ranks.iter().map(|&rank| all[usize::try_from(rank).unwrap()]).collect();
            prop_assert_eq!(at_ranks(&[left, &[], right], long, &ranks), expected);
        }
    }
}
