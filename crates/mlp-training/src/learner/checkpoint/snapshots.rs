use std::sync::mpsc::{Receiver, Sender, channel};

use burn::lr_scheduler::LrSchedulerRecord;
use burn::optim::OptimizerRecord;
use burn::store::ModuleRecord;
use burn::train::checkpoint::{
    AsyncCheckpointer, Checkpoint, Checkpointer, CheckpointerError, CheckpointingAction,
    CheckpointingStrategy,
};
use burn::train::metric::store::EventStoreClient;
use burn::train::{Learner, LearnerModel, LearningCheckpointer};

use crate::Error;

/// Takes the state of Burn's learner, which it gives to its checkpointers only.
///
/// Burn's own write one file each, none of which is the whole of a state, and keep neither the best epoch
/// nor an average of the weights.
pub struct Snapshots<M: LearnerModel> {
    checkpointer: LearningCheckpointer<M>,
    models: Receiver<ModuleRecord>,
    optimizers: Receiver<OptimizerRecord>,
}

impl<M: LearnerModel> Snapshots<M> {
    /// Waits for learners.
    pub fn new() -> Self {
        let (model, models) = channel();
        let (optimizer, optimizers) = channel();
        Self {
            checkpointer: LearningCheckpointer::new(
                AsyncCheckpointer::new(HandOver(Some(model))),
                AsyncCheckpointer::new(HandOver(Some(optimizer))),
                // Learning rates depend on the step only.
                AsyncCheckpointer::new(HandOver::<LrSchedulerRecord>(None)),
                Box::new(Always),
            ),
            models,
            optimizers,
        }
    }

    /// The state of a learner: its model and its optimizer.
    ///
    /// # Errors
    ///
    /// If the device fails.
    pub fn take(
        &mut self,
        learner: &Learner<M>,
        store: &EventStoreClient,
    ) -> Result<(ModuleRecord, OptimizerRecord), Error> {
        self.checkpointer.checkpoint(learner, 0, store);
        let model = self.models.recv().map_err(Error::learner)?;
        let optimizer = self.optimizers.recv().map_err(Error::learner)?;
        Ok((model, optimizer))
    }
}

/// Hands records over instead of writing them, if anybody takes them.
struct HandOver<R>(Option<Sender<R>>);

impl<R: Checkpoint> Checkpointer<R> for HandOver<R> {
    fn save(&self, _epoch: usize, record: R) -> Result<(), CheckpointerError> {
        if let Some(sender) = &self.0 {
            let sent = sender.send(record);
            return sent.map_err(|error| CheckpointerError::Unknown(error.to_string()));
        }
        Ok(())
    }

    fn delete(&self, _epoch: usize) -> Result<(), CheckpointerError> {
        Ok(())
    }

    fn restore(&self, _epoch: usize) -> Result<R, CheckpointerError> {
        Err(CheckpointerError::Unknown("it keeps nothing".to_owned()))
    }
}

/// Saves whenever it is asked.
struct Always;

impl CheckpointingStrategy for Always {
    fn checkpointing(
        &mut self,
        _epoch: usize,
        _store: &EventStoreClient,
    ) -> Vec<CheckpointingAction> {
        vec![CheckpointingAction::Save]
    }
}
