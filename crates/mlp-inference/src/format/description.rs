use mlp_datasets::{Dialect, Preprocessor};
use mlp_models::NetworkConfig;
use mlp_models::clustering::ClustererConfig;
use serde::{Deserialize, Serialize};

use crate::output::OutputKind;
use crate::purpose::Purpose;

/// The contents of `model.json`.
///
/// A file can be read forever. One of an older format version is upgraded while it is read, and a
/// field that is added later gets a default.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(deny_unknown_fields)]
pub struct Description {
    /// The [version](crate::FORMAT_VERSION) of the format.
    pub format_version: u64,
    /// How the text of the training table was written, and so how other tables are read.
    #[serde(default)]
    pub dialect: Dialect,
    /// How rows become inputs, and outputs become classes or numbers.
    pub preprocessor: Preprocessor,
    /// The SHA-256 of `model.safetensors`, in hexadecimal digits, or of those of the members of an ensemble, one
    /// after another; `None` of files of earlier versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub weights_sha256: Option<String>,
    /// The network, and what its outputs mean.
    pub model: ModelDescription,
}

/// The part of a [`Description`] that depends on what the model is for.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "purpose", rename_all = "snake_case", deny_unknown_fields)]
pub enum ModelDescription {
    /// A model that predicts classes or numbers.
    Prediction {
        /// The inputs and the backbone of the network.
        network: NetworkConfig,
        /// What the outputs mean.
        output: OutputKind,
        /// The quantile, in (0, 1), that predicted numbers estimate; 0.5 for losses other than the
        /// pinball loss.
        quantile: f64,
    },
    /// Models whose predictions are averaged, each in a folder of its own: `member-1` and so on.
    Ensemble {
        /// How many members there are, at least 1.
        members: usize,
        /// How much each of them counts in the mean: 0 or more, with the sum 1. Empty in files of earlier versions,
        /// in which all count alike.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        weights: Vec<f64>,
    },
    /// A model that finds clusters.
    Clustering {
        /// The kind and the sizes of the network.
        network: ClustererConfig,
        /// The cluster of each prototype: of each unit of a map, or of each centroid.
        clusters: Vec<usize>,
    },
}

impl Description {
    /// What the model is for.
    pub fn purpose(&self) -> Purpose {
        match self.model {
            ModelDescription::Prediction { .. } | ModelDescription::Ensemble { .. } => {
                Purpose::Prediction
            }
            ModelDescription::Clustering { .. } => Purpose::Clustering,
        }
    }
}
