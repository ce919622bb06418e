use std::path::PathBuf;

use burn::tensor::TensorReadError;
use mlp_models::InvalidConfig;

use crate::purpose::Purpose;

/// Why a model could not be saved, loaded or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder does not exist.
    #[error("the folder `{}` does not exist", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder contains no finished model.
    #[error("`{}` is missing, so `{}` does not contain a finished model", file, folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The missing file.
        file: &'static str,
    },
    /// A file could not be read, written or removed.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `read`, `write` or `remove`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// The error of the operating system.
        source: std::io::Error,
    },
    /// `model.json` is truncated, or does not have the fields of its format version.
    #[error("`{}` is damaged: {source}", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// The first fault found.
        source: serde_json::Error,
    },
    /// `model.json` was changed after it was written, or is damaged in a way that is still JSON.
    #[error("`{}` is not as it was written: its SHA-256 is another one", path.display())]
    Changed {
        /// The file.
        path: PathBuf,
    },
    /// The model was written by a newer version of this crate.
    #[error(
        "`{}` has format version {found} and was written by a newer program: this one reads \
         versions up to {supported}, so a newer version of it is needed",
        path.display()
    )]
    NewerFormat {
        /// The file.
        path: PathBuf,
        /// The version of the file.
        found: u64,
        /// The highest version that this crate reads.
        supported: u64,
    },
    /// A field of the network's configuration is out of range.
    #[error("the network in `{}` is invalid: {source}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// The field that is out of range.
        source: InvalidConfig,
    },
    /// The preprocessor is damaged.
    #[error("the preprocessing in `{}` is invalid: {source}", path.display())]
    Preprocessor {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: Box<mlp_datasets::Error>,
    },
    /// Two parts of `model.json` contradict each other.
    #[error("`{}` contradicts itself: {reason}", path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// The two parts that do not fit each other.
        reason: String,
    },
    /// `model.safetensors` is truncated, or contains other weights than `model.json` describes.
    #[error("`{}` does not contain the weights of this network: {reason}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// The mismatch.
        reason: String,
    },
    /// A member of an ensemble is not one that it was saved with.
    #[error("`{}` has other members than the ensemble that was saved there", folder.display())]
    OtherMembers {
        /// The folder of the ensemble.
        folder: PathBuf,
    },
    /// The operation is not available for a model of this purpose.
    #[error("this is a model for {found}, but one for {expected} is needed")]
    OtherPurpose {
        /// The purpose of the model.
        found: Purpose,
        /// The purpose that is needed.
        expected: Purpose,
    },
    /// There are no rows to predict or to evaluate.
    #[error("there are no {what} to {action}")]
    NoRows {
        /// `rows` or `records`.
        what: &'static str,
        /// `predict` or `evaluate`.
        action: &'static str,
    },
    /// Models cannot be averaged.
    #[error("this is no ensemble: {reason}")]
    Ensemble {
        /// Why not.
        reason: String,
    },
    /// A record lacks a field that the model needs.
    #[error(
        "a record has no field `{field}`; if the value is unknown, give the field as `None` or \
         `null`"
    )]
    MissingField {
        /// The field.
        field: String,
    },
    /// The rows do not have the columns that the model needs.
    #[error(transparent)]
    Data(#[from] mlp_datasets::Error),
    /// The device failed to return the result of a computation.
    #[error("the device failed: {0}")]
    Device(#[from] TensorReadError),
}
