use std::sync::{Arc, Mutex, PoisonError};

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::optim::GradientsParams;
use burn::tensor::{Device, TensorReadError};
use burn::train::metric::MetricMetadata;
use burn::train::{
    InferenceStep, Interrupter, Learner, LearnerModel, SupervisedLearningStrategy,
    SupervisedTrainingEventProcessor, TrainLoader, TrainStep, TrainingComponents, ValidLoader,
};
use mlp_datasets::SplitName;

use super::averaging::Averaging;
use super::gradient_norm::clip_global_norm;
use super::recorder::Recorder;
use super::weight_average::WeightAverage;
use crate::threads::StayAwake;

/// Rows whose outputs are recorded at once.
const ROWS_AT_ONCE: usize = 2048;

/// Trains on one device, and has the outputs of several steps recorded at once.
///
/// It takes the place of Burn's own loop over epochs and batches, so that metrics are computed on
/// the thread that trains; each step is that of Burn's learner.
pub struct SingleDevice<M, T> {
    pub device: Device,
    pub batch_size: usize,
    /// Whether the threads that share the work stay awake between steps.
    pub stay_awake: bool,
    /// The norm, above 0, to which all gradients together are clipped.
    pub clip_norm: Option<f32>,
    /// The average of the weights that is validated and kept in place of them.
    pub averaging: Option<Averaging>,
    pub recorder: Mutex<Recorder<T>>,
    pub epochs: Arc<Mutex<dyn Epochs<M>>>,
}

/// What is to be done between the epochs of a training.
pub trait Epochs<M>: Send {
    /// An epoch begins with a network as it is.
    fn begin(&mut self, _network: &M) {}

    /// An epoch, from 1, has ended with a network: whether training goes on.
    fn end(&mut self, epoch: usize, network: M) -> bool;
}

/// Outputs of steps that can be put together.
pub trait Gather: Sized {
    /// The output that one step with all rows would have, given at least one.
    fn gather(outputs: Vec<Self>) -> Self;
}

/// A learner, with the average of its weights if that is what is kept.
struct Trainee<M: LearnerModel> {
    learner: Learner<M>,
    average: Option<WeightAverage>,
}

impl<M: LearnerModel> Trainee<M> {
    /// Takes a step.
    fn step(&mut self, gradients: GradientsParams) {
        self.learner.lr_step();
        self.learner.optimizer_step(gradients);
        if let Some(average) = &mut self.average {
            average.update(&self.learner.model());
        }
    }

    /// What is kept of a network that is the learner's.
    fn kept(&self, network: M) -> M {
        match &self.average {
            Some(average) => average.apply(network),
            None => network,
        }
    }
}

impl<M, T> SingleDevice<M, T>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T>,
    T: Gather + 'static,
{
    /// An epoch of training steps.
    fn train_epoch(
        &self,
        trainee: &mut Trainee<M>,
        rows: &TrainLoader<M>,
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<(), TensorReadError> {
        let steps_at_once = (ROWS_AT_ONCE / self.batch_size).max(1);
        let mut gathered = Vec::with_capacity(steps_at_once);
        let mut learning_rates = 0.0;
        let mut batches = rows.iter();
        let mut iteration = 0;
        while let Some(batch) = batches.next() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    interrupter.fail(error);
                    return Ok(());
                }
            };
            iteration += 1;
            let progress = batches.progress();
            let output = trainee.learner.train_step(batch);
            let gradients = match self.clip_norm {
                Some(norm) => clip_global_norm(&trainee.learner.model(), output.grads, norm),
                None => output.grads,
            };
            trainee.step(gradients);
            learning_rates += trainee.learner.lr_current().base();
            gathered.push(output.item);
            if gathered.len() == steps_at_once || progress.is_completed() {
                let mean = learning_rates / gathered.len() as f64;
                learning_rates = 0.0;
                let outputs = Gather::gather(std::mem::take(&mut gathered));
                let metadata = MetricMetadata {
                    progress,
                    iteration: Some(iteration),
                    lr: Some(ModuleLearningRate::from(mean)),
                };
                recorder.update(SplitName::Train, &outputs, &metadata)?;
            }
            if interrupter.should_stop() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// A pass over the rows that are held back.
    fn validate(
        model: &M,
        rows: &ValidLoader<M>,
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<(), TensorReadError> {
        let mut batches = rows.iter();
        let mut iteration = 0;
        while let Some(batch) = batches.next() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => {
                    interrupter.fail(error);
                    return Ok(());
                }
            };
            iteration += 1;
            let outputs = InferenceStep::step(model, batch);
            let metadata = MetricMetadata {
                progress: batches.progress(),
                iteration: Some(iteration),
                lr: None,
            };
            recorder.update(SplitName::Valid, &outputs, &metadata)?;
            if interrupter.should_stop() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// An epoch: training, then validation. The network that was validated, if the epoch came to its
    /// end.
    fn epoch(
        &self,
        epoch: usize,
        trainee: &mut Trainee<M>,
        (train, valid): (&TrainLoader<M>, &ValidLoader<M>),
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<Option<M>, TensorReadError> {
        recorder.start_pass(SplitName::Train, train.num_items());
        self.train_epoch(trainee, train, recorder, interrupter)?;
        recorder.end_pass(SplitName::Train, epoch)?;
        if interrupter.should_stop() {
            return Ok(None);
        }
        let network = trainee.kept(trainee.learner.model().valid());
        if valid.num_items() > 0 {
            recorder.start_pass(SplitName::Valid, valid.num_items());
            Self::validate(&network, valid, recorder, interrupter)?;
            if interrupter.should_stop() {
                return Ok(None);
            }
            recorder.end_pass(SplitName::Valid, epoch)?;
        }
        recorder.end_epoch(epoch);
        Ok(Some(network))
    }
}

impl<M, T> SupervisedLearningStrategy<M> for SingleDevice<M, T>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T>,
    T: Gather + 'static,
{
    fn fit(
        &self,
        components: TrainingComponents<M>,
        mut learner: Learner<M>,
        train: TrainLoader<M>,
        valid: ValidLoader<M>,
        starting_epoch: usize,
    ) -> (M, SupervisedTrainingEventProcessor<M>) {
        let TrainingComponents {
            num_epochs,
            mut checkpointer,
            interrupter,
            event_processor,
            event_store: store,
            ..
        } = components;
        let train = train.to_device(&self.device);
        let valid = valid.to_device(&self.device.clone().inner());
        learner.fork(&self.device);
        let mut trainee = Trainee {
            learner,
            average: self.averaging.map(WeightAverage::new),
        };

        let _awake = self.stay_awake.then(StayAwake::new);
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        let mut epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        recorder.start(num_epochs);
        for epoch in starting_epoch..=num_epochs {
            if interrupter.should_stop() {
                break;
            }
            epochs.begin(&trainee.learner.model());
            let rows = (&train, &valid);
            let network = match self.epoch(epoch, &mut trainee, rows, &mut recorder, &interrupter) {
                Ok(Some(network)) => network,
                Ok(None) => break,
                Err(error) => {
                    recorder.fail(&error);
                    break;
                }
            };
            if let Some(checkpointer) = &mut checkpointer {
                checkpointer.checkpoint(&trainee.learner, epoch, &store);
            }
            if !epochs.end(epoch, network) {
                break;
            }
        }
        recorder.end();
        (trainee.kept(trainee.learner.model()), event_processor)
    }
}
