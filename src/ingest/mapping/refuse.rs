//! Refusals of the mapping, each with the flag that gets further.

use super::{How, Role};
use crate::error::Problem;
use crate::ingest::profile::{Column, Profile};

/// The header text in quotes for a message: controls escaped, long ones cut.
pub(super) fn shown(name: &str) -> String {
    let mut text = String::from("`");
    for letter in name.chars().take(60) {
        if letter.is_control()
            || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        {
            text.extend(letter.escape_unicode());
        } else {
            text.push(letter);
        }
    }
    if name.chars().count() > 60 {
        text.push('…');
    }
    text.push('`');
    text
}

/// The flag with the column as a shell takes it: bare, quoted, or by position where its name is unfit.
pub(super) fn flag_for(role: Role, column: &Column, profile: &Profile) -> String {
    let name = column.name.as_str();
    let doubled = profile.columns.iter().filter(|other| other.name == name).count() > 1;
    let unfit = name.is_empty()
        || doubled
        || name.chars().any(char::is_control)
        || name.contains(['"', '\'', '`', '$', '\\', '!']);
    let value = if unfit || name.chars().count() > 60 {
        format!("\"#{}\"", column.index + 1)
    } else if name.chars().all(|letter| letter.is_alphanumeric() || matches!(letter, '_' | '.' | ':' | '-'))
        && !name.starts_with('-')
    {
        name.to_owned()
    } else {
        format!("\"{name}\"")
    };
    format!("{} {value}", role.flag())
}

/// Refuses because no column is recognisable; `near` are the columns worth a try.
pub(super) fn none(role: Role, why: &str, near: &[&Column], profile: &Profile, file: &str) -> Problem {
    let problem = Problem::input(format!("no {} column recognised", role.as_str())).in_file(file).note(why);
    if near.is_empty() {
        let names: Vec<String> = profile.columns.iter().take(12).map(|column| shown(&column.name)).collect();
        return problem.hint(format!("name it with `{} COLUMN`; the columns are {}", role.flag(), names.join(", ")));
    }
    problem.hint(format!("add {}", either(role, near, profile)))
}

/// Refuses because several columns are equally good.
pub(super) fn several(role: Role, evidence: &str, equal: &[&Column], profile: &Profile, file: &str) -> Problem {
    let names: Vec<String> = equal.iter().map(|column| shown(&column.name)).collect();
    Problem::input(format!(
        "{} columns could be the {}: {}",
        count_word(equal.len()),
        role.as_str(),
        names.join(" and ")
    ))
    .in_file(file)
    .note(evidence)
    .hint(format!("add {}", either(role, equal, profile)))
}

fn either(role: Role, columns: &[&Column], profile: &Profile) -> String {
    let flags: Vec<String> = columns.iter().map(|column| format!("`{}`", flag_for(role, column, profile))).collect();
    flags.join(" or ")
}

fn count_word(count: usize) -> String {
    match count {
        2 => "two".to_owned(),
        3 => "three".to_owned(),
        more => more.to_string(),
    }
}

/// Finds the column a flag or the configuration names: by text, else by `#position`, else by folded text.
pub(super) fn resolve(profile: &Profile, wanted: &str, role: Role, how: How, file: &str) -> Result<usize, Problem> {
    let exact: Vec<usize> = profile.columns.iter().filter(|column| column.name == wanted).map(|c| c.index).collect();
    match exact.as_slice() {
        [one] => return Ok(*one),
        [first, second, ..] => {
            let message = format!("column {} of {} is in the header twice", shown(wanted), role.as_str());
            let hint = format!("give its position: `#{}` or `#{}`", first + 1, second + 1);
            return Err(Problem::usage(message)
                .in_file(file)
                .note(format!("positions {} and {}", first + 1, second + 1))
                .hint(hint));
        }
        [] => {}
    }
    let position = wanted.strip_prefix('#').and_then(|digits| digits.parse::<usize>().ok());
    if let Some(position) = position.filter(|position| (1..=profile.columns.len()).contains(position)) {
        return Ok(position - 1);
    }
    let trimmed: Vec<usize> =
        profile.columns.iter().filter(|c| c.name.trim().eq_ignore_ascii_case(wanted.trim())).map(|c| c.index).collect();
    if let [one] = trimmed.as_slice() {
        return Ok(*one);
    }
    let place = match how {
        How::Flag => role.flag(),
        How::Config | How::Guess => format!("the configuration ({})", role.as_str()),
    };
    let problem =
        Problem::usage(format!("{place} names column {}, which is not in the header", shown(wanted))).in_file(file);
    let near = crate::config::nearest(wanted, profile.columns.iter().map(|column| column.name.as_str()));
    if let Some(column) = near.and_then(|name| profile.columns.iter().find(|column| column.name == name)) {
        return Err(problem.hint(format!("did you mean `{}`?", flag_for(role, column, profile))));
    }
    let names: Vec<String> = profile.columns.iter().take(12).map(|column| shown(&column.name)).collect();
    Err(problem.hint(format!("the columns are {}", names.join(", "))))
}
