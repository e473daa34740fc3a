//! The report and its renderers: values to bytes. Opens nothing, prints nothing.

pub mod aging;
pub mod batch;
pub mod case;
pub mod check;
pub mod clocks;
pub mod definitions;
pub mod documents;
pub mod events;
pub mod explain;
mod filter;
pub mod html;
pub mod json;
pub mod manifest;
pub mod markdown;
pub mod model;
#[cfg(feature = "parquet")]
pub mod parquet;
pub mod tables;
pub mod terminal;
pub mod timers;

mod answer;
mod format;
mod page;
mod sections;
mod visible;

#[cfg(test)]
mod fixture;
#[cfg(test)]
mod hostile;
