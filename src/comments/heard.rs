//! What the words of one comment gave, for every side its writer may stand on, in 64 bits.
//!
//! Comments are read before anybody knows who wrote them: the marks wait here until the whole log is known. Written as
//! text and read again by `convert`. It reads no comment itself.

use super::{Marks, Visibility, Writer};

/// Bits of the marks in one context: all but [`Marks::THANKS`].
const BITS: usize = 8;

/// Where the marks of the first context begin.
const FIRST: usize = 16;

/// Bits of the number of the language, 0 for unknown.
const LANGUAGE: u64 = 63;

/// Only thanks: a repeated chase without a chase, which the words never give.
const ONLY_THANKS: u64 = Marks::RE_PING.0 as u64;

/// What the words of a comment gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Heard(u64);

impl Heard {
    /// Bits of an event without a comment.
    pub const NOTHING: Heard = Heard(0);

    /// A comment of which nothing else is known.
    pub const UNREAD: Heard = Heard(1);

    /// A comment in a language, by its number in the recogniser, without marks.
    #[must_use]
    pub(super) fn comment(language: Option<usize>) -> Heard {
        let number = language.map_or(0, |language| language as u64 + 1);
        Heard(Heard::UNREAD.0 | (number & LANGUAGE) << 1)
    }

    /// With the marks in a context: its number is that of the side, and [`Writer::SIDES`] more in private.
    #[must_use]
    pub(super) fn with(self, context: usize, marks: Marks) -> Heard {
        let bits = if marks == Marks::THANKS { ONLY_THANKS } else { u64::from(marks.0) & ((1 << BITS) - 1) };
        Heard(self.0 | bits << (FIRST + BITS * context))
    }

    /// The comment and its language alone.
    #[must_use]
    pub fn without_marks(self) -> Heard {
        Heard(self.0 & ((1 << FIRST) - 1))
    }

    /// As it was kept in a column.
    #[must_use]
    pub fn from_bits(bits: u64) -> Heard {
        Heard(bits)
    }

    /// The bits, for a column; the lowest one says that there is a comment.
    #[must_use]
    pub fn bits(self) -> u64 {
        self.0
    }

    /// Whether there is a comment.
    #[must_use]
    pub fn is_comment(self) -> bool {
        self.0 & Heard::UNREAD.0 != 0
    }

    /// The language by its number in the recogniser; `None` where it is unknown.
    #[must_use]
    pub fn language(self) -> Option<usize> {
        usize::try_from(self.0 >> 1 & LANGUAGE).ok()?.checked_sub(1)
    }

    /// The marks for this writer and these readers.
    #[must_use]
    pub fn marks(self, writer: Writer, visibility: Visibility) -> Marks {
        let private = if visibility == Visibility::Private { Writer::SIDES } else { 0 };
        let bits = self.0 >> (FIRST + BITS * (writer.side() + private)) & ((1 << BITS) - 1);
        if bits == ONLY_THANKS { Marks::THANKS } else { Marks(u16::try_from(bits).unwrap_or_default()) }
    }

    /// As text: `1`, then the language and the marks where they are known. Nothing without a comment.
    #[must_use]
    pub fn written(self, languages: &[String]) -> Option<String> {
        let known = self.0 >> 1 != 0;
        let language = self.language().and_then(|number| languages.get(number)).map_or("-", String::as_str);
        let marks = || format!("1 {language} {:012x}", self.0 >> FIRST);
        self.is_comment().then(|| if known { marks() } else { "1".to_owned() })
    }

    /// What [`Heard::written`] wrote; `None` for any other text.
    #[must_use]
    pub fn read(text: &str, language: impl Fn(&str) -> Option<usize>) -> Option<Heard> {
        let rest = text.strip_prefix('1')?;
        if rest.is_empty() {
            return Some(Heard::UNREAD);
        }
        let (name, marks) = rest.strip_prefix(' ')?.split_once(' ')?;
        let is_hex = |digit: u8| matches!(digit, b'0'..=b'9' | b'a'..=b'f');
        let bits = u64::from_str_radix(marks, 16).ok().filter(|_| marks.len() == 12 && marks.bytes().all(is_hex))?;
        Some(Heard(Heard::comment(language(name)).0 | bits << FIRST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_context_keeps_its_marks() {
        let marks = [Marks::CHASE, Marks::THANKS, Marks::NONE, Marks::REPLY.and(Marks::UPDATE), Marks::ESCALATION];
        let heard = marks.iter().enumerate().fold(Heard::comment(Some(7)), |heard, (at, marks)| heard.with(at, *marks));
        assert_eq!(heard.language(), Some(7));
        assert_eq!(heard.marks(Writer::Team, Visibility::Unknown), Marks::CHASE);
        assert_eq!(heard.marks(Writer::Requester, Visibility::Public), Marks::THANKS);
        assert_eq!(heard.marks(Writer::Unknown, Visibility::Public), Marks::NONE);
        assert_eq!(heard.marks(Writer::Team, Visibility::Private), Marks::REPLY.and(Marks::UPDATE));
        assert_eq!(heard.marks(Writer::Outside, Visibility::Private), Marks::ESCALATION);
        let again = Marks::CHASE.and(Marks::RE_PING);
        assert_eq!(Heard::UNREAD.with(1, again).marks(Writer::Outside, Visibility::Public), again);
    }

    #[test]
    fn what_is_written_is_read_again() {
        let languages = ["en".to_owned(), "de".to_owned()];
        let number = |name: &str| languages.iter().position(|language| language == name);
        for language in [None, Some(0), Some(1)] {
            let heard = Heard::comment(language).with(3, Marks::REMINDER);
            assert_eq!(Heard::read(&heard.written(&languages).unwrap(), number), Some(heard));
        }
        assert_eq!(Heard::comment(Some(1)).with(0, Marks::CHASE).written(&languages).unwrap(), "1 de 000000000001");
        assert_eq!(Heard::UNREAD.written(&languages).as_deref(), Some("1"));
        assert_eq!(Heard::NOTHING.written(&languages), None);
        for text in ["", "10", "1 day left", "1 en", "1 en 00000000000G", "1 en +00000000001", "1 en 0000000000011"] {
            assert_eq!(Heard::read(text, number), None, "{text}");
        }
    }
}
