//! Turns an error of the TOML reader into a problem with a line and a hint.

use crate::error::Problem;

/// Letters of the shortest part of a name that tells which name is meant.
const LEAST_HALF: usize = 4;

/// The key under which the reader of TOML hands on a date.
const TOML_DATE: &str = "$__toml_private_datetime";

/// Stands between message and hint where a problem of ours goes through the reader of TOML, which knows of no hints.
const HINT: char = '\u{1f}';

/// A problem as the message of an error of the reader, so that [`problem`] finds its hint again.
pub(super) fn carried(problem: &Problem) -> String {
    format!("{}{HINT}{}", problem.message(), problem.hints().first().map_or("", String::as_str))
}

/// The problem a person can act on.
pub(super) fn problem(error: &toml::de::Error, text: &str, file: &str) -> Problem {
    let message = error.message().replace('\n', ", ");
    let line = error.span().map(|span| line_of(text, span.start));
    let unknown = message.strip_prefix("unknown field `").and_then(|rest| rest.split_once('`'));
    let problem = match unknown {
        Some((key, rest)) if key != TOML_DATE => {
            let known: Vec<&str> = rest.split('`').skip(1).step_by(2).collect();
            let problem = Problem::usage(format!("unknown key `{key}`"));
            match nearest(key, known.iter().copied()) {
                Some(near) => problem.hint(format!("did you mean `{near}`?")),
                None => problem.hint(format!("the keys here are {}", known.join(", "))),
            }
        }
        // The reader of TOML hands a date on as a table with a key of its own.
        Some(_) | None if message.contains(TOML_DATE) => {
            Problem::usage("a date without quotes").hint("put it in quotes, such as \"2024-12-24\"")
        }
        Some(_) | None => match message.split_once(HINT) {
            Some((message, hint)) => Problem::usage(message).hint(hint),
            None => Problem::usage(message.trim_end_matches('.')),
        },
    };
    let problem = problem.in_file(file);
    line.map_or(problem.clone(), |line| problem.at_line(line))
}

/// The line, from 1, of a place in a text.
pub(super) fn line_of(text: &str, offset: usize) -> u64 {
    let breaks = text.bytes().take(offset).filter(|byte| *byte == b'\n').count();
    u64::try_from(breaks).map_or(u64::MAX, |breaks| breaks + 1)
}

/// The known name that is only a slip away: at most a third of its letters differ.
#[must_use]
pub fn nearest<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let folded = name.to_lowercase();
    let scored = known.map(|known| {
        let other = known.to_lowercase();
        let edits = distance(&folded, &other);
        // Half a name, such as `zone` for `timezone`, is nearer than another short one.
        let half = folded.len().min(other.len()) >= LEAST_HALF && (other.contains(&folded) || folded.contains(&other));
        (if half { edits.min(1) } else { edits }, edits, known)
    });
    let (steps, _, best) = scored.min_by_key(|(steps, edits, _)| (*steps, *edits))?;
    (steps <= name.chars().count().max(best.chars().count()).div_ceil(3)).then_some(best)
}

/// Edits between two texts, a swap of neighbours counting as two.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}
