use std::sync::PoisonError;

use burn::module::Module;

use super::objective::ClusteringObjective;
use crate::observer::{ObservedPhase, SharedObserver};

/// Shows a network that finds clusters to an observer, between the steps of a phase.
pub struct ClustererObserver {
    observer: SharedObserver,
    /// The steps of the phases before.
    steps_before: usize,
}

impl ClustererObserver {
    /// Of a phase, which begins.
    pub fn new(observer: SharedObserver, phase: ObservedPhase, steps_before: usize) -> Self {
        observer
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .begin_phase(phase);
        Self {
            observer,
            steps_before,
        }
    }

    /// So many steps of the phase were taken. The network to go on with, if it is another one.
    pub fn step(
        &self,
        step: usize,
        objective: &dyn Fn() -> ClusteringObjective,
    ) -> Option<ClusteringObjective> {
        let step = self.steps_before + step;
        let mut observer = self.observer.lock().unwrap_or_else(PoisonError::into_inner);
        if !observer.wants_network(step) {
            return None;
        }
        let objective = objective().valid();
        let network = observer.clusterer(step, objective.network.clone())?;
        Some(ClusteringObjective {
            network,
            ..objective
        })
    }
}
