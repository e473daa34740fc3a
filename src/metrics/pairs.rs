//! A table keyed by two codes, dense where that is small.

use std::collections::HashMap;

/// Entries by (row, column); made on first use, listed in key order.
#[derive(Clone, Debug)]
pub struct PairTable<T> {
    columns: usize,
    places: Places,
    entries: Vec<((u32, u32), T)>,
}

#[derive(Clone, Debug)]
enum Places {
    Dense(Vec<u32>),
    Sparse(HashMap<(u32, u32), u32>),
}

/// Largest dense table: 4 Mi places of four bytes per thread.
const DENSE: usize = 1 << 22;

impl<T: Default> PairTable<T> {
    /// A table for codes below `rows` and `columns`.
    #[must_use]
    pub fn new(rows: usize, columns: usize) -> Self {
        let places = match rows.checked_mul(columns) {
            Some(cells) if cells <= DENSE => Places::Dense(vec![0; cells]),
            _ => Places::Sparse(HashMap::new()),
        };
        PairTable { columns, places, entries: Vec::new() }
    }

    /// The entry of a pair, made when it is new.
    ///
    /// # Panics
    /// When a code is outside the sizes given at the start.
    #[inline]
    pub fn at(&mut self, row: u32, column: u32) -> &mut T {
        let mut place = match &self.places {
            Places::Dense(places) => places[row as usize * self.columns + column as usize],
            Places::Sparse(places) => places.get(&(row, column)).copied().unwrap_or(0),
        };
        if place == 0 {
            place = self.insert(row, column);
        }
        &mut self.entries[place as usize - 1].1
    }

    /// Makes an entry and returns its number, from 1.
    #[cold]
    #[inline(never)]
    fn insert(&mut self, row: u32, column: u32) -> u32 {
        self.entries.push(((row, column), T::default()));
        let number = u32::try_from(self.entries.len()).expect("fewer pairs than 32 bits count");
        match &mut self.places {
            Places::Dense(places) => places[row as usize * self.columns + column as usize] = number,
            Places::Sparse(places) => _ = places.insert((row, column), number),
        }
        number
    }

    /// Adds every entry of another table by `add`.
    pub fn merge(&mut self, other: PairTable<T>, mut add: impl FnMut(&mut T, T)) {
        for ((row, column), value) in other.entries {
            add(self.at(row, column), value);
        }
    }

    /// Entries in no particular order.
    pub fn iter(&self) -> impl Iterator<Item = ((u32, u32), &T)> {
        self.entries.iter().map(|(key, value)| (*key, value))
    }

    /// Entries in key order.
    #[must_use]
    pub fn into_sorted(self) -> Vec<((u32, u32), T)> {
        let mut entries = self.entries;
        entries.sort_by_key(|(key, _)| *key);
        entries
    }
}
