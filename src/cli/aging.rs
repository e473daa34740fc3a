//! `wcaf aging`: what is stuck now, and the daily report.

use super::args::{Aging, PageFormat};
use super::{print, reading};
use crate::assemble::aging;
use crate::error::{Problem, Result};
use crate::report::aging::{aging_json, daily_json};
use crate::report::{html, markdown, terminal};
use crate::time::format_utc_minutes;

/// How far back the daily report looks unless told.
const DAY_MS: i64 = 86_400_000;

pub fn run(args: &Aging) -> Result<()> {
    let screen = &args.screen;
    let read = reading::measured(&args.input, screen, args.clock, reading::Keep::Nothing)?;
    let (measured, report, options, clocks) = (&read.measured, &read.report, read.options, read.clocks);
    let style = reading::style(screen);
    if !args.daily {
        let found = aging::aging(measured, report, clocks.ranking(), options);
        let shown = match args.format {
            PageFormat::Json => aging_json(&found),
            PageFormat::Md => markdown::aging(&found, args.top, clocks),
            PageFormat::Html => html::aging(&found, args.top, clocks),
            PageFormat::Terminal => terminal::aging(&found, args.top, style, clocks),
        };
        drop(read);
        return print(shown.as_bytes());
    }
    let as_of_ms = measured.semantics.as_of_ms;
    let since_ms = match &args.since {
        Some(since) => reading::instant("--since", since, read.zone.as_ref())?,
        None => as_of_ms - DAY_MS,
    };
    if since_ms >= as_of_ms {
        let problem = format!("`--since` is not before the end of the log, {} UTC", format_utc_minutes(as_of_ms));
        return Err(Problem::usage(problem).hint("name an earlier instant, or a later `--as-of`"));
    }
    let found = aging::daily(measured, report, since_ms, clocks.ranking(), options);
    let shown = match args.format {
        PageFormat::Json => daily_json(&found),
        PageFormat::Md => markdown::daily(&found, args.top, clocks),
        PageFormat::Html => html::daily(&found, args.top, clocks),
        PageFormat::Terminal => terminal::daily(&found, args.top, style, clocks),
    };
    drop(read);
    print(shown.as_bytes())
}
