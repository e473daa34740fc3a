//! What the words of comments are for, as bits of their events. The text itself is not kept, but for one case that is asked
//! for.
//!
//! `convert` writes the bits in place of the text, and they are read back as they are. Deliberately not here: the
//! recognising (`comments`), who wrote, and what marks make of a touch (`states`).

use std::fmt;
use std::sync::Arc;

use crate::comments::lexicon::on_by_default;
use crate::comments::{Heard, Lexicon, Recogniser, Scratch};
use crate::config::Comments;
use crate::error::{Problem, Result};
use crate::log::LogText;
use crate::log::text::shown;

/// The words that tell what comments are for, ready for reading.
#[derive(Clone)]
pub struct Words {
    /// What recognises them.
    pub recogniser: Arc<Recogniser>,
    /// The languages by their number in [`Heard`].
    pub languages: Vec<String>,
}

impl fmt::Debug for Words {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Words").field("languages", &self.languages).finish_non_exhaustive()
    }
}

impl Words {
    /// The words of the languages that the configuration names, else of those known well enough; with its own phrases.
    /// Nothing where it turns all languages off.
    ///
    /// # Errors
    /// A usage problem where a language or a mark is not known, or a phrase is none.
    pub fn of(config: &Comments) -> Result<Option<Words>> {
        let mut lexicons = Lexicon::built_in()?;
        for (language, phrases) in &config.lexicon {
            Lexicon::extend(&mut lexicons, language, phrases)?;
        }
        if let Some(named) = &config.languages {
            let is_unknown = |name: &&String| lexicons.iter().all(|lexicon| lexicon.language != **name);
            if let Some(language) = named.iter().find(is_unknown) {
                let known: Vec<&str> = lexicons.iter().map(|lexicon| lexicon.language.as_str()).collect();
                return Err(Problem::usage(format!("no words are known for comments in `{}`", shown(language)))
                    .hint(format!("`[comments] languages` may name {}; `[]` reads no comment", known.join(", "))));
            }
            if named.is_empty() {
                return Ok(None);
            }
        }
        let on = |language: &str| match &config.languages {
            Some(named) => named.iter().any(|name| name == language),
            None => on_by_default(language) || config.lexicon.contains_key(language),
        };
        let recogniser = Arc::new(Recogniser::with(&lexicons, on)?);
        Ok(Some(Words { recogniser, languages: lexicons.into_iter().map(|lexicon| lexicon.language).collect() }))
    }
}

/// How the comments of one source are read.
#[derive(Clone, Debug)]
pub struct CommentPlan {
    /// Column of the text.
    pub column: usize,
    /// The words that are known; nothing where no comment is to be understood.
    pub words: Option<Words>,
    /// A column says who may read a comment.
    pub visibility_known: bool,
    /// The case whose comments are kept as they are.
    pub keep_of: Option<String>,
}

/// The text of a comment of the case that was asked for.
#[derive(Clone, Debug)]
pub struct KeptText {
    /// Number of the source.
    pub source: usize,
    /// Line it stands on, from 1; row of a Parquet file.
    pub line: u64,
    /// The text.
    pub text: LogText,
}

/// Reads one comment after the other.
pub struct Listener<'a> {
    plan: Option<&'a CommentPlan>,
    scratch: Scratch,
}

impl<'a> Listener<'a> {
    /// One for the comments of a source.
    #[must_use]
    pub fn new(plan: Option<&'a CommentPlan>) -> Self {
        Listener { plan, scratch: Scratch::default() }
    }

    /// The bits of an event with this comment, see [`Heard`]; none where it is empty.
    pub fn bits(&mut self, text: &[u8]) -> u64 {
        if text.is_empty() {
            return Heard::NOTHING.bits();
        }
        let Some((plan, words)) = self.plan.and_then(|plan| Some((plan, plan.words.as_ref()?))) else {
            return Heard::UNREAD.bits();
        };
        let Ok(text) = std::str::from_utf8(text) else { return Heard::UNREAD.bits() };
        let number = |name: &str| words.languages.iter().position(|language| language == name);
        if let Some(heard) = Heard::read(text, number) {
            return if words.recogniser.reads(heard.language()) { heard } else { heard.without_marks() }.bits();
        }
        words.recogniser.heard(text, plan.visibility_known, &mut self.scratch).bits()
    }

    /// Whether the comments of a case are kept as they are.
    #[must_use]
    pub fn keeps(&self, case: &[u8]) -> bool {
        self.plan.and_then(|plan| plan.keep_of.as_ref()).is_some_and(|wanted| wanted.as_bytes() == case)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::comments::{Marks, Visibility, Writer};

    fn plan(config: &Comments) -> CommentPlan {
        let words = Words::of(config).unwrap();
        CommentPlan { column: 0, words, visibility_known: true, keep_of: None }
    }

    fn only(languages: &[&str]) -> Comments {
        let languages = Some(languages.iter().map(|&language| language.to_owned()).collect());
        Comments { languages, lexicon: BTreeMap::new() }
    }

    fn marks(plan: &CommentPlan, text: &str, writer: Writer) -> Marks {
        Heard::from_bits(Listener::new(Some(plan)).bits(text.as_bytes())).marks(writer, Visibility::Public)
    }

    #[test]
    fn words_give_marks_by_who_wrote_them() {
        let plan = plan(&only(&["en"]));
        assert!(marks(&plan, "Any news on this?", Writer::Requester).has(Marks::CHASE));
        assert!(marks(&plan, "The laptop is ready to be picked up", Writer::Team).has(Marks::UPDATE));
        assert!(marks(&plan, "The laptop is ready to be picked up", Writer::Requester).has(Marks::REPLY));
        let mut listener = Listener::new(Some(&plan));
        assert_eq!(listener.bits(b""), 0);
        assert_eq!(listener.bits(b"Any news \xff"), Heard::UNREAD.bits(), "no text is guessed");
        let bits = listener.bits(b"Any news on this?");
        let languages = &plan.words.as_ref().unwrap().languages;
        let written = Heard::from_bits(bits).written(languages).unwrap();
        assert_eq!(listener.bits(written.as_bytes()), bits, "what was converted is read back");
    }

    #[test]
    fn a_language_that_is_off_is_told_and_gives_nothing() {
        let text = "Gibt es schon Neuigkeiten zu der Störung?";
        assert!(marks(&plan(&only(&["de"])), text, Writer::Requester).has(Marks::CHASE));
        let english = plan(&only(&["en"]));
        let heard = Heard::from_bits(Listener::new(Some(&english)).bits(text.as_bytes()));
        let language = heard.language().map(|number| english.words.as_ref().unwrap().languages[number].as_str());
        assert_eq!(language, Some("de"));
        for writer in [Writer::Team, Writer::Requester, Writer::Unknown] {
            assert!(heard.marks(writer, Visibility::Public).is_none());
        }
    }

    #[test]
    fn phrases_of_the_configuration_count() {
        let mut config = Comments::default();
        let phrases = BTreeMap::from([("chase".to_owned(), vec!["wie schaut s aus".to_owned()])]);
        config.lexicon.insert("de".to_owned(), phrases.clone());
        let own = plan(&config);
        assert!(marks(&own, "Servus, wie schaut's aus mit dem Drucker?", Writer::Requester).has(Marks::CHASE));
        config
            .lexicon
            .insert("gsw".to_owned(), BTreeMap::from([("chase".to_owned(), vec!["wie wiit sind er".to_owned()])]));
        assert!(marks(&plan(&config), "Wie wiit sind er?", Writer::Requester).has(Marks::CHASE));
    }

    #[test]
    fn unknown_languages_and_marks_are_refused() {
        let problem = Words::of(&only(&["xx"])).unwrap_err();
        assert!(problem.message().contains("`xx`"), "{problem}");
        let mut config = Comments::default();
        config.lexicon.insert("en".to_owned(), BTreeMap::from([("chases".to_owned(), vec!["any news".to_owned()])]));
        assert!(Words::of(&config).unwrap_err().message().contains("\"chases\""));
        assert!(Words::of(&only(&[])).unwrap().is_none());
    }
}
