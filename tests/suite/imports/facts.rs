//! What tables of source systems say of service levels, against what a made-up or public log gives.

use serde_json::{Value, json};

use super::parse;
use crate::harness::{element, findings, public_log};
use crate::run::{folder_with, wcaf};

/// A service level of four hours, and facts from a table beside it.
fn config(facts: &str) -> String {
    format!(
        "[mapping]\ncase = \"id\"\ntime = \"at\"\nstate = \"state\"\n\
         [[sla]]\nid = \"resolution\"\nstop = {{ state = \"Closed\" }}\nreset = {{ reopened = true }}\ntarget = \"4h\"\n\
         [sla.facts]\n{facts}"
    )
}

/// A: two hours. B: five hours. C: one hour, reopened, then six. D is open. E: three hours.
const LOG: &str = "id,at,state\n\
    A,2024-01-01 08:00:00,New\nA,2024-01-01 10:00:00,Closed\n\
    B,2024-01-01 08:00:00,New\nB,2024-01-01 13:00:00,Closed\n\
    C,2024-01-01 08:00:00,New\nC,2024-01-01 09:00:00,Closed\nC,2024-01-02 08:00:00,New\nC,2024-01-02 14:00:00,Closed\n\
    D,2024-01-02 12:00:00,New\n\
    E,2024-01-01 08:00:00,New\nE,2024-01-01 11:00:00,Closed\n";

const TABLE: &str = "task,sla,has_breached,business_duration,_fivetran_deleted\n\
    A,resolution,false,1970-01-01 02:00:00,false\n\
    B,resolution,false,1970-01-01 05:00:30,false\n\
    C,resolution,false,1970-01-01 01:00:00,false\n\
    C,resolution,true,1970-01-01 06:00:00,false\n\
    A,response,true,1970-01-02 00:00:00,false\n\
    A,resolution,true,1970-01-03 00:00:00,true\n\
    D,resolution,,,false\n\
    X,resolution,true,1970-01-01 09:00:00,false\n";

fn found(config_text: &str, log: &str, files: &[(&str, &str)]) -> Value {
    let mut all: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    all.push(("log.csv", log.as_bytes()));
    let folder = folder_with(&all);
    let config = parse(config_text, folder.path()).unwrap();
    findings(&[folder.path().join("log.csv")], &config)
}

#[test]
fn a_table_is_held_against_the_timers_of_its_cases() {
    let facts = "table = \"task_sla.csv\"\ncase = \"task\"\nwhere = { sla = \"resolution\" }\n\
                 breached = \"has_breached\"\nelapsed = \"business_duration\"\n";
    let found = found(&config(facts), LOG, &[("task_sla.csv", TABLE)]);
    let level = &found["sla"][0];
    let breached = element(&level["reconcile"], "measure", "breached");
    // A and C agree, B does not; D and E are known to one side only
    assert_eq!((&breached["cases"], &breached["differing_cases"]), (&json!(3), &json!(1)));
    assert_eq!(breached["agreement"], json!(2.0 / 3.0));
    assert_eq!((&breached["total_theirs"], &breached["total_ours"]), (&json!(1), &json!(2)));
    assert_eq!(breached["differing"], json!([{"case": "B", "theirs": 0, "ours": 1, "status": "breached"}]));
    let elapsed = element(&level["reconcile"], "measure", "elapsed_ms");
    // half a minute is nothing
    assert_eq!((&elapsed["column"], &elapsed["cases"]), (&json!("business_duration"), &json!(3)));
    assert_eq!((&elapsed["agreement"], &elapsed["differing_cases"]), (&json!(1.0), &json!(0)));
    assert_eq!(elapsed["total_ours"], json!(13 * 3_600_000));
    assert_eq!(elapsed["total_theirs"], json!(13 * 3_600_000 + 30_000));
    let table = json!({
        "file": "task_sla.csv", "rows": 8, "deleted": 1, "others": 1, "cases": 5, "repeated": 1, "not_in_log": 1,
        "without_timer": 0, "missing": 1,
    });
    assert_eq!(level["fact_tables"], json!([table]));
}

/// Many cases: flags and durations that are right but for every seventh and every fifth case, counted in loops.
#[test]
fn agreement_is_the_share_of_cases_that_agree() {
    let (mut log, mut table) = ("id,at,state\n".to_owned(), "case;made_sla;duration\n".to_owned());
    let (mut flags, mut durations) = (0, 0);
    for case in 0..300_u32 {
        let minutes = case * 37 % 480 + 1;
        let (hour, minute) = (8 + minutes / 60, minutes % 60);
        log += &format!("T{case},2024-03-04 08:00:00,New\nT{case},2024-03-04 {hour:02}:{minute:02}:00,Closed\n");
        let (lies, late) = (case % 7 == 0, case % 5 == 0);
        flags += u32::from(!lies);
        durations += u32::from(!late);
        let seconds = minutes * 60 + if late { 60 } else { 59 };
        table += &format!("T{case};{};{seconds}\n", (minutes <= 240) != lies);
    }
    let facts = "table = \"t.csv\"\ncase = \"case\"\nmade = \"made_sla\"\nelapsed = \"duration\"\n";
    let found = found(&config(facts), &log, &[("t.csv", &table)]);
    let reconcile = &found["sla"][0]["reconcile"];
    let made = element(reconcile, "measure", "breached");
    assert_eq!((&made["column"], &made["agreement"]), (&json!("made_sla"), &json!(f64::from(flags) / 300.0)));
    let elapsed = element(reconcile, "measure", "elapsed_ms");
    assert_eq!(elapsed["agreement"], json!(f64::from(durations) / 300.0));
    assert_eq!(elapsed["differing"].as_array().unwrap().len(), 60);
}

#[test]
fn the_public_task_sla_agrees_to_the_second() {
    let Some(folder) = public_log("servicenow-tables") else { return };
    let table = std::fs::read_to_string(folder.join("task_sla_data.csv")).unwrap();
    // the row runs from 15:19:57 to 17:57:00, which its duration gives as 1970-01-01 02:37:03
    let log = "id,at,state\n9d41c061c611228700edc88b231ec47c,2016-12-12 15:19:57,New\n\
               9d41c061c611228700edc88b231ec47c,2016-12-12 17:57:00,Closed\n";
    let facts = "table = \"task_sla_data.csv\"\ncase = \"task_value\"\n\
                 where = { sla_value = \"d1524982d732220035ae23c7ce61035d\" }\n\
                 breached = \"has_breached\"\nelapsed = \"duration\"\n";
    let found = found(&config(facts), log, &[("task_sla_data.csv", &table)]);
    let reconcile = &found["sla"][0]["reconcile"];
    for (measure, theirs) in [("breached", 0), ("elapsed_ms", 2 * 3_600_000 + 37 * 60_000 + 3_000)] {
        let row = element(reconcile, "measure", measure);
        assert_eq!((&row["cases"], &row["agreement"]), (&json!(1), &json!(1.0)), "{measure}");
        assert_eq!((&row["total_theirs"], &row["total_ours"]), (&json!(theirs), &json!(theirs)), "{measure}");
    }
    assert_eq!(found["sla"][0]["fact_tables"][0]["cases"], 1);
}

/// The targets of the public policies, by the version that held when a policy was applied and the last priority.
#[test]
fn public_targets_of_zendesk() {
    let Some(folder) = public_log("zendesk-tables") else { return };
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).unwrap();
    let (policies, targets) = (read("ticket_sla_policy_data.csv"), read("sla_policy_metric_history_data.csv"));
    // the states and priorities of the ticket in `ticket_field_history_data.csv`, two of another policy, one of none
    let mut log = "ticket_id,at,status,priority\n".to_owned();
    let mut priority = String::new();
    let mut reader = csv::Reader::from_path(folder.join("ticket_field_history_data.csv")).unwrap();
    let mut rows: Vec<csv::StringRecord> = reader.records().map(|row| row.unwrap()).collect();
    rows.retain(|row| &row[1] == "11071");
    rows.sort_by_key(|row| row[2].to_owned());
    let mut status = String::new();
    for (place, row) in rows.iter().enumerate() {
        match &row[0] {
            "status" => row[5].clone_into(&mut status),
            "priority" => row[5].clone_into(&mut priority),
            _ => {}
        }
        // changes of one instant are one event
        if rows.get(place + 1).is_none_or(|next| next[2] != row[2]) {
            log += &format!("11071,{},{status},{priority}\n", &row[2]);
        }
    }
    assert_eq!(priority, "urgent");
    log += "1595,2020-02-19 01:54:52,open,Low\n1595,2020-02-19 02:54:52,solved,Low\n";
    log += "11013,2020-08-27 23:09:52,open,high\n11013,2020-08-27 23:19:52,solved,high\n";
    log += "5,2020-08-27 23:09:52,open,high\n5,2020-08-27 23:19:52,solved,high\n";
    let config = "[mapping]\ncase = \"ticket_id\"\ntime = \"at\"\nstate = \"status\"\npriority = \"priority\"\n\
        [[sla]]\nid = \"first reply\"\nstop = { state = [\"solved\", \"closed\"] }\n\
        target = { by = \"priority\", values = { urgent = \"2h\", high = \"3h\", normal = \"16h\" }, default = \"1d\" }\n\
        [sla.facts]\nzendesk = { policies = \"p.csv\", targets = \"t.csv\", metric = \"first_reply_time\" }\n";
    let found = found(config, &log, &[("p.csv", &policies), ("t.csv", &targets)]);
    let row = element(&found["sla"][0]["reconcile"], "measure", "target_ms");
    // 1595: low, version of January, 1,440 min; 11013: high, version of June, 180 min; 11071: policy 1002, urgent, 120 min
    let minute = 60_000;
    assert_eq!((&row["cases"], &row["differing_cases"]), (&json!(3), &json!(1)));
    assert_eq!(row["total_theirs"], json!((1_440 + 180 + 120) * minute));
    // its timer started when it was `normal`
    assert_eq!(
        row["differing"],
        json!([{"case": "11071", "theirs": 120 * minute, "ours": 960 * minute, "status": "breached"}])
    );
    let tables = &found["sla"][0]["fact_tables"];
    assert_eq!(
        (&tables[0]["cases"], &tables[0]["not_in_log"], &tables[0]["missing"]),
        (&json!(10), &json!(7), &json!(1))
    );
    assert_eq!((&tables[1]["rows"], &tables[1]["others"]), (&json!(22), &json!(9)));
    // policy 1001 is in business hours, the service level is not
    let warning = element(&found["warnings"], "code", "sla_facts");
    assert!(warning["message"].as_str().unwrap().contains("in business time in 2 cases"), "{warning}");
}

#[test]
fn a_table_of_other_cases_is_said_to_be_one() {
    let facts = "table = \"t.csv\"\ncase = \"task\"\nbreached = \"has_breached\"\n";
    let found = found(&config(facts), LOG, &[("t.csv", "task,has_breached\nsys1,true\nsys2,false\n")]);
    assert_eq!(found["sla"][0]["reconcile"], json!([]));
    let warning = element(&found["warnings"], "code", "sla_facts");
    assert!(warning["message"].as_str().unwrap().contains("none of the 2 cases"), "{warning}");
    assert_eq!(found["sla"][0]["fact_tables"][0]["missing"], 5);
}

/// The program looks for tables beside the configuration, says them in the report and hashes them in the manifest.
#[test]
fn the_program_reads_tables_beside_its_configuration() {
    let facts = "table = \"tables/task_sla.csv\"\ncase = \"task\"\nwhere = { sla = [\"resolution\"] }\n\
                 breached = \"has_breached\"\n";
    let text = config(facts);
    let folder = folder_with(&[("log.csv", LOG.as_bytes())]);
    let beside = folder.path().join("settings");
    std::fs::create_dir_all(beside.join("tables")).unwrap();
    std::fs::write(beside.join("wcaf.toml"), &text).unwrap();
    std::fs::write(beside.join("tables/task_sla.csv"), TABLE).unwrap();
    let ran = wcaf(folder.path(), &["analyze", "log.csv", "-c", "settings/wcaf.toml", "-o", "out"]).ok();
    let said = ran.out.split_whitespace().collect::<Vec<_>>().join(" ");
    for part in [
        "`has_breached` agrees in 66.67 % of 3 cases; 1 differ, such as B",
        "`task_sla.csv`: 8 rows = 6 used + 1 deleted + 1 of others; 5 cases, 1 with",
    ] {
        assert!(said.contains(part), "{said}");
    }
    let manifest: Value =
        serde_json::from_str(&std::fs::read_to_string(folder.path().join("out/manifest.json")).unwrap()).unwrap();
    let hash = format!("blake3:{}", blake3::hash(TABLE.as_bytes()));
    let file = json!({"name": "task_sla.csv", "bytes": TABLE.len(), "hash": hash});
    assert_eq!(manifest["config_tables"], json!([file]));
    let sheet = std::fs::read_to_string(folder.path().join("out/tables/sla_facts.csv")).unwrap();
    assert!(sheet.contains("\"resolution\",\"task_sla.csv\",8,1,1,5,1,1,0,1"), "{sheet}");
}

#[test]
fn a_table_is_not_compared_as_of_an_instant() {
    let facts = "table = \"task_sla.csv\"\ncase = \"task\"\nbreached = \"has_breached\"\n";
    let folder = folder_with(&[
        ("log.csv", LOG.as_bytes()),
        ("wcaf.toml", config(facts).as_bytes()),
        ("task_sla.csv", TABLE.as_bytes()),
    ]);
    let args = ["analyze", "log.csv", "--format", "json", "--as-of", "2024-01-02T09:00Z"];
    let found = wcaf(folder.path(), &args).ok().json();
    assert_eq!((&found["sla"][0]["reconcile"], &found["sla"][0]["fact_tables"]), (&json!([]), &json!([])));
    let warning = element(&found["warnings"], "code", "sla_facts");
    assert!(warning["message"].as_str().unwrap().contains("they say how cases ended, after `--as-of`"), "{warning}");
}
