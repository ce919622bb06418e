use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use mlp_datasets::{Dataset, SplitName, Task};
use mlp_inference::{ClassMetrics, ClusterMetrics, Evaluation, Metrics, Purpose, SavedModel};
use mlp_training::{Clustering, Evaluations, Fitted, MembersOfKind, Model, Outcome, Spread};
use serde::{Deserialize, Serialize, Serializer};

use crate::run::files;
use crate::{Backend, Error, TrainingConfig, built_in};

/// A path in JSON, which is Unicode: a folder may have a name that is not.
fn lossily<S: Serializer>(path: &Path, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(&path.display())
}

/// The document that `--json` prints and `summary.json` holds of a model that predicts.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct PredictionSummary {
    /// The run's folder.
    #[serde(serialize_with = "lossily")]
    pub run: PathBuf,
    /// What the model does.
    pub task: Task,
    /// Which network it is.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// The random seed.
    pub seed: u64,
    /// How many epochs were trained.
    pub epochs: usize,
    /// The epoch whose network was kept, from 1; 0 if training was interrupted within the first.
    pub best_epoch: usize,
    /// Whether the user stopped it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
    /// How long the command took to train, or to evaluate.
    pub seconds: f64,
    /// How good the model is on each split.
    pub metrics: BTreeMap<SplitName, Metrics>,
    /// How many rows each split has.
    pub rows: BTreeMap<SplitName, usize>,
    /// How good it is to predict the same for every test row: the most frequent class of the training
    /// rows, or their mean.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Metrics>,
    /// The kinds of the members of an ensemble, and how much they count; empty for a single network.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub members: Vec<MembersOfKind>,
    /// How good the predictions of each class are, for test rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub classes: BTreeMap<String, ClassMetrics>,
    /// How good the predictions of each of several targets are, for test rows.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub targets: BTreeMap<String, Metrics>,
    /// The [fingerprint](Dataset::fingerprint) of the table that was trained on, by which it is
    /// recognised; absent for built-in data sets.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The [same](Dataset::split_fingerprint) of its groups, times, parts, test rows and weights; absent if it has
    /// none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub split_fingerprint: Option<String>,
}

/// The document that `--json` prints and `summary.json` holds of a clustering.
#[derive(Serialize, Deserialize, Clone, Debug, PartialEq)]
pub struct ClusteringSummary {
    /// The run's folder.
    #[serde(serialize_with = "lossily")]
    pub run: PathBuf,
    /// What the model does: clustering.
    pub task: Task,
    /// Which network it is.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// The random seed.
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
    /// How long the command took to train, or to evaluate.
    pub seconds: f64,
    /// How well the clusters fit the rows, and the classes if there are any.
    pub metrics: ClusterMetrics,
    /// The same of k-means on the inputs, with as many clusters.
    pub k_means: ClusterMetrics,
}

/// The document that `--json` prints and `summary.json` holds of a cross-validation.
#[derive(Serialize, Clone, Debug, PartialEq)]
pub struct FoldsSummary {
    /// The folder, in which each fold has a run of its own: `fold-1` and so on.
    #[serde(serialize_with = "lossily")]
    pub run: PathBuf,
    /// What the models do.
    pub task: Task,
    /// Which network they are.
    pub model: Model,
    /// What computed.
    pub backend: Backend,
    /// The random seed.
    pub seed: u64,
    /// How many folds there are.
    pub folds: usize,
    /// How long all trainings took together.
    pub seconds: f64,
    /// Each metric of each split over the folds, by its name.
    pub metrics: BTreeMap<SplitName, BTreeMap<&'static str, Spread>>,
    /// The model that was then trained on all rows, unless the user stopped it before that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub refit: Option<PredictionSummary>,
    /// Whether the user stopped it; then there are fewer folds than were asked for, or no model of all
    /// rows.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub interrupted: bool,
}

/// The document of a training.
#[derive(Serialize, Clone, Debug, PartialEq)]
#[serde(untagged)]
#[allow(clippy::large_enum_variant)] // There is one for each training.
pub enum Summary {
    /// Of a model that predicts.
    Prediction(PredictionSummary),
    /// Of a model that finds clusters.
    Clustering(ClusteringSummary),
}

impl Summary {
    /// Of a model that was trained on a data set, in a folder.
    pub fn of(fitted: &Fitted, dataset: &Dataset, config: &TrainingConfig, run: &Path) -> Self {
        match &fitted.outcome {
            Outcome::Prediction(outcome) => {
                Self::Prediction(PredictionSummary::of(fitted, outcome, dataset, config, run))
            }
            Outcome::Clustering(outcome) => {
                Self::Clustering(ClusteringSummary::of(fitted, outcome, config, run))
            }
        }
    }

    /// Reads `summary.json` of a run whose model has a purpose.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    pub fn load(folder: &Path, purpose: Purpose) -> Result<Self, Error> {
        Ok(match purpose {
            Purpose::Prediction => Self::Prediction(PredictionSummary::load(folder)?),
            Purpose::Clustering => Self::Clustering(files::load_summary(folder)?),
        })
    }

    /// Writes `summary.json` into a run's folder.
    ///
    /// # Errors
    ///
    /// If it cannot be written.
    pub fn save(&self, folder: &Path) -> Result<(), Error> {
        files::save_summary(self, folder)
    }
}

impl PredictionSummary {
    /// Of a model that was trained on a data set, in a folder.
    pub fn of(
        fitted: &Fitted,
        outcome: &Evaluations,
        dataset: &Dataset,
        config: &TrainingConfig,
        run: &Path,
    ) -> Self {
        let evaluations = outcome.evaluations.iter();
        Self {
            run: run.to_owned(),
            task: outcome.task,
            model: fitted.recipe,
            backend: config.backend,
            seed: config.seed,
            epochs: fitted.epochs,
            best_epoch: outcome.best_epoch,
            interrupted: fitted.is_interrupted(),
            seconds: fitted.seconds,
            metrics: evaluations
                .map(|(name, evaluation)| (*name, evaluation.metrics.clone()))
                .collect(),
            rows: outcome.rows.clone(),
            baseline: outcome.baseline.as_ref().map(|b| b.metrics.clone()),
            members: outcome.kinds.clone(),
            classes: class_metrics(&fitted.model, outcome.evaluations.get(&SplitName::Test)),
            targets: target_metrics(&fitted.model, outcome.evaluations.get(&SplitName::Test)),
            fingerprint: built_in(config.dataset())
                .is_none()
                .then(|| dataset.fingerprint(&fitted.model.preprocessor().column_names())),
            split_fingerprint: dataset.split_fingerprint(),
        }
    }

    /// Reads `summary.json` of a run.
    ///
    /// # Errors
    ///
    /// If it is missing or damaged.
    fn load(folder: &Path) -> Result<Self, Error> {
        /// That of a cross-validation holds that of its model of all rows.
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrFolds {
            Folds { refit: PredictionSummary },
            One(PredictionSummary),
        }
        let (OneOrFolds::One(summary) | OneOrFolds::Folds { refit: summary }) =
            files::load_summary(folder)?;
        Ok(summary)
    }
}

/// The metrics of each class of an evaluation, by its name.
pub fn class_metrics(
    model: &SavedModel,
    evaluation: Option<&Evaluation>,
) -> BTreeMap<String, ClassMetrics> {
    let (Some(classes), Some(evaluation)) = (model.classes(), evaluation) else {
        return BTreeMap::new();
    };
    let metrics = evaluation.per_class.iter().cloned();
    classes.iter().cloned().zip(metrics).collect()
}

/// The metrics of each of several targets of an evaluation, by its name.
pub fn target_metrics(
    model: &SavedModel,
    evaluation: Option<&Evaluation>,
) -> BTreeMap<String, Metrics> {
    let metrics = evaluation.map_or(&[][..], |evaluation| &evaluation.per_target);
    let names = model.target_names().into_iter();
    names.zip(metrics.iter().cloned()).collect()
}

impl ClusteringSummary {
    fn of(fitted: &Fitted, outcome: &Clustering, config: &TrainingConfig, run: &Path) -> Self {
        Self {
            run: run.to_owned(),
            task: Task::Clustering,
            model: fitted.recipe,
            backend: config.backend,
            seed: config.seed,
            rows: outcome.found.clusters.len(),
            epochs: fitted.epochs,
            clusters: outcome.num_clusters,
            sizes: outcome.found.sizes(outcome.num_clusters),
            silhouettes: outcome.silhouettes.clone(),
            reseeded: outcome.reseeded,
            interrupted: fitted.is_interrupted(),
            seconds: fitted.seconds,
            metrics: outcome.metrics.clone(),
            k_means: outcome.k_means.clone(),
        }
    }
}
