//! From measures to explanations: bots, choke points, root causes, the quality of the log.

pub mod bots;
pub mod causes;
pub mod choke_points;
pub mod hours;
pub mod quality;
