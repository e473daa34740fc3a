//! What the analysis finds in each log of each world, one row each.

use serde_json::Value;
use wcaf::config::Config;
use wcaf::synth::{DecoyKind, Place, Planted};

use super::made::{Known, hours, known};
use super::rows_are_committed;
use crate::harness::findings_text;

/// Columns of `MEASURED.csv`. Hours are a month; `low` and `high` are empty where nothing is offered.
pub const HEADER: &str = "world,seed,first,rank,causes,low,high,idle,wait,truth";

/// The working hours of a world, as its owner would configure them. Nothing else is told to the analysis.
fn config(known: &Known) -> Config {
    let office = &known.recipe["office"];
    let list = |key: &str| {
        let values = office.get(key).and_then(|value| value.as_array()).into_iter().flatten();
        values.map(|value| value.as_str().unwrap()).collect::<Vec<_>>()
    };
    let mut text = "default_calendar = \"office\"\n[calendar.office]\ntimezone = \"UTC\"\n".to_owned();
    for day in list("days") {
        text.push_str(&format!("{day} = {:?}\n", office["hours"].as_str().unwrap()));
    }
    text.push_str(&format!("holidays = {:?}\n", list("holidays")));
    Config::parse(&text, "wcaf.toml").unwrap()
}

fn is_at(found: &Value, place: &Place) -> bool {
    found["state"] == place.state.as_str() && found["group"] == place.group.as_str()
}

/// What the first choke point is in truth.
fn first(points: &[Value], planted: &Planted) -> &'static str {
    let Some(point) = points.first() else { return "nothing" };
    if is_at(point, &planted.choke_point) {
        return "planted";
    }
    let is_decoy = |state: &str, group: Option<&String>| {
        point["state"] == state && group.is_none_or(|group| point["group"] == group.as_str())
    };
    match planted.decoy.iter().find(|decoy| is_decoy(&decoy.state, decoy.group.as_ref())).map(|decoy| decoy.kind) {
        Some(DecoyKind::ExternalWait) => "external_wait",
        Some(DecoyKind::TerminalTail) => "terminal_tail",
        Some(DecoyKind::BusyTeam) => "busy_team",
        Some(DecoyKind::BatchDay) => "batch_day",
        None => "other",
    }
}

/// Analyses one log; returns its row.
fn row(known: &Known, seed: u64) -> String {
    let (bytes, summary) = known.made(seed);
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("log.csv");
    std::fs::write(&path, bytes).unwrap();
    let found: Value = serde_json::from_str(&findings_text(&[path], &config(known), 1)).unwrap();
    let planted = known.world.planted().unwrap();
    let points = found["choke_points"].as_array().unwrap();
    let rank = points.iter().position(|point| is_at(point, &planted.choke_point));
    let point = rank.map_or(&Value::Null, |at| &points[at]);
    let causes = point["causes"].as_array().into_iter().flatten().filter_map(Value::as_str).collect::<Vec<_>>();
    let range = found["interventions"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|offer| is_at(&offer["scope"], &planted.choke_point))
        .filter_map(|offer| {
            Some([offer["hours_per_month"]["low"].as_f64()?, offer["hours_per_month"]["high"].as_f64()?])
        })
        .max_by(|one, other| one[1].total_cmp(&other[1]));
    let a_month = |ms: &Value| hours(ms.as_i64().unwrap_or(0)) / known.months();
    let shown = |hours: Option<f64>| hours.map_or_else(String::new, |hours| format!("{hours:.1}"));
    [
        known.world.name().to_owned(),
        seed.to_string(),
        first(points, planted).to_owned(),
        rank.map_or_else(String::new, |at| (at + 1).to_string()),
        causes.join("+"),
        shown(range.map(|range| range[0])),
        shown(range.map(|range| range[1])),
        shown(Some(a_month(&point["slices_ms"]["idle"]))),
        shown(Some(a_month(&point["total_ms"]))),
        shown(Some(known.removable(&summary))),
    ]
    .join(",")
}

#[test]
fn what_is_found_in_the_worlds_is_what_the_table_says() {
    let worlds = known();
    let jobs: Vec<(&Known, u64)> =
        worlds.iter().flat_map(|known| known.seeds().into_iter().map(move |seed| (known, seed))).collect();
    let rows = wcaf::parallel::map(2, jobs, |_, (known, seed)| row(known, seed));
    rows_are_committed("MEASURED.csv", HEADER, &rows);
}
