use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use burn::data::dataloader::{DataLoader, DataLoaderIterator, Progress as LoaderProgress};
use burn::data::dataset::DatasetError;
use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::tensor::Device;
use burn::train::metric::store::{EventStoreClient, Split};
use burn::train::metric::{LearningRateMetric, LossMetric};
use burn::train::{EarlyStoppingStrategy, Interrupter, Learner, SupervisedTraining};
use mlp_datasets::{Examples, ExamplesLoader};

use super::objective::Trainee;
use crate::learning::{History, Measure, Recorder, SingleDevice, launch};
use crate::{Backend, Error, Optimizer, Progress};

/// A part of a training with an objective of its own.
pub struct Phase<'a> {
    /// What it is called on the way, and what its learning curve is.
    pub name: &'static str,
    pub epochs: usize,
    pub batch_size: usize,
    pub optimizer: Optimizer,
    /// The learning rate of the first and of the last step, between which it changes along a line.
    pub learning_rates: [f64; 2],
    pub seed: u64,
    pub backend: Backend,
    pub folder: &'a Path,
    pub progress: Progress,
    pub interrupter: &'a Interrupter,
}

/// What a phase leaves behind.
pub struct Trained {
    pub trainee: Trainee,
    pub epochs: usize,
    pub interrupted: bool,
}

impl Phase<'_> {
    /// Trains with Burn's learner until the last epoch, or until `is_done` says so after one.
    pub fn fit(
        &self,
        trainee: Trainee,
        examples: Examples,
        is_done: impl Fn() -> bool + Clone + Send + Sync + 'static,
    ) -> Result<Trained, Error> {
        let num_steps = self.epochs * examples.len().div_ceil(self.batch_size);
        let [first, last] = self.learning_rates;
        let schedule = LinearLrSchedulerConfig::new(first, last, num_steps)
            .init()
            .map_err(|_| Error::InvalidOption {
                option: "learning-rate",
                value: first.to_string(),
                allowed: "above 0 and at most 1".to_owned(),
            })?;
        let optimizer = self.optimizer.init(0.0, None, self.backend);
        let columns = vec![
            (Measure::LearningRate, Split::Train),
            (Measure::Loss, Split::Train),
        ];
        let curve = self.folder.join(format!("{}.csv", self.name));
        let history = History::create(&curve, columns)?;
        let diverged = Arc::new(Mutex::new(None));
        let stopping = Stopping {
            history: history.clone(),
            is_done,
            diverged: Arc::clone(&diverged),
        };
        let display = self.progress.renderer(self.name, self.interrupter);
        let recorder = Recorder::new(history.clone(), display)
            .with(&Split::Train, Measure::Loss, LossMetric::new())
            .with(
                &Split::Train,
                Measure::LearningRate,
                LearningRateMetric::new(),
            );
        let rows = ExamplesLoader::new(examples, self.batch_size).shuffled(self.seed);
        let training = SupervisedTraining::new(self.folder, Arc::new(rows), Arc::new(NoRows))
            .with_interrupter(self.interrupter.clone())
            .early_stopping(stopping)
            .num_epochs(self.epochs);
        let strategy = SingleDevice::new(self.backend, self.batch_size, recorder)?;
        let learner = Learner::new(trainee, optimizer, schedule);
        let (trainee, interrupted) = launch(training, strategy, learner, &history)?;
        let diverged = *diverged.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((epoch, loss)) = diverged {
            let rate = history.value(Measure::LearningRate, &Split::Train, epoch);
            return Err(Error::Diverged {
                split: "train",
                loss,
                epoch,
                learning_rate: rate.unwrap_or(first),
                kept: None,
            });
        }
        Ok(Trained {
            trainee,
            epochs: history.epochs(),
            interrupted,
        })
    }
}

/// Decides after each epoch whether the phase goes on.
#[derive(Clone)]
struct Stopping<F> {
    history: History,
    is_done: F,
    /// The epoch in which the loss stopped being finite, and what it became.
    diverged: Arc<Mutex<Option<(usize, f64)>>>,
}

impl<F: Fn() -> bool + Send> EarlyStoppingStrategy for Stopping<F> {
    fn should_stop(&mut self, epoch: usize, _store: &EventStoreClient) -> bool {
        let loss = self.history.value(Measure::Loss, &Split::Train, epoch);
        if let Some(loss) = loss.filter(|loss| !loss.is_finite()) {
            let mut diverged = self.diverged.lock().unwrap_or_else(PoisonError::into_inner);
            *diverged = Some((epoch, loss));
            return true;
        }
        (self.is_done)()
    }
}

/// What Burn's learner validates on: all rows are there to be grouped, and none is held back.
struct NoRows;

impl DataLoader<Examples> for NoRows {
    fn iter<'a>(&'a self) -> Box<dyn DataLoaderIterator<Examples> + 'a> {
        Box::new(Nothing)
    }

    fn num_items(&self) -> usize {
        0
    }

    fn to_device(&self, _device: &Device) -> Arc<dyn DataLoader<Examples>> {
        Arc::new(Self)
    }

    fn slice(&self, _start: usize, _end: usize) -> Arc<dyn DataLoader<Examples>> {
        Arc::new(Self)
    }
}

struct Nothing;

impl Iterator for Nothing {
    type Item = Result<Examples, DatasetError>;

    fn next(&mut self) -> Option<Self::Item> {
        None
    }
}

impl DataLoaderIterator<Examples> for Nothing {
    fn progress(&self) -> LoaderProgress {
        LoaderProgress::new(0, 0, None)
    }
}
