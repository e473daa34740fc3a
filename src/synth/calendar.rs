//! Civil dates in UTC and office hours, in whole seconds since 1970. No time zones: a synthetic world lives in UTC.

/// Seconds in a day.
pub(super) const DAY_S: i64 = 86_400;

/// Returns the day number (1970-01-01 is 0) of a civil date (Howard Hinnant's `days_from_civil`).
pub(super) fn day_number(year: i64, month: i64, day: i64) -> i64 {
    let y = if month <= 2 { year - 1 } else { year };
    let era = y.div_euclid(400);
    let year_of_era = y.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

/// Returns (year, month, day) of a day number (Howard Hinnant's `civil_from_days`).
pub(super) fn civil(day: i64) -> (i64, i64, i64) {
    let shifted = day + 719_468;
    let era = shifted.div_euclid(146_097);
    let of_era = shifted.rem_euclid(146_097);
    let year_of_era = (of_era - of_era / 1_460 + of_era / 36_524 - of_era / 146_096) / 365;
    let of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted_month = (5 * of_year + 2) / 153;
    let month = (shifted_month + 2) % 12 + 1;
    let year = year_of_era + era * 400 + i64::from(month <= 2);
    (year, month, of_year - (153 * shifted_month + 2) / 5 + 1)
}

/// Writes an instant as `2025-01-31T09:00:00Z`.
pub(super) fn iso(time_s: i64) -> String {
    let (year, month, day) = civil(time_s.div_euclid(DAY_S));
    let second = time_s.rem_euclid(DAY_S);
    format!("{year:04}-{month:02}-{day:02}T{:02}:{:02}:{:02}Z", second / 3_600, second / 60 % 60, second % 60)
}

/// Reads `2025-01-31` as a day number; none if it is no such date.
pub(super) fn parse_date(text: &str) -> Option<i64> {
    let mut parts = text.splitn(3, '-').map(|part| part.parse::<u16>().ok().map(i64::from));
    let (year, month, day) = (parts.next()??, parts.next()??, parts.next()??);
    let number = day_number(year, month, day);
    ((1..=12).contains(&month) && civil(number) == (year, month, day)).then_some(number)
}

/// Reads `2025-01-31T09:00:00Z` as seconds since 1970; none if it is no such instant.
pub(super) fn parse_instant(text: &str) -> Option<i64> {
    let (date, time) = text.strip_suffix('Z')?.split_once('T')?;
    Some(parse_date(date)? * DAY_S + parse_clock(time)?)
}

/// Reads `09:00` or `09:00:30` as seconds of a day.
pub(super) fn parse_clock(text: &str) -> Option<i64> {
    let mut second = 0;
    let mut parts = text.split(':');
    for (unit, limit) in [(3_600, 25), (60, 60), (1, 60)] {
        let part = parts.next().map_or(Some(0), |part| part.parse::<u8>().ok().map(i64::from));
        second += part.filter(|part| *part < limit)? * unit;
    }
    (parts.next().is_none() && second <= DAY_S).then_some(second)
}

/// When people work. At least one weekday is open (the reader of recipes sees to it).
#[derive(Debug, Clone)]
pub(super) struct Office {
    /// Monday first.
    pub(super) open_on: [bool; 7],
    pub(super) opens_s: i64,
    pub(super) closes_s: i64,
    /// Day numbers.
    pub(super) holidays: Vec<i64>,
}

impl Office {
    /// Says whether people work on this day.
    pub(super) fn works_on(&self, day: i64) -> bool {
        let weekday = usize::try_from((day + 3).rem_euclid(7)).unwrap_or(0); // 1970-01-01 was a Thursday
        self.open_on[weekday] && !self.holidays.contains(&day)
    }

    /// Says whether people work at this instant.
    pub(super) fn is_open(&self, time_s: i64) -> bool {
        let second = time_s.rem_euclid(DAY_S);
        self.works_on(time_s.div_euclid(DAY_S)) && second >= self.opens_s && second < self.closes_s
    }

    /// Returns the instant itself when open, else the next opening.
    pub(super) fn next_open(&self, time_s: i64) -> i64 {
        if self.is_open(time_s) {
            return time_s;
        }
        let mut day = time_s.div_euclid(DAY_S);
        if time_s.rem_euclid(DAY_S) >= self.opens_s {
            day += 1;
        }
        while !self.works_on(day) {
            day += 1;
        }
        day * DAY_S + self.opens_s
    }

    /// Returns the seconds of office time between two instants; 0 when the second is not later.
    pub(super) fn between(&self, from_s: i64, to_s: i64) -> i64 {
        let days = from_s.div_euclid(DAY_S)..=to_s.div_euclid(DAY_S);
        let of_day = |day: i64| {
            let (opens_s, closes_s) = (day * DAY_S + self.opens_s, day * DAY_S + self.closes_s);
            (closes_s.min(to_s) - opens_s.max(from_s)).max(0)
        };
        days.filter(|day| self.works_on(*day)).map(of_day).sum()
    }

    /// Returns the instant `seconds` of office time after `time_s`.
    pub(super) fn after(&self, time_s: i64, seconds: i64) -> i64 {
        let mut now = self.next_open(time_s);
        let mut left = seconds;
        loop {
            let closing = now.div_euclid(DAY_S) * DAY_S + self.closes_s;
            if left < closing - now {
                return now + left;
            }
            left -= closing - now;
            now = self.next_open(closing);
        }
    }
}
