use std::path::{Path, PathBuf};

use mlp_datasets::Task;
use mlp_inference::ClusterMetrics;
use serde::{Deserialize, Serialize};

use crate::{Backend, Error, Model, run_files};

/// The document that `--json` prints and `summary.json` holds of a clustering.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ClusteringSummary {
    /// The run's folder.
    pub run: PathBuf,
    /// What the model does: clustering.
    pub task: Task,
    /// Which network it is.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// Where all chance came from.
    pub seed: u64,
    /// How many rows were grouped.
    pub rows: usize,
    /// How many epochs were trained, of all phases.
    pub epochs: usize,
    /// How many clusters there are.
    pub clusters: usize,
    /// How many rows each cluster has.
    pub sizes: Vec<usize>,
    /// The silhouette of each number of clusters that was tried, among the units of a map or the
    /// codes; empty if the number was given.
    pub silhouettes: Vec<(usize, f64)>,
    /// How often a cluster that had become empty was given a row to start anew from.
    pub reseeded: usize,
    /// Whether the user stopped it.
    pub interrupted: bool,
    /// How long the command took to train, or to judge.
    pub seconds: f64,
    /// How well the clusters fit the rows, and the labels if there are any.
    pub metrics: ClusterMetrics,
    /// The same of k-means on the inputs, with as many clusters.
    pub k_means: ClusterMetrics,
}

impl ClusteringSummary {
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
