//! A training that was stopped goes on as if it had not been.

mod tables;

use std::fs;
use std::path::Path;
use std::time::Duration;

use mlp_datasets::Dataset;
use mlp_training::{
    EpochSummary, Error, Fitted, Model, Optimizer, Outcome, Recipe, Schedule, StopHandle, Training,
};
use serde_json::{Value, json};
use strum::VariantArray;
use tables::{fit, fruits, houses, houses_without_target, recipe, short_recipe, weights};

const EPOCHS: usize = 4;

/// A training that keeps its state after each epoch.
fn training(recipe: &Recipe, folder: &Path) -> Training {
    Training::new(recipe.clone())
        .with_seed(5)
        .with_folder(folder)
        .with_checkpoint_interval(Duration::ZERO)
}

/// Trains, and stops after so many epochs of all phases and members.
fn stop_after(epochs: usize, training: Training, dataset: &Dataset) -> Result<Fitted, Error> {
    let stop = StopHandle::new();
    let stopping = stop.clone();
    let mut ended = 0;
    let training = training
        .with_stop(stop)
        .with_progress(move |_: &EpochSummary| {
            ended += 1;
            if ended == epochs {
                stopping.stop();
            }
        });
    fit(&training, dataset)
}

/// The learning curves in a folder and those in it, by their paths.
fn curves(folder: &Path) -> Vec<(String, String)> {
    let mut curves = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        if path.is_dir() {
            let within = self::curves(&path).into_iter();
            curves.extend(within.map(|(inner, curve)| (format!("{name}/{inner}"), curve)));
        } else if path.extension().is_some_and(|ending| ending == "csv") {
            curves.push((name, fs::read_to_string(path).unwrap()));
        }
    }
    curves.sort();
    curves
}

/// Compares a training that is stopped after each of its epochs, and goes on, with one that is not.
fn assert_goes_on(recipe: &Recipe, dataset: &Dataset) {
    let name = format!("{:?}", recipe.model());
    let whole_folder = tempfile::tempdir().unwrap();
    let whole = fit(&training(recipe, whole_folder.path()), dataset).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let mut stops = 0;
    let mut last = stop_after(1, training(recipe, folder.path()), dataset);
    while last.as_ref().is_ok_and(Fitted::is_interrupted) {
        stops += 1;
        let training = training(recipe, folder.path()).resuming();
        last = stop_after(1, training, dataset);
        assert!(stops < 100, "{name} does not come to its end");
    }
    let resumed = last.unwrap();
    assert!(stops > 0, "{name} was not stopped");
    assert_eq!(weights(&resumed.model), weights(&whole.model), "{name}");
    assert_eq!(resumed.ending, whole.ending, "{name}");
    assert_eq!(resumed.epochs, whole.epochs, "{name}");
    if let (Outcome::Prediction(resumed), Outcome::Prediction(whole)) =
        (&resumed.outcome, &whole.outcome)
    {
        assert_eq!(resumed.best_epoch, whole.best_epoch, "{name}");
    }
    let curves = [folder.path(), whole_folder.path()].map(curves);
    assert_eq!(curves[0], curves[1], "{name}");
}

/// A recipe of a small network.
fn small_recipe(model: Model, dataset: &Dataset) -> Recipe {
    let pairs = [
        ("model.clusters", json!(3)),
        ("model.hidden", json!([8, 8])),
        ("model.num_members", json!(3)),
        ("model.members", json!(["mlp", "mlp-pl"])),
        ("training.epochs", json!(3)),
        ("training.pretraining_epochs", json!(2)),
    ];
    let is_own = |(path, _): &&(&str, Value)| {
        let (_, name) = path.split_once('.').unwrap();
        Recipe::has_setting(model, name)
    };
    let pairs: Vec<_> = pairs.iter().filter(is_own).cloned().collect();
    recipe(model, dataset, &pairs)
}

#[test]
fn every_model_goes_on_after_each_of_its_epochs() {
    let (fruits, houses, unlabelled) = (fruits(), houses(), houses_without_target());
    for &model in Model::VARIANTS {
        let dataset = if model.is_clustering() {
            &unlabelled
        } else {
            &fruits
        };
        assert_goes_on(&small_recipe(model, dataset), dataset);
    }
    assert_goes_on(&small_recipe(Model::Mlp, &houses), &houses);
}

fn assert_mlp_goes_on(pairs: &[(&str, Value)]) {
    let fruits = fruits();
    let pairs = [
        &[
            ("training.epochs", json!(EPOCHS)),
            ("training.batch_size", json!(8)),
            ("model.dropout", json!(0.3)),
        ],
        pairs,
    ]
    .concat();
    assert_goes_on(&recipe(Model::Mlp, &fruits, &pairs), &fruits);
}

#[test]
fn every_optimizer_and_every_schedule_goes_on() {
    for optimizer in Optimizer::VARIANTS {
        assert_mlp_goes_on(&[
            ("training.optimizer", json!(optimizer.to_string())),
            ("training.schedule", json!("constant")),
        ]);
    }
    for schedule in Schedule::VARIANTS {
        assert_mlp_goes_on(&[("training.schedule", json!(schedule.to_string()))]);
    }
}

#[test]
fn averages_normalisations_and_patience_go_on() {
    assert_mlp_goes_on(&[("training.ema", json!(0.9))]);
    assert_mlp_goes_on(&[("model.normalization", json!("batch"))]);
    assert_mlp_goes_on(&[
        ("training.patience", json!(1)),
        ("training.learning_rate", json!(0.9)),
        ("training.clip_global_norm", json!(0.5)),
    ]);
}

#[test]
fn more_epochs_follow_a_training_that_was_complete() {
    let fruits = fruits();
    let of = |epochs: usize| {
        let schedule = ("training.schedule", json!("constant"));
        let pairs = [("training.epochs", json!(epochs)), schedule];
        recipe(Model::Mlp, &fruits, &pairs)
    };
    let [first, whole] = [(); 2].map(|()| tempfile::tempdir().unwrap());
    fit(&training(&of(2), first.path()), &fruits).unwrap();
    let more = fit(&training(&of(5), first.path()).resuming(), &fruits).unwrap();
    let whole = fit(&training(&of(5), whole.path()), &fruits).unwrap();
    assert_eq!((more.epochs, whole.epochs), (5, 5));
    assert_eq!(weights(&more.model), weights(&whole.model));
    // What is over is not trained again.
    let again = fit(&training(&of(5), first.path()).resuming(), &fruits).unwrap();
    assert_eq!(weights(&again.model), weights(&whole.model));
}

#[test]
fn another_training_does_not_go_on() {
    let (fruits, houses) = (fruits(), houses());
    let folder = tempfile::tempdir().unwrap();
    let of = |epochs: usize, rate: f64| {
        let pairs = [
            ("training.epochs", json!(epochs)),
            ("training.learning_rate", json!(rate)),
        ];
        recipe(Model::Mlp, &fruits, &pairs)
    };
    fit(&training(&of(3, 0.01), folder.path()), &fruits).unwrap();
    let message = |recipe: &Recipe, dataset: &Dataset| {
        let training = training(recipe, folder.path()).resuming();
        fit(&training, dataset).unwrap_err().to_string()
    };
    for (recipe, expected) in [
        (of(2, 0.01), "`epochs` was 3, but is 2"),
        (of(3, 0.02), "`learning_rate` was 0.01, but is 0.02"),
    ] {
        let message = message(&recipe, &fruits);
        assert!(message.contains(expected), "{message}");
    }
    let message = message(&short_recipe(Model::Mlp, &houses, 3), &houses);
    assert!(message.contains("this is not the training"), "{message}");
}

#[test]
fn a_damaged_checkpoint_is_rejected() {
    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    let recipe = short_recipe(Model::Mlp, &fruits, 2);
    fit(&training(&recipe, folder.path()), &fruits).unwrap();
    let path = folder.path().join("checkpoint/training.safetensors");
    let whole = fs::read(&path).unwrap();
    for at in (0..whole.len()).step_by(whole.len() / 50) {
        let mut damaged = whole.clone();
        damaged[at] ^= 16;
        for damaged in [&damaged[..], &whole[..at]] {
            fs::write(&path, damaged).unwrap();
            let error = fit(&training(&recipe, folder.path()).resuming(), &fruits);
            let error = error.unwrap_err();
            assert!(matches!(error, Error::DamagedCheckpoint { .. }), "{error}");
        }
    }
}

#[test]
fn a_model_is_there_as_far_as_its_training_got() {
    let fruits = fruits();
    for model in [Model::Mlp, Model::Ensemble] {
        let folder = tempfile::tempdir().unwrap();
        let recipe = short_recipe(model, &fruits, EPOCHS);
        let so_far =
            || training(&recipe, folder.path()).fit_so_far(&fruits, &burn::tensor::Device::flex());
        assert!(matches!(so_far(), Err(Error::NothingTrained)));
        let stopped = stop_after(2, training(&recipe, folder.path()), &fruits).unwrap();
        let before = curves(folder.path());
        let found = so_far().unwrap();
        assert_eq!(weights(&found.model), weights(&stopped.model));
        assert_eq!(found.epochs, 2);
        assert_eq!(curves(folder.path()), before, "nothing is written");
    }
}
