//! Working calendars against an oracle that steps minute by minute, and against a log of working days.
//!
//! The oracle knows a calendar as a closure over the local date and minute, asks `chrono-tz` for each minute of UTC what
//! the clock shows, and sums. Nothing of it is in `src/`. Offsets of whole minutes only, which all zones here have had
//! since 1990.

use std::collections::BTreeSet;

use chrono::{DateTime, Datelike, NaiveDate, TimeZone, Timelike};
use chrono_tz::Tz;
use wcaf::config::Config;
use wcaf::time::Calendar;

use crate::harness::public_log;
use crate::run::package;

const MINUTE_MS: i64 = 60_000;
const FIRST_YEAR: i32 = 1990;
const END_YEAR: i32 = 2030;

/// Zones with changes at different hours, of half an hour, at midnight, of a whole day, and twice more in Ramadan.
const ZONES: [&str; 8] = [
    "Europe/Berlin",
    "America/New_York",
    "America/Sao_Paulo",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Africa/Casablanca",
    "Asia/Tehran",
    "Asia/Kolkata",
];

/// Easter Sundays from 1990, 100 times the month and the day, from the tables of the churches.
const EASTERS: [u32; 40] = [
    415, 331, 419, 411, 403, 416, 407, 330, 412, 404, 423, 415, 331, 420, 411, 327, 416, 408, 323, 412, 404, 424, 408,
    331, 420, 405, 327, 416, 401, 421, 412, 404, 417, 409, 331, 420, 405, 328, 416, 401,
];

/// A calendar as a file says it, and whether it is open at a minute of a date.
type Case = (&'static str, fn(NaiveDate, u32) -> bool);

const CASES: [Case; 4] = [
    (
        "mon_fri = [\"09:00-12:30\", \"13:30-17:00\"]\n\
         holidays = [\"easter+1\", \"4th thu november\", \"last mon may\", \"2019-07-01..2019-07-05\", \"12-25..12-26\", \
         { on = \"12-24\", closed = \"12:00-24:00\" }]\n\
         extra = [\"2019-12-25 10:00-11:00\", \"2011-12-31 22:00-02:00\"]",
        office,
    ),
    ("mon_sun = \"22:00-06:00\"\nholidays = [\"12-25\", \"wed before 11-23\"]", nights),
    (
        "mon_thu = [\"00:30-02:30\", \"02:45-03:15\"]\nsat = [\"01:00-02:15\"]\nsun = [\"01:00-02:15\", \"23:00-01:30\"]\nmon = \"02:00-04:00\"",
        odd,
    ),
    ("always = true", |_, _| true),
];

fn at(hour: u32, minute: u32) -> u32 {
    hour * 60 + minute
}

fn office(date: NaiveDate, minute: u32) -> bool {
    let (month, day, weekday) = (date.month(), date.day(), date.weekday().num_days_from_monday());
    let extra = match (date.year(), month, day) {
        (2019, 12, 25) => (at(10, 0)..at(11, 0)).contains(&minute),
        (2011, 12, 31) => minute >= at(22, 0),
        (2012, 1, 1) => minute < at(2, 0),
        _ => false,
    };
    let yesterday = date.pred_opt().unwrap();
    // The clock shows days of the years before and after too, none of them near Easter.
    let easter = EASTERS[usize::try_from(date.year() - FIRST_YEAR).unwrap_or(0).min(39)];
    let closed = yesterday.month() * 100 + yesterday.day() == easter
        || (month == 11 && weekday == 3 && (22..=28).contains(&day))
        || (month == 5 && weekday == 0 && day >= 25)
        || (date.year() == 2019 && month == 7 && day <= 5)
        || (month == 12 && (day == 25 || day == 26 || (day == 24 && minute >= at(12, 0))));
    let open = weekday < 5 && ((at(9, 0)..at(12, 30)).contains(&minute) || (at(13, 30)..at(17, 0)).contains(&minute));
    extra || (open && !closed)
}

fn nights(date: NaiveDate, minute: u32) -> bool {
    let (month, day) = (date.month(), date.day());
    let repentance = month == 11 && date.weekday().num_days_from_monday() == 2 && (16..=22).contains(&day);
    (minute < at(6, 0) || minute >= at(22, 0)) && (month, day) != (12, 25) && !repentance
}

fn odd(date: NaiveDate, minute: u32) -> bool {
    let within = |from: (u32, u32), to: (u32, u32)| (at(from.0, from.1)..at(to.0, to.1)).contains(&minute);
    match date.weekday().num_days_from_monday() {
        0 => within((0, 0), (1, 30)) || within((2, 0), (4, 0)),
        1..=3 => within((0, 30), (2, 30)) || within((2, 45), (3, 15)),
        4 => false,
        5 => within((1, 0), (2, 15)),
        _ => within((1, 0), (2, 15)) || minute >= at(23, 0),
    }
}

fn calendar(zone: &str, rules: &str) -> Calendar {
    let text = format!("[calendar.test]\ntimezone = \"{zone}\"\n{rules}\n");
    let calendars = Config::parse(&text, "wcaf.toml").unwrap_or_else(|problem| panic!("{problem}")).calendars;
    calendars.default_calendar().unwrap().clone()
}

/// The first minute of a year in UTC, counted from 1970.
fn minute_of_year(year: i32) -> i64 {
    NaiveDate::from_ymd_opt(year, 1, 1).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp() / 60
}

/// What the clock of a zone shows at a minute of UTC: the date and the minute of the day.
fn shown(zone: Tz, minute: i64) -> (NaiveDate, u32) {
    let local = zone.from_utc_datetime(&DateTime::from_timestamp(minute * 60, 0).unwrap().naive_utc());
    (local.date_naive(), local.hour() * 60 + local.minute())
}

/// The open minutes of a stretch of UTC, with how many there are before each 64th.
struct Bitmap {
    first: i64,
    bits: Vec<u64>,
    before: Vec<i64>,
}

impl Bitmap {
    fn of(first: i64, end: i64, open: impl Fn(i64) -> bool) -> Bitmap {
        let (mut bits, mut before, mut sum) = (Vec::new(), Vec::new(), 0);
        for word in (first..end).step_by(64) {
            let open: u64 = (word..end.min(word + 64))
                .filter(|minute| open(*minute))
                .fold(0, |bits, minute| bits | 1 << (minute - word));
            bits.push(open);
            before.push(sum);
            sum += i64::from(open.count_ones());
        }
        Bitmap { first, bits, before }
    }

    fn open(&self, minute: i64) -> bool {
        let place = usize::try_from(minute - self.first).unwrap();
        self.bits[place / 64] >> (place % 64) & 1 == 1
    }

    /// The open ms from the beginning of the stretch to an instant.
    fn worked(&self, ms: i64) -> i64 {
        let minute = ms.div_euclid(MINUTE_MS);
        let place = usize::try_from(minute - self.first).unwrap();
        let in_word = self.bits[place / 64] & !(u64::MAX << (place % 64));
        let minutes = self.before[place / 64] + i64::from(in_word.count_ones());
        minutes * MINUTE_MS + if self.open(minute) { ms.rem_euclid(MINUTE_MS) } else { 0 }
    }
}

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: i64) -> i64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        i64::try_from((mixed ^ (mixed >> 31)) % u64::try_from(end).unwrap()).unwrap()
    }
}

/// Compares random intervals of a stretch, on the minute and off it.
fn compare_intervals(calendar: &Calendar, bitmap: &Bitmap, end: i64, intervals: usize, numbers: &mut Numbers) {
    let first_ms = bitmap.first * MINUTE_MS;
    // Work that is added must end within the stretch.
    let last_ms = (end - 60 * 24 * 20) * MINUTE_MS;
    let mut instant = || {
        let ms = first_ms + numbers.below(last_ms - first_ms);
        if ms % 3 == 0 { ms - ms.rem_euclid(MINUTE_MS) } else { ms }
    };
    for number in 0..intervals {
        let (one, mut other) = (instant(), instant());
        if number % 2 == 0 {
            other = one + (other - first_ms) % (MINUTE_MS * 60 * 24 * 14);
        }
        let (from, to) = (one.min(other), one.max(other).min(last_ms));
        let worked = bitmap.worked(to) - bitmap.worked(from);
        assert_eq!(calendar.working_time(from, to), worked, "{from}..{to}");
        let reached = calendar.add_working(from, worked).unwrap();
        assert_eq!(bitmap.worked(reached) - bitmap.worked(from), worked, "{from} + {worked}");
        assert!(worked == 0 || bitmap.open((reached - 1).div_euclid(MINUTE_MS)), "{reached} is not the earliest");
        let mut next = from;
        while !bitmap.open(next.div_euclid(MINUTE_MS)) {
            next = (next.div_euclid(MINUTE_MS) + 1) * MINUTE_MS;
        }
        assert_eq!(calendar.next_open(from), Some(next), "next open after {from}");
    }
}

/// Every minute of the days around each change of the clock in 40 years.
#[test]
fn every_minute_around_every_change_is_as_the_clock_shows() {
    let mut changes = 0;
    for zone in ZONES {
        let clock: Tz = zone.parse().unwrap();
        let calendars: Vec<Calendar> = CASES.iter().map(|(rules, _)| calendar(zone, rules)).collect();
        let hours = (minute_of_year(FIRST_YEAR)..minute_of_year(END_YEAR)).step_by(60);
        let ahead = |minute: i64| {
            let (date, of_day) = shown(clock, minute);
            i64::from(date.num_days_from_ce()) * 1_440 + i64::from(of_day) - minute
        };
        for change in hours.filter(|hour| ahead(*hour) != ahead(hour - 60)) {
            changes += 1;
            let first = change - 60 * 36;
            let mut worked_ms = [0; CASES.len()];
            for minute in first..change + 60 * 36 {
                let (date, of_day) = shown(clock, minute);
                for ((calendar, (rules, open)), worked_ms) in calendars.iter().zip(CASES).zip(&mut worked_ms) {
                    let counted = calendar.working_time(first * MINUTE_MS, minute * MINUTE_MS);
                    assert_eq!(counted, *worked_ms, "{zone} {date} {of_day} {rules}");
                    *worked_ms += if open(date, of_day) { MINUTE_MS } else { 0 };
                }
            }
        }
    }
    assert!(changes > 400, "only {changes} changes were found");
}

/// Random intervals of a year; of 40 years, and 20,000 of them, where `WCAF_SLOW` is set.
#[test]
fn random_intervals_are_as_the_minutes_of_the_clock_add_up() {
    let slow = std::env::var_os("WCAF_SLOW").is_some();
    let mut numbers = Numbers(7);
    for (zone, year) in ZONES.into_iter().zip([2024, 2024, 2018, 2019, 2011, 2024, 2021, 2024]) {
        let clock: Tz = zone.parse().unwrap();
        let (from_year, to_year, intervals) =
            if slow { (FIRST_YEAR, END_YEAR, 20_000) } else { (year, year + 1, 1_000) };
        let (first, end) = (minute_of_year(from_year), minute_of_year(to_year));
        let clock_shows: Vec<(u32, u16)> = (first..end)
            .map(|minute| {
                let (date, of_day) = shown(clock, minute);
                (u32::try_from(date.num_days_from_ce()).unwrap(), u16::try_from(of_day).unwrap())
            })
            .collect();
        for (rules, open) in CASES {
            let bitmap = Bitmap::of(first, end, |minute| {
                let (date, of_day) = clock_shows[usize::try_from(minute - first).unwrap()];
                open(NaiveDate::from_num_days_from_ce_opt(i32::try_from(date).unwrap()).unwrap(), u32::from(of_day))
            });
            compare_intervals(&calendar(zone, rules), &bitmap, end, intervals, &mut numbers);
        }
    }
}

fn day_ms(year: i32, month: u32, day: u32) -> i64 {
    NaiveDate::from_ymd_opt(year, month, day).unwrap().and_hms_opt(0, 0, 0).unwrap().and_utc().timestamp_millis()
}

/// The open days, of 24 hours, from one date to the end of another.
fn days(holidays: &str, from: (i32, u32, u32), to: (i32, u32, u32)) -> i64 {
    let calendar = calendar("UTC", &format!("mon_fri = \"00:00-24:00\"\nholidays = [{holidays}]"));
    let (from_ms, to_ms) = (day_ms(from.0, from.1, from.2), day_ms(to.0, to.1, to.2) + 86_400_000);
    calendar.working_time(from_ms, to_ms) / 86_400_000
}

#[test]
fn working_days_are_counted_as_in_the_log_of_working_days() {
    let Some(folder) = public_log("working-days") else { return };
    let read = |name: &str, columns: usize| -> Vec<Vec<String>> {
        let mut reader = csv::Reader::from_path(folder.join(name)).unwrap();
        reader.records().map(|row| row.unwrap().iter().take(columns).map(str::to_owned).collect()).collect()
    };
    let start = read("input_01.csv", 1)[0][0].clone();
    assert_eq!(start, "2019-04-01", "the first day is the one after it");
    let (from, to) = ((2019, 4, 2), (2020, 9, 8));
    assert_eq!(days("", from, to), 376);
    assert_eq!(days("\"uk-england\"", from, to), 363);
    let personal: i64 = read("input_02.csv", 2).iter().map(|row| row[1].parse::<i64>().unwrap()).sum();
    assert_eq!(days("\"uk-england\"", from, to) - personal, 337);
    // Its table of American holidays names the days that are taken off from 2011 on.
    let listed: BTreeSet<NaiveDate> = read("input_06.csv", 2)
        .iter()
        .map(|row| row[1].parse::<NaiveDate>().unwrap())
        .filter(|day| (2011..=2020).contains(&day.year()))
        .collect();
    let calendar = calendar("UTC", "mon_fri = \"00:00-24:00\"\nholidays = [\"us\"]");
    let closed = |day: &NaiveDate| {
        let ms = day_ms(day.year(), day.month(), day.day());
        day.weekday().num_days_from_monday() < 5 && !calendar.is_open(ms)
    };
    let first = NaiveDate::from_ymd_opt(2011, 1, 1).unwrap();
    let ours: BTreeSet<NaiveDate> = first.iter_days().take_while(|day| day.year() <= 2020).filter(closed).collect();
    assert_eq!(ours.symmetric_difference(&listed).collect::<Vec<_>>(), Vec::<&NaiveDate>::new());
}

#[test]
fn working_days_of_the_british_are_counted_without_the_log() {
    let british = "\"2019-04-19\", \"2019-04-22\", \"2019-05-06\", \"2019-05-27\", \"2019-08-26\", \"2019-12-25\", \
                   \"2019-12-26\", \"2020-01-01\", \"2020-04-10\", \"2020-04-13\", \"2020-05-08\", \"2020-05-25\", \"2020-08-31\"";
    let (from, to) = ((2019, 4, 2), (2020, 9, 8));
    assert_eq!([days("", from, to), days(british, from, to), days("\"uk-england\"", from, to)], [376, 363, 363]);
}

#[test]
fn the_page_about_calendars_is_true() {
    let page = std::fs::read_to_string(package().join("docs/CALENDARS.md")).unwrap();
    let blocks: Vec<&str> = page.split("```toml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert_eq!(blocks.len(), 3);
    for block in blocks {
        match Config::parse(block, "docs/CALENDARS.md") {
            Ok(_) => assert!(!block.contains("schedule")),
            // every key is known, and the first table is asked for
            Err(problem) if block.contains("schedule") => assert_eq!(problem.message(), "a table cannot be read here"),
            Err(problem) => panic!("{problem}"),
        }
    }
    let table = page.split("| set | what | right from |").nth(1).unwrap().split("\n\n").next().unwrap();
    let named: BTreeSet<&str> = table
        .lines()
        .filter_map(|row| row.split('|').nth(1))
        .flat_map(|cell| cell.split('`').skip(1).step_by(2))
        .collect();
    let built_in = wcaf::config::calendars::built_in_names();
    assert_eq!(named, built_in.iter().map(|(name, _)| name.as_str()).collect());
}
