use std::sync::Arc;

use super::evaluation::Evaluation;
use super::rows::counted_rows;
use crate::column::column;
use crate::predictions::{Classes, Numbers};

/// Predicts the most frequent class of its training rows for every row, with the shares of the
/// classes as probabilities. A model that is no better has learned nothing from the features.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassBaseline {
    names: Arc<[String]>,
    /// The first one of several that are equally frequent.
    most_frequent: usize,
    /// The share of the training rows of each class, by weight.
    shares: Vec<f64>,
}

impl ClassBaseline {
    /// Learns from the classes of training rows, as indices into the names, where `None` is left out.
    /// `None` if no row is left whose weight is above 0.
    ///
    /// # Panics
    ///
    /// If there is not one weight for each label, a label is not the index of a class, or a weight is
    /// negative or not finite.
    pub fn fit(
        names: Arc<[String]>,
        labels: &[Option<usize>],
        weights: Option<&[f32]>,
    ) -> Option<Self> {
        let mut sums = vec![0.0; names.len()];
        for (row, weight) in counted_rows(labels.len(), weights) {
            if let Some(class) = labels[row] {
                sums[class] += weight;
            }
        }
        let total: f64 = sums.iter().sum();
        let first_highest = |best: usize, class| {
            if sums[class] > sums[best] {
                class
            } else {
                best
            }
        };
        (total > 0.0).then(|| Self {
            names,
            most_frequent: (0..sums.len()).fold(0, first_highest),
            shares: sums.iter().map(|sum| sum / total).collect(),
        })
    }

    /// How good its predictions are for rows of the given classes, as [`Evaluation::of_classes`]
    /// compares them.
    ///
    /// # Panics
    ///
    /// As [`Evaluation::of_classes`].
    pub fn evaluate(&self, labels: &[Option<usize>], weights: Option<&[f32]>) -> Evaluation {
        let predicted = Classes {
            names: self.names.clone(),
            labels: vec![Some(self.most_frequent); labels.len()],
            probabilities: Some(self.shares.repeat(labels.len())),
        };
        Evaluation::of_classes(&predicted, labels, weights)
    }
}

/// Predicts the mean of each target over its training rows for every row, or a quantile of it. A model that is
/// no better has learned nothing from the features.
#[derive(Clone, Debug, PartialEq)]
pub struct NumberBaseline {
    /// What is predicted for each target.
    numbers: Vec<f64>,
}

impl NumberBaseline {
    /// Learns the mean, by weight, from the targets of training rows, row by row: `num_outputs` numbers a row.
    /// `None` if no row has a weight above 0.
    ///
    /// # Panics
    ///
    /// If `num_outputs` is 0, there is not one weight for each row, or a weight is negative or not
    /// finite.
    pub fn fit(targets: &[f64], num_outputs: usize, weights: Option<&[f32]>) -> Option<Self> {
        let counted = counted_rows(targets.len() / num_outputs, weights);
        let total: f64 = counted.iter().map(|(_, weight)| weight).sum();
        let mean = |output: usize| {
            let numbers: Vec<f64> = column(targets, output, num_outputs).collect();
            let products = counted.iter().map(|&(row, weight)| weight * numbers[row]);
            products.sum::<f64>() / total
        };
        (total > 0.0).then(|| Self {
            numbers: (0..num_outputs).map(mean).collect(),
        })
    }

    /// Learns a quantile: the smallest number of a target such that rows of at least this share of the weight are
    /// not above it, which has the least pinball loss of all numbers. `None` if no row has a weight above 0.
    ///
    /// # Panics
    ///
    /// As [`fit`](Self::fit).
    pub fn fit_quantile(
        targets: &[f64],
        num_outputs: usize,
        quantile: f64,
        weights: Option<&[f32]>,
    ) -> Option<Self> {
        let counted = counted_rows(targets.len() / num_outputs, weights);
        let total: f64 = counted.iter().map(|(_, weight)| weight).sum();
        // Sums of weights that would be exactly the share may differ from it by their rounding.
        let share = quantile * total * (1.0 - f64::EPSILON);
        let number = |output: usize| {
            let numbers: Vec<f64> = column(targets, output, num_outputs).collect();
            let rows = counted.iter();
            let mut sorted: Vec<(f64, f64)> =
                rows.map(|&(row, weight)| (numbers[row], weight)).collect();
            sorted.sort_unstable_by(|(a, _), (b, _)| a.total_cmp(b));
            let mut below = 0.0;
            let found = sorted.iter().find(|(_, weight)| {
                below += weight;
                below >= share
            });
            found.or(sorted.last()).map(|(number, _)| *number)
        };
        let numbers: Option<Vec<f64>> = (0..num_outputs).map(number).collect();
        numbers
            .filter(|_| total > 0.0)
            .map(|numbers| Self { numbers })
    }

    /// How good its predictions are for rows of the given targets, as [`Evaluation::of_numbers`]
    /// compares them.
    ///
    /// # Panics
    ///
    /// As [`Evaluation::of_numbers`].
    pub fn evaluate(&self, targets: &[f64], quantile: f64, weights: Option<&[f32]>) -> Evaluation {
        let num_outputs = self.numbers.len();
        let predicted = Numbers {
            values: self.numbers.repeat(targets.len() / num_outputs),
            num_outputs,
        };
        Evaluation::of_numbers(&predicted, targets, quantile, weights)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn class_baseline(labels: &[usize], weights: Option<&[f32]>) -> Option<ClassBaseline> {
        let names = ["a", "b", "c"].map(str::to_owned);
        let labels: Vec<_> = labels.iter().copied().map(Some).collect();
        ClassBaseline::fit(Arc::from(names), &labels, weights)
    }

    #[test]
    fn the_most_frequent_class_is_predicted_with_the_shares_of_all() {
        let baseline = class_baseline(&[1, 0, 1, 2], None).unwrap();

        let evaluation = baseline.evaluate(&[Some(1), Some(0), Some(2)], None);

        let metrics = evaluation.metrics;
        assert_eq!(metrics.accuracy, Some(1.0 / 3.0));
        assert_eq!(metrics.balanced_accuracy, Some(1.0 / 3.0));
        assert_eq!(metrics.roc_auc, Some(0.5));
        // The probabilities are 1/4, 1/2 and 1/4.
        let expected = 5.0 / 3.0 * std::f64::consts::LN_2;
        assert!((metrics.log_loss.unwrap() - expected).abs() < 1e-15);
    }

    #[test]
    fn weights_decide_which_class_is_the_most_frequent() {
        let baseline = class_baseline(&[1, 0, 1, 2], Some(&[1.0, 3.0, 1.0, 0.0])).unwrap();

        let evaluation = baseline.evaluate(&[Some(0), Some(1), None], Some(&[1.0, 2.0, 1.0]));

        assert_eq!(evaluation.metrics.accuracy, Some(0.25));
        assert_eq!(evaluation.num_unknown, 1);
    }

    #[test]
    fn the_first_of_equally_frequent_classes_is_predicted() {
        let baseline = class_baseline(&[2, 1], None).unwrap();

        let evaluation = baseline.evaluate(&[Some(1)], None);

        assert_eq!(evaluation.metrics.accuracy, Some(1.0));
    }

    #[test]
    fn nothing_is_learned_from_rows_without_weight() {
        assert_eq!(class_baseline(&[], None), None);
        assert_eq!(class_baseline(&[1], Some(&[0.0])), None);
        assert_eq!(NumberBaseline::fit(&[1.0, 2.0], 2, Some(&[0.0])), None);
    }

    #[test]
    fn the_mean_of_each_target_is_predicted() {
        // Two targets, whose means by weight are 2.5 and 10.
        let targets = [1.0, 10.0, 3.0, 10.0];
        let baseline = NumberBaseline::fit(&targets, 2, Some(&[1.0, 3.0])).unwrap();

        let metrics = baseline
            .evaluate(&[2.5, 13.0, 4.5, 10.0], 0.5, None)
            .metrics;

        // Errors of 0 and 2, and of 3 and 0.
        assert_eq!(metrics.mae, Some(1.25));
        // 1 − 4/2 for both, as their targets differ by 2 and 3: 1 − 9/4.5.
        assert_eq!(metrics.r2, Some(-1.0));
        // Errors of 0 and 2, and of 3 and 0, by themselves.
        let evaluation = baseline.evaluate(&[2.5, 13.0, 4.5, 10.0], 0.5, None);
        let of_each: Vec<_> = evaluation.per_target.iter().map(|of| of.mae).collect();
        assert_eq!(of_each, [Some(1.0), Some(1.5)]);
    }

    #[test]
    fn a_quantile_of_each_target_is_predicted() {
        // numpy.quantile(targets, q, method="inverted_cdf"), and with the weights 1, 1, 1, 1, 4
        let targets = [1.0, 2.0, 3.0, 4.0, 10.0];
        for (quantile, weights, expected) in [
            (0.9, None, 10.0),
            (0.4, None, 2.0),
            (0.5, None, 3.0),
            (0.5, Some(&[1.0, 1.0, 1.0, 1.0, 4.0][..]), 4.0),
        ] {
            let baseline = NumberBaseline::fit_quantile(&targets, 1, quantile, weights).unwrap();
            assert_eq!(baseline.numbers, [expected], "{quantile}");
        }
        let two = NumberBaseline::fit_quantile(&[1.0, 5.0, 2.0, 4.0], 2, 0.5, None).unwrap();
        assert_eq!(two.numbers, [1.0, 4.0]);
        assert_eq!(
            NumberBaseline::fit_quantile(&[1.0], 1, 0.5, Some(&[0.0])),
            None
        );
    }

    #[test]
    fn the_mean_of_the_judged_rows_explains_nothing() {
        let targets = [1.0, 3.0, 8.0];
        let baseline = NumberBaseline::fit(&targets, 1, None).unwrap();

        assert_eq!(baseline.evaluate(&targets, 0.5, None).metrics.r2, Some(0.0));
    }
}
