//! Names as people write them, folded so that a lexicon can be compared with them.
//!
//! A leaf: it knows no lexicon and no format. Nothing here is shown to a person; evidence
//! always quotes the original text.

/// A name folded to lower-case words: case, accents, camel case and separators are gone.
///
/// `FINAL_APPROVED`, `finalApproved` and `Final approved` fold to the same words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The words between single spaces, with one space at each end.
    padded: String,
}

impl Words {
    /// Folds a name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let mut padded = String::with_capacity(name.len() + 2);
        padded.push(' ');
        let mut previous: Option<char> = None;
        let mut letters = name.chars().peekable();
        while let Some(letter) = letters.next() {
            if starts_word(previous, letter, letters.peek().copied()) && !padded.ends_with(' ') {
                padded.push(' ');
            }
            if letter.is_alphanumeric() || is_japanese_mark(letter) {
                push_folded(&mut padded, letter);
            } else if !padded.ends_with(' ') && !is_combining(letter) {
                padded.push(' ');
            }
            previous = Some(letter);
        }
        if !padded.ends_with(' ') {
            padded.push(' ');
        }
        Words { padded }
    }

    /// The words between single spaces.
    #[must_use]
    pub fn text(&self) -> &str {
        self.padded.trim()
    }

    /// The words one by one.
    pub fn each(&self) -> impl Iterator<Item = &str> {
        self.padded.split_ascii_whitespace()
    }

    /// How many words there are.
    #[must_use]
    pub fn count(&self) -> usize {
        self.each().count()
    }

    /// True when the whole name is this folded phrase.
    #[must_use]
    pub fn is(&self, phrase: &str) -> bool {
        self.text() == phrase
    }

    /// True when the folded phrase occurs at word borders; scripts without spaces match anywhere.
    #[must_use]
    pub fn has(&self, phrase: &str) -> bool {
        let mut from = 0;
        while let Some(at) = self.padded[from..].find(phrase) {
            let start = from + at;
            let end = start + phrase.len();
            if !phrase.is_ascii() || self.at_borders(start, end) {
                return true;
            }
            from = start + 1;
        }
        false
    }

    /// True when the name begins with the folded phrase.
    #[must_use]
    pub fn starts(&self, phrase: &str) -> bool {
        let text = &self.padded[1..];
        text.starts_with(phrase) && (!phrase.is_ascii() || text.as_bytes().get(phrase.len()) == Some(&b' '))
    }

    /// True when the name ends with the folded phrase.
    #[must_use]
    pub fn ends(&self, phrase: &str) -> bool {
        let text = self.padded.trim_end();
        text.ends_with(phrase) && (!phrase.is_ascii() || text.as_bytes()[text.len() - phrase.len() - 1] == b' ')
    }

    /// The first of several phrases that occurs.
    #[must_use]
    pub fn first_of(&self, phrases: &[&'static str]) -> Option<&'static str> {
        phrases.iter().copied().find(|phrase| self.has(phrase))
    }

    /// The first of several stems that begins a word, or occurs anywhere in a script without spaces.
    #[must_use]
    pub fn first_stem(&self, stems: &[&'static str]) -> Option<&'static str> {
        stems.iter().copied().find(|stem| {
            if stem.is_ascii() { self.each().any(|word| word.starts_with(stem)) } else { self.padded.contains(stem) }
        })
    }

    fn at_borders(&self, start: usize, end: usize) -> bool {
        let bytes = self.padded.as_bytes();
        let before = start == 0 || bytes[start - 1] == b' ';
        before && bytes.get(end).is_none_or(|byte| *byte == b' ')
    }
}

/// Camel case begins a word at `aB`, and at the last capital of `ABc`.
fn starts_word(previous: Option<char>, letter: char, next: Option<char>) -> bool {
    let Some(previous) = previous else { return false };
    if !letter.is_uppercase() {
        return false;
    }
    previous.is_lowercase() || (previous.is_uppercase() && next.is_some_and(char::is_lowercase))
}

fn is_japanese_mark(letter: char) -> bool {
    matches!(letter, 'ー' | '々')
}

fn is_combining(letter: char) -> bool {
    matches!(letter, '\u{300}'..='\u{36f}' | '\u{3099}' | '\u{309a}')
}

fn push_folded(out: &mut String, letter: char) {
    fold_letter(letter, |folded| out.push(folded));
}

/// Gives a letter in lower case without its accent, as none, one or two letters.
pub fn fold_letter(letter: char, mut give: impl FnMut(char)) {
    for lower in letter.to_lowercase() {
        match lower {
            'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ą' => give('a'),
            'ç' | 'ć' | 'č' => give('c'),
            'è' | 'é' | 'ê' | 'ë' | 'ę' | 'ě' => give('e'),
            'ì' | 'í' | 'î' | 'ï' | 'ı' => give('i'),
            'ł' => give('l'),
            'ñ' | 'ń' => give('n'),
            'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => give('o'),
            'š' | 'ś' | 'ş' => give('s'),
            'ù' | 'ú' | 'û' | 'ü' => give('u'),
            'ý' | 'ÿ' => give('y'),
            'ž' | 'ź' | 'ż' => give('z'),
            'ß' => "ss".chars().for_each(&mut give),
            'æ' => "ae".chars().for_each(&mut give),
            'œ' => "oe".chars().for_each(&mut give),
            other if is_combining(other) => {}
            other => give(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn spellings_of_one_name_fold_to_the_same_words() {
        for name in ["FINAL_APPROVED", "finalApproved", "Final  approved", "final-approved", "FinalApproved "] {
            assert_eq!(Words::new(name).text(), "final approved", "{name}");
        }
        assert_eq!(Words::new("case:concept:name").text(), "case concept name");
        assert_eq!(Words::new("SLABreached").text(), "sla breached");
        assert_eq!(Words::new("Priorität").text(), "prioritat");
        assert_eq!(Words::new("\"\"ACTIVE\"\"").text(), "active");
        assert_eq!(Words::new("").text(), "");
    }

    #[test]
    fn phrases_match_at_word_borders_only() {
        let name = Words::new("Waiting for customer");
        assert!(name.has("waiting for") && name.has("customer") && name.has("for"));
        assert!(!name.has("wait") && !name.has("custom"));
        assert!(name.starts("waiting") && name.ends("customer") && !name.ends("tomer"));
        assert!(Words::new("ユーザー回答待ち").has("回答待ち"));
        assert!(Words::new("ユーザー回答待ち").ends("待ち"));
    }
}
