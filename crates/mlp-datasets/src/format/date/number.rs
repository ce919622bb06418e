//! Dates that are numbers.

use chrono::{DateTime, NaiveDate, NaiveDateTime};

use super::DateFormat;

const DAY: f64 = 86_400e6;
/// Days from the day before which spreadsheets count to 1970.
const DAYS_TO_1970: f64 = 25_569.0;

/// Which dates the numbers of a column are.
#[derive(Clone, Debug, Default)]
pub(crate) struct NumberDates {
    count: usize,
    /// Those that are the digits of a date.
    digits: usize,
    largest: f64,
}

impl NumberDates {
    /// Takes a cell into account; whether it is a number.
    pub fn observe(&mut self, cell: &str) -> bool {
        let Ok(number) = cell.parse::<f64>() else {
            return false;
        };
        self.count += 1;
        self.digits += usize::from(of_digits(cell).is_some());
        self.largest = self.largest.max(number.abs());
        true
    }

    /// What the numbers are: the digits of dates if all can be, or else the time since some day, in a unit that
    /// follows from the largest one. `None` if they are too small.
    pub fn best(&self) -> Option<DateFormat> {
        if self.count > 0 && self.digits == self.count {
            return Some(DateFormat::Digits);
        }
        match self.largest {
            // From 1902 to 2199.
            1e3..110e3 => Some(DateFormat::Days),
            // From 1973 on, or the first numbers are all the same day.
            1e8..1e11 => Some(DateFormat::Seconds),
            1e11..1e14 => Some(DateFormat::Milliseconds),
            1e14..1e17 => Some(DateFormat::Microseconds),
            1e17.. => Some(DateFormat::Nanoseconds),
            _ => None,
        }
    }
}

/// The point in time of the digits of a year, month, day, hour, minute and second, as far as they are there.
pub(super) fn of_digits(cell: &str) -> Option<i64> {
    let (digits, fraction) = cell.split_once('.').unwrap_or((cell, ""));
    let fraction = fraction.trim_end_matches('0');
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !is_digits(digits) || !is_digits(fraction) || !fraction.is_empty() && digits.len() < 14 {
        return None;
    }
    let (digits, millis) = match digits.len() {
        4 => (format!("{digits}0101000000"), ""),
        6 => (format!("{digits}01000000"), ""),
        8 => (format!("{digits}000000"), ""),
        10 => (format!("{digits}0000"), ""),
        12 => (format!("{digits}00"), ""),
        14 => (digits.to_owned(), fraction),
        17 => (digits[..14].to_owned(), &digits[14..]),
        _ => return None,
    };
    let micros: i64 = format!("{millis:0<6.6}").parse().ok()?;
    let date = NaiveDateTime::parse_from_str(&digits, "%Y%m%d%H%M%S").ok()?;
    let is_common = (NaiveDate::from_ymd_opt(1500, 1, 1)?..NaiveDate::from_ymd_opt(2500, 1, 1)?)
        .contains(&date.date());
    is_common.then(|| date.and_utc().timestamp_micros() + micros)
}

/// The point in time a number of units since 1970, each of which has so many microseconds.
pub(super) fn since_1970(cell: &str, per_unit: f64) -> Option<i64> {
    if let Ok(count) = cell.parse::<i64>() {
        // Exact, since doubles have no more than 53 bits.
        let micros = match per_unit {
            1e-3 => Some(count.div_euclid(1_000)),
            1.0 => Some(count),
            1e3 => count.checked_mul(1_000),
            _ => count.checked_mul(1_000_000),
        };
        return in_calendar(micros?);
    }
    rounded(cell.parse::<f64>().ok()? * per_unit)
}

/// The point in time that a spreadsheet stores as a number of days.
pub(super) fn of_days(cell: &str) -> Option<i64> {
    let days: f64 = cell.parse().ok()?;
    // To the millisecond, as spreadsheets show it.
    rounded(((days - DAYS_TO_1970) * DAY / 1e3).round() * 1e3)
}

/// The point in time that a number means by its size.
pub(super) fn of_any_size(cell: &str) -> Option<i64> {
    if matches!(cell.len(), 8 | 14)
        && let Some(date) = of_digits(cell)
    {
        return Some(date);
    }
    let number: f64 = cell.parse().ok()?;
    let per_unit = match number.abs() {
        0.0..1e11 => 1e6,
        1e11..1e14 => 1e3,
        1e14..1e17 => 1.0,
        _ => 1e-3,
    };
    rounded(number * per_unit)
}

fn rounded(microseconds: f64) -> Option<i64> {
    let microseconds = microseconds.round();
    if microseconds.is_nan() || microseconds.abs() >= 9e18 {
        return None;
    }
    #[expect(clippy::cast_possible_truncation)] // As was checked.
    let microseconds = microseconds as i64;
    in_calendar(microseconds)
}

fn in_calendar(microseconds: i64) -> Option<i64> {
    DateTime::from_timestamp_micros(microseconds).map(|date| date.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_numbers_together_decide_their_unit() {
        for (cells, expected) in [
            (&["1990", "2024"][..], Some(DateFormat::Digits)),
            (&["202402", "199912"], Some(DateFormat::Digits)),
            (&["20240229", "20240301.0"], Some(DateFormat::Digits)),
            (&["45351", "36526.25"], Some(DateFormat::Days)),
            (&["-315619200000", "1000"], Some(DateFormat::Milliseconds)),
            (&["1709214300", "0"], Some(DateFormat::Seconds)),
            (&["1709214300000000"], Some(DateFormat::Microseconds)),
            (&["1709214300000000000"], Some(DateFormat::Nanoseconds)),
            (&["1", "2"], None),
            (&["230522"], None),
        ] {
            let mut dates = NumberDates::default();
            assert!(cells.iter().all(|cell| dates.observe(cell)));
            assert_eq!(dates.best(), expected, "{cells:?}");
        }
        assert!(!NumberDates::default().observe("soon"));
    }
}
