//! Rows of a full table, column by column, a few hundred thousand at a time.

/// Values of one column of a batch.
#[derive(Clone, Debug)]
pub enum Values<'a> {
    /// Text of the log, unchanged; a table format that runs no text needs no guard.
    Text(Texts<'a>),
    /// A count.
    Count(Vec<u32>),
    /// A duration, ms.
    Ms(Vec<Option<i64>>),
    /// An instant, UTC ms.
    Instant(Vec<Option<i64>>),
    /// Yes or no.
    Flag(Vec<bool>),
}

/// Some rows of a table; all columns have the same length.
#[derive(Clone, Debug, Default)]
pub struct Batch<'a> {
    /// Name and values of each column.
    pub columns: Vec<(String, Values<'a>)>,
}

/// A column of texts, each distinct one held once.
#[derive(Clone, Debug, Default)]
pub struct Texts<'a> {
    /// Place of each row's text among the texts; [`NO_TEXT`] where it has none.
    pub places: Vec<u32>,
    /// The texts, in order of first use.
    pub texts: Vec<&'a str>,
    /// By code of whoever fills the column: the place of its text, [`NO_TEXT`], or [`NOT_ASKED`].
    known: Vec<u32>,
}

/// The place of no text.
pub const NO_TEXT: u32 = u32::MAX;

/// What is known of a code that was not used yet.
const NOT_ASKED: u32 = u32::MAX - 1;

impl<'a> Texts<'a> {
    /// An empty column with room for some rows.
    #[must_use]
    pub fn with_capacity(rows: usize) -> Self {
        Texts { places: Vec::with_capacity(rows), ..Texts::default() }
    }

    /// Appends the row whose text has the number `code`, asking for it at its first use.
    ///
    /// # Panics
    /// Beyond 4 billion texts, which no log has.
    #[inline]
    pub fn push(&mut self, code: u32, text: impl FnOnce() -> Option<&'a str>) {
        let place = match self.known.get(code as usize) {
            Some(&place) if place != NOT_ASKED => place,
            _ => self.learn(code as usize, text()),
        };
        self.places.push(place);
    }

    #[cold]
    #[inline(never)]
    fn learn(&mut self, code: usize, text: Option<&'a str>) -> u32 {
        if code >= self.known.len() {
            self.known.resize(code + 1, NOT_ASKED);
        }
        let place = text.map_or(NO_TEXT, |text| {
            self.texts.push(text);
            let places = u32::try_from(self.texts.len() - 1).ok();
            places.filter(|&place| place < NOT_ASKED).expect("fewer texts than rows, which 32 bits count")
        });
        self.known[code] = place;
        place
    }

    /// The text of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        self.texts.get(self.places[row] as usize).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_text_is_held_once() {
        let names = [None, Some("Nett"), Some("Groß")];
        let mut column = Texts::default();
        for code in [2, 0, 1, 2, 2] {
            column.push(code, || names[code as usize]);
        }
        assert_eq!(column.texts, ["Groß", "Nett"]);
        let rows: Vec<Option<&str>> = (0..5).map(|row| column.get(row)).collect();
        assert_eq!(rows, [Some("Groß"), None, Some("Nett"), Some("Groß"), Some("Groß")]);
    }
}
