use std::collections::BTreeMap;

use mlp_datasets::SplitName;
use mlp_inference::{Metric, Metrics};
use serde::Serialize;
use strum::VariantArray;

use crate::fitted::{Fitted, Outcome};

/// A metric over the folds of a cross-validation.
#[derive(Serialize, Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    /// The mean.
    pub mean: f64,
    /// The standard deviation, with n − 1; 0 for a single fold.
    pub std: f64,
    /// Of how many folds: those in which the metric is defined.
    pub folds: usize,
}

impl Spread {
    /// Of at least one value, one of each fold.
    pub fn of(values: &[f64]) -> Self {
        let count = values.len() as f64;
        let mean = values.iter().sum::<f64>() / count;
        let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
        Self {
            mean,
            std: (squares / (count - 1.0).max(1.0)).sqrt(),
            folds: values.len(),
        }
    }

    /// Each metric of each split over the models of the folds, by its name.
    pub fn of_folds(fitted: &[Fitted]) -> BTreeMap<SplitName, BTreeMap<&'static str, Self>> {
        let mut metrics: BTreeMap<SplitName, Vec<&Metrics>> = BTreeMap::new();
        for fitted in fitted {
            if let Outcome::Prediction(outcome) = &fitted.outcome {
                for (split, evaluation) in &outcome.evaluations {
                    metrics.entry(*split).or_default().push(&evaluation.metrics);
                }
            }
        }
        let spreads = |metrics: &[&Metrics]| {
            let spread = |metric: &Metric| {
                let values: Vec<f64> = metrics.iter().filter_map(|one| metric.of(one)).collect();
                (!values.is_empty()).then(|| (<&str>::from(*metric), Self::of(&values)))
            };
            Metric::VARIANTS.iter().filter_map(spread).collect()
        };
        metrics
            .iter()
            .map(|(split, metrics)| (*split, spreads(metrics)))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spread_is_a_mean_and_the_deviation_of_a_sample() {
        // Mean 5; squares 9 + 1 + 1 + 9 = 20 over 3.
        let Spread { mean, std, folds } = Spread::of(&[2.0, 4.0, 6.0, 8.0]);
        assert_eq!((mean, folds), (5.0, 4));
        assert!((std - (20.0f64 / 3.0).sqrt()).abs() < 1e-12);
        assert_eq!(Spread::of(&[3.0]).std, 0.0);
    }
}
