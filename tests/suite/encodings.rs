//! The same log in every encoding: the same findings, and the hash of the file as it is.

use serde_json::Value;

use crate::malformed::{log, xes};
use crate::run::{Ran, folder_with, gzip, wcaf, wcaf_reading, zip};

/// Letters that Latin-1 has too.
fn with_letters(text: &str) -> String {
    text.replace("Work", "Prüfung à faire")
}

/// Bytes of a text of Latin-1 letters.
fn western(text: &str) -> Vec<u8> {
    text.chars().map(|letter| u8::try_from(u32::from(letter)).unwrap()).collect()
}

fn utf_16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    text.encode_utf16().flat_map(order).collect()
}

/// The text in every encoding, with the flags it needs.
fn every(text: &str) -> Vec<(&'static str, Vec<u8>, Vec<&'static str>)> {
    let marked = format!("\u{feff}{text}");
    vec![
        ("UTF-8", text.as_bytes().to_vec(), vec![]),
        ("UTF-8 as told", text.as_bytes().to_vec(), vec!["--encoding", "utf-8"]),
        ("UTF-8 with a mark", marked.as_bytes().to_vec(), vec![]),
        ("UTF-8 with a mark, told otherwise", marked.as_bytes().to_vec(), vec!["--encoding", "latin-1"]),
        ("UTF-16LE with a mark", utf_16(&marked, u16::to_le_bytes), vec![]),
        ("UTF-16BE with a mark", utf_16(&marked, u16::to_be_bytes), vec![]),
        ("UTF-16LE with a mark, told otherwise", utf_16(&marked, u16::to_le_bytes), vec!["--encoding", "utf-8"]),
        ("UTF-16LE as told", utf_16(text, u16::to_le_bytes), vec!["--encoding", "utf-16le"]),
        ("UTF-16BE as told", utf_16(text, u16::to_be_bytes), vec!["--encoding", "utf-16be"]),
        ("Latin-1 as told", western(text), vec!["--encoding", "latin-1"]),
        ("Windows-1252 as told", western(text), vec!["--encoding", "windows-1252"]),
    ]
}

/// Runs on bytes in a file; returns the findings and, apart from them, the source.
fn findings(name: &str, bytes: &[u8], flags: &[&str]) -> (Value, Value) {
    let folder = folder_with(&[(name, bytes)]);
    let args = [&["analyze", name, "--format", "json", "--people", "--threads", "2"], flags].concat();
    without_source(wcaf(folder.path(), &args))
}

fn without_source(ran: Ran) -> (Value, Value) {
    let mut found = ran.ok().json();
    let sources = found["input"]["sources"].take();
    (found, sources[0].clone())
}

fn hash_of(bytes: &[u8]) -> Value {
    format!("blake3:{}", blake3::hash(bytes)).into()
}

fn same_in_every_encoding(name: &str, text: &str) {
    let (expected, _) = findings(name, text.as_bytes(), &[]);
    for (what, bytes, flags) in every(text) {
        let (found, source) = findings(name, &bytes, &flags);
        assert!(found == expected, "{name}: {what}");
        assert_eq!(source["hash"], hash_of(&bytes), "{name}: {what}");
        assert_eq!(source["bytes"], bytes.len(), "{name}: {what}");
    }
}

#[test]
fn a_csv_in_every_encoding_gives_the_same_findings() {
    same_in_every_encoding("log.csv", &with_letters(&log()));
}

#[test]
fn an_xes_in_every_encoding_gives_the_same_findings() {
    let text = with_letters(&xes::log());
    same_in_every_encoding("log.xes", &text);
    let (expected, _) = findings("log.xes", text.as_bytes(), &[]);
    for name in ["ISO-8859-1", "latin1", "Windows-1252"] {
        let declared = western(&text.replace("UTF-8", name));
        assert!(findings("log.xes", &declared, &[]).0 == expected, "{name}");
    }
}

#[test]
fn a_large_log_in_every_encoding_gives_the_same_findings() {
    let mut text = "case,time,state,group\n".to_owned();
    for i in 0..60_000 {
        text += &format!(
            "C{:06},2024-03-{:02} 10:{:02}:00,{},Gruppe für {}\n",
            i / 3,
            1 + i % 28,
            i % 60,
            ["Neu", "läuft", "zu"][i % 3],
            i % 7
        );
    }
    same_in_every_encoding("log.csv", &text);
}

#[test]
fn letters_of_windows_are_read() {
    let text = log().replace("Work", "€ „warten“");
    let bytes: Vec<u8> = text
        .chars()
        .map(|letter| match letter {
            '€' => 0x80,
            '„' => 0x84,
            '“' => 0x93,
            letter => u8::try_from(u32::from(letter)).unwrap(),
        })
        .collect();
    let (expected, _) = findings("log.csv", text.as_bytes(), &[]);
    assert!(findings("log.csv", &bytes, &["--encoding", "windows-1252"]).0 == expected);
}

#[test]
fn containers_and_streams_are_decoded_too() {
    let text = with_letters(&log());
    let (expected, _) = findings("log.csv", text.as_bytes(), &[]);
    let wide = utf_16(&format!("\u{feff}{text}"), u16::to_le_bytes);
    let without_format = |mut found: Value| {
        found["input"].as_object_mut().unwrap().remove("format");
        found
    };
    let expected = without_format(expected);
    for (name, bytes) in [("log.csv.gz", gzip(&wide)), ("log.zip", zip(&[("log.csv", &wide)]))] {
        let (found, source) = findings(name, &bytes, &[]);
        assert!(without_format(found) == expected, "{name}");
        assert_eq!(source["hash"], hash_of(&bytes), "{name}");
    }
    let folder = folder_with(&[]);
    let args = ["analyze", "-", "--format", "json", "--people", "--threads", "2"];
    let (found, source) = without_source(wcaf_reading(folder.path(), &args, &wide));
    assert!(without_format(found) == expected, "standard input");
    assert_eq!(source["hash"], hash_of(&wide), "standard input");
}

#[test]
fn the_configuration_names_an_encoding_and_the_flag_beats_it() {
    let bytes = western(&with_letters(&log()));
    let folder = folder_with(&[
        ("log.csv", &bytes),
        ("wcaf.toml", b"encoding = \"windows-1252\"\n"),
        ("bad.toml", b"encoding = \"cp437\"\n"),
    ]);
    wcaf(folder.path(), &["analyze", "log.csv"]).ok();
    wcaf(folder.path(), &["analyze", "log.csv", "--encoding", "utf-8"])
        .refused(3, &["not UTF-8", "`--encoding windows-1252`"]);
    wcaf(folder.path(), &["analyze", "log.csv", "-c", "bad.toml"]).refused(2, &["bad.toml:1", "cp437", "windows-1252"]);
    wcaf(folder.path(), &["analyze", "log.csv", "--encoding", "cp437"]).refused(2, &["cp437", "windows-1252"]);
}

#[test]
fn the_hint_of_a_refusal_leads_to_a_log() {
    let text = with_letters(&log());
    for bytes in [western(&text), utf_16(&text, u16::to_le_bytes), utf_16(&text, u16::to_be_bytes)] {
        let folder = folder_with(&[("log.csv", &bytes)]);
        let refused = wcaf(folder.path(), &["analyze", "log.csv"]);
        assert_eq!(refused.code, Some(3), "{}", refused.err);
        let (_, rest) = refused.err.split_once("`--encoding ").unwrap_or_else(|| panic!("{}", refused.err));
        let (name, _) = rest.split_once('`').unwrap();
        wcaf(folder.path(), &["analyze", "log.csv", "--encoding", name]).ok();
    }
}
