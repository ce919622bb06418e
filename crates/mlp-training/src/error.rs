use std::path::PathBuf;

use mlp_datasets::{SplitName, Task};
use mlp_inference::Metric;
use mlp_models::InvalidConfig;
use mlp_models::loss::LossKind;

use crate::divergence::Divergence;

/// Why a network could not be trained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A setting has a value that it cannot have.
    #[error("`{setting}` is {value}, but must be {allowed}")]
    InvalidSetting {
        /// The setting, such as `learning_rate`.
        setting: &'static str,
        /// The value it was given.
        value: String,
        /// The values it may have.
        allowed: String,
    },
    /// A setting was given that the model has no use for.
    #[error("`{setting}` does not apply to the model `{model}`")]
    UnusedSetting {
        /// The setting, such as `dropout`.
        setting: String,
        /// The model.
        model: &'static str,
    },
    /// A setting has a value of the wrong type.
    #[error("the settings of the model `{model}` cannot be read: {source}")]
    Settings {
        /// The model.
        model: &'static str,
        /// Which setting, and why.
        source: serde_json::Error,
    },
    /// The data set has no target, and the model predicts one.
    #[error("the data set has no target to predict")]
    NoTarget,
    /// A metric that judges another task was to select the best epoch.
    #[error("the metric `{metric}` is for {}, but this is {task}", metric.task())]
    MetricOfOtherTask {
        /// The metric.
        metric: Metric,
        /// What is learned.
        task: Task,
    },
    /// The metric that was to select the best epoch does not tell epochs apart on the validation rows.
    #[error("the metric `{metric}` cannot select an epoch: {reason}")]
    CannotSelect {
        /// The metric.
        metric: Metric,
        /// Why not, such as ``all 20 validation rows are of the class `yes` ``.
        reason: String,
    },
    /// Classes were weighted, and the target is a number.
    #[error("class weights are for classes, but the target of `{dataset}` is a number")]
    ClassWeightsOfNumbers {
        /// The data set.
        dataset: String,
    },
    /// A loss for classes was to be minimised, and the target is a number.
    #[error("the loss `{loss}` needs classes, but the target of `{dataset}` is a number")]
    LossNeedsClasses {
        /// The loss.
        loss: LossKind,
        /// The model.
        model: &'static str,
        /// The data set.
        dataset: String,
    },
    /// All rows for training and validation are of one class.
    #[error(
        "all rows for training and validation are of the class `{class}`, so there is nothing to learn"
    )]
    SingleClass {
        /// The class.
        class: String,
    },
    /// All rows of a split have the weight 0.
    #[error("the weights of all {rows} rows are 0, so they have no loss")]
    NoWeight {
        /// Of which split.
        rows: SplitName,
    },
    /// There are not enough different rows to be grouped.
    #[error(
        "too few different rows for clusters: {needed} are needed, and of {rows} rows {distinct} {} \
         different",
        if *distinct == 1 { "is" } else { "are" }
    )]
    TooFewDistinctRows {
        /// How many rows there are.
        rows: usize,
        /// How many of them differ from all before.
        distinct: usize,
        /// How many are needed.
        needed: usize,
    },
    /// The loss became NaN or infinite before any epoch ended well.
    #[error("{0}")]
    Diverged(Divergence),
    /// The value that selects the best epoch was defined in no epoch.
    #[error(
        "{} was undefined for the validation rows in every epoch, so no epoch could be selected",
        metric.map_or("the loss".to_owned(), |metric| format!("the metric `{metric}`"))
    )]
    NothingSelected {
        /// The metric, unless it is the loss.
        metric: Option<Metric>,
    },
    /// A loss became NaN or infinite in a fold of a cross-validation.
    #[error("{0}")]
    DivergedFold(Divergence),
    /// The training was stopped before there was anything to keep.
    #[error("the training was stopped before the first fold had ended")]
    InterruptedTooEarly,
    /// The training was [abandoned](crate::StopHandle::abandon).
    #[error("the training was stopped, and its model is not wanted")]
    Abandoned,
    /// The learner failed.
    #[error("training failed: {reason}")]
    Learner {
        /// What it reported.
        reason: String,
    },
    /// A training was to go on from checkpoints of another one.
    #[error("this is not the training that was stopped: `{setting}` was {then}, but is {now}")]
    OtherTraining {
        /// The setting, such as `learning_rate`.
        setting: String,
        /// What it is.
        now: String,
        /// What it was.
        then: String,
    },
    /// A training was to go on with other data.
    #[error("the data is not that with which the training began")]
    OtherData,
    /// A checkpoint cannot be used.
    #[error("the checkpoint `{}` is damaged: {reason}", path.display())]
    DamagedCheckpoint {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// There is no checkpoint yet.
    #[error("the training was stopped before there was anything to keep")]
    NothingTrained,
    /// A network is not one whose backpropagation can be shown.
    #[error("the network cannot be traced: {reason}")]
    NotTraceable {
        /// What is in the way.
        reason: &'static str,
    },
    /// A file or folder could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `create`, `read` or `write`.
        action: &'static str,
        /// The file or folder.
        path: PathBuf,
        /// What the system reported.
        source: std::io::Error,
    },
    /// The data does not fit.
    #[error(transparent)]
    Data(#[from] mlp_datasets::Error),
    /// The model could not be used.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
}

impl From<InvalidConfig> for Error {
    /// Recipes name some fields of a network's configuration differently.
    fn from(error: InvalidConfig) -> Self {
        Self::InvalidSetting {
            setting: match error.field {
                "hidden_sizes" => "hidden",
                "activations" => "activation",
                "rows" | "columns" => "grid",
                "noise" => "denoising",
                field => field,
            },
            value: error.value,
            allowed: error.allowed.to_owned(),
        }
    }
}

impl Error {
    pub(crate) fn invalid(setting: &'static str, value: impl ToString, allowed: &str) -> Self {
        Self::InvalidSetting {
            setting,
            value: value.to_string(),
            allowed: allowed.to_owned(),
        }
    }

    /// That a model is not one of plain layers of neurons, so that its backpropagation cannot be shown.
    pub fn not_plain_layers() -> Self {
        Self::NotTraceable {
            reason: "only a perceptron, an adaline, a logistic regression and an mlp are plain layers of neurons",
        }
    }

    pub(crate) fn learner(reason: impl ToString) -> Self {
        Self::Learner {
            reason: reason.to_string(),
        }
    }
}
