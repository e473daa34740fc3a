//! Where every millisecond went, with bars.

use std::collections::BTreeMap;

use crate::report::answer::{ratio, waited_for};
use crate::report::format::{duration, percent, plural};
use crate::report::model::{Findings, LedgerCell, LedgerFound};
use crate::report::page::{Grid, Page, Parts};
use crate::report::visible::{plain, visible};

/// Cells shown.
const TOP: usize = 10;

pub(super) fn ledger(page: &mut Page, findings: &Findings) {
    let clocks = page.clocks(findings.clocks.business.is_some());
    let ledger = &if clocks.business() { findings.ledger.clone() } else { unsplit(&findings.ledger) };
    page.heading("ledger", "The time ledger: where every hour of every case went");
    let conserved = if ledger.conserved {
        "The cells of every case add up to its duration exactly."
    } else {
        "The cells do NOT add up to the durations: do not use this report."
    };
    page.say(&format!("{} over all cases on the wall clock. {conserved}", duration(ledger.total_ms)));
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
    if clocks.business() {
        within_hours(page, ledger);
    }
}

/// The ledger without the split by working hours, for who asked for the wall clock alone.
fn unsplit(ledger: &LedgerFound) -> LedgerFound {
    let mut cells: Vec<LedgerCell> = Vec::new();
    for cell in &ledger.cells {
        let same = |known: &&mut LedgerCell| {
            (&known.state, &known.class, known.waiting_on) == (&cell.state, &cell.class, cell.waiting_on)
        };
        match cells.iter_mut().find(same) {
            Some(known) => {
                known.duration_ms += cell.duration_ms;
                known.share += cell.share;
            }
            None => cells.push(LedgerCell { in_hours: None, ..cell.clone() }),
        }
    }
    cells.sort_by_key(|cell| std::cmp::Reverse(cell.duration_ms));
    LedgerFound { cells, ..ledger.clone() }
}

/// How much of the time lies within working hours.
fn within_hours(page: &mut Page, ledger: &LedgerFound) {
    let mut sums: BTreeMap<&str, i128> = BTreeMap::new();
    for cell in &ledger.cells {
        *sums.entry(hours(cell.in_hours)).or_default() += i128::from(cell.duration_ms);
    }
    let parts = in_words(&sums, i128::from(ledger.total_ms), hours_name);
    let said: Vec<String> = parts.iter().map(|(name, _, share)| format!("{name} {share}")).collect();
    page.say(&format!("By the calendar: {}.", said.join(", ")));
    page.parts(Parts { title: "All case time by the calendar".to_owned(), parts });
}

fn hours(in_hours: Option<bool>) -> &'static str {
    match in_hours {
        Some(true) => "working",
        Some(false) => "off",
        None => "–",
    }
}

fn hours_name(hours: &str) -> &str {
    match hours {
        "working" => "within working hours",
        "off" => "outside",
        _ => "of cases without a calendar",
    }
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
        grid.row([state, waiting, bucket, hours(cell.in_hours).to_owned(), time, share]);
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
