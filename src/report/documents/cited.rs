//! Sentences with the findings keys they rest on, and the values of those keys in words.

use crate::report::format::of_key;
use crate::report::markdown::escape::{name, own, sentence};
use crate::report::model::{Findings, GuessFound, Intervention};

/// Longest key shown.
const LONGEST_KEY: usize = 120;

/// A key as code. Keys are ours but for ids made of names in the log, of which only letters and digits are left.
pub(super) fn key(key: &str) -> String {
    let plain = |character: char| {
        if character.is_alphanumeric() || "._-[]/…".contains(character) { character } else { '?' }
    };
    format!("`{}`", key.chars().take(LONGEST_KEY).map(plain).collect::<String>())
}

/// A sentence, and behind it the keys it rests on.
pub(super) fn cited(sentence: &str, keys: &[&str]) -> String {
    let keys: Vec<String> = keys.iter().map(|known| key(known)).collect();
    format!("{} [{}]", sentence.trim_end(), keys.join(", "))
}

/// Stands for the intervention that a page or a section is about, which is named at its beginning.
pub(super) const HERE: &str = "…";

/// Says what [`HERE`] stands for.
pub(super) fn here(found: &Intervention) -> String {
    format!("*Keys: `{HERE}` stands for {}.*", key(&of_intervention(found)))
}

/// The key of an intervention.
pub(super) fn of_intervention(found: &Intervention) -> String {
    format!("interventions[{}]", found.id)
}

/// A value in words, or that it is not known.
pub(super) fn value(key: &str, value: Option<f64>) -> String {
    value.map_or_else(|| "not known from this log".to_owned(), |value| of_key(key, value))
}

/// What the log is, in one sentence.
pub(super) fn source(findings: &Findings) -> String {
    const NAMES: usize = 5;
    let input = &findings.input;
    let names: Vec<String> = input.sources.iter().take(NAMES).map(|source| name(source.name.raw())).collect();
    let more = input.sources.len().saturating_sub(NAMES);
    let more = if more > 0 { " and others" } else { "" };
    let cases = crate::report::format::plural(input.cases, "case", "cases");
    cited(&format!("From {}{more}: {cases}.", names.join(", ")), &["input.cases"])
}

/// A place for a person to write into.
pub(super) const BLANK: &str = "________";

/// Lines as a file with a final line end, blanks between number and unit made plain.
pub(super) fn file(lines: &[String]) -> String {
    let mut text = own(&lines.join("\n"));
    text.truncate(text.trim_end().len());
    text + "\n"
}

/// Text of the log in a sentence, its full stop left to the caller.
pub(super) fn said(text: &str) -> String {
    sentence(text).trim_end_matches('.').to_owned()
}

/// The first letter large.
pub(super) fn capitalised(text: &str) -> String {
    let mut characters = text.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// What somebody guessed beside what the log says: `you guessed 2.00, the log says 5.40`.
pub(in crate::report) fn guessed(found: &GuessFound) -> String {
    let said = found.measured.map_or_else(
        || "the log cannot tell".to_owned(),
        |measured| format!("the log says {}", of_key(found.metric, measured)),
    );
    format!("you guessed {}, {said}", of_key(found.metric, found.guess))
}

/// What a guess is about.
pub(in crate::report) fn topic(key: &str) -> &'static str {
    match key {
        "handoffs_per_case" => "Changes of owner per case",
        "blocked_for_information_percent" => "Cases that wait for missing information",
        "next_step_median" => "Half of the next steps come within",
        "next_step_p90" => "Nine in ten next steps come within",
        "chases_per_case" => "Pings per case to get an update",
        "escalated_percent" => "Cases that are escalated",
        "cycle_time_median" => "Half of the cases take up to",
        "cycle_time_p90" => "Nine in ten cases take up to",
        "reopened_percent" => "Cases that are reopened",
        _ => "Another guess",
    }
}
