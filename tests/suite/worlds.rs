//! Worlds whose trouble is known, `tests/worlds/*.toml`: what the analysis finds in them, held against what was planted.
//!
//! `TRUTH.csv` says which bytes every world and seed makes, and how many hours a month a reminder could have removed, by
//! the maker of the world. `MEASURED.csv` says what the analysis finds, and `docs/WORLDS.md` sums it up. A bar that is
//! missed fails nothing here; a table that no longer says what is measured does. The first seed is run each time, all of
//! them where `WCAF_SLOW` is set. After a wanted change, `WCAF_SLOW=1 INSTA_UPDATE=always` writes the tables.

pub mod made;
mod measured;
mod page;

use std::path::PathBuf;

use crate::run::package;

/// Where worlds and tables are.
fn folder() -> PathBuf {
    package().join("tests/worlds")
}

/// Whether all seeds are run.
fn all_seeds() -> bool {
    std::env::var_os("WCAF_SLOW").is_some()
}

/// Compares a committed file with what it should hold, or writes it; says from where on they differ.
#[track_caller]
fn is_committed(path: &std::path::Path, text: &str) {
    if all_seeds() && std::env::var("INSTA_UPDATE").is_ok_and(|value| value == "always") {
        std::fs::write(path, text).unwrap();
    }
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    let differ = committed.lines().zip(text.lines()).find(|(old, new)| old != new);
    let (lines, wanted) = (committed.lines().count(), text.lines().count());
    let name = path.display();
    assert!(
        committed == text,
        "{name}: {lines} lines, should be {wanted}; first that differs (committed, measured): {differ:#?}\n\
         run with WCAF_SLOW=1 INSTA_UPDATE=always to write it"
    );
}

/// Compares the rows of a committed table with those of the same world and seed; all of them where all seeds are run.
#[track_caller]
fn rows_are_committed(name: &str, header: &str, rows: &[String]) {
    let path = folder().join(name);
    if all_seeds() {
        return is_committed(&path, &format!("{header}\n{}\n", rows.join("\n")));
    }
    let committed = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(committed.lines().next(), Some(header), "{name}");
    for row in rows {
        assert!(committed.lines().any(|line| line == row), "{name} has no row\n{row}\nof what is measured");
    }
}
