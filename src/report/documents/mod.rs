//! Documents for people, written beside the report: the plan, a charter per intervention, the workshop pack.
//!
//! Every number in them is one of the findings, and its key stands behind the sentence it is in.

mod charter;
pub(super) mod cited;
mod plan;
mod workshop;

use std::collections::BTreeSet;

pub use charter::charter;
pub use plan::plan;
pub use workshop::{workshop, workshop_toml};

use super::model::Findings;

/// Longest stem of a file name.
const LONGEST_STEM: usize = 80;

/// A plain and unique file name, without its ending, for each intervention: its id, in letters that every system takes.
#[must_use]
pub fn stems(findings: &Findings) -> Vec<String> {
    let mut taken = BTreeSet::new();
    let stem = |id: &str| {
        let mut stem = String::new();
        for character in id.chars().map(|character| character.to_ascii_lowercase()) {
            let is_plain = character.is_ascii_alphanumeric() || (character == '.' && !stem.ends_with('.'));
            if is_plain && stem.len() < LONGEST_STEM {
                stem.push(character);
            } else if !stem.ends_with(['-', '.']) && stem.len() < LONGEST_STEM {
                stem.push('-');
            }
        }
        stem.trim_matches(['-', '.']).to_owned()
    };
    let unique = |id: &str| {
        let plain = stem(id);
        let plain = if plain.is_empty() { "intervention".to_owned() } else { plain };
        let mut name = plain.clone();
        for number in 2.. {
            if taken.insert(name.clone()) {
                break;
            }
            name = format!("{plain}-{number}");
        }
        name
    };
    findings.interventions.iter().map(|found| found.id.as_str()).map(unique).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture;

    #[test]
    fn stems_are_plain_and_unique() {
        let mut findings = fixture::findings();
        let one = findings.interventions[0].clone();
        let ids = ["watchdog.new.-", "watchdog.new", "Watchdog.New", "watchdog.東京.gruppe-ä", "../../etc", "東京", ""];
        findings.interventions = ids
            .into_iter()
            .map(str::to_owned)
            .chain(["x".repeat(300)])
            .map(|id| crate::report::model::Intervention { id, ..one.clone() })
            .collect();
        let expected = [
            "watchdog.new",
            "watchdog.new-2",
            "watchdog.new-3",
            "watchdog.gruppe",
            "etc",
            "intervention",
            "intervention-2",
            &"x".repeat(80),
        ];
        assert_eq!(stems(&findings), expected);
    }
}
