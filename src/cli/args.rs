//! What can be said on the command line.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::config::{Bound, LimitsSection};
use crate::ingest::limits::Limits;

/// Workflow Coordination Analysis over exported event logs of tickets, requests and approvals.
///
/// Reads what an export already holds, offline: where work waits on people to coordinate it, what that
/// costs, and what would help.
#[derive(Debug, Parser)]
#[command(name = "wcaf", version, max_term_width = 100, after_help = EXIT_CODES)]
pub struct Args {
    #[command(subcommand)]
    pub command: Command,
}

const EXIT_CODES: &str = "Exit codes: 0 done, 1 a check failed, 2 usage or configuration, 3 input refused, 4 output not written, \
5 self-check failed, 130 interrupted.";

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Analyse a log: states, handoffs, exceptions, costs, choke points, interventions.
    Analyze(Box<Analyze>),
    /// List what is stuck now: where, why, for how long compared with finished work, and who acts next.
    Aging(Box<Aging>),
    /// Tell one case: what happened, how long it waited and for whom, with the lines of the export.
    Case(Box<Case>),
    /// Check a log before trusting it: rejects, order, repeats, gaps, times, readiness.
    Check(Box<Check>),
    /// Write the events of a log as Parquet, CSV or NDJSON that needs no flag to be read.
    Convert(Box<Convert>),
    /// Explain a number: what it means, what it comes to in a log, and the cases and lines behind it.
    Explain(Box<Explain>),
    /// Write a reproducible synthetic log with known bottlenecks.
    Synth(Synth),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// Tables and sentences.
    Terminal,
    /// Findings as JSON (`wcaf.findings/1`).
    Json,
    /// One page for an executive.
    Md,
    /// The report as one HTML page.
    Html,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ClockArg {
    Wall,
    Business,
    Both,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Table {
    Cases,
    Visits,
    Handoffs,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  wcaf analyze incidents.csv\n  wcaf analyze export.zip -o report --tables cases,visits\n  \
wcaf analyze 'exports/*.csv' --case Ticket --time Updated --timezone Europe/Berlin\n  \
zcat log.csv.gz | wcaf analyze - --format json\n  wcaf analyze log.csv --set 'state.\"On hold\"=waiting_requester'\n  \
wcaf analyze log.csv --where \"priority in (P1, P2)\" --arrived-from 2024-01-01 --arrived-to 2024-04-01"
)]
pub struct Analyze {
    #[command(flatten)]
    pub input: LogArgs,

    #[command(flatten, next_help_heading = "Output")]
    pub output: Output,
}

/// Which logs, and how they are read; the same for every command that reads logs.
#[derive(Debug, ClapArgs)]
pub struct LogArgs {
    /// Logs: CSV, XES, NDJSON or Parquet files, plain, `.gz` or in a `.zip`; patterns such as `exports/*.csv`; `-` for standard input.
    #[arg(required = true, value_name = "LOG")]
    pub logs: Vec<String>,

    /// Configuration; `wcaf.toml` in the current folder is used when there is one.
    #[arg(short, long, value_name = "FILE")]
    pub config: Option<PathBuf>,

    /// Changes one answer for this run: `state."NAME"=CLASS`, with CLASS one of queue, active, approval,
    /// `waiting_requester`, `waiting_external`, blocked, review, done, cancelled.
    #[arg(long = "set", value_name = "KEY=VALUE")]
    pub set: Vec<String>,

    /// Threads; all processors by default. The output does not depend on it.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub threads: Option<u16>,

    #[command(flatten, next_help_heading = "Columns (by header, or `#3` for the third; an empty name maps none)")]
    pub columns: Columns,

    #[command(flatten, next_help_heading = "Reading")]
    pub reading: Reading,

    #[command(
        flatten,
        next_help_heading = "Cases (each is kept or left out whole; all flags and `[filter]` of wcaf.toml must hold)"
    )]
    pub filter: FilterArgs,
}

/// Which cases are looked at.
#[derive(Debug, ClapArgs)]
pub struct FilterArgs {
    /// Keeps the cases that fit, e.g. `priority in (P1, P2)`, `group = 'Service Desk' and not outcome = open`,
    /// `last.state != Closed`; see docs/FILTERS.md. May be given several times.
    #[arg(long = "where", value_name = "CONDITION")]
    pub conditions: Vec<String>,

    /// Keeps the cases whose first event is at this time or later; a date alone is the midnight at its beginning.
    #[arg(long, value_name = "TIME")]
    pub arrived_from: Option<String>,

    /// Keeps the cases whose first event is before this time.
    #[arg(long, value_name = "TIME")]
    pub arrived_to: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EventFormat {
    /// Apache Parquet.
    Parquet,
    /// Comma-separated text with a header.
    Csv,
    /// One JSON object per line.
    Ndjson,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = "Examples:\n  wcaf convert log.xes.gz --to events.parquet\n  \
wcaf convert 'exports/*.csv' --case Ticket --time Updated --to events.ndjson.gz\n  \
wcaf convert export.zip --to - --format csv | head\n\nThe columns are named by their roles and times are UTC; `wcaf analyze` reads the result \
without any flag\nand finds the same. Other columns are not written, only whether something in them changed.")]
pub struct Convert {
    #[command(flatten)]
    pub input: LogArgs,

    /// File to write, e.g. `events.parquet`, `events.csv` or `events.ndjson.gz`; `-` for standard output.
    #[arg(long, value_name = "FILE")]
    pub to: PathBuf,

    /// Format of the file; by the end of its name by default.
    #[arg(long, value_enum)]
    pub format: Option<EventFormat>,

    /// Writes every rejected row with file, line, column, value and reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,

    /// No progress and no notes on standard error.
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Debug, ClapArgs)]
pub struct Output {
    /// Folder for findings.json, report.html, summary.md, plan.md, charters/, workshop.md, workshop.toml, policies/, tables/
    /// and manifest.json.
    #[arg(short, long = "out", value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// What a workshop guessed and settled: a filled `workshop.toml`, which `-o` writes to begin with.
    #[arg(long, value_name = "FILE")]
    pub workshop: Option<PathBuf>,

    /// What to write to standard output.
    #[arg(long, value_enum, default_value = "terminal")]
    pub format: Format,

    /// Clock of the durations: `wall` counts every hour, `business` the working hours of the calendars in wcaf.toml,
    /// and `both`, the default where there is a calendar, shows them side by side. JSON and tables always hold both.
    #[arg(long, value_enum, value_name = "CLOCK")]
    pub clock: Option<ClockArg>,

    /// Full tables to write as Parquet into the folder of `-o`.
    #[arg(long, value_enum, value_delimiter = ',', value_name = "TABLE", requires = "out")]
    pub tables: Vec<Table>,

    #[command(flatten)]
    pub screen: Screen,
}

/// What is shown, and how; the same for every command that reports.
#[derive(Debug, ClapArgs)]
pub struct Screen {
    /// Writes every rejected row with file, line, column, value and reason.
    #[arg(long, value_name = "FILE")]
    pub rejects: Option<PathBuf>,

    /// Shows names of people. Without it no person appears in any output.
    #[arg(long)]
    pub people: bool,

    /// Columns of the terminal output; the terminal's own width by default, 80 elsewhere.
    #[arg(long, value_name = "COLUMNS", value_parser = clap::value_parser!(u16).range(60..=400))]
    pub width: Option<u16>,

    /// Colour of the terminal output.
    #[arg(long, value_enum, default_value = "auto", value_name = "WHEN")]
    pub color: Colour,

    /// No progress and no notes on standard error.
    #[arg(short, long)]
    pub quiet: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum ReportFormat {
    /// Tables and sentences.
    Terminal,
    /// The report as JSON.
    Json,
    /// The same as Markdown.
    Md,
}

#[derive(Debug, ClapArgs)]
#[command(after_help = CHECK_HELP)]
pub struct Check {
    #[command(flatten)]
    pub input: LogArgs,

    #[command(flatten, next_help_heading = "Output")]
    pub output: CheckOutput,
}

const CHECK_HELP: &str = "Severities: `fail` main numbers are wrong or missing, `warn` some are off, `info` good to know.\n\n\
Examples:\n  wcaf check incidents.csv\n  wcaf check export.zip --format json | jq '.findings[].id'\n  \
wcaf check nightly.csv --fail-on warn --quiet > quality.txt || echo 'do not publish'\n  \
wcaf check nightly.csv --fail-on rejects,duplicates,revisions -o quality\n\n\
Every check, its rule and its thresholds are described in docs/CHECK.md.";

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  wcaf case incidents.csv INC0000045\n  wcaf case tickets.csv comments.csv 4711 --people\n  \
wcaf case log.xes.gz A-17 --format json | jq '.visits[]'"
)]
pub struct Case {
    #[command(flatten)]
    pub input: LogArgs,

    /// Id of the case, as it is written in the log.
    #[arg(value_name = "ID", required = true)]
    pub id: String,

    /// What to write to standard output.
    #[arg(long, value_enum, default_value = "terminal", help_heading = "Output")]
    pub format: PageFormat,

    /// Clock of the durations: `wall` counts every hour, `business` the working hours of the calendars in wcaf.toml and
    /// compares by them, and `both`, the default where there is a calendar, shows them side by side. JSON always holds
    /// both.
    #[arg(long, value_enum, value_name = "CLOCK", help_heading = "Output")]
    pub clock: Option<ClockArg>,

    #[command(flatten, next_help_heading = "Output")]
    pub screen: Screen,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  wcaf explain\n  wcaf explain reopen_rate\n  wcaf explain handoffs_per_case incidents.csv\n  \
wcaf explain 'states[On Hold].completed_ms' incidents.csv --top 3\n  wcaf explain exception_mttr incidents.csv --case INC0012345"
)]
pub struct Explain {
    /// Name of the number: a place in findings.json such as `kpis.reopen_rate`, or its last parts; `states[NAME].visits`
    /// is of one entry of a list. Without a name everything that can be explained is listed.
    #[arg(value_name = "METRIC")]
    pub metric: Option<String>,

    #[command(flatten)]
    pub input: LogArgs,

    /// Case to tell, by its id.
    #[arg(long = "of-case", value_name = "ID", help_heading = "Output")]
    pub of_case: Option<String>,

    /// Cases listed.
    #[arg(long, value_name = "N", default_value_t = 5, help_heading = "Output")]
    pub top: usize,

    /// What to write to standard output.
    #[arg(long, value_enum, default_value = "terminal", help_heading = "Output")]
    pub format: PageFormat,

    #[command(flatten, next_help_heading = "Output")]
    pub screen: Screen,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum PageFormat {
    /// Tables and sentences.
    Terminal,
    /// The report as JSON.
    Json,
    /// The same as Markdown.
    Md,
    /// The same as one HTML page.
    Html,
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  wcaf aging tickets.csv\n  wcaf aging tickets.csv --as-of 2024-03-31T18:00 --top 50\n  \
wcaf aging tickets.csv --daily --format md > today.md\n  wcaf aging tickets.csv --daily --since 2024-03-25 --format html > week.html"
)]
pub struct Aging {
    #[command(flatten)]
    pub input: LogArgs,

    /// Writes the daily report instead: what changed, what is at risk, who acts next.
    #[arg(long, help_heading = "Output")]
    pub daily: bool,

    /// Changes after this instant are told in the daily report; 24 hours before the end of the log by default.
    #[arg(long, value_name = "TIME", requires = "daily", help_heading = "Output")]
    pub since: Option<String>,

    /// Cases shown; JSON holds all.
    #[arg(long, value_name = "N", default_value_t = 20, help_heading = "Output")]
    pub top: usize,

    /// What to write to standard output.
    #[arg(long, value_enum, default_value = "terminal", help_heading = "Output")]
    pub format: PageFormat,

    /// Clock of the durations: `wall` counts every hour, `business` the working hours of the calendars in wcaf.toml and
    /// ranks by them, and `both`, the default where there is a calendar, shows them side by side. JSON always holds both.
    #[arg(long, value_enum, value_name = "CLOCK", help_heading = "Output")]
    pub clock: Option<ClockArg>,

    #[command(flatten, next_help_heading = "Output")]
    pub screen: Screen,
}

#[derive(Debug, ClapArgs)]
pub struct CheckOutput {
    /// Folder for check.json and check.md.
    #[arg(short, long = "out", value_name = "DIR")]
    pub out: Option<PathBuf>,

    /// What to write to standard output.
    #[arg(long, value_enum, default_value = "terminal")]
    pub format: ReportFormat,

    /// Ends with exit code 1 where something of this severity or worse was found: `fail`, `warn`, `none` for never, or
    /// ids of checks such as `ties,duplicates`.
    #[arg(long, value_name = "SEVERITY|ID,...", value_delimiter = ',', default_value = "fail")]
    pub fail_on: Vec<String>,

    #[command(flatten)]
    pub screen: Screen,
}

#[derive(Debug, ClapArgs)]
pub struct Columns {
    /// Case id.
    #[arg(long, value_name = "COLUMN")]
    pub case: Option<String>,
    /// Time of the event; of its end in a start/end log.
    #[arg(long, value_name = "COLUMN")]
    pub time: Option<String>,
    /// Start of the activity.
    #[arg(long, value_name = "COLUMN")]
    pub start: Option<String>,
    /// When the activity could have started.
    #[arg(long, value_name = "COLUMN")]
    pub enabled: Option<String>,
    /// Activity or kind of event.
    #[arg(long, value_name = "COLUMN")]
    pub activity: Option<String>,
    /// State.
    #[arg(long, value_name = "COLUMN")]
    pub state: Option<String>,
    /// Group that holds the case.
    #[arg(long, value_name = "COLUMN")]
    pub group: Option<String>,
    /// Person who holds the case.
    #[arg(long, value_name = "COLUMN")]
    pub assignee: Option<String>,
    /// Who made the event.
    #[arg(long, value_name = "COLUMN")]
    pub actor: Option<String>,
    /// Comment.
    #[arg(long, value_name = "COLUMN")]
    pub comment: Option<String>,
    /// Priority.
    #[arg(long, value_name = "COLUMN")]
    pub priority: Option<String>,
    /// Number that orders events of equal time.
    #[arg(long, value_name = "COLUMN")]
    pub tie_break: Option<String>,
    /// Attributes to cut figures by.
    #[arg(long = "segment", value_name = "COLUMN", value_delimiter = ',')]
    pub segments: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum FamilyArg {
    /// One row per activity or change.
    Activity,
    /// Every row repeats the whole record.
    Snapshot,
    /// One row per activity with start and end.
    StartEnd,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum MissingOwnerArg {
    /// An empty owner means nobody.
    Unassigned,
    /// An empty owner means the one before.
    Unchanged,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum EncodingArg {
    #[value(name = "utf-8")]
    Utf8,
    #[value(name = "utf-16le")]
    Utf16Le,
    #[value(name = "utf-16be")]
    Utf16Be,
    /// ISO-8859-1.
    #[value(name = "latin-1")]
    Latin1,
    /// Western European Windows.
    #[value(name = "windows-1252")]
    Windows1252,
}

#[derive(Debug, ClapArgs)]
pub struct Reading {
    /// Shape of the export; recognised by default.
    #[arg(long, value_enum)]
    pub family: Option<FamilyArg>,
    /// What an empty owner means; by the shape of the export by default.
    #[arg(long, value_enum, value_name = "MEANING")]
    pub missing_owner: Option<MissingOwnerArg>,
    /// Field separator: one character, or `tab`; recognised by default.
    #[arg(long, value_name = "CHAR")]
    pub delimiter: Option<String>,
    /// How bytes stand for characters where no byte order mark says it; UTF-8, or what an XML file declares, by default.
    #[arg(long, value_enum, value_name = "NAME")]
    pub encoding: Option<EncodingArg>,
    /// How times are written, e.g. `%d/%m/%Y %H:%M`; several forms are joined by `|`.
    #[arg(long, value_name = "FORMAT")]
    pub date_format: Option<String>,
    /// Zone of times without an offset, e.g. `Europe/Berlin`; UTC with a warning by default.
    #[arg(long, value_name = "ZONE")]
    pub timezone: Option<String>,
    /// Takes the log as it was known at this instant: later events are left out. The last event by default; a date
    /// alone is the midnight at its beginning.
    #[arg(long, value_name = "TIME")]
    pub as_of: Option<String>,
    /// Reads times that the clock skipped as if it had not changed.
    #[arg(long)]
    pub allow_dst_gap: bool,
    /// Rows of broken structure to leave out before the log is refused.
    #[arg(long, value_name = "N")]
    pub max_rejects: Option<u64>,
    /// Refuses the log unless it has exactly this many data rows.
    #[arg(long, value_name = "N")]
    pub expect_rows: Option<u64>,
    #[command(flatten, next_help_heading = "Limits (beyond them a log is refused; sizes such as `16MiB`)")]
    pub limits: LimitArgs,
}

#[derive(Debug, ClapArgs)]
pub struct LimitArgs {
    /// Longest field [default: 1MiB].
    #[arg(long = "max-cell", value_name = "SIZE", value_parser = |text: &str| Bound::Cell.parse(text))]
    pub cell: Option<u64>,
    /// Longest record, or tag of XML [default: 16MiB].
    #[arg(long = "max-record", value_name = "SIZE", value_parser = |text: &str| Bound::Record.parse(text))]
    pub record: Option<u64>,
    /// Most columns [default: 4096].
    #[arg(long = "max-columns", value_name = "N", value_parser = |text: &str| Bound::Columns.parse(text))]
    pub columns: Option<u64>,
    /// Most elements of XML, or objects and lists of JSON, within each other [default: 64].
    #[arg(long = "max-depth", value_name = "N", value_parser = |text: &str| Bound::Depth.parse(text))]
    pub depth: Option<u64>,
    /// Longest event of an XES log [default: 16MiB].
    #[arg(long = "max-event", value_name = "SIZE", value_parser = |text: &str| Bound::Event.parse(text))]
    pub event: Option<u64>,
    /// Most bytes out of a compressed input [default: 16GiB].
    #[arg(long = "max-unpacked", value_name = "SIZE", value_parser = |text: &str| Bound::Unpacked.parse(text))]
    pub unpacked: Option<u64>,
    /// Most bytes out of a compressed input per byte in, beyond 64 MiB [default: 200].
    #[arg(long = "max-ratio", value_name = "N", value_parser = |text: &str| Bound::Ratio.parse(text))]
    pub ratio: Option<u64>,
}

impl LimitArgs {
    /// The limits as the configuration and these flags set them.
    pub fn limits(&self, section: &LimitsSection) -> Limits {
        let mut limits = Limits::default();
        limits.apply(section);
        let flags = [
            (Bound::Cell, self.cell),
            (Bound::Record, self.record),
            (Bound::Columns, self.columns),
            (Bound::Depth, self.depth),
            (Bound::Event, self.event),
            (Bound::Unpacked, self.unpacked),
            (Bound::Ratio, self.ratio),
        ];
        for (bound, value) in flags {
            if let Some(value) = value {
                limits.set(bound, value);
            }
        }
        limits
    }
}

#[derive(Debug, ClapArgs)]
#[command(
    after_help = "Examples:\n  wcaf synth service-desk --seed 7 -o service-desk.csv\n  wcaf synth my-world.toml --seed 1 | head"
)]
pub struct Synth {
    /// A built-in world (service-desk, procurement) or a recipe file.
    #[arg(value_name = "WORLD")]
    pub world: String,
    /// Seed; the same seed gives the same bytes.
    #[arg(long, default_value_t = 7, value_name = "N")]
    pub seed: u64,
    /// File to write; standard output by default.
    #[arg(short, long = "out", value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// Prints the recipe of a built-in world instead of a log.
    #[arg(long)]
    pub recipe: bool,
}
