//! The shell: the only module that touches arguments, terminal, standard streams, environment and files to write.

mod aging;
mod analyze;
mod args;
mod case;
mod check;
mod convert;
mod explain;
mod full_tables;
pub mod output;
mod progress;
mod reading;
mod rejects_file;
mod synth;

use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches};

use crate::error::{Kind, Problem, Result};
use crate::log::text::push_visible;

/// Runs the program on the process's arguments.
#[must_use]
pub fn main() -> ExitCode {
    let args = parse();
    let result = match args.command {
        args::Command::Aging(aging) => aging::run(&aging),
        args::Command::Analyze(analyze) => analyze::run(&analyze),
        args::Command::Case(case) => case::run(&case),
        args::Command::Check(check) => check::run(&check),
        args::Command::Convert(convert) => convert::run(&convert),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Synth(synth) => synth::run(&synth),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            report(&problem);
            ExitCode::from(problem.kind().exit_code())
        }
    }
}

/// The arguments of the process. `explain` needs no log, and its `--case` is a case; the column of cases is
/// `--case-column` there.
fn parse() -> args::Args {
    let command = args::Args::command().mut_subcommand("explain", |explain| {
        explain
            .mut_arg("logs", |logs| logs.required(false))
            .mut_arg("case", |column| column.long("case-column").value_name("COLUMN"))
            .mut_arg("of_case", |case| case.long("case"))
    });
    args::Args::from_arg_matches(&command.get_matches()).unwrap_or_else(|error| error.exit())
}

/// Writes a problem to standard error. Texts of the log in it are made visible line by line.
fn report(problem: &Problem) {
    let mut shown = String::new();
    for character in problem.to_string().chars() {
        if character == '\n' { shown.push('\n') } else { push_visible(&mut shown, character) }
    }
    let colour = std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
    if colour && let Some(rest) = shown.strip_prefix("error:") {
        shown = format!("\u{1b}[1;31merror:\u{1b}[0m{rest}");
    }
    // Nothing can be done where standard error is gone.
    let _ = writeln!(std::io::stderr(), "{shown}");
}

/// Writes to standard output; a reader that went away is success.
///
/// # Errors
/// When standard output cannot be written for another reason.
fn print(bytes: &[u8]) -> Result<()> {
    let mut out = std::io::stdout().lock();
    match out.write_all(bytes).and_then(|()| out.flush()) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == ErrorKind::BrokenPipe => Ok(()),
        Err(error) => Err(Problem::new(Kind::Output, format!("cannot write to standard output: {error}"))),
    }
}
