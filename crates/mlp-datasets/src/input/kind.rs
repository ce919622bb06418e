//! What the cells of a text look like, to judge where its cells end and whether it has a header.

use super::dialect::Dialect;

/// What a cell looks like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum CellKind {
    Missing,
    /// A number, also with a decimal comma, a currency or a percent sign.
    Number,
    /// A date or a time in any of the usual forms.
    Date,
    Text,
}

impl CellKind {
    /// The kind of a cell, without surrounding blanks.
    pub fn of(cell: &[u8], dialect: &Dialect) -> Self {
        if cell.is_empty()
            || Dialect::is_usually_missing(cell)
            || dialect.missing.iter().any(|text| text.as_bytes() == cell)
        {
            Self::Missing
        } else if is_date(cell) {
            Self::Date
        } else if is_number(cell) {
            Self::Number
        } else {
            Self::Text
        }
    }
}

/// Whether a text without quotes around it would need none with any delimiter.
pub(super) fn is_undivided(cell: &[u8]) -> bool {
    !cell.iter().any(|byte| b",;\t|".contains(byte))
}

/// Whether a text is between quotes.
pub(super) fn is_between_quotes(cell: &[u8]) -> bool {
    let is_between = |quote| cell.len() > 1 && cell.starts_with(quote) && cell.ends_with(quote);
    is_between(b"\"") || is_between(b"'")
}

fn is_number(cell: &[u8]) -> bool {
    let Ok(text) = str::from_utf8(cell) else {
        return false;
    };
    let is_sign = |character| "+-−$€£¥%".contains(character);
    let digits = text.trim_matches(|character: char| is_sign(character) || character == ' ');
    let first = digits.bytes().next().unwrap_or_default();
    let is_point = b".,".contains(&first) && digits.len() > 1;
    if !first.is_ascii_digit() && !is_point {
        return false;
    }
    digits.parse::<f64>().is_ok()
        || is_grouped(digits.as_bytes(), b',', b'.')
        || is_grouped(digits.as_bytes(), b'.', b',')
}

/// Whether digits are grouped in thousands, or have a decimal point, or both.
fn is_grouped(digits: &[u8], thousands: u8, point: u8) -> bool {
    let all_digits = |part: &[u8]| part.iter().all(u8::is_ascii_digit);
    let mut parts = digits.split(|&byte| byte == point);
    let whole = parts.next().unwrap_or_default();
    let fraction = parts.next().unwrap_or_default();
    if parts.next().is_some() || !all_digits(fraction) {
        return false;
    }
    let mut groups = whole.split(|&byte| byte == thousands);
    let first = groups.next().unwrap_or_default();
    all_digits(first) && groups.all(|group| group.len() == 3 && all_digits(group))
}

fn is_date(cell: &[u8]) -> bool {
    let mut parts = cell.split(|&byte| byte == b' ' || byte == b'T');
    let first = parts.next().unwrap_or_default();
    let is_date = [b'-', b'/', b'.'].iter().any(|separator| {
        let mut groups = first.split(|byte| byte == separator);
        let mut num_digits = 0;
        let all = groups.by_ref().take(3).all(|group| {
            num_digits += group.len();
            (1..=4).contains(&group.len()) && group.iter().all(u8::is_ascii_digit)
        });
        let num_separators = first.split(|byte| byte == separator).count() - 1;
        all && num_separators == 2 && (4..=8).contains(&num_digits)
    });
    if !is_date {
        return is_time(first) && parts.next().is_none();
    }
    parts.next().is_none_or(is_time)
}

/// Whether a text is a time such as `12:30` or `12:30:00.5Z`.
fn is_time(text: &[u8]) -> bool {
    let in_zone = text.iter().position(|byte| b"Z+-".contains(byte));
    let time = &text[..in_zone.unwrap_or(text.len())];
    let is_part = |part: &[u8]| {
        part.first().is_some_and(u8::is_ascii_digit)
            && part
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b'.')
    };
    time.contains(&b':') && time.split(|&byte| byte == b':').all(is_part)
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
                ],
            ),
            (CellKind::Missing, &["", "NA", "?"]),
            (
                CellKind::Text,
                &[
                    "red", "1;986", "2;kalt", "a-b-c", "inf", "1.2.3.4", "5\" pipe", "x:y", ",",
                    "5  2",
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
            assert!(!is_between_quotes(cell.as_bytes()), "{cell}");
        }
        assert!(!is_undivided("°C;Druck".as_bytes()));
        assert!(is_between_quotes(b"'red'"));
        assert!(is_between_quotes(b"\"x\""));
    }
}
