//! Independent naive oracle for `wcaf analyze`: plain loops over rows, one function per measure, no code of `src/`.
//!
//! Written from the definitions alone. Each measure quotes the sentence it implements. Classes, bots and meanings of
//! activities are told from outside; a guess is none of its business. Its keys are those of the findings; what
//! the findings have no key for stands under `extra`.
#![allow(
    clippy::cast_possible_truncation,
    clippy::cast_possible_wrap,
    clippy::cast_precision_loss,
    clippy::cast_sign_loss,
    clippy::cast_lossless,
    clippy::collapsible_if,
    clippy::doc_markdown,
    clippy::needless_range_loop,
    clippy::similar_names,
    clippy::struct_excessive_bools,
    clippy::type_complexity,
    reason = "plain loops over small logs, read more easily than they run"
)]

pub mod cases;
pub mod comments;
pub mod exceptions;
pub mod facts;
pub mod handoffs;
pub mod intervals;
pub mod kpis;
pub mod ledger;
pub mod readers;
pub mod sla;
pub mod states;
pub mod stats;
mod tests;
pub mod touches;
pub mod window;

use cases::Case;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One imported row. Rows are given in file order.
#[derive(Clone, Debug, Default)]
pub struct Row {
    pub case: String,
    pub time_ms: i64,
    pub activity: Option<String>,
    pub state: Option<String>,
    pub group: Option<String>,
    pub assignee: Option<String>,
    pub actor: Option<String>,
    /// when the activity that the row starts ends
    pub until_ms: Option<i64>,
    pub comment: bool,
    /// the comment, one of [`comments::TEXTS`]; whether others than the team may read it; who asked
    pub text: Option<String>,
    pub public: Option<String>,
    pub caller: Option<String>,
    /// all columns that count as visible, joined; equal strings = nothing visible changed
    pub visible: String,
    pub priority: Option<String>,
    pub segments: Vec<(String, String)>,
    pub counters: Vec<(String, i64)>,
}

#[derive(Clone, Debug, Default)]
pub struct Options {
    pub as_of_ms: Option<i64>,
    /// state -> class; missing = active
    pub classes: BTreeMap<String, String>,
    pub bots: BTreeSet<String>,
    /// true: missing_owner = "unassigned"; false: "unchanged"
    pub missing_owner_unassigned: bool,
    /// 0 means the default: 60 s
    pub touch_window_ms: i64,
    pub has_group: bool,
    pub has_assignee: bool,
    pub has_actor: bool,
    pub has_state: bool,
    /// a column of comments, and one of who asked
    pub has_comments: bool,
    pub has_caller: bool,
    /// activity values that name an act done at its event (only in a log with no state column)
    pub completed_acts: BTreeSet<String>,
    /// event kinds beside a state column (activity values) of bucket B, of bucket D, and of bucket C: information
    /// asked for or supplied, escalations
    pub chase_kinds: BTreeSet<String>,
    pub update_kinds: BTreeSet<String>,
    pub information_kinds: BTreeSet<String>,
    pub escalation_kinds: BTreeSet<String>,
    /// smaller = more urgent
    pub priority_rank: BTreeMap<String, i64>,
    /// fewest completed stays of a choke point
    pub min_stays: i64,
    /// counter column -> measure: "group_or_unassigned", "group", "person", "reopens", "events"
    pub reconcile: BTreeMap<String, String>,
}

/// Everything, with the keys and nesting of findings.md. Keys that findings.md does not have are
/// gathered under "extra".
pub fn analyze(rows: &[Row], o: &Options) -> Value {
    let as_of = match o.as_of_ms {
        Some(t) => t,
        None => rows.iter().map(|r| r.time_ms).max().unwrap_or(0),
    };
    let mut cases = cases::build(rows, o, as_of);
    comments::mark(&mut cases, rows, o);
    let reads = o.has_comments && comments::are_read(rows, o);
    let win = window::dense_window(&cases);
    let has_comments = o.has_comments || rows.iter().any(|r| r.comment);
    let stale = window::stale(&cases, as_of);
    let touches: Vec<Vec<touches::Touch>> = cases.iter().map(|c| touches::of_case(c, o)).collect();
    let heads = handoffs::headline(&cases, &touches, o);
    let facts: Vec<kpis::CaseFacts> =
        (0..cases.len()).map(|i| kpis::case_facts(&cases[i], &heads.per_case[i], &touches[i], o)).collect();
    let ledger = ledger::ledger(&cases, &heads);

    let mut out = Map::new();
    out.insert("schema".into(), json!("wcaf.findings/1"));
    out.insert("input".into(), input(&cases, as_of));
    let figures = kpis::kpis(&cases, &facts, &touches, heads.definition, reads, o);
    let buckets = touches::buckets(&cases, &touches, &ledger, has_comments, reads, o);
    out.insert("kpi_cuts".into(), kpis::cuts(&cases, &facts, heads.definition.is_some(), (&figures, &buckets)));
    out.insert("kpis".into(), figures);
    out.insert("states".into(), states::states(&cases, o, as_of, win.as_ref()));
    out.insert("transitions".into(), states::transitions(&cases));
    out.insert("handoffs".into(), handoffs::findings(&cases, &touches, &heads, o));
    out.insert("buckets".into(), buckets);
    out.insert("comments".into(), comments::findings(&cases, rows, o));
    out.insert("ledger".into(), ledger.to_json());
    out.insert("questions".into(), kpis::questions(&cases, &facts, &touches, has_comments, heads.definition, reads, o));
    out.insert("reconcile".into(), facts::reconcile(&cases, o));
    out.insert("choke_points".into(), states::choke_points(&cases, o));
    out.insert("window".into(), win.as_ref().map_or(Value::Null, |w| w.to_json(&cases)));
    out.insert("little".into(), window::little(&cases, &stale, win.as_ref()));
    let rows_of = |bot: &String| rows.iter().filter(|r| r.actor.as_ref() == Some(bot)).count();
    let bots = o.bots.iter().map(|bot| json!({"actor": bot, "rows": rows_of(bot)}));
    out.insert("bots".into(), bots.collect::<Vec<_>>().into());
    out.insert("stale_cases".into(), json!(stale.len()));
    out.insert("stale".into(), window::stale_json(&stale));
    out.insert("warnings".into(), facts::warnings(&cases));
    out.insert("extra".into(), facts::extra(&cases, &touches, ledger.bucket_ms("work"), o));
    Value::Object(out)
}

/// "The tie share (adjacent events of a case with equal time) is always reported". The denominator is
/// the number of adjacent pairs (steps).
fn input(cases: &[Case], as_of: i64) -> Value {
    let mut events = 0i64;
    let mut steps = 0i64;
    let mut ties = 0i64;
    let mut completed = 0i64;
    let mut zero = 0i64;
    for c in cases {
        events += c.n() as i64;
        for i in 1..c.n() {
            steps += 1;
            if c.time(i) == c.time(i - 1) {
                ties += 1;
            }
        }
        if c.completion.is_some() {
            completed += 1;
            zero += i64::from(c.completion == Some(c.start()));
        }
    }
    json!({
        "events": events,
        "cases": cases.len(),
        "completed_cases": completed,
        "open_cases": cases.len() as i64 - completed,
        "first_event": cases.iter().map(Case::start).min().map(window::instant),
        "last_event": cases.iter().map(Case::last).max().map(window::instant),
        "as_of": window::instant(as_of),
        "tie_share": stats::ratio(ties, steps),
        "zero_length_share": stats::ratio(zero, completed),
    })
}
