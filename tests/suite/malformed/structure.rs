//! Quotes, fields, records, line ends and headers that are not as they should be.

use super::Container::{Gzip, Stdin, Zip};
use super::{HEADER, Odd, Outcome, Read, Refused, log, log_edited, log_with, odd, row};

/// First, middle and last row, with the part of the message that names its line.
const ROWS: [(&str, usize, &str); 3] = [("first", 0, "t.csv:2:"), ("middle", 4, "t.csv:6:"), ("last", 8, "t.csv:10:")];
const OPEN: &str = "error: a quoted field is never closed";

pub fn table() -> Vec<Odd> {
    let mut table = quotes();
    table.extend(stray_quotes());
    table.extend(ragged());
    table.extend(line_ends());
    table.extend(headers());
    table
}

/// Parts of a message that live as long as the tests.
fn parts(list: &[&'static str]) -> &'static [&'static str] {
    list.to_vec().leak()
}

fn quotes() -> Vec<Odd> {
    let mut table = Vec::new();
    for (which, at, line) in ROWS {
        let line_text = row(at, "x");
        let fields: Vec<&str> = line_text.trim_end().split(',').collect();
        for (place, column) in [("first", 0), ("middle", 2), ("last", 4)] {
            let mut broken = fields.clone();
            let quoted = format!("\"{}", broken[column]);
            broken[column] = &quoted;
            let text = log_with(&[(at, &(broken.join(",") + "\n"))]);
            let outcome = Refused(3, parts(&[OPEN, line]));
            table.push(odd(format!("open quote, {which} row, {place} column"), text, outcome));
        }
    }
    let open = log_edited(4, ",x", ",\"x");
    let refused = |line: &'static str| Refused(3, parts(&[OPEN, line]));
    table.extend([
        odd("open quote", open.clone(), refused("t.csv:6:")).inside(Gzip),
        odd("open quote", open.clone(), refused("t.csv:6:")).inside(Zip),
        odd("open quote", open.clone(), refused("<stdin>:6:")).inside(Stdin),
        odd("open quote, CRLF", open.replace('\n', "\r\n"), refused("t.csv:6:")),
        odd("open quote behind a BOM", format!("\u{feff}{open}"), refused("t.csv:6:")),
        odd("open quote behind a sep= line", format!("sep=,\n{open}"), refused("t.csv:7:")),
        odd("open quote behind blank lines", format!("\n\n{open}"), refused("t.csv:8:")),
        odd("open quote behind a quoted line end", open.replacen(",x", ",\"x\ny\"", 1), refused("t.csv:7:")),
        odd("open quote behind a quoted header", open.replacen("group", "\"gro\nup\"", 1), refused("t.csv:7:")),
        odd("open quote at the end of the file", log().trim_end_matches("x\n").to_owned() + "\"", refused("t.csv:10:")),
        odd(
            "open doubled quote at the end",
            log().trim_end_matches("x\n").to_owned() + "\"a\"\"",
            refused("t.csv:10:"),
        ),
        odd(
            "quote closed by the end of the file",
            log().trim_end_matches("x\n").to_owned() + "\"x\"",
            Read(9, 0, &["no_final_newline"]),
        ),
        odd(
            "open quote in the header",
            log().replacen("case", "\"case", 1),
            Refused(3, &["a quoted column name is never closed", "t.csv:1:"]),
        ),
        odd(
            "open quote in the header, last column",
            log().replacen("comment", "\"comment", 1),
            Refused(3, &["a quoted column name", "t.csv:1:"]),
        ),
        odd("open quote far down", far(30_000, "\"x"), refused("t.csv:30002:")),
        odd("open quote far down", far(30_000, "\"x"), refused("t.csv:30002:")).inside(Gzip),
    ]);
    table
}

/// A long log, whose row `at` has another comment.
fn far(at: usize, comment: &str) -> String {
    let mut text = HEADER.to_owned();
    for i in 0..40_000 {
        let comment = if i == at { comment } else { "nothing to see, but enough to fill more than a block of text" };
        text += &format!("C{},2024-03-{:02} 10:{:02}:00,New,G{},{comment}\n", i / 3, 1 + i / 2_000, i % 60, i % 2);
    }
    text
}

fn stray_quotes() -> Vec<Odd> {
    let kept = || Read(9, 0, &[]);
    vec![
        odd("inch mark in the first column", log_edited(4, "C1", "C\"1"), kept()),
        odd("inch mark in a middle column", log_edited(4, "Work", "Wo\"rk"), kept()),
        odd("inch mark in the last column", log_edited(4, ",x", ",5\""), kept()),
        odd("inch mark at the end of the file", log_edited(8, ",x\n", ",5\""), Read(9, 0, &["no_final_newline"])),
        odd("text behind a closed quote, first column", log_edited(4, "C1", "\"C\"1"), kept()),
        odd("text behind a closed quote, middle column", log_edited(4, "Work", "\"Wo\"rk"), kept()),
        odd("text behind a closed quote, last column", log_edited(4, ",x", ",\"x\" y"), kept()),
        odd("space before a quote", log_edited(4, ",x", ", \"x\""), kept()),
        odd(
            "space before a quote with a delimiter",
            log_edited(4, ",x", ", \"x,y\""),
            Refused(3, &["1 row has", "t.csv:6:", "6 fields, expected 5"]),
        ),
        odd("doubled quotes", log_edited(4, ",x", ",\"a \"\"b\"\" c\""), kept()),
        odd("only quotes", log_edited(4, ",x", ",\"\"\"\"\"\""), kept()),
        odd("delimiter and line ends inside quotes", log_edited(4, ",x", ",\"a,b\r\nc\nd\""), kept()),
        odd("quoted blank lines", log_edited(4, ",x", ",\"\n\n\n\""), kept()),
        odd(
            "quote closed rows later",
            log_with(&[(2, "C0,2024-03-03 10:02:00,Closed,G0,\"x\n"), (4, "C1,2024-03-05 10:04:00,Work,G0,x\"\n")]),
            Read(7, 0, &[]),
        ),
        odd(
            "every field quoted",
            log().lines().map(|line| format!("\"{}\"\n", line.replace(',', "\",\""))).collect::<String>(),
            kept(),
        ),
    ]
}

fn ragged() -> Vec<Odd> {
    let mut table = Vec::new();
    for (which, at, line) in ROWS {
        let short = Refused(3, parts(&["1 row has the wrong number of fields", line, "4 fields, expected 5"]));
        table.push(odd(format!("{which} row too short"), log_edited(at, ",x", ""), short));
        let long = Refused(3, parts(&["1 row has the wrong number of fields", line, "6 fields, expected 5"]));
        table.push(odd(format!("{which} row too long"), log_edited(at, ",x", ",x,y"), long));
        let left_out =
            odd(format!("{which} row too short, allowed"), log_edited(at, ",x", ""), Read(8, 1, &["many_rejects"]));
        table.push(left_out.with(&["--max-rejects", "1"]));
    }
    let two = log_with(&[(2, "C0,2024-03-03\n"), (6, "C2\n")]);
    let refused = || Refused(3, &["2 rows have the wrong number of fields", ":4:", "hint: or add `--max-rejects 2`"]);
    table.extend([
        odd("two rows too short", two.clone(), refused()),
        odd("two rows too short", two.clone(), refused()).inside(Gzip),
        odd("two rows too short", two.clone(), refused()).inside(Zip),
        odd("two rows too short", two.clone(), refused()).inside(Stdin),
        odd("two rows too short, one allowed", two.clone(), refused()).with(&["--max-rejects", "1"]),
        odd("two rows too short, two allowed", two, Read(7, 2, &["many_rejects"])).with(&["--max-rejects", "2"]),
        odd(
            "row too short behind a quoted line end",
            log_with(&[(0, &row(0, "\"a\nb\"")), (4, "C1\n")]),
            Refused(3, &["t.csv:7:"]),
        ),
        odd(
            "row too short behind a blank line",
            log_with(&[(0, &("\n".to_owned() + &row(0, "x"))), (4, "C1\n")]),
            Refused(3, &["t.csv:7:"]),
        ),
        odd("line of spaces", log_with(&[(4, "   \n")]), Refused(3, &["t.csv:6:", "1 field, expected 5"])),
        odd("delimiters only", log_with(&[(4, ",,,,\n")]), Read(8, 0, &[])),
        odd("delimiters only, CRLF", log_with(&[(4, ",,,,\n")]).replace('\n', "\r\n"), Read(8, 0, &[])),
        odd("delimiters only, empty quotes", log_with(&[(4, ",\"\",,,\"\"\n")]), Read(8, 0, &[])),
        odd("delimiters only, too few", log_with(&[(4, ",,\n")]), Read(8, 0, &[])),
        odd("delimiters only, at the end", log() + &",,,,\n".repeat(50), Read(9, 0, &[])),
        odd("delimiters and a space", log_with(&[(4, ",, ,,\n")]), Read(8, 1, &["many_rejects"])),
        odd(
            "trailing delimiter on every row",
            log().replace(",x\n", ",x,\n"),
            Refused(3, &["9 rows have the wrong number", "t.csv:2:"]),
        ),
    ]);
    table
}

fn line_ends() -> Vec<Odd> {
    let kept = || Read(9, 0, &[]);
    let alone = || Refused(3, &["carriage return without a line feed", ":1\n", "hint: convert the line ends"]);
    vec![
        odd("CRLF", log().replace('\n', "\r\n"), kept()),
        odd("CRLF", log().replace('\n', "\r\n"), kept()).inside(Gzip),
        odd("CRLF", log().replace('\n', "\r\n"), kept()).inside(Stdin),
        odd("CR only", log().replace('\n', "\r"), alone()),
        odd("CR only", log().replace('\n', "\r"), alone()).inside(Zip),
        odd("CR behind the header only", log().replacen('\n', "\r", 1), alone()),
        odd("one CRLF among LF", log_edited(4, "\n", "\r\n"), kept()),
        odd("one LF among CRLF", log().replace('\n', "\r\n").replacen("x\r\n", "x\n", 1), kept()),
        odd("CR inside a field", log_edited(4, "Work", "Wo\rrk"), kept()),
        odd("CR inside quotes", log_edited(4, ",x", ",\"a\rb\""), kept()),
        odd("no final line end", log().trim_end(), Read(9, 0, &["no_final_newline"])),
        odd("no final line end", log().trim_end(), Read(9, 0, &["no_final_newline"])).inside(Gzip),
        odd("no final line end", log().trim_end(), Read(9, 0, &["no_final_newline"])).inside(Stdin),
        odd(
            "final CR without LF",
            log().replace('\n', "\r\n").trim_end_matches('\n'),
            Read(9, 0, &["no_final_newline"]),
        ),
        odd("blank lines before the header", format!("\n\r\n{}", log()), kept()),
        odd("blank lines between rows", log().replace('\n', "\n\n"), kept()),
        odd("blank CRLF lines between rows", log().replace('\n', "\r\n\r\n"), kept()),
        odd("blank lines at the end", log() + "\n\r\n\n", kept()),
        odd("only blank lines", "\n\r\n\n", Refused(3, &["the input is empty", "--> t.csv"])),
    ]
}

fn headers() -> Vec<Odd> {
    let rows: String = log().lines().skip(1).map(|line| format!("{line}\n")).collect();
    let numbers = |count: usize| (0..count).map(|i| format!(",n{i}")).collect::<String>();
    let wide = |count: usize| {
        let zeros = ",0".repeat(count);
        format!("case,time,state{}\nA,2024-01-01 10:00,New{zeros}\nA,2024-01-02 10:00,Closed{zeros}\n", numbers(count))
    };
    let none = || Refused(3, &["the input has a header but no rows", "hint: "]);
    let twice = |parts: &'static [&'static str]| Refused(3, parts);
    let outcomes: Vec<(&str, String, Outcome)> = vec![
        ("empty file", String::new(), Refused(3, &["the input is empty", "--> t.csv"])),
        ("header only", HEADER.to_owned(), none()),
        ("header only, no line end", HEADER.trim_end().to_owned(), none()),
        ("header only, CRLF", HEADER.replace('\n', "\r\n"), none()),
        ("header and blank lines", HEADER.to_owned() + "\n\n", none()),
        ("BOM and header only", format!("\u{feff}{HEADER}"), none()),
        ("one row", HEADER.to_owned() + &row(0, "x"), Read(1, 0, &[])),
        ("no header", rows, Refused(3, &["hint: "])),
        (
            "two equal names",
            log().replacen("group", "state", 1),
            twice(&["the column name `state` occurs twice", "t.csv:1: columns 3 and 4"]),
        ),
        (
            "equal names at both ends",
            log().replacen("comment", "case", 1),
            twice(&["`case` occurs twice", "columns 1 and 5"]),
        ),
        (
            "equal names behind blank lines",
            format!("\n\n{}", log().replacen("group", "state", 1)),
            twice(&["t.csv:3: columns 3 and 4"]),
        ),
        ("empty names", log().replacen("group,comment", ",", 1), Read(9, 0, &[])),
        ("quoted name with a line end", log().replacen("group", "\"gr\noup\"", 1), Read(9, 0, &[])),
        (
            "a single column",
            "case\nA\nB\n".to_owned(),
            Refused(3, &["the header line has a single column", "t.csv:1: `case`"]),
        ),
        (
            "spaces before the header",
            format!("   \n{}", log()),
            Refused(3, &["the header line has a single column", "t.csv:1:"]),
        ),
        ("most columns", wide(4_093), Read(2, 0, &[])),
        ("one column too many", wide(4_094), Refused(3, &["4097 columns, more than 4096", "t.csv:1"])),
        ("5,000 columns", wide(4_997), Refused(3, &["5000 columns, more than 4096", "t.csv:1"])),
        (
            "header of more than a block",
            format!("case,{}\n", "n".repeat(2 << 20)),
            Refused(3, &["a column name is longer than 1048576 bytes", "t.csv:1", "`--max-cell "]),
        ),
        (
            "header of more than a record",
            format!("case,{}\n", "n,".repeat(9 << 20)),
            Refused(3, &["the header line is longer than 16777216 bytes", "t.csv:1", "`--max-record "]),
        ),
        ("a name that marks Parquet", log().replacen("case,", "PAR1 case,", 1), Read(9, 0, &[])),
        ("header row repeated", log() + HEADER, Read(9, 1, &["many_rejects"])),
    ];
    let mut table: Vec<Odd> = outcomes.into_iter().map(|(fault, text, outcome)| odd(fault, text, outcome)).collect();
    table.push(odd("empty file", "", Refused(3, &["the input is empty", "<stdin>"])).inside(Stdin));
    table.push(odd("empty file", "", Refused(3, &["the input is empty"])).inside(Gzip));
    table.push(odd("empty file", "", Refused(3, &["the input is empty"])).inside(Zip));
    table.push(odd("header only", HEADER, none()).inside(Gzip));
    table
}
