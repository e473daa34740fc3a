//! From flags and configuration to what is read, for every command that reads a log.

use std::path::Path;

use super::args::{Columns, FamilyArg, MissingOwnerArg, Reading};
use crate::config::{Config, Family, MissingOwner};
use crate::error::{Kind, Problem, Result};
use crate::ingest::limits::Limits;
use crate::ingest::mapping::{How, Overrides, Role};
use crate::ingest::{self, IngestReport, Request};
use crate::log::text::{shown, visible};
use crate::time::{DateFormat, Zone};

/// Rejected rows kept for the error message where nobody asked for all of them.
const FEW_REJECTS: usize = 20;

/// What a command line says about a log.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// The logs and patterns.
    pub logs: &'a [String],
    /// The configuration, when named.
    pub config: Option<&'a Path>,
    /// Answers for this run.
    pub set: &'a [String],
    /// Columns by flag.
    pub columns: &'a Columns,
    /// How to read.
    pub reading: &'a Reading,
    /// Whether every rejected row is wanted.
    pub all_rejects: bool,
    /// Whether notes are unwanted.
    pub quiet: bool,
    /// Threads, when told.
    pub threads: Option<u16>,
}

/// Refuses another number of rows than expected.
///
/// # Errors
/// When the log has another number of rows.
pub fn expect_rows(reading: &Reading, report: &IngestReport) -> Result<()> {
    match reading.expect_rows {
        Some(expected) if expected != report.rows_read => {
            Err(Problem::input(format!("{} rows were read, {expected} were expected", report.rows_read))
                .hint("the file may be cut off; export it again, or correct `--expect-rows`"))
        }
        _ => Ok(()),
    }
}

/// The configuration named, else `wcaf.toml` of the current folder, else none; with `--set` applied and a hash.
///
/// # Errors
/// When it cannot be read or is not understood.
pub fn load_config(asked: &Asked) -> Result<(Config, Option<String>)> {
    let default = Path::new("wcaf.toml");
    let path = asked.config.or_else(|| default.exists().then_some(default));
    let (mut config, hash) = match path {
        None => (Config::default(), None),
        Some(path) => {
            let file = visible(&path.display().to_string());
            let text = std::fs::read_to_string(path).map_err(|error| {
                Problem::usage(format!("cannot read the configuration: {error}"))
                    .in_file(&file)
                    .hint("name a configuration that exists with `-c`, or leave `-c` out")
            })?;
            if asked.config.is_none() && !asked.quiet {
                note(&format!("using {file} of the current folder"));
            }
            (Config::parse(&text, &file)?, Some(format!("blake3:{}", blake3::hash(text.as_bytes()))))
        }
    };
    for setting in asked.set {
        apply_setting(&mut config, setting)?;
    }
    Ok((config, hash))
}

/// Writes a note to standard error.
pub fn note(note: &str) {
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

/// What is read, and how.
///
/// # Errors
/// When a flag is not understood, or a pattern matches nothing.
pub fn request(asked: &Asked, config: &Config) -> Result<Request> {
    let mut sources = Vec::new();
    for log in asked.logs {
        sources.extend(ingest::expand(log)?);
    }
    ingest::refuse_twice(&sources)?;
    let reading = asked.reading;
    let mut limits = Limits::default();
    if let Some(max_rejects) = reading.max_rejects {
        limits.max_rejects = max_rejects;
    }
    let date_format = reading.date_format.as_ref().or(config.date_format.as_ref());
    let zone = reading.timezone.as_ref().or(config.timezone.as_ref());
    let available = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Request {
        sources,
        overrides: overrides(asked.columns, reading, config),
        delimiter: reading.delimiter.as_deref().map(delimiter).transpose()?,
        date_format: date_format.map(|format| DateFormat::parse(format)).transpose()?,
        zone: zone.map(|zone| Zone::parse(zone)).transpose()?,
        allow_dst_gap: reading.allow_dst_gap,
        state_names: config.values.state.clone(),
        limits,
        keep_rejects: if asked.all_rejects { usize::MAX } else { FEW_REJECTS },
        threads: asked.threads.map_or(available, usize::from),
    })
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
