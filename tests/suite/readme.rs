//! The commands of the README and of the other pages run as they stand.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::run::{files_below, package, skipped};

/// Pages with commands.
fn pages() -> Vec<PathBuf> {
    let root = package();
    let named = ["README.md", "sample-logs/README.md"].map(|name| root.join(name));
    let docs = files_below(&root.join("docs")).into_iter().map(|(name, _)| root.join("docs").join(name));
    named
        .into_iter()
        .chain(docs)
        .filter(|path| path.extension().is_some_and(|end| end == "md") && path.exists())
        .collect()
}

/// The lines of code blocks that call the program, by name or through cargo, as calls by name.
fn commands(page: &str) -> Vec<String> {
    let mut fenced = false;
    let mut found = Vec::new();
    for line in page.lines() {
        if line.starts_with("```") {
            fenced = !fenced;
            continue;
        }
        let code = if fenced { Some(line) } else { line.strip_prefix("    ") };
        let code = code.map(|code| code.trim_start_matches("$ ").trim());
        let call = code.and_then(|code| match code.split_once(" -- ") {
            Some((cargo, rest)) if cargo.starts_with("cargo run") => Some(format!("wcaf {rest}")),
            Some(_) | None => code.starts_with("wcaf ").then(|| code.to_owned()),
        });
        found.extend(call.map(|call| call.split(" #").next().unwrap_or_default().trim_end().to_owned()));
    }
    found
}

/// A folder in which the commands find the sample logs and examples, and leave the package as it is.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for part in ["sample-logs", "examples"] {
        for (name, bytes) in files_below(&package().join(part)) {
            let path = folder.path().join(part).join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
    folder
}

#[test]
fn every_command_of_the_pages_runs() {
    if cfg!(windows) {
        return skipped("every_command_of_the_pages_runs (the pages are written for a Unix shell)");
    }
    let folder = workplace();
    let program = Path::new(env!("CARGO_BIN_EXE_wcaf")).parent().unwrap();
    let path = std::env::join_paths(
        std::iter::once(program.to_path_buf())
            .chain(std::env::split_paths(&std::env::var_os("PATH").unwrap_or_default())),
    );
    let path = path.unwrap();
    let mut ran = 0;
    for page in pages() {
        let text = std::fs::read_to_string(&page).unwrap();
        for call in commands(&text) {
            if call.contains("$WCAF_LOGS") && std::env::var_os("WCAF_LOGS").is_none() {
                skipped(&format!("`{call}` of {} (WCAF_LOGS is not set)", page.display()));
                continue;
            }
            let mut shell = Command::new("sh");
            shell.args(["-c", &call]).current_dir(folder.path()).env("PATH", &path).stdin(Stdio::null());
            let output = shell.output().unwrap();
            let error = String::from_utf8_lossy(&output.stderr);
            assert!(output.status.success(), "{}: `{call}`\n{error}", page.display());
            ran += 1;
        }
    }
    assert!(ran >= 2, "only {ran} commands were found");
    let log = "sample-logs/procurement.csv";
    let made = std::fs::read(folder.path().join(log)).unwrap();
    assert!(made == std::fs::read(package().join(log)).unwrap(), "{log} is not what its command makes");
}

#[test]
fn commands_are_found_in_both_kinds_of_blocks() {
    let page = "text wcaf no\n\n    wcaf a b\n\n```sh\n$ cargo run --release -- analyze x  # a note\nwcaf c\nls\n```\n";
    assert_eq!(commands(page), ["wcaf a b", "wcaf analyze x", "wcaf c"]);
}
