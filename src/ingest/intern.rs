//! Column values to dictionary codes, in parallel.
//!
//! Every worker keeps a table of its own and asks the shared dictionary only for values it has not met.
//! Shared codes depend on which worker came first; `build` renumbers them by name.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use super::keys::{Key, KeyTable, PADDING};

/// The distinct values of one column over all workers. Code 0 is the empty field.
#[derive(Debug)]
pub struct SharedDictionary(Mutex<Shared>);

#[derive(Debug)]
struct Shared {
    codes: HashMap<Box<str>, u32>,
    texts: Vec<Box<str>>,
}

impl Default for SharedDictionary {
    fn default() -> Self {
        SharedDictionary(Mutex::new(Shared { codes: HashMap::new(), texts: vec![Box::from("")] }))
    }
}

impl SharedDictionary {
    fn code(&self, text: &str) -> u32 {
        if text.is_empty() {
            return 0;
        }
        let mut shared = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(&code) = shared.codes.get(text) {
            return code;
        }
        let code = u32::try_from(shared.texts.len()).expect("fewer than 4 billion distinct values");
        shared.codes.insert(text.into(), code);
        shared.texts.push(text.into());
        code
    }

    /// A copy of the texts by shared code; the first is the empty field.
    #[must_use]
    pub fn texts(&self) -> Vec<Box<str>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).texts.clone()
    }

    /// Texts by shared code; the first is the empty field.
    #[must_use]
    pub fn into_texts(self) -> Vec<Box<str>> {
        self.0.into_inner().unwrap_or_else(PoisonError::into_inner).texts
    }
}

/// One worker's view of a [`SharedDictionary`], with a direct-mapped cache of short fields in front.
#[derive(Debug)]
pub struct Interner<'a> {
    shared: &'a SharedDictionary,
    known: KeyTable,
    codes: Vec<u32>,
    /// Fields as they are written, quotes included, by [`Key::place`].
    cache: Box<[(Key, u32); CACHE]>,
    largest: u32,
}

/// Entries of the cache, as many as [`Key::place`] tells apart.
const CACHE: usize = 4096;

impl<'a> Interner<'a> {
    /// An empty view.
    ///
    /// # Panics
    /// Never: the cache has the size of its type.
    #[must_use]
    pub fn new(shared: &'a SharedDictionary) -> Self {
        // The key of the empty field has code 0 in every dictionary.
        let empty = (Key::of_short(&[0; PADDING], 0), 0);
        let cache = vec![empty; CACHE].into_boxed_slice().try_into().expect("as many entries as the type says");
        Interner { shared, known: KeyTable::default(), codes: Vec::new(), cache, largest: 0 }
    }

    /// The largest code given so far.
    #[must_use]
    pub fn largest(&self) -> u32 {
        self.largest
    }

    /// The shared code of a short field as it is written, if it was met lately.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    #[must_use]
    pub fn cached(&self, written: Key) -> Option<u32> {
        let (cached, code) = self.cache[written.place() % CACHE];
        (cached == written).then_some(code)
    }

    /// Remembers the code of a short field as it is written.
    pub fn remember(&mut self, written: Key, code: u32) {
        self.cache[written.place() % CACHE] = (written, code);
    }

    /// The shared code of `buffer[from..to]`, which is valid UTF-8 followed by padding.
    #[inline(never)]
    pub fn code(&mut self, buffer: &[u8], from: usize, to: usize) -> u32 {
        let key = Key::of(buffer, from, to);
        let bytes = &buffer[from..to];
        let (number, new) = self.known.number(key, key.hash(), bytes);
        if new {
            let code = self.shared.code(&String::from_utf8_lossy(bytes));
            self.codes.push(code);
            self.largest = self.largest.max(code);
        }
        self.codes[number as usize]
    }
}
