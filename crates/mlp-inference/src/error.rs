use std::path::PathBuf;

use mlp_models::InvalidConfig;

/// Why a model could not be saved, loaded or used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// The folder does not exist.
    #[error("there is no folder `{}`", path.display())]
    NoFolder {
        /// The folder.
        path: PathBuf,
    },
    /// The folder holds no finished model.
    #[error("`{}` is missing, so `{}` holds no finished model", file, folder.display())]
    MissingFile {
        /// The folder.
        folder: PathBuf,
        /// The file that it lacks.
        file: &'static str,
    },
    /// A file could not be read or written.
    #[error("cannot {action} `{}`", path.display())]
    Io {
        /// `read` or `write`.
        action: &'static str,
        /// The file.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// `model.json` is not what this version writes.
    #[error("`{}` is damaged: {source}", path.display())]
    Description {
        /// The file.
        path: PathBuf,
        /// Where and what.
        source: serde_json::Error,
    },
    /// The model was written by another version of this crate.
    #[error(
        "`{}` has format version {found}, but this program reads version {expected}",
        path.display()
    )]
    FormatVersion {
        /// The file.
        path: PathBuf,
        /// The version that it states.
        found: u64,
        /// The version that can be read.
        expected: u64,
    },
    /// The folder holds a model for another purpose.
    #[error("`{}` holds a model for {found}, but one for {expected} is needed", folder.display())]
    OtherPurpose {
        /// The folder.
        folder: PathBuf,
        /// What the model is for.
        found: &'static str,
        /// What it should be for.
        expected: &'static str,
    },
    /// `model.json` describes no possible network.
    #[error("`{}` describes no network: {source}", path.display())]
    Network {
        /// The file.
        path: PathBuf,
        /// The field that is out of range.
        source: InvalidConfig,
    },
    /// `model.json` contradicts itself.
    #[error("`{}` contradicts itself: {reason}", path.display())]
    Contradiction {
        /// The file.
        path: PathBuf,
        /// Which two parts do not fit.
        reason: String,
    },
    /// `model.safetensors` is truncated, or holds other weights than `model.json` describes.
    #[error("`{}` does not hold the weights of this network: {reason}", path.display())]
    Weights {
        /// The file.
        path: PathBuf,
        /// What does not fit.
        reason: String,
    },
    /// The rows do not fit the model.
    #[error(transparent)]
    Data(#[from] mlp_datasets::Error),
    /// The device failed.
    #[error("the device failed to return the predictions: {0}")]
    Device(String),
}
