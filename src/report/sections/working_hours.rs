//! When people work, as a small map of the week, and the calendar to copy.

use crate::report::check::WorkingHours;
use crate::report::format::count;
use crate::report::page::{Grid, Page};
use crate::report::visible::plain;

const WEEKDAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
/// Hours above their letters.
const SCALE: &str = "0     3     6     9     12    15    18    21    ";

/// The map of the week, the calendar, and where its zone comes from.
pub(super) fn working_hours(page: &mut Page, hours: &WorkingHours) {
    page.heading("working-hours", "When people work");
    page.say(&format!(
        "{} {}, by hour of the week in {} ({}).",
        count(hours.events),
        plain(hours.counted),
        plain(&hours.timezone),
        plain(&hours.timezone_why),
    ));
    let grid = if page.is_endless() { numbers(hours) } else { map(hours) };
    page.grid(grid);
    if !page.is_endless() {
        page.faint(
            "░ some events, ▒ enough for an open hour, ▓ from half of the busiest hour on, █ from three quarters on",
        );
    }
    match (&hours.calendar, &hours.why_not) {
        (Some(calendar), _) => {
            page.say("The calendar these hours would make, to copy into wcaf.toml; it is not applied:");
            page.code(calendar);
        }
        (None, Some(why)) => page.say(&format!("No calendar is proposed: {}.", plain(why))),
        (None, None) => {}
    }
}

/// A column per hour.
fn numbers(hours: &WorkingHours) -> Grid {
    let mut grid = (0..24).fold(Grid::new().text("Day"), |grid, hour| grid.number(&format!("{hour:02}")));
    for (name, day) in WEEKDAYS.into_iter().zip(&hours.by_hour) {
        grid.push(std::iter::once(name.to_owned()).chain(day.iter().map(|events| count(*events))).collect());
    }
    grid
}

/// Two letters per hour, darker where there is more.
fn map(hours: &WorkingHours) -> Grid {
    let mut grid = Grid::new().text("Day").text(SCALE).number("Events");
    let most = hours.by_hour.iter().flatten().copied().max().unwrap_or(0);
    for (weekday, (name, day)) in WEEKDAYS.into_iter().zip(&hours.by_hour).enumerate() {
        let open =
            |hour: usize| hours.open.as_ref().and_then(|open| open.get(weekday)?.get(hour)).copied().unwrap_or(false);
        let drawn: String = day.iter().enumerate().map(|(hour, events)| shade(*events, most, open(hour))).collect();
        grid.row([name.to_owned(), drawn, count(day.iter().sum())]);
    }
    grid
}

fn shade(events: u64, most: u64, open: bool) -> &'static str {
    match (events, open) {
        (events, true) if events * 4 >= most * 3 => "██",
        (events, true) if events * 2 >= most => "▓▓",
        (_, true) => "▒▒",
        (0, false) => "··",
        (_, false) => "░░",
    }
}
