//! An epoch of training, with shuffling, metrics, validation and checkpoints, compared with the same
//! number of bare steps on batches in memory: the median times, measured in turn.
//!
//! ```text
//! cargo bench -p trainer --bench epoch
//! cargo bench -p trainer --bench epoch -- mnist MNIST_FOLDER 128
//! ```
//!
//! The first command trains on iris, the second on MNIST with the given number of hidden units.

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::env::args;
use std::fs;
use std::path::Path;
use std::time::Instant;

use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Device;
use mlp_datasets::{BuiltIn, Dataset, ExampleTargets, Examples, LoadOptions, Preprocessor, Split};
use mlp_models::Network;
use mlp_models::loss::{Loss, Targets};
use mlp_training::{
    MlpRecipe, NetworkInputs, Problem, StayAwake, SupervisedRecipe, Training, share_work,
};
use trainer::Backend;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NUM_ROUNDS: usize = 7;
const SEED: u64 = 0;

fn main() {
    share_work();
    let mut given = args().skip(1).filter(|argument| !argument.starts_with('-'));
    let name = given.next().unwrap_or_else(|| "iris".to_owned());
    let options = LoadOptions {
        data_dir: given.next().map(Into::into),
        ..LoadOptions::default()
    };
    let dataset = name.parse::<BuiltIn>().and_then(|set| set.load(&options));
    let dataset = dataset.expect("the data set can be loaded");
    let mut recipe = MlpRecipe::new(Problem::of(&dataset).expect("the data set has a target"));
    let mut num_epochs = 2000;
    if let Some(units) = given.next() {
        recipe.model.hidden = vec![units.parse().expect("a number of units")];
        recipe.training.batch_size = 128;
        num_epochs = 20;
    }
    let backend = Backend::preferred().expect("a backend is compiled in");
    let device = backend.device().expect("the backend has a device");

    let folder = tempfile::tempdir().expect("a folder can be created");
    let mut bare = Bare::new(&recipe, &dataset, &device);
    let (mut epochs, mut bare_epochs) = (Vec::new(), Vec::new());
    for _ in 0..NUM_ROUNDS {
        // The difference does not contain the time of preparation and evaluation.
        let [one, all] = [1, 1 + num_epochs].map(|epochs| {
            recipe.training.epochs = epochs;
            seconds(|| train(&recipe, &dataset, &device, folder.path()))
        });
        epochs.push((all - one) / num_epochs as f64);
        let awake = StayAwake::new();
        bare_epochs
            .push(seconds(|| (0..num_epochs).for_each(|_| bare.epoch())) / num_epochs as f64);
        drop(awake);
    }
    let [epoch, bare_epoch] = [epochs, bare_epochs].map(|mut seconds| {
        seconds.sort_unstable_by(f64::total_cmp);
        seconds[NUM_ROUNDS / 2] * 1e6
    });
    let steps = bare.batches.len();
    let (percent, a_step) = (
        (epoch / bare_epoch - 1.0) * 100.0,
        (epoch - bare_epoch) / steps as f64,
    );
    println!(
        "{name}: an epoch of {steps} steps {epoch:.0} us, as many bare steps {bare_epoch:.0} us"
    );
    println!("{percent:.1} % or {a_step:.1} us a step more");
}

fn seconds(work: impl FnOnce()) -> f64 {
    let begun = Instant::now();
    work();
    begun.elapsed().as_secs_f64()
}

/// Trains in a new folder.
fn train(recipe: &MlpRecipe, dataset: &Dataset, device: &Device, folder: &Path) {
    let folder = folder.join("run");
    if folder.exists() {
        fs::remove_dir_all(&folder).expect("the last run can be removed");
    }
    fs::create_dir(&folder).expect("a folder can be created");
    let fitted = Training::new(recipe.clone())
        .with_seed(SEED)
        .with_folder(&folder)
        .with_threads_awake(true)
        .fit(dataset, device)
        .expect("training does not fail");
    fitted.model.save(&folder).expect("the model can be saved");
}

/// Training steps and nothing else.
struct Bare {
    network: Option<Network>,
    loss: Loss,
    optimizer: ModuleOptimizer,
    learning_rate: f64,
    batches: Vec<Examples>,
}

impl Bare {
    fn new(recipe: &MlpRecipe, dataset: &Dataset, device: &Device) -> Self {
        let (table, training) = (&dataset.table, &recipe.training);
        let split = Split::new(table, &dataset.partition, &recipe.data.split(SEED));
        let rows = split.expect("there are enough rows").train;
        let preprocessor = Preprocessor::fit(table, &rows, recipe.data.preprocessor());
        let preprocessor = preprocessor.expect("the preprocessor can be fitted");
        let autodiff = device.clone().autodiff();
        let batch = |rows: &[usize]| {
            let examples = Examples::new(table, rows, &preprocessor, device);
            let examples = examples.expect("rows can be preprocessed");
            examples.to_device(&autodiff)
        };
        let batches: Vec<_> = rows.chunks(training.batch_size).map(batch).collect();
        let d_output = match preprocessor.classes() {
            Some(classes) => training.loss_config().num_outputs(classes.len(), false),
            None => preprocessor.target.names().len(),
        };
        let inputs = NetworkInputs {
            spec: &preprocessor.input_spec(),
            rows: None,
        };
        let network = recipe.network(inputs, d_output);
        let network = network.expect("the recipe suits the table");
        Self {
            network: Some(network.init(&autodiff)),
            loss: training.loss_config().init(&autodiff),
            optimizer: training
                .optimizer
                .init(training.hyperparameters(), training.epochs * batches.len()),
            learning_rate: training.learning_rate,
            batches,
        }
    }

    fn epoch(&mut self) {
        for batch in self.batches.clone() {
            let Some(network) = self.network.take() else {
                unreachable!("each step puts the network back");
            };
            let outputs = network.forward(batch.features, batch.categories);
            let targets = match batch.targets {
                ExampleTargets::Classes(classes) => Targets::Classes(classes),
                ExampleTargets::Numbers(numbers) => Targets::Numbers(numbers),
            };
            let (_, gradients) = self.loss.backward(outputs, targets, batch.weights);
            let gradients = GradientsParams::from_grads(gradients, &network);
            self.network = Some(self.optimizer.step(self.learning_rate, network, gradients));
        }
    }
}
