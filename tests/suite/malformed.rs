//! Broken and odd inputs from a table with expected outcomes, every prefix of a small log, and records that
//! straddle the borders of blocks.

mod borders;
mod bytes;
mod columns;
mod containers;
mod dates;
pub mod ndjson;
#[cfg(feature = "parquet")]
pub mod parquet;
mod prefixes;
mod structure;
pub mod xes;

use std::collections::BTreeSet;
use std::path::Path;

use crate::run::{Ran, folder_with, gzip, wcaf, wcaf_reading, zip};

/// Rows of the table below.
const INPUTS: usize = 385 + if cfg!(feature = "parquet") { 32 } else { 0 };

/// The header of the log that is broken in many ways.
pub const HEADER: &str = "case,time,state,group,comment\n";
/// Rows of that log.
pub const ROWS: usize = 9;

/// How an input is handed over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Container {
    Plain,
    Gzip,
    Zip,
    Stdin,
    /// The bytes are a container already.
    AsIs,
}

/// What must come of an input.
#[derive(Debug)]
pub enum Outcome {
    /// It is read: rows used, rows rejected, and codes of warnings that must be there.
    Read(u64, u64, &'static [&'static str]),
    /// It is refused: exit code and parts of the message, such as `:6` for the line.
    Refused(i32, &'static [&'static str]),
}
use Outcome::{Read, Refused};

/// One input of the table.
pub struct Odd {
    /// What is wrong and where, told apart within the container.
    pub fault: String,
    pub container: Container,
    pub bytes: Vec<u8>,
    pub flags: &'static [&'static str],
    pub outcome: Outcome,
}

/// A plain input without flags.
pub fn odd(fault: impl Into<String>, bytes: impl Into<Vec<u8>>, outcome: Outcome) -> Odd {
    let (fault, bytes) = (fault.into(), bytes.into());
    Odd { fault, container: Container::Plain, bytes, flags: &[], outcome }
}

impl Odd {
    pub fn with(mut self, flags: &'static [&'static str]) -> Odd {
        self.flags = flags;
        self
    }

    pub fn inside(mut self, container: Container) -> Odd {
        self.container = container;
        self
    }

    fn run(&self, folder: &Path) -> Ran {
        let bytes = match self.container {
            Container::Plain | Container::Stdin | Container::AsIs => self.bytes.clone(),
            Container::Gzip => gzip(&self.bytes),
            Container::Zip => zip(&[("log.csv", &self.bytes)]),
        };
        let mut args = vec!["analyze", "--format", "json", "--threads", "2"];
        args.extend(self.flags);
        if self.container == Container::Stdin {
            args.push("-");
            return wcaf_reading(folder, &args, &bytes);
        }
        std::fs::write(folder.join("t.csv"), bytes).unwrap();
        args.push("t.csv");
        wcaf(folder, &args)
    }

    /// What is wrong with the run, if anything.
    fn judge(&self, ran: &Ran) -> Option<String> {
        match (&self.outcome, ran.code) {
            (Read(used, rejected, warnings), Some(0)) => {
                let findings = ran.json();
                let input = &findings["input"];
                let seen = (input["events"].as_u64(), input["rows_rejected"].as_u64(), input["rows_read"].as_u64());
                let codes: Vec<_> =
                    findings["warnings"].as_array()?.iter().filter_map(|one| one["code"].as_str()).collect();
                if seen != (Some(*used), Some(*rejected), Some(used + rejected)) {
                    return Some(format!("used, rejected, read: {seen:?}"));
                }
                let missing = warnings.iter().find(|code| !codes.contains(code));
                missing.map(|code| format!("no warning {code} in {codes:?}"))
            }
            (Refused(code, parts), Some(actual)) if *code == actual => {
                let missing = parts.iter().find(|part| !ran.err.contains(*part));
                let said = format!(":\n{}", ran.err);
                if let Some(part) = missing {
                    Some(format!("{part:?} is missing{said}"))
                } else if !ran.err.starts_with("error: ") || !ran.err.contains("\nhint: ") {
                    Some(format!("not in the form of an error with a hint{said}"))
                } else {
                    (!ran.out.is_empty()).then(|| "a refusal printed a result".to_owned())
                }
            }
            (_, code) => Some(format!("exit code {code:?}:\n{}", ran.err)),
        }
    }
}

/// Row `i` of the log, with its comment.
pub fn row(i: usize, comment: &str) -> String {
    let state = ["New", "Work", "Closed"][i % 3];
    format!("C{},2024-03-{:02} 10:{i:02}:00,{state},G{},{comment}\n", i / 3, 1 + i, i % 2)
}

/// The log with the given rows replaced.
pub fn log_with(replaced: &[(usize, &str)]) -> String {
    let mut rows: Vec<String> = (0..ROWS).map(|i| row(i, "x")).collect();
    for (at, line) in replaced {
        (*line).clone_into(&mut rows[*at]);
    }
    HEADER.to_owned() + &rows.concat()
}

/// The log with one text of a row replaced.
pub fn log_edited(at: usize, from: &str, to: &str) -> String {
    let line = row(at, "x");
    assert!(line.contains(from), "{from:?} is not in {line:?}");
    log_with(&[(at, &line.replacen(from, to, 1))])
}

/// The log as it should be.
pub fn log() -> String {
    log_with(&[])
}

#[test]
fn every_input_of_the_table_has_its_outcome() {
    let mut table = structure::table();
    table.extend(bytes::table());
    table.extend(columns::table());
    table.extend(containers::table());
    table.extend(dates::table());
    table.extend(xes::table());
    table.extend(ndjson::table());
    #[cfg(feature = "parquet")]
    table.extend(parquet::table());
    let distinct: BTreeSet<_> = table.iter().map(|odd| (&odd.fault, odd.container)).collect();
    assert_eq!(distinct.len(), table.len(), "two inputs have the same fault, place and container");
    assert_eq!(table.len(), INPUTS, "the number of inputs is kept by hand, so that none is lost");

    let folder = folder_with(&[]);
    let wrong: Vec<String> = table
        .iter()
        .filter_map(|odd| {
            let found = odd.judge(&odd.run(folder.path()))?;
            Some(format!("{} ({:?}), expected {:?}\n  {found}", odd.fault, odd.container, odd.outcome))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), table.len(), wrong.join("\n"));
}

#[test]
fn what_is_no_file_is_refused() {
    let log = log();
    let folder = folder_with(&[("t.csv", log.as_bytes()), ("exports/t.csv", log.as_bytes())]);
    let analyze = |args: &[&str]| wcaf(folder.path(), &[&["analyze"], args].concat());
    analyze(&["exports"])
        .refused(3, &["the input is a folder", "hint: name the files in it: `wcaf analyze 'exports/*.csv'`"]);
    analyze(&["exports/*.csv"]).ok();
    analyze(&["nothing.csv"]).refused(3, &["there is no such file", "--> nothing.csv", "hint: "]);
    analyze(&["nothing-*.csv"]).refused(3, &["no file matches `nothing-*.csv`", "hint: "]);
    analyze(&["[.csv"]).refused(2, &["is malformed", "hint: "]);
    analyze(&["t.csv/t.csv"]).refused(3, &["cannot read the input", "hint: "]);
    analyze(&["t.csv", "exports/../t.csv"]).refused(2, &["named twice", "hint: name it once"]);
    analyze(&["-", "-"]).refused(2, &["named twice", "<stdin>"]);
    analyze(&["-"]).refused(3, &["the input is empty", "<stdin>"]);
}

#[cfg(unix)]
#[test]
fn a_file_without_permission_is_refused() {
    use std::os::unix::fs::PermissionsExt;
    let folder = folder_with(&[("t.csv", log().as_bytes())]);
    let path = folder.path().join("t.csv");
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o000)).unwrap();
    if std::fs::File::open(&path).is_ok() {
        crate::run::skipped("a_file_without_permission_is_refused (this user may read everything)");
        return;
    }
    wcaf(folder.path(), &["analyze", "t.csv"]).refused(3, &["the file may not be read", "--> t.csv", "hint: "]);
}
