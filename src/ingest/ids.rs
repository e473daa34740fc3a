//! How the case ids of several files are written: `741005.0` in one and `741005` in another are two cases.
//!
//! It looks at the rows that the guesses rest on, and changes nothing.

use super::mapping::Note;
use crate::log::text::shown;

/// How the case ids of one file are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// All are whole numbers with `.0` behind; the first of them.
    PointZero(String),
    /// All are whole numbers.
    Whole,
    /// There are none, or others.
    Other,
}

impl Form {
    /// The form that all ids have; empty ones have none.
    pub fn of<'t>(ids: impl Iterator<Item = &'t str>) -> Form {
        let mut found: Option<Form> = None;
        for id in ids.map(str::trim).filter(|id| !id.is_empty()) {
            let form = Form::of_one(id);
            match &found {
                _ if form == Form::Other => return Form::Other,
                None => found = Some(form),
                Some(Form::PointZero(_)) if matches!(form, Form::PointZero(_)) => {}
                Some(Form::Whole) if form == Form::Whole => {}
                Some(_) => return Form::Other,
            }
        }
        found.unwrap_or(Form::Other)
    }

    fn of_one(id: &str) -> Form {
        let is_whole = |digits: &str| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        match id.split_once('.') {
            Some((whole, "0")) if is_whole(whole) => Form::PointZero(id.to_owned()),
            None if is_whole(id) => Form::Whole,
            Some(_) | None => Form::Other,
        }
    }
}

/// What the person should know where one file writes `.0` behind its ids and another does not; `files` are their names.
#[must_use]
pub fn note(files: &[(&str, &Form)]) -> Option<Note> {
    let (with, id) = files.iter().find_map(|(name, form)| match form {
        Form::PointZero(id) => Some((name, id)),
        Form::Whole | Form::Other => None,
    })?;
    let (without, _) = files.iter().find(|(_, form)| **form == Form::Whole)?;
    let bare = id.trim_end_matches(".0");
    Some(Note {
        message: format!(
            "`{}` writes the case ids as `{}`, `{}` as `{}`: they are different cases",
            shown(with),
            shown(id),
            shown(without),
            shown(bare)
        ),
        hint: format!("export the ids of `{}` as whole numbers or texts, without `.0`", shown(with)),
    })
}

#[cfg(test)]
mod tests {
    use super::{Form, note};

    #[test]
    fn a_form_is_that_of_all_ids() {
        let of = |ids: &[&str]| Form::of(ids.iter().copied());
        assert_eq!(of(&["741005.0", "", "741006.0"]), Form::PointZero("741005.0".to_owned()));
        assert_eq!(of(&["741005", "00123"]), Form::Whole);
        for other in [&["741005.0", "741006"][..], &["741005", "741006.0"], &["A.0"], &[".0"], &["1.00"], &["1.5"], &[]]
        {
            assert_eq!(of(other), Form::Other, "{other:?}");
        }
    }

    #[test]
    fn two_forms_are_told() {
        let (float, whole) = (Form::PointZero("7.0".to_owned()), Form::Whole);
        let told = note(&[("a.csv", &whole), ("b.csv", &float)]).unwrap().message;
        assert_eq!(told, "`b.csv` writes the case ids as `7.0`, `a.csv` as `7`: they are different cases");
        assert_eq!(note(&[("b.csv", &float), ("c.csv", &Form::Other)]), None);
        assert_eq!(note(&[("b.csv", &float), ("c.csv", &float)]), None);
    }
}
