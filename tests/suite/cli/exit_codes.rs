//! 0 done, 2 usage or configuration, 3 input refused, 4 output not written.

use super::{LOG, analyze, folder};
use crate::run::{folder_with, wcaf};

#[test]
fn usage_and_configuration_are_2() {
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("key.toml", b"touch_windw = \"1m\"\n"),
        ("broken.toml", b"touch_window = \n"),
        ("class.toml", b"[states]\n\"On hold\" = \"waiting_requster\"\n"),
        ("zone.toml", b"timezone = \"Europe/Berln\"\n"),
        ("world.toml", b"nothing = 1\n"),
    ]);
    let cases: [(&[&str], &[&str]); 20] = [
        (&[], &["Usage"]),
        (&["analyse", "log.csv"], &["unrecognized subcommand", "analyze"]),
        (&["analyze"], &["<LOG>"]),
        (&["analyze", "log.csv", "--cas", "case"], &["unexpected argument", "--case"]),
        (&["analyze", "log.csv", "--format", "xml"], &["invalid value", "json"]),
        (&["analyze", "log.csv", "--width", "59"], &["invalid value", "60"]),
        (&["analyze", "log.csv", "--threads", "0"], &["invalid value"]),
        (&["analyze", "log.csv", "--tables", "cases"], &["--out"]),
        (&["analyze", "log.csv", "--case", "cse"], &["`cse`", "hint: did you mean `--case case`?"]),
        (&["analyze", "log.csv", "--delimiter", "ab"], &["`ab` is no delimiter", "hint: "]),
        (&["analyze", "log.csv", "--timezone", "Mars"], &["unknown time zone `Mars`", "hint: "]),
        (&["analyze", "log.csv", "--date-format", "%"], &["hint: "]),
        (
            &["analyze", "log.csv", "--set", "On hold=done"],
            &["`--set On hold=done` is not understood", "hint: write `--set"],
        ),
        (&["analyze", "log.csv", "--set", "state.Work=working"], &["there is no state class `working`", "hint: "]),
        (
            &["analyze", "log.csv", "-c", "missing.toml"],
            &["cannot read the configuration", "--> missing.toml", "hint: "],
        ),
        (
            &["analyze", "log.csv", "-c", "key.toml"],
            &["unknown key `touch_windw`", "--> key.toml:1", "hint: did you mean `touch_window`?"],
        ),
        (&["analyze", "log.csv", "-c", "broken.toml"], &["--> broken.toml:1"]),
        (
            &["analyze", "log.csv", "-c", "class.toml"],
            &["waiting_requster", "hint: write `\"On hold\" = \"waiting_requester\"`"],
        ),
        (&["synth", "sevice-desk"], &["there is no world `sevice-desk`", "hint: built-in worlds: service-desk"]),
        (&["synth", "world.toml"], &["--> world.toml"]),
    ];
    for (args, parts) in cases {
        wcaf(folder.path(), args).refused(2, parts);
    }
    analyze(folder.path(), &["log.csv", "-c", "zone.toml"]).refused(2, &["unknown time zone", "hint: "]);
}

#[test]
fn a_refused_input_is_3_and_leaves_no_report() {
    let folder = folder_with(&[("broken.csv", b"case,time,state\nA,2024-01-01,\"New\nA,2024-01-02,Closed\n")]);
    let refused = analyze(folder.path(), &["broken.csv", "-o", "report", "--rejects", "rejects.csv"]);
    refused.refused(3, &["a quoted field is never closed", "--> broken.csv:2"]);
    assert!(!folder.path().join("report").exists());
    assert!(!folder.path().join("rejects.csv").exists());
    analyze(folder.path(), &["missing.csv"]).refused(3, &["there is no such file"]);
    analyze(folder.path(), &["broken.csv", "missing.csv"]).refused(3, &["broken.csv:2"]);
}

#[test]
fn an_output_that_cannot_be_written_is_4() {
    let folder = folder();
    std::fs::write(folder.path().join("taken"), "a file").unwrap();
    let refused = |args: &[&str], parts: &[&str]| {
        let ran = analyze(folder.path(), &[&["log.csv"], args].concat());
        assert_eq!(ran.code, Some(4), "{}", ran.err);
        for part in parts {
            assert!(ran.err.contains(part), "{part:?} is missing in:\n{}", ran.err);
        }
    };
    refused(&["-o", "taken"], &["cannot write the output", "--> taken", "hint: "]);
    refused(&["-o", "taken/report"], &["cannot write the output", "hint: "]);
    refused(&["--rejects", "nowhere/rejects.csv"], &["cannot write the output", "--> nowhere/rejects.csv", "hint: "]);
    wcaf(folder.path(), &["synth", "procurement", "-o", "nowhere/log.csv"])
        .refused(4, &["cannot write the output", "hint: "]);
    assert_eq!(std::fs::read_to_string(folder.path().join("taken")).unwrap(), "a file");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_4() {
    use std::fs::OpenOptions;
    use std::process::Stdio;

    use crate::run::{command, finish};

    let folder = folder();
    let full = || Stdio::from(OpenOptions::new().write(true).open("/dev/full").unwrap());
    for args in [&["analyze", "log.csv"][..], &["analyze", "log.csv", "--format", "json"], &["synth", "procurement"]] {
        let child = command(folder.path()).args(args).stdout(full()).stderr(Stdio::piped()).spawn().unwrap();
        let output = child.wait_with_output().unwrap();
        let error = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(4), "{args:?}: {error}");
        assert!(error.starts_with("error: cannot write"), "{args:?}: {error}");
    }
    let rejects = finish(command(folder.path()).args(["analyze", "log.csv", "--rejects", "/dev/full"]));
    assert_eq!(rejects.code, Some(4), "{}", rejects.err);
    assert!(rejects.err.contains("the disk is full"), "{}", rejects.err);
}

#[test]
fn help_and_version_are_0_and_fit() {
    let folder = folder();
    for args in
        [&["--help"][..], &["analyze", "--help"], &["synth", "--help"], &["-h"], &["analyze", "-h"], &["--version"]]
    {
        let ran = wcaf(folder.path(), args).ok();
        assert!(ran.out.lines().count() >= if args[0] == "--version" { 1 } else { 8 }, "{args:?}: {}", ran.out);
        let wide: Vec<&str> = ran.out.lines().filter(|line| line.chars().count() > 100).collect();
        assert!(wide.is_empty(), "{args:?}: {wide:#?}");
        assert_eq!(ran.err, "");
    }
}
