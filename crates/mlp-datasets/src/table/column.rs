use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::error::Error;

/// A named column of a [`Table`](crate::Table).
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its values, one for each row.
    pub values: Values,
}

/// The values of a [`Column`], some of which may be missing.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Numbers, of at most [`Values::MAX_NUMBER`] in size; NaN is a missing one.
    Numbers(Vec<f64>),
    /// Categories.
    Categories {
        /// The category of each row as an index into the names, or [`Values::MISSING_CODE`].
        codes: Vec<u32>,
        /// The names of the categories.
        names: Vec<String>,
    },
    /// Points in time, in microseconds since the beginning of 1970; [`Values::MISSING_DATE`] is a missing
    /// one.
    Dates(Vec<i64>),
}

/// The kind of a column's values.
#[derive(
    Serialize,
    Deserialize,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = Error, parse_err_fn = unknown)]
pub enum ColumnKind {
    /// Numbers.
    Numeric,
    /// Names of categories.
    Categorical,
    /// The categories `true` and `false`, in any case of letters.
    Boolean,
    /// Points in time.
    Date,
    /// None of these: the column is left out.
    Drop,
}

impl ColumnKind {
    /// The name, such as `numeric`.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

fn unknown(name: &str) -> Error {
    Error::unknown::<ColumnKind>("kind of column", name)
}

impl Values {
    /// The largest number, and the negative of the smallest one: the largest one in single precision.
    /// Sums and squares of such numbers are finite in double precision.
    pub const MAX_NUMBER: f64 = f32::MAX as f64;
    /// The code of a missing category.
    pub const MISSING_CODE: u32 = u32::MAX;
    /// The value of a missing date.
    pub const MISSING_DATE: i64 = i64::MIN;

    /// The number of rows.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(numbers) => numbers.len(),
            Self::Categories { codes, .. } => codes.len(),
            Self::Dates(dates) => dates.len(),
        }
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The kind of the values.
    pub fn kind(&self) -> ColumnKind {
        match self {
            Self::Numbers(_) => ColumnKind::Numeric,
            Self::Categories { .. } => ColumnKind::Categorical,
            Self::Dates(_) => ColumnKind::Date,
        }
    }

    /// Whether the value of a row is missing.
    ///
    /// # Panics
    ///
    /// If there is no such row.
    pub fn is_missing(&self, row: usize) -> bool {
        match self {
            Self::Numbers(numbers) => numbers[row].is_nan(),
            Self::Categories { codes, .. } => codes[row] == Self::MISSING_CODE,
            Self::Dates(dates) => dates[row] == Self::MISSING_DATE,
        }
    }

    /// The number of missing values.
    pub fn num_missing(&self) -> usize {
        (0..self.len()).filter(|&row| self.is_missing(row)).count()
    }

    /// The first rows, with the names of their categories if names are in the order of their
    /// appearance.
    pub(crate) fn head(&self, num_rows: usize) -> Cow<'_, Self> {
        if num_rows >= self.len() {
            return Cow::Borrowed(self);
        }
        Cow::Owned(match self {
            Self::Numbers(numbers) => Self::Numbers(numbers[..num_rows].to_vec()),
            Self::Dates(dates) => Self::Dates(dates[..num_rows].to_vec()),
            Self::Categories { codes, names } => {
                let codes = codes[..num_rows].to_vec();
                let present = codes.iter().filter(|&&code| code != Self::MISSING_CODE);
                let num_names = present.max().map_or(0, |&last| last as usize + 1);
                Self::Categories {
                    codes,
                    names: names[..num_names].to_vec(),
                }
            }
        })
    }

    /// Keeps the rows for which `keep` is true, in their order.
    pub(crate) fn retain(&mut self, keep: &[bool]) {
        fn retain<T>(values: &mut Vec<T>, keep: &[bool]) {
            let mut keep = keep.iter();
            values.retain(|_| keep.next().copied().unwrap_or(true));
        }
        match self {
            Self::Numbers(numbers) => retain(numbers, keep),
            Self::Categories { codes, .. } => retain(codes, keep),
            Self::Dates(dates) => retain(dates, keep),
        }
    }

    /// Checks the values as documented at the variants.
    pub(super) fn check(&self, name: &str) -> Result<(), Error> {
        match self {
            Self::Numbers(numbers) => match numbers
                .iter()
                .position(|value| value.abs() > Self::MAX_NUMBER)
            {
                Some(row) => Err(Error::table(format!(
                    "`{name}` is {} in row {row}, but must be missing or within ±3.4e38",
                    numbers[row]
                ))),
                None => Ok(()),
            },
            Self::Categories { codes, names } => {
                let has_name = |code: u32| (code as usize) < names.len();
                let wrong = |&code: &u32| code != Self::MISSING_CODE && !has_name(code);
                match codes.iter().position(wrong) {
                    Some(row) => Err(Error::table(format!(
                        "`{name}` is category {} in row {row}, but there are {} categories",
                        codes[row],
                        names.len()
                    ))),
                    None => Ok(()),
                }
            }
            Self::Dates(_) => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_rows_have_no_names_of_later_ones() {
        let missing = Values::MISSING_CODE;
        let categories = |codes: &[u32], names: &[&str]| Values::Categories {
            codes: codes.to_vec(),
            names: names.iter().map(ToString::to_string).collect(),
        };
        let all = categories(&[0, missing, 1, 2], &["a", "b", "c"]);
        assert_eq!(*all.head(3), categories(&[0, missing, 1], &["a", "b"]));
        assert_eq!(*all.head(9), all);
    }

    #[test]
    fn missing_values_of_each_kind_are_counted_and_removed() {
        let categories = Values::Categories {
            codes: vec![0, Values::MISSING_CODE, 0],
            names: vec!["a".into()],
        };
        for mut values in [
            Values::Numbers(vec![1.0, f64::NAN, 3.0]),
            categories,
            Values::Dates(vec![0, Values::MISSING_DATE, 86_400]),
        ] {
            assert_eq!(values.num_missing(), 1);
            assert!(values.is_missing(1));
            values.retain(&[true, false, true]);
            assert_eq!((values.len(), values.num_missing()), (2, 0));
        }
    }
}
