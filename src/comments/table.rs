//! A table from numbers to numbers that is built once and asked for every word.

/// Keys spread by their own bits, with open addressing; half of it is empty.
#[derive(Default)]
pub(super) struct Table {
    /// Key and value; the value is one higher, and 0 where the place is free.
    places: Vec<(u64, u32)>,
}

impl Table {
    /// A table of these entries; of equal keys the first counts.
    pub fn of(entries: &[(u64, u32)]) -> Table {
        let size = (entries.len() * 4).next_power_of_two();
        let mut table = Table { places: vec![(0, 0); size] };
        for (key, value) in entries {
            if table.get(*key).is_none() {
                let free = table.place(*key);
                table.places[free] = (*key, value + 1);
            }
        }
        table
    }

    /// The value of a key.
    #[inline]
    pub fn get(&self, key: u64) -> Option<u32> {
        self.places[self.place(key)].1.checked_sub(1)
    }

    /// Where a key stands, or the free place where it would.
    #[inline]
    fn place(&self, key: u64) -> usize {
        let last = self.places.len() - 1;
        let mut place = spread(key) & last;
        while self.places[place].1 != 0 && self.places[place].0 != key {
            place = (place + 1) & last;
        }
        place
    }
}

#[inline]
fn spread(key: u64) -> usize {
    let mixed = key.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    usize::try_from(mixed >> 32).unwrap_or_default()
}

/// The number of a word, byte by byte; words that differ have numbers that differ, but for one pair in 2⁶⁴.
#[derive(Clone, Copy, Default)]
pub(super) struct WordHash {
    /// All full eights so far.
    mixed: u64,
    /// The bytes since.
    last: u64,
    length: u32,
}

impl WordHash {
    /// With one byte more.
    #[inline]
    pub fn add(&mut self, byte: u8) {
        self.last = (self.last << 8) | u64::from(byte);
        self.length += 1;
        if self.length.is_multiple_of(8) {
            self.mixed = stir(self.mixed ^ self.last);
            self.last = 0;
        }
    }

    /// How many bytes there are.
    #[inline]
    pub fn length(self) -> u32 {
        self.length
    }

    /// The number.
    #[inline]
    pub fn number(self) -> u64 {
        stir(self.mixed ^ self.last ^ (u64::from(self.length) << 57))
    }

    /// Of a whole word.
    pub fn of(word: &[u8]) -> u64 {
        let mut hash = WordHash::default();
        for byte in word {
            hash.add(*byte);
        }
        hash.number()
    }
}

/// A mixing of all bits that can be undone, so that it loses nothing.
#[inline]
fn stir(number: u64) -> u64 {
    let mixed = (number ^ (number >> 32)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::Table;

    #[test]
    fn every_entry_is_found_and_nothing_else() {
        let entries: Vec<(u64, u32)> = (0..1000).map(|number| (u64::from(number) * 7919, number)).collect();
        let table = Table::of(&entries);
        assert!(entries.iter().all(|(key, value)| table.get(*key) == Some(*value)));
        assert_eq!(table.get(1), None);
        assert_eq!(Table::of(&[(5, 1), (5, 2)]).get(5), Some(1));
        assert_eq!(Table::of(&[]).get(0), None);
    }
}
