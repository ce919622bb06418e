//! Networks that predict.

mod baseline;
mod epoch_metric;
mod extreme_numbers;
mod judge;
mod loss_weights;
mod mean_correction;
mod objective;
mod observed;
mod preprocessor;
mod selection_check;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

use burn::data::dataloader::DataLoader;
use burn::module::Module;
use burn::train::metric::{AccuracyMetric, LearningRateMetric, LossMetric};
use burn::train::{Learner, SupervisedTraining as BurnTraining};
use mlp_datasets::{
    Dataset, Examples, ExamplesLoader, Preprocessor, Split, SplitName, Table, Task,
};
use mlp_inference::{Evaluation, OutputKind, SavedModel, TrainedNetwork};
use mlp_models::loss::{LossConfig, LossKind};
use strum::VariantArray;

use crate::Error;
use crate::divergence::{Divergence, ExtremeColumn};
use crate::fitted::{Ending, Evaluations, Fitted, Outcome};
use crate::learner::{
    Averaging, ClockedLoader, Epochs, History, Recorder, Session, SingleDevice, draw_weights,
    launch, seed_device,
};
use crate::observer::ObservedTraining;
use crate::optimization::{Optimizer, Warmup};
use crate::progress::Measure;
use crate::recipe::{Model, NetworkInputs, SupervisedRecipe, SupervisedTraining};
use baseline::evaluate_baseline;
use epoch_metric::EpochMetric;
use extreme_numbers::ExtremeNumbers;
use judge::{Judge, Stop};
use loss_weights::{LossWeights, of_rows};
use mean_correction::with_corrected_means;
use objective::{StepOutput, SupervisedObjective};
use observed::Observed;
use preprocessor::preprocessor;
pub use selection_check::check_selection;

/// Rows that are validated at a time.
const VALID_BATCH_SIZE: usize = 1024;
/// The name of the checkpoint.
pub const PART: &str = "training";
/// How many training rows initializations see at most.
const SAMPLE_SIZE: usize = 4096;

/// Trains a network by a recipe, on rows that are split.
pub fn fit(
    recipe: &dyn SupervisedRecipe,
    model: Model,
    dataset: &Dataset,
    split: &Split,
    session: &Session,
) -> Result<Fitted, Error> {
    let start = Instant::now();
    let (table, settings) = (&dataset.table, recipe.training());
    let task = table.task().ok_or(Error::NoTarget)?;
    settings.check_task(task, model.into(), &dataset.name)?;
    check_selection(settings, dataset, split)?;
    let preprocessor = preprocessor(recipe, dataset, split)?;
    let weights = LossWeights::new(settings, dataset, split, &preprocessor)?;
    let examples = |name: SplitName| {
        let rows = name.rows(split);
        let examples = match name {
            SplitName::Train => Examples::for_training,
            SplitName::Valid | SplitName::Test => Examples::new,
        };
        Ok::<_, Error>(Examples {
            weights: weights.of(name, rows, &session.device)?,
            ..examples(table, rows, &preprocessor, &session.device)?
        })
    };
    let (train, valid) = (examples(SplitName::Train)?, examples(SplitName::Valid)?);

    let loss = settings.loss_config_for(&preprocessor.target);
    let d_output = num_outputs(recipe, &loss, &preprocessor);
    let inputs = NetworkInputs {
        spec: &preprocessor.input_spec(),
        rows: Some(&train.features),
    };
    let config = recipe.network(inputs, d_output)?;
    let output = OutputKind::of(&loss, task);

    // Weights are drawn when they are first used, so they are used before anything else draws.
    let seeding = seed_device(&session.device, session.seed);
    let sample = train.slice(0..train.len().min(SAMPLE_SIZE));
    let autodiff = session.autodiff();
    let objective = SupervisedObjective {
        network: recipe.init(&config, &sample, &autodiff),
        loss: loss.init(&session.device),
        valid_loss: loss.without_smoothing().init(&session.device),
        num_members: config.num_members(),
        dropout_schedule: settings.dropout_schedule.unwrap_or_default(),
        members_have_batches: recipe.members_have_batches() && config.num_members() > 1,
        output,
    };
    draw_weights(&objective);
    drop(seeding);
    session.begin(|| ObservedTraining {
        config: config.clone(),
        preprocessor: preprocessor.clone(),
        split: split.clone(),
        output,
        loss: loss.clone(),
        num_parameters: objective.network.num_params(),
        steps_per_epoch: steps_per_epoch(recipe, &train),
        device: session.device.clone(),
    });

    let select = settings.select.map(|metric| {
        let target = preprocessor.target.clone();
        let weights = of_rows(dataset, &split.valid);
        EpochMetric::new(metric, output, target, settings.quantile).with_weights(weights)
    });
    let numbers = [&train, &valid].map(ExtremeNumbers::of);
    let examples = [train, valid];
    let learned = learn(recipe, task, objective, examples, select, session);
    let mut learned = with_cause(learned, |rows| {
        let [of_train, of_valid] = &numbers;
        let numbers = if rows == SplitName::Train {
            of_train
        } else {
            of_valid
        };
        numbers.find(&preprocessor)
    })?;
    let shares = preprocessor.embedding_shares();
    learned.network.embedding = learned
        .network
        .embedding
        .map(|embedding| embedding.with_mean_for_unknown(&shares));
    let trained = TrainedNetwork::Prediction {
        network: learned.network,
        config,
        output,
        quantile: settings.quantile,
    };
    let dialect = dataset.dialect.clone();
    let saved = SavedModel::new(trained, preprocessor, dialect, &session.device);
    let saved = with_corrected_means(saved, settings.loss, table, split)?;
    let seconds = learned.seconds_before + start.elapsed().as_secs_f64();
    let (rows, evaluations) = evaluate(&saved, table, split)?;
    let baseline = evaluate_baseline(saved.preprocessor(), table, split, settings)?;
    Ok(Fitted {
        model: saved,
        recipe: model,
        epochs: learned.epochs,
        ending: learned.ending,
        seconds,
        outcome: Outcome::Prediction(Evaluations {
            task,
            best_epoch: learned.best_epoch,
            rows,
            evaluations,
            baseline,
            kinds: Vec::new(),
        }),
    })
}

/// The number of rows of each split, and how good a model's predictions of them are.
#[allow(clippy::type_complexity)] // One map for each field of the outcome.
pub fn evaluate(
    model: &SavedModel,
    table: &Table,
    split: &Split,
) -> Result<(BTreeMap<SplitName, usize>, BTreeMap<SplitName, Evaluation>), Error> {
    let (mut rows, mut evaluations) = (BTreeMap::new(), BTreeMap::new());
    for &name in SplitName::VARIANTS {
        let of_split = name.rows(split);
        // A model that is trained on all rows has no test rows.
        if !of_split.is_empty() {
            rows.insert(name, of_split.len());
            evaluations.insert(name, model.evaluate(table, of_split)?);
        }
    }
    Ok((rows, evaluations))
}

/// How many outputs the network has.
fn num_outputs(
    recipe: &dyn SupervisedRecipe,
    loss: &LossConfig,
    preprocessor: &Preprocessor,
) -> usize {
    match preprocessor.classes() {
        Some(classes) => {
            let single_for_two = recipe.is_single_layer();
            loss.num_outputs(classes.len(), single_for_two)
        }
        None => preprocessor.target.names().len(),
    }
}

/// The training rows in batches.
fn batches(recipe: &dyn SupervisedRecipe, train: Examples) -> ExamplesLoader {
    let loader = ExamplesLoader::new(train, recipe.training().batch_size);
    if recipe.drops_last_batch() {
        loader.dropping_last()
    } else {
        loader
    }
}

/// How many steps an epoch has.
fn steps_per_epoch(recipe: &dyn SupervisedRecipe, train: &Examples) -> usize {
    let num_rows = batches(recipe, train.clone()).num_items();
    num_rows.div_ceil(recipe.training().batch_size)
}

/// What the learner leaves behind.
struct Learned {
    /// The best epoch's network.
    network: mlp_models::Network,
    /// How many epochs were trained and validated.
    epochs: usize,
    /// Whose network it is, from 1; 0 if training was interrupted within the first.
    best_epoch: usize,
    ending: Ending,
    /// How long it was trained before, in seconds.
    seconds_before: f64,
}

/// Trains with Burn's learner until the last epoch, unless the user or the judge stops it.
fn learn(
    recipe: &dyn SupervisedRecipe,
    task: Task,
    objective: SupervisedObjective,
    [train, valid]: [Examples; 2],
    select: Option<EpochMetric>,
    session: &Session,
) -> Result<Learned, Error> {
    let settings = recipe.training();
    let is_perceptron = settings.loss == LossKind::PerceptronCriterion;
    let beginning = session.beginning(PART)?;
    let (epochs_done, seconds_before) = (beginning.epochs_done(), beginning.seconds());
    let steps_per_epoch = steps_per_epoch(recipe, &train);
    let mut train = batches(recipe, train)
        .shuffled(session.seed)
        .from_epoch(epochs_done as u64);
    if objective.members_have_batches {
        train = train.in_orders(objective.num_members);
    }
    let num_steps = settings.epochs * steps_per_epoch;
    let (optimizer, scheduler) = recipe.optimization().init(num_steps)?;

    let history = History::create(
        session.path("metrics.csv").as_deref(),
        columns(settings, task),
        beginning.curve(),
    );
    let judge = Judge::new(
        history.clone(),
        recipe.selection(),
        settings.patience,
        is_perceptron,
    );
    let judge = Arc::new(Mutex::new(judge));
    let epochs: Arc<Mutex<dyn Epochs<SupervisedObjective>>> = match &session.observer {
        Some(observer) => Arc::new(Mutex::new(Observed::new(judge.clone(), observer.clone()))),
        None => judge.clone(),
    };

    let recorder = Recorder::new(history.clone(), session.progress.clone(), &session.phase);
    let recorder = with_metrics(recorder, task, select);
    let strategy = SingleDevice {
        device: session.autodiff(),
        seed: session.seed,
        part: 0,
        beginning: Mutex::new(beginning),
        checkpoint_interval: session.checkpoint_interval,
        batch_size: settings.batch_size,
        stay_awake: session.stay_awake,
        clip_norm: settings.clip_global_norm,
        averaging: averaging(settings, num_steps),
        recorder: Mutex::new(recorder),
        epochs,
    };
    let train = ClockedLoader::new(train, steps_per_epoch, settings.epochs, epochs_done);
    let valid = ExamplesLoader::new(valid, VALID_BATCH_SIZE);
    let folder = session.folder.clone().unwrap_or_default();
    let training = BurnTraining::new(folder, Arc::new(train), Arc::new(valid))
        .with_interrupter(session.stop.interrupter())
        .num_epochs(settings.epochs);
    let learner = Learner::new(objective, optimizer, scheduler);
    let (objective, interrupted) = launch(training, strategy, learner, &history)?;

    let mut judge = judge.lock().unwrap_or_else(PoisonError::into_inner);
    // An epoch within whose validation the user stopped is not counted.
    let epochs = judge.epochs();
    let learning_rate = history
        .value(Measure::LearningRate, SplitName::Train, epochs)
        .unwrap_or(settings.learning_rate);
    let ending = match judge.stop() {
        Some(Stop::Diverged { rows, loss, epoch }) => Ending::Diverged(Divergence {
            rows,
            loss,
            epoch,
            batch: history.lost().filter(|_| rows == SplitName::Train),
            learning_rate,
            cause: None,
        }),
        Some(Stop::Converged) => Ending::Converged,
        Some(Stop::OutOfPatience) => Ending::OutOfPatience,
        None if interrupted && epochs < settings.epochs => Ending::Interrupted,
        None if is_perceptron => Ending::NotSeparated,
        None => Ending::Complete,
    };
    let (best_epoch, network) = match (judge.take_best(), &ending) {
        (Some(best), _) => (best.epoch, best.network),
        (None, Ending::Diverged(divergence)) => {
            return Err(Error::Diverged(divergence.clone()));
        }
        // Interrupted within the first epoch.
        (None, Ending::Interrupted) => (0, objective.network),
        (
            None,
            Ending::Complete | Ending::Converged | Ending::NotSeparated | Ending::OutOfPatience,
        ) => {
            return Err(Error::NothingSelected {
                metric: settings.select,
            });
        }
    };
    Ok(Learned {
        network,
        epochs,
        best_epoch,
        ending,
        seconds_before,
    })
}

/// Says which column is the likely cause of a divergence, if one is.
fn with_cause(
    mut learned: Result<Learned, Error>,
    cause: impl Fn(SplitName) -> Option<ExtremeColumn>,
) -> Result<Learned, Error> {
    if let Ok(Learned {
        ending: Ending::Diverged(divergence),
        ..
    })
    | Err(Error::Diverged(divergence)) = &mut learned
    {
        divergence.cause = cause(divergence.rows);
    }
    learned
}

/// The average of the weights that is kept in place of them, if there is one.
fn averaging(settings: &SupervisedTraining, num_steps: usize) -> Option<Averaging> {
    if settings.optimizer == Optimizer::ScheduleFree {
        let [beta_1, _] = settings.betas;
        let warmup = Warmup::of(num_steps);
        return Some(Averaging::ScheduleFree { beta_1, warmup });
    }
    settings.ema.map(|decay| Averaging::Exponential { decay })
}

/// The columns of the learning curve: accuracies if there are classes, and the metric that selects the
/// best epoch if one does.
fn columns(settings: &SupervisedTraining, task: Task) -> Vec<(Measure, SplitName)> {
    let mut columns = vec![
        (Measure::LearningRate, SplitName::Train),
        (Measure::GradientNorm, SplitName::Train),
        (Measure::Loss, SplitName::Train),
        (Measure::Loss, SplitName::Valid),
    ];
    if task == Task::Classification {
        columns.push((Measure::Accuracy, SplitName::Train));
        columns.push((Measure::Accuracy, SplitName::Valid));
    }
    columns.extend(
        settings
            .select
            .map(|metric| (Measure::Metric(metric), SplitName::Valid)),
    );
    columns
}

/// A recorder of the losses and the learning rate, of accuracies if there are classes, and of the metric
/// that selects the best epoch if one does.
fn with_metrics(
    recorder: Recorder<StepOutput>,
    task: Task,
    select: Option<EpochMetric>,
) -> Recorder<StepOutput> {
    let mut recorder = recorder
        .with(SplitName::Train, Measure::Loss, LossMetric::new())
        .with(SplitName::Valid, Measure::Loss, LossMetric::new())
        .with(
            SplitName::Train,
            Measure::LearningRate,
            LearningRateMetric::new(),
        );
    if task == Task::Classification {
        for rows in [SplitName::Train, SplitName::Valid] {
            recorder = recorder.with(rows, Measure::Accuracy, AccuracyMetric::new());
        }
    }
    match select {
        Some(select) => recorder.with(SplitName::Valid, Measure::Metric(select.metric()), select),
        None => recorder,
    }
}
