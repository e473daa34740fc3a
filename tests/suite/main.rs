//! The integration tests: one binary, so that the product is linked once.

mod against_oracle;
mod compare;
mod golden;
mod golden_others;
mod harness;
mod laws;
mod oracle;
mod random;
