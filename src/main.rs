//! The command-line program `wcaf`: parse, run, print the error and its hints, exit.

use std::process::ExitCode;

fn main() -> ExitCode {
    wcaf::cli::main()
}
