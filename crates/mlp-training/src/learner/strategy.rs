use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::tensor::{Device, Tensor, TensorReadError};
use burn::train::metric::MetricMetadata;
use burn::train::{
    InferenceStep, Interrupter, Learner, LearnerModel, SupervisedLearningStrategy,
    SupervisedTrainingEventProcessor, TrainLoader, TrainStep, TrainingComponents, ValidLoader,
};
use mlp_datasets::SplitName;

use super::averaging::Averaging;
use super::checkpoint::{Beginning, Keeper};
use super::epochs::Epochs;
use super::gradient_norm::{GradientNorm, clip_global_norm};
use super::recorder::Recorder;
use super::seed::{epoch_seed, seed_device};
use super::trainee::Trainee;
use crate::progress::Measure;
use crate::threads::StayAwake;

/// Rows whose outputs are recorded at once.
const ROWS_AT_ONCE: usize = 2048;

/// Trains on one device, and has the outputs of several steps recorded at once.
///
/// It takes the place of Burn's own loop over epochs and batches, so that metrics are computed on
/// the thread that trains; each step is that of Burn's learner.
pub struct SingleDevice<M, T> {
    pub device: Device,
    /// The seed of what is drawn.
    pub seed: u64,
    /// Which part of the training this is, from 0: each draws something else.
    pub part: u64,
    /// What it begins with, and where its state is kept.
    pub beginning: Mutex<Beginning>,
    /// The time between two of its checkpoints.
    pub checkpoint_interval: Duration,
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

/// Outputs of steps that can be put together.
pub trait Gather: Sized {
    /// The output that one step with all rows would have, given at least one.
    fn gather(outputs: Vec<Self>) -> Self;

    /// The mean loss of each step, for each of its rows.
    fn losses(&self) -> Tensor<1>;
}

/// Which of some steps, from 0, is the first whose loss is not finite, given the loss of each of their
/// rows and how many rows a step has. The last one may have fewer.
fn first_lost(losses: &[f32], rows_per_step: usize) -> Option<usize> {
    let row = losses.iter().position(|loss| !loss.is_finite())?;
    Some(row / rows_per_step.max(1))
}

impl<M, T> SingleDevice<M, T>
where
    M: LearnerModel + TrainStep<Output = T> + InferenceStep<Output = T>,
    T: Gather + 'static,
{
    fn steps_per_epoch(&self, rows: &TrainLoader<M>) -> usize {
        rows.num_items().div_ceil(self.batch_size)
    }

    /// An epoch of training steps.
    fn train_epoch(
        &self,
        epoch: usize,
        trainee: &mut Trainee<M>,
        rows: &TrainLoader<M>,
        recorder: &mut Recorder<T>,
        epochs: &mut dyn Epochs<M>,
        interrupter: &Interrupter,
    ) -> Result<(), TensorReadError> {
        let steps_before = (epoch - 1) * self.steps_per_epoch(rows);
        let steps_at_once = (ROWS_AT_ONCE / self.batch_size).max(1);
        let mut gathered = Vec::with_capacity(steps_at_once);
        let mut learning_rates = 0.0;
        let (mut norm, mut norms, mut rows_per_step) = (None, Vec::new(), 0);
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
            let is_last = progress.is_completed();
            let output = trainee.learner().train_step(batch);
            if gathered.is_empty() {
                let model = trainee.learner().model();
                norm = Some(GradientNorm::of(&model, &output.grads));
            }
            let gradients = match self.clip_norm {
                Some(norm) => clip_global_norm(&trainee.learner().model(), output.grads, norm),
                None => output.grads,
            };
            trainee.step(gradients);
            learning_rates += trainee.learner().lr_current().base();
            if gathered.is_empty() {
                rows_per_step = output.item.losses().dims()[0];
            }
            gathered.push(output.item);
            if gathered.len() == steps_at_once || is_last {
                let mean = learning_rates / gathered.len() as f64;
                learning_rates = 0.0;
                let first = iteration - gathered.len() + 1;
                let outputs: T = Gather::gather(std::mem::take(&mut gathered));
                let metadata = MetricMetadata {
                    progress,
                    iteration: Some(iteration),
                    lr: Some(ModuleLearningRate::from(mean)),
                };
                recorder.update(SplitName::Train, &outputs, &metadata)?;
                if let Some(norm) = norm.take() {
                    norms.push(norm.read()?);
                }
                if !recorder.is_finite(SplitName::Train, Measure::Loss) {
                    let losses = outputs.losses().try_into_vec_as::<f32>();
                    let lost = losses
                        .ok()
                        .and_then(|losses| first_lost(&losses, rows_per_step));
                    recorder.history().lose(first + lost.unwrap_or(0));
                }
            }
            // The last step of an epoch is shown with what the epoch came to.
            if !is_last {
                trainee.show(steps_before + iteration, epochs);
            }
            if interrupter.should_stop() {
                return Ok(());
            }
        }
        if !norms.is_empty() {
            let mean = norms.iter().sum::<f64>() / norms.len() as f64;
            let history = recorder.history();
            history.record(Measure::GradientNorm, SplitName::Train, epoch, mean);
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
        epochs: &mut dyn Epochs<M>,
        interrupter: &Interrupter,
    ) -> Result<Option<M>, TensorReadError> {
        recorder.start_pass(SplitName::Train, train.num_items());
        self.train_epoch(epoch, trainee, train, recorder, epochs, interrupter)?;
        recorder.end_pass(SplitName::Train, epoch)?;
        if interrupter.should_stop() {
            return Ok(None);
        }
        let network = trainee.kept(trainee.learner().model().valid());
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
        _starting_epoch: usize,
    ) -> (M, SupervisedTrainingEventProcessor<M>) {
        let TrainingComponents {
            num_epochs,
            interrupter,
            event_processor,
            event_store: store,
            ..
        } = components;
        let train = train.to_device(&self.device);
        let valid = valid.to_device(&self.device.clone().inner());
        learner.fork(&self.device);

        let _awake = self.stay_awake.then(StayAwake::new);
        let mut recorder = self.recorder.lock().unwrap_or_else(PoisonError::into_inner);
        let mut epochs = self.epochs.lock().unwrap_or_else(PoisonError::into_inner);
        let mut beginning = self
            .beginning
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let (starting_epoch, seconds) = (beginning.epochs_done() + 1, beginning.seconds());
        let is_over = beginning.is_over();
        let checkpoint = beginning.checkpoint.take();
        let steps_per_epoch = self.steps_per_epoch(&train);
        let fallback = learner.model();
        let restored = match checkpoint {
            Some(checkpoint) => Trainee::restored(
                learner,
                self.averaging,
                checkpoint,
                steps_per_epoch,
                &mut *epochs,
            ),
            None => Ok(Trainee::new(learner, self.averaging)),
        };
        let mut trainee = match restored {
            Ok(trainee) => trainee,
            Err(error) => {
                recorder.fail(&error);
                return (fallback, event_processor);
            }
        };
        let interval = self.checkpoint_interval;
        let file = beginning.file.as_ref();
        let mut keeper = file.map(|file| Keeper::new(file, &store, interval, seconds));
        recorder.start(num_epochs);
        trainee.show((starting_epoch - 1) * steps_per_epoch, &mut *epochs);
        let first = if is_over {
            num_epochs + 1
        } else {
            starting_epoch
        };
        for epoch in first..=num_epochs {
            if interrupter.should_stop() {
                break;
            }
            // So that an epoch draws the same, wherever the training began.
            let seed = epoch_seed(self.seed, self.part, epoch);
            drop(seed_device(&self.device.clone().inner(), seed));
            epochs.begin(&trainee.learner().model());
            let rows = (&train, &valid);
            let ended = self.epoch(
                epoch,
                &mut trainee,
                rows,
                &mut recorder,
                &mut *epochs,
                &interrupter,
            );
            let network = match ended {
                Ok(Some(network)) => network,
                Ok(None) => break,
                Err(error) => {
                    recorder.fail(&error);
                    break;
                }
            };
            let goes_on = epochs.end(epoch, network);
            let is_last = !goes_on || epoch == num_epochs;
            if let Some(keeper) = &mut keeper {
                let progress = (epoch, is_last, !goes_on);
                keeper.keep(&trainee, progress, &*epochs, &recorder);
            }
            trainee.show(epoch * steps_per_epoch, &mut *epochs);
            if !goes_on {
                break;
            }
        }
        recorder.end();
        (trainee.kept(trainee.learner().model()), event_processor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_step_whose_loss_is_not_finite_is_found() {
        let finite = [0.5; 3];
        let lost = [f32::NAN; 3];
        let steps = |steps: [[f32; 3]; 3]| {
            let losses: Vec<f32> = steps.into_iter().flatten().collect();
            // The last step has a single row.
            first_lost(&losses[..7], 3)
        };
        assert_eq!(steps([finite, lost, lost]), Some(1));
        assert_eq!(steps([finite, finite, lost]), Some(2));
        assert_eq!(steps([finite; 3]), None);
    }
}
