//! What comments are for, in plain loops: a table of a few texts says what their words mean for whom, the rest is who
//! wrote, who may read, and what happened before.
use super::cases::Case;
use super::{Options, Row};
use std::collections::{BTreeMap, BTreeSet};

pub type Marks = BTreeSet<&'static str>;

/// A text, its language, and what it is for: by the team in public, by others, by the team in private.
#[derive(Clone, Copy, Debug)]
pub struct Text {
    pub words: &'static str,
    pub language: &'static str,
    pub team: &'static [&'static str],
    pub others: &'static [&'static str],
    pub private: &'static [&'static str],
}

/// By the definitions of `docs/COMMENTS.md`.
pub const TEXTS: [Text; 9] = [
    Text { words: "Any news on this?", language: "en", team: &["chase"], others: &["chase"], private: &["chase"] },
    Text {
        words: "Thanks for that, noted",
        language: "en",
        team: &["thanks"],
        others: &["thanks"],
        private: &["thanks"],
    },
    Text {
        words: "Please send us the log file of the server",
        language: "en",
        team: &["request"],
        others: &["request"],
        private: &["request"],
    },
    Text {
        words: "This was escalated to second level",
        language: "en",
        team: &["escalation"],
        others: &["escalation"],
        private: &["escalation"],
    },
    // supplies information, or says how the matter stands, by who says it; a note among colleagues is neither
    Text { words: "The toner is in the printer", language: "en", team: &["update"], others: &["reply"], private: &[] },
    Text {
        words: "This is a gentle reminder",
        language: "en",
        team: &["reminder"],
        // who reminds the team chases
        others: &["reminder", "chase"],
        private: &["reminder"],
    },
    // only the team follows up; from others it is a statement like any other
    Text {
        words: "I chased the vendor for this",
        language: "en",
        team: &["follow-up"],
        others: &["reply"],
        private: &["follow-up"],
    },
    // German is off
    Text { words: "Gibt es schon Neuigkeiten zu dem Drucker?", language: "de", team: &[], others: &[], private: &[] },
    Text {
        words: "Wir warten noch auf die Teile von dem Lieferanten",
        language: "de",
        team: &[],
        others: &[],
        private: &[],
    },
];

/// A comment beside others of its case.
struct Said {
    event: usize,
    author: Option<String>,
    outside: bool,
    team: bool,
    private: bool,
    bot: bool,
    words: Marks,
}

fn known(row: &Row) -> Option<&'static Text> {
    TEXTS.iter().find(|text| row.text.as_deref() == Some(text.words))
}

/// Comments are read where most of those in a known language are in one that is on, and somebody is named as acting.
pub fn are_read(rows: &[Row], o: &Options) -> bool {
    let of = |language: &str| rows.iter().filter_map(known).filter(|text| text.language == language).count();
    o.has_actor && of("en") > 0 && of("en") >= of("de")
}

/// The marks of every event of every case, and what is written into the cases.
pub fn mark(cases: &mut [Case], rows: &[Row], o: &Options) {
    let sides = outside(cases, rows, o);
    let read = are_read(rows, o);
    for case in cases {
        case.said = if read { of_case(case, &sides, o) } else { vec![Marks::new(); case.n()] };
    }
}

/// Actors outside the team, where no row says that they asked.
fn outside(cases: &[Case], rows: &[Row], o: &Options) -> BTreeSet<String> {
    let owners: BTreeSet<&String> = rows.iter().filter_map(|row| row.assignee.as_ref()).collect();
    if o.has_caller {
        return rows.iter().filter_map(|row| row.caller.clone()).filter(|caller| !owners.contains(caller)).collect();
    }
    let mut balance: BTreeMap<&String, i64> = BTreeMap::new();
    for case in cases {
        let acting: BTreeSet<&String> =
            case.rows.iter().filter_map(|row| row.actor.as_ref()).filter(|actor| !o.bots.contains(*actor)).collect();
        for actor in &acting {
            let opened = case.rows[0].actor.as_ref() == Some(*actor);
            *balance.entry(actor).or_default() += match (opened, acting.len()) {
                (true, 1) => 0,
                (true, _) => 1,
                (false, _) => -1,
            };
        }
    }
    balance
        .into_iter()
        .filter(|(actor, sum)| *sum > 0 && !owners.contains(actor))
        .map(|(actor, _)| actor.clone())
        .collect()
}

fn of_case(case: &Case, sides: &BTreeSet<String>, o: &Options) -> Vec<Marks> {
    let mut out = vec![Marks::new(); case.n()];
    let mut said: Vec<Said> = Vec::new();
    let mut caller: Option<&String> = None;
    for i in 0..case.n() {
        let row = case.rows[i];
        caller = row.caller.as_ref().or(caller);
        let Some(text) = known(row).filter(|_| i > 0) else { continue };
        let author = row.actor.clone();
        let asked = author.is_some() && author.as_ref() == caller;
        let outside = asked || author.as_ref().is_some_and(|author| sides.contains(author));
        let team = author.is_some() && !outside;
        let private = row.public.as_deref() == Some("no");
        let bot = author.as_ref().is_some_and(|author| o.bots.contains(author));
        // of nobody nothing is known but the words themselves: no statement tells what it is for
        let by_nobody = |mark: &&&str| *mark != &"update";
        let words: Vec<&'static str> = match (outside, team, private) {
            (true, _, true) if text.others.contains(&"reply") => Vec::new(),
            (true, ..) => text.others.to_vec(),
            (false, _, true) => text.private.to_vec(),
            (false, true, false) => text.team.to_vec(),
            (false, false, false) => text.team.iter().filter(by_nobody).copied().collect(),
        };
        let words: Marks = if bot { Marks::new() } else { words.into_iter().collect() };
        said.push(Said { event: i, author, outside, team, private, bot, words });
    }
    for (place, one) in said.iter().enumerate() {
        let mut marks = one.words.clone();
        if again(case, &said, place) {
            marks.insert("re-ping");
        }
        if answers(&said, place) {
            marks.insert("reply");
        }
        if presses_again(&said, place) {
            marks.insert("follow-up");
        }
        out[one.event] = marks;
    }
    out
}

/// The same person from outside wrote before, the team has not replied in public since, and this one chases, or says
/// nothing that is known more than an hour later while the state stayed the same.
fn again(case: &Case, said: &[Said], place: usize) -> bool {
    let one = &said[place];
    if !one.outside || one.bot {
        return false;
    }
    for other in said[..place].iter().rev().filter(|other| !other.bot) {
        if other.team && !other.private {
            return false;
        }
        if other.outside && other.author == one.author {
            let later = case.time(one.event) - case.time(other.event) > 3_600_000;
            let moved = (other.event + 1..=one.event).any(|i| case.state_changes(i));
            return one.words.contains("chase") || one.words.is_empty() && later && !moved;
        }
    }
    false
}

/// The first from outside after the team asked in public, unless it presses or only thanks.
fn answers(said: &[Said], place: usize) -> bool {
    let one = &said[place];
    let presses = ["chase", "escalation"].iter().any(|mark| one.words.contains(mark));
    if !one.outside || one.bot || presses || one.words.contains("thanks") {
        return false;
    }
    let since = said[..place].iter().rev().filter(|other| !other.bot).take_while(|other| !other.outside);
    let mut asked = since.filter(|other| {
        other.team && !other.private && ["request", "reminder"].iter().any(|m| other.words.contains(m))
    });
    asked.next().is_some()
}

/// A member of the team presses in private again, and no other member wrote in private in between.
fn presses_again(said: &[Said], place: usize) -> bool {
    let presses = |one: &Said| ["chase", "reminder", "follow-up"].iter().any(|mark| one.words.contains(mark));
    let one = &said[place];
    if !one.team || !one.private || one.bot || !presses(one) {
        return false;
    }
    let mut notes = said[..place].iter().rev().filter(|other| other.team && other.private && !other.bot);
    notes.by_ref().take_while(|other| other.author == one.author).any(presses)
}

/// What findings say of comments.
pub fn findings(cases: &[Case], rows: &[Row], o: &Options) -> serde_json::Value {
    if !o.has_comments {
        return serde_json::Value::Null;
    }
    let of = |language: &str| rows.iter().filter_map(known).filter(|text| text.language == language).count();
    let read = are_read(rows, o);
    let names = ["chase", "re-ping", "follow-up", "request", "reply", "update", "reminder", "escalation", "thanks"];
    let count = |name: &str| cases.iter().flat_map(|case| &case.said).filter(|marks| marks.contains(name)).count();
    let marks: BTreeMap<&str, usize> = names.iter().map(|name| (*name, count(name))).collect();
    serde_json::json!({
        "comments": of("en") + of("de"),
        "read": read,
        "unknown_language": 0,
        "marks": read.then_some(marks),
    })
}
