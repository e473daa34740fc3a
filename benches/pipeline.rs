//! Reading and measuring, apart: `cargo bench`. Whole-process figures are in docs/PERFORMANCE.md.

use std::hint::black_box;
use std::path::PathBuf;

use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use wcaf::assemble::measure;
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
        bencher.iter(|| black_box(sweep(&measured.log, &measured.semantics, 1).facts.len()));
    });
    group.finish();
    let _ = std::fs::remove_file(path);
}

criterion_group!(benches, pipeline);
criterion_main!(benches);
