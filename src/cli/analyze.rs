//! `wcaf analyze`: the main job.

use std::path::Path;
use std::sync::Arc;

use super::args::{Analyze, Format};
use super::output::{OutputFolder, write_file_atomically};
use super::progress::Bar;
use super::{print, reading, rejects_file};
use crate::assemble::{self, Options, PolicyFile, assemble, measure_chosen};
use crate::config::{Config, TableFile};
use crate::error::Result;
use crate::ingest;
use crate::ingest::source::{Progress, Source};
use crate::log::LogText;
use crate::report::clocks::Clocks;
use crate::report::manifest::InputFile;
use crate::report::model::Findings;
use crate::report::{documents, html, json, manifest, markdown, tables, terminal};

pub fn run(args: &Analyze) -> Result<()> {
    let screen = &args.output.screen;
    let (mut config, config_hash) = reading::load_config(&args.input, screen.quiet)?;
    if let Some(path) = &args.output.workshop {
        reading::take_workshop(&mut config, path, &args.input.set)?;
    }
    let clocks = reading::clocks(args.output.clock, &config)?;
    let request = reading::request(&args.input, &config, screen.rejects.is_some())?;
    let threads = request.threads;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, screen.quiet);
    let (log, mut report) = ingest::read(&request, &progress)?;
    reading::expect_rows(&args.input, &report)?;
    bar.step("measuring");
    let (log, whole) = reading::choose(log, &mut report, &config, &request, screen.people)?;
    let mut measured = measure_chosen(log, whole.as_ref(), &report, &config, threads)?;
    let options = Options { people: screen.people, threads };
    let mut findings = assemble(&mut measured, &report, &config, options);
    let policies = match &args.output.out {
        Some(_) => assemble::policies(&measured, &config, &mut findings),
        None => Vec::new(),
    };
    bar.step("writing");
    if let Some(path) = &screen.rejects {
        write_file_atomically(path, &rejects_file::render(&report.rejects, &report.sources))?;
    }
    if let Some(folder) = &args.output.out {
        let read = Read { config: &config, config_hash, threads, policies: &policies };
        write_folder(folder, args, (&findings, clocks), &measured, &read)?;
    }
    drop(bar);
    let printed = print(render(args, &findings, clocks).as_bytes());
    // The process ends here; giving back a large log piece by piece would only take time.
    std::mem::forget(measured);
    printed
}

fn render(args: &Analyze, findings: &Findings, clocks: Clocks) -> String {
    match args.output.format {
        Format::Json => json::findings_json(findings),
        Format::Md => markdown::summary(findings, clocks),
        Format::Html => html::page(findings, clocks),
        Format::Terminal => terminal::render(findings, reading::style(&args.output.screen), clocks),
    }
}

/// What was read beside the logs, and how.
struct Read<'a> {
    config: &'a Config,
    config_hash: Option<String>,
    threads: usize,
    policies: &'a [PolicyFile],
}

fn write_folder(
    folder: &Path,
    args: &Analyze,
    (findings, clocks): (&Findings, Clocks),
    measured: &assemble::Measured,
    read: &Read,
) -> Result<()> {
    let mut output = OutputFolder::create(folder)?;
    output.write("findings.json", json::findings_json(findings).as_bytes(), 0)?;
    output.write("report.html", html::page(findings, clocks).as_bytes(), 0)?;
    output.write("summary.md", markdown::summary(findings, clocks).as_bytes(), 0)?;
    output.write("workshop.md", documents::workshop(findings).as_bytes(), 0)?;
    output.write("workshop.toml", documents::workshop_toml(findings).as_bytes(), 0)?;
    let stems = documents::stems(findings);
    output.write("plan.md", documents::plan(findings, &stems).as_bytes(), 0)?;
    for (found, stem) in findings.interventions.iter().zip(&stems) {
        output.write(&format!("charters/{stem}.md"), documents::charter(findings, found).as_bytes(), 0)?;
    }
    for policy in read.policies {
        output.write(&policy.name, policy.text.as_bytes(), 0)?;
    }
    for table in tables::tables(findings) {
        output.write(&format!("tables/{}", table.name), &table.bytes, table.guarded)?;
    }
    super::full_tables::write(&mut output, &args.output.tables, measured, args.output.screen.people, read.threads)?;
    let table = |file: &TableFile| InputFile {
        name: LogText::new(file.name.clone()),
        bytes: file.bytes,
        hash: file.hash.clone(),
    };
    let tables: Vec<InputFile> = read.config.tables.iter().map(table).collect();
    output.finish(|files| manifest::manifest(findings, files, read.config_hash.as_deref(), &tables))?;
    Ok(())
}
