//! Made-up logs: forty cases of three to five rows.

use super::Sample;

pub(super) const PEOPLE: [&str; 4] = ["ann", "bob", "eve", "joe"];
pub(super) const TEAMS: [&str; 3] = ["Desk", "Network", "Billing"];

/// Forty cases of three to five rows; `cells` writes the row of a case and a step.
pub(super) fn log(header: &str, delimiter: char, cells: impl Fn(usize, usize) -> String) -> Sample {
    let mut text = header.to_owned();
    for case in 0..40 {
        for step in 0..3 + case % 3 {
            text.push('\n');
            text.push_str(&cells(case, step));
        }
    }
    super::table(&text, delimiter)
}

pub(super) fn at(case: usize, step: usize) -> String {
    format!("2024-03-{:02} {:02}:{:02}:00", 1 + case % 20, 8 + step, case)
}

pub(super) fn german(case: usize, step: usize) -> String {
    format!("{:02}.03.2024 {:02}:{:02}", 1 + case % 28, 8 + step, case)
}

pub(super) fn who(case: usize, step: usize) -> &'static str {
    PEOPLE[(case + step) % 4]
}

pub(super) fn team(case: usize, step: usize) -> &'static str {
    TEAMS[(case + step / 2) % 3]
}

pub(super) fn one_of(values: &[&'static str], step: usize) -> &'static str {
    values[step % values.len()]
}

pub(super) fn state(step: usize) -> &'static str {
    one_of(&["New", "In Progress", "On Hold", "In Progress", "Closed"], step)
}

pub(super) fn act(step: usize) -> &'static str {
    one_of(&["Register", "Check form", "Decide", "Pay", "Archive"], step)
}
