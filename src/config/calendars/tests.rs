//! Tests of the sections about calendars, and of the built-in holiday sets.

use super::*;
use crate::config::Config;
use crate::time::{civil_from_days, days_from_civil, format_utc};

const FULL: &str = r#"
default_calendar = "office"

[calendar.office]
timezone = "Europe/Berlin"
day = "8h"
mon_fri = "09:00-17:00"
fri = ["09:00-12:00", "12:30-15:00"]
sat_sun = []
holidays = [
    "de-by", "company",
    "2024-12-27", "12-31", "4th Thursday of November",
    { on = "12-24", closed = "12:00-24:00" },
]
extra = ["2024-06-15 09:00-13:00", "2024-12-25 22:00-02:00"]

[calendar.plant]
timezone = "America/New_York"
day = "24h"
mon-sun = "22:00-06:00"

[calendar.desk]
timezone = "UTC"
always = true

[[calendar_rule]]
when = { group = ["Night", "Plant"], site = "Ohio" }
calendar = "plant"

[[calendar_rule]]
when = { priority = "1" }
calendar = "desk"

[holidays.company]
title = "Our own"
days = ["nl", { on = "2nd fri september", since = 2020, until = 2030, except = [2021], observed = "next_weekday" }]
bridge_days = true
"#;

fn calendars(text: &str) -> Calendars {
    Config::parse(text, "wcaf.toml").unwrap_or_else(|problem| panic!("{problem}")).calendars
}

/// The open hours of a day in UTC, in tenths.
fn hours(calendar: &Calendar, (year, month, day): (i32, u32, u32)) -> i64 {
    let start_ms = days_from_civil(year, month, day) * 86_400_000;
    calendar.working_time(start_ms, start_ms + 86_400_000) / 360_000
}

#[test]
fn a_full_file_is_read() {
    let calendars = calendars(FULL);
    let names: Vec<&str> = calendars.all().iter().map(Calendar::name).collect();
    assert_eq!(names, ["desk", "office", "plant"]);
    let office = calendars.get("office").unwrap();
    assert_eq!((office.day_ms(), office.description().zone.name()), (Some(28_800_000), "Europe/Berlin"));
    for (day, tenths) in [
        ((2024, 6, 13), 80),
        ((2024, 6, 14), 55),
        ((2024, 6, 15), 40),
        ((2024, 6, 16), 0),
        ((2024, 8, 15), 0),
        ((2024, 11, 28), 0),
        ((2024, 12, 23), 80),
        ((2024, 12, 24), 30),
        ((2024, 12, 25), 30),
        ((2024, 12, 26), 10),
        ((2024, 12, 27), 0),
        ((2024, 12, 31), 0),
        ((2024, 9, 13), 0),
        ((2021, 9, 10), 55),
        ((2024, 4, 26), 55),
    ] {
        assert_eq!(hours(office, day), tenths, "{day:?}");
    }
    assert_eq!(hours(calendars.get("plant").unwrap(), (2024, 6, 13)), 80);
    assert_eq!(hours(calendars.get("desk").unwrap(), (2024, 12, 25)), 240);
}

#[test]
fn the_first_rule_that_fits_wins() {
    let calendars = calendars(FULL);
    let picked = |group: &str, priority: &str, site: Option<&'static str>| {
        let value = |attribute: &Attribute| match attribute {
            Attribute::Group => Some(group),
            Attribute::Priority => Some(priority),
            Attribute::Case => None,
            Attribute::Column(name) => site.filter(|_| name == "site"),
        };
        calendars.pick(value).map_or("", Calendar::name).to_owned()
    };
    assert_eq!(picked("Plant", "1", Some("Ohio")), "plant");
    assert_eq!(picked("Night", "2", Some("Ohio")), "plant");
    assert_eq!(picked("Plant", "1", Some("Berlin")), "desk");
    assert_eq!(picked("Plant", "2", None), "office");
    let only = "[calendar.a]\ntimezone = \"UTC\"\nalways = true\n";
    assert!(super::tests::calendars(only).default_calendar().is_some(), "one calendar without a rule is the default");
    let two = format!("{only}[calendar.b]\ntimezone = \"UTC\"\nalways = true\n");
    assert!(super::tests::calendars(&two).default_calendar().is_none());
    assert!(super::tests::calendars("").pick(|_| None).is_none());
}

/// What is refused, in a calendar `a` in UTC whose third line and those after it are given: line, message, hint.
const REFUSED: &[(&str, u64, &str, &str)] = &[
    (
        "mon = [\"09:00-13:00\", \"12:00-17:00\"]",
        3,
        "\"09:00-13:00\" and \"12:00-17:00\" of `mon` overlap",
        "mon = [\"09:00-17:00\"]",
    ),
    (
        "\nmon_fri = [\"22:00-06:00\", \"05:00-07:00\"]",
        4,
        "\"22:00-06:00\" of `mon` goes on into \"05:00-07:00\" of `tue`",
        "mon_fri = [\"05:00-07:00\", \"22:00-05:00\"]",
    ),
    ("fri = \"22:00-06:00\"\nsat = \"01:00-03:00\"", 4, "of `fri` goes on into", "sat = []"),
    ("mon_fri = \"9-17\"", 3, "\"9-17\" is no span of hours", "\"09:00-17:00\""),
    ("mon_fri = \"09:00-09:00\"", 3, "is empty", "\"00:00-24:00\""),
    (
        "mon_fri = \"09:00-17:00\"\nwed_sun = \"09:00-17:00\"",
        4,
        "`mon_fri` and `wed_sun` both give the hours of `wed`",
        "add `wed = [\"09:00-17:00\"]`",
    ),
    ("mon = \"09:00-17:00\"\nMonday = \"09:00-17:00\"", 4, "both give the hours of `mon`", "take out"),
    ("mon_fir = \"09:00-17:00\"", 3, "unknown key `mon_fir`", "did you mean `mon_fri`?"),
    ("mon_fri = \"09:00-17:00\"\nzone = \"UTC\"", 4, "unknown key `zone`", "did you mean `timezone`?"),
    ("holidays = [\"us\"]", 1, "the calendar `a` has no open hours", "add `mon_fri = \"09:00-17:00\"`"),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [\"us\",\n\"de-bx\"]",
        5,
        "`de-bx` is no day and no holiday set",
        "did you mean `de-b",
    ),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [\"uk\"]",
        4,
        "`uk` is no day and no holiday set",
        "write one of `uk-england`, `uk-northern-ireland`",
    ),
    ("mon_fri = \"09:00-17:00\"\nholidays = [\"xx\"]", 4, "`xx` is no day and no holiday set", "br, de, de-bb"),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [\"2024-02-30\"]",
        4,
        "names a day that does not exist",
        "month 02 ends with day 29",
    ),
    ("mon_fri = \"09:00-17:00\"\nholidays = [2024-12-24]", 4, "a date without quotes", "\"2024-12-24\""),
    ("mon_fri = \"09:00-17:00\"\nholidays = [{ on = \"us\" }]", 4, "`us` is no day", "a table is for one day"),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [{ on = \"12-24\", close = \"12:00-24:00\" }]",
        4,
        "unknown key `close`",
        "`closed`",
    ),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [{ on = \"12-24\", closed = \"12:00-02:00\" }]",
        4,
        "end on the next day",
        "closed = \"12:00-24:00\"",
    ),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [{ on = \"12-24\", since = 2020, until = 2010 }]",
        4,
        "ends in 2010",
        "since = 2010, until = 2020",
    ),
    (
        "mon_fri = \"09:00-17:00\"\nholidays = [{ on = \"12-24\", observed = \"next\" }]",
        4,
        "`observed` cannot be \"next\"",
        "next_day",
    ),
    ("mon_fri = \"09:00-17:00\"\nholidays = [\"01-01..12-31\"]", 1, "is never open", "mon_fri"),
    ("mon_fri = \"09:00-17:00\"\nextra = [\"2024-06-15\"]", 4, "is no date with hours", "\"2024-06-15 09:00-13:00\""),
    (
        "mon_fri = \"09:00-17:00\"\nextra = [\"06-15 09:00-13:00\"]",
        4,
        "is no date with hours",
        "\"2024-06-15 09:00-13:00\"",
    ),
    ("mon_fri = \"09:00-17:00\"\nday = \"1bd\"", 4, "would be defined by itself", "day = \"8h\""),
    ("mon_fri = \"09:00-17:00\"\nday = \"8\"", 4, "has no unit", "day = \"8h\""),
    ("mon_fri = \"09:00-17:00\"\nday = \"7.5h\"", 4, "is no whole number of `h`", "day = \"450min\""),
    ("mon_fri = \"09:00-17:00\"\nday = \"2d\"", 4, "is not between", "day = \"8h\""),
    ("always = true\nmon_fri = \"09:00-17:00\"", 3, "is always open and has hours", "mon_sun = \"00:00-24:00\""),
    ("always = true\nholidays = [\"us\"]", 4, "is always open and has hours", "mon_sun = \"00:00-24:00\""),
    (
        "always = true\n[[calendar_rule]]\nwhen = { group = \"x\" }\ncalendar = \"b\"",
        6,
        "there is no calendar `b`",
        "`a`",
    ),
    (
        "always = true\n[[calendar_rule]]\nwhen = {}\ncalendar = \"a\"",
        5,
        "without a condition",
        "default_calendar = \"a\"",
    ),
    (
        "always = true\n[[calendar_rule]]\nwhen = { site = [] }\ncalendar = \"a\"",
        5,
        "`site` of a calendar rule has no value",
        "site = \"VALUE\"",
    ),
    ("always = true\n[[calendar_rule]]\nwhen = { site = \"x\" }", 4, "missing field `calendar`", ""),
    ("always = true\n[holidays.us]\ndays = []", 4, "cannot be called `us`: that is built in", "[holidays.company]"),
    ("always = true\n[holidays.easter]\ndays = []", 4, "that reads as a day", "[holidays.company]"),
    (
        "always = true\n[holidays.x]\ndays = [\"y\"]\n[holidays.y]\ndays = [\"x\"]",
        7,
        "contains itself",
        "take `\"x\"` out",
    ),
    ("always = true\n[holidays.x]\ndays = [\"12-25\",\n\"13-25\"]", 6, "does not exist", "months are 01 to 12"),
    ("always = true\n[holidays.x]\nday = [\"12-25\"]", 5, "unknown key `day`", "`days`"),
];

#[test]
fn a_single_day_beats_ranges_that_share_it() {
    let text = "[calendar.a]\ntimezone = \"UTC\"\nmon_wed = \"09:00-17:00\"\nwed_sun = \"10:00-12:00\"\nwed = \"08:00-20:00\"\n";
    let calendars = calendars(text);
    let office = calendars.get("a").unwrap();
    let week: Vec<i64> = (10..17).map(|day| hours(office, (2024, 6, day))).collect();
    assert_eq!(week, [80, 80, 120, 20, 20, 20, 20]);
}

#[test]
fn what_is_wrong_has_its_line_and_a_way_out() {
    for (rest, line, message, hint) in REFUSED {
        let text = format!("[calendar.a]\ntimezone = \"UTC\"\n{rest}\n");
        let problem = Config::parse(&text, "wcaf.toml").unwrap_err();
        let shown = problem.to_string();
        assert!(shown.contains(message) && shown.contains(hint), "{rest}\n{shown}");
        assert_eq!(problem.location().and_then(|place| place.line), Some(*line), "{rest}\n{shown}");
        assert_eq!(problem.kind().exit_code(), 2, "{shown}");
    }
    for (text, line, says) in [
        ("default_calendar = \"b\"\n", 1, "add a table `[calendar.b]`"),
        ("\n[calendar.a]\nalways = true\n", 2, "timezone = \"Europe/Berlin\""),
        ("[calendar.a]\nalways = true\ntimezone = \"Europe/Berln\"\n", 3, "`timezone = \"Europe/Berlin\"`"),
        ("[calendar.a]\nalways = true\ntimezone = \"xyzxyz\"\n", 3, "write an IANA name such as"),
    ] {
        let problem = Config::parse(text, "wcaf.toml").unwrap_err();
        assert_eq!(problem.location().and_then(|place| place.line), Some(line), "{problem}");
        assert!(problem.to_string().contains(says), "{problem}");
    }
}

#[test]
fn every_built_in_set_is_read_and_has_a_title() {
    let names = built_in_names();
    assert_eq!(names.len(), 29);
    for (name, title) in names {
        assert!(!title.is_empty(), "{name}");
        let set = built_in(&name).unwrap().unwrap();
        let of_2024 = set.days().iter().filter(|(day, _)| civil_from_days(*day).0 == 2024).count();
        assert!((3..25).contains(&of_2024), "{name}: {of_2024}");
    }
    for (name, text) in sets::BUILT_IN {
        let page = Page { text, file: name };
        let sections: sets::Sections = toml::from_str(text).unwrap();
        for section in sections.keys() {
            assert_eq!(section.get_ref().split('-').next(), Some(name));
            sets::Book { sections: &sections, page }.set(section.get_ref(), 0..0).unwrap();
        }
    }
    assert_eq!(built_in("us-texas").unwrap(), None);
}

#[test]
fn built_in_sets_have_the_days_of_well_known_years() {
    for (name, year, expected) in [
        ("us", 2020, "01-01 01-20 02-17 05-25 07-03 07-04 09-07 10-12 11-11 11-26 12-25"),
        ("us", 2021, "01-01 01-18 02-15 05-31 06-18 06-19 07-04 07-05 09-06 10-11 11-11 11-25 12-24 12-25 12-31"),
        ("uk-england", 2020, "01-01 04-10 04-13 05-08 05-25 08-31 12-25 12-26 12-28"),
        ("uk-england", 2022, "01-01 01-03 04-15 04-18 05-02 06-02 06-03 08-29 09-19 12-25 12-26 12-27"),
        ("uk-scotland", 2022, "01-01 01-02 01-03 01-04 04-15 05-02 06-02 06-03 08-01 09-19 11-30 12-25 12-26 12-27"),
        ("uk-northern-ireland", 2025, "01-01 03-17 04-18 04-21 05-05 05-26 07-12 07-14 08-25 12-25 12-26"),
        ("de-sn", 2024, "01-01 03-29 04-01 05-01 05-09 05-20 10-03 10-31 11-20 12-25 12-26"),
        ("de-be", 2025, "01-01 03-08 04-18 04-21 05-01 05-08 05-29 06-09 10-03 12-25 12-26"),
        ("de-nw", 2017, "01-01 04-14 04-17 05-01 05-25 06-05 06-15 10-03 10-31 11-01 12-25 12-26"),
        ("fr", 2024, "01-01 04-01 05-01 05-08 05-09 05-20 07-14 08-15 11-01 11-11 12-25"),
        ("nl", 2025, "01-01 04-18 04-20 04-21 04-26 05-05 05-29 06-08 06-09 12-25 12-26"),
        ("br", 2024, "01-01 03-29 04-21 05-01 09-07 10-12 11-02 11-15 11-20 12-25"),
        (
            "jp",
            2009,
            "01-01 01-12 02-11 03-20 04-29 05-03 05-04 05-05 05-06 07-20 09-21 09-22 09-23 10-12 11-03 11-23 12-23",
        ),
        (
            "jp",
            2019,
            "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 09-23 10-14 10-22 11-03 11-04 11-23",
        ),
        (
            "jp",
            2021,
            "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 11-23",
        ),
        ("in", 2025, "01-26 02-26 03-14 03-31 04-10 04-18 05-12 06-07 07-06 08-15 08-16 09-05 10-02 10-20 11-05 12-25"),
        ("in", 2030, "01-26 04-19 08-15 10-02 12-25"),
    ] {
        let days = built_in(name).unwrap().unwrap().days();
        let of_year = days.iter().map(|(day, _)| civil_from_days(*day)).filter(|day| day.0 == year);
        let shown: Vec<String> = of_year.map(|(_, month, day)| format!("{month:02}-{day:02}")).collect();
        assert_eq!(shown.join(" "), expected, "{name} {year}");
    }
}

#[test]
fn substitutes_of_one_set_do_not_see_another() {
    // Boxing Day 2026 falls on a Saturday; that the Monday is a holiday of the file moves nothing.
    let text =
        "[calendar.a]\ntimezone = \"UTC\"\nmon_fri = \"00:00-24:00\"\nholidays = [\"uk-england\", \"2026-12-28\"]\n";
    let calendars = calendars(text);
    let calendar = calendars.get("a").unwrap();
    let christmas_ms = days_from_civil(2026, 12, 25) * 86_400_000;
    assert_eq!(calendar.next_open(christmas_ms).map(format_utc).as_deref(), Some("2026-12-29T00:00:00Z"));
}
