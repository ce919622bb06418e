//! Every optimizer learns what the others learn, with its own defaults.

mod tables;

use mlp_datasets::{BuiltIn, LoadOptions};
use mlp_training::{Metric, Model, Optimizer, SplitName, Training};
use serde_json::Value;
use strum::VariantArray;
use tables::{fit, recipe};

/// The accuracy of a multilayer perceptron on the test rows.
fn accuracy(dataset: BuiltIn, optimizer: Optimizer, epochs: usize) -> f64 {
    let dataset = dataset.load(&LoadOptions::default()).unwrap();
    let pairs = [
        ("training.optimizer", Value::from(optimizer.to_string())),
        ("training.epochs", epochs.into()),
    ];
    let fitted = fit(
        &Training::new(recipe(Model::Mlp, &dataset, &pairs)),
        &dataset,
    )
    .unwrap();
    fitted.metric(Metric::Accuracy, SplitName::Test).unwrap()
}

#[test]
fn every_optimizer_learns_digits_as_well_as_scikit_learn() {
    // MLPClassifier((64, 64), early_stopping=True) on standardised digits, five splits of 80 to 20:
    // 0.951 to 0.969.
    for &optimizer in Optimizer::VARIANTS {
        let accuracy = accuracy(BuiltIn::Digits, optimizer, 20);
        assert!(accuracy > 0.95, "{optimizer}: {accuracy}");
    }
}

#[test]
fn every_optimizer_learns_adult_as_well_as_scikit_learn() {
    // MLPClassifier((64, 64), early_stopping=True) on standardised numbers and one-hot categories, three
    // splits of 80 to 20: 0.845 to 0.849. Of all rows, 0.761 are of the larger class.
    for &optimizer in Optimizer::VARIANTS {
        let accuracy = accuracy(BuiltIn::Adult, optimizer, 3);
        assert!(accuracy > 0.845, "{optimizer}: {accuracy}");
    }
}
