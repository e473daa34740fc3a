//! Marks from the words of a comment, and the evidence for each.

use std::ops::Range;

use super::body::{Borders, line_start, own_parts};
use super::fold::{Step, fold};
use super::lexicon::{Lexicon, Rule};
use super::phrases::{Found, Memory, Phrases, PhrasesBuilder, Piece, Walk};
use super::{Context, Heard, Marks, Visibility, Writer};
use crate::error::Result;

/// A negation undoes a phrase that begins at most this many folded bytes after it.
const NEGATION_BYTES: usize = 24;

/// A comment that does nothing but thank has this many bytes at most.
const THANKS_BYTES: usize = 80;

/// A comment that says something has this many bytes at least.
const STATEMENT_BYTES: usize = 3;

/// Languages that are told apart in a sentence; more share a place.
const MOST_LANGUAGES: usize = 32;

/// Contexts in which one comment is heard, at most.
const MOST_CONTEXTS: usize = 6;

/// What a phrase is for.
#[derive(Clone, Copy, Debug)]
enum Role {
    /// It gives the mark of a rule.
    Gives(usize),
    /// It silences a rule in its sentence.
    Silences(usize),
    /// It undoes phrases of its language that follow.
    Negates(usize),
    /// It asks for an action in its language.
    Asks(usize),
    /// It is a frequent word of its language.
    Speaks(usize),
}

/// Why a comment has a mark, before it is put into words.
#[derive(Clone, Copy)]
enum Reason<'a> {
    /// A phrase of a rule.
    Phrase(&'a Rule, Found),
    /// The team asks something in public, and no phrase says what for.
    Question,
    /// It neither asks nor is known by any phrase, and is public.
    Statement,
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
    /// By language, whether its rules give marks.
    on: Vec<bool>,
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
    memory: Memory,
}

impl Recogniser {
    /// Makes lexicons ready; takes some milliseconds.
    ///
    /// # Errors
    /// A usage problem where the lexicons are too large.
    pub fn new(lexicons: &[Lexicon]) -> Result<Recogniser> {
        Recogniser::with(lexicons, |_| true)
    }

    /// Makes lexicons ready; those that are not `on` only tell their language, so that a comment in it is left alone.
    ///
    /// # Errors
    /// As [`Recogniser::new`].
    pub fn with(lexicons: &[Lexicon], on: impl Fn(&str) -> bool) -> Result<Recogniser> {
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
            lexicon.asking.iter().for_each(|phrase| add(phrase, Role::Asks(language)));
            lexicon.words.iter().for_each(|word| add(word, Role::Speaks(language)));
            for rule in &lexicon.rules {
                rule.phrases.iter().for_each(|phrase| add(phrase, Role::Gives(rules.len())));
                rule.unless.iter().for_each(|phrase| add(phrase, Role::Silences(rules.len())));
                rules.push((rule.clone(), language));
            }
            borders.headers.extend(lexicon.headers.iter().map(|word| line_start(word)));
            borders.closings.extend(lexicon.closings.iter().map(|phrase| line_start(phrase)));
        }
        let languages: Vec<String> = lexicons.iter().map(|lexicon| lexicon.language.clone()).collect();
        let on = languages.iter().map(|language| on(language)).collect();
        Ok(Recogniser { phrases: builder.build()?, roles, written, rules, languages, on, borders })
    }

    /// The languages with whether their rules give marks, in the order of [`Heard::language`].
    pub fn languages(&self) -> impl Iterator<Item = (&str, bool)> {
        self.languages.iter().map(String::as_str).zip(self.on.iter().copied())
    }

    /// Whether the comments of a language are read; those of an unknown one are.
    #[must_use]
    pub fn reads(&self, language: Option<usize>) -> bool {
        language.is_none_or(|language| self.on.get(language).copied().unwrap_or(false))
    }

    /// What the words of a comment give it, whoever wrote it; and whoever may read it where `visibility_known`.
    #[must_use]
    pub fn heard(&self, text: &str, visibility_known: bool, scratch: &mut Scratch) -> Heard {
        let contexts = contexts(visibility_known);
        let used = if visibility_known { MOST_CONTEXTS } else { Writer::SIDES };
        let mut marks = [Marks::NONE; MOST_CONTEXTS];
        let language = self.hear(text, &contexts[..used], scratch, |number, mark, _, _| {
            marks[number] = marks[number].and(mark);
        });
        if !self.reads(language) {
            return Heard::comment(language);
        }
        (0..MOST_CONTEXTS).fold(Heard::comment(language), |heard, number| {
            let (place, context) = (number % used, contexts[number % used]);
            heard.with(number, context.settle(marks[place]))
        })
    }

    /// The marks that the words of a comment give it.
    #[must_use]
    pub fn marks(&self, text: &str, context: Context, scratch: &mut Scratch) -> Marks {
        let mut marks = Marks::NONE;
        let language = self.hear(text, &[context], scratch, |_, mark, _, _| marks = marks.and(mark));
        if self.reads(language) { context.settle(marks) } else { Marks::NONE }
    }

    /// The phrases behind the marks of a comment, in the order of the text. Slower than [`Recogniser::marks`].
    #[must_use]
    pub fn explain(&self, text: &str, context: Context) -> Vec<Hit<'_>> {
        let mut hits = Vec::new();
        let language = self.hear(text, &[context], &mut Scratch::default(), |_, mark, reason, (part, part_at)| {
            let (language, rule, phrase, at) = match reason {
                Reason::Phrase(rule, found) => {
                    let language = self.languages[self.language(found)].as_str();
                    (
                        language,
                        rule.id.as_str(),
                        self.written[found.phrase].as_str(),
                        Places::of(part).range(part, found),
                    )
                }
                Reason::Question => ("", "a question of the team", "", 0..part.len()),
                Reason::Statement => ("", "a public statement", "", 0..part.len()),
            };
            hits.push(Hit { mark, language, rule, phrase, at: part_at + at.start..part_at + at.end });
        });
        if !self.reads(language) {
            hits.clear();
        }
        hits
    }

    /// Gives the marks of a comment in each of several contexts with their reasons and the part of the text they are in.
    /// Returns the language that most of its known words are of.
    fn hear<'a>(
        &'a self,
        text: &str,
        contexts: &[Context],
        scratch: &mut Scratch,
        mut give: impl FnMut(usize, Marks, Reason<'a>, (&str, usize)),
    ) -> Option<usize> {
        let mut all = [Marks::NONE; MOST_CONTEXTS];
        let mut covered = [0; MOST_LANGUAGES];
        let mut asks = false;
        let mut own = ("", 0);
        own_parts(text, &self.borders, |part, part_at| {
            if part.trim().len() > own.0.trim().len() {
                own = (part, part_at);
            }
            self.read(part, scratch, |found, question| {
                let here = self.cover(found);
                covered.iter_mut().zip(here).for_each(|(all, here)| *all += here);
                for (number, context) in contexts.iter().enumerate().filter(|(_, context)| !context.opens_case) {
                    let mut heard = Marks::NONE;
                    self.judge(found, question, &here, *context, |rule, found| {
                        heard = heard.and(rule.mark);
                        if rule.mark != Marks::THANKS || text.len() <= THANKS_BYTES {
                            give(number, rule.mark, Reason::Phrase(rule, found), (part, part_at));
                        }
                    });
                    if question && context.is_public_by(Writer::Team) && heard.without(Marks::THANKS).is_none() {
                        heard = Marks::REQUEST;
                        give(number, Marks::REQUEST, Reason::Question, (part, part_at));
                    }
                    all[number] = all[number].and(heard);
                }
                asks |= question || found.iter().any(|found| matches!(self.roles[found.phrase], Role::Asks(_)));
            });
        });
        for (number, context) in contexts.iter().enumerate().filter(|(_, context)| !context.opens_case) {
            let heard = all[number];
            let silent = heard.is_none() || (heard == Marks::THANKS && text.len() > THANKS_BYTES);
            if silent && !asks && context.visibility == Visibility::Public && own.0.trim().len() >= STATEMENT_BYTES {
                match context.writer {
                    Writer::Team => give(number, Marks::UPDATE, Reason::Statement, own),
                    Writer::Requester | Writer::Outside => give(number, Marks::REPLY, Reason::Statement, own),
                    Writer::Unknown => {}
                }
            }
        }
        (0..self.languages.len().min(MOST_LANGUAGES))
            .rev()
            .max_by_key(|&language| covered[language])
            .filter(|&most| covered[most] > 0)
    }

    /// The language of a phrase.
    fn language(&self, found: Found) -> usize {
        match self.roles[found.phrase] {
            Role::Gives(rule) | Role::Silences(rule) => self.rules[rule].1,
            Role::Negates(language) | Role::Asks(language) | Role::Speaks(language) => language,
        }
    }

    /// Gives the phrases of each sentence, and whether it is a question.
    fn read(&self, part: &str, scratch: &mut Scratch, mut sentence: impl FnMut(&[Found], bool)) {
        let Scratch { pieces, found, memory } = scratch;
        pieces.clear();
        // The lead bytes of three- and four-byte letters: everything beyond Latin, Greek, Cyrillic and their like.
        let wide = part.bytes().any(|byte| byte >= 0xe3);
        let mut walk = self.phrases.walk(wide, memory);
        let mut end = |walk: &mut Walk<'_>, pieces: &mut Vec<Piece>, question: bool| {
            walk.border(pieces);
            walk.end();
            self.phrases.assemble(pieces, found);
            if question || !found.is_empty() {
                sentence(found, question);
            }
            pieces.clear();
        };
        fold(part, |step, _| match step {
            Step::Ascii(run) => walk.ascii(run, pieces),
            Step::Byte(byte) => walk.byte(byte, pieces),
            Step::Border => walk.border(pieces),
            Step::End => end(&mut walk, pieces, false),
            Step::Question => end(&mut walk, pieces, true),
        });
        end(&mut walk, pieces, false);
        walk.leave(memory);
    }

    /// Gives each rule that a sentence satisfies, with the phrase that did it.
    /// `covered` says how much of it each language covers: it is in the one that covers most, several may be level.
    fn judge<'a>(
        &'a self,
        found: &[Found],
        question: bool,
        covered: &[usize; MOST_LANGUAGES],
        context: Context,
        mut give: impl FnMut(&'a Rule, Found),
    ) {
        if !found.iter().any(|found| matches!(self.roles[found.phrase], Role::Gives(_))) {
            return;
        }
        let most = covered.iter().copied().max().unwrap_or_default();
        let spoken = |language: usize| self.on[language] && covered[language % MOST_LANGUAGES] == most;
        let holding = |hit: &Found| {
            let Role::Gives(number) = self.roles[hit.phrase] else { return None };
            let (rule, language) = &self.rules[number];
            let fits = (question || !rule.question) && rule.writer.fits(context.writer) && spoken(*language);
            let undone = || {
                found.iter().any(|other| match self.roles[other.phrase] {
                    Role::Gives(_) | Role::Asks(_) | Role::Speaks(_) => false,
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

    /// By language, how much of a sentence its phrases cover, in folded bytes.
    fn cover(&self, found: &[Found]) -> [usize; MOST_LANGUAGES] {
        let mut covered = [0; MOST_LANGUAGES];
        let mut up_to = [0; MOST_LANGUAGES];
        for hit in found {
            let language = self.language(*hit) % MOST_LANGUAGES;
            covered[language] += hit.end.saturating_sub(hit.start.max(up_to[language]));
            up_to[language] = hit.end;
        }
        covered
    }
}

/// What a comment may be heard in: each side of its writer, in public and then in private. Where nobody says who may
/// read it, only the first three are used, and what others than the team write is public.
fn contexts(visibility_known: bool) -> [Context; MOST_CONTEXTS] {
    let open = if visibility_known { Visibility::Public } else { Visibility::Unknown };
    let of = |writer: Writer, visibility| Context { writer, visibility, opens_case: false };
    let private = Visibility::Private;
    [
        of(Writer::Team, open),
        of(Writer::Outside, Visibility::Public),
        of(Writer::Unknown, open),
        of(Writer::Team, private),
        of(Writer::Outside, private),
        of(Writer::Unknown, private),
    ]
}

/// For each folded byte of a text the place of its letter, counted as [`Walk`] counts.
struct Places(Vec<usize>);

impl Places {
    fn of(part: &str) -> Places {
        let mut places = vec![0];
        let mut after_border = true;
        fold(part, |step, at| {
            match step {
                Step::Ascii(run) => places.extend(at..at + run.len()),
                Step::Byte(_) => places.push(at),
                Step::Border if !after_border => places.push(at),
                Step::Border => {}
                // The border that ends a sentence, where there was none, and the one that begins the next.
                Step::End | Step::Question => places.extend(vec![at; if after_border { 1 } else { 2 }]),
            }
            after_border = !matches!(step, Step::Ascii(_) | Step::Byte(_));
        });
        places.extend([part.len(), part.len()]);
        Places(places)
    }

    /// The letters of a phrase, without the borders around it.
    fn range(&self, part: &str, found: Found) -> Range<usize> {
        let place = |folded: usize| self.0.get(folded).or(self.0.last()).copied().unwrap_or_default();
        let (start, end) = (place(found.start), place(found.end));
        let before = part[start..end].trim_end_matches(|letter: char| !letter.is_alphanumeric());
        let inside = before.trim_start_matches(|letter: char| !letter.is_alphanumeric());
        let start = start + before.len() - inside.len();
        start..start + inside.len()
    }
}
