//! Phrases of all lexicons, found in one pass over the folded bytes of a text.
//!
//! Languages with spaces are followed word by word through a tree of phrases; the others go through one automaton over
//! bytes, where a text has any letters of theirs. It knows where phrases are, not what they mean.

use std::collections::BTreeMap;

use aho_corasick::automaton::{Automaton, StateID};
use aho_corasick::nfa::contiguous::{Builder, NFA};
use aho_corasick::{Anchored, MatchKind, PatternID};

use super::fold::{Step, fold};
use super::table::{Table, WordHash};
use crate::error::{Problem, Result};

/// The folded bytes that a gap (`*`) may span.
const GAP_BYTES: usize = 48;

/// A word that continues a stem is looked for by this many first bytes.
const STEM_BYTES: usize = 4;

/// A stem has this many bytes at most; what is longer is compared so far.
const LONGEST_STEM: usize = 32;

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
    /// Where its first piece begins in the folded text, with the border before it.
    pub start: usize,
    /// Where its last piece ends in the folded text, with the border after it.
    pub end: usize,
}

/// A piece to look for.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Pattern {
    /// Whole words; the last may be the beginning of one.
    Words { words: Vec<Vec<u8>>, stem: bool },
    /// Bytes, wherever they are.
    Bytes(Vec<u8>),
}

/// Collects phrases.
#[derive(Default)]
pub(super) struct PhrasesBuilder {
    patterns: Vec<Pattern>,
    known: BTreeMap<Pattern, usize>,
    /// The patterns of each phrase in their order.
    phrases: Vec<Vec<usize>>,
}

impl PhrasesBuilder {
    /// Adds a phrase and gives its number; `spaced` asks for borders of words around its pieces.
    pub fn add(&mut self, phrase: &str, spaced: bool) -> usize {
        let mut patterns = Vec::new();
        let mut piece = String::new();
        for word in phrase.split_whitespace().chain(["*"]) {
            let stem = word.strip_suffix('-');
            if word != "*" {
                piece.push(' ');
                piece.push_str(stem.unwrap_or(word));
            }
            if word == "*" || stem.is_some() {
                patterns.extend(pattern(&piece, spaced, stem.is_some()).map(|pattern| self.number(pattern)));
                piece.clear();
            }
        }
        self.phrases.push(patterns);
        self.phrases.len() - 1
    }

    fn number(&mut self, pattern: Pattern) -> usize {
        let patterns = &mut self.patterns;
        *self.known.entry(pattern).or_insert_with_key(|pattern| {
            patterns.push(pattern.clone());
            patterns.len() - 1
        })
    }

    /// The phrases, ready to be found.
    ///
    /// # Errors
    /// A usage problem where the phrases are too many.
    pub fn build(self) -> Result<Phrases> {
        let mut ends_with = vec![Vec::new(); self.patterns.len()];
        for (phrase, pieces) in self.phrases.iter().enumerate() {
            if let Some(last) = pieces.last() {
                ends_with[*last].push(phrase);
            }
        }
        let tree = Tree::of(&self.patterns);
        Ok(Phrases { tree, bytes: Bytes::of(&self.patterns)?, pieces: self.phrases, ends_with })
    }
}

/// A piece as it is looked for; nothing where it has no letters.
fn pattern(piece: &str, spaced: bool, stem: bool) -> Option<Pattern> {
    let mut bytes = Vec::new();
    fold(piece, |step, _| match step {
        Step::Ascii(run) => bytes.extend(run.to_ascii_lowercase()),
        Step::Byte(byte) => bytes.push(byte),
        Step::Border | Step::End | Step::Question => bytes.push(b' '),
    });
    let words: Vec<Vec<u8>> =
        bytes.split(|byte| *byte == b' ').filter(|word| !word.is_empty()).map(Vec::from).collect();
    match (words.is_empty(), spaced) {
        (true, _) => None,
        (false, true) => Some(Pattern::Words { words, stem }),
        (false, false) => Some(Pattern::Bytes(words.join(&b' '))),
    }
}

/// Phrases word by word: a tree whose edges are words.
struct Tree {
    /// The number of a word.
    words: Table,
    /// The stems by the hash of their first bytes, as places in `stems`.
    stem_starts: Table,
    /// Stems of equal first bytes, with their numbers.
    stems: Vec<Vec<(Vec<u8>, u32)>>,
    /// From node and word to node.
    edges: Table,
    /// The patterns that end at a node.
    ends: Vec<Vec<usize>>,
}

impl Tree {
    fn of(patterns: &[Pattern]) -> Tree {
        let mut words: BTreeMap<(&[u8], bool), u32> = BTreeMap::new();
        let mut edges: BTreeMap<u64, u32> = BTreeMap::new();
        let mut ends: Vec<Vec<usize>> = vec![Vec::new()];
        for (number, pattern) in patterns.iter().enumerate() {
            let Pattern::Words { words: of, stem } = pattern else { continue };
            let mut node = 0;
            for (place, word) in of.iter().enumerate() {
                let next = u32::try_from(words.len()).unwrap_or(u32::MAX);
                let word = if *stem && place + 1 == of.len() { &word[..word.len().min(LONGEST_STEM)] } else { word };
                let word = *words.entry((word, *stem && place + 1 == of.len())).or_insert(next);
                let next = u32::try_from(ends.len()).unwrap_or(u32::MAX);
                node = *edges.entry(edge(node, word)).or_insert_with(|| {
                    ends.push(Vec::new());
                    next
                });
            }
            ends[node as usize].push(number);
        }
        let whole: Vec<(u64, u32)> = words
            .iter()
            .filter(|((_, stem), _)| !stem)
            .map(|((word, _), number)| (WordHash::of(word), *number))
            .collect();
        let mut starts: BTreeMap<u64, Vec<(Vec<u8>, u32)>> = BTreeMap::new();
        for ((stem, _), number) in words.iter().filter(|((_, stem), _)| *stem) {
            let start = WordHash::of(&stem[..stem.len().min(STEM_BYTES)]);
            starts.entry(start).or_default().push((stem.to_vec(), *number));
        }
        let places: Vec<(u64, u32)> = starts.keys().copied().zip(0..).collect();
        Tree {
            words: Table::of(&whole),
            stem_starts: Table::of(&places),
            stems: starts.into_values().collect(),
            edges: Table::of(&edges.into_iter().collect::<Vec<_>>()),
            ends,
        }
    }
}

#[inline]
fn edge(node: u32, word: u32) -> u64 {
    (u64::from(node) << 32) | u64::from(word)
}

/// Phrases of languages without spaces.
struct Bytes {
    automaton: NFA,
    start: StateID,
    /// The pattern of the phrases for each of the automaton, and its length.
    patterns: Vec<(usize, usize)>,
}

impl Bytes {
    /// Nothing where there are no such phrases.
    fn of(patterns: &[Pattern]) -> Result<Option<Bytes>> {
        let of_bytes = |(number, pattern): (usize, &Pattern)| match pattern {
            Pattern::Words { .. } => None,
            Pattern::Bytes(bytes) => Some((bytes.clone(), number)),
        };
        let looked_for: Vec<(Vec<u8>, usize)> = patterns.iter().enumerate().filter_map(of_bytes).collect();
        if looked_for.is_empty() {
            return Ok(None);
        }
        let automaton = Builder::new()
            .match_kind(MatchKind::Standard)
            .build(looked_for.iter().map(|(bytes, _)| bytes))
            .map_err(|error| Problem::usage(format!("the lexicons are too large: {error}")))?;
        let start = automaton
            .start_state(Anchored::No)
            .map_err(|error| Problem::usage(format!("the lexicons cannot be searched: {error}")))?;
        let patterns = looked_for.into_iter().map(|(bytes, number)| (number, bytes.len())).collect();
        Ok(Some(Bytes { automaton, start, patterns }))
    }
}

/// All phrases, ready to be found.
pub(super) struct Phrases {
    tree: Tree,
    bytes: Option<Bytes>,
    /// The patterns of each phrase in their order.
    pieces: Vec<Vec<usize>>,
    ends_with: Vec<Vec<usize>>,
}

/// A walk through one text.
pub(super) struct Walk<'a> {
    tree: &'a Tree,
    /// The automaton and its state, where the text has letters beyond Latin.
    bytes: Option<(&'a Bytes, StateID)>,
    /// Folded bytes so far; every sentence begins with a border.
    at: usize,
    word_start: usize,
    hash: WordHash,
    /// The first bytes of the word, as many as a stem may have.
    word: [u8; LONGEST_STEM],
    /// Nodes of the tree that were reached, with the place where their first word begins.
    nodes: Vec<(u32, usize)>,
}

/// Memory of a walk that is used again.
#[derive(Default)]
pub(super) struct Memory {
    nodes: Vec<(u32, usize)>,
}

impl Phrases {
    /// Begins a text; `wide` tells that it has letters beyond Latin.
    pub fn walk(&self, wide: bool, memory: &mut Memory) -> Walk<'_> {
        Walk {
            tree: &self.tree,
            bytes: self.bytes.as_ref().filter(|_| wide).map(|bytes| (bytes, bytes.start)),
            at: 1,
            word_start: 1,
            hash: WordHash::default(),
            word: [0; LONGEST_STEM],
            nodes: std::mem::take(&mut memory.nodes),
        }
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
    /// Takes letters and digits of ASCII in a row.
    #[inline]
    pub fn ascii(&mut self, run: &[u8], pieces: &mut Vec<Piece>) {
        for byte in run {
            self.hash_byte(byte.to_ascii_lowercase());
        }
        if self.bytes.is_some() {
            for (place, byte) in run.iter().enumerate() {
                self.step(byte.to_ascii_lowercase(), self.at + place + 1, pieces);
            }
        }
        self.at += run.len();
    }

    /// Takes a byte of a word.
    #[inline]
    pub fn byte(&mut self, byte: u8, pieces: &mut Vec<Piece>) {
        self.hash_byte(byte);
        self.at += 1;
        self.step(byte, self.at, pieces);
    }

    #[inline]
    fn hash_byte(&mut self, byte: u8) {
        if let Some(place) = self.word.get_mut(self.hash.length() as usize) {
            *place = byte;
        }
        self.hash.add(byte);
    }

    /// Takes a border between words; several in a row are one.
    #[inline]
    pub fn border(&mut self, pieces: &mut Vec<Piece>) {
        if self.at == self.word_start {
            return;
        }
        self.end_word(pieces);
        self.at += 1;
        self.word_start = self.at;
        self.hash = WordHash::default();
        self.step(b' ', self.at, pieces);
    }

    /// Begins the next sentence.
    pub fn end(&mut self) {
        self.nodes.clear();
        if let Some((bytes, state)) = &mut self.bytes {
            *state = bytes.start;
        }
        self.at += 1;
        self.word_start = self.at;
    }

    /// Gives its memory back.
    pub fn leave(mut self, memory: &mut Memory) {
        self.nodes.clear();
        memory.nodes = self.nodes;
    }

    /// Follows a word from every node that was reached, and from the root.
    fn end_word(&mut self, pieces: &mut Vec<Piece>) {
        let whole = self.tree.words.get(self.hash.number());
        let letters = &self.word[..LONGEST_STEM.min(self.hash.length() as usize)];
        let stems = letters.get(..STEM_BYTES).and_then(|start| self.tree.stem_starts.get(WordHash::of(start)));
        if whole.is_none() && stems.is_none() {
            self.nodes.clear();
            return;
        }
        let reached = self.nodes.len();
        self.nodes.push((0, self.word_start - 1));
        for number in 0..=reached {
            let (node, start) = self.nodes[number];
            if let Some(next) = whole.and_then(|word| self.tree.edges.get(edge(node, word))) {
                for &pattern in &self.tree.ends[next as usize] {
                    pieces.push(Piece { pattern, start, end: self.at + 1 });
                }
                self.nodes.push((next, start));
            }
            for (stem, word) in stems.iter().flat_map(|stems| &self.tree.stems[*stems as usize]) {
                let next = letters.starts_with(stem).then(|| self.tree.edges.get(edge(node, *word))).flatten();
                for &pattern in next.iter().flat_map(|next| &self.tree.ends[*next as usize]) {
                    pieces.push(Piece { pattern, start, end: self.at + 1 });
                }
            }
        }
        self.nodes.drain(..=reached);
    }

    #[inline]
    fn step(&mut self, byte: u8, at: usize, pieces: &mut Vec<Piece>) {
        let Some((bytes, state)) = &mut self.bytes else { return };
        *state = bytes.automaton.next_state(Anchored::No, *state, byte);
        if bytes.automaton.is_special(*state) && bytes.automaton.is_match(*state) {
            for number in 0..bytes.automaton.match_len(*state) {
                let (pattern, length) =
                    bytes.patterns[PatternID::as_usize(&bytes.automaton.match_pattern(*state, number))];
                pieces.push(Piece { pattern, start: at - length, end: at });
            }
        }
    }
}
