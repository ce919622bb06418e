/// How a text is read as a table.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dialect {
    /// What stands between cells; `None`: told from the first rows.
    pub delimiter: Option<u8>,
    /// Whether the first row names the columns; `None`: told from the first rows.
    pub header: Option<bool>,
    /// What stands for a missing value, beside [`Dialect::MISSING`].
    pub missing: Vec<String>,
}

impl Dialect {
    /// What always stands for a missing value, in any case of letters; so does an empty cell.
    pub const MISSING: [&str; 6] = ["NA", "N/A", "NaN", "null", "?", "-"];

    /// Whether a cell, without blanks around it, stands for a missing value.
    pub(crate) fn is_missing(&self, cell: &[u8]) -> bool {
        cell.is_empty()
            || Self::MISSING
                .iter()
                .any(|missing| missing.as_bytes().eq_ignore_ascii_case(cell))
            || self
                .missing
                .iter()
                .any(|missing| missing.as_bytes() == cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_values_are_written_in_many_ways() {
        let dialect = Dialect {
            missing: vec!["999".into()],
            ..Dialect::default()
        };
        for cell in ["", "NA", "n/a", "nan", "NULL", "?", "-", "999"] {
            assert!(dialect.is_missing(cell.as_bytes()), "{cell}");
        }
        for cell in ["0", "none", "--", "99"] {
            assert!(!dialect.is_missing(cell.as_bytes()), "{cell}");
        }
    }
}
