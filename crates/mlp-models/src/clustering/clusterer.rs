use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::{
    DeepEmbeddedClustering, DeepEmbeddedClusteringConfig, SelfOrganisingMap,
    SelfOrganisingMapConfig,
};
use crate::InvalidConfig;
use crate::backbone::sum;

/// Configuration of a [`Clusterer`]: its kind and its sizes.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ClustererConfig {
    /// Units on a grid.
    SelfOrganisingMap(SelfOrganisingMapConfig),
    /// Centroids among codes.
    DeepEmbeddedClustering(DeepEmbeddedClusteringConfig),
}

impl ClustererConfig {
    /// Checks that the configuration describes a network.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        match self {
            Self::SelfOrganisingMap(config) => config.check(),
            Self::DeepEmbeddedClustering(config) => config.check(),
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> Clusterer {
        match self {
            Self::SelfOrganisingMap(config) => Clusterer::SelfOrganisingMap(config.init(device)),
            Self::DeepEmbeddedClustering(config) => {
                Clusterer::DeepEmbeddedClustering(config.init(device))
            }
        }
    }

    /// The width of the input.
    pub fn d_input(&self) -> usize {
        match self {
            Self::SelfOrganisingMap(config) => config.d_input,
            Self::DeepEmbeddedClustering(config) => config.autoencoder.d_input,
        }
    }

    /// The number of hidden units, codes and prototypes, or `usize::MAX` if there are more. Each has a parameter
    /// at least.
    pub fn num_units(&self) -> usize {
        match self {
            Self::SelfOrganisingMap(config) => config.grid.num_units(),
            Self::DeepEmbeddedClustering(config) => sum(&config.autoencoder.hidden_sizes)
                .saturating_mul(2)
                .saturating_add(config.autoencoder.d_code)
                .saturating_add(config.num_clusters),
        }
    }

    /// The number of prototypes: the units of a map, or the centroids.
    pub fn num_prototypes(&self) -> usize {
        match self {
            Self::SelfOrganisingMap(config) => config.grid.num_units(),
            Self::DeepEmbeddedClustering(config) => config.num_clusters,
        }
    }
}

/// Any of the clustering networks, for programs that know only at run time which one they have.
#[derive(Module, Debug)]
#[allow(clippy::large_enum_variant)] // There is one in a model.
pub enum Clusterer {
    /// Units on a grid.
    SelfOrganisingMap(SelfOrganisingMap),
    /// Centroids among codes.
    DeepEmbeddedClustering(DeepEmbeddedClustering),
}

/// The result of a [`Clusterer`] for a batch.
#[derive(Clone, Debug)]
pub struct Clustered {
    /// The closeness of each prototype by Student's t-distribution, `[batch_size, num_prototypes]`. Each
    /// row sums to 1, and the largest value belongs to the nearest prototype.
    pub probabilities: Tensor<2>,
    /// The codes of the rows, for a network with codes: `[batch_size, d_code]`.
    pub codes: Option<Tensor<2>>,
    /// The mean squared difference, over the features, between each row and its reconstruction or its
    /// winning unit: `[batch_size]`.
    pub errors: Tensor<1>,
}

impl Clusterer {
    /// Finds the prototypes nearest to each row.
    ///
    /// # Shapes
    ///
    /// - input: `[batch_size, d_input]`
    pub fn forward(&self, input: Tensor<2>) -> Clustered {
        match self {
            Self::SelfOrganisingMap(map) => {
                let distances = map.squared_distances(input.clone());
                let winners = distances.clone().argmin(1).squeeze_dim(1);
                let winners = map.weight.val().select(0, winners);
                let closeness = (distances + 1.0).recip();
                let all = closeness.clone().sum_dim(1);
                Clustered {
                    probabilities: closeness / all,
                    codes: None,
                    errors: (winners - input).square().mean_dim(1).squeeze_dim(1),
                }
            }
            Self::DeepEmbeddedClustering(clustering) => {
                let codes = clustering.autoencoder.encode(input.clone());
                let difference = clustering.autoencoder.decode(codes.clone()) - input;
                Clustered {
                    probabilities: clustering.probabilities_of_codes(codes.clone()),
                    codes: Some(codes),
                    errors: difference.square().mean_dim(1).squeeze_dim(1),
                }
            }
        }
    }

    /// The prototypes as rows: the points of the units, or the decoded centroids.
    ///
    /// # Shapes
    ///
    /// - output: `[num_prototypes, d_input]`
    pub fn prototypes(&self) -> Tensor<2> {
        match self {
            Self::SelfOrganisingMap(map) => map.weight.val(),
            Self::DeepEmbeddedClustering(clustering) => {
                clustering.autoencoder.decode(clustering.centroids.val())
            }
        }
    }
}
