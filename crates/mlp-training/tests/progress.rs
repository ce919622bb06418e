//! How a training is followed and stopped, and what it leaves in a folder.

mod tables;

use std::fs;
use std::sync::{Arc, Mutex};

use burn::tensor::Device;
use mlp_datasets::Dataset;
use mlp_training::{
    Ending, EpochSummary, Error, Fitted, Measure, MetricDefinition, MetricState, Model, Outcome,
    Progress, Recipe, SplitName, StopHandle, Training,
};
use tables::{alone, fit, fruits, names_in, recipe, short_recipe, weights};

/// What a training reports, in a few words each. Metrics and numbers of rows are only checked.
#[derive(Clone, Default)]
struct Events(Arc<Mutex<Heard>>);

#[derive(Default)]
struct Heard {
    events: Vec<String>,
    metrics: Vec<MetricDefinition>,
    /// The pass that is under way: over which rows, how many there are, and how many are done.
    pass: Option<(SplitName, usize, usize)>,
}

impl Progress for Events {
    fn start(&mut self, phase: &str, num_epochs: usize, metrics: &[MetricDefinition]) {
        let mut heard = self.0.lock().unwrap();
        heard.metrics = metrics.to_vec();
        let names: Vec<&str> = metrics.iter().map(|metric| metric.name.as_str()).collect();
        let names = names.join(", ");
        heard
            .events
            .push(format!("start `{phase}` {num_epochs}: {names}"));
    }

    fn start_pass(&mut self, rows: SplitName, num_rows: usize) {
        let mut heard = self.0.lock().unwrap();
        assert_eq!(heard.pass, None, "a pass begins within another one");
        heard.pass = Some((rows, num_rows, 0));
        heard.events.push(format!("start {rows} {num_rows}"));
    }

    fn metric(&mut self, rows: SplitName, state: MetricState) {
        let heard = self.0.lock().unwrap();
        assert_eq!(heard.pass.unwrap().0, rows);
        let entry = match state {
            MetricState::Generic(entry) | MetricState::Numeric(entry, _) => entry,
        };
        let mut known = heard.metrics.iter();
        assert!(known.any(|metric| metric.metric_id == entry.metric_id));
    }

    fn advance(&mut self, rows: SplitName, num_rows: usize) {
        let mut heard = self.0.lock().unwrap();
        let (of_pass, all, done) = heard.pass.unwrap();
        assert_eq!(of_pass, rows);
        assert!(
            done < num_rows && num_rows <= all,
            "{done} {num_rows} {all}"
        );
        heard.pass = Some((rows, all, num_rows));
    }

    fn end_pass(&mut self, rows: SplitName) {
        let mut heard = self.0.lock().unwrap();
        let (of_pass, all, done) = heard.pass.take().unwrap();
        assert_eq!((of_pass, done), (rows, all), "a pass ends too early");
        heard.events.push(format!("end {rows}"));
    }

    fn end_epoch(&mut self, epoch: &EpochSummary) {
        let EpochSummary {
            epoch, num_epochs, ..
        } = epoch;
        let mut heard = self.0.lock().unwrap();
        heard.events.push(format!("epoch {epoch} of {num_epochs}"));
    }

    fn end(&mut self) {
        self.0.lock().unwrap().events.push("end".to_owned());
    }
}

fn events(recipe: Recipe, dataset: &Dataset) -> Vec<String> {
    let events = Events::default();
    fit(
        &Training::new(recipe).with_progress(events.clone()),
        dataset,
    )
    .unwrap();
    std::mem::take(&mut events.0.lock().unwrap().events)
}

/// Stops a training in an epoch: while its training rows are passed over, or once it has ended.
struct StopIn {
    stop: StopHandle,
    epoch: usize,
    within: bool,
    ended: usize,
}

impl Progress for StopIn {
    fn advance(&mut self, rows: SplitName, _num_rows: usize) {
        if self.within && rows == SplitName::Train && self.ended + 1 == self.epoch {
            self.stop.stop();
        }
    }

    fn end_epoch(&mut self, epoch: &EpochSummary) {
        self.ended = epoch.epoch;
        if !self.within && self.ended == self.epoch {
            self.stop.stop();
        }
    }
}

/// A training that stops in an epoch.
fn stopping(recipe: Recipe, epoch: usize, within: bool) -> Training {
    let stop = StopHandle::new();
    Training::new(recipe)
        .with_stop(stop.clone())
        .with_progress(StopIn {
            stop,
            epoch,
            within,
            ended: 0,
        })
}

/// A recipe whose epochs are the same however many follow them. The first ones are the best: the
/// rate is far too high.
fn constant(dataset: &Dataset, epochs: usize) -> Recipe {
    recipe(
        Model::Mlp,
        dataset,
        &[
            ("training.epochs", epochs.into()),
            ("training.schedule", "constant".into()),
            ("training.learning_rate", 0.3.into()),
        ],
    )
}

fn best_epoch(fitted: &Fitted) -> usize {
    match &fitted.outcome {
        Outcome::Prediction(outcome) => outcome.best_epoch,
        Outcome::Clustering(_) => panic!("the model predicts"),
    }
}

#[test]
fn a_training_reports_its_epochs_and_their_passes_in_order() {
    let fruits = fruits();
    let expected = [
        "start `` 2: Loss, Learning Rate, Accuracy",
        "start train 36",
        "end train",
        "start valid 12",
        "end valid",
        "epoch 1 of 2",
        "start train 36",
        "end train",
        "start valid 12",
        "end valid",
        "epoch 2 of 2",
        "end",
    ];
    assert_eq!(
        events(short_recipe(Model::Mlp, &fruits, 2), &fruits),
        expected
    );
}

#[test]
fn phases_follow_each_other_and_pass_over_all_rows_without_validating() {
    let fruits = fruits();
    let phase = |name: &str| {
        [
            &format!("start `{name}` 1: Loss, Learning Rate"),
            "start train 60",
            "end train",
            "epoch 1 of 1",
            "end",
        ]
        .map(str::to_owned)
    };
    let expected = [phase("pretraining"), phase("clustering")].concat();
    assert_eq!(
        events(short_recipe(Model::Idec, &fruits, 1), &fruits),
        expected
    );
    assert_eq!(
        events(short_recipe(Model::Som, &fruits, 1), &fruits),
        phase("map")
    );
}

#[test]
fn an_epoch_is_summarised_by_its_losses_accuracies_and_learning_rate() {
    #[derive(Clone, Default)]
    struct Last(Arc<Mutex<Option<EpochSummary>>>);

    impl Progress for Last {
        fn end_epoch(&mut self, epoch: &EpochSummary) {
            *self.0.lock().unwrap() = Some(epoch.clone());
        }
    }

    let fruits = fruits();
    let last = Last::default();
    let training = Training::new(constant(&fruits, 2)).with_progress(last.clone());
    let fitted = fit(&training, &fruits).unwrap();

    let last = last.0.lock().unwrap().take().unwrap();
    assert_eq!((last.epoch, last.num_epochs), (2, 2));
    let rate = last.value(Measure::LearningRate, SplitName::Train).unwrap();
    assert!((rate - 0.3).abs() < 1e-12, "{rate}");
    assert!(last.value(Measure::Loss, SplitName::Train).unwrap() > 0.0);
    assert_eq!(last.value(Measure::Loss, SplitName::Test), None);
    if best_epoch(&fitted) == 2 {
        let accuracy = fitted
            .evaluation(SplitName::Valid)
            .unwrap()
            .metrics
            .accuracy;
        assert_eq!(last.value(Measure::Accuracy, SplitName::Valid), accuracy);
    }
}

#[test]
fn a_training_that_is_stopped_keeps_the_best_network_so_far() {
    let fruits = fruits();
    let whole = fit(&Training::new(constant(&fruits, 6)), &fruits).unwrap();
    assert_eq!(whole.ending, Ending::Complete);
    assert!(best_epoch(&whole) < 6, "the last epoch is the best");

    // An epoch within which training is stopped does not count.
    for (epoch, within) in [(6, false), (7, true)] {
        let training = stopping(constant(&fruits, 1_000_000), epoch, within);
        let stopped = fit(&training, &fruits).unwrap();
        assert_eq!(stopped.ending, Ending::Interrupted);
        assert!(stopped.is_interrupted());
        assert_eq!(stopped.epochs, 6);
        assert_eq!(best_epoch(&stopped), best_epoch(&whole));
        assert!(weights(&stopped.model) == weights(&whole.model));
        assert_eq!(
            stopped.evaluation(SplitName::Test),
            whole.evaluation(SplitName::Test)
        );
    }
}

#[test]
fn a_training_that_is_stopped_within_the_first_epoch_has_no_best_one() {
    let fruits = fruits();
    let fitted = fit(&stopping(constant(&fruits, 9), 1, true), &fruits).unwrap();
    assert_eq!((fitted.epochs, best_epoch(&fitted)), (0, 0));
    assert!(fitted.is_interrupted());
}

#[test]
fn a_clustering_that_is_stopped_skips_what_would_follow() {
    let fruits = fruits();
    let training = stopping(short_recipe(Model::Idec, &fruits, 5), 2, false);
    let fitted = fit(&training, &fruits).unwrap();
    assert!(fitted.is_interrupted());
    assert_eq!(fitted.epochs, 2, "the clustering phase was trained");
}

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
fn a_fold_that_is_stopped_leaves_nothing_and_the_folds_before_it_are_kept() {
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
        assert_eq!(names_in(folder.path()).len(), kept);
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
