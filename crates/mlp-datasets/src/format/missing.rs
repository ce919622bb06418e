use super::ColumnFormat;
use crate::input::Dialect;

/// Which cells of a column are missing values.
#[derive(Clone, Debug, Default)]
pub(crate) struct MissingTexts {
    /// Texts that mean a missing value besides those that always do.
    missing: Vec<String>,
    /// The same as numbers: `-999` means `-999.0` as well.
    numbers: Vec<f64>,
    /// Texts that are values nevertheless.
    present: Vec<String>,
}

impl MissingTexts {
    /// Those of a dialect for a column.
    pub fn new(dialect: &Dialect, format: &ColumnFormat) -> Self {
        let missing: Vec<String> = dialect
            .missing
            .iter()
            .chain(&format.missing)
            .cloned()
            .collect();
        let present = dialect.present.iter().chain(&format.present);
        Self {
            numbers: missing
                .iter()
                .filter_map(|text| text.parse().ok())
                .collect(),
            missing,
            present: present.cloned().collect(),
        }
    }

    /// Whether a cell, without surrounding blanks, is a missing value.
    pub fn is_missing(&self, cell: &[u8]) -> bool {
        if cell.is_empty() {
            return true;
        }
        let is = |texts: &[String]| texts.iter().any(|text| text.as_bytes() == cell);
        (Dialect::is_usually_missing(cell) && !is(&self.present)) || is(&self.missing)
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
            self.position_of_number(str::from_utf8(cell).ok()?.parse().ok()?)
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

    /// Whether a number means a missing value.
    pub fn is_missing_number(&self, number: f64) -> bool {
        !self.numbers.is_empty() && self.numbers.contains(&number)
    }

    /// Whether a cell is missing by its text or as a number.
    pub fn is_missing_cell(&self, cell: &[u8]) -> bool {
        self.is_missing(cell)
            || !self.numbers.is_empty()
                && str::from_utf8(cell).is_ok_and(|text| {
                    text.parse()
                        .is_ok_and(|number| self.is_missing_number(number))
                })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_mean_a_missing_value_unless_a_column_says_otherwise() {
        let dialect = Dialect {
            missing: vec!["-999".into(), "unknown".into()],
            ..Dialect::default()
        };
        let format = ColumnFormat {
            missing: vec!["k.A.".into()],
            present: vec!["NA".into()],
            ..ColumnFormat::default()
        };
        let usual = MissingTexts::new(&dialect, &ColumnFormat::default());
        let own = MissingTexts::new(&dialect, &format);
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
    }
}
