//! Strings kept once, numbered from 1 in byte order.

use super::codes::NONE;

/// The distinct texts of a column. Code 0 is the missing value, code `k` the `k`-th text in byte order.
#[derive(Clone, Debug, Default)]
pub struct Dictionary {
    texts: Vec<Box<str>>,
}

impl Dictionary {
    /// Builds a dictionary from texts in any order; duplicates are merged.
    #[must_use]
    pub fn from_texts(mut texts: Vec<Box<str>>) -> Self {
        texts.sort_unstable();
        texts.dedup();
        Dictionary { texts }
    }

    /// The text of a code; `None` for the missing value.
    #[must_use]
    pub fn text(&self, code: u32) -> Option<&str> {
        if code == NONE { None } else { self.texts.get(code as usize - 1).map(|text| &**text) }
    }

    /// The code of a text, if it occurs.
    #[must_use]
    pub fn code(&self, text: &str) -> Option<u32> {
        let found = self.texts.binary_search_by(|probe| (**probe).cmp(text)).ok()?;
        u32::try_from(found + 1).ok()
    }

    /// Number of codes including the missing one: valid codes are `0..size`.
    #[must_use]
    pub fn size(&self) -> usize {
        self.texts.len() + 1
    }

    /// Texts in code order, with their codes.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &str)> {
        (1u32..).zip(self.texts.iter().map(|text| &**text))
    }
}

/// Case ids: many strings in one allocation, numbered from 0 in the order of the log.
#[derive(Clone, Debug, Default)]
pub struct CaseIds {
    bytes: String,
    ends: Vec<u32>,
}

impl CaseIds {
    /// Appends an id.
    ///
    /// # Panics
    /// When all ids together exceed 4 GiB, which the ingest limits rule out.
    pub fn push(&mut self, id: &str) {
        self.bytes.push_str(id);
        self.ends.push(u32::try_from(self.bytes.len()).expect("case ids beyond 4 GiB are refused by ingest"));
    }

    /// The id of case number `case`.
    #[must_use]
    pub fn id(&self, case: usize) -> &str {
        let from = if case == 0 { 0 } else { self.ends[case - 1] as usize };
        &self.bytes[from..self.ends[case] as usize]
    }

    /// Number of ids.
    #[must_use]
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are no ids.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }
}
