//! Columns of Parquet files that a table of texts has not: UUIDs, records, lists, whole numbers written as fractions.

use std::sync::Arc;

use polars_arrow::array::{Array, FixedSizeBinaryArray, ListArray, PrimitiveArray, StructArray, Utf8ViewArray};
use polars_arrow::bitmap::Bitmap;
use polars_arrow::datatypes::{ArrowDataType, ArrowSchema, Field};
use polars_arrow::offset::OffsetsBuffer;
use polars_arrow::record_batch::RecordBatchT;
use polars_parquet::parquet::metadata::SchemaDescriptor;
use polars_parquet::write::{
    CompressionOptions, Encoding, FileWriter, StatisticsOptions, Version, WriteOptions, row_group_iter,
};
use serde_json::Value;

use crate::run::{Ran, folder_with, wcaf};

const ROWS: usize = 12;

/// A file with columns as `message` declares them; twelve rows in two row groups.
fn file(message: &str, columns: &[(&str, Box<dyn Array>)]) -> Vec<u8> {
    let declared = SchemaDescriptor::try_from_message(message).unwrap();
    let schema: ArrowSchema = columns
        .iter()
        .map(|(name, array)| ((*name).into(), Field::new((*name).into(), array.dtype().clone(), true)))
        .collect();
    let options = WriteOptions {
        statistics: StatisticsOptions::empty(),
        version: Version::V1,
        compression: CompressionOptions::Uncompressed,
        data_page_size: None,
    };
    let mut writer = FileWriter::new_with_parquet_schema(Vec::new(), schema.clone(), declared.clone(), options);
    let leaves = |at: usize| {
        let root = declared.fields()[at].get_field_info().name.clone();
        declared.columns().iter().filter(|column| column.path_in_schema[0] == root).count()
    };
    let encodings: Vec<Vec<Encoding>> = (0..columns.len()).map(|at| vec![Encoding::Plain; leaves(at)]).collect();
    for (from, to) in [(0, 5), (5, ROWS)] {
        let arrays = columns.iter().map(|(_, array)| array.sliced(from, to - from)).collect();
        let batch = RecordBatchT::new(to - from, Arc::new(schema.clone()), arrays);
        let group = row_group_iter(batch, encodings.clone().into(), declared.fields().to_vec(), options);
        writer.write((to - from) as u64, group).unwrap();
    }
    writer.end(Some(Vec::new())).unwrap();
    writer.into_inner()
}

fn texts(text: impl Fn(usize) -> Option<String>) -> Box<dyn Array> {
    Utf8ViewArray::from_slice((0..ROWS).map(text).collect::<Vec<_>>()).boxed()
}

fn times() -> (&'static str, Box<dyn Array>) {
    ("time", texts(|row| Some(format!("2024-03-{:02}T10:00:00Z", row + 1))))
}

fn states() -> (&'static str, Box<dyn Array>) {
    ("state", texts(|row| Some(["New", "Work", "Closed"][row % 3].to_owned())))
}

fn doubles(number: impl Fn(usize) -> f64) -> Box<dyn Array> {
    PrimitiveArray::from_vec((0..ROWS).map(number).collect::<Vec<f64>>()).boxed()
}

fn record(fields: Vec<(&str, Box<dyn Array>)>, validity: Option<Bitmap>) -> Box<dyn Array> {
    let types = fields.iter().map(|(name, array)| Field::new((*name).into(), array.dtype().clone(), true)).collect();
    let values = fields.into_iter().map(|(_, array)| array).collect();
    StructArray::new(ArrowDataType::Struct(types), ROWS, values, validity).boxed()
}

/// One text in each list.
fn lists() -> Box<dyn Array> {
    let inner = Field::new("item".into(), ArrowDataType::Utf8View, true);
    let ends: Vec<i64> = (0..=ROWS).map(|end| i64::try_from(end).unwrap()).collect();
    let offsets = OffsetsBuffer::try_from(ends).unwrap();
    ListArray::<i64>::new(ArrowDataType::LargeList(Box::new(inner)), offsets, texts(|_| Some("a".to_owned())), None)
        .boxed()
}

const TEXTS: &str = "OPTIONAL BYTE_ARRAY time (STRING); OPTIONAL BYTE_ARRAY state (STRING);";

fn run(files: &[(&str, &[u8])], args: &[&str]) -> Ran {
    let folder = folder_with(files);
    let names: Vec<&str> = files.iter().map(|(name, _)| *name).collect();
    wcaf(folder.path(), &[&["analyze"], names.as_slice(), args, &["--format", "json", "--people"]].concat())
}

fn mapped<'v>(found: &'v Value, role: &str) -> &'v str {
    found["mapping"][role]["column"].as_str().unwrap_or("")
}

fn converted(bytes: &[u8]) -> String {
    let folder = folder_with(&[("log.parquet", bytes)]);
    wcaf(folder.path(), &["convert", "log.parquet", "--to", "log.csv"]).ok();
    std::fs::read_to_string(folder.path().join("log.csv")).unwrap()
}

#[test]
fn uuids_are_texts() {
    let bytes: Vec<u8> =
        (0..ROWS).flat_map(|row| [&[0xAB; 15][..], &[u8::try_from(row / 3).unwrap()]].concat()).collect();
    let ids = FixedSizeBinaryArray::new(ArrowDataType::FixedSizeBinary(16), bytes.into(), None).boxed();
    let message = format!("message log {{ REQUIRED FIXED_LEN_BYTE_ARRAY (16) case_id (UUID); {TEXTS} }}");
    let log = file(&message, &[("case_id", ids.clone()), times(), states()]);
    let found = run(&[("log.parquet", &log)], &[]).ok().json();
    assert_eq!((&found["input"]["cases"], mapped(&found, "case")), (&Value::from(4), "case_id"));
    assert!(converted(&log).contains("\nabababab-abab-abab-abab-ababababab03,"), "{}", converted(&log));
    // sixteen bytes without that mark may be anything
    let message = message.replace(" (UUID)", "").replace("case_id", "digest");
    let log = file(&message, &[("digest", ids), times(), states()]);
    let parts = ["no case column recognised", "`digest` (16 bytes that are not said to be text)"];
    run(&[("log.parquet", &log)], &[]).refused(3, &parts);
    let parts =
        ["--case names column `digest`, whose type is not read: 16 bytes", "hint: write `digest` as a column of texts"];
    run(&[("log.parquet", &log)], &["--case", "digest"]).refused(2, &parts);
}

#[test]
fn records_are_flattened_and_lists_are_named() {
    let valid = (0..ROWS).map(|row| row != 4).collect::<Bitmap>();
    let person = record(vec![("name", texts(|row| Some(format!("p{}", row % 2))))], None);
    let fields = record(vec![("key", texts(|row| Some(format!("K-{}", row / 3)))), ("assignee", person)], Some(valid));
    let message = format!(
        "message log {{ OPTIONAL group issue {{ OPTIONAL BYTE_ARRAY key (STRING); OPTIONAL group assignee {{ OPTIONAL BYTE_ARRAY name (STRING); }} }}
         OPTIONAL group tags (LIST) {{ REPEATED group list {{ OPTIONAL BYTE_ARRAY item (STRING); }} }} {TEXTS} }}"
    );
    let log = file(&message, &[("issue", fields), ("tags", lists()), times(), states()]);
    let found = run(&[("log.parquet", &log)], &[]).ok().json();
    assert_eq!((mapped(&found, "case"), mapped(&found, "assignee")), ("issue.key", "issue.assignee.name"), "{found}");
    assert_eq!((&found["input"]["cases"], &found["input"]["rows_rejected"]), (&Value::from(4), &Value::from(1)));
    assert!(found["warnings"].to_string().contains("columns of types that are not read: `tags` (list)"));
}

/// A log whose case ids are floating-point numbers.
fn float_ids(id: impl Fn(usize) -> f64) -> Vec<u8> {
    let message = format!("message log {{ REQUIRED DOUBLE case_id; {TEXTS} }}");
    file(&message, &[("case_id", doubles(id)), times(), states()])
}

#[test]
fn whole_numbers_that_became_fractions_are_whole_again() {
    #[allow(clippy::cast_precision_loss)]
    let id = |row: usize| 741_005.0 + (row / 3) as f64;
    let log = float_ids(id);
    assert!(converted(&log).contains("\n741005,"), "{}", converted(&log));
    let csv = b"case_id,time,state\n741005,2024-04-01T10:00:00Z,New\n741009,2024-04-01T10:00:00Z,New\n741009,2024-04-01T11:00:00Z,Closed\n";
    let found = run(&[("log.parquet", &log), ("more.csv", csv)], &[]).ok().json();
    assert_eq!(found["input"]["cases"], 5, "741005 is one case of both files");
    assert!(!found["warnings"].to_string().contains("different cases"));
    // one fraction in the last row group, and all stay what they are
    let log = float_ids(|row| if row == 11 { 0.5 } else { id(row) });
    assert!(converted(&log).contains("\n741005.0,"), "{}", converted(&log));
    let log = float_ids(|row| id(row) + 9_007_199_254_740_992.0);
    let parts = ["neighbouring ids are the same number", "column `case_id`", "CAST(case_id AS VARCHAR)"];
    run(&[("log.parquet", &log)], &[]).refused(3, &parts);
}

#[test]
fn ids_with_and_without_a_fraction_in_two_files_are_told() {
    let csv = |tail: &str, month: u32| {
        let rows = (0..9).map(|row| format!("{}{tail},2024-{month:02}-01T1{row}:00:00Z,New\n", 7 + row / 3));
        format!("case_id,time,state\n{}", rows.collect::<String>())
    };
    let (float, whole) = (csv(".0", 3), csv("", 4));
    let found = run(&[("a.csv", float.as_bytes()), ("b.csv", whole.as_bytes())], &[]).ok().json();
    assert_eq!(found["input"]["cases"], 6);
    let told = "`a.csv` writes the case ids as `7.0`, `b.csv` as `7`: they are different cases";
    assert!(found["warnings"].to_string().contains(told), "{}", found["warnings"]);
}
