use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

use crate::error::Error;

const MICROSECONDS_PER_DAY: f64 = 86_400e6;

/// A number that is derived from a point in time.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum DatePart {
    /// The year.
    Year,
    /// The month, from 1 to 12.
    Month,
    /// The day of the month, from 1 to 31.
    Day,
    /// The day of the week, from 1 (Monday) to 7.
    Weekday,
    /// The hour, from 0 to 23.
    Hour,
    /// The time since the beginning of 1970, in days.
    Elapsed,
}

fn unknown(name: &str) -> Error {
    Error::unknown::<DatePart>("part of a date", name)
}

impl DatePart {
    /// Whether the number recurs, as the hour does every day. The year and the time elapsed do not: in
    /// later rows they are beyond all earlier ones.
    pub fn recurs(self) -> bool {
        match self {
            Self::Month | Self::Day | Self::Weekday | Self::Hour => true,
            Self::Year | Self::Elapsed => false,
        }
    }

    /// The number for a point in time in microseconds since the beginning of 1970; NaN if the time is
    /// missing or hundreds of thousands of years away.
    pub fn of(self, microseconds: i64) -> f64 {
        let Some(date) = DateTime::from_timestamp_micros(microseconds) else {
            return f64::NAN;
        };
        match self {
            Self::Year => date.year().into(),
            Self::Month => date.month().into(),
            Self::Day => date.day().into(),
            Self::Weekday => date.weekday().number_from_monday().into(),
            Self::Hour => date.hour().into(),
            Self::Elapsed => microseconds as f64 / MICROSECONDS_PER_DAY,
        }
    }
}

/// Parses a date in the format of ISO 8601, with dashes or slashes and optionally with a time and an
/// offset from UTC. The result is in microseconds since the beginning of 1970.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    // Called for every cell, and most text is not a date.
    let [a, b, c, d, separator, ..] = text.as_bytes() else {
        return None;
    };
    let is_year = [a, b, c, d].iter().all(|byte| byte.is_ascii_digit());
    if !is_year || !matches!(separator, b'-' | b'/') || text.len() > 40 {
        return None;
    }
    let text = text.replace('/', "-");
    if let Ok(date) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp_micros());
    }
    if let Ok(date) = DateTime::parse_from_rfc3339(&text) {
        return Some(date.timestamp_micros());
    }
    [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
    .map(|date| date.and_utc().timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

    #[test]
    fn dates_are_read_with_and_without_a_time() {
        // date --utc --date '2024-02-29 13:45' +%s
        let noon = 1_709_214_300_000_000;
        let midnight = noon - (13 * 3600 + 45 * 60) * 1_000_000;
        for (text, microseconds) in [
            ("2024-02-29", midnight),
            ("2024/02/29", midnight),
            ("2024-02-29 13:45", noon),
            ("2024-02-29T13:45:00.5", noon + 500_000),
            ("2024-02-29 13:45:00.000001", noon + 1),
            ("2024-02-29T13:45:00Z", noon),
            ("2024-02-29T15:45:00+02:00", noon),
        ] {
            assert_eq!(parse_date(text), Some(microseconds), "{text}");
        }
        for text in [
            "",
            "2024",
            "2023-02-29",
            "12-31",
            "2024-13-01",
            "2024-02-29x",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }

    #[test]
    fn a_date_gives_six_numbers() {
        // A Thursday, 19,782 days after 1970 began.
        let parts = DatePart::VARIANTS
            .iter()
            .map(|part| part.of(1_709_214_300_000_000));
        let mut parts: Vec<f64> = parts.collect();
        let elapsed = parts.pop().unwrap();
        assert_eq!(parts, [2024.0, 2.0, 29.0, 4.0, 13.0]);
        assert!((elapsed - 19_782.572_917).abs() < 1e-6, "{elapsed}");
        assert!(DatePart::Year.of(crate::Values::MISSING_DATE).is_nan());
    }
}
