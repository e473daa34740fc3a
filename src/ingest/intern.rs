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

/// One worker's view of a [`SharedDictionary`], with a direct-mapped cache of short values in front.
#[derive(Debug)]
pub struct Interner<'a> {
    shared: &'a SharedDictionary,
    known: KeyTable,
    codes: Vec<u32>,
    cache: Box<[(Key, u32)]>,
}

/// Entries of the cache, as many as [`Key::place`] tells apart.
const CACHE: usize = 4096;

impl<'a> Interner<'a> {
    /// An empty view.
    #[must_use]
    pub fn new(shared: &'a SharedDictionary) -> Self {
        // The key of the empty field has code 0 in every dictionary.
        let cache = vec![(Key::of_short(&[0; PADDING], 0), 0); CACHE].into_boxed_slice();
        Interner { shared, known: KeyTable::default(), codes: Vec::new(), cache }
    }

    /// The shared code of `buffer[from..to]`, which is valid UTF-8 followed by padding.
    #[inline]
    pub fn code(&mut self, buffer: &[u8], from: usize, to: usize) -> u32 {
        let key = Key::of(buffer, from, to);
        self.code_of(key).unwrap_or_else(|| self.look_up(key, &buffer[from..to]))
    }

    /// The shared code of a short value, if it was met lately.
    #[inline(always)]
    #[allow(clippy::inline_always, reason = "called for every field of every row")]
    #[must_use]
    pub fn code_of(&self, key: Key) -> Option<u32> {
        let (cached, code) = self.cache[key.place() % CACHE];
        (cached == key && !key.is_long()).then_some(code)
    }

    /// The shared code of a value whose key is known.
    #[inline(never)]
    pub fn look_up(&mut self, key: Key, bytes: &[u8]) -> u32 {
        let (number, new) = self.known.number(key, key.hash(), bytes);
        if new {
            let text = String::from_utf8_lossy(bytes);
            self.codes.push(self.shared.code(&text));
        }
        let code = self.codes[number as usize];
        self.cache[key.place() % CACHE] = (key, code);
        code
    }
}
