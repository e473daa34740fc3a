//! Columns that are missing, doubled in meaning, or named wrongly.

use super::Container::{Gzip, Stdin};
use super::{Odd, Read, Refused, log, odd};

pub fn table() -> Vec<Odd> {
    let mut table = guesses();
    table.extend(flags());
    table
}

fn guesses() -> Vec<Odd> {
    let two_cases: String =
        (0..20).map(|i| format!("T{},I{},2024-03-{:02} 10:00,New\n", i / 3, i / 2, 1 + i)).collect();
    let two_cases = format!("ticket,incident,time,state\n{two_cases}");
    let two_times: String =
        (0..20).map(|i| format!("C{},2024-03-{:02} 10:00,2024-04-{:02} 11:00,New\n", i / 3, 1 + i, 1 + i)).collect();
    let colours: String = (0..9).map(|i| format!("{}.5,2024-03-{:02} 10:00,red\n", i * 7, 1 + i)).collect();
    vec![
        odd(
            "two case columns",
            two_cases.clone(),
            Refused(3, &["two columns could be the case", "hint: add `--case ticket` or `--case incident`"]),
        ),
        odd("two case columns", two_cases.clone(), Refused(3, &["two columns could be the case"])).inside(Gzip),
        odd("two case columns, one named", two_cases, Read(20, 0, &[])).with(&["--case", "ticket"]),
        odd(
            "no case column",
            format!("size,time,colour\n{colours}"),
            Refused(3, &["no case column recognised", "--case"]),
        ),
        odd(
            "two time columns",
            format!("case,updated_at,changed_at,state\n{two_times}"),
            Refused(3, &["two columns could be the time", "hint: add `--time "]),
        ),
        odd("two time columns, one named", format!("case,updated_at,changed_at,state\n{two_times}"), Read(20, 0, &[]))
            .with(&["--time", "changed_at"]),
        odd("no time column", "case,state\nA,New\nA,Closed\n", Refused(3, &["no time column recognised", "--time"])),
        odd("no state, no activity", "case,time\nA,2024-01-01\nA,2024-01-02\n", Read(2, 0, &[])),
        odd("case empty in one row", log().replacen("C1,", ",", 1), Read(8, 1, &["many_rejects"])),
        odd("case empty and quoted in one row", log().replacen("C1,", "\"\",", 1), Read(8, 1, &["many_rejects"])),
        odd(
            "case empty in every row",
            ["C0,", "C1,", "C2,"].iter().fold(log(), |text, id| text.replace(id, ",")),
            Refused(3, &["none of the 9 rows can be used", "t.csv:2, column `case`", "case_missing"]),
        )
        .with(&["--case", "case"]),
    ]
}

fn flags() -> Vec<Odd> {
    let of = |fault: &str, flags, outcome| odd(format!("flags: {fault}"), log(), outcome).with(flags);
    vec![
        of(
            "name off by a letter",
            &["--case", "cse"],
            Refused(2, &["--case names column `cse`", "hint: did you mean `--case case`?"]),
        ),
        of(
            "name that is nowhere near",
            &["--group", "zzzzzz"],
            Refused(2, &["--group names column `zzzzzz`", "hint: the columns are `case`, `time`"]),
        ),
        of("name in other letters", &["--case", "CASE"], Read(9, 0, &[])),
        of("position", &["--case", "#1"], Read(9, 0, &[])),
        of("position beyond the header", &["--case", "#9"], Refused(2, &["`#9`, which is not in the header"])),
        of("position 0", &["--case", "#0"], Refused(2, &["`#0`, which is not in the header"])),
        of(
            "segment that is missing",
            &["--segment", "grup"],
            Refused(2, &["`grup`, which is not in the header", "hint: did you mean"]),
        ),
        of("name off by a letter, standard input", &["--case", "cse"], Refused(2, &["<stdin>", "hint: did you mean"]))
            .inside(Stdin),
        of("other delimiter", &["--delimiter", ";"], Refused(3, &["the header line has a single column", "t.csv:1"])),
        of(
            "two delimiters",
            &["--delimiter", ";;"],
            Refused(2, &["`;;` is no delimiter", "hint: write one character"]),
        ),
        of("quote as delimiter", &["--delimiter", "\""], Refused(2, &["is no delimiter"])),
        of("delimiter by name", &["--delimiter", "comma"], Read(9, 0, &[])),
        of("rows as expected", &["--expect-rows", "9"], Read(9, 0, &[])),
        of(
            "more rows expected",
            &["--expect-rows", "10"],
            Refused(3, &["9 rows were read, 10 were expected", "--expect-rows"]),
        ),
        of("fewer rows expected", &["--expect-rows", "8"], Refused(3, &["9 rows were read, 8 were expected"])),
        of(
            "zone off by a letter",
            &["--timezone", "Europe/Berlinn"],
            Refused(2, &["unknown time zone", "`--timezone Europe/Berlin`"]),
        ),
        of("date format with an unknown letter", &["--date-format", "%Q"], Refused(2, &["%Q", "--date-format"])),
        of(
            "date format that fits nothing",
            &["--date-format", "%d/%m/%Y"],
            Refused(3, &["none of the 9 rows can be used", "t.csv:2, column `time`", "time_not_in_format"]),
        ),
    ]
}
