//! Reading and measuring, apart: `cargo bench`. Whole-process figures are in docs/PERFORMANCE.md.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wcaf::assemble::measure;
use wcaf::comments::{Context, Lexicon, Recogniser, Scratch, Visibility, Writer};
use wcaf::config::Config;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, Request};
use wcaf::metrics::sweep;
use wcaf::synth::{World, write_csv};

/// A synthetic service desk in a temporary file, with its size in bytes and rows.
fn log() -> (PathBuf, u64, u64) {
    let world = World::builtin("service-desk").expect("the world is built in");
    let mut bytes = Vec::new();
    let summary = write_csv(&world, 7, &mut bytes).expect("memory can be written");
    let path = std::env::temp_dir().join(format!("wcaf-bench-{}.csv", std::process::id()));
    std::fs::write(&path, &bytes).expect("the temporary folder can be written");
    (path, bytes.len() as u64, summary.rows)
}

fn pipeline(criterion: &mut Criterion) {
    let (path, bytes, rows) = log();
    let request = Request { sources: vec![Source::File(path.clone())], threads: 1, ..Request::default() };
    let read = || ingest::read(&request, &Progress::new(0)).expect("the synthetic log is readable");

    let mut group = criterion.benchmark_group("one thread");
    group.throughput(Throughput::Bytes(bytes));
    group.bench_function("ingest", |bencher| bencher.iter(|| black_box(read().0.events())));

    let (events, report) = read();
    let measured = measure(events, &report, &Config::default(), 1).expect("the synthetic log is measurable");
    group.throughput(Throughput::Elements(rows));
    group.bench_function("sweep", |bencher| {
        bencher.iter(|| black_box(sweep(&measured.log, &measured.semantics, None, 1).facts.len()));
    });
    group.finish();
    let _ = std::fs::remove_file(path);
}

/// A century costs what a day costs.
fn calendar(criterion: &mut Criterion) {
    const DAY_MS: i64 = 86_400_000;
    let text = "[calendar.office]\ntimezone = \"Europe/Berlin\"\nmon_fri = [\"09:00-12:30\", \"13:00-17:00\"]\nholidays = [\"de-by\"]\n";
    let read = || Config::parse(text, "wcaf.toml").expect("the calendar is sound").calendars;
    let calendars = read();
    let office = calendars.default_calendar().expect("there is one calendar");

    let mut group = criterion.benchmark_group("calendar");
    group.bench_function("lay out", |bencher| bencher.iter(|| black_box(read())));
    for (name, days) in [("day", 1), ("century", 36_525)] {
        let span_ms = days * DAY_MS;
        // From Monday, 5 January 1970.
        let work_ms = office.working_time(4 * DAY_MS, 4 * DAY_MS + span_ms);
        // A step of a large prime number of ms visits all hours and years.
        let mut at_ms = 0;
        let mut next = move || {
            at_ms = (at_ms + 7_777_777_777) % (60 * 365 * DAY_MS);
            at_ms
        };
        group.bench_function(format!("working time of a {name}"), |bencher| {
            bencher.iter(|| {
                let from_ms = next();
                black_box(office.working_time(from_ms, from_ms + span_ms))
            });
        });
        group.bench_function(format!("add the work of a {name}"), |bencher| {
            bencher.iter(|| black_box(office.add_working(next(), work_ms)));
        });
    }
    group.finish();
}

/// Comments of about 85 bytes: one that says nothing of interest, and one that does.
fn comments(criterion: &mut Criterion) {
    let lexicons = Lexicon::built_in().expect("the built-in lexicons are good");
    let recogniser = Recogniser::new(&lexicons).expect("the built-in lexicons are small");
    let context = Context { writer: Writer::Requester, visibility: Visibility::Public, opens_case: false };
    let mut scratch = Scratch::default();
    let mut group = criterion.benchmark_group("comments");
    for (name, text) in [
        ("work", "Restarted spooler service after driver rollback, queue length dropped below ten jobs"),
        ("chase", "Any update on this? We are still waiting for the new laptop and need it before Monday."),
    ] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bencher| bencher.iter(|| recogniser.marks(black_box(text), context, &mut scratch)));
    }
    group.finish();
}

criterion_group!(benches, pipeline, calendar, comments);
criterion_main!(benches);
