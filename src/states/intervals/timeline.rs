//! The activity instances of one case, walked from instant to instant.
//!
//! It answers which instance is active or queued; events, states and columns are the business of the module above.

use std::ops::Range;

/// One row of a start/end log.
#[derive(Clone, Copy, Debug)]
pub struct Instance {
    /// Activity code; 0 is missing.
    pub activity: u32,
    /// When it could have started, UTC ms; until [`Timeline::prepare`] its start where not mapped.
    pub enabled_ms: i64,
    /// Start, UTC ms; not before it is enabled.
    pub start_ms: i64,
    /// End, UTC ms; not before the start.
    pub end_ms: i64,
    /// The enabled instant is known: it was read, or something ended before. Nothing enables the first activity.
    pub has_queue: bool,
}

/// Order of what happens at one instant. Starts come first, so that the state and the owner of what begins take over at
/// one event.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Phase {
    /// Instances start that end at once.
    StartBrief,
    /// Instances start that end later.
    Start,
    /// Instances end that started before.
    End,
    /// Instances end that started at once.
    EndBrief,
    /// Instances are enabled that start later.
    Enable,
}

/// Something that happens; sorted in the order of its fields.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Moment {
    /// Instant, UTC ms.
    pub at_ms: i64,
    /// What kind of thing.
    pub phase: Phase,
    /// Position of the instance in the case.
    pub row: u32,
}

/// The instances of one case and what is in force at the current instant.
#[derive(Debug, Default)]
pub struct Timeline {
    /// Instances in the order of the log: by end, then position.
    pub instances: Vec<Instance>,
    /// What happens, in order.
    pub moments: Vec<Moment>,
    by_start: Vec<u32>,
    by_enabled: Vec<u32>,
    /// How many of `by_start` are over, up to the first that is not.
    ended: usize,
    /// How many of `by_enabled` have started, up to the first that has not.
    started: usize,
    now_ms: i64,
}

impl Timeline {
    /// Infers missing enabled instants, orders everything and goes back to the begin.
    pub fn prepare(&mut self) {
        for row in 0..self.instances.len() {
            if !self.instances[row].has_queue
                && let Some(completion_ms) = self.completion_before(row)
            {
                (self.instances[row].enabled_ms, self.instances[row].has_queue) = (completion_ms, true);
            }
        }
        let instances = &self.instances;
        let rows = || 0u32..u32::try_from(instances.len()).unwrap_or(u32::MAX);
        let at = |row: u32| &instances[row as usize];
        self.by_start.clear();
        self.by_start.extend(rows());
        self.by_start.sort_unstable_by_key(|&row| (at(row).start_ms, row));
        self.by_enabled.clear();
        self.by_enabled.extend(rows());
        self.by_enabled.sort_unstable_by_key(|&row| (at(row).enabled_ms, at(row).start_ms, row));
        self.moments.clear();
        for row in rows() {
            let &Instance { enabled_ms, start_ms, end_ms, .. } = at(row);
            let is_brief = start_ms == end_ms;
            let (start, end) = if is_brief { (Phase::StartBrief, Phase::EndBrief) } else { (Phase::Start, Phase::End) };
            self.moments.push(Moment { at_ms: start_ms, phase: start, row });
            self.moments.push(Moment { at_ms: end_ms, phase: end, row });
            if enabled_ms < start_ms {
                self.moments.push(Moment { at_ms: enabled_ms, phase: Phase::Enable, row });
            }
        }
        self.moments.sort_unstable();
        (self.ended, self.started, self.now_ms) = (0, 0, i64::MIN);
    }

    /// The latest end of another instance up to the start of this one. Where this one ends at once, so do others of its
    /// instant: then those come before it that took time, and those of earlier rows.
    fn completion_before(&self, row: usize) -> Option<i64> {
        let Instance { start_ms, end_ms, .. } = self.instances[row];
        let until = self.instances.partition_point(|other| other.end_ms <= start_ms);
        if start_ms < end_ms {
            return Some(self.instances[..until].last()?.end_ms);
        }
        let same = self.instances.partition_point(|other| other.end_ms < start_ms);
        let ends_here = row > same || self.instances[same..until].iter().any(|other| other.start_ms < other.end_ms);
        if ends_here { Some(start_ms) } else { Some(self.instances[..same].last()?.end_ms) }
    }

    /// The moments from `from` on that share its instant; nothing behind the last one.
    pub fn instant(&self, from: usize) -> Option<Range<usize>> {
        let at_ms = self.moments.get(from)?.at_ms;
        let n = self.moments[from..].iter().take_while(|moment| moment.at_ms == at_ms).count();
        Some(from..from + n)
    }

    /// Goes on to an instant, after all that happens at it.
    pub fn advance(&mut self, now_ms: i64) {
        self.now_ms = now_ms;
        let over = |&row: &u32| self.instances[row as usize].end_ms <= now_ms;
        self.ended += self.by_start[self.ended..].iter().take_while(|row| over(row)).count();
        let begun = |&row: &u32| self.instances[row as usize].start_ms <= now_ms;
        self.started += self.by_enabled[self.started..].iter().take_while(|row| begun(row)).count();
    }

    /// Position of the active instance that started first; ties by row.
    pub fn active(&self) -> Option<u32> {
        let first = *self.by_start.get(self.ended)?;
        (self.instances[first as usize].start_ms <= self.now_ms).then_some(first)
    }

    /// The queued instance that was enabled first; ties by start, then row.
    pub fn queued(&self) -> Option<&Instance> {
        let first = &self.instances[*self.by_enabled.get(self.started)? as usize];
        (first.enabled_ms <= self.now_ms).then_some(first)
    }

    /// The instance that ends last, once that has happened.
    pub fn finished_by(&self) -> Option<&Instance> {
        let last = self.moments.last()?;
        (last.at_ms <= self.now_ms).then(|| &self.instances[last.row as usize])
    }
}
