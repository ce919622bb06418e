//! Cells of files that have no column types.

use chrono::{DateTime, Timelike};

pub(super) const MICROS_PER_DAY: i64 = 86_400_000_000;
/// Larger whole numbers need not be exact in double precision.
const MAX_EXACT: f64 = 9_007_199_254_740_992.0;

/// A cell of a sheet, or a field of a JSON record.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Cell {
    Missing,
    Boolean(bool),
    Integer(i64),
    /// An integer that is too large for [`Integer`](Self::Integer).
    Unsigned(u64),
    Number(f64),
    /// Microseconds since the beginning of 1970.
    Timestamp(i64),
    /// Microseconds: a time of day, or a duration if it is longer than a day.
    Time(i64),
    Text(String),
    List(Vec<String>),
    Object(Vec<(String, String)>),
}

impl Cell {
    /// A number. A whole one is an integer, so that it is written as `42` rather than `42.0`.
    pub fn number(number: f64) -> Self {
        if number.fract() == 0.0 && number.abs() <= MAX_EXACT {
            #[expect(clippy::cast_possible_truncation)] // A whole number in the range.
            Self::Integer(number as i64)
        } else if number.is_nan() {
            Self::Missing
        } else {
            Self::Number(number)
        }
    }

    /// The cell as a person writes it; `None` if it is missing.
    pub fn text(&self) -> Option<String> {
        let timestamp = |micros: i64| DateTime::from_timestamp_micros(micros).unwrap_or_default();
        Some(match self {
            Self::Missing => return None,
            Self::Boolean(value) => value.to_string(),
            Self::Integer(value) => value.to_string(),
            Self::Unsigned(value) => value.to_string(),
            Self::Number(value) if value.abs() >= 1e17 || value.abs() < 1e-7 => {
                format!("{value:e}")
            }
            Self::Number(value) => value.to_string(),
            Self::Timestamp(micros) if micros % MICROS_PER_DAY == 0 => {
                timestamp(*micros).format("%Y-%m-%d").to_string()
            }
            Self::Timestamp(micros) => timestamp(*micros)
                .format("%Y-%m-%d %H:%M:%S%.f")
                .to_string(),
            Self::Time(micros) => {
                let time = timestamp(micros.rem_euclid(MICROS_PER_DAY));
                let hours = 24 * micros.div_euclid(MICROS_PER_DAY) + i64::from(time.hour());
                format!("{hours:02}:{}", time.format("%M:%S%.f"))
            }
            Self::Text(text) => text.clone(),
            Self::List(items) => items.join(", "),
            Self::Object(fields) => {
                let fields = fields
                    .iter()
                    .map(|(name, value)| format!("{name}: {value}"));
                fields.collect::<Vec<_>>().join(", ")
            }
        })
    }

    pub fn boolean(&self) -> Option<bool> {
        if let Self::Boolean(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    pub fn integer(&self) -> Option<i64> {
        if let Self::Integer(value) = self {
            Some(*value)
        } else {
            None
        }
    }

    pub fn unsigned(&self) -> Option<u64> {
        if let Self::Unsigned(value) = self {
            Some(*value)
        } else {
            u64::try_from(self.integer()?).ok()
        }
    }

    pub fn float(&self) -> Option<f64> {
        if let Self::Number(value) = self {
            Some(*value)
        } else if let Self::Unsigned(value) = self {
            Some(*value as f64)
        } else {
            self.integer().map(|value| value as f64)
        }
    }

    pub fn micros(&self) -> Option<i64> {
        if let Self::Timestamp(micros) | Self::Time(micros) = self {
            Some(*micros)
        } else {
            None
        }
    }

    /// Days since the beginning of 1970.
    pub fn days(&self) -> Option<i32> {
        i32::try_from(self.micros()? / MICROS_PER_DAY).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_written_as_a_person_writes_them() {
        for (cell, text) in [
            (Cell::number(42.0), "42"),
            (Cell::number(0.1), "0.1"),
            (Cell::number(1e300), "1e300"),
            (Cell::Timestamp(1_709_164_800_000_000), "2024-02-29"),
            (
                Cell::Timestamp(1_709_214_300_000_000),
                "2024-02-29 13:45:00",
            ),
            (Cell::Time(49_500_500_000), "13:45:00.500"),
            (Cell::Time(90_000_000_000), "25:00:00"),
        ] {
            assert_eq!(cell.text().as_deref(), Some(text));
        }
        assert_eq!(Cell::number(f64::NAN).text(), None);
    }
}
