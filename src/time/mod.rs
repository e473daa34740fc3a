//! Instants: reading dates and times from text, deciding their order per column, placing naive times in a zone.
//!
//! Every instant is an `i64` of milliseconds since 1970-01-01 00:00 UTC. A column is read in two steps: a
//! [`DateReader`] per worker turns each field into an 8-byte [`Stamp`] and gathers [`Evidence`]; when all of the
//! column is read, the merged evidence decides the [`Order`], and a [`Resolver`] turns stamps into instants.
//!
//! A [`Duration`] is a number with a unit that carries its clock, a [`Calendar`] counts working time between instants.
//!
//! Pure: no input or output, no clock, no environment. Deliberately not here: which column is a time column, the
//! wording of rejects beyond their reason, time zones of the machine.

pub mod calendar;
pub mod civil;
mod cursor;
pub mod dates;
pub mod duration;
mod format;
mod order;
mod parse;
mod resolve;
mod shape;
pub mod sla;
mod stamp;
mod valid;
pub mod zone;

#[cfg(test)]
mod laws;

pub use calendar::Calendar;
pub use civil::{civil_from_days, days_from_civil, format_utc, format_utc_minutes, iso_week, week_start_ms, weekday};
pub use dates::{DateReader, looks_like_date, looks_like_epoch};
pub use duration::{Clock, Duration, DurationUnit};
pub use format::DateFormat;
pub use order::{Evidence, Example, Order, Unit};
pub use resolve::Resolver;
pub use stamp::{DateFault, NearStamps, Stamp};
pub use zone::Zone;
