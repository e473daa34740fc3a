//! The four buckets in touches, minutes and money, with the assumptions beside the money.

use crate::report::answer::ratio;
use crate::report::format::{amounts, count, decimal, decimals, duration, percent, plural, trimmed};
use crate::report::model::{Bucket, Findings, Roi};
use crate::report::page::{Grid, Page};
use crate::report::visible::plain;

pub(super) fn buckets(page: &mut Page, findings: &Findings) {
    page.heading("buckets", "Four buckets of coordination, over the whole log");
    let currency = &findings.roi.currency;
    let all = [
        ("A", &findings.buckets.a),
        ("B", &findings.buckets.b),
        ("C", &findings.buckets.c),
        ("D", &findings.buckets.d),
    ];
    let mut touched = Grid::new().text("Bucket").number("Touches").number("Per case").number("Minutes of work");
    let mut priced = Grid::new().text("Bucket").number("Elapsed time").number(&format!("Cost in {}", plain(currency)));
    for (letter, bucket) in all {
        let at = format!("/buckets/{letter}");
        touched.row(touch_cells(page, letter, bucket, &at));
        let elapsed = page.or_unknown(bucket.elapsed_ms, &format!("{at}/elapsed_ms"), duration);
        let cost = page.or_unknown(bucket.cost.as_ref(), &format!("{at}/cost"), |cost| amounts(cost, currency));
        priced.row([named(letter, bucket), elapsed, cost]);
    }
    page.grid(touched);
    page.blank();
    page.grid(priced);
    page.faint("Ranges: cautious / expected / optimistic. Elapsed time waits, it is not work, and has no price.");
    for (letter, bucket) in all.iter().filter(|(_, bucket)| bucket.proxy) {
        page.warn(&format!(
            "{letter} is a proxy: {} cannot be seen in this log; events at which nothing visible changed stand in as an \
             upper bound, low is 0, and no headline holds it.",
            plain(bucket.name).to_lowercase(),
        ));
    }
    touch_total(page, findings);
    per_month(page, &findings.roi);
    page.end_notes();
}

fn named(letter: &str, bucket: &Bucket) -> String {
    format!("{letter} {}{}", plain(bucket.name), if bucket.proxy { " (proxy)" } else { "" })
}

fn touch_cells(page: &mut Page, letter: &str, bucket: &Bucket, at: &str) -> [String; 4] {
    let bound = if bucket.proxy { "≤ " } else { "" };
    let touches =
        page.or_unknown(bucket.touches, &format!("{at}/touches"), |touches| format!("{bound}{}", count(touches)));
    let per_case = page.or_unknown(bucket.touches_per_case, &format!("{at}/touches_per_case"), |rate| {
        format!("{bound}{}", decimal(rate, 2))
    });
    let minutes = page.or_unknown(bucket.minutes.as_ref(), &format!("{at}/minutes"), |minutes| decimals(minutes, 0));
    [named(letter, bucket), touches, per_case, minutes]
}

fn touch_total(page: &mut Page, findings: &Findings) {
    let (Some(all), Some(work)) = (findings.buckets.all_touches, findings.buckets.work_touches) else { return };
    page.say(&format!(
        "{} by people in all; {} ({}) are work and in no bucket.",
        plural(all, "touch", "touches"),
        count(work),
        percent(ratio(i128::from(work), i128::from(all))),
    ));
}

fn per_month(page: &mut Page, roi: &Roi) {
    let currency = plain(&roi.currency);
    let total = page.or_unknown(roi.baseline_per_month.as_ref(), "/roi/baseline_per_month", |range| {
        format!("{currency} {}", amounts(range, &roi.currency))
    });
    let parts: Vec<String> = roi
        .baseline_by_bucket
        .iter()
        .map(|(bucket, range)| match range {
            Some(range) => format!("{bucket} {}", amounts(range, &roi.currency)),
            None => format!("{bucket} not counted"),
        })
        .collect();
    page.say(&format!("Coordination per month: {total}."));
    if !parts.is_empty() {
        page.item("  ", &parts.join(" · "));
    }
}

/// A name of which the first words tell the rows apart, however narrow the page.
fn assumption_name(name: &str) -> String {
    match name {
        "minutes_per_touch.A" => "A minutes, handoffs".to_owned(),
        "minutes_per_touch.B" => "B minutes, status".to_owned(),
        "minutes_per_touch.C" => "C minutes, exceptions".to_owned(),
        "minutes_per_touch.D" => "D minutes, updates".to_owned(),
        other => plain(&other.replace('_', " ")),
    }
}

pub(super) fn assumptions(page: &mut Page, roi: &Roi) {
    if roi.assumptions.is_empty() {
        return;
    }
    page.heading("assumptions", "Assumptions behind every amount");
    let mut grid = Grid::new().text("Assumption").number("Cautious").number("Expected").number("Optimistic");
    grid = grid.text("Unit").text("Source");
    for assumption in &roi.assumptions {
        grid.row([
            assumption_name(&assumption.name),
            trimmed(assumption.value.low),
            trimmed(assumption.value.base),
            trimmed(assumption.value.high),
            plain(&assumption.unit),
            plain(&assumption.source),
        ]);
    }
    page.grid(grid);
    let defaults = roi.assumptions.iter().filter(|assumption| assumption.source == "default").count();
    if defaults > 0 {
        page.faint(&format!(
            "{defaults} of {} are defaults of this program, not numbers of your organisation.",
            roi.assumptions.len()
        ));
    }
}
