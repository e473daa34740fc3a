//! `wcaf convert`: any log to canonical events.

use std::io::{self, ErrorKind, Write};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::args::{Convert, EventFormat};
use super::output::{write_file_atomically, write_file_with};
use super::progress::Bar;
use super::{reading, rejects_file};
use crate::assemble::events::EventTable;
use crate::counts::part_of;
use crate::error::{Kind, Problem, Result};
use crate::ingest;
use crate::ingest::source::{Progress, Source};
use crate::log::EventLog;
use crate::log::text::visible;
use crate::report::events::{Form, TextWriter};

/// What is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Target {
    format: EventFormat,
    packed: bool,
}

pub fn run(args: &Convert) -> Result<()> {
    let target = target(args)?;
    if !args.input.set.is_empty() {
        return Err(Problem::usage("`--set` says what states mean, which is not written")
            .hint("leave it out here, and add it to `wcaf analyze` of the result"));
    }
    let (config, _) = reading::load_config(&args.input, args.quiet)?;
    let request = reading::request(&args.input, &config, args.rejects.is_some())?;
    refuse_input(&args.to, &request.sources)?;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, args.quiet);
    let (log, mut report) = ingest::read(&request, &progress)?;
    reading::expect_rows(&args.input, &report)?;
    // names of people are written anyway
    let (log, _) = reading::choose(log, &mut report, &config, &request, true)?;
    bar.step("writing");
    if let Some(path) = &args.rejects {
        write_file_atomically(path, &rejects_file::render(&report.rejects, &report.sources))?;
    }
    let table = EventTable::new(&log, &report);
    if args.to == Path::new("-") {
        write_stdout(&log, &table, target)?;
    } else {
        write_file_with(&args.to, |out| write(&log, &table, target, out))?;
    }
    drop(bar);
    if let Some(chosen) = report.chosen.as_ref().filter(|_| !args.quiet) {
        let cases = part_of(chosen.cases, chosen.cases + chosen.cases_left_out, "case", "cases");
        reading::note(&format!("the filter keeps {cases}; the others are not written"));
        chosen.notes.iter().for_each(|note| reading::note(note));
    }
    let rejected = report.rejects.total();
    if rejected > 0 && !args.quiet {
        let rows = part_of(rejected, report.rows_read, "row", "rows");
        reading::note(&format!("{rows} rejected and not written; add `--rejects FILE` to see them"));
    }
    Ok(())
}

/// What to write, by `--format` or by the name.
fn target(args: &Convert) -> Result<Target> {
    let name = args.to.file_name().map(|name| name.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let (name, packed) = name.strip_suffix(".gz").map_or((name.as_str(), false), |name| (name, true));
    let by_name = match name.rsplit_once('.').map(|(_, end)| end) {
        Some("parquet") => Some(EventFormat::Parquet),
        Some("csv") => Some(EventFormat::Csv),
        Some("ndjson" | "jsonl") => Some(EventFormat::Ndjson),
        Some(_) | None => None,
    };
    let Some(format) = args.format.or(by_name) else {
        return Err(Problem::usage(format!(
            "the name `{}` does not say a format",
            visible(&args.to.to_string_lossy())
        ))
        .hint("end it in `.parquet`, `.csv` or `.ndjson`, or add `--format csv`"));
    };
    if format == EventFormat::Parquet && packed {
        return Err(
            Problem::usage("Parquet is compressed itself and is not packed again").hint("leave `.gz` out of the name")
        );
    }
    if format == EventFormat::Parquet && cfg!(not(feature = "parquet")) {
        return Err(Problem::usage("this build of wcaf cannot write Parquet")
            .hint("build it with the default features, or write `.csv.gz`"));
    }
    Ok(Target { format, packed })
}

/// Refuses to replace what is being read.
fn refuse_input(to: &Path, sources: &[Source]) -> Result<()> {
    let Ok(to) = std::fs::canonicalize(to) else { return Ok(()) };
    let same = |source: &&Source| match source {
        Source::File(path) => std::fs::canonicalize(path).is_ok_and(|path| path == to),
        Source::Stdin | Source::Memory(..) => false,
    };
    match sources.iter().find(same) {
        None => Ok(()),
        Some(source) => Err(Problem::usage("the file to write is a log to read")
            .in_file(source.shown())
            .hint("write to another name with `--to`")),
    }
}

/// Writes to standard output; a reader that went away is success.
fn write_stdout(log: &EventLog, table: &EventTable, target: Target) -> Result<()> {
    let gone = Arc::new(AtomicBool::new(false));
    let mut out = Watched { out: io::BufWriter::with_capacity(1 << 16, io::stdout().lock()), gone: Arc::clone(&gone) };
    match write(log, table, target, &mut out).and_then(|()| out.flush()) {
        Err(error) if !gone.load(Ordering::Relaxed) => {
            Err(Problem::new(Kind::Output, format!("cannot write to standard output: {error}")))
        }
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Remembers that the reader went away, whatever a table format makes of the error.
struct Watched<W> {
    out: W,
    gone: Arc<AtomicBool>,
}

impl<W> Watched<W> {
    fn watch<T>(&self, result: io::Result<T>) -> io::Result<T> {
        if result.as_ref().is_err_and(|error| error.kind() == ErrorKind::BrokenPipe) {
            self.gone.store(true, Ordering::Relaxed);
        }
        result
    }
}

impl<W: Write> Write for Watched<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes);
        self.watch(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        let flushed = self.out.flush();
        self.watch(flushed)
    }
}

fn write(log: &EventLog, table: &EventTable, target: Target, out: &mut dyn Write) -> io::Result<()> {
    let form = match target.format {
        EventFormat::Parquet => return write_parquet(log, table, out),
        EventFormat::Csv => Form::Csv,
        EventFormat::Ndjson => Form::Ndjson,
    };
    if target.packed {
        let packer = flate2::GzBuilder::new().write(out, flate2::Compression::default());
        write_text(log, table, packer, form)?.finish()?;
        return Ok(());
    }
    write_text(log, table, out, form).map(|_| ())
}

fn write_text<W: Write>(log: &EventLog, table: &EventTable, out: W, form: Form) -> io::Result<W> {
    let mut writer = TextWriter::new(out, form);
    for cases in EventTable::runs(log) {
        writer.write(&table.batch(log, cases))?;
    }
    Ok(writer.finish())
}

#[cfg(feature = "parquet")]
fn write_parquet(log: &EventLog, table: &EventTable, out: &mut dyn Write) -> io::Result<()> {
    let mut writer = crate::report::parquet::TableWriter::new(out);
    for cases in EventTable::runs(log) {
        writer.write(&crate::report::parquet::encode(table.batch(log, cases))?)?;
    }
    writer.finish()
}

#[cfg(not(feature = "parquet"))]
fn write_parquet(_: &EventLog, _: &EventTable, _: &mut dyn Write) -> io::Result<()> {
    Err(io::Error::new(ErrorKind::Unsupported, "this build of wcaf cannot write Parquet"))
}
