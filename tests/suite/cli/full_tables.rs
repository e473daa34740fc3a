//! `--tables`: the Parquet files hold as many rows as the findings of the same run count, with the same sums.

use std::fs::File;
use std::path::Path;

use polars::prelude::{DataFrame, DataType, TimeUnit};
use polars_io::SerReader;
use polars_io::parquet::read::ParquetReader;
use serde_json::Value;

use super::{analyze, folder};
use crate::run::sample;

fn table(report: &Path, name: &str) -> DataFrame {
    ParquetReader::new(File::open(report.join(format!("tables/{name}.parquet"))).unwrap()).finish().unwrap()
}

fn sum(table: &DataFrame, column: &str) -> i64 {
    let column = table.column(column).unwrap().cast(&DataType::Int64).unwrap();
    column.i64().unwrap().iter().flatten().sum()
}

/// Sum of a number over the rows of a list of the findings.
fn total(rows: &Value, key: &str) -> i64 {
    rows.as_array().unwrap().iter().map(|row| row[key].as_i64().unwrap()).sum()
}

#[test]
fn the_full_tables_hold_what_the_findings_count() {
    for log in ["service-desk.csv.gz", "servicenow-incidents-excerpt.csv.gz"] {
        let folder = folder();
        let log_path = sample(log);
        let arguments = [log_path.as_str(), "-o", "report", "--tables", "cases,visits,handoffs"];
        analyze(folder.path(), &arguments).ok();
        let report = folder.path().join("report");
        let findings: Value = serde_json::from_slice(&std::fs::read(report.join("findings.json")).unwrap()).unwrap();
        let (cases, visits, handoffs) = (table(&report, "cases"), table(&report, "visits"), table(&report, "handoffs"));

        assert_eq!(cases.height() as u64, findings["input"]["cases"].as_u64().unwrap(), "{log}");
        assert_eq!(i64::try_from(visits.height()).unwrap(), total(&findings["states"], "visits"), "{log}");
        let definition = findings["handoffs"]["definition"].as_str().unwrap();
        let counted = &findings["handoffs"]["kinds"][definition]["total"];
        assert_eq!(handoffs.height() as u64, counted.as_u64().unwrap(), "{log}");

        assert_eq!(sum(&visits, "duration_ms"), total(&findings["states"], "total_ms"), "{log}");
        assert_eq!(sum(&cases, "handoffs"), i64::try_from(handoffs.height()).unwrap(), "{log}");
        assert_eq!(cases.column("case").unwrap().n_unique().unwrap(), cases.height(), "{log}");
        let states: Vec<&str> =
            findings["states"].as_array().unwrap().iter().map(|state| state["state"].as_str().unwrap()).collect();
        let named = visits.column("state").unwrap();
        assert_eq!(named.n_unique().unwrap(), states.len(), "{log}");
        assert!(named.str().unwrap().iter().all(|state| states.contains(&state.unwrap())), "{log}");
        let entered = visits.column("entered").unwrap().dtype().clone();
        assert!(matches!(&entered, DataType::Datetime(TimeUnit::Milliseconds, Some(_))), "{entered}");
    }
}
