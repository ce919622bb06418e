use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime};
use serde::{Deserialize, Serialize};

/// How dates are written in a column. A time of day may follow, with or without a zone; months may be
/// names, and then any order is read.
#[derive(
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// Year, month and day: 2024-02-29 or 2024/02/29; or year and month
    #[serde(rename = "ymd")]
    #[strum(to_string = "year first", serialize = "ymd")]
    YearFirst,
    /// Day, month and year: 29.02.2024 or 29/02/2024
    #[serde(rename = "dmy")]
    #[strum(to_string = "day first", serialize = "dmy")]
    DayFirst,
    /// Month, day and year: 02/29/2024
    #[serde(rename = "mdy")]
    #[strum(to_string = "month first", serialize = "mdy")]
    MonthFirst,
    /// Seconds, milliseconds, microseconds or nanoseconds since 1970, by their size; or the digits of date and
    /// time: 20240229 or 20240229134500
    #[strum(to_string = "as a number", serialize = "number")]
    Number,
}

/// What a date consists of, before it is known which number is the month.
#[derive(Clone, Copy)]
struct Parts<'a> {
    numbers: [i32; 3],
    /// The number of digits of each.
    digits: [usize; 3],
    /// The position of a month that is a name.
    named: Option<usize>,
    separator: char,
    /// What follows the date.
    rest: &'a str,
}

const MONTHS: [&str; 12] = [
    "january",
    "february",
    "march",
    "april",
    "may",
    "june",
    "july",
    "august",
    "september",
    "october",
    "november",
    "december",
];

impl DateFormat {
    /// The point in time of a cell, in microseconds since the beginning of 1970; `None` if it is written
    /// otherwise, or is not in the calendar.
    pub(crate) fn parse(self, cell: &str) -> Option<i64> {
        // Most text is not a date, and dates have at least six characters.
        if !(6..=48).contains(&cell.len()) && self != Self::Number {
            return None;
        }
        if self == Self::Number {
            return of_number(cell);
        }
        let parts = Parts::of(cell)?;
        let date = parts.date(self)?;
        let (time, offset) = time_of_day(parts.rest)?;
        let local = NaiveDateTime::new(date, time).and_utc().timestamp_micros();
        local.checked_sub(offset * 1_000_000)
    }
}

impl<'a> Parts<'a> {
    fn of(text: &'a str) -> Option<Self> {
        let mut parts = Self {
            numbers: [0, 0, 1],
            digits: [0; 3],
            named: None,
            separator: ' ',
            rest: text,
        };
        for position in 0..3 {
            let rest = parts.rest;
            let is_digit = rest.starts_with(|character: char| character.is_ascii_digit());
            let end = rest
                .find(|character: char| {
                    if is_digit {
                        !character.is_ascii_digit()
                    } else {
                        !character.is_alphabetic()
                    }
                })
                .unwrap_or(rest.len());
            let (word, after) = rest.split_at(end);
            if is_digit {
                parts.numbers[position] = word.parse().ok().filter(|_| end <= 4)?;
                parts.digits[position] = end;
            } else {
                let lower = word.to_lowercase();
                let is_name = |month: &&str| lower.len() >= 3 && month.starts_with(&lower);
                let month = MONTHS.iter().position(is_name)?;
                if parts.named.is_some() {
                    return None;
                }
                parts.named = Some(position);
                parts.numbers[position] = i32::try_from(month).ok()? + 1;
            }
            parts.rest = after;
            if position == 2 {
                break;
            }
            if position == 1 && parts.digits[0] == 4 && after.is_empty() {
                // A year and a month.
                return Some(parts);
            }
            let separator = after.chars().next()?;
            let expected = position == 0 || separator == parts.separator || parts.named.is_some();
            if !matches!(separator, '-' | '/' | '.' | ' ' | ',') || !expected {
                return None;
            }
            parts.separator = separator;
            parts.rest = after[separator.len_utf8()..].trim_start();
        }
        Some(parts)
    }

    fn date(&self, format: DateFormat) -> Option<NaiveDate> {
        let [a, b, c] = self.numbers;
        let (year, month, day, year_digits) = match (self.named, format) {
            (Some(0), _) | (None, DateFormat::MonthFirst) => (c, a, b, self.digits[2]),
            (Some(1), _) if self.digits[0] == 4 => (a, b, c, 4),
            (Some(1), _) | (None, DateFormat::DayFirst) => (c, b, a, self.digits[2]),
            (Some(_), _) | (None, DateFormat::Number) => return None,
            (None, DateFormat::YearFirst) => (a, b, c, self.digits[0]),
        };
        let year = match year_digits {
            4 => year,
            // `1.2.33` is more likely a version than a date.
            2 if format != DateFormat::YearFirst
                && (self.separator == '/' || self.named.is_some() || self.digits == [2; 3]) =>
            {
                year + if year < 69 { 2000 } else { 1900 }
            }
            _ => return None,
        };
        NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
    }
}

/// The time of day behind a date, and its offset from UTC in seconds; midnight if there is none.
fn time_of_day(text: &str) -> Option<(NaiveTime, i64)> {
    if text.is_empty() {
        return Some((NaiveTime::MIN, 0));
    }
    let text = text
        .strip_prefix(['T', 't'])
        .unwrap_or_else(|| text.trim_start_matches([',', ' ']));
    let end = text
        .find(|character: char| !character.is_ascii_digit() && !matches!(character, ':' | '.'))
        .unwrap_or(text.len());
    let (clock, mut rest) = text.split_at(end);
    rest = rest.trim_start();
    let mut fields = clock.split(':');
    let mut hour: u32 = fields.next()?.parse().ok()?;
    let minute: u32 = fields.next().unwrap_or("0").parse().ok()?;
    let seconds = fields.next().unwrap_or("0");
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, ""));
    let second: u32 = seconds.parse().ok()?;
    if fields.next().is_some() || !fraction.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let micro: u32 = format!("{fraction:0<6.6}").parse().ok()?;
    let half = rest.get(..2).unwrap_or_default();
    let is_half = ["am", "pm"]
        .iter()
        .any(|name| half.eq_ignore_ascii_case(name));
    if is_half {
        if !(1..=12).contains(&hour) {
            return None;
        }
        hour = hour % 12
            + if half.eq_ignore_ascii_case("pm") {
                12
            } else {
                0
            };
        rest = rest[2..].trim_start();
    } else if !clock.contains(':') && !rest.is_empty() {
        return None;
    }
    Some((
        NaiveTime::from_hms_micro_opt(hour, minute, second, micro)?,
        offset(rest)?,
    ))
}

/// The offset of a zone from UTC, in seconds.
fn offset(zone: &str) -> Option<i64> {
    if ["", "Z", "UTC", "GMT"]
        .iter()
        .any(|name| zone.eq_ignore_ascii_case(name))
    {
        return Some(0);
    }
    let (sign, digits) = match zone.as_bytes().first()? {
        b'+' => (1, &zone[1..]),
        b'-' => (-1, &zone[1..]),
        _ => return None,
    };
    let digits = digits.replace(':', "");
    let (hours, minutes): (i64, i64) = match digits.len() {
        2 => (digits.parse().ok()?, 0),
        4 => (
            digits.get(..2)?.parse().ok()?,
            digits.get(2..)?.parse().ok()?,
        ),
        _ => return None,
    };
    (hours <= 18 && minutes < 60).then_some(sign * (hours * 3600 + minutes * 60))
}

/// The point in time that a number means.
fn of_number(cell: &str) -> Option<i64> {
    let digits = |format| {
        let date = NaiveDateTime::parse_from_str(cell, format);
        date.ok().map(|date| date.and_utc().timestamp_micros())
    };
    match cell.len() {
        14 => {
            if let Some(date) = digits("%Y%m%d%H%M%S") {
                return Some(date);
            }
        }
        8 => {
            if let Ok(date) = NaiveDate::parse_from_str(cell, "%Y%m%d") {
                return Some(date.and_time(NaiveTime::MIN).and_utc().timestamp_micros());
            }
        }
        _ => {}
    }
    let number: f64 = cell.parse().ok()?;
    let per_unit = match number.abs() {
        0.0..1e11 => 1e6,
        1e11..1e14 => 1e3,
        1e14..1e17 => 1.0,
        _ => 1e-3,
    };
    let microseconds = (number * per_unit).round();
    if microseconds.is_nan() || microseconds.abs() >= 9e18 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation)] // As was checked.
    let microseconds = microseconds as i64;
    DateTime::from_timestamp_micros(microseconds).map(|date| date.timestamp_micros())
}

/// Counts how many cells of a column are dates, for each way to write them.
#[derive(Clone, Debug, Default)]
pub(crate) struct DateVotes {
    votes: [usize; 3],
    /// The first two numbers of the first date, and whether later ones differ.
    first: Option<[i32; 2]>,
    varies: [bool; 2],
    /// Dates with points, which are written day first.
    with_points: usize,
}

const ORDERS: [DateFormat; 3] = [
    DateFormat::YearFirst,
    DateFormat::DayFirst,
    DateFormat::MonthFirst,
];

impl DateVotes {
    /// Takes a cell into account; whether it is a date in some way.
    pub fn observe(&mut self, cell: &str) -> bool {
        if !(6..=48).contains(&cell.len()) {
            return false;
        }
        let Some(parts) = Parts::of(cell) else {
            return false;
        };
        let mut is_date = false;
        for (format, votes) in ORDERS.into_iter().zip(&mut self.votes) {
            if parts.date(format).is_some() && time_of_day(parts.rest).is_some() {
                *votes += 1;
                is_date = true;
            }
        }
        if is_date {
            let [a, b, _] = parts.numbers;
            let first = *self.first.get_or_insert([a, b]);
            self.varies[0] |= first[0] != a;
            self.varies[1] |= first[1] != b;
            self.with_points += usize::from(parts.separator == '.');
        }
        is_date
    }

    /// How many cells are dates in the way in which most are, and the ways that it can be.
    pub fn best(&self) -> (usize, Vec<DateFormat>) {
        let most = self.votes.iter().copied().max().unwrap_or(0);
        let mut formats: Vec<DateFormat> = ORDERS
            .into_iter()
            .zip(self.votes)
            .filter_map(|(format, votes)| (votes == most && most > 0).then_some(format))
            .collect();
        if formats.contains(&DateFormat::YearFirst) {
            // With names of months, any order is read.
            formats.truncate(1);
        } else if formats.len() == 2 {
            let is_first_of_month = |day: usize| {
                !self.varies[day]
                    && self.varies[1 - day]
                    && self.first.is_some_and(|first| first[day] == 1)
            };
            if self.with_points == most || is_first_of_month(0) {
                formats = vec![DateFormat::DayFirst];
            } else if is_first_of_month(1) {
                formats = vec![DateFormat::MonthFirst];
            }
        }
        (most, formats)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    // date --utc --date '2024-02-29 13:45' +%s
    const NOON: i64 = 1_709_214_300_000_000;
    const MIDNIGHT: i64 = NOON - (13 * 3600 + 45 * 60) * 1_000_000;
    const SECOND: i64 = 1_000_000;

    #[test]
    fn dates_are_read_as_programs_and_people_write_them() {
        use DateFormat::{DayFirst, MonthFirst, Number, YearFirst};
        for (format, text, expected) in [
            (YearFirst, "2024-02-29", Some(MIDNIGHT)),
            (YearFirst, "2024/02/29 13:45", Some(NOON)),
            (YearFirst, "2024-02-29T13:45", Some(NOON)),
            (YearFirst, "2024-02-29T13:45:00.5Z", Some(NOON + SECOND / 2)),
            (YearFirst, "2024-02-29 13:45:00.000001", Some(NOON + 1)),
            (YearFirst, "2024-02-29 15:45:00+02", Some(NOON)),
            (YearFirst, "2024-02-29 10:15:00 -0330", Some(NOON)),
            (YearFirst, "2024-02-29 13:45:00 UTC", Some(NOON)),
            (YearFirst, "2024-02", Some(MIDNIGHT - 28 * 86_400 * SECOND)),
            (DayFirst, "29/02/2024", Some(MIDNIGHT)),
            (DayFirst, "29.02.2024 13:45", Some(NOON)),
            (DayFirst, "29.02.24", Some(MIDNIGHT)),
            (DayFirst, "29-Feb-2024", Some(MIDNIGHT)),
            (DayFirst, "29 February 2024, 1:45 pm", Some(NOON)),
            (MonthFirst, "02/29/2024 1:45 PM", Some(NOON)),
            (MonthFirst, "2/29/24 12:00 AM", Some(MIDNIGHT)),
            (MonthFirst, "Feb 29, 2024", Some(MIDNIGHT)),
            (Number, "1709214300", Some(NOON)),
            (Number, "1709214300000", Some(NOON)),
            (Number, "1709214300000000", Some(NOON)),
            (Number, "20240229134500", Some(NOON)),
            (Number, "20240229", Some(MIDNIGHT)),
            (YearFirst, "2023-02-29", None),
            (YearFirst, "2024-02-29x", None),
            (YearFirst, "2024-02-29 25:00", None),
            (DayFirst, "29/02-2024", None),
            (DayFirst, "1.2.33", None),
            (MonthFirst, "29/02/2024", None),
            (YearFirst, "", None),
        ] {
            assert_eq!(format.parse(text), expected, "{format} {text}");
        }
    }

    fn best(cells: &[&str]) -> (usize, Vec<DateFormat>) {
        let mut votes = DateVotes::default();
        for cell in cells {
            votes.observe(cell);
        }
        votes.best()
    }

    #[test]
    fn all_cells_together_decide_the_order() {
        for (cells, expected) in [
            (
                &["2024-01-02", "2024-03-04"][..],
                vec![DateFormat::YearFirst],
            ),
            (&["01/02/2024", "13/02/2024"], vec![DateFormat::DayFirst]),
            (&["01/02/2024", "02/13/2024"], vec![DateFormat::MonthFirst]),
            (&["01.02.2024", "02.03.2024"], vec![DateFormat::DayFirst]),
            (&["01/01/2024", "02/01/2024"], vec![DateFormat::MonthFirst]),
            (&["01/01/2024", "01/02/2024"], vec![DateFormat::DayFirst]),
            (
                &["01/02/2024", "03/04/2024"],
                vec![DateFormat::DayFirst, DateFormat::MonthFirst],
            ),
        ] {
            assert_eq!(best(cells), (cells.len(), expected), "{cells:?}");
        }
        assert_eq!(best(&["soon", "12.5", "10:30"]), (0, vec![]));
    }
}
