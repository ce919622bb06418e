//! The part of a training that Burn's learner does.

mod best;
mod checkpointing;
mod history;
mod recorder;
mod selection;
mod stopping;
mod strategy;
mod trainee;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use burn::module::Module;
use burn::train::metric::store::Split as MetricSplit;
use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric};
use burn::train::{
    InferenceStep, Interrupter, Learner, LearnerModel, SupervisedTraining, TrainStep,
    TrainingStrategy,
};
use mlp_datasets::{Examples, ExamplesLoader, TargetEncoding, Task};
use mlp_models::Network;

use crate::Progress;
use crate::summary::Ending;
use crate::{Error, LossKind, TrainingConfig};
pub use best::BestNetwork;
use checkpointing::OnceASecond;
pub use history::{History, Measure};
pub use recorder::Recorder;
use selection::{EpochMetric, Selection};
pub use stopping::Stop;
use stopping::Stopping;
pub use strategy::{Gather, SingleDevice};
pub use trainee::Trainee;

/// Rows that are validated at a time.
const VALID_BATCH_SIZE: usize = 1024;

/// What the learner leaves behind.
pub struct Learned {
    /// The best epoch's network.
    pub network: Network,
    /// How many epochs were trained and validated.
    pub epochs: usize,
    /// Whose network it is, from 1; 0 if training was interrupted within the first.
    pub best_epoch: usize,
    /// The learning rate of the last epoch.
    pub learning_rate: f64,
    /// Why training ended before its last epoch.
    pub stop: Option<Stop>,
    /// How training ended.
    pub ending: Ending,
}

/// Trains with Burn's learner until the configured end, or until the user or the loss says so.
pub fn learn(
    config: &TrainingConfig,
    target: &TargetEncoding,
    trainee: Trainee,
    [train, valid]: [Examples; 2],
    run: &Path,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<Learned, Error> {
    let num_steps = config.epochs * train.len().div_ceil(config.batch_size);
    let schedule = config.schedule.init(config.learning_rate, num_steps)?;
    let optimizer = config
        .optimizer
        .init(config.weight_decay, config.clip_norm, config.backend);
    let is_perceptron = config.loss == LossKind::PerceptronCriterion;
    let task = target.task();
    let selection = selection(config);
    let epoch_metric = config.select.map(|metric| {
        EpochMetric::new(metric, config.output(task), target.clone(), config.quantile)
    });
    let columns = columns(task, config.select);
    let history = History::create(&run.join("metrics.csv"), columns)?;
    let decision = Arc::new(Mutex::new(None));
    let networks = trainee.best.clone();
    let stopping = Stopping {
        history: history.clone(),
        selection,
        best: networks.clone(),
        patience: config.patience,
        until_converged: is_perceptron,
        decision: Arc::clone(&decision),
    };

    let mut recorder = Recorder::new(history.clone(), progress.renderer("", interrupter))
        .with(&MetricSplit::Train, Measure::Loss, LossMetric::new())
        .with(&MetricSplit::Valid, Measure::Loss, LossMetric::new())
        .with(
            &MetricSplit::Train,
            Measure::LearningRate,
            LearningRateMetric::new(),
        );
    if task == Task::Classification {
        recorder = recorder
            .with(
                &MetricSplit::Train,
                Measure::Accuracy,
                AccuracyMetric::new(),
            )
            .with(
                &MetricSplit::Valid,
                Measure::Accuracy,
                AccuracyMetric::new(),
            );
    }
    if let (Some(metric), Some(selected)) = (epoch_metric, config.select) {
        recorder = recorder.with(&MetricSplit::Valid, Measure::Metric(selected), metric);
    }
    let train = ExamplesLoader::new(train, config.batch_size).shuffled(config.seed);
    let valid = ExamplesLoader::new(valid, VALID_BATCH_SIZE);
    let strategy = SingleDevice::new(config.backend, config.batch_size, recorder)?;
    let training = SupervisedTraining::new(run, Arc::new(train), Arc::new(valid))
        .with_default_checkpointers()
        .with_checkpointing_strategy(OnceASecond::new(config.epochs))
        .with_interrupter(interrupter.clone())
        .early_stopping(stopping)
        .num_epochs(config.epochs);

    let learner = Learner::new(trainee, optimizer, schedule);
    let (model, interrupted) = launch(training, strategy, learner, &history)?;

    let stop = *decision.lock().unwrap_or_else(PoisonError::into_inner);
    let ending = ending(stop, interrupted, is_perceptron);
    // An epoch within whose validation the user stopped is not counted.
    let epochs = networks.epochs();
    let learning_rate = history
        .value(Measure::LearningRate, &MetricSplit::Train, epochs)
        .unwrap_or(config.learning_rate);
    let (best_epoch, network) = match (networks.take(), stop) {
        (Some(best), _) => best,
        (None, Some(Stop::Diverged { split, loss, epoch })) => {
            return Err(Error::Diverged {
                split,
                loss,
                epoch,
                learning_rate,
                kept: None,
            });
        }
        // Interrupted within the first epoch.
        (None, _) => (0, model.network),
    };
    Ok(Learned {
        network,
        epochs,
        best_epoch,
        learning_rate,
        stop,
        ending,
    })
}

/// Lets Burn's learner do its work by a strategy that writes into a learning curve: the model that it
/// leaves behind, and whether it was interrupted.
///
/// # Errors
///
/// If it fails.
pub fn launch<M, T>(
    training: SupervisedTraining<M>,
    strategy: SingleDevice<T>,
    learner: Learner<M>,
    history: &History,
) -> Result<(M, bool), Error>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T>,
    T: Gather + 'static,
{
    let training = training
        .with_training_strategy(TrainingStrategy::Custom(Arc::new(strategy)))
        .with_application_logger(None)
        // The strategy's recorder shows what there is to see.
        .renderer(Progress::Silent.renderer("", &Interrupter::new()));
    // The dashboard's "stop immediately" and failing GPU drivers end in a panic.
    let result = catch_unwind(AssertUnwindSafe(|| training.launch(learner))).map_err(|panic| {
        Error::Training {
            reason: panic_message(panic.as_ref()),
        }
    })?;
    let error = result.error.map(|error| error.to_string());
    match error.or_else(|| history.failure()) {
        Some(reason) => Err(Error::Training { reason }),
        None => Ok((result.model, result.interrupted.is_some())),
    }
}

/// What a learning curve has: accuracies if there are classes, and the metric that says which epoch is
/// the best if one does.
fn columns(task: Task, selected: Option<mlp_inference::Metric>) -> Vec<(Measure, MetricSplit)> {
    let mut columns = vec![
        (Measure::LearningRate, MetricSplit::Train),
        (Measure::Loss, MetricSplit::Train),
        (Measure::Loss, MetricSplit::Valid),
    ];
    if task == Task::Classification {
        columns.push((Measure::Accuracy, MetricSplit::Train));
        columns.push((Measure::Accuracy, MetricSplit::Valid));
    }
    if let Some(metric) = selected {
        columns.push((Measure::Metric(metric), MetricSplit::Valid));
    }
    columns
}

/// Which epoch is the best: as was asked, else as suits the loss.
fn selection(config: &TrainingConfig) -> Selection {
    match config.select {
        Some(metric) => Selection::Metric(metric),
        None if config.loss == LossKind::PerceptronCriterion => Selection::ValidAccuracy,
        None => Selection::ValidLoss,
    }
}

fn ending(stop: Option<Stop>, interrupted: bool, is_perceptron: bool) -> Ending {
    match stop {
        Some(Stop::Converged) => Ending::Converged,
        Some(Stop::OutOfPatience) => Ending::OutOfPatience,
        _ if interrupted => Ending::Interrupted,
        _ if is_perceptron => Ending::NotSeparated,
        _ => Ending::Complete,
    }
}

/// Draws all weights now, in the order in which they lie in the module.
pub fn draw_weights(trainee: &Trainee) {
    let _ = trainee.clone().into_record();
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the learner panicked").to_owned()
}
