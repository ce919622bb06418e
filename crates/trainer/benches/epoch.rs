//! An epoch of the trainer, with its shuffling, metrics, validation and checkpoints, against as many
//! bare steps on batches that lie in memory, in turn: the median times.
//!
//! ```text
//! cargo bench -p trainer --bench epoch
//! cargo bench -p trainer --bench epoch -- mnist MNIST_FOLDER 128
//! ```
//!
//! The first trains on iris, the second on MNIST with so many hidden units.

#![allow(clippy::print_stdout)] // Its output is its purpose.

use std::env::args;
use std::path::Path;
use std::time::Instant;

use burn::optim::{GradientsParams, ModuleOptimizer};
use burn::tensor::Device;
use burn::train::Interrupter;
use mlp_datasets::{Dataset, Examples, LoadOptions, Preprocessor, Targets as ExampleTargets};
use mlp_models::{Loss, Network, Targets};
use trainer::{
    Progress, RunDirectory, StayAwake, TableOptions, TrainingConfig, TrainingOptions, load_dataset,
    share_work, train,
};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const NUM_ROUNDS: usize = 7;

fn main() {
    share_work();
    let mut given = args().skip(1).filter(|argument| !argument.starts_with('-'));
    let name = given.next().unwrap_or_else(|| "iris".to_owned());
    let options = LoadOptions {
        data_dir: given.next().map(Into::into),
        ..LoadOptions::default()
    };
    let dataset = load_dataset(&name, &options, &TableOptions::default(), true);
    let dataset = dataset.expect("the data set can be loaded");
    let mut config = TrainingConfig::resolve(TrainingOptions::default(), &dataset)
        .expect("the defaults fit the data set");
    let mut num_epochs = 2000;
    if let Some(units) = given.next() {
        config.hidden = vec![units.parse().expect("a number of units")];
        config.batch_size = 128;
        num_epochs = 20;
    }
    config.patience = None;

    let folder = tempfile::tempdir().expect("a folder can be made");
    let mut bare = Bare::new(&config, &dataset);
    let (mut epochs, mut bare_epochs) = (Vec::new(), Vec::new());
    for _ in 0..NUM_ROUNDS {
        // The first epoch comes with preparations and judging.
        let [one, all] = [1, 1 + num_epochs].map(|epochs| {
            config.epochs = epochs;
            seconds(|| run(&config, &dataset, folder.path()))
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

fn run(config: &TrainingConfig, dataset: &Dataset, folder: &Path) {
    let run = RunDirectory::create(&folder.join("run"), true).expect("a folder can be made");
    train(config, dataset, run, Progress::Silent, &Interrupter::new()).expect("it trains");
}

/// Steps without anything around them.
struct Bare {
    network: Option<Network>,
    loss: Loss,
    optimizer: ModuleOptimizer,
    learning_rate: f64,
    batches: Vec<Examples>,
}

impl Bare {
    fn new(config: &TrainingConfig, dataset: &Dataset) -> Self {
        let device = config.backend.device().expect("it has a device");
        let rows = config.split(dataset).expect("there are enough rows").train;
        let preprocessor = Preprocessor::fit(&dataset.table, &rows, config.preprocessor());
        let preprocessor = preprocessor.expect("it fits");
        let batches = rows
            .chunks(config.batch_size)
            .map(|rows| examples(dataset, rows, &preprocessor, &device))
            .collect();
        let device = device.autodiff();
        let optimizer = config.optimizer;
        Self {
            network: Some(config.network_for(&preprocessor).init(&device)),
            loss: config.loss().init(&device),
            optimizer: optimizer.init(config.weight_decay, config.clip_norm, config.backend),
            learning_rate: config.learning_rate,
            batches,
        }
    }

    fn epoch(&mut self) {
        for batch in self.batches.clone() {
            let Some(network) = self.network.take() else {
                unreachable!("each step gives it back");
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

/// Rows as tensors under autodiff.
fn examples(
    dataset: &Dataset,
    rows: &[usize],
    preprocessor: &Preprocessor,
    device: &Device,
) -> Examples {
    Examples::new(&dataset.table, rows, preprocessor, device)
        .expect("they can be encoded")
        .to_device(&device.clone().autodiff())
}
