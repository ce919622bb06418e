use mlp_datasets::Task;
use serde::{Deserialize, Serialize};
use strum::VariantArray;

use super::metrics::Metrics;

/// The name of one of the [`Metrics`], whose fields give the formulas and ranges.
///
/// In text (configuration files, command lines) the names are those of the fields: `roc_auc`.
/// [`EnumMessage::get_documentation`](strum::EnumMessage::get_documentation) describes each one.
#[derive(
    Serialize,
    Deserialize,
    strum::Display,
    strum::EnumMessage,
    strum::EnumString,
    strum::IntoStaticStr,
    strum::VariantArray,
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
)]
#[serde(rename_all = "snake_case")]
#[strum(
    serialize_all = "snake_case",
    parse_err_ty = UnknownMetric,
    parse_err_fn = UnknownMetric::new
)]
pub enum Metric {
    /// Share of rows whose predicted class is right
    Accuracy,
    /// Mean of the recall over the classes
    BalancedAccuracy,
    /// Mean of F1, which combines precision and recall, over the classes
    F1Macro,
    /// Area under the ROC curve
    RocAuc,
    /// Area under the steps of the precision-recall curve
    AveragePrecision,
    /// Mean negative logarithm of the probability of the right class
    LogLoss,
    /// Mean difference between confidence and accuracy
    ExpectedCalibrationError,
    /// Root of the mean squared error
    Rmse,
    /// Mean absolute error
    Mae,
    /// Median of the absolute error
    MedianAbsoluteError,
    /// Pinball loss of the predicted quantile
    Pinball,
    /// Share of the target's variance that is explained
    R2,
}

impl Metric {
    /// The name in text, such as `roc_auc`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether the model with the higher value is the better of two.
    pub fn higher_is_better(self) -> bool {
        match self {
            Self::Accuracy
            | Self::BalancedAccuracy
            | Self::F1Macro
            | Self::RocAuc
            | Self::AveragePrecision
            | Self::R2 => true,
            Self::LogLoss
            | Self::ExpectedCalibrationError
            | Self::Rmse
            | Self::Mae
            | Self::MedianAbsoluteError
            | Self::Pinball => false,
        }
    }

    /// The task whose models it evaluates.
    pub fn task(self) -> Task {
        match self {
            Self::Accuracy
            | Self::BalancedAccuracy
            | Self::F1Macro
            | Self::RocAuc
            | Self::AveragePrecision
            | Self::LogLoss
            | Self::ExpectedCalibrationError => Task::Classification,
            Self::Rmse | Self::Mae | Self::MedianAbsoluteError | Self::Pinball | Self::R2 => {
                Task::Regression
            }
        }
    }

    /// The value of the field of this name; `None` if it is absent.
    pub fn of(self, metrics: &Metrics) -> Option<f64> {
        match self {
            Self::Accuracy => metrics.accuracy,
            Self::BalancedAccuracy => metrics.balanced_accuracy,
            Self::F1Macro => metrics.f1_macro,
            Self::RocAuc => metrics.roc_auc,
            Self::AveragePrecision => metrics.average_precision,
            Self::LogLoss => metrics.log_loss,
            Self::ExpectedCalibrationError => metrics.expected_calibration_error,
            Self::Rmse => metrics.rmse,
            Self::Mae => metrics.mae,
            Self::MedianAbsoluteError => metrics.median_absolute_error,
            Self::Pinball => metrics.pinball,
            Self::R2 => metrics.r2,
        }
    }
}

/// A name that is not the name of a metric.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no metric is called `{name}`; there are {}", names())]
pub struct UnknownMetric {
    /// The name.
    pub name: String,
}

impl UnknownMetric {
    fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
        }
    }
}

fn names() -> String {
    let names = Metric::VARIANTS.iter().map(|metric| metric.name());
    names.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use strum::EnumMessage;

    use super::*;
    use crate::metrics::Evaluation;
    use crate::predictions::{Classes, Numbers};

    #[test]
    fn every_name_parses_back_to_its_metric() {
        for &metric in Metric::VARIANTS {
            assert_eq!(metric.to_string().parse(), Ok(metric));
            assert_eq!(metric.to_string(), metric.name());
            let json = serde_json::to_string(&metric).unwrap();
            assert_eq!(json, format!("\"{metric}\""));
            assert_eq!(serde_json::from_str::<Metric>(&json).unwrap(), metric);
        }
    }

    #[test]
    fn every_metric_is_described() {
        for metric in Metric::VARIANTS {
            assert!(metric.get_documentation().is_some(), "{metric}");
        }
    }

    #[test]
    fn every_metric_is_the_field_of_its_name() {
        for (value, &metric) in Metric::VARIANTS.iter().enumerate() {
            let json = format!("{{\"{metric}\":{value}.0}}");

            let metrics: Metrics = serde_json::from_str(&json).unwrap();

            assert_eq!(metric.of(&metrics), Some(value as f64));
            assert_eq!(serde_json::to_string(&metrics).unwrap(), json);
        }
    }

    #[test]
    fn a_perfect_model_has_the_best_value_of_every_metric() {
        for &metric in Metric::VARIANTS {
            let perfect = if metric.higher_is_better() { 1.0 } else { 0.0 };
            let evaluation = match metric.task() {
                Task::Classification => Evaluation::of_classes(
                    &Classes {
                        names: Arc::from(["a".to_owned(), "b".to_owned()]),
                        labels: vec![Some(0), Some(1)],
                        probabilities: Some(vec![1.0, 0.0, 0.0, 1.0]),
                    },
                    &[Some(0), Some(1)],
                    None,
                ),
                Task::Regression | Task::Clustering => Evaluation::of_numbers(
                    &Numbers {
                        values: vec![1.0, 2.0],
                        num_outputs: 1,
                    },
                    &[1.0, 2.0],
                    0.5,
                    None,
                ),
            };

            let value = metric.of(&evaluation.metrics).unwrap();
            assert_eq!(value, perfect, "{metric}");
            assert!(value.is_sign_positive(), "{metric} prints as -0");
        }
    }

    #[test]
    fn an_unknown_name_is_rejected_with_the_known_ones() {
        let error = "auc".parse::<Metric>().unwrap_err();

        assert_eq!(
            error.to_string(),
            "no metric is called `auc`; there are accuracy, balanced_accuracy, f1_macro, roc_auc, \
             average_precision, log_loss, expected_calibration_error, rmse, mae, \
             median_absolute_error, pinball, r2"
        );
    }
}
