//! A table as columns of a kind and rows of text; what it looks like is up to the renderer.

/// What a column holds, which decides its side and what gives way where room is short.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report) enum Kind {
    /// Names.
    Name,
    /// Text that gives way before names do.
    Detail,
    /// Sentences, which give way first and wrap.
    Prose,
    /// Numbers, at the right.
    Number,
}

/// A table under construction.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::report) struct Grid {
    /// Header and kind of each column.
    pub(in crate::report) columns: Vec<(String, Kind)>,
    /// A cell per column.
    pub(in crate::report) rows: Vec<Vec<String>>,
    /// Per row the length of a bar behind it, 0 to 1; empty where there are no bars.
    pub(in crate::report) bars: Vec<f64>,
    /// The header of the column whose numbers the bars draw, where there are bars.
    pub(in crate::report) bars_of: Option<&'static str>,
    /// Rows in plain sight where a medium can fold the others away.
    pub(in crate::report) shown: Option<usize>,
}

impl Grid {
    /// A table without columns.
    pub(in crate::report) fn new() -> Self {
        Grid::default()
    }

    /// Adds a column of names.
    #[must_use]
    pub(in crate::report) fn text(self, header: &str) -> Self {
        self.column(header, Kind::Name)
    }

    /// Adds a column of text that gives way before names do.
    #[must_use]
    pub(in crate::report) fn detail(self, header: &str) -> Self {
        self.column(header, Kind::Detail)
    }

    /// Adds a column of sentences, which give way first and wrap.
    #[must_use]
    pub(in crate::report) fn prose(self, header: &str) -> Self {
        self.column(header, Kind::Prose)
    }

    /// Adds a right-aligned column of numbers.
    #[must_use]
    pub(in crate::report) fn number(self, header: &str) -> Self {
        self.column(header, Kind::Number)
    }

    /// Adds right-aligned columns of numbers.
    #[must_use]
    pub(in crate::report) fn numbers(self, headers: &[String]) -> Self {
        headers.iter().fold(self, |grid, header| grid.number(header))
    }

    fn column(mut self, header: &str, kind: Kind) -> Self {
        self.columns.push((header.to_owned(), kind));
        self
    }

    /// Lets a medium that can fold away all rows but the first `shown`.
    #[must_use]
    pub(in crate::report) fn fold_after(mut self, shown: usize) -> Self {
        self.shown = Some(shown);
        self
    }

    /// Says which column the bars draw; every row gets one.
    #[must_use]
    pub(in crate::report) fn bars_of(mut self, header: &'static str) -> Self {
        self.bars_of = Some(header);
        self
    }

    /// Adds a row with a cell per column.
    pub(in crate::report) fn row<const N: usize>(&mut self, cells: [String; N]) {
        self.push(cells.into());
    }

    /// Adds a row whose number of columns depends on the room there is.
    pub(in crate::report) fn push(&mut self, cells: Vec<String>) {
        debug_assert_eq!(cells.len(), self.columns.len(), "a cell per column");
        self.rows.push(cells);
    }

    /// The length of the bar behind the last row.
    pub(in crate::report) fn bar(&mut self, part: f64) {
        self.bars.push(part.clamp(0.0, 1.0));
    }

    /// Whether there is no row.
    pub(in crate::report) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }
}
