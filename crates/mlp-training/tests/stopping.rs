//! A training that is stopped keeps the best network so far.

mod tables;

use std::sync::{Arc, Mutex};

use mlp_datasets::Dataset;
use mlp_training::{
    Ending, EpochSummary, Error, Fitted, MetricDefinition, Model, Outcome, Progress, Recipe,
    SplitName, StopHandle, Training,
};
use tables::{fit, fruits, houses_without_target, recipe, short_recipe, weights};

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
fn a_clustering_that_is_stopped_skips_the_phases_that_would_follow() {
    #[derive(Clone, Default)]
    struct StopInSecond(StopHandle, Arc<Mutex<Vec<String>>>);

    impl Progress for StopInSecond {
        fn start(&mut self, phase: &str, _num_epochs: usize, _metrics: &[MetricDefinition]) {
            self.1.lock().unwrap().push(phase.to_owned());
        }

        fn end_epoch(&mut self, epoch: &EpochSummary) {
            if epoch.epoch == 2 {
                self.0.stop();
            }
        }
    }

    let fruits = fruits();
    let progress = StopInSecond::default();
    let training = Training::new(short_recipe(Model::Idec, &fruits, 5))
        .with_stop(progress.0.clone())
        .with_progress(progress.clone());
    let fitted = fit(&training, &fruits).unwrap();

    assert!(fitted.is_interrupted());
    assert_eq!(fitted.epochs, 2);
    assert_eq!(*progress.1.lock().unwrap(), ["pretraining"]);
}

/// Abandons a training at the end of its first epoch.
struct AbandonAfterFirst(StopHandle);

impl Progress for AbandonAfterFirst {
    fn end_epoch(&mut self, _epoch: &EpochSummary) {
        self.0.abandon();
    }
}

#[test]
fn a_training_that_is_abandoned_leaves_no_model() {
    for model in [Model::Mlp, Model::Som, Model::Idec, Model::Ensemble] {
        let dataset = if model.is_clustering() {
            houses_without_target()
        } else {
            fruits()
        };
        let stop = StopHandle::new();
        let training = Training::new(short_recipe(model, &dataset, 1_000_000))
            .with_stop(stop.clone())
            .with_progress(AbandonAfterFirst(stop));
        let error = fit(&training, &dataset).unwrap_err();
        assert!(matches!(error, Error::Abandoned), "{model}: {error}");
    }
}
