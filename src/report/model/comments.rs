//! What was understood of comments.

use std::collections::BTreeMap;

use serde::Serialize;

/// The comments of a log and what they are for.
#[derive(Clone, Debug, Serialize)]
pub struct CommentsFound {
    /// Events with a comment.
    pub comments: u64,
    /// Whether chases, updates and the like are counted from them.
    pub read: bool,
    /// Comments without a word of a language that is known.
    pub unknown_language: u64,
    /// Languages that are on or occur, by comments, falling.
    pub languages: Vec<CommentLanguage>,
    /// What tells who wrote: `column of parts`, `column of requesters`, `who opens cases`; null where none is read.
    pub writers_told_by: Option<&'static str>,
    /// Comments by what they are for; a comment may have several marks. Null where none is read.
    pub marks: Option<BTreeMap<String, u64>>,
}

/// One language.
#[derive(Clone, Debug, Serialize)]
pub struct CommentLanguage {
    /// ISO 639-1 code, or the name of a lexicon of the configuration.
    pub language: String,
    /// Comments that most of its words are in.
    pub comments: u64,
    /// Whether its comments are read.
    pub enabled: bool,
    /// Share of what is taken for chases that are some, on labelled comments held apart; null where not measured.
    pub precision: Option<f64>,
    /// Share of chases that are found, on the same; null where not measured.
    pub recall: Option<f64>,
}
