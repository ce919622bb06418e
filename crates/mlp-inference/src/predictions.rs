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
    /// One number or several for each row.
    Numbers {
        /// The numbers, row by row: `num_outputs` values a row, in the units of the data.
        values: Vec<f32>,
        /// How many numbers a row has, at least 1.
        num_outputs: usize,
    },
}

impl Predictions {
    /// How many rows were predicted.
    pub fn len(&self) -> usize {
        match self {
            Self::Classes { labels, .. } => labels.len(),
            Self::Numbers {
                values,
                num_outputs,
            } => values.len() / num_outputs,
        }
    }

    /// Whether no row was predicted.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_counted_however_many_numbers_each_has() {
        let numbers = |num_outputs| Predictions::Numbers {
            values: vec![0.0; 6],
            num_outputs,
        };

        assert_eq!(numbers(1).len(), 6);
        assert_eq!(numbers(3).len(), 2);
    }
}
