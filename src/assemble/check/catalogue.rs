//! Every check: its id and what a finding does to the numbers, in the order in which reports list them.

/// One check.
pub struct Check {
    /// Short id, in JSON and in `--fail-on`.
    pub id: &'static str,
    /// What it does to the numbers, in a sentence.
    pub effect: &'static str,
}

macro_rules! checks {
    ($($name:ident $id:literal $effect:literal;)*) => {
        $(pub const $name: Check = Check { id: $id, effect: $effect };)*
        const ALL: &[&Check] = &[$(&$name),*];
    };
}

checks! {
    REJECTS "rejects" "Rejected rows are in no number: their cases miss a step, or are missing altogether.";
    CUT_OFF "cut_off" "If the file is cut off, the last rows of some cases are missing and these cases look open or short.";
    EMPTY_ROWS "empty_rows" "None: a row without a single value is no event; it is in no number, not even among the rows read.";
    MAPPING "mapping" "A column read for something else changes every number that rests on it.";
    UNKNOWN_NAME "unknown_name" "What was configured under this name changes nothing, and the numbers rest on the guess instead.";
    TIMEZONE "timezone_assumed" "Durations across a change of the clock are off by an hour, and hours of the day may be shifted.";
    MIXED_OFFSETS "mixed_offsets" "Times with and without an offset are compared as if the latter were in the zone assumed; waits may be hours off.";
    AMBIGUOUS "ambiguous_times" "Each of these times may be an hour later than it was read.";
    WHOLE_DAYS "day_rounded" "Steps within a day take no time, and waits are off by up to a day.";
    OUTLIERS "time_outliers" "One wrong time stretches its case, moves the date up to which the log is known, and with it the age of every open case.";
    TIES "ties" "The order of these steps is that of the file: handoffs, returns and states of no length depend on it.";
    ORDER "order" "These rows were sorted by time; if the file's order was the true one, their times are wrong.";
    COUNTER_ORDER "counter_order" "Here times and the system's own count of updates disagree on what came first, so transitions and handoffs may be turned round.";
    REVISIONS "revisions" "Updates that were not exported hide handoffs, visits and touches; counts are lower bounds.";
    DUPLICATES "duplicates" "Rows that are there twice count twice as events; touches and times in state are hardly moved.";
    NEAR_DUPLICATES "near_duplicates" "They add events at which nothing visible changed, which raise the upper bound of status tracking.";
    SIMILAR_NAMES "similar_names" "One state or group counts as several: its waits are split, and moves between the spellings count as transitions or handoffs.";
    UNCLASSIFIED "unclassified_states" "Time in these states counts as work, not as waiting.";
    BULK "bulk_updates" "Many cases moved at once say when somebody cleaned up, not when the work was done: the waits before end late, together.";
    CLOSED_ONLY "closed_only" "Only finished cases were exported: slow cases of recent weeks are missing, so cycle times look shorter than they are, and there is no backlog.";
    NONE_COMPLETED "none_completed" "There is no cycle time and no resolution; time in state has open ends only.";
    ZERO_LENGTH "zero_length" "Cases without a duration pull medians and means of the cycle time down.";
    STALE "stale" "Cases that nobody will ever close look like work in process and raise every age.";
    LEAKY "leaky" "These columns were filled in afterwards: as segments or as evidence at an earlier moment they would know the future. They decide nothing here.";
    READINESS "readiness" "What is not recorded cannot be measured: the numbers each missing item blocks are null in the findings.";
}

/// The ids of all checks, in their order.
#[must_use]
pub fn ids() -> Vec<&'static str> {
    ALL.iter().map(|check| check.id).collect()
}

/// Whether there is a check of this id.
#[must_use]
pub fn is_check(id: &str) -> bool {
    ALL.iter().any(|check| check.id == id)
}
