//! Tables and sections that cannot be: each is refused with its place, the value, and a hint.

use super::parse;
use crate::run::folder_with;

/// A file that is broken in many ways, what the configuration says, and parts of the refusal.
struct Odd {
    fault: &'static str,
    config: &'static str,
    table: &'static str,
    says: &'static [&'static str],
}

const FACTS: &str = "[[sla]]\nid = \"a\"\ntarget = \"4h\"\n[sla.facts]\n";
const SCHEDULE: &str = "id,name,start_time,end_time,time_zone\n";

const ODD: &[Odd] = &[
    Odd {
        fault: "no such file",
        config: "F table = \"none.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b\n",
        says: &["there is no such file", "none.csv", "line 5 of wcaf.toml names it"],
    },
    Odd {
        fault: "an unknown key",
        config: "F tabel = \"t.csv\"",
        table: "c,b\n",
        says: &["unknown key `tabel`", "wcaf.toml:5", "did you mean `table`?"],
    },
    Odd {
        fault: "no column for the case",
        config: "F table = \"t.csv\"\nbreached = \"b\"",
        table: "c,b\n",
        says: &["which column of the table names the case", "wcaf.toml:5", "`case = \"task_value\"`"],
    },
    Odd {
        fault: "nothing to compare",
        config: "F table = \"t.csv\"\ncase = \"c\"",
        table: "c,b\n",
        says: &["held against ours", "wcaf.toml:5", "`breached = \"has_breached\"`"],
    },
    Odd {
        fault: "a filter without a table",
        config: "F made = \"m\"\nwhere = { b = \"x\" }",
        table: "c,b\n",
        says: &["`where` of `facts` is about a table", "wcaf.toml:6", "`table = \"task_sla.csv\"`"],
    },
    Odd {
        fault: "an unknown column",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"has_breach\"",
        table: "c,has_breached\n1,true\n",
        says: &["no column `has_breach`", "wcaf.toml:7", "write `has_breached`"],
    },
    Odd {
        fault: "an unknown column that is like no other",
        config: "F table = \"t.csv\"\ncase = \"task_value\"\nbreached = \"b\"",
        table: "c,b\n1,true\n",
        says: &["no column `task_value`", "wcaf.toml:6", "its columns are `c`, `b`"],
    },
    Odd {
        fault: "a value of the filter that no row has",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"\nwhere = { s = \"resolve\" }",
        table: "c,b,s\n1,true,resolution\n",
        says: &["no row of `", "has \"resolve\" in the column `s`", "wcaf.toml:8", "`s = \"resolution\"`"],
    },
    Odd {
        fault: "a flag that is none",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b\n1,true\n2,perhaps\n",
        says: &["`perhaps` is neither true nor false", "t.csv:3, column `b`", "`where`"],
    },
    Odd {
        fault: "a date that is no duration",
        config: "F table = \"t.csv\"\ncase = \"c\"\nelapsed = \"b\"",
        table: "c,b\n1,2016-12-15 08:30:00\n",
        says: &["`2016-12-15 08:30:00` is no duration", "t.csv:2, column `b`", "`1970-01-01 08:00:00`"],
    },
    Odd {
        fault: "a row without a case",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b\n1,true\n ,true\n",
        says: &["the row names no case", "t.csv:3, column `c`"],
    },
    Odd {
        fault: "a mark of deletion that is none",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b,_fivetran_deleted\n1,true,soft\n",
        says: &["`soft` is neither true nor false", "t.csv:2, column `_fivetran_deleted`"],
    },
    Odd {
        fault: "a row too short",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b\n1,true\n2\n",
        says: &["the row has 1 fields, the header has 2", "t.csv:3"],
    },
    Odd {
        fault: "a column twice",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b,c\n1,true,2\n",
        says: &["`c` occurs twice", "t.csv:1"],
    },
    Odd {
        fault: "an open quote",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "c,b\n1,\"true\n",
        says: &["never closed", "t.csv:2"],
    },
    Odd {
        fault: "an empty file",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "",
        says: &["the input is empty", "t.csv"],
    },
    Odd {
        fault: "JSON",
        config: "F table = \"t.csv\"\ncase = \"c\"\nbreached = \"b\"",
        table: "{\"c\": 1}\n",
        says: &["the table is ndjson", "t.csv", "as CSV"],
    },
    Odd {
        fault: "an unknown metric",
        config: "F zendesk = { policies = \"p.csv\", targets = \"t.csv\", metric = \"first_reply\" }",
        table: "sla_policy_id,metric,priority,target,business_hours,sla_policy_updated_at\n\
                1,next_reply_time,high,60,true,2024-01-01 00:00:00\n",
        says: &["has the metric \"first_reply\"", "wcaf.toml:5", "`metric = \"next_reply_time\"`"],
    },
    Odd {
        fault: "a target that is no number",
        config: "F zendesk = { policies = \"p.csv\", targets = \"t.csv\", metric = \"m\" }",
        table: "sla_policy_id,metric,priority,target,business_hours,sla_policy_updated_at\n\
                1,m,high,1h,true,2024-01-01 00:00:00\n",
        says: &["`1h` is no number of minutes", "t.csv:2, column `target`", "`60`"],
    },
    Odd {
        fault: "a version without an instant",
        config: "F zendesk = { policies = \"p.csv\", targets = \"t.csv\", metric = \"m\" }",
        table: "sla_policy_id,metric,priority,target,business_hours,sla_policy_updated_at\n1,m,high,60,true,new\n",
        says: &["`new` is no date with a time", "t.csv:2, column `sla_policy_updated_at`"],
    },
    Odd {
        fault: "a policy of no ticket",
        config: "F zendesk = { policies = \"t.csv\", targets = \"t.csv\", metric = \"m\" }",
        table: "ticket_id,policy_applied_at,sla_policy_id,metric,priority,target,business_hours,sla_policy_updated_at\n\
                ,2024-01-01 00:00:00,1,m,high,60,true,2024-01-01 00:00:00\n",
        says: &["the row names no case", "t.csv:2, column `ticket_id`"],
    },
    Odd {
        fault: "several schedules",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,60,120,UTC\n2,B,60,120,UTC\n",
        says: &["has 2 such schedules", "wcaf.toml:2", "`name = \"1\"` (A) or `name = \"2\"` (B)"],
    },
    Odd {
        fault: "no such schedule",
        config: "C zendesk = { schedule = \"t.csv\", name = \"Night\" }",
        table: "S1,A,60,120,UTC\n",
        says: &["has no schedule \"Night\"", "wcaf.toml:2", "`name = \"1\"` (A)"],
    },
    Odd {
        fault: "no schedule that is in use",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S",
        says: &["has no schedule", "wcaf.toml:2"],
    },
    Odd {
        fault: "a minute beyond the week",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,10060,10140,UTC\n",
        says: &["`10140` is no minute of a week", "t.csv:2, column `end_time`", "from 0 to 10080"],
    },
    Odd {
        fault: "hours that end before they begin",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,60,120,UTC\n1,A,600,540,UTC\n",
        says: &["end at minute 540 and begin at 600", "t.csv:3, column `end_time`"],
    },
    Odd {
        fault: "hours that overlap",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,60,120,UTC\n1,A,119,200,UTC\n",
        says: &["overlap with those of line 2", "t.csv:3, column `start_time`"],
    },
    Odd {
        fault: "two zones",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,60,120,UTC\n1,A,160,220,London\n",
        says: &["`London` and `UTC` are both zones", "t.csv:3, column `time_zone`"],
    },
    Odd {
        fault: "an unknown zone",
        config: "C zendesk = { schedule = \"t.csv\" }",
        table: "S1,A,60,120,Atlantis \u{1b}[2J\n",
        says: &[
            "unknown time zone `Atlantis \\u{1b}[2J`",
            "t.csv:2, column `time_zone`",
            "`timezone = \"Europe/Berlin\"`",
        ],
    },
    Odd {
        fault: "hours twice",
        config: "C zendesk = { schedule = \"t.csv\" }\nmon_fri = \"09:00-17:00\"",
        table: "S1,A,60,120,UTC\n",
        says: &["has hours of a schedule of Zendesk and `mon_fri` too", "wcaf.toml:3"],
    },
    Odd {
        fault: "an unknown key of the schedule",
        config: "C zendesk = { schedule = \"t.csv\", holiday = \"t.csv\" }",
        table: "S1,A,60,120,UTC\n",
        says: &["unknown key `holiday`", "wcaf.toml:2", "`holidays`"],
    },
    Odd {
        fault: "a holiday that is no date",
        config: "C zendesk = { schedule = \"s.csv\", holidays = \"t.csv\" }",
        table: "schedule_id,start_date,end_date\n1,2024-12-24,2024-12-24\n1,2024-12-24,Christmas\n",
        says: &["`Christmas` is no date", "t.csv:3, column `end_date`", "`2024-12-24`"],
    },
    Odd {
        fault: "a holiday that ends before it begins",
        config: "C zendesk = { schedule = \"s.csv\", holidays = \"t.csv\" }",
        table: "schedule_id,start_date,end_date\n1,2024-12-26,2024-12-24\n",
        says: &["ends before it begins", "t.csv:2, column `end_date`"],
    },
    Odd {
        fault: "a daylight offset that is no number",
        config: "C zendesk = { schedule = \"s.csv\", daylight = \"t.csv\" }",
        table: "time_zone,daylight_start_utc,daylight_end_utc,daylight_offset\nUTC,2024-03-31T01:00:00,,one\n",
        says: &["`one` is no number of hours", "t.csv:2, column `daylight_offset`"],
    },
    Odd {
        fault: "a daylight time that is no instant",
        config: "C zendesk = { schedule = \"s.csv\", daylight = \"t.csv\" }",
        table: "time_zone,daylight_start_utc,daylight_end_utc,daylight_offset\nUTC,spring,,1\n",
        says: &["`spring` is no date with a time", "t.csv:2, column `daylight_start_utc`"],
    },
    Odd {
        fault: "a standard offset that is none",
        config: "C zendesk = { schedule = \"s.csv\", zones = \"t.csv\" }",
        table: "time_zone,standard_offset\nUTC,zero\n",
        says: &["`zero` is no offset", "t.csv:2, column `standard_offset`"],
    },
];

#[test]
fn what_cannot_be_is_refused_with_its_place() {
    assert_eq!(ODD.len(), 36);
    for odd in ODD {
        let table = match odd.table.strip_prefix('S') {
            Some(rows) => format!("{SCHEDULE}{rows}"),
            None => odd.table.to_owned(),
        };
        let config = odd.config.replacen("F ", FACTS, 1).replacen("C ", "[calendar.support]\n", 1);
        let schedule = format!("{SCHEDULE}1,A,60,120,UTC\n");
        let policies = "ticket_id,sla_policy_id,policy_applied_at\n7,1,2024-01-01 00:00:00\n";
        let files = [("t.csv", table.as_str()), ("s.csv", &schedule), ("p.csv", policies)];
        let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
        let folder = folder_with(&files);
        let problem = match parse(&config, folder.path()) {
            Ok(_) => panic!("{} is read", odd.fault),
            Err(problem) => problem.to_string(),
        };
        for part in odd.says.iter().chain(&["hint: "]) {
            assert!(problem.contains(part), "{}: {part:?} is missing in:\n{problem}", odd.fault);
        }
        assert!(!problem.contains('\u{1b}'), "{}", odd.fault);
    }
}

/// Every prefix of a table is read or refused; what is read has no more cases than the table.
#[test]
fn every_prefix_of_a_table_is_read_or_refused() {
    let table = "task,s,b,d\nA,x,true,\"1970-01-01 02:00:00\"\r\nB,x,false,90\nC,\"y\n\",no,1:00:00\n";
    let config = format!("{FACTS}table = \"t.csv\"\ncase = \"task\"\nbreached = \"b\"\nelapsed = \"d\"\n");
    let mut read = 0;
    for length in 0..=table.len() {
        let folder = folder_with(&[("t.csv", &table.as_bytes()[..length])]);
        let Ok(config) = parse(&config, folder.path()) else { continue };
        let facts = config.service_levels[0].facts.table.as_ref().unwrap();
        assert!(facts.cases.len() <= 3);
        read += 1;
    }
    assert!(read > 3, "{read}");
}
