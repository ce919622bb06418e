use std::sync::Arc;

/// A class for each row.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// The names of the classes that the model knows, in the order of their labels.
    pub names: Arc<[String]>,
    /// The predicted class of each row, as an index into the names.
    pub labels: Vec<usize>,
    /// The probability of each class, row by row: one for each name, which add up to 1. `None` for a
    /// model whose outputs are not probabilities, such as a perceptron.
    pub probabilities: Option<Vec<f64>>,
}

impl Classes {
    /// The name of the class of a row; `None` for a row that was not predicted.
    pub fn name(&self, row: usize) -> Option<&str> {
        self.labels
            .get(row)
            .map(|&label| self.names[label].as_str())
    }

    /// The names of the classes of all rows, from the first to the last.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let labels = self.labels.iter();
        labels.map(|&label| self.names[label].as_str())
    }

    /// The probability of each class for a row, in the order of the names; `None` for a row that was
    /// not predicted, and for a model without probabilities.
    pub fn probabilities(&self, row: usize) -> Option<&[f64]> {
        let mut rows = self.probabilities.as_ref()?.chunks_exact(self.names.len());
        rows.nth(row)
    }

    /// The probability of a class for a row. `None` also for a class that the model does not know.
    pub fn probability(&self, row: usize, class: &str) -> Option<f64> {
        let label = self.names.iter().position(|name| name == class)?;
        Some(self.probabilities(row)?[label])
    }
}
