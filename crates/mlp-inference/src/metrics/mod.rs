//! How good predictions are.

mod calibration;
mod classification;
mod clustering;
mod metric;
mod ranking;
mod regression;

use serde::{Deserialize, Serialize};

pub use clustering::{ClusterMetrics, MAX_SILHOUETTE_ROWS};
pub use metric::{Metric, UnknownMetric};

use crate::Predictions;
use ranking::Ranking;

/// How well a model does on some rows. What does not apply to its task is absent.
///
/// For regression `y` is a prediction and `t` its target; with several outputs each metric is the
/// plain mean over the outputs of the metric of each.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// The share of rows whose class is right, in `[0, 1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The mean of the recall `TP / (TP + FN)` over the classes that occur among the labels, in
    /// `[0, 1]`. However rare a class is, it counts as much as the others: always saying one of
    /// `n` classes gets `1 / n` ([Brodersen et al.
    /// 2010](https://doi.org/10.1109/ICPR.2010.764)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub balanced_accuracy: Option<f64>,
    /// The mean over all classes of `F1 = 2·TP / (2·TP + FP + FN)`, in `[0, 1]`; 0 for a class
    /// that is neither there nor predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1_macro: Option<f64>,
    /// The area under the ROC curve of the probability of the second class, in `[0, 1]`: the share
    /// of the pairs of a row of each class in which that of the second has the higher one, where a
    /// tie counts half. Guessing gets 0.5 ([Fawcett
    /// 2006](https://doi.org/10.1016/j.patrec.2005.10.010)). For more than two classes, the mean
    /// over all classes of one against the rest. Absent without probabilities, and where a class
    /// has no rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub roc_auc: Option<f64>,
    /// `Σ (Rₙ − Rₙ₋₁)·Pₙ` with the recall `R` and the precision `P` for the second class if the
    /// rows down to its nth highest probability are taken for it, in `(0, 1]`. Guessing gets the
    /// share of the class, so it tells more than `roc_auc` where the class is rare ([Saito and
    /// Rehmsmeier 2015](https://doi.org/10.1371/journal.pone.0118432)). For more than two classes,
    /// the mean over all classes of one against the rest. Absent where `roc_auc` is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub average_precision: Option<f64>,
    /// The mean of `−ln` of the probability given to the right class, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    /// `Σ share·|accuracy − mean confidence|` over 15 bins of equal width of the confidence, the
    /// probability of the predicted class, in `[0, 1]`. At 0, of the rows predicted with a
    /// confidence of 0.8, say, 80 % are right ([Guo et al.
    /// 2017](https://arxiv.org/abs/1706.04599)). Absent without probabilities.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expected_calibration_error: Option<f64>,
    /// `√mean((y − t)²)`, in the units of the target, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,
    /// `mean(|y − t|)`, in the units of the target, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae: Option<f64>,
    /// `median(|y − t|)`, in the units of the target, at least 0. Outliers hardly change it while
    /// they are fewer than half of the rows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub median_absolute_error: Option<f64>,
    /// `mean(max(q·(t − y), (1 − q)·(y − t)))` for the quantile `q` that is to be predicted, in the
    /// units of the target, at least 0; half the `mae` for `q = 0.5` ([Koenker and Bassett
    /// 1978](https://doi.org/10.2307/1913643)).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pinball: Option<f64>,
    /// `1 − Σ(y − t)² / Σ(t − mean(t))²`, at most 1; 0 is as good as always saying the mean.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r2: Option<f64>,
}

/// [`Metrics`], and for classification who was taken for whom.
#[derive(Clone, Debug, PartialEq)]
pub struct Evaluation {
    /// The metrics.
    pub metrics: Metrics,
    /// For classification, how many rows of each class (outer) were given each class (inner).
    pub confusion_matrix: Option<Vec<Vec<usize>>>,
}

impl Evaluation {
    /// Judges classes.
    ///
    /// # Panics
    ///
    /// If the predictions are numbers, or are not as many as the labels, or if there are none.
    pub fn of_classes(predictions: &Predictions, labels: &[usize]) -> Self {
        let Predictions::Classes {
            labels: predicted,
            probabilities,
            num_classes,
        } = predictions
        else {
            panic!("classes can only be judged against predicted classes");
        };
        assert_eq!(
            predicted.len(),
            labels.len(),
            "one label for each prediction"
        );
        assert!(!labels.is_empty(), "at least one row to judge");
        let (probabilities, num_classes) = (probabilities.as_deref(), *num_classes);
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

    /// Judges numbers. The targets are row by row, as the predictions are, and the quantile, in
    /// `[0, 1]`, is that of the pinball loss.
    ///
    /// # Panics
    ///
    /// If the predictions are classes, or are not as many as the targets, or if there are none, or
    /// if the quantile is out of range.
    pub fn of_numbers(predictions: &Predictions, targets: &[f32], quantile: f64) -> Self {
        let Predictions::Numbers {
            values,
            num_outputs,
        } = predictions
        else {
            panic!("numbers can only be judged against predicted numbers");
        };
        assert_eq!(
            values.len(),
            targets.len(),
            "one target for each prediction"
        );
        assert!(!targets.is_empty(), "at least one row to judge");
        assert!(
            (0.0..=1.0).contains(&quantile),
            "a quantile from 0 to 1, not {quantile}"
        );
        let predicted = regression::columns(values, *num_outputs);
        let targets = regression::columns(targets, *num_outputs);
        let mean = |metric: &dyn Fn(&[f32], &[f32]) -> f64| {
            let outputs = predicted.iter().zip(&targets);
            let total: f64 = outputs.map(|(y, t)| metric(y, t)).sum();
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
