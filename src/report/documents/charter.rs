//! `charters/*.md`: what one proposed agent may do, may not do, how to override it and where its escalations go.

use super::cited::{BLANK, cited, file, here, key, said, source, value};
use crate::report::format::of_key;
use crate::report::markdown::escape::{name, sentence};
use crate::report::model::{Findings, Intervention};

/// The charter of an intervention as Markdown with a final line end.
#[must_use]
pub fn charter(findings: &Findings, found: &Intervention) -> String {
    let has_approvals = findings.states.iter().any(|state| state.class == "approval");
    let mut lines = vec![
        format!("# Charter: {}", sentence(found.title.raw())),
        String::new(),
        source(findings),
        String::new(),
        here(found),
        String::new(),
        "| | |\n|---|---|".to_owned(),
        format!("| Intervention | {} |", key(&found.id)),
        format!("| Pattern, phase | {}, {} |", name(found.pattern), name(found.phase)),
        format!(
            "| Policy | {} |",
            found.policy_file.as_ref().map_or_else(|| "none written".to_owned(), |file| key(file))
        ),
        format!("| Owner of this charter | {BLANK} |"),
        format!("| Agreed on, by | {BLANK} |"),
        format!("| Looked at again on | {BLANK} |"),
        String::new(),
        cited(&format!("Why: {}.", said(found.evidence.raw())), &["….evidence"]),
        String::new(),
        "## How far it may go".to_owned(),
        String::new(),
        cited(&level(found), &["….level_why"]),
    ];
    lines.extend(list("It may", &may(found)));
    lines.extend(list("It may not", &may_not(found, has_approvals)));
    lines.extend(permissions(found));
    lines.extend(list("How to override it", &overriding(found)));
    lines.extend(escalations(found));
    lines.extend(watching(found));
    file(&lines)
}

fn level(found: &Intervention) -> String {
    let says = match found.level {
        "automate" => "**Automate**: it acts by itself within this page, and every act is logged",
        "enforce" => "**Enforce**: it holds everybody to a rule that is already agreed, and every act is logged",
        _ => "**Assist**: it drafts and suggests, and a person decides",
    };
    format!("{says}. The rule that decided: {}.", said(&found.level_why))
}

fn list(heading: &str, items: &[String]) -> Vec<String> {
    let mut lines = vec![String::new(), format!("## {heading}"), String::new()];
    lines.extend(items.iter().map(|item| format!("- {item}")));
    lines
}

/// Where it acts, in words.
fn place(found: &Intervention) -> String {
    let scope = &found.scope;
    match (&scope.state, &scope.group) {
        (Some(state), Some(group)) => format!("cases in \"{}\" held by \"{}\"", name(state.raw()), name(group.raw())),
        (Some(state), None) => format!("cases in \"{}\"", name(state.raw())),
        (None, Some(group)) => format!("cases held by \"{}\"", name(group.raw())),
        (None, None) => "all cases of this workflow".to_owned(),
    }
}

fn may(found: &Intervention) -> Vec<String> {
    let mut items: Vec<String> = vec![format!("Look at {}, and nothing else.", place(found))];
    items.extend(found.needs.data.iter().map(|data| format!("Read {data}.")));
    let verb = if found.level == "assist" { "Propose" } else { "Write" };
    items.extend(found.needs.writes.iter().map(|write| format!("{verb} {}.", write.what)));
    items
}

fn may_not(found: &Intervention, has_approvals: bool) -> Vec<String> {
    let mut items = vec![
        "Write anything that is not in the table below.".to_owned(),
        "Close, cancel or reopen a case, or change its priority or deadline.".to_owned(),
        "Judge people: it counts no person's work and ranks nobody.".to_owned(),
    ];
    if has_approvals {
        items.push("Approve or reject anything, or count its own message as an approval.".to_owned());
    }
    match found.pattern {
        "watchdog" => {
            items.push("Send one person more than 4 reminders a day; the rest goes into one message.".to_owned());
            items.push("Remind about a case that is paused, or on which somebody worked lately.".to_owned());
        }
        "router" => items.push("Look at anything that was written after the case was created.".to_owned()),
        "concierge" => items.push("Promise a date, a result or money, or send without news.".to_owned()),
        _ => items.push("Ask the same question twice, or guess what was not answered.".to_owned()),
    }
    items
}

fn permissions(found: &Intervention) -> Vec<String> {
    let mut lines = vec![String::new(), "## Permissions: everything it writes".to_owned(), String::new()];
    lines.push("| Writes | Where | Let through by | Undone by |\n|---|---|---|---|".to_owned());
    let place = place(found);
    for write in &found.needs.writes {
        lines.push(format!("| {} | {place} | {} | {} |", write.what, write.released_by, write.undo));
    }
    lines.push(String::new());
    lines.push(format!(
        "Granted in the source system, and no more: {}. Account: {BLANK}",
        found.needs.permissions.join("; ")
    ));
    lines
}

fn overriding(found: &Intervention) -> Vec<String> {
    let first = match found.pattern {
        "router" => "Choose another owner. It does not route the case again.",
        "watchdog" => "Answer the reminder with a date, or work on the case: the ladder of this case ends.",
        "concierge" => "Change or delete the draft before it is sent. Nothing is sent without its sender.",
        _ => "Change or delete the draft, or fill the field by hand.",
    };
    vec![
        first.to_owned(),
        "Say why in a word: the reasons are what the next version of its policy is made of.".to_owned(),
        format!(
            "Switch it off for one case, one group or everybody: {BLANK} can, at any time, without giving a reason."
        ),
    ]
}

fn escalations(found: &Intervention) -> Vec<String> {
    let mut lines = vec![String::new(), "## Where escalations go".to_owned(), String::new()];
    let group = found
        .scope
        .group
        .as_ref()
        .map_or_else(|| "the team that holds the case".to_owned(), |group| format!("\"{}\"", name(group.raw())));
    lines.push(format!("1. The owner of the case; without one, {group}."));
    lines.push(format!("2. Then {BLANK}, the lead of that team."));
    lines.push(format!("3. Then {BLANK}, the owner of this charter."));
    lines.push(String::new());
    lines.push("It leaves a case to people, with what it knows, when".to_owned());
    lines.push(String::new());
    lines.extend(found.stop_conditions.iter().map(|condition| format!("- {condition}")));
    lines
}

fn watching(found: &Intervention) -> Vec<String> {
    let (test, guard) = (&found.exit_test, &found.guardrail);
    let mut lines = vec![String::new(), "## How we know".to_owned(), String::new()];
    let text = format!("- What counts: {} {} today.", said(test.says.raw()), value(&test.metric, test.now));
    lines.push(cited(&text, &[&test.metric]));
    if let Some(at_most) = test.at_most {
        let text = format!("- It works if that is {} or less after its phase.", of_key(&test.metric, at_most));
        lines.push(cited(&text, &["….exit_test.at_most"]));
    }
    let text =
        format!("- What must not get worse: {}: {} today.", sentence(guard.says), value(&guard.metric, guard.now));
    lines.push(cited(&text, &[&guard.metric]));
    if let Some(limit) = guard.limit {
        let text = format!("- It is switched off above {}.", of_key(&guard.metric, limit));
        lines.push(cited(&text, &["….guardrail.limit"]));
    }
    lines.push(
        "- Everything it reads, decides and writes is logged, with what people did instead; acceptance is looked at every week."
            .to_owned(),
    );
    lines
}
