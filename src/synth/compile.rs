//! Recipe → world: checks the frame (names, people, volumes, office hours) and puts the resolved parts together.
//!
//! The parts themselves (states, steps, conditions) are resolved in `resolve`. Errors say in words what does not fit.

use super::calendar::{DAY_S, Office, day_number, parse_clock, parse_date, parse_instant};
use super::parts::{Bot, Group, Plan, Start};
use super::recipe::{self, Recipe};
use super::resolve::{Names, Outcome, find, find_all, share, wall};
use super::texts;
use super::world::World;

/// Limits of one recipe.
const MOST_MONTHS: u32 = 1_200;
const MOST_CASES_PER_MONTH: u32 = 10_000_000;

/// Builds the world of a recipe.
pub(super) fn world(recipe: Recipe) -> Outcome<World> {
    if recipe.schema != recipe::SCHEMA {
        return Err(format!("schema is `{}`, this program reads `{}`", recipe.schema, recipe::SCHEMA));
    }
    let texts = texts(&recipe)?;
    let names = names(&recipe, &texts)?;
    people(&recipe)?;
    let checks = recipe.status_checks.as_ref().map(|checks| names.checks(checks)).transpose()?;
    if let Some(planted) = &recipe.planted {
        planted.check(&names)?;
    }
    Ok(World {
        plan: plan(&recipe.cases)?,
        office: office(&recipe.office)?,
        planted: recipe.planted.clone(),
        start: Start {
            state: find("state", &names.states, &recipe.start.state)?,
            group: find("group", &names.groups, &recipe.start.group)?,
            act: names.act(&recipe.start.act, "start")?,
        },
        bots: recipe
            .bot
            .iter()
            .map(|bot| Ok(Bot { name: bot.name.clone(), every_s: wall(&bot.every)? }))
            .collect::<Outcome<_>>()?,
        categories: recipe.category.iter().map(|category| names.category(category)).collect::<Outcome<_>>()?,
        flaws: recipe.flaw.iter().map(|flaw| share("share of a flaw", flaw.share)).collect::<Outcome<_>>()?,
        states: recipe.state.iter().map(|state| names.state(state)).collect::<Outcome<_>>()?,
        effects: recipe.effect.iter().map(|effect| names.effect(effect)).collect::<Outcome<_>>()?,
        groups: recipe.group.iter().map(|one| group(one, &recipe.office)).collect::<Outcome<_>>()?,
        priorities: recipe.priority.iter().map(|priority| (priority.name.clone(), priority.weight)).collect(),
        name: recipe.name,
        about: recipe.about,
        first_names: recipe.requesters.first_names,
        last_names: recipe.requesters.last_names,
        checks,
        texts,
    })
}

/// Lists the kinds of text with their templates: the recipe's own first, then the defaults it does not replace.
fn texts(recipe: &Recipe) -> Outcome<Vec<(String, Vec<String>)>> {
    let mut list: Vec<(String, Vec<String>)> =
        recipe.texts.iter().map(|(kind, own)| (kind.clone(), own.clone())).collect();
    for (kind, defaults) in texts::DEFAULTS {
        if !recipe.texts.contains_key(kind) {
            list.push((kind.to_owned(), defaults.iter().map(|text| (*text).to_owned()).collect()));
        }
    }
    for (kind, templates) in &list {
        if templates.is_empty() {
            return Err(format!("texts.{kind} is empty"));
        }
        for template in templates {
            texts::check(template).map_err(|why| format!("texts.{kind}: {why} in {template:?}"))?;
        }
    }
    Ok(list)
}

/// Collects the names and checks that each list has some and none twice.
fn names(recipe: &Recipe, texts: &[(String, Vec<String>)]) -> Outcome<Names> {
    let names = Names {
        states: recipe.state.iter().map(|state| state.name.clone()).collect(),
        groups: recipe.group.iter().map(|group| group.name.clone()).collect(),
        categories: recipe.category.iter().map(|category| category.name.clone()).collect(),
        priorities: recipe.priority.iter().map(|priority| priority.name.clone()).collect(),
        flaws: recipe.flaw.iter().map(|flaw| flaw.name.clone()).collect(),
        bots: recipe.bot.iter().map(|bot| bot.name.clone()).collect(),
        texts: texts.iter().map(|(kind, _)| kind.clone()).collect(),
    };
    for (what, list) in [
        ("state", &names.states),
        ("group", &names.groups),
        ("category", &names.categories),
        ("priority", &names.priorities),
        ("flaw", &names.flaws),
        ("bot", &names.bots),
    ] {
        if let Some(twice) = list.iter().enumerate().find(|(at, name)| list[..*at].contains(name)) {
            return Err(format!("two {what} tables are called `{}`", twice.1));
        }
        if list.is_empty() && what != "flaw" && what != "bot" {
            return Err(format!("there is no [[{what}]]"));
        }
    }
    Ok(names)
}

/// Checks that every person has one role and that there are requesters.
fn people(recipe: &Recipe) -> Outcome<()> {
    let outside = &recipe.requesters;
    if outside.first_names.is_empty() || outside.last_names.is_empty() {
        return Err("requesters need first_names and last_names".to_owned());
    }
    let mut seen: Vec<&str> = recipe.bot.iter().map(|bot| bot.name.as_str()).collect();
    for group in &recipe.group {
        for member in group.members.iter().chain(&group.manager) {
            let requester = member.split_once(' ').is_some_and(|(first, last)| {
                outside.first_names.iter().any(|name| name == first)
                    && outside.last_names.iter().any(|name| name == last)
            });
            if requester || (seen.contains(&member.as_str()) && group.manager.as_ref() != Some(member)) {
                return Err(format!("`{member}` of group `{}` has a second role", group.name));
            }
            seen.push(member);
        }
    }
    Ok(())
}

/// Builds a group; the first member manages it unless somebody else is named.
fn group(group: &recipe::Group, hours: &recipe::OfficeHours) -> Outcome<Group> {
    let manager = group.manager.as_ref().or(group.members.first()).cloned().unwrap_or_default();
    let mut office = office(hours)?;
    if let Some(days) = &group.days {
        let theirs = weekdays(days)?;
        for (open, works) in office.open_on.iter_mut().zip(theirs) {
            *open &= works;
        }
        if office.open_on == [false; 7] {
            return Err(format!("group `{}` works on no day of the office", group.name));
        }
    }
    Ok(Group { name: group.name.clone(), members: group.members.clone(), manager, office })
}

/// Reads the months, volumes and the end of the log.
fn plan(cases: &recipe::Cases) -> Outcome<Plan> {
    let first = parse_date(&format!("{}-01", cases.first_month))
        .ok_or_else(|| format!("first_month is `{}`, must be like `2025-01`", cases.first_month))?;
    let until_s = parse_instant(&cases.until)
        .ok_or_else(|| format!("until is `{}`, must be like `2025-04-04T18:00:00Z`", cases.until))?;
    if cases.months == 0 || cases.months > MOST_MONTHS || cases.per_month == 0 || cases.per_month > MOST_CASES_PER_MONTH
    {
        return Err(format!("months must be 1 to {MOST_MONTHS} and per_month 1 to {MOST_CASES_PER_MONTH}"));
    }
    let (year, month, _) = super::calendar::civil(first);
    let months: Vec<(i64, i64)> = (0..i64::from(cases.months))
        .map(|n| (year + (month - 1 + n).div_euclid(12), (month - 1 + n).rem_euclid(12) + 1))
        .collect();
    let after = month - 1 + i64::from(cases.months);
    let last_end_s = day_number(year + after.div_euclid(12), after.rem_euclid(12) + 1, 1) * DAY_S;
    if until_s < last_end_s + DAY_S {
        return Err(format!("until is `{}`, must be at least a day after the last month of arrivals", cases.until));
    }
    let weight = share("closed_day_weight", cases.closed_day_weight)?;
    Ok(Plan {
        months,
        per_month: cases.per_month,
        until_s,
        off_hours_share: share("off_hours_share", cases.off_hours_share)?,
        closed_day_weight: u32::try_from(super::parts::whole(weight * 1_000.0)).unwrap_or(0),
        prefix: cases.prefix.clone(),
        first_number: cases.first_number,
        digits: cases.digits.min(12),
    })
}

/// Reads days of the week, Monday first.
fn weekdays(days: &[String]) -> Outcome<[bool; 7]> {
    let known = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"].map(str::to_owned);
    let mut open_on = [false; 7];
    for day in find_all("weekday", &known, days)? {
        open_on[day] = true;
    }
    Ok(open_on)
}

/// Reads the office hours.
fn office(hours: &recipe::OfficeHours) -> Outcome<Office> {
    let open_on = weekdays(&hours.days)?;
    let bad = || format!("office hours are `{}`, must be like `08:00-18:00`", hours.hours);
    let (from, to) = hours.hours.split_once('-').ok_or_else(bad)?;
    let (opens_s, closes_s) = (parse_clock(from).ok_or_else(bad)?, parse_clock(to).ok_or_else(bad)?);
    if closes_s - opens_s < 3_600 || hours.days.is_empty() {
        return Err("the office must open on some day, for at least an hour".to_owned());
    }
    let day = |text: &String| parse_date(text).ok_or_else(|| format!("holiday `{text}` is no date"));
    Ok(Office { open_on, opens_s, closes_s, holidays: hours.holidays.iter().map(day).collect::<Outcome<_>>()? })
}
