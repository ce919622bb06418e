use super::class_metrics::ClassMetrics;
use super::confusion::Confusion;
use super::metrics::Metrics;
use super::ranking::Ranking;
use super::rows::{ClassRow, NumberRow, counted_rows};
use super::{calibration, classification, regression};
use crate::predictions::{Classes, Numbers};

/// [`Metrics`], and for classification those of each class and the confusion matrix.
///
/// A row of weight 0 is left out of all fields, as if it had not been given.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// The metrics; all are absent if a prediction is not finite, and if no row has a weight above 0.
    pub metrics: Metrics,
    /// For classification, the metrics of each class that the model knows, in their order. Empty if a
    /// prediction is not finite.
    pub per_class: Vec<ClassMetrics>,
    /// For several targets of regression, the metrics of each, in their order; those of all are their means. Empty
    /// for a single target, and if a prediction is not finite.
    pub per_target: Vec<Metrics>,
    /// For classification, the number of rows of each actual class (outer) for which each class
    /// (inner) was predicted, not weighted. If there are rows of classes that the model does not
    /// know, there is one more outer entry for them, the last: `[num_classes + 1, num_classes]`.
    /// Absent if a prediction is not finite.
    pub confusion_matrix: Option<Vec<Vec<usize>>>,
    /// For classification, the number of rows of classes that the model does not know. They count as
    /// wrong predictions, and their classes together as one more class.
    pub num_unknown: usize,
    /// The number of rows whose prediction is not finite: a number is NaN or infinite, or there is
    /// no class because the outputs or the probabilities are not finite.
    pub num_not_finite: usize,
}

impl Evaluation {
    /// Compares predicted classes with the actual ones, where `None` is a class that the model does
    /// not know. With weights, 0 or more, a row counts as often as its weight says.
    ///
    /// # Panics
    ///
    /// If there are no rows, not one label and one weight for each row, a label that is not the index
    /// of a class, or a weight that is negative or not finite.
    pub fn of_classes(
        predicted: &Classes,
        labels: &[Option<usize>],
        weights: Option<&[f32]>,
    ) -> Self {
        assert_eq!(
            predicted.labels.len(),
            labels.len(),
            "one label for each prediction"
        );
        assert!(!labels.is_empty(), "at least one row to evaluate");
        let counted = counted_rows(labels.len(), weights);
        let rows = counted.iter().filter_map(|&(row, weight)| {
            Some(ClassRow {
                predicted: predicted.labels[row].filter(|_| predicted.is_finite(row))?,
                label: labels[row],
                probabilities: predicted.probabilities(row).unwrap_or_default(),
                weight,
            })
        });
        let rows: Vec<ClassRow> = rows.collect();
        let unknown = counted.iter().filter(|&&(row, _)| labels[row].is_none());
        let counts = Self {
            num_unknown: unknown.count(),
            num_not_finite: counted.len() - rows.len(),
            ..Self::default()
        };
        if counts.num_not_finite > 0 {
            return counts;
        }
        let confusion = Confusion::new(&rows, predicted.names.len());
        let per_class = ClassMetrics::of_all(&confusion);
        Self {
            metrics: classification_metrics(&rows, &per_class, predicted.probabilities.is_some()),
            per_class,
            confusion_matrix: Some(confusion.into_counts()),
            ..counts
        }
    }

    /// Compares predicted numbers with the targets, which are given row by row as the predictions
    /// are. The quantile, in `[0, 1]`, is that of the pinball loss. With weights, 0 or more, a row
    /// counts as often as its weight says.
    ///
    /// # Panics
    ///
    /// If there are no rows, not one target for each prediction or one weight for each row, the
    /// quantile is out of range, or a weight is negative or not finite.
    pub fn of_numbers(
        predicted: &Numbers,
        targets: &[f64],
        quantile: f64,
        weights: Option<&[f32]>,
    ) -> Self {
        let num_outputs = predicted.num_outputs;
        assert_eq!(
            predicted.values.len(),
            targets.len(),
            "one target for each prediction"
        );
        assert!(!targets.is_empty(), "at least one row to evaluate");
        assert!(
            (0.0..=1.0).contains(&quantile),
            "the quantile must be in [0, 1], but is {quantile}"
        );
        let counted = counted_rows(predicted.len(), weights);
        let not_finite = counted
            .iter()
            .filter(|&&(row, _)| !predicted.is_finite(row));
        let counts = Self {
            num_not_finite: not_finite.count(),
            ..Self::default()
        };
        if counts.num_not_finite > 0 || counted.is_empty() {
            return counts;
        }
        let of_output = |output: usize| -> Vec<NumberRow> {
            let row = |&(row, weight): &(usize, f64)| NumberRow {
                predicted: predicted.values[row * num_outputs + output],
                target: targets[row * num_outputs + output],
                weight,
            };
            counted.iter().map(row).collect()
        };
        let outputs: Vec<_> = (0..num_outputs).map(of_output).collect();
        let mean_of = |outputs: &[Vec<NumberRow>]| {
            let mean = |metric: &dyn Fn(&[NumberRow]) -> f64| {
                let total: f64 = outputs.iter().map(|rows| metric(rows)).sum();
                Some(total / outputs.len() as f64)
            };
            Metrics {
                rmse: mean(&regression::rmse),
                mae: mean(&regression::mae),
                median_absolute_error: mean(&regression::median_absolute_error),
                pinball: mean(&|rows| regression::pinball(rows, quantile)),
                r2: mean(&regression::r2),
                ..Metrics::default()
            }
        };
        let per_target = if num_outputs > 1 {
            outputs.chunks(1).map(mean_of).collect()
        } else {
            Vec::new()
        };
        Self {
            metrics: mean_of(&outputs),
            per_target,
            ..counts
        }
    }
}

fn classification_metrics(
    rows: &[ClassRow],
    per_class: &[ClassMetrics],
    has_probabilities: bool,
) -> Metrics {
    if rows.is_empty() {
        return Metrics::default();
    }
    let any_unknown = rows.iter().any(|row| row.label.is_none());
    let without_probabilities = Metrics {
        accuracy: Some(classification::accuracy(rows)),
        balanced_accuracy: Some(classification::balanced_accuracy(per_class, any_unknown)),
        f1_macro: Some(classification::f1_macro(per_class, any_unknown)),
        ..Metrics::default()
    };
    if !has_probabilities {
        return without_probabilities;
    }
    let ranking = Ranking::new(rows, per_class.len());
    Metrics {
        roc_auc: ranking.as_ref().map(|ranking| ranking.roc_auc),
        average_precision: ranking.map(|ranking| ranking.average_precision),
        log_loss: classification::log_loss(rows),
        expected_calibration_error: Some(calibration::expected_calibration_error(rows)),
        ..without_probabilities
    }
}
