use std::sync::{Arc, Mutex, PoisonError};

use burn::lr_scheduler::linear::LinearLrSchedulerConfig;
use burn::train::metric::{LearningRateMetric, LossMetric};
use burn::train::{Learner, SupervisedTraining};
use mlp_datasets::{Examples, ExamplesLoader, SplitName};

use super::objective::ClusteringObjective;
use super::observed::ClustererObserver;
use super::rows::{NoRows, RowLoader, SharedTargets};
use crate::Error;
use crate::divergence::Divergence;
use crate::learner::{
    ClockedLoader, Epochs, History, Memory, Recorder, Session, SingleDevice, launch,
};
use crate::observer::ObservedPhase;
use crate::optimization::{Annealing, Hyperparameters, Optimizer};
use crate::progress::Measure;

/// A part of a training with a goal of its own.
pub struct Phase<'a> {
    /// The name of the phase.
    pub name: &'static str,
    /// Which of the phases of the same name it is, from 1.
    pub round: usize,
    pub epochs: usize,
    /// How many epochs were trained in the phases before.
    pub epochs_before: usize,
    pub batch_size: usize,
    pub optimizer: Optimizer,
    /// The learning rates of the first and the last step, with a linear schedule between them.
    pub learning_rates: [f64; 2],
    pub session: &'a Session,
}

/// What a phase leaves behind.
pub struct Trained {
    pub objective: ClusteringObjective,
    pub epochs: usize,
    /// How long it was trained before, in seconds.
    pub seconds: f64,
    pub interrupted: bool,
}

impl Phase<'_> {
    /// Trains with Burn's learner until the last epoch.
    pub fn fit(
        &self,
        objective: ClusteringObjective,
        examples: Examples,
    ) -> Result<Trained, Error> {
        let to_the_end = Arc::new(Mutex::new(ToTheEnd));
        self.fit_with(objective, examples, &SharedTargets::default(), to_the_end)
    }

    /// Trains with Burn's learner towards targets, until the last epoch, or until `epochs` ends it.
    pub fn fit_with<E>(
        &self,
        objective: ClusteringObjective,
        examples: Examples,
        targets: &SharedTargets,
        epochs: Arc<Mutex<E>>,
    ) -> Result<Trained, Error>
    where
        E: Epochs<ClusteringObjective> + 'static,
    {
        let session = self.session;
        let steps_per_epoch = examples.len().div_ceil(self.batch_size);
        let num_steps = self.epochs * steps_per_epoch;
        let [first, last] = self.learning_rates;
        let scheduler = LinearLrSchedulerConfig::new(first, last, num_steps).init();
        let scheduler = scheduler
            .map_err(|_| Error::invalid("learning_rate", first, "above 0 and at most 1"))?;
        let hyperparameters = Hyperparameters {
            betas: [0.9, 0.999],
            weight_decay: 0.0,
            decay_schedule: Annealing::Constant,
            clip_norm: None,
        };
        let optimizer = self.optimizer.init(hyperparameters, num_steps);
        let columns = vec![
            (Measure::LearningRate, SplitName::Train),
            (Measure::GradientNorm, SplitName::Train),
            (Measure::Loss, SplitName::Train),
        ];
        let part = match self.round {
            1 => self.name.to_owned(),
            round => format!("{}-{round}", self.name),
        };
        let beginning = session.beginning(&part)?;
        let epochs_done = beginning.epochs_done();
        let seconds = beginning.seconds();
        let curve = session.path(format!("{part}.csv"));
        let history = History::create(curve.as_deref(), columns, beginning.curve());
        let recorder = Recorder::new(history.clone(), session.progress.clone(), self.name)
            .with(SplitName::Train, Measure::Loss, LossMetric::new())
            .with(
                SplitName::Train,
                Measure::LearningRate,
                LearningRateMetric::new(),
            );
        let rows = ExamplesLoader::new(examples, self.batch_size)
            .shuffled(session.seed)
            .from_epoch(epochs_done as u64);
        let rows = ClockedLoader::new(rows, steps_per_epoch, self.epochs, epochs_done);
        let rows = RowLoader::new(rows, targets.clone());
        let folder = session.folder.clone().unwrap_or_default();
        let training = SupervisedTraining::new(folder, Arc::new(rows), Arc::new(NoRows))
            .with_interrupter(session.stop.interrupter())
            .num_epochs(self.epochs);
        let observer = session.observer.as_ref().map(|observer| {
            let phase = ObservedPhase {
                name: self.name,
                num_epochs: self.epochs,
                epochs_before: self.epochs_before,
            };
            let steps_before = self.epochs_before * steps_per_epoch;
            ClustererObserver::new(observer.clone(), phase, steps_before)
        });
        let divergence = Arc::new(Mutex::new(UntilDivergence {
            history: history.clone(),
            diverged: None,
            is_over: beginning.is_over(),
            inner: epochs,
            observer,
        }));
        let strategy = SingleDevice {
            device: session.autodiff(),
            seed: session.seed,
            part: self.round as u64,
            beginning: Mutex::new(beginning),
            checkpoint_interval: session.checkpoint_interval,
            batch_size: self.batch_size,
            stay_awake: session.stay_awake,
            clip_norm: None,
            averaging: None,
            recorder: Mutex::new(recorder),
            epochs: divergence.clone(),
        };
        let learner = Learner::new(objective, optimizer, scheduler);
        let (objective, interrupted) =
            launch(training, strategy, learner, &history, &session.stop)?;
        let divergence = divergence.lock().unwrap_or_else(PoisonError::into_inner);
        let diverged = divergence.diverged;
        if let Some((epoch, loss)) = diverged {
            let rate = history.value(Measure::LearningRate, SplitName::Train, epoch);
            return Err(Error::Diverged(Divergence {
                part: None,
                rows: SplitName::Train,
                loss,
                epoch,
                batch: history.lost(),
                learning_rate: rate.unwrap_or(first),
                cause: None,
            }));
        }
        Ok(Trained {
            objective,
            epochs: history.epochs(),
            seconds,
            interrupted: interrupted && history.epochs() < self.epochs && !divergence.is_over,
        })
    }
}

/// Goes on until the last epoch.
struct ToTheEnd;

impl<M> Epochs<M> for ToTheEnd {
    fn end(&mut self, _epoch: usize, _network: M) -> bool {
        true
    }
}

/// Goes on as long as the loss is finite, and others want to.
struct UntilDivergence<E> {
    history: History,
    /// The epoch in which the loss stopped being finite, and what it became.
    diverged: Option<(usize, f64)>,
    /// Whether others have ended it.
    is_over: bool,
    inner: Arc<Mutex<E>>,
    /// Who sees the network between steps, if anyone.
    observer: Option<ClustererObserver>,
}

impl<E: Epochs<ClusteringObjective>> Epochs<ClusteringObjective> for UntilDivergence<E> {
    fn begin(&mut self, network: &ClusteringObjective) {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.begin(network);
    }

    fn step(
        &mut self,
        step: usize,
        objective: &dyn Fn() -> ClusteringObjective,
    ) -> Option<ClusteringObjective> {
        self.observer.as_ref()?.step(step, objective)
    }

    fn end(&mut self, epoch: usize, network: ClusteringObjective) -> bool {
        let loss = self.history.value(Measure::Loss, SplitName::Train, epoch);
        if let Some(loss) = loss.filter(|loss| !loss.is_finite()) {
            self.diverged = Some((epoch, loss));
            return false;
        }
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        self.is_over = !inner.end(epoch, network);
        !self.is_over
    }

    fn memory(&self) -> Result<Option<Memory>, Error> {
        if self.diverged.is_some() {
            return Ok(None);
        }
        let inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.memory()
    }

    fn restore(&mut self, memory: Memory, network: &ClusteringObjective) -> Result<(), Error> {
        let mut inner = self.inner.lock().unwrap_or_else(PoisonError::into_inner);
        inner.restore(memory, network)
    }
}
