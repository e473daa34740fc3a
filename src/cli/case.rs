//! `wcaf case`: one case as a narrative and a timeline.

use std::sync::Arc;

use super::args::{Case, ReportFormat};
use super::progress::Bar;
use super::{print, reading};
use crate::assemble::{Options, measure, one_case};
use crate::error::Result;
use crate::ingest;
use crate::ingest::source::{Progress, Source};
use crate::report::case::case_json;
use crate::report::{markdown, terminal};

pub fn run(args: &Case) -> Result<()> {
    let screen = &args.screen;
    let (config, _) = reading::load_config(&args.input, screen.quiet)?;
    let mut request = reading::request(&args.input, &config, false)?;
    request.keep_lines = true;
    let progress = Arc::new(Progress::new(0));
    let total = request.sources.iter().map(Source::size).sum::<Option<u64>>();
    let bar = Bar::start(&progress, total, screen.quiet);
    let (log, report) = ingest::read(&request, &progress)?;
    reading::expect_rows(&args.input, &report)?;
    bar.step("measuring");
    let measured = measure(log, &report, &config, request.threads)?;
    let options = Options { people: screen.people, threads: request.threads };
    let found = one_case(&measured, &report, &args.id, options)?;
    drop(bar);
    let shown = match args.format {
        ReportFormat::Json => case_json(&found),
        ReportFormat::Md => markdown::case(&found),
        ReportFormat::Terminal => terminal::case(&found, reading::style(screen)),
    };
    print(shown.as_bytes())
}
