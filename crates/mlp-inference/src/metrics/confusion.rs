use super::rows::ClassRow;

/// For each actual class (outer) the rows for which each class (inner) was predicted. One more outer
/// entry, the last, is for the rows of classes that the model does not know.
pub struct Confusion {
    /// How many rows there are.
    pub counts: Vec<Vec<usize>>,
    /// The sums of their weights.
    pub weights: Vec<Vec<f64>>,
}

impl Confusion {
    pub fn new(rows: &[ClassRow], num_classes: usize) -> Self {
        let mut counts = vec![vec![0; num_classes]; num_classes + 1];
        let mut weights = vec![vec![0.0; num_classes]; num_classes + 1];
        for row in rows {
            let actual = row.label.unwrap_or(num_classes);
            counts[actual][row.predicted] += 1;
            weights[actual][row.predicted] += row.weight;
        }
        Self { counts, weights }
    }

    pub fn num_classes(&self) -> usize {
        self.weights.len() - 1
    }

    /// How many rows are of a class, or of the unknown ones after the last class.
    pub fn num_rows(&self, class: usize) -> usize {
        self.counts[class].iter().sum()
    }

    /// The weight of the rows of a class.
    pub fn of_class(&self, class: usize) -> f64 {
        self.weights[class].iter().sum()
    }

    /// The weight of the rows for which a class was predicted.
    pub fn predicted(&self, class: usize) -> f64 {
        self.weights.iter().map(|row| row[class]).sum()
    }

    /// The weight of the rows of a class for which it was predicted.
    pub fn correct(&self, class: usize) -> f64 {
        self.weights[class][class]
    }

    /// The numbers of rows, where unknown classes have an entry only if there are rows of them.
    pub fn into_counts(mut self) -> Vec<Vec<usize>> {
        if self.num_rows(self.num_classes()) == 0 {
            self.counts.pop();
        }
        self.counts
    }
}
