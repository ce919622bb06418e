use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mlp_datasets::{SplitName, Task};
use mlp_inference::{Evaluation, Metrics};
use serde::{Deserialize, Serialize};

use crate::{Backend, Error, Model, run_files};

/// The document that `--json` prints and `summary.json` holds.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct Summary {
    /// The run's folder.
    pub run: PathBuf,
    /// What the model does.
    pub task: Task,
    /// Which network it is.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// Where all chance came from.
    pub seed: u64,
    /// How many epochs were trained.
    pub epochs: usize,
    /// Whose model was kept, from 1; 0 if training was interrupted within the first.
    pub best_epoch: usize,
    /// How long the command took to train, or to evaluate.
    pub seconds: f64,
    /// How well the model does on each split.
    pub metrics: BTreeMap<SplitName, Metrics>,
    /// How many rows each split has.
    pub rows: BTreeMap<SplitName, usize>,
}

impl Summary {
    /// Writes `summary.json` into a run's folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        run_files::save_summary(self, folder)
    }

    /// Reads `summary.json` of a run.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    pub fn load(folder: &Path) -> Result<Self, Error> {
        run_files::load_summary(folder)
    }
}

/// A finished training.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// Its summary.
    pub summary: Summary,
    /// How the model does on each split, with confusion matrices.
    pub evaluations: BTreeMap<SplitName, Evaluation>,
    /// The names of the classes, if there are classes.
    pub classes: Option<Vec<String>>,
    /// How training ended.
    pub ending: Ending,
}

/// How training ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// After its last epoch.
    Complete,
    /// A perceptron classified every training row: no weight changes any more.
    Converged,
    /// A perceptron was wrong somewhere in every epoch.
    NotSeparated,
    /// Validation did not improve any more.
    OutOfPatience,
    /// The user stopped it.
    Interrupted,
}
