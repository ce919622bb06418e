use std::sync::Arc;

use mlp_datasets::{Error as DataError, Table, Target};
use mlp_inference::{Classes, Evaluation, Metric, Metrics, Numbers, SavedModel};

use crate::error::Error;
use crate::predicted::Predicted;
use crate::quantity::Quantity;

/// Compares predictions of the same rows with their target, again and again, as
/// [`SavedModel::evaluate`] does.
pub struct Judge {
    truth: Truth,
    weights: Option<Vec<f32>>,
}

enum Truth {
    Classes {
        names: Arc<[String]>,
        labels: Vec<Option<usize>>,
        has_probabilities: bool,
    },
    Numbers {
        targets: Vec<f64>,
        quantile: f64,
    },
}

impl Judge {
    /// Of rows of a table with a target.
    ///
    /// # Errors
    ///
    /// If there is no target, it is for another task, or the model knows the class of no row.
    pub fn new(model: &SavedModel, table: &Table, rows: &[usize]) -> Result<Self, Error> {
        let preprocessor = model.preprocessor();
        let target = table.target().ok_or(DataError::NoTarget)?;
        let truth = match (model.classes(), target) {
            (None, Target::Numbers { names, values }) => {
                // Checks that there are as many targets as the model predicts.
                preprocessor.encode_target(table, rows)?;
                let of_row = |&row: &usize| &values[row * names.len()..][..names.len()];
                Truth::Numbers {
                    targets: rows.iter().flat_map(of_row).copied().collect(),
                    quantile: model.quantile(),
                }
            }
            (classes, target) => Truth::Classes {
                labels: preprocessor.target.encode_known(target, rows)?,
                names: classes.unwrap_or_default().into(),
                has_probabilities: Quantity::of(model) == Quantity::Probability,
            },
        };
        let of_rows = |weights: &[f32]| rows.iter().map(|&row| weights[row]).collect();
        Ok(Self {
            truth,
            weights: table.weights().map(of_rows),
        })
    }

    /// The metrics of predictions of the rows.
    pub fn metrics(&self, predicted: Predicted) -> Metrics {
        let weights = self.weights.as_deref();
        let evaluation = match &self.truth {
            Truth::Classes {
                names,
                labels,
                has_probabilities,
            } => {
                let classes = Classes {
                    names: names.clone(),
                    labels: predicted.labels,
                    probabilities: has_probabilities.then_some(predicted.values),
                };
                Evaluation::of_classes(&classes, labels, weights)
            }
            Truth::Numbers { targets, quantile } => {
                let numbers = Numbers {
                    values: predicted.values,
                    num_outputs: predicted.width,
                };
                Evaluation::of_numbers(&numbers, targets, *quantile, weights)
            }
        };
        evaluation.metrics
    }

    /// A metric of predictions of the rows, and, if there are several targets, that of each: the first is the mean
    /// of the others.
    ///
    /// # Errors
    ///
    /// If there is no such metric of them.
    pub fn scores(&self, metric: Metric, predicted: Predicted) -> Result<Vec<f64>, Error> {
        let of = |metrics: &Metrics| metric.of(metrics).ok_or(Error::NoMetric { metric });
        let mut of_targets = Vec::new();
        if let Truth::Numbers { targets, quantile } = &self.truth
            && predicted.width > 1
        {
            for output in 0..predicted.width {
                let column = |values: &[f64]| -> Vec<f64> {
                    let values = values.iter().skip(output).step_by(predicted.width);
                    values.copied().collect()
                };
                let numbers = Numbers {
                    values: column(&predicted.values),
                    num_outputs: 1,
                };
                let weights = self.weights.as_deref();
                let found = Evaluation::of_numbers(&numbers, &column(targets), *quantile, weights);
                of_targets.push(of(&found.metrics)?);
            }
        }
        let mut scores = vec![of(&self.metrics(predicted))?];
        scores.extend(of_targets);
        Ok(scores)
    }

    /// The metric by which predictions are compared unless another one is asked for, of those that these
    /// rows have.
    pub fn default_metric(&self, metrics: &Metrics) -> Metric {
        match &self.truth {
            Truth::Classes { .. } if metrics.log_loss.is_some() => Metric::LogLoss,
            Truth::Classes { .. } => Metric::Accuracy,
            Truth::Numbers { quantile, .. } if *quantile == 0.5 => Metric::Rmse,
            Truth::Numbers { .. } => Metric::Pinball,
        }
    }
}
