//! What a training writes into a folder.

mod tables;

use std::fs;

use mlp_training::{Error, Model, Training};
use tables::{fit, fruits, names_in, short_recipe};

#[test]
fn a_folder_gets_the_learning_curve_and_a_checkpoint() {
    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    let training = Training::new(short_recipe(Model::Mlp, &fruits, 3)).with_folder(folder.path());
    fit(&training, &fruits).unwrap();

    assert_eq!(names_in(folder.path()), ["checkpoint", "metrics.csv"]);
    assert!(!names_in(&folder.path().join("checkpoint")).is_empty());
    let curve = fs::read_to_string(folder.path().join("metrics.csv")).unwrap();
    let lines: Vec<&str> = curve.lines().collect();
    assert_eq!(
        lines[0],
        "epoch,learning_rate,train_loss,valid_loss,train_accuracy,valid_accuracy"
    );
    let epochs: Vec<&str> = lines[1..]
        .iter()
        .map(|line| line.split(',').next().unwrap())
        .collect();
    assert_eq!(epochs, ["1", "2", "3"]);
}

#[test]
fn a_folder_gets_a_learning_curve_of_each_phase() {
    let fruits = fruits();
    for (model, curves) in [
        (Model::Som, ["map.csv"].as_slice()),
        (Model::Autoencoder, &["pretraining.csv"]),
        (Model::Dec, &["clustering.csv", "pretraining.csv"]),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let training = Training::new(short_recipe(model, &fruits, 2)).with_folder(folder.path());
        fit(&training, &fruits).unwrap();
        assert_eq!(names_in(folder.path()), curves);
    }
}

#[test]
fn a_folder_that_does_not_exist_is_named() {
    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    let missing = folder.path().join("missing");
    let training = Training::new(short_recipe(Model::Mlp, &fruits, 1)).with_folder(&missing);
    let error = fit(&training, &fruits).unwrap_err();
    assert!(matches!(error, Error::Io { .. }), "{error}");
    let expected = format!("cannot write `{}`", missing.join("metrics.csv").display());
    assert_eq!(error.to_string(), expected);
}
