//! What the cells of a text look like, to judge where its cells end and whether it has a header.

use super::dialect::Dialect;
use crate::format::{DateVotes, NumberVotes};

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Missing,
    /// A number, also with a decimal comma, a currency or a percent sign, but without a unit: names of
    /// columns look like that, such as `1h`.
    Number,
    /// A date or a time in any of the usual forms.
    Date,
    Text,
}

impl CellKind {
    /// The kind of a cell, without surrounding blanks.
    pub fn of(cell: &[u8], dialect: &Dialect) -> Self {
        let Ok(text) = str::from_utf8(cell) else {
            return Self::Text;
        };
        if dialect.means_missing(text) {
            Self::Missing
        } else if !cell.iter().any(u8::is_ascii_digit) {
            Self::Text
        } else if NumberVotes::is_amount(text) {
            Self::Number
        } else if DateVotes::default().observe(text) || is_time(cell) {
            Self::Date
        } else {
            Self::Text
        }
    }
}

/// Whether a text without quotes around it would need none with any delimiter, or is a number with a unit, such
/// as `0,5 kg`.
pub(super) fn is_undivided(cell: &[u8]) -> bool {
    let has = |delimiters: &[u8]| cell.iter().any(|byte| delimiters.contains(byte));
    let is_number = |text: &str| NumberVotes::default().observe(text);
    !has(b";\t|") && (!has(b",") || str::from_utf8(cell).is_ok_and(is_number))
}

/// Whether a text is between quotes, or is the first part of what is, so that another quote would be the
/// right one. A quote at the end alone may stand for inches.
pub(super) fn has_quotes(cell: &[u8]) -> bool {
    cell.len() > 1 && (cell.starts_with(b"\"") || cell.starts_with(b"'"))
}

/// Whether a text is a time such as `12:30` or `12:30:00.5Z`.
fn is_time(text: &[u8]) -> bool {
    let in_zone = text.iter().position(|byte| b"Z+-".contains(byte));
    let (time, zone) = text.split_at(in_zone.unwrap_or(text.len()));
    let is_part = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_digit)
            && part
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b'.')
    };
    let is_zone = |byte: &u8| byte.is_ascii_digit() || *byte == b':';
    time.contains(&b':')
        && time.split(|&byte| byte == b':').all(is_part)
        && zone.iter().skip(1).all(is_zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_numbers_dates_text_or_missing() {
        for (kind, cells) in [
            (
                CellKind::Number,
                &[
                    "1",
                    "-2.5",
                    "1e-3",
                    "12,1",
                    "1.234,5",
                    "1,234,567.8",
                    "$41.57",
                    "7 %",
                    ".5",
                    "(1,234.50)",
                    "1'234.5",
                    "12-",
                ][..],
            ),
            (
                CellKind::Date,
                &[
                    "2024-01-31",
                    "31.12.2022",
                    "1/2/24",
                    "2024-01-31T12:30:00Z",
                    "2024-01-31 12:30:00.5",
                    "12:30",
                    "30.Nov.1992  06:09:00-0330",
                    "03-09-1999, 12:44:42.278000+02:00",
                    "2024-03",
                ],
            ),
            (CellKind::Missing, &["", "NA", "?"]),
            (
                CellKind::Text,
                &[
                    "red",
                    "20:30:00-0330\t814",
                    "1;986",
                    "2;kalt",
                    "a-b-c",
                    "inf",
                    "1.2.3.4",
                    "5\" pipe",
                    "x:y",
                    ",",
                    "5  2",
                    "5 kg",
                    "1st",
                ],
            ),
        ] {
            for cell in cells {
                let found = CellKind::of(cell.as_bytes(), &Dialect::default());
                assert_eq!(found, kind, "{cell}");
            }
        }
    }

    #[test]
    fn delimiters_and_quotes_are_noticed() {
        for cell in ["red", "it's", "5\" pipe", "New York (NY)", "'", ""] {
            assert!(is_undivided(cell.as_bytes()), "{cell}");
            assert!(!has_quotes(cell.as_bytes()), "{cell}");
        }
        assert!(is_undivided("0,5 m²".as_bytes()));
        for cell in ["°C;Druck", "0744\tFalse", "x, y"] {
            assert!(!is_undivided(cell.as_bytes()), "{cell}");
        }
        for cell in ["'red'", "\"x\"", "\"New York"] {
            assert!(has_quotes(cell.as_bytes()), "{cell}");
        }
    }
}
