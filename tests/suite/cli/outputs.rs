//! The folder of `-o`: complete, checked by its manifest, the same on any thread count, and never half written.

use std::collections::BTreeSet;
use std::path::Path;

use serde_json::Value;

use super::{LOG, analyze, folder};
use crate::run::{command, files_below, finish, folder_with, sample, wcaf};

fn manifest(report: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(report.join("manifest.json")).unwrap()).unwrap()
}

fn hash(bytes: &[u8]) -> String {
    format!("blake3:{}", blake3::hash(bytes))
}

#[test]
fn the_manifest_names_every_file_with_its_hash() {
    let folder = folder_with(&[("log.csv", LOG.as_bytes()), ("mine.toml", b"timezone = \"UTC\"\n")]);
    analyze(folder.path(), &["log.csv", "-o", "a/report", "-c", "mine.toml"]).ok();
    let report = folder.path().join("a/report");
    let manifest = manifest(&report);
    let listed: BTreeSet<&str> =
        manifest["outputs"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    let files = files_below(&report);
    let found: BTreeSet<&str> =
        files.iter().map(|(name, _)| name.as_str()).filter(|name| *name != "manifest.json").collect();
    assert_eq!(listed, found);
    assert!(["findings.json", "report.html", "summary.md"].iter().all(|name| found.contains(name)), "{found:?}");
    assert!(found.iter().filter(|name| name.starts_with("tables/")).count() > 3, "{found:?}");
    for one in manifest["outputs"].as_array().unwrap() {
        let (_, bytes) = files.iter().find(|(name, _)| one["name"] == name.as_str()).unwrap();
        assert_eq!(one["hash"], hash(bytes), "{one}");
        assert_eq!(one["bytes"], bytes.len(), "{one}");
    }
    assert_eq!(manifest["inputs"][0]["name"], "log.csv");
    assert_eq!(manifest["inputs"][0]["hash"], hash(LOG.as_bytes()));
    assert_eq!(manifest["config_hash"], hash(b"timezone = \"UTC\"\n"));
    let printed = analyze(folder.path(), &["log.csv", "-c", "mine.toml", "--format", "json"]).ok().out;
    assert_eq!(printed.as_bytes(), std::fs::read(report.join("findings.json")).unwrap());
    let printed = analyze(folder.path(), &["log.csv", "-c", "mine.toml", "--format", "html"]).ok().out;
    assert_eq!(printed.as_bytes(), std::fs::read(report.join("report.html")).unwrap());
}

#[test]
fn packed_inputs_are_hashed_as_they_lie_on_disk() {
    let packed = crate::run::gzip(LOG.as_bytes());
    let folder = folder_with(&[("log.csv.gz", &packed)]);
    analyze(folder.path(), &["log.csv.gz", "-o", "report"]).ok();
    assert_eq!(manifest(&folder.path().join("report"))["inputs"][0]["hash"], hash(&packed));
}

#[test]
fn the_thread_count_changes_nothing() {
    for log in ["service-desk.csv.gz", "procurement.csv", "servicenow-incidents-excerpt.csv.gz"] {
        let mut all = Vec::new();
        for threads in ["1", "2", "16"] {
            let folder = folder();
            let args = [&sample(log), "-o", "report", "--rejects", "rejects.csv", "--people", "--threads", threads];
            let out = analyze(folder.path(), &args).ok().out;
            all.push((out, files_below(folder.path())));
        }
        assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{log}: outputs depend on the thread count");
    }
}

#[test]
fn the_thread_count_does_not_change_a_refusal() {
    let mut text = "case,time,state\n".to_owned();
    for i in 0..120_000 {
        let state = if i % 50_000 == 40_000 { "Ne\"w,x" } else { "waiting for an answer of somebody" };
        text += &format!("C{},2024-03-{:02} 10:{:02}:00,{state}\n", i / 3, 1 + i / 5_000, i % 60);
    }
    let folder = folder_with(&[("log.csv", text.as_bytes())]);
    let refused = |threads| analyze(folder.path(), &["log.csv", "--threads", threads]);
    let one = refused("1");
    assert!(one.err.contains("2 rows have") && one.err.contains("log.csv:40002:"), "{}", one.err);
    assert!((0..5).all(|_| refused("16").err == one.err));
}

#[test]
fn a_report_is_replaced_whole_or_not_at_all() {
    let folder = folder();
    let report = folder.path().join("report");
    analyze(folder.path(), &["log.csv", "-o", "report"]).ok();
    std::fs::write(report.join("mine.txt"), "kept").unwrap();
    std::fs::write(report.join(".wcaf-1-0.tmp"), "left by a run that was killed").unwrap();
    let before = files_below(&report);
    analyze(folder.path(), &["missing.csv", "-o", "report"]).refused(3, &[]);
    assert_eq!(files_below(&report), before, "a refusal leaves the report as it was");
    analyze(folder.path(), &["log.csv", "-o", "report"]).ok();
    let after: Vec<_> = before.into_iter().filter(|(name, _)| !name.starts_with(".wcaf-")).collect();
    assert_eq!(files_below(&report), after, "the same report again, and nothing unfinished");
}

#[test]
fn outputs_hold_no_folder_no_thread_count_and_no_clock() {
    let run = |place: &str, zone: &str, threads: &str| {
        let folder = folder_with(&[(&format!("{place}/log.csv"), LOG.as_bytes())]);
        let log = folder.path().join(place).join("log.csv");
        let log = log.to_str().unwrap();
        let mut command = command(folder.path());
        command.args(["analyze", log, "-o", "report", "--threads", threads]);
        command.env("TZ", zone).env("LANG", "de_DE.UTF-8").env("HOME", folder.path()).env("HOSTNAME", "planted-host");
        let out = finish(&mut command).ok().out;
        let files = files_below(&folder.path().join("report"));
        for (name, bytes) in
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).chain([("stdout", out.as_bytes())])
        {
            let text = String::from_utf8_lossy(bytes);
            for planted in [folder.path().to_str().unwrap(), place, "planted-host"] {
                assert!(!text.contains(planted), "{name} holds {planted}");
            }
        }
        (out, files)
    };
    assert_eq!(run("some-place", "UTC", "2"), run("another-place", "Asia/Tokyo", "7"));
}

#[test]
fn the_sample_worlds_are_made_again() {
    let folder = folder();
    let note = wcaf(folder.path(), &["synth", "procurement", "--seed", "7", "-o", "made.csv"]).ok();
    assert_eq!(note.out, "made.csv: 7704 rows, 1120 cases\n");
    let made = std::fs::read(folder.path().join("made.csv")).unwrap();
    assert!(made == std::fs::read(sample("procurement.csv")).unwrap());
    assert!(wcaf(folder.path(), &["synth", "procurement"]).ok().out.as_bytes() == made);
    let recipe = wcaf(folder.path(), &["synth", "procurement", "--recipe"]).ok().out;
    std::fs::write(folder.path().join("mine.toml"), recipe).unwrap();
    assert!(wcaf(folder.path(), &["synth", "mine.toml", "--seed", "7"]).ok().out.as_bytes() == made);
    assert!(wcaf(folder.path(), &["synth", "procurement", "--seed", "8"]).ok().out.as_bytes() != made);
}

/// Every file below `report` that is no left-over of a killed run is one of the two whole versions.
#[cfg(unix)]
fn is_old_or_new(report: &Path, versions: &[Vec<(String, Vec<u8>)>; 2]) -> usize {
    let files = files_below(report);
    let kept: Vec<_> =
        files.iter().filter(|(name, _)| !name.rsplit('/').next().unwrap_or(name).starts_with(".wcaf-")).collect();
    for (name, bytes) in &kept {
        let whole = versions.iter().flatten().any(|(known, wanted)| known == name && wanted == bytes);
        assert!(whole, "{name} is neither the old file nor the new one");
    }
    kept.len()
}

#[test]
#[cfg(unix)]
fn a_kill_leaves_every_file_old_or_new() {
    let other = LOG.replace("10:0", "11:0");
    assert_ne!(other, LOG);
    let folder = folder_with(&[("a.csv", LOG.as_bytes()), ("b.csv", other.as_bytes())]);
    let run = |log: &str, report: &str| {
        command(folder.path()).args(["analyze", log, "-o", report, "-q"]).stdout(std::process::Stdio::null()).spawn()
    };
    let begun = std::time::Instant::now();
    let versions = ["a.csv", "b.csv"].map(|log| {
        assert!(run(log, log.split('.').next().unwrap()).unwrap().wait().unwrap().success());
        files_below(&folder.path().join(log.split('.').next().unwrap()))
    });
    let span = begun.elapsed() / 2;
    assert!(run("a.csv", "report").unwrap().wait().unwrap().success());
    let report = folder.path().join("report");
    let (mut state, mut killed) = (17u64, 0);
    for round in 0..200 {
        let mut child = run(["b.csv", "a.csv"][round % 2], "report").unwrap();
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(span.mul_f64(f64::from((state >> 40) as u32 % 1_000) / 800.0));
        child.kill().unwrap();
        killed += usize::from(!child.wait().unwrap().success());
        assert_eq!(is_old_or_new(&report, &versions), versions[0].len());
    }
    assert!(killed > 20, "only {killed} of 200 runs were killed before their end");
    assert!(run("b.csv", "report").unwrap().wait().unwrap().success());
    assert_eq!(files_below(&report), versions[1], "a whole run afterwards tidies up");
}
