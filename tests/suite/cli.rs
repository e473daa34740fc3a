//! The program as a shell sees it: exit codes, streams, flags, files, and what never gets out.

mod exit_codes;
#[cfg(feature = "parquet")]
mod full_tables;
mod hostile;
mod inputs;
mod outputs;
mod people;
mod streams;

use std::path::Path;

use crate::run::{Ran, folder_with, wcaf};

/// A small log with a state that can be told, quoted text and two groups.
const LOG: &str = "case,time,state,group,comment
A,2024-03-04 09:00:00,New,Desk,
A,2024-03-04 11:00:00,On hold,Desk,\"waiting, as always\"
A,2024-03-05 09:00:00,Work,Network,
A,2024-03-06 09:00:00,Closed,Network,done
B,2024-03-04 10:00:00,New,Desk,
B,2024-03-04 15:00:00,Work,Network,
B,2024-03-07 09:00:00,Closed,Network,
";

/// A fresh folder with [`LOG`] as `log.csv`.
fn folder() -> tempfile::TempDir {
    folder_with(&[("log.csv", LOG.as_bytes())])
}

fn analyze(folder: &Path, args: &[&str]) -> Ran {
    wcaf(folder, &[&["analyze"], args].concat())
}
