//! The answer in a few sentences an analyst can read out.
//!
//! The terminal and the one-page summary say the same; each brings its own way to escape names. It holds
//! no metric: it picks and adds what the findings already hold.

use std::collections::BTreeMap;

use super::clocks::Shown;
use super::format::{amounts, count, decimal, decimals, duration, percent, plural, working};
use super::model::{ChokePoint, Findings, Intervention, Kpis, LedgerFound, Quantiles, Roi};

/// Makes text from outside safe for the medium the sentences go to.
pub(super) type Escape<'a> = &'a dyn Fn(&str) -> String;

/// The sentences, most important first; those without a number to say are left out.
pub(super) fn sentences(findings: &Findings, clocks: Shown, escape: Escape) -> Vec<String> {
    let mut said = vec![cycle_time(&findings.kpis, findings.input.completed_cases, clocks)];
    // where no state is known, nothing tells work from waiting
    if findings.kpis.exception_rate.is_some() {
        said.extend(time_split(&findings.ledger));
    }
    said.extend(findings.choke_points.first().map(|point| choke_point(point, escape)));
    said.extend(ownership(findings, escape));
    said.extend(cost(&findings.roi, escape));
    said.extend(findings.interventions.first().map(|first| first_step(first, &findings.roi, escape)));
    said
}

fn cycle_time(kpis: &Kpis, completed: u64, clocks: Shown) -> String {
    let wall = &kpis.cycle_time_ms.wall;
    if wall.p50.is_none() {
        return "No case is completed, so this log has no cycle time.".to_owned();
    }
    let business = kpis.cycle_time_ms.business.as_ref().filter(|_| clocks.business());
    let said = [
        clocks.wall().then(|| on_clock(wall, completed, duration, "on the wall clock")),
        business.map(|business| {
            if clocks.wall() {
                beside_wall(business)
            } else {
                on_clock(business, business.n, working, "in working hours")
            }
        }),
    ];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The same on the business clock in fewer words.
fn beside_wall(business: &Quantiles) -> String {
    match (business.p50, business.p90) {
        (Some(half), Some(tenth)) => {
            format!("In working hours half take at most {}, one in ten more than {}.", working(half), working(tenth))
        }
        (None | Some(_), None) | (None, Some(_)) => "None has a cycle time in working hours.".to_owned(),
    }
}

fn on_clock(found: &Quantiles, completed: u64, show: fn(i64) -> String, clock: &str) -> String {
    let (Some(half), Some(tenth)) = (found.p50, found.p90) else {
        return format!("No completed case has a cycle time {clock}.");
    };
    if completed == 1 {
        return format!("The only completed case takes {} {clock}.", show(half));
    }
    let mean = found.mean.map_or_else(String::new, |mean| format!(" (mean {})", show(mean)));
    format!(
        "Half of the {} completed cases take at most {}, one in ten takes more than {}{mean}, {clock}.",
        count(completed),
        show(half),
        show(tenth),
    )
}

/// What a case waits for, in words, by the ledger's `waiting_on`.
pub(super) fn waited_for(waiting_on: &str) -> &str {
    match waiting_on {
        "requester" => "the requester",
        "vendor" => "a vendor",
        "approver" => "an approver",
        "new_owner" => "a new owner to pick it up",
        "own_queue" => "its turn in a queue",
        "other_item" => "another item",
        "nobody" => "nobody",
        other => other,
    }
}

fn time_split(ledger: &LedgerFound) -> Option<String> {
    if ledger.total_ms <= 0 {
        return None;
    }
    let mut by_party: BTreeMap<&str, i128> = BTreeMap::new();
    let mut work = 0_i128;
    for cell in &ledger.cells {
        if cell.bucket == "work" {
            work += i128::from(cell.duration_ms);
        } else if cell.waiting_on != "nobody" {
            *by_party.entry(cell.waiting_on).or_default() += i128::from(cell.duration_ms);
        }
    }
    let total = i128::from(ledger.total_ms);
    let mut parties: Vec<(&str, i128)> = by_party.into_iter().filter(|(_, ms)| *ms > 0).collect();
    parties.sort_by_key(|(party, ms)| (-ms, *party));
    let longest: Vec<String> = parties
        .iter()
        .take(3)
        .map(|(party, ms)| format!("{} for {}", percent(ratio(*ms, total)), waited_for(party)))
        .collect();
    let names = if longest.is_empty() { String::new() } else { format!(": {}", longest.join(", ")) };
    Some(format!(
        "Of {} of case time {} is in active or review states and {} is waiting or reopened{names}.",
        duration(ledger.total_ms),
        percent(ratio(work, total)),
        percent(ratio(total - work, total)),
    ))
}

#[expect(clippy::cast_precision_loss, reason = "shown with one decimal")]
pub(super) fn ratio(part: i128, whole: i128) -> f64 {
    if whole == 0 { 0.0 } else { part as f64 / whole as f64 }
}

/// A place in words: `"New" in "Group 9"`.
pub(super) fn place(point: &ChokePoint, escape: Escape) -> String {
    let group = point
        .group
        .as_ref()
        .map_or_else(|| " with no group".to_owned(), |group| format!(" in \"{}\"", escape(group.raw())));
    format!("\"{}\"{group}", escape(point.state.raw()))
}

fn choke_point(point: &ChokePoint, escape: Escape) -> String {
    let others = point
        .others_p50_ms
        .map_or_else(String::new, |ms| format!(", against {} for the same state in the other groups", duration(ms)));
    format!(
        "The first choke point is {}: {} hold {} of all waiting, and half of them last longer than {}{others}.",
        place(point, escape),
        plural(point.stays, "completed stay", "completed stays"),
        percent(point.share),
        duration(point.p50_ms),
    )
}

fn ownership(findings: &Findings, escape: Escape) -> Option<String> {
    let per_case = findings.kpis.handoffs_per_case.as_ref()?;
    let definition = findings.handoffs.definition.unwrap_or("owner");
    let bounced = findings.kpis.ping_pong_case_rate.map_or_else(String::new, |rate| {
        format!("; {} of cases go back to the {} before last", percent(rate), escape(definition))
    });
    Some(format!("A case changes {} {} times on average{bounced}.", escape(definition), decimal(per_case.mean, 2)))
}

fn cost(roi: &Roi, escape: Escape) -> Option<String> {
    let baseline = roi.baseline_per_month.as_ref()?;
    Some(format!(
        "Coordination touches cost {} {} a month (cautious / expected / optimistic) under the assumptions listed below; \
         waiting itself has no price.",
        escape(&roi.currency),
        amounts(baseline, &roi.currency),
    ))
}

/// What is said of an intervention that saves less than one touch a month, and no hours that anybody saw.
pub(super) const NO_TOUCHES: &str = "it saves no touches, and what waiting it would save needs a replay";

/// The idle time that an intervention may save; nothing where there is none or nobody saw it.
pub(super) fn idle(found: &Intervention) -> Option<String> {
    let hours = found.hours_per_month.as_ref().filter(|hours| hours.base > 0.0)?;
    Some(format!("{} h of idle time a month may go away, which has no price", decimals(hours, 0)))
}

fn first_step(first: &Intervention, roi: &Roi, escape: Escape) -> String {
    let worth = match (&first.value_per_month, first.touches_per_month) {
        (Some(value), Some(touches)) if touches >= 1.0 => {
            let currency = escape(&roi.currency);
            format!(", worth {currency} {} a month from touches alone", amounts(value, &roi.currency))
        }
        (Some(_), Some(_)) => format!("; {}", idle(first).unwrap_or_else(|| NO_TOUCHES.to_owned())),
        (_, _) => "; its worth is not known from this log".to_owned(),
    };
    format!("First to try: {} ({}, {}, {}){worth}.", escape(first.title.raw()), first.pattern, first.level, first.phase)
}
