//! `facts` of a service level: columns of the log, or a table of the source system, read into what it says of each case.
//!
//! Whether a case of the table is in the log, and whether we agree, is found out where timers are measured.

use std::collections::BTreeMap;
use std::ops::Range;

use toml::Spanned;

use super::sections::{FactsSection, ZendeskFactsSection};
use crate::config::tables::{Live, Row, Table, Tables, flag, instant, quoted};
use crate::error::{Problem, Result};
use crate::time::days_from_civil;

/// What a fact is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Measure {
    /// True where the service level was kept.
    Made,
    /// True where it was breached.
    Breached,
    /// The time it took.
    Elapsed,
}

impl Measure {
    /// Reads a cell: 1 for breached and 0 for kept, or ms.
    #[must_use]
    pub fn read(self, text: &str) -> Option<i64> {
        match self {
            Measure::Made => flag(text).map(|made| i64::from(!made)),
            Measure::Breached => flag(text).map(i64::from),
            Measure::Elapsed => duration_ms(text),
        }
    }
}

/// What the source system says of a service level.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Facts {
    /// Columns of the log.
    pub columns: Vec<(Measure, String)>,
    /// A table of its own.
    pub table: Option<FactTable>,
    /// The targets that Zendesk gave its tickets.
    pub zendesk: Option<ZendeskTargets>,
}

/// Which rows of a table were used.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TableRows {
    /// Name of the file without folders.
    pub file: String,
    /// Rows of the file.
    pub all: u64,
    /// Left out: marked as deleted by the connector.
    pub deleted: u64,
    /// Left out: not those that `where` or `metric` wants.
    pub others: u64,
    /// Cases with more than one of the rows used.
    pub repeated_cases: u64,
}

/// What a table says, by case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FactTable {
    /// Its rows.
    pub rows: TableRows,
    /// What its columns are about, and their names.
    pub columns: Vec<(Measure, String)>,
    /// Per case a value of each column where it has one: of several rows the greatest, so breached if any is.
    pub cases: BTreeMap<String, Vec<Option<i64>>>,
}

/// The targets of tickets, by the policy that a ticket had and its priority.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ZendeskTargets {
    /// Rows of the table of policies.
    pub policies: TableRows,
    /// Rows of the table of targets; a policy changed is a further version of its rows.
    pub targets: TableRows,
    /// Per ticket the policy that was applied last, and when, ms UTC.
    pub of_ticket: BTreeMap<String, (String, i64)>,
    /// Per policy and priority, in small letters, the versions of the target by the instant from which on they hold.
    pub versions: BTreeMap<(String, String), BTreeMap<i64, ZendeskTarget>>,
}

/// A target of a policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ZendeskTarget {
    /// How long it may take.
    pub target_ms: i64,
    /// Whether that is time of a schedule.
    pub business: bool,
}

impl ZendeskTargets {
    /// Returns the target that a ticket of a priority has: in the version that held when its policy was applied, or the
    /// first one of a policy that is older than its history.
    #[must_use]
    pub fn target(&self, ticket: &str, priority: &str) -> Option<ZendeskTarget> {
        let (policy, applied_ms) = self.of_ticket.get(ticket)?;
        let versions = self.versions.get(&(policy.clone(), priority.trim().to_lowercase()))?;
        let held = versions.range(..=applied_ms).next_back().or_else(|| versions.iter().next());
        held.map(|(_, target)| *target)
    }
}

/// Checks the section and reads its tables.
pub(super) fn settle(section: &FactsSection, tables: &Tables<'_>) -> Result<Facts> {
    let named =
        [(Measure::Made, &section.made), (Measure::Breached, &section.breached), (Measure::Elapsed, &section.elapsed)];
    let columns: Vec<(Measure, &Spanned<String>)> =
        named.into_iter().filter_map(|(measure, column)| Some((measure, column.as_ref()?))).collect();
    let zendesk = section.zendesk.as_ref().map(|zendesk| self::zendesk(zendesk.get_ref(), tables)).transpose()?;
    let Some(name) = &section.table else {
        let lone = section.case.as_ref().map(|case| ("case", case.span()));
        if let Some((key, place)) = lone.or(section.rows.as_ref().map(|rows| ("where", rows.span()))) {
            let problem = Problem::usage(format!("`{key}` of `facts` is about a table, and there is none"));
            let hint = format!("add `table = \"task_sla.csv\"`, or take `{key}` out");
            return Err(tables.page.at(place, problem.hint(hint)));
        }
        let columns = columns.into_iter().map(|(measure, column)| (measure, column.get_ref().clone())).collect();
        return Ok(Facts { columns, table: None, zendesk });
    };
    let Some(case) = &section.case else {
        let problem = Problem::usage("nothing says which column of the table names the case");
        return Err(tables.page.at(name.span(), problem.hint("add it, such as `case = \"task_value\"`")));
    };
    if columns.is_empty() {
        let problem = Problem::usage("nothing says which column of the table is held against ours");
        let hint = "add one, such as `breached = \"has_breached\"` or `elapsed = \"business_duration\"`";
        return Err(tables.page.at(name.span(), problem.hint(hint)));
    }
    let table = fact_table(name, case, section, &columns, tables)?;
    Ok(Facts { columns: Vec::new(), table: Some(table), zendesk })
}

fn fact_table(
    name: &Spanned<String>,
    case: &Spanned<String>,
    section: &FactsSection,
    columns: &[(Measure, &Spanned<String>)],
    tables: &Tables<'_>,
) -> Result<FactTable> {
    let wanted = section.rows.as_ref().map(Spanned::get_ref);
    let wanted: Vec<(&Spanned<String>, &[String])> =
        wanted.into_iter().flatten().map(|(column, values)| (column, values.0.as_slice())).collect();
    let asked = std::iter::once(case).chain(wanted.iter().map(|(column, _)| *column));
    let asked = asked.chain(columns.iter().map(|(_, column)| *column));
    let asked: Vec<(&str, Range<usize>)> = asked.map(|column| (column.get_ref().as_str(), column.span())).collect();
    let Live { table, all, deleted } = tables.read(name, &asked, &[])?;
    let is_meant = |row: &&Row| {
        let mut tests = (1..).zip(&wanted);
        tests.all(|(place, (_, values))| values.iter().any(|value| value == row.cell(place)))
    };
    let meant: Vec<&Row> = table.rows.iter().filter(is_meant).collect();
    refuse_values_without_rows(&table, &wanted, tables)?;
    let mut cases: BTreeMap<String, (u64, Vec<Option<i64>>)> = BTreeMap::new();
    for row in &meant {
        refuse_no_case(&table, row, case.get_ref())?;
        let (rows, known) = cases.entry(row.cell(0).to_owned()).or_insert((0, vec![None; columns.len()]));
        *rows += 1;
        for (place, (known, (measure, column))) in known.iter_mut().zip(columns).enumerate() {
            let text = row.cell(1 + wanted.len() + place);
            let value = measure.read(text);
            if value.is_none() && !text.is_empty() {
                return Err(table.refuse(row, column.get_ref(), unread(*measure, text)));
            }
            *known = (*known).max(value);
        }
    }
    let rows = TableRows {
        file: table.file.name.clone(),
        all,
        deleted,
        others: table.rows.len() as u64 - meant.len() as u64,
        repeated_cases: cases.values().filter(|(rows, _)| *rows > 1).count() as u64,
    };
    Ok(FactTable {
        rows,
        columns: columns.iter().map(|(measure, column)| (*measure, column.get_ref().clone())).collect(),
        cases: cases.into_iter().map(|(case, (_, values))| (case, values)).collect(),
    })
}

fn refuse_no_case(table: &Table, row: &Row, column: &str) -> Result<()> {
    if row.cell(0).is_empty() {
        let problem = Problem::input("the row names no case").hint("correct the row, or take it out");
        return Err(table.refuse(row, column, problem));
    }
    Ok(())
}

/// Refuses a value of `where` that no row has: it would leave out rows silently.
fn refuse_values_without_rows(
    table: &Table,
    wanted: &[(&Spanned<String>, &[String])],
    tables: &Tables<'_>,
) -> Result<()> {
    for (place, (column, values)) in (1..).zip(wanted) {
        let known = || table.rows.iter().map(|row| row.cell(place));
        let unknown = values.iter().find(|value| !known().any(|cell| cell == value.as_str()));
        let Some(value) = unknown else { continue };
        let (file, column_name) = (&table.shown, column.get_ref());
        let problem = Problem::usage(format!("no row of `{file}` has \"{value}\" in the column `{column_name}`"));
        let hint = match known().find(|cell| !cell.is_empty()) {
            Some(other) => {
                format!("write a value as the table does, such as `{column_name} = \"{}\"`", quoted(other))
            }
            None => format!("the column is empty: take `{column_name}` out of `where`"),
        };
        return Err(tables.page.at(column.span(), problem.hint(hint)));
    }
    Ok(())
}

fn unread(measure: Measure, text: &str) -> Problem {
    let text = quoted(text);
    match measure {
        Measure::Made | Measure::Breached => Problem::input(format!("`{text}` is neither true nor false"))
            .hint("write `true` or `false`, leave the cell empty, or leave such rows out with `where`"),
        Measure::Elapsed => Problem::input(format!("`{text}` is no duration")).hint(
            "write seconds, `H:MM:SS` or a date from 1970-01-01 on such as `1970-01-01 08:00:00`, or leave it empty",
        ),
    }
}

fn zendesk(section: &ZendeskFactsSection, tables: &Tables<'_>) -> Result<ZendeskTargets> {
    let policies = tables.read_for(&section.policies, &["ticket_id", "sla_policy_id", "policy_applied_at"], &[])?;
    let columns = ["sla_policy_id", "metric", "priority", "target", "business_hours", "sla_policy_updated_at"];
    let targets = tables.read_for(&section.targets, &columns, &[])?;
    let mut found =
        ZendeskTargets { policies: rows_of(&policies), targets: rows_of(&targets), ..ZendeskTargets::default() };
    let mut repeated = std::collections::BTreeSet::new();
    for row in &policies.table.rows {
        refuse_no_case(&policies.table, row, "ticket_id")?;
        let applied_ms = instant_of(&policies.table, row, 2, "policy_applied_at")?;
        let next = (row.cell(1).to_owned(), applied_ms);
        match found.of_ticket.get_mut(row.cell(0)) {
            Some(known) => {
                repeated.insert(row.cell(0));
                if known.1 <= applied_ms {
                    *known = next;
                }
            }
            None => drop(found.of_ticket.insert(row.cell(0).to_owned(), next)),
        }
    }
    found.policies.repeated_cases = repeated.len() as u64;
    let metric = section.metric.get_ref();
    for row in &targets.table.rows {
        if row.cell(1) != metric {
            found.targets.others += 1;
            continue;
        }
        let from_ms = instant_of(&targets.table, row, 5, "sla_policy_updated_at")?;
        let key = (row.cell(0).to_owned(), row.cell(2).to_lowercase());
        found.versions.entry(key).or_default().insert(from_ms, target(&targets.table, row)?);
    }
    if found.versions.is_empty() {
        let problem = Problem::usage(format!("no row of `{}` has the metric \"{metric}\"", targets.table.shown));
        let mut metrics: Vec<&str> = targets.table.rows.iter().map(|row| row.cell(1)).collect();
        metrics.sort_unstable();
        metrics.dedup();
        let metrics: Vec<String> =
            metrics.into_iter().map(|metric| format!("`metric = \"{}\"`", quoted(metric))).collect();
        return Err(tables.page.at(section.metric.span(), problem.hint(format!("write {}", metrics.join(" or ")))));
    }
    Ok(found)
}

fn rows_of(live: &Live) -> TableRows {
    let file = live.table.file.name.clone();
    TableRows { file, all: live.all, deleted: live.deleted, others: 0, repeated_cases: 0 }
}

/// Reads the target of a row, in minutes, and whether it is business time.
fn target(table: &Table, row: &Row) -> Result<ZendeskTarget> {
    let (minutes, business) = (row.cell(3), row.cell(4));
    let target_ms = minutes.parse::<i64>().ok().filter(|minutes| *minutes > 0).and_then(|n| n.checked_mul(60_000));
    let Some(target_ms) = target_ms else {
        let problem = Problem::input(format!("`{}` is no number of minutes", quoted(minutes)));
        return Err(table.refuse(row, "target", problem.hint("write whole minutes, such as `60`")));
    };
    let Some(business) = flag(business) else {
        let problem = Problem::input(format!("`{}` is neither true nor false", quoted(business)));
        return Err(table.refuse(row, "business_hours", problem.hint("write `true` or `false`")));
    };
    Ok(ZendeskTarget { target_ms, business })
}

/// Reads an instant; without an offset it is UTC, as connectors write them.
fn instant_of(table: &Table, row: &Row, place: usize, column: &str) -> Result<i64> {
    instant(row.cell(place)).ok_or_else(|| {
        let problem = Problem::input(format!("`{}` is no date with a time", quoted(row.cell(place))));
        table.refuse(row, column, problem.hint("write it as `2024-03-31 18:00:00`, in UTC"))
    })
}

/// Reads a duration: a whole number of seconds, `H:MM:SS`, or a date from 1970-01-01 on, as `ServiceNow` writes them.
/// A date from 2000 on is one, and no duration.
#[must_use]
pub fn duration_ms(text: &str) -> Option<i64> {
    const DATES_FROM_MS: i64 = days_from_civil(2_000, 1, 1) * 86_400_000;
    let text = text.trim();
    if let Ok(seconds) = text.parse::<u32>() {
        return Some(i64::from(seconds) * 1_000);
    }
    let parts: Vec<u32> = text.split(':').map(|part| part.parse().ok()).collect::<Option<_>>().unwrap_or_default();
    if let [hours, minutes @ 0..60, seconds @ 0..60] = parts[..] {
        return Some(i64::from(hours) * 3_600_000 + i64::from(minutes) * 60_000 + i64::from(seconds) * 1_000);
    }
    instant(text).filter(|since_1970_ms| (0..DATES_FROM_MS).contains(since_1970_ms))
}

#[cfg(test)]
mod tests {
    use super::duration_ms;

    #[test]
    fn durations_are_dates_from_1970_on_clocks_or_seconds() {
        for (text, ms) in [
            ("1970-01-01 02:37:03", Some(9_423_000)),
            ("1970-01-02 00:00:00", Some(86_400_000)),
            ("1970-01-01T00:00:00Z", Some(0)),
            ("90", Some(90_000)),
            ("30:05:01", Some(108_301_000)),
            ("1969-12-31 23:00:00", None),
            ("2016-12-15 08:30:00", None),
            ("-90", None),
            ("-1:00:00", None),
            ("soon", None),
            ("", None),
        ] {
            assert_eq!(duration_ms(text), ms, "{text}");
        }
    }
}
