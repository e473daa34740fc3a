//! What the fuzz targets run, and what the tests run again over the corpus: nothing here may panic or hang.
//!
//! Each entry takes any bytes. Where something is read, what it promises is checked too.

#![allow(dead_code, reason = "each target uses one entry")]

use std::sync::OnceLock;

use wcaf::config::{Config, Encoding};
use wcaf::ingest::limits::Limits;
use wcaf::ingest::source::{Progress, Source};
use wcaf::ingest::{self, Request};
use wcaf::time::{DateFormat, DateReader, Resolver, Zone, looks_like_date, looks_like_epoch};

/// Reads bytes as a delimited log, plain or packed.
pub fn csv(bytes: &[u8]) {
    read_log("log.csv", bytes);
}

/// Reads bytes as an XES log, plain or packed.
pub fn xes(bytes: &[u8]) {
    read_log("log.xes", bytes);
}

/// Reads bytes as NDJSON, plain or packed.
pub fn json(bytes: &[u8]) {
    read_log("log.ndjson", bytes);
}

/// Reads a log as it comes, and once more with low limits and in another encoding.
fn read_log(name: &str, bytes: &[u8]) {
    let low = Limits { cell: 40, record: 200, columns: 8, depth: 6, event: 300, max_rejects: 1, ..Limits::default() };
    let western = Some(Encoding::Windows1252);
    for (limits, encoding) in [(Limits::default(), None), (low, western)] {
        let sources = vec![Source::Memory(name.to_owned(), bytes.to_vec())];
        let request = Request { sources, limits, encoding, keep_rejects: 3, threads: 1, ..Request::default() };
        match ingest::read(&request, &Progress::new(0)) {
            Ok((log, report)) => {
                let used = log.events() as u64;
                assert_eq!(report.rows_read, used + report.rejects.total(), "rows read are rows used and rejected");
                assert!(report.sources[0].fingerprint.bytes == bytes.len() as u64, "all bytes are hashed");
            }
            Err(problem) => assert!(problem.to_string().starts_with("error: ") && !problem.hints().is_empty()),
        }
    }
}

/// Reads the lines of a text as times: as they are, and in the format and zone that the first two lines name.
pub fn timestamps(bytes: &[u8]) {
    let mut lines = bytes.split(|&byte| byte == b'\n');
    let mut first = || String::from_utf8_lossy(lines.next().unwrap_or_default()).into_owned();
    let (format, zone) = (DateFormat::parse(&first()).ok(), zone(&first()));
    for format in [None, format.as_ref()] {
        let mut reader = DateReader::new(format);
        let mut stamps = Vec::new();
        for (number, field) in (1u64..).zip(lines.clone()) {
            let _ = looks_like_date(field);
            let _ = looks_like_epoch(field);
            stamps.extend(reader.read(field, || number).ok());
        }
        let evidence = reader.evidence();
        assert_eq!(evidence.values(), stamps.len() as u64, "a value that is read leaves evidence");
        let Ok(order) = evidence.decide("time", "log.csv") else { continue };
        for gaps in [false, true] {
            let mut resolver = Resolver::new(order, zone.clone(), gaps);
            for &stamp in &stamps {
                if let Ok(ms) = resolver.resolve(stamp) {
                    let _ = wcaf::time::format_utc(ms);
                }
            }
        }
    }
}

/// The zone of a name. The search for names like an unknown one is slow, so only offsets are tried.
fn zone(name: &str) -> Zone {
    const KNOWN: [&str; 5] =
        ["Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Antarctica/Troll", "Africa/Casablanca"];
    static ZONES: OnceLock<Vec<Zone>> = OnceLock::new();
    let zones = ZONES.get_or_init(|| KNOWN.iter().filter_map(|name| Zone::parse(name).ok()).collect());
    let known = zones.iter().find(|zone| zone.name() == name).cloned();
    let is_short = name.len() < 10 && name.starts_with(['+', '-']);
    known.or_else(|| is_short.then(|| Zone::parse(name).ok()).flatten()).unwrap_or_else(Zone::utc)
}

/// Reads a configuration.
pub fn config(bytes: &[u8]) {
    if let Ok(text) = std::str::from_utf8(bytes)
        && let Err(problem) = Config::parse(text, "wcaf.toml")
    {
        assert_eq!(problem.kind().exit_code(), 2, "a configuration is refused as usage");
    }
}
