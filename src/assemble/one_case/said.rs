//! Why each comment of a case counts for what it does: the phrase of the lexicon, or what happened before.
//!
//! Comments are kept as they are for this case alone; the text itself is not shown.

use super::Measured;
use crate::comments::{Context, Heard, Marks};
use crate::ingest::IngestReport;
use crate::ingest::comments::{KeptText, Words};
use crate::log::Origin;
use crate::report::case::{EventFound, SaidFound};
use crate::states::CaseEvents;

/// Writes into the timeline of a case what its comments are for.
pub(super) fn explain(
    measured: &Measured,
    ingest: &IngestReport,
    events: &CaseEvents,
    case: usize,
    timeline: &mut [EventFound],
) {
    let (Some(voices), Some(words)) = (&measured.semantics.voices, &ingest.words) else { return };
    let log = &measured.log;
    let range = log.range(case);
    let (places, comments) = voices.said(log, case, events.changes, &measured.semantics.bots);
    for (place, one) in places.into_iter().zip(comments) {
        let context = Context { writer: one.writer, visibility: one.visibility, opens_case: false };
        let origin = log.origins.as_ref().map(|origins| origins[range.start + place]);
        let text = origin.and_then(|origin| text_of(&ingest.kept_comments, origin));
        let given = events.said.get(place).copied().unwrap_or_default();
        timeline[place].said = Marks::NAMED
            .iter()
            .filter(|(_, mark)| given.has(*mark))
            .map(|(name, mark)| why(words, text, context, name, *mark, one.marks.has(*mark)))
            .collect();
    }
}

fn text_of(kept: &[KeptText], origin: Origin) -> Option<&str> {
    let found = kept.iter().find(|kept| kept.source == origin.source() && kept.line == origin.line())?;
    Some(found.text.raw())
}

fn why(
    words: &Words,
    text: Option<&str>,
    context: Context,
    name: &'static str,
    mark: Marks,
    by_words: bool,
) -> SaidFound {
    let told = |why: &str| SaidFound { mark: name, phrase: None, language: None, why: why.to_owned() };
    if !by_words {
        return told(behaviour(mark));
    }
    let Some(text) = text else { return told("by its words, which are not kept") };
    if Heard::read(text, |_| None).is_some() {
        return told("by its words, when the log was converted");
    }
    let hits = words.recogniser.explain(text, context);
    // an update by somebody outside replies, a reminder by them chases: then another rule stands behind the mark
    let hit = hits.iter().find(|hit| hit.mark == mark).or_else(|| hits.iter().find(|hit| hit.mark != Marks::THANKS));
    match hit {
        Some(hit) if hit.phrase.is_empty() => told(hit.rule),
        Some(hit) => SaidFound {
            mark: name,
            phrase: Some(hit.phrase.to_owned()),
            language: Some(hit.language.to_owned()),
            why: hit.rule.to_owned(),
        },
        None => told("by its words"),
    }
}

/// What else gives a mark.
fn behaviour(mark: Marks) -> &'static str {
    if mark == Marks::RE_PING {
        "wrote before without a reply of the team"
    } else if mark == Marks::REPLY {
        "the first words from outside after the team asked"
    } else {
        "pressed before, and no colleague wrote in between"
    }
}
