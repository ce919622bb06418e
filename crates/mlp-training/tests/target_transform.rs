//! Targets with a long tail, whose logarithms are learned.

mod tables;

use std::fmt::Write;

use mlp_datasets::{Dataset, ReadOptions, Source, Target, TargetEncoding, read_dataset};
use mlp_training::{Error, Fitted, Model, Training};
use serde_json::{Value, json};
use tables::{fit, fruits, recipe};

/// Two hundred flats, whose prices are powers of what follows from their size and floor.
fn flats() -> Dataset {
    let mut csv = String::from("size,floor,price\n");
    for row in 0..200 {
        let (size, floor) = (row * 37 % 200, row * 11 % 9);
        let exponent = f64::from(size) / 25.0 + f64::from(floor) / 20.0;
        writeln!(csv, "{size},{floor},{}", 1000.0 * exponent.exp()).unwrap();
    }
    let options = ReadOptions {
        target: vec!["price".to_owned()],
        ..ReadOptions::default()
    };
    read_dataset(&Source::from_bytes("flats.csv", csv), &options).unwrap()
}

fn train(model: Model, dataset: &Dataset, settings: &[(&str, Value)]) -> Result<Fitted, Error> {
    let mut all = vec![("training.epochs", json!(30))];
    all.extend_from_slice(settings);
    fit(&Training::new(recipe(model, dataset, &all)), dataset)
}

fn log_factor(fitted: &Fitted) -> Option<f64> {
    match &fitted.model.preprocessor().target {
        TargetEncoding::Numbers { outputs } => outputs[0].log_factor,
        TargetEncoding::Classes { .. } | TargetEncoding::Nothing => None,
    }
}

#[test]
fn predictions_of_learned_rows_have_the_mean_of_the_target() {
    let dataset = flats();
    // So few epochs that errors are large.
    let fitted = train(Model::Mlp, &dataset, &[("training.epochs", json!(3))]).unwrap();
    let factor = log_factor(&fitted).expect("prices have a long tail");
    assert!((factor - 1.0).abs() > 1e-3, "{factor}");

    let config = mlp_datasets::SplitConfig::default();
    let split = mlp_datasets::Split::new(&dataset.table, &dataset.partition, &config).unwrap();
    let Some(Target::Numbers { values, .. }) = dataset.table.target() else {
        panic!("prices are predicted");
    };
    let rows = [&split.train[..], &split.valid].concat();
    let predicted = fitted.model.predict_rows(&dataset.table, &rows).unwrap();
    let sum: f64 = (0..rows.len()).map(|row| predicted.numbers(row)[0]).sum();
    let expected: f64 = rows.iter().map(|&row| values[row]).sum();
    assert!((sum / expected - 1.0).abs() < 1e-6, "{sum}, not {expected}");
}

#[test]
fn medians_are_not_corrected() {
    let loss = [("training.loss", json!("mean_absolute_error"))];
    let fitted = train(Model::Mlp, &flats(), &loss).unwrap();
    assert_eq!(log_factor(&fitted), Some(1.0));
}

#[test]
fn nothing_is_done_to_a_target_if_that_is_asked_for_or_a_model_is_linear() {
    let none = [("data.target_transform", json!("none"))];
    assert_eq!(
        log_factor(&train(Model::Mlp, &flats(), &none).unwrap()),
        None
    );
    assert_eq!(
        log_factor(&train(Model::Adaline, &flats(), &[]).unwrap()),
        None
    );
    let log = [("data.target_transform", json!("log"))];
    assert!(log_factor(&train(Model::Adaline, &flats(), &log).unwrap()).is_some());
}

#[test]
fn logarithms_are_refused_where_they_mean_nothing() {
    let message = |dataset: &Dataset, settings: &[(&str, Value)]| {
        train(Model::Mlp, dataset, settings)
            .unwrap_err()
            .to_string()
    };
    let log = ("data.target_transform", json!("log"));
    assert_eq!(
        message(&fruits(), std::slice::from_ref(&log)),
        "`target_transform` is log, but must be `auto` where classes are predicted"
    );
    let delta = ("training.huber_delta", json!(0.5));
    let huber = ("training.loss", json!("huber"));
    assert_eq!(
        message(&flats(), &[log, huber, delta]),
        "`target_transform` is log, but must be `auto` or `none` with `huber_delta`, which is in the units of the \
         target"
    );
}
