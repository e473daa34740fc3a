//! The values of the findings at the places that a definition names.

use serde_json::Value;

use super::ValueFound;
use crate::log::LogText;
use crate::report::definitions::{Definition, meets};
use crate::report::model::Findings;

/// Entries of a list that are shown where none is chosen.
const MOST: usize = 12;

/// Fields that say what an entry of a list is.
const NAMES: [&str; 9] = ["id", "state", "from", "to", "actor", "case", "kpi", "key", "column"];

/// What is chosen of a list: `In Progress` of `states[In Progress].completed_ms`.
#[must_use]
pub fn selector<'a>(asked: &'a str, list: &str) -> Option<&'a str> {
    let from = asked.find(&format!("{list}["))? + list.len() + 1;
    let until = asked[from..].find(']')? + from;
    let chosen = asked[from..until].trim().trim_matches('"');
    (!chosen.is_empty()).then_some(chosen)
}

/// The values at the places of a definition that fit what was asked for, or at all of them where none does.
///
/// # Panics
///
/// Never: the keys of findings are strings and no serializer of their parts fails.
#[must_use]
pub fn values(findings: &Findings, definition: &Definition, asked: &str) -> Vec<ValueFound> {
    let root = serde_json::to_value(findings).expect("findings hold string keys only");
    let fitting: Vec<&String> = definition.paths.iter().filter(|path| meets(asked, path)).collect();
    let paths = if fitting.is_empty() { definition.paths.iter().collect() } else { fitting };
    let home = definition.paths[0].split('.').next().unwrap_or_default();
    let mut found = Vec::new();
    for path in paths {
        let before = found.len();
        let mut walk = Walk { asked, found: &mut found };
        walk.down(&root, &path.split('.').collect::<Vec<_>>(), String::new(), &[]);
        if found.len() == before {
            // a heading may leave out where the second of its places is
            let mut walk = Walk { asked, found: &mut found };
            let parts: Vec<&str> = std::iter::once(home).chain(path.split('.')).collect();
            walk.down(&root, &parts, String::new(), &[]);
        }
    }
    found
}

/// Follows a path with lists, any keys and alternatives in it.
struct Walk<'a> {
    asked: &'a str,
    found: &'a mut Vec<ValueFound>,
}

impl Walk<'_> {
    fn down(&mut self, value: &Value, path: &[&str], pointer: String, names: &[String]) {
        let Some((part, rest)) = path.split_first() else {
            self.leaf(value, pointer, names);
            return;
        };
        let (keys, is_list) = part.strip_suffix("[]").map_or((*part, false), |keys| (keys, true));
        let alternatives: Vec<&str> = keys.split('|').collect();
        let asked_for = |key: &&str| self.asked.split('.').any(|part| part == *key);
        let only = alternatives.iter().find(|key| alternatives.len() > 1 && asked_for(key)).copied();
        let Some(fields) = value.as_object() else { return };
        let chosen: Vec<&String> = fields
            .keys()
            .filter(|key| keys == "*" || alternatives.contains(&key.as_str()))
            .filter(|key| only.is_none_or(|only| only == key.as_str()))
            .collect();
        for key in chosen {
            let here = format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
            let mut names = names.to_vec();
            if keys == "*" || alternatives.len() > 1 {
                names.push(key.clone());
            }
            match (&fields[key], is_list) {
                (Value::Array(entries), true) => self.entries(entries, key, rest, &here, &names),
                (inner, _) => self.down(inner, rest, here, &names),
            }
        }
    }

    fn entries(&mut self, entries: &[Value], list: &str, rest: &[&str], here: &str, names: &[String]) {
        let chosen = selector(self.asked, list);
        let is_chosen = |name: &str| chosen.is_none_or(|chosen| name.eq_ignore_ascii_case(chosen));
        let entries =
            entries.iter().enumerate().filter(|(_, entry)| names_of(entry).iter().any(|name| is_chosen(name)));
        for (place, entry) in entries.take(if chosen.is_some() { usize::MAX } else { MOST }) {
            let mut names = names.to_vec();
            names.push(called(&names_of(entry)));
            self.down(entry, rest, format!("{here}/{place}"), &names);
        }
    }

    /// A value, or the values in an object; lists in it have definitions of their own.
    fn leaf(&mut self, value: &Value, pointer: String, names: &[String]) {
        match value {
            Value::Object(fields) => {
                for (key, inner) in fields {
                    self.leaf(inner, format!("{pointer}/{key}"), names);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {
                self.found.push(ValueFound { pointer, of: LogText::new(names.join(", ")), value: value.clone() });
            }
            Value::Array(_) => {}
        }
    }
}

/// What an entry of a list is called.
fn called(names: &[String]) -> String {
    match names {
        [from, to] => format!("{from} → {to}"),
        [first, ..] => first.clone(),
        [] => String::new(),
    }
}

/// What an entry of a list may be chosen by.
fn names_of(entry: &Value) -> Vec<String> {
    let names = NAMES.iter().filter_map(|name| entry.get(*name)?.as_str());
    let found: Vec<String> = names.map(str::to_owned).collect();
    if found.is_empty() { vec![String::new()] } else { found }
}
