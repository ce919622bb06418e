use burn::module::Module;
use burn::tensor::{Device, Tensor};
use serde::{Deserialize, Serialize};

use super::{
    PbldEmbedding, PbldEmbeddingConfig, PeriodicEmbedding, PeriodicEmbeddingConfig,
    PiecewiseLinearEmbedding, PiecewiseLinearEmbeddingConfig,
};
use crate::InvalidConfig;

/// Configuration of a [`NumericalEmbedding`]: its kind and its sizes.
#[derive(Serialize, Deserialize, Clone, Debug)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum NumericalEmbeddingConfig {
    /// Waves of learned frequencies.
    Periodic(PeriodicEmbeddingConfig),
    /// Waves of learned frequencies and phases, next to the number itself.
    Pbld(PbldEmbeddingConfig),
    /// A function that is linear between quantiles.
    PiecewiseLinear(PiecewiseLinearEmbeddingConfig),
}

impl NumericalEmbeddingConfig {
    /// Checks that the configuration describes an embedding.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        match self {
            Self::Periodic(config) => config.check(),
            Self::Pbld(config) => config.check(),
            Self::PiecewiseLinear(config) => config.check(),
        }
    }

    /// Initializes the module on a device.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> NumericalEmbedding {
        match self {
            Self::Periodic(config) => NumericalEmbedding::Periodic(config.init(device)),
            Self::Pbld(config) => NumericalEmbedding::Pbld(config.init(device)),
            Self::PiecewiseLinear(config) => {
                NumericalEmbedding::PiecewiseLinear(config.init(device))
            }
        }
    }

    /// How many features are embedded.
    pub fn num_features(&self) -> usize {
        match self {
            Self::Periodic(config) => config.num_features,
            Self::Pbld(config) => config.num_features,
            Self::PiecewiseLinear(config) => config.bins.len(),
        }
    }

    /// The length of the vector of each feature.
    pub fn d_embedding(&self) -> usize {
        match self {
            Self::Periodic(config) => config.d_embedding,
            Self::Pbld(config) => config.d_embedding,
            Self::PiecewiseLinear(config) => config.d_embedding,
        }
    }
}

/// A vector for each number of a row ([Gorishniy et al. 2022](https://arxiv.org/abs/2203.05556)).
///
/// A network learns smooth functions of its inputs first. A vector in which nearby numbers already
/// differ lets it see the jumps and waves that tables contain.
#[derive(Module, Debug)]
pub enum NumericalEmbedding {
    /// Waves of learned frequencies.
    Periodic(PeriodicEmbedding),
    /// Waves of learned frequencies and phases, next to the number itself.
    Pbld(PbldEmbedding),
    /// A function that is linear between quantiles.
    PiecewiseLinear(PiecewiseLinearEmbedding),
}

impl NumericalEmbedding {
    /// The vectors of a batch of rows, side by side.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, num_features]`
    /// - output: `[batch_size, num_features · d_embedding]`
    pub fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        match self {
            Self::Periodic(embedding) => embedding.forward(numbers),
            Self::Pbld(embedding) => embedding.forward(numbers),
            Self::PiecewiseLinear(embedding) => embedding.forward(numbers),
        }
    }
}
