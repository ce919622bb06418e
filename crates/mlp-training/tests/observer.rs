//! A network is seen between the steps of its training, and may be changed there.

mod tables;

use std::sync::{Arc, Mutex};

use burn::tensor::Tensor;
use mlp_datasets::{BuiltIn, Dataset, LoadOptions};
use mlp_models::clustering::Clusterer;
use mlp_models::{Backbone, Network};
use mlp_training::{
    Fitted, MlpRecipe, Model, ObservedClustering, ObservedPhase, ObservedTraining, Observer,
    Outcome, Problem, Recipe, Settings, Training,
};
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

/// What was seen of a training that finds clusters.
#[derive(Default)]
struct Found {
    num_epochs: usize,
    steps_per_epoch: usize,
    phases: Vec<ObservedPhase>,
    steps: Vec<usize>,
    /// The prototypes at each of these steps.
    prototypes: Vec<Vec<f32>>,
}

/// Sees the units of a map or the centroids of an autoencoder after each step, and sets them to zero after
/// some.
struct ClusterWatcher {
    found: Arc<Mutex<Found>>,
    zeroes_after: Option<usize>,
}

impl Observer for ClusterWatcher {
    fn wants_network(&mut self, _step: usize) -> bool {
        true
    }

    fn network(&mut self, _step: usize, _network: Network) -> Option<Network> {
        panic!("nothing is predicted");
    }

    fn begin_clustering(&mut self, training: ObservedClustering) {
        assert_eq!(training.config.d_input(), 4);
        let mut found = self.found.lock().unwrap();
        found.num_epochs = training.num_epochs;
        found.steps_per_epoch = training.steps_per_epoch;
    }

    fn begin_phase(&mut self, phase: ObservedPhase) {
        self.found.lock().unwrap().phases.push(phase);
    }

    fn clusterer(&mut self, step: usize, mut clusterer: Clusterer) -> Option<Clusterer> {
        let mut found = self.found.lock().unwrap();
        found.steps.push(step);
        found.prototypes.push(prototypes(&clusterer));
        if self.zeroes_after != Some(step) {
            return None;
        }
        let points = match &mut clusterer {
            Clusterer::SelfOrganisingMap(map) => &mut map.weight,
            Clusterer::DeepEmbeddedClustering(network) => &mut network.centroids,
        };
        *points = points.clone().map(|points: Tensor<2>| points.zeros_like());
        Some(clusterer)
    }
}

fn prototypes(clusterer: &Clusterer) -> Vec<f32> {
    clusterer.prototypes().into_data().iter().collect()
}

fn clustering(model: Model, iris: &Dataset) -> Training {
    let mut settings = Settings::default();
    let mut set = |name: &str, value: serde_json::Value| {
        let section = match name {
            "epochs" | "pretraining_epochs" => &mut settings.training,
            _ => &mut settings.model,
        };
        section.insert(name.to_owned(), value);
    };
    if model != Model::Autoencoder {
        set("epochs", 3.into());
    }
    if model == Model::Som {
        set("grid", "4x3".into());
    } else {
        set("pretraining_epochs", 2.into());
        set("hidden", vec![8].into());
        set("d_code", 2.into());
    }
    let recipe = Recipe::new(model, Problem::clustering(iris), &settings).unwrap();
    Training::new(recipe).with_seed(5)
}

fn watch_clusters(model: Model, zeroes_after: Option<usize>) -> (Fitted, Arc<Mutex<Found>>) {
    let found = Arc::new(Mutex::new(Found::default()));
    let watcher = ClusterWatcher {
        found: found.clone(),
        zeroes_after,
    };
    let iris = iris();
    let training = clustering(model, &iris).with_observer(watcher);
    (fit(&training, &iris).unwrap(), found)
}

/// The prototypes of what was trained, and the cluster of each row.
fn outcome(fitted: &Fitted) -> (Vec<f32>, Vec<usize>) {
    let Outcome::Clustering(clustering) = &fitted.outcome else {
        panic!("it finds clusters");
    };
    let mlp_inference::TrainedNetwork::Clustering { network, .. } = fitted.model.trained_network()
    else {
        panic!("it finds clusters");
    };
    (prototypes(network), clustering.found.clusters.clone())
}

#[test]
fn maps_and_autoencoders_that_are_watched_come_out_as_without_it() {
    let iris = iris();
    for model in [Model::Som, Model::Dec, Model::Idec, Model::Autoencoder] {
        let alone = fit(&clustering(model, &iris), &iris).unwrap();
        let (watched, _) = watch_clusters(model, None);
        assert_eq!(outcome(&watched), outcome(&alone), "{model}");
    }
}

#[test]
fn a_map_is_seen_after_each_step() {
    let (fitted, found) = watch_clusters(Model::Som, None);
    let found = found.lock().unwrap();
    // 150 rows in batches of 32.
    assert_eq!((found.num_epochs, found.steps_per_epoch), (3, 5));
    assert_eq!(found.steps, (0..=15).collect::<Vec<_>>());
    let is_new = |pair: &[Vec<f32>]| pair[0] != pair[1];
    assert!(found.prototypes.windows(2).all(is_new), "each step learns");
    assert!(found.prototypes.iter().all(|units| units.len() == 12 * 4));
    let (trained, _) = outcome(&fitted);
    assert_eq!(found.prototypes.last(), Some(&trained));
}

#[test]
fn steps_are_counted_on_through_the_phases_of_an_autoencoder() {
    let (_, found) = watch_clusters(Model::Idec, None);
    let found = found.lock().unwrap();
    let [pretraining, clustering] = found.phases[..] else {
        panic!("{:?}", found.phases);
    };
    assert_eq!(
        (pretraining.name, pretraining.epochs_before),
        ("pretraining", 0)
    );
    assert_eq!(
        (clustering.name, clustering.epochs_before),
        ("clustering", 2)
    );
    let per_epoch = found.steps_per_epoch;
    let last = *found.steps.last().unwrap();
    let between = 2 * per_epoch;
    let expected: Vec<usize> = (0..=between).chain(between..=last).collect();
    assert_eq!(found.steps, expected);
    assert!(last <= found.num_epochs * per_epoch);
}

#[test]
fn a_map_goes_on_from_changed_units() {
    let (_, found) = watch_clusters(Model::Som, Some(14));
    let found = found.lock().unwrap();
    let largest = |units: &Vec<f32>| units.iter().fold(0.0f32, |most, unit| most.max(unit.abs()));
    // From zero, one small step for the last radius and rate.
    let [before, after] = [14, 15].map(|step| largest(&found.prototypes[step]));
    assert!(before > 1.0 && after < 0.5, "{before} and {after}");
}
