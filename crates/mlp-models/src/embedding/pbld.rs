use core::f64::consts::{PI, TAU};

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::{Device, Tensor};

use super::linear_of_each_feature;
use super::periodic::check_scale;
use crate::InvalidConfig;
#[cfg(feature = "flex")]
use crate::flex::pbld;

/// Configuration of a [`PbldEmbedding`]. The defaults are those of `RealMLP`.
#[derive(Config, Debug)]
pub struct PbldEmbeddingConfig {
    /// The number of features.
    pub num_features: usize,
    /// The length of the vector of each feature, at least 2. The last number of a vector is the feature
    /// itself.
    #[config(default = 4)]
    pub d_embedding: usize,
    /// How many frequencies each feature has.
    #[config(default = 16)]
    pub num_frequencies: usize,
    /// The standard deviation, above 0, of the frequencies at the start.
    #[config(default = 0.1)]
    pub frequency_scale: f64,
}

impl PbldEmbeddingConfig {
    /// Checks that the configuration describes an embedding.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        for (field, size) in [
            ("num_features", self.num_features),
            ("num_frequencies", self.num_frequencies),
        ] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        if self.d_embedding < 2 {
            return Err(InvalidConfig::new(
                "d_embedding",
                self.d_embedding,
                "2 or more: the number itself is one of them",
            ));
        }
        check_scale(self.frequency_scale)
    }

    /// Initializes the module on a device. Frequencies are drawn from `N(0, frequency_scale²)`, phases from
    /// `U(−π, π)`, weights and biases from `U(−k, k)` with `k = 1 / √num_frequencies`.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> PbldEmbedding {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let uniform = |bound: f64| Initializer::Uniform {
            min: -bound,
            max: bound,
        };
        let frequencies = Initializer::Normal {
            mean: 0.0,
            std: self.frequency_scale,
        };
        let waves = [self.num_features, self.num_frequencies];
        let d_learned = self.d_embedding - 1;
        let linear = uniform((self.num_frequencies as f64).sqrt().recip());
        let weights = [self.num_features, self.num_frequencies, d_learned];
        PbldEmbedding {
            frequencies: frequencies.init(waves, device),
            phases: uniform(PI).init(waves, device),
            weight: linear.init(weights, device),
            bias: linear.init([self.num_features, d_learned], device),
        }
    }
}

/// The embeddings of numbers of `RealMLP`: periodic, with biases, a linear layer and the number itself
/// ([Holzmüller et al. 2024](https://arxiv.org/abs/2407.04491)).
///
/// ```text
/// y = [cos(2π·x·c + p)·W + b, x]
/// ```
///
/// with frequencies `c`, phases `p`, weights and biases of its own for each feature.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::PbldEmbeddingConfig;
///
/// let device = Device::flex();
/// let embedding = PbldEmbeddingConfig::new(3).init(&device);
/// assert_eq!(embedding.forward(Tensor::ones([5, 3], &device)).dims(), [5, 12]);
/// ```
#[derive(Module, Debug)]
pub struct PbldEmbedding {
    /// The frequencies of each feature: `[num_features, num_frequencies]`.
    pub frequencies: Param<Tensor<2>>,
    /// The phases of each feature: `[num_features, num_frequencies]`.
    pub phases: Param<Tensor<2>>,
    /// The weights of each feature: `[num_features, num_frequencies, d_embedding − 1]`.
    pub weight: Param<Tensor<3>>,
    /// The biases of each feature: `[num_features, d_embedding − 1]`.
    pub bias: Param<Tensor<2>>,
}

impl PbldEmbedding {
    /// The vectors of a batch of rows, side by side.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, num_features]`
    /// - output: `[batch_size, num_features · d_embedding]`
    pub fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        #[cfg(feature = "flex")]
        if let Some(output) = pbld(
            &numbers,
            self.frequencies.val(),
            self.phases.val(),
            self.weight.val(),
            self.bias.val(),
        ) {
            return output;
        }
        let numbers = numbers.unsqueeze_dim::<3>(2);
        let frequencies = self.frequencies.val().unsqueeze::<3>();
        let phases = self.phases.val().unsqueeze::<3>();
        let waves = (numbers.clone() * frequencies * TAU + phases).cos();
        let learned = linear_of_each_feature(waves, self.weight.val(), self.bias.val());
        Tensor::cat(vec![learned, numbers], 2).flatten(1, 2)
    }
}
