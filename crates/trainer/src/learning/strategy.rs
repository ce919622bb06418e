use burn::lr_scheduler::module_lr_scheduler::ModuleLearningRate;
use burn::tensor::Device;
use burn::train::{
    EventProcessorTraining, InferenceStep, Interrupter, Learner, LearnerEvent, LearnerModel,
    SupervisedLearningStrategy, SupervisedTrainingEventProcessor, TrainLoader, TrainStep,
    TrainingComponents, TrainingItem, ValidLoader,
};

/// Rows whose steps are handed to the metrics at once.
const ROWS_AT_ONCE: usize = 2048;

/// Trains on one device, and hands the outputs of several steps to the metrics at once.
///
/// Burn's own strategy wakes the thread of the metrics after each step. Where a step takes a few dozen
/// microseconds, that takes longer than the step.
pub struct SingleDevice {
    device: Device,
    batch_size: usize,
}

/// Outputs of steps that can be put together.
pub trait Gather: Sized {
    /// The output that one step with all rows would have, given at least one.
    fn gather(outputs: Vec<Self>) -> Self;
}

impl SingleDevice {
    /// With batches of a size, on a device, to which autodiff is added.
    pub fn new(device: Device, batch_size: usize) -> Self {
        Self {
            device: device.autodiff(),
            batch_size,
        }
    }

    /// An epoch of training steps.
    fn train_epoch<M: LearnerModel>(
        &self,
        learner: &mut Learner<M>,
        rows: &TrainLoader<M>,
        processor: &mut SupervisedTrainingEventProcessor<M>,
        interrupter: &Interrupter,
    ) where
        <M as TrainStep>::Output: Gather,
    {
        let steps_at_once = (ROWS_AT_ONCE / self.batch_size).max(1);
        let mut gathered = Vec::with_capacity(steps_at_once);
        let mut learning_rates = 0.0;
        let mut batches = rows.iter();
        let mut iteration = 0;
        while let Some(batch) = batches.next() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => return interrupter.fail(error),
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
                let item = TrainingItem::new(
                    Gather::gather(std::mem::take(&mut gathered)),
                    progress,
                    Some(iteration),
                    Some(ModuleLearningRate::from(mean)),
                );
                let event = LearnerEvent::ProcessedItem(item);
                interrupter.fail_on_error(processor.process_train(event));
            }
            if interrupter.should_stop() {
                return;
            }
        }
    }

    /// A pass over the rows that are held back.
    fn validate<M: LearnerModel>(
        model: &M,
        rows: &ValidLoader<M>,
        processor: &mut SupervisedTrainingEventProcessor<M>,
        interrupter: &Interrupter,
    ) {
        let mut batches = rows.iter();
        let mut iteration = 0;
        while let Some(batch) = batches.next() {
            let batch = match batch {
                Ok(batch) => batch,
                Err(error) => return interrupter.fail(error),
            };
            iteration += 1;
            let output = InferenceStep::step(model, batch);
            let item = TrainingItem::new(output, batches.progress(), Some(iteration), None);
            let event = LearnerEvent::ProcessedItem(item);
            interrupter.fail_on_error(processor.process_valid(event));
            if interrupter.should_stop() {
                return;
            }
        }
    }
}

impl<M: LearnerModel> SupervisedLearningStrategy<M> for SingleDevice
where
    <M as TrainStep>::Output: Gather,
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
            event_processor: mut processor,
            event_store: store,
            ..
        } = components;
        let train = train.to_device(&self.device);
        let valid = valid.to_device(&self.device.clone().inner());
        learner.fork(&self.device);

        for epoch in starting_epoch..=num_epochs {
            let start = LearnerEvent::StartSplit {
                epoch_number: epoch,
                total_items: train.num_items(),
            };
            interrupter.fail_on_error(processor.process_train(start));
            self.train_epoch(&mut learner, &train, &mut processor, &interrupter);
            interrupter.fail_on_error(processor.process_train(LearnerEvent::EndSplit(epoch)));
            if interrupter.should_stop() {
                break;
            }

            let start = LearnerEvent::StartSplit {
                epoch_number: epoch,
                total_items: valid.num_items(),
            };
            interrupter.fail_on_error(processor.process_valid(start));
            let model = learner.model().valid();
            Self::validate(&model, &valid, &mut processor, &interrupter);
            interrupter.fail_on_error(processor.process_valid(LearnerEvent::EndSplit(epoch)));
            interrupter.fail_on_error(processor.process_train(LearnerEvent::EndEpoch(epoch)));
            interrupter.fail_on_error(processor.flush());
            if interrupter.should_stop() {
                break;
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
        (learner.model(), processor)
    }
}
