/// What a model says of rows, in their order.
#[derive(Clone, Debug, PartialEq)]
pub enum Predictions {
    /// A class for each row.
    Classes {
        /// The most probable class of each row, counted from 0.
        labels: Vec<usize>,
        /// The probability of each class, row by row: `num_classes` values a row that add up to
        /// 1. `None` for a model whose outputs are no probabilities, such as a perceptron.
        probabilities: Option<Vec<f64>>,
        /// How many classes there are.
        num_classes: usize,
    },
    /// A number for each row, in the units of the data.
    Numbers(Vec<f32>),
}

impl Predictions {
    /// How many rows were predicted.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Numbers(numbers) => numbers.len(),
        }
    }

    /// Whether no row was predicted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}
