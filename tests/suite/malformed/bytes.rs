//! Bytes that are no text, and texts that are too long.

use super::Container::{Gzip, Stdin, Zip};
use super::{HEADER, Odd, Read, Refused, log, log_edited, odd, row};

const NO_UTF8: &str = "error: the file is not UTF-8";
const LONG_FIELD: &str = "error: a field is longer than 1048576 bytes";
const LONG_RECORD: &str = "error: a record is longer than 16777216 bytes";

/// The log with a byte sequence in place of `Work` in its fifth row.
fn state(bytes: &[u8]) -> Vec<u8> {
    replaced(4, b"Work", bytes)
}

fn replaced(at: usize, from: &[u8], to: &[u8]) -> Vec<u8> {
    let text = log().into_bytes();
    let start: usize = HEADER.len() + (0..at).map(|i| row(i, "x").len()).sum::<usize>();
    let place = start + text[start..].windows(from.len()).position(|window| window == from).unwrap();
    [&text[..place], to, &text[place + from.len()..]].concat()
}

pub fn table() -> Vec<Odd> {
    let mut table = encodings();
    table.extend(nul_bytes());
    table.extend(sizes());
    table
}

fn encodings() -> Vec<Odd> {
    let utf16 = |mark: &[u8], order: fn(u16) -> [u8; 2]| {
        let units = log().encode_utf16().flat_map(order).collect::<Vec<u8>>();
        [mark, &units].concat()
    };
    let latin = [b"\xEF\xBB\xBF".as_slice(), &state(b"\xE9t\xE9")].concat();
    vec![
        odd(
            "byte 0xFF in the header",
            replaced_header(b"st\xFFate"),
            Refused(3, &["not UTF-8", "t.csv:1: byte 0xFF at position 13"]),
        ),
        odd(
            "byte 0xFF far into the header",
            replaced_header(&[&[b's'; 5_000][..], b"\xFF"].concat()),
            Refused(3, &["not UTF-8", "t.csv:1: byte 0xFF at position 5011"]),
        ),
        odd(
            "byte 0xFF in the first row",
            replaced(0, b"C0", b"C\xFF"),
            Refused(3, &["not UTF-8", "t.csv:2: byte 0xFF at position 2"]),
        ),
        odd(
            "byte 0xFF in a middle row",
            state(b"Wo\xFFrk"),
            Refused(3, &["not UTF-8", "t.csv:6: byte 0xFF at position 26"]),
        ),
        odd("byte 0xFF in a middle row", state(b"Wo\xFFrk"), Refused(3, &["not UTF-8", "t.csv:6:"])).inside(Gzip),
        odd("byte 0xFF in a middle row", state(b"Wo\xFFrk"), Refused(3, &["not UTF-8", "t.csv:6:"])).inside(Zip),
        odd("byte 0xFF in a middle row", state(b"Wo\xFFrk"), Refused(3, &["not UTF-8", "<stdin>:6:"])).inside(Stdin),
        odd(
            "last byte no UTF-8",
            [log().trim_end().as_bytes(), b"\xE9"].concat(),
            Refused(3, &["not UTF-8", "t.csv:10: byte 0xE9"]),
        ),
        odd(
            "last character cut off",
            [log().trim_end().as_bytes(), b"\xE2\x82"].concat(),
            Refused(3, &["not UTF-8", "t.csv:10: byte 0xE2"]),
        ),
        odd("overlong sequence", state(b"\xC0\xAF"), Refused(3, &[NO_UTF8, "t.csv:6:"])),
        odd("surrogate", state(b"\xED\xA0\x80"), Refused(3, &[NO_UTF8, "t.csv:6:"])),
        odd("Latin-1 behind a BOM", latin, Refused(3, &[NO_UTF8, "t.csv:6: byte 0xE9", "iconv -f WINDOWS-1252"])),
        odd("bad byte in the second block", far(b"\xFF"), Refused(3, &[NO_UTF8, "t.csv:20002:"])),
        odd("character across the block border", border(), Read(2, 0, &[])),
        odd("BOM", format!("\u{feff}{}", log()), Read(9, 0, &[])),
        odd("BOM", format!("\u{feff}{}", log()), Read(9, 0, &[])).inside(Gzip),
        odd("BOM only", "\u{feff}", Refused(3, &["the input is empty"])),
        odd("BOM inside a field", log_edited(4, "Work", "\u{feff}Work"), Read(9, 0, &[])),
        odd("UTF-16, little end first, BOM", utf16(b"\xFF\xFE", u16::to_le_bytes), Read(9, 0, &[])),
        odd("UTF-16, big end first, BOM", utf16(b"\xFE\xFF", u16::to_be_bytes), Read(9, 0, &[])),
        odd(
            "UTF-16, little end first, no BOM",
            utf16(b"", u16::to_le_bytes),
            Refused(3, &["looks like UTF-16", "t.csv:1", "`--encoding utf-16le`"]),
        ),
        odd(
            "UTF-16, big end first, no BOM",
            utf16(b"", u16::to_be_bytes),
            Refused(3, &["looks like UTF-16", "t.csv:1", "`--encoding utf-16be`"]),
        ),
    ]
}

fn replaced_header(to: &[u8]) -> Vec<u8> {
    let text = log().into_bytes();
    [&text[..10], to, &text[15..]].concat()
}

/// Rows of 60 bytes, the 20,001st with other bytes as its state.
fn far(bytes: &[u8]) -> Vec<u8> {
    let mut text = b"case,time,state\n".to_vec();
    for i in 0..30_000 {
        let state = if i == 20_000 { bytes } else { b"waiting for somebody, as always" };
        text.extend(format!("C{i:08},2024-03-01 10:00:{:02},", i % 60).bytes());
        text.extend(state);
        text.push(b'\n');
    }
    text
}

/// A two-byte character whose bytes lie on both sides of the first MiB.
fn border() -> Vec<u8> {
    let mut text = b"case,time,state,comment\nA,2024-03-01 10:00,New,".to_vec();
    text.resize((1 << 20) - 1, b'x');
    text.extend("é\nA,2024-03-02 10:00,Closed,y\n".bytes());
    text
}

fn nul_bytes() -> Vec<Odd> {
    vec![
        odd(
            "NUL in the header",
            replaced_header(b"st\0ate"),
            Refused(3, &["NUL byte", "t.csv:1", "hint: if it is UTF-16"]),
        ),
        odd("NUL in a case id", replaced(4, b"C1", b"C\x001"), Read(9, 0, &[])),
        odd("NUL in a state", state(b"Wo\0rk"), Read(9, 0, &[])),
        odd("NUL at the end of a state", state(b"Work\0"), Read(9, 0, &[])),
        odd("NUL in a time", replaced(4, b"2024", b"20\x0024"), Read(8, 1, &["many_rejects"]))
            .with(&["--time", "time"]),
        odd(
            "NUL at the end of the file",
            [log().as_bytes(), b"\0"].concat(),
            Refused(3, &["1 row has", "t.csv:11:", "1 field, expected 5"]),
        ),
        odd("NUL bytes only", vec![0; 500], Refused(3, &["NUL byte", "t.csv:1"])),
    ]
}

fn sizes() -> Vec<Odd> {
    let comment = |text: &str| log_edited(4, ",x", &format!(",{text}"));
    let long = |bytes: usize| "y".repeat(bytes);
    let lines = |count: usize| format!("\"{}\"", "y\n".repeat(count));
    vec![
        odd("field of 1 MiB", comment(&long(1 << 20)), Read(9, 0, &[])),
        odd("field of 1 MiB and a byte", comment(&long((1 << 20) + 1)), Refused(3, &[LONG_FIELD, "t.csv:6: column 5"])),
        odd("field of 2 MiB", comment(&long(2 << 20)), Refused(3, &[LONG_FIELD, "t.csv:6: column 5"])).inside(Zip),
        odd("quoted field of 2 MiB", comment(&lines(1 << 20)), Refused(3, &[LONG_FIELD, "t.csv:6: column 5"])),
        odd("case id of 2 MiB", log_edited(4, "C1", &long(2 << 20)), Refused(3, &[LONG_FIELD, "t.csv:6: column 1"])),
        odd("record of 17 MiB", comment(&long(17 << 20)), Refused(3, &[LONG_RECORD, "t.csv:6"])),
        odd("record of 17 MiB in many fields", comment(&"y,".repeat(17 << 19)), Refused(3, &[LONG_RECORD, "t.csv:6"])),
        odd(
            "open quote of 17 MiB",
            comment(lines(17 << 19).trim_end_matches('"')),
            Refused(3, &[LONG_RECORD, "t.csv:6: a quote opened there"]),
        ),
        odd(
            "open quote of 17 MiB",
            comment(lines(17 << 19).trim_end_matches('"')),
            Refused(3, &[LONG_RECORD, "<stdin>:6:"]),
        )
        .inside(Stdin),
        odd("20,000 blank lines", log() + &"\n".repeat(20_000), Read(9, 0, &[])),
    ]
}
