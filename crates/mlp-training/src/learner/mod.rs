//! The part of a training that Burn's learner does.

mod averaging;
mod checkpoint;
mod clock;
mod gradient_norm;
mod history;
mod recorder;
mod seed;
mod strategy;
mod trainee;
mod weight_average;

use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, PoisonError};
use std::time::Duration;

use burn::module::Module;
use burn::tensor::Device;
use burn::train::logger::{EvaluationProgressLogger, TrainingProgressLogger};
use burn::train::metric::MetricDefinition;
use burn::train::renderer::{
    EvaluationName, MetricState, MetricsRenderer, MetricsRendererEvaluation,
    MetricsRendererTraining,
};
use burn::train::{
    InferenceStep, Learner, LearnerModel, SupervisedTraining, TrainStep, TrainingStrategy,
};

pub use averaging::Averaging;
pub use checkpoint::{Beginning, CheckpointFile, Identity, Memory, RAISABLE_SETTINGS, remembered};
pub use clock::{Batch, Clock, ClockedLoader};
pub use history::History;
pub use recorder::Recorder;
pub use seed::seed_device;
pub use strategy::{Epochs, Gather, SingleDevice};

use crate::Error;
use crate::observer::{ObservedClustering, ObservedTraining, SharedObserver};
use crate::progress::{SharedProgress, StopHandle};

/// The folder of checkpoints within that of a training.
const CHECKPOINTS: &str = "checkpoint";

/// What all phases of a training have in common.
pub struct Session {
    /// What computes, off autodiff.
    pub device: Device,
    /// The seed of weights, order and dropout.
    pub seed: u64,
    /// Where learning curves and checkpoints are written, if anywhere.
    pub folder: Option<PathBuf>,
    /// Where the checkpoints are that the training goes on from, if it does.
    pub resumed: Option<PathBuf>,
    /// The time between two checkpoints.
    pub checkpoint_interval: Duration,
    /// What is trained.
    pub identity: Identity,
    /// Who follows.
    pub progress: SharedProgress,
    /// Who sees the network between steps, if anyone.
    pub observer: Option<SharedObserver>,
    /// Who may stop it.
    pub stop: StopHandle,
    /// Whether the threads that share the work stay awake between steps.
    pub stay_awake: bool,
    /// What a progress calls the training, if it is one of several.
    pub phase: String,
}

impl Session {
    /// The path of a file of the folder, if there is a folder.
    pub fn path(&self, file: impl AsRef<Path>) -> Option<PathBuf> {
        self.folder.as_ref().map(|folder| folder.join(file))
    }

    /// What a part of the training begins with, and where its state is kept.
    ///
    /// # Errors
    ///
    /// If there is a checkpoint that cannot be read, or is that of another training.
    pub fn beginning(&self, part: &str) -> Result<Beginning, Error> {
        let file = |folder: &Option<PathBuf>| {
            let path = folder.as_ref()?.join(CHECKPOINTS).join(part);
            let path = path.with_extension("safetensors");
            Some(CheckpointFile::new(path, self.identity.clone()))
        };
        if let Some(folder) = &self.folder {
            // If that fails, the first checkpoint does, which is a warning.
            let _ = fs::create_dir(folder.join(CHECKPOINTS));
        }
        let resumed = file(&self.resumed);
        let checkpoint = resumed.map(|file| file.load()).transpose()?.flatten();
        Ok(Beginning {
            checkpoint,
            file: file(&self.folder),
        })
    }

    /// Tells the observer, if there is one, that a training is about to begin.
    pub fn begin(&self, training: impl FnOnce() -> ObservedTraining) {
        if let Some(observer) = &self.observer {
            let mut observer = observer.lock().unwrap_or_else(PoisonError::into_inner);
            observer.begin(training());
        }
    }

    /// Tells the observer, if there is one, that a training that finds clusters is about to begin.
    pub fn begin_clustering(&self, training: impl FnOnce() -> ObservedClustering) {
        if let Some(observer) = &self.observer {
            let mut observer = observer.lock().unwrap_or_else(PoisonError::into_inner);
            observer.begin_clustering(training());
        }
    }

    /// The device under autodiff.
    pub fn autodiff(&self) -> Device {
        self.device.clone().autodiff()
    }
}

/// Runs Burn's learner with a strategy that records a learning curve. Returns the trained model,
/// and whether training was interrupted.
///
/// # Errors
///
/// If the learner or the device fails.
pub fn launch<M, T>(
    training: SupervisedTraining<M>,
    strategy: SingleDevice<M, T>,
    learner: Learner<M>,
    history: &History,
) -> Result<(M, bool), Error>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T> + 'static,
    T: Gather + 'static,
{
    let training = training
        .with_training_strategy(TrainingStrategy::Custom(Arc::new(strategy)))
        .with_application_logger(None)
        // The strategy's recorder reports what there is to see.
        .renderer(Box::new(NoRenderer));
    // The dashboard's "stop immediately" and failing GPU drivers end in a panic.
    let result = catch_unwind(AssertUnwindSafe(|| training.launch(learner)))
        .map_err(|panic| Error::learner(panic_message(panic.as_ref())))?;
    let error = result.error.map(|error| error.to_string());
    match error.or_else(|| history.failure()) {
        Some(reason) => Err(Error::learner(reason)),
        None => Ok((result.model, result.interrupted.is_some())),
    }
}

/// Draws all weights now, in the order in which they are in the module: they would be drawn when
/// they are first used, after whatever else draws.
pub fn draw_weights(module: &impl Module) {
    let _ = module.clone().into_record();
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the learner panicked").to_owned()
}

/// Renders nothing: Burn's learner asks for a renderer.
struct NoRenderer;

impl MetricsRenderer for NoRenderer {
    fn manual_close(&mut self) {}
    fn register_metric(&mut self, _definition: MetricDefinition) {}
}

impl MetricsRendererTraining for NoRenderer {
    fn update_train(&mut self, _state: MetricState) {}
    fn update_valid(&mut self, _state: MetricState) {}
}

impl TrainingProgressLogger for NoRenderer {
    fn start(
        &mut self,
        _total_epochs: usize,
        _starting_epoch: usize,
        _total_items: Option<usize>,
        _label: Option<&str>,
    ) {
    }
    fn update_epoch(&mut self, _epoch: usize) {}
    fn start_split(&mut self, _split: &str, _total_items: usize) {}
    fn update_split(&mut self, _items_processed: usize) {}
    fn end_split(&mut self) {}
    fn end(&mut self) {}
    fn log_event_training(&mut self, _event: String) {}
}

impl MetricsRendererEvaluation for NoRenderer {
    fn update_test(&mut self, _name: EvaluationName, _state: MetricState) {}
}

impl EvaluationProgressLogger for NoRenderer {
    fn start_global_progress(&mut self, _total_tests: usize) {}
    fn start_test(&mut self, _name: &str, _total_items: usize) {}
    fn update_test_progress(&mut self, _items_processed: usize) {}
    fn end_test(&mut self) {}
    fn end_global_progress(&mut self) {}
    fn log_event_evaluation(&mut self, _event: String) {}
}
