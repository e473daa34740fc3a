//! What is wrong with a world on purpose: where work waits too long, why, and what only looks like it.
//!
//! Written beside the recipe before the world runs. How many hours a reminder could remove follows from the run
//! (`StayTruth::unseen_ms`).

use serde::Deserialize;

use super::resolve::{Names, Outcome, find};

/// The known truth of a world.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Planted {
    /// Where work waits too long.
    pub choke_point: Place,
    /// Why.
    pub cause: PlantedCause,
    /// Seeds whose logs are judged.
    pub seeds: Vec<u64>,
    /// Places that look as bad and are not.
    #[serde(default)]
    pub decoy: Vec<Decoy>,
}

/// A state while a group holds the case.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Place {
    /// Name of the state.
    pub state: String,
    /// Name of the group.
    pub group: String,
}

/// Why work waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PlantedCause {
    /// The case lacks something that nobody asked for in time.
    MissingData,
    /// Nobody takes the case for his own.
    UnclearOwnership,
    /// Two systems do not know of each other, so that somebody must carry the case over by hand.
    PoorToolIntegration,
    /// The rule that decides is not clear.
    PolicyAmbiguity,
    /// There is more work than hands; nothing that coordination could remove.
    Capacity,
}

impl PlantedCause {
    /// The name in recipes.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            PlantedCause::MissingData => "missing_data",
            PlantedCause::UnclearOwnership => "unclear_ownership",
            PlantedCause::PoorToolIntegration => "poor_tool_integration",
            PlantedCause::PolicyAmbiguity => "policy_ambiguity",
            PlantedCause::Capacity => "capacity",
        }
    }
}

/// A place that looks like a choke point.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Decoy {
    /// What it is in truth.
    pub kind: DecoyKind,
    /// Name of the state.
    pub state: String,
    /// Name of the group; any when not given.
    pub group: Option<String>,
}

/// What a decoy is in truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DecoyKind {
    /// A wait for somebody outside.
    ExternalWait,
    /// Time after the work is done.
    TerminalTail,
    /// A team with as much work as it can do.
    BusyTeam,
    /// Work that is done on certain days of the week.
    BatchDay,
}

impl Planted {
    /// Checks that all places exist and that there are seeds.
    pub(super) fn check(&self, names: &Names) -> Outcome<()> {
        let place = |why: String| format!("planted: {why}");
        find("state", &names.states, &self.choke_point.state).map_err(place)?;
        find("group", &names.groups, &self.choke_point.group).map_err(place)?;
        for decoy in &self.decoy {
            find("state", &names.states, &decoy.state).map_err(place)?;
            if let Some(group) = &decoy.group {
                find("group", &names.groups, group).map_err(place)?;
            }
        }
        if self.seeds.is_empty() { Err(place("there are no seeds".to_owned())) } else { Ok(()) }
    }
}
