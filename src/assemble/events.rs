//! The events of a log as a table that can be read back without any flag: see [`canonical`].

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;

use crate::comments::Heard;
use crate::config::MissingOwner;
use crate::ingest::IngestReport;
use crate::ingest::mapping::canonical::{self, Mark};
use crate::ingest::mapping::{Mapping, Role};
use crate::log::{AttributeRole, Column, EventLog, NO_TIME, NONE};
use crate::report::batch::{Batch, Texts, Values};

/// Events of one batch, about.
const BATCH_EVENTS: usize = 1 << 17;

/// What a column holds.
enum Content {
    Case,
    Time,
    Start,
    Enabled,
    Comment,
    Visible,
    /// The place of the event in its case.
    Place,
    Codes(Source),
    /// Only a name.
    Nothing,
}

/// Where codes lie in a log.
#[derive(Clone, Copy)]
enum Source {
    Activity,
    State,
    Group,
    Assignee,
    Actor,
    Attribute(usize),
}

/// The columns that a log is written in.
pub struct EventTable {
    columns: Vec<(String, Content)>,
    /// What is written in place of comments, by their bits, with a number.
    comments: BTreeMap<u64, (u32, String)>,
}

impl EventTable {
    /// The columns for a log that was read as `report` says.
    #[must_use]
    pub fn new(log: &EventLog, report: &IngestReport) -> EventTable {
        let mapping = &report.mapping;
        let mut table = EventTable { columns: Vec::new(), comments: written_comments(log, report) };
        table.push(Role::Case, mapping, Content::Case);
        table.push(Role::Time, mapping, Content::Time);
        let there = [
            (Role::Start, log.start_ms.is_some(), Content::Start),
            (Role::Enabled, log.enabled_ms.is_some(), Content::Enabled),
            (Role::Activity, log.activity.is_some(), Content::Codes(Source::Activity)),
            (Role::State, log.state.is_some(), Content::Codes(Source::State)),
            (Role::Group, log.group.is_some(), Content::Codes(Source::Group)),
            (Role::Assignee, log.assignee.is_some(), Content::Codes(Source::Assignee)),
            (Role::Actor, log.actor.is_some(), Content::Codes(Source::Actor)),
            (Role::Comment, log.marks.is_some(), Content::Comment),
            (Role::TieBreak, mapping.role(Role::TieBreak).is_some(), Content::Place),
        ];
        for (role, _, content) in there.into_iter().filter(|(_, there, _)| *there) {
            table.push(role, mapping, content);
        }
        for (number, attribute) in log.attributes.iter().enumerate() {
            let role = match attribute.role {
                AttributeRole::Priority => Role::Priority,
                AttributeRole::Segment => Role::Segment,
                AttributeRole::ReassignmentCount => Role::ReassignmentCount,
                AttributeRole::ReopenCount => Role::ReopenCount,
                AttributeRole::Requester => Role::Requester,
                AttributeRole::CommentWriter => Role::CommentWriter,
                AttributeRole::CommentVisibility => Role::CommentVisibility,
                AttributeRole::Kept => continue,
            };
            let name = canonical::column(role, &attribute.name);
            table.columns.push((name, Content::Codes(Source::Attribute(number))));
        }
        if log.visible.is_some() {
            table.columns.push((canonical::VISIBLE.to_owned(), Content::Visible));
        }
        let has = |name: &String| table.columns.iter().any(|(known, _)| known == name);
        let sla = report.header.iter().find(|name| canonical::speaks_of_sla(name)).filter(|name| !has(name));
        if let Some(sla) = sla {
            table.columns.push((canonical::dropped(sla), Content::Nothing));
        }
        let missing_owner =
            if mapping.missing_owner_unassigned { MissingOwner::Unassigned } else { MissingOwner::Unchanged };
        let mark = Mark { family: mapping.family, missing_owner, resolution_ms: report.resolution_ms };
        table.columns.push((mark.column(), Content::Nothing));
        table
    }

    fn push(&mut self, role: Role, mapping: &Mapping, content: Content) {
        let name = mapping.role(role).map_or(role.as_str(), |mapped| &mapped.name);
        self.columns.push((canonical::column(role, name), content));
    }

    /// Runs of cases, each for one batch.
    #[must_use]
    pub fn runs(log: &EventLog) -> Vec<Range<usize>> {
        log.case_runs(BATCH_EVENTS)
    }

    /// The events of some cases.
    #[must_use]
    pub fn batch<'a>(&'a self, log: &'a EventLog, cases: Range<usize>) -> Batch<'a> {
        let events = log.case_starts[cases.start] as usize..log.case_starts[cases.end] as usize;
        let columns = self.columns.iter().map(|(name, content)| {
            let values = match content {
                Content::Case => Values::Text(ids(log, cases.clone())),
                Content::Time => Values::Instant(log.time_ms[events.clone()].iter().copied().map(Some).collect()),
                Content::Start => Values::Instant(instants(log.start_ms.as_deref(), events.clone())),
                Content::Enabled => Values::Instant(instants(log.enabled_ms.as_deref(), events.clone())),
                Content::Comment => Values::Text(self.comments(log, events.clone())),
                Content::Visible => Values::Count(visible(log, cases.clone())),
                Content::Place => Values::Count(cases.clone().flat_map(|case| 1..=length(log, case)).collect()),
                Content::Codes(source) => Values::Text(texts(source.of(log), events.clone())),
                Content::Nothing => Values::Text(nothing(events.len())),
            };
            (name.clone(), values)
        });
        Batch { columns: columns.collect() }
    }

    fn comments(&self, log: &EventLog, events: Range<usize>) -> Texts<'_> {
        let Some(marks) = &log.marks else { return nothing(events.len()) };
        let mut texts = Texts::default();
        for bits in &marks[events] {
            match self.comments.get(bits) {
                Some((number, text)) => texts.push(*number, || Some(text)),
                None => texts.push(0, || None),
            }
        }
        texts
    }
}

impl Source {
    fn of(self, log: &EventLog) -> Option<&Column> {
        match self {
            Source::Activity => log.activity.as_ref(),
            Source::State => log.state.as_ref(),
            Source::Group => log.group.as_ref(),
            Source::Assignee => log.assignee.as_ref(),
            Source::Actor => log.actor.as_ref(),
            Source::Attribute(number) => log.attributes.get(number).map(|attribute| &attribute.column),
        }
    }
}

#[expect(clippy::cast_possible_truncation, reason = "events are counted in 32 bits")]
fn length(log: &EventLog, case: usize) -> u32 {
    log.range(case).len() as u32
}

fn ids(log: &EventLog, cases: Range<usize>) -> Texts<'_> {
    let mut texts = Texts::default();
    for (place, case) in (0u32..).zip(cases) {
        log.range(case).for_each(|_| texts.push(place, || Some(log.case_ids.id(case))));
    }
    texts
}

fn nothing<'a>(rows: usize) -> Texts<'a> {
    let mut texts = Texts::default();
    (0..rows).for_each(|_| texts.push(0, || None));
    texts
}

fn instants(column: Option<&[i64]>, events: Range<usize>) -> Vec<Option<i64>> {
    let known = |ms: i64| (ms != NO_TIME).then_some(ms);
    column
        .map_or_else(|| vec![None; events.len()], |column| column[events.clone()].iter().map(|&ms| known(ms)).collect())
}

/// What is written in place of each comment of a log.
fn written_comments(log: &EventLog, report: &IngestReport) -> BTreeMap<u64, (u32, String)> {
    let languages = report.words.as_ref().map_or(&[][..], |words| &words.languages);
    let distinct: BTreeSet<u64> = log.marks.iter().flatten().copied().collect();
    let written = distinct.into_iter().filter_map(|bits| Some((bits, Heard::from_bits(bits).written(languages)?)));
    (1..).zip(written).map(|(number, (bits, text))| (bits, (number, text))).collect()
}

fn texts(column: Option<&Column>, events: Range<usize>) -> Texts<'_> {
    let Some(column) = column else { return nothing(events.len()) };
    let mut texts = Texts::default();
    for event in events {
        let code = column.codes.get(event);
        texts.push(code, || if code == NONE { None } else { column.dictionary.text(code) });
    }
    texts
}

/// Numbers that differ within a case where what is visible differs.
fn visible(log: &EventLog, cases: Range<usize>) -> Vec<u32> {
    let Some(column) = &log.visible else { return Vec::new() };
    let mut numbers = Vec::new();
    let mut known: HashMap<u64, u32> = HashMap::new();
    for case in cases {
        known.clear();
        for &fingerprint in &column[log.range(case)] {
            let next = u32::try_from(known.len() + 1).unwrap_or(u32::MAX);
            numbers.push(*known.entry(fingerprint).or_insert(next));
        }
    }
    numbers
}
