//! What was understood of comments: languages with how well they are recognised, and what comments are for.

use super::one_case::language_name;
use crate::report::format::{count, decimal, plural};
use crate::report::model::{CommentLanguage, CommentsFound, Findings};
use crate::report::page::{Grid, Page};
use crate::report::visible::plain;

/// Draws it where the log has comments.
pub(super) fn comments(page: &mut Page, findings: &Findings) {
    let Some(found) = findings.comments.as_ref().filter(|found| found.comments > 0) else { return };
    page.heading("comments", "What comments are for");
    if let Some(marks) = &found.marks {
        let mut marks: Vec<(&String, u64)> = marks.iter().map(|(name, count)| (name, *count)).collect();
        marks.retain(|(_, count)| *count > 0);
        marks.sort_by_key(|(name, count)| (std::cmp::Reverse(*count), *name));
        let marks: Vec<String> =
            marks.iter().map(|(name, marked)| format!("{} {}", count(*marked), plain(name))).collect();
        page.say(&format!(
            "{}: {}. A comment may be for several things; {}. `wcaf case` says why each one counts.",
            plural(found.comments, "comment", "comments"),
            if marks.is_empty() { "none is for anything that is known".to_owned() } else { marks.join(", ") },
            told_by(found)
        ));
    } else {
        let why = page.because("/comments/marks");
        page.say(&format!("{} not read{why}.", plural(found.comments, "comment is", "comments are")));
    }
    if found.languages.is_empty() {
        page.end_notes();
        return;
    }
    page.blank();
    let mut grid = Grid::new().text("Language").number("Comments").text("Read").number("Precision").number("Recall");
    let share = |share: Option<f64>| share.map_or_else(|| "–".to_owned(), |share| decimal(share, 2));
    for CommentLanguage { language, comments, enabled, precision, recall } in &found.languages {
        let on = if *enabled { "yes" } else { "no, off" };
        grid.row([plain(language_name(language)), count(*comments), on.to_owned(), share(*precision), share(*recall)]);
    }
    if found.unknown_language > 0 {
        let none = || "–".to_owned();
        grid.row(["unknown".to_owned(), count(found.unknown_language), none(), none(), none()]);
    }
    page.grid(grid);
    page.end_notes();
    page.faint("Precision and recall are those of chases in labelled comments of others; a language below 0.85 or 0.70 is off unless `[comments] languages` names it.");
}

fn told_by(found: &CommentsFound) -> &'static str {
    match found.writers_told_by {
        Some("column of parts") => "a column says on which side their writers stand",
        Some("column of requesters") => "who asks in some case and owns none stands outside the team",
        _ => "who mostly opens cases that others work on stands outside the team",
    }
}
