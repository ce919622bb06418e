/// A row whose predicted class is compared with the actual one.
#[derive(Clone, Copy)]
pub struct ClassRow<'a> {
    /// The predicted class.
    pub predicted: usize,
    /// The actual class; `None` if the model does not know it.
    pub label: Option<usize>,
    /// The probability of each class; empty for a model without probabilities.
    pub probabilities: &'a [f64],
    /// How much the row counts, above 0.
    pub weight: f64,
}

impl ClassRow<'_> {
    pub fn is_right(&self) -> bool {
        self.label == Some(self.predicted)
    }
}

/// A row whose predicted number is compared with the target.
#[derive(Clone, Copy)]
pub struct NumberRow {
    /// The predicted number.
    pub predicted: f64,
    /// The actual number.
    pub target: f64,
    /// How much the row counts, above 0.
    pub weight: f64,
}

impl NumberRow {
    pub fn error(&self) -> f64 {
        self.predicted - self.target
    }
}

/// The rows whose weight is above 0, each with its weight. Without weights, every row with a weight
/// of 1: then sums of weights are exactly the numbers of rows.
///
/// # Panics
///
/// If there is not one weight for each row, or one is negative, infinite or NaN.
pub fn counted_rows(num_rows: usize, weights: Option<&[f32]>) -> Vec<(usize, f64)> {
    let Some(weights) = weights else {
        return (0..num_rows).map(|row| (row, 1.0)).collect();
    };
    assert_eq!(weights.len(), num_rows, "one weight for each row");
    let counted = |(row, &weight): (usize, &f32)| {
        assert!(
            weight.is_finite() && weight >= 0.0,
            "the weight of row {row} must be 0 or more, but is {weight}"
        );
        (weight > 0.0).then_some((row, f64::from(weight)))
    };
    weights.iter().enumerate().filter_map(counted).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_weights_every_row_counts_once() {
        assert_eq!(counted_rows(2, None), [(0, 1.0), (1, 1.0)]);
    }

    #[test]
    fn a_row_of_weight_0_does_not_count() {
        let weights = [0.0, 0.5, -0.0, 3.0];

        assert_eq!(counted_rows(4, Some(&weights)), [(1, 0.5), (3, 3.0)]);
    }

    #[test]
    #[should_panic(expected = "one weight for each row")]
    fn fewer_weights_than_rows_panic() {
        counted_rows(2, Some(&[1.0]));
    }

    #[test]
    #[should_panic(expected = "the weight of row 1 must be 0 or more, but is NaN")]
    fn a_weight_that_is_not_a_number_panics() {
        counted_rows(2, Some(&[1.0, f32::NAN]));
    }
}
