//! Tests of the mapping.

#[rustfmt::skip] // tables of headers
mod invented;
#[rustfmt::skip] // tables of headers
mod languages;
mod made;
mod real;
mod refusals;

use super::{Mapping, Overrides, Role, Sample, guess};
use crate::ingest::moment::{DayOrder, rough};

/// Stands in for the product's date parser.
fn is_date(value: &str) -> bool {
    let first = value.chars().next();
    let dated = first.is_some_and(|c| c.is_ascii_digit())
        || ["Jan", "Feb", "Mar", "Sep", "Oct"].iter().any(|m| value.starts_with(m));
    let parts = value.chars().filter(|c| matches!(c, '-' | '/' | '.' | '年' | '月' | ' ')).count();
    dated
        && value.len() >= 8
        && parts >= 2
        && value.len() <= 40
        && rough(value, DayOrder::DayFirst).is_some_and(|at| at > 1_000_000_000)
}

/// A sample from delimited text without quotes.
fn table(text: &str, delimiter: char) -> Sample {
    let mut lines = text.lines().map(|line| line.split(delimiter).map(str::to_owned).collect::<Vec<_>>());
    Sample { header: lines.next().unwrap_or_default(), rows: lines.collect() }
}

fn mapped(sample: &Sample) -> Mapping {
    guess(sample, &Overrides::default(), "log.csv", &is_date).unwrap_or_else(|problem| panic!("{problem}"))
}

/// The names of the columns of a role.
fn names(mapping: &Mapping, role: Role) -> Vec<&str> {
    mapping.columns.iter().filter(|mapped| mapped.role == role).map(|mapped| mapped.name.as_str()).collect()
}

/// Compares roles with the expected columns; an empty text expects none.
fn expect(mapping: &Mapping, expected: &[(Role, &str)]) {
    for (role, name) in expected {
        let found = mapping.role(*role).map_or("", |mapped| mapped.name.as_str());
        assert_eq!(found, *name, "{role:?}\n{}", shown(mapping));
    }
}

/// The mapping in lines, for failures and for `WCAF_SHOW=1`.
fn shown(mapping: &Mapping) -> String {
    use std::fmt::Write;
    let mut out = format!("family {} ({})\n", mapping.family.as_str(), mapping.family_why);
    for mapped in &mapping.columns {
        let _ = writeln!(out, "  {:<20} {:<28} {}", mapped.role.as_str(), mapped.name, mapped.why);
    }
    for null in &mapping.nulls {
        let _ = writeln!(out, "  null {} {:?} {} applied={}", null.column, null.literal, null.why, null.applied);
    }
    for leak in &mapping.leaky {
        let _ = writeln!(out, "  leaky {} {}", leak.column, leak.why);
    }
    let _ = writeln!(
        out,
        "  missing owner unassigned={} ({})",
        mapping.missing_owner_unassigned, mapping.missing_owner_why
    );
    let _ = writeln!(out, "  visible {:?}", mapping.visible);
    for note in &mapping.notes {
        let _ = writeln!(out, "  note {} ({})", note.message, note.hint);
    }
    out
}
