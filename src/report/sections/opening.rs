//! What comes first: what was read, what limits trust, the answer, and the mapping.

use std::collections::BTreeMap;

use crate::report::answer;
use crate::report::filter;
use crate::report::format::{GLUE, count, duration, instant, percent, plural, size};
use crate::report::model::{
    CalendarFound, FilterFound, Findings, Input, LeakyFound, MappingFound, NullFound, RoleReason,
};
use crate::report::page::{Grid, Page};
use crate::report::visible::{clip, plain, visible};

/// Columns of the labels of this section.
const LABEL: usize = 9;
/// Columns of a log named in one list.
const LISTED: usize = 12;

pub(super) fn title(page: &mut Page, findings: &Findings) {
    page.title("Workflow Coordination Analysis", &format!("{} {}", findings.tool.name, findings.tool.version));
}

/// What was read; `tie_break` is the column that orders equal times.
pub(super) fn read(page: &mut Page, input: &Input, tie_break: Option<&str>) {
    page.heading("read", "What was read");
    for source in &input.sources {
        let name = clip(&visible(&source.name), 60, "…");
        let text = format!(
            "{name} · {} · {} · {} · {}",
            plain(&source.format),
            plain(&source.family),
            size(source.bytes),
            plural(source.rows, "row", "rows"),
        );
        page.labelled("File", LABEL, &text);
    }
    let used = input.rows_read.saturating_sub(input.rows_rejected);
    let rows =
        format!("{} read = {} used + {} rejected", count(input.rows_read), count(used), count(input.rows_rejected));
    page.labelled("Rows", LABEL, &format!("{rows}{}", rejects(&input.rejects)));
    if let Some(found) = &input.filter {
        chosen(page, found);
    }
    let no_length = input
        .zero_length_share
        .filter(|share| *share > 0.0)
        .map_or_else(String::new, |share| format!(" ({} of zero length)", percent(share)));
    let cases = format!(
        "{} with {}: {} completed{no_length}, {} open",
        plural(input.cases, "case", "cases"),
        plural(input.events, "event", "events"),
        count(input.completed_cases),
        count(input.open_cases),
    );
    page.labelled("Cases", LABEL, &cases);
    let dates = format!("{} to {} UTC", instant(&plain(&input.first_event)), instant(&plain(&input.last_event)));
    let as_of = format!(", known up to {}", instant(&plain(&input.as_of)));
    page.labelled("Dates", LABEL, &format!("{dates}{}", if input.as_of == input.last_event { "" } else { &as_of }));
    page.labelled("Order", LABEL, &order(input, tie_break));
}

/// How the cases were chosen, what that left out, and what to know of it.
pub(super) fn chosen(page: &mut Page, found: &FilterFound) {
    for (number, text) in filter::texts(found, &visible).iter().enumerate() {
        page.labelled(if number == 0 { "Filter" } else { "" }, LABEL, text);
    }
}

/// Which clocks the durations below are on.
pub(super) fn clocks(page: &mut Page, findings: &Findings) {
    let Some(business) = &findings.clocks.business else {
        page.labelled("Clock", LABEL, "wall: every hour counts, since no working calendar is configured");
        return;
    };
    let shown = page.clocks(true);
    let named: Vec<String> = business.calendars.iter().map(calendar).collect();
    let wall = if shown.wall() { "wall: every hour counts; " } else { "" };
    let text = format!("{wall}work (business clock): {}", named.join(", "));
    page.labelled(if shown.both() { "Clocks" } else { "Clock" }, LABEL, &text);
    if business.cases_without > 0 {
        let text = format!(
            "{} without a calendar for part of the time: in no number on the business clock; `default_calendar` in \
             wcaf.toml gives one to all",
            plural(business.cases_without, "case", "cases"),
        );
        page.labelled("", LABEL, &text);
    }
}

/// `office (Europe/Berlin), by 2 rules`.
fn calendar(found: &CalendarFound) -> String {
    let name = clip(&visible(&found.name), 40, "…");
    let rules = match (found.rules, found.default) {
        (0, true) => String::new(),
        (0, false) => ", never used".to_owned(),
        (rules, _) => format!(", by {}", plural(rules, "rule", "rules")),
    };
    let default = if found.rules > 0 && found.default { " and by default" } else { "" };
    format!("{name} ({}{rules}{default})", plain(&found.timezone))
}

fn rejects(reasons: &BTreeMap<String, u64>) -> String {
    if reasons.is_empty() {
        return String::new();
    }
    let named: Vec<String> =
        reasons.iter().map(|(reason, rows)| format!("{} {}", plain(reason), count(*rows))).collect();
    format!(" ({})", named.join(", "))
}

/// How much of the order of events rests on the position in the file.
fn order(input: &Input, tie_break: Option<&str>) -> String {
    let ties = input.tie_share.map_or_else(
        || "no case has two events".to_owned(),
        |share| {
            if share == 0.0 {
                return "no two steps of a case share an instant".to_owned();
            }
            let decides =
                tie_break.map_or_else(|| "file order decides".to_owned(), |column| format!("\"{column}\" decides"));
            format!("{} of steps share their instant with the one before; {decides}", percent(share))
        },
    );
    let moved = if input.order_fixed > 0 {
        format!("; {} sorted by time", plural(input.order_fixed, "misplaced row", "misplaced rows"))
    } else {
        String::new()
    };
    format!("{ties}{moved}; times are exact to {}", duration(input.resolution_ms))
}

pub(super) fn warnings(page: &mut Page, findings: &Findings) {
    if findings.warnings.is_empty() {
        return;
    }
    let number = u64::try_from(findings.warnings.len()).unwrap_or(u64::MAX);
    page.heading("warnings", &format!("Before you trust a number: {}", plural(number, "warning", "warnings")));
    for warning in &findings.warnings {
        page.warn(&format!("{} [{}]", visible(&warning.message), warning.code));
        if !warning.hint.is_empty() {
            page.item("  → ", &plain(&warning.hint));
        }
    }
}

pub(super) fn answer(page: &mut Page, findings: &Findings) {
    page.heading("answer", "The answer");
    for sentence in answer::sentences(findings, page.clocks(findings.clocks.business.is_some()), &plain) {
        page.item("· ", &sentence);
    }
}

/// How the columns were read; `rows` are those of the first file.
pub(super) fn mapping(page: &mut Page, mapping: &MappingFound, rows: u64) {
    let guesses = mapping.roles.values().filter(|role| role.how == "guess").count();
    page.heading("columns", &format!("How the columns were read: {guesses} of {} guessed", mapping.roles.len()));
    if guesses > 0 && mapping.sample_rows < rows {
        page.faint(&format!(
            "Counts and shares are those of the first {}.",
            plural(mapping.sample_rows, "row", "rows")
        ));
    }
    let mut grid = Grid::new().text("Role").text("Column").text("How").prose("Why");
    for (role, found) in &mapping.roles {
        let how = if found.how == "guess" { format!("?{GLUE}guess") } else { format!("  {}", found.how) };
        grid.row([plain(role), visible(&found.column), how, visible(&found.why)]);
    }
    page.grid(grid);
    let order = match mapping.date_order.as_str() {
        "day_first" => ", day before month",
        "month_first" => ", month before day",
        _ => "",
    };
    page.labelled(
        "Times",
        LABEL,
        &format!("{}{order}; zone {}", plain(&mapping.date_format), plain(&mapping.timezone)),
    );
    page.labelled("Shape", LABEL, &reason(&mapping.family));
    page.labelled("No owner", LABEL, &format!("means {}", reason(&mapping.missing_owner)));
    let touches = format!("events of one actor on one case within {} are one touch", duration(mapping.touch_window_ms));
    page.labelled("Touches", LABEL, &touches);
    nulls(page, &mapping.nulls);
    leaky(page, &mapping.leaky);
    activities(page, &mapping.activity_means);
    if !mapping.unused.is_empty() {
        let names: Vec<String> = mapping.unused.iter().map(visible).collect();
        page.labelled("Unused", LABEL, &listed(&names));
    }
}

fn reason(found: &RoleReason) -> String {
    let why = visible(&found.why);
    if why.is_empty() { plain(&found.value) } else { format!("{} ({why})", plain(&found.value)) }
}

/// The first names of a list and how many follow.
fn listed(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(LISTED).map(|name| clip(name, 40, "…")).collect();
    match names.len().saturating_sub(LISTED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn nulls(page: &mut Page, nulls: &[NullFound]) {
    let mut groups: BTreeMap<(bool, String), Vec<String>> = BTreeMap::new();
    for null in nulls.iter().filter(|null| null.share > 0.0 || null.how != "guess") {
        let column = format!("{} {}", clip(&visible(&null.column), 40, "…"), percent(null.share));
        groups.entry((!null.applied, visible(&null.literal))).or_default().push(column);
    }
    for ((kept, literal), columns) in groups {
        let verb = if kept { "looks like missing but was kept" } else { "was read as missing" };
        page.labelled("Missing", LABEL, &format!("\"{}\" {verb} in {}", clip(&literal, 40, "…"), listed(&columns)));
    }
}

fn leaky(page: &mut Page, leaky: &[LeakyFound]) {
    let mut groups: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for column in leaky {
        groups.entry(visible(&column.why)).or_default().push(visible(&column.column));
    }
    for (why, columns) in groups {
        let verbs = if columns.len() == 1 { "knows the future and decides" } else { "know the future and decide" };
        page.labelled("Leaky", LABEL, &format!("{} {verbs} nothing: {why}", listed(&columns)));
    }
}

fn activities(page: &mut Page, means: &BTreeMap<String, RoleReason>) {
    let mut groups: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for (activity, reason) in means {
        groups.entry(reason.value.as_str()).or_default().push(format!("\"{}\"", plain(activity)));
    }
    for (value, names) in groups {
        let meaning = match value {
            "entry" => "enter a state",
            "completed" => "finish a step, and the time before is the wait for it",
            other => other,
        };
        page.labelled("Acts", LABEL, &format!("{} {}", listed(&names), plain(meaning)));
    }
}
