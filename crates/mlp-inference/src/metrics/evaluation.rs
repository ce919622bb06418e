use super::metrics::Metrics;
use super::ranking::Ranking;
use super::{calibration, classification, regression};
use crate::column::column;
use crate::predictions::{Classes, Numbers};

/// [`Metrics`], and for classification the confusion matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The metrics.
    pub metrics: Metrics,
    /// For classification, the number of rows of each actual class (outer) for which each class
    /// (inner) was predicted.
    pub confusion_matrix: Option<Vec<Vec<usize>>>,
}

impl Evaluation {
    /// Compares predicted classes with the actual ones.
    ///
    /// # Panics
    ///
    /// If there are no rows, not one label for each row, or a label that is not the index of a class.
    pub fn of_classes(predicted: &Classes, labels: &[usize]) -> Self {
        assert_eq!(
            predicted.labels.len(),
            labels.len(),
            "one label for each prediction"
        );
        assert!(!labels.is_empty(), "at least one row to evaluate");
        let num_classes = predicted.names.len();
        let probabilities = predicted.probabilities.as_deref();
        let predicted = &predicted.labels;
        let confusion_matrix = classification::confusion_matrix(predicted, labels, num_classes);
        let ranking = probabilities.and_then(|rows| Ranking::new(rows, labels, num_classes));
        Self {
            metrics: Metrics {
                accuracy: Some(classification::accuracy(&confusion_matrix)),
                balanced_accuracy: Some(classification::balanced_accuracy(&confusion_matrix)),
                f1_macro: Some(classification::f1_macro(&confusion_matrix)),
                roc_auc: ranking.as_ref().map(|ranking| ranking.roc_auc),
                average_precision: ranking.map(|ranking| ranking.average_precision),
                log_loss: probabilities
                    .map(|rows| classification::log_loss(rows, labels, num_classes)),
                expected_calibration_error: probabilities.map(|rows| {
                    calibration::expected_calibration_error(rows, predicted, labels, num_classes)
                }),
                ..Metrics::default()
            },
            confusion_matrix: Some(confusion_matrix),
        }
    }

    /// Compares predicted numbers with the targets, which are given row by row as the predictions
    /// are. The quantile, in `[0, 1]`, is that of the pinball loss.
    ///
    /// # Panics
    ///
    /// If there are no rows, not one target for each prediction, or the quantile is out of range.
    pub fn of_numbers(predicted: &Numbers, targets: &[f32], quantile: f64) -> Self {
        let Numbers {
            values,
            num_outputs,
        } = predicted;
        assert_eq!(
            values.len(),
            targets.len(),
            "one target for each prediction"
        );
        assert!(!targets.is_empty(), "at least one row to evaluate");
        assert!(
            (0.0..=1.0).contains(&quantile),
            "the quantile must be in [0, 1], but is {quantile}"
        );
        let of_output =
            |values: &[f32], output| -> Vec<f32> { column(values, output, *num_outputs).collect() };
        let outputs: Vec<_> = (0..*num_outputs)
            .map(|output| (of_output(values, output), of_output(targets, output)))
            .collect();
        let mean = |metric: &dyn Fn(&[f32], &[f32]) -> f64| {
            let total: f64 = outputs.iter().map(|(y, t)| metric(y, t)).sum();
            Some(total / *num_outputs as f64)
        };
        Self {
            metrics: Metrics {
                rmse: mean(&regression::rmse),
                mae: mean(&regression::mae),
                median_absolute_error: mean(&regression::median_absolute_error),
                pinball: mean(&|y, t| regression::pinball(y, t, quantile)),
                r2: mean(&regression::r2),
                ..Metrics::default()
            },
            confusion_matrix: None,
        }
    }
}
