//! From measures to explanations: bots, choke points, the decomposition of waits, root causes, the quality of the log.

pub mod bots;
pub mod causes;
pub mod choke_points;
pub mod compare;
pub mod contrasts;
pub mod hours;
pub mod quality;
pub mod waits;
