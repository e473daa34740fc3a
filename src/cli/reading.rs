//! The flags and the configuration that say which logs are read and how, and how the answer is shown.

use std::io::IsTerminal;
use std::path::Path;
use std::sync::Arc;

use super::args::{ClockArg, Colour, Columns, EncodingArg, FamilyArg, LogArgs, MissingOwnerArg, Reading, Screen};
use super::output::write_file_atomically;
use super::progress::Bar;
use super::rejects_file;
use crate::assemble::filter::{self, Choice};
use crate::assemble::{Measured, Options, Whole, measure_chosen};
use crate::config::filter::{Bound, Condition};
use crate::config::{Config, Encoding, Family, LimitsSection, MissingOwner, TableFile};
use crate::error::{Kind, Problem, Result};
use crate::ingest::csv::whole;
use crate::ingest::mapping::{How, Overrides, Role};
use crate::ingest::source::{Progress, Source};
use crate::ingest::{self, IngestReport, Request};
use crate::log::EventLog;
use crate::log::text::{shown, visible};
use crate::report::clocks::Clocks;
use crate::report::terminal::Style;
use crate::time::{DateFormat, DateReader, Order, Resolver, Zone, format_utc_minutes};

/// Rejected rows kept for the error message where nobody asked for all of them.
const FEW_REJECTS: usize = 20;

/// How to draw on the terminal, or for a file that standard output goes to.
pub fn style(screen: &Screen) -> Style {
    let is_terminal = std::io::stdout().is_terminal();
    let wide = terminal_size::terminal_size().filter(|_| is_terminal).map(|(width, _)| usize::from(width.0));
    let width = screen.width.map_or_else(|| wide.unwrap_or(80).clamp(60, 160), usize::from);
    let colour = match screen.color {
        Colour::Always => true,
        Colour::Never => false,
        Colour::Auto => is_terminal && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty()),
    };
    Style { width, colour, unicode: true }
}

/// The clocks to show.
///
/// # Errors
/// A usage problem where the business clock is asked for and no calendar is configured.
pub fn clocks(asked: Option<ClockArg>, config: &Config) -> Result<Clocks> {
    let (clock, name) = match asked {
        None => return Ok(Clocks::Both),
        Some(ClockArg::Wall) => return Ok(Clocks::Wall),
        Some(ClockArg::Business) => (Clocks::Business, "business"),
        Some(ClockArg::Both) => (Clocks::Both, "both"),
    };
    if !config.calendars.all().is_empty() {
        return Ok(clock);
    }
    let problem = Problem::usage(format!("`--clock {name}` needs a working calendar, and none is configured"));
    Err(problem.hint(
        "add one to wcaf.toml, such as a table `[calendar.office]` with `timezone = \"Europe/Berlin\"` and \
         `mon_fri = \"09:00-17:00\"`; `wcaf check` proposes one from the log; or leave `--clock` out",
    ))
}

/// Refuses a log of another length than `--expect-rows`.
pub fn expect_rows(args: &LogArgs, report: &IngestReport) -> Result<()> {
    match args.reading.expect_rows {
        Some(expected) if expected != report.rows_read => {
            Err(Problem::input(format!("{} rows were read, {expected} were expected", report.rows_read))
                .hint("the file may be cut off; export it again, or correct `--expect-rows`"))
        }
        _ => Ok(()),
    }
}

/// What is kept of a log beside its events.
#[derive(Clone, Copy, Debug)]
pub enum Keep<'a> {
    Nothing,
    /// The line of each event.
    Lines,
    /// The line of each event, and the comments of the case with this id.
    LinesAndCommentsOf(&'a str),
}

/// A log that was read and measured.
pub struct Read {
    pub measured: Measured,
    pub report: IngestReport,
    pub options: Options,
    /// The configuration.
    pub config: Config,
    /// The clocks to show.
    pub clocks: Clocks,
    /// Zone that was told for times without an offset.
    pub zone: Option<Zone>,
    /// Shown until this is dropped.
    _bar: Bar,
}

/// Reads and measures the logs of a command that reports on single cases.
pub fn measured(args: &LogArgs, screen: &Screen, clock: Option<ClockArg>, keep: Keep) -> Result<Read> {
    let (config, _) = load_config(args, screen.quiet)?;
    let clocks = clocks(clock, &config)?;
    let mut request = request(args, &config, screen.rejects.is_some())?;
    (request.keep_lines, request.keep_comments_of) = match keep {
        Keep::Nothing => (false, None),
        Keep::Lines => (true, None),
        Keep::LinesAndCommentsOf(case) => (true, Some(case.to_owned())),
    };
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, screen.quiet);
    let (log, mut report) = ingest::read(&request, &progress)?;
    expect_rows(args, &report)?;
    if let Some(path) = &screen.rejects {
        write_file_atomically(path, &rejects_file::render(&report.rejects, &report.sources))?;
    }
    bar.step("measuring");
    let (log, whole) = choose(log, &mut report, &config, &request, screen.people)?;
    let measured = measure_chosen(log, whole.as_ref(), &report, &config, request.threads)?;
    let options = Options { people: screen.people, threads: request.threads };
    Ok(Read { measured, report, options, config, clocks, zone: request.zone, _bar: bar })
}

/// The configuration named, else `wcaf.toml` of the current folder, else none; with `--set` applied and a hash.
pub fn load_config(args: &LogArgs, quiet: bool) -> Result<(Config, Option<String>)> {
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
            if args.config.is_none() && !quiet {
                note(&format!("using {file} of the current folder"));
            }
            let folder = path.parent().unwrap_or(Path::new(""));
            let table = |name: &str, columns: &[&str], limits: &LimitsSection| {
                whole::read(&folder.join(name), columns, &args.reading.limits.limits(limits))
            };
            (Config::parse_with(&text, &file, &table)?, Some(format!("blake3:{}", blake3::hash(text.as_bytes()))))
        }
    };
    for setting in &args.set {
        apply_setting(&mut config, setting)?;
    }
    for condition in &args.filter.conditions {
        config.filter.conditions.push(Condition::parse(condition, None)?);
    }
    let bound = |text: &String| Bound { text: text.clone(), place: None };
    config.filter.arrived_from.extend(args.filter.arrived_from.iter().map(bound));
    config.filter.arrived_to.extend(args.filter.arrived_to.iter().map(bound));
    Ok((config, hash))
}

/// Puts what a workshop guessed and settled into the configuration, and its file among those that were read. What `--set`
/// says still wins.
///
/// # Errors
/// A usage problem where the file cannot be read or says something wrong.
pub fn take_workshop(config: &mut Config, path: &Path, settings: &[String]) -> Result<()> {
    let file = visible(&path.display().to_string());
    let text = std::fs::read_to_string(path).map_err(|error| {
        Problem::usage(format!("cannot read what a workshop settled: {error}"))
            .in_file(&file)
            .hint("name a filled `workshop.toml` with `--workshop`; `wcaf analyze LOG -o DIR` writes one to begin with")
    })?;
    config.take_workshop(&text, &file)?;
    settings.iter().try_for_each(|setting| apply_setting(config, setting))?;
    let name = path.file_name().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
    let hash = format!("blake3:{}", blake3::hash(text.as_bytes()));
    config.tables.push(TableFile { name, bytes: text.len() as u64, hash });
    Ok(())
}

/// Says something on standard error that is no error.
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

/// What to read and how; `keep_all` keeps every rejected row.
pub fn request(args: &LogArgs, config: &Config, keep_all: bool) -> Result<Request> {
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
    let zone = zone.map(|zone| Zone::parse(zone)).transpose()?;
    let as_of_ms = reading.as_of.as_ref().map(|as_of| instant("--as-of", as_of, zone.as_ref())).transpose()?;
    let available = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    Ok(Request {
        sources,
        overrides: overrides(&args.columns, reading, config),
        delimiter: reading.delimiter.as_deref().map(delimiter).transpose()?,
        encoding: reading.encoding.map(encoding).or(config.encoding),
        date_format: date_format.map(|format| DateFormat::parse(format)).transpose()?,
        zone,
        allow_dst_gap: reading.allow_dst_gap,
        state_names: config.values.state.clone(),
        splits: config.splits.clone(),
        keep_columns: config.kept_columns(),
        keep_if_there: config.filter.columns().map(str::to_owned).collect(),
        limits,
        keep_rejects: if keep_all { usize::MAX } else { FEW_REJECTS },
        keep_counter: false,
        keep_lines: false,
        comments: config.comments.clone(),
        keep_comments_of: None,
        as_of_ms,
        threads: args.threads.map_or(available, usize::from),
    })
}

/// Keeps the cases that the filter wants; what is settled on the whole log comes with them.
///
/// # Errors
/// A usage problem where a time or a condition cannot be understood; an input problem where no case is left.
pub fn choose(
    log: EventLog,
    report: &mut IngestReport,
    config: &Config,
    request: &Request,
    people: bool,
) -> Result<(EventLog, Option<Whole>)> {
    let filter = &config.filter;
    let all = |flag: &str, bounds: &[Bound]| {
        bounds.iter().map(|bound| arrival(flag, bound, request.zone.as_ref())).collect::<Result<Vec<i64>>>()
    };
    let choice = Choice {
        arrived_from_ms: all("arrived-from", &filter.arrived_from)?.into_iter().max(),
        arrived_to_ms: all("arrived-to", &filter.arrived_to)?.into_iter().min(),
        people,
        threads: request.threads,
    };
    if let (Some(from_ms), Some(to_ms)) = (choice.arrived_from_ms, choice.arrived_to_ms)
        && from_ms >= to_ms
    {
        let (from, to) = (format_utc_minutes(from_ms), format_utc_minutes(to_ms));
        let problem = Problem::usage(format!("cases that arrive from {from} UTC on do not arrive before {to} UTC"));
        return Err(problem.hint("name a later `--arrived-to`, or an earlier `--arrived-from`"));
    }
    filter::choose(log, report, config, choice)
}

/// The instant that a bound of the time of arrival names.
fn arrival(flag: &str, bound: &Bound, zone: Option<&Zone>) -> Result<i64> {
    match &bound.place {
        None => instant(&format!("--{flag}"), &bound.text, zone),
        Some(place) => instant_of(&bound.text, zone).ok_or_else(|| {
            let key = flag.replace('-', "_");
            let problem = Problem::usage(format!("`{key} = \"{}\"` is no date and no time", shown(&bound.text)));
            place.refuse(problem.hint(format!("write `{key} = \"2024-03-31\"` or `{key} = \"2024-03-31T18:00\"`")))
        }),
    }
}

/// The instant that a flag names, in the zone of the log's times where it has no offset of its own.
pub fn instant(flag: &str, text: &str, zone: Option<&Zone>) -> Result<i64> {
    instant_of(text, zone).ok_or_else(|| {
        Problem::usage(format!("`{flag} {}` is no date and no time", shown(text)))
            .hint(format!("write `{flag} 2024-03-31`, `{flag} 2024-03-31T18:00` or `{flag} 2024-03-31T18:00+02:00`"))
    })
}

fn instant_of(text: &str, zone: Option<&Zone>) -> Option<i64> {
    let zone = zone.cloned().unwrap_or_else(Zone::utc);
    let stamp = DateReader::new(None).read(text.trim().as_bytes(), || 0).ok();
    stamp.and_then(|stamp| Resolver::new(Order::NotNeeded, zone, true).resolve(stamp).ok())
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
