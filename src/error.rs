//! Problems a person can act on: what is wrong, where, and what to do about it.
//!
//! A leaf: every module may use it, it uses none. It holds no rendering beyond `Display`;
//! colours and the terminal belong to `cli`.

use std::fmt;

/// The result of anything that can refuse.
pub type Result<T> = std::result::Result<T, Problem>;

/// What kind of refusal it is; decides the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// An assertion or a threshold failed (exit 1).
    Threshold,
    /// Usage, configuration or policy (exit 2).
    Usage,
    /// The input is refused (exit 3).
    Input,
    /// An output could not be written (exit 4).
    Output,
    /// A built-in self-check failed (exit 5).
    SelfCheck,
}

impl Kind {
    /// The process exit code of this kind.
    #[must_use]
    pub fn exit_code(self) -> u8 {
        match self {
            Kind::Threshold => 1,
            Kind::Usage => 2,
            Kind::Input => 3,
            Kind::Output => 4,
            Kind::SelfCheck => 5,
        }
    }
}

/// Where in an input a problem is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Location {
    /// File name as the user gave it, or `<stdin>`.
    pub file: String,
    /// Physical line, from 1.
    pub line: Option<u64>,
    /// Column name of the header.
    pub column: Option<String>,
}

/// A refusal: message (lower case, no full stop), place, details and hints that name a flag or an edit.
///
/// Boxed inside, so that `Result<T, Problem>` stays small.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem(Box<Inner>);

#[derive(Clone, Debug, PartialEq, Eq)]
struct Inner {
    kind: Kind,
    message: String,
    location: Option<Location>,
    note: Option<String>,
    hints: Vec<String>,
}

impl Problem {
    /// A problem of `kind` with its one-line message.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Problem(Box::new(Inner { kind, message: message.into(), location: None, note: None, hints: Vec::new() }))
    }

    /// An input problem (exit 3).
    pub fn input(message: impl Into<String>) -> Self {
        Self::new(Kind::Input, message)
    }

    /// A usage or configuration problem (exit 2).
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Kind::Usage, message)
    }

    /// Names the file.
    #[must_use]
    pub fn in_file(mut self, file: impl Into<String>) -> Self {
        self.0.location.get_or_insert_with(Location::default).file = file.into();
        self
    }

    /// Names the physical line, from 1.
    #[must_use]
    pub fn at_line(mut self, line: u64) -> Self {
        self.0.location.get_or_insert_with(Location::default).line = Some(line);
        self
    }

    /// Moves the line, if there is one, further down by `lines`.
    #[must_use]
    pub fn later(mut self, lines: u64) -> Self {
        if let Some(line) = self.0.location.as_mut().and_then(|place| place.line.as_mut()) {
            *line += lines;
        }
        self
    }

    /// Names the column by its header.
    #[must_use]
    pub fn in_column(mut self, column: impl Into<String>) -> Self {
        self.0.location.get_or_insert_with(Location::default).column = Some(column.into());
        self
    }

    /// Adds what was counted or seen there.
    #[must_use]
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = Some(note.into());
        self
    }

    /// Adds a hint that, applied literally, gets further.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints.push(hint.into());
        self
    }

    /// Replaces the hints by one that fits better.
    #[must_use]
    pub fn only_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hints = vec![hint.into()];
        self
    }

    /// The problem that a failure to read or write carries, put there by a stream that knew more than its caller.
    #[must_use]
    pub fn carried_by(error: &std::io::Error) -> Option<&Problem> {
        error.get_ref()?.downcast_ref()
    }

    /// The kind, which decides the exit code.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind
    }

    /// The one-line message.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// The place, where known.
    #[must_use]
    pub fn location(&self) -> Option<&Location> {
        self.0.location.as_ref()
    }

    /// The hints, in the order given.
    #[must_use]
    pub fn hints(&self) -> &[String] {
        &self.0.hints
    }
}

/// A part of a problem: a line end in it, from a log or a flag, must not look like the next part.
struct OneLine<'a>(&'a str);

impl fmt::Display for OneLine<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.split_inclusive('\n').try_for_each(|line| match line.strip_suffix('\n') {
            Some(line) => write!(f, "{line}\\n"),
            None => f.write_str(line),
        })
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = &self.0;
        write!(f, "error: {}", OneLine(&inner.message))?;
        if let Some(place) = &inner.location {
            write!(f, "\n  --> {}", OneLine(&place.file))?;
            if let Some(line) = place.line {
                write!(f, ":{line}")?;
            }
            if let Some(column) = &place.column {
                write!(f, ", column `{}`", OneLine(column))?;
            }
            if let Some(note) = &inner.note {
                write!(f, ": {}", OneLine(note))?;
            }
        } else if let Some(note) = &inner.note {
            write!(f, "\n  {}", OneLine(note))?;
        }
        for (i, hint) in inner.hints.iter().enumerate() {
            write!(f, "{}hint: {}", if i == 0 { "\n\n" } else { "\n" }, OneLine(hint))?;
        }
        Ok(())
    }
}

impl std::error::Error for Problem {}
