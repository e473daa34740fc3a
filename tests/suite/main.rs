//! The integration tests: one binary, so that the product is linked once.

#![allow(clippy::unwrap_used)] // a panic is how a test fails
#![allow(
    clippy::needless_for_each,
    clippy::single_element_loop,
    clippy::explicit_write,
    clippy::format_collect,
    clippy::format_push_string,
    clippy::case_sensitive_file_extension_comparisons,
    reason = "tests prefer what reads best"
)]

mod against_oracle;
mod aging;
mod architecture;
mod business;
mod calendars;
mod case;
mod causes;
mod check;
mod cli;
mod comments;
mod comments_read;
mod compare;
mod convert;
mod corpus;
mod dates_and_ids;
mod documents;
mod encodings;
mod examples;
mod explain;
mod filter;
mod golden;
mod golden_others;
mod golden_xes;
mod habits;
mod harness;
mod html;
mod imports;
mod laws;
mod limits;
mod malformed;
mod network;
mod oracle;
#[cfg(feature = "parquet")]
mod parquet;
mod random;
mod readme;
mod requirements;
mod run;
mod sample_logs;
mod schema;
mod service_levels;
mod sla_clock;
mod start_end;
mod waits;
mod worlds;
mod xes;
