//! Laws of calendars, for random calendars and instants.
//!
//! The minute-stepping oracle, which shares no code with this module, is in the integration tests.

use proptest::prelude::*;

use super::super::civil::{days_from_civil, format_utc};
use super::super::{Clock, Duration};
use super::*;

const HOUR_MS: i64 = 3_600_000;

fn hours(texts: &str) -> Vec<ClockSpan> {
    texts.split_whitespace().map(|text| ClockSpan::parse(text).unwrap()).collect()
}

/// The same hours from Monday to Friday, and other ones at the weekend.
fn week(weekdays: &str, saturday: &str, sunday: &str) -> Week {
    let weekday = hours(weekdays);
    let days: [Vec<ClockSpan>; 5] = std::array::from_fn(|_| weekday.clone());
    let [monday, tuesday, wednesday, thursday, friday] = days;
    Week::new([monday, tuesday, wednesday, thursday, friday, hours(saturday), hours(sunday)]).unwrap()
}

fn description(zone: &str, week: Week) -> Description {
    Description { day_ms: Some(8 * HOUR_MS), week, ..Description::always("test", Zone::parse(zone).unwrap()) }
}

fn calendar(zone: &str, weekdays: &str) -> Calendar {
    Calendar::new(description(zone, week(weekdays, "", ""))).unwrap()
}

fn at(text: &str) -> i64 {
    let stamp = super::super::DateReader::new(None).read(text.as_bytes(), || 1).unwrap();
    super::super::Resolver::new(super::super::Order::NotNeeded, Zone::utc(), false).resolve(stamp).unwrap()
}

#[test]
fn golden_instants() {
    let berlin = calendar("Europe/Berlin", "09:00-17:00");
    // A day of office hours is 8 h on both sides of a change of the clock.
    for day in ["2025-03-28", "2025-03-31", "2025-10-24", "2025-10-27"] {
        assert_eq!(
            berlin.working_time(at(&format!("{day}T00:00Z")), at(&format!("{day}T22:00Z"))),
            8 * HOUR_MS,
            "{day}"
        );
    }
    assert_eq!(berlin.working_time(at("2025-03-28T08:00Z"), at("2025-03-28T16:00Z")), 8 * HOUR_MS);
    assert_eq!(berlin.working_time(at("2025-03-31T07:00Z"), at("2025-03-31T15:00Z")), 8 * HOUR_MS);
    let (start, end) = (at("2025-06-02T09:00:00+02:00"), at("2025-06-02T09:30Z"));
    assert_eq!((end - start, berlin.working_time(start, end)), (HOUR_MS * 5 / 2, HOUR_MS * 5 / 2));
    // 48 h of wall time, delivered in office hours.
    for (from, due, local) in [
        ("2025-03-29T09:00:00+01:00", "2025-03-31T10:00:00+02:00", "Monday 10:00: the clock went forward"),
        ("2025-10-25T09:00:00+02:00", "2025-10-27T09:00:00+01:00", "Monday 09:00, opening"),
    ] {
        let over = Duration::parse("48h").unwrap().after(at(from), &berlin).unwrap().unwrap();
        assert_eq!(berlin.next_open(over), Some(at(due)), "{local}");
    }
}

#[test]
fn durations_run_on_their_own_clock() {
    let berlin = calendar("Europe/Berlin", "09:00-12:00 13:00-18:00");
    for (text, from, over) in [
        ("48h", "2025-01-10T15:00Z", "2025-01-12T15:00Z"),
        ("16bh", "2025-01-10T15:00Z", "2025-01-14T15:00Z"),
        ("2bd", "2025-01-10T15:00Z", "2025-01-14T15:00Z"),
        ("1bd", "2025-01-10T08:00Z", "2025-01-10T17:00Z"),
        ("0bd", "2025-01-11T08:00Z", "2025-01-11T08:00Z"),
        ("1bh", "2025-01-11T08:00Z", "2025-01-13T09:00Z"),
    ] {
        let duration = Duration::parse(text).unwrap();
        assert_eq!(duration.after(at(from), &berlin).unwrap().map(format_utc), Some(format_utc(at(over))), "{text}");
        assert_eq!(duration.business_ms(&berlin).unwrap().is_some(), duration.clock() == Clock::Business);
    }
    let unstated = Calendar::new(Description { day_ms: None, ..berlin.description().clone() }).unwrap();
    let problem = Duration::parse("2bd").unwrap().after(0, &unstated).unwrap_err();
    assert!(problem.to_string().contains("`2bd`") && problem.hints()[0].contains("day = \"8h\""), "{problem}");
    assert!(Duration::parse("2bh").unwrap().after(0, &unstated).is_ok());
}

#[test]
fn shifts_over_a_change_keep_their_real_length() {
    let length = |zone: &str, hours: &str, from: &str, to: &str| {
        let every_day = Week::new(std::array::from_fn(|_| self::hours(hours))).unwrap();
        let calendar = Calendar::new(description(zone, every_day)).unwrap();
        calendar.working_time(at(from), at(to)) * 10 / HOUR_MS
    };
    for (zone, hours, from, to, tenths) in [
        ("Europe/Berlin", "22:00-06:00", "2025-03-29T11:00Z", "2025-03-30T11:00Z", 70),
        ("Europe/Berlin", "22:00-06:00", "2025-10-25T11:00Z", "2025-10-26T11:00Z", 90),
        ("Europe/Berlin", "22:00-06:00", "2025-06-25T11:00Z", "2025-06-26T11:00Z", 80),
        ("Europe/Berlin", "09:00-17:00", "2025-03-29T22:00Z", "2025-03-30T22:00Z", 80),
        ("Europe/Berlin", "00:00-24:00", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 230),
        ("Europe/Berlin", "02:00-03:00", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 0),
        ("Europe/Berlin", "02:00-03:00", "2025-10-25T22:00Z", "2025-10-26T23:00Z", 20),
        ("Europe/Berlin", "02:30-08:00", "2025-03-29T23:00Z", "2025-03-30T22:00Z", 50),
        ("America/Sao_Paulo", "22:00-02:00", "2018-11-03T12:00Z", "2018-11-04T12:00Z", 30),
        ("Australia/Lord_Howe", "22:00-06:00", "2025-04-05T03:00Z", "2025-04-06T03:00Z", 85),
        // Samoa had no 30 December 2011.
        ("Pacific/Apia", "08:00-16:00", "2011-12-29T10:00Z", "2011-12-31T10:00Z", 160),
    ] {
        assert_eq!(length(zone, hours, from, to), tenths, "{zone} {hours} {from}");
    }
}

#[test]
fn holidays_close_their_date_and_extra_hours_open_it() {
    let holidays = ["12-24", "12-25", "2024-01-02"].map(|text| Holiday::new(DayRule::parse(text).unwrap().unwrap()));
    let [mut eve, christmas, second] = holidays;
    eve.closed = ClockSpan::parse("12:00-24:00").unwrap();
    let set = HolidaySet { holidays: vec![eve, christmas, second], bridge_days: false };
    let extra = vec![(days_from_civil(2024, 12, 25), ClockSpan::parse("10:00-11:00").unwrap())];
    let nights = Week::new(std::array::from_fn(|_| hours("22:00-06:00"))).unwrap();
    let open = |week: Week, from: &str, to: &str| {
        let description = Description { holidays: vec![set.clone()], extra: extra.clone(), ..description("UTC", week) };
        Calendar::new(description).unwrap().working_time(at(from), at(to)) / HOUR_MS
    };
    let office = || week("09:00-17:00", "", "");
    assert_eq!(open(office(), "2024-12-23T00:00Z", "2024-12-28T00:00Z"), 8 + 3 + 1 + 8 + 8);
    assert_eq!(open(office(), "2024-01-01T00:00Z", "2024-01-06T00:00Z"), 8 + 8 + 8 + 8);
    // A night shift loses the hours that lie in the holiday: the night to the 25th is closed from noon on.
    assert_eq!(open(nights, "2024-12-23T12:00Z", "2024-12-26T12:00Z"), 8 + 1 + 6);
}

#[test]
fn a_calendar_that_never_opens_is_refused() {
    let never = Holiday::new(DayRule::parse("01-01..12-31").unwrap().unwrap());
    let holidays = vec![HolidaySet { holidays: vec![never], bridge_days: false }];
    let problem = Calendar::new(Description { holidays, ..description("UTC", Week::always()) }).unwrap_err();
    assert!(problem.message().contains("never open"), "{problem}");
    assert!(Calendar::new(description("UTC", Week::default())).is_err());
}

#[test]
fn the_ends_of_i64_do_not_panic() {
    let instants = [i64::MIN, i64::MIN + 1, FIRST_MS - 1, FIRST_MS, -1, 0, END_MS - 1, END_MS, i64::MAX - 1, i64::MAX];
    for calendar in
        [calendar("Europe/Berlin", "09:00-17:00"), Calendar::new(Description::always("all", Zone::utc())).unwrap()]
    {
        for from in instants {
            for to in instants {
                let _ = (calendar.working_time(from, to), calendar.add_working(from, to), calendar.is_open(from));
            }
        }
        assert_eq!(calendar.add_working(i64::MAX, 1), None);
        assert_eq!(calendar.add_working(0, -1), None);
    }
}

/// What a query looks at does not grow with the time between its instants: the spans that end in one day, each time.
#[test]
fn a_century_looks_at_as_many_spans_as_a_day() {
    for (hours, most) in [("09:00-17:00", 1), ("09:00-12:00 13:00-17:00", 2), ("22:00-06:00", 1), ("00:00-24:00", 1)] {
        for zone in ["UTC", "Europe/Berlin", "Pacific/Apia"] {
            let calendar = calendar(zone, hours);
            let looked_at = calendar.first_of_day.windows(2).map(|pair| pair[1] - pair[0]).max();
            // A day of UTC can hold the ends of shifts of two local days.
            assert!(looked_at.unwrap() <= 2 * most, "{hours} {zone}: {looked_at:?}");
            // And the search for the end of added work halves a list of known length.
            assert!(calendar.spans.len() <= 301 * 366 * most as usize);
        }
    }
}

/// Any instant, most of them in the years of logs, and some on a round hour, where spans begin and end.
fn instant() -> impl Strategy<Value = i64> {
    let modern = at("1990-01-01T00:00Z")..at("2040-01-01T00:00Z");
    prop_oneof![
        4 => modern.clone(),
        3 => modern.prop_map(|ms| ms - ms.rem_euclid(HOUR_MS)),
        2 => FIRST_MS..END_MS,
        1 => -1_000_000_000_000_000_i64..1_000_000_000_000_000,
    ]
}

fn any_calendar() -> impl Strategy<Value = Calendar> {
    let zones = vec!["Europe/Berlin", "America/Sao_Paulo", "Australia/Lord_Howe", "Pacific/Apia", "UTC"];
    let weekdays =
        vec!["09:00-17:00", "09:00-12:30 13:30-18:00", "22:00-06:00", "00:00-24:00", "01:30-02:30 23:00-24:00"];
    let select = prop::sample::select::<&str>;
    let picked = (select(zones), select(weekdays), select(vec!["", "10:00-14:00"]));
    picked.prop_map(|(zone, weekdays, saturday)| {
        let christmas = Holiday::new(DayRule::parse("12-24..12-26").unwrap().unwrap());
        let mut easter = Holiday::new(DayRule::parse("easter-2").unwrap().unwrap());
        easter.closed = ClockSpan::parse("12:00-24:00").unwrap();
        let holidays = vec![HolidaySet { holidays: vec![christmas, easter], bridge_days: false }];
        let extra = vec![(days_from_civil(2024, 6, 15), ClockSpan::parse("20:00-02:00").unwrap())];
        Calendar::new(Description { holidays, extra, ..description(zone, week(weekdays, saturday, "")) }).unwrap()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_hours_are_wall_time(zone in prop::sample::select(&["UTC", "Europe/Berlin", "Pacific/Apia"]), times in prop::array::uniform2(instant())) {
        let always = Calendar::new(Description::always("all", Zone::parse(zone).unwrap())).unwrap();
        let [from, to] = times;
        prop_assert_eq!(always.working_time(from, to), to - from);
        prop_assert_eq!(always.add_working(from, (to - from).abs()), Some(from + (to - from).abs()));
        prop_assert_eq!(always.next_open(from), Some(from));
    }

    #[test]
    fn working_time_adds_up_and_stays_below_wall_time(calendar in any_calendar(), times in prop::collection::vec(instant(), 3..60)) {
        for three in times.windows(3) {
            let [a, b, c] = [three[0], three[1], three[2]];
            let worked = |from, to| calendar.working_time(from, to);
            prop_assert_eq!(worked(a, b) + worked(b, c), worked(a, c));
            prop_assert_eq!(worked(a, b), -worked(b, a));
            let (first, last) = (a.min(b), a.max(b));
            prop_assert!((0..=last - first).contains(&worked(first, last)));
        }
    }

    #[test]
    fn adding_is_the_inverse_of_counting(calendar in any_calendar(), times in prop::collection::vec(instant(), 2..60)) {
        for pair in times.windows(2) {
            let (from, to) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let worked = calendar.working_time(from, to);
            let reached = calendar.add_working(from, worked).unwrap();
            prop_assert!(reached <= to);
            prop_assert_eq!(calendar.working_time(from, reached), worked);
            if worked > 0 {
                prop_assert_eq!(calendar.working_time(from, reached - 1), worked - 1, "not the earliest instant");
                prop_assert!(calendar.add_working(from, worked - 1).unwrap() < reached, "not monotone");
            }
            prop_assert!(calendar.add_working(from, worked + 1).unwrap() > to);
            // In two steps as in one.
            let half = calendar.add_working(from, worked / 2).unwrap();
            prop_assert_eq!(calendar.add_working(half, worked - worked / 2), Some(reached));
        }
    }

    #[test]
    fn the_next_open_instant_is_open_and_none_lies_before(calendar in any_calendar(), times in prop::collection::vec(instant(), 2..60)) {
        for pair in times.windows(2) {
            let (from, to) = (pair[0].min(pair[1]), pair[0].max(pair[1]));
            let next = calendar.next_open(from).unwrap();
            prop_assert!(next >= from && calendar.is_open(next));
            prop_assert_eq!(calendar.next_open(next), Some(next));
            prop_assert_eq!(calendar.working_time(from, next), 0);
            prop_assert!(next <= calendar.next_open(to).unwrap());
        }
    }
}
