//! What was understood of comments: in which languages they are, which of these are read, and what was found.
//!
//! Counting of marks is done by the sweep; the words of the report belong to `report`.

use super::Reasons;
use super::measure::Measured;
use crate::comments::lexicon::chases_measured;
use crate::comments::{Heard, Marks};
use crate::counts::{count, counted};
use crate::ingest::comments::Words;
use crate::log::EventLog;
use crate::report::model::{CommentLanguage, CommentsFound};
use crate::states::Voices;

/// Share of comments in languages that are off from which on it is said, in percent.
const MUCH_OFF: u64 = 10;

/// Share of comments without a known word from which on it is said, in percent: short ones often have none.
const MUCH_UNKNOWN: u64 = 50;

/// The comments of a log by language.
#[derive(Clone, Debug, Default)]
pub struct Heardable {
    /// Events with a comment.
    pub comments: u64,
    /// Of these, those in no language that is known.
    pub unknown: u64,
    /// By language: its code, whether it is on, and comments in it.
    pub languages: Vec<(String, bool, u64)>,
}

impl Heardable {
    /// Counts the comments of a log; `None` without a comment column.
    #[must_use]
    pub fn of(log: &EventLog, words: Option<&Words>) -> Option<Heardable> {
        let marks = log.marks.as_ref()?;
        let known = words.iter().flat_map(|words| words.recogniser.languages());
        let languages = known.map(|(language, on)| (language.to_owned(), on, 0)).collect();
        let mut found = Heardable { languages, ..Heardable::default() };
        for heard in marks.iter().map(|&bits| Heard::from_bits(bits)).filter(|heard| heard.is_comment()) {
            found.comments += 1;
            match heard.language().and_then(|language| found.languages.get_mut(language)) {
                Some((_, _, comments)) => *comments += 1,
                None => found.unknown += 1,
            }
        }
        Some(found)
    }

    fn sum(&self, on: bool) -> u64 {
        self.languages.iter().filter(|language| language.1 == on).map(|language| language.2).sum()
    }

    /// Whether comments can be counted by what they are for: most of those in a known language are in one that is on.
    #[must_use]
    pub fn is_read(&self) -> bool {
        let on = self.sum(true);
        on > 0 && on >= self.sum(false)
    }
}

/// What was found; nothing without a comment column.
pub fn found(measured: &Measured, unknown: &mut Reasons) -> Option<CommentsFound> {
    let Some(heardable) = &measured.comments else {
        unknown.add("/comments", "no_comments", "no column of the log holds comments");
        return None;
    };
    let voices = measured.semantics.voices.as_ref();
    let tally = &measured.swept.touches.marks;
    let marks = Marks::NAMED.iter().zip(tally).map(|((name, _), count)| ((*name).to_owned(), *count));
    if voices.is_none() {
        unknown.add("/comments/marks", "comments_unread", why_unread(measured));
    }
    let mut languages: Vec<CommentLanguage> = heardable
        .languages
        .iter()
        .filter(|(_, on, comments)| *on || *comments > 0)
        .map(|(language, on, comments)| {
            let measured = chases_measured(language);
            CommentLanguage {
                language: language.clone(),
                comments: *comments,
                enabled: *on,
                precision: measured.and_then(|measured| super::share(measured.0.into(), measured.1.into())),
                recall: measured.and_then(|measured| super::share(measured.0.into(), measured.2.into())),
            }
        })
        .collect();
    languages.sort_by(|a, b| b.comments.cmp(&a.comments).then_with(|| a.language.cmp(&b.language)));
    Some(CommentsFound {
        comments: heardable.comments,
        read: voices.is_some(),
        unknown_language: heardable.unknown,
        languages,
        writers_told_by: voices.map(Voices::told_by),
        marks: voices.map(|_| marks.collect()),
    })
}

/// Why nothing is known of what comments are for.
pub fn why_unread(measured: &Measured) -> String {
    let Some(heardable) = &measured.comments else { return "the log has no comments".to_owned() };
    if measured.log.actor.is_none() {
        return "no column says who wrote the comments".to_owned();
    }
    if heardable.languages.is_empty() {
        return "`[comments] languages` is empty, so no comment is read".to_owned();
    }
    if heardable.comments == 0 {
        return "the column of comments is empty".to_owned();
    }
    match most_off(heardable) {
        Some((language, comments)) => format!(
            "{} of {} are in languages that are off, most of them in `{language}`; \
             `[comments] languages = [\"{language}\"]` in wcaf.toml reads them",
            count(comments),
            counted(heardable.comments, "comment", "comments")
        ),
        None => format!(
            "none of {} is in a language whose words are known",
            counted(heardable.comments, "comment", "comments")
        ),
    }
}

/// The language that is off and most used, with the comments in all that are off.
fn most_off(heardable: &Heardable) -> Option<(&str, u64)> {
    let off = heardable.languages.iter().filter(|(_, on, comments)| !on && *comments > 0);
    let most = off.max_by_key(|(_, _, comments)| *comments)?;
    Some((&most.0, heardable.sum(false)))
}

/// What to say, and to advise, of comments that are not read.
pub fn unread(measured: &Measured) -> Vec<(String, String)> {
    let Some(heardable) = measured.comments.as_ref().filter(|heardable| heardable.comments > 0) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    let mut warn = |message: String, hint: String| found.push((message, hint));
    let much = |part: u64, least: u64| part * 100 >= heardable.comments * least;
    if measured.semantics.voices.is_none() && heardable.languages.is_empty() {
        warn(
            "comments are not read: `[comments] languages` is empty".to_owned(),
            "write e.g. `[comments]` with `languages = [\"en\"]` into wcaf.toml".to_owned(),
        );
    } else if let Some((language, comments)) = most_off(heardable).filter(|(_, comments)| much(*comments, MUCH_OFF)) {
        let on = heardable.languages.iter().filter(|(_, on, _)| *on).map(|(name, _, _)| name.as_str());
        let all: Vec<String> = on.chain([language]).map(|name| format!("\"{name}\"")).collect();
        warn(
            format!(
                "{} of {} are in languages that are off, most of them in `{language}`: chases and updates in them are not counted",
                count(comments),
                counted(heardable.comments, "comment", "comments")
            ),
            format!(
                "to count them as well as they are recognised, write `[comments]` with `languages = [{}]` into wcaf.toml",
                all.join(", ")
            ),
        );
    }
    if !heardable.languages.is_empty() && much(heardable.unknown, MUCH_UNKNOWN) {
        warn(
            format!(
                "{} of {} have no word of a language that is known",
                count(heardable.unknown),
                counted(heardable.comments, "comment", "comments")
            ),
            "add phrases of yours with `[comments.lexicon.LANGUAGE]` and e.g. `chase = [\"any news\"]` in wcaf.toml"
                .to_owned(),
        );
    }
    found
}
