//! How good predictions are.

mod classification;
mod regression;

use serde::{Deserialize, Serialize};

use crate::Predictions;

/// How well a model does on some rows. What does not apply to its task is absent.
#[derive(Serialize, Deserialize, Clone, Debug, Default, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct Metrics {
    /// The share of rows whose class is right, in `[0, 1]`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub accuracy: Option<f64>,
    /// The mean over all classes of `F1 = 2·TP / (2·TP + FP + FN)`, in `[0, 1]`; 0 for a class
    /// that is neither there nor predicted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub f1_macro: Option<f64>,
    /// The mean of `−ln` of the probability given to the right class, at least 0.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_loss: Option<f64>,
    /// `√mean((y − t)²)`, in the units of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rmse: Option<f64>,
    /// `mean(|y − t|)`, in the units of the target.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub mae: Option<f64>,
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
    /// If the predictions are numbers, or are not as many as the labels.
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
        let confusion_matrix = classification::confusion_matrix(predicted, labels, *num_classes);
        Self {
            metrics: Metrics {
                accuracy: Some(classification::accuracy(&confusion_matrix)),
                f1_macro: Some(classification::f1_macro(&confusion_matrix)),
                log_loss: probabilities
                    .as_ref()
                    .map(|probabilities| classification::log_loss(probabilities, labels)),
                ..Metrics::default()
            },
            confusion_matrix: Some(confusion_matrix),
        }
    }

    /// Judges numbers.
    ///
    /// # Panics
    ///
    /// If the predictions are classes, or are not as many as the targets.
    pub fn of_numbers(predictions: &Predictions, targets: &[f32]) -> Self {
        let Predictions::Numbers(predicted) = predictions else {
            panic!("numbers can only be judged against predicted numbers");
        };
        assert_eq!(
            predicted.len(),
            targets.len(),
            "one target for each prediction"
        );
        Self {
            metrics: Metrics {
                rmse: Some(regression::rmse(predicted, targets)),
                mae: Some(regression::mae(predicted, targets)),
                r2: Some(regression::r2(predicted, targets)),
                ..Metrics::default()
            },
            confusion_matrix: None,
        }
    }
}
