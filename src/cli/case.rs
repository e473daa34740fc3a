//! `wcaf case`: one case as a narrative and a timeline.

use super::args::{Case, PageFormat};
use super::{print, reading};
use crate::assemble::one_case;
use crate::error::Result;
use crate::report::case::case_json;
use crate::report::{html, markdown, terminal};

pub fn run(args: &Case) -> Result<()> {
    let read = reading::measured(&args.input, &args.screen, args.clock, reading::Keep::LinesAndCommentsOf(&args.id))?;
    let found = one_case(&read.measured, &read.report, &args.id, read.clocks.ranking(), read.options)?;
    let clocks = read.clocks;
    drop(read);
    let shown = match args.format {
        PageFormat::Json => case_json(&found),
        PageFormat::Md => markdown::case(&found, clocks),
        PageFormat::Html => html::case(&found, clocks),
        PageFormat::Terminal => terminal::case(&found, reading::style(&args.screen), clocks),
    };
    print(shown.as_bytes())
}
