use std::sync::{Mutex, PoisonError};

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::tensor::{Device, TensorReadError};
use burn::train::metric::MetricMetadata;
use burn::train::metric::store::Split;
use burn::train::{
    InferenceStep, Interrupter, Learner, LearnerModel, SupervisedLearningStrategy,
    SupervisedTrainingEventProcessor, TrainLoader, TrainStep, TrainingComponents, ValidLoader,
};

use super::recorder::Recorder;
use crate::{Backend, Error, StayAwake};

/// Rows whose outputs are recorded at once.
const ROWS_AT_ONCE: usize = 2048;

/// Trains on one device, and has the outputs of several steps recorded at once.
pub struct SingleDevice<T> {
    backend: Backend,
    device: Device,
    batch_size: usize,
    recorder: Mutex<Recorder<T>>,
}

/// Outputs of steps that can be put together.
pub trait Gather: Sized {
    /// The output that one step with all rows would have, given at least one.
    fn gather(outputs: Vec<Self>) -> Self;
}

impl<T> SingleDevice<T> {
    /// With batches of a size, on the device of a backend.
    ///
    /// # Errors
    ///
    /// If there is no such device.
    pub fn new(backend: Backend, batch_size: usize, recorder: Recorder<T>) -> Result<Self, Error> {
        Ok(Self {
            backend,
            device: backend.device()?.autodiff(),
            batch_size,
            recorder: Mutex::new(recorder),
        })
    }
}

impl<T: Gather + 'static> SingleDevice<T> {
    /// An epoch of training steps.
    fn train_epoch<M>(
        &self,
        learner: &mut Learner<M>,
        rows: &TrainLoader<M>,
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<(), TensorReadError>
    where
        M: LearnerModel + TrainStep<Output = T>,
    {
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
            let output = learner.train_step(batch);
            learner.lr_step();
            learner.optimizer_step(output.grads);
            learning_rates += learner.lr_current().base();
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
                recorder.update(&Split::Train, &outputs, &metadata)?;
            }
            if interrupter.should_stop() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// A pass over the rows that are held back.
    fn validate<M>(
        model: &M,
        rows: &ValidLoader<M>,
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<(), TensorReadError>
    where
        M: LearnerModel + InferenceStep<Output = T>,
    {
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
            recorder.update(&Split::Valid, &outputs, &metadata)?;
            if interrupter.should_stop() {
                return Ok(());
            }
        }
        Ok(())
    }

    /// An epoch: training, then validation. Whether it came to its end.
    fn epoch<M>(
        &self,
        epoch: usize,
        learner: &mut Learner<M>,
        (train, valid): (&TrainLoader<M>, &ValidLoader<M>),
        recorder: &mut Recorder<T>,
        interrupter: &Interrupter,
    ) -> Result<bool, TensorReadError>
    where
        M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T>,
    {
        recorder.start_split(&Split::Train, train.num_items());
        self.train_epoch(learner, train, recorder, interrupter)?;
        recorder.end_split(&Split::Train, epoch)?;
        if interrupter.should_stop() {
            return Ok(false);
        }
        recorder.start_split(&Split::Valid, valid.num_items());
        Self::validate(&learner.model().valid(), valid, recorder, interrupter)?;
        if interrupter.should_stop() {
            return Ok(false);
        }
        recorder.end_split(&Split::Valid, epoch)?;
        recorder.end_epoch(epoch);
        Ok(true)
    }
}

impl<M, T> SupervisedLearningStrategy<M> for SingleDevice<T>
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
            mut early_stopping,
            event_processor,
            event_store: store,
            ..
        } = components;
        let train = train.to_device(&self.device);
        let valid = valid.to_device(&self.device.clone().inner());
        learner.fork(&self.device);

        let _awake = self.backend.is_host().then(StayAwake::new);
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        recorder.start(num_epochs, starting_epoch);
        for epoch in starting_epoch..=num_epochs {
            if interrupter.should_stop() {
                break;
            }
            let rows = (&train, &valid);
            match self.epoch(epoch, &mut learner, rows, &mut recorder, &interrupter) {
                Ok(true) => (),
                Ok(false) => break,
                Err(error) => {
                    recorder.fail(&error);
                    break;
                }
            }
            if let Some(checkpointer) = &mut checkpointer {
                checkpointer.checkpoint(&learner, epoch, &store);
            }
            if early_stopping
                .as_deref_mut()
                .is_some_and(|strategy| strategy.should_stop(epoch, &store))
            {
                break;
            }
        }
        recorder.end();
        (learner.model(), event_processor)
    }
}
