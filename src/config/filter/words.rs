//! The text of a condition as words, quoted texts and signs, with where they stand.

use super::Condition;
use crate::error::{Problem, Result};

/// Signs, the longer ones first.
const SIGNS: [&str; 10] = ["!=", "<=", ">=", "=", "<", ">", "~", "(", ")", ","];

/// A word and where it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Word {
    pub token: Token,
    /// Characters before it.
    pub at: usize,
}

/// What a word is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    /// Letters without quotes.
    Bare(String),
    /// A text that stood in quotes.
    Quoted(String),
    /// One of [`SIGNS`].
    Sign(&'static str),
}

/// The words of a condition.
pub(super) fn split(condition: &Condition) -> Result<Vec<Word>> {
    let letters: Vec<char> = condition.text.chars().collect();
    let mut words = Vec::new();
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        if letter.is_whitespace() {
            at += 1;
            continue;
        }
        let rest = &letters[at..];
        let (token, length) = if matches!(letter, '\'' | '"') {
            quoted(rest, letter).ok_or_else(|| {
                let problem = Problem::usage("a quotation mark of the condition is not closed");
                condition.refuse(
                    at,
                    problem
                        .hint(format!("add {letter} at the end of the text; write {letter}{letter} for one within it")),
                )
            })?
        } else if let Some(sign) = SIGNS.into_iter().find(|sign| sign.chars().eq(rest.iter().copied().take(sign.len())))
        {
            (Token::Sign(sign), sign.len())
        } else if letter == '!' {
            let problem = Problem::usage("`!` alone stands for nothing in a condition");
            return Err(condition.refuse(at, problem.hint("write `!=`, or `not` before a condition")));
        } else {
            let ends = |letter: &char| letter.is_whitespace() || "'\"=!<>~(),".contains(*letter);
            let bare: String = rest.iter().copied().take_while(|letter| !ends(letter)).collect();
            let length = bare.chars().count();
            (Token::Bare(bare), length)
        };
        words.push(Word { token, at });
        at += length;
    }
    Ok(words)
}

/// The text up to the closing mark, two marks standing for one, and how long it is with its marks.
fn quoted(letters: &[char], mark: char) -> Option<(Token, usize)> {
    let mut text = String::new();
    let mut at = 1;
    loop {
        let letter = *letters.get(at)?;
        if letter != mark {
            text.push(letter);
            at += 1;
        } else if letters.get(at + 1) == Some(&mark) {
            text.push(mark);
            at += 2;
        } else {
            return Some((Token::Quoted(text), at + 1));
        }
    }
}
