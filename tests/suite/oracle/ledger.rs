//! The time ledger.
use super::cases::{Case, terminal};
use super::handoffs::{Headline, Pickup};
use super::stats::ratio;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// (state, class, waiting_on, bucket)
pub type Cell = (String, String, String, String);

pub struct Ledger {
    pub total_ms: i64,
    pub cells: BTreeMap<Cell, i64>,
    pub conserved: bool,
}

impl Ledger {
    pub fn bucket_ms(&self, bucket: &str) -> i64 {
        self.cells.iter().filter(|(c, _)| c.3 == bucket).map(|(_, ms)| ms).sum()
    }
    pub fn to_json(&self) -> Value {
        let mut cells: Vec<_> = self.cells.iter().filter(|(_, ms)| **ms != 0).collect();
        cells.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let cells: Vec<Value> = cells
            .into_iter()
            .map(|((state, class, on, bucket), ms)| {
                json!({"state": state, "class": class, "waiting_on": on, "bucket": bucket,
                    "in_hours": Value::Null, "duration_ms": ms, "share": ratio(*ms, self.total_ms)})
            })
            .collect();
        json!({"total_ms": self.total_ms, "cells": cells, "conserved": self.conserved})
    }
}

/// "Every millisecond of every case between its first event and its completion (or `as_of`) is in exactly
/// one cell ... The cells of a case sum to its duration exactly, and all cases to the log."
pub fn ledger(cases: &[Case], h: &Headline) -> Ledger {
    let mut out = Ledger { total_ms: 0, cells: BTreeMap::new(), conserved: true };
    for (c, handoffs) in cases.iter().zip(&h.per_case) {
        let duration = c.end - c.start();
        out.total_ms += duration;
        let mut handed_over = vec![false; c.n()]; // for the time after each event
        for x in &handoffs.handoffs {
            let until = match x.pickup {
                Pickup::Picked(_, j) | Pickup::PassedOn(j) => j,
                Pickup::SelfAssigned | Pickup::Unknown => x.event,
            };
            for flag in &mut handed_over[x.event..until] {
                *flag = true;
            }
        }
        let mut sum = 0;
        for i in 0..c.n() {
            let from = c.time(i).min(c.end);
            let to = if i + 1 < c.n() { c.time(i + 1).min(c.end) } else { c.end };
            sum += to - from;
            *out.cells.entry(cell(c, i, handed_over[i])).or_default() += to - from;
        }
        out.conserved &= sum == duration;
    }
    out.conserved &= out.cells.values().sum::<i64>() == out.total_ms;
    out
}

/// "First match: terminal time before a reopen → `reopened_gap`, bucket C; `waiting_requester`,
/// `waiting_external` → C; `blocked` → ... C; handed over and not yet picked up → A; `queue`, `approval`
/// → A; `active`, `review` → work." (No dependency links here.)
fn cell(c: &Case, i: usize, handed_over: bool) -> Cell {
    let class = c.class[i].as_str();
    let (class, waiting_on, bucket) = if terminal(class) {
        ("reopened_gap", "nobody", "C") // terminal time after the completion has length 0 here
    } else {
        match class {
            "waiting_requester" => (class, "requester", "C"),
            "waiting_external" => (class, "vendor", "C"),
            "blocked" => (class, "nobody", "C"),
            _ if handed_over => (class, "new_owner", "A"),
            "queue" => (class, "own_queue", "A"),
            "approval" => (class, "approver", "A"),
            _ => (class, "nobody", "work"),
        }
    };
    (c.state[i].clone(), class.to_string(), waiting_on.to_string(), bucket.to_string())
}
