//! `workshop.md` and `workshop.toml`: the pack for 60 to 90 minutes with the people who do the work.
//!
//! The questions come first and what the log says last, so that people guess before they look.

use std::fmt::Write;

use super::cited::{BLANK, cited, file, guessed, key, of_intervention, said, source, topic};
use crate::log::text::toml_text as quoted;
use crate::report::format::{GLUE, amounts, count, duration_or_unknown, percent};
use crate::report::markdown::escape::{name, sentence};
use crate::report::model::{Findings, StateFound, TransitionFound};

/// States, pairs and interventions listed.
const TOP_STATES: usize = 20;
const TOP_PAIRS: usize = 10;
const TOP_STEPS: usize = 5;
/// Next steps named per state.
const NEXT: usize = 3;

/// The pack as Markdown with a final line end.
#[must_use]
pub fn workshop(findings: &Findings) -> String {
    let mut lines = vec![
        "# Workshop".to_owned(),
        String::new(),
        source(findings),
        String::new(),
        "For 60 to 90 minutes with operations, IT and team leads. Guess first, then look. What you settle goes into \
         `workshop.toml`; `wcaf analyze LOG --workshop workshop.toml -o DIR` reads it back and shows guesses beside measures."
            .to_owned(),
    ];
    lines.extend(questions(findings));
    lines.extend(states(findings));
    lines.extend(handoffs(findings));
    lines.extend(blanks(findings));
    lines.extend(shortlist(findings));
    lines.extend(answers(findings));
    file(&lines)
}

fn questions(findings: &Findings) -> Vec<String> {
    let mut lines = vec![String::new(), "## 1. Guess (10 minutes, before you turn the page)".to_owned(), String::new()];
    for (number, question) in findings.questions.iter().enumerate() {
        lines.push(format!("{}. {} Your guess: {BLANK}", number + 1, question.question));
    }
    lines.push(format!("\nAnd: in which state does work wait longest? {BLANK} Who notices first? {BLANK}"));
    lines
}

fn states(findings: &Findings) -> Vec<String> {
    if findings.states.is_empty() {
        return Vec::new();
    }
    let mut lines =
        vec![String::new(), "## 2. The map: is this how work moves? (20 minutes)".to_owned(), String::new()];
    lines.push(
        "Read it aloud. Correct what a state means: the class decides what counts as waiting. Arrows `→` before a name mean \
         the wait for that act. Shares are of the visits that went on."
            .to_owned(),
    );
    lines.push(String::new());
    lines.push("| State | Class | Visits | Half stay up to | Nine in ten up to | Then | Right? | Key |".to_owned());
    lines.push("|---|---|---:|---:|---:|---|---|---|".to_owned());
    for (index, state) in findings.states.iter().take(TOP_STATES).enumerate() {
        lines.push(format!(
            "| {} | {} | {} | {} | {} | {} | | {} |",
            name(state.state.raw()),
            class(state),
            count(state.visits),
            duration_or_unknown(state.completed_ms.p50),
            duration_or_unknown(state.completed_ms.p90),
            next(findings, state),
            key(&format!("states[{index}]")),
        ));
    }
    if findings.states.len() > TOP_STATES {
        lines.push("\nThe rarer states are in `tables/states.csv`.".to_owned());
    }
    lines.push(format!("\nMissing states: {BLANK} States that should not exist: {BLANK}"));
    lines
}

fn class(state: &StateFound) -> String {
    let unsure = if state.unclassified { " (not recognised)" } else { "" };
    format!("{}{unsure}", name(&state.class))
}

/// Where visits to a state go, most frequent first.
fn next(findings: &Findings, state: &StateFound) -> String {
    let from: Vec<&TransitionFound> = findings.transitions.iter().filter(|found| found.from == state.state).collect();
    let all: u64 = from.iter().map(|found| found.count).sum();
    let steps = from.iter().take(NEXT).map(|found| {
        #[expect(clippy::cast_precision_loss, reason = "counts are below 2^53")]
        let share = found.count as f64 / all as f64;
        format!("{}{GLUE}{}", name(found.to.raw()), percent(share))
    });
    let steps: Vec<String> = steps.collect();
    if steps.is_empty() { "end".to_owned() } else { steps.join(", ") }
}

fn handoffs(findings: &Findings) -> Vec<String> {
    let found = &findings.handoffs;
    let Some(definition) = found.definition else { return Vec::new() };
    let mut lines = vec![String::new(), "## 3. Handoffs: what gets lost? (15 minutes)".to_owned(), String::new()];
    if let Some(Some(kind)) = found.kinds.get(definition) {
        let text = format!(
            "A case changes {} {} times on average, {} in all.",
            definition.replace('_', " "),
            crate::report::format::decimal(kind.per_case, 2),
            count(kind.total)
        );
        let keys = [format!("handoffs.kinds.{definition}.per_case"), format!("handoffs.kinds.{definition}.total")];
        lines.push(cited(&text, &[&keys[0], &keys[1]]));
    }
    if found.pairs.is_empty() {
        lines.push("\nNames of people are left out; list the handoffs you know:".to_owned());
        lines.push("\n| From | To | What must come along | What is missing most often |\n|---|---|---|---|".to_owned());
        lines.extend(std::iter::repeat_n("| | | | |".to_owned(), 4));
        return lines;
    }
    lines.push("\n| From | To | Times | Half are picked up within | What must come along | Key |".to_owned());
    lines.push("|---|---|---:|---:|---|---|".to_owned());
    for (index, pair) in found.pairs.iter().take(TOP_PAIRS).enumerate() {
        lines.push(format!(
            "| {} | {} | {} | {} | | {} |",
            name(pair.from.raw()),
            name(pair.to.raw()),
            count(pair.count),
            duration_or_unknown(pair.pickup_p50_ms),
            key(&format!("handoffs.pairs[{index}]")),
        ));
    }
    lines
}

/// What no log can say.
fn blanks(findings: &Findings) -> Vec<String> {
    let mut lines = vec![String::new(), "## 4. What the log cannot say (15 minutes)".to_owned(), String::new()];
    let approvals = findings.states.iter().any(|state| state.class == "approval");
    let mut ask = vec![
        "An hour of this work costs (low / usual / high)",
        "Minutes per handoff, per status check, per exception, per update",
        "Meetings whose purpose is to learn where things are: people × minutes × times a month",
        "What a mistake in one case costs",
        "Is the work regulated? Do customers notice a mistake?",
        "Fields, documents and evidence that each state requires",
    ];
    if approvals {
        ask.push("Who may approve for whom, and what is nearly always approved");
    }
    if findings.sla.is_none() {
        ask.push("Service levels: what must be done within what time, in whose working hours");
    }
    let colon = |what: &str| if what.ends_with('?') { "" } else { ":" };
    lines.extend(ask.into_iter().map(|what| format!("- {what}{} {BLANK}", colon(what))));
    lines
}

fn shortlist(findings: &Findings) -> Vec<String> {
    if findings.interventions.is_empty() {
        return Vec::new();
    }
    let currency = &findings.roi.currency;
    let mut lines = vec![String::new(), "## 5. Shortlist: what to try (15 minutes)".to_owned(), String::new()];
    lines.push(format!(
        "Worth is {} a month, cautious / expected / optimistic, from touches alone and under the assumptions in `summary.md`.",
        name(currency)
    ));
    lines.push("\n| Step | Pattern | Worth | Votes | Owner | Key |\n|---|---|---:|---|---|---|".to_owned());
    for found in findings.interventions.iter().take(TOP_STEPS) {
        lines.push(format!(
            "| {} | {} | {} | | | {} |",
            sentence(found.title.raw()),
            name(found.pattern),
            found.value_per_month.as_ref().map_or_else(|| "–".to_owned(), |value| amounts(value, currency)),
            key(&format!("{}.value_per_month", of_intervention(found))),
        ));
    }
    lines
}

fn answers(findings: &Findings) -> Vec<String> {
    let mut lines = vec![String::new(), "## 6. What the log says".to_owned(), String::new()];
    for (number, question) in findings.questions.iter().enumerate() {
        let text = format!("{}. {} **{}.**", number + 1, question.question, said(question.answer.raw()));
        lines.push(cited(&text, &[&format!("questions[{}].answer", question.id)]));
    }
    if let Some(workshop) = &findings.workshop {
        lines.push("\nYour guesses:\n".to_owned());
        for found in &workshop.guesses {
            lines.push(cited(&format!("- {}: {}.", topic(found.key), guessed(found)), &[found.metric]));
        }
    }
    lines
}

/// A file to fill, every line of it a comment until somebody does.
#[must_use]
pub fn workshop_toml(findings: &Findings) -> String {
    let mut out = String::from(
        "# What a workshop guessed and settled. Take the `#` off a line and fill it; leave the others.\n\
         # `wcaf analyze LOG --workshop workshop.toml` reads it back, and so does [workshop] in wcaf.toml.\n\n\
         [guess]                             # before anybody looks\n\
         # handoffs_per_case = 2             # how often does ownership change per case?\n\
         # blocked_for_information_percent = 10   # of 100 cases, how many wait for missing information?\n\
         # next_step_median = \"4h\"           # half of the next steps come within; s, min, h, d, w\n\
         # next_step_p90 = \"2d\"              # nine in ten next steps come within\n\
         # chases_per_case = 3               # pings, comments and meetings per case to get an update\n\
         # escalated_percent = 5             # of 100 cases, how many are escalated?\n\
         # cycle_time_median = \"3d\"          # half of the cases take up to\n\
         # cycle_time_p90 = \"10d\"            # nine in ten cases take up to\n\
         # reopened_percent = 5              # of 100 cases, how many are reopened?\n\n\
         # queue, active, approval, waiting_requester, waiting_external, blocked, review, done, cancelled\n\
         [states]\n",
    );
    for state in findings.states.iter().take(TOP_STATES) {
        let unsure = if state.unclassified { "   # not recognised" } else { "" };
        let _ = writeln!(out, "# {} = {}{unsure}", quoted(state.state.raw()), quoted(&state.class));
    }
    let range = |wanted: &str| {
        let found = findings.roi.assumptions.iter().find(|assumption| assumption.name == wanted);
        let [low, base, high] =
            found.map_or([1.0, 2.0, 4.0], |found| [found.value.low, found.value.base, found.value.high]);
        format!("{{ low = {low}, base = {base}, high = {high} }}")
    };
    let _ = write!(
        out,
        "\n[assumptions]                       # what work costs; what stands here is assumed today\n# currency = {}\n\
         # rate_per_hour = {}   # loaded cost of an hour\n\n\
         [assumptions.minutes_per_touch]     # A handoffs, B status checks, C exceptions, D updates\n",
        quoted(&findings.roi.currency),
        range("rate_per_hour"),
    );
    for bucket in ["A", "B", "C", "D"] {
        let _ = writeln!(out, "# {bucket} = {}", range(&format!("minutes_per_touch.{bucket}")));
    }
    out.push_str(
        "\n[levels]                            # how far an agent may go\n\
         # money_at_risk = 250               # what a mistake in one case costs\n\
         # regulatory = false                # is the work subject to regulation?\n\
         # customer_impact = \"low\"           # how much customers notice of a mistake: low or high\n",
    );
    out
}
