//! gzip and zip, cut off, damaged or holding something else.

use super::Container::{AsIs, Gzip, Stdin, Zip};
use super::{HEADER, Odd, Outcome, Read, Refused, log, odd};
use crate::run::{gzip, zip};

const SHORT: &str = "error: the compressed input ends too early";
const DAMAGED: &str = "error: the compressed input is damaged";

pub fn table() -> Vec<Odd> {
    let mut table = gzip_cut();
    table.extend(gzip_damaged());
    table.extend(zip_contents());
    table.extend(zip_damaged());
    table.extend(other_formats());
    table
}

fn packed(fault: impl Into<String>, bytes: impl Into<Vec<u8>>, outcome: Outcome) -> Odd {
    odd(fault, bytes, outcome).inside(AsIs)
}

/// A log that fills several blocks and hardly packs.
fn large() -> String {
    let mut text = HEADER.to_owned();
    let mut state = 7u64;
    for i in 0..20_000 {
        let mut noise = String::new();
        for _ in 0..5 {
            state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
            noise += &format!("{:016x}", state ^ (state >> 29));
        }
        text += &format!("C{},2024-03-{:02} 10:{:02}:00,New,G{},{noise}\n", i / 3, 1 + i / 1_000, i % 60, i % 2);
    }
    text
}

fn gzip_cut() -> Vec<Odd> {
    let whole = gzip(log().as_bytes());
    let large = gzip(large().as_bytes());
    let cut = |of: &[u8], at: usize| of[..at].to_vec();
    let refused = || Refused(3, &[SHORT, "--> t.csv", "hint: the file is cut off"]);
    let end = whole.len();
    vec![
        packed("gzip cut in its header", cut(&whole, 5), refused()),
        packed("gzip cut behind its header", cut(&whole, 10), refused()),
        packed("gzip cut in its data", cut(&whole, 40), refused()),
        packed("gzip cut before its trailer", cut(&whole, end - 8), refused()),
        packed("gzip cut in its checksum", cut(&whole, end - 6), refused()),
        packed("gzip cut in its length", cut(&whole, end - 1), refused()),
        packed("gzip of several blocks, cut early", cut(&large, 5_000), refused()),
        packed("gzip of several blocks, cut late", cut(&large, large.len() - 5_000), refused()),
        packed("gzip of several blocks, cut in its trailer", cut(&large, large.len() - 3), refused()),
        packed("second member of a gzip cut", [whole.clone(), cut(&whole, 40)].concat(), refused()),
        odd("gzip cut in its data", cut(&whole, 40), Refused(3, &[SHORT, "<stdin>"])).inside(Stdin),
    ]
}

fn gzip_damaged() -> Vec<Odd> {
    let whole = gzip(log().as_bytes());
    let large = gzip(large().as_bytes());
    let flipped = |of: &[u8], at: usize| {
        let mut bytes = of.to_vec();
        bytes[at] ^= 0x55;
        bytes
    };
    let end = whole.len();
    let refused = || Refused(3, &[DAMAGED, "--> t.csv", "hint: copy or export the file again"]);
    let text = log();
    let (first, second) = text.split_at(100);
    vec![
        packed("gzip with an unknown method", flipped(&whole, 2), refused()),
        packed("gzip with a changed checksum", flipped(&whole, end - 6), refused()),
        packed("gzip with a changed length", flipped(&whole, end - 2), refused()),
        packed("gzip with a changed byte in the middle", flipped(&large, large.len() / 2), Refused(3, &["hint: "])),
        packed("text behind a gzip", [&whole[..], b"and more text"].concat(), refused()),
        packed("NUL bytes behind a gzip", [&whole[..], &[0; 512]].concat(), refused()),
        packed("gzip of two members", [gzip(first.as_bytes()), gzip(second.as_bytes())].concat(), Read(9, 0, &[])),
        packed("gzip of a gzip", gzip(&whole), Refused(3, &["packed twice"])),
        packed(
            "gzip that expands 1,000-fold",
            bomb(),
            Refused(3, &["expands more than 200-fold", "hint: or raise the limit, e.g. `--max-ratio 400`"]),
        ),
        odd("a log that is no gzip, handed over as one", log(), Read(9, 0, &[])).inside(Gzip),
    ]
}

/// 70 MiB of rows that pack to nearly nothing.
fn bomb() -> Vec<u8> {
    let noise = "a".repeat(8_000);
    let rows = (0..9_000).map(|i| format!("C{},2024-03-{:02} 10:00:00,New,G1,{noise}\n", i % 900, 1 + i / 900 % 28));
    gzip((HEADER.to_owned() + &rows.collect::<String>()).as_bytes())
}

fn zip_contents() -> Vec<Odd> {
    let log = log();
    let log = log.as_bytes();
    let refused = |parts: &'static [&'static str]| Refused(3, parts);
    vec![
        packed("zip with a readme before the log", zip(&[("README.txt", b"hello"), ("b.csv", log)]), Read(9, 0, &[])),
        packed("zip with a readme behind the log", zip(&[("b.csv", log), ("readme.txt", b"hello")]), Read(9, 0, &[])),
        packed(
            "zip with other files around the log",
            zip(&[("a.pdf", b"x"), ("data/b.csv", log), ("c.json", b"{}")]),
            Read(9, 0, &[]),
        ),
        packed("zip with macOS leftovers", zip(&[("__MACOSX/._b.csv", b"x"), ("b.csv", log)]), Read(9, 0, &[])),
        packed("zip with an upper-case name", zip(&[("LOG.CSV", log)]), Read(9, 0, &[])),
        packed(
            "zip that is empty",
            zip(&[]),
            refused(&["the zip archive holds no CSV, XES or NDJSON file", "it is empty", "hint: "]),
        ),
        packed(
            "zip with two logs",
            zip(&[("a.csv", log), ("b.csv", log)]),
            refused(&["holds 2 logs", "`a.csv`, `b.csv`", "hint: unpack it"]),
        ),
        packed(
            "zip without a log",
            zip(&[("a.pdf", b"x"), ("b.docx", b"y")]),
            refused(&["holds no CSV, XES or NDJSON file", "`a.pdf`, `b.docx`", "hint: unpack it"]),
        ),
        packed(
            "zip with a gzip inside",
            zip(&[("a.csv.gz", &gzip(log))]),
            refused(&["holds no CSV, XES or NDJSON file", "`a.csv.gz`"]),
        ),
        packed(
            "zip with hostile names",
            zip(&[("\u{1b}[31m\u{202e}.csv", log), ("b.csv", log)]),
            refused(&["`\\u{1b}[31m\\u{202e}.csv`"]),
        ),
        odd(
            "zip on standard input",
            zip(&[("b.csv", log)]),
            refused(&["a zip archive cannot be read from standard input", "hint: unpack it first"]),
        )
        .inside(Stdin),
        odd("a log named as one in a zip", log.to_vec(), Read(9, 0, &[])).inside(Zip),
    ]
}

fn zip_damaged() -> Vec<Odd> {
    let whole = zip(&[("log.csv", log().as_bytes())]);
    let large = zip(&[("log.csv", large().as_bytes())]);
    let broken = || Refused(3, &["cannot read the zip archive", "--> t.csv", "hint: unpack it"]);
    let end = whole.len();
    let mut changed = large.clone();
    changed[large.len() / 2] ^= 0x55;
    vec![
        packed("zip cut behind its first bytes", &whole[..4], broken()),
        packed("zip cut in its data", &whole[..60], broken()),
        packed("zip cut before its directory", &whole[..end / 2], broken()),
        packed("zip cut in its last bytes", &whole[..end - 1], broken()),
        packed("zip of several blocks, cut in its data", &large[..large.len() / 2], broken()),
        packed("zip with a changed byte", changed, Refused(3, &["hint: "])),
        packed("text behind a zip", [&whole[..], b"and more"].concat(), Read(9, 0, &[])),
    ]
}

fn other_formats() -> Vec<Odd> {
    let refused = |parts: &'static [&'static str]| Refused(3, parts);
    vec![
        packed(
            "zstd",
            b"\x28\xB5\x2F\xFD\x04\x00".to_vec(),
            refused(&["compressed with zstd", "hint: unpack it first"]),
        ),
        packed("Parquet", b"PAR1\x15\x04\x15".to_vec(), refused(&["hint: "])),
        packed("XES", b"<?xml version=\"1.0\"?><log/>".to_vec(), refused(&["the log holds no event", "hint: "])),
        packed("JSON lines", b"{\"case\":1,\"time\":2}\n{\"case\":2,\"time\":3}\n".to_vec(), refused(&["hint: "])),
        packed("PNG", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec(), refused(&["not UTF-8", "t.csv:1"])),
        packed("prose", b"Dear colleague,\nplease find the log attached.\n".to_vec(), refused(&["hint: "])),
    ]
}
