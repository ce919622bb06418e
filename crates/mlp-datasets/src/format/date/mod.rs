//! Dates and times of day, in the ways in which people and programs write them.

mod number;
mod parts;
mod time_of_day;
mod votes;

use chrono::NaiveDateTime;
pub(crate) use number::NumberDates;
use parts::Parts;
use serde::{Deserialize, Serialize};
use time_of_day::time_of_day;
pub(crate) use votes::DateVotes;

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
#[non_exhaustive]
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
    /// Seconds, milliseconds, microseconds or nanoseconds since 1970, each by its size; or the digits of date
    /// and time. Models of earlier versions have it
    #[strum(to_string = "as a number", serialize = "number")]
    Number,
    /// The digits of a date, from the year on: 2024, 202402, 20240229 or 20240229134500
    #[strum(to_string = "digits from the year on", serialize = "digits")]
    Digits,
    /// Seconds since 1970
    #[strum(to_string = "seconds since 1970", serialize = "seconds")]
    Seconds,
    /// Milliseconds since 1970
    #[strum(to_string = "milliseconds since 1970", serialize = "milliseconds")]
    Milliseconds,
    /// Microseconds since 1970
    #[strum(to_string = "microseconds since 1970", serialize = "microseconds")]
    Microseconds,
    /// Nanoseconds since 1970
    #[strum(to_string = "nanoseconds since 1970", serialize = "nanoseconds")]
    Nanoseconds,
    /// Days since the end of 1899, as in spreadsheets
    #[strum(to_string = "days of a spreadsheet", serialize = "days")]
    Days,
}

impl DateFormat {
    /// The point in time of a cell, in microseconds since the beginning of 1970; `None` if it is written
    /// otherwise, or is not in the calendar.
    pub(crate) fn parse(self, cell: &str) -> Option<i64> {
        match self {
            Self::YearFirst | Self::DayFirst | Self::MonthFirst => self.parse_parts(cell),
            Self::Number => number::of_any_size(cell),
            Self::Digits => number::of_digits(cell),
            Self::Seconds => number::since_1970(cell, 1e6),
            Self::Milliseconds => number::since_1970(cell, 1e3),
            Self::Microseconds => number::since_1970(cell, 1.0),
            Self::Nanoseconds => number::since_1970(cell, 1e-3),
            Self::Days => number::of_days(cell),
        }
    }

    /// What a cell should have been, with an example.
    pub(crate) fn example(self) -> &'static str {
        match self {
            Self::YearFirst => "date such as 2024-02-29 or 2024-02-29T13:45:00",
            Self::DayFirst => "date such as 29.02.2024 or 29/02/2024 13:45",
            Self::MonthFirst => "date such as 02/29/2024 or 02/29/2024 13:45",
            Self::Number => "date as a number, such as 20240229",
            Self::Digits => "date in digits, such as 20240229",
            Self::Seconds => "number of seconds since 1970",
            Self::Milliseconds => "number of milliseconds since 1970",
            Self::Microseconds => "number of microseconds since 1970",
            Self::Nanoseconds => "number of nanoseconds since 1970",
            Self::Days => "date as a spreadsheet's number of days",
        }
    }

    fn parse_parts(self, cell: &str) -> Option<i64> {
        // Most text is not a date.
        if !Parts::LENGTHS.contains(&cell.len()) {
            return None;
        }
        let parts = Parts::of(cell)?;
        let date = parts.date(self)?;
        let (time, offset) = time_of_day(parts.rest)?;
        let local = NaiveDateTime::new(date, time).and_utc().timestamp_micros();
        local.checked_sub(offset * 1_000_000)
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
        use DateFormat::{
            DayFirst, Days, Digits, Microseconds, Milliseconds, MonthFirst, Nanoseconds, Number,
            Seconds, YearFirst,
        };
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
            (YearFirst, "24-02-29", Some(MIDNIGHT)),
            (YearFirst, "20240229T134500Z", Some(NOON)),
            (YearFirst, "29-Feb-24", Some(MIDNIGHT)),
            (YearFirst, "29FEB2024", Some(MIDNIGHT)),
            (YearFirst, "29FEB2024:13:45:00", Some(NOON)),
            (YearFirst, "Thu, 29 Feb 2024 13:45:00 GMT", Some(NOON)),
            (YearFirst, "2024-02-29 13:45:00 +0000 UTC", Some(NOON)),
            (
                YearFirst,
                "2024-02-29 13:45:00,500",
                Some(NOON + SECOND / 2),
            ),
            (YearFirst, "02/2024", Some(MIDNIGHT - 28 * 86_400 * SECOND)),
            (
                YearFirst,
                "February 2024",
                Some(MIDNIGHT - 28 * 86_400 * SECOND),
            ),
            (YearFirst, "Feb-2024", Some(MIDNIGHT - 28 * 86_400 * SECOND)),
            (YearFirst, "2024Q1", Some(MIDNIGHT - 59 * 86_400 * SECOND)),
            (YearFirst, "2024-Q1", Some(MIDNIGHT - 59 * 86_400 * SECOND)),
            (DayFirst, "29.02.2024 01:45 p.m.", Some(NOON)),
            (Digits, "20240229134500", Some(NOON)),
            (Digits, "20240229134500.5", Some(NOON + SECOND / 2)),
            (Digits, "20240229134500500", Some(NOON + SECOND / 2)),
            (Digits, "202402291345", Some(NOON)),
            (Digits, "20240229", Some(MIDNIGHT)),
            (Digits, "20240229.0", Some(MIDNIGHT)),
            (Digits, "202402", Some(MIDNIGHT - 28 * 86_400 * SECOND)),
            (Digits, "2024", Some(MIDNIGHT - 59 * 86_400 * SECOND)),
            (Digits, "20242902", None),
            (Seconds, "1709214300", Some(NOON)),
            (Seconds, "1709214300.5", Some(NOON + SECOND / 2)),
            (Milliseconds, "1709214300000", Some(NOON)),
            (Milliseconds, "-1000", Some(-SECOND)),
            (Microseconds, "1709214300000000", Some(NOON)),
            (Nanoseconds, "1709214300000000999", Some(NOON)),
            (Days, "45351", Some(MIDNIGHT)),
            (Days, "45351.5729166667", Some(NOON)),
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
}
