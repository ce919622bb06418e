use mlp_datasets::SplitName;
use mlp_inference::Metric;
use mlp_training::{Fitted, Outcome, Spread};
use serde_json::Value;
use strum::VariantArray;

use super::message::Results;

/// What is known of a trained model: the metrics of its test rows, or those of its clusters.
pub fn of_model(fitted: &Fitted) -> Vec<Results> {
    match &fitted.outcome {
        Outcome::Prediction(outcome) => {
            let epoch = outcome.best_epoch;
            let value = |metric: &Metric| {
                let value = fitted.metric(*metric, SplitName::Test)?;
                Some((metric.to_string(), value))
            };
            let test = Results {
                rows: Some("test"),
                epoch,
                values: Metric::VARIANTS.iter().filter_map(value).collect(),
            };
            let general = Results {
                rows: None,
                epoch,
                values: vec![("best_epoch".to_owned(), epoch as f64)],
            };
            vec![test, general]
        }
        Outcome::Clustering(outcome) => {
            // The names are those of the summary.
            let metrics = serde_json::to_value(&outcome.metrics).unwrap_or_default();
            let metrics = metrics.as_object().into_iter().flatten();
            let value = |(name, value): (&String, &Value)| Some((name.clone(), value.as_f64()?));
            let mut values: Vec<_> = metrics.filter_map(value).collect();
            values.push(("clusters".to_owned(), outcome.num_clusters as f64));
            vec![Results {
                rows: None,
                epoch: fitted.epochs,
                values,
            }]
        }
    }
}

/// The mean and the standard deviation of each metric of the test rows over folds.
pub fn of_folds(fitted: &[Fitted]) -> Results {
    let metrics = Spread::of_folds(fitted);
    let metrics = metrics.get(&SplitName::Test).into_iter().flatten();
    let both = |(name, spread): (&&str, &Spread)| {
        [
            (format!("{name}_mean"), spread.mean),
            (format!("{name}_std"), spread.std),
        ]
    };
    Results {
        rows: Some("test"),
        epoch: fitted.len(),
        values: metrics.flat_map(both).collect(),
    }
}
