use std::fmt;
use std::path::PathBuf;

use crate::format::ColumnFormat;
use crate::names::Shortened;
use crate::row_numbers::Numbering;
use crate::table::{ColumnKind, Values};

/// What is known about a column of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ColumnReport {
    /// Its name.
    pub name: String,
    /// The kind of its values; [`ColumnKind::Drop`] if it was not read.
    pub kind: ColumnKind,
    /// How it is used.
    pub role: Role,
    /// The number of missing values.
    pub missing: usize,
    /// The number of different categories, if it has categories.
    pub categories: Option<usize>,
    /// Why it was left out, if it was.
    pub dropped: Option<DropReason>,
    /// The cells because of which it is not numeric, if almost all of its cells are numbers, or no date, if most
    /// are dates.
    pub non_numeric: Option<NonNumericCells>,
    /// One of its cells, if it has categories of which nearly all look like numbers or dates, in a form that is
    /// not read.
    pub unread: Option<String>,
    /// How its cells are written, if not the usual way.
    pub format: ColumnFormat,
    /// The cells of a column of numbers or dates that are neither, and count as missing.
    pub odd: Option<OddCells>,
    /// How often texts occur that usually mean a missing value, the most frequent one first.
    pub missing_texts: Vec<(String, usize)>,
    /// What is odd about it as a feature, although it is one.
    pub suspicion: Option<Suspicion>,
    /// How its numbers could be read as well.
    pub doubt: Option<DoubtfulNumbers>,
}

/// Numbers such as `1.234`, which are read with a decimal point, while it could be between thousands.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct DoubtfulNumbers {
    /// The first of them.
    pub value: String,
    /// What it would be otherwise, such as `1234`.
    pub other: String,
    /// Whether that is more likely: numbers below a thousand have no point, and behind each point are three digits.
    pub seems_grouped: bool,
}

/// A few cells of a column of numbers or dates that are neither.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct OddCells {
    /// How many there are.
    pub count: usize,
    /// Their different texts, as far as these are few.
    pub texts: Vec<String>,
    /// The file of the first one.
    pub path: PathBuf,
    /// The line of the first one, from 1; its row in a file of typed columns.
    pub line: u64,
}

/// What is odd about a feature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Suspicion {
    /// It has a different whole number in each row with few gaps, as row numbers have from which rows were
    /// left out.
    RowNumber,
    /// It is a copy of the target. It was kept because its kind was requested, or because there is nothing
    /// else to learn from.
    TargetCopy,
    /// It determines the target: each of its values has a single one, or the targets follow the order of its
    /// numbers.
    DeterminesTarget,
}

/// The cells that are not numbers in a column of which almost all are, or no dates where most are dates.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NonNumericCells {
    /// The text of the first of them.
    pub value: String,
    /// Its line, from 1.
    pub line: u64,
    /// The number of cells that are numbers or dates.
    pub numbers: usize,
    /// The number of cells that are not.
    pub others: usize,
    /// Whether the others are dates, rather than numbers.
    pub are_dates: bool,
}

/// How a column is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// As an input.
    Feature,
    /// As a value to predict.
    Target,
    /// As the weight of each row.
    Weight,
    /// To split rows into training, validation and test rows.
    Split,
}

/// Why a column was left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DropReason {
    /// The caller excluded it.
    Asked,
    /// All its values are missing.
    AllMissing,
    /// It has the same value in every row.
    Constant,
    /// Its values are all different, as those of an identifier are.
    Identifier,
    /// It numbers the rows.
    RowNumber,
    /// It is the target once more, or has other names of the same classes.
    TargetCopy,
    /// Its type is not supported: not a number, text, boolean or date, but what is named here, such as
    /// `lists`.
    Unreadable(&'static str),
}

/// In fewer rows, categories that are all different need not be identifiers.
const MIN_IDENTIFIERS: usize = 10;

impl DropReason {
    /// Why the values of a column are of no use for learning, if they are.
    pub(crate) fn of(name: &str, values: &Values) -> Option<Self> {
        let present = values.len() - values.num_missing();
        if present == 0 {
            return Some(Self::AllMissing);
        }
        // Which values are missing is something to learn from.
        let is_complete = present == values.len();
        match values {
            Values::Numbers(numbers) => {
                let is_constant = numbers.iter().all(|&number| number == numbers[0]);
                if is_complete && is_constant {
                    return Some(Self::Constant);
                }
                match Numbering::of(name, numbers)? {
                    Numbering::RowNumbers => Some(Self::RowNumber),
                    Numbering::Identifiers => Some(Self::Identifier),
                    Numbering::Similar => None,
                }
            }
            Values::Categories { codes, names } => {
                let is_constant = codes.iter().all(|&code| code == codes[0]);
                // Every name occurs, at least as long as rows without a target are still there.
                if is_complete && is_constant {
                    Some(Self::Constant)
                } else if present >= MIN_IDENTIFIERS && names.len() >= present {
                    Some(Self::Identifier)
                } else {
                    None
                }
            }
            Values::Dates(dates) => {
                let is_constant = dates.iter().all(|&date| date == dates[0]);
                (is_complete && is_constant).then_some(Self::Constant)
            }
        }
    }
}

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Self::Unreadable(data_type) = self {
            return f.pad(&format!("unsupported column type: {data_type}"));
        }
        f.pad(match self {
            Self::Asked => "as requested",
            Self::AllMissing => "all values missing",
            Self::Constant => "same value in every row",
            Self::Identifier => "every value is different: an identifier?",
            Self::RowNumber => "row numbers",
            Self::Unreadable(data_type) => data_type,
            Self::TargetCopy => "a copy of the target",
        })
    }
}

impl ColumnReport {
    /// The column and why it was left out, such as ``"`id` (row numbers)"``, if it was.
    pub(crate) fn left_out(&self) -> Option<String> {
        let reason = self.dropped?;
        Some(match (reason, &self.unread) {
            (DropReason::Identifier, Some(cell)) => format!(
                "`{}` (every value is different; those such as `{}` look like numbers or dates, but this format is \
                 not supported)",
                self.name,
                Shortened(cell)
            ),
            _ => format!("`{}` ({reason})", self.name),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_of_no_use_for_learning_are_recognised() {
        let categories = |codes: Vec<u32>, num_names: u32| Values::Categories {
            codes,
            names: (0..num_names).map(|name| name.to_string()).collect(),
        };
        let missing = Values::MISSING_CODE;
        let row_numbers = |first: u8| (first..first + 20).map(f64::from).collect();
        for (values, reason) in [
            (
                Values::Numbers(vec![f64::NAN; 3]),
                Some(DropReason::AllMissing),
            ),
            (Values::Numbers(vec![2.0; 3]), Some(DropReason::Constant)),
            (Values::Numbers(vec![2.0, f64::NAN]), None),
            (Values::Numbers(row_numbers(1)), Some(DropReason::RowNumber)),
            (Values::Numbers(row_numbers(9)), Some(DropReason::RowNumber)),
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
            assert_eq!(DropReason::of("column", &values), reason, "{values:?}");
        }
    }
}
