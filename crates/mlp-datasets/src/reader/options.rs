use std::collections::BTreeMap;

use super::{Schema, Source};
use crate::{ColumnKind, Task};

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
    pub(super) fn is_missing(&self, cell: &[u8]) -> bool {
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

/// What the columns of a table are for, and how they are read.
#[derive(Clone, Debug, Default)]
pub struct ReadOptions {
    /// The columns to predict: one, or several of numbers.
    pub target: Vec<String>,
    /// What the target asks for; `None`: told from its values. Text, booleans and few different
    /// whole numbers are classes.
    pub task: Option<Task>,
    /// The column of numbers that says how much each row counts.
    pub weight: Option<String>,
    /// The column that says `train`, `valid` or `test`.
    pub split: Option<String>,
    /// The column whose equal values must not be split.
    pub group: Option<String>,
    /// The column whose last values test.
    pub time: Option<String>,
    /// A table of its own to test on.
    pub test: Option<Source>,
    /// The kinds of columns for which they are not to be told from their values.
    pub kinds: BTreeMap<String, ColumnKind>,
    /// What a model needs, that is to be judged on the table: no other column is a feature then, and
    /// the target may be one that could not be learned.
    pub model: Option<Schema>,
    /// How texts are read.
    pub dialect: Dialect,
}

impl ReadOptions {
    /// The kind of a column, if it is not to be told from its values.
    pub(super) fn kind(&self, name: &String) -> Option<ColumnKind> {
        let asked = self.kinds.get(name).copied();
        let Some(model) = &self.model else {
            return asked;
        };
        let needed = model.columns.iter().find(|column| column.name == *name);
        match needed {
            Some(column) => Some(column.kind),
            None if self.named().any(|named| named == name) => asked,
            None => Some(ColumnKind::Drop),
        }
    }

    /// The columns that the options name for a purpose.
    pub(super) fn named(&self) -> impl Iterator<Item = &String> {
        self.target
            .iter()
            .chain(&self.weight)
            .chain(&self.split)
            .chain(&self.group)
            .chain(&self.time)
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
