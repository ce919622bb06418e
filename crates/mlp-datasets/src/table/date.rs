use chrono::{DateTime, Datelike, NaiveDate, NaiveDateTime, Timelike};
use serde::{Deserialize, Serialize};

const SECONDS_A_DAY: f64 = 86_400.0;

/// A number that is told of a point in time.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
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
    /// The time that has passed since the beginning of 1970, in days.
    Elapsed,
}

impl DatePart {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::Year,
        Self::Month,
        Self::Day,
        Self::Weekday,
        Self::Hour,
        Self::Elapsed,
    ];

    /// The number, of a point in time in seconds since the beginning of 1970; NaN if that is
    /// missing or hundreds of thousands of years away.
    pub fn of(self, seconds: i64) -> f32 {
        let Some(date) = DateTime::from_timestamp(seconds, 0) else {
            return f32::NAN;
        };
        match self {
            Self::Year => date.year() as f32,
            Self::Month => date.month() as f32,
            Self::Day => date.day() as f32,
            Self::Weekday => date.weekday().number_from_monday() as f32,
            Self::Hour => date.hour() as f32,
            #[expect(clippy::cast_possible_truncation)] // Some thousands of days.
            Self::Elapsed => (seconds as f64 / SECONDS_A_DAY) as f32,
        }
    }
}

/// Reads a date as ISO 8601 writes it, with dashes or slashes, perhaps with a time and an offset
/// from UTC: seconds since the beginning of 1970.
pub(crate) fn parse_date(text: &str) -> Option<i64> {
    // Most text is no date, and this is asked of every cell.
    let [a, b, c, d, separator, ..] = text.as_bytes() else {
        return None;
    };
    let is_year = [a, b, c, d].iter().all(|byte| byte.is_ascii_digit());
    if !is_year || !matches!(separator, b'-' | b'/') || text.len() > 40 {
        return None;
    }
    let text = text.replace('/', "-");
    if let Ok(date) = NaiveDate::parse_from_str(&text, "%Y-%m-%d") {
        return Some(date.and_hms_opt(0, 0, 0)?.and_utc().timestamp());
    }
    if let Ok(date) = DateTime::parse_from_rfc3339(&text) {
        return Some(date.timestamp());
    }
    [
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
    ]
    .iter()
    .find_map(|format| NaiveDateTime::parse_from_str(&text, format).ok())
    .map(|date| date.and_utc().timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_with_and_without_a_time() {
        // date --utc --date '2024-02-29 13:45' +%s
        let noon = 1_709_214_300;
        for (text, seconds) in [
            ("2024-02-29", noon - 13 * 3600 - 45 * 60),
            ("2024/02/29", noon - 13 * 3600 - 45 * 60),
            ("2024-02-29 13:45", noon),
            ("2024-02-29T13:45:00.5", noon),
            ("2024-02-29T13:45:00Z", noon),
            ("2024-02-29T15:45:00+02:00", noon),
        ] {
            assert_eq!(parse_date(text), Some(seconds), "{text}");
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
    fn a_date_tells_six_numbers() {
        // A Thursday, 19,782 days after 1970 began.
        let parts = DatePart::ALL.map(|part| part.of(1_709_214_300));
        let [elapsed, rest @ ..] = [parts[5], parts[0], parts[1], parts[2], parts[3], parts[4]];
        assert_eq!(rest, [2024.0, 2.0, 29.0, 4.0, 13.0]);
        assert!((elapsed - 19_782.573).abs() < 0.01, "{elapsed}");
        assert!(DatePart::Year.of(crate::Values::MISSING_DATE).is_nan());
    }
}
