//! `wcaf explain`: what a number means, what it comes to in a log, and the cases and lines behind it.

use std::path::Path;

use super::args::{Explain, PageFormat};
use super::{print, reading};
use crate::assemble::assemble;
use crate::assemble::explain::{Question, definition, explain};
use crate::error::{Problem, Result};
use crate::report::definitions::{self, Definition, Found};
use crate::report::explain::{ExplainReport, explain_json};
use crate::report::{html, markdown, terminal};

pub fn run(args: &Explain) -> Result<()> {
    let style = reading::style(&args.screen);
    let Some(name) = &args.metric else {
        let all = definitions::all();
        return print(terminal::definitions(&all, style).as_bytes());
    };
    let found = found(name)?;
    let report = if args.input.logs.is_empty() {
        if args.of_case.is_some() {
            return Err(Problem::usage("`--case` needs a log").hint("name the log after the number"));
        }
        definition(&found)
    } else {
        of_log(args, name, &found)?
    };
    let shown = match args.format {
        PageFormat::Json => explain_json(&report),
        PageFormat::Md => markdown::explain(&report),
        PageFormat::Html => html::explain(&report),
        PageFormat::Terminal => terminal::explain(&report, style),
    };
    print(shown.as_bytes())
}

fn of_log(args: &Explain, name: &str, found: &Definition) -> Result<ExplainReport> {
    let mut read = reading::measured(&args.input, &args.screen, None, reading::Keep::Lines)?;
    let findings = assemble(&mut read.measured, &read.report, &read.config, read.options);
    let question = Question { name, definition: found, case: args.of_case.as_deref(), top: args.top };
    explain((&read.measured, &findings), &read.report, question, &command(args), read.options)
}

/// The definition of a name.
fn found(name: &str) -> Result<Definition> {
    let list = |headings: &[&str]| headings.iter().map(|heading| format!("`{heading}`")).collect::<Vec<_>>().join(", ");
    match definitions::find(name) {
        Found::One(found) => Ok(found),
        Found::Several(headings) => {
            Err(Problem::usage(format!("`{name}` is the end of several names: {}", list(&headings)))
                .hint("write more of the name, such as `choke_points.share`"))
        }
        Found::Nothing(near) if near.is_empty() => {
            Err(Problem::usage(format!("nothing is called `{name}`")).hint("`wcaf explain` lists everything that is"))
        }
        Found::Nothing(near) => Err(Problem::usage(format!("nothing is called `{name}`"))
            .hint(format!("did you mean one of {}? `wcaf explain` lists everything", list(&near)))),
    }
}

/// The command that gives the same values, with the names of files without their folders.
fn command(args: &Explain) -> String {
    let mut words = vec!["wcaf".to_owned(), "analyze".to_owned()];
    let mut given = std::env::args().skip(2);
    let own = ["--top", "--format", "--case", "--width", "--color"];
    let mut metric_seen = false;
    while let Some(word) = given.next() {
        if own.contains(&word.as_str()) {
            given.next();
        } else if own.iter().any(|flag| word.strip_prefix(flag).is_some_and(|rest| rest.starts_with('='))) {
            // its value goes with it
        } else if !metric_seen && Some(&word) == args.metric.as_ref() {
            metric_seen = true;
        } else if args.input.logs.contains(&word) {
            let bare = Path::new(&word).file_name().map_or_else(|| word.clone(), |name| name.to_string_lossy().into());
            words.push(quoted(&bare));
        } else {
            words.push(quoted(&word));
        }
    }
    let text = words.join(" ").replace("--case-column", "--case");
    format!("{text} --format json")
}

/// A word as a shell takes it.
fn quoted(word: &str) -> String {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_./=:,+@%#".contains(&byte);
    if !word.is_empty() && word.bytes().all(is_plain) {
        word.to_owned()
    } else {
        format!("'{}'", word.replace('\'', "'\\''"))
    }
}
