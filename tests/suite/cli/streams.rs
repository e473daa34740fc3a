//! Results on standard output, messages on standard error, and a reader that goes away.

use std::io::Read;
use std::process::Stdio;

use super::{LOG, analyze, folder};
use crate::run::{command, finish, folder_with, sample, wcaf, wcaf_reading};

#[test]
fn results_go_to_standard_output_alone() {
    let folder = folder();
    for format in ["terminal", "json", "md"] {
        let ran = analyze(folder.path(), &["log.csv", "--format", format]).ok();
        assert_eq!(ran.err, "", "{format}");
        assert!(ran.out.ends_with('\n') && ran.out.len() > 500, "{format}: {}", ran.out);
    }
    let findings = analyze(folder.path(), &["log.csv", "--format", "json"]).json();
    assert_eq!(findings["schema"], "wcaf.findings/1");
    assert_eq!(findings["input"]["events"], 7);
}

#[test]
fn a_reader_that_goes_away_is_success() {
    let folder = folder();
    let (desk, bought) = (sample("service-desk.csv.gz"), sample("procurement.csv"));
    let commands: [&[&str]; 12] = [
        &["case", &bought, "PR-02001"],
        &["analyze", &bought],
        &["analyze", &desk, "--format", "json"],
        &["analyze", &bought, "--format", "md"],
        &["analyze", &bought, "--format", "html"],
        &["check", &bought, "--fail-on", "none"],
        &["check", &desk, "--fail-on", "none", "--format", "json"],
        &["check", &bought, "--fail-on", "none", "--format", "md"],
        &["convert", &bought, "--to", "-", "--format", "csv"],
        &["convert", &desk, "--to", "-", "--format", "ndjson"],
        &["synth", "procurement"],
        &["synth", "service-desk", "--recipe"],
    ];
    for args in commands {
        let mut child =
            command(folder.path()).args(args).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut stdout = child.stdout.take().unwrap();
        let mut first = [0];
        if args[0] == "synth" {
            stdout.read_exact(&mut first).unwrap();
        }
        drop(stdout);
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(0), "{args:?}: {error}");
        assert_eq!(error, "", "{args:?}");
    }
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let folder = folder();
    let plain = analyze(folder.path(), &["log.csv"]).ok().out;
    assert!(!plain.contains('\u{1b}'));
    assert_eq!(analyze(folder.path(), &["log.csv", "--color", "never"]).ok().out, plain);
    let coloured = analyze(folder.path(), &["log.csv", "--color", "always"]).ok().out;
    assert!(coloured.contains("\u{1b}["));
    assert_eq!(without_colour(&coloured), plain);
    let args = ["analyze", "log.csv"];
    let quiet = |value: &str| finish(command(folder.path()).args(args).env("NO_COLOR", value)).ok().out;
    assert_eq!(quiet("1"), plain);
    assert_eq!(quiet(""), plain);
    let json = analyze(folder.path(), &["log.csv", "--format", "json", "--color", "always"]).ok();
    assert!(!json.out.contains('\u{1b}'), "only the terminal output has colour");
}

fn without_colour(text: &str) -> String {
    let mut out = String::new();
    let mut pieces = text.split("\u{1b}[");
    out += pieces.next().unwrap_or_default();
    for piece in pieces {
        out += piece.split_once('m').map_or("", |(_, rest)| rest);
    }
    out
}

#[test]
fn a_line_is_never_wider_than_told() {
    let folder = folder();
    for log in ["service-desk.csv.gz", "procurement.csv", "servicenow-incidents-excerpt.csv.gz"] {
        for width in ["60", "80", "133"] {
            let out = analyze(folder.path(), &[&sample(log), "--width", width, "--people"]).ok().out;
            let most: usize = width.parse().unwrap();
            let wide: Vec<&str> =
                out.lines().filter(|line| unicode_width::UnicodeWidthStr::width(*line) > most).collect();
            assert!(wide.is_empty(), "{log} at {width}: {wide:#?}");
        }
        assert_eq!(
            analyze(folder.path(), &[&sample(log)]).ok().out,
            analyze(folder.path(), &[&sample(log), "--width", "80"]).ok().out,
            "80 is the width where there is no terminal"
        );
    }
}

#[test]
fn standard_input_is_a_log_like_any_other() {
    let folder = folder();
    let piped = wcaf_reading(folder.path(), &["analyze", "-", "--format", "json"], LOG.as_bytes()).ok().out;
    let named = analyze(folder.path(), &["log.csv", "--format", "json"]).ok().out;
    assert_eq!(piped.replace("<stdin>", "log.csv"), named);
    let gzip = crate::run::gzip(LOG.as_bytes());
    let packed = wcaf_reading(folder.path(), &["analyze", "-", "--format", "json"], &gzip).ok().json();
    assert_eq!(packed["input"]["events"], 7);
}

#[test]
fn notes_go_to_standard_error_unless_quiet() {
    let folder = folder_with(&[("log.csv", LOG.as_bytes()), ("wcaf.toml", b"timezone = \"UTC\"\n")]);
    let loud = wcaf(folder.path(), &["analyze", "log.csv", "--format", "json"]).ok();
    assert_eq!(loud.err, "note: using wcaf.toml of the current folder\n");
    let quiet = wcaf(folder.path(), &["analyze", "log.csv", "--format", "json", "--quiet"]).ok();
    assert_eq!((quiet.err.as_str(), quiet.out), ("", loud.out));
}
