//! Where every millisecond went, with bars.

use std::collections::BTreeMap;

use super::grid::Grid;
use super::page::Page;
use crate::report::answer::ratio;
use crate::report::format::{duration, percent, plural};
use crate::report::model::{LedgerCell, LedgerFound};
use crate::report::visible::{plain, visible};

/// Cells shown.
const TOP: usize = 10;
/// Columns of the longest bar.
const BAR: usize = 14;

pub(super) fn ledger(page: &mut Page, ledger: &LedgerFound) {
    page.heading("The time ledger: where every hour of every case went");
    let conserved = if ledger.conserved {
        "The cells of every case add up to its duration exactly."
    } else {
        "The cells do NOT add up to the durations: do not use this report."
    };
    page.say(&format!("{} over all cases. {conserved}", duration(ledger.total_ms)));
    if ledger.cells.is_empty() {
        return;
    }
    let clocked = ledger.cells.iter().any(|cell| cell.in_hours.is_some());
    let mut grid = Grid::new().text("State").detail("Waiting for").text("Bucket");
    if clocked {
        grid = grid.text("Hours");
    }
    grid = grid.number("Time").number("Share").text("");
    let largest = ledger.cells.iter().map(|cell| cell.duration_ms).max().unwrap_or(0);
    for cell in ledger.cells.iter().take(TOP) {
        let bar = bar(ratio(i128::from(cell.duration_ms), i128::from(largest)), page.style().unicode);
        add(&mut grid, cell, clocked, bar);
    }
    page.grid(&grid);
    if ledger.cells.len() > TOP {
        let rest: i128 = ledger.cells.iter().skip(TOP).map(|cell| i128::from(cell.duration_ms)).sum();
        let share = percent(ratio(rest, i128::from(ledger.total_ms)));
        page.faint(&format!(
            "{}: the remaining {share}.",
            plural((ledger.cells.len() - TOP) as u64, "smaller cell", "smaller cells")
        ));
    }
    by_bucket(page, ledger);
}

fn add(grid: &mut Grid, cell: &LedgerCell, clocked: bool, bar: String) {
    let state = if cell.class == "reopened_gap" {
        format!("{} (reopened)", visible(&cell.state))
    } else {
        visible(&cell.state)
    };
    let (waiting, bucket) = (plain(short_party(cell.waiting_on)), cell.bucket.to_owned());
    let (time, share) = (duration(cell.duration_ms), percent(cell.share));
    if clocked {
        let hours = match cell.in_hours {
            Some(true) => "working",
            Some(false) => "off",
            None => "–",
        };
        grid.row([state, waiting, bucket, hours.to_owned(), time, share, bar]);
    } else {
        grid.row([state, waiting, bucket, time, share, bar]);
    }
}

/// What a case waits for in a word or two.
fn short_party(waiting_on: &str) -> &str {
    match waiting_on {
        "new_owner" => "new owner",
        "own_queue" => "own queue",
        "other_item" => "other item",
        "nobody" => "–",
        other => other,
    }
}

fn by_bucket(page: &mut Page, ledger: &LedgerFound) {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for cell in &ledger.cells {
        *sums.entry(cell.bucket).or_default() += i128::from(cell.duration_ms);
    }
    let parts: Vec<String> = sums
        .iter()
        .map(|(bucket, ms)| format!("{} {}", bucket_name(bucket), percent(ratio(*ms, i128::from(ledger.total_ms)))))
        .collect();
    page.say(&format!("By bucket: {}.", parts.join(", ")));
}

fn bucket_name(bucket: &str) -> &str {
    match bucket {
        "A" => "A handoffs and queues",
        "C" => "C exceptions",
        "work" => "active and review states",
        other => other,
    }
}

/// A bar of at most [`BAR`] columns, in eighths where the terminal can draw them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "0 to 112")]
fn bar(part: f64, unicode: bool) -> String {
    const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];
    let part = part.clamp(0.0, 1.0);
    if !unicode {
        return "#".repeat((part * BAR as f64).round() as usize);
    }
    let eighths = (part * (BAR * 8) as f64).round() as usize;
    format!("{}{}", "█".repeat(eighths / 8), EIGHTHS[eighths % 8])
}
