//! Silences, fake waits, habits, and attribute values that go with trouble.

use crate::report::format::{count, decimal, duration, percent, plural};
use crate::report::model::{Contrasts, FakeWaits, Findings, Silences};
use crate::report::page::{Grid, Page};
use crate::report::visible::{plain, visible};

/// Contrasts shown.
const TOP: usize = 5;

pub(super) fn habits(page: &mut Page, findings: &Findings) {
    page.heading("habits", "Silences, empty waits and habits");
    if let Some(silences) = &findings.silences {
        page.item("· ", &of_silences(silences));
    }
    if let Some(waits) = &findings.fake_waits {
        page.item("· ", &of_fake_waits(waits));
    } else {
        let why = page.unknown("/fake_waits");
        page.say(&format!("Waits for the requester in which nobody asked: {why}"));
    }
    for habit in &findings.habits {
        page.item("· ", &format!("{}: {}", habit.kind.replace('_', " "), visible(&habit.evidence)));
        page.item("    Not so if: ", &plain(habit.falsified_by));
    }
    if let Some(contrasts) = &findings.contrasts {
        of_contrasts(page, contrasts);
    } else {
        let why = page.unknown("/contrasts");
        page.say(&format!("Attribute values that go with trouble: {why}"));
    }
    page.end_notes();
}

fn of_silences(silences: &Silences) -> String {
    let threshold = duration(silences.threshold_ms);
    if silences.count == 0 {
        return format!("No case was silent for more than {threshold} while it waited for nobody outside.");
    }
    let who: Vec<String> =
        silences.broken_by.iter().filter(|(_, n)| **n > 0).map(|(who, n)| format!("{who} {}", count(*n))).collect();
    let examples: Vec<String> = silences.examples.iter().map(visible).collect();
    format!(
        "{} of more than {threshold}, {} in all, in {}; broken by {}; such as {}. Beside them {} while waiting outside; {} silent now.",
        plural(silences.count, "silence", "silences"),
        duration(silences.total_ms),
        plural(silences.cases, "case", "cases"),
        who.join(", "),
        examples.join(", "),
        count(silences.outside_count),
        plural(silences.open, "case is", "cases are"),
    )
}

fn of_fake_waits(waits: &FakeWaits) -> String {
    let share = waits.share.map_or_else(String::new, |share| format!(" ({})", percent(share)));
    let such = waits.examples.iter().map(visible).collect::<Vec<_>>();
    let such = if such.is_empty() { String::new() } else { format!("; such as {}", such.join(", ")) };
    format!(
        "In {} of {}{share} nobody asked anything, {} in all{such}.",
        count(waits.fake),
        plural(waits.waits, "wait for the requester", "waits for the requester"),
        duration(waits.total_ms),
    )
}

fn of_contrasts(page: &mut Page, contrasts: &Contrasts) {
    if contrasts.found.is_empty() {
        let n = plural(contrasts.comparisons, "pair", "pairs");
        page.say(&format!("No attribute value stands out by more than chance, among {n} of a value and an outcome."));
        return;
    }
    page.say("Attribute values that go with trouble, by more than chance; an association, not a cause:");
    let header =
        Grid::new().text("Column").text("Value").text("Cases are").number("Of").number("Share").number("Others");
    let mut grid = header.number("z").fold_after(TOP);
    for found in contrasts.found.iter().take(page.most(TOP)) {
        grid.push(vec![
            visible(&found.column),
            visible(&found.value),
            found.outcome.replace('_', " "),
            count(found.cases),
            percent(found.share),
            percent(found.share_of_others),
            decimal(found.z, 1),
        ]);
    }
    page.grid(grid);
    if contrasts.found.len() > page.most(TOP) {
        page.faint(&format!("{} more: table contrasts.", contrasts.found.len() - page.most(TOP)));
    }
}
