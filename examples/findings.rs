//! Reads a log with the library and prints three numbers.
//!
//! ```text
//! cargo run --release --locked --example findings -- sample-logs/procurement.csv
//! ```

use std::env::args;

use wcaf::assemble::{Options, assemble, measure};
use wcaf::config::Config;
use wcaf::error::{Problem, Result};
use wcaf::ingest::source::Progress;
use wcaf::ingest::{self, Request};

fn main() -> Result<()> {
    let log = args().nth(1).ok_or_else(|| Problem::usage("name a log"))?;
    let threads = 2;
    let request = Request { sources: ingest::expand(&log)?, threads, ..Request::default() };
    let config = Config::default();

    let (events, report) = ingest::read(&request, &Progress::new(0))?;
    let mut measured = measure(events, &report, &config, threads)?;
    let findings = assemble(&mut measured, &report, &config, Options { people: false, threads });

    println!("cases: {}", findings.input.cases);
    match findings.kpis.cycle_time_ms.wall.p50 {
        Some(ms) => println!("median cycle time: {ms} ms"),
        None => println!("median cycle time: unknown, because no case is completed"),
    }
    match findings.kpis.handoffs_per_case {
        Some(handoffs) => println!("handoffs per case: {:.2}", handoffs.mean),
        None => println!("handoffs per case: unknown, because no column names an owner"),
    }
    Ok(())
}
