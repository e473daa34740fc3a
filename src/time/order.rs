//! What a column's values say about the order of day and month, and the decision for the whole column.
//!
//! Evidence of parts of a column merges in any order. The decision never weighs likelihoods between day/month and
//! month/day: one value that fits only one of them decides, none refuses, two that disagree refuse.

use crate::error::{Problem, Result};

use super::parse::{Clock, EpochUnit};
use super::shape::{Sequence, Shape};

/// The order of day and month in a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// No value of the column depends on it.
    NotNeeded,
    /// Day, then month.
    DayFirst,
    /// Month, then day.
    MonthFirst,
}

/// The finest part of the time of day that is not zero in every value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Unit {
    /// Milliseconds.
    Millisecond,
    /// Seconds.
    Second,
    /// Minutes (hours count as minutes).
    Minute,
    /// Whole days.
    Day,
}

impl Unit {
    /// Returns the length of the unit in ms.
    #[must_use]
    pub fn ms(self) -> i64 {
        match self {
            Unit::Millisecond => 1,
            Unit::Second => 1_000,
            Unit::Minute => 60_000,
            Unit::Day => super::civil::MS_PER_DAY,
        }
    }
}

/// One value as it was written and the line it is on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Example {
    /// The line given to the reader.
    pub line: u64,
    /// The value without surrounding spaces; only digits, separators, AM/PM and zone letters.
    pub text: String,
}

/// How many values say one thing, and the first of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Tally {
    count: u64,
    first: Option<(Example, Shape)>,
}

impl Tally {
    fn add(&mut self, text: &[u8], line: u64, shape: Shape) {
        self.count += 1;
        if self.first.as_ref().is_none_or(|(first, _)| line < first.line) {
            self.first = Some((Example { line, text: String::from_utf8_lossy(text).into_owned() }, shape));
        }
    }

    fn merge(&mut self, other: &Tally) {
        self.count += other.count;
        self.first = match (self.first.take(), &other.first) {
            (Some(ours), Some(theirs)) => Some(if *theirs < ours { theirs.clone() } else { ours }),
            (ours, theirs) => ours.or_else(|| theirs.clone()),
        };
    }
}

/// The most shapes of numeric dates that are kept for hints.
const MAX_SHAPES: usize = 8;
/// Two-digit years are taken as last when the first numbers have at least so many more values than the last ones.
const YEAR_PLACE_MARGIN: u32 = 4;

/// What the values of a column have shown so far. Counts only values that were read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    naive: u64,
    with_offset: u64,
    /// Values at 00:00:00 as they are written.
    midnights: u64,
    /// Values that name an instant and no clock: Unix times and the like.
    clockless: u64,
    /// Smallest and largest written offset, minutes east of UTC.
    offsets_min: Option<(i32, i32)>,
    /// Bits seen in ms (0 to 9), second (10 to 15), minute (16 to 21) and hour (22 to 26).
    clock_bits: u32,
    numeric: u64,
    undecided: Tally,
    day_first: Tally,
    month_first: Tally,
    /// Values with a two-digit year, any order.
    short_year: Tally,
    /// Values that cannot have their year first.
    year_last: u64,
    /// Numbers seen in the first and in the last place of values with a two-digit year.
    first_numbers: u128,
    last_numbers: u128,
    /// Sorted, at most [`MAX_SHAPES`].
    shapes: Vec<Shape>,
    /// The first Unix time of each unit.
    epochs: [Option<Example>; 4],
}

/// What one numeric value says about its order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Says {
    /// Both numbers are the same.
    Nothing,
    /// Both orders fit.
    Undecided,
    /// Only day/month fits.
    DayFirst,
    /// Only month/day fits.
    MonthFirst,
}

/// A two-digit-year value: its numbers and whether it could have its year first.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShortYear {
    /// The number written first.
    pub first: u32,
    /// The number written last.
    pub last: u32,
    /// Whether year, month, day is a date too.
    pub year_may_be_first: bool,
}

impl Evidence {
    /// Counts one value of any shape.
    #[inline]
    pub(super) fn note(&mut self, clock: Clock, has_offset: bool) {
        self.naive += u64::from(!has_offset);
        self.with_offset += u64::from(has_offset);
        let bits = clock.ms | clock.second << 10 | clock.minute << 16 | clock.hour << 22;
        self.midnights += u64::from(bits == 0);
        self.clock_bits |= bits;
    }

    /// Counts one value that was noted and names an instant only.
    #[inline]
    pub(super) fn note_clockless(&mut self) {
        self.clockless += 1;
    }

    /// Notes a written offset, minutes east of UTC.
    #[inline]
    pub(super) fn note_offset(&mut self, offset_min: Option<i32>) {
        if let Some(offset) = offset_min {
            let (least, most) = self.offsets_min.unwrap_or((offset, offset));
            self.offsets_min = Some((least.min(offset), most.max(offset)));
        }
    }

    /// Counts one numeric value with its year last.
    pub(super) fn note_numeric(&mut self, says: Says, short: Option<ShortYear>, shape: Shape, text: &[u8], line: u64) {
        self.numeric += 1;
        match says {
            Says::Nothing => {}
            Says::Undecided => self.undecided.add(text, line, shape),
            Says::DayFirst => self.day_first.add(text, line, shape),
            Says::MonthFirst => self.month_first.add(text, line, shape),
        }
        if let Some(short) = short {
            self.short_year.add(text, line, shape);
            self.first_numbers |= 1 << (short.first & 127);
            self.last_numbers |= 1 << (short.last & 127);
        }
        self.year_last += u64::from(!short.is_some_and(|short| short.year_may_be_first));
        if self.shapes.as_slice() != [shape]
            && let Err(place) = self.shapes.binary_search(&shape)
        {
            self.shapes.insert(place, shape);
            self.shapes.truncate(MAX_SHAPES);
        }
    }

    /// Keeps the first Unix time of a unit.
    pub(super) fn note_epoch(&mut self, unit: EpochUnit, text: &[u8], line: u64) {
        let first = &mut self.epochs[unit as usize];
        if first.as_ref().is_none_or(|first| line < first.line) {
            *first = Some(Example { line, text: String::from_utf8_lossy(text).into_owned() });
        }
    }

    /// Adds the evidence of another part of the same column. Any order of merging gives the same result.
    pub fn merge(&mut self, other: &Evidence) {
        self.naive += other.naive;
        self.with_offset += other.with_offset;
        self.midnights += other.midnights;
        self.clockless += other.clockless;
        if let Some((least, most)) = other.offsets_min {
            self.note_offset(Some(least));
            self.note_offset(Some(most));
        }
        self.clock_bits |= other.clock_bits;
        self.numeric += other.numeric;
        self.undecided.merge(&other.undecided);
        self.day_first.merge(&other.day_first);
        self.month_first.merge(&other.month_first);
        self.short_year.merge(&other.short_year);
        self.year_last += other.year_last;
        self.first_numbers |= other.first_numbers;
        self.last_numbers |= other.last_numbers;
        for (ours, theirs) in self.epochs.iter_mut().zip(&other.epochs) {
            *ours = match (ours.take(), theirs) {
                (Some(ours), Some(theirs)) => Some(if *theirs < ours { theirs.clone() } else { ours }),
                (ours, theirs) => ours.or_else(|| theirs.clone()),
            };
        }
        self.shapes.extend_from_slice(&other.shapes);
        self.shapes.sort_unstable();
        self.shapes.dedup();
        self.shapes.truncate(MAX_SHAPES);
    }

    /// Adds `by` to the line of every example, for parts of a file whose first line was not known while reading.
    pub fn shift_lines(&mut self, by: u64) {
        for tally in [&mut self.undecided, &mut self.day_first, &mut self.month_first, &mut self.short_year] {
            if let Some((example, _)) = &mut tally.first {
                example.line += by;
            }
        }
        self.epochs.iter_mut().flatten().for_each(|example| example.line += by);
    }

    /// Returns the number of values read.
    #[must_use]
    pub fn values(&self) -> u64 {
        self.naive + self.with_offset
    }

    /// Returns the number of values without an offset, which need a zone.
    #[must_use]
    pub fn naive(&self) -> u64 {
        self.naive
    }

    /// Returns the number of values with an offset, Unix times included.
    #[must_use]
    pub fn with_offset(&self) -> u64 {
        self.with_offset
    }

    /// Returns the number of values at 00:00:00 by the clock they are written by; `None` where some name no clock.
    #[must_use]
    pub fn midnights(&self) -> Option<u64> {
        (self.clockless == 0).then_some(self.midnights)
    }

    /// Returns the smallest and the largest written offset, minutes east of UTC; Unix times have none.
    #[must_use]
    pub fn offsets_min(&self) -> Option<(i32, i32)> {
        self.offsets_min
    }

    /// Returns the number of values that fit both orders and differ between them.
    #[must_use]
    pub fn undecided(&self) -> u64 {
        self.undecided.count
    }

    /// Returns the number of values that fit only day/month.
    #[must_use]
    pub fn day_first(&self) -> u64 {
        self.day_first.count
    }

    /// Returns the number of values that fit only month/day.
    #[must_use]
    pub fn month_first(&self) -> u64 {
        self.month_first.count
    }

    /// Returns the first value that fits both orders.
    #[must_use]
    pub fn first_undecided(&self) -> Option<&Example> {
        self.undecided.first.as_ref().map(|(example, _)| example)
    }

    /// Returns the first value that fits only day/month.
    #[must_use]
    pub fn first_day_first(&self) -> Option<&Example> {
        self.day_first.first.as_ref().map(|(example, _)| example)
    }

    /// Returns the first value that fits only month/day.
    #[must_use]
    pub fn first_month_first(&self) -> Option<&Example> {
        self.month_first.first.as_ref().map(|(example, _)| example)
    }

    /// Returns the time resolution of the column: the finest part that is not zero in every value.
    ///
    /// Judged by the values, not by what is written: a column that always ends in `:00` resolves minutes. `None` when
    /// no value was read.
    #[must_use]
    pub fn unit(&self) -> Option<Unit> {
        let unit = if self.clock_bits & 0x3ff != 0 {
            Unit::Millisecond
        } else if self.clock_bits & 0xfc00 != 0 {
            Unit::Second
        } else if self.clock_bits != 0 {
            Unit::Minute
        } else {
            Unit::Day
        };
        (self.values() > 0).then_some(unit)
    }

    /// Decides the order for the whole column.
    ///
    /// One value that fits only one order decides. Unix times count in one unit. Two-digit years are taken as last when a value cannot have its year
    /// first, or when the first numbers take at least four values more than the last ones.
    ///
    /// # Errors
    /// An input problem with the formats to choose from, when values contradict each other, when none decides, or when
    /// the place of a two-digit year is not settled.
    pub fn decide(&self, column: &str, file: &str) -> Result<Order> {
        if let Some(problem) = self.two_units(column, file) {
            return Err(problem);
        }
        match (&self.day_first.first, &self.month_first.first) {
            (Some(day), Some(month)) => Err(self.contradiction(column, file, &day.0, &month.0)),
            (_, None) if !self.year_place_is_settled() => Err(self.year_place_open(column, file)),
            (Some(_), None) => Ok(Order::DayFirst),
            (None, Some(_)) => Ok(Order::MonthFirst),
            (None, None) => match self.first_undecided() {
                Some(first) => Err(self.undecided_problem(column, file, first)),
                None => Ok(Order::NotNeeded),
            },
        }
    }

    /// Unix times of two units would be right each for itself; but a column that mixes them was joined by mistake, or
    /// holds ids.
    fn two_units(&self, column: &str, file: &str) -> Option<Problem> {
        let units = ["seconds", "milliseconds", "microseconds", "nanoseconds"];
        let mut seen = self.epochs.iter().zip(units).filter_map(|(first, unit)| Some((first.as_ref()?, unit)));
        let ((first, unit), (other, other_unit)) = (seen.next()?, seen.next()?);
        let note = format!(
            "\"{}\" on line {} counts {unit}, \"{}\" on line {} {other_unit}",
            first.text,
            thousands(first.line),
            other.text,
            thousands(other.line)
        );
        let problem = Problem::input(format!("the Unix times of column `{column}` count in two units"));
        let problem = problem.in_file(file).note(note).hint("export the column again in one unit");
        Some(problem.hint("or add `--date-format \"%+\"` to read each value by the number of its digits"))
    }

    fn year_place_is_settled(&self) -> bool {
        let margin = self.last_numbers.count_ones() + YEAR_PLACE_MARGIN;
        self.short_year.count == 0 || self.year_last > 0 || self.first_numbers.count_ones() >= margin
    }

    fn undecided_problem(&self, column: &str, file: &str, first: &Example) -> Problem {
        let count = self.undecided.count;
        Problem::input(format!("cannot decide the date order of column `{column}`"))
            .in_file(file)
            .note(format!(
                "{} {} both day/month and month/day; 0 decide it (first: \"{}\", line {})",
                plural(count, "value"),
                if count == 1 { "fits" } else { "fit" },
                first.text,
                thousands(first.line),
            ))
            .hint(format!(
                "add `--date-format \"{}\"` or `--date-format \"{}\"`",
                self.format(Sequence::DayMonthYear),
                self.format(Sequence::MonthDayYear),
            ))
    }

    fn contradiction(&self, column: &str, file: &str, day: &Example, month: &Example) -> Problem {
        Problem::input(format!("the dates of column `{column}` contradict each other"))
            .in_file(file)
            .note(format!(
                "\"{}\" on line {} fits only day/month, \"{}\" on line {} only month/day ({} and {})",
                day.text,
                thousands(day.line),
                month.text,
                thousands(month.line),
                plural(self.day_first.count, "value"),
                plural(self.month_first.count, "value"),
            ))
            .hint("export the column again in one form, with the year first if you can choose")
            .hint(format!(
                "or add `--date-format \"{}\"` or `--date-format \"{}\"`; rows that do not fit are rejected",
                self.format(Sequence::DayMonthYear),
                self.format(Sequence::MonthDayYear),
            ))
    }

    fn year_place_open(&self, column: &str, file: &str) -> Problem {
        let first = self.short_year.first.as_ref().map(|(example, _)| example);
        let example = first
            .map_or_else(String::new, |first| format!(" (first: \"{}\", line {})", first.text, thousands(first.line)));
        let month_first = if self.day_first.count == 0 {
            format!(", `--date-format \"{}\"`", self.format(Sequence::MonthDayYear))
        } else {
            String::new()
        };
        Problem::input(format!("cannot decide where the year is in column `{column}`"))
            .in_file(file)
            .note(format!(
                "{} with a two-digit year could start or end with it{example}",
                plural(self.short_year.count, "value")
            ))
            .hint(format!(
                "add `--date-format \"{}\"`{month_first} or `--date-format \"{}\"`",
                self.format(Sequence::DayMonthYear),
                self.format(Sequence::YearMonthDay),
            ))
    }

    /// The format that reads every value of the column, one alternative per shape.
    fn format(&self, sequence: Sequence) -> String {
        let mut alternatives: Vec<String> = Vec::new();
        for shape in &self.shapes {
            let text = shape.strftime(sequence);
            if !alternatives.contains(&text) {
                alternatives.push(text);
            }
        }
        if self.numeric < self.values() {
            alternatives.push("%+".to_owned());
        }
        alternatives.join("|")
    }
}

fn plural(count: u64, noun: &str) -> String {
    format!("{} {noun}{}", thousands(count), if count == 1 { "" } else { "s" })
}

fn thousands(value: u64) -> String {
    let digits = value.to_string();
    let mut out = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}
