//! Text folded for comparison, letter by letter: case and accents are gone, what separates words is one space.
//!
//! It knows no lexicon. Nothing folded is shown; evidence quotes the original text.

use crate::words::fold_letter;

/// One step of a folded text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// A byte of a word.
    Byte(u8),
    /// A border between words; several may follow each other.
    Border,
    /// The end of a sentence.
    End,
    /// The end of a question.
    Question,
}

/// What a byte of ASCII is by itself.
const ASCII: [Step; 128] = {
    let mut steps = [Step::Border; 128];
    let mut byte = 0;
    while byte < 128 {
        #[expect(clippy::cast_possible_truncation, reason = "below 128")]
        let letter = byte as u8;
        if letter.is_ascii_alphanumeric() {
            steps[byte] = Step::Byte(letter.to_ascii_lowercase());
        }
        byte += 1;
    }
    steps[b'.' as usize] = Step::End;
    steps[b'!' as usize] = Step::End;
    steps[b';' as usize] = Step::End;
    steps[b'?' as usize] = Step::Question;
    steps
};

/// Gives the steps of `text`, each with the place in `text` where its letter begins.
pub(super) fn fold(text: &str, mut give: impl FnMut(Step, usize)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while let Some(&byte) = bytes.get(at) {
        if byte < 128 {
            match ASCII[usize::from(byte)] {
                // A point inside a word or number ends nothing; a blank line ends what has no point.
                Step::End if bytes.get(at + 1).is_some_and(u8::is_ascii_alphanumeric) => give(Step::Border, at),
                Step::Border if byte == b'\n' && begins_blank_line(&bytes[at + 1..]) => give(Step::End, at),
                step => give(step, at),
            }
            at += 1;
            continue;
        }
        let Some(letter) = text[at..].chars().next() else { return };
        fold_wide(letter, |step| give(step, at));
        at += letter.len_utf8();
    }
}

fn begins_blank_line(rest: &[u8]) -> bool {
    rest.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\r')).is_none_or(|byte| *byte == b'\n')
}

/// A letter beyond ASCII.
fn fold_wide(letter: char, mut give: impl FnMut(Step)) {
    match letter {
        '。' | '！' | '…' => give(Step::End),
        '？' => give(Step::Question),
        // Full-width forms of ASCII.
        '\u{ff01}'..='\u{ff5e}' => {
            let narrow = u32::from(letter) - 0xfee0;
            give(u8::try_from(narrow).map_or(Step::Border, |byte| ASCII[usize::from(byte)]));
        }
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
    }

    #[test]
    fn sentences_end_at_points_and_blank_lines_but_not_inside_words() {
        assert_eq!(folded("v1.2 is out. Ready? Yes!"), "v1 2 is out| ready? yes|");
        assert_eq!(folded("one\ntwo\n \nthree"), "one two| |three");
    }
}
