use core::f64::consts::TAU;

use burn::config::Config;
use burn::module::{Module, Param};
use burn::nn::Initializer;
use burn::tensor::activation::relu;
use burn::tensor::{Device, Distribution, Tensor};

use super::linear_of_each_feature;
use crate::InvalidConfig;
use crate::drawn::drawn;

/// Configuration of a [`PeriodicEmbedding`]. The defaults are those of the authors.
#[derive(Config, Debug)]
pub struct PeriodicEmbeddingConfig {
    /// The number of features.
    pub num_features: usize,
    /// The length of the vector of each feature.
    #[config(default = 24)]
    pub d_embedding: usize,
    /// How many frequencies each feature has.
    #[config(default = 48)]
    pub num_frequencies: usize,
    /// The standard deviation, above 0, of the frequencies at the start. What suits depends on the data
    /// more than any other setting.
    #[config(default = 0.01)]
    pub frequency_scale: f64,
    /// Whether all features share the weights of the linear layer.
    #[config(default = false)]
    pub is_lite: bool,
}

impl PeriodicEmbeddingConfig {
    /// Checks that the configuration describes an embedding.
    ///
    /// # Errors
    ///
    /// Names the first field that is out of range.
    pub fn check(&self) -> Result<(), InvalidConfig> {
        for (field, size) in [
            ("num_features", self.num_features),
            ("d_embedding", self.d_embedding),
            ("num_frequencies", self.num_frequencies),
        ] {
            if size == 0 {
                return Err(InvalidConfig::new(field, size, "1 or more"));
            }
        }
        check_scale(self.frequency_scale)
    }

    /// Initializes the module on a device. Frequencies are drawn from `N(0, frequency_scale²)`, limited to
    /// three standard deviations; weights and biases from `U(−k, k)` with `k = 1 / √(2·num_frequencies)`.
    ///
    /// # Panics
    ///
    /// If [`check`](Self::check) finds an error.
    pub fn init(&self, device: &Device) -> PeriodicEmbedding {
        if let Err(error) = self.check() {
            panic!("{error}");
        }
        let d_waves = 2 * self.num_frequencies;
        let bound = (d_waves as f64).sqrt().recip();
        let uniform = Initializer::Uniform {
            min: -bound,
            max: bound,
        };
        let scale = self.frequency_scale;
        let shape = [self.num_features, self.num_frequencies];
        let frequencies = drawn(shape, device, move |shape, device| {
            let normal = Distribution::Normal(0.0, scale);
            Tensor::random(shape, normal, device).clamp(-3.0 * scale, 3.0 * scale)
        });
        let num_linears = if self.is_lite { 1 } else { self.num_features };
        PeriodicEmbedding {
            frequencies,
            weight: uniform.init([num_linears, d_waves, self.d_embedding], device),
            bias: uniform.init([num_linears, self.d_embedding], device),
        }
    }
}

/// Checks the standard deviation of frequencies.
pub(super) fn check_scale(scale: f64) -> Result<(), InvalidConfig> {
    if scale.is_finite() && scale > 0.0 {
        Ok(())
    } else {
        Err(InvalidConfig::new("frequency_scale", scale, "above 0"))
    }
}

/// Periodic embeddings of numbers, known as PLR
/// ([Gorishniy et al. 2022](https://arxiv.org/abs/2203.05556)).
///
/// ```text
/// v = 2π·x·c
/// y = relu([cos(v), sin(v)]·W + b)
/// ```
///
/// with frequencies `c` of its own for each feature. The linear layer is shared by all features if the
/// embedding is lite.
///
/// ```
/// use burn::tensor::{Device, Tensor};
/// use mlp_models::PeriodicEmbeddingConfig;
///
/// let device = Device::flex();
/// let embedding = PeriodicEmbeddingConfig::new(3).with_d_embedding(8).init(&device);
/// assert_eq!(embedding.forward(Tensor::ones([5, 3], &device)).dims(), [5, 24]);
/// ```
#[derive(Module, Debug)]
pub struct PeriodicEmbedding {
    /// The frequencies of each feature: `[num_features, num_frequencies]`.
    pub frequencies: Param<Tensor<2>>,
    /// The weights of each feature: `[num_features, 2 · num_frequencies, d_embedding]`, the cosines first.
    /// One matrix if the embedding is lite.
    pub weight: Param<Tensor<3>>,
    /// The biases of each feature: `[num_features, d_embedding]`. One row if the embedding is lite.
    pub bias: Param<Tensor<2>>,
}

impl PeriodicEmbedding {
    /// The vectors of a batch of rows, side by side.
    ///
    /// # Shapes
    ///
    /// - numbers: `[batch_size, num_features]`
    /// - output: `[batch_size, num_features · d_embedding]`
    pub fn forward(&self, numbers: Tensor<2>) -> Tensor<2> {
        let [batch_size, num_features] = numbers.dims();
        let frequencies = self.frequencies.val().unsqueeze::<3>();
        let phases = numbers.unsqueeze_dim::<3>(2) * frequencies * TAU;
        let waves = Tensor::cat(vec![phases.clone().cos(), phases.sin()], 2);
        let (weight, bias) = (self.weight.val(), self.bias.val());
        let [num_linears, d_waves, d_embedding] = weight.dims();
        let vectors = if num_linears == num_features {
            linear_of_each_feature(waves, weight, bias).flatten(1, 2)
        } else {
            let waves = waves.reshape([batch_size * num_features, d_waves]);
            let vectors = waves.matmul(weight.squeeze_dim::<2>(0)) + bias;
            vectors.reshape([batch_size, num_features * d_embedding])
        };
        relu(vectors)
    }
}
