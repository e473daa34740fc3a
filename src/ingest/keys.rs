//! Byte strings to dense numbers: the hash table behind every dictionary of the reader.
//!
//! Values of up to 15 bytes are compared as two integers, longer ones byte by byte in an arena.

/// Bytes that must follow any field handed to [`Key::of`] in its buffer.
pub const PADDING: usize = 16;

/// A byte string as two integers: itself when at most 15 bytes long, else a hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Key {
    low: u64,
    high: u64,
}

const LONG: u64 = 0xFF << 56;

/// Which bits of the two words belong to a value of each length.
const MASKS: [(u64, u64); PADDING] = {
    let mut masks = [(0, 0); PADDING];
    let mut length = 0;
    while length < PADDING {
        let bits = (1u128 << (length * 8)) - 1;
        #[expect(clippy::cast_possible_truncation, reason = "the two halves are taken apart on purpose")]
        {
            masks[length] = (bits as u64, (bits >> 64) as u64);
        }
        length += 1;
    }
    masks
};

impl Key {
    /// The key of `buffer[from..to]`, which must be followed by [`PADDING`] further bytes.
    #[inline]
    #[must_use]
    pub fn of(buffer: &[u8], from: usize, to: usize) -> Self {
        let length = to - from;
        match buffer[from..].first_chunk() {
            Some(window) if length < PADDING => Key::of_short(window, length),
            _ => Self::of_long(&buffer[from..to]),
        }
    }

    /// The key of the first `length` bytes of `window`, below [`PADDING`]. No branch on the length: neighbouring
    /// values differ in it.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    #[must_use]
    pub fn of_short(window: &[u8; PADDING], length: usize) -> Self {
        let (low, high) = MASKS[length % PADDING];
        let (words, _) = window.as_chunks::<8>();
        Key {
            low: u64::from_le_bytes(words[0]) & low,
            high: u64::from_le_bytes(words[1]) & high | (length as u64) << 56,
        }
    }

    #[cold]
    fn of_long(bytes: &[u8]) -> Self {
        let mut state = (bytes.len() as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut chunks = bytes.chunks_exact(8);
        for chunk in &mut chunks {
            state = mix(state ^ word(chunk), 0xD6E8_FEB8_6659_FD93);
        }
        let mut tail = [0; 8];
        tail[..chunks.remainder().len()].copy_from_slice(chunks.remainder());
        state = mix(state ^ word(&tail), 0xA076_1D64_78BD_642F);
        Key { low: state, high: LONG }
    }

    /// A well-mixed 64-bit hash of the key.
    #[inline]
    #[must_use]
    pub fn hash(self) -> u64 {
        mix(self.low ^ 0x9E37_79B9_7F4A_7C15, self.high ^ 0xD6E8_FEB8_6659_FD93)
    }

    /// A place below 4,096, good enough for a cache.
    #[inline]
    #[must_use]
    pub fn place(self) -> usize {
        ((self.low ^ self.high.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 52) as usize
    }

    /// Whether the key is a hash rather than the value.
    #[must_use]
    pub fn is_long(self) -> bool {
        self.high == LONG
    }

    /// The value itself, followed by other bytes, and its length; only of a key that is not long.
    fn short_value(self) -> ([u8; 16], usize) {
        let mut value = [0; 16];
        value[..8].copy_from_slice(&self.low.to_le_bytes());
        value[8..].copy_from_slice(&self.high.to_le_bytes());
        (value, (self.high >> 56) as usize)
    }
}

#[inline]
fn word(bytes: &[u8]) -> u64 {
    let mut word = [0; 8];
    word.copy_from_slice(bytes);
    u64::from_le_bytes(word)
}

/// Folded multiplication: both halves of the 128-bit product.
#[inline]
#[must_use]
#[expect(clippy::cast_possible_truncation, reason = "the two halves of a 128-bit product are taken apart on purpose")]
pub fn mix(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b | 1);
    (product as u64) ^ (product >> 64) as u64
}

/// Distinct byte strings, numbered from 0 in the order they were first seen.
#[derive(Debug)]
pub struct KeyTable {
    slots: Vec<u32>,
    keys: Vec<Key>,
    ends: Vec<u32>,
    arena: Vec<u8>,
}

const FREE: u32 = u32::MAX;

/// Slots for each number at least: so many that most values are found at the first slot, because a processor that
/// guessed otherwise waits long.
const SPARSE: usize = 4;

impl Default for KeyTable {
    fn default() -> Self {
        KeyTable { slots: vec![FREE; 256], keys: Vec::new(), ends: Vec::new(), arena: Vec::new() }
    }
}

impl KeyTable {
    /// The number of `bytes`, whose key is `key`, and whether it is new.
    #[inline]
    pub fn number(&mut self, key: Key, hash: u64, bytes: &[u8]) -> (u32, bool) {
        let mask = self.slots.len() - 1;
        let mut at = slot(hash, mask);
        loop {
            let number = self.slots[at];
            if number == FREE {
                return (self.insert(at, key, bytes), true);
            }
            if self.keys[number as usize] == key && (!key.is_long() || self.bytes(number) == bytes) {
                return (number, false);
            }
            at = (at + 1) & mask;
        }
    }

    /// A guess at the number of each hash, to be handed to [`Self::number_from`]. Looking up many at once lets
    /// the processor wait for many cache misses at once.
    pub fn candidates(&self, hashes: impl Iterator<Item = u64>, found: &mut Vec<u32>) {
        let mask = self.slots.len() - 1;
        found.clear();
        found.extend(hashes.map(|hash| self.slots[slot(hash, mask)]));
    }

    /// Like [`Self::number`], trying `candidate` first.
    #[inline]
    pub fn number_from(&mut self, candidate: u32, key: Key, hash: u64, bytes: &[u8]) -> u32 {
        if self.keys.get(candidate as usize) == Some(&key) && !key.is_long() {
            return candidate;
        }
        self.number(key, hash, bytes).0
    }

    /// The numbers of values that are their keys, all short; `candidates` is working memory.
    pub fn number_short(&mut self, keys: &[Key], numbers: &mut [u32], candidates: &mut Vec<u32>) {
        self.candidates(keys.iter().map(|key| key.hash()), candidates);
        for ((number, &key), &candidate) in numbers.iter_mut().zip(keys).zip(candidates.iter()) {
            *number = if self.keys.get(candidate as usize) == Some(&key) {
                candidate
            } else {
                let (value, length) = key.short_value();
                self.number(key, key.hash(), &value[..length]).0
            };
        }
    }

    /// The byte string of a number.
    #[must_use]
    pub fn bytes(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let from = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.arena[from..self.ends[number] as usize]
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Count of distinct byte strings.
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    #[cold]
    fn insert(&mut self, at: usize, key: Key, bytes: &[u8]) -> u32 {
        let number = u32::try_from(self.keys.len()).expect("fewer than 4 billion distinct values");
        self.slots[at] = number;
        self.keys.push(key);
        self.arena.extend_from_slice(bytes);
        self.ends.push(u32::try_from(self.arena.len()).expect("distinct values of one dictionary below 4 GiB"));
        if self.keys.len() * SPARSE > self.slots.len() {
            self.grow();
        }
        number
    }

    fn grow(&mut self) {
        let mut slots = vec![FREE; self.slots.len() * 2];
        let mask = slots.len() - 1;
        for (number, key) in (0u32..).zip(&self.keys) {
            let mut at = slot(key.hash(), mask);
            while slots[at] != FREE {
                at = (at + 1) & mask;
            }
            slots[at] = number;
        }
        self.slots = slots;
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "the mask keeps the low bits anyway")]
fn slot(hash: u64, mask: usize) -> usize {
    hash as usize & mask
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_follow_first_sight_and_survive_growth() {
        let mut table = KeyTable::default();
        let texts: Vec<String> = (0..5000).map(|i| format!("{:0width$}", i, width = 1 + i % 40)).collect();
        let mut seen = std::collections::HashMap::new();
        for text in texts.iter().chain(&texts) {
            let mut buffer = text.clone().into_bytes();
            let length = buffer.len();
            buffer.extend([b'x'; PADDING]);
            let key = Key::of(&buffer, 0, length);
            let (number, new) = table.number(key, key.hash(), text.as_bytes());
            assert_eq!(new, !seen.contains_key(text));
            let expected = u32::try_from(seen.len()).unwrap();
            assert_eq!(number, *seen.entry(text.clone()).or_insert(expected));
            assert_eq!(table.bytes(number), text.as_bytes());
        }
    }

    #[test]
    fn a_trailing_zero_byte_makes_another_value() {
        let buffer = [0u8; 40];
        assert_ne!(Key::of(&buffer, 0, 3), Key::of(&buffer, 0, 4));
        assert_ne!(Key::of(&buffer, 0, 8), Key::of(&buffer, 0, 7));
    }
}
