//! From rows to a run: the way of a training.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use burn::module::Module;
use burn::store::ModuleRecord;
use burn::tensor::Tensor;
use burn::train::checkpoint::{
    ComposedCheckpointingStrategy, KeepLastNCheckpoints, MetricCheckpointingStrategy,
};
use burn::train::metric::store::{Aggregate, Direction, Split as MetricSplit};
use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric, Metric};
use burn::train::{
    ExecutionStrategy, Interrupter, Learner, LearningResult, SupervisedTraining, TrainingStrategy,
};
use mlp_datasets::{
    Dataset, EncodedTarget, Examples, ExamplesLoader, Preprocessor, Split, SplitName,
    TargetEncoding, Targets, Task,
};
use mlp_inference::SavedModel;
use mlp_models::Network;

use crate::history::{History, Measure};
use crate::progress::Progress;
use crate::run_directory::RunDirectory;
use crate::selection::{EpochMetric, Selection};
use crate::stopping::{Stop, Stopping};
use crate::summary::{Ending, Outcome, Summary};
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
    let place = Place {
        folder: run.path().to_owned(),
        name: run.target().to_owned(),
    };
    let (outcome, diverged) = train_in(config, dataset, &place, progress, interrupter)?;
    let path = run.keep()?;
    match diverged {
        Some(Diverged {
            split,
            loss,
            epoch,
            learning_rate,
        }) => Err(Error::Diverged {
            split,
            loss,
            epoch,
            learning_rate,
            kept: Some((path, outcome.summary.best_epoch)),
        }),
        None => Ok(outcome),
    }
}

/// Where a training writes, and what it says where that is.
pub(crate) struct Place {
    pub folder: PathBuf,
    pub name: PathBuf,
}

/// A training that went astray after an epoch that went well.
pub(crate) struct Diverged {
    split: &'static str,
    loss: f64,
    epoch: usize,
    learning_rate: f64,
}

/// Trains in a folder that is there.
pub(crate) fn train_in(
    config: &TrainingConfig,
    dataset: &Dataset,
    place: &Place,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<(Outcome, Option<Diverged>), Error> {
    let start = Instant::now();
    let device = config.backend.device()?;
    let split = config.split(dataset)?;
    let preprocessor = Preprocessor::fit(&dataset.table, &split.train, config.preprocessor())?;
    let class_weights = class_weights(config, dataset, &split, &preprocessor)?;
    let examples = |rows| {
        let examples = Examples::new(&dataset.table, rows, &preprocessor, &device)?;
        Ok::<_, Error>(match &class_weights {
            Some(weights) => weighed(examples, weights),
            None => examples,
        })
    };
    let (train, valid) = (examples(&split.train)?, examples(&split.valid)?);

    config.save(&place.folder)?;
    let task = preprocessor.task();
    let network_config = config.network_for(&preprocessor);

    // Weights are drawn when they are first used, so they are used before anything else draws.
    device.seed(config.seed);
    let trainee = Trainee {
        network: network_config.init(&device.clone().autodiff()),
        loss: config.loss().init(&device),
    };
    draw_weights(&trainee);

    let learned = learn(
        config,
        &preprocessor.target,
        trainee,
        train,
        valid,
        &place.folder,
        progress,
        interrupter,
    )?;
    let model = SavedModel::new(
        learned.network,
        network_config,
        config.output(task),
        preprocessor,
        &device,
    )
    .with_quantile(config.quantile);
    model.save(&place.folder)?;
    let seconds = start.elapsed().as_secs_f64();

    let mut evaluations = BTreeMap::new();
    for name in SplitName::ALL {
        let evaluation = model.evaluate(&dataset.table, name.rows(&split))?;
        evaluations.insert(name, evaluation);
    }
    let summary = Summary {
        run: place.name.clone(),
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
    summary.save(&place.folder)?;
    let diverged = match learned.stop {
        Some(Stop::Diverged { split, loss, epoch }) => Some(Diverged {
            split,
            loss,
            epoch,
            learning_rate: learned.learning_rate,
        }),
        _ => None,
    };
    let outcome = Outcome {
        summary,
        classes: model.classes().map(<[String]>::to_vec),
        rows: SplitName::ALL
            .into_iter()
            .map(|name| (name, name.rows(&split).len()))
            .collect(),
        evaluations,
        ending: learned.ending,
    };
    Ok((outcome, diverged))
}

/// The weight of each class, if classes have weights.
fn class_weights(
    config: &TrainingConfig,
    dataset: &Dataset,
    split: &Split,
    preprocessor: &Preprocessor,
) -> Result<Option<Vec<f32>>, Error> {
    let (Some(weights), Some(classes)) = (&config.class_weights, preprocessor.classes()) else {
        return Ok(None);
    };
    match preprocessor.encode_target(&dataset.table, &split.train)? {
        EncodedTarget::Classes(labels) => Ok(Some(weights.resolve(classes, &labels)?)),
        EncodedTarget::Numbers(_) => Ok(None),
    }
}

/// Multiplies the weight of each row by that of its class.
fn weighed(mut examples: Examples, class_weights: &[f32]) -> Examples {
    if let Targets::Classes(classes) = &examples.targets {
        let class_weights = Tensor::<1>::from_floats(class_weights, &classes.device());
        let by_class = class_weights.select(0, classes.clone());
        examples.weights = Some(match examples.weights {
            Some(weights) => weights * by_class,
            None => by_class,
        });
    }
    examples
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
    target: &TargetEncoding,
    trainee: Trainee,
    train: Examples,
    valid: Examples,
    run: &Path,
    progress: Progress,
    interrupter: &Interrupter,
) -> Result<Learned, Error> {
    let device = config.backend.device()?;
    let num_steps = config.epochs * train.len().div_ceil(config.batch_size);
    let schedule = config.schedule.init(config.learning_rate, num_steps)?;
    let optimizer = config.optimizer.init(config.weight_decay, config.clip_norm);
    let is_perceptron = config.loss == LossKind::PerceptronCriterion;
    let task = target.task();
    let selection = match config.select {
        Some(metric) => Selection::Metric(metric),
        None if is_perceptron => Selection::ValidAccuracy,
        None => Selection::ValidLoss,
    };
    let epoch_metric = config.select.map(|metric| {
        EpochMetric::new(metric, config.output(task), target.clone(), config.quantile)
    });
    let history = History::create(
        &run.join("metrics.csv"),
        task == Task::Classification,
        config.select,
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
        SupervisedTraining::<Trainee>::new(run, Arc::new(train), Arc::new(valid))
            .with_training_strategy(TrainingStrategy::Default(ExecutionStrategy::SingleDevice(
                device.autodiff(),
            )))
            .with_application_logger(None)
            .with_metric_logger(history.clone())
            .with_default_checkpointers()
            .with_checkpointing_strategy(checkpointing(selection, epoch_metric.as_ref()))
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

    if let Some(metric) = epoch_metric {
        training = training.metric_valid_numeric(metric);
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
    if !checkpoint(run, epochs).exists() {
        epochs = epochs.saturating_sub(1);
    }
    let stop = *decision.lock().unwrap_or_else(PoisonError::into_inner);
    let best = selection.best_epoch(&history, epochs);
    let learning_rate = history
        .value(Measure::LearningRate, &MetricSplit::Train, epochs)
        .unwrap_or(config.learning_rate);
    let network = match (best, stop) {
        (Some(best), _) => load_checkpoint(run, best, initial)?,
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
fn checkpointing(
    selection: Selection,
    epoch_metric: Option<&EpochMetric>,
) -> ComposedCheckpointingStrategy {
    fn best_by<M: Metric>(metric: &M, direction: Direction) -> MetricCheckpointingStrategy {
        MetricCheckpointingStrategy::new(metric, Aggregate::Mean, direction, MetricSplit::Valid)
    }
    let direction = selection.direction();
    let best = match (selection, epoch_metric) {
        (Selection::Metric(_), Some(metric)) => best_by(metric, direction),
        (Selection::ValidAccuracy, _) => best_by(&AccuracyMetric::new(), direction),
        _ => best_by(&LossMetric::new(), direction),
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
