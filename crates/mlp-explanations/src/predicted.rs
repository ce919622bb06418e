/// What a model predicts for rows.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Predicted {
    /// How many classes or targets there are.
    pub width: usize,
    /// The probability or score of each class, or each number, row by row: `[num_rows, width]`.
    pub values: Vec<f64>,
    /// The class of each row, or nothing if numbers are predicted.
    pub labels: Vec<Option<usize>>,
}

impl Predicted {
    /// The values of a row.
    pub fn of_row(&self, row: usize) -> &[f64] {
        &self.values[row * self.width..][..self.width]
    }

    /// Adds the rows that follow.
    pub fn append(&mut self, other: Self) {
        self.width = other.width;
        self.values.extend(other.values);
        self.labels.extend(other.labels);
    }

    /// Adds a share of the values of another network for the same rows.
    pub fn add(&mut self, share: f64, other: &Self) {
        self.width = other.width;
        if self.values.is_empty() {
            self.values = vec![0.0; other.values.len()];
            self.labels.clone_from(&other.labels);
        }
        for (sum, value) in self.values.iter_mut().zip(&other.values) {
            *sum += share * value;
        }
    }

    /// Chooses the class with the highest value of each row, the first of equally high ones.
    pub fn choose(&mut self) {
        let rows = self.values.chunks_exact(self.width.max(1));
        for (label, values) in self.labels.iter_mut().zip(rows) {
            let mut best = 0;
            for (class, value) in values.iter().enumerate() {
                if *value > values[best] {
                    best = class;
                }
            }
            let is_finite = values.iter().all(|value| value.is_finite());
            *label = is_finite.then_some(best);
        }
    }
}
