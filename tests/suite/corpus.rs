//! The corpus of the fuzz targets, run again through the same entries: nothing panics.

use crate::run::{files_below, package};

#[path = "../../fuzz/entries.rs"]
mod entries;

#[track_caller]
fn replay(target: &str, entry: fn(&[u8])) {
    let files = files_below(&package().join("fuzz/corpus").join(target));
    assert!(files.len() >= 10, "only {} files for {target}", files.len());
    for (name, bytes) in files {
        let ran = std::panic::catch_unwind(|| entry(&bytes));
        assert!(ran.is_ok(), "fuzz/corpus/{target}/{name} panics");
    }
}

#[test]
fn csv() {
    replay("csv", entries::csv);
}

#[test]
fn xes() {
    replay("xes", entries::xes);
}

#[test]
fn json() {
    replay("json", entries::json);
}

#[test]
fn timestamps() {
    replay("timestamps", entries::timestamps);
}

#[test]
fn config() {
    replay("config", entries::config);
}
