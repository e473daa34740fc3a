//! Lexicons: which phrases give which mark, as data in TOML.
//!
//! One lexicon is one language. The built-in ones lie in `lexicons/`; others are parsed with [`Lexicon::parse`] and stand
//! beside or instead of them. It holds no text of a comment and finds nothing; that is the recogniser.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Marks, Writer};
use crate::error::{Problem, Result};

/// The phrases of one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lexicon {
    /// The language as its ISO 639-1 code, or any name of a user's own.
    pub language: String,
    /// False for scripts that put no space between words: phrases match anywhere.
    pub spaced: bool,
    /// Phrases that undo a phrase which follows them closely.
    pub negations: Vec<String>,
    /// Frequent words, which tell the language of a sentence.
    pub words: Vec<String>,
    /// Phrases that ask for an action.
    pub asking: Vec<String>,
    /// Words before the colon in the headers of a mail.
    pub headers: Vec<String>,
    /// Phrases with which a letter ends.
    pub closings: Vec<String>,
    /// The rules, in the order of the file.
    pub rules: Vec<Rule>,
}

/// The id of rules that a user's configuration adds.
const OWN: &str = "wcaf.toml";

/// Phrases that give one mark under the same conditions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rule {
    /// Its name in evidence.
    pub id: String,
    /// What it gives: a single mark.
    pub mark: Marks,
    /// Any of these, in the syntax of `docs/COMMENTS.md`.
    pub phrases: Vec<String>,
    /// None of these in the same sentence.
    pub unless: Vec<String>,
    /// True where the sentence must be a question.
    pub question: bool,
    /// Who must have written it, where that is known.
    pub writer: Side,
    /// False where a negation before the phrase does not undo it.
    pub negatable: bool,
}

/// Which writers a rule holds for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Side {
    /// All.
    #[default]
    Any,
    /// The team.
    Team,
    /// Everybody else.
    Outside,
}

impl Side {
    /// True when a comment of `writer` may be meant.
    #[must_use]
    pub fn fits(self, writer: Writer) -> bool {
        match (self, writer) {
            (Side::Any, _)
            | (_, Writer::Unknown)
            | (Side::Team, Writer::Team)
            | (Side::Outside, Writer::Requester | Writer::Outside) => true,
            (Side::Team, Writer::Requester | Writer::Outside) | (Side::Outside, Writer::Team) => false,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Page {
    language: String,
    #[serde(default = "yes")]
    spaced: bool,
    #[serde(default)]
    negations: Vec<String>,
    #[serde(default)]
    words: Vec<String>,
    #[serde(default)]
    asking: Vec<String>,
    #[serde(default)]
    headers: Vec<String>,
    #[serde(default)]
    closings: Vec<String>,
    #[serde(default)]
    rule: Vec<RuleSection>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleSection {
    id: String,
    mark: toml::Spanned<String>,
    phrases: toml::Spanned<Vec<String>>,
    #[serde(default)]
    unless: Vec<String>,
    #[serde(default)]
    question: bool,
    #[serde(default)]
    writer: Side,
    #[serde(default = "yes")]
    negatable: bool,
}

fn yes() -> bool {
    true
}

/// The built-in lexicons.
const BUILT_IN: [(&str, &str); 8] = [
    ("en", include_str!("lexicons/en.toml")),
    ("de", include_str!("lexicons/de.toml")),
    ("nl", include_str!("lexicons/nl.toml")),
    ("fr", include_str!("lexicons/fr.toml")),
    ("es", include_str!("lexicons/es.toml")),
    ("it", include_str!("lexicons/it.toml")),
    ("pt", include_str!("lexicons/pt.toml")),
    ("ja", include_str!("lexicons/ja.toml")),
];

/// How well a language recognised chases, as counts over labelled comments that nobody had tuned on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measured {
    /// The language.
    pub language: &'static str,
    /// Chases that were recognised.
    pub right: u32,
    /// Comments that were taken for chases.
    pub wrong: u32,
    /// Chases that were not recognised.
    pub missed: u32,
}

/// Chases in the invented comments held apart; a test measures them again and compares.
pub const CHASES_INVENTED: [Measured; 8] = [
    measured("en", 7, 1, 4),
    measured("de", 6, 2, 5),
    measured("nl", 9, 2, 2),
    measured("fr", 6, 3, 5),
    measured("es", 6, 2, 5),
    measured("it", 7, 1, 4),
    measured("pt", 7, 2, 4),
    measured("ja", 7, 1, 4),
];

/// Chases in the real comments, which are English; a test measures them again where the log is at hand.
pub const CHASES_REAL: Measured = measured("en", 61, 5, 1);

const fn measured(language: &'static str, right: u32, wrong: u32, missed: u32) -> Measured {
    Measured { language, right, wrong, missed }
}

/// Chases of a language over all labelled comments that nobody had tuned on: recognised, taken for chases, and labelled.
/// `None` for a language that was not measured.
#[must_use]
pub fn chases_measured(language: &str) -> Option<(u32, u32, u32)> {
    let of_language = CHASES_INVENTED.iter().chain([&CHASES_REAL]).filter(|measured| measured.language == language);
    let (right, taken, labelled) = of_language.fold((0, 0, 0), |sum, measured| {
        let Measured { right, wrong, missed, .. } = *measured;
        (sum.0 + right, sum.1 + right + wrong, sum.2 + right + missed)
    });
    (labelled > 0).then_some((right, taken, labelled))
}

/// A language is on by default from this precision of chases on, in percent.
const LEAST_PRECISION: u32 = 85;

/// A language is on by default from this recall of chases on, in percent.
const LEAST_RECALL: u32 = 70;

/// True for a built-in language that recognised chases well enough to be used without being asked for, over all comments
/// held apart.
#[must_use]
pub fn on_by_default(language: &str) -> bool {
    chases_measured(language).is_some_and(|(right, taken, labelled)| {
        right > 0 && right * 100 >= LEAST_PRECISION * taken && right * 100 >= LEAST_RECALL * labelled
    })
}

impl Lexicon {
    /// All built-in lexicons, those that are off by default too.
    ///
    /// # Errors
    /// None, as a test shows; the parser is the one for users' files.
    pub fn built_in() -> Result<Vec<Lexicon>> {
        BUILT_IN.iter().map(|(language, text)| Lexicon::parse(text, &format!("{language}.toml"))).collect()
    }

    /// The built-in lexicons that are used where nobody chooses.
    ///
    /// # Errors
    /// As [`Lexicon::built_in`].
    pub fn defaults() -> Result<Vec<Lexicon>> {
        let mut all = Lexicon::built_in()?;
        all.retain(|lexicon| on_by_default(&lexicon.language));
        Ok(all)
    }

    /// Adds a user's own phrases by mark to the lexicon of a language, which is made where there is none.
    ///
    /// # Errors
    /// A usage problem where a mark is not known or has no phrases.
    pub fn extend(all: &mut Vec<Lexicon>, language: &str, phrases: &BTreeMap<String, Vec<String>>) -> Result<()> {
        let at = all.iter().position(|lexicon| lexicon.language == language).unwrap_or_else(|| {
            all.push(Lexicon::empty(language));
            all.len() - 1
        });
        for (name, phrases) in phrases {
            let Some(mark) = Marks::named(name) else {
                let known: Vec<&str> = Marks::NAMED.iter().map(|(name, _)| *name).collect();
                return Err(Problem::usage(format!("unknown mark \"{name}\" in `[comments.lexicon.{language}]`"))
                    .hint(format!("the marks are {}", known.join(", "))));
            };
            if let Some(empty) = phrases.iter().find(|phrase| !phrase.chars().any(char::is_alphanumeric)) {
                let problem =
                    Problem::usage(format!("`[comments.lexicon.{language}] {name}` holds \"{empty}\", no word"));
                return Err(problem.hint(format!("take it out, or write a phrase such as `{name} = [\"any news\"]`")));
            }
            let phrases = phrases.clone();
            let own = Rule { id: OWN.to_owned(), mark, phrases, ..Rule::default() };
            all[at].rules.push(own);
        }
        Ok(())
    }

    fn empty(language: &str) -> Lexicon {
        let none = Vec::new;
        Lexicon {
            language: language.to_owned(),
            spaced: true,
            negations: none(),
            words: none(),
            asking: none(),
            headers: none(),
            closings: none(),
            rules: Vec::new(),
        }
    }

    /// Reads the text of a lexicon; `file` is its name in errors.
    ///
    /// # Errors
    /// A usage problem with file and line: broken TOML, an unknown key or mark, a rule without phrases.
    pub fn parse(text: &str, file: &str) -> Result<Lexicon> {
        let line = |offset: usize| {
            let breaks = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
            u64::try_from(breaks).map_or(u64::MAX, |breaks| breaks + 1)
        };
        let page: Page = toml::from_str(text).map_err(|error| {
            let problem = Problem::usage(error.message().replace('\n', ", ")).in_file(file);
            match error.span() {
                Some(span) => problem.at_line(line(span.start)),
                None => problem,
            }
        })?;
        let rule = |section: RuleSection| {
            let named = section.mark.get_ref();
            let Some(mark) = Marks::named(named) else {
                let known: Vec<&str> = Marks::NAMED.iter().map(|(name, _)| *name).collect();
                return Err(Problem::usage(format!("unknown mark \"{named}\""))
                    .in_file(file)
                    .at_line(line(section.mark.span().start))
                    .hint(format!("the marks are {}", known.join(", "))));
            };
            if section.phrases.get_ref().is_empty() {
                return Err(Problem::usage(format!("the rule \"{}\" has no phrases", section.id))
                    .in_file(file)
                    .at_line(line(section.phrases.span().start))
                    .hint("write at least one, such as `phrases = [\"any news\"]`, or take the rule out"));
            }
            Ok(Rule {
                id: section.id,
                mark,
                phrases: section.phrases.into_inner(),
                unless: section.unless,
                question: section.question,
                writer: section.writer,
                negatable: section.negatable,
            })
        };
        Ok(Lexicon {
            rules: page.rule.into_iter().map(rule).collect::<Result<_>>()?,
            language: page.language,
            spaced: page.spaced,
            negations: page.negations,
            words: page.words,
            asking: page.asking,
            headers: page.headers,
            closings: page.closings,
        })
    }
}
