//! World → CSV bytes: cases run in order of arrival, rows leave in order of time, and only open cases are in memory.

use std::collections::BTreeMap;
use std::io::{Result, Write};

use super::calendar::{DAY_S, day_number, iso};
use super::checks::lay_over;
use super::rng::{Purpose, Stream};
use super::staff;
use super::truth::{Summary, Tally};
use super::walk::{Row, Walk};
use super::world::World;

/// The columns of the log. Every row repeats the case as it stands after it; an empty assignee is nobody.
pub const HEADER: &str = "case_id,timestamp,event,state,group,assignee,actor,priority,category,comment\n";

/// Rows that wait for their turn, by (time, case, position in the case).
type Pending = BTreeMap<(i64, u32, usize), (String, Row)>;

/// Runs a world and writes its log as CSV (UTF-8, `\n`, times in UTC, rows in order of time).
///
/// The same world and seed write the same bytes on every machine.
///
/// # Errors
/// Only those of `out`.
pub fn write_csv(world: &World, seed: u64, out: &mut dyn Write) -> Result<Summary> {
    let mut tally = Tally::new(world);
    let mut pending = Pending::new();
    out.write_all(HEADER.as_bytes())?;
    if world.is_staffed() {
        return staffed(world, seed, out);
    }
    let mut number = 0;
    for month in 0..world.plan.months.len() {
        for arrival_s in arrivals(world, seed, month) {
            flush(world, &mut pending, arrival_s, out)?;
            let walk = case(world, seed, number, arrival_s);
            tally.case(&walk.rows, &walk.shortened_s);
            for (position, row) in walk.rows.into_iter().enumerate() {
                pending.insert((row.time_s, number, position), (walk.intake.id.clone(), row));
            }
            number += 1;
        }
    }
    flush(world, &mut pending, i64::MAX, out)?;
    Ok(tally.finish())
}

/// Writes a world in which people work on one case after the other, so that all cases run together.
fn staffed(world: &World, seed: u64, out: &mut dyn Write) -> Result<Summary> {
    let arrivals_s: Vec<i64> = (0..world.plan.months.len()).flat_map(|month| arrivals(world, seed, month)).collect();
    let (walks, unseen_s) = staff::run(world, seed, &arrivals_s);
    let mut tally = Tally::new(world);
    let mut pending = Pending::new();
    for (number, mut walk) in (0..).zip(walks) {
        if let Some(checks) = &world.checks {
            lay_over(&mut walk, checks, seed, number);
        }
        tally.case(&walk.rows, &walk.shortened_s);
        for (position, row) in walk.rows.into_iter().enumerate() {
            pending.insert((row.time_s, number, position), (walk.intake.id.clone(), row));
        }
    }
    flush(world, &mut pending, i64::MAX, out)?;
    tally.unseen(unseen_s);
    Ok(tally.finish())
}

/// Draws the arrival instants of one month, in order: exactly as many as the recipe says.
fn arrivals(world: &World, seed: u64, month: usize) -> Vec<i64> {
    let plan = &world.plan;
    let (year, first) = plan.months[month];
    let first_day = day_number(year, first, 1);
    let next_month = day_number(year + i64::from(first == 12), first % 12 + 1, 1);
    let weight = |day| {
        if world.office.works_on(day) { 1_000 } else { plan.closed_day_weight }
    };
    let weights: Vec<u32> = (first_day..next_month).map(weight).collect();
    let mut draw = Stream::new(seed, u32::try_from(month).unwrap_or(u32::MAX), Purpose::Arrivals);
    let mut list: Vec<i64> = (0..plan.per_month)
        .map(|_| {
            let day = first_day + i64::try_from(draw.weighted(&weights).unwrap_or(0)).unwrap_or(0);
            day * DAY_S + second_of_day(world, &mut draw)
        })
        .collect();
    list.sort_unstable();
    list
}

/// Draws when in a day a case arrives: mostly in office hours, more around their middle.
fn second_of_day(world: &World, draw: &mut Stream) -> i64 {
    let day_s = u32::try_from(DAY_S).unwrap_or(u32::MAX);
    if draw.chance(world.plan.off_hours_share) {
        return i64::from(draw.below(day_s));
    }
    let half = u32::try_from((world.office.closes_s - world.office.opens_s) / 2).unwrap_or(1);
    world.office.opens_s + i64::from(draw.below(half)) + i64::from(draw.below(half))
}

/// Runs one case up to the end of the log, status checks and all.
fn case(world: &World, seed: u64, number: u32, arrival_s: i64) -> Walk<'_> {
    let mut walk = Walk::run(world, seed, number, arrival_s);
    if let Some(checks) = &world.checks {
        lay_over(&mut walk, checks, seed, number);
    }
    walk
}

/// Writes the rows that lie before an instant.
fn flush(world: &World, pending: &mut Pending, before_s: i64, out: &mut dyn Write) -> Result<()> {
    while let Some(entry) = pending.first_entry() {
        if entry.key().0 >= before_s {
            break;
        }
        let (id, row) = entry.remove();
        out.write_all(line(world, &id, &row).as_bytes())?;
    }
    Ok(())
}

/// Writes one row as a line.
fn line(world: &World, id: &str, row: &Row) -> String {
    let now = &row.now;
    let assignee = now.assignee.map(|who| world.person(who)).unwrap_or_default();
    let (time, actor) = (iso(row.time_s), world.person(row.actor));
    let cells = [
        id,
        &time,
        &row.event,
        &world.states[now.state].name,
        &world.groups[now.group].name,
        &assignee,
        &actor,
        &world.priorities[now.priority].0,
        &world.categories[now.category].name,
        row.comment.as_ref().map_or("", |(_, text)| text),
    ];
    let mut line = cells.map(cell).join(",");
    line.push('\n');
    line
}

/// Quotes a cell where CSV needs it.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) { format!("\"{}\"", text.replace('"', "\"\"")) } else { text.to_owned() }
}
