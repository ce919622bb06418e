use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

use mlp_datasets::find_same;
use serde::{Deserialize, Serialize};

use crate::Error;

/// How much the rows of each class count in the training and the validation loss.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
#[serde(try_from = "String", into = "String")]
pub enum ClassWeights {
    /// So that all rows of one class together count as much as those of another: `n / (k·n_c)` for
    /// `n_c` of `n` rows in one of `k` classes. Rows with weights count by their weights.
    Balanced,
    /// As given, and 1 for the other classes.
    Named(BTreeMap<String, f32>),
}

impl ClassWeights {
    /// The weight of each class, given the classes, and the labels of the training rows and their
    /// weights, if they have any.
    ///
    /// # Errors
    ///
    /// If a class is named that does not exist.
    pub fn resolve(
        &self,
        classes: &[String],
        labels: &[usize],
        row_weights: Option<&[f32]>,
    ) -> Result<Vec<f32>, Error> {
        match self {
            Self::Balanced => {
                let mut counts = vec![0.0f64; classes.len()];
                for (row, &label) in labels.iter().enumerate() {
                    counts[label] += row_weights.map_or(1.0, |weights| weights[row].into());
                }
                let share = counts.iter().sum::<f64>() / classes.len() as f64;
                // A class without rows is never weighted.
                #[expect(clippy::cast_possible_truncation)]
                let weight = |&count: &f64| {
                    if count > 0.0 {
                        (share / count) as f32
                    } else {
                        1.0
                    }
                };
                Ok(counts.iter().map(weight).collect())
            }
            Self::Named(weights) => {
                let same = |name: &String| find_same(classes, name);
                if let Some(name) = weights.keys().find(|name| same(name).is_none()) {
                    return Err(Error::InvalidSetting {
                        setting: "class_weights",
                        value: format!("given for `{name}`"),
                        allowed: format!("given for classes: `{}`", classes.join("`, `")),
                    });
                }
                let mut of_classes = vec![1.0; classes.len()];
                for (name, weight) in weights {
                    if let Some(class) = same(name) {
                        of_classes[class] = *weight;
                    }
                }
                Ok(of_classes)
            }
        }
    }
}

impl FromStr for ClassWeights {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "balanced" {
            return Ok(Self::Balanced);
        }
        let mut weights = BTreeMap::new();
        let mut parts: Vec<String> = Vec::new();
        for part in text.split(',') {
            match parts.last_mut() {
                // A class may have a comma in its name; what is before the weight belongs to it.
                Some(last) if !last.is_empty() && !last.contains('=') => {
                    *last = format!("{last},{part}");
                }
                _ => parts.push(part.to_owned()),
            }
        }
        for part in parts {
            // A class may have an equals sign in its name; a number has none.
            let parsed = part
                .rsplit_once('=')
                .and_then(|(name, weight)| Some((name, weight.trim().parse::<f32>().ok()?)));
            match parsed {
                Some((name, weight)) if weight.is_finite() && weight > 0.0 => {
                    weights.insert(name.trim().to_owned(), weight);
                }
                _ => {
                    return Err(format!(
                        "`{part}` is not a valid weight of a class: give `balanced`, or weights above 0 such \
                         as `yes=5,no=1`"
                    ));
                }
            }
        }
        Ok(Self::Named(weights))
    }
}

impl fmt::Display for ClassWeights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Balanced => f.pad("balanced"),
            Self::Named(weights) => {
                let parts: Vec<_> = weights
                    .iter()
                    .map(|(name, weight)| format!("{name}={weight}"))
                    .collect();
                f.pad(&parts.join(","))
            }
        }
    }
}

impl TryFrom<String> for ClassWeights {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<ClassWeights> for String {
    fn from(weights: ClassWeights) -> Self {
        weights.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn classes() -> Vec<String> {
        ["<=50K", ">50K"].map(str::to_owned).to_vec()
    }

    #[test]
    fn balanced_weights_make_each_class_count_alike() {
        // 4 rows, 2 classes: 4/(2·3) and 4/(2·1).
        let balanced = |row_weights| {
            let weights = ClassWeights::Balanced.resolve(&classes(), &[0, 0, 1, 0], row_weights);
            weights.unwrap()
        };
        assert_eq!(balanced(None), [2.0 / 3.0, 2.0]);
        // Weights of 4 in the first class and 1 in the second: 5/(2·4) and 5/(2·1).
        assert_eq!(balanced(Some(&[1.0, 2.0, 1.0, 1.0])), [0.625, 2.5]);
    }

    #[test]
    fn weights_are_given_by_name_and_written_as_they_are_read() {
        let weights: ClassWeights = ">50K=2.5".parse().unwrap();
        assert_eq!(weights.resolve(&classes(), &[], None).unwrap(), [1.0, 2.5]);
        assert_eq!(weights.to_string().parse(), Ok(weights));

        let ClassWeights::Named(weights) = "a,b=3,-1=2".parse().unwrap() else {
            panic!("the weights are named");
        };
        assert_eq!(weights, [("-1".into(), 2.0), ("a,b".into(), 3.0)].into());

        let unknown: ClassWeights = "rich=2".parse().unwrap();
        let message = unknown
            .resolve(&classes(), &[], None)
            .unwrap_err()
            .to_string();
        assert_eq!(
            message,
            "`class_weights` is given for `rich`, but must be given for classes: `<=50K`, `>50K`"
        );
        for text in ["", "a", "a=x", "a=0", "a=-1", "a=1,,b=2"] {
            assert!(text.parse::<ClassWeights>().is_err(), "{text}");
        }
    }
}
