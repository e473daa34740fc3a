//! `[[sla]]`: service levels as they are written, checked and laid out.
//!
//! What a timer does is in `metrics::sla`; whether a state or a column exists is found out where the log is read. The
//! sections are types of their own, so that other files than `wcaf.toml` can have them.

mod facts;
mod sections;

#[cfg(test)]
mod tests;

use toml::Spanned;

pub use facts::{FactTable, Facts, Measure, TableRows, ZendeskTarget, ZendeskTargets};
pub use sections::{
    ConditionSection, ConditionsSection, FactsSection, SlaSection, TargetSection, WantedSection, ZendeskFactsSection,
};

use super::calendars::{Calendars, Page};
use super::tables::Tables;
use super::units::Milli;
use super::{CLASS_NAMES, explain};
use crate::error::{Problem, Result};
use crate::time::{Calendar, Clock, Duration};

/// Share of the target at which a breach is near, in thousandths, where nothing else is said.
const NEAR: Milli = Milli(800);

/// A service level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sla {
    /// Its name.
    pub id: String,
    /// Where it is defined.
    pub place: Place,
    /// Of all definitions of one kind a case gets the first that fits.
    pub kind: String,
    /// What must hold when a timer starts.
    pub when: Condition,
    /// When a timer starts, any of them; at the first event of a case where there is none.
    pub start: Vec<Condition>,
    /// When it stands still, any of them.
    pub pause: Vec<Condition>,
    /// What sets it going again, any of them; the end of the pause where there is none.
    pub resume: Vec<Condition>,
    /// When it is over, any of them; where there is none, when the case is done.
    pub stop: Vec<Condition>,
    /// When it no longer counts, any of them; where there is none, when the case is cancelled.
    pub cancel: Vec<Condition>,
    /// When it starts anew, any of them.
    pub reset: Vec<Condition>,
    /// How long it may take.
    pub target: Target,
    /// What the target is measured by.
    pub clock: Clock,
    /// Its own calendar, as a place in [`Calendars::all`]; else that of the case.
    pub calendar: Option<usize>,
    /// Share of the target at which a breach is near, in thousandths.
    pub near: Milli,
    /// What the source system says of the same service level.
    pub facts: Facts,
}

/// A line of a configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: u64,
}

impl Place {
    /// A problem at this place.
    #[must_use]
    pub fn refuse(&self, problem: Problem) -> Problem {
        problem.in_file(self.file.as_str()).at_line(self.line)
    }
}

/// What must hold of a case after an event, all of it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Condition(pub Vec<(Subject, Wanted)>);

/// What a condition looks at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Subject {
    /// The state in force.
    State,
    /// Its class.
    StateClass,
    /// The team in force.
    Group,
    /// The person in force.
    Assignee,
    /// The activity of the event itself.
    Activity,
    /// The priority in force.
    Priority,
    /// The id of the case.
    Case,
    /// Whether the event leaves a terminal state.
    Reopened,
    /// The value in force of a column.
    Column(String),
}

impl Subject {
    fn named(key: &str) -> Subject {
        match key {
            "state" => Subject::State,
            "state_class" => Subject::StateClass,
            "group" => Subject::Group,
            "assignee" => Subject::Assignee,
            "activity" => Subject::Activity,
            "priority" => Subject::Priority,
            "case" => Subject::Case,
            "reopened" => Subject::Reopened,
            column => Subject::Column(column.to_owned()),
        }
    }

    /// Returns the key it is written with.
    #[must_use]
    pub fn key(&self) -> &str {
        match self {
            Subject::State => "state",
            Subject::StateClass => "state_class",
            Subject::Group => "group",
            Subject::Assignee => "assignee",
            Subject::Activity => "activity",
            Subject::Priority => "priority",
            Subject::Case => "case",
            Subject::Reopened => "reopened",
            Subject::Column(name) => name,
        }
    }

    /// Whether it is true of an event alone rather than until something changes.
    #[must_use]
    pub fn is_moment(&self) -> bool {
        matches!(self, Subject::Activity | Subject::Reopened)
    }
}

/// What a condition wants of its subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// That anything is known of it, or nothing.
    Known(bool),
    /// One of these texts.
    OneOf(Vec<String>),
}

/// How long a timer may take.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// What decides it; the same for all where there is nothing.
    pub by: Option<Subject>,
    /// Per value.
    pub values: Vec<(String, Duration)>,
    /// For all other values; a case without a target has no timer.
    pub default: Option<Duration>,
}

impl Target {
    /// Returns all durations.
    pub fn durations(&self) -> impl Iterator<Item = Duration> {
        self.values.iter().map(|(_, duration)| *duration).chain(self.default)
    }
}

impl Sla {
    /// Returns the columns it names, without those of roles.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        let conditions = [&self.start, &self.pause, &self.resume, &self.stop, &self.cancel, &self.reset];
        let of_column = |subject: &'_ Subject| match subject {
            Subject::Column(_) => true,
            Subject::State
            | Subject::StateClass
            | Subject::Group
            | Subject::Assignee
            | Subject::Activity
            | Subject::Priority
            | Subject::Case
            | Subject::Reopened => false,
        };
        let tested = conditions.into_iter().flatten().chain([&self.when]).flat_map(|condition| &condition.0);
        let subjects = tested.map(|(subject, _)| subject).chain(&self.target.by);
        let facts = self.facts.columns.iter().map(|(_, column)| column.as_str());
        subjects.filter(move |subject| of_column(subject)).map(Subject::key).chain(facts)
    }
}

/// Checks the sections of a file and lays them out.
pub(super) fn settle(sections: &[SlaSection], calendars: &Calendars, tables: &Tables<'_>) -> Result<Vec<Sla>> {
    let page = tables.page;
    let mut settled: Vec<Sla> = Vec::new();
    for section in sections {
        let next = sla(section, calendars, tables)?;
        refuse_twin(&next, &settled, section, page)?;
        settled.push(next);
    }
    Ok(settled)
}

fn sla(section: &SlaSection, calendars: &Calendars, tables: &Tables<'_>) -> Result<Sla> {
    let page = tables.page;
    let id = section.id.get_ref();
    if id.trim().is_empty() {
        let problem = Problem::usage("a service level without a name").hint("write `id = \"resolution\"`");
        return Err(page.at(section.id.span(), problem));
    }
    let place = Place { file: page.file.to_owned(), line: explain::line_of(page.text, section.id.span().start) };
    let when = section.when.as_ref().map(|when| condition(when.get_ref(), "when").map_err(|p| page.at(when.span(), p)));
    let any = |of: &Option<Spanned<ConditionsSection>>, key: &str| match of {
        None => Ok(Vec::new()),
        Some(of) => conditions(of.get_ref(), key).map_err(|problem| page.at(of.span(), problem)),
    };
    let target = target(&section.target, page)?;
    let (clock, calendar) = clock(section, &target, calendars, page)?;
    let near = section.near.as_ref().map_or(NEAR, |near| *near.get_ref());
    if let Some(told) = section.near.as_ref().filter(|_| !(1..1_000).contains(&near.0)) {
        let problem = Problem::usage(format!("`near` of the service level `{id}` does not lie between 0 and 1"));
        return Err(page.at(told.span(), problem.hint("write a share of the target, such as `near = 0.8`")));
    }
    let sla = Sla {
        id: id.clone(),
        place,
        kind: section.kind.clone().unwrap_or_default(),
        when: when.transpose()?.unwrap_or_default(),
        start: any(&section.start, "start")?,
        pause: any(&section.pause, "pause")?,
        resume: any(&section.resume, "resume")?,
        stop: any(&section.stop, "stop")?,
        cancel: any(&section.cancel, "cancel")?,
        reset: any(&section.reset, "reset")?,
        target,
        clock,
        calendar,
        near,
        facts: Facts::default(),
    };
    refuse_contradiction(&sla, section, page)?;
    // a file is opened only where nothing else is wrong
    let facts = section.facts.as_ref().map(|facts| facts::settle(facts, tables)).transpose()?;
    Ok(Sla { facts: facts.unwrap_or_default(), ..sla })
}

fn conditions(section: &ConditionsSection, key: &str) -> Result<Vec<Condition>> {
    match section {
        ConditionsSection::Text(text) if key == "start" && text == "case_created" => Ok(Vec::new()),
        ConditionsSection::Text(text) => Err(Problem::usage(format!("`{key} = \"{text}\"` is no condition"))
            .hint(format!("write `{key} = {{ state = \"{text}\" }}`"))),
        ConditionsSection::Any(list) if list.is_empty() => Err(Problem::usage(format!("`{key}` is an empty list"))
            .hint(format!("leave out `{key}`, or write a condition such as `{key} = {{ state = \"NAME\" }}`"))),
        ConditionsSection::Any(list) => list.iter().map(|section| condition(section, key)).collect(),
    }
}

fn condition(section: &ConditionSection, key: &str) -> Result<Condition> {
    if section.0.is_empty() {
        return Err(Problem::usage(format!("`{key}` is a condition that wants nothing"))
            .hint(format!("leave out `{key}`, or write `{key} = {{ state = \"NAME\" }}`")));
    }
    let tests = section.0.iter().map(|(name, wanted)| {
        let subject = Subject::named(name);
        if subject == Subject::Reopened && *wanted != WantedSection::Known(true) {
            return Err(Problem::usage(format!("`reopened` of `{key}` says nothing"))
                .hint(format!("write `{key} = {{ reopened = true }}`")));
        }
        let wanted = match wanted {
            WantedSection::Known(known) => Wanted::Known(*known),
            WantedSection::Texts(texts) if texts.is_empty() => {
                return Err(Problem::usage(format!("the condition `{name}` of `{key}` has no value"))
                    .hint(format!("write `{key} = {{ {name} = \"VALUE\" }}`")));
            }
            WantedSection::Texts(texts) => {
                if subject == Subject::StateClass {
                    texts.iter().try_for_each(|class| known_class(class, key))?;
                }
                Wanted::OneOf(texts.clone())
            }
        };
        Ok((subject, wanted))
    });
    Ok(Condition(tests.collect::<Result<_>>()?))
}

fn known_class(class: &str, key: &str) -> Result<()> {
    if CLASS_NAMES.contains(&class) {
        return Ok(());
    }
    let problem = Problem::usage(format!("there is no state class `{class}`"));
    Err(match explain::nearest(class, CLASS_NAMES.iter().copied()) {
        Some(near) => problem.hint(format!("write `{key} = {{ state_class = \"{near}\" }}`")),
        None => problem.hint(format!("the classes are {}", CLASS_NAMES.join(", "))),
    })
}

fn target(section: &Spanned<TargetSection>, page: Page<'_>) -> Result<Target> {
    let refuse = |problem: Problem| page.at(section.span(), problem);
    let read = |text: &str| {
        let duration = Duration::parse(text)?;
        if duration.is_nothing() {
            return Err(Problem::usage(format!("a target of `{duration}` is over at once"))
                .hint("write how long the work may take, such as `target = \"16bh\"` or `target = \"2d\"`"));
        }
        Ok(duration)
    };
    let target = match section.get_ref() {
        TargetSection::Text(text) => {
            Target { by: None, values: Vec::new(), default: Some(read(text).map_err(refuse)?) }
        }
        TargetSection::Table(table) => {
            let values = table.values.iter().map(|(value, text)| Ok((value.clone(), read(text)?)));
            let values = values.collect::<Result<Vec<_>>>().map_err(refuse)?;
            let default = table.default.as_deref().map(read).transpose().map_err(refuse)?;
            Target { by: Some(Subject::named(&table.by)), values, default }
        }
    };
    let by = target.by.as_ref().map_or("priority", Subject::key);
    if target.durations().next().is_none() {
        let hint = format!("write `target = {{ by = \"{by}\", values = {{ \"1\" = \"4h\" }}, default = \"2d\" }}`");
        return Err(refuse(Problem::usage("a target without any duration").hint(hint)));
    }
    if target.by.as_ref().is_some_and(Subject::is_moment) {
        let problem = Problem::usage(format!("a target cannot go by `{by}`, which is true of a moment only"));
        return Err(refuse(problem.hint("name `priority`, `group`, or a column: `by = \"priority\"`")));
    }
    Ok(target)
}

/// Returns the clock of the target and its own calendar.
fn clock(
    section: &SlaSection,
    target: &Target,
    calendars: &Calendars,
    page: Page<'_>,
) -> Result<(Clock, Option<usize>)> {
    let id = section.id.get_ref();
    let refuse = |problem: Problem| Err(page.at(section.target.span(), problem));
    let is_business = |duration: &Duration| duration.clock() == Clock::Business;
    let (business, wall) = (target.durations().find(is_business), target.durations().find(|d| !is_business(d)));
    let own = match &section.calendar {
        Some(name) => Some((calendars.place(name.get_ref()).map_err(|problem| page.at(name.span(), problem))?, name)),
        None => None,
    };
    match (business, wall, own) {
        (Some(business), Some(wall), _) => {
            let problem = Problem::usage(format!("the service level `{id}` has targets of two clocks"));
            refuse(problem.note(format!("`{business}` is business time, `{wall}` is not")).hint(
                "write all of them in `bh` or `bd`, or all of them in `min`, `h` or `d`, or make two service levels",
            ))
        }
        (None, Some(wall), Some((_, name))) => {
            let problem = Problem::usage(format!(
                "the service level `{id}` names the calendar `{}`, and its target `{wall}` runs at all hours",
                name.get_ref()
            ));
            Err(page.at(name.span(), problem.hint("write the target in `bh` or `bd`, or take the calendar out")))
        }
        (None, _, _) => Ok((Clock::Wall, None)),
        (Some(business), None, own) => {
            let all: Vec<&Calendar> = match own {
                Some((place, _)) => calendars.all().get(place).into_iter().collect(),
                None => calendars.pickable().collect(),
            };
            if all.is_empty() {
                let problem =
                    Problem::usage(format!("the target `{business}` of the service level `{id}` has no calendar"));
                let hint = match calendars.all().first() {
                    Some(calendar) => format!("add `calendar = \"{}\"` to it", calendar.name()),
                    None => "add `calendar = \"office\"` to it and a table `[calendar.office]` with `timezone` and \
                             `mon_fri = \"09:00-17:00\"`"
                        .to_owned(),
                };
                return refuse(problem.hint(hint));
            }
            for calendar in all {
                for duration in target.durations() {
                    duration.business_ms(calendar).map_err(|problem| page.at(section.target.span(), problem))?;
                }
            }
            Ok((Clock::Business, own.map(|(place, _)| place)))
        }
    }
}

/// Refuses a definition whose name is taken, or that no case can ever get.
fn refuse_twin(next: &Sla, settled: &[Sla], section: &SlaSection, page: Page<'_>) -> Result<()> {
    let refuse = |problem: Problem| Err(page.at(section.id.span(), problem));
    if let Some(first) = settled.iter().find(|first| first.id == next.id) {
        let problem = Problem::usage(format!("the service level `{}` is defined twice", next.id));
        let problem = problem.note(format!("first in line {}", first.place.line));
        return refuse(problem.hint(format!("give one of them another name, such as `id = \"{}-2\"`", next.id)));
    }
    let hides = |first: &&Sla| {
        first.kind == next.kind
            && first.start == next.start
            && first.target.default.is_some()
            && first.when.is_wider(&next.when)
    };
    let Some(first) = settled.iter().find(hides) else { return Ok(()) };
    let problem = Problem::usage(format!(
        "no case can get the service level `{}`: whatever fits it gets `{}` first",
        next.id, first.id
    ));
    refuse(
        problem
            .note(format!("`{}` stands in line {} and the first that fits wins", first.id, first.place.line))
            .hint(format!("move it above `{}`, or add `kind = \"{}\"` to it if cases have both", first.id, next.id)),
    )
}

impl Condition {
    /// Whether it holds wherever the other does, as far as that can be read.
    fn is_wider(&self, other: &Condition) -> bool {
        self.0.iter().all(|(subject, wanted)| {
            other.0.iter().any(|(theirs, narrower)| theirs == subject && wanted.is_wider(narrower))
        })
    }

    /// Whether both are about one subject alone, and a value is wanted by both.
    fn meets(&self, other: &Condition) -> bool {
        match (self.0.as_slice(), other.0.as_slice()) {
            ([(subject, wanted)], [(theirs, others)]) => subject == theirs && wanted.meets(others),
            _ => self == other,
        }
    }
}

impl Wanted {
    fn is_wider(&self, other: &Wanted) -> bool {
        match (self, other) {
            (Wanted::Known(known), Wanted::Known(other)) => known == other,
            (Wanted::Known(known), Wanted::OneOf(_)) => *known,
            (Wanted::OneOf(_), Wanted::Known(_)) => false,
            (Wanted::OneOf(texts), Wanted::OneOf(others)) => others.iter().all(|text| texts.contains(text)),
        }
    }

    fn meets(&self, other: &Wanted) -> bool {
        match (self, other) {
            (Wanted::Known(known), Wanted::Known(other)) => known == other,
            (Wanted::Known(known), Wanted::OneOf(_)) | (Wanted::OneOf(_), Wanted::Known(known)) => *known,
            (Wanted::OneOf(texts), Wanted::OneOf(others)) => others.iter().any(|text| texts.contains(text)),
        }
    }
}

/// Refuses conditions of which one makes the other senseless.
fn refuse_contradiction(sla: &Sla, section: &SlaSection, page: Page<'_>) -> Result<()> {
    let place = |of: &Option<Spanned<ConditionsSection>>| of.as_ref().map_or(section.id.span(), Spanned::span);
    let pairs = [
        ("start", &sla.start, "stop", &sla.stop, place(&section.stop)),
        ("start", &sla.start, "cancel", &sla.cancel, place(&section.cancel)),
        ("pause", &sla.pause, "resume", &sla.resume, place(&section.resume)),
        ("pause", &sla.pause, "stop", &sla.stop, place(&section.stop)),
        ("stop", &sla.stop, "cancel", &sla.cancel, place(&section.cancel)),
        ("stop", &sla.stop, "resume", &sla.resume, place(&section.resume)),
    ];
    for (first, mine, second, theirs, place) in pairs {
        if mine.iter().any(|condition| theirs.iter().any(|other| condition.meets(other))) {
            let problem =
                Problem::usage(format!("`{first}` and `{second}` of the service level `{}` hold at once", sla.id));
            return Err(page.at(place, problem.hint(format!("take what both want out of `{first}` or of `{second}`"))));
        }
    }
    let is_moment = |condition: &Condition| condition.0.iter().any(|(subject, _)| subject.is_moment());
    if sla.resume.is_empty() && sla.pause.iter().any(is_moment) {
        let problem = Problem::usage(format!(
            "`pause` of the service level `{}` is a moment, and nothing says when the timer goes on",
            sla.id
        ));
        let hint = "add what ends the pause, such as `resume = { activity = \"NAME\" }`";
        return Err(page.at(place(&section.pause), problem.hint(hint)));
    }
    Ok(())
}
