//! Text folded for comparison, letter by letter: case and accents are gone, what separates words is one space.
//!
//! It knows no lexicon. Nothing folded is shown; evidence quotes the original text.

use crate::words::fold_letter;

/// One step of a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step<'a> {
    /// Letters and digits of ASCII in a row, in the case they were written in.
    Ascii(&'a [u8]),
    /// A byte of another letter.
    Byte(u8),
    /// A border between words; several may follow each other.
    Border,
    /// The end of a sentence.
    End,
    /// The end of a question.
    Question,
}

/// Gives the steps of `text`, each with the place in `text` where its letters begin.
#[inline]
pub(super) fn fold<'a>(text: &'a str, mut give: impl FnMut(Step<'a>, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_alphanumeric() {
            let rest = &bytes[at..];
            let run = rest.iter().position(|byte| !byte.is_ascii_alphanumeric()).map_or(rest, |end| &rest[..end]);
            give(Step::Ascii(run), at);
            at += run.len();
        } else if byte.is_ascii() {
            give(mark(byte, &bytes[at + 1..]), at);
            at += 1;
        } else {
            let Some(letter) = text[at..].chars().next() else { return };
            fold_wide(letter, |step| give(step, at));
            at += letter.len_utf8();
        }
    }
}

/// What a byte of ASCII means that is no letter. A point inside a word or number ends nothing; a blank line ends what has
/// no point.
fn mark(byte: u8, rest: &[u8]) -> Step<'static> {
    match byte {
        b'?' => Step::Question,
        b'.' | b'!' | b';' if !rest.first().is_some_and(u8::is_ascii_alphanumeric) => Step::End,
        b'\n' if begins_blank_line(rest) => Step::End,
        _ => Step::Border,
    }
}

fn begins_blank_line(rest: &[u8]) -> bool {
    rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|byte| *byte == b'\n')
}

/// A letter beyond ASCII.
fn fold_wide(letter: char, mut give: impl FnMut(Step<'static>)) {
    match letter {
        '。' | '！' | '…' => give(Step::End),
        '？' => give(Step::Question),
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => match u8::try_from(u32::from(letter) - 0xfee0) {
            Ok(byte) if byte.is_ascii_alphanumeric() => give(Step::Byte(byte.to_ascii_lowercase())),
            Ok(byte) => give(mark(byte, &[])),
            Err(_) => give(Step::Border),
        },
        _ if letter.is_alphanumeric() || matches!(letter, 'ー' | '々' | '\u{300}'..='\u{36f}') => {
            fold_letter(letter, |folded| {
                let mut bytes = [0; 4];
                for byte in folded.encode_utf8(&mut bytes).bytes() {
                    give(Step::Byte(byte));
                }
            });
        }
        _ => give(Step::Border),
    }
}

#[cfg(test)]
mod tests {
    use super::{Step, fold};

    fn folded(text: &str) -> String {
        let mut out = Vec::new();
        fold(text, |step, _| match step {
            Step::Ascii(run) => out.extend(run.to_ascii_lowercase()),
            Step::Byte(byte) => out.push(byte),
            Step::Border => out.push(b' '),
            Step::End => out.push(b'|'),
            Step::Question => out.push(b'?'),
        });
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn case_accents_and_marks_are_gone() {
        assert_eq!(folded("Où en êtes-vous"), "ou en etes vous");
        assert_eq!(folded("Straße, J’attends"), "strasse  j attends");
        assert_eq!(folded("ＥＴＡは？進捗。"), "etaは?進捗|");
        assert_eq!(folded("ＥＴＡ．ok"), "eta|ok");
    }

    #[test]
    fn sentences_end_at_points_and_blank_lines_but_not_inside_words() {
        assert_eq!(folded("v1.2 is out. Ready? Yes!"), "v1 2 is out| ready? yes|");
        assert_eq!(folded("one\ntwo\n \nthree"), "one two|  three");
    }
}
