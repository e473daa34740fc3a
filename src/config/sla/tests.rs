//! Tests of `[[sla]]` and `[split.COLUMN]`.

use super::{Condition, Subject, Wanted};
use crate::config::{Config, Milli};
use crate::time::Clock;

const OFFICE: &str = "[calendar.office]\ntimezone = \"UTC\"\nmon_fri = \"09:00-17:00\"\n";

fn read(text: &str) -> Config {
    Config::parse(text, "wcaf.toml").unwrap_or_else(|problem| panic!("{text}\n{problem}"))
}

#[test]
fn a_full_definition_is_read() {
    let text = format!(
        "{OFFICE}day = \"8h\"\n{}",
        r#"
[[sla]]
id = "resolution"
kind = "resolve"
when = { "Site" = ["North", "South"] }
start = { state = "New" }
pause = [{ state_class = "waiting_requester" }, { assignee = false, state = "On hold" }]
resume = { activity = "Answered" }
stop = { state = ["Resolved", "Closed"] }
reset = { reopened = true }
target = { by = "priority", values = { "1" = "4bh", "2" = "2bd" }, default = "5bd" }
calendar = "office"
near = 0.75
facts = { made = "made_sla", elapsed = "business_duration" }

[[sla]]
id = "reply"
start = "case_created"
stop = { assignee = true }
target = "30min"
"#
    );
    let config = read(&text);
    let [resolution, reply] = config.service_levels.as_slice() else { panic!("two") };
    assert_eq!((resolution.place.line, resolution.kind.as_str(), resolution.near), (7, "resolve", Milli(750)));
    assert_eq!((resolution.clock, resolution.calendar), (Clock::Business, Some(0)));
    assert_eq!(resolution.pause.len(), 2);
    let answered = (Subject::Activity, Wanted::OneOf(vec!["Answered".to_owned()]));
    assert_eq!(resolution.resume, [Condition(vec![answered])]);
    assert_eq!(resolution.target.values.len(), 2);
    let columns: Vec<&str> = resolution.columns().collect();
    assert_eq!(columns, ["Site", "made_sla", "business_duration"]);
    assert_eq!((reply.clock, reply.start.len(), reply.near), (Clock::Wall, 0, Milli(800)));
}

#[test]
fn what_is_wrong_names_its_line_and_an_edit() {
    let sla = |rest: &str| format!("{OFFICE}[[sla]]\nid = \"a\"\n{rest}\n");
    let two = |first: &str, second: &str| {
        format!("[[sla]]\nid = \"a\"\n{first}\ntarget = \"4h\"\n[[sla]]\nid = \"b\"\n{second}\ntarget = \"8h\"\n")
    };
    let cases = [
        (sla(""), 4, "missing field `target`", ""),
        (sla("target = \"4h\"\nstrat = { state = \"x\" }"), 7, "unknown key `strat`", "did you mean `start`?"),
        (sla("target = \"4\""), 6, "has no unit", "write `\"4h\"`"),
        (sla("target = \"0h\""), 6, "over at once", "target = \"16bh\""),
        (sla("target = \"2bd\""), 6, "needs the length of a business day", "add `day = \"8h\"`"),
        (sla("target = \"4h\"\ncalendar = \"office\""), 7, "its target `4h` runs at all hours", "in `bh` or `bd`"),
        (sla("target = \"4bh\"\ncalendar = \"ofice\""), 7, "there is no calendar `ofice`", "did you mean `office`?"),
        (sla("target = { by = \"priority\" }"), 6, "without any duration", "values = { \"1\" = \"4h\" }"),
        (sla("target = { by = \"activity\", default = \"4h\" }"), 6, "a moment only", "by = \"priority\""),
        (sla("target = { by = \"p\", values = { \"1\" = \"4h\", \"2\" = \"8bh\" } }"), 6, "two clocks", "`bh` or `bd`"),
        (sla("target = \"4h\"\nnear = 1.5"), 7, "between 0 and 1", "near = 0.8"),
        (sla("target = \"4h\"\nstart = \"Open\""), 7, "is no condition", "start = { state = \"Open\" }"),
        (sla("target = \"4h\"\nstop = {}"), 7, "wants nothing", "stop = { state = \"NAME\" }"),
        (sla("target = \"4h\"\nstop = []"), 7, "an empty list", "leave out `stop`"),
        (sla("target = \"4h\"\nstop = { state = [] }"), 7, "has no value", "stop = { state = \"VALUE\" }"),
        (
            sla("target = \"4h\"\npause = { state_class = \"waitng_external\" }"),
            7,
            "no state class",
            "waiting_external",
        ),
        (sla("target = \"4h\"\nreset = { reopened = false }"), 7, "says nothing", "reset = { reopened = true }"),
        (sla("target = \"4h\"\npause = { activity = \"Ask\" }"), 7, "is a moment", "resume = { activity = \"NAME\" }"),
        (
            sla("target = \"4h\"\nstop = { state = [\"x\", \"y\"] }\ncancel = { state = \"y\" }"),
            8,
            "`stop` and `cancel` of the service level `a` hold at once",
            "out of `stop` or of `cancel`",
        ),
        (sla("target = \"4h\"\nwhen = { group = [] }"), 7, "has no value", "when = { group = \"VALUE\" }"),
        ("[[sla]]\nid = \"a\"\ntarget = \"4bh\"\n".to_owned(), 3, "has no calendar", "[calendar.office]"),
        ("[[sla]]\nid = \" \"\ntarget = \"4h\"\n".to_owned(), 2, "without a name", "id = \"resolution\""),
        (two("", "").replace("\"b\"", "\"a\""), 6, "is defined twice", "id = \"a-2\""),
        (two("", "when = { group = \"x\" }"), 6, "no case can get the service level `b`", "kind = \"b\""),
        (two("when = { group = [\"x\", \"y\"] }", "when = { group = \"y\" }"), 6, "no case can get", "above `a`"),
        ("[split.t]\nby = \"\"\ninto = [\"a\", \"b\"]\n".to_owned(), 2, "nothing stands between", "by = \" / \""),
        ("[split.t]\nby = \"/\"\ninto = [\"a\"]\n".to_owned(), 3, "fewer than two", "into = [\"id\", \"department\"]"),
        ("[split.t]\nby = \"/\"\ninto = [\"a\", \"a\"]\n".to_owned(), 3, "two values are called `a`", "`a 2`"),
        ("[split.t]\nbye = \"/\"\ninto = [\"a\", \"b\"]\n".to_owned(), 2, "unknown key `bye`", "`by`"),
    ];
    for (text, line, message, hint) in cases {
        let problem = Config::parse(&text, "wcaf.toml").unwrap_err();
        let shown = problem.to_string();
        assert_eq!(problem.kind().exit_code(), 2, "{shown}");
        assert!(shown.contains(&format!("wcaf.toml:{line}")), "line {line}\n{text}\n{shown}");
        assert!(shown.contains(message) && shown.contains(hint), "{text}\n{shown}");
    }
}

#[test]
fn definitions_that_leave_room_for_each_other_stand() {
    let two = |first: &str, second: &str| {
        format!("[[sla]]\nid = \"a\"\n{first}\ntarget = \"4h\"\n[[sla]]\nid = \"b\"\n{second}\ntarget = \"8h\"\n")
    };
    for text in [
        two("when = { group = \"x\" }", ""),
        two("kind = \"reply\"", ""),
        two("start = { state = \"x\" }", "start = { state = \"y\" }"),
        two("when = { group = \"x\", priority = \"1\" }", "when = { group = \"x\" }"),
    ] {
        assert_eq!(read(&text).service_levels.len(), 2);
    }
}
