//! Laws of reading: what was written is read back, or refused, and never becomes another instant. Oracle: chrono.

use chrono::{DateTime, NaiveDate, NaiveDateTime};
use proptest::prelude::*;

use super::civil::{MS_PER_DAY, days_from_civil};
use super::*;
use crate::error::Problem;

/// Formats whose order is plain from the shape; the finest unit they keep, in ms.
const PLAIN: &[(&str, i64)] = &[
    ("%Y-%m-%dT%H:%M:%S%.3fZ", 1),
    ("%Y-%m-%dT%H:%M:%S%.9fZ", 1),
    ("%Y-%m-%d %H:%M:%S%.6f+02:00", 1),
    ("%Y-%m-%dT%H:%M:%S%.3f+0000", 1),
    ("%Y-%m-%dT%H:%M:%S,%3f-03:30", 1),
    ("%Y-%m-%d %H:%M:%S", 1_000),
    ("  %Y-%m-%d  %H:%M:%S UTC ", 1_000),
    ("%Y-%m-%dT%H:%M:%S", 1_000),
    ("%Y-%m-%dT%H:%M:%S+05", 1_000),
    ("%Y-%m-%d %H:%M", 60_000),
    ("%Y/%-m/%-d %-H:%M", 60_000),
    ("%Y.%m.%d %H:%M:%S", 1_000),
    ("%Y%m%dT%H%M%S%.3f", 1),
    ("%Y%m%dT%H%MZ", 60_000),
    ("%Y%m%d%H%M%S", 1_000),
    ("%Y%m%d", MS_PER_DAY),
    ("%Y-%m-%d", MS_PER_DAY),
    ("%Y-%b-%d %H:%M", 60_000),
    ("%d/%b/%y %H:%M", 60_000),
    ("%d-%b-%Y", MS_PER_DAY),
    ("%-d %B %Y, %H:%M", 60_000),
    ("%b %-d, %Y %-I:%M %p", 60_000),
    ("%B %d %Y %I:%M:%S%P", 1_000),
    ("%a, %d %b %Y %H:%M:%S +0200", 1_000),
    ("%A %b %-d, %Y", MS_PER_DAY),
];

/// Numeric formats whose order of day and month is open, and the unit they keep.
const DAY_FIRST: &[(&str, i64)] = &[
    ("%-d/%-m/%Y %H:%M", 60_000),
    ("%d/%m/%Y %H:%M:%S", 1_000),
    ("%d.%m.%Y", MS_PER_DAY),
    ("%d-%m-%Y %I:%M %p", 60_000),
    ("%-d/%-m/%Y, %-I:%M:%S %P", 1_000),
    ("%d/%m/%Y %H:%M:%S%.3f", 1),
    ("%d/%m/%YT%H:%MZ", 60_000),
    ("%d.%m.%Y %H:%M +02:00", 60_000),
];

/// The same with two-digit years.
const SHORT: &[&str] = &["%d/%m/%y %H:%M", "%-d.%-m.%y %H:%M", "%d-%m-%y %I:%M %p"];

fn swap(format: &str, from: [&str; 3]) -> String {
    let date_end = format.find(['Y', 'y']).unwrap() + 1;
    let (date, rest) = format.split_at(date_end);
    let separator = date.chars().rev().nth(2).unwrap();
    format!("{1}{0}{2}{0}{3}{rest}", separator, from[0], from[1], from[2])
}

fn month_first(format: &str) -> String {
    let year = if format.contains("%y") { "%y" } else { "%Y" };
    swap(format, ["%m", "%d", year])
}

fn year_first(format: &str) -> String {
    swap(format, ["%y", "%m", "%d"])
}

fn write(ms: i64, format: &str) -> String {
    DateTime::from_timestamp_millis(ms).unwrap().format(format).to_string()
}

/// The instant that a local time written by `format` stands for.
fn meant(ms: i64, format: &str, unit_ms: i64) -> i64 {
    let offset_min = [("+02:00", 120), ("+0200", 120), ("-03:30", -210), ("+05", 300)]
        .iter()
        .find(|(text, _)| format.trim_end().ends_with(text))
        .map_or(0, |(_, minutes)| *minutes);
    ms.div_euclid(unit_ms) * unit_ms - offset_min * 60_000
}

/// Reads a column: the instants (or faults) of its rows, or the refusal of the whole column.
fn column(rows: &[String], format: Option<&DateFormat>) -> Result<Vec<Result<i64, DateFault>>, Problem> {
    let mut reader = DateReader::new(format);
    let stamps: Vec<_> = rows.iter().zip(2..).map(|(row, line)| reader.read(row.as_bytes(), || line)).collect();
    let mut resolver = Resolver::new(reader.evidence().decide("Updated", "export.csv")?, Zone::utc(), false);
    Ok(stamps.into_iter().map(|stamp| stamp.and_then(|stamp| resolver.resolve(stamp))).collect())
}

fn instants(from_year: i32, to_year: i32) -> impl Strategy<Value = i64> {
    days_from_civil(from_year, 1, 1) * MS_PER_DAY..days_from_civil(to_year + 1, 1, 1) * MS_PER_DAY
}

fn formats_of(problem: &Problem) -> Vec<String> {
    let marker = "--date-format \"";
    problem
        .hints()
        .iter()
        .flat_map(|hint| hint.split(marker).skip(1))
        .map(|text| text.split('"').next().unwrap().to_owned())
        .collect()
}

proptest! {
    #[test]
    fn plain_formats_read_back(ms in instants(1970, 2068), which in 0..PLAIN.len()) {
        let (format, unit_ms) = PLAIN[which];
        let row = write(ms, format);
        let read = column(std::slice::from_ref(&row), None).unwrap();
        prop_assert_eq!(read, vec![Ok(meant(ms, format, unit_ms))], "{}", row);
    }

    #[test]
    fn years_from_1900_to_2200_read_back(ms in instants(1900, 2200)) {
        for format in ["%Y-%m-%d %H:%M:%S%.3f", " %Y-%m-%d %H:%M:%S%.3f", "%d %b %Y %H:%M:%S%.3f"] {
            prop_assert_eq!(column(&[write(ms, format)], None).unwrap(), vec![Ok(ms)]);
        }
        prop_assert_eq!(format_utc(ms), DateTime::from_timestamp_millis(ms).unwrap().to_rfc3339_opts(
            if ms % 1_000 == 0 { chrono::SecondsFormat::Secs } else { chrono::SecondsFormat::Millis }, true));
        prop_assert_eq!(column(&[format_utc(ms)], None).unwrap(), vec![Ok(ms)]);
    }

    #[test]
    fn unix_times_read_back(ms in 1_000_000_000_000..7_000_000_000_000_i64) {
        let fraction = format!("{}.{:03}", ms / 1_000, ms % 1_000);
        prop_assert_eq!(column(&[(ms / 1_000).to_string(), fraction], None).unwrap(), vec![Ok(ms / 1_000 * 1_000), Ok(ms)]);
        for digits in [ms.to_string(), format!("{ms}.7"), format!("{ms}789"), format!("{ms}789456")] {
            prop_assert_eq!(column(&[digits], None).unwrap(), vec![Ok(ms)]);
        }
        prop_assert!(column(&[(ms / 1_000).to_string(), ms.to_string()], None).is_err());
    }

    #[test]
    fn a_column_of_one_order_is_read_in_it_or_refused(
        times in prop::collection::vec(instants(1970, 2068), 1..12), which in 0..DAY_FIRST.len(), flip in any::<bool>(), mixed in any::<bool>(),
    ) {
        let mut rows = Vec::new();
        let mut expected = Vec::new();
        for (index, ms) in times.into_iter().enumerate() {
            let (format, unit_ms) = DAY_FIRST[if mixed { (which + index) % DAY_FIRST.len() } else { which }];
            rows.push(write(ms, &if flip { month_first(format) } else { format.to_owned() }));
            expected.push(Ok(meant(ms, format, unit_ms)));
        }
        match column(&rows, None) {
            Ok(read) => prop_assert_eq!(read, expected),
            Err(problem) => {
                prop_assert!(problem.message().starts_with("cannot decide the date order"));
                let formats = formats_of(&problem);
                prop_assert_eq!(formats.len(), 2);
                let format = DateFormat::parse(&formats[usize::from(flip)]).unwrap();
                prop_assert_eq!(column(&rows, Some(&format)).unwrap(), expected);
            }
        }
    }

    #[test]
    fn a_small_log_is_refused_with_formats_that_read_it(
        times in prop::collection::vec((1_u32..=12, 1_u32..=12, 0_i64..1_440), 1..6), which in 0..DAY_FIRST.len(), iso in any::<bool>(), flip in any::<bool>(),
    ) {
        let mut rows = Vec::new();
        let mut expected = Vec::new();
        for (month, day, minute) in times {
            let ms = days_from_civil(2024, month, day) * MS_PER_DAY + minute * 60_000;
            let (format, unit_ms) = DAY_FIRST[which];
            rows.push(write(ms, &if flip { month_first(format) } else { format.to_owned() }));
            expected.push(Ok(meant(ms, format, unit_ms)));
            if iso {
                rows.push(write(ms, "%Y-%m-%d %H:%M"));
                expected.push(Ok(ms));
            }
        }
        match column(&rows, None) {
            // All values have their day equal to their month.
            Ok(read) => prop_assert_eq!(read, expected),
            Err(problem) => {
                let format = DateFormat::parse(&formats_of(&problem)[usize::from(flip)]).unwrap();
                prop_assert_eq!(column(&rows, Some(&format)).unwrap(), expected);
            }
        }
    }

    #[test]
    fn two_digit_years_are_never_taken_for_days(
        start in 1970..2066_i32, offsets in prop::collection::vec(0..4 * 365 * MS_PER_DAY, 1..60), which in 0..SHORT.len(), order in 0..3_usize,
    ) {
        let base = days_from_civil(start, 1, 1) * MS_PER_DAY;
        let format = match order { 0 => SHORT[which].to_owned(), 1 => month_first(SHORT[which]), _ => year_first(SHORT[which]) };
        let times: Vec<i64> = offsets.iter().map(|offset| (base + offset) / 60_000 * 60_000).collect();
        let rows: Vec<String> = times.iter().map(|ms| write(*ms, &format)).collect();
        match column(&rows, None) {
            Ok(read) => for (read, ms) in read.iter().zip(&times) {
                prop_assert!(order == 2 && read.is_err() || *read == Ok(*ms), "{:?} {:?}", rows, read);
            },
            Err(problem) => {
                let formats = formats_of(&problem);
                prop_assert!(formats.len() >= 2, "{}", problem);
                let right = formats.iter().map(|format| column(&rows, Some(&DateFormat::parse(format).unwrap())).unwrap());
                let expected: Vec<_> = times.iter().map(|ms| Ok(*ms)).collect();
                // Year-first values that cannot be read in another order were rejected before and are not in the hint.
                prop_assert!(right.into_iter().any(|read| read == expected), "{}", problem);
            }
        }
    }

    #[test]
    fn two_orders_in_one_column_are_refused(ms in instants(1970, 2068), other in instants(1970, 2068)) {
        let rows = [write(ms, "%d/%m/%Y"), write(other, "%m/%d/%Y")];
        match column(&rows, None) {
            Err(_) => {}
            Ok(read) => {
                // One order explains both: the other value reads the same in it, or was never in the wrong one.
                let both = |format: &str| rows.iter().map(|row| NaiveDate::parse_from_str(row, format).map(|day|
                    i64::from(day.to_epoch_days()) * MS_PER_DAY)).collect::<Result<Vec<_>, _>>();
                let read: Vec<i64> = read.into_iter().map(Result::unwrap).collect();
                prop_assert!(both("%d/%m/%Y") == Ok(read.clone()) || both("%m/%d/%Y") == Ok(read));
            }
        }
    }

    #[test]
    fn texts_near_a_date_agree_with_chrono(text in "(19|20|2[0-9])[0-9]{2}-[01][0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9](\\.[0-9]{1,9})?") {
        let joined = text.replace('T', " ");
        let oracle = NaiveDateTime::parse_from_str(&joined, "%Y-%m-%d %H:%M:%S%.f").ok()
            .filter(|_| &text[17..19] != "60" && (1900..=2200).contains(&text[..4].parse::<i32>().unwrap()))
            .map(|time| time.and_utc().timestamp_millis());
        prop_assert_eq!(column(std::slice::from_ref(&text), None).unwrap()[0].ok(), oracle, "{}", text);
    }

    #[test]
    fn the_fast_path_agrees_with_the_general_one(ms in instants(1900, 2200), which in 0..20_usize, place in 0..40_usize, byte in "[0-9:T .,Z+-]|[ -~]") {
        let format = match which {
            0..6 => PLAIN[which].0,
            6..14 => DAY_FIRST[which - 6].0,
            14..17 => SHORT[which - 14],
            17 => "%d/%b/%y %H:%M",
            18 => "%-d-%b-%Y %-I:%M:%S %p",
            _ => "%-m/%-d/%Y %-I:%M %p",
        };
        let mut text = write(ms, format).trim().to_owned();
        if place < text.len() {
            text.replace_range(place..=place, &byte);
        }
        // A space in front leaves the value to the general parser.
        let (mut fast, mut general) = (DateReader::new(None), DateReader::new(None));
        prop_assert_eq!(fast.read(text.as_bytes(), || 1), general.read(format!(" {text}").as_bytes(), || 1), "{}", text);
        prop_assert_eq!(fast.evidence(), general.evidence());
    }

    #[test]
    fn any_bytes_give_a_stamp_or_a_fault(bytes in prop::collection::vec(any::<u8>(), 0..80), text in "[0-9/:. ,TZAPMa-e+-]{0,30}") {
        for field in [&bytes[..], text.as_bytes()] {
            let mut reader = DateReader::new(None);
            if let Ok(stamp) = reader.read(field, || 1) {
                let ms = Resolver::new(Order::DayFirst, Zone::utc(), false).resolve(stamp).unwrap();
                prop_assert!((-2_209_075_200_000..7_289_740_800_000).contains(&ms));
                prop_assert_eq!(reader.evidence().values(), 1);
            } else {
                prop_assert_eq!(reader.evidence(), &Evidence::default());
            }
            let _ = (looks_like_date(field), looks_like_epoch(field));
        }
        let _ = DateFormat::parse(&String::from_utf8_lossy(&bytes));
        let _ = DateFormat::parse(&text);
    }

    #[test]
    fn evidence_merges_in_any_order(
        rows in prop::collection::vec((1..32_u32, 1..32_u32, prop::sample::select(vec!["2024", "24", "31", "2024 10:00", "24 5:20 PM"]), "[/.-]"), 1..30), cuts in prop::collection::vec(0..3_usize, 30),
    ) {
        let rows: Vec<String> = rows.into_iter().map(|(a, b, rest, separator)| format!("{a}{separator}{b}{separator}{rest}")).collect();
        let mut whole = DateReader::new(None);
        let mut parts = [DateReader::new(None), DateReader::new(None), DateReader::new(None)];
        for ((row, line), part) in rows.iter().zip(1..).zip(cuts) {
            let all = whole.read(row.as_bytes(), || line);
            prop_assert_eq!(all, parts[part].read(row.as_bytes(), || line));
        }
        for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
            let mut merged = Evidence::default();
            for part in order {
                merged.merge(parts[part].evidence());
            }
            prop_assert_eq!(&merged, whole.evidence());
        }
    }
}

#[test]
fn single_values() {
    const T: i64 = 1_633_022_400_000; // 2021-09-30 17:20
    for (field, expected) in [
        ("29/2/2016 01:23", Ok(1_456_708_980_000)),
        ("2011-10-11 13:45:40.276000+02:00", Ok(1_318_333_540_276)),
        ("2020-01-13 17:24:25", Ok(1_578_936_265_000)),
        ("2023-02-09T08:00:00.000", Ok(1_675_929_600_000)),
        ("2021-09-30T17:20:00.000+0000", Ok(T)),
        ("30/Sep/21 17:20", Ok(T)),
        ("30/SEP/21 5:20 PM", Ok(T)),
        ("30-Sept-2021 17:20", Ok(T)),
        ("1/Jan/70", Ok(0)),
        ("31/Dec/69", Ok(3_155_673_600_000)),
        ("Sep 30, 2021 5:20 PM", Ok(T)),
        ("Sep 30, 2021, 5:20\u{202f}PM", Ok(T)),
        ("Thu, 30 Sep 2021 19:20:00 +0200", Ok(T)),
        ("Thu Sep 30 2021 17:20:00 GMT", Ok(T)),
        ("2021-09-30T17:20Z", Ok(T)),
        ("2021-09-30t17:20:00z", Ok(T)),
        ("2021-09-30 17:20:00.0009999", Ok(T)),
        ("2021-09-30T17:20:00+15:59", Ok(T - 959 * 60_000)),
        ("9/30/2021 12:00 AM", Ok(1_632_960_000_000)),
        ("9/30/2021 12:00 PM", Ok(1_633_003_200_000)),
        ("5/5/2021", Ok(1_620_172_800_000)),
        ("1633022400", Ok(T)),
        ("1633022400000", Ok(T)),
        ("", Err(DateFault::Empty)),
        ("   ", Err(DateFault::Empty)),
        ("?", Err(DateFault::Unreadable)),
        ("44469", Err(DateFault::Unreadable)),
        ("0633022400", Err(DateFault::Unreadable)),
        ("2021-09-30T17:20:00+16:00", Err(DateFault::Unreadable)),
        ("2021-09-30T17:20:00 CET", Err(DateFault::Unreadable)),
        ("2021-09-30T17:20:00.", Err(DateFault::Unreadable)),
        ("2021-09-30T17:20:00.1234567890", Err(DateFault::Unreadable)),
        ("2021-09-30T", Err(DateFault::Unreadable)),
        ("2021-09/30", Err(DateFault::Unreadable)),
        ("30/09-2021", Err(DateFault::Unreadable)),
        ("30/09/202", Err(DateFault::Unreadable)),
        ("2021-09-30 17:20 17:20", Err(DateFault::Unreadable)),
        ("2021-02-29", Err(DateFault::NoSuchDate)),
        ("1900-02-29 10:00:00", Err(DateFault::NoSuchDate)),
        ("31/04/2021", Err(DateFault::NoSuchDate)),
        ("13/13/2021", Err(DateFault::NoSuchDate)),
        ("0/5/2021", Err(DateFault::NoSuchDate)),
        ("2021-00-10", Err(DateFault::NoSuchDate)),
        ("2021-09-30 24:00:00", Err(DateFault::NoSuchTime)),
        ("2021-09-30 17:60", Err(DateFault::NoSuchTime)),
        ("9/30/2021 0:20 AM", Err(DateFault::NoSuchTime)),
        ("9/30/2021 13:20 PM", Err(DateFault::NoSuchTime)),
        ("2016-12-31T23:59:60Z", Err(DateFault::LeapSecond)),
        ("Fri, 30 Sep 2021 17:20:00 GMT", Err(DateFault::WrongWeekday)),
        ("9999-12-31", Err(DateFault::OutOfRange)),
        ("9999-12-31T23:59:59.9999999Z", Err(DateFault::OutOfRange)),
        ("0001-01-01 00:00:00", Err(DateFault::OutOfRange)),
        ("0000-00-00 00:00:00", Err(DateFault::OutOfRange)),
        ("31/12/9999", Err(DateFault::OutOfRange)),
        ("9999999999", Err(DateFault::OutOfRange)),
    ] {
        let rows = [field.to_owned()];
        assert_eq!(column(&rows, None).unwrap(), vec![expected], "{field}");
        // The day cache must not show.
        let rows =
            ["2021-09-30 10:00:00".to_owned(), rows[0].clone(), "2021-09-30 11:00:00".to_owned(), rows[0].clone()];
        let read = column(&rows, None).unwrap();
        assert_eq!((read[1], read[3]), (expected, expected), "{field}");
    }
}

fn refusal(rows: &[&str]) -> String {
    let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
    column(&rows, None).unwrap_err().to_string()
}

#[test]
fn refusals_name_the_values_and_the_flags() {
    let many: Vec<&str> = std::iter::repeat_n("03/04/2024 10:00", 1_204).collect();
    assert_eq!(
        refusal(&many),
        "error: cannot decide the date order of column `Updated`\n  --> export.csv: 1,204 values fit both day/month and \
         month/day; 0 decide it (first: \"03/04/2024 10:00\", line 2)\n\nhint: add `--date-format \"%d/%m/%Y %H:%M\"` or \
         `--date-format \"%m/%d/%Y %H:%M\"`"
    );
    assert_eq!(
        refusal(&["1.2.2024", "2024-02-01"]),
        "error: cannot decide the date order of column `Updated`\n  --> export.csv: 1 value fits both day/month and \
         month/day; 0 decide it (first: \"1.2.2024\", line 2)\n\nhint: add `--date-format \"%d.%m.%Y|%+\"` or \
         `--date-format \"%m.%d.%Y|%+\"`"
    );
    assert_eq!(
        refusal(&["1/2/2024", "31/1/2024", "1/31/2024", "1/30/2024"]),
        "error: the dates of column `Updated` contradict each other\n  --> export.csv: \"31/1/2024\" on line 3 fits only \
         day/month, \"1/31/2024\" on line 4 only month/day (1 value and 2 values)\n\nhint: export the column again in one \
         form, with the year first if you can choose\nhint: or add `--date-format \"%d/%m/%Y\"` or `--date-format \
         \"%m/%d/%Y\"`; rows that do not fit are rejected"
    );
    assert_eq!(
        refusal(&["30/09/21 17:20"]),
        "error: cannot decide where the year is in column `Updated`\n  --> export.csv: 1 value with a two-digit year could \
         start or end with it (first: \"30/09/21 17:20\", line 2)\n\nhint: add `--date-format \"%d/%m/%y %H:%M\"` or \
         `--date-format \"%y/%m/%d %H:%M\"`"
    );
    assert_eq!(
        refusal(&["1/2/03"]),
        "error: cannot decide where the year is in column `Updated`\n  --> export.csv: 1 value with a two-digit year could \
         start or end with it (first: \"1/2/03\", line 2)\n\nhint: add `--date-format \"%d/%m/%y\"`, `--date-format \
         \"%m/%d/%y\"` or `--date-format \"%y/%m/%d\"`"
    );
}

#[test]
fn two_digit_years_settle_as_last() {
    for rows in [
        &["9/30/21", "1/2/21"][..],
        &["30/09/75"],
        &["28/01/21", "29/01/21", "27/01/21", "26/01/21", "25/01/21"],
        &["3/4/21", "31/12/2021"],
    ] {
        let rows: Vec<String> = rows.iter().map(|row| (*row).to_owned()).collect();
        assert!(column(&rows, None).unwrap().iter().all(Result::is_ok), "{rows:?}");
    }
}

#[test]
fn yearly_dates_with_a_short_year_first_are_refused() {
    // Four years, always the first of May: read as day/month/year these would be four days of May 2001.
    assert!(refusal(&["18/05/01", "19/05/01", "20/05/01", "21/05/01"]).contains("where the year is"));
}
