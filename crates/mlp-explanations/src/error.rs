use burn::tensor::TensorReadError;
use mlp_inference::Metric;

/// Why a model could not be explained.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The model finds clusters, and predicts nothing that could be explained.
    #[error(
        "this is a model for clustering, but {method} needs one that predicts classes or numbers"
    )]
    Clustering {
        /// What was asked for, such as `permutation importance`.
        method: &'static str,
    },
    /// No rows were given.
    #[error("there are no rows to explain the model with")]
    NoRows,
    /// The model has no such column among its features.
    #[error("`{column}` is not a column that the model learned from; those are `{}`", known.join("`, `"))]
    UnknownColumn {
        /// The column that was asked for.
        column: String,
        /// The columns that the model has.
        known: Vec<String>,
    },
    /// The model has no such class or target.
    #[error("the model predicts no `{output}`, but `{}`", known.join("`, `"))]
    UnknownOutput {
        /// The class or target that was asked for.
        output: String,
        /// The classes or targets that the model has.
        known: Vec<String>,
    },
    /// A setting is out of range.
    #[error("`{setting}` is {value}, but must be {allowed}")]
    InvalidSetting {
        /// The setting.
        setting: &'static str,
        /// Its value.
        value: usize,
        /// The values that it may have.
        allowed: &'static str,
    },
    /// A metric is for another task, or cannot be computed for these rows.
    #[error("there is no {metric} of the predictions of these rows")]
    NoMetric {
        /// The metric.
        metric: Metric,
    },
    /// All values of a column are missing, so there are none to try.
    #[error("all values of `{column}` are missing in these rows")]
    NothingPresent {
        /// The column.
        column: String,
    },
    /// The model computes NaN or infinity for a row.
    #[error("the prediction of row {} is not finite", row + 1)]
    NotFinite {
        /// The row of the table, from 0.
        row: usize,
    },
    /// The model could not predict the rows.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
}

impl From<mlp_datasets::Error> for Error {
    fn from(error: mlp_datasets::Error) -> Self {
        Self::Inference(error.into())
    }
}

impl From<TensorReadError> for Error {
    fn from(error: TensorReadError) -> Self {
        Self::Inference(error.into())
    }
}

/// Checks that a setting is at least 1, and not above a bound.
pub(crate) fn check_range(
    setting: &'static str,
    value: usize,
    highest: usize,
    allowed: &'static str,
) -> Result<(), Error> {
    if (1..=highest).contains(&value) {
        return Ok(());
    }
    Err(Error::InvalidSetting {
        setting,
        value,
        allowed,
    })
}
