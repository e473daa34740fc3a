//! The integration tests: one binary, so that the product is linked once.

// A panic is how a test fails, and how fast a text is put together is of no matter.
#![allow(clippy::unwrap_used, clippy::format_push_string, clippy::format_collect)]

mod against_oracle;
mod architecture;
mod cli;
mod compare;
mod dates_and_ids;
mod golden;
mod golden_others;
mod harness;
mod laws;
mod malformed;
mod network;
mod oracle;
mod random;
mod readme;
mod run;
mod sample_logs;
