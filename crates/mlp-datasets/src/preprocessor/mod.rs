mod moments;
mod scaling;

use serde::{Deserialize, Serialize};

use moments::Moments;
pub use scaling::Scaling;

use crate::table::first_duplicate;
use crate::{Error, Table, TargetValues, Task};

/// How a feature becomes an input: (x − mean) / std.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct FeatureScaling {
    /// The feature's name.
    pub name: String,
    /// What is subtracted.
    pub mean: f32,
    /// What is divided by: above 0, and 1 for a feature that does not vary.
    pub std: f32,
}

/// How the target becomes what a network is trained on.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TargetEncoding {
    /// Classes become their places in a list.
    Classes {
        /// The target's name.
        name: String,
        /// The names of the classes.
        classes: Vec<String>,
    },
    /// Numbers are standardised, as features are.
    Numbers {
        /// The target's name.
        name: String,
        /// What is subtracted.
        mean: f32,
        /// What is divided by: above 0, and 1 for a target that does not vary.
        std: f32,
        /// The least number that was fitted on.
        min: f32,
        /// The largest number that was fitted on.
        max: f32,
    },
}

/// A target as a network is trained on it.
#[derive(Clone, Debug, PartialEq)]
pub enum EncodedTarget {
    /// The class of each row, as its place among the [classes](Preprocessor::classes).
    Classes(Vec<usize>),
    /// The standardised number of each row.
    Numbers(Vec<f32>),
}

/// Turns rows of a table into inputs of a network, and its targets into what is trained on.
///
/// It is fitted on training rows alone, saved with the model, and used again at prediction:
/// features are found by their names.
///
/// ```
/// use mlp_datasets::{Preprocessor, Scaling, Table, Target, TargetValues};
///
/// let target = Target { name: "y".into(), values: TargetValues::Numbers(vec![0.0, 5.0, 10.0]) };
/// let table = Table::new(vec!["x".into()], vec![1.0, 3.0, 8.0], Some(target))?;
///
/// let preprocessor = Preprocessor::fit(&table, &[0, 1], Scaling::Standard)?;
///
/// // The first two rows have the mean 2 and the standard deviation 1.
/// assert_eq!(preprocessor.transform(&table, &[0, 1, 2])?, [-1.0, 1.0, 6.0]);
/// assert_eq!(preprocessor.restore(-1.0), 0.0);
/// # Ok::<(), mlp_datasets::Error>(())
/// ```
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Preprocessor {
    /// The features, in the order of a network's inputs.
    pub features: Vec<FeatureScaling>,
    /// The target.
    pub target: TargetEncoding,
}

impl Preprocessor {
    /// Fits on the given rows of a table. The classes are all those of the table.
    ///
    /// # Errors
    ///
    /// If the table has no target, or no rows are given.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn fit(table: &Table, rows: &[usize], scaling: Scaling) -> Result<Self, Error> {
        let target = table.target().ok_or(Error::NoTarget)?;
        if rows.is_empty() {
            return Err(Error::TooFewRows {
                rows: 0,
                purpose: "to fit the preprocessing on",
            });
        }
        // A column is copied out once, since its numbers lie far apart.
        let column = |i| {
            rows.iter()
                .map(|&row| table.row(row)[i])
                .collect::<Vec<_>>()
        };
        let moments: Vec<Moments> = match scaling {
            Scaling::Standard => (0..table.num_features())
                .map(|i| Moments::of(column(i).iter().copied()))
                .collect(),
            Scaling::Shared => {
                let all = Moments::of(rows.iter().flat_map(|&row| table.row(row)).copied());
                vec![all; table.num_features()]
            }
            Scaling::None => vec![Moments::UNSCALED; table.num_features()],
        };
        let preprocessor = Self {
            features: table
                .feature_names()
                .iter()
                .zip(moments)
                .map(|(name, Moments { mean, std, .. })| FeatureScaling {
                    name: name.clone(),
                    mean,
                    std,
                })
                .collect(),
            target: match &target.values {
                TargetValues::Classes { names, .. } => TargetEncoding::Classes {
                    name: target.name.clone(),
                    classes: names.clone(),
                },
                TargetValues::Numbers(numbers) => {
                    let Moments {
                        mean,
                        std,
                        min,
                        max,
                    } = Moments::of(rows.iter().map(|&row| numbers[row]));
                    TargetEncoding::Numbers {
                        name: target.name.clone(),
                        mean,
                        std,
                        min,
                        max,
                    }
                }
            },
        };
        Ok(preprocessor)
    }

    /// The inputs of the given rows, row by row. Features are found by name, and others ignored.
    ///
    /// # Errors
    ///
    /// If the table lacks a feature.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn transform(&self, table: &Table, rows: &[usize]) -> Result<Vec<f32>, Error> {
        let found = table.feature_names();
        let columns = self
            .features
            .iter()
            .enumerate()
            .map(|(i, FeatureScaling { name, .. })| {
                // Most often a table has the columns of the one that was fitted on.
                let here = found.get(i).filter(|found| *found == name).map(|_| i);
                here.or_else(|| found.iter().position(|found| found == name))
                    .ok_or_else(|| Error::MissingFeature {
                        feature: name.clone(),
                        found: found.to_vec(),
                    })
            })
            .collect::<Result<Vec<_>, _>>()?;

        let mut inputs = Vec::with_capacity(rows.len() * columns.len());
        for &row in rows {
            let row = table.row(row);
            for (&column, scaling) in columns.iter().zip(&self.features) {
                inputs.push(standardise(row[column], scaling.mean, scaling.std));
            }
        }
        Ok(inputs)
    }

    /// The names of the features, in the order of a network's inputs.
    pub fn feature_names(&self) -> Vec<String> {
        self.features
            .iter()
            .map(|feature| feature.name.clone())
            .collect()
    }

    /// What is to be predicted.
    pub fn task(&self) -> Task {
        match self.target {
            TargetEncoding::Classes { .. } => Task::Classification,
            TargetEncoding::Numbers { .. } => Task::Regression,
        }
    }

    /// The names of the classes, in the order of a network's outputs; `None` for regression.
    pub fn classes(&self) -> Option<&[String]> {
        match &self.target {
            TargetEncoding::Classes { classes, .. } => Some(classes),
            TargetEncoding::Numbers { .. } => None,
        }
    }

    /// The target of the given rows. Classes are found by name.
    ///
    /// # Errors
    ///
    /// If the table has no target, one of the other kind, or a class that is unknown here.
    ///
    /// # Panics
    ///
    /// If a row is not in the table.
    pub fn encode_target(&self, table: &Table, rows: &[usize]) -> Result<EncodedTarget, Error> {
        match (&self.target, &table.target().ok_or(Error::NoTarget)?.values) {
            (TargetEncoding::Classes { classes, .. }, TargetValues::Classes { labels, names }) => {
                let known: Vec<Option<usize>> = names
                    .iter()
                    .map(|name| classes.iter().position(|class| class == name))
                    .collect();
                let encode = |&row: &usize| {
                    known[labels[row]].ok_or_else(|| Error::UnknownClass {
                        class: names[labels[row]].clone(),
                        known: classes.clone(),
                    })
                };
                let labels = rows.iter().map(encode).collect::<Result<_, _>>()?;
                Ok(EncodedTarget::Classes(labels))
            }
            (&TargetEncoding::Numbers { mean, std, .. }, TargetValues::Numbers(numbers)) => {
                let encode = |&row: &usize| standardise(numbers[row], mean, std);
                Ok(EncodedTarget::Numbers(rows.iter().map(encode).collect()))
            }
            (TargetEncoding::Classes { .. }, TargetValues::Numbers(_)) => Err(Error::WrongTask {
                found: Task::Regression,
                expected: Task::Classification,
            }),
            (TargetEncoding::Numbers { .. }, TargetValues::Classes { .. }) => {
                Err(Error::WrongTask {
                    found: Task::Classification,
                    expected: Task::Regression,
                })
            }
        }
    }

    /// The number, in the units of the data, that a standardised one stands for. Classes have no
    /// units, so for them the number itself.
    pub fn restore(&self, standardised: f32) -> f32 {
        match self.target {
            TargetEncoding::Numbers { mean, std, .. } => standardised * std + mean,
            TargetEncoding::Classes { .. } => standardised,
        }
    }

    /// Checks that it can be used, since a file that it was loaded from may be damaged.
    ///
    /// # Errors
    ///
    /// If there are no features or no classes, a name occurs twice, or a number is out of range.
    pub fn check(&self) -> Result<(), Error> {
        let wrong = |reason: String| Err(Error::InvalidPreprocessor { reason });
        if self.features.is_empty() {
            return wrong("it has no features".to_owned());
        }
        if let Some(name) = first_duplicate(&self.feature_names()) {
            return wrong(format!("two features are called `{name}`"));
        }
        for FeatureScaling { name, mean, std } in &self.features {
            check_scale(name, *mean, *std)?;
        }
        match &self.target {
            TargetEncoding::Classes { name, classes } => {
                if classes.is_empty() {
                    return wrong(format!("`{name}` has no classes"));
                }
                match first_duplicate(classes) {
                    Some(class) => wrong(format!("two classes of `{name}` are called `{class}`")),
                    None => Ok(()),
                }
            }
            &TargetEncoding::Numbers {
                ref name,
                mean,
                std,
                min,
                max,
            } => {
                check_scale(name, mean, std)?;
                if min.is_finite() && max.is_finite() && min <= max {
                    return Ok(());
                }
                wrong(format!("`{name}` goes from {min} to {max}"))
            }
        }
    }
}

fn check_scale(name: &str, mean: f32, std: f32) -> Result<(), Error> {
    let (what, value, allowed) = if !mean.is_finite() {
        ("mean", mean, "finite")
    } else if !(std.is_finite() && std > 0.0) {
        ("standard deviation", std, "finite and above 0")
    } else {
        return Ok(());
    };
    Err(Error::InvalidPreprocessor {
        reason: format!("the {what} of `{name}` is {value}, but must be {allowed}"),
    })
}

/// In f64, since the difference of two large numbers may be beyond f32.
#[expect(clippy::cast_possible_truncation)]
fn standardise(value: f32, mean: f32, std: f32) -> f32 {
    ((f64::from(value) - f64::from(mean)) / f64::from(std)) as f32
}

#[cfg(test)]
mod tests;
