use serde::{Deserialize, Serialize};

use super::moments::Moments;
use super::target_transform::TargetTransform;
use crate::error::Error;
use crate::format::find_same;
use crate::names::first_duplicate;
use crate::table::Target;
use crate::task::Task;

/// How the values to predict become what a network is trained on.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum TargetEncoding {
    /// Classes become their indices in a list.
    Classes {
        /// The target's name.
        name: String,
        /// The names of the classes.
        classes: Vec<String>,
    },
    /// Numbers are standardised, `(x − mean) / std`, or their logarithms are, `(ln x − mean) / std`.
    Numbers {
        /// How each number is standardised.
        outputs: Vec<TargetScaling>,
    },
    /// No target.
    Nothing,
}

/// How a number to predict, or its logarithm, is standardised.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct TargetScaling {
    /// Its name.
    pub name: String,
    /// The number that is subtracted.
    pub mean: f64,
    /// The divisor: above 0, and 1 for a target that does not vary.
    pub std: f64,
    /// The smallest number in training.
    pub min: f64,
    /// The largest number in training.
    pub max: f64,
    /// If logarithms are standardised, by what powers of e are multiplied to become numbers: above 0. The power of a
    /// mean of logarithms is below the mean, so that this is 1 for medians and more for means.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log_factor: Option<f64>,
}

/// The values that a network is trained on.
#[derive(Clone, Debug, PartialEq)]
pub enum EncodedTarget {
    /// The class of each row, as an index into the [classes](TargetEncoding::classes).
    Classes(Vec<usize>),
    /// The standardised numbers, row by row.
    Numbers(Vec<f32>),
}

impl TargetEncoding {
    /// Fits on the given rows of a target. The classes are all those of the table.
    ///
    /// # Errors
    ///
    /// If logarithms must be learned of a number that has none.
    pub(super) fn fit(
        target: &Target,
        rows: &[usize],
        transform: TargetTransform,
    ) -> Result<Self, Error> {
        Ok(match target {
            Target::Classes { name, classes, .. } => Self::Classes {
                name: name.clone(),
                classes: classes.clone(),
            },
            Target::Numbers { names, values } => {
                let outputs = names.iter().enumerate().map(|(i, name)| {
                    let numbers = rows.iter().map(|&row| values[row * names.len() + i]);
                    TargetScaling::fit(name, numbers, transform)
                });
                Self::Numbers {
                    outputs: outputs.collect::<Result<_, _>>()?,
                }
            }
        })
    }

    /// Keeps the classes that occur in the given rows of a target.
    pub(super) fn keep_classes_of(
        &mut self,
        target: &Target,
        rows: impl IntoIterator<Item = usize>,
    ) {
        let (
            Self::Classes { classes, .. },
            Target::Classes {
                labels,
                classes: all,
                ..
            },
        ) = (self, target)
        else {
            return;
        };
        let mut occurs = vec![false; all.len()];
        for row in rows {
            occurs[labels[row]] = true;
        }
        let occurring: Vec<&String> = all
            .iter()
            .zip(occurs)
            .filter_map(|(class, occurs)| occurs.then_some(class))
            .collect();
        classes.retain(|class| occurring.contains(&class));
    }

    /// The task that the target is for; [`Task::Clustering`] without a target.
    pub fn task(&self) -> Task {
        match self {
            Self::Classes { .. } => Task::Classification,
            Self::Numbers { .. } => Task::Regression,
            Self::Nothing => Task::Clustering,
        }
    }

    /// The names of the columns that are predicted.
    pub fn names(&self) -> Vec<String> {
        match self {
            Self::Classes { name, .. } => vec![name.clone()],
            Self::Numbers { outputs } => outputs.iter().map(|output| output.name.clone()).collect(),
            Self::Nothing => Vec::new(),
        }
    }

    /// The names of the classes, in the order of a network's outputs; `None` for regression.
    pub fn classes(&self) -> Option<&[String]> {
        match self {
            Self::Classes { classes, .. } => Some(classes),
            Self::Numbers { .. } | Self::Nothing => None,
        }
    }

    /// The target of the given rows. Classes are matched by name, or by what they mean, as `1` and `1.0` mean the same.
    ///
    /// # Errors
    ///
    /// If the target is for another task, or has an unknown class.
    pub(super) fn encode(&self, target: &Target, rows: &[usize]) -> Result<EncodedTarget, Error> {
        match (self, target) {
            (
                Self::Classes { classes, .. },
                Target::Classes {
                    labels,
                    classes: found,
                    ..
                },
            ) => {
                let known: Vec<Option<usize>> =
                    found.iter().map(|name| find_same(classes, name)).collect();
                let encode = |&row: &usize| {
                    known[labels[row]].ok_or_else(|| Error::UnknownClass {
                        class: found[labels[row]].clone(),
                        known: classes.clone(),
                    })
                };
                let labels = rows.iter().map(encode).collect::<Result<_, _>>()?;
                Ok(EncodedTarget::Classes(labels))
            }
            (Self::Numbers { outputs }, Target::Numbers { names, values }) => {
                if outputs.len() != names.len() {
                    return Err(Error::table(format!(
                        "it has {} targets, but the model predicts {}",
                        names.len(),
                        outputs.len()
                    )));
                }
                let mut encoded = Vec::with_capacity(rows.len() * outputs.len());
                for &row in rows {
                    let row = &values[row * outputs.len()..][..outputs.len()];
                    let scaled = row.iter().zip(outputs).map(|(&x, output)| output.scale(x));
                    encoded.extend(scaled);
                }
                Ok(EncodedTarget::Numbers(encoded))
            }
            (_, target) => Err(Error::WrongTask {
                found: target.task().into(),
                expected: self.task().into(),
            }),
        }
    }

    /// The class of each of the given rows of a target, as an index into the
    /// [classes](Self::classes), found by name or by what they mean; `None` where it is not one of them.
    ///
    /// # Errors
    ///
    /// If either target has no classes, or not one row has a known class.
    ///
    /// # Panics
    ///
    /// If a row is not in the target.
    pub fn encode_known(
        &self,
        target: &Target,
        rows: &[usize],
    ) -> Result<Vec<Option<usize>>, Error> {
        let known: Vec<Option<usize>> = match (self.classes(), target) {
            (
                Some(classes),
                Target::Classes {
                    labels,
                    classes: found,
                    ..
                },
            ) => {
                let known = found.iter().map(|name| find_same(classes, name));
                let known: Vec<Option<usize>> = known.collect();
                rows.iter().map(|&row| known[labels[row]]).collect()
            }
            (None, Target::Classes { .. }) | (_, Target::Numbers { .. }) => {
                return Err(Error::WrongTask {
                    found: target.task().into(),
                    expected: self.task().into(),
                });
            }
        };
        if known.iter().all(Option::is_none) {
            // Names the first unknown class.
            self.encode(target, rows)?;
        }
        Ok(known)
    }

    /// Multiplies the powers of e that numbers of an output become, if their logarithms are learned, so that their mean
    /// is that of the target: by the sum of the numbers of rows, divided by the sum of what was predicted for them
    /// ([Duan 1983](https://doi.org/10.1080/01621459.1983.10478017)).
    pub fn correct_mean(&mut self, output: usize, ratio: f64) {
        if let Self::Numbers { outputs } = self
            && let Some(factor) = &mut outputs[output].log_factor
            && ratio.is_finite()
            && ratio > 0.0
        {
            *factor *= ratio;
        }
    }

    /// A standardised number of an output in the units of the data, rounded to as many decimals as a
    /// network's single precision can tell apart. Without numeric targets the number itself.
    ///
    /// # Panics
    ///
    /// If there is no such output.
    pub fn restore(&self, standardised: f32, output: usize) -> f64 {
        let standardised = f64::from(standardised);
        match self {
            Self::Numbers { outputs } => outputs[output].restore(standardised),
            Self::Classes { .. } | Self::Nothing => standardised,
        }
    }

    /// What is wrong with it; it may come from a damaged file.
    pub(super) fn fault(&self) -> Option<String> {
        match self {
            Self::Classes { name, classes } => {
                if classes.is_empty() {
                    return Some(format!("`{name}` has no classes"));
                }
                let class = first_duplicate(classes)?;
                Some(format!("two classes of `{name}` are called `{class}`"))
            }
            Self::Nothing => None,
            Self::Numbers { outputs } if outputs.is_empty() => Some("it has no target".to_owned()),
            Self::Numbers { outputs } => outputs.iter().find_map(TargetScaling::fault),
        }
    }
}

/// Rounds a number to a ten-millionth of the size of its standard deviation: further digits are noise, and
/// would be written to every file.
fn round(number: f64, std: f64) -> f64 {
    #[expect(clippy::cast_possible_truncation)] // A logarithm is below 1000.
    let decimals = (7.0 - std.log10()).ceil() as i32;
    let rounded = match decimals {
        1..=22 => {
            let power = 10f64.powi(decimals);
            (number * power).round() / power
        }
        -22..=0 => {
            let power = 10f64.powi(-decimals);
            (number / power).round() * power
        }
        // Powers of ten beyond these are not exact.
        _ => number,
    };
    if rounded.is_finite() { rounded } else { number }
}

impl TargetScaling {
    fn fit(
        name: &str,
        numbers: impl Iterator<Item = f64> + Clone,
        transform: TargetTransform,
    ) -> Result<Self, Error> {
        let of_numbers = Moments::of(numbers.clone());
        let is_log = transform.takes_logarithms(name, numbers.clone())?;
        let moments = if is_log {
            Moments::of(numbers.map(f64::ln))
        } else {
            of_numbers
        };
        Ok(Self {
            name: name.to_owned(),
            mean: moments.mean,
            std: moments.divisor(),
            min: of_numbers.min,
            max: of_numbers.max,
            log_factor: is_log.then_some(1.0),
        })
    }

    /// A number as it is learned. One without a logarithm counts as the smallest in training.
    fn scale(&self, number: f64) -> f32 {
        let number = match self.log_factor {
            None => number,
            Some(_) if number > 0.0 => number.ln(),
            Some(_) => self.min.ln(),
        };
        #[expect(clippy::cast_possible_truncation)]
        let scaled = ((number - self.mean) / self.std) as f32;
        scaled
    }

    /// A number in the units of the data, from one as it is learned.
    fn restore(&self, scaled: f64) -> f64 {
        let Self { mean, std, .. } = *self;
        let number = scaled * std + mean;
        match self.log_factor {
            None => round(number, std),
            Some(factor) => {
                let [low, high] = self.log_range();
                let number = factor * number.clamp(low, high).exp();
                round(number, number * std)
            }
        }
    }

    /// The lowest and the highest logarithm that is predicted: a standard deviation below and above those of
    /// training. Powers of e grow so fast that a single row far from all others would have a prediction out of all
    /// proportion.
    pub fn log_range(&self) -> [f64; 2] {
        [self.min.ln() - self.std, self.max.ln() + self.std]
    }

    /// How many units of the data a unit of what is learned is, where what is learned is a given number: the derivative
    /// of restoring it.
    pub fn unit(&self, scaled: f64) -> f64 {
        let Self { mean, std, .. } = *self;
        match self.log_factor {
            None => std,
            Some(factor) => {
                let [low, high] = self.log_range();
                let log = scaled * std + mean;
                if (low..=high).contains(&log) {
                    factor * log.exp() * std
                } else {
                    0.0
                }
            }
        }
    }

    fn fault(&self) -> Option<String> {
        let Self {
            name,
            mean,
            std,
            min,
            max,
            log_factor,
        } = self;
        if !mean.is_finite() {
            Some(format!(
                "the mean of `{name}` is {mean}, but must be finite"
            ))
        } else if !(std.is_finite() && *std > 0.0) {
            Some(format!(
                "the standard deviation of `{name}` is {std}, but must be finite and above 0"
            ))
        } else if !(min.is_finite() && max.is_finite() && min <= max) {
            Some(format!("the range of `{name}` is {min} to {max}"))
        } else if let Some(factor) = log_factor {
            if !(factor.is_finite() && *factor > 0.0) {
                let must = "but must be finite and above 0";
                Some(format!("the factor of `{name}` is {factor}, {must}"))
            } else if *min <= 0.0 {
                Some(format!("`{name}` has {min}, but is learned as a logarithm"))
            } else {
                None
            }
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests;
