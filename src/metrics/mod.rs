//! What is measured of a log: the per-case sweep, and the measures that look across cases.
//!
//! Each file holds one measure: its definition, formula, edge cases and a worked example. Integers throughout;
//! ratios and percentiles come last. Nothing here is serialized.

pub mod after_handoffs;
pub mod ages;
pub mod business;
pub mod case_facts;
pub mod case_parts;
pub mod case_totals;
pub mod clock;
pub mod cuts;
pub mod durations;
pub mod exceptions;
pub mod fake_waits;
pub mod handoffs;
pub mod histogram;
pub mod ledger;
pub mod pairs;
pub mod place_signs;
pub mod repeats;
pub mod selection;
pub mod silences;
pub mod sla;
pub mod survival;
pub mod sweep;
pub mod touch_tally;
pub mod visits;
pub mod wait_spans;
pub mod window;

pub use case_facts::CaseFact;
pub use durations::{Durations, Quantiles};
pub use sweep::{Swept, sweep};
