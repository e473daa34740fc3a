//! Workflow Coordination Analysis over exported event logs.
//!
//! The modules follow the pipeline: `ingest` turns bytes into an `EventLog` (`log`), `states` says what its events
//! mean, `metrics` sweeps and measures, `diagnose` and `interventions` explain, `assemble` builds the report value,
//! `report` renders it, `cli` is the shell.

pub mod assemble;
pub mod cli;
pub mod comments;
pub mod config;
pub mod counts;
pub mod diagnose;
pub mod error;
pub mod ingest;
pub mod interventions;
pub mod log;
pub mod metrics;
pub mod parallel;
pub mod policy;
pub mod report;
pub mod roi;
pub mod states;
pub mod synth;
pub mod time;
mod words;
