//! Decoding against tables and encoders that are not ours.

use std::io::Read;

use proptest::prelude::*;

use super::{Choice, Decoder, Encoding, SIP, Why, blame, choose, not_utf8};
use crate::error::Problem;

/// The table of the Unicode consortium: byte, character, name.
const WINDOWS_1252: &str = include_str!("windows-1252.txt");

const ALL: [Encoding; 5] =
    [Encoding::Utf8, Encoding::Utf16Le, Encoding::Utf16Be, Encoding::Latin1, Encoding::Windows1252];

/// The letter of a byte of Windows-1252, by the table.
fn letter(byte: u8) -> Option<char> {
    if !(0x80..=0x9F).contains(&byte) {
        return Some(char::from(byte));
    }
    let line = WINDOWS_1252.lines().find(|line| line.starts_with(&format!("{byte:02X} "))).unwrap();
    u32::from_str_radix(&line[3..7], 16).ok().map(|code| char::from_u32(code).unwrap())
}

/// A text in an encoding, where it has all the letters.
fn encoded(text: &str, encoding: Encoding) -> Option<Vec<u8>> {
    match encoding {
        Encoding::Utf8 => Some(text.as_bytes().to_vec()),
        Encoding::Utf16Le => Some(text.encode_utf16().flat_map(u16::to_le_bytes).collect()),
        Encoding::Utf16Be => Some(text.encode_utf16().flat_map(u16::to_be_bytes).collect()),
        Encoding::Latin1 => text.chars().map(|letter| u8::try_from(u32::from(letter)).ok()).collect(),
        Encoding::Windows1252 => {
            text.chars().map(|wanted| (0..=0xFF).find(|&byte| letter(byte) == Some(wanted))).collect()
        }
    }
}

/// A stream that hands on at most `most` bytes at once.
struct Drops<'b>(&'b [u8], usize);

impl Read for Drops<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let length = self.0.len().min(buffer.len()).min(self.1);
        buffer[..length].copy_from_slice(&self.0[..length]);
        self.0 = &self.0[length..];
        Ok(length)
    }
}

fn decoded(bytes: &[u8], encoding: Encoding, at_once: usize) -> Result<String, Problem> {
    let mut text = String::new();
    match Decoder::new(Drops(bytes, at_once), encoding, 0).read_to_string(&mut text) {
        Ok(_) => Ok(text),
        Err(error) => Err(Problem::carried_by(&error).expect("the error carries a problem").clone()),
    }
}

#[test]
fn every_byte_is_that_of_the_table() {
    for byte in 0..=u8::MAX {
        let text = decoded(&[b'a', byte, b'b'], Encoding::Windows1252, 9);
        match letter(byte) {
            Some(letter) => assert_eq!(text, Ok(format!("a{letter}b"))),
            None => assert!(text.unwrap_err().to_string().contains(&format!("byte 0x{byte:02X}")), "{byte:02X}"),
        }
        assert_eq!(decoded(&[byte], Encoding::Latin1, 9), Ok(char::from(byte).to_string()));
    }
}

#[test]
fn every_unit_is_that_of_the_standard_library() {
    for unit in 0..=u16::MAX {
        let expected = char::from_u32(u32::from(unit)).map(String::from);
        assert_eq!(decoded(&unit.to_le_bytes(), Encoding::Utf16Le, 9).ok(), expected, "{unit:04X}");
        assert_eq!(decoded(&unit.to_be_bytes(), Encoding::Utf16Be, 9).ok(), expected, "{unit:04X}");
    }
}

#[test]
fn what_stands_for_nothing_is_refused_with_its_place() {
    let le = |units: &[u16]| units.iter().flat_map(|unit| unit.to_le_bytes()).collect::<Vec<u8>>();
    let (a, end) = (u16::from(b'a'), u16::from(b'\n'));
    let odd = [le(&[a, end, a]), vec![0x7A]].concat();
    for (bytes, encoding, line, says) in [
        (b"a,b\nc,\x81\n".to_vec(), Encoding::Windows1252, 2, "byte 0x81 at byte 3 of that line, byte 7 of the text"),
        (b"\x9D".to_vec(), Encoding::Windows1252, 1, "byte 0x9D at byte 1 of that line, byte 1 of the text"),
        (le(&[a, end, a, 0xD800, a]), Encoding::Utf16Le, 2, "half a pair, 0xD800, at byte 3 of that line, byte 7"),
        (le(&[a, end, end, 0xDC00]), Encoding::Utf16Le, 3, "half a pair, 0xDC00, at byte 1 of that line, byte 7"),
        (le(&[a, 0xD83D]), Encoding::Utf16Le, 1, "half a pair, 0xD83D, at byte 3"),
        (le(&[0xD800, 0xD800]), Encoding::Utf16Le, 1, "half a pair, 0xD800, at byte 1"),
        (odd, Encoding::Utf16Le, 2, "the odd last byte 0x7A at byte 3 of that line, byte 7"),
        (vec![0, b'\n', 0], Encoding::Utf16Be, 2, "the odd last byte 0x00 at byte 1 of that line, byte 3"),
    ] {
        for at_once in [1, 2, 3, 100] {
            let problem = decoded(&bytes, encoding, at_once).unwrap_err();
            assert_eq!(problem.location().and_then(|place| place.line), Some(line), "{problem}");
            assert!(problem.to_string().contains(says), "{says}: {problem}");
            assert!(problem.message().contains(encoding.as_str()) && !problem.hints().is_empty(), "{problem}");
        }
    }
}

#[test]
fn a_place_far_into_the_text_is_true() {
    let lines = 3 * SIP / 10;
    let mut bytes = b"123456789\n".repeat(lines);
    bytes.extend(b"12\x8F");
    let problem = decoded(&bytes, Encoding::Windows1252, usize::MAX).unwrap_err();
    let place = format!(":{}: byte 0x8F at byte 3 of that line, byte {} of the text", lines + 1, bytes.len());
    assert!(problem.to_string().contains(&place), "{place}: {problem}");
}

#[test]
fn a_mark_decides_then_the_flag_then_the_declaration() {
    let choice = |encoding, why, mark| Ok(Choice { encoding, why, mark });
    let western = b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>";
    for (head, told, expected) in [
        (&b"id,time\n"[..], None, choice(Encoding::Utf8, Why::Assumed, 0)),
        (b"", None, choice(Encoding::Utf8, Why::Assumed, 0)),
        (b"id,time\n", Some(Encoding::Latin1), choice(Encoding::Latin1, Why::Told, 0)),
        (b"\xEF\xBB\xBFid", Some(Encoding::Latin1), choice(Encoding::Utf8, Why::Mark, 0)),
        (b"\xFF\xFEi\0", Some(Encoding::Utf8), choice(Encoding::Utf16Le, Why::Mark, 2)),
        (b"\xFE\xFF\0i", None, choice(Encoding::Utf16Be, Why::Mark, 2)),
        (western, None, choice(Encoding::Windows1252, Why::Declared, 0)),
        (western, Some(Encoding::Utf8), choice(Encoding::Utf8, Why::Told, 0)),
        (b"<?xml encoding='utf-8'?>", None, choice(Encoding::Utf8, Why::Declared, 0)),
        (b"<?xml version='1.0'?>", None, choice(Encoding::Utf8, Why::Assumed, 0)),
    ] {
        assert_eq!(choose(head, told), expected, "{}", String::from_utf8_lossy(head));
    }
}

#[test]
fn what_is_not_read_is_refused_with_a_way_out() {
    let unmarked = |encoding| encoded("id,time\n1,2024\n", encoding).unwrap();
    for (head, says, hint) in [
        (unmarked(Encoding::Utf16Le), "UTF-16 without a byte order mark", "`--encoding utf-16le`"),
        (unmarked(Encoding::Utf16Be), "UTF-16 without a byte order mark", "`--encoding utf-16be`"),
        (b"\xFF\xFE\0\0i\0\0\0".to_vec(), "UTF-32", "iconv"),
        (b"<?xml encoding=\"utf-16\"?>".to_vec(), "declares `utf-16`", "`--encoding utf-8`"),
        (b"<?xml encoding=\"Shift_JIS\"?>".to_vec(), "`Shift_JIS` is not read", "`--encoding utf-8`"),
    ] {
        let problem = choose(&head, None).unwrap_err();
        assert!(problem.message().contains(says), "{problem}");
        assert!(problem.hints().iter().any(|line| line.contains(hint)), "{problem}");
    }
    // text of few Latin letters is still mostly told by its separators and digits
    let japanese = encoded("件名,日時\n起票,2024-01-02\n", Encoding::Utf16Le).unwrap();
    assert!(choose(&japanese, None).is_err());
    for text in ["Wo\0rk,time\nx,y\n", "a\0", "\0", "\0\0\0\0\0\0\0\0"] {
        assert!(choose(text.as_bytes(), None).is_ok(), "{text:?}");
    }
}

#[test]
fn the_hint_for_invalid_bytes_is_one_that_helps() {
    let said = not_utf8(b"a\nb\xE9", 3, 7).to_string();
    assert!(said.contains(":8: byte 0xE9 at position 2") && said.contains("`--encoding windows-1252`"), "{said}");
    assert!(!not_utf8(b"\x81", 0, 1).to_string().contains("--encoding windows-1252"));
    let marked = Choice { encoding: Encoding::Utf8, why: Why::Mark, mark: 0 };
    assert!(!blame(not_utf8(b"\xE9", 0, 1), marked).to_string().contains("--encoding"));
}

proptest! {
    #[test]
    fn a_text_comes_back_from_every_encoding(text in any::<String>(), at_once in 1usize..9) {
        for encoding in ALL {
            if let Some(bytes) = encoded(&text, encoding) {
                prop_assert_eq!(decoded(&bytes, encoding, at_once), Ok(text.clone()));
            }
        }
    }

    #[test]
    fn western_letters_come_back(
        bytes in prop::collection::vec(any::<u8>(), 0..200).prop_filter("defined", |bytes| bytes.iter().all(|&byte| letter(byte).is_some()))
    ) {
        let expected: String = bytes.iter().filter_map(|&byte| letter(byte)).collect();
        prop_assert_eq!(decoded(&bytes, Encoding::Windows1252, 7), Ok(expected));
    }

    #[test]
    fn units_are_decoded_as_the_standard_library_does(units in prop::collection::vec(prop_oneof![0xD7F0u16..0xE010, any::<u16>()], 0..40), at_once in 1usize..9) {
        let expected = String::from_utf16(&units).ok();
        let little: Vec<u8> = units.iter().flat_map(|unit| unit.to_le_bytes()).collect();
        let big: Vec<u8> = units.iter().flat_map(|unit| unit.to_be_bytes()).collect();
        prop_assert_eq!(decoded(&little, Encoding::Utf16Le, at_once).ok(), expected.clone());
        prop_assert_eq!(decoded(&big, Encoding::Utf16Be, at_once).ok(), expected);
    }
}
