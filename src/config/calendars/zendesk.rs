//! A calendar from the tables of Zendesk: `schedule`, `schedule_holiday`, and `time_zone` and `daylight_time` to check its
//! zone by.
//!
//! The hours of a schedule are minutes of the local clock from Sunday 00:00 on, so the rules of its zone come from the
//! bundled database; where a table says otherwise, that is noted with its line.

use std::collections::BTreeMap;

use toml::Spanned;

use super::sections::{CalendarSection, ZendeskSection};
use super::{Note, zones};
use crate::config::tables::{Live, Row, Table, Tables, instant, quoted};
use crate::counts::counted;
use crate::error::{Problem, Result};
use crate::time::calendar::{ClockSpan, DayRule, Holiday, HolidaySet, Week};
use crate::time::{Zone, days_from_civil};

/// Minutes of a day.
const DAY_MIN: u16 = 1_440;
/// Minutes of a week.
const WEEK_MIN: u16 = 7 * DAY_MIN;
/// Milliseconds of a minute, an hour and a day.
const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

/// What the tables say of a calendar.
pub(super) struct Imported {
    pub zone: Zone,
    pub week: Week,
    pub holidays: HolidaySet,
    pub notes: Vec<Note>,
}

/// Reads the tables; a zone that is `told` takes the place of that of the schedule.
pub(super) fn read(
    calendar: &Spanned<String>,
    section: &CalendarSection,
    zendesk: &ZendeskSection,
    told: Option<Zone>,
    tables: &Tables<'_>,
) -> Result<Imported> {
    refuse_hours(calendar, section, tables)?;
    let columns = ["id", "name", "start_time", "end_time", "time_zone"];
    let live = tables.read_for(&zendesk.schedule, &columns, &["start_time_utc", "end_time_utc"])?;
    let rows = rows_of_schedule(&live, zendesk, tables)?;
    let table = &live.table;
    let Some(first) = rows.first() else {
        let problem = Problem::usage(format!("the table `{}` has no schedule", table.shown));
        let problem = problem.note(format!("{}, {} deleted", counted(live.all, "row", "rows"), live.deleted));
        return Err(tables.page.at(zendesk.schedule.span(), problem.hint("export the schedules that are in use")));
    };
    let mut notes = Notes { calendar: calendar.get_ref(), notes: Vec::new() };
    notes.deleted(&live);
    let zone_name = first.cell(4);
    if let Some(other) = rows.iter().find(|row| row.cell(4) != zone_name) {
        let zones = [other.cell(4), zone_name].map(quoted);
        let problem = Problem::input(format!("`{}` and `{}` are both zones of the schedule", zones[0], zones[1]));
        return Err(table.refuse(other, "time_zone", problem.hint("correct one of them, or name another schedule")));
    }
    let zone = zone(calendar, table, first, told, &mut notes)?;
    let week = week(table, &rows)?;
    check_utc(table, &rows, &zone, &mut notes);
    let holidays = match &zendesk.holidays {
        Some(name) => holidays(first.cell(0), &tables.read_for(name, &HOLIDAY, &[])?, &mut notes)?,
        None => HolidaySet::default(),
    };
    if let Some(name) = &zendesk.zones {
        check_standard(zone_name, &zone, &tables.read_for(name, &["time_zone", "standard_offset"], &[])?, &mut notes)?;
    }
    if let Some(name) = &zendesk.daylight {
        check_daylight(zone_name, &zone, &tables.read_for(name, &DAYLIGHT, &[])?, &mut notes)?;
    }
    Ok(Imported { zone, week, holidays, notes: notes.notes })
}

/// What a reader should know of a calendar.
struct Notes<'a> {
    calendar: &'a str,
    notes: Vec<Note>,
}

impl Notes<'_> {
    fn add(&mut self, message: &str, hint: impl Into<String>) {
        let message = format!("the calendar `{}`: {message}", self.calendar);
        self.notes.push(Note { message, hint: hint.into() });
    }

    fn deleted(&mut self, live: &Live) {
        if live.deleted > 0 {
            let deleted = counted(live.deleted, "row", "rows");
            let message = format!("{deleted} of `{}` left out, marked as deleted", live.table.shown);
            self.add(&message, "nothing to do if the source system no longer has them");
        }
    }
}

fn refuse_hours(calendar: &Spanned<String>, section: &CalendarSection, tables: &Tables<'_>) -> Result<()> {
    let hours = section.hours.first().map(|(key, texts)| (key.as_str(), texts.span()));
    let Some((key, place)) = hours.or(section.always.as_ref().map(|always| ("always", always.span()))) else {
        return Ok(());
    };
    let message = format!("the calendar `{}` has hours of a schedule of Zendesk and `{key}` too", calendar.get_ref());
    let hint = format!("take out `{key}`, or `zendesk`; open hours of single days can stand in `extra`");
    Err(tables.page.at(place, Problem::usage(message).hint(hint)))
}

/// Returns the rows of the schedule that is named, or of the only one.
fn rows_of_schedule<'t>(live: &'t Live, zendesk: &ZendeskSection, tables: &Tables<'_>) -> Result<Vec<&'t Row>> {
    let table = &live.table;
    let is_meant = |row: &&Row| match &zendesk.name {
        Some(name) => row.cell(0) == name.get_ref() || row.cell(1) == name.get_ref(),
        None => true,
    };
    let rows: Vec<&Row> = table.rows.iter().filter(is_meant).collect();
    let mut ids: BTreeMap<&str, &str> = rows.iter().map(|row| (row.cell(0), row.cell(1))).collect();
    let place = zendesk.name.as_ref().map_or(zendesk.schedule.span(), Spanned::span);
    let refuse = |problem: Problem, ids: &BTreeMap<&str, &str>| {
        // two schedules of one name are told apart by their ids
        let known: Vec<String> =
            ids.iter().map(|(id, name)| format!("`name = \"{}\"` ({})", quoted(id), quoted(name))).collect();
        Err(tables.page.at(place.clone(), problem.hint(format!("write {}", known.join(" or ")))))
    };
    if ids.len() > 1 {
        return refuse(Problem::usage(format!("the table `{}` has {} such schedules", table.shown, ids.len())), &ids);
    }
    if let (Some(name), true, false) = (&zendesk.name, rows.is_empty(), table.rows.is_empty()) {
        ids = table.rows.iter().map(|row| (row.cell(0), row.cell(1))).collect();
        return refuse(
            Problem::usage(format!("the table `{}` has no schedule \"{}\"", table.shown, name.get_ref())),
            &ids,
        );
    }
    Ok(rows)
}

fn zone(calendar: &Spanned<String>, table: &Table, row: &Row, told: Option<Zone>, notes: &mut Notes) -> Result<Zone> {
    let name = quoted(row.cell(4));
    match (told, zones::zone(row.cell(4))) {
        (None, Some(zone)) => Ok(zone),
        (None, None) => {
            let problem = Problem::input(format!("unknown time zone `{name}`")).hint(format!(
                "add its IANA name to `[calendar.{}]`, such as `timezone = \"Europe/Berlin\"`",
                calendar.get_ref()
            ));
            Err(table.refuse(row, "time_zone", problem))
        }
        (Some(told), known) => {
            if known.is_some_and(|known| known.name() != told.name()) {
                let message = format!(
                    "its hours are those of `{}`, and those of the schedule are of `{name}` ({} line {})",
                    told.name(),
                    table.shown,
                    row.line
                );
                notes.add(&message, "take out `timezone` to have the zone of the schedule");
            }
            Ok(told)
        }
    }
}

/// Lays out the hours of a schedule, minutes from Sunday 00:00 on.
fn week(table: &Table, rows: &[&Row]) -> Result<Week> {
    let mut spans = Vec::new();
    for row in rows {
        let (start, end) = (minute(table, row, 2, "start_time")?, minute(table, row, 3, "end_time")?);
        if start >= end {
            let problem = Problem::input(format!("the hours end at minute {end} and begin at {start}"));
            return Err(table.refuse(row, "end_time", problem.hint("correct the row: the end is the later one")));
        }
        spans.push((start, end, row));
    }
    spans.sort_by_key(|(start, _, _)| *start);
    for (first, second) in spans.iter().zip(spans.iter().skip(1)) {
        if second.0 < first.1 {
            let problem = Problem::input(format!("the hours overlap with those of line {}", first.2.line));
            return Err(table.refuse(second.2, "start_time", problem.hint("take out one of the two rows")));
        }
    }
    let mut days: [Vec<ClockSpan>; 7] = Default::default();
    for (start, end, _) in spans {
        for (from_sunday, hours) in (0..7).zip(0_u16..) {
            let midnight = hours * DAY_MIN;
            let (from, to) = (start.max(midnight), end.min(midnight + DAY_MIN));
            let span = from.checked_sub(midnight).zip(to.checked_sub(midnight));
            let span = span.and_then(|(from, to)| ClockSpan::of_minutes(from, to));
            // our weeks begin on Monday
            if let (Some(span), Some(day)) = (span, days.get_mut((from_sunday + 6) % 7)) {
                day.push(span);
            }
        }
    }
    Week::new(days).map_err(|_| Problem::input("the hours of the schedule overlap").in_file(table.shown.as_str()))
}

fn minute(table: &Table, row: &Row, place: usize, column: &str) -> Result<u16> {
    let text = row.cell(place);
    text.parse::<u16>().ok().filter(|minute| *minute <= WEEK_MIN).ok_or_else(|| {
        let problem = Problem::input(format!("`{}` is no minute of a week", quoted(text)));
        table.refuse(row, column, problem.hint("write minutes from Sunday 00:00 on, from 0 to 10080"))
    })
}

/// Notes hours whose copy in UTC is no offset of the zone away.
fn check_utc(table: &Table, rows: &[&Row], zone: &Zone, notes: &mut Notes) {
    let known: Vec<i64> = (2_000..2_040).flat_map(|year| offsets(zone, year)).collect();
    let shift = |row: &Row, local: usize, utc: usize| -> Option<i64> {
        let (local, utc) = (row.cell(local).parse::<i64>().ok()?, row.cell(utc).parse::<i64>().ok()?);
        // a time of Sunday can be one of Saturday in UTC
        let half = i64::from(WEEK_MIN) / 2;
        Some((local - utc + half).rem_euclid(i64::from(WEEK_MIN)) - half)
    };
    let wrong = |row: &&&Row| {
        let shifts = [shift(row, 2, 5), shift(row, 3, 6)];
        shifts.into_iter().flatten().any(|shift| !known.contains(&(shift * MINUTE_MS)))
    };
    if let Some(row) = rows.iter().find(wrong) {
        let message = format!(
            "`start_time_utc` and `end_time_utc` of {} line {} are no offset of `{}` away from the hours",
            table.shown,
            row.line,
            zone.name()
        );
        notes.add(&message, "check `time_zone` of the schedule; the hours by the local clock are used");
    }
}

/// The offsets of a zone in winter and in summer of a year, ms.
fn offsets(zone: &Zone, year: i64) -> [i64; 2] {
    let year = i32::try_from(year).unwrap_or(2_000);
    [1, 7].map(|month| zone.offset_ms_at(days_from_civil(year, month, 1) * DAY_MS))
}

/// The columns of holidays.
const HOLIDAY: [&str; 3] = ["schedule_id", "start_date", "end_date"];

/// Reads the holidays of a schedule: whole days, the last one included.
fn holidays(schedule: &str, live: &Live, notes: &mut Notes) -> Result<HolidaySet> {
    let table = &live.table;
    notes.deleted(live);
    let mut set = HolidaySet::default();
    for row in table.rows.iter().filter(|row| row.cell(0) == schedule) {
        let (first, last) = (day(table, row, 1)?, day(table, row, 2)?);
        if last < first {
            let problem = Problem::input("the holiday ends before it begins").hint("correct the row");
            return Err(table.refuse(row, "end_date", problem));
        }
        set.holidays.push(Holiday::new(DayRule::Dates { first, last }));
    }
    if let (true, Some(other)) = (set.holidays.is_empty(), table.rows.first()) {
        let message = format!(
            "none of the {} of `{}` is of the schedule {}, the first is of {}",
            counted(table.rows.len() as u64, "holiday", "holidays"),
            table.shown,
            quoted(schedule),
            quoted(other.cell(0))
        );
        notes.add(&message, "check `schedule_id`, or take `holidays` out of `zendesk`");
    }
    Ok(set)
}

fn day(table: &Table, row: &Row, place: usize) -> Result<i64> {
    let text = row.cell(place);
    let found = instant(text).filter(|ms| ms.rem_euclid(DAY_MS) == 0).map(|ms| ms.div_euclid(DAY_MS));
    found.ok_or_else(|| {
        let problem = Problem::input(format!("`{}` is no date", quoted(text))).hint("write it as `2024-12-24`");
        table.refuse(row, HOLIDAY.get(place).unwrap_or(&"start_date"), problem)
    })
}

/// Rows about a zone, by its name in the schedule or its IANA name.
fn rows_of_zone<'t>(name: &str, zone: &Zone, live: &'t Live, notes: &mut Notes) -> Vec<&'t Row> {
    notes.deleted(live);
    let is_it = |row: &&Row| [name, zone.name()].iter().any(|name| row.cell(0).eq_ignore_ascii_case(name));
    let rows: Vec<&Row> = live.table.rows.iter().filter(is_it).collect();
    if rows.is_empty() {
        let name = quoted(name);
        let message = format!("`{}` has no row for `{name}`, so its zone was not checked by it", live.table.shown);
        notes.add(&message, "export the table with the zone of the schedule, or leave the table out of `zendesk`");
    }
    rows
}

/// Notes a standard offset that the zone does not have.
fn check_standard(name: &str, zone: &Zone, live: &Live, notes: &mut Notes) -> Result<()> {
    for row in rows_of_zone(name, zone, live, notes) {
        let text = row.cell(1);
        let Some(theirs) = Zone::parse(text).ok().and_then(|zone| zone.constant_offset_ms()) else {
            let problem = Problem::input(format!("`{}` is no offset", quoted(text))).hint("write it as `+01:00`");
            return Err(live.table.refuse(row, "standard_offset", problem));
        };
        // the table says nothing of when: any year of Zendesk will do
        let mut ours = (2_007..2_040).map(|year| offsets(zone, year).into_iter().min());
        if !ours.any(|ours| ours == Some(theirs)) {
            let message = format!(
                "the standard offset of `{}` is {text} in {} line {}, and never that of `{}` since 2007",
                quoted(name),
                live.table.shown,
                row.line,
                zone.name()
            );
            notes.add(&message, "name the zone that is meant with `timezone`");
        }
    }
    Ok(())
}

/// The columns of daylight time.
const DAYLIGHT: [&str; 4] = ["time_zone", "daylight_start_utc", "daylight_end_utc", "daylight_offset"];

/// Notes changes of the clock that the bundled database does not have.
fn check_daylight(name: &str, zone: &Zone, live: &Live, notes: &mut Notes) -> Result<()> {
    let mut wrong = Vec::new();
    for row in rows_of_zone(name, zone, live, notes) {
        let text = row.cell(3);
        let Some(minutes) = text.parse::<f64>().ok().filter(|hours| hours.abs() <= 24.0).map(|hours| hours * 60.0)
        else {
            let problem = Problem::input(format!("`{}` is no number of hours", quoted(text))).hint("write it as `1`");
            return Err(live.table.refuse(row, "daylight_offset", problem));
        };
        #[expect(clippy::cast_possible_truncation, reason = "at most a day of minutes")]
        let by_ms = minutes.round() as i64 * MINUTE_MS;
        for (place, by_ms) in [(1, by_ms), (2, -by_ms)] {
            let text = row.cell(place);
            let Some(at_ms) = instant(text) else {
                if text.is_empty() {
                    continue;
                }
                let problem = Problem::input(format!("`{}` is no date with a time", quoted(text)));
                let column = DAYLIGHT.get(place).unwrap_or(&"time_zone");
                return Err(live.table.refuse(row, column, problem.hint("write it as `2024-03-31T02:00:00`")));
            };
            if !changes(zone, at_ms, by_ms) {
                wrong.push((row.line, text));
            }
        }
    }
    if let Some((line, text)) = wrong.first() {
        let message = format!(
            "the clock of `{}` does not change at {text} as {} line {line} says; {} not in the bundled zone database",
            zone.name(),
            live.table.shown,
            counted(wrong.len() as u64, "change of the table is", "changes of the table are")
        );
        notes.add(&message, "the bundled database is used; check the zone of the schedule, or name it with `timezone`");
    }
    Ok(())
}

/// Whether the clock of a zone moves by so much at an instant, or at a local time: the columns are called UTC, and hold
/// the time that the clock showed before the change.
fn changes(zone: &Zone, at_ms: i64, by_ms: i64) -> bool {
    let moves = |at_ms: i64| zone.offset_ms_at(at_ms) - zone.offset_ms_at(at_ms - 1) == by_ms;
    let before_ms = zone.offset_ms_at(at_ms - DAY_MS);
    by_ms == 0 || moves(at_ms) || moves(at_ms - before_ms)
}
