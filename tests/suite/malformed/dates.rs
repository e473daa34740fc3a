//! Dates that decide nothing, contradict each other or do not exist.

use super::Container::Stdin;
use super::{Odd, Read, Refused, odd};

/// A log of 20 good rows with other texts in place of the first times; `time` is the second column.
fn times(written: &[&str]) -> String {
    let mut text = "case,time,state\n".to_owned();
    for i in 0..20 {
        let good = format!("2024-03-{:02} 10:{i:02}", 1 + i);
        let time = written.get(i).map_or(good.as_str(), |time| *time);
        text += &format!("C{},{time},{}\n", i / 2, ["New", "Closed"][i % 2]);
    }
    text
}

/// A log of these times alone.
fn only(written: &[&str]) -> String {
    let rows = written.iter().enumerate();
    let rows = rows.map(|(i, time)| format!("C{},{time},{}\n", i / 2, ["New", "Closed"][i % 2]));
    "case,time,state\n".to_owned() + &rows.collect::<String>()
}

pub fn table() -> Vec<Odd> {
    let mut table = orders();
    table.extend(unreadable());
    table.extend(clocks());
    table
}

fn orders() -> Vec<Odd> {
    let open = ["03/04/2024 10:00", "04/05/2024 10:00", "05/06/2024 11:00", "06/07/2024 11:00"];
    let told = |flags| odd(format!("order of day and month told: {flags:?}"), only(&open), Read(4, 0, &[])).with(flags);
    let clash = ["13/04/2024 10:00", "04/14/2024 10:00", "05/04/2024 11:00", "05/05/2024 11:00"];
    let refused = |parts: &'static [&'static str]| Refused(3, parts);
    vec![
        odd(
            "order of day and month open",
            only(&open),
            refused(&[
                "cannot decide the date order of column `time`",
                "--> t.csv: 4 values fit both",
                "line 2)",
                "--date-format \"%d/%m/%Y %H:%M\"",
                "--date-format \"%m/%d/%Y %H:%M\"",
            ]),
        ),
        odd("order of day and month open", only(&open), refused(&["cannot decide the date order", "<stdin>"]))
            .inside(Stdin),
        told(&["--date-format", "%d/%m/%Y %H:%M"]),
        told(&["--date-format", "%m/%d/%Y %H:%M"]),
        odd("order decided by the last row", only(&[&open[..], &["13/07/2024 11:00"]].concat()), Read(5, 0, &[])),
        odd(
            "orders that contradict",
            only(&clash),
            refused(&[
                "the dates of column `time` contradict each other",
                "\"13/04/2024 10:00\" on line 2",
                "\"04/14/2024 10:00\" on line 3",
                "--date-format",
            ]),
        ),
        odd("orders that contradict, told", only(&clash), Read(3, 1, &["many_rejects"]))
            .with(&["--date-format", "%d/%m/%Y %H:%M"]),
        odd(
            "years of two digits",
            only(&["01/02/03 10:00", "02/03/04 10:00"]),
            refused(&["cannot decide where the year is", "line 2)", "--date-format"]),
        ),
        odd(
            "lines counted over quoted line ends",
            only(&open).replacen("New", "\"N\new\"", 1).replacen("2024 10:00,Closed", "2024 10:00,\"C\n\n\"", 1),
            refused(&["line 2)"]),
        ),
        odd(
            "start column that contradicts, far lines",
            starts(),
            refused(&["column `start`", "on line 5", "on line 8"]),
        ),
    ]
}

/// A start/end log whose start times contradict each other, behind quoted line ends.
fn starts() -> String {
    let rows = [
        ("03/04/2024 10:00", "\"New\n\n\""),
        ("13/04/2024 10:00", "\"Wo\n\nrk\""),
        ("04/14/2024 10:00", "Closed"),
        ("05/04/2024 10:00", "New"),
    ];
    let rows = rows.iter().enumerate();
    let rows = rows.map(|(i, (start, activity))| format!("C{},{start},2024-06-{:02} 12:00,{activity}\n", i / 2, 1 + i));
    "case,start,end,activity\n".to_owned() + &rows.collect::<String>()
}

fn unreadable() -> Vec<Odd> {
    let one = |fault: &str, text: &str| odd(fault, times(&[text]), Read(19, 1, &["many_rejects"]));
    let flags: &[&str] = &["--time", "time"];
    vec![
        one("one time unreadable", "yesterday"),
        one("one time empty", ""),
        one("one time of spaces", "   "),
        one("year 0001", "0001-01-01 00:00"),
        one("year 9999", "9999-12-31 23:59"),
        one("30 February", "2024-02-30 00:00"),
        one("29 February of a common year", "2023-02-29 00:00"),
        one("month 13", "2024-13-01 00:00"),
        one("hour 25", "2024-03-01 25:00"),
        one("second 60", "2024-03-01 23:59:60"),
        one("a time of 300 digits", &"1".repeat(300)),
        odd("last time unreadable", times(&[]).replacen("2024-03-20 10:19", "soon", 1), Read(19, 1, &["many_rejects"])),
        odd(
            "every time unreadable",
            only(&["x", "y", "z"]),
            Refused(3, &["no time column recognised", "hint: add `--time time`"]),
        ),
        odd(
            "every time unreadable, column named",
            only(&["x", "y", "z"]),
            Refused(3, &["none of the 3 rows can be used", "t.csv:2, column `time`: `x`", "--date-format"]),
        )
        .with(flags),
        odd(
            "every year 0001, column named",
            only(&["0001-01-01", "0001-01-02"]),
            Refused(3, &["none of the 2 rows can be used", "time_out_of_range"]),
        )
        .with(flags),
        odd(
            "the only time unreadable, column named",
            only(&["x"]),
            Refused(3, &["the only row cannot be used", "t.csv:2"]),
        )
        .with(flags),
    ]
}

fn clocks() -> Vec<Odd> {
    let berlin: &[&str] = &["--timezone", "Europe/Berlin"];
    let gap = times(&["2024-03-31 02:45", "2024-03-31 02:30"]);
    vec![
        odd(
            "times in a DST gap",
            gap.clone(),
            Refused(
                3,
                &[
                    "2 times are on no clock of `Europe/Berlin`",
                    "--> t.csv, column `time`",
                    "the earliest is 2024-03-31 02:30",
                    "hint: or add `--allow-dst-gap`",
                ],
            ),
        )
        .with(berlin),
        odd("times in a DST gap, allowed", gap.clone(), Read(20, 0, &[])).with(&[
            "--timezone",
            "Europe/Berlin",
            "--allow-dst-gap",
        ]),
        odd("times in the DST gap of another zone", gap, Read(20, 0, &[])).with(&["--timezone", "America/New_York"]),
        odd("one time in a DST gap", times(&["2024-03-31 02:30"]), Refused(3, &["1 time is on no clock"])).with(berlin),
        odd("time in a DST fold", times(&["2024-10-27 02:30"]), Read(20, 0, &["ambiguous_times"])).with(berlin),
        odd("offsets in some rows only", times(&["2024-03-01T10:00:00+02:00"]), Read(20, 0, &["mixed_offsets"])),
        odd("no zone told", times(&[]), Read(20, 0, &["timezone_assumed"])),
    ]
}
