//! When people work, and the calendar that would say so, as TOML to copy. It is never applied.

use crate::assemble::measure::Measured;
use crate::counts::{count, counted, decimal};
use crate::diagnose::hours::{ALWAYS_FROM, HOURS, HourProfile, OpenHours, profile};
use crate::ingest::IngestReport;
use crate::report::check::WorkingHours;
use crate::time::Zone;

/// Fewer events than this say nothing about 168 hours.
const LEAST_EVENTS: u64 = 1_000;
/// Whole days among the times, in thousandths, from which hours are no longer those of work.
const MOST_WHOLE_DAYS: u64 = 50;
/// Name of the proposed calendar.
const NAME: &str = "office";
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Zones whose clock shows two offsets, minutes east of UTC; the one with most people.
const ZONES: [((i32, i32), &str); 10] = [
    ((-480, -420), "America/Los_Angeles"),
    ((-420, -360), "America/Denver"),
    ((-360, -300), "America/Chicago"),
    ((-300, -240), "America/New_York"),
    ((-240, -180), "America/Halifax"),
    ((0, 60), "Europe/London"),
    ((60, 120), "Europe/Berlin"),
    ((120, 180), "Europe/Athens"),
    ((600, 660), "Australia/Sydney"),
    ((720, 780), "Pacific/Auckland"),
];

/// The hours of people; `midnights` are the times at 00:00:00 and all.
pub fn working_hours(
    measured: &Measured,
    ingest: &IngestReport,
    told: &Zone,
    midnights: (u64, u64),
    threads: usize,
) -> WorkingHours {
    let (zone, timezone_why) = zone_of(ingest, told);
    let offset_ms_at = |ms: i64| zone.offset_ms_at(ms);
    let found = profile(&measured.log, &measured.semantics.bots, &offset_ms_at, threads);
    let events = found.total();
    let mut hours = WorkingHours {
        timezone: zone.name().to_owned(),
        timezone_why,
        events,
        counted: match measured.log.actor {
            Some(_) => "events of people",
            None => "events, since no column says who acted",
        },
        by_hour: found.events.chunks(24).map(<[u64]>::to_vec).collect(),
        median_of_busiest: None,
        open: None,
        calendar: None,
        why_not: why_not(events, midnights),
    };
    if hours.why_not.is_none() {
        let open = found.open_hours();
        #[expect(clippy::cast_precision_loss, reason = "a count of events")]
        let median = open.busiest_twice as f64 / 2.0;
        hours.calendar = Some(toml(&hours, &found, &open, median));
        hours.median_of_busiest = Some(median);
        hours.open = Some(open.open.chunks(24).map(<[bool]>::to_vec).collect());
    }
    hours
}

fn why_not(events: u64, (midnights, all): (u64, u64)) -> Option<String> {
    if events < LEAST_EVENTS {
        return Some(format!(
            "{} too few for {HOURS} hours of a week; {} are needed",
            counted(events, "event of people is", "events of people are"),
            count(LEAST_EVENTS)
        ));
    }
    (midnights * 1000 >= all * MOST_WHOLE_DAYS).then(|| {
        format!(
            "{} of {} times are at 00:00:00: they are rounded to days and say nothing about hours",
            count(midnights),
            count(all)
        )
    })
}

/// The zone in which people's hours are counted, and where it comes from.
fn zone_of(ingest: &IngestReport, told: &Zone) -> (Zone, String) {
    let parse = |name: &str| Zone::parse(name).unwrap_or_else(|_| Zone::utc());
    let offset = |minutes: i32| {
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    };
    if ingest.zone_told {
        return (told.clone(), "the zone told".to_owned());
    }
    match ingest.times.offsets_min() {
        None if ingest.times.naive() > 0 => {
            let why = "the times have no offset and are read as UTC: these are the hours as written; give \
                       `--timezone` the zone of the export and use it here too";
            (told.clone(), why.to_owned())
        }
        None | Some((0, 0)) => {
            let why = "all times are in UTC, so these may be shifted from the hours of the people who work; with \
                       `--timezone` they are counted in their zone";
            (Zone::utc(), why.to_owned())
        }
        Some((least, most)) if least == most => {
            (parse(&offset(least)), format!("all times are written with the offset {}", offset(least)))
        }
        Some((least, most)) => {
            let written = format!("times are written with offsets from {} to {}", offset(least), offset(most));
            if let Some((_, name)) = ZONES.iter().find(|(offsets, _)| *offsets == (least, most)) {
                (parse(name), format!("a guess: {written}, as there"))
            } else {
                (parse(&offset(least)), format!("{written}; counted with the smallest, so some hours are shifted"))
            }
        }
    }
}

/// The calendar as a section of `wcaf.toml`, with its evidence as comments.
fn toml(hours: &WorkingHours, profile: &HourProfile, found: &OpenHours, median: f64) -> String {
    let within: u64 = profile.events.iter().zip(found.open).filter(|(_, open)| *open).map(|(events, _)| events).sum();
    let open = found.open.iter().filter(|open| **open).count();
    #[expect(clippy::cast_precision_loss, reason = "counts of events")]
    let share = within as f64 / hours.events.max(1) as f64 * 100.0;
    let mut lines = vec![
        format!("# from {} {}, {} % of them within these hours", count(hours.events), hours.counted, decimal(share, 1)),
        format!("# an hour is open from {} events on, a quarter of the median", decimal(median / 4.0, 1)),
        "# of the 40 busiest hours of the week; holidays are not known".to_owned(),
        format!("[calendar.{NAME}]"),
        format!("timezone = \"{}\"", hours.timezone),
    ];
    if found.always {
        lines.insert(3, format!("# more than {ALWAYS_FROM} hours of the week are open, so all are"));
        lines.push("always = true".to_owned());
        return lines.join("\n");
    }
    lines.insert(3, format!("# open: {open} hours a week"));
    let days: Vec<Vec<(usize, usize)>> = (0..7).map(|weekday| found.spans(weekday)).collect();
    let mut first = 0;
    while first < 7 {
        let last = (first..7).take_while(|day| days[*day] == days[first]).last().unwrap_or(first);
        if !days[first].is_empty() {
            lines.push(format!("{} = {}", key(first, last), spans(&days[first])));
        }
        first = last + 1;
    }
    lines.join("\n")
}

/// `mon`, or `mon_fri`.
fn key(first: usize, last: usize) -> String {
    if first == last { WEEKDAYS[first].to_owned() } else { format!("{}_{}", WEEKDAYS[first], WEEKDAYS[last]) }
}

/// `"08:00-18:00"`, or a list of them.
fn spans(spans: &[(usize, usize)]) -> String {
    let texts: Vec<String> = spans.iter().map(|(from, to)| format!("\"{from:02}:00-{to:02}:00\"")).collect();
    if texts.len() == 1 { texts.concat() } else { format!("[{}]", texts.join(", ")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn hours(zone: &str) -> WorkingHours {
        WorkingHours {
            timezone: zone.to_owned(),
            timezone_why: String::new(),
            events: 5_000,
            counted: "events of people",
            by_hour: Vec::new(),
            median_of_busiest: None,
            open: None,
            calendar: None,
            why_not: None,
        }
    }

    /// Every proposal is a configuration, and its calendar is open in exactly the hours it was made from.
    #[test]
    fn proposals_round_trip() {
        let made: [fn(usize, usize) -> u64; 5] = [
            |day, hour| u64::from(day < 5 && (9..17).contains(&hour)) * 100,
            |day, hour| u64::from(!(6..22).contains(&hour)) * (day as u64 + 100),
            |day, hour| u64::from((day + hour) % 5 < 2) * 100,
            |day, _| u64::from(day < 5) * 100,
            |_, _| 100,
        ];
        for (number, events) in made.into_iter().enumerate() {
            let profile = HourProfile { events: std::array::from_fn(|hour| events(hour / 24, hour % 24)) };
            let open = profile.open_hours();
            for zone in ["UTC", "+05:30", "Europe/Berlin"] {
                let text = toml(&hours(zone), &profile, &open, 100.0);
                let config = Config::parse(&text, "wcaf.toml").unwrap_or_else(|problem| panic!("{problem}\n{text}"));
                let calendar = config.calendars.default_calendar().unwrap();
                let zone = Zone::parse(zone).unwrap();
                // A week in winter, from Monday 2024-01-08 00:00 of the zone.
                let monday_ms = 1_704_672_000_000 - zone.offset_ms_at(1_704_672_000_000);
                for hour in 0..HOURS {
                    let from_ms = monday_ms + i64::try_from(hour).unwrap() * 3_600_000;
                    let worked = calendar.working_time(from_ms, from_ms + 3_600_000);
                    assert_eq!(worked, i64::from(open.open[hour]) * 3_600_000, "{number}, hour {hour}:\n{text}");
                }
            }
        }
    }

    #[test]
    fn few_events_and_whole_days_propose_nothing() {
        assert!(why_not(999, (0, 999)).unwrap().contains("999 events of people are too few"));
        assert!(why_not(5_000, (250, 5_000)).unwrap().contains("250 of 5,000 times"));
        assert_eq!(why_not(1_000, (49, 1_000)), None);
    }
}
