//! Weights of rows and classes: what is learned does not depend on the batches.

mod tables;

use std::fmt::Write;
use std::sync::{Arc, Mutex};

use mlp_datasets::{Dataset, ReadOptions, Source, Task, read_dataset};
use mlp_inference::PredictedValues;
use mlp_training::{EpochSummary, Error, Fitted, Measure, Model, Progress, SplitName, Training};
use serde_json::Value;
use tables::{fit, recipe};

fn read(csv: String, roles: impl Fn(&mut ReadOptions)) -> Dataset {
    let mut options = ReadOptions {
        target: vec!["y".into()],
        ..ReadOptions::default()
    };
    roles(&mut options);
    read_dataset(&Source::from_bytes("rows.csv", csv), &options).unwrap()
}

/// Numbers that look random, in [−1, 1).
fn noise(row: u32) -> f64 {
    f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 23) - 1.0
}

fn mean_of_predictions(fitted: &Fitted, dataset: &Dataset) -> f64 {
    let predictions = fitted.model.predict(&dataset.table).unwrap();
    match predictions.values {
        PredictedValues::Classes(classes) => {
            let of_second = classes.probabilities.unwrap();
            let rows = of_second.chunks_exact(2);
            rows.clone().map(|row| row[1]).sum::<f64>() / rows.len() as f64
        }
        PredictedValues::Numbers(numbers) => {
            let sum: f64 = numbers.values.iter().copied().sum();
            sum / numbers.values.len() as f64
        }
        PredictedValues::Clusters(_) => panic!("the model predicts"),
    }
}

#[test]
fn balanced_classes_have_the_same_share_of_the_predictions_in_batches_of_any_size() {
    let mut csv = String::from("x,y\n");
    for row in 0..6000 {
        let class = if row % 100 == 0 { "pos" } else { "neg" };
        writeln!(csv, "{},{class}", noise(row)).unwrap();
    }
    let rare = read(csv, |_| {});
    for (batch_size, epochs) in [(8, 10), (32, 20), (128, 40), (10_000, 800)] {
        let pairs = [
            ("training.class_weights", Value::from("balanced")),
            ("training.learning_rate", 0.01.into()),
            ("training.weight_decay", 0.0.into()),
            ("training.epochs", epochs.into()),
            ("training.batch_size", batch_size.into()),
        ];
        let fitted = fit(
            &Training::new(recipe(Model::Logistic, &rare, &pairs)),
            &rare,
        )
        .unwrap();
        let mean = mean_of_predictions(&fitted, &rare);
        assert!((mean - 0.5).abs() < 0.02, "batches of {batch_size}: {mean}");
    }
}

#[test]
fn numbers_are_predicted_by_their_weighted_mean_in_batches_of_any_size() {
    // One row in 100 is 10 and has the weight 99, the others are 0: the weighted mean is 5.
    let mut csv = String::from("x,w,y\n");
    for row in 0..6000 {
        let (weight, y) = if row % 100 == 0 { (99, 10) } else { (1, 0) };
        writeln!(csv, "{},{weight},{y}", noise(row)).unwrap();
    }
    let rows = read(csv, |options| {
        options.weight = Some("w".into());
        options.task = Some(Task::Regression);
    });
    let split = Training::new(recipe(Model::Adaline, &rows, &[]))
        .folds(&rows)
        .unwrap();
    let rare = split[0].train.iter().filter(|row| *row % 100 == 0).count() as f64;
    let expected = 10.0 * 99.0 * rare / (99.0 * rare + split[0].train.len() as f64 - rare);
    for (batch_size, epochs) in [(8, 20), (32, 40), (128, 80), (10_000, 800)] {
        let pairs = [
            ("training.optimizer", Value::from("adamw")),
            ("training.schedule", "cosine".into()),
            ("training.learning_rate", 0.03.into()),
            ("training.weight_decay", 0.0.into()),
            ("training.epochs", epochs.into()),
            ("training.batch_size", batch_size.into()),
        ];
        let fitted = fit(&Training::new(recipe(Model::Adaline, &rows, &pairs)), &rows).unwrap();
        let mean = mean_of_predictions(&fitted, &rows);
        let error = (mean / expected - 1.0).abs();
        assert!(
            error < 0.02,
            "batches of {batch_size}: {mean} instead of {expected}"
        );
    }
}

/// The validation loss of each epoch.
#[derive(Clone, Default)]
struct ValidLosses(Arc<Mutex<Vec<f64>>>);

impl Progress for ValidLosses {
    fn end_epoch(&mut self, epoch: &EpochSummary) {
        let loss = epoch.value(Measure::Loss, SplitName::Valid);
        self.0.lock().unwrap().extend(loss);
    }
}

fn valid_losses(dataset: &Dataset, pairs: &[(&str, Value)]) -> (Vec<f64>, Fitted) {
    let losses = ValidLosses::default();
    let training = Training::new(recipe(Model::Logistic, dataset, pairs));
    let fitted = fit(&training.with_progress(losses.clone()), dataset).unwrap();
    let losses = losses.0.lock().unwrap().clone();
    (losses, fitted)
}

#[test]
fn the_weighted_validation_loss_does_not_depend_on_the_order_of_rows() {
    // More validation rows than are validated at a time, either class by class or mixed.
    let table = |rows: &mut dyn Iterator<Item = u32>| {
        let mut csv = String::from("x,part,y\n");
        for row in rows {
            let y = if row % 10 == 0 { "pos" } else { "neg" };
            let x = noise(row) + if row % 10 == 0 { 0.5 } else { 0.0 };
            let part = ["train", "valid", "valid", "test"][row as usize / 10 % 4];
            writeln!(csv, "{x},{part},{y}").unwrap();
        }
        read(csv, |options| options.split = Some("part".into()))
    };
    let mixed = table(&mut (0..4000));
    let sorted = table(&mut (0..10).flat_map(|class| (0..400).map(move |row| 10 * row + class)));
    let pairs = [
        ("training.class_weights", Value::from("balanced")),
        ("training.batch_size", 4000.into()),
        ("training.epochs", 20.into()),
    ];
    let (of_mixed, _) = valid_losses(&mixed, &pairs);
    let (of_sorted, _) = valid_losses(&sorted, &pairs);
    assert_eq!(of_mixed.len(), 20);
    for (mixed, sorted) in of_mixed.iter().zip(of_sorted) {
        assert!((mixed - sorted).abs() < 1e-4, "{mixed} and {sorted}");
    }
}

#[test]
fn smoothed_labels_are_no_part_of_the_validation_loss() {
    let mut csv = String::from("x,y\n");
    for row in 0..300 {
        let y = if noise(row) > 0.0 { "yes" } else { "no" };
        writeln!(csv, "{},{y}", noise(row)).unwrap();
    }
    let rows = read(csv, |_| {});
    let pairs = [
        ("training.label_smoothing", Value::from(0.3)),
        ("training.epochs", 10.into()),
    ];
    let (losses, fitted) = valid_losses(&rows, &pairs);
    let log_loss = fitted
        .evaluation(SplitName::Valid)
        .unwrap()
        .metrics
        .log_loss;
    let lowest = losses.iter().copied().fold(f64::INFINITY, f64::min);
    assert!(
        (log_loss.unwrap() - lowest).abs() < 1e-5,
        "{log_loss:?} and {lowest}"
    );
}

#[test]
fn rows_that_all_have_the_weight_0_cannot_train_or_validate() {
    for part in ["train", "valid"] {
        let mut csv = String::from("x,w,part,y\n");
        for row in 0..60 {
            let of_row = ["train", "valid", "test"][row % 3];
            let weight = u32::from(of_row != part);
            writeln!(csv, "{row},{weight},{of_row},{}", row * row).unwrap();
        }
        let rows = read(csv, |options| {
            options.weight = Some("w".into());
            options.split = Some("part".into());
        });
        let error = fit(&Training::new(recipe(Model::Mlp, &rows, &[])), &rows).unwrap_err();
        assert!(matches!(error, Error::NoWeight { .. }), "{error}");
        let expected = format!("the weights of all {part} rows are 0, so they have no loss");
        assert_eq!(error.to_string(), expected);
    }
}
