//! A network is seen between the steps of its training, and may be changed there.

mod tables;

use std::sync::{Arc, Mutex};

use burn::tensor::Tensor;
use mlp_datasets::{BuiltIn, Dataset, LoadOptions};
use mlp_models::{Backbone, Network};
use mlp_training::{Fitted, MlpRecipe, ObservedTraining, Observer, Problem, Training};
use tables::fit;

fn iris() -> Dataset {
    BuiltIn::Iris.load(&LoadOptions::default()).unwrap()
}

fn training(iris: &Dataset) -> Training {
    let mut recipe = MlpRecipe::new(Problem::of(iris).unwrap());
    recipe.model.hidden = vec![4];
    recipe.model.dropout = 0.2;
    recipe.training.epochs = 5;
    Training::new(recipe)
}

fn probabilities(fitted: &Fitted, iris: &Dataset) -> Vec<f64> {
    let predictions = fitted.model.predict_rows(&iris.table, &[0, 70, 149]);
    let predictions = predictions.unwrap();
    predictions
        .classes()
        .unwrap()
        .probabilities
        .clone()
        .unwrap()
}

/// What was seen: the steps, how many an epoch has, and the first weight after each.
#[derive(Default)]
struct Seen {
    steps: Vec<usize>,
    steps_per_epoch: usize,
    weights: Vec<f32>,
}

/// Sees the network after each step, and sets its first layer to zero after some.
struct Watcher {
    seen: Arc<Mutex<Seen>>,
    zeroes_after: Option<usize>,
}

impl Observer for Watcher {
    fn begin(&mut self, training: ObservedTraining) {
        assert_eq!(training.config.d_output(), 3);
        assert_eq!(training.split.train.len(), 90);
        self.seen.lock().unwrap().steps_per_epoch = training.steps_per_epoch;
    }

    fn wants_network(&mut self, step: usize) -> bool {
        self.seen.lock().unwrap().steps.push(step);
        true
    }

    fn network(&mut self, step: usize, mut network: Network) -> Option<Network> {
        let Backbone::Mlp(mlp) = &mut network.backbone else {
            panic!("it is an mlp");
        };
        let weight = &mut mlp.hidden[0].linear.weight;
        let first = weight.val().slice([0..1, 0..1]).into_scalar::<f32>();
        self.seen.lock().unwrap().weights.push(first);
        if self.zeroes_after != Some(step) {
            return None;
        }
        *weight = weight.clone().map(|weight: Tensor<2>| weight.zeros_like());
        Some(network)
    }
}

fn watch(zeroes_after: Option<usize>) -> (Fitted, Arc<Mutex<Seen>>) {
    let seen = Arc::new(Mutex::new(Seen::default()));
    let watcher = Watcher {
        seen: seen.clone(),
        zeroes_after,
    };
    let iris = iris();
    let training = training(&iris).with_observer(watcher);
    (fit(&training, &iris).unwrap(), seen)
}

#[test]
fn whoever_only_looks_changes_nothing() {
    let iris = iris();
    let alone = fit(&training(&iris), &iris).unwrap();

    let (watched, seen) = watch(None);

    let seen = seen.lock().unwrap();
    assert_eq!(seen.steps_per_epoch, 3);
    assert_eq!(seen.steps, (0..=15).collect::<Vec<_>>());
    let is_new = |pair: &[f32]| pair[0] != pair[1];
    assert!(seen.weights.windows(2).all(is_new), "each step learns");
    assert_eq!(probabilities(&watched, &iris), probabilities(&alone, &iris));
}

#[test]
fn training_goes_on_from_changed_weights() {
    let (fitted, seen) = watch(Some(7));

    let seen = seen.lock().unwrap();
    // AdamW with a rate of 0.003 at most moves a weight by about as much in a step.
    let [before, after] = [seen.weights[7], seen.weights[8]];
    assert!(before.abs() > 0.05, "{before}");
    assert!(after != 0.0 && after.abs() < 0.01, "{after}");
    assert_eq!(fitted.epochs, 5);
}
