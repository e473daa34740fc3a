//! The header lexicon: how well a column's name speaks for a role.
//!
//! Names of ticket systems, process-mining tools and eight languages, folded as `Words` folds
//! them. Names only: what the cells hold is weighed in `mapping`.

use crate::words::Words;

#[rustfmt::skip] // tables of phrases
mod nouns;
#[rustfmt::skip] // tables of phrases
pub mod roles;

use nouns::{BARE, CASE_NOUNS, ID_WORDS, NOT_A_CASE};
pub use roles::{ENDING, PLANNED, SEQUENCE, VERDICT};

/// Phrases with the weight of a header that is exactly this phrase, 0 to 100.
pub type Lexicon = &'static [(&'static str, i32)];

/// How well a name matches: the weight of the best phrase, and that phrase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct NameMatch {
    /// 0 to 100.
    pub weight: i32,
    /// The phrase of the lexicon that matched.
    pub phrase: &'static str,
}

/// Columns that a loader or a mining tool adds; never a role.
const TECHNICAL: &[&str] = &["_fivetran", "_airbyte", "_sdc", "_dlt", "_company_synced", "@@", "unnamed:"];

/// Leading parts of a name that say only that a record lies in an envelope.
const WRAPPERS: &[&str] = &[
    "_source",
    "_doc",
    "_fields",
    "hit",
    "hits",
    "fields",
    "data",
    "record",
    "payload",
    "attributes",
    "properties",
    "values",
    "body",
    "result",
    "row",
    "node",
    "item",
    "entity",
    "object",
];

/// A name without the envelopes that it lies in: `case_id` for `_source.case_id`. What is left is never empty.
#[must_use]
pub fn unwrapped(name: &str) -> &str {
    let mut inner = name;
    while let Some((wrapper, rest)) = inner.split_once('.') {
        let known = WRAPPERS.iter().any(|known| wrapper.trim().eq_ignore_ascii_case(known));
        if !known || rest.trim().is_empty() {
            break;
        }
        inner = rest;
    }
    inner
}

/// True for columns that a loader or a mining tool adds.
#[must_use]
pub fn is_technical(name: &str) -> bool {
    let name = unwrapped(name).trim().to_ascii_lowercase();
    TECHNICAL.iter().any(|mark| name.starts_with(mark)) || name.ends_with("_synced")
}

/// True for an attribute of the case in the naming of mining tools (`case:department`).
#[must_use]
pub fn is_case_attribute(name: &str) -> bool {
    name.starts_with("case:") && name != "case:concept:name"
}

/// Weighs a name against a lexicon: the whole name decides, else its end, its beginning or its middle count for less.
#[must_use]
pub fn weigh(words: &Words, lexicon: Lexicon) -> NameMatch {
    if let Some((phrase, weight)) = lexicon.iter().find(|(phrase, _)| words.is(phrase)) {
        return NameMatch { weight: *weight, phrase };
    }
    let mut best = NameMatch::default();
    for (phrase, weight) in lexicon {
        let found = if words.ends(phrase) {
            weight - 12
        } else if words.starts(phrase) {
            weight - 22
        } else if words.has(phrase) {
            weight - 28
        } else {
            0
        };
        if found > best.weight {
            best = NameMatch { weight: found, phrase };
        }
    }
    best
}

/// Weighs a name for the case.
#[must_use]
pub fn case_name(words: &Words) -> NameMatch {
    // without `case` in front it is the name of an event
    if words.first_of(NOT_A_CASE).is_some() || words.is("concept name") {
        return NameMatch::default();
    }
    let mut best = bare_id(words);
    for (noun, weight) in CASE_NOUNS {
        let found = if words.is(noun) {
            (weight - 12).max(60)
        } else if names_id_of(words.text(), noun) {
            *weight
        } else if words.has(noun) && ends_in_id(words) {
            weight - 10
        } else {
            0
        };
        if found > best.weight {
            best = NameMatch { weight: found, phrase: noun };
        }
    }
    best
}

/// True for a name that ends in an id word, or names a case.
#[must_use]
pub fn speaks_for_id(words: &Words) -> bool {
    ends_in_id(words) || case_name(words).weight > 0
}

/// `ticket id`, `id ticket`, `numéro de dossier`, `Ticketnummer`, `案件番号`.
fn names_id_of(text: &str, noun: &str) -> bool {
    let Some(at) = text.find(noun) else { return false };
    let before = text[..at]
        .trim()
        .trim_end_matches(" de")
        .trim_end_matches(" di")
        .trim_end_matches(" do")
        .trim_end_matches(" del");
    let after = text[at + noun.len()..].trim();
    // German joins with an s or en: Auftragsnummer
    let after = after
        .strip_prefix("en")
        .or_else(|| after.strip_prefix('s'))
        .filter(|joined| ID_WORDS.contains(joined))
        .unwrap_or(after);
    let is_id = |part: &str| ID_WORDS.contains(&part) || matches!(part, "n" | "nro" | "nº");
    (before.is_empty() && is_id(after)) || (after.is_empty() && is_id(before))
}

fn ends_in_id(words: &Words) -> bool {
    ID_WORDS.iter().any(|id| words.ends(id))
}

fn bare_id(words: &Words) -> NameMatch {
    let mut best = NameMatch::default();
    for (phrase, weight) in BARE {
        if words.is(phrase) && *weight > best.weight {
            best = NameMatch { weight: *weight, phrase };
        }
    }
    if best.weight == 0 && ends_in_id(words) && words.count() > 1 {
        best = NameMatch { weight: 45, phrase: "id" };
    }
    best
}

#[cfg(test)]
mod tests {
    use super::{case_name, is_technical, unwrapped};
    use crate::words::Words;

    #[test]
    fn case_names_of_many_systems() {
        for name in [
            "case:concept:name",
            "Case ID",
            "caseid",
            "Ticket ID",
            "ticket_id",
            "Issue key",
            "IncidentNumber",
            "_CASE_KEY",
            "Vorgang",
            "Vorgangsnummer",
            "Ticketnummer",
            "Fall-ID",
            "Numéro de dossier",
            "Nº de pedido",
            "zaaknummer",
            "ID chamado",
            "案件番号",
            "incident_id",
            "bill_id",
            "Work Item ID",
            "order_id",
            "Auftragsnr",
        ] {
            assert!(case_name(&Words::new(name)).weight >= 75, "{name}: {:?}", case_name(&Words::new(name)));
        }
    }

    #[test]
    fn envelopes_are_no_part_of_a_name() {
        for (name, inner) in [
            ("_source.case_id", "case_id"),
            ("fields.assignee.displayName", "assignee.displayName"),
            ("hits._source.Data.status", "status"),
            ("data", "data"),
            ("data.", "data."),
            ("metadata.status", "metadata.status"),
            ("assignee.data", "assignee.data"),
        ] {
            assert_eq!(unwrapped(name), inner);
        }
        assert!(is_technical("record._fivetran_synced"));
    }

    #[test]
    fn ids_of_people_and_rows_are_no_cases() {
        for name in [
            "user_id",
            "Assignee ID",
            "Customer Number",
            "event_id",
            "account_id",
            "Status No.",
            "Assigned To",
            "group_id",
            "Parent Ticket ID",
            "concept:name",
        ] {
            assert_eq!(case_name(&Words::new(name)).weight, 0, "{name}");
        }
        assert!(is_technical("_fivetran_synced") && is_technical("@@duration") && !is_technical("_CASE_KEY"));
    }
}
