//! Ensembles: which rows their members learn from, and how much each counts.

mod tables;

use mlp_datasets::{Split, SplitConfig, Target};
use mlp_inference::{Predictions, TrainedNetwork};
use mlp_training::{Metric, Model, Outcome, SavedModel, SplitName, Training};
use serde_json::json;
use tables::{fit, houses, recipe};

/// Members of two kinds, two of each, and what they are trained with.
fn ensemble() -> (mlp_training::Fitted, mlp_datasets::Dataset, Vec<Split>) {
    let dataset = houses();
    let settings = [
        ("model.members", json!(["mlp", "mlp-pl", "mlp", "mlp-pl"])),
        ("training.epochs", json!(20)),
        ("data.valid_size", json!(0.2)),
    ];
    let recipe = recipe(Model::Ensemble, &dataset, &settings);
    let training = Training::new(recipe).with_seed(5);
    let fitted = fit(&training, &dataset).unwrap();
    let config = SplitConfig {
        seed: 5,
        ..SplitConfig::default()
    };
    let splits = Split::rotations(&dataset.table, &dataset.partition, &config, 2).unwrap();
    (fitted, dataset, splits)
}

fn members(model: &SavedModel) -> (&[SavedModel], &[f64]) {
    match model.trained_network() {
        TrainedNetwork::Ensemble { members, weights } => (members, weights),
        TrainedNetwork::Prediction { .. } | TrainedNetwork::Clustering { .. } => {
            panic!("an ensemble was trained")
        }
    }
}

#[test]
fn rows_are_validated_by_the_members_that_did_not_learn_from_them() {
    let (fitted, dataset, splits) = ensemble();
    let (members, weights) = members(&fitted.model);

    // The first two members are validated on the rows of the first split, and the last two on those of the second.
    let (mut sum, mut count) = (0.0, 0.0);
    for (split, part) in splits.iter().zip([0..2, 2..4]) {
        let kind_weights = [weights[0] + weights[2], weights[1] + weights[3]];
        let predictions = members[part]
            .iter()
            .map(|member| member.predict_rows(&dataset.table, &split.valid).unwrap());
        let predictions: Vec<Predictions> = predictions.collect();
        let Some(Target::Numbers { values, .. }) = dataset.table.target() else {
            panic!("prices are predicted");
        };
        for (place, &row) in split.valid.iter().enumerate() {
            let mean = kind_weights[0] * predictions[0].numbers(place)[0]
                + kind_weights[1] * predictions[1].numbers(place)[0];
            sum += (mean - values[row]).powi(2);
            count += 1.0;
        }
    }
    let expected = f64::sqrt(sum / count);
    let found = fitted.metric(Metric::Rmse, SplitName::Valid).unwrap();
    assert!(
        (found / expected - 1.0).abs() < 1e-9,
        "{found}, not {expected}"
    );
}

#[test]
fn members_of_one_kind_count_alike() {
    let (fitted, _, _) = ensemble();
    let (members, weights) = members(&fitted.model);
    assert_eq!(members.len(), 4);
    assert!((weights.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(weights[0], weights[2]);
    assert_eq!(weights[1], weights[3]);
    let Outcome::Prediction(outcome) = &fitted.outcome else {
        panic!("prices are predicted");
    };
    let kinds: Vec<_> = outcome
        .kinds
        .iter()
        .map(|kind| (kind.model, kind.members))
        .collect();
    assert_eq!(kinds, [(Model::Mlp, 2), (Model::MlpPl, 2)]);
    assert!((outcome.kinds[0].weight - 2.0 * weights[0]).abs() < 1e-12);
}

#[test]
fn an_ensemble_is_the_weighted_mean_of_its_members() {
    let (fitted, dataset, _) = ensemble();
    let (members, weights) = members(&fitted.model);
    let mut expected = [0.0; 3];
    for (member, weight) in members.iter().zip(weights) {
        let found = member.predict_rows(&dataset.table, &[0, 7, 31]).unwrap();
        for (row, sum) in expected.iter_mut().enumerate() {
            *sum += weight * found.numbers(row)[0];
        }
    }
    let found = fitted
        .model
        .predict_rows(&dataset.table, &[0, 7, 31])
        .unwrap();
    for (row, expected) in expected.into_iter().enumerate() {
        assert!((found.numbers(row)[0] / expected - 1.0).abs() < 1e-12);
    }
}
