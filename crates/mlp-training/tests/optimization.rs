//! What is done with gradients before a step, and with weights after it.

mod tables;

use mlp_datasets::Dataset;
use mlp_training::{Fitted, Measure, Metric, Model, SplitName};
use serde_json::Value;
use tables::{Epochs, fruits, houses, recipe, train, weights};

/// A multilayer perceptron after eight epochs, with a setting.
fn train_with(dataset: &Dataset, settings: &[(&str, Value)]) -> (Fitted, Epochs) {
    let epochs = [("training.epochs", Value::from(8))];
    let settings = [&epochs, settings].concat();
    train(recipe(Model::Mlp, dataset, &settings), dataset)
}

#[test]
fn the_average_of_the_weights_is_validated_and_kept_while_the_weights_learn_on() {
    let houses = houses();
    let (plain, of_plain) = train_with(&houses, &[]);
    let (averaged, of_averaged) = train_with(&houses, &[("training.ema", 0.9.into())]);

    let train_losses = |epochs: &Epochs| epochs.values(Measure::Loss, SplitName::Train);
    assert_eq!(train_losses(&of_plain), train_losses(&of_averaged));
    let valid_losses = of_averaged.values(Measure::Loss, SplitName::Valid);
    for (averaged, plain) in valid_losses
        .iter()
        .zip(of_plain.values(Measure::Loss, SplitName::Valid))
    {
        assert_ne!(*averaged, plain);
    }
    assert_ne!(weights(&averaged.model), weights(&plain.model));
    // The loss is the squared error of standardised prices, so the best epoch's is that of the model.
    let best = valid_losses.iter().copied().fold(f64::INFINITY, f64::min);
    let error = |fitted: &Fitted| fitted.metric(Metric::R2, SplitName::Valid).unwrap();
    let variance_ratio = best / (1.0 - error(&averaged));
    let of_plain = of_plain.values(Measure::Loss, SplitName::Valid);
    let best_plain = of_plain.iter().copied().fold(f64::INFINITY, f64::min);
    let expected = best_plain / (1.0 - error(&plain));
    assert!(
        (variance_ratio - expected).abs() < 1e-3,
        "{variance_ratio} is not {expected}"
    );
}

#[test]
fn an_average_without_memory_changes_nothing() {
    let fruits = fruits();
    let (plain, _) = train_with(&fruits, &[]);
    let (averaged, _) = train_with(&fruits, &[("training.ema", 0.0.into())]);
    assert_eq!(weights(&averaged.model), weights(&plain.model));
}

#[test]
fn gradients_are_clipped_together_if_they_are_longer_than_the_norm() {
    let fruits = fruits();
    let clipped = |norm: f64| {
        let setting = ("training.clip_global_norm", Value::from(norm));
        // Steps of gradient descent are as long as their gradients.
        train_with(&fruits, &[("training.optimizer", "sgd".into()), setting])
    };
    let (plain, _) = train_with(&fruits, &[("training.optimizer", "sgd".into())]);
    assert_eq!(weights(&clipped(1e6).0.model), weights(&plain.model));

    let (short, epochs) = clipped(0.01);
    assert_ne!(weights(&short.model), weights(&plain.model));
    let losses = epochs.values(Measure::Loss, SplitName::Train);
    assert!(
        losses.is_sorted_by(|before, after| before > after),
        "{losses:?}"
    );
    // Eight epochs of two steps, each 0.3·0.01 long, change the loss by little.
    assert!(losses[0] - losses[7] < 0.2, "{losses:?}");
}
