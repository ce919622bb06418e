//! From rows to a run: the way of a training.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use burn::module::Module;
use burn::store::ModuleRecord;

use burn::train::checkpoint::{
    ComposedCheckpointingStrategy, KeepLastNCheckpoints, MetricCheckpointingStrategy,
};
use burn::train::metric::store::{Aggregate, Split as MetricSplit};
use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric};
use burn::train::{
    ExecutionStrategy, Interrupter, Learner, LearningResult, SupervisedTraining, TrainingStrategy,
};
use mlp_datasets::{Dataset, Examples, ExamplesLoader, Preprocessor, Split, Task};
use mlp_inference::SavedModel;
use mlp_models::Network;

use crate::history::{History, Measure};
use crate::progress::Progress;
use crate::run_directory::RunDirectory;
use crate::stopping::{Selection, Stop, Stopping};
use crate::summary::{Ending, Outcome, SplitName, Summary};
use crate::trainee::Trainee;
use crate::{Error, LossKind, TrainingConfig};

/// Rows that are validated at a time.
const VALID_BATCH_SIZE: usize = 1024;

/// Trains a network as configured and keeps the best epoch's in the run's folder.
///
/// # Errors
///
/// If the data and the configuration do not fit each other, a loss stops being finite, or a file
/// cannot be written. The folder is kept only if it holds a usable model.
pub fn train(
    config: &TrainingConfig,
    dataset: &Dataset,
    run: RunDirectory,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<Outcome, Error> {
    let start = Instant::now();
    let device = config.backend.device()?;
    let split = Split::new(&dataset.table, &dataset.partition, &config.split())?;
    let preprocessor = Preprocessor::fit(&dataset.table, &split.train, config.scaling)?;
    let examples = |rows| Examples::new(&dataset.table, rows, &preprocessor, &device);
    let (train, valid) = (examples(&split.train)?, examples(&split.valid)?);

    config.save(run.path())?;
    let task = preprocessor.task();
    let num_classes = preprocessor.classes().map_or(1, <[String]>::len);
    let network_config = config.network(dataset.table.num_features(), num_classes);

    // Weights are drawn when they are first used, so they are used before anything else draws.
    device.seed(config.seed);
    let trainee = Trainee {
        network: network_config.init(&device.clone().autodiff()),
        loss: config.loss().init(&device),
    };
    draw_weights(&trainee);

    let learned = learn(
        config,
        task,
        trainee,
        train,
        valid,
        &run,
        progress,
        interrupter,
    )?;
    let model = SavedModel::new(
        learned.network,
        network_config,
        config.output(task),
        preprocessor,
        &device,
    );
    model.save(run.path())?;
    let seconds = start.elapsed().as_secs_f64();

    let mut evaluations = std::collections::BTreeMap::new();
    for name in SplitName::ALL {
        let evaluation = model.evaluate(&dataset.table, name.rows(&split))?;
        evaluations.insert(name, evaluation);
    }
    let summary = Summary {
        run: run.target().to_owned(),
        task,
        model: config.model,
        backend: config.backend,
        seed: config.seed,
        epochs: learned.epochs,
        best_epoch: learned.best_epoch,
        seconds,
        metrics: evaluations
            .iter()
            .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
            .collect(),
    };
    summary.save(run.path())?;
    let path = run.keep()?;

    if let Some(Stop::Diverged { split, loss, epoch }) = learned.stop {
        return Err(Error::Diverged {
            split,
            loss,
            epoch,
            learning_rate: learned.learning_rate,
            kept: Some((path, learned.best_epoch)),
        });
    }
    Ok(Outcome {
        summary,
        classes: model.classes().map(<[String]>::to_vec),
        rows: SplitName::ALL
            .into_iter()
            .map(|name| (name, name.rows(&split).len()))
            .collect(),
        evaluations,
        ending: learned.ending,
    })
}

/// What the learner leaves behind.
struct Learned {
    network: Network,
    epochs: usize,
    best_epoch: usize,
    learning_rate: f64,
    stop: Option<Stop>,
    ending: Ending,
}

#[allow(clippy::too_many_arguments)] // Each comes from another step of the way.
fn learn(
    config: &TrainingConfig,
    task: Task,
    trainee: Trainee,
    train: Examples,
    valid: Examples,
    run: &RunDirectory,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<Learned, Error> {
    let device = config.backend.device()?;
    let num_steps = config.epochs * train.len().div_ceil(config.batch_size);
    let schedule = config.schedule.init(config.learning_rate, num_steps)?;
    let optimizer = config.optimizer.init(config.weight_decay, config.clip_norm);
    let is_perceptron = config.loss == LossKind::PerceptronCriterion;
    let selection = if is_perceptron {
        Selection::ValidAccuracy
    } else {
        Selection::ValidLoss
    };
    let history = History::create(
        &run.path().join("metrics.csv"),
        task == Task::Classification,
    )?;
    let decision = Arc::new(Mutex::new(None));
    let stopping = Stopping {
        history: history.clone(),
        selection,
        patience: config.patience,
        until_converged: is_perceptron,
        decision: Arc::clone(&decision),
    };

    let train = ExamplesLoader::new(train, config.batch_size).shuffled(config.seed);
    let valid = ExamplesLoader::new(valid, VALID_BATCH_SIZE);
    let mut training =
        SupervisedTraining::<Trainee>::new(run.path(), Arc::new(train), Arc::new(valid))
            .with_training_strategy(TrainingStrategy::Default(ExecutionStrategy::SingleDevice(
                device.autodiff(),
            )))
            .with_application_logger(None)
            .with_metric_logger(history.clone())
            .with_default_checkpointers()
            .with_checkpointing_strategy(checkpointing(selection))
            .with_interrupter(interrupter.clone())
            .early_stopping(stopping)
            .renderer(progress.renderer(interrupter))
            .num_epochs(config.epochs)
            .metric_train_numeric(LossMetric::new())
            .metric_valid_numeric(LossMetric::new())
            .metric_train_numeric(LearningRateMetric::new());
    if task == Task::Classification {
        training = training
            .metric_train_numeric(AccuracyMetric::new())
            .metric_valid_numeric(AccuracyMetric::new());
    }

    let initial = trainee.clone();
    let learner = Learner::new(trainee, optimizer, schedule);
    // The dashboard's "stop immediately" and failing GPU drivers end in a panic.
    let result = catch_unwind(AssertUnwindSafe(|| training.launch(learner))).map_err(|panic| {
        Error::Training {
            reason: panic_message(panic.as_ref()),
        }
    })?;
    let LearningResult {
        model,
        renderer,
        interrupted,
        error,
    } = result;
    // The dashboard closes before anything else is printed.
    drop(renderer);
    if let Some(error) = error {
        return Err(Error::Training {
            reason: error.to_string(),
        });
    }

    // The last epoch has a checkpoint unless the user stopped it, perhaps within its validation.
    let mut epochs = history.epochs();
    if !checkpoint(run.path(), epochs).exists() {
        epochs = epochs.saturating_sub(1);
    }
    let stop = *decision.lock().unwrap_or_else(PoisonError::into_inner);
    let best = selection.best_epoch(&history, epochs);
    let learning_rate = history
        .value(Measure::LearningRate, &MetricSplit::Train, epochs)
        .unwrap_or(config.learning_rate);
    let network = match (best, stop) {
        (Some(best), _) => load_checkpoint(run.path(), best, initial)?,
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
        (None, _) => model.network,
    };
    let ending = ending(stop, interrupted.is_some(), is_perceptron);
    Ok(Learned {
        network,
        epochs,
        best_epoch: best.unwrap_or(0),
        learning_rate,
        stop,
        ending,
    })
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

/// Keeps the last epoch's checkpoint and the best one's.
fn checkpointing(selection: Selection) -> ComposedCheckpointingStrategy {
    let (mean, direction) = (Aggregate::Mean, selection.direction());
    let best = match selection {
        Selection::ValidLoss => MetricCheckpointingStrategy::new(
            &LossMetric::new(),
            mean,
            direction,
            MetricSplit::Valid,
        ),
        Selection::ValidAccuracy => MetricCheckpointingStrategy::new(
            &AccuracyMetric::new(),
            mean,
            direction,
            MetricSplit::Valid,
        ),
    };
    ComposedCheckpointingStrategy::builder()
        .add(KeepLastNCheckpoints::new(1))
        .add(best)
        .build()
}

/// Where Burn's learner keeps the model of an epoch.
fn checkpoint(run: &Path, epoch: usize) -> PathBuf {
    run.join("checkpoint").join(format!("model-{epoch}.bpk"))
}

fn load_checkpoint(run: &Path, epoch: usize, trainee: Trainee) -> Result<Network, Error> {
    let path = checkpoint(run, epoch);
    let damaged = |reason: String| Error::Training {
        reason: format!("cannot read the checkpoint `{}`: {reason}", path.display()),
    };
    let record = ModuleRecord::load(&path).map_err(|error| damaged(error.to_string()))?;
    let trainee = trainee
        .try_load_record(record)
        .map_err(|error| damaged(error.to_string()))?;
    Ok(trainee.valid().network)
}

/// Draws all weights now, in the order in which they lie in the module.
fn draw_weights(trainee: &Trainee) {
    let _ = trainee.clone().into_record();
}

fn panic_message(panic: &(dyn std::any::Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.unwrap_or("the learner panicked").to_owned()
}
