use crate::log::EventLog;
pub struct Expanded {
    pub log: EventLog,
    pub own: Vec<OwnDurations>,
}
pub struct OwnDurations {
    pub state: u32,
    pub durations_ms: Vec<i64>,
    pub cases: u64,
}
pub fn expand(log: EventLog, _ends: &[bool], _threads: usize) -> Expanded {
    Expanded { log, own: vec![] }
}
