//! Tables that the configuration names: calendars of Zendesk, and what source systems say of service levels, with figures
//! worked out by hand or in plain loops.

mod facts;
mod malformed;

use std::path::Path;

use wcaf::config::Config;
use wcaf::config::tables::Reader;
use wcaf::error::Result;
use wcaf::ingest::csv::whole;
use wcaf::ingest::limits::Limits;
use wcaf::time::Calendar;

use crate::harness::public_log;
use crate::run::folder_with;

const HOUR: i64 = 3_600_000;

/// Reads a configuration that stands in a folder with its tables.
fn parse(config: &str, folder: &Path) -> Result<Config> {
    let reader: Reader = &|name, columns, _| whole::read(&folder.join(name), columns, &Limits::default());
    Config::parse_with(config, "wcaf.toml", reader)
}

fn calendar_of(config: &str, folder: &Path) -> (Calendar, Vec<String>) {
    let config = parse(config, folder).unwrap();
    let notes = config.calendars.notes().iter().map(|note| note.message.clone()).collect();
    (config.calendars.get("support").unwrap().clone(), notes)
}

/// The calendar of one schedule, from rows of start, end and zone, and rows of further tables.
fn support(rows: &str, zendesk: &str, files: &[(&str, &str)]) -> (Calendar, Vec<String>) {
    let schedule = format!("id,name,start_time,end_time,time_zone\n{}", rows.replace("S,", "77,Day,"));
    let mut all = vec![("schedule.csv", schedule.as_bytes())];
    all.extend(files.iter().map(|(name, text)| (*name, text.as_bytes())));
    let folder = folder_with(&all);
    let config = format!("[calendar.support]\nzendesk = {{ schedule = \"schedule.csv\"{zendesk} }}\n");
    calendar_of(&config, folder.path())
}

fn instant(text: &str) -> i64 {
    chrono::DateTime::parse_from_rfc3339(text).unwrap().timestamp_millis()
}

fn hours(calendar: &Calendar, from: &str, to: &str) -> i64 {
    let ms = calendar.working_time(instant(from), instant(to));
    assert_eq!(ms % HOUR, 0, "{from} {to}");
    ms / HOUR
}

/// What every row of the public schedule is open, added up by another reader.
fn minutes_of_rows(file: &Path) -> i64 {
    let mut reader = csv::Reader::from_path(file).unwrap();
    let header = reader.headers().unwrap().clone();
    let place = |name: &str| header.iter().position(|column| column == name).unwrap();
    let (start, end) = (place("start_time"), place("end_time"));
    let minutes = |row: &csv::StringRecord, at: usize| row[at].parse::<i64>().unwrap();
    reader.records().map(|row| row.unwrap()).map(|row| minutes(&row, end) - minutes(&row, start)).sum()
}

#[test]
fn the_public_schedule_is_open_as_long_as_its_rows() {
    let Some(folder) = public_log("zendesk-tables") else { return };
    let config = "[calendar.support]\nzendesk = { schedule = \"schedule_data.csv\", holidays = \"schedule_holiday_data.csv\", \
                  zones = \"time_zone_data.csv\", daylight = \"daylight_time_data.csv\" }\n";
    let (calendar, notes) = calendar_of(config, &folder);
    assert_eq!(calendar.description().zone.name(), "America/Los_Angeles");
    let minutes = minutes_of_rows(&folder.join("schedule_data.csv"));
    assert_eq!(minutes, 5 * 12 * 60);
    // a week of Sundays at midnight in California, in summer, in winter, and with either change of the clock
    for (from, to) in [
        ("2021-06-06T07:00:00Z", "2021-06-13T07:00:00Z"),
        ("2021-01-10T08:00:00Z", "2021-01-17T08:00:00Z"),
        ("2021-03-14T08:00:00Z", "2021-03-21T07:00:00Z"),
        ("2021-11-07T07:00:00Z", "2021-11-14T08:00:00Z"),
    ] {
        assert_eq!(hours(&calendar, from, to) * 60, minutes, "{from}");
    }
    // minute 1920 is Monday 08:00
    for (at, open) in [
        ("2021-06-07T14:59:59Z", false),
        ("2021-06-07T15:00:00Z", true),
        ("2021-06-08T02:59:59Z", true),
        ("2021-06-08T03:00:00Z", false),
        ("2021-06-05T19:00:00Z", false),
        ("2021-12-06T16:00:00Z", true),
    ] {
        assert_eq!(calendar.is_open(instant(at)), open, "{at}");
    }
    // the tables around it are of other schedules and zones, which is said
    assert_eq!(notes.len(), 3, "{notes:?}");
    assert!(notes[0].contains("none of the 2 holidays"), "{notes:?}");
    assert!(notes[1].contains("time_zone_data.csv` has no row"), "{notes:?}");
    assert!(notes[2].contains("daylight_time_data.csv` has no row"), "{notes:?}");
}

/// The public table of daylight time holds what clocks showed, under names that say UTC.
#[test]
fn public_daylight_times_agree_with_the_bundled_database() {
    let Some(folder) = public_log("zendesk-tables") else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (daylight, zones) = (read("daylight_time_data.csv"), read("time_zone_data.csv"));
    for (zone, iana) in [("Montevideo", "America/Montevideo"), ("Cairo", "Africa/Cairo")] {
        let tables = ", daylight = \"daylight.csv\"";
        let (calendar, notes) = support(&format!("S,540,1020,{zone}\n"), tables, &[("daylight.csv", &daylight)]);
        assert_eq!(calendar.description().zone.name(), iana);
        assert!(notes.is_empty(), "{notes:?}");
    }
    for zone in ["London", "Dublin"] {
        let (_, notes) = support(&format!("S,540,1020,{zone}\n"), ", zones = \"zones.csv\"", &[("zones.csv", &zones)]);
        assert!(notes.is_empty(), "{notes:?}");
    }
}

#[test]
fn holidays_close_whole_days_to_the_last() {
    let Some(folder) = public_log("zendesk-tables") else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (schedule, holidays) = (read("schedule_data.csv"), read("schedule_holiday_data.csv"));
    let schedule = schedule.replace("360000310393", "360000");
    let files = [("s.csv", schedule.as_bytes()), ("h.csv", holidays.as_bytes())];
    let folder = folder_with(&files);
    let config = "[calendar.support]\nzendesk = { schedule = \"s.csv\", name = \"SupportCA\", holidays = \"h.csv\" }\n";
    let (calendar, notes) = calendar_of(config, folder.path());
    assert!(notes.is_empty(), "{notes:?}");
    // of the week from Sunday 2022-12-25 on, Monday, Tuesday and Thursday are closed
    assert_eq!(hours(&calendar, "2022-12-25T08:00:00Z", "2023-01-01T08:00:00Z"), 24);
    assert_eq!(hours(&calendar, "2022-12-26T08:00:00Z", "2022-12-28T08:00:00Z"), 0);
    assert_eq!(hours(&calendar, "2022-12-28T08:00:00Z", "2022-12-29T08:00:00Z"), 12);
}

#[test]
fn hours_in_the_night_of_a_change_are_those_that_pass() {
    // Saturday 22:00 to Sunday 06:00 in New York
    let (calendar, notes) =
        support("S,9960,10080,Eastern Time (US & Canada)\nS,0,360,Eastern Time (US & Canada)\n", "", &[]);
    assert!(notes.is_empty());
    for (from, to, open) in [
        ("2021-03-06T17:00:00Z", "2021-03-07T17:00:00Z", 8),
        ("2021-03-13T17:00:00Z", "2021-03-14T16:00:00Z", 7),
        ("2021-11-06T16:00:00Z", "2021-11-07T17:00:00Z", 9),
    ] {
        assert_eq!(hours(&calendar, from, to), open, "{from}");
    }
}

#[test]
fn hours_may_last_for_days() {
    // Sunday 08:00 to Wednesday 08:00, and Wednesday 08:00 to 09:00 behind it
    let (calendar, _) = support("S,480,4800,UTC\nS,4800,4860,UTC\n", "", &[]);
    assert_eq!(hours(&calendar, "2024-01-07T00:00:00Z", "2024-01-14T00:00:00Z"), 73);
    assert_eq!(hours(&calendar, "2024-01-07T00:00:00Z", "2024-01-09T00:00:00Z"), 40);
    let (always, _) = support("S,0,10080,Europe/Berlin\n", "", &[]);
    assert_eq!(hours(&always, "2024-01-01T00:00:00Z", "2025-01-01T00:00:00Z"), 366 * 24);
}

#[test]
fn what_is_deleted_or_disagrees_is_said_with_its_line() {
    let schedule = "id,name,start_time,end_time,time_zone,start_time_utc,end_time_utc,_fivetran_deleted\n\
                    1,A,1980,2460,London,1980,2460,false\n\
                    1,A,3420,3900,London,3360,3840,FALSE\n\
                    1,A,4860,5340,London,4740,5220,\n\
                    1,A,6300,6780,London,6300,6780,TRUE\n\
                    2,B,0,60,Tokyo,9540,9600,false\n";
    let holidays = "schedule_id,start_date,end_date,_fivetran_deleted\n1,2024-05-01,2024-05-01,false\n\
                    1,2024-04-30,2024-04-30,true\n2,2024-05-03,2024-05-03,false\n";
    let daylight = "time_zone,daylight_start_utc,daylight_end_utc,daylight_offset\n\
                    London,2024-03-31T01:00:00,2024-10-27T02:00:00,1\n\
                    London,2023-03-26T01:00:00,2023-10-29T01:00:00,1\n\
                    London,2022-03-20T01:00:00,,1\n\
                    Tokyo,2024-01-01T00:00:00,2024-02-01T00:00:00,1\n";
    let zones = "time_zone,standard_offset\nLondon,+01:00\nTokyo,+09:00\n";
    let files = [("s.csv", schedule), ("h.csv", holidays), ("d.csv", daylight), ("z.csv", zones)];
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let folder = folder_with(&files);
    let config = |name: &str| {
        let tables = "holidays = \"h.csv\", zones = \"z.csv\", daylight = \"d.csv\"";
        format!("[calendar.support]\nzendesk = {{ schedule = \"s.csv\", name = \"{name}\", {tables} }}\n")
    };
    let (calendar, notes) = calendar_of(&config("A"), folder.path());
    let says = [
        &["1 row of `", "s.csv` left out"][..],
        &["s.csv line 4", "no offset of `Europe/London`"],
        &["1 row of `", "h.csv` left out"],
        &["`London` is +01:00", "z.csv line 2"],
        &["at 2022-03-20T01:00:00 as", "d.csv line 4", "1 change"],
    ];
    assert_eq!(notes.len(), says.len(), "{notes:#?}");
    for (note, parts) in notes.iter().zip(says) {
        assert!(parts.iter().all(|part| note.contains(part)), "{note}: {parts:?}");
    }
    // Monday to Wednesday 09:00 to 17:00, of which the Wednesday is a holiday
    assert_eq!(hours(&calendar, "2024-04-28T00:00:00Z", "2024-05-05T00:00:00Z"), 16);
    assert_eq!(hours(&calendar, "2024-01-07T00:00:00Z", "2024-01-14T00:00:00Z"), 24);
    let (tokyo, _) = calendar_of(&config("2"), folder.path());
    assert!(tokyo.is_open(instant("2024-01-06T15:30:00Z")));
}

#[test]
fn a_zone_of_its_own_beats_that_of_the_schedule() {
    let schedule = "id,name,start_time,end_time,time_zone\n1,A,1980,2460,Atlantis\n";
    let folder = folder_with(&[("s.csv", schedule.as_bytes())]);
    let config = "[calendar.support]\ntimezone = \"Europe/Berlin\"\nday = \"8h\"\nholidays = [\"de\"]\n\
                  zendesk = { schedule = \"s.csv\" }\nextra = [\"2024-01-06 10:00-12:00\"]\n";
    let (calendar, notes) = calendar_of(config, folder.path());
    assert!(notes.is_empty(), "{notes:?}");
    // Monday 2024-01-01 is a holiday, Saturday the 6th has two hours, Monday the 8th eight
    assert_eq!(hours(&calendar, "2023-12-31T23:00:00Z", "2024-01-07T23:00:00Z"), 2);
    assert_eq!(hours(&calendar, "2024-01-07T23:00:00Z", "2024-01-08T23:00:00Z"), 8);
}
