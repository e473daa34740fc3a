//! The words of comments: a small grammar, checked when the recipe is read, and default texts per kind.
//!
//! `{a|b|c}` takes one of the alternatives (which may be empty or hold words); `{word}` is one of [`WORDS`]. The texts were written for this program; none comes from a real log.

use super::rng::Stream;

/// What a template may name.
pub(super) const WORDS: [&str; 8] = ["id", "subject", "category", "group", "priority", "requester", "owner", "number"];

/// Texts for kinds that a recipe uses without giving its own.
pub(super) const DEFAULTS: [(&str, &[&str]); 6] = [
    (
        "status_chase",
        &[
            "{Hi|Hello|Good morning}, {any update|any news|is there any progress} on this?",
            "{Could you|Can you please} tell me where we {are|stand} with {id}?",
            "{Just checking in|Checking in again}, what is the status of {the|my} {subject} {ticket|request}?",
            "Still {waiting|nothing from your side}. {Any update|What is the ETA}?",
            "Following up on {id}, {when can we expect this|do we have an ETA|who is on it}?",
            "{Second reminder|Reminder}: {no answer so far|I have not heard back}. {Status please|Any update}?",
            "{My manager|The team} {keeps asking|is asking} about {the|our} {subject}. {Any update|Status}?",
            "is this {being looked at|moving}? {need to plan my day|we are stuck here|thanks}",
        ],
    ),
    (
        "stakeholder_update",
        &[
            "{Hi|Hello} {requester}, we {found the cause|are testing a fix|have a colleague on it} and {will write again|you will hear from us} {today|tomorrow|this week}.",
            "{requester}, {short update|for your information}: {work on|the fix for} the {subject} is {in progress|planned for tonight|nearly done}.",
            "Thank you for your patience, {the change is scheduled|we expect to finish} {tomorrow|by Thursday|this afternoon}.",
        ],
    ),
    (
        "work_note",
        &[
            "{Checked|Went through} the logs, {nothing obvious|error 0x{number} at sign-in|timeouts since Monday}.",
            "{Restarted|Reset} the {service|session|profile}, {watching|looks stable|no change yet}.",
            "Reproduced on {my machine|a test account}. {Trying|Next:} the {documented fix|older version}.",
        ],
    ),
    (
        "handoff_note",
        &[
            "Not ours, {looks like|should be} {group}.",
            "{Passing|Moving} to {group}, {first checks done|please see above|no access on our side}.",
            "{subject}: needs {group}{|, thanks}.",
        ],
    ),
    (
        "resolution",
        &[
            "{Fixed|Solved}: {settings corrected|access restored|part replaced|patch installed}.",
            "{subject} {works again|is back to normal}, {confirmed by phone|tested with the user}.",
            "Done. {Please reopen if it comes back|Article KB{number} applied|Workaround documented}.",
        ],
    ),
    (
        "reopen",
        &[
            "{Sorry|Unfortunately}, the {same problem|error} is back {today|since this morning}.",
            "This is not {solved|fixed}, the {subject} {fails again|still does not work}.",
        ],
    ),
];

/// What a template's words stand for in one comment.
pub(super) struct Scene<'a> {
    /// One value for each of [`WORDS`], in that order; `number` is drawn instead.
    pub(super) values: [&'a str; 7],
}

/// One piece of a template between braces or outside them.
enum Piece<'t> {
    Plain(&'t str),
    Choice(&'t str),
    Word(&'t str),
}

/// Splits a template into pieces; an error says what is wrong with it.
fn pieces(template: &str) -> Result<Vec<Piece<'_>>, String> {
    let mut list = Vec::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        list.push(Piece::Plain(&rest[..open]));
        let close = closing(&rest[open..]).ok_or("a `{` is not closed")? + open;
        let inner = &rest[open + 1..close];
        list.push(if inner.contains('|') { Piece::Choice(inner) } else { Piece::Word(inner) });
        rest = &rest[close + 1..];
    }
    list.push(Piece::Plain(rest));
    Ok(list)
}

/// Finds the brace that closes the first one, over one level of words inside alternatives.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 0_u32;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' if depth == 1 => return Some(at),
            b'}' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// Checks that a template can be expanded in every way.
pub(super) fn check(template: &str) -> Result<(), String> {
    for piece in pieces(template)? {
        match piece {
            Piece::Plain(_) => {}
            Piece::Choice(inner) => inner.split('|').try_for_each(check)?,
            Piece::Word(word) if WORDS.contains(&word) => {}
            Piece::Word(word) => {
                return Err(format!("`{{{word}}}` is none of the words {}", WORDS.join(", ")));
            }
        }
    }
    Ok(())
}

/// Writes one comment from a template that passed [`check`].
pub(super) fn expand(template: &str, scene: &Scene, draw: &mut Stream, out: &mut String) {
    for piece in pieces(template).unwrap_or_default() {
        match piece {
            Piece::Plain(text) => out.push_str(text),
            Piece::Choice(inner) => {
                let options: Vec<&str> = inner.split('|').collect();
                expand(options[draw.index(options.len())], scene, draw, out);
            }
            Piece::Word(word) => match WORDS.iter().position(|known| *known == word) {
                Some(at) if at < scene.values.len() => out.push_str(scene.values[at]),
                _ => out.push_str(&(1_000 + draw.below(9_000)).to_string()),
            },
        }
    }
}
