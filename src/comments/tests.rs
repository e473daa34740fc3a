//! Recognisers against small examples, behaviour against plain loops.

use super::behaviour::{SAME_MESSAGE_MS, Said, behaviour};
use super::lexicon::{Lexicon, Side, on_by_default};
use super::{Context, Marks, Recogniser, Scratch, Visibility, Writer};

fn recogniser(lexicon: &str) -> Recogniser {
    Recogniser::new(&[Lexicon::parse(lexicon, "test.toml").unwrap()]).unwrap()
}

fn names(recogniser: &Recogniser, text: &str, context: Context) -> String {
    recogniser.marks(text, context, &mut Scratch::default()).names().collect::<Vec<_>>().join(" ")
}

fn by(writer: Writer, visibility: Visibility) -> Context {
    Context { writer, visibility, opens_case: false }
}

const SMALL: &str = r#"
language = "xx"
negations = ["no"]
closings = ["best regards"]

[[rule]]
id = "news"
mark = "chase"
phrases = ["any news", "when * ready", "escal-"]
unless = ["thanks for"]

[[rule]]
id = "sure"
mark = "request"
phrases = ["which one"]
question = true

[[rule]]
id = "nudge"
mark = "reminder"
phrases = ["nudge"]
writer = "team"
"#;

#[test]
fn phrases_match_at_borders_of_words_with_gaps_and_stems() {
    let small = recogniser(SMALL);
    let any = Context::default();
    for text in ["Any NEWS?", "x\nany\nnews", "When will all of it be ready", "we are escalating", "escal"] {
        assert_eq!(names(&small, text, any), "chase", "{text}");
    }
    for text in ["many news", "any newspaper", "when. ready", "ready when", "deescalate", "no news", "any, well. news"]
    {
        assert_eq!(names(&small, text, any), "", "{text}");
    }
    let far = format!("when {} ready", "x".repeat(60));
    assert_eq!(names(&small, &far, any), "", "a gap has an end");
}

#[test]
fn negations_guards_questions_and_writers_count() {
    let small = recogniser(SMALL);
    let any = Context::default();
    assert_eq!(names(&small, "there is no any news", any), "");
    assert_eq!(names(&small, "no. any news", any), "chase", "another sentence");
    assert_eq!(names(&small, "thanks for any news", any), "");
    assert_eq!(names(&small, "which one?", any), "request");
    assert_eq!(names(&small, "I know which one.", any), "");
    assert_eq!(names(&small, "nudge", by(Writer::Team, Visibility::Public)), "reminder");
    assert_eq!(names(&small, "nudge", any), "reminder", "nobody knows who wrote it");
    assert_eq!(names(&small, "nudge, please", by(Writer::Requester, Visibility::Private)), "");
    assert_eq!(names(&small, "any news", Context { opens_case: true, ..any }), "", "a description");
    assert_eq!(names(&small, "done\n> any news?\nBest regards\nany news", any), "");
}

#[test]
fn what_is_said_in_public_informs_and_a_question_of_the_team_asks() {
    let small = recogniser(SMALL);
    assert_eq!(names(&small, "It is red.", by(Writer::Team, Visibility::Public)), "update");
    assert_eq!(names(&small, "It is red.", by(Writer::Requester, Visibility::Public)), "reply");
    assert_eq!(names(&small, "Is it red?", by(Writer::Team, Visibility::Public)), "request");
    for (text, writer, visibility) in [
        ("It is red.", Writer::Team, Visibility::Private),
        ("It is red.", Writer::Team, Visibility::Unknown),
        ("It is red.", Writer::Unknown, Visibility::Public),
        ("Is it red?", Writer::Requester, Visibility::Public),
        (".", Writer::Team, Visibility::Public),
        ("", Writer::Team, Visibility::Public),
    ] {
        assert_eq!(names(&small, text, by(writer, visibility)), "", "{text:?} {writer:?} {visibility:?}");
    }
}

#[test]
fn every_mark_of_the_words_has_its_evidence() {
    let all = Recogniser::new(&Lexicon::built_in().unwrap()).unwrap();
    for (text, language, quoted) in [
        ("Straße – gibt es Neuigkeiten?", "de", "Neuigkeiten"),
        ("Hello, any update on this?", "en", "any update"),
        ("«Où en est» la migration ?", "fr", "Où en est"),
        ("移行はどこまで進んでいますか。", "ja", "どこまで進"),
    ] {
        let hits = all.explain(text, by(Writer::Requester, Visibility::Public));
        let hit = hits.iter().find(|hit| hit.mark == Marks::CHASE && &text[hit.at.clone()] == quoted);
        assert_eq!(hit.unwrap_or_else(|| panic!("{hits:?}")).language, language, "{text}");
    }
}

#[test]
fn any_text_is_read_without_a_panic_and_evidence_lies_inside() {
    let all = Recogniser::new(&Lexicon::built_in().unwrap()).unwrap();
    let parts =
        ["any update", "?", "。", "\n", ">", "--", "é", "進捗は", " ", "From: x\nSent: y", "ß", "．", "\u{301}", "no"];
    let mut seed = 7_u64;
    for _ in 0..3000 {
        let mut text = String::new();
        for _ in 0..next(&mut seed, 12) {
            text.push_str(parts[next(&mut seed, parts.len())]);
        }
        let context = by(Writer::Requester, Visibility::Public);
        let found = all.marks(&text, context, &mut Scratch::default());
        let hits = all.explain(&text, context);
        assert!(hits.iter().all(|hit| text.get(hit.at.clone()).is_some()), "{text:?} {hits:?}");
        assert_eq!(found.is_none(), hits.is_empty(), "{text:?} {hits:?}");
    }
}

#[test]
fn a_lexicon_that_is_wrong_is_refused_with_its_line() {
    let refusal = |text: &str| Lexicon::parse(text, "my.toml").unwrap_err().to_string();
    let rule = "language = \"xx\"\n[[rule]]\nid = \"a\"\n";
    let said = refusal(&format!("{rule}mark = \"chasing\"\nphrases = [\"a\"]"));
    assert!(
        said.contains("unknown mark \"chasing\"") && said.contains("my.toml:4") && said.contains("re-ping"),
        "{said}"
    );
    let said = refusal(&format!("{rule}mark = \"chase\"\nphrases = []"));
    assert!(said.contains("no phrases") && said.contains("my.toml:5"), "{said}");
    let said = refusal("language = \"xx\"\nwordz = []");
    assert!(said.contains("wordz") && said.contains("my.toml:2"), "{said}");
}

#[test]
fn the_built_in_lexicons_hold_phrases_and_only_good_ones_are_on() {
    let all = Lexicon::built_in().unwrap();
    assert_eq!(all.len(), 8);
    let on: Vec<String> = Lexicon::defaults().unwrap().into_iter().map(|lexicon| lexicon.language).collect();
    assert!(on.iter().all(|language| on_by_default(language)));
    assert!(!on_by_default("xx"));
    assert!(Side::Team.fits(Writer::Unknown) && !Side::Team.fits(Writer::Outside));
}

#[test]
fn behaviour_agrees_with_plain_loops() {
    let mut seed = 3_u64;
    let mut seen = [0; 3];
    for _ in 0..30_000 {
        let said: Vec<Said> =
            (0..next(&mut seed, 9)).scan(0, |at_ms, _| Some(random_comment(&mut seed, at_ms))).collect();
        for (place, marks) in behaviour(&said).into_iter().enumerate() {
            let expected = [again(&said, place), answers(&said, place), presses_again(&said, place)];
            let found = [Marks::RE_PING, Marks::REPLY, Marks::FOLLOW_UP].map(|mark| marks.has(mark));
            assert_eq!(found, expected, "{place} of {said:?}");
            (0..3).filter(|kind| expected[*kind]).for_each(|kind| seen[kind] += 1);
        }
    }
    assert!(seen.iter().all(|seen| *seen > 100), "{seen:?}");
}

/// A number below `below` from a small generator.
fn next(seed: &mut u64, below: usize) -> usize {
    *seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    usize::try_from(*seed >> 33).unwrap() % below.max(1)
}

fn random_comment(seed: &mut u64, at_ms: &mut i64) -> Said {
    *at_ms += [0, SAME_MESSAGE_MS / 2, SAME_MESSAGE_MS, SAME_MESSAGE_MS * 3][next(seed, 4)];
    let writer = [Writer::Requester, Writer::Outside, Writer::Team, Writer::Team, Writer::Unknown][next(seed, 5)];
    let marks = [Marks::NONE, Marks::NONE, Marks::CHASE, Marks::REQUEST, Marks::THANKS, Marks::REMINDER];
    Said {
        at_ms: *at_ms,
        author: u32::try_from(next(seed, 2)).unwrap() + if writer == Writer::Team { 10 } else { 0 },
        writer,
        visibility: [Visibility::Public, Visibility::Private, Visibility::Unknown][next(seed, 3)],
        automatic: next(seed, 8) == 0,
        state_changed: next(seed, 5) == 0,
        marks: marks[next(seed, marks.len())],
    }
}

fn from_outside(one: &Said) -> bool {
    !one.automatic && (one.writer == Writer::Requester || one.writer == Writer::Outside)
}

fn team_reply(one: &Said) -> bool {
    !one.automatic && one.writer == Writer::Team && one.visibility != Visibility::Private
}

fn team_note(one: &Said) -> bool {
    !one.automatic && one.writer == Writer::Team && one.visibility == Visibility::Private
}

/// The last comment of the same person from outside, with no reply of the team in between, and what this one adds.
fn again(said: &[Said], place: usize) -> bool {
    let one = said[place];
    let mut changed = one.state_changed;
    for other in said[..place].iter().rev() {
        if !from_outside(&one) || team_reply(other) {
            return false;
        }
        if from_outside(other) && other.author == one.author {
            let later = one.at_ms - other.at_ms > SAME_MESSAGE_MS;
            return one.marks == Marks::CHASE || (one.marks == Marks::NONE && later && !changed);
        }
        changed |= other.state_changed;
    }
    false
}

/// The team asked after the last comment from outside.
fn answers(said: &[Said], place: usize) -> bool {
    let one = said[place];
    let fits = from_outside(&one) && one.marks != Marks::CHASE && one.marks != Marks::THANKS;
    let since = said[..place].iter().rev().take_while(|other| !from_outside(other));
    let asked = |other: &Said| team_reply(other) && (other.marks == Marks::REQUEST || other.marks == Marks::REMINDER);
    fits && since.into_iter().any(asked)
}

/// The same member pressed before, and no other member wrote in private in between.
fn presses_again(said: &[Said], place: usize) -> bool {
    let presses = |one: &Said| one.marks == Marks::CHASE || one.marks == Marks::REMINDER;
    let one = said[place];
    let notes = said[..place].iter().rev().filter(|other| team_note(other));
    team_note(&one) && presses(&one) && notes.take_while(|other| other.author == one.author).any(presses)
}
