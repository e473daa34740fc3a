//! Where every millisecond went, with bars.

use std::collections::BTreeMap;

use crate::report::answer::{ratio, waited_for};
use crate::report::format::{duration, percent, plural};
use crate::report::model::{LedgerCell, LedgerFound};
use crate::report::page::{Grid, Page, Parts};
use crate::report::visible::{plain, visible};

/// Cells shown.
const TOP: usize = 10;

pub(super) fn ledger(page: &mut Page, ledger: &LedgerFound) {
    page.heading("ledger", "The time ledger: where every hour of every case went");
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
    grid = grid.number("Time").number("Share").bars_of("Share").fold_after(TOP);
    let largest = ledger.cells.iter().map(|cell| cell.duration_ms).max().unwrap_or(0);
    let most = page.most(TOP);
    for cell in ledger.cells.iter().take(most) {
        add(&mut grid, cell, clocked);
        grid.bar(ratio(i128::from(cell.duration_ms), i128::from(largest)));
    }
    page.grid(grid);
    if ledger.cells.len() > most {
        let rest: i128 = ledger.cells.iter().skip(most).map(|cell| i128::from(cell.duration_ms)).sum();
        let share = percent(ratio(rest, i128::from(ledger.total_ms)));
        page.faint(&format!(
            "{}: the remaining {share}.",
            plural((ledger.cells.len() - most) as u64, "smaller cell", "smaller cells")
        ));
    }
    by_bucket(page, ledger);
}

fn add(grid: &mut Grid, cell: &LedgerCell, clocked: bool) {
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
        grid.row([state, waiting, bucket, hours.to_owned(), time, share]);
    } else {
        grid.row([state, waiting, bucket, time, share]);
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
    let parts = in_words(&sums, i128::from(ledger.total_ms), bucket_name);
    let said: Vec<String> = parts.iter().map(|(name, _, share)| format!("{name} {share}")).collect();
    page.say(&format!("By bucket: {}.", said.join(", ")));
    page.parts(Parts { title: "All case time by bucket".to_owned(), parts });
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for cell in &ledger.cells {
        *sums.entry(cell.waiting_on).or_default() += i128::from(cell.duration_ms);
    }
    let parts = in_words(&sums, i128::from(ledger.total_ms), party_name);
    page.parts(Parts { title: "All case time by whom it waits for".to_owned(), parts });
}

/// Name, share and share in words of every sum, by key.
fn in_words(sums: &BTreeMap<&str, i128>, total: i128, name: fn(&str) -> &str) -> Vec<(String, f64, String)> {
    let parts = sums.iter().map(|(key, ms)| (plain(name(key)), ratio(*ms, total)));
    parts.map(|(name, share)| (name, share, percent(share))).collect()
}

/// Whom the time waits for, in words.
fn party_name(waiting_on: &str) -> &str {
    match waiting_on {
        "nobody" => "nobody: active, review or reopened",
        other => waited_for(other),
    }
}

fn bucket_name(bucket: &str) -> &str {
    match bucket {
        "A" => "A handoffs and queues",
        "C" => "C exceptions",
        "work" => "active and review states",
        other => other,
    }
}
