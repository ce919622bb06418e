use std::collections::BTreeMap;

use mlp_datasets::{SplitName, Task};
use mlp_inference::{ClusterMetrics, Clusters, Evaluation, Metric, SavedModel};
use serde::{Deserialize, Serialize};

use crate::divergence::Divergence;
use crate::recipe::Model;

/// A trained model, and how the training went.
#[derive(Clone, Debug)]
pub struct Fitted {
    /// The model: of the best epoch if it predicts, of the last one if it finds clusters.
    pub model: SavedModel,
    /// By which recipe it was trained.
    pub recipe: Model,
    /// How many epochs were trained, of all phases.
    pub epochs: usize,
    /// How training ended.
    pub ending: Ending,
    /// How long training took, in seconds.
    pub seconds: f64,
    /// How good the model is.
    pub outcome: Outcome,
}

impl Fitted {
    /// Whether training was stopped.
    pub fn is_interrupted(&self) -> bool {
        self.ending == Ending::Interrupted
    }

    /// How good the predictions of a split are, if the model predicts.
    pub fn evaluation(&self, rows: SplitName) -> Option<&Evaluation> {
        match &self.outcome {
            Outcome::Prediction(outcome) => outcome.evaluations.get(&rows),
            Outcome::Clustering(_) => None,
        }
    }

    /// A metric of the predictions of a split, if the model predicts and the metric suits its task.
    pub fn metric(&self, metric: Metric, rows: SplitName) -> Option<f64> {
        metric.of(&self.evaluation(rows)?.metrics)
    }
}

/// How good a model is.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)] // There is one for each training.
pub enum Outcome {
    /// Of a model that predicts.
    Prediction(Evaluations),
    /// Of a model that finds clusters.
    Clustering(Clustering),
}

/// How good predictions are.
#[derive(Clone, Debug)]
pub struct Evaluations {
    /// What is predicted.
    pub task: Task,
    /// The epoch whose network was kept, from 1; 0 if training was interrupted within the first.
    pub best_epoch: usize,
    /// How many rows each split has.
    pub rows: BTreeMap<SplitName, usize>,
    /// How good the predictions of each split are.
    pub evaluations: BTreeMap<SplitName, Evaluation>,
    /// How good it is to predict the same for every test row: the most frequent class of the training
    /// rows, or their mean. Absent without test rows.
    pub baseline: Option<Evaluation>,
    /// The kinds of the members of an ensemble; empty for a single network.
    pub kinds: Vec<MembersOfKind>,
}

/// The members of an ensemble that are of one kind.
#[derive(Serialize, Deserialize, Clone, Copy, Debug, PartialEq)]
#[serde(deny_unknown_fields)]
pub struct MembersOfKind {
    /// The kind.
    pub model: Model,
    /// How many there are.
    pub members: usize,
    /// How much they count in the mean, all together, in `[0, 1]`.
    pub weight: f64,
}

/// How good clusters are.
#[derive(Clone, Debug)]
pub struct Clustering {
    /// The cluster of each row.
    pub found: Clusters,
    /// How many clusters there are.
    pub num_clusters: usize,
    /// The silhouette of each number of clusters that was tried, among the units of a map or the
    /// codes; empty if the number was given.
    pub silhouettes: Vec<(usize, f64)>,
    /// How often a cluster that had become empty was given a row to start anew from.
    pub reseeded: usize,
    /// How well the clusters fit the rows, and the classes if there are any.
    pub metrics: ClusterMetrics,
    /// The same of k-means on the inputs, with as many clusters.
    pub k_means: ClusterMetrics,
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq)]
pub enum Ending {
    /// After its last epoch.
    Complete,
    /// A perceptron classified every training row correctly: no weight changes any more.
    Converged,
    /// A perceptron misclassified some row in every epoch.
    NotSeparated,
    /// Validation did not improve any more.
    OutOfPatience,
    /// It was stopped.
    Interrupted,
    /// A loss became NaN or infinite after an epoch that ended well.
    Diverged(Divergence),
}
