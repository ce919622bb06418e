use std::fmt;
use std::str::FromStr;

use mlp_datasets::Task;
use serde::{Deserialize, Serialize};

use super::Metrics;

/// Names one of the [`Metrics`]; formulas and ranges stand there.
///
/// In text (configuration files, command lines) the names are those of the fields: `roc_auc`.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[serde(rename_all = "snake_case")]
pub enum Metric {
    /// [`Metrics::accuracy`].
    Accuracy,
    /// [`Metrics::balanced_accuracy`].
    BalancedAccuracy,
    /// [`Metrics::f1_macro`].
    F1Macro,
    /// [`Metrics::roc_auc`].
    RocAuc,
    /// [`Metrics::average_precision`].
    AveragePrecision,
    /// [`Metrics::log_loss`].
    LogLoss,
    /// [`Metrics::expected_calibration_error`].
    ExpectedCalibrationError,
    /// [`Metrics::rmse`].
    Rmse,
    /// [`Metrics::mae`].
    Mae,
    /// [`Metrics::median_absolute_error`].
    MedianAbsoluteError,
    /// [`Metrics::pinball`].
    Pinball,
    /// [`Metrics::r2`].
    R2,
}

impl Metric {
    /// Every metric, in the order in which they are listed to a user.
    pub const ALL: [Self; 12] = [
        Self::Accuracy,
        Self::BalancedAccuracy,
        Self::F1Macro,
        Self::RocAuc,
        Self::AveragePrecision,
        Self::LogLoss,
        Self::ExpectedCalibrationError,
        Self::Rmse,
        Self::Mae,
        Self::MedianAbsoluteError,
        Self::Pinball,
        Self::R2,
    ];

    /// The name in text, such as `roc_auc`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accuracy => "accuracy",
            Self::BalancedAccuracy => "balanced_accuracy",
            Self::F1Macro => "f1_macro",
            Self::RocAuc => "roc_auc",
            Self::AveragePrecision => "average_precision",
            Self::LogLoss => "log_loss",
            Self::ExpectedCalibrationError => "expected_calibration_error",
            Self::Rmse => "rmse",
            Self::Mae => "mae",
            Self::MedianAbsoluteError => "median_absolute_error",
            Self::Pinball => "pinball",
            Self::R2 => "r2",
        }
    }

    /// Whether of two models the one with the higher value is the better.
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

    /// The task whose models it judges.
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

    /// The value among others; `None` if it is absent there.
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

impl fmt::Display for Metric {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

impl FromStr for Metric {
    type Err = UnknownMetric;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        let found = Self::ALL.into_iter().find(|metric| metric.name() == name);
        found.ok_or_else(|| UnknownMetric {
            name: name.to_owned(),
        })
    }
}

/// A name that no metric has.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no metric is called `{name}`; there are {}", Metric::ALL.map(Metric::name).join(", "))]
pub struct UnknownMetric {
    /// The name.
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Evaluation, Predictions};

    #[test]
    fn every_name_parses_back_to_its_metric() {
        for metric in Metric::ALL {
            assert_eq!(metric.to_string().parse(), Ok(metric));
            let json = serde_json::to_string(&metric).unwrap();
            assert_eq!(json, format!("\"{metric}\""));
            assert_eq!(serde_json::from_str::<Metric>(&json).unwrap(), metric);
        }
    }

    #[test]
    fn every_metric_is_the_field_of_its_name() {
        for (position, metric) in Metric::ALL.into_iter().enumerate() {
            let json = format!("{{\"{metric}\":{position}.0}}");

            let metrics: Metrics = serde_json::from_str(&json).unwrap();

            assert_eq!(metric.of(&metrics), Some(position as f64));
            assert_eq!(serde_json::to_string(&metrics).unwrap(), json);
        }
    }

    #[test]
    fn a_perfect_model_has_the_best_value_of_every_metric() {
        for metric in Metric::ALL {
            let perfect = if metric.higher_is_better() { 1.0 } else { 0.0 };
            let evaluation = match metric.task() {
                Task::Classification => Evaluation::of_classes(
                    &Predictions::Classes {
                        labels: vec![0, 1],
                        probabilities: Some(vec![1.0, 0.0, 0.0, 1.0]),
                        num_classes: 2,
                    },
                    &[0, 1],
                ),
                Task::Regression | Task::Clustering => Evaluation::of_numbers(
                    &Predictions::Numbers {
                        values: vec![1.0, 2.0],
                        num_outputs: 1,
                    },
                    &[1.0, 2.0],
                    0.5,
                ),
            };

            let value = metric.of(&evaluation.metrics).unwrap();
            assert_eq!(value, perfect, "{metric}");
            assert!(value.is_sign_positive(), "{metric} prints as -0");
        }
    }

    #[test]
    fn an_unknown_name_is_answered_with_the_names_there_are() {
        let error = "auc".parse::<Metric>().unwrap_err();

        assert_eq!(
            error.to_string(),
            "no metric is called `auc`; there are accuracy, balanced_accuracy, f1_macro, roc_auc, \
             average_precision, log_loss, expected_calibration_error, rmse, mae, \
             median_absolute_error, pinball, r2"
        );
    }
}
