//! Marks from the words of a comment, and the evidence for each.

use std::ops::Range;

use super::body::{Borders, line_start, own_parts};
use super::fold::{Step, fold};
use super::lexicon::{Lexicon, Rule};
use super::phrases::{Found, Phrases, PhrasesBuilder, Piece, Walk};
use super::{Context, Marks};
use crate::error::Result;

/// A negation undoes a phrase that begins at most this many folded bytes after it.
const NEGATION_BYTES: usize = 24;

/// A comment that does nothing but thank has this many bytes at most.
const THANKS_BYTES: usize = 80;

/// Languages that are told apart in a sentence; more share a place.
const MOST_LANGUAGES: usize = 32;

/// What a phrase is for.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// It gives the mark of a rule.
    Gives(usize),
    /// It silences a rule in its sentence.
    Silences(usize),
    /// It undoes phrases of its language that follow.
    Negates(usize),
}

/// Lexicons made ready for reading comments.
pub struct Recogniser {
    phrases: Phrases,
    roles: Vec<Role>,
    /// The phrases as written, for evidence.
    written: Vec<String>,
    /// Rules with the number of their language.
    rules: Vec<(Rule, usize)>,
    languages: Vec<String>,
    borders: Borders,
}

/// Why a comment has a mark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit<'a> {
    /// The mark of the rule; what it means for this writer and reader is in the marks of the comment.
    pub mark: Marks,
    /// The language of the lexicon.
    pub language: &'a str,
    /// The id of the rule.
    pub rule: &'a str,
    /// The phrase as the lexicon has it.
    pub phrase: &'a str,
    /// Where in the text, in bytes.
    pub at: Range<usize>,
}

/// Memory that is used again for the next comment.
#[derive(Default)]
pub struct Scratch {
    pieces: Vec<Piece>,
    found: Vec<Found>,
}

impl Recogniser {
    /// Makes lexicons ready; takes some milliseconds.
    ///
    /// # Errors
    /// A usage problem where the lexicons are too large.
    pub fn new(lexicons: &[Lexicon]) -> Result<Recogniser> {
        let mut builder = PhrasesBuilder::default();
        let mut roles = Vec::new();
        let mut written = Vec::new();
        let mut rules = Vec::new();
        let mut borders = Borders::default();
        for (language, lexicon) in lexicons.iter().enumerate() {
            let mut add = |phrase: &String, role: Role| {
                builder.add(phrase, lexicon.spaced);
                roles.push(role);
                written.push(phrase.clone());
            };
            lexicon.negations.iter().for_each(|phrase| add(phrase, Role::Negates(language)));
            for rule in &lexicon.rules {
                rule.phrases.iter().for_each(|phrase| add(phrase, Role::Gives(rules.len())));
                rule.unless.iter().for_each(|phrase| add(phrase, Role::Silences(rules.len())));
                rules.push((rule.clone(), language));
            }
            borders.headers.extend(lexicon.headers.iter().map(|word| line_start(word)));
            borders.closings.extend(lexicon.closings.iter().map(|phrase| line_start(phrase)));
        }
        let languages = lexicons.iter().map(|lexicon| lexicon.language.clone()).collect();
        Ok(Recogniser { phrases: builder.build()?, roles, written, rules, languages, borders })
    }

    /// The marks that the words of a comment give it.
    #[must_use]
    pub fn marks(&self, text: &str, context: Context, scratch: &mut Scratch) -> Marks {
        if context.opens_case {
            return Marks::NONE;
        }
        let mut marks = Marks::NONE;
        let mut own_bytes = 0;
        own_parts(text, &self.borders, |part, _| {
            own_bytes += part.trim().len();
            self.read(part, scratch, |found, question| {
                self.judge(found, question, context, |rule, _| marks = marks.and(rule.mark));
            });
        });
        if own_bytes > THANKS_BYTES {
            marks = marks.without(Marks::THANKS);
        }
        context.settle(marks)
    }

    /// The phrases behind the marks of a comment, in the order of the text. Slower than [`Recogniser::marks`].
    #[must_use]
    pub fn explain(&self, text: &str, context: Context) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let mut scratch = Scratch::default();
        if context.opens_case {
            return hits;
        }
        own_parts(text, &self.borders, |part, part_at| {
            let places = Places::of(part);
            self.read(part, &mut scratch, |found, question| {
                self.judge(found, question, context, |rule, found| {
                    let place = places.range(found);
                    hits.push(self.hit(rule, found, part_at + place.start..part_at + place.end));
                });
            });
        });
        hits
    }

    fn hit(&self, rule: &Rule, found: Found, at: Range<usize>) -> Hit<'_> {
        let (rule_id, language) = match self.roles[found.phrase] {
            Role::Gives(number) | Role::Silences(number) => (&self.rules[number].0.id, self.rules[number].1),
            Role::Negates(language) => (&self.written[found.phrase], language),
        };
        Hit {
            mark: rule.mark,
            language: &self.languages[language],
            rule: rule_id,
            phrase: &self.written[found.phrase],
            at,
        }
    }

    /// Gives the phrases of each sentence that has any, and whether it is a question.
    fn read(&self, part: &str, scratch: &mut Scratch, mut sentence: impl FnMut(&[Found], bool)) {
        let Scratch { pieces, found } = scratch;
        pieces.clear();
        let mut walk = self.phrases.walk();
        let mut end = |walk: &mut Walk<'_>, pieces: &mut Vec<Piece>, question: bool| {
            walk.border(pieces);
            walk.end();
            if !pieces.is_empty() {
                self.phrases.assemble(pieces, found);
                sentence(found, question);
                pieces.clear();
            }
        };
        fold(part, |step, _| match step {
            Step::Byte(byte) => walk.byte(byte, pieces),
            Step::Border => walk.border(pieces),
            Step::End => end(&mut walk, pieces, false),
            Step::Question => end(&mut walk, pieces, true),
        });
        end(&mut walk, pieces, false);
    }

    /// Gives each rule that a sentence satisfies, with the phrase that did it.
    fn judge<'a>(&'a self, found: &[Found], question: bool, context: Context, mut give: impl FnMut(&'a Rule, Found)) {
        let spoken = self.spoken(found);
        let holding = |hit: &Found| {
            let Role::Gives(number) = self.roles[hit.phrase] else { return None };
            let (rule, language) = &self.rules[number];
            let fits = (question || !rule.question) && rule.writer.fits(context.writer) && spoken(*language);
            let undone = || {
                found.iter().any(|other| match self.roles[other.phrase] {
                    Role::Gives(_) => false,
                    Role::Silences(silenced) => silenced == number,
                    Role::Negates(of) => {
                        let close = other.end <= hit.start + 1 && hit.start <= other.end + NEGATION_BYTES;
                        rule.negatable && of == *language && close
                    }
                })
            };
            (fits && !undone()).then_some(rule)
        };
        let all = found.iter().filter_map(holding).fold(Marks::NONE, |all, rule| all.and(rule.mark));
        let kept = context.prevailing(all);
        for hit in found {
            if let Some(rule) = holding(hit).filter(|rule| kept.has(rule.mark)) {
                give(rule, *hit);
            }
        }
    }

    /// Whether a language is the one that a sentence seems to be in: its phrases cover most of it. Several may be level.
    fn spoken(&self, found: &[Found]) -> impl Fn(usize) -> bool {
        let mut covered = [0; MOST_LANGUAGES];
        for hit in found {
            let language = match self.roles[hit.phrase] {
                Role::Gives(rule) | Role::Silences(rule) => self.rules[rule].1,
                Role::Negates(language) => language,
            };
            covered[language % MOST_LANGUAGES] += hit.end - hit.start;
        }
        let most = covered.iter().copied().max().unwrap_or_default();
        move |language| covered[language % MOST_LANGUAGES] == most
    }
}

/// For each folded byte of a text the place of its letter, counted as [`Walk`] counts.
struct Places(Vec<usize>);

impl Places {
    fn of(part: &str) -> Places {
        let mut places = vec![0];
        let mut after_border = true;
        fold(part, |step, at| {
            match step {
                Step::Byte(_) => places.push(at),
                Step::Border if !after_border => places.push(at),
                Step::Border => {}
                // The border that ends a sentence, where there was none, and the one that begins the next.
                Step::End | Step::Question => places.extend(vec![at; if after_border { 1 } else { 2 }]),
            }
            after_border = !matches!(step, Step::Byte(_));
        });
        places.extend([part.len(), part.len()]);
        Places(places)
    }

    /// The letters of a phrase, without the borders around it.
    fn range(&self, found: Found) -> Range<usize> {
        let place = |folded: usize| self.0.get(folded).or(self.0.last()).copied().unwrap_or_default();
        place(found.start)..place(found.end)
    }
}
