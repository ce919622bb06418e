use super::usually_missing::is_usually_missing;
use super::{ColumnFormat, DateFormat};

/// Which cells of a column are missing values.
#[derive(Clone, Debug, Default)]
pub(crate) struct MissingTexts {
    /// Texts that mean a missing value besides those that always do.
    missing: Vec<String>,
    /// The same as numbers: `-999` means `-999.0` as well.
    numbers: Vec<f64>,
    /// The same as dates, in microseconds since 1970.
    dates: Vec<i64>,
    /// Texts that are values nevertheless.
    present: Vec<String>,
}

impl MissingTexts {
    /// Those of a column, given the texts that mean a missing value, or a value, in all columns.
    pub fn new(missing: &[String], present: &[String], column: &ColumnFormat) -> Self {
        let missing: Vec<String> = missing.iter().chain(&column.missing).cloned().collect();
        let present = present.iter().chain(&column.present);
        Self {
            numbers: missing.iter().filter_map(|text| number(text)).collect(),
            dates: missing
                .iter()
                .filter_map(|text| DateFormat::YearFirst.parse(text))
                .collect(),
            missing,
            present: present.cloned().collect(),
        }
    }

    /// Whether a cell, without surrounding blanks, is a missing value.
    #[inline]
    pub fn is_missing(&self, cell: &[u8]) -> bool {
        if cell.is_empty() {
            return true;
        }
        let is = |texts: &[String]| texts.iter().any(|text| text.as_bytes() == cell);
        (is_usually_missing(cell) && !is(&self.present)) || is(&self.missing)
    }

    /// Lets more texts mean a missing value.
    pub fn extend(&mut self, missing: impl IntoIterator<Item = String>) {
        self.missing.extend(missing);
    }

    /// The index of a given text that a cell equals, or as a number.
    pub fn position(&self, cell: &[u8]) -> Option<usize> {
        let by_text = self.missing.iter().position(|text| text.as_bytes() == cell);
        by_text.or_else(|| {
            if self.numbers.is_empty() {
                return None;
            }
            self.position_of_number(number(str::from_utf8(cell).ok()?)?)
        })
    }

    /// The index of a given text that is a number.
    pub fn position_of_number(&self, number: f64) -> Option<usize> {
        if !self.is_missing_number(number) {
            return None;
        }
        let is_number = |text: &String| text.parse() == Ok(number);
        self.missing.iter().position(is_number)
    }

    /// The index of a given text that is a number, in single precision.
    pub fn position_of_single(&self, single: f32) -> Option<usize> {
        if self.numbers.is_empty() {
            return None;
        }
        let is_number = |text: &String| text.parse() == Ok(single);
        self.missing.iter().position(is_number)
    }

    /// The index of a given text that is a date, in microseconds since 1970.
    pub fn position_of_date(&self, date: i64) -> Option<usize> {
        if !self.dates.contains(&date) {
            return None;
        }
        let is_date = |text: &String| DateFormat::YearFirst.parse(text) == Some(date);
        self.missing.iter().position(is_date)
    }

    /// How many texts were given.
    pub fn len(&self) -> usize {
        self.missing.len()
    }

    /// Whether a number means a missing value.
    pub fn is_missing_number(&self, number: f64) -> bool {
        !self.numbers.is_empty() && self.numbers.contains(&number)
    }

    /// Whether a date, in microseconds since 1970, means a missing value.
    pub fn is_missing_date(&self, date: i64) -> bool {
        !self.dates.is_empty() && self.dates.contains(&date)
    }

    /// Whether a cell is missing by its text or as a number.
    #[inline]
    pub fn is_missing_cell(&self, cell: &[u8]) -> bool {
        self.is_missing(cell)
            || !self.numbers.is_empty()
                && str::from_utf8(cell).is_ok_and(|text| {
                    number(text).is_some_and(|number| self.is_missing_number(number))
                })
    }
}

/// The number that a text is, unless it begins with a zero, as codes do.
fn number(text: &str) -> Option<f64> {
    let is_code = text.len() > 1 && text.starts_with('0') && !text.contains('.');
    text.parse().ok().filter(|_| !is_code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_a_missing_value_unless_a_column_says_otherwise() {
        let missing = ["-999".to_owned(), "unknown".to_owned()];
        let format = ColumnFormat {
            missing: vec!["k.A.".into()],
            present: vec!["NA".into()],
            ..ColumnFormat::default()
        };
        let usual = MissingTexts::new(&missing, &[], &ColumnFormat::default());
        let own = MissingTexts::new(&missing, &[], &format);
        for (cell, in_usual, in_own) in [
            ("", true, true),
            ("NA", true, false),
            ("na", true, true),
            ("unknown", true, true),
            ("k.A.", false, true),
            ("0", false, false),
        ] {
            assert_eq!(usual.is_missing(cell.as_bytes()), in_usual, "{cell}");
            assert_eq!(own.is_missing(cell.as_bytes()), in_own, "{cell}");
        }
        assert!(own.is_missing_number(-999.0));
        assert!(!own.is_missing_number(999.0));
        assert!(own.is_missing_cell(b"-999.0"));

        let codes = MissingTexts::new(
            &["9".into(), "1900-01-01".into(), "-99.9".into()],
            &[],
            &ColumnFormat::default(),
        );
        assert!(codes.is_missing_cell(b"9"));
        assert!(!codes.is_missing_cell(b"09"));
        assert_eq!(codes.position_of_date(-25_567 * 86_400_000_000), Some(1));
        assert_eq!(codes.position_of_single(-99.9), Some(2));
    }
}
