//! What the name of a state says, asked in the order of surest evidence.
//!
//! Whole names, then ends, then waits with their target, then phrases anywhere.

use super::Class;
use crate::states::act_terms::VERBS;
use crate::states::terms::{self, wait_word};
use crate::words::Words;

/// What the other states of the log say about ambiguous ones.
#[derive(Clone, Copy)]
pub(super) struct Company {
    /// Some state says that work has begun.
    has_work: bool,
    /// Open, Pending and Solved together: the fixed states of Zendesk, where Pending waits on the requester.
    is_zendesk: bool,
}

impl Company {
    /// Looks at all states of the log.
    pub(super) fn of(names: &[Words]) -> Self {
        const WORK: &[&str] = &["accepted", "escalated", "draft", "committed"];
        let any = |phrase: &str| names.iter().any(|words| words.is(phrase));
        let works = |words: &Words| {
            let waits = wait_word(words).is_some() || words.first_of(terms::READY).is_some();
            !waits && words.first_of(terms::ACTIVE).is_some_and(|phrase| !WORK.contains(&phrase))
        };
        Company { has_work: names.iter().any(works), is_zendesk: any("pending") && any("solved") && any("open") }
    }
}

/// What a name says.
pub(super) enum Say {
    /// The class, and the phrase.
    Class(Class, String),
    /// The first class where it ends cases, else the second; the first too where nothing is counted if `bare`.
    IfItEnds { end: Class, else_: Class, phrase: &'static str, bare: bool },
    /// A task, by its verb: work, unless it ends cases.
    Task(String),
    /// Nothing.
    Nothing,
}

/// Asks the name.
pub(super) fn by_name(words: &Words, company: Company) -> Say {
    if let Some(say) = whole(words, company) {
        return say;
    }
    if let Some(say) = decides(words) {
        return say;
    }
    if let Some(phrase) = words.first_of(terms::CANCELLED) {
        return said(Class::Cancelled, phrase);
    }
    let leads = terms::DONE.iter().find(|phrase| words.starts(phrase) && words.count() > 1 && !acts_on_part(words));
    let ends = wait_word(words).is_some() || closes_the_case(words) || words.count() == 2;
    if let Some(phrase) = leads.filter(|_| ends) {
        return said(Class::Done, phrase);
    }
    if let Some(verb) = words.first_of(terms::END_VERBS).filter(|_| words.first_of(terms::CASE_OBJECTS).is_some()) {
        return said(Class::Done, verb);
    }
    if let Some(say) = needs(words) {
        return say;
    }
    parts(words, company)
}

/// Whole names, the surest evidence; ambiguous ones look at their company.
fn whole(words: &Words, company: Company) -> Option<Say> {
    let is = |phrases: &[&'static str]| phrases.iter().copied().find(|phrase| words.is(phrase));
    if company.is_zendesk {
        match words.text() {
            "pending" => {
                return Some(Say::Class(
                    Class::WaitingRequester,
                    "Pending beside Open and Solved waits on the requester".to_owned(),
                ));
            }
            "hold" | "on hold" => {
                return Some(Say::Class(
                    Class::WaitingExternal,
                    "On-hold beside Open and Solved waits on a third party".to_owned(),
                ));
            }
            _ => {}
        }
    }
    if let Some(phrase) = is(terms::OPEN).or_else(|| is(terms::ASSIGNED)) {
        return Some(taken_or_not(phrase, company));
    }
    if let Some(phrase) = is(terms::REJECTED) {
        return Some(Say::IfItEnds { end: Class::Cancelled, else_: Class::WaitingRequester, phrase, bare: true });
    }
    if let Some(phrase) = is(terms::ORDERED) {
        return Some(Say::IfItEnds { end: Class::Done, else_: Class::WaitingExternal, phrase, bare: false });
    }
    if let Some(phrase) = is(terms::APPROVED) {
        return Some(Say::IfItEnds { end: Class::Done, else_: Class::Queue, phrase, bare: false });
    }
    let classes = [
        (terms::CANCELLED, Class::Cancelled),
        (terms::NEEDS_INFO, Class::WaitingRequester),
        (terms::IN_APPROVAL, Class::Approval),
        (terms::QUEUE, Class::Queue),
        (terms::ACTIVE, Class::Active),
        (terms::REVIEW, Class::Review),
        (terms::BLOCKED, Class::Blocked),
    ];
    if let Some(phrase) = is(terms::DONE) {
        return Some(said(Class::Done, phrase));
    }
    classes.into_iter().find_map(|(phrases, class)| is(phrases).map(|phrase| said(class, phrase)))
}

/// Open and assigned mean work, unless another state says that work has begun.
fn taken_or_not(phrase: &'static str, company: Company) -> Say {
    if company.has_work {
        Say::Class(Class::Queue, format!("named `{phrase}` beside a state of work"))
    } else {
        Say::Class(Class::Active, format!("named `{phrase}` and no other state means work"))
    }
}

/// `Approve offer`, `Reject application`: acts of deciding, and ends where they end cases.
fn decides(words: &Words) -> Option<Say> {
    const GRANT: &[&str] = &["approve", "authorize", "authorise", "grant"];
    const REFUSE: &[&str] = &["reject", "decline", "deny", "refuse"];
    let first = |verbs: &[&'static str]| verbs.iter().copied().find(|verb| words.starts(verb));
    let (phrase, end) = match (first(GRANT), first(REFUSE)) {
        (Some(verb), _) => (verb, Class::Done),
        (None, Some(verb)) => (verb, Class::Cancelled),
        (None, None) => return None,
    };
    Some(Say::IfItEnds { end, else_: Class::Approval, phrase, bare: false })
}

/// Waiting, with its target; and the names that need no word for waiting.
fn needs(words: &Words) -> Option<Say> {
    if let Some(ready) = words.first_of(terms::READY) {
        return Some(said(Class::Queue, ready));
    }
    if let Some(phrase) = words.first_of(terms::QUEUE).filter(|phrase| phrase.contains(' ') && phrase.is_ascii()) {
        return Some(said(Class::Queue, phrase));
    }
    let wait = wait_word(words);
    if let Some(wait) = wait {
        let (class, target) = target_of(words);
        let why = target.map_or_else(
            || format!("named `{wait}`; on whom is not said"),
            |target| format!("named `{wait}` and `{target}`"),
        );
        return Some(Say::Class(class, why));
    }
    words.first_of(terms::NEEDS_INFO).map(|phrase| said(Class::WaitingRequester, phrase))
}

fn target_of(words: &Words) -> (Class, Option<&'static str>) {
    const TARGETS: [(&[&str], Class); 8] = [
        (&["user acceptance", "uat", "acceptance test"], Class::Review),
        (terms::REQUESTER, Class::WaitingRequester),
        (terms::EXTERNAL, Class::WaitingExternal),
        (terms::APPROVAL, Class::Approval),
        (terms::DEPENDENCY, Class::Blocked),
        (terms::ASKED_FOR, Class::WaitingRequester),
        (terms::US, Class::Queue),
        (terms::REVIEW, Class::Review),
    ];
    for (phrases, class) in TARGETS {
        if let Some(target) = words.first_of(phrases) {
            // support's answer is ours to give
            let ours = if class == Class::WaitingRequester {
                words.first_of(&["support", "agent", "internal team"])
            } else {
                None
            };
            return match ours.filter(|_| terms::ASKED_FOR.contains(&target)) {
                Some(us) => (Class::Queue, Some(us)),
                None => (class, Some(target)),
            };
        }
    }
    (Class::Blocked, None)
}

/// Phrases anywhere in a longer name.
fn parts(words: &Words, company: Company) -> Say {
    if let Some(phrase) = words.first_of(terms::BLOCKED) {
        return said(Class::Blocked, phrase);
    }
    if let Some(phrase) = words.first_of(terms::REJECTED) {
        return Say::IfItEnds { end: Class::Cancelled, else_: Class::WaitingRequester, phrase, bare: true };
    }
    if let Some(phrase) = words.first_of(terms::APPROVED) {
        return Say::IfItEnds { end: Class::Done, else_: Class::Queue, phrase, bare: false };
    }
    if words
        .first_of(&["not done", "not resolved", "not completed", "not solved", "unresolved", "nicht gelost"])
        .is_some()
    {
        return said(Class::Active, "not done");
    }
    let finished = words.first_of(terms::DONE);
    if let Some(phrase) = finished {
        return Say::IfItEnds { end: Class::Done, else_: Class::Queue, phrase, bare: closes_the_case(words) };
    }
    let classes: [(&[&'static str], Class); 5] = [
        (terms::IN_APPROVAL, Class::Approval),
        (terms::APPROVAL, Class::Approval),
        (terms::ACTIVE, Class::Active),
        (terms::REVIEW, Class::Review),
        (terms::QUEUE, Class::Queue),
    ];
    for (phrases, class) in classes {
        // Accepted/Assigned: accepted says less than assigned
        let says_more = |phrase: &&str| *phrase != "accepted" || words.first_of(terms::ASSIGNED).is_none();
        if let Some(phrase) = words.first_of(phrases).filter(says_more) {
            return said(class, phrase);
        }
    }
    match words.first_of(terms::ASSIGNED).or_else(|| words.first_of(terms::OPEN)) {
        Some(phrase) => taken_or_not(phrase, company),
        None => match words
            .each()
            .find(|word| !word.bytes().any(|byte| byte.is_ascii_digit()))
            .filter(|first| VERBS.contains(first))
        {
            Some(verb) => Say::Task(verb.to_owned()),
            None => Say::Nothing,
        },
    }
}

/// `Complete form`, `Close gap`: an end word that takes some other object.
fn acts_on_part(words: &Words) -> bool {
    let verb = ["complete", "close", "verified", "end"].iter().any(|verb| words.starts(verb));
    verb && words.first_of(terms::CASE_OBJECTS).is_none() && !closes_the_case(words)
}

/// Words that follow an end word without changing it: `Closed by requester`, `Resolved (workaround)`.
fn closes_the_case(words: &Words) -> bool {
    const CLOSING: &[&str] = &[
        "closed",
        "resolved",
        "solved",
        "completed",
        "geschlossen",
        "gelost",
        "erledigt",
        "resolu",
        "clos",
        "resuelto",
        "cerrado",
        "risolto",
        "chiuso",
        "opgelost",
        "gesloten",
        "resolvido",
        "fechado",
        "encerrado",
        "クローズ",
    ];
    CLOSING.iter().any(|phrase| words.starts(phrase))
}

fn said(class: Class, phrase: &str) -> Say {
    Say::Class(class, format!("named `{phrase}`"))
}
