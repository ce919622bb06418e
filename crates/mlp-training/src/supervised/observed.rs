use std::sync::{Arc, Mutex, PoisonError};

use burn::module::Module;

use super::judge::Judge;
use super::objective::SupervisedObjective;
use crate::Error;
use crate::learner::{Epochs, Memory};
use crate::observer::SharedObserver;

/// Judges each epoch, and shows the network to an observer between steps.
pub struct Observed {
    judge: Arc<Mutex<Judge>>,
    observer: SharedObserver,
}

impl Observed {
    /// Of a judge.
    pub fn new(judge: Arc<Mutex<Judge>>, observer: SharedObserver) -> Self {
        Self { judge, observer }
    }
}

impl Epochs<SupervisedObjective> for Observed {
    fn begin(&mut self, network: &SupervisedObjective) {
        lock(&self.judge).begin(network);
    }

    fn step(
        &mut self,
        step: usize,
        objective: &dyn Fn() -> SupervisedObjective,
    ) -> Option<SupervisedObjective> {
        let mut observer = self.observer.lock().unwrap_or_else(PoisonError::into_inner);
        if !observer.wants_network(step) {
            return None;
        }
        let objective = objective().valid();
        let network = observer.network(step, objective.network.clone())?;
        Some(SupervisedObjective {
            network,
            ..objective
        })
    }

    fn end(&mut self, epoch: usize, network: SupervisedObjective) -> bool {
        lock(&self.judge).end(epoch, network)
    }

    fn memory(&self) -> Result<Option<Memory>, Error> {
        lock(&self.judge).memory()
    }

    fn restore(&mut self, memory: Memory, network: &SupervisedObjective) -> Result<(), Error> {
        lock(&self.judge).restore(memory, network)
    }
}

fn lock(judge: &Mutex<Judge>) -> std::sync::MutexGuard<'_, Judge> {
    judge.lock().unwrap_or_else(PoisonError::into_inner)
}
