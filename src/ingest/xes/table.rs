//! Keys to columns: the header that a log gets, in an order that does not depend on the order of its events.

use std::collections::{BTreeSet, HashMap};

use super::survey::{INSTANCE, LIFECYCLE, NAME, Survey, TIME};

/// Stands before the key of an attribute of the trace, as mining tools write it.
const OF_CASE: &str = "case:";

/// Column of the starts of activities whose start is an event of its own.
pub const START: &str = "start_timestamp";
/// Column of the instants from which such activities could have started.
pub const ENABLED: &str = "enabled_timestamp";

/// What an event of the file becomes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// A row.
    Single,
    /// A row with name and transition joined in one more column.
    Joined(Join),
    /// Part of the row of an activity that has a start and an end.
    Paired(Pairing),
}

/// Columns of a joined text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Join {
    /// The two parts.
    pub parts: [usize; 2],
    /// Where the joined text goes.
    pub column: usize,
}

/// Columns of activities with a start and an end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pairing {
    /// Name of the activity.
    pub name: usize,
    /// Its instance, where the log has one.
    pub instance: Option<usize>,
    /// Instant of the event, and of the end.
    pub time: usize,
    /// Where the start goes.
    pub start: usize,
    /// Where the enabling goes.
    pub enabled: usize,
    /// The transition, behind the columns of the header.
    pub transition: usize,
}

/// Which column a key has.
#[derive(Clone, Debug, Default)]
pub struct Lookup {
    columns: HashMap<Box<str>, usize>,
    /// The keys as they lately followed one another.
    recent: Vec<(Box<str>, usize)>,
}

impl Lookup {
    fn insert(&mut self, key: &str, column: usize) {
        self.columns.insert(key.into(), column);
    }

    /// The column of a key that is the `turn`-th of its event: events mostly repeat their keys in one order.
    #[inline]
    pub fn column(&mut self, key: &str, turn: usize) -> Option<usize> {
        if let Some((known, column)) = self.recent.get(turn)
            && **known == *key
        {
            return Some(*column);
        }
        self.look_up(key, turn)
    }

    #[cold]
    fn look_up(&mut self, key: &str, turn: usize) -> Option<usize> {
        let column = *self.columns.get(key)?;
        let entry = (key.into(), column);
        if let Some(recent) = self.recent.get_mut(turn) {
            *recent = entry;
        } else if turn == self.recent.len() {
            self.recent.push(entry);
        }
        Some(column)
    }
}

/// The columns of a log.
#[derive(Clone, Debug)]
pub struct Table {
    /// Names, sorted.
    pub header: Vec<String>,
    /// Cells of a row: those of the header, and the transition where it has no column.
    pub width: usize,
    /// Columns of the keys of traces.
    pub trace: Lookup,
    /// Columns of the keys of events.
    pub event: Lookup,
    /// Columns filled by the trace.
    pub of_trace: Vec<usize>,
    /// Defaults by column.
    pub defaults: Vec<(usize, String)>,
    /// What an event becomes.
    pub mode: Mode,
    /// The transition's column where each event is a row and all transitions so far are completions.
    pub completions: Option<usize>,
}

impl Table {
    /// The columns that a survey leads to. `may_pair`: starts and ends may become one row.
    #[must_use]
    pub fn new(survey: &Survey, may_pair: bool) -> Table {
        let case_key = survey.case_key().unwrap_or(NAME);
        let case_column = |key: &str| format!("{OF_CASE}{}", if key == case_key { NAME } else { key });
        let has = |key: &str| survey.event_keys.contains(key);
        let joins = survey.joined.is_some() && has(NAME) && has(LIFECYCLE) && !survey.is_standard();
        let own_start = has(START) || has(ENABLED);
        let pairs = may_pair && !joins && has(NAME) && has(TIME) && survey.is_paired() && !own_start;
        let join_name = || survey.joined.map(|parts| parts.join("/")).filter(|_| joins);

        let mut names: BTreeSet<String> = survey.trace_keys.iter().map(|key| case_column(key)).collect();
        names.extend(survey.event_keys.iter().filter(|key| !(pairs && *key == LIFECYCLE)).cloned());
        names.extend(join_name());
        if pairs {
            names.extend([START.to_owned(), ENABLED.to_owned()]);
        }
        let header: Vec<String> = names.into_iter().collect();
        let column = |name: &str| header.binary_search_by(|known| known.as_str().cmp(name)).unwrap_or(header.len());

        let (mut trace, mut event) = (Lookup::default(), Lookup::default());
        survey.trace_keys.iter().for_each(|key| trace.insert(key, column(&case_column(key))));
        survey.event_keys.iter().for_each(|key| event.insert(key, column(key)));
        let of_trace: BTreeSet<usize> = survey.trace_keys.iter().map(|key| column(&case_column(key))).collect();
        let of_traces = survey.trace_defaults.iter().map(|(key, text)| (column(&case_column(key)), text.clone()));
        let of_events = survey.event_defaults.iter().map(|(key, text)| (column(key), text.clone()));
        let mode = if let Some(name) = join_name() {
            let parts = survey.joined.unwrap_or([NAME, LIFECYCLE]).map(column);
            Mode::Joined(Join { parts, column: column(&name) })
        } else if pairs {
            Mode::Paired(Pairing {
                name: column(NAME),
                instance: has(INSTANCE).then(|| column(INSTANCE)),
                time: column(TIME),
                start: column(START),
                enabled: column(ENABLED),
                transition: header.len(),
            })
        } else {
            Mode::Single
        };
        let lone = mode == Mode::Single && has(LIFECYCLE) && survey.is_standard() && !survey.is_paired();
        Table {
            width: header.len() + usize::from(pairs),
            trace,
            event,
            of_trace: of_trace.into_iter().collect(),
            defaults: of_traces.chain(of_events).collect(),
            mode,
            completions: lone.then(|| column(LIFECYCLE)),
            header,
        }
    }

    /// Columns that are read whatever they are mapped to.
    pub fn needed(&self) -> impl Iterator<Item = usize> {
        let columns = match self.mode {
            Mode::Single => Vec::new(),
            Mode::Joined(join) => join.parts.to_vec(),
            Mode::Paired(pairing) => {
                let columns = [pairing.name, pairing.time, pairing.start, pairing.enabled, pairing.transition];
                columns.into_iter().chain(pairing.instance).collect()
            }
        };
        columns.into_iter().chain(self.completions)
    }
}
