//! Choke points, what would help, and root causes.

use crate::report::clocks::Shown;
use crate::report::format::{
    GLUE, amounts, count, decimal, decimals, duration, duration_or_unknown, of_key, percent, plural, spread_percent,
    working_or_unknown,
};
use crate::report::model::{
    Cause, CauseAt, ChokePoint, ExitTest, Findings, Guardrail, Intervention, LevelValues, Roi, Scope, Slices,
};
use crate::report::page::{Grid, Page};
use crate::report::visible::{clip, plain, visible};

/// Places shown.
const TOP: usize = 10;
/// Share of returns from which on they are mentioned.
const RETURNS: f64 = 0.1;
/// Interventions shown, and how many of them with their reasons.
const TOP_INTERVENTIONS: usize = 8;
const WITH_REASONS: usize = 3;

pub(super) fn choke_points(page: &mut Page, findings: &Findings) {
    page.heading("choke-points", "Choke points: where work waits");
    if findings.choke_points.is_empty() {
        let why = page.because("/choke_points");
        page.say(&format!("No place has enough completed stays.{why}"));
        page.end_notes();
        return;
    }
    let clocks = page.clocks(findings.clocks.business.is_some());
    let grid = points_grid(page, &findings.choke_points, clocks);
    page.grid(grid);
    let others = if clocks.wall() { "Others: median of the same state in the other groups. " } else { "" };
    let wall = if clocks.has_business { " These are on the wall clock." } else { "" };
    page.faint(&format!(
        "{others}Share: of all waiting. Excess: time beyond the state's p75, per month, which leads the ranking; it is \
         not called removable.{wall} {}",
        clocks.legend(),
    ));
    more(page, findings.choke_points.len(), "choke_points");
    for (index, point) in findings.choke_points.iter().take(TOP).enumerate() {
        remarks(page, index + 1, point, clocks);
    }
    removable(page, &findings.choke_points);
    page.end_notes();
}

fn points_grid(page: &Page, points: &[ChokePoint], clocks: Shown) -> Grid {
    let wide = page.is_wide();
    // Where room is short the working time stands in a line below the table.
    let narrow = if wide || !clocks.both() { clocks } else { clocks.wall_only() };
    let mut grid = Grid::new().number("#").text("State").text("Group").number("Stays");
    grid = grid.numbers(&narrow.headers("p50"));
    if clocks.wall() {
        grid = grid.number("Others");
    }
    grid = grid.numbers(&narrow.headers("p90")).number("Share").number("Excess").fold_after(TOP);
    if page.is_graphic() {
        grid = grid.bars_of("Share");
    }
    if wide {
        grid = grid.number("Total").number("Open").number("p90/p50");
    }
    for (index, point) in points.iter().take(page.most(TOP)).enumerate() {
        let group = point.group.as_ref().map_or_else(|| "(no group)".to_owned(), visible);
        let mut cells = vec![(index + 1).to_string(), visible(&point.state), group, count(point.stays)];
        cells.extend(narrow.cells(Some(point.p50_ms), point.p50_business_ms));
        if clocks.wall() {
            cells.push(duration_or_unknown(point.others_p50_ms));
        }
        cells.extend(narrow.cells(Some(point.p90_ms), point.p90_business_ms));
        cells.extend([percent(point.share), duration(point.beyond_p75_ms_per_month)]);
        if wide {
            let spread = point.spread.map_or_else(|| "–".to_owned(), |spread| decimal(spread, 1));
            cells.extend([duration(point.total_ms), count(point.open_stays), spread]);
        }
        grid.push(cells);
        if page.is_graphic() {
            grid.bar(point.share);
        }
    }
    grid
}

fn more(page: &mut Page, all: usize, table: &str) {
    let most = page.most(TOP);
    if all > most {
        page.faint(&format!("{} more: table {table}.", all - most));
    }
}

fn remarks(page: &mut Page, rank: usize, point: &ChokePoint, clocks: Shown) {
    let mut said = Vec::new();
    if clocks.both() && !page.is_wide() {
        let [half, most] = [point.p50_business_ms, point.p90_business_ms].map(working_or_unknown);
        said.push(format!("work p50 {half}, p90 {most}"));
    }
    if point.benign_label {
        said.push("a harmless-looking name over long, quiet waits".to_owned());
    }
    if let Some(rate) = point.return_rate.filter(|rate| *rate >= RETURNS) {
        said.push(format!("{} of the stays are returns", percent(rate)));
    }
    if point.open_stays > 0 {
        said.push(format!("{} in it now", plural(point.open_stays, "case is", "cases are")));
    }
    match point.limited_by {
        Some("capacity") => said.push("hands are missing: owners are busy with other cases for most of it".to_owned()),
        Some(limit) => said.push(format!("the wait is {limit}")),
        None => {}
    }
    if let Some(slices) = &point.slices_ms {
        said.push(format!("of the wait: {}", slices_in_words(slices)));
    }
    if !point.causes.is_empty() {
        let causes: Vec<String> = point.causes.iter().map(|id| plain(id)).collect();
        said.push(format!("causes: {}", causes.join(", ")));
    }
    if !said.is_empty() {
        page.item(&format!("#{rank} "), &said.join("; "));
    }
}

/// The slices that are not empty, as shares of their sum.
fn slices_in_words(slices: &Slices) -> String {
    let parts = parts(slices);
    let total = sum(&parts);
    let known = parts.iter().filter_map(|(name, ms)| ms.filter(|ms| *ms > 0).map(|ms| (name, ms)));
    known.map(|(name, ms)| format!("{name}{GLUE}{}", percent(of(i128::from(ms), total)))).collect::<Vec<_>>().join(", ")
}

fn parts(slices: &Slices) -> [(&'static str, Option<i64>); 6] {
    [
        ("off hours", slices.off_hours),
        ("outside", slices.external),
        ("busy", slices.busy),
        ("batch", slices.batch),
        ("idle", slices.idle),
        ("unobserved", slices.unobserved),
    ]
}

fn sum(parts: &[(&str, Option<i64>)]) -> i128 {
    parts.iter().filter_map(|(_, ms)| ms.map(i128::from)).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a share")]
fn of(part: i128, total: i128) -> f64 {
    if total == 0 { 0.0 } else { part as f64 / total as f64 }
}

/// What coordination could remove of all waiting listed, and what it could not.
fn removable(page: &mut Page, points: &[ChokePoint]) {
    let all: Vec<&Slices> = points.iter().filter_map(|point| point.slices_ms.as_ref()).collect();
    let total: i128 = all.iter().map(|slices| sum(&parts(slices))).sum();
    if all.is_empty() {
        let why = page.unknown("/choke_points/0/slices_ms");
        page.say(&format!("What the waits are made of: {why}"));
    }
    if total == 0 {
        return;
    }
    let share = |slice: fn(&Slices) -> Option<i64>| {
        let ms: i128 = all.iter().filter_map(|slices| slice(slices)).map(i128::from).sum();
        percent(of(ms, total))
    };
    let outside = format!(
        "{} is for somebody outside, {} cannot be observed",
        share(|slices| slices.external),
        share(|slices| slices.unobserved)
    );
    let off = if all.iter().any(|slices| slices.off_hours.is_some()) {
        format!("{} is outside working hours, ", share(|slices| slices.off_hours))
    } else {
        String::new()
    };
    if all.iter().any(|slices| slices.idle.is_none()) {
        let why = page.unknown("/choke_points/0/slices_ms/idle");
        page.say(&format!(
            "What the waits are made of: {off}{outside}. Idle owners, and so what reminders could remove: {why}"
        ));
        return;
    }
    if all.iter().all(|slices| [slices.busy, slices.batch, slices.idle].iter().all(|ms| ms.unwrap_or(0) == 0)) {
        page.say(&format!(
            "What the waits are made of: {off}{outside}, as nobody is named who should act. What reminders could remove \
             cannot be told."
        ));
        return;
    }
    page.say(&format!(
        "What the waits are made of: {} is idle, the most that coordination could remove; {} has a busy owner and {} ends \
         in batches, where only capacity or another way of working helps; {off}{outside}.",
        share(|slices| slices.idle),
        share(|slices| slices.busy),
        share(|slices| slices.batch),
    ));
}

pub(super) fn interventions(page: &mut Page, findings: &Findings) {
    page.heading("interventions", "What would help, best first");
    if findings.interventions.is_empty() {
        let why = page.because("/interventions");
        page.say(&format!("This log gives no ground to propose anything.{why}"));
        page.end_notes();
        return;
    }
    page.faint("Values: cautious / expected / optimistic, from touches alone; waiting has no price.");
    for (index, found) in findings.interventions.iter().take(TOP_INTERVENTIONS).enumerate() {
        intervention(page, index, found, &findings.roi);
    }
    if findings.interventions.len() > TOP_INTERVENTIONS {
        page.faint(&format!("{} more: table interventions.", findings.interventions.len() - TOP_INTERVENTIONS));
    }
    page.end_notes();
}

fn intervention(page: &mut Page, index: usize, found: &Intervention, roi: &Roi) {
    page.item(&format!("{:>2}  ", found.rank), &visible(&found.title));
    let place = scope(&found.scope);
    page.item("    ", &format!("{} · {} · {}{place}", found.pattern, found.level, found.phase));
    let pointer = format!("/interventions/{index}/hours_per_month");
    let hours = page.or_unknown(found.hours_per_month.as_ref(), &pointer, |range| decimals(range, 0));
    let currency = plain(&roi.currency);
    let pointer = format!("/interventions/{index}/value_per_month");
    let value = page.or_unknown(found.value_per_month.as_ref(), &pointer, |value| amounts(value, &roi.currency));
    let pointer = format!("/interventions/{index}/touches_per_month");
    let touches = page.or_unknown(found.touches_per_month, &pointer, |touches| decimal(touches, 0));
    let line = format!("{currency} {value}, {touches} touches and {hours} hours of waiting a month");
    page.item("    ", &line);
    if index >= page.most(WITH_REASONS) {
        return;
    }
    page.item("    Evidence: ", &visible(&found.evidence));
    let effect = spread_percent(&found.effect.share);
    page.item("    Effect: ", &format!("{effect} of these touches go away ({})", plain(found.effect.source)));
    page.item("    Level: ", &format!("{} ({})", plain(&found.level_why), level_values(&found.level_values, roi)));
    let writes: Vec<&str> = found.needs.writes.iter().map(|write| write.what).collect();
    page.item("    Reads: ", &found.needs.data.join("; "));
    page.item("    Writes: ", &writes.join("; "));
    let guarded = guardrail(page, index, &found.guardrail);
    page.item("    Must not worsen: ", &guarded);
    page.item("    Leaves a case to people when: ", &found.stop_conditions.join("; "));
    let tested = exit_test(page, index, &found.exit_test);
    page.item("    Worked if: ", &tested);
}

fn guardrail(page: &mut Page, index: usize, found: &Guardrail) -> String {
    let key = plain(&found.metric);
    let now = page.or_unknown(found.now, &format!("/interventions/{index}/guardrail/now"), |now| of_key(&key, now));
    let limit = found.limit.map_or_else(String::new, |limit| format!(", at most {}", of_key(&key, limit)));
    format!("{} ({now} now{limit}; {key})", found.says)
}

fn exit_test(page: &mut Page, index: usize, found: &ExitTest) -> String {
    let key = plain(&found.metric);
    let now = page.or_unknown(found.now, &format!("/interventions/{index}/exit_test/now"), |now| of_key(&key, now));
    let least = found.at_most.map_or_else(String::new, |most| format!(" {} or less", of_key(&key, most)));
    let target = found.target.map_or_else(String::new, |target| format!(", aim {}", of_key(&key, target)));
    format!("{}{least} ({now} now{target}; {key})", visible(&found.says))
}

fn scope(scope: &Scope) -> String {
    let quoted = |text| format!("\"{}\"", clip(&visible(text), 30, "…"));
    match (&scope.state, &scope.group) {
        (Some(state), Some(group)) => format!(" · {} in {}", quoted(state), quoted(group)),
        (Some(state), None) => format!(" · {}", quoted(state)),
        (None, Some(group)) => format!(" · {}", quoted(group)),
        (None, None) => String::new(),
    }
}

fn level_values(values: &LevelValues, roi: &Roi) -> String {
    let confidence = values.confidence.map_or_else(|| "–".to_owned(), |value| decimal(value, 2));
    let money = values
        .money_at_risk
        .map_or_else(|| "–".to_owned(), |minor| crate::report::format::money(minor, &plain(&roi.currency)));
    let regulated = values.regulatory.map_or("–", |yes| if yes { "yes" } else { "no" });
    let impact = values.customer_impact.unwrap_or("–");
    let violated =
        values.violation_share.map_or_else(String::new, |share| format!(", rule violated in {}", percent(share)));
    format!("confidence {confidence}, money at risk {money}, regulated {regulated}, customer impact {impact}{violated}")
}

pub(super) fn causes(page: &mut Page, causes: &[Cause]) {
    page.heading("causes", "Root causes");
    if causes.is_empty() {
        let why = page.because("/causes");
        page.say(&format!("None found.{why}"));
    }
    for cause in causes {
        let id = plain(&cause.id);
        page.item("· ", &format!("{} [{id}], {}", cause.kind.replace('_', " "), plural(cause.cases, "case", "cases")));
        page.item("    ", &visible(&cause.evidence));
        if let Some(place) = cause.places.first() {
            page.item("    ", &at_place(place, cause.places.len()));
        }
        page.item("    Not so if: ", &plain(&cause.falsified_by));
    }
    page.end_notes();
}

/// The place where a cause goes with the most waiting, and how many more there are.
fn at_place(place: &CauseAt, places: usize) -> String {
    let others = place.mean_without_ms.map_or_else(String::new, |ms| format!(", against {} without", duration(ms)));
    let more = if places > 1 { format!("; {} more: table causes_by_place", places - 1) } else { String::new() };
    let examples: Vec<String> = place.examples.iter().map(visible).collect();
    format!(
        "at {}: {} of {} ({}) take {} on average{others}; such as {}{more}",
        plain(&place.choke_point),
        count(place.with_sign),
        plural(place.stays, "stay", "stays"),
        place.sign.replace('_', " "),
        duration(place.mean_with_ms),
        examples.join(", "),
    )
}

pub(super) fn active_points(page: &mut Page, findings: &Findings) {
    if findings.active_points.is_empty() {
        return;
    }
    page.heading("slow-work", "Slow work: active states, kept apart from waiting");
    let clocks = page.clocks(findings.clocks.business.is_some());
    let grid = points_grid(page, &findings.active_points, clocks);
    page.grid(grid);
    more(page, findings.active_points.len(), "active_points");
    page.faint("An active state may still hide waiting that nobody recorded.");
}
