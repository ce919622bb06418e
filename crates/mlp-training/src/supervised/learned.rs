use std::sync::{Arc, Mutex, PoisonError};

use burn::data::dataloader::DataLoader;
use burn::train::{Learner, SupervisedTraining as BurnTraining};
use mlp_datasets::{Examples, ExamplesLoader, SplitName, Task};
use mlp_models::Network;
use mlp_models::loss::LossKind;

use super::epoch_metric::EpochMetric;
use super::judge::{Judge, Stop};
use super::learning_curve::{columns, with_metrics};
use super::objective::SupervisedObjective;
use super::observed::Observed;
use crate::Error;
use crate::divergence::{Divergence, ExtremeColumn};
use crate::fitted::Ending;
use crate::learner::{
    Averaging, ClockedLoader, Epochs, History, Recorder, Session, SingleDevice, launch,
};
use crate::optimization::{Optimizer, Warmup};
use crate::progress::Measure;
use crate::recipe::{SupervisedRecipe, SupervisedTraining};

/// The name of the checkpoint.
pub const PART: &str = "training";
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
    pub ending: Ending,
    /// How long it was trained before, in seconds.
    pub seconds_before: f64,
}

/// Trains with Burn's learner until the last epoch, unless the user or the judge stops it.
pub fn learn(
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
    let (objective, interrupted) = launch(training, strategy, learner, &history, &session.stop)?;

    let mut judge = judge.lock().unwrap_or_else(PoisonError::into_inner);
    // An epoch within whose validation the user stopped is not counted.
    let epochs = judge.epochs();
    let learning_rate = history
        .value(Measure::LearningRate, SplitName::Train, epochs)
        .unwrap_or(settings.learning_rate);
    let ending = match judge.stop() {
        Some(Stop::Diverged { rows, loss, epoch }) => Ending::Diverged(Divergence {
            part: Some(session.phase.clone()).filter(|phase| !phase.is_empty()),
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
pub fn with_cause(
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
pub fn steps_per_epoch(recipe: &dyn SupervisedRecipe, train: &Examples) -> usize {
    let num_rows = batches(recipe, train.clone()).num_items();
    num_rows.div_ceil(recipe.training().batch_size)
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
