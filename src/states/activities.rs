//! What an activity name says: a state entered or an act completed, a decision, a kind of communication.
//!
//! Names only. Where a log has a state column, only decisions and kinds are asked here.

use super::act_terms::{
    ASK, CHECK, DECISION_STEMS, ESCALATION_STEMS, IRREGULAR, NOT_YET, STILL_A_STATE, UPDATE, VERBS,
};
use super::terms;
use crate::words::Words;

/// What an activity value says in a log without a state column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ActivityMeans {
    /// The case enters a state of this name.
    Entry,
    /// An act of this name was completed.
    Completed,
}

impl ActivityMeans {
    /// The name used in configuration and outputs.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            ActivityMeans::Entry => "entry",
            ActivityMeans::Completed => "completed",
        }
    }
}

/// A kind of communication about a case.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EventKind {
    /// Somebody asks how far it is.
    StatusCheck,
    /// Somebody is told how far it is.
    StakeholderUpdate,
    /// Somebody is asked for something that is missing.
    InformationRequest,
    /// It is raised to a higher level.
    Escalation,
}

/// Whether a name says that something was not granted.
#[must_use]
pub fn is_refusal(value: &str) -> bool {
    let words = Words::new(value);
    words.first_of(terms::REJECTED).is_some()
        || ["reject", "decline", "deny", "refuse"].iter().any(|verb| words.starts(verb))
}

/// Guesses whether a value names a state or a completed act, with the reason.
#[must_use]
pub fn activity_means(value: &str, is_lifecycle_complete: bool) -> (ActivityMeans, String) {
    let words = Words::new(value);
    let task: Vec<&str> = words.each().skip_while(|word| is_code(word)).collect();
    let completed = |why: String| (ActivityMeans::Completed, why);
    let entry = |why: String| (ActivityMeans::Entry, why);
    let Some(first) = task.first() else { return completed("no words to tell".to_owned()) };
    if words.text().chars().any(is_cjk) {
        return match state_in_japanese(&words) {
            Some(mark) => entry(format!("`{mark}` names a state")),
            None => completed("reads as the name of an act".to_owned()),
        };
    }
    if words.has("by") && task.iter().any(|word| is_participle(word)) {
        return completed("a past participle with the one who did it".to_owned());
    }
    if VERBS.contains(first) && !(task.len() == 1 && *first == "issue") {
        return completed(format!("begins with the verb `{first}`"));
    }
    if let Some(phrase) = state_name(&words, &task) {
        return entry(format!("`{phrase}` names a state"));
    }
    if let Some(participle) = task.iter().find(|word| is_participle(word)) {
        return completed(format!("the past participle `{participle}` with its object"));
    }
    if is_lifecycle_complete {
        return completed("lifecycle complete and no name of a state".to_owned());
    }
    completed("reads as the name of a task".to_owned())
}

/// The phrase that makes the name a state's.
fn state_name(words: &Words, task: &[&str]) -> Option<String> {
    let lists = [
        terms::OPEN,
        terms::ASSIGNED,
        terms::REJECTED,
        terms::APPROVED,
        terms::DONE,
        terms::CANCELLED,
        terms::NEEDS_INFO,
        terms::IN_APPROVAL,
        terms::QUEUE,
        terms::ACTIVE,
        terms::BLOCKED,
    ];
    if let Some(phrase) = lists.iter().find_map(|list| list.iter().find(|phrase| words.is(phrase))) {
        return Some((*phrase).to_owned());
    }
    if let Some(phrase) = terms::wait_word(words).or_else(|| words.first_of(terms::READY)) {
        return Some(phrase.to_owned());
    }
    if task.iter().all(|word| is_participle(word)) {
        return Some(task.join(" "));
    }
    if let Some(check) = ["uat", "qa"].iter().find(|check| words.is(check)) {
        return Some((*check).to_owned());
    }
    let (first, rest) = task.split_first()?;
    let leads = [
        "in",
        "under",
        "on",
        "en",
        "em",
        "beim",
        "zur",
        "with",
        "not",
        "no",
        "a",
        "ter",
        "needs",
        "need",
        "partially",
        "partly",
        "fully",
        "temporarily",
        "already",
    ];
    if leads.contains(first) && !rest.is_empty() {
        return Some(format!("{first} …"));
    }
    if first.len() > 4 && first.ends_with("ing") && task.len() <= 3 {
        return Some((*first).to_owned());
    }
    let still = rest.first().is_none_or(|next| STILL_A_STATE.contains(next));
    (is_participle(first) && still).then(|| (*first).to_owned())
}

/// A leading code such as `T06`, `A1` or `07`.
fn is_code(word: &str) -> bool {
    word.len() <= 4 && word.bytes().any(|byte| byte.is_ascii_digit())
}

fn is_participle(word: &str) -> bool {
    const NOUNS: &[&str] = &[
        "need", "feed", "speed", "seed", "bed", "shed", "embed", "exceed", "proceed", "succeed", "unneed", "fed", "red",
    ];
    (word.len() >= 5 && word.ends_with("ed") && !NOUNS.contains(&word)) || IRREGULAR.contains(&word)
}

fn is_cjk(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}')
}

/// The mark by which a Japanese or Chinese name is a state's.
fn state_in_japanese(words: &Words) -> Option<&'static str> {
    const WHOLE: &[&str] = &[
        "新規",
        "完了",
        "クローズ",
        "終了",
        "解決",
        "オープン",
        "再オープン",
        "キャンセル",
        "却下",
        "取消",
        "保留",
        "新建",
        "完成",
    ];
    const ENDS: &[&str] = &["中", "待ち", "待", "保留", "済", "済み"];
    let whole = WHOLE.iter().find(|name| words.is(name));
    let end = || ENDS.iter().find(|mark| words.ends(mark));
    let start = || ["未"].iter().find(|mark| words.starts(mark));
    whole.or_else(end).or_else(start).copied()
}

/// True for an act that decides: it approves, rejects, grants or refuses something.
#[must_use]
pub fn is_decision(value: &str) -> bool {
    let words = Words::new(value);
    // `Request For Payment APPROVED by …` requests nothing: the participle is what was done
    let done = words.each().any(|word| {
        matches!(
            word,
            "approved" | "rejected" | "declined" | "authorized" | "authorised" | "denied" | "refused" | "granted"
        )
    });
    let told = words.each().next().is_some_and(|first| {
        matches!(first, "approve" | "reject" | "decline" | "authorize" | "authorise" | "deny" | "refuse" | "grant")
    });
    names_decision(&words)
        && ((done || told) && words.first_of(&["awaiting", "waiting", "pending", "to be"]).is_none()
            || words.first_of(NOT_YET).is_none())
}

/// True for an act that names a decision and does not take it: it asks for one, as `Declaration FOR_APPROVAL` does. The
/// time before it waits for nobody's decision yet.
#[must_use]
pub fn asks_for_decision(value: &str) -> bool {
    names_decision(&Words::new(value)) && !is_decision(value)
}

fn names_decision(words: &Words) -> bool {
    words.first_stem(DECISION_STEMS).is_some()
        || words.is("decision")
        || words.has("decide")
        || words.has("decision made")
        || words.has("sign off")
        || words.is("entscheidung")
}

/// The kind of communication a value names, if any.
#[must_use]
pub fn event_kind(value: &str) -> Option<EventKind> {
    let words = Words::new(value);
    if words.first_stem(ESCALATION_STEMS).is_some() {
        return Some(EventKind::Escalation);
    }
    let lists =
        [(CHECK, EventKind::StatusCheck), (ASK, EventKind::InformationRequest), (UPDATE, EventKind::StakeholderUpdate)];
    lists.into_iter().find(|(phrases, _)| words.first_of(phrases).is_some()).map(|(_, kind)| kind)
}

#[cfg(test)]
#[rustfmt::skip] // tables of names
mod tests;
