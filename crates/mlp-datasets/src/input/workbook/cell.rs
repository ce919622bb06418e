//! The cells of sheets as calamine reads them.

use calamine::{CellErrorType, Data};

use crate::format::DateFormat;
use crate::input::cells::Cell;

/// The day behind the last one that Excel knows, in the year 10000.
const LAST_DAY: f64 = 2_958_466.0;

/// A cell as calamine reads it.
pub(in crate::input) fn to_cell(value: Data) -> Cell {
    match value {
        Data::Empty | Data::Error(CellErrorType::NA) => Cell::Missing,
        Data::Int(value) => Cell::Integer(value),
        Data::Float(value) => Cell::number(value),
        Data::Bool(value) => Cell::Boolean(value),
        Data::String(text) if text.trim().is_empty() || text == "#N/A" => Cell::Missing,
        Data::String(text) => Cell::Text(text),
        Data::Error(error) => Cell::Text(error.to_string()),
        Data::DateTime(value) => {
            let serial = value.as_f64();
            // A time of day is a fraction of day 0. Excel has no dates before.
            let micros = if value.is_duration() || (0.0..1.0).contains(&serial) {
                // Excel has no finer times than milliseconds.
                #[expect(clippy::cast_possible_truncation)] // Far more than Excel has saturates.
                let millis = (serial * 86_400_000.0).round() as i64;
                millis.checked_mul(1000).map(Cell::Time)
            } else if serial.abs() < LAST_DAY {
                let date = value.as_datetime();
                date.map(|date| Cell::Timestamp(date.and_utc().timestamp_micros()))
            } else {
                None
            };
            micros.unwrap_or(Cell::number(serial))
        }
        Data::DateTimeIso(text) => match DateFormat::YearFirst.parse(&text) {
            Some(microseconds) => Cell::Timestamp(microseconds),
            None => Cell::Text(text),
        },
        Data::DurationIso(text) => match parse_duration(&text) {
            Some(micros) => Cell::Time(micros),
            None => Cell::Text(text),
        },
    }
}

/// A duration such as `PT12H30M05.5S` in microseconds.
fn parse_duration(text: &str) -> Option<i64> {
    let mut rest = text.strip_prefix("PT")?;
    let mut seconds = 0.0;
    while !rest.is_empty() {
        let end = rest.find(|character: char| character.is_ascii_alphabetic())?;
        let number: f64 = rest[..end].replace(',', ".").parse().ok()?;
        seconds += number
            * match rest.as_bytes()[end] {
                b'H' => 3600.0,
                b'M' => 60.0,
                b'S' => 1.0,
                _ => return None,
            };
        rest = &rest[end + 1..];
    }
    #[expect(clippy::cast_possible_truncation)] // Longer ones saturate.
    Some((seconds * 1e6).round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_parsed() {
        for (text, micros) in [
            ("PT12H30M05.5S", Some(45_005_500_000)),
            ("PT30H00M00S", Some(108_000_000_000)),
            ("PT5X", None),
            ("5", None),
        ] {
            assert_eq!(parse_duration(text), micros, "{text}");
        }
    }
}
