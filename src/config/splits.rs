//! `[split.COLUMN]`: a column whose cells pack several values, and what they are called.
//!
//! Whether the column exists, and how it is cut, is a matter of `ingest`.

use std::collections::BTreeMap;

use serde::Deserialize;
use toml::Spanned;

use super::calendars::Page;
use super::explain;
use super::sla::Place;
use crate::error::{Problem, Result};

/// `[split.COLUMN]` as it is written.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SplitSection {
    /// What stands between the values.
    pub by: Spanned<String>,
    /// Names of the values; an empty one leaves its value out.
    pub into: Spanned<Vec<String>>,
}

/// A column whose cells pack several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// Its header.
    pub column: String,
    /// What stands between the values.
    pub by: String,
    /// Names of the values; an empty one leaves its value out.
    pub into: Vec<String>,
    /// Where it is written.
    pub place: Place,
}

/// Checks the sections of a file.
pub(super) fn settle(sections: &BTreeMap<Spanned<String>, SplitSection>, page: Page<'_>) -> Result<Vec<Split>> {
    let mut named: BTreeMap<&str, &str> = BTreeMap::new();
    let mut splits = Vec::new();
    for (column, section) in sections {
        let (name, by, into) = (column.get_ref(), section.by.get_ref(), section.into.get_ref());
        if by.is_empty() {
            let problem = Problem::usage(format!("nothing stands between the values of the column `{name}`"));
            return Err(page.at(section.by.span(), problem.hint("write it, with its spaces: `by = \" / \"`")));
        }
        let refuse = |problem: Problem| Err(page.at(section.into.span(), problem));
        if into.len() < 2 || into.iter().all(String::is_empty) {
            let problem = Problem::usage(format!("the column `{name}` is split into fewer than two values"));
            return refuse(problem.hint("name them in their order: `into = [\"id\", \"department\"]`"));
        }
        for part in into.iter().filter(|part| !part.is_empty()) {
            if let Some(first) = named.insert(part, name) {
                let problem = Problem::usage(format!("two values are called `{part}`, of `{first}` and of `{name}`"));
                return refuse(problem.hint(format!("give one of them another name, such as `{part} 2`")));
            }
        }
        let line = explain::line_of(page.text, column.span().start);
        let place = Place { file: page.file.to_owned(), line };
        splits.push(Split { column: name.clone(), by: by.clone(), into: into.clone(), place });
    }
    Ok(splits)
}
