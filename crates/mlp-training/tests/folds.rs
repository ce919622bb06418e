//! Cross-validation: a model for each fold.

mod tables;

use burn::tensor::Device;
use mlp_datasets::Dataset;
use mlp_training::{Error, Model, Recipe, SplitName, StopHandle, Training};
use tables::{alone, fruits, names_in, recipe, short_recipe, weights};

/// A recipe with three folds.
fn three_folds(dataset: &Dataset) -> Recipe {
    let pairs = [("training.epochs", 3.into()), ("data.folds", 3.into())];
    recipe(Model::Mlp, dataset, &pairs)
}

#[test]
fn there_are_as_many_models_as_folds_and_each_row_is_tested_once() {
    let fruits = fruits();
    let folder = tempfile::tempdir().unwrap();
    let training = Training::new(three_folds(&fruits)).with_folder(folder.path());
    let mut begun = Vec::new();

    let fitted = alone(|| {
        training.fit_folds(&fruits, &Device::flex(), |fold, folds| {
            begun.push((fold, folds));
        })
    })
    .unwrap();

    assert_eq!(begun, [(1, 3), (2, 3), (3, 3)]);
    assert_eq!(fitted.len(), 3);
    let weights: Vec<_> = fitted.iter().map(|fitted| weights(&fitted.model)).collect();
    assert!(weights[0] != weights[1] && weights[1] != weights[2]);
    let splits = training.folds(&fruits).unwrap();
    let mut tested: Vec<usize> = splits.iter().flat_map(|split| split.test.clone()).collect();
    tested.sort_unstable();
    assert_eq!(tested, (0..60).collect::<Vec<_>>());
    for (fitted, split) in fitted.iter().zip(&splits) {
        let evaluation = fitted.evaluation(SplitName::Test).unwrap();
        let rows = evaluation.confusion_matrix.iter().flatten().flatten();
        assert_eq!(rows.sum::<usize>(), split.test.len());
    }
    assert_eq!(names_in(folder.path()), ["fold-1", "fold-2", "fold-3"]);
    for fold in ["fold-1", "fold-3"] {
        let names = names_in(&folder.path().join(fold));
        assert_eq!(names, ["checkpoint", "metrics.csv"]);
    }
}

#[test]
fn a_fold_that_is_stopped_does_not_count_and_the_folds_before_it_do() {
    let fruits = fruits();
    for (fold_to_stop, kept) in [(2, 1), (1, 0)] {
        let folder = tempfile::tempdir().unwrap();
        let stop = StopHandle::new();
        let training = Training::new(three_folds(&fruits))
            .with_folder(folder.path())
            .with_stop(stop.clone());
        let fitted = alone(|| {
            training.fit_folds(&fruits, &Device::flex(), |fold, _| {
                if fold == fold_to_stop {
                    stop.stop();
                }
            })
        });
        match fitted {
            Ok(fitted) => assert_eq!(fitted.len(), kept),
            Err(error) => {
                assert!(matches!(error, Error::InterruptedTooEarly), "{error}");
                assert_eq!(kept, 0);
            }
        }
    }
}

#[test]
fn clusters_are_not_cross_validated() {
    let fruits = fruits();
    let training = Training::new(short_recipe(Model::Som, &fruits, 1));
    let error = training.fit_folds(&fruits, &Device::flex(), |_, _| {});
    assert_eq!(
        error.unwrap_err().to_string(),
        "`folds` does not apply to the model `som`"
    );
}
