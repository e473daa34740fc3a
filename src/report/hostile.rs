//! Hostile text in every field of the findings must stay text in every rendering.

use std::collections::BTreeMap;

use super::check::{CheckReport, check_json};
use super::clocks::Clocks;
use super::fixture::quality::check_report;
use super::fixture::{findings, t};
use super::html::page;
use super::html::tests::{assert_passive, parsed};
use super::json::findings_json;
use super::markdown::summary;
use super::model::*;
use super::tables::tables;
use super::terminal::{Style, render};
use super::visible::width;

/// What an attacker, or bad luck, puts into an export.
fn payloads() -> Vec<String> {
    let fixed = [
        "\u{1b}[2J\u{1b}[31mred\u{1b}[0m",
        "\u{1b}]0;title\u{7}",
        "\u{1b}]8;;https://e.example\u{1b}\\link\u{1b}]8;;\u{1b}\\",
        "\u{9b}31mC1",
        "a\rb\u{8}\u{8}c",
        "two\nlines\r\nthree",
        "tab\there",
        "nul\0byte\u{7f}",
        "=cmd|' /C calc'!A0",
        "+1+1",
        "-2+3",
        "@SUM(1+1)",
        "\t=1+1",
        "\r=1+1",
        "=HYPERLINK(\"https://e.example\",\"x\")",
        "a\",=1+1,\"b",
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1)) ![y](https://e.example/p.png)",
        "| a | b |",
        "```` `code` ``",
        "**bold** _it_ ~~no~~ # h $x$ &lt; &#60;",
        "https://e.example www.e.example a@e.example @team #1",
        "abc\u{202e}fed\u{2066}ghi\u{2069}\u{200f}",
        "zero\u{200b}width\u{feff}\u{2028}\u{2029}line",
        "e\u{301}\u{301}\u{301} 👩\u{200d}💻 東京都 ＝1＋1",
        "\\",
        "",
        " ",
    ];
    let long =
        ["x".repeat(5_000), "long words ".repeat(500), "\u{301}".repeat(9_000), "東".repeat(9_000), "`".repeat(999)];
    fixed.iter().map(|text| (*text).to_owned()).chain(long).collect()
}

/// Puts `text` into every field that can hold something from outside.
fn poison(found: &mut Findings, text: &str) {
    poison_input(found, text);
    poison_mapping(&mut found.mapping, text);
    poison_flow(found, text);
    poison_diagnosis(found, text);
    poison_habits(found, text);
    poison_sla(found, text);
}

fn rekeyed<T>(map: &mut BTreeMap<String, T>, text: &str) {
    let values = std::mem::take(map).into_values().enumerate();
    *map = values.map(|(index, value)| (format!("{text}{index}"), value)).collect();
}

fn poison_input(found: &mut Findings, text: &str) {
    for source in &mut found.input.sources {
        source.name = t(text);
        (source.format, source.family) = (text.to_owned(), text.to_owned());
    }
    rekeyed(&mut found.input.rejects, text);
    for warning in &mut found.warnings {
        warning.message = t(text);
        warning.hint = text.to_owned();
    }
    found.unknown.values_mut().for_each(|unknown| unknown.message = text.to_owned());
    for bot in &mut found.bots {
        (bot.actor, bot.evidence) = (t(text), t(text));
    }
    for stale in &mut found.stale {
        (stale.case, stale.state) = (t(text), t(text));
    }
    found.reconcile.iter_mut().for_each(|reconciled| reconciled.column = t(text));
    found.readiness.items.iter_mut().for_each(|item| item.evidence = t(text));
    found.roi.currency = text.to_owned();
    for assumption in &mut found.roi.assumptions {
        (assumption.name, assumption.unit, assumption.source) = (text.to_owned(), text.to_owned(), text.to_owned());
    }
}

fn poison_mapping(mapping: &mut MappingFound, text: &str) {
    rekeyed(&mut mapping.roles, text);
    for role in mapping.roles.values_mut() {
        (role.column, role.why) = (t(text), t(text));
    }
    for null in &mut mapping.nulls {
        (null.column, null.literal) = (t(text), t(text));
    }
    for leaky in &mut mapping.leaky {
        (leaky.column, leaky.why) = (t(text), t(text));
    }
    rekeyed(&mut mapping.activity_means, text);
    let reasons = mapping.activity_means.values_mut();
    for reason in reasons.chain([&mut mapping.family, &mut mapping.missing_owner]) {
        (reason.value, reason.why) = (text.to_owned(), t(text));
    }
    (mapping.date_format, mapping.timezone) = (text.to_owned(), text.to_owned());
    mapping.unused.iter_mut().for_each(|column| *column = t(text));
}

fn poison_flow(found: &mut Findings, text: &str) {
    found.kpi_cuts.iter_mut().for_each(|cut| cut.key = t(text));
    for state in &mut found.states {
        (state.state, state.class_why, state.class) = (t(text), t(text), text.to_owned());
    }
    for transition in &mut found.transitions {
        (transition.from, transition.to) = (t(text), t(text));
    }
    for pair in &mut found.handoffs.pairs {
        (pair.from, pair.to) = (t(text), t(text));
    }
    for cell in &mut found.ledger.cells {
        (cell.state, cell.class) = (t(text), text.to_owned());
    }
}

fn poison_diagnosis(found: &mut Findings, text: &str) {
    for question in &mut found.questions {
        question.answer = t(text);
        question.missing = Some(text.to_owned());
    }
    for point in found.choke_points.iter_mut().chain(&mut found.active_points) {
        (point.id, point.class) = (text.to_owned(), text.to_owned());
        (point.state, point.group) = (t(text), Some(t(text)));
        point.causes = vec![text.to_owned()];
    }
    for cause in &mut found.causes {
        (cause.id, cause.evidence, cause.falsified_by) = (text.to_owned(), t(text), text.to_owned());
        for place in &mut cause.places {
            place.choke_point = text.to_owned();
            place.examples.iter_mut().for_each(|case| *case = t(text));
        }
    }
    for intervention in &mut found.interventions {
        (intervention.id, intervention.level_why) = (text.to_owned(), text.to_owned());
        (intervention.title, intervention.evidence, intervention.exit_test.says) = (t(text), t(text), t(text));
        (intervention.guardrail.metric, intervention.exit_test.metric) = (text.to_owned(), text.to_owned());
        intervention.scope = Scope {
            choke_point: Some(text.to_owned()),
            cause: Some(text.to_owned()),
            state: Some(t(text)),
            group: Some(t(text)),
        };
        intervention.policy_file = Some(text.to_owned());
    }
}

fn poison_habits(found: &mut Findings, text: &str) {
    if let Some(silences) = &mut found.silences {
        silences.examples.iter_mut().for_each(|case| *case = t(text));
        silences.places.iter_mut().for_each(|place| (place.state, place.group) = (t(text), Some(t(text))));
    }
    if let Some(waits) = &mut found.fake_waits {
        waits.examples.iter_mut().for_each(|case| *case = t(text));
    }
    for habit in &mut found.habits {
        habit.evidence = t(text);
        habit.examples.iter_mut().for_each(|case| *case = t(text));
    }
    for contrast in found.contrasts.iter_mut().flat_map(|contrasts| &mut contrasts.found) {
        (contrast.column, contrast.value) = (t(text), t(text));
    }
}

fn poison_sla(found: &mut Findings, text: &str) {
    for level in found.sla.iter_mut().flatten() {
        (level.id, level.kind, level.calendar) = (t(text), t(text), Some(t(text)));
        level.targets.iter_mut().for_each(|target| target.value = Some(t(text)));
        level.worst.iter_mut().for_each(|worst| worst.case = t(text));
        for column in &mut level.reconcile {
            column.column = t(text);
            column.differing.iter_mut().for_each(|case| case.case = t(text));
        }
    }
}

fn poisoned(text: &str) -> Findings {
    let mut found = findings();
    poison(&mut found, text);
    found
}

/// Characters that steer a terminal or hide and reorder text.
fn misleading(text: &str) -> Vec<char> {
    let hidden = |character: char| matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}');
    text.chars().filter(|character| *character != '\n' && (character.is_control() || hidden(*character))).collect()
}

#[test]
fn poison_reaches_every_text() {
    let json = findings_json(&poisoned("POISON"));
    for name in
        ["Group", "Awaiting", "incident_", "assigned_to", "sys_updated", "INC0", "Resolved", "Active", "cases wait"]
    {
        assert!(!json.contains(name), "{name} is left");
    }
}

#[test]
fn the_terminal_shows_hostile_text_as_text() {
    for payload in payloads() {
        for (columns, unicode) in [(60, true), (80, true), (80, false), (120, true)] {
            let text = render(&poisoned(&payload), Style { width: columns, colour: false, unicode }, Clocks::Both);
            assert_eq!(misleading(&text), Vec::<char>::new(), "{payload:.40?}");
            for line in text.lines() {
                assert!(width(line) <= columns, "{columns}: {line}");
                assert!(line.chars().count() <= columns * 12, "a line of {} characters", line.chars().count());
            }
        }
    }
}

#[test]
fn json_keeps_hostile_text_exactly() {
    for payload in payloads() {
        let json = findings_json(&poisoned(&payload));
        assert_eq!(misleading(&json), Vec::<char>::new());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["states"][0]["state"], payload);
    }
}

#[test]
fn html_and_its_drawings_show_hostile_text_as_text() {
    let shape = |html: &str| {
        let (elements, _) = parsed(html);
        elements.iter().map(|element| format!("{} {}", element.tag, element.attributes.len())).collect::<Vec<_>>()
    };
    let harmless = shape(&page(&poisoned("harmless"), Clocks::Both));
    for payload in payloads() {
        let html = page(&poisoned(&payload), Clocks::Both);
        assert_eq!(misleading(&html), Vec::<char>::new(), "{payload:.40?}");
        assert_passive(&html);
        assert!(!html.to_lowercase().contains("<script") && !html.to_lowercase().contains("<img"));
        // an empty text leaves out a hint or a class; any other changes no element and no attribute
        if !payload.is_empty() {
            assert!(shape(&html) == harmless, "{payload:.40?}");
        }
    }
}

/// A data-quality report with `text` in every field that can hold something from outside.
fn poisoned_check(text: &str) -> CheckReport {
    let poisoned = poisoned(text);
    let mut report = check_report();
    (report.input, report.mapping, report.readiness) = (poisoned.input, poisoned.mapping, poisoned.readiness);
    for finding in &mut report.findings {
        (finding.message, finding.fix) = (t(text), t(text));
        for example in &mut finding.examples {
            for part in [&mut example.case, &mut example.file, &mut example.note].into_iter().flatten() {
                *part = t(text);
            }
            example.time = example.time.as_ref().map(|_| text.to_owned());
        }
    }
    report.not_checked.iter_mut().for_each(|skipped| skipped.why = text.to_owned());
    report
}

#[test]
fn checks_show_hostile_text_as_text() {
    let harmless = acting(&super::markdown::check(&poisoned_check("harmless")));
    for payload in payloads() {
        let report = poisoned_check(&payload);
        let text = super::terminal::check(&report, Style::default());
        assert_eq!(misleading(&text), Vec::<char>::new(), "{payload:.40?}");
        assert!(text.lines().all(|line| width(line) <= 80));
        let json = check_json(&report);
        assert_eq!(misleading(&json), Vec::<char>::new());
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(value["findings"][0]["message"], payload);
        let markdown = super::markdown::check(&report);
        assert_eq!(misleading(&markdown), Vec::<char>::new());
        if !payload.is_empty() {
            assert_eq!(acting(&markdown), harmless, "{payload:.40?}");
        }
    }
}

/// The characters Markdown would act on: neither escaped, nor an entity, nor inside code.
fn acting(markdown: &str) -> String {
    let mut out = String::new();
    let mut rest = markdown;
    while let Some(character) = rest.chars().next() {
        let mut used = character.len_utf8();
        match character {
            '\\' => used += rest[1..].chars().next().map_or(0, char::len_utf8),
            '`' => used += rest[1..].find(['`', '\n']).map_or(0, |end| end + 1),
            '&' => {
                used += ["lt;", "gt;", "amp;"]
                    .iter()
                    .find(|entity| rest[1..].starts_with(**entity))
                    .map_or(0, |it| it.len());
            }
            _ => {}
        }
        if (used == character.len_utf8() && "<>[]*_|#~!$&`@\\\n".contains(character)) || rest.starts_with("://") {
            out.push(character);
        }
        rest = &rest[used..];
    }
    out
}

#[test]
fn markdown_shows_hostile_text_as_text() {
    assert_eq!(acting("a\\*b *c* `d*` &lt; & <"), "**&<");
    let harmless = acting(&summary(&poisoned("harmless"), Clocks::Both));
    for payload in payloads() {
        let text = summary(&poisoned(&payload), Clocks::Both);
        assert_eq!(misleading(&text), Vec::<char>::new());
        assert_eq!(acting(&text), harmless, "{payload:.40?}");
        assert!(!text.to_lowercase().contains("<script") && text.len() < 40_000);
    }
}

/// Every document as Markdown.
fn documents(found: &Findings) -> Vec<String> {
    let stems = super::documents::stems(found);
    let charters = found.interventions.iter().map(|intervention| super::documents::charter(found, intervention));
    let pages = [super::documents::plan(found, &stems), super::documents::workshop(found)];
    pages.into_iter().chain(charters).collect()
}

#[test]
fn documents_show_hostile_text_as_text() {
    let harmless: Vec<String> = documents(&poisoned("harmless")).iter().map(|text| acting(text)).collect();
    for payload in payloads() {
        let found = poisoned(&payload);
        for (text, harmless) in documents(&found).iter().zip(&harmless) {
            assert_eq!(misleading(text), Vec::<char>::new(), "{payload:.40?}");
            assert!(!text.to_lowercase().contains("<script") && text.len() < 60_000);
            if !payload.is_empty() {
                assert_eq!(&acting(text), harmless, "{payload:.40?}");
            }
        }
        let toml = super::documents::workshop_toml(&found);
        assert_eq!(misleading(&toml), Vec::<char>::new(), "{payload:.40?}");
        let comments = |line: &str| line.is_empty() || line.starts_with(['#', '[']);
        assert!(toml.lines().all(comments), "{toml}");
    }
}

#[test]
fn spreadsheets_get_hostile_text_as_text() {
    let harmless: Vec<usize> = tables(&poisoned("harmless")).iter().map(|file| lines(&file.bytes)).collect();
    for payload in payloads() {
        let files = tables(&poisoned(&payload));
        let same: Vec<usize> = files.iter().map(|file| lines(&file.bytes)).collect();
        assert_eq!(same, harmless);
        for file in &files {
            let text = std::str::from_utf8(&file.bytes).unwrap();
            assert_eq!(misleading(text), Vec::<char>::new());
            let mut reader = csv::Reader::from_reader(text.as_bytes());
            for record in reader.records().map(Result::unwrap) {
                for cell in record.iter().filter(|cell| cell.starts_with(['=', '+', '-', '@', '\t', '\r', '＝'])) {
                    assert!(cell.parse::<f64>().is_ok(), "{}: {cell:.40?}", file.name);
                }
            }
        }
        let guarded: u64 = files.iter().map(|file| file.guarded).sum();
        assert_eq!(guarded > 100, payload.starts_with(['=', '+', '-', '@', '\t', '\r']), "{payload:.40?} {guarded}");
    }
}

fn lines(bytes: &[u8]) -> usize {
    bytes.split(|byte| *byte == b'\n').count()
}
