//! What a training writes into a folder.

mod tables;

use std::fs;
use std::sync::{Arc, Mutex};

use mlp_training::{Measure, Model, Progress, SplitName, Training};
use tables::{fit, fruits, names_in, short_recipe, train};

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
        "epoch,learning_rate,gradient_norm,train_loss,valid_loss,train_accuracy,valid_accuracy"
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
        (Model::Som, ["checkpoint", "map.csv"].as_slice()),
        (Model::Autoencoder, &["checkpoint", "pretraining.csv"]),
        (
            Model::Dec,
            &["checkpoint", "clustering.csv", "pretraining.csv"],
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let training = Training::new(short_recipe(model, &fruits, 2)).with_folder(folder.path());
        fit(&training, &fruits).unwrap();
        assert_eq!(names_in(folder.path()), curves);
    }
}

/// Remembers the warnings of a training.
#[derive(Clone, Default)]
struct Warnings(Arc<Mutex<Vec<String>>>);

impl Progress for Warnings {
    fn warn(&mut self, warning: &str) {
        self.0.lock().unwrap().push(warning.to_owned());
    }
}

#[test]
fn a_folder_that_cannot_be_written_is_a_warning() {
    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    // A file is in the place of the folder.
    let path = folder.path().join("taken");
    fs::write(&path, "").unwrap();
    let warnings = Warnings::default();
    let training = Training::new(short_recipe(Model::Mlp, &fruits, 2))
        .with_folder(&path)
        .with_progress(warnings.clone());
    let fitted = fit(&training, &fruits).unwrap();
    assert_eq!(fitted.epochs, 2);
    let warnings = warnings.0.lock().unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    let curve = path.join("metrics.csv");
    let expected = format!("the learning curve `{}` cannot be written", curve.display());
    assert!(warnings[0].starts_with(&expected), "{}", warnings[0]);
    let expected = "the state of the training cannot be kept: cannot write";
    assert!(warnings[1].starts_with(expected), "{}", warnings[1]);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_a_link_in_the_folder() {
    use std::os::unix::fs::symlink;

    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    for name in ["theirs", "run", "members"] {
        fs::create_dir(path(name)).unwrap();
    }
    fs::write(path("theirs/curve"), "theirs").unwrap();
    symlink(path("theirs"), path("run/checkpoint")).unwrap();
    symlink(path("theirs/curve"), path("run/metrics.csv")).unwrap();
    symlink(path("theirs"), path("members/member-2")).unwrap();

    let warnings = Warnings::default();
    let training = Training::new(short_recipe(Model::Mlp, &fruits, 2))
        .with_folder(path("run"))
        .with_progress(warnings.clone());
    fit(&training, &fruits).unwrap();
    let warnings = warnings.0.lock().unwrap();
    assert_eq!(warnings.len(), 2, "{warnings:?}");
    assert!(
        warnings[0].ends_with("it is not a regular file"),
        "{warnings:?}"
    );
    assert!(
        warnings[1].ends_with("its folder is a link"),
        "{warnings:?}"
    );

    let recipe = short_recipe(Model::Ensemble, &fruits, 1);
    let training = Training::new(recipe).with_folder(path("members"));
    let error = fit(&training, &fruits).err().unwrap().to_string();
    assert!(error.contains("member-2"), "{error}");

    assert_eq!(names_in(&path("theirs")), ["curve"]);
    assert_eq!(fs::read_to_string(path("theirs/curve")).unwrap(), "theirs");
}

#[test]
fn the_norm_of_the_gradients_is_in_the_learning_curve() {
    let fruits = fruits();
    let (_, epochs) = train(short_recipe(Model::Mlp, &fruits, 3), &fruits);
    let norms = epochs.values(Measure::GradientNorm, SplitName::Train);
    assert_eq!(norms.len(), 3);
    assert!(norms.iter().all(|norm| *norm > 0.0 && norm.is_finite()));
}
