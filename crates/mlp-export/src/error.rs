use burn::tensor::TensorReadError;
use std::path::PathBuf;

/// Why a model could not be written for other programs.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The format has no place for such a model.
    #[error("{what} cannot be written as {format}")]
    Unsupported {
        /// The kind of model, such as `a self-organising map`.
        what: &'static str,
        /// The format.
        format: &'static str,
        /// What works instead.
        instead: &'static str,
    },
    /// The members of an ensemble read a column differently, so that one input cannot serve them all.
    #[error(
        "column `{column}` is {first} for a member of the ensemble, but {other} for another one"
    )]
    MemberKinds {
        /// The column.
        column: String,
        /// Its kind for the first member.
        first: &'static str,
        /// Its kind for another one.
        other: &'static str,
    },
    /// The file would be larger than a reader of the format can take.
    #[error("the graph would have {bytes} bytes, but a file of ONNX has {most} at most")]
    TooLarge {
        /// The size of the file.
        bytes: usize,
        /// The most that is allowed.
        most: usize,
    },
    /// What was written could not be computed in order to compare it with the model.
    #[error("the graph could not be computed: {reason}")]
    Graph {
        /// The node, and what is wrong with it.
        reason: String,
    },
    /// A file could not be written.
    #[error("cannot write `{}`", path.display())]
    Io {
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// The weights could not be put into the format.
    #[error("the weights cannot be written: {reason}")]
    Weights {
        /// What the format's library said.
        reason: String,
    },
    /// The model could not be used.
    #[error(transparent)]
    Inference(#[from] mlp_inference::Error),
    /// The device failed to return the weights.
    #[error("the device failed: {0}")]
    Device(#[from] TensorReadError),
}

impl Error {
    pub(crate) fn graph(reason: impl ToString) -> Self {
        Self::Graph {
            reason: reason.to_string(),
        }
    }
}

impl From<mlp_datasets::Error> for Error {
    fn from(error: mlp_datasets::Error) -> Self {
        Self::Inference(error.into())
    }
}
