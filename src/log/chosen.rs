//! A log of chosen cases, each of them whole, and what was said of the choice.

use std::collections::BTreeSet;

use super::{CaseIds, EventLog};

/// How the cases of a log were chosen, and what was left out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chosen {
    /// The conditions as they are written.
    pub conditions: Vec<String>,
    /// Cases that arrive before this instant were left out, UTC ms.
    pub arrived_from_ms: Option<i64>,
    /// Cases that arrive at this instant or later were left out, UTC ms.
    pub arrived_to_ms: Option<i64>,
    /// Cases kept.
    pub cases: u64,
    /// Events kept.
    pub events: u64,
    /// Cases left out.
    pub cases_left_out: u64,
    /// Events left out.
    pub events_left_out: u64,
    /// What a reader of the conditions should know, in sentences.
    pub notes: Vec<String>,
    /// Texts that only the events left out have.
    pub elsewhere: BTreeSet<String>,
}

impl EventLog {
    /// Keeps the cases that are marked, with all their events, and leaves out texts that no event has any more.
    #[must_use]
    pub fn only(self, keep: &[bool]) -> EventLog {
        if keep.iter().all(|&keep| keep) {
            return self;
        }
        let mut kept: Vec<u32> = Vec::new();
        let mut case_starts = vec![0];
        let mut case_ids = CaseIds::default();
        for case in (0..self.cases()).filter(|&case| keep[case]) {
            case_ids.push(self.case_ids.id(case));
            kept.extend(self.case_starts[case]..self.case_starts[case + 1]);
            #[expect(clippy::cast_possible_truncation, reason = "no more events than before, counted in 32 bits")]
            case_starts.push(kept.len() as u32);
        }
        self.gathered(&kept, case_ids, case_starts)
    }

    /// The distinct texts of all columns.
    #[must_use]
    pub fn texts(&self) -> BTreeSet<String> {
        let columns = [&self.state, &self.activity, &self.group, &self.assignee, &self.actor];
        let columns = columns.into_iter().flatten().chain(self.attributes.iter().map(|attribute| &attribute.column));
        columns.flat_map(|column| column.dictionary.iter().map(|(_, text)| text.to_owned())).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::log::{Codes, Column, Dictionary};

    #[test]
    fn chosen_cases_keep_all_their_events() {
        let mut case_ids = CaseIds::default();
        for id in ["a", "b", "c"] {
            case_ids.push(id);
        }
        let dictionary = Dictionary::from_texts(["New", "Done", "Hold"].map(Into::into).into());
        let codes = ["New", "Done", "Hold", "New", "New", "Done"].map(|text| dictionary.code(text).unwrap());
        let log = EventLog {
            case_ids,
            case_starts: vec![0, 2, 3, 6],
            time_ms: vec![10, 30, 40, 20, 25, 26],
            state: Some(Column { codes: Codes::Wide(codes.into()), dictionary }),
            ..EventLog::default()
        };
        assert_eq!(log.clone().only(&[true; 3]).events(), 6);
        assert_eq!(log.clone().only(&[false; 3]).cases(), 0);
        let log = log.only(&[true, false, true]);
        assert_eq!((log.case_ids.id(0), log.case_ids.id(1), log.cases()), ("a", "c", 2));
        assert_eq!((&log.case_starts, &log.time_ms), (&vec![0, 2, 5], &vec![10, 30, 20, 25, 26]));
        assert_eq!(log.texts().into_iter().collect::<Vec<_>>(), ["Done", "New"]);
    }
}
