//! The summaries of public logs in `docs/examples` are what the program writes, and say nothing that makes no sense.
//!
//! `INSTA_UPDATE=always` writes them again.

use std::path::Path;

use crate::harness::public_log;
use crate::run::{folder_with, wcaf};

/// Name, folder and file of each log.
const LOGS: [(&str, &str, &str); 5] = [
    ("servicenow-incidents", "servicenow-incidents", "incident_event_log.zip"),
    ("volvo-open-problems", "volvo-problems", "open_problems.xes.gz"),
    ("travel-costs", "travel-approvals", "BPI_2020_PrepaidTravelCost.xes.gz"),
    ("italian-helpdesk", "italian-helpdesk", "helpdesk.xes.gz"),
    ("japanese-itsm", "japanese", "raw_itsm_2024.csv"),
];

#[test]
fn the_summaries_are_what_the_program_writes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/examples");
    for (name, log, file) in LOGS {
        let Some(log) = public_log(log) else { return };
        let log = log.join(file).display().to_string();
        let written = wcaf(folder_with(&[]).path(), &["analyze", &log, "--format", "md"]).ok().out;
        let page = folder.join(format!("{name}.md"));
        if std::env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            std::fs::write(&page, &written).unwrap();
        }
        assert!(std::fs::read_to_string(&page).unwrap_or_default() == written, "{} is not up to date", page.display());
    }
}

#[test]
fn no_summary_recommends_what_its_log_does_not_have() {
    for (name, log, file) in LOGS {
        let Some(log) = public_log(log) else { return };
        let log = log.join(file).display().to_string();
        let ran = |format: &str| wcaf(folder_with(&[]).path(), &["analyze", &log, "--format", format]).ok();
        let (found, text) = (ran("json").json(), ran("md").out);
        let advice = text.split("## Key figures").next().unwrap().split("## The answer").nth(1).unwrap().to_owned()
            + text.split("## What to do first").nth(1).unwrap().split("\n## ").next().unwrap();
        let states = found["states"].as_array().unwrap();
        if !states.iter().any(|state| state["class"] == "approval") {
            assert!(!advice.to_lowercase().contains("approv"), "{name} talks of approvals:\n{text}");
        }
        let has_groups = found["mapping"]["group"].is_object();
        assert!(has_groups || !text.contains("to the group"), "{name} talks of groups:\n{text}");
        assert!(!text.contains("of 0 touches"), "{name} sells nothing:\n{text}");
        if found["handoffs"]["kinds"]["person"].is_null() && found["handoffs"]["kinds"]["actor"].is_null() {
            assert!(!text.contains("changes person"), "{name} talks of people:\n{text}");
        }
        let observed = found["choke_points"]
            .as_array()
            .unwrap()
            .iter()
            .any(|point| point["slices_ms"].as_object().is_some_and(|slices| slices["idle"].as_i64() > Some(0)));
        let sells = |intervention: &serde_json::Value| intervention["hours_per_month"]["base"].as_f64() > Some(0.0);
        let sold = found["interventions"].as_array().unwrap().iter().any(sells);
        assert!(observed || !sold, "{name} sells hours that nobody saw");
    }
}
