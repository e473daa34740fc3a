//! `wcaf analyze`: the main job.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use super::args::{Analyze, Colour, Columns, EncodingArg, FamilyArg, Format, MissingOwnerArg, Reading};
use super::output::{OutputFolder, write_file_atomically};
use super::print;
use super::progress::Bar;
use super::rejects_file;
use crate::assemble::{self, Options, assemble, measure};
use crate::config::{Config, Encoding, Family, MissingOwner};
use crate::error::{Kind, Problem, Result};
use crate::ingest::mapping::{How, Overrides, Role};
use crate::ingest::source::{Progress, Source};
use crate::ingest::{self, IngestReport, Request};
use crate::log::text::{shown, visible};
use crate::report::model::Findings;
use crate::report::terminal::Style;
use crate::report::{json, manifest, markdown, tables, terminal};
use crate::time::{DateFormat, Zone};

/// Rejected rows kept for the error message where nobody asked for all of them.
const FEW_REJECTS: usize = 20;

pub fn run(args: &Analyze) -> Result<()> {
    let (config, config_hash) = load_config(args)?;
    let request = request(args, &config)?;
    let threads = request.threads;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, args.output.quiet);
    let (log, report) = ingest::read(&request, &progress)?;
    expect_rows(args, &report)?;
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

fn expect_rows(args: &Analyze, report: &IngestReport) -> Result<()> {
    match args.reading.expect_rows {
        Some(expected) if expected != report.rows_read => {
            Err(Problem::input(format!("{} rows were read, {expected} were expected", report.rows_read))
                .hint("the file may be cut off; export it again, or correct `--expect-rows`"))
        }
        _ => Ok(()),
    }
}

/// The configuration named, else `wcaf.toml` of the current folder, else none; with `--set` applied and a hash.
fn load_config(args: &Analyze) -> Result<(Config, Option<String>)> {
    let default = Path::new("wcaf.toml");
    let path = args.config.as_deref().or_else(|| default.exists().then_some(default));
    let (mut config, hash) = match path {
        None => (Config::default(), None),
        Some(path) => {
            let file = visible(&path.display().to_string());
            let text = std::fs::read_to_string(path).map_err(|error| {
                Problem::usage(format!("cannot read the configuration: {error}"))
                    .in_file(&file)
                    .hint("name a configuration that exists with `-c`, or leave `-c` out")
            })?;
            if args.config.is_none() && !args.output.quiet {
                eprintln_note(&format!("using {file} of the current folder"));
            }
            (Config::parse(&text, &file)?, Some(format!("blake3:{}", blake3::hash(text.as_bytes()))))
        }
    };
    for setting in &args.set {
        apply_setting(&mut config, setting)?;
    }
    Ok((config, hash))
}

fn eprintln_note(note: &str) {
    use std::io::Write;
    let _ = writeln!(std::io::stderr(), "note: {note}");
}

/// Applies `state."NAME"=CLASS`.
fn apply_setting(config: &mut Config, setting: &str) -> Result<()> {
    let malformed = || {
        Problem::usage(format!("`--set {}` is not understood", shown(setting)))
            .hint("write `--set 'state.\"On hold\"=waiting_requester'`")
    };
    let (key, class) = setting.rsplit_once('=').ok_or_else(malformed)?;
    let name = key.trim().strip_prefix("state.").ok_or_else(malformed)?;
    let name = name.strip_prefix('"').and_then(|name| name.strip_suffix('"')).unwrap_or(name);
    let class = class.trim();
    if !crate::config::CLASS_NAMES.contains(&class) {
        let problem = Problem::usage(format!("there is no state class `{}`", shown(class)));
        return Err(problem.hint(format!("the classes are {}", crate::config::CLASS_NAMES.join(", "))));
    }
    config.states.insert(name.to_owned(), class.to_owned());
    Ok(())
}

fn request(args: &Analyze, config: &Config) -> Result<Request> {
    let mut sources = Vec::new();
    for log in &args.logs {
        sources.extend(ingest::expand(log)?);
    }
    ingest::refuse_twice(&sources)?;
    let reading = &args.reading;
    let mut limits = reading.limits.limits(&config.limits);
    if let Some(max_rejects) = reading.max_rejects {
        limits.max_rejects = max_rejects;
    }
    let date_format = reading.date_format.as_ref().or(config.date_format.as_ref());
    let zone = reading.timezone.as_ref().or(config.timezone.as_ref());
    let available = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Request {
        sources,
        overrides: overrides(&args.columns, reading, config),
        delimiter: reading.delimiter.as_deref().map(delimiter).transpose()?,
        encoding: reading.encoding.map(encoding).or(config.encoding),
        date_format: date_format.map(|format| DateFormat::parse(format)).transpose()?,
        zone: zone.map(|zone| Zone::parse(zone)).transpose()?,
        allow_dst_gap: reading.allow_dst_gap,
        state_names: config.values.state.clone(),
        limits,
        keep_rejects: if args.output.rejects.is_some() { usize::MAX } else { FEW_REJECTS },
        threads: args.threads.map_or(available, usize::from),
    })
}

fn encoding(told: EncodingArg) -> Encoding {
    match told {
        EncodingArg::Utf8 => Encoding::Utf8,
        EncodingArg::Utf16Le => Encoding::Utf16Le,
        EncodingArg::Utf16Be => Encoding::Utf16Be,
        EncodingArg::Latin1 => Encoding::Latin1,
        EncodingArg::Windows1252 => Encoding::Windows1252,
    }
}

fn delimiter(text: &str) -> Result<u8> {
    match text {
        "tab" | "\\t" => Ok(b'\t'),
        "comma" => Ok(b','),
        "semicolon" => Ok(b';'),
        "pipe" => Ok(b'|'),
        _ => match text.as_bytes() {
            [byte] if byte.is_ascii() && !matches!(byte, b'"' | b'\n' | b'\r') => Ok(*byte),
            _ => Err(Problem::new(Kind::Usage, format!("`{}` is no delimiter", shown(text)))
                .hint("write one character, or `tab`")),
        },
    }
}

fn overrides(columns: &Columns, reading: &Reading, config: &Config) -> Overrides {
    let mut overrides = Overrides::from_config(config);
    let flags = [
        (Role::Case, &columns.case),
        (Role::Time, &columns.time),
        (Role::Start, &columns.start),
        (Role::Enabled, &columns.enabled),
        (Role::Activity, &columns.activity),
        (Role::State, &columns.state),
        (Role::Group, &columns.group),
        (Role::Assignee, &columns.assignee),
        (Role::Actor, &columns.actor),
        (Role::Comment, &columns.comment),
        (Role::Priority, &columns.priority),
        (Role::TieBreak, &columns.tie_break),
    ];
    for (role, column) in flags {
        if let Some(column) = column {
            overrides.flag(role, column);
        }
    }
    if !columns.segments.is_empty() {
        overrides.set_segments(&columns.segments, How::Flag);
    }
    if let Some(family) = reading.family {
        let family = match family {
            FamilyArg::Activity => Family::Activity,
            FamilyArg::Snapshot => Family::Snapshot,
            FamilyArg::StartEnd => Family::StartEnd,
        };
        overrides.family = Some((family, How::Flag));
    }
    if let Some(meaning) = reading.missing_owner {
        let meaning = match meaning {
            MissingOwnerArg::Unassigned => MissingOwner::Unassigned,
            MissingOwnerArg::Unchanged => MissingOwner::Unchanged,
        };
        overrides.missing_owner = Some((meaning, How::Flag));
    }
    overrides
}
