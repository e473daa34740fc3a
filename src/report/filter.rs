//! How the cases were chosen, in words that every renderer uses.

use super::format::{instant, plural};
use super::model::FilterFound;
use crate::log::LogText;

/// The conditions, what they keep and leave out, and what to know of them; `escaped` makes texts safe for the medium.
pub(super) fn texts(found: &FilterFound, escaped: &dyn Fn(&LogText) -> String) -> Vec<String> {
    let mut conditions: Vec<String> = found.conditions.iter().map(escaped).collect();
    let at = |iso: &String| instant(&escaped(&LogText::new(iso.clone())));
    conditions.extend(found.arrived_from.iter().map(|from| format!("arrived from {} UTC on", at(from))));
    conditions.extend(found.arrived_to.iter().map(|to| format!("arrived before {} UTC", at(to))));
    let counts = format!(
        "keeps {} with {}, leaves out {} with {}",
        plural(found.cases, "case", "cases"),
        plural(found.events, "event", "events"),
        plural(found.cases_left_out, "case", "cases"),
        plural(found.events_left_out, "event", "events"),
    );
    let mut texts = vec![conditions.join("; and "), counts];
    texts.extend(found.notes.iter().map(escaped));
    texts
}
