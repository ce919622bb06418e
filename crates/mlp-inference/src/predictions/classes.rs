use std::sync::Arc;

/// A class for each row, unless its outputs are not finite.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The names of the classes that the model knows, in the order of their labels.
    pub names: Arc<[String]>,
    /// The predicted class of each row, as an index into the names; `None` for a row that has no
    /// class because the model computed NaN or infinity for it.
    pub labels: Vec<Option<usize>>,
    /// The probability of each class, row by row: one for each name, which add up to 1. NaN for a row
    /// without a class. `None` for a model whose outputs are not probabilities, such as a perceptron.
    pub probabilities: Option<Vec<f64>>,
}

impl Classes {
    /// The name of the class of a row; `None` for a row that was not predicted or has no class.
    pub fn name(&self, row: usize) -> Option<&str> {
        self.name_of(*self.labels.get(row)?)
    }

    /// The names of the classes of all rows, from the first to the last; `None` for a row without a
    /// class.
    pub fn names(&self) -> impl Iterator<Item = Option<&str>> {
        self.labels.iter().map(|&label| self.name_of(label))
    }

    /// The probability of each class for a row, in the order of the names; `None` for a row that was
    /// not predicted or has no class, and for a model without probabilities.
    pub fn probabilities(&self, row: usize) -> Option<&[f64]> {
        self.labels.get(row).copied().flatten()?;
        let mut rows = self.probabilities.as_ref()?.chunks_exact(self.names.len());
        rows.nth(row)
    }

    /// The probability of a class for a row. `None` also for a class that the model does not know.
    pub fn probability(&self, row: usize, class: &str) -> Option<f64> {
        let label = self.names.iter().position(|name| name == class)?;
        Some(self.probabilities(row)?[label])
    }

    /// The classes of further rows after these, if the models know the same classes.
    pub(super) fn followed_by(mut self, after: Self) -> Option<Self> {
        if self.names != after.names {
            return None;
        }
        self.labels.extend(after.labels);
        self.probabilities = match (self.probabilities, after.probabilities) {
            (Some(mut all), Some(more)) => {
                all.extend(more);
                Some(all)
            }
            (Some(_) | None, _) => None,
        };
        Some(self)
    }

    /// Whether a row has a class, and finite probabilities if the model gives any.
    pub(crate) fn is_finite(&self, row: usize) -> bool {
        let probabilities = self.probabilities(row).unwrap_or_default();
        self.labels[row].is_some() && probabilities.iter().all(|p| p.is_finite())
    }

    fn name_of(&self, label: Option<usize>) -> Option<&str> {
        Some(&self.names[label?])
    }
}
