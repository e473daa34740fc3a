//! Phrases of all lexicons as one automaton over folded bytes.
//!
//! It knows where phrases are, not what they mean.

use std::collections::BTreeMap;

use aho_corasick::automaton::Automaton;
use aho_corasick::dfa::{Builder, DFA};
use aho_corasick::{Anchored, MatchKind, PatternID};

use super::fold::{Step, fold};
use crate::error::{Problem, Result};

/// The folded bytes that a gap (`*`) may span.
const GAP_BYTES: usize = 48;

/// A piece of a phrase between its gaps, or a whole phrase, found in a folded sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pattern: usize,
    start: usize,
    end: usize,
}

/// A phrase found in a folded sentence.
#[derive(Clone, Copy, Debug)]
pub(super) struct Found {
    /// Its number, in the order in which phrases were added.
    pub phrase: usize,
    /// Where its first piece begins in the folded text.
    pub start: usize,
    /// Where its last piece ends in the folded text.
    pub end: usize,
}

/// Collects phrases.
#[derive(Default)]
pub(super) struct PhrasesBuilder {
    patterns: Vec<Vec<u8>>,
    known: BTreeMap<Vec<u8>, usize>,
    /// The patterns of each phrase in their order.
    phrases: Vec<Vec<usize>>,
}

impl PhrasesBuilder {
    /// Adds a phrase and gives its number; `spaced` asks for borders of words around its pieces.
    pub fn add(&mut self, phrase: &str, spaced: bool) -> usize {
        let mut pieces: Vec<Vec<u8>> = Vec::new();
        let mut piece = String::new();
        for word in phrase.split_whitespace() {
            let stem = word.strip_suffix('-');
            if word != "*" {
                piece.push(' ');
                piece.push_str(stem.unwrap_or(word));
            }
            if word == "*" || stem.is_some() {
                pieces.push(pattern(&piece, spaced, stem.is_none()));
                piece.clear();
            }
        }
        pieces.push(pattern(&piece, spaced, true));
        pieces.retain(|piece| piece.iter().any(|byte| *byte != b' '));
        let patterns = pieces.into_iter().map(|piece| self.pattern(piece)).collect();
        self.phrases.push(patterns);
        self.phrases.len() - 1
    }

    fn pattern(&mut self, piece: Vec<u8>) -> usize {
        let patterns = &mut self.patterns;
        *self.known.entry(piece).or_insert_with_key(|piece| {
            patterns.push(piece.clone());
            patterns.len() - 1
        })
    }

    /// The automaton.
    ///
    /// # Errors
    /// A usage problem where the phrases are too many for it.
    pub fn build(self) -> Result<Phrases> {
        let automaton = Builder::new()
            .match_kind(MatchKind::Standard)
            .build(&self.patterns)
            .map_err(|error| Problem::usage(format!("the lexicons are too large: {error}")))?;
        let anchored = Anchored::No;
        let start = automaton
            .start_state(anchored)
            .map_err(|error| Problem::usage(format!("the lexicons cannot be searched: {error}")))?;
        let mut ends_with = vec![Vec::new(); self.patterns.len()];
        for (phrase, pieces) in self.phrases.iter().enumerate() {
            if let Some(last) = pieces.last() {
                ends_with[*last].push(phrase);
            }
        }
        Ok(Phrases {
            // Every sentence begins with a border.
            start: automaton.next_state(anchored, start, b' '),
            lengths: self.patterns.iter().map(Vec::len).collect(),
            pieces: self.phrases,
            ends_with,
            automaton,
        })
    }
}

/// A piece as bytes to look for; `-` before it leaves the beginning of its first word open.
fn pattern(piece: &str, spaced: bool, closed: bool) -> Vec<u8> {
    let opened = !piece.trim().starts_with('-');
    let mut bytes = Vec::new();
    fold(piece.trim().trim_start_matches('-'), |step, _| match step {
        Step::Byte(byte) => bytes.push(byte),
        Step::Border | Step::End | Step::Question if bytes.last() != Some(&b' ') => bytes.push(b' '),
        Step::Border | Step::End | Step::Question => {}
    });
    if spaced {
        if opened {
            bytes.insert(0, b' ');
        }
        if closed && bytes.last() != Some(&b' ') {
            bytes.push(b' ');
        }
    }
    bytes
}

/// All phrases, ready to be found.
pub(super) struct Phrases {
    automaton: DFA,
    start: aho_corasick::automaton::StateID,
    lengths: Vec<usize>,
    /// The patterns of each phrase in their order.
    pieces: Vec<Vec<usize>>,
    ends_with: Vec<Vec<usize>>,
}

/// A walk through one text.
pub(super) struct Walk<'a> {
    phrases: &'a Phrases,
    state: aho_corasick::automaton::StateID,
    /// Folded bytes so far.
    at: usize,
    after_border: bool,
}

impl Phrases {
    /// Begins a text.
    pub fn walk(&self) -> Walk<'_> {
        Walk { phrases: self, state: self.start, at: 1, after_border: true }
    }

    /// The phrases of a sentence, from the pieces found in it.
    pub fn assemble(&self, pieces: &[Piece], found: &mut Vec<Found>) {
        found.clear();
        for (number, last) in pieces.iter().enumerate() {
            for &phrase in &self.ends_with[last.pattern] {
                if let Some(start) = begin(&pieces[..number], *last, &self.pieces[phrase]) {
                    found.push(Found { phrase, start, end: last.end });
                }
            }
        }
    }
}

/// Where a phrase of `patterns` begins whose last piece is `last`, taking the nearest place for each piece before it.
fn begin(before: &[Piece], last: Piece, patterns: &[usize]) -> Option<usize> {
    let mut next = last;
    let mut before = before;
    for pattern in patterns.iter().rev().skip(1) {
        // Neighbouring pieces share the border between them.
        let near = |piece: &Piece| piece.end <= next.start + 1 && next.start <= piece.end + GAP_BYTES;
        let place = before.iter().rposition(|piece| piece.pattern == *pattern && near(piece))?;
        next = before[place];
        before = &before[..place];
    }
    Some(next.start)
}

impl Walk<'_> {
    /// Takes a byte of a word.
    #[inline]
    pub fn byte(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        self.after_border = false;
        self.step(byte, pieces);
    }

    /// Takes a border between words.
    #[inline]
    pub fn border(&mut self, pieces: &mut Vec<Piece>) {
        if !self.after_border {
            self.after_border = true;
            self.step(b' ', pieces);
        }
    }

    /// Begins the next sentence.
    pub fn end(&mut self) {
        self.state = self.phrases.start;
        self.at += 1;
        self.after_border = true;
    }

    #[inline]
    fn step(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        let automaton = &self.phrases.automaton;
        self.state = automaton.next_state(Anchored::No, self.state, byte);
        self.at += 1;
        if automaton.is_special(self.state) && automaton.is_match(self.state) {
            self.note(pieces);
        }
    }

    fn note(&self, pieces: &mut Vec<Piece>) {
        let automaton = &self.phrases.automaton;
        for number in 0..automaton.match_len(self.state) {
            let pattern = PatternID::as_usize(&automaton.match_pattern(self.state, number));
            pieces.push(Piece { pattern, start: self.at - self.phrases.lengths[pattern], end: self.at });
        }
    }
}
