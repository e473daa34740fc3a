//! From measures to explanations: bots, choke points, root causes.

pub mod bots;
pub mod causes;
pub mod choke_points;
