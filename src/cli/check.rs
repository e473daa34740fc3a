//! `wcaf check`: how far a log can be trusted, before anything is computed from it.

use std::path::Path;
use std::sync::Arc;

use super::args::{Check, ReportFormat};
use super::output::{OutputFolder, write_file_atomically};
use super::progress::Bar;
use super::{print, reading, rejects_file};
use crate::assemble::Options;
use crate::assemble::check::{check, ids, is_check};
use crate::config::nearest;
use crate::error::{Kind, Problem, Result};
use crate::ingest;
use crate::ingest::source::{Progress, Source};
use crate::log::text::shown;
use crate::report::check::{CheckFinding, CheckReport, Severity, check_json};
use crate::report::{markdown, terminal};
use crate::time::Zone;

pub fn run(args: &Check) -> Result<()> {
    let screen = &args.output.screen;
    let fail_on = FailOn::parse(&args.output.fail_on)?;
    let (config, _) = reading::load_config(&args.input, screen.quiet)?;
    let mut request = reading::request(&args.input, &config, screen.rejects.is_some())?;
    request.keep_counter = true;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, screen.quiet);
    let (log, mut report) = ingest::read(&request, &progress)?;
    reading::expect_rows(&args.input, &report)?;
    bar.step("checking");
    let options = Options { people: screen.people, threads: request.threads };
    let zone = request.zone.clone().unwrap_or_else(Zone::utc);
    let (log, whole) = reading::choose(log, &mut report, &config, &request, screen.people)?;
    let found = check(log, whole.as_ref(), &report, &config, &zone, options)?;
    if let Some(path) = &screen.rejects {
        write_file_atomically(path, &rejects_file::render(&report.rejects, &report.sources))?;
    }
    if let Some(folder) = &args.output.out {
        write_folder(folder, &found)?;
    }
    drop(bar);
    let shown = match args.output.format {
        ReportFormat::Json => check_json(&found),
        ReportFormat::Md => markdown::check(&found),
        ReportFormat::Terminal => terminal::check(&found, reading::style(screen)),
    };
    print(shown.as_bytes())?;
    fail_on.judge(&found)
}

/// Both files one by one: a report of `analyze` in the same folder keeps its manifest.
fn write_folder(folder: &Path, found: &CheckReport) -> Result<()> {
    drop(OutputFolder::create(folder)?);
    write_file_atomically(folder.join("check.json"), check_json(found).as_bytes())?;
    write_file_atomically(folder.join("check.md"), markdown::check(found).as_bytes())
}

/// What ends the program with exit code 1.
#[derive(Debug, Default)]
struct FailOn {
    severity: Option<Severity>,
    ids: Vec<String>,
}

impl FailOn {
    fn parse(words: &[String]) -> Result<FailOn> {
        let mut fail_on = FailOn::default();
        for word in words.iter().map(|word| word.trim()) {
            match word {
                "none" => {}
                "fail" => fail_on.severity = fail_on.severity.or(Some(Severity::Fail)),
                "warn" => fail_on.severity = Some(Severity::Warn),
                id if is_check(id) => fail_on.ids.push(id.to_owned()),
                other => return Err(unknown(other)),
            }
        }
        Ok(fail_on)
    }

    fn stops(&self, finding: &CheckFinding) -> bool {
        self.severity.is_some_and(|least| finding.severity >= least) || self.ids.iter().any(|id| id == finding.id)
    }

    fn judge(&self, found: &CheckReport) -> Result<()> {
        let mut stopping: Vec<&str> =
            found.findings.iter().filter(|finding| self.stops(finding)).map(|finding| finding.id).collect();
        stopping.dedup();
        if stopping.is_empty() {
            return Ok(());
        }
        let problem = Problem::new(Kind::Threshold, format!("the log fails: {}", stopping.join(", ")));
        Err(problem.hint("the report says what helps; `--fail-on none` reports without failing"))
    }
}

fn unknown(word: &str) -> Problem {
    let known = ids();
    let words = ["none", "warn", "fail"];
    let problem = Problem::usage(format!("`--fail-on {}` is no severity and no check", shown(word)));
    match nearest(word, words.iter().copied().chain(known.iter().copied())) {
        Some(near) => problem.hint(format!("did you mean `--fail-on {near}`?")),
        None => problem.hint(format!("severities are none, warn, fail; checks are {}", known.join(", "))),
    }
}
