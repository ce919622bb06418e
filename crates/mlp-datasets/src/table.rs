use std::collections::HashSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::Error;

/// What is to be predicted of a row.
#[derive(Serialize, Deserialize, Clone, Copy, PartialEq, Eq, Debug)]
#[serde(rename_all = "snake_case")]
pub enum Task {
    /// To which of several classes it belongs.
    Classification,
    /// A number.
    Regression,
}

impl fmt::Display for Task {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Classification => "classification",
            Self::Regression => "regression",
        })
    }
}

/// The column that is to be predicted.
#[derive(Clone, Debug, PartialEq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Its values, one for each row.
    pub values: TargetValues,
}

/// The values of a [`Target`].
#[derive(Clone, Debug, PartialEq)]
pub enum TargetValues {
    /// Classes.
    Classes {
        /// The class of each row, as an index into the names.
        labels: Vec<usize>,
        /// The names of the classes.
        names: Vec<String>,
    },
    /// Numbers.
    Numbers(Vec<f32>),
}

impl TargetValues {
    fn len(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }
}

/// Rows of numeric features, and perhaps a target.
///
/// Features are finite numbers, kept row by row.
///
/// ```
/// use mlp_datasets::{Table, Target, TargetValues, Task};
///
/// let table = Table::new(
///     vec!["width".into(), "height".into()],
///     vec![1.0, 2.0, 3.0, 4.0],
///     Some(Target {
///         name: "shape".into(),
///         values: TargetValues::Classes {
///             labels: vec![1, 0],
///             names: vec!["flat".into(), "tall".into()],
///         },
///     }),
/// )?;
///
/// assert_eq!(table.row(1), [3.0, 4.0]);
/// assert_eq!(table.task(), Some(Task::Classification));
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq)]
pub struct Table {
    feature_names: Vec<String>,
    features: Vec<f32>,
    target: Option<Target>,
}

impl Table {
    /// Makes a table from features row by row, and perhaps a target.
    ///
    /// # Errors
    ///
    /// If there is no row or no feature, a length does not fit, a name occurs twice, a label has
    /// no name, or a number is not finite.
    pub fn new(
        feature_names: Vec<String>,
        features: Vec<f32>,
        target: Option<Target>,
    ) -> Result<Self, Error> {
        let num_features = feature_names.len();
        if num_features == 0 {
            return Err(Error::table("it has no features"));
        }
        if features.is_empty() {
            return Err(Error::table("it has no rows"));
        }
        if !features.len().is_multiple_of(num_features) {
            return Err(Error::table(format!(
                "{} values do not fill rows of {num_features} features",
                features.len()
            )));
        }
        if let Some(name) = first_duplicate(&feature_names) {
            return Err(Error::table(format!("two features are called `{name}`")));
        }
        if let Some(i) = features.iter().position(|value| !value.is_finite()) {
            return Err(Error::table(format!(
                "`{}` is {} in row {}, but must be finite",
                feature_names[i % num_features],
                features[i],
                i / num_features
            )));
        }
        if let Some(target) = &target {
            target.check(features.len() / num_features)?;
        }
        Ok(Self {
            feature_names,
            features,
            target,
        })
    }

    /// How many rows there are: at least one.
    pub fn num_rows(&self) -> usize {
        self.features.len() / self.num_features()
    }

    /// How many features a row has: at least one.
    pub fn num_features(&self) -> usize {
        self.feature_names.len()
    }

    /// The names of the features, in the order in which rows hold them.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// The features of all rows, row by row.
    pub fn features(&self) -> &[f32] {
        &self.features
    }

    /// The features of a row.
    ///
    /// # Panics
    ///
    /// If the row is not in the table.
    pub fn row(&self, i: usize) -> &[f32] {
        let num_features = self.num_features();
        &self.features[i * num_features..][..num_features]
    }

    /// The target, if there is one.
    pub fn target(&self) -> Option<&Target> {
        self.target.as_ref()
    }

    /// What the target asks for, if there is one.
    pub fn task(&self) -> Option<Task> {
        self.target.as_ref().map(|target| match target.values {
            TargetValues::Classes { .. } => Task::Classification,
            TargetValues::Numbers(_) => Task::Regression,
        })
    }
}

impl Target {
    fn check(&self, num_rows: usize) -> Result<(), Error> {
        let name = &self.name;
        let num_values = self.values.len();
        if num_values != num_rows {
            return Err(Error::table(format!(
                "`{name}` has {num_values} values for {num_rows} rows"
            )));
        }
        match &self.values {
            TargetValues::Classes { labels, names } => {
                if let Some(class) = first_duplicate(names) {
                    return Err(Error::table(format!(
                        "two classes of `{name}` are called `{class}`"
                    )));
                }
                match labels.iter().position(|&label| label >= names.len()) {
                    Some(row) => Err(Error::table(format!(
                        "`{name}` is {} in row {row}, but there are {} classes",
                        labels[row],
                        names.len()
                    ))),
                    None => Ok(()),
                }
            }
            TargetValues::Numbers(numbers) => {
                match numbers.iter().position(|number| !number.is_finite()) {
                    Some(row) => Err(Error::table(format!(
                        "`{name}` is {} in row {row}, but must be finite",
                        numbers[row]
                    ))),
                    None => Ok(()),
                }
            }
        }
    }
}

/// The first name that has been there before.
pub(crate) fn first_duplicate(names: &[String]) -> Option<&String> {
    let mut seen = HashSet::new();
    names.iter().find(|name| !seen.insert(name.as_str()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(ToString::to_string).collect()
    }

    fn reason(features: &[&str], values: Vec<f32>, target: Option<TargetValues>) -> String {
        let target = target.map(|values| Target {
            name: "t".into(),
            values,
        });
        let error = Table::new(names(features), values, target).unwrap_err();
        error.to_string().replace("the table is wrong: ", "")
    }

    #[test]
    fn rows_lie_one_after_another() {
        let features = vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
        let table = Table::new(names(&["a", "b", "c"]), features, None).unwrap();

        assert_eq!((table.num_rows(), table.num_features()), (2, 3));
        assert_eq!(table.row(0), [1.0, 2.0, 3.0]);
        assert_eq!(table.row(1), [4.0, 5.0, 6.0]);
        assert_eq!(table.task(), None);
    }

    #[test]
    fn parts_that_do_not_fit_are_refused() {
        let two_rows = || vec![1.0, 2.0];
        let classes = |labels: Vec<usize>, classes: &[&str]| {
            Some(TargetValues::Classes {
                labels,
                names: names(classes),
            })
        };
        for (expected, found) in [
            ("it has no features", reason(&[], vec![], None)),
            ("it has no rows", reason(&["a"], vec![], None)),
            (
                "3 values do not fill rows of 2 features",
                reason(&["a", "b"], vec![1.0, 2.0, 3.0], None),
            ),
            (
                "two features are called `a`",
                reason(&["a", "b", "a"], vec![0.0; 3], None),
            ),
            (
                "`b` is NaN in row 1, but must be finite",
                reason(&["a", "b"], vec![1.0, 2.0, 3.0, f32::NAN], None),
            ),
            (
                "`t` has 1 values for 2 rows",
                reason(&["a"], two_rows(), Some(TargetValues::Numbers(vec![0.0]))),
            ),
            (
                "`t` is inf in row 0, but must be finite",
                reason(
                    &["a"],
                    two_rows(),
                    Some(TargetValues::Numbers(vec![f32::INFINITY, 0.0])),
                ),
            ),
            (
                "`t` is 2 in row 1, but there are 2 classes",
                reason(&["a"], two_rows(), classes(vec![0, 2], &["x", "y"])),
            ),
            (
                "two classes of `t` are called `x`",
                reason(&["a"], two_rows(), classes(vec![0, 1], &["x", "x"])),
            ),
        ] {
            assert_eq!(found, expected);
        }
    }
}
