//! Synthetic worlds with known truth: event logs made from a recipe and a seed, for demos, tests and training.
//!
//! A recipe (TOML, see [`World::from_toml`]) says who works where, how long things wait and where cases go next;
//! [`write_csv`] lets the cases run and writes what an export of such a workflow would hold, and returns what is
//! known about the world as it was built. The same recipe and seed give the same bytes on every machine: times are
//! integers, the random numbers are our own, and logarithms come from `libm`.
//!
//! It does not read logs, touch files, know the time, or measure anything with the code of the analysis: the truth in
//! [`Summary`] is counted by the maker of the world, so that it can be held against the analysis.

mod calendar;
mod checks;
mod compile;
mod parts;
mod planted;
mod recipe;
mod resolve;
mod rng;
mod staff;
mod texts;
mod truth;
mod walk;
mod world;
mod write;

#[cfg(test)]
mod tests;

pub use planted::{Decoy, DecoyKind, Place, Planted, PlantedCause};
pub use truth::{StateTruth, StayTruth, Summary, Truth};
pub use world::World;
pub use write::{HEADER, write_csv};
