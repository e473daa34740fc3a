//! `wcaf analyze`: the main job.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use super::args::{Analyze, Colour, Format};
use super::output::{OutputFolder, write_file_atomically};
use super::print;
use super::progress::Bar;
use super::rejects_file;
use super::request::{Asked, expect_rows, load_config, request};
use crate::assemble::{self, Options, assemble, measure};
use crate::error::Result;
use crate::ingest;
use crate::ingest::source::{Progress, Source};
use crate::report::model::Findings;
use crate::report::terminal::Style;
use crate::report::{json, manifest, markdown, tables, terminal};

pub fn run(args: &Analyze) -> Result<()> {
    let asked = Asked {
        logs: &args.logs,
        config: args.config.as_deref(),
        set: &args.set,
        columns: &args.columns,
        reading: &args.reading,
        all_rejects: args.output.rejects.is_some(),
        quiet: args.output.quiet,
        threads: args.threads,
    };
    let (config, config_hash) = load_config(&asked)?;
    let request = request(&asked, &config)?;
    let threads = request.threads;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, args.output.quiet);
    let (log, report) = ingest::read(&request, &progress)?;
    expect_rows(&args.reading, &report)?;
    bar.step("measuring");
    let mut measured = measure(log, &report, &config, threads)?;
    let options = Options { people: args.output.people, threads };
    let findings = assemble(&mut measured, &report, &config, options);
    bar.step("writing");
    if let Some(path) = &args.output.rejects {
        write_file_atomically(path, &rejects_file::render(&report.rejects, &report.sources))?;
    }
    if let Some(folder) = &args.output.out {
        write_folder(folder, args, &findings, &measured, config_hash.as_deref(), threads)?;
    }
    drop(bar);
    print(render(args, &findings).as_bytes())
}

fn render(args: &Analyze, findings: &Findings) -> String {
    match args.output.format {
        Format::Json => json::findings_json(findings),
        Format::Md => markdown::summary(findings),
        Format::Terminal => terminal::render(findings, style(args)),
    }
}

fn style(args: &Analyze) -> Style {
    let is_terminal = std::io::stdout().is_terminal();
    let wide = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    let width = args.output.width.map_or_else(|| wide.unwrap_or(80).clamp(60, 160), usize::from);
    let colour = match args.output.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    Style { width, colour, unicode: true }
}

fn write_folder(
    folder: &Path,
    args: &Analyze,
    findings: &Findings,
    measured: &assemble::Measured,
    config_hash: Option<&str>,
    threads: usize,
) -> Result<()> {
    let mut output = OutputFolder::create(folder)?;
    output.write("findings.json", json::findings_json(findings).as_bytes(), 0)?;
    output.write("summary.md", markdown::summary(findings).as_bytes(), 0)?;
    for table in tables::tables(findings) {
        output.write(&format!("tables/{}", table.name), &table.bytes, table.guarded)?;
    }
    for &table in &args.output.tables {
        super::full_tables::write(&mut output, table, measured, args.output.people, threads)?;
    }
    output.finish(|files| manifest::manifest(findings, files, config_hash))?;
    Ok(())
}
