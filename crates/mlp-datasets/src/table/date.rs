use chrono::{DateTime, Datelike, Timelike};
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

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray;

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
