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
    /// Place of each row's text among the texts; `None` where it has none.
    pub places: Vec<Option<u32>>,
    /// The texts, in order of first use.
    pub texts: Vec<&'a str>,
    /// By code of whoever fills the column: what is known of it.
    known: Vec<Known>,
}

#[derive(Clone, Copy, Debug)]
enum Known {
    Nothing,
    Place(Option<u32>),
}

impl<'a> Texts<'a> {
    /// Appends the row whose text has the number `code`, asking for it at its first use.
    ///
    /// # Panics
    /// Beyond 4 billion texts, which no log has.
    pub fn push(&mut self, code: u32, text: impl FnOnce() -> Option<&'a str>) {
        let code = code as usize;
        if code >= self.known.len() {
            self.known.resize(code + 1, Known::Nothing);
        }
        let place = match self.known[code] {
            Known::Place(place) => place,
            Known::Nothing => {
                let place = text().map(|text| {
                    self.texts.push(text);
                    u32::try_from(self.texts.len() - 1).expect("fewer texts than rows, which 32 bits count")
                });
                self.known[code] = Known::Place(place);
                place
            }
        };
        self.places.push(place);
    }

    /// The text of a row.
    #[must_use]
    pub fn get(&self, row: usize) -> Option<&'a str> {
        self.places[row].map(|place| self.texts[place as usize])
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
