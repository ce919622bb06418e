use std::fmt;

use crate::{ColumnKind, Values};

/// What was found of a column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnReport {
    /// Its name.
    pub name: String,
    /// What its values are; [`ColumnKind::Drop`] for one that was not read.
    pub kind: ColumnKind,
    /// What it is for.
    pub role: Role,
    /// How many values are missing.
    pub missing: usize,
    /// How many different categories there are.
    pub categories: Option<usize>,
    /// Why it is left out, if it is.
    pub dropped: Option<DropReason>,
    /// What keeps it from being numbers, if almost all its values are.
    pub odd: Option<OddCell>,
}

/// A cell that is no number, in a column of which almost all are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OddCell {
    /// The first such cell's text.
    pub value: String,
    /// Its line, from 1.
    pub line: u64,
    /// How many cells are numbers.
    pub numbers: usize,
    /// How many are not.
    pub others: usize,
}

/// What a column is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// To predict from.
    Feature,
    /// To be predicted.
    Target,
    /// How much a row counts.
    Weight,
    /// Which rows train, choose and test.
    Split,
}

/// Why a column is left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DropReason {
    /// It was asked for.
    Asked,
    /// It has a value nowhere.
    AllMissing,
    /// It has the same value everywhere.
    Constant,
    /// It has a name for each row.
    Identifier,
    /// It counts the rows.
    RowNumber,
    /// It is of a type that is no number, text, boolean or date.
    Unreadable,
}

/// A column that was left out, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dropped {
    /// The column's name.
    pub name: String,
    /// Why.
    pub reason: DropReason,
}

/// Fewer rows than these may have a category each.
const MIN_IDENTIFIERS: usize = 10;
/// Fewer rows than these may happen to be counted.
const MIN_COUNTED: usize = 20;

impl DropReason {
    /// Why values are of no use, if they are.
    pub(super) fn of(values: &Values) -> Option<Self> {
        let present = values.len() - values.num_missing();
        if present == 0 {
            return Some(Self::AllMissing);
        }
        // Where a value is missing, that is something to learn from.
        let whole = present == values.len();
        match values {
            Values::Numbers(numbers) => {
                let is_constant = numbers.iter().all(|&number| number == numbers[0]);
                let counts = |first: f32| {
                    let mut rows = numbers.iter().enumerate();
                    rows.all(|(row, &number)| number == first + row as f32)
                };
                if whole && is_constant {
                    Some(Self::Constant)
                } else if whole && numbers.len() >= MIN_COUNTED && (counts(0.0) || counts(1.0)) {
                    Some(Self::RowNumber)
                } else {
                    None
                }
            }
            Values::Categories { codes, names } => {
                let is_constant = codes.iter().all(|&code| code == codes[0]);
                // All names that there are occur, at least before rows without a target were taken
                // out.
                if whole && is_constant {
                    Some(Self::Constant)
                } else if present >= MIN_IDENTIFIERS && names.len() >= present {
                    Some(Self::Identifier)
                } else {
                    None
                }
            }
            Values::Dates(dates) => {
                let is_constant = dates.iter().all(|&date| date == dates[0]);
                (whole && is_constant).then_some(Self::Constant)
            }
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Asked => "as asked",
            Self::AllMissing => "no value",
            Self::Constant => "one value",
            Self::Identifier => "a name for each row",
            Self::RowNumber => "a row number",
            Self::Unreadable => "no number, text, boolean or date",
        })
    }
}

impl Dropped {
    /// The column that a report says was left out.
    pub(super) fn of(report: &ColumnReport) -> Option<Self> {
        report.dropped.map(|reason| Self {
            name: report.name.clone(),
            reason,
        })
    }
}

impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` ({})", self.name, self.reason)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_that_say_nothing_are_told_from_those_that_do() {
        let categories = |codes: Vec<u32>, num_names: u32| Values::Categories {
            codes,
            names: (0..num_names).map(|name| name.to_string()).collect(),
        };
        let missing = Values::MISSING_CODE;
        let count = |first: u8| (first..first + 20).map(f32::from).collect();
        for (values, reason) in [
            (
                Values::Numbers(vec![f32::NAN; 3]),
                Some(DropReason::AllMissing),
            ),
            (Values::Numbers(vec![2.0; 3]), Some(DropReason::Constant)),
            (Values::Numbers(vec![2.0, f32::NAN]), None),
            (Values::Numbers(count(1)), Some(DropReason::RowNumber)),
            (Values::Numbers(count(2)), None),
            (Values::Numbers(vec![1.0, 2.0, 3.0]), None),
            (
                categories((0..12).collect(), 12),
                Some(DropReason::Identifier),
            ),
            (categories((0..9).collect(), 9), None),
            (categories(vec![0; 12], 1), Some(DropReason::Constant)),
            (categories(vec![0, missing, 0], 1), None),
            (Values::Dates(vec![5, 5]), Some(DropReason::Constant)),
        ] {
            assert_eq!(DropReason::of(&values), reason, "{values:?}");
        }
    }
}
