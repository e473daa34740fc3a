//! A log as it was known at an instant: without everything later.

use super::codes::each_width;
use super::{CaseIds, Codes, Column, Dictionary, EventLog, NONE};

impl EventLog {
    /// Pairs of neighbouring events of a case, and those of them that share an instant.
    #[must_use]
    pub fn pairs_and_ties(&self) -> (u64, u64) {
        let cases = (0..self.cases()).map(|case| &self.time_ms[self.range(case)]);
        cases.fold((0, 0), |(pairs, ties), times| {
            let tied = times.windows(2).filter(|pair| pair[0] == pair[1]).count() as u64;
            (pairs + times.len() as u64 - 1, ties + tied)
        })
    }

    /// Leaves out the events after an instant, cases without any event up to it, and texts that no event has any
    /// more; and counts the events left out.
    #[must_use]
    pub fn until(self, as_of_ms: i64) -> (EventLog, u64) {
        let mut kept: Vec<u32> = Vec::new();
        let mut case_starts = vec![0];
        let mut case_ids = CaseIds::default();
        for case in 0..self.cases() {
            let range = self.range(case);
            let events = self.time_ms[range.clone()].partition_point(|&time_ms| time_ms <= as_of_ms);
            if events > 0 {
                case_ids.push(self.case_ids.id(case));
                kept.extend((self.case_starts[case]..).take(events));
                #[expect(clippy::cast_possible_truncation, reason = "no more events than before, counted in 32 bits")]
                case_starts.push(kept.len() as u32);
            }
        }
        let left_out = (self.events() - kept.len()) as u64;
        if left_out == 0 {
            return (self, 0);
        }
        (self.gathered(&kept, case_ids, case_starts), left_out)
    }

    /// The events `kept`, in their order, of the cases named; texts that none of them has are gone.
    pub(super) fn gathered(self, kept: &[u32], case_ids: CaseIds, case_starts: Vec<u32>) -> EventLog {
        let column = |column: Option<Column>| column.map(|column| choose_codes(&column, kept));
        EventLog {
            case_ids,
            case_starts,
            start_ms: self.start_ms.map(|times| choose(&times, kept)),
            enabled_ms: self.enabled_ms.map(|times| choose(&times, kept)),
            until_ms: self.until_ms.map(|times| choose(&times, kept)),
            state: column(self.state),
            activity: column(self.activity),
            group: column(self.group),
            assignee: column(self.assignee),
            actor: column(self.actor),
            attributes: self
                .attributes
                .into_iter()
                .map(|mut attribute| {
                    attribute.column = choose_codes(&attribute.column, kept);
                    attribute
                })
                .collect(),
            visible: self.visible.map(|visible| choose(&visible, kept)),
            marks: self.marks.map(|marks| choose(&marks, kept)),
            origins: self.origins.map(|origins| choose(&origins, kept)),
            time_ms: choose(&self.time_ms, kept),
        }
    }
}

fn choose<T: Copy>(values: &[T], kept: &[u32]) -> Vec<T> {
    kept.iter().map(|&event| values[event as usize]).collect()
}

/// The column of the events kept, its dictionary without texts that none of them has.
fn choose_codes(column: &Column, kept: &[u32]) -> Column {
    let mut used = vec![false; column.dictionary.size()];
    each_width!(&column.codes, codes => {
        for &event in kept {
            used[u32::from(codes[event as usize]) as usize] = true;
        }
    });
    let texts = column.dictionary.iter().filter(|(code, _)| used[*code as usize]);
    let dictionary = Dictionary::from_texts(texts.map(|(_, text)| text.into()).collect());
    let mut new = vec![NONE; column.dictionary.size()];
    for (code, text) in column.dictionary.iter() {
        new[code as usize] = dictionary.code(text).unwrap_or(NONE);
    }
    let codes: Vec<u32> = kept.iter().map(|&event| new[column.codes.get(event as usize) as usize]).collect();
    let order: Vec<u32> = (0..).take(codes.len()).collect();
    let largest = u32::try_from(dictionary.size() - 1).unwrap_or(u32::MAX);
    Column { codes: Codes::gather(&codes, &order, largest), dictionary }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(texts: &[&str]) -> Column {
        let dictionary = Dictionary::from_texts(texts.iter().map(|text| (*text).into()).collect());
        let codes = texts.iter().map(|text| dictionary.code(text).unwrap_or(NONE)).collect();
        Column { codes: Codes::Wide(codes), dictionary }
    }

    #[test]
    fn later_events_cases_and_texts_are_gone() {
        let mut case_ids = CaseIds::default();
        for id in ["a", "b", "c"] {
            case_ids.push(id);
        }
        let log = EventLog {
            case_ids,
            case_starts: vec![0, 2, 3, 6],
            time_ms: vec![10, 30, 40, 20, 25, 26],
            state: Some(column(&["New", "Done", "New", "New", "Active", "Hold"])),
            ..EventLog::default()
        };
        let (all, left_out) = log.clone().until(40);
        assert_eq!((all.events(), left_out), (6, 0));
        let (log, left_out) = log.until(25);
        assert_eq!((log.events(), log.cases(), left_out), (3, 2, 3));
        assert_eq!(log.pairs_and_ties(), (1, 0));
        assert_eq!((log.case_ids.id(0), log.case_ids.id(1)), ("a", "c"));
        assert_eq!((log.case_starts, log.time_ms), (vec![0, 1, 3], vec![10, 20, 25]));
        let state = log.state.unwrap();
        let texts: Vec<_> = (0..3).map(|event| state.dictionary.text(state.codes.get(event)).unwrap()).collect();
        assert_eq!(texts, ["New", "New", "Active"]);
        assert_eq!(state.dictionary.iter().map(|(_, text)| text).collect::<Vec<_>>(), ["Active", "New"]);
        assert_eq!(EventLog::default().until(0).1, 0);
    }
}
