use burn::optim::GradientsParams;
use burn::train::{Learner, LearnerModel};

use super::averaging::Averaging;
use super::checkpoint::{Checkpoint, Memory};
use super::epochs::Epochs;
use super::weight_average::WeightAverage;
use crate::Error;

/// A learner, with the average of its weights if that is what is kept.
pub struct Trainee<M: LearnerModel> {
    learner: Learner<M>,
    average: Option<WeightAverage>,
}

impl<M: LearnerModel> Trainee<M> {
    /// A learner that has not learned yet.
    pub fn new(learner: Learner<M>, averaging: Option<Averaging>) -> Self {
        Self {
            learner,
            average: averaging.map(WeightAverage::new),
        }
    }

    /// The learner in the state of a checkpoint, after which there were so many steps in each epoch. `epochs` remember
    /// what they did.
    ///
    /// # Errors
    ///
    /// If the checkpoint is one of something else.
    pub fn restored(
        mut learner: Learner<M>,
        averaging: Option<Averaging>,
        checkpoint: Checkpoint,
        steps_per_epoch: usize,
        epochs: &mut dyn Epochs<M>,
    ) -> Result<Self, Error> {
        let state = checkpoint.state;
        // Loading it into the learner itself would panic.
        let restored = learner.model().try_load_record(checkpoint.model);
        learner.load_model(restored.map_err(Error::learner)?.into_record());
        learner.load_optim(checkpoint.optimizer);
        // Rates depend on the number of all steps, which may have been raised.
        for _ in 0..state.epoch * steps_per_epoch {
            learner.lr_step();
        }
        let average = match (averaging, checkpoint.average) {
            (Some(averaging), Some(average)) => {
                let network = learner.model().try_load_record(average);
                let network = network.map_err(Error::learner)?;
                let average = WeightAverage::restored(averaging, state.averaged_steps, &network);
                Some(average)
            }
            (averaging, _) => averaging.map(WeightAverage::new),
        };
        let memory = Memory {
            values: state.memory,
            best: checkpoint.best,
        };
        epochs.restore(memory, &learner.model().valid())?;
        Ok(Self { learner, average })
    }

    /// The learner.
    pub fn learner(&self) -> &Learner<M> {
        &self.learner
    }

    /// The average of its weights, if that is what is kept.
    pub fn average(&self) -> Option<&WeightAverage> {
        self.average.as_ref()
    }

    /// Takes a step.
    pub fn step(&mut self, gradients: GradientsParams) {
        self.learner.lr_step();
        self.learner.optimizer_step(gradients);
        if let Some(average) = &mut self.average {
            average.update(&self.learner.model());
        }
    }

    /// Shows the network after so many steps, and goes on with another one if it was changed.
    pub fn show(&mut self, step: usize, epochs: &mut dyn Epochs<M>) {
        let learner = &self.learner;
        if let Some(changed) = epochs.step(step, &|| learner.model()) {
            self.learner.load_model(changed.into_record());
        }
    }

    /// What is kept of a network that is the learner's.
    pub fn kept(&self, network: M) -> M {
        match &self.average {
            Some(average) => average.apply(network),
            None => network,
        }
    }
}
