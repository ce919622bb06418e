//! Checkpoints: the state of a training between two epochs.

mod file;
mod identity;
mod keeper;
mod pace;
mod snapshots;

use std::path::PathBuf;

use burn::optim::OptimizerRecord;
use burn::store::ModuleRecord;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use identity::{Identity, RAISABLE_SETTINGS};
pub use keeper::Keeper;
use pace::Pace;
use snapshots::Snapshots;

use super::history::Values;
use crate::Error;

/// The state of a training after an epoch, from which it goes on as if it had never stopped.
///
/// What is drawn in an epoch, the order of its rows and its learning rates depend on nothing but the
/// settings and the number of the epoch, so they are not part of it.
pub struct Checkpoint {
    /// What is remembered besides tensors.
    pub state: State,
    /// What is trained.
    pub model: ModuleRecord,
    /// The state of its optimizer.
    pub optimizer: OptimizerRecord,
    /// The average of its weights, in their place.
    pub average: Option<ModuleRecord>,
    /// The network of the best epoch so far.
    pub best: Option<ModuleRecord>,
}

/// What a checkpoint remembers besides tensors.
#[derive(Serialize, Deserialize, Clone, Debug)]
pub struct State {
    /// What is trained.
    pub identity: Identity,
    /// How many epochs are over.
    pub epoch: usize,
    /// Whether the training ended before its last epoch, for want of improvement for example.
    pub is_over: bool,
    /// How long it took so far, in seconds.
    pub seconds: f64,
    /// How many steps the average of the weights covers.
    pub averaged_steps: usize,
    /// The learning curve.
    pub curve: Vec<Values>,
    /// What is remembered from epoch to epoch.
    pub memory: Value,
}

/// What is remembered from epoch to epoch.
#[derive(Default)]
pub struct Memory {
    /// In words and numbers.
    pub values: Value,
    /// The network of the best epoch so far.
    pub best: Option<ModuleRecord>,
}

/// Where a training keeps its checkpoints.
#[derive(Clone)]
pub struct CheckpointFile {
    path: PathBuf,
    /// Its folder without links, as it was found.
    folder: Option<PathBuf>,
    identity: Identity,
}

/// What a part of a training begins with, and where it keeps its state.
#[derive(Default)]
pub struct Beginning {
    /// The state that it goes on from.
    pub checkpoint: Option<Checkpoint>,
    /// Where it keeps its own.
    pub file: Option<CheckpointFile>,
}

impl Beginning {
    /// How many epochs are over.
    pub fn epochs_done(&self) -> usize {
        self.state().map_or(0, |state| state.epoch)
    }

    /// Whether the training ended before its last epoch.
    pub fn is_over(&self) -> bool {
        self.state().is_some_and(|state| state.is_over)
    }

    /// How long they took, in seconds.
    pub fn seconds(&self) -> f64 {
        self.state().map_or(0.0, |state| state.seconds)
    }

    /// Their learning curve.
    pub fn curve(&self) -> Vec<Values> {
        self.state()
            .map_or_else(Vec::new, |state| state.curve.clone())
    }

    fn state(&self) -> Option<&State> {
        self.checkpoint.as_ref().map(|checkpoint| &checkpoint.state)
    }
}

/// Reads what a value remembers.
///
/// # Errors
///
/// If it is that of something else.
pub fn remembered<T: for<'a> Deserialize<'a>>(values: Value) -> Result<T, Error> {
    serde_json::from_value(values).map_err(Error::learner)
}
