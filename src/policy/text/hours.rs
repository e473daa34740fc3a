//! Calendars and service levels of the configuration, written so that a policy stands alone.
//!
//! Holidays are listed day by day for the time of the log, whatever rule they come from.

use super::{Sheet, list, pair, quoted};
use crate::config::Sla;
use crate::config::calendars::Calendars;
use crate::config::sla::{Condition, Target, Wanted};
use crate::time::calendar::{ClockSpan, HolidaySet};
use crate::time::{Calendar, Clock, civil_from_days};

const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

pub(super) fn calendars(sheet: &mut Sheet, calendars: &Calendars, days: (i64, i64)) {
    sheet.blank();
    match (calendars.default_calendar(), calendars.all().is_empty()) {
        (Some(default), _) => {
            sheet.line(&format!("default_calendar = {}", quoted(default.name())), "whose hours `bh` and `bd` are");
        }
        (None, true) => {
            sheet.remark("No working calendar is configured: every hour counts, and messages arrive at night too.");
        }
        (None, false) => sheet.remark("Which case has which calendar is a rule in wcaf.toml: every hour counts here."),
    }
    calendars.all().iter().for_each(|found| calendar(sheet, found, days));
}

fn calendar(sheet: &mut Sheet, found: &Calendar, (first, last): (i64, i64)) {
    let description = found.description();
    sheet.blank();
    sheet.line(&format!("[calendar.{}]", quoted(found.name())), "");
    sheet.line(&format!("timezone = {}", quoted(description.zone.name())), "");
    if let Some(day_ms) = description.day_ms {
        let (hours, minutes) = (day_ms / 3_600_000, day_ms / 60_000);
        let day = if hours * 3_600_000 == day_ms { format!("{hours}h") } else { format!("{minutes}min") };
        sheet.line(&format!("day = \"{day}\""), "length of `1bd`");
    }
    for (weekday, name) in (0u32..).zip(WEEKDAYS) {
        let hours: Vec<String> = description.week.of(weekday).iter().map(ClockSpan::to_string).collect();
        if !hours.is_empty() {
            sheet.line(&format!("{name} = {}", list(&hours)), "");
        }
    }
    let date = |day: i64| {
        let (year, month, day) = civil_from_days(day);
        format!("{year:04}-{month:02}-{day:02}")
    };
    let within = |day: &i64| (first..=last).contains(day);
    let mut closed: Vec<(i64, ClockSpan)> = description.holidays.iter().flat_map(HolidaySet::days).collect();
    closed.retain(|(day, _)| within(day));
    closed.sort_unstable();
    closed.dedup();
    let holidays: Vec<String> = closed
        .into_iter()
        .map(|(day, hours)| {
            if hours == ClockSpan::DAY {
                quoted(&date(day))
            } else {
                format!("{{ on = \"{}\", closed = \"{hours}\" }}", date(day))
            }
        })
        .collect();
    if !holidays.is_empty() {
        sheet.line(&format!("holidays = [{}]", holidays.join(", ")), "those of the time of the log");
    }
    let extra: Vec<String> = description
        .extra
        .iter()
        .filter(|(day, _)| within(day))
        .map(|(day, hours)| format!("{} {hours}", date(*day)))
        .collect();
    if !extra.is_empty() {
        sheet.line(&format!("extra = {}", list(&extra)), "open beside the hours above");
    }
}

pub(super) fn levels(sheet: &mut Sheet, calendars: &Calendars, levels: &[Sla]) {
    for level in levels {
        let own = level.calendar.and_then(|place| calendars.all().get(place));
        let calendar = own.or(calendars.default_calendar());
        sheet.blank();
        if level.clock == Clock::Business && calendar.is_none() {
            sheet.remark("A service level is left out: its calendar goes by rules, which a policy does not have.");
            continue;
        }
        sheet.line("[[sla]]", "");
        sheet.line(&format!("id = {}", quoted(&level.id)), "");
        if !level.kind.is_empty() {
            sheet.line(&format!("kind = {}", quoted(&level.kind)), "of one kind a case has the first that fits");
        }
        if !level.when.0.is_empty() {
            sheet.line(&format!("when = {}", condition(&level.when)), "which cases");
        }
        let parts = [
            ("start", &level.start, "when the clock starts"),
            ("pause", &level.pause, "when it stands still"),
            ("resume", &level.resume, "what sets it going again"),
            ("stop", &level.stop, "when it is over"),
            ("cancel", &level.cancel, "when it no longer counts"),
            ("reset", &level.reset, "when it starts anew"),
        ];
        for (key, any, comment) in parts {
            if !any.is_empty() {
                let any: Vec<String> = any.iter().map(condition).collect();
                sheet.line(&format!("{key} = [{}]", any.join(", ")), comment);
            }
        }
        sheet.line(&format!("target = {}", target(&level.target)), "how long it may take");
        if let Some(calendar) = calendar.filter(|_| level.clock == Clock::Business) {
            sheet.line(&format!("calendar = {}", quoted(calendar.name())), "");
        }
    }
}

fn condition(condition: &Condition) -> String {
    let parts: Vec<String> = condition
        .0
        .iter()
        .map(|(subject, wanted)| match wanted {
            Wanted::Known(known) => format!("{} = {known}", quoted(subject.key())),
            Wanted::OneOf(texts) => format!("{} = {}", quoted(subject.key()), list(texts)),
        })
        .collect();
    format!("{{ {} }}", parts.join(", "))
}

fn target(target: &Target) -> String {
    let default = target.default.map(|duration| duration.to_string());
    let Some(by) = &target.by else { return quoted(&default.unwrap_or_default()) };
    let values: Vec<String> =
        target.values.iter().map(|(value, duration)| format!("{} = \"{duration}\"", quoted(value))).collect();
    let default = default.map_or_else(String::new, |duration| format!(", {}", pair("default", Some(&duration))));
    format!("{{ by = {}, values = {{ {} }}{default} }}", quoted(by.key()), values.join(", "))
}
