//! The sections of `wcaf explain`: the definition, what the number comes to, what it was read from, and what is behind
//! it; or the list of all definitions.

use serde_json::Value;

use super::opening;
use crate::report::definitions::Definition;
use crate::report::explain::{Behind, CaseBehind, ExplainReport, InLog, ItemBehind, ValueFound};
use crate::report::format::{GLUE, UNKNOWN, count, duration, instant, percent, plural, trimmed};
use crate::report::page::{Block, Grid, Medium, Page};
use crate::report::visible::{plain, visible};

/// Things of one case that are shown.
const MOST_ITEMS: usize = 8;

/// Values that are shown.
const MOST_VALUES: usize = 40;

/// An explained number as blocks.
pub(in crate::report) fn explain(report: &ExplainReport, medium: Medium) -> Vec<Block> {
    let none = std::collections::BTreeMap::new();
    let mut page = Page::new(medium, report.log.as_ref().map_or(&none, |log| &log.unknown));
    page.title(&report.metrics.join(", "), &format!("{} {}", report.tool.name, report.tool.version));
    page.heading("definition", "What it means");
    markdown(&mut page, report.definition);
    for part in &report.parts {
        one(&mut page, part);
    }
    let Some(log) = &report.log else {
        page.faint("Name a log to see what it comes to, and the cases and lines behind it.");
        return page.finish();
    };
    values(&mut page, log);
    inputs(&mut page, log);
    match &log.behind {
        Some(found) => behind(&mut page, log, found),
        None => {
            page.faint("It is no sum over cases, or of several lists; name one entry, such as `states[New].visits`.");
        }
    }
    page.heading("again", "The same again");
    page.code(&visible(&log.command));
    page.finish()
}

/// All definitions, each with its first sentence.
pub(in crate::report) fn definitions(all: &[Definition], medium: Medium) -> Vec<Block> {
    let none = std::collections::BTreeMap::new();
    let mut page = Page::new(medium, &none);
    page.title("What can be explained", &format!("wcaf {}", env!("CARGO_PKG_VERSION")));
    page.say("`wcaf explain NAME` tells what a number means, and with a log what it comes to there and why.");
    page.heading("definitions", "Numbers of findings.json");
    for definition in all.iter().filter(|definition| !definition.text.is_empty()) {
        one(&mut page, definition);
    }
    page.finish()
}

/// A definition in a list.
fn one(page: &mut Page, definition: &Definition) {
    page.item("· ", &format!("{}: {}", plain(definition.heading), plain(&first_sentence(definition.text))));
}

fn first_sentence(text: &str) -> String {
    let paragraph = inline(text.split("\n\n").next().unwrap_or_default());
    paragraph.split_inclusive(". ").next().unwrap_or_default().trim().to_owned()
}

/// What the number comes to.
fn values(page: &mut Page, log: &InLog) {
    page.heading("values", "In this log");
    let sources: Vec<String> = log.sources.iter().map(visible).collect();
    page.say(&format!("{}, up to {} UTC.", sources.join(", "), instant(&plain(&log.as_of))));
    log.filter.iter().for_each(|found| opening::chosen(page, found));
    let of_entries = log.values.iter().any(|value| !value.of.raw().is_empty());
    let mut grid = Grid::new();
    if of_entries {
        grid = grid.text("Of");
    }
    grid = grid.text("Value").number("Is").number("As written");
    for value in log.values.iter().take(MOST_VALUES) {
        let key = value.pointer.rsplit('/').next().unwrap_or_default();
        let (shown, raw) = shown(page, value);
        let mut cells = if of_entries { vec![visible(&value.of)] } else { Vec::new() };
        cells.extend([plain(&name(&value.pointer, key)), shown, raw]);
        grid.push(cells);
    }
    if log.values.is_empty() {
        page.say("The log has nothing of it.");
    }
    page.grid(grid);
    if log.values.len() > MOST_VALUES {
        let more = count((log.values.len() - MOST_VALUES) as u64);
        page.faint(&format!("{more} more: `--format json`, or name one entry, such as `states[New].visits`."));
    }
    page.end_notes();
}

/// The last key of a pointer, with the one before where it says too little.
fn name(pointer: &str, key: &str) -> String {
    let before = pointer.rsplit('/').nth(1).unwrap_or_default();
    let is_place = before.bytes().all(|byte| byte.is_ascii_digit());
    if is_place || before.is_empty() { key.to_owned() } else { format!("{before}.{key}") }
}

/// A value for people, and as it stands in the findings.
fn shown(page: &mut Page, found: &ValueFound) -> (String, String) {
    let pointer = found.pointer.as_str();
    let mut keys = pointer.rsplit('/');
    let key = keys.next().unwrap_or_default();
    let counts = matches!(key, "n" | "open" | "cases" | "count");
    let is_time = key.ends_with("_ms") || !counts && pointer.split('/').any(|part| part.ends_with("_ms"));
    match &found.value {
        Value::Null => (page.unknown(pointer), "null".to_owned()),
        Value::Number(number) => {
            let is_share = ["rate", "share", "of_cases", "coverage", "agreement"].iter().any(|end| key.ends_with(end));
            let shown = match (number.as_i64(), number.as_f64()) {
                (Some(ms), _) if is_time => duration(ms),
                (Some(whole), _) => u64::try_from(whole).map_or_else(|_| whole.to_string(), count),
                (None, Some(real)) if is_share => percent(real),
                (None, Some(real)) => trimmed((real * 1000.0).round() / 1000.0),
                (None, None) => number.to_string(),
            };
            (shown, number.to_string())
        }
        Value::Bool(is) => ((if *is { "yes" } else { "no" }).to_owned(), is.to_string()),
        Value::String(text) => (plain(text), String::new()),
        Value::Array(_) | Value::Object(_) => (UNKNOWN.to_owned(), String::new()),
    }
}

/// The columns that it was read from.
fn inputs(page: &mut Page, log: &InLog) {
    if log.inputs.is_empty() {
        return;
    }
    page.heading("inputs", "Read from");
    let mut grid = Grid::new().text("Role").text("Column").text("How").prose("Why");
    for (role, found) in &log.inputs {
        grid.row([plain(role), visible(&found.column), plain(found.how), visible(&found.why)]);
    }
    page.grid(grid);
}

/// The cases behind it.
fn behind(page: &mut Page, log: &InLog, found: &Behind) {
    page.heading("behind", "What is behind it");
    let cases = plural(found.of_cases, "case", "cases");
    let in_cases =
        format!("{} in {} of {cases}", plural(found.count, found.what[0], found.what[1]), count(found.cases));
    let takes_time = found.listed.iter().any(|case| case.total_ms.is_some());
    if takes_time {
        let together = duration(found.total_ms);
        page.say(&format!("{in_cases}; the {} finished ones took {together} together.", count(found.finished)));
    } else {
        page.say(&format!("{in_cases}."));
    }
    if found.listed.is_empty() && found.count > 0 {
        page.say("None of them in the case asked for.");
    }
    if found.listed.len() > 1 {
        let by = if takes_time { "time" } else { "number" };
        page.say(&format!("The cases with the most, by {by}; `--case ID` tells one, `--top N` more."));
    }
    for case in &found.listed {
        one_case(page, log, case, found);
    }
}

fn one_case(page: &mut Page, log: &InLog, case: &CaseBehind, found: &Behind) {
    let took = case.total_ms.filter(|_| case.count > 0).map_or_else(String::new, |ms| format!(", {}", duration(ms)));
    page.item(
        &format!("{}: ", visible(&case.case)),
        &format!("{}{took}", plural(case.count, found.what[0], found.what[1])),
    );
    let most = if found.listed.len() > 1 { MOST_ITEMS } else { usize::MAX };
    for item in case.items.iter().take(most) {
        page.item(&format!("    {} ", instant(&plain(&item.at))), &told(log, item));
    }
    if case.items.len() > most {
        page.item("    ", &format!("and {} more", case.items.len() - most));
    }
}

/// `line 12: New → In Progress; 4.0 h, to line 14`.
fn told(log: &InLog, item: &ItemBehind) -> String {
    let mut text = String::new();
    if let Some(line) = item.line {
        text = match item.source {
            Some(source) if log.sources.len() > 1 => format!("{}, line{GLUE}{line}: ", visible(&log.sources[source])),
            _ => format!("line{GLUE}{line}: "),
        };
    }
    text.push_str(&visible(&item.what));
    if let Some(ms) = item.duration_ms {
        let until = item.until_line.map_or_else(String::new, |line| format!(", up to line{GLUE}{line}"));
        text.extend(["; ", &duration(ms), &until]);
    }
    text
}

/// The Markdown of a definition: paragraphs, lists, tables and blocks of code.
fn markdown(page: &mut Page, text: &str) {
    let mut lines = text.lines().peekable();
    let mut paragraph = String::new();
    while let Some(line) = lines.next() {
        let starts_own = line.is_empty() || line.starts_with(['|', '-', '`']) || numbered(line).is_some();
        if starts_own && !paragraph.is_empty() && !line.starts_with('`') {
            page.say(&inline(&std::mem::take(&mut paragraph)));
        }
        if line.starts_with('|') {
            let mut rows = vec![line];
            while let Some(row) = lines.next_if(|line| line.starts_with('|')) {
                rows.push(row);
            }
            table(page, &rows);
        } else if line.starts_with("```") {
            let code: Vec<&str> = lines.by_ref().take_while(|line| !line.starts_with("```")).collect();
            page.code(&code.join("\n"));
        } else if let Some((mark, item)) = line.strip_prefix("- ").map(|item| ("· ", item)).or_else(|| numbered(line))
        {
            let mut item = item.to_owned();
            while let Some(more) = lines.next_if(|line| line.starts_with("  ")) {
                item.push(' ');
                item.push_str(more.trim());
            }
            page.item(mark, &inline(&item));
        } else if !line.is_empty() {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(line);
        }
    }
    if !paragraph.is_empty() {
        page.say(&inline(&paragraph));
    }
}

/// The number and the text of an item of a numbered list.
fn numbered(line: &str) -> Option<(&str, &str)> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let rest = line[digits..].strip_prefix(". ").filter(|_| digits > 0)?;
    Some((&line[..digits + 2], rest))
}

fn table(page: &mut Page, rows: &[&str]) {
    let cells =
        |row: &str| -> Vec<String> { row.trim_matches('|').split('|').map(|cell| inline(cell.trim())).collect() };
    let header = cells(rows[0]);
    let mut grid = Grid::new();
    for (place, name) in header.iter().enumerate() {
        grid = if place == 0 { grid.text(name) } else { grid.prose(name) };
    }
    for row in rows.iter().skip(2) {
        let mut cells = cells(row);
        cells.resize(header.len(), String::new());
        grid.push(cells);
    }
    page.grid(grid);
}

/// Text without links and bold letters.
fn inline(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find('[') {
        out.push_str(&rest[..at]);
        let link = rest[at + 1..].split_once("](").and_then(|(name, target)| {
            let (_, after) = target.split_once(')')?;
            is_balanced(name).then_some((name, after))
        });
        if let Some((name, after)) = link {
            out.push_str(name);
            rest = after;
        } else {
            out.push('[');
            rest = &rest[at + 1..];
        }
    }
    out.push_str(rest);
    out.replace("**", "").replace('\n', " ")
}

/// Whether every bracket that closes in a text was opened in it, and the other way round.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for character in text.chars() {
        depth += i32::from(character == '[') - i32::from(character == ']');
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_and_bold_letters_become_text() {
        assert_eq!(
            inline("A **stay** of [`x[]`](#y) at `a[0]` ([below](Z.md#q))."),
            "A stay of `x[]` at `a[0]` (below)."
        );
    }
}
